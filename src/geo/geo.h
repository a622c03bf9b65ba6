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
/** The same, or a day alone ("2024-01-13"): its first second. */
bool pl__geo_day_parse(const char *text, double *utc_s);
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

/**
 * The rational polynomials of a raw picture (RPC00B, STDI-0002 appendix E): ground -> line, sample.
 * Lines and samples count from the CENTRE of the first pixel; the functions below speak the house's
 * corner convention. Heights are metres over the WGS 84 ellipsoid.
 */
typedef struct pl_rpc {
    double line_off, sample_off, lat_off_deg, lon_off_deg, height_off_m;
    double line_scale, sample_scale, lat_scale_deg, lon_scale_deg, height_scale_m;
    double line_num[20], line_den[20], sample_num[20], sample_den[20];
} pl_rpc;

/** What is wrong with it in words, NULL when it can be used. */
const char *pl__geo_rpc_fault(const pl_rpc *rpc);
/** Ground -> input pixel (corner convention). @return false, and NAN, where there is none. */
bool pl__geo_rpc_to_pixel(const pl_rpc *rpc, double lon_deg, double lat_deg, double height_m,
                          double xy[2]);
/** Input pixel (corner convention) -> where its line of sight meets the given height. @return
 * false, and NAN, when it does not. */
bool pl__geo_rpc_to_ground(const pl_rpc *rpc, double x_px, double y_px, double height_m,
                           double lonlat[2]);
/** Where the satellite stands, seen from that place: azimuth from the target to the satellite, and
 * the angle from the vertical. @return false when there is no ground. */
bool pl__geo_rpc_view(const pl_rpc *rpc, double x_px, double y_px, double height_m,
                      double *azimuth_rad, double *incidence_rad);

#endif
