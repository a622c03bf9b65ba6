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
 *     T(x) = P(x / a) - exp(a^2 / (2 t^2) - x / t) P(x / a - a / t),     T' = exp(...) P(...) / t
 *
 * with t = (s_w - v_w) / (K (1 / cos t_s + 1 / cos t_v)), t_s and t_v the refracted angles, n
 * = 1.34. */
#include <math.h>

#include "base/base.h"
#include "freeboard/internal.h"

static const double REFRACTION = 1.34;
static const double LOBE_PX2 = 2.0 / 3.0;
static const double SUN_DISC_RAD = 0.0093; /* across */

static double cdf(double x) {
    return 0.5 * erfc(-x * 0.70710678118654752440);
}
static double pdf(double x) {
    return 0.39894228040143267794 * exp(-0.5 * x * x);
}

/* exp(a^2/(2t^2) - x/t) P(x/a - a/t), by the scaled form where the exponential alone would
 * overflow. */
static double tail_term(double x, double spread, double tail) {
    double z = x / spread - spread / tail;
    double exponent = 0.5 * (spread / tail) * (spread / tail) - x / tail;
    if (z > -6.0) return exponent > 700.0 ? 0.0 : exp(exponent) * cdf(z);
    /* P(z) ~ p(z) / -z (1 - 1/z^2): and exponent - z^2/2 = -(x/a)^2 / 2 exactly */
    double u = x / spread;
    return pdf(u) / -z * (1.0 - 1.0 / (z * z));
}

/* One Gaussian, with or without a tail. The tail's convolution solves t T' + T = P, which gives
 * T''. */
static void plain(double spread, double tail, double x, double *step, double *density,
                  double *curve) {
    double p = pdf(x / spread) / spread;
    if (!(tail > 0.02 * spread)) {
        *step = cdf(x / spread);
        *density = p;
        *curve = -x / (spread * spread) * p;
        return;
    }
    double term = tail_term(x, spread, tail);
    *step = cdf(x / spread) - term;
    *density = term / tail;
    *curve = (p - *density) / tail;
}

void pl__freeboard_edge(const pl_response *r, double extra_m2, double tail_m, double x,
                        pl_edge *out) {
    double a = sqrt(r->spread_m * r->spread_m + extra_m2);
    double b = sqrt(a * a + LOBE_PX2 * r->pixel_m * r->pixel_m), step, density, curve;
    if (x < -6 * b || x > 6 * b + 12 * tail_m) { /* far from the edge */
        *out = (pl_edge){.step = x < 0 ? 0 : 1};
        return;
    }
    plain(a, tail_m, x, &out->step, &out->density, &out->curve);
    plain(b, tail_m, x, &step, &density, &curve);
    out->lobe = out->step - step;
    out->step += r->sharpen * (out->step - step);
    out->density += r->sharpen * (out->density - density);
    out->curve += r->sharpen * (out->curve - curve);
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
