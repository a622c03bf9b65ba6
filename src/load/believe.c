/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do weighted draws say: mean and sigma, quantiles?
 *
 * Quantiles come from a histogram of equal bins between least and greatest draw, straight inside a
 * bin: n steps instead of n log n, and an error below one bin, a 4096th of the range. */
#include "load/model.h"

enum { BINS = 4096 };

pl_quantity pl__believe_moments(const double *value, const double *weight, size_t n) {
    double sum = 0, mean = 0, spread = 0;
    for (size_t i = 0; i < n; i++) {
        sum += weight[i];
        mean += weight[i] * value[i];
    }
    if (!(sum > 0)) return (pl_quantity){NAN, NAN};
    mean /= sum;
    for (size_t i = 0; i < n; i++) spread += weight[i] * (value[i] - mean) * (value[i] - mean);
    return (pl_quantity){mean, sqrt(spread / sum)};
}

void pl__believe_quantiles(const double *value, const double *weight, size_t n, double zero_weight,
                           const double *quantile, int count, double *out) {
    double bin[BINS] = {0}, low = INFINITY, high = -INFINITY, sum = 0, below = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(weight[i] > 0)) continue;
        low = pl__min(low, value[i]);
        high = pl__max(high, value[i]);
        sum += weight[i];
    }
    double per_unit = high > low ? BINS / (high - low) : 0;
    for (size_t i = 0; i < n; i++) {
        if (!(weight[i] > 0)) continue;
        int k = (int)((value[i] - low) * per_unit);
        bin[k < BINS ? k : BINS - 1] += weight[i];
    }
    for (int q = 0, k = 0; q < count; q++) {
        double wanted = quantile[q] * (sum + zero_weight) - zero_weight;
        if (wanted <= 0 || !(sum > 0)) {
            out[q] = sum + zero_weight > 0 ? 0 : NAN;
            continue;
        }
        while (k < BINS - 1 && below + bin[k] < wanted) below += bin[k++];
        double inside = bin[k] > 0 ? pl__clamp((wanted - below) / bin[k], 0, 1) : 0;
        out[q] = per_unit > 0 ? low + (k + inside) / per_unit : low;
    }
}

pl_range pl__believe_range(const double *value, const double *weight, size_t n,
                           double zero_weight) {
    static const double QUANTILE[3] = {0.05, 0.50, 0.95};
    double out[3];
    pl__believe_quantiles(value, weight, n, zero_weight, QUANTILE, 3, out);
    return (pl_range){out[0], out[1], out[2]};
}
