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

/** What a deck shows of its trade; each is told in src/hull/evidence.c. */
typedef enum pl_evidence {
    PL_CENTRE_LINE,     /**< centre_line: catwalk or pipe rack along the middle */
    PL_CROSS_BARS,      /**< cross_bars: what goes across the whole middle, as gaps of hatches do */
    PL_SHADE,           /**< shade: the darkest tenth of the deck, of its median */
    PL_PIPING,          /**< piping: fine detail in the middle against that at the sides */
    PL_LENGTH_PER_BEAM, /**< length_per_beam */
    PL_EVIDENCE_COUNT
} pl_evidence;

/** The name of a kind of evidence, as models/vessel_class.csv has it; NULL outside the enum. */
PL_API const char *pl_evidence_name(pl_evidence kind);

typedef enum pl_vessel_class {
    PL_CLASS_UNKNOWN, /**< not judged, or unsure */
    PL_CLASS_TANKER,
    PL_CLASS_OTHER /**< any other: bulk carrier, container ship, general cargo, barge, yacht */
} pl_vessel_class;

/** "tanker", "other"; NULL for unknown. */
PL_API const char *pl_vessel_class_name(pl_vessel_class vessel_class);

/** One hull as the picture shows it: a plain value without pointers. */
typedef struct pl_hull {
    double x_px, y_px;       /**< centre of the imaged deck, input pixels, corner convention */
    double lon_deg, lat_deg; /**< the same, WGS 84; NAN without georeference */
    double heading_rad;      /**< from true north; the bow when bow_certain, else in [0, pi) */
    double heading_sigma_rad;
    bool bow_certain;
    bool touched[2]; /**< port, starboard of the heading reported: lies against a quay, a
                        jetty or another hull, and shows neither wall nor shadow on water */
    pl_quantity length_m, beam_m;         /**< length over all, beam */
    int outline_count;                    /**< vertices, closed (first = last) */
    double outline_px[PL_OUTLINE_MAX][2]; /**< deck outline, input pixels, corner convention */
    double false_alarms; /**< expected number of equally good candidates in a search area of plain
                            water */
    int8_t
        fingerprint[PL_FINGERPRINT_ALONG *
                    PL_FINGERPRINT_ACROSS]; /**< deck brightness, bow first, normalised to +-127 */
    double evidence[PL_EVIDENCE_COUNT];     /**< NAN where too little of the deck is seen */
    pl_vessel_class vessel_class;           /**< by pl_hull_classify */
    double tanker_probability; /**< before anything is known of the port, of which half the ships
                                  are taken for tankers; NAN: not judged */
    pl_reasons reasons;
    double ship_probability; /**< by the learned judge of shapes; NAN: not judged */
    bool given;              /**< an analyst drew the outline; else it was detected */
} pl_hull;

/** What an analyst says of where the hull lies; nothing: the whole search area is searched. */
typedef struct pl_hull_hint {
    double at_lon_deg, at_lat_deg; /**< a place on the hull or near it, WGS 84; NAN */
    double at_x_px, at_y_px;       /**< the same in input pixels, corner convention; NAN */
    const char *outline_file; /**< GeoJSON polygons of deck outlines (docs/output.md); NULL. Not
                                 together with a place */
} pl_hull_hint;
#define PL_HULL_HINT_INIT                                                                          \
    { __builtin_nan(""), __builtin_nan(""), __builtin_nan(""), __builtin_nan(""), NULL }

typedef struct pl_hull_options {
    double min_length_m;         /**< shortest hull reported; default 40 */
    double max_length_m;         /**< longest; default 480 (the longest ship ever was 458 m) */
    double max_false_alarms;     /**< expected false hulls a search area; default 0.1 */
    const char *models_dir;      /**< folder with ship_judge.onnx, the learned judge's weights; NULL
                                    (default), or none there: the classical search alone */
    double min_ship_probability; /**< of a ship that only the judge has seen; NAN (default): 0.9,
                                    and in colour, with water along both sides, 0.5 */
    const pl_scene *previous;    /**< an earlier picture of the same place: what stood there then is
                                    quay; NULL none */
} pl_hull_options;
#define PL_HULL_OPTIONS_INIT                                                                       \
    { 40.0, 480.0, 0.1, NULL, __builtin_nan(""), NULL }

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

/**
 * The hull under a place, input pixels, or else the nearest one within 100 m. Looks closer than
 * pl_hull_find: fainter and odder blobs are tried when they lie there.
 * @param searched_px receives the window that was looked at: x0, y0, x1, y1.
 * @return PL_REFUSED when no hull can be outlined: out then holds the place and the reason, and no
 * outline. PL_E_USAGE when the place lies outside the picture.
 */
PL_API pl_status pl_hull_find_at(const pl_scene *scene, double x_px, double y_px,
                                 const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                                 double searched_px[4], pl_error *error);

/**
 * Hulls whose deck outlines somebody drew: length, beam, heading and sides by the polygons, with
 * sigmas of a hand that is a pixel or two off.
 * @param file GeoJSON Polygons: WGS 84, or input pixels where the picture has no georeference.
 * @return PL_E_FORMAT for what no deck's outline can be, PL_E_USAGE when one lies outside the
 * picture.
 */
PL_API pl_status pl_hull_given(const pl_scene *scene, const char *file,
                               const pl_hull_options *options, pl_arena *arena, pl_hull_list *out,
                               pl_error *error);

/**
 * Is it a tanker? By the evidence of the decks and models/vessel_class.csv. Fills vessel_class and
 * tanker_probability, and gives reasons: class_assumed_tanker (no evidence), class_unsure,
 * not_a_tanker.
 * @param models_dir NULL: none is judged. @return PL_E_IO or PL_E_FORMAT for a table that is not
 * there or is broken.
 */
PL_API pl_status pl_hull_classify(const char *models_dir, pl_hull_list *hulls, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
