/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long does a window take, read as plimsoll reads it and as GDAL alone would?
 *
 *     read plimsoll|gdal FILE X Y W H ROWS
 *
 * The window [X, X+W) x [Y, Y+H) is read as floats, all bands, ROWS rows at a time. `gdal` is GDAL
 * with NUM_THREADS=ALL_CPUS and nothing else: no nodata, no masks, no checks. Prints seconds (open
 * to close), the greatest resident memory in MiB, and a sum over all samples, which must not
 * differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <gdal.h>

#include "io/io.h"

typedef struct window {
    int x, y, w, h, rows;
} window;

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Every 997th sample: enough to differ when anything does, too few to cost. */
static double sum_of(const float *samples, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i += 997) sum += (double)samples[i];
    return sum;
}

static bool with_gdal(const char *file, window at, double *begin, double *sum) {
    const char *const options[] = {"NUM_THREADS=ALL_CPUS", NULL};
    GDALAllRegister();
    GDALDatasetH dataset = GDALOpenEx(file, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, options, NULL);
    if (!dataset) return false;
    int bands = GDALGetRasterCount(dataset);
    float *out = malloc((size_t)at.w * (size_t)at.rows * (size_t)bands * sizeof *out);
    bool fine = out != NULL;
    *begin = now_s();
    for (int y = at.y; y < at.y + at.h && fine; y += at.rows) {
        int rows = y + at.rows < at.y + at.h ? at.rows : at.y + at.h - y;
        fine = GDALDatasetRasterIO(dataset, GF_Read, at.x, y, at.w, rows, out, at.w, rows,
                                   GDT_Float32, bands, NULL, 0, 0, 0) == CE_None;
        if (fine) *sum += sum_of(out, (size_t)at.w * (size_t)rows * (size_t)bands);
    }
    free(out);
    GDALClose(dataset);
    return fine;
}

static bool with_plimsoll(const char *file, window at, double *begin, double *sum) {
    pl_error error = PL_ERROR_INIT;
    pl_raster *raster = NULL;
    pl_status status = pl__io_raster_open(file, NULL, &raster, &error);
    int bands = status == PL_OK ? pl__io_raster_info(raster)->bands : 0;
    float *out = malloc((size_t)at.w * (size_t)at.rows * (size_t)bands * sizeof *out + 1);
    *begin = now_s();
    for (int y = at.y; y < at.y + at.h && status == PL_OK && out; y += at.rows) {
        int rows = y + at.rows < at.y + at.h ? at.rows : at.y + at.h - y;
        status = pl__io_raster_read(raster, at.x, y, at.w, rows, at.w, rows, out, &error);
        if (status == PL_OK) *sum += sum_of(out, (size_t)at.w * (size_t)rows * (size_t)bands);
    }
    free(out);
    pl__io_raster_close(raster);
    if (status < 0) fprintf(stderr, "%s: %s\n", file, error.message);
    return status == PL_OK && out;
}

int main(int argc, char **argv) {
    if (argc != 8) return 2;
    window at = {atoi(argv[3]), atoi(argv[4]), atoi(argv[5]), atoi(argv[6]), atoi(argv[7])};
    double begin = 0, sum = 0;
    bool fine = strcmp(argv[1], "gdal") == 0 ? with_gdal(argv[2], at, &begin, &sum)
                                             : with_plimsoll(argv[2], at, &begin, &sum);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("%.4f %.0f %.0f\n", now_s() - begin, (double)used.ru_maxrss / 1024.0, sum);
    return fine ? 0 : 1;
}
