/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do the rendered scenes and the real pictures open, each with the sun and the view that its
 * sidecar was made with? Skipped where ../shared is not at hand. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "plimsoll/scene.h"
#include "shared.h"

static bool ends_in(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Rendered by formulas of their maker's; the picture's time and place were drawn, the sun followed.
 */
static void rendered_scenes(void **state) {
    (void)state;
    char folder[512], file[1024];
    if (!shared_file("scenes/scenes", folder, sizeof folder)) skip();
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    int with_sidecar = 0, all = 0;
    double worst_deg = 0.0;
    for (struct dirent *entry; (entry = readdir(listing));) {
        if (!ends_in(entry->d_name, ".tif")) continue;
        snprintf(file, sizeof file, "%s/%s", folder, entry->d_name);
        pl_scene *scene = NULL;
        pl_error error = PL_ERROR_INIT;
        if (pl_scene_open(file, NULL, &scene, &error) != PL_OK)
            fail_msg("%s: %s", file, error.message);
        const pl_scene_info *info = pl_scene_describe(scene);
        all++;
        assert_true(info->gsd_m > 0.25 && info->gsd_m < 1.1);
        assert_true(info->role[0] != PL_BAND_UNKNOWN);
        if (strcmp(info->driver, "none") != 0) {
            with_sidecar++;
            worst_deg = fmax(worst_deg, info->sun_difference_rad * PL_DEG_PER_RAD);
            assert_int_equal(info->reasons, 0);
            if (info->warning_count) fail_msg("%s: %s", file, info->warning[0]);
        }
        pl_scene_close(scene);
    }
    closedir(listing);
    print_message("%d scenes, %d with a sidecar known here; sun at most %.3f deg from ephemeris\n",
                  all, with_sidecar, worst_deg);
    assert_int_equal(with_sidecar, all);
    assert_true(worst_deg < 0.1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rendered_scenes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
