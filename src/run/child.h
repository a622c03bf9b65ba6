/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What passes between a worker and the process that started it. */
#ifndef PL_RUN_CHILD_H
#define PL_RUN_CHILD_H

#include <sys/types.h>

#include "plimsoll/worker.h"
#include "run/wire.h"

/** An answer is a row of records, each a head and `size` bytes: HELLO, then SCENE, RESULT and
 * SHEETs or CHIPs as far as the job comes, END last. */
typedef enum pl_record_kind {
    PL_RECORD_HELLO = 1,    /* one byte: is the filter in place? */
    PL_RECORD_SCENE,        /* PL__WIRE_SCENE, then the ports */
    PL_RECORD_RESULT,       /* PL__WIRE_RESULT */
    PL_RECORD_SHEET,        /* pixels; of a row, or of a pair */
    PL_RECORD_END,          /* PL__WIRE_ERROR: how the job ended */
    PL_RECORD_CHIP,         /* PL__WIRE_CHIP, then its pixels: picture, strip, drawn, raw */
    PL_RECORD_REGISTRATION, /* PL__WIRE_REGISTRATION */
} pl_record_kind;
typedef struct pl_record_head {
    uint32_t kind, index; /* index: of a sheet's or chip's row, or of a pair */
    uint64_t size;
} pl_record_head;

enum { PL_RECORD_BYTES_MAX = 1 << 28, PL_DRAWING_BYTES = PL_DRAWING_WIDTH * PL_DRAWING_HEIGHT * 3 };

/** How many bytes of each of its pictures a chip has, in the order in which they are sent: picture,
 * strip, drawn, raw. */
enum { PL_CHIP_PARTS = 4 };
void pl__chip_sizes(const pl_chip *chip, size_t bytes[PL_CHIP_PARTS]);

/** The worker's whole life, just after the fork: confines itself, does the job, answers, ends. */
_Noreturn void pl__child_live(const pl_job *job, const pl_worker_limits *limits, int answer_fd,
                              int words_fd, pid_t parent);

#endif
