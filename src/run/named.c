/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls does an analyst name? One by a place on it, or several by outlines. A place without a
 * hull that can be outlined gives a hull without an outline, so that the refusal becomes a row. */
#include "run/named.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const char FLOOR[] = "run";

/* The place in input pixels. */
static pl_status place_of(const pl_scene *scene, const pl_hull_hint *hint, double place[1][2],
                          pl_error *error) {
    place[0][0] = hint->at_x_px;
    place[0][1] = hint->at_y_px;
    if (isfinite(hint->at_x_px)) return PL_OK;
    place[0][0] = hint->at_lon_deg;
    place[0][1] = hint->at_lat_deg;
    pl_status status = pl_scene_to_pixels(scene, 1, place, error);
    if (status != PL_REFUSED) return status;
    return pl__fail(error, PL_E_USAGE, FLOOR,
                    "the picture has no georeference: name the place in pixels (--at-px)");
}

/* What was looked at, as a ring. */
static pl_status tell_area(const pl_scene *scene, const double px[4], pl_arena *arena,
                           pl_port_area *area, pl_error *error) {
    const double corner[5][2] = {
        {px[0], px[1]}, {px[0], px[3]}, {px[2], px[3]}, {px[2], px[1]}, {px[0], px[1]}};
    area->blocks = 1;
    memcpy(area->core_px, px, sizeof area->core_px);
    if (isnan(pl_scene_describe(scene)->centre.lon_deg)) return PL_OK;
    area->lonlat = pl__arena_array(arena, 5, sizeof *area->lonlat);
    if (!area->lonlat) return pl__fail_memory(error, FLOOR);
    memcpy(area->lonlat, corner, sizeof corner);
    area->count = 5;
    return pl_scene_to_lonlat(scene, 5, area->lonlat, error);
}

static pl_status by_place(const pl_scene *scene, const pl_measure_options *options, pl_arena *arena,
                          pl_hull_list *hulls, pl_port_area *area, pl_error *error) {
    double place[1][2], searched_px[4];
    pl_hull *hull = pl__arena_alloc(arena, sizeof *hull);
    pl_arena *working = pl_arena_new(0); /* the window's pixels go when the hull is found */
    pl_status status = PL_OK;
    if (!hull || !working) {
        status = pl__fail_memory(error, FLOOR);
        goto done;
    }
    status = place_of(scene, &options->hint, place, error);
    if (status == PL_OK)
        status = pl_hull_find_at(scene, place[0][0], place[0][1], &options->hull, working, hull,
                                 searched_px, error);
    if (status < 0) goto done;
    *hulls = (pl_hull_list){1, hull};
    status = tell_area(scene, searched_px, arena, area, error);
done:
    pl_arena_free(working);
    return status;
}

pl_status pl__run_named(const pl_scene *scene, const pl_measure_options *options, pl_arena *arena,
                        pl_hull_list *hulls, pl_port_area *area, pl_error *error) {
    const pl_hull_hint *hint = &options->hint;
    bool place = isfinite(hint->at_x_px) || isfinite(hint->at_lon_deg);
    *hulls = (pl_hull_list){0};
    *area = (pl_port_area){.blocks = 1};
    if (!place && !hint->outline_file) return PL_REFUSED;
    if ((place && hint->outline_file) || (isfinite(hint->at_x_px) && isfinite(hint->at_lon_deg)))
        return pl__fail(error, PL_E_USAGE, FLOOR, "a place, or an outline: not both");
    if (options->port.port || options->port.aoi_file)
        return pl__fail(error, PL_E_USAGE, FLOOR, "a port or an area to search, or a hull's place");
    if (place) return by_place(scene, options, arena, hulls, area, error);
    return pl_hull_given(scene, hint->outline_file, &options->hull, arena, hulls, error);
}
