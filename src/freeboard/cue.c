/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How wide is the band along this side, at midships, and how sure is that?
 *
 * 1. The median cross-section gives a first guess of both edges.
 * 2. The side is cut into blocks of a few metres. Each block's mean cross-section is fitted by the
 * profile of edges.c. First the line spread common to all is chosen by the inner edge alone, which
 * no light from under water blurs.
 * 3. Blocks whose inner edge leaves the straight side, whose water is not water, or whose width
 * stands apart (gear's shadow, superstructure, barge) are left out by a robust line.
 * 4. All remaining widths are fitted by  w(u) = (s - v) (F + T u + C u^2), C held by a prior on
 * sheer.
 * 5. Steps 2 to 4 are done for every tail that water of some clarity would give; the answers are
 * weighted by their likelihood. Their scatter is the sigma `underwater`. The scatter of the widths
 * themselves, over their effective number of looks, is the sigma `fit`. */
#include <math.h>

#include "freeboard/blocks.h"

static double median_of_good(const pl_block *blocks, int count, bool inner, float *scratch) {
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        if (blocks[i].good)
            scratch[n++] = (float)(inner ? blocks[i].profile.inner
                                         : blocks[i].profile.outer - blocks[i].profile.inner);
    }
    return pl__image_quantile(scratch, n, 0.5);
}

/* Standard sheer: 25 and 50 (L/3 + 10) mm at the ends, a parabola. Half of it is the prior's sigma
 * (tankers have less). */
static double sheer_sigma(double length_m, double per_metre) {
    double end_m = 0.0375 * (length_m / 3.0 + 10.0);
    return 0.5 * end_m / (0.25 * length_m * length_m) * per_metre;
}

static bool choose_cue(const pl_side_view *v, pl_side_cue *out, bool *quiet) {
    double s = v->geometry.shadow, lean = v->geometry.lean;
    *quiet = false;
    out->cue.side = v->side;
    if (s > pl__max(lean, 0) && s - lean >= PL__FREEBOARD_USEFUL) {
        out->cue.kind = PL_CUE_DARK_BAND;
        out->cue.per_metre = s - lean;
        return true;
    }
    if (s <= 0 && -lean >= PL__FREEBOARD_USEFUL) {
        out->cue.kind = PL_CUE_LIT_WALL;
        out->cue.per_metre = -lean;
        return true;
    }
    if (fabs(s) < PL__FREEBOARD_USEFUL && fabs(lean) < PL__FREEBOARD_USEFUL) {
        out->reasons |= PL_BIT(PL_SUN_ALONG_KEEL);
    } else if (s > 0 && lean > 0) {
        out->reasons |= PL_BIT(PL_SHADOW_HIDDEN);
    } else {
        *quiet = true; /* sun on this side, seen from the other: it has nothing to say, and the
                          other side will */
    }
    return false;
}

static void keep_stations(const pl_block *blocks, int count, pl_side_cue *out) {
    out->station_count = 0;
    for (int i = 0; i < count && out->station_count < PL_STATIONS_MAX; i++) {
        bool found = blocks[i].good;
        out->station[out->station_count++] =
            (pl_station){.along_m = blocks[i].u_m,
                         .deck_edge_m = found ? (float)blocks[i].profile.inner : NAN,
                         .outer_edge_m = found ? (float)blocks[i].profile.outer : NAN,
                         .used = found && blocks[i].weight > 0.1};
    }
}

pl_status pl__freeboard_read_side(const pl_side_view *v, const pl_sight *sight, pl_arena *arena,
                                  pl_side_cue *out, pl_error *error) {
    *out = (pl_side_cue){0};
    bool quiet;
    if (!choose_cue(v, out, &quiet)) return PL_OK;
    bool dark = out->cue.kind == PL_CUE_DARK_BAND;
    size_t pixels = (size_t)v->image.width * (size_t)v->image.height;
    float *scratch = pl__arena_array(arena, pixels, sizeof *scratch);
    double *section = pl__arena_array(arena, (size_t)v->image.height, sizeof *section);
    pl_block *blocks = pl__arena_array(arena, PL__BLOCKS_MAX, sizeof *blocks);
    if (!scratch || !section || !blocks) return pl__fail_memory(error, "freeboard");

    double wall_share = dark && v->geometry.lean < 0 ? -v->geometry.lean / out->cue.per_metre : 0;
    pl_profile guess;
    if (!pl__freeboard_guess(v, out->cue.kind, wall_share, scratch, section, &guess, &out->reasons))
        return PL_OK;
    int count = pl__freeboard_cut(v, &guess, blocks);
    if (wall_share * (guess.outer - guess.inner) < 0.7 * v->pixel_m)
        wall_share = 0; /* narrower than the line spread */
    pl_profile_shape shape = {
        .spread = 0.5 * v->pixel_m, .outer_spread = 0.5 * v->pixel_m, .wall_share = wall_share};
    for (int i = 0; i < count; i++) pl__freeboard_fit_block(v, &guess, &shape, &blocks[i]);

    int good = 0;
    for (int i = 0; i < count; i++) good += blocks[i].good;
    if (good < 5 || 3 * good < count) {
        out->reasons |= PL_BIT(dark ? PL_SHADOW_ON_QUAY : PL_EDGE_NOT_FOUND);
        return PL_OK;
    }
    shape.spread = pl__freeboard_spread(v, &guess, blocks, count);
    double penumbra =
        dark ? pl__freeboard_penumbra(v, sight, (guess.outer - guess.inner) / out->cue.per_metre)
             : 0;
    shape.outer_spread = hypot(shape.spread, penumbra);
    guess.inner = median_of_good(blocks, count, true, scratch);
    guess.outer = guess.inner + median_of_good(blocks, count, false, scratch);

    for (int i = 0; i < count; i++) {
        blocks[i].profile = guess;
        pl__freeboard_fit_block(v, &guess, &shape, &blocks[i]);
    }
    int too_wide = 0;
    int used =
        pl__freeboard_weigh(v, blocks, count, arena, &out->edge_slope, &out->inner_m, &too_wide);
    if (used < 0) return pl__fail_memory(error, "freeboard");
    keep_stations(blocks, count, out);
    pl_width_curve mean = {.scatter = 0.2 * v->pixel_m};
    double c_sigma = sheer_sigma(v->length_m, out->cue.per_metre);
    if (used < 5 || used * 3 < count ||
        !pl__freeboard_fit_widths(blocks, count, c_sigma, arena, &mean)) {
        out->reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
        return PL_OK;
    }
    bool narrow = mean.f < PL__MIN_WIDTH_PX * v->pixel_m;
    if (dark && !pl__freeboard_read_tail(v, sight, blocks, count, &shape, arena, &mean.f, out))
        return pl__fail_memory(error, "freeboard");
    out->fit_sigma_m = mean.f_sigma;
    out->slope = mean.t / out->cue.per_metre;
    out->slope_sigma = mean.t_sigma / out->cue.per_metre;
    out->spread_m = shape.spread;

    /* gear makes parts of the band too wide: what was left out on that side alone is a measure of
     * what may remain */
    double wide_share = (double)too_wide / good;
    if (wide_share > 0.25) out->reasons |= PL_BIT(PL_DECK_GEAR_SHADOW);
    out->gear_sigma_m = wide_share * mean.scatter;

    out->cue.width_m.value = mean.f;
    out->cue.stations = 0;
    for (int i = 0; i < count; i++)
        out->cue.stations += blocks[i].weight > 0.1 ? blocks[i].last - blocks[i].first : 0;
    double contrast = fabs(guess.water - guess.band);
    double rows = blocks[0].last - blocks[0].first;
    double expected = sqrt(3.545 * shape.spread * v->pixel_m / rows) /
                      contrast; /* matched filter on a blurred step */
    out->cue.chi2 = mean.scatter * mean.scatter / (expected * expected);
    if (narrow) {
        out->reasons |= PL_BIT(PL_TOO_COARSE);
        out->cue.stations = 0;
    }
    if (v->saturated_share > 0.2) out->reasons |= PL_BIT(PL_SATURATED);
    return PL_OK;
}
