/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a job given to a child process, and what is made of its answer or of its silence?
 *
 * The parent reads records from a pipe as they come and believes nothing in them (wire.c). A worker
 * ends by itself, or is ended: when its time is over, when it talks nonsense, when nobody wants its
 * answer any more. However it ends, it is reaped here. */
#include "plimsoll/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/child.h"

enum { CHUNK = 1 << 16, WORDS_BYTES = 4096 };

struct pl_worker {
    pl_worker_limits limits;
    pl_status (*sheet)(void *context, const pl_result *result, const pl_result_row *row,
                       const pl_drawing *sheet, pl_error *error);
    bool (*wanted)(void *context, const pl_scene_info *scene);
    pl_status (*chip)(void *context, const pl_result *result, pl_result_row *row,
                      const pl_chip *chip, pl_error *error);
    void *context;
    pl_arena *arena;
    pid_t pid;
    int answer_fd, words_fd;
    double deadline_s;
    pl_answer answer;
    unsigned char *buffer; /* of the record under way */
    size_t used, room;
    bool greeted, measured, ended; /* records that have come */
    int sheets;                    /* or chips */
    bool describes;                /* no result is expected */
    const pl_pairing *pairing;     /* nor here: a registration, or its sheets */
    bool registered;
    bool over, timed_out;
    const char *nonsense; /* what was wrong in the answer */
    pl_error error;       /* as the worker told it */
    pl_error sheet_error; /* of job->sheet and job->chip */
};

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* this clock cannot fail */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- starting ---- */

/* A folder's links: itself, its name, and one for each folder in it. */
static bool is_alone(void) {
    struct stat tasks;
    return stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink <= 3;
}

static bool make_pipes(int answer[2], int words[2]) {
    if (pipe2(answer, O_CLOEXEC) != 0) return false;
    if (pipe2(words, O_CLOEXEC | O_NONBLOCK) == 0) {
        if (fcntl(answer[0], F_SETFL, O_NONBLOCK) == 0) return true;
        close(words[0]);
        close(words[1]);
    }
    close(answer[0]);
    close(answer[1]);
    return false;
}

/* No signal may find the child with its parent's handlers: they wait until it has its own. */
static pid_t fork_quietly(void) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t pid = fork();
    int why = errno;
    if (pid != 0) sigprocmask(SIG_SETMASK, &before, NULL);
    errno = why;
    return pid;
}

static pl_status check(const pl_worker_limits *limits, pl_error *error) {
    if (!(limits->timeout_s > 0) || !(limits->memory_mb > 0))
        return pl__fail(error, PL_E_USAGE, "run", "a worker needs time and memory");
    if (!is_alone())
        return pl__fail(error, PL_E_USAGE, "run",
                        "a worker must be started before this process has several threads");
    return PL_OK;
}

pl_status pl_worker_start(const pl_job *job, const pl_worker_limits *limits, pl_arena *arena,
                          pl_worker **out, pl_error *error) {
    int answer[2], words[2];
    *out = NULL;
    pl_status status = check(limits, error);
    if (status != PL_OK) return status;
    pl_worker *w = calloc(1, sizeof *w);
    if (!w) return pl__fail_memory(error, "run");
    if (!make_pipes(answer, words)) {
        free(w);
        return pl__fail(error, PL_E_IO, "run", "no pipe to a worker: %s", strerror(errno));
    }
    w->limits = *limits;
    w->sheet = job->sheet;
    w->wanted = job->wanted;
    w->chip = job->chip;
    w->context = job->context;
    w->describes = job->depth == PL_JOB_DESCRIBE;
    w->pairing = job->depth == PL_JOB_PAIR ? job->pairing : NULL;
    w->arena = arena;
    w->deadline_s = now_s() + limits->timeout_s;
    pid_t self = getpid();
    w->pid = fork_quietly();
    if (w->pid == 0) pl__child_live(job, limits, answer[1], words[1], self);
    close(answer[1]);
    close(words[1]);
    w->answer_fd = answer[0];
    w->words_fd = words[0];
    if (w->pid > 0) {
        *out = w;
        return PL_OK;
    }
    status = pl__fail(error, PL_E_IO, "run", "no worker: %s", strerror(errno));
    close(w->answer_fd);
    close(w->words_fd);
    free(w);
    return status;
}

/* ---- listening ---- */

static const char *take_scene(pl_worker *w, pl_wire_in *in) {
    if (!w->greeted || w->answer.opened) return "a scene out of turn";
    pl__wire_get(in, &PL__WIRE_SCENE, w->arena, &w->answer.result.scene);
    size_t length = in->size - in->at;
    if (in->wrong) return in->wrong;
    if (length == 0 || length > sizeof w->answer.ports || in->data[in->size - 1] != '\0')
        return "a text without an end";
    pl__wire_get_bytes(in, w->answer.ports, length);
    if (in->wrong) return in->wrong;
    w->answer.opened = true;
    w->answer.unwanted = w->wanted && !w->wanted(w->context, &w->answer.result.scene);
    return NULL;
}

static const char *take_result(pl_worker *w, pl_wire_in *in) {
    if (!w->answer.opened || w->measured || w->pairing) return "a result out of turn";
    pl_result result = {.count = 0};
    pl__wire_get(in, &PL__WIRE_RESULT, w->arena, &result);
    if (in->wrong) return in->wrong;
    if (result.count > 0 && !result.row) return "rows that are not there";
    if (result.area.count > 0 && !result.area.lonlat) result.area.count = 0;
    for (int i = 0; i < result.count; i++) result.row[i].tile[0] = '\0'; /* names no files here */
    w->answer.result = result;
    w->measured = true;
    return NULL;
}

/* Whose sheet is the next one? NULL: none is to come. */
static const pl_result_row *next_sheet(const pl_worker *w, const pl_result **result) {
    const pl_pairing *p = w->pairing;
    *result = p ? p->result[0] : &w->answer.result;
    if (p) return w->sheets < p->sheets ? &(*result)->row[p->pair[w->sheets].before] : NULL;
    return w->measured && w->sheets < (*result)->count ? &(*result)->row[w->sheets] : NULL;
}

static const char *take_sheet(pl_worker *w, pl_wire_in *in, uint32_t index) {
    const pl_result *result;
    const pl_result_row *row = next_sheet(w, &result);
    if (!w->sheet || !w->answer.opened || !row || index != (uint32_t)w->sheets ||
        in->size != PL_DRAWING_BYTES)
        return "a sheet out of turn";
    const pl_drawing sheet = {w->buffer + sizeof(pl_record_head)};
    w->sheets++;
    in->at = in->size;
    if (w->sheet_error.status != PL_OK) return NULL;
    pl_status status = w->sheet(w->context, result, row, &sheet, &w->sheet_error);
    w->sheet_error.status = status;
    return NULL;
}

/* Its pixels lie behind the form in the buffer, but for the raw ones, which may lie askew there. */
static const char *take_chip(pl_worker *w, pl_wire_in *in, uint32_t index) {
    const pl_result *result = &w->answer.result;
    pl_chip chip = {.side_px = 0};
    size_t bytes[PL_CHIP_PARTS], all = 0;
    unsigned char *part[PL_CHIP_PARTS];
    if (!w->chip || !w->measured || w->sheets >= result->count || index != (uint32_t)w->sheets)
        return "a chip out of turn";
    pl__wire_get(in, &PL__WIRE_CHIP, w->arena, &chip);
    if (in->wrong) return in->wrong;
    pl__chip_sizes(&chip, bytes);
    for (int i = 0; i < PL_CHIP_PARTS; i++) all += bytes[i];
    if (all != in->size - in->at) return "a chip of another size than it says";
    part[0] = w->buffer + sizeof(pl_record_head) + in->at;
    for (int i = 1; i < PL_CHIP_PARTS; i++) part[i] = part[i - 1] + bytes[i - 1];
    in->at = in->size;
    pl_result_row *row = &w->answer.result.row[w->sheets++];
    if (w->sheet_error.status != PL_OK) return NULL;
    chip.picture = part[0];
    chip.strip = part[1];
    chip.drawn = part[2];
    chip.raw = malloc(bytes[3] + 1);
    if (!chip.raw) return "no memory for it";
    memcpy(chip.raw, part[3], bytes[3]);
    w->sheet_error.status = w->chip(w->context, result, row, &chip, &w->sheet_error);
    free(chip.raw);
    return NULL;
}

static const char *take_registration(pl_worker *w, pl_wire_in *in) {
    if (!w->pairing || w->pairing->sheets > 0 || !w->answer.opened || w->registered)
        return "a registration out of turn";
    pl__wire_get(in, &PL__WIRE_REGISTRATION, w->arena, &w->answer.registration);
    w->registered = !in->wrong;
    return in->wrong;
}

static const char *take_end(pl_worker *w, pl_wire_in *in) {
    pl__wire_get(in, &PL__WIRE_ERROR, w->arena, &w->error);
    if (in->wrong) return in->wrong;
    w->ended = true;
    return NULL;
}

static const char *take_record(pl_worker *w, const pl_record_head *head) {
    pl_wire_in in = {w->buffer + sizeof *head, (size_t)head->size, 0, NULL};
    unsigned char confined = 0;
    const char *wrong = NULL;
    if (w->answer.unwanted) return NULL; /* what more it has to say is not heard */
    if (w->ended) return "words after the end";
    switch (head->kind) {
    case PL_RECORD_HELLO:
        if (w->greeted) return "a greeting out of turn";
        pl__wire_get_bytes(&in, &confined, sizeof confined);
        w->answer.confined = confined == 1;
        w->greeted = true;
        wrong = in.wrong;
        break;
    case PL_RECORD_SCENE:
        wrong = take_scene(w, &in);
        break;
    case PL_RECORD_RESULT:
        wrong = take_result(w, &in);
        break;
    case PL_RECORD_SHEET:
        wrong = take_sheet(w, &in, head->index);
        break;
    case PL_RECORD_CHIP:
        wrong = take_chip(w, &in, head->index);
        break;
    case PL_RECORD_REGISTRATION:
        wrong = take_registration(w, &in);
        break;
    case PL_RECORD_END:
        wrong = take_end(w, &in);
        break;
    default:
        return "a record of no kind";
    }
    return wrong ? wrong : in.at == in.size ? NULL : "more bytes than it says";
}

/* Takes every whole record off the front of the buffer. */
static void take_records(pl_worker *w) {
    pl_record_head head;
    size_t at = 0;
    while (!w->nonsense && w->used - at >= sizeof head) {
        memmove(w->buffer, w->buffer + at, w->used - at); /* records are aligned as malloc is */
        w->used -= at;
        at = 0;
        memcpy(&head, w->buffer, sizeof head);
        if (head.size > PL_RECORD_BYTES_MAX) w->nonsense = "more than it may say";
        if (w->nonsense || w->used - sizeof head < head.size) break;
        w->nonsense = take_record(w, &head);
        at = sizeof head + (size_t)head.size;
    }
    memmove(w->buffer, w->buffer + at, w->used - at);
    w->used -= at;
}

static bool make_room(pl_worker *w) {
    if (w->room - w->used >= CHUNK) return true;
    size_t room = 2 * w->room + CHUNK;
    unsigned char *grown = realloc(w->buffer, room);
    if (!grown) return false;
    w->buffer = grown;
    w->room = room;
    return true;
}

static void end_it(pl_worker *w) {
    w->over = true;
    kill(w->pid, SIGKILL); /* not reaped yet, so the number is still its own */
}

bool pl_worker_advance(pl_worker *w) {
    while (!w->over) {
        if (now_s() > w->deadline_s) {
            w->timed_out = true;
            break;
        }
        if (!make_room(w)) {
            w->nonsense = "no memory for it";
            break;
        }
        ssize_t n = read(w->answer_fd, w->buffer + w->used, w->room - w->used);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return false;
        if (n <= 0) break;
        w->used += (size_t)n;
        take_records(w);
        if (w->nonsense || w->sheet_error.status != PL_OK || w->answer.unwanted) break;
    }
    if (!w->over) end_it(w); /* after its own end this changes nothing */
    return true;
}

int pl_worker_fd(const pl_worker *w) {
    return w->answer_fd;
}

double pl_worker_seconds_left(const pl_worker *w) {
    return pl__clamp(w->deadline_s - now_s(), 0.0, 86400.0);
}

/* ---- the end ---- */

/* @return as waitpid says it; 0 when somebody else has reaped it. */
static int reap(pl_worker *w) {
    int how = 0;
    pid_t reaped;
    struct rusage used = {.ru_maxrss = 0};
    do {
        reaped = wait4(w->pid, &how, 0, &used);
    } while (reaped < 0 && errno == EINTR);
    w->answer.peak_mb = used.ru_maxrss > 0 ? (double)used.ru_maxrss / 1024.0 : NAN;
    return reaped == w->pid ? how : 0;
}

static void free_worker(pl_worker *w) {
    close(w->answer_fd);
    close(w->words_fd);
    free(w->buffer);
    free(w);
}

/* Libraries that cannot go on without memory say so on standard error and abort. */
static bool spoke_of_memory(const pl_worker *w) {
    static const char *const WORDS[] = {"bad_alloc", "Insufficient memory", "ut of memory",
                                        "Cannot allocate"};
    char text[WORDS_BYTES];
    ssize_t n = read(w->words_fd, text, sizeof text - 1);
    if (n <= 0) return false;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (memmem(text, (size_t)n, WORDS[i], strlen(WORDS[i]))) return true;
    return false;
}

static pl_status fail_memory(const pl_worker *w, pl_error *error) {
    return pl__fail(error, PL_E_MEMORY, "run", "out of memory (limit %.0f MB)",
                    w->limits.memory_mb);
}

static pl_status fail_time(const pl_worker *w, pl_error *error) {
    return pl__fail(error, PL_E_LIMIT, "run", "no answer in %g s", w->limits.timeout_s);
}

static pl_status judge_death(const pl_worker *w, int how, pl_error *error) {
    int signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    if (w->timed_out || signal == SIGXCPU) return fail_time(w, error);
    if (w->nonsense)
        return pl__fail(error, PL_E_INTERNAL, "run", "the decoder answered nonsense (%s)",
                        w->nonsense);
    if (signal == SIGSYS)
        return pl__fail(error, PL_E_INTERNAL, "run",
                        "the decoder tried to break out: a forbidden system call");
    if (spoke_of_memory(w)) return fail_memory(w, error);
    if (signal == SIGKILL)
        return pl__fail(error, PL_E_MEMORY, "run",
                        "the decoder was killed, as when the machine runs out of memory");
    if (signal)
        return pl__fail(error, PL_E_INTERNAL, "run", "the decoder crashed (signal %d)", signal);
    return pl__fail(error, PL_E_INTERNAL, "run", "the decoder ended without an answer (exit %d)",
                    WIFEXITED(how) ? WEXITSTATUS(how) : -1);
}

static bool is_whole(const pl_worker *w) {
    const pl_pairing *p = w->pairing;
    if (p) return p->sheets > 0 ? !w->sheet || w->sheets == p->sheets : w->registered;
    if (!w->measured) return w->answer.opened && w->describes;
    return !(w->sheet || w->chip) || w->sheets == w->answer.result.count;
}

static pl_status judge_answer(const pl_worker *w, pl_error *error) {
    if (w->error.status == PL_OK) {
        if (is_whole(w)) return PL_OK;
        return pl__fail(error, PL_E_INTERNAL, "run", "the decoder answered half");
    }
    if (w->error.status == PL_E_MEMORY) return fail_memory(w, error);
    return pl__fail(error, w->error.status, w->error.floor, "%s", w->error.message);
}

static void wait_for_it(pl_worker *w) {
    while (!pl_worker_advance(w)) {
        struct pollfd readable = {w->answer_fd, POLLIN, 0};
        poll(&readable, 1, (int)(1e3 * pl_worker_seconds_left(w)) + 1); /* EINTR: look again */
    }
}

pl_status pl_worker_finish(pl_worker *w, pl_answer *out, pl_error *error) {
    wait_for_it(w);
    int how = reap(w);
    pl_status status;
    if (w->answer.unwanted) {
        status = PL_OK;
    } else if (w->sheet_error.status != PL_OK) {
        if (error) *error = w->sheet_error;
        status = w->sheet_error.status;
    } else if (w->ended && !w->nonsense) {
        status = judge_answer(w, error);
    } else {
        status = judge_death(w, how, error);
    }
    *out = w->answer;
    if (status != PL_OK) {
        out->result.count = 0;
        out->result.row = NULL;
    }
    free_worker(w);
    return status;
}

void pl_worker_stop(pl_worker *w) {
    if (!w) return;
    if (!w->over) end_it(w);
    reap(w);
    free_worker(w);
}

pl_status pl_job_run_isolated(const pl_job *job, const pl_worker_limits *limits, pl_arena *arena,
                              pl_answer *out, pl_error *error) {
    pl_worker *worker = NULL;
    *out = (pl_answer){.opened = false};
    pl_status status = pl_worker_start(job, limits, arena, &worker, error);
    return status == PL_OK ? pl_worker_finish(worker, out, error) : status;
}
