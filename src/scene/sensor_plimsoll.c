/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did somebody write down for this picture by hand? <name>.plimsoll.json, the form of this
 * project, for all that no vendor's driver reads; docs/metadata.md describes it.
 *
 * Azimuths from true north, the view's from the target to the satellite, the incidence at the
 * target. A name that is not known is an error: a misspelt angle must not be a missing one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

typedef struct reader {
    const pl_sidecar *sidecar;
    pl_facts *facts;
    pl_look *look; /* the one being read */
    pl_status status;
    pl_error *error;
} reader;

static bool looks_like_ours(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "\"plimsoll\"") && !strstr(sidecar->text, "\"stac_version\"");
}

static void fail(reader *it, const char *key, const char *what) {
    it->status = pl__fail(it->error, PL_E_FORMAT, FLOOR, "%s: %.60s %s",
                          pl__sensor_base_name(it->sidecar->file), key, what);
}

typedef struct row {
    const char *key;
    double low, high, *out;
} row;

/* Takes the value if its key is in the table. */
static bool take_number(reader *it, const row *table, int count, const char *key,
                        const pl_json *value) {
    for (int i = 0; i < count; i++) {
        if (strcmp(key, table[i].key) != 0) continue;
        double number = pl__json_number(value);
        if (pl__json_is_null(value)) return true;
        if (isnan(number)) {
            fail(it, key, "is not a number");
        } else {
            it->status = pl__sensor_number(it->sidecar, key, number, table[i].low, table[i].high,
                                           table[i].out, it->error);
        }
        return true;
    }
    return false;
}

static void take_look_member(const char *key, const pl_json *value, void *context) {
    reader *it = context;
    if (it->status < 0) return;
    const row table[] = {{"x_px", -1e9, 1e9, &it->look->x_px},
                         {"y_px", -1e9, 1e9, &it->look->y_px},
                         {"view_azimuth_deg", -360, 360, &it->look->azimuth_deg},
                         {"view_incidence_deg", 0, 89, &it->look->incidence_deg}};
    if (!take_number(it, table, 4, key, value)) fail(it, key, "is not known in \"looks\"");
}

static void take_looks(reader *it, const pl_json *looks) {
    size_t count = pl__json_size(looks);
    if (!pl__json_is_array(looks) || count > PL_LOOKS_MAX) {
        fail(it, "looks", "is not a list of at most 9");
        return;
    }
    for (size_t i = 0; i < count && it->status == PL_OK; i++) {
        it->look = &it->facts->look[it->facts->looks++];
        *it->look = (pl_look){NAN, NAN, NAN, NAN};
        pl__json_each(pl__json_at(looks, i), take_look_member, it);
        if (it->status == PL_OK && isnan(it->look->x_px + it->look->y_px + it->look->azimuth_deg +
                                         it->look->incidence_deg))
            fail(it, "looks", "wants x_px, y_px, view_azimuth_deg, view_incidence_deg in each");
    }
}

static void take_bands(reader *it, const pl_json *bands) {
    size_t count = pl__json_size(bands);
    if (!pl__json_is_array(bands) || count > PL_BANDS_MAX) {
        fail(it, "bands", "is not a list of at most 16");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = pl__json_string(pl__json_at(bands, i));
        it->facts->role[i] = name ? pl__sensor_band(name) : PL_BAND_UNKNOWN;
    }
    it->facts->bands = (int)count;
    it->facts->roles_first = true;
}

static void take_text(reader *it, const char *key, const pl_json *value) {
    static const char *const KEY[] = {"id", "platform", "acquired", "picture", "comment"};
    pl_facts *facts = it->facts;
    const char *text = pl__json_string(value);
    int which = 0;
    while (which < 5 && strcmp(key, KEY[which]) != 0) which++;
    if (which == 5) {
        fail(it, key, "is not known (docs/metadata.md lists what is)");
    } else if (!text) {
        fail(it, key, "is not a text");
    } else if (which == 0) {
        pl__text_copy(facts->id, sizeof facts->id, text);
    } else if (which == 1) {
        pl__text_copy(facts->platform, sizeof facts->platform, text);
    } else if (which == 2) {
        it->status = pl__sensor_time(it->sidecar, key, text, facts, it->error);
    }
}

static void take_member(const char *key, const pl_json *value, void *context) {
    reader *it = context;
    pl_facts *facts = it->facts;
    double version = NAN, altitude_km = NAN;
    if (it->status < 0) return;
    const row table[] = {
        {"plimsoll", 1, 1, &version},
        {"sun_azimuth_deg", -360, 360, &facts->sun_azimuth_deg},
        {"sun_elevation_deg", -90, 90, &facts->sun_elevation_deg},
        {"view_azimuth_deg", -360, 360, &facts->view_azimuth_deg},
        {"view_incidence_deg", 0, 89, &facts->incidence_deg},
        {"satellite_elevation_deg", 0, 90, &facts->satellite_elevation_deg},
        {"off_nadir_deg", 0, 90, &facts->off_nadir_deg},
        {"track_azimuth_deg", -360, 360, &facts->track_deg},
        {"altitude_km", 0.1, 50000, &altitude_km},
        {"width_px", 1, 1e9, &facts->width_px},
        {"height_px", 1, 1e9, &facts->height_px},
        {"pixel_m", 1e-3, 1e5, &facts->pixel_m},
    };
    if (take_number(it, table, sizeof table / sizeof *table, key, value)) {
        if (isfinite(altitude_km)) facts->altitude_m = altitude_km * 1e3;
    } else if (strcmp(key, "looks") == 0) {
        take_looks(it, value);
    } else if (strcmp(key, "bands") == 0) {
        take_bands(it, value);
    } else {
        take_text(it, key, value);
    }
}

/* Looks without a view for the whole: their middle one. */
static void fill_centre(pl_facts *facts) {
    const pl_look *middle = &facts->look[facts->looks / 2];
    if (!facts->looks || isfinite(facts->view_azimuth_deg)) return;
    facts->view_azimuth_deg = middle->azimuth_deg;
    facts->incidence_deg = middle->incidence_deg;
}

static pl_status read_ours(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_json *root = pl__json_parse(sidecar->text, sidecar->length, file, error);
    if (!root) return error && error->status < 0 ? error->status : PL_E_FORMAT;
    reader it = {.sidecar = sidecar, .facts = facts, .error = error};
    facts->incidence_field = "view_incidence_deg";
    if (!pl__json_is_object(root) || !pl__json_get(root, "plimsoll"))
        it.status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no \"plimsoll\": 1 in it", file);
    if (it.status == PL_OK) pl__json_each(root, take_member, &it);
    fill_centre(facts);
    pl__json_free(root);
    return it.status;
}

static pl_status picture(const pl_sidecar *sidecar, char *out, size_t size, pl_error *error) {
    pl_json *root =
        pl__json_parse(sidecar->text, sidecar->length, pl__sensor_base_name(sidecar->file), error);
    if (!root) return error && error->status < 0 ? error->status : PL_E_FORMAT;
    const char *name = pl__json_string(pl__json_get(root, "picture"));
    pl__text_copy(out, size, name ? name : "");
    pl__json_free(root);
    return PL_OK;
}

const pl_sensor pl__sensor_plimsoll = {.name = "plimsoll",
                                       .beside = {"*.plimsoll.json"},
                                       .detect = looks_like_ours,
                                       .read = read_ours,
                                       .picture = picture};
