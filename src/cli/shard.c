/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which share of the pictures is this run's, when many runs share them?
 *
 * An item belongs to the share that the SHA-256 of its name says, and to no other, whatever else
 * stands on the command line and in whatever order: a picture that is delivered while the runs
 * start is measured once, by whoever sees it. The price is that shares are equal only as throws of
 * a die are: of n pictures in N shares each gets n/N, give or take sqrt(n (N - 1)) / N. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "io/io.h"

static bool number_of(const char *variable, int *out) {
    double value;
    const char *text = getenv(variable);
    if (!text || !pl__text_number(text, &value) || !(value >= 0 && value <= 1e9)) return false;
    *out = (int)value;
    return (double)*out == value;
}

static bool refuse(const cli_settings *s, const char *words) {
    cli_complain(s, "error", NULL, words);
    return false;
}

/* Ids need not begin at 0, nor go up by 1. */
static bool from_slurm(cli_settings *s) {
    int id = 0, count = 0, least = 0, step = 1;
    bool told = number_of("SLURM_ARRAY_TASK_ID", &id) &&
                number_of("SLURM_ARRAY_TASK_COUNT", &count) &&
                number_of("SLURM_ARRAY_TASK_MIN", &least);
    if (!number_of("SLURM_ARRAY_TASK_STEP", &step) || step < 1) step = 1;
    bool regular =
        told && count > 0 && id >= least && (id - least) % step == 0 && (id - least) / step < count;
    if (!regular)
        return refuse(
            s, "this Slurm array's ids are no 0, 1, 2 ...: say which share with --shard I/N");
    s->shard = (id - least) / step;
    s->shards = count;
    return true;
}

static bool from_kubernetes(cli_settings *s) {
    int index = 0, count = 0;
    if (!number_of("JOB_COMPLETION_INDEX", &index) || !number_of("JOB_COMPLETIONS", &count) ||
        count < 1 || index >= count)
        return refuse(s,
                      "JOB_COMPLETION_INDEX is set, but not of how many: set JOB_COMPLETIONS, or "
                      "say --shard I/N");
    s->shard = index;
    s->shards = count;
    return true;
}

bool cli_find_shard(cli_settings *s) {
    if (s->shards > 0) return true;
    if (getenv("SLURM_ARRAY_TASK_ID")) return from_slurm(s);
    if (getenv("JOB_COMPLETION_INDEX")) return from_kubernetes(s);
    s->shards = 1;
    return true;
}

bool cli_in_shard(const cli_settings *s, const char *item) {
    char hex[65], head[16];
    while (strncmp(item, "./", 2) == 0) item += 2;
    pl__io_sha256_buffer(item, strlen(item), hex);
    memcpy(head, hex, 15); /* 60 bits: no share is larger than another by more than 1e-13 */
    head[15] = '\0';
    return (int)(strtoull(head, NULL, 16) % (unsigned long long)s->shards) == s->shard;
}
