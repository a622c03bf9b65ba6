/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a worker do between its fork and its end? It gives up what it does not need, walks the
 * street, and sends what it finds as records. It never returns into its parent's program, and ends
 * without running what that program left for the end. */
#include "run/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "io/io.h"
#include "run/confine.h"
#include "run/job.h"

/* ---- answering ---- */

static bool send_bytes(const void *data, size_t size) {
    const char *from = data;
    while (size > 0) {
        ssize_t n = write(PL_WORKER_ANSWER_FD, from, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        from += n;
        size -= (size_t)n;
    }
    return true;
}

static pl_status send_record(pl_record_kind kind, uint32_t index, const void *data, size_t size,
                             pl_error *error) {
    pl_record_head head = {kind, index, size};
    if (size <= PL_RECORD_BYTES_MAX && send_bytes(&head, sizeof head) && send_bytes(data, size))
        return PL_OK;
    return pl__fail(error, PL_E_LIMIT, "run", "an answer of %zu bytes cannot be sent", size);
}

static pl_status send_packed(pl_record_kind kind, pl_wire_out *out, pl_error *error) {
    pl_status status = out->failed ? pl__fail_memory(error, "run")
                                   : send_record(kind, 0, out->data, out->size, error);
    free(out->data);
    return status;
}

static pl_status send_scene(void *context, const pl_scene_info *scene, const char *ports,
                            pl_error *error) {
    (void)context;
    pl_wire_out out = {0};
    pl__wire_put(&out, &PL__WIRE_SCENE, scene);
    pl__wire_put_bytes(&out, ports, strlen(ports) + 1);
    return send_packed(PL_RECORD_SCENE, &out, error);
}

static pl_status send_result(void *context, const pl_result *result, pl_error *error) {
    (void)context;
    pl_wire_out out = {0};
    pl__wire_put(&out, &PL__WIRE_RESULT, result);
    return send_packed(PL_RECORD_RESULT, &out, error);
}

static pl_status send_sheet(void *context, const pl_result *result, int row,
                            const pl_drawing *sheet, pl_error *error) {
    (void)context;
    (void)result;
    return send_record(PL_RECORD_SHEET, (uint32_t)row, sheet->rgb, PL_DRAWING_BYTES, error);
}

void pl__chip_sizes(const pl_chip *c, size_t bytes[PL_CHIP_PARTS]) {
    bytes[0] = 3 * (size_t)c->side_px * (size_t)c->side_px;
    bytes[1] = 3 * (size_t)c->strip_width * (size_t)c->strip_height;
    bytes[2] = 3 * (size_t)c->drawn_width * (size_t)c->drawn_height;
    bytes[3] = sizeof(float) * (size_t)c->raw_width * (size_t)c->raw_height * (size_t)c->raw_bands;
}

static pl_status send_chip(void *context, pl_result *result, int row, const pl_chip *chip,
                           pl_error *error) {
    const void *part[PL_CHIP_PARTS] = {chip->picture, chip->strip, chip->drawn, chip->raw};
    size_t bytes[PL_CHIP_PARTS];
    pl_wire_out out = {0};
    (void)context;
    (void)result;
    pl__wire_put(&out, &PL__WIRE_CHIP, chip);
    pl__chip_sizes(chip, bytes);
    for (int i = 0; i < PL_CHIP_PARTS; i++) pl__wire_put_bytes(&out, part[i], bytes[i]);
    pl_status status = out.failed
                           ? pl__fail_memory(error, "run")
                           : send_record(PL_RECORD_CHIP, (uint32_t)row, out.data, out.size, error);
    free(out.data);
    return status;
}

static pl_status send_registration(void *context, const pl_registration *registration,
                                   pl_error *error) {
    (void)context;
    pl_wire_out out = {0};
    pl__wire_put(&out, &PL__WIRE_REGISTRATION, registration);
    return send_packed(PL_RECORD_REGISTRATION, &out, error);
}

static pl_status send_pair_sheet(void *context, int pair, const pl_drawing *sheet,
                                 pl_error *error) {
    (void)context;
    return send_record(PL_RECORD_SHEET, (uint32_t)pair, sheet->rgb, PL_DRAWING_BYTES, error);
}

static void send_end(pl_status status, pl_error *error) {
    pl_wire_out out = {0};
    error->status = status;
    pl__wire_put(&out, &PL__WIRE_ERROR, error);
    (void)send_packed(PL_RECORD_END, &out, NULL); /* nobody is left to be told */
}

/* ---- living ---- */

/* A worker writes to no database; the program that it came from may. */
static void forget_passwords(void) {
    char *password = getenv("PGPASSWORD");
    if (password) explicit_bzero(password, strlen(password));
}

/* The parent's handlers are not ours. An interrupt from the keyboard reaches both: the parent
 * decides. */
static void forget_signals(void) {
    struct sigaction usual = {.sa_handler = SIG_DFL}, deaf = {.sa_handler = SIG_IGN};
    for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
    sigaction(SIGINT, &deaf, NULL);
    sigaction(SIGTERM, &deaf, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool wants_network(const pl_job *job) {
    const char *sidecar = job->options.scene.sidecar, *hosts = job->options.scene.trust.hosts;
    const char *after = job->pairing ? job->pairing->after : NULL;
    return pl__io_file_is_remote(job->file) || (after && pl__io_file_is_remote(after)) ||
           (sidecar && pl__io_file_is_remote(sidecar)) || (hosts && *hosts);
}

static pl_status do_job(const pl_job *job, pl_error *error) {
    pl_job_listener listener = {NULL,      send_scene,        send_result,    send_sheet,
                                send_chip, send_registration, send_pair_sheet};
    pl_arena *arena = pl_arena_new(0); /* goes with the process */
    if (!arena) return pl__fail_memory(error, "run");
    return pl__job_walk(job, arena, &listener, error);
}

_Noreturn void pl__child_live(const pl_job *job, const pl_worker_limits *limits, int answer_fd,
                              int words_fd, pid_t parent) {
    pl_error error = PL_ERROR_INIT;
    pl_status status = PL_OK;
    forget_passwords();
    forget_signals();
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(1); /* it died before that could be said */
    if (pl__confine_resources(limits, answer_fd, words_fd)) {
        pl__workers_limit(limits->cores);
        unsigned char confined = pl__confine_calls(wants_network(job));
        status = send_record(PL_RECORD_HELLO, 0, &confined, sizeof confined, &error);
        if (status == PL_OK) status = do_job(job, &error);
    } else {
        status = pl__fail(&error, PL_E_INTERNAL, "run", "a worker cannot be confined");
    }
    send_end(status, &error);
    _exit(0);
}
