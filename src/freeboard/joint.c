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
static const double LAG_M = 12; /* swell hangs together over less */

static const double NOISE_SIGMAS = 2;    /* of a mean section, that are none of its unevenness */
static const double CLEAR_PX = 1.7;      /* of an edge: beyond, its blur does not show */
static const double PIXEL_OUTLIER = 3.5; /* sigmas at which a pixel has half its weight */
static const double BLOCK_OUTLIER = 1.6; /* times the median misfit at which a block loses weight */

/* ---- the normal equations ---- */

typedef struct equations {
    int n;
    double a[PL__UNKNOWNS][PL__UNKNOWNS], g[PL__UNKNOWNS];
    double cost;
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

/* What the sums of one block and band hold: cross products of unknowns (its own band's globals
 * only), its locals, and the residual. */
enum { ROW = PL__PARAMETERS + PL__GLOBALS };
typedef struct sums {
    double xx[PL__LOCALS][PL__LOCALS], xr[PL__LOCALS];
    double zx[ROW][PL__LOCALS], zz[ROW][ROW], zr[ROW];
} sums;

static int index_of(int row, int b) {
    return row < PL__PARAMETERS ? row : PL__PARAMETERS + b * PL__GLOBALS + row - PL__PARAMETERS;
}

static void add_sample(sums *s, const pl_pixel *x, double r, double w, int b) {
    double row[ROW];
    int used[ROW], n = 0;
    for (int k = 0; k < ROW; k++) {
        row[k] = k < PL__PARAMETERS ? x->parameter[k] : x->global[k - PL__PARAMETERS];
        if (k >= PL__CLARITY && k < PL__PARAMETERS && k != PL__CLARITY + b) continue;
        if (row[k] != 0) used[n++] = k;
    }
    for (int i = 0; i < PL__LOCALS; i++) {
        s->xr[i] += w * x->local[i] * r;
        for (int j = 0; j < PL__LOCALS; j++) s->xx[i][j] += w * x->local[i] * x->local[j];
    }
    for (int i = 0; i < n; i++) {
        double wz = w * row[used[i]];
        s->zr[used[i]] += wz * r;
        for (int j = 0; j < PL__LOCALS; j++) s->zx[used[i]][j] += wz * x->local[j];
        for (int j = 0; j <= i; j++) s->zz[used[i]][used[j]] += wz * row[used[j]];
    }
}

/* Inverse of the locals' 2 x 2, with a trace of prior that keeps it one; 0 for a block without
 * weight. */
static void invert_locals(const sums *s, double inverse[PL__LOCALS][PL__LOCALS]) {
    double trace = s->xx[0][0] + s->xx[1][1], ridge = 1e-9 * trace;
    double a = s->xx[0][0] + ridge, d = s->xx[1][1] + ridge, c = s->xx[0][1];
    double det = trace > 0 ? a * d - c * c : INFINITY;
    inverse[0][0] = d / det;
    inverse[1][1] = a / det;
    inverse[0][1] = inverse[1][0] = -c / det;
}

/* Adds a block's sums with its own levels eliminated. */
static void add_block(equations *e, const sums *s, int block, int b) {
    double inverse[PL__LOCALS][PL__LOCALS];
    invert_locals(s, inverse);
    for (int i = 0; i < ROW; i++) {
        double zi[PL__LOCALS] = {0};
        for (int k = 0; k < PL__LOCALS; k++)
            for (int l = 0; l < PL__LOCALS; l++) zi[k] += s->zx[i][l] * inverse[l][k];
        int row = index_of(i, b);
        double g = s->zr[i] - zi[0] * s->xr[0] - zi[1] * s->xr[1];
        e->g[row] += g;
        e->pull[block][row] += g;
        for (int j = 0; j <= i; j++) {
            double a = s->zz[i][j] - zi[0] * s->zx[j][0] - zi[1] * s->zx[j][1];
            e->a[row][index_of(j, b)] += a;
        }
    }
}

/* A step of the block's levels, given that of the others. */
static void step_locals(const sums *s, const double *step, int b, double *deck, double *water) {
    double inverse[PL__LOCALS][PL__LOCALS], r[PL__LOCALS] = {s->xr[0], s->xr[1]};
    invert_locals(s, inverse);
    for (int i = 0; i < ROW; i++)
        for (int k = 0; k < PL__LOCALS; k++) r[k] -= s->zx[i][k] * step[index_of(i, b)];
    *deck += inverse[0][0] * r[0] + inverse[0][1] * r[1];
    *water += inverse[1][0] * r[0] + inverse[1][1] * r[1];
}

static double pixel_weight(double z2) {
    return 1 / (1 + z2 / (PIXEL_OUTLIER * PIXEL_OUTLIER));
}

/* All sums at p; every block's own are kept for the step back. Cost is that of the robust loss
 * c^2 ln(1 + z^2 / c^2), whose weights pixel_weight gives. */
static void gather(const pl_problem *q, const double *p, sums *kept, equations *e) {
    const pl_side_view *v = q->v;
    const double c2 = PIXEL_OUTLIER * PIXEL_OUTLIER;
    memset(e, 0, sizeof *e);
    e->n = q->unknowns;
    for (int i = 0; i < v->blocks; i++) {
        int from, to;
        double misfit = 0, count = 0;
        e->block_misfit[i] = NAN;
        if (q->weight[i] <= 0) continue;
        pl__freeboard_stretch(q, i, &from, &to);
        for (int b = 0; b < v->bands; b++) {
            sums *s = &kept[i * v->bands + b];
            memset(s, 0, sizeof *s);
            for (int j = from; j < to; j++) {
                const pl_sample *at = pl__sample(v, i, j);
                pl_pixel x;
                if (!(at->count > 0)) continue;
                pl__freeboard_see(q, p, b, (double)at->u_m, (double)at->n_m, q->deck[i][b],
                                  q->water[i][b], &x);
                double r = (double)at->value[b] - x.model, m = (double)at->count;
                int zone = x.on_deck ? 0 : 1;
                double z2 = m * r * r / q->variance[zone][b];
                double w = m / q->variance[zone][b] * pixel_weight(z2);
                e->zone_sum[zone][b] += pl__min(z2, c2) * q->variance[zone][b];
                e->zone_count[zone][b] += 1;
                misfit += c2 * log1p(z2 / c2);
                count += 1;
                add_sample(s, &x, r, q->weight[i] * w, b);
                e->samples++;
            }
            add_block(e, s, i, b);
        }
        e->block_misfit[i] = count > 0 ? misfit / count : NAN;
        e->cost += q->weight[i] * misfit;
    }
    for (int i = 0; i < e->n; i++) {
        double d = unknown(q, p, i) - q->prior_mean[i];
        e->cost += q->prior_weight[i] * d * d;
        e->g[i] -= q->prior_weight[i] * d;
        e->a[i][i] += q->prior_weight[i];
    }
}

/* ---- solving ---- */

/* Cholesky of a (lower part), in place. */
static bool factor(double a[PL__UNKNOWNS][PL__UNKNOWNS], int n) {
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++) a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 0)) return false;
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++) a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    return true;
}

static void substitute(double a[PL__UNKNOWNS][PL__UNKNOWNS], int n, double x[PL__UNKNOWNS]) {
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) x[i] -= a[i][k] * x[k];
        x[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) x[i] -= a[k][i] * x[k];
        x[i] /= a[i][i];
    }
}

/* Moves everything by a step that is held within what one step may trust. */
static void move(pl_problem *q, double *p, const equations *e, const sums *kept, double damping,
                 double factored[PL__UNKNOWNS][PL__UNKNOWNS], bool *ok) {
    double step[PL__UNKNOWNS];
    const pl_side_view *v = q->v;
    memcpy(factored, e->a, sizeof e->a);
    memcpy(step, e->g, sizeof step);
    for (int i = 0; i < e->n; i++) factored[i][i] *= 1 + damping;
    *ok = factor(factored, e->n);
    if (!*ok) return;
    substitute(factored, e->n, step);
    double k = (q->kind == PL_CUE_DARK_BAND ? q->shadow - q->lean : -q->lean), px = v->pixel_m;
    const double most[PL__CLARITY] = {[PL__EDGE] = px,       [PL__TURN] = px / q->half_u,
                                      [PL__HEIGHT] = px / k, [PL__TRIM] = px / k / q->half_u,
                                      [PL__SHEER] = 1e9,     [PL__SPREAD] = 0.4,
                                      [PL__LOBE] = 0.4,      [PL__ROUGH] = 0.05,
                                      [PL__RIM] = px,        [PL__FOOT] = px,
                                      [PL__RAIL] = 0.1,      [PL__GEAR] = px / k};
    double share = 1;
    for (int i = 0; i < PL__CLARITY; i++)
        share = pl__min(share, most[i] / pl__max(fabs(step[i]), 1e-300));
    for (int i = 0; i < e->n; i++) step[i] *= share;
    for (int i = 0; i < PL__PARAMETERS; i++) p[i] += step[i];
    p[PL__HEIGHT] = pl__clamp(p[PL__HEIGHT], 0.05, pl__freeboard_greatest(v->length_m));
    p[PL__SPREAD] = pl__clamp(p[PL__SPREAD], log(0.25), log(2.0));
    p[PL__LOBE] = pl__clamp(p[PL__LOBE], -0.3, 1.2);
    p[PL__ROUGH] = pl__clamp(p[PL__ROUGH], 0, 1);
    p[PL__RAIL] = pl__clamp(p[PL__RAIL], 0, 0.5);
    p[PL__GEAR] = pl__max(p[PL__GEAR], 0);
    for (int b = 0; b < v->bands; b++)
        for (int g = 0; g < PL__GLOBALS; g++)
            q->level[b][g] += step[PL__PARAMETERS + b * PL__GLOBALS + g];
    for (int i = 0; i < v->blocks; i++)
        for (int b = 0; b < v->bands; b++)
            step_locals(&kept[i * v->bands + b], step, b, &q->deck[i][b], &q->water[i][b]);
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
        substitute(factored, e->n, x);
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
            pl__freeboard_see(q, p, b, (double)at->u_m, (double)at->n_m, q->deck[i][b],
                              q->water[i][b], &x);
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

static void describe(const pl_problem *q, const equations *e, const double *p, pl_fit *out) {
    const pl_side_view *v = q->v;
    double squares = 0, sea_blocks = 0, chi2 = 0, zones = 0, clearest = 0, step = 0;
    int clear_band = 0;
    out->misfit = INFINITY;
    memcpy(out->p, p, sizeof out->p);
    memcpy(out->variance, q->variance, sizeof out->variance);
    out->cost = e->cost;
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
        out->foot_share =
            pl__max(out->foot_share, fabs(foot - level[PL__BAND]) / pl__max(fabs(v->sea[b]), 1e-9));
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
        for (int b = 0; b < v->bands; b++) out->deck[i][b] = q->deck[i][b];
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
                   const pl_fit *from, double *p) {
    pl_problem *q = &w->q;
    memset(q, 0, sizeof *q);
    q->v = v;
    q->kind = kind;
    q->lean = v->geometry.lean;
    q->shadow = v->geometry.shadow;
    q->penumbra = pl__freeboard_penumbra(v, sight);
    q->start_edge = v->edge_m - (kind == PL_CUE_LIT_WALL ? v->edge_m - start->edge_m : 0);
    q->window = *window;
    q->window_turn = from ? from->p[PL__TURN] : 0;
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
    p[PL__RAIL] = q->prior_mean[PL__RAIL];
    for (int i = 0; i < v->blocks; i++) q->weight[i] = pl__freeboard_straight(q, p, i);
    pl__freeboard_first_levels(q, p);
    pl__freeboard_believe(q);
    if (!from) return;
    for (int i = PL__SPREAD; i <= PL__ROUGH; i++) p[i] = from->p[i];
    p[PL__TURN] = from->p[PL__TURN];
    p[PL__TRIM] = from->p[PL__TRIM];
    p[PL__SHEER] = from->p[PL__SHEER];
    memcpy(q->weight, from->weight, sizeof q->weight);
    memcpy(q->variance, from->variance, sizeof q->variance);
}

bool pl__freeboard_joint(const pl_side_view *v, pl_cue_kind kind, const pl_sight *sight,
                         const pl_window *window, const pl_start *start, double attenuation_per_m,
                         const pl_fit *from, pl_arena *arena, pl_fit *out) {
    double p[PL__PARAMETERS], before[PL__PARAMETERS], damping = 1e-3;
    workshop *w = pl__arena_alloc(arena, sizeof *w);
    sums *kept = pl__arena_array(arena, (size_t)v->blocks * (size_t)v->bands, sizeof *kept);
    if (!w || !kept) return false;
    memset(out, 0, sizeof *out);
    set_up(w, v, kind, sight, window, start, attenuation_per_m, from, p);
    gather(&w->q, p, kept, &w->e);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        bool ok, better = false;
        double gain = 0;
        /* weights settle in the first rounds, and then stay, so that costs can be compared */
        if (!from && (iteration == 3 || iteration == 6)) {
            reweigh(&w->q, &w->e);
            gather(&w->q, p, kept, &w->e);
        }
        w->last = w->q;
        memcpy(before, p, sizeof before);
        for (int attempt = 0; attempt < 6 && !better; attempt++) {
            move(&w->q, p, &w->e, kept, damping, w->factored, &ok);
            if (ok) {
                /* the sums of the present place are still needed if the step is taken back */
                double cost = w->e.cost;
                gather(&w->q, p, kept, &w->then);
                better = w->then.cost < cost + 1e-9 * fabs(cost);
                gain = cost - w->then.cost;
            }
            if (better) break;
            w->q = w->last;
            memcpy(p, before, sizeof before);
            gather(&w->q, p, kept, &w->e);
            damping *= 10;
        }
        if (!better) break;
        w->e = w->then;
        damping = pl__max(damping * 0.2, 1e-7);
        if ((from || iteration > 6) && gain < 1e-3) break;
    }
    memcpy(w->factored, w->e.a, sizeof w->e.a);
    if (!factor(w->factored, w->e.n)) return false;
    sandwich(&w->q, &w->e, w->factored, out);
    describe(&w->q, &w->e, p, out);
    return isfinite(out->cost) && out->blocks_used >= 5;
}
