/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How bright is a place to the eye, and where do the hull's own axes point? What all parts of a
 * sheet need. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "report/sheet.h"

static int band_of(const pl_crop *chip, pl_band_role role) {
    for (int i = 0; i < chip->pixels.bands; i++) {
        if (chip->role[i] == role) return i;
    }
    return -1;
}

/* Between the darkest half per cent and the brightest one, gamma 0.5: shaded and lit water both
 * stay visible. */
bool pl__sheet_stretch(pl_sheet *sheet, pl_arena *arena) {
    static const pl_band_role WANTED[] = {PL_BAND_RED, PL_BAND_GREEN, PL_BAND_BLUE};
    const pl_crop *chip = sheet->chip;
    size_t count = (size_t)chip->pixels.width * (size_t)chip->pixels.height;
    float *sorted = pl__arena_array(arena, count, sizeof *sorted);
    if (!sorted) return false;
    bool colour = true;
    for (int i = 0; i < 3; i++) colour = colour && band_of(chip, WANTED[i]) >= 0;
    for (int i = 0; i < 3; i++) {
        sheet->band[i] = colour ? band_of(chip, WANTED[i]) : 0;
        memcpy(sorted, pl__plane(&chip->pixels, sheet->band[i]), count * sizeof *sorted);
        sheet->low[i] = pl__image_quantile(sorted, count, 0.005);
        sheet->high[i] = pl__image_quantile(sorted, count, 0.99);
    }
    return true;
}

static double value_at(const pl_sheet *sheet, int i, double x_px, double y_px) {
    const pl_crop *chip = sheet->chip;
    return (double)pl__image_cubic(pl__plane(&chip->pixels, sheet->band[i]), chip->pixels.width,
                                   chip->pixels.height, (x_px - chip->x_px) / chip->step,
                                   (y_px - chip->y_px) / chip->step);
}

pl_colour pl__sheet_look(const pl_sheet *sheet, double x_px, double y_px) {
    unsigned char value[3];
    for (int i = 0; i < 3; i++) {
        double v = value_at(sheet, i, x_px, y_px), range = sheet->high[i] - sheet->low[i];
        double t = isfinite(v) && range > 0 ? pl__clamp((v - sheet->low[i]) / range, 0, 1) : 0;
        value[i] = (unsigned char)lround(255 * sqrt(t));
    }
    return (pl_colour){value[0], value[1], value[2]};
}

double pl__sheet_level(const pl_sheet *sheet, double x_px, double y_px) {
    double sum = 0;
    for (int i = 0; i < 3; i++) sum += value_at(sheet, i, x_px, y_px);
    return sum / 3;
}

void pl__sheet_at(const pl_sheet *sheet, double u_m, double w_m, double *x_px, double *y_px) {
    const pl_hull *hull = &sheet->row->hull;
    double east, north, sh = sin(hull->heading_rad), ch = cos(hull->heading_rad);
    pl__geo_to_metres(&sheet->chip->frame, hull->x_px, hull->y_px, &east, &north);
    pl__geo_to_pixel(&sheet->chip->frame, east + u_m * sh + w_m * ch, north + u_m * ch - w_m * sh,
                     x_px, y_px);
}

void pl__sheet_set(pl_canvas *c, int x, int y, pl_colour colour) {
    if (x < 0 || y < 0 || x >= c->width || y >= c->height) return;
    memcpy(c->rgb + 3 * ((size_t)y * (size_t)c->width + (size_t)x), &colour, 3);
}

void pl__sheet_label(pl_canvas *c, double x, double y, const char *text, pl_colour colour) {
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) pl__canvas_text(c, x + dx, y + dy, text, 1, PL__NIGHT);
    }
    pl__canvas_text(c, x, y, text, 1, colour);
}

void pl__sheet_heading(pl_canvas *c, double x, double y, const char *text) {
    pl__canvas_text(c, x, y, text, 1.1, PL__INK);
}

double pl__sheet_round_up(double least) {
    double power = pow(10, floor(log10(least))), step = 1;
    while (step * power < least) step = step == 1 ? 2 : step == 2 ? 5 : 10;
    return step * power;
}
