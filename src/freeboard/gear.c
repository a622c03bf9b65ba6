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
 * sun lights. Blocks in which it is nearer to the shadow's level than to that are left out, and the
 * side is read again without them. Where nearly all are shaded there is no knowing: the answer is
 * marked, and widened by what such gear has been seen to add. */
#include <math.h>
#include <string.h>

#include "freeboard/internal.h"

static const double LIT_SHARE = 0.45; /* of the way from shadow to lit deck */
static const double FEW_SHARE = 0.1;  /* so many shaded blocks are hatches and posts */
static const int LEAST_LIT = 6;
static const double GEAR_ADDS_M =
    0.5; /* freeboard that catwalks and trunks have been seen to add: 0.3 to 0.9 m */

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

pl_status pl__freeboard_check_gear(pl_reading *dark, const pl_reading *other, const pl_sight *sight,
                                   pl_arena *arena, pl_error *error) {
    double share[PL__BLOCKS_MAX];
    pl_side_view *v = &dark->view;
    int lit = 0, shaded = 0;
    if (other->view.bands != v->bands || !lit_shares(dark, &other->view, share)) return PL_OK;
    for (int i = 0; i < v->blocks; i++) {
        if (!dark->cue.straight[i]) continue;
        lit += share[i] >= LIT_SHARE;
        shaded += share[i] < LIT_SHARE;
    }
    if (shaded <= FEW_SHARE * (lit + shaded)) return PL_OK;
    if (lit < LEAST_LIT) {
        dark->cue.reasons |= PL_BIT(PL_DECK_GEAR_SHADOW);
        dark->cue.gear_sigma_m = hypot(dark->cue.gear_sigma_m, GEAR_ADDS_M);
        return PL_OK;
    }
    pl_reading again = *dark;
    for (int i = 0; i < v->blocks; i++) again.view.left_out[i] = share[i] < LIT_SHARE;
    pl_status status = pl__freeboard_read_side(&again.view, sight, arena, &again.cue, error);
    if (status != PL_OK) return status;
    if (again.cue.cue.stations == 0) return PL_OK; /* what is left says nothing by itself */
    pl__freeboard_turn(&again, sight);
    *dark = again;
    return PL_OK;
}
