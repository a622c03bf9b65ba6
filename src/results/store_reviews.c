/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What have analysts said of the hulls, and which of their words counts?
 *
 * A review lies beside the machine's row, in a layer of its own, and is never changed: a later one
 * is another row. It was made on one row and knows its key (pl_review_row_key); on any other row it
 * is stale. Of those made on the row that is there the latest counts; of one second the one that
 * was applied later, then the later one in its file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "geo/geo.h"
#include "plimsoll/review.h"
#include "results/store.h"

/* ---- columns ---- */

static const pl_field OWN[REVIEW_OWN_FIELDS] = {
    [REVIEW_ID] = {"review_id", PL_FIELD_TEXT, PL_INDEX_ONCE},
    [REVIEW_HULL] = {"hull_id", PL_FIELD_TEXT, PL_INDEX_ANY},
    [REVIEW_SCENE] = {"scene_id", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_ROW_SHA256] = {"row_sha256", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_VERDICT] = {"verdict", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_ANALYST] = {"analyst", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_REMARK] = {"remark", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_TIME] = {"reviewed_at", PL_FIELD_TIME, PL_INDEX_NONE},
    [REVIEW_APPLIED] = {"applied_at", PL_FIELD_TIME, PL_INDEX_NONE},
    [REVIEW_PLACE] = {"place", PL_FIELD_INTEGER, PL_INDEX_NONE},
    [REVIEW_SIDE] = {"side", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_KIND] = {"kind", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_DECK] = {"deck_edge_m", PL_FIELD_REAL, PL_INDEX_NONE},
    [REVIEW_OUTER] = {"outer_edge_m", PL_FIELD_REAL, PL_INDEX_NONE},
    [REVIEW_PER_METRE] = {"per_metre", PL_FIELD_REAL, PL_INDEX_NONE},
    [REVIEW_GIVEN] = {"given_freeboard_m", PL_FIELD_REAL, PL_INDEX_NONE},
    [REVIEW_GIVEN_SIGMA] = {"given_sigma_m", PL_FIELD_REAL, PL_INDEX_NONE},
    [REVIEW_VERSION] = {"version", PL_FIELD_TEXT, PL_INDEX_NONE},
    [REVIEW_RECORD] = {"record", PL_FIELD_TEXT, PL_INDEX_NONE},
};

/* What a correction changes of a row, as the row has it. */
static bool is_corrected(const pl_cells *cells, int i) {
    int first = -1, last = -1;
    for (int k = 0; k < cells->count; k++) {
        if (strcmp(cells->cell[k].name, "status") == 0) first = k;
        if (strcmp(cells->cell[k].name, "conversion_evidence") == 0) last = k;
    }
    return first >= 0 && i >= first && i <= last;
}

static void cells_of(const pl_result_row *row, pl_cells *out) {
    pl_result none = {.scene = {.acquired_s = NAN}};
    pl__results_cells(&none, row, out);
}

pl_layer_form pl__store_review_form(pl_field fields[PL__REVIEW_FIELDS_MAX]) {
    pl_result_row row = {0};
    pl_cells cells;
    int count = REVIEW_OWN_FIELDS;
    memcpy(fields, OWN, sizeof OWN);
    cells_of(&row, &cells);
    for (int i = 0; i < cells.count; i++)
        if (is_corrected(&cells, i))
            fields[count++] = (pl_field){cells.cell[i].name, cells.cell[i].type, PL_INDEX_NONE};
    return (pl_layer_form){"reviews", false, fields, count};
}

/* ---- writing ---- */

static const char *text_or_null(const char *text) {
    return text && *text ? text : NULL;
}

static bool make_id(const pl_review *r, const char *time, char hex[65]) {
    char *all = NULL;
    int n = asprintf(&all, "%s\n%s\n%d\n%s\n%s\n%s\n%d %d %d %.17g %.17g %.17g %.17g", r->hull_id,
                     r->row_sha256, (int)r->verdict, r->analyst, time, r->remark, r->has_edges,
                     (int)r->side, (int)r->kind, r->deck_edge_m, r->outer_edge_m, r->freeboard_m,
                     r->freeboard_sigma_m);
    if (n < 0) return false;
    pl__io_sha256_buffer(all, (size_t)n, hex);
    free(all);
    return true;
}

static void take_values(const pl_reviewed *c, pl_result_row *row) {
    row->has_freeboard = true;
    row->freeboard = (pl_freeboard){.status = c->status,
                                    .reasons = c->reasons,
                                    .freeboard_m = c->freeboard_m,
                                    .bound_m = NAN,
                                    .p05_m = c->p05_m,
                                    .p95_m = c->p95_m,
                                    .trim_m = {NAN, NAN},
                                    .list_rad = NAN,
                                    .shadow_length_m = NAN,
                                    .overhang_m = NAN,
                                    .cue_count = c->has_cue};
    row->freeboard.cue[0] = c->cue;
    memcpy(row->freeboard.budget_m, c->budget_m, sizeof c->budget_m);
    row->has_load = c->has_load;
    row->load = c->load;
}

static bool keep_entry(const pl_review_entry *e, const char *applied, pl_kept_rows *out) {
    pl_value values[PL__REVIEW_FIELDS_MAX];
    pl_result_row *row = calloc(1, sizeof *row);
    const pl_review *r = e->review;
    char id[65], time[40];
    pl_cells cells;
    char *record = NULL;
    if (!row) return false;
    pl__geo_time_format(r->reviewed_s, time, sizeof time);
    bool fine = make_id(r, time, id);
    for (int i = 0; i < PL__REVIEW_FIELDS_MAX; i++) values[i] = (pl_value){.real = NAN};
    values[REVIEW_ID].text = id;
    values[REVIEW_HULL].text = r->hull_id;
    values[REVIEW_SCENE].text = text_or_null(e->scene_id);
    values[REVIEW_ROW_SHA256].text = r->row_sha256;
    values[REVIEW_VERDICT].text = pl_review_verdict_name(r->verdict);
    values[REVIEW_ANALYST].text = r->analyst;
    values[REVIEW_REMARK].text = text_or_null(r->remark);
    values[REVIEW_TIME].text = time;
    values[REVIEW_APPLIED].text = applied;
    values[REVIEW_PLACE] = (pl_value){.real = r->place, .integer = r->place};
    if (r->has_edges) {
        values[REVIEW_SIDE].text = r->side == PL_PORT_SIDE ? "port" : "starboard";
        values[REVIEW_DECK].real = r->deck_edge_m;
        values[REVIEW_OUTER].real = r->outer_edge_m;
    }
    values[REVIEW_GIVEN].real = r->freeboard_m;
    values[REVIEW_GIVEN_SIGMA].real = r->freeboard_sigma_m;
    values[REVIEW_VERSION].text = pl_version();
    int count = REVIEW_OWN_FIELDS;
    if (e->reviewed) {
        take_values(e->reviewed, row);
        record = pl__results_review_json(row);
        fine = fine && record;
        values[REVIEW_RECORD].text = record;
        if (e->reviewed->has_cue) {
            bool dark = e->reviewed->cue.kind == PL_CUE_DARK_BAND;
            values[REVIEW_KIND].text = dark ? "dark_band" : "lit_wall";
            values[REVIEW_PER_METRE].real = e->reviewed->cue.per_metre;
        }
    }
    cells_of(row, &cells);
    for (int i = 0; i < cells.count; i++) {
        const pl_cell *c = &cells.cell[i];
        if (!is_corrected(&cells, i)) continue;
        values[count++] = e->reviewed ? (pl_value){c->text, c->real, 0} : (pl_value){.real = NAN};
    }
    out->fields = count;
    fine = fine && pl__store_keep_row(out, values, NULL, 0);
    free(record);
    free(row);
    return fine;
}

typedef struct addition {
    const pl_kept_rows *rows;
    int added;
} addition;

static pl_status add_one(pl_vector_file *file, const pl_layer_form *form, const pl_kept_row *row,
                         int *added, pl_error *error) {
    pl_layer_form ids = *form;
    pl_kept_rows there = {0};
    pl_match by_id = {"review_id", row->values[REVIEW_ID].text};
    if (!by_id.value) return PL_OK; /* anybody's part */
    ids.count = REVIEW_ID + 1;
    pl_status status = pl__store_read(file, &ids, &by_id, NULL, &there, error);
    if (status == PL_OK && there.count == 0) {
        status = pl__store_add(file, form, row, error);
        ++*added;
    }
    pl__store_drop_rows(&there);
    return status;
}

static pl_status add_all(pl_store *store, void *context, pl_error *error) {
    static const char *const NAMES[] = {"plimsoll reviews"};
    addition *a = context;
    pl_field fields[PL__REVIEW_FIELDS_MAX];
    pl_layer_form form = pl__store_review_form(fields);
    a->added = 0;
    pl_status status = pl__vector_begin(store->file, NAMES, 1, error);
    if (status != PL_OK) return status;
    for (int i = 0; i < a->rows->count && status == PL_OK; i++)
        status = add_one(store->file, &form, &a->rows->row[i], &a->added, error);
    if (status == PL_OK && a->added > 0) return pl__vector_commit(store->file, error);
    pl__vector_rollback(store->file);
    return status;
}

pl_status pl__store_add_reviews(pl_store *store, const pl_kept_rows *rows, int *added,
                                pl_error *error) {
    addition a = {rows, 0};
    pl__store_rest(store); /* OGR keeps extents and counts: others may have written */
    pl_status status = rows->count > 0 ? pl__store_do(store, add_all, &a, error) : PL_OK;
    pl__store_rest(store);
    *added = status == PL_OK ? a.added : 0;
    return status;
}

pl_status pl_store_write_reviews(pl_store *store, const pl_review_entry *entry, int count,
                                 int *added, pl_error *error) {
    pl_kept_rows rows = {0};
    char now[40] = "";
    struct timespec clock;
    bool fine = true;
    if (clock_gettime(CLOCK_REALTIME, &clock) == 0)
        pl__geo_time_format((double)clock.tv_sec, now, sizeof now);
    for (int i = 0; i < count && fine; i++) fine = keep_entry(&entry[i], now, &rows);
    pl_status status = fine ? pl__store_add_reviews(store, &rows, added, error)
                            : pl__fail_memory(error, "results");
    pl__store_drop_rows(&rows);
    return status;
}

/* ---- reading ---- */

static double time_of(const pl_value *v) {
    double utc_s;
    return v->text && pl__geo_time_parse(v->text, &utc_s) ? utc_s : -INFINITY;
}

static int by_number(double a, double b) {
    return (a > b) - (a < b);
}

static int by_text(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "");
}

/* By hull, and of one hull the last one last. */
static int earlier(const void *a, const void *b) {
    const pl_value *x = ((const pl_kept_row *)a)->values, *y = ((const pl_kept_row *)b)->values;
    int order = by_text(x[REVIEW_HULL].text, y[REVIEW_HULL].text);
    if (!order) order = by_number(time_of(&x[REVIEW_TIME]), time_of(&y[REVIEW_TIME]));
    if (!order) order = by_number(time_of(&x[REVIEW_APPLIED]), time_of(&y[REVIEW_APPLIED]));
    if (!order) order = by_number((double)x[REVIEW_PLACE].integer, (double)y[REVIEW_PLACE].integer);
    return order ? order : by_text(x[REVIEW_ID].text, y[REVIEW_ID].text);
}

pl_status pl__store_read_reviews(pl_vector_file *file, pl_kept_rows *out, pl_error *error) {
    pl_field fields[PL__REVIEW_FIELDS_MAX];
    pl_layer_form form = pl__store_review_form(fields);
    *out = (pl_kept_rows){0};
    if (!pl__vector_has(file, "reviews", "review_id")) return pl__vector_trouble(file, error);
    pl_status status = pl__store_read(file, &form, NULL, NULL, out, error);
    if (out->count > 0) qsort(out->row, (size_t)out->count, sizeof *out->row, earlier);
    return status;
}

static int to_hull(const void *id, const void *row) {
    return by_text(id, ((const pl_kept_row *)row)->values[REVIEW_HULL].text);
}

const pl_kept_row *pl__store_review_of(const pl_kept_rows *reviews, const char *hull_id,
                                       const char *record, bool *stale) {
    char key[65] = "";
    const pl_kept_row *stands = NULL, *row = NULL, *end = reviews->row + reviews->count;
    *stale = false;
    if (reviews->count > 0)
        row = bsearch(hull_id, reviews->row, (size_t)reviews->count, sizeof *row, to_hull);
    if (!row) return NULL;
    while (row > reviews->row && to_hull(hull_id, row - 1) == 0) row--;
    pl_review_row_key(record, key);
    for (; row < end && to_hull(hull_id, row) == 0; row++)
        if (pl__store_same(row->values[REVIEW_ROW_SHA256].text, key)) stands = row;
    *stale = !stands;
    return stands;
}

/* ---- all of them, for people ---- */

const char *pl_review_standing_name(pl_review_standing standing) {
    static const char *const NAMES[] = {"current", "superseded", "stale"};
    return (unsigned)standing < sizeof NAMES / sizeof *NAMES ? NAMES[standing] : NULL;
}

static const pl_value *cell(const pl_layer_form *form, const pl_value *values, const char *name) {
    static const pl_value NOTHING = {.real = NAN};
    for (int i = 0; values && i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0) return &values[i];
    return &NOTHING;
}

static const char *said(const pl_value *v) {
    return v->text ? v->text : "";
}

static pl_quantity freeboard_in(const pl_layer_form *form, const pl_value *values) {
    return (pl_quantity){cell(form, values, "freeboard_m")->real,
                         cell(form, values, "freeboard_sigma_m")->real};
}

static pl_range oil_in(const pl_layer_form *form, const pl_value *values) {
    return (pl_range){cell(form, values, "oil_bbl_p05")->real,
                      cell(form, values, "oil_bbl_p50")->real,
                      cell(form, values, "oil_bbl_p95")->real};
}

static pl_status show_one(pl_vector_file *file, const pl_layer_form *form,
                          const pl_kept_rows *reviews, const pl_kept_row *row,
                          bool (*visit)(void *context, const pl_store_review *review),
                          void *context, bool *more, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form hulls = pl__store_hulls(fields);
    pl_kept_rows there = {0};
    const pl_value *v = row->values;
    pl_match by_id = {"hull_id", said(&v[REVIEW_HULL])};
    pl_status status = pl__store_read(file, &hulls, &by_id, NULL, &there, error);
    const pl_value *machine = status == PL_OK && there.count > 0 ? there.row[0].values : NULL;
    bool stale = true;
    const pl_kept_row *stands = NULL;
    if (machine)
        stands = pl__store_review_of(reviews, by_id.value, said(cell(&hulls, machine, "record")),
                                     &stale);
    char key[65] = "";
    if (machine) pl_review_row_key(said(cell(&hulls, machine, "record")), key);
    bool same = pl__store_same(v[REVIEW_ROW_SHA256].text, key);
    pl_store_review said_of = {.hull_id = by_id.value,
                               .verdict = said(&v[REVIEW_VERDICT]),
                               .analyst = said(&v[REVIEW_ANALYST]),
                               .remark = said(&v[REVIEW_REMARK]),
                               .reviewed_at = said(&v[REVIEW_TIME]),
                               .applied_at = said(&v[REVIEW_APPLIED]),
                               .standing = stands == row ? PL_REVIEW_STANDS
                                           : same        ? PL_REVIEW_SUPERSEDED
                                                         : PL_REVIEW_STALE,
                               .machine_freeboard_m = freeboard_in(&hulls, machine),
                               .freeboard_m = freeboard_in(form, v),
                               .machine_oil_bbl = oil_in(&hulls, machine),
                               .oil_bbl = oil_in(form, v),
                               .machine_status = said(cell(&hulls, machine, "status")),
                               .status = said(cell(form, v, "status"))};
    if (status == PL_OK) *more = visit(context, &said_of);
    pl__store_drop_rows(&there);
    return status;
}

pl_status pl_store_reviews(const char *name,
                           bool (*visit)(void *context, const pl_store_review *review),
                           void *context, pl_error *error) {
    pl_field fields[PL__REVIEW_FIELDS_MAX];
    pl_layer_form form = pl__store_review_form(fields);
    pl_kept_rows reviews = {0};
    pl_vector_file *file = NULL;
    bool more = true;
    pl_status status = pl__store_open_other(name, &file, error);
    if (status == PL_OK) status = pl__store_read_reviews(file, &reviews, error);
    for (int i = 0; i < reviews.count && status == PL_OK && more; i++)
        status = show_one(file, &form, &reviews, &reviews.row[i], visit, context, &more, error);
    pl__store_drop_rows(&reviews);
    pl__vector_close(file, NULL);
    return status;
}

/* ---- one hull, as it was measured ---- */

typedef struct search {
    const char *hull_id;
    pl_observation *out;
    char *row_sha256;
    bool found;
} search;

static bool keep_found(void *context, const pl_value *values, const unsigned char *wkb,
                       size_t size) {
    search *s = context;
    const char *record = "";
    (void)wkb;
    (void)size;
    s->found = pl__store_take_hull(values, s->out, &record);
    if (s->found) pl_review_row_key(record, s->row_sha256);
    return false;
}

static pl_status look_for(pl_store *store, void *context, pl_error *error) {
    search *s = context;
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form hulls = pl__store_hulls(fields);
    pl_match by_id = {"hull_id", s->hull_id};
    return pl__vector_find(store->file, hulls.name, fields, hulls.count, &by_id, NULL, keep_found,
                           s, error);
}

pl_status pl_store_hull(pl_store *store, const char *hull_id, pl_observation *out,
                        char row_sha256[65], pl_error *error) {
    search s = {hull_id, out, row_sha256, false};
    row_sha256[0] = '\0';
    pl_status status = pl__store_do(store, look_for, &s, error);
    if (status != PL_OK || s.found) return status;
    return pl__fail(error, PL_REFUSED, "results", "no hull of that id");
}
