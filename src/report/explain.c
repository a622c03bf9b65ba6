/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did the program see in this hull, and what does its answer rest on? One sheet.
 *
 *   +--------------------------+-------------+
 *   | the picture as it lies,  | straightened|   left: deck outline, waterline, sun and view
 * arrows, scale bar | stretched for contrast   | bow up      |   right: deck edge and outer edge of
 * each block, used or left out
 *   +--------------------------+-------------+
 *   | numbers, cues, budget, reasons         |
 *   +----------------------------------------+ */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geo.h"
#include "image/draw.h"
#include "image/image.h"
#include "io/io.h"
#include "plimsoll/report.h"

enum { LEFT = 720, RIGHT = 420, TALL = 720, BELOW = 250, MARGIN = 8 };
static const pl_colour PAPER = {250, 250, 247}, INK = {30, 32, 36}, FAINT = {110, 114, 120},
                       DECK = {255, 196, 0}, WATERLINE = {0, 200, 255}, SUN = {255, 230, 60},
                       VIEW = {150, 255, 150}, OUTER = {255, 80, 200}, LEFT_OUT = {150, 150, 150},
                       WHITE = {255, 255, 255};

/* ---- brightness for eyes ---- */

typedef struct stretch {
    int band[3]; /* red, green, blue of the chip, or one band thrice */
    double low[3], high[3];
} stretch;

static int band_of(const pl_crop *chip, pl_band_role role) {
    for (int i = 0; i < chip->pixels.bands; i++) {
        if (chip->role[i] == role) return i;
    }
    return -1;
}

/* Between the darkest half per cent and the brightest one, gamma 0.5: shaded and lit water both
 * stay visible. */
static bool choose_stretch(const pl_crop *chip, pl_arena *arena, stretch *out) {
    static const pl_band_role WANTED[] = {PL_BAND_RED, PL_BAND_GREEN, PL_BAND_BLUE};
    size_t count = (size_t)chip->pixels.width * (size_t)chip->pixels.height;
    float *sorted = pl__arena_array(arena, count, sizeof *sorted);
    if (!sorted) return false;
    bool colour = true;
    for (int i = 0; i < 3; i++) colour = colour && band_of(chip, WANTED[i]) >= 0;
    for (int i = 0; i < 3; i++) {
        out->band[i] = colour ? band_of(chip, WANTED[i]) : 0;
        memcpy(sorted, pl__plane(&chip->pixels, out->band[i]), count * sizeof *sorted);
        out->low[i] = pl__image_quantile(sorted, count, 0.005);
        out->high[i] = pl__image_quantile(sorted, count, 0.99);
    }
    return true;
}

static pl_colour look(const pl_crop *chip, const stretch *s, double x, double y) {
    unsigned char value[3];
    for (int i = 0; i < 3; i++) {
        const float *plane = pl__plane(&chip->pixels, s->band[i]);
        double v = (double)pl__image_cubic(plane, chip->pixels.width, chip->pixels.height, x, y);
        double t = isfinite(v) && s->high[i] > s->low[i]
                       ? pl__clamp((v - s->low[i]) / (s->high[i] - s->low[i]), 0, 1)
                       : 0;
        value[i] = (unsigned char)lround(255 * sqrt(t));
    }
    return (pl_colour){value[0], value[1], value[2]};
}

static void set_pixel(pl_canvas *c, int x, int y, pl_colour colour) {
    memcpy(c->rgb + 3 * ((size_t)y * (size_t)c->width + (size_t)x), &colour, 3);
}

/* ---- left: the picture as it lies ---- */

typedef struct left_map {
    const pl_crop *chip;
    double x_px, y_px, scale; /* input pixel of the panel's corner; canvas pixels an input pixel */
} left_map;

static void path(pl_canvas *c, const left_map *m, const double (*ring)[2], int count,
                 pl_colour colour, int thickness) {
    for (int k = 0; k + 1 < count; k++) {
        pl__canvas_line(c, (ring[k][0] - m->x_px) * m->scale, (ring[k][1] - m->y_px) * m->scale,
                        (ring[k + 1][0] - m->x_px) * m->scale,
                        (ring[k + 1][1] - m->y_px) * m->scale, colour, thickness);
    }
}

/* Canvas direction of an azimuth from true north, unit length. */
static void direction(const pl_crop *chip, double azimuth_rad, double *dx, double *dy) {
    const double *p = chip->frame.pixels;
    double e = sin(azimuth_rad), n = cos(azimuth_rad), x = p[0] * e + p[1] * n,
           y = p[2] * e + p[3] * n, length = hypot(x, y);
    *dx = x / length;
    *dy = y / length;
}

static void compass_arrow(pl_canvas *c, const pl_crop *chip, double x, double y, double azimuth_rad,
                          double length, pl_colour colour, const char *word) {
    double dx, dy;
    if (!isfinite(azimuth_rad)) return;
    direction(chip, azimuth_rad, &dx, &dy);
    pl__canvas_arrow(c, x, y, x + length * dx, y + length * dy, colour, 2);
    pl__canvas_text(c, x + (length + 10) * dx - 12, y + (length + 10) * dy + 4, word, 1, colour);
}

static void scale_bar(pl_canvas *c, double canvas_px_per_m) {
    double metres = 10;
    while (metres * canvas_px_per_m < 70) metres *= metres == 20 ? 2.5 : 2;
    double x = MARGIN + 6, y = TALL - 14;
    char word[24];
    snprintf(word, sizeof word, "%.0f m", metres);
    pl__canvas_line(c, x, y, x + metres * canvas_px_per_m, y, WHITE, 3);
    pl__canvas_text(c, x, y - 8, word, 1, WHITE);
}

static void draw_left(pl_canvas *c, const pl_crop *chip, const stretch *s,
                      const pl_result_row *row) {
    double side_px = 1.45 * row->hull.length_m.value / chip->frame.pixel_m;
    left_map m = {chip, row->hull.x_px - 0.5 * side_px, row->hull.y_px - 0.5 * side_px,
                  LEFT / side_px};
    for (int y = 0; y < TALL; y++) {
        for (int x = 0; x < LEFT; x++) {
            double px = m.x_px + (x + 0.5) / m.scale, py = m.y_px + (y + 0.5) / m.scale;
            set_pixel(
                c, x, y,
                look(chip, s, (px - chip->x_px) / chip->step, (py - chip->y_px) / chip->step));
        }
    }
    if (row->waterline_px)
        path(c, &m, (const double(*)[2])row->waterline_px, row->hull.outline_count, WATERLINE, 1);
    path(c, &m, row->hull.outline_px, row->hull.outline_count, DECK, 1);
    compass_arrow(c, chip, 60, 70, 0, 34, WHITE, "N");
    compass_arrow(c, chip, 160, 70, row->sight.sun_azimuth_rad, 34, SUN, "sun");
    compass_arrow(c, chip, 260, 70, row->sight.view_azimuth_rad, 34, VIEW, "sat");
    scale_bar(c, m.scale / chip->frame.pixel_m);
}

/* ---- right: straightened, bow up ---- */

static void draw_right(pl_canvas *c, const pl_crop *chip, const stretch *s,
                       const pl_result_row *row) {
    const pl_hull *hull = &row->hull;
    double scale = pl__min((TALL - 20) / (1.12 * hull->length_m.value),
                           RIGHT / (2.6 * hull->beam_m.value)); /* canvas pixels a metre */
    double east0, north0, sh = sin(hull->heading_rad), ch = cos(hull->heading_rad);
    pl__geo_to_metres(&chip->frame, hull->x_px, hull->y_px, &east0, &north0);
    double centre_x = LEFT + 0.5 * RIGHT, centre_y = 0.5 * TALL;
    for (int y = 0; y < TALL; y++) {
        for (int x = LEFT + 2; x < LEFT + RIGHT; x++) {
            double u = (centre_y - y - 0.5) / scale, w = (x + 0.5 - centre_x) / scale, px, py;
            pl__geo_to_pixel(&chip->frame, east0 + u * sh + w * ch, north0 + u * ch - w * sh, &px,
                             &py);
            set_pixel(
                c, x, y,
                look(chip, s, (px - chip->x_px) / chip->step, (py - chip->y_px) / chip->step));
        }
    }
    const pl_freeboard *f = &row->freeboard;
    double sign = f->station_side == PL_STARBOARD_SIDE ? 1 : -1;
    for (int i = 0; row->has_freeboard && i < f->station_count; i++) {
        const pl_station *p = &f->station[i];
        double y = centre_y - p->along_m * scale;
        pl__canvas_dot(c, centre_x + sign * (double)p->deck_edge_m * scale, y, 2,
                       p->used ? DECK : LEFT_OUT);
        pl__canvas_dot(c, centre_x + sign * (double)p->outer_edge_m * scale, y, 2,
                       p->used ? OUTER : LEFT_OUT);
    }
    pl__canvas_text(c, LEFT + 10, 18, hull->bow_certain ? "bow" : "bow?", 1, WHITE);
}

/* ---- below: numbers ---- */

typedef struct pen {
    pl_canvas *canvas;
    double x, y;
} pen;

static void say(pen *p, pl_colour colour, const char *text) {
    pl__canvas_text(p->canvas, p->x, p->y, text, 1, colour);
    p->y += 18;
}

static void say_quantity(pen *p, const char *name, double value, double sigma, const char *unit,
                         int decimals) {
    char line[120];
    if (isfinite(value)) {
        snprintf(line, sizeof line, "%-11s %.*f +- %.*f %s", name, decimals, value, decimals, sigma,
                 unit);
    } else {
        snprintf(line, sizeof line, "%-11s unknown", name);
    }
    say(p, INK, line);
}

static void say_load(pen *p, const pl_result_row *row) {
    char line[160];
    const pl_load *l = &row->load;
    if (!row->has_load) {
        say(p, FAINT, "no load: no freeboard that fits a ship");
        return;
    }
    say_quantity(p, "draft", l->draft_m.value, l->draft_m.sigma, "m", 2);
    snprintf(line, sizeof line, "state       %s (ballast %.0f, part %.0f, laden %.0f %%)",
             pl_load_state_name(l->state), 100 * l->p_state[0], 100 * l->p_state[1],
             100 * l->p_state[2]);
    say(p, INK, line);
    snprintf(line, sizeof line, "cargo       %.0f t (90 %%: %.0f to %.0f)", l->cargo_t.p50,
             l->cargo_t.p05, l->cargo_t.p95);
    say(p, INK, line);
    snprintf(line, sizeof line, "oil         %.0f bbl (90 %%: %.0f to %.0f)", l->oil_bbl.p50,
             l->oil_bbl.p05, l->oil_bbl.p95);
    say(p, INK, line);
}

static void say_cues(pen *p, const pl_result_row *row) {
    char line[160];
    for (int i = 0; row->has_freeboard && i < row->freeboard.cue_count; i++) {
        const pl_cue *c = &row->freeboard.cue[i];
        snprintf(line, sizeof line, "%s %s: %.2f m wide / %.3f = %.2f +- %.2f m",
                 c->side == PL_PORT_SIDE ? "port" : "starboard",
                 c->kind == PL_CUE_DARK_BAND ? "dark band" : "lit wall", c->width_m.value,
                 c->per_metre, c->freeboard_m.value, c->freeboard_m.sigma);
        say(p, INK, line);
    }
}

static void say_budget(pen *p, const pl_result_row *row) {
    char line[400] = "budget (m):";
    if (!row->has_freeboard || row->freeboard.status == PL_REFUSED) return;
    size_t used = strlen(line);
    for (int i = 0; i < PL_BUDGET_COUNT; i++) {
        if (row->freeboard.budget_m[i] < 0.0005 || used > 120) continue;
        int n = snprintf(line + used, sizeof line - used, " %s %.3f",
                         pl_budget_name((pl_budget_term)i), row->freeboard.budget_m[i]);
        used += n > 0 ? (size_t)n : 0;
        if (used > 95) {
            say(p, FAINT, line);
            snprintf(line, sizeof line, "           ");
            used = strlen(line);
        }
    }
    if (used > 11) say(p, FAINT, line);
}

static void say_reasons(pen *p, pl_reasons reasons) {
    char line[200];
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        if (!(reasons & PL_BIT(i))) continue;
        snprintf(line, sizeof line, "%s: %s", pl_reason_code((pl_reason)i),
                 pl_reason_text((pl_reason)i));
        say(p, FAINT, line);
    }
}

static void write_below(pl_canvas *c, const pl_result *result, const pl_result_row *row) {
    static const char *const WORDS[] = {"measured", "dubious", "refused"};
    char line[240];
    pen left = {c, MARGIN, TALL + 22}, right = {c, 400, TALL + 22};
    snprintf(line, sizeof line, "%s   %s", row->id,
             row->has_freeboard ? WORDS[row->freeboard.status] : "found");
    say(&left, INK, line);
    right.y += 18;
    say_quantity(&left, "freeboard", row->freeboard.freeboard_m.value,
                 row->freeboard.freeboard_m.sigma, "m", 2);
    say_quantity(&left, "length", row->hull.length_m.value, row->hull.length_m.sigma, "m", 1);
    say_quantity(&left, "beam", row->hull.beam_m.value, row->hull.beam_m.sigma, "m", 1);
    say_quantity(&left, "trim", row->freeboard.trim_m.value, row->freeboard.trim_m.sigma, "m", 2);
    snprintf(line, sizeof line, "heading     %.1f deg%s", row->hull.heading_rad * PL_DEG_PER_RAD,
             row->hull.bow_certain ? "" : " or opposite");
    say(&left, INK, line);
    snprintf(line, sizeof line, "sun %.1f/%.1f  view %.1f/%.1f deg",
             row->sight.sun_azimuth_rad * PL_DEG_PER_RAD,
             row->sight.sun_elevation_rad * PL_DEG_PER_RAD,
             row->sight.view_azimuth_rad * PL_DEG_PER_RAD,
             row->sight.view_incidence_rad * PL_DEG_PER_RAD);
    say(&left, FAINT, line);
    say(&left, DECK, "deck edge");
    left.y -= 18;
    left.x += 100;
    say(&left, WATERLINE, "waterline");
    left.y -= 18;
    left.x += 100;
    say(&left, OUTER, "outer edge");
    say_load(&right, row);
    say_cues(&right, row);
    say_budget(&right, row);
    pl_reasons reasons = row->hull.reasons | result->scene.reasons | row->freeboard.reasons;
    if (row->has_freeboard && row->freeboard.status != PL_REFUSED) reasons |= row->load.reasons;
    say_reasons(&right, reasons);
}

static void file_name(const pl_result_row *row, const char *dir, char *out, size_t size) {
    char name[128];
    pl__text_copy(name, sizeof name, row->id);
    for (char *p = name; *p; p++) { /* an id may hold what a file name may not */
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
                     (*p >= 'A' && *p <= 'Z') || strchr("+-._", *p);
        if (!plain) *p = '_';
    }
    snprintf(out, size, "%s/%s.png", dir, name);
}

pl_status pl_report_explain(const pl_crop *chip, const pl_result *result, const pl_result_row *row,
                            const char *dir, pl_arena *arena, char *file, size_t size,
                            pl_error *error) {
    pl_canvas canvas;
    stretch s;
    if (!pl__canvas_new(LEFT + RIGHT, TALL + BELOW, PAPER, arena, &canvas) ||
        !choose_stretch(chip, arena, &s)) {
        return pl__fail_memory(error, "report");
    }
    draw_left(&canvas, chip, &s, row);
    draw_right(&canvas, chip, &s, row);
    write_below(&canvas, result, row);
    file_name(row, dir, file, size);
    return pl__io_png_write(file, canvas.width, canvas.height, canvas.rgb, error);
}
