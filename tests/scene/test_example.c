/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does docs/metadata.md say what the drivers do: is its example of a plimsoll.json read as it says,
 * and has every driver its row? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "drawn.h"
#include "scene/sensor.h"

static void page(pl_arena *arena, char **text) {
    size_t length = 0;
    assert_int_equal(
        pl__io_file_read(PL_SOURCE_DIR "/docs/metadata.md", 1 << 20, arena, text, &length, NULL),
        PL_OK);
}

static void example(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    char *text = NULL;
    page(arena, &text);
    char *begin = strstr(text, "```json\n");
    assert_non_null(begin);
    begin += strlen("```json\n");
    char *end = strstr(begin, "```");
    assert_non_null(end);
    *end = '\0';
    draw_picture("/vsimem/example/harbour.tif", 400, 400, 0.5);
    write_text("/vsimem/example/harbour.plimsoll.json", begin);
    for (int k = 0; k < 2; k++) {
        pl_scene *scene = NULL;
        pl_error error;
        if (open_drawn(k ? "/vsimem/example/harbour.plimsoll.json" : "/vsimem/example/harbour.tif",
                       NULL, &scene, &error) != PL_OK)
            fail_msg("%s", error.message);
        const pl_scene_info *info = pl_scene_describe(scene);
        const pl_sight *s = &info->sight;
        assert_string_equal(info->driver, "plimsoll");
        assert_string_equal(info->id, "harbour-2024-01-13");
        assert_string_equal(info->platform, "WV03");
        assert_int_equal(info->role[0], PL_BAND_PAN);
        assert_true(fabs(s->sun_azimuth_rad * PL_DEG_PER_RAD - 166.32) < 1e-6);
        assert_true(fabs(s->sun_elevation_rad * PL_DEG_PER_RAD - 24.55) < 1e-6);
        assert_true(fabs(s->view_azimuth_rad * PL_DEG_PER_RAD - 324.45) < 1e-6);
        assert_true(fabs(s->view_incidence_rad * PL_DEG_PER_RAD - 17.33) < 1e-6);
        assert_int_equal(info->reasons, 0);
        assert_int_equal(info->warning_count, 0);
        pl_scene_close(scene);
    }
    pl_arena_free(arena);
}

static void every_driver(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    char *text = NULL;
    page(arena, &text);
    for (int i = 0; i < pl__sensor_count; i++) {
        char row[40];
        snprintf(row, sizeof row, "\n| `%s` |", pl__sensors[i]->name);
        if (!strstr(text, row))
            fail_msg("docs/metadata.md has no row for %s", pl__sensors[i]->name);
    }
    pl_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(example), cmocka_unit_test(every_driver)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
