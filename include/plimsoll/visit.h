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

/** What an analyst says of a hull (plimsoll/review.h). */
typedef enum pl_review_verdict {
    PL_REVIEW_NONE = 0, /**< nothing, or nothing that counts */
    PL_REVIEW_ACCEPT,   /**< the machine's value stands */
    PL_REVIEW_REJECT,   /**< not to be used */
    PL_REVIEW_CORRECT,  /**< another value in its place */
} pl_review_verdict;
/** "none", "accept", "reject", "correct"; NULL outside. */
PL_API const char *pl_review_verdict_name(pl_review_verdict verdict);

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
    pl_review_verdict reviewed; /**< an analyst's word that counts; the values above are after it */
    char reviewer[128];         /**< the analyst's name, "" nobody */
} pl_observation;

/** A picture that was searched: whom it could have shown. */
typedef struct pl_coverage {
    char scene_id[64], port[64], platform[48];
    double acquired_s; /**< UTC, seconds since 1970-01-01; NAN unknown */
    double gsd_m;
    int hulls;           /**< that were found */
    double searched[4];  /**< bounds of what was searched: west, south, east, north, degrees; NAN
                              nothing was, or it is not known */
    double corner[4][2]; /**< of the picture, lon lat degrees, in order round it; NAN unknown */
    double unseen_share; /**< of what was searched, without data or under cloud; NAN unknown: a
                              hull was named and nothing searched, or an older plimsoll's row */
    bool outdated;       /**< the picture changed, and measuring it anew failed */
} pl_coverage;

/** Would a ship at this place have been in the picture, as far as clouds let her? */
PL_API bool pl_coverage_shows(const pl_coverage *coverage, double lon_deg, double lat_deg);

/** Which way did cargo go? */
typedef enum pl_direction {
    PL_DIRECTION_UNCLEAR = 0, /**< cannot be told, or nobody saw */
    PL_DIRECTION_NONE,        /**< both ends were measured, and nothing went either way */
    PL_DIRECTION_LOADING,
    PL_DIRECTION_DISCHARGING
} pl_direction;
/** "unclear", "none", "loading", "discharging"; NULL outside. */
PL_API const char *pl_direction_name(pl_direction direction);

/**
 * One call of one ship at one port, as far as pictures tell. A plain value; unknown numbers are
 * NAN, unknown text is "". What nobody saw is NAN and never 0: a visit with a NAN transfer_bbl is a
 * call whose cargo is unknown, and counts as one.
 */
typedef struct pl_visit {
    char visit_id[112]; /**< "visit:" and the first hull of it; a hull is in one visit only */
    char ship[112];     /**< visits of one ship share it: "imo:...", "name:...", "hull:..." */
    char port[64];      /**< "" an area without a name */
    char arrival_hull_id[96], departure_hull_id[96]; /**< the two whose difference is the cargo;
                                "" the end that was not seen */
    int observations;       /**< hulls of this visit, refused ones included */
    double arrived_after_s; /**< the last picture before that shows her place without her */
    double first_seen_s, last_seen_s;
    double departed_before_s; /**< the first picture after that shows her place without her */
    double same_hull;         /**< probability that arrival and departure are one ship; NAN: one of
                                 them was not seen */
    double same_ship;         /**< the same of this visit and the ship's others; NAN: no others */
    char vessel_name[64], vessel_imo[16], vessel_source[32];
    double lon_deg, lat_deg, heading_rad; /**< of the last observation */
    pl_quantity length_m, beam_m, dwt_t;  /**< weighted over the visit's observations */
    pl_vessel_class vessel_class;
    double tanker_probability;
    pl_direction direction;
    pl_status status; /**< PL_OK; PL_DUBIOUS: for findings only when asked; PL_REFUSED: a call, but
                         its cargo was not measured */
    pl_reasons reasons;
    double transfer_t_p25, transfer_t_p75; /**< of transfer_t; NAN unknown */
    pl_range transfer_t, transfer_bbl;     /**< loaded positive, discharged negative */
    /** Of transfer_bbl's sigma, the part that all visits of this ship share (her depth, deadweight,
     * form), and the part that all ships share (density of the oil); one standard deviation each.
     * What is left of (p95 - p05) / 3.29 is this visit's own. 0 where there is none. */
    double ship_sigma_bbl, common_sigma_bbl;
    pl_range arrival_cargo_t, departure_cargo_t; /**< on board, each alone; NAN not measured */
    char product[32], conversion[16], conversion_evidence[32];
    char reviewed[288]; /**< what analysts said of the hulls that the cargo rests on: "corrected by
                           NAME; accepted by NAME"; "" nothing */
} pl_visit;

/** What is believed of pairs of pictures, models/same_hull.csv, and of calls at ports,
 * port_calls.csv. */
typedef struct pl_visit_models pl_visit_models;
/** @param out yours to free. Bad rows: file and line. */
PL_API pl_status pl_visit_models_open(const char *models_dir, pl_visit_models **out,
                                      pl_error *error);
PL_API void pl_visit_models_free(pl_visit_models *models);

/** Are two hulls one ship? */
typedef enum pl_verdict {
    PL_VERDICT_UNSURE = 0, /**< cannot be told */
    PL_VERDICT_SAME,       /**< probability 0.9 or more */
    PL_VERDICT_DIFFERENT   /**< probability 0.05 or less */
} pl_verdict;
/** "unsure", "same", "different"; NULL outside. */
PL_API const char *pl_verdict_name(pl_verdict verdict);

typedef struct pl_identity_options {
    double candidates; /**< how many other ships could as well be the second hull, before either was
                          looked at; prior odds are 1 to this. Default 1: as probable as not */
} pl_identity_options;
#define PL_IDENTITY_OPTIONS_INIT                                                                   \
    { 1.0 }

/** Whether two hulls are one ship, and by what. A ratio is of the likelihoods of what was seen, one
 * ship over two; 1 says nothing. */
typedef struct pl_identity {
    double probability; /**< that they are one ship */
    pl_verdict verdict;
    double dimensions;       /**< ratio of length and beam; sisters bound it */
    double deck;             /**< ratio of the fingerprints */
    double vessel_class;     /**< ratio of tanker or not */
    double names;            /**< ratio of IMO numbers, or of names */
    double deck_correlation; /**< of the fingerprints' ranks, -1 to 1; NAN: one has none */
    bool deck_reversed; /**< the decks agree better bow to stern; only where a bow is uncertain */
    pl_reasons reasons; /**< same_hull_unsure, identity_contradicted */
} pl_identity;

/**
 * Is the hull of one picture that of the other? By length, beam, deck, class, names; not by where
 * they lie or when: that is for the caller's candidates. Symmetric. Two equal IMO numbers decide,
 * and so do two different ones. See src/visit/same.c and docs/method/pairs.md.
 * @return PL_E_USAGE for candidates that are not above 0.
 */
PL_API pl_status pl_visit_same_hull(const pl_visit_models *models, const pl_load_models *fleet,
                                    const pl_observation *a, const pl_observation *b,
                                    const pl_identity_options *options, pl_identity *out,
                                    pl_error *error);
/** Spearman's correlation of two fingerprints, one of them turned round or not; NAN: one is not
 * there, or all alike. */
PL_API double pl_visit_fingerprint_correlation(const pl_observation *a, const pl_observation *b,
                                               bool reversed);

/** What changed between two observations of one ship: after less before. */
typedef struct pl_change {
    pl_status status;   /**< PL_OK, PL_DUBIOUS; PL_REFUSED: not both were measured */
    pl_reasons reasons; /**< of both observations, and of their loads */
    pl_quantity freeboard_change_m, draft_change_m; /**< one is minus the other */
    pl_quantity trim_change_m;                      /**< NAN unless both bows are certain */
    pl_quantity displacement_change_t;              /**< NAN when no ship floats in both ways */
    double transfer_t_p25, transfer_t_p75;          /**< of transfer_t; NAN unknown */
    pl_range transfer_t, transfer_bbl; /**< cargo, loaded positive; not the displacement's change */
    double p_before[3], p_after[3];    /**< of the load states, given both; NAN when refused */
    double ship_sigma_bbl, common_sigma_bbl; /**< as in pl_visit; NAN when refused */
    double shared_m; /**< root of the covariance of the two freeboards: what cancelled */
    pl_direction direction;
} pl_change;

/** The covariance of two freeboards of one ship, square metres: what of their errors is one and the
 * same. See src/visit/change.c. */
PL_API double pl_visit_covariance(const pl_observation *before, const pl_observation *after);

/**
 * Takes two observations for one ship (pl_visit_same_hull says whether they are), and says what
 * changed.
 * @param ship what is known of her (pl_vessel_fill), or PL_LOAD_INPUT_INIT; length and beam, where
 * unknown, are the observations' weighted means. Freeboard, draft and trim in it are not looked at.
 * @param options of the load; water density is one for both.
 * @return PL_OK also for a refusal; PL_E_USAGE for options or particulars that cannot be.
 */
PL_API pl_status pl_visit_change(const pl_load_models *models, const pl_load_input *ship,
                                 const pl_load_options *options, const pl_observation *before,
                                 const pl_observation *after, pl_change *out, pl_error *error);

/* ---- visits ---- */

/** What an analyst says of hulls: a table (docs/method/visits.md). */
typedef struct pl_identities pl_identities;
/** @param out yours to free. Bad rows: file, line, column. */
PL_API pl_status pl_identities_open(const char *file, pl_identities **out, pl_error *error);
/**
 * Names the hulls that are meant (vessel_source "analyst"), and remembers who is the same ship and
 * who is not.
 * @return PL_E_FORMAT with file:line:column for a row that means none of them, or contradicts
 * another.
 */
PL_API pl_status pl_identities_apply(pl_identities *identities, pl_observation *observations,
                                     int count, pl_error *error);
PL_API void pl_identities_free(pl_identities *identities);

typedef struct pl_visit_options {
    pl_load_options load;
    const pl_vessels *vessels; /**< particulars of ships that are named; NULL: none are known */
    bool use_dubious;       /**< do dubious hulls give numbers? Default: they only tell presence */
    bool all_classes;       /**< hulls that are other ships than tankers, too */
    pl_direction port_does; /**< what tankers do at the ports: PL_DIRECTION_LOADING or
                               _DISCHARGING; UNCLEAR (default): told by the calls, if at all */
} pl_visit_options;
#define PL_VISIT_OPTIONS_INIT                                                                      \
    { PL_LOAD_OPTIONS_INIT, NULL, false, false, PL_DIRECTION_UNCLEAR }

/** What pictures have seen. All is borrowed; order does not matter. */
typedef struct pl_sighted {
    const pl_observation *observation;
    int count;
    const pl_coverage *coverage;
    int pictures;
    const pl_identities *identities; /**< applied to them; NULL none */
} pl_sighted;

typedef struct pl_visit_list {
    int count;
    pl_visit *visit;                 /**< by first_seen_s; in the arena */
    int others, timeless, shapeless; /**< hulls that were left out: of other ships than tankers;
                                        without a time; without a place or size */
} pl_visit_list;

/**
 * Calls of ships at ports. Each hull that is not left out is in one visit. Same input, same bytes.
 * @return PL_E_USAGE for options that cannot be.
 */
PL_API pl_status pl_visits_find(const pl_visit_models *models, const pl_load_models *fleet,
                                const pl_sighted *sighted, const pl_visit_options *options,
                                pl_arena *arena, pl_visit_list *out, pl_error *error);
/** Two pictures of one place: what does shift and time say of who lies where? */
typedef struct pl_pairing_options {
    double east_m, north_m, shift_sigma_m; /**< what to add to the later hulls' places to lie on the
                                              earlier picture; sigma NAN: places say nothing */
    const pl_load_input *ship; /**< what is known of the ship that both pictures name, by her IMO
                                  number or name; NULL: nobody is known */
    pl_load_options load;
} pl_pairing_options;

/** A hull of two pictures, or of one of them. */
typedef struct pl_pair {
    int before, after;    /**< places in the lists of observations; -1: not seen in that picture */
    int closest;          /**< seen once: the likeliest of the other picture; -1 none is there */
    double probability;   /**< that they are one ship; seen once: that the closest is she; 0 none */
    pl_identity identity; /**< without place and competitors; of the closest when seen once */
    double place;         /**< ratio of where they lie; 1 says nothing */
    double apart_m;       /**< between their decks' centres, after the shift; NAN */
    pl_change change;     /**< of a pair; refused when seen once */
} pl_pair;

/**
 * Matches the hulls of two pictures: the assignment that is likeliest as a whole, of pairs that are
 * not surely two ships. Then says what changed of each. See src/visit/pairs.c.
 * @param out room for before_count + after_count pairs. @param count receives how many: pairs
 * first, in the order of `before`; then who is seen before only, then after only.
 */
PL_API pl_status pl_visit_pairs(const pl_visit_models *models, const pl_load_models *fleet,
                                const pl_pairing_options *options, const pl_observation *before,
                                int before_count, const pl_observation *after, int after_count,
                                pl_pair *out, int *count, pl_error *error);

/* ---- AIS: what ships say of themselves ---- */

enum { PL_AIS_NAME = 32, PL_AIS_FILES = 16 };

/** What do AIS messages say of a hull? */
typedef enum pl_ais_status {
    PL_AIS_NOT_ASKED = 0,
    PL_AIS_MATCHED,      /**< matched: she is the ship */
    PL_AIS_AMBIGUOUS,    /**< ambiguous: several pairings of ships and hulls are as likely, or none
                            likely enough */
    PL_AIS_SIZE_DIFFERS, /**< size_differs: a ship is where the hull is, but tells another size */
    PL_AIS_NONE_HEARD,   /**< none_heard: a ship here would have been heard, and none was */
    PL_AIS_NEARBY,      /**< nearby: nobody is placed here, but a ship that may be she near here, at
                           another time or where no hull is */
    PL_AIS_NOT_COVERED, /**< not_covered: nobody was heard here all the time */
    PL_AIS_UNPLACED,    /**< unplaced: the picture has no time, or no place */
    PL_AIS_STATUS_COUNT
} pl_ais_status;
/** "matched" ...; NULL for PL_AIS_NOT_ASKED and outside. */
PL_API const char *pl_ais_status_name(pl_ais_status status);

/** What AIS adds to a hull. Unknown numbers are NAN. */
typedef struct pl_ais_link {
    pl_ais_status status;
    char mmsi[12];                /**< of the ship attached, or of the one that was not; "" none */
    char ship_type[16];           /**< as she tells it: "tanker", "cargo" ...; "" unknown */
    double length_m, beam_m;      /**< as she tells them */
    double speed_m_s;             /**< over ground, at her nearest message */
    double gap_s;                 /**< from the picture to her nearest message */
    double distance_m;            /**< from where the message has her to where the hull is */
    double probability;           /**< that the hull is this ship */
    pl_quantity draught_m;        /**< as she tells it */
    pl_quantity draught_excess_m; /**< that, less the measured draft */
} pl_ais_link;

/** Was a ship that AIS tells of seen? */
typedef enum pl_ais_sight {
    PL_AIS_SEEN = 0,   /**< seen: she is a hull */
    PL_AIS_UNSURE,     /**< unsure: which hull, or whether any, is not sure */
    PL_AIS_NOT_SEEN,   /**< not_seen: where she says she is there is open water */
    PL_AIS_OVERLOOKED, /**< overlooked: the search found no hull there, a closer look does (--at) */
    PL_AIS_TOO_SMALL,  /**< too_small: no hull is looked for that is so short */
    PL_AIS_NOT_LOOKED, /**< not_looked: her place was not searched, or is too uncertain */
    PL_AIS_LEAPS,      /**< leaps: her messages contradict each other */
    PL_AIS_SIGHT_COUNT
} pl_ais_sight;
/** "seen" ...; NULL outside. */
PL_API const char *pl_ais_sight_name(pl_ais_sight sight);

/** A ship that AIS places in the picture. */
typedef struct pl_ais_ship {
    char mmsi[12], name[PL_AIS_NAME], imo[8], ship_type[16];
    pl_ais_sight sight;
    int hull;                                  /**< which row, or may be; -1 none */
    double lon_deg, lat_deg;                   /**< of her antenna when the picture was taken */
    double sigma_m;                            /**< of that, one axis */
    double speed_m_s, heading_rad;             /**< NAN unknown */
    double length_m, beam_m, draught_m, gap_s; /**< as in pl_ais_link */
} pl_ais_ship;

/** What was read of AIS for one picture. Pointers live in the scene's arena. */
typedef struct pl_ais_report {
    int files;                    /**< 0: nobody asked */
    char file[PL_AIS_FILES][256]; /**< without folders */
    char sha256[PL_AIS_FILES][65];
    char publisher[16];                 /**< "noaa", "dma", "other" */
    uint64_t rows, bad_rows, used_rows; /**< all; unreadable; near the picture in place and time */
    int heard;                          /**< ships heard round the picture */
    int count;
    pl_ais_ship *ship; /**< those in it */
} pl_ais_report;

#ifdef __cplusplus
}
#endif
#endif
