/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a small file hold, and how is one written so that nobody ever sees half of it?
 *
 * Everything goes through GDAL's virtual files, so that /vsimem/, /vsizip/ and the like work for
 * sidecars as they do for pictures. A file is written under a temporary name beside its own and
 * then renamed; what is no regular file (a pipe, /dev/null) is written in place. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <nettle/sha2.h>

#include "io/gdal.h"
#include "io/href.h"
#include "io/web.h"

enum { CHUNK = 1 << 20 };

static bool look_at(const char *file, VSIStatBufL *out) {
    char name[2200];
    return pl__io_guarded_name(file, name, sizeof name) &&
           VSIStatExL(name, out,
                      VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG | VSI_STAT_SIZE_FLAG) == 0;
}

static VSILFILE *open_named(const char *file) {
    char name[2200];
    return pl__io_guarded_name(file, name, sizeof name) ? VSIFOpenL(name, "rb") : NULL;
}

static const char *why(const pl_gdal *gdal) {
    return pl__gdal_words(gdal, errno ? strerror(errno) : "cannot open");
}

/* Opens to read; a folder opens on some systems and then gives nothing. */
static VSILFILE *open_to_read(const char *file, const pl_gdal *gdal, pl_error *error,
                              pl_status *status) {
    VSIStatBufL stat;
    errno = 0;
    if (look_at(file, &stat) && VSI_ISDIR(stat.st_mode)) {
        *status = pl__fail(error, PL_E_IO, "io", "%s: is a folder", file);
        return NULL;
    }
    VSILFILE *stream = open_named(file);
    if (!stream) *status = pl__fail(error, PL_E_IO, "io", "%s: %s", file, why(gdal));
    return stream;
}

/* Reads to the end or to limit + 1 bytes. @return malloc'ed, NULL out of memory. */
static char *read_all(VSILFILE *stream, size_t limit, size_t *length) {
    size_t room = 0, used = 0;
    char *text = NULL;
    for (;;) {
        if (used > limit) break;
        if (used == room) {
            size_t more = room ? room * 2 : 1 << 14;
            char *larger = realloc(text, more);
            if (!larger) {
                free(text);
                return NULL;
            }
            text = larger;
            room = more;
        }
        size_t want = room - used;
        if (want > limit - used + 1) want = limit - used + 1;
        size_t got = VSIFReadL(text + used, 1, want, stream);
        used += got;
        if (got < want) break;
    }
    *length = used;
    return text;
}

pl_status pl__io_file_read(const char *file, size_t limit, pl_arena *arena, char **text,
                           size_t *length, pl_error *error) {
    pl_status status = PL_OK;
    char *raw = NULL;
    size_t used = 0;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    if (limit > SIZE_MAX / 4) limit = SIZE_MAX / 4;
    VSILFILE *stream = open_to_read(file, &gdal, error, &status);
    if (!stream) goto done;
    raw = read_all(stream, limit, &used);
    if (!raw) {
        status = pl__fail_memory(error, "io");
        goto done;
    }
    if (used > limit) {
        status = pl__fail(error, PL_E_LIMIT, "io", "%s: larger than %zu bytes", file, limit);
        goto done;
    }
    char *copy = pl__arena_alloc(arena, used + 1); /* zeroed: ends in NUL */
    if (!copy) {
        status = pl__fail_memory(error, "io");
        goto done;
    }
    memcpy(copy, raw, used);
    *text = copy;
    if (length) *length = used;
done:
    free(raw);
    if (stream) VSIFCloseL(stream);
    pl__gdal_end(&gdal);
    return status;
}

static bool write_stream(const char *file, const char *text, size_t length) {
    errno = 0;
    VSILFILE *stream = VSIFOpenL(file, "wb");
    if (!stream) return false;
    bool fine = length == 0 || VSIFWriteL(text, 1, length, stream) == length;
    return VSIFCloseL(stream) == 0 && fine;
}

pl_status pl__io_file_write(const char *file, const char *text, size_t length, pl_error *error) {
    pl_status status = PL_OK;
    VSIStatBufL stat;
    char *temporary = NULL;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    if (look_at(file, &stat) && !VSI_ISREG(stat.st_mode)) {
        if (VSI_ISDIR(stat.st_mode) || !write_stream(file, text, length))
            status = pl__fail(error, PL_E_IO, "io", "%s: cannot write: %s", file,
                              VSI_ISDIR(stat.st_mode) ? "is a folder" : why(&gdal));
        goto done;
    }
    if (asprintf(&temporary, "%s.%ld.tmp", file, (long)getpid()) < 0) {
        temporary = NULL;
        status = pl__fail_memory(error, "io");
        goto done;
    }
    if (!write_stream(temporary, text, length) || VSIRename(temporary, file) != 0) {
        status = pl__fail(error, PL_E_IO, "io", "%s: cannot write: %s", file, why(&gdal));
        VSIUnlink(temporary);
    }
done:
    free(temporary);
    pl__gdal_end(&gdal);
    return status;
}

bool pl__io_file_exists(const char *file) {
    VSIStatBufL stat;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    bool found = look_at(file, &stat) && !VSI_ISDIR(stat.st_mode);
    pl__gdal_end(&gdal);
    return found;
}

bool pl__io_file_is_remote(const char *file) {
    static const char *const PREFIX[] = {
        "/vsicurl", "/vsis3",      "/vsigs",  "/vsiaz",   "/vsiadls", "/vsioss", "/vsiswift",
        "/vsihdfs", "/vsiwebhdfs", "http://", "https://", "s3://",    "gs://"};
    for (size_t i = 0; i < sizeof PREFIX / sizeof *PREFIX; i++)
        if (strstr(file, PREFIX[i])) return true; /* also inside /vsizip//vsicurl/... */
    return false;
}

static void finish_hex(struct sha256_ctx *context, char hex[65]) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

pl_status pl__io_sha256(const char *file, char hex[65], pl_error *error) {
    pl_status status = PL_OK;
    struct sha256_ctx context;
    sha256_init(&context);
    unsigned char *buffer = NULL;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    VSILFILE *stream = open_to_read(file, &gdal, error, &status);
    if (!stream) goto done;
    buffer = malloc(CHUNK);
    if (!buffer) {
        status = pl__fail_memory(error, "io");
        goto done;
    }
    for (size_t got = CHUNK; got == CHUNK;) {
        got = VSIFReadL(buffer, 1, CHUNK, stream);
        sha256_update(&context, got, buffer);
    }
    finish_hex(&context, hex);
done:
    free(buffer);
    if (stream) VSIFCloseL(stream);
    pl__gdal_end(&gdal);
    return status;
}

/* GDAL asks the clouds' own ways. */
static bool cloud_tag(const char *name, char *out, size_t size) {
    char **headers = VSIGetFileMetadata(name, "HEADERS", NULL);
    const char *tag = CSLFetchNameValue(headers, "ETag"),
               *length = CSLFetchNameValue(headers, "Content-Length");
    if (tag) snprintf(out, size, "%s %s", tag, length ? length : "");
    CSLDestroy(headers);
    return tag != NULL;
}

void pl__io_remote_tag(const char *file, char tag[65]) {
    char name[2200], words[300], hex[65];
    pl_gdal gdal;
    size_t prefix = strlen(PL_WEB_PREFIX);
    pl__gdal_begin(&gdal);
    tag[0] = '\0';
    bool fine = pl__io_guarded_name(file, name, sizeof name);
    if (fine && strncmp(name, PL_WEB_PREFIX, prefix) == 0)
        fine = pl__web_tag(name + prefix, words, sizeof words);
    else
        fine = fine && (strncmp(name, "/vsis3/", 7) == 0 || strncmp(name, "/vsigs/", 7) == 0) &&
               cloud_tag(name, words, sizeof words);
    if (fine) {
        pl__io_sha256_buffer(words, strlen(words), hex);
        snprintf(tag, 65, "etag:%.40s", hex);
    }
    pl__gdal_end(&gdal);
}

void pl__io_sha256_buffer(const void *data, size_t length, char hex[65]) {
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, data);
    finish_hex(&context, hex);
}
