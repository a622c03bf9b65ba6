/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the hulls of two pictures matched as a whole, and is nobody matched twice? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plimsoll/visit.h"
#include "visit/assign.h"

static pl_load_models *fleet;
static pl_visit_models *models;

static int setup(void **state) {
    (void)state;
    pl_status status = pl_load_models_open(PL_SOURCE_DIR "/models", &fleet, NULL);
    return status ? status : pl_visit_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_visit_models_free(models);
    pl_load_models_free(fleet);
    return 0;
}

/* ---- the assignment, against all of them ---- */

static unsigned number(unsigned *x) {
    *x = *x * 1664525u + 1013904223u;
    return *x >> 8;
}

/* The best sum over rows from `row` on, by trying everything. */
static double best_of(int rows, int columns, const double *gain, int row, unsigned taken) {
    if (row == rows) return 0;
    double best = best_of(rows, columns, gain, row + 1, taken);
    for (int j = 0; j < columns; j++) {
        double g = gain[row * columns + j];
        if ((taken >> j) & 1 || !(g > 0)) continue;
        double sum = g + best_of(rows, columns, gain, row + 1, taken | 1u << j);
        best = sum > best ? sum : best;
    }
    return best;
}

static void assignment_is_best(void **state) {
    (void)state;
    unsigned x = 7;
    for (int turn = 0; turn < 300; turn++) {
        int rows = 1 + (int)(number(&x) % 5), columns = 1 + (int)(number(&x) % 5), of[5];
        double gain[25], sum = 0;
        unsigned taken = 0;
        for (int i = 0; i < rows * columns; i++) gain[i] = (int)(number(&x) % 100) - 40;
        assert_int_equal(pl__visit_assign(rows, columns, gain, of, NULL), PL_OK);
        for (int i = 0; i < rows; i++) {
            if (of[i] < 0) continue;
            assert_true(of[i] < columns && !((taken >> of[i]) & 1));
            taken |= 1u << of[i];
            assert_true(gain[i * columns + of[i]] > 0);
            sum += gain[i * columns + of[i]];
        }
        assert_true(fabs(sum - best_of(rows, columns, gain, 0, 0)) < 1e-9);
    }
}

static void nobody(void **state) {
    (void)state;
    int of[1];
    assert_int_equal(pl__visit_assign(0, 3, NULL, of, NULL), PL_OK);
    double none = 0;
    assert_int_equal(pl__visit_assign(1, 0, &none, of, NULL), PL_OK);
    assert_int_equal(of[0], -1);
}

/* ---- ships ---- */

static const double HOUR_S = 3600;

static pl_observation ship(double length_m, double beam_m, double east_m, double when_s) {
    pl_observation o = {.bow_certain = true,
                        .acquired_s = when_s,
                        .lon_deg = 133.1 + east_m / 81900.0,
                        .lat_deg = 42.7,
                        .heading_rad = 1,
                        .length_m = {length_m, 0.5},
                        .beam_m = {beam_m, 0.25},
                        .tanker_probability = NAN,
                        .sight = {.view_azimuth_rad = 1, .view_incidence_rad = 0.1},
                        .has_freeboard = true,
                        .freeboard_m = {4, 0.2},
                        .trim_m = {NAN, NAN}};
    snprintf(o.hull_id, sizeof o.hull_id, "%.0f", length_m);
    return o;
}

static int match(const pl_observation *a, int n, const pl_observation *b, int m, pl_pair *out) {
    pl_pairing_options options = {0, 0, 2, NULL, PL_LOAD_OPTIONS_INIT};
    int count = 0;
    assert_int_equal(pl_visit_pairs(models, fleet, &options, a, n, b, m, out, &count, NULL), PL_OK);
    assert_true(count <= n + m);
    return count;
}

static const pl_pair *pair_of(const pl_pair *pair, int count, int before) {
    for (int i = 0; i < count; i++)
        if (pair[i].before == before) return &pair[i];
    return NULL;
}

/* Three lie there, one goes, one comes, two stay. */
static void come_and_go(void **state) {
    (void)state;
    pl_observation a[3] = {ship(96, 15.9, 0, 0), ship(140, 22, 400, 0), ship(183, 32.2, 900, 0)};
    pl_observation b[3] = {ship(110, 18.5, 200, HOUR_S), ship(183.3, 32.1, 901, HOUR_S),
                           ship(96.3, 15.8, 1, HOUR_S)};
    pl_pair pair[6];
    int count = match(a, 3, b, 3, pair);
    assert_int_equal(count, 4);
    assert_int_equal(pair_of(pair, count, 0)->after, 2);
    assert_int_equal(pair_of(pair, count, 2)->after, 1);
    const pl_pair *gone = pair_of(pair, count, 1);
    assert_int_equal(gone->after, -1);
    assert_true(gone->probability < 0.05 && gone->closest >= 0);
    assert_int_equal(gone->change.status, PL_REFUSED);
    assert_true(isnan(gone->change.freeboard_change_m.value));
    assert_int_equal(pair[3].before, -1);
    assert_int_equal(pair[3].after, 0);
    assert_true(isfinite(pair[0].change.freeboard_change_m.sigma));
}

/* Two sisters side by side: an hour later each is who lies where she lay; a week later that says
 * nothing, and neither is sure. */
static void sisters(void **state) {
    (void)state;
    pl_observation a[2] = {ship(96, 15.9, 0, 0), ship(96, 15.9, 300, 0)};
    pl_observation b[2] = {ship(96, 15.9, 301, HOUR_S), ship(96, 15.9, 1, HOUR_S)};
    pl_pair pair[4];
    assert_int_equal(match(a, 2, b, 2, pair), 2);
    assert_int_equal(pair[0].after, 1);
    assert_int_equal(pair[1].after, 0);
    assert_true(pair[0].place > 2.5 && pair[0].apart_m < 2);
    double soon = pair[0].probability;
    b[0].acquired_s = b[1].acquired_s = 7 * 24 * HOUR_S;
    match(a, 2, b, 2, pair);
    assert_true(pair[0].probability < soon && pair[0].identity.verdict == PL_VERDICT_UNSURE);
    assert_true(pair[0].change.reasons & PL_BIT(PL_SAME_HULL_UNSURE));
    assert_true(pair[0].change.status != PL_OK);
}

/* What can be only one of two is neither surely: the probabilities of one row never add to more
 * than 1. */
static void competitors(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9, 0, 0),
                   b[2] = {ship(96.1, 15.9, 500, 0), ship(95.9, 15.9, 0, 0)};
    pl_pair alone[2], two[3];
    match(&a, 1, b, 1, alone);
    int count = match(&a, 1, b, 2, two);
    assert_int_equal(count, 2);
    assert_int_equal(two[0].after, 1); /* who lies there */
    assert_true(two[0].probability < alone[0].probability);
    assert_true(two[0].probability + two[1].probability <= 1);
}

static void empty_pictures(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9, 0, 0);
    pl_pair pair[2];
    assert_int_equal(match(&a, 0, &a, 0, pair), 0);
    assert_int_equal(match(&a, 1, &a, 0, pair), 1);
    assert_int_equal(pair[0].after, -1);
    assert_int_equal(pair[0].closest, -1);
    assert_true(pair[0].probability == 0);
    assert_int_equal(match(&a, 0, &a, 1, pair), 1);
    assert_int_equal(pair[0].before, -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignment_is_best), cmocka_unit_test(nobody),
        cmocka_unit_test(come_and_go),        cmocka_unit_test(sisters),
        cmocka_unit_test(competitors),        cmocka_unit_test(empty_pictures),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
