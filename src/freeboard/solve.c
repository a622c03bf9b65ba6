/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far do all unknowns move at once?
 *
 * Gauss and Newton's normal equations, damped, by Cholesky's factors; and parameters stay within
 * what they may be. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "freeboard/joint.h"

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

/* What a parameter may be. */
typedef struct range {
    enum pl_parameter parameter;
    double low, high;
} range;
static const range RANGES[] = {{PL__HEIGHT, 0.05, INFINITY},
                               {PL__SPREAD, -1.3862943611198906, 0.69314718055994531}, /* 1/4, 2 */
                               {PL__LOBE, -0.3, 1.2},
                               {PL__ROUGH, 0, 1},
                               {PL__RAIL, 0, 0.5},
                               {PL__GEAR, 0, INFINITY}};
enum { RANGED = sizeof RANGES / sizeof *RANGES };

static range range_of(const pl_side_view *v, int k) {
    range r = RANGES[k];
    if (r.parameter == PL__HEIGHT) r.high = pl__freeboard_greatest(v->length_m);
    return r;
}

/* The damped step. Parameters that it would carry out of their range are put on its border, and the
 * others' step is solved again: cut off afterwards, it would fit worse than standing still. */
bool pl__freeboard_step(const pl_side_view *v, int n, const double a[PL__UNKNOWNS][PL__UNKNOWNS],
                        const double g[PL__UNKNOWNS], const double *p, double damping,
                        double factored[PL__UNKNOWNS][PL__UNKNOWNS], double step[PL__UNKNOWNS]) {
    bool held[RANGED] = {false};
    double by[RANGED];
    for (int round = 0; round <= RANGED; round++) {
        bool crossed = false;
        memcpy(factored, a, PL__UNKNOWNS * sizeof *a);
        memcpy(step, g, PL__UNKNOWNS * sizeof *g);
        for (int i = 0; i < n; i++) factored[i][i] *= 1 + damping;
        for (int k = 0; k < RANGED; k++) {
            int at = RANGES[k].parameter;
            if (!held[k]) continue;
            for (int i = 0; i < n; i++) {
                if (i != at) step[i] -= by[k] * (i > at ? factored[i][at] : factored[at][i]);
                *(i > at ? &factored[i][at] : &factored[at][i]) = i == at;
            }
        }
        for (int k = 0; k < RANGED; k++)
            if (held[k]) step[RANGES[k].parameter] = by[k];
        if (!pl__freeboard_factor(factored, n)) return false;
        pl__freeboard_substitute(factored, n, step);
        for (int k = 0; k < RANGED; k++) {
            range r = range_of(v, k);
            double now = p[r.parameter], next = now + step[r.parameter];
            if (held[k] || (next >= r.low && next <= r.high)) continue;
            held[k] = crossed = true;
            by[k] = (next < r.low ? r.low : r.high) - now;
        }
        if (!crossed) return true;
    }
    return true;
}

void pl__freeboard_keep(const pl_side_view *v, double *p) {
    for (int k = 0; k < RANGED; k++) {
        range r = range_of(v, k);
        p[r.parameter] = pl__clamp(p[r.parameter], r.low, r.high);
    }
}
