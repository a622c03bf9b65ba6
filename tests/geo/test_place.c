/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do angles wrap, does the straight map invert, are degrees as long as the ellipsoid says, and is
 * incidence what the drawing of satellite, target and Earth's centre gives? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "geo/geo.h"

static void close_to(double a, double b, double tolerance) {
    if (!(fabs(a - b) <= tolerance)) fail_msg("%.9g is not %.9g within %g", a, b, tolerance);
}

static void angles_wrap(void **state) {
    (void)state;
    close_to(pl__geo_wrap(-0.5 * PL_PI), 1.5 * PL_PI, 1e-12);
    close_to(pl__geo_wrap(5.0 * PL_PI), PL_PI, 1e-12);
    assert_true(pl__geo_wrap(-1e-20) < 2.0 * PL_PI);
    close_to(pl__geo_turn(0.1, 2.0 * PL_PI - 0.1), 0.2, 1e-12);
    close_to(pl__geo_turn(2.0 * PL_PI - 0.1, 0.1), -0.2, 1e-12);
}

static void map_inverts(void **state) {
    (void)state;
    pl_frame frame = {.x_px = 100.0, .y_px = 200.0, .metres = {0.49, 0.02, 0.01, -0.51}};
    assert_true(pl__geo_frame_finish(&frame));
    close_to(frame.pixel_m, sqrt(0.49 * 0.51 + 0.02 * 0.01), 1e-12);
    double e, n, x, y;
    pl__geo_to_metres(&frame, 101.0, 200.0, &e, &n);
    close_to(e, 0.49, 1e-12);
    close_to(n, 0.01, 1e-12);
    pl__geo_to_metres(&frame, 17.25, 933.5, &e, &n);
    pl__geo_to_pixel(&frame, e, n, &x, &y);
    close_to(x, 17.25, 1e-9);
    close_to(y, 933.5, 1e-9);
    pl_frame flat = {.metres = {1.0, 2.0, 0.5, 1.0}};
    assert_false(pl__geo_frame_finish(&flat));
    pl_frame none = {.metres = {0.0, 0.0, 0.0, 0.0}};
    assert_false(pl__geo_frame_finish(&none));
    pl_frame nan = {.metres = {NAN, 0.0, 0.0, 1.0}};
    assert_false(pl__geo_frame_finish(&nan));
}

/* Bowditch, The American Practical Navigator (2002), table 7, WGS 84: length of a degree at 45 deg:
 * latitude 111132 m, longitude 78847 m; at the equator 110574 m and 111320 m. */
static void degrees_have_the_tables_length(void **state) {
    (void)state;
    double e, n;
    pl__geo_metres_per_degree(45.0, &e, &n);
    close_to(e, 78847.0, 2.0);
    close_to(n, 111132.0, 2.0);
    pl__geo_metres_per_degree(0.0, &e, &n);
    close_to(e, 111320.0, 2.0);
    close_to(n, 110574.0, 2.0);
}

static void incidence_is_more_than_off_nadir(void **state) {
    (void)state;
    /* design/measurement.md: 617 km, 30 deg off nadir: 33.3 deg at the ground */
    close_to(pl__geo_incidence(30.0 * PL_RAD_PER_DEG, 617e3) * PL_DEG_PER_RAD, 33.26, 0.03);
    close_to(pl__geo_incidence(0.0, 617e3), 0.0, 1e-12);
    assert_true(isnan(pl__geo_incidence(70.0 * PL_RAD_PER_DEG, 617e3)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(angles_wrap),
        cmocka_unit_test(map_inverts),
        cmocka_unit_test(degrees_have_the_tables_length),
        cmocka_unit_test(incidence_is_more_than_off_nadir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
