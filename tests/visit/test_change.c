/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does what two observations of one ship share cancel, and nothing else? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "plimsoll/visit.h"

static pl_load_models *models;

static int setup(void **state) {
    (void)state;
    return pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_load_models_free(models);
    return 0;
}

/* One cue; fit is the rest of the budget beside deck edge and model. */
static pl_observation seen(double freeboard_m, pl_cue_kind kind, double fit_m, double edge_m,
                           double model_m) {
    double sigma = sqrt(fit_m * fit_m + edge_m * edge_m + model_m * model_m);
    pl_observation o = {.bow_certain = true,
                        .length_m = {96, 0.5},
                        .beam_m = {15.9, 0.25},
                        .tanker_probability = NAN,
                        .has_freeboard = true,
                        .freeboard_m = {freeboard_m, sigma},
                        .trim_m = {0.4, 0.3},
                        .cue_count = 1};
    o.budget_m[PL_BUDGET_FIT] = fit_m;
    o.budget_m[PL_BUDGET_DECK_EDGE] = edge_m;
    o.budget_m[PL_BUDGET_MODEL] = model_m;
    o.budget_m[PL_BUDGET_SUN] = NAN; /* none */
    o.cue[0] = (pl_cue){.kind = kind, .freeboard_m = {freeboard_m, sigma}};
    return o;
}

static pl_change change(const pl_observation *before, const pl_observation *after) {
    pl_load_input unknown = PL_LOAD_INPUT_INIT;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_change out;
    assert_int_equal(pl_visit_change(models, &unknown, &options, before, after, &out, NULL), PL_OK);
    return out;
}

/* By hand, from the shares that change.c argues. */
static void covariance(void **state) {
    (void)state;
    pl_observation a = seen(4.5, PL_CUE_DARK_BAND, 0.1, 0.08, 0.15),
                   b = seen(1.5, PL_CUE_DARK_BAND, 0.2, 0.08, 0.15);
    pl_change got = change(&a, &b);
    double apart = 0.1 * 0.1 + 0.2 * 0.2 + 2 * (0.08 * 0.08 + 0.15 * 0.15);
    double cancelled = 0.08 * 0.08 + 0.5 * 0.15 * 0.15;
    assert_true(fabs(got.freeboard_change_m.value + 3) < 1e-12);
    assert_true(fabs(got.freeboard_change_m.sigma - sqrt(apart - 2 * cancelled)) < 1e-9);
    assert_true(fabs(got.draft_change_m.value - 3) < 1e-12);
    assert_true(fabs(got.shared_m - sqrt(cancelled)) < 1e-9);
    b.cue[0].kind = PL_CUE_LIT_WALL; /* less in common */
    double other = pl_visit_covariance(&a, &b);
    assert_true(fabs(other - (0.8 * 0.08 * 0.08 + 0.25 * 0.15 * 0.15)) < 1e-12);
    assert_true(change(&a, &b).freeboard_change_m.sigma > got.freeboard_change_m.sigma);
    b.cue[1] = b.cue[0]; /* a dark band as sure as the wall: half in common */
    b.cue[1].kind = PL_CUE_DARK_BAND;
    b.cue_count = 2;
    assert_true(fabs(pl_visit_covariance(&a, &b) - 0.5 * (other + cancelled)) < 1e-12);
}

/* Errors of one picture stay: what its angles, its pixel, its noise, and her list that day did. Of
 * what the method does to every picture much goes; her own deck edge goes. */
static void the_rest_stays(void **state) {
    (void)state;
    static const double GONE[PL_BUDGET_COUNT] = {
        [PL_BUDGET_DECK_EDGE] = 1,    [PL_BUDGET_GEAR] = 0.5,        [PL_BUDGET_SPREAD] = 0.75,
        [PL_BUDGET_WATERLINE] = 0.75, [PL_BUDGET_UNDERWATER] = 0.75, [PL_BUDGET_MODEL] = 0.5};
    for (int term = 0; term < PL_BUDGET_COUNT; term++) {
        pl_observation o = seen(3, PL_CUE_DARK_BAND, 0, 0, 0);
        for (int i = 0; i < PL_BUDGET_COUNT; i++) o.budget_m[i] = i == term ? 0.2 : 0;
        o.freeboard_m.sigma = o.cue[0].freeboard_m.sigma = 0.2;
        double sigma = change(&o, &o).freeboard_change_m.sigma;
        assert_true(fabs(sigma - 0.2 * sqrt(2 - 2 * GONE[term])) < 1e-9);
    }
}

static void directions(void **state) {
    (void)state;
    pl_observation light = seen(4.7, PL_CUE_DARK_BAND, 0.05, 0.07, 0.15),
                   deep = seen(1.5, PL_CUE_DARK_BAND, 0.05, 0.07, 0.15);
    pl_change loaded = change(&light, &deep), discharged = change(&deep, &light);
    assert_int_equal(loaded.direction, PL_DIRECTION_LOADING);
    assert_true(loaded.transfer_t.p05 > 0 && loaded.displacement_change_t.value > 0);
    assert_int_equal(discharged.direction, PL_DIRECTION_DISCHARGING);
    assert_true(discharged.transfer_bbl.p95 < 0 && discharged.displacement_change_t.value < 0);
    pl_change none = change(&deep, &deep);
    assert_int_equal(none.direction, PL_DIRECTION_NONE);
    assert_true(none.transfer_t.p05 <= 0 && none.transfer_t.p95 >= 0);
    pl_observation vague = seen(1.5, PL_CUE_DARK_BAND, 0.6, 0.07, 0.15);
    assert_int_equal(change(&deep, &vague).direction, PL_DIRECTION_UNCLEAR);
}

/* What an error both times does to the cargo is less than what two errors do. */
static void cargo_gains(void **state) {
    (void)state;
    pl_observation a = seen(4.7, PL_CUE_DARK_BAND, 0.02, 0.3, 0), b = a;
    b.freeboard_m.value = 1.5;
    pl_change shared = change(&a, &b);
    a.budget_m[PL_BUDGET_DECK_EDGE] = 0;
    a.budget_m[PL_BUDGET_VIEW] = 0.3;
    pl_change apart = change(&a, &b);
    assert_true(shared.displacement_change_t.sigma < 0.9 * apart.displacement_change_t.sigma);
}

static void refusals(void **state) {
    (void)state;
    pl_observation a = seen(4.7, PL_CUE_DARK_BAND, 0.05, 0.07, 0.15), refused = a, odd = a;
    refused.status = PL_REFUSED;
    refused.reasons = PL_BIT(PL_SUN_ALONG_KEEL);
    refused.freeboard_m = refused.trim_m = (pl_quantity){NAN, NAN};
    pl_change got = change(&a, &refused);
    assert_int_equal(got.status, PL_REFUSED);
    assert_true(got.reasons & PL_BIT(PL_SUN_ALONG_KEEL));
    assert_true(isnan(got.freeboard_change_m.value) && isnan(got.transfer_t.p50));
    assert_true(isnan(got.trim_change_m.value) && isnan(got.displacement_change_t.value));
    assert_int_equal(got.direction, PL_DIRECTION_UNCLEAR);
    odd.beam_m.value = a.beam_m.value = 130; /* no ship: what was seen of her stays */
    got = change(&a, &odd);
    assert_int_equal(got.status, PL_DUBIOUS);
    assert_true(got.reasons & PL_BIT(PL_DIMENSIONS_ODD));
    assert_true(isfinite(got.freeboard_change_m.value) && isnan(got.transfer_t.p50));
    a = seen(4.7, PL_CUE_DARK_BAND, 0.05, 0.07, 0.15);
    a.bow_certain = false;
    pl_observation b = seen(4.7, PL_CUE_DARK_BAND, 0.05, 0.07, 0.15);
    assert_true(isnan(change(&a, &b).trim_change_m.value));
    assert_true(isfinite(change(&b, &b).trim_change_m.value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covariance), cmocka_unit_test(the_rest_stays),
        cmocka_unit_test(directions), cmocka_unit_test(cargo_gains),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
