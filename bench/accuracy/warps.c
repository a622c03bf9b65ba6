/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a hull's freeboard cost, in bicubic warps of its chip?
 *
 *     bench_warps PICTURE...
 *
 * Each hull that is found is measured again from the chip that measuring reads (pl_measure_chip),
 * and in the same run OpenCV turns that chip 20 times by cvWarpAffine, bicubic, all bands at once,
 * on one thread, as the measurement runs on one. Both by processor time, the least of some rounds,
 * taken in turn so that a busy machine slows both. One line a hull, the median at the end; exit 1
 * when it is above 1, the promise of issue 4. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "image/opencv.h"
#include "plimsoll/plimsoll.h"

enum { WARPS = 20, ROUNDS = 5, RATIOS_MAX = 1000 };

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Bands side by side, as OpenCV wants them; at most four channels go through its warp. */
static CvMat *interleave(const pl_image *image) {
    int bands = image->bands < 4 ? image->bands : 4;
    CvMat *out = cvCreateMat(image->height, image->width, CV_MAKETYPE(CV_32F, bands));
    size_t count = (size_t)image->width * (size_t)image->height;
    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < bands; b++)
            out->data.fl[i * (size_t)bands + (size_t)b] = image->data[(size_t)b * count + i];
    return out;
}

static double warps_s(const CvMat *chip, CvMat *turned) {
    double m[6];
    double begin = now_s();
    for (int k = 0; k < WARPS; k++) {
        double a = 0.1 + 0.3 * k, c = cos(a), s = sin(a), x = 0.5 * chip->cols,
               y = 0.5 * chip->rows;
        const double turn[6] = {c, -s, x - c * x + s * y, s, c, y - s * x - c * y};
        for (int i = 0; i < 6; i++) m[i] = turn[i];
        CvMat map = cvMat(2, 3, CV_64FC1, m);
        cvWarpAffine(chip, turned, &map, CV_INTER_CUBIC + CV_WARP_FILL_OUTLIERS, cvScalarAll(0));
    }
    return now_s() - begin;
}

static double measure_s(const pl_crop *chip, const pl_hull *hull, pl_freeboard *out) {
    const pl_freeboard_options options = PL_FREEBOARD_OPTIONS_INIT;
    pl_error error = PL_ERROR_INIT;
    pl_arena *arena = pl_arena_new(0);
    double begin = now_s();
    if (!arena || pl_freeboard_measure(chip, hull, &options, arena, out, &error) != PL_OK) {
        fprintf(stderr, "bench_warps: %s\n", error.message);
        exit(2);
    }
    double seconds = now_s() - begin;
    pl_arena_free(arena);
    return seconds;
}

static double one_hull(const char *file, const pl_crop *chip, const pl_hull *hull) {
    static pl_freeboard answer;
    double warps = INFINITY, measured = INFINITY;
    CvMat *from = interleave(&chip->pixels), *to = cvCloneMat(from);
    for (int k = 0; k < ROUNDS; k++) {
        measured = fmin(measured, measure_s(chip, hull, &answer));
        warps = fmin(warps, warps_s(from, to));
    }
    printf("%s: %.0f m, chip %d x %d x %d, %d sides: %.1f ms, %d warps %.1f ms, ratio %.2f\n", file,
           hull->length_m.value, chip->pixels.width, chip->pixels.height, chip->pixels.bands,
           answer.cue_count, 1e3 * measured, WARPS, 1e3 * warps, measured / warps);
    cvReleaseMat(&from);
    cvReleaseMat(&to);
    return answer.cue_count > 0 ? measured / warps : NAN;
}

/* @return false, said so, when the picture cannot be read. */
static bool one_picture(const char *file, double *ratio, int *count) {
    pl_error error = PL_ERROR_INIT;
    pl_measure_options options = PL_MEASURE_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_result result;
    pl_arena *arena = pl_arena_new(0);
    options.detection_only = true;
    bool fine = arena && pl_scene_open(file, &options.scene, &scene, &error) == PL_OK &&
                pl_measure(scene, NULL, &options, arena, &result, &error) == PL_OK;
    for (int k = 0; fine && k < result.count && *count < RATIOS_MAX; k++) {
        pl_crop chip;
        fine = pl_measure_chip(scene, &result.row[k].hull, arena, &chip, &error) == PL_OK;
        double r = fine ? one_hull(file, &chip, &result.row[k].hull) : NAN;
        if (isfinite(r)) ratio[(*count)++] = r;
    }
    if (!fine) fprintf(stderr, "bench_warps: %s: %s\n", file, error.message);
    pl_scene_close(scene);
    pl_arena_free(arena);
    return fine;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    static double ratio[RATIOS_MAX];
    int count = 0;
    cvSetNumThreads(1);
    for (int i = 1; i < argc; i++)
        if (!one_picture(argv[i], ratio, &count)) return 2;
    if (count == 0) {
        fprintf(stderr, "bench_warps: no hull was measured\n");
        return 2;
    }
    qsort(ratio, (size_t)count, sizeof *ratio, ascending);
    double median = ratio[count / 2];
    printf("%d hulls: a freeboard costs %.2f times %d bicubic warps of its chip (median; worst "
           "%.2f)\n",
           count, median, WARPS, ratio[count - 1]);
    return median <= 1 ? 0 : 1;
}
