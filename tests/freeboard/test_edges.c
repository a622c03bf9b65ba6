/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the profile fit find edges that were put there, and are its derivatives and tail right?
 *
 * The tail is checked against its definition: the step convolved with an exponential, by numerical
 * integration. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/base.h"
#include "freeboard/internal.h"

static void near(double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.6f, want %.6f +- %.6f", got, want, tolerance);
}

static double convolved(double x, double spread, double tail) {
    double sum = 0, step = 0.002 * tail;
    for (double z = step / 2; z < 25 * tail; z += step) {
        sum += step * exp(-z / tail) / tail * 0.5 * erfc(-(x - z) / spread / sqrt(2.0));
    }
    return sum;
}

static void tail_is_the_convolution(void **state) {
    (void)state;
    const double tails[] = {0.03, 0.2, 0.7, 3.0};
    for (int k = 0; k < 4; k++) {
        pl_profile p = {.inner = -1000, .outer = 0, .deck = 0, .band = 0, .water = 1};
        pl_profile_shape shape = {.spread = 0.25, .outer_spread = 0.25, .tail = tails[k]};
        for (double x = -2; x < 8; x += 0.37)
            near(pl__freeboard_profile(&p, &shape, x), convolved(x, 0.25, tails[k]), 2e-4);
    }
}

static void fits(const pl_profile *truth, const pl_profile_shape *shape, double start_error) {
    double position[64], value[64];
    for (int k = 0; k < 64; k++) {
        position[k] = -2.0 + 0.25 * k;
        value[k] = pl__freeboard_profile(truth, shape, position[k]);
    }
    pl_profile p = *truth;
    p.inner += start_error;
    p.outer -= start_error;
    p.deck *= 0.8;
    p.band *= 1.1;
    p.wall = 0;
    double residual = pl__freeboard_fit_profile(&(pl_samples){64, position, value}, shape, &p);
    assert_true(residual < 1e-4);
    near(p.inner, truth->inner, 0.01);
    near(p.outer, truth->outer, 0.01);
}

static void edges_come_back(void **state) {
    (void)state;
    pl_profile_shape sharp = {.spread = 0.25, .outer_spread = 0.27};
    pl_profile_shape walled = {.spread = 0.25, .outer_spread = 0.27, .wall_share = 0.3};
    pl_profile_shape murky = {.spread = 0.25, .outer_spread = 0.27, .tail = 0.5};
    for (double width = 0.8; width < 9; width += 0.61) {
        pl_profile p = {.inner = 1.03, .outer = 1.03 + width, .deck = 60, .band = -12, .water = 0};
        fits(&p, &sharp, 0.2);
        if (width > 2) fits(&p, &murky, 0.2);
        p.wall = width > 4 ? 5 : 0;
        if (width > 4) fits(&p, &walled, 0.2);
    }
}

static void water_alone_gives_no_edge(void **state) {
    (void)state;
    double position[32], value[32];
    for (int k = 0; k < 32; k++) {
        position[k] = 0.25 * k;
        value[k] = 0;
    }
    pl_profile_shape shape = {.spread = 0.25, .outer_spread = 0.25};
    pl_profile p = {.inner = 2, .outer = 4, .deck = 1, .band = -1, .water = 0};
    double residual = pl__freeboard_fit_profile(&(pl_samples){32, position, value}, &shape, &p);
    assert_true(isfinite(residual) && residual < 1e-3);
    assert_true(fabs(p.deck) < 0.1 &&
                fabs(p.band) < 0.1); /* no step is left to stand for an edge */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tail_is_the_convolution),
        cmocka_unit_test(edges_come_back),
        cmocka_unit_test(water_alone_gives_no_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
