/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much did a ship load or discharge between two measurements?
 *
 * It is one ship: her particulars, depth and form are drawn once, and float in both conditions, so
 * that what is not known of her cancels as far as it can. Her two loadings, her consumables and the
 * water are drawn apart, as if the two had nothing to do with each other; so are the errors of the
 * two measurements.
 *
 * Where the depth is unknown, one freeboard fixes it (measurement.c) and the other condition's
 * draft follows from it; with two drafts the depth is drawn from its prior. Each draw then gives
 * nine answers, a state before and a state after, with the product of their weights. The transfer
 * is cargo after less cargo before: loading is positive. */
#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

#include "load/model.h"

static const char FLOOR[] = "load";
static const double DRAWS_NEEDED = 20;
enum { ANSWERS = 9, SECOND = PL__UNIFORMS - PL__SHIP_UNIFORMS };

typedef struct pair {
    const pl_load_models *models;
    const pl_load_input *before, *after;
    const pl_load_options *options;
    pl__oil oil;
    pl__fleet_view view;
} pair;

/* Weighted answers of all draws. */
typedef struct answers {
    size_t draws, count;
    double *memory, *weight, *transfer, *barrels;
} answers;

/* One of the two conditions of a drawn ship. */
typedef struct condition {
    double weight[3], cargo_t[3], bbl_per_t;
} condition;

static double draw_water(const pair *p, const double *u) {
    pl_quantity water = p->options->water_density_t_m3;
    return water.value + water.sigma * gsl_cdf_ugaussian_Pinv(u[PL__U_WATER]);
}

/* @param fix_depth is this the condition whose freeboard gives the ship her depth? */
static bool draw_condition(const pair *p, const pl_load_input *in, const double *u, bool fix_depth,
                           pl__ship *ship, condition *out) {
    pl__stowage stowage;
    double density[3], t_per_m, water = draw_water(p, u);
    pl__stowage_draw(p->models, ship, &p->oil, u, &stowage);
    double draft = fix_depth ? pl__measurement_loading(p->models, in, &stowage, water, u, ship)
                             : pl__measurement_draft(p->models, in, u[PL__U_MEASUREMENT], ship);
    if (!(draft > 0 && draft <= ship->depth && ship->weight > 0)) return false;
    double displacement = pl__ship_displacement(ship, draft, water, &t_per_m);
    pl__state_weigh(p->models, ship, &stowage, displacement - ship->lightship, t_per_m, density,
                    out->cargo_t);
    double sum = density[0] + density[1] + density[2];
    if (!(sum > 0)) return false;
    for (int s = 0; s < 3; s++) out->weight[s] = density[s] / (fix_depth ? sum : 1);
    out->bbl_per_t = pl__oil_barrels_per_t(&p->oil, stowage.density_t_m3);
    return true;
}

static void draw_one(const pair *p, const double *u, answers *a) {
    double later[PL__UNIFORMS]; /* the same ship, another loading of the same oil */
    memcpy(later, u, sizeof later);
    memcpy(later + PL__SHIP_UNIFORMS, u + PL__UNIFORMS, SECOND * sizeof *later);
    later[PL__U_DENSITY] = u[PL__U_DENSITY];
    pl__ship ship;
    condition before, after;
    if (!pl__ship_draw(&p->view, p->after, u, &ship)) return;
    bool first = pl__measurement_draws_loading(p->before);
    bool second = !first && pl__measurement_draws_loading(p->after);
    if (!first && !second) pl__ship_depth_draw(p->models, p->after, u, &ship);
    bool floats = second ? draw_condition(p, p->after, later, true, &ship, &after) &&
                               draw_condition(p, p->before, u, false, &ship, &before)
                         : draw_condition(p, p->before, u, first, &ship, &before) &&
                               draw_condition(p, p->after, later, false, &ship, &after);
    if (!floats) return;
    double weight = ship.weight * pl__ship_loadline(p->models, &ship);
    for (int k = 0; k < ANSWERS; k++) {
        a->weight[a->count] = weight * before.weight[k / 3] * after.weight[k % 3];
        a->transfer[a->count] = after.cargo_t[k % 3] - before.cargo_t[k / 3];
        a->barrels[a->count] = a->transfer[a->count] * after.bbl_per_t;
        a->count++;
    }
}

static double effective_draws(const answers *a) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < a->count; i += ANSWERS) {
        double weight = 0;
        for (size_t k = 0; k < ANSWERS; k++) weight += a->weight[i + k];
        sum += weight;
        squares += weight * weight;
    }
    return squares > 0 ? sum * sum / squares : 0;
}

static pl_status make_answers(int draws, answers *out, pl_error *error) {
    size_t n = (size_t)draws * ANSWERS;
    *out = (answers){.draws = (size_t)draws, .memory = calloc(3 * n, sizeof *out->memory)};
    if (!out->memory) return pl__fail_memory(error, FLOOR);
    out->weight = out->memory;
    out->transfer = out->memory + n;
    out->barrels = out->memory + 2 * n;
    return PL_OK;
}

static pl_status draw_all(const pair *p, answers *a, pl_error *error) {
    double u[PL__UNIFORMS + SECOND];
    pl__sequence sequence;
    pl_status status = pl__sequence_open(PL__UNIFORMS + SECOND, p->options->seed, &sequence, error);
    for (size_t i = 0; i < a->draws && !status; i++) {
        status = pl__sequence_next(&sequence, u, error);
        if (!status) draw_one(p, u, a);
    }
    pl__sequence_close(&sequence);
    return status;
}

/* What each condition is worth alone goes for the pair, too. */
static pl_status judge_alone(const pair *p, pl_transfer *out, pl_error *error) {
    pl_load alone[2];
    pl_status status = pl_load_estimate(p->models, p->before, p->options, &alone[0], error);
    if (!status) status = pl_load_estimate(p->models, p->after, p->options, &alone[1], error);
    for (int i = 0; i < 2 && !status; i++) {
        out->reasons |= alone[i].reasons;
        if (alone[i].status > out->status) out->status = alone[i].status;
    }
    return status;
}

pl_status pl_load_pair(const pl_load_models *models, const pl_load_input *ship,
                       const pl_load_measurement *before, const pl_load_measurement *after,
                       const pl_load_options *options, pl_transfer *out, pl_error *error) {
    const pl_range nothing = {NAN, NAN, NAN};
    *out = (pl_transfer){.status = PL_OK, .transfer_t = nothing, .transfer_bbl = nothing};
    pl_load_input then = *ship, now = *ship;
    then.freeboard_m = before->freeboard_m;
    then.draft_m = before->draft_m;
    then.trim_m = before->trim_m;
    now.freeboard_m = after->freeboard_m;
    now.draft_m = after->draft_m;
    now.trim_m = after->trim_m;
    answers a = {0};
    pair p = {.models = models, .before = &then, .after = &now, .options = options};
    pl_status status = judge_alone(&p, out, error);
    if (status || out->status == PL_REFUSED) return status;
    status = pl__load_oil(models, options, &p.oil, error);
    if (!status) status = make_answers(options->draws, &a, error);
    if (status) goto done;
    pl__fleet_look(models, &now, &p.view);
    status = draw_all(&p, &a, error);
    if (status) goto done;
    if (effective_draws(&a) < DRAWS_NEEDED) { /* no ship floats in both ways */
        out->status = PL_REFUSED;
        out->reasons |= PL_BIT(PL_FREEBOARD_ODD);
        goto done;
    }
    out->transfer_t = pl__believe_range(a.transfer, a.weight, a.count, 0);
    out->transfer_bbl = pl__believe_range(a.barrels, a.weight, a.count, 0);
done:
    free(a.memory);
    return status;
}
