/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file hull.h
 * Where do ships lie, how long, how wide, which way?
 */
#ifndef PLIMSOLL_HULL_H
#define PLIMSOLL_HULL_H

#include "plimsoll/scene.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PL_OUTLINE_MAX 64
#define PL_FINGERPRINT_ALONG 48
#define PL_FINGERPRINT_ACROSS 8

/** One hull as the picture shows it: a plain value without pointers. */
typedef struct pl_hull {
    double x_px, y_px;       /**< centre of the imaged deck, input pixels, corner convention */
    double lon_deg, lat_deg; /**< the same, WGS 84; NAN without georeference */
    double heading_rad;      /**< from true north; the bow when bow_certain, else in [0, pi) */
    double heading_sigma_rad;
    bool bow_certain;
    pl_quantity length_m, beam_m;         /**< length over all, beam */
    int outline_count;                    /**< vertices, closed (first = last) */
    double outline_px[PL_OUTLINE_MAX][2]; /**< deck outline, input pixels, corner convention */
    double false_alarms; /**< expected number of equally good candidates in a search area of plain
                            water */
    int8_t
        fingerprint[PL_FINGERPRINT_ALONG *
                    PL_FINGERPRINT_ACROSS]; /**< deck brightness, bow first, normalised to +-127 */
    pl_reasons reasons;
} pl_hull;

typedef struct pl_hull_options {
    double min_length_m;     /**< shortest hull reported; default 40 */
    double max_length_m;     /**< longest; default 480 (the longest ship ever was 458 m) */
    double max_false_alarms; /**< expected false hulls a search area; default 0.1 */
} pl_hull_options;
#define PL_HULL_OPTIONS_INIT                                                                       \
    { 40.0, 480.0, 0.1 }

typedef struct pl_hull_list {
    int count;
    pl_hull *hull; /**< in the arena, sorted by position: y, then x */
} pl_hull_list;

/**
 * Finds ships on water.
 * @param scene for full-resolution chips; @param search the crop to search (pl_port_crop).
 */
PL_API pl_status pl_hull_find(const pl_scene *scene, const pl_crop *search,
                              const pl_hull_options *options, pl_arena *arena, pl_hull_list *out,
                              pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
