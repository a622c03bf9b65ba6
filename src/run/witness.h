/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture as a witness for the view azimuth, scene by scene. */
#ifndef PL_RUN_WITNESS_H
#define PL_RUN_WITNESS_H

#include "plimsoll/results.h"

/** Where a scene leaves the view azimuth open: looks at every hull, and where one reading stands
 * out takes it for the scene: out->scene and out->view_witness. The same chips are read again when
 * the hulls are measured. */
pl_status pl__run_choose_view(const pl_scene *scene, const pl_hull_list *hulls, pl_result *out,
                              pl_error *error);
/** The view that was chosen for the scene, where the scene itself left it open. */
void pl__run_take_view(const pl_result *result, pl_sight *sight);
/** When all rows are measured: do their overhangs bear out the azimuth in use? Where they speak
 * against it, every measured row becomes dubious. */
void pl__run_hear_hulls(pl_result *result);

#endif
