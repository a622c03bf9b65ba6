/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did somebody draw round a deck, and can it be an outline at all?
 *
 * A GeoJSON object whose polygons, one a hull, are outlines: longitude and latitude, or pixels of
 * the picture (x, y, corner convention) when it has no georeference. A Feature may say where the
 * bow is: bow_lon and bow_lat, or bow_x_px and bow_y_px.
 *
 * The file is somebody's, so every number is looked at. What no outline can be is PL_E_FORMAT; what
 * is sound but lies elsewhere, or is no polygon, is PL_E_USAGE. */
#include <math.h>
#include <string.h>

#include "hull/drawn.h"
#include "io/io.h"

static const char FLOOR[] = "hull";
enum { FILE_LIMIT = 64 << 20, OUTLINES_MAX = 1000, VERTICES_MAX = 1000 };

typedef struct reader {
    const pl_scene *scene;
    const char *file;
    pl_arena *arena;
    pl_drawn *list;
    int count;
    bool lonlat;
} reader;

/* ---- numbers ---- */

static pl_status check_position(const reader *r, const double p[2], pl_error *error) {
    if (!isfinite(p[0]) || !isfinite(p[1]))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: outline %d has a position without numbers",
                        r->file, r->count + 1);
    if (!r->lonlat || (fabs(p[0]) <= 180.0 && fabs(p[1]) <= 90.0)) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    "%s: outline %d: %g, %g is no longitude and latitude%s", r->file, r->count + 1,
                    p[0], p[1], fabs(p[0]) <= 90 && fabs(p[1]) <= 180 ? ": longitude first" : "");
}

/* To pixels; longitudes are first turned to the picture's side of the Earth. */
static pl_status to_pixels(const reader *r, size_t n, double (*at)[2], pl_error *error) {
    if (!r->lonlat) return PL_OK;
    double lon0 = pl_scene_describe(r->scene)->centre.lon_deg;
    for (size_t i = 0; i < n; i++) at[i][0] = lon0 + remainder(at[i][0] - lon0, 360.0);
    return pl_scene_to_pixels(r->scene, n, at, error);
}

static bool in_picture(const reader *r, const double p[2]) {
    const pl_scene_info *info = pl_scene_describe(r->scene);
    return p[0] >= 0 && p[1] >= 0 && p[0] <= info->width_px && p[1] <= info->height_px;
}

/* ---- one ring ---- */

static double turn(const double a[2], const double b[2], const double c[2]) {
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

static bool cross(const double a[2], const double b[2], const double c[2], const double d[2]) {
    return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

static bool crosses_itself(const pl_drawn *d) {
    const double(*p)[2] = (const double(*)[2])d->at;
    for (int i = 0; i + 1 < d->count; i++)
        for (int k = i + 2; k + 1 < d->count; k++)
            if (cross(p[i], p[i + 1], p[k], p[k + 1])) return true;
    return false;
}

/* Would it lie in the picture if latitude came first? */
static bool exchanged(const reader *r, const double lonlat[2]) {
    double p[1][2] = {{lonlat[1], lonlat[0]}};
    return r->lonlat && fabs(lonlat[0]) <= 90 && to_pixels(r, 1, p, NULL) == PL_OK &&
           in_picture(r, p[0]);
}

static pl_status check_place(const reader *r, const pl_drawn *d, const double first[2],
                             pl_error *error) {
    double centre[2] = {0, 0};
    for (int i = 0; i + 1 < d->count; i++)
        for (int k = 0; k < 2; k++) centre[k] += d->at[i][k] / (d->count - 1);
    if (!in_picture(r, centre)) /* NAN neither */
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s: outline %d lies outside the picture%s",
                        r->file, r->count + 1,
                        exchanged(r, first) ? ": longitude and latitude are exchanged" : "");
    if (crosses_itself(d))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: outline %d crosses itself", r->file,
                        r->count + 1);
    return PL_OK;
}

static pl_status read_ring(reader *r, const pl_json *ring, pl_drawn *d, pl_error *error) {
    size_t n = pl__json_size(ring);
    if (n < 4)
        return pl__fail(
            error, PL_E_FORMAT, FLOOR,
            "%s: outline %d has %zu positions (4 or more wanted, the last is the first)", r->file,
            r->count + 1, n);
    if (n > VERTICES_MAX)
        return pl__fail(error, PL_E_LIMIT, FLOOR, "%s: outline %d has %zu positions (at most %d)",
                        r->file, r->count + 1, n, VERTICES_MAX);
    d->at = pl__arena_array(r->arena, n, sizeof *d->at);
    if (!d->at) return pl__fail_memory(error, FLOOR);
    for (size_t i = 0; i < n; i++) {
        const pl_json *at = pl__json_at(ring, i);
        double p[2] = {pl__json_number(pl__json_at(at, 0)), pl__json_number(pl__json_at(at, 1))};
        pl_status status = check_position(r, p, error);
        if (status != PL_OK) return status;
        memcpy(d->at[d->count++], p, sizeof p);
    }
    double first[2] = {d->at[0][0], d->at[0][1]}, *last = d->at[d->count - 1];
    if (first[0] != last[0] || first[1] != last[1])
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: outline %d is not closed", r->file,
                        r->count + 1);
    pl_status status = to_pixels(r, n, d->at, error);
    return status == PL_OK ? check_place(r, d, first, error) : status;
}

static pl_status read_bow(const reader *r, const pl_json *properties, pl_drawn *d,
                          pl_error *error) {
    const char *const *name = r->lonlat ? (const char *const[]){"bow_lon", "bow_lat"}
                                        : (const char *const[]){"bow_x_px", "bow_y_px"};
    const pl_json *x = pl__json_get(properties, name[0]), *y = pl__json_get(properties, name[1]);
    double at[1][2] = {{pl__json_number(x), pl__json_number(y)}};
    d->bow_px[0] = d->bow_px[1] = NAN;
    if ((!x || pl__json_is_null(x)) && (!y || pl__json_is_null(y))) return PL_OK;
    pl_status status = check_position(r, at[0], error);
    if (status == PL_OK) status = to_pixels(r, 1, at, error);
    memcpy(d->bow_px, at[0], sizeof d->bow_px);
    return status;
}

/* ---- the file ---- */

static pl_status read_polygon(reader *r, const pl_json *rings, const pl_json *properties,
                              pl_error *error) {
    if (r->count == OUTLINES_MAX)
        return pl__fail(error, PL_E_LIMIT, FLOOR, "%s: more than %d outlines", r->file,
                        OUTLINES_MAX);
    if (pl__json_size(rings) > 1)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: outline %d has a hole: a deck has none",
                        r->file, r->count + 1);
    pl_drawn *d = &r->list[r->count];
    pl_status status = read_ring(r, pl__json_at(rings, 0), d, error);
    if (status == PL_OK) status = read_bow(r, properties, d, error);
    if (status == PL_OK) r->count++;
    return status;
}

static pl_status read_geometry(reader *r, const pl_json *geometry, const pl_json *properties,
                               pl_error *error) {
    const char *type = pl__json_string(pl__json_get(geometry, "type"));
    const pl_json *places = pl__json_get(geometry, "coordinates");
    if (type && strcmp(type, "Polygon") == 0) return read_polygon(r, places, properties, error);
    if (!type || strcmp(type, "MultiPolygon") != 0)
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s: outline %d is no polygon but %.40s", r->file,
                        r->count + 1, type ? type : "nothing");
    pl_status status = PL_OK;
    for (size_t i = 0; i < pl__json_size(places) && status == PL_OK; i++)
        status = read_polygon(r, pl__json_at(places, i), properties, error);
    return status;
}

static pl_status read_feature(reader *r, const pl_json *feature, pl_error *error) {
    return read_geometry(r, pl__json_get(feature, "geometry"), pl__json_get(feature, "properties"),
                         error);
}

static pl_status read_object(reader *r, const pl_json *root, pl_error *error) {
    const char *type = pl__json_string(pl__json_get(root, "type"));
    if (!type)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: JSON, but no GeoJSON: no type", r->file);
    if (strcmp(type, "Feature") == 0) return read_feature(r, root, error);
    if (strcmp(type, "FeatureCollection") != 0) return read_geometry(r, root, NULL, error);
    const pl_json *features = pl__json_get(root, "features");
    pl_status status = PL_OK;
    for (size_t i = 0; i < pl__json_size(features) && status == PL_OK; i++)
        status = read_feature(r, pl__json_at(features, i), error);
    return status;
}

pl_status pl__hull_drawn(const pl_scene *scene, const char *file, pl_arena *arena, pl_drawn **out,
                         int *count, pl_error *error) {
    char *text = NULL;
    size_t length = 0;
    pl_json *root = NULL;
    reader r = {.scene = scene,
                .file = file,
                .arena = arena,
                .lonlat = isfinite(pl_scene_describe(scene)->centre.lon_deg)};
    pl_status status = pl__io_file_read(file, FILE_LIMIT, arena, &text, &length, error);
    if (status < 0) return status;
    r.list = pl__arena_array(arena, OUTLINES_MAX, sizeof *r.list);
    if (!r.list) return pl__fail_memory(error, FLOOR);
    root = pl__json_parse(text, length, file, error);
    if (!root) return PL_E_FORMAT;
    status = read_object(&r, root, error);
    if (status == PL_OK && r.count == 0)
        status = pl__fail(error, PL_E_USAGE, FLOOR, "%s: no outline in it", file);
    pl__json_free(root);
    *out = r.list;
    *count = r.count;
    return status;
}
