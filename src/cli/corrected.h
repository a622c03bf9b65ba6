/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corrections as the scene was measured: of `review apply`, and of the page that foretells them. */
#ifndef PL_CLI_CORRECTED_H
#define PL_CLI_CORRECTED_H

#include "cli/cli.h"
#include "plimsoll/review.h"

typedef struct scene_options {
    char *scene_id, *options;
} scene_options;

/** The models of one set of options stay open for the next hull. */
typedef struct cli_bench {
    cli_settings *settings;
    scene_options *scene;
    int scenes, room;
    bool failed;         /* out of memory */
    const char *options; /* that are open */
    cli_settings as_then;
    pl_load_models *models;
} cli_bench;

/** Reads with which options each scene was measured. Drop it also on failure. */
pl_status cli_bench_open(cli_bench *bench, cli_settings *settings, pl_store *store,
                         pl_error *error);
void cli_bench_drop(cli_bench *bench);
/** @param context a cli_bench. @return PL_REFUSED, with words: it comes to nothing. */
pl_status cli_correct(void *context, const pl_review *review, const pl_observation *machine,
                      pl_arena *arena, pl_reviewed *out, pl_error *error);

#endif
