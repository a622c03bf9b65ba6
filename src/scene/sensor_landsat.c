/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Landsat's MTL say of its picture? <product>_MTL.txt, PVL.
 *
 * The sun over the scene's centre, and the time. Landsat looks straight down, to 7.5 degrees at the
 * ends of its lines and to which side no field tells; its pixel of 15 or 30 m is too coarse for a
 * ship's side in any case. So the view stays unknown, and what is asked is refused for that. */
#include <stdio.h>
#include <string.h>

#include "scene/pvl.h"
#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_mtl(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "L1_METADATA_FILE") ||
           strstr(sidecar->text, "LANDSAT_METADATA_FILE");
}

/* "LC08_..._T1" of both "LC08_..._T1_MTL.txt" and "LC08_..._T1_B8.TIF" */
static bool belongs(const pl_sidecar *sidecar) {
    const char *file = pl__sensor_base_name(sidecar->file), *end = strstr(file, "_MTL.");
    return end && strncmp(file, pl__sensor_base_name(sidecar->picture), (size_t)(end - file)) == 0;
}

/* Groups were renamed between collections, the fields were not. */
static const pl_pvl_entry *find(const pl_pvl *pvl, const char *name) {
    for (int i = 0; i < pvl->count; i++)
        if (strcmp(pvl->entry[i].name, name) == 0) return &pvl->entry[i];
    return NULL;
}

static pl_status number(const pl_sidecar *sidecar, const pl_pvl *pvl, const char *name, double low,
                        double high, double *out, pl_error *error) {
    const pl_pvl_entry *entry = find(pvl, name);
    double value;
    if (!entry) return PL_OK;
    if (!pl__text_number(entry->value, &value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s: \"%.40s\" is not a number",
                        pl__sensor_base_name(sidecar->file), entry->line, name, entry->value);
    return pl__sensor_number(sidecar, name, value, low, high, out, error);
}

static pl_status read_time(const pl_sidecar *sidecar, const pl_pvl *pvl, pl_facts *facts,
                           pl_error *error) {
    const pl_pvl_entry *date = find(pvl, "DATE_ACQUIRED"), *time = find(pvl, "SCENE_CENTER_TIME");
    char text[80];
    if (!date) return PL_OK;
    snprintf(text, sizeof text, "%.20s%s%.30s", date->value, time ? "T" : "",
             time ? time->value : "");
    return pl__sensor_time(sidecar, "DATE_ACQUIRED", text, facts, error);
}

static pl_status read_mtl(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_pvl pvl;
    pl_status status = pl__pvl_parse(sidecar->text, sidecar->length,
                                     pl__sensor_base_name(sidecar->file), arena, &pvl, error);
    if (status == PL_OK)
        status = number(sidecar, &pvl, "SUN_AZIMUTH", -360, 360, &facts->sun_azimuth_deg, error);
    if (status == PL_OK)
        status = number(sidecar, &pvl, "SUN_ELEVATION", -90, 90, &facts->sun_elevation_deg, error);
    if (status == PL_OK) status = read_time(sidecar, &pvl, facts, error);
    if (status == PL_OK) {
        const pl_pvl_entry *satellite = find(&pvl, "SPACECRAFT_ID");
        if (satellite) pl__text_copy(facts->platform, sizeof facts->platform, satellite->value);
        pl__sensor_note(facts, "Landsat: too coarse for a ship's side, and the view is not told");
    }
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_landsat = {.name = "landsat",
                                      .beside = {"*_MTL.txt"},
                                      .list = {"*", "_MTL.txt"},
                                      .detect = looks_like_mtl,
                                      .belongs = belongs,
                                      .read = read_mtl};
