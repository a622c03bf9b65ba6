/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the drawn ship look as she would?
 *
 * The places of edges are those of the table of worked numbers in shared/design/measurement.md
 * (heading 0, starboard normal 090, freeboard 5 m), computed there by hand; the light from below is
 * held against Snell's law. On the equator in the middle of a UTM zone grid north is true north. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "geo/geo.h"
#include "io/io.h"
#include "plimsoll/scene.h"
#include "synth/section.h"

static void edge(const char *what, const double *profile, int n, double from_m, double before_m,
                 double after_m, double expected_m) {
    double level = 0.5 * (level_at(profile, before_m) + level_at(profile, after_m));
    double got = crossing(profile, n, from_m, level);
    /* at the foot of a wall half of the sky is missing, which moves the half level by a tenth of a
     * pixel */
    if (!(fabs(got - expected_m) < 0.03)) fail_msg("%s: %.3f m, not %.3f", what, got, expected_m);
}

static void edges_lie_where_hand_calculation_puts_them(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = bare_ship(270, 45, 0, 0);
    int n = section(&o, p);
    edge("row 1, deck", p, n, 8, 5, 10.8, 10);
    edge("row 1, shadow", p, n, 12, 12.5, 20, 15);

    o = bare_ship(270, 30, 270, 20);
    n = section(&o, p);
    edge("row 2, deck leans out", p, n, 8, 5, 15, 11.820);
    edge("row 2, shadow", p, n, 15, 15, 25, 18.660);

    o = bare_ship(270, 30, 90, 20);
    n = section(&o, p);
    edge("row 3, deck", p, n, 6, 5, 9, 8.180);
    edge("row 3, foot of the wall", p, n, 9, 9, 10.8, 10);
    edge("row 3, shadow", p, n, 15, 15, 25, 18.660);

    o = bare_ship(90, 30, 90, 25);
    n = section(&o, p);
    edge("row 4, deck", p, n, 6, 5, 9, 7.668);
    edge("row 4, foot of the lit wall", p, n, 9, 9, 10.8, 10);
    assert_true(level_at(p, 14) >
                0.85); /* beyond the mirror image of the wall: less sky, no shadow */

    o = bare_ship(225, 60, 270, 30);
    n = section(&o, p);
    edge("row 5, the deck covers the shadow", p, n, 8, 5, 18, 12.887);
    for (double m = 14; m < 30; m += 1)
        assert_true(level_at(p, m) > 0.85); /* less sky, no shadow */

    o = bare_ship(180, 40, 0, 25);
    n = section(&o, p);
    edge("row 6, deck", p, n, 8, 5, 15, 10);
    for (double m = 11; m < 30; m += 1) assert_true(level_at(p, m) > 0.85);
}

/* The mean reach of the missing light beyond the shadow's edge is (s_w - v_w) / (K (1/cos t_s +
 * 1/cos t_v)): sun at 45 deg, view from above, n = 1.34; K in pan is 1.2 times green's. */
static void light_from_below_obeys_snell(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = bare_ship(270, 45, 0, 0);
    int n = section(&o, p);
    double sharp = 0, soft = 0, depth = o.contrast;
    for (int x = (int)(12.5 / GSD); x < n; x++) sharp += GSD * (1 - p[x]) / depth;
    o.attenuation_per_m = 0.8;
    n = section(&o, p);
    for (int x = (int)(12.5 / GSD); x < n; x++) soft += GSD * (1 - p[x]) / depth;
    double sun = asin(sin(PL_PI / 4) / 1.34);
    double expected = tan(sun) / (0.8 * 1.2 * (1 / cos(sun) + 1));
    if (!(fabs(soft - sharp - expected) < 0.03 * expected))
        fail_msg("tail of %.3f m, not %.3f", soft - sharp, expected);
}

/* Heel to starboard lowers the starboard edge and raises the port edge by half the beam times its
 * sine. */
static void heel_has_the_right_sign(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = bare_ship(270, 45, 0, 0);
    o.heel_rad = 3 * PL_RAD_PER_DEG;
    int n = section(&o, p);
    double height = 5 * cos(o.heel_rad) - HALF_BEAM * sin(o.heel_rad);
    double out = HALF_BEAM * cos(o.heel_rad) + 5 * sin(o.heel_rad);
    edge("heeled deck edge", p, n, 8, 5, out + 1.5, out);
    edge("heeled shadow", p, n, out + 1.5, out + 1.5, 22, out + height);
}

static void files_say_what_was_drawn(void **state) {
    (void)state;
    static const int epsg[] = {32653, 3857, 4326};
    static const pl_sidecar_kind kind[] = {PL_SIDECAR_STAC, PL_SIDECAR_IMD};
    for (int k = 0; k < 6; k++) {
        pl_error error = PL_ERROR_INIT;
        pl_scene *scene = NULL;
        pl_synth_options o = pl_synth_defaults();
        o.epsg = epsg[k % 3];
        o.sidecar = kind[k / 3];
        o.bands = k % 2 ? 1 : 4;
        o.bits = k % 2 ? 8 : 11;
        o.mirror = k == 2;
        o.superstructure = o.deck_gear = false;
        o.samples = 1;
        if (pl_synth_write(&o, "/vsimem/synth/drawn.tif", &error) != PL_OK)
            fail_msg("%s", error.message);
        const char *unwanted = k / 3 ? "/vsimem/synth/drawn.json" : "/vsimem/synth/drawn.IMD";
        pl_scene_options options = PL_SCENE_OPTIONS_INIT;
        options.sidecar = k / 3 ? "/vsimem/synth/drawn.IMD" : "/vsimem/synth/drawn.json";
        if (pl_scene_open("/vsimem/synth/drawn.tif", &options, &scene, &error) != PL_OK)
            fail_msg("%s: %s", unwanted, error.message);
        const pl_scene_info *info = pl_scene_describe(scene);
        assert_int_equal(info->warning_count, 0);
        assert_true(fabs(info->sight.sun_azimuth_rad - o.sun_azimuth_rad) < 1e-6);
        assert_true(fabs(info->sight.sun_elevation_rad - o.sun_elevation_rad) < 1e-6);
        assert_true(fabs(info->sight.view_azimuth_rad - o.view_azimuth_rad) < 1e-6);
        assert_true(fabs(info->sight.view_incidence_rad - o.view_incidence_rad) < 1e-6);
        assert_true(info->sun_difference_rad < 0.06 * PL_RAD_PER_DEG);
        assert_true(fabs(info->gsd_m - 0.5) < 1e-4);
        assert_int_equal(info->bands, o.bands);
        pl_scene_close(scene);
    }
}

static void the_sun_stood_there_at_that_time(void **state) {
    (void)state;
    for (int k = 0; k < 60; k++) {
        double lon = -170 + 5.7 * k, lat = -60 + 2 * k, azimuth, elevation, a, e;
        double when = 1704067200.0 + 86400.0 * 6.1 * k + 3600.0 * (k % 24);
        assert_true(pl__geo_sun(when, lon, lat, &azimuth, &elevation));
        if (elevation < 5 * PL_RAD_PER_DEG) continue;
        double found = pl__synth_time(lon, lat, azimuth, elevation);
        if (!isfinite(found))
            fail_msg("no time for %g %g: %g %g", lon, lat, azimuth * PL_DEG_PER_RAD,
                     elevation * PL_DEG_PER_RAD);
        assert_true(pl__geo_sun(found, lon, lat, &a, &e));
        assert_true(pl__geo_sky_angle(a, e, azimuth, elevation) < 0.06 * PL_RAD_PER_DEG);
    }
    /* never in the north at 42 deg north */
    assert_true(isnan(pl__synth_time(133, 42.7, 0, 40 * PL_RAD_PER_DEG)));
}

static void impossible_drawings_are_refused(void **state) {
    (void)state;
    pl_error error = PL_ERROR_INIT;
    pl_synth_options o = pl_synth_defaults();
    o.freeboard_m = 0.5;
    o.trim_m = 2;
    assert_int_equal(pl_synth_write(&o, "/vsimem/synth/no.tif", &error), PL_E_USAGE);
    o = pl_synth_defaults();
    o.epsg = 999999;
    assert_true(pl_synth_write(&o, "/vsimem/synth/no.tif", &error) < 0);
    o = pl_synth_defaults();
    o.sun_elevation_rad = NAN;
    assert_int_equal(pl_synth_write(&o, "/vsimem/synth/no.tif", &error), PL_E_USAGE);
    assert_false(pl__io_file_exists("/vsimem/synth/no.tif"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_lie_where_hand_calculation_puts_them),
        cmocka_unit_test(light_from_below_obeys_snell),
        cmocka_unit_test(heel_has_the_right_sign),
        cmocka_unit_test(files_say_what_was_drawn),
        cmocka_unit_test(the_sun_stood_there_at_that_time),
        cmocka_unit_test(impossible_drawings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
