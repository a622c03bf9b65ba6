/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do both sides together say?
 *
 * Each side's freeboard is F_i = f -+ B/2 tan(list) + sum of what unknown errors do to it: sun and
 * view angles, pixel size and heading, the deck edge's definition, each with a known sigma and the
 * same for both sides, and the side's own. So the covariance of the two is
 *
 *      C = diag(own_i^2) + sum_j s_j^2 g_j g_j^T,       g_j = (dF_1/d_j, dF_2/d_j),
 *
 * their best mean has the weights C^-1 1 / (1^T C^-1 1), and a source's share of the answer's sigma
 * is |weights . g_j| s_j: an error that moves the two sides opposite ways cancels, one that moves
 * them alike does not. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "freeboard/internal.h"

/* Pixel size of the product: 0.1 to 0.3 % after orthorectification. */
static const double PIXEL_SCALE = 0.003;
/* Rounded gunwale (radius to 0.12 m: -0.06 m), rails (to +0.07 m), a fishplate on one ship of seven
 * (+0.1 to +0.25 m): root mean square. */
static const double DECK_EDGE_M = 0.07;
/* List of a ship at berth or anchor: 0.25 degrees. */
static const double LIST_RAD = 0.25 * PL_RAD_PER_DEG;
static const double CHANCE_CHI2 = 3.84; /* one time in twenty */
static const double DISAGREE_P = 1e-3, CONTRADICT_P = 1e-6;

enum { SHARED = 8 };

typedef struct influence {
    pl_budget_term term;
    double g[2]; /* on either side's freeboard, for one sigma */
} influence;

static double per_metre(const pl_reading *r, const pl_sight *sight, double turn_rad) {
    pl_side_geometry g = pl_freeboard_geometry(sight, r->view.normal_rad + turn_rad);
    return r->cue.cue.kind == PL_CUE_DARK_BAND ? g.shadow - g.lean : -g.lean;
}

/* What one sigma of an angle, or of the heading, does to a side. */
static double moved(const pl_reading *r, const pl_sight *sight, const pl_sight *other,
                    double turn_rad) {
    double now = per_metre(r, sight, 0);
    return r->cue.cue.freeboard_m.value * (per_metre(r, other, turn_rad) - now) / now;
}

static int influences(const pl_reading reading[2], const pl_sight *sight, influence *out) {
    pl_sight sun_az = *sight, sun_el = *sight, view_az = *sight, view_in = *sight;
    sun_az.sun_azimuth_rad += sight->sun_sigma_rad;
    sun_el.sun_elevation_rad += sight->sun_sigma_rad;
    view_az.view_azimuth_rad += sight->view_azimuth_sigma_rad;
    view_in.view_incidence_rad += sight->view_incidence_sigma_rad;
    static const pl_budget_term TERM[SHARED] = {
        PL_BUDGET_SUN,   PL_BUDGET_SUN,   PL_BUDGET_VIEW,      PL_BUDGET_VIEW,
        PL_BUDGET_PIXEL, PL_BUDGET_PIXEL, PL_BUDGET_DECK_EDGE, PL_BUDGET_HEEL};
    for (int j = 0; j < SHARED; j++) out[j] = (influence){TERM[j], {0, 0}};
    for (int i = 0; i < 2; i++) {
        const pl_reading *r = &reading[i];
        if (!r->read) continue;
        /* the side's own edge and the hull's axis are two readings of one direction */
        double heading = hypot(r->view.heading_sigma_rad, 0.5 * atan(r->cue.turn));
        double side = r->view.side == PL_STARBOARD_SIDE ? -1 : 1; /* list to starboard lowers it */
        out[0].g[i] = moved(r, sight, &sun_az, 0);
        out[1].g[i] = moved(r, sight, &sun_el, 0);
        out[2].g[i] = moved(r, sight, &view_az, 0);
        out[3].g[i] = moved(r, sight, &view_in, 0);
        out[4].g[i] = PIXEL_SCALE * r->cue.cue.freeboard_m.value;
        out[5].g[i] = moved(r, sight, sight, heading);
        out[6].g[i] = DECK_EDGE_M;
        out[7].g[i] = side * 0.5 * r->view.beam_m * tan(LIST_RAD);
    }
    return SHARED;
}

static double squares(const double *x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i] * x[i];
    return sum;
}

/* Weights of the two, from their covariance. Neither is allowed to be negative: that would trust
 * one side's difference from the other more than either. */
static void set_weights(const pl_reading reading[2], double c[2][2], double weight[2]) {
    if (!reading[0].read || !reading[1].read) {
        weight[0] = reading[0].read;
        weight[1] = reading[1].read;
        return;
    }
    double a = c[1][1] - c[0][1], b = c[0][0] - c[0][1];
    a = pl__max(a, 0);
    b = pl__max(b, 0);
    weight[0] = a + b > 0 ? a / (a + b) : 0.5;
    weight[1] = 1 - weight[0];
}

static void compare_sides(const pl_reading reading[2], double c[2][2], double mean_sigma_m,
                          pl_freeboard *out) {
    double d = reading[0].cue.cue.freeboard_m.value - reading[1].cue.cue.freeboard_m.value;
    double chi2 = d * d / (c[0][0] + c[1][1] - 2 * c[0][1]), p = gsl_cdf_chisq_Q(chi2, 1);
    /* beyond what chance allows, both are taken to be less sure than they say (Birge's ratio) */
    if (chi2 > CHANCE_CHI2)
        out->budget_m[PL_BUDGET_CUES] = mean_sigma_m * sqrt(chi2 / CHANCE_CHI2 - 1);
    if (!(p < DISAGREE_P)) return;
    out->reasons |= PL_BIT(PL_CUES_DISAGREE);
    out->status = p < CONTRADICT_P ? PL_REFUSED : PL_DUBIOUS;
    out->budget_m[PL_BUDGET_CUES] = pl__max(out->budget_m[PL_BUDGET_CUES], 0.5 * fabs(d));
}

void pl__freeboard_join(pl_reading reading[2], const pl_sight *sight, pl_freeboard *out) {
    influence shared[SHARED];
    double own[2][PL_BUDGET_COUNT] = {{0}}, c[2][2] = {{0}}, weight[2];
    int n = influences(reading, sight, shared);
    for (int i = 0; i < 2; i++) {
        if (!reading[i].read) continue;
        pl__freeboard_own_terms(&reading[i], own[i]);
        c[i][i] = squares(own[i], PL_BUDGET_COUNT);
        reading[i].cue.cue.width_m.sigma =
            reading[i].cue.cue.per_metre *
            hypot(reading[i].cue.fit_sigma_m, reading[i].cue.tail_sigma_m);
    }
    for (int j = 0; j < n; j++)
        for (int i = 0; i < 2; i++)
            for (int k = 0; k < 2; k++) c[i][k] += shared[j].g[i] * shared[j].g[k];
    set_weights(reading, c, weight);
    out->freeboard_m.value = 0;
    double information = 0;
    for (int i = 0; i < 2; i++) {
        if (!reading[i].read) continue;
        reading[i].cue.cue.freeboard_m.sigma = sqrt(c[i][i]);
        out->freeboard_m.value += weight[i] * reading[i].cue.cue.freeboard_m.value;
        information += 1 / (reading[i].cue.bound_m * reading[i].cue.bound_m);
    }
    out->bound_m = 1 / sqrt(information);
    for (int term = 0; term < PL_BUDGET_COUNT; term++) {
        double variance = 0;
        for (int i = 0; i < 2; i++) variance += weight[i] * own[i][term] * weight[i] * own[i][term];
        for (int j = 0; j < n; j++) {
            double g = weight[0] * shared[j].g[0] + weight[1] * shared[j].g[1];
            if (shared[j].term == (pl_budget_term)term) variance += g * g;
        }
        out->budget_m[term] = sqrt(variance);
    }
    if (!reading[0].read || !reading[1].read) return;
    double sigma_m = sqrt(squares(out->budget_m, PL_BUDGET_COUNT));
    compare_sides(reading, c, sigma_m, out);
}
