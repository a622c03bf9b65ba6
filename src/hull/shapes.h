/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the learned judge looks at: everything of a ship's shape, and how it shows. */
#ifndef PL_HULL_SHAPES_H
#define PL_HULL_SHAPES_H

#include "hull/internal.h"

/** Something of a ship's shape, in pixels of the search crop. */
typedef struct pl_shape {
    double x, y;         /* centre, corner convention */
    double angle_rad;    /* of the long axis against the x axis, towards +y, in [0, pi) */
    double length, beam; /* of its smallest turned rectangle */
    int votes;           /* thresholds at which it was seen alike */
} pl_shape;

/** Vertices of a hull of this size: a rectangle whose ends narrow. */
enum { PL_SHAPE_CORNERS = 8 };
void pl__shape_corners(const pl_shape *shape, double out[PL_SHAPE_CORNERS][2]);

/** How much of two shapes' upright boxes is common to both: of the area of either. */
double pl__shape_overlap(const pl_shape *a, const pl_shape *b);

/** Everything on the crop that hangs together at some threshold in some plane and has a ship's
 * proportions; in the arena, in an order that does not depend on threads. @return false when out of
 * memory. */
bool pl__hull_shapes(const pl_crop *crop, const pl_sea *sea, const pl_hull_options *options,
                     pl_arena *arena, pl_shape **out, int *count);

enum { PL_CHIP_WIDTH = 80, PL_CHIP_HEIGHT = 40, PL_CHIP_PLANES = 3 };
#define PL_CHIP_SIZE (PL_CHIP_PLANES * PL_CHIP_HEIGHT * PL_CHIP_WIDTH)

enum { PL_VIEW_LEVELS = 6 };
/** The crop at several resolutions, from which chips are cut. */
typedef struct pl_views {
    const pl_crop *crop; /* the finest view: its pixels are mixed as they are asked for */
    bool any_light;      /* is there a band of visible light? */
    int levels, width[PL_VIEW_LEVELS], height[PL_VIEW_LEVELS];
    float *bright[PL_VIEW_LEVELS], *colour[PL_VIEW_LEVELS]; /* mean of the bands; their spread */
} pl_views;

/** @return false when out of memory. */
bool pl__views_make(const pl_crop *crop, pl_arena *arena, pl_views *out);

/** The picture laid along a shape: its length takes 48 of 80 pixels. Planes: brightness and colour
 * less the chip's mean, in its own scatter, 32 to the unit; and the shape's own rectangle. */
void pl__views_chip(const pl_views *views, const pl_shape *shape, int8_t out[PL_CHIP_SIZE]);

#endif
