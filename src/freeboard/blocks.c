/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does each few metres of the side say of its edges, and how sharp is the picture? */
#include <math.h>

#include "freeboard/blocks.h"

enum { SPREADS = 8 };
static const double BLOCK_M = 3.0;
static const double SPREAD_PX[SPREADS] = {0.30, 0.38, 0.46, 0.54, 0.64, 0.76, 0.92, 1.15};

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

int pl__freeboard_cut(const pl_side_view *v, const pl_profile *guess, pl_block *blocks) {
    int columns = (int)lround(pl__max(BLOCK_M, 3 * v->pixel_m) / v->pixel_m), count = 0;
    for (int i = 0; i + columns <= v->image.width && count < PL__BLOCKS_MAX; i += columns) {
        double u = v->u0_m + (i + 0.5 * columns) * v->pixel_m;
        if (fabs(u) > PL__MID_SHARE * v->length_m) continue;
        blocks[count++] = (pl_block){.u_m = u, .first = i, .last = i + columns, .profile = *guess};
    }
    return count;
}

/* The block's mean section between two distances. */
pl_samples pl__freeboard_section(const pl_side_view *v, const pl_block *b, double n0_m, double n1_m,
                                 double *position, double *value) {
    int n = 0;
    for (int j = pl__j_of(v, n0_m) > 0 ? pl__j_of(v, n0_m) : 0;
         j < v->image.height && n < PL__SAMPLES_MAX; j++) {
        double at = pl__n_of(v, j);
        if (at > n1_m) break;
        double mean = column_mean(v, b->first, b->last, j);
        if (isnan(mean)) continue;
        position[n] = at;
        value[n++] = mean;
    }
    return (pl_samples){n, position, value};
}

void pl__freeboard_fit_block(const pl_side_view *v, const pl_profile *guess,
                             const pl_profile_shape *shape, pl_block *b) {
    double position[PL__SAMPLES_MAX], value[PL__SAMPLES_MAX], px = v->pixel_m;
    pl_samples s = pl__freeboard_section(v, b, guess->inner - 2.2 * px, guess->outer + 4 * px + 3.0,
                                         position, value);
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
double pl__freeboard_spread(const pl_side_view *v, const pl_profile *guess, const pl_block *blocks,
                            int count) {
    double best = INFINITY, chosen = SPREAD_PX[3] * v->pixel_m, px = v->pixel_m;
    double width = guess->outer - guess->inner;
    for (int k = 0; k < SPREADS; k++) {
        pl_profile_shape shape = {.spread = SPREAD_PX[k] * px, .outer_spread = SPREAD_PX[k] * px};
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double position[PL__SAMPLES_MAX], value[PL__SAMPLES_MAX];
            pl_profile p = blocks[i].profile;
            pl_samples s =
                pl__freeboard_section(v, &blocks[i], p.inner - 2.5 * px,
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
