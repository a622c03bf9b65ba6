/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels does a window hold? At full resolution whole pixels; decimated, cells of exactly
 * step pixels counted from the window's upper left. Nothing outside the window is decoded but what
 * shares a block with it. */
#include <math.h>
#include <string.h>

#include "scene/scene.h"

static const char FLOOR[] = "scene";

/* Cells from `from` to `to`, or as many whole ones as the picture still holds. */
static int cells(double from, double to, double end, double step) {
    const double slack = 1e-9; /* of a division that should have come out even */
    double wanted = ceil((to - from) / step - slack), there = floor((end - from) / step + slack);
    double n = pl__min(wanted, there);
    return n < 1.0 ? 1 : n > INT32_MAX ? INT32_MAX : (int)n;
}

typedef struct window {
    double x, y, w, h, step;
    int out_w, out_h;
} window;

static pl_status clip(const pl_scene_info *info, double x0, double y0, double x1, double y1,
                      double step, window *out, pl_error *error) {
    if (isnan(x0 + y0 + x1 + y1) || !(step >= 1.0))
        return pl__fail(error, PL_E_USAGE, FLOOR, "a window that is none");
    x0 = floor(pl__max(x0, 0.0));
    y0 = floor(pl__max(y0, 0.0));
    x1 = ceil(pl__min(x1, info->width_px));
    y1 = ceil(pl__min(y1, info->height_px));
    if (!(x1 > x0 && y1 > y0))
        return pl__fail(error, PL_E_USAGE, FLOOR, "the window lies outside the picture");
    step = pl__min(step, pl__min(info->width_px, info->height_px));
    /* a window thinner than a cell moves inward at the picture's end */
    x0 = pl__min(x0, info->width_px - step);
    y0 = pl__min(y0, info->height_px - step);
    *out = (window){.x = x0, .y = y0, .step = step};
    out->out_w = cells(x0, x1, info->width_px, step);
    out->out_h = cells(y0, y1, info->height_px, step);
    out->w = pl__min(out->out_w * step, info->width_px - x0);
    out->h = pl__min(out->out_h * step, info->height_px - y0);
    return PL_OK;
}

/* A level that samples pass is not this picture's: it was stretched after the sidecar was written.
 */
static double believed_level(double level, const pl_image *pixels) {
    enum { RUN = 4096 }; /* without a way out inside, so that many are compared at once */
    size_t n = (size_t)pixels->width * (size_t)pixels->height * (size_t)pixels->bands;
    float most = (float)level;
    for (size_t i = 0; i < n && isfinite(level); i += RUN) {
        size_t end = n - i < RUN ? n : i + RUN;
        int passed = 0;
        for (size_t k = i; k < end; k++) passed |= pixels->data[k] > most;
        if (passed) return NAN;
    }
    return level;
}

pl_status pl_scene_crop(const pl_scene *scene, double x0_px, double y0_px, double x1_px,
                        double y1_px, double step, pl_arena *arena, pl_crop *out, pl_error *error) {
    const pl_scene_info *info = &scene->info;
    window at = {0};
    memset(out, 0, sizeof *out);
    pl_status status = clip(info, x0_px, y0_px, x1_px, y1_px, step, &at, error);
    if (status < 0) return status;
    if (!pl__arena_image(arena, at.out_w, at.out_h, info->bands, &out->pixels)) {
        status = pl__fail_memory(error, FLOOR);
        goto done;
    }
    status = pl__io_raster_read(scene->raster, at.x, at.y, at.w, at.h, at.out_w, at.out_h,
                                out->pixels.data, error);
    if (status < 0) goto done;
    out->is_float = pl__io_raster_info(scene->raster)->is_float;
    out->x_px = at.x;
    out->y_px = at.y;
    out->step = at.step;
    memcpy(out->role, info->role, sizeof out->role);
    out->saturation_dn = believed_level(info->saturation_dn, &out->pixels);
    pl__scene_factors_apply(scene, out);
    double x = at.x + at.w / 2, y = at.y + at.h / 2;
    status = pl_scene_frame(scene, x, y, &out->frame, error);
    if (status == PL_OK) status = pl_scene_sight(scene, x, y, &out->sight, error);
    if (status == PL_OK) status = pl__scene_clouds_over(scene, arena, out, error);
done:
    if (status < 0) memset(out, 0, sizeof *out);
    return status;
}

uint64_t pl_scene_bytes_read(const pl_scene *scene) {
    return pl__io_raster_bytes_read(scene->raster);
}
