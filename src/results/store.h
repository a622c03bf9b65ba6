/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the store hand to each other. */
#ifndef PL_RESULTS_STORE_H
#define PL_RESULTS_STORE_H

#include "results/internal.h"

enum { PL__STORE_SCHEMA = 1 }; /* 0: before stores said which they have */

/** The layers, as this version makes them. */
extern const pl_layer_form PL__STORE_SCENES, PL__STORE_JOURNAL, PL__STORE_VISITS;
/** Columns of the hulls: the cells of a row and its record. @param out PL__CELLS_MAX + 1 of them.
 */
int pl__store_hull_fields(pl_field *out);
/** Indices into PL__STORE_SCENES.fields. */
enum {
    SCENE_ID,
    SCENE_FILE,
    SCENE_KEY,
    SCENE_ACQUIRED,
    SCENE_PLATFORM,
    SCENE_PORT,
    SCENE_HULLS,
    SCENE_SHA256,
    SCENE_SIDECAR_SHA256,
    SCENE_MODELS_SHA256,
    SCENE_PORTS_SHA256,
    SCENE_VESSELS_SHA256,
    SCENE_VERSION,
    SCENE_OPTIONS,
    SCENE_RECORD,
    SCENE_SECONDS,
    SCENE_BYTES_READ,
    SCENE_FIELDS
};
enum {
    JOURNAL_FILE,
    JOURNAL_SCENE_ID,
    JOURNAL_STATUS,
    JOURNAL_REASON,
    JOURNAL_KEY,
    JOURNAL_VERSION,
    JOURNAL_WRITTEN,
    JOURNAL_FIELDS
};

enum {
    REVIEW_ID,
    REVIEW_HULL,
    REVIEW_SCENE,
    REVIEW_ROW_SHA256,
    REVIEW_VERDICT,
    REVIEW_ANALYST,
    REVIEW_REMARK,
    REVIEW_TIME,
    REVIEW_APPLIED,
    REVIEW_PLACE,
    REVIEW_SIDE,
    REVIEW_KIND,
    REVIEW_DECK,
    REVIEW_OUTER,
    REVIEW_PER_METRE,
    REVIEW_GIVEN,
    REVIEW_GIVEN_SIGMA,
    REVIEW_VERSION,
    REVIEW_RECORD,
    REVIEW_OWN_FIELDS, /* then those of a row that a correction changes */
    PL__REVIEW_FIELDS_MAX = REVIEW_OWN_FIELDS + PL__CELLS_MAX
};
/** The layer of reviews with these fields. */
pl_layer_form pl__store_review_form(pl_field fields[PL__REVIEW_FIELDS_MAX]);

/** Sees that the store has this version's schema: makes it, brings an older one up to it, refuses a
 * newer one. */
pl_status pl__store_settle(pl_vector_file *file, pl_error *error);
/** The schema that the file has; -1 none, and it is no store. */
pl_status pl__store_schema_of(pl_vector_file *file, int *schema, pl_error *error);
/** Opens a store that may be anybody's, to read. Close it also on failure. PL_E_IO: is not there;
 * PL_E_FORMAT: is none, or a later version's. */
pl_status pl__store_open_other(const char *name, pl_vector_file **out, pl_error *error);
/** Styles of the layers, where there are none yet. */
pl_status pl__store_write_styles(pl_vector_file *file, pl_error *error);

/** A row outside any file: its own copies. */
typedef struct pl_kept_row {
    int count;
    pl_value *values;
    char **texts;
    pl_vector_shape shape;
} pl_kept_row;
typedef struct pl_kept_rows {
    int count, room;
    pl_kept_row *row;
    int fields;
    bool failed;
} pl_kept_rows;
struct pl_store {
    char *name; /* as it was given */
    bool postgres;
    bool reached; /* once: from then on a loss may pass */
    pl_store_listener listener;
    pl_vector_file *file; /* NULL between two calls */
    pl_kept_rows done;    /* what was done when it was first asked: file, key; by file */
    bool asked;
};

/** A pl_row_visit whose context is a pl_kept_rows with `fields` set. */
bool pl__store_keep_row(void *context, const pl_value *values, const unsigned char *wkb,
                        size_t size);
void pl__store_drop_rows(pl_kept_rows *rows);
/** Reads rows that match into memory. Drop them also on failure. */
pl_status pl__store_read(pl_vector_file *file, const pl_layer_form *form, const pl_match *match,
                         const char *order, pl_kept_rows *out, pl_error *error);
pl_status pl__store_add(pl_vector_file *file, const pl_layer_form *form, const pl_kept_row *row,
                        pl_error *error);
/** Rows as text, a line a row, sorted; NULL out of memory. */
char *pl__store_rows_text(const pl_layer_form *form, const pl_kept_rows *rows);

/** Gives a row its outline, cut at the antimeridian. @return false out of memory. */
bool pl__store_set_shape(pl_kept_row *row, const double (*ring)[2], int corners);
/** A result as rows. @param scene SCENE_FIELDS values are kept. */
pl_status pl__store_rows_of(const pl_result *result, const char *key, const char *options,
                            pl_kept_rows *scene, pl_kept_rows *hulls, pl_error *error);
/** The hulls' layer with these fields. */
pl_layer_form pl__store_hulls(pl_field fields[PL__CELLS_MAX + 1]);

/** A scene that is written with all that belongs to it. */
typedef struct pl_store_bundle {
    const pl_kept_row *scene;
    const pl_kept_rows *hulls;
    const pl_kept_row *journal;
    bool anew; /* also when the same is there under the same key */
} pl_store_bundle;
/** Replaces inside a transaction what the store has of that scene. */
pl_status pl__store_put(pl_vector_file *file, const pl_store_bundle *bundle, pl_error *error);
/** The journal's line for a file. @return false out of memory. */
bool pl__store_journal_row(pl_kept_rows *out, const char *file, const char *scene_id,
                           const char *status, const char *reason, const char *key);

/** Does work on the open store, again and again while the trouble may pass by itself: a GeoPackage
 * that is locked, a database that is gone. work may be called several times. */
typedef pl_status pl_store_work(pl_store *store, void *context, pl_error *error);
pl_status pl__store_do(pl_store *store, pl_store_work *work, void *context, pl_error *error);
/** Closes what is open between two calls. */
void pl__store_rest(pl_store *store);

/** A hull's row as an observation, whatever reviews say. @param values of pl__store_hulls. @param
 * record borrowed from them. */
bool pl__store_take_hull(const pl_value *values, pl_observation *out, const char **record);
/** A scene's row as coverage. @param values SCENE_FIELDS of them. */
void pl__store_take_scene(const pl_value *values, pl_coverage *out);
/** All reviews, by hull and of one hull the last one last; a store without the layer has none. */
pl_status pl__store_read_reviews(pl_vector_file *file, pl_kept_rows *out, pl_error *error);
/** The one that counts for a row; NULL none. @param stale there are some, of other rows. */
const pl_kept_row *pl__store_review_of(const pl_kept_rows *reviews, const char *hull_id,
                                       const char *record, bool *stale);
/** Adds those that are not there. */
pl_status pl__store_add_reviews(pl_store *store, const pl_kept_rows *rows, int *added,
                                pl_error *error);

/** Text equal, neither NULL. */
bool pl__store_same(const char *a, const char *b);
/** Is the scene's id there another picture's? */
bool pl__store_is_stranger(const pl_kept_row *there, const pl_kept_row *scene);

#endif
