/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a picture become rows? The only file that sees all floors: picture -> port -> hulls ->
 * freeboard -> load. */
#include "plimsoll/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "geo/geo.h"
#include "io/io.h"
#include "run/ais.h"
#include "run/cloud.h"
#include "run/named.h"
#include "run/search.h"
#include "run/vessel.h"
#include "run/witness.h"
#include "scene/scene.h"

static const double CHIP_MARGIN_M =
    90.0; /* the longest shadow of a side (26 m at 20 degrees) and water beyond it */
static const double UNKNOWN_LENGTH_M = 150.0; /* so much is shown where no hull was outlined */

/* No ship found where nothing is seen is no finding. Tilted deliveries have empty corners: below
 * this share nothing is said. */
static const double BLIND_TOLD = 0.5;

/* What the floor that measures cannot see: a wrong sun or a wrong metre, and cloud. */
static const pl_reasons DOUBTS =
    PL_BIT(PL_SUN_CONTRADICTED) | PL_BIT(PL_GEOREFERENCE_CONTRADICTED) | PL_BIT(PL_CLOUD);

pl_status pl_measure_chip(const pl_scene *scene, const pl_hull *hull, pl_arena *arena, pl_crop *out,
                          pl_error *error) {
    pl_frame frame;
    pl_status status = pl_scene_frame(scene, hull->x_px, hull->y_px, &frame, error);
    if (status != PL_OK) return status;
    double length_m = hull->outline_count > 0 ? hull->length_m.value : UNKNOWN_LENGTH_M;
    double reach_m = 0.5 * length_m + CHIP_MARGIN_M;
    double rx = reach_m * hypot(frame.pixels[0], frame.pixels[1]),
           ry = reach_m * hypot(frame.pixels[2], frame.pixels[3]);
    return pl_scene_crop(scene, hull->x_px - rx, hull->y_px - ry, hull->x_px + rx, hull->y_px + ry,
                         1.0, arena, out, error);
}

/* Scene id and the place of the hull to 2e-5 degrees (2 m), or to a pixel: no rank, so that a new
 * hull renames none. */
static void make_id(const char *scene_id, const pl_hull *hull, char *out, size_t size) {
    if (isfinite(hull->lon_deg)) {
        snprintf(out, size, "%s/%+.5f%+.5f", scene_id, 2e-5 * round(hull->lat_deg / 2e-5),
                 2e-5 * round(hull->lon_deg / 2e-5));
    } else {
        snprintf(out, size, "%s/x%.0fy%.0f", scene_id, hull->x_px, hull->y_px);
    }
}

/* The waterline: the deck outline moved back by its lean. A deck point of height f is drawn f
 * tan(i) away from the satellite, so the waterline lies f tan(i) TOWARDS it. */
static pl_status make_waterline(const pl_crop *chip, pl_result_row *row, pl_arena *arena,
                                pl_error *error) {
    const pl_hull *hull = &row->hull;
    double lean_m = row->freeboard.freeboard_m.value * tan(row->sight.view_incidence_rad);
    double east_m = lean_m * sin(row->sight.view_azimuth_rad),
           north_m = lean_m * cos(row->sight.view_azimuth_rad);
    row->waterline_px =
        pl__arena_array(arena, (size_t)hull->outline_count, sizeof *row->waterline_px);
    if (!row->waterline_px) return pl__fail_memory(error, "run");
    for (int k = 0; k < hull->outline_count; k++) {
        double east, north;
        pl__geo_to_metres(&chip->frame, hull->outline_px[k][0], hull->outline_px[k][1], &east,
                          &north);
        pl__geo_to_pixel(&chip->frame, east + east_m, north + north_m, &row->waterline_px[k][0],
                         &row->waterline_px[k][1]);
    }
    return PL_OK;
}

/* A ring in pixels -> lon lat in the arena; *out stays NULL without georeference. */
static pl_status ring_lonlat(const pl_scene *scene, const double (*px)[2], int count,
                             pl_arena *arena, double (**out)[2], pl_error *error) {
    double(*ring)[2] = pl__arena_array(arena, (size_t)count, sizeof *ring);
    if (!ring) return pl__fail_memory(error, "run");
    for (int k = 0; k < count; k++) {
        ring[k][0] = px[k][0];
        ring[k][1] = px[k][1];
    }
    pl_status status = pl_scene_to_lonlat(scene, (size_t)count, ring, error);
    *out = status == PL_OK ? ring : NULL;
    return status < 0 ? status : PL_OK;
}

/* The water of the port at the time, or the usual one. */
static pl_status find_water(const pl_load_models *models, const pl_measure_options *options,
                            const pl_result *told, const pl_hull *hull, pl_quantity *out,
                            pl_error *error) {
    char port[64], when[40] = "";
    int month = 0;
    pl__text_copy(port, sizeof port, told->area.name);
    pl_status status = PL_OK;
    if (!*port && isfinite(hull->lon_deg) && options->port.models_dir)
        status = pl_port_at(options->port.models_dir, hull->lon_deg, hull->lat_deg, port,
                            sizeof port, error);
    if (isfinite(told->scene.acquired_s))
        pl__geo_time_format(told->scene.acquired_s, when, sizeof when);
    if (sscanf(when, "%*d-%d-", &month) == 1) *out = pl_load_water(models, port, month);
    return status;
}

static pl_status estimate_load(const pl_load_models *models, const pl_measure_options *options,
                               const pl_result *told, const pl_vessel *vessel, pl_result_row *row,
                               pl_error *error) {
    pl_load_input input = PL_LOAD_INPUT_INIT;
    if (vessel) pl_vessel_fill(vessel, &input);
    if (isnan(input.length_m.value)) input.length_m = row->hull.length_m;
    if (isnan(input.beam_m.value)) input.beam_m = row->hull.beam_m;
    input.freeboard_m = row->freeboard.freeboard_m;
    input.trim_m = row->freeboard.trim_m.value;
    /* the ends of a real ship are less like a drawn one's than her middle: each off by the model's
     * sigma, and sheer and bulwarks with it */
    input.trim_sigma_m = hypot(row->freeboard.trim_m.sigma, 2 * options->freeboard.model_sigma_m);
    pl_load_options load = options->load;
    pl_status status = options->water_given ? PL_OK
                                            : find_water(models, options, told, &row->hull,
                                                         &load.water_density_t_m3, error);
    if (status == PL_OK) status = pl_load_estimate(models, &input, &load, &row->load, error);
    if (status ==
        PL_E_USAGE) { /* no ship has such dimensions: this hull is refused, the others go on */
        row->load = (pl_load){.status = PL_REFUSED, .reasons = PL_BIT(PL_DIMENSIONS_ODD)};
        if (error) *error = (pl_error)PL_ERROR_INIT;
    } else if (status < 0) {
        return status;
    }
    row->has_load = row->load.status != PL_REFUSED;
    return PL_OK;
}

static pl_status measure_hull(const pl_scene *scene, const pl_load_models *models,
                              const pl_measure_options *options, const pl_result *told,
                              const pl_vessel *vessel, pl_arena *arena, pl_result_row *row,
                              pl_error *error) {
    pl_crop chip;
    pl_arena *working = pl_arena_new(0); /* a hull's pixels go when it is measured */
    if (!working) return pl__fail_memory(error, "run");
    pl_status status = pl_measure_chip(scene, &row->hull, working, &chip, error);
    if (status != PL_OK) goto done;
    pl__run_take_view(told, &chip.sight);
    double cloud = pl__run_cloud_share(&chip, &row->hull);
    if (cloud > PL_CLOUD_MOST) pl__run_cloud_blank(&chip);
    status = pl_freeboard_measure(&chip, &row->hull, &options->freeboard, working, &row->freeboard,
                                  error);
    if (status < 0) goto done;
    row->has_freeboard = true;
    row->freeboard.reasons |= told->scene.reasons;
    if (cloud > PL_CLOUD_LEAST) row->freeboard.reasons |= PL_BIT(PL_CLOUD);
    if (row->freeboard.status == PL_OK && (row->freeboard.reasons & DOUBTS))
        row->freeboard.status = PL_DUBIOUS;
    if (row->freeboard.status == PL_REFUSED) {
        status = PL_OK;
        goto done;
    }
    status = make_waterline(&chip, row, arena, error);
    if (status == PL_OK) {
        status = ring_lonlat(scene, (const double(*)[2])row->waterline_px, row->hull.outline_count,
                             arena, &row->waterline_lonlat, error);
    }
    /* what carries no oil has no barrels; who is unsure is taken for a tanker and says so */
    if (status == PL_OK && row->hull.vessel_class != PL_CLASS_OTHER)
        status = estimate_load(models, options, told, vessel, row, error);
done:
    pl_arena_free(working);
    return status;
}

/* The tables that were used, together: those of the load, that of the vessels' class, the judge's
 * weights. */
static pl_status hash_models(const pl_load_models *models, const pl_measure_options *options,
                             char out[65], pl_error *error) {
    char file[1200], class[65] = "", judge[65] = "", chain[200];
    snprintf(file, sizeof file, "%s/vessel_class.csv", options->port.models_dir);
    pl_status status = pl__io_sha256(file, class, error);
    if (status == PL_OK && options->hull.models_dir) {
        snprintf(file, sizeof file, "%s/ship_judge.onnx", options->hull.models_dir);
        if (pl__io_file_exists(file)) status = pl__io_sha256(file, judge, error);
    }
    if (status < 0) return status;
    int length =
        snprintf(chain, sizeof chain, "%s%s%s",
                 options->detection_only ? "" : pl_load_models_sha256(models), class, judge);
    pl__io_sha256_buffer(chain, (size_t)length, out);
    return PL_OK;
}

/* Which bytes was the answer made from: picture, files beside it, tables? */
static pl_status name_sources(const pl_load_models *models, const pl_measure_options *options,
                              pl_result *out, pl_error *error) {
    char ports[1200];
    pl_status status = pl_scene_hash(&out->scene, error);
    if (status < 0) return status;
    if (options->port.models_dir)
        status = hash_models(models, options, out->models_sha256, error);
    else if (!options->detection_only)
        pl__text_copy(out->models_sha256, sizeof out->models_sha256, pl_load_models_sha256(models));
    if (options->vessels_sha256)
        pl__text_copy(out->vessels_sha256, sizeof out->vessels_sha256, options->vessels_sha256);
    if (status == PL_OK && options->hint.outline_file)
        status = pl__io_sha256(options->hint.outline_file, out->outline_sha256, error);
    if (status < 0 || !options->port.port) return status;
    snprintf(ports, sizeof ports, "%s/ports.geojson", options->port.models_dir);
    return pl__io_sha256(ports, out->ports_sha256, error);
}

/* A place at which no hull could be outlined is answered too: refused, with its reason. */
static void refuse_row(pl_result_row *row) {
    const pl_quantity unknown = {NAN, NAN};
    row->has_freeboard = true;
    row->freeboard = (pl_freeboard){.status = PL_REFUSED,
                                    .freeboard_m = unknown,
                                    .bound_m = NAN,
                                    .p05_m = NAN,
                                    .p95_m = NAN,
                                    .trim_m = unknown,
                                    .list_rad = NAN,
                                    .shadow_length_m = NAN,
                                    .overhang_m = NAN};
}

static pl_status fill_row(const pl_scene *scene, const pl_load_models *models,
                          const pl_measure_options *options, const pl_result *told,
                          const pl_vessel *vessel, pl_arena *arena, pl_result_row *row,
                          pl_error *error) {
    const pl_hull *hull = &row->hull;
    make_id(told->scene.id, hull, row->id, sizeof row->id);
    pl_status status = pl_scene_sight(scene, hull->x_px, hull->y_px, &row->sight, error);
    pl__run_take_view(told, &row->sight);
    if (status == PL_OK && hull->outline_count == 0) {
        refuse_row(row);
        return PL_OK;
    }
    if (status == PL_OK)
        status = ring_lonlat(scene, (const double(*)[2])hull->outline_px, hull->outline_count,
                             arena, &row->outline_lonlat, error);
    if (status != PL_OK || options->detection_only) return status;
    if (hull->reasons &
        (PL_BIT(PL_TOO_COARSE) | PL_BIT(PL_LOW_CONTRAST) | PL_BIT(PL_OUTLINE_BY_SHAPE))) {
        refuse_row(row); /* sized by her light or her shape: no deck edge to measure at */
        return PL_OK;
    }
    bool fits = vessel && !pl__run_vessel_contradicts(vessel, hull);
    if (fits) pl__run_vessel_take(vessel, row);
    status = measure_hull(scene, models, options, told, fits ? vessel : NULL, arena, row, error);
    if (vessel && !fits) {
        row->hull.reasons |= PL_BIT(PL_VESSEL_MISMATCH);
        if (row->freeboard.status == PL_OK) row->freeboard.status = PL_DUBIOUS;
    }
    return status;
}

static pl_status tell_corners(const pl_scene *scene, pl_result *out, pl_error *error) {
    const double w = out->scene.width_px, h = out->scene.height_px;
    const double at[4][2] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    memcpy(out->corner_lonlat, at, sizeof at);
    pl_status status = pl_scene_to_lonlat(scene, 4, out->corner_lonlat, error);
    if (status != PL_REFUSED) return status;
    for (int i = 0; i < 4; i++) out->corner_lonlat[i][0] = out->corner_lonlat[i][1] = NAN;
    return PL_OK;
}

pl_status pl_measure(const pl_scene *scene, const pl_load_models *models,
                     const pl_measure_options *options, pl_arena *arena, pl_result *out,
                     pl_error *error) {
    *out = (pl_result){.scene = *pl_scene_describe(scene), .unseen_share = NAN, .seconds = NAN};
    pl_hull_list hulls;
    pl_run_ais ais = {.asked = false};
    pl_status status =
        options->detection_only ? PL_OK : pl_load_check_options(models, &options->load, error);
    if (options->previous) pl__scene_use(&out->scene, options->previous);
    if (status == PL_OK) status = pl__run_named(scene, options, arena, &hulls, &out->area, error);
    if (status == PL_REFUSED) /* nothing is named: all is searched */
        status =
            pl__run_search(scene, options, arena, &hulls, &out->area, &out->unseen_share, error);
    if (status == PL_OK && hulls.count > 0)
        status = pl_hull_classify(options->port.models_dir, &hulls, error);
    if (status != PL_OK) return status;
    status = tell_corners(scene, out, error);
    if (status != PL_OK) return status;
    if (out->unseen_share > BLIND_TOLD)
        pl__scene_warn(&out->scene, "%.0f %% of the searched area shows nothing: no data, or cloud",
                       100.0 * out->unseen_share);

    status = pl__run_ais_ask(scene, options, &hulls, &out->area, &out->scene, arena, &ais, error);
    if (status == PL_OK && !options->detection_only)
        status = pl__run_choose_view(scene, &hulls, out, error);
    if (status < 0) return status;
    out->row =
        pl__arena_array(arena, (size_t)(hulls.count > 0 ? hulls.count : 1), sizeof *out->row);
    if (!out->row) return pl__fail_memory(error, "run");
    int named = pl__run_vessel_among(options->vessel, &hulls, &out->scene);
    for (int k = 0; k < hulls.count; k++) {
        const pl_vessel *vessel =
            k == named ? options->vessel : pl__run_ais_vessel(&ais, options, k, &hulls.hull[k]);
        out->row[k].hull = hulls.hull[k];
        status = fill_row(scene, models, options, out, vessel, arena, &out->row[k], error);
        if (status < 0) return status;
        pl__run_ais_take(&ais, k, k == named, &out->row[k]);
        out->count++;
    }
    status = pl__run_ais_tell(&ais, scene, options, &hulls, &out->area, &out->scene, arena,
                              &out->ais, error);
    if (status < 0) return status;
    pl__run_hear_hulls(out);
    out->bytes_read = pl_scene_bytes_read(scene);
    return name_sources(models, options, out, error);
}
