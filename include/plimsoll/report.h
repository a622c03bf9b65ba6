/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file report.h
 * What does a person see?
 */
#ifndef PLIMSOLL_REPORT_H
#define PLIMSOLL_REPORT_H

#include "plimsoll/results.h"

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

/** Writes a sheet as a PNG named after the row. @param dir existing folder. @param file receives
 * the path that was written. */
PL_API pl_status pl_report_write(const pl_drawing *sheet, const pl_result_row *row, const char *dir,
                                 char *file, size_t size, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
