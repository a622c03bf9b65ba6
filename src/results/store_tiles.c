/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which chips does the store say that a scene's hulls have? */
#include "results/store.h"

typedef struct question {
    const char *scene_id;
    pl_kept_rows rows;
} question;

static pl_status ask(pl_store *store, void *context, pl_error *error) {
    static const pl_field FIELDS[] = {{"hull_id", PL_FIELD_TEXT, PL_INDEX_ANY},
                                      {"tile", PL_FIELD_TEXT, PL_INDEX_NONE}};
    static const pl_layer_form FORM = {"hulls", true, FIELDS, 2};
    question *q = context;
    pl_match by_scene = {"scene_id", q->scene_id};
    pl__store_drop_rows(&q->rows);
    return pl__store_read(store->file, &FORM, &by_scene, "hull_id", &q->rows, error);
}

pl_status pl_store_tiles(pl_store *store, const char *scene_id,
                         bool (*visit)(void *context, const char *hull_id, const char *tile),
                         void *context, pl_error *error) {
    question q = {.scene_id = scene_id};
    pl_status status = pl__store_do(store, ask, &q, error);
    pl__store_rest(store);
    bool more = status == PL_OK;
    for (int i = 0; i < q.rows.count && more; i++)
        more = visit(context, q.rows.row[i].values[0].text, q.rows.row[i].values[1].text);
    pl__store_drop_rows(&q.rows);
    return status;
}
