/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which layers and columns has a store, how is it told which schema that is, and how does an older
 * one come up to it?
 *
 * Schema 1, and 0: what plimsoll wrote before stores said so (no table plimsoll_store, a journal
 * with a shape, times as text). Columns that a later version of the same schema knows are added
 * when it opens the store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store.h"

static const pl_field SCENES[SCENE_FIELDS] = {
    [SCENE_ID] = {"scene_id", PL_FIELD_TEXT, PL_INDEX_ONCE},
    [SCENE_FILE] = {"file", PL_FIELD_TEXT, PL_INDEX_ANY},
    [SCENE_KEY] = {"key", PL_FIELD_TEXT, PL_INDEX_ANY},
    [SCENE_ACQUIRED] = {"acquired", PL_FIELD_TIME, PL_INDEX_ANY},
    [SCENE_PLATFORM] = {"platform", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_PORT] = {"port", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_HULLS] = {"hulls", PL_FIELD_INTEGER, PL_INDEX_NONE},
    [SCENE_SHA256] = {"sha256", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_SIDECAR_SHA256] = {"sidecar_sha256", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_MODELS_SHA256] = {"models_sha256", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_PORTS_SHA256] = {"ports_sha256", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_VESSELS_SHA256] = {"vessels_sha256", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_VERSION] = {"version", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_OPTIONS] = {"options", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_RECORD] = {"record", PL_FIELD_TEXT, PL_INDEX_NONE},
    [SCENE_SECONDS] = {"seconds", PL_FIELD_REAL, PL_INDEX_NONE},
    [SCENE_BYTES_READ] = {"bytes_read", PL_FIELD_INTEGER, PL_INDEX_NONE},
};
static const pl_field JOURNAL[JOURNAL_FIELDS] = {
    [JOURNAL_FILE] = {"file", PL_FIELD_TEXT, PL_INDEX_ANY},
    [JOURNAL_SCENE_ID] = {"scene_id", PL_FIELD_TEXT, PL_INDEX_ANY},
    [JOURNAL_STATUS] = {"status", PL_FIELD_TEXT, PL_INDEX_NONE},
    [JOURNAL_REASON] = {"reason", PL_FIELD_TEXT, PL_INDEX_NONE},
    [JOURNAL_KEY] = {"key", PL_FIELD_TEXT, PL_INDEX_ANY},
    [JOURNAL_VERSION] = {"version", PL_FIELD_TEXT, PL_INDEX_NONE},
    [JOURNAL_WRITTEN] = {"written", PL_FIELD_TIME, PL_INDEX_NONE},
};
/* The fields of src/results/visits.c, by name. */
static const pl_field VISITS[] = {
    {"visit_id", PL_FIELD_TEXT, PL_INDEX_ONCE},
    {"port", PL_FIELD_TEXT, PL_INDEX_ANY},
    {"arrival_hull_id", PL_FIELD_TEXT, PL_INDEX_ANY},
    {"departure_hull_id", PL_FIELD_TEXT, PL_INDEX_ANY},
    {"arrived_after", PL_FIELD_TIME, PL_INDEX_NONE},
    {"first_seen", PL_FIELD_TIME, PL_INDEX_ANY},
    {"last_seen", PL_FIELD_TIME, PL_INDEX_ANY},
    {"departed_before", PL_FIELD_TIME, PL_INDEX_NONE},
    {"same_hull", PL_FIELD_REAL, PL_INDEX_NONE},
    {"vessel_name", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"vessel_imo", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"vessel_source", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"direction", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"status", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"reasons", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"transfer_t_p05", PL_FIELD_REAL, PL_INDEX_NONE},
    {"transfer_t_p50", PL_FIELD_REAL, PL_INDEX_NONE},
    {"transfer_t_p95", PL_FIELD_REAL, PL_INDEX_NONE},
    {"transfer_bbl_p05", PL_FIELD_REAL, PL_INDEX_NONE},
    {"transfer_bbl_p50", PL_FIELD_REAL, PL_INDEX_NONE},
    {"transfer_bbl_p95", PL_FIELD_REAL, PL_INDEX_NONE},
    {"product", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"conversion", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"record", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"ship", PL_FIELD_TEXT, PL_INDEX_ANY},
    {"observations", PL_FIELD_INTEGER, PL_INDEX_NONE},
    {"same_ship", PL_FIELD_REAL, PL_INDEX_NONE},
    {"lon", PL_FIELD_REAL, PL_INDEX_NONE},
    {"lat", PL_FIELD_REAL, PL_INDEX_NONE},
    {"length_m", PL_FIELD_REAL, PL_INDEX_NONE},
    {"length_sigma_m", PL_FIELD_REAL, PL_INDEX_NONE},
    {"beam_m", PL_FIELD_REAL, PL_INDEX_NONE},
    {"beam_sigma_m", PL_FIELD_REAL, PL_INDEX_NONE},
    {"dwt_t", PL_FIELD_REAL, PL_INDEX_NONE},
    {"dwt_sigma_t", PL_FIELD_REAL, PL_INDEX_NONE},
    {"vessel_class", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"tanker_probability", PL_FIELD_REAL, PL_INDEX_NONE},
    {"ship_sigma_bbl", PL_FIELD_REAL, PL_INDEX_NONE},
    {"common_sigma_bbl", PL_FIELD_REAL, PL_INDEX_NONE},
    {"arrival_cargo_t_p05", PL_FIELD_REAL, PL_INDEX_NONE},
    {"arrival_cargo_t_p50", PL_FIELD_REAL, PL_INDEX_NONE},
    {"arrival_cargo_t_p95", PL_FIELD_REAL, PL_INDEX_NONE},
    {"departure_cargo_t_p05", PL_FIELD_REAL, PL_INDEX_NONE},
    {"departure_cargo_t_p50", PL_FIELD_REAL, PL_INDEX_NONE},
    {"departure_cargo_t_p95", PL_FIELD_REAL, PL_INDEX_NONE},
    {"conversion_evidence", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"load_fraction", PL_FIELD_REAL, PL_INDEX_NONE},
    {"load_fraction_sigma", PL_FIELD_REAL, PL_INDEX_NONE},
    {"reviewed", PL_FIELD_TEXT, PL_INDEX_NONE},
};
static const pl_field ABOUT[] = {{"name", PL_FIELD_TEXT, PL_INDEX_ONCE},
                                 {"value", PL_FIELD_TEXT, PL_INDEX_NONE}};
enum { ABOUT_FIELDS = 2 };

const pl_layer_form PL__STORE_SCENES = {"scenes", true, SCENES, SCENE_FIELDS};
const pl_layer_form PL__STORE_JOURNAL = {"journal", false, JOURNAL, JOURNAL_FIELDS};
const pl_layer_form PL__STORE_VISITS = {"visits", true, VISITS, sizeof VISITS / sizeof *VISITS};
static const pl_layer_form STORE = {"plimsoll_store", false, ABOUT, ABOUT_FIELDS};

pl_layer_form pl__store_hulls(pl_field fields[PL__CELLS_MAX + 1]) {
    return (pl_layer_form){"hulls", true, fields, pl__store_hull_fields(fields)};
}

/* ---- which schema ---- */

static bool take_schema(void *context, const pl_value *values, const unsigned char *wkb,
                        size_t size) {
    (void)wkb;
    (void)size;
    double number;
    if (values[1].text && pl__text_number(values[1].text, &number) && number >= 0.0 && number < 1e6)
        *(int *)context = (int)number;
    return false;
}

pl_status pl__store_schema_of(pl_vector_file *file, int *schema, pl_error *error) {
    static const pl_match SCHEMA = {"name", "schema"};
    *schema = -1;
    if (pl__vector_has(file, "plimsoll_store", NULL))
        return pl__vector_find(file, "plimsoll_store", ABOUT, ABOUT_FIELDS, &SCHEMA, NULL,
                               take_schema, schema, error);
    if (pl__vector_has(file, "scenes", "scene_id") && pl__vector_has(file, "scenes", "record") &&
        pl__vector_has(file, "hulls", "hull_id") && pl__vector_has(file, "journal", "file"))
        *schema = 0;
    return pl__vector_trouble(file, error);
}

/* ---- making ---- */

static pl_status make_layers(pl_vector_file *file, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_field review_fields[PL__REVIEW_FIELDS_MAX];
    pl_layer_form hulls = pl__store_hulls(fields), reviews = pl__store_review_form(review_fields);
    const pl_layer_form *forms[] = {&PL__STORE_SCENES,  &hulls,   &PL__STORE_VISITS,
                                    &PL__STORE_JOURNAL, &reviews, &STORE};
    pl_status status = PL_OK;
    for (int i = 0; i < 6 && status == PL_OK; i++) status = pl__vector_layer(file, forms[i], error);
    return status;
}

static pl_status say_schema(pl_vector_file *file, pl_error *error) {
    char number[16];
    snprintf(number, sizeof number, "%d", PL__STORE_SCHEMA);
    pl_value rows[2][ABOUT_FIELDS] = {{{.text = "schema"}, {.text = number}},
                                      {{.text = "made_by"}, {.text = pl_version()}}};
    pl_status status = pl__vector_remove(file, STORE.name, "name", "schema", error);
    if (status == PL_OK)
        status = pl__vector_add(file, STORE.name, ABOUT, rows[0], ABOUT_FIELDS, NULL, error);
    if (status == PL_OK)
        status = pl__vector_add(file, STORE.name, ABOUT, rows[1], ABOUT_FIELDS, NULL, error);
    return status;
}

/* ---- from schema 0 ---- */

typedef struct old_rows {
    pl_kept_rows scenes, hulls, journal;
} old_rows;

static pl_status refill(pl_vector_file *file, const pl_layer_form *form, const pl_kept_rows *rows,
                        pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < rows->count && status == PL_OK; i++)
        status = pl__store_add(file, form, &rows->row[i], error);
    return status;
}

static pl_status migrate(pl_vector_file *file, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form hulls = pl__store_hulls(fields);
    old_rows old = {0};
    pl_status status = pl__store_read(file, &PL__STORE_SCENES, NULL, NULL, &old.scenes, error);
    if (status == PL_OK) status = pl__store_read(file, &hulls, NULL, NULL, &old.hulls, error);
    if (status == PL_OK)
        status = pl__store_read(file, &PL__STORE_JOURNAL, NULL, NULL, &old.journal, error);
    if (status == PL_OK) status = pl__vector_drop(file, "scenes", error);
    if (status == PL_OK) status = pl__vector_drop(file, "hulls", error);
    if (status == PL_OK) status = pl__vector_drop(file, "journal", error);
    if (status == PL_OK) status = make_layers(file, error);
    if (status == PL_OK) status = refill(file, &PL__STORE_SCENES, &old.scenes, error);
    if (status == PL_OK) status = refill(file, &hulls, &old.hulls, error);
    if (status == PL_OK) status = refill(file, &PL__STORE_JOURNAL, &old.journal, error);
    pl__store_drop_rows(&old.scenes);
    pl__store_drop_rows(&old.hulls);
    pl__store_drop_rows(&old.journal);
    return status;
}

/* ---- settling ---- */

static pl_status bring_up(pl_vector_file *file, int schema, pl_error *error) {
    pl_status status = schema == 0 ? migrate(file, error) : make_layers(file, error);
    if (status == PL_OK && schema != PL__STORE_SCHEMA) status = say_schema(file, error);
    if (status == PL_OK) status = pl__store_write_styles(file, error);
    return status;
}

static bool is_complete(pl_vector_file *file) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_field review_fields[PL__REVIEW_FIELDS_MAX];
    pl_layer_form hulls = pl__store_hulls(fields), reviews = pl__store_review_form(review_fields);
    const pl_layer_form *forms[] = {&PL__STORE_SCENES, &hulls, &PL__STORE_VISITS,
                                    &PL__STORE_JOURNAL, &reviews};
    for (int i = 0; i < 5; i++)
        if (!pl__vector_has_all(file, forms[i])) return false;
    return true;
}

static pl_status refuse_newer(int schema, pl_error *error) {
    return pl__fail(error, PL_E_FORMAT, "results",
                    "was made by a later plimsoll (schema %d; this one knows %d)", schema,
                    PL__STORE_SCHEMA);
}

pl_status pl__store_settle(pl_vector_file *file, pl_error *error) {
    static const char *const SELF[] = {"plimsoll"};
    int schema;
    pl_status status = pl__store_schema_of(file, &schema, error);
    if (status != PL_OK) return status;
    if (schema > PL__STORE_SCHEMA) return refuse_newer(schema, error);
    bool complete = schema == PL__STORE_SCHEMA && is_complete(file);
    status = pl__vector_trouble(file, error);
    if (complete || status != PL_OK) return status;
    bool being_made = schema < PL__STORE_SCHEMA && pl__vector_table_there(file, "plimsoll_store");
    if (schema < 0 && !being_made &&
        (pl__vector_has(file, "scenes", NULL) || pl__vector_has(file, "hulls", NULL) ||
         pl__vector_has(file, "journal", NULL) || pl__vector_has(file, "visits", NULL)))
        return pl__fail(error, PL_E_FORMAT, "results",
                        "has layers of these names that are not plimsoll's: another %s, please",
                        pl__vector_is_postgres(file) ? "schema (active_schema=...)" : "file");
    status = pl__vector_begin(file, SELF, 1, error);
    if (status != PL_OK) return status;
    if (being_made || (schema < PL__STORE_SCHEMA && pl__vector_table_there(file, "plimsoll_store")))
        status =
            pl__fail(error, PL_E_IO, "results", "locked while another program made its layers");
    if (status == PL_OK) status = bring_up(file, schema, error);
    if (status == PL_OK) return pl__vector_commit(file, error);
    pl__vector_rollback(file);
    return status;
}
