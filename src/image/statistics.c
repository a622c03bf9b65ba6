/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typical, and how far does it scatter, when part of the sample is something else?
 *
 * Medians and median absolute deviations throughout: half of the sample may be ships, glint or
 * quay. */
#include <math.h>
#include <string.h>

#include "image/image.h"

/* Puts the k-th smallest at values[k], smaller ones before it, larger ones behind (Hoare's
 * selection, median of three). */
static void select_kth(float *values, size_t count, size_t k) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        float a = values[low], b = values[middle], c = values[high];
        float pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot) i++;
            while (values[j] > pivot) j--;
            if (i >= j) break;
            float swap = values[i];
            values[i++] = values[j];
            values[j--] = swap;
        }
        if (k <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
}

static size_t keep_finite(float *values, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) values[kept++] = values[i];
    }
    return kept;
}

double pl__image_quantile(float *values, size_t count, double q) {
    count = keep_finite(values, count);
    if (count == 0) return NAN;
    double place = pl__clamp(q, 0, 1) * (double)(count - 1);
    size_t low = (size_t)place;
    select_kth(values, count, low);
    double lower = (double)values[low], part = place - (double)low;
    if (part <= 0 || low + 1 >= count) return lower;
    float upper = values[low + 1]; /* the least of those behind */
    for (size_t i = low + 2; i < count; i++) upper = values[i] < upper ? values[i] : upper;
    return (1.0 - part) * lower + part * (double)upper;
}

void pl__image_median_mad(float *values, size_t count, double *median, double *sigma) {
    count = keep_finite(values, count);
    *median = pl__image_quantile(values, count, 0.5);
    *sigma = NAN;
    if (count == 0) return;
    for (size_t i = 0; i < count; i++) values[i] = (float)fabs((double)values[i] - *median);
    *sigma = 1.4826 * pl__image_quantile(values, count, 0.5); /* sd of a Gaussian with this MAD */
}

static double median_of(double *values, int count) {
    /* insertion into order: counts are hundreds at most */
    for (int i = 1; i < count; i++) {
        double v = values[i];
        int j = i;
        for (; j > 0 && values[j - 1] > v; j--) values[j] = values[j - 1];
        values[j] = v;
    }
    return count % 2 ? values[count / 2] : 0.5 * (values[count / 2 - 1] + values[count / 2]);
}

/* Siegel's repeated median: half of the points may be wrong. */
static bool repeated_median(const double *x, const double *y, int n, double *scratch, double *a,
                            double *b) {
    double *slope = scratch, *outer = scratch + n;
    int used = 0;
    for (int i = 0; i < n; i++) {
        int k = 0;
        for (int j = 0; j < n; j++) {
            if (x[j] != x[i]) slope[k++] = (y[j] - y[i]) / (x[j] - x[i]);
        }
        if (k > 0) outer[used++] = median_of(slope, k);
    }
    if (used == 0) return false;
    *b = median_of(outer, used);
    for (int i = 0; i < n; i++) outer[i] = y[i] - *b * x[i];
    *a = median_of(outer, n);
    return true;
}

bool pl__image_robust_line(const double *x, const double *y, int count, double tolerance,
                           pl_arena *arena, double *a, double *b, double *weight) {
    enum { STARTERS = 96, ROUNDS = 12 };
    if (count < 3) return false;
    int n = count < STARTERS ? count : STARTERS;
    double *scratch = pl__arena_array(arena, (size_t)(4 * n + 2 * count), sizeof *scratch);
    if (!scratch) return false;
    double *sx = scratch + 2 * n, *sy = sx + n, *residual = sy + n, *w = residual + count;
    for (int i = 0; i < n; i++) { /* an even sample: the repeated median costs n^2 */
        int from = (int)((long long)i * count / n);
        sx[i] = x[from];
        sy[i] = y[from];
    }
    if (!repeated_median(sx, sy, n, scratch, a, b)) return false;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < count; i++) residual[i] = fabs(y[i] - *a - *b * x[i]);
        memcpy(w, residual, (size_t)count * sizeof *w);
        double scale = pl__max(1.4826 * median_of(w, count), tolerance);
        double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
        for (int i = 0; i < count; i++) {
            double u = residual[i] / (4.685 * scale); /* Tukey's biweight, 95 % efficient */
            w[i] = u < 1.0 ? (1.0 - u * u) * (1.0 - u * u) : 0.0;
            s0 += w[i];
            s1 += w[i] * x[i];
            s2 += w[i] * x[i] * x[i];
            t0 += w[i] * y[i];
            t1 += w[i] * x[i] * y[i];
        }
        double det = s0 * s2 - s1 * s1;
        if (!(det > 1e-12 * s0 * s2) || s0 <= 0)
            break; /* all weight in one place: keep the last line */
        *a = (s2 * t0 - s1 * t1) / det;
        *b = (s0 * t1 - s1 * t0) / det;
    }
    if (weight) memcpy(weight, w, (size_t)count * sizeof *w);
    return true;
}
