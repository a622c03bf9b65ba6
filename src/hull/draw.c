/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is this hull drawn, and what does its deck look like? */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/strip.h"

static double width_at(const pl_strip *s, const double *side, double u_m,
                       const pl_side_line *line) {
    int i = (int)floor((u_m - s->u0_m) / s->pixel_m);
    double bound = line->a + line->b * u_m;
    if (i < 0 || i >= s->image.width || isnan(side[i])) return NAN;
    return bound < 0 ? pl__clamp(side[i], bound, 0) : pl__clamp(side[i], 0, bound);
}

static const double OUTLINE_AT[] = {0.0,  0.01, 0.03, 0.06, 0.10, 0.15, 0.20, 0.30, 0.50,
                                    0.70, 0.80, 0.85, 0.90, 0.94, 0.97, 0.99, 1.0};
enum { OUTLINE_STATIONS = sizeof OUTLINE_AT / sizeof *OUTLINE_AT };

void pl__hull_draw(const pl_crop *chip, const pl_axis *a, const pl_strip *s,
                   const pl_side_line side[2], double stern_u, double bow_u, pl_hull *hull) {
    double w[2][OUTLINE_STATIONS], u[OUTLINE_STATIONS];
    for (int k = 0; k < OUTLINE_STATIONS; k++) {
        u[k] = stern_u + OUTLINE_AT[k] * (bow_u - stern_u);
        for (int i = 0; i < 2; i++) {
            bool straight = OUTLINE_AT[k] >= 0.2 && OUTLINE_AT[k] <= 0.8;
            double at = pl__clamp(u[k], pl__min(stern_u, bow_u) + 0.75 * s->pixel_m,
                                  pl__max(stern_u, bow_u) - 0.75 * s->pixel_m);
            w[i][k] = straight ? side[i].a + side[i].b * u[k]
                               : width_at(s, i == 0 ? s->left : s->right, at, &side[i]);
        }
    }
    for (int i = 0; i < 2;
         i++) { /* gaps take their inner neighbour: towards midships widths are known */
        for (int k = OUTLINE_STATIONS / 2; k > 0; k--) {
            if (isnan(w[i][k - 1])) w[i][k - 1] = w[i][k];
        }
        for (int k = OUTLINE_STATIONS / 2; k < OUTLINE_STATIONS - 1; k++) {
            if (isnan(w[i][k + 1])) w[i][k + 1] = w[i][k];
        }
    }
    int n = 0;
    for (int turn = 0; turn < 2; turn++) {
        for (int k = 0; k < OUTLINE_STATIONS; k++) {
            int at = turn == 0 ? k : OUTLINE_STATIONS - 1 - k;
            double east, north;
            pl__axis_point(a, u[at], w[turn][at], &east, &north);
            pl__geo_to_pixel(&chip->frame, east, north, &hull->outline_px[n][0],
                             &hull->outline_px[n][1]);
            n++;
        }
    }
    memcpy(hull->outline_px[n], hull->outline_px[0], sizeof hull->outline_px[0]);
    hull->outline_count = n + 1;
}

void pl__hull_fingerprint(const pl_axis *a, const pl_strip *s, double stern_u, double bow_u,
                          pl_hull *hull) {
    enum { COUNT = PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS };
    double value[COUNT], mean = 0, power = 0;
    double toward = bow_u > stern_u ? 1.0 : -1.0;
    for (int k = 0; k < COUNT; k++) {
        double u =
            bow_u + (stern_u - bow_u) * (k / PL_FINGERPRINT_ACROSS + 0.5) / PL_FINGERPRINT_ALONG;
        double w =
            toward * a->beam_m * ((k % PL_FINGERPRINT_ACROSS + 0.5) / PL_FINGERPRINT_ACROSS - 0.5);
        double v = (double)pl__image_linear(s->image.data, s->image.width, s->image.height,
                                            (u - s->u0_m) / s->pixel_m, (w - s->w0_m) / s->pixel_m);
        value[k] = isfinite(v) ? log1p(pl__max(v, 0))
                               : 0; /* logarithm: paint counts, not the sun's strength */
        mean += value[k] / COUNT;
    }
    for (int k = 0; k < COUNT; k++) power += (value[k] - mean) * (value[k] - mean) / COUNT;
    for (int k = 0; k < COUNT; k++) {
        double z = power > 0 ? (value[k] - mean) / sqrt(power) : 0;
        hull->fingerprint[k] =
            (int8_t)lround(pl__clamp(z * 40.0, -127, 127)); /* +-3 sigma fill the byte */
    }
}
