/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a driver take one value from a vendor's file: a number within bounds, a time, a band, a
 * corner? What all drivers share, so that all complain alike: file, field, what is wrong. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "scene/sensor.h"

static const char FLOOR[] = "scene";

void pl__sensor_note(pl_facts *facts, const char *format, ...) {
    if (facts->note_count >= PL_FACT_NOTES) return;
    char *note = facts->note[facts->note_count];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(note, sizeof facts->note[0], format, arguments);
    va_end(arguments);
    for (int i = 0; i < facts->note_count; i++)
        if (strcmp(facts->note[i], note) == 0) return; /* said already */
    facts->note_count++;
}

const char *pl__sensor_base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

pl_status pl__sensor_number(const pl_sidecar *sidecar, const char *field, double value, double low,
                            double high, double *out, pl_error *error) {
    if (!(value >= low && value <= high))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s: %g is not between %g and %g",
                        pl__sensor_base_name(sidecar->file), field, value, low, high);
    *out = value;
    return PL_OK;
}

pl_status pl__sensor_open_xml(const pl_sidecar *sidecar, pl_arena **arena, const pl_xml **root,
                              pl_error *error) {
    *root = NULL;
    *arena = pl_arena_new(0);
    if (!*arena) return pl__fail_memory(error, FLOOR);
    return pl__xml_parse(sidecar->text, sidecar->length, pl__sensor_base_name(sidecar->file),
                         *arena, root, error);
}

pl_status pl__sensor_time(const pl_sidecar *sidecar, const char *field, const char *text,
                          pl_facts *facts, pl_error *error) {
    char padded[64];
    if (pl__geo_time_parse(text, &facts->acquired_s)) return PL_OK;
    snprintf(padded, sizeof padded, "%.60sZ", text);
    if (pl__geo_time_parse(padded, &facts->acquired_s)) {
        pl__sensor_note(facts, "%s has no time zone: read as UTC", field);
        return PL_OK;
    }
    snprintf(padded, sizeof padded, "%.40sT00:00:00Z", text);
    if (pl__geo_time_parse(padded, &facts->date_s)) {
        pl__sensor_note(facts, "%s is a date without an hour: no ephemeris", field);
        return PL_OK;
    }
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s: \"%.40s\" is no time (RFC 3339)",
                    pl__sensor_base_name(sidecar->file), field, text);
}

pl_status pl__sensor_element(const pl_sidecar *sidecar, const pl_xml *element, double low,
                             double high, double *out, pl_error *error) {
    double value;
    if (!element) return PL_OK;
    if (!pl__text_number(element->text, &value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s: \"%.40s\" is not a number",
                        pl__sensor_base_name(sidecar->file), element->line, element->name,
                        element->text);
    return pl__sensor_number(sidecar, element->name, value, low, high, out, error);
}

pl_status pl__sensor_elements(const pl_sidecar *sidecar, const pl_xml *below,
                              const pl_element_row *row, int count, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < count && status == PL_OK; i++)
        status = pl__sensor_element(sidecar, pl__xml_find(below, row[i].name), row[i].low,
                                    row[i].high, row[i].out, error);
    return status;
}

/* The first corner is both west and east; a later one widens the box on the nearer side, so that a
 * footprint across 180 degrees comes out with west > east. */
void pl__sensor_corner(pl_facts *facts, double lon_deg, double lat_deg) {
    if (isnan(facts->west_deg)) {
        facts->west_deg = facts->east_deg = lon_deg;
        facts->south_deg = facts->north_deg = lat_deg;
        return;
    }
    double from_west = remainder(lon_deg - facts->west_deg, 360.0);
    double from_east = remainder(lon_deg - facts->east_deg, 360.0);
    if (from_west < 0.0 && from_east < 0.0) facts->west_deg = lon_deg;
    if (from_west > 0.0 && from_east > 0.0) facts->east_deg = lon_deg;
    facts->south_deg = pl__min(facts->south_deg, lat_deg);
    facts->north_deg = pl__max(facts->north_deg, lat_deg);
}

pl_band_role pl__sensor_band(const char *name) {
    static const struct {
        const char *name;
        pl_band_role role;
    } ROW[] = {
        {"pan", PL_BAND_PAN},
        {"panchromatic", PL_BAND_PAN},
        {"p", PL_BAND_PAN},
        {"blue", PL_BAND_BLUE},
        {"b", PL_BAND_BLUE},
        {"green", PL_BAND_GREEN},
        {"g", PL_BAND_GREEN},
        {"red", PL_BAND_RED},
        {"r", PL_BAND_RED},
        {"nir", PL_BAND_NIR},
        {"nir1", PL_BAND_NIR},
        {"nir08", PL_BAND_NIR},
        {"n", PL_BAND_NIR},
        {"near infrared", PL_BAND_NIR},
        {"near-infrared", PL_BAND_NIR},
        {"alpha", PL_BAND_ALPHA},
    };
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++)
        if (strcasecmp(name, ROW[i].name) == 0) return ROW[i].role;
    return PL_BAND_UNKNOWN;
}
