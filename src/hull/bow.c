/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which end of this hull is the bow?
 *
 * It narrows more than the stern, and on both sides: what narrows on one side alone is a jetty or a
 * neighbour that sticks to the other. And a superstructure, white and high, stands on the stern of
 * nearly all. Both are read as differences between the ends and weighed as two Gaussians of the
 * same width would be (Fisher): on 89 rendered hulls the lesser side's narrowing is 0.13 +- 0.11 in
 * favour of the bow, the logarithm of the brightness 0.85 +- 0.55 in favour of the stern. The sum
 * is the log odds. Half of it is believed, since real ships are more diverse than rendered ones. */
#include <math.h>

#include "hull/strip.h"

static const double END_SHARE = 0.12;             /* of the length: what is called an end */
static const double NARROWS = 20.0, SHINES = 5.7; /* log odds per unit: 2 mean / variance */
static const double NARROWS_MOST = 0.2, SHINES_MOST = 1.0; /* beyond lies no ship of the kind */
static const double BELIEVED = 0.5, CERTAIN = 1.5;         /* odds of 4.5 after that */

/* Missing half width of one side in column i, as a share of the half beam; NAN where the side is
 * not found, in the superstructure's shadow, say. */
static double missing(const pl_strip *s, int which, const pl_side_line side[2], int i) {
    double edge = which == 0 ? s->left[i] : s->right[i], u = s->u0_m + (i + 0.5) * s->pixel_m;
    double left = side[0].a + side[0].b * u, right = side[1].a + side[1].b * u;
    double middle = 0.5 * (left + right), half = (which == 0 ? left : right) - middle;
    return isnan(edge) ? NAN : 1.0 - pl__clamp((edge - middle) / half, 0.0, 1.0);
}

/* Its mean over the last 12 % of the length. */
static double taper(const pl_strip *s, int which, const pl_side_line side[2], double end_u,
                    double length_m) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < s->image.width; i++) {
        double u = s->u0_m + (i + 0.5) * s->pixel_m, lack = missing(s, which, side, i);
        if (fabs(u - end_u) > END_SHARE * length_m || fabs(u) > fabs(end_u) || isnan(lack))
            continue;
        sum += lack;
        n++;
    }
    return n > 2 ? sum / n : NAN;
}

double pl__hull_taper(const pl_strip *s, int which, const pl_side_line side[2],
                      const pl_ends *end) {
    double length_m = end->high_u - end->low_u;
    double low = taper(s, which, side, end->low_u, length_m),
           high = taper(s, which, side, end->high_u, length_m);
    return isnan(low) ? high : isnan(high) ? low : pl__max(low, high);
}

double pl__hull_lopsided(const pl_strip *s, const pl_side_line side[2], const pl_ends *end) {
    double length_m = end->high_u - end->low_u, most = 0;
    for (int k = 0; k < 2; k++) {
        double end_u = k ? end->high_u : end->low_u, off = 0;
        int n = 0;
        for (int i = 0; i < s->image.width; i++) {
            double u = s->u0_m + (i + 0.5) * s->pixel_m;
            if (fabs(u - end_u) > END_SHARE * length_m || fabs(u) > fabs(end_u)) continue;
            double left = missing(s, 0, side, i), right = missing(s, 1, side, i);
            if (isnan(left) && isnan(right)) continue;
            off += (isnan(left) ? 1 : left) - (isnan(right) ? 1 : right);
            n++;
        }
        if (n > 2) most = pl__max(most, fabs(off) / n);
    }
    return most;
}

/* Mean square brightness (white blocks count) of the deck's middle in the last quarter of the
 * length at one end. */
static double end_brightness(const pl_strip *s, const pl_side_line side[2], double end_u,
                             double length_m) {
    double sum = 0, beam_m = side[1].a - side[0].a;
    int n = 0;
    for (int j = 0; j < s->image.height; j++) {
        if (fabs(s->w0_m + (j + 0.5) * s->pixel_m) > 0.3 * beam_m) continue;
        for (int i = 0; i < s->image.width; i++) {
            double u = s->u0_m + (i + 0.5) * s->pixel_m, v = pl__strip_at(s, i, j);
            if (fabs(u - end_u) > 0.25 * length_m || fabs(u) > fabs(end_u) || isnan(v)) continue;
            sum += (v - s->water) * (v - s->water);
            n++;
        }
    }
    return n > 0 ? sum / n : 0;
}

/* What both sides agree on: the smaller of two differences of one sign, else nothing. */
static double lesser(double left, double right) {
    if (!(left * right > 0)) return 0; /* NAN too */
    return fabs(left) < fabs(right) ? left : right;
}

double pl__hull_bow(const pl_strip *s, const pl_side_line side[2], const pl_ends *end,
                    bool doubtful, bool *certain) {
    double low[2], high[2], length_m = end->high_u - end->low_u;
    for (int i = 0; i < 2; i++) {
        low[i] = taper(s, i, side, end->low_u, length_m);
        high[i] = taper(s, i, side, end->high_u, length_m);
    }
    double narrows = lesser(high[0] - low[0], high[1] - low[1]);
    double at_low = end_brightness(s, side, end->low_u, length_m),
           at_high = end_brightness(s, side, end->high_u, length_m);
    double shines = at_low > 0 && at_high > 0 ? log(at_low / at_high) : 0;
    /* where the outline is in doubt, what narrows may be something else */
    double odds = NARROWS * pl__clamp(narrows, -NARROWS_MOST, NARROWS_MOST) * (doubtful ? 0.5 : 1) +
                  SHINES * pl__clamp(shines, -SHINES_MOST, SHINES_MOST);
    *certain = BELIEVED * fabs(odds) > CERTAIN;
    return odds;
}
