/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the file itself hold in a window, before factors and cloud masks, and where does that
 * lie? For people who want the pixels that a hull was measured in.
 *
 * Where the picture lies straight in a CRS of an EPSG code, the window does too, exactly. Otherwise
 * (rational polynomials, a CRS without a code) it is laid in degrees: straight through the window's
 * middle, by its frame there, which over some hundred metres is off by less than a hundredth of a
 * pixel. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geo.h"
#include "scene/scene.h"

static void lay_in_degrees(const pl_frame *f, const pl_crop *window, double out[6]) {
    double east_m, north_m;
    pl__geo_metres_per_degree(f->lat_deg, &east_m, &north_m);
    out[1] = f->metres[0] / east_m;
    out[2] = f->metres[1] / east_m;
    out[4] = f->metres[2] / north_m;
    out[5] = f->metres[3] / north_m;
    double dx = window->x_px - f->x_px, dy = window->y_px - f->y_px;
    out[0] = f->lon_deg + out[1] * dx + out[2] * dy;
    out[3] = f->lat_deg + out[4] * dx + out[5] * dy;
}

void pl__scene_window_place(const pl_scene *scene, const pl_crop *window, double affine[6],
                            int *epsg) {
    const double *a = scene->affine;
    double x = window->x_px, y = window->y_px;
    char rest;
    *epsg = 0;
    if (!scene->georeferenced) return;
    bool coded = !scene->rpc && sscanf(scene->info.crs, "EPSG:%d%c", epsg, &rest) == 1;
    if (!coded) {
        *epsg = 4326;
        lay_in_degrees(&window->frame, window, affine);
        return;
    }
    memcpy(affine, a, 6 * sizeof *affine);
    affine[0] = a[0] + a[1] * x + a[2] * y;
    affine[3] = a[3] + a[4] * x + a[5] * y;
}

pl_status pl__scene_samples(const pl_scene *scene, const pl_crop *window, pl_arena *arena,
                            float **out, int *bits, pl_error *error) {
    const pl_image *like = &window->pixels;
    const pl_raster_info *raster = pl__io_raster_info(scene->raster);
    size_t count = (size_t)like->width * (size_t)like->height * (size_t)like->bands;
    *out = pl__arena_array(arena, count, sizeof **out);
    if (!*out) return pl__fail_memory(error, "scene");
    bool whole = !raster->is_float && raster->bits <= 16;
    pl_status status = pl__io_raster_read(scene->raster, window->x_px, window->y_px, like->width,
                                          like->height, like->width, like->height, *out, error);
    for (size_t i = 0; i < count && whole; i++) whole = !((*out)[i] < 0);
    *bits = !whole ? 32 : raster->bits <= 8 ? 8 : 16; /* samples may pass what the file declares */
    return status;
}
