/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many independent looks is a correlated series worth?
 *
 * The mean of n residuals with autocorrelation rho_k has the variance  sigma^2 / n * (1 + 2 sum_k
 * rho_k): swell makes neighbouring cross-sections err together. The autocorrelation comes from the
 * power spectrum of the zero-padded series (Wiener-Khinchin). The sum runs to the first lag at
 * which rho falls below zero: beyond it the estimate is noise (Geyer 1992, initial positive
 * sequence). FFTW_ESTIMATE: measured plans would differ from run to run. */
#include <fftw3.h>
#include <math.h>

#include "image/image.h"

double pl__image_looks(const double *series, int n) {
    double looks = 1.0;
    double *padded = NULL;
    fftw_complex *spectrum = NULL;
    fftw_plan forward = NULL, backward = NULL;
    if (n < 4) goto done;
    int m = 2 * n;
    padded = fftw_alloc_real((size_t)m);
    spectrum = fftw_alloc_complex((size_t)(m / 2 + 1));
    if (!padded || !spectrum) goto done;
    forward = fftw_plan_dft_r2c_1d(m, padded, spectrum, FFTW_ESTIMATE);
    backward = fftw_plan_dft_c2r_1d(m, spectrum, padded, FFTW_ESTIMATE);
    if (!forward || !backward) goto done;

    double mean = 0;
    for (int i = 0; i < n; i++) mean += series[i] / n;
    for (int i = 0; i < m; i++) padded[i] = i < n ? series[i] - mean : 0.0;
    fftw_execute(forward);
    for (int i = 0; i <= m / 2; i++) {
        spectrum[i][0] = spectrum[i][0] * spectrum[i][0] + spectrum[i][1] * spectrum[i][1];
        spectrum[i][1] = 0.0;
    }
    fftw_execute(backward);

    if (!(padded[0] > 0)) { /* no scatter at all: nothing is correlated */
        looks = n;
        goto done;
    }
    double inflation = 1.0;
    for (int k = 1; k < n && padded[k] > 0; k++) inflation += 2.0 * padded[k] / padded[0];
    looks = pl__clamp(n / inflation, 1.0, n);
done:
    if (backward) fftw_destroy_plan(backward);
    if (forward) fftw_destroy_plan(forward);
    fftw_free(spectrum);
    fftw_free(padded);
    return looks;
}
