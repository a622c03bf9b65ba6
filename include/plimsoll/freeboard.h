/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file freeboard.h
 * How many metres of side stand above the water, and how sure?
 */
#ifndef PLIMSOLL_FREEBOARD_H
#define PLIMSOLL_FREEBOARD_H

#include "plimsoll/hull.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One side's geometry. See src/freeboard/geometry.c for the drawing and the derivation. */
typedef struct pl_side_geometry {
    double lean;   /**< v, metres along the outward normal per metre of height; > 0 the deck edge
                      hides the water */
    double shadow; /**< s, metres along the outward normal per metre of height; > 0 shadow falls on
                      the water */
} pl_side_geometry;

/** @param normal_azimuth_rad outward normal of the side, from true north. */
PL_API pl_side_geometry pl_freeboard_geometry(const pl_sight *sight, double normal_azimuth_rad);

typedef enum pl_side { PL_PORT_SIDE = 0, PL_STARBOARD_SIDE = 1 } pl_side;
typedef enum pl_cue_kind { PL_CUE_DARK_BAND = 0, PL_CUE_LIT_WALL = 1 } pl_cue_kind;

/** What one side of the hull shows. */
typedef struct pl_cue {
    pl_side side; /**< of the heading reported; when the bow is uncertain, of that axis */
    pl_cue_kind kind;
    pl_quantity width_m;     /**< of the band on the ground, amidships */
    double per_metre;        /**< s - v for a dark band, |v| for a lit wall */
    pl_quantity freeboard_m; /**< width / per_metre */
    int stations;            /**< independent cross-sections that carry it */
    double chi2;             /**< of the edges' residuals, per degree of freedom */
} pl_cue;

/** Sources of the freeboard's sigma; names by pl_budget_name. */
typedef enum pl_budget_term {
    PL_BUDGET_FIT,    /**< edge noise: the fit's covariance, scaled by the residuals' correlation */
    PL_BUDGET_SUN,    /**< sun's angles */
    PL_BUDGET_VIEW,   /**< view angles */
    PL_BUDGET_PIXEL,  /**< pixel size and heading */
    PL_BUDGET_SPREAD, /**< line spread, penumbra, tone curve */
    PL_BUDGET_WATERLINE,  /**< roughness of the water at the edges */
    PL_BUDGET_UNDERWATER, /**< light from below the surface moves the shadow's outer edge */
    PL_BUDGET_DECK_EDGE,  /**< rounded gunwale, fishplate, rails */
    PL_BUDGET_GEAR,       /**< deck gear's shadow beyond the edge */
    PL_BUDGET_HEEL,       /**< one side only: unknown list */
    PL_BUDGET_CUES,       /**< cues that disagree */
    PL_BUDGET_MODEL,      /**< what rendered scenes cannot show (--model-sigma) */
    PL_BUDGET_COUNT
} pl_budget_term;
PL_API const char *pl_budget_name(pl_budget_term term);

#define PL_CUES_MAX 4
/** Was a station used, and if not, why? */
typedef enum pl_station_use {
    PL_STATION_USED = 0,
    PL_STATION_ENDS, /**< the shadow of forecastle or accommodation may fall there */
    PL_STATION_ODD,  /**< it fits worse than its like: a barge, a fender, a crane's shadow */
    PL_STATION_USES
} pl_station_use;

/** Cross-sections kept for people to look at; positions in metres. */
#define PL_STATIONS_MAX 512
typedef struct pl_station {
    double along_m; /**< from midships, bow positive */
    float deck_edge_m,
        outer_edge_m; /**< across, from the deck's centre line, positive outward; NAN not found */
    pl_station_use use;
} pl_station;

typedef struct pl_freeboard {
    pl_status status; /**< PL_OK measured, PL_DUBIOUS, PL_REFUSED */
    pl_reasons reasons;
    pl_quantity freeboard_m; /**< deck edge above water amidships; NAN when refused */
    double bound_m;         /**< Cramer-Rao bound of freeboard_m: what white noise alone would leave
                                 unknown (docs/method/freeboard.md); NAN when refused */
    double p05_m, p95_m;    /**< 90 % interval; NAN when refused */
    pl_quantity trim_m;     /**< by the stern positive; NAN unknown */
    double list_rad;        /**< to starboard positive; NAN unless both sides were seen */
    double shadow_length_m; /**< longest measured shadow on the ground along its direction; NAN */
    double overhang_m;      /**< see pl_freeboard_overhang; also of a refused hull; NAN not seen */
    int cue_count;
    pl_cue cue[PL_CUES_MAX];
    double budget_m[PL_BUDGET_COUNT];
    /* for people: the stations of the leading cue */
    pl_side station_side;
    int station_count;
    pl_station station[PL_STATIONS_MAX];
} pl_freeboard;

typedef struct pl_freeboard_options {
    double model_sigma_m; /**< added to every budget; default 0.15, argued in
                             docs/method/freeboard.md; 0 for rendered scenes */
} pl_freeboard_options;
#define PL_FREEBOARD_OPTIONS_INIT                                                                  \
    { 0.15 }

/**
 * Measures one hull.
 * @param chip full-resolution pixels that hold the hull and two hundred metres or what there is
 * round it.
 * @return PL_OK also for a refusal (out->status says which); negative when broken.
 */
PL_API pl_status pl_freeboard_measure(const pl_crop *chip, const pl_hull *hull,
                                      const pl_freeboard_options *options, pl_arena *arena,
                                      pl_freeboard *out, pl_error *error);

/**
 * How far the ship's high parts (accommodation, funnel, bridge wings) are drawn out over the water,
 * beyond the side: they lean away from the satellite, so the picture is a witness for the view
 * azimuth, whatever metadata say of it. See src/freeboard/witness.c.
 * @param chip as for pl_freeboard_measure; its view azimuth is not used.
 * @param starboard_less_port_m overhang to starboard less that to port, metres on the ground; NAN
 * when it cannot be seen.
 */
PL_API pl_status pl_freeboard_overhang(const pl_crop *chip, const pl_hull *hull, pl_arena *arena,
                                       double *starboard_less_port_m, pl_error *error);
/**
 * Natural logarithm of the likelihood of an overhang, per metre.
 * @param lean v of the starboard side under the view that is tried (pl_freeboard_geometry).
 * @return 0 when overhang or lean is NAN: nothing is said for any view.
 */
PL_API double pl_freeboard_view_log_likelihood(double starboard_less_port_m, double lean,
                                               double pixel_m);

/** For which ship, and in which water, a sigma is forecast. */
typedef struct pl_forecast_options {
    double length_m, beam_m; /**< default 150 x 25: a product tanker */
    double freeboard_m;      /**< default 5 */
    double contrast;         /**< of shaded water, as a share of lit water: default 0.25 */
    double noise;            /**< scatter of a pixel of water, of its level: default 0.02 */
    pl_band_role band;    /**< the one band that is read: default pan. More make it little surer */
    double model_sigma_m; /**< as in pl_freeboard_options */
} pl_forecast_options;
#define PL_FORECAST_OPTIONS_INIT                                                                   \
    { 150.0, 25.0, 5.0, 0.25, 0.02, PL_BAND_PAN, 0.15 }

/**
 * What measuring a typical ship would give in this light, by the estimator itself on its own model.
 * @param out as pl_freeboard_measure would fill it: status, reasons, sigma and budget are the
 * forecast; freeboard_m.value is the assumed one.
 */
PL_API pl_status pl_freeboard_forecast(const pl_sight *sight, double pixel_m, double heading_rad,
                                       const pl_forecast_options *options, pl_arena *arena,
                                       pl_freeboard *out, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
