/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stood here before?
 *
 * An earlier picture of the same place is read at the search crop's resolution, what stands out
 * from ITS water is marked, and the marks are laid over the crop by the two pictures' own
 * georeference. That is good to some metres only, and quays lean and throw shadows otherwise under
 * another view and sun: so the marks are shifted to where they agree best with what stands out now,
 * and grown by a margin. What is left of the crop beside them is new: a ship. A ship that lay at
 * the berth then too is taken for quay here; the usual search still asks for her shape. */
#include <math.h>
#include <stdlib.h>

#include "hull/internal.h"

static const double SHIFT_M = 12.0; /* two orthorectified pictures differ by less, mostly */
static const double COARSE_M = 4.0; /* a pixel says enough of a margin then */
enum { MARGIN_PX = 2, SAMPLES = 200 * 200, SHIFT_MOST_PX = 16, MORE_PX = 32 };

int pl__hull_before_margin(const pl_crop *search) {
    return search->frame.pixel_m * search->step > COARSE_M ? 1 : MARGIN_PX;
}

/* The crop's corners in the earlier picture's pixels: 0 0, W 0, 0 H, W H. */
static pl_status find_corners(const pl_scene *previous, const pl_scene *scene,
                              const pl_crop *search, double xy[4][2], pl_error *error) {
    for (int k = 0; k < 4; k++) {
        xy[k][0] = search->x_px + (k % 2 ? search->pixels.width * search->step : 0);
        xy[k][1] = search->y_px + (k / 2 ? search->pixels.height * search->step : 0);
    }
    pl_status status = pl_scene_to_lonlat(scene, 4, xy, error);
    if (status == PL_OK) status = pl_scene_to_pixels(previous, 4, xy, error);
    if (status == PL_REFUSED)
        return pl__fail(error, PL_E_USAGE, "hull",
                        "an earlier picture helps only where both have a georeference");
    return status;
}

typedef struct laid {
    int width, height;
    unsigned char *mask; /* of the earlier picture, in the search crop's pixels */
} laid;

/* Reads the earlier picture under the corners and marks what stands out there. @return PL_REFUSED
 * when it shows no water, or does not reach here. */
static pl_status mark_before(const pl_scene *previous, double xy[4][2], double ground_m,
                             pl_arena *working, laid *out, pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(previous);
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int k = 0; k < 4; k++) {
        if (isnan(xy[k][0])) return PL_REFUSED;
        x0 = pl__min(x0, xy[k][0]);
        y0 = pl__min(y0, xy[k][1]);
        x1 = pl__max(x1, xy[k][0]);
        y1 = pl__max(y1, xy[k][1]);
    }
    x0 = pl__max(x0 - MORE_PX, 0);
    y0 = pl__max(y0 - MORE_PX, 0);
    x1 = pl__min(x1 + MORE_PX, info->width_px);
    y1 = pl__min(y1 + MORE_PX, info->height_px);
    if (x1 - x0 < MORE_PX || y1 - y0 < MORE_PX) return PL_REFUSED;
    pl_crop crop;
    pl_sea sea;
    double step = pl__max(1.0, ground_m / info->gsd_m);
    pl_status status = pl_scene_crop(previous, x0, y0, x1, y1, step, working, &crop, error);
    if (status == PL_OK) status = pl__hull_sea(&crop, working, &sea, error);
    if (status != PL_OK) return status;
    int width = crop.pixels.width, height = crop.pixels.height;
    unsigned char *mask = pl__arena_array(working, (size_t)width * (size_t)height, 1);
    if (!mask || !pl__hull_bright(&crop, &sea, mask)) return pl__fail_memory(error, "hull");
    for (int y = 0; y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            double u = (x + 0.5) / out->width, v = (y + 0.5) / out->height, at[2];
            for (int i = 0; i < 2; i++)
                at[i] = (1 - v) * ((1 - u) * xy[0][i] + u * xy[1][i]) +
                        v * ((1 - u) * xy[2][i] + u * xy[3][i]);
            double px = floor((at[0] - crop.x_px) / crop.step),
                   py = floor((at[1] - crop.y_px) / crop.step);
            if (px < 0 || py < 0 || px >= width || py >= height) continue;
            out->mask[(size_t)y * (size_t)out->width + (size_t)x] =
                mask[(size_t)py * (size_t)width + (size_t)px];
        }
    }
    return PL_OK;
}

/* How many of some thousand pixels differ when the marks are shifted so? */
static long differing(const laid *l, const unsigned char *bright, int dx, int dy) {
    double all = (double)l->width * l->height;
    int stride = (int)pl__max(1, floor(sqrt(all / SAMPLES)));
    long differ = 0;
    for (int y = SHIFT_MOST_PX; y < l->height - SHIFT_MOST_PX; y += stride)
        for (int x = SHIFT_MOST_PX; x < l->width - SHIFT_MOST_PX; x += stride)
            differ += bright[(size_t)y * (size_t)l->width + (size_t)x] !=
                      l->mask[(size_t)(y - dy) * (size_t)l->width + (size_t)(x - dx)];
    return differ;
}

static void best_shift(const laid *l, const unsigned char *bright, double pixel_m, int shift[2]) {
    int reach = (int)pl__min(SHIFT_MOST_PX, ceil(SHIFT_M / pixel_m));
    long best = differing(l, bright, 0, 0);
    shift[0] = shift[1] = 0;
    for (int dy = -reach; dy <= reach; dy++) {
        for (int dx = -reach; dx <= reach; dx++) {
            long differ = differing(l, bright, dx, dy);
            if (differ >= best) continue; /* the first of equals, none before it */
            best = differ;
            shift[0] = dx;
            shift[1] = dy;
        }
    }
}

pl_status pl__hull_before(const pl_scene *previous, const pl_scene *scene, const pl_crop *search,
                          const unsigned char *bright, pl_arena *arena, unsigned char **out,
                          pl_error *error) {
    double xy[4][2], pixel_m = search->frame.pixel_m * search->step;
    int shift[2];
    laid l = {.width = search->pixels.width, .height = search->pixels.height};
    size_t pixels = (size_t)l.width * (size_t)l.height;
    *out = NULL;
    pl_status status = find_corners(previous, scene, search, xy, error);
    if (status != PL_OK) return status;
    pl_arena *working = pl_arena_new(0); /* the earlier picture's pixels go when they are marked */
    l.mask = working ? pl__arena_array(working, pixels, 1) : NULL;
    unsigned char *stood = pl__arena_array(arena, pixels, 1);
    if (!l.mask || !stood) status = pl__fail_memory(error, "hull");
    if (status == PL_OK) status = mark_before(previous, xy, pixel_m, working, &l, error);
    if (status == PL_OK) {
        best_shift(&l, bright, pixel_m, shift);
        for (int y = 0; y < l.height; y++) {
            for (int x = 0; x < l.width; x++) {
                int px = x - shift[0], py = y - shift[1];
                bool on = px >= 0 && py >= 0 && px < l.width && py < l.height;
                stood[(size_t)y * (size_t)l.width + (size_t)x] =
                    on ? l.mask[(size_t)py * (size_t)l.width + (size_t)px] : 0;
            }
        }
        if (pl__image_dilate(stood, l.width, l.height, pl__hull_before_margin(search)))
            *out = stood;
        else
            status = pl__fail_memory(error, "hull");
    }
    pl_arena_free(working);
    return status < 0 ? status : PL_OK; /* refused: nothing is known */
}
