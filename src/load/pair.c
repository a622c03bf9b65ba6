/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much did a ship load or discharge between two measurements?
 *
 * It is one ship: her particulars, depth and form are drawn once, and float in both conditions, so
 * that what is not known of her cancels as far as it can. Her two loadings, her consumables and the
 * water are drawn apart, as if the two had nothing to do with each other. The errors of the two
 * measurements are two normals; what two freeboards share (a deck edge that stands higher than it
 * is taken for does so both times) makes them correlate:
 *
 *     z_after <- r z_before + sqrt(1 - r^2) z_after,   r = shared_before shared_after /
 *                                                          (sigma_before sigma_after).
 *
 * Where the depth is unknown, one freeboard fixes it (measurement.c) and the other condition's
 * draft follows from it; with two drafts the depth is drawn from its prior. Each draw then gives
 * nine answers, a state before and a state after, with the product of their weights. The transfer
 * is cargo after less cargo before: loading is positive.
 *
 * What of the transfer's error is the ship's, and comes again whenever she loads? Her hull is drawn
 * with the loadings of another draw once more, and the two transfers' covariance is that part of
 * the variance: what two calls of one ship have in common (Sobol's pick and freeze). The oil's
 * density is all ships' error. */
#include <stdlib.h>

#include "load/model.h"

static const char FLOOR[] = "load";
static const double DRAWS_NEEDED = 20;
/* So many hulls, each under so many loadings, tell the hulls' part of the variance. */
enum { HULLS = 256, LOADINGS = 16 };
/* Sigmas are computed by adding squares. */
static const double ROUNDING = 1e-9;
enum { ANSWERS = 9 };

/* Weighted answers of all draws. */
typedef struct answers {
    size_t draws, count;
    double *memory, *weight, *transfer, *barrels, *displacement;
} answers;

static void draw_one(const pl__question ask[2], const pl__fleet_view *view, const pl__draw *draw,
                     double correlation, answers *a) {
    pl__ship ship;
    pl__condition then[2];
    pl__loading_draw loading[2] = {draw->loading[0], draw->loading[1]};
    loading[1].density = loading[0].density; /* another loading of the same oil */
    loading[1].measurement = correlation * loading[0].measurement +
                             sqrt(1 - correlation * correlation) * loading[1].measurement;
    if (!pl__ship_draw(view, &ask[1], &draw->hull, &ship)) return;
    bool by_loading[2] = {pl__measurement_draws_loading(&ask[0].input), false};
    by_loading[1] = !by_loading[0] && pl__measurement_draws_loading(&ask[1].input);
    if (!by_loading[0] && !by_loading[1]) pl__ship_depth_draw(&ask[1], &draw->hull, &ship);
    for (int k = 0; k < 2; k++) {
        int which = by_loading[1] ? 1 - k : k; /* first the one that fixes the depth */
        if (ship.table) ship.table = &ask[which].trimmed;
        if (!pl__condition_draw(&ask[which], &loading[which], by_loading[which], &ship,
                                &then[which]))
            return;
    }
    double weight = ship.weight * pl__ship_loadline(ask[1].models, &ship);
    double bbl_per_t = pl__oil_barrels_per_t(&ask[1].oil, then[1].stowage.density_t_m3);
    for (int k = 0; k < ANSWERS; k++) {
        a->weight[a->count] = weight * then[0].weight[k / 3] * then[1].weight[k % 3];
        a->transfer[a->count] = then[1].cargo_t[k % 3] - then[0].cargo_t[k / 3];
        a->barrels[a->count] = a->transfer[a->count] * bbl_per_t;
        a->displacement[a->count] = then[1].displacement - then[0].displacement;
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

/* Of barrels, by the density alone. */
static double oil_sigma(const pl__oil *oil, double transfer_t) {
    double low = pl__oil_barrels_per_t(oil, oil->density_t_m3 - oil->density_sigma);
    double high = pl__oil_barrels_per_t(oil, oil->density_t_m3 + oil->density_sigma);
    return 0.5 * fabs(high - low) * transfer_t;
}

static pl_status make_answers(int draws, answers *out, pl_error *error) {
    size_t n = (size_t)draws * ANSWERS;
    *out = (answers){.draws = (size_t)draws, .memory = calloc(4 * n, sizeof *out->memory)};
    if (!out->memory) return pl__fail_memory(error, FLOOR);
    out->weight = out->memory;
    out->transfer = out->memory + n;
    out->barrels = out->memory + 2 * n;
    out->displacement = out->memory + 3 * n;
    return PL_OK;
}

/* What each condition is worth alone goes for the pair, too. */
/* A port where tankers load: who comes is light, who leaves is laden, more often than elsewhere. */
static void know_the_port(const pl_load_models *models, pl__question ask[2]) {
    for (int s = 0; s < 3; s++) {
        ask[0].evidence[s] *= models->state[s].came / models->state[s].prior;
        ask[1].evidence[s] *= models->state[s].left / models->state[s].prior;
    }
}

static pl_status judge_alone(const pl_load_models *models, const pl_load_input in[2],
                             const pl_load_options *options, pl_transfer *out, pl_error *error) {
    for (int i = 0; i < 2; i++) {
        pl_load alone;
        pl_status status = pl_load_estimate(models, &in[i], options, &alone, error);
        if (status) return status;
        out->reasons |= alone.reasons;
        if (alone.status > out->status) out->status = alone.status;
    }
    return PL_OK;
}

/* Of the two freeboards' errors; 0 where one of them is a draft. */
static pl_status correlate(const pl_load_measurement *const measured[2], double *out,
                           pl_error *error) {
    *out = 0;
    double shared = 1, all = 1;
    for (int i = 0; i < 2; i++) {
        const pl_load_measurement *m = measured[i];
        double sigma = m->freeboard_m.sigma;
        if (m->shared_sigma_m == 0) return PL_OK;
        if (!(m->shared_sigma_m > 0 && m->shared_sigma_m <= sigma * (1 + ROUNDING)))
            return pl__fail(error, PL_E_USAGE, FLOOR,
                            "shared sigma %g m of a freeboard's sigma %g m: must be 0 to all of it",
                            m->shared_sigma_m, sigma);
        shared *= m->shared_sigma_m;
        all *= sigma;
    }
    *out = pl__min(shared / all, 1);
    return PL_OK;
}

/* The states before and after, which the two measurements tell together. */
static void tell_states(const answers *a, const pl__state *known, pl_transfer *out) {
    double before[3] = {0}, after[3] = {0}, sums[2] = {0};
    for (size_t i = 0; i < a->count; i++) {
        before[i % ANSWERS / 3] += a->weight[i];
        after[i % 3] += a->weight[i];
    }
    for (int k = 0; k < 3; k++) { /* of what each end shows itself, not of what the port does */
        if (known) before[k] *= known[k].prior / known[k].came;
        if (known) after[k] *= known[k].prior / known[k].left;
        sums[0] += before[k];
        sums[1] += after[k];
    }
    for (int k = 0; k < 3; k++) {
        out->p_before[k] = before[k] / sums[0];
        out->p_after[k] = after[k] / sums[1];
    }
}

/* Mean transfer of one draw's answers, and their weight. */
static double mean_of(const answers *a, double *weight) {
    double sum = 0;
    *weight = 0;
    for (size_t k = 0; k < a->count; k++) {
        *weight += a->weight[k];
        sum += a->weight[k] * a->transfer[k];
    }
    return *weight > 0 ? sum / *weight : 0;
}

/* Mean transfer of one hull under many loadings, its weight, and how far off that mean may be. */
typedef struct hull_mean {
    double weight, transfer, variance;
} hull_mean;

static hull_mean load_often(const pl__question ask[2], const pl__fleet_view *view,
                            const pl__draws *random, size_t hull, double correlation) {
    double memory[4][ANSWERS], weight[LOADINGS], transfer[LOADINGS];
    hull_mean out = {0};
    for (size_t k = 0; k < LOADINGS; k++) {
        answers a = {.weight = memory[0],
                     .transfer = memory[1],
                     .barrels = memory[2],
                     .displacement = memory[3]};
        /* neighbours in an evenly spread sequence are not independent: far from each other */
        size_t other = (hull + k * 1103) % random->count;
        pl__draw draw = {
            .hull = random->draw[hull].hull,
            .loading = {random->draw[other].loading[0], random->draw[other].loading[1]}};
        draw_one(ask, view, &draw, correlation, &a);
        transfer[k] = mean_of(&a, &weight[k]);
        out.weight += weight[k];
        out.transfer += weight[k] * transfer[k];
    }
    if (!(out.weight > 0)) return out;
    out.transfer /= out.weight;
    for (int k = 0; k < LOADINGS; k++)
        out.variance += pow(weight[k] / out.weight * (transfer[k] - out.transfer), 2);
    return out;
}

/* Variance between hulls: that of their means, less what the means' own errors add to it. */
static double ship_sigma(const pl__question ask[2], const pl__fleet_view *view,
                         const pl__draws *random, double correlation) {
    size_t step = random->count > HULLS ? random->count / HULLS : 1;
    double sum = 0, x = 0, xx = 0, own = 0;
    for (size_t i = 0; i < random->count; i += step) {
        hull_mean h = load_often(ask, view, random, i, correlation);
        sum += h.weight;
        x += h.weight * h.transfer;
        xx += h.weight * h.transfer * h.transfer;
        own += h.weight * h.variance;
    }
    double variance = (xx - x * x / sum - own) / sum;
    return variance > 0 ? sqrt(variance) : 0;
}

static pl_status draw_all(const pl__question ask[2], const pl_load_options *options,
                          double correlation, answers *a, pl_transfer *out, pl_error *error) {
    pl__draws random;
    pl__fleet_view view;
    pl_status status = pl__draws_take(ask[0].models, options->seed, options->draws, &random, error);
    if (status) return status;
    pl__fleet_look(ask[1].models, &ask[1].input, &view);
    for (size_t i = 0; i < random.count; i++) draw_one(ask, &view, &random.draw[i], correlation, a);
    out->ship_sigma_t = ship_sigma(ask, &view, &random, correlation);
    pl__draws_drop(&random);
    return PL_OK;
}

pl_status pl_load_pair(const pl_load_models *models, const pl_load_input *ship,
                       const pl_load_measurement *before, const pl_load_measurement *after,
                       const pl_load_options *options, pl_transfer *out, pl_error *error) {
    const pl_range nothing = {NAN, NAN, NAN};
    const pl_load_measurement *const measured[2] = {before, after};
    pl_load_input in[2] = {*ship, *ship};
    pl__question ask[2];
    answers a = {0};
    double correlation;
    *out = (pl_transfer){.status = PL_OK,
                         .transfer_t = nothing,
                         .transfer_t_p25 = NAN,
                         .transfer_t_p75 = NAN,
                         .transfer_bbl = nothing,
                         .displacement_change_t = {NAN, NAN},
                         .p_before = {NAN, NAN, NAN},
                         .p_after = {NAN, NAN, NAN},
                         .ship_sigma_t = NAN,
                         .oil_sigma_bbl = NAN};
    for (int i = 0; i < 2; i++) {
        in[i].freeboard_m = measured[i]->freeboard_m;
        in[i].draft_m = measured[i]->draft_m;
        in[i].trim_m = measured[i]->trim_m;
        if (i == 0) in[i].bottom = PL_BOTTOM_UNKNOWN; /* the ship's is of the later time */
    }
    pl_status status = correlate(measured, &correlation, error);
    if (!status) status = judge_alone(models, in, options, out, error);
    if (status || out->status == PL_REFUSED) return status;
    for (int i = 0; i < 2 && !status; i++)
        status = pl__question_ask(models, &in[i], options, &ask[i], error);
    if (!status && options->called_to_load) know_the_port(models, ask);
    if (!status) status = make_answers(options->draws, &a, error);
    if (!status) status = draw_all(ask, options, correlation, &a, out, error);
    if (status) goto done;
    if (effective_draws(&a) < DRAWS_NEEDED) { /* no ship floats in both ways */
        out->status = PL_REFUSED;
        out->reasons |= PL_BIT(PL_FREEBOARD_ODD);
        out->ship_sigma_t = NAN;
        goto done;
    }
    static const double QUARTER[2] = {0.25, 0.75};
    double quarters[2];
    out->transfer_t = pl__believe_range(a.transfer, a.weight, a.count, 0);
    pl__believe_quantiles(a.transfer, a.weight, a.count, 0, QUARTER, 2, quarters);
    out->transfer_t_p25 = quarters[0];
    out->transfer_t_p75 = quarters[1];
    out->transfer_bbl = pl__believe_range(a.barrels, a.weight, a.count, 0);
    out->displacement_change_t = pl__believe_moments(a.displacement, a.weight, a.count);
    tell_states(&a, options->called_to_load ? models->state : NULL, out);
    out->oil_sigma_bbl = oil_sigma(&ask[1].oil, fabs(out->transfer_t.p50));
done:
    free(a.memory);
    return status;
}
