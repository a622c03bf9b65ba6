/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of models/same_hull.csv. */
#ifndef PL_VISIT_SAME_H
#define PL_VISIT_SAME_H

#include "base/base.h"
#include "plimsoll/visit.h"
#include "visit/stay.h"

typedef enum pl__same_number {
    PL__LENGTH_OUTLIER_SHARE,
    PL__LENGTH_OUTLIER_SIGMA,
    PL__BEAM_OUTLIER_SHARE,
    PL__BEAM_OUTLIER_SIGMA,
    PL__SISTER_SHARE_SMALL,
    PL__SISTER_SHARE_LARGE,
    PL__LARGE_LENGTH,
    PL__FINGERPRINT_SAME,
    PL__FINGERPRINT_DIFFERENT,
    PL__FINGERPRINT_SIGMA,
    PL__SAME_COUNT
} pl__same_number;

struct pl_visit_models {
    double value[PL__SAME_COUNT];
    pl__stay stay;
};

/** What is said at that probability. */
pl_verdict pl__visit_verdict(double probability);

#endif
