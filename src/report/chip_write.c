/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does what a hull leaves get into files? Five of one stem, each whole or not there; the JSON,
 * which names the others, last. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "io/io.h"
#include "plimsoll/report.h"
#include "results/internal.h"

enum { STEM_BYTES = 256, PIXEL_DECIMALS = 3, METRE_DECIMALS = 6 };
static const char CHIP_END[] = ".chip.png";

/* ---- JSON ---- */

static const char *side_word(pl_side side) {
    return side == PL_PORT_SIDE ? "port" : "starboard";
}

static const char *kind_word(pl_cue_kind kind) {
    return kind == PL_CUE_DARK_BAND ? "dark_band" : "lit_wall";
}

static void put_pair(pl_json_out *o, const char *key, double x, double y) {
    pl__json_begin_array(o, key);
    pl__json_put_number(o, NULL, x, PIXEL_DECIMALS);
    pl__json_put_number(o, NULL, y, PIXEL_DECIMALS);
    pl__json_end(o);
}

static void put_ring(pl_json_out *o, const char *key, const double (*ring)[2], int count,
                     const double map[6]) {
    if (!ring || count == 0) {
        pl__json_put_null(o, key);
        return;
    }
    pl__json_begin_array(o, key);
    for (int i = 0; i < count; i++) {
        double x = ring[i][0], y = ring[i][1];
        put_pair(o, NULL, map[0] + map[1] * x + map[2] * y, map[3] + map[4] * x + map[5] * y);
    }
    pl__json_end(o);
}

static void put_file(pl_json_out *o, const char *stem, const char *end, int width, int height) {
    char name[STEM_BYTES + 16];
    snprintf(name, sizeof name, "%s%s", stem, end);
    pl__json_put_string(o, "file", name);
    pl__json_put_integer(o, "width", width);
    pl__json_put_integer(o, "height", height);
}

static void put_pictures(pl_json_out *o, const pl_chip *c, const pl_result_row *row,
                         const char *stem) {
    int n = row->hull.outline_count;
    pl__json_begin_object(o, "chip");
    put_file(o, stem, CHIP_END, c->side_px, c->side_px);
    pl__json_put_number(o, "m_per_px", c->m_per_px, METRE_DECIMALS);
    pl__json_begin_array(o, "from_input");
    for (int i = 0; i < 6; i++) pl__json_put_number(o, NULL, c->from_input[i], METRE_DECIMALS);
    pl__json_end(o);
    put_ring(o, "outline_px", row->hull.outline_px, n, c->from_input);
    put_ring(o, "waterline_px", (const double(*)[2])row->waterline_px, n, c->from_input);
    pl__json_end(o);
    if (c->strip_width > 0) {
        pl__json_begin_object(o, "strip");
        put_file(o, stem, ".strip.png", c->strip_width, c->strip_height);
        pl__json_put_number(o, "m_per_px", c->strip_m_per_px, METRE_DECIMALS);
        put_pair(o, "centre_px", c->strip_centre_px[0], c->strip_centre_px[1]);
        pl__json_end(o);
    } else {
        pl__json_put_null(o, "strip");
    }
    pl__json_begin_object(o, "drawn");
    put_file(o, stem, ".drawn.png", c->drawn_width, c->drawn_height);
    pl__json_end(o);
    if (c->raw_width > 0) {
        pl__json_begin_object(o, "geotiff");
        put_file(o, stem, ".tif", c->raw_width, c->raw_height);
        pl__json_put_integer(o, "epsg", c->raw_epsg);
        pl__json_end(o);
    } else {
        pl__json_put_null(o, "geotiff");
    }
}

static void put_angle(pl_json_out *o, const char *key, double value_rad) {
    pl__json_put_number(o, key, value_rad * PL_DEG_PER_RAD, 4);
}

/* Metres on the ground along the outward normal, a metre of height. */
static void put_sides(pl_json_out *o, const pl_result_row *row) {
    if (row->hull.outline_count == 0) {
        pl__json_put_null(o, "sides");
        return;
    }
    pl__json_begin_object(o, "sides");
    for (int side = PL_PORT_SIDE; side <= PL_STARBOARD_SIDE; side++) {
        double normal = row->hull.heading_rad + (side == PL_STARBOARD_SIDE ? 0.5 : -0.5) * PL_PI;
        pl_side_geometry g = pl_freeboard_geometry(&row->sight, normal);
        pl__json_begin_object(o, side_word((pl_side)side));
        pl__json_put_number(o, "lean", g.lean, METRE_DECIMALS);
        pl__json_put_number(o, "shadow", g.shadow, METRE_DECIMALS);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_stations(pl_json_out *o, const pl_freeboard *f) {
    static const char *const USE[PL_STATION_USES] = {"used", "ends", "odd"};
    pl__json_begin_object(o, "stations");
    pl__json_put_string(o, "side", side_word(f->station_side));
    pl__json_begin_array(o, "rows");
    for (int i = 0; i < f->station_count; i++) {
        const pl_station *at = &f->station[i];
        pl__json_begin_array(o, NULL);
        pl__json_put_number(o, NULL, at->along_m, 2);
        pl__json_put_number(o, NULL, (double)at->deck_edge_m, 3);
        pl__json_put_number(o, NULL, (double)at->outer_edge_m, 3);
        pl__json_put_string(o, NULL, USE[at->use]);
        pl__json_end(o);
    }
    pl__json_end(o);
    pl__json_end(o);
}

/* Four figures do for brightness. */
static void put_levels(pl_json_out *o, const char *key, const float level[PL_SECTION_SAMPLES],
                       double range) {
    int decimals = range > 0 ? (int)pl__clamp(3 - floor(log10(range)), 0, 8) : 4;
    pl__json_begin_array(o, key);
    for (int i = 0; i < PL_SECTION_SAMPLES; i++)
        pl__json_put_number(o, NULL, (double)level[i], decimals);
    pl__json_end(o);
}

static void put_section(pl_json_out *o, const pl_chip *c) {
    const pl_section *s = &c->section;
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < PL_SECTION_SAMPLES; i++) {
        low = fmin(low, (double)s->level[i]);
        high = fmax(high, (double)s->level[i]);
    }
    pl__json_begin_array(o, "profiles");
    if (c->has_section) {
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "side", s->one_side ? side_word(s->side) : NULL);
        pl__json_put_string(o, "kind", s->one_side ? kind_word(s->kind) : NULL);
        pl__json_put_integer(o, "stations", s->stations);
        pl__json_put_number(o, "from_m", s->from_m, METRE_DECIMALS);
        pl__json_put_number(o, "step_m", s->step_m, METRE_DECIMALS);
        put_levels(o, "level", s->level, high - low);
        if (s->modelled)
            put_levels(o, "model", s->model, high - low);
        else
            pl__json_put_null(o, "model");
        pl__json_put_number(o, "deck_edge_m", s->one_side ? 0 : NAN, METRE_DECIMALS);
        pl__json_put_number(o, "outer_edge_m", s->outer_edge_m, METRE_DECIMALS);
        pl__json_put_number(o, "waterline_m", s->waterline_m, METRE_DECIMALS);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_scene(pl_json_out *o, const pl_scene_info *s, const pl_result_row *row) {
    char acquired[40] = "";
    if (isfinite(s->acquired_s)) pl__geo_time_format(s->acquired_s, acquired, sizeof acquired);
    pl__json_put_string(o, "scene_id", s->id);
    pl__json_put_string(o, "scene_sha256", *s->sha256 ? s->sha256 : NULL);
    pl__json_put_string(o, "version", pl_version());
    pl__json_put_string(o, "acquired", *acquired ? acquired : NULL);
    pl__json_put_number(o, "gsd_m", s->gsd_m, 4);
    put_angle(o, "sun_azimuth_deg", row->sight.sun_azimuth_rad);
    put_angle(o, "sun_elevation_deg", row->sight.sun_elevation_rad);
    put_angle(o, "view_azimuth_deg", row->sight.view_azimuth_rad);
    put_angle(o, "view_incidence_deg", row->sight.view_incidence_rad);
    put_angle(o, "heading_deg", row->hull.outline_count > 0 ? row->hull.heading_rad : NAN);
    pl__json_put_bool(o, "bow_certain", row->hull.bow_certain);
}

static char *say(const pl_chip *chip, const pl_result *result, const pl_result_row *row,
                 const char *stem) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_put_integer(o, "plimsoll:chips", 1);
    pl__json_put_string(o, "id", row->id);
    put_scene(o, &result->scene, row);
    put_pictures(o, chip, row, stem);
    put_sides(o, row);
    if (row->has_freeboard && row->freeboard.station_count > 0)
        put_stations(o, &row->freeboard);
    else
        pl__json_put_null(o, "stations");
    put_section(o, chip);
    pl__results_put_cues(o, row, METRE_DECIMALS);
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    pl__json_out_free(o);
    return text;
}

/* ---- files ---- */

static bool is_grey(const unsigned char *rgb, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (rgb[3 * i] != rgb[3 * i + 1] || rgb[3 * i] != rgb[3 * i + 2]) return false;
    return true;
}

/* A third of the bytes where there is no colour. */
static pl_status write_png(const char *file, int width, int height, const unsigned char *rgb,
                           pl_error *error) {
    size_t count = (size_t)width * (size_t)height;
    if (!is_grey(rgb, count)) return pl__io_png_write(file, width, height, 3, rgb, error);
    unsigned char *grey = malloc(count);
    if (!grey) return pl__fail_memory(error, "report");
    for (size_t i = 0; i < count; i++) grey[i] = rgb[3 * i];
    pl_status status = pl__io_png_write(file, width, height, 1, grey, error);
    free(grey);
    return status;
}

static pl_status write_raw(const char *file, const pl_chip *c, pl_error *error) {
    const char *name[PL_BANDS_MAX];
    for (int i = 0; i < c->raw_bands; i++) name[i] = pl_band_name(c->raw_role[i]);
    pl_raster_new form = {.width = c->raw_width,
                          .height = c->raw_height,
                          .bands = c->raw_bands,
                          .bits = c->raw_bits,
                          .epsg = c->raw_epsg,
                          .band_names = name};
    memcpy(form.affine, c->raw_affine, sizeof form.affine);
    return pl__io_geotiff_write(file, &form, c->raw, error);
}

pl_status pl_report_chip_write(const pl_chip *c, const pl_result *result, const pl_result_row *row,
                               const char *dir, char *file, size_t size, pl_error *error) {
    char stem[STEM_BYTES], path[2048];
    pl_report_stem(row->id, stem, sizeof stem);
    if ((size_t)snprintf(file, size, "%s/%s%s", dir, stem, CHIP_END) >= size ||
        strlen(file) + 16 > sizeof path)
        return pl__fail(error, PL_E_USAGE, "report", "%.100s...: too long a path", dir);
    pl_status status = write_png(file, c->side_px, c->side_px, c->picture, error);
    snprintf(path, sizeof path, "%s/%s.strip.png", dir, stem);
    if (status == PL_OK && c->strip_width > 0)
        status = write_png(path, c->strip_width, c->strip_height, c->strip, error);
    snprintf(path, sizeof path, "%s/%s.drawn.png", dir, stem);
    if (status == PL_OK)
        status = pl__io_png_write(path, c->drawn_width, c->drawn_height, 3, c->drawn, error);
    snprintf(path, sizeof path, "%s/%s.tif", dir, stem);
    if (status == PL_OK && c->raw_width > 0) status = write_raw(path, c, error);
    char *text = status == PL_OK ? say(c, result, row, stem) : NULL;
    if (status == PL_OK && !text) status = pl__fail_memory(error, "report");
    snprintf(path, sizeof path, "%s/%s.json", dir, stem);
    if (status == PL_OK) status = pl__io_file_write(path, text, strlen(text), error);
    free(text);
    return status;
}

bool pl_report_chip_there(const char *file) {
    char path[2048];
    size_t length = strlen(file), end = sizeof CHIP_END - 1;
    if (length <= end || length + 16 > sizeof path || strcmp(file + length - end, CHIP_END) != 0)
        return false;
    snprintf(path, sizeof path, "%.*s.json", (int)(length - end), file);
    return pl__io_file_exists(file) && pl__io_file_exists(path);
}
