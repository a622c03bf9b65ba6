/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file report.h
 * What does a person see?
 */
#ifndef PLIMSOLL_REPORT_H
#define PLIMSOLL_REPORT_H

#include "plimsoll/review.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PL_DRAWING_WIDTH 1480
#define PL_DRAWING_HEIGHT 1000
/** A drawn sheet of PL_DRAWING_WIDTH x PL_DRAWING_HEIGHT pixels: 8-bit RGB, interleaved. */
typedef struct pl_drawing {
    unsigned char *rgb; /**< in the arena it was drawn into */
} pl_drawing;

/**
 * Draws one hull's sheet: the picture with outlines, sun and view; the straightened hull with the
 * stations; the numbers, cues, budget and reasons.
 * @param chip full-resolution pixels round the hull (pl_measure_chip).
 */
PL_API pl_status pl_report_draw(const pl_crop *chip, const pl_result *result,
                                const pl_result_row *row, pl_arena *arena, pl_drawing *out,
                                pl_error *error);

/** A mean cross-section beside one edge of the hull, or from side to side. */
#define PL_SECTION_SAMPLES 240
typedef struct pl_section {
    bool
        one_side; /**< false: from side to side, no edges fitted; side and kind mean nothing then */
    pl_side side;
    pl_cue_kind kind;
    int stations;          /**< that it is the mean of */
    double from_m, step_m; /**< sample k stands for from_m + (k + 0.5) step_m: outward from the
                              deck's edge, or to starboard of the keel line */
    double outer_edge_m;   /**< from the deck's edge, by the fit; NAN from side to side */
    double waterline_m;    /**< likewise, by the answer; NAN unknown */
    float level[PL_SECTION_SAMPLES]; /**< brightness as the file counts it; NAN off the picture */
    bool modelled;
    float
        model[PL_SECTION_SAMPLES]; /**< three levels and a blur that suit the section best when the
                                      edges stand where the fit has them; NAN unless modelled */
} pl_section;

/** What a hull leaves for people: pictures, sections, and the pixels that it was measured in. */
typedef struct pl_chip {
    /* north up, a square; nothing drawn on it */
    int side_px;
    double m_per_px;
    double from_input[6]; /**< input pixel (x, y) -> chip pixel: [0] + [1] x + [2] y, [3] + [4] x +
                             [5] y; corner convention on both sides */
    /* straightened, bow up; 0 wide: there is no outline */
    int strip_width, strip_height;
    double strip_m_per_px, strip_centre_px[2]; /**< midships on the keel line */
    int drawn_width, drawn_height;             /**< of the annotated picture, north up */
    /* the file's own samples */
    int raw_width, raw_height, raw_bands; /**< 0 wide: too large to be kept */
    int raw_bits;                         /**< 8 to 16: whole numbers; 32: floats */
    int raw_epsg;                         /**< 0: no georeference */
    double raw_affine[6];                 /**< GDAL's order */
    pl_band_role raw_role[PL_BANDS_MAX];
    bool has_section;
    pl_section section;                     /**< beside the edge that the stations are of */
    unsigned char *picture, *strip, *drawn; /**< 8-bit RGB, interleaved */
    float *raw;                             /**< planes */
} pl_chip;

/**
 * Draws what a hull leaves. @param pixels as for pl_report_draw. The raw samples are not in it
 * (raw_width 0): they are the caller's to add.
 */
PL_API pl_status pl_report_chip(const pl_crop *pixels, const pl_result *result,
                                const pl_result_row *row, pl_arena *arena, pl_chip *out,
                                pl_error *error);

/**
 * Writes it as files named after the row: STEM.chip.png, STEM.strip.png, STEM.drawn.png
 * (annotated), STEM.tif and STEM.json; docs/output.md says what each holds. Each is written under
 * another name and then given its own; the JSON last.
 * @param dir existing folder. @param file receives the path of STEM.chip.png.
 */
PL_API pl_status pl_report_chip_write(const pl_chip *chip, const pl_result *result,
                                      const pl_result_row *row, const char *dir, char *file,
                                      size_t size, pl_error *error);
/** Are the files there that pl_report_chip_write left at this path of its chip? */
PL_API bool pl_report_chip_there(const char *file);

/** An id as the stem of a file's name. What a file name may not hold becomes "_", and then, so that
 * two ids never share a name, eight digits of the id's SHA-256 follow. */
PL_API void pl_report_stem(const char *id, char *out, size_t size);
/** One of two pictures of a ship. */
typedef struct pl_pair_view {
    const pl_crop *chip; /**< as for pl_report_draw */
    const pl_result *result;
    const pl_result_row *row; /**< outlined */
} pl_pair_view;

/**
 * Draws a ship of two pictures: both hulls straightened side by side, at one scale, the bow up,
 * with deck outlines, waterlines and stations; what changed, and by what they are one ship. Where
 * the decks agree better turned round, the later one is turned.
 */
PL_API pl_status pl_report_draw_pair(const pl_pair_view view[2], const pl_pair *pair,
                                     pl_arena *arena, pl_drawing *out, pl_error *error);

/** Writes a sheet as a PNG named after the row. @param dir existing folder. @param file receives
 * the path that was written. */
PL_API pl_status pl_report_write(const pl_drawing *sheet, const pl_result_row *row, const char *dir,
                                 char *file, size_t size, pl_error *error);

/** What a page is made with. */
typedef struct pl_page_options {
    const char *models_dir; /**< folder with ports.geojson, for the map */
    const char *name;       /**< the store's, as pl_store_open took it */
    const char *results;    /**< the same as it may be shown */
    const char *findings;   /**< what `plimsoll findings` printed: a JSON file; NULL none */
    const char *folder;     /**< where the tiles of rows lie that are no absolute path; "" */
    void *context;
    /** What a correction by an analyst would come to; NULL: the page does not tell. */
    pl_status (*correct)(void *context, const pl_review *review, const pl_observation *machine,
                         pl_arena *arena, pl_reviewed *out, pl_error *error);
} pl_page_options;

/**
 * Writes what a store holds as one HTML file that needs no other: it makes no request to anywhere.
 * @param file replaced whole, or not at all.
 * @return PL_E_FORMAT when a row of the store is no JSON; PL_E_IO when the store cannot be read or
 * the file not be written.
 */
PL_API pl_status pl_page_write(pl_store *store, const pl_page_options *options, const char *file,
                               pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
