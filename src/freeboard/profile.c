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
#include <string.h>

#include "freeboard/internal.h"

enum { BLOCKS_MAX = 160, SAMPLES_MAX = 512, STACK_MAX = 4096, TAILS = 9, SPREADS = 8, BLURS = 6 };
static const double MID_SHARE = 0.30; /* of the length on either side of midships */
static const double BLOCK_M = 3.0;
static const double MIN_WIDTH_PX = 1.6; /* narrower bands: both edges inside one line spread */
static const double CLUSTER_PX = 0.4,
                    CLUSTER_SHARE =
                        0.25; /* blocks whose inner edges agree, and how many make a side */
static const double MIN_CONTRAST = 1.2; /* of the band against water, in sigmas of a single pixel */
static const double SPREAD_PX[SPREADS] = {0.30, 0.38, 0.46, 0.54, 0.64, 0.76, 0.92, 1.15};
/* Diffuse attenuation per metre: coastal water 0.3 to 3 (IOCCG); the first entry stands for none
 * seen. */
static const double NO_TAIL_PRIOR =
    0.5; /* turbid or dark water shows none: as likely as all the clear waters together */
static const double ATTENUATION[TAILS] = {INFINITY, 4.0, 2.5, 1.6, 1.0, 0.7, 0.5, 0.35, 0.25};
static const double REFRACTION = 1.34;
/* Symmetric blur of the outer edge over the line spread's: waves carry the edge to and fro. */
static const double BLUR[BLURS] = {0.9, 1.0, 1.15, 1.3, 1.5, 1.8};

typedef struct block {
    double u_m;
    int first, last; /* columns */
    pl_profile profile;
    double residual; /* sum of squares */
    int samples;
    bool good;    /* water is water, edges in order */
    double width; /* from the side's straight line to the block's own outer edge */
    double weight;
} block;

typedef struct reading {
    double f, t, c; /* width at midships, its slope and curvature along u */
    double f_sigma, t_sigma;
    double scatter; /* of the widths round the curve */
    int used;
} reading;

/* ---- cross-sections ---- */

static double column_mean(const pl_side_view *v, int first, int last, int j) {
    double sum = 0;
    int n = 0;
    for (int i = first; i < last; i++) {
        double x = (double)v->image.data[(size_t)j * (size_t)v->image.width + (size_t)i];
        if (!isnan(x)) {
            sum += x;
            n++;
        }
    }
    return 2 * n > last - first ? sum / n : NAN;
}

static void median_section(const pl_side_view *v, float *scratch, double *section) {
    for (int j = 0; j < v->image.height; j++) {
        size_t n = 0;
        for (int i = 0; i < v->image.width; i++) {
            double u = v->u0_m + (i + 0.5) * v->pixel_m;
            if (fabs(u) < MID_SHARE * v->length_m)
                scratch[n++] = v->image.data[(size_t)j * (size_t)v->image.width + (size_t)i];
        }
        section[j] = pl__image_quantile(scratch, n, 0.5);
    }
}

static double n_of(const pl_side_view *v, double j) {
    return v->n0_m + (j + 0.5) * v->pixel_m;
}
static int j_of(const pl_side_view *v, double n_m) {
    return (int)floor((n_m - v->n0_m) / v->pixel_m);
}

/* ---- first guess ---- */

/* The dark run beside the hull: where the median section lies below half its darkest value. Deck
 * that gear shades is not as dark as shaded water, so the run's inner end is the deck's edge even
 * there. With an unlit wall in sight the run may begin at the wall's foot instead: then the
 * steepest fall further in, if a bright deck ends there, is the edge. */
static bool guess_dark(const pl_side_view *v, const double *section, double wall_share,
                       pl_profile *guess, pl_reasons *reasons) {
    double px = v->pixel_m, reach = 0.12 * v->beam_m + 1.5 + 3 * px;
    int low = j_of(v, v->edge_m - 0.04 * v->beam_m - 1.0 - 2 * px), darkest = -1;
    if (low < 1) low = 1;
    for (int j = low; j < v->image.height && !isnan(section[j]) && n_of(v, j) <= v->edge_m + reach;
         j++) {
        if (darkest < 0 || section[j] < section[darkest]) darkest = j;
    }
    if (darkest < 0 || !(section[darkest] < -MIN_CONTRAST)) {
        *reasons |= PL_BIT(PL_LOW_CONTRAST);
        return false;
    }
    double half = 0.5 * section[darkest];
    int inner = darkest, outer = darkest;
    while (inner > 0 && section[inner - 1] < half) inner--;
    while (outer + 1 < v->image.height && section[outer + 1] < half) outer++;
    if (inner == 0 || outer + 1 >= v->image.height || isnan(section[outer + 1])) {
        *reasons |= PL_BIT(inner == 0 ? PL_EDGE_NOT_FOUND : PL_SHADOW_ON_QUAY);
        return false;
    }
    double part = pl__clamp((half - section[outer]) / (section[outer + 1] - section[outer]), 0, 1);
    double foot = n_of(v, inner - 0.5), end = n_of(v, outer + part), edge = foot;
    if (wall_share > 0) { /* foot = edge + share (end - edge): where would the edge be? */
        double predicted = (foot - wall_share * end) / (1.0 - wall_share), steepest = 0;
        for (int j = j_of(v, predicted - 1.5 * px); j < inner && wall_share < 0.9; j++) {
            double fall = j > 0 ? section[j] - section[j + 1] : 0;
            if (fall > steepest && fall > fabs(half)) {
                steepest = fall;
                edge = n_of(v, j + 0.5);
            }
        }
    }
    int deck = j_of(v, edge - 1.5 * px);
    *guess = (pl_profile){.inner = edge,
                          .outer = end,
                          .deck = section[deck > 0 ? deck : 0],
                          .band = section[darkest],
                          .water = 0};
    return true;
}

/* Sum of squares of a median section against three flat levels with blurred edges; the inner edge
 * is tried everywhere. */
static bool guess_wall(const pl_side_view *v, const double *section, pl_profile *guess,
                       pl_reasons *reasons) {
    double px = v->pixel_m, position[SAMPLES_MAX], value[SAMPLES_MAX];
    pl_profile_shape shape = {.spread = 0.5 * px, .outer_spread = 0.5 * px};
    double deepest = v->edge_m - 0.5 * v->beam_m * 0.5, best = INFINITY, flat = INFINITY;
    for (double inner = v->edge_m - MIN_WIDTH_PX * px; inner > deepest; inner -= 0.5 * px) {
        int n = 0;
        for (int j = j_of(v, v->edge_m - 0.3 * v->beam_m); j < v->image.height && n < SAMPLES_MAX;
             j++) {
            double at = n_of(v, j);
            if (j < 0 || at > v->edge_m + 5 * px || isnan(section[j])) continue;
            position[n] = at;
            value[n++] = section[j];
        }
        if (n < 10) break;
        pl_profile p = {.inner = inner, .outer = v->edge_m, .water = 0};
        p.band = section[j_of(v, v->edge_m - 1.2 * px)];
        p.deck = section[j_of(v, inner - 1.5 * px) > 0 ? j_of(v, inner - 1.5 * px) : 0];
        double ssr = pl__freeboard_fit_profile(&(pl_samples){n, position, value}, &shape, &p);
        if (ssr > flat || isnan(ssr)) continue;
        flat = ssr > best ? flat : ssr;
        if (ssr < best) {
            best = ssr;
            *guess = p;
        }
    }
    bool stands_out = isfinite(best) && guess->band > 4 * MIN_CONTRAST &&
                      fabs(guess->deck - guess->band) > 0.12 * fabs(guess->band) &&
                      guess->outer - guess->inner > px;
    if (!stands_out) *reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
    return stands_out;
}

/* ---- blocks ---- */

static int cut_blocks(const pl_side_view *v, const pl_profile *guess, block *blocks) {
    int columns = (int)lround(pl__max(BLOCK_M, 3 * v->pixel_m) / v->pixel_m), count = 0;
    for (int i = 0; i + columns <= v->image.width && count < BLOCKS_MAX; i += columns) {
        double u = v->u0_m + (i + 0.5 * columns) * v->pixel_m;
        if (fabs(u) > MID_SHARE * v->length_m) continue;
        blocks[count++] = (block){.u_m = u, .first = i, .last = i + columns, .profile = *guess};
    }
    return count;
}

/* The block's mean section between two distances. */
static pl_samples section_of(const pl_side_view *v, const block *b, double n0_m, double n1_m,
                             double *position, double *value) {
    int n = 0;
    for (int j = j_of(v, n0_m) > 0 ? j_of(v, n0_m) : 0; j < v->image.height && n < SAMPLES_MAX;
         j++) {
        double at = n_of(v, j);
        if (at > n1_m) break;
        double mean = column_mean(v, b->first, b->last, j);
        if (isnan(mean)) continue;
        position[n] = at;
        value[n++] = mean;
    }
    return (pl_samples){n, position, value};
}

static void fit_block(const pl_side_view *v, const pl_profile *guess, const pl_profile_shape *shape,
                      block *b) {
    double position[SAMPLES_MAX], value[SAMPLES_MAX], px = v->pixel_m;
    pl_samples s =
        section_of(v, b, guess->inner - 2.2 * px, guess->outer + 4 * px + 3.0, position, value);
    b->good = false;
    if (s.count < 9) return;
    /* what lies inside the deck edge is gear and paint: two and a half pixels of it are enough to
     * know its level */
    double settled = pl__freeboard_fit_profile(&s, shape, &b->profile);
    const pl_profile *p = &b->profile;
    double contrast = fabs(guess->band - guess->water);
    bool water_is_water = fabs(p->water) < pl__max(0.5 * contrast, 4.0);
    bool in_order = p->outer > p->inner && fabs(p->inner - guess->inner) < 1.5 * px + 0.5 &&
                    p->outer < position[s.count - 1] - px;
    b->good = isfinite(settled) && water_is_water && in_order;
}

/* The line spread that fits the inner edges best; each block has one voice (log), so that clutter
 * cannot shout. */
static double choose_spread(const pl_side_view *v, const pl_profile *guess, const block *blocks,
                            int count) {
    double best = INFINITY, chosen = SPREAD_PX[3] * v->pixel_m, px = v->pixel_m;
    double width = guess->outer - guess->inner;
    for (int k = 0; k < SPREADS; k++) {
        pl_profile_shape shape = {.spread = SPREAD_PX[k] * px, .outer_spread = SPREAD_PX[k] * px};
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double position[SAMPLES_MAX], value[SAMPLES_MAX];
            pl_profile p = blocks[i].profile;
            pl_samples s = section_of(v, &blocks[i], p.inner - 2.5 * px,
                                      p.inner + pl__max(2 * px, 0.6 * width), position, value);
            if (!blocks[i].good || s.count < 5) continue;
            double contrast = p.deck - p.band;
            double r = pl__freeboard_fit_profile(&s, &shape, &p);
            sum += log(r / (contrast * contrast) + 1e-4);
        }
        if (sum < best) {
            best = sum;
            chosen = shape.spread;
        }
    }
    return chosen;
}

static double median_of_good(const block *blocks, int count, bool inner, float *scratch) {
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        if (blocks[i].good)
            scratch[n++] = (float)(inner ? blocks[i].profile.inner
                                         : blocks[i].profile.outer - blocks[i].profile.inner);
    }
    return pl__image_quantile(scratch, n, 0.5);
}

/* The deck's edge as a straight line. Gear's shadow on the deck can only move the inner edge
 * inward, so of the clusters that the blocks' edges form, the outermost that holds a fair share of
 * them is the side. */
static bool fit_inner_line(const pl_side_view *v, const block *blocks, int count, double *scratch,
                           pl_arena *arena, double *mid, double *slope) {
    double px = v->pixel_m, *u = scratch, *y = scratch + count;
    int good = 0, n = 0;
    double edge = -INFINITY;
    for (int i = 0; i < count; i++) good += blocks[i].good;
    for (int i = 0; i < count; i++) {
        int members = 0;
        for (int k = 0; blocks[i].good && k < count; k++) {
            members += blocks[k].good &&
                       fabs(blocks[k].profile.inner - blocks[i].profile.inner) < CLUSTER_PX * px;
        }
        if (members >= 4 && members >= CLUSTER_SHARE * good && blocks[i].profile.inner > edge)
            edge = blocks[i].profile.inner;
    }
    for (int i = 0; i < count; i++) {
        if (!blocks[i].good || fabs(blocks[i].profile.inner - edge) > 2 * CLUSTER_PX * px) continue;
        u[n] = blocks[i].u_m;
        y[n++] = blocks[i].profile.inner;
    }
    return pl__image_robust_line(u, y, n, 0.10 * px, arena, mid, slope, NULL);
}

/* Widths from the side's line, and weights by a robust line through them. @return blocks that
 * count; -1: no memory. */
static int weigh_blocks(const pl_side_view *v, block *blocks, int count, pl_arena *arena,
                        double *inner_slope, double *inner_mid, int *too_wide) {
    double *u = pl__arena_array(arena, 3 * (size_t)count, sizeof *u), a, b;
    if (!u) return -1;
    double *y = u + count, *weight = y + count;
    int n = 0, used = 0;
    *too_wide = 0;
    for (int i = 0; i < count; i++) blocks[i].weight = 0;
    if (!fit_inner_line(v, blocks, count, u, arena, inner_mid, inner_slope)) return 0;
    for (int i = 0; i < count; i++) {
        if (!blocks[i].good) continue;
        blocks[i].width = blocks[i].profile.outer - *inner_mid - *inner_slope * blocks[i].u_m;
        u[n] = blocks[i].u_m;
        y[n++] = blocks[i].width;
    }
    if (!pl__image_robust_line(u, y, n, 0.12 * v->pixel_m, arena, &a, &b, weight)) return 0;
    n = 0;
    for (int i = 0; i < count; i++) {
        if (!blocks[i].good) continue;
        blocks[i].weight = weight[n];
        used += weight[n] > 0.1;
        *too_wide += weight[n] <= 0.1 && y[n] > a + b * u[n];
        n++;
    }
    return used;
}

/* w = f + t u + c u^2 by weighted least squares, c ~ N(0, c_sigma). */
static bool fit_widths(const block *blocks, int count, double c_sigma, pl_arena *arena,
                       reading *out) {
    double a[3][3] = {{0}}, b[3] = {0}, sum = 0, weights = 0;
    int n = 0;
    for (int i = 0; i < count; i++) {
        double w = blocks[i].weight, u = blocks[i].u_m, y = blocks[i].width;
        if (w <= 0.1) continue;
        double d[3] = {1, u, u * u};
        for (int r = 0; r < 3; r++) {
            b[r] += w * d[r] * y;
            for (int k = 0; k < 3; k++) a[r][k] += w * d[r] * d[k];
        }
        n++;
    }
    if (n < 4) return false;
    double variance = out->scatter > 0 ? out->scatter * out->scatter : 1e-4;
    a[2][2] += variance / (c_sigma * c_sigma);
    /* inverse of a symmetric 3 x 3 by cofactors */
    double inverse[3][3];
    inverse[0][0] = a[1][1] * a[2][2] - a[1][2] * a[1][2];
    inverse[0][1] = inverse[1][0] = a[0][2] * a[1][2] - a[0][1] * a[2][2];
    inverse[0][2] = inverse[2][0] = a[0][1] * a[1][2] - a[0][2] * a[1][1];
    inverse[1][1] = a[0][0] * a[2][2] - a[0][2] * a[0][2];
    inverse[1][2] = inverse[2][1] = a[0][1] * a[0][2] - a[0][0] * a[1][2];
    inverse[2][2] = a[0][0] * a[1][1] - a[0][1] * a[0][1];
    double det = a[0][0] * inverse[0][0] + a[0][1] * inverse[0][1] + a[0][2] * inverse[0][2];
    if (!(fabs(det) > 0)) return false;
    double x[3] = {0};
    for (int r = 0; r < 3; r++) {
        for (int k = 0; k < 3; k++) x[r] += inverse[r][k] / det * b[k];
    }
    double *series = pl__arena_array(arena, (size_t)count, sizeof *series);
    if (!series) return false;
    n = 0;
    for (int i = 0; i < count; i++) {
        double w = blocks[i].weight, u = blocks[i].u_m;
        if (w <= 0.1) continue;
        double r = blocks[i].width - x[0] - x[1] * u - x[2] * u * u;
        sum += w * r * r;
        weights += w;
        series[n++] = r;
    }
    double looks = pl__image_looks(series, n);
    double s2 = sum / weights * n / pl__max(n - 2.5, 1.0);
    double inflate = n / looks;
    out->f = x[0];
    out->t = x[1];
    out->c = x[2];
    out->scatter = sqrt(s2);
    out->f_sigma = sqrt(pl__max(inverse[0][0] / det * s2 * inflate, 0));
    out->t_sigma = sqrt(pl__max(inverse[1][1] / det * s2 * inflate, 0));
    out->used = n;
    return true;
}

/* ---- water ---- */

/* How far the shadow's edge is spread by light from below: see docs/method/freeboard.md. */
static double tail_scale(const pl_side_view *v, const pl_sight *sight, double attenuation_per_m) {
    double sun_zenith = asin(cos(sight->sun_elevation_rad) / REFRACTION);
    double view = asin(sin(sight->view_incidence_rad) / REFRACTION);
    double s_w = -tan(sun_zenith) * cos(sight->sun_azimuth_rad - v->normal_rad);
    double v_w = -tan(view) * cos(sight->view_azimuth_rad - v->normal_rad);
    double path = 1.0 / cos(sun_zenith) + 1.0 / cos(view);
    return pl__max(s_w - v_w, 0) / (attenuation_per_m * path);
}

/* Half width of the sun's disc on the ground as a sigma: 0.533 deg across; a disc's marginal has
 * sigma = width / 4. */
static double penumbra_sigma(const pl_side_view *v, const pl_sight *sight, double freeboard_m) {
    double se = sin(sight->sun_elevation_rad), ce = cos(sight->sun_elevation_rad);
    double sd = sin(sight->sun_azimuth_rad - v->normal_rad);
    return 0.25 * freeboard_m * 0.0093 / (se * se) * sqrt(pl__max(1.0 - sd * sd * ce * ce, 0));
}

/* Standard sheer: 25 and 50 (L/3 + 10) mm at the ends, a parabola. Half of it is the prior's sigma
 * (tankers have less). */
static double sheer_sigma(double length_m, double per_metre) {
    double end_m = 0.0375 * (length_m / 3.0 + 10.0);
    return 0.5 * end_m / (0.25 * length_m * length_m) * per_metre;
}

/* ---- the whole side ---- */

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

/* All outer edges as one: position from the block's own edge, value between its own band (0) and
 * water (1). */
static pl_samples stack_edges(const pl_side_view *v, const block *blocks, int count,
                              double *position, double *value) {
    double at[SAMPLES_MAX], brightness[SAMPLES_MAX], px = v->pixel_m;
    int n = 0;
    for (int i = 0; i < count; i++) {
        const pl_profile *p = &blocks[i].profile;
        if (blocks[i].weight <= 0.1) continue;
        /* clear of the inner edge and of the wall's foot */
        double from = pl__max(p->outer - 3.0 * px, 0.5 * (p->inner + p->outer));
        pl_samples s = section_of(v, &blocks[i], from, p->outer + 4 * px + 3.0, at, brightness);
        for (int k = 0; k < s.count && n < STACK_MAX; k++) {
            position[n] = at[k] - p->outer;
            value[n++] = (brightness[k] - p->band) / (p->water - p->band);
        }
    }
    return (pl_samples){n, position, value};
}

/* Moves the width from the middle of the blurred outer edge to where the geometric edge is likely
 * to be. */
static bool read_tail(const pl_side_view *v, const pl_sight *sight, const block *blocks, int count,
                      const pl_profile_shape *shape, pl_arena *arena, double *width_m,
                      pl_side_cue *out) {
    double *position = pl__arena_array(arena, 2 * STACK_MAX, sizeof *position);
    if (!position) return false;
    pl_samples stack = stack_edges(v, blocks, count, position, position + STACK_MAX);
    double misfit[TAILS][BLURS], shift[TAILS][BLURS], tail[TAILS], least = INFINITY;
    for (int k = 0; k < TAILS; k++) {
        tail[k] = isfinite(ATTENUATION[k]) ? tail_scale(v, sight, ATTENUATION[k]) : 0;
        for (int m = 0; m < BLURS; m++) {
            pl_profile_shape trial = {.spread = shape->spread,
                                      .outer_spread = BLUR[m] * shape->outer_spread,
                                      .tail = tail[k]};
            pl_profile p = {.inner = -1e3, .outer = -0.7 * tail[k], .band = 0, .water = 1};
            misfit[k][m] = pl__freeboard_fit_profile(&stack, &trial, &p);
            shift[k][m] = p.outer;
            least = pl__min(least, misfit[k][m]);
        }
    }
    /* neighbouring samples of a resampled section share their noise, and blocks their waves: one in
     * four is its own */
    double variance = 4.0 * least / pl__max(stack.count - 4, 1), total = 0, first = 0, second = 0;
    for (int k = 0; k < TAILS; k++) {
        for (int m = 0; m < BLURS; m++) {
            double prior = tail[k] > 0 ? (1.0 - NO_TAIL_PRIOR) / (TAILS - 1) : NO_TAIL_PRIOR;
            double p = prior * exp(-0.5 * (misfit[k][m] - least) / variance);
            total += p;
            first += p * shift[k][m];
            second += p * shift[k][m] * shift[k][m];
            out->tail_m += p * tail[k];
        }
    }
    if (!(total > 0))
        return true; /* not one fit settled: the middle stays, and the edge's sigma with it */
    out->tail_m /= total;
    out->tail_sigma_m = sqrt(pl__max(second / total - first / total * first / total, 0));
    *width_m += first / total;
    return true;
}

static void keep_stations(const block *blocks, int count, pl_side_cue *out) {
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
    block *blocks = pl__arena_array(arena, BLOCKS_MAX, sizeof *blocks);
    if (!scratch || !section || !blocks) return pl__fail_memory(error, "freeboard");

    double wall_share = dark && v->geometry.lean < 0 ? -v->geometry.lean / out->cue.per_metre : 0;
    pl_profile guess;
    median_section(v, scratch, section);
    if (!(dark ? guess_dark(v, section, wall_share, &guess, &out->reasons)
               : guess_wall(v, section, &guess, &out->reasons)))
        return PL_OK;
    int count = cut_blocks(v, &guess, blocks);
    if (wall_share * (guess.outer - guess.inner) < 0.7 * v->pixel_m)
        wall_share = 0; /* narrower than the line spread */
    pl_profile_shape shape = {
        .spread = 0.5 * v->pixel_m, .outer_spread = 0.5 * v->pixel_m, .wall_share = wall_share};
    for (int i = 0; i < count; i++) fit_block(v, &guess, &shape, &blocks[i]);

    int good = 0;
    for (int i = 0; i < count; i++) good += blocks[i].good;
    if (good < 5 || 3 * good < count) {
        out->reasons |= PL_BIT(dark ? PL_SHADOW_ON_QUAY : PL_EDGE_NOT_FOUND);
        return PL_OK;
    }
    shape.spread = choose_spread(v, &guess, blocks, count);
    double penumbra =
        dark ? penumbra_sigma(v, sight, (guess.outer - guess.inner) / out->cue.per_metre) : 0;
    shape.outer_spread = hypot(shape.spread, penumbra);
    guess.inner = median_of_good(blocks, count, true, scratch);
    guess.outer = guess.inner + median_of_good(blocks, count, false, scratch);

    for (int i = 0; i < count; i++) {
        blocks[i].profile = guess;
        fit_block(v, &guess, &shape, &blocks[i]);
    }
    int too_wide = 0;
    int used = weigh_blocks(v, blocks, count, arena, &out->edge_slope, &out->inner_m, &too_wide);
    if (used < 0) return pl__fail_memory(error, "freeboard");
    keep_stations(blocks, count, out);
    reading mean = {.scatter = 0.2 * v->pixel_m};
    double c_sigma = sheer_sigma(v->length_m, out->cue.per_metre);
    if (used < 5 || used * 3 < count || !fit_widths(blocks, count, c_sigma, arena, &mean)) {
        out->reasons |= PL_BIT(PL_EDGE_NOT_FOUND);
        return PL_OK;
    }
    bool narrow = mean.f < MIN_WIDTH_PX * v->pixel_m;
    if (dark && !read_tail(v, sight, blocks, count, &shape, arena, &mean.f, out))
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
