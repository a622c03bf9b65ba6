/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How deep does she sit, and how much oil is that?
 *
 * Joint posterior by weighted draws. Each draw is a ship of the prior given her dimensions
 * (fleet.c, ship.c), her stowage and a water density. The measurement is put in exactly, and the
 * weight shared among the three states (measurement.c): each draw carries three weighted answers.
 * The draws are evenly spread (sequence.c, draws.c).
 *
 * Support. The prior predictive density of the measurement, per summer draft (1 is about flat),
 * tells whether any believable ship floats so: below DOUBT the answer is dubious, below REFUSAL, or
 * with fewer than DRAWS_NEEDED effective draws, there is none. */
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
/* Tropical mark over summer draft (load-line convention, reg. 40), and how sure a finding is. */
static const double TROPICAL = 1.0 / 48, FINDING = 0.5;

enum { FEWEST_DRAWS = 64, MOST_DRAWS = 1 << 20 };

/* Weighted draws: `n` ships, and 2 n answers with cargo (part, laden). */
typedef struct draws {
    size_t n;
    double *memory;
    double *weight, *draft, *depth, *summer_draft, *dwt, *displacement; /* n each */
    double *cargo_weight, *cargo, *barrels, *fraction;                  /* 2 n each */
    double state[3], support, prior_weight, little_cargo, deep;
} draws;

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

static void store(draws *d, size_t i, const pl__ship *ship, const pl__condition *c) {
    d->draft[i] = c->draft;
    d->depth[i] = ship->depth;
    d->summer_draft[i] = ship->summer_draft;
    d->dwt[i] = ship->dwt;
    d->displacement[i] = c->displacement;
}

/* One draw's answers: the three states and their cargoes. */
static void answer(const pl__question *q, const pl__ship *ship, const pl__condition *c, size_t i,
                   draws *d) {
    double barrels_per_t = pl__oil_barrels_per_t(&q->oil, c->stowage.density_t_m3);
    store(d, i, ship, c);
    for (int s = 0; s < 3; s++) {
        double weight = ship->weight * c->weight[s];
        d->weight[i] += weight;
        d->state[s] += weight;
        if (s == PL_BALLAST) continue;
        size_t k = 2 * i + (size_t)(s - PL_PART);
        d->cargo_weight[k] = weight;
        d->cargo[k] = c->cargo_t[s];
        d->barrels[k] = c->cargo_t[s] * barrels_per_t;
        d->fraction[k] = c->cargo_t[s] / c->stowage.capacity_t;
        if (d->fraction[k] < 0.5) d->little_cargo += weight;
    }
    d->support += d->weight[i] * ship->summer_draft;
    if (c->displacement > ship->displacement * (1 + ship->exponent * TROPICAL))
        d->deep += d->weight[i];
}

static void draw_one(const pl__question *q, const pl__fleet_view *view, const pl__draw *draw,
                     bool draw_loading, size_t i, draws *d) {
    pl__ship ship;
    pl__condition condition;
    if (!pl__ship_draw(view, q, &draw->hull, &ship)) return;
    d->prior_weight += ship.weight * pl__ship_depth_draw(q, &draw->hull, &ship);
    if (!pl__condition_draw(q, &draw->loading[0], draw_loading, &ship, &condition)) return;
    ship.weight *= pl__ship_loadline(q->models, &ship);
    if (ship.weight > 0) answer(q, &ship, &condition, i, d);
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
    out->p_deep = NAN;
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
    out->p_deep = d->deep / total;
    if (out->p_deep >= FINDING) out->reasons |= PL_BIT(PL_DEEP_LOADED);
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

const char *pl_displacement_source_name(pl_displacement_source source) {
    static const char *const NAME[] = {"regression", "particulars", "hydrostatics"};
    return (unsigned)source < 3 ? NAME[source] : NULL;
}

/* A displacement is known also as deadweight and lightship. */
static pl_displacement_source source_of(const pl__question *q) {
    const pl_load_input *in = &q->input;
    bool known = !isnan(in->displacement_t) || !isnan(in->dwt_t + in->lightship_t);
    if (q->has_table) return PL_BY_HYDROSTATICS;
    return known && !isnan(in->summer_draft_m) ? PL_BY_PARTICULARS : PL_BY_REGRESSION;
}

pl_status pl_load_estimate(const pl_load_models *models, const pl_load_input *input,
                           const pl_load_options *options, pl_load *out, pl_error *error) {
    draws d = {0};
    pl__draws random = {0};
    pl__question q;
    pl__fleet_view view;
    memset(out, 0, sizeof *out); /* padding too: same input, same bytes */
    no_values(out);
    pl_status status = pl__question_ask(models, input, options, &q, error);
    if (!status) status = make_draws(options->draws, &d, error);
    if (!status) status = pl__draws_take(models, options->seed, options->draws, &random, error);
    if (status) goto done;
    bool draw_loading = pl__measurement_draws_loading(&q.input);
    pl__fleet_look(models, &q.input, &view);
    for (size_t i = 0; i < d.n; i++) draw_one(&q, &view, &random.draw[i], draw_loading, i, &d);
    out->depth_known =
        !isnan(input->depth_m) || !isnan(input->summer_draft_m + input->summer_freeboard_m);
    out->displacement_by = source_of(&q);
    out->water_density_t_m3 = q.water_t_m3;
    pl__text_copy(out->product, sizeof out->product, q.oil.product->name);
    pl__text_copy(out->conversion, sizeof out->conversion, q.oil.conversion);
    pl__text_copy(out->conversion_evidence, sizeof out->conversion_evidence, q.oil.evidence);
    judge(&d, &view, out);
    if (out->status != PL_REFUSED) sum_up(&d, out);
done:
    pl__draws_drop(&random);
    free(d.memory);
    return status;
}
