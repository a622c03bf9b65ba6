/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll measure` and `plimsoll hulls`: the street for one picture or several. */
#include <stdlib.h>

#include "cli/cli.h"

static int write_scenes(const cli_settings *s, const pl_result *results, int count) {
    char *text = NULL;
    pl_error error = PL_ERROR_INIT;
    cli_settings there = *s;
    if (!s->scenes_csv) return EXIT_DONE;
    if (pl_result_scenes_csv(results, count, &text, &error) != PL_OK)
        return cli_fail(s, NULL, &error);
    there.out = s->scenes_csv;
    int code = cli_write(&there, text);
    free(text);
    return code;
}

static int measure_all(cli_settings *s, const pl_load_models *models, cli_chips *chips,
                       pl_arena *arena, pl_result *results) {
    cli_tally tally = {0};
    for (int i = 0; i < s->input_count && !cli_interrupted(); i++) {
        pl_error error = PL_ERROR_INIT;
        pl_answer answer;
        pl_job job = cli_job(s, s->inputs[i], models);
        if (s->chips) job.chip = cli_chips_write;
        job.context = chips;
        if (cli_work(s, &job, arena, &answer, &error) == PL_OK) {
            results[tally.done++] = answer.result;
        } else if (!cli_interrupted()) {
            cli_count(&tally, cli_fail(s, s->inputs[i], &error));
        }
    }
    if (tally.done == 0) return cli_sum_up(s, &tally);
    char *text = NULL;
    pl_error error = PL_ERROR_INIT;
    if (pl_result_text(results, tally.done, cli_format(s), true, &text, &error) != PL_OK)
        return cli_fail(s, NULL, &error);
    int code = cli_write(s, text);
    free(text);
    if (code == EXIT_DONE) code = write_scenes(s, results, tally.done);
    return code == EXIT_DONE ? cli_sum_up(s, &tally) : code;
}

int cmd_measure(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    pl_status status = s->measure.detection_only ? cli_find_models(s, &error)
                                                 : cli_open_models(s, &models, &error);
    if (status != PL_OK) return cli_fail(s, NULL, &error);
    cli_chips chips = {.settings = s};
    if (s->chips && !cli_chips_begin(&chips, s, NULL)) {
        pl_load_models_free(models);
        return EXIT_NOTHING;
    }
    pl_arena *arena = pl_arena_new(0);
    cli_catch_interrupts();
    pl_result *results = calloc((size_t)s->input_count, sizeof *results);
    int code = EXIT_NOTHING;
    if (arena && results) {
        code = measure_all(s, models, &chips, arena, results);
        if (code == EXIT_DONE && chips.failed) code = EXIT_SOME_FAILED;
    } else {
        cli_complain(s, "error", NULL, "out of memory");
    }
    cli_chips_end(&chips);
    free(results);
    pl_arena_free(arena);
    pl_load_models_free(models);
    return code;
}

int cmd_hulls(cli_settings *s) {
    s->measure.detection_only = true;
    return cmd_measure(s);
}
