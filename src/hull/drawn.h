/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outlines that somebody drew. */
#ifndef PL_HULL_DRAWN_H
#define PL_HULL_DRAWN_H

#include "plimsoll/scene.h"

typedef struct pl_drawn {
    int count;        /* vertices, closed: the last is the first */
    double (*at)[2];  /* input pixels */
    double bow_px[2]; /* where the bow is said to be; NAN */
} pl_drawn;

/** The polygons of a GeoJSON file in input pixels, looked through: closed, simple, in the picture.
 */
pl_status pl__hull_drawn(const pl_scene *scene, const char *file, pl_arena *arena, pl_drawn **out,
                         int *count, pl_error *error);

#endif
