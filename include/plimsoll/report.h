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

/**
 * Draws one hull's sheet as a PNG: the picture with outlines, sun and view; the straightened hull
 * with the stations; the numbers, cues, budget and reasons.
 * @param chip full-resolution pixels round the hull (pl_measure_chip). @param dir existing folder.
 * @param file receives the path that was written.
 */
PL_API pl_status pl_report_explain(const pl_crop *chip, const pl_result *result,
                                   const pl_result_row *row, const char *dir, pl_arena *arena,
                                   char *file, size_t size, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
