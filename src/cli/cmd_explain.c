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
        if (printf("%s\n", file) < 0) return EXIT_NOTHING;
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
    if (mkdir(s->out, 0777) != 0 && errno != EEXIST) {
        cli_complain(s, "error", s->out, strerror(errno));
        return EXIT_NOTHING;
    }
    if (cli_open_models(s, &models, &error) != PL_OK) return cli_fail(s, NULL, &error);
    int done = 0, last = EXIT_DONE;
    for (int i = 0; i < s->input_count; i++) {
        int code = explain(s, s->inputs[i], models);
        if (code == EXIT_DONE) {
            done++;
        } else {
            last = code;
        }
    }
    pl_load_models_free(models);
    if (fflush(stdout) != 0) return EXIT_NOTHING;
    if (done == s->input_count) return EXIT_DONE;
    return done > 0 ? EXIT_SOME_FAILED : last;
}
