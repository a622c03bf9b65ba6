/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is an edge blurred as it should be, and are its derivatives right?
 *
 * The tail is checked against its definition, the step convolved with an exponential, by numerical
 * integration; derivatives against differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/base.h"
#include "freeboard/internal.h"

static void near(const char *what, double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: got %.6f, want %.6f +- %.6f", what, got, want, tolerance);
}

static double gauss(double x, double sigma) {
    return 0.5 * erfc(-x / sigma / sqrt(2.0));
}

static double convolved(double x, double sigma, double tail) {
    double sum = 0, step = 0.002 * tail;
    for (double z = step / 2; z < 25 * tail; z += step)
        sum += step * exp(-z / tail) / tail * gauss(x - z, sigma);
    return sum;
}

static void a_tail_is_the_convolution(void **state) {
    (void)state;
    const double tails[] = {0.03, 0.2, 0.7, 3.0};
    pl_response r = {.spread_m = 0.25, .sharpen = 0, .pixel_m = 0.5};
    for (int k = 0; k < 4; k++) {
        for (double x = -1.4; x < 8; x += 0.37) {
            pl_edge e;
            pl__freeboard_edge(&r, 0, tails[k], x, &e);
            near("tail", e.step, convolved(x, 0.25, tails[k]), 2e-4);
        }
    }
}

/* An unsharp mask by a box of three pixels subtracts a step of variance a^2 + 2/3 pixel^2. */
static void sharpening_is_an_unsharp_mask(void **state) {
    (void)state;
    pl_response r = {.spread_m = 0.3, .sharpen = 0.4, .pixel_m = 0.5};
    double wide = sqrt(0.3 * 0.3 + 0.04 + 2.0 / 3.0 * 0.25), narrow = sqrt(0.3 * 0.3 + 0.04);
    for (double x = -2; x < 2; x += 0.23) {
        pl_edge e;
        pl__freeboard_edge(&r, 0.04, 0, x, &e);
        near("lobe", e.step, 1.4 * gauss(x, narrow) - 0.4 * gauss(x, wide), 1e-9);
        assert_true(fabs(e.lobe - gauss(x, narrow) + gauss(x, wide)) < 1e-9);
    }
}

static void derivatives_agree_with_differences(void **state) {
    (void)state;
    const double h = 1e-4;
    for (int k = 0; k < 4; k++) {
        double tail = k % 2 ? 0.4 : 0;
        pl_response r = {.spread_m = 0.25, .sharpen = k / 2 ? 0.3 : 0, .pixel_m = 0.5};
        for (double x = -1.5; x < 3; x += 0.19) {
            pl_edge e, before, after, more, longer;
            pl__freeboard_edge(&r, 0.02, tail, x, &e);
            pl__freeboard_edge(&r, 0.02, tail, x - h, &before);
            pl__freeboard_edge(&r, 0.02, tail, x + h, &after);
            pl__freeboard_edge(&r, 0.02 + h, tail, x, &more);
            pl__freeboard_edge(&r, 0.02, tail * (1 + h), x, &longer);
            near("density", e.density, (after.step - before.step) / (2 * h), 1e-4);
            near("curve", e.curve, (after.density - before.density) / (2 * h), 1e-3);
            near("by ln tail", e.tail, (longer.step - e.step) / h, 1e-4);
            near("by variance", 0.5 * e.curve, (more.step - e.step) / h, 2e-2);
        }
    }
}

/* Worked by hand: sun at 45 deg over the port beam (s = 1 on starboard), view from above, n = 1.34:
 * t_s = asin(0.70711 / 1.34) = 31.850 deg, tan = 0.62127, path 1 + 1 / 0.84944 = 2.17725; 0.62127
 * / 2.17725 = 0.28535 m for K = 1. */
static void the_tail_obeys_snell(void **state) {
    (void)state;
    pl_side_view v = {.normal_rad = PL_PI / 2};
    pl_sight sight = {.sun_azimuth_rad = 1.5 * PL_PI, .sun_elevation_rad = PL_PI / 4};
    near("tail", pl__freeboard_tail_m(&v, &sight), 0.28535, 1e-4);
    /* the sun's disc: 0.0093 rad / sin^2(45) = 0.0186 m across per metre, a quarter of it one sigma
     */
    near("penumbra", pl__freeboard_penumbra(&v, &sight), 0.25 * 0.0186, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tail_is_the_convolution),
        cmocka_unit_test(sharpening_is_an_unsharp_mask),
        cmocka_unit_test(derivatives_agree_with_differences),
        cmocka_unit_test(the_tail_obeys_snell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
