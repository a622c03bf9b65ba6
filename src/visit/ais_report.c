/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is a verdict about AIS called, and what does a draught that a crew typed say beside one that
 * was measured? */
#include <math.h>

#include "visit/ais.h"

/* The crew types the deepest draught to a decimetre, and not at each change. Of a ship that is told
 * truly it is the draft amidships and half the trim, rounded, in water of another density; and she
 * comes up by some decimetres on her stores. docs/method/ais.md has the numbers behind it. */
static const double TYPED_M = 0.3;

const char *pl_ais_status_name(pl_ais_status status) {
    static const char *const NAMES[PL_AIS_STATUS_COUNT] = {
        NULL,         "matched", "ambiguous",   "size_differs",
        "none_heard", "nearby",  "not_covered", "unplaced"};
    return (unsigned)status < PL_AIS_STATUS_COUNT ? NAMES[status] : NULL;
}

const char *pl_ais_sight_name(pl_ais_sight sight) {
    static const char *const NAMES[PL_AIS_SIGHT_COUNT] = {
        "seen", "unsure", "not_seen", "overlooked", "too_small", "not_looked", "leaps"};
    return (unsigned)sight < PL_AIS_SIGHT_COUNT ? NAMES[sight] : NULL;
}

void pl__ais_draught(double told_m, pl_quantity measured_m, pl_ais_link *link) {
    link->draught_m = (pl_quantity){told_m, isnan(told_m) ? (double)NAN : TYPED_M};
    link->draught_excess_m = (pl_quantity){told_m - measured_m.value, NAN};
    if (isnan(link->draught_excess_m.value)) return;
    link->draught_excess_m.sigma = hypot(TYPED_M, measured_m.sigma);
}
