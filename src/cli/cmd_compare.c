/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll compare`: the same hulls in two pictures. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

enum { WARNINGS_MOST = 4 };
static const char BACKWARD[] =
    "BEFORE was taken later than AFTER: signs follow the order that was given";
static const char UNDATED[] = "the time of one picture is unknown: the order is as given";

typedef struct tables {
    pl_load_models *load;
    pl_visit_models *visit;
} tables;

typedef struct side {
    const char *file;
    pl_answer answer;
    pl_observation *seen;
} side;

/* ---- one picture ---- */

static pl_status measure(cli_settings *s, const tables *t, const char *file, pl_arena *arena,
                         side *out, pl_error *error) {
    pl_job job = cli_job(s, file, t->load);
    *out = (side){.file = file};
    pl_status status = cli_work(s, &job, arena, &out->answer, error);
    if (status != PL_OK) return status;
    const pl_result *result = &out->answer.result;
    out->seen = calloc((size_t)result->count + 1, sizeof *out->seen);
    if (!out->seen) return pl__fail_memory(error, "cli");
    for (int i = 0; i < result->count; i++)
        pl_result_observation(result, &result->row[i], &out->seen[i]);
    return PL_OK;
}

/* ---- both ---- */

static pl_status lay(cli_settings *s, const side *before, const side *after, pl_arena *arena,
                     pl_registration *out, pl_error *error) {
    const pl_pairing pairing = {.after = after->file,
                                .result = {&before->answer.result, &after->answer.result}};
    pl_job job = cli_job(s, before->file, NULL);
    pl_answer answer;
    job.depth = PL_JOB_PAIR;
    job.pairing = &pairing;
    pl_status status = cli_work(s, &job, arena, &answer, error);
    *out = answer.registration;
    return status;
}

static pl_status write_sheet(void *context, const pl_result *result, const pl_result_row *row,
                             const pl_drawing *sheet, pl_error *error) {
    const cli_settings *s = context;
    char file[1400];
    (void)result;
    pl_status status = pl_report_write(sheet, row, s->sheets, file, sizeof file, error);
    if (status == PL_OK && !s->quiet) fprintf(stderr, "%s\n", file);
    return status;
}

/* A sheet for every pair that both pictures show outlined. */
static pl_status draw(cli_settings *s, const pl_comparison *c, const char *const file[2],
                      pl_arena *arena, pl_error *error) {
    pl_pair *pair = calloc((size_t)c->count + 1, sizeof *pair);
    pl_pairing pairing = {.after = file[1], .result = {c->result[0], c->result[1]}, .pair = pair};
    pl_job job = cli_job(s, file[0], NULL);
    pl_answer answer;
    if (!pair) return pl__fail_memory(error, "cli");
    for (int i = 0; i < c->count; i++) {
        const pl_pair *p = &c->pair[i];
        if (p->before < 0 || p->after < 0) continue;
        if (c->result[0]->row[p->before].hull.outline_count == 0) continue;
        if (c->result[1]->row[p->after].hull.outline_count == 0) continue;
        pair[pairing.sheets++] = *p;
    }
    job.depth = PL_JOB_PAIR;
    job.pairing = &pairing;
    job.sheet = write_sheet;
    job.context = s;
    pl_status status = pairing.sheets ? cli_work(s, &job, arena, &answer, error) : PL_OK;
    free(pair);
    return status;
}

/* The water that both measurements were made with: the port's, unless the user says. */
static pl_quantity water_of(const side *before, const side *after, const cli_settings *s) {
    const pl_result *result[2] = {&before->answer.result, &after->answer.result};
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < result[i]->count; k++)
            if (result[i]->row[k].has_load) return result[i]->row[k].load.water_density_t_m3;
    return s->measure.load.water_density_t_m3;
}

static int warn(cli_settings *s, const side *before, const side *after, const char **out) {
    double gap_s = after->answer.result.scene.acquired_s - before->answer.result.scene.acquired_s;
    int count = 0;
    if (isnan(gap_s)) out[count++] = UNDATED;
    if (gap_s < 0) out[count++] = BACKWARD;
    for (int i = 0; i < count && !s->quiet; i++) cli_complain(s, "warning", after->file, out[i]);
    return count;
}

static pl_status pair_up(cli_settings *s, const tables *t, const side *before, const side *after,
                         pl_comparison *c, pl_pair **out, pl_error *error) {
    const pl_result *result[2] = {&before->answer.result, &after->answer.result};
    const pl_registration *r = &c->registration;
    pl_load_input ship = PL_LOAD_INPUT_INIT;
    if (s->measure.vessel) pl_vessel_fill(s->measure.vessel, &ship);
    pl_pairing_options options = {r->east_m, r->north_m, r->sigma_m, &ship, s->measure.load};
    options.load.water_density_t_m3 = water_of(before, after, s);
    *out = calloc((size_t)result[0]->count + (size_t)result[1]->count + 1, sizeof **out);
    if (!*out) return pl__fail_memory(error, "cli");
    c->result[0] = result[0];
    c->result[1] = result[1];
    c->pair = *out;
    return pl_visit_pairs(t->visit, t->load, &options, before->seen, result[0]->count, after->seen,
                          result[1]->count, *out, &c->count, error);
}

/* @return EXIT_DONE and the text, or the code of what failed. */
static int compare(cli_settings *s, const tables *t, const side *before, const char *file,
                   bool pretty, char **out) {
    pl_error error = PL_ERROR_INIT;
    side after = {.file = file};
    const char *warning[WARNINGS_MOST];
    pl_comparison c = {.warning = warning};
    pl_pair *pairs = NULL;
    pl_arena *arena = pl_arena_new(0);
    *out = NULL;
    pl_status status =
        arena ? measure(s, t, file, arena, &after, &error) : pl__fail_memory(&error, "cli");
    if (status == PL_OK) status = lay(s, before, &after, arena, &c.registration, &error);
    if (status == PL_OK) status = pair_up(s, t, before, &after, &c, &pairs, &error);
    if (status == PL_OK) {
        c.warning_count = warn(s, before, &after, warning);
        const char *const files[2] = {before->file, file};
        if (s->sheets) status = draw(s, &c, files, arena, &error);
    }
    bool table = !s->out && isatty(STDOUT_FILENO);
    if (status == PL_OK) status = pl_result_comparison(&c, table, pretty, out, &error);
    free(pairs);
    free(after.seen);
    pl_arena_free(arena);
    if (status == PL_OK) return EXIT_DONE;
    return cli_interrupted() ? EXIT_INTERRUPTED : cli_fail(s, file, &error);
}

/* Each later picture against the first. */
static int compare_all(cli_settings *s, const tables *t, const side *before) {
    cli_tally tally = {.done = 1}; /* BEFORE was measured */
    char *text = NULL;
    size_t length = 0;
    int code = EXIT_DONE, compared = 0;
    for (int i = 1; i < s->input_count && !cli_interrupted(); i++) {
        char *part = NULL;
        int how = compare(s, t, before, s->inputs[i], s->input_count == 2, &part);
        cli_count(&tally, how);
        size_t more = part ? strlen(part) : 0;
        char *longer = part ? realloc(text, length + more + 1) : NULL;
        if (longer) {
            memcpy(longer + length, part, more + 1);
            text = longer;
            length += more;
            compared++;
        }
        free(part);
    }
    if (text) code = cli_write(s, text);
    free(text);
    if (code != EXIT_DONE || cli_interrupted()) return cli_interrupted() ? EXIT_INTERRUPTED : code;
    if (compared > 0) return cli_sum_up(s, &tally);
    return tally.usage == s->input_count - 1 ? EXIT_USAGE : EXIT_NOTHING;
}

static bool make_folder(const cli_settings *s) {
    struct stat there;
    if (!s->sheets) return true;
    bool is_folder = stat(s->sheets, &there) == 0 && S_ISDIR(there.st_mode);
    if (is_folder || mkdir(s->sheets, 0777) == 0) return true;
    cli_complain(s, "error", s->sheets, errno == EEXIST ? "is no folder" : strerror(errno));
    return false;
}

int cmd_compare(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    tables t = {NULL, NULL};
    side before = {.file = s->inputs[0]};
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    if (s->input_count < 2) { /* one picture twice is one */
        cli_complain(s, "error", NULL, "compare wants two pictures (plimsoll compare --help)");
        return EXIT_USAGE;
    }
    pl_status status = cli_open_models(s, &t.load, &error);
    if (status == PL_OK) status = pl_visit_models_open(s->models_dir, &t.visit, &error);
    if (status != PL_OK || !make_folder(s)) {
        pl_load_models_free(t.load);
        pl_visit_models_free(t.visit);
        return status != PL_OK ? cli_fail(s, NULL, &error) : EXIT_NOTHING;
    }
    cli_catch_interrupts();
    pl_arena *arena = pl_arena_new(0);
    int code = EXIT_NOTHING;
    if (!arena) {
        cli_complain(s, "error", NULL, "out of memory");
    } else if (measure(s, &t, before.file, arena, &before, &error) == PL_OK) {
        code = compare_all(s, &t, &before);
    } else {
        code = cli_interrupted() ? EXIT_INTERRUPTED : cli_fail(s, before.file, &error);
    }
    free(before.seen);
    pl_arena_free(arena);
    pl_load_models_free(t.load);
    pl_visit_models_free(t.visit);
    return code;
}
