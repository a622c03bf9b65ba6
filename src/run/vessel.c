/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the hulls is the ship that was named?
 *
 * The only one, or the only one of her length and beam. A name is an accusation: where two hulls
 * would do, or one that is not her size, nobody is named. */
#include "run/vessel.h"

#include <math.h>

#include "base/base.h"
#include "scene/scene.h"

/* Registers and outlines differ in what they call length and beam (bulbs, fenders, moulded or
 * extreme), by so much of it; beyond so many sigma they speak of two ships. */
static const double LENGTH_USAGE = 0.01, BEAM_USAGE = 0.02, SIGMAS = 3.5;

static bool differ(pl_quantity seen, pl_quantity known, double usage) {
    if (isnan(known.value)) return false;
    double sigma =
        sqrt(seen.sigma * seen.sigma + known.sigma * known.sigma + pow(usage * known.value, 2));
    return fabs(seen.value - known.value) > SIGMAS * sigma;
}

bool pl__run_vessel_contradicts(const pl_vessel *vessel, const pl_hull *hull) {
    return differ(hull->length_m, vessel->known.length_m, LENGTH_USAGE) ||
           differ(hull->beam_m, vessel->known.beam_m, BEAM_USAGE);
}

int pl__run_vessel_among(const pl_vessel *vessel, const pl_hull_list *hulls, pl_scene_info *info) {
    int found = -1, count = 0;
    if (!vessel) return -1;
    if (hulls->count == 1) return 0;
    for (int i = 0; i < hulls->count; i++) {
        if (hulls->hull[i].outline_count == 0 ||
            pl__run_vessel_contradicts(vessel, &hulls->hull[i]))
            continue;
        found = i;
        count++;
    }
    if (count == 1) return found;
    if (hulls->count > 0)
        pl__scene_warn(info,
                       "%d of %d hulls could be the vessel that was named: none is called so "
                       "(name her place by --at)",
                       count, hulls->count);
    return -1;
}

void pl__run_vessel_take(const pl_vessel *vessel, pl_result_row *row) {
    pl__text_copy(row->vessel_name, sizeof row->vessel_name, vessel->name);
    pl__text_copy(row->vessel_imo, sizeof row->vessel_imo, vessel->imo);
    pl__text_copy(row->vessel_source, sizeof row->vessel_source,
                  vessel->registered ? "registry" : "option");
}
