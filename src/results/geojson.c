/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a scene said in GeoJSON? RFC 7946: WGS 84, outer rings closed and counter-clockwise. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "geo/geo.h"
#include "results/internal.h"

enum { LONLAT_DECIMALS = 8, PIXEL_DECIMALS = 3 }; /* a millimetre, and a thousandth of a pixel */

static double signed_area(const double (*ring)[2], int count) {
    double sum = 0;
    for (int k = 0; k + 1 < count; k++)
        sum += ring[k][0] * ring[k + 1][1] - ring[k + 1][0] * ring[k][1];
    return 0.5 * sum;
}

static void put_ring(pl_json_out *o, const char *key, const double (*ring)[2], int count,
                     int decimals, bool turn) {
    bool reverse = turn && signed_area(ring, count) < 0;
    pl__json_begin_array(o, key);
    for (int k = 0; k < count; k++) {
        const double *p = ring[reverse ? count - 1 - k : k];
        pl__json_begin_array(o, NULL);
        pl__json_put_number(o, NULL, p[0], decimals);
        pl__json_put_number(o, NULL, p[1], decimals);
        pl__json_end(o);
    }
    pl__json_end(o);
}

/* A Polygon, or a MultiPolygon of two where the antimeridian cuts it. */
void pl__results_put_polygon(pl_json_out *o, const char *key, const double (*ring)[2], int count) {
    size_t room = count > 0 ? (size_t)count : 0;
    double(*space)[2] = ring && count >= 4 ? malloc(5 * room * sizeof *space) : NULL;
    int corners[2] = {0, 0};
    if (!space) {
        pl__json_put_null(o, key);
        return;
    }
    for (int part = 0; part < 2; part++)
        corners[part] =
            pl__results_ring_part(ring, count, part, space, &space[(2 * part + 1) * count]);
    bool cut = corners[0] && corners[1];
    pl__json_begin_object(o, key);
    pl__json_put_string(o, "type", cut ? "MultiPolygon" : "Polygon");
    pl__json_begin_array(o, "coordinates");
    for (int part = 0; part < 2; part++) {
        const double(*from)[2] = (const double(*)[2]) & space[(2 * part + 1) * count];
        if (!corners[part]) continue;
        if (cut) pl__json_begin_array(o, NULL);
        put_ring(o, NULL, from, corners[part], LONLAT_DECIMALS, true);
        if (cut) pl__json_end(o);
    }
    pl__json_end(o);
    pl__json_end(o);
    free(space);
}

void pl__results_put_cell(pl_json_out *o, const pl_cell *c) {
    if (c->type == PL_FIELD_TEXT) {
        pl__json_put_string(o, c->name, c->text);
    } else if (c->is_bool) {
        isnan(c->real) ? pl__json_put_null(o, c->name)
                       : pl__json_put_bool(o, c->name, c->real != 0);
    } else {
        pl__json_put_number(o, c->name, c->real, c->decimals);
    }
}

void pl__results_put_reasons(pl_json_out *o, pl_reasons reasons) {
    pl__json_begin_array(o, "reasons");
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        if (reasons & PL_BIT(i)) pl__json_put_string(o, NULL, pl_reason_code((pl_reason)i));
    }
    pl__json_end(o);
}

void pl__results_put_cues(pl_json_out *o, const pl_result_row *row, int decimals) {
    pl__json_begin_array(o, "cues");
    for (int i = 0; row->has_freeboard && i < row->freeboard.cue_count; i++) {
        const pl_cue *c = &row->freeboard.cue[i];
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "side", c->side == PL_PORT_SIDE ? "port" : "starboard");
        pl__json_put_string(o, "kind", c->kind == PL_CUE_DARK_BAND ? "dark_band" : "lit_wall");
        pl__json_put_number(o, "width_m", c->width_m.value, decimals);
        pl__json_put_number(o, "width_sigma_m", c->width_m.sigma, decimals);
        pl__json_put_number(o, "per_metre", c->per_metre, decimals + 1);
        pl__json_put_number(o, "freeboard_m", c->freeboard_m.value, decimals);
        pl__json_put_number(o, "sigma_m", c->freeboard_m.sigma, decimals);
        pl__json_put_integer(o, "stations", c->stations);
        pl__json_put_number(o, "chi2", c->chi2, 2);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_budget(pl_json_out *o, const pl_result_row *row) {
    if (!row->has_freeboard || row->freeboard.status == PL_REFUSED) {
        pl__json_put_null(o, "error_budget");
        return;
    }
    pl__json_begin_object(o, "error_budget");
    for (int i = 0; i < PL_BUDGET_COUNT; i++) {
        pl__json_put_number(o, pl_budget_name((pl_budget_term)i), row->freeboard.budget_m[i], 4);
    }
    pl__json_end(o);
}

static void put_feature(pl_json_out *o, const pl_result *result, const pl_result_row *row) {
    int n = row->hull.outline_count;
    pl_cells cells;
    pl__results_cells(result, row, &cells);
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "type", "Feature");
    pl__json_put_string(o, "id", row->id);
    pl__results_put_polygon(o, "geometry", (const double(*)[2])row->outline_lonlat, n);
    pl__json_begin_object(o, "properties");
    for (int i = 0; i < cells.count; i++) {
        if (strcmp(cells.cell[i].name, "reasons") == 0) {
            pl__results_put_reasons(o, pl_result_reasons(result, row));
        } else {
            pl__results_put_cell(o, &cells.cell[i]);
        }
    }
    pl__results_put_cues(o, row, 3);
    put_budget(o, row);
    put_ring(o, "outline_px", row->hull.outline_px, n, PIXEL_DECIMALS, false);
    pl__results_put_polygon(o, "waterline", (const double(*)[2])row->waterline_lonlat, n);
    if (row->waterline_px) {
        put_ring(o, "waterline_px", (const double(*)[2])row->waterline_px, n, PIXEL_DECIMALS,
                 false);
    } else {
        pl__json_put_null(o, "waterline_px");
    }
    pl__json_end(o);
    pl__json_end(o);
}

static void put_angle(pl_json_out *o, const char *key, double value_rad, pl_source source) {
    pl__json_begin_object(o, key);
    pl__json_put_number(o, "deg", value_rad * PL_DEG_PER_RAD, 4);
    pl__json_put_string(o, "source", pl_source_name(source));
    pl__json_end(o);
}

static void put_text_or_null(pl_json_out *o, const char *key, const char *text) {
    pl__json_put_string(o, key, *text ? text : NULL);
}

static void put_files(pl_json_out *o, const pl_result *result) {
    const pl_scene_info *s = &result->scene;
    pl__json_begin_object(o, "sha256");
    put_text_or_null(o, "picture", s->sha256);
    put_text_or_null(o, "sidecar", s->sidecar_sha256);
    put_text_or_null(o, "models", result->models_sha256);
    put_text_or_null(o, "ports", result->ports_sha256);
    put_text_or_null(o, "vessels", result->vessels_sha256);
    put_text_or_null(o, "outline", result->outline_sha256);
    pl__json_end(o);
    pl__json_begin_array(o, "files_used");
    for (int i = 0; i < s->used_count; i++) {
        pl__json_begin_object(o, NULL);
        const char *slash = strrchr(s->used[i], '/'); /* its hash tells which file it was */
        pl__json_put_string(o, "name", slash ? slash + 1 : s->used[i]);
        put_text_or_null(o, "sha256", s->used_sha256[i]);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_witness(pl_json_out *o, const pl_view_witness *w) {
    pl__json_begin_object(o, "view_witness");
    pl__json_put_string(o, "verdict", pl_view_verdict_name(w->verdict));
    pl__json_put_integer(o, "hulls", w->hulls);
    pl__json_put_number(o, "log_odds", w->log_odds, 2);
    pl__json_end(o);
}

static void put_corners(pl_json_out *o, const pl_result *result) {
    if (!isfinite(result->corner_lonlat[0][0])) {
        pl__json_put_null(o, "corners");
        return;
    }
    pl__json_begin_array(o, "corners");
    for (int i = 0; i < 4; i++) {
        pl__json_begin_array(o, NULL);
        pl__json_put_number(o, NULL, result->corner_lonlat[i][0], LONLAT_DECIMALS);
        pl__json_put_number(o, NULL, result->corner_lonlat[i][1], LONLAT_DECIMALS);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_record(pl_json_out *o, const char *key, const pl_result *result, bool effort) {
    const pl_scene_info *s = &result->scene;
    char acquired[40] = "";
    if (isfinite(s->acquired_s)) pl__geo_time_format(s->acquired_s, acquired, sizeof acquired);
    pl__json_begin_object(o, key);
    pl__json_put_string(o, "id", s->id);
    pl__json_put_string(o, "file", s->file);
    put_text_or_null(o, "sidecar", s->sidecar);
    put_files(o, result);
    pl__json_put_integer(o, "size_bytes", (long long)s->size_bytes);
    pl__json_put_string(o, "driver", s->driver);
    put_text_or_null(o, "crs", s->crs);
    pl__json_put_integer(o, "width_px", s->width_px);
    pl__json_put_integer(o, "height_px", s->height_px);
    pl__json_put_number(o, "gsd_m", s->gsd_m, 4);
    pl__json_begin_array(o, "bands");
    for (int i = 0; i < s->bands && i < PL_BANDS_MAX; i++)
        pl__json_put_string(o, NULL, pl_band_name(s->role[i]));
    pl__json_end(o);
    put_text_or_null(o, "acquired", acquired);
    put_text_or_null(o, "platform", s->platform);
    put_angle(o, "sun_azimuth", s->sight.sun_azimuth_rad, s->sun_azimuth_source);
    put_angle(o, "sun_elevation", s->sight.sun_elevation_rad, s->sun_elevation_source);
    put_angle(o, "view_azimuth", s->sight.view_azimuth_rad, s->view_azimuth_source);
    put_angle(o, "view_incidence", s->sight.view_incidence_rad, s->view_incidence_source);
    put_witness(o, &result->view_witness);
    pl__json_begin_object(o, "ephemeris");
    pl__json_put_number(o, "sun_azimuth_deg", s->ephemeris_sun_azimuth_rad * PL_DEG_PER_RAD, 4);
    pl__json_put_number(o, "sun_elevation_deg", s->ephemeris_sun_elevation_rad * PL_DEG_PER_RAD, 4);
    pl__json_put_number(o, "difference_deg", s->sun_difference_rad * PL_DEG_PER_RAD, 4);
    pl__json_end(o);
    pl__json_begin_array(o, "warnings");
    for (int i = 0; i < s->warning_count; i++) pl__json_put_string(o, NULL, s->warning[i]);
    pl__json_end(o);
    pl__results_put_polygon(o, "searched", (const double(*)[2])result->area.lonlat,
                            result->area.count);
    pl__json_put_number(o, "unseen_share", result->unseen_share, 4);
    put_corners(o, result);
    put_text_or_null(o, "port", result->area.name);
    pl__json_put_integer(o, "hulls", result->count);
    pl__results_put_ais(o, result);
    if (effort) {
        pl__json_put_number(o, "seconds", result->seconds, 3);
        pl__json_put_integer(o, "bytes_read", (long long)result->bytes_read);
    }
    pl__json_end(o);
}

void pl__results_put_scene(pl_json_out *o, const char *key, const pl_result *result) {
    put_record(o, key, result, true);
}

static char *finish(pl_json_out *o) {
    char *text = o ? pl__json_out_finish(o) : NULL;
    pl__json_out_free(o);
    return text;
}

char *pl__results_geojson(const pl_result *results, int count) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "type", "FeatureCollection");
    pl__json_put_string(o, "plimsoll:version", pl_version());
    if (count == 1) {
        pl__results_put_scene(o, "plimsoll:scene", results);
    } else {
        pl__json_begin_array(o, "plimsoll:scenes");
        for (int i = 0; i < count; i++) pl__results_put_scene(o, NULL, &results[i]);
        pl__json_end(o);
    }
    pl__json_begin_array(o, "features");
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < results[i].count; k++) put_feature(o, &results[i], &results[i].row[k]);
    }
    pl__json_end(o);
    pl__json_end(o);
    char *json = finish(o);
    pl_text t = {.failed = !json};
    if (json) pl__results_print(&t, "%s\n", json);
    free(json);
    return pl__results_text_take(&t);
}

char *pl__results_scene_json(const pl_result *result, bool effort) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    put_record(o, NULL, result, effort);
    return finish(o);
}

char *pl__results_hull_json(const pl_result *result, const pl_result_row *row) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    put_feature(o, result, row);
    return finish(o);
}

char *pl__results_review_json(const pl_result_row *row) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_begin_object(o, "properties");
    pl__results_put_cues(o, row, 3);
    put_budget(o, row);
    pl__json_end(o);
    pl__json_end(o);
    return finish(o);
}

/* The scene's own record: a Feature without a hull, its geometry the searched area. */
static char *scene_line(const pl_result *result) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "type", "Feature");
    pl__results_put_polygon(o, "geometry", (const double(*)[2])result->area.lonlat,
                            result->area.count);
    pl__json_begin_object(o, "properties");
    pl__json_end(o);
    pl__json_put_string(o, "plimsoll:version", pl_version());
    pl__results_put_scene(o, "plimsoll:scene", result);
    pl__json_end(o);
    return finish(o);
}

char *pl__results_geojsonl(const pl_result *result) {
    pl_text t = {0};
    char *line = scene_line(result);
    t.failed = !line;
    if (line) pl__results_print(&t, "%s\n", line);
    free(line);
    for (int i = 0; i < result->count && !t.failed; i++) {
        pl_json_out *o = pl__json_out_new(false);
        if (o) put_feature(o, result, &result->row[i]);
        line = finish(o);
        t.failed = !line;
        if (line) pl__results_print(&t, "%s\n", line);
        free(line);
    }
    return pl__results_text_take(&t);
}
