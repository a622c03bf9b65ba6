/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a ship of known freeboard look from there? The pipeline: options, place, rays, camera,
 * files. */
#include <math.h>
#include <string.h>

#include "io/io.h"
#include "synth/synth.h"

static const char FLOOR[] = "synth";

pl_synth_options pl_synth_defaults(void) {
    return (pl_synth_options){
        .length_m = 100,
        .beam_m = 16,
        .freeboard_m = 4,
        .heading_rad = 60 * PL_RAD_PER_DEG,
        .sheer_share = 0.5,
        .gear_scale = 1,
        .forecastle_share = 0.1,
        .berth_gap_m = 1,
        .berth_height_m = 2.5,
        .exposure = 1,
        .parallel_share = 0.65,
        .superstructure = true,
        .deck_gear = true,
        .ship = true,
        .sun_azimuth_rad = 150 * PL_RAD_PER_DEG,
        .sun_elevation_rad = 35 * PL_RAD_PER_DEG,
        .view_azimuth_rad = 100 * PL_RAD_PER_DEG,
        .view_incidence_rad = 12 * PL_RAD_PER_DEG,
        .acquired_s = NAN,
        .contrast = 0.35,
        .attenuation_per_m = 1.5,
        .swell = 0.01,
        .wave_slope = 0.1,
        .gsd_m = 0.5,
        .psf_fwhm_px = 1.2,
        .snr = 80,
        .gamma = 1,
        .bands = 4,
        .bits = 11,
        .samples = 4,
        .epsg = 32653,
        .lon_deg = 133.08,
        .lat_deg = 42.72,
        .sidecar = PL_SIDECAR_STAC,
        .seed = 1,
    };
}

/* ---- what can be drawn ---- */

typedef struct range {
    const char *name;
    double value, low, high;
} range;

static pl_status check_ranges(const pl_synth_options *o, pl_error *error) {
    const double deg = PL_DEG_PER_RAD;
    const range rows[] = {
        {"length", o->length_m, 20, 500},
        {"beam", o->beam_m, 3, 100},
        {"freeboard", o->freeboard_m, 0.05, 40},
        {"trim", o->trim_m, -0.05 * o->length_m, 0.05 * o->length_m},
        {"heel", o->heel_rad * deg, -20, 20},
        {"heading", o->heading_rad * deg, -360, 720},
        {"sheer", o->sheer_share, 0, 3},
        {"parallel share", o->parallel_share, 0.1, 0.95},
        {"offset", fabs(o->offset_x_px) + fabs(o->offset_y_px), 0, 1e4},
        {"gunwale radius", o->gunwale_radius_m, 0, 0.4 * o->freeboard_m},
        {"fishplate", o->fishplate_m, 0, 3},
        {"rail opacity", o->rail_opacity, 0, 1},
        {"gear's height", o->gear_scale, 0.1, 5},
        {"forecastle", o->forecastle_share, 0, 0.6},
        {"poop", o->poop_share, 0, 0.35},
        {"boot topping", o->boot_top_m, 0, 40},
        {"speed", o->speed_m_s, 0, 20},
        {"band lag", o->band_lag_s, -2, 2},
        {"gap to the berth", o->berth_gap_m, 0.1, 20},
        {"height of the berth", o->berth_height_m, 0.5, 10},
        {"glint", o->glint, 0, 5},
        {"cloud shadow", o->cloud_shadow, 0, 1},
        {"exposure", o->exposure, 0.05, 20},
        {"JPEG quality", o->jpeg_quality, 0, 100},
        {"shore slope", o->shore_slope, -0.5, 0.5},
        {"sun azimuth", o->sun_azimuth_rad * deg, -360, 720},
        {"sun elevation", o->sun_elevation_rad * deg, 3, 89.9},
        {"view azimuth", o->view_azimuth_rad * deg, -360, 720},
        {"incidence", o->view_incidence_rad * deg, 0, 60},
        {"error of the incidence", o->incidence_error_rad * deg, -10, 10},
        {"error of the view's azimuth", o->view_azimuth_error_rad * deg, -180, 180},
        {"contrast", o->contrast, 0, 0.95},
        {"attenuation", isinf(o->attenuation_per_m) ? 1 : o->attenuation_per_m, 0.05, 100},
        {"swell", o->swell, 0, 0.5},
        {"wave slope", o->wave_slope, 0, 0.5},
        {"ground pixel", o->gsd_m, 0.1, 30},
        {"line spread", o->psf_fwhm_px, 0.3, 8},
        {"sharpening", o->sharpening, 0, 3},
        {"signal to noise", isinf(o->snr) ? 1 : o->snr, 1, 1e9},
        {"gamma", o->gamma, 0.2, 5},
        {"samples", o->samples, 1, 12},
        {"size", o->size_px == 0 ? 64 : o->size_px, 32, 20000},
        {"longitude", o->lon_deg, -180, 180},
        {"latitude", o->lat_deg, -85, 85},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(rows[i].value >= rows[i].low && rows[i].value <= rows[i].high))
            return pl__fail(error, PL_E_USAGE, FLOOR, "%s: %g is not between %g and %g",
                            rows[i].name, rows[i].value, rows[i].low, rows[i].high);
    }
    return PL_OK;
}

static pl_status check(const pl_synth_options *o, pl_error *error) {
    pl_status status = check_ranges(o, error);
    if (status < 0) return status;
    if (o->beam_m > 0.5 * o->length_m)
        return pl__fail(error, PL_E_USAGE, FLOOR, "a beam of %g m on a length of %g m", o->beam_m,
                        o->length_m);
    if (o->bands != 1 && o->bands != 3 && o->bands != 4)
        return pl__fail(error, PL_E_USAGE, FLOOR, "%d bands: 1, 3 or 4 can be drawn", o->bands);
    if (o->bits != 8 && o->bits != 11 && o->bits != 16)
        return pl__fail(error, PL_E_USAGE, FLOOR, "%d bits: 8, 11 or 16 can be drawn", o->bits);
    if (o->jpeg_quality > 0 && o->bits != 8)
        return pl__fail(error, PL_E_USAGE, FLOOR, "JPEG of %d bits: 8 can be written", o->bits);
    if (o->pan_sharpened && o->bands == 1)
        return pl__fail(error, PL_E_USAGE, FLOOR, "one band: pan-sharpening wants colours");
    double low = o->freeboard_m - 0.5 * fabs(o->trim_m) - 0.5 * o->beam_m * fabs(sin(o->heel_rad));
    if (o->ship && low < 0.02)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "trim and heel put the deck edge under water (%.2f m)", low);
    return PL_OK;
}

/* ---- doors ---- */

static pl_status draw(const pl_synth_options *o, pl_arena *arena, pl_synth_place *place,
                      pl_image *out, pl_error *error) {
    pl_status status = check(o, error);
    if (status == PL_OK) status = pl__synth_place(o, arena, place, error);
    if (status == PL_OK) status = pl__synth_render(o, place, arena, out, error);
    if (status == PL_OK) status = pl__synth_sensor(o, arena, out, error);
    return status;
}

pl_status pl_synth_draw(const pl_synth_options *options, pl_arena *arena, pl_image *out,
                        double affine[6], pl_error *error) {
    pl_synth_place place;
    pl_status status = draw(options, arena, &place, out, error);
    if (status == PL_OK) memcpy(affine, place.affine, sizeof place.affine);
    return status;
}

static pl_status write_picture(const pl_synth_options *o, const pl_synth_place *place,
                               const pl_image *image, const char *file, pl_error *error) {
    pl_raster_new form = {.width = place->size,
                          .height = place->size,
                          .bands = o->bands,
                          .bits = o->bits,
                          .epsg = o->epsg,
                          .band_names = pl__synth_band_names(o->bands),
                          .jpeg_quality = o->jpeg_quality,
                          .overviews = false};
    memcpy(form.affine, place->affine, sizeof form.affine);
    return pl__io_geotiff_write(file, &form, image->data, error);
}

pl_status pl_synth_write(const pl_synth_options *options, const char *file, pl_error *error) {
    pl_synth_place place;
    pl_image image;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_status status = draw(options, arena, &place, &image, error);
    double acquired_s = options->acquired_s;
    if (status == PL_OK && isnan(acquired_s))
        acquired_s = pl__synth_time(options->lon_deg, options->lat_deg, options->sun_azimuth_rad,
                                    options->sun_elevation_rad);
    if (status == PL_OK) status = write_picture(options, &place, &image, file, error);
    if (status == PL_OK) status = pl__synth_sidecar(options, &place, file, acquired_s, error);
    if (status == PL_OK) status = pl__synth_truth(options, &place, file, acquired_s, error);
    pl_arena_free(arena);
    return status;
}
