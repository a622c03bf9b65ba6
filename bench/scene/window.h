/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the programs of bench/scene share: a window [x, x+w) x [y, y+h) that is read `rows` rows at
 * a time, a clock, and a sum that must not differ from one program to the other. */
#ifndef PL_BENCH_SCENE_WINDOW_H
#define PL_BENCH_SCENE_WINDOW_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct window {
    int x, y, w, h, rows;
} window;

static inline window window_of(char **words) {
    return (window){atoi(words[0]), atoi(words[1]), atoi(words[2]), atoi(words[3]), atoi(words[4])};
}

static inline int strip_rows(const window *at, int y) {
    return y + at->rows < at->y + at->h ? at->rows : at->y + at->h - y;
}

static inline double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Every 997th sample: enough to differ when anything does, too few to cost. */
static inline double sum_of(const float *samples, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i += 997) sum += (double)samples[i];
    return sum;
}

/* Seconds of reading alone, and the sum. */
static inline int tell(bool fine, double begin_s, double sum) {
    printf("%.4f %.0f\n", now_s() - begin_s, sum);
    return fine ? 0 : 1;
}

#endif
