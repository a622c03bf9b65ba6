/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does DIMAP give the view that the picture was made with, also away from the centre?
 *
 * The five rendered scenes with a DIM file were drawn from the angles in truth/; their maker's
 * program wrote the DIM from its own formula, not from ours. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "io/io.h"
#include "plimsoll/scene.h"
#include "shared.h"

static double turn_deg(double a_rad, double b_deg) {
    return fabs(remainder(a_rad * PL_DEG_PER_RAD - b_deg, 360.0));
}

static void truth_of(const char *id, double *azimuth_deg, double *incidence_deg) {
    char name[64], file[1024], *text = NULL;
    size_t length = 0;
    snprintf(name, sizeof name, "scenes/truth/%s.json", id);
    assert_true(shared_file(name, file, sizeof file));
    pl_arena *arena = pl_arena_new(0);
    assert_int_equal(pl__io_file_read(file, 1 << 24, arena, &text, &length, NULL), PL_OK);
    pl_json *root = pl__json_parse(text, length, file, NULL);
    const pl_json *view = pl__json_get(root, "view");
    *azimuth_deg = pl__json_number(pl__json_get(view, "azimuth_target_to_satellite_true_deg"));
    *incidence_deg = pl__json_number(pl__json_get(view, "incidence_deg"));
    pl__json_free(root);
    pl_arena_free(arena);
}

static void rendered_scenes(void **state) {
    (void)state;
    static const char *const ID[] = {"d006", "d026", "d042", "d054", "d070"};
    const double tolerance_deg = 0.1;
    char name[64], file[1024];
    if (!shared_file("scenes/truth/d006.json", file, sizeof file)) skip();
    for (size_t i = 0; i < sizeof ID / sizeof *ID; i++) {
        double azimuth_deg, incidence_deg;
        truth_of(ID[i], &azimuth_deg, &incidence_deg);
        snprintf(name, sizeof name, "scenes/scenes/%s.tif", ID[i]);
        assert_true(shared_file(name, file, sizeof file));
        pl_scene *scene = NULL;
        pl_error error = PL_ERROR_INIT;
        if (pl_scene_open(file, NULL, &scene, &error) != PL_OK)
            fail_msg("%s: %s", file, error.message);
        const pl_scene_info *info = pl_scene_describe(scene);
        assert_string_equal(info->driver, "dimap");
        assert_int_equal(info->warning_count, 0);
        assert_int_equal(info->reasons, 0);
        const double at[3][2] = {
            {info->width_px / 2.0, info->height_px / 2.0}, {0, 0}, {info->width_px, 10}};
        for (int k = 0; k < 3; k++) {
            pl_sight sight;
            assert_int_equal(pl_scene_sight(scene, at[k][0], at[k][1], &sight, NULL), PL_OK);
            /* sideways on the sky: near nadir an azimuth turns fast and means little */
            double across_deg =
                turn_deg(sight.view_azimuth_rad, azimuth_deg) * sin(incidence_deg * PL_RAD_PER_DEG);
            double up_deg = fabs(sight.view_incidence_rad * PL_DEG_PER_RAD - incidence_deg);
            if (!(across_deg < tolerance_deg && up_deg < tolerance_deg))
                fail_msg("%s at %g %g: %.3f deg across, %.3f deg up", ID[i], at[k][0], at[k][1],
                         across_deg, up_deg);
        }
        assert_true(turn_deg(info->sight.view_azimuth_rad, azimuth_deg) < tolerance_deg);
        pl_scene_close(scene);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rendered_scenes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
