/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls lie in the searched area, however large it is? */
#ifndef PL_RUN_SEARCH_H
#define PL_RUN_SEARCH_H

#include "plimsoll/pipeline.h"

/** Searches block by block; hulls and area lie in the arena. @param blind share of the searched
 * pixels, 0 to 1, that show nothing: no data, or cloud; NAN: none was searched. */
pl_status pl__run_search(const pl_scene *scene, const pl_measure_options *options, pl_arena *arena,
                         pl_hull_list *hulls, pl_port_area *area, double *blind, pl_error *error);

#endif
