/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is one ship seen twice told from two? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plimsoll/visit.h"

enum { CELLS = PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS };

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

static pl_observation ship(double length_m, double beam_m) {
    pl_observation o = {.bow_certain = true,
                        .length_m = {length_m, 0.5},
                        .beam_m = {beam_m, 0.25},
                        .tanker_probability = NAN,
                        .gsd_m = 0.5};
    return o;
}

/* A deck of patches that a seed throws, and the same under other light: another offset, another
 * scale, and every `shadowed`-th row dark. */
static void paint(pl_observation *o, unsigned seed, int shadowed, double scale) {
    for (unsigned i = 0; i < CELLS; i++) {
        unsigned x = (i + seed * 1000003u) * 2654435761u; /* a hash of place and seed */
        x = (x ^ (x >> 15)) * 2246822519u;
        x ^= x >> 13;
        double value = ((double)(x >> 8) / (1 << 24) - 0.5) * 100;
        bool dark = shadowed && (int)i / PL_FINGERPRINT_ACROSS % shadowed == 0;
        o->fingerprint[i] = (int8_t)(dark ? -60 : scale * value);
    }
    o->has_fingerprint = true;
}

static pl_identity ask(const pl_observation *a, const pl_observation *b) {
    pl_identity_options options = PL_IDENTITY_OPTIONS_INIT;
    pl_identity out, turned;
    assert_int_equal(pl_visit_same_hull(models, fleet, a, b, &options, &out, NULL), PL_OK);
    assert_int_equal(pl_visit_same_hull(models, fleet, b, a, &options, &turned, NULL), PL_OK);
    assert_true(fabs(out.probability - turned.probability) < 1e-12); /* order does not matter */
    assert_true(out.probability >= 0 && out.probability <= 1);
    return out;
}

static void sizes(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = ship(96.4, 15.8), c = ship(104, 17.1), d = ship(135, 22);
    assert_true(ask(&a, &b).probability > 0.8);
    assert_int_equal(ask(&a, &c).verdict, PL_VERDICT_DIFFERENT);
    assert_true(ask(&a, &d).probability < 1e-3);
    /* what is not known of one says nothing */
    b.length_m = (pl_quantity){NAN, NAN};
    assert_true(fabs(ask(&a, &b).probability - 0.5) < 1e-12);
}

/* Sisters share length and beam: without a deck no pair is more than their share allows, and ships
 * of the large classes are much alike. */
static void sisters(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = a, c = ship(183, 32.2), d = c;
    a.length_m.sigma = b.length_m.sigma = a.beam_m.sigma = b.beam_m.sigma = 0;
    double small = ask(&a, &b).dimensions, large = ask(&c, &d).dimensions;
    assert_true(small < 1 / 0.03 && large < 1 / 0.10);
    assert_true(large < small);
    assert_true(ask(&c, &d).probability < 0.9); /* nobody may say "same" by length and beam */
    a.length_m.sigma = b.length_m.sigma = 4;    /* nor of what was badly measured */
    a.beam_m.sigma = b.beam_m.sigma = 2;
    assert_true(ask(&a, &b).dimensions < 0.5 * small);
}

static void decks(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = ship(96.4, 15.8), c = ship(96.4, 15.8);
    paint(&a, 1, 0, 1);
    paint(&b, 1, 8, 0.5);
    paint(&c, 2, 0, 1);
    pl_identity one = ask(&a, &b), two = ask(&a, &c);
    assert_true(one.deck_correlation > 0.6 && fabs(two.deck_correlation) < 0.2);
    assert_int_equal(one.verdict, PL_VERDICT_SAME);
    assert_true(two.deck < 1 && two.probability < one.probability);
    /* the bow taken for the stern */
    for (int i = 0; i < CELLS; i++) c.fingerprint[i] = b.fingerprint[CELLS - 1 - i];
    assert_false(ask(&a, &c).deck_reversed);
    assert_true(ask(&a, &c).deck < 1);
    c.bow_certain = false;
    pl_identity reversed = ask(&a, &c);
    assert_true(reversed.deck_reversed && reversed.deck > 1);
    assert_true(fabs(reversed.deck_correlation - one.deck_correlation) < 1e-12);
    /* a deck all alike has no ranks */
    memset(c.fingerprint, 7, sizeof c.fingerprint);
    assert_true(isnan(ask(&a, &c).deck_correlation));
    assert_true(fabs(ask(&a, &c).deck - 1) < 1e-12);
}

static void names(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = ship(99, 16.4), far = ship(180, 30);
    strcpy(a.vessel_imo, "9013086");
    strcpy(b.vessel_imo, "9013086");
    strcpy(far.vessel_imo, "9013086");
    assert_int_equal(ask(&a, &b).verdict, PL_VERDICT_SAME);
    pl_identity stolen = ask(&a, &far); /* decided, and said */
    assert_int_equal(stolen.verdict, PL_VERDICT_SAME);
    assert_true(stolen.reasons & PL_BIT(PL_IDENTITY_CONTRADICTED));
    b = a;
    strcpy(b.vessel_imo, "9074729");
    assert_int_equal(ask(&a, &b).verdict, PL_VERDICT_DIFFERENT);
    *a.vessel_imo = *b.vessel_imo = '\0';
    double unnamed = ask(&a, &b).probability;
    strcpy(a.vessel_name, "Chon Ma San");
    strcpy(b.vessel_name, "CHON MA SAN");
    assert_true(ask(&a, &b).probability > unnamed);
    strcpy(b.vessel_name, "Yu Jong 2");
    assert_true(ask(&a, &b).probability < unnamed);
}

/* A number out of AIS is typed by the ship: it is evidence, and no more. */
static void sent_numbers(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = ship(96.4, 15.8), far = ship(180, 30);
    strcpy(a.vessel_imo, "9013086");
    strcpy(b.vessel_imo, "9013086");
    strcpy(far.vessel_imo, "9013086");
    strcpy(far.vessel_source, "AIS"); /* one of the two is enough to doubt it */
    pl_identity borrowed = ask(&a, &far);
    assert_int_equal(borrowed.verdict, PL_VERDICT_DIFFERENT); /* 96 m do not become 180 */
    assert_true(borrowed.reasons & PL_BIT(PL_IDENTITY_CONTRADICTED));
    strcpy(a.vessel_source, "AIS");
    strcpy(b.vessel_source, "AIS");
    assert_int_equal(ask(&a, &b).verdict, PL_VERDICT_SAME); /* where the hulls agree, it is she */
    double sent = ask(&a, &b).probability;
    *b.vessel_imo = '\0';
    assert_true(sent > ask(&a, &b).probability); /* and it counts */
    pl_observation other = ship(104, 17.1); /* two ships by their sizes (above) and their decks */
    paint(&a, 1, 0, 1);
    paint(&other, 2, 0, 1);
    strcpy(other.vessel_imo, "9013086");
    assert_int_not_equal(ask(&a, &other).verdict, PL_VERDICT_SAME);
    *a.vessel_source = '\0';
    assert_int_equal(ask(&a, &other).verdict, PL_VERDICT_SAME); /* vouched for, it decides */
    strcpy(a.vessel_source, "AIS");
    b = a; /* two numbers sent from decks that could be one */
    strcpy(b.vessel_imo, "9074729");
    assert_int_not_equal(ask(&a, &b).verdict, PL_VERDICT_SAME);
}

static void classes(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = ship(96.4, 15.8);
    double unjudged = ask(&a, &b).probability;
    a.tanker_probability = b.tanker_probability = 1;
    assert_true(fabs(ask(&a, &b).probability - unjudged) < 1e-12); /* others are tankers, too */
    b.tanker_probability = 0;
    assert_true(ask(&a, &b).probability < unjudged);
    assert_true(ask(&a, &b).vessel_class > 0.1); /* a judge may err */
}

static void candidates(void **state) {
    (void)state;
    pl_observation a = ship(96, 15.9), b = ship(96.4, 15.8);
    pl_identity_options options = {9};
    pl_identity few = ask(&a, &b), many;
    assert_int_equal(pl_visit_same_hull(models, fleet, &a, &b, &options, &many, NULL), PL_OK);
    double odds = few.probability / (1 - few.probability);
    assert_true(fabs(many.probability - odds / 9 / (1 + odds / 9)) < 1e-9);
    options.candidates = 0;
    assert_int_equal(pl_visit_same_hull(models, fleet, &a, &b, &options, &many, NULL), PL_E_USAGE);
}

/* A density of ships integrates to one, whatever ship it is asked from. */
static void density(void **state) {
    (void)state;
    static const double STEP_L = 2, STEP_B = 0.5;
    pl_quantity length = {96, 0.5}, beam = {15.9, 0.25};
    double sum = 0;
    for (double l = 20; l < 500; l += STEP_L)
        for (double b = 3; b < 90; b += STEP_B)
            sum += pl_load_fleet_density(fleet, length, beam, (pl_quantity){l, 0},
                                         (pl_quantity){b, 0});
    assert_true(fabs(sum * STEP_L * STEP_B - 1) < 0.02);
}

static void broken_table(void **state) {
    (void)state;
    pl_visit_models *none = models;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_visit_models_open("/nowhere", &none, &error), PL_E_IO);
    assert_null(none);
    assert_true(*error.message);
    pl_visit_models_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),        cmocka_unit_test(sisters),
        cmocka_unit_test(decks),        cmocka_unit_test(names),
        cmocka_unit_test(sent_numbers), cmocka_unit_test(classes),
        cmocka_unit_test(candidates),   cmocka_unit_test(density),
        cmocka_unit_test(broken_table),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
