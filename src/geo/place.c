/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do pixels, local metres and degrees hang together round one place? By a straight map and its
 * inverse (pl_frame), and by the two radii of curvature of the WGS 84 ellipsoid. */
#include <math.h>

#include "geo/geo.h"

static const double WGS84_A_M = 6378137.0, WGS84_F = 1.0 / 298.257223563;

double pl__geo_wrap(double angle_rad) {
    double wrapped = fmod(angle_rad, 2.0 * PL_PI);
    if (wrapped < 0.0) wrapped += 2.0 * PL_PI;
    return wrapped >= 2.0 * PL_PI ? 0.0 : wrapped; /* a tiny negative rounds up to the full turn */
}

double pl__geo_turn(double a_rad, double b_rad) {
    double turn = pl__geo_wrap(a_rad - b_rad);
    return turn > PL_PI ? turn - 2.0 * PL_PI : turn;
}

void pl__geo_to_metres(const pl_frame *frame, double x_px, double y_px, double *east_m,
                       double *north_m) {
    double x = x_px - frame->x_px, y = y_px - frame->y_px;
    *east_m = frame->metres[0] * x + frame->metres[1] * y;
    *north_m = frame->metres[2] * x + frame->metres[3] * y;
}

void pl__geo_to_pixel(const pl_frame *frame, double east_m, double north_m, double *x_px,
                      double *y_px) {
    *x_px = frame->x_px + frame->pixels[0] * east_m + frame->pixels[1] * north_m;
    *y_px = frame->y_px + frame->pixels[2] * east_m + frame->pixels[3] * north_m;
}

bool pl__geo_frame_finish(pl_frame *frame) {
    const double *m = frame->metres;
    double determinant = m[0] * m[3] - m[1] * m[2];
    double size = fmax(fmax(fabs(m[0]), fabs(m[1])), fmax(fabs(m[2]), fabs(m[3])));
    /* axes that lie within 1e-6 of each other span no picture */
    if (!isfinite(determinant) || !(fabs(determinant) > 1e-6 * size * size)) return false;
    frame->pixels[0] = m[3] / determinant;
    frame->pixels[1] = -m[1] / determinant;
    frame->pixels[2] = -m[2] / determinant;
    frame->pixels[3] = m[0] / determinant;
    frame->pixel_m = sqrt(fabs(determinant));
    return true;
}

/* Radii of curvature: across the meridian N = a / sqrt(1 - e2 sin2), along it M = N (1 - e2) / (1 -
 * e2 sin2). */
void pl__geo_metres_per_degree(double lat_deg, double *east_m, double *north_m) {
    double e2 = WGS84_F * (2.0 - WGS84_F);
    double s = sin(lat_deg * PL_RAD_PER_DEG);
    double w2 = 1.0 - e2 * s * s;
    double across_m = WGS84_A_M / sqrt(w2);
    *east_m = across_m * cos(lat_deg * PL_RAD_PER_DEG) * PL_RAD_PER_DEG;
    *north_m = across_m * (1.0 - e2) / w2 * PL_RAD_PER_DEG;
}

double pl__geo_incidence(double off_nadir_rad, double altitude_m) {
    /* the mean radius: the ellipsoid's would change incidence by 0.02 deg at 30 deg */
    const double radius_m = 6371008.8;
    double sine = (radius_m + altitude_m) / radius_m * sin(off_nadir_rad);
    return fabs(sine) <= 1.0 ? asin(sine) : (double)NAN;
}
