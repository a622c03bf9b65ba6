/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a picture know of itself? The pipeline: open the raster, read the sidecar, find the
 * ground under the centre, see that the sidecar is this picture's, name the bands, then the sun and
 * the view. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "scene/scene.h"

static const char FLOOR[] = "scene";

void pl__scene_warn(pl_scene_info *info, const char *format, ...) {
    if (info->warning_count >= PL_WARNINGS_MAX) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(info->warning[info->warning_count++], sizeof info->warning[0], format, arguments);
    va_end(arguments);
}

/* ---- what is asked for ---- */

static pl_status check_angle(const char *name, double angle_rad, double low_deg, double high_deg,
                             pl_error *error) {
    if (isnan(angle_rad)) return PL_OK;
    double degrees = angle_rad * PL_DEG_PER_RAD;
    if (degrees >= low_deg && degrees <= high_deg) return PL_OK;
    return pl__fail(error, PL_E_USAGE, FLOOR, "%s: %g deg is not between %g and %g", name, degrees,
                    low_deg, high_deg);
}

static pl_status check_options(const pl_scene_options *o, pl_error *error) {
    pl_status status = check_angle("sun azimuth", o->sun_azimuth_rad, -360, 360, error);
    if (status == PL_OK) status = check_angle("sun elevation", o->sun_elevation_rad, 0, 90, error);
    if (status == PL_OK)
        status = check_angle("view azimuth", o->view_azimuth_rad, -360, 360, error);
    if (status == PL_OK)
        status = check_angle("incidence", o->view_incidence_rad, 0, PL_INCIDENCE_MOST_DEG, error);
    if (status == PL_OK && !isnan(o->water_height_m) &&
        !(o->water_height_m >= -500.0 && o->water_height_m <= 9000.0))
        status = pl__fail(error, PL_E_USAGE, FLOOR, "water height: there is no water at %g m",
                          o->water_height_m);
    if (status == PL_OK)
        status = check_angle("sun from shadow", o->sun_from_shadow_rad, -360, 360, error);
    if (status == PL_OK && !isnan(o->pixel_size_m) &&
        !(o->pixel_size_m >= 0.01 && o->pixel_size_m <= 1000.0))
        status = pl__fail(error, PL_E_USAGE, FLOOR, "pixel size: %g m is none", o->pixel_size_m);
    return status;
}

/* ---- the picture itself ---- */

static void name_picture(pl_scene_info *info, const char *name, const pl_facts *facts) {
    pl__text_copy(info->file, sizeof info->file, name);
    pl__text_copy(info->platform, sizeof info->platform, facts->platform);
    if (facts->id[0]) {
        pl__text_copy(info->id, sizeof info->id, facts->id);
        return;
    }
    pl__text_copy(info->id, sizeof info->id, pl__sensor_base_name(name));
    char *dot = strrchr(info->id, '.');
    if (dot && dot != info->id) *dot = '\0';
}

static pl_status place_picture(pl_scene *scene, const pl_scene_options *options, pl_error *error) {
    const pl_raster_info *raster = pl__io_raster_info(scene->raster);
    pl_scene_info *info = &scene->info;
    pl__text_copy(info->crs, sizeof info->crs, raster->crs);
    memcpy(scene->affine, raster->affine, sizeof scene->affine);
    scene->georeferenced = raster->georeferenced;
    pl_status status = pl__scene_raw_place(scene, options, error);
    if (status < 0) return status;
    if (scene->georeferenced && isfinite(options->pixel_size_m))
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "the picture has a georeference (%s): a pixel size is for those without",
                        info->crs);
    if (!scene->georeferenced) {
        if (isnan(options->pixel_size_m))
            return pl__fail(error, PL_E_FORMAT, FLOOR, "no georeference%s (give --pixel-size M)",
                            raster->gcps ? " but ground control points: rectify it first" : "");
        const double north_up[6] = {0, options->pixel_size_m, 0, 0, 0, -options->pixel_size_m};
        memcpy(scene->affine, north_up, sizeof scene->affine);
        info->crs[0] = '\0';
        info->reasons |= PL_BIT(PL_NO_GEOREFERENCE);
    }
    for (int i = 0; i < 6; i++)
        if (!isfinite(scene->affine[i]))
            return pl__fail(error, PL_E_FORMAT, FLOOR, "degenerate georeference: not finite");
    double cx = 0.5 * info->width_px, cy = 0.5 * info->height_px;
    status = pl_scene_frame(scene, cx, cy, &info->centre, error);
    if (status < 0) return status;
    info->gsd_m = info->centre.pixel_m;
    if (!(info->gsd_m > 1e-3 && info->gsd_m < 1e5))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "absurd georeference: a pixel of %g m",
                        info->gsd_m);
    return PL_OK;
}

static pl_status describe(pl_scene *scene, const char *name, const pl_scene_options *options,
                          pl_error *error) {
    pl_scene_info *info = &scene->info;
    pl_facts facts;
    const pl_raster_info *raster = pl__io_raster_info(scene->raster);
    pl_status status =
        pl__sensor_facts(name, options->sidecar, &facts, info->sidecar, sizeof info->sidecar,
                         info->driver, sizeof info->driver, error);
    if (status < 0) return status;
    info->width_px = raster->width;
    info->height_px = raster->height;
    info->size_bytes = raster->size_bytes;
    info->acquired_s = facts.acquired_s;
    name_picture(info, name, &facts);
    pl__scene_use_raster(info, scene->raster);
    for (int i = 0; i < facts.note_count; i++) pl__scene_warn(info, "%s", facts.note[i]);
    status = place_picture(scene, options, error);
    if (status == PL_OK) status = pl__scene_check_sidecar(scene, &facts, error);
    if (status < 0) return status;
    status = pl__scene_bands(info, raster, &facts, options, error);
    pl__scene_factors(scene, &facts);
    if (status == PL_OK) status = pl__scene_clouds_open(scene, name, options, error);
    if (status < 0) return status;
    pl__scene_sun(info, &facts, options);
    status = pl__scene_shadow(info, &facts, options, error);
    if (status == PL_OK) status = pl__scene_view(info, &facts, options, error);
    if (status == PL_OK) status = pl__scene_lean(scene, &facts, options, error);
    if (status == PL_OK) pl__scene_raw_view(scene);
    return status;
}

/* ---- doors ---- */

pl_status pl_scene_open(const char *name, const pl_scene_options *options, pl_scene **out,
                        pl_error *error) {
    static const pl_scene_options USUAL = PL_SCENE_OPTIONS_INIT;
    *out = NULL;
    if (!options) options = &USUAL;
    pl_status status = check_options(options, error);
    if (status < 0) return status;
    pl_scene *scene = calloc(1, sizeof *scene);
    if (!scene) return pl__fail_memory(error, FLOOR);
    char picture[sizeof scene->info.file], sidecar[sizeof scene->info.sidecar];
    pl_scene_options asked = *options;
    status = pl__sensor_picture(name, &options->trust, picture, sizeof picture, sidecar,
                                sizeof sidecar, error);
    if (!asked.sidecar && sidecar[0]) asked.sidecar = sidecar;
    if (status == PL_OK)
        status = pl__io_raster_open(picture, &options->trust, &scene->raster, error);
    if (status == PL_OK) status = describe(scene, picture, &asked, error);
    if (status < 0) {
        pl_scene_close(scene);
        return status;
    }
    *out = scene;
    return PL_OK;
}

void pl_scene_close(pl_scene *scene) {
    if (!scene) return;
    pl__io_raster_close(scene->clouds);
    pl__io_raster_close(scene->raster);
    free(scene);
}

const pl_scene_info *pl_scene_describe(const pl_scene *scene) {
    return &scene->info;
}
