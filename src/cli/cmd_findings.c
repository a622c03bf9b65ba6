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
    if (!s->quiet) cli_complain(s, "warning", s->inputs[0], words);
}

static pl_status read_table(cli_settings *s, pl_arena *arena, material *m, pl_error *error) {
    pl_calls *calls = pl__arena_alloc(arena, sizeof *calls);
    if (!calls) return pl__fail_memory(error, "cli");
    pl_status status = cli_open_registry(s, error);
    if (!status) status = pl_calls_read(s->inputs[0], s->registry, arena, calls, error);
    if (status) return status;
    m->call = calls->call;
    m->count = calls->count;
    m->sha256 = calls->sha256;
    if (*calls->ignored) warn(s, m, "columns that mean nothing here: %.200s", calls->ignored);
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
    pl_findings_about about = {.source = s->inputs[0],
                               .sha256 = m->sha256 ? m->sha256 : "",
                               .warning = m->warning,
                               .warnings = m->warnings,
                               .since_s = s->findings.since_s,
                               .until_s = s->findings.until_s - 1}; /* its last second */
    if (pl_findings_text(f, &about, cli_format(s), &text, &error) != PL_OK)
        return cli_fail(s, s->inputs[0], &error);
    int code = cli_write(s, text);
    free(text);
    return code;
}

int cmd_findings(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_findings findings;
    material m = {0};
    int code = EXIT_NOTHING;
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    pl_arena *arena = pl_arena_new(0);
    pl_status status = arena ? PL_OK : pl__fail_memory(&error, "cli");
    s->findings.load = s->measure.load;
    if (!status) status = cli_open_models(s, &models, &error);
    if (!status) status = read_table(s, arena, &m, &error);
    if (!status)
        status = pl_findings_sum(models, m.call, m.count, NULL, 0, &s->findings, arena, &findings,
                                 &error);
    if (status) {
        code = cli_fail(s, s->inputs[0], &error);
    } else {
        warn_of_beliefs(s, &findings, &m);
        code = answer(s, &findings, &m);
    }
    pl_load_models_free(models);
    pl_arena_free(arena);
    return code;
}
