/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll explain`: one annotated sheet a hull. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "plimsoll/report.h"

static int draw(cli_settings *s, const pl_scene *scene, const pl_result *result) {
    for (int i = 0; i < result->count; i++) {
        pl_error error = PL_ERROR_INIT;
        pl_crop chip;
        char file[1400];
        pl_arena *arena = pl_arena_new(0);
        if (!arena) return EXIT_NOTHING;
        pl_status status = pl_measure_chip(scene, &result->row[i].hull, arena, &chip, &error);
        if (status == PL_OK)
            status = pl_report_explain(&chip, result, &result->row[i], s->out, arena, file,
                                       sizeof file, &error);
        pl_arena_free(arena);
        if (status != PL_OK) return cli_fail(s, result->scene.file, &error);
        printf("%s\n", file);
    }
    return EXIT_DONE;
}

static int explain(cli_settings *s, const char *file, const pl_load_models *models) {
    pl_error error = PL_ERROR_INIT;
    pl_scene *scene = NULL;
    pl_result result;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return EXIT_NOTHING;
    int code = EXIT_DONE;
    if (cli_measure(s, file, models, arena, &scene, &result, &error) != PL_OK) {
        code = cli_fail(s, file, &error);
    } else {
        code = draw(s, scene, &result);
        if (code == EXIT_DONE && result.count == 0 && !s->quiet)
            cli_complain(s, "warning", file, "no ships found: nothing to draw");
    }
    pl_scene_close(scene);
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
    struct stat there;
    bool is_folder = stat(s->out, &there) == 0 && S_ISDIR(there.st_mode);
    if (!is_folder && mkdir(s->out, 0777) != 0) {
        cli_complain(s, "error", s->out, errno == EEXIST ? "is no folder" : strerror(errno));
        return EXIT_NOTHING;
    }
    if (cli_open_models(s, &models, &error) != PL_OK) return cli_fail(s, NULL, &error);
    cli_tally tally = {0};
    for (int i = 0; i < s->input_count; i++) cli_count(&tally, explain(s, s->inputs[i], models));
    pl_load_models_free(models);
    int code = cli_flush(s);
    return code == EXIT_DONE ? cli_sum_up(s, &tally) : code;
}
