/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What are the files of a hull called? As her id, as far as a file's name may.
 *
 * The one slash between scene and place is "_" without further ado. Anything else that is changed
 * might make two ids one: eight digits of the id's SHA-256 tell them apart. */
#include <stdio.h>
#include <string.h>

#include "io/io.h"
#include "plimsoll/report.h"

static bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           strchr("+-._", c);
}

void pl_report_stem(const char *id, char *out, size_t size) {
    enum { NAME_MOST = 200, DIGITS = 8 }; /* file systems allow 255, and endings follow */
    const char *slash = strrchr(id, '/');
    char name[NAME_MOST + 1], hex[65];
    size_t length = strlen(id), kept = length < NAME_MOST ? length : NAME_MOST;
    bool changed = kept < length || kept == 0 || *id == '.';
    for (size_t i = 0; i < kept; i++) {
        bool plain = is_plain(id[i]) && !(i == 0 && *id == '.');
        name[i] = plain ? id[i] : '_';
        changed = changed || (!plain && id + i != slash);
    }
    name[kept] = '\0';
    pl__io_sha256_buffer(id, length, hex);
    if (changed)
        snprintf(out, size, "%s-%.*s", name, DIGITS, hex);
    else
        snprintf(out, size, "%s", name);
}
