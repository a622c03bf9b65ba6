/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the auxiliary file of KOMPSAT-3 and 3A say of its picture? <name>_Aux.xml, root
 * Auxiliary; one element a band below Image, each with its file's name.
 *
 * Conventions, from three real files: Azimuth is from the target to the satellite (3.39, 8.97 and
 * 260.28 deg, where the way from ImageGeogCenter to the sub-satellite point leads 4.08, 8.94 and
 * 260.2; across the sky that is a third of a degree at most). Incidence is from the vertical. Sizes
 * are in pixels of that band, Altitude in km, times UTC.
 *
 * SunAngle is the sun over the point BELOW THE SATELLITE, not over the picture: on 2020-12-21 at
 * 01:39:42 243.36 and 65.00 deg, which a solar formula gives for the sub-satellite point, while
 * over the picture, 337 km away, the sun stood at 249.4 and 66.4. It is not taken: time and place
 * give the sun. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_kompsat3(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "<Auxiliary") && strstr(sidecar->text, "<ImagingCenterTime");
}

/* The band whose file the picture is; NULL none. */
static const pl_xml *find_band(const pl_xml *root, const char *picture) {
    const pl_xml *image = pl__xml_child(root, "Image");
    const char *wanted = picture ? pl__sensor_base_name(picture) : "";
    for (const pl_xml *band = image ? image->first : NULL; band; band = band->next) {
        const pl_xml *name = pl__xml_child(band, "ImageFileName");
        if (name && strcasecmp(name->text, wanted) == 0) return band;
    }
    return NULL;
}

static bool belongs(const pl_sidecar *sidecar) {
    pl_arena *arena;
    const pl_xml *root;
    bool found = pl__sensor_open_xml(sidecar, &arena, &root, NULL) == PL_OK &&
                 find_band(root, sidecar->picture);
    pl_arena_free(arena);
    return found;
}

/* "20201221013942.3070411" */
static pl_status read_time(const pl_sidecar *sidecar, const pl_xml *band, pl_facts *facts,
                           pl_error *error) {
    const pl_xml *utc = pl__xml_child(pl__xml_find(band, "ImagingCenterTime"), "UTC");
    char text[64];
    if (!utc) return PL_OK;
    snprintf(text, sizeof text, "%.60s", utc->text);
    if (strspn(utc->text, "0123456789") == 14)
        snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.30sZ", utc->text, utc->text + 4,
                 utc->text + 6, utc->text + 8, utc->text + 10, utc->text + 12);
    return pl__sensor_time(sidecar, "ImagingCenterTime", text, facts, error);
}

static pl_status read_view(const pl_sidecar *sidecar, const pl_xml *band, pl_facts *facts,
                           pl_error *error) {
    double altitude_km = NAN;
    const pl_xml *angle = pl__xml_child(band, "Angle");
    const pl_element_row row[] = {{"Azimuth", -360, 360, &facts->view_azimuth_deg},
                                  {"Incidence", 0, 89, &facts->incidence_deg},
                                  {"Offnadir", 0, 89, &facts->off_nadir_deg},
                                  {"OffNadir", 0, 89, &facts->off_nadir_deg}};
    const pl_element_row height[] = {{"Altitude", 100, 10000, &altitude_km}};
    pl_status status = pl__sensor_elements(sidecar, angle, row, 4, error);
    if (status == PL_OK)
        status = pl__sensor_elements(sidecar, pl__xml_child(band, "SatellitePosition"), height, 1,
                                     error);
    facts->altitude_m = altitude_km * 1e3;
    facts->incidence_field = "Incidence";
    return status;
}

typedef struct place {
    double lon, lat;
} place;

static pl_status read_place(const pl_sidecar *sidecar, const pl_xml *band, const char *name,
                            place *out, pl_error *error) {
    *out = (place){NAN, NAN};
    const pl_element_row row[] = {{"Longitude", -360, 360, &out->lon},
                                  {"Latitude", -90, 90, &out->lat}};
    return pl__sensor_elements(sidecar, pl__xml_find(band, name), row, 2, error);
}

static void take_step(const place *from, const place *to, double count, double step_m[2]) {
    double east_m, north_m;
    pl__geo_metres_per_degree(0.5 * (from->lat + to->lat), &east_m, &north_m);
    step_m[0] = remainder(to->lon - from->lon, 360.0) * east_m / count;
    step_m[1] = (to->lat - from->lat) * north_m / count;
}

/* The corners are those of the picture's data or of its frame: their box is asked, their steps
 * only of raw pictures, where the two are one. */
static pl_status read_footprint(const pl_sidecar *sidecar, const pl_xml *band, bool raw,
                                pl_facts *facts, pl_error *error) {
    static const char *const NAME[] = {"ImageGeogTL", "ImageGeogTR", "ImageGeogBR", "ImageGeogBL"};
    place at[4];
    pl_status status = PL_OK;
    for (int i = 0; i < 4 && status == PL_OK; i++)
        status = read_place(sidecar, band, NAME[i], &at[i], error);
    if (status < 0) return status;
    for (int i = 0; i < 4; i++)
        if (isnan(at[i].lon + at[i].lat)) return PL_OK;
    for (int i = 0; i < 4; i++) pl__sensor_corner(facts, at[i].lon, at[i].lat);
    if (!raw || !(facts->width_px > 1.0 && facts->height_px > 1.0)) return PL_OK;
    take_step(&at[0], &at[1], facts->width_px - 1.0, facts->across_m);
    take_step(&at[0], &at[3], facts->height_px - 1.0, facts->down_m);
    return PL_OK;
}

static pl_status read_form(const pl_sidecar *sidecar, const pl_xml *root, const pl_xml *band,
                           pl_facts *facts, pl_error *error) {
    const pl_xml *level = pl__xml_child(band, "ImageLevel");
    bool raw = level && !strstr(level->text, "1G") && !strstr(level->text, "1O");
    const pl_element_row size[] = {{"Width", 1, 1e9, &facts->width_px},
                                   {"Height", 1, 1e9, &facts->height_px}};
    const pl_element_row pixel[] = {{"Column", 1e-3, 1e5, &facts->pixel_m}};
    double bits = NAN;
    const pl_element_row depth[] = {{"DesignBitsPerPixel", 1, 16, &bits}};
    pl_status status =
        pl__sensor_elements(sidecar, pl__xml_child(band, "ImageSize"), size, 2, error);
    if (status == PL_OK)
        status = pl__sensor_elements(sidecar, pl__xml_child(band, "ImageGSD"), pixel, 1, error);
    if (status == PL_OK)
        status = pl__sensor_elements(sidecar, pl__xml_child(root, "General"), depth, 1, error);
    if (status == PL_OK) status = read_footprint(sidecar, band, raw, facts, error);
    if (bits < 16) facts->saturation_dn = exp2(bits) - 1.0;
    if (raw) pl__sensor_note(facts, "ImageLevel %.12s is not rectified to the ground", level->text);
    return status;
}

static void read_names(const pl_xml *root, const pl_xml *band, pl_facts *facts) {
    const pl_xml *satellite = pl__xml_find(pl__xml_child(root, "General"), "Satellite");
    const pl_xml *zone = pl__xml_find(pl__xml_child(root, "General"), "Parameter");
    const pl_xml *color = pl__xml_child(band, "ImageColor");
    double number;
    if (satellite) pl__text_copy(facts->platform, sizeof facts->platform, satellite->text);
    if (zone && strchr("NS", zone->text[0]) && pl__text_number(zone->text + 1, &number) &&
        number >= 1 && number <= 60)
        facts->epsg = (zone->text[0] == 'S' ? 32700 : 32600) + (int)number;
    if (!color) return;
    facts->role[0] = pl__sensor_band(color->text);
    facts->bands = facts->role[0] != PL_BAND_UNKNOWN; /* a file a band */
}

static pl_status read_kompsat3(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    if (status == PL_OK && strcmp(root->name, "Auxiliary") != 0)
        status = pl__fail(error, PL_REFUSED, FLOOR, "%s: no auxiliary file of KOMPSAT-3", file);
    const pl_xml *band = status == PL_OK ? find_band(root, sidecar->picture) : NULL;
    const pl_xml *image = status == PL_OK ? pl__xml_child(root, "Image") : NULL;
    if (!band && image) band = image->first; /* renamed: all bands see alike */
    if (status == PL_OK && !band)
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no Image in it, or cut short", file);
    if (status == PL_OK) status = read_time(sidecar, band, facts, error);
    if (status == PL_OK) status = read_view(sidecar, band, facts, error);
    if (status == PL_OK) status = read_form(sidecar, root, band, facts, error);
    if (status == PL_OK) read_names(root, band, facts);
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_kompsat3 = {.name = "kompsat3",
                                       .beside = {"*_Aux.xml", "*_aux.xml"},
                                       .list = {"*", "_Aux.xml"},
                                       .detect = looks_like_kompsat3,
                                       .belongs = belongs,
                                       .read = read_kompsat3};
