/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of freeboard/ hand to each other. */
#ifndef PL_FREEBOARD_INTERNAL_H
#define PL_FREEBOARD_INTERNAL_H

#include "hull/sea.h"
#include "image/image.h"
#include "plimsoll/freeboard.h"

/** A side that shows less ground than this per metre of height says nothing. */
#define PL__FREEBOARD_USEFUL 0.14
/** Shaded water is darker than water by more than this share of the sea's level, in some band. */
#define PL__LEAST_SHADE 0.04
/** Share of the length on either side of midships that is straight on most tankers. */
#define PL__MID_SHARE 0.30

/* ---- the side's pixels: samples.c ---- */

enum { PL__BLOCKS_MAX = 64, PL__BANDS = 8 };

/** Pixels of one bin of one block, added up. */
typedef struct pl_sample {
    float u_m, n_m; /* their mean place: along from midships, outward from the hull's axis */
    float count;    /* 0: none */
    float value[PL__BANDS];
} pl_sample;

/** One side of the hull in blocks along it and bins of a third of a pixel across. */
typedef struct pl_side_view {
    pl_side side;
    pl_side_geometry geometry;
    double normal_rad; /* azimuth of the outward normal */
    /* a shadow's edge at u was cast by the deck this far towards the bow, per metre of height; the
     * deck's edge is imaged from this far */
    double cast_along, lean_along;
    bool bow_certain;
    double length_m, beam_m, beam_sigma_m, heading_sigma_rad;
    double pixel_m;
    double edge_m;        /* deck's edge as the outline has it: half the beam */
    double edge_within_m; /* how far from there it is looked for */
    bool edge_is_deck; /* a lit wall is no part of the outline: somebody drew the deck's own edge */
    int bands;         /* those that are used */
    double sea[PL__BANDS], sea_sigma[PL__BANDS]; /* level and scatter of a pixel of open water */
    double attenuation[PL__BANDS];               /* of this band against green's */
    int blocks, bins;
    double block_m, n0_m, bin_m;
    pl_sample *sample; /* blocks * bins */
    double saturated_share;
    double shade[PL__BLOCKS_MAX]; /* how much of the deck's edge that casts the block's shadow is
                                     itself in gear's shadow, 0 to 1 */
} pl_side_view;

/** Where a side faces, what a metre of it shows, and which bins it is cut into: all but pixels. */
void pl__freeboard_face(const pl_hull *hull, pl_side side, const pl_sight *sight, double pixel_m,
                        pl_side_view *out);
/** Attenuation in water of a band against green's. */
double pl__freeboard_attenuation(pl_band_role role);
/** Collects one side. @param sea the chip's water. @return PL_REFUSED when no band shows it. */
pl_status pl__freeboard_side(const pl_crop *chip, const pl_hull *hull, const pl_sea *sea,
                             pl_side side, pl_arena *arena, pl_side_view *out, pl_error *error);
static inline const pl_sample *pl__sample(const pl_side_view *v, int block, int bin) {
    return &v->sample[(size_t)block * (size_t)v->bins + (size_t)bin];
}

/* ---- how an edge looks: response.c ---- */

typedef struct pl_response {
    double spread_m; /* sigma of the line spread */
    double sharpen;  /* strength of the sharpening lobe */
    double pixel_m;  /* the lobe's scale */
} pl_response;

/** A unit step seen x metres beyond the edge, and how it changes. */
typedef struct pl_edge {
    double step, density; /* and its derivative by x */
    double curve;         /* second derivative: half of it is the change by variance of the blur */
    double lobe;          /* change by the sharpening's strength */
    double tail;          /* change by the logarithm of the tail's scale */
} pl_edge;
/** @param extra_m2 variance of blur beyond the line spread. @param tail_m scale of the one-sided
 * exponential that light from below adds; 0: none. */
void pl__freeboard_edge(const pl_response *r, double extra_m2, double tail_m, double x,
                        pl_edge *out);
/** The same without the lobe: of an edge whose jump is so small that its lobe does not show. */
void pl__freeboard_soft_edge(const pl_response *r, double extra_m2, double tail_m, double x,
                             pl_edge *out);
/** Scale of that exponential for water of attenuation 1 per metre; 0 when light from below moves
 * the edge inward. */
double pl__freeboard_tail_m(const pl_side_view *v, const pl_sight *sight);
/** Sigma on the ground of the sun's disc at the shadow's edge, per metre of height. */
double pl__freeboard_penumbra(const pl_side_view *v, const pl_sight *sight);

/** More than any ship of that length shows. */
double pl__freeboard_greatest(double length_m);

/* ---- where the edges are, roughly: search.c ---- */

enum { PL__STARTS = 3 };

/** A place to start from. */
typedef struct pl_start {
    double edge_m, freeboard_m; /* imaged deck edge from the axis; height */
    double boot_m;  /* of the boot topping's line over the water; 0: a wall of one paint */
    double strip_m; /* of shaded deck within that edge; 0: none is thought of */
    double cost;    /* of the median section, capped residuals */
} pl_start;

/** Best and next best starts, best first. @param boot of a lit wall with boot topping.
 * @return their number; 0 with a reason when nothing stands out. */
int pl__freeboard_search(const pl_side_view *v, pl_cue_kind kind, bool boot, pl_arena *arena,
                         pl_start start[PL__STARTS], pl_reasons *reasons);

/* ---- all edges at once: joint.c ---- */

enum {
    PL__GLOBALS = 6
}; /* band, its slope along the hull, wall, sky, mirror image, boot topping: levels of a band */

enum pl_parameter {
    PL__EDGE,    /* imaged deck edge at midships, metres from the axis */
    PL__TURN,    /* its slope along the hull */
    PL__HEIGHT,  /* freeboard at midships, metres */
    PL__TRIM,    /* its slope along the hull, metres per metre */
    PL__SHEER,   /* its curvature: f = height + trim u + sheer g(u) u^2, g as model.c says */
    PL__SPREAD,  /* ln of the line spread in pixels */
    PL__LOBE,    /* strength of the sharpening lobe */
    PL__ROUGH,   /* variance that waves add at the outer edge, m^2 */
    PL__RIM,     /* how far the deck's edge shows inward of where its height would have it: held, or
                    the width of a strip of shaded deck */
    PL__FOOT,    /* how far the wall's foot shows outward of the waterline */
    PL__RAIL,    /* share of the light that the open rails on the deck's edge take */
    PL__GEAR,    /* height that gear adds where it shades all of the deck's edge */
    PL__FORE,    /* how far the side has drawn in at the straight part's forward end, metres */
    PL__AFT,     /* the same at its after end */
    PL__FACETS,  /* ln of the blur of the wall's mirror image, in heights */
    PL__LINE,    /* height of the boot topping's line over the water, at midships */
    PL__CLARITY, /* ln of the tail's scale against the water's own, one a band from here on */
    PL__PARAMETERS = PL__CLARITY + PL__BANDS
};

typedef struct pl_fit {
    double p[PL__PARAMETERS];
    double covariance[PL__CLARITY][PL__CLARITY]; /* of the first ones, by scatter between blocks */
    bool strip; /* p[PL__RIM] is the width of a strip of shaded deck */
    double window_turn, zone_edge, zone_turn; /* which pixels count, and as what (joint.h) */
    double cost;   /* sum of squares over variance, priors included, at the weights it ended with */
    double belief; /* the priors' part of it */
    double attenuation_per_m; /* green's, that it was made for */
    double inflation;         /* variance of the height by blocks over that by white noise */
    double by_rim, by_foot;   /* how the height follows these, metres by metres */
    double bound_m;    /* the height's sigma if the noise were white: the Cramer-Rao bound of this
                          model */
    double chi2;       /* of the residuals on the water, against open water's scatter */
    double unevenness; /* of the band's inside, against the model, as a share of the contrast */
    double misfit;     /* the same as a share of the contrast, of the band that fits best */
    double weight[PL__BLOCKS_MAX]; /* of each block, 0 to 1 */
    double variance[2][PL__BANDS]; /* of a pixel on deck and on water */
    int blocks_used, blocks_straight, samples;
    double contrast;   /* of band against water, sigmas of a pixel, root sum over bands */
    bool boot;         /* the wall has boot topping */
    bool odd_water;    /* levels at a lit wall's foot are at the border of what water shows */
    double veiled;     /* light of the hidden sky over the sun's, of the bands that show the shadow
                          well the one where it is strongest */
    bool bright_wall;  /* a shaded wall as bright as any may be, in a band that shows it well */
    double foot_share; /* step at a lit wall's foot, of the sea's level, strongest band */
    bool straight[PL__BLOCKS_MAX]; /* shows the straight side only */
    double excess[PL__BLOCKS_MAX]; /* the block's own height minus the curve's, metres; NAN */
    double band_level[PL__BANDS], water_level[PL__BANDS], deck_level[PL__BANDS];
    double level[PL__BANDS][PL__GLOBALS];
    double deck[PL__BLOCKS_MAX][PL__BANDS]; /* the deck's level at the edge, block by block */
    double water[PL__BLOCKS_MAX][PL__BANDS];
    double sea_share; /* of the blocks beyond whose band lies water like the open sea's */
} pl_fit;

/** What is held against the model: the same pixels for all fits that are to be compared. */
typedef struct pl_window {
    double low_m, high_m; /* outward from the hull's axis */
} pl_window;
/** A little deck, the longest band among the starts, and water beyond; more deck where the starts
 * are not sure, being a search's. */
pl_window pl__freeboard_window(const pl_side_view *v, pl_cue_kind kind, const pl_start *start,
                               int starts, bool sure);
/** What a fit takes over from one before it. */
typedef enum pl_take {
    PL__NOTHING,
    PL__WEIGHTS, /* weights, variances and the shape of edges, for another start; not one place
                    twice */
    PL__PLACE,   /* all but weights and variances */
    PL__ALL      /* continues */
} pl_take;

/** Least squares of everything from a start. @param attenuation_per_m green's, for the tail;
 * INFINITY: no tail. @param before what PL__NOTHING does not ask for.
 * @return false when it did not settle, or ran into the place of the fit before. */
bool pl__freeboard_joint(const pl_side_view *v, pl_cue_kind kind, const pl_sight *sight,
                         const pl_window *window, const pl_start *start, double attenuation_per_m,
                         pl_take take, const pl_fit *before, pl_arena *arena, pl_fit *out);

/* ---- one side's answer: cue.c ---- */

typedef struct pl_side_cue {
    pl_cue cue;
    pl_reasons reasons;        /* refusal when cue.stations == 0, else doubts */
    double fit_sigma_m;        /* of the freeboard: edge noise, between blocks */
    double tail_sigma_m;       /* of the freeboard: how clear the water is */
    double bound_m;            /* of the freeboard, if the noise were white */
    double tail_m;             /* mean scale of the tail, metres on the ground */
    double gear_sigma_m;       /* of the freeboard: gear's shadow */
    double strip_m;            /* of shaded deck along the edge; 0: none */
    double other_m;            /* how far away another place is that fits nearly as well */
    double by_rim, by_foot;    /* freeboard by metres that deck's edge or wall's foot are shifted */
    double slope, slope_sigma; /* of the freeboard along the hull, bow positive */
    double turn;               /* d edge / d u: residual turn of the axis */
    double edge_m;             /* imaged deck edge at midships */
    double deck[PL__BLOCKS_MAX][PL__BANDS]; /* of the best fit */
    double band_level[PL__BANDS];
    bool straight[PL__BLOCKS_MAX];
    pl_fit best;
    int station_count;
    pl_station station[PL_STATIONS_MAX];
} pl_side_cue;

/** @param before the same side read otherwise: its place is where this reading starts; NULL: the
 * side is searched. */
pl_status pl__freeboard_read_side(const pl_side_view *view, const pl_sight *sight,
                                  const pl_side_cue *before, pl_arena *arena, pl_side_cue *out,
                                  pl_error *error);

/* ---- the whole answer: freeboard.c ---- */

/** False, and out refused with its reasons, when sun or view are unknown or the sun is too low. */
bool pl__freeboard_light_known(const pl_sight *sight, pl_freeboard *out);
/** Reads both sides, joins and judges them. A view without bands shows no water. */
pl_status pl__freeboard_answer(const pl_side_view view[2], const pl_hull *hull,
                               const pl_sight *sight, const pl_freeboard_options *options,
                               pl_arena *arena, pl_freeboard *out, pl_error *error);

/* ---- both sides: join.c; terms that no picture shows: budget.c ---- */

/** One side's measurement, linearised. */
typedef struct pl_reading {
    bool read;
    pl_side_view view;
    pl_side_cue cue;
} pl_reading;

/** Turns a side that was read to where its own edge says that it faces. */
void pl__freeboard_turn(pl_reading *reading, const pl_sight *sight);
/** Joins what was read into out: freeboard, budget (all but the model's term), list, chi-square. */
void pl__freeboard_join(pl_reading reading[2], const pl_sight *sight, pl_freeboard *out);

/** Does gear's shadow cross the deck's edge of a dark side? Blocks where it does are left out and
 * the side read again; where too few are left, the side is marked. See gear.c. */
pl_status pl__freeboard_check_gear(pl_reading *dark, const pl_reading *other, const pl_sight *sight,
                                   pl_arena *arena, pl_error *error);

/** Could what stands on such a deck throw its shadow to the edge? */
bool pl__freeboard_gear_reaches(const pl_side_view *v);

/** Is enough known of sun and view to say which side would show an overhang? */
bool pl__freeboard_leans(const pl_sight *sight);
/** As pl_freeboard_overhang, with the chip's water already read. */
pl_status pl__freeboard_overhang(const pl_crop *chip, const pl_hull *hull, const pl_sea *sea,
                                 pl_arena *arena, double *starboard_less_port_m, pl_error *error);

/** Systematic terms of one side that are its own, in metres of freeboard. */
void pl__freeboard_own_terms(const pl_reading *reading, double budget_m[PL_BUDGET_COUNT]);

#endif
