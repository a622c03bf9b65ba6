/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the ephemeris witness the metadata's sun, and is each slip named as what it is?
 *
 * The sun of the drawn picture, 2024-01-13T02:22:36.55Z at 133.06 E, 42.70 N, is the rendered scene
 * d001's: azimuth 166.318, elevation 24.549 deg, by its maker's program. The table of Maxar's open
 * data (../shared/real) has what Maxar published for 1497 tiles of six satellites. */
#include <math.h>
#include <stdlib.h>

#include "drawn.h"
#include "geo/geo.h"
#include "scene/scene.h"
#include "shared.h"

static const char FILE_NAME[] = "/vsimem/sun/p.tif", SIDECAR[] = "/vsimem/sun/p.plimsoll.json";

/* Opens with this time and this sun; says whether it contradicts and whether the words are there.
 */
static void slip(const char *time, double azimuth_deg, double elevation_deg, const char *words) {
    char text[400];
    pl_scene *scene = NULL;
    pl_error error;
    snprintf(text, sizeof text,
             "{\"plimsoll\": 1, \"acquired\": \"%s\", \"sun_azimuth_deg\": %.6f, "
             "\"sun_elevation_deg\": %.6f}",
             time, azimuth_deg, elevation_deg);
    write_text(SIDECAR, text);
    if (open_drawn(FILE_NAME, NULL, &scene, &error) != PL_OK) fail_msg("%s", error.message);
    const pl_scene_info *info = pl_scene_describe(scene);
    bool contradicted = info->reasons & PL_BIT(PL_SUN_CONTRADICTED);
    if (contradicted != (words != NULL))
        fail_msg("%s %g %g: %.3f deg apart", time, azimuth_deg, elevation_deg,
                 info->sun_difference_rad * PL_DEG_PER_RAD);
    if (words && !warned_of(info, words))
        fail_msg("%s %g %g: \"%s\" does not say \"%s\"", time, azimuth_deg, elevation_deg,
                 info->warning_count ? info->warning[0] : "", words);
    if (!words) assert_true(info->sun_difference_rad * PL_DEG_PER_RAD < 0.1);
    pl_scene_close(scene);
}

static void slips(void **state) {
    (void)state;
    const char *utc = "2024-01-13T02:22:36.55Z";
    const double A = 166.318, e = 24.549;
    draw_picture(FILE_NAME, 400, 400, 0.5);
    slip(utc, A, e, NULL);
    slip(utc, A - 360.0, e, NULL);
    /* Vostochny keeps UTC + 10: the local clock given as UTC is ten hours late */
    slip("2024-01-13T12:22:36.55Z", A, e, "10 h too late");
    slip("2024-01-13T11:22:36.55+10:00", A, e, "1 h too early");
    slip(utc, A + 180.0, e, "turned by 180 deg");
    slip(utc, 360.0 - A, e, "mirrored (east for west)");
    slip(utc, 180.0 - A, e, "mirrored (north for south)");
    slip(utc, A, 90.0 - e, "zenith angle");
    slip(utc, e, 76.0, "the sun of the metadata is");
    slip(utc, A * PL_RAD_PER_DEG, e * PL_RAD_PER_DEG, "radians given as degrees");
    slip(utc, A, e + 1.5, "the sun of the metadata is");
    /* a morning whose azimuth could be an elevation: 70.854 and 14.045 deg by the Astronomical
     * Almanac's low-precision formulas */
    slip("2024-06-20T21:00:00Z", 70.854, 14.045, NULL);
    slip("2024-06-20T21:00:00Z", 14.045, 70.854, "swapped");
}

/* ---- 1497 tiles ---- */

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double part(double *sorted, int count, double share) {
    return sorted[(int)(share * (count - 1) + 0.5)];
}

/* The sun of the middle of a tile, published for the whole strip to 0.1 deg: a strip is up to 100
 * km long and wide. So half a degree on the sky, and a tenth of that for most. */
static void maxar_table(void **state) {
    (void)state;
    char file[1024];
    if (!shared_file("real/metadata/maxar-open-data/maxar_view_sun_angles.csv", file, sizeof file))
        skip();
    pl_arena *arena = pl_arena_new(0);
    pl_table table;
    static const char *const NAME[] = {"datetime", "lon", "lat", "sun_azimuth", "sun_elevation"};
    int column[5];
    assert_int_equal(pl__table_read(file, arena, &table, NULL), PL_OK);
    assert_int_equal(table.rows, 1497);
    for (int i = 0; i < 5; i++)
        assert_int_equal(pl__table_column(&table, NAME[i], &column[i], NULL), PL_OK);
    double *off_deg = calloc((size_t)table.rows, sizeof *off_deg), mean_deg = 0.0;
    for (int row = 0; row < table.rows; row++) {
        double time_s, value[5], azimuth, elevation;
        assert_true(pl__geo_time_parse(pl__table_text(&table, row, column[0]), &time_s));
        for (int i = 1; i < 5; i++)
            assert_int_equal(pl__table_number(&table, row, column[i], &value[i], NULL), PL_OK);
        assert_true(pl__geo_sun(time_s, value[1], value[2], &azimuth, &elevation));
        off_deg[row] =
            PL_DEG_PER_RAD * pl__geo_sky_angle(azimuth, elevation, value[3] * PL_RAD_PER_DEG,
                                               value[4] * PL_RAD_PER_DEG);
        mean_deg += off_deg[row] / table.rows;
    }
    qsort(off_deg, (size_t)table.rows, sizeof *off_deg, by_size);
    print_message(
        "ephemeris against %d tiles: mean %.3f, median %.3f, 95 %% %.3f, worst %.3f deg\n",
        table.rows, mean_deg, part(off_deg, table.rows, 0.5), part(off_deg, table.rows, 0.95),
        off_deg[table.rows - 1]);
    assert_true(part(off_deg, table.rows, 0.5) < 0.2);
    assert_true(part(off_deg, table.rows, 0.95) < 0.35);
    assert_true(off_deg[table.rows - 1] < 0.5); /* what scene/sun.c calls a contradiction */
    free(off_deg);
    pl_arena_free(arena);
}

/* The same tiles' view: "incidence" is the elevation in every one, and 90 deg less it must be what
 * off-nadir and the platform's altitude give, within rounding (0.05 deg each, times the slope) and
 * the strip's length. */
static void maxar_views(void **state) {
    (void)state;
    char file[1024];
    if (!shared_file("real/metadata/maxar-open-data/maxar_view_sun_angles.csv", file, sizeof file))
        skip();
    pl_arena *arena = pl_arena_new(0);
    pl_table table;
    static const char *const NAME[] = {"platform", "view_azimuth", "incidence", "off_nadir"};
    int column[4], turned = 0, unknown = 0;
    assert_int_equal(pl__table_read(file, arena, &table, NULL), PL_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pl__table_column(&table, NAME[i], &column[i], NULL), PL_OK);
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    options.models_dir = PL_SOURCE_DIR "/models";
    double *off_deg = calloc((size_t)table.rows, sizeof *off_deg);
    for (int row = 0; row < table.rows; row++) {
        pl_scene_info info = {.gsd_m = 0.5, .width_px = 10000, .height_px = 10000}, other;
        pl_facts facts = {.incidence_field = "view:incidence_angle",
                          .convention = PL_VIEW_TARGET_TO_SATELLITE,
                          .satellite_elevation_deg = NAN,
                          .altitude_m = NAN};
        double *value[] = {&facts.view_azimuth_deg, &facts.incidence_deg, &facts.off_nadir_deg};
        for (int i = 0; i < 3; i++)
            assert_int_equal(pl__table_number(&table, row, column[i + 1], value[i], NULL), PL_OK);
        snprintf(info.platform, sizeof info.platform, "%s", pl__table_text(&table, row, column[0]));
        other = info;
        assert_int_equal(pl__scene_view(&info, &facts, &options, NULL), PL_OK);
        unknown += (info.reasons & PL_BIT(PL_VIEW_UNKNOWN)) != 0;
        turned += warned_of(&info, "is the satellite's elevation");
        facts.incidence_deg = NAN;
        assert_int_equal(pl__scene_view(&other, &facts, &options, NULL), PL_OK);
        off_deg[row] =
            PL_DEG_PER_RAD * fabs(info.sight.view_incidence_rad - other.sight.view_incidence_rad);
    }
    qsort(off_deg, (size_t)table.rows, sizeof *off_deg, by_size);
    print_message("%d of %d read as elevation; against off-nadir and altitude: median %.3f, 95 %% "
                  "%.3f, worst %.3f deg\n",
                  turned, table.rows, part(off_deg, table.rows, 0.5),
                  part(off_deg, table.rows, 0.95), off_deg[table.rows - 1]);
    assert_int_equal(unknown, 0);
    assert_int_equal(turned, table.rows);
    assert_true(part(off_deg, table.rows, 0.95) < 0.15);
    assert_true(off_deg[table.rows - 1] < 0.3);
    free(off_deg);
    pl_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(slips), cmocka_unit_test(maxar_table),
                                       cmocka_unit_test(maxar_views)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
