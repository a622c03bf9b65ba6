/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file results.h
 * Which fields, units and order has a row? One scene's answer, and the forms it is written in.
 */
#ifndef PLIMSOLL_RESULTS_H
#define PLIMSOLL_RESULTS_H

#include "plimsoll/findings.h"
#include "plimsoll/freeboard.h"
#include "plimsoll/load.h"
#include "plimsoll/port.h"
#include "plimsoll/visit.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What do the ships' high parts say of the view azimuth? */
typedef enum pl_view_verdict {
    PL_VIEW_UNTOLD,    /**< too little was seen */
    PL_VIEW_CONFIRMED, /**< the azimuth told, rather than the opposite one */
    PL_VIEW_AGAINST,   /**< the opposite one: every hull is dubious */
    PL_VIEW_CHOSEN,    /**< metadata left several readings open: this one */
} pl_view_verdict;
typedef struct pl_view_witness {
    pl_view_verdict verdict;
    int hulls;       /**< that showed an overhang or its absence on both sides */
    double log_odds; /**< natural, of the azimuth in use against the next best reading */
} pl_view_witness;
/** "cannot_tell", "confirms", "contradicts", "chosen". */
PL_API const char *pl_view_verdict_name(pl_view_verdict verdict);

/** One hull's row. A plain value. */
typedef struct pl_result_row {
    char id[96];    /**< scene id + position key; same input, same id */
    pl_sight sight; /**< at the hull */
    pl_hull hull;
    pl_freeboard freeboard;
    pl_load load; /**< meaningful when has_load */
    bool has_freeboard, has_load;
    double (*outline_lonlat)[2];   /**< hull.outline_count pairs, NULL without georeference */
    double (*waterline_px)[2];     /**< hull.outline_count pairs, NULL until measured */
    double (*waterline_lonlat)[2]; /**< likewise */
    char vessel_name[64], vessel_imo[16], vessel_source[32]; /**< "" unknown */
    char tile[512]; /**< the chip's file, as it is to be told; "" none was written */
    pl_ais_link ais;
} pl_result_row;

/** One scene's rows. Pointers live in the arena that the pipeline was given. */
typedef struct pl_result {
    pl_scene_info scene;
    pl_view_witness view_witness;
    pl_port_area area;
    pl_ais_report ais;
    int count;
    pl_result_row *row;
    char models_sha256[65]; /**< of the model tables used, "" unknown */
    char ports_sha256[65];
    char vessels_sha256[65];    /**< of the registry that the vessel is from, "" none */
    char outline_sha256[65];    /**< of the outline that somebody drew, "" none */
    double corner_lonlat[4][2]; /**< of the picture, in order round it; NAN without georeference */
    double unseen_share;        /**< of the searched area, without data or under cloud; NAN: nothing
                                   was searched, hulls were named */
    double seconds;             /**< NAN: not to be written (reproducible output) */
    uint64_t bytes_read;
} pl_result;

typedef enum pl_format {
    PL_FORMAT_GEOJSON,
    PL_FORMAT_GEOJSONL,
    PL_FORMAT_CSV,
    PL_FORMAT_TABLE
} pl_format;
/** @return false when the word is none of geojson, geojsonl, csv, table. */
PL_API bool pl_format_parse(const char *word, pl_format *out);

/**
 * Writes scenes' results as text.
 * @param results count of them, each as pl_measure gave it.
 * @param header for CSV and TABLE: is the heading line wanted?
 * @param out malloc'ed, yours to free(); NUL-terminated.
 * GEOJSON is one FeatureCollection: with one scene its record is the member `plimsoll:scene`, with
 * several an array `plimsoll:scenes`.
 */
PL_API pl_status pl_result_text(const pl_result *results, int count, pl_format format, bool header,
                                char **out, pl_error *error);

/** The scenes as a second table beside the hulls' CSV, a line a scene: also those where nothing was
 * found. @param out as above. */
PL_API pl_status pl_result_scenes_csv(const pl_result *results, int count, char **out,
                                      pl_error *error);

/** Reasons of hull, freeboard, load and scene together: what `reasons` of a row says. */
PL_API pl_reasons pl_result_reasons(const pl_result *result, const pl_result_row *row);

/** "measured", "dubious" (a doubtful load makes a row doubtful, too), "refused"; NULL where only
 * hulls were asked for. */
PL_API const char *pl_result_status(const pl_result_row *row);

/** A row as an observation of one ship, for comparisons and visits. */
PL_API void pl_result_observation(const pl_result *result, const pl_result_row *row,
                                  pl_observation *out);

/** Calls out of a plain table. */
typedef struct pl_calls {
    pl_call *call; /**< in the arena */
    int count;
    char ignored[240]; /**< columns that mean nothing here, "" none */
    char sha256[65];   /**< of the file */
} pl_calls;
/**
 * Reads a visits table: `date,vessel,dwt_t` and more (docs/output.md).
 * @param file "-" is standard input. @param registry who is large how much, where the table does
 * not say; may be NULL.
 * @return PL_E_FORMAT for a row that cannot be, with file:line:column.
 */
PL_API pl_status pl_calls_read(const char *file, const pl_vessels *registry, pl_arena *arena,
                               pl_calls *out, pl_error *error);

/** What is said beside the sums. */
typedef struct pl_findings_about {
    const char *source, *sha256; /**< file; "" unknown */
    const char *const *warning;
    int warnings;
    double since_s, until_s; /**< NAN not asked */
} pl_findings_about;
/**
 * Findings as one JSON object (PL_FORMAT_GEOJSON, _GEOJSONL), by_date as CSV, or a table for
 * people.
 * @param out malloc'ed, yours to free().
 */
PL_API pl_status pl_findings_text(const pl_findings *findings, const pl_findings_about *about,
                                  pl_format format, char **out, pl_error *error);

/** Two pictures of one place, compared. */
typedef struct pl_comparison {
    const pl_result *result[2]; /**< before, after */
    pl_registration registration;
    int count;
    const pl_pair *pair; /**< as pl_visit_pairs gave them for the results' rows in their order */
    int warning_count;
    const char *const *warning; /**< words for people */
} pl_comparison;

/**
 * A comparison as text: one JSON object (docs/output.md), or a table for people.
 * @param table a table. @param pretty of JSON: on many lines; else on one.
 * @param out malloc'ed, yours to free(); ends with a line's end.
 */
PL_API pl_status pl_result_comparison(const pl_comparison *comparison, bool table, bool pretty,
                                      char **out, pl_error *error);

/** A store of many scenes: a GeoPackage, or tables of a PostGIS database. Not for several threads
 * at once. */
typedef struct pl_store pl_store;

/** Who wants to know that a store is being waited for? Both functions may be NULL. */
typedef struct pl_store_listener {
    void *context;
    void (*say)(void *context, const char *words); /**< one line, no password in it */
    bool (*stop)(void *context); /**< asked while waiting: true gives the wait up */
} pl_store_listener;

/** Is it a name that pl_store_open takes: "....gpkg" or "PG:..."? */
PL_API bool pl_store_is_name(const char *name);
/** A store's name as it may be shown, and the password that was in it ("" none). @return false:
 * longer than the room. */
PL_API bool pl_store_name(const char *name, char *shown, size_t shown_size, char *password,
                          size_t password_size);

/** Is a store of plimsoll's there? Nothing is made or changed; who only reads asks this first.
 * @param name as for pl_store_open. @return PL_E_IO: nothing is there; PL_E_FORMAT: it is none, or
 * a later version's. */
PL_API pl_status pl_store_check(const char *name, pl_error *error);
/**
 * Opens or creates.
 * @param name path of a GeoPackage, or "PG:..." as GDAL understands it.
 * @param listener copied; NULL: waits are silent.
 * @return PL_E_IO when it cannot be reached, written, or stays locked; PL_E_FORMAT when it is not a
 * store.
 */
PL_API pl_status pl_store_open(const char *name, const pl_store_listener *listener, pl_store **out,
                               pl_error *error);
/**
 * Is this picture's result there, made under this key? @param file as pl_scene_info.file has it.
 * @param key what the result depends on, as text; NULL is never done. A failure is never done.
 */
PL_API pl_status pl_store_done(pl_store *store, const char *file, const char *key, bool *done,
                               pl_error *error);
/**
 * Writes scene, rows and the journal's line in one transaction. The same file and key again changes
 * nothing; another key, or NULL, replaces what was there.
 * @param options what it was measured with, as text for people; may be NULL. No secrets.
 * @return PL_REFUSED, with words, when the scene's id is that of another picture: the store is
 * sound and unchanged, the scene was not kept. PL_E_...: the store cannot be written.
 */
PL_API pl_status pl_store_write(pl_store *store, const pl_result *result, const char *key,
                                const char *options, pl_error *error);
/** pl_store_write, but what is there under the same key is replaced as well: the same rows with
 * other tiles. */
PL_API pl_status pl_store_write_anew(pl_store *store, const pl_result *result, const char *key,
                                     const char *options, pl_error *error);
/** Visits a scene's hulls and the names of their chips' files (NULL: none) in the order of their
 * ids, until a visit returns false. A visit may not write to the store. */
PL_API pl_status pl_store_tiles(pl_store *store, const char *scene_id,
                                bool (*visit)(void *context, const char *hull_id, const char *tile),
                                void *context, pl_error *error);
/** Notes in the journal that a picture failed, and why; key may be NULL. Rows that an earlier
 * measurement of it left stay. */
PL_API pl_status pl_store_write_failure(pl_store *store, const char *file, const char *key,
                                        const char *reason, pl_error *error);

/** Takes a failure that was noted under this name out of the journal: it has been done under
 * another (an item of a collection, once its picture is known). Nothing noted: nothing happens. */
PL_API pl_status pl_store_forget_failure(pl_store *store, const char *file, pl_error *error);

/** A scene that is in the store. Text lives until the visit returns; NULL: unknown. */
typedef struct pl_store_scene {
    const char *scene_id, *file, *key, *sha256, *options, *version;
    const char *record; /**< plimsoll:scene as JSON, without seconds and bytes_read */
    long long hulls;
} pl_store_scene;
/** Visits the scenes in the order of their ids, until a visit returns false. A visit may not write
 * to the store. */
PL_API pl_status pl_store_scenes(pl_store *store,
                                 bool (*visit)(void *context, const pl_store_scene *scene),
                                 void *context, pl_error *error);
/** A hull that is in the store. Text lives until the visit returns; NULL: unknown. */
typedef struct pl_store_record {
    const char *hull_id, *scene_id;
    const char *record; /**< its GeoJSON Feature, as `measure` writes it */
} pl_store_record;
/** Visits the hulls in the order of their ids, until a visit returns false. A visit may not write
 * to the store. */
PL_API pl_status pl_store_records(pl_store *store,
                                  bool (*visit)(void *context, const pl_store_record *record),
                                  void *context, pl_error *error);
/** The visits that are in the store, by first_seen, as a JSON array of objects with the layer's
 * columns. @param out malloc'ed, yours to free(). */
PL_API pl_status pl_store_visits_json(pl_store *store, char **out, pl_error *error);
/**
 * A scene's hulls as text, to be compared with pl_store_text of a new measurement: a line a hull,
 * sorted; every column, numbers so that they read back as the same number.
 * @param out malloc'ed, yours to free().
 */
PL_API pl_status pl_store_rows(pl_store *store, const char *scene_id, char **out, pl_error *error);
/** What pl_store_rows would say of this result, had it been written. */
PL_API pl_status pl_store_text(const pl_result *result, char **out, pl_error *error);

/** What a store has seen. */
typedef struct pl_sightings {
    int count;
    pl_observation *observation; /**< by time, then by id; without a time last */
    int coverage_count;
    pl_coverage *coverage;   /**< likewise */
    long long failures;      /**< pictures that the journal has as failed: of all ports */
    int accepted, corrected; /**< observations that an analyst reviewed so */
    int rejected;      /**< hulls that an analyst rejected: they are not among the observations */
    int stale_reviews; /**< observations whose reviews were all made on another measurement */
} pl_sightings;
/**
 * Reads a store's hulls as observations, and its scenes as coverage. Where an analyst's review
 * counts (docs/review.md), the observation has the reviewed values and says so. It is opened to
 * read, and may be anybody's. What no column and no record has is unknown (pl_load.summer_draft_m).
 * Rows of a picture that was changed and then failed are marked outdated, and dubious at best.
 * @param name as for pl_store_open; it must be there. @param port NULL: of all ports.
 * @param out pl_sightings_free frees it; empty on failure.
 */
PL_API pl_status pl_store_sightings(const char *name, const char *port, pl_sightings *out,
                                    pl_error *error);
PL_API void pl_sightings_free(pl_sightings *sightings);

/**
 * Puts visits into the store's layer, in the place of those that are there; the same again change
 * nothing. One transaction. @param port NULL: of all ports; else those of this one alone, and the
 * others' stay.
 */
PL_API pl_status pl_store_write_visits(pl_store *store, const char *port, const pl_visit_list *list,
                                       pl_error *error);

/** What is said beside visits. */
typedef struct pl_visits_about {
    const char *source;          /**< the store's name, without a password */
    const pl_coverage *coverage; /**< by time, as pl_store_sightings gives it */
    int pictures, hulls;
    long long failures;
} pl_visits_about;
/**
 * Visits as text. GEOJSON: one FeatureCollection with the member `plimsoll:visits`; CSV begins with
 * the columns of a plain visits table, and its date is that of the last picture of the call.
 * @param out malloc'ed, yours to free().
 */
PL_API pl_status pl_visits_text(const pl_visit_list *list, const pl_visits_about *about,
                                pl_format format, char **out, pl_error *error);

/** What became of a part. */
typedef struct pl_store_merged {
    long long added, same, conflicts; /**< scenes */
    bool store_failed;                /**< the trouble is with what is merged into */
} pl_store_merged;
/**
 * Takes into a store what another one has. Scenes that are there already stay as they are; one that
 * the part has otherwise (under another key, with other rows, of another picture) is a conflict.
 * @param part its name; opened to read only. @param conflict told of each; may be NULL.
 * @return PL_E_USAGE when the part is the store itself; PL_E_IO when the part cannot be read or the
 * store not be written; PL_E_FORMAT when it is no store, or a later version's.
 */
PL_API pl_status pl_store_merge(pl_store *into, const char *part,
                                void (*conflict)(void *context, const char *words), void *context,
                                pl_store_merged *out, pl_error *error);
/** Flushes and closes. The handle is gone also on failure. */
PL_API pl_status pl_store_close(pl_store *store, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
