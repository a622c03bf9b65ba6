/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before anything is measured: are the ships that the prior draws such as sail, at every size?
 *
 * Limits are not the program's own output but what books and tables say of tankers
 * (shared/naval/formulas.md): deadweight coefficient 0.80-0.86 for oil tankers, 0.77-0.83 for
 * products, 0.68 and less below 3,000 t; waterplane of length over all times beam 0.875 (s 0.025),
 * 0.85 for finer small hulls; p 1.09-1.15; depth over summer draft 1.08-1.65. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "load/model.h"

enum { DRAWS = 2048 };
typedef struct predicted {
    pl_range dwt, w, p, block, waterplane, depth_ratio, slope_over_tpc;
    double floating; /* share of the prior weight that the load line leaves */
} predicted;

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

static predicted predict(double loa, double beam) {
    enum { DWT, W, P, BLOCK, WATERPLANE, DEPTH, SLOPE, COUNT };
    static double value[COUNT][DRAWS], weight[DRAWS];
    const pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input in = PL_LOAD_INPUT_INIT;
    pl__question q;
    pl__fleet_view view;
    double sum = 0, all = 0;
    in.length_m = (pl_quantity){loa, 0.3};
    in.beam_m = (pl_quantity){beam, 0.1};
    in.draft_m = (pl_quantity){1, 1}; /* nothing but the dimensions is looked at */
    assert_int_equal(pl__question_ask(models, &in, &options, &q, NULL), PL_OK);
    pl__fleet_look(models, &q.input, &view);
    for (int i = 0; i < DRAWS; i++) {
        pl__ship ship;
        double t_per_m;
        weight[i] = 0;
        if (!pl__ship_draw(&view, &q, &models->draw[i].hull, &ship)) continue;
        double bound = pl__ship_depth_draw(&q, &models->draw[i].hull, &ship);
        weight[i] = ship.weight * bound;
        sum += weight[i];
        all += ship.weight;
        pl__ship_displacement(&ship, ship.summer_draft, 1.025, &t_per_m);
        double lpp = ship.displacement / (1.025 * ship.block * ship.beam * ship.summer_draft);
        double tpc = 1.025 * ship.exponent * ship.block * lpp * ship.beam / 100; /* Cw = p Cb */
        value[DWT][i] = ship.dwt;
        value[W][i] = ship.dwt / ship.displacement;
        value[P][i] = ship.exponent;
        value[BLOCK][i] = ship.block;
        value[WATERPLANE][i] = tpc / (0.01025 * ship.loa * ship.beam);
        value[DEPTH][i] = ship.depth / ship.summer_draft;
        value[SLOPE][i] = t_per_m / (100 * tpc);
    }
    pl_range r[COUNT];
    for (int k = 0; k < COUNT; k++) r[k] = pl__believe_range(value[k], weight, DRAWS, 0);
    return (predicted){r[DWT], r[W], r[P], r[BLOCK], r[WATERPLANE], r[DEPTH], r[SLOPE], sum / all};
}

static void between(const char *what, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
        print_error("%s %.4f is not in %g..%g\n", what, value, low, high);
        fail();
    }
}

static void ships_of_every_size(void **state) {
    (void)state;
    static const struct {
        double loa, beam, w_low, w_high, dwt; /* dwt: of real ships of that size, to a third */
    } SIZE[] = {
        {48, 10, 0.55, 0.70, 850},      /* Oslo-Tank, a bunkering tanker */
        {75, 12, 0.60, 0.72, 2000},     /* 999 GT, two thousand tonnes */
        {92, 16, 0.64, 0.75, 4500},     /* project 4450 */
        {112, 16.2, 0.66, 0.77, 6200},  /* Santa Monica */
        {144, 23, 0.70, 0.80, 16500},   /* Bro Nibe */
        {183, 32.2, 0.77, 0.86, 47400}, /* Westmore, MR */
        {244, 42, 0.82, 0.88, 108500},  /* Bryanston, Aframax */
        {274, 48, 0.84, 0.89, 156000},  /* Green Eagle, Alkebulan: Suezmax */
        {330, 60, 0.85, 0.89, 305000},  /* VLCC */
    };
    for (size_t i = 0; i < sizeof SIZE / sizeof *SIZE; i++) {
        predicted p = predict(SIZE[i].loa, SIZE[i].beam);
        between("dwt", p.dwt.p50 / SIZE[i].dwt, 0.67, 1.5);
        between("dwt in its range", SIZE[i].dwt, p.dwt.p05, p.dwt.p95);
        between("w", p.w.p50, SIZE[i].w_low, SIZE[i].w_high);
        between("p", p.p.p50, 1.09, 1.15);
        between("p, 5 %", p.p.p05, 1.02, 1.13); /* 1.00 is a box, 1.25 a yacht */
        between("p, 95 %", p.p.p95, 1.10, 1.25);
        between("block", p.block.p50, 0.70, 0.86);
        between("block, 95 %", p.block.p95, 0.75, 0.97);
        between("waterplane", p.waterplane.p50, 0.82, 0.925);
        between("depth over draft", p.depth_ratio.p50, 1.15, 1.55);
        between("depth over draft, 5 %", p.depth_ratio.p05, 1.05, 1.45);
        between("depth over draft, 95 %", p.depth_ratio.p95, 1.30, 1.80);
        /* the load line is a lower bound: it must leave most of what the prior draws */
        between("floats by the load line", p.floating, 0.6, 1);
    }
}

/* p = Cw / Cb = 100 TPC Ts / Ds, drawn together: the slope of the displacement curve IS the TPC. */
static void the_identity_holds(void **state) {
    (void)state;
    for (double loa = 50; loa < 340; loa += 24) {
        predicted p = predict(loa, 0.165 * loa);
        between("slope over TPC", p.slope_over_tpc.p05, 1 - 1e-9, 1 + 1e-9);
        between("slope over TPC", p.slope_over_tpc.p95, 1 - 1e-9, 1 + 1e-9);
    }
}

/* What of one ship is known tells of the others: a heavier one of the same size floats deeper. */
static void covariances_are_kept(void **state) {
    (void)state;
    const pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.length_m = (pl_quantity){100, 0.3};
    in.beam_m = (pl_quantity){16, 0.1};
    in.freeboard_m = (pl_quantity){2, 0.3};
    pl_load slight, heavy;
    in.dwt_t = 4800;
    assert_int_equal(pl_load_estimate(models, &in, &options, &slight, NULL), PL_OK);
    in.dwt_t = 6200;
    assert_int_equal(pl_load_estimate(models, &in, &options, &heavy, NULL), PL_OK);
    assert_true(heavy.summer_draft_m.value > slight.summer_draft_m.value + 0.3);
    assert_true(heavy.depth_m.value > slight.depth_m.value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ships_of_every_size),
        cmocka_unit_test(the_identity_holds),
        cmocka_unit_test(covariances_are_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
