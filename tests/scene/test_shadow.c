/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the sun's azimuth with a date give the sun's elevation, and is told what it does not give?
 *
 * The expected suns are by the Astronomical Almanac's low-precision formulas (0.01 deg) with
 * Bennett's refraction, not by ERFA. */
#include <math.h>

#include "drawn.h"

static const char FILE_NAME[] = "/vsimem/shadow/p.tif",
                  SIDECAR[] = "/vsimem/shadow/p.plimsoll.json";

static pl_scene *open_dated(const char *sidecar, double azimuth_deg, pl_status wanted,
                            pl_error *error) {
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    pl_scene *scene = NULL;
    options.sun_from_shadow_rad = azimuth_deg * PL_RAD_PER_DEG;
    write_text(SIDECAR, sidecar);
    pl_status status = open_drawn(FILE_NAME, &options, &scene, error);
    if (status != wanted) fail_msg("%d: %s", status, error->message);
    return scene;
}

static void one_sun(void **state) {
    (void)state;
    /* 42.697 N 133.057 E, 2024-04-15: at 01:00 and 07:00 UTC. 23:00 UTC is the 14th in Greenwich
     * and the 15th there. */
    static const double SUN[][2] = {{130.2084, 46.9628}, {254.8663, 30.0505}};
    draw_picture(FILE_NAME, 200, 200, 0.5);
    for (int i = 0; i < 2; i++) {
        pl_error error;
        pl_scene *scene =
            open_dated("{\"plimsoll\": 1, \"acquired\": \"2024-04-15\"}", SUN[i][0], PL_OK, &error);
        const pl_scene_info *info = pl_scene_describe(scene);
        const pl_sight *sight = &info->sight;
        assert_true(fabs(sight->sun_elevation_rad * PL_DEG_PER_RAD - SUN[i][1]) < 0.05);
        assert_true(fabs(sight->sun_azimuth_rad * PL_DEG_PER_RAD - SUN[i][0]) < 1e-6);
        assert_int_equal(info->sun_azimuth_source, PL_SOURCE_OPTION);
        assert_int_equal(info->sun_elevation_source, PL_SOURCE_DERIVED);
        assert_false(info->reasons & PL_BIT(PL_SUN_UNKNOWN));
        assert_true(
            isnan(info->acquired_s)); /* an hour that was inferred is not published as one */
        /* a degree of azimuth is 0.6 to 0.9 deg of elevation there */
        double sigma_deg = sight->sun_sigma_rad * PL_DEG_PER_RAD;
        assert_true(sigma_deg > 1.0 && sigma_deg < 1.5);
        pl_scene_close(scene);
    }
}

/* 10 N in June: 68.3 deg is passed at about 22:05 UTC the day before and at about 23:30. */
static void two_suns(void **state) {
    (void)state;
    pl_error error;
    draw_picture_at(FILE_NAME, 200, 200, 0.5, 1105900.0);
    pl_scene *scene =
        open_dated("{\"plimsoll\": 1, \"acquired\": \"2024-06-21\"}", 68.3, PL_OK, &error);
    const pl_scene_info *info = pl_scene_describe(scene);
    assert_true(info->reasons & PL_BIT(PL_SUN_UNKNOWN));
    assert_true(warned_of(info, "the sun stood there twice"));
    pl_scene_close(scene);
    /* nearly the turning point: both suns stand within the sigma of each other? no: refused too */
    scene = open_dated("{\"plimsoll\": 1, \"acquired\": \"2024-06-21\"}", 180.0, PL_OK, &error);
    info = pl_scene_describe(scene);
    assert_true(info->reasons & PL_BIT(PL_SUN_UNKNOWN));
    assert_true(warned_of(info, "never stands at 180.0 deg"));
    pl_scene_close(scene);
}

static void what_is_missing(void **state) {
    (void)state;
    pl_error error;
    draw_picture(FILE_NAME, 200, 200, 0.5);
    open_dated("{\"plimsoll\": 1}", 130.0, PL_E_USAGE, &error);
    assert_non_null(strstr(error.message, "wants a date"));
    pl_scene *scene = open_dated("{\"plimsoll\": 1, \"acquired\": \"2024-04-15T01:00:00Z\"}", 90.0,
                                 PL_OK, &error);
    const pl_scene_info *info = pl_scene_describe(scene);
    assert_true(warned_of(info, "the time is known"));
    assert_int_equal(info->sun_azimuth_source, PL_SOURCE_EPHEMERIS);
    pl_scene_close(scene);
    open_dated("{\"plimsoll\": 1, \"acquired\": \"2024-04-15\"}", 400.0, PL_E_USAGE, &error);
    /* a date alone and nothing read from shadows: no sun, and no error */
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    assert_int_equal(open_drawn(FILE_NAME, &options, &scene, &error), PL_OK);
    info = pl_scene_describe(scene);
    assert_true(info->reasons & PL_BIT(PL_SUN_UNKNOWN));
    assert_true(info->reasons & PL_BIT(PL_VIEW_UNKNOWN));
    assert_true(warned_of(info, "a date without an hour"));
    pl_scene_close(scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_sun), cmocka_unit_test(two_suns),
                                       cmocka_unit_test(what_is_missing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
