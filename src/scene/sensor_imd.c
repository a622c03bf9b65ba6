/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Maxar's (DigitalGlobe's) IMD say of its picture? <name>.IMD, PVL.
 *
 * Conventions: meanSatAz is from the target to the satellite, meanSatEl the satellite's elevation
 * seen from the target, both means over the scene, from true north. QuickBird's IMD has no "mean"
 * names but sunAz, sunEl, satAz, satEl, offNadirViewAngle in the same meaning. Times are UTC. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "scene/imd.h"

static const char FLOOR[] = "scene";

typedef struct imd {
    const pl_sidecar *sidecar;
    const pl_pvl *pvl;
} imd;

/* Every IMD holds one of these words near its beginning or its middle; no JSON does. */
static bool looks_like_imd(const pl_sidecar *sidecar) {
    if (sidecar->text[strspn(sidecar->text, " \t\r\n\xEF\xBB\xBF")] == '<') return false;
    return strstr(sidecar->text, "IMAGE_1") || strstr(sidecar->text, "numRows");
}

static pl_status number(const imd *it, const char *group, const char *name, double low, double high,
                        double *out, pl_error *error) {
    const pl_pvl_entry *entry = pl__pvl_find(it->pvl, group, name);
    double value;
    if (!entry) return PL_OK;
    if (!pl__text_number(entry->value, &value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s: \"%.40s\" is not a number",
                        pl__sensor_base_name(it->sidecar->file), entry->line, entry->name,
                        entry->value);
    return pl__sensor_number(it->sidecar, entry->name, value, low, high, out, error);
}

static pl_status read_angles(const imd *it, pl_facts *facts, pl_error *error) {
    const struct {
        const char *name, *old_name;
        double low, high, *out;
    } ROW[] = {
        {"meanSunAz", "sunAz", -360, 360, &facts->sun_azimuth_deg},
        {"meanSunEl", "sunEl", -90, 90, &facts->sun_elevation_deg},
        {"meanSatAz", "satAz", -360, 360, &facts->view_azimuth_deg},
        {"meanSatEl", "satEl", 0, 90, &facts->satellite_elevation_deg},
        {"meanOffNadirViewAngle", "offNadirViewAngle", 0, 90, &facts->off_nadir_deg},
    };
    pl_status status = PL_OK;
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW && status == PL_OK; i++) {
        status = number(it, "IMAGE_1", ROW[i].old_name, ROW[i].low, ROW[i].high, ROW[i].out, error);
        if (status == PL_OK)
            status = number(it, "IMAGE_1", ROW[i].name, ROW[i].low, ROW[i].high, ROW[i].out, error);
    }
    facts->incidence_field = "meanSatEl";
    return status;
}

static pl_status read_time(const imd *it, pl_facts *facts, pl_error *error) {
    static const char *const PLACE[][2] = {{"IMAGE_1", "firstLineTime"},
                                           {"IMAGE_1", "TLCTime"},
                                           {"MAP_PROJECTED_PRODUCT", "earliestAcqTime"}};
    for (size_t i = 0; i < sizeof PLACE / sizeof *PLACE; i++) {
        const pl_pvl_entry *entry = pl__pvl_find(it->pvl, PLACE[i][0], PLACE[i][1]);
        if (entry) return pl__sensor_time(it->sidecar, PLACE[i][1], entry->value, facts, error);
    }
    return PL_OK;
}

/* The BAND_x groups stand in the order of the file's bands. */
static void read_bands(const imd *it, pl_facts *facts) {
    const char *before = "";
    for (int i = 0; i < it->pvl->count && facts->bands < PL_BANDS_MAX; i++) {
        const char *group = it->pvl->entry[i].group;
        if (strncmp(group, "BAND_", 5) != 0 || strcmp(group, before) == 0) continue;
        facts->role[facts->bands++] = pl__sensor_band(group + 5);
        before = group;
    }
}

typedef struct corner {
    double lon, lat;
} corner;

/* UL, UR, LR, LL. The ground under a step to the right is the way from UL to UR by its steps. */
static void take_corners(const corner at[4], pl_facts *facts) {
    double east_m, north_m, columns = facts->width_px - 1.0, rows = facts->height_px - 1.0;
    for (int k = 0; k < 4; k++) pl__sensor_corner(facts, at[k].lon, at[k].lat);
    if (!(columns > 0.0 && rows > 0.0)) return;
    pl__geo_metres_per_degree(0.5 * (at[0].lat + at[2].lat), &east_m, &north_m);
    facts->across_m[0] = remainder(at[1].lon - at[0].lon, 360.0) * east_m / columns;
    facts->across_m[1] = (at[1].lat - at[0].lat) * north_m / columns;
    facts->down_m[0] = remainder(at[3].lon - at[0].lon, 360.0) * east_m / rows;
    facts->down_m[1] = (at[3].lat - at[0].lat) * north_m / rows;
}

static pl_status read_footprint(const imd *it, pl_facts *facts, pl_error *error) {
    static const char *const CORNER[] = {"UL", "UR", "LR", "LL"};
    const char *group = NULL;
    corner at[4];
    for (int i = 0; i < it->pvl->count && !group; i++)
        if (strncmp(it->pvl->entry[i].group, "BAND_", 5) == 0) group = it->pvl->entry[i].group;
    if (!group) return PL_OK;
    for (int k = 0; k < 4; k++) {
        char name[8];
        at[k] = (corner){NAN, NAN};
        snprintf(name, sizeof name, "%sLon", CORNER[k]);
        pl_status status = number(it, group, name, -180, 180, &at[k].lon, error);
        snprintf(name, sizeof name, "%sLat", CORNER[k]);
        if (status == PL_OK) status = number(it, group, name, -90, 90, &at[k].lat, error);
        if (status < 0) return status;
        if (isnan(at[k].lon) || isnan(at[k].lat)) return PL_OK;
    }
    take_corners(at, facts);
    return PL_OK;
}

/* colSpacing of a map in metres, else what the product or its first strip says of its own pixel. */
static pl_status read_pixel(const imd *it, pl_facts *facts, pl_error *error) {
    static const char MAP[] = "MAP_PROJECTED_PRODUCT";
    const pl_pvl_entry *unit = pl__pvl_find(it->pvl, MAP, "productUnits");
    pl_status status = PL_OK;
    if (unit && strcasecmp(unit->value, "M") == 0)
        status = number(it, MAP, "colSpacing", 1e-3, 1e5, &facts->pixel_m, error);
    if (status == PL_OK && isnan(facts->pixel_m))
        status = number(it, MAP, "productGSD", 1e-3, 1e5, &facts->pixel_m, error);
    if (status == PL_OK && isnan(facts->pixel_m))
        status = number(it, "IMAGE_1", "meanProductGSD", 1e-3, 1e5, &facts->pixel_m, error);
    return status;
}

/* 16 is the file's, not the sensor's: 11 and 12 are delivered as 16. */
static pl_status read_depth(const imd *it, pl_facts *facts, pl_error *error) {
    double bits = NAN;
    pl_status status = number(it, "", "bitsPerPixel", 1, 64, &bits, error);
    if (status == PL_OK && bits < 16) facts->saturation_dn = exp2(bits) - 1;
    return status;
}

static void read_crs(const imd *it, pl_facts *facts) {
    const char *group = "MAP_PROJECTED_PRODUCT";
    const pl_pvl_entry *name = pl__pvl_find(it->pvl, group, "mapProjName");
    const pl_pvl_entry *zone = pl__pvl_find(it->pvl, group, "mapZone");
    const pl_pvl_entry *half = pl__pvl_find(it->pvl, group, "mapHemisphere");
    double number;
    if (!name || !zone || !half || strcmp(name->value, "UTM") != 0) return;
    if (!pl__text_number(zone->value, &number) || !(number >= 1 && number <= 60)) return;
    facts->epsg = (half->value[0] == 'S' ? 32700 : 32600) + (int)number;
}

static pl_status read_form(const imd *it, pl_facts *facts, pl_error *error) {
    pl_status status = number(it, "", "numRows", 1, 1e9, &facts->height_px, error);
    if (status == PL_OK) status = number(it, "", "numColumns", 1, 1e9, &facts->width_px, error);
    if (status == PL_OK) status = read_footprint(it, facts, error);
    if (status == PL_OK) status = read_pixel(it, facts, error);
    read_crs(it, facts);
    return status;
}

static pl_status check_kind(const imd *it, pl_error *error) {
    for (int i = 0; i < it->pvl->count; i++)
        if (strcmp(it->pvl->entry[i].group, "IMAGE_1") == 0) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no group IMAGE_1: no IMD, or cut short",
                    pl__sensor_base_name(it->sidecar->file));
}

static void read_names(const imd *it, pl_facts *facts) {
    const pl_pvl_entry *satellite = pl__pvl_find(it->pvl, "IMAGE_1", "satId");
    if (satellite) pl__text_copy(facts->platform, sizeof facts->platform, satellite->value);
    const pl_pvl_entry *level = pl__pvl_find(it->pvl, "", "productLevel");
    if (level && strncmp(level->value, "LV1", 3) == 0)
        pl__sensor_note(facts, "productLevel %.8s is not rectified to the ground", level->value);
    for (int i = 0; i < it->pvl->count; i++) {
        if (strcmp(it->pvl->entry[i].group, "IMAGE_2") != 0) continue;
        pl__sensor_note(facts, "several strips: the angles of the first are used");
        break;
    }
}

pl_status pl__imd_facts(const pl_sidecar *sidecar, const pl_pvl *pvl, pl_facts *facts,
                        pl_error *error) {
    imd it = {.sidecar = sidecar, .pvl = pvl};
    pl_status status = check_kind(&it, error);
    if (status == PL_OK) status = read_time(&it, facts, error);
    if (status == PL_OK) status = read_angles(&it, facts, error);
    if (status == PL_OK) status = read_form(&it, facts, error);
    if (status == PL_OK) status = read_depth(&it, facts, error);
    if (status != PL_OK) return status;
    read_bands(&it, facts);
    read_names(&it, facts);
    return PL_OK;
}

static pl_status read_imd(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_pvl pvl;
    pl_status status = pl__pvl_parse(sidecar->text, sidecar->length,
                                     pl__sensor_base_name(sidecar->file), arena, &pvl, error);
    if (status == PL_OK) status = pl__imd_facts(sidecar, &pvl, facts, error);
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_imd = {
    .name = "imd", .beside = {"*.IMD", "*.imd"}, .detect = looks_like_imd, .read = read_imd};
