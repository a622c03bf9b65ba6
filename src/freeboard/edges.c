/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do the two edges of a band lie in one cross-section?
 *
 *   deck ______                                        water ______
 *              \            unlit wall                 /
 *               \______________                       /
 *                              \_____________________/   band (shadow, or lit wall: then it is
 * bright) inner          inner + wall_share * (outer - inner)   outer
 *
 * Each edge is a step blurred by a Gaussian (the line spread). The outer edge of a shadow has a
 * tail: light that comes back from depth z left the surface z (s_w - v_w) further in, so the step
 * is convolved with a one-sided exponential whose START is the geometric edge
 * (docs/method/freeboard.md, "Under water"). With the Gaussian's distribution function P and its
 * density p, step(x)            = P(x / sigma) step with tail(x)  = P(x / sigma) - exp(sigma^2 / (2
 * t^2) - x / t) P(x / sigma - sigma / t), and the derivative of the latter is  exp(...) P(...) / t.
 *
 * Levels and edges are fitted together by Levenberg-Marquardt with the exact derivatives. */
#include <math.h>
#include <string.h>

#include "freeboard/internal.h"

enum { PARAMETERS = 6 }; /* inner, outer, deck, band, water, wall */
static const double MIN_WIDTH_SPREADS = 0.2;

static double gauss_cdf(double x) {
    return 0.5 * erfc(-x * 0.70710678118654752440);
}
static double gauss_pdf(double x) {
    return 0.39894228040143267794 * exp(-0.5 * x * x);
}

/* exp(s^2/(2t^2) - x/t) P(x/s - s/t), by the scaled form where the exponential alone would
 * overflow. */
static double tail_term(double x, double spread, double tail) {
    double z = x / spread - spread / tail;
    double exponent = 0.5 * (spread / tail) * (spread / tail) - x / tail;
    if (z > -6.0) return exponent > 700.0 ? 0.0 : exp(exponent) * gauss_cdf(z);
    /* P(z) ~ p(z) / -z (1 - 1/z^2): and exponent - z^2/2 = -(x/s)^2 / 2 exactly */
    double u = x / spread;
    return 0.39894228040143267794 * exp(-0.5 * u * u) / -z * (1.0 - 1.0 / (z * z));
}

static double outer_step(double x, const pl_profile_shape *shape, double *derivative) {
    double s = shape->outer_spread;
    if (!(shape->tail > 0.02 * s)) {
        *derivative = gauss_pdf(x / s) / s;
        return gauss_cdf(x / s);
    }
    double term = tail_term(x, s, shape->tail);
    *derivative = term / shape->tail;
    return gauss_cdf(x / s) - term;
}

/* Value and, in d[PARAMETERS], the derivatives by inner, outer, deck, band, water, wall. */
static double model(const pl_profile *p, const pl_profile_shape *shape, double x,
                    double d[PARAMETERS]) {
    double s = shape->spread, q = shape->wall_share;
    double rise, step_in = gauss_cdf((x - p->inner) / s),
                 slope_in = gauss_pdf((x - p->inner) / s) / s;
    double step_out = outer_step(x - p->outer, shape, &rise);
    double foot = p->inner + q * (p->outer - p->inner);
    double step_foot = q > 0 ? gauss_cdf((x - foot) / s) : step_in;
    double slope_foot = q > 0 ? gauss_pdf((x - foot) / s) / s : 0;
    d[0] = -(p->band + p->wall - p->deck) * slope_in + p->wall * slope_foot * (1.0 - q);
    d[1] = -(p->water - p->band) * rise + p->wall * slope_foot * q;
    d[2] = 1.0 - step_in;
    d[3] = step_in - step_out;
    d[4] = step_out;
    d[5] = q > 0 ? step_in - step_foot : 0.0;
    return p->deck * d[2] + p->band * d[3] + p->water * d[4] + p->wall * d[5];
}

double pl__freeboard_profile(const pl_profile *p, const pl_profile_shape *shape, double position) {
    double d[PARAMETERS];
    return model(p, shape, position, d);
}

/* Solves the symmetric positive definite system in place by Cholesky. @return false when it is
 * singular. */
static bool solve(double a[PARAMETERS][PARAMETERS], double b[PARAMETERS]) {
    for (int j = 0; j < PARAMETERS; j++) {
        for (int k = 0; k < j; k++) a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 0)) return false;
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < PARAMETERS; i++) {
            for (int k = 0; k < j; k++) a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    for (int i = 0; i < PARAMETERS; i++) {
        for (int k = 0; k < i; k++) b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (int i = PARAMETERS - 1; i >= 0; i--) {
        for (int k = i + 1; k < PARAMETERS; k++) b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return true;
}

/* A weak pull of the wall's level to the band's: where the wall is narrow the picture cannot tell
 * them apart. */
static double wall_ridge(const pl_samples *samples, const pl_profile *p) {
    double contrast = p->water - p->band;
    return contrast != 0 ? 0.02 * samples->count / (contrast * contrast) : 0.0;
}

static double cost(const pl_samples *samples, const pl_profile_shape *shape, const pl_profile *p) {
    double sum = 0;
    for (int k = 0; k < samples->count; k++) {
        double r = samples->value[k] - pl__freeboard_profile(p, shape, samples->position[k]);
        sum += r * r;
    }
    return sum;
}

double pl__freeboard_fit_profile(const pl_samples *samples, const pl_profile_shape *shape,
                                 pl_profile *profile) {
    enum { ITERATIONS = 40 };
    double damping = 1e-3, ridge = wall_ridge(samples, profile);
    double now = cost(samples, shape, profile);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        double a[PARAMETERS][PARAMETERS] = {{0}}, b[PARAMETERS] = {0}, d[PARAMETERS];
        for (int k = 0; k < samples->count; k++) {
            double r = samples->value[k] - model(profile, shape, samples->position[k], d);
            for (int i = 0; i < PARAMETERS; i++) {
                b[i] += d[i] * r;
                for (int j = 0; j <= i; j++) a[i][j] += d[i] * d[j];
            }
        }
        double noise2 = now / samples->count;
        a[5][5] +=
            ridge * noise2; /* prior (wall / contrast)^2, in units of the residuals' variance */
        b[5] -= ridge * noise2 * profile->wall;
        bool better = false;
        double gain = 0;
        for (int attempt = 0; attempt < 8 && !better; attempt++) {
            double m[PARAMETERS][PARAMETERS], step[PARAMETERS];
            memcpy(m, a, sizeof m);
            memcpy(step, b, sizeof step);
            for (int i = 0; i < PARAMETERS; i++) m[i][i] += damping * a[i][i] + 1e-12;
            if (solve(m, step)) {
                double limit =
                    2.0 * shape->spread; /* an edge moves a few pixels at most in one step */
                pl_profile next = {.inner = profile->inner + pl__clamp(step[0], -limit, limit),
                                   .outer = profile->outer + pl__clamp(step[1], -limit, limit),
                                   .deck = profile->deck + step[2],
                                   .band = profile->band + step[3],
                                   .water = profile->water + step[4],
                                   .wall = profile->wall + step[5]};
                double then = cost(samples, shape, &next);
                if (then < now && next.outer - next.inner > MIN_WIDTH_SPREADS * shape->spread) {
                    gain = now - then;
                    *profile = next;
                    now = then;
                    better = true;
                    damping *= 0.3;
                    continue;
                }
            }
            damping *= 5.0;
        }
        if (!better || gain < 1e-7 * now) break;
    }
    return now;
}
