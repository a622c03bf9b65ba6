/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How deep does she sit, and how much oil is that?
 *
 * Joint posterior by weighted draws. Each draw is a ship of the prior given her dimensions
 * (fleet.c, ship.c), her stowage and a water density. The measurement is put in exactly
 * (measurement.c), and the weight is shared among the three states in the ratio of their densities
 * at the draft it gives: each draw carries three weighted answers. The draws are evenly spread
 * (sequence.c).
 *
 * Support. The prior predictive density of the measurement, per summer draft (1 is about flat),
 * tells whether any believable ship floats so: below DOUBT the answer is dubious, below REFUSAL, or
 * with fewer than DRAWS_NEEDED effective draws, there is none. */
#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

#include "load/model.h"

static const char FLOOR[] = "load";

/* A ship in ballast 3 sigma lighter than the prior's has density 0.4 N(3)/0.16 = 0.01. */
static const double DOUBT = 0.02, REFUSAL = 1e-4;
static const double DRAWS_NEEDED = 20;
/* Distance beyond which length, beam and particulars fit no class: chi-square, 5 degrees, 1e-5. */
static const double FAR2 = 30;
/* Two load states are both alive when each has at least this probability. */
static const double ALIVE = 0.10;
/* Weights are of the order of 1 per metre; four thousand such would not add up to REFUSAL. */
static const double NEGLIGIBLE = 1e-9;

enum { FEWEST_DRAWS = 64, MOST_DRAWS = 1 << 20 };

/* Weighted draws: `n` ships, and 2 n answers with cargo (part, laden). */
typedef struct draws {
    size_t n;
    double *memory;
    double *weight, *draft, *depth, *summer_draft, *dwt, *displacement; /* n each */
    double *cargo_weight, *cargo, *barrels, *fraction;                  /* 2 n each */
    double state[3], support, prior_weight, little_cargo;
} draws;

static bool within(double x, double low, double high) {
    return isnan(x) || (x >= low && x <= high);
}

static pl_status check_quantity(pl_quantity q, const char *what, double low, double high,
                                bool required, pl_error *error) {
    if (isnan(q.value) && !required) return PL_OK;
    if (!(q.value >= low && q.value <= high))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s %g m: must be %g to %g", what, q.value, low,
                        high);
    if (!(q.sigma >= 0 && q.sigma < INFINITY))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s has no sigma", what);
    return PL_OK;
}

static pl_status check_particulars(const pl_load_input *in, pl_error *error) {
    const struct {
        const char *name;
        double value, low, high;
    } NUMBER[] = {
        {"depth", in->depth_m, 0.5, 60},
        {"summer draft", in->summer_draft_m, 0.3, 40},
        {"deadweight", in->dwt_t, 5, 1e6},
        {"displacement", in->displacement_t, 10, 1.2e6},
        {"lightship", in->lightship_t, 5, 3e5},
        {"tonnes per centimetre", in->tpc_t_per_cm, 0.05, 400},
        {"gross tonnage", in->gt, 5, 5e5},
    };
    for (size_t i = 0; i < sizeof NUMBER / sizeof *NUMBER; i++)
        if (!within(NUMBER[i].value, NUMBER[i].low, NUMBER[i].high))
            return pl__fail(error, PL_E_USAGE, FLOOR, "%s %g: must be %g to %g", NUMBER[i].name,
                            NUMBER[i].value, NUMBER[i].low, NUMBER[i].high);
    if (in->summer_draft_m >= in->depth_m)
        return pl__fail(error, PL_E_USAGE, FLOOR, "summer draft %g m is not below depth %g m",
                        in->summer_draft_m, in->depth_m);
    if (in->dwt_t >= in->displacement_t || in->lightship_t >= in->displacement_t)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "deadweight and lightship must be below displacement %g t",
                        in->displacement_t);
    if (fabs(in->dwt_t + in->lightship_t - in->displacement_t) > 0.1 * in->displacement_t)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "deadweight %g + lightship %g t is not displacement %g t", in->dwt_t,
                        in->lightship_t, in->displacement_t);
    return PL_OK;
}

static pl_status check(const pl_load_input *in, pl_error *error) {
    pl_status status = check_quantity(in->length_m, "length", 10, 500, true, error);
    if (!status) status = check_quantity(in->beam_m, "beam", 2, 120, true, error);
    if (!status) status = check_quantity(in->freeboard_m, "freeboard", -3, 60, false, error);
    if (!status) status = check_quantity(in->draft_m, "draft", 0.2, 40, false, error);
    if (!status && !within(in->trim_m, -20, 20))
        status = pl__fail(error, PL_E_USAGE, FLOOR, "trim %g m: must be -20 to 20", in->trim_m);
    if (!status) status = check_particulars(in, error);
    if (status) return status;
    if (in->beam_m.value >= in->length_m.value)
        return pl__fail(error, PL_E_USAGE, FLOOR, "beam %g m is not below length %g m",
                        in->beam_m.value, in->length_m.value);
    if (isnan(in->freeboard_m.value) && isnan(in->draft_m.value))
        return pl__fail(error, PL_E_USAGE, FLOOR, "neither freeboard nor draft is given");
    return PL_OK;
}

pl_status pl_load_check_options(const pl_load_models *models, const pl_load_options *options,
                                pl_error *error) {
    pl__oil oil;
    pl_quantity water = options->water_density_t_m3;
    if (!(water.value >= 0.95 && water.value <= 1.1 && water.sigma >= 0 && water.sigma <= 0.05))
        return pl__fail(error, PL_E_USAGE, FLOOR, "water density %g t/m3: must be 0.95 to 1.1",
                        water.value);
    if (options->draws < FEWEST_DRAWS || options->draws > MOST_DRAWS)
        return pl__fail(error, PL_E_USAGE, FLOOR, "draws %d: must be %d to %d", options->draws,
                        FEWEST_DRAWS, MOST_DRAWS);
    return pl__load_oil(models, options, &oil, error);
}

static pl_status make_draws(int count, draws *out, pl_error *error) {
    size_t n = (size_t)count;
    *out = (draws){.n = n};
    out->memory = calloc(14 * n, sizeof *out->memory);
    if (!out->memory) return pl__fail_memory(error, FLOOR);
    double **const single[] = {&out->weight,       &out->draft, &out->depth,
                               &out->summer_draft, &out->dwt,   &out->displacement};
    double **const twice[] = {&out->cargo_weight, &out->cargo, &out->barrels, &out->fraction};
    double *at = out->memory;
    for (size_t i = 0; i < 6; i++, at += n) *single[i] = at;
    for (size_t i = 0; i < 4; i++, at += 2 * n) *twice[i] = at;
    return PL_OK;
}

/* What is measured, and which way it goes in. */
typedef struct question {
    const pl_load_models *models;
    const pl_load_input *input;
    pl_quantity water_t_m3;
    pl__oil oil;
    pl__fleet_view view;
    bool draw_loading; /* freeboard alone, depth unknown */
} question;

static void store(draws *d, size_t i, const pl__ship *ship, double draft, double displacement) {
    d->draft[i] = draft;
    d->depth[i] = ship->depth;
    d->summer_draft[i] = ship->summer_draft;
    d->dwt[i] = ship->dwt;
    d->displacement[i] = displacement;
}

/* One draw's answers: the three states and their cargoes. */
static void answer(const question *q, const pl__ship *ship, const pl__stowage *stowage,
                   double draft, double water, size_t i, draws *d) {
    double density[3], cargo[3], t_per_m;
    double displacement = pl__ship_displacement(ship, draft, water, &t_per_m);
    pl__state_weigh(q->models, ship, stowage, displacement - ship->lightship, t_per_m, density,
                    cargo);
    double sum = density[0] + density[1] + density[2];
    if (!(sum > 0)) return;
    store(d, i, ship, draft, displacement);
    for (int s = 0; s < 3; s++) {
        /* a drawn loading has its prior in it already: only the states' ratio is left to say */
        double weight = ship->weight * density[s] / (q->draw_loading ? sum : 1);
        d->weight[i] += weight;
        d->state[s] += weight;
        if (s == PL_BALLAST) continue;
        size_t k = 2 * i + (size_t)(s - PL_PART);
        d->cargo_weight[k] = weight;
        d->cargo[k] = cargo[s];
        d->barrels[k] = cargo[s] * pl__oil_barrels_per_t(&q->oil, stowage->density_t_m3);
        d->fraction[k] = cargo[s] / stowage->capacity_t;
        if (d->fraction[k] < 0.5) d->little_cargo += weight;
    }
    d->support += d->weight[i] * ship->summer_draft;
}

static void draw_one(const question *q, const double *u, size_t i, draws *d) {
    pl__ship ship;
    pl__stowage stowage;
    if (!pl__ship_draw(&q->view, q->input, u, &ship)) return;
    d->prior_weight += ship.weight * pl__ship_depth_draw(q->models, q->input, u, &ship);
    pl__stowage_draw(q->models, &ship, &q->oil, u, &stowage);
    double water =
        q->water_t_m3.value + q->water_t_m3.sigma * gsl_cdf_ugaussian_Pinv(u[PL__U_WATER]);
    double draft = 0;
    if (q->draw_loading)
        draft = pl__measurement_loading(q->models, q->input, &stowage, water, u, &ship);
    else
        draft = pl__measurement_draft(q->models, q->input, u[PL__U_MEASUREMENT], &ship);
    if (!(ship.weight > NEGLIGIBLE)) return;
    ship.weight *= pl__ship_loadline(q->models, &ship);
    if (draft > 0 && draft <= ship.depth && ship.weight > 0)
        answer(q, &ship, &stowage, draft, water, i, d);
}

static pl_status draw_all(const question *q, uint64_t seed, draws *d, pl_error *error) {
    double u[PL__UNIFORMS];
    pl__sequence sequence;
    pl_status status = pl__sequence_open(PL__UNIFORMS, seed, &sequence, error);
    for (size_t i = 0; i < d->n && !status; i++) {
        status = pl__sequence_next(&sequence, u, error);
        if (!status) draw_one(q, u, i, d);
    }
    pl__sequence_close(&sequence);
    return status;
}

static double effective_draws(const draws *d) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->weight[i];
        squares += d->weight[i] * d->weight[i];
    }
    return squares > 0 ? sum * sum / squares : 0;
}

static void no_values(pl_load *out) {
    const pl_quantity unknown = {NAN, NAN};
    const pl_range nothing = {NAN, NAN, NAN};
    out->depth_m = out->draft_m = out->summer_draft_m = unknown;
    out->dwt_t = out->displacement_t = unknown;
    out->load_fraction = out->cargo_t = out->oil_bbl = nothing;
    for (int s = 0; s < 3; s++) out->p_state[s] = NAN;
}

static void judge(const draws *d, const pl__fleet_view *view, pl_load *out) {
    double support = d->prior_weight > 0 ? d->support / d->prior_weight : 0;
    if (view->distance2 > FAR2) {
        out->status = PL_DUBIOUS;
        out->reasons |= PL_BIT(PL_DIMENSIONS_ODD);
    }
    if (!(d->prior_weight > 0)) out->reasons |= PL_BIT(PL_DIMENSIONS_ODD);
    if (support < DOUBT) {
        out->status = PL_DUBIOUS;
        out->reasons |= PL_BIT(PL_FREEBOARD_ODD);
    }
    if (support < REFUSAL || effective_draws(d) < DRAWS_NEEDED) {
        out->status = PL_REFUSED;
        out->reasons |= PL_BIT(PL_FREEBOARD_ODD);
    }
}

static void sum_up(const draws *d, pl_load *out) {
    double total = d->state[0] + d->state[1] + d->state[2];
    for (int s = 0; s < 3; s++) {
        out->p_state[s] = d->state[s] / total;
        if (out->p_state[s] > out->p_state[out->state]) out->state = (pl_load_state)s;
    }
    if (out->p_state[PL_BALLAST] >= ALIVE && d->little_cargo / total >= ALIVE)
        out->reasons |= PL_BIT(PL_BALLAST_OR_CARGO);
    out->depth_m = pl__believe_moments(d->depth, d->weight, d->n);
    out->draft_m = pl__believe_moments(d->draft, d->weight, d->n);
    out->summer_draft_m = pl__believe_moments(d->summer_draft, d->weight, d->n);
    out->dwt_t = pl__believe_moments(d->dwt, d->weight, d->n);
    out->displacement_t = pl__believe_moments(d->displacement, d->weight, d->n);
    double light = d->state[PL_BALLAST];
    out->cargo_t = pl__believe_range(d->cargo, d->cargo_weight, 2 * d->n, light);
    out->oil_bbl = pl__believe_range(d->barrels, d->cargo_weight, 2 * d->n, light);
    out->load_fraction = pl__believe_range(d->fraction, d->cargo_weight, 2 * d->n, light);
}

pl_status pl_load_estimate(const pl_load_models *models, const pl_load_input *input,
                           const pl_load_options *options, pl_load *out, pl_error *error) {
    draws d = {0};
    question q = {.models = models, .input = input, .water_t_m3 = options->water_density_t_m3};
    memset(out, 0, sizeof *out); /* padding too: same input, same bytes */
    no_values(out);
    pl_status status = pl_load_check_options(models, options, error);
    if (!status) status = check(input, error);
    if (!status) status = pl__load_oil(models, options, &q.oil, error);
    if (!status) status = make_draws(options->draws, &d, error);
    if (status) goto done;
    q.draw_loading = pl__measurement_draws_loading(input);
    pl__fleet_look(models, input, &q.view);
    status = draw_all(&q, options->seed, &d, error);
    if (status) goto done;
    out->depth_known = !isnan(input->depth_m);
    pl__text_copy(out->product, sizeof out->product, q.oil.product->name);
    pl__text_copy(out->conversion, sizeof out->conversion, q.oil.conversion);
    pl__text_copy(out->conversion_evidence, sizeof out->conversion_evidence, q.oil.evidence);
    judge(&d, &q.view, out);
    if (out->status != PL_REFUSED) sum_up(&d, out);
done:
    free(d.memory);
    return status;
}
