/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far do all unknowns move at once?
 *
 * Gauss and Newton's normal equations, damped, by Cholesky's factors; and parameters stay within
 * what they may be. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "freeboard/joint.h"

/* Within a deck's edge. Less than nothing by so little leaves the derivative free. */
#define LEAST_STRIP_M (-0.05)
/* Of the sea's level, over the shadow's: a white wall with a white hull's share of skylight. */
static const double BRIGHTEST_WALL = 1.5;
/* Skylight to sunlight that comes back from the water: 0.15 to 0.6 under a clear sky (Rayleigh),
 * up to 0.9 in blue with the sun at 20 degrees; the mirrored sky is a fifth to a third of the sea's
 * level. */
static const double MOST_SKYLIGHT = 1.0, MOST_MIRROR = 0.3;
/* Of the sea's level, at a lit wall's foot, where no shadow says what the sun's share is: the sky
 * gives water at most half its light, a mirror image adds next to nothing. What never was in the
 * water is part of its level. */
static const double MOST_SKY = 0.5, LEAST_MIRROR = -0.15;

/* Cholesky of a (lower part), in place. */
bool pl__freeboard_factor(double a[PL__UNKNOWNS][PL__UNKNOWNS], int n) {
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++) a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 0)) return false;
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++) a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    return true;
}

void pl__freeboard_substitute(double a[PL__UNKNOWNS][PL__UNKNOWNS], int n, double x[PL__UNKNOWNS]) {
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) x[i] -= a[i][k] * x[k];
        x[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) x[i] -= a[k][i] * x[k];
        x[i] /= a[i][i];
    }
}

/* What the first parameters may be. */
static const pl_bound PARAMETERS[] = {
    {PL__HEIGHT, 0.05, INFINITY},
    {PL__SPREAD, -1.3862943611198906, 0.69314718055994531}, /* 1/4, 2 */
    {PL__LOBE, -0.3, 1.2},
    {PL__ROUGH, 0, 1},
    {PL__RIM, LEAST_STRIP_M, INFINITY},
    {PL__RAIL, 0, 0.5},
    {PL__GEAR, 0, INFINITY},
    {PL__FORE, 0, INFINITY},
    {PL__AFT, 0, INFINITY},
    {PL__FACETS, -3.2, -0.9}, /* 0.04 to 0.4: slopes of 0.02 to 0.2 */
    {PL__LINE, 0, INFINITY}};
enum { BOUNDED = sizeof PARAMETERS / sizeof *PARAMETERS };

int pl__freeboard_bounds(const pl_problem *q, pl_bound bound[PL__BOUNDS]) {
    const pl_side_view *v = q->v;
    int count = 0;
    for (int k = 0; k < BOUNDED; k++) {
        bound[count] = PARAMETERS[k];
        if (bound[count].index == PL__HEIGHT)
            bound[count].high = pl__freeboard_greatest(v->length_m);
        count++;
    }
    for (int b = 0; b < v->bands && q->kind == PL_CUE_LIT_WALL; b++) {
        int at = PL__PARAMETERS + b * PL__GLOBALS;
        double sea = pl__max(fabs(v->sea[b]), 1e-9);
        bound[count++] = (pl_bound){at + PL__SKY, 0, MOST_SKY * sea};
        bound[count++] = (pl_bound){at + PL__MIRROR, LEAST_MIRROR * sea, MOST_MIRROR * sea};
        bound[count++] = (pl_bound){at + PL__WALL, 0, sea};
    }
    if (q->kind != PL_CUE_DARK_BAND) return count;
    for (int b = 0; b < v->bands; b++) {
        int at = PL__PARAMETERS + b * PL__GLOBALS;
        double sea = fabs(v->sea[b]), water = 0, weight = 0;
        for (int i = 0; i < v->blocks; i++) {
            water += q->weight[i] * q->water[i][b];
            weight += q->weight[i];
        }
        double sun =
            pl__max(weight > 0 ? water / weight - q->level[b][PL__BAND] : 0, 3 * v->sea_sigma[b]);
        /* a shaded deck has skylight only: it is no brighter than sunlit water */
        double brightest = q->strip ? sun : BRIGHTEST_WALL * sea;
        bound[count++] = (pl_bound){at + PL__WALL, -INFINITY, brightest};
        bound[count++] = (pl_bound){at + PL__SKY, -INFINITY, MOST_SKYLIGHT * sun};
        bound[count++] = (pl_bound){at + PL__MIRROR, -INFINITY, MOST_MIRROR * sea};
    }
    return count;
}

bool pl__freeboard_brightest(const pl_problem *q, int b) {
    const double rounding = 1e-6;
    return q->kind == PL_CUE_DARK_BAND && !q->strip &&
           q->level[b][PL__WALL] > (BRIGHTEST_WALL - rounding) * fabs(q->v->sea[b]);
}

/* The damped step. Parameters that it would carry out of their range are put on its border, and the
 * others' step is solved again: cut off afterwards, it would fit worse than standing still. */
bool pl__freeboard_step(int n, const double a[PL__UNKNOWNS][PL__UNKNOWNS],
                        const double g[PL__UNKNOWNS], const double now[PL__UNKNOWNS],
                        const pl_bound *bound, int bounds, double damping,
                        double factored[PL__UNKNOWNS][PL__UNKNOWNS], double step[PL__UNKNOWNS]) {
    bool held[PL__BOUNDS] = {false};
    double by[PL__BOUNDS];
    for (int round = 0; round <= bounds; round++) {
        bool crossed = false;
        memcpy(factored, a, PL__UNKNOWNS * sizeof *a);
        memcpy(step, g, PL__UNKNOWNS * sizeof *g);
        for (int i = 0; i < n; i++) factored[i][i] *= 1 + damping;
        for (int k = 0; k < bounds; k++) {
            int at = bound[k].index;
            if (!held[k]) continue;
            for (int i = 0; i < n; i++) {
                if (i != at) step[i] -= by[k] * (i > at ? factored[i][at] : factored[at][i]);
                *(i > at ? &factored[i][at] : &factored[at][i]) = i == at;
            }
        }
        for (int k = 0; k < bounds; k++)
            if (held[k]) step[bound[k].index] = by[k];
        if (!pl__freeboard_factor(factored, n)) return false;
        pl__freeboard_substitute(factored, n, step);
        for (int k = 0; k < bounds; k++) {
            double next = now[bound[k].index] + step[bound[k].index];
            if (held[k] || (next >= bound[k].low && next <= bound[k].high)) continue;
            held[k] = crossed = true;
            by[k] = (next < bound[k].low ? bound[k].low : bound[k].high) - now[bound[k].index];
        }
        if (!crossed) return true;
    }
    return true;
}
