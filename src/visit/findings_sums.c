/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do many draws of one number say? Quantiles by straight lines between sorted draws (the
 * definition that R calls type 7). */
#include <stdlib.h>

#include "visit/findings.h"

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, int count, double p) {
    double at = p * (count - 1);
    int i = (int)at;
    if (i >= count - 1) return sorted[count - 1];
    return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

pl_band pl__band_of(double *work, int count) {
    qsort(work, (size_t)count, sizeof *work, by_value);
    return (pl_band){quantile(work, count, 0.05), quantile(work, count, 0.25),
                     quantile(work, count, 0.50), quantile(work, count, 0.75),
                     quantile(work, count, 0.95)};
}

double pl__share_above(const double *value, int count, double bound) {
    int above = 0;
    for (int i = 0; i < count; i++) above += value[i] > bound;
    return (double)above / count;
}
