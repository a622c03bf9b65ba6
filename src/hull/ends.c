/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where does this hull end?
 *
 * From midships outward the body hangs together, over gaps no longer than a superstructure's
 * shadow. Beyond its last column the ends are met from outside, along lines parallel to the axis.
 */
#include <math.h>
#include <stdlib.h>

#include "hull/strip.h"

/* An end: rows within this share of the beam; covered columns; gaps and a pointed tip, of the beam.
 */
static const double END_SHARE = 0.42, END_COVER = 0.25, END_GAP_SHARE = 0.6, TIP_SHARE = 0.25,
                    WIDE_GAP_SHARE = 1.2;
static const double HOUSE_COVER = 0.6,
                    HOUSE_M = 3.0;      /* of its breadth as bright as the deck; long */
static const double TOUCH_SHARE = 0.15; /* of the beam, on the touching side of the axis */
static const double FAINT_SHARE = 0.35; /* of the deck's brightness: below it foam, not deck */

/* Is the row at w one to look for the ends in? Towards a quay none: there the quay goes on. */
static bool counts(const pl_axis *a, double w) {
    return fabs(w) <= END_SHARE * a->beam_m && w * a->touch <= TOUCH_SHARE * a->beam_m;
}

/* Does the deck's middle cross this column? Share of its rows brighter than `least`. */
static double column_cover(const pl_strip *s, int i, const pl_axis *a, double least) {
    int rows = 0, deck = 0;
    for (int j = 0; j < s->image.height; j++) {
        if (!counts(a, s->w0_m + (j + 0.5) * s->pixel_m)) continue;
        rows++;
        deck += pl__strip_at(s, i, j) > least;
    }
    return rows > 0 ? (double)deck / rows : 0;
}

/* How bright is the deck amidships? Median of its middle half. */
static double deck_level(const pl_strip *s, const pl_axis *a, float *scratch) {
    size_t n = 0;
    for (int j = 0; j < s->image.height; j++) {
        if (fabs(s->w0_m + (j + 0.5) * s->pixel_m) > 0.25 * a->beam_m) continue;
        for (int i = 0; i < s->image.width; i++) {
            if (fabs(s->u0_m + (i + 0.5) * s->pixel_m) < 0.25 * a->length_m)
                scratch[n++] = (float)pl__strip_at(s, i, j);
        }
    }
    return pl__image_quantile(scratch, n, 0.5);
}

/* The last column of the body that hangs together from midships outward, over gaps no longer than a
 * superstructure's shadow. What lies beyond (foam, glint, a boat) is none of this ship; but within
 * the length that the candidate had, what is as broad and as bright as her deck is her house behind
 * its own long shadow. Alongside, the rows have shown her length, and anything goes. */
static int body_end(const pl_strip *s, const pl_axis *a, int sign, double least, double deck) {
    int middle = (int)(-s->u0_m / s->pixel_m), last = middle,
        most = (int)ceil(END_GAP_SHARE * a->beam_m / s->pixel_m),
        wide = (int)ceil(WIDE_GAP_SHARE * a->beam_m / s->pixel_m),
        seen = (int)(0.5 * a->seen_length_m / s->pixel_m), house = 0;
    for (int i = middle; i >= 0 && i < s->image.width && abs(i - last) <= wide; i += sign) {
        bool far = abs(i - last) > most;
        if (far && abs(i - middle) > seen) break;
        if (far && !a->touch) {
            house = column_cover(s, i, a, deck) >= HOUSE_COVER ? house + 1 : 0;
            if (house * s->pixel_m >= HOUSE_M) last = i;
        } else if (column_cover(s, i, a, least) >= END_COVER) {
            last = i;
        }
    }
    return last;
}

/* The end in direction sign, from `start` in, along lines parallel to the axis: the farthest of
 * running medians of 3. */
static double meet_end(const pl_strip *s, const pl_axis *a, int sign, int start, double least) {
    int length = sign > 0 ? start + 1 : s->image.width - start;
    double best = NAN, recent[3] = {NAN, NAN, NAN};
    for (int j = 0; j < s->image.height; j++) {
        if (!counts(a, s->w0_m + (j + 0.5) * s->pixel_m)) continue;
        pl_walk inward = {s, start, j, -sign, 0, length};
        int k = 1;
        while (k + 1 < length && !(pl__strip_walk_at(&inward, k) > least &&
                                   pl__strip_walk_at(&inward, k + 1) > least))
            k++;
        if (k + 1 >= length) continue;
        double steps = pl__strip_half_crossing(&inward, k - 1);
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
static double find_end(const pl_strip *s, const pl_axis *a, int sign, double deck, bool *clear) {
    double faint = s->water + FAINT_SHARE * (deck - s->water);
    int tip = (int)ceil(TIP_SHARE * a->beam_m / s->pixel_m);
    int body = body_end(s, a, sign, s->threshold, deck);
    int bright = body_end(s, a, sign, pl__max(faint, s->threshold), deck);
    /* a shaded poop may be as pale, but it is no longer than a shadow */
    *clear = abs(body - bright) * s->pixel_m <= END_GAP_SHARE * a->beam_m;
    int start = (*clear ? body : bright) + sign * tip;
    if (start < 0) start = 0;
    if (start >= s->image.width) start = s->image.width - 1;
    return meet_end(s, a, sign, start, *clear ? s->threshold : pl__max(faint, s->threshold));
}

bool pl__hull_ends(const pl_strip *s, const pl_axis *a, pl_arena *arena, pl_ends *out) {
    float *scratch =
        pl__arena_array(arena, (size_t)s->image.width * (size_t)s->image.height, sizeof *scratch);
    if (!scratch) return false;
    double deck = deck_level(s, a, scratch);
    out->low_u = find_end(s, a, -1, deck, &out->low_clear);
    out->high_u = find_end(s, a, +1, deck, &out->high_clear);
    return out->high_u > out->low_u; /* false for NAN too */
}
