/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a chip look when it is straightened along the ship?
 *
 * Rows are cross-sections' offsets, columns run along the ship. The bands are mixed into one plane
 * in which water is 0 and the deck as far above it as the noise allows. */
#include <math.h>

#include "geo/geo.h"
#include "hull/strip.h"

static const double DECK_SIGMAS = 4.0; /* above the water: deck, also where gear shades it */

void pl__axis_point(const pl_axis *a, double u_m, double w_m, double *east_m, double *north_m) {
    double s = sin(a->angle_rad), c = cos(a->angle_rad);
    *east_m = a->east_m + u_m * s + w_m * c;
    *north_m = a->north_m + u_m * c - w_m * s;
}

/* One local metre along and across, in chip pixels. */
static void chip_steps(const pl_crop *chip, const pl_axis *a, double along[2], double across[2]) {
    const double *p = chip->frame.pixels;
    double s = sin(a->angle_rad), c = cos(a->angle_rad);
    along[0] = (p[0] * s + p[1] * c) / chip->step;
    along[1] = (p[2] * s + p[3] * c) / chip->step;
    across[0] = (p[0] * c - p[1] * s) / chip->step;
    across[1] = (p[2] * c - p[3] * s) / chip->step;
}

static void chip_pixel(const pl_crop *chip, double east_m, double north_m, double *x, double *y) {
    double px, py;
    pl__geo_to_pixel(&chip->frame, east_m, north_m, &px, &py);
    *x = (px - chip->x_px) / chip->step;
    *y = (py - chip->y_px) / chip->step;
}

/* Mixes bands: weight = the deck's contrast in units of the water's scatter, so that water is 0 and
 * noise about 1. */
static void mix_bands(const pl_image *all, const pl_crop *chip, const pl_sea *sea, const pl_axis *a,
                      float *scratch, pl_strip *out) {
    size_t count = (size_t)all->width * (size_t)all->height;
    double weight[PL_BANDS_MAX], level[PL_BANDS_MAX], norm = 0;
    double x, y;
    chip_pixel(chip, a->east_m, a->north_m, &x, &y);
    for (int band = 0; band < all->bands; band++) {
        const float *plane = pl__plane(all, band);
        size_t n = 0;
        for (int j = 0; j < all->height; j++) {
            double w = out->w0_m + (j + 0.5) * out->pixel_m;
            if (fabs(w) > 0.3 * a->beam_m) continue;
            for (int i = 0; i < all->width; i++) {
                double u = out->u0_m + (i + 0.5) * out->pixel_m;
                if (fabs(u) < 0.35 * a->length_m)
                    scratch[n++] = plane[(size_t)j * (size_t)all->width + (size_t)i];
            }
        }
        level[band] = pl__hull_sea_level(sea, band, x, y);
        double contrast = (pl__image_quantile(scratch, n, 0.6) - level[band]) / sea->sigma[band];
        weight[band] = contrast > 0 ? contrast : 0;
        norm += weight[band] * weight[band];
    }
    norm = norm > 0 ? sqrt(norm) : 1;
    for (size_t k = 0; k < count; k++) {
        double sum = 0;
        for (int band = 0; band < all->bands; band++) {
            sum += weight[band] / norm * ((double)pl__plane(all, band)[k] - level[band]) /
                   sea->sigma[band];
        }
        out->image.data[k] = (float)sum;
    }
}

double pl__strip_at(const pl_strip *s, int i, int j) {
    return (double)s->image.data[(size_t)j * (size_t)s->image.width + (size_t)i];
}

/* Water beside the ship, and the level from which on a pixel is not water any more. */
static void set_levels(pl_strip *s, double beam_m, double gap_sigmas, float *scratch) {
    double level[2], noise = 1.0;
    for (int side = 0; side < 2; side++) {
        size_t n = 0;
        for (int j = 0; j < s->image.height; j++) {
            double w = (side == 0 ? -1 : 1) * (s->w0_m + (j + 0.5) * s->pixel_m);
            if (w < 0.5 * beam_m + 0.6 * (-s->w0_m - 0.5 * beam_m)) continue;
            for (int i = 0; i < s->image.width; i++) scratch[n++] = (float)pl__strip_at(s, i, j);
        }
        double sigma;
        pl__image_median_mad(scratch, n, &level[side], &sigma);
        noise = side == 0 || fabs(level[1]) < fabs(level[0]) ? sigma : noise;
    }
    /* one side may lie in shadow and the other at a quay: the one nearer to the sea's level is
     * water */
    s->water = fabs(level[0]) <= fabs(level[1]) ? level[0] : level[1];
    s->threshold = s->water + pl__max(DECK_SIGMAS * pl__clamp(noise, 1.0, 2.0), gap_sigmas);
}

bool pl__strip_make(const pl_crop *chip, const pl_sea *sea, const pl_axis *a, pl_arena *arena,
                    pl_strip *out) {
    double half_u = 0.5 * a->length_m * 1.12 + 12.0, half_w = 0.5 * a->beam_m * 1.3 + 6.0;
    out->pixel_m = chip->frame.pixel_m * chip->step;
    int width = (int)ceil(2 * half_u / out->pixel_m), height = (int)ceil(2 * half_w / out->pixel_m);
    out->u0_m = -0.5 * width * out->pixel_m;
    out->w0_m = -0.5 * height * out->pixel_m;
    double along[2], across[2], east, north, x, y;
    chip_steps(chip, a, along, across);
    for (int k = 0; k < 2; k++) {
        along[k] *= out->pixel_m;
        across[k] *= out->pixel_m;
    }
    pl__axis_point(a, out->u0_m, out->w0_m, &east, &north);
    chip_pixel(chip, east, north, &x, &y);
    pl_image all;
    size_t count = (size_t)width * (size_t)height;
    float *scratch = pl__arena_array(arena, count, sizeof *scratch);
    out->left = pl__arena_array(arena, (size_t)width, sizeof *out->left);
    out->right = pl__arena_array(arena, (size_t)width, sizeof *out->right);
    if (!scratch || !out->left || !out->right ||
        !pl__image_strip(&chip->pixels, x, y, along, across, width, height, arena, &all) ||
        !pl__arena_image(arena, width, height, 1, &out->image)) {
        return false;
    }
    out->bands = all;
    mix_bands(&all, chip, sea, a, scratch, out);
    set_levels(out, a->beam_m, a->gap_sigmas, scratch);
    return true;
}

double pl__strip_walk_at(const pl_walk *w, int k) {
    return pl__strip_at(w->s, w->i + k * w->di, w->j + k * w->dj);
}

double pl__strip_half_crossing(const pl_walk *w, int k) {
    enum { BEHIND = 3 };
    double inside = -INFINITY;
    for (int m = k + 1; m <= k + BEHIND && m < w->length; m++)
        inside = pl__max(inside, pl__strip_walk_at(w, m));
    double outside = k > 0 ? pl__min(pl__strip_walk_at(w, k - 1), pl__strip_walk_at(w, k))
                           : pl__strip_walk_at(w, k);
    double half =
        0.5 * (outside + inside); /* outside: water, its shaded part, or the gap to a quay */
    for (int m = k > 0 ? k : 1; m <= k + BEHIND && m < w->length; m++) {
        double here = pl__strip_walk_at(w, m), before = pl__strip_walk_at(w, m - 1);
        if (here >= half && here > before)
            return m + 0.5 - pl__clamp((here - half) / (here - before), 0, 1);
    }
    return NAN;
}
