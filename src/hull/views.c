/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the judge see of a shape?
 *
 * The same number of pixels of every ship, large or small, laid along her axis, and the same
 * brightness under every sun: where the ship's proportions and what surrounds her are, she looks
 * like any other. The crop is halved as often as its size allows, so that a large ship is averaged,
 * not sampled. */
#include <math.h>

#include "hull/shapes.h"

static const double SHIP_PX = 48.0; /* of the chip's width: the shape's length */
static const double MOST_STEP = 1.6, UNIT = 32.0, LEAST_SCATTER = 1e-6;

static bool is_light(pl_band_role role) {
    return role != PL_BAND_NIR && role != PL_BAND_ALPHA;
}

/* One pixel of the crop. */
static void mix(const pl_views *v, size_t at, float *bright, float *colour) {
    const pl_image *image = &v->crop->pixels;
    double sum = 0, low = INFINITY, high = -INFINITY;
    int n = 0;
    for (int band = 0; band < image->bands; band++) {
        if (v->any_light && !is_light(v->crop->role[band])) continue;
        double value = (double)pl__plane(image, band)[at];
        sum += value;
        low = pl__min(low, value);
        high = pl__max(high, value);
        n++;
    }
    *bright = (float)(sum / n);
    *colour = (float)(high - low);
}

static void halve_crop(const pl_views *v, float *bright, float *colour, int half_width,
                       int half_height) {
    size_t width = (size_t)v->width[0];
    for (int y = 0; y < half_height; y++) {
        for (int x = 0; x < half_width; x++) {
            size_t at = (size_t)(2 * y) * width + (size_t)(2 * x),
                   to = (size_t)y * (size_t)half_width + (size_t)x;
            float b[4], c[4];
            mix(v, at, &b[0], &c[0]);
            mix(v, at + 1, &b[1], &c[1]);
            mix(v, at + width, &b[2], &c[2]);
            mix(v, at + width + 1, &b[3], &c[3]);
            bright[to] = 0.25F * (b[0] + b[1] + b[2] + b[3]);
            colour[to] = 0.25F * (c[0] + c[1] + c[2] + c[3]);
        }
    }
}

static void halve(const float *in, int width, float *out, int half_width, int half_height) {
    for (int y = 0; y < half_height; y++) {
        for (int x = 0; x < half_width; x++) {
            const float *p = in + (size_t)(2 * y) * (size_t)width + (size_t)(2 * x);
            out[(size_t)y * (size_t)half_width + (size_t)x] =
                0.25F * (p[0] + p[1] + p[width] + p[width + 1]);
        }
    }
}

bool pl__views_make(const pl_crop *crop, pl_arena *arena, pl_views *out) {
    *out = (pl_views){.crop = crop};
    for (int band = 0; band < crop->pixels.bands; band++)
        out->any_light = out->any_light || is_light(crop->role[band]);
    int width = crop->pixels.width, height = crop->pixels.height;
    for (int k = 0; k < PL_VIEW_LEVELS && (k == 0 || (width >= 8 && height >= 8)); k++) {
        size_t count = (size_t)width * (size_t)height;
        out->width[k] = width;
        out->height[k] = height;
        out->levels = k + 1;
        if (k > 0) {
            out->bright[k] = pl__arena_array(arena, count, sizeof(float));
            out->colour[k] = pl__arena_array(arena, count, sizeof(float));
            if (!out->bright[k] || !out->colour[k]) return false;
        }
        if (k == 1) {
            halve_crop(out, out->bright[1], out->colour[1], width, height);
        } else if (k > 1) {
            halve(out->bright[k - 1], out->width[k - 1], out->bright[k], width, height);
            halve(out->colour[k - 1], out->width[k - 1], out->colour[k], width, height);
        }
        width /= 2;
        height /= 2;
    }
    return true;
}

/* A view at (x, y); straight between its pixels. NAN off it. */
static void look(const pl_views *v, int level, double x, double y, float *bright, float *colour) {
    int width = v->width[level], height = v->height[level];
    if (level > 0) {
        *bright = pl__image_linear(v->bright[level], width, height, x, y);
        *colour = pl__image_linear(v->colour[level], width, height, x, y);
        return;
    }
    double cx = x - 0.5, cy = y - 0.5;
    *bright = *colour = NAN;
    if (!(cx >= 0.0 && cy >= 0.0 && cx < width - 1.0 && cy < height - 1.0)) return;
    int ix = (int)cx, iy = (int)cy;
    size_t at = (size_t)iy * (size_t)width + (size_t)ix;
    double tx = cx - ix, ty = cy - iy;
    float b[4], c[4];
    mix(v, at, &b[0], &c[0]);
    mix(v, at + 1, &b[1], &c[1]);
    mix(v, at + (size_t)width, &b[2], &c[2]);
    mix(v, at + (size_t)width + 1, &b[3], &c[3]);
    *bright =
        (float)((1 - ty) * ((1 - tx) * b[0] + tx * b[1]) + ty * ((1 - tx) * b[2] + tx * b[3]));
    *colour =
        (float)((1 - ty) * ((1 - tx) * c[0] + tx * c[1]) + ty * ((1 - tx) * c[2] + tx * c[3]));
}

/* Less its mean, in units of `scatter` (its own where that is NAN), off the picture 0. @return the
 * scatter. */
static double normalise(const float *in, double scatter, int8_t *out) {
    enum { COUNT = PL_CHIP_WIDTH * PL_CHIP_HEIGHT };
    double sum = 0, square = 0;
    int n = 0;
    for (int i = 0; i < COUNT; i++) {
        if (isnan(in[i])) continue;
        sum += (double)in[i];
        n++;
    }
    double mean = n > 0 ? sum / n : 0;
    for (int i = 0; i < COUNT; i++)
        if (!isnan(in[i])) square += ((double)in[i] - mean) * ((double)in[i] - mean);
    if (isnan(scatter)) scatter = n > 0 ? sqrt(square / n) + LEAST_SCATTER : 1;
    for (int i = 0; i < COUNT; i++)
        out[i] =
            isnan(in[i])
                ? 0
                : (int8_t)lround(pl__clamp(UNIT * ((double)in[i] - mean) / scatter, -127, 127));
    return scatter;
}

void pl__views_chip(const pl_views *views, const pl_shape *shape, int8_t out[PL_CHIP_SIZE]) {
    enum { COUNT = PL_CHIP_WIDTH * PL_CHIP_HEIGHT };
    float bright[COUNT], colour[COUNT];
    double step = shape->length / SHIP_PX, c = cos(shape->angle_rad), s = sin(shape->angle_rad);
    int level = 0;
    double size = 1; /* of a view's pixel, in crop pixels */
    while (level + 1 < views->levels && step > MOST_STEP * size) {
        level++;
        size *= 2;
    }
    for (int j = 0; j < PL_CHIP_HEIGHT; j++) {
        for (int i = 0; i < PL_CHIP_WIDTH; i++) {
            double u = (i + 0.5 - 0.5 * PL_CHIP_WIDTH) * step,
                   w = (j + 0.5 - 0.5 * PL_CHIP_HEIGHT) * step;
            double x = (shape->x + u * c - w * s) / size, y = (shape->y + u * s + w * c) / size;
            int at = j * PL_CHIP_WIDTH + i;
            look(views, level, x, y, &bright[at], &colour[at]);
            out[2 * COUNT + at] =
                (int8_t)(fabs(u) <= 0.5 * shape->length && fabs(w) <= 0.5 * shape->beam ? UNIT : 0);
        }
    }
    double scatter = normalise(bright, NAN, out);
    normalise(colour, scatter, out + COUNT);
}
