/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do visits get into a store's layer? All of them in one transaction, in the place of those
 * that are there (of one port alone, if the visits are); the same again change nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/store.h"
#include "results/visits.h"

typedef struct page {
    const char *port; /* NULL: all */
    pl_kept_rows rows;
} page;

static int column_of(const char *name) {
    for (int i = 0; i < PL__STORE_VISITS.count; i++)
        if (strcmp(PL__STORE_VISITS.fields[i].name, name) == 0) return i;
    return -1;
}

static bool keep(const pl_visit *v, pl_kept_rows *out) {
    pl_value values[PL__CELLS_MAX + 1];
    pl__visit_cells c;
    double ring[PL__VISIT_RING][2];
    int corners = pl__visit_ring(v, ring);
    char *record = pl__visit_json(v);
    if (!record) return false;
    pl__visit_cells_of(v, &c);
    for (int i = 0; i < PL__STORE_VISITS.count; i++) values[i] = (pl_value){.real = (double)NAN};
    for (int i = 0; i < c.cells.count; i++) {
        const pl_cell *cell = &c.cells.cell[i];
        int at = column_of(cell->name);
        if (at >= 0) values[at] = (pl_value){cell->text, cell->real, pl__cell_whole(cell)};
    }
    values[column_of("record")].text = record;
    out->fields = PL__STORE_VISITS.count;
    bool fine = pl__store_keep_row(out, values, NULL, 0) &&
                pl__store_set_shape(&out->row[out->count - 1], (const double(*)[2])ring, corners);
    free(record);
    return fine;
}

/* Of the rows there, those in whose place the new ones come. */
static pl_status read_old(pl_vector_file *file, const page *p, pl_kept_rows *out, pl_error *error) {
    pl_match of_port = {"port", p->port};
    return pl__store_read(file, &PL__STORE_VISITS, p->port ? &of_port : NULL, NULL, out, error);
}

static pl_status replace(pl_vector_file *file, const page *p, const pl_kept_rows *old,
                         pl_error *error) {
    int id = column_of("visit_id");
    pl_status status = PL_OK;
    for (int i = 0; i < old->count && status == PL_OK; i++)
        if (old->row[i].values[id].text)
            status =
                pl__vector_remove(file, "visits", "visit_id", old->row[i].values[id].text, error);
    for (int i = 0; i < p->rows.count && status == PL_OK; i++) {
        /* of another port, perhaps: a hull that the picture's new area gave to this one */
        status =
            pl__vector_remove(file, "visits", "visit_id", p->rows.row[i].values[id].text, error);
        if (status == PL_OK)
            status = pl__store_add(file, &PL__STORE_VISITS, &p->rows.row[i], error);
    }
    return status;
}

static pl_status write_page(pl_store *store, void *context, pl_error *error) {
    static const char *const LOCK[] = {"visits"};
    const page *p = context;
    pl_kept_rows old = {0};
    pl_status status = pl__vector_begin(store->file, LOCK, 1, error);
    if (status != PL_OK) return status;
    status = read_old(store->file, p, &old, error);
    char *then = status == PL_OK ? pl__store_rows_text(&PL__STORE_VISITS, &old) : NULL;
    char *now = status == PL_OK ? pl__store_rows_text(&PL__STORE_VISITS, &p->rows) : NULL;
    if (status == PL_OK && (!then || !now)) status = pl__fail_memory(error, "results");
    bool same = status == PL_OK && strcmp(then, now) == 0;
    if (status == PL_OK && !same) status = replace(store->file, p, &old, error);
    if (status == PL_OK && !same)
        status = pl__vector_commit(store->file, error);
    else
        pl__vector_rollback(store->file);
    free(then);
    free(now);
    pl__store_drop_rows(&old);
    return status;
}

pl_status pl_store_write_visits(pl_store *store, const char *port, const pl_visit_list *list,
                                pl_error *error) {
    page p = {.port = port};
    pl_status status = PL_OK;
    for (int i = 0; i < list->count && status == PL_OK; i++)
        if (!keep(&list->visit[i], &p.rows)) status = pl__fail_memory(error, "results");
    if (status == PL_OK) {
        pl__store_rest(store); /* OGR keeps extents and counts: others may have written */
        status = pl__store_do(store, write_page, &p, error);
        pl__store_rest(store);
    }
    pl__store_drop_rows(&p.rows);
    return status;
}
