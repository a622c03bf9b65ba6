/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file findings.h
 * So many calls, so many barrels, over the cap on which day and with what probability?
 */
#ifndef PLIMSOLL_FINDINGS_H
#define PLIMSOLL_FINDINGS_H

#include "plimsoll/load.h"
#include "plimsoll/visit.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Who says how large she is? */
typedef enum pl_dwt_source {
    PL_DWT_GIVEN,      /**< the table */
    PL_DWT_REGISTRY,   /**< models/vessels.csv, or --vessels */
    PL_DWT_PICTURE,    /**< inferred with the load */
    PL_DWT_DIMENSIONS, /**< the fleet's ships of her length and beam */
    PL_DWT_FLEET,      /**< nobody: any tanker */
    PL_DWT_SOURCES
} pl_dwt_source;
/** "table", "registry", "picture", "dimensions", "fleet"; NULL outside. */
PL_API const char *pl_dwt_source_name(pl_dwt_source source);

/** Why is a call not in the sum? */
typedef enum pl_call_use {
    PL_CALL_COUNTED,
    PL_CALL_DISCHARGING, /**< she brought cargo: shown apart */
    PL_CALL_NOTHING,     /**< measured: nothing went either way */
    PL_CALL_UNCLEAR,     /**< which way, or how much, was not seen */
    PL_CALL_DUBIOUS,
    PL_CALL_OUTSIDE, /**< before --since or after --until */
    PL_CALL_USES
} pl_call_use;

/** One call of one ship: a row of a table, or a visit out of pictures. A plain value; unknown
 * numbers are NAN, unknown text is "". */
typedef struct pl_call {
    char ship[112]; /**< calls of one ship share it; "" nobody knows: a ship of its own */
    char vessel[64], imo[16], port[64];
    double left_s; /**< UTC, seconds since 1970-01-01: when the cargo counts */
    pl_direction direction;
    pl_status status;          /**< PL_OK, PL_DUBIOUS; PL_REFUSED: its cargo is unknown */
    pl_quantity loa_m, beam_m; /**< length over all, beam */
    pl_quantity dwt_t;         /**< sigma NAN: as models/load_priors.csv says */
    bool inferred;             /**< dwt_t is from a picture */
    bool listed;               /**< dwt_t is from a registry */
    pl_quantity load_fraction; /**< cargo over DEADWEIGHT, as somebody says; sigma NAN: none */
    double cargo_t_p25, cargo_t_p75; /**< NAN: straight between the others */
    pl_range cargo_t; /**< measured: what was loaded, or discharged; tonnes, positive */
    double share_ship, share_common; /**< of its variance: that which her other calls share, that
                                        which all calls share */
    bool reviewed;                   /**< cargo_t rests on an analyst's word as well */
    bool whole; /**< cargo_t is all that she had on board as she left: how she came nobody saw */
} pl_call;

typedef struct pl_findings_options {
    pl_load_options load; /**< product, conversion, density, seed */
    double cap_bbl;
    double since_s, until_s; /**< from, and up to but without; NAN: the cap counts by calendar year
                                (UTC) */
    bool include_dubious, include_unclear;
    double dwt_least_t, dwt_most_t; /**< of ships of whom neither size nor deadweight is known */
    int draws;
} pl_findings_options;
#define PL_FINDINGS_OPTIONS_INIT                                                                   \
    {                                                                                              \
        PL_LOAD_OPTIONS_INIT, 500000, __builtin_nan(""), __builtin_nan(""), false, false, 100,     \
            600000, 10000                                                                          \
    }

/** Quantiles: the 50 and the 90 % band. */
typedef struct pl_band {
    double p05, p25, p50, p75, p95;
} pl_band;

enum { PL_SCENARIOS = 4 };
/** All calls that count, laden to the same share of their deadweight. */
typedef struct pl_scenario {
    double load_fraction; /**< of the deadweight */
    double oil_bbl;       /**< of the deadweights as given, or of their mean where inferred */
    pl_band band_bbl;     /**< with the deadweights' errors */
    double p_over_cap;
} pl_scenario;

/** A sum over some calls. */
typedef struct pl_finding {
    char name[64];       /**< vessel, "2024-03", "2024" */
    char imo[16];        /**< of a vessel */
    int year;            /**< of a cap's period; 0: --since to --until */
    int visits;          /**< that count */
    double from_s, to_s; /**< first and last of them */
    double dwt_t;        /**< of a vessel: as given, or the mean of what is believed */
    pl_dwt_source dwt_source;
    pl_band oil_bbl;
    double p_over_cap;  /**< of a cap's period; NAN elsewhere */
    double passed_s[3]; /**< first day at which that is above 0.05, 0.5, 0.95; NAN never */
    pl_scenario scenario[PL_SCENARIOS]; /**< of a cap's period */
} pl_finding;

/** A day with calls. */
typedef struct pl_finding_day {
    double day_s; /**< 0 h UTC */
    int visits;   /**< that day */
    int visits_so_far;
    pl_band oil_bbl; /**< since the cap's period began */
    double p_over_cap;
} pl_finding_day;

/** The same total by another chart. */
typedef struct pl_finding_chart {
    char conversion[16], evidence[32];
    double bbl_per_t; /**< by density: its middle */
    pl_band oil_bbl;
    double p_over_cap;
} pl_finding_chart;

enum { PL_FINDING_CHARTS = 8 };
/** Calls that nobody saw (src/visit/findings_unseen.c). NAN: pictures were not asked. */
typedef struct pl_unseen {
    pl_range visits;
    double covered_share; /**< how probably a call of this time and these ports was seen; middle */
    int pictures;
} pl_unseen;

/** Who looked, and what is believed of calls. */
typedef struct pl_looked {
    const pl_visit_models *models;
    const pl_coverage *coverage;
    int pictures;
} pl_looked;

/** What was found. Arrays live in the arena. */
typedef struct pl_findings {
    int use[PL_CALL_USES];         /**< calls by what became of them */
    int dwt[PL_DWT_SOURCES];       /**< counted calls by who says how large she is */
    int measured, stated, assumed; /**< counted calls by cargo: of pictures, of the table, prior */
    int reviewed;                  /**< measured ones that rest on an analyst's word as well */
    int exact_loads;               /**< stated without a sigma: taken as exact */
    pl_finding all;
    pl_band discharged_bbl; /**< shown apart, never subtracted */
    pl_band load_fraction;  /**< of all that count: cargo over deadweight */
    int years, days, vessels, months, charts;
    pl_finding *year; /**< the cap's periods */
    pl_finding_day *day;
    pl_finding *vessel, *month;
    pl_finding_chart chart[PL_FINDING_CHARTS];
    pl_unseen unseen;
    double cap_bbl, bbl_per_t;
    bool by_year;
    int draws;
    uint64_t seed;
    char product[32], conversion[16], evidence[32];
} pl_findings;

/**
 * Sums calls, with the errors that they share. Same input, same bytes; the order of the calls does
 * not matter.
 * @param calls read only. @param looked the pictures, for calls that nobody saw; may be NULL.
 * @return PL_E_USAGE: a number cannot be; the message names the ship.
 */
PL_API pl_status pl_findings_sum(const pl_load_models *models, const pl_call *calls, int count,
                                 const pl_looked *looked, const pl_findings_options *options,
                                 pl_arena *arena, pl_findings *out, pl_error *error);

/** A visit out of pictures as a call. */
PL_API void pl_call_of_visit(const pl_visit *visit, pl_call *out);

#ifdef __cplusplus
}
#endif
#endif
