/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do many scenes' results lie, and what is there already? A GeoPackage or tables of a PostGIS
 * database; one scene, one transaction.
 *
 * Nothing is open between two writes: what another program wrote meanwhile is seen, a database that
 * was away is connected with anew, and a worker that is forked in between has no handle to inherit.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "results/store.h"

bool pl_store_is_name(const char *name) {
    size_t length = strlen(name);
    return pl__vector_is_database(name) ||
           (length > 5 && strcasecmp(name + length - 5, ".gpkg") == 0);
}

bool pl_store_name(const char *name, char *shown, size_t shown_size, char *password,
                   size_t password_size) {
    return pl__vector_name(name, shown, shown_size, password, password_size);
}

bool pl__store_same(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

/* ---- waiting ---- */

static double wait_most_s(void) {
    double seconds;
    const char *wanted = pl__vector_setting("PLIMSOLL_STORE_WAIT");
    return wanted && pl__text_number(wanted, &seconds) && seconds >= 0.0 ? seconds : 300.0;
}

static void say(const pl_store *store, const char *form, const char *words) {
    char line[320];
    snprintf(line, sizeof line, form, words);
    if (store->listener.say) store->listener.say(store->listener.context, line);
}

static bool told_to_stop(const pl_store *store) {
    return store->listener.stop && store->listener.stop(store->listener.context);
}

static double now_s(void) {
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? (double)t.tv_sec + 1e-9 * (double)t.tv_nsec
                                                   : 0.0;
}

static void doze(double seconds) {
    struct timespec t = {(time_t)seconds, (long)(1e9 * fmod(seconds, 1.0))};
    nanosleep(&t, NULL); /* an interrupt ends it early, and is asked for next */
}

void pl__store_rest(pl_store *store) {
    pl__vector_close(store->file, NULL);
    store->file = NULL;
}

static pl_status reach(pl_store *store, pl_error *error) {
    if (store->file) return PL_OK;
    pl_status status = pl__vector_open(store->name, PL_VECTOR_WRITE, &store->file, error);
    if (status == PL_OK) status = pl__store_settle(store->file, error);
    return status;
}

/* May this trouble pass by itself? A database that is gone may come back once it was there. */
static bool may_pass(const pl_store *store, bool connected, const pl_error *error) {
    static const char *const PASSING[] = {"locked", "busy", "lock timeout"};
    for (int i = 0; i < 3; i++)
        if (strstr(error->message, PASSING[i])) return true;
    return store->postgres && store->reached && !connected;
}

typedef struct patience {
    double begin_s, said_s;
    int failures; /* with the store open */
    bool said;
} patience;

/* @return false: no more patience. */
static bool wait_for_it(const pl_store *store, patience *p, bool connected, pl_error *error) {
    double waited_s = now_s() - p->begin_s;
    bool passing = may_pass(store, connected, error);
    if (connected && !passing && ++p->failures > 2) return false;
    if ((!connected && !passing) || told_to_stop(store)) return false;
    if (passing && waited_s > wait_most_s()) {
        char words[200];
        pl__text_copy(words, sizeof words, error->message);
        pl__fail(error, PL_E_IO, "results", "waited %.0f s: %s", waited_s, words);
        return false;
    }
    if (passing && (!p->said || now_s() - p->said_s > 30.0)) {
        say(store, "waiting: %s", error->message);
        p->said = true;
        p->said_s = now_s();
    }
    doze(pl__min(0.2 + 0.1 * waited_s, 2.0));
    return !told_to_stop(store);
}

pl_status pl__store_do(pl_store *store, pl_store_work *work, void *context, pl_error *error) {
    patience p = {.begin_s = now_s()};
    for (;;) {
        pl_error why = PL_ERROR_INIT;
        pl_status status = reach(store, &why);
        bool connected = store->file;
        if (status == PL_OK) status = work(store, context, &why);
        if (status == PL_OK || status == PL_REFUSED) {
            store->reached = true;
            if (p.said) say(store, "%s", "the store is back, going on");
        } else {
            pl__store_rest(store);
        }
        if (status != PL_E_IO || !wait_for_it(store, &p, connected, &why)) {
            if (error) *error = why;
            return status;
        }
    }
}

/* ---- opening ---- */

/* Whole or not at all: made elsewhere, then given its name. */
static pl_status make_geopackage(const char *path, pl_error *error) {
    char made[1024];
    bool there;
    pl_status status = pl__vector_is_there(path, &there, error);
    if (status == PL_OK && there) status = pl__vector_may_write(path, error);
    if (status != PL_OK || there) return status;
    status = pl__vector_new_name(path, made, sizeof made, error);
    if (status != PL_OK) return status;
    pl_vector_file *file = NULL;
    status = pl__vector_open(made, PL_VECTOR_NEW, &file, error);
    if (status == PL_OK) status = pl__store_settle(file, error);
    pl_status closed = pl__vector_close(file, status == PL_OK ? error : NULL);
    if (status == PL_OK) status = closed;
    if (status == PL_OK) return pl__vector_publish(made, path, error);
    pl__vector_discard(made);
    return status;
}

static pl_status no_work(pl_store *store, void *context, pl_error *error) {
    (void)store;
    (void)context;
    (void)error;
    return PL_OK;
}

pl_status pl_store_open(const char *name, const pl_store_listener *listener, pl_store **out,
                        pl_error *error) {
    *out = NULL;
    pl_store *store = calloc(1, sizeof *store);
    if (!store) return pl__fail_memory(error, "results");
    store->name = strdup(name);
    store->postgres = pl__vector_is_database(name);
    if (listener) store->listener = *listener;
    pl_status status = store->name ? PL_OK : pl__fail_memory(error, "results");
    if (status == PL_OK && !store->postgres) status = make_geopackage(name, error);
    if (status == PL_OK) status = pl__store_do(store, no_work, NULL, error);
    if (status != PL_OK) {
        pl_store_close(store, NULL);
        return status;
    }
    pl__store_rest(store);
    *out = store;
    return PL_OK;
}

pl_status pl_store_close(pl_store *store, pl_error *error) {
    if (!store) return PL_OK;
    pl_status status = pl__vector_close(store->file, error);
    pl__store_drop_rows(&store->done);
    free(store->name);
    free(store);
    return status;
}

/* ---- reading ---- */

typedef struct question {
    const char *scene_id;
    pl_kept_rows rows;
} question;

static pl_status ask_scenes(pl_store *store, void *context, pl_error *error) {
    question *q = context;
    pl__store_drop_rows(&q->rows);
    return pl__store_read(store->file, &PL__STORE_SCENES, NULL, "scene_id", &q->rows, error);
}

pl_status pl_store_scenes(pl_store *store,
                          bool (*visit)(void *context, const pl_store_scene *scene), void *context,
                          pl_error *error) {
    question q = {0};
    pl_status status = pl__store_do(store, ask_scenes, &q, error);
    pl__store_rest(store);
    bool more = status == PL_OK;
    for (int i = 0; i < q.rows.count && more; i++) {
        const pl_value *v = q.rows.row[i].values;
        pl_store_scene scene = {.scene_id = v[SCENE_ID].text,
                                .file = v[SCENE_FILE].text,
                                .key = v[SCENE_KEY].text,
                                .sha256 = v[SCENE_SHA256].text,
                                .options = v[SCENE_OPTIONS].text,
                                .version = v[SCENE_VERSION].text,
                                .record = v[SCENE_RECORD].text,
                                .hulls = v[SCENE_HULLS].integer};
        more = visit(context, &scene);
    }
    pl__store_drop_rows(&q.rows);
    return status;
}

static pl_status ask_rows(pl_store *store, void *context, pl_error *error) {
    question *q = context;
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form form = pl__store_hulls(fields);
    pl_match by_id = {"scene_id", q->scene_id};
    pl__store_drop_rows(&q->rows);
    return pl__store_read(store->file, &form, &by_id, NULL, &q->rows, error);
}

pl_status pl_store_rows(pl_store *store, const char *scene_id, char **out, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form form = pl__store_hulls(fields);
    question q = {.scene_id = scene_id};
    *out = NULL;
    pl_status status = pl__store_do(store, ask_rows, &q, error);
    pl__store_rest(store);
    if (status == PL_OK && !(*out = pl__store_rows_text(&form, &q.rows)))
        status = pl__fail_memory(error, "results");
    pl__store_drop_rows(&q.rows);
    return status;
}

/* ---- writing ---- */

bool pl__store_is_stranger(const pl_kept_row *there, const pl_kept_row *scene) {
    return !pl__store_same(there->values[SCENE_FILE].text, scene->values[SCENE_FILE].text) &&
           !pl__store_same(there->values[SCENE_SHA256].text, scene->values[SCENE_SHA256].text);
}

/* The same bytes in two places may have two sidecars. What was moved is not two. */
static bool is_another(const pl_kept_row *there, const pl_kept_row *scene) {
    const char *file = there->values[SCENE_FILE].text;
    if (pl__store_same(file, scene->values[SCENE_FILE].text)) return false;
    if (pl__store_is_stranger(there, scene)) return true;
    return !pl__store_same(there->values[SCENE_KEY].text, scene->values[SCENE_KEY].text) && file &&
           pl__io_file_exists(file);
}

/* A corrected sidecar may have given the picture another id: its old rows go. A name that was cut
 * may be another picture's, too. */
static pl_status remove_former(pl_vector_file *file, const pl_kept_row *scene, pl_error *error) {
    const char *name = scene->values[SCENE_FILE].text;
    pl_kept_rows former = {0};
    pl_match by_file = {"file", name};
    if (!name || strlen(name) + 1 >= sizeof((pl_scene_info *)0)->file) return PL_OK;
    pl_status status = pl__store_read(file, &PL__STORE_SCENES, &by_file, NULL, &former, error);
    for (int i = 0; i < former.count && status == PL_OK; i++) {
        const char *id = former.row[i].values[SCENE_ID].text;
        if (!id || pl__store_same(id, scene->values[SCENE_ID].text)) continue;
        status = pl__vector_remove(file, "hulls", "scene_id", id, error);
        if (status == PL_OK) status = pl__vector_remove(file, "scenes", "scene_id", id, error);
    }
    pl__store_drop_rows(&former);
    return status;
}

static pl_status put_journal(pl_vector_file *file, const pl_kept_row *line, pl_error *error) {
    pl_status status =
        pl__vector_remove(file, "journal", "file", line->values[JOURNAL_FILE].text, error);
    return status == PL_OK ? pl__store_add(file, &PL__STORE_JOURNAL, line, error) : status;
}

pl_status pl__store_put(pl_vector_file *file, const pl_store_bundle *b, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form hulls = pl__store_hulls(fields);
    const char *id = b->scene->values[SCENE_ID].text;
    pl_status status = remove_former(file, b->scene, error);
    if (status == PL_OK) status = pl__vector_remove(file, "hulls", "scene_id", id, error);
    if (status == PL_OK) status = pl__vector_remove(file, "scenes", "scene_id", id, error);
    if (status == PL_OK) status = pl__store_add(file, &PL__STORE_SCENES, b->scene, error);
    for (int i = 0; i < b->hulls->count && status == PL_OK; i++)
        status = pl__store_add(file, &hulls, &b->hulls->row[i], error);
    if (status == PL_OK && b->journal) status = put_journal(file, b->journal, error);
    return status;
}

/* @param there the scene of that id, perhaps. */
static pl_status put_unless_there(pl_vector_file *file, const pl_store_bundle *b,
                                  const pl_kept_rows *there, bool *changed, pl_error *error) {
    const pl_value *old = there->count > 0 ? there->row[0].values : NULL;
    const pl_value *now = b->scene->values;
    *changed = true;
    if (old && is_another(&there->row[0], b->scene))
        return pl__fail(error, PL_REFUSED, "results",
                        "its scene id %s is that of %.150s: give it one of its own",
                        now[SCENE_ID].text,
                        old[SCENE_FILE].text ? old[SCENE_FILE].text : "another picture");
    if (!old || b->anew || !pl__store_same(old[SCENE_KEY].text, now[SCENE_KEY].text))
        return pl__store_put(file, b, error);
    /* under this key it is there; that this file has it may be news */
    *changed = !pl__store_same(old[SCENE_FILE].text, now[SCENE_FILE].text);
    return *changed ? put_journal(file, b->journal, error) : PL_OK;
}

static pl_status write_bundle(pl_store *store, void *context, pl_error *error) {
    const pl_store_bundle *b = context;
    const char *id = b->scene->values[SCENE_ID].text, *file = b->scene->values[SCENE_FILE].text;
    const char *names[] = {id, file};
    pl_kept_rows there = {0};
    bool changed = false;
    pl_match by_id = {"scene_id", id};
    pl_status status = pl__vector_begin(store->file, names, 2, error);
    if (status != PL_OK) return status;
    status = pl__store_read(store->file, &PL__STORE_SCENES, &by_id, NULL, &there, error);
    if (status == PL_OK) status = put_unless_there(store->file, b, &there, &changed, error);
    if (status == PL_OK && changed)
        status = pl__vector_commit(store->file, error);
    else
        pl__vector_rollback(store->file);
    pl__store_drop_rows(&there);
    return status;
}

static pl_status write_result(pl_store *store, const pl_result *result, const char *key,
                              const char *options, bool anew, pl_error *error) {
    pl_kept_rows scene = {0}, hulls = {0}, journal = {0};
    pl_status status = pl__store_rows_of(result, key, options, &scene, &hulls, error);
    if (status == PL_OK && (!*result->scene.id || !*result->scene.file))
        status = pl__fail(error, PL_E_INTERNAL, "results", "a scene without id or file");
    if (status == PL_OK &&
        !pl__store_journal_row(&journal, result->scene.file, result->scene.id, "done", NULL, key))
        status = pl__fail_memory(error, "results");
    if (status == PL_OK) {
        pl_store_bundle bundle = {&scene.row[0], &hulls, &journal.row[0], anew};
        pl__store_rest(store); /* OGR keeps extents and counts: others may have written */
        status = pl__store_do(store, write_bundle, &bundle, error);
        pl__store_rest(store);
    }
    pl__store_drop_rows(&scene);
    pl__store_drop_rows(&hulls);
    pl__store_drop_rows(&journal);
    return status;
}

pl_status pl_store_write(pl_store *store, const pl_result *result, const char *key,
                         const char *options, pl_error *error) {
    return write_result(store, result, key, options, false, error);
}

pl_status pl_store_write_anew(pl_store *store, const pl_result *result, const char *key,
                              const char *options, pl_error *error) {
    return write_result(store, result, key, options, true, error);
}

static pl_status write_line(pl_store *store, void *context, pl_error *error) {
    const pl_kept_row *line = context;
    const char *names[] = {line->values[JOURNAL_FILE].text};
    pl_status status = pl__vector_begin(store->file, names, 1, error);
    if (status != PL_OK) return status;
    status = put_journal(store->file, line, error);
    if (status == PL_OK) return pl__vector_commit(store->file, error);
    pl__vector_rollback(store->file);
    return status;
}

static pl_status forget_line(pl_store *store, void *context, pl_error *error) {
    const char *file = context;
    const char *names[] = {file};
    pl_kept_rows lines = {0};
    pl_match of_file = {"file", file};
    pl_status status = pl__vector_begin(store->file, names, 1, error);
    if (status != PL_OK) return status;
    status = pl__store_read(store->file, &PL__STORE_JOURNAL, &of_file, NULL, &lines, error);
    bool failed = status == PL_OK && lines.count > 0 &&
                  pl__store_same(lines.row[0].values[JOURNAL_STATUS].text, "failed");
    if (failed) status = pl__vector_remove(store->file, "journal", "file", file, error);
    if (failed && status == PL_OK)
        status = pl__vector_commit(store->file, error);
    else
        pl__vector_rollback(store->file);
    pl__store_drop_rows(&lines);
    return status;
}

pl_status pl_store_forget_failure(pl_store *store, const char *file, pl_error *error) {
    char kept[sizeof((pl_scene_info *)0)->file];
    pl__text_copy(kept, sizeof kept, file);
    pl__store_rest(store);
    pl_status status = pl__store_do(store, forget_line, kept, error);
    pl__store_rest(store);
    return status;
}

pl_status pl_store_write_failure(pl_store *store, const char *file, const char *key,
                                 const char *reason, pl_error *error) {
    pl_kept_rows journal = {0};
    char kept[sizeof((pl_scene_info *)0)->file];
    pl__text_copy(kept, sizeof kept, file);
    if (!pl__store_journal_row(&journal, kept, NULL, "failed", reason, key)) {
        pl__store_drop_rows(&journal);
        return pl__fail_memory(error, "results");
    }
    pl__store_rest(store);
    pl_status status = pl__store_do(store, write_line, &journal.row[0], error);
    pl__store_rest(store);
    pl__store_drop_rows(&journal);
    return status;
}
