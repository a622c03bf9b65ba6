/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is a scene's result as rows of a store, and when are rows the same?
 *
 * What changes from run to run though nothing else does (seconds, bytes read) has columns of its
 * own and is not in the record, so that the same picture gives the same rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "geo/geo.h"
#include "results/store.h"

/* ---- rows outside any file ---- */

/* As many digits as OGR gives PostgreSQL, so that both kinds of store hold the same number. */
static double kept_number(double value) {
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    return isfinite(value) ? strtod(text, NULL) : NAN;
}

static bool copy_row(pl_kept_row *row, int fields, const pl_value *values,
                     const pl_vector_shape *shape) {
    row->count = fields;
    row->values = calloc((size_t)fields, sizeof *row->values);
    row->texts = calloc((size_t)fields, sizeof *row->texts);
    if (!row->values || !row->texts) return false;
    for (int i = 0; i < fields; i++) {
        row->values[i] = values[i];
        row->values[i].real = kept_number(values[i].real);
        if (!values[i].text) continue;
        row->values[i].text = row->texts[i] = pl__vector_kept(values[i].text);
        if (!row->texts[i]) return false;
    }
    if (!shape || !shape->wkb) return true;
    unsigned char *wkb = malloc(shape->wkb_size);
    if (!wkb) return false;
    memcpy(wkb, shape->wkb, shape->wkb_size);
    row->shape = (pl_vector_shape){.wkb = wkb, .wkb_size = shape->wkb_size};
    return true;
}

static pl_kept_row *new_row(pl_kept_rows *rows) {
    if (rows->count == rows->room) {
        int room = 2 * rows->room + 8;
        pl_kept_row *grown = realloc(rows->row, (size_t)room * sizeof *grown);
        if (!grown) return NULL;
        rows->row = grown;
        rows->room = room;
    }
    rows->row[rows->count] = (pl_kept_row){.count = 0};
    return &rows->row[rows->count++];
}

bool pl__store_keep_row(void *context, const pl_value *values, const unsigned char *wkb,
                        size_t size) {
    pl_kept_rows *rows = context;
    pl_vector_shape shape = {.wkb = wkb, .wkb_size = size};
    pl_kept_row *row = new_row(rows);
    rows->failed = !row || !copy_row(row, rows->fields, values, &shape);
    return !rows->failed;
}

void pl__store_drop_rows(pl_kept_rows *rows) {
    for (int i = 0; i < rows->count; i++) {
        pl_kept_row *row = &rows->row[i];
        for (int k = 0; row->texts && k < row->count; k++) free(row->texts[k]);
        free(row->texts);
        free(row->values);
        free((void *)row->shape.wkb);
        for (int k = 0; k < row->shape.parts; k++) free((void *)row->shape.ring[k]);
    }
    free(rows->row);
    *rows = (pl_kept_rows){0};
}

pl_status pl__store_read(pl_vector_file *file, const pl_layer_form *form, const pl_match *match,
                         const char *order, pl_kept_rows *out, pl_error *error) {
    out->fields = form->count;
    pl_status status = pl__vector_find(file, form->name, form->fields, form->count, match, order,
                                       pl__store_keep_row, out, error);
    if (status == PL_OK && out->failed) status = pl__fail_memory(error, "results");
    return status;
}

pl_status pl__store_add(pl_vector_file *file, const pl_layer_form *form, const pl_kept_row *row,
                        pl_error *error) {
    return pl__vector_add(file, form->name, form->fields, row->values, form->count, &row->shape,
                          error);
}

/* ---- a result as rows ---- */

int pl__store_hull_fields(pl_field *out) {
    pl_result none = {.scene = {.acquired_s = NAN}};
    pl_result_row row = {0};
    pl_cells cells;
    pl__results_cells(&none, &row, &cells);
    for (int i = 0; i < cells.count; i++) {
        const char *name = cells.cell[i].name;
        out[i] = (pl_field){name, cells.cell[i].type, PL_INDEX_NONE};
        if (strcmp(name, "acquired") == 0) out[i] = (pl_field){name, PL_FIELD_TIME, PL_INDEX_ANY};
        if (strcmp(name, "scene_id") == 0) out[i].index = PL_INDEX_ANY;
    }
    /* a GeoPackage keeps "id" for its own key in many programs */
    out[0] = (pl_field){"hull_id", PL_FIELD_TEXT, PL_INDEX_ANY};
    out[cells.count] = (pl_field){"record", PL_FIELD_TEXT, PL_INDEX_NONE};
    return cells.count + 1;
}

bool pl__store_set_shape(pl_kept_row *row, const double (*ring)[2], int corners) {
    if (!ring || corners < 4) return true;
    double(*work)[2] = malloc((size_t)corners * sizeof *work);
    bool fine = work;
    for (int part = 0; part < 2 && fine; part++) {
        double(*out)[2] = malloc(2 * (size_t)corners * sizeof *out);
        int n = out ? pl__results_ring_part(ring, corners, part, work, out) : 0;
        fine = out;
        if (n < 4) {
            free(out);
            continue;
        }
        row->shape.ring[row->shape.parts] = (const double(*)[2])out;
        row->shape.corners[row->shape.parts++] = n;
    }
    free(work);
    return fine;
}

static pl_value text_of(const char *text) {
    return (pl_value){.text = text && *text ? text : NULL, .real = NAN};
}

static bool keep_scene(const pl_result *result, const char *key, const char *options,
                       pl_kept_rows *out) {
    const pl_scene_info *s = &result->scene;
    char acquired[40] = "";
    if (isfinite(s->acquired_s)) pl__geo_time_format(s->acquired_s, acquired, sizeof acquired);
    char *record = pl__results_scene_json(result, false);
    if (!record) return false;
    pl_value values[SCENE_FIELDS] = {
        [SCENE_ID] = text_of(s->id),
        [SCENE_FILE] = text_of(s->file),
        [SCENE_KEY] = text_of(key),
        [SCENE_ACQUIRED] = text_of(acquired),
        [SCENE_PLATFORM] = text_of(s->platform),
        [SCENE_PORT] = text_of(result->area.name),
        [SCENE_HULLS] = {.real = result->count, .integer = result->count},
        [SCENE_SHA256] = text_of(s->sha256),
        [SCENE_SIDECAR_SHA256] = text_of(s->sidecar_sha256),
        [SCENE_MODELS_SHA256] = text_of(result->models_sha256),
        [SCENE_PORTS_SHA256] = text_of(result->ports_sha256),
        [SCENE_VESSELS_SHA256] = text_of(result->vessels_sha256),
        [SCENE_VERSION] = text_of(pl_version()),
        [SCENE_OPTIONS] = text_of(options),
        [SCENE_RECORD] = text_of(record),
        [SCENE_SECONDS] = {.real = result->seconds},
        [SCENE_BYTES_READ] = {.real = (double)result->bytes_read,
                              .integer = (long long)result->bytes_read},
    };
    out->fields = SCENE_FIELDS;
    bool fine = pl__store_keep_row(out, values, NULL, 0) &&
                pl__store_set_shape(&out->row[out->count - 1],
                                    (const double(*)[2])result->area.lonlat, result->area.count);
    free(record);
    return fine;
}

static bool keep_hull(const pl_result *result, const pl_result_row *row, pl_kept_rows *out) {
    pl_value values[PL__CELLS_MAX + 1];
    pl_cells cells;
    char *record = pl__results_hull_json(result, row);
    if (!record) return false;
    pl__results_cells(result, row, &cells);
    for (int i = 0; i < cells.count; i++) {
        const pl_cell *c = &cells.cell[i];
        values[i] = (pl_value){c->text, c->real, pl__cell_whole(c)};
    }
    values[cells.count] = text_of(record);
    out->fields = cells.count + 1;
    bool fine =
        pl__store_keep_row(out, values, NULL, 0) &&
        pl__store_set_shape(&out->row[out->count - 1], (const double(*)[2])row->outline_lonlat,
                            row->hull.outline_count);
    free(record);
    return fine;
}

pl_status pl__store_rows_of(const pl_result *result, const char *key, const char *options,
                            pl_kept_rows *scene, pl_kept_rows *hulls, pl_error *error) {
    bool fine = keep_scene(result, key, options, scene);
    for (int i = 0; i < result->count && fine; i++)
        fine = keep_hull(result, &result->row[i], hulls);
    return fine ? PL_OK : pl__fail_memory(error, "results");
}

bool pl__store_journal_row(pl_kept_rows *out, const char *file, const char *scene_id,
                           const char *status, const char *reason, const char *key) {
    char now[40] = "";
    struct timespec clock;
    if (clock_gettime(CLOCK_REALTIME, &clock) == 0)
        pl__geo_time_format((double)clock.tv_sec, now, sizeof now);
    pl_value values[JOURNAL_FIELDS] = {
        [JOURNAL_FILE] = {.text = file, .real = NAN},
        /* perhaps without a name */[JOURNAL_SCENE_ID] = text_of(scene_id),
        [JOURNAL_STATUS] = text_of(status),
        [JOURNAL_REASON] = text_of(reason),
        [JOURNAL_KEY] = text_of(key),
        [JOURNAL_VERSION] = text_of(pl_version()),
        [JOURNAL_WRITTEN] = text_of(now),
    };
    out->fields = JOURNAL_FIELDS;
    return pl__store_keep_row(out, values, NULL, 0);
}

/* ---- rows as text ---- */

static void put_ring(pl_text *t, const double (*ring)[2], int corners) {
    for (int i = 0; i < corners; i++)
        pl__results_print(t, "%s%.17g %.17g", i ? ", " : "(", ring[i][0], ring[i][1]);
    pl__results_print(t, ")");
}

/* A multipolygon as it comes out of a store: little-endian; out of an older one a polygon. */
enum { WKB_POLYGON = 3 };

static void put_wkb(pl_text *t, const unsigned char *wkb, size_t size) {
    const unsigned char *at = wkb, *end = wkb + size;
    uint32_t parts = 1, rings, corners, kind;
    if (size < 9) return;
    memcpy(&kind, at + 1, 4);
    if (kind != WKB_POLYGON) {
        memcpy(&parts, at + 5, 4);
        at += 9;
    }
    for (uint32_t i = 0; i < parts && (size_t)(end - at) >= 9; i++) {
        memcpy(&rings, at + 5, 4);
        at += 9;
        for (uint32_t k = 0; k < rings && (size_t)(end - at) >= 4; k++) {
            memcpy(&corners, at, 4);
            at += 4;
            if (corners > (size_t)(end - at) / 16 || corners > INT32_MAX) return;
            double(*ring)[2] = malloc((size_t)corners * 16 + 1);
            if (!ring) {
                t->failed = true;
                return;
            }
            memcpy(ring, at, (size_t)corners * 16);
            put_ring(t, (const double(*)[2])ring, (int)corners);
            free(ring);
            at += (size_t)corners * 16;
        }
    }
}

static char *row_text(const pl_layer_form *form, const pl_kept_row *row) {
    pl_text t = {0};
    for (int i = 0; i < form->count; i++) {
        const pl_value *v = &row->values[i];
        pl__results_print(&t, "%s=", form->fields[i].name);
        if (v->text)
            pl__results_print(&t, "%s", v->text);
        else if (isfinite(v->real))
            pl__results_print(&t, "%.17g", v->real);
        pl__results_print(&t, "\t");
    }
    pl__results_print(&t, "geom=");
    for (int i = 0; i < row->shape.parts; i++)
        put_ring(&t, row->shape.ring[i], row->shape.corners[i]);
    if (row->shape.wkb) put_wkb(&t, row->shape.wkb, row->shape.wkb_size);
    pl__results_print(&t, "\n");
    return pl__results_text_take(&t);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *pl__store_rows_text(const pl_layer_form *form, const pl_kept_rows *rows) {
    char **line = calloc((size_t)rows->count + 1, sizeof *line);
    pl_text t = {.failed = !line};
    for (int i = 0; i < rows->count && !t.failed; i++)
        t.failed = !(line[i] = row_text(form, &rows->row[i]));
    if (!t.failed) qsort(line, (size_t)rows->count, sizeof *line, by_text);
    for (int i = 0; i < rows->count && !t.failed; i++) pl__results_print(&t, "%s", line[i]);
    for (int i = 0; line && i < rows->count; i++) free(line[i]);
    free(line);
    return pl__results_text_take(&t);
}

pl_status pl_store_text(const pl_result *result, char **out, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form form = pl__store_hulls(fields);
    pl_kept_rows scene = {0}, hulls = {0};
    *out = NULL;
    pl_status status = pl__store_rows_of(result, NULL, NULL, &scene, &hulls, error);
    if (status == PL_OK && !(*out = pl__store_rows_text(&form, &hulls)))
        status = pl__fail_memory(error, "results");
    pl__store_drop_rows(&scene);
    pl__store_drop_rows(&hulls);
    return status;
}
