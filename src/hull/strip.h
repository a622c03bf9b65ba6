/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chip straightened along a ship: what outline.c, ends.c, bow.c and draw.c look at together. */
#ifndef PL_HULL_STRIP_H
#define PL_HULL_STRIP_H

#include "hull/internal.h"

typedef struct pl_strip {
    pl_image image;    /* 1 band: bright above 0 */
    pl_image bands;    /* as the picture has them */
    double u0_m, w0_m; /* of the corner of its first pixel */
    double pixel_m;
    double water, threshold; /* level of the water, and from which on a pixel is none */
    double *left, *right;    /* per column: w of the sides, NAN where not found */
} pl_strip;

/* The axis under refinement, in local metres round the chip's frame origin. */
typedef struct pl_axis {
    double east_m, north_m, angle_rad;
    double length_m, beam_m;
    double gap_sigmas;                 /* of the candidate */
    int touch;                         /* of the candidate */
    double seen_beam_m, seen_length_m; /* the candidate's */
} pl_axis;

/* One line of strip pixels from (i, j) in steps of (di, dj). */
typedef struct pl_walk {
    const pl_strip *s;
    int i, j, di, dj, length;
} pl_walk;

typedef struct pl_side_line {
    double a, b;    /* w = a + b u */
    double scatter; /* mean |residual| of the points that count */
    double share;   /* of the columns that count */
} pl_side_line;

typedef struct pl_ends {
    double low_u, high_u;
    bool low_clear, high_clear;
} pl_ends;

void pl__axis_point(const pl_axis *a, double u_m, double w_m, double *east_m, double *north_m);
/** @return false when out of memory. */
bool pl__strip_make(const pl_crop *chip, const pl_sea *sea, const pl_axis *a, pl_arena *arena,
                    pl_strip *out);
double pl__strip_at(const pl_strip *s, int i, int j);
double pl__strip_walk_at(const pl_walk *w, int k);
/** Deck begins beyond step k of a walk that comes from the water: where is the half level between
 * water and the deck just behind the edge? In steps, corner convention (step k covers [k, k + 1]).
 * NAN at the strip's end. */
double pl__strip_half_crossing(const pl_walk *w, int k);

/** Where does the side end that touches something? `open` is the other side, column by column, and
 * `line` its line. @return false when out of memory; where nothing is seen `w` is as the candidate
 * has it and `clear` false. */
bool pl__hull_touching(const pl_strip *s, const pl_axis *a, const pl_sea *sea, const double *open,
                       const pl_side_line *line, pl_arena *arena, double *w, bool *clear);
/** Where does the hull end, at its low and its high u? @return false when an end is not found or
 * out of memory. */
bool pl__hull_ends(const pl_strip *s, const pl_axis *a, pl_arena *arena, pl_ends *out);
/** Which end is the bow? @return > 0: the high end, < 0: the low end. */
double pl__hull_bow(const pl_strip *s, const pl_side_line side[2], const pl_ends *end,
                    bool doubtful, bool *certain);
/** How much of its half breadth does one side (0 left, 1 right) lack over the last eighth of the
 * length, at the end where it lacks more? A mean; NAN where it is not seen. */
double pl__hull_taper(const pl_strip *s, int which, const pl_side_line side[2], const pl_ends *end);
/** By how much more does one side narrow than the other, at the end where that is worse? */
double pl__hull_lopsided(const pl_strip *s, const pl_side_line side[2], const pl_ends *end);
/** The outline in input pixels. */
void pl__hull_draw(const pl_crop *chip, const pl_axis *a, const pl_strip *s,
                   const pl_side_line side[2], double stern_u, double bow_u, pl_hull *hull);
/** What stands on the deck? NAN where too little of it is seen. @return false when out of memory.
 */
bool pl__hull_evidence(const pl_strip *s, const pl_side_line side[2], const pl_ends *end,
                       pl_arena *arena, double out[PL_EVIDENCE_COUNT]);
/** Deck brightness on a fixed grid, bow first, port to starboard: mean 0, spread over +-127. */
void pl__hull_fingerprint(const pl_axis *a, const pl_strip *s, double stern_u, double bow_u,
                          pl_hull *hull);

#endif
