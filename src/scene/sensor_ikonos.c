/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does GeoEye's text say of its picture? <order>_metadata.txt, IKONOS and GeoEye-1, lines
 * "name: value" in sections.
 *
 * An order may hold several source images, each with its own sun and view. The picture's name ends
 * in its component, "..._0010000.tif"; the component names its "Product Image ID", and that the
 * source image. Where this way does not lead to one and there are several, it is an error: one of
 * the others' angles would be wrong.
 *
 * Conventions: Nominal Collection Elevation is the satellite's, seen from the target. Of Nominal
 * Collection Azimuth no definition was found: both readings stay open. Times are GMT, to the
 * minute. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";
enum { DIGITS = 7 }; /* of a component's name */

static bool looks_like_geoeye(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "Source Image Metadata") &&
           strstr(sidecar->text, "Product Order Metadata");
}

/* Is this line "name: value"? */
static bool is_line(const char *line, const char *name, char *out, size_t size) {
    while (*line == ' ' || *line == '\t') line++;
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0 || line[length] != ':') return false;
    const char *value = line + length + 1;
    value += strspn(value, " \t");
    snprintf(out, size, "%.*s", (int)strcspn(value, "\r\n"), value);
    return true;
}

static const char *next_line(const char *line) {
    const char *end = strchr(line, '\n');
    return end ? end + 1 : NULL;
}

/* The value of the first such line in [from, to). */
static bool value_of(const char *from, const char *to, const char *name, char *out, size_t size) {
    for (const char *line = from; line && line < to; line = next_line(line))
        if (is_line(line, name, out, size)) return true;
    return false;
}

/* ---- which source image? ---- */

typedef struct part {
    const char *from, *to;
} part;

/* The part that begins with the line `name` whose value begins with `value`. */
static bool find_part(const part *within, const char *name, const char *value, part *out) {
    char text[100];
    for (const char *line = within->from; line && line < within->to; line = next_line(line)) {
        if (!is_line(line, name, text, sizeof text) || strncmp(text, value, strlen(value)) != 0)
            continue;
        out->from = line;
        out->to = within->to;
        for (const char *more = next_line(line); more && more < within->to; more = next_line(more))
            if (is_line(more, name, text, sizeof text)) {
                out->to = more;
                break;
            }
        return true;
    }
    return false;
}

/* From one heading to the next; NULL: to the end. */
static part section(const pl_sidecar *sidecar, const char *name, const char *after) {
    const char *from = strstr(sidecar->text, name), *end = sidecar->text + sidecar->length;
    const char *to = from && after ? strstr(from, after) : NULL;
    return (part){from ? from : end, to ? to : end};
}

/* The digits at the end of "po_77829_rgb_0010000.tif". */
static bool component_of(const char *picture, char out[DIGITS + 1]) {
    const char *base = picture ? pl__sensor_base_name(picture) : "", *dot = strrchr(base, '.');
    size_t stem = dot ? (size_t)(dot - base) : strlen(base);
    if (stem < DIGITS) return false;
    snprintf(out, DIGITS + 1, "%.*s", DIGITS, base + stem - DIGITS);
    return strspn(out, "0123456789") == DIGITS;
}

static pl_status find_source(const pl_sidecar *sidecar, part *out, pl_error *error) {
    part sources = section(sidecar, "Source Image Metadata", "Product Space Metadata"), component;
    part components = section(sidecar, "Product Component Metadata", NULL), second;
    char name[DIGITS + 1], image[60];
    if (component_of(sidecar->picture, name) &&
        find_part(&components, "Component ID", name, &component) &&
        value_of(component.from, component.to, "Product Image ID", image, sizeof image)) {
        for (part rest = sources; find_part(&rest, "Source Image ID", "", out);
             rest.from = out->to) {
            char of_source[60];
            if (value_of(out->from, out->to, "Product Image ID", of_source, sizeof of_source) &&
                strcmp(image, of_source) == 0)
                return PL_OK;
        }
    }
    bool found = find_part(&sources, "Source Image ID", "", out);
    second = (part){out->to, sources.to};
    if (found && !find_part(&second, "Source Image ID", "", &component)) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    found ? "%s: several source images, and the picture's name tells not which"
                          : "%s: no source image in it, or cut short",
                    pl__sensor_base_name(sidecar->file));
}

/* ---- what it says ---- */

/* "58.3 degrees" */
static pl_status number(const pl_sidecar *sidecar, const part *in, const char *name, double low,
                        double high, double *out, pl_error *error) {
    char text[100];
    double value;
    if (!value_of(in->from, in->to, name, text, sizeof text)) return PL_OK;
    text[strcspn(text, " \t")] = '\0';
    if (!pl__text_number(text, &value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s: \"%.40s\" is not a number",
                        pl__sensor_base_name(sidecar->file), name, text);
    return pl__sensor_number(sidecar, name, value, low, high, out, error);
}

/* "2012-06-01 14:00 GMT" */
static pl_status read_time(const pl_sidecar *sidecar, const part *in, pl_facts *facts,
                           pl_error *error) {
    static const char NAME[] = "Acquisition Date/Time";
    char text[100], time[140];
    if (!value_of(in->from, in->to, NAME, text, sizeof text)) return PL_OK;
    snprintf(time, sizeof time, "%s", text);
    if (strlen(text) >= 16 && text[10] == ' ')
        snprintf(time, sizeof time, "%.10sT%.5s%sZ", text, text + 11, text[16] == ':' ? "" : ":00");
    if (strlen(text) >= 19 && text[16] == ':')
        snprintf(time, sizeof time, "%.10sT%.*sZ", text, (int)strcspn(text + 11, " "), text + 11);
    return pl__sensor_time(sidecar, NAME, time, facts, error);
}

static pl_status read_rest(const pl_sidecar *sidecar, const part *source, pl_facts *facts,
                           pl_error *error) {
    part order = {sidecar->text, sidecar->text + sidecar->length};
    double bits = NAN;
    pl_status status = number(sidecar, &order, "Pixel Size X", 1e-3, 1e5, &facts->pixel_m, error);
    if (status == PL_OK)
        status = number(sidecar, &order, "Bits per Pixel per Band", 1, 64, &bits, error);
    if (bits < 16) facts->saturation_dn = exp2(bits) - 1.0;
    value_of(source->from, source->to, "Sensor", facts->platform, sizeof facts->platform);
    return status;
}

static pl_status read_geoeye(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    if (!looks_like_geoeye(sidecar))
        return pl__fail(error, PL_REFUSED, FLOOR, "%s: no metadata of GeoEye's",
                        pl__sensor_base_name(sidecar->file));
    part source;
    pl_status status = find_source(sidecar, &source, error);
    const struct {
        const char *name;
        double low, high, *out;
    } ROW[] = {
        {"Sun Angle Azimuth", -360, 360, &facts->sun_azimuth_deg},
        {"Sun Angle Elevation", -90, 90, &facts->sun_elevation_deg},
        {"Nominal Collection Azimuth", -360, 360, &facts->view_azimuth_deg},
        {"Nominal Collection Elevation", 0, 90, &facts->satellite_elevation_deg},
    };
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW && status == PL_OK; i++)
        status = number(sidecar, &source, ROW[i].name, ROW[i].low, ROW[i].high, ROW[i].out, error);
    if (status == PL_OK) status = read_time(sidecar, &source, facts, error);
    if (status == PL_OK) status = read_rest(sidecar, &source, facts, error);
    facts->convention = PL_VIEW_DRIVER;
    return status;
}

/* "po_77829_rgb_0010000.tif" and "po_77829_metadata.txt": one order. */
static bool belongs(const pl_sidecar *sidecar) {
    char component[DIGITS + 1];
    part found, components = section(sidecar, "Product Component Metadata", NULL);
    return component_of(sidecar->picture, component) &&
           find_part(&components, "Component ID", component, &found);
}

const pl_sensor pl__sensor_ikonos = {.name = "ikonos",
                                     .beside = {"*_metadata.txt"},
                                     .list = {"*", "_metadata.txt"},
                                     .detect = looks_like_geoeye,
                                     .belongs = belongs,
                                     .read = read_geoeye};
