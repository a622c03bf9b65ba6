/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do both ways to a TIFF's pixels, libtiff on all cores and GDAL, give the same numbers, for every
 * way in which a TIFF stores them? The wanted numbers are those that were written, by GDAL's own
 * writer. The second way is taken by opening the same file as /vsisubfile/0,FILE, which is not a
 * local file's name. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>

#include "io/raster.h"

enum { WIDTH = 301, HEIGHT = 233, BANDS = 3, N = WIDTH * HEIGHT };

typedef struct form {
    const char *options; /* of GDAL's writer, separated by spaces */
    GDALDataType type;
    double most; /* of the samples; negative ones too when least < 0 */
    double least;
    bool by_libtiff; /* else GDAL reads it both times */
    double nodata;   /* NAN none */
    bool lossy;
} form;

static const form FORMS[] = {
    {"TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=32", GDT_Byte, 255, 0, true, NAN, false},
    {"TILED=YES INTERLEAVE=BAND COMPRESS=DEFLATE PREDICTOR=2", GDT_UInt16, 65535, 0, true, NAN,
     false},
    {"TILED=YES INTERLEAVE=PIXEL COMPRESS=DEFLATE PREDICTOR=2", GDT_UInt16, 4095, 0, true, 0,
     false},
    {"COMPRESS=LZW PREDICTOR=2 BLOCKYSIZE=7", GDT_UInt16, 4095, 0, true, NAN, false},
    {"COMPRESS=LZW INTERLEAVE=BAND BLOCKYSIZE=100", GDT_Int16, 3000, -3000, true, -5, false},
    {"COMPRESS=ZSTD TILED=YES BIGTIFF=YES", GDT_UInt32, 4e6, 0, true, NAN, false},
    {"COMPRESS=ZSTD PREDICTOR=2", GDT_Int32, 4e6, -4e6, true, NAN, false},
    {"COMPRESS=PACKBITS", GDT_Byte, 255, 0, true, 7, false},
    {"COMPRESS=DEFLATE PREDICTOR=3 TILED=YES", GDT_Float32, 1, 0, true, NAN, false},
    {"COMPRESS=DEFLATE PREDICTOR=3 INTERLEAVE=BAND", GDT_Float32, 1, -1, true, -9999, false},
    {"ENDIANNESS=BIG TILED=YES COMPRESS=DEFLATE", GDT_UInt16, 65535, 0, true, NAN, false},
    {"ENDIANNESS=BIG BIGTIFF=YES PREDICTOR=2 COMPRESS=DEFLATE", GDT_Int16, 999, -999, true, NAN,
     false},
    {"PHOTOMETRIC=RGB TILED=YES COMPRESS=LZMA", GDT_Byte, 255, 0, true, NAN, false},
    {"NBITS=11 TILED=YES COMPRESS=DEFLATE", GDT_UInt16, 2047, 0, false, NAN, false},
    {"NBITS=12 COMPRESS=LZW", GDT_UInt16, 4095, 0, false, 4095, false},
    {"NBITS=12 TILED=YES", GDT_UInt16, 4095, 0, false, NAN, false},
    {"COMPRESS=DEFLATE PREDICTOR=3", GDT_Float64, 1, 0, false, NAN, false},
    {"COMPRESS=JPEG PHOTOMETRIC=YCBCR TILED=YES", GDT_Byte, 255, 0, false, NAN, true},
    {"COMPRESS=WEBP WEBP_LOSSLESS=YES TILED=YES", GDT_Byte, 255, 0, false, NAN, false},
};

static float *written; /* BANDS planes, as float */
static char file[64];

static int setup(void **state) {
    (void)state;
    GDALAllRegister();
    CPLSetErrorHandler(CPLQuietErrorHandler); /* GDAL's own threads speak to this one */
    strcpy(file, "/tmp/plimsoll-tiles-XXXXXX");
    int descriptor = mkstemp(file);
    if (descriptor >= 0) close(descriptor);
    written = malloc(sizeof *written * BANDS * N);
    return written && descriptor >= 0 ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    unlink(file);
    free(written);
    return 0;
}

/* Smooth with noise, so that predictors have something to do and every byte differs. */
static void fill(const form *f) {
    uint32_t seed = 12345;
    for (int b = 0; b < BANDS; b++) {
        for (int i = 0; i < N; i++) {
            seed = seed * 1664525u + 1013904223u;
            double noise = (double)(seed >> 8) / 16777216.0;
            double wave = 0.5 + 0.4 * sin(0.05 * (i % WIDTH) + 0.03 * (i / WIDTH) + b);
            double v =
                f->least + (f->most - f->least) * pl__clamp(wave + 0.1 * (noise - 0.5), 0, 1);
            written[b * N + i] = (float)(f->type >= GDT_Float32 ? v : floor(v));
        }
    }
}

static void write_file(const form *f) {
    char **options = CSLTokenizeString2(f->options, " ", 0);
    GDALDatasetH d =
        GDALCreate(GDALGetDriverByName("GTiff"), file, WIDTH, HEIGHT, BANDS, f->type, options);
    assert_non_null(d);
    if (!isnan(f->nodata))
        for (int b = 1; b <= BANDS; b++)
            GDALSetRasterNoDataValue(GDALGetRasterBand(d, b), f->nodata);
    assert_int_equal(GDALDatasetRasterIO(d, GF_Write, 0, 0, WIDTH, HEIGHT, written, WIDTH, HEIGHT,
                                         GDT_Float32, BANDS, NULL, 0, 0, 0),
                     CE_None);
    GDALClose(d);
    CSLDestroy(options);
}

static void read_window(const char *name, const form *f, int x, int y, int w, int h, float *out,
                        bool expect_libtiff) {
    pl_error error = PL_ERROR_INIT;
    pl_raster *raster = NULL;
    if (pl__io_raster_open(name, NULL, &raster, &error) != PL_OK)
        fail_msg("%s: %s", f->options, error.message);
    if ((raster->tiff != NULL) != expect_libtiff)
        fail_msg("%s: read by the other library", f->options);
    assert_int_equal(pl__io_raster_info(raster)->bands, BANDS);
    if (pl__io_raster_read(raster, x, y, w, h, w, h, out, &error) != PL_OK)
        fail_msg("%s: %s", f->options, error.message);
    pl__io_raster_close(raster);
}

static bool same(float a, float b) {
    return a == b || (isnan(a) && isnan(b));
}

static void check_window(const form *f, int x, int y, int w, int h) {
    char name[128];
    size_t n = (size_t)w * (size_t)h;
    float *ours = malloc(sizeof *ours * BANDS * n), *theirs = malloc(sizeof *theirs * BANDS * n);
    assert_non_null(ours);
    assert_non_null(theirs);
    snprintf(name, sizeof name, "/vsisubfile/0,%s", file);
    read_window(file, f, x, y, w, h, ours, f->by_libtiff);
    read_window(name, f, x, y, w, h, theirs, false);
    for (int b = 0; b < BANDS; b++) {
        for (size_t i = 0; i < n; i++) {
            size_t at = (size_t)b * n + i;
            float wanted = written[b * N + (y + (int)i / w) * WIDTH + x + (int)i % w];
            if (!isnan(f->nodata) && wanted == (float)f->nodata) wanted = NAN;
            if (!same(ours[at], theirs[at]))
                fail_msg("%s: band %d: %g by libtiff, %g by GDAL", f->options, b, (double)ours[at],
                         (double)theirs[at]);
            if (!f->lossy && !same(ours[at], wanted))
                fail_msg("%s: band %d: %g, written was %g", f->options, b, (double)ours[at],
                         (double)wanted);
        }
    }
    free(ours);
    free(theirs);
}

static void every_form(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        const form *f = &FORMS[i];
        fill(f);
        if (!isnan(f->nodata))
            for (int k = 0; k < 500; k++) written[(k * 97) % (BANDS * N)] = (float)f->nodata;
        write_file(f);
        check_window(f, 0, 0, WIDTH, HEIGHT);
        check_window(f, 61, 29, 70, 41); /* across tiles */
        check_window(f, 300, 232, 1, 1); /* the last pixel */
        check_window(f, 64, 32, 64, 32); /* exactly a tile */
    }
}

/* Tiles that a sparse file leaves out are nodata, or 0 where there is none. */
static void sparse(void **state) {
    (void)state;
    for (int with = 0; with < 2; with++) {
        const char *const options[] = {"TILED=YES", "SPARSE_OK=TRUE", "COMPRESS=DEFLATE", NULL};
        GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), file, 1000, 1000, BANDS,
                                    GDT_UInt16, (char **)(uintptr_t)options);
        assert_non_null(d);
        if (with)
            for (int b = 1; b <= BANDS; b++) GDALSetRasterNoDataValue(GDALGetRasterBand(d, b), 9);
        uint16_t one = 77;
        assert_int_equal(GDALRasterIO(GDALGetRasterBand(d, 1), GF_Write, 500, 500, 1, 1, &one, 1, 1,
                                      GDT_UInt16, 0, 0),
                         CE_None);
        GDALClose(d);
        form f = {.options = "sparse"};
        float pixel[BANDS];
        read_window(file, &f, 10, 10, 1, 1, pixel, true);
        for (int b = 0; b < BANDS; b++) assert_true(with ? isnan(pixel[b]) : pixel[b] == 0.0f);
        read_window(file, &f, 500, 500, 1, 1, pixel, true);
        assert_true(pixel[0] == 77.0f);
    }
}

/* A tile whose first bytes are damaged is an error by both ways, not a grey area. */
static void damaged(void **state) {
    (void)state;
    form f = {"TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64 COMPRESS=DEFLATE",
              GDT_UInt16,
              4095,
              0,
              true,
              NAN,
              false};
    fill(&f);
    write_file(&f);
    FILE *stream = fopen(file, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 3000, SEEK_SET), 0); /* the directory lies before, tiles after */
    for (int i = 0; i < 100000; i++) fputc(0, stream);
    fclose(stream);
    char name[128];
    snprintf(name, sizeof name, "/vsisubfile/0,%s", file);
    const char *const names[] = {file, name};
    float *out = malloc(sizeof *out * BANDS * N);
    assert_non_null(out);
    for (int i = 0; i < 2; i++) {
        pl_error error = PL_ERROR_INIT;
        pl_raster *raster = NULL;
        assert_int_equal(pl__io_raster_open(names[i], NULL, &raster, &error), PL_OK);
        assert_int_equal(
            pl__io_raster_read(raster, 0, 0, WIDTH, HEIGHT, WIDTH, HEIGHT, out, &error), PL_E_IO);
        assert_memory_equal(error.message, "truncated or damaged", 20);
        pl__io_raster_close(raster);
    }
    free(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form),
        cmocka_unit_test(sparse),
        cmocka_unit_test(damaged),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
