/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a ship of a few pixels told from what else is of her size and shape?
 *
 * Flat figures on noisy water at 10 m a pixel, written as a GeoTIFF in memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/hull.h"
#include "plimsoll/port.h"

enum { SIDE = 200, BANDS = 4, PIXELS = SIDE * SIDE };
enum { RED = 2, NIR = 3 }; /* of four bands: blue, green, red, near infrared */
static const double PIXEL_M = 10.0;
static const char *const FILE_NAME = "/vsimem/coarse/picture.tif";

static double noise(uint64_t *seed) {
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 33) / 2147483648.0;
    }
    return sum - 6.0;
}

/* A ship's deck, 220 by 34 m, heading north-east in the middle of the picture. In pixels off her
 * middle, to starboard. */
static double starboard_px(int x, int y) {
    return ((x + 0.5 - SIDE / 2) + (y + 0.5 - SIDE / 2)) * sqrt(0.5);
}

static double deck_share(int x, int y) {
    int inside = 0;
    for (int k = 0; k < 64; k++) {
        double dx = x + (k % 8 + 0.5) / 8 - SIDE / 2, dy = y + (k / 8 + 0.5) / 8 - SIDE / 2;
        double u = (dx - dy) * sqrt(0.5), w = (dx + dy) * sqrt(0.5);
        inside += fabs(u) < 11 && fabs(w) < 1.7;
    }
    return inside / 64.0;
}

/* Writes and searches a picture: water, a deck that lies so far above it in each band, and haze
 * over 60 m of it to starboard of her. @return how many hulls; the first in `out`. */
static int find(const double deck[BANDS], double haze, pl_hull *out) {
    pl_error error = PL_ERROR_INIT;
    pl_raster_new form = {.width = SIDE,
                          .height = SIDE,
                          .bands = BANDS,
                          .bits = 16,
                          .epsg = 32653,
                          .affine = {340000, PIXEL_M, 0, 4729000, 0, -PIXEL_M}};
    float *planes = malloc(sizeof *planes * BANDS * PIXELS);
    assert_non_null(planes);
    uint64_t seed = 7;
    for (int i = 0; i < BANDS * PIXELS; i++) {
        int x = i % SIDE, y = i / SIDE % SIDE;
        double w = starboard_px(x, y), hazy = w > 0 && w < 6 ? haze : 0;
        planes[i] = (float)(2000 + hazy + 15 * noise(&seed) + deck[i / PIXELS] * deck_share(x, y));
    }
    if (pl__io_geotiff_write(FILE_NAME, &form, planes, &error) != PL_OK)
        fail_msg("%s", error.message);
    free(planes);
    pl_scene_options scene_options = PL_SCENE_OPTIONS_INIT;
    pl_port_options port = PL_PORT_OPTIONS_INIT;
    pl_hull_options options = PL_HULL_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_arena *arena = pl_arena_new(0);
    pl_crop search;
    pl_port_area area;
    pl_hull_list list = {0};
    if (pl_scene_open(FILE_NAME, &scene_options, &scene, &error) != PL_OK ||
        pl_port_crop(scene, &port, arena, &search, &area, &error) != PL_OK ||
        pl_hull_find(scene, &search, &options, arena, &list, &error) != PL_OK)
        fail_msg("%s", error.message);
    if (list.count > 0) *out = list.hull[0];
    pl_scene_close(scene);
    pl_arena_free(arena);
    return list.count;
}

static void check_size(const pl_hull *hull) {
    assert_true(fabs(hull->length_m.value - 220) < 2.5 * hull->length_m.sigma);
    assert_true(fabs(hull->beam_m.value - 34) < 2.5 * hull->beam_m.sigma);
    assert_true(hull->reasons & PL_BIT(PL_TOO_COARSE));
}

/* An islet with trees is as long and as slender; only leaves are dark in red and bright beyond. */
static void leaves_are_no_ship(void **state) {
    (void)state;
    static const double ISLET[BANDS] = {-20, 40, 10, 1800},
                        RED_DECK[BANDS] = {300, 500, 1200, 1800};
    pl_hull hull;
    assert_int_equal(find(RED_DECK, 0, &hull), 1);
    check_size(&hull);
    assert_int_equal(find(ISLET, 0, &hull), 0);
}

/* A quarter of her contrast above the water on the other side. */
static void haze_on_one_side_of_her_hides_no_ship(void **state) {
    (void)state;
    static const double DECK[BANDS] = {600, 600, 600, 600};
    pl_hull hull;
    assert_int_equal(find(DECK, 0, &hull), 1);
    check_size(&hull);
    assert_int_equal(find(DECK, 160, &hull), 1);
    check_size(&hull);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_are_no_ship),
        cmocka_unit_test(haze_on_one_side_of_her_hides_no_ship),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
