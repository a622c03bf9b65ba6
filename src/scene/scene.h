/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of scene/ share: the open scene, and the steps that describe it. */
#ifndef PL_SCENE_SCENE_H
#define PL_SCENE_SCENE_H

#include "plimsoll/scene.h"

#include "io/io.h"
#include "scene/sensor.h"

struct pl_scene {
    pl_raster *raster;
    double affine[6]; /* pixels -> CRS; without georeference pixels -> metres, north up */
    bool georeferenced;
    pl_scene_info info;
};

void pl__scene_warn(pl_scene_info *info, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Band roles and saturation from facts, names and numbers. */
void pl__scene_bands(pl_scene_info *info, const pl_raster_info *raster, const pl_facts *facts);
/** PL_E_FORMAT when size or footprint say that the sidecar is another picture's. */
pl_status pl__scene_check_sidecar(pl_scene *scene, const pl_facts *facts, pl_error *error);
/** Sun at the centre: metadata against ephemeris. */
void pl__scene_sun(pl_scene_info *info, const pl_facts *facts, const pl_scene_options *options);
/** View at the centre. */
pl_status pl__scene_view(pl_scene_info *info, const pl_facts *facts,
                         const pl_scene_options *options, pl_error *error);

#endif
