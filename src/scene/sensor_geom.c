/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Orfeo ToolBox's .geom say of a Pleiades picture? <name>.geom, lines "name:  value".
 *
 * It holds DIMAP's values of top, centre and bottom under other names: azimuth_angle and
 * elevation_angle are the SUN's, scene_orientation is AZIMUTH_ANGLE, the scan's azimuth; so DIMAP's
 * formula holds (two pictures: 221.30 and 14.40 deg so, 221.33 and 14.40 from their RPCs). The
 * centre's values are taken. Cut-outs keep the whole picture's .geom, so its size is not asked. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_geom(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "polynomial_format:") || strstr(sidecar->text, "support_data.");
}

/* What stands behind "name:", quotes and blanks taken off. */
static bool value_of(const pl_sidecar *sidecar, const char *name, char *out, size_t size) {
    size_t length = strlen(name);
    for (const char *line = sidecar->text; line; line = strchr(line, '\n')) {
        while (isspace((unsigned char)*line)) line++;
        if (!*line) return false;
        if (strncmp(line, name, length) != 0 || line[length] != ':') continue;
        const char *value = line + length + 1;
        value += strspn(value, " \t\"");
        snprintf(out, size, "%.*s", (int)strcspn(value, "\r\n\""), value);
        return true;
    }
    return false;
}

/* Of three numbers the middle one; a single one otherwise. */
static pl_status number(const pl_sidecar *sidecar, const char *name, double low, double high,
                        double *out, pl_error *error) {
    char text[200], *word = text;
    double value;
    if (!value_of(sidecar, name, text, sizeof text)) return PL_OK;
    size_t first = strcspn(text, " ");
    if (text[first] && strspn(text + first, " ") < strlen(text + first)) word = text + first + 1;
    word[strcspn(word, " ")] = '\0';
    if (!pl__text_number(word, &value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s: \"%.40s\" is not a number",
                        pl__sensor_base_name(sidecar->file), name, word);
    return pl__sensor_number(sidecar, name, value, low, high, out, error);
}

static pl_status read_angles(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    double scan = NAN, along = NAN, across = NAN;
    const pl_element_row row[] = {
        {"support_data.azimuth_angle", -360, 360, &facts->sun_azimuth_deg},
        {"support_data.elevation_angle", -90, 90, &facts->sun_elevation_deg},
        {"support_data.incident_angle", 0, 89, &facts->incidence_deg},
        {"support_data.scene_orientation", -360, 360, &scan},
        {"support_data.along_track_incidence_angle", -89, 89, &along},
        {"support_data.across_track_incidence_angle", -89, 89, &across},
    };
    pl_status status = PL_OK;
    for (size_t i = 0; i < sizeof row / sizeof *row && status == PL_OK; i++)
        status = number(sidecar, row[i].name, row[i].low, row[i].high, row[i].out, error);
    facts->view_azimuth_deg =
        scan - atan2(tan(across * PL_RAD_PER_DEG), tan(along * PL_RAD_PER_DEG)) * PL_DEG_PER_RAD;
    facts->incidence_field = "incident_angle";
    return status;
}

static pl_status read_geom(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    if (!looks_like_geom(sidecar))
        return pl__fail(error, PL_REFUSED, FLOOR, "%s: no .geom of Orfeo's",
                        pl__sensor_base_name(sidecar->file));
    char text[64], level[16];
    pl_status status = read_angles(sidecar, facts, error);
    if (status == PL_OK && value_of(sidecar, "support_data.image_date", text, sizeof text))
        status = pl__sensor_time(sidecar, "image_date", text, facts, error);
    if (value_of(sidecar, "support_data.instrument", text, sizeof text) &&
        value_of(sidecar, "support_data.instrument_index", level, sizeof level))
        snprintf(facts->platform, sizeof facts->platform, "%.30s%.10s", text, level);
    if (value_of(sidecar, "support_data.processing_level", level, sizeof level) &&
        strcmp(level, "SENSOR") == 0)
        pl__sensor_note(facts, "processing_level SENSOR is not rectified to the ground");
    return status;
}

const pl_sensor pl__sensor_geom = {
    .name = "geom", .beside = {"*.geom"}, .detect = looks_like_geom, .read = read_geom};
