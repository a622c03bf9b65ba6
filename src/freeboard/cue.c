/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How high does this side stand, by what it shows, and how sure is that?
 *
 * 1. Geometry says which cue the side can carry: a dark band, a lit wall, or nothing.
 * 2. A search over the median section gives up to three places to start from (search.c).
 * 3. Everything is fitted at once from each (joint.c), for a middling clarity of the water. Those
 * that end much worse than the best are dropped.
 * 4. For a dark band the rest is fitted again for each clarity that water may have. All fits that
 * are left are weighed by their likelihood, tempered by how far the pixels hang together. Their
 * mean is the answer; how far they differ is the sigma `underwater`, what each is unsure of the
 * sigma `fit`. Two places that fit alike make a wide answer by themselves. */
#include <math.h>
#include <string.h>

#include "freeboard/joint.h"

enum {
    CLARITIES = 6,
    FROM_FIRST = 3
}; /* each continues from the one before it, this one from the first */
/* Diffuse attenuation in green per metre: coasts 0.3 to 3 (IOCCG), a factor of two from one to the
 * next, all as likely; the last stands for water that sends back nothing from below its surface. */
static const double ATTENUATION[CLARITIES] = {1.2, 0.6, 0.3, 2.4, 4.8, INFINITY};
static const double MIN_WIDTH_PX = 1.6; /* narrower bands have both edges inside one line spread */
static const double DROPPED = 25;       /* a fit that is so much worse (2 ln likelihood) is none */
static const double TAIL_SHAPE = 0.1;   /* of the tail's mean scale: it is no perfect exponential */
static const double LEAST_SEA_SHARE = 0.5;
/* Water beside the hull that is so much rougher than the open sea, and rough against the contrast
 * too, holds something that the model knows nothing of: a ship alongside, a jetty. */
static const double MOST_CHI2 = 10, MOST_MISFIT = 0.1;
/* Beyond its noise the inside of a band is even to a fiftieth of its contrast. Where it is not, one
 * of its edges is something else's: gear's, a trunk's; where it is not at all, there is no such
 * band. */
static const double UNEVEN = 0.03, UNEVEN_ADDS_M = 0.5, NO_BAND = 0.1;
/* A wall's section, foot and mirror image fit to a hundredth of the contrast; boot topping taken
 * for the foot, or the mirror image for the wall, leave more than this. */
static const double WALL_UNEVEN = 0.03;
/* What a second paint is not even asked for. */
static const double SURELY_EVEN = 0.005;
/* Of the sea's level: a wall that differs less from the water at its foot, mirror image and hidden
 * sky taken off, has its foot anywhere among them. */
static const double LEAST_FOOT = 0.1;
/* What must be seen of either paint of a wall with boot topping; and how far the outline may lie
 * from the deck's edge or the wall's foot. */
static const double PAINT_PX = 0.7, OUTLINE_PX = 1;
/* Of the sea's level: water in which a wall is mirrored, which also hides some of the sky. */
static const double DARKEST_IMAGE = 0.65, BRIGHTEST_IMAGE = 1.05;
/* Of ln clarity: two and a half sigmas of what is believed of one band (model.c). */
static const double ODD_CLARITY = 0.875;
/* Per metre: a sigma below the clearest water that is expected. */
static const double CLEAREST = 0.21;
/* 2 ln likelihood, by how far pixels hang together, that one paint more must gain where the section
 * is even without. */
static const double PAINT_GAIN = 60;
/* Of the other edge's step: what a deck's edge shows at least. */
static const double DECK_SHARE = 0.25;
/* Deck that is of one level with what lies within the edge: where, and to what share of the edge's
 * step. */
static const double INNER_FROM_PX = 2, INNER_TO_PX = 5, INNER_SHARE = 0.5;
/* A wall that would have to be brighter than white paint is a lit strip of deck beside shaded deck.
 * Where it is wider than this there is no doubt about it. */
static const double SLIVER_PX = 1.5;
/* Skylight over sunlight that comes back from the water: what a fit without a strip of shaded deck
 * needs where there is one. How wide a strip must be to be told from the edge's blur, and how much
 * better it must fit (2 ln likelihood, tempered). */
static const double TOO_MUCH_SKY = 0.9, STRIP_PX = 1.5, STRIP_GAIN = 8;
static const double GEAR_SHARE = 0.25; /* of the blocks left out: then gear is a doubt of its own */

static bool choose_cue(const pl_side_view *v, pl_side_cue *out) {
    double s = v->geometry.shadow, lean = v->geometry.lean;
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
    } /* else: sun on this side, seen from the other: it has nothing to say, and the other side will
       */
    return false;
}

typedef struct candidates {
    pl_fit fit[2 * PL__STARTS + CLARITIES];
    double tail_m[2 * PL__STARTS + CLARITIES]; /* green's, on the ground */
    int count;
    double other_m; /* how far another place that fits nearly as well is away */
} candidates;

/* A fit whose shadow is as bright as water has taken something else for it: the unlit wall alone,
 * gear on deck. Shaded water is darker by a tenth and more. */
static bool shows_band(const pl_side_view *v, pl_cue_kind kind, const pl_fit *fit) {
    for (int b = 0; b < v->bands; b++)
        if (fit->water_level[b] - fit->band_level[b] > PL__LEAST_SHADE * fabs(v->sea[b]))
            return true;
    return kind != PL_CUE_DARK_BAND;
}

/* Boot topping has a line that shows, with paint to see above and below it; a strip that is
 * narrower than its edges' blur stands for whatever the model does not know there. */
static bool painted(const pl_side_view *v, const pl_fit *fit) {
    double line_px = -v->geometry.lean * fit->p[PL__LINE] / v->pixel_m;
    double above_px = -v->geometry.lean * fit->p[PL__HEIGHT] / v->pixel_m - line_px;
    double off_px = (fit->p[PL__EDGE] - v->edge_m) / v->pixel_m; /* of the outline */
    bool outlined = fabs(off_px) < OUTLINE_PX || fabs(off_px + above_px + line_px) < OUTLINE_PX;
    bool no_image = false; /* of the wall in the water: so dark or so bright it is nowhere */
    for (int b = 0; b < v->bands; b++) {
        double share =
            (fit->level[b][PL__BAND] + fit->level[b][PL__BOOT]) / pl__max(fabs(v->sea[b]), 1e-9);
        no_image = no_image || share < DARKEST_IMAGE || share > BRIGHTEST_IMAGE;
    }
    return line_px > PAINT_PX && above_px > PAINT_PX && (outlined || v->edge_is_deck) && no_image;
}

/* Is what lies within the fitted edge of one level with the deck further in? A wall that is nearly
 * as bright as its deck, or a rail's white line, is taken for the deck otherwise, and what lies
 * beyond it for the wall. */
static bool one_deck(const pl_side_view *v, const pl_fit *fit) {
    bool one = false;
    for (int b = 0; b < v->bands; b++) {
        double sum = 0, count = 0;
        for (int i = 0; i < v->blocks; i++) {
            double u = (i + 0.5) * v->block_m - PL__MID_SHARE * v->length_m;
            double in_m = fit->p[PL__EDGE] + fit->p[PL__TURN] * u - v->n0_m;
            int from = (int)pl__max((in_m - INNER_TO_PX * v->pixel_m) / v->bin_m, 0);
            int to = (int)pl__min((in_m - INNER_FROM_PX * v->pixel_m) / v->bin_m, v->bins);
            for (int j = from; j < to; j++) {
                const pl_sample *s = pl__sample(v, i, j);
                if (!(s->count > 0)) continue;
                sum += (double)s->value[b];
                count++;
            }
        }
        double step = fabs(fit->deck_level[b] - fit->band_level[b]);
        one = one || (count > 0 && fabs(sum / count - fit->deck_level[b]) < INNER_SHARE * step);
    }
    return one;
}

/* Adds a fit. Weights and variances are the first start's: the search found it the best. */
static bool try_start(const pl_side_view *v, const pl_sight *sight, pl_cue_kind kind,
                      const pl_window *window, const pl_start *start, pl_arena *arena,
                      candidates *c) {
    pl_fit *f = &c->fit[c->count];
    if (!pl__freeboard_joint(v, kind, sight, window, start, ATTENUATION[0],
                             c->count ? PL__WEIGHTS : PL__NOTHING, c->fit, arena, f) ||
        !shows_band(v, kind, f))
        return false;
    c->count++;
    return true;
}

/* Does a wall of one paint leave nothing to explain beyond that share of its contrast? */
static bool even(const pl_side_view *v, const pl_fit *fit, double most) {
    return !fit->boot && !fit->odd_water && fit->unevenness <= most &&
           fit->foot_share >= LEAST_FOOT && one_deck(v, fit);
}

/* How much likelier is a than b (2 ln likelihood, by how far pixels hang together)? A wall of one
 * paint stands where it explains what is seen: one paint more fits anything better. */
static double likelier(const pl_side_view *v, const pl_fit *a, const pl_fit *b) {
    double gain = (b->cost - a->cost) / pl__max(a->inflation, b->inflation);
    if (a->boot == b->boot) return gain;
    if (!even(v, a->boot ? b : a, WALL_UNEVEN)) return gain;
    return gain + (a->boot ? -PAINT_GAIN : PAINT_GAIN);
}

static int best_of(const pl_side_view *v, const candidates *c) {
    int best = 0;
    for (int i = 1; i < c->count; i++)
        if (likelier(v, &c->fit[i], &c->fit[best]) > 0) best = i;
    return best;
}

/* The best fit from the starts, walls of one paint first, and how far away another one is that fits
 * nearly as well. */
static bool fit_starts(const pl_side_view *v, const pl_sight *sight, pl_cue_kind kind,
                       const pl_start *start, int starts, pl_arena *arena, candidates *c,
                       pl_fit *chosen) {
    pl_window all = pl__freeboard_window(v, kind, start, starts, false);
    c->count = 0;
    for (int i = 0; i < starts; i++) {
        if (start[i].boot_m > 0 && c->count > 0 && even(v, &c->fit[best_of(v, c)], SURELY_EVEN))
            break;
        if (!try_start(v, sight, kind, &all, &start[i], arena, c)) continue;
        const pl_fit *f = &c->fit[c->count - 1];
        if (!f->boot || painted(v, f)) continue;
        /* its place may be that of a wall of one paint */
        pl_start plain = {.edge_m = f->p[PL__EDGE], .freeboard_m = f->p[PL__HEIGHT]};
        c->count--;
        try_start(v, sight, kind, &all, &plain, arena, c);
    }
    if (c->count == 0) return false;
    *chosen = c->fit[best_of(v, c)];
    /* places elsewhere that are nearly as good stay in doubt, as far as they are apart */
    for (int i = 0; i < c->count; i++) {
        double worse = pl__max(likelier(v, chosen, &c->fit[i]), 0);
        double apart = fabs(c->fit[i].p[PL__HEIGHT] - chosen->p[PL__HEIGHT]);
        if (worse < DROPPED) c->other_m = pl__max(c->other_m, apart * exp(-0.25 * worse));
    }
    return true;
}

/* The fits that are to be weighed, from the best of the starts for every clarity: the pixels round
 * its place only, and weights of their own. */
static bool fit_all(const pl_side_view *v, const pl_sight *sight, pl_cue_kind kind,
                    const pl_fit *chosen, pl_arena *arena, candidates *c) {
    double tail_m = pl__freeboard_tail_m(v, sight);
    pl_start at = {.edge_m = chosen->p[PL__EDGE],
                   .freeboard_m = chosen->p[PL__HEIGHT],
                   .boot_m = chosen->boot ? chosen->p[PL__LINE] : 0,
                   .strip_m = chosen->strip ? pl__max(chosen->p[PL__RIM], v->pixel_m) : 0};
    pl_window near = pl__freeboard_window(v, kind, &at, 1, true);
    c->count = 0;
    for (int k = 0; k < CLARITIES; k++) {
        pl_fit *f = &c->fit[c->count];
        double attenuation = ATTENUATION[k];
        const pl_fit *before = !c->count ? chosen : k == FROM_FIRST ? c->fit : f - 1;
        if (!pl__freeboard_joint(v, kind, sight, &near, &at, attenuation,
                                 c->count ? PL__ALL : PL__PLACE, before, arena, f))
            continue;
        c->tail_m[c->count++] = isfinite(attenuation) ? tail_m / attenuation : 0;
    }
    return c->count > 0;
}

/* Gear whose shadow ends on deck beside the edge leaves a strip of shaded deck there, about as dark
 * as shaded water: the deck seems to end within its edge, and the band comes out too wide by all of
 * the strip (0.9 to 1.0 m of freeboard in drawn ships; no sigma knew of it). A fit without a strip
 * says by itself that something is amiss: it takes what is darker next to the hull for hidden sky,
 * more than there is. Then a strip is tried, on the same pixels, and believed where it is wider
 * than the line spread and fits better. */
static bool find_strip(const pl_side_view *v, const pl_sight *sight, pl_cue_kind kind,
                       const candidates *c, const pl_fit *held, pl_arena *arena, pl_fit *out) {
    const pl_fit *first = &c->fit[0];
    if (kind != PL_CUE_DARK_BAND || held->veiled < TOO_MUCH_SKY || !pl__freeboard_gear_reaches(v))
        return false;
    pl_start at = {.edge_m = first->p[PL__EDGE], .freeboard_m = first->p[PL__HEIGHT]};
    pl_window same = pl__freeboard_window(v, kind, &at, 1, true);
    at.strip_m = STRIP_PX * v->pixel_m;
    return pl__freeboard_joint(v, kind, sight, &same, &at, ATTENUATION[0], PL__ALL, first, arena,
                               out) &&
           out->p[PL__RIM] > STRIP_PX * v->pixel_m &&
           first->cost - out->cost > STRIP_GAIN * first->inflation;
}

/* -2 ln of a fit's probability. What pixels say is less than their number, by how far they hang
 * together; what was believed before is not. */
static double tempered(const pl_fit *fit, double temper) {
    return (fit->cost - fit->belief) / temper + fit->belief;
}

/* Their mean and scatter; the best one is returned. Fits that ended in the same place count once.
 */
static const pl_fit *weigh(const candidates *c, pl_side_cue *out) {
    int best = 0;
    for (int i = 1; i < c->count; i++)
        if (c->fit[i].cost < c->fit[best].cost) best = i;
    double temper = c->fit[best].inflation, total = 0, mean = 0, square = 0, own = 0, tail = 0;
    double gear = 0, white = 0, least = INFINITY;
    for (int i = 0; i < c->count; i++) least = pl__min(least, tempered(&c->fit[i], temper));
    for (int i = 0; i < c->count; i++) {
        double worse = tempered(&c->fit[i], temper) - least;
        if (worse > DROPPED) continue;
        double w = exp(-0.5 * worse), f = c->fit[i].p[PL__HEIGHT];
        total += w;
        mean += w * f;
        square += w * f * f;
        double variance = c->fit[i].covariance[PL__GEAR][PL__GEAR];
        double shared = c->fit[i].covariance[PL__HEIGHT][PL__GEAR];
        double by_gear = variance > 0 ? shared * shared / variance : 0;
        own += w * pl__max(c->fit[i].covariance[PL__HEIGHT][PL__HEIGHT] - by_gear, 0);
        gear += w * by_gear;
        tail += w * c->tail_m[i];
        white += w * c->fit[i].bound_m * c->fit[i].bound_m;
    }
    mean /= total;
    out->tail_m = tail / total;
    out->cue.freeboard_m.value = mean;
    out->cue.width_m.value = mean * out->cue.per_metre;
    out->other_m = c->other_m;
    out->fit_sigma_m = hypot(sqrt(own / total), out->other_m);
    out->gear_sigma_m = sqrt(gear / total);
    out->by_rim = c->fit[best].by_rim;
    out->by_foot = c->fit[best].by_foot;
    double between = sqrt(pl__max(square / total - mean * mean, 0));
    out->bound_m = hypot(sqrt(white / total), between);
    out->tail_sigma_m = hypot(between, TAIL_SHAPE * out->tail_m / out->cue.per_metre);
    return &c->fit[best];
}

static pl_station_use use_of(const pl_fit *fit, int block) {
    if (!fit->straight[block]) return PL_STATION_ENDS;
    return fit->weight[block] > 0.1 ? PL_STATION_USED : PL_STATION_ODD;
}

static void keep_stations(const pl_side_view *v, const pl_fit *fit, pl_side_cue *out) {
    const double *p = fit->p;
    for (int i = 0; i < v->blocks && i < PL_STATIONS_MAX; i++) {
        double u = (i + 0.5) * v->block_m - PL__MID_SHARE * v->length_m;
        double f = pl__freeboard_height(v, p, u);
        double edge = p[PL__EDGE] + p[PL__TURN] * u - pl__freeboard_inset(v, p, u) +
                      v->geometry.lean * (f - p[PL__HEIGHT]);
        double own = fit->excess[i];
        out->station[out->station_count++] = (pl_station){
            .along_m = u,
            .deck_edge_m = (float)edge,
            .outer_edge_m = (float)(isnan(own) ? NAN : edge + out->cue.per_metre * (f + own)),
            .use = use_of(fit, i)};
    }
}

/* Does any band show an edge between the deck and what lies beyond it? Where deck and wall are
 * alike, the edge may be anywhere. */
static bool parts_from_deck(const pl_side_view *v, const pl_fit *fit) {
    bool parts = false;
    for (int b = 0; b < v->bands; b++) {
        double deck = fabs(fit->deck_level[b] - fit->band_level[b]);
        double water = fabs(fit->water_level[b] - fit->band_level[b]);
        parts = parts || (deck > 3 * v->sea_sigma[b] && deck > DECK_SHARE * water);
    }
    return parts;
}

/* Is the water clearer or more turbid than what it is fitted for, in all bands, beyond belief? Boot
 * topping taken for water asks for that; where it is fitted as paint, clear water is no sign of it.
 */
static bool odd_clarity(const pl_side_view *v, const pl_fit *fit) {
    double sum = 0;
    for (int b = 0; b < v->bands; b++) sum += fit->p[PL__CLARITY + b];
    double clarity = sum / v->bands, ln_k = log(fit->attenuation_per_m) - clarity;
    return fabs(clarity) > ODD_CLARITY || (!fit->boot && ln_k < log(CLEAREST));
}

/* Why the fit says nothing after all. */
static pl_reasons refuse(const pl_side_view *v, const pl_fit *fit, const pl_side_cue *cue) {
    bool dark = cue->cue.kind == PL_CUE_DARK_BAND;
    if (!shows_band(v, cue->cue.kind, fit) || (!dark && fit->foot_share < LEAST_FOOT))
        return PL_BIT(PL_LOW_CONTRAST);
    if (fit->boot && !painted(v, fit)) return PL_BIT(PL_EDGE_NOT_FOUND);
    if (!parts_from_deck(v, fit) ||
        (!dark && (fit->odd_water || odd_clarity(v, fit) || !one_deck(v, fit))))
        return PL_BIT(PL_EDGE_NOT_FOUND);
    if (3 * fit->blocks_used < fit->blocks_straight) return PL_BIT(PL_EDGE_NOT_FOUND);
    if (fit->sea_share < LEAST_SEA_SHARE)
        return PL_BIT(dark ? PL_SHADOW_ON_QUAY : PL_EDGE_NOT_FOUND);
    if (fit->bright_wall && -v->geometry.lean * fit->p[PL__HEIGHT] > SLIVER_PX * v->pixel_m)
        return PL_BIT(PL_EDGE_NOT_FOUND);
    if (fit->unevenness > (dark ? NO_BAND : WALL_UNEVEN)) return PL_BIT(PL_EDGE_NOT_FOUND);
    if (fit->chi2 > MOST_CHI2 && fit->misfit > MOST_MISFIT) return PL_BIT(PL_EDGE_NOT_FOUND);
    if (cue->cue.width_m.value < MIN_WIDTH_PX * v->pixel_m) return PL_BIT(PL_TOO_COARSE);
    return 0;
}

/* A lit wall may have boot topping. @return -1: no memory. */
static int search(const pl_side_view *v, pl_cue_kind kind, pl_arena *arena, pl_start *start,
                  pl_reasons *reasons) {
    pl_reasons plain = 0, painted = 0;
    int count = pl__freeboard_search(v, kind, false, arena, start, &plain), more = 0;
    if (count >= 0 && kind == PL_CUE_LIT_WALL)
        more = pl__freeboard_search(v, kind, true, arena, start + count, &painted);
    if (count + more == 0) *reasons |= plain;
    return count < 0 || more < 0 ? -1 : count + more;
}

pl_status pl__freeboard_read_side(const pl_side_view *v, const pl_sight *sight,
                                  const pl_side_cue *before, pl_arena *arena, pl_side_cue *out,
                                  pl_error *error) {
    *out = (pl_side_cue){0};
    if (!choose_cue(v, out)) return PL_OK;
    pl_start start[2 * PL__STARTS];
    candidates *c = pl__arena_alloc(arena, sizeof *c);
    pl_fit chosen;
    if (!c) return pl__fail_memory(error, "freeboard");
    c->other_m = 0;
    if (before) {
        chosen = before->best;
        c->other_m = before->other_m;
    } else {
        int starts = search(v, out->cue.kind, arena, start, &out->reasons);
        if (starts < 0) return pl__fail_memory(error, "freeboard");
        if (starts == 0) return PL_OK;
        if (!fit_starts(v, sight, out->cue.kind, start, starts, arena, c, &chosen)) {
            out->reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
            return PL_OK;
        }
    }
    if (!fit_all(v, sight, out->cue.kind, &chosen, arena, c)) {
        out->reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
        return PL_OK;
    }
    const pl_fit *fit = weigh(c, out);
    if (!(before && before->strip_m > 0) &&
        find_strip(v, sight, out->cue.kind, c, fit, arena, &chosen)) {
        if (!fit_all(v, sight, out->cue.kind, &chosen, arena, c)) {
            out->reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
            return PL_OK;
        }
        fit = weigh(c, out);
    }
    out->strip_m = fit->strip ? pl__max(fit->p[PL__RIM], v->bin_m) : 0;
    out->best = *fit;
    out->slope = fit->p[PL__TRIM];
    out->slope_sigma = sqrt(fit->covariance[PL__TRIM][PL__TRIM]);
    out->turn = fit->p[PL__TURN];
    out->edge_m = fit->p[PL__EDGE];
    out->cue.chi2 = fit->chi2;
    keep_stations(v, fit, out);
    memcpy(out->deck, fit->deck, sizeof out->deck);
    memcpy(out->band_level, fit->band_level, sizeof out->band_level);
    memcpy(out->straight, fit->straight, sizeof out->straight);
    pl_reasons why = refuse(v, fit, out);
    if (why) {
        out->reasons |= why;
        return PL_OK;
    }
    double left_out = 1 - pl__min(1, (double)fit->blocks_used / fit->blocks_straight);
    bool uneven = fit->unevenness > UNEVEN || fit->bright_wall;
    if (uneven) out->gear_sigma_m = hypot(out->gear_sigma_m, UNEVEN_ADDS_M);
    if (left_out > GEAR_SHARE || uneven) out->reasons |= PL_BIT(PL_DECK_GEAR_SHADOW);
    out->gear_sigma_m = hypot(out->gear_sigma_m, left_out * out->fit_sigma_m);
    out->cue.stations = (int)lround(fit->blocks_used * v->block_m / v->pixel_m);
    if (v->saturated_share > 0.2) out->reasons |= PL_BIT(PL_SATURATED);
    return PL_OK;
}
