/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll explain`: one annotated sheet a hull. */
#include "cli/cli.h"
#include "plimsoll/report.h"

static pl_status write_sheet(void *context, const pl_result *result, const pl_result_row *row,
                             const pl_drawing *sheet, pl_error *error) {
    const cli_settings *s = context;
    char file[1400];
    (void)result;
    pl_status status = pl_report_write(sheet, row, s->out, file, sizeof file, error);
    if (status == PL_OK) printf("%s\n", file);
    return status;
}

static int explain(cli_settings *s, const char *file, const pl_load_models *models) {
    pl_error error = PL_ERROR_INIT;
    pl_answer answer;
    pl_job job = cli_job(s, file, models);
    job.sheet = write_sheet;
    job.context = s;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return EXIT_NOTHING;
    int code = EXIT_DONE;
    if (cli_work(s, &job, arena, &answer, &error) != PL_OK) {
        code = cli_interrupted() ? EXIT_INTERRUPTED : cli_fail(s, file, &error);
    } else if (answer.result.count == 0 && !s->quiet) {
        cli_complain(s, "warning", file, "no ships found: nothing to draw");
    }
    pl_arena_free(arena);
    return code;
}

int cmd_explain(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    if (!s->out) {
        cli_complain(s, "error", NULL, "explain wants -o DIR (plimsoll explain --help)");
        return EXIT_USAGE;
    }
    if (!cli_make_folder(s, s->out)) return EXIT_NOTHING;
    if (cli_open_models(s, &models, &error) != PL_OK) return cli_fail(s, NULL, &error);
    cli_tally tally = {0};
    cli_catch_interrupts();
    for (int i = 0; i < s->input_count && !cli_interrupted(); i++)
        cli_count(&tally, explain(s, s->inputs[i], models));
    pl_load_models_free(models);
    int code = cli_flush(s);
    return code == EXIT_DONE ? cli_sum_up(s, &tally) : code;
}
