/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where exactly does this hull begin and end?
 *
 * The chip is straightened along the candidate's axis: rows are cross-sections, columns run along
 * the ship. The bands are mixed into one plane in which water is 0 and the deck as far above it as
 * the noise allows. In each cross-section the deck is followed from the middle outward, over gaps
 * no wider than gear's shadow, to the half level between deck and water. Robust lines through these
 * points on the middle 60 % of the length are the sides; their mean slope turns the axis, and the
 * whole is done again. The ends are met from outside, along lines parallel to the axis.
 *
 *            stern ______________________________
 *                 |                              \___        u along the axis, towards the bow once
 * it is known
 *       - - - - - |- - - - - - - - - - - - - - - - - >- - -  w across, to starboard of u
 *                 |______________________________/
 *
 * What is found is the bright outline. Where sun and view both stand on one side, that side's lit
 * wall belongs to it: the beam's sigma says so, since only the freeboard can tell how much. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/internal.h"

static const double GAP_M = 3.5,
                    GAP_SHARE = 0.35; /* gear's shadow on the deck: metres, or of the beam */
static const double BEYOND_SHARE = 0.08,
                    BEYOND_M = 1.5; /* how far the deck may reach past the blob's side */
static const double SIDE_SHARE =
    0.30; /* of the length on either side of midships: straight on most tankers */
static const double DECK_SIGMAS = 4.0; /* above the water: deck, also where gear shades it */
static const double MOORED_SIDE_SHARE =
    0.38; /* of the beam: further out a dark line is the gap to the quay */
/* Length over beam: tankers 5 to 7.5, coasters to 8, river ships to 11, barges from 3.5; jetty
 * heads and pontoons below. */
static const double LEAST_RATIO = 3.5, MOST_RATIO = 12.0;
/* An end: rows within this share of the beam; covered columns; gaps and a pointed tip, of the beam.
 */
static const double END_SHARE = 0.42, END_COVER = 0.25, END_GAP_SHARE = 0.6, TIP_SHARE = 0.25;
static const double FAINT_SHARE = 0.35; /* of the deck's brightness: below it foam, not deck */
static const int ROUNDS = 3;
static const double BOW_MARGIN = 0.07;     /* difference of the ends' taper that tells them apart */
static const double BOW_LESSER_SIDE = 0.4; /* of it, at least, on each side */
static const double BRIGHT_BOW = 1.5;      /* of the stern's mean square brightness, at most */

typedef struct strip {
    pl_image image;    /* 1 band: bright above 0 */
    double u0_m, w0_m; /* of the corner of its first pixel */
    double pixel_m;
    double water, threshold; /* level of the water, and from which on a pixel is none */
    double *left, *right;    /* per column: w of the sides, NAN where not found */
} strip;

/* The axis under refinement, in local metres round the chip's frame origin. */
typedef struct axis {
    double east_m, north_m, angle_rad;
    double length_m, beam_m;
    double gap_sigmas; /* of the candidate */
} axis;

static void axis_point(const axis *a, double u_m, double w_m, double *east_m, double *north_m) {
    double s = sin(a->angle_rad), c = cos(a->angle_rad);
    *east_m = a->east_m + u_m * s + w_m * c;
    *north_m = a->north_m + u_m * c - w_m * s;
}

/* One local metre along and across, in chip pixels. */
static void chip_steps(const pl_crop *chip, const axis *a, double along[2], double across[2]) {
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
static void mix_bands(const pl_image *all, const pl_crop *chip, const pl_sea *sea, const axis *a,
                      float *scratch, strip *out) {
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

static double strip_at(const strip *s, int i, int j) {
    return (double)s->image.data[(size_t)j * (size_t)s->image.width + (size_t)i];
}

/* Water beside the ship, and the level from which on a pixel is not water any more. */
static void set_levels(strip *s, double beam_m, double gap_sigmas, float *scratch) {
    double level[2], noise = 1.0;
    for (int side = 0; side < 2; side++) {
        size_t n = 0;
        for (int j = 0; j < s->image.height; j++) {
            double w = (side == 0 ? -1 : 1) * (s->w0_m + (j + 0.5) * s->pixel_m);
            if (w < 0.5 * beam_m + 0.6 * (-s->w0_m - 0.5 * beam_m)) continue;
            for (int i = 0; i < s->image.width; i++) scratch[n++] = (float)strip_at(s, i, j);
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

static bool make_strip(const pl_crop *chip, const pl_sea *sea, const axis *a, pl_arena *arena,
                       strip *out) {
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
    axis_point(a, out->u0_m, out->w0_m, &east, &north);
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
    mix_bands(&all, chip, sea, a, scratch, out);
    set_levels(out, a->beam_m, a->gap_sigmas, scratch);
    return true;
}

/* One line of strip pixels from (i, j) in steps of (di, dj). */
typedef struct walk {
    const strip *s;
    int i, j, di, dj, length;
} walk;

static double walk_at(const walk *w, int k) {
    return strip_at(w->s, w->i + k * w->di, w->j + k * w->dj);
}

/* Deck begins beyond step k of a walk that comes from the water: where is the half level between
 * water and the deck just behind the edge? In steps, corner convention (step k covers [k, k + 1]).
 * NAN at the strip's end. */
static double half_crossing(const walk *w, int k) {
    enum { BEHIND = 3 };
    double inside = -INFINITY;
    for (int m = k + 1; m <= k + BEHIND && m < w->length; m++)
        inside = pl__max(inside, walk_at(w, m));
    double outside = k > 0 ? pl__min(walk_at(w, k - 1), walk_at(w, k)) : walk_at(w, k);
    double half =
        0.5 * (outside + inside); /* outside: water, its shaded part, or the gap to a quay */
    for (int m = k > 0 ? k : 1; m <= k + BEHIND && m < w->length; m++) {
        double here = walk_at(w, m), before = walk_at(w, m - 1);
        if (here >= half && here > before)
            return m + 0.5 - pl__clamp((here - half) / (here - before), 0, 1);
    }
    return NAN;
}

/* From the axis outward in column i, in steps of sign: where does the deck end? In metres across,
 * or NAN. */
static double follow_deck(const strip *s, int i, int sign, const axis *a) {
    double beam_m = a->beam_m;
    int gap = 0, last = -1, most = (int)ceil(pl__max(GAP_M, GAP_SHARE * beam_m) / s->pixel_m);
    /* no farther than the blob goes: beyond may lie a quay, behind a gap no wider than gear's
     * shadow */
    int reach = (int)ceil(((0.5 + BEYOND_SHARE) * beam_m + BEYOND_M) / s->pixel_m);
    int middle = (int)(-s->w0_m / s->pixel_m);
    for (int j = middle; j >= 0 && j < s->image.height && abs(j - middle) <= reach && gap <= most;
         j += sign) {
        double v = strip_at(s, i, j);
        if (isnan(v)) return NAN;
        if (v > s->threshold) {
            last = j;
            gap = 0;
        } else {
            gap++;
            /* at a quay, the first dark line near the side is the gap: bright quay follows it */
            if (a->gap_sigmas > 0 && abs(j - middle) * s->pixel_m > MOORED_SIDE_SHARE * beam_m)
                break;
        }
    }
    int outside = last + 2 * sign;
    if (last < 0 || gap == 0 || outside < 0 || outside >= s->image.height)
        return NAN; /* never on deck, or never off it */
    walk inward = {s, i, outside, 0, -sign, abs(outside - middle)};
    double steps = half_crossing(&inward, 1);
    return s->w0_m + (outside + 0.5 - sign * (steps - 0.5)) * s->pixel_m;
}

static void find_sides(strip *s, const axis *a) {
    for (int i = 0; i < s->image.width; i++) {
        s->left[i] = follow_deck(s, i, -1, a);
        s->right[i] = follow_deck(s, i, +1, a);
    }
}

typedef struct side_line {
    double a, b;    /* w = a + b u */
    double scatter; /* mean |residual| of the points that count */
    double share;   /* of the columns that count */
} side_line;

static bool fit_side(const strip *s, const double *side, double length_m, pl_arena *arena,
                     side_line *out) {
    int n = 0, columns = 0;
    double *u = pl__arena_array(arena, (size_t)s->image.width * 3, sizeof *u);
    if (!u) return false;
    double *w = u + s->image.width, *weight = w + s->image.width;
    for (int i = 0; i < s->image.width; i++) {
        double at = s->u0_m + (i + 0.5) * s->pixel_m;
        if (fabs(at) > SIDE_SHARE * length_m) continue;
        columns++;
        if (isnan(side[i])) continue;
        u[n] = at;
        w[n++] = side[i];
    }
    if (n < 8 || 4 * n < columns ||
        !pl__image_robust_line(u, w, n, 0.15 * s->pixel_m, arena, &out->a, &out->b, weight)) {
        return false;
    }
    double sum = 0, total = 0;
    for (int k = 0; k < n; k++) {
        sum += weight[k] * fabs(w[k] - out->a - out->b * u[k]);
        total += weight[k];
    }
    out->scatter = total > 0 ? sum / total : NAN;
    out->share = total / columns;
    return true;
}

typedef struct ends {
    double low_u, high_u;
    bool low_clear, high_clear;
} ends;

/* Does the deck's middle cross this column? Share of its rows brighter than `least`. */
static double column_cover(const strip *s, int i, double beam_m, double least) {
    int rows = 0, deck = 0;
    for (int j = 0; j < s->image.height; j++) {
        if (fabs(s->w0_m + (j + 0.5) * s->pixel_m) > END_SHARE * beam_m) continue;
        rows++;
        deck += strip_at(s, i, j) > least;
    }
    return rows > 0 ? (double)deck / rows : 0;
}

/* How bright is the deck amidships? Median of its middle half. */
static double deck_level(const strip *s, const axis *a, float *scratch) {
    size_t n = 0;
    for (int j = 0; j < s->image.height; j++) {
        if (fabs(s->w0_m + (j + 0.5) * s->pixel_m) > 0.25 * a->beam_m) continue;
        for (int i = 0; i < s->image.width; i++) {
            if (fabs(s->u0_m + (i + 0.5) * s->pixel_m) < 0.25 * a->length_m)
                scratch[n++] = (float)strip_at(s, i, j);
        }
    }
    return pl__image_quantile(scratch, n, 0.5);
}

/* The last column of the body that hangs together from midships outward, over gaps no longer than a
 * superstructure's shadow. What lies beyond (foam, glint, a boat) is none of this ship. */
static int body_end(const strip *s, double beam_m, int sign, double least) {
    int i = (int)(-s->u0_m / s->pixel_m), last = i,
        most = (int)ceil(END_GAP_SHARE * beam_m / s->pixel_m);
    for (; i >= 0 && i < s->image.width && abs(i - last) <= most; i += sign)
        if (column_cover(s, i, beam_m, least) >= END_COVER) last = i;
    return last;
}

/* The end in direction sign, from `start` in, along lines parallel to the axis: the farthest of
 * running medians of 3. */
static double meet_end(const strip *s, double beam_m, int sign, int start, double least) {
    int length = sign > 0 ? start + 1 : s->image.width - start;
    double best = NAN, recent[3] = {NAN, NAN, NAN};
    for (int j = 0; j < s->image.height; j++) {
        if (fabs(s->w0_m + (j + 0.5) * s->pixel_m) > END_SHARE * beam_m) continue;
        walk inward = {s, start, j, -sign, 0, length};
        int k = 1;
        while (k + 1 < length && !(walk_at(&inward, k) > least && walk_at(&inward, k + 1) > least))
            k++;
        if (k + 1 >= length) continue;
        double steps = half_crossing(&inward, k - 1);
        double u = s->u0_m + (sign > 0 ? start + 1 - steps : start + steps) * s->pixel_m;
        recent[0] = recent[1];
        recent[1] = recent[2];
        recent[2] = sign * u;
        double low = pl__min(recent[0], pl__min(recent[1], recent[2]));
        double high = pl__max(recent[0], pl__max(recent[1], recent[2]));
        double median = recent[0] + recent[1] + recent[2] - low - high;
        if (!isnan(median) && !(median <= best)) best = median;
    }
    return sign * best;
}

/* An end of the hull. `clear` says whether water follows: if something paler than the deck goes on
 * behind it (a wake, foam, a jetty), the end is where the deck's own brightness ends. */
static double find_end(const strip *s, const axis *a, int sign, double deck, bool *clear) {
    double faint = s->water + FAINT_SHARE * (deck - s->water);
    int tip = (int)ceil(TIP_SHARE * a->beam_m / s->pixel_m);
    int body = body_end(s, a->beam_m, sign, s->threshold);
    int bright = body_end(s, a->beam_m, sign, pl__max(faint, s->threshold));
    /* a shaded poop may be as pale, but it is no longer than a shadow */
    *clear = abs(body - bright) * s->pixel_m <= END_GAP_SHARE * a->beam_m;
    int start = (*clear ? body : bright) + sign * tip;
    if (start < 0) start = 0;
    if (start >= s->image.width) start = s->image.width - 1;
    return meet_end(s, a->beam_m, sign, start,
                    *clear ? s->threshold : pl__max(faint, s->threshold));
}

/* Mean missing half width of one side over the last 12 % of the length, as a share of the half
 * beam. */
static double taper(const strip *s, int which, const side_line side[2], double end_u,
                    double length_m) {
    const double *edge = which == 0 ? s->left : s->right;
    double sum = 0;
    int n = 0;
    for (int i = 0; i < s->image.width; i++) {
        double u = s->u0_m + (i + 0.5) * s->pixel_m;
        if (fabs(u - end_u) > 0.12 * length_m || fabs(u) > fabs(end_u)) continue;
        if (isnan(edge[i])) continue; /* in the superstructure's shadow, say */
        double left = side[0].a + side[0].b * u, right = side[1].a + side[1].b * u;
        double middle = 0.5 * (left + right), half = (which == 0 ? left : right) - middle;
        sum += 1.0 - pl__clamp((edge[i] - middle) / half, 0.0, 1.0);
        n++;
    }
    return n > 2 ? sum / n : NAN;
}

/* Mean square brightness (white blocks count) of the deck's middle in the last quarter of the
 * length at one end. */
static double end_brightness(const strip *s, const side_line side[2], double end_u,
                             double length_m) {
    double sum = 0, beam_m = side[1].a - side[0].a;
    int n = 0;
    for (int j = 0; j < s->image.height; j++) {
        if (fabs(s->w0_m + (j + 0.5) * s->pixel_m) > 0.3 * beam_m) continue;
        for (int i = 0; i < s->image.width; i++) {
            double u = s->u0_m + (i + 0.5) * s->pixel_m, v = strip_at(s, i, j);
            if (fabs(u - end_u) > 0.25 * length_m || fabs(u) > fabs(end_u) || isnan(v)) continue;
            sum += (v - s->water) * (v - s->water);
            n++;
        }
    }
    return n > 0 ? sum / n : 0;
}

/* Which end is the bow? It narrows more than the stern, and on both sides: what narrows on one side
 * alone is a jetty or a neighbour that sticks to the other. A superstructure, white and high,
 * stands on the stern of nearly all: a bow far brighter than the stern is doubted. Where the
 * outline is in doubt the narrowing must be twice as clear. @return > 0: the high end, < 0: the low
 * end. */
static double find_bow(const strip *s, const side_line side[2], const ends *end, double margin,
                       bool *certain) {
    double low[2], high[2], length_m = end->high_u - end->low_u;
    for (int i = 0; i < 2; i++) {
        low[i] = taper(s, i, side, end->low_u, length_m);
        high[i] = taper(s, i, side, end->high_u, length_m);
    }
    double lows = 0.5 * (low[0] + low[1]), highs = 0.5 * (high[0] + high[1]), both = highs - lows;
    double left = high[0] - low[0], right = high[1] - low[1];
    double at_low = end_brightness(s, side, end->low_u, length_m),
           at_high = end_brightness(s, side, end->high_u, length_m);
    double bow = both > 0 ? at_high : at_low, stern = both > 0 ? at_low : at_high;
    *certain = fabs(both) > margin && left * right > 0 &&
               pl__min(fabs(left), fabs(right)) > BOW_LESSER_SIDE * margin &&
               bow < BRIGHT_BOW * stern;
    return isnan(both) ? 1 : both;
}

static double width_at(const strip *s, const double *side, double u_m, const side_line *line) {
    int i = (int)floor((u_m - s->u0_m) / s->pixel_m);
    double bound = line->a + line->b * u_m;
    if (i < 0 || i >= s->image.width || isnan(side[i])) return NAN;
    return bound < 0 ? pl__clamp(side[i], bound, 0) : pl__clamp(side[i], 0, bound);
}

static const double OUTLINE_AT[] = {0.0,  0.01, 0.03, 0.06, 0.10, 0.15, 0.20, 0.30, 0.50,
                                    0.70, 0.80, 0.85, 0.90, 0.94, 0.97, 0.99, 1.0};
enum { OUTLINE_STATIONS = sizeof OUTLINE_AT / sizeof *OUTLINE_AT };

static void draw_outline(const pl_crop *chip, const axis *a, const strip *s,
                         const side_line side[2], double stern_u, double bow_u, pl_hull *hull) {
    double w[2][OUTLINE_STATIONS], u[OUTLINE_STATIONS];
    for (int k = 0; k < OUTLINE_STATIONS; k++) {
        u[k] = stern_u + OUTLINE_AT[k] * (bow_u - stern_u);
        for (int i = 0; i < 2; i++) {
            bool straight = OUTLINE_AT[k] >= 0.2 && OUTLINE_AT[k] <= 0.8;
            double at = pl__clamp(u[k], pl__min(stern_u, bow_u) + 0.75 * s->pixel_m,
                                  pl__max(stern_u, bow_u) - 0.75 * s->pixel_m);
            w[i][k] = straight ? side[i].a + side[i].b * u[k]
                               : width_at(s, i == 0 ? s->left : s->right, at, &side[i]);
        }
    }
    for (int i = 0; i < 2;
         i++) { /* gaps take their inner neighbour: towards midships widths are known */
        for (int k = OUTLINE_STATIONS / 2; k > 0; k--) {
            if (isnan(w[i][k - 1])) w[i][k - 1] = w[i][k];
        }
        for (int k = OUTLINE_STATIONS / 2; k < OUTLINE_STATIONS - 1; k++) {
            if (isnan(w[i][k + 1])) w[i][k + 1] = w[i][k];
        }
    }
    int n = 0;
    for (int turn = 0; turn < 2; turn++) {
        for (int k = 0; k < OUTLINE_STATIONS; k++) {
            int at = turn == 0 ? k : OUTLINE_STATIONS - 1 - k;
            double east, north;
            axis_point(a, u[at], w[turn][at], &east, &north);
            pl__geo_to_pixel(&chip->frame, east, north, &hull->outline_px[n][0],
                             &hull->outline_px[n][1]);
            n++;
        }
    }
    memcpy(hull->outline_px[n], hull->outline_px[0], sizeof hull->outline_px[0]);
    hull->outline_count = n + 1;
}

/* Deck brightness on a fixed grid, bow first, port to starboard: mean 0, spread over +-127. */
static void take_fingerprint(const pl_crop *chip, const axis *a, const strip *s, double stern_u,
                             double bow_u, pl_hull *hull) {
    enum { COUNT = PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS };
    (void)chip;
    double value[COUNT], mean = 0, power = 0;
    double toward = bow_u > stern_u ? 1.0 : -1.0;
    for (int k = 0; k < COUNT; k++) {
        double u =
            bow_u + (stern_u - bow_u) * (k / PL_FINGERPRINT_ACROSS + 0.5) / PL_FINGERPRINT_ALONG;
        double w =
            toward * a->beam_m * ((k % PL_FINGERPRINT_ACROSS + 0.5) / PL_FINGERPRINT_ACROSS - 0.5);
        double v = (double)pl__image_linear(s->image.data, s->image.width, s->image.height,
                                            (u - s->u0_m) / s->pixel_m, (w - s->w0_m) / s->pixel_m);
        value[k] = isfinite(v) ? log1p(pl__max(v, 0))
                               : 0; /* logarithm: paint counts, not the sun's strength */
        mean += value[k] / COUNT;
    }
    for (int k = 0; k < COUNT; k++) power += (value[k] - mean) * (value[k] - mean) / COUNT;
    for (int k = 0; k < COUNT; k++) {
        double z = power > 0 ? (value[k] - mean) / sqrt(power) : 0;
        hull->fingerprint[k] =
            (int8_t)lround(pl__clamp(z * 40.0, -127, 127)); /* +-3 sigma fill the byte */
    }
}

/* Turns and shifts the axis by what the sides say. @return false when a side is not found. */
static bool refine(strip *s, axis *a, pl_arena *arena, side_line side[2]) {
    find_sides(s, a);
    if (!fit_side(s, s->left, a->length_m, arena, &side[0]) ||
        !fit_side(s, s->right, a->length_m, arena, &side[1])) {
        return false;
    }
    double shift = 0.5 * (side[0].a + side[1].a), slope = 0.5 * (side[0].b + side[1].b);
    axis_point(a, 0, shift, &a->east_m, &a->north_m);
    a->angle_rad += atan(slope);
    a->beam_m = (side[1].a - side[0].a) * cos(atan(slope));
    return a->beam_m > 0;
}

static bool find_ends(const strip *s, const axis *a, pl_arena *arena, ends *out) {
    float *scratch =
        pl__arena_array(arena, (size_t)s->image.width * (size_t)s->image.height, sizeof *scratch);
    if (!scratch) return false;
    double deck = deck_level(s, a, scratch);
    out->low_u = find_end(s, a, -1, deck, &out->low_clear);
    out->high_u = find_end(s, a, +1, deck, &out->high_clear);
    return out->high_u > out->low_u; /* false for NAN too */
}

pl_status pl__hull_outline(const pl_crop *chip, const pl_candidate *candidate,
                           const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                           pl_error *error) {
    *out = (pl_hull){0};
    pl_sea sea;
    pl_status status = pl__hull_sea(chip, arena, &sea, error);
    if (status != PL_OK) return status;
    axis a = {.angle_rad = candidate->axis_rad,
              .length_m = candidate->length_m,
              .beam_m = candidate->beam_m,
              .gap_sigmas = candidate->gap_sigmas};
    pl__geo_to_metres(&chip->frame, candidate->x_px, candidate->y_px, &a.east_m, &a.north_m);
    strip s = {0};
    side_line side[2];
    ends end = {0};
    for (int round = 0; round <= ROUNDS; round++) {
        if (!make_strip(chip, &sea, &a, arena, &s)) return pl__fail_memory(error, "hull");
        axis before = a;
        if (!refine(&s, &a, arena, side) || !find_ends(&s, &a, arena, &end)) {
            return pl__fail(error, PL_REFUSED, "hull", "no straight sides");
        }
        if (round == ROUNDS) {
            a = before; /* the strip and its sides belong to this axis: report in its frame */
            break;
        }
        double middle =
            0.5 * (end.low_u + end.high_u); /* both measured on the strip of the axis before */
        a.east_m += middle * sin(before.angle_rad);
        a.north_m += middle * cos(before.angle_rad);
        a.length_m = end.high_u - end.low_u;
    }
    a.length_m = end.high_u - end.low_u;
    a.beam_m = side[1].a - side[0].a;
    double ratio = a.length_m / a.beam_m;
    if (a.length_m < options->min_length_m || a.length_m > options->max_length_m ||
        ratio < LEAST_RATIO || ratio > MOST_RATIO) {
        return pl__fail(error, PL_REFUSED, "hull", "not of a ship's proportions");
    }

    /* Two sides of one hull are parallel; what they differ by is what each may be wrong by. */
    double crossing = fabs(atan(side[0].b) - atan(side[1].b)), pixel_m = s.pixel_m;
    bool doubtful = crossing > 1.5 * PL_RAD_PER_DEG || side[0].share < 0.4 || side[1].share < 0.4 ||
                    !end.low_clear || !end.high_clear;
    if (doubtful) out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
    bool bow_is_high =
        find_bow(&s, side, &end, doubtful ? 2 * BOW_MARGIN : BOW_MARGIN, &out->bow_certain) >= 0;
    if (!out->bow_certain) out->reasons |= PL_BIT(PL_BOW_UNCERTAIN);
    double axis_rad = pl__geo_wrap(a.angle_rad + 0.5 * (atan(side[0].b) + atan(side[1].b)));
    out->heading_rad = out->bow_certain ? pl__geo_wrap(axis_rad + (bow_is_high ? 0 : PL_PI))
                                        : fmod(axis_rad, PL_PI);
    double turned = fabs(pl__geo_turn(out->heading_rad, axis_rad));
    double bow_u = turned < PL_PI / 2 ? end.high_u : end.low_u,
           stern_u = turned < PL_PI / 2 ? end.low_u : end.high_u;

    out->heading_sigma_rad = hypot(0.5 * crossing, 0.3 * pixel_m / (SIDE_SHARE * a.length_m));
    out->length_m = (pl_quantity){a.length_m, hypot(0.7 * pixel_m, 0.003 * a.length_m)};
    out->beam_m = (pl_quantity){a.beam_m, hypot(0.4 * pixel_m, side[0].scatter + side[1].scatter)};
    draw_outline(chip, &a, &s, side, stern_u, bow_u, out);
    double east, north;
    axis_point(&a, 0.5 * (end.low_u + end.high_u), 0.5 * (side[0].a + side[1].a), &east, &north);
    pl__geo_to_pixel(&chip->frame, east, north, &out->x_px, &out->y_px);
    out->false_alarms = candidate->false_alarms;
    take_fingerprint(chip, &a, &s, stern_u, bow_u, out);
    return PL_OK;
}
