/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long does a window take that GDAL alone reads?
 *
 *     alone FILE X Y W H ROWS
 *
 * All bands as floats with NUM_THREADS=ALL_CPUS, and nothing else: no nodata, no masks, no checks,
 * no place on the Earth, no child process. Prints as read.c does. */
#include <gdal.h>

#include "window.h"

int main(int argc, char **argv) {
    const char *const options[] = {"NUM_THREADS=ALL_CPUS", NULL};
    if (argc != 7) return 2;
    window at = window_of(argv + 2);
    GDALAllRegister();
    GDALDatasetH file = GDALOpenEx(argv[1], GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, options, NULL);
    if (!file) return 1;
    int bands = GDALGetRasterCount(file);
    float *out = malloc((size_t)at.w * (size_t)at.rows * (size_t)bands * sizeof *out);
    bool fine = out != NULL;
    double begin_s = now_s(), sum = 0;
    for (int y = at.y; y < at.y + at.h && fine; y += at.rows) {
        int rows = strip_rows(&at, y);
        fine = GDALDatasetRasterIO(file, GF_Read, at.x, y, at.w, rows, out, at.w, rows, GDT_Float32,
                                   bands, NULL, 0, 0, 0) == CE_None;
        if (fine) sum += sum_of(out, (size_t)at.w * (size_t)rows * (size_t)bands);
    }
    int code = tell(fine, begin_s, sum);
    free(out);
    GDALClose(file);
    return code;
}
