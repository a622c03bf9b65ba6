/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One picture's name in, its rows as text out: for callers that know no C structures. */
#include <math.h>
#include <stdlib.h>

#include "base/base.h"
#include "plimsoll/worker.h"

static pl_job usual_job(const char *file, const char *models_dir, const pl_load_models *models) {
    pl_job job = {.file = file, .options = PL_MEASURE_OPTIONS_INIT, .models = models};
    job.options.scene.models_dir = job.options.port.models_dir = models_dir;
    job.options.hull.models_dir = models_dir;
    return job;
}

pl_status pl_measure_file(const char *file, const char *models_dir, const char *format, char **out,
                          pl_error *error) {
    const pl_worker_limits limits = PL_WORKER_LIMITS_INIT;
    pl_load_models *models = NULL;
    pl_format form;
    pl_answer answer;
    *out = NULL;
    if (!pl_format_parse(format, &form))
        return pl__fail(error, PL_E_USAGE, "run", "no format '%.40s'", format);
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, "run");
    pl_status status = pl_load_models_open(models_dir, &models, error);
    if (status == PL_OK) {
        pl_job job = usual_job(file, models_dir, models);
        status = pl_job_run_isolated(&job, &limits, arena, &answer, error);
    }
    if (status == PL_OK) {
        answer.result.seconds = NAN; /* the same text from run to run */
        status = pl_result_text(&answer.result, 1, form, true, out, error);
    }
    pl_load_models_free(models);
    pl_arena_free(arena);
    return status;
}
