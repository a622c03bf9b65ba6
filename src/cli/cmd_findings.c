/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll findings`: so many calls, so many barrels, over the cap on which day? Of a plain table
 * of visits, or of the visits in a store. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"

enum { WARNINGS_MOST = 16 };

/* What is known by the end of reading. */
typedef struct material {
    pl_call *call;
    int count;
    const char *sha256;
    char words[WARNINGS_MOST][300];
    const char *warning[WARNINGS_MOST];
    int warnings;
    char name[600];   /* of the input, without a password */
    pl_looked looked; /* pictures 0: a table */
    cli_paired paired;
} material;

static void warn(const cli_settings *s, material *m, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void warn(const cli_settings *s, material *m, const char *format, ...) {
    if (m->warnings == WARNINGS_MOST) return;
    char *words = m->words[m->warnings];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof m->words[0], format, arguments);
    va_end(arguments);
    m->warning[m->warnings++] = words;
    if (!s->quiet) cli_complain(s, "warning", m->name, words);
}

static pl_status read_table(cli_settings *s, material *m, pl_error *error) {
    pl_arena *arena = m->paired.arena = pl_arena_new(0);
    pl_calls *calls = arena ? pl__arena_alloc(arena, sizeof *calls) : NULL;
    if (!calls) return pl__fail_memory(error, "cli");
    pl_status status = cli_open_models(s, &m->paired.fleet, error);
    if (!status) status = cli_open_registry(s, error);
    if (!status) status = pl_calls_read(s->inputs[0], s->registry, arena, calls, error);
    if (status) return status;
    m->call = calls->call;
    m->count = calls->count;
    m->sha256 = calls->sha256;
    if (*calls->ignored) warn(s, m, "columns that mean nothing here: %.200s", calls->ignored);
    return PL_OK;
}

static void warn_of_pictures(const cli_settings *s, material *m) {
    const pl_sightings *seen = &m->paired.seen;
    int outdated = 0;
    for (int i = 0; i < seen->coverage_count; i++) outdated += seen->coverage[i].outdated;
    if (seen->coverage_count == 0)
        warn(s, m, "no picture here%s: plimsoll batch measures some",
             s->visits.port ? " of that port" : "");
    else if (m->count == 0)
        warn(s, m, "no call: %d hulls in %d pictures (plimsoll visits)", seen->count,
             seen->coverage_count);
    if (seen->failures > 0)
        warn(s, m, "%lld pictures failed (layer journal): calls on them are not seen",
             seen->failures);
    if (seen->rejected > 0)
        warn(s, m, "left out: %d hulls that an analyst rejected", seen->rejected);
    if (seen->stale_reviews > 0)
        warn(s, m, "%d hulls were reviewed on another measurement: the machine's values are used",
             seen->stale_reviews);
    if (outdated > 0)
        warn(s, m, "%d pictures were changed and then failed: their hulls are dubious (outdated)",
             outdated);
}

/* The visits of a store, paired as `plimsoll visits` pairs them. */
static pl_status read_store(cli_settings *s, material *m, pl_error *error) {
    cli_paired *p = &m->paired;
    pl_status status = cli_paired_find(s, p, error);
    if (status) return status;
    m->call = pl__arena_array(p->arena, (size_t)p->list.count + 1, sizeof *m->call);
    if (!m->call) return pl__fail_memory(error, "cli");
    for (m->count = 0; m->count < p->list.count; m->count++)
        pl_call_of_visit(&p->list.visit[m->count], &m->call[m->count]);
    m->looked = (pl_looked){p->models, p->seen.coverage, p->seen.coverage_count};
    warn_of_pictures(s, m);
    return PL_OK;
}

static void warn_of_beliefs(const cli_settings *s, const pl_findings *f, material *m) {
    if (f->assumed > 0)
        warn(s, m,
             "%d calls without a load: taken from the prior, whose mean is one number for "
             "all of them",
             f->assumed);
    if (f->exact_loads > 0)
        warn(s, m, "%d loads without load_fraction_sigma: taken as exact", f->exact_loads);
    if (f->dwt[PL_DWT_FLEET] > 0)
        warn(s, m,
             "%d calls of ships without deadweight or dimensions: any tanker of %g to %g t "
             "(--dwt-range)",
             f->dwt[PL_DWT_FLEET], s->findings.dwt_least_t, s->findings.dwt_most_t);
    int left = f->use[PL_CALL_UNCLEAR] + f->use[PL_CALL_DUBIOUS];
    if (left > 0)
        warn(s, m, "%d calls left out: %d unclear, %d dubious (--include)", left,
             f->use[PL_CALL_UNCLEAR], f->use[PL_CALL_DUBIOUS]);
}

static int answer(cli_settings *s, const pl_findings *f, const material *m) {
    pl_error error = PL_ERROR_INIT;
    char *text = NULL;
    pl_findings_about about = {.source = m->name,
                               .sha256 = m->sha256 ? m->sha256 : "",
                               .warning = m->warning,
                               .warnings = m->warnings,
                               .since_s = s->findings.since_s,
                               .until_s = s->findings.until_s - 1}; /* its last second */
    if (pl_findings_text(f, &about, cli_format(s), &text, &error) != PL_OK)
        return cli_fail(s, m->name, &error);
    int code = cli_write(s, text);
    free(text);
    return code;
}

int cmd_findings(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_findings findings;
    material m = {0};
    char password[128];
    int code = EXIT_NOTHING;
    bool store = pl_store_is_name(s->inputs[0]);
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    if (!pl_store_name(s->inputs[0], m.name, sizeof m.name, password, sizeof password))
        *m.name = '\0';
    s->findings.load = s->measure.load;
    pl_status status = store ? read_store(s, &m, &error) : read_table(s, &m, &error);
    if (!status)
        status = pl_findings_sum(m.paired.fleet, m.call, m.count, store ? &m.looked : NULL,
                                 &s->findings, m.paired.arena, &findings, &error);
    if (status) {
        code = cli_fail(s, m.name, &error);
    } else {
        warn_of_beliefs(s, &findings, &m);
        code = answer(s, &findings, &m);
    }
    cli_paired_free(&m.paired);
    return code;
}
