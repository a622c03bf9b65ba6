/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll batch`: measures many pictures into one store. A picture that fails becomes a row of
 * the journal with its reason, and the run goes on. A signal
 * ends the pictures in flight and keeps what is done. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- the run ---- */

typedef struct tally {
    int measured, dubious, refused, done, failed;
} tally;

static void count(const pl_result *result, tally *t) {
    t->done++;
    for (int i = 0; i < result->count; i++) {
        const char *status = pl_result_status(&result->row[i]);
        if (!status) continue;
        t->measured += *status == 'm';
        t->dubious += *status == 'd';
        t->refused += *status == 'r';
    }
}

static void progress(const cli_settings *s, int at, int all) {
    if (!s->quiet && isatty(STDERR_FILENO)) fprintf(stderr, "\r%d of %d ", at, all);
}

typedef struct run_state {
    cli_settings *settings;
    cli_names ids, owners; /* scene ids written in this run, and the files they are of */
    pl_store *store;
    tally tally;
    bool store_fine;
} run_state;

/* Tiles of two deliveries may bear one name, and the store knows scenes by their id: the second
 * would replace the first. @return whose id it is already, or NULL and it is noted as this file's.
 */
static const char *owner_of(run_state *r, const char *id, const char *file) {
    for (int i = 0; i < r->owners.count; i++) {
        if (strcmp(r->ids.name[i], id) == 0)
            return strcmp(r->owners.name[i], file) == 0 ? NULL : r->owners.name[i];
    }
    if (cli_add_name(&r->ids, id)) cli_add_name(&r->owners, file);
    return NULL;
}

static pl_status keep_failure(run_state *r, const char *file, const pl_error *reason,
                              pl_error *error) {
    cli_fail(r->settings, file, reason);
    r->tally.failed++;
    return pl_store_write_failure(r->store, file, NULL, reason->message, error);
}

static pl_status keep_result(run_state *r, const char *file, const pl_result *result,
                             pl_error *error) {
    pl_error taken = PL_ERROR_INIT;
    const char *owner = owner_of(r, result->scene.id, file);
    if (owner) {
        pl__fail(&taken, PL_E_FORMAT, "cli",
                 "its scene id %s is that of %s: give it one of its own", result->scene.id, owner);
        return keep_failure(r, file, &taken, error);
    }
    pl_status status =
        pl_store_write(r->store, result, NULL, NULL, &taken); /* no key: always measured */
    if (status == PL_REFUSED) return keep_failure(r, file, &taken, error);
    if (status != PL_OK) *error = taken;
    if (status == PL_OK) count(result, &r->tally);
    return status;
}

/* @return false when the store itself fails: there is no point in going on. */
static bool keep(void *context, int index, pl_status status, const pl_answer *answer,
                 const pl_error *reason) {
    run_state *r = context;
    pl_error error = PL_ERROR_INIT;
    const char *file = r->settings->inputs[index];
    status = status == PL_OK ? keep_result(r, file, &answer->result, &error)
                             : keep_failure(r, file, reason, &error);
    if (status != PL_OK) cli_fail(r->settings, r->settings->out, &error);
    progress(r->settings, index + 1, r->settings->input_count);
    return r->store_fine = status == PL_OK;
}

static int run(cli_settings *s, const pl_load_models *models, pl_store *store) {
    run_state r = {.settings = s, .store = store, .store_fine = true};
    cli_catch_interrupts();
    cli_pool_run(s, s->inputs, s->input_count, models, keep, &r);
    cli_drop_names(&r.ids);
    cli_drop_names(&r.owners);
    const tally t = r.tally;
    pl_error error = PL_ERROR_INIT;
    if (pl_store_close(store, &error) != PL_OK) {
        cli_fail(s, s->out, &error);
        r.store_fine = false;
    }
    if (!s->quiet) {
        fprintf(stderr,
                "%s%d of %d pictures done, %d failed; hulls: %d measured, %d dubious, %d refused\n",
                isatty(STDERR_FILENO) ? "\r" : "", t.done, s->input_count, t.failed, t.measured,
                t.dubious, t.refused);
    }
    if (!r.store_fine) return EXIT_NOTHING;
    if (cli_interrupted()) return EXIT_INTERRUPTED;
    if (t.failed == 0) return EXIT_DONE;
    return t.done > 0 ? EXIT_SOME_FAILED : EXIT_NOTHING;
}

int cmd_batch(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_store *store = NULL;
    int code = EXIT_NOTHING;
    const char *ending = s->out ? strrchr(s->out, '.') : NULL;
    if (!ending || strcasecmp(ending, ".gpkg") != 0) {
        cli_complain(
            s, "error", NULL,
            "batch wants -o RESULTS.gpkg; for text use plimsoll measure (plimsoll batch --help)");
        return EXIT_USAGE;
    }
    if (cli_open_models(s, &models, &error) != PL_OK) {
        code = cli_fail(s, NULL, &error); /* it names its file */
    } else if (pl_store_open(s->out, NULL, &store, &error) != PL_OK) {
        code = cli_fail(s, s->out, &error);
    } else {
        code = run(s, models, store);
    }
    pl_load_models_free(models);
    return code;
}
