/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a catwalk, a pipe rack or a trunk deck throw its shadow past the deck's edge?
 *
 * Such a shadow lies on the water next to the hull's own and makes the dark band too wide. But
 * before it reaches the water it crosses the deck: a ray that ends on the water just beyond the
 * hull's own shadow passes the deck just beyond its edge, so gear whose shadow joins the hull's
 * shades the deck at the edge itself. Where the deck along the edge is lit, nothing but the edge
 * cast what lies beyond.
 *
 * So each block's deck level at the edge is held against the deck along the other side, which the
 * sun lights, and against the best lit blocks of its own. How much of a block's edge is shaded goes
 * into the fit (shade): gear adds its height in that share, by an amount that is the same for all
 * blocks and not known before. Where some blocks are lit and some are not, the blocks tell it;
 * where all are shaded alike nothing does, the answer is as unsure as what such gear has been seen
 * to add, and it is marked. */
#include <math.h>
#include <string.h>

#include "freeboard/internal.h"

/* What catwalks and trunks have been seen to add to a freeboard: 0.3 to 0.9 m. */
static const double GEAR_ADDS_M = 0.5;
/* Levels along an edge are uneven by paint: so far down is no shade, so far up no light. The best
 * lit fifth is the reference, unless even that is much darker than the other side. */
static const double PAINT_SHARE = 0.1, HIGH_QUANTILE = 0.8, LEAST_LIT_SHARE = 0.7;
/* A block's shade is read to this: how blocks differ beyond it is what the fit may learn from. */
static const double SHADE_SIGMA = 0.2;
static const double LEAST_SHADE = 0.03; /* of the side: less is hatches and posts */
/* Where gear so high on the middle line would throw its shadow past the deck's edge, it is expected
 * to do so on this share of ships. Where some gear's shadow is seen to cross the edge, it may do so
 * on every other one, for what floats over that gear goes further; that makes the answer wider, not
 * another. */
static const double UNSEEN_M = 4.0, UNSEEN_SHARE = 0.2, CROSSED_SHARE = 0.5;
/* So far from the middle line catwalks and racks reach; trunks stand so high, and so far from the
 * side, as a share of the beam. */
static const double AMIDSHIPS_M = 2, TRUNK_M = 2, TRUNK_SHARE = 0.18;
/* A gangway is 0.6 to 1 m wide (load line convention, regulation 25-1) and as thick as a hand,
 * which shades a little more; racks are wider. */
static const double GANGWAY_M = 1.2, GANGWAY_SIGMA_M = 0.4;
/* What trunks and racks add to a freeboard whose edge they shade, believed before any picture:
 * 0.3 +- 0.5 m (model.c), not below zero. */
static const double WIDE_ADDS_M = 0.53, WIDE_SIGMA_M = 0.36;
/* Not all that shades the edge adds as much: a hatch's shadow ends there, a crane's does not. */
static const double UNLIKE_M = 0.3;
/* What gear adds is known no better than this: not to be told without a doubt. */
static const double DOUBTFUL_M = 0.2;

/* Level of the deck within its other edge, where the sun reaches it. NAN when it is not seen. */
static double lit_deck(const pl_side_view *v, int b, double freeboard_m) {
    double edge = v->edge_m, sum = 0, count = 0;
    /* a drawn edge may lie on water, and a detected one at the foot of a wall */
    edge -= v->edge_is_deck ? v->edge_within_m : pl__max(-v->geometry.lean, 0) * freeboard_m;
    double from = edge - 2.5 * v->pixel_m, to = edge - v->pixel_m;
    for (int j = (int)floor((from - v->n0_m) / v->bin_m); j * v->bin_m + v->n0_m < to; j++) {
        if (j < 0 || j >= v->bins) continue;
        for (int i = 0; i < v->blocks; i++) {
            const pl_sample *s = pl__sample(v, i, j);
            sum += (double)(s->count * s->value[b]);
            count += (double)s->count;
        }
    }
    return count > 0 ? sum / count : NAN;
}

/* How far each block's deck is lit: 0 as dark as the shadow, 1 as bright as the other side. */
static bool lit_shares(const pl_reading *dark, const pl_side_view *other,
                       double share[PL__BLOCKS_MAX]) {
    const pl_side_view *v = &dark->view;
    double total = 0;
    memset(share, 0, PL__BLOCKS_MAX * sizeof *share);
    for (int b = 0; b < v->bands; b++) {
        double band = dark->cue.band_level[b];
        double jump = lit_deck(other, b, dark->cue.cue.freeboard_m.value) - band;
        double weight = jump * jump / (v->sea_sigma[b] * v->sea_sigma[b]);
        if (!(jump > 3 * v->sea_sigma[b]))
            continue; /* a deck as dark as the shadow tells nothing */
        total += weight;
        for (int i = 0; i < v->blocks; i++)
            share[i] += weight * (dark->cue.deck[i][b] - band) / jump;
    }
    for (int i = 0; i < v->blocks; i++) share[i] /= total;
    return total > 0;
}

/* Levels of a deck are not even: so little is paint. */
static double shaded(double lit, double reference) {
    return pl__clamp((1 - lit / reference - PAINT_SHARE) / (1 - 2 * PAINT_SHARE), 0, 1);
}

/* The level of a deck's edge that is all lit, as a share of the other side's. */
static double reference_of(const pl_reading *dark, const double lit[PL__BLOCKS_MAX]) {
    float some[PL__BLOCKS_MAX];
    size_t count = 0;
    for (int i = 0; i < dark->view.blocks; i++)
        if (dark->cue.straight[i]) some[count++] = (float)lit[i];
    double high = count ? pl__image_quantile(some, count, HIGH_QUANTILE) : 1;
    return pl__clamp(high, LEAST_LIT_SHARE, 1);
}

/* What a block's shade is believed to be, given what was read of it and of the others (regression
 * calibration: Carroll and others, Measurement Error in Nonlinear Models, 2006): differences that
 * are no more than the reading's own error tell nothing of what gear adds. @return the mean. */
static double calibrate(const pl_reading *dark, double shade[PL__BLOCKS_MAX]) {
    double sum = 0, square = 0, count = 0;
    for (int i = 0; i < dark->view.blocks; i++) {
        if (!dark->cue.straight[i]) continue;
        sum += shade[i];
        square += shade[i] * shade[i];
        count++;
    }
    if (count == 0) return 0;
    double mean = sum / count, variance = square / count - mean * mean;
    double trust = variance > 0 ? pl__max(1 - SHADE_SIGMA * SHADE_SIGMA / variance, 0) : 0;
    for (int i = 0; i < dark->view.blocks; i++) shade[i] = mean + trust * (shade[i] - mean);
    return mean;
}

/* Catwalks and racks on the middle line, of which the picture says nothing: gear that floats over
 * the deck leaves its edge lit and yet may throw a strip of shadow beyond the hull's own. */
static void expect_unseen(pl_reading *dark, bool crossed) {
    double casting_m = 0.5 * dark->view.beam_m / pl__max(dark->view.geometry.shadow, 0.01);
    double most_m = pl__max(UNSEEN_M - casting_m, 0);
    /* uniform up to the most, in that share of ships */
    double mean_m = 0.5 * UNSEEN_SHARE * most_m;
    double share = crossed ? CROSSED_SHARE : UNSEEN_SHARE;
    double about_mean = share * most_m * (most_m / 3 - mean_m) + mean_m * mean_m;
    dark->cue.cue.freeboard_m.value -= mean_m;
    dark->cue.gear_sigma_m = hypot(dark->cue.gear_sigma_m, sqrt(about_mean));
    if (dark->cue.gear_sigma_m > DOUBTFUL_M) dark->cue.reasons |= PL_BIT(PL_DECK_GEAR_SHADOW);
}

bool pl__freeboard_gear_reaches(const pl_side_view *v) {
    double s = v->geometry.shadow;
    return s * UNSEEN_M > 0.5 * v->beam_m - AMIDSHIPS_M || s * TRUNK_M > TRUNK_SHARE * v->beam_m;
}

/* Of gear that shades a strip of deck along the edge, the rest of the shadow lies on the water: of
 * a gangway as much as its width leaves; of a strip that is wider than gangways nobody knows. */
static void expect_rest(pl_reading *dark) {
    double s = dark->view.geometry.shadow, strip_m = dark->cue.strip_m;
    double mean_m = WIDE_ADDS_M, sigma_m = WIDE_SIGMA_M;
    if (strip_m < GANGWAY_M + GANGWAY_SIGMA_M) { /* a normal's part above zero */
        double left = (GANGWAY_M - strip_m) / GANGWAY_SIGMA_M;
        double bell = exp(-0.5 * left * left) / sqrt(2 * PL_PI);
        double above = 0.5 * erfc(-left / sqrt(2.0)), mean = left * above + bell;
        mean_m = GANGWAY_SIGMA_M * mean / s;
        sigma_m = GANGWAY_SIGMA_M * sqrt((1 + left * left) * above + left * bell - mean * mean) / s;
    }
    dark->cue.cue.freeboard_m.value -= mean_m;
    dark->cue.gear_sigma_m = hypot(dark->cue.gear_sigma_m, sigma_m);
    dark->cue.reasons |= PL_BIT(PL_DECK_GEAR_SHADOW);
}

/* @param crossed is some of the deck's edge in gear's shadow? */
static pl_status read_shaded(pl_reading *dark, const pl_reading *other, const pl_sight *sight,
                             pl_arena *arena, bool *crossed, pl_error *error) {
    double lit[PL__BLOCKS_MAX];
    pl_side_view *v = &dark->view;
    if (other->view.bands != v->bands || !lit_shares(dark, &other->view, lit)) return PL_OK;
    double reference = reference_of(dark, lit);
    pl_reading again = *dark;
    /* the deck that casts a block's shadow is imaged further along */
    double f = dark->cue.cue.freeboard_m.value, along = (v->cast_along - v->lean_along) * f;
    for (int i = 0; i < v->blocks; i++) {
        int from = (int)lround(i + along / v->block_m);
        from = from < 0 ? 0 : from >= v->blocks ? v->blocks - 1 : from;
        again.view.shade[i] = shaded(lit[from], reference);
    }
    double mean = calibrate(dark, again.view.shade);
    if (!(mean > LEAST_SHADE)) return PL_OK;
    *crossed = true;
    pl_status status =
        pl__freeboard_read_side(&again.view, sight, &dark->cue, arena, &again.cue, error);
    if (status != PL_OK) return status;
    if (again.cue.cue.stations == 0) { /* as it was, and no longer believed */
        dark->cue.reasons |= PL_BIT(PL_DECK_GEAR_SHADOW);
        dark->cue.gear_sigma_m = hypot(dark->cue.gear_sigma_m, GEAR_ADDS_M * mean);
        return PL_OK;
    }
    if (again.cue.strip_m > 0) { /* then that is the shade */
        memset(again.view.shade, 0, sizeof again.view.shade);
        pl_side_cue strip = again.cue;
        status = pl__freeboard_read_side(&again.view, sight, &strip, arena, &again.cue, error);
        if (status != PL_OK || again.cue.cue.stations == 0) return status;
        pl__freeboard_turn(&again, sight);
        *dark = again;
        return PL_OK;
    }
    pl__freeboard_turn(&again, sight);
    again.cue.gear_sigma_m = hypot(again.cue.gear_sigma_m, UNLIKE_M * mean);
    *dark = again;
    return PL_OK;
}

pl_status pl__freeboard_check_gear(pl_reading *dark, const pl_reading *other, const pl_sight *sight,
                                   pl_arena *arena, pl_error *error) {
    bool crossed = false;
    pl_status status =
        dark->cue.strip_m > 0 ? PL_OK : read_shaded(dark, other, sight, arena, &crossed, error);
    if (status != PL_OK) return status;
    if (dark->cue.strip_m > 0) {
        expect_rest(dark);
    } else {
        expect_unseen(dark, crossed);
    }
    return PL_OK;
}
