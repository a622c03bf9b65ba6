/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file pipeline.h
 * The whole street for one scene: picture -> port -> hulls -> freeboard -> load -> rows.
 */
#ifndef PLIMSOLL_PIPELINE_H
#define PLIMSOLL_PIPELINE_H

#include "plimsoll/report.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pl_measure_options {
    pl_scene_options scene;
    pl_port_options port;
    pl_hull_options hull;
    pl_freeboard_options freeboard;
    pl_load_options load;
    bool detection_only;     /**< stop after the hulls */
    bool water_given;        /**< load.water_density_t_m3 is the caller's, not to be the port's */
    pl_hull_hint hint;       /**< where an analyst says that the hull lies */
    const char *previous;    /**< an earlier clear picture of the same place, by file name; NULL */
    const pl_vessel *vessel; /**< which ship is meant; NULL: nobody says */
    const char *vessels_sha256;    /**< of the registry she is from; NULL none */
    const char *ais[PL_AIS_FILES]; /**< tables of AIS messages, by file name; those of one day after
                                      the other, or of several publishers */
    const char *ais_sha256[PL_AIS_FILES]; /**< of each; NULL: to be made */
    int ais_count;
    const pl_vessels *registry; /**< where particulars of a ship that AIS tells of are looked up;
                                   NULL nowhere */
} pl_measure_options;
#define PL_MEASURE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        PL_SCENE_OPTIONS_INIT, PL_PORT_OPTIONS_INIT, PL_HULL_OPTIONS_INIT,                         \
            PL_FREEBOARD_OPTIONS_INIT, PL_LOAD_OPTIONS_INIT, false, false, PL_HULL_HINT_INIT,      \
            NULL, NULL, NULL, {NULL}, {NULL}, 0, NULL                                              \
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

/** What is done with one picture. */
typedef enum pl_job_depth {
    PL_JOB_MEASURE = 0, /**< all that options ask for */
    PL_JOB_DESCRIBE,    /**< only what the picture knows of itself, and the ports it covers */
    PL_JOB_PAIR,        /**< lays a second picture on it: registration, and sheets of pairs */
} pl_job_depth;

/** What a PL_JOB_PAIR is told: two pictures that have been measured. */
typedef struct pl_pairing {
    const char *after;          /**< the second picture's name; the job's file is the first */
    const pl_result *result[2]; /**< of both; their ships are left out of the registration */
    int sheets;                 /**< 0: the pictures are registered; else they are not, and so many
                                   pairs are drawn */
    const pl_pair *pair;        /**< those; each of two hulls */
} pl_pairing;

/** One picture's work, from file name to answer. */
typedef struct pl_job {
    const char *file;
    pl_measure_options options;
    const pl_load_models *models; /**< NULL with detection_only or PL_JOB_DESCRIBE */
    pl_job_depth depth;
    const pl_pairing *pairing; /**< with PL_JOB_PAIR; borrowed until the job has ended */
    /** Called with each row's sheet, in the rows' order; NULL: none are drawn. With PL_JOB_PAIR
     * with each pair's, the first picture's result and row. A status other than PL_OK ends the job
     * with it. */
    pl_status (*sheet)(void *context, const pl_result *result, const pl_result_row *row,
                       const pl_drawing *sheet, pl_error *error);
    /** Called once, when the picture has been opened and every file that speaks of it hashed,
     * before anything is searched; always in the caller's process. false ends the job:
     * answer.unwanted. NULL: every picture is wanted, and hashed at the end only. */
    bool (*wanted)(void *context, const pl_scene_info *scene);
    /** Called with what each row leaves for people, in the rows' order; NULL: nothing is drawn. The
     * row may be given the name of its chip (tile); all else in it is as it was measured. A status
     * other than PL_OK ends the job with it. Not together with sheet. */
    pl_status (*chip)(void *context, const pl_result *result, pl_result_row *row,
                      const pl_chip *chip, pl_error *error);
    void *context; /**< for sheet, wanted and chip */
} pl_job;

/** What came of it. Pointers live in the arena that the job was given. */
typedef struct pl_answer {
    bool opened;                  /**< result.scene is filled; also when a later step failed */
    pl_result result;             /**< rows only when the status is PL_OK */
    pl_registration registration; /**< PL_JOB_PAIR without sheets */
    char ports[400]; /**< PL_JOB_DESCRIBE: names of the ports covered, comma separated */
    bool unwanted;   /**< job.wanted said so: there is no result, and the status is PL_OK */
    double peak_mb;  /**< memory that the worker touched at most; NAN: this process did it */
    bool confined;   /**< a worker did it, and the kernel let no system call through but the few
                        it needs */
} pl_answer;

/** Opens and measures one picture in this process. plimsoll/worker.h does the same in another. */
PL_API pl_status pl_job_run(const pl_job *job, pl_arena *arena, pl_answer *out, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
