/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file visit.h
 * Is it the same ship, when did she come and go, what changed?
 */
#ifndef PLIMSOLL_VISIT_H
#define PLIMSOLL_VISIT_H

#include "plimsoll/freeboard.h"
#include "plimsoll/load.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One hull, seen once: what is asked of it later, without the picture. A plain value without
 * pointers; unknown numbers are NAN, unknown text is "". */
typedef struct pl_observation {
    char hull_id[96], scene_id[64], port[64], platform[48];
    double acquired_s;       /**< UTC, seconds since 1970-01-01 */
    double gsd_m;            /**< ground pixel of the picture */
    pl_sight sight;          /**< sun and view at the hull */
    double lon_deg, lat_deg; /**< centre of the deck as the picture shows it, WGS 84 */
    double heading_rad, heading_sigma_rad; /**< as in pl_hull */
    bool bow_certain;
    pl_quantity length_m, beam_m;
    bool has_fingerprint;
    int8_t fingerprint[PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS]; /**< as in pl_hull */
    pl_vessel_class vessel_class;
    double tanker_probability;
    pl_status status;   /**< PL_OK measured, PL_DUBIOUS, PL_REFUSED; of the whole row */
    pl_reasons reasons; /**< of hull, freeboard, load and scene together */
    bool has_freeboard; /**< was it asked for? freeboard_m is NAN when refused */
    pl_quantity freeboard_m, trim_m;
    double budget_m[PL_BUDGET_COUNT]; /**< 0 or NAN: no such error */
    int cue_count;
    pl_cue cue[PL_CUES_MAX];
    bool has_load; /**< load is meaningful */
    pl_load load;
    char vessel_name[64], vessel_imo[16], vessel_source[32];
} pl_observation;

#ifdef __cplusplus
}
#endif
#endif
