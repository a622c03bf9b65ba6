/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a 90 % range hold the truth in 90 % of cases, when the world is as the prior says?
 *
 * Ships are drawn forward: dimensions, hull and depth by rejection, a loading, a measurement with
 * noise; the estimator then sees only length, beam and freeboard. That tests the sampling, the
 * densities of the load states (which the forward direction does not use) and the quantiles; it
 * says nothing of whether the prior is true. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "load/model.h"

enum { SHIPS = 600 };

typedef struct truth {
    pl_load_input input;
    double draft, depth, dwt, cargo;
    pl_load_state state;
} truth;

static void uniforms(gsl_rng *random, double u[PL__UNIFORMS]) {
    for (int k = 0; k < PL__UNIFORMS; k++) u[k] = gsl_rng_uniform_pos(random);
}

/* Length and beam as the fleet has them: a class by weight, then its normal. */
static pl_load_input some_dimensions(const pl_load_models *models, gsl_rng *random) {
    double u[PL__UNIFORMS], sum = models->class[0].weight;
    uniforms(random, u);
    int c = 0;
    while (c < models->classes - 1 && u[0] >= sum) sum += models->class[++c].weight;
    const pl__class *k = &models->class[c];
    double loa = k->mean[0] + sqrt(k->covariance[0][0]) * gsl_cdf_ugaussian_Pinv(u[1]);
    double slope = k->covariance[1][0] / k->covariance[0][0];
    double beam =
        k->mean[1] + slope * (loa - k->mean[0]) +
        sqrt(k->covariance[1][1] - slope * k->covariance[0][1]) * gsl_cdf_ugaussian_Pinv(u[2]);
    pl_load_input input = PL_LOAD_INPUT_INIT;
    input.length_m = (pl_quantity){exp(loa), 1.0};
    input.beam_m = (pl_quantity){exp(beam), 0.4};
    input.freeboard_m.sigma = 0.2;
    return input;
}

static const double TOO_MUCH = -1;

/* A loading forward: state, then what is on board. @return deadweight. */
static double load_her(const pl_load_models *models, const pl__ship *ship,
                       const pl__stowage *stowage, gsl_rng *random, truth *out) {
    const pl__belief *prior = models->prior;
    double besides = stowage->consumables + stowage->residual, u = gsl_rng_uniform(random);
    if (u < models->state[PL_BALLAST].prior) {
        const pl__belief *light = &prior[PL__BALLAST_DEADWEIGHT];
        double x = light->value + light->sigma * gsl_ran_gaussian(random, 1);
        out->state = PL_BALLAST;
        out->cargo = 0;
        return x < light->low || x > light->high ? NAN : ship->dwt * x;
    }
    if (u < 1 - models->state[PL_PART].prior) {
        bool deep = gsl_rng_uniform(random) < prior[PL__DEEP_SHARE].value;
        const pl__belief *laden = &prior[deep ? PL__DEEP_FRACTION : PL__LADEN_FRACTION];
        double x = laden->value + laden->sigma * gsl_ran_gaussian(random, 1);
        out->state = PL_LADEN;
        out->cargo = x * stowage->most_t;
        return x < laden->low || x > laden->high ? NAN : besides + out->cargo;
    }
    out->state = PL_PART;
    out->cargo = gsl_rng_uniform(random) * stowage->most_t;
    double least = fmax(stowage->ballast, out->cargo);
    double water = stowage->ballast_kept * fmax(0, stowage->ballast - out->cargo) +
                   stowage->ballast_besides * (stowage->capacity_t - least);
    return water > stowage->ballast_most_t ? TOO_MUCH : besides + out->cargo + water;
}

/* A ship, loaded and measured; draws are thrown away until one fits. */
static truth make_truth(const pl_load_models *models, const pl_load_options *options,
                        gsl_rng *random) {
    truth out = {.input = some_dimensions(models, random)};
    double u[PL__UNIFORMS];
    pl__fleet_view view;
    pl__question q;
    pl_load_input with_draft = out.input;
    with_draft.draft_m = (pl_quantity){1, 1}; /* asks for no more than that something is measured */
    with_draft.freeboard_m = (pl_quantity){NAN, NAN};
    assert_int_equal(pl__question_ask(models, &with_draft, options, &q, NULL), PL_OK);
    pl__fleet_look(models, &out.input, &view);
    for (;;) {
        pl__ship ship;
        pl__stowage stowage;
        pl__draw draw;
        uniforms(random, u);
        pl__draw_make(models, u, &draw);
        if (!pl__ship_draw(&view, &q, &draw.hull, &ship)) continue;
        double fits = ship.weight * pl__ship_depth_draw(&q, &draw.hull, &ship), t_per_m;
        if (gsl_rng_uniform(random) > fits) continue;
        pl__stowage_draw(&q, &ship, &draw.loading[0], &stowage);
        double deadweight = NAN;
        while (isnan(deadweight)) deadweight = load_her(models, &ship, &stowage, random, &out);
        if (out.cargo > stowage.brim_t || deadweight == TOO_MUCH) continue;
        double water = 1.025 + 0.0025 * gsl_ran_gaussian(random, 1);
        out.draft = pl__ship_draft(&ship, ship.lightship + deadweight, water, &t_per_m);
        if (out.draft > ship.depth) continue;
        double least = 2 + 0.02 * 0.96 * ship.loa; /* MARPOL's least draft, gas oil from 30,000 t */
        if (out.state == PL_BALLAST && ship.dwt > 30000 &&
            gsl_rng_uniform(random) > pl__normal_share((out.draft - least) / (0.1 * least)))
            continue;
        out.depth = ship.depth;
        out.dwt = ship.dwt;
        out.input.freeboard_m.value = ship.depth - out.draft + gsl_ran_gaussian(random, 0.2);
        return out;
    }
}

/* Hits against their expectation: a difference beyond 3.5 sigma would be one chance in 2000. */
static void assert_binomial(const char *what, double hits, double expected, double variance) {
    print_message("  %-24s %.1f, expected %.1f +- %.1f\n", what, hits, expected, sqrt(variance));
    assert_true(fabs(hits - expected) < 3.5 * sqrt(variance));
}

static void ranges_hold_the_truth(bool draft_known) {
    pl_load_models *models = NULL;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
    assert_non_null(random);
    gsl_rng_set(random, draft_known ? 11 : 7);
    assert_int_equal(pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL), PL_OK);
    double cargo = 0, want = 0, spread = 0, ballast = 0, p_ballast = 0, v_ballast = 0;
    double depth2 = 0, dwt2 = 0;
    int answered = 0, quiet = 0;
    for (int i = 0; i < SHIPS; i++) {
        truth t = make_truth(models, &options, random);
        pl_load load;
        if (draft_known) {
            /* the second way of the estimator: the draft itself, 0.2 m off */
            t.input.draft_m = (pl_quantity){t.depth - t.input.freeboard_m.value, 0.2};
            t.input.freeboard_m = (pl_quantity){NAN, NAN};
            if (!(t.input.draft_m.value > 0.2)) continue;
        }
        options.seed = (uint64_t)i;
        assert_int_equal(pl_load_estimate(models, &t.input, &options, &load, NULL), PL_OK);
        quiet += load.status == PL_OK;
        if (load.status == PL_REFUSED) continue;
        answered++;
        /* a range that begins at the mass at zero leaves out only its upper 5 % */
        double p = load.cargo_t.p05 > 0 ? 0.90 : load.cargo_t.p95 > 0 ? 0.95 : load.p_state[0];
        cargo += t.cargo >= load.cargo_t.p05 && t.cargo <= load.cargo_t.p95;
        want += p;
        spread += p * (1 - p);
        ballast += t.state == PL_BALLAST;
        p_ballast += load.p_state[PL_BALLAST];
        v_ballast += load.p_state[PL_BALLAST] * (1 - load.p_state[PL_BALLAST]);
        depth2 += pow((t.depth - load.depth_m.value) / load.depth_m.sigma, 2);
        dwt2 += pow((t.dwt - load.dwt_t.value) / load.dwt_t.sigma, 2);
    }
    assert_true(answered > 0.97 * SHIPS); /* a refusal is for ships that the prior hardly knows */
    assert_true(quiet > 0.93 * SHIPS);
    assert_binomial("cargo in its 90 % range", cargo, want, spread);
    assert_binomial("in ballast", ballast, p_ballast, v_ballast);
    print_message("  (error / sigma)^2, mean   depth %.3f, deadweight %.3f\n", depth2 / answered,
                  dwt2 / answered);
    /* mean of n squares of unit variance; kurtosis allowed for: sigma 2 sqrt(2 / n) */
    assert_true(fabs(depth2 / answered - 1) < 3.5 * 2 * sqrt(2.0 / answered));
    assert_true(fabs(dwt2 / answered - 1) < 3.5 * 2 * sqrt(2.0 / answered));
    pl_load_models_free(models);
    gsl_rng_free(random);
}

static void from_freeboard(void **state) {
    (void)state;
    ranges_hold_the_truth(false);
}

static void from_draft(void **state) {
    (void)state;
    ranges_hold_the_truth(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_freeboard),
        cmocka_unit_test(from_draft),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
