/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model tables in memory, and the parts of the estimate: fleet, ship, state, what is believed.
 */
#ifndef PL_LOAD_MODEL_H
#define PL_LOAD_MODEL_H

#include <gsl/gsl_qrng.h>
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
    PL__TANK_M3_PER_DWT,
    PL__CONSUMABLES,
    PL__RESIDUAL_BALLAST,
    PL__BALLAST_DEADWEIGHT,
    PL__PART_BALLAST_KEPT,
    PL__LADEN_FRACTION,
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
} pl__product;

typedef struct pl__conversion {
    char name[16], product[32], evidence[32];
    double bbl_per_t;
} pl__conversion;

struct pl_load_models {
    char sha256[65]; /* of all tables together */
    int classes;
    pl__class class[PL__CLASSES_MAX];
    int knots; /* of the deadweight coefficient, by ln deadweight */
    struct {
        double ln_dwt, w, sigma;
    } knot[PL__KNOTS_MAX];
    int loadlines;
    double loadline_first_m, loadline_m[PL__LOADLINE_MAX]; /* least freeboard, a row a metre */
    pl__belief prior[PL__PRIOR_COUNT];
    double state[3]; /* prior probabilities */
    int products, conversions;
    pl__product product[PL__ROWS_MAX];
    pl__conversion conversion[PL__ROWS_MAX];
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
} pl__ship;
/* Uniform numbers in (0, 1) that a ship and her loading take. */
enum {
    PL__U_CLASS,
    PL__U_FLEET, /* four */
    PL__U_COEFFICIENT = PL__U_FLEET + 4,
    PL__U_LPP,
    PL__U_WATERPLANE,
    PL__U_COMPONENT,
    PL__U_DEPTH,
    PL__U_TANK,
    PL__U_SUPERSTRUCTURE,
    PL__SHIP_UNIFORMS,
    PL__U_CONSUMABLES = PL__SHIP_UNIFORMS,
    PL__U_RESIDUAL,
    PL__U_BALLAST,
    PL__U_KEPT,
    PL__U_DENSITY,
    PL__U_WATER,
    PL__U_STATE,
    PL__U_LOADING,
    PL__U_MEASUREMENT,
    PL__UNIFORMS
};
/** A ship without a depth. @return false when there is no such ship. */
bool pl__ship_draw(const pl__fleet_view *view, const pl_load_input *input,
                   const double u[PL__UNIFORMS], pl__ship *out);
/** Gives her a depth: the known one, weighing her by its prior, or one out of the prior.
 * @return what pl__ship_loadline says of it. */
double pl__ship_depth_draw(const pl_load_models *models, const pl_load_input *input,
                           const double u[PL__UNIFORMS], pl__ship *ship);
/** Prior density of her depth, per metre. */
double pl__ship_depth_density(const pl_load_models *models, const pl__ship *ship);
/** How probably her summer freeboard meets the load-line convention. */
double pl__ship_loadline(const pl_load_models *models, const pl__ship *ship);

/** What a ship carries besides cargo, drawn; and the most cargo she takes. Tonnes. */
typedef struct pl__stowage {
    double consumables, residual, ballast; /* ballast: water in the full ballast condition */
    double ballast_kept;                   /* share that a part cargo leaves in place */
    double density_t_m3;                   /* of the oil */
    double capacity_t;                     /* deadweight less consumables */
    double most_t;                         /* the same or what the tanks hold, if less */
} pl__stowage;
void pl__stowage_draw(const pl_load_models *models, const pl__ship *ship, const pl__oil *oil,
                      const double u[PL__UNIFORMS], pl__stowage *out);
/** Displacement at draft in water of the given density, and tonnes per metre there. */
double pl__ship_displacement(const pl__ship *ship, double draft_m, double water_t_m3,
                             double *t_per_m);
/** The draft at a displacement: the same law turned round. */
double pl__ship_draft(const pl__ship *ship, double displacement_t, double water_t_m3);
/** Deadweight on board out of the prior of loadings. Tonnes. */
double pl__state_draw(const pl_load_models *models, const pl__ship *ship,
                      const pl__stowage *stowage, const double u[PL__UNIFORMS]);
/** For each state: prior density per metre of draft at this deadweight, and the cargo it means. */
void pl__state_weigh(const pl_load_models *models, const pl__ship *ship, const pl__stowage *stowage,
                     double deadweight_t, double t_per_m, double density[3], double cargo_t[3]);

/** Is the loading drawn, and the depth what the freeboard asks for? (src/load/measurement.c) */
bool pl__measurement_draws_loading(const pl_load_input *in);
/** A draft as measured, or depth less freeboard; when both are known the freeboard weighs. */
double pl__measurement_draft(const pl_load_models *models, const pl_load_input *in, double u,
                             pl__ship *ship);
/** A draft from a drawn loading; gives the ship the depth that the freeboard asks for, and weighs
 * it. */
double pl__measurement_loading(const pl_load_models *models, const pl_load_input *in,
                               const pl__stowage *stowage, double water_t_m3, const double *u,
                               pl__ship *ship);

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

/** Weighted draws of one quantity; weights shared between quantities. */
pl_quantity pl__believe_moments(const double *value, const double *weight, size_t n);
/** Quantiles 5, 50, 95 % of draws, `zero_weight` of further weight sitting at exactly 0. */
pl_range pl__believe_range(const double *value, const double *weight, size_t n, double zero_weight);

/** The normal prior's value at probability u, cut to its bounds. */
double pl__belief_at(const pl__belief *belief, double u);

static inline double pl__normal(double x, double mean, double sigma) {
    double z = (x - mean) / sigma;
    return exp(-0.5 * z * z) / (sigma * 2.50662827463100050242);
}

#endif
