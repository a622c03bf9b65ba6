/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are lean and shadow per metre right, in sign and size?
 *
 * The worked numbers are from shared/design/measurement.md (heading 0, f = 5 m), derived there by
 * hand from h tan(i) and h cot(e); the rest are symmetries that hold for any sun and satellite. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/base.h"
#include "plimsoll/freeboard.h"

static pl_side_geometry geometry(double sun_az, double sun_el, double view_az, double incidence,
                                 double normal) {
    pl_sight sight = {.sun_azimuth_rad = sun_az * PL_RAD_PER_DEG,
                      .sun_elevation_rad = sun_el * PL_RAD_PER_DEG,
                      .view_azimuth_rad = view_az * PL_RAD_PER_DEG,
                      .view_incidence_rad = incidence * PL_RAD_PER_DEG};
    return pl_freeboard_geometry(&sight, normal * PL_RAD_PER_DEG);
}

static void near(double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.6f, want %.6f +- %.6f", got, want, tolerance);
}

static void worked_numbers(void **state) {
    (void)state;
    static const struct {
        double sun_az, sun_el, view_az, incidence, lean, shadow;
    } row[] = {
        {270, 45, 0, 0, 0.0, 1.0000},       {270, 30, 270, 20, 0.3640, 1.7321},
        {270, 30, 90, 20, -0.3640, 1.7321}, {90, 30, 90, 25, -0.4663, -1.7321},
        {225, 60, 270, 30, 0.5774, 0.4082}, {180, 40, 0, 25, 0.0, 0.0},
    };
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        pl_side_geometry g =
            geometry(row[k].sun_az, row[k].sun_el, row[k].view_az, row[k].incidence, 90);
        near(g.lean, row[k].lean, 5e-5);
        near(g.shadow, row[k].shadow, 5e-5);
    }
}

static void worked_widths(void **state) {
    (void)state;
    pl_side_geometry g = geometry(270, 30, 270, 20, 90);
    near(5 * g.lean, 1.820, 5e-4);
    near(5 * g.shadow, 8.660, 5e-4);
    near(5 * (g.shadow - g.lean), 6.840, 5e-4);
    g = geometry(270, 30, 90, 20, 90);
    near(5 * (g.shadow - g.lean), 10.480, 5e-4);
    near(-5 * geometry(90, 30, 90, 25, 90).lean, 2.332, 5e-4);
}

static void symmetries(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (int k = 0; k < 1000; k++) {
        double draw[5];
        for (int i = 0; i < 5; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            draw[i] = (double)(seed >> 33) / 2147483648.0;
        }
        double sun_az = 360 * draw[0], sun_el = 10 + 70 * draw[1], view_az = 360 * draw[2],
               i = 40 * draw[3], n = 360 * draw[4];
        pl_side_geometry g = geometry(sun_az, sun_el, view_az, i, n);
        pl_side_geometry other = geometry(sun_az, sun_el, view_az, i, n + 180);
        near(other.lean, -g.lean, 1e-9);
        near(other.shadow, -g.shadow, 1e-9);
        pl_side_geometry turned = geometry(sun_az + 73, sun_el, view_az + 73, i, n + 73);
        near(turned.lean, g.lean, 1e-9);
        near(turned.shadow, g.shadow, 1e-9);
        pl_side_geometry mirrored = geometry(-sun_az, sun_el, -view_az, i, -n);
        near(mirrored.lean, g.lean, 1e-9);
        near(mirrored.shadow, g.shadow, 1e-9);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_numbers),
        cmocka_unit_test(worked_widths),
        cmocka_unit_test(symmetries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
