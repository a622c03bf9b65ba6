/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of freeboard/ hand to each other. */
#ifndef PL_FREEBOARD_INTERNAL_H
#define PL_FREEBOARD_INTERNAL_H

#include "image/image.h"
#include "plimsoll/freeboard.h"

/** A side that shows less ground than this per metre of height says nothing. */
#define PL__FREEBOARD_USEFUL 0.14

/* ---- one cross-section as a model: edges.c ---- */

/** Brightness along the outward normal: deck | wall or band | water. See edges.c. */
typedef struct pl_profile {
    double inner, outer;      /* the two edges, metres outward */
    double deck, band, water; /* levels */
    double wall;              /* the unlit wall's level minus the band's; 0 unless wall_share > 0 */
} pl_profile;

typedef struct pl_profile_shape {
    double spread;       /* sigma of the line spread, metres */
    double outer_spread; /* the same at the outer edge: penumbra and waves added */
    double tail; /* scale of the one-sided exponential at the outer edge (light from under water);
                    0: none */
    double wall_share; /* of the band's width next to the deck that is unlit wall; 0: none */
} pl_profile_shape;

/** Samples value[k] at position[k] metres. */
typedef struct pl_samples {
    int count;
    const double *position, *value;
} pl_samples;

double pl__freeboard_profile(const pl_profile *p, const pl_profile_shape *shape, double position);
/** Least squares from a starting profile. @return sum of squared residuals, NAN when it did not
 * settle. */
double pl__freeboard_fit_profile(const pl_samples *samples, const pl_profile_shape *shape,
                                 pl_profile *profile);

/* ---- one side of the hull: side.c ---- */

/** A side, straightened: rows of the image run outward from the hull's axis, columns along it, bow
 * to the right. */
typedef struct pl_side_view {
    pl_side side;
    pl_side_geometry geometry;
    double normal_rad; /* azimuth of the outward normal */
    double length_m, beam_m;
    double heading_sigma_rad; /* of the hull's axis */
    double pixel_m;
    double u0_m, n0_m; /* of the image's corner: along, and outward from the axis */
    double edge_m;     /* deck's edge, a first guess (half the beam) */
    pl_image image; /* one band: the bands mixed to show this side's band against water and deck */
    double water, water_sigma; /* level and scatter of a pixel of water in that mix */
    float saturated_share;     /* of the pixels near the edges */
} pl_side_view;

/** Cuts the strip of one side. @return PL_REFUSED with a reason when there is nothing to see. */
pl_status pl__freeboard_side(const pl_crop *chip, const pl_hull *hull, pl_side side,
                             double turn_rad, pl_arena *arena, pl_side_view *out, pl_error *error);

/* ---- its edges: cue.c ---- */

/** One cue with what the budget needs to know. */
typedef struct pl_side_cue {
    pl_cue cue;
    pl_reasons reasons;        /* refusal when cue.stations == 0, else doubts */
    double fit_sigma_m;        /* of the width: edge noise */
    double tail_sigma_m;       /* of the width: how the light from under water is modelled */
    double tail_m;             /* the tail's scale, mean of its posterior */
    double gear_sigma_m;       /* of the width */
    double slope, slope_sigma; /* of the freeboard along the hull, metres per metre, bow positive */
    double spread_m;           /* line spread's sigma */
    double edge_slope;         /* d inner / d u: residual turn of the axis */
    double inner_m;            /* inner edge at midships from the axis */
    int station_count;
    pl_station station[PL_STATIONS_MAX];
} pl_side_cue;

pl_status pl__freeboard_read_side(const pl_side_view *view, const pl_sight *sight, pl_arena *arena,
                                  pl_side_cue *out, pl_error *error);

/* ---- its sigma: budget.c ---- */

/** Fills out->budget_m for one cue (MODEL left to the caller) and returns their root sum of
 * squares. */
double pl__freeboard_budget(const pl_side_cue *cue, const pl_side_view *view, const pl_sight *sight,
                            bool both_sides, double budget_m[PL_BUDGET_COUNT]);

#endif
