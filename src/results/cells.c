/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which fields has a row, in which unit, order and precision? One list; every form of output walks
 * it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "geo/geo.h"
#include "results/internal.h"

static void put(pl_cells *c, pl_cell cell) {
    if (c->count < PL__CELLS_MAX) c->cell[c->count++] = cell;
}

void pl__cells_text(pl_cells *c, const char *name, const char *text) {
    put(c,
        (pl_cell){
            .name = name, .type = PL_FIELD_TEXT, .text = text && *text ? text : NULL, .real = NAN});
}

void pl__cells_real(pl_cells *c, const char *name, double value, int decimals) {
    put(c, (pl_cell){.name = name, .type = PL_FIELD_REAL, .real = value, .decimals = decimals});
}

static void put_angle(pl_cells *c, const char *name, double value_rad, int decimals) {
    pl__cells_real(c, name, value_rad * PL_DEG_PER_RAD, decimals);
}

void pl__cells_integer(pl_cells *c, const char *name, long long value) {
    put(c, (pl_cell){.name = name, .type = PL_FIELD_INTEGER, .real = (double)value});
}

long long pl__cell_whole(const pl_cell *cell) {
    return cell->type == PL_FIELD_INTEGER && isfinite(cell->real) ? (long long)cell->real : 0;
}

static void put_bool(pl_cells *c, const char *name, bool value) {
    put(c,
        (pl_cell){.name = name, .type = PL_FIELD_INTEGER, .real = value ? 1 : 0, .is_bool = true});
}

static void put_unsure_bool(pl_cells *c, const char *name, bool known, bool value) {
    put(c, (pl_cell){.name = name,
                     .type = PL_FIELD_INTEGER,
                     .real = known ? (value ? 1 : 0) : (double)NAN,
                     .is_bool = true});
}

void pl__cells_range(pl_cells *c, const char *const names[3], const pl_range *range, int decimals) {
    pl__cells_real(c, names[0], range->p05, decimals);
    pl__cells_real(c, names[1], range->p50, decimals);
    pl__cells_real(c, names[2], range->p95, decimals);
}

pl_reasons pl_result_reasons(const pl_result *result, const pl_result_row *row) {
    pl_reasons reasons = row->hull.reasons | result->scene.reasons;
    if (row->has_freeboard) reasons |= row->freeboard.reasons;
    if (row->has_freeboard && row->freeboard.status != PL_REFUSED) reasons |= row->load.reasons;
    return reasons;
}

const char *pl_view_verdict_name(pl_view_verdict verdict) {
    static const char *const NAMES[] = {"cannot_tell", "confirms", "contradicts", "chosen"};
    return (unsigned)verdict < sizeof NAMES / sizeof *NAMES ? NAMES[verdict] : NULL;
}

const char *pl_result_status(const pl_result_row *row) {
    if (!row->has_freeboard) return NULL;
    if (row->freeboard.status == PL_REFUSED) return "refused";
    /* a freeboard that fits no ship of these dimensions is doubted, whatever its sigma */
    bool doubted = row->freeboard.status == PL_DUBIOUS || row->load.status != PL_OK;
    return doubted ? "dubious" : "measured";
}

void pl__cells_reasons(pl_cells *c, pl_reasons reasons) {
    char *out = c->reasons;
    size_t used = 0, size = sizeof c->reasons;
    out[0] = '\0';
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        if (!(reasons & PL_BIT(i))) continue;
        int n = snprintf(out + used, size - used, "%s%s", used ? " " : "",
                         pl_reason_code((pl_reason)i));
        if (n > 0 && (size_t)n < size - used) used += (size_t)n;
    }
}

void pl__results_base64(const void *bytes, size_t count, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *data = bytes;
    size_t used = 0;
    for (size_t i = 0; i < count; i += 3) {
        unsigned block = (unsigned)data[i] << 16;
        if (i + 1 < count) block |= (unsigned)data[i + 1] << 8;
        if (i + 2 < count) block |= (unsigned)data[i + 2];
        out[used++] = digits[block >> 18 & 63];
        out[used++] = digits[block >> 12 & 63];
        out[used++] = i + 1 < count ? digits[block >> 6 & 63] : '=';
        out[used++] = i + 2 < count ? digits[block & 63] : '=';
    }
    out[used] = '\0';
}

/* A deck without a signature is all alike. */
bool pl__results_has_fingerprint(const pl_hull *hull) {
    for (size_t i = 0; i < sizeof hull->fingerprint; i++)
        if (hull->fingerprint[i] != 0) return true;
    return false;
}

static void put_scene(pl_cells *c, const pl_result *result, const pl_result_row *row) {
    pl__cells_text(c, "scene_id", result->scene.id);
    pl__cells_text(c, "acquired", c->acquired);
    pl__cells_text(c, "platform", result->scene.platform);
    pl__cells_real(c, "gsd_m", result->scene.gsd_m, 3);
    put_angle(c, "sun_azimuth_deg", row->sight.sun_azimuth_rad, 3);
    put_angle(c, "sun_elevation_deg", row->sight.sun_elevation_rad, 3);
    put_angle(c, "view_azimuth_deg", row->sight.view_azimuth_rad, 3);
    put_angle(c, "view_incidence_deg", row->sight.view_incidence_rad, 3);
    put_angle(c, "sun_sigma_deg", row->sight.sun_sigma_rad, 3);
    put_angle(c, "view_azimuth_sigma_deg", row->sight.view_azimuth_sigma_rad, 3);
    put_angle(c, "view_incidence_sigma_deg", row->sight.view_incidence_sigma_rad, 3);
    pl__cells_text(c, "port", result->area.name);
    pl__cells_text(c, "berth", NULL);
}

static void put_hull(pl_cells *c, const pl_result_row *row) {
    const pl_hull *hull = &row->hull;
    pl__cells_real(c, "lon", remainder(hull->lon_deg, 360.0), 7);
    pl__cells_real(c, "lat", hull->lat_deg, 7);
    put_angle(c, "heading_deg", hull->heading_rad, 2);
    put_angle(c, "heading_sigma_deg", hull->heading_sigma_rad, 2);
    put_bool(c, "bow_certain", hull->bow_certain);
    pl__cells_text(c, "outline_source",
                   hull->outline_count == 0 ? NULL
                   : hull->given            ? "given"
                                            : "detected");
    pl__cells_real(c, "length_m", hull->length_m.value, 2);
    pl__cells_real(c, "length_sigma_m", hull->length_m.sigma, 2);
    pl__cells_real(c, "beam_m", hull->beam_m.value, 2);
    pl__cells_real(c, "beam_sigma_m", hull->beam_m.sigma, 2);
    pl__cells_text(c, "vessel_class", pl_vessel_class_name(hull->vessel_class));
    pl__cells_real(c, "ship_probability", hull->outline_count > 0 ? hull->ship_probability : NAN,
                   3);
    pl__cells_real(c, "tanker_probability",
                   hull->outline_count > 0 ? hull->tanker_probability : NAN, 3);
    pl__cells_text(c, "vessel_name", row->vessel_name);
    pl__cells_text(c, "vessel_imo", row->vessel_imo);
    pl__cells_text(c, "vessel_source", row->vessel_source);
    pl__cells_text(c, "fingerprint", c->fingerprint);
}

static void put_freeboard(pl_cells *c, const pl_result_row *row) {
    pl_freeboard none = {.freeboard_m = {NAN, NAN},
                         .bound_m = NAN,
                         .p05_m = NAN,
                         .p95_m = NAN,
                         .trim_m = {NAN, NAN},
                         .list_rad = NAN,
                         .shadow_length_m = NAN,
                         .overhang_m = NAN};
    const pl_freeboard *f = row->has_freeboard ? &row->freeboard : &none;
    pl__cells_text(c, "status", pl_result_status(row));
    pl__cells_text(c, "reasons", c->reasons);
    pl__cells_real(c, "freeboard_m", f->freeboard_m.value, 3);
    pl__cells_real(c, "freeboard_sigma_m", f->freeboard_m.sigma, 3);
    pl__cells_real(c, "freeboard_bound_m", f->bound_m, 3);
    pl__cells_real(c, "freeboard_m_p05", f->p05_m, 3);
    pl__cells_real(c, "freeboard_m_p95", f->p95_m, 3);
    pl__cells_real(c, "trim_m", f->trim_m.value, 3);
    pl__cells_real(c, "trim_sigma_m", f->trim_m.sigma, 3);
    put_angle(c, "list_deg", f->list_rad, 2);
    pl__cells_real(c, "shadow_length_m", f->shadow_length_m, 2);
    pl__cells_real(c, "overhang_m", f->overhang_m, 2);
}

static void put_load(pl_cells *c, const pl_result_row *row) {
    static const char *const FRACTION[] = {"load_fraction_p05", "load_fraction_p50",
                                           "load_fraction_p95"};
    static const char *const CARGO[] = {"cargo_t_p05", "cargo_t_p50", "cargo_t_p95"};
    static const char *const BARRELS[] = {"oil_bbl_p05", "oil_bbl_p50", "oil_bbl_p95"};
    static const pl_range UNKNOWN = {NAN, NAN, NAN};
    const pl_load *load = &row->load;
    bool known = row->has_load;
#define WHEN_KNOWN(value) (known ? (value) : NAN)
    pl__cells_real(c, "draft_m", WHEN_KNOWN(load->draft_m.value), 3);
    pl__cells_real(c, "draft_sigma_m", WHEN_KNOWN(load->draft_m.sigma), 3);
    pl__cells_real(c, "depth_m", WHEN_KNOWN(load->depth_m.value), 3);
    pl__cells_real(c, "depth_sigma_m", WHEN_KNOWN(load->depth_m.sigma), 3);
    pl__cells_text(c, "depth_source",
                   known ? (load->depth_known ? "registry" : "regression") : NULL);
    pl__cells_real(c, "dwt_t", WHEN_KNOWN(load->dwt_t.value), 0);
    pl__cells_real(c, "dwt_sigma_t", WHEN_KNOWN(load->dwt_t.sigma), 0);
    pl__cells_real(c, "displacement_t", WHEN_KNOWN(load->displacement_t.value), 0);
    pl__cells_real(c, "displacement_sigma_t", WHEN_KNOWN(load->displacement_t.sigma), 0);
    pl__cells_text(c, "displacement_source",
                   known ? pl_displacement_source_name(load->displacement_by) : NULL);
    pl__cells_real(c, "water_density_t_m3", WHEN_KNOWN(load->water_density_t_m3.value), 4);
    pl__cells_real(c, "water_density_sigma_t_m3", WHEN_KNOWN(load->water_density_t_m3.sigma), 4);
    pl__cells_text(c, "load_state", known ? pl_load_state_name(load->state) : NULL);
    pl__cells_real(c, "p_ballast", WHEN_KNOWN(load->p_state[PL_BALLAST]), 4);
    pl__cells_real(c, "p_part", WHEN_KNOWN(load->p_state[PL_PART]), 4);
    pl__cells_real(c, "p_laden", WHEN_KNOWN(load->p_state[PL_LADEN]), 4);
    pl__cells_real(c, "p_deep_loaded", WHEN_KNOWN(load->p_deep), 4);
#undef WHEN_KNOWN
    pl__cells_range(c, FRACTION, known ? &load->load_fraction : &UNKNOWN, 3);
    pl__cells_range(c, CARGO, known ? &load->cargo_t : &UNKNOWN, 0);
    pl__cells_range(c, BARRELS, known ? &load->oil_bbl : &UNKNOWN, 0);
    pl__cells_text(c, "product", known ? load->product : NULL);
    pl__cells_text(c, "conversion", known ? load->conversion : NULL);
    pl__cells_text(c, "conversion_evidence", known ? load->conversion_evidence : NULL);
    pl__cells_text(c, "tile", row->tile);
}

static void put_ais(pl_cells *c, const pl_result_row *row) {
    static const pl_ais_link NONE = {.length_m = NAN,
                                     .beam_m = NAN,
                                     .speed_m_s = NAN,
                                     .gap_s = NAN,
                                     .distance_m = NAN,
                                     .probability = NAN,
                                     .draught_m = {NAN, NAN},
                                     .draught_excess_m = {NAN, NAN}};
    const pl_ais_link *a = row->ais.status == PL_AIS_NOT_ASKED ? &NONE : &row->ais;
    const pl_quantity *excess = &a->draught_excess_m;
    bool told = a->status == PL_AIS_MATCHED || a->status == PL_AIS_NONE_HEARD;
    pl__cells_text(c, "ais_status", pl_ais_status_name(a->status));
    put_unsure_bool(c, "ais_dark", told, a->status == PL_AIS_NONE_HEARD);
    pl__cells_text(c, "ais_mmsi", a->mmsi);
    pl__cells_real(c, "ais_probability", a->probability, 4);
    pl__cells_real(c, "ais_distance_m", a->distance_m, 1);
    pl__cells_real(c, "ais_gap_s", a->gap_s, 1);
    pl__cells_real(c, "ais_speed_m_s", a->speed_m_s, 2);
    pl__cells_text(c, "ais_ship_type", a->ship_type);
    pl__cells_real(c, "ais_length_m", a->length_m, 1);
    pl__cells_real(c, "ais_beam_m", a->beam_m, 1);
    pl__cells_real(c, "ais_draught_m", a->draught_m.value, 1);
    pl__cells_real(c, "ais_draught_sigma_m", a->draught_m.sigma, 2);
    pl__cells_real(c, "ais_draught_excess_m", excess->value, 2);
    pl__cells_real(c, "ais_draught_excess_sigma_m", excess->sigma, 2);
    pl__cells_real(c, "ais_draught_z", excess->value / excess->sigma, 2);
}

void pl__results_cells(const pl_result *result, const pl_result_row *row, pl_cells *out) {
    memset(out, 0, sizeof *out);
    if (isfinite(result->scene.acquired_s)) {
        pl__geo_time_format(result->scene.acquired_s, out->acquired, sizeof out->acquired);
    }
    pl__cells_reasons(out, pl_result_reasons(result, row));
    if (pl__results_has_fingerprint(&row->hull))
        pl__results_base64(row->hull.fingerprint, sizeof row->hull.fingerprint, out->fingerprint);
    pl__cells_text(out, "id", row->id);
    put_scene(out, result, row);
    put_hull(out, row);
    put_freeboard(out, row);
    put_load(out, row);
    put_ais(out, row);
}
