/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll batch --verify`: can the rows of a store be made again? A sample of its scenes is
 * measured anew with the options that were kept, and compared row by row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch.h"
#include "io/io.h"

/* A scene that was drawn for the sample. */
typedef struct drawn {
    char *id, *file, *sha256, *options, *version;
    char lot[65];
} drawn;

typedef struct sample {
    drawn *scene;
    int count, room, all;
    bool failed; /* out of memory */
} sample;

static void drop(drawn *d) {
    free(d->id);
    free(d->file);
    free(d->sha256);
    free(d->options);
    free(d->version);
}

static char *copy(const char *text) {
    return strdup(text ? text : "");
}

/* Which scenes are drawn depends on their ids alone: those with the lowest hashes. */
static bool draw(void *context, const pl_store_scene *scene) {
    sample *s = context;
    drawn d = {.id = copy(scene->scene_id),
               .file = copy(scene->file),
               .sha256 = copy(scene->sha256),
               .options = copy(scene->options),
               .version = copy(scene->version)};
    s->all++;
    s->failed = s->failed || !d.id || !d.file || !d.sha256 || !d.options || !d.version;
    if (s->failed) {
        drop(&d);
        return false;
    }
    pl__io_sha256_buffer(d.id, strlen(d.id), d.lot);
    int at = s->count;
    while (at > 0 && strcmp(s->scene[at - 1].lot, d.lot) > 0) at--;
    if (at == s->room) {
        drop(&d);
        return true;
    }
    if (s->count == s->room)
        drop(&s->scene[s->count - 1]);
    else
        s->count++;
    memmove(&s->scene[at + 1], &s->scene[at], (size_t)(s->count - 1 - at) * sizeof d);
    s->scene[at] = d;
    return true;
}

/* ---- one scene ---- */

/* The first line that differs, for people. */
static void describe_difference(const char *before, const char *now, char *out, size_t size) {
    size_t at = 0, from;
    while (before[at] && before[at] == now[at]) at++;
    for (from = at; from > 0 && !strchr("\t\n", before[from - 1]); from--) {
    }
    int was = (int)strcspn(before + from, "\t\n"), is = (int)strcspn(now + from, "\t\n");
    snprintf(out, size, "stored %.*s, measured %.*s", was > 60 ? 60 : was, before + from,
             is > 60 ? 60 : is, now + from);
}

static pl_status measure_again(const cli_settings *s, const pl_load_models *models, const drawn *d,
                               pl_arena *arena, pl_answer *answer, pl_error *error) {
    cli_settings as_then = *s;
    pl_job job;
    if (*d->options && !cli_take_words(d->options, arena, &as_then))
        return pl__fail(error, PL_E_FORMAT, "cli", "its options are not known here: %.150s",
                        d->options);
    pl_load_models *own = NULL;
    pl_vessels *registry = NULL;
    as_then.registry = NULL;
    pl_status status = cli_open_models(&as_then, &own, error);
    registry = as_then.registry;
    as_then.quiet = true;
    job = cli_job(&as_then, d->file, own ? own : models);
    if (status == PL_OK) status = cli_work(&as_then, &job, arena, answer, error);
    pl_load_models_free(own);
    pl_vessels_free(registry);
    return status;
}

typedef enum verdict { SAME, DIFFERENT, UNKNOWN } verdict;

static verdict compare(pl_store *store, const drawn *d, const pl_answer *answer, char *words,
                       size_t size) {
    pl_error error = PL_ERROR_INIT;
    char *before = NULL, *now = NULL;
    verdict found = UNKNOWN;
    if (strcmp(answer->result.scene.sha256, d->sha256) != 0) {
        snprintf(words, size, "the picture is not the one that was measured: its bytes differ");
        return DIFFERENT;
    }
    pl_status status = pl_store_rows(store, d->id, &before, &error);
    if (status == PL_OK) status = pl_store_text(&answer->result, &now, &error);
    if (status != PL_OK) {
        pl__text_copy(words, size, error.message);
    } else if (strcmp(before, now) == 0) {
        found = SAME;
        snprintf(words, size, "%d rows", answer->result.count);
    } else {
        found = DIFFERENT;
        describe_difference(before, now, words, size);
    }
    free(before);
    free(now);
    return found;
}

static verdict check(const cli_settings *s, const pl_load_models *models, pl_store *store,
                     const drawn *d) {
    static const char *const WORD[] = {"same", "DIFFERENT", "not compared"};
    char words[300];
    pl_answer answer;
    pl_error error = PL_ERROR_INIT;
    verdict found = UNKNOWN;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return UNKNOWN;
    if (measure_again(s, models, d, arena, &answer, &error) == PL_OK)
        found = compare(store, d, &answer, words, sizeof words);
    else
        pl__text_copy(words, sizeof words, error.message);
    if (found != SAME && strcmp(d->version, pl_version()) != 0) {
        size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, " (stored by version %.40s, this is %s)",
                 d->version, pl_version());
    }
    printf("%-12s  %s  %s\n", WORD[found], d->id, words);
    pl_arena_free(arena);
    return found;
}

/* ---- the sample ---- */

int cli_verify(cli_settings *s, const pl_load_models *models) {
    sample drawn_ones = {.room = s->sample};
    pl_error error = PL_ERROR_INIT;
    pl_store *store = NULL;
    int times[3] = {0}, code = EXIT_NOTHING;
    drawn_ones.scene = calloc((size_t)s->sample + 1, sizeof *drawn_ones.scene);
    if (!drawn_ones.scene) return EXIT_NOTHING;
    pl_status status = cli_batch_open_store(s, s->verify, &store, &error);
    if (status == PL_OK) status = pl_store_scenes(store, draw, &drawn_ones, &error);
    if (status == PL_OK && drawn_ones.failed) status = pl__fail_memory(&error, "cli");
    if (status != PL_OK) {
        cli_batch_fail_store(s, &error);
        goto done;
    }
    cli_catch_interrupts();
    for (int i = 0; i < drawn_ones.count && !cli_interrupted(); i++)
        times[check(s, models, store, &drawn_ones.scene[i])]++;
    printf("%d of %d scenes measured again: %d the same, %d different, %d not compared\n",
           times[0] + times[1] + times[2], drawn_ones.all, times[0], times[1], times[2]);
    code = cli_flush(s);
    if (code == EXIT_DONE && cli_interrupted()) code = EXIT_INTERRUPTED;
    if (code == EXIT_DONE && times[0] < drawn_ones.count)
        code = times[0] > 0 || times[1] > 0 ? EXIT_SOME_FAILED : EXIT_NOTHING;
done:
    pl_store_close(store, NULL);
    for (int i = 0; i < drawn_ones.count; i++) drop(&drawn_ones.scene[i]);
    free(drawn_ones.scene);
    return code;
}
