/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learned judge of shapes. */
#ifndef PL_HULL_JUDGE_H
#define PL_HULL_JUDGE_H

#include "hull/shapes.h"
#include "image/net.h"

/** What the judge says of one shape. */
typedef struct pl_verdict {
    double ship;    /* probability that a ship's upright box and this one's have half in common */
    double overlap; /* how much of the two is common, likely */
} pl_verdict;

/** Reads ship_judge.onnx. @param out yours to give to pl__net_free; NULL, and PL_OK, when there is
 * none in the folder. @return PL_E_FORMAT for one that cannot be run. */
pl_status pl__judge_open(const char *models_dir, pl_net **out, pl_error *error);

/** @return PL_E_FORMAT for a network that answers something else. */
pl_status pl__judge_shapes(pl_net *net, const pl_views *views, const pl_shape *shapes, int count,
                           pl_verdict *out, pl_error *error);

/** One shape a ship: indices of those from `least` on, the likeliest first, none of which lies on
 * one before it. @return how many, or -1 when out of memory. */
int pl__judge_pick(const pl_shape *shapes, const pl_verdict *verdicts, int count, double least,
                   pl_arena *arena, int **out);

/** Does a picture show colour? Grey ones come with three bands, too. */
bool pl__hull_in_colour(const pl_crop *crop);

/** How much of either shape lies in the other: the larger share. */
double pl__shape_common(const pl_shape *a, const pl_shape *b);
/** Two shapes with so much in common mean the same ship. */
#define PL__SHAPE_COMMON 0.4

#endif
