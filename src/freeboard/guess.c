/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where, roughly, are the two edges of this side's band? The median section over the straight part
 * of the hull says. */
#include <math.h>

#include "freeboard/blocks.h"

static void median_section(const pl_side_view *v, float *scratch, double *section) {
    for (int j = 0; j < v->image.height; j++) {
        size_t n = 0;
        for (int i = 0; i < v->image.width; i++) {
            double u = v->u0_m + (i + 0.5) * v->pixel_m;
            if (fabs(u) < PL__MID_SHARE * v->length_m)
                scratch[n++] = v->image.data[(size_t)j * (size_t)v->image.width + (size_t)i];
        }
        section[j] = pl__image_quantile(scratch, n, 0.5);
    }
}

/* The dark run beside the hull: where the median section lies below half its darkest value. Deck
 * that gear shades is not as dark as shaded water, so the run's inner end is the deck's edge even
 * there. With an unlit wall in sight the run may begin at the wall's foot instead: then the
 * steepest fall further in, if a bright deck ends there, is the edge. */
static bool guess_dark(const pl_side_view *v, const double *section, double wall_share,
                       pl_profile *guess, pl_reasons *reasons) {
    double px = v->pixel_m, reach = 0.12 * v->beam_m + 1.5 + 3 * px;
    int low = pl__j_of(v, v->edge_m - 0.04 * v->beam_m - 1.0 - 2 * px), darkest = -1;
    if (low < 1) low = 1;
    for (int j = low;
         j < v->image.height && !isnan(section[j]) && pl__n_of(v, j) <= v->edge_m + reach; j++) {
        if (darkest < 0 || section[j] < section[darkest]) darkest = j;
    }
    if (darkest < 0 || !(section[darkest] < -PL__MIN_CONTRAST)) {
        *reasons |= PL_BIT(PL_LOW_CONTRAST);
        return false;
    }
    double half = 0.5 * section[darkest];
    int inner = darkest, outer = darkest;
    while (inner > 0 && section[inner - 1] < half) inner--;
    while (outer + 1 < v->image.height && section[outer + 1] < half) outer++;
    if (inner == 0 || outer + 1 >= v->image.height || isnan(section[outer + 1])) {
        *reasons |= PL_BIT(inner == 0 ? PL_EDGE_NOT_FOUND : PL_SHADOW_ON_QUAY);
        return false;
    }
    double part = pl__clamp((half - section[outer]) / (section[outer + 1] - section[outer]), 0, 1);
    double foot = pl__n_of(v, inner - 0.5), end = pl__n_of(v, outer + part), edge = foot;
    if (wall_share > 0) { /* foot = edge + share (end - edge): where would the edge be? */
        double predicted = (foot - wall_share * end) / (1.0 - wall_share), steepest = 0;
        for (int j = pl__j_of(v, predicted - 1.5 * px); j < inner && wall_share < 0.9; j++) {
            double fall = j > 0 ? section[j] - section[j + 1] : 0;
            if (fall > steepest && fall > fabs(half)) {
                steepest = fall;
                edge = pl__n_of(v, j + 0.5);
            }
        }
    }
    int deck = pl__j_of(v, edge - 1.5 * px);
    *guess = (pl_profile){.inner = edge,
                          .outer = end,
                          .deck = section[deck > 0 ? deck : 0],
                          .band = section[darkest],
                          .water = 0};
    return true;
}

/* Sum of squares of a median section against three flat levels with blurred edges; the inner edge
 * is tried everywhere. */
static bool guess_wall(const pl_side_view *v, const double *section, pl_profile *guess,
                       pl_reasons *reasons) {
    double px = v->pixel_m, position[PL__SAMPLES_MAX], value[PL__SAMPLES_MAX];
    pl_profile_shape shape = {.spread = 0.5 * px, .outer_spread = 0.5 * px};
    double deepest = v->edge_m - 0.5 * v->beam_m * 0.5, best = INFINITY, flat = INFINITY;
    for (double inner = v->edge_m - PL__MIN_WIDTH_PX * px; inner > deepest; inner -= 0.5 * px) {
        int n = 0;
        for (int j = pl__j_of(v, v->edge_m - 0.3 * v->beam_m);
             j < v->image.height && n < PL__SAMPLES_MAX; j++) {
            double at = pl__n_of(v, j);
            if (j < 0 || at > v->edge_m + 5 * px || isnan(section[j])) continue;
            position[n] = at;
            value[n++] = section[j];
        }
        if (n < 10) break;
        pl_profile p = {.inner = inner, .outer = v->edge_m, .water = 0};
        p.band = section[pl__j_of(v, v->edge_m - 1.2 * px)];
        p.deck = section[pl__j_of(v, inner - 1.5 * px) > 0 ? pl__j_of(v, inner - 1.5 * px) : 0];
        double ssr = pl__freeboard_fit_profile(&(pl_samples){n, position, value}, &shape, &p);
        if (ssr > flat || isnan(ssr)) continue;
        flat = ssr > best ? flat : ssr;
        if (ssr < best) {
            best = ssr;
            *guess = p;
        }
    }
    bool stands_out = isfinite(best) && guess->band > 4 * PL__MIN_CONTRAST &&
                      fabs(guess->deck - guess->band) > 0.12 * fabs(guess->band) &&
                      guess->outer - guess->inner > px;
    if (!stands_out) *reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
    return stands_out;
}

bool pl__freeboard_guess(const pl_side_view *v, pl_cue_kind kind, double wall_share, float *scratch,
                         double *section, pl_profile *guess, pl_reasons *reasons) {
    median_section(v, scratch, section);
    return kind == PL_CUE_DARK_BAND ? guess_dark(v, section, wall_share, guess, reasons)
                                    : guess_wall(v, section, guess, reasons);
}
