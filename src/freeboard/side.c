/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does one side of the hull look like, straightened and with its bands mixed into one?
 *
 * The strip's rows run outward from the hull's axis, its columns along it. Bands are mixed with the
 * weights of Fisher's discriminant for what has to be told from the water here (the dark band, or
 * the lit wall): contrast over variance. A band in which water is black anyway (near infrared)
 * shows no shadow and so gets no weight. The mix is scaled so that water is 0 and its scatter is 1.
 */
#include <math.h>

#include "freeboard/internal.h"
#include "geo/geo.h"
#include "hull/sea.h"

static const double ALONG_SHARE = 0.34; /* of the length on either side of midships */

/* More than any tanker shows: a ballasted VLCC has 0.06 L, a small tanker 0.055 L. */
static double greatest_freeboard(double length_m) {
    return 0.075 * length_m + 1.0;
}

typedef struct placed {
    double x, y;             /* chip pixel of the strip's corner */
    double along[2], out[2]; /* chip pixels per strip pixel */
} placed;

static placed place(const pl_crop *chip, const pl_hull *hull, const pl_side_view *v,
                    double axis_rad) {
    double east, north, px, py;
    pl__geo_to_metres(&chip->frame, hull->x_px, hull->y_px, &east, &north);
    double sa = sin(axis_rad), ca = cos(axis_rad), sn = sin(v->normal_rad), cn = cos(v->normal_rad);
    east += v->u0_m * sa + v->n0_m * sn;
    north += v->u0_m * ca + v->n0_m * cn;
    pl__geo_to_pixel(&chip->frame, east, north, &px, &py);
    const double *p = chip->frame.pixels;
    double k = v->pixel_m / chip->step;
    return (placed){.x = (px - chip->x_px) / chip->step,
                    .y = (py - chip->y_px) / chip->step,
                    .along = {k * (p[0] * sa + p[1] * ca), k * (p[2] * sa + p[3] * ca)},
                    .out = {k * (p[0] * sn + p[1] * cn), k * (p[2] * sn + p[3] * cn)}};
}

/* Median over columns with |u| < 0.3 L of one band between two distances from the axis. */
static double median_between(const pl_image *all, int band, const pl_side_view *v, double n0_m,
                             double n1_m, float *scratch) {
    const float *plane = pl__plane(all, band);
    size_t count = 0;
    for (int j = 0; j < all->height; j++) {
        double n = v->n0_m + (j + 0.5) * v->pixel_m;
        if (n < n0_m || n > n1_m) continue;
        for (int i = 0; i < all->width; i++)
            scratch[count++] = plane[(size_t)j * (size_t)all->width + (size_t)i];
    }
    return pl__image_quantile(scratch, count, 0.5);
}

/* Which stretch of the strip is the band in question? Darkest (or brightest) run just outside or
 * inside the edge. */
static void band_stretch(const pl_side_view *v, double *n0_m, double *n1_m) {
    double px = v->pixel_m;
    if (v->geometry.shadow > 0) { /* shadow begins at the edge; one pixel off it, two pixels wide */
        *n0_m = v->edge_m + 0.75 * px;
        *n1_m = v->edge_m + 2.25 * px;
    } else { /* the bright outline ends where the lit wall meets the water */
        *n0_m = v->edge_m - 2.0 * px;
        *n1_m = v->edge_m - 0.5 * px;
    }
}

static void mix(const pl_image *all, const pl_sea *sea, double x, double y, float *scratch,
                pl_side_view *v) {
    double weight[PL_BANDS_MAX], level[PL_BANDS_MAX], scale = 0, n0_m, n1_m;
    band_stretch(v, &n0_m, &n1_m);
    for (int band = 0; band < all->bands; band++) {
        level[band] = pl__hull_sea_level(sea, band, x, y);
        double contrast = median_between(all, band, v, n0_m, n1_m, scratch) - level[band];
        double variance = sea->sigma[band] * sea->sigma[band];
        bool right_way = v->geometry.shadow > 0 ? contrast < 0 : contrast > 0;
        weight[band] = right_way ? fabs(contrast) / variance : 0;
        scale += weight[band] * weight[band] * variance;
    }
    if (!(scale > 0)) { /* no band shows it: let the plain mean say so */
        for (int band = 0; band < all->bands; band++) weight[band] = 1.0 / sea->sigma[band];
        scale = all->bands;
    }
    scale = sqrt(scale);
    size_t count = (size_t)all->width * (size_t)all->height;
    for (size_t k = 0; k < count; k++) {
        double sum = 0;
        for (int band = 0; band < all->bands; band++) {
            sum += weight[band] / scale * ((double)pl__plane(all, band)[k] - level[band]);
        }
        v->image.data[k] = (float)sum;
    }
    v->water = 0;
    v->water_sigma = 1;
}

static void count_saturated(const pl_image *all, double saturation_dn, pl_side_view *v) {
    if (!isfinite(saturation_dn)) return;
    size_t bad = 0, near = 0;
    for (int j = 0; j < all->height; j++) {
        double n = v->n0_m + (j + 0.5) * v->pixel_m;
        if (fabs(n - v->edge_m) > 3.0 * v->pixel_m) continue;
        for (int i = 0; i < all->width; i++) {
            near++;
            /* one band that is not saturated is enough to place the edge */
            bool all_bands = true;
            for (int band = 0; band < all->bands; band++) {
                double value =
                    (double)pl__plane(all, band)[(size_t)j * (size_t)all->width + (size_t)i];
                all_bands = all_bands && value >= saturation_dn;
            }
            bad += all_bands;
        }
    }
    v->saturated_share = near > 0 ? (float)bad / (float)near : 0;
}

pl_status pl__freeboard_side(const pl_crop *chip, const pl_hull *hull, pl_side side,
                             double turn_rad, pl_arena *arena, pl_side_view *v, pl_error *error) {
    double axis_rad = hull->heading_rad + turn_rad;
    *v = (pl_side_view){.side = side,
                        .length_m = hull->length_m.value,
                        .beam_m = hull->beam_m.value,
                        .heading_sigma_rad = hull->heading_sigma_rad};
    v->normal_rad = pl__geo_wrap(axis_rad + (side == PL_STARBOARD_SIDE ? PL_PI / 2 : -PL_PI / 2));
    v->geometry = pl_freeboard_geometry(&chip->sight, v->normal_rad);
    v->pixel_m = chip->frame.pixel_m * chip->step;
    v->edge_m = 0.5 * v->beam_m;

    double tallest = greatest_freeboard(v->length_m);
    double reach = tallest * (pl__max(v->geometry.shadow, 0) + pl__max(-v->geometry.lean, 0)) +
                   6.0 + 6 * v->pixel_m;
    v->n0_m = v->geometry.shadow > 0 ? 0.25 * v->beam_m : 0.0;
    int width = (int)ceil(2 * ALONG_SHARE * v->length_m / v->pixel_m);
    int height = (int)ceil((v->edge_m + reach - v->n0_m) / v->pixel_m);
    v->u0_m = -0.5 * width * v->pixel_m;

    pl_sea sea;
    pl_status status = pl__hull_sea(chip, arena, &sea, error);
    if (status != PL_OK) return status;
    placed p = place(chip, hull, v, axis_rad);
    pl_image all;
    float *scratch = pl__arena_array(arena, (size_t)width * (size_t)height, sizeof *scratch);
    if (!scratch ||
        !pl__image_strip(&chip->pixels, p.x, p.y, p.along, p.out, width, height, arena, &all) ||
        !pl__arena_image(arena, width, height, 1, &v->image)) {
        return pl__fail_memory(error, "freeboard");
    }
    double half_w = 0.5 * width, edge_j = (v->edge_m - v->n0_m) / v->pixel_m;
    mix(&all, &sea, p.x + half_w * p.along[0] + edge_j * p.out[0],
        p.y + half_w * p.along[1] + edge_j * p.out[1], scratch, v);
    count_saturated(&all, chip->saturation_dn, v);
    return PL_OK;
}
