/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file review.h
 * What does an analyst say of the machine's rows, and what is the number then?
 */
#ifndef PLIMSOLL_REVIEW_H
#define PLIMSOLL_REVIEW_H

#include "plimsoll/results.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One analyst's word on one hull, as review.json has it (docs/review.md). */
typedef struct pl_review {
    char hull_id[96];
    char row_sha256[65]; /**< of the row it was made on: pl_review_row_key */
    pl_review_verdict verdict;
    char analyst[128];
    const char *remark; /**< "" none; in the arena it was read into */
    double reviewed_s;  /**< UTC, seconds since 1970-01-01 */
    int place;          /**< in the file, from 0 */
    bool has_edges;     /**< the two edges and the side were given */
    pl_side side;
    bool kind_given;
    pl_cue_kind kind;
    double deck_edge_m, outer_edge_m; /**< from the deck's centre line, outward */
    double freeboard_m;               /**< NAN unless it corrects */
    double freeboard_sigma_m;         /**< the analyst's own; NAN: none was said */
} pl_review;

/**
 * Reads a review.json, and believes nothing in it: an unknown member, a wrong type, a member given
 * twice, a number out of range refuses the whole file.
 * @param file for messages. @param now_s reviews of a later day than tomorrow are refused.
 * @param out, count in the arena, in the file's order.
 * @return PL_E_FORMAT with the place in the file, PL_E_LIMIT.
 */
PL_API pl_status pl_review_read(const char *text, size_t length, const char *file, double now_s,
                                pl_arena *arena, pl_review **out, int *count, pl_error *error);

/** The key of a row: SHA-256 of its record (a hull's Feature as the store has it) with the value of
 * `tile` taken as null. @return false: the record has no such member, the key is that of all of it.
 */
PL_API bool pl_review_row_key(const char *record, char hex[65]);

/** What a correction comes to. A plain value. */
typedef struct pl_reviewed {
    pl_status status;   /**< PL_OK, PL_DUBIOUS */
    pl_reasons reasons; /**< the machine's that an analyst's hand does not lift, and the load's */
    pl_quantity freeboard_m;
    double p05_m, p95_m;
    double budget_m[PL_BUDGET_COUNT];
    bool has_cue;
    pl_cue cue; /**< of the edges that were set by hand */
    bool has_load;
    pl_load load;
} pl_reviewed;

/**
 * Freeboard, sigma and error budget of a correction: docs/review.md has the argument.
 * @param machine the row it was made on, as it was measured.
 * @return PL_REFUSED with words when the edges do not give the freeboard, or cannot.
 */
PL_API pl_status pl_review_freeboard(const pl_review *review, const pl_observation *machine,
                                     pl_reviewed *out, pl_error *error);
/**
 * Draft, load and barrels from it, as the street does it.
 * @param ship what is known of her (pl_vessel_fill), else PL_LOAD_INPUT_INIT. @param options
 * those that the scene was measured with; the water is the row's. @param model_sigma_m likewise.
 */
PL_API pl_status pl_review_load(const pl_load_models *models, const pl_load_input *ship,
                                const pl_load_options *options, double model_sigma_m,
                                const pl_observation *machine, pl_reviewed *out, pl_error *error);

/** A review on its way into a store. */
typedef struct pl_review_entry {
    const pl_review *review;
    const char *scene_id;
    const pl_reviewed *reviewed; /**< NULL: not a correction, or a stale one */
} pl_review_entry;
/** Writes those that are not there yet, all in one transaction, beside the machine's rows.
 * @param added how many were news. */
PL_API pl_status pl_store_write_reviews(pl_store *store, const pl_review_entry *entry, int count,
                                        int *added, pl_error *error);

/** A hull as it was measured, whatever reviews say, and its row's key. @return PL_REFUSED: it is
 * not there. */
PL_API pl_status pl_store_hull(pl_store *store, const char *hull_id, pl_observation *out,
                               char row_sha256[65], pl_error *error);

/** Does a review count? */
typedef enum pl_review_standing {
    PL_REVIEW_STANDS,     /**< the last one of the hull, on the row that is there */
    PL_REVIEW_SUPERSEDED, /**< a later one of the same row stands */
    PL_REVIEW_STALE,      /**< made on another row than the one there, or the hull is gone */
} pl_review_standing;
/** "current", "superseded", "stale". */
PL_API const char *pl_review_standing_name(pl_review_standing standing);
/** A review in a store. Text lives until the visit returns; "" unknown. */
typedef struct pl_store_review {
    const char *hull_id, *verdict, *analyst, *remark, *reviewed_at, *applied_at;
    pl_review_standing standing;
    pl_quantity machine_freeboard_m, freeboard_m; /**< NAN none */
    pl_range machine_oil_bbl, oil_bbl;
    const char *machine_status, *status;
} pl_store_review;
/** Visits all reviews by hull and time, until a visit returns false. @param name opened to read. */
PL_API pl_status pl_store_reviews(const char *name,
                                  bool (*visit)(void *context, const pl_store_review *review),
                                  void *context, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
