/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a ship's own hydrostatic table count exactly, trim corrections included; and what do trim,
 * bottom paint, MARPOL and her marks say of how she is loaded? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "load/model.h"

static pl_load_models *models;
static const pl_load_options PLAIN = PL_LOAD_OPTIONS_INIT;

static int setup(void **state) {
    (void)state;
    return pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_load_models_free(models);
    return 0;
}

/* A hull of 90 x 15 m with upright sides above 2 m: D = 1000 + 1200 (T - 2) t, centre of flotation
 * 1 m aft of midships, MTC growing by 3 tm/cm a metre. */
static pl_hydrostatics upright(void) {
    pl_hydrostatics t = {.count = 6};
    for (int i = 0; i < t.count; i++) {
        t.draft_m[i] = 2 + i;
        t.displacement_t[i] = 1000 + 1200 * i;
        t.tpc_t_per_cm[i] = 12;
        t.mtc_tm_per_cm[i] = 60 + 3 * i;
        t.lcf_m[i] = -1;
    }
    return t;
}

static pl_load_input ship_with(const pl_hydrostatics *table, double draft_m) {
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.length_m = (pl_quantity){95, 0.01};
    in.beam_m = (pl_quantity){15, 0.01};
    in.lpp_m = 90;
    in.draft_m = (pl_quantity){draft_m, 0};
    in.summer_draft_m = 6;
    in.summer_draft_sigma_m = 0.0005;
    in.dwt_t = 4200;
    in.dwt_sigma_t = 1;
    in.hydrostatics = table;
    return in;
}

static pl_load estimate(const pl_load_input *in, const pl_load_options *options) {
    pl_load load;
    pl_error error = PL_ERROR_INIT;
    if (pl_load_estimate(models, in, options, &load, &error)) print_error("%s\n", error.message);
    assert_int_equal(error.status, PL_OK);
    return load;
}

static void near(double value, double expected, double tolerance) {
    if (fabs(value - expected) > tolerance)
        print_error("%.8g is not %.8g +- %.3g\n", value, expected, tolerance);
    assert_true(fabs(value - expected) <= tolerance);
}

static void a_table_is_exact(void **state) {
    (void)state;
    const pl_hydrostatics table = upright();
    pl_load_options salt = PLAIN;
    salt.water_density_t_m3 = (pl_quantity){1.025, 0};
    for (double draft = 3; draft < 6.1; draft += 0.25) {
        pl_load_input in = ship_with(&table, draft);
        pl_load load = estimate(&in, &salt);
        near(load.displacement_t.value, 1000 + 1200 * (draft - 2), 1e-6);
        near(load.displacement_t.sigma, 0, 1e-6);
        assert_int_equal(load.displacement_by, PL_BY_HYDROSTATICS);
    }
    /* fresh water carries 1 / 1.025 of it */
    salt.water_density_t_m3.value = 1;
    pl_load_input in = ship_with(&table, 5);
    near(estimate(&in, &salt).displacement_t.value, 4600 / 1.025, 1e-6);
}

/* t = 0.9 m by the stern, LCF 1 m aft: first correction 100 x 12 x 0.9 x 1 / 90 = +12 t, second 50
 * x 0.81 x 3 / 90 = +1.35 t; by the head the first changes its sign and the second does not. */
static void trim_corrections(void **state) {
    (void)state;
    const pl_hydrostatics table = upright();
    pl_load_options salt = PLAIN;
    salt.water_density_t_m3 = (pl_quantity){1.025, 0};
    pl_load_input in = ship_with(&table, 5);
    in.trim_m = 0.9;
    near(estimate(&in, &salt).displacement_t.value, 4600 + 12 + 1.35, 1e-6);
    in.trim_m = -0.9;
    near(estimate(&in, &salt).displacement_t.value, 4600 - 12 + 1.35, 1e-6);
    /* without a centre of flotation nothing is corrected, and the draft has 2 % of the trim */
    pl_hydrostatics no_lcf = table;
    for (int i = 0; i < no_lcf.count; i++) no_lcf.lcf_m[i] = NAN;
    in = ship_with(&no_lcf, 5);
    in.trim_m = 0.9;
    pl_load load = estimate(&in, &salt);
    near(load.displacement_t.value, 4600, 3);
    near(load.displacement_t.sigma, 1200 * 0.02 * 0.9, 2);
}

/* Deadweight and lightship give the summer draft: 4200 + 1600 = 5800 t lie at 6 m. */
static void a_table_gives_the_summer_draft(void **state) {
    (void)state;
    const pl_hydrostatics table = upright();
    pl_load_input in = ship_with(&table, 5);
    in.summer_draft_m = in.summer_draft_sigma_m = NAN;
    in.lightship_t = 1600;
    near(estimate(&in, &PLAIN).summer_draft_m.value, 6, 0.01);
    in.summer_draft_m = 6;
    in.displacement_t = 5000; /* the table says 5800 */
    in.lightship_t = NAN;
    pl_load load;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_load_estimate(models, &in, &PLAIN, &load, &error), PL_E_USAGE);
    assert_non_null(strstr(error.message, "her hydrostatic table has 5800 t"));
    pl_hydrostatics broken = table;
    broken.displacement_t[3] = 100;
    in = ship_with(&broken, 5);
    assert_int_equal(pl_load_estimate(models, &in, &PLAIN, &load, &error), PL_E_USAGE);
    assert_non_null(strstr(error.message, "must grow: row 4"));
}

/* The coaster of test_load.c. */
static pl_load_input coaster(double draft_m) {
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.length_m = (pl_quantity){100, 0.01};
    in.beam_m = (pl_quantity){16, 0.01};
    in.draft_m = (pl_quantity){draft_m, 0.01};
    in.summer_draft_m = 6.2;
    in.dwt_t = 5600;
    in.displacement_t = 7500;
    in.tpc_t_per_cm = 13.4;
    return in;
}

/* Half a metre below her marks is a finding with its number, not a refusal; a finger's breadth is
 * none, nor is the sinkage of fresh water. */
static void deeper_than_her_marks(void **state) {
    (void)state;
    pl_load_options options = PLAIN;
    options.product = "fuel oil"; /* tanks do not limit */
    pl_load_input in = coaster(6.6);
    pl_load load = estimate(&in, &options);
    assert_int_equal(load.status, PL_OK);
    assert_int_equal(load.state, PL_LADEN);
    assert_true(load.reasons & PL_BIT(PL_DEEP_LOADED));
    assert_true(load.p_deep > 0.95);
    assert_true(load.cargo_t.p50 > 5600);
    in = coaster(6.25);
    load = estimate(&in, &options);
    assert_false(load.reasons & PL_BIT(PL_DEEP_LOADED));
    assert_true(load.p_deep < 0.05);
    options.water_density_t_m3 = (pl_quantity){1.0, 0};
    in = coaster(6.2 + 0.14); /* fresh water allowance Ds / (40 TPC) = 14 cm */
    assert_true(estimate(&in, &options).p_deep < 0.05);
}

/* The mark's freeboard is as good as the depth, and without a summer draft still tells how far
 * above or below her mark she floats. */
static void summer_freeboard(void **state) {
    (void)state;
    pl_load_input in = coaster(NAN);
    in.draft_m.sigma = NAN;
    in.freeboard_m = (pl_quantity){2.2, 0.02};
    in.depth_m = 8.0;
    pl_load by_depth = estimate(&in, &PLAIN);
    in.depth_m = NAN;
    in.summer_freeboard_m = 1.8; /* 6.2 + 1.8 = 8 */
    pl_load by_mark = estimate(&in, &PLAIN);
    near(by_mark.draft_m.value, by_depth.draft_m.value, 0.01);
    near(by_mark.cargo_t.p50, by_depth.cargo_t.p50, 0.005 * 5600);
    assert_true(by_mark.depth_known);
    in.summer_draft_m = NAN;
    in.displacement_t = NAN;
    pl_load by_mark_alone = estimate(&in, &PLAIN);
    assert_false(by_mark_alone.depth_known);
    near(by_mark_alone.summer_draft_m.value - by_mark_alone.draft_m.value, 0.4, 0.05);
    in.summer_draft_m = 6.2;
    in.depth_m = 9;
    pl_load load;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_load_estimate(models, &in, &PLAIN, &load, &error), PL_E_USAGE);
    assert_non_null(strstr(error.message, "is not depth 9 m"));
}

/* Draws kept with the models are the draws of their seed, made anew. */
static void kept_draws_are_their_seeds(void **state) {
    (void)state;
    pl_load_models without = *models;
    pl__draws kept, made;
    without.draw = NULL;
    assert_int_equal(pl__draws_take(models, PLAIN.seed, PLAIN.draws, &kept, NULL), PL_OK);
    assert_int_equal(pl__draws_take(&without, PLAIN.seed, PLAIN.draws, &made, NULL), PL_OK);
    assert_ptr_equal(kept.draw, models->draw);
    assert_ptr_not_equal(made.draw, models->draw);
    for (int i = 0; i < PLAIN.draws; i++)
        assert_memory_equal(&kept.draw[i].hull, &made.draw[i].hull, sizeof kept.draw[i].hull);
    pl__draws_drop(&made);
    pl__draws_drop(&kept);
    assert_int_equal(pl__draws_take(models, 2, 64, &made, NULL), PL_OK);
    assert_memory_not_equal(&made.draw[0].hull, &models->draw[0].hull, sizeof made.draw[0].hull);
    pl__draws_drop(&made);
}

/* Between ballast and part cargo, what a trim and a red bottom say. */
static void trim_and_paint_are_evidence(void **state) {
    (void)state;
    pl_load_input in = coaster(3.6);
    double plain = estimate(&in, &PLAIN).p_state[PL_BALLAST];
    in.bottom = PL_BOTTOM_SEEN;
    double seen = estimate(&in, &PLAIN).p_state[PL_BALLAST];
    in.bottom = PL_BOTTOM_HIDDEN;
    double hidden = estimate(&in, &PLAIN).p_state[PL_BALLAST];
    assert_true(seen > plain + 0.01 && hidden < plain - 0.05);
    /* ballast against part, the only two at this draft: 0.85 to 0.50 and 0.15 to 0.50 */
    near(seen / (1 - seen), plain / (1 - plain) * 0.85 / 0.50, 0.02 * seen / (1 - seen));
    near(hidden / (1 - hidden), plain / (1 - plain) * 0.15 / 0.50, 0.02 * hidden / (1 - hidden));
    in.bottom = PL_BOTTOM_UNKNOWN;
    in.trim_m = 1.4; /* 1.5 % of her length */
    double stern = estimate(&in, &PLAIN).p_state[PL_BALLAST];
    in.trim_m = 0;
    double even = estimate(&in, &PLAIN).p_state[PL_BALLAST];
    assert_true(stern > plain && even < plain);
    in.trim_sigma_m = 20; /* a trim that was hardly measured says nothing */
    in.trim_m = 0;
    near(estimate(&in, &PLAIN).p_state[PL_BALLAST], plain, 0.02);
}

/* A VLCC of 320 m needs 2 + 0.02 x 307 = 8.1 m in ballast: below it the state loses, above nothing
 * changes. The reference is gas, which has no such rule. */
static void marpol_binds_below_only(void **state) {
    (void)state;
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.length_m = (pl_quantity){320, 0.5};
    in.beam_m = (pl_quantity){58, 0.2};
    in.summer_draft_m = 21;
    in.dwt_t = 300000;
    in.tank_m3 = 900000;
    pl_load_options free = PLAIN, bound = PLAIN;
    free.product = "lpg";
    bound.product = "crude";
    free.conversion = bound.conversion = "density";
    free.density_t_m3 = bound.density_t_m3 = 0.86;
    for (int i = 0; i < 2; i++) {
        in.draft_m = (pl_quantity){i ? 11 : 6.8, 0.05};
        double with = estimate(&in, &bound).p_state[PL_BALLAST];
        double without = estimate(&in, &free).p_state[PL_BALLAST];
        if (i)
            near(with, without, 0.01);
        else
            assert_true(with < 0.7 * without);
    }
}

/* Whatever the product: never more than the tanks hold to the brim, 4000 m3 / 0.98. */
static void tanks_truncate_every_product(void **state) {
    (void)state;
    for (int i = 0; i < models->products; i++) {
        pl_load_input in = PL_LOAD_INPUT_INIT;
        pl_load_options options = PLAIN;
        options.product = models->product[i].name;
        options.conversion = "density";
        in.length_m = (pl_quantity){100, 0.5};
        in.beam_m = (pl_quantity){16, 0.2};
        in.freeboard_m = (pl_quantity){2.6, 0.3};
        in.dwt_t = 5600;
        in.tank_m3 = 4000;
        pl_load load;
        assert_int_equal(pl_load_estimate(models, &in, &options, &load, NULL), PL_OK);
        if (load.status == PL_REFUSED) continue;
        double brim = 1.02 * 4000 / 0.98; /* two sigma of the tanks */
        const pl__product *p = &models->product[i];
        assert_true(load.oil_bbl.p95 <= brim * 6.28981077);
        assert_true(load.cargo_t.p95 <= brim * (p->density_t_m3 + 2 * p->sigma));
        assert_true(load.oil_bbl.p95 > load.oil_bbl.p05); /* never a bare number */
    }
    /* at her marks she holds 5340 t: 15 % more fuel oil than goes into 4800 m3, however rash the
     * captain; there is no such ship, and certainly no such cargo */
    pl_load_options options = PLAIN;
    options.product = "fuel oil";
    pl_load_input in = coaster(6.2);
    in.tank_m3 = 4800;
    pl_load load = estimate(&in, &options);
    assert_int_not_equal(load.status, PL_OK);
    assert_false(load.cargo_t.p95 > 1.1 * 4800 / 0.98 * 0.965);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_exact),
        cmocka_unit_test(trim_corrections),
        cmocka_unit_test(a_table_gives_the_summer_draft),
        cmocka_unit_test(deeper_than_her_marks),
        cmocka_unit_test(summer_freeboard),
        cmocka_unit_test(kept_draws_are_their_seeds),
        cmocka_unit_test(trim_and_paint_are_evidence),
        cmocka_unit_test(marpol_binds_below_only),
        cmocka_unit_test(tanks_truncate_every_product),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
