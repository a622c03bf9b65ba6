/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where, roughly, are the edges of this side's band?
 *
 * Tried everywhere: for each deck edge near the outline's and each height that a ship may show, the
 * section of medians along the straight part of the hull is held against deck | band | water with
 * blurred edges. Levels are means between the edges. Residuals are capped, so that a tug, a quay or
 * a wake further out costs the same wherever the edges are. The best places are where the joint fit
 * starts; that there are several is itself a finding. */
#include <math.h>
#include <string.h>

#include "freeboard/internal.h"

static const double LEAST_M = 0.2;
static const double STEP_PX = 0.5;   /* of the width, from one trial to the next */
static const double CAP = 9;         /* three sigmas */
static const double SURE_SIGMAS = 2; /* troughs of a swell are no shadow */
/* Of the contrast: levels are not quite level. On a lit side the contrast is the deck's own,
 * several times what wall and water differ by. */
static const double LEVEL_SHARE = 0.05, LIT_LEVEL_SHARE = 0.015;
static const double OPEN_M = 6, OPEN_PX = 14;  /* of water that no band reaches (samples.c) */
static const double DECK_PX = 2.0, SEA_PX = 8; /* samples that count on either side */
static const double EDGE_PX = 1.8, BLUR_SHARE = 0.1;
/* Of the height: waves blur the end of the wall's mirror image. */
static const double IMAGE_BLUR = 0.1;
/* Where boot topping's line is tried, of the height. */
enum { BOOT_LINES = 4 };
static const double BOOT_SHARES[BOOT_LINES] = {0.2, 0.35, 0.5, 0.65};
static const double NOTHING_GAIN = 12; /* less than this against no band at all is none */

/* Levels: plate is a wall in sight, below the band or the wall's image in the water. */
enum { DECK, PLATE, BELOW, SEA, BOOT, LEVELS };

typedef struct section {
    int bins, bands;
    double *n;                /* place of each bin */
    double *value[PL__BANDS]; /* medians; NAN where there are none */
    double scale[PL__BANDS];  /* sigma of a median */
    double open[PL__BANDS];   /* how far medians of open water lie apart */
    double far_m;             /* all trials answer for the bins up to here */
    double (*share)[LEVELS];  /* of each level in each bin, of one trial: the same for all bands */
} section;

/* ---- the section of medians ---- */

static bool make_section(const pl_side_view *v, pl_arena *arena, section *s) {
    size_t bins = (size_t)v->bins;
    double *all = pl__arena_array(arena, (1 + (size_t)v->bands) * bins, sizeof *all);
    float *scratch = pl__arena_array(arena, (size_t)v->blocks, sizeof *scratch);
    double(*share)[LEVELS] = pl__arena_array(arena, bins, sizeof *share);
    if (!all || !scratch || !share) return false;
    *s = (section){.bins = v->bins, .bands = v->bands, .n = all, .share = share};
    for (int b = 0; b < v->bands; b++) s->value[b] = all + (1 + (size_t)b) * bins;
    for (int j = 0; j < v->bins; j++) {
        double place = 0, weight = 0;
        for (int b = 0; b < v->bands; b++) {
            size_t k = 0;
            for (int i = 0; i < v->blocks; i++) {
                const pl_sample *p = pl__sample(v, i, j);
                if (!(p->count > 0)) continue;
                scratch[k++] = p->value[b];
                if (b > 0) continue;
                place += (double)(p->n_m * p->count);
                weight += (double)p->count;
            }
            s->value[b][j] = 3 * k >= (size_t)v->blocks ? pl__image_quantile(scratch, k, 0.5) : NAN;
        }
        s->n[j] = weight > 0 ? place / weight : v->n0_m + (j + 0.5) * v->bin_m;
    }
    return true;
}

static int bin_at(const pl_side_view *v, double n_m) {
    return (int)pl__clamp(floor((n_m - v->n0_m) / v->bin_m), 0, v->bins);
}

/* ---- one trial ---- */

typedef struct trial {
    double edge, foot, outer; /* deck's edge, wall's foot, end of the band: metres from the axis */
    bool dark_wall;           /* the wall is darker than water: it belongs to no outline */
    double boot;              /* boot topping's line; NAN: none */
    double image;             /* end of the wall's mirror image in the water, where no band lies */
    double image_blur_m;
} trial;

static trial place(const pl_side_view *v, pl_cue_kind kind, double edge_m, double f, double boot_m,
                   bool dark_wall) {
    double lean = v->geometry.lean, shadow = v->geometry.shadow;
    trial t = {edge_m, edge_m + pl__max(-lean, 0) * f, 0, dark_wall, NAN, -INFINITY, 0};
    if (boot_m > 0) t.boot = t.foot - pl__max(-lean, 0) * boot_m;
    if (kind == PL_CUE_LIT_WALL) {
        t.image = 2 * t.foot - t.edge;
        t.image_blur_m = pl__max(v->pixel_m, IMAGE_BLUR * f);
    }
    t.outer = kind == PL_CUE_DARK_BAND ? edge_m + (shadow - lean) * f : t.foot;
    return t;
}

/* A cubic that rises over two and a half pixels, close to a blurred step. */
static double step(double x_m, double pixel_m) {
    double t = pl__clamp(0.5 + x_m / (2.5 * pixel_m), 0, 1);
    return t * t * (3 - 2 * t);
}

/* Levels by least squares on a window round the edges. */
static bool solve(double a[LEVELS][LEVELS + 1]) {
    for (int i = 0; i < LEVELS; i++) {
        if (!(fabs(a[i][i]) > 1e-9)) return false; /* the ridge keeps it from that */
        for (int r = 0; r < LEVELS; r++) {
            double k = a[r][i] / a[i][i];
            for (int c = i; c <= LEVELS && r != i; c++) a[r][c] -= k * a[i][c];
        }
    }
    return true;
}

static void shares(const trial *t, double n, double px, double x[LEVELS]) {
    double one = step(n - t->edge, px), two = step(n - t->foot, px), three = step(n - t->outer, px);
    double line = isnan(t->boot) ? two : step(n - t->boot, px);
    x[DECK] = 1 - one;
    x[PLATE] = one - line;
    x[BELOW] = isfinite(t->image) ? three * (1 - step(n - t->image, t->image_blur_m)) : two - three;
    x[SEA] = three;
    x[BOOT] = line - two;
}

static bool find_levels(const pl_side_view *v, const section *s, int b, const trial *t,
                        double level[LEVELS]) {
    double px = v->pixel_m, a[LEVELS][LEVELS + 1] = {{0}}, most = t->outer + SEA_PX * px;
    int from = bin_at(v, t->edge - DECK_PX * px);
    for (int j = from; j < s->bins && s->n[j] < most; j++) {
        const double *x = s->share[j];
        if (isnan(s->value[b][j])) continue;
        for (int i = 0; i < LEVELS; i++) {
            for (int k = 0; k < LEVELS; k++) a[i][k] += x[i] * x[k];
            a[i][LEVELS] += x[i] * s->value[b][j];
        }
    }
    /* a level that hardly shows is drawn to the sea's */
    for (int i = 0; i < LEVELS; i++) {
        a[i][i] += 0.05;
        a[i][LEVELS] += 0.05 * (i == BELOW && isfinite(t->image) ? 0 : v->sea[b]);
    }
    if (!solve(a)) return false;
    for (int i = 0; i < LEVELS; i++) level[i] = a[i][LEVELS] / a[i][i];
    return true;
}

/* @param off_m how far the trial's edge lies from the outline's. */
static double cost(const pl_side_view *v, const section *s, pl_cue_kind kind, const trial *t,
                   double off_m) {
    double px = v->pixel_m, own_m = 0.4 * px + v->beam_sigma_m;
    double sum = off_m * off_m / (own_m * own_m);
    bool dark = kind == PL_CUE_DARK_BAND, shaded = !dark;
    /* all trials answer for the same bins: else one that puts the deck's edge into the band, or
     * beyond, would not have to say what the edge is that lies further in. A lit wall's deck may
     * end within the outline by all of the wall */
    double low = v->edge_m - v->edge_within_m;
    if (!dark) low = pl__min(low, t->edge);
    low -= DECK_PX * px;
    for (int j = bin_at(v, low); j < s->bins && s->n[j] < s->far_m; j++)
        shares(t, s->n[j], px, s->share[j]);
    for (int b = 0; b < s->bands; b++) {
        double l[LEVELS];
        if (!find_levels(v, s, b, t, l)) return INFINITY;
        /* shaded water is darker than water and than a deck; a lit wall is brighter than water. A
         * band that shows it otherwise does not carry this cue, but others may */
        double tolerance = 2 * s->scale[b];
        double wall = dark ? l[BELOW] : l[PLATE];
        bool darker = wall <= l[SEA] && wall <= l[DECK] + tolerance;
        double least = pl__max(PL__LEAST_SHADE * fabs(v->sea[b]), SURE_SIGMAS * s->open[b]);
        shaded = shaded || l[SEA] - l[BELOW] > least;
        bool right_way = dark || t->dark_wall ? darker : wall >= l[SEA];
        /* the paint below its line is lighter or darker than that above */
        double wrong = right_way || !isnan(t->boot) ? 0 : 1;
        for (int j = bin_at(v, low); j < s->bins && s->n[j] < s->far_m; j++) {
            double model = 0;
            if (isnan(s->value[b][j])) continue;
            for (int i = 0; i < LEVELS; i++) model += l[i] * s->share[j][i];
            double r = s->value[b][j] - model;
            /* how the deck's edge is blurred is not known yet, and its jump is the largest of all
             */
            bool near = fabs(s->n[j] - t->edge) < EDGE_PX * px;
            double blur = near ? BLUR_SHARE * (l[DECK] - l[PLATE]) : 0;
            sum += pl__min(r * r / (s->scale[b] * s->scale[b] + blur * blur), CAP) + wrong;
        }
    }
    return shaded || t->outer <= t->edge ? sum : INFINITY; /* no band at all is a trial too */
}

/* ---- all trials ---- */

static void keep(const pl_side_view *v, double per_metre, const pl_start *found,
                 pl_start best[PL__STARTS], int *count) {
    double apart = 1.5 * v->pixel_m;
    int at = 0;
    while (at < *count && fabs(best[at].freeboard_m - found->freeboard_m) * per_metre > apart) at++;
    if (at == PL__STARTS)
        at = PL__STARTS - 1; /* none near, no room: it may take the worst one's place */
    if (at < *count && best[at].cost <= found->cost) return;
    if (at == *count) ++*count;
    best[at] = *found;
    for (; at > 0 && best[at].cost < best[at - 1].cost; at--) {
        pl_start t = best[at];
        best[at] = best[at - 1];
        best[at - 1] = t;
    }
}

/* How far medians of open water lie apart, beyond what any ship casts: crests of a swell run along
 * the hull, and then the blocks are no looks of their own. NAN: nothing was collected there. */
static double scatter(const pl_side_view *v, const section *s, int b) {
    double sum = 0, square = 0, count = 0;
    for (int j = bin_at(v, v->n0_m + v->bins * v->bin_m - OPEN_M - OPEN_PX * v->pixel_m);
         j < s->bins; j++) {
        if (isnan(s->value[b][j])) continue;
        double d = s->value[b][j] - v->sea[b];
        sum += d;
        square += d * d;
        count++;
    }
    return count > 1 ? sqrt(pl__max(square - sum * sum / count, 0) / (count - 1)) : NAN;
}

/* Contrast to be expected in each band, and how well a median is known. */
static bool set_scales(const pl_side_view *v, pl_cue_kind kind, section *s) {
    double seen = 0;
    for (int b = 0; b < s->bands; b++) {
        double extreme = 0, noise = 1.25 * v->sea_sigma[b] / sqrt(v->blocks);
        double apart = scatter(v, s, b);
        /* more than a pixel's: something lies there */
        s->open[b] = apart < v->sea_sigma[b] ? pl__max(noise, apart) : noise;
        noise = s->open[b];
        for (int j = bin_at(v, v->edge_m - v->pixel_m); j < s->bins; j++) {
            double d = s->value[b][j] - v->sea[b];
            if (s->n[j] > v->edge_m + 0.5 * v->beam_m) break;
            if (kind == PL_CUE_DARK_BAND) d = -d;
            if (kind == PL_CUE_LIT_WALL) d = fabs(d);
            if (d > extreme) extreme = d;
        }
        s->scale[b] =
            hypot(noise, (kind == PL_CUE_DARK_BAND ? LEVEL_SHARE : LIT_LEVEL_SHARE) * extreme);
        seen = pl__max(seen, extreme / noise);
    }
    return seen > 4;
}

int pl__freeboard_search(const pl_side_view *v, pl_cue_kind kind, bool boot, pl_arena *arena,
                         pl_start best[PL__STARTS], pl_reasons *reasons) {
    section s;
    int count = 0;
    double px = v->pixel_m, lean = v->geometry.lean, shadow = v->geometry.shadow;
    double per_metre = kind == PL_CUE_DARK_BAND ? shadow - lean : -lean;
    double most = 0.07 * v->length_m + 0.7, round_edge = v->edge_within_m;
    double nothing = INFINITY;
    /* with boot topping the wall may be brighter or darker: it is only asked whether it is within
     * the outline */
    int guesses = kind != PL_CUE_LIT_WALL ? 1 : boot ? 2 : 3, lines = boot ? BOOT_LINES : 1;
    if (!make_section(v, arena, &s)) return -1;
    s.far_m = kind == PL_CUE_DARK_BAND ? INFINITY
                                       : v->edge_m + round_edge + per_metre * most + SEA_PX * px;

    if (!set_scales(v, kind, &s)) {
        *reasons |= PL_BIT(PL_LOW_CONTRAST);
        return 0;
    }
    for (double d = -round_edge; d <= round_edge; d += STEP_PX * px) {
        for (double f = LEAST_M; f <= most; f += STEP_PX * px / per_metre) {
            for (int guess = 0; guess < guesses; guess++) {
                /* a bright wall belongs to the outline, whose edge is the wall's foot; a dark one
                 * may */
                bool within = kind == PL_CUE_LIT_WALL && !v->edge_is_deck && guess < (boot ? 1 : 2);
                double edge = v->edge_m + d - (within ? per_metre * f : 0);
                for (int k = 0; k < lines; k++) {
                    double boot_m = boot ? BOOT_SHARES[k] * f : 0;
                    trial t = place(v, kind, edge, f, boot_m, guess > 0);
                    pl_start found = {edge, f, boot_m, 0, cost(v, &s, kind, &t, d)};
                    if (isfinite(found.cost)) keep(v, per_metre, &found, best, &count);
                }
            }
        }
        trial none = place(v, kind, v->edge_m + d, 0, 0, false);
        nothing = pl__min(nothing, cost(v, &s, kind, &none, d));
    }
    if (count == 0 || nothing - best[0].cost < NOTHING_GAIN) {
        *reasons |= PL_BIT(count == 0 ? PL_EDGE_NOT_FOUND : PL_LOW_CONTRAST);
        return 0;
    }
    return count;
}
