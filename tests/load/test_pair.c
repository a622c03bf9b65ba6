/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is what was loaded between two measurements what hydrostatics by hand says, and does what the two
 * share cancel? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "plimsoll/load.h"

static pl_load_models *models;
static const pl_quantity UNKNOWN = {NAN, NAN};

static int setup(void **state) {
    (void)state;
    return pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_load_models_free(models);
    return 0;
}

static pl_load_input dimensions(double length_m, double beam_m) {
    pl_load_input input = PL_LOAD_INPUT_INIT;
    input.length_m = (pl_quantity){length_m, 0.5};
    input.beam_m = (pl_quantity){beam_m, 0.2};
    return input;
}

/* The coaster of test_load.c: a register tells all. */
enum { W = 5600, DS = 7500, LS = 1900 };
static const double DEPTH = 8, TS = 6.2, TPC = 13.4;

static pl_load_input known(void) {
    pl_load_input ship = dimensions(100, 16);
    ship.depth_m = DEPTH;
    ship.summer_draft_m = TS;
    ship.dwt_t = W;
    ship.displacement_t = DS;
    ship.lightship_t = LS;
    ship.tpc_t_per_cm = TPC;
    return ship;
}

static pl_transfer transfer(const pl_load_input *ship, double before_m, double after_m,
                            double sigma_m) {
    pl_load_measurement before = {{before_m, sigma_m}, UNKNOWN, NAN, 0};
    pl_load_measurement after = {{after_m, sigma_m}, UNKNOWN, NAN, 0};
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_transfer out;
    options.product = "fuel oil"; /* heavy: the tanks do not limit */
    assert_int_equal(pl_load_pair(models, ship, &before, &after, &options, &out, NULL), PL_OK);
    return out;
}

static double displacement(double draft_m) {
    return DS * pow(draft_m / TS, 100 * TPC * TS / DS);
}

/* Both so deep that she is laden and holds no ballast: what came aboard is the change of
 * displacement. Open: consumables of both (1.8 % of W each) and a centimetre of draft (13 t) each.
 */
static void by_hand(void **state) {
    (void)state;
    pl_load_input ship = known();
    pl_transfer got = transfer(&ship, 2.1, 1.85, 0.01);
    double want = displacement(DEPTH - 1.85) - displacement(DEPTH - 2.1);
    assert_int_equal(got.status, PL_OK);
    assert_true(fabs(got.transfer_t.p50 - want) < 0.02 * W);
    double sigma = (got.transfer_t.p95 - got.transfer_t.p05) / 3.29 / W;
    assert_true(sigma > 0.018 && sigma < 0.036);
    assert_true(got.transfer_t.p05 < want && want < got.transfer_t.p95);
}

/* Loading is positive, discharging is its mirror image. */
static void signs(void **state) {
    (void)state;
    pl_load_input ship = dimensions(96, 15.9);
    pl_transfer in = transfer(&ship, 4.7, 1.7, 0.15), out = transfer(&ship, 1.7, 4.7, 0.15);
    assert_true(in.transfer_t.p05 > 0 && in.transfer_bbl.p05 > in.transfer_t.p05);
    assert_true(out.transfer_t.p95 < 0);
    assert_true(fabs(in.transfer_t.p50 + out.transfer_t.p50) < 0.05 * in.transfer_t.p50);
    pl_transfer none = transfer(&ship, 1.7, 1.7, 0.15);
    assert_true(none.transfer_t.p05 < 0 && none.transfer_t.p95 > 0);
}

/* Of a ship of unknown depth a change is better known than the two levels: the range is narrower
 * than that of the difference of two loads estimated apart. */
static void shared_errors_cancel(void **state) {
    (void)state;
    pl_load_input ship = dimensions(96, 15.9);
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    options.product = "fuel oil";
    double apart = 0;
    for (int i = 0; i < 2; i++) {
        pl_load load;
        ship.freeboard_m = (pl_quantity){i ? 1.7 : 2.6, 0.1};
        assert_int_equal(pl_load_estimate(models, &ship, &options, &load, NULL), PL_OK);
        apart += pow(load.cargo_t.p95 - load.cargo_t.p05, 2);
    }
    pl_transfer got = transfer(&ship, 2.6, 1.7, 0.1);
    assert_true(got.transfer_t.p95 - got.transfer_t.p05 < 0.75 * sqrt(apart));
}

/* An error that both freeboards have is not in their difference. A metre of draft is 100 TPC
 * tonnes, so the change of displacement is unsure by 100 TPC s sqrt(2 - 2 r), r the share of the
 * variance, and by the two waters, 0.25 % of some 5,500 t each. */
static void common_error_cancels(void **state) {
    (void)state;
    pl_load_input ship = known();
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    options.product = "fuel oil";
    for (int k = 0; k < 3; k++) {
        double share = 0.5 * k, sigma = 0.1, shared = sigma * sqrt(share);
        pl_load_measurement before = {{2.5, sigma}, UNKNOWN, NAN, shared};
        pl_load_measurement after = {{2.2, sigma}, UNKNOWN, NAN, shared};
        pl_transfer got;
        assert_int_equal(pl_load_pair(models, &ship, &before, &after, &options, &got, NULL), PL_OK);
        double want = hypot(100 * TPC * sigma * sqrt(2 - 2 * share), 0.0025 * 5500 * sqrt(2));
        assert_true(fabs(got.displacement_change_t.sigma - want) < 0.1 * want + 5);
        double change = displacement(DEPTH - 2.2) - displacement(DEPTH - 2.5);
        assert_true(fabs(got.displacement_change_t.value - change) < 0.25 * want);
    }
    pl_load_measurement before = {{2.5, 0.1}, UNKNOWN, NAN, 0.2}, after = before;
    pl_transfer got;
    assert_int_equal(pl_load_pair(models, &ship, &before, &after, &options, &got, NULL),
                     PL_E_USAGE);
}

/* Drafts instead of freeboards, and one of each; the same ship and the same change. */
static void drafts(void **state) {
    (void)state;
    pl_load_input ship = known();
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    options.product = "fuel oil";
    pl_load_measurement high[2] = {{{2.1, 0.02}, UNKNOWN, NAN, 0},
                                   {UNKNOWN, {DEPTH - 2.1, 0.02}, NAN, 0}};
    pl_load_measurement deep[2] = {{{1.85, 0.02}, UNKNOWN, NAN, 0},
                                   {UNKNOWN, {DEPTH - 1.85, 0.02}, NAN, 0}};
    double want = displacement(DEPTH - 1.85) - displacement(DEPTH - 2.1);
    for (int known_depth = 0; known_depth < 2; known_depth++) {
        ship.depth_m = known_depth ? DEPTH : NAN;
        for (int k = 0; k < 4; k++) {
            pl_transfer got;
            assert_int_equal(
                pl_load_pair(models, &ship, &high[k / 2], &deep[k % 2], &options, &got, NULL),
                PL_OK);
            assert_int_not_equal(got.status, PL_REFUSED);
            assert_true(got.transfer_t.p05 < want && want < got.transfer_t.p95);
            /* a freeboard and a draft meet in the depth: unknown, it does not cancel */
            bool mixed = k == 1 || k == 2;
            if (!mixed || known_depth) assert_true(fabs(got.transfer_t.p50 - want) < 0.01 * W);
        }
    }
}

/* A trim leaves open how deep she floats where it counts: 2 % of it. */
static void trim_widens(void **state) {
    (void)state;
    pl_load_input ship = known();
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load level, trimmed;
    ship.freeboard_m = (pl_quantity){2.0, 0.02};
    assert_int_equal(pl_load_estimate(models, &ship, &options, &level, NULL), PL_OK);
    ship.trim_m = 3.0;
    assert_int_equal(pl_load_estimate(models, &ship, &options, &trimmed, NULL), PL_OK);
    double added = sqrt(pow(trimmed.draft_m.sigma, 2) - pow(level.draft_m.sigma, 2));
    assert_true(fabs(added - 0.06) < 0.01);
    ship.trim_m = 30;
    assert_int_equal(pl_load_estimate(models, &ship, &options, &level, NULL), PL_E_USAGE);
}

static void no_ship_floats_in_both_ways(void **state) {
    (void)state;
    pl_load_input ship = dimensions(96, 15.9);
    pl_transfer got = transfer(&ship, 9.0, 1.7, 0.1);
    assert_int_equal(got.status, PL_REFUSED);
    assert_true(isnan(got.transfer_t.p50) && isnan(got.transfer_bbl.p05));
    assert_true(got.reasons & PL_BIT(PL_FREEBOARD_ODD));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(signs),
        cmocka_unit_test(shared_errors_cancel),
        cmocka_unit_test(common_error_cancels),
        cmocka_unit_test(drafts),
        cmocka_unit_test(trim_widens),
        cmocka_unit_test(no_ship_floats_in_both_ways),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
