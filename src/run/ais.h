/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do AIS tables say of the hulls of one picture? */
#ifndef PL_RUN_AIS_H
#define PL_RUN_AIS_H

#include "plimsoll/pipeline.h"
#include "visit/ais.h"

typedef struct pl_run_ais {
    bool asked, placed; /* tables are there; the picture has time and place */
    pl_ais_heard heard;
    pl_ais_place *place;   /* of each ship heard, */
    double *unseen;        /* and the probability that she is none of the hulls */
    pl_ais_answer *answer; /* of each hull */
} pl_run_ais;

/** Reads the tables and pairs ships and hulls. Nothing is asked when options name no table. */
pl_status pl__run_ais_ask(const pl_scene *scene, const pl_measure_options *options,
                          const pl_hull_list *hulls, const pl_port_area *area, pl_scene_info *info,
                          pl_arena *arena, pl_run_ais *out, pl_error *error);
/** Her particulars, when the ship is in the registry and of the hull's size; else NULL. */
const pl_vessel *pl__run_ais_vessel(const pl_run_ais *ais, const pl_measure_options *options,
                                    int index, const pl_hull *hull);
/** Puts into the row what AIS says of it. @param named somebody else has named her. */
void pl__run_ais_take(const pl_run_ais *ais, int index, bool named, pl_result_row *row);
/** Tells which ships were to be seen, and whether they were. */
pl_status pl__run_ais_tell(const pl_run_ais *ais, const pl_scene *scene,
                           const pl_measure_options *options, const pl_hull_list *hulls,
                           const pl_port_area *area, pl_scene_info *info, pl_arena *arena,
                           pl_ais_report *out, pl_error *error);

#endif
