/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The joint fit's problem and the model of a pixel: what model.c tells joint.c. */
#ifndef PL_FREEBOARD_JOINT_H
#define PL_FREEBOARD_JOINT_H

#include "freeboard/internal.h"

enum {
    PL__LOCALS = 2, /* deck, water: levels of one block and band */
    PL__UNKNOWNS = PL__PARAMETERS + PL__BANDS * PL__GLOBALS
};
enum pl_global {
    PL__BAND,
    PL__BAND_SLOPE,
    PL__WALL,
    PL__SKY,
    PL__MIRROR,
    PL__BOOT /* against the wall above it */
};

typedef struct pl_problem {
    const pl_side_view *v;
    pl_cue_kind kind;
    bool boot;  /* topping on a lit wall */
    bool strip; /* a strip of shaded deck may lie within the deck's edge */
    double lean, shadow, penumbra, tail_m[PL__BANDS]; /* the tail at clarity 0 */
    double start_edge, start_height, window_turn;
    double zone_edge, zone_turn; /* what lies inward counts as deck: a pixel does not change sides
                                    while the fit goes on */
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

/** The edges of a side at one u. */
typedef struct pl_section {
    double f, cast_f, n1, line, foot, n2, wall, image; /* line: of the boot topping */
    double lean_u, cast_u; /* where on deck the imaged edge and the shadow's end come from */
    /* how deck and side change there, by the height here */
    double lean_inset, cast_inset, lean_rise, cast_rise;
    double image_blur;  /* of the mirror image, in heights */
    double shade;       /* of the deck's edge, by gear */
    double rough, blur; /* variance beyond the line spread at the shadow's end; of the image */
} pl_section;

/** What all bands share at a place. */
typedef struct pl_place {
    pl_response response; /* everywhere, as the next two */
    double rail;          /* share that rails take */
    double tail_m[PL__BANDS];
    double u, n;
    pl_section section;
    pl_edge deck, line, foot, image;
    double veil; /* share of the sky that is hidden from the water there */
    double veil_by_d, veil_by_f;
} pl_place;

typedef struct pl_pixel {
    double model;
    double local[PL__LOCALS], global[PL__GLOBALS], parameter[PL__PARAMETERS];
    bool on_deck;
} pl_pixel;

/** Takes up these parameters, for pl__freeboard_at. */
void pl__freeboard_optics(const pl_problem *q, const double *p, pl_place *out);
/** Goes to (u, n). */
void pl__freeboard_at(const pl_problem *q, const double *p, double u, double n, pl_place *out);
/** What a pixel of band b shows there, and its derivatives by everything. */
void pl__freeboard_see(const pl_problem *q, int b, const pl_place *at, double deck, double water,
                       pl_pixel *out);
/** How far the side has drawn in at u, metres. */
double pl__freeboard_inset(const pl_side_view *v, const double *p, double u);
/** Height of the deck's edge at u. */
double pl__freeboard_height(const pl_side_view *v, const double *p, double u);
/** Does the block show the straight side only? */
bool pl__freeboard_straight(const pl_problem *q, const double *p, int block);
/** Bins of a block within the window, which turns with the side. */
void pl__freeboard_stretch(const pl_problem *q, int block, int *from, int *to);
/** Levels to start from, by means between the edges. */
void pl__freeboard_first_levels(pl_problem *q, const double *p);
/** What is believed of every unknown before the picture is asked. */
void pl__freeboard_believe(pl_problem *q);

/* ---- steps: solve.c ---- */

/** Cholesky's factor of a (lower half), in place. false: not positive. */
bool pl__freeboard_factor(double a[PL__UNKNOWNS][PL__UNKNOWNS], int n);
/** Solves by that factor, in place. */
void pl__freeboard_substitute(double a[PL__UNKNOWNS][PL__UNKNOWNS], int n, double x[PL__UNKNOWNS]);
/** What one unknown may be. */
typedef struct pl_bound {
    int index;
    double low, high;
} pl_bound;
enum { PL__BOUNDS = 11 + 3 * PL__BANDS };
/** @return their number. */
int pl__freeboard_bounds(const pl_problem *q, pl_bound bound[PL__BOUNDS]);
/** Is the shaded wall in that band as bright as any may be? */
bool pl__freeboard_brightest(const pl_problem *q, int b);
/** The damped step of a x = g from now, within bounds. @param factored room, n x n. */
bool pl__freeboard_step(int n, const double a[PL__UNKNOWNS][PL__UNKNOWNS],
                        const double g[PL__UNKNOWNS], const double now[PL__UNKNOWNS],
                        const pl_bound *bound, int bounds, double damping,
                        double factored[PL__UNKNOWNS][PL__UNKNOWNS], double step[PL__UNKNOWNS]);

#endif
