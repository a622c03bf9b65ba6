/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll batch`: measures many pictures into one store, and goes on where it was stopped.
 *
 * What is in the store under the same key is kept: it would be measured to the same rows. What
 * failed is always tried again, for the reason may be gone (a server, a disk, a limit). A picture
 * that fails becomes a row of the journal with its reason, and the run goes on. A signal ends the
 * pictures in flight and keeps what is done. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch.h"
#include "run/key.h"

typedef struct tally {
    int measured, dubious, refused; /* hulls */
    int done, kept, failed;         /* pictures; kept ones are done */
} tally;

typedef struct batch {
    cli_settings *settings;
    pl_store *store;
    char base[PL_KEY_SIZE]; /* of all keys */
    char *words;            /* the options, to be kept */
    char **key, **picture;  /* of each input, from its opening on */
    cli_names ids;          /* scenes of this run, */
    int *owner;             /* and the input that each is of */
    bool *kept;             /* inputs that were done before */
    bool *again;            /* ... and are measured again, for a chip is missing */
    cli_chips chips;
    tally tally;
    cli_progress progress;
    cli_reasons reasons;
    bool store_fine;
} batch;

/* ---- what is in the store already ---- */

typedef struct inventory {
    const cli_settings *settings;
    int scenes, ours;
} inventory;

static bool look_at_scene(void *context, const pl_store_scene *scene) {
    inventory *i = context;
    i->scenes++;
    i->ours += scene->file && cli_find_name(&i->settings->names, scene->file) >= 0;
    return true;
}

/* A run that was stopped says so at the next start: what is there, and what remains. */
static pl_status tell_of_before(batch *b, int *ours, pl_error *error) {
    const cli_settings *s = b->settings;
    inventory found = {.settings = s};
    char line[200];
    pl_status status = pl_store_scenes(b->store, look_at_scene, &found, error);
    *ours = found.ours;
    if (status != PL_OK || found.scenes == 0) return status;
    snprintf(line, sizeof line,
             "the store holds %d scenes; %d of these %d pictures are among them and kept where "
             "nothing has changed, %d remain",
             found.scenes, found.ours, s->input_count, s->input_count - found.ours);
    cli_batch_say(s, "resume", line);
    return PL_OK;
}

/* ---- which scene is whose ---- */

/* Tiles of two deliveries may bear one name, and the store knows scenes by their id. The first in
 * the row has it. @return false, with words, when it is another picture's. */
static bool claim(batch *b, const char *id, int index, pl_error *error) {
    int at = cli_find_word(&b->ids, id);
    if (at < 0) {
        if (!cli_add_word(&b->ids, id)) return true;
        at = b->ids.count - 1;
        b->owner[at] = index;
    }
    int owner = b->owner[at];
    const char *other = b->picture[owner], *own = b->picture[index];
    if (owner == index || (other && own && strcmp(other, own) == 0)) return true;
    if (owner > index && !b->settings->names.fault[owner] && b->key[owner]) {
        b->owner[at] = index; /* it came in later and has not landed */
        return true;
    }
    pl__fail(error, PL_REFUSED, "cli",
             "its scene id %.80s is that of %.120s: give it one of its own", id,
             b->settings->inputs[owner]);
    return false;
}

typedef struct look_out {
    const cli_chips *chips;
    bool all;
} look_out;

static bool look_at_tile(void *context, const char *hull_id, const char *tile) {
    look_out *l = context;
    return l->all = cli_chips_there(l->chips, hull_id, tile);
}

/* What the store cannot tell is drawn again. */
static bool chips_are_there(const batch *b, const char *scene_id) {
    look_out l = {&b->chips, true};
    return pl_store_tiles(b->store, scene_id, look_at_tile, &l, NULL) == PL_OK && l.all;
}

static bool wanted(void *context, int index, const pl_scene_info *scene) {
    batch *b = context;
    bool done = false;
    b->picture[index] = strdup(scene->file);
    b->key[index] = calloc(1, PL_KEY_SIZE);
    if (!b->picture[index] || !b->key[index]) return true;
    if (!claim(b, scene->id, index, NULL)) return false;
    if (!pl__key_scene(b->base, scene, b->key[index])) return true;
    pl_error error = PL_ERROR_INIT; /* if the store cannot tell, writing will say why */
    if (pl_store_done(b->store, scene->file, b->key[index], &done, &error) != PL_OK) return true;
    b->again[index] = done && b->settings->chips && !chips_are_there(b, scene->id);
    b->kept[index] = done && !b->again[index];
    return !b->kept[index];
}

/* ---- keeping ---- */

static void count_hulls(const pl_result *result, tally *t) {
    for (int i = 0; i < result->count; i++) {
        const char *status = pl_result_status(&result->row[i]);
        if (!status) continue;
        t->measured += *status == 'm';
        t->dubious += *status == 'd';
        t->refused += *status == 'r';
    }
}

static pl_status keep_failure(batch *b, int index, const char *file, const pl_error *reason,
                              pl_error *error) {
    const char *key = b->key && b->key[index] && b->key[index][0] ? b->key[index] : NULL;
    cli_fail(b->settings, file, reason);
    cli_reasons_add(&b->reasons, file, reason->message);
    b->tally.failed++;
    return pl_store_write_failure(b->store, file, key, reason->message, error);
}

/* An item that failed before its picture was known failed under its own name. */
static pl_status forget(batch *b, int index, const char *picture, pl_error *error) {
    const char *item = b->settings->inputs[index];
    return strcmp(item, picture) == 0 ? PL_OK : pl_store_forget_failure(b->store, item, error);
}

static bool has_changed(const batch *b, int index, const pl_scene_info *scene) {
    char key[PL_KEY_SIZE];
    return b->key[index] && b->key[index][0] &&
           (!pl__key_scene(b->base, scene, key) || strcmp(key, b->key[index]) != 0);
}

static pl_status keep_result(batch *b, int index, const pl_result *result, pl_error *error) {
    pl_error why = PL_ERROR_INIT;
    const char *key = b->key[index] && b->key[index][0] ? b->key[index] : NULL;
    if (has_changed(b, index, &result->scene)) {
        pl__fail(&why, PL_E_IO, "cli", "it, or a file beside it, was changed while it was read");
        return keep_failure(b, index, result->scene.file, &why, error);
    }
    pl_status status = b->again[index] ? pl_store_write_anew(b->store, result, key, b->words, &why)
                                       : pl_store_write(b->store, result, key, b->words, &why);
    if (status == PL_REFUSED) return keep_failure(b, index, result->scene.file, &why, error);
    if (status == PL_OK) {
        b->tally.done++;
        count_hulls(result, &b->tally);
        status = forget(b, index, result->scene.file, error);
    } else {
        *error = why;
    }
    return status;
}

static pl_status keep_answer(batch *b, int index, pl_status status, const pl_answer *answer,
                             const pl_error *reason, pl_error *error) {
    const pl_scene_info *scene = &answer->result.scene;
    const char *file = answer->opened ? scene->file : b->settings->inputs[index];
    pl_error why = PL_ERROR_INIT;
    if (answer->opened && !claim(b, scene->id, index, &why))
        return keep_failure(b, index, file, &why, error);
    if (status != PL_OK) return keep_failure(b, index, file, reason, error);
    if (!answer->unwanted) return keep_result(b, index, &answer->result, error);
    b->tally.done++;
    b->tally.kept++;
    return forget(b, index, scene->file, error);
}

/* @return false when the store itself fails: there is no point in going on. */
static bool take(void *context, int index, pl_status status, const pl_answer *answer,
                 const pl_error *reason, double seconds) {
    batch *b = context;
    cli_settings *s = b->settings;
    pl_error error = PL_ERROR_INIT;
    int failed = b->tally.failed;
    if (status != PL_OK && cli_interrupted()) return false;
    pl_status kept = keep_answer(b, index, status, answer, reason, &error);
    if (kept != PL_OK) cli_batch_fail_store(s, &error);
    cli_progress_add(&b->progress, b->kept[index], b->tally.failed > failed, seconds);
    if (kept == PL_OK)
        cli_batch_tell_picture(&b->progress, s->inputs[index], answer,
                               b->tally.failed > failed ? "failed"
                               : b->kept[index]         ? "kept"
                                                        : "done",
                               seconds);
    free(b->key[index]);
    b->key[index] = NULL;
    return b->store_fine = kept == PL_OK;
}

static void tick(void *context) {
    batch *b = context;
    cli_progress_show(&b->progress, b->settings);
}

/* What could not even be listed. */
static void keep_faults(batch *b) {
    const cli_settings *s = b->settings;
    for (int i = 0; i < s->input_count && b->store_fine; i++) {
        pl_error why = PL_ERROR_INIT, error = PL_ERROR_INIT;
        if (!s->names.fault[i]) continue;
        pl__fail(&why, PL_E_IO, "cli", "%s", s->names.fault[i]);
        b->store_fine = keep_failure(b, i, s->inputs[i], &why, &error) == PL_OK;
        if (!b->store_fine) cli_batch_fail_store(s, &error);
        cli_progress_add(&b->progress, false, true, 0.0);
    }
}

/* ---- the run ---- */

static int exit_code(const batch *b) {
    const tally *t = &b->tally;
    if (cli_interrupted()) return EXIT_INTERRUPTED; /* also while a store was waited for */
    if (!b->store_fine) return EXIT_NOTHING;
    if (t->done + t->failed < b->settings->input_count) return EXIT_NOTHING;
    if (t->failed == 0) return b->chips.failed ? EXIT_SOME_FAILED : EXIT_DONE;
    return t->done > 0 ? EXIT_SOME_FAILED : EXIT_NOTHING;
}

static pl_status keep_chip(void *context, const pl_result *result, pl_result_row *row,
                           const pl_chip *chip, pl_error *error) {
    return cli_chips_write(&((batch *)context)->chips, result, row, chip, error);
}

static void run(batch *b, const pl_load_models *models) {
    cli_settings *s = b->settings;
    cli_pool_ears ears = {b, wanted, take, tick, s->chips ? keep_chip : NULL};
    cli_catch_interrupts();
    keep_faults(b);
    if (b->store_fine) cli_pool_run(s, models, &ears);
    cli_progress_clear(s);
}

static void sum_up(const batch *b) {
    const tally *t = &b->tally;
    cli_batch_sum sum = {.all = b->settings->input_count,
                         .done = t->done,
                         .kept = t->kept,
                         .failed = t->failed,
                         .measured = t->measured,
                         .dubious = t->dubious,
                         .refused = t->refused,
                         .seconds = cli_now_s() - b->progress.begin_s,
                         .interrupted = cli_interrupted(),
                         .reasons = &b->reasons};
    cli_batch_sum_up(b->settings, &sum);
}

static bool make_room(batch *b) {
    size_t n = (size_t)b->settings->input_count + 1;
    b->key = calloc(n, sizeof *b->key);
    b->picture = calloc(n, sizeof *b->picture);
    b->owner = calloc(n, sizeof *b->owner);
    b->kept = calloc(n, sizeof *b->kept);
    b->again = calloc(n, sizeof *b->again);
    b->words = cli_words(b->settings, false);
    return b->key && b->picture && b->owner && b->kept && b->again && b->words;
}

static void drop(batch *b) {
    for (int i = 0; i < b->settings->input_count; i++) {
        if (b->key) free(b->key[i]);
        if (b->picture) free(b->picture[i]);
    }
    free(b->key);
    free(b->picture);
    free(b->owner);
    free(b->kept);
    free(b->again);
    cli_chips_end(&b->chips);
    free(b->words);
    cli_drop_names(&b->ids);
    cli_reasons_drop(&b->reasons);
}

static pl_status make_base(batch *b, pl_error *error) {
    char *words = cli_words(b->settings, true);
    pl_status status = words ? pl__key_base(&b->settings->measure, words, b->base, error)
                             : pl__fail_memory(error, "cli");
    free(words);
    return status;
}

static int measure_all(cli_settings *s, const pl_load_models *models) {
    batch b = {.settings = s, .store_fine = true, .chips = {.settings = s}};
    pl_error error = PL_ERROR_INIT;
    int ours = 0, code = EXIT_NOTHING;
    pl_status status = make_room(&b) ? make_base(&b, &error) : pl__fail_memory(&error, "cli");
    if (status != PL_OK) {
        code = cli_fail(s, NULL, &error);
        goto done;
    }
    if (s->chips && !cli_chips_begin(&b.chips, s, s->out)) goto done;
    status = cli_batch_open_store(s, s->out, &b.store, &error);
    if (status == PL_OK) status = tell_of_before(&b, &ours, &error);
    if (status != PL_OK) {
        code = cli_batch_fail_store(s, &error);
        pl_store_close(b.store, NULL);
        goto done;
    }
    cli_progress_begin(&b.progress, s, s->input_count, ours);
    run(&b, models);
    if (pl_store_close(b.store, &error) != PL_OK) {
        cli_batch_fail_store(s, &error);
        b.store_fine = false;
    }
    sum_up(&b);
    code = exit_code(&b);
done:
    drop(&b);
    return code;
}

static bool in_shard(void *context, const char *name) {
    return cli_in_shard(context, name);
}

static void take_share(cli_settings *s) {
    char line[160];
    int all = s->input_count;
    if (s->shards == 1) return;
    cli_keep_names(&s->names, in_shard, s);
    s->input_count = s->names.count;
    snprintf(line, sizeof line, "share %d of %d (counted from 0): %d of %d pictures", s->shard,
             s->shards, s->input_count, all);
    cli_batch_say(s, "shard", line);
}

static int check_usage(const cli_settings *s) {
    const char *words = NULL;
    if (s->verify && (s->input_count > 0 || s->out))
        words = "--verify takes a store, no pictures and no -o (plimsoll batch --help)";
    else if (s->verify && s->chips)
        words = "--verify draws no chips (plimsoll batch --help)";
    else if (!s->verify && s->input_count == 0)
        words = "batch wants an input (plimsoll batch --help)";
    else if (!s->verify && !cli_batch_is_store(s->out))
        words = "batch wants -o RESULTS.gpkg or PG:...; for text use plimsoll measure (plimsoll "
                "batch --help)";
    if (!words) return EXIT_DONE;
    cli_complain(s, "error", NULL, words);
    return EXIT_USAGE;
}

int cmd_batch(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    int code = check_usage(s);
    if (code != EXIT_DONE) return code;
    if (!s->verify && !cli_find_shard(s)) return EXIT_USAGE;
    s->limits.cores = (pl__workers() + s->jobs - 1) / s->jobs;
    if (cli_open_models(s, &models, &error) != PL_OK) {
        code = cli_fail(s, NULL, &error); /* it names its file */
    } else if (s->verify) {
        code = cli_verify(s, models);
    } else {
        take_share(s);
        code = measure_all(s, models);
    }
    pl_load_models_free(models);
    return code;
}
