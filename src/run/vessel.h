/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the hulls is the ship that was named, and what is known of her then? */
#ifndef PL_RUN_VESSEL_H
#define PL_RUN_VESSEL_H

#include "plimsoll/pipeline.h"

/** @return the hull's index; -1 none, or it cannot be told: then a warning says so. */
int pl__run_vessel_among(const pl_vessel *vessel, const pl_hull_list *hulls, pl_scene_info *info);
/** Do length and beam contradict what is known of her? */
bool pl__run_vessel_contradicts(const pl_vessel *vessel, const pl_hull *hull);
/** Names the row, and puts her particulars in the place of what was measured or not known. */
void pl__run_vessel_take(const pl_vessel *vessel, pl_result_row *row);

#endif
