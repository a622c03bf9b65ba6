/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How are many pictures measured, several at a time, and told of in their own order? Workers fly in
 * a queue; whoever lands early waits for its turn, and up to QUEUE of them may, so that one slow
 * picture does not ground the others. */
#include <poll.h>
#include <stdlib.h>

#include "cli/cli.h"

enum { QUEUE = 4, LOOK_UP_MS = 200 }; /* times the number that fly at once */

typedef struct flight {
    pl_job job;
    pl_worker *worker; /* NULL: it could not start */
    pl_arena *arena;
    double begin_s, end_s;
    bool ended;
    pl_status status; /* of the start */
    pl_error error;
} flight;

typedef struct pool {
    cli_settings *settings;
    flight *flight; /* a ring */
    struct pollfd *poll;
    int size, head, next; /* flights head to next - 1 are under way or wait for their turn */
} pool;

static flight *at(const pool *p, int index) {
    return &p->flight[index % p->size];
}

static void launch(pool *p, const pl_job *job) {
    flight *f = at(p, p->next++);
    *f = (flight){.job = *job, .begin_s = cli_now_s(), .arena = pl_arena_new(0)};
    f->status = f->arena
                    ? pl_worker_start(job, &p->settings->limits, f->arena, &f->worker, &f->error)
                    : pl__fail_memory(&f->error, "cli");
    f->ended = f->status != PL_OK;
}

static int flying(const pool *p) {
    int count = 0;
    for (int i = p->head; i < p->next; i++) count += !at(p, i)->ended;
    return count;
}

static void wait_and_advance(pool *p) {
    double wait_ms = LOOK_UP_MS;
    int count = 0;
    for (int i = p->head; i < p->next; i++) {
        const flight *f = at(p, i);
        if (f->ended) continue;
        p->poll[count++] = (struct pollfd){pl_worker_fd(f->worker), POLLIN, 0};
        wait_ms = pl__min(wait_ms, 1e3 * pl_worker_seconds_left(f->worker) + 1.0);
    }
    poll(p->poll, (nfds_t)count, (int)wait_ms);
    for (int i = p->head; i < p->next; i++) {
        flight *f = at(p, i);
        if (f->ended || !pl_worker_advance(f->worker)) continue;
        f->ended = true;
        f->end_s = cli_now_s();
    }
}

/* The first in the queue is taken off it, its answer with it. */
static void land(pool *p, pl_answer *answer, pl_status *status, pl_error *error) {
    flight *f = at(p, p->head++);
    *answer = (pl_answer){.opened = false};
    *status = f->status;
    *error = f->error;
    if (f->worker) *status = pl_worker_finish(f->worker, answer, error);
    f->worker = NULL;
    cli_take_answer(p->settings, &f->job, f->end_s - f->begin_s, answer);
}

static void clear_away(pool *p) {
    for (; p->head < p->next; p->head++) {
        pl_worker_stop(at(p, p->head)->worker);
        pl_arena_free(at(p, p->head)->arena);
    }
    free(p->flight);
    free(p->poll);
}

/* One after the other, by this process or by one worker. */
static int run_single(cli_settings *s, const char *const *files, int count,
                      const pl_load_models *models,
                      bool (*take)(void *, int, pl_status, const pl_answer *, const pl_error *),
                      void *context) {
    bool go_on = true;
    int taken = 0;
    while (taken < count && go_on && !cli_interrupted()) {
        pl_error error = PL_ERROR_INIT;
        pl_answer answer;
        pl_job job = cli_job(s, files[taken], models);
        pl_arena *arena = pl_arena_new(0);
        if (!arena) break;
        pl_status status = cli_work(s, &job, arena, &answer, &error);
        bool cut = status != PL_OK && cli_interrupted();
        if (!cut) go_on = take(context, taken++, status, &answer, &error);
        pl_arena_free(arena);
        if (cut) break;
    }
    return taken;
}

int cli_pool_run(cli_settings *s, const char *const *files, int count, const pl_load_models *models,
                 bool (*take)(void *, int, pl_status, const pl_answer *, const pl_error *),
                 void *context) {
    if (s->jobs == 1) return run_single(s, files, count, models, take, context);
    pool p = {.settings = s, .size = QUEUE * s->jobs};
    p.flight = calloc((size_t)p.size, sizeof *p.flight);
    p.poll = calloc((size_t)p.size, sizeof *p.poll);
    bool go_on = p.flight && p.poll;
    while (p.head < count && go_on && !cli_interrupted()) {
        while (p.next < count && p.next - p.head < p.size && flying(&p) < s->jobs) {
            pl_job job = cli_job(s, files[p.next], models);
            launch(&p, &job);
        }
        wait_and_advance(&p);
        while (p.head < p.next && go_on && at(&p, p.head)->ended) {
            pl_answer answer;
            pl_status status;
            pl_error error;
            pl_arena *arena = at(&p, p.head)->arena;
            int index = p.head;
            land(&p, &answer, &status, &error);
            go_on = take(context, index, status, &answer, &error);
            pl_arena_free(arena);
        }
    }
    int taken = p.head;
    clear_away(&p);
    return taken;
}
