/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the picture show, as it lies? With the outlines, north, sun and satellite, a scale. */
#include <math.h>
#include <stdio.h>

#include "geo/geo.h"
#include "report/sheet.h"

typedef struct map {
    pl_box box;
    double x_px, y_px, scale; /* input pixel of the box's corner; canvas pixels an input pixel */
} map;

static void ring(pl_canvas *c, const map *m, const double (*points)[2], int count,
                 pl_colour colour) {
    for (int k = 0; k + 1 < count; k++) {
        double at[4];
        for (int i = 0; i < 4; i++) {
            double v = points[k + i / 2][i % 2] - (i % 2 ? m->y_px : m->x_px);
            at[i] = (i % 2 ? m->box.y : m->box.x) + v * m->scale;
        }
        pl__canvas_line(c, at[0], at[1], at[2], at[3], colour, 1);
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

static void hand(pl_canvas *c, const pl_crop *chip, double x, double y, double azimuth_rad,
                 double length, pl_colour colour) {
    double dx, dy;
    if (!isfinite(azimuth_rad)) return;
    direction(chip, azimuth_rad, &dx, &dy);
    pl__canvas_arrow(c, x, y, x + length * dx, y + length * dy, colour, 2);
}

/* North, and where sun and satellite stand, seen from the ship. */
static void rose(pl_sheet *s, double x, double y) {
    enum { RADIUS = 44 };
    pl_canvas *c = &s->canvas;
    const pl_sight *sight = &s->row->sight;
    char line[80];
    double dx, dy;
    pl__canvas_rectangle(c, x, y, x + 272, y + 112, PL__NIGHT);
    double cx = x + 58, cy = y + 56;
    for (int k = 0; k < 36; k++) {
        double a = k * PL_PI / 18;
        pl__canvas_dot(c, cx + RADIUS * sin(a), cy - RADIUS * cos(a), 1, PL__FAINT);
    }
    direction(s->chip, 0, &dx, &dy);
    pl__canvas_line(c, cx, cy, cx + 36 * dx, cy + 36 * dy, PL__WHITE, 1);
    pl__canvas_text(c, cx + RADIUS * dx - 4, cy + RADIUS * dy + 4, "N", 1.1, PL__WHITE);
    hand(c, s->chip, cx, cy, sight->sun_azimuth_rad, 40, PL__SUN);
    hand(c, s->chip, cx, cy, sight->view_azimuth_rad, 40, PL__SATELLITE);
    const struct {
        const char *word, *second;
        double azimuth_rad, other_rad;
        pl_colour colour;
    } body[] = {{"to the sun", "up", sight->sun_azimuth_rad, sight->sun_elevation_rad, PL__SUN},
                {"to the satellite", "off vertical", sight->view_azimuth_rad,
                 sight->view_incidence_rad, PL__SATELLITE}};
    for (int i = 0; i < 2; i++) {
        double ly = y + 36 + 44 * i;
        pl__canvas_text(c, x + 112, ly, body[i].word, 1, body[i].colour);
        if (isfinite(body[i].azimuth_rad)) {
            snprintf(line, sizeof line, "%.1f, %.1f %s", body[i].azimuth_rad * PL_DEG_PER_RAD,
                     body[i].other_rad * PL_DEG_PER_RAD, body[i].second);
        } else {
            snprintf(line, sizeof line, "unknown");
        }
        pl__canvas_text(c, x + 112, ly + 17, line, 0.9, PL__WHITE);
    }
}

static void scale_bar(pl_sheet *s, const map *m) {
    double canvas_px_per_m = m->scale / s->chip->frame.pixel_m;
    double metres = pl__sheet_round_up(60 / canvas_px_per_m);
    double x = m->box.x + 14, y = m->box.y + m->box.height - 14;
    char word[24];
    snprintf(word, sizeof word, "%g m", metres);
    pl__canvas_line(&s->canvas, x, y, x + metres * canvas_px_per_m, y, PL__NIGHT, 5);
    pl__canvas_line(&s->canvas, x, y, x + metres * canvas_px_per_m, y, PL__WHITE, 3);
    pl__sheet_label(&s->canvas, x, y - 9, word, PL__WHITE);
}

/* The middle, where a hull was looked for in vain. */
static void mark_place(pl_canvas *c, const map *m) {
    double x = m->box.x + 0.5 * m->box.width, y = m->box.y + 0.5 * m->box.height;
    for (int k = -1; k <= 1; k += 2) {
        pl__canvas_line(c, x + 8 * k, y, x + 24 * k, y, PL__OUTER, 2);
        pl__canvas_line(c, x, y + 8 * k, x, y + 24 * k, PL__OUTER, 2);
    }
}

void pl__sheet_picture(pl_sheet *s, pl_box box) {
    const pl_result_row *row = s->row;
    bool outlined = row->hull.outline_count > 0;
    double side_px = outlined ? 1.5 * row->hull.length_m.value / s->chip->frame.pixel_m
                              : s->chip->step * s->chip->pixels.width;
    map m = {box, row->hull.x_px - 0.5 * side_px, row->hull.y_px - 0.5 * side_px,
             pl__min(box.width, box.height) / side_px};
    for (int y = 0; y < (int)box.height; y++) {
        for (int x = 0; x < (int)box.width; x++) {
            pl_colour colour =
                pl__sheet_look(s, m.x_px + (x + 0.5) / m.scale, m.y_px + (y + 0.5) / m.scale);
            pl__sheet_set(&s->canvas, (int)box.x + x, (int)box.y + y, colour);
        }
    }
    if (row->waterline_px)
        ring(&s->canvas, &m, (const double(*)[2])row->waterline_px, row->hull.outline_count,
             PL__WATERLINE);
    ring(&s->canvas, &m, row->hull.outline_px, row->hull.outline_count, PL__DECK);
    if (!outlined) mark_place(&s->canvas, &m);
    rose(s, box.x + 8, box.y + 8);
    scale_bar(s, &m);
}
