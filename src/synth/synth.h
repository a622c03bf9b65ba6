/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of synth/ share: the ship as solids, the light, the picture's place.
 *
 * Ship's frame: u metres towards the bow from half length, w to starboard from the centre line, z
 * up from the water. A ray is o + t d with d's z above 0. */
#ifndef PL_SYNTH_SYNTH_H
#define PL_SYNTH_SYNTH_H

#include "plimsoll/synth.h"

#include "base/base.h"

/* ---- the ship ---- */

typedef enum pl_surface {
    PL_WATER,
    PL_DECK,
    PL_SIDE_PLATE,
    PL_HOUSE,
    PL_GEAR,
    PL_QUAY,
    PL_BOOT_TOP,
    PL_FOAM,
    PL_SURFACE_COUNT
} pl_surface;

enum {
    PL__NODES_MAX = 80,
    PL__STARTS_OF_SOLID = 128,
    PL__SOLIDS_MAX = 16,
    PL__SHELLS_MAX = 4,
    PL__BOX_WORDS = 2,
    PL__BOXES_MAX = 64 * PL__BOX_WORDS,
    PL__GROUP = 8,
    PL__PLUMES_MAX = 4
};

typedef struct pl_line {
    double a, b;
} pl_line; /* a + b u */

/** |w - middle| <= half(u), z <= top(u), both piecewise linear between the nodes; down to the
 * water. */
typedef struct pl_solid {
    int nodes;
    bool apart; /* not of the ship: does not heel with her */
    double middle;
    double u[PL__NODES_MAX], half[PL__NODES_MAX], top[PL__NODES_MAX];
    pl_line half_line[PL__NODES_MAX], top_line[PL__NODES_MAX]; /* from each node to the next */
    double bins_per_m;
    unsigned char start[PL__STARTS_OF_SOLID]; /* the segment where each of equal bins begins */
    double highest, widest;
    pl_surface deck;
} pl_solid;

/** A plate along both edges of a solid: half(u) - thickness <= |w| <= half(u), from top(u) up. */
typedef struct pl_shell {
    const pl_solid *on;
    double from_u, to_u, height, thickness, opacity;
} pl_shell;

typedef struct pl_box {
    double low[3], high[3];
    pl_surface surface;
    bool apart;
} pl_box;

/** Foam on the water: from a place along a direction, growing wider and fainter. */
typedef struct pl_plume {
    double from[2], along[2]; /* u w; unit */
    double half_m, spread, length_m, share;
} pl_plume;

typedef struct pl_ship {
    int solids, shells, boxes, plumes;
    pl_solid solid[PL__SOLIDS_MAX]; /* the first one is the hull itself */
    uint64_t rim;                   /* solids, a bit each, that lie in the coat; 0: none */
    pl_solid coat;
    pl_shell shell[PL__SHELLS_MAX];
    pl_box box[PL__BOXES_MAX];
    pl_box group[PL__BOXES_MAX / PL__GROUP];
    pl_plume plume[PL__PLUMES_MAX];
    double highest;                   /* of all, in the ship's frame */
    bool company;                     /* something lies beside her */
    double own_u, own_w, own_highest; /* of her without company, either way */
    double heel_sin, heel_cos;
    double reach_u, reach_w; /* of all, either way */
    struct pl_parts {        /* a bit each */
        uint64_t boxes[PL__BOX_WORDS], solids, shells;
    } all;
} pl_ship;
typedef struct pl_parts pl_parts;

typedef struct pl_ray {
    double o[3], d[3];
} pl_ray;

typedef struct pl_hit {
    double t; /* of the entry from above */
    pl_surface surface;
    double normal[3];
} pl_hit;

/** What rays of nearly one direction may meet, by where they leave the water: see aim.c. */
typedef struct pl_aim {
    struct pl_aim_map {
        double along[2]; /* metres u and w per metre up */
        double u0, w0;   /* of cells of a metre */
        int nu, nw;
        pl_parts *parts;
    } own, apart; /* own: in the heeled ship's frame */
} pl_aim;

/** @param directions a bundle, the first one in its middle, z component 1. false: no memory. */
bool pl__synth_aim(const pl_ship *ship, int directions, double direction[][3], pl_arena *arena,
                   pl_aim *out);
/** Which parts may a ray meet up to t_max? @param aim the ray's bundle; NULL: any direction. @param
 * ray heeled, for the ship's own parts. false: none. */
bool pl__synth_ahead(const pl_ship *ship, const pl_aim *aim, bool apart, const pl_ray *ray,
                     double t_max, pl_parts *out);
/** Bounds of the ship's boxes, so many together, once she is complete. */
void pl__synth_group(pl_ship *ship);
/** The ray as the upright ship has it. */
pl_ray pl__synth_heeled(const pl_ship *ship, const pl_ray *ray);

/** Puts hull, deck houses and gear together. */
void pl__synth_ship(const pl_synth_options *options, pl_ship *ship);
/** Adds what stands on the deck. */
void pl__synth_outfit(const pl_synth_options *options, pl_ship *ship);
/** Adds what lies alongside, and wakes. */
void pl__synth_beside(const pl_synth_options *options, pl_ship *ship);
/** Adds a box, of the ship or apart from her. */
void pl__synth_put(pl_ship *ship, const pl_box *box);
/** The hull's lines as a solid, between two places, narrower and higher by so much. */
void pl__synth_lines(const pl_synth_options *options, double from_u, double to_u, double inset_m,
                     double raise_m, pl_solid *out);
/** Height of the deck edge above the water at u, upright. */
double pl__synth_deck_m(const pl_synth_options *options, double u);
/** Half breadth at u; 0 beyond the ends. */
double pl__synth_half_m(const pl_synth_options *options, double u);
/** The last thing a ray that climbs passes: what is seen along it from far above. false: nothing.
 */
bool pl__synth_seen(const pl_ship *ship, const pl_aim *aim, const pl_ray *ray, pl_hit *out);
/** Share of light that comes down a ray: 1 free, 0 blocked, between through rails. */
double pl__synth_free(const pl_ship *ship, const pl_aim *aim, const pl_ray *ray);
/** Further from everything than so many times its height, and some metres more? */
bool pl__synth_far(const pl_ship *ship, double u, double w, double heights, double more_m);
/** Does the waterplane of ship or neighbours cover this place? */
bool pl__synth_afloat(const pl_ship *ship, double u, double w);

/* ---- the light ---- */

enum { PL__DISC = 16, PL__TAIL = 24 };

typedef struct pl_light {
    int bands;
    double sun[3], view[3];                /* towards them, in the ship's frame, z component 1 */
    double disc[PL__DISC][3];              /* places on the sun's disc, the first on its rim */
    double tail_u, tail_w;                 /* metres on the surface per metre of depth */
    double climb;                          /* path down and up again per metre of depth */
    double tail_m[PL_BANDS_MAX][PL__TAIL]; /* depths of equal shares of the light from below */
    bool tail_known;                       /* false: no light from below the surface */
    double direct[PL_BANDS_MAX], diffuse[PL_BANDS_MAX], mirrored[PL_BANDS_MAX],
        haze[PL_BANDS_MAX];        /* of lit water, 1 in all */
    double sky[PL_BANDS_MAX];      /* share of sky light in what falls on a level surface */
    double water_dn[PL_BANDS_MAX]; /* of lit water, relative to pan's */
    double albedo[PL_BANDS_MAX][PL_SURFACE_COUNT]; /* against lit water */
} pl_light;

void pl__synth_light(const pl_synth_options *options, pl_light *light);
/** Share of the sun's disc seen from a place in the ship's frame. */
double pl__synth_sunlit(const pl_ship *ship, const pl_light *light, const pl_aim *sun,
                        const double place[3]);

/* ---- the picture's place ---- */

typedef struct pl_synth_place {
    int size;
    double affine[6];
    int nodes;                /* a side */
    double *east_m, *north_m; /* of the nodes, from the hull's centre */
} pl_synth_place;

enum { PL__NODE_PX = 16 };

pl_status pl__synth_place(const pl_synth_options *options, pl_arena *arena, pl_synth_place *out,
                          pl_error *error);
/** Pixel -> metres east and north of the hull's centre. */
void pl__synth_ground(const pl_synth_place *place, double x_px, double y_px, double *east_m,
                      double *north_m);

/* ---- the sea's surface ---- */

typedef struct pl_sea {
    const pl_synth_options *options;
    const pl_ship *ship;
    float *swell;    /* relative brightness of the water, of every pixel */
    double cloud[3]; /* its edge: unit normal east and north, metres from the hull's centre */
} pl_sea;

/** false: no memory. */
bool pl__synth_sea(const pl_synth_options *options, const pl_synth_place *place,
                   const pl_ship *ship, pl_arena *arena, pl_sea *out);
/** Share of sunlight that clouds leave, 1 without. */
double pl__synth_clouds(const pl_sea *sea, double east_m, double north_m);
/** The sun's image on the facets, of lit water in pan; 0 without. */
double pl__synth_glint(const pl_sea *sea, double east_m, double north_m);
/** Share of the surface that is foam; it does not move with the ship: her frame amid the bands. */
double pl__synth_foam(const pl_sea *sea, double u, double w);
/** At (x, y) of a plane w x h, the level of the plane through the 5 x 5 pixels round it; those
 * below zero show no water. */
double pl__synth_plane(const float *plane, int w, int h, int x, int y);

/* ---- the picture ---- */

/** Names of the drawn bands, in the file's order. */
const char *const *pl__synth_band_names(int bands);

/** Radiance, lit water = 1, as a perfect camera with the line spread would see it. */
pl_status pl__synth_render(const pl_synth_options *options, const pl_synth_place *place,
                           pl_arena *arena, pl_image *out, pl_error *error);
/** Noise, sharpening, tone curve, DN; in place. */
pl_status pl__synth_sensor(const pl_synth_options *options, pl_arena *arena, pl_image *image,
                           pl_error *error);
/** A number in [0, 1) for a place in a sequence: the same on every machine. */
double pl__synth_random(uint64_t seed, uint64_t index);
/** Normal, mean 0, standard deviation 1. */
double pl__synth_normal(uint64_t seed, uint64_t index);

/* ---- beside the picture ---- */

/** A time at which the sun stands at these angles there; NAN when it never does, within 0.05 deg.
 */
double pl__synth_time(double lon_deg, double lat_deg, double azimuth_rad, double elevation_rad);
pl_status pl__synth_sidecar(const pl_synth_options *options, const pl_synth_place *place,
                            const char *file, double acquired_s, pl_error *error);
pl_status pl__synth_truth(const pl_synth_options *options, const pl_synth_place *place,
                          const char *file, double acquired_s, pl_error *error);

#endif
