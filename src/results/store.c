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
    {"version", PL_FIELD_TEXT},  {"record", PL_FIELD_TEXT},
};
static const pl_field JOURNAL[] = {
    {"file", PL_FIELD_TEXT},
    {"status", PL_FIELD_TEXT},
    {"reason", PL_FIELD_TEXT},
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

pl_status pl_store_open(const char *path, pl_store **out, pl_error *error) {
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
                               const char *reason, pl_error *error) {
    pl_value values[JOURNAL_FIELDS] = {{.text = file}, {.text = word}, {.text = reason}};
    pl_status status = pl__vector_remove(store->file, "journal", "file", file, error);
    if (status == PL_OK)
        status =
            pl__vector_add(store->file, "journal", JOURNAL, values, JOURNAL_FIELDS, NULL, 0, error);
    return status;
}

static pl_status write_scene(pl_store *store, const pl_result *result, pl_error *error) {
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

pl_status pl_store_write(pl_store *store, const pl_result *result, pl_error *error) {
    pl_status status = pl__vector_begin(store->file, error);
    if (status != PL_OK) return status;
    status = pl__vector_remove(store->file, "scenes", "scene_id", result->scene.id, error);
    if (status == PL_OK)
        status = pl__vector_remove(store->file, "hulls", "scene_id", result->scene.id, error);
    if (status == PL_OK) status = write_scene(store, result, error);
    for (int i = 0; i < result->count && status == PL_OK; i++)
        status = write_hull(store, result, &result->row[i], error);
    if (status == PL_OK) status = write_journal(store, result->scene.file, "done", NULL, error);
    if (status == PL_OK) return pl__vector_commit(store->file, error);
    pl__vector_rollback(store->file);
    return status;
}

pl_status pl_store_write_failure(pl_store *store, const char *file, const char *reason,
                                 pl_error *error) {
    pl_status status = pl__vector_begin(store->file, error);
    if (status != PL_OK) return status;
    status = write_journal(store, file, "failed", reason, error);
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
