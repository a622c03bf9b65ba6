/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the water look like here? For hull/ and the floors above it. */
#ifndef PL_HULL_SEA_H
#define PL_HULL_SEA_H

#include "plimsoll/scene.h"

/** The water of one crop: what a pixel of it looks like where there is nothing else. */
typedef struct pl_sea {
    int bands;
    int tiles_x, tiles_y, tile_px;
    float *level;               /* bands planes of tiles: local brightness */
    double sigma[PL_BANDS_MAX]; /* scatter of a single pixel round its local level */
    double share;               /* of the valid tiles that are water */
} pl_sea;

/** Reads the water off a crop. PL_REFUSED when nothing in it looks like water. */
pl_status pl__hull_sea(const pl_crop *crop, pl_arena *arena, pl_sea *out, pl_error *error);
/** Level of the water at crop pixel (x, y), centre coordinates. */
double pl__hull_sea_level(const pl_sea *sea, int band, double x, double y);
/** The same for the centres of the pixels 0 to width - 1 of crop row y: many at once cost less. */
void pl__hull_sea_row(const pl_sea *sea, int band, int y, int width, float *out);

#endif
