/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a hull leave for people and for the page? Her picture north up, the same annotated, the
 * straightened strip, the mean section. The drawing is that of the sheet. */
#include <math.h>
#include <stdio.h>

#include "geo/geo.h"
#include "report/sheet.h"

enum { SIDE_MOST = 480, STRIP_TALL_MOST = 900, DRAWN = 720, HEAD = 44, FOOT = 26 };
static const double UNKNOWN_SIDE_M = 300.0; /* so much is shown where no hull was outlined */
static const double LEAST_BAND_M = 10.0;    /* beside the strip, where no band was measured */

static pl_status draw_north_up(pl_sheet *s, pl_arena *arena, pl_chip *out, pl_error *error) {
    double pixel_m = s->chip->frame.pixel_m;
    double side_m = s->row->hull.outline_count > 0 ? pl__sheet_side_m(s) : UNKNOWN_SIDE_M;
    out->m_per_px = pl__max(pixel_m, side_m / SIDE_MOST);
    out->side_px = (int)pl__clamp(round(side_m / out->m_per_px), 1, SIDE_MOST);
    if (!pl__canvas_new(out->side_px, out->side_px, PL__NIGHT, arena, &s->canvas))
        return pl__fail_memory(error, "report");
    pl_map map = pl__sheet_map(s, (pl_box){0, 0, out->side_px, out->side_px},
                               out->m_per_px * out->side_px, true);
    pl__map_paint(s, &map);
    out->picture = s->canvas.rgb;
    double x0, y0, x1, y1, x2, y2;
    pl__map_place(s, &map, 0, 0, &x0, &y0); /* the map is straight: three points say all */
    pl__map_place(s, &map, 1, 0, &x1, &y1);
    pl__map_place(s, &map, 0, 1, &x2, &y2);
    double from_input[6] = {x0, x1 - x0, x2 - x0, y0, y1 - y0, y2 - y0};
    for (int i = 0; i < 6; i++) out->from_input[i] = from_input[i];
    return PL_OK;
}

static double widest_band_m(const pl_result_row *row) {
    double most = LEAST_BAND_M;
    for (int i = 0; row->has_freeboard && i < row->freeboard.cue_count; i++)
        if (row->freeboard.cue[i].width_m.value > most) most = row->freeboard.cue[i].width_m.value;
    return most;
}

static pl_status draw_strip(pl_sheet *s, pl_arena *arena, pl_chip *out, pl_error *error) {
    const pl_hull *hull = &s->row->hull;
    double tall_m = 1.1 * hull->length_m.value;
    double wide_m = 3 * hull->beam_m.value + 2 * widest_band_m(s->row);
    if (hull->outline_count == 0) return PL_OK;
    out->strip_m_per_px =
        pl__max(s->chip->frame.pixel_m, pl__max(tall_m, wide_m) / STRIP_TALL_MOST);
    out->strip_height = (int)ceil(tall_m / out->strip_m_per_px);
    out->strip_width = (int)ceil(wide_m / out->strip_m_per_px);
    out->strip_centre_px[0] = 0.5 * out->strip_width;
    out->strip_centre_px[1] = 0.5 * out->strip_height;
    if (!pl__canvas_new(out->strip_width, out->strip_height, PL__NIGHT, arena, &s->canvas))
        return pl__fail_memory(error, "report");
    pl__strip_paint(s, (pl_box){0, 0, out->strip_width, out->strip_height}, out->strip_centre_px[0],
                    out->strip_centre_px[1], 1 / out->strip_m_per_px);
    out->strip = s->canvas.rgb;
    return PL_OK;
}

static void say(pl_sheet *s, double y, const char *text, double scale, pl_colour colour) {
    pl__canvas_text(&s->canvas, 10, y, text, scale, colour);
}

/* Two lines over the picture: which hull, and what was found. */
static void head(pl_sheet *s) {
    const pl_scene_info *scene = &s->result->scene;
    const pl_quantity *f = &s->row->freeboard.freeboard_m;
    const char *status = pl_result_status(s->row);
    char time[40] = "time unknown", found[80] = "no freeboard", line[400];
    if (isfinite(scene->acquired_s)) pl__geo_time_format(scene->acquired_s, time, sizeof time);
    if (s->row->has_freeboard && isfinite(f->value))
        snprintf(found, sizeof found, "freeboard %.2f +- %.2f m", f->value, f->sigma);
    say(s, 18, s->row->id, 1.1, PL__INK);
    snprintf(line, sizeof line, "%s: %s   %s%s%s   pixel %.2f m", status ? status : "found", found,
             time, *scene->platform ? "   " : "", scene->platform, s->chip->frame.pixel_m);
    say(s, 36, line, 0.95, PL__FAINT);
}

static void foot(pl_sheet *s) {
    const struct {
        pl_colour colour;
        const char *word;
    } key[] = {{PL__DECK, "deck edge"}, {PL__WATERLINE, "waterline, from the answer"}};
    double x = 10, y = HEAD + DRAWN + 17;
    for (int i = 0; i < 2 && s->row->hull.outline_count > 0; i++) {
        if (i == 1 && !s->row->waterline_px) break;
        pl__canvas_rectangle(&s->canvas, x, y - 9, x + 14, y + 1, key[i].colour);
        pl__canvas_text(&s->canvas, x + 20, y, key[i].word, 0.95, PL__FAINT);
        x += 46 + pl__canvas_text_width(key[i].word, 0.95);
    }
    const char *up = "true north is up";
    pl__canvas_text(&s->canvas, DRAWN - 10 - pl__canvas_text_width(up, 0.95), y, up, 0.95,
                    PL__FAINT);
}

static pl_status draw_annotated(pl_sheet *s, pl_arena *arena, pl_chip *out, pl_error *error) {
    double side_m = s->row->hull.outline_count > 0 ? pl__sheet_side_m(s) : UNKNOWN_SIDE_M;
    out->drawn_width = DRAWN;
    out->drawn_height = HEAD + DRAWN + FOOT;
    if (!pl__canvas_new(DRAWN, out->drawn_height, PL__PAPER, arena, &s->canvas))
        return pl__fail_memory(error, "report");
    pl_map map = pl__sheet_map(s, (pl_box){0, HEAD, DRAWN, DRAWN}, side_m, true);
    pl__map_paint(s, &map);
    pl__map_draw(s, &map);
    head(s);
    foot(s);
    out->drawn = s->canvas.rgb;
    return PL_OK;
}

pl_status pl_report_chip(const pl_crop *pixels, const pl_result *result, const pl_result_row *row,
                         pl_arena *arena, pl_chip *out, pl_error *error) {
    pl_sheet sheet = {.chip = pixels, .result = result, .row = row};
    *out = (pl_chip){.has_section = row->hull.outline_count > 0};
    if (!pl__sheet_stretch(&sheet, arena)) return pl__fail_memory(error, "report");
    pl_status status = draw_north_up(&sheet, arena, out, error);
    if (status == PL_OK) status = draw_strip(&sheet, arena, out, error);
    if (status == PL_OK) status = draw_annotated(&sheet, arena, out, error);
    if (status == PL_OK && out->has_section) pl__sheet_section(&sheet, &out->section);
    return status;
}
