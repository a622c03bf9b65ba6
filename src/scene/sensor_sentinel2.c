/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Sentinel-2's tile say of its picture? MTD_TL.xml above IMG_DATA, metadata.xml in the
 * open archives.
 *
 * Conventions: the sun is given by its ZENITH angle and azimuth, the view by the mean of each band:
 * zenith angle at the target (the incidence) and azimuth from the target to the satellite (checked
 * on tile T46RER: a descending orbit that passes at 10:48 local sun time has the satellite west of
 * it, and 287 deg is published). A band in a file of its own ("_B02") has its own mean; otherwise
 * the mean lean of blue, green, red and near infrared is taken. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_tile(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "_Tile_ID") || strstr(sidecar->text, "_User_Product");
}

/* "T46RER" of "S2A_OPER_MSI_L1C_TL_VGS2_20210908T070248_A032453_T46RER_N03.01" */
static const char *tile_name(const char *tile_id) {
    const char *last = tile_id ? strstr(tile_id, "_T") : NULL;
    for (const char *next = last; next; next = strstr(next + 1, "_T"))
        if (strlen(next) >= 7 && next[1] == 'T' && next[7] == '_') last = next;
    return last && strlen(last) >= 7 ? last + 1 : NULL;
}

static bool belongs(const pl_sidecar *sidecar) {
    const char *tag = strstr(sidecar->text, "<TILE_ID"), *end = tag ? strchr(tag, '<') : NULL;
    char id[160] = "";
    if (tag) end = strstr(tag, "</TILE_ID>");
    if (!end || end - tag >= (long)sizeof id) return false;
    memcpy(id, tag, (size_t)(end - tag));
    const char *tile = tile_name(id);
    char name[8];
    if (!tile) return false;
    snprintf(name, sizeof name, "%.6s", tile);
    return strstr(pl__sensor_base_name(sidecar->picture), name) != NULL;
}

/* bandId counts B01, B02, ... B08, B8A, B09 ... B12 from 0. -1: not a file of one band. */
static int band_of(const char *picture) {
    static const char *const NAME[] = {"_B01", "_B02", "_B03", "_B04", "_B05", "_B06", "_B07",
                                       "_B08", "_B8A", "_B09", "_B10", "_B11", "_B12"};
    const char *base = picture ? pl__sensor_base_name(picture) : "";
    for (int i = 0; i < (int)(sizeof NAME / sizeof *NAME); i++)
        if (strstr(base, NAME[i])) return i;
    return -1;
}

static bool wanted(const char *band_id, int band) {
    double id;
    if (!band_id || !pl__text_number(band_id, &id)) return false;
    if (band >= 0) return id == band;
    return id == 1 || id == 2 || id == 3 || id == 7;
}

static pl_status read_view(const pl_sidecar *sidecar, const pl_xml *root, pl_facts *facts,
                           pl_error *error) {
    int band = band_of(sidecar->picture), count = 0;
    double east = 0.0, north = 0.0;
    const pl_xml *mean = pl__xml_find(root, "Mean_Viewing_Incidence_Angle");
    for (; mean; mean = pl__xml_next(mean)) {
        double zenith = NAN, azimuth = NAN;
        const pl_element_row row[] = {{"ZENITH_ANGLE", 0, 90, &zenith},
                                      {"AZIMUTH_ANGLE", -360, 360, &azimuth}};
        if (!wanted(pl__xml_attribute(mean, "bandId"), band)) continue;
        pl_status status = pl__sensor_elements(sidecar, mean, row, 2, error);
        if (status < 0) return status;
        if (isnan(zenith + azimuth)) continue;
        east += tan(zenith * PL_RAD_PER_DEG) * sin(azimuth * PL_RAD_PER_DEG);
        north += tan(zenith * PL_RAD_PER_DEG) * cos(azimuth * PL_RAD_PER_DEG);
        count++;
    }
    if (count == 0) return PL_OK;
    facts->view_azimuth_deg = atan2(east, north) * PL_DEG_PER_RAD;
    facts->incidence_deg = atan(hypot(east, north) / count) * PL_DEG_PER_RAD;
    facts->incidence_field = "Mean_Viewing_Incidence_Angle";
    return PL_OK;
}

static pl_status read_sun(const pl_sidecar *sidecar, const pl_xml *root, pl_facts *facts,
                          pl_error *error) {
    double zenith = NAN;
    const pl_element_row row[] = {{"ZENITH_ANGLE", 0, 180, &zenith},
                                  {"AZIMUTH_ANGLE", -360, 360, &facts->sun_azimuth_deg}};
    pl_status status =
        pl__sensor_elements(sidecar, pl__xml_find(root, "Mean_Sun_Angle"), row, 2, error);
    facts->sun_elevation_deg = 90.0 - zenith;
    return status;
}

static pl_status read_rest(const pl_sidecar *sidecar, const pl_xml *root, pl_facts *facts,
                           pl_error *error) {
    const pl_xml *id = pl__xml_find(root, "TILE_ID"), *code;
    const pl_xml *time = pl__xml_find(root, "SENSING_TIME");
    double epsg;
    if (id) {
        pl__text_copy(facts->id, sizeof facts->id, id->text);
        if (strncmp(id->text, "S2", 2) == 0 && id->text[2])
            snprintf(facts->platform, sizeof facts->platform, "sentinel-2%c", id->text[2] | 0x20);
    }
    code = pl__xml_find(root, "HORIZONTAL_CS_CODE");
    if (code && strncmp(code->text, "EPSG:", 5) == 0 && pl__text_number(code->text + 5, &epsg) &&
        epsg > 0 && epsg < 1e6)
        facts->epsg = (int)epsg;
    return time ? pl__sensor_time(sidecar, "SENSING_TIME", time->text, facts, error) : PL_OK;
}

static pl_status read_tile(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    if (status == PL_OK && strstr(root->name, "_User_Product"))
        status = pl__fail(error, PL_REFUSED, FLOOR,
                          "%s is the product's; the angles are in GRANULE/*/MTD_TL.xml", file);
    if (status == PL_OK && !strstr(root->name, "_Tile_ID"))
        status = pl__fail(error, PL_REFUSED, FLOOR, "%s: no tile of Sentinel-2", file);
    if (status == PL_OK) status = read_sun(sidecar, root, facts, error);
    if (status == PL_OK) status = read_view(sidecar, root, facts, error);
    if (status == PL_OK) status = read_rest(sidecar, root, facts, error);
    pl_arena_free(arena);
    return status;
}

/* A product's file names a file a band. */
static pl_status picture(const pl_sidecar *sidecar, char *out, size_t size, pl_error *error) {
    pl__text_copy(out, size, "");
    if (!strstr(sidecar->text, "<IMAGE_FILE>")) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s names several pictures: give one of them",
                    pl__sensor_base_name(sidecar->file));
}

const pl_sensor pl__sensor_sentinel2 = {
    .name = "sentinel2",
    .beside = {"../MTD_TL.xml", "../../MTD_TL.xml", "MTD_TL.xml", "metadata.xml"},
    .detect = looks_like_tile,
    .belongs = belongs,
    .read = read_tile,
    .picture = picture};
