/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a row said in one line, for spreadsheets and for a terminal? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "geo/geo.h"
#include "results/internal.h"

/* ---- CSV (RFC 4180) ---- */

/* A cell that begins with = + - @ would be a formula to a spreadsheet: an apostrophe takes that
 * from it. */
static void put_text(pl_text *t, const char *text) {
    bool formula = strchr("=+-@\t\r", text[0]) && text[0] != '\0';
    if (!formula && !strpbrk(text, ",\"\r\n")) {
        pl__results_print(t, "%s", text);
        return;
    }
    pl__results_print(t, "\"%s", formula ? "'" : "");
    for (const char *c = text; *c; c++) pl__results_print(t, *c == '"' ? "\"\"" : "%c", *c);
    pl__results_print(t, "\"");
}

static void put_cell(pl_text *t, const pl_cell *c) {
    if (c->type == PL_FIELD_TEXT) {
        if (c->text) put_text(t, c->text);
    } else if (isfinite(c->real)) {
        double value = fabs(c->real) < 0.5 * pow(10, -c->decimals) ? 0.0 : c->real; /* no "-0" */
        pl__results_print(t, "%.*f", c->decimals, value);
    }
}

void pl__results_csv_cells(pl_text *t, const pl_cells *cells, bool names) {
    for (int i = 0; i < cells->count; i++) {
        if (i) pl__results_print(t, ",");
        if (names)
            pl__results_print(t, "%s", cells->cell[i].name);
        else
            put_cell(t, &cells->cell[i]);
    }
}

char *pl__results_csv(const pl_result *result, bool header) {
    pl_text t = {0};
    pl_cells cells;
    if (header) {
        pl_result_row none = {0};
        pl__results_cells(result, &none, &cells);
        pl__results_csv_cells(&t, &cells, true);
        pl__results_print(&t, "\r\n");
    }
    for (int k = 0; k < result->count; k++) {
        pl__results_cells(result, &result->row[k], &cells);
        pl__results_csv_cells(&t, &cells, false);
        pl__results_print(&t, "\r\n");
    }
    return pl__results_text_take(&t);
}

/* ---- CSV of scenes ---- */

static void put_number(pl_text *t, double value, int decimals) {
    pl__results_print(t, ",");
    if (isfinite(value)) pl__results_print(t, "%.*f", decimals, value);
}

static void put_next(pl_text *t, const char *text) {
    pl__results_print(t, ",");
    put_text(t, text);
}

static void put_warnings(pl_text *t, const pl_scene_info *s) {
    pl_text all = {0};
    for (int i = 0; i < s->warning_count; i++)
        pl__results_print(&all, "%s%s", i ? "; " : "", s->warning[i]);
    char *text = pl__results_text_take(&all);
    put_next(t, text ? text : "");
    free(text);
}

static void put_scene_line(pl_text *t, const pl_result *r) {
    const pl_scene_info *s = &r->scene;
    char acquired[40] = "", hulls[16];
    int measured = 0;
    for (int k = 0; k < r->count; k++) {
        const char *status = pl_result_status(&r->row[k]);
        measured += status && *status != 'r';
    }
    if (isfinite(s->acquired_s)) pl__geo_time_format(s->acquired_s, acquired, sizeof acquired);
    put_text(t, s->id);
    put_next(t, s->file);
    put_next(t, acquired);
    put_next(t, s->platform);
    put_next(t, r->area.name);
    snprintf(hulls, sizeof hulls, "%d,%d", r->count, measured);
    pl__results_print(t, ",%s", hulls);
    put_number(t, s->gsd_m, 4);
    put_number(t, s->sight.sun_azimuth_rad * PL_DEG_PER_RAD, 3);
    put_number(t, s->sight.sun_elevation_rad * PL_DEG_PER_RAD, 3);
    put_number(t, s->sight.view_azimuth_rad * PL_DEG_PER_RAD, 3);
    put_number(t, s->sight.view_incidence_rad * PL_DEG_PER_RAD, 3);
    put_number(t, r->unseen_share, 3);
    put_next(t, s->sha256);
    put_next(t, s->sidecar_sha256);
    put_warnings(t, s);
    pl__results_print(t, "\r\n");
}

pl_status pl_result_scenes_csv(const pl_result *results, int count, char **out, pl_error *error) {
    pl_text t = {0};
    pl__results_print(&t,
                      "scene_id,file,acquired,platform,port,hulls,measured,gsd_m,sun_azimuth_deg,"
                      "sun_elevation_deg,view_azimuth_deg,view_incidence_deg,unseen_share,"
                      "sha256,sidecar_sha256,warnings\r\n");
    for (int i = 0; i < count; i++) put_scene_line(&t, &results[i]);
    *out = pl__results_text_take(&t);
    return *out ? PL_OK : pl__fail_memory(error, "results");
}

/* ---- terminal ---- */

static void put_quantity(pl_text *t, double value, double sigma, int width, int decimals) {
    if (isfinite(value)) {
        pl__results_print(t, "%*.*f +- %4.*f", width, decimals, value, decimals, sigma);
    } else {
        pl__results_print(t, "%*s", width + 8, "-");
    }
}

/* Barrels to three figures: more would pretend. */
double pl__results_three_figures(double x) {
    if (!(fabs(x) > 0)) return 0;
    double unit = pow(10, floor(log10(fabs(x))) - 2);
    return round(x / unit) * unit;
}

static void put_load(pl_text *t, const pl_result_row *row) {
    if (!row->has_load) {
        pl__results_print(t, "  %14s  %-12s  %24s", "-", "-", "-");
        return;
    }
    const pl_load *l = &row->load;
    char barrels[64], state[24];
    snprintf(barrels, sizeof barrels, "%.0f (%.0f-%.0f)", pl__results_three_figures(l->oil_bbl.p50),
             pl__results_three_figures(l->oil_bbl.p05), pl__results_three_figures(l->oil_bbl.p95));
    snprintf(state, sizeof state, "%s %.0f%%", pl_load_state_name(l->state),
             100 * l->p_state[l->state]);
    pl__results_print(t, "  ");
    put_quantity(t, l->draft_m.value, l->draft_m.sigma, 6, 2);
    pl__results_print(t, "  %-12s  %24s", state, barrels);
}

static void put_shape(pl_text *t, const pl_hull *hull) {
    if (hull->outline_count > 0) {
        pl__results_print(t, "  %6.1f x %4.1f  %4.0f%s", hull->length_m.value, hull->beam_m.value,
                          hull->heading_rad * PL_DEG_PER_RAD, hull->bow_certain ? " " : "?");
    } else {
        pl__results_print(t, "  %13s  %4s ", "-", "-");
    }
}

char *pl__results_table(const pl_result *result, bool header) {
    pl_text t = {0};
    if (header) {
        pl__results_print(&t, "%-12s  %-9s  %14s  %14s  %-12s  %24s  %13s  %4s   %s\n", "scene",
                          "status", "freeboard m", "draft m", "state", "oil bbl (90 %)", "L x B m",
                          "head", "reasons");
    }
    if (result->count == 0) pl__results_print(&t, "%-12.12s  no ships found\n", result->scene.id);
    for (int k = 0; k < result->count; k++) {
        const pl_result_row *row = &result->row[k];
        const char *status = pl_result_status(row);
        pl_cells cells;
        pl__results_cells(result, row, &cells);
        pl__results_print(&t, "%-12.12s  %-9s  ", result->scene.id, status ? status : "found");
        double f = row->has_freeboard ? row->freeboard.freeboard_m.value : NAN;
        put_quantity(&t, f, row->freeboard.freeboard_m.sigma, 6, 2);
        put_load(&t, row);
        put_shape(&t, &row->hull);
        pl__results_print(&t, "  %s\n", cells.reasons);
    }
    return pl__results_table_take(&t);
}
