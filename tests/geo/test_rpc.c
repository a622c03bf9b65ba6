/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do rational polynomials lead there and back, is the satellite where it was drawn, and are broken
 * ones told? The polynomials are made here: terms and sizes as in real ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "geo/geo.h"

static void close_to(double a, double b, double tolerance) {
    if (!(fabs(a - b) <= tolerance)) fail_msg("%.9g is not %.9g within %g", a, b, tolerance);
}

static double draw(unsigned long long *seed, double low, double high) {
    *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
    return low + (high - low) * (double)(*seed >> 11) / 9007199254740992.0;
}

/* Lines run south, samples east, 20000 pixels of half a metre each way, the small terms by chance:
 * 1e-3 of the second order, 1e-5 of the third. Heights from -100 to 500 m; the satellite leans
 * things by lean_px pixels a metre. */
static pl_rpc made(double lon, double lat, double lean_x_px, double lean_y_px) {
    pl_rpc rpc = {10000, 10000, lat, lon, 200, 10000, 10000, 0.045, 0.06, 300, {0}, {0}, {0}, {0}};
    unsigned long long seed = 7;
    for (int i = 0; i < 20; i++) {
        double size = i < 11 ? 1e-3 : 1e-5;
        rpc.line_num[i] = draw(&seed, -size, size);
        rpc.line_den[i] = draw(&seed, -size, size);
        rpc.sample_num[i] = draw(&seed, -size, size);
        rpc.sample_den[i] = draw(&seed, -size, size);
    }
    rpc.line_den[0] = rpc.sample_den[0] = 1.0;
    rpc.line_num[2] = -1.0;
    rpc.sample_num[1] = 1.0;
    rpc.sample_num[3] = lean_x_px * 300 / 10000;
    rpc.line_num[3] = lean_y_px * 300 / 10000;
    return rpc;
}

static void there_and_back(void **state) {
    (void)state;
    const double centre[][2] = {{133.0, 42.7}, {179.99, -16.0}, {-180.0, 64.0}, {-58.6, -34.5}};
    unsigned long long seed = 3;
    double worst_px = 0.0;
    for (int c = 0; c < 4; c++) {
        pl_rpc rpc = made(centre[c][0], centre[c][1], 0.7, -0.4);
        assert_null(pl__geo_rpc_fault(&rpc));
        for (int k = 0; k < 2000; k++) {
            double x = draw(&seed, 0, 20001), y = draw(&seed, 0, 20001);
            double h = draw(&seed, -100, 500);
            double ground[2], xy[2];
            assert_true(pl__geo_rpc_to_ground(&rpc, x, y, h, ground));
            assert_true(ground[0] >= -180.0 && ground[0] <= 180.0);
            assert_true(pl__geo_rpc_to_pixel(&rpc, ground[0], ground[1], h, xy));
            worst_px = fmax(worst_px, hypot(xy[0] - x, xy[1] - y));
        }
    }
    print_message("there and back: %.1e px at most\n", worst_px);
    assert_true(worst_px <= 1e-6);
}

/* By hand: with all numerators but one nought, denominators 1, term i alone tells its place. */
static void terms_stand_in_the_standards_order(void **state) {
    (void)state;
    const double L = 0.5, P = -0.25, H = 0.125;
    const double want[20] = {1,         L,         P,         H,         L * P,
                             L * H,     P * H,     L * L,     P * P,     H * H,
                             P * L * H, L * L * L, L * P * P, L * H * H, L * L * P,
                             P * P * P, P * H * H, L * L * H, P * P * H, H * H * H};
    for (int i = 0; i < 20; i++) {
        pl_rpc rpc = {0, 100, 40, 10, 50, 1, 1000, 2, 4, 80, {0}, {1}, {0}, {1}};
        double xy[2];
        rpc.sample_num[i] = 1.0;
        assert_true(pl__geo_rpc_to_pixel(&rpc, 10 + 4 * L, 40 + 2 * P, 50 + 80 * H, xy));
        close_to(xy[0], 100.5 + 1000 * want[i], 1e-9); /* sample 100 is the centre of pixel 100 */
        close_to(xy[1], 0.5, 1e-12);
    }
}

/* A ray from azimuth A at incidence i: what stands 1 m high is drawn tan(i) m away from A. */
static void the_satellite_stands_where_it_was_drawn(void **state) {
    (void)state;
    for (int a = 0; a < 360; a += 30) {
        double azimuth = a * PL_RAD_PER_DEG, incidence = (5 + a / 10) * PL_RAD_PER_DEG;
        double lat = -34.5, east_m, north_m, got_azimuth, got_incidence;
        pl__geo_metres_per_degree(lat, &east_m, &north_m);
        pl_rpc rpc = {500, 500, lat, 179.9999, 0, 500, 500, 0.005, 0.005, 100, {0}, {1}, {0}, {1}};
        rpc.sample_num[1] = 1.0;
        rpc.line_num[2] = -1.0;
        double px_per_east_m = 500 / (0.005 * east_m), px_per_north_m = 500 / (0.005 * north_m);
        rpc.sample_num[3] = -sin(azimuth) * tan(incidence) * px_per_east_m * 100 / 500;
        rpc.line_num[3] = cos(azimuth) * tan(incidence) * px_per_north_m * 100 / 500;
        assert_true(pl__geo_rpc_view(&rpc, 500.5, 500.5, 20, &got_azimuth, &got_incidence));
        close_to(pl__geo_turn(got_azimuth, azimuth), 0, 1e-4 * PL_RAD_PER_DEG);
        close_to(got_incidence, incidence, 1e-4 * PL_RAD_PER_DEG);
    }
}

static void broken_ones_are_told(void **state) {
    (void)state;
    pl_rpc good = made(133, 42.7, 0.7, -0.4), bad;
    double ground[2], azimuth, incidence;
    bad = good;
    bad.lat_off_deg = NAN;
    assert_string_equal(pl__geo_rpc_fault(&bad), "an offset or scale is no number");
    bad = good;
    bad.height_scale_m = 0;
    assert_string_equal(pl__geo_rpc_fault(&bad), "a scale is zero");
    bad = good;
    bad.lat_off_deg = 4270;
    assert_string_equal(pl__geo_rpc_fault(&bad), "its centre lies off the Earth");
    bad = good;
    bad.sample_den[19] = INFINITY;
    assert_string_equal(pl__geo_rpc_fault(&bad), "a coefficient is no number");
    bad = good;
    memset(bad.line_den, 0, sizeof bad.line_den);
    assert_string_equal(pl__geo_rpc_fault(&bad), "a denominator vanishes");
    bad = good;
    bad.sample_den[1] = 1.5; /* a pole at L = -2/3 */
    assert_string_equal(pl__geo_rpc_fault(&bad), "a denominator vanishes");
    bad = good;
    memset(bad.line_num, 0, sizeof bad.line_num); /* no place changes the line: no inverse */
    assert_null(pl__geo_rpc_fault(&bad));
    assert_false(pl__geo_rpc_to_ground(&bad, 100, 100, 0, ground));
    assert_true(isnan(ground[0]) && isnan(ground[1]));
    assert_false(pl__geo_rpc_view(&bad, 100, 100, 0, &azimuth, &incidence));
    assert_true(isnan(azimuth) && isnan(incidence));
    assert_false(pl__geo_rpc_to_ground(&good, NAN, 100, 0, ground));
    assert_false(pl__geo_rpc_to_ground(&good, 1e9, 100, 0, ground));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(terms_stand_in_the_standards_order),
        cmocka_unit_test(the_satellite_stands_where_it_was_drawn),
        cmocka_unit_test(broken_ones_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
