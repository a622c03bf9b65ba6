/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do the draws' uniform numbers come from?
 *
 * A Sobol sequence, shifted as a whole by numbers of the seed (modulo 1): evenly spread, the same
 * for the same seed, and several times better than as many random ones. */
#include <gsl/gsl_rng.h>

#include "load/model.h"

static const char FLOOR[] = "load";

pl_status pl__sequence_open(int dimensions, uint64_t seed, pl__sequence *out, pl_error *error) {
    *out = (pl__sequence){.dimensions = dimensions};
    if (dimensions > PL__SEQUENCE_MAX)
        return pl__fail(error, PL_E_INTERNAL, FLOOR, "no Sobol sequence of %d", dimensions);
    out->sobol = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)dimensions);
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    if (out->sobol && random) {
        gsl_rng_set(random, (unsigned long)(seed ^ seed >> 32));
        for (int k = 0; k < dimensions; k++) out->shift[k] = gsl_rng_uniform(random);
    }
    bool fine = out->sobol && random;
    gsl_rng_free(random);
    if (fine) return PL_OK;
    pl__sequence_close(out);
    return pl__fail_memory(error, FLOOR);
}

pl_status pl__sequence_next(pl__sequence *sequence, double *u, pl_error *error) {
    if (gsl_qrng_get(sequence->sobol, u))
        return pl__fail(error, PL_E_INTERNAL, FLOOR, "the Sobol sequence ended");
    for (int k = 0; k < sequence->dimensions; k++) {
        u[k] += sequence->shift[k];
        u[k] = pl__clamp(u[k] - floor(u[k]), 1e-9, 1 - 1e-9);
    }
    return PL_OK;
}

void pl__sequence_close(pl__sequence *sequence) {
    if (sequence->sobol) gsl_qrng_free(sequence->sobol);
    sequence->sobol = NULL;
}
