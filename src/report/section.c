/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the mean cross-section look like, and where do the fitted edges stand in it?
 *
 * Sections at the used stations, each laid so that its own deck edge is at 0, averaged: what is
 * sharp in the picture stays sharp. Distances run outward from the deck's edge. Without stations
 * the middle of the hull is shown from side to side.
 *
 * Over it a model for eyes: deck, band and water at one level each, blurred by a Gaussian, the
 * edges where the fit has them,
 *
 *     m(d) = A + (B - A) P(d / q) + (C - B) P((d - w) / r),     P the normal distribution,
 *
 * A, B, C by least squares for each pair of some blurs q and r (a deck's edge is sharp, a shadow's
 * soft), the best kept. Levels and blur are not those
 * of the measurement, which sees every band and every station for itself: the model shows whether
 * steps at these two places are what the section has. */
#include <math.h>

#include "report/sheet.h"

enum { SAMPLES = PL_SECTION_SAMPLES, SECTIONS = 25, LEVELS = 3 };

/* Mean of sections at u[k], each from its own zero, positive outward by sign. */
static void average(const pl_sheet *s, const double *u, const double *zero, int count, double sign,
                    pl_section *out) {
    for (int i = 0; i < SAMPLES; i++) {
        double d = out->from_m + (i + 0.5) * out->step_m, sum = 0;
        int n = 0;
        for (int k = 0; k < count; k++) {
            double x, y;
            pl__sheet_at(s, u[k], sign * (zero[k] + d), &x, &y);
            double level = pl__sheet_level(s, x, y);
            if (!isfinite(level)) continue;
            sum += level;
            n++;
        }
        out->level[i] = n > 0 ? (float)(sum / n) : NAN;
        out->model[i] = NAN;
    }
}

/* ---- the model ---- */

static double below(double x) {
    return 0.5 * erfc(-x * M_SQRT1_2);
}

static void shares(double d, double width_m, const double blur_m[2], double out[LEVELS]) {
    double past_deck = below(d / blur_m[0]), past_band = below((d - width_m) / blur_m[1]);
    out[0] = 1 - past_deck;
    out[1] = past_deck - past_band;
    out[2] = past_band;
}

/* By elimination; @return false: a level that nothing shows. */
static bool solve(double a[LEVELS][LEVELS + 1], double x[LEVELS]) {
    const double least = 1e-6; /* of a sample */
    for (int i = 0; i < LEVELS; i++) {
        if (!(a[i][i] > least)) return false; /* positive definite: no pivoting */
        for (int k = i + 1; k < LEVELS; k++) {
            double factor = a[k][i] / a[i][i];
            for (int j = i; j <= LEVELS; j++) a[k][j] -= factor * a[i][j];
        }
    }
    for (int i = LEVELS - 1; i >= 0; i--) {
        x[i] = a[i][LEVELS];
        for (int j = i + 1; j < LEVELS; j++) x[i] -= a[i][j] * x[j];
        x[i] /= a[i][i];
    }
    return true;
}

/* @return sum of squares; INFINITY when it cannot be told. */
static double suit(const pl_section *s, const double blur_m[2], double level[LEVELS]) {
    double a[LEVELS][LEVELS + 1] = {{0}}, share[LEVELS], sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
        double value = (double)s->level[i];
        if (!isfinite(value)) continue;
        shares(s->from_m + (i + 0.5) * s->step_m, s->outer_edge_m, blur_m, share);
        for (int k = 0; k < LEVELS; k++) {
            for (int j = 0; j < LEVELS; j++) a[k][j] += share[k] * share[j];
            a[k][LEVELS] += share[k] * value;
        }
    }
    if (!solve(a, level)) return INFINITY;
    for (int i = 0; i < SAMPLES; i++) {
        double value = (double)s->level[i];
        if (!isfinite(value)) continue;
        shares(s->from_m + (i + 0.5) * s->step_m, s->outer_edge_m, blur_m, share);
        for (int k = 0; k < LEVELS; k++) value -= share[k] * level[k];
        sum += value * value;
    }
    return sum;
}

static void model(pl_section *s, double pixel_m) {
    static const double BLUR_PX[] = {0.3, 0.45, 0.6, 0.8, 1.0, 1.4, 2.0};
    double best = INFINITY, level[LEVELS], kept[LEVELS] = {0}, blur_m[2] = {0, 0}, share[LEVELS];
    const int n = sizeof BLUR_PX / sizeof *BLUR_PX;
    for (int i = 0; i < n * n; i++) {
        double tried_m[2] = {BLUR_PX[i / n] * pixel_m, BLUR_PX[i % n] * pixel_m};
        double sum = suit(s, tried_m, level);
        if (!(sum < best)) continue;
        best = sum;
        blur_m[0] = tried_m[0];
        blur_m[1] = tried_m[1];
        for (int k = 0; k < LEVELS; k++) kept[k] = level[k];
    }
    s->modelled = isfinite(best);
    for (int i = 0; i < SAMPLES && s->modelled; i++) {
        double value = 0;
        shares(s->from_m + (i + 0.5) * s->step_m, s->outer_edge_m, blur_m, share);
        for (int k = 0; k < LEVELS; k++) value += share[k] * kept[k];
        s->model[i] = (float)value;
    }
}

/* ---- which section ---- */

/* The stations that count, evenly thinned; their deck edges, and the mean width of the band. */
static int take_stations(const pl_freeboard *f, double *u, double *zero, double *width_m) {
    int used = 0, count = 0;
    for (int i = 0; i < f->station_count; i++) used += f->station[i].use == PL_STATION_USED;
    double sum = 0;
    for (int i = 0, k = 0; i < f->station_count && used > 0; i++) {
        const pl_station *at = &f->station[i];
        if (at->use != PL_STATION_USED) continue;
        sum += (double)(at->outer_edge_m - at->deck_edge_m);
        if (count < SECTIONS && k++ * SECTIONS >= count * used) {
            u[count] = at->along_m;
            zero[count++] = (double)at->deck_edge_m;
        }
    }
    *width_m = used > 0 ? sum / used : NAN;
    return count;
}

static const pl_cue *leading_cue(const pl_freeboard *f) {
    for (int i = 0; i < f->cue_count; i++) {
        if (f->cue[i].side == f->station_side) return &f->cue[i];
    }
    return NULL;
}

static void one_side(const pl_sheet *s, const double *u, const double *zero, int count,
                     double width_m, pl_section *out) {
    const pl_freeboard *f = &s->row->freeboard;
    const pl_cue *cue = leading_cue(f);
    bool starboard = f->station_side == PL_STARBOARD_SIDE;
    double normal = s->row->hull.heading_rad + (starboard ? 0.5 : -0.5) * PL_PI;
    double from_m = -pl__max(4, 0.6 * width_m), to_m = width_m + pl__max(5, 0.8 * width_m);
    *out = (pl_section){.one_side = true,
                        .side = f->station_side,
                        .kind = cue ? cue->kind : PL_CUE_DARK_BAND,
                        .stations = cue ? cue->stations : count,
                        .from_m = from_m,
                        .step_m = (to_m - from_m) / SAMPLES,
                        .outer_edge_m = width_m,
                        .waterline_m = width_m};
    /* the water's line by the answer: the deck's edge stands lean * f off it */
    if (out->kind == PL_CUE_DARK_BAND)
        out->waterline_m =
            -pl_freeboard_geometry(&s->row->sight, normal).lean * f->freeboard_m.value;
    average(s, u, zero, count, starboard ? 1 : -1, out);
    model(out, s->chip->frame.pixel_m);
}

void pl__sheet_section(const pl_sheet *s, pl_section *out) {
    const pl_hull *hull = &s->row->hull;
    double u[SECTIONS], zero[SECTIONS] = {0}, width_m = NAN;
    int count = s->row->has_freeboard ? take_stations(&s->row->freeboard, u, zero, &width_m) : 0;
    if (count > 0 && isfinite(width_m)) {
        one_side(s, u, zero, count, width_m, out);
        return;
    }
    for (int k = 0; k < SECTIONS; k++) {
        u[k] = 0.5 * hull->length_m.value * ((k + 0.5) / SECTIONS - 0.5);
        zero[k] = 0;
    }
    *out = (pl_section){.stations = SECTIONS,
                        .from_m = -1.4 * hull->beam_m.value,
                        .step_m = 2.8 * hull->beam_m.value / SAMPLES,
                        .outer_edge_m = NAN,
                        .waterline_m = NAN};
    average(s, u, zero, SECTIONS, 1, out);
}
