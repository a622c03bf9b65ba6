/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which metadata file belongs to this picture, and who can read it?
 *
 * A sidecar named by the user must be one; the driver is then told by its content. Otherwise the
 * drivers' suffixes are tried beside the picture in the table's order. A file that is found there
 * but belongs to somebody else's format is passed over with a note; one that is broken is an error,
 * since to measure without the angles that it held would be worse. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "io/io.h"
#include "scene/sensor.h"

static const char FLOOR[] = "scene";
enum { SIDECAR_LIMIT = 32 << 20 }; /* an item of STAC or an IMD is kilobytes */

/* One row a vendor's format. */
static const pl_sensor *const SENSORS[] = {&pl__sensor_stac, &pl__sensor_imd};
enum { SENSOR_COUNT = sizeof SENSORS / sizeof *SENSORS };

void pl__sensor_note(pl_facts *facts, const char *format, ...) {
    if (facts->note_count >= PL_FACT_NOTES) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(facts->note[facts->note_count++], sizeof facts->note[0], format, arguments);
    va_end(arguments);
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
    double midnight_s;
    if (pl__geo_time_parse(padded, &midnight_s)) {
        pl__sensor_note(facts, "%s is a date without an hour: no ephemeris", field);
        return PL_OK;
    }
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s: \"%.40s\" is no time (RFC 3339)",
                    pl__sensor_base_name(sidecar->file), field, text);
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

static void forget(pl_facts *facts) {
    *facts = (pl_facts){.acquired_s = NAN,
                        .sun_azimuth_deg = NAN,
                        .sun_elevation_deg = NAN,
                        .view_azimuth_deg = NAN,
                        .incidence_deg = NAN,
                        .satellite_elevation_deg = NAN,
                        .off_nadir_deg = NAN,
                        .convention = PL_VIEW_TARGET_TO_SATELLITE,
                        .width_px = NAN,
                        .height_px = NAN,
                        .west_deg = NAN,
                        .south_deg = NAN,
                        .east_deg = NAN,
                        .north_deg = NAN};
}

/* "folder/name.tif" and ".json" -> "folder/name.json"; malloc'ed, NULL out of memory. */
static char *beside(const char *picture, const char *suffix) {
    const char *base = pl__sensor_base_name(picture), *dot = strrchr(base, '.');
    int stem = (int)((dot && dot != base ? dot : base + strlen(base)) - picture);
    char *out = NULL;
    return asprintf(&out, "%.*s%s", stem, picture, suffix) < 0 ? NULL : out;
}

static pl_status read_with(const pl_sensor *sensor, const pl_sidecar *sidecar, pl_facts *facts,
                           char *used, size_t used_size, char *driver, size_t driver_size,
                           pl_error *error) {
    pl__text_copy(used, used_size, sidecar->file);
    pl__text_copy(driver, driver_size, sensor->name);
    return sensor->read(sidecar, facts, error);
}

/* A sidecar that the user named. */
static pl_status read_named(pl_sidecar *sidecar, pl_arena *arena, pl_facts *facts, char *used,
                            size_t used_size, char *driver, size_t driver_size, pl_error *error) {
    char *text = NULL;
    pl_status status =
        pl__io_file_read(sidecar->file, SIDECAR_LIMIT, arena, &text, &sidecar->length, error);
    if (status < 0) return status;
    sidecar->text = text;
    for (int i = 0; i < SENSOR_COUNT; i++) {
        if (!SENSORS[i]->detect(sidecar)) continue;
        status = read_with(SENSORS[i], sidecar, facts, used, used_size, driver, driver_size, error);
        if (status == PL_REFUSED && error) error->status = PL_E_FORMAT;
        return status == PL_REFUSED ? PL_E_FORMAT : status;
    }
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    "%s: neither a STAC Item nor an IMD: no metadata that is known here",
                    sidecar->file);
}

/* The first of the drivers' files that lies beside the picture and is that driver's. */
static pl_status read_found(pl_sidecar *sidecar, pl_arena *arena, pl_facts *facts, char *used,
                            size_t used_size, char *driver, size_t driver_size, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < SENSOR_COUNT && status == PL_OK; i++) {
        for (int k = 0; SENSORS[i]->suffix[k] && status == PL_OK; k++) {
            char *text = NULL, *file = beside(sidecar->picture, SENSORS[i]->suffix[k]);
            if (!file) return pl__fail_memory(error, FLOOR);
            if (strcmp(file, sidecar->picture) != 0 && pl__io_file_exists(file)) {
                sidecar->file = file;
                status =
                    pl__io_file_read(file, SIDECAR_LIMIT, arena, &text, &sidecar->length, error);
                sidecar->text = text;
                if (status == PL_OK && used[0]) {
                    pl__sensor_note(facts, "%s lies there too: not used",
                                    pl__sensor_base_name(file));
                } else if (status == PL_OK) {
                    status = read_with(SENSORS[i], sidecar, facts, used, used_size, driver,
                                       driver_size, error);
                }
                if (status == PL_REFUSED) { /* somebody else's file of the same ending */
                    pl__sensor_note(facts, "%s is of another kind: not used",
                                    pl__sensor_base_name(file));
                    pl__text_copy(used, used_size, "");
                    pl__text_copy(driver, driver_size, "none");
                    status = PL_OK;
                }
            }
            free(file);
        }
    }
    return status;
}

pl_status pl__sensor_facts(const char *picture, const char *named, pl_facts *facts, char *used,
                           size_t used_size, char *driver, size_t driver_size, pl_error *error) {
    forget(facts);
    pl__text_copy(used, used_size, "");
    pl__text_copy(driver, driver_size, "none");
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_sidecar sidecar = {.file = named, .picture = picture};
    pl_status status =
        named ? read_named(&sidecar, arena, facts, used, used_size, driver, driver_size, error)
              : read_found(&sidecar, arena, facts, used, used_size, driver, driver_size, error);
    pl_arena_free(arena);
    return status;
}
