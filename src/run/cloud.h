/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is this hull under cloud? */
#ifndef PL_RUN_CLOUD_H
#define PL_RUN_CLOUD_H

#include "plimsoll/hull.h"

/* More of a hull than this under cloud makes it dubious; more than that hides where it ends. */
static const double PL_CLOUD_LEAST = 0.002, PL_CLOUD_MOST = 0.1;

/** Share, 0 to 1, of the hull and the water beside it that the scene's cloud mask hides in a chip.
 */
double pl__run_cloud_share(const pl_crop *chip, const pl_hull *hull);

/** Takes all pixels out of a chip: nothing of it is to be believed. */
void pl__run_cloud_blank(pl_crop *chip);

#endif
