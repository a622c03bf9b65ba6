/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How are many pictures measured, several at a time? Each slot flies one worker. Who lands is taken
 * at once, so that a picture that hangs holds up nobody but its slot, and what is done is safe; the
 * slot flies again before the answer is written. One thing waits: of two pictures that claim to be
 * the same scene the first in the row is to be believed, so none lands before those ahead of it
 * have said who they are, or have had their time to. */
#include <math.h>
#include <poll.h>
#include <stdlib.h>

#include "cli/cli.h"

enum { LOOK_UP_MS = 200 };
static const double NAME_ITSELF_S = 5.0; /* opening takes some hundredths of this */

typedef struct pool pool;
typedef struct flight {
    pool *pool;
    int index; /* of the input; -1: the slot is free */
    pl_job job;
    pl_worker *worker; /* NULL: it could not start */
    pl_arena *arena;
    double begin_s, end_s;
    bool named, ended;
    pl_status status; /* of the start */
    pl_error error;
} flight;

struct pool {
    cli_settings *settings;
    const pl_load_models *models;
    const cli_pool_ears *ears;
    flight *flight;
    struct pollfd *poll;
    int slots, next;
    bool go_on;
};

static pl_status keep_chip(void *context, const pl_result *result, pl_result_row *row,
                           const pl_chip *chip, pl_error *error) {
    const flight *f = context;
    const cli_pool_ears *ears = f->pool->ears;
    return ears->chip(ears->context, result, row, chip, error);
}

static bool ask(void *context, const pl_scene_info *scene) {
    flight *f = context;
    f->named = true;
    const cli_pool_ears *ears = f->pool->ears;
    return ears->wanted(ears->context, f->index, scene);
}

/* The next input that may be a picture; -1: there are no more. */
static int next_input(pool *p) {
    const cli_settings *s = p->settings;
    while (p->next < s->input_count && s->names.fault[p->next]) p->next++;
    return p->next < s->input_count ? p->next++ : -1;
}

static void launch(pool *p, flight *f) {
    *f = (flight){.pool = p, .index = p->go_on && !cli_interrupted() ? next_input(p) : -1};
    if (f->index < 0) return;
    f->begin_s = cli_now_s();
    f->job = cli_job(p->settings, p->settings->inputs[f->index], p->models);
    f->job.wanted = ask;
    f->job.chip = p->ears->chip ? keep_chip : NULL;
    f->job.context = f;
    f->arena = pl_arena_new(0);
    f->status =
        f->arena ? pl_worker_start(&f->job, &p->settings->limits, f->arena, &f->worker, &f->error)
                 : pl__fail_memory(&f->error, "cli");
    if (f->status == PL_OK) return;
    f->ended = true;
    f->end_s = f->begin_s;
}

static void wait_and_advance(pool *p) {
    double wait_ms = LOOK_UP_MS;
    int count = 0;
    for (int i = 0; i < p->slots; i++) {
        const flight *f = &p->flight[i];
        if (f->index < 0) continue;
        if (f->ended) { /* it waits for others to say who they are */
            wait_ms = pl__min(wait_ms, 20.0);
            continue;
        }
        p->poll[count++] = (struct pollfd){pl_worker_fd(f->worker), POLLIN, 0};
        wait_ms = pl__min(wait_ms, 1e3 * pl_worker_seconds_left(f->worker) + 1.0);
    }
    poll(p->poll, (nfds_t)count, (int)wait_ms);
    for (int i = 0; i < p->slots; i++) {
        flight *f = &p->flight[i];
        if (f->index < 0 || f->ended || !pl_worker_advance(f->worker)) continue;
        f->ended = true;
        f->end_s = cli_now_s();
    }
}

static bool may_land(const pool *p, const flight *f, double now_s) {
    for (int i = 0; i < p->slots; i++) {
        const flight *g = &p->flight[i];
        if (g->index >= 0 && g->index < f->index && !g->named && !g->ended &&
            now_s - g->begin_s < NAME_ITSELF_S)
            return false;
    }
    return true;
}

/* The first in the inputs' order of those that may land; NULL none. */
static flight *first_to_land(const pool *p) {
    flight *first = NULL;
    double now_s = cli_now_s();
    for (int i = 0; i < p->slots; i++) {
        flight *f = &p->flight[i];
        if (f->index >= 0 && f->ended && (!first || f->index < first->index) &&
            may_land(p, f, now_s))
            first = f;
    }
    return first;
}

static void land(pool *p, flight *slot) {
    flight f = *slot; /* the slot flies again, and is not idle while the answer is written */
    pl_answer answer = {.opened = false, .peak_mb = NAN};
    pl_status status = f.status;
    if (f.worker) status = pl_worker_finish(f.worker, &answer, &f.error);
    launch(p, slot);
    cli_take_answer(p->settings, &f.job, f.end_s - f.begin_s, &answer);
    p->go_on =
        p->ears->take(p->ears->context, f.index, status, &answer, &f.error, f.end_s - f.begin_s);
    pl_arena_free(f.arena);
}

static bool is_flying(const pool *p) {
    for (int i = 0; i < p->slots; i++)
        if (p->flight[i].index >= 0) return true;
    return false;
}

static void fly(pool *p) {
    for (int i = 0; i < p->slots; i++) launch(p, &p->flight[i]);
    while (p->go_on && !cli_interrupted() && is_flying(p)) {
        wait_and_advance(p);
        for (flight *f; p->go_on && !cli_interrupted() && (f = first_to_land(p));) land(p, f);
        p->ears->tick(p->ears->context);
    }
    for (int i = 0; i < p->slots; i++) {
        if (p->flight[i].index < 0) continue;
        pl_worker_stop(p->flight[i].worker);
        pl_arena_free(p->flight[i].arena);
    }
}

/* One after the other, by this process. */
static void walk(pool *p) {
    for (int index; p->go_on && !cli_interrupted() && (index = next_input(p)) >= 0;) {
        pl_error error = PL_ERROR_INIT;
        pl_answer answer;
        flight f = {.pool = p, .index = index, .arena = pl_arena_new(0)};
        if (!f.arena) break;
        double begin_s = cli_now_s();
        f.job = cli_job(p->settings, p->settings->inputs[index], p->models);
        f.job.wanted = ask;
        f.job.chip = p->ears->chip ? keep_chip : NULL;
        f.job.context = &f;
        pl_status status = cli_work(p->settings, &f.job, f.arena, &answer, &error);
        p->go_on =
            p->ears->take(p->ears->context, index, status, &answer, &error, cli_now_s() - begin_s);
        pl_arena_free(f.arena);
        p->ears->tick(p->ears->context);
    }
}

void cli_pool_run(cli_settings *s, const pl_load_models *models, const cli_pool_ears *ears) {
    pool p = {.settings = s, .models = models, .ears = ears, .slots = s->jobs, .go_on = true};
    if (s->in_process) {
        walk(&p);
        return;
    }
    p.flight = calloc((size_t)p.slots, sizeof *p.flight);
    p.poll = calloc((size_t)p.slots, sizeof *p.poll);
    for (int i = 0; p.flight && i < p.slots; i++) p.flight[i].index = -1;
    if (p.flight && p.poll) fly(&p);
    free(p.flight);
    free(p.poll);
}
