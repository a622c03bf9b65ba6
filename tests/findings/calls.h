/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls made by hand, for the tests of findings. */
#ifndef PL_TESTS_FINDINGS_CALLS_H
#define PL_TESTS_FINDINGS_CALLS_H

#include <math.h>
#include <stdio.h>

#include "plimsoll/findings.h"

enum { CALLS = 400 };
static const double DAY = 86400;
static const double MARCH_7 = 1709769600; /* 2024-03-07T00:00:00Z, as `date -u` says */

/** Loaded so many tonnes, give or take; ship NULL: nobody knows her. */
static inline pl_call measured(const char *ship, double left_s, double tonnes, double sigma,
                               double share_ship, double share_common) {
    pl_call c = {.left_s = left_s,
                 .direction = PL_DIRECTION_LOADING,
                 .loa_m = {NAN, NAN},
                 .beam_m = {NAN, NAN},
                 .dwt_t = {10000, 50},
                 .inferred = true,
                 .load_fraction = {NAN, NAN},
                 .cargo_t_p25 = NAN,
                 .cargo_t_p75 = NAN,
                 .cargo_t = {tonnes - 1.6448536 * sigma, tonnes, tonnes + 1.6448536 * sigma},
                 .share_ship = share_ship,
                 .share_common = share_common};
    if (ship) snprintf(c.ship, sizeof c.ship, "name:%s", ship);
    return c;
}

/** A row of a table; NAN where it says nothing. */
static inline pl_call row(const char *ship, double left_s, double dwt_t, double load) {
    pl_call c = {.left_s = left_s,
                 .direction = PL_DIRECTION_LOADING,
                 .loa_m = {NAN, NAN},
                 .beam_m = {NAN, NAN},
                 .dwt_t = {dwt_t, NAN},
                 .load_fraction = {load, NAN},
                 .cargo_t_p25 = NAN,
                 .cargo_t_p75 = NAN,
                 .cargo_t = {NAN, NAN, NAN}};
    if (ship) snprintf(c.ship, sizeof c.ship, "name:%s", ship);
    return c;
}

/** (p95 - p05) of a normal is 3.29 of its sigma. */
static inline double sigma_of(const pl_band *b) {
    return (b->p95 - b->p05) / 3.2897073;
}

#endif
