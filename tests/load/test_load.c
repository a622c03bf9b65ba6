/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the load estimate what naval architecture says by hand, and does it behave as a ship does? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "plimsoll/load.h"

static pl_load_models *models;
static const double UNKNOWN = NAN;

static int setup(void **state) {
    (void)state;
    return pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_load_models_free(models);
    return 0;
}

static void near(double value, double expected, double tolerance, int line) {
    if (fabs(value - expected) <= tolerance) return;
    print_error("line %d: %.6g, expected %.6g +- %.3g\n", line, value, expected, tolerance);
    fail();
}
#define assert_near(value, expected, tolerance) near(value, expected, tolerance, __LINE__)

/* Dimensions and a freeboard, nothing else known. */
static pl_load_input seen(double length_m, double beam_m, double freeboard_m, double sigma_m) {
    pl_load_input input = PL_LOAD_INPUT_INIT;
    input.length_m = (pl_quantity){length_m, 0.5};
    input.beam_m = (pl_quantity){beam_m, 0.3};
    input.freeboard_m = (pl_quantity){freeboard_m, sigma_m};
    return input;
}

static pl_load estimate(const pl_load_input *input, const pl_load_options *options) {
    pl_load load;
    pl_error error = PL_ERROR_INIT;
    pl_status status = pl_load_estimate(models, input, options, &load, &error);
    if (status) print_error("%s\n", error.message);
    assert_int_equal(status, PL_OK);
    return load;
}

static pl_load estimate_seen(double length_m, double beam_m, double freeboard_m, double sigma_m) {
    pl_load_input input = seen(length_m, beam_m, freeboard_m, sigma_m);
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    return estimate(&input, &options);
}

/* A 100 x 16 m coaster of which a register tells all. */
enum { W = 5600, DS = 7500, LS = 1900 };
static const double DEPTH = 8, TS = 6.2, TPC = 13.4;

static pl_load_input known(double freeboard_m) {
    pl_load_input input = seen(100, 16, freeboard_m, 0.005);
    input.length_m.sigma = input.beam_m.sigma = 0.01;
    input.depth_m = DEPTH;
    input.summer_draft_m = TS;
    input.dwt_t = W;
    input.displacement_t = DS;
    input.lightship_t = LS;
    input.tpc_t_per_cm = TPC;
    return input;
}

/* cargo = W (1 - c) - Ds (1 - (T/Ts)^p rho/1.025), c = 4.7 % of W, p = 100 TPC Ts / Ds
 * (shared/naval/README.md), T = D - F. what is left open: c (1.8 % of W), residual ballast (0.2 %).
 */
static void known_ship_by_hand(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    options.product = "fuel oil"; /* heavy: the tanks do not limit */
    for (double f = 1.85; f < 2.6; f += 0.15) {
        pl_load_input input = known(f);
        pl_load load = estimate(&input, &options);
        double p = 100 * TPC * TS / DS, t = DEPTH - f;
        double displacement = DS * pow(t / TS, p);
        double cargo = displacement - LS - 0.047 * W;
        assert_int_equal(load.status, PL_OK);
        assert_true(load.depth_known);
        assert_near(load.draft_m.value, t, 0.01);
        assert_near(load.displacement_t.value, displacement, 0.005 * DS);
        double open = f > 2.1 ? 0.025 : 0.01;
        assert_near(load.cargo_t.p50, cargo, open * W);
        assert_near(load.load_fraction.p50, cargo / (W - 0.047 * W), open);
        double sigma = (load.cargo_t.p95 - load.cargo_t.p05) / 3.29 / W;
        /* laden, the stores are all that is open; a tenth lighter, water may lie beside the cargo
         */
        assert_true(sigma > 0.008 && (sigma < 0.022 || f > 2.1));
        if (f > 2.1) assert_true(load.cargo_t.p05 < cargo - 0.05 * W);
    }
}

/* Half way down p matters most: at T/Ts = 0.6 an error of 0.1 in p is 5 % of the displacement. */
static void known_ship_at_part_draft(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input input = known(DEPTH - 0.6 * TS);
    pl_load load = estimate(&input, &options);
    double p = 100 * TPC * TS / DS;
    assert_near(load.displacement_t.value, DS * pow(0.6, p), 0.012 * DS);
}

static void more_freeboard_less_cargo(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load before = {0};
    for (double f = 1.7; f < 5; f += 0.2) {
        pl_load_input input = known(f);
        pl_load load = estimate(&input, &options);
        if (f > 1.75) {
            assert_true(load.cargo_t.p50 <= before.cargo_t.p50);
            assert_true(load.cargo_t.p95 < before.cargo_t.p95);
            assert_true(load.oil_bbl.p95 < before.oil_bbl.p95);
            assert_true(load.draft_m.value < before.draft_m.value);
        }
        before = load;
    }
    /* with dimensions alone a higher side also means a deeper hull: the FILLING must still fall */
    before.load_fraction.p50 = 2;
    for (double f = 1; f < 6; f += 0.25) {
        pl_load load = estimate_seen(96, 16, f, 0.15);
        assert_true(load.load_fraction.p50 <= before.load_fraction.p50 + 0.005);
        before = load;
    }
}

/* A small tanker with her deck edge a metre above the water is laden; with nearly five, in ballast.
 */
static void small_tankers(void **state) {
    (void)state;
    pl_load laden = estimate_seen(91.3, 14.8, 1.33, 0.1);
    assert_int_equal(laden.status, PL_OK);
    assert_int_equal(laden.state, PL_LADEN);
    assert_true(laden.p_state[PL_LADEN] > 0.8);
    assert_near(laden.p_state[0] + laden.p_state[1] + laden.p_state[2], 1, 1e-12);
    assert_true(laden.cargo_t.p05 > 0.8 * 0.5 * laden.dwt_t.value);
    assert_true(laden.cargo_t.p95 < 1.5 * laden.dwt_t.value);
    assert_false(laden.depth_known);
    pl_load light = estimate_seen(96, 16, 4.75, 0.1);
    assert_int_equal(light.status, PL_OK);
    assert_int_equal(light.state, PL_BALLAST);
    assert_true(light.p_state[PL_BALLAST] > 0.6);
    assert_true(light.cargo_t.p50 == 0);
    assert_true(light.reasons & PL_BIT(PL_BALLAST_OR_CARGO));
    assert_false(laden.reasons & PL_BIT(PL_BALLAST_OR_CARGO));
}

/* Real tankers, particulars from trade press (shared/naval/particulars.csv): the prior given length
 * and beam must hold their deadweight, summer draft and depth within two of its sigma. */
static void real_tankers_are_believable(void **state) {
    (void)state;
    static const struct {
        double loa, beam, dwt, draft, depth;
    } SHIP[] = {
        {91.95, 16.0, 4500, 5.7, 7.8},      /* project 4450, double hull */
        {47.85, 10.0, 850, 2.85, 4.0},      /* Oslo-Tank, bunkering */
        {112.01, 16.2, 6209, 6.125, NAN},   /* Santa Monica */
        {183.0, 32.2, 47418, 12.47, NAN},   /* Westmore, MR */
        {244.26, 42.03, 108493, 15.2, NAN}, /* Bryanston, Aframax */
    };
    for (size_t i = 0; i < sizeof SHIP / sizeof *SHIP; i++) {
        double depth = isnan(SHIP[i].depth) ? 1.42 * SHIP[i].draft : SHIP[i].depth;
        pl_load load = estimate_seen(SHIP[i].loa, SHIP[i].beam, depth - 0.98 * SHIP[i].draft, 0.2);
        assert_int_equal(load.status, PL_OK);
        assert_true(fabs(load.dwt_t.value - SHIP[i].dwt) < 2 * load.dwt_t.sigma);
        assert_true(fabs(load.summer_draft_m.value - SHIP[i].draft) <
                    2 * load.summer_draft_m.sigma);
        assert_true(fabs(load.depth_m.value - depth) < 2 * load.depth_m.sigma);
    }
}

static void same_input_same_bytes(void **state) {
    (void)state;
    pl_load a = estimate_seen(96, 16, 3, 0.15), b;
    memset(&b, 0xa5, sizeof b);
    pl_load_input input = seen(96, 16, 3, 0.15);
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    assert_int_equal(pl_load_estimate(models, &input, &options, &b, NULL), PL_OK);
    assert_memory_equal(&a, &b, sizeof a);
    options.seed = 77;
    b = estimate(&input, &options);
    assert_memory_not_equal(&a, &b, sizeof a);
    /* another seed moves the answer by less than a tenth of its own width */
    assert_true(fabs(a.draft_m.value - b.draft_m.value) < 0.1 * a.draft_m.sigma);
    assert_true(fabs(a.cargo_t.p95 - b.cargo_t.p95) < 0.1 * (a.cargo_t.p95 - a.cargo_t.p05));
}

/* Every number known makes the answer narrower. */
static void knowledge_narrows(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input input = seen(96, 16, 1.8, 0.1);
    pl_load nothing = estimate(&input, &options);
    input.gt = 3800;
    pl_load tonnage = estimate(&input, &options);
    input.dwt_t = 5500;
    pl_load deadweight = estimate(&input, &options);
    input.depth_m = 8.4;
    pl_load depth = estimate(&input, &options);
    input.summer_draft_m = 6.4;
    pl_load all = estimate(&input, &options);
    assert_true(tonnage.dwt_t.sigma < 0.95 * nothing.dwt_t.sigma);
    assert_true(deadweight.dwt_t.sigma < 0.1 * nothing.dwt_t.sigma);
    assert_near(deadweight.dwt_t.value, 5500, 60);
    assert_true(deadweight.summer_draft_m.sigma < nothing.summer_draft_m.sigma);
    assert_true(depth.depth_m.sigma < 0.03);
    assert_true(depth.draft_m.sigma < 0.12);
    assert_true(all.summer_draft_m.sigma < 0.05);
    assert_true(all.cargo_t.p95 - all.cargo_t.p05 <
                0.6 * (nothing.cargo_t.p95 - nothing.cargo_t.p05));
}

static void other_particulars(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input input = seen(96, 16, 1.8, 0.1);
    input.displacement_t = 7600;
    pl_load load = estimate(&input, &options);
    assert_true(load.dwt_t.sigma < 320 && load.dwt_t.value > 5000 && load.dwt_t.value < 6000);
    input.lightship_t = 2100; /* 7600 - 2100: the deadweight is known */
    load = estimate(&input, &options);
    assert_near(load.dwt_t.value, 5500, 60);
    input.displacement_t = UNKNOWN;
    input.lightship_t =
        3000; /* lightship is about 30 % of displacement: a heavier one, a larger ship */
    pl_load heavy = estimate(&input, &options);
    input.lightship_t = 2000;
    pl_load slight = estimate(&input, &options);
    assert_true(heavy.displacement_t.value > slight.displacement_t.value + 500);
}

static void draft_instead_of_freeboard(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input input = known(NAN);
    input.draft_m = (pl_quantity){6.0, 0.01};
    pl_load load = estimate(&input, &options);
    assert_near(load.draft_m.value, 6.0, 0.01);
    double salt = load.displacement_t.value;
    options.water_density_t_m3 = (pl_quantity){1.000, 0};
    load = estimate(&input, &options);
    assert_near(load.displacement_t.value / salt, 1.000 / 1.025, 1e-3);
    /* both: the freeboard then tells the depth */
    options = (pl_load_options)PL_LOAD_OPTIONS_INIT;
    input = seen(96, 16, 2.5, 0.05);
    input.draft_m = (pl_quantity){5.5, 0.05};
    load = estimate(&input, &options);
    assert_near(load.depth_m.value, 8.0, 0.06);
    assert_true(load.depth_m.sigma < 0.1);
}

/* LPG of 0.55 t/m3 in tanks of about 1.09 m3 a tonne of deadweight: 0.6 W at most, whatever the
 * draft. */
static void tanks_limit_light_oil(void **state) {
    (void)state;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input input = known(3.4);
    options.product = "LPG";
    pl_load light = estimate(&input, &options);
    assert_true(light.cargo_t.p95 < 0.72 * W);
    input = known(1.9);
    light = estimate(&input, &options);
    options.product = "fuel oil";
    pl_load heavy = estimate(&input, &options);
    assert_int_equal(heavy.status, PL_OK);
    assert_int_not_equal(light.status, PL_OK); /* LPG cannot press her down so far */
}

static void barrels_by_conversion(void **state) {
    (void)state;
    static const struct {
        const char *product, *conversion, *name;
        double bbl_per_t;
    } CASE[] = {
        {"gas oil", "un1718", "gas oil", 7.46},
        {"DIESEL", "UNSD", "gas oil", 7.23},
        {"Crude", "unsd", "crude", 7.32},
        {"gasoline", "un1718", "gasoline", 8.35},
        {"gas oil", "Density", "gas oil", 6.28981077 / 0.845},
    };
    pl_load_input input = known(1.95);
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        pl_load_options options = PL_LOAD_OPTIONS_INIT;
        options.product = CASE[i].product;
        options.conversion = CASE[i].conversion;
        input.freeboard_m.value = i == 3 ? 2.8 : 1.95; /* gasoline does not press her so deep */
        pl_load load = estimate(&input, &options);
        assert_string_equal(load.product, CASE[i].name);
        /* by density: a denser oil fills the tanks with more tonnes and fewer barrels a tonne, so
         * the medians need not be of the same draw: half the density's own 1.2 % */
        assert_near(load.oil_bbl.p50 / load.cargo_t.p50, CASE[i].bbl_per_t, i == 4 ? 0.045 : 0.005);
        assert_true(load.oil_bbl.p05 < load.oil_bbl.p50 && load.oil_bbl.p50 < load.oil_bbl.p95);
        assert_true(strlen(load.conversion_evidence) > 0);
    }
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    options.conversion = "density";
    options.density_t_m3 = 0.83;
    input.freeboard_m.value = 1.95;
    pl_load load = estimate(&input, &options);
    assert_near(load.oil_bbl.p50 / load.cargo_t.p50, 6.28981077 / 0.83, 0.005);
}

static void assert_usage(pl_load_input input, pl_load_options options, const char *word) {
    pl_load load;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_load_estimate(models, &input, &options, &load, &error), PL_E_USAGE);
    if (!strstr(error.message, word)) print_error("'%s' lacks '%s'\n", error.message, word);
    assert_non_null(strstr(error.message, word));
    assert_true(isnan(load.cargo_t.p50));
}

static void nonsense_is_refused(void **state) {
    (void)state;
    const pl_load_options plain = PL_LOAD_OPTIONS_INIT;
    const pl_load_input good = seen(96, 16, 2, 0.1);
    assert_usage(seen(NAN, 16, 2, 0.1), plain, "length");
    assert_usage(seen(-96, 16, 2, 0.1), plain, "length");
    assert_usage(seen(INFINITY, 16, 2, 0.1), plain, "length");
    assert_usage(seen(96, NAN, 2, 0.1), plain, "beam");
    assert_usage(seen(16, 40, 2, 0.1), plain, "beam");
    assert_usage(seen(96, 16, -5, 0.1), plain, "freeboard");
    assert_usage(seen(96, 16, 2, NAN), plain, "freeboard");
    assert_usage(seen(96, 16, 2, -1), plain, "freeboard");
    assert_usage(seen(96, 16, NAN, 0.1), plain, "neither");
#define WITH(field, number, word)                                                                  \
    do {                                                                                           \
        pl_load_input odd = good;                                                                  \
        odd.field = number;                                                                        \
        assert_usage(odd, plain, word);                                                            \
    } while (0)
    WITH(depth_m, -8, "depth");
    WITH(dwt_t, 0, "deadweight");
    WITH(summer_draft_m, INFINITY, "summer draft");
    WITH(gt, 1e9, "tonnage");
    WITH(length_m.sigma, -1, "length");
#undef WITH
    pl_load_input odd = good;
    odd.depth_m = 6;
    odd.summer_draft_m = 7;
    assert_usage(odd, plain, "not below depth");
    odd = known(2);
    odd.lightship_t = 4000;
    assert_usage(odd, plain, "not displacement");
    pl_load_options options = plain;
    options.product = "beer";
    assert_usage(good, options, "known: gas oil, gasoline");
    options = plain;
    options.conversion = "guess";
    assert_usage(good, options, "known: density, un1718, unsd");
    options = plain;
    options.product = "crude";
    assert_usage(good, options, "no row for crude");
    options = plain;
    options.density_t_m3 = 8.45;
    assert_usage(good, options, "density");
    options = plain;
    options.water_density_t_m3.value = NAN;
    assert_usage(good, options, "water");
    options = plain;
    options.draws = 0;
    assert_usage(good, options, "draws");
    options = plain;
    options.product = NULL;
    assert_usage(good, options, "named");
}

/* No believable 96 m tanker shows 9 m of side, nor 0.1 m. */
static void odd_freeboards(void **state) {
    (void)state;
    static const double FREEBOARD[] = {9.0, 0.1};
    for (int i = 0; i < 2; i++) {
        pl_load load = estimate_seen(96, 16, FREEBOARD[i], 0.1);
        assert_int_equal(load.status, PL_REFUSED);
        assert_true(load.reasons & PL_BIT(PL_FREEBOARD_ODD));
        assert_true(isnan(load.cargo_t.p50) && isnan(load.draft_m.value) &&
                    isnan(load.dwt_t.value));
        assert_true(isnan(load.p_state[0]));
    }
    /* on the way there: doubt, with values */
    bool doubted = false;
    for (double f = 6; f < 9; f += 0.1) {
        pl_load load = estimate_seen(96, 16, f, 0.1);
        doubted = doubted || (load.status == PL_DUBIOUS && isfinite(load.draft_m.value));
    }
    assert_true(doubted);
    pl_load box = estimate_seen(90, 30, 3, 0.2); /* a barge's shape */
    assert_int_equal(box.status, PL_DUBIOUS);
    assert_true(box.reasons & PL_BIT(PL_DIMENSIONS_ODD));
}

static void states_have_names(void **state) {
    (void)state;
    assert_string_equal(pl_load_state_name(PL_BALLAST), "ballast");
    assert_string_equal(pl_load_state_name(PL_PART), "part");
    assert_string_equal(pl_load_state_name(PL_LADEN), "laden");
    assert_null(pl_load_state_name((pl_load_state)7));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_ship_by_hand),
        cmocka_unit_test(known_ship_at_part_draft),
        cmocka_unit_test(more_freeboard_less_cargo),
        cmocka_unit_test(small_tankers),
        cmocka_unit_test(real_tankers_are_believable),
        cmocka_unit_test(same_input_same_bytes),
        cmocka_unit_test(knowledge_narrows),
        cmocka_unit_test(other_particulars),
        cmocka_unit_test(draft_instead_of_freeboard),
        cmocka_unit_test(tanks_limit_light_oil),
        cmocka_unit_test(barrels_by_conversion),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(odd_freeboards),
        cmocka_unit_test(states_have_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
