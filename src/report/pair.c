/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is it one ship, and what changed? Two pictures of her on one sheet.
 *
 *   +---------------------------------------------------------+
 *   | same, unsure; before and after                           |
 *   +-----------------+-----------------+---------------------+
 *   | before          | after           | change, identity,   |
 *   | straightened,   | at the same     | both freeboards,    |
 *   | bow up          | scale           | reasons, legend     |
 *   +-----------------+-----------------+---------------------+ */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geo.h"
#include "report/sheet.h"

enum { MARGIN = 14, TITLE = 44, STRIP = 440, LINE = 19, NAMES = 130 };

/* ---- the strips ---- */

/* A ring of the picture, in the strip. */
static void ring(pl_sheet *s, pl_box box, double scale, const double (*px)[2], int count,
                 pl_colour colour) {
    const pl_hull *hull = &s->row->hull;
    double centre[2], sh = sin(hull->heading_rad), ch = cos(hull->heading_rad), from[2] = {0, 0};
    pl__geo_to_metres(&s->chip->frame, hull->x_px, hull->y_px, &centre[0], &centre[1]);
    for (int k = 0; k < count; k++) {
        double east, north, at[2];
        pl__geo_to_metres(&s->chip->frame, px[k][0], px[k][1], &east, &north);
        east -= centre[0];
        north -= centre[1];
        at[0] = box.x + 0.5 * box.width + (east * ch - north * sh) * scale;
        at[1] = box.y + 0.5 * box.height - (east * sh + north * ch) * scale;
        if (k > 0) pl__canvas_line(&s->canvas, from[0], from[1], at[0], at[1], colour, 1);
        memcpy(from, at, sizeof from);
    }
}

static void draw_strip(pl_sheet *s, pl_box box, double scale, const char *when) {
    const pl_result_row *row = s->row;
    const pl_scene_info *scene = &s->result->scene;
    char time[40] = "time unknown", line[160];
    pl__sheet_strip(s, box, scale);
    if (row->waterline_px)
        ring(s, box, scale, (const double(*)[2])row->waterline_px, row->hull.outline_count,
             PL__WATERLINE);
    ring(s, box, scale, row->hull.outline_px, row->hull.outline_count, PL__DECK);
    if (isfinite(scene->acquired_s)) pl__geo_time_format(scene->acquired_s, time, sizeof time);
    snprintf(line, sizeof line, "%s: %.16s %s, pixel %.2f m", when, time, scene->platform,
             scene->gsd_m);
    pl__canvas_text(&s->canvas, box.x + 2, box.y + box.height + 18, line, 1, PL__INK);
}

/* ---- the numbers ---- */

typedef struct pen {
    pl_canvas *canvas;
    double x, y;
} pen;

static void say(pen *p, const char *name, const char *value) {
    pl__canvas_text(p->canvas, p->x, p->y, name, 1, PL__FAINT);
    pl__canvas_text(p->canvas, p->x + NAMES, p->y, value, 1, PL__INK);
    p->y += LINE;
}

static void say_quantity(pen *p, const char *name, const pl_quantity *q, const char *unit,
                         int decimals, bool change) {
    char line[96] = "unknown";
    if (isfinite(q->value))
        snprintf(line, sizeof line, change ? "%+.*f +- %.*f %s" : "%.*f +- %.*f %s", decimals,
                 q->value, decimals, q->sigma, unit);
    say(p, name, line);
}

static void say_range(pen *p, const char *name, const pl_range *r, const char *unit) {
    char line[120] = "unknown";
    if (isfinite(r->p50))
        snprintf(line, sizeof line, "%+.0f %s (90 %%: %+.0f to %+.0f)", r->p50, unit, r->p05,
                 r->p95);
    say(p, name, line);
}

static void heading(pen *p, const char *text) {
    p->y += 12;
    pl__sheet_heading(p->canvas, p->x, p->y, text);
    p->y += LINE + 3;
}

static void say_change(pen *p, const pl_change *c) {
    heading(p, "After less before");
    say(p, "direction", pl_direction_name(c->direction));
    say_quantity(p, "freeboard", &c->freeboard_change_m, "m", 2, true);
    say_quantity(p, "trim", &c->trim_change_m, "m", 2, true);
    say_quantity(p, "displacement", &c->displacement_change_t, "t", 0, true);
    say_range(p, "cargo", &c->transfer_t, "t");
    say_range(p, "barrels", &c->transfer_bbl, "bbl");
}

static void say_identity(pen *p, const pl_pair *pair) {
    const pl_identity *i = &pair->identity;
    char line[120];
    heading(p, "One ship?");
    snprintf(line, sizeof line, "%s, probability %.3f", pl_verdict_name(i->verdict),
             pair->probability);
    say(p, "verdict", line);
    snprintf(line, sizeof line, "x %.2g", i->dimensions);
    say(p, "length, beam", line);
    snprintf(line, sizeof line, "x %.2g (correlation %.2f)", i->deck, i->deck_correlation);
    say(p, "deck", line);
    snprintf(line, sizeof line, "x %.2g", i->vessel_class * i->names);
    say(p, "class, name", line);
    snprintf(line, sizeof line, "x %.2g (%.0f m apart)", pair->place, pair->apart_m);
    say(p, "place", line);
}

static void say_hull(pen *p, const char *title, const pl_result_row *row) {
    heading(p, title);
    pl__canvas_text(p->canvas, p->x, p->y, row->id, 1, PL__INK);
    p->y += LINE;
    say_quantity(p, "length", &row->hull.length_m, "m", 1, false);
    say_quantity(p, "beam", &row->hull.beam_m, "m", 1, false);
    if (row->has_freeboard) {
        say_quantity(p, "freeboard", &row->freeboard.freeboard_m, "m", 2, false);
        say_quantity(p, "trim", &row->freeboard.trim_m, "m", 2, false);
    }
}

static void say_reasons(pen *p, pl_reasons reasons) {
    heading(p, "Reasons for doubt");
    if (!reasons) say(p, "none", "");
    for (int i = 0; i < PL_REASON_COUNT && p->y < PL_DRAWING_HEIGHT - 60; i++) {
        if (!(reasons & PL_BIT(i))) continue;
        pl__canvas_text(p->canvas, p->x, p->y, pl_reason_code((pl_reason)i), 1, PL__INK);
        p->y += LINE;
    }
}

static void key(pl_canvas *c, double *x, pl_colour colour, const char *word) {
    double y = PL_DRAWING_HEIGHT - 14;
    pl__canvas_rectangle(c, *x, y - 9, *x + 14, y + 1, colour);
    pl__canvas_text(c, *x + 20, y, word, 1, PL__FAINT);
    *x += 46 + pl__canvas_text_width(word, 1);
}

static void legend(pl_canvas *c) {
    double x = MARGIN;
    key(c, &x, PL__DECK, "deck edge");
    key(c, &x, PL__OUTER, "outer edge of shadow or wall");
    key(c, &x, PL__WATERLINE, "waterline, from the answer");
    key(c, &x, PL__LEFT_OUT[PL_STATION_ENDS], "left out");
}

/* The hull turned round: what was forward is aft. Its stations were counted the other way. */
static void turn_round(pl_result_row *row) {
    row->hull.heading_rad = pl__geo_wrap(row->hull.heading_rad + PL_PI);
    row->freeboard.station_count = 0;
}

pl_status pl_report_draw_pair(const pl_pair_view view[2], const pl_pair *pair, pl_arena *arena,
                              pl_drawing *out, pl_error *error) {
    static const char *const WHEN[] = {"before", "after"};
    pl_sheet sheet[2];
    pl_canvas canvas;
    pl_box box[2];
    double scale = INFINITY;
    pl_result_row *turned = pl__arena_alloc(arena, sizeof *turned);
    if (!turned || !pl__canvas_new(PL_DRAWING_WIDTH, PL_DRAWING_HEIGHT, PL__PAPER, arena, &canvas))
        return pl__fail_memory(error, "report");
    *turned = *view[1].row;
    if (pair->identity.deck_reversed) turn_round(turned);
    for (int i = 0; i < 2; i++) {
        sheet[i] = (pl_sheet){.canvas = canvas,
                              .chip = view[i].chip,
                              .result = view[i].result,
                              .row = i ? turned : view[0].row};
        box[i] = (pl_box){MARGIN + i * (STRIP + 8), TITLE, STRIP, PL_DRAWING_HEIGHT - TITLE - 60};
        if (!pl__sheet_stretch(&sheet[i], arena)) return pl__fail_memory(error, "report");
        scale = pl__min(scale, pl__sheet_strip_scale(&sheet[i], box[i]));
    }
    for (int i = 0; i < 2; i++) draw_strip(&sheet[i], box[i], scale, WHEN[i]);
    char line[240];
    snprintf(line, sizeof line, "%s: %.60s  and  %.60s", pl_verdict_name(pair->identity.verdict),
             view[0].row->id, view[1].row->id);
    pl__canvas_text(&canvas, MARGIN, 28, line, 1.3, PL__INK);
    pen p = {&canvas, 2 * MARGIN + 2 * STRIP + 16, TITLE};
    say_change(&p, &pair->change);
    say_identity(&p, pair);
    say_hull(&p, "Before", view[0].row);
    say_hull(&p, "After", view[1].row);
    say_reasons(&p, pair->change.reasons);
    legend(&canvas);
    *out = (pl_drawing){canvas.rgb};
    return PL_OK;
}
