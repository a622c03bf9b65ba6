/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model tables in memory, and the parts of the estimate: fleet, ship, state, what is believed.
 */
#ifndef PL_LOAD_MODEL_H
#define PL_LOAD_MODEL_H

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_rng.h>
#include <math.h>

#include "base/base.h"
#include "plimsoll/load.h"

enum {
    PL__CLASSES_MAX = 16,
    PL__COMPONENTS_MAX = 4,
    PL__KNOTS_MAX = 16,
    PL__LOADLINE_MAX = 512,
    PL__ROWS_MAX = 64,
    PL__DIMS = 5, /* LOA, beam, deadweight, summer draft, tonnage: in logarithms */
};
enum { PL__LOA, PL__BEAM, PL__DWT, PL__DRAFT, PL__GT };

/** Names of what load_priors.csv must hold, in the order of pl__prior. */
typedef enum pl__prior {
    PL__LPP_PER_LOA,
    PL__WATERPLANE_FACTOR,
    PL__DISPLACEMENT_EXPONENT,
    PL__BLOCK,
    PL__TANK_M3_PER_DWT,
    PL__CONSUMABLES,
    PL__RESIDUAL_BALLAST,
    PL__BALLAST_DEADWEIGHT,
    PL__PART_BALLAST_KEPT,
    PL__PART_BALLASTED,
    PL__PART_BALLAST_BESIDES,
    PL__BALLAST_MOST,
    PL__LADEN_FRACTION,
    PL__DEEP_SHARE,
    PL__DEEP_FRACTION,
    PL__TANKS_OVER_98,
    PL__MARPOL_DRAFT,
    PL__MARPOL_DRAFT_PER_LENGTH,
    PL__SUPERSTRUCTURE,
    PL__LOADLINE_TOLERANCE,
    PL__FLOTATION_PER_LPP,
    PL__GIVEN_DEPTH,
    PL__GIVEN_SUMMER_DRAFT,
    PL__GIVEN_DWT,
    PL__GIVEN_DISPLACEMENT,
    PL__GIVEN_LIGHTSHIP,
    PL__GIVEN_TPC,
    PL__GIVEN_GT,
    PL__GIVEN_TANK,
    PL__DEPARTED_LADEN,
    PL__UNKNOWN_FLEET_SIZE,
    PL__PRIOR_COUNT
} pl__prior;

/** A normal distribution cut to low..high. */
typedef struct pl__belief {
    double value, sigma, low, high;
    double below, within; /* share of the uncut normal below low, and between low and high */
} pl__belief;

/** A class of the fleet: a normal in ln (LOA, beam, deadweight, summer draft, tonnage), and its
 * depths over summer draft. */
typedef struct pl__class {
    char name[32];
    double weight; /* share of the fleet */
    double mean[PL__DIMS], covariance[PL__DIMS][PL__DIMS];
    int components;
    struct {
        double weight, ratio, sigma;
    } depth[PL__COMPONENTS_MAX];
} pl__class;

typedef struct pl__product {
    char name[32], alias[32];
    double density_t_m3, sigma;
    double marpol_dwt_t; /* from which deadweight on MARPOL asks for a ballast draft */
} pl__product;

typedef struct pl__conversion {
    char name[16], product[32], evidence[32];
    double bbl_per_t;
} pl__conversion;

/** Deadweight and block coefficient of ships of a deadweight, with their sigmas. */
typedef struct pl__knot {
    double ln_dwt, w, sigma, block, block_sigma;
} pl__knot;

/** A port's water in some months. */
typedef struct pl__water {
    char port[64];
    int month_from, month_to;
    pl_quantity density_t_m3;
} pl__water;

/** A load state: prior probability, trim over length, and how often bottom paint is seen. */
typedef struct pl__state {
    double prior, trim_per_lpp, trim_sigma, bottom_seen;
    double came, left; /* prior at both ends of a call at a port where tankers load */
} pl__state;

/** What of a draw does not depend on the ship: numbers of the hull. Normals unless named _u. */
typedef struct pl__hull_draw {
    double class_u, component_u; /* uniform */
    double fleet[4], coefficient, lpp, waterplane, depth, tank, superstructure;
} pl__hull_draw;
/** And of one of her loadings (state.c), in shares of the deadweight. */
typedef struct pl__loading_draw {
    double consumables, residual, light; /* light: deadweight of the ballast condition */
    double ballast_kept, ballast_besides;
    double density, water, measurement; /* normals */
    pl_load_state state;
    double fraction; /* of deadweight in ballast, else of the most cargo */
} pl__loading_draw;
typedef struct pl__draw {
    pl__hull_draw hull;
    pl__loading_draw loading[2]; /* the second is a pair's later one */
} pl__draw;
/* Uniform numbers in (0, 1) that a draw is made of. */
enum { PL__HULL_UNIFORMS = 12, PL__LOADING_UNIFORMS = 10 };
enum { PL__UNIFORMS = PL__HULL_UNIFORMS + 2 * PL__LOADING_UNIFORMS };

struct pl_load_models {
    char sha256[65]; /* of all tables together */
    int classes;
    pl__class class[PL__CLASSES_MAX];
    int knots; /* of the deadweight coefficient, by ln deadweight */
    pl__knot knot[PL__KNOTS_MAX];
    int loadlines;
    double loadline_first_m, loadline_m[PL__LOADLINE_MAX]; /* least freeboard, a row a metre */
    pl__belief prior[PL__PRIOR_COUNT];
    pl__state state[3];
    int products, conversions, waters;
    pl__water water[PL__ROWS_MAX];
    pl__product product[PL__ROWS_MAX];
    pl__conversion conversion[PL__ROWS_MAX];
    pl__draw *draw; /* of the default seed, made when the tables are opened */
    int draws;
    uint64_t seed;
};

/** Product and conversion as the user named them, in any case. */
typedef struct pl__oil {
    const pl__product *product;
    double density_t_m3, density_sigma;
    double bbl_per_t; /* NAN: by density */
    char conversion[16], evidence[32];
} pl__oil;
/** PL_E_USAGE names the known ones. */
pl_status pl__load_oil(const pl_load_models *models, const pl_load_options *options, pl__oil *out,
                       pl_error *error);

/** Barrels in a tonne of this oil, its density drawn. */
double pl__oil_barrels_per_t(const pl__oil *oil, double density_t_m3);

/** What is left of a class when dimensions and particulars have been seen. */
typedef struct pl__fit {
    double weight;                                   /* probability of the class */
    double mean[PL__DIMS], root[PL__DIMS][PL__DIMS]; /* root: lower triangle, root root' = cov. */
} pl__fit;
typedef struct pl__fleet_view {
    const pl_load_models *models;
    pl__fit fit[PL__CLASSES_MAX];
    double distance2; /* squared Mahalanobis distance of what was seen to the nearest class */
    int seen;         /* how many numbers were seen */
} pl__fleet_view;
/** Relative sigma of a number that was given, with its own sigma or the usual one. */
double pl__given_sigma(double value, double sigma, const pl__belief *usual);
/** Bayes' rule on the fleet: the classes given LOA, beam and the particulars that are known. */
void pl__fleet_look(const pl_load_models *models, const pl_load_input *input, pl__fleet_view *out);

/** One ship out of the prior. Metres and tonnes. */
typedef struct pl__ship {
    int class;
    double loa, beam, ln_dwt, dwt, summer_draft;
    double displacement, lightship; /* at summer draft, in water of 1.025 */
    double block, exponent;         /* Cb on Lpp; p: displacement ~ draft^p */
    double superstructure;          /* share of the load-line deduction that she earns */
    double depth;                   /* moulded; drawn apart from the rest */
    double tank_m3;                 /* to 98 % */
    double weight; /* how well she fits what is known beyond the fleet's dimensions */
    const pl_hydrostatics *table; /* of amidships drafts at the trim measured; NULL: power law */
} pl__ship;

/** What is asked: the ship as known, with what follows from it, and how she was measured. */
typedef struct pl__question {
    const pl_load_models *models;
    pl_load_input input;           /* with what a hydrostatic table adds */
    pl_hydrostatics even, trimmed; /* her table, and the same by drafts amidships at her trim */
    bool has_table;
    pl_quantity water_t_m3;
    pl__oil oil;
    double evidence[3]; /* of the states, by trim and bottom paint */
} pl__question;
/** Checks and completes. PL_E_USAGE: numbers that cannot be. */
pl_status pl__question_ask(const pl_load_models *models, const pl_load_input *input,
                           const pl_load_options *options, pl__question *out, pl_error *error);

/** Do the particulars go together? PL_E_USAGE. */
pl_status pl__particulars_check(const pl_load_input *input, pl_error *error);

/** Displacement in 1.025 t/m3 by table, straight between its rows and beyond its ends. */
double pl__hydrostatics_displacement(const pl_hydrostatics *table, double draft_m, double *t_per_m);
/** The same turned round. */
double pl__hydrostatics_draft(const pl_hydrostatics *table, double displacement_t);
/** Does it say where the centre of flotation lies? Then a trim leaves nothing open. */
bool pl__hydrostatics_trims(const pl_hydrostatics *table);
/** By drafts amidships of a ship trimmed by the stern: first and second trim correction. */
void pl__hydrostatics_at_trim(const pl_hydrostatics *even, double trim_m, double lpp_m,
                              pl_hydrostatics *out);

/** A ship without a depth. @return false when there is no such ship. */
bool pl__ship_draw(const pl__fleet_view *view, const pl__question *question,
                   const pl__hull_draw *draw, pl__ship *out);
/** Gives her a depth: the known one, weighing her by its prior, or one out of the prior.
 * @return what pl__ship_loadline says of it. */
double pl__ship_depth_draw(const pl__question *question, const pl__hull_draw *draw, pl__ship *ship);
/** Prior density of her depth, per metre. */
double pl__ship_depth_density(const pl_load_models *models, const pl__ship *ship);
/** How probably her summer freeboard meets the load-line convention. */
double pl__ship_loadline(const pl_load_models *models, const pl__ship *ship);

/** What a ship carries besides cargo, drawn; and the most cargo she takes. Tonnes. */
typedef struct pl__stowage {
    double consumables, residual, ballast; /* ballast: water in the full ballast condition */
    double ballast_kept;                   /* share that a part cargo leaves in place */
    double ballast_besides;                /* share of the unused deadweight that is water */
    double density_t_m3;                   /* of the oil */
    double capacity_t;                     /* deadweight less consumables */
    double most_t;                         /* the same or what the tanks hold, if less */
    double brim_t;                         /* what the tanks hold filled to the brim */
    double ballast_most_t;                 /* water beside a cargo */
} pl__stowage;
void pl__stowage_draw(const pl__question *question, const pl__ship *ship,
                      const pl__loading_draw *draw, pl__stowage *out);
/** Displacement at draft in water of the given density, and tonnes per metre there. */
double pl__ship_displacement(const pl__ship *ship, double draft_m, double water_t_m3,
                             double *t_per_m);
/** The draft at a displacement: the same law turned round. */
double pl__ship_draft(const pl__ship *ship, double displacement_t, double water_t_m3,
                      double *t_per_m);
/** Deadweight on board out of the prior of loadings. Tonnes; NAN: more than her tanks hold. */
double pl__state_draw(const pl__ship *ship, const pl__stowage *stowage,
                      const pl__loading_draw *draw);
/** For each state: prior density per metre of draft at this deadweight, and the cargo it means. */
void pl__state_weigh(const pl_load_models *models, const pl__ship *ship, const pl__stowage *stowage,
                     double deadweight_t, double t_per_m, double density[3], double cargo_t[3]);
/** What trim and bottom paint say of the states: factors whose prior mean is 1. */
void pl__state_evidence(const pl_load_models *models, const pl_load_input *input, double factor[3]);

/** How a drawn ship floats in one condition: its weight in each state, and the cargo. */
typedef struct pl__condition {
    double draft, displacement, weight[3], cargo_t[3];
    pl__stowage stowage;
} pl__condition;
/** Puts a measurement into a drawn ship (src/load/measurement.c). @param draw_loading the loading
 * is drawn and gives her the depth that the freeboard asks for; else draft follows from depth.
 * @return false when she cannot float so. */
bool pl__condition_draw(const pl__question *question, const pl__loading_draw *draw,
                        bool draw_loading, pl__ship *ship, pl__condition *out);
/** Is that the way: a freeboard alone, and no depth? */
bool pl__measurement_draws_loading(const pl_load_input *in);

enum { PL__SEQUENCE_MAX = 40 };
/** Evenly spread uniform numbers in (0, 1), `dimensions` at a time. */
typedef struct pl__sequence {
    int dimensions;
    gsl_qrng *sobol;
    double shift[PL__SEQUENCE_MAX];
} pl__sequence;
pl_status pl__sequence_open(int dimensions, uint64_t seed, pl__sequence *out, pl_error *error);
pl_status pl__sequence_next(pl__sequence *sequence, double *u, pl_error *error);
void pl__sequence_close(pl__sequence *sequence);

/** A draw out of uniform numbers. */
void pl__draw_make(const pl_load_models *models, const double u[PL__UNIFORMS], pl__draw *out);
/** Draws of a seed: borrowed from the models where they hold them, else owned. */
typedef struct pl__draws {
    const pl__draw *draw;
    pl__draw *owned;
    size_t count;
} pl__draws;
pl_status pl__draws_take(const pl_load_models *models, uint64_t seed, int count, pl__draws *out,
                         pl_error *error);
void pl__draws_drop(pl__draws *draws);

/** Weighted draws of one quantity; weights shared between quantities. */
pl_quantity pl__believe_moments(const double *value, const double *weight, size_t n);
/** Any growing quantiles of draws; see pl__believe_range. */
void pl__believe_quantiles(const double *value, const double *weight, size_t n, double zero_weight,
                           const double *quantile, int count, double *out);
/** Quantiles 5, 50, 95 % of draws, `zero_weight` of further weight sitting at exactly 0. */
pl_range pl__believe_range(const double *value, const double *weight, size_t n, double zero_weight);

/** The normal prior's value z sigma off its middle, kept within its bounds. */
static inline double pl__belief_at(const pl__belief *belief, double z) {
    return pl__clamp(belief->value + belief->sigma * z, belief->low, belief->high);
}

/** Share of a normal below z. */
static inline double pl__normal_share(double z) {
    return z > 8 ? 1 : z < -8 ? 0 : 0.5 * erfc(-0.70710678118654752440 * z);
}

static inline double pl__normal(double x, double mean, double sigma) {
    double z = (x - mean) / sigma;
    return exp(-0.5 * z * z) / (sigma * 2.50662827463100050242);
}

#endif
