/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far before its blurred middle does the shadow's outer edge begin?
 *
 * Light that comes back from under water left the surface further in: the edge gets a one-sided
 * tail, whose start is the geometric edge. The outer edges of all blocks are laid upon each other,
 * each scaled to its own levels; this one sharp section is fitted for every tail that water of some
 * clarity gives and for every symmetric blur that waves add, and the answers are weighted by
 * likelihood and prior. docs/method/freeboard.md, "Under water". */
#include <math.h>

#include "freeboard/blocks.h"

enum { STACK_MAX = 4096, TAILS = 9, BLURS = 6 };
/* Diffuse attenuation per metre: coastal water 0.3 to 3 (IOCCG); the first entry stands for no
 * light from below, which turbid or dark water shows, and which is held as likely as all the clear
 * waters together. */
static const double ATTENUATION[TAILS] = {INFINITY, 4.0, 2.5, 1.6, 1.0, 0.7, 0.5, 0.35, 0.25};
static const double NO_TAIL_PRIOR = 0.5;
static const double REFRACTION = 1.34;
/* Symmetric blur of the outer edge over the line spread's: waves carry the edge to and fro. */
static const double BLUR[BLURS] = {0.9, 1.0, 1.15, 1.3, 1.5, 1.8};

/* How far the shadow's edge is spread by light from below: see docs/method/freeboard.md. */
static double tail_scale(const pl_side_view *v, const pl_sight *sight, double attenuation_per_m) {
    double sun_zenith = asin(cos(sight->sun_elevation_rad) / REFRACTION);
    double view = asin(sin(sight->view_incidence_rad) / REFRACTION);
    double s_w = -tan(sun_zenith) * cos(sight->sun_azimuth_rad - v->normal_rad);
    double v_w = -tan(view) * cos(sight->view_azimuth_rad - v->normal_rad);
    double path = 1.0 / cos(sun_zenith) + 1.0 / cos(view);
    return pl__max(s_w - v_w, 0) / (attenuation_per_m * path);
}

/* Half width of the sun's disc on the ground as a sigma: 0.533 deg across; a disc's marginal has
 * sigma = width / 4. */
double pl__freeboard_penumbra(const pl_side_view *v, const pl_sight *sight, double freeboard_m) {
    double se = sin(sight->sun_elevation_rad), ce = cos(sight->sun_elevation_rad);
    double sd = sin(sight->sun_azimuth_rad - v->normal_rad);
    return 0.25 * freeboard_m * 0.0093 / (se * se) * sqrt(pl__max(1.0 - sd * sd * ce * ce, 0));
}

/* All outer edges as one: position from the block's own edge, value between its own band (0) and
 * water (1). */
static pl_samples stack_edges(const pl_side_view *v, const pl_block *blocks, int count,
                              double *position, double *value) {
    double at[PL__SAMPLES_MAX], brightness[PL__SAMPLES_MAX], px = v->pixel_m;
    int n = 0;
    for (int i = 0; i < count; i++) {
        const pl_profile *p = &blocks[i].profile;
        if (blocks[i].weight <= 0.1) continue;
        /* clear of the inner edge and of the wall's foot */
        double from = pl__max(p->outer - 3.0 * px, 0.5 * (p->inner + p->outer));
        pl_samples s =
            pl__freeboard_section(v, &blocks[i], from, p->outer + 4 * px + 3.0, at, brightness);
        for (int k = 0; k < s.count && n < STACK_MAX; k++) {
            position[n] = at[k] - p->outer;
            value[n++] = (brightness[k] - p->band) / (p->water - p->band);
        }
    }
    return (pl_samples){n, position, value};
}

/* Moves the width from the middle of the blurred outer edge to where the geometric edge is likely
 * to be. */
bool pl__freeboard_read_tail(const pl_side_view *v, const pl_sight *sight, const pl_block *blocks,
                             int count, const pl_profile_shape *shape, pl_arena *arena,
                             double *width_m, pl_side_cue *out) {
    double *position = pl__arena_array(arena, 2 * STACK_MAX, sizeof *position);
    if (!position) return false;
    pl_samples stack = stack_edges(v, blocks, count, position, position + STACK_MAX);
    double misfit[TAILS][BLURS], shift[TAILS][BLURS], tail[TAILS], least = INFINITY;
    for (int k = 0; k < TAILS; k++) {
        tail[k] = isfinite(ATTENUATION[k]) ? tail_scale(v, sight, ATTENUATION[k]) : 0;
        for (int m = 0; m < BLURS; m++) {
            pl_profile_shape trial = {.spread = shape->spread,
                                      .outer_spread = BLUR[m] * shape->outer_spread,
                                      .tail = tail[k]};
            pl_profile p = {.inner = -1e3, .outer = -0.7 * tail[k], .band = 0, .water = 1};
            misfit[k][m] = pl__freeboard_fit_profile(&stack, &trial, &p);
            shift[k][m] = p.outer;
            least = pl__min(least, misfit[k][m]);
        }
    }
    /* neighbouring samples of a resampled section share their noise, and blocks their waves: one in
     * four is its own */
    double variance = 4.0 * least / pl__max(stack.count - 4, 1), total = 0, first = 0, second = 0;
    for (int k = 0; k < TAILS; k++) {
        for (int m = 0; m < BLURS; m++) {
            double prior = tail[k] > 0 ? (1.0 - NO_TAIL_PRIOR) / (TAILS - 1) : NO_TAIL_PRIOR;
            double p = prior * exp(-0.5 * (misfit[k][m] - least) / variance);
            total += p;
            first += p * shift[k][m];
            second += p * shift[k][m] * shift[k][m];
            out->tail_m += p * tail[k];
        }
    }
    if (!(total > 0))
        return true; /* not one fit settled: the middle stays, and the edge's sigma with it */
    out->tail_m /= total;
    out->tail_sigma_m = sqrt(pl__max(second / total - first / total * first / total, 0));
    *width_m += first / total;
    return true;
}
