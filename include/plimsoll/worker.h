/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file worker.h
 * How is a picture read that may be made to break the reader?
 *
 * A job runs in a child process that can read files, compute, and answer through a pipe, and
 * nothing else: limits on memory and time, no new privileges, a list of allowed system calls. What
 * comes back is checked before it is believed. A crash, a loop or a take-over costs this one
 * picture. docs/decisions/0005-worker-processes.md says what a worker that was taken over can still
 * do.
 *
 * A worker is forked, so it must be started from a process of one thread: start workers before
 * pl_measure, pl_job_run or anything else that computes on several cores.
 */
#ifndef PLIMSOLL_WORKER_H
#define PLIMSOLL_WORKER_H

#include "plimsoll/pipeline.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pl_worker_limits {
    double timeout_s; /**< from start to answer; default 300: the largest scenes take a minute */
    double memory_mb; /**< most data memory; default 4096: a scene stays under 1 GiB, times four */
    int cores;        /**< that a worker may compute on at once; 0: all */
} pl_worker_limits;
#define PL_WORKER_LIMITS_INIT                                                                      \
    { 300.0, 4096.0, 0 }

/** A job under way in a child process. */
typedef struct pl_worker pl_worker;

/**
 * Starts a job and returns at once.
 * @param job copied; its texts and models need not outlive the call, what sheet's context points
 * to and its pairing must.
 * @param arena holds what the answer points to; nobody else's until pl_worker_finish.
 * @param out yours to hand to pl_worker_finish or pl_worker_stop.
 * @return PL_E_USAGE from a process of several threads; PL_E_IO when no child can be made.
 */
PL_API pl_status pl_worker_start(const pl_job *job, const pl_worker_limits *limits, pl_arena *arena,
                                 pl_worker **out, pl_error *error);
/** For poll(): readable when pl_worker_advance has something to do. */
PL_API int pl_worker_fd(const pl_worker *worker);
/** Seconds until its time is over: how long to poll at most. */
PL_API double pl_worker_seconds_left(const pl_worker *worker);
/** Takes in what has arrived, without waiting; calls job->sheet; ends the worker when its time is
 * over. @return true when there is nothing more to come: finish it. */
PL_API bool pl_worker_advance(pl_worker *worker);
/**
 * Waits for the end, checks the answer, frees the worker.
 * @return the job's own status and error, or PL_E_LIMIT (time), PL_E_MEMORY, PL_E_INTERNAL
 * (crashed, or answered nonsense).
 */
PL_API pl_status pl_worker_finish(pl_worker *worker, pl_answer *out, pl_error *error);
/** Ends the worker at once and frees it. NULL is fine. */
PL_API void pl_worker_stop(pl_worker *worker);

/** Start and finish in one: pl_job_run in a child process. */
PL_API pl_status pl_job_run_isolated(const pl_job *job, const pl_worker_limits *limits,
                                     pl_arena *arena, pl_answer *out, pl_error *error);

/**
 * The whole street for one picture by its name, with the defaults, in a child process: one call for
 * languages that know no C structures (examples/measure.py).
 * @param file any name that `plimsoll measure` takes for one picture. @param models_dir folder of
 * the model tables (pkg-config --variable=modelsdir plimsoll).
 * @param format "geojson", "geojsonl", "csv" or "table", as pl_result_text writes them.
 * @param out malloc'ed, yours to free(); NUL-terminated; NULL on failure.
 * @return as pl_job_run_isolated; PL_E_USAGE for an unknown format, too.
 */
PL_API pl_status pl_measure_file(const char *file, const char *models_dir, const char *format,
                                 char **out, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
