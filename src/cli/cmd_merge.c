/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll merge`: joins the stores that shards of a run wrote into one. What RESULTS has stays;
 * scenes that a part has otherwise are named, and the exit code says that there were some. */
#include "cli/cli.h"

typedef struct about {
    const cli_settings *settings;
    const char *part;
} about;

static void tell_conflict(void *context, const char *words) {
    const about *a = context;
    cli_complain(a->settings, "conflict", a->part, words);
}

typedef struct sums {
    long long added, same, conflicts;
    int parts;
    bool usage; /* the store was named as a part of itself */
} sums;

static bool merge_part(cli_settings *s, pl_store *store, const char *part, sums *sum) {
    pl_error error = PL_ERROR_INIT;
    pl_store_merged merged;
    char shown[600], password[128];
    if (!pl_store_name(part, shown, sizeof shown, password, sizeof password)) *shown = '\0';
    about a = {s, shown};
    pl_status status = pl_store_merge(store, part, tell_conflict, &a, &merged, &error);
    sum->added += merged.added;
    sum->same += merged.same;
    sum->conflicts += merged.conflicts;
    sum->parts += status == PL_OK;
    if (status != PL_OK && !cli_interrupted())
        sum->usage |= cli_fail(s, shown, &error) == EXIT_USAGE;
    return !merged.store_failed && !cli_interrupted();
}

static int run(cli_settings *s, pl_store *store) {
    sums sum = {0};
    bool going = true;
    cli_catch_interrupts();
    for (int i = 0; i < s->input_count && going; i++)
        going = merge_part(s, store, s->inputs[i], &sum);
    pl_store_close(store, NULL); /* every scene is committed */
    if (!s->quiet)
        fprintf(stderr,
                "%d of %d parts merged: %lld scenes added, %lld there already, %lld conflicts\n",
                sum.parts, s->input_count, sum.added, sum.same, sum.conflicts);
    if (cli_interrupted()) return EXIT_INTERRUPTED;
    if (sum.usage && sum.parts == 0) return EXIT_USAGE;
    if (sum.parts == s->input_count && sum.conflicts == 0) return EXIT_DONE;
    return sum.parts > 0 || sum.added + sum.same + sum.conflicts > 0 ? EXIT_SOME_FAILED
                                                                     : EXIT_NOTHING;
}

int cmd_merge(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_store *store = NULL;
    if (!s->out || !pl_store_is_name(s->out)) {
        cli_complain(s, "error", NULL,
                     "merge wants -o RESULTS.gpkg or -o PG:... (plimsoll merge --help)");
        return EXIT_USAGE;
    }
    pl_store_listener listener = cli_store_listener(s);
    if (pl_store_open(s->out, &listener, &store, &error) != PL_OK)
        return cli_fail(s, s->out, &error);
    return run(s, store);
}
