/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls lie in the searched area, however large it is?
 *
 * One block after the other is read and searched, and forgotten before the next one comes: memory
 * is bounded by the block, not by the scene. Blocks overlap; a hull belongs to the block in whose
 * core its centre lies. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "hull/hull.h"
#include "run/search.h"

static const double SHORTEST_PX = 32.0;

/* The area outlives the block that it was read with. */
static pl_status keep_area(const pl_port_area *from, pl_arena *arena, pl_port_area *to,
                           pl_error *error) {
    *to = *from;
    if (from->count == 0) return PL_OK;
    to->lonlat = pl__arena_array(arena, (size_t)from->count, sizeof *to->lonlat);
    if (!to->lonlat) return pl__fail_memory(error, "run");
    memcpy(to->lonlat, from->lonlat, (size_t)from->count * sizeof *to->lonlat);
    return PL_OK;
}

/* Pixels that were to be searched, and those of them without a value. */
typedef struct tally {
    double all, blind;
} tally;

static void count_blind(const pl_crop *search, tally *t) {
    const pl_image *image = &search->pixels;
    size_t count = (size_t)image->width * (size_t)image->height;
    for (size_t i = 0; i < count; i++) {
        if (search->mask && !search->mask[i]) continue;
        t->all++;
        t->blind += isfinite(image->data[i]) ? 0.0 : 1.0;
    }
}

static pl_status search_block(const pl_scene *scene, const pl_measure_options *options, int block,
                              pl_arena *arena, pl_hull_list *hulls, pl_port_area *area, tally *seen,
                              pl_error *error) {
    pl_crop search;
    pl_port_area here = {0};
    pl_hull_list found = {0};
    pl_port_options port = options->port;
    pl_arena *working = pl_arena_new(0); /* the block's pixels go when its hulls are found */
    if (!working) return pl__fail_memory(error, "run");
    port.block = block;
    /* the shortest ship that is looked for is so many pixels long */
    port.search_pixel_m = pl__min(port.search_pixel_m, options->hull.min_length_m / SHORTEST_PX);
    pl_status status = pl_port_crop(scene, &port, working, &search, &here, error);
    if (status >= 0 && block == 0) {
        pl_status kept = keep_area(&here, arena, area, error);
        if (kept < 0) status = kept;
    }
    if (status == PL_OK) count_blind(&search, seen);
    if (status == PL_OK)
        status = pl_hull_find(scene, &search, &options->hull, working, &found, error);
    if (status == PL_OK && !pl__hull_join(&found, here.core_px, &search.frame, arena, hulls))
        status = pl__fail_memory(error, "run");
    pl_arena_free(working);
    return status < 0 ? status : PL_OK;
}

/* Opens the earlier picture as the later one was opened, but for what was said of the later one
 * alone. */
static pl_status open_previous(const pl_measure_options *options, pl_scene **out, pl_error *error) {
    pl_scene_options plain = PL_SCENE_OPTIONS_INIT;
    pl_error why = PL_ERROR_INIT;
    plain.trust = options->scene.trust;
    plain.models_dir = options->scene.models_dir;
    pl_status status = pl_scene_open(options->previous, &plain, out, &why);
    if (status < 0)
        return pl__fail(error, status, "run", "the earlier picture: %.180s", why.message);
    return PL_OK;
}

pl_status pl__run_search(const pl_scene *scene, const pl_measure_options *options, pl_arena *arena,
                         pl_hull_list *hulls, pl_port_area *area, double *blind, pl_error *error) {
    tally seen = {0};
    pl_scene *previous = NULL;
    pl_measure_options with = *options;
    *hulls = (pl_hull_list){0};
    pl_status status = options->previous ? open_previous(options, &previous, error) : PL_OK;
    with.hull.previous = previous;
    if (status == PL_OK) status = search_block(scene, &with, 0, arena, hulls, area, &seen, error);
    for (int block = 1; block < area->blocks && status == PL_OK; block++)
        status = search_block(scene, &with, block, arena, hulls, area, &seen, error);
    pl_scene_close(previous);
    *blind = seen.all > 0.0 ? seen.blind / seen.all : (double)NAN;
    return status;
}
