/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Planet's item say of its picture? <id>_metadata.json, a GeoJSON Feature, PlanetScope
 * and SkySat.
 *
 * Conventions: satellite_azimuth is the azimuth of the vector to the satellite, so from the target;
 * view_angle the off-nadir angle, across the track, its sign the side and not needed beside the
 * azimuth. The item is of the scene: several products, cut and reprojected, come with one item, and
 * their names begin with its id. */
#include <math.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_planet(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "\"item_type\"") && !strstr(sidecar->text, "\"stac_version\"");
}

/* "20180119_101010_0f3d" of "20180119_101010_0f3d_3B_Visual.tif" */
static bool belongs(const pl_sidecar *sidecar) {
    pl_json *root = pl__json_parse(sidecar->text, sidecar->length, "", NULL);
    const char *id = pl__json_string(pl__json_get(root, "id"));
    bool found = id && *id && strncmp(pl__sensor_base_name(sidecar->picture), id, strlen(id)) == 0;
    pl__json_free(root);
    return found;
}

static pl_status number(const pl_sidecar *sidecar, const pl_json *properties, const char *key,
                        double low, double high, double *out, pl_error *error) {
    const pl_json *node = pl__json_get(properties, key);
    if (pl__json_is_null(node)) return PL_OK;
    double value = pl__json_number(node);
    if (isnan(value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s is not a number",
                        pl__sensor_base_name(sidecar->file), key);
    return pl__sensor_number(sidecar, key, value, low, high, out, error);
}

static pl_status read_properties(const pl_sidecar *sidecar, const pl_json *properties,
                                 pl_facts *facts, pl_error *error) {
    double view = NAN;
    const struct {
        const char *key;
        double low, high, *out;
    } ROW[] = {
        {"sun_azimuth", -360, 360, &facts->sun_azimuth_deg},
        {"sun_elevation", -90, 90, &facts->sun_elevation_deg},
        {"satellite_azimuth", -360, 360, &facts->view_azimuth_deg},
        {"view_angle", -90, 90, &view},
        {"pixel_resolution", 1e-3, 1e5, &facts->pixel_m},
    };
    pl_status status = PL_OK;
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW && status == PL_OK; i++)
        status =
            number(sidecar, properties, ROW[i].key, ROW[i].low, ROW[i].high, ROW[i].out, error);
    facts->off_nadir_deg = fabs(view);
    const char *acquired = pl__json_string(pl__json_get(properties, "acquired"));
    if (status == PL_OK && acquired)
        status = pl__sensor_time(sidecar, "acquired", acquired, facts, error);
    return status;
}

/* models/platforms.csv knows SkySats by their own names, PlanetScope as one. */
static void read_names(const pl_json *root, const pl_json *properties, pl_facts *facts) {
    const char *id = pl__json_string(pl__json_get(root, "id"));
    const char *provider = pl__json_string(pl__json_get(properties, "provider"));
    const char *satellite = pl__json_string(pl__json_get(properties, "satellite_id"));
    if (id) pl__text_copy(facts->id, sizeof facts->id, id);
    bool flock = provider && strcmp(provider, "planetscope") == 0;
    const char *platform = satellite && !flock ? satellite : provider;
    if (platform) pl__text_copy(facts->platform, sizeof facts->platform, platform);
}

static void read_footprint(const pl_json *root, pl_facts *facts) {
    const pl_json *rings = pl__json_get(pl__json_get(root, "geometry"), "coordinates");
    const pl_json *ring = pl__json_at(rings, 0);
    for (size_t i = 0; i < pl__json_size(ring); i++) {
        double lon = pl__json_number(pl__json_at(pl__json_at(ring, i), 0));
        double lat = pl__json_number(pl__json_at(pl__json_at(ring, i), 1));
        if (isfinite(lon + lat)) pl__sensor_corner(facts, lon, lat);
    }
}

static pl_status read_planet(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_json *root = pl__json_parse(sidecar->text, sidecar->length, file, error);
    if (!root) return error && error->status < 0 ? error->status : PL_E_FORMAT;
    const pl_json *properties = pl__json_get(root, "properties");
    pl_status status =
        pl__json_is_object(properties) && pl__json_get(properties, "item_type")
            ? read_properties(sidecar, properties, facts, error)
            : pl__fail(error, PL_REFUSED, FLOOR, "%s: JSON, but no item of Planet's", file);
    if (status == PL_OK) {
        read_names(root, properties, facts);
        read_footprint(root, facts);
    }
    pl__json_free(root);
    return status;
}

const pl_sensor pl__sensor_planet = {.name = "planet",
                                     .beside = {"*_metadata.json"},
                                     .list = {"*", "_metadata.json"},
                                     .detect = looks_like_planet,
                                     .belongs = belongs,
                                     .read = read_planet};
