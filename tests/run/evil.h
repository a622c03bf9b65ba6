/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do evil.c and its tests understand each other? */
#ifndef PL_TESTS_RUN_EVIL_H
#define PL_TESTS_RUN_EVIL_H

enum {
    EVIL_ANSWER_FD = 199, /* where a worker answers */
    EVIL_REFUSED = 40,    /* exit code: the deed was refused, as it should be */
    EVIL_DONE = 41,       /* exit code: the deed went through */
};

void *GDALOpenEx(const char *name, unsigned flags, const char *const *drivers,
                 const char *const *options, const char *const *siblings);

#endif
