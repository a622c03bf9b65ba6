/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polygons on the Earth and in a crop's pixels. */
#ifndef PL_PORT_AREA_H
#define PL_PORT_AREA_H

#include "base/base.h"
#include "io/io.h"

typedef struct pl_ring {
    int polygon; /* rings of one polygon carry one number: the first is outer, the rest are holes */
    int count;   /* positions */
    double (*at)[2];
} pl_ring;

typedef struct pl_rings {
    int count;
    pl_ring *ring;
} pl_rings;

/** The polygons of a GeoJSON object: Polygon, MultiPolygon, Feature, FeatureCollection; other
 * geometries are passed over. Checks every position. */
pl_status pl__area_read(const pl_json *node, const char *file, pl_arena *arena, pl_rings *out,
                        pl_error *error);
/** What of each ring lies inside a box, cut along its sides. Rings may vanish (count 0). */
bool pl__area_clip(const pl_rings *rings, double x0, double y0, double x1, double y1,
                   pl_arena *arena, pl_rings *out);
/** Twice the area between the rings' outlines, holes counted off or not: only for "is there any".
 */
double pl__area_size(const pl_ring *ring);
/** Sets mask (width * height) to 1 where a pixel's centre lies in a polygon. @return how many. */
size_t pl__area_fill(const pl_rings *rings, int width, int height, unsigned char *mask,
                     pl_arena *arena, bool *out_of_memory);

#endif
