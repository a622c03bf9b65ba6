/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does an answer consist of, and what may stand in each member? One row a member; a member
 * without a row does not travel, and tests/run/test_wire.c finds it. */
#include <limits.h>

#include "run/wire.h"

_Static_assert(sizeof(pl_status) == sizeof(int) && sizeof(pl_source) == sizeof(int) &&
                   sizeof(pl_band_role) == sizeof(int) && sizeof(pl_vessel_class) == sizeof(int) &&
                   sizeof(pl_load_state) == sizeof(int) && sizeof(pl_side) == sizeof(int) &&
                   sizeof(pl_view_verdict) == sizeof(int) && sizeof(pl_ais_status) == sizeof(int) &&
                   sizeof(pl_ais_sight) == sizeof(int) && sizeof(pl_cue_kind) == sizeof(int) &&
                   sizeof(pl_station_use) == sizeof(int) &&
                   sizeof(pl_registration_verdict) == sizeof(int),
               "enums travel as ints");

enum { ROWS_MAX = 100000, RING_MAX = 1000000, PIXELS_MAX = 20000 };
static const double EVERY_REASON = (double)(PL_BIT(PL_REASON_COUNT) - 1);

/* type and member -> offset and size; then the size of one element. */
#define AT(member) offsetof(OF, member), sizeof(((OF *)0)->member)
#define REAL(member)                                                                               \
    { PL_WIRE_REAL, AT(member), sizeof(double), PL_WIRE_WHOLE, 0, 0, NULL }
#define BETWEEN(member, low, high)                                                                 \
    { PL_WIRE_REAL, AT(member), sizeof(double), PL_WIRE_WHOLE, low, high, NULL }
#define FLOAT(member)                                                                              \
    { PL_WIRE_FLOAT, AT(member), sizeof(float), PL_WIRE_WHOLE, 0, 0, NULL }
#define INTEGER(member, low, high)                                                                 \
    { PL_WIRE_INTEGER, AT(member), sizeof(int), PL_WIRE_WHOLE, low, high, NULL }
#define FLAG(member)                                                                               \
    { PL_WIRE_FLAG, AT(member), 1, PL_WIRE_WHOLE, 0, 0, NULL }
#define BITS(member)                                                                               \
    { PL_WIRE_BITS, AT(member), sizeof(uint64_t), PL_WIRE_WHOLE, 0, 0, NULL }
#define REASONS(member)                                                                            \
    { PL_WIRE_BITS, AT(member), sizeof(uint64_t), PL_WIRE_WHOLE, 0, EVERY_REASON, NULL }
#define OCTETS(member)                                                                             \
    { PL_WIRE_OCTETS, AT(member), 1, PL_WIRE_WHOLE, 0, 0, NULL }
#define TEXT(member)                                                                               \
    { PL_WIRE_TEXT, AT(member), sizeof(((OF *)0)->member), PL_WIRE_WHOLE, 0, 0, NULL }
#define TEXTS(member)                                                                              \
    { PL_WIRE_TEXT, AT(member), sizeof(((OF *)0)->member[0]), PL_WIRE_WHOLE, 0, 0, NULL }
#define GROUP(member, form)                                                                        \
    { PL_WIRE_GROUP, AT(member), sizeof(((OF *)0)->member), PL_WIRE_WHOLE, 0, 0, form }
#define COUNTED(kind, member, form, counter)                                                       \
    { kind, AT(member), sizeof(((OF *)0)->member[0]), offsetof(OF, counter), 0, 0, form }
#define POINTS(member, counter)                                                                    \
    { PL_WIRE_POINTS, AT(member), 2 * sizeof(double), offsetof(OF, counter), 0, 0, NULL }
#define LIST(member, form, counter)                                                                \
    { PL_WIRE_LIST, AT(member), sizeof(*((OF *)0)->member), offsetof(OF, counter), 0, 0, form }
#define FORM(name, type, fields)                                                                   \
    { name, sizeof(type), sizeof fields / sizeof *fields, fields }

#define OF pl_scene_info
static const pl_wire_field SCENE[] = {
    TEXT(id),
    TEXT(file),
    TEXT(sidecar),
    TEXT(sha256),
    TEXT(sidecar_sha256),
    BITS(size_bytes),
    TEXT(driver),
    TEXT(crs),
    INTEGER(width_px, 0, INT_MAX),
    INTEGER(height_px, 0, INT_MAX),
    INTEGER(bands, 0, INT_MAX),
    INTEGER(role, PL_BAND_UNKNOWN, PL_BAND_ALPHA),
    INTEGER(bits, 0, 128),
    REAL(saturation_dn),
    REAL(gsd_m),
    REAL(acquired_s),
    TEXT(platform),
    REAL(water_height_m),
    REAL(centre), /* nothing but doubles, as is a sight */
    REAL(sight),
    INTEGER(sun_azimuth_source, PL_SOURCE_NONE, PL_SOURCE_DERIVED),
    INTEGER(sun_elevation_source, PL_SOURCE_NONE, PL_SOURCE_DERIVED),
    INTEGER(view_azimuth_source, PL_SOURCE_NONE, PL_SOURCE_DERIVED),
    INTEGER(view_incidence_source, PL_SOURCE_NONE, PL_SOURCE_DERIVED),
    INTEGER(view_reading_count, 0, PL_READINGS_MAX),
    REAL(view_reading_rad),
    REAL(metadata_sun_azimuth_rad),
    REAL(metadata_sun_elevation_rad),
    REAL(ephemeris_sun_azimuth_rad),
    REAL(ephemeris_sun_elevation_rad),
    REAL(sun_difference_rad),
    REASONS(reasons),
    INTEGER(warning_count, 0, PL_WARNINGS_MAX),
    TEXTS(warning),
    INTEGER(used_count, 0, PL_USED_MAX),
    TEXTS(used),
    TEXTS(used_sha256),
};
#undef OF
const pl_wire_form PL__WIRE_SCENE = FORM("scene", pl_scene_info, SCENE);

#define OF pl_hull
static const pl_wire_field HULL[] = {
    REAL(x_px),
    REAL(y_px),
    REAL(lon_deg),
    REAL(lat_deg),
    REAL(heading_rad),
    REAL(heading_sigma_rad),
    FLAG(bow_certain),
    FLAG(touched),
    REAL(length_m),
    REAL(beam_m),
    INTEGER(outline_count, 0, PL_OUTLINE_MAX),
    COUNTED(PL_WIRE_REAL, outline_px, NULL, outline_count),
    REAL(false_alarms),
    OCTETS(fingerprint),
    REAL(evidence),
    INTEGER(vessel_class, PL_CLASS_UNKNOWN, PL_CLASS_OTHER),
    BETWEEN(tanker_probability, 0, 1),
    REASONS(reasons),
    BETWEEN(ship_probability, 0, 1),
    FLAG(given),
};
#undef OF
static const pl_wire_form HULL_FORM = FORM("hull", pl_hull, HULL);

#define OF pl_cue
static const pl_wire_field CUE[] = {
    INTEGER(side, PL_PORT_SIDE, PL_STARBOARD_SIDE),
    INTEGER(kind, PL_CUE_DARK_BAND, PL_CUE_LIT_WALL),
    REAL(width_m),
    REAL(per_metre),
    REAL(freeboard_m),
    INTEGER(stations, 0, INT_MAX),
    REAL(chi2),
};
#undef OF
static const pl_wire_form CUE_FORM = FORM("cue", pl_cue, CUE);

#define OF pl_station
static const pl_wire_field STATION[] = {
    REAL(along_m),
    FLOAT(deck_edge_m),
    FLOAT(outer_edge_m),
    INTEGER(use, PL_STATION_USED, PL_STATION_ODD),
};
#undef OF
static const pl_wire_form STATION_FORM = FORM("station", pl_station, STATION);

#define OF pl_freeboard
static const pl_wire_field FREEBOARD[] = {
    INTEGER(status, PL_OK, PL_REFUSED),
    REASONS(reasons),
    REAL(freeboard_m),
    REAL(bound_m),
    REAL(p05_m),
    REAL(p95_m),
    REAL(trim_m),
    REAL(list_rad),
    REAL(shadow_length_m),
    REAL(overhang_m),
    INTEGER(cue_count, 0, PL_CUES_MAX),
    COUNTED(PL_WIRE_GROUP, cue, &CUE_FORM, cue_count),
    REAL(budget_m),
    INTEGER(station_side, PL_PORT_SIDE, PL_STARBOARD_SIDE),
    INTEGER(station_count, 0, PL_STATIONS_MAX),
    COUNTED(PL_WIRE_GROUP, station, &STATION_FORM, station_count),
};
#undef OF
static const pl_wire_form FREEBOARD_FORM = FORM("freeboard", pl_freeboard, FREEBOARD);

#define OF pl_load
static const pl_wire_field LOAD[] = {
    INTEGER(status, PL_OK, PL_REFUSED),
    REASONS(reasons),
    REAL(depth_m),
    REAL(draft_m),
    REAL(summer_draft_m),
    REAL(dwt_t),
    REAL(displacement_t),
    REAL(water_density_t_m3),
    FLAG(depth_known),
    INTEGER(displacement_by, PL_BY_REGRESSION, PL_BY_HYDROSTATICS),
    REAL(p_deep),
    INTEGER(state, PL_BALLAST, PL_LADEN),
    BETWEEN(p_state, 0, 1.000001), /* a sum of shares may round */
    REAL(load_fraction),
    REAL(cargo_t),
    REAL(oil_bbl),
    TEXT(product),
    TEXT(conversion),
    TEXT(conversion_evidence),
};
#undef OF
static const pl_wire_form LOAD_FORM = FORM("load", pl_load, LOAD);

#define OF pl_ais_link
static const pl_wire_field AIS_LINK[] = {
    INTEGER(status, PL_AIS_NOT_ASKED, PL_AIS_STATUS_COUNT - 1),
    TEXT(mmsi),
    TEXT(ship_type),
    REAL(length_m),
    REAL(beam_m),
    REAL(speed_m_s),
    REAL(gap_s),
    REAL(distance_m),
    BETWEEN(probability, 0, 1.000001),
    REAL(draught_m),
    REAL(draught_excess_m),
};
#undef OF
static const pl_wire_form AIS_LINK_FORM = FORM("ais link", pl_ais_link, AIS_LINK);

#define OF pl_ais_ship
static const pl_wire_field AIS_SHIP[] = {
    TEXT(mmsi),
    TEXT(name),
    TEXT(imo),
    TEXT(ship_type),
    INTEGER(sight, PL_AIS_SEEN, PL_AIS_SIGHT_COUNT - 1),
    INTEGER(hull, -1, ROWS_MAX),
    BETWEEN(lon_deg, -540, 540),
    BETWEEN(lat_deg, -90, 90),
    REAL(sigma_m),
    REAL(speed_m_s),
    REAL(heading_rad),
    REAL(length_m),
    REAL(beam_m),
    REAL(draught_m),
    REAL(gap_s),
};
#undef OF
static const pl_wire_form AIS_SHIP_FORM = FORM("ais ship", pl_ais_ship, AIS_SHIP);

#define OF pl_ais_report
static const pl_wire_field AIS_REPORT[] = {
    INTEGER(files, 0, PL_AIS_FILES),
    TEXTS(file),
    TEXTS(sha256),
    TEXT(publisher),
    BITS(rows),
    BITS(bad_rows),
    BITS(used_rows),
    INTEGER(heard, 0, ROWS_MAX),
    INTEGER(count, 0, ROWS_MAX),
    LIST(ship, &AIS_SHIP_FORM, count),
};
#undef OF
static const pl_wire_form AIS_REPORT_FORM = FORM("ais report", pl_ais_report, AIS_REPORT);

#define OF pl_result_row
static const pl_wire_field ROW[] = {
    TEXT(id),
    REAL(sight),
    GROUP(hull, &HULL_FORM),
    GROUP(freeboard, &FREEBOARD_FORM),
    GROUP(load, &LOAD_FORM),
    FLAG(has_freeboard),
    FLAG(has_load),
    POINTS(outline_lonlat, hull.outline_count),
    POINTS(waterline_px, hull.outline_count),
    POINTS(waterline_lonlat, hull.outline_count),
    TEXT(vessel_name),
    TEXT(vessel_imo),
    TEXT(vessel_source),
    TEXT(tile),
    GROUP(ais, &AIS_LINK_FORM),
};
#undef OF
static const pl_wire_form ROW_FORM = FORM("row", pl_result_row, ROW);

#define OF pl_result
static const pl_wire_field RESULT[] = {
    GROUP(scene, &PL__WIRE_SCENE),
    INTEGER(view_witness.verdict, PL_VIEW_UNTOLD, PL_VIEW_CHOSEN),
    INTEGER(view_witness.hulls, 0, ROWS_MAX),
    REAL(view_witness.log_odds),
    TEXT(area.name),
    INTEGER(area.count, 0, RING_MAX),
    POINTS(area.lonlat, area.count),
    INTEGER(area.blocks, 0, INT_MAX),
    REAL(area.core_px),
    GROUP(ais, &AIS_REPORT_FORM),
    INTEGER(count, 0, ROWS_MAX),
    LIST(row, &ROW_FORM, count),
    TEXT(models_sha256),
    TEXT(ports_sha256),
    TEXT(vessels_sha256),
    TEXT(outline_sha256),
    REAL(corner_lonlat),
    BETWEEN(unseen_share, 0, 1),
    REAL(seconds),
    BITS(bytes_read),
};
#undef OF
const pl_wire_form PL__WIRE_RESULT = FORM("result", pl_result, RESULT);

#define OF pl_error
static const pl_wire_field ERROR[] = {
    INTEGER(status, PL_E_INTERNAL, PL_REFUSED),
    TEXT(floor),
    TEXT(message),
};
#undef OF
const pl_wire_form PL__WIRE_ERROR = FORM("error", pl_error, ERROR);

#define OF pl_section
static const pl_wire_field SECTION[] = {
    FLAG(one_side),
    INTEGER(side, PL_PORT_SIDE, PL_STARBOARD_SIDE),
    INTEGER(kind, PL_CUE_DARK_BAND, PL_CUE_LIT_WALL),
    INTEGER(stations, 0, INT_MAX),
    REAL(from_m),
    REAL(step_m),
    REAL(outer_edge_m),
    REAL(waterline_m),
    FLOAT(level),
    FLAG(modelled),
    FLOAT(model),
};
#undef OF
static const pl_wire_form SECTION_FORM = FORM("section", pl_section, SECTION);

/* The pixels follow the form (child.c), as many as the numbers here say. */
#define OF pl_chip
static const pl_wire_field CHIP[] = {
    INTEGER(side_px, 1, PIXELS_MAX),
    REAL(m_per_px),
    REAL(from_input),
    INTEGER(strip_width, 0, PIXELS_MAX),
    INTEGER(strip_height, 0, PIXELS_MAX),
    REAL(strip_m_per_px),
    REAL(strip_centre_px),
    INTEGER(drawn_width, 1, PIXELS_MAX),
    INTEGER(drawn_height, 1, PIXELS_MAX),
    INTEGER(raw_width, 0, PIXELS_MAX),
    INTEGER(raw_height, 0, PIXELS_MAX),
    INTEGER(raw_bands, 0, PL_BANDS_MAX),
    INTEGER(raw_bits, 0, 32),
    INTEGER(raw_epsg, 0, 1000000),
    REAL(raw_affine),
    INTEGER(raw_role, PL_BAND_UNKNOWN, PL_BAND_ALPHA),
    FLAG(has_section),
    GROUP(section, &SECTION_FORM),
};
#undef OF
const pl_wire_form PL__WIRE_CHIP = FORM("chip", pl_chip, CHIP);

#define OF pl_registration
static const pl_wire_field REGISTRATION[] = {
    INTEGER(verdict, PL_REGISTERED, PL_NO_PEAK),
    BETWEEN(east_m, -1000, 1000),
    BETWEEN(north_m, -1000, 1000),
    BETWEEN(sigma_m, 0, 1e6),
    REAL(pixel_m),
    REAL(peak),
    REAL(peak_sigmas),
};
#undef OF
const pl_wire_form PL__WIRE_REGISTRATION = FORM("registration", pl_registration, REGISTRATION);
