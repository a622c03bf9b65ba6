/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of hull/ hand to each other. */
#ifndef PL_HULL_INTERNAL_H
#define PL_HULL_INTERNAL_H

#include "hull/sea.h"
#include "image/image.h"
#include "plimsoll/hull.h"

/** A blob that might be a ship, in input pixels and radians from true north. */
typedef struct pl_candidate {
    double x_px, y_px;
    double axis_rad; /* of the long axis, in [0, pi) */
    double length_m, beam_m;
    double false_alarms;
    double
        gap_sigmas; /* moored: what parts it from the quay is darker than this; 0 in open water */
} pl_candidate;

/** Bright blobs of a ship's shape on the sea. */
pl_status pl__hull_candidates(const pl_crop *crop, const pl_sea *sea,
                              const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                              int *count, pl_error *error);

/** The exact outline from a full-resolution chip. @return PL_REFUSED when the chip shows no ship
 * after all. */
pl_status pl__hull_outline(const pl_crop *chip, const pl_candidate *candidate,
                           const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                           pl_error *error);

/** Is there water along at least one long side? `sea` is that of the whole search. */
bool pl__hull_has_water(const pl_crop *chip, const pl_crop *search, const pl_sea *sea,
                        const pl_hull *hull);

/** Widens the beam's sigma by the lit wall that may have been taken for deck. */
void pl__hull_doubt_wall(const pl_sight *sight, pl_hull *hull);

#endif
