/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks that a side is cut into, and what is read off them: cue.c tells the order. */
#ifndef PL_FREEBOARD_BLOCKS_H
#define PL_FREEBOARD_BLOCKS_H

#include "freeboard/internal.h"

enum { PL__BLOCKS_MAX = 160, PL__SAMPLES_MAX = 512 };
#define PL__MID_SHARE                                                                              \
    0.30                     /* of the length on either side of midships: straight on most tankers \
                              */
#define PL__MIN_WIDTH_PX 1.6 /* narrower bands have both edges inside one line spread */
#define PL__MIN_CONTRAST 1.2 /* of the band against water, in sigmas of a single pixel */

/** A few metres of the side. */
typedef struct pl_block {
    double u_m;
    int first, last; /* columns */
    pl_profile profile;
    double residual; /* sum of squares */
    int samples;
    bool good;    /* water is water, edges in order */
    double width; /* from the side's straight line to the block's own outer edge */
    double weight;
} pl_block;

/** The curve through the blocks' widths. */
typedef struct pl_width_curve {
    double f, t, c; /* width at midships, its slope and curvature along u */
    double f_sigma, t_sigma;
    double scatter; /* of the widths round the curve */
    int used;
} pl_width_curve;

/** Distance from the axis of row j's centre, and the row that holds a distance. */
static inline double pl__n_of(const pl_side_view *v, double j) {
    return v->n0_m + (j + 0.5) * v->pixel_m;
}
static inline int pl__j_of(const pl_side_view *v, double n_m) {
    double j = (n_m - v->n0_m) / v->pixel_m;
    return (int)(j < 0 ? j - 1 : j); /* downwards also below 0: callers test for it */
}

/** First guess of the profile from the median section. @return false with a reason when nothing is
 * there. */
bool pl__freeboard_guess(const pl_side_view *v, pl_cue_kind kind, double wall_share, float *scratch,
                         double *section, pl_profile *guess, pl_reasons *reasons);

/** Cuts the side; every block starts from the guess. @return their number. */
int pl__freeboard_cut(const pl_side_view *v, const pl_profile *guess, pl_block *blocks);
/** The block's mean section between two distances, into position and value (PL__SAMPLES_MAX each).
 */
pl_samples pl__freeboard_section(const pl_side_view *v, const pl_block *b, double n0_m, double n1_m,
                                 double *position, double *value);
void pl__freeboard_fit_block(const pl_side_view *v, const pl_profile *guess,
                             const pl_profile_shape *shape, pl_block *b);
/** The line spread that fits the inner edges best, metres. */
double pl__freeboard_spread(const pl_side_view *v, const pl_profile *guess, const pl_block *blocks,
                            int count);

/** Side line, widths from it, and each block's weight. @return blocks that count; -1 when out of
 * memory. */
int pl__freeboard_weigh(const pl_side_view *v, pl_block *blocks, int count, pl_arena *arena,
                        double *inner_slope, double *inner_mid, int *too_wide);
/** Least squares through the weighted widths. @param c_sigma prior of the curvature. @return false:
 * too few blocks. */
bool pl__freeboard_fit_widths(const pl_block *blocks, int count, double c_sigma, pl_arena *arena,
                              pl_width_curve *out);

/** Sigma on the ground of the sun's disc at the shadow's edge. */
double pl__freeboard_penumbra(const pl_side_view *v, const pl_sight *sight, double freeboard_m);
/** Moves the width from the middle of the blurred outer edge to where the geometric edge is likely
 * to be. */
bool pl__freeboard_read_tail(const pl_side_view *v, const pl_sight *sight, const pl_block *blocks,
                             int count, const pl_profile_shape *shape, pl_arena *arena,
                             double *width_m, pl_side_cue *out);

#endif
