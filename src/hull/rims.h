/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is no water, and the straight pieces of its rims: what moored.c looks behind. */
#ifndef PL_HULL_RIMS_H
#define PL_HULL_RIMS_H

#include "hull/internal.h"

/** Where a crop is no water. */
typedef struct pl_solid {
    const unsigned char *mask; /* width * height */
    int width, height;
    double pixel_m;
} pl_solid;

/** A straight piece of a rim, crop pixels (corner convention). */
typedef struct pl_side_edge {
    double x, y;   /* its middle */
    double ux, uy; /* along */
    double nx, ny; /* into the solid */
    double length;
} pl_side_edge;

bool pl__solid_at(const pl_solid *s, double x, double y);
/** The straight pieces of all rims, `most` of them at most. @return false when out of memory. */
bool pl__rims_edges(const pl_solid *s, int most, pl_arena *arena, pl_side_edge **out, int *count);

#endif
