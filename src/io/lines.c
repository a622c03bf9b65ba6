/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What are the lines of a text that is larger than memory?
 *
 * A window slides over the file; a line is a piece of it. Where a line does not fit into the window
 * it is passed over and told as such, so that a file without line ends costs no memory. A name that
 * ends in .gz is unpacked on the way. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_vsi.h>

#include "io/gdal.h"
#include "io/href.h"

enum { WINDOW = 1 << 18, LONGEST = 4096 };

struct pl_lines {
    VSILFILE *stream;
    size_t at, used;
    bool ended, first;
    char window[WINDOW + 1];
};

static bool is_packed(const char *file) {
    size_t n = strlen(file);
    return n > 3 && strcasecmp(file + n - 3, ".gz") == 0;
}

pl_status pl__lines_open(const char *file, pl_lines **out, pl_error *error) {
    char guarded[2200], name[2300];
    VSIStatBufL stat;
    pl_status status = PL_OK;
    pl_gdal gdal;
    *out = NULL;
    pl_lines *lines = calloc(1, sizeof *lines);
    if (!lines) return pl__fail_memory(error, "io");
    pl__gdal_begin(&gdal);
    errno = 0;
    if (!pl__io_guarded_name(file, guarded, sizeof guarded)) {
        status = pl__fail(error, PL_E_IO, "io", "%.160s: no such name", file);
    } else if (VSIStatL(guarded, &stat) == 0 && VSI_ISDIR(stat.st_mode)) {
        status = pl__fail(error, PL_E_IO, "io", "%.160s: is a folder", file);
    } else {
        snprintf(name, sizeof name, "%s%s", is_packed(file) ? "/vsigzip/" : "", guarded);
        lines->stream = VSIFOpenL(name, "rb");
        if (!lines->stream)
            status = pl__fail(error, PL_E_IO, "io", "%.160s: %s", file,
                              pl__gdal_words(&gdal, errno ? strerror(errno) : "cannot open"));
    }
    pl__gdal_end(&gdal);
    if (status == PL_OK) {
        lines->first = true;
        *out = lines;
    } else {
        free(lines);
    }
    return status;
}

/* What is left moves to the front, and the rest of the window is filled. */
static void slide(pl_lines *l) {
    pl_gdal gdal;
    memmove(l->window, l->window + l->at, l->used - l->at);
    l->used -= l->at;
    l->at = 0;
    pl__gdal_begin(&gdal);
    size_t got = VSIFReadL(l->window + l->used, 1, WINDOW - l->used, l->stream);
    pl__gdal_end(&gdal);
    l->ended = got < WINDOW - l->used;
    l->used += got;
}

char *pl__lines_next(pl_lines *l, size_t *length) {
    bool passing = false; /* the rest of a line that is too long */
    for (;;) {
        char *from = l->window + l->at;
        char *end = memchr(from, '\n', l->used - l->at);
        if (!end && !l->ended && (l->used - l->at <= LONGEST || l->at > 0)) {
            slide(l);
            continue;
        }
        if (!end && l->used == l->at) return NULL;
        if (!end && !l->ended) { /* a whole window without an end */
            passing = true;
            l->at = l->used;
            continue;
        }
        if (!end) end = l->window + l->used;
        l->at = (size_t)(end - l->window) + (end < l->window + l->used);
        *end = '\0';
        *length = (size_t)(end - from);
        if (*length > 0 && from[*length - 1] == '\r') from[--*length] = '\0';
        bool marked = l->first && strncmp(from, "\xEF\xBB\xBF", 3) == 0;
        l->first = false;
        if (passing || *length > LONGEST) {
            from[0] = '\0';
            *length = SIZE_MAX;
        } else if (marked) {
            from += 3;
            *length -= 3;
        }
        return from;
    }
}

void pl__lines_close(pl_lines *lines) {
    if (!lines) return;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    VSIFCloseL(lines->stream);
    pl__gdal_end(&gdal);
    free(lines);
}
