/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `plimsoll batch` share. */
#ifndef PL_CLI_BATCH_H
#define PL_CLI_BATCH_H

#include "cli/cli.h"

/** Why pictures failed, and how often. */
typedef struct cli_reasons {
    int count;
    struct {
        char *words;
        int times;
    } reason[64]; /* what is rarer than these is told one by one, as it happens */
} cli_reasons;
/** @param file is cut off where the message names it. */
void cli_reasons_add(cli_reasons *reasons, const char *file, const char *message);
void cli_reasons_drop(cli_reasons *reasons);

typedef struct cli_batch_sum {
    int all, done, kept, failed;    /* pictures; kept ones are done */
    int measured, dubious, refused; /* hulls */
    double seconds;
    bool interrupted;
    const cli_reasons *reasons;
} cli_batch_sum;
/** The table at the end, and the line below it; or a line of JSON. */
void cli_batch_sum_up(const cli_settings *settings, const cli_batch_sum *sum);
/** A line that is neither warning nor error. */
void cli_batch_say(const cli_settings *settings, const char *event, const char *words);
/** As JSON: what became of one picture. */
void cli_batch_tell_picture(const cli_progress *progress, const char *item, const pl_answer *answer,
                            const char *status, double seconds);

bool cli_batch_is_store(const char *name);
/** Opens a store; says so while it waits for it. */
pl_status cli_batch_open_store(cli_settings *settings, const char *name, pl_store **out,
                               pl_error *error);
/** Says why the store failed, without its passwords. @return the exit code. */
int cli_batch_fail_store(const cli_settings *settings, const pl_error *error);

#endif
