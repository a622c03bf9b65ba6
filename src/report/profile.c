/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the mean cross-section look like, and where do the fitted edges stand in it?
 *
 * Sections at the used stations, each laid so that its own deck edge is at 0, averaged: what is
 * sharp in the picture stays sharp. Distances run outward from the deck's edge. Without stations
 * the middle of the hull is shown from side to side. */
#include <math.h>
#include <stdio.h>

#include "report/sheet.h"

enum { SAMPLES = 240, SECTIONS = 25, AXIS = 40 };

typedef struct chart {
    pl_box plot;
    double from_m, to_m, low, high;
    bool cut; /* the chart ends below its brightest */
    double level[SAMPLES];
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
        double d = c->from_m + (i + 0.5) / SAMPLES * (c->to_m - c->from_m);
        if (d < beyond_m) continue;
        low = fmin(low, c->level[i]);
        high = fmax(high, c->level[i]);
    }
    double top = c->low + MOST_RANGES * (high - low);
    c->cut = isfinite(top) && top > c->low && top < c->high;
    if (c->cut) c->high = top;
}

/* Mean of sections at u[k], each from its own zero, positive outward by sign. */
static void average(const pl_sheet *s, const double *u, const double *zero, int count, double sign,
                    chart *c) {
    c->low = INFINITY;
    c->high = -INFINITY;
    for (int i = 0; i < SAMPLES; i++) {
        double d = c->from_m + (i + 0.5) / SAMPLES * (c->to_m - c->from_m), sum = 0;
        int n = 0;
        for (int k = 0; k < count; k++) {
            double x, y;
            pl__sheet_at(s, u[k], sign * (zero[k] + d), &x, &y);
            double level = pl__sheet_level(s, x, y);
            if (!isfinite(level)) continue;
            sum += level;
            n++;
        }
        c->level[i] = n > 0 ? sum / n : NAN;
        c->low = fmin(c->low, c->level[i]);
        c->high = fmax(c->high, c->level[i]);
    }
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

static void curve(pl_canvas *canvas, const chart *c) {
    for (int i = 0; i + 1 < SAMPLES; i++) {
        double a = c->level[i], b = c->level[i + 1];
        if (!isfinite(a) || !isfinite(b) || pl__min(a, b) > c->high) continue;
        double x = c->plot.x + (i + 0.5) / SAMPLES * c->plot.width, dx = c->plot.width / SAMPLES;
        pl__canvas_line(canvas, x, y_of(c, a), x + dx, y_of(c, b), PL__INK, 1);
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

/* The stations that count, evenly thinned; their deck edges, and the mean width of the band. */
static int take_stations(const pl_freeboard *f, double *u, double *zero, double *width_m) {
    int used = 0, count = 0;
    for (int i = 0; i < f->station_count; i++) used += f->station[i].use == PL_STATION_USED;
    double sum = 0;
    for (int i = 0, k = 0; i < f->station_count && used > 0; i++) {
        const pl_station *at = &f->station[i];
        if (at->use != PL_STATION_USED) continue;
        sum += (double)(at->outer_edge_m - at->deck_edge_m);
        if (count < SECTIONS && k++ * SECTIONS >= count * used) {
            u[count] = at->along_m;
            zero[count++] = (double)at->deck_edge_m;
        }
    }
    *width_m = used > 0 ? sum / used : NAN;
    return count;
}

static const pl_cue *leading_cue(const pl_freeboard *f) {
    for (int i = 0; i < f->cue_count; i++) {
        if (f->cue[i].side == f->station_side) return &f->cue[i];
    }
    return NULL;
}

static void one_side(pl_sheet *s, chart *c, const double *u, const double *zero, int count,
                     double width_m) {
    const pl_freeboard *f = &s->row->freeboard;
    const pl_cue *cue = leading_cue(f);
    bool starboard = f->station_side == PL_STARBOARD_SIDE,
         dark = !cue || cue->kind == PL_CUE_DARK_BAND;
    double normal = s->row->hull.heading_rad + (starboard ? 0.5 : -0.5) * PL_PI;
    double lean = pl_freeboard_geometry(&s->row->sight, normal).lean;
    char line[96];
    c->from_m = -pl__max(4, 0.6 * width_m);
    c->to_m = width_m + pl__max(5, 0.8 * width_m);
    average(s, u, zero, count, starboard ? 1 : -1, c);
    snprintf(line, sizeof line, "Mean section, %s side, %d stations",
             starboard ? "starboard" : "port", cue ? cue->stations : count);
    pl__sheet_heading(&s->canvas, c->plot.x, c->plot.y - 62, line);
    cut_top(c, 0.4 * width_m);
    brightness_axis(&s->canvas, c);
    axes(&s->canvas, c);
    upright(&s->canvas, c, 0, PL__DECK, "deck edge", 0, true);
    upright(&s->canvas, c, width_m, PL__OUTER, dark ? "shadow's end" : "waterline", 1, false);
    /* the water's line by the answer: the deck's edge stands lean * f off it */
    if (dark)
        upright(&s->canvas, c, -lean * f->freeboard_m.value, PL__WATERLINE, "waterline", 2,
                lean > 0);
    curve(&s->canvas, c);
}

static void both_sides(pl_sheet *s, chart *c) {
    const pl_hull *hull = &s->row->hull;
    double u[SECTIONS], zero[SECTIONS] = {0};
    for (int k = 0; k < SECTIONS; k++)
        u[k] = 0.5 * hull->length_m.value * ((k + 0.5) / SECTIONS - 0.5);
    c->from_m = -1.4 * hull->beam_m.value;
    c->to_m = 1.4 * hull->beam_m.value;
    average(s, u, zero, SECTIONS, 1, c);
    pl__sheet_heading(&s->canvas, c->plot.x, c->plot.y - 62,
                      "Mean section of the middle: no edges fitted");
    brightness_axis(&s->canvas, c);
    axes(&s->canvas, c);
    upright(&s->canvas, c, -0.5 * hull->beam_m.value, PL__DECK, "port", 0, true);
    upright(&s->canvas, c, 0.5 * hull->beam_m.value, PL__DECK, "starboard", 0, false);
    curve(&s->canvas, c);
}

bool pl__sheet_profile(pl_sheet *s, pl_box box, pl_arena *arena) {
    chart *c = pl__arena_array(arena, 1, sizeof *c);
    double u[SECTIONS], zero[SECTIONS], width_m;
    if (!c) return false;
    c->plot = (pl_box){box.x + AXIS, box.y + 76, box.width - AXIS, box.height - 76 - 44};
    int count = s->row->has_freeboard ? take_stations(&s->row->freeboard, u, zero, &width_m) : 0;
    bool known = count > 0 && isfinite(width_m);
    if (known) {
        one_side(s, c, u, zero, count, width_m);
    } else {
        both_sides(s, c);
    }
    double foot = box.y + box.height - 6;
    pl__canvas_text(&s->canvas, box.x, foot,
                    known ? "to the right: metres outward from the deck's edge"
                          : "to the right: metres from the axis to starboard",
                    0.9, PL__FAINT);
    pl__canvas_text(&s->canvas, box.x, foot + 16,
                    c->cut ? "upward: brightness in the file; the deck is off the scale"
                           : "upward: brightness as the file counts it",
                    0.9, PL__FAINT);
    return true;
}
