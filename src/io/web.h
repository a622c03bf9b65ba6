/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of files on web servers, from hosts that the user named. */
#ifndef PL_IO_WEB_H
#define PL_IO_WEB_H

#include "io/io.h"

/** What our own virtual files begin with: "/vsiplimsoll/https://host/path". */
#define PL_WEB_PREFIX "/vsiplimsoll/"

/** A connection, kept for the next request. Not for several threads at once. */
typedef struct pl_web pl_web;
typedef struct pl_web_answer {
    long code;      /* of HTTP; 0: no answer */
    bool ranged;    /* the server sent the range and no more */
    uint64_t total; /* bytes of the whole file; UINT64_MAX unknown */
    char *body;     /* yours to free */
    size_t length;
    char tag[200];   /* what the server calls this state of the file: ETag, else the time of its
                        last change; "" it says neither */
    char words[160]; /* why it failed; "" */
} pl_web_answer;

pl_web *pl__web_new(const char *url);
void pl__web_free(pl_web *web);
/** Points a connection to another file. @return false when the address is too long. */
bool pl__web_aim(pl_web *web, const char *url);
/** Asks for bytes [from, from + length) and takes at most `most` bytes, which may be more where a
 * server knows no ranges. @return false with words when nothing usable came; a missing file is
 * code 404 without words. */
bool pl__web_get(pl_web *web, uint64_t from, size_t length, size_t most, pl_web_answer *answer);

/** The tag of a file, by one request for its first byte. @return false: no answer, or no tag. */
bool pl__web_tag(const char *url, char *out, size_t size);

/** Makes PL_WEB_PREFIX known to GDAL, once a process. */
void pl__web_install(void);

#endif
