/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a STAC Item say of its picture? <name>.json, STAC 0.9 to 1.1, with the extensions view,
 * proj, eo and raster.
 *
 * Conventions assumed: view:azimuth from the target to the satellite, as the extension's drawing
 * and most publishers have it (its wording, "from the sub-satellite point", reads the other way
 * round; the option turns it). view:incidence_angle is taken as published; scene/view.c knows that
 * Maxar's open data hold the satellite's elevation there. Planet's pl:satellite_azimuth is from the
 * target; where view:azimuth says something else beside it (SkySat), neither is taken unless the
 * user says how azimuths are to be read. Properties of the asset that is this picture come before
 * those of the item. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/io.h"
#include "scene/stac.h"

static const char FLOOR[] = "scene";

typedef struct item {
    const pl_sidecar *sidecar;
    const pl_json *root, *properties;
    const pl_json *asset; /* the one that is this picture, or NULL */
} item;

/* A JSON object that is no other driver's; read() will tell. Broken JSON begins like one, too. */
static bool looks_like_json(const pl_sidecar *sidecar) {
    const char *text = sidecar->text, *end = text + sidecar->length;
    if (sidecar->length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
    while (text < end && (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')) text++;
    if (text == end || *text != '{') return false;
    return !pl__sensor_planet.detect(sidecar) && !pl__sensor_plimsoll.detect(sidecar);
}

static const pl_json *field(const item *it, const char *key) {
    const pl_json *of_asset = pl__json_get(it->asset, key);
    return of_asset ? of_asset : pl__json_get(it->properties, key);
}

static pl_status number(const item *it, const char *key, double low, double high, double *out,
                        pl_error *error) {
    const pl_json *node = field(it, key);
    if (pl__json_is_null(node)) return PL_OK;
    double value = pl__json_number(node);
    if (isnan(value))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %s is not a number",
                        pl__sensor_base_name(it->sidecar->file), key);
    return pl__sensor_number(it->sidecar, key, value, low, high, out, error);
}

/* ---- the asset ---- */

typedef struct asset_search {
    const char *picture;
    const pl_json *same_name, *with_bands;
    int banded;
} asset_search;

static const pl_json *bands_of(const pl_json *node) {
    const pl_json *bands = pl__json_get(node, "eo:bands");
    return bands ? bands : pl__json_get(node, "bands"); /* STAC 1.1 */
}

static void look_at_asset(const char *key, const pl_json *asset, void *context) {
    (void)key;
    asset_search *search = context;
    const char *href = pl__json_string(pl__json_get(asset, "href"));
    if (href && strcmp(pl__sensor_base_name(href), search->picture) == 0 && !search->same_name)
        search->same_name = asset;
    if (bands_of(asset)) {
        search->with_bands = asset;
        search->banded++;
    }
}

static const pl_json *find_asset(const pl_json *root, const char *picture) {
    asset_search search = {.picture = pl__sensor_base_name(picture)};
    pl__json_each(pl__json_get(root, "assets"), look_at_asset, &search);
    if (search.same_name) return search.same_name;
    return search.banded == 1 ? search.with_bands : NULL; /* the picture was renamed */
}

/* ---- what it says ---- */

static void read_bands(const item *it, pl_facts *facts) {
    const pl_json *bands = bands_of(it->asset);
    if (!bands) bands = bands_of(it->properties);
    size_t count = pl__json_size(bands);
    if (count == 0 || count > PL_BANDS_MAX) return;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const pl_json *band = pl__json_at(bands, i);
        const char *name = pl__json_string(pl__json_get(band, "common_name"));
        if (!name) name = pl__json_string(pl__json_get(band, "eo:common_name"));
        if (!name) name = pl__json_string(pl__json_get(band, "name"));
        facts->role[i] = name ? pl__sensor_band(name) : PL_BAND_UNKNOWN;
        any = any || facts->role[i] != PL_BAND_UNKNOWN;
    }
    facts->bands = any ? (int)count : 0;
    facts->roles_first = true;
}

/* Of one band: raster:bands' entry (before STAC 1.1), or a band's or asset's own field. */
static double factor(const pl_json *old, const pl_json *band, const pl_json *asset,
                     const char *name, const char *field) {
    double value = pl__json_number(pl__json_get(old, name));
    if (isnan(value)) value = pl__json_number(pl__json_get(band, field));
    return isnan(value) ? pl__json_number(pl__json_get(asset, field)) : value;
}

/* Only of the asset that is this picture; a scale alone has the offset 0, an offset alone the scale
 * 1. */
static void read_factors(const item *it, pl_facts *facts) {
    const pl_json *old = pl__json_get(it->asset, "raster:bands"), *bands = bands_of(it->asset);
    size_t count = pl__json_size(old) ? pl__json_size(old) : pl__json_size(bands);
    if (count > PL_BANDS_MAX) return;
    facts->factors = (int)count;
    for (size_t i = 0; i < count; i++) {
        const pl_json *first = pl__json_at(old, i), *band = pl__json_at(bands, i);
        double scale = factor(first, band, it->asset, "scale", "raster:scale");
        double offset = factor(first, band, it->asset, "offset", "raster:offset");
        facts->scale[i] = isnan(scale) && !isnan(offset) ? 1.0 : scale;
        facts->offset[i] = isnan(offset) && !isnan(scale) ? 0.0 : offset;
    }
}

static pl_status read_time(const item *it, pl_facts *facts, pl_error *error) {
    const char *text = pl__json_string(pl__json_get(it->properties, "datetime"));
    const char *key = "datetime";
    if (!text) { /* null when a range is given */
        key = "start_datetime";
        text = pl__json_string(pl__json_get(it->properties, key));
    }
    return text ? pl__sensor_time(it->sidecar, key, text, facts, error) : PL_OK;
}

static pl_status read_planet_azimuth(const item *it, pl_facts *facts, pl_error *error) {
    const double same_deg = 3.0;
    double planet = NAN;
    pl_status status = number(it, "pl:satellite_azimuth", -360, 360, &planet, error);
    if (status < 0 || isnan(planet)) return status;
    double turn = fabs(remainder(planet - facts->view_azimuth_deg, 360.0));
    if (turn > same_deg) {
        pl__sensor_note(facts, "view:azimuth %.1f and pl:satellite_azimuth %.1f differ",
                        facts->view_azimuth_deg, planet);
        facts->convention = PL_VIEW_DRIVER;
        facts->other_azimuth_deg = planet;
    } else {
        facts->view_azimuth_deg = planet;
    }
    return PL_OK;
}

static pl_status read_angles(const item *it, pl_facts *facts, pl_error *error) {
    pl_status status = number(it, "view:sun_azimuth", -360, 360, &facts->sun_azimuth_deg, error);
    if (status == PL_OK)
        status = number(it, "view:sun_elevation", -90, 90, &facts->sun_elevation_deg, error);
    if (status == PL_OK)
        status = number(it, "view:azimuth", -360, 360, &facts->view_azimuth_deg, error);
    if (status == PL_OK)
        status = number(it, "view:incidence_angle", 0, 90, &facts->incidence_deg, error);
    if (status == PL_OK) status = number(it, "view:off_nadir", 0, 90, &facts->off_nadir_deg, error);
    if (status == PL_OK) status = read_planet_azimuth(it, facts, error);
    facts->incidence_field = "view:incidence_angle";
    return status;
}

/* GeoJSON of Maxar's open data has no bbox. */
static void read_ring(const item *it, pl_facts *facts) {
    const pl_json *geometry = pl__json_get(it->root, "geometry");
    const char *type = pl__json_string(pl__json_get(geometry, "type"));
    if (!type || strcmp(type, "Polygon") != 0) return;
    const pl_json *ring = pl__json_at(pl__json_get(geometry, "coordinates"), 0);
    for (size_t i = 0; i < pl__json_size(ring); i++) {
        const pl_json *at = pl__json_at(ring, i);
        pl__sensor_corner(facts, pl__json_number(pl__json_at(at, 0)),
                          pl__json_number(pl__json_at(at, 1)));
    }
}

static bool numbers(const pl_json *list, size_t count, double *out) {
    bool fine = pl__json_size(list) >= count;
    for (size_t i = 0; i < count && fine; i++) {
        out[i] = pl__json_number(pl__json_at(list, i));
        fine = isfinite(out[i]);
    }
    return fine;
}

/* proj:transform has the order of a matrix: pixel, turn, origin of x, then of y. Some publishers
 * write GDAL's order instead, the origin first: then its turns, which are 0, stand elsewhere. */
static void read_grid(const item *it, pl_facts *facts) {
    double t[6], box[4], shape[2];
    if (numbers(field(it, "proj:transform"), 6, t)) {
        bool gdal = t[2] == 0.0 && t[4] == 0.0 && t[1] != 0.0 && t[5] != 0.0;
        const double grid[6] = {t[2], t[0], t[1], t[5], t[3], t[4]};
        memcpy(facts->grid, gdal ? t : grid, sizeof facts->grid);
    } else if (numbers(field(it, "proj:bbox"), 4, box) &&
               numbers(field(it, "proj:shape"), 2, shape) && shape[0] > 0 && shape[1] > 0) {
        const double grid[6] = {box[0], (box[2] - box[0]) / shape[1], 0, box[3],
                                0,      (box[1] - box[3]) / shape[0]};
        memcpy(facts->grid, grid, sizeof facts->grid);
    }
}

/* gsd is the sensor's: 0.86 m of the first SkySats is sold at 0.5 m, and the pan band's is told
 * beside a picture of the colours, whose pixel is four times it and up to 1.6 times that. */
static pl_status read_pixel(const item *it, pl_facts *facts, pl_error *error) {
    pl_status status = number(it, "raster:spatial_resolution", 1e-3, 1e5, &facts->pixel_m, error);
    double old = pl__json_number(pl__json_get(
        pl__json_at(pl__json_get(it->asset, "raster:bands"), 0), "spatial_resolution"));
    if (status == PL_OK && isnan(facts->pixel_m) && old > 0.0) facts->pixel_m = old;
    if (status == PL_OK && isnan(facts->pixel_m))
        status = number(it, "pl:pixel_resolution", 1e-3, 1e5, &facts->pixel_m, error);
    if (status == PL_OK) status = number(it, "gsd", 1e-3, 1e5, &facts->collected_m, error);
    facts->delivered_least = 0.55;
    facts->delivered_most = 6.5;
    read_grid(it, facts);
    return status;
}

static pl_status read_form(const item *it, pl_facts *facts, pl_error *error) {
    double code = NAN;
    pl_status status = number(it, "proj:epsg", 0, 1e6, &code, error);
    if (status < 0) return status;
    const char *text = pl__json_string(field(it, "proj:code"));
    if (text && strncasecmp(text, "EPSG:", 5) == 0 && !pl__text_number(text + 5, &code)) code = NAN;
    facts->epsg = code >= 0 && code <= 1e6 ? (int)code : 0;
    const pl_json *shape = field(it, "proj:shape");
    if (pl__json_size(shape) == 2) {
        facts->height_px = pl__json_number(pl__json_at(shape, 0));
        facts->width_px = pl__json_number(pl__json_at(shape, 1));
    }
    const pl_json *box = pl__json_get(it->root, "bbox");
    size_t n = pl__json_size(box);
    if (n == 0) read_ring(it, facts);
    if (n == 4 || n == 6) {
        facts->west_deg = pl__json_number(pl__json_at(box, 0));
        facts->south_deg = pl__json_number(pl__json_at(box, 1));
        facts->east_deg = pl__json_number(pl__json_at(box, n / 2));
        facts->north_deg = pl__json_number(pl__json_at(box, n / 2 + 1));
    }
    return PL_OK;
}

static pl_status check_kind(const item *it, pl_error *error) {
    const char *type = pl__json_string(pl__json_get(it->root, "type"));
    if (!type || strcmp(type, "Feature") != 0 || !pl__json_is_object(it->properties))
        return pl__fail(error, PL_REFUSED, FLOOR, "%s: JSON, but no STAC Item",
                        pl__sensor_base_name(it->sidecar->file));
    return PL_OK;
}

static pl_status read_item(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_json *root =
        pl__json_parse(sidecar->text, sidecar->length, pl__sensor_base_name(sidecar->file), error);
    if (!root) return error && error->status < 0 ? error->status : PL_E_FORMAT;
    const pl_json *chosen = NULL;
    pl_status status = pl__stac_item(root, sidecar, &chosen, error);
    item it = {.sidecar = sidecar,
               .root = chosen,
               .properties = pl__json_get(chosen, "properties"),
               .asset = find_asset(chosen, sidecar->picture)};
    if (status == PL_OK) status = check_kind(&it, error);
    if (status == PL_OK) status = read_time(&it, facts, error);
    if (status == PL_OK) status = read_angles(&it, facts, error);
    if (status == PL_OK) status = read_form(&it, facts, error);
    if (status == PL_OK) status = read_pixel(&it, facts, error);
    if (status == PL_OK) {
        read_bands(&it, facts);
        read_factors(&it, facts);
        const char *id = pl__json_string(pl__json_get(chosen, "id"));
        const char *platform = pl__json_string(field(&it, "platform"));
        if (id) pl__text_copy(facts->id, sizeof facts->id, id);
        /* one of a flock of hundreds; models/platforms.csv knows the flock */
        const char *kind = pl__json_string(field(&it, "pl:item_type"));
        if (kind && strncmp(kind, "PS", 2) == 0) platform = "planetscope";
        if (platform) pl__text_copy(facts->platform, sizeof facts->platform, platform);
    }
    pl__json_free(root);
    return status;
}

/* ---- the picture that it names ---- */

typedef struct raster_search {
    const char *data, *other; /* hrefs */
    int data_count, other_count;
} raster_search;

static bool has_role(const pl_json *asset, const char *role) {
    const pl_json *roles = pl__json_get(asset, "roles");
    for (size_t i = 0; i < pl__json_size(roles); i++) {
        const char *name = pl__json_string(pl__json_at(roles, i));
        if (name && strcmp(name, role) == 0) return true;
    }
    return false;
}

static void look_for_raster(const char *key, const pl_json *asset, void *context) {
    static const char *const ENDING[] = {".tif", ".tiff", ".jp2", ".ntf", ".nitf"};
    (void)key;
    raster_search *search = context;
    const char *href = pl__json_string(pl__json_get(asset, "href")),
               *dot = href ? strrchr(href, '.') : NULL;
    bool raster = false;
    for (size_t i = 0; dot && i < sizeof ENDING / sizeof *ENDING; i++)
        raster = raster || strcasecmp(dot, ENDING[i]) == 0;
    if (!raster || has_role(asset, "thumbnail") || has_role(asset, "overview")) return;
    if (has_role(asset, "data")) {
        search->data = href;
        search->data_count++;
    } else {
        search->other = href;
        search->other_count++;
    }
}

static pl_status picture(const pl_sidecar *sidecar, char *out, size_t size, pl_error *error) {
    const char *file = pl__sensor_base_name(sidecar->file);
    raster_search search = {0};
    pl_json *root = pl__json_parse(sidecar->text, sidecar->length, file, error);
    if (!root) return error && error->status < 0 ? error->status : PL_E_FORMAT;
    const pl_json *chosen = NULL;
    pl_status status = pl__stac_item(root, sidecar, &chosen, error);
    pl__json_each(pl__json_get(chosen, "assets"), look_for_raster, &search);
    int count = search.data_count ? search.data_count : search.other_count;
    if (status == PL_OK && count > 1)
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s names %d pictures: give one of them", file,
                          count);
    const char *href = search.data_count ? search.data : search.other;
    pl__text_copy(out, size, count == 1 ? href : "");
    pl__json_free(root);
    return status;
}

const pl_sensor pl__sensor_stac = {.name = "stac",
                                   .beside = {"*.json", "*.JSON"},
                                   .detect = looks_like_json,
                                   .read = read_item,
                                   .picture = picture};
