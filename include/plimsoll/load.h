/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file load.h
 * How deep does she sit, and how much oil is that?
 */
#ifndef PLIMSOLL_LOAD_H
#define PLIMSOLL_LOAD_H

#include "plimsoll/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The model tables, read once. */
typedef struct pl_load_models pl_load_models;
/** Reads tanker regressions, load-line table and conversions. @param out yours to free. Bad rows:
 * file, line, column. */
PL_API pl_status pl_load_models_open(const char *models_dir, pl_load_models **out, pl_error *error);
/** SHA-256 of the tables together, 64 hex digits: which beliefs was an answer made with? */
PL_API const char *pl_load_models_sha256(const pl_load_models *models);
PL_API void pl_load_models_free(pl_load_models *models);

enum { PL_HYDROSTATICS_MAX = 400 };
/** A ship's hydrostatic table on an even keel, drafts growing. Unknown columns are NAN. */
typedef struct pl_hydrostatics {
    int count;
    double draft_m[PL_HYDROSTATICS_MAX], displacement_t[PL_HYDROSTATICS_MAX]; /**< in 1.025 t/m3 */
    double tpc_t_per_cm[PL_HYDROSTATICS_MAX], mtc_tm_per_cm[PL_HYDROSTATICS_MAX],
        lcf_m[PL_HYDROSTATICS_MAX]; /**< centre of flotation, forward of midships positive */
} pl_hydrostatics;

/** Is bottom paint, boot-topping or the bulb seen above the water? */
typedef enum pl_bottom { PL_BOTTOM_UNKNOWN = 0, PL_BOTTOM_SEEN, PL_BOTTOM_HIDDEN } pl_bottom;

/** Density of a port's water in a month (1 to 12), models/water_density.csv; elsewhere, and where
 * the port is "", the default of pl_load_options. */
PL_API pl_quantity pl_load_water(const pl_load_models *models, const char *port, int month);

/** What is known of the ship. Unknown numbers are NAN. */
typedef struct pl_load_input {
    pl_quantity length_m, beam_m; /**< length over all, beam: required */
    pl_quantity freeboard_m;      /**< deck edge above water amidships; NAN: draft must be given */
    pl_quantity draft_m;          /**< amidships, when known instead of the freeboard */
    double depth_m, summer_draft_m, dwt_t, displacement_t, lightship_t, tpc_t_per_cm,
        gt;        /**< NAN unknown */
    double trim_m; /**< by the stern; widens the sigma (src/load/measurement.c) and tells of the
                      state (state.c), NAN: not measured */
    double trim_sigma_m;       /**< NAN: none */
    double summer_freeboard_m; /**< deck edge above the summer mark; with the summer draft it is the
                                  depth */
    double tank_m3;            /**< cargo tanks to 98 % */
    double lpp_m;              /**< between perpendiculars */
    double depth_sigma_m, summer_draft_sigma_m, dwt_sigma_t, displacement_sigma_t,
        lightship_sigma_t, tpc_sigma_t_per_cm, gt_sigma, tank_sigma_m3,
        summer_freeboard_sigma_m; /**< of the numbers above; NAN: as models/load_priors.csv says */
    pl_bottom bottom;             /**< seen above the water? */
    const pl_hydrostatics *hydrostatics; /**< NULL: displacement by a power law of the draft */
} pl_load_input;
#define PL_LOAD_NAN __builtin_nan("")
#define PL_LOAD_INPUT_INIT                                                                         \
    {                                                                                              \
        {PL_LOAD_NAN, PL_LOAD_NAN}, {PL_LOAD_NAN, PL_LOAD_NAN}, {PL_LOAD_NAN, PL_LOAD_NAN},        \
            {PL_LOAD_NAN, PL_LOAD_NAN}, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN,        \
            PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN,          \
            PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN,          \
            PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN, PL_BOTTOM_UNKNOWN,    \
            NULL                                                                                   \
    }

enum { PL_PARTICULARS = 13 };
/** Name of a particular in a registry, "dwt_t"; NULL outside. */
PL_API const char *pl_particular_name(int particular);

/** A ship that somebody knows. */
typedef struct pl_vessel {
    char name[64], imo[8];              /**< "" unknown */
    bool registered;                    /**< in a registry; else somebody just named her */
    pl_load_input known;                /**< particulars, length and beam; NAN unknown */
    const char *source[PL_PARTICULARS]; /**< who says so; NULL: unknown. The registry's */
} pl_vessel;

/** A registry: models/vessels.csv or a file like it. */
typedef struct pl_vessels pl_vessels;
/** Reads it with the hydrostatic tables it names. Bad rows: file, line, column. @param out yours to
 * free. */
PL_API pl_status pl_vessels_open(const char *file, pl_vessels **out, pl_error *error);
/** SHA-256 of registry and tables together, 64 hex digits. */
PL_API const char *pl_vessels_sha256(const pl_vessels *vessels);
/** By IMO number, or by name in any case. @param out borrowed; NULL: not there. PL_E_USAGE: two
 * ships of that name, or an IMO number whose check digit is wrong. */
PL_API pl_status pl_vessels_find(const pl_vessels *vessels, const char *name_or_imo,
                                 const pl_vessel **out, pl_error *error);
PL_API void pl_vessels_free(pl_vessels *vessels);
/** Seven digits, the last the check digit of the others? */
PL_API bool pl_imo_valid(const char *text);
/** Puts what is known of her where `input` knows nothing. */
PL_API void pl_vessel_fill(const pl_vessel *vessel, pl_load_input *input);
/** What is known of one particular: value and sigma (NAN: the usual); NAN: a table, or unknown. */
PL_API pl_quantity pl_vessel_particular(const pl_vessel *vessel, int particular);

/**
 * How probably is another ship, one that lies where this one could, of these dimensions? Such a
 * ship is of the size classes of models/tanker_regressions.csv that this one may be of.
 * @param length_m, beam_m of the ship that is known; value and sigma.
 * @param other_length_m, other_beam_m as measured of the other; the density is of measured values.
 * @return per square metre of length and beam.
 */
PL_API double pl_load_fleet_density(const pl_load_models *models, pl_quantity length_m,
                                    pl_quantity beam_m, pl_quantity other_length_m,
                                    pl_quantity other_beam_m);

typedef struct pl_load_options {
    const char *product;            /**< row of models/products.csv; default "gas oil" */
    const char *conversion;         /**< "un1718", "unsd" or "density"; default "un1718" */
    double density_t_m3;            /**< of the product; NAN: the table's */
    pl_quantity water_density_t_m3; /**< default 1.025 +- 0.0025: open
                                       sea and harbours without a river */
    uint64_t seed;                  /**< of the draws; default 1 */
    int draws;                      /**< default 2048 */
    bool called_to_load; /**< of pairs: both ends of a call at a port where tankers load; then the
                            states have the prior of such calls (models/load_states.csv) */
} pl_load_options;
#define PL_LOAD_OPTIONS_INIT                                                                       \
    { "gas oil", "un1718", __builtin_nan(""), {1.025, 0.0025}, 1, 2048, false }

typedef enum pl_load_state { PL_BALLAST = 0, PL_PART = 1, PL_LADEN = 2 } pl_load_state;
PL_API const char *pl_load_state_name(pl_load_state state);

/** Quantiles of a posterior. */
typedef struct pl_range {
    double p05, p50, p95;
} pl_range;

/** Which way did draft become displacement? */
typedef enum pl_displacement_source {
    PL_BY_REGRESSION = 0, /**< a hull that goes with her dimensions */
    PL_BY_PARTICULARS,    /**< a power law through a displacement that is known */
    PL_BY_HYDROSTATICS,   /**< her own table */
} pl_displacement_source;
/** "regression", "particulars", "hydrostatics"; NULL for others. */
PL_API const char *pl_displacement_source_name(pl_displacement_source source);

typedef struct pl_load {
    pl_status status; /**< PL_OK, PL_DUBIOUS, PL_REFUSED */
    pl_reasons reasons;
    pl_quantity depth_m, draft_m, summer_draft_m, dwt_t, displacement_t;
    pl_quantity water_density_t_m3; /**< as used */
    bool depth_known;               /**< given, not inferred */
    pl_displacement_source displacement_by;
    double p_deep; /**< probability that she lies deeper than her tropical mark, 1/48 of the summer
                      draft below the summer mark */
    pl_load_state state;
    double p_state[3];      /**< ballast, part, laden; sums to 1 */
    pl_range load_fraction; /**< cargo / cargo capacity */
    pl_range cargo_t, oil_bbl;
    char product[32], conversion[16], conversion_evidence[32];
} pl_load;

/** Are product, conversion and densities such as the tables know? PL_E_USAGE names the known ones.
 */
PL_API pl_status pl_load_check_options(const pl_load_models *models, const pl_load_options *options,
                                       pl_error *error);

/** Joint posterior by importance-weighted draws from the prior given the dimensions. Same input,
 * same bytes. */
PL_API pl_status pl_load_estimate(const pl_load_models *models, const pl_load_input *input,
                                  const pl_load_options *options, pl_load *out, pl_error *error);

/** What was measured of a ship at one time: freeboard or draft, as in pl_load_input. */
typedef struct pl_load_measurement {
    pl_quantity freeboard_m, draft_m;
    double trim_m;
    double shared_sigma_m; /**< part of the freeboard's sigma, 0 to all of it, that is one and the
                              same error in both measurements of a pair: the ship's own deck edge.
                              0: none. Not of a draft */
} pl_load_measurement;

/** What came aboard between two measurements: loaded positive, discharged negative. */
typedef struct pl_transfer {
    pl_status status;
    pl_reasons reasons;
    double transfer_t_p25, transfer_t_p75;
    pl_range transfer_t, transfer_bbl; /**< cargo after less cargo before; NAN when refused */
    pl_quantity displacement_change_t; /**< after less before; not the cargo: ballast and stores
                                          change too */
    double p_before[3], p_after[3];    /**< of the load states, given both measurements; NAN when
                                          refused */
    double ship_sigma_t;  /**< of the transfer's sigma, what all transfers of this ship share: her
                             form and deadweight; NAN when refused */
    double oil_sigma_bbl; /**< of the barrels', what all ships share: the oil's density */
} pl_transfer;

/** One ship, two loadings: what is not known of the ship cancels, and so do errors that two
 * freeboards share. @param ship her dimensions and particulars; freeboard, draft and trim in it are
 * not looked at. @return PL_E_USAGE for a shared sigma that is more than all of a sigma. */
PL_API pl_status pl_load_pair(const pl_load_models *models, const pl_load_input *ship,
                              const pl_load_measurement *before, const pl_load_measurement *after,
                              const pl_load_options *options, pl_transfer *out, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
