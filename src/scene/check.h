/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What check.c and pixel.c share: how picture and sidecar lie over each other. */
#ifndef PL_SCENE_CHECK_H
#define PL_SCENE_CHECK_H

#include "scene/scene.h"

typedef struct pl_box {
    double west, south, east, north; /* longitudes from the picture's centre */
} pl_box;

/** How the picture's form stands to the stated one. */
typedef struct pl_form {
    bool warped;           /* another CRS than the sidecar's */
    bool sized;            /* the sidecar states a size, and: */
    bool same_size;        /* the picture has it */
    bool larger;           /* the picture has more, in one direction or both: no crop */
    const pl_box *picture; /* footprints; NULL: not known */
    const pl_box *stated;
} pl_form;

typedef enum pl_pixel_verdict {
    PL_PIXEL_UNSTATED, /* the sidecar does not say how large a pixel is */
    PL_PIXEL_STATED,   /* it does; where the picture contradicts, that was said */
    PL_PIXEL_RESAMPLED /* another pixel over the same ground */
} pl_pixel_verdict;

/** Judges pixel and orientation: warns, and gives the scene a reason for doubt. */
pl_pixel_verdict pl__scene_pixel(pl_scene *scene, const pl_facts *facts, const pl_form *form,
                                 const char *name);

#endif
