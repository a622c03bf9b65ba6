/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a ship found where one was put, and nothing where there is none?
 *
 * Flat figures on noisy water, written as a GeoTIFF in memory: a pointed hull, an island, boats, a
 * breakwater, a pontoon. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/hull.h"
#include "plimsoll/port.h"

enum { SIZE = 1200 };
static const double GSD = 0.5;
static const char *const FILE_NAME = "/vsimem/hull/picture.tif";

static double noise(uint64_t *seed) {
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 33) / 2147483648.0;
    }
    return sum - 6.0;
}

static float *water(double level, double sigma) {
    float *plane = malloc(sizeof *plane * SIZE * SIZE);
    assert_non_null(plane);
    uint64_t seed = 1;
    for (int i = 0; i < SIZE * SIZE; i++) plane[i] = (float)(level + sigma * noise(&seed));
    return plane;
}

/* Share of the pixel that a turned box (with a bow that narrows over the last sixth when pointed)
 * covers, by 4 x 4 points. */
static void paint(float *plane, double x_m, double y_m, double length_m, double beam_m,
                  double heading_deg, bool pointed, double level) {
    double s = sin(heading_deg * PL_RAD_PER_DEG), c = cos(heading_deg * PL_RAD_PER_DEG);
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            double dx = (x + 0.5) * GSD - x_m, dy = (y + 0.5) * GSD - y_m;
            if (dx * dx + dy * dy > 0.3 * (length_m * length_m + beam_m * beam_m)) continue;
            int inside = 0;
            for (int k = 0; k < 16; k++) {
                double px = dx + GSD * ((k % 4 + 0.5) / 4 - 0.5),
                       py = dy + GSD * ((k / 4 + 0.5) / 4 - 0.5);
                double u = px * s - py * c, w = px * c + py * s; /* north is up: y runs south */
                double narrow =
                    pointed ? pl__clamp((0.5 * length_m - u) / (length_m / 6), 0, 1) : 1;
                inside += fabs(u) < 0.5 * length_m && fabs(w) < 0.5 * beam_m * narrow;
            }
            float *p = &plane[y * SIZE + x];
            *p = (float)((double)*p * (1 - inside / 16.0) + level * inside / 16.0);
        }
    }
}

typedef struct found {
    int count;
    pl_hull first;
} found;

static found find(float *plane) {
    pl_error error = PL_ERROR_INIT;
    pl_raster_new form = {.width = SIZE,
                          .height = SIZE,
                          .bands = 1,
                          .bits = 16,
                          .epsg = 32653,
                          .affine = {340000, GSD, 0, 4729000, 0, -GSD}};
    if (pl__io_geotiff_write(FILE_NAME, &form, plane, &error) != PL_OK)
        fail_msg("%s", error.message);
    free(plane);
    pl_scene_options scene_options = PL_SCENE_OPTIONS_INIT;
    pl_port_options port = PL_PORT_OPTIONS_INIT;
    pl_hull_options options = PL_HULL_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_arena *arena = pl_arena_new(0);
    pl_crop search;
    pl_port_area area;
    pl_hull_list list;
    if (pl_scene_open(FILE_NAME, &scene_options, &scene, &error) != PL_OK)
        fail_msg("%s", error.message);
    if (pl_port_crop(scene, &port, arena, &search, &area, &error) != PL_OK)
        fail_msg("%s", error.message);
    if (pl_hull_find(scene, &search, &options, arena, &list, &error) != PL_OK)
        fail_msg("%s", error.message);
    found out = {.count = list.count};
    if (list.count > 0) out.first = list.hull[0];
    pl_scene_close(scene);
    pl_arena_free(arena);
    return out;
}

static void near(const char *what, double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: got %.3f, want %.3f +- %.3f", what, got, want, tolerance);
}

static void a_ship_among_other_things(void **state) {
    (void)state;
    for (double heading = 10; heading < 360; heading += 76) {
        float *plane = water(300, 4);
        paint(plane, 200, 250, 110, 17, heading, true, 900);
        paint(plane, 470, 120, 180, 150, 20, false, 700); /* island */
        paint(plane, 300, 560, 590, 9, 91, false, 800);   /* breakwater */
        paint(plane, 520, 400, 60, 30, 45, false, 1000);  /* pontoon */
        for (int k = 0; k < 6; k++) paint(plane, 60 + 40 * k, 470, 12, 4, 30 * k, true, 1200);
        found f = find(plane);
        assert_int_equal(f.count, 1);
        near("length", f.first.length_m.value, 110, 1.5);
        near("beam", f.first.beam_m.value, 17, 0.3);
        assert_true(f.first.bow_certain);
        /* grid heading; true heading is 1.32 degrees less at this place (convergence -1.32) */
        double turned = remainder(f.first.heading_rad * PL_DEG_PER_RAD - (heading - 1.32), 360.0);
        near("heading", turned, 0, 0.3);
        near("x", f.first.x_px * GSD, 200, 1.0);
        near("y", f.first.y_px * GSD, 250, 1.0);
        assert_true(f.first.false_alarms < 1e-6);
    }
}

static void nothing_on_water_or_land_alone(void **state) {
    (void)state;
    assert_int_equal(find(water(300, 4)).count, 0);
    assert_int_equal(find(water(300, 60)).count, 0);
    float *land = water(900, 30);
    for (int k = 0; k < 40; k++)
        paint(land, 30 + 14 * k, 40 + 13 * k, 25, 14, 17 * k, false,
              300 + 30 * k); /* sheds and yards */
    assert_int_equal(find(land).count, 0);
    float *black = water(0, 0);
    assert_int_equal(find(black).count, 0);
}

static void the_picture_edge_is_flagged(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 8.2, 110, 17, 90, true, 900);
    found f = find(plane);
    if (f.count > 0) assert_true((f.first.reasons & PL_BIT(PL_AT_PICTURE_EDGE)) != 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ship_among_other_things),
        cmocka_unit_test(nothing_on_water_or_land_alone),
        cmocka_unit_test(the_picture_edge_is_flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
