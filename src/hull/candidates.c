/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where might ships lie?
 *
 * A ship's deck in sunlight is brighter than the water round it in at least one band. Pixels that
 * stand out by more than a threshold are joined over deck shadows (closing), holes are filled,
 * blobs of a ship's size and shape are kept. Blobs too large for any ship are land, quay or cloud.
 * The threshold is a statement about false alarms: with q the share of such pixels on the water
 * itself (measured on this picture, so swell and glint are in it), a blob of k pixels arises by
 * chance  N q^(k/9)  times in N pixels, 9 being the patch over which neighbouring water pixels err
 * alike. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/internal.h"

static const double BRIGHT_SIGMAS = 5.0; /* on a 3 x 3 mean */
static const double BRIGHT_SHARE = 0.12; /* of the water's own level: swell is no ship */
static const double CLOSING_M = 2.5;     /* gaps in the deck: pipes' and cranes' shadows */
static const double MIN_RATIO = 2.2,
                    MAX_RATIO = 14.0; /* length over beam of ships; barges 3, slender coasters 8 */
static const double MIN_FILL = 0.5;   /* of the turned rectangle */
static const double CORRELATED_PX = 9.0;

/* Marks bright pixels. */
static bool mark_bright(const pl_crop *crop, const pl_sea *sea, pl_arena *arena,
                        unsigned char *mask) {
    const pl_image *image = &crop->pixels;
    for (int band = 0; band < image->bands; band++) {
        float *smooth;
        if (!pl__image_box(pl__plane(image, band), image->width, image->height, 1, arena, &smooth))
            return false;
        for (int y = 0; y < image->height; y++) {
            for (int x = 0; x < image->width; x++) {
                size_t at = (size_t)y * (size_t)image->width + (size_t)x;
                if (crop->mask && !crop->mask[at]) continue;
                double level = pl__hull_sea_level(sea, band, x + 0.5, y + 0.5);
                double above = (double)smooth[at] - level;
                if (above > BRIGHT_SIGMAS * sea->sigma[band] && above > BRIGHT_SHARE * fabs(level))
                    mask[at] = 1;
            }
        }
    }
    return true;
}

/* Share of bright pixels outside all sizeable blobs: what the water itself does. */
static double water_rate(const unsigned char *bright, const int *label, size_t count) {
    size_t alone = 0, open = 0;
    for (size_t i = 0; i < count; i++) {
        if (label[i]) continue;
        open++;
        alone += bright[i];
    }
    return ((double)alone + 1.0) / ((double)open + 2.0); /* Laplace: never quite zero */
}

/* From crop pixels to input pixels, metres and true north. */
static pl_candidate place(const pl_crop *crop, const pl_blob *blob) {
    pl_candidate c = {.x_px = crop->x_px + blob->x * crop->step,
                      .y_px = crop->y_px + blob->y * crop->step};
    const double *m = crop->frame.metres;
    double ux = cos(blob->angle_rad) * crop->step, uy = sin(blob->angle_rad) * crop->step;
    double east = m[0] * ux + m[1] * uy, north = m[2] * ux + m[3] * uy;
    c.length_m = blob->long_side * hypot(east, north);
    double cross_east = -m[0] * uy + m[1] * ux, cross_north = -m[2] * uy + m[3] * ux;
    c.beam_m = blob->short_side * hypot(cross_east, cross_north);
    c.axis_rad = fmod(pl__geo_wrap(atan2(east, north)), PL_PI);
    return c;
}

static bool ship_shaped(const pl_candidate *c, const pl_blob *blob,
                        const pl_hull_options *options) {
    double ratio = c->length_m / c->beam_m,
           fill = blob->area / (blob->long_side * blob->short_side);
    /* 0.8 and 1.25: the blob's box at search resolution, not yet the hull */
    return c->length_m >= 0.8 * options->min_length_m &&
           c->length_m <= 1.25 * options->max_length_m && ratio >= MIN_RATIO &&
           ratio <= MAX_RATIO && fill >= MIN_FILL;
}

pl_status pl__hull_candidates(const pl_crop *crop, const pl_sea *sea,
                              const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                              int *count, pl_error *error) {
    int width = crop->pixels.width, height = crop->pixels.height;
    size_t pixels = (size_t)width * (size_t)height;
    double pixel_m = crop->frame.pixel_m * crop->step;
    unsigned char *bright = pl__arena_array(arena, pixels, 1),
                  *joined = pl__arena_array(arena, pixels, 1);
    int *label = pl__arena_array(arena, pixels, sizeof *label);
    if (!bright || !joined || !label || !mark_bright(crop, sea, arena, bright))
        return pl__fail_memory(error, "hull");
    memcpy(joined, bright, pixels);
    pl_blob *blobs;
    int found;
    /* a ship of the least length and a tenth of that in beam */
    double min_area = 0.05 * options->min_length_m * options->min_length_m / (pixel_m * pixel_m);
    if (!pl__image_close(joined, width, height, (int)lround(CLOSING_M / pixel_m)) ||
        !pl__image_blobs(joined, width, height, pl__max(min_area, 12.0), arena, &blobs, &found,
                         label)) {
        return pl__fail_memory(error, "hull");
    }
    pl_candidate *list = pl__arena_array(arena, (size_t)(found > 0 ? found : 1), sizeof *list);
    if (!list) return pl__fail_memory(error, "hull");
    double log_rate = log(water_rate(bright, label, pixels));
    int kept = 0;
    for (int k = 0; k < found; k++) {
        pl_candidate c = place(crop, &blobs[k]);
        c.false_alarms = (double)pixels * exp(log_rate * blobs[k].area / CORRELATED_PX);
        if (ship_shaped(&c, &blobs[k], options) && c.false_alarms <= options->max_false_alarms)
            list[kept++] = c;
    }
    *out = list;
    *count = kept;
    return PL_OK;
}
