/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls does an analyst name? */
#ifndef PL_RUN_NAMED_H
#define PL_RUN_NAMED_H

#include "plimsoll/pipeline.h"

/** The hulls that options->hint names: by place or by outline. Hulls and area lie in the arena.
 * @return PL_REFUSED when it names none: all is to be searched. */
pl_status pl__run_named(const pl_scene *scene, const pl_measure_options *options, pl_arena *arena,
                        pl_hull_list *hulls, pl_port_area *area, pl_error *error);

#endif
