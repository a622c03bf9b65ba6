/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How are a TIFF's tiles turned into floats as fast as the machine can?
 *
 * GDAL decodes on several threads too, but copies each tile twice more and converts on one thread.
 * Here each thread has a libtiff handle of its own, takes the next tile or strip that the window
 * touches, decodes it into its own buffer and spreads it over the planes. What libtiff alone would
 * read otherwise than GDAL (packed bits, colour spaces, JPEG and other lossy codecs, 64 bits) is
 * left to GDAL; so is what does not lie in a local file. bench/scene compares the two. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "io/tiff_tiles.h"

enum { WORKERS_MAX = 64, BLOCK_MAX_BYTES = 64 << 20 };

typedef enum kind { U8, I8, U16, I16, U32, I32, F32 } kind;

typedef struct worker {
    TIFF *handle;
    void *block;
    bool failed;
    char words[120]; /* libtiff's, of its first failure */
} worker;

struct pl_tiff {
    char *file;
    pl_tiff_form form;
    double *nodata;
    kind kind;
    bool tiled, separate;
    uint32_t block_w, block_h;
    int per_row; /* blocks in a row of blocks */
    int across, down;
    tmsize_t block_bytes;
    int workers;
    worker worker[WORKERS_MAX];
};

/* ---- handles ---- */

static int keep_first(TIFF *handle, void *user, const char *module, const char *format,
                      va_list arguments) {
    (void)handle;
    (void)module;
    worker *w = user;
    if (!w->words[0]) vsnprintf(w->words, sizeof w->words, format, arguments);
    return 1;
}

static int stay_silent(TIFF *handle, void *user, const char *module, const char *format,
                       va_list arguments) {
    (void)handle;
    (void)user;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

/* No memory map: a file that shrinks meanwhile would end the process. */
static bool open_handle(const char *file, worker *w) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) return false;
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_first, w);
    TIFFOpenOptionsSetWarningHandlerExtR(options, stay_silent, NULL);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, 4 * (tmsize_t)BLOCK_MAX_BYTES);
    w->handle = TIFFOpenExt(file, "rmO", options);
    TIFFOpenOptionsFree(options);
    return w->handle != NULL;
}

static bool prepare(pl_tiff *tiff, int index) {
    worker *w = &tiff->worker[index];
    if (!w->handle && !open_handle(tiff->file, w)) return false;
    if (!w->block) w->block = malloc((size_t)tiff->block_bytes);
    return w->block != NULL;
}

/* ---- is it ours? ---- */

static bool kind_of(TIFF *t, kind *out) {
    uint16_t bits = 0, format = 0;
    TIFFGetFieldDefaulted(t, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(t, TIFFTAG_SAMPLEFORMAT, &format);
    if (format == SAMPLEFORMAT_IEEEFP) {
        *out = F32;
        return bits == 32;
    }
    if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_INT) return false;
    bool is_signed = format == SAMPLEFORMAT_INT;
    *out = bits == 8    ? (is_signed ? I8 : U8)
           : bits == 16 ? (is_signed ? I16 : U16)
                        : (is_signed ? I32 : U32);
    return bits == 8 || bits == 16 || bits == 32;
}

static bool codec_is_plain(TIFF *t) {
    static const uint16_t PLAIN[] = {
        COMPRESSION_NONE, COMPRESSION_LZW,      COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
        COMPRESSION_ZSTD, COMPRESSION_PACKBITS, COMPRESSION_LZMA};
    uint16_t codec = 0;
    TIFFGetFieldDefaulted(t, TIFFTAG_COMPRESSION, &codec);
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++)
        if (codec == PLAIN[i]) return TIFFIsCODECConfigured(codec) == 1;
    return false;
}

static bool colours_are_plain(TIFF *t) {
    uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    TIFFGetField(t, TIFFTAG_PHOTOMETRIC, &photometric);
    return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_RGB;
}

static bool form_fits(TIFF *t, pl_tiff *tiff) {
    uint32_t width = 0, height = 0, rows = 0;
    uint16_t samples = 0, planar = 0, orientation = 0;
    TIFFGetField(t, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(t, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(t, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(t, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(t, TIFFTAG_ORIENTATION, &orientation);
    if (width != (uint32_t)tiff->form.width || height != (uint32_t)tiff->form.height ||
        samples != tiff->form.bands)
        return false;
    tiff->tiled = TIFFIsTiled(t);
    tiff->separate = planar == PLANARCONFIG_SEPARATE && samples > 1;
    if (tiff->tiled) {
        TIFFGetField(t, TIFFTAG_TILEWIDTH, &tiff->block_w);
        TIFFGetField(t, TIFFTAG_TILELENGTH, &tiff->block_h);
        tiff->block_bytes = TIFFTileSize(t);
    } else {
        TIFFGetFieldDefaulted(t, TIFFTAG_ROWSPERSTRIP, &rows);
        tiff->block_w = width;
        tiff->block_h = rows < height ? rows : height;
        tiff->block_bytes = TIFFStripSize(t);
    }
    if (tiff->block_w == 0 || tiff->block_h == 0 || tiff->block_bytes <= 0 ||
        tiff->block_bytes > BLOCK_MAX_BYTES)
        return false;
    tiff->across = (int)((width - 1) / tiff->block_w) + 1;
    tiff->down = (int)((height - 1) / tiff->block_h) + 1;
    return true;
}

static bool block_has_expected_size(const pl_tiff *tiff) {
    static const uint64_t BYTES[] = {
        [U8] = 1, [I8] = 1, [U16] = 2, [I16] = 2, [U32] = 4, [I32] = 4, [F32] = 4};
    uint64_t samples = tiff->separate ? 1 : (uint64_t)tiff->form.bands;
    return (uint64_t)tiff->block_w * tiff->block_h * samples * BYTES[tiff->kind] ==
           (uint64_t)tiff->block_bytes;
}

/* ---- reading ---- */

typedef struct job {
    pl_tiff *tiff;
    int x, y, w, h;
    const int *band;
    int count;
    float *out;
    int bx0, by0, columns, rows; /* blocks that the window touches */
} job;

#define SPREAD(type)                                                                               \
    do {                                                                                           \
        const type *from = (const type *)block + at;                                               \
        for (int i = 0; i < n; i++) to[i] = (float)from[(size_t)i * stride];                       \
    } while (0)

static void spread_absent(double nodata, int n, float *to) {
    for (int i = 0; i < n; i++) to[i] = isnan(nodata) ? 0.0f : NAN;
}

static void spread_row(kind k, const void *block, size_t at, size_t stride, int n, float *to) {
    switch (k) {
    case U8:
        SPREAD(uint8_t);
        break;
    case I8:
        SPREAD(int8_t);
        break;
    case U16:
        SPREAD(uint16_t);
        break;
    case I16:
        SPREAD(int16_t);
        break;
    case U32:
        SPREAD(uint32_t);
        break;
    case I32:
        SPREAD(int32_t);
        break;
    case F32:
        SPREAD(float);
        break;
    }
}

static void blank_row(kind k, double nodata, int n, float *row) {
    float none = (float)nodata;
    if (!isnan(nodata))
        for (int i = 0; i < n; i++)
            if (row[i] == none) row[i] = NAN;
    if (k == F32)
        for (int i = 0; i < n; i++)
            if (isinf(row[i])) row[i] = NAN;
}

/* The part of block (bx, by) that lies in the window, for the bands [from, to) of the list; a block
 * that a sparse file leaves out (NULL) is nodata, or 0 where there is none. */
static void spread(const job *j, const void *block, int bx, int by, int from, int to) {
    const pl_tiff *t = j->tiff;
    int left = bx * (int)t->block_w, top = by * (int)t->block_h;
    int x0 = j->x > left ? j->x : left, y0 = j->y > top ? j->y : top;
    int x1 = (int)pl__min(j->x + j->w, left + (double)t->block_w);
    int y1 = (int)pl__min(j->y + j->h, top + (double)t->block_h);
    size_t stride = t->separate ? 1 : (size_t)t->form.bands;
    for (int y = y0; y < y1; y++) {
        size_t pixel = (size_t)(y - top) * t->block_w + (size_t)(x0 - left);
        for (int b = from; b < to; b++) {
            float *row = j->out + ((size_t)b * (size_t)j->h + (size_t)(y - j->y)) * (size_t)j->w +
                         (size_t)(x0 - j->x);
            size_t sample = t->separate ? 0 : (size_t)(j->band[b] - 1);
            double nodata = t->nodata[j->band[b] - 1];
            if (!block) {
                spread_absent(nodata, x1 - x0, row);
                continue;
            }
            spread_row(t->kind, block, pixel * stride + sample, stride, x1 - x0, row);
            blank_row(t->kind, nodata, x1 - x0, row);
        }
    }
}

static void read_block(int index, int number, void *context) {
    const job *j = context;
    pl_tiff *t = j->tiff;
    worker *w = &t->worker[number];
    if (w->failed) return;
    int blocks = j->columns * j->rows, list = t->separate ? index / blocks : 0;
    int bx = j->bx0 + index % blocks % j->columns, by = j->by0 + index % blocks / j->columns;
    uint32_t block = (uint32_t)(by * t->across + bx);
    if (t->separate) block += (uint32_t)((j->band[list] - 1) * t->across * t->down);
    int wrong = 0;
    bool there = TIFFGetStrileByteCountWithErr(w->handle, block, &wrong) > 0;
    tmsize_t got = 0;
    if (there && t->tiled) got = TIFFReadEncodedTile(w->handle, block, w->block, t->block_bytes);
    if (there && !t->tiled) got = TIFFReadEncodedStrip(w->handle, block, w->block, t->block_bytes);
    w->failed = wrong || got < 0;
    if (!w->failed)
        spread(j, there ? w->block : NULL, bx, by, list, t->separate ? list + 1 : j->count);
}

/* ---- doors ---- */

pl_status pl__tiff_read(pl_tiff *tiff, int x, int y, int w, int h, const int *band, int count,
                        float *out, pl_error *error) {
    job j = {
        .tiff = tiff, .x = x, .y = y, .w = w, .h = h, .band = band, .count = count, .out = out};
    j.bx0 = x / (int)tiff->block_w;
    j.by0 = y / (int)tiff->block_h;
    j.columns = (x + w - 1) / (int)tiff->block_w - j.bx0 + 1;
    j.rows = (y + h - 1) / (int)tiff->block_h - j.by0 + 1;
    int jobs = j.columns * j.rows * (tiff->separate ? count : 1);
    int workers = jobs < tiff->workers ? jobs : tiff->workers;
    for (int i = 0; i < workers; i++)
        if (!prepare(tiff, i)) return pl__fail_memory(error, "io");
    pl__parallel(jobs, workers, read_block, &j);
    for (int i = 0; i < workers; i++)
        if (tiff->worker[i].failed)
            return pl__fail(error, PL_E_IO, "io", "truncated or damaged: %s",
                            tiff->worker[i].words[0] ? tiff->worker[i].words : "cannot read");
    return PL_OK;
}

void pl__tiff_close(pl_tiff *tiff) {
    if (!tiff) return;
    for (int i = 0; i < tiff->workers; i++) {
        if (tiff->worker[i].handle) TIFFClose(tiff->worker[i].handle);
        free(tiff->worker[i].block);
    }
    free(tiff->nodata);
    free(tiff->file);
    free(tiff);
}

pl_tiff *pl__tiff_open(const char *file, const pl_tiff_form *form) {
    pl_tiff *tiff = calloc(1, sizeof *tiff);
    if (!tiff) return NULL;
    int cores = pl__workers();
    tiff->workers = cores < WORKERS_MAX ? cores : WORKERS_MAX;
    tiff->form = *form;
    tiff->file = strdup(file);
    tiff->nodata = malloc((size_t)form->bands * sizeof *tiff->nodata);
    worker *first = &tiff->worker[0];
    bool fine = tiff->file && tiff->nodata && open_handle(file, first);
    if (fine) {
        memcpy(tiff->nodata, form->nodata, (size_t)form->bands * sizeof *tiff->nodata);
        fine = kind_of(first->handle, &tiff->kind) && codec_is_plain(first->handle) &&
               colours_are_plain(first->handle) && form_fits(first->handle, tiff) &&
               block_has_expected_size(tiff);
    }
    if (fine) return tiff;
    pl__tiff_close(tiff);
    return NULL;
}
