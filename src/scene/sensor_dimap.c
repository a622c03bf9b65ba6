/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Airbus' DIMAP say of its picture? DIM_<name>.XML, version 2: Pleiades, Pleiades Neo,
 * SPOT 6 and 7.
 *
 * Conventions: the angles stand at several places of the picture (top, middle and bottom of the
 * centre line; nine places with Pleiades Neo). AZIMUTH_ANGLE is the azimuth of the scan, and the
 * incidence is given along and across it, so that
 *
 *     azimuth, target to satellite = AZIMUTH_ANGLE - atan2(tan INCIDENCE_ANGLE_ACROSS_TRACK,
 *                                                          tan INCIDENCE_ANGLE_ALONG_TRACK)
 *
 * (a Pleiades 1B picture: 221.30 deg so, 221.38 deg from its RPC). INCIDENCE_ANGLE is from the
 * vertical at the target. COL and ROW count pixels from 1. Times are UTC.
 *
 * The form before version 2 (PHR_Dimap_Document, CNES) has the same values under other words:
 * ORIENTATION, ALONG_TRACK_INCIDENCE, ORTHO_TRACK_INCIDENCE, GLOBAL_INCIDENCE, by time instead of
 * place (two pictures: 315.42 and 341.25 deg by the formula, 315.44 and 341.08 from their RPCs, the
 * second 5 deg from nadir): the middle one is taken.
 *
 * Version 1 (SPOT 1 to 5) gives the sun and one incidence, whose sign tells the side, but not the
 * track: the view azimuth stays unknown. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "scene/sensor.h"

static const char FLOOR[] = "scene";

typedef struct dimap {
    const pl_sidecar *sidecar;
    const pl_xml *root;
    double column, row; /* of the picture's first pixel, when it is a tile */
} dimap;

static bool looks_like_dimap(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "<Dimap_Document") || strstr(sidecar->text, "<PHR_Dimap_Document");
}

/* ---- which picture? ---- */

static const char *href(const pl_xml *data_file) {
    const char *name = pl__xml_attribute(pl__xml_child(data_file, "DATA_FILE_PATH"), "href");
    return name ? name : "";
}

/* The Data_File that is this picture, or NULL. */
static const pl_xml *find_tile(const pl_xml *root, const char *picture) {
    const pl_xml *access = pl__xml_find(root, "Data_Access");
    const char *wanted = pl__sensor_base_name(picture);
    for (const pl_xml *file = pl__xml_find(access, "Data_File"); file; file = pl__xml_next(file))
        if (strcasecmp(pl__sensor_base_name(href(file)), wanted) == 0) return file;
    return NULL;
}

static bool belongs(const pl_sidecar *sidecar) {
    pl_arena *arena = pl_arena_new(0);
    const pl_xml *root = NULL;
    bool found = arena &&
                 pl__xml_parse(sidecar->text, sidecar->length, "", arena, &root, NULL) == PL_OK &&
                 find_tile(root, sidecar->picture);
    pl_arena_free(arena);
    return found;
}

/* ---- where the picture is a tile of a larger one ---- */

static pl_status read_size(dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *access = pl__xml_find(it->root, "Data_Access");
    const pl_xml *first = pl__xml_find(access, "Data_File"),
                 *tile = find_tile(it->root, it->sidecar->picture);
    if (!pl__xml_next(first)) {
        const pl_xml *size = pl__xml_find(it->root, "Raster_Dimensions");
        const pl_element_row row[] = {{"NROWS", 1, 1e9, &facts->height_px},
                                      {"NCOLS", 1, 1e9, &facts->width_px}};
        return pl__sensor_elements(it->sidecar, size, row, 2, error);
    }
    const pl_xml *step = pl__xml_find(it->root, "NTILES_SIZE");
    const char *text[4] = {pl__xml_attribute(tile, "tile_C"), pl__xml_attribute(step, "ncols"),
                           pl__xml_attribute(tile, "tile_R"), pl__xml_attribute(step, "nrows")};
    double value[4];
    for (int i = 0; i < 4; i++)
        if (!text[i] || !pl__text_number(text[i], &value[i])) return PL_OK;
    it->column = (value[0] - 1.0) * value[1];
    it->row = (value[2] - 1.0) * value[3];
    return PL_OK;
}

/* ---- what it says ---- */

static double view_azimuth_deg(double scan_deg, double along_deg, double across_deg) {
    return scan_deg - atan2(tan(across_deg * PL_RAD_PER_DEG), tan(along_deg * PL_RAD_PER_DEG)) *
                          PL_DEG_PER_RAD;
}

static pl_status read_look(const dimap *it, const pl_xml *located, pl_facts *facts, bool *centre,
                           pl_error *error) {
    double scan = NAN, along = NAN, across = NAN, incidence = NAN, column = NAN, row = NAN;
    double altitude = NAN, azimuth_sun = NAN, elevation_sun = NAN;
    const pl_element_row wanted[] = {
        {"AZIMUTH_ANGLE", -360, 360, &scan},
        {"INCIDENCE_ANGLE_ALONG_TRACK", -89, 89, &along},
        {"INCIDENCE_ANGLE_ACROSS_TRACK", -89, 89, &across},
        {"INCIDENCE_ANGLE", 0, 89, &incidence},
        {"COL", -1e9, 1e9, &column},
        {"ROW", -1e9, 1e9, &row},
        {"SATELLITE_ALTITUDE", 1e5, 1e7, &altitude},
        {"SUN_AZIMUTH", -360, 360, &azimuth_sun},
        {"SUN_ELEVATION", -90, 90, &elevation_sun},
    };
    pl_status status =
        pl__sensor_elements(it->sidecar, located, wanted, sizeof wanted / sizeof *wanted, error);
    if (status < 0) return status;
    const pl_xml *place = pl__xml_child(located, "LOCATION_TYPE");
    *centre = place && strcasecmp(place->text, "Center") == 0;
    if (*centre || isnan(facts->sun_azimuth_deg)) {
        facts->sun_azimuth_deg = azimuth_sun;
        facts->sun_elevation_deg = elevation_sun;
        facts->altitude_m = altitude;
    }
    double azimuth = view_azimuth_deg(scan, along, across);
    if (*centre || isnan(facts->incidence_deg)) {
        facts->incidence_deg = incidence;
        facts->view_azimuth_deg = azimuth;
        facts->track_deg = scan;
    }
    if (isfinite(azimuth + incidence + column + row) && facts->looks < PL_LOOKS_MAX)
        facts->look[facts->looks++] =
            (pl_look){column - 0.5 - it->column, row - 0.5 - it->row, azimuth, incidence};
    return PL_OK;
}

static pl_status read_angles(const dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *area = pl__xml_find(it->root, "Use_Area");
    const pl_xml *located = pl__xml_child(area, "Located_Geometric_Values");
    facts->incidence_field = "INCIDENCE_ANGLE";
    bool centre = false;
    for (; located; located = pl__xml_next(located)) {
        pl_status status = read_look(it, located, facts, &centre, error);
        if (status < 0) return status;
    }
    return PL_OK;
}

/* CNES' form: three headers, the middle one in the middle. */
static pl_status read_cnes_angles(const dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *header =
        pl__xml_child(pl__xml_find(it->root, "Geometric_Header_List"), "Located_Geometric_Header");
    const pl_xml *after = pl__xml_next(header), *time;
    if (after) header = after;
    double scan = NAN, along = NAN, across = NAN;
    const pl_element_row row[] = {{"ORIENTATION", -360, 360, &scan},
                                  {"ALONG_TRACK_INCIDENCE", -89, 89, &along},
                                  {"ORTHO_TRACK_INCIDENCE", -89, 89, &across},
                                  {"GLOBAL_INCIDENCE", 0, 89, &facts->incidence_deg},
                                  {"SUN_AZIMUTH", -360, 360, &facts->sun_azimuth_deg},
                                  {"SUN_ELEVATION", -90, 90, &facts->sun_elevation_deg}};
    pl_status status =
        pl__sensor_elements(it->sidecar, header, row, sizeof row / sizeof *row, error);
    facts->view_azimuth_deg = view_azimuth_deg(scan, along, across);
    facts->incidence_field = "GLOBAL_INCIDENCE";
    time = pl__xml_child(header, "UTC_TIME");
    if (status == PL_OK && time)
        status = pl__sensor_time(it->sidecar, "UTC_TIME", time->text, facts, error);
    return status;
}

/* Version 1: one sun, one incidence. */
static pl_status read_old_angles(const dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *scene = pl__xml_find(it->root, "Scene_Source");
    double incidence = NAN;
    const pl_element_row row[] = {{"SUN_AZIMUTH", -360, 360, &facts->sun_azimuth_deg},
                                  {"SUN_ELEVATION", -90, 90, &facts->sun_elevation_deg},
                                  {"INCIDENCE_ANGLE", -89, 89, &incidence}};
    pl_status status = pl__sensor_elements(it->sidecar, scene, row, 3, error);
    facts->incidence_deg = fabs(incidence);
    facts->incidence_field = "INCIDENCE_ANGLE";
    return status;
}

static pl_status read_time(const dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *date = pl__xml_find(it->root, "IMAGING_DATE");
    const pl_xml *time = pl__xml_find(it->root, "IMAGING_TIME");
    char text[64];
    if (!date) return PL_OK;
    snprintf(text, sizeof text, "%.20s%s%.30s", date->text, time ? "T" : "",
             time ? time->text : "");
    return pl__sensor_time(it->sidecar, time ? "IMAGING_TIME" : "IMAGING_DATE", text, facts, error);
}

typedef struct corner {
    double lon, lat, column, row;
} corner;

/* Two corners in one row, or in one column: what a step between them is on the ground. */
static void take_step(const corner *from, const corner *to, pl_facts *facts) {
    double east_m, north_m, columns = to->column - from->column, rows = to->row - from->row;
    pl__geo_metres_per_degree(from->lat, &east_m, &north_m);
    double east = remainder(to->lon - from->lon, 360.0) * east_m;
    double north = (to->lat - from->lat) * north_m;
    double *step = rows == 0.0 ? facts->across_m : facts->down_m;
    double count = rows == 0.0 ? columns : rows;
    if ((rows == 0.0) == (columns == 0.0)) return; /* aslant, or one place */
    step[0] = east / count;
    step[1] = north / count;
}

static pl_status read_footprint(const dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *extent = pl__xml_find(it->root, "Dataset_Extent");
    if (!extent) extent = pl__xml_find(it->root, "Dataset_Frame");
    corner before = {NAN, NAN, NAN, NAN};
    for (const pl_xml *vertex = pl__xml_child(extent, "Vertex"); vertex;
         vertex = pl__xml_next(vertex)) {
        corner at = {NAN, NAN, NAN, NAN};
        const pl_element_row row[] = {{"LON", -360, 360, &at.lon},
                                      {"LAT", -90, 90, &at.lat},
                                      {"COL", -1e9, 1e9, &at.column},
                                      {"ROW", -1e9, 1e9, &at.row}};
        pl_status status = pl__sensor_elements(it->sidecar, vertex, row, 4, error);
        if (status < 0) return status;
        if (isfinite(at.lon + at.lat)) pl__sensor_corner(facts, at.lon, at.lat);
        if (isfinite(before.lon + at.lon + before.lat + at.lat + at.column + at.row))
            take_step(&before, &at, facts);
        before = at;
    }
    return PL_OK;
}

/* "urn:ogc:def:crs:EPSG::32653": of the map, or of longitude and latitude where there is none. */
static void read_crs(const dimap *it, pl_facts *facts) {
    const pl_xml *code = pl__xml_find(it->root, "PROJECTED_CRS_CODE");
    if (!code) code = pl__xml_find(it->root, "GEODETIC_CRS_CODE");
    const char *colons = code ? strstr(code->text, "EPSG::") : NULL;
    double number;
    if (colons && pl__text_number(colons + 6, &number) && number > 0 && number < 1e6)
        facts->epsg = (int)number;
}

/* RESAMPLING_SPACING is in metres, says its unit; a picture in degrees has degrees there. GSD is
 * the sensor's: 0.7 m is sold at 0.5 (Pleiades), 2.2 at 1.5 (SPOT 6), 0.3 at 0.3 (Neo). */
static pl_status read_pixel(const dimap *it, pl_facts *facts, pl_error *error) {
    const double least_m = 0.05;
    double spacing = NAN, across = NAN, along = NAN;
    const pl_xml *settings = pl__xml_find(it->root, "Processing_Information");
    const pl_xml *distance = pl__xml_find(it->root, "Ground_Sample_Distance");
    const pl_element_row row[] = {{"GSD_ACROSS_TRACK", 1e-3, 1e5, &across},
                                  {"GSD_ALONG_TRACK", 1e-3, 1e5, &along}};
    pl_status status = pl__sensor_element(it->sidecar, pl__xml_find(settings, "RESAMPLING_SPACING"),
                                          0, 1e5, &spacing, error);
    if (status == PL_OK) status = pl__sensor_elements(it->sidecar, distance, row, 2, error);
    if (spacing > least_m) facts->pixel_m = spacing;
    facts->collected_m = sqrt(across * along);
    facts->delivered_least = 0.65;
    facts->delivered_most = 1.3;
    return status;
}

/* DN that stands for "saturated": 4095 in a file of 16 bits that holds 12. */
static pl_status read_saturation(const dimap *it, pl_facts *facts, pl_error *error) {
    const pl_xml *special = pl__xml_find(it->root, "Special_Value");
    for (; special; special = pl__xml_next(special)) {
        const pl_xml *text = pl__xml_child(special, "SPECIAL_VALUE_TEXT");
        if (text && strcasecmp(text->text, "SATURATED") == 0)
            return pl__sensor_element(it->sidecar, pl__xml_child(special, "SPECIAL_VALUE_COUNT"), 0,
                                      1e6, &facts->saturation_dn, error);
    }
    return PL_OK;
}

/* MISSION "PHR" and MISSION_INDEX "1A" make "PHR1A", which models/platforms.csv knows. */
static void read_names(const dimap *it, pl_facts *facts) {
    const pl_xml *mission = pl__xml_find(it->root, "MISSION");
    const pl_xml *index = pl__xml_find(it->root, "MISSION_INDEX");
    const pl_xml *id = pl__xml_find(it->root, "DATASET_NAME");
    if (mission)
        snprintf(facts->platform, sizeof facts->platform, "%.30s%.10s", mission->text,
                 index ? index->text : "");
    if (id) pl__text_copy(facts->id, sizeof facts->id, id->text);
    const pl_xml *level = pl__xml_find(it->root, "PROCESSING_LEVEL");
    if (level && strcasecmp(level->text, "SENSOR") == 0)
        pl__sensor_note(facts, "PROCESSING_LEVEL SENSOR is not rectified to the ground");
    const pl_xml *source = pl__xml_find(it->root, "Source_Identification");
    if (pl__xml_next(source))
        pl__sensor_note(facts, "several strips: the time of the first is used");
}

/* A delivery's other files (RPC, volume, strip) are DIMAP as well. */
static pl_status check_kind(const dimap *it, pl_error *error) {
    const pl_xml *kind = pl__xml_find(it->root, "METADATA_SUBPROFILE");
    if (!kind || strcasecmp(kind->text, "PRODUCT") == 0) return PL_OK;
    return pl__fail(error, PL_REFUSED, FLOOR, "%s is DIMAP's %.30s, the angles are in DIM_*.XML",
                    pl__sensor_base_name(it->sidecar->file), kind->text);
}

static pl_status read_dimap(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena;
    const char *file = pl__sensor_base_name(sidecar->file);
    dimap it = {.sidecar = sidecar};
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &it.root, error);
    bool cnes = status == PL_OK && strcmp(it.root->name, "PHR_Dimap_Document") == 0;
    bool old = status == PL_OK && pl__xml_find(it.root, "Metadata_Id") != NULL;
    if (status == PL_OK && !cnes && strcmp(it.root->name, "Dimap_Document") != 0)
        status = pl__fail(error, PL_REFUSED, FLOOR, "%s: no DIMAP", file);
    if (status == PL_OK && !cnes && !old) status = check_kind(&it, error);
    if (status == PL_OK) status = read_size(&it, facts, error);
    if (status == PL_OK)
        status = cnes  ? read_cnes_angles(&it, facts, error)
                 : old ? read_old_angles(&it, facts, error)
                       : read_angles(&it, facts, error);
    if (status == PL_OK) status = read_time(&it, facts, error);
    if (status == PL_OK) status = read_footprint(&it, facts, error);
    if (status == PL_OK) status = read_pixel(&it, facts, error);
    if (status == PL_OK) read_crs(&it, facts);
    if (status == PL_OK) status = read_saturation(&it, facts, error);
    if (status == PL_OK) read_names(&it, facts);
    pl_arena_free(arena);
    return status;
}

static pl_status picture(const pl_sidecar *sidecar, char *out, size_t size, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    const pl_xml *first = pl__xml_find(pl__xml_find(root, "Data_Access"), "Data_File");
    if (status == PL_OK && pl__xml_next(first))
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s names several pictures: give one of them",
                          pl__sensor_base_name(sidecar->file));
    pl__text_copy(out, size, first ? href(first) : "");
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_dimap = {.name = "dimap",
                                    .beside = {"DIM_*.XML", "DIM_*.xml"},
                                    .list = {"DIM_", ".XML"},
                                    .detect = looks_like_dimap,
                                    .belongs = belongs,
                                    .read = read_dimap,
                                    .picture = picture};
