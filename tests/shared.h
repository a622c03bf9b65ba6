/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do the pictures lie that are too large or not free enough to ship? In ../shared beside the
 * source, or where PL_SHARED says. Tests that need them skip with a word when they are absent. */
#ifndef PL_TESTS_SHARED_H
#define PL_TESTS_SHARED_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/** Path of a shared file into out; false, with a message, when it is not there. */
static inline bool shared_file(const char *path, char *out, size_t size) {
    const char *folder = getenv("PL_SHARED");
    snprintf(out, size, "%s/%s", folder ? folder : PL_SOURCE_DIR "/../shared", path);
    if (access(out, R_OK) == 0) return true;
    printf("%s is not here: skipped\n", out);
    return false;
}

#endif
