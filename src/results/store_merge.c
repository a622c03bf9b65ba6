/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do the parts that several machines wrote become one store?
 *
 * Scene by scene, each in one transaction. What the store has already stays: a scene that a part
 * has otherwise (another key, other rows under the same key, another picture of the same id) is a
 * conflict, and told. Merging the same part again changes nothing. A part is read, never written,
 * and may be anybody's: nothing that it brings is run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store.h"

typedef struct merge {
    pl_store *into;
    pl_vector_file *part;
    pl_store_merged *count;
    void (*conflict)(void *context, const char *words);
    void *context;
} merge;

pl_status pl__store_open_other(const char *name, pl_vector_file **out, pl_error *error) {
    int schema;
    bool there = true;
    pl_status status = PL_OK;
    *out = NULL;
    if (!pl__vector_is_database(name)) status = pl__vector_is_there(name, &there, error);
    if (status == PL_OK && !there)
        status = pl__fail(error, PL_E_IO, "results", "no such store, or an empty file");
    if (status == PL_OK) status = pl__vector_open(name, PL_VECTOR_READ, out, error);
    if (status == PL_OK) status = pl__store_schema_of(*out, &schema, error);
    if (status != PL_OK) return status;
    if (schema < 0) return pl__fail(error, PL_E_FORMAT, "results", "is not a store of plimsoll's");
    if (schema <= PL__STORE_SCHEMA) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, "results",
                    "was made by a later plimsoll (schema %d; this one knows %d)", schema,
                    PL__STORE_SCHEMA);
}

pl_status pl_store_check(const char *name, pl_error *error) {
    pl_vector_file *file = NULL;
    pl_status status = pl__store_open_other(name, &file, error);
    pl__vector_close(file, NULL);
    return status;
}

/* Two runs on one PostGIS name it in several ways; what is merged into itself is all there. */
static bool is_itself(const pl_store *into, const char *part) {
    return into->postgres ? strcmp(into->name, part) == 0
                          : !pl__vector_is_database(part) && pl__vector_same_file(into->name, part);
}

/* ---- a scene ---- */

typedef struct candidate {
    pl_kept_rows hulls, journal;
    const pl_kept_row *scene;
    pl_layer_form form;
    enum { ADDED, SAME, OTHER_PICTURE, OTHER_ID, OTHER_KEY, OTHER_ROWS } found;
    char other_file[512];
} candidate;

static pl_status same_rows(pl_store *store, const candidate *c, const pl_kept_row *there,
                           bool *same, pl_error *error) {
    pl_kept_rows hulls = {0};
    pl_match by_id = {"scene_id", c->scene->values[SCENE_ID].text};
    pl_status status = pl__store_read(store->file, &c->form, &by_id, NULL, &hulls, error);
    char *mine = status == PL_OK ? pl__store_rows_text(&c->form, &hulls) : NULL;
    char *its = status == PL_OK ? pl__store_rows_text(&c->form, &c->hulls) : NULL;
    if (status == PL_OK && (!mine || !its)) status = pl__fail_memory(error, "results");
    const char *a = there->values[SCENE_RECORD].text, *b = c->scene->values[SCENE_RECORD].text;
    bool moved = !pl__store_same(there->values[SCENE_FILE].text, c->scene->values[SCENE_FILE].text);
    /* the record holds the file's name */
    *same = pl__store_same(mine, its) && (moved || pl__store_same(a, b) || (!a && !b));
    free(mine);
    free(its);
    pl__store_drop_rows(&hulls);
    return status;
}

static pl_status judge(pl_store *store, candidate *c, const pl_kept_row *there, pl_error *error) {
    const char *mine = there->values[SCENE_KEY].text, *its = c->scene->values[SCENE_KEY].text;
    bool same = false;
    pl__text_copy(c->other_file, sizeof c->other_file,
                  there->values[SCENE_FILE].text ? there->values[SCENE_FILE].text : "?");
    if (pl__store_is_stranger(there, c->scene)) {
        c->found = OTHER_PICTURE;
        return PL_OK;
    }
    if (!pl__store_same(mine, its) && (mine || its)) {
        c->found = OTHER_KEY;
        return PL_OK;
    }
    pl_status status = same_rows(store, c, there, &same, error);
    c->found = same ? SAME : OTHER_ROWS;
    return status;
}

/* To take the scene in would put another one of the same file out. */
static pl_status judge_file(pl_store *store, candidate *c, pl_error *error) {
    const char *file = c->scene->values[SCENE_FILE].text;
    pl_layer_form ids = PL__STORE_SCENES;
    pl_kept_rows there = {0};
    pl_match by_file = {"file", file};
    ids.count = SCENE_ID + 1;
    if (!file) return PL_OK;
    pl_status status = pl__store_read(store->file, &ids, &by_file, NULL, &there, error);
    if (status == PL_OK && there.count > 0) {
        const char *id = there.row[0].values[SCENE_ID].text;
        pl__text_copy(c->other_file, sizeof c->other_file, id ? id : "?");
        c->found = OTHER_ID;
    }
    pl__store_drop_rows(&there);
    return status;
}

static pl_status take_in(pl_store *store, void *context, pl_error *error) {
    candidate *c = context;
    const char *names[] = {c->scene->values[SCENE_ID].text, c->scene->values[SCENE_FILE].text};
    pl_kept_rows there = {0};
    pl_match by_id = {"scene_id", names[0]};
    pl_status status = pl__vector_begin(store->file, names, names[1] ? 2 : 1, error);
    if (status != PL_OK) return status;
    c->found = ADDED;
    status = pl__store_read(store->file, &PL__STORE_SCENES, &by_id, NULL, &there, error);
    if (status == PL_OK)
        status =
            there.count > 0 ? judge(store, c, &there.row[0], error) : judge_file(store, c, error);
    if (status == PL_OK && c->found == ADDED) {
        pl_store_bundle bundle = {c->scene, &c->hulls,
                                  c->journal.count > 0 ? &c->journal.row[0] : NULL, false};
        status = pl__store_put(store->file, &bundle, error);
        if (status == PL_OK) {
            pl__store_drop_rows(&there);
            return pl__vector_commit(store->file, error);
        }
    }
    pl__vector_rollback(store->file);
    pl__store_drop_rows(&there);
    return status;
}

static void tell(const merge *m, const candidate *c) {
    const char *id = c->scene->values[SCENE_ID].text;
    char words[800];
    if (c->found == OTHER_PICTURE)
        snprintf(words, sizeof words,
                 "scene %s is left out: RESULTS has another picture of that id, %s", id,
                 c->other_file);
    else if (c->found == OTHER_ID)
        snprintf(words, sizeof words, "scene %s is left out: RESULTS has its picture as scene %s",
                 id, c->other_file);
    else if (c->found == OTHER_KEY)
        snprintf(words, sizeof words, "scene %s is left out: RESULTS has it under another key", id);
    else
        snprintf(words, sizeof words,
                 "scene %s is left out: RESULTS has other rows of it under the same key", id);
    m->count->conflicts++;
    if (m->conflict) m->conflict(m->context, words);
}

static pl_status merge_row(const merge *m, const pl_kept_row *scene, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    candidate c = {.scene = scene, .form = pl__store_hulls(fields)};
    const char *id = scene->values[SCENE_ID].text, *file = scene->values[SCENE_FILE].text;
    pl_match by_id = {"scene_id", id}, by_file = {"file", file};
    pl_status status = pl__store_read(m->part, &c.form, &by_id, NULL, &c.hulls, error);
    if (status == PL_OK && file)
        status = pl__store_read(m->part, &PL__STORE_JOURNAL, &by_file, NULL, &c.journal, error);
    if (status == PL_OK) {
        pl__store_rest(m->into);
        pl_error why = PL_ERROR_INIT;
        status = pl__store_do(m->into, take_in, &c, &why);
        if (status != PL_OK) pl__fail(error, status, "results", "RESULTS: %s", why.message);
        if (status != PL_OK) m->count->store_failed = true;
    }
    if (status == PL_OK && c.found == ADDED) m->count->added++;
    if (status == PL_OK && c.found == SAME) m->count->same++;
    if (status == PL_OK && c.found > SAME) tell(m, &c);
    pl__store_drop_rows(&c.hulls);
    pl__store_drop_rows(&c.journal);
    return status;
}

static pl_status merge_scene(const merge *m, const char *id, pl_error *error) {
    if (!id) return pl__fail(error, PL_E_FORMAT, "results", "has a scene without an id");
    pl_kept_rows scene = {0};
    pl_match by_id = {"scene_id", id};
    pl_status status = pl__store_read(m->part, &PL__STORE_SCENES, &by_id, NULL, &scene, error);
    if (status == PL_OK && scene.count == 1) status = merge_row(m, &scene.row[0], error);
    if (status == PL_OK && scene.count != 1)
        status =
            pl__fail(error, PL_E_FORMAT, "results", "has scene %.80s %d times", id, scene.count);
    pl__store_drop_rows(&scene);
    return status;
}

/* ---- what failed in a part ---- */

static pl_status add_line(pl_store *store, void *context, pl_error *error) {
    const pl_kept_row *line = context;
    const char *file = line->values[JOURNAL_FILE].text;
    pl_match by_file = {"file", file};
    pl_kept_rows there = {0};
    pl_status status = pl__vector_begin(store->file, &file, 1, error);
    if (status != PL_OK) return status;
    status = pl__store_read(store->file, &PL__STORE_JOURNAL, &by_file, NULL, &there, error);
    bool news = status == PL_OK && there.count == 0;
    pl__store_drop_rows(&there);
    if (news) status = pl__store_add(store->file, &PL__STORE_JOURNAL, line, error);
    if (news && status == PL_OK) return pl__vector_commit(store->file, error);
    pl__vector_rollback(store->file);
    return status;
}

static pl_status merge_failures(const merge *m, pl_error *error) {
    pl_kept_rows lines = {0};
    pl_status status = pl__store_read(m->part, &PL__STORE_JOURNAL, NULL, "file", &lines, error);
    for (int i = 0; i < lines.count && status == PL_OK; i++) {
        const pl_value *v = lines.row[i].values;
        if (!v[JOURNAL_FILE].text || !pl__store_same(v[JOURNAL_STATUS].text, "failed")) continue;
        pl__store_rest(m->into);
        status = pl__store_do(m->into, add_line, &lines.row[i], error);
        m->count->store_failed = status != PL_OK;
    }
    pl__store_drop_rows(&lines);
    return status;
}

/* Made on rows of the part: where the store has a hull otherwise they are stale, and stay. */
static pl_status merge_reviews(const merge *m, pl_error *error) {
    pl_kept_rows reviews = {0};
    int added;
    pl_status status = pl__store_read_reviews(m->part, &reviews, error);
    if (status == PL_OK && reviews.count > 0) {
        status = pl__store_add_reviews(m->into, &reviews, &added, error);
        m->count->store_failed = status != PL_OK;
    }
    pl__store_drop_rows(&reviews);
    return status;
}

/* ---- all of a part ---- */

pl_status pl_store_merge(pl_store *into, const char *part,
                         void (*conflict)(void *context, const char *words), void *context,
                         pl_store_merged *out, pl_error *error) {
    merge m = {into, NULL, out, conflict, context};
    pl_kept_rows scenes = {0};
    pl_layer_form ids = PL__STORE_SCENES; /* no more than that of all of them at once */
    ids.count = SCENE_ID + 1;
    *out = (pl_store_merged){0};
    if (is_itself(into, part))
        return pl__fail(error, PL_E_USAGE, "results", "is the store that is merged into");
    pl_status status = pl__store_open_other(part, &m.part, error);
    if (status == PL_OK) status = pl__store_read(m.part, &ids, NULL, "scene_id", &scenes, error);
    for (int i = 0; i < scenes.count && status == PL_OK; i++) {
        status = merge_scene(&m, scenes.row[i].values[SCENE_ID].text, error);
        bool stop = into->listener.stop && into->listener.stop(into->listener.context);
        if (status == PL_OK && stop) status = pl__fail(error, PL_E_IO, "results", "interrupted");
    }
    if (status == PL_OK) status = merge_failures(&m, error);
    if (status == PL_OK) status = merge_reviews(&m, error);
    pl__store_drop_rows(&scenes);
    pl__vector_close(m.part, NULL);
    pl__store_rest(into);
    return status;
}
