/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other floors may ask of hull/ beside its public header: lists of several searches joined. */
#ifndef PL_HULL_HULL_H
#define PL_HULL_HULL_H

#include "plimsoll/hull.h"

/** Adds to `all` the hulls of `more` whose centre lies in core_px (x0, y0, x1, y1, input pixels; a
 * little beyond also) and that are not there yet; sorts. The new list lies in the arena.
 * @param frame of the crop in which `more` were found. @return false when out of memory. */
bool pl__hull_join(const pl_hull_list *more, const double core_px[4], const pl_frame *frame,
                   pl_arena *arena, pl_hull_list *all);

#endif
