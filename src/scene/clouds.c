/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where is the ground hidden by cloud, haze or the shadow of a cloud?
 *
 * A mask says so: the file that the user named, or a Planet UDM2 that lies beside the picture under
 * Planet's name for it. A UDM2 has eight bands or more, each 0 or 1 (Planet, "UDM2", 2021): clear,
 * snow, shadow, light haze, heavy haze, cloud, confidence, unusable. Shadow, heavy haze and cloud
 * count. Light haze does not: it lowers contrast, and that is measured. Of any other mask the first
 * band counts where it is not 0. The mask covers the picture's ground whatever its pixels' size. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/scene.h"

static const char FLOOR[] = "scene";
enum { UDM2_BANDS = 8, SHADOW = 2, HEAVY_HAZE = 4, CLOUD = 5 };

/* What stands in a Planet picture's name where its UDM2 has "udm2". */
static const char *const PRODUCT[] = {"_AnalyticMS_SR_8b", "_AnalyticMS_SR", "_AnalyticMS_8b",
                                      "_AnalyticMS",       "_Analytic",      "_Visual"};

/* "a_AnalyticMS_clip.tif" -> "a_udm2_clip.tif"; else "a.tif" -> "a_udm2.tif" (SkySat). */
static bool udm2_name(const char *picture, int rule, char *out, size_t size) {
    const char *base = pl__sensor_base_name(picture);
    int rules = (int)(sizeof PRODUCT / sizeof *PRODUCT), n;
    if (rule < rules) {
        const char *at = strstr(base, PRODUCT[rule]);
        if (!at) return false;
        n = snprintf(out, size, "%.*s_udm2%s", (int)(at - picture), picture,
                     at + strlen(PRODUCT[rule]));
    } else {
        const char *dot = strrchr(base, '.');
        if (!dot) return false;
        n = snprintf(out, size, "%.*s_udm2%s", (int)(dot - picture), picture, dot);
    }
    return n > 0 && (size_t)n < size;
}

static bool find_udm2(const char *picture, char *out, size_t size) {
    if (strstr(pl__sensor_base_name(picture), "udm2")) return false;
    for (int rule = 0; rule <= (int)(sizeof PRODUCT / sizeof *PRODUCT); rule++)
        if (udm2_name(picture, rule, out, size) && pl__io_file_exists(out)) return true;
    return false;
}

pl_status pl__scene_clouds_open(pl_scene *scene, const char *picture,
                                const pl_scene_options *options, pl_error *error) {
    char beside[1024];
    const char *name = options->cloud_mask;
    if (!name && !find_udm2(picture, beside, sizeof beside)) return PL_OK;
    if (!name) name = beside;
    pl_error why = PL_ERROR_INIT;
    pl_status status = pl__io_raster_open(name, &options->trust, &scene->clouds, &why);
    if (status < 0) /* the message must not be taken for the picture's */
        return pl__fail(error, status, FLOOR, "cloud mask %.80s: %s", pl__sensor_base_name(name),
                        why.message);
    pl__scene_use(&scene->info, name);
    pl__scene_use_raster(&scene->info, scene->clouds);
    const pl_raster_info *mask = pl__io_raster_info(scene->clouds);
    const pl_scene_info *info = &scene->info;
    double sx = (double)mask->width / info->width_px, sy = (double)mask->height / info->height_px;
    if (fabs(sx / sy - 1.0) < 0.01 && sx <= 1.0 + 1e-9) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    "%.80s: a mask of %d x %d pixels does not lie on a picture of %d x %d",
                    pl__sensor_base_name(name), mask->width, mask->height, info->width_px,
                    info->height_px);
}

static bool is_hidden(const pl_image *mask, size_t at) {
    float first = mask->data[at]; /* NAN: the mask says nothing here */
    if (mask->bands < UDM2_BANDS) return first > 0.0f || first < 0.0f;
    return pl__plane(mask, SHADOW)[at] > 0.0f || pl__plane(mask, HEAVY_HAZE)[at] > 0.0f ||
           pl__plane(mask, CLOUD)[at] > 0.0f;
}

static void blank(pl_crop *crop, size_t at) {
    size_t plane = (size_t)crop->pixels.width * (size_t)crop->pixels.height;
    for (int band = 0; band < crop->pixels.bands; band++)
        crop->pixels.data[(size_t)band * plane + at] = NAN;
    crop->cloud[at] = 1;
}

/* The part of the mask under a crop: whole pixels of the mask, decimated as the crop is. */
typedef struct part {
    int x0, y0, w, h;
    int out_w, out_h;
    double per_x, per_y; /* pixels of the mask per input pixel */
} part;

static part part_under(const pl_scene *scene, const pl_crop *crop) {
    const pl_raster_info *mask = pl__io_raster_info(scene->clouds);
    part p = {.per_x = (double)mask->width / scene->info.width_px,
              .per_y = (double)mask->height / scene->info.height_px};
    double x1 = (crop->x_px + crop->pixels.width * crop->step) * p.per_x;
    double y1 = (crop->y_px + crop->pixels.height * crop->step) * p.per_y;
    p.x0 = (int)floor(crop->x_px * p.per_x);
    p.y0 = (int)floor(crop->y_px * p.per_y);
    p.w = (int)pl__clamp(ceil(x1), p.x0 + 1, mask->width) - p.x0;
    p.h = (int)pl__clamp(ceil(y1), p.y0 + 1, mask->height) - p.y0;
    p.out_w = (int)pl__max(1, floor(p.w / pl__max(1, crop->step * p.per_x)));
    p.out_h = (int)pl__max(1, floor(p.h / pl__max(1, crop->step * p.per_y)));
    return p;
}

/* A crop's pixel lies in the mask's pixel that holds its centre. */
static void lay_over(const pl_image *mask, const part *p, pl_crop *crop) {
    for (int y = 0; y < crop->pixels.height; y++) {
        double my = (crop->y_px + (y + 0.5) * crop->step) * p->per_y - p->y0;
        int row = (int)pl__clamp(floor(my * p->out_h / p->h), 0, p->out_h - 1);
        for (int x = 0; x < crop->pixels.width; x++) {
            double mx = (crop->x_px + (x + 0.5) * crop->step) * p->per_x - p->x0;
            int column = (int)pl__clamp(floor(mx * p->out_w / p->w), 0, p->out_w - 1);
            if (is_hidden(mask, (size_t)row * (size_t)p->out_w + (size_t)column))
                blank(crop, (size_t)y * (size_t)crop->pixels.width + (size_t)x);
        }
    }
}

pl_status pl__scene_clouds_over(const pl_scene *scene, pl_arena *arena, pl_crop *crop,
                                pl_error *error) {
    if (!scene->clouds) return PL_OK;
    pl_status status = PL_OK;
    pl_image mask;
    part p = part_under(scene, crop);
    size_t pixels = (size_t)crop->pixels.width * (size_t)crop->pixels.height;
    pl_arena *working = pl_arena_new(0); /* the mask goes when it is laid over */
    crop->cloud = pl__arena_array(arena, pixels, 1);
    if (!crop->cloud || !working ||
        !pl__arena_image(working, p.out_w, p.out_h, pl__io_raster_info(scene->clouds)->bands,
                         &mask))
        status = pl__fail_memory(error, FLOOR);
    if (status == PL_OK) /* averaged: any cloud in a cell makes it differ from 0 */
        status = pl__io_raster_read(scene->clouds, p.x0, p.y0, p.w, p.h, p.out_w, p.out_h,
                                    mask.data, error);
    if (status == PL_OK) lay_over(&mask, &p, crop);
    pl_arena_free(working);
    return status;
}
