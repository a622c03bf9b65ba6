/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a KOMPSAT-2 auxiliary file say of its picture? <name>.txt or .eph, lines of a name and
 * a value.
 *
 * Conventions: AUX_IMAGE_SATELLITE_INCIDENCE_DEG is from the vertical; its sign, where there is
 * one, is the side. AUX_IMAGE_SATELLITE_AZIMUTH_DEG has no definition that was found, so it is not
 * taken unless the user says how it is to be read. Times are UT. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_kompsat(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "AUX_SATELLITE_NAME") != NULL;
}

/* The value on the line that begins with the name. */
static bool value_of(const pl_sidecar *sidecar, const char *name, char *out, size_t size) {
    size_t length = strlen(name);
    for (const char *line = sidecar->text; line; line = strchr(line, '\n')) {
        while (isspace((unsigned char)*line)) line++;
        if (!*line) return false;
        if (strncmp(line, name, length) != 0 || !isspace((unsigned char)line[length])) continue;
        const char *value = line + length + strspn(line + length, " \t");
        snprintf(out, size, "%.*s", (int)strcspn(value, "\r\n\t "), value);
        return true;
    }
    return false;
}

static pl_status number(const pl_sidecar *sidecar, const char *name, double low, double high,
                        double *out, pl_error *error) {
    char text[64];
    double value;
    if (!value_of(sidecar, name, text, sizeof text)) return PL_OK;
    if (!pl__text_number(text, &value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s: \"%.40s\" is not a number",
                        pl__sensor_base_name(sidecar->file), name, text);
    return pl__sensor_number(sidecar, name, value, low, high, out, error);
}

/* "20070501" and "070000.000000" */
static pl_status read_time(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    char date[32], time[32], text[80];
    if (!value_of(sidecar, "AUX_STRIP_ACQ_DATE_UT", date, sizeof date)) return PL_OK;
    snprintf(text, sizeof text, "%s", date);
    bool timed = value_of(sidecar, "AUX_STRIP_ACQ_START_UT", time, sizeof time);
    if (strlen(date) == 8) snprintf(text, sizeof text, "%.4s-%.2s-%.2s", date, date + 4, date + 6);
    if (strlen(date) == 8 && timed && strlen(time) >= 6)
        snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%sZ", date, date + 4, date + 6, time,
                 time + 2, time + 4);
    return pl__sensor_time(sidecar, "AUX_STRIP_ACQ_DATE_UT", text, facts, error);
}

static pl_status read_kompsat(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    if (!looks_like_kompsat(sidecar))
        return pl__fail(error, PL_REFUSED, FLOOR, "%s: no auxiliary file of KOMPSAT's",
                        pl__sensor_base_name(sidecar->file));
    double incidence = NAN;
    pl_status status =
        number(sidecar, "AUX_IMAGE_SATELLITE_INCIDENCE_DEG", -90, 90, &incidence, error);
    if (status == PL_OK)
        status = number(sidecar, "AUX_IMAGE_SATELLITE_AZIMUTH_DEG", -360, 360,
                        &facts->view_azimuth_deg, error);
    if (status == PL_OK) status = read_time(sidecar, facts, error);
    facts->incidence_deg = fabs(incidence);
    facts->incidence_field = "AUX_IMAGE_SATELLITE_INCIDENCE_DEG";
    facts->convention = PL_VIEW_DRIVER;
    value_of(sidecar, "AUX_SATELLITE_NAME", facts->platform, sizeof facts->platform);
    return status;
}

const pl_sensor pl__sensor_kompsat = {.name = "kompsat",
                                      .beside = {"*.eph", "*.txt"},
                                      .detect = looks_like_kompsat,
                                      .read = read_kompsat};
