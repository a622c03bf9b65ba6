/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where exactly does this hull begin and end?
 *
 * The chip is straightened along the candidate's axis (strip.c). In each cross-section the deck is
 * followed from the middle outward, over gaps no wider than gear's shadow, to the half level
 * between deck and water. Robust lines through these points on the middle 60 % of the length are
 * the sides; their mean slope turns the axis, and the whole is done again. The ends are those of
 * ends.c, the bow that of bow.c.
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

#include "geo/geo.h"
#include "hull/strip.h"

static const double GAP_M = 3.5,
                    GAP_SHARE = 0.35; /* gear's shadow on the deck: metres, or of the beam */
static const double BEYOND_SHARE = 0.08,
                    BEYOND_M = 1.5; /* how far the deck may reach past the blob's side */
static const double SIDE_SHARE =
    0.30; /* of the length on either side of midships: straight on most tankers */
static const double MOORED_SIDE_SHARE =
    0.38; /* of the beam: further out a dark line is the gap to the quay */
/* Length over beam: tankers 5 to 7.5, coasters to 8, river ships to 11, barges from 3.5; jetty
 * heads and pontoons below. */
static const double LEAST_RATIO = 3.5, MOST_RATIO = 12.0;
/* Of the beam: how far a touching side may be wrong that is clearly seen, and one that is not. On
 * 45 drawn ships beams erred by 8 %, root mean square, and by 1.3 sigmas with 0.04 and 0.08 here.
 */
static const double SEEN_SHARE = 0.07, UNSEEN_SHARE = 0.12;
/* Alongside: how much a bow narrows at least: ships drawn and rendered 0.19 to 0.6, jetties 0.02.
 */
static const double LEAST_TAPER = 0.1;
/* In open water: how unlike an end's two sides narrow. Ships under low suns 0 to 0.55, a quay with
 * the ship at it 0.77 to 1. */
static const double ODD_LOPSIDED = 0.45 /* without a bow */, MOST_LOPSIDED = 0.6,
                    QUAY_LOPSIDED = 0.7;
static const double BROAD_RATIO = 2.4; /* with a bow and open water all round */
/* A hull has a smooth side: 0.2 to 2 px on real pictures, 3 to 20 where foam was outlined. */
static const double MOST_ROUGH_PX = 3.0, SMOOTH_PX = 1.5, SMOOTH_SHARE = 0.4;
enum { STEP = 3 }; /* pixels */
static const int ROUNDS = 3;

/* From the axis outward in column i, in steps of sign: where does the deck end? In metres across,
 * or NAN. */
static double follow_deck(const pl_strip *s, int i, int sign, const pl_axis *a) {
    double beam_m = a->beam_m;
    int gap = 0, last = -1, most = (int)ceil(pl__max(GAP_M, GAP_SHARE * beam_m) / s->pixel_m);
    /* no farther than the blob goes: beyond may lie a quay, behind a gap no wider than gear's
     * shadow */
    int reach = (int)ceil(((0.5 + BEYOND_SHARE) * beam_m + BEYOND_M) / s->pixel_m);
    int middle = (int)(-s->w0_m / s->pixel_m);
    for (int j = middle; j >= 0 && j < s->image.height && abs(j - middle) <= reach && gap <= most;
         j += sign) {
        double v = pl__strip_at(s, i, j);
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
    pl_walk inward = {s, i, outside, 0, -sign, abs(outside - middle)};
    double steps = pl__strip_half_crossing(&inward, 1);
    return s->w0_m + (outside + 0.5 - sign * (steps - 0.5)) * s->pixel_m;
}

static void find_sides(pl_strip *s, const pl_axis *a) {
    for (int i = 0; i < s->image.width; i++) {
        s->left[i] = follow_deck(s, i, -1, a);
        s->right[i] = follow_deck(s, i, +1, a);
    }
}

static bool fit_side(const pl_strip *s, const double *side, double length_m, pl_arena *arena,
                     pl_side_line *out) {
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

/* The touching side: parallel to the open one, and her ends its mirror. @return false when the open
 * side is not found. */
static bool mirror_side(pl_strip *s, const pl_axis *a, const pl_sea *sea, pl_arena *arena,
                        bool *clear) {
    const double *open = a->touch > 0 ? s->left : s->right;
    double *touching = a->touch > 0 ? s->right : s->left, w;
    pl_side_line line;
    if (!fit_side(s, open, a->length_m, arena, &line) ||
        !pl__hull_touching(s, a, sea, open, &line, arena, &w, clear))
        return false;
    for (int i = 0; i < s->image.width; i++) {
        double u = s->u0_m + (i + 0.5) * s->pixel_m;
        touching[i] = w + line.a + 2 * line.b * u - open[i];
    }
    return true;
}

/* Turns and shifts the axis by what the sides say. @return false when a side is not found. */
static bool refine(pl_strip *s, pl_axis *a, const pl_sea *sea, pl_arena *arena,
                   pl_side_line side[2], bool *clear) {
    find_sides(s, a);
    if (a->touch && !mirror_side(s, a, sea, arena, clear)) return false;
    if (!fit_side(s, s->left, a->length_m, arena, &side[0]) ||
        !fit_side(s, s->right, a->length_m, arena, &side[1])) {
        return false;
    }
    double shift = 0.5 * (side[0].a + side[1].a), slope = 0.5 * (side[0].b + side[1].b);
    pl__axis_point(a, 0, shift, &a->east_m, &a->north_m);
    a->angle_rad += atan(slope);
    a->beam_m = (side[1].a - side[0].a) * cos(atan(slope));
    return a->beam_m > 0;
}

/* How far does a side jump from one place to the next? Median |second difference| over three
 * pixels, in pixels; infinite where less than half of the side was found. */
static double roughness(const pl_strip *s, const double *side, double length_m, double quantile,
                        pl_arena *arena) {
    float *jump = pl__arena_array(arena, (size_t)s->image.width, sizeof *jump);
    size_t n = 0;
    if (!jump) return INFINITY;
    for (int i = STEP; i + STEP < s->image.width; i++) {
        if (fabs(s->u0_m + (i + 0.5) * s->pixel_m) > SMOOTH_SHARE * length_m) continue;
        double second = side[i + STEP] - 2 * side[i] + side[i - STEP];
        jump[n++] = isnan(second) ? (float)length_m : (float)fabs(second);
    }
    return n > 0 ? pl__image_quantile(jump, n, quantile) / s->pixel_m : INFINITY;
}

/* Of a ship's length over beam? Tugs and yachts are broad, as jetty heads and pontoons are; what
 * tells them is a smooth side, water all round, and a bow. */
static bool proportioned(const pl_strip *s, const pl_axis *a, const pl_side_line side[2],
                         const pl_ends *end, double rough_px) {
    double ratio = a->length_m / a->beam_m;
    if (ratio >= LEAST_RATIO && ratio <= MOST_RATIO) return true;
    bool certain;
    if (ratio < BROAD_RATIO || ratio > MOST_RATIO || a->touch != 0 || a->gap_sigmas > 0 ||
        !end->low_clear || !end->high_clear || rough_px > SMOOTH_PX)
        return false;
    pl__hull_bow(s, side, end, false, &certain);
    return certain;
}

pl_status pl__hull_outline(const pl_crop *chip, const pl_candidate *candidate,
                           const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                           pl_error *error) {
    *out = (pl_hull){.tanker_probability = NAN, .ship_probability = NAN};
    pl_sea sea;
    pl_status status = pl__hull_sea(chip, arena, &sea, error);
    if (status != PL_OK) return status;
    pl_axis a = {.angle_rad = candidate->axis_rad,
                 .length_m = candidate->length_m,
                 .beam_m = candidate->beam_m,
                 .gap_sigmas = candidate->gap_sigmas,
                 .touch = candidate->touch,
                 .seen_beam_m = candidate->beam_m,
                 .seen_length_m = candidate->length_m};
    pl__geo_to_metres(&chip->frame, candidate->x_px, candidate->y_px, &a.east_m, &a.north_m);
    pl_strip s = {0};
    pl_side_line side[2];
    pl_ends end = {0};
    bool clear = true; /* is the touching side seen? */
    for (int round = 0; round <= ROUNDS; round++) {
        if (!pl__strip_make(chip, &sea, &a, arena, &s)) return pl__fail_memory(error, "hull");
        pl_axis before = a;
        if (!refine(&s, &a, &sea, arena, side, &clear) || !pl__hull_ends(&s, &a, arena, &end)) {
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
    /* one side is a mirror's: the other may lie in shadows of gear for half of its length */
    double quantile = a.touch ? 0.25 : 0.5;
    double rough_px = pl__min(roughness(&s, s.left, a.length_m, quantile, arena),
                              roughness(&s, s.right, a.length_m, quantile, arena));
    if (!(rough_px <= MOST_ROUGH_PX))
        return pl__fail(error, PL_REFUSED, "hull", "neither side is smooth: foam");
    if (a.length_m < options->min_length_m || a.length_m > options->max_length_m ||
        !proportioned(&s, &a, side, &end, rough_px)) {
        return pl__fail(error, PL_REFUSED, "hull", "not of a ship's proportions");
    }

    double lopsided = a.touch ? 0 : pl__hull_lopsided(&s, side, &end);
    if (lopsided > QUAY_LOPSIDED)
        return pl__fail(error, PL_REFUSED, "hull", "narrows on one side only: a ship and her quay");
    if (a.touch && !candidate->parted &&
        !(pl__hull_taper(&s, a.touch > 0 ? 0 : 1, side, &end) >= LEAST_TAPER))
        return pl__fail(error, PL_REFUSED, "hull", "cut square at both ends, as a jetty is");

    /* Two sides of one hull are parallel; what they differ by is what each may be wrong by. */
    double crossing = fabs(atan(side[0].b) - atan(side[1].b)), pixel_m = s.pixel_m;
    bool doubtful = lopsided > MOST_LOPSIDED || crossing > 1.5 * PL_RAD_PER_DEG ||
                    side[0].share < 0.4 || side[1].share < 0.4 || !end.low_clear ||
                    !end.high_clear || !clear;
    if (doubtful) out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
    bool bow_is_high = pl__hull_bow(&s, side, &end, doubtful, &out->bow_certain) >= 0;
    if (!out->bow_certain) out->reasons |= PL_BIT(PL_BOW_UNCERTAIN);
    if (!out->bow_certain && lopsided > ODD_LOPSIDED) out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
    double axis_rad = pl__geo_wrap(a.angle_rad + 0.5 * (atan(side[0].b) + atan(side[1].b)));
    out->heading_rad = out->bow_certain ? pl__geo_wrap(axis_rad + (bow_is_high ? 0 : PL_PI))
                                        : fmod(axis_rad, PL_PI);
    double turned = fabs(pl__geo_turn(out->heading_rad, axis_rad));
    double bow_u = turned < PL_PI / 2 ? end.high_u : end.low_u,
           stern_u = turned < PL_PI / 2 ? end.low_u : end.high_u;

    out->heading_sigma_rad = hypot(0.5 * crossing, 0.3 * pixel_m / (SIDE_SHARE * a.length_m));
    out->length_m = (pl_quantity){a.length_m, hypot(0.7 * pixel_m, 0.003 * a.length_m)};
    out->beam_m = (pl_quantity){a.beam_m, hypot(0.4 * pixel_m, side[0].scatter + side[1].scatter)};
    if (a.touch) {
        out->touched[a.touch * (turned < PL_PI / 2 ? 1 : -1) > 0] = true;
        out->reasons |= PL_BIT(PL_ALONGSIDE);
        out->beam_m.sigma =
            hypot(out->beam_m.sigma, (clear ? SEEN_SHARE : UNSEEN_SHARE) * a.beam_m);
    }
    pl__hull_draw(chip, &a, &s, side, stern_u, bow_u, out);
    double east, north;
    pl__axis_point(&a, 0.5 * (end.low_u + end.high_u), 0.5 * (side[0].a + side[1].a), &east,
                   &north);
    pl__geo_to_pixel(&chip->frame, east, north, &out->x_px, &out->y_px);
    out->false_alarms = candidate->false_alarms;
    pl__hull_fingerprint(&a, &s, stern_u, bow_u, out);
    return pl__hull_evidence(&s, side, &end, arena, out->evidence) ? PL_OK
                                                                   : pl__fail_memory(error, "hull");
}
