/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does an edge look through the sensor, and through the water?
 *
 * The line spread is a Gaussian with a sharpening lobe, as an unsharp mask of one pixel leaves it:
 *
 *     E(x) = (1 + k) P(x / a) - k P(x / b),   b^2 = a^2 + (2/3) pixel^2
 *
 * (P the normal distribution; 2/3 pixel^2 is the variance of a box of three pixels).
 *
 * The outer edge of a shadow has a tail: light that comes back from depth z left the surface z (s_w
 * - v_w) further in, so the step is convolved with a one-sided exponential whose START is the
 * geometric edge:
 *
 *     T(x) = P(x / a) - E P(z),   E = exp(a^2 / (2 t^2) - x / t),   z = x / a - a / t,   T' = E
 * P(z) / t
 *
 * with t = (s_w - v_w) / (K (1 / cos t_s + 1 / cos t_v)), t_s and t_v the refracted angles, n
 * = 1.34. */
#include <math.h>

#include "base/base.h"
#include "freeboard/internal.h"

static const double REFRACTION = 1.34;
static const double LOBE_PX2 = 2.0 / 3.0;
static const double SUN_DISC_RAD = 0.0093; /* across */

static const double SQRT_2PI = 2.50662827463100050242;
/* Beyond so many sigmas or tails an edge does not show: less than a millionth of its jump. */
static const double FAR_SIGMAS = 5, FAR_TAILS = 14;

/* P(-x) exp(x^2 / 2) for x >= 0, a rational function (Hart et al. 1968, no. 5666, as West 2005
 * gives it), good to 1e-14; farther out a continued fraction. One exponential then serves an edge's
 * step, its density, and both terms of its tail. */
static double mills(double x) {
    if (x > 7.07106781186547) {
        double f = x + 0.65;
        for (int k = 4; k >= 1; k--) f = x + k / f;
        return 1 / (f * SQRT_2PI);
    }
    double p = 0.0352624965998911, q = 0.0883883476483184;
    p = p * x + 0.700383064443688;
    p = p * x + 6.37396220353165;
    p = p * x + 33.912866078383;
    p = p * x + 112.079291497871;
    p = p * x + 221.213596169931;
    p = p * x + 220.206867912376;
    q = q * x + 1.75566716318264;
    q = q * x + 16.064177579207;
    q = q * x + 86.7807322029461;
    q = q * x + 296.564248779674;
    q = q * x + 637.333633378831;
    q = q * x + 793.826512519948;
    q = q * x + 440.413735824752;
    return p / q;
}

/* One Gaussian, with or without a tail. The tail's convolution solves t T' + T = P, which gives
 * T''. By ln t, T changes by -(x / t - (a / t)^2) E P(z) - p(x / a) a / t. */
static void plain(double spread, double tail, double x, pl_edge *out) {
    double u = x / spread, bell = exp(-0.5 * u * u), below = bell * mills(fabs(u));
    double p = bell / (SQRT_2PI * spread);
    *out = (pl_edge){.step = u > 0 ? 1 - below : below};
    if (!(tail > 0.02 * spread)) {
        out->density = p;
        out->curve = -x / (spread * spread) * p;
        return;
    }
    /* E P(z): for z < 0 exp(z^2 / 2) P(z) times the bell, since E exp(-z^2 / 2) is the bell */
    double k = spread / tail, z = u - k, term = bell * mills(fabs(z));
    if (z > 0) term = exp(0.5 * k * k - x / tail) - term;
    out->step -= term;
    out->density = term / tail;
    out->curve = (p - out->density) / tail;
    out->tail = -(x / tail - k * k) * term - p * spread * k;
}

void pl__freeboard_edge(const pl_response *r, double extra_m2, double tail_m, double x,
                        pl_edge *out) {
    double a = sqrt(r->spread_m * r->spread_m + extra_m2);
    double b = sqrt(a * a + LOBE_PX2 * r->pixel_m * r->pixel_m);
    pl_edge wide;
    if (x < -FAR_SIGMAS * b || x > FAR_SIGMAS * b + FAR_TAILS * tail_m) {
        *out = (pl_edge){.step = x < 0 ? 0 : 1};
        return;
    }
    plain(a, tail_m, x, out);
    plain(b, tail_m, x, &wide);
    out->lobe = out->step - wide.step;
    out->step += r->sharpen * out->lobe;
    out->density += r->sharpen * (out->density - wide.density);
    out->curve += r->sharpen * (out->curve - wide.curve);
    out->tail += r->sharpen * (out->tail - wide.tail);
}

void pl__freeboard_soft_edge(const pl_response *r, double extra_m2, double tail_m, double x,
                             pl_edge *out) {
    double a = sqrt(r->spread_m * r->spread_m + extra_m2);
    if (x < -FAR_SIGMAS * a || x > FAR_SIGMAS * a + FAR_TAILS * tail_m) {
        *out = (pl_edge){.step = x < 0 ? 0 : 1};
        return;
    }
    plain(a, tail_m, x, out);
}

double pl__freeboard_tail_m(const pl_side_view *v, const pl_sight *sight) {
    double sun_zenith = asin(cos(sight->sun_elevation_rad) / REFRACTION);
    double view = asin(sin(sight->view_incidence_rad) / REFRACTION);
    double s_w = -tan(sun_zenith) * cos(sight->sun_azimuth_rad - v->normal_rad);
    double v_w = -tan(view) * cos(sight->view_azimuth_rad - v->normal_rad);
    return pl__max(pl__max(s_w, 0) - v_w, 0) / (1.0 / cos(sun_zenith) + 1.0 / cos(view));
}

/* A disc's marginal has sigma = width / 4. */
double pl__freeboard_penumbra(const pl_side_view *v, const pl_sight *sight) {
    double se = sin(sight->sun_elevation_rad), ce = cos(sight->sun_elevation_rad);
    double sd = sin(sight->sun_azimuth_rad - v->normal_rad);
    return 0.25 * SUN_DISC_RAD / (se * se) * sqrt(pl__max(1.0 - sd * sd * ce * ce, 0));
}
