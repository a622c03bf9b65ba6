/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is the mean cross-section shown? As a chart, with the fitted edges and the model over it. */
#include <math.h>
#include <stdio.h>

#include "report/sheet.h"

enum { SAMPLES = PL_SECTION_SAMPLES, AXIS = 40 };

typedef struct chart {
    pl_box plot;
    double from_m, to_m, low, high;
    bool cut; /* the chart ends below its brightest */
    pl_section section;
} chart;

static double x_of(const chart *c, double metres) {
    return c->plot.x + (metres - c->from_m) / (c->to_m - c->from_m) * c->plot.width;
}

/* Straight: a step that looks twice as high is. */
static double y_of(const chart *c, double level) {
    double t = c->high > c->low ? (level - c->low) / (c->high - c->low) : 0;
    return c->plot.y + c->plot.height * (1 - pl__clamp(t, 0, 1));
}

/* A deck far brighter than the rest would press shadow and water flat: then the chart ends at so
 * many times their range, and says so. */
static void cut_top(chart *c, double beyond_m) {
    const double MOST_RANGES = 5;
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < SAMPLES; i++) {
        double d = c->section.from_m + (i + 0.5) * c->section.step_m;
        if (d < beyond_m) continue;
        low = fmin(low, (double)c->section.level[i]);
        high = fmax(high, (double)c->section.level[i]);
    }
    double top = c->low + MOST_RANGES * (high - low);
    c->cut = isfinite(top) && top > c->low && top < c->high;
    if (c->cut) c->high = top;
}

static void scale(chart *c) {
    const pl_section *s = &c->section;
    c->from_m = s->from_m;
    c->to_m = s->from_m + SAMPLES * s->step_m;
    c->low = INFINITY;
    c->high = -INFINITY;
    for (int i = 0; i < SAMPLES; i++) {
        c->low = fmin(c->low, (double)s->level[i]);
        c->high = fmax(c->high, (double)s->level[i]);
    }
    if (s->one_side) cut_top(c, 0.4 * s->outer_edge_m);
}

static void axes(pl_canvas *canvas, const chart *c) {
    double bottom = c->plot.y + c->plot.height;
    double step = pl__sheet_round_up((c->to_m - c->from_m) / 7);
    char word[24];
    pl__canvas_line(canvas, c->plot.x, bottom, c->plot.x + c->plot.width, bottom, PL__FAINT, 1);
    for (double d = step * ceil(c->from_m / step); d <= c->to_m; d += step) {
        double x = x_of(c, d);
        pl__canvas_line(canvas, x, bottom, x, bottom + 4, PL__FAINT, 1);
        snprintf(word, sizeof word, "%g", fabs(d) < 1e-9 ? 0 : d);
        pl__canvas_text(canvas, x - 0.5 * pl__canvas_text_width(word, 0.9), bottom + 18, word, 0.9,
                        PL__FAINT);
    }
}

/* Brightness, as the file counts it. */
static void brightness_axis(pl_canvas *canvas, const chart *c) {
    if (!(c->high > c->low)) return;
    double step = pl__sheet_round_up((c->high - c->low) / 5);
    char word[24];
    for (double v = step * ceil(c->low / step); v <= c->high; v += step) {
        double y = y_of(c, v);
        snprintf(word, sizeof word, "%g", fabs(v) < 1e-9 ? 0 : v);
        pl__canvas_line(canvas, c->plot.x - 4, y, c->plot.x, y, PL__FAINT, 1);
        pl__canvas_line(canvas, c->plot.x, y, c->plot.x + c->plot.width, y, PL__RULE, 1);
        pl__canvas_text(canvas, c->plot.x - 8 - pl__canvas_text_width(word, 0.8), y + 4, word, 0.8,
                        PL__FAINT);
    }
}

static void curve(pl_canvas *canvas, const chart *c, const float *level, pl_colour colour) {
    for (int i = 0; i + 1 < SAMPLES; i++) {
        double a = (double)level[i], b = (double)level[i + 1];
        if (!isfinite(a) || !isfinite(b) || pl__min(a, b) > c->high) continue;
        double x = c->plot.x + (i + 0.5) / SAMPLES * c->plot.width, dx = c->plot.width / SAMPLES;
        pl__canvas_line(canvas, x, y_of(c, a), x + dx, y_of(c, b), colour, 1);
    }
}

/* An edge, its name on paper beside the line's head; `left`: on the other side of it. */
static void upright(pl_canvas *canvas, const chart *c, double metres, pl_colour colour,
                    const char *word, int row, bool left) {
    if (!isfinite(metres) || metres < c->from_m || metres > c->to_m) return;
    double x = x_of(c, metres), top = c->plot.y - 8 - 16 * row;
    double width = pl__canvas_text_width(word, 0.9);
    pl__canvas_line(canvas, x, top - 8, x, c->plot.y + c->plot.height, colour, 2);
    double begin = left ? x - width - 6 : x + 6;
    begin = pl__clamp(begin, c->plot.x, c->plot.x + c->plot.width - width);
    pl__canvas_rectangle(canvas, begin - 2, top - 9, begin + width + 2, top + 5, PL__PAPER);
    pl__canvas_text(canvas, begin, top + 2, word, 0.9, PL__INK);
}

static void one_side(pl_sheet *s, chart *c) {
    const pl_section *at = &c->section;
    bool dark = at->kind == PL_CUE_DARK_BAND;
    char line[96];
    snprintf(line, sizeof line, "Mean section, %s side, %d stations",
             at->side == PL_STARBOARD_SIDE ? "starboard" : "port", at->stations);
    pl__sheet_heading(&s->canvas, c->plot.x, c->plot.y - 62, line);
    brightness_axis(&s->canvas, c);
    axes(&s->canvas, c);
    upright(&s->canvas, c, 0, PL__DECK, "deck edge", 0, true);
    upright(&s->canvas, c, at->outer_edge_m, PL__OUTER, dark ? "shadow's end" : "waterline", 1,
            false);
    if (dark)
        upright(&s->canvas, c, at->waterline_m, PL__WATERLINE, "waterline", 2, at->waterline_m < 0);
    curve(&s->canvas, c, at->model, PL__MODEL);
    curve(&s->canvas, c, at->level, PL__INK);
}

static void both_sides(pl_sheet *s, chart *c) {
    const pl_hull *hull = &s->row->hull;
    pl__sheet_heading(&s->canvas, c->plot.x, c->plot.y - 62,
                      "Mean section of the middle: no edges fitted");
    brightness_axis(&s->canvas, c);
    axes(&s->canvas, c);
    upright(&s->canvas, c, -0.5 * hull->beam_m.value, PL__DECK, "port", 0, true);
    upright(&s->canvas, c, 0.5 * hull->beam_m.value, PL__DECK, "starboard", 0, false);
    curve(&s->canvas, c, c->section.level, PL__INK);
}

bool pl__sheet_profile(pl_sheet *s, pl_box box, pl_arena *arena) {
    chart *c = pl__arena_array(arena, 1, sizeof *c);
    if (!c) return false;
    c->plot = (pl_box){box.x + AXIS, box.y + 76, box.width - AXIS, box.height - 76 - 44};
    pl__sheet_section(s, &c->section);
    scale(c);
    bool known = c->section.one_side;
    if (known) {
        one_side(s, c);
    } else {
        both_sides(s, c);
    }
    double foot = box.y + box.height - 6;
    pl__canvas_text(&s->canvas, box.x, foot,
                    known ? "to the right: metres outward from the deck's edge"
                          : "to the right: metres from the axis to starboard",
                    0.9, PL__FAINT);
    pl__canvas_text(&s->canvas, box.x, foot + 16,
                    c->cut  ? "upward: brightness in the file; the deck is off the scale"
                    : known ? "upward: brightness in the file; blue: three levels, blurred"
                            : "upward: brightness as the file counts it",
                    0.9, PL__FAINT);
    return true;
}
