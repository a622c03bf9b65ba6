/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where on the Earth is a pixel, and how does the ground lie under it?
 *
 * The frame at a pixel is the numerical Jacobian of pixel -> CRS -> WGS 84 -> metres on the
 * ellipsoid: central differences over STEP_PX pixels each way. UTM's convergence and scale,
 * Mercator's stretch and unequal degrees are all in it, and no projection is named anywhere.
 *
 *     d(east)/dx = (lon(x + h) - lon(x - h)) / 2h * metres per degree of longitude, and so on
 *
 * With h = 16 pixels of half a metre PROJ's own 1e-9 m is 1e-10 of the step; what the projection
 * bends over 16 pixels enters squared. In a raw picture the rational polynomials at the water's
 * height stand for pixel -> CRS -> WGS 84 (raw.c), and all else is the same. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "scene/scene.h"

static const char FLOOR[] = "scene";
static const double STEP_PX = 16.0;

static void to_crs(const double affine[6], double xy[2]) {
    double x = xy[0], y = xy[1];
    xy[0] = affine[0] + affine[1] * x + affine[2] * y;
    xy[1] = affine[3] + affine[4] * x + affine[5] * y;
}

static void from_crs(const double affine[6], double xy[2]) {
    double determinant = affine[1] * affine[5] - affine[2] * affine[4];
    double u = xy[0] - affine[0], v = xy[1] - affine[3];
    xy[0] = (affine[5] * u - affine[2] * v) / determinant;
    xy[1] = (affine[1] * v - affine[4] * u) / determinant;
}

pl_status pl_scene_to_lonlat(const pl_scene *scene, size_t n, double (*xy)[2], pl_error *error) {
    if (!scene->georeferenced)
        return pl__fail(error, PL_REFUSED, FLOOR, "the picture has no georeference");
    if (scene->rpc) {
        pl__scene_raw_to_lonlat(scene, n, xy);
        return PL_OK;
    }
    for (size_t i = 0; i < n; i++) to_crs(scene->affine, xy[i]);
    return pl__io_raster_transform(scene->raster, false, n, xy, error);
}

pl_status pl_scene_to_pixels(const pl_scene *scene, size_t n, double (*xy)[2], pl_error *error) {
    if (!scene->georeferenced)
        return pl__fail(error, PL_REFUSED, FLOOR, "the picture has no georeference");
    if (scene->rpc) {
        pl__scene_raw_to_pixels(scene, n, xy);
        return PL_OK;
    }
    pl_status status = pl__io_raster_transform(scene->raster, true, n, xy, error);
    if (status != PL_OK) return status;
    for (size_t i = 0; i < n; i++) from_crs(scene->affine, xy[i]);
    return PL_OK;
}

/* Without georeference: a square pixel of the given size, north up. */
static bool plain_frame(const pl_scene *scene, pl_frame *frame) {
    frame->lon_deg = frame->lat_deg = NAN;
    frame->metres[0] = scene->affine[1];
    frame->metres[3] = scene->affine[5];
    return pl__geo_frame_finish(frame);
}

static bool jacobian(const pl_scene *scene, pl_frame *frame) {
    double x = frame->x_px, y = frame->y_px, h = STEP_PX;
    double at[5][2] = {{x, y}, {x - h, y}, {x + h, y}, {x, y - h}, {x, y + h}};
    double east_m, north_m;
    if (pl_scene_to_lonlat(scene, 5, at, NULL) != PL_OK) return false;
    frame->lon_deg = at[0][0];
    frame->lat_deg = at[0][1];
    if (!(fabs(frame->lat_deg) < 89.9)) return false; /* no east at the poles */
    pl__geo_metres_per_degree(frame->lat_deg, &east_m, &north_m);
    frame->metres[0] = remainder(at[2][0] - at[1][0], 360.0) / (2 * h) * east_m;
    frame->metres[1] = remainder(at[4][0] - at[3][0], 360.0) / (2 * h) * east_m;
    frame->metres[2] = (at[2][1] - at[1][1]) / (2 * h) * north_m;
    frame->metres[3] = (at[4][1] - at[3][1]) / (2 * h) * north_m;
    return pl__geo_frame_finish(frame);
}

pl_status pl_scene_frame(const pl_scene *scene, double x_px, double y_px, pl_frame *out,
                         pl_error *error) {
    memset(out, 0, sizeof *out);
    out->x_px = x_px;
    out->y_px = y_px;
    if (!(scene->georeferenced ? jacobian(scene, out) : plain_frame(scene, out)))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "degenerate georeference: no ground under pixel %.0f, %.0f", x_px, y_px);
    return PL_OK;
}

/* The sun moves by 0.01 deg for each kilometre: the ephemeris' difference between there and the
 * centre is added to the centre's sun, whoever gave that. */
pl_status pl_scene_sight(const pl_scene *scene, double x_px, double y_px, pl_sight *out,
                         pl_error *error) {
    const pl_scene_info *info = &scene->info;
    *out = info->sight;
    pl__scene_lean_at(scene, x_px, y_px, out);
    if (scene->rpc) pl__scene_raw_look(scene, x_px, y_px, out);
    if (!scene->georeferenced || isnan(info->ephemeris_sun_azimuth_rad)) return PL_OK;
    double at[1][2] = {{x_px, y_px}}, azimuth, elevation;
    pl_status status = pl_scene_to_lonlat(scene, 1, at, error);
    if (status != PL_OK) return status;
    if (!pl__geo_sun(info->acquired_s, at[0][0], at[0][1], &azimuth, &elevation)) return PL_OK;
    out->sun_azimuth_rad = pl__geo_wrap(info->sight.sun_azimuth_rad +
                                        pl__geo_turn(azimuth, info->ephemeris_sun_azimuth_rad));
    out->sun_elevation_rad =
        info->sight.sun_elevation_rad + elevation - info->ephemeris_sun_elevation_rad;
    return PL_OK;
}
