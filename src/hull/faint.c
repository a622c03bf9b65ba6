/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ships are as dark as the water, or darker?
 *
 * The other files look for what is brighter than water. A laden tanker with a dull deck, and a
 * barge on a muddy river, are brighter in some parts, darker in others, and dark where their own
 * shadow lies; together these parts have a ship's shape. So what differs either way from water is
 * marked, joined, and asked for straight, smooth and parallel sides, a ship's proportions, and
 * water along both sides. Cloud shadows, slicks and shoals have no such sides.
 *
 * Her shadow is part of what is outlined: the beam is too large by it, and its sigma says so. Where
 * the deck's edge lies cannot be told: low_contrast, no freeboard. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/internal.h"

static const double SIGMAS = 5.0, SHARE = 0.12; /* as for bright pixels, either way */
static const double CLOSING_M = 2.5;
static const double LEAST_RATIO = 3.0, MOST_RATIO = 12.0, MOST_BEAM_M = 75.0;
static const double SIDE_SHARE = 0.35; /* of the length either way: straight */
static const double LEAST_FILL = 0.85; /* of the box between the sides, there */
static const double LEAST_DARK = 0.2;  /* of it: what is bright all over is for the other files */
static const double MOST_ROUGH_PX = 1.0, SKEW_RAD = 3.0 * PL_RAD_PER_DEG;
static const double END_COVER = 0.3; /* of the beam: a column of the ship */
static const double LEAST_BEAM_PX = 5.0;
static const double OFF_M[2] = {3.0, 8.0}, WATER_SHARE = 0.9; /* beside her */
static const double CORRELATED_PX = 9.0;
enum { COLUMNS_MAX = 2048, STEP = 3 };

typedef struct body {
    const pl_crop *crop;
    const unsigned char *mask, *dark; /* differs from water; is darker */
    const int *label;
    int value;
    const pl_blob *blob;
    double x, y, cos_t, sin_t, length, beam; /* crop pixels */
    int columns;
    double low[COLUMNS_MAX], high[COLUMNS_MAX]; /* sides, by column along the axis */
    double cover[COLUMNS_MAX];                  /* pixels of the blob in it */
} body;

/* Marks what differs from water, and apart from it what is darker. */
static bool mark(const pl_crop *crop, const pl_sea *sea, unsigned char *mask, unsigned char *dark) {
    const pl_image *image = &crop->pixels;
    bool fine = true;
    for (int band = 0; band < image->bands && fine; band++) {
        float *smooth;
        pl_arena *working = pl_arena_new(0);
        float *level =
            working ? pl__arena_array(working, (size_t)image->width, sizeof *level) : NULL;
        fine = level && pl__image_box(pl__plane(image, band), image->width, image->height, 1,
                                      working, &smooth);
        for (int y = 0; fine && y < image->height; y++) {
            pl__hull_sea_row(sea, band, y, image->width, level);
            for (int x = 0; x < image->width; x++) {
                size_t at = (size_t)y * (size_t)image->width + (size_t)x;
                double off = (double)smooth[at] - (double)level[x];
                if ((crop->mask && !crop->mask[at]) || !(fabs(off) > SIGMAS * sea->sigma[band]) ||
                    !(fabs(off) > SHARE * fabs((double)level[x])))
                    continue; /* NAN too */
                mask[at] = 1;
                if (off < 0) dark[at] = 1;
            }
        }
        pl_arena_free(working);
    }
    return fine;
}

/* The blob's columns along its axis: where it begins and ends across. */
static bool cut(body *b) {
    double reach = 0.5 * b->blob->long_side + 2;
    b->columns = (int)ceil(2 * reach);
    if (b->columns > COLUMNS_MAX) return false;
    for (int i = 0; i < b->columns; i++) {
        b->low[i] = INFINITY;
        b->high[i] = -INFINITY;
        b->cover[i] = 0;
    }
    int width = b->crop->pixels.width;
    for (int y = b->blob->y0; y < b->blob->y1; y++) {
        for (int x = b->blob->x0; x < b->blob->x1; x++) {
            if (b->label[(size_t)y * (size_t)width + (size_t)x] != b->value) continue;
            double dx = x + 0.5 - b->x, dy = y + 0.5 - b->y;
            double u = dx * b->cos_t + dy * b->sin_t, w = dy * b->cos_t - dx * b->sin_t;
            int i = (int)floor(u + reach);
            if (i < 0 || i >= b->columns) continue;
            b->low[i] = pl__min(b->low[i], w - 0.5);
            b->high[i] = pl__max(b->high[i], w + 0.5);
            b->cover[i]++;
        }
    }
    return true;
}

/* Line and roughness of a side over the middle. */
static bool fit(const body *b, const double *side, pl_arena *arena, double *a, double *slope,
                double *rough) {
    int n = 0;
    size_t jumps = 0;
    double *u = pl__arena_array(arena, 3 * (size_t)b->columns, sizeof *u);
    float *jump = pl__arena_array(arena, (size_t)b->columns, sizeof *jump);
    if (!u || !jump) return false;
    double *w = u + b->columns, *weight = w + b->columns;
    for (int i = STEP; i + STEP < b->columns; i++) {
        double at = i + 0.5 - 0.5 * b->columns;
        if (fabs(at) > SIDE_SHARE * b->length || !isfinite(side[i])) continue;
        u[n] = at;
        w[n++] = side[i];
        if (isfinite(side[i - STEP]) && isfinite(side[i + STEP]))
            jump[jumps++] = (float)fabs(side[i + STEP] - 2 * side[i] + side[i - STEP]);
    }
    if (n < 16 || jumps < 16 || !pl__image_robust_line(u, w, n, 0.3, arena, a, slope, weight))
        return false;
    *rough = pl__image_quantile(jump, jumps, 0.5);
    return true;
}

/* Share of marked pixels between `from` and `to` across, over the middle. */
static double filled(const body *b, const unsigned char *mask, double from, double to) {
    int n = 0, all = 0;
    const pl_image *image = &b->crop->pixels;
    for (double u = -SIDE_SHARE * b->length; u <= SIDE_SHARE * b->length; u += 1) {
        for (double w = from; w <= to; w += 1) {
            int x = (int)floor(b->x + u * b->cos_t - w * b->sin_t),
                y = (int)floor(b->y + u * b->sin_t + w * b->cos_t);
            all++;
            /* off the picture: neither water nor ship */
            if (x < 0 || y < 0 || x >= image->width || y >= image->height) continue;
            n += mask[(size_t)y * (size_t)image->width + (size_t)x];
        }
    }
    return all > 0 ? (double)n / all : 1;
}

static bool ends(body *b) {
    int first = -1, last = -1;
    for (int i = 0; i < b->columns; i++) {
        if (b->cover[i] < END_COVER * b->beam) continue;
        if (first < 0) first = i;
        last = i;
    }
    if (first < 0) return false;
    double middle = 0.5 * (first + last + 1) - 0.5 * b->columns;
    b->length = last + 1 - first;
    b->x += middle * b->cos_t;
    b->y += middle * b->sin_t;
    return true;
}

static void describe(const body *b, double false_alarms, pl_hull *out) {
    const pl_crop *crop = b->crop;
    const double *m = crop->frame.metres;
    double east = (m[0] * b->cos_t + m[1] * b->sin_t) * crop->step,
           north = (m[2] * b->cos_t + m[3] * b->sin_t) * crop->step;
    double metre = hypot(east, north);
    static const double CORNER[5][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    *out = (pl_hull){.tanker_probability = NAN,
                     .ship_probability = NAN,
                     .false_alarms = false_alarms,
                     .outline_count = 5};
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) out->evidence[k] = NAN;
    out->heading_rad = fmod(pl__geo_wrap(atan2(east, north)), PL_PI);
    out->heading_sigma_rad = hypot(PL_RAD_PER_DEG, 1.0 / b->length);
    out->length_m = (pl_quantity){b->length * metre, hypot(2 * metre, 0.03 * b->length * metre)};
    /* the shadow of a side of up to two fifths of the beam, under a sun at 45 degrees */
    out->beam_m = (pl_quantity){b->beam * metre, hypot(metre, 0.2 * b->beam * metre)};
    out->x_px = crop->x_px + b->x * crop->step;
    out->y_px = crop->y_px + b->y * crop->step;
    for (int k = 0; k < 5; k++) {
        double u = 0.5 * b->length * CORNER[k][0], w = 0.5 * b->beam * CORNER[k][1];
        out->outline_px[k][0] = crop->x_px + (b->x + u * b->cos_t - w * b->sin_t) * crop->step;
        out->outline_px[k][1] = crop->y_px + (b->y + u * b->sin_t + w * b->cos_t) * crop->step;
    }
    out->reasons =
        PL_BIT(PL_LOW_CONTRAST) | PL_BIT(PL_OUTLINE_UNCERTAIN) | PL_BIT(PL_BOW_UNCERTAIN);
}

/* Straight, smooth and parallel sides with water beside both? */
static bool shaped(body *b, const pl_hull_options *options, pl_arena *arena) {
    double a[2], slope[2], rough[2], pixel_m = b->crop->frame.pixel_m * b->crop->step;
    b->length = b->blob->long_side;
    b->beam = b->blob->short_side;
    for (int round = 0; round < 2; round++) {
        if (!cut(b) || !fit(b, b->low, arena, &a[0], &slope[0], &rough[0]) ||
            !fit(b, b->high, arena, &a[1], &slope[1], &rough[1]))
            return false;
        double shift = 0.5 * (a[0] + a[1]), turn = atan(0.5 * (slope[0] + slope[1]));
        double c = b->cos_t * cos(turn) - b->sin_t * sin(turn);
        b->x -= shift * b->sin_t;
        b->y += shift * b->cos_t;
        b->sin_t = b->sin_t * cos(turn) + b->cos_t * sin(turn);
        b->cos_t = c;
        b->beam = a[1] - a[0];
    }
    if (fabs(slope[0] - slope[1]) > SKEW_RAD || pl__max(rough[0], rough[1]) > MOST_ROUGH_PX ||
        b->beam < LEAST_BEAM_PX || !cut(b) || !ends(b))
        return false;
    double length_m = b->length * pixel_m, beam_m = b->beam * pixel_m, half = 0.5 * b->beam;
    if (length_m < options->min_length_m || length_m > options->max_length_m ||
        beam_m > MOST_BEAM_M || length_m < LEAST_RATIO * beam_m || length_m > MOST_RATIO * beam_m)
        return false;
    return filled(b, b->mask, -half, half) >= LEAST_FILL &&
           filled(b, b->dark, -half, half) >= LEAST_DARK &&
           filled(b, b->mask, half + OFF_M[0] / pixel_m, half + OFF_M[1] / pixel_m) <=
               1 - WATER_SHARE &&
           filled(b, b->mask, -half - OFF_M[1] / pixel_m, -half - OFF_M[0] / pixel_m) <=
               1 - WATER_SHARE;
}

pl_status pl__hull_faint(const pl_crop *crop, const pl_sea *sea, const pl_hull_options *options,
                         pl_arena *arena, pl_hull **out, int *count, pl_error *error) {
    int width = crop->pixels.width, height = crop->pixels.height, found = 0;
    size_t pixels = (size_t)width * (size_t)height, differ = 0;
    double pixel_m = crop->frame.pixel_m * crop->step;
    pl_blob *blobs;
    pl_arena *working = pl_arena_new(0);
    unsigned char *mask = working ? pl__arena_array(working, pixels, 1) : NULL,
                  *dark = mask ? pl__arena_array(working, pixels, 1) : NULL;
    int *label = dark ? pl__arena_array(working, pixels, sizeof *label) : NULL;
    body *b = label ? pl__arena_alloc(working, sizeof *b) : NULL;
    double least = 0.05 * options->min_length_m * options->min_length_m / (pixel_m * pixel_m);
    *count = 0;
    if (!b || !mark(crop, sea, mask, dark) ||
        !pl__image_close(mask, width, height, (int)lround(CLOSING_M / pixel_m)) ||
        !pl__image_blobs(mask, width, height, pl__max(least, 60.0),
                         PL__HOLE_M2 / (pixel_m * pixel_m), working, &blobs, &found, label) ||
        !(*out = pl__arena_array(arena, (size_t)found + 1, sizeof **out))) {
        pl_arena_free(working);
        return pl__fail_memory(error, "hull");
    }
    size_t open = 1;
    for (size_t i = 0; i < pixels; i++) {
        open += label[i] == 0;
        differ += label[i] == 0 && mask[i];
    }
    double log_rate = log(((double)differ + 1.0) / (double)open);
    for (int k = 0; k < found; k++) {
        double false_alarms = (double)pixels * exp(log_rate * blobs[k].area / CORRELATED_PX);
        if (false_alarms > options->max_false_alarms ||
            blobs[k].long_side * pixel_m > 1.25 * options->max_length_m ||
            blobs[k].short_side * pixel_m > 1.5 * MOST_BEAM_M || blobs[k].x0 < 2 ||
            blobs[k].y0 < 2 || blobs[k].x1 > width - 2 || blobs[k].y1 > height - 2)
            continue;
        *b = (body){.crop = crop,
                    .mask = mask,
                    .dark = dark,
                    .label = label,
                    .value = k + 1,
                    .blob = &blobs[k],
                    .x = blobs[k].x,
                    .y = blobs[k].y,
                    .cos_t = cos(blobs[k].angle_rad),
                    .sin_t = sin(blobs[k].angle_rad)};
        if (shaped(b, options, working)) describe(b, false_alarms, &(*out)[(*count)++]);
    }
    pl_arena_free(working);
    return PL_OK;
}
