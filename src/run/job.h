/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job tells while it runs: to the answer of this process, or down a worker's pipe. */
#ifndef PL_RUN_JOB_H
#define PL_RUN_JOB_H

#include "base/base.h"
#include "plimsoll/pipeline.h"

typedef struct pl_job_listener {
    void *context;
    pl_status (*opened)(void *context, const pl_scene_info *scene, const char *ports,
                        pl_error *error);
    pl_status (*measured)(void *context, const pl_result *result, pl_error *error);
    pl_status (*sheet)(void *context, const pl_result *result, int row, const pl_drawing *sheet,
                       pl_error *error);
    pl_status (*chip)(void *context, pl_result *result, int row, const pl_chip *chip,
                      pl_error *error);
    pl_status (*registered)(void *context, const pl_registration *registration, pl_error *error);
    pl_status (*pair_sheet)(void *context, int pair, const pl_drawing *sheet, pl_error *error);
} pl_job_listener;

/** Walks the street and tells the listener; its failure ends the walk. */
pl_status pl__job_walk(const pl_job *job, pl_arena *arena, const pl_job_listener *listener,
                       pl_error *error);

/** A PL_JOB_PAIR, from its opened first picture on (src/run/pair.c). */
pl_status pl__job_pair(const pl_job *job, const pl_scene *before, const pl_job_listener *listener,
                       pl_error *error);

#endif
