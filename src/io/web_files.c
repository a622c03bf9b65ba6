/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does GDAL read a file on a web server through us?
 *
 * As one of its virtual files, /vsiplimsoll/https://..., whose callbacks fetch ranges (web.c). GDAL
 * buffers them by blocks. The first block and the size of the files asked for last are kept for a
 * minute: a picture is looked at several times before it is read. Ranges that nearly touch are
 * fetched as one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_multiproc.h>
#include <cpl_vsi.h>

#include "io/web.h"

enum {
    HEAD_BYTES = 32 << 10,
    WHOLE_MAX = 4 << 20, /* of a file on a server that knows no ranges */
    BLOCK_BYTES = 16 << 10,
    CACHE_BYTES = 16 << 20, /* of an open file */
    GAP_MAX = 32 << 10,     /* bytes read for nothing rather than asked for apart */
    MERGED_MAX = 8 << 20,
    KNOWN_MAX = 16,
    KNOWN_S = 60
};

/* What is known of a file's beginning. */
typedef struct known {
    char *url;
    time_t when;
    bool missing;
    uint64_t size;
    char *head;
    size_t head_length;
} known;

typedef struct memory {
    CPLMutex *lock;
    known file[KNOWN_MAX];
    int next;
    pl_web *spare; /* a connection to look with: the next look is mostly at the same host */
} memory;

typedef struct web_file {
    pl_web *web;
    uint64_t size, at;
    char *head;
    size_t head_length;
    bool ended;
} web_file;

/* ---- what is known ---- */

static void clear(known *k) {
    free(k->url);
    free(k->head);
    memset(k, 0, sizeof *k);
}

static bool copy_known(const known *from, known *to) {
    *to = *from;
    to->url = NULL;
    to->head = malloc(from->head_length + 1);
    if (to->head && from->head_length) memcpy(to->head, from->head, from->head_length);
    return to->head != NULL;
}

static bool recall(memory *m, const char *url, known *out) {
    bool found = false;
    CPLAcquireMutex(m->lock, 1000.0);
    for (int i = 0; i < KNOWN_MAX && !found; i++) {
        known *k = &m->file[i];
        if (!k->url || strcmp(k->url, url) != 0) continue;
        if (time(NULL) - k->when > KNOWN_S) {
            clear(k);
        } else {
            found = copy_known(k, out);
        }
    }
    CPLReleaseMutex(m->lock);
    return found;
}

static void remember(memory *m, const char *url, const known *k) {
    CPLAcquireMutex(m->lock, 1000.0);
    known *place = &m->file[m->next];
    m->next = (m->next + 1) % KNOWN_MAX;
    clear(place);
    if (copy_known(k, place)) {
        place->url = strdup(url);
        place->when = time(NULL);
    }
    CPLReleaseMutex(m->lock);
}

static pl_web *take_connection(memory *m, const char *url) {
    CPLAcquireMutex(m->lock, 1000.0);
    pl_web *web = m->spare;
    m->spare = NULL;
    CPLReleaseMutex(m->lock);
    if (web && pl__web_aim(web, url)) return web;
    pl__web_free(web);
    return pl__web_new(url);
}

static void give_connection(memory *m, pl_web *web) {
    CPLAcquireMutex(m->lock, 1000.0);
    pl_web *before = m->spare;
    m->spare = web;
    CPLReleaseMutex(m->lock);
    pl__web_free(before);
}

/* Size and beginning of a file. @return false with errno, and GDAL's error unless it is missing. */
static bool look(memory *m, const char *url, known *out) {
    memset(out, 0, sizeof *out);
    if (recall(m, url, out)) {
        errno = ENOENT;
        return !out->missing;
    }
    pl_web *web = take_connection(m, url);
    pl_web_answer answer = {0};
    bool fine = web && pl__web_get(web, 0, HEAD_BYTES, WHOLE_MAX, &answer);
    if (web) give_connection(m, web);
    bool empty = answer.code == 416; /* no byte to begin with */
    out->missing = !fine && (answer.code == 404 || answer.code == 410);
    if (fine && answer.total != UINT64_MAX) {
        out->size = answer.total;
        out->head = answer.body;
        out->head_length = answer.length;
    } else {
        free(answer.body);
        errno = out->missing ? ENOENT : EIO;
        if (fine) pl__text_copy(answer.words, sizeof answer.words, "the server tells no size");
        fine = false;
        if (!out->missing && !empty)
            CPLError(CE_Failure, CPLE_HttpResponse, "%s",
                     answer.words[0] ? answer.words : "no answer");
    }
    if (fine || out->missing || empty) remember(m, url, out);
    return fine || empty;
}

/* ---- GDAL's callbacks ---- */

static int stat_file(void *user, const char *url, VSIStatBufL *out, int flags) {
    known k;
    (void)flags;
    memset(out, 0, sizeof *out);
    bool found = look(user, url, &k);
    free(k.head);
    if (!found) return -1;
    out->st_mode = S_IFREG;
    out->st_size = (off_t)k.size;
    return 0;
}

static void *open_file(void *user, const char *url, const char *access) {
    known k;
    if (strpbrk(access, "wa+")) return NULL;
    if (!look(user, url, &k)) {
        free(k.head);
        return NULL;
    }
    web_file *file = calloc(1, sizeof *file);
    pl_web *web = file ? take_connection(user, url) : NULL;
    if (!web) {
        free(k.head);
        free(file);
        return NULL;
    }
    *file = (web_file){.web = web, .size = k.size, .head = k.head, .head_length = k.head_length};
    return file;
}

static vsi_l_offset tell(void *user) {
    return ((const web_file *)user)->at;
}

static int seek(void *user, vsi_l_offset offset, int whence) {
    web_file *file = user;
    uint64_t base = whence == SEEK_CUR ? file->at : whence == SEEK_END ? file->size : 0;
    file->at = base + offset;
    file->ended = false;
    return 0;
}

/* Bytes [from, from + n), all inside the file. */
static bool fetch(web_file *file, uint64_t from, size_t n, void *out) {
    if (from + n <= file->head_length) {
        memcpy(out, file->head + from, n);
        return true;
    }
    pl_web_answer answer;
    bool fine = pl__web_get(file->web, from, n, n, &answer) && answer.length == n;
    if (fine) {
        memcpy(out, answer.body, n);
    } else {
        CPLError(CE_Failure, CPLE_HttpResponse, "%s",
                 answer.words[0] ? answer.words : "the server sends less than was asked for");
    }
    free(answer.body);
    return fine;
}

static size_t read_file(void *user, void *out, size_t size, size_t count) {
    web_file *file = user;
    if (size == 0 || count == 0) return 0;
    uint64_t left = file->at < file->size ? file->size - file->at : 0;
    uint64_t wanted = count > UINT64_MAX / size ? UINT64_MAX : (uint64_t)size * count;
    size_t n = (size_t)(wanted < left ? wanted : left);
    file->ended = n < wanted;
    if (n == 0 || !fetch(file, file->at, n, out)) return 0;
    file->at += n;
    return n / size;
}

static int read_ranges(void *user, int count, void **out, const vsi_l_offset *offset,
                       const size_t *size) {
    web_file *file = user;
    for (int i = 0, last; i < count; i = last + 1) {
        uint64_t from = offset[i], to = from + size[i];
        for (last = i; last + 1 < count; last++) { /* GDAL sorts them */
            uint64_t next = offset[last + 1], end = next + size[last + 1];
            if (next < to || next - to > GAP_MAX || end - from > MERGED_MAX) break;
            to = end;
        }
        if (to < from || to > file->size) return -1;
        char *both = malloc((size_t)(to - from) + 1);
        bool fine = both && fetch(file, from, (size_t)(to - from), both);
        for (int k = i; k <= last && fine; k++) memcpy(out[k], both + (offset[k] - from), size[k]);
        free(both);
        if (!fine) return -1;
    }
    return 0;
}

static int is_at_end(void *user) {
    return ((const web_file *)user)->ended;
}

static int close_file(void *user) {
    web_file *file = user;
    pl__web_free(file->web);
    free(file->head);
    free(file);
    return 0;
}

/* ---- door ---- */

void pl__web_install(void) {
    if (CPLGetConfigOption("PLIMSOLL_WEB", NULL)) return;
    memory *m =
        calloc(1, sizeof *m); /* stays for the life of the process, as GDAL's handler does */
    VSIFilesystemPluginCallbacksStruct *calls = VSIAllocFilesystemPluginCallbacksStruct();
    if (m && calls) {
        m->lock = CPLCreateMutex();
        CPLReleaseMutex(m->lock); /* it is made held */
        calls->pUserData = m;
        calls->stat = stat_file;
        calls->open = open_file;
        calls->tell = tell;
        calls->seek = seek;
        calls->read = read_file;
        calls->read_multi_range = read_ranges;
        calls->eof = is_at_end;
        calls->close = close_file;
        calls->nBufferSize = BLOCK_BYTES;
        calls->nCacheSize = CACHE_BYTES;
        if (VSIInstallPluginHandler(PL_WEB_PREFIX, calls) == 0) {
            m = NULL;
            CPLSetConfigOption("PLIMSOLL_WEB", "YES");
        }
    }
    if (calls) VSIFreeFilesystemPluginCallbacksStruct(calls);
    free(m);
}
