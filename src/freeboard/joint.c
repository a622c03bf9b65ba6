/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which height, trim and sheer fit all pixels of this side at once?
 *
 * Edges are common to all blocks and bands. Levels of deck and water are each block's own in each
 * band, those of band, wall, sky and mirror each band's. All of it is one least-squares problem:
 * Gauss and Newton's steps, damped; a block's own two levels are eliminated where they arise
 * (Schur's complement), so that what remains is a system of some thirty unknowns however long the
 * hull is.
 *
 * Blocks that fit worse than their like (gear's shadow, a barge) lose weight, single pixels that
 * stand out do too. The covariance is taken from how the blocks' own pulls scatter (a sandwich,
 * Newey and West 1987, with lags), not from a belief in white noise: swell and clutter hang
 * together over pixels, not over tens of metres. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "freeboard/joint.h"

enum { ITERATIONS = 14 };
static const double ENOUGH = 0.02,
                    ROUGHLY = 0.3;  /* less gain (2 ln likelihood) from a step is none */
static const double HOPELESS = 200; /* so much worse (2 ln likelihood), and hardly gaining */
static const double SAME_PX = 0.05; /* fits nearer than this will be one */
/* 2 ln of how much narrower a paint's line and level are found than they were believed: what they
 * must gain to be there. */
static const double LINE_COSTS = 8, LEVEL_COSTS = 10;
static const double LAG_M = 12; /* swell hangs together over less */

static const double NOISE_SIGMAS = 2; /* of a mean section, that are none of its unevenness */
static const double ZONE_PX = 0.5;    /* of the deck's edge, outward: this far it may be clutter */
static const double CLEAR_SIGMAS = 5; /* of a pixel: bands with less contrast tell little */
static const double CLEAR_PX = 1.7;   /* of an edge: beyond, its blur does not show */
static const double PIXEL_OUTLIER = 3.5; /* sigmas at which a pixel has half its weight */
static const double BLOCK_OUTLIER = 1.6; /* times the median misfit at which a block loses weight */

/* ---- the normal equations ---- */

typedef struct equations {
    int n;
    double a[PL__UNKNOWNS][PL__UNKNOWNS], g[PL__UNKNOWNS];
    double cost, belief; /* all of it; the beliefs' part */
    int samples;
    double zone_sum[2][PL__BANDS], zone_count[2][PL__BANDS]; /* squares, for the variances */
    double block_misfit[PL__BLOCKS_MAX];
    double pull[PL__BLOCKS_MAX]
               [PL__UNKNOWNS]; /* each block's own gradient, its levels eliminated */
} equations;

static double unknown(const pl_problem *q, const double *p, int i) {
    if (i < PL__PARAMETERS) return p[i];
    return q->level[(i - PL__PARAMETERS) / PL__GLOBALS][(i - PL__PARAMETERS) % PL__GLOBALS];
}

/* A row: what a pixel tells of parameters (of all clarities its own band's), its band's globals,
 * its block's locals, and how far it is from the model. The sums of one block and band hold the
 * rows' cross products, lower half. */
enum {
    ROW = PL__CLARITY + 1 + PL__GLOBALS,
    LOCAL = ROW,
    RESIDUAL = ROW + PL__LOCALS,
    ALL = RESIDUAL + 1
};
typedef struct sums {
    double s[ALL][ALL];
} sums;

static int index_of(int row, int b) {
    if (row < PL__CLARITY) return row;
    if (row == PL__CLARITY) return PL__CLARITY + b;
    return PL__PARAMETERS + b * PL__GLOBALS + row - PL__CLARITY - 1;
}

static void add_sample(sums *s, const pl_pixel *x, double r, double w, int b) {
    double row[ALL];
    memcpy(row, x->parameter, PL__CLARITY * sizeof *row);
    row[PL__CLARITY] = x->parameter[PL__CLARITY + b];
    memcpy(row + PL__CLARITY + 1, x->global, sizeof x->global);
    memcpy(row + LOCAL, x->local, sizeof x->local);
    row[RESIDUAL] = r;
    for (int i = 0; i < ALL; i++) {
        double wz = w * row[i], *to = s->s[i];
        if (wz == 0) continue; /* most pixels lie far from most edges */
        for (int j = 0; j <= i; j++) to[j] += wz * row[j];
    }
}

/* Inverse of the locals' 2 x 2, with a trace of prior that keeps it one; 0 for a block without
 * weight. */
static void invert_locals(const sums *s, double inverse[PL__LOCALS][PL__LOCALS]) {
    const double(*m)[ALL] = s->s;
    double trace = m[LOCAL][LOCAL] + m[LOCAL + 1][LOCAL + 1], ridge = 1e-9 * trace;
    double a = m[LOCAL][LOCAL] + ridge, d = m[LOCAL + 1][LOCAL + 1] + ridge,
           c = m[LOCAL + 1][LOCAL];
    double det = trace > 0 ? a * d - c * c : INFINITY;
    inverse[0][0] = d / det;
    inverse[1][1] = a / det;
    inverse[0][1] = inverse[1][0] = -c / det;
}

/* Adds a block's sums with its own levels eliminated. */
static void add_block(equations *e, const sums *s, int block, int b) {
    double inverse[PL__LOCALS][PL__LOCALS];
    const double(*m)[ALL] = s->s, *r = m[RESIDUAL];
    invert_locals(s, inverse);
    for (int i = 0; i < ROW; i++) {
        double zi[PL__LOCALS] = {0};
        for (int k = 0; k < PL__LOCALS; k++)
            for (int l = 0; l < PL__LOCALS; l++) zi[k] += m[LOCAL + l][i] * inverse[l][k];
        int row = index_of(i, b);
        double g = r[i] - zi[0] * r[LOCAL] - zi[1] * r[LOCAL + 1];
        e->g[row] += g;
        e->pull[block][row] += g;
        for (int j = 0; j <= i; j++)
            e->a[row][index_of(j, b)] += m[i][j] - zi[0] * m[LOCAL][j] - zi[1] * m[LOCAL + 1][j];
    }
}

/* A step of the block's levels, given that of the others. */
static void step_locals(const sums *s, const double *step, int b, double *deck, double *water) {
    double inverse[PL__LOCALS][PL__LOCALS],
        r[PL__LOCALS] = {s->s[RESIDUAL][LOCAL], s->s[RESIDUAL][LOCAL + 1]};
    invert_locals(s, inverse);
    for (int i = 0; i < ROW; i++)
        for (int k = 0; k < PL__LOCALS; k++) r[k] -= s->s[LOCAL + k][i] * step[index_of(i, b)];
    *deck += inverse[0][0] * r[0] + inverse[0][1] * r[1];
    *water += inverse[1][0] * r[0] + inverse[1][1] * r[1];
}

static double pixel_weight(double z2) {
    return 1 / (1 + z2 / (PIXEL_OUTLIER * PIXEL_OUTLIER));
}

/* One bin in one band. @return its misfit. */
static double add_bin(const pl_problem *q, const pl_sample *at, const pl_place *place, int block,
                      int b, sums *s, equations *e) {
    const double c2 = PIXEL_OUTLIER * PIXEL_OUTLIER;
    pl_pixel x;
    pl__freeboard_see(q, b, place, q->deck[block][b], q->water[block][b], &x);
    double r = (double)at->value[b] - x.model, m = (double)at->count;
    int zone = x.on_deck ? 0 : 1;
    double z2 = m * r * r / q->variance[zone][b];
    double w = m / q->variance[zone][b] * pixel_weight(z2);
    e->zone_sum[zone][b] += pl__min(z2, c2) * q->variance[zone][b];
    e->zone_count[zone][b] += 1;
    add_sample(s, &x, r, q->weight[block] * w, b);
    e->samples++;
    return c2 * log1p(z2 / c2);
}

/* All sums at p; every block's own are kept for its levels' step. Cost is that of the robust loss
 * c^2 ln(1 + z^2 / c^2), whose weights pixel_weight gives. */
static void gather(const pl_problem *q, const double *p, sums *kept, equations *e) {
    const pl_side_view *v = q->v;
    pl_place place;
    memset(e, 0, sizeof *e);
    e->n = q->unknowns;
    pl__freeboard_optics(q, p, &place);
    for (int i = 0; i < v->blocks; i++) {
        int from, to;
        double misfit = 0, count = 0;
        sums *s = &kept[i * v->bands];
        e->block_misfit[i] = NAN;
        memset(s, 0, (size_t)v->bands * sizeof *s); /* a block without weight stays where it is */
        if (q->weight[i] <= 0) continue;
        pl__freeboard_stretch(q, i, &from, &to);
        for (int j = from; j < to; j++) {
            const pl_sample *at = pl__sample(v, i, j);
            if (!(at->count > 0)) continue;
            pl__freeboard_at(q, p, (double)at->u_m, (double)at->n_m, &place);
            for (int b = 0; b < v->bands; b++) {
                misfit += add_bin(q, at, &place, i, b, &s[b], e);
                count += 1;
            }
        }
        for (int b = 0; b < v->bands; b++) add_block(e, &s[b], i, b);
        e->block_misfit[i] = count > 0 ? misfit / count : NAN;
        e->cost += q->weight[i] * misfit;
    }
    for (int i = 0; i < e->n; i++) {
        double d = unknown(q, p, i) - q->prior_mean[i];
        e->belief += q->prior_weight[i] * d * d;
        e->g[i] -= q->prior_weight[i] * d;
        e->a[i][i] += q->prior_weight[i];
    }
    e->cost += e->belief;
}

/* ---- steps ---- */

/* Moves everything by a step that is held within what one step may trust. */
static bool move(pl_problem *q, double *p, const equations *e, const sums *kept, double damping,
                 double factored[PL__UNKNOWNS][PL__UNKNOWNS]) {
    double step[PL__UNKNOWNS], now[PL__UNKNOWNS];
    pl_bound bound[PL__BOUNDS];
    const pl_side_view *v = q->v;
    int bounds = pl__freeboard_bounds(q, bound);
    for (int i = 0; i < e->n; i++) now[i] = unknown(q, p, i);
    if (!pl__freeboard_step(e->n, (const double(*)[PL__UNKNOWNS])e->a, e->g, now, bound, bounds,
                            damping, factored, step))
        return false;
    double k = (q->kind == PL_CUE_DARK_BAND ? q->shadow - q->lean : -q->lean), px = v->pixel_m;
    const double most[PL__CLARITY] = {[PL__EDGE] = px,       [PL__TURN] = px / q->half_u,
                                      [PL__HEIGHT] = px / k, [PL__TRIM] = px / k / q->half_u,
                                      [PL__SHEER] = 1e9,     [PL__SPREAD] = 0.4,
                                      [PL__LOBE] = 0.4,      [PL__ROUGH] = 0.05,
                                      [PL__RIM] = px,        [PL__FOOT] = px,
                                      [PL__RAIL] = 0.1,      [PL__GEAR] = px / k,
                                      [PL__FORE] = px,       [PL__AFT] = px,
                                      [PL__FACETS] = 0.5,    [PL__LINE] = px / k};
    double share = 1;
    for (int i = 0; i < PL__CLARITY; i++)
        share = pl__min(share, most[i] / pl__max(fabs(step[i]), 1e-300));
    for (int i = 0; i < e->n; i++) step[i] *= share;
    for (int i = 0; i < PL__PARAMETERS; i++) p[i] += step[i];
    for (int b = 0; b < v->bands; b++)
        for (int g = 0; g < PL__GLOBALS; g++)
            q->level[b][g] += step[PL__PARAMETERS + b * PL__GLOBALS + g];
    for (int m = 0; m < bounds; m++) { /* rounding, and what began outside */
        int at = bound[m].index;
        double *x = at < PL__PARAMETERS ? &p[at]
                                        : &q->level[(at - PL__PARAMETERS) / PL__GLOBALS]
                                                   [(at - PL__PARAMETERS) % PL__GLOBALS];
        *x = pl__clamp(*x, bound[m].low, bound[m].high);
    }
    for (int i = 0; i < v->blocks; i++)
        for (int b = 0; b < v->bands; b++)
            step_locals(&kept[i * v->bands + b], step, b, &q->deck[i][b], &q->water[i][b]);
    return true;
}

/* By insertion: there are few. */
static void sort(double *x, int n) {
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && x[j] < x[j - 1]; j--) {
            double t = x[j];
            x[j] = x[j - 1];
            x[j - 1] = t;
        }
}

static void set_zones(pl_problem *q, const double *p) {
    q->zone_edge = p[PL__EDGE] - p[PL__RIM] + ZONE_PX * q->v->pixel_m;
    q->zone_turn = p[PL__TURN];
}

/* Variances of the zones from their residuals, weights of blocks from their misfit. */
static void reweigh(pl_problem *q, const equations *e) {
    const pl_side_view *v = q->v;
    double sorted[PL__BLOCKS_MAX];
    int n = 0;
    for (int b = 0; b < v->bands; b++) {
        double floor2 = 0.25 * v->sea_sigma[b] * v->sea_sigma[b];
        for (int zone = 0; zone < 2; zone++)
            if (e->zone_count[zone][b] > 20)
                q->variance[zone][b] =
                    pl__max(e->zone_sum[zone][b] / e->zone_count[zone][b], floor2);
    }
    for (int i = 0; i < v->blocks; i++)
        if (isfinite(e->block_misfit[i])) sorted[n++] = e->block_misfit[i];
    sort(sorted, n);
    double median = n > 0 ? pl__max(sorted[n / 2], 1e-3) : 1;
    for (int i = 0; i < v->blocks; i++) {
        double over = e->block_misfit[i] / (BLOCK_OUTLIER * median);
        q->weight[i] = !isfinite(over) ? 0 : over <= 1 ? 1 : over > 4 ? 0 : 1 / (over * over);
    }
}

/* ---- what came out ---- */

/* Covariance of the first parameters: H^-1 (sum of the blocks' pulls and their neighbours') H^-1.
 */
static void sandwich(const pl_problem *q, equations *e, double factored[PL__UNKNOWNS][PL__UNKNOWNS],
                     pl_fit *out) {
    const pl_side_view *v = q->v;
    int used = 0, lags = (int)lround(LAG_M / v->block_m);
    lags = lags < 2 ? 2 : lags > v->blocks / 4 ? v->blocks / 4 : lags;
    double inverse[PL__CLARITY][PL__UNKNOWNS];
    for (int i = 0; i < v->blocks; i++) used += q->weight[i] > 0.1;
    for (int k = 0; k < PL__CLARITY; k++) {
        double x[PL__UNKNOWNS] = {0};
        x[k] = 1;
        pl__freeboard_substitute(factored, e->n, x);
        memcpy(inverse[k], x, sizeof x);
    }
    double small_sample = used > 6 ? (double)used / (used - 5) : 6;
    double move_of[PL__BLOCKS_MAX][PL__CLARITY]; /* each block's share in the parameters' error */
    for (int i = 0; i < v->blocks; i++)
        for (int k = 0; k < PL__CLARITY; k++) {
            move_of[i][k] = 0;
            for (int j = 0; j < e->n; j++) move_of[i][k] += inverse[k][j] * e->pull[i][j];
        }
    for (int k = 0; k < PL__CLARITY; k++) {
        for (int l = 0; l < PL__CLARITY; l++) {
            double sum = 0;
            for (int i = 0; i < v->blocks; i++)
                for (int lag = -lags; lag <= lags; lag++) {
                    int j = i + lag;
                    if (j < 0 || j >= v->blocks) continue;
                    sum += (1 - abs(lag) / (lags + 1.0)) * move_of[i][k] * move_of[j][l];
                }
            double priors = 0; /* they are data too */
            for (int j = 0; j < e->n; j++)
                priors += inverse[k][j] * q->prior_weight[j] * inverse[l][j];
            out->covariance[k][l] = small_sample * sum + priors;
        }
    }
    double white = inverse[PL__HEIGHT][PL__HEIGHT];
    out->bound_m = sqrt(pl__max(white, 0));
    /* by the model, not by scatter: of what is held, scatter tells nothing */
    out->by_rim = inverse[PL__HEIGHT][PL__RIM] / inverse[PL__RIM][PL__RIM];
    out->by_foot = inverse[PL__HEIGHT][PL__FOOT] / inverse[PL__FOOT][PL__FOOT];
    for (int k = 0; k < PL__CLARITY; k++) /* luck does not make it surer than white noise would */
        out->covariance[k][k] = pl__max(out->covariance[k][k], inverse[k][k]);
    out->inflation = white > 0 ? pl__max(out->covariance[PL__HEIGHT][PL__HEIGHT] / white, 1) : 1;
    /* each block's own height: the curve's plus what its pull alone would move it */
    double stiffness = 0;
    for (int i = 0; i < v->blocks; i++) stiffness += q->weight[i] > 0.1;
    for (int i = 0; i < v->blocks; i++)
        out->excess[i] = q->weight[i] > 0 ? move_of[i][PL__HEIGHT] * stiffness : NAN;
}

/* How far the inside of the band, clear of its edges, is from the model, as a share of the band's
 * contrast: the worst pixel's width of it, by the mean section of the band that shows it best. What
 * is no band of one level with a wall's foot in its place (a strip of deck in a trunk's shadow, an
 * edge that belongs to something else) is found here. */
static double unevenness(const pl_problem *q, const double *p, int b, double contrast) {
    const pl_side_view *v = q->v;
    double foot = p[PL__EDGE] + pl__max(-q->lean, 0) * p[PL__HEIGHT];
    double from = foot + CLEAR_PX * v->pixel_m, worst = 0, sum[3] = {0}, noise[3] = {0};
    double to = p[PL__EDGE] + (q->shadow - q->lean) * p[PL__HEIGHT] - CLEAR_PX * v->pixel_m;
    pl_place place;
    pl__freeboard_optics(q, p, &place);
    if (q->kind != PL_CUE_DARK_BAND) { /* the wall, its foot, and its mirror image to the end */
        from = p[PL__EDGE] + CLEAR_PX * v->pixel_m;
        to = 2 * foot - p[PL__EDGE];
    }
    for (int j = (int)pl__max(0, ceil((from - v->n0_m) / v->bin_m)), k = 0; j < v->bins; j++) {
        double residual = 0, count = 0;
        if (v->n0_m + (j + 1) * v->bin_m > to) break;
        for (int i = 0; i < v->blocks; i++) {
            const pl_sample *at = pl__sample(v, i, j);
            pl_pixel x;
            if (!(at->count > 0) || q->weight[i] <= 0.1) continue;
            pl__freeboard_at(q, p, (double)at->u_m, (double)at->n_m, &place);
            pl__freeboard_see(q, b, &place, q->deck[i][b], q->water[i][b], &x);
            residual += (double)at->value[b] - x.model;
            count++;
        }
        sum[k % 3] = count > 0 ? residual / count : 0;
        noise[k++ % 3] = count > 0 ? q->variance[1][b] / count : 0;
        double chance = NOISE_SIGMAS * sqrt(noise[0] + noise[1] + noise[2]);
        if (k >= 3) worst = pl__max(worst, (fabs(sum[0] + sum[1] + sum[2]) - chance) / 3);
    }
    return worst / contrast;
}

/* Is hidden sky or mirror image as strong as it may be? Then something else is taken for it: more
 * of the wall, boot topping. */
static bool odd_water(const pl_problem *q, const double *p) {
    pl_bound bound[PL__BOUNDS];
    int bounds = pl__freeboard_bounds(q, bound);
    bool odd = false;
    for (int k = 0; k < bounds && q->kind == PL_CUE_LIT_WALL; k++) {
        int global = (bound[k].index - PL__PARAMETERS) % PL__GLOBALS;
        bool of_water =
            bound[k].index >= PL__PARAMETERS && (global == PL__SKY || global == PL__MIRROR);
        odd = odd || (of_water && unknown(q, p, bound[k].index) >= (1 - 1e-6) * bound[k].high);
    }
    return odd;
}

static void describe(const pl_problem *q, const equations *e, const double *p, pl_fit *out) {
    const pl_side_view *v = q->v;
    double squares = 0, sea_blocks = 0, chi2 = 0, zones = 0, clearest = 0, step = 0;
    int clear_band = 0;
    out->misfit = INFINITY;
    memcpy(out->p, p, sizeof out->p);
    out->strip = q->strip;
    memcpy(out->variance, q->variance, sizeof out->variance);
    out->window_turn = q->window_turn;
    out->zone_edge = q->zone_edge;
    out->zone_turn = q->zone_turn;
    memcpy(out->level, q->level, sizeof out->level);
    memcpy(out->deck, q->deck, sizeof out->deck);
    memcpy(out->water, q->water, sizeof out->water);
    out->boot = q->boot;
    out->odd_water = odd_water(q, p);
    double paint = q->boot ? LINE_COSTS + LEVEL_COSTS * v->bands : 0;
    out->cost = e->cost + paint;
    out->belief = e->belief + paint;
    out->samples = e->samples;
    out->blocks_used = out->blocks_straight = 0;
    for (int b = 0; b < v->bands; b++) {
        double water = 0, deck = 0, n = 0;
        for (int i = 0; i < v->blocks; i++) {
            if (q->weight[i] <= 0.1) continue;
            water += q->water[i][b];
            deck += q->deck[i][b];
            n++;
        }
        out->water_level[b] = n > 0 ? water / n : NAN;
        out->deck_level[b] = n > 0 ? deck / n : NAN;
        out->band_level[b] = q->level[b][PL__BAND];
        double c = fabs(out->water_level[b] - out->band_level[b]);
        squares += c * c / (v->sea_sigma[b] * v->sea_sigma[b]);
        const double *level = q->level[b];
        double foot = out->water_level[b] - 0.5 * level[PL__SKY] - level[PL__MIRROR];
        out->foot_share = pl__max(out->foot_share,
                                  fabs(foot - level[PL__BAND] - (q->boot ? level[PL__BOOT] : 0)) /
                                      pl__max(fabs(v->sea[b]), 1e-9));
        double sun = out->water_level[b] - level[PL__BAND];
        if (sun > CLEAR_SIGMAS * v->sea_sigma[b]) {
            out->veiled = pl__max(out->veiled, level[PL__SKY] / sun);
            out->bright_wall = out->bright_wall || pl__freeboard_brightest(q, b);
        }
        chi2 += q->variance[1][b] / (v->sea_sigma[b] * v->sea_sigma[b]);
        out->misfit = pl__min(out->misfit, sqrt(q->variance[1][b]) / pl__max(c, 1e-9));
        if (c / v->sea_sigma[b] > clearest) {
            clearest = c / v->sea_sigma[b];
            clear_band = b;
            step = c;
        }
        zones++;
    }
    out->unevenness = clearest > 0 ? unevenness(q, p, clear_band, step) : 0;
    out->contrast = sqrt(squares);
    out->chi2 = chi2 / zones;
    for (int i = 0; i < v->blocks; i++) {
        out->weight[i] = q->weight[i];
        out->blocks_used += q->weight[i] > 0.1;
        out->straight[i] = pl__freeboard_straight(q, p, i);
        out->blocks_straight += out->straight[i];
        bool like_sea = true;
        for (int b = 0; b < v->bands; b++) {
            double c = fabs(v->sea[b] - q->level[b][PL__BAND]);
            like_sea =
                like_sea && fabs(q->water[i][b] - v->sea[b]) <
                                pl__max(0.5 * c, 5 * v->sea_sigma[b]) + 0.1 * fabs(v->sea[b]);
        }
        sea_blocks += like_sea;
    }
    out->sea_share = sea_blocks / v->blocks;
}

typedef struct workshop { /* too large for the stack */
    pl_problem q, last;
    equations e, then;
    double factored[PL__UNKNOWNS][PL__UNKNOWNS];
} workshop;

static void set_up(workshop *w, const pl_side_view *v, pl_cue_kind kind, const pl_sight *sight,
                   const pl_window *window, const pl_start *start, double attenuation_per_m,
                   pl_take take, const pl_fit *before, double *p) {
    pl_problem *q = &w->q;
    memset(q, 0, sizeof *q);
    q->v = v;
    q->kind = kind;
    q->lean = v->geometry.lean;
    q->shadow = v->geometry.shadow;
    q->penumbra = pl__freeboard_penumbra(v, sight);
    q->strip = start->strip_m > 0;
    q->boot = start->boot_m > 0;
    q->start_height = start->freeboard_m;
    q->start_edge = v->edge_m - (kind == PL_CUE_LIT_WALL ? v->edge_m - start->edge_m : 0);
    q->window = *window;
    q->window_turn = take == PL__NOTHING ? 0 : before->p[PL__TURN];
    q->unknowns = PL__PARAMETERS + v->bands * PL__GLOBALS;
    q->half_u = PL__MID_SHARE * v->length_m;
    for (int b = 0; b < v->bands; b++) {
        if (isfinite(attenuation_per_m))
            q->tail_m[b] = pl__freeboard_tail_m(v, sight) / (attenuation_per_m * v->attenuation[b]);
        q->variance[0][b] = q->variance[1][b] = v->sea_sigma[b] * v->sea_sigma[b];
    }
    memset(p, 0, PL__PARAMETERS * sizeof *p);
    p[PL__EDGE] = start->edge_m;
    p[PL__HEIGHT] = start->freeboard_m;
    p[PL__SPREAD] = log(0.53);
    p[PL__LOBE] = 0.1;
    p[PL__ROUGH] = 0.002;
    p[PL__LINE] = start->boot_m;
    for (int i = 0; i < v->blocks; i++) q->weight[i] = pl__freeboard_straight(q, p, i);
    pl__freeboard_first_levels(q, p);
    pl__freeboard_believe(q);
    p[PL__RAIL] = q->prior_mean[PL__RAIL];
    p[PL__FACETS] = q->prior_mean[PL__FACETS];
    if (take == PL__WEIGHTS) {
        for (int i = PL__SPREAD; i <= PL__ROUGH; i++) p[i] = before->p[i];
        p[PL__TURN] = before->p[PL__TURN];
        p[PL__TRIM] = before->p[PL__TRIM];
        p[PL__SHEER] = before->p[PL__SHEER];
    }
    if (take == PL__PLACE || take == PL__ALL) {
        memcpy(p, before->p,
               PL__CLARITY * sizeof *p); /* how clear the water is does not carry over */
        memcpy(q->level, before->level, sizeof q->level);
        memcpy(q->deck, before->deck, sizeof q->deck);
        memcpy(q->water, before->water, sizeof q->water);
    }
    if (q->strip && (take == PL__NOTHING || !before->strip)) {
        double k = q->shadow - q->lean;
        p[PL__EDGE] += start->strip_m;
        p[PL__HEIGHT] = pl__max(p[PL__HEIGHT] - start->strip_m / k, 0.1);
        p[PL__RIM] = start->strip_m;
    }
    set_zones(q, p);
    if (take == PL__ALL) { /* the same pixels, so that costs can be compared */
        q->window_turn = before->window_turn;
        q->zone_edge = before->zone_edge;
        q->zone_turn = before->zone_turn;
    }
    if (take == PL__WEIGHTS || take == PL__ALL) {
        memcpy(q->weight, before->weight, sizeof q->weight);
        memcpy(q->variance, before->variance, sizeof q->variance);
    }
}

/* Has this fit come to where another one ended, or will it fit so much worse that it does not
 * matter? */
static bool idle(const pl_problem *q, const double *p, double cost, double gain,
                 const pl_fit *other) {
    double k = q->kind == PL_CUE_DARK_BAND ? q->shadow - q->lean : -q->lean;
    double near = SAME_PX * q->v->pixel_m;
    if (q->boot != other->boot) return false;
    if (fabs(p[PL__EDGE] - other->p[PL__EDGE]) < near &&
        fabs(p[PL__HEIGHT] - other->p[PL__HEIGHT]) * k < near)
        return true;
    return cost - ITERATIONS * gain > other->cost + HOPELESS * other->inflation;
}

bool pl__freeboard_joint(const pl_side_view *v, pl_cue_kind kind, const pl_sight *sight,
                         const pl_window *window, const pl_start *start, double attenuation_per_m,
                         pl_take take, const pl_fit *before, pl_arena *arena, pl_fit *out) {
    double p[PL__PARAMETERS], kept_p[PL__PARAMETERS], damping = 1e-3;
    bool settled = take == PL__WEIGHTS || take == PL__ALL; /* weights, once for all */
    int weigh = take == PL__PLACE ? 1 : 3;
    double enough = take == PL__PLACE || take == PL__ALL ? ENOUGH : ROUGHLY;
    workshop *w = pl__arena_alloc(arena, sizeof *w);
    size_t count = (size_t)v->blocks * (size_t)v->bands;
    sums *kept = pl__arena_array(arena, count, sizeof *kept);
    sums *next = pl__arena_array(arena, count, sizeof *next);
    if (!w || !kept || !next) return false;
    memset(out, 0, sizeof *out);
    out->attenuation_per_m = attenuation_per_m;
    set_up(w, v, kind, sight, window, start, attenuation_per_m, take, before, p);
    gather(&w->q, p, kept, &w->e);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        bool better = false;
        double gain = 0;
        /* weights settle in the first rounds, and then stay, so that costs can be compared */
        if (!settled && (iteration == weigh || iteration == 2 * weigh)) {
            reweigh(&w->q, &w->e);
            set_zones(&w->q, p);
            gather(&w->q, p, kept, &w->e);
        }
        w->last = w->q;
        memcpy(kept_p, p, sizeof kept_p);
        for (int attempt = 0; attempt < 6 && !better; attempt++) {
            if (move(&w->q, p, &w->e, kept, damping, w->factored)) {
                /* the sums of the present place are still needed if the step is taken back */
                double cost = w->e.cost;
                gather(&w->q, p, next, &w->then);
                better = w->then.cost < cost + 1e-9 * fabs(cost);
                gain = cost - w->then.cost;
            }
            if (better) break;
            w->q = w->last;
            memcpy(p, kept_p, sizeof kept_p);
            damping *= 10;
        }
        if (!better) break;
        w->e = w->then;
        sums *spare = kept;
        kept = next;
        next = spare;
        damping = pl__max(damping * 0.2, 1e-7);
        if (take == PL__WEIGHTS && idle(&w->q, p, w->e.cost, gain, before)) return false;
        if ((settled || iteration > 2 * weigh) && gain < enough) break;
    }
    memcpy(w->factored, w->e.a, sizeof w->e.a);
    if (!pl__freeboard_factor(w->factored, w->e.n)) return false;
    sandwich(&w->q, &w->e, w->factored, out);
    describe(&w->q, &w->e, p, out);
    return isfinite(out->cost) && out->blocks_used >= 5;
}
