/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did the program see in this hull, and what does its answer rest on? One sheet.
 *
 *   +----------------------------------------------------------------+
 *   | status, id                                 time, platform, pixel |
 *   +------------------------+--------------+------------------------+
 *   | the picture as it lies | straightened | mean cross-section     |
 *   | outlines, north, sun,  | bow up, with |                        |
 *   | satellite, scale       | its stations | error budget as bars   |
 *   +------------------------+--------------+------------------------+
 *   | legend; freeboard and hull; load; reasons                      |
 *   +----------------------------------------------------------------+ */
#include <stdio.h>

#include "io/io.h"
#include "report/sheet.h"

enum {
    WIDTH = PL_DRAWING_WIDTH,
    HEIGHT = PL_DRAWING_HEIGHT,
    MARGIN = 14,
    TITLE = 44,
    TALL = 700,
    MAP = 700,
    STRIP = 330
};

pl_status pl_report_draw(const pl_crop *chip, const pl_result *result, const pl_result_row *row,
                         pl_arena *arena, pl_drawing *out, pl_error *error) {
    pl_sheet sheet = {.chip = chip, .result = result, .row = row};
    double side = 2 * MARGIN + MAP + 8 + STRIP + 12, column = WIDTH - side - MARGIN;
    bool outlined = row->hull.outline_count > 0;
    if (!pl__canvas_new(WIDTH, HEIGHT, PL__PAPER, arena, &sheet.canvas) ||
        !pl__sheet_stretch(&sheet, arena) ||
        (outlined && !pl__sheet_profile(&sheet, (pl_box){side, TITLE + 14, column, 370}, arena)))
        return pl__fail_memory(error, "report");
    pl__sheet_title(&sheet, (pl_box){MARGIN, 2, WIDTH - 2 * MARGIN, TITLE});
    pl__sheet_picture(&sheet, (pl_box){MARGIN, TITLE, MAP, TALL});
    pl_box strip = {MARGIN + MAP + 8, TITLE, STRIP, TALL};
    if (outlined) pl__sheet_strip(&sheet, strip, pl__sheet_strip_scale(&sheet, strip));
    pl__sheet_budget(&sheet, (pl_box){side, TITLE + 420, column, TALL - 420});
    pl__sheet_numbers(&sheet, (pl_box){MARGIN, TITLE + TALL + 10, WIDTH - 2 * MARGIN,
                                       HEIGHT - TITLE - TALL - 10});
    *out = (pl_drawing){sheet.canvas.rgb};
    return PL_OK;
}

pl_status pl_report_write(const pl_drawing *drawing, const pl_result_row *row, const char *dir,
                          char *file, size_t size, pl_error *error) {
    char stem[256];
    pl_report_stem(row->id, stem, sizeof stem);
    snprintf(file, size, "%s/%s.png", dir, stem);
    return pl__io_png_write(file, PL_DRAWING_WIDTH, PL_DRAWING_HEIGHT, 3, drawing->rgb, error);
}
