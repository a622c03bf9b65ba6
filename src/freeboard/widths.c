/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which blocks show the hull's own side, and what curve runs through their widths? */
#include <math.h>

#include "freeboard/blocks.h"

/* Blocks whose inner edges agree, and how many of them make a side. */
static const double CLUSTER_PX = 0.4, CLUSTER_SHARE = 0.25;

/* The deck's edge as a straight line. Gear's shadow on the deck can only move the inner edge
 * inward, so of the clusters that the blocks' edges form, the outermost that holds a fair share of
 * them is the side. */
static bool fit_inner_line(const pl_side_view *v, const pl_block *blocks, int count,
                           double *scratch, pl_arena *arena, double *mid, double *slope) {
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
int pl__freeboard_weigh(const pl_side_view *v, pl_block *blocks, int count, pl_arena *arena,
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
bool pl__freeboard_fit_widths(const pl_block *blocks, int count, double c_sigma, pl_arena *arena,
                              pl_width_curve *out) {
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
