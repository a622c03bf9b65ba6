/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where on the water is a pixel of a picture that nobody rectified, and from where was it seen?
 *
 * Nothing is resampled. The rational polynomials at the water's height over the ellipsoid take the
 * place of the projection, so that the frame at each hull is their Jacobian on the water; what
 * stands h over the water is then displaced by h tan(incidence) away from the satellite, as in a
 * rectified picture, and all formulas hold. The lean comes from the same polynomials
 * (pl__geo_rpc_view), at each hull its own.
 *
 * A picture that lies straight in a CRS was rectified: polynomials that are still attached speak of
 * the picture that it was made from, and are not used. */
#include <math.h>

#include "geo/geo.h"
#include "scene/scene.h"

/* One standard deviation of the line of sight by the polynomials: three Pleiades and Maxar pictures
 * differ from their vendors' angles by 0.05 to 0.1 deg. */
static const double SIGHT_SIGMA_RAD = 0.05 * PL_RAD_PER_DEG;
static const double CONTRADICTION_RAD = 0.5 * PL_RAD_PER_DEG;

void pl__scene_raw_to_lonlat(const pl_scene *scene, size_t n, double (*xy)[2]) {
    for (size_t i = 0; i < n; i++) {
        double x = xy[i][0], y = xy[i][1];
        pl__geo_rpc_to_ground(scene->rpc, x, y, scene->info.water_height_m, xy[i]);
    }
}

void pl__scene_raw_to_pixels(const pl_scene *scene, size_t n, double (*xy)[2]) {
    for (size_t i = 0; i < n; i++) {
        double lon = xy[i][0], lat = xy[i][1];
        pl__geo_rpc_to_pixel(scene->rpc, lon, lat, scene->info.water_height_m, xy[i]);
    }
}

/* ---- place ---- */

/* Polynomials that begin at the first pixel and reach far beyond the last: the picture was cut out
 * and they were not moved with it, or it is the upper left corner. */
static bool looks_cut_out(const pl_scene *scene) {
    const double near = 0.05;
    const pl_rpc *rpc = scene->rpc;
    double left = rpc->sample_off - fabs(rpc->sample_scale), wide = 2.0 * fabs(rpc->sample_scale);
    double top = rpc->line_off - fabs(rpc->line_scale), high = 2.0 * fabs(rpc->line_scale);
    bool begins_here = fabs(left) < near * wide && fabs(top) < near * high;
    return begins_here && (scene->info.width_px < 0.5 * wide || scene->info.height_px < 0.5 * high);
}

static pl_status find_water(pl_scene *scene, const pl_scene_options *options, pl_error *error) {
    pl_scene_info *info = &scene->info;
    const pl_rpc *rpc = scene->rpc;
    double at[2];
    info->water_height_m = options->water_height_m;
    if (isnan(info->water_height_m)) {
        if (!pl__geo_rpc_to_ground(rpc, 0.5 * info->width_px, 0.5 * info->height_px,
                                   rpc->height_off_m, at))
            return pl__fail(error, PL_E_FORMAT, "scene", "RPC: no ground under the picture");
        pl_status status =
            pl__scene_water(info, options->models_dir, at[0], at[1], &info->water_height_m, error);
        if (status < 0) return status;
    }
    double depth = (info->water_height_m - rpc->height_off_m) / fabs(rpc->height_scale_m);
    if (fabs(depth) > 1.1)
        pl__scene_warn(info, "the water lies at %.0f m, the RPC holds from %.0f to %.0f m",
                       info->water_height_m, rpc->height_off_m - fabs(rpc->height_scale_m),
                       rpc->height_off_m + fabs(rpc->height_scale_m));
    return PL_OK;
}

pl_status pl__scene_raw_place(pl_scene *scene, const pl_scene_options *options, pl_error *error) {
    const pl_raster_info *raster = pl__io_raster_info(scene->raster);
    pl_scene_info *info = &scene->info;
    info->water_height_m = NAN;
    if (!raster->has_rpc) return PL_OK;
    if (raster->georeferenced) {
        pl__scene_warn(info, "the picture is rectified (%s): its RPC is not used", raster->crs);
        return PL_OK;
    }
    if (raster->rpc_fault[0]) {
        if (isnan(options->pixel_size_m))
            return pl__fail(error, PL_E_FORMAT, "scene", "RPC: %s", raster->rpc_fault);
        pl__scene_warn(info, "RPC: %s: not used", raster->rpc_fault);
        return PL_OK;
    }
    scene->rpc = &raster->rpc;
    scene->georeferenced = true;
    pl__text_copy(info->crs, sizeof info->crs, "RPC");
    if (looks_cut_out(scene))
        pl__scene_warn(info,
                       "the RPC speaks of %.0f x %.0f pixels, the picture has %d x %d: if it was "
                       "cut out and the RPC not moved, place and angles are another's",
                       2.0 * fabs(scene->rpc->sample_scale), 2.0 * fabs(scene->rpc->line_scale),
                       info->width_px, info->height_px);
    return find_water(scene, options, error);
}

/* ---- view ---- */

/* What the line of sight may be off by when nobody knows which part of the scene this is: the way
 * from here to the middle of what the polynomials speak of. */
static double cut_out_sigma_rad(const pl_scene *scene, double azimuth_rad, double incidence_rad) {
    double azimuth, incidence;
    if (!looks_cut_out(scene) ||
        !pl__geo_rpc_view(scene->rpc, scene->rpc->sample_off, scene->rpc->line_off,
                          scene->info.water_height_m, &azimuth, &incidence))
        return 0.0;
    return pl__geo_sky_angle(azimuth, 0.5 * PL_PI - incidence, azimuth_rad,
                             0.5 * PL_PI - incidence_rad);
}

void pl__scene_raw_look(const pl_scene *scene, double x_px, double y_px, pl_sight *sight) {
    const pl_scene_info *info = &scene->info;
    double azimuth, incidence;
    if (!pl__geo_rpc_view(scene->rpc, x_px, y_px, info->water_height_m, &azimuth, &incidence))
        return;
    /* the azimuth turns the faster the nearer the satellite stands to the zenith */
    double sigma_rad = hypot(SIGHT_SIGMA_RAD, cut_out_sigma_rad(scene, azimuth, incidence));
    if (info->view_azimuth_source == PL_SOURCE_DERIVED) {
        sight->view_azimuth_rad = azimuth;
        sight->view_azimuth_sigma_rad =
            pl__min(PL_PI, sigma_rad / pl__max(sin(incidence), sigma_rad));
    }
    if (info->view_incidence_source == PL_SOURCE_DERIVED) {
        sight->view_incidence_rad = incidence;
        sight->view_incidence_sigma_rad = sigma_rad;
    }
}

/* With what metadata or options say, before the polynomials' own angles are taken. */
static void compare(pl_scene_info *info, double azimuth, double incidence) {
    const pl_sight *given = &info->sight;
    double apart =
        pl__geo_sky_angle(given->view_azimuth_rad, 0.5 * PL_PI - given->view_incidence_rad, azimuth,
                          0.5 * PL_PI - incidence);
    bool option = info->view_azimuth_source == PL_SOURCE_OPTION;
    if (apart > CONTRADICTION_RAD) /* false when nothing is given */
        pl__scene_warn(info,
                       "view azimuth %.1f and incidence %.1f deg by %s, %.1f and %.1f by the RPC: "
                       "%.1f deg apart, the %s taken",
                       given->view_azimuth_rad * PL_DEG_PER_RAD,
                       given->view_incidence_rad * PL_DEG_PER_RAD, option ? "option" : "metadata",
                       azimuth * PL_DEG_PER_RAD, incidence * PL_DEG_PER_RAD, apart * PL_DEG_PER_RAD,
                       option ? "option's" : "RPC's");
}

void pl__scene_raw_view(pl_scene *scene) {
    pl_scene_info *info = &scene->info;
    double azimuth, incidence;
    if (!scene->rpc || !pl__geo_rpc_view(scene->rpc, info->centre.x_px, info->centre.y_px,
                                         info->water_height_m, &azimuth, &incidence))
        return;
    compare(info, azimuth, incidence);
    scene->lean_turns = false;
    if (info->view_azimuth_source != PL_SOURCE_OPTION)
        info->view_azimuth_source = PL_SOURCE_DERIVED;
    if (info->view_incidence_source != PL_SOURCE_OPTION)
        info->view_incidence_source = PL_SOURCE_DERIVED;
    pl__scene_raw_look(scene, info->centre.x_px, info->centre.y_px, &info->sight);
    info->reasons &= ~PL_BIT(PL_VIEW_UNKNOWN);
    info->view_reading_count = 0; /* the polynomials tell */
}
