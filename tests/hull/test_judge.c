/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is every ship among the shapes, is one shape picked a ship, and does the judge do what it is
 * asked for and no more? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hull/judge.h"
#include "io/io.h"
#include "plimsoll/port.h"

enum { SIDE = 400 };
static const char *const MODELS = PL_SOURCE_DIR "/models";

/* Water of level 300 and scatter 4, three bands, pixels of 1 m. */
static pl_crop water(pl_arena *arena) {
    pl_crop crop = {.step = 1.0,
                    .frame = {.pixel_m = 1.0, .metres = {1, 0, 0, -1}, .pixels = {1, 0, 0, -1}}};
    uint64_t seed = 7;
    assert_true(pl__arena_image(arena, SIDE, SIDE, 3, &crop.pixels));
    for (int i = 0; i < 3 * SIDE * SIDE; i++) {
        double sum = 0;
        for (int k = 0; k < 12; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            sum += (double)(seed >> 33) / 2147483648.0;
        }
        crop.pixels.data[i] = (float)(300 + 4 * (sum - 6));
    }
    return crop;
}

static void paint(pl_crop *crop, const pl_shape *ship, const double add[3]) {
    double c = cos(ship->angle_rad), s = sin(ship->angle_rad);
    for (int band = 0; band < 3; band++) {
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double dx = x + 0.5 - ship->x, dy = y + 0.5 - ship->y, u = dx * c + dy * s,
                       w = dy * c - dx * s;
                double end = fmax(0, fabs(u) / (0.5 * ship->length) - 0.8) / 0.2;
                if (end <= 1 && fabs(w) <= 0.5 * ship->beam * (1 - 0.7 * end))
                    pl__plane(&crop->pixels, band)[y * SIDE + x] += (float)add[band];
            }
        }
    }
}

static double best_overlap(const pl_crop *crop, const pl_shape *ship, pl_arena *arena) {
    pl_hull_options options = PL_HULL_OPTIONS_INIT;
    pl_error error = PL_ERROR_INIT;
    pl_sea sea;
    pl_shape *shapes;
    int count;
    double best = 0;
    assert_int_equal(pl__hull_sea(crop, arena, &sea, &error), PL_OK);
    assert_true(pl__hull_shapes(crop, &sea, &options, arena, &shapes, &count));
    for (int k = 0; k < count; k++) best = fmax(best, pl__shape_overlap(&shapes[k], ship));
    return best;
}

/* Brighter, darker, of another colour and no brighter, and with a bright wake astern. */
static void every_ship_is_among_the_shapes(void **state) {
    (void)state;
    static const double ADD[][3] = {
        {200, 200, 200}, {-60, -60, -60}, {40, 0, -40}, {200, 200, 200}};
    for (int k = 0; k < 4; k++) {
        pl_arena *arena = pl_arena_new(0);
        pl_crop crop = water(arena);
        pl_shape ship = {180, 200, 0.6, 100, 18, 1};
        paint(&crop, &ship, ADD[k]);
        if (k == 3) {
            pl_shape wake = {180 - 95 * cos(0.6), 200 - 95 * sin(0.6), 0.6, 110, 7, 1};
            paint(&crop, &wake, (double[3]){120, 120, 120});
        }
        double best = best_overlap(&crop, &ship, arena);
        if (!(best > 0.75)) fail_msg("kind %d: best overlap %.2f", k, best);
        pl_arena_free(arena);
    }
}

static void one_shape_is_picked_a_ship(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    /* a ship, half of her, her sister alongside, and what is hardly a ship */
    const pl_shape shapes[] = {{100, 100, 0.3, 90, 15, 1},
                               {120, 106, 0.3, 45, 15, 1},
                               {100 - 16 * sin(0.3), 100 + 16 * cos(0.3), 0.3, 90, 15, 1},
                               {300, 300, 1.0, 60, 12, 1}};
    const pl_verdict verdicts[] = {{0.9, 0.8}, {0.95, 0.5}, {0.8, 0.7}, {0.3, 0.9}};
    int *picked, picks = pl__judge_pick(shapes, verdicts, 4, 0.5, arena, &picked);
    assert_int_equal(picks, 2);
    assert_int_equal(picked[0], 0);
    assert_int_equal(picked[1], 2);
    assert_int_equal(pl__judge_pick(shapes, verdicts, 4, 0.2, arena, &picked), 3);
    pl_arena_free(arena);
}

/* A shape is the same chip wherever and however large it lies, but for resampling. */
static void chips_do_not_know_size_and_place(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    pl_shape small = {90, 110, 0.2, 60, 11, 1}, large = {270, 240, 1.9, 180, 33, 1};
    pl_crop crop = water(arena);
    paint(&crop, &small, (double[3]){400, 400, 400});
    paint(&crop, &large, (double[3]){400, 400, 400});
    pl_views views;
    int8_t chip[2][PL_CHIP_SIZE];
    assert_true(pl__views_make(&crop, arena, &views));
    pl__views_chip(&views, &small, chip[0]);
    pl__views_chip(&views, &large, chip[1]);
    int middle = (PL_CHIP_HEIGHT / 2) * PL_CHIP_WIDTH + PL_CHIP_WIDTH / 2, alike = 0;
    for (int i = 0; i < PL_CHIP_WIDTH * PL_CHIP_HEIGHT; i++)
        alike += abs(chip[0][i] - chip[1][i]) <= 16;
    assert_true(chip[0][middle] > 40 && chip[1][middle] > 40); /* deck: above its surroundings */
    assert_true(alike > 0.93 * PL_CHIP_WIDTH * PL_CHIP_HEIGHT);
    pl_arena_free(arena);
}

static void what_is_no_network_is_refused(void **state) {
    (void)state;
    char problem[200] = "";
    assert_null(pl__net_read((const unsigned char *)"no network", 10, problem, sizeof problem));
    assert_true(problem[0] != '\0');
    char folder[] = "/tmp/plimsoll-judge-XXXXXX", file[64];
    pl_error error = PL_ERROR_INIT;
    pl_net *net;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(pl__judge_open(folder, &net, &error), PL_OK); /* no weights: no judge */
    assert_null(net);
    snprintf(file, sizeof file, "%s/ship_judge.onnx", folder);
    assert_int_equal(pl__io_file_write(file, "broken", 6, &error), PL_OK);
    assert_int_equal(pl__judge_open(folder, &net, &error), PL_E_FORMAT);
    assert_non_null(strstr(error.message, "ship_judge.onnx"));
    remove(file);
    rmdir(folder);
}

/* What is said of a shape does not hang on which others are asked about with it. */
static void verdicts_do_not_hang_on_the_batch(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    pl_error error = PL_ERROR_INIT;
    pl_crop crop = water(arena);
    pl_shape shapes[70];
    pl_verdict all[70], one;
    pl_views views;
    pl_net *net;
    for (int k = 0; k < 70; k++)
        shapes[k] = (pl_shape){60 + 4 * k, 90 + 3 * k, 0.04 * k, 80 + k, 15, 1};
    paint(&crop, &shapes[20], (double[3]){300, 280, 250});
    assert_true(pl__views_make(&crop, arena, &views));
    assert_int_equal(pl__judge_open(MODELS, &net, &error), PL_OK);
    assert_non_null(net); /* the weights are part of the house */
    assert_int_equal(pl__judge_shapes(net, &views, shapes, 70, all, &error), PL_OK);
    for (int k = 0; k < 70; k++) {
        assert_int_equal(pl__judge_shapes(net, &views, &shapes[k], 1, &one, &error), PL_OK);
        assert_true(one.ship == all[k].ship && one.overlap == all[k].overlap);
        assert_true(one.ship >= 0 && one.ship <= 1 && one.overlap >= 0 && one.overlap <= 1);
    }
    for (int k = 0; k < 70; k++)
        if (abs(k - 20) > 10) assert_true(all[20].ship > all[k].ship);
    pl__net_free(net);
    pl_arena_free(arena);
}

static pl_hull_list find(const char *file, const char *models, pl_arena *arena) {
    pl_error error = PL_ERROR_INIT;
    pl_scene_options scene_options = PL_SCENE_OPTIONS_INIT;
    pl_port_options port = PL_PORT_OPTIONS_INIT;
    pl_hull_options options = PL_HULL_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_crop search;
    pl_port_area area;
    pl_hull_list list = {0};
    options.models_dir = models;
    pl_status status = pl_scene_open(file, &scene_options, &scene, &error);
    if (status == PL_OK) status = pl_port_crop(scene, &port, arena, &search, &area, &error);
    if (status == PL_OK) status = pl_hull_find(scene, &search, &options, arena, &list, &error);
    if (status != PL_OK) fail_msg("%s", error.message);
    pl_scene_close(scene);
    return list;
}

/* The outline of a ship that the classical search found is left as it is, and what the judge says
 * is told; without weights nothing is said. */
static void an_outlined_ship_stays_as_she_is(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    const char *sample = PL_SOURCE_DIR "/samples/laden.tif";
    assert_true(pl__io_file_exists(PL_SOURCE_DIR "/models/ship_judge.onnx"));
    pl_hull_list without = find(sample, NULL, arena), with = find(sample, MODELS, arena);
    assert_true(without.count >= 1);
    assert_int_equal(with.count, without.count);
    for (int k = 0; k < with.count; k++) {
        assert_true(isnan(without.hull[k].ship_probability));
        assert_true(with.hull[k].ship_probability >= 0.25);
        without.hull[k].ship_probability = with.hull[k].ship_probability;
        assert_true(with.hull[k].x_px == without.hull[k].x_px &&
                    with.hull[k].length_m.value == without.hull[k].length_m.value &&
                    with.hull[k].reasons == without.hull[k].reasons);
    }
    pl_arena_free(arena);
}

/* Three bands that say the same but for noise are no colour, nor is one band; green water is. */
static void three_bands_alike_are_no_colour(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    pl_crop crop = water(arena);
    assert_false(pl__hull_in_colour(&crop)); /* nobody knows what its bands are */
    for (int band = 0; band < 3; band++)
        crop.role[band] = (pl_band_role[]){PL_BAND_RED, PL_BAND_GREEN, PL_BAND_BLUE}[band];
    assert_false(pl__hull_in_colour(&crop));
    for (int i = 0; i < SIDE * SIDE; i++) pl__plane(&crop.pixels, 1)[i] *= 1.15F;
    assert_true(pl__hull_in_colour(&crop));
    crop.role[0] = PL_BAND_NIR; /* bright or dark beyond the light is no colour */
    assert_false(pl__hull_in_colour(&crop));
    pl_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ship_is_among_the_shapes),
        cmocka_unit_test(one_shape_is_picked_a_ship),
        cmocka_unit_test(chips_do_not_know_size_and_place),
        cmocka_unit_test(what_is_no_network_is_refused),
        cmocka_unit_test(verdicts_do_not_hang_on_the_batch),
        cmocka_unit_test(an_outlined_ship_stays_as_she_is),
        cmocka_unit_test(three_bands_alike_are_no_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
