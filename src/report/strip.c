/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where were the edges found along the hull? Straightened, bow up, with the stations of the leading
 * cue. */
#include <math.h>
#include <stdio.h>

#include "report/sheet.h"

enum { TOP = 24, FOOT = 24 };

typedef struct strip {
    pl_box box;
    double x0, y0, scale; /* canvas place of the hull's centre; canvas pixels a metre */
} strip;

static void metres_along(pl_sheet *s, const strip *p) {
    double half = 0.5 * s->row->hull.length_m.value, step = pl__sheet_round_up(half / 2.5);
    char word[24];
    for (double u = -step * floor(half / step); u <= half; u += step) {
        double y = p->y0 - u * p->scale;
        pl__canvas_line(&s->canvas, p->box.x, y, p->box.x + 7, y, PL__WHITE, 1);
        snprintf(word, sizeof word, "%g", u == 0 ? 0 : u);
        pl__sheet_label(&s->canvas, p->box.x + 10, y + 4, word, PL__WHITE);
    }
}

static void stations(pl_sheet *s, const strip *p) {
    const pl_freeboard *f = &s->row->freeboard;
    double sign = f->station_side == PL_STARBOARD_SIDE ? 1 : -1;
    for (int i = 0; s->row->has_freeboard && i < f->station_count; i++) {
        const pl_station *at = &f->station[i];
        double y = p->y0 - at->along_m * p->scale;
        const struct {
            double across_m;
            pl_colour colour;
        } edge[] = {{(double)at->deck_edge_m, PL__DECK}, {(double)at->outer_edge_m, PL__OUTER}};
        for (int k = 0; k < 2; k++) {
            double x = p->x0 + sign * edge[k].across_m * p->scale;
            if (!isfinite(x) || x < p->box.x || x > p->box.x + p->box.width) continue;
            pl__canvas_dot(&s->canvas, x, y, 3, PL__NIGHT);
            pl__canvas_dot(&s->canvas, x, y, 2,
                           at->use == PL_STATION_USED ? edge[k].colour : PL__LEFT_OUT[at->use]);
        }
    }
}

void pl__strip_paint(pl_sheet *s, pl_box box, double x0, double y0, double px_per_m) {
    for (int y = 0; y < (int)box.height; y++) {
        for (int x = 0; x < (int)box.width; x++) {
            double px, py;
            pl__sheet_at(s, (y0 - box.y - y - 0.5) / px_per_m, (box.x + x + 0.5 - x0) / px_per_m,
                         &px, &py);
            pl__sheet_set(&s->canvas, (int)box.x + x, (int)box.y + y, pl__sheet_look(s, px, py));
        }
    }
}

double pl__sheet_strip_scale(const pl_sheet *s, pl_box box) {
    const pl_hull *hull = &s->row->hull;
    return pl__min((box.height - TOP - FOOT) / (1.1 * hull->length_m.value),
                   box.width / (2.4 * hull->beam_m.value));
}

void pl__sheet_strip(pl_sheet *s, pl_box box, double scale) {
    const pl_hull *hull = &s->row->hull;
    strip p = {box, box.x + 0.5 * box.width, box.y + TOP + 0.5 * (box.height - TOP - FOOT), scale};
    pl__strip_paint(s, box, p.x0, p.y0, p.scale);
    stations(s, &p);
    metres_along(s, &p);
    const char *bow = hull->bow_certain ? "bow" : "bow or stern";
    double bow_width = pl__canvas_text_width(bow, 1);
    double starboard_width = pl__canvas_text_width("starboard", 1);
    pl__sheet_label(&s->canvas, p.x0 - 0.5 * bow_width, box.y + 16, bow, PL__WHITE);
    pl__sheet_label(&s->canvas, box.x + 8, box.y + box.height - 8, "port", PL__WHITE);
    pl__sheet_label(&s->canvas, box.x + box.width - starboard_width - 8, box.y + box.height - 8,
                    "starboard", PL__WHITE);
}
