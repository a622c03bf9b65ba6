/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the picture show, as it lies in the file or with north up? With the outlines, north,
 * sun and satellite, a scale. */
#include <math.h>
#include <stdio.h>

#include "geo/geo.h"
#include "report/sheet.h"

/* ---- ground and canvas ---- */

double pl__sheet_side_m(const pl_sheet *s) {
    return s->row->hull.outline_count > 0
               ? 1.5 * s->row->hull.length_m.value
               : s->chip->step * s->chip->pixels.width * s->chip->frame.pixel_m;
}

pl_map pl__sheet_map(const pl_sheet *s, pl_box box, double side_m, bool north_up) {
    const pl_frame *f = &s->chip->frame;
    double shorter = pl__min(box.width, box.height), scale = shorter / side_m;
    pl_map m = {.box = box,
                .x = box.x + 0.5 * shorter,
                .y = box.y + 0.5 * shorter,
                .to = {scale, 0, 0, -scale},
                .back = {1 / scale, 0, 0, -1 / scale},
                .m_per_px = 1 / scale};
    pl__geo_to_metres(f, s->row->hull.x_px, s->row->hull.y_px, &m.east_m, &m.north_m);
    for (int i = 0; i < 4 && !north_up; i++) { /* as many canvas pixels an input pixel both ways */
        m.to[i] = f->pixels[i] * f->pixel_m * scale;
        m.back[i] = f->metres[i] / (f->pixel_m * scale);
    }
    return m;
}

void pl__map_place(const pl_sheet *s, const pl_map *m, double x_px, double y_px, double *x,
                   double *y) {
    double east, north;
    pl__geo_to_metres(&s->chip->frame, x_px, y_px, &east, &north);
    east -= m->east_m;
    north -= m->north_m;
    *x = m->x + m->to[0] * east + m->to[1] * north;
    *y = m->y + m->to[2] * east + m->to[3] * north;
}

static pl_colour look_at(const pl_sheet *s, const pl_map *m, double x, double y) {
    double dx = x - m->x, dy = y - m->y, x_px, y_px;
    pl__geo_to_pixel(&s->chip->frame, m->east_m + m->back[0] * dx + m->back[1] * dy,
                     m->north_m + m->back[2] * dx + m->back[3] * dy, &x_px, &y_px);
    return pl__sheet_look(s, x_px, y_px);
}

/* Where a canvas pixel holds several of the picture's, their mean. */
void pl__map_paint(pl_sheet *s, const pl_map *m) {
    enum { FINEST = 4 };
    double pixels = ceil(m->m_per_px / (s->chip->frame.pixel_m * s->chip->step) - 1e-6);
    int n = pixels < 1 ? 1 : pixels > FINEST ? FINEST : (int)pixels;
    for (int y = 0; y < (int)m->box.height; y++) {
        for (int x = 0; x < (int)m->box.width; x++) {
            int sum[3] = {0, 0, 0};
            for (int k = 0; k < n * n; k++) {
                pl_colour c = look_at(s, m, m->box.x + x + (k % n + 0.5) / n,
                                      m->box.y + y + (k / n + 0.5) / n);
                sum[0] += c.r;
                sum[1] += c.g;
                sum[2] += c.b;
            }
            pl_colour mean = {(unsigned char)(sum[0] / (n * n)), (unsigned char)(sum[1] / (n * n)),
                              (unsigned char)(sum[2] / (n * n))};
            pl__sheet_set(&s->canvas, (int)m->box.x + x, (int)m->box.y + y, mean);
        }
    }
}

/* ---- what is drawn on it ---- */

static void ring(pl_sheet *s, const pl_map *m, const double (*points)[2], int count,
                 pl_colour colour) {
    for (int k = 0; k + 1 < count; k++) {
        double at[4];
        for (int i = 0; i < 2; i++)
            pl__map_place(s, m, points[k + i][0], points[k + i][1], &at[2 * i], &at[2 * i + 1]);
        pl__canvas_line(&s->canvas, at[0], at[1], at[2], at[3], colour, 1);
    }
}

/* Canvas direction of an azimuth from true north, unit length. */
static void direction(const pl_map *m, double azimuth_rad, double *dx, double *dy) {
    double e = sin(azimuth_rad), n = cos(azimuth_rad), x = m->to[0] * e + m->to[1] * n,
           y = m->to[2] * e + m->to[3] * n, length = hypot(x, y);
    *dx = x / length;
    *dy = y / length;
}

static void hand(pl_canvas *c, const pl_map *m, double x, double y, double azimuth_rad,
                 double length, pl_colour colour) {
    double dx, dy;
    if (!isfinite(azimuth_rad)) return;
    direction(m, azimuth_rad, &dx, &dy);
    pl__canvas_arrow(c, x, y, x + length * dx, y + length * dy, colour, 2);
}

/* North, and where sun and satellite stand, seen from the ship. */
static void rose(pl_sheet *s, const pl_map *m, double x, double y) {
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
    direction(m, 0, &dx, &dy);
    pl__canvas_line(c, cx, cy, cx + 36 * dx, cy + 36 * dy, PL__WHITE, 1);
    pl__canvas_text(c, cx + RADIUS * dx - 4, cy + RADIUS * dy + 4, "N", 1.1, PL__WHITE);
    hand(c, m, cx, cy, sight->sun_azimuth_rad, 40, PL__SUN);
    hand(c, m, cx, cy, sight->view_azimuth_rad, 40, PL__SATELLITE);
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

static void scale_bar(pl_sheet *s, const pl_map *m) {
    double metres = pl__sheet_round_up(60 * m->m_per_px), long_px = metres / m->m_per_px;
    double x = m->box.x + 14, y = m->box.y + m->box.height - 14;
    char word[24];
    snprintf(word, sizeof word, "%g m", metres);
    pl__canvas_line(&s->canvas, x, y, x + long_px, y, PL__NIGHT, 5);
    pl__canvas_line(&s->canvas, x, y, x + long_px, y, PL__WHITE, 3);
    pl__sheet_label(&s->canvas, x, y - 9, word, PL__WHITE);
}

/* The middle, where a hull was looked for in vain. */
static void mark_place(pl_canvas *c, const pl_map *m) {
    double x = m->x, y = m->y;
    for (int k = -1; k <= 1; k += 2) {
        pl__canvas_line(c, x + 8 * k, y, x + 24 * k, y, PL__OUTER, 2);
        pl__canvas_line(c, x, y + 8 * k, x, y + 24 * k, PL__OUTER, 2);
    }
}

void pl__map_draw(pl_sheet *s, const pl_map *m) {
    const pl_result_row *row = s->row;
    if (row->waterline_px)
        ring(s, m, (const double(*)[2])row->waterline_px, row->hull.outline_count, PL__WATERLINE);
    ring(s, m, row->hull.outline_px, row->hull.outline_count, PL__DECK);
    if (row->hull.outline_count == 0) mark_place(&s->canvas, m);
    rose(s, m, m->box.x + 8, m->box.y + 8);
    scale_bar(s, m);
}

void pl__sheet_picture(pl_sheet *s, pl_box box) {
    pl_map m = pl__sheet_map(s, box, pl__sheet_side_m(s), false);
    pl__map_paint(s, &m);
    pl__map_draw(s, &m);
}
