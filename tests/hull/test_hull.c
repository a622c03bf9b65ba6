/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a ship found where one was put, and nothing where there is none?
 *
 * Flat figures on noisy water, written as a GeoTIFF in memory: a pointed hull, an island, boats, a
 * breakwater, a pontoon. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "hull/internal.h"
#include "io/io.h"
#include "plimsoll/hull.h"
#include "plimsoll/port.h"

enum { SIZE = 1200 };
static const double GSD = 0.5;
static const char *const FILE_NAME = "/vsimem/hull/picture.tif", *const BEFORE_NAME =
                                                                     "/vsimem/hull/before.tif";

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

static void write_picture(const char *file, float *plane, double pixel_m) {
    pl_error error = PL_ERROR_INIT;
    pl_raster_new form = {.width = SIZE,
                          .height = SIZE,
                          .bands = 1,
                          .bits = 16,
                          .epsg = 32653,
                          .affine = {340000, pixel_m, 0, 4729000, 0, -pixel_m}};
    if (pl__io_geotiff_write(file, &form, plane, &error) != PL_OK) fail_msg("%s", error.message);
    free(plane);
}

/* The plane as a picture with pixels of this size, and another as it was before; NULL none. */
static found find_after(float *plane, float *before, double pixel_m) {
    pl_error error = PL_ERROR_INIT;
    write_picture(FILE_NAME, plane, pixel_m);
    pl_scene *previous = NULL;
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
    if (before) {
        write_picture(BEFORE_NAME, before, pixel_m);
        if (pl_scene_open(BEFORE_NAME, &scene_options, &previous, &error) != PL_OK)
            fail_msg("%s", error.message);
        options.previous = previous;
    }
    if (pl_hull_find(scene, &search, &options, arena, &list, &error) != PL_OK)
        fail_msg("%s", error.message);
    found out = {.count = list.count};
    if (list.count > 0) out.first = list.hull[0];
    pl_scene_close(previous);
    pl_scene_close(scene);
    pl_arena_free(arena);
    return out;
}

static found find_at(float *plane, double pixel_m) {
    return find_after(plane, NULL, pixel_m);
}

static found find(float *plane) {
    return find_at(plane, GSD);
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

/* The plane turned by a quarter of a circle; takes the old one. */
static float *turned(float *plane) {
    float *out = malloc(sizeof *out * SIZE * SIZE);
    assert_non_null(out);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) out[(SIZE - 1 - x) * SIZE + y] = plane[y * SIZE + x];
    free(plane);
    return out;
}

/* Two ships at a quay, one parted from it by a gap of two pixels: seen from all four sides alike.
 */
static void a_turned_picture_shows_the_same(void **state) {
    (void)state;
    for (int quarters = 0; quarters < 4; quarters++) {
        float *plane = water(300, 4);
        paint(plane, 300, 540, 590, 100, 90, false, 700);
        paint(plane, 180, 480.3, 100.4, 15.9, 90, true, 800);
        paint(plane, 400, 477, 120, 20, 90, true, 1000);
        for (int k = 0; k < quarters; k++) plane = turned(plane);
        found f = find(plane);
        assert_int_equal(f.count, 2);
    }
}

/* Foam behind the ship, as wide as she is and half as bright; farther off, bright crests in line
 * with her. */
static void a_wake_is_no_hull(void **state) {
    (void)state;
    for (double heading = 10; heading < 360; heading += 76) {
        double s = sin(heading * PL_RAD_PER_DEG), c = cos(heading * PL_RAD_PER_DEG);
        float *plane = water(300, 4);
        paint(plane, 300 - 70 * s, 300 + 70 * c, 40, 14, heading, false, 420);
        for (int k = 0; k < 5; k++)
            paint(plane, 300 + (62 + 3 * k) * s, 300 - (62 + 3 * k) * c, 1.5, 1.5, heading, false,
                  900);
        paint(plane, 300, 300, 110, 17, heading, true, 900);
        found f = find(plane);
        assert_int_equal(f.count, 1);
        near("length", f.first.length_m.value, 110, 4.5); /* a crest may touch the bow's tip */
        near("beam", f.first.beam_m.value, 17, 0.3);
        assert_true((f.first.reasons & PL_BIT(PL_OUTLINE_UNCERTAIN)) != 0);
    }
}

/* A row of boxes of a ship's shape amid a paved yard, water 100 m off. */
static void a_stack_in_a_yard_is_no_ship(void **state) {
    (void)state;
    for (int quarters = 0; quarters < 4; quarters++) {
        float *plane = water(300, 4);
        paint(plane, 300, 440, 590, 300, 90, false, 500);
        paint(plane, 300, 450, 110, 17, 90, true, 900);
        for (int k = 0; k < quarters; k++) plane = turned(plane);
        assert_int_equal(find(plane).count, 0);
    }
}

/* The same where the yard fills all but a fourteenth of the picture: dark pavement between many
 * boxes, whose tiles are alike, is not the water then. */
static void little_water_is_still_the_water(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 322, 598, 556, 90, false, 480);
    for (int k = 0; k < 300; k++)
        paint(plane, 20 + k % 20 * 29.5, 70 + k / 20 * 34, 28, 22, 90, false, 500 + k * 97 % 400);
    paint(plane, 300, 350, 110, 17, 90, true, 1500);
    assert_int_equal(find(plane).count, 0);
}

/* What sticks to one side of the stern makes it narrow on that side only: no bow. */
static void a_bow_narrows_on_both_sides(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 300, 110, 17, 90, false, 900);
    paint(plane, 350, 293.5, 12, 6, 90, false, 300); /* a corner is missing */
    found f = find(plane);
    assert_int_equal(f.count, 1);
    assert_false(f.first.bow_certain);
}

static void the_lit_wall_makes_the_beam_unsure(void **state) {
    (void)state;
    pl_hull hull = {.heading_rad = 0, .beam_m = {20, 0.5}};
    pl_sight one_side = {.sun_azimuth_rad = 1.6,
                         .view_azimuth_rad = 1.6,
                         .view_incidence_rad = 0.4},
             opposite = {
                 .sun_azimuth_rad = 1.6, .view_azimuth_rad = 4.7, .view_incidence_rad = 0.4};
    pl__hull_doubt_wall(&opposite, &hull);
    near("no lit wall in sight", hull.beam_m.sigma, 0.5, 1e-9);
    /* a freeboard of 0 to 8 m (rms 4.6 m), of which tan(0.4 rad) = 0.42 is seen */
    pl__hull_doubt_wall(&one_side, &hull);
    near("lit wall in sight", hull.beam_m.sigma, 2.0, 0.1);
}

/* Deck and quay of one brightness: only her shape parts them. All sizes are what was painted. */
static void a_ship_at_a_quay_is_parted_from_it(void **state) {
    (void)state;
    for (int dark = 0; dark < 2; dark++) {
        float *plane = water(300, 4);
        paint(plane, 300, 480, 590, 120, 90, false, 800);            /* a quay along the south */
        paint(plane, 250, 409, 140, 22, 90, true, dark ? 500 : 800); /* touches it at y = 420 */
        found f = find(plane);
        assert_int_equal(f.count, 1);
        near("length", f.first.length_m.value, 140, 2.5);
        near("beam", f.first.beam_m.value, 22, 2.5 * f.first.beam_m.sigma);
        assert_true(f.first.bow_certain);
        near("heading", remainder(f.first.heading_rad * PL_DEG_PER_RAD - (90 - 1.32), 360.0), 0,
             0.5);
        assert_true(f.first.touched[1]); /* bow to the east: the quay lies to starboard */
        assert_false(f.first.touched[0]);
        assert_true(f.first.reasons & PL_BIT(PL_ALONGSIDE));
    }
}

static void a_ship_at_a_jetty_head_is_parted_from_it(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 266, 60, 36, 90, false, 820);  /* the head */
    paint(plane, 300, 440, 320, 8, 0, false, 820);   /* the way to it */
    paint(plane, 310, 241, 110, 14, 270, true, 800); /* the ship, north of it, bow west */
    found f = find(plane);
    assert_int_equal(f.count, 1);
    near("length", f.first.length_m.value, 110, 2.5);
    near("beam", f.first.beam_m.value, 14, 2.5 * f.first.beam_m.sigma);
    assert_true(f.first.touched[0] && !f.first.touched[1]);
}

/* Gear on deck shades the open side in four places, and a house her whole breadth near the stern.
 */
static void shadows_on_a_side_do_not_hide_her(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 480, 590, 120, 90, false, 800);
    paint(plane, 250, 409, 140, 22, 90, true, 600);
    for (int k = 0; k < 4; k++) paint(plane, 222 + 19 * k, 400, 7, 5, 90, false, 290);
    paint(plane, 204, 409, 6, 22, 90, false, 290);
    found f = find(plane);
    assert_int_equal(f.count, 1);
    near("length", f.first.length_m.value, 140, 2.5);
    near("beam", f.first.beam_m.value, 22, 2.5 * f.first.beam_m.sigma);
}

/* A narrow quay and what lies at it are of a ship's proportions together. */
static void a_quay_and_its_ship_are_not_one(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 300, 250, 32, 90, false, 800);
    paint(plane, 300, 272, 140, 24, 90, false, 800); /* cut square: she is not told from a wharf */
    assert_int_equal(find(plane).count, 0);
}

/* A quay, drawn darker and some pixels off in the earlier picture, as another sun and another
 * orthorectification would. */
static float *harbour(bool before, double off) {
    float *plane = water(before ? 250 : 300, 4);
    paint(plane, 300 + off, 480 + off, 590, 120, 90, false, before ? 600 : 800);
    return plane;
}

/* A barge is cut square, as a wharf is: only that she was not there before tells. */
static void what_is_new_at_a_quay_is_a_ship(void **state) {
    (void)state;
    for (int known = 0; known < 2; known++) {
        float *plane = harbour(false, 0);
        paint(plane, 250, 411, 80, 18, 90, false, 800);
        found f = find_after(plane, known ? harbour(true, 1.5) : NULL, GSD);
        assert_int_equal(f.count, known);
        if (!known) continue;
        near("length", f.first.length_m.value, 80, 2.5);
        near("beam", f.first.beam_m.value, 18, 3 * f.first.beam_m.sigma);
        assert_true(f.first.touched[0] != f.first.touched[1]);
        assert_true(f.first.y_px * GSD < 420);
    }
    float *wharf = harbour(true, 1.5), *plane = harbour(false, 0);
    paint(wharf, 251.5, 412.5, 80, 18, 90, false, 600);
    paint(plane, 250, 411, 80, 18, 90, false, 800);
    assert_int_equal(find_after(plane, wharf, GSD).count, 0);
    assert_int_equal(find_after(harbour(false, 0), harbour(true, 1.5), GSD).count, 0);
}

/* At 10 m a pixel (the figures are drawn at a twentieth) nothing else parts ship and quay. */
static void at_ten_metres_too(void **state) {
    (void)state;
    for (int known = 0; known < 2; known++) {
        float *plane = harbour(false, 0);
        paint(plane, 250, 418.8, 13, 2.4, 90, false, 800);
        found f = find_after(plane, known ? harbour(true, 0.5) : NULL, 10);
        assert_int_equal(f.count, known);
        if (!known) continue;
        near("length", f.first.length_m.value, 260, 2.5 * f.first.length_m.sigma);
        assert_true(f.first.reasons & PL_BIT(PL_TOO_COARSE));
        assert_true(f.first.reasons & PL_BIT(PL_ALONGSIDE));
    }
}

static void ships_side_by_side_are_two(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 300, 220, 36, 90, true, 700);
    paint(plane, 290, 275, 100, 14, 90, true, 900);
    found f = find(plane);
    assert_int_equal(f.count, 2);
    near("length of the smaller", f.first.length_m.value, 100, 2.5);
    near("beam of the smaller", f.first.beam_m.value, 14, 2.5 * f.first.beam_m.sigma);
    assert_true(f.first.touched[1] && !f.first.touched[0]);
}

static void what_is_cut_square_is_no_ship(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 480, 590, 120, 90, false, 800);
    paint(plane, 200, 405, 120, 30, 90, false, 800); /* a wharf before the quay */
    paint(plane, 430, 340, 20, 160, 90, false, 800); /* a jetty head, */
    paint(plane, 430, 380, 90, 10, 0, false, 800);   /* and the way to it */
    paint(plane, 60, 370, 110, 18, 0, false, 800);   /* a pier */
    assert_int_equal(find(plane).count, 0);
}

/* Foam of a ship's size and shape, as bright as a deck: patches that begin and end anywhere. */
static void foam_has_no_smooth_side(void **state) {
    (void)state;
    uint64_t seed = 5;
    float *plane = water(300, 4);
    for (int k = 0; k < 75; k++) {
        double wide = pl__clamp(17 + 5 * noise(&seed), 6, 30), off = 2 * noise(&seed);
        paint(plane, 240 + 1.6 * k, 300 + off, 1.7, wide, 90, false, 900);
    }
    assert_int_equal(find(plane).count, 0);
}

/* A tug or yacht is as broad as a pontoon: her bow tells, and water all round. */
static void a_broad_ship_has_a_bow(void **state) {
    (void)state;
    for (int pointed = 0; pointed < 2; pointed++) {
        float *plane = water(300, 4);
        paint(plane, 300, 300, 62, 21, 70, pointed, 900);
        found f = find(plane);
        assert_int_equal(f.count, pointed);
        if (pointed) near("beam", f.first.beam_m.value, 21, 0.5);
    }
    float *plane = water(300, 4);
    paint(plane, 300, 480, 590, 338, 90, false,
          700); /* the same against a quay, which begins at 311 */
    paint(plane, 300, 300, 62, 21, 90, true, 700);
    assert_int_equal(find(plane).count, 0);
}

/* A barge on muddy water: hold and shadow darker than it, bow and house brighter. Beside her a
 * cloud's shadow with soft sides, and a slick. */
static void a_ship_darker_than_the_water_is_found(void **state) {
    (void)state;
    for (double heading = 20; heading < 180; heading += 70) {
        double s = sin(heading * PL_RAD_PER_DEG), c = cos(heading * PL_RAD_PER_DEG);
        float *plane = water(300, 4);
        paint(plane, 200, 220, 100, 14, heading, false, 180);
        paint(plane, 200 + 44 * s, 220 - 44 * c, 12, 14, heading, true, 420);
        paint(plane, 200 - 42 * s, 220 + 42 * c, 14, 14, heading, false, 450);
        for (int k = 0; k < 12; k++) /* each a little smaller: its sides fade over 30 m */
            paint(plane, 430, 430, 250 - 5 * k, 60 - 5 * k, 60, false, 300 - 8 * k);
        for (int k = 0; k < 40; k++)
            paint(plane, 100 + 4 * k, 500 + 9 * sin(k), 9, 12 + 8 * cos(3 * k), 80, false, 220);
        found f = find(plane);
        assert_int_equal(f.count, 1);
        near("length", f.first.length_m.value, 100, 2 * f.first.length_m.sigma);
        near("beam", f.first.beam_m.value, 14, 2 * f.first.beam_m.sigma);
        near("x", f.first.x_px * GSD, 200, 3);
        near("y", f.first.y_px * GSD, 220, 3);
        near("heading", remainder(f.first.heading_rad * PL_DEG_PER_RAD - (heading - 1.32), 180.0),
             0, 1);
        assert_true(f.first.reasons & PL_BIT(PL_LOW_CONTRAST));
    }
}

/* 22 by 3.4 pixels of 10 m: no side is a line, but all her light is there. */
static void a_ship_of_few_pixels_is_sized(void **state) {
    (void)state;
    for (double heading = 10; heading < 180; heading += 34) {
        float *plane = water(300, 4);
        paint(plane, 201.3, 250.1, 11.0, 1.7, heading, true, 900);
        paint(plane, 430, 400, 120, 60, 20, false, 700); /* an island */
        paint(plane, 100, 120, 1.5, 1.5, 0, false, 900); /* a boat */
        found f = find_at(plane, 20 * GSD);
        assert_int_equal(f.count, 1);
        near("length", f.first.length_m.value, 220, 2 * f.first.length_m.sigma);
        near("beam", f.first.beam_m.value, 34, 2 * f.first.beam_m.sigma);
        assert_true(f.first.length_m.sigma < 12 && f.first.beam_m.sigma < 6);
        near("heading", remainder(f.first.heading_rad * PL_DEG_PER_RAD - (heading - 1.32), 180.0),
             0, 1.5);
        near("x", f.first.x_px * GSD, 201.3, 0.5); /* a pixel */
        near("y", f.first.y_px * GSD, 250.1, 0.5);
        assert_true(f.first.reasons & PL_BIT(PL_TOO_COARSE));
        assert_false(f.first.bow_certain);
    }
}

/* Land all round a basin of 300 by 250 m: what it encloses is water, and not land filled up. */
static void a_ship_in_a_closed_basin_is_found(void **state) {
    (void)state;
    float *plane = water(300, 4);
    paint(plane, 300, 120, 560, 150, 90, false, 700);
    paint(plane, 300, 480, 560, 110, 90, false, 700);
    paint(plane, 85, 300, 130, 420, 90, false, 700);
    paint(plane, 515, 300, 130, 420, 90, false, 700);
    paint(plane, 310, 300, 110, 17, 60, true, 900);
    found f = find(plane);
    assert_int_equal(f.count, 1);
    near("length", f.first.length_m.value, 110, 1.5);
}

/* Hull and what stands on her deck, east-west: a catwalk, or hatches with dark gaps. */
static pl_hull dressed(bool tanker) {
    float *plane = water(300, 4);
    paint(plane, 300, 300, 130, 20, 90, true, 900);
    paint(plane, 247, 300, 18, 16, 90, false, 1700); /* the house, aft */
    if (tanker) {
        paint(plane, 306, 300, 98, 2, 90, false, 1300); /* a pipe rack */
        paint(plane, 306, 302, 98, 1, 90, false, 700);  /* its shadow */
        paint(plane, 306, 300, 3, 14, 90, false, 1200); /* the manifold */
    } else {
        for (int k = 0; k < 5; k++) {
            paint(plane, 266 + 20 * k, 300, 15, 13, 90, false, 1200); /* a hatch */
            paint(plane, 275 + 20 * k, 300, 3, 13, 90, false, 350);   /* its shadow */
        }
    }
    found f = find(plane);
    assert_int_equal(f.count, 1);
    return f.first;
}

static void a_deck_tells_a_tanker(void **state) {
    (void)state;
    pl_error error = PL_ERROR_INIT;
    pl_hull hull[3] = {dressed(true), dressed(false), dressed(true)};
    hull[2].evidence[PL_PIPING] = NAN;
    pl_hull_list list = {3, hull};
    assert_true(hull[0].evidence[PL_CENTRE_LINE] > hull[1].evidence[PL_CENTRE_LINE] + 1);
    assert_true(hull[1].evidence[PL_CROSS_BARS] > hull[0].evidence[PL_CROSS_BARS] + 0.2);
    assert_true(hull[0].evidence[PL_SHADE] > hull[1].evidence[PL_SHADE] + 0.2);
    near("length per beam", hull[0].evidence[PL_LENGTH_PER_BEAM], 6.5, 0.2);
    assert_int_equal(pl_hull_classify(PL_SOURCE_DIR "/models", &list, &error), PL_OK);
    assert_true(hull[0].vessel_class == PL_CLASS_TANKER && hull[0].tanker_probability >= 0.8);
    assert_false(hull[0].reasons & (PL_BIT(PL_CLASS_UNSURE) | PL_BIT(PL_NOT_A_TANKER)));
    assert_true(hull[1].vessel_class == PL_CLASS_OTHER && hull[1].tanker_probability <= 0.2);
    assert_true(hull[1].reasons & PL_BIT(PL_NOT_A_TANKER));
    assert_true(hull[2].vessel_class == PL_CLASS_UNKNOWN && isnan(hull[2].tanker_probability));
    assert_true(hull[2].reasons & PL_BIT(PL_CLASS_ASSUMED));
    /* judged again without tables: what was said before is taken back */
    assert_int_equal(pl_hull_classify(NULL, &list, &error), PL_OK);
    assert_true(hull[1].vessel_class == PL_CLASS_UNKNOWN && isnan(hull[1].tanker_probability));
    assert_int_equal(hull[1].reasons & (PL_BIT(PL_NOT_A_TANKER) | PL_BIT(PL_CLASS_ASSUMED)),
                     PL_BIT(PL_CLASS_ASSUMED));
}

/* Log odds 0 whatever the deck shows, then a table that lacks a row, and one with a wrong number.
 */
static void a_table_is_looked_through(void **state) {
    (void)state;
    static const char HEAD[] = "evidence,mean,sd,low,high,weight,source,date\n";
    static const char *const ROW[] = {
        "centre_line,0,1,-3,3,0,x,2026\n",    "cross_bars,0,1,-3,3,0,x,2026\n",
        "shade,0,1,-3,3,0,x,2026\n",          "piping,0,1,-3,3,0,x,2026\n",
        "length_per_beam,0,1,1,9,0,x,2026\n", "constant,,,,,0,x,2026\n"};
    char folder[] = "/tmp/plimsoll-class-XXXXXX", file[64];
    pl_hull hull = dressed(true);
    pl_hull_list list = {1, &hull};
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/vessel_class.csv", folder);
    for (int without = 0; without <= 7; without++) {
        pl_error error = PL_ERROR_INIT;
        FILE *stream = fopen(file, "w");
        assert_non_null(stream);
        fputs(HEAD, stream);
        for (int k = 0; k < 6; k++) {
            if (k == without) continue;
            fputs(k == 2 && without == 7 ? "shade,0,0,-3,3,0,x,2026\n" : ROW[k], stream);
        }
        fclose(stream);
        pl_status status = pl_hull_classify(folder, &list, &error);
        if (without == 6) {
            assert_int_equal(status, PL_OK);
            near("probability", hull.tanker_probability, 0.5, 1e-12);
            assert_true(hull.vessel_class == PL_CLASS_UNKNOWN);
            assert_true(hull.reasons & PL_BIT(PL_CLASS_UNSURE));
        } else {
            assert_int_equal(status, PL_E_FORMAT);
            assert_non_null(strstr(error.message, "vessel_class.csv"));
        }
    }
    remove(file);
    rmdir(folder);
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
        cmocka_unit_test(a_turned_picture_shows_the_same),
        cmocka_unit_test(a_wake_is_no_hull),
        cmocka_unit_test(a_stack_in_a_yard_is_no_ship),
        cmocka_unit_test(little_water_is_still_the_water),
        cmocka_unit_test(a_bow_narrows_on_both_sides),
        cmocka_unit_test(the_lit_wall_makes_the_beam_unsure),
        cmocka_unit_test(a_ship_at_a_quay_is_parted_from_it),
        cmocka_unit_test(a_ship_at_a_jetty_head_is_parted_from_it),
        cmocka_unit_test(shadows_on_a_side_do_not_hide_her),
        cmocka_unit_test(a_quay_and_its_ship_are_not_one),
        cmocka_unit_test(what_is_new_at_a_quay_is_a_ship),
        cmocka_unit_test(at_ten_metres_too),
        cmocka_unit_test(ships_side_by_side_are_two),
        cmocka_unit_test(what_is_cut_square_is_no_ship),
        cmocka_unit_test(foam_has_no_smooth_side),
        cmocka_unit_test(a_broad_ship_has_a_bow),
        cmocka_unit_test(a_ship_darker_than_the_water_is_found),
        cmocka_unit_test(a_ship_of_few_pixels_is_sized),
        cmocka_unit_test(a_ship_in_a_closed_basin_is_found),
        cmocka_unit_test(a_deck_tells_a_tanker),
        cmocka_unit_test(a_table_is_looked_through),
        cmocka_unit_test(the_picture_edge_is_flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
