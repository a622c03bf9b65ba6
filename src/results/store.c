/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do many scenes' results lie? A GeoPackage with the layers scenes, hulls and journal; one
 * scene, one transaction. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "geo/geo.h"
#include "results/internal.h"

struct pl_store {
    pl_vector_file *file;
};

static const pl_field SCENES[] = {
    {"scene_id", PL_FIELD_TEXT}, {"file", PL_FIELD_TEXT},     {"acquired", PL_FIELD_TEXT},
    {"platform", PL_FIELD_TEXT}, {"hulls", PL_FIELD_INTEGER}, {"sha256", PL_FIELD_TEXT},
    {"version", PL_FIELD_TEXT},  {"record", PL_FIELD_TEXT},   {"key", PL_FIELD_TEXT},
    {"options", PL_FIELD_TEXT},
};
static const pl_field JOURNAL[] = {
    {"file", PL_FIELD_TEXT},
    {"status", PL_FIELD_TEXT},
    {"reason", PL_FIELD_TEXT},
    {"key", PL_FIELD_TEXT},
};
enum {
    SCENE_FIELDS = sizeof SCENES / sizeof *SCENES,
    JOURNAL_FIELDS = sizeof JOURNAL / sizeof *JOURNAL
};

/* The hulls' columns are the cells of a row, and the two lists as text. */
static int hull_fields(pl_field *out) {
    pl_result none = {.scene = {.acquired_s = NAN}};
    pl_result_row row = {0};
    pl_cells cells;
    pl__results_cells(&none, &row, &cells);
    for (int i = 0; i < cells.count; i++)
        out[i] = (pl_field){cells.cell[i].name, cells.cell[i].type};
    out[0].name = "hull_id"; /* a GeoPackage keeps "id" for its own key in many programs */
    return cells.count;
}

pl_status pl_store_open(const char *path, const pl_store_listener *listener, pl_store **out,
                        pl_error *error) {
    (void)listener;
    *out = NULL;
    pl_store *store = calloc(1, sizeof *store);
    if (!store) return pl__fail_memory(error, "results");
    pl_field hulls[PL__CELLS_MAX];
    int count = hull_fields(hulls);
    pl_status status = pl__vector_open(path, &store->file, error);
    if (status == PL_OK)
        status = pl__vector_layer(store->file, "scenes", SCENES, SCENE_FIELDS, error);
    if (status == PL_OK) status = pl__vector_layer(store->file, "hulls", hulls, count, error);
    if (status == PL_OK)
        status = pl__vector_layer(store->file, "journal", JOURNAL, JOURNAL_FIELDS, error);
    if (status != PL_OK) {
        if (store->file) pl__vector_close(store->file, NULL);
        free(store);
        return status;
    }
    *out = store;
    return PL_OK;
}

static pl_status write_journal(pl_store *store, const char *file, const char *word,
                               const char *reason, const char *key, pl_error *error) {
    pl_value values[JOURNAL_FIELDS] = {
        {.text = file}, {.text = word}, {.text = reason}, {.text = key}};
    pl_status status = pl__vector_remove(store->file, "journal", "file", file, error);
    if (status == PL_OK)
        status =
            pl__vector_add(store->file, "journal", JOURNAL, values, JOURNAL_FIELDS, NULL, 0, error);
    return status;
}

static pl_status write_scene(pl_store *store, const pl_result *result, const char *key,
                             const char *options, pl_error *error) {
    const pl_scene_info *s = &result->scene;
    char acquired[40] = "";
    if (isfinite(s->acquired_s)) pl__geo_time_format(s->acquired_s, acquired, sizeof acquired);
    char *record = pl__results_scene_json(result);
    if (!record) return pl__fail_memory(error, "results");
    pl_value values[SCENE_FIELDS] = {
        {.text = s->id},
        {.text = s->file},
        {.text = *acquired ? acquired : NULL},
        {.text = *s->platform ? s->platform : NULL},
        {.real = result->count, .integer = result->count},
        {.text = *s->sha256 ? s->sha256 : NULL},
        {.text = pl_version()},
        {.text = record},
        {.text = key},
        {.text = options},
    };
    pl_status status =
        pl__vector_add(store->file, "scenes", SCENES, values, SCENE_FIELDS,
                       (const double(*)[2])result->area.lonlat, result->area.count, error);
    free(record);
    return status;
}

static pl_status write_hull(pl_store *store, const pl_result *result, const pl_result_row *row,
                            pl_error *error) {
    pl_field fields[PL__CELLS_MAX];
    pl_value values[PL__CELLS_MAX];
    pl_cells cells;
    int count = hull_fields(fields);
    pl__results_cells(result, row, &cells);
    for (int i = 0; i < count; i++) {
        const pl_cell *c = &cells.cell[i];
        values[i] = (pl_value){.text = c->text,
                               .real = c->real,
                               .integer = c->type == PL_FIELD_INTEGER ? (long long)c->real : 0};
    }
    return pl__vector_add(store->file, "hulls", fields, values, count,
                          (const double(*)[2])row->outline_lonlat,
                          row->outline_lonlat ? row->hull.outline_count : 0, error);
}

/* ---- reading ---- */

typedef struct scene_there {
    char *file, *key, *sha256;
    bool found;
} scene_there;

static bool take_scene(void *context, const pl_value *v, const unsigned char *wkb, size_t size) {
    (void)wkb;
    (void)size;
    scene_there *s = context;
    s->found = true;
    s->file = v[1].text ? strdup(v[1].text) : NULL;
    s->sha256 = v[5].text ? strdup(v[5].text) : NULL;
    s->key = v[8].text ? strdup(v[8].text) : NULL;
    return false;
}

static void drop_scene(scene_there *s) {
    free(s->file);
    free(s->key);
    free(s->sha256);
}

static bool same_text(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

pl_status pl_store_done(pl_store *store, const char *file, const char *key, bool *done,
                        pl_error *error) {
    scene_there there = {.found = false};
    pl_match match = {"file", file};
    *done = false;
    if (!key) return PL_OK;
    pl_status status = pl__vector_find(store->file, "scenes", SCENES, SCENE_FIELDS, &match,
                                       "scene_id", take_scene, &there, error);
    *done = status == PL_OK && there.found && same_text(there.key, key);
    drop_scene(&there);
    return status;
}

typedef struct scene_visit {
    bool (*visit)(void *context, const pl_store_scene *scene);
    void *context;
} scene_visit;

static bool pass_scene(void *context, const pl_value *v, const unsigned char *wkb, size_t size) {
    (void)wkb;
    (void)size;
    const scene_visit *s = context;
    pl_store_scene scene = {.scene_id = v[0].text,
                            .file = v[1].text,
                            .hulls = v[4].integer,
                            .sha256 = v[5].text,
                            .version = v[6].text,
                            .key = v[8].text,
                            .options = v[9].text};
    return s->visit(s->context, &scene);
}

pl_status pl_store_scenes(pl_store *store,
                          bool (*visit)(void *context, const pl_store_scene *scene), void *context,
                          pl_error *error) {
    scene_visit pass = {visit, context};
    return pl__vector_find(store->file, "scenes", SCENES, SCENE_FIELDS, NULL, "scene_id",
                           pass_scene, &pass, error);
}

typedef struct rows_text {
    pl_field fields[PL__CELLS_MAX];
    int count;
    pl_text text;
} rows_text;

static bool put_line(void *context, const pl_value *values, const unsigned char *wkb, size_t size) {
    rows_text *r = context;
    for (int i = 0; i < r->count; i++) {
        const char *name = r->fields[i].name;
        if (r->fields[i].type == PL_FIELD_TEXT)
            pl__results_print(&r->text, "%s=%s\t", name, values[i].text ? values[i].text : "");
        else if (isnan(values[i].real))
            pl__results_print(&r->text, "%s=\t", name);
        else
            pl__results_print(&r->text, "%s=%.17g\t", name, values[i].real);
    }
    for (size_t i = 0; i < size; i++) pl__results_print(&r->text, "%02x", wkb[i]);
    pl__results_print(&r->text, "\n");
    return !r->text.failed;
}

pl_status pl_store_rows(pl_store *store, const char *scene_id, char **out, pl_error *error) {
    rows_text r = {.count = 0};
    *out = NULL;
    r.count = hull_fields(r.fields);
    pl_match match = {"scene_id", scene_id};
    pl_status status = pl__vector_find(store->file, "hulls", r.fields, r.count, &match, "hull_id",
                                       put_line, &r, error);
    *out = pl__results_text_take(&r.text);
    if (status == PL_OK && !*out) status = pl__fail_memory(error, "results");
    return status;
}

pl_status pl_store_text(const pl_result *result, char **out, pl_error *error) {
    (void)result;
    *out = NULL;
    return pl__fail(error, PL_E_INTERNAL, "results", "not yet");
}

/* ---- writing ---- */

static pl_status refuse_strangers(pl_store *store, const pl_result *result, const char *key,
                                  bool *same, pl_error *error) {
    scene_there there = {.found = false};
    pl_match match = {"scene_id", result->scene.id};
    pl_status status = pl__vector_find(store->file, "scenes", SCENES, SCENE_FIELDS, &match,
                                       "scene_id", take_scene, &there, error);
    bool same_file = same_text(there.file, result->scene.file);
    *same = there.found && same_file && same_text(there.key, key);
    if (status == PL_OK && there.found && !same_file &&
        !same_text(there.sha256, result->scene.sha256))
        status = pl__fail(error, PL_REFUSED, "results",
                          "its scene id %s is that of %s: give it one of its own", result->scene.id,
                          there.file ? there.file : "another picture");
    drop_scene(&there);
    return status;
}

pl_status pl_store_write(pl_store *store, const pl_result *result, const char *key,
                         const char *options, pl_error *error) {
    bool same = false;
    pl_status status = pl__vector_begin(store->file, error);
    if (status != PL_OK) return status;
    status = refuse_strangers(store, result, key, &same, error);
    if (status != PL_OK || same) {
        pl__vector_rollback(store->file);
        return status;
    }
    status = pl__vector_remove(store->file, "scenes", "scene_id", result->scene.id, error);
    if (status == PL_OK)
        status = pl__vector_remove(store->file, "hulls", "scene_id", result->scene.id, error);
    if (status == PL_OK) status = write_scene(store, result, key, options, error);
    for (int i = 0; i < result->count && status == PL_OK; i++)
        status = write_hull(store, result, &result->row[i], error);
    if (status == PL_OK)
        status = write_journal(store, result->scene.file, "done", NULL, key, error);
    if (status == PL_OK) return pl__vector_commit(store->file, error);
    pl__vector_rollback(store->file);
    return status;
}

pl_status pl_store_write_failure(pl_store *store, const char *file, const char *key,
                                 const char *reason, pl_error *error) {
    pl_status status = pl__vector_begin(store->file, error);
    if (status != PL_OK) return status;
    status = write_journal(store, file, "failed", reason, key, error);
    if (status == PL_OK) return pl__vector_commit(store->file, error);
    pl__vector_rollback(store->file);
    return status;
}

pl_status pl_store_close(pl_store *store, pl_error *error) {
    if (!store) return PL_OK;
    pl_status status = pl__vector_close(store->file, error);
    free(store);
    return status;
}
