/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places, directions, times, sun. Radians inside; degrees only where a name says so. */
#ifndef PL_GEO_GEO_H
#define PL_GEO_GEO_H

#include "base/base.h"

/** Angle into [0, 2 pi). */
double pl__geo_wrap(double angle_rad);
/** Signed difference a - b in (-pi, pi]. */
double pl__geo_turn(double a_rad, double b_rad);

/** Input pixel (corner convention) -> local east, north metres. */
void pl__geo_to_metres(const pl_frame *frame, double x_px, double y_px, double *east_m,
                       double *north_m);
/** Local east, north metres -> input pixel (corner convention). */
void pl__geo_to_pixel(const pl_frame *frame, double east_m, double north_m, double *x_px,
                      double *y_px);
/** Sets pixels[] and pixel_m from metres[]. @return false when the map is singular. */
bool pl__geo_frame_finish(pl_frame *frame);
/** Metres per degree of longitude and latitude on the WGS 84 ellipsoid. */
void pl__geo_metres_per_degree(double lat_deg, double *east_m, double *north_m);

/** RFC 3339 ("2024-01-13T02:22:36.55Z", offsets too) -> UTC seconds since 1970. @return false when
 * it is not one. */
bool pl__geo_time_parse(const char *text, double *utc_s);
/** UTC seconds since 1970 -> "2024-01-13T02:22:36.550Z"; out holds 32 bytes or more. */
void pl__geo_time_format(double utc_s, char *out, size_t size);

/** Apparent (refracted) sun from ERFA. @return false for times that ERFA refuses. */
bool pl__geo_sun(double utc_s, double lon_deg, double lat_deg, double *azimuth_rad,
                 double *elevation_rad);
/** Angle on the sky between two directions given by azimuth and elevation. */
double pl__geo_sky_angle(double azimuth_a, double elevation_a, double azimuth_b,
                         double elevation_b);

/** Incidence at the target from off-nadir at the satellite: sin i = (R + H) / R sin(off nadir). NAN
 * beyond the horizon. */
double pl__geo_incidence(double off_nadir_rad, double altitude_m);

#endif
