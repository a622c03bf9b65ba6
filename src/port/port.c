/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels are to be searched?
 *
 * The polygons of a port or of the user's file are cut, in degrees, to a little more than the
 * picture's footprint, so that a polygon of half the world is no trouble to the projection; what is
 * left becomes pixels, its bounding window the search crop, and its inside the crop's mask. Without
 * port or file the whole picture is searched. What does not fit into memory is searched in blocks
 * (blocks.c), one a call. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "plimsoll/port.h"

#include "io/io.h"
#include "port/area.h"
#include "port/blocks.h"

static const char FLOOR[] = "port";
enum { FILE_LIMIT = 64 << 20 };
static const double BLOCK_MARGIN_M =
    300.0; /* half of the longest ship (458 m), and water about it */

/* ---- the files ---- */

static pl_status read_geojson(const char *file, pl_arena *arena, pl_json **out, pl_error *error) {
    char *text = NULL;
    size_t length = 0;
    pl_status status = pl__io_file_read(file, FILE_LIMIT, arena, &text, &length, error);
    if (status < 0) return status;
    *out = pl__json_parse(text, length, file, error);
    return *out ? PL_OK : PL_E_FORMAT;
}

static pl_status read_ports(const char *models_dir, pl_arena *arena, pl_json **out,
                            pl_error *error) {
    char file[600];
    if (!models_dir)
        return pl__fail(error, PL_E_USAGE, FLOOR, "no folder with ports.geojson was named");
    snprintf(file, sizeof file, "%s/ports.geojson", models_dir);
    return read_geojson(file, arena, out, error);
}

static const char *port_name(const pl_json *feature) {
    return pl__json_string(pl__json_get(pl__json_get(feature, "properties"), "name"));
}

static void add_name(char *names, size_t size, const char *name) {
    size_t used = strlen(names);
    if (used + strlen(name) + 3 > size) return; /* whole names only */
    snprintf(names + used, size - used, "%s%s", used ? ", " : "", name);
}

static const pl_json *find_port(const pl_json *ports, const char *wanted, pl_error *error) {
    char known[180] = "";
    const pl_json *features = pl__json_get(ports, "features");
    for (size_t i = 0; i < pl__json_size(features); i++) {
        const pl_json *feature = pl__json_at(features, i);
        const char *name = port_name(feature);
        if (!name) continue;
        if (strcasecmp(name, wanted) == 0) return feature;
        add_name(known, sizeof known, name);
    }
    pl__fail(error, PL_E_USAGE, FLOOR, "no port of that name: %.40s (known: %s)", wanted, known);
    return NULL;
}

/* ---- degrees to pixels ---- */

typedef struct box {
    double west, south, east, north;
} box;

/* The picture's footprint with a tenth of its size about it; longitudes run on past 180. */
static pl_status footprint(const pl_scene *scene, box *out, pl_error *error) {
    enum { PER_SIDE = 8 };
    const pl_scene_info *info = pl_scene_describe(scene);
    double xy[4 * PER_SIDE][2];
    for (int i = 0; i < PER_SIDE; i++) {
        double t = (double)i / PER_SIDE, w = info->width_px, h = info->height_px;
        const double at[4][2] = {{t * w, 0}, {w, t * h}, {w - t * w, h}, {0, h - t * h}};
        for (int k = 0; k < 4; k++) memcpy(xy[k * PER_SIDE + i], at[k], sizeof at[k]);
    }
    pl_status status = pl_scene_to_lonlat(scene, 4 * PER_SIDE, xy, error);
    if (status != PL_OK) return status;
    double lon0 = info->centre.lon_deg;
    *out = (box){lon0, info->centre.lat_deg, lon0, info->centre.lat_deg};
    for (int i = 0; i < 4 * PER_SIDE; i++) {
        if (isnan(xy[i][0])) continue; /* a corner off the Earth */
        double lon = lon0 + remainder(xy[i][0] - lon0, 360.0);
        out->west = pl__min(out->west, lon);
        out->east = pl__max(out->east, lon);
        out->south = pl__min(out->south, xy[i][1]);
        out->north = pl__max(out->north, xy[i][1]);
    }
    double dx = 0.1 * (out->east - out->west), dy = 0.1 * (out->north - out->south);
    *out = (box){out->west - dx, out->south - dy, out->east + dx, out->north + dy};
    return PL_OK;
}

/* Turns each ring by whole turns so that it lies nearest to the picture. */
static void bring_near(pl_rings *rings, double lon_deg) {
    for (int k = 0; k < rings->count; k++) {
        pl_ring *ring = &rings->ring[k];
        double low = 1e9, high = -1e9;
        for (int i = 0; i < ring->count; i++) {
            low = pl__min(low, ring->at[i][0]);
            high = pl__max(high, ring->at[i][0]);
        }
        double turns = round((lon_deg - 0.5 * (low + high)) / 360.0);
        for (int i = 0; i < ring->count; i++) ring->at[i][0] += 360.0 * turns;
    }
}

/* What of the rings lies in the picture, in its pixels. */
static pl_status to_pixels(const pl_scene *scene, const pl_rings *lonlat, pl_arena *arena,
                           pl_rings *out, pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(scene);
    box near;
    pl_rings cut;
    pl_status status = footprint(scene, &near, error);
    if (status != PL_OK) return status;
    if (!pl__area_clip(lonlat, near.west, near.south, near.east, near.north, arena, &cut))
        return pl__fail_memory(error, FLOOR);
    for (int k = 0; k < cut.count; k++) {
        pl_ring *ring = &cut.ring[k];
        if (ring->count == 0) continue;
        status = pl_scene_to_pixels(scene, (size_t)ring->count, ring->at, error);
        if (status != PL_OK) return status;
        for (int i = 0; i < ring->count; i++)
            if (isnan(ring->at[i][0]))
                return pl__fail(error, PL_E_USAGE, FLOOR,
                                "the area reaches where the picture's projection does not");
    }
    if (!pl__area_clip(&cut, 0, 0, info->width_px, info->height_px, arena, out))
        return pl__fail_memory(error, FLOOR);
    return PL_OK;
}

/* ---- the crop ---- */

static bool window_of(const pl_rings *pixels, box *out) {
    *out = (box){1e12, 1e12, -1e12, -1e12};
    bool any = false;
    for (int k = 0; k < pixels->count; k++) {
        const pl_ring *ring = &pixels->ring[k];
        any = any || pl__area_size(ring) > 0.0;
        for (int i = 0; i < ring->count; i++) {
            out->west = pl__min(out->west, ring->at[i][0]);
            out->east = pl__max(out->east, ring->at[i][0]);
            out->south = pl__min(out->south, ring->at[i][1]);
            out->north = pl__max(out->north, ring->at[i][1]);
        }
    }
    return any;
}

/* Bytes that a pixel of the search crop costs: its samples, and beside them what the search makes
 * of it (masks, labels, one smoothed band, brightness: src/hull/candidates.c). */
static double bytes_of_pixel(const pl_scene_info *info) {
    return (double)sizeof(float) * info->bands + 30.0;
}

/* Finds the block that is asked for, and reads it. @param pixels the area; NULL the whole picture.
 * @return PL_REFUSED when no part of the area lies in this block. */
static pl_status read_crop(const pl_scene *scene, const box *window, const pl_rings *pixels,
                           const pl_port_options *options, pl_arena *arena, pl_crop *crop,
                           pl_port_area *area, pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(scene);
    double step = pl__max(1.0, options->search_pixel_m / info->gsd_m);
    const pl_box whole = {window->west, window->south, window->east, window->north};
    pl_blocks blocks;
    pl_box core, read;
    pl_rings part;
    double most = (double)options->max_bytes / bytes_of_pixel(info) * step * step;
    if (!pl__blocks_cut(&whole, BLOCK_MARGIN_M / info->gsd_m, most, &blocks))
        return pl__fail(error, PL_E_LIMIT, FLOOR,
                        "no ship and its water fit into %.0f MiB at %.2f m (--max-window)",
                        (double)options->max_bytes / 1048576.0, info->gsd_m * step);
    area->blocks = blocks.columns * blocks.rows;
    if (options->block < 0 || options->block >= area->blocks)
        return pl__fail(error, PL_E_USAGE, FLOOR, "no block %d of %d", options->block,
                        area->blocks);
    pl__blocks_at(&blocks, options->block, &core, &read);
    memcpy(area->core_px, (const double[]){core.x0, core.y0, core.x1, core.y1},
           sizeof area->core_px);
    if (pixels && area->blocks > 1) {
        if (!pl__area_clip(pixels, read.x0, read.y0, read.x1, read.y1, arena, &part))
            return pl__fail_memory(error, FLOOR);
        box any;
        if (!window_of(&part, &any)) return PL_REFUSED;
    }
    return pl_scene_crop(scene, read.x0, read.y0, read.x1, read.y1, step, arena, crop, error);
}

static pl_status mask_crop(pl_rings *pixels, bool only, pl_arena *arena, pl_crop *crop,
                           pl_error *error) {
    for (int k = 0; k < pixels->count; k++) {
        for (int i = 0; i < pixels->ring[k].count; i++) {
            pixels->ring[k].at[i][0] = (pixels->ring[k].at[i][0] - crop->x_px) / crop->step;
            pixels->ring[k].at[i][1] = (pixels->ring[k].at[i][1] - crop->y_px) / crop->step;
        }
    }
    int width = crop->pixels.width, height = crop->pixels.height;
    crop->mask = pl__arena_array(arena, (size_t)width * (size_t)height, 1);
    if (!crop->mask) return pl__fail_memory(error, FLOOR);
    bool out_of_memory = false;
    size_t filled = pl__area_fill(pixels, width, height, crop->mask, arena, &out_of_memory);
    if (out_of_memory) return pl__fail_memory(error, FLOOR);
    if (filled == 0 && only)
        return pl__fail(error, PL_E_USAGE, FLOOR, "the area is smaller than a pixel");
    return PL_OK;
}

/* The outer ring that is told as the searched area: the largest. */
static pl_status tell_area(const pl_rings *lonlat, pl_arena *arena, pl_port_area *area,
                           pl_error *error) {
    const pl_ring *largest = &lonlat->ring[0];
    for (int k = 1; k < lonlat->count; k++)
        if (pl__area_size(&lonlat->ring[k]) > pl__area_size(largest)) largest = &lonlat->ring[k];
    area->lonlat = pl__arena_array(arena, (size_t)largest->count, sizeof *area->lonlat);
    if (!area->lonlat) return pl__fail_memory(error, FLOOR);
    memcpy(area->lonlat, largest->at, (size_t)largest->count * sizeof *area->lonlat);
    area->count = largest->count;
    return PL_OK;
}

/* ---- the three ways ---- */

static pl_status whole_picture(const pl_scene *scene, const pl_port_options *options,
                               pl_arena *arena, pl_crop *crop, pl_port_area *area,
                               pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(scene);
    double w = info->width_px, h = info->height_px;
    const box window = {0, 0, w, h};
    pl_status status = read_crop(scene, &window, NULL, options, arena, crop, area, error);
    if (status < 0 || isnan(info->centre.lon_deg)) return status;
    const double corner[5][2] = {{0, 0}, {0, h}, {w, h}, {w, 0}, {0, 0}};
    area->lonlat = pl__arena_array(arena, 5, sizeof *area->lonlat);
    if (!area->lonlat) return pl__fail_memory(error, FLOOR);
    memcpy(area->lonlat, corner, sizeof corner);
    area->count = 5;
    return pl_scene_to_lonlat(scene, 5, area->lonlat, error);
}

static pl_status inside_area(const pl_scene *scene, const pl_port_options *options,
                             const pl_json *place, const char *file, pl_arena *arena, pl_crop *crop,
                             pl_port_area *area, pl_error *error) {
    pl_rings lonlat, pixels;
    box window;
    pl_status status = pl__area_read(place, file, arena, &lonlat, error);
    if (status < 0) return status;
    double size = 0.0;
    for (int k = 0; k < lonlat.count; k++) size = pl__max(size, pl__area_size(&lonlat.ring[k]));
    if (!(size > 0.0))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s: the area is empty: no polygon", file);
    bring_near(&lonlat, pl_scene_describe(scene)->centre.lon_deg);
    status = to_pixels(scene, &lonlat, arena, &pixels, error);
    if (status != PL_OK) return status;
    if (!window_of(&pixels, &window))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s: the area misses the picture",
                        options->port ? options->port : file);
    status = tell_area(&lonlat, arena, area, error);
    if (status == PL_OK)
        status = read_crop(scene, &window, &pixels, options, arena, crop, area, error);
    return status == PL_OK ? mask_crop(&pixels, area->blocks == 1, arena, crop, error) : status;
}

/* ---- doors ---- */

pl_status pl_port_covering(const pl_scene *scene, const char *models_dir, char *names, size_t size,
                           pl_error *error) {
    if (size) names[0] = '\0';
    if (isnan(pl_scene_describe(scene)->centre.lon_deg)) return PL_OK;
    pl_json *ports = NULL;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_status status = read_ports(models_dir, arena, &ports, error);
    const pl_json *features = pl__json_get(ports, "features");
    for (size_t i = 0; i < pl__json_size(features) && status == PL_OK; i++) {
        pl_rings lonlat, pixels;
        box window;
        const char *name = port_name(pl__json_at(features, i));
        status = pl__area_read(pl__json_at(features, i), "ports.geojson", arena, &lonlat, error);
        if (status < 0 || !name) continue;
        bring_near(&lonlat, pl_scene_describe(scene)->centre.lon_deg);
        status = to_pixels(scene, &lonlat, arena, &pixels, error);
        if (status == PL_OK && window_of(&pixels, &window)) add_name(names, size, name);
    }
    if (ports) pl__json_free(ports);
    pl_arena_free(arena);
    return status;
}

/* Even-odd, holes counted as any ring. */
static bool holds(const pl_rings *rings, double lon, double lat) {
    bool inside = false;
    for (int k = 0; k < rings->count; k++) {
        const pl_ring *r = &rings->ring[k];
        for (int i = 0; i + 1 < r->count; i++) {
            const double *a = r->at[i], *b = r->at[i + 1];
            if ((a[1] > lat) == (b[1] > lat)) continue;
            if (lon < a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])) inside = !inside;
        }
    }
    return inside;
}

pl_status pl_port_at(const char *models_dir, double lon_deg, double lat_deg, char *name,
                     size_t size, pl_error *error) {
    if (size) name[0] = '\0';
    pl_json *ports = NULL;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_status status = read_ports(models_dir, arena, &ports, error);
    const pl_json *features = pl__json_get(ports, "features");
    for (size_t i = 0; i < pl__json_size(features) && status == PL_OK && size && !*name; i++) {
        pl_rings lonlat;
        const char *called = port_name(pl__json_at(features, i));
        status = pl__area_read(pl__json_at(features, i), "ports.geojson", arena, &lonlat, error);
        if (status < 0 || !called) continue;
        bring_near(&lonlat, lon_deg);
        if (holds(&lonlat, lon_deg, lat_deg)) pl__text_copy(name, size, called);
    }
    if (ports) pl__json_free(ports);
    pl_arena_free(arena);
    return status;
}

pl_status pl_port_crop(const pl_scene *scene, const pl_port_options *options, pl_arena *arena,
                       pl_crop *crop, pl_port_area *area, pl_error *error) {
    static const pl_port_options USUAL = PL_PORT_OPTIONS_INIT;
    if (!options) options = &USUAL;
    memset(crop, 0, sizeof *crop);
    memset(area, 0, sizeof *area);
    if (options->port && options->aoi_file)
        return pl__fail(error, PL_E_USAGE, FLOOR, "a port or an area, not both");
    if (!(options->search_pixel_m > 0.0))
        return pl__fail(error, PL_E_USAGE, FLOOR, "a search pixel of %g m",
                        options->search_pixel_m);
    if (!options->port && !options->aoi_file)
        return whole_picture(scene, options, arena, crop, area, error);
    if (isnan(pl_scene_describe(scene)->centre.lon_deg))
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "the picture has no georeference: no port or area can be found in it");
    pl_json *file = NULL;
    const pl_json *place = NULL;
    pl_status status = options->port ? read_ports(options->models_dir, arena, &file, error)
                                     : read_geojson(options->aoi_file, arena, &file, error);
    if (status == PL_OK && options->port) {
        place = find_port(file, options->port, error);
        if (place) pl__text_copy(area->name, sizeof area->name, port_name(place));
        if (!place) status = PL_E_USAGE;
    } else {
        place = file;
    }
    if (status == PL_OK)
        status =
            inside_area(scene, options, place, options->port ? "ports.geojson" : options->aoi_file,
                        arena, crop, area, error);
    if (file) pl__json_free(file);
    if (status < 0) {
        memset(crop, 0, sizeof *crop);
        memset(area, 0, sizeof *area);
    }
    return status;
}
