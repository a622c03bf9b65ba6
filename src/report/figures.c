/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers does a sheet say, and in which words? Title, budget, numbers, reasons, legend. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geo.h"
#include "report/sheet.h"

enum { LINE = 19 };

/* ---- title ---- */

static pl_colour status_colour(const char *status) {
    static const pl_colour GREEN = {26, 127, 72}, AMBER = {190, 112, 0}, RED = {176, 42, 48};
    if (!status) return PL__FAINT;
    return *status == 'm' ? GREEN : *status == 'd' ? AMBER : RED;
}

void pl__sheet_title(pl_sheet *s, pl_box box) {
    const pl_scene_info *scene = &s->result->scene;
    char time[40] = "time unknown", line[400];
    const char *status = pl_result_status(s->row);
    pl_colour colour = status_colour(status);
    if (!status) status = "found";
    double width = pl__canvas_text_width(status, 1.3);
    if (isfinite(scene->acquired_s)) pl__geo_time_format(scene->acquired_s, time, sizeof time);
    pl__canvas_rectangle(&s->canvas, box.x, box.y + 6, box.x + width + 20, box.y + 34, colour);
    pl__canvas_text(&s->canvas, box.x + 10, box.y + 26, status, 1.3, PL__WHITE);
    pl__canvas_text(&s->canvas, box.x + width + 34, box.y + 26, s->row->id, 1.3, PL__INK);
    snprintf(line, sizeof line, "%s%s%s   pixel %.2f m   plimsoll %s", time,
             *scene->platform ? "   " : "", scene->platform, s->chip->frame.pixel_m, pl_version());
    double right = box.x + box.width - pl__canvas_text_width(line, 1);
    pl__canvas_text(&s->canvas, pl__max(right, box.x + 0.5 * box.width), box.y + 25, line, 1,
                    PL__FAINT);
}

/* ---- budget ---- */

static void bar(pl_canvas *c, pl_box box, double y, const char *name, double sigma_m, double most_m,
                pl_colour colour) {
    char word[24];
    double begin = box.x + 112, room = box.width - 112 - 52;
    snprintf(word, sizeof word, "%.3f", sigma_m);
    pl__canvas_text(c, box.x, y + 10, name, 0.95, PL__INK);
    pl__canvas_rectangle(c, begin, y, begin + pl__max(1, room * sigma_m / most_m), y + 12, colour);
    pl__canvas_text(c, box.x + box.width - 46, y + 10, word, 0.95, PL__INK);
}

void pl__sheet_budget(pl_sheet *s, pl_box box) {
    static const pl_colour PART = {112, 150, 196}, ALL = {44, 76, 120};
    const pl_freeboard *f = &s->row->freeboard;
    double y = box.y + 14, all = f->freeboard_m.sigma;
    pl__sheet_heading(&s->canvas, box.x, y, "What the freeboard's sigma is made of, metres");
    y += 14;
    if (!s->row->has_freeboard || !isfinite(all)) {
        pl__canvas_text(&s->canvas, box.x, y + 12, "no freeboard, no budget", 1, PL__FAINT);
        return;
    }
    for (int i = 0; i < PL_BUDGET_COUNT; i++) {
        if (!(f->budget_m[i] >= 0.0005)) continue;
        bar(&s->canvas, box, y, pl_budget_name((pl_budget_term)i), f->budget_m[i], all, PART);
        y += 17;
    }
    bar(&s->canvas, box, y + 3, "together", all, all, ALL);
}

/* ---- numbers ---- */

typedef struct pen {
    pl_canvas *canvas;
    double x, y, value_x, right;
} pen;

static void say(pen *p, const char *name, const char *value) {
    pl__canvas_text(p->canvas, p->x, p->y, name, 1, PL__FAINT);
    pl__canvas_text(p->canvas, p->value_x, p->y, value, 1, PL__INK);
    p->y += LINE;
}

static void say_quantity(pen *p, const char *name, const pl_quantity *q, const char *unit,
                         int decimals) {
    char line[96] = "unknown";
    if (isfinite(q->value) && isfinite(q->sigma)) {
        snprintf(line, sizeof line, "%.*f +- %.*f %s", decimals, q->value, decimals, q->sigma,
                 unit);
    } else if (isfinite(q->value)) {
        snprintf(line, sizeof line, "%.*f %s", decimals, q->value, unit);
    }
    say(p, name, line);
}

/* Three figures: more would pretend. */
static double three_figures(double x) {
    if (!(fabs(x) > 0)) return 0;
    double unit = pow(10, floor(log10(fabs(x))) - 2);
    return round(x / unit) * unit;
}

static void say_range(pen *p, const char *name, const pl_range *r, const char *unit) {
    char line[120];
    snprintf(line, sizeof line, "%.0f %s   (90 %%: %.0f to %.0f)", three_figures(r->p50), unit,
             three_figures(r->p05), three_figures(r->p95));
    say(p, name, line);
}

static void say_freeboard(pen *p, const pl_result_row *row) {
    const pl_freeboard *f = &row->freeboard;
    char line[120] = "none";
    if (isfinite(f->freeboard_m.value))
        snprintf(line, sizeof line, "%.2f +- %.2f m   (90 %%: %.2f to %.2f)", f->freeboard_m.value,
                 f->freeboard_m.sigma, f->p05_m, f->p95_m);
    say(p, "freeboard", row->has_freeboard ? line : "not asked for");
    for (int i = 0; row->has_freeboard && i < f->cue_count; i++) {
        const pl_cue *c = &f->cue[i];
        snprintf(line, sizeof line, "%s: %.2f m / %.3f = %.2f +- %.2f m",
                 c->kind == PL_CUE_DARK_BAND ? "dark band" : "lit wall", c->width_m.value,
                 c->per_metre, c->freeboard_m.value, c->freeboard_m.sigma);
        say(p, c->side == PL_PORT_SIDE ? "  port" : "  starboard", line);
    }
    if (!row->has_freeboard || f->status == PL_REFUSED) return;
    say_quantity(p, "trim", &f->trim_m, "m, by the stern", 2);
    pl_quantity list = {f->list_rad * PL_DEG_PER_RAD, NAN};
    say_quantity(p, "list", &list, "deg, to starboard", 2);
}

static void say_hull(pen *p, const pl_hull *hull) {
    char line[96];
    say_quantity(p, "length", &hull->length_m, "m", 1);
    say_quantity(p, "beam", &hull->beam_m, "m", 1);
    snprintf(line, sizeof line, "%.1f deg%s", hull->heading_rad * PL_DEG_PER_RAD,
             hull->bow_certain ? "" : ", or the opposite");
    if (hull->outline_count > 0) say(p, "heading", line);
    if (hull->given) say(p, "outline", "drawn by hand");
    if (!isfinite(hull->lon_deg)) return;
    snprintf(line, sizeof line, "%.5f, %.5f", hull->lat_deg, hull->lon_deg);
    say(p, "lat, lon", line);
}

/* The three probabilities as one bar. */
static void say_state(pen *p, const pl_load *l) {
    static const pl_colour COLOURS[] = {{120, 180, 220}, {232, 184, 92}, {150, 72, 60}};
    char line[120];
    double x = p->value_x, room = 150;
    snprintf(line, sizeof line, "%s", pl_load_state_name(l->state));
    say(p, "state", line);
    for (int i = 0; i < 3; i++) {
        double next = x + room * l->p_state[i];
        pl__canvas_rectangle(p->canvas, x, p->y - 10, next, p->y + 2, COLOURS[i]);
        x = next;
    }
    snprintf(line, sizeof line, "ballast %.0f, part %.0f, laden %.0f %%", 100 * l->p_state[0],
             100 * l->p_state[1], 100 * l->p_state[2]);
    pl__canvas_text(p->canvas, p->value_x + room + 8, p->y, line, 0.95, PL__INK);
    p->y += LINE;
}

static void say_load(pen *p, const pl_result_row *row) {
    const pl_load *l = &row->load;
    char line[120];
    if (!row->has_load) {
        say(p, "load",
            row->has_freeboard ? "none: no freeboard that fits a ship" : "not asked for");
        return;
    }
    say_quantity(p, "draft", &l->draft_m, "m", 2);
    say_quantity(p, "depth", &l->depth_m, l->depth_known ? "m, given" : "m, from length and beam",
                 2);
    say_quantity(p, "deadweight", &l->dwt_t, "t", 0);
    say_state(p, l);
    say_range(p, "cargo", &l->cargo_t, "t");
    say_range(p, "oil", &l->oil_bbl, "bbl");
    snprintf(line, sizeof line, "as %s by %s", l->product, l->conversion);
    say(p, "", line);
}

/* Words broken into lines that fit. */
static void say_wrapped(pen *p, const char *text, double indent, pl_colour colour) {
    char line[300] = "";
    const char *word = text;
    double x = p->x;
    while (*word) {
        char longer[300];
        size_t length = strcspn(word, " ");
        int n =
            snprintf(longer, sizeof longer, "%s%s%.*s", line, *line ? " " : "", (int)length, word);
        if (n < 0 || (size_t)n >= sizeof longer) break;
        if (*line && x + pl__canvas_text_width(longer, 0.95) > p->right) {
            pl__canvas_text(p->canvas, x, p->y, line, 0.95, colour);
            p->y += LINE - 3;
            x = p->x + indent;
            line[0] = '\0';
            continue; /* the same word begins the next line */
        }
        memcpy(line, longer, (size_t)n + 1);
        word += length;
        while (*word == ' ') word++;
    }
    pl__canvas_text(p->canvas, x, p->y, line, 0.95, colour);
    p->y += LINE - 3;
}

static void say_reasons(pen *p, const pl_result *result, const pl_result_row *row) {
    pl_reasons reasons = pl_result_reasons(result, row);
    char line[300];
    pl__sheet_heading(p->canvas, p->x, p->y, reasons ? "Reasons for doubt" : "No reason for doubt");
    p->y += LINE;
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        if (!(reasons & PL_BIT(i))) continue;
        snprintf(line, sizeof line, "%s: %s", pl_reason_code((pl_reason)i),
                 pl_reason_text((pl_reason)i));
        say_wrapped(p, line, 14, PL__INK);
    }
}

static void key(pl_canvas *c, double *x, double y, pl_colour colour, const char *word) {
    pl__canvas_rectangle(c, *x, y - 9, *x + 14, y + 1, colour);
    pl__canvas_text(c, *x + 20, y, word, 0.95, PL__FAINT);
    *x += 20 + pl__canvas_text_width(word, 0.95) + 26;
}

/* Colours, and for the stations that were left out how many and why. */
static void legend(pl_canvas *c, double x, double y, const pl_result_row *row) {
    static const char *const WHY[PL_STATION_USES] = {
        [PL_STATION_ENDS] = "shadow of house or forecastle may fall there",
        [PL_STATION_ODD] = "fit badly"};
    int count[PL_STATION_USES] = {0};
    char word[120];
    key(c, &x, y, PL__DECK, "deck edge");
    key(c, &x, y, PL__OUTER, "outer edge of shadow or wall");
    key(c, &x, y, PL__WATERLINE, "waterline, from the answer");
    for (int i = 0; row->has_freeboard && i < row->freeboard.station_count; i++)
        count[row->freeboard.station[i].use]++;
    for (int k = PL_STATION_ENDS; k < PL_STATION_USES; k++) {
        if (count[k] == 0) continue;
        snprintf(word, sizeof word, "%d of %d left out: %s", count[k], row->freeboard.station_count,
                 WHY[k]);
        key(c, &x, y, PL__LEFT_OUT[k], word);
    }
}

void pl__sheet_numbers(pl_sheet *s, pl_box box) {
    pl_canvas *c = &s->canvas;
    legend(c, box.x, box.y + 14, s->row);
    double top = box.y + 44, third = box.width / 3;
    pl__canvas_line(c, box.x, box.y + 26, box.x + box.width, box.y + 26, PL__RULE, 1);
    pen left = {c, box.x, top, box.x + 96, 0};
    pen middle = {c, box.x + third + 10, top, box.x + third + 100, 0};
    pen right = {c, box.x + 2 * third + 30, top, 0, box.x + box.width};
    say_freeboard(&left, s->row);
    say_hull(&left, &s->row->hull);
    say_load(&middle, s->row);
    say_reasons(&right, s->result, s->row);
}
