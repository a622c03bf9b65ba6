/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll visits`: arrivals and departures of a store's hulls, paired into visits. */
#include <math.h>
#include <stdlib.h>

#include "cli/cli.h"

static pl_status keep(cli_settings *s, const cli_paired *v, pl_error *error) {
    pl_store *store = NULL;
    if (!s->visits.keep) return PL_OK;
    pl_store_listener listener = cli_store_listener(s);
    pl_status status = pl_store_open(s->inputs[0], &listener, &store, error);
    if (status == PL_OK) status = pl_store_write_visits(store, s->visits.port, &v->list, error);
    pl_status closed = pl_store_close(store, status == PL_OK ? error : NULL);
    return status == PL_OK ? closed : status;
}

static void warn(const cli_settings *s, const char *name, const cli_paired *v) {
    char words[200];
    int outdated = 0;
    for (int i = 0; i < v->seen.coverage_count; i++) outdated += v->seen.coverage[i].outdated;
    if (s->quiet) return;
    if (s->visits.port && v->seen.coverage_count == 0)
        cli_complain(s, "warning", name, "no picture of that port");
    if (outdated > 0) {
        snprintf(words, sizeof words,
                 "%d pictures were changed and then failed: their hulls are dubious (outdated)",
                 outdated);
        cli_complain(s, "warning", name, words);
    }
    if (v->seen.rejected > 0) {
        snprintf(words, sizeof words, "left out: %d hulls that an analyst rejected",
                 v->seen.rejected);
        cli_complain(s, "warning", name, words);
    }
    if (v->seen.stale_reviews > 0) {
        snprintf(words, sizeof words,
                 "%d hulls were reviewed on another measurement: the machine's values are used",
                 v->seen.stale_reviews);
        cli_complain(s, "warning", name, words);
    }
    if (v->list.others + v->list.timeless + v->list.shapeless > 0) {
        snprintf(words, sizeof words,
                 "left out: %d hulls of other ships than tankers (--others), %d without a time, "
                 "%d without place or size",
                 v->list.others, v->list.timeless, v->list.shapeless);
        cli_complain(s, "warning", name, words);
    }
}

/* Of the visits, those that were seen in the time that is asked for. */
static void cut(const cli_settings *s, pl_visit_list *list) {
    int kept = 0;
    for (int i = 0; i < list->count; i++) {
        const pl_visit *v = &list->visit[i];
        if (v->last_seen_s < s->visits.since_s || v->first_seen_s >= s->visits.until_s) continue;
        list->visit[kept++] = *v;
    }
    list->count = kept;
}

static int answer(cli_settings *s, const char *name, cli_paired *v) {
    pl_error error = PL_ERROR_INIT;
    pl_visits_about about = {.source = name,
                             .coverage = v->seen.coverage,
                             .pictures = v->seen.coverage_count,
                             .hulls = v->seen.count,
                             .failures = v->seen.failures};
    char *text = NULL;
    warn(s, name, v);
    pl_status kept = keep(s, v, &error);
    int code = kept == PL_OK ? EXIT_DONE : cli_fail(s, name, &error);
    cut(s, &v->list);
    if (pl_visits_text(&v->list, &about, cli_format(s), &text, &error) != PL_OK)
        return cli_fail(s, name, &error);
    int written = cli_write(s, text);
    free(text);
    /* the visits are told, but not kept */
    return written != EXIT_DONE ? written : code != EXIT_DONE ? EXIT_SOME_FAILED : EXIT_DONE;
}

int cmd_visits(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    cli_paired v;
    char name[600], password[128];
    if (!pl_store_is_name(s->inputs[0])) {
        cli_complain(s, "error", s->inputs[0],
                     "is no store: RESULTS.gpkg or PG:... (plimsoll visits --help)");
        return EXIT_USAGE;
    }
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    if (s->visits.since_s >= s->visits.until_s) { /* as findings says it */
        cli_complain(s, "error", s->inputs[0], "the period ends before it begins");
        return EXIT_USAGE;
    }
    if (!pl_store_name(s->inputs[0], name, sizeof name, password, sizeof password)) *name = '\0';
    pl_status status = cli_paired_find(s, &v, &error);
    int code = status == PL_OK ? answer(s, name, &v) : cli_fail(s, name, &error);
    cli_paired_free(&v);
    return code;
}
