/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would the picture show between its pixels, along a line of our own?
 *
 * Keys' cubic convolution with a = -0.5: it reproduces straight ramps and parabolas, so a sub-pixel
 * edge stays where it is; bilinear would widen the line spread by an amount that changes with the
 * phase. */
#include <math.h>

#include "image/image.h"

static void keys_weights(double t, double w[4]) {
    double t2 = t * t, t3 = t2 * t;
    w[0] = -0.5 * t3 + t2 - 0.5 * t;
    w[1] = 1.5 * t3 - 2.5 * t2 + 1.0;
    w[2] = -1.5 * t3 + 2.0 * t2 + 0.5 * t;
    w[3] = 0.5 * t3 - 0.5 * t2;
}

float pl__image_cubic(const float *plane, int width, int height, double x, double y) {
    double cx = x - 0.5, cy = y - 0.5;
    if (!(cx >= 1.0 && cy >= 1.0 && cx < width - 2.0 && cy < height - 2.0)) return NAN;
    int ix = (int)cx, iy = (int)cy;
    double wx[4], wy[4], sum = 0;
    keys_weights(cx - ix, wx);
    keys_weights(cy - iy, wy);
    for (int j = 0; j < 4; j++) {
        const float *row = plane + (size_t)(iy - 1 + j) * (size_t)width + (ix - 1);
        sum += wy[j] * (wx[0] * row[0] + wx[1] * row[1] + wx[2] * row[2] + wx[3] * row[3]);
    }
    return (float)sum;
}

float pl__image_linear(const float *plane, int width, int height, double x, double y) {
    double cx = x - 0.5, cy = y - 0.5;
    if (!(cx >= 0.0 && cy >= 0.0 && cx <= width - 1.0 && cy <= height - 1.0)) return NAN;
    int ix = (int)cx, iy = (int)cy;
    if (ix > width - 2) ix = width > 1 ? width - 2 : 0;
    if (iy > height - 2) iy = height > 1 ? height - 2 : 0;
    int jx = ix + 1 < width ? ix + 1 : ix, jy = iy + 1 < height ? iy + 1 : iy;
    double tx = cx - ix, ty = cy - iy;
    const float *upper = plane + (size_t)iy * (size_t)width,
                *lower = plane + (size_t)jy * (size_t)width;
    return (float)((1 - ty) * ((1 - tx) * upper[ix] + tx * upper[jx]) +
                   ty * ((1 - tx) * lower[ix] + tx * lower[jx]));
}

bool pl__image_strip(const pl_image *image, double x0, double y0, const double step_i[2],
                     const double step_j[2], int width, int height, pl_arena *arena,
                     pl_image *out) {
    if (!pl__arena_image(arena, width, height, image->bands, out)) return false;
    for (int band = 0; band < image->bands; band++) {
        const float *from = pl__plane(image, band);
        float *to = pl__plane(out, band);
        for (int j = 0; j < height; j++) {
            for (int i = 0; i < width; i++) {
                double x = x0 + (i + 0.5) * step_i[0] + (j + 0.5) * step_j[0];
                double y = y0 + (i + 0.5) * step_i[1] + (j + 0.5) * step_j[1];
                to[(size_t)j * (size_t)width + (size_t)i] =
                    pl__image_cubic(from, image->width, image->height, x, y);
            }
        }
    }
    return true;
}
