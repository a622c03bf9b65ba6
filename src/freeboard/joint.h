/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The joint fit's problem and the model of a pixel: what model.c tells joint.c. */
#ifndef PL_FREEBOARD_JOINT_H
#define PL_FREEBOARD_JOINT_H

#include "freeboard/internal.h"

enum {
    PL__LOCALS = 2, /* deck, water: levels of one block and band */
    PL__UNKNOWNS = PL__PARAMETERS + PL__BANDS * PL__GLOBALS
};
enum pl_global { PL__BAND, PL__BAND_SLOPE, PL__WALL, PL__SKY, PL__MIRROR };

typedef struct pl_problem {
    const pl_side_view *v;
    pl_cue_kind kind;
    double lean, shadow, penumbra, tail_m[PL__BANDS]; /* the tail at clarity 0 */
    double start_edge, window_turn;
    pl_window window;
    int unknowns; /* parameters, then globals band by band */
    double half_u;
    double variance[2][PL__BANDS]; /* of a pixel on deck and on water */
    double level[PL__BANDS][PL__GLOBALS];
    double deck[PL__BLOCKS_MAX][PL__BANDS], water[PL__BLOCKS_MAX][PL__BANDS];
    double weight[PL__BLOCKS_MAX];
    double contrast[PL__BANDS]; /* of the first levels: the scale of priors */
    double prior_mean[PL__UNKNOWNS], prior_weight[PL__UNKNOWNS];
} pl_problem;

typedef struct pl_pixel {
    double model;
    double local[PL__LOCALS], global[PL__GLOBALS], parameter[PL__PARAMETERS];
    bool on_deck;
} pl_pixel;

/** What a pixel of band b at (u, n) shows, and its derivatives by everything. */
void pl__freeboard_see(const pl_problem *q, const double *p, int b, double u, double n, double deck,
                       double water, pl_pixel *out);
/** Does the block show the straight side only? */
bool pl__freeboard_straight(const pl_problem *q, const double *p, int block);
/** Bins of a block within the window, which turns with the side. */
void pl__freeboard_stretch(const pl_problem *q, int block, int *from, int *to);
/** Levels to start from, by means between the edges. */
void pl__freeboard_first_levels(pl_problem *q, const double *p);
/** What is believed of every unknown before the picture is asked. */
void pl__freeboard_believe(pl_problem *q);

#endif
