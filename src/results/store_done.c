/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a picture's result in the store, made under this key?
 *
 * What was done at the first question is remembered: a run that goes on asks a thousand times for
 * what will not change. What was not done then is asked anew, for another run may have done it. */
#include <stdlib.h>
#include <string.h>

#include "results/store.h"

enum { DONE_FILE, DONE_KEY, DONE_FIELDS };

/* The scene of a done file may have been replaced since, by another file of the same picture. */
static bool is_done(const pl_value *line, const pl_kept_row *scene) {
    return pl__store_same(line[JOURNAL_STATUS].text, "done") && scene &&
           pl__store_same(line[JOURNAL_KEY].text, scene->values[SCENE_KEY].text);
}

/* ---- remembered ---- */

static int by_scene(const void *id, const void *row) {
    const char *other = ((const pl_kept_row *)row)->values[SCENE_ID].text;
    return strcmp(id, other ? other : "");
}

static int by_file(const void *a, const void *b) {
    return strcmp(((const pl_kept_row *)a)->values[DONE_FILE].text,
                  ((const pl_kept_row *)b)->values[DONE_FILE].text);
}

static int to_file(const void *file, const void *row) {
    return strcmp(file, ((const pl_kept_row *)row)->values[DONE_FILE].text);
}

/* Scenes come in the order of their ids. */
static pl_status ask_all(pl_store *store, void *context, pl_error *error) {
    (void)context;
    pl_kept_rows journal = {0}, scenes = {0};
    pl_layer_form lines = PL__STORE_JOURNAL, ids = PL__STORE_SCENES; /* without the records */
    lines.count = JOURNAL_KEY + 1;
    ids.count = SCENE_KEY + 1;
    pl_status status = pl__store_read(store->file, &lines, NULL, NULL, &journal, error);
    if (status == PL_OK)
        status = pl__store_read(store->file, &ids, NULL, "scene_id", &scenes, error);
    pl__store_drop_rows(&store->done);
    store->done.fields = DONE_FIELDS;
    for (int i = 0; i < journal.count && status == PL_OK; i++) {
        const pl_value *line = journal.row[i].values;
        const char *id = line[JOURNAL_SCENE_ID].text;
        const pl_kept_row *scene = NULL;
        if (id && scenes.count > 0)
            scene = bsearch(id, scenes.row, (size_t)scenes.count, sizeof *scenes.row, by_scene);
        if (!line[JOURNAL_FILE].text || !is_done(line, scene)) continue;
        pl_value done[DONE_FIELDS] = {line[JOURNAL_FILE], line[JOURNAL_KEY]};
        if (!pl__store_keep_row(&store->done, done, NULL, 0))
            status = pl__fail_memory(error, "results");
    }
    if (status == PL_OK && store->done.count > 0)
        qsort(store->done.row, (size_t)store->done.count, sizeof *store->done.row, by_file);
    pl__store_drop_rows(&journal);
    pl__store_drop_rows(&scenes);
    return status;
}

static bool remembers(const pl_store *store, const char *file, const char *key) {
    const pl_kept_row *row = NULL;
    if (store->done.count > 0)
        row = bsearch(file, store->done.row, (size_t)store->done.count, sizeof *row, to_file);
    return row && pl__store_same(row->values[DONE_KEY].text, key);
}

/* ---- asked anew ---- */

typedef struct question {
    const char *file, *key;
    bool done;
} question;

static pl_status ask_one(pl_store *store, void *context, pl_error *error) {
    question *q = context;
    pl_kept_rows journal = {0}, scenes = {0};
    pl_match of_file = {"file", q->file};
    pl_status status =
        pl__store_read(store->file, &PL__STORE_JOURNAL, &of_file, NULL, &journal, error);
    const pl_value *line = status == PL_OK && journal.count > 0 ? journal.row[0].values : NULL;
    if (line && pl__store_same(line[JOURNAL_KEY].text, q->key) && line[JOURNAL_SCENE_ID].text) {
        pl_match by_id = {"scene_id", line[JOURNAL_SCENE_ID].text};
        status = pl__store_read(store->file, &PL__STORE_SCENES, &by_id, NULL, &scenes, error);
        q->done = status == PL_OK && is_done(line, scenes.count > 0 ? &scenes.row[0] : NULL);
    }
    pl__store_drop_rows(&journal);
    pl__store_drop_rows(&scenes);
    return status;
}

pl_status pl_store_done(pl_store *store, const char *file, const char *key, bool *done,
                        pl_error *error) {
    char cut[sizeof((pl_scene_info *)0)->file];
    *done = false;
    if (!key) return PL_OK;
    pl__text_copy(cut, sizeof cut, file); /* as a scene has it */
    char *kept = pl__vector_kept(cut);
    pl_status status = kept ? PL_OK : pl__fail_memory(error, "results");
    if (status == PL_OK && !store->asked) status = pl__store_do(store, ask_all, NULL, error);
    if (status == PL_OK) {
        store->asked = true;
        *done = remembers(store, kept, key);
    }
    if (status == PL_OK && !*done) {
        question q = {.file = cut, .key = key};
        status = pl__store_do(store, ask_one, &q, error);
        *done = status == PL_OK && q.done;
    }
    pl__store_rest(store);
    free(kept);
    return status;
}
