/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a worker gives up before it looks at a picture. */
#ifndef PL_RUN_CONFINE_H
#define PL_RUN_CONFINE_H

#include "base/base.h"
#include "plimsoll/worker.h"

/** Where a worker answers; beside it only the standard three stay open. A number so high that no
 * library of the parent's has a file there: PROJ closes its database after a fork, by number. */
enum { PL_WORKER_ANSWER_FD = 199 };

/**
 * Takes from this process, for good: other open files, other memory than the limit's, new
 * privileges, core files, writing to regular files.
 * @param answer_fd becomes PL_WORKER_ANSWER_FD. @param words_fd becomes standard error.
 */
bool pl__confine_resources(const pl_worker_limits *limits, int answer_fd, int words_fd);

/** Takes every system call but those on the list of filter.c. @param network sockets stay allowed.
 * @return false when the kernel refuses filters. */
bool pl__confine_calls(bool network);

#endif
