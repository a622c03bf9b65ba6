/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a visit said: as a Feature, a line of a spreadsheet, a line on a terminal? One list of
 * fields; the store's layer has the same names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "geo/geo.h"
#include "results/visits.h"

enum { CORNERS = 6 };
static const double DAY_S = 86400, SIGMAS_OF_90 = 3.2897072539;
/* How far abaft the stem a hull has her full breadth, as a share of her length. */
static const double BOW_SHARE = 0.12;

static const char *const STATUS[] = {"measured", "dubious", "refused"};

/* ---- fields ---- */

static const char *time_text(double utc_s, char out[40]) {
    *out = '\0';
    if (isfinite(utc_s)) pl__geo_time_format(utc_s, out, 40);
    return out;
}

static void put_when(pl__visit_cells *c, const pl_visit *v) {
    static const char *const NAMES[] = {"arrived_after", "first_seen", "last_seen",
                                        "departed_before"};
    const double at_s[] = {v->arrived_after_s, v->first_seen_s, v->last_seen_s,
                           v->departed_before_s};
    for (int i = 0; i < 4; i++) pl__cells_text(&c->cells, NAMES[i], time_text(at_s[i], c->time[i]));
}

static void put_cargo(pl_cells *c, const pl_visit *v) {
    static const char *const TONNES[] = {"transfer_t_p05", "transfer_t_p50", "transfer_t_p95"};
    static const char *const BARRELS[] = {"transfer_bbl_p05", "transfer_bbl_p50",
                                          "transfer_bbl_p95"};
    static const char *const ARRIVAL[] = {"arrival_cargo_t_p05", "arrival_cargo_t_p50",
                                          "arrival_cargo_t_p95"};
    static const char *const DEPARTURE[] = {"departure_cargo_t_p05", "departure_cargo_t_p50",
                                            "departure_cargo_t_p95"};
    bool known = v->status != PL_REFUSED;
    pl__cells_text(c, "direction", pl_direction_name(v->direction));
    pl__cells_text(c, "status", STATUS[v->status]);
    pl__cells_text(c, "reasons", c->reasons);
    pl__cells_text(c, "reviewed", v->reviewed);
    pl__cells_range(c, TONNES, &v->transfer_t, 0);
    pl__cells_range(c, BARRELS, &v->transfer_bbl, 0);
    pl__cells_real(c, "ship_sigma_bbl", known ? v->ship_sigma_bbl : NAN, 0);
    pl__cells_real(c, "common_sigma_bbl", known ? v->common_sigma_bbl : NAN, 0);
    pl__cells_range(c, ARRIVAL, &v->arrival_cargo_t, 0);
    pl__cells_range(c, DEPARTURE, &v->departure_cargo_t, 0);
    pl__cells_text(c, "product", v->product);
    pl__cells_text(c, "conversion", v->conversion);
    pl__cells_text(c, "conversion_evidence", v->conversion_evidence);
}

/* What moved, of her deadweight. */
static pl_quantity fraction_of(const pl_visit *v) {
    double sigma = (v->transfer_t.p95 - v->transfer_t.p05) / SIGMAS_OF_90;
    if (!(v->dwt_t.value > 0)) return (pl_quantity){NAN, NAN};
    return (pl_quantity){fabs(v->transfer_t.p50) / v->dwt_t.value, sigma / v->dwt_t.value};
}

static void put_ship(pl_cells *c, const pl_visit *v) {
    pl__cells_text(c, "vessel_name", v->vessel_name);
    pl__cells_text(c, "vessel_imo", v->vessel_imo);
    pl__cells_text(c, "vessel_source", v->vessel_source);
    pl__cells_real(c, "lon", remainder(v->lon_deg, 360), 6);
    pl__cells_real(c, "lat", v->lat_deg, 6);
    pl__cells_real(c, "length_m", v->length_m.value, 2);
    pl__cells_real(c, "length_sigma_m", v->length_m.sigma, 2);
    pl__cells_real(c, "beam_m", v->beam_m.value, 2);
    pl__cells_real(c, "beam_sigma_m", v->beam_m.sigma, 2);
    pl__cells_real(c, "dwt_t", v->dwt_t.value, 0);
    pl__cells_real(c, "dwt_sigma_t", v->dwt_t.sigma, 0);
    pl__cells_text(c, "vessel_class", pl_vessel_class_name(v->vessel_class));
    pl__cells_real(c, "tanker_probability", v->tanker_probability, 3);
}

void pl__visit_cells_of(const pl_visit *v, pl__visit_cells *out) {
    pl_cells *c = &out->cells;
    memset(out, 0, sizeof *out);
    pl__cells_reasons(c, v->reasons);
    pl__cells_text(c, "visit_id", v->visit_id);
    pl__cells_text(c, "ship", v->ship);
    pl__cells_text(c, "port", v->port);
    pl__cells_text(c, "arrival_hull_id", v->arrival_hull_id);
    pl__cells_text(c, "departure_hull_id", v->departure_hull_id);
    pl__cells_integer(c, "observations", v->observations);
    put_when(out, v);
    pl__cells_real(c, "same_hull", v->same_hull, 4);
    pl__cells_real(c, "same_ship", v->same_ship, 4);
    put_ship(c, v);
    put_cargo(c, v);
    pl__cells_real(c, "load_fraction", fraction_of(v).value, 3);
    pl__cells_real(c, "load_fraction_sigma", fraction_of(v).sigma, 3);
}

/* Her outline where she was seen last, drawn by length, beam and heading. @return corners, closed.
 */
int pl__visit_ring(const pl_visit *v, double ring[PL__VISIT_RING][2]) {
    double half = 0.5 * v->length_m.value, side = 0.5 * v->beam_m.value, east, north;
    double bow = half - BOW_SHARE * v->length_m.value;
    const double at[CORNERS][2] = {{half, 0},     {bow, -side}, {-half, -side},
                                   {-half, side}, {bow, side},  {half, 0}};
    if (!isfinite(half + side + v->lon_deg + v->lat_deg + v->heading_rad)) return 0;
    pl__geo_metres_per_degree(v->lat_deg, &east, &north);
    double s = sin(v->heading_rad), c = cos(v->heading_rad);
    for (int i = 0; i < CORNERS; i++) { /* along, and to starboard */
        ring[i][0] = v->lon_deg + (at[i][0] * s + at[i][1] * c) / east;
        ring[i][1] = v->lat_deg + (at[i][0] * c - at[i][1] * s) / north;
    }
    return CORNERS;
}

/* ---- GeoJSON ---- */

static void put_feature(pl_json_out *o, const pl_visit *v) {
    pl__visit_cells c;
    double ring[PL__VISIT_RING][2];
    int corners = pl__visit_ring(v, ring);
    pl__visit_cells_of(v, &c);
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "type", "Feature");
    pl__json_put_string(o, "id", v->visit_id);
    pl__results_put_polygon(o, "geometry", corners ? (const double(*)[2])ring : NULL, corners);
    pl__json_begin_object(o, "properties");
    for (int i = 0; i < c.cells.count; i++) {
        if (strcmp(c.cells.cell[i].name, "reasons") == 0)
            pl__results_put_reasons(o, v->reasons);
        else
            pl__results_put_cell(o, &c.cells.cell[i]);
    }
    pl__json_end(o);
    pl__json_end(o);
}

static void put_time(pl_json_out *o, const char *key, double utc_s) {
    char text[40];
    pl__json_put_string(o, key, isfinite(utc_s) ? time_text(utc_s, text) : NULL);
}

/* When was this port looked at, and what is the longest that nobody did? Pictures come by time. */
static void put_port(pl_json_out *o, const pl_visits_about *about, int first) {
    const pl_coverage *c = about->coverage;
    double last_s = c[first].acquired_s, gap_s = 0;
    int pictures = 0;
    for (int i = first; i < about->pictures; i++) {
        if (strcmp(c[i].port, c[first].port) != 0 || !isfinite(c[i].acquired_s)) continue;
        gap_s = pl__max(gap_s, c[i].acquired_s - last_s);
        last_s = c[i].acquired_s;
        pictures++;
    }
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "port", *c[first].port ? c[first].port : NULL);
    pl__json_put_integer(o, "pictures", pictures);
    put_time(o, "first", c[first].acquired_s);
    put_time(o, "last", last_s);
    pl__json_put_number(o, "longest_gap_days", gap_s / DAY_S, 2);
    pl__json_end(o);
}

static void put_about(pl_json_out *o, const pl_visit_list *list, const pl_visits_about *about) {
    int measured = 0;
    for (int i = 0; i < list->count; i++) measured += list->visit[i].status != PL_REFUSED;
    pl__json_begin_object(o, "plimsoll:visits");
    pl__json_put_string(o, "source", about->source);
    pl__json_put_integer(o, "visits", list->count);
    pl__json_put_integer(o, "cargo_unknown", list->count - measured);
    pl__json_put_integer(o, "hulls", about->hulls);
    pl__json_begin_object(o, "left_out");
    pl__json_put_integer(o, "other_ships", list->others);
    pl__json_put_integer(o, "without_time", list->timeless);
    pl__json_put_integer(o, "without_place_or_size", list->shapeless);
    pl__json_end(o);
    pl__json_put_integer(o, "failed_pictures", about->failures);
    pl__json_begin_array(o, "ports");
    for (int i = 0; i < about->pictures; i++) {
        bool again = !isfinite(about->coverage[i].acquired_s);
        for (int k = 0; k < i && !again; k++)
            again = strcmp(about->coverage[k].port, about->coverage[i].port) == 0;
        if (!again) put_port(o, about, i);
    }
    pl__json_end(o);
    pl__json_end(o);
}

static char *finish(pl_json_out *o) {
    char *text = o ? pl__json_out_finish(o) : NULL;
    pl__json_out_free(o);
    return text;
}

char *pl__visit_json(const pl_visit *visit) {
    pl_json_out *o = pl__json_out_new(false);
    if (o) put_feature(o, visit);
    return finish(o);
}

static char *collection(const pl_visit_list *list, const pl_visits_about *about) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "type", "FeatureCollection");
    pl__json_put_string(o, "plimsoll:version", pl_version());
    put_about(o, list, about);
    pl__json_begin_array(o, "features");
    for (int i = 0; i < list->count; i++) put_feature(o, &list->visit[i]);
    pl__json_end(o);
    pl__json_end(o);
    return finish(o);
}

static char *features(const pl_visit_list *list) {
    pl_text t = {0};
    for (int i = 0; i < list->count && !t.failed; i++) {
        char *line = pl__visit_json(&list->visit[i]);
        t.failed = !line;
        if (line) pl__results_print(&t, "%s\n", line);
        free(line);
    }
    return pl__results_text_take(&t);
}

/* ---- lines ---- */

/* First the columns of a plain visits table, as plimsoll findings reads it; then the rest. */
static void plain_cells(const pl_visit *v, char day[40], pl_cells *c) {
    time_text(v->last_seen_s, day);
    day[strcspn(day, "T")] = '\0';
    pl__cells_text(c, "date", day);
    pl__cells_text(c, "vessel", v->vessel_name);
    pl__cells_text(c, "imo", v->vessel_imo);
    pl__cells_real(c, "dwt_t", v->dwt_t.value, 0);
    pl__cells_real(c, "load_fraction", fraction_of(v).value, 3);
    pl__cells_real(c, "load_fraction_sigma", fraction_of(v).sigma, 3);
    pl__cells_real(c, "loa_m", v->length_m.value, 2);
    pl__cells_real(c, "beam_m", v->beam_m.value, 2);
}

static void put_line(pl_text *t, const pl_visit *v, bool names) {
    pl_cells plain = {0}, rest = {0};
    pl__visit_cells all;
    char day[40];
    plain_cells(v, day, &plain);
    pl__visit_cells_of(v, &all);
    for (int i = 0; i < all.cells.count; i++) {
        const pl_cell *c = &all.cells.cell[i];
        bool again = strcmp(c->name, "vessel_name") == 0 || strcmp(c->name, "vessel_imo") == 0 ||
                     strcmp(c->name, "length_m") == 0;
        for (int k = 0; k < plain.count; k++) again |= strcmp(c->name, plain.cell[k].name) == 0;
        if (!again) rest.cell[rest.count++] = *c;
    }
    pl__results_csv_cells(t, &plain, names);
    pl__results_print(t, ",");
    pl__results_csv_cells(t, &rest, names);
    pl__results_print(t, "\r\n");
}

static char *csv(const pl_visit_list *list) {
    static const pl_visit NONE;
    pl_text t = {0};
    put_line(&t, &NONE, true);
    for (int i = 0; i < list->count; i++) put_line(&t, &list->visit[i], false);
    return pl__results_text_take(&t);
}

static void put_row(pl_text *t, const pl_visit *v) {
    char from[40], to[40], barrels[64] = "unknown", same[16] = "-";
    pl_cells c = {0};
    pl__cells_reasons(&c, v->reasons);
    if (v->status != PL_REFUSED)
        snprintf(barrels, sizeof barrels, "%.0f (%.0f to %.0f)",
                 pl__results_three_figures(v->transfer_bbl.p50),
                 pl__results_three_figures(v->transfer_bbl.p05),
                 pl__results_three_figures(v->transfer_bbl.p95));
    if (isfinite(v->same_hull)) snprintf(same, sizeof same, "%.2f", v->same_hull);
    const char *who = *v->vessel_name       ? v->vessel_name
                      : *v->vessel_imo      ? v->vessel_imo
                      : isnan(v->same_ship) ? "-"
                                            : v->ship;
    pl__results_print(t,
                      "%-16.16s  %-16.16s  %-12.12s  %-20.20s  %3d  %-11s  %-8s  %28s  %4s  %s\n",
                      time_text(v->first_seen_s, from), time_text(v->last_seen_s, to),
                      *v->port ? v->port : "-", who, v->observations,
                      pl_direction_name(v->direction), STATUS[v->status], barrels, same, c.reasons);
}

static char *table(const pl_visit_list *list) {
    pl_text t = {0};
    int unknown = 0;
    pl__results_print(&t, "%-16s  %-16s  %-12s  %-20s  %3s  %-11s  %-8s  %28s  %4s  %s\n",
                      "first seen (UTC)", "last seen", "port", "ship", "n", "direction", "status",
                      "bbl (90 %)", "same", "reasons");
    for (int i = 0; i < list->count; i++) {
        put_row(&t, &list->visit[i]);
        unknown += list->visit[i].status == PL_REFUSED;
    }
    pl__results_print(&t, "%d visits, of %d of them the cargo is not known\n", list->count,
                      unknown);
    return pl__results_table_take(&t);
}

pl_status pl_visits_text(const pl_visit_list *list, const pl_visits_about *about, pl_format format,
                         char **out, pl_error *error) {
    pl_text t = {0};
    char *text = format == PL_FORMAT_GEOJSON    ? collection(list, about)
                 : format == PL_FORMAT_GEOJSONL ? features(list)
                 : format == PL_FORMAT_CSV      ? csv(list)
                                                : table(list);
    if (text) pl__results_print(&t, format == PL_FORMAT_GEOJSON ? "%s\n" : "%s", text);
    free(text);
    *out = text ? pl__results_text_take(&t) : NULL;
    return *out ? PL_OK : pl__fail_memory(error, "results");
}
