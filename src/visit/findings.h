/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of findings: a call in one draw, and sums over draws. */
#ifndef PL_VISIT_FINDINGS_H
#define PL_VISIT_FINDINGS_H

#include "load/unmeasured.h"
#include "plimsoll/findings.h"

/** What all calls share in one draw. */
typedef struct pl__shared {
    double laden_share; /* of the calls of whose load nothing is known */
    double fleet, oil;  /* standard normals: sizes of unknown ships, density of the oil */
    double word, sight; /* the same: how far stated loads, and measured cargoes, are off together */
    double bbl_per_t;
} pl__shared;
/** Makes them for all draws. */
void pl__shared_draw(const pl_load_models *models, const pl__oil *oil, uint64_t seed, int draws,
                     pl__shared *out);

/** A call with what is believed of her ship. */
typedef struct pl__caller {
    const pl_call *call;
    pl_call_use use;
    pl__unmeasured ship;
    pl_dwt_source source;
    double dwt_t;            /* as given; NAN where no one says it */
    uint64_t ship_name, own; /* random streams */
    int slot;                /* of her draws, where they are kept */
    double day_s;
    int year, month; /* UTC */
} pl__caller;

/** One draw of her deadweight: the same for all calls of a ship. */
double pl__caller_deadweight(const pl__caller *caller, const pl__shared *shared, uint64_t seed,
                             int draw);
/** One draw of the cargo of this call, tonnes. */
double pl__caller_cargo(const pl__caller *caller, const pl__shared *shared, uint64_t seed,
                        int draw);

/** Quantiles; `work` holds count numbers and is sorted. */
pl_band pl__band_of(double *work, int count);
/** Share of the first count that is above a bound. */
double pl__share_above(const double *value, int count, double bound);

/** How many calls did nobody see? Callers as pl_findings_sum has them; looked may be NULL. */
pl_status pl__unseen_guess(const pl__caller *callers, int count, const pl_looked *looked,
                           const pl_findings_options *options, pl_arena *arena, pl_unseen *out,
                           pl_error *error);
#endif
