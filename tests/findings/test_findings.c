/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do sums over calls carry errors as arithmetic says, and does the cap count as it should?
 *
 * Every expected number is made here by hand: sums of what was put in, and sigmas that add in
 * quadrature where errors are each call's own and straight where calls share them. 10,000 draws
 * give a sigma to about 1 % and a median to 0.0125 sigma (one standard error), hence the
 * tolerances. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "calls.h"

static pl_load_models *models;
static pl_arena *arena;
static pl_findings f;
static pl_call call[CALLS];
static const double BBL_PER_T = 7.46; /* un1718, gas oil */

static int setup(void **state) {
    (void)state;
    arena = pl_arena_new(0);
    return !arena || pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_load_models_free(models);
    pl_arena_free(arena);
    return 0;
}

static void sum_with(int count, const pl_findings_options *options) {
    pl_error error = PL_ERROR_INIT;
    pl_status status = pl_findings_sum(models, call, count, NULL, options, arena, &f, &error);
    if (status) fail_msg("%s", error.message);
}

static void sum(int count) {
    pl_findings_options options = PL_FINDINGS_OPTIONS_INIT;
    sum_with(count, &options);
}

static const char *name(int i) {
    static char text[CALLS][16];
    snprintf(text[i], sizeof text[i], "SHIP %d", i);
    return text[i];
}

static void about(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.6g, not %.6g +- %.2g", value, expected, tolerance);
}

static void own_errors_add_in_quadrature(void **state) {
    (void)state;
    const double sigma = 300, n = 25; /* of 3000 t */
    for (int i = 0; i < n; i++) call[i] = measured(name(i), MARCH_7 + i * DAY, 3000, sigma, 0, 0);
    sum((int)n);
    double s = sqrt(n) * sigma * BBL_PER_T;
    about(f.all.oil_bbl.p50, n * 3000 * BBL_PER_T, 0.05 * s);
    about(sigma_of(&f.all.oil_bbl), s, 0.04 * s);
    assert_int_equal(f.all.visits, 25);
    assert_int_equal(f.vessels, 25);
}

static void errors_of_a_ship_add_straight(void **state) {
    (void)state;
    const double sigma = 300, n = 25, own = 0.36; /* share of the variance */
    for (int i = 0; i < n; i++)
        call[i] = measured("SHE", MARCH_7 + i * DAY, 3000, sigma, 1 - own, 0);
    sum((int)n);
    double s = sigma * BBL_PER_T * sqrt(n * n * (1 - own) + n * own);
    about(sigma_of(&f.all.oil_bbl), s, 0.04 * s);
    about(sigma_of(&f.vessel[0].oil_bbl), s, 0.04 * s);
    assert_int_equal(f.vessels, 1);
    /* with five ships the ship's part averages out between them */
    for (int i = 0; i < n; i++)
        call[i] = measured(name(i % 5), MARCH_7 + i * DAY, 3000, sigma, 1 - own, 0);
    sum((int)n);
    s = sigma * BBL_PER_T * sqrt(5 * 25 * (1 - own) + n * own);
    about(sigma_of(&f.all.oil_bbl), s, 0.04 * s);
}

static void errors_of_all_add_straight(void **state) {
    (void)state;
    const double sigma = 300, n = 25, common = 0.25;
    for (int i = 0; i < n; i++)
        call[i] = measured(name(i), MARCH_7 + i * DAY, 3000, sigma, 0.25, common);
    sum((int)n);
    double s = sigma * BBL_PER_T * sqrt(n * n * common + n * (1 - common));
    about(sigma_of(&f.all.oil_bbl), s, 0.04 * s);
}

/* A stated sigma is one judgement on all rows; a register's deadweight is each ship's own. */
static void stated_loads(void **state) {
    (void)state;
    const double n = 40, load = 0.8, sigma = 0.1, dwt = 3000;
    for (int i = 0; i < n; i++) {
        call[i] = row(name(i), MARCH_7 + i * DAY, dwt, load);
        call[i].load_fraction.sigma = sigma;
    }
    sum((int)n);
    double whole = n * dwt * BBL_PER_T;
    about(f.all.oil_bbl.p50, load * whole, 0.05 * sigma * whole);
    about(sigma_of(&f.all.oil_bbl), sigma * whole, 0.04 * sigma * whole);
    about(f.load_fraction.p50, load, 0.01);
    assert_int_equal(f.stated, 40);
    assert_int_equal(f.exact_loads, 0);
    for (int i = 0; i < n; i++) call[i].load_fraction.sigma = NAN;
    sum((int)n); /* half a per cent a ship is left (models/load_priors.csv, given_dwt) */
    about(sigma_of(&f.all.oil_bbl), 0.005 * load * dwt * BBL_PER_T * sqrt(n),
          0.05 * 0.005 * load * dwt * BBL_PER_T * sqrt(n));
    assert_int_equal(f.exact_loads, 40);
}

/* The mean load of calls that nobody measured is one unknown number: a hundred calls of exact ships
 * are hardly surer, per call, than ten. */
static void unknown_loads_do_not_average_out(void **state) {
    (void)state;
    double relative[2];
    const int count[2] = {10, 100};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < count[k]; i++) call[i] = row(name(i), MARCH_7 + i * DAY, 3000, NAN);
        sum(count[k]);
        relative[k] = sigma_of(&f.all.oil_bbl) / f.all.oil_bbl.p50;
        assert_int_equal(f.assumed, count[k]);
    }
    assert_true(relative[1] > 0.75 * relative[0]);
    /* a share q of mean 2/3 leaves laden (0.89-0.95 of the deadweight), the rest with half of that
     */
    double mean_load = (2.0 / 3 + 1.0 / 6) * 0.9;
    about((f.load_fraction.p05 + f.load_fraction.p50 + f.load_fraction.p95) / 3, mean_load, 0.06);
}

static void cap_is_passed_on_the_day_that_sums_say(void **state) {
    (void)state;
    /* 10 calls of exactly 10,000 t: the seventh passes 500,000 bbl = 67,024 t */
    for (int i = 0; i < 10; i++) call[i] = measured(name(i), MARCH_7 + i * DAY, 10000, 0, 0, 0);
    sum(10);
    about(f.all.passed_s[1], MARCH_7 + 6 * DAY, 0);
    about(f.all.passed_s[2], MARCH_7 + 6 * DAY, 0);
    about(f.all.p_over_cap, 1, 0);
    assert_int_equal(f.days, 10);
    about(f.day[5].p_over_cap, 0, 0);
    about(f.day[6].p_over_cap, 1, 0);
    about(f.day[6].oil_bbl.p50, 7 * 10000 * BBL_PER_T, 1);
    assert_int_equal(f.day[6].visits_so_far, 7);
    /* exactly the cap is not over it */
    pl_findings_options o = PL_FINDINGS_OPTIONS_INIT;
    o.cap_bbl = f.all.oil_bbl.p95 + 1;
    sum_with(10, &o);
    about(f.all.p_over_cap, 0, 0);
    assert_true(isnan(f.all.passed_s[1]));
}

/* A sum whose middle is the cap: even odds. */
static void even_odds(void **state) {
    (void)state;
    for (int i = 0; i < 10; i++) call[i] = measured(name(i), MARCH_7 + i * DAY, 6702.4, 1000, 0, 0);
    sum(10); /* 10 x 6702.4 x 7.46 = 499,999 */
    about(f.all.p_over_cap, 0.5, 0.02);
    about(f.day[8].p_over_cap, 0.0126, 0.006); /* P(z > 6702.4 / 3000 = 2.234) */
}

static void cap_begins_anew_each_year(void **state) {
    (void)state;
    const double new_year = 1735689600; /* 2025-01-01T00:00:00Z */
    call[0] = measured(name(0), new_year - 1, 40000, 0, 0, 0);
    call[1] = measured(name(1), new_year, 40000, 0, 0, 0);
    sum(2); /* 298,400 bbl each */
    assert_int_equal(f.years, 2);
    assert_int_equal(f.year[0].year, 2024);
    assert_int_equal(f.year[1].year, 2025);
    about(f.all.p_over_cap, 0, 0);
    about(f.all.oil_bbl.p50, 2 * 298400, 1);
    about(f.day[1].oil_bbl.p50, 298400, 1);
    pl_findings_options o = PL_FINDINGS_OPTIONS_INIT;
    o.since_s = new_year - 10 * DAY;
    sum_with(2, &o); /* a period that somebody asks for counts as one */
    assert_int_equal(f.years, 1);
    about(f.all.p_over_cap, 1, 0);
    about(f.all.passed_s[1], new_year, 0);
    o.until_s = new_year;
    sum_with(2, &o);
    assert_int_equal(f.all.visits, 1);
    assert_int_equal(f.use[PL_CALL_OUTSIDE], 1);
}

static void only_loading_counts(void **state) {
    (void)state;
    call[0] = measured("A", MARCH_7, 5000, 10, 0, 0);
    call[1] = measured("B", MARCH_7 + DAY, 4000, 10, 0, 0);
    call[1].direction = PL_DIRECTION_DISCHARGING;
    call[2] = measured("C", MARCH_7 + DAY, 3000, 10, 0, 0);
    call[2].status = PL_DUBIOUS;
    call[3] = row("D", MARCH_7 + DAY, 2000, 1);
    call[3].direction = PL_DIRECTION_UNCLEAR;
    call[4] = measured("E", MARCH_7 + DAY, 2000, 10, 0, 0);
    call[4].direction = PL_DIRECTION_NONE;
    sum(5);
    assert_int_equal(f.all.visits, 1);
    about(f.all.oil_bbl.p50, 5000 * BBL_PER_T, 100);
    about(f.discharged_bbl.p50, 4000 * BBL_PER_T, 100);
    assert_int_equal(f.use[PL_CALL_DISCHARGING], 1);
    assert_int_equal(f.use[PL_CALL_DUBIOUS], 1);
    assert_int_equal(f.use[PL_CALL_UNCLEAR], 1);
    assert_int_equal(f.use[PL_CALL_NOTHING], 1);
    pl_findings_options o = PL_FINDINGS_OPTIONS_INIT;
    o.include_dubious = true;
    sum_with(5, &o);
    about(f.all.oil_bbl.p50, 8000 * BBL_PER_T, 200);
    o.include_unclear = true;
    sum_with(5, &o);
    about(f.all.oil_bbl.p50, 10000 * BBL_PER_T, 300);
}

/* All that somebody says of a ship in one row goes for her other rows. */
static void a_ship_is_one_ship(void **state) {
    (void)state;
    call[0] = row("SHE", MARCH_7, NAN, 1);
    call[1] = row("SHE", MARCH_7 + 9 * DAY, 3003, 1);
    sum(2);
    assert_int_equal(f.dwt[PL_DWT_GIVEN], 2);
    about(f.all.oil_bbl.p50, 2 * 3003 * BBL_PER_T, 30);
    about(f.year[0].scenario[0].oil_bbl, 2 * 3003 * BBL_PER_T, 0.01);
    about(f.year[0].scenario[3].oil_bbl, 2 * 3003 * BBL_PER_T / 3, 0.01);
}

static void dimensions_tell_a_deadweight(void **state) {
    (void)state;
    call[0] = row("SHE", MARCH_7, NAN, 1);
    call[0].loa_m = (pl_quantity){96, 0.3};
    call[0].beam_m = (pl_quantity){15.9, 0.3};
    sum(1);
    assert_int_equal(f.dwt[PL_DWT_DIMENSIONS], 1);
    /* the coastal class of models/tanker_regressions.csv: exp(-1.1014) 96^1.2785 15.9^1.3625; other
     * classes and 0.155 of scatter besides */
    about(log(f.vessel[0].dwt_t), -1.1014 + 1.2785 * log(96) + 1.3625 * log(15.9), 0.15);
    about(sigma_of(&f.all.oil_bbl) / f.all.oil_bbl.p50, 0.18, 0.05);
}

static void nobody_s_size_is_within_bounds(void **state) {
    (void)state;
    pl_findings_options o = PL_FINDINGS_OPTIONS_INIT;
    o.dwt_least_t = 1000;
    o.dwt_most_t = 9000;
    call[0] = row(NULL, MARCH_7, NAN, 1);
    sum_with(1, &o);
    assert_int_equal(f.dwt[PL_DWT_FLEET], 1);
    assert_true(f.all.oil_bbl.p05 > 1000 * BBL_PER_T && f.all.oil_bbl.p95 < 9000 * BBL_PER_T);
    o.dwt_least_t = 1e7;
    o.dwt_most_t = 2e7;
    assert_int_equal(pl_findings_sum(models, call, 1, NULL, &o, arena, &f, NULL), PL_E_USAGE);
}

static void order_does_not_matter(void **state) {
    (void)state;
    static pl_band day[CALLS];
    for (int i = 0; i < 30; i++) call[i] = row(name(i % 7), MARCH_7 + i * DAY, 2000 + i % 7, NAN);
    for (int i = 30; i < 40; i++) call[i] = row(NULL, MARCH_7 + i / 3 * DAY, 1500 + i, NAN);
    sum(40);
    for (int i = 0; i < f.days; i++) day[i] = f.day[i].oil_bbl;
    for (int i = 0; i < 20; i++) {
        pl_call other = call[i];
        call[i] = call[39 - i];
        call[39 - i] = other;
    }
    sum(40);
    for (int i = 0; i < f.days; i++) assert_memory_equal(&day[i], &f.day[i].oil_bbl, sizeof day[i]);
}

static void charts_stand_side_by_side(void **state) {
    (void)state;
    call[0] = measured("A", MARCH_7, 10000, 0, 0, 0);
    sum(1);
    assert_int_equal(f.charts, 3);
    assert_string_equal(f.chart[0].conversion, "un1718");
    about(f.chart[0].oil_bbl.p50, 74600, 0.5);
    assert_string_equal(f.chart[1].conversion, "unsd");
    about(f.chart[1].oil_bbl.p50, 72300, 0.5);
    assert_string_equal(f.chart[2].conversion, "density"); /* 6.28981 / 0.845 +- 1.2 % */
    about(f.chart[2].oil_bbl.p50, 10000 * 6.28981077 / 0.845, 40);
    about(sigma_of(&f.chart[2].oil_bbl), 10000 * 6.28981077 / 0.845 * 0.010 / 0.845, 40);
}

static void nothing_is_an_answer(void **state) {
    (void)state;
    sum(0);
    assert_int_equal(f.all.visits, 0);
    about(f.all.oil_bbl.p95, 0, 0);
    assert_int_equal(f.days + f.years + f.vessels + f.months, 0);
}

static void visits_become_calls(void **state) {
    (void)state;
    pl_visit v = {.direction = PL_DIRECTION_DISCHARGING,
                  .transfer_t = {-1200, -1000, -700},
                  .transfer_bbl = {-8952, -7460, -5222},
                  .transfer_t_p25 = NAN,
                  .transfer_t_p75 = NAN,
                  .departure_cargo_t = {0, 10, 60},
                  .last_seen_s = MARCH_7,
                  .reviewed = "corrected by A. Name"};
    v.ship_sigma_bbl = 0.5 * (8952 - 5222) / 3.2897073;
    v.common_sigma_bbl = 0;
    pl_call c;
    pl_call_of_visit(&v, &c);
    /* sigma 500 / 3.29 = 152 t; 2.5 % of 1000 t, which all calls of the port share, beside it */
    const double port = 25.0 * 25 / (151.98 * 151.98), wider = sqrt(1 + port);
    about(c.cargo_t.p05, 1000 - 300 * wider, 0.1);
    about(c.cargo_t.p95, 1000 + 200 * wider, 0.1);
    about(c.share_ship, 0.25 / (1 + port), 1e-3);
    about(c.share_common, port / (1 + port), 1e-3);
    about(c.left_s, MARCH_7, 0);
    assert_true(c.reviewed);
    v = (pl_visit){.transfer_t = {NAN, NAN, NAN},
                   .transfer_bbl = {NAN, NAN, NAN},
                   .departure_cargo_t = {2000, 2500, 3000}};
    pl_call_of_visit(&v, &c);
    assert_true(c.whole && !c.reviewed);
    assert_int_equal(c.direction, PL_DIRECTION_UNCLEAR);
    about(c.cargo_t.p50, 2500, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_errors_add_in_quadrature),
        cmocka_unit_test(errors_of_a_ship_add_straight),
        cmocka_unit_test(errors_of_all_add_straight),
        cmocka_unit_test(stated_loads),
        cmocka_unit_test(unknown_loads_do_not_average_out),
        cmocka_unit_test(cap_is_passed_on_the_day_that_sums_say),
        cmocka_unit_test(even_odds),
        cmocka_unit_test(cap_begins_anew_each_year),
        cmocka_unit_test(only_loading_counts),
        cmocka_unit_test(a_ship_is_one_ship),
        cmocka_unit_test(dimensions_tell_a_deadweight),
        cmocka_unit_test(nobody_s_size_is_within_bounds),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(charts_stand_side_by_side),
        cmocka_unit_test(nothing_is_an_answer),
        cmocka_unit_test(visits_become_calls),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
