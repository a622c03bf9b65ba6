/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file pipeline.h
 * The whole street for one scene: picture -> port -> hulls -> freeboard -> load -> rows.
 */
#ifndef PLIMSOLL_PIPELINE_H
#define PLIMSOLL_PIPELINE_H

#include "plimsoll/results.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pl_measure_options {
    pl_scene_options scene;
    pl_port_options port;
    pl_hull_options hull;
    pl_freeboard_options freeboard;
    pl_load_options load;
    bool detection_only; /**< stop after the hulls */
} pl_measure_options;
#define PL_MEASURE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        PL_SCENE_OPTIONS_INIT, PL_PORT_OPTIONS_INIT, PL_HULL_OPTIONS_INIT,                         \
            PL_FREEBOARD_OPTIONS_INIT, PL_LOAD_OPTIONS_INIT, false                                 \
    }

/**
 * Measures one scene.
 * @param scene opened by the caller, who may go on using it. @param models from
 * pl_load_models_open; NULL with detection_only.
 * @param arena holds all that out points to.
 */
PL_API pl_status pl_measure(const pl_scene *scene, const pl_load_models *models,
                            const pl_measure_options *options, pl_arena *arena, pl_result *out,
                            pl_error *error);

/** The full-resolution chip round a hull, as pl_measure reads it: the hull, its shadow and water
 * beside them. */
PL_API pl_status pl_measure_chip(const pl_scene *scene, const pl_hull *hull, pl_arena *arena,
                                 pl_crop *out, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
