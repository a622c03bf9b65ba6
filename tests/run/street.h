/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole street for one file, for tests: opens, measures, keeps the first row. */
#ifndef PL_TESTS_RUN_STREET_H
#define PL_TESTS_RUN_STREET_H

#include "plimsoll/pipeline.h"

typedef struct street_answer {
    pl_status status; /* of the street */
    int hulls;
    pl_result_row row; /* the first; its pointers are gone */
    char message[240];
} street_answer;

static inline street_answer walk_the_street(const char *file, const pl_load_models *models) {
    street_answer answer = {.status = PL_E_MEMORY};
    pl_error error = PL_ERROR_INIT;
    pl_measure_options options = PL_MEASURE_OPTIONS_INIT;
    options.freeboard.model_sigma_m = 0; /* drawn scenes */
    options.port.models_dir = PL_SOURCE_DIR "/models";
    pl_scene *scene = NULL;
    pl_result result = {0};
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return answer;
    answer.status = pl_scene_open(file, &options.scene, &scene, &error);
    if (answer.status == PL_OK)
        answer.status = pl_measure(scene, models, &options, arena, &result, &error);
    answer.hulls = result.count;
    if (answer.status == PL_OK && result.count > 0) answer.row = result.row[0];
    for (size_t i = 0; i < sizeof answer.message; i++) answer.message[i] = error.message[i];
    pl_scene_close(scene);
    pl_arena_free(arena);
    return answer;
}

#endif
