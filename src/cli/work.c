/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who reads a picture, and what if somebody presses Ctrl-C meanwhile? A worker reads it, so that a
 * picture which breaks its reader costs only itself; with --in-process this program does. */
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "cli/cli.h"

enum { LOOK_UP_MS = 200 }; /* an interrupt that comes between a look and the wait is seen then */

static volatile sig_atomic_t interrupted; /* the one thing a signal handler may touch */

static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

void cli_catch_interrupts(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool cli_interrupted(void) {
    return interrupted;
}

double cli_now_s(void) {
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? (double)t.tv_sec + 1e-9 * (double)t.tv_nsec
                                                   : NAN;
}

pl_job cli_job(const cli_settings *s, const char *file, const pl_load_models *models) {
    return (pl_job){.file = file, .options = s->measure, .models = models};
}

void cli_take_answer(cli_settings *s, const pl_job *job, double seconds, pl_answer *answer) {
    const pl_scene_info *info = &answer->result.scene;
    if (answer->opened && !answer->confined && !s->in_process && !s->warned_unfiltered) {
        if (!s->quiet)
            cli_complain(s, "warning", NULL,
                         "this kernel refuses system call filters: workers have limits only");
        s->warned_unfiltered = true;
    }
    bool said =
        s->quiet || answer->unwanted ||
        job->depth != PL_JOB_MEASURE; /* a description lists its warnings, a pair has had them */
    for (int i = 0; answer->opened && i < info->warning_count && !said; i++)
        cli_complain(s, "warning", job->file, info->warning[i]);
    answer->result.seconds = s->timing ? seconds : NAN;
}

static pl_status work_elsewhere(const cli_settings *s, const pl_job *job, pl_arena *arena,
                                pl_answer *out, pl_error *error) {
    pl_worker *worker = NULL;
    pl_status status = pl_worker_start(job, &s->limits, arena, &worker, error);
    if (status != PL_OK) return status;
    while (!pl_worker_advance(worker)) {
        struct pollfd readable = {pl_worker_fd(worker), POLLIN, 0};
        if (interrupted) {
            pl_worker_stop(worker);
            return pl__fail(error, PL_E_IO, "cli", "interrupted");
        }
        double left_ms = 1e3 * pl_worker_seconds_left(worker) + 1.0;
        poll(&readable, 1, left_ms < LOOK_UP_MS ? (int)left_ms : LOOK_UP_MS);
    }
    return pl_worker_finish(worker, out, error);
}

pl_status cli_work(cli_settings *s, const pl_job *job, pl_arena *arena, pl_answer *out,
                   pl_error *error) {
    double begin = cli_now_s();
    *out = (pl_answer){.opened = false, .peak_mb = NAN};
    pl_status status = s->in_process ? pl_job_run(job, arena, out, error)
                                     : work_elsewhere(s, job, arena, out, error);
    cli_take_answer(s, job, cli_now_s() - begin, out);
    return status;
}
