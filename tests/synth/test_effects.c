/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is each thing that can spoil a picture drawn where geometry puts it?
 *
 * Expected places are worked by hand from the options alone: heights times the cotangent of the
 * sun's elevation or the tangent of the incidence, speeds times seconds. The ship is 20 m wide and
 * 5 m high, heads north on the equator; sections run east. */
#include <stdio.h>
#include <string.h>

#include "io/io.h"
#include "plimsoll/scene.h"
#include "synth/section.h"

static pl_synth_options short_ship(double sun_az, double sun_el, double view_az, double incidence) {
    pl_synth_options o = bare_ship(sun_az, sun_el, view_az, incidence);
    o.length_m = 64;
    o.parallel_share = 0.8;
    o.samples = 2;
    o.size_px = 560;
    return o;
}

/* Where the section crosses half way between two of its levels. */
static void step(const char *what, const double *p, int n, double before_m, double after_m,
                 double expected_m) {
    double level = 0.5 * (level_at(p, before_m) + level_at(p, after_m));
    double got = crossing(p, n, before_m, level);
    if (!(fabs(got - expected_m) < 0.07)) fail_msg("%s: %.3f m, not %.3f", what, got, expected_m);
}

/* A quay 3 m off and 2.5 m high catches the shadow 2.5 m below the deck: with the sun at 45 deg it
 * ends 2.5 m from the side's plane, before the quay; with 1 m below the deck and 26.565 deg 8 m. */
static void quay_catches_the_shadow(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = short_ship(270, atan(0.5) * PL_DEG_PER_RAD, 0, 0);
    o.quay = true;
    o.berth_gap_m = 3;
    o.berth_height_m = 1;
    int n = section(&o, p);
    step("shadow's end on the quay", p, n, 15, 21, HALF_BEAM + 8);
    step("quay's far edge", p, n, 30, 44, HALF_BEAM + 33);
}

static void jetty_stands_off_the_side(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = short_ship(90, 60, 0, 0);
    o.jetty = true;
    o.berth_gap_m = 4;
    o.length_m = 150;
    int n = section(&o, p);
    step("platform's near edge", p, n, 12, 15, HALF_BEAM + 4);
    assert_true(level_at(p, 24) > 2);
}

/* Alongside to starboard 3 m off; a barge of 0.19 times 0.45 of 64 m lies 0.8 m off to port. */
static void neighbours_lie_beside_her(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = short_ship(180, 60, 0, 0);
    o.neighbour = true;
    int n = section(&o, p);
    step("the other ship's side", p, n, 11.8, 14, HALF_BEAM + 3);
    o.neighbour = false;
    o.barge = true;
    o.heading_rad = PL_PI; /* port is east now */
    n = section(&o, p);
    step("the barge's far side", p, n, 14, 20, HALF_BEAM + 0.8 + 0.19 * 0.45 * 64);
}

/* Row 4 of the table: sun and satellite in the east, 25 deg of incidence: 2 m of height lie 0.9326
 * m inside the waterline. */
static void boot_topping_ends_at_its_height(void **state) {
    (void)state;
    double p[PROFILE_MAX];
    pl_synth_options o = short_ship(90, 30, 90, 25);
    o.boot_top_m = 2;
    int n = section(&o, p);
    step("boot topping", p, n, 8.4, 9.6, HALF_BEAM - 2 * tan(25 * PL_RAD_PER_DEG));
}

/* Seen from the east at 20 deg, a model that rises by 0.1 m a metre stretches what lies there: the
 * place x shows what stands at x (1 - 0.1 tan 20 deg). Row 3's edges lie at 8.180 and 10 m. */
static void shore_slope_stretches(void **state) {
    (void)state;
    double p[PROFILE_MAX], stretch = 1 / (1 - 0.1 * tan(20 * PL_RAD_PER_DEG));
    pl_synth_options o = short_ship(270, 30, 90, 20);
    o.shore_slope = 0.1;
    int n = section(&o, p);
    step("deck", p, n, 6, 9, 8.180 * stretch);
    step("shadow", p, n, 15, 25, 18.660 * stretch);
}

/* 8 m/s and 0.5 s a band: the stem of the last of three bands is 8 m further than the first's. */
static void bands_of_a_moving_ship_lie_apart(void **state) {
    (void)state;
    pl_error error = PL_ERROR_INIT;
    pl_image image;
    double affine[6], stem[3];
    pl_arena *arena = pl_arena_new(0);
    pl_synth_options o = short_ship(270, 60, 0, 0);
    o.bands = 3;
    o.speed_m_s = 8;
    o.band_lag_s = 0.5;
    o.samples = 2;
    assert_non_null(arena);
    if (pl_synth_draw(&o, arena, &image, affine, &error) != PL_OK) fail_msg("%s", error.message);
    for (int b = 0; b < 3; b++) {
        const float *plane = pl__plane(&image, b) + image.width / 2;
        double water = (double)plane[20 * (size_t)image.width];
        for (int y = 20; y < image.height; y++) { /* from the north */
            stem[b] = GSD * y;
            if ((double)plane[(size_t)y * (size_t)image.width] > 1.3 * water) break;
        }
    }
    pl_arena_free(arena);
    if (!(fabs(stem[0] - stem[2] - 8) < 0.5))
        fail_msg("stems at %.2f and %.2f m", stem[0], stem[2]);
}

static double mean_of(const pl_synth_options *o, double *sigma) {
    pl_error error = PL_ERROR_INIT;
    pl_image image;
    double affine[6], sum = 0, squares = 0;
    pl_arena *arena = pl_arena_new(0);
    assert_non_null(arena);
    if (pl_synth_draw(o, arena, &image, affine, &error) != PL_OK) fail_msg("%s", error.message);
    size_t count = (size_t)image.width * (size_t)image.height;
    for (size_t i = 0; i < count; i++) sum += (double)image.data[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += pow((double)image.data[i] - sum, 2) / (double)count;
    *sigma = sqrt(squares);
    pl_arena_free(arena);
    return sum;
}

/* Empty water: glint of a half adds a half and patches; exposure multiplies; under a whole cloud
 * what is left is what the contrast leaves: 0.65. */
static void water_brightens_and_darkens(void **state) {
    (void)state;
    double sigma, patches;
    pl_synth_options o = short_ship(180, 40, 0, 0);
    o.ship = false;
    o.size_px = 400;
    double plain = mean_of(&o, &sigma);
    assert_true(sigma < 1);
    o.glint = 0.5;
    double glint = mean_of(&o, &patches) / plain;
    if (!(fabs(glint - 1.5) < 0.03)) fail_msg("with glint %.3f", glint);
    assert_true(patches > 0.1 * plain);
    o.glint = 0;
    o.exposure = 2;
    assert_true(fabs(mean_of(&o, &sigma) / plain - 2) < 1e-3);
    o.exposure = 1;
    o.cloud_shadow = 1;
    o.beam_m = 4;
    o.length_m = 20; /* whose share lies between the picture's middle and the edge */
    double half = mean_of(&o, &sigma) / plain;
    if (!(half > 0.7 && half < 0.95 && sigma > 0.15 * plain))
        fail_msg("under half a cloud %.3f +- %.3f", half, sigma / plain);
}

/* Foam is brighter than water, and nobody makes any when nobody moves. */
static void wakes_are_white(void **state) {
    (void)state;
    pl_ship ship;
    pl_sea sea = {.ship = &ship};
    pl_synth_options o = short_ship(180, 40, 0, 0);
    sea.options = &o;
    pl__synth_ship(&o, &ship);
    assert_true(pl__synth_foam(&sea, -70, 0) == 0);
    o.speed_m_s = 8;
    pl__synth_ship(&o, &ship);
    double astern = 0;
    for (int i = 0; i < 100; i++)
        astern += 0.01 * pl__synth_foam(&sea, -34 - 0.5 * i, 0.3 * (i % 7));
    if (!(astern > 0.1 && astern < 0.9)) fail_msg("astern %.3f of the water are foam", astern);
    assert_true(pl__synth_foam(&sea, 80, 0) == 0);
    assert_true(pl__synth_foam(&sea, -70, 60) == 0);
    o.speed_m_s = 0;
    o.tug = true;
    pl__synth_ship(&o, &ship);
    assert_int_equal(ship.plumes, 1);
}

/* A raised forecastle and poop lift the section where they are; gear grows. */
static void raised_ends_and_tall_gear_are_higher(void **state) {
    (void)state;
    pl_ship ship;
    pl_hit hit;
    pl_synth_options o = short_ship(180, 40, 0, 0);
    o.superstructure = true;
    o.forecastle_share = 0.4;
    o.poop_share = 0.1;
    pl__synth_ship(&o, &ship);
    const double u[] = {10, 0, -31}, height[] = {7.2, 5, 7.2};
    for (int i = 0; i < 3; i++) {
        pl_ray up = {{u[i], 5, 0}, {0, 0, 1}};
        assert_true(pl__synth_seen(&ship, NULL, &up, &hit));
        if (!(fabs(hit.t - height[i]) < 0.02)) fail_msg("%g: %.3f, not %g", u[i], hit.t, height[i]);
    }
    o.superstructure = false;
    o.deck_gear = true;
    o.gear_scale = 2;
    pl__synth_ship(&o, &ship);
    pl_ray post = {{4.5, 0, 0}, {0, 0, 1}};
    assert_true(pl__synth_seen(&ship, NULL, &post, &hit));
    assert_true(fabs(hit.t - (5 + 2 * 7)) < 1e-6);
}

/* The maps of what a ray may meet save work and decide nothing: rays from water and from decks, of
 * a heeled ship with all that may stand on her and lie beside her, meet the same with and without.
 */
static void maps_of_parts_decide_nothing(void **state) {
    (void)state;
    pl_ship ship;
    pl_aim sun, view;
    pl_arena *arena = pl_arena_new(0);
    pl_synth_options o = short_ship(200, 25, 100, 20);
    assert_non_null(arena);
    o.superstructure = o.deck_gear = o.trunk = o.jetty = o.barge = o.tug = true;
    o.forecastle_share = 0.1;
    o.gunwale_radius_m = 0.1;
    o.fishplate_m = 0.2;
    o.rail_opacity = 0.2;
    o.heel_rad = 4 * PL_RAD_PER_DEG;
    pl__synth_ship(&o, &ship);
    pl_light light;
    pl__synth_light(&o, &light);
    double way[1 + PL__DISC][3];
    for (int k = 0; k < 3; k++) {
        way[0][k] = light.sun[k];
        for (int i = 0; i < PL__DISC; i++) way[1 + i][k] = light.disc[i][k];
    }
    assert_true(pl__synth_aim(&ship, 1 + PL__DISC, way, arena, &sun));
    assert_true(pl__synth_aim(&ship, 1, &light.view, arena, &view));
    int shaded = 0, seen = 0, count = 200000;
    for (int k = 0; k < count; k++) {
        uint64_t key = 8 * (uint64_t)k;
        double u = 2 * ship.reach_u * (pl__synth_random(3, key) - 0.5),
               w = 2 * ship.reach_w * (pl__synth_random(3, key + 1) - 0.5),
               z = k % 2 ? 0 : 12 * pl__synth_random(3, key + 2);
        const double *disc = light.disc[k % PL__DISC];
        pl_ray up = {{u, w, z}, {disc[0], disc[1], disc[2]}};
        double free = pl__synth_free(&ship, NULL, &up);
        assert_true(pl__synth_free(&ship, &sun, &up) == free);
        shaded += free < 1;
        up = (pl_ray){{u, w, z}, {light.view[0], light.view[1], 1}};
        pl_hit hit, other;
        bool met = pl__synth_seen(&ship, NULL, &up, &hit);
        assert_true(pl__synth_seen(&ship, &view, &up, &other) == met);
        assert_true(hit.t == other.t && hit.surface == other.surface);
        seen += met;
    }
    assert_true(shaded > count / 20 && shaded < count / 2 && seen > count / 20);
    pl_arena_free(arena);
}

/* Colours spread over four pixels either way, grey edges stay: the mean of the bands is what it
 * was, and half the step from red to blue water lies further out. */
static void pan_sharpening_blurs_colours_only(void **state) {
    (void)state;
    enum { SIDE = 40 };
    static float plain[3 * SIDE * SIDE];
    pl_error error = PL_ERROR_INIT;
    pl_synth_options o = short_ship(270, 45, 0, 0);
    pl_arena *arena = pl_arena_new(0);
    pl_image image = {.width = SIDE, .height = SIDE, .bands = 3, .data = plain};
    assert_non_null(arena);
    for (int i = 0; i < SIDE * SIDE; i++) { /* red left, blue right, as bright: no grey edge */
        plain[i] = i % SIDE < SIDE / 2 ? 2 : 1;
        plain[SIDE * SIDE + i] = 1;
        plain[2 * SIDE * SIDE + i] = i % SIDE < SIDE / 2 ? 1 : 2;
    }
    o.pan_sharpened = true;
    o.bands = 3;
    assert_int_equal(pl__synth_sensor(&o, arena, &image, &error), PL_OK);
    const float *row = image.data + 20 * SIDE;
    double far = (double)row[2], near = (double)row[SIDE / 2 - 1], beyond = (double)row[SIDE - 3];
    /* the last red pixel sees 10 sixteenths of red: of the triangle 1 2 3 4 | 3 2 1 */
    assert_true(fabs(far / beyond - 2) < 1e-3);
    if (!(fabs(near / beyond - (1 + 10.0 / 16)) < 1e-3)) fail_msg("%.4f", near / beyond);
    pl_arena_free(arena);
}

/* The sidecar states 12 + 0.5 and 100 - 3 deg; the picture is drawn at 12 and 100. */
static void metadata_may_err(void **state) {
    (void)state;
    static const pl_sidecar_kind kind[] = {PL_SIDECAR_STAC, PL_SIDECAR_IMD};
    for (int k = 0; k < 2; k++) {
        pl_error error = PL_ERROR_INIT;
        pl_scene *scene = NULL;
        pl_synth_options o = short_ship(150, 35, 100, 12);
        o.ship = false;
        o.size_px = 200;
        o.sidecar = kind[k];
        o.incidence_error_rad = 0.5 * PL_RAD_PER_DEG;
        o.view_azimuth_error_rad = -3 * PL_RAD_PER_DEG;
        const char *file = k ? "/vsimem/synth/imd.tif" : "/vsimem/synth/stac.tif";
        if (pl_synth_write(&o, file, &error) != PL_OK) fail_msg("%s", error.message);
        if (pl_scene_open(file, NULL, &scene, &error) != PL_OK) fail_msg("%s", error.message);
        const pl_scene_info *info = pl_scene_describe(scene);
        assert_true(fabs(info->sight.view_incidence_rad * PL_DEG_PER_RAD - 12.5) < 1e-4);
        assert_true(fabs(info->sight.view_azimuth_rad * PL_DEG_PER_RAD - 97) < 1e-4);
        pl_scene_close(scene);
    }
}

/* JPEG loses something and not much; 11 bits cannot be JPEG. */
static void jpeg_loses_a_little(void **state) {
    (void)state;
    enum { SIDE = 300 };
    static float plain[3 * SIDE * SIDE], packed[3 * SIDE * SIDE];
    pl_error error = PL_ERROR_INIT;
    pl_synth_options o = short_ship(270, 45, 0, 0);
    o.bands = 3;
    o.bits = 8;
    o.size_px = SIDE;
    o.samples = 1;
    for (int k = 0; k < 2; k++) {
        pl_raster *raster = NULL;
        o.jpeg_quality = k ? 85 : 0;
        if (pl_synth_write(&o, "/vsimem/synth/jpeg.tif", &error) != PL_OK ||
            pl__io_raster_open("/vsimem/synth/jpeg.tif", NULL, &raster, &error) != PL_OK ||
            pl__io_raster_read(raster, 0, 0, SIDE, SIDE, SIDE, SIDE, k ? packed : plain, &error) !=
                PL_OK)
            fail_msg("%s", error.message);
        pl__io_raster_close(raster);
    }
    double squares = 0;
    for (int i = 0; i < 3 * SIDE * SIDE; i++)
        squares += pow((double)packed[i] - (double)plain[i], 2) / (3 * SIDE * SIDE);
    if (!(squares > 0.05 && squares < 60)) fail_msg("JPEG: %.3f DN rms", sqrt(squares));
    o.bits = 11;
    assert_int_equal(pl_synth_write(&o, "/vsimem/synth/jpeg.tif", &error), PL_E_USAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quay_catches_the_shadow),
        cmocka_unit_test(jetty_stands_off_the_side),
        cmocka_unit_test(neighbours_lie_beside_her),
        cmocka_unit_test(boot_topping_ends_at_its_height),
        cmocka_unit_test(shore_slope_stretches),
        cmocka_unit_test(bands_of_a_moving_ship_lie_apart),
        cmocka_unit_test(water_brightens_and_darkens),
        cmocka_unit_test(wakes_are_white),
        cmocka_unit_test(raised_ends_and_tall_gear_are_higher),
        cmocka_unit_test(maps_of_parts_decide_nothing),
        cmocka_unit_test(pan_sharpening_blurs_colours_only),
        cmocka_unit_test(metadata_may_err),
        cmocka_unit_test(jpeg_loses_a_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
