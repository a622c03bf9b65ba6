/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a store say of each hull, as the JSON it was written with? For those who show rows. */
#include <stdio.h>
#include <string.h>

#include "results/store.h"

typedef struct question {
    const pl_layer_form *form;
    const char *order;
    pl_kept_rows rows;
} question;

static pl_status ask(pl_store *store, void *context, pl_error *error) {
    question *q = context;
    pl__store_drop_rows(&q->rows);
    return pl__store_read(store->file, q->form, NULL, q->order, &q->rows, error);
}

static int column(const pl_layer_form *form, const char *name) {
    for (int i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0) return i;
    return -1;
}

pl_status pl_store_records(pl_store *store,
                           bool (*visit)(void *context, const pl_store_record *record),
                           void *context, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form form = pl__store_hulls(fields);
    question q = {&form, "hull_id", {0}};
    int id = column(&form, "hull_id"), scene = column(&form, "scene_id"),
        record = column(&form, "record");
    pl_status status = pl__store_do(store, ask, &q, error);
    pl__store_rest(store);
    bool more = status == PL_OK;
    for (int i = 0; i < q.rows.count && more; i++) {
        const pl_value *v = q.rows.row[i].values;
        pl_store_record told = {v[id].text, v[scene].text, v[record].text};
        more = visit(context, &told);
    }
    pl__store_drop_rows(&q.rows);
    return status;
}

/* ---- layers as they are ---- */

static void put_value(pl_json_out *o, const pl_field *field, const pl_value *value) {
    bool text = field->type == PL_FIELD_TEXT || field->type == PL_FIELD_TIME;
    if (text)
        pl__json_put_string(o, field->name, value->text);
    else
        pl__json_put_number(o, field->name, value->real, 9);
}

static char *as_array(const pl_layer_form *form, const pl_kept_rows *rows) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_array(o, NULL);
    for (int i = 0; i < rows->count; i++) {
        pl__json_begin_object(o, NULL);
        for (int k = 0; k < form->count; k++)
            if (strcmp(form->fields[k].name, "record") != 0)
                put_value(o, &form->fields[k], &rows->row[i].values[k]);
        pl__json_end(o);
    }
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    pl__json_out_free(o);
    return text;
}

pl_status pl_store_visits_json(pl_store *store, char **out, pl_error *error) {
    question q = {&PL__STORE_VISITS, "first_seen", {0}};
    *out = NULL;
    pl_status status = pl__store_do(store, ask, &q, error);
    pl__store_rest(store);
    if (status == PL_OK && !(*out = as_array(&PL__STORE_VISITS, &q.rows)))
        status = pl__fail_memory(error, "results");
    pl__store_drop_rows(&q.rows);
    return status;
}
