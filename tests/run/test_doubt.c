/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ships that could be misread, drawn by casting rays: are they doubted, and their plain sisters
 * not?
 *
 * One ship in the morning sun, 28 deg up on her bow's quarter. Low in the water her shadow is under
 * two pixels; where the sun runs along the keel her seaward wall is grazed and dark, and may have a
 * red band; her rails may throw a pale shadow of their own beyond the hull's, which is no reason
 * for a doubt. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/base.h"
#include "plimsoll/plimsoll.h"
#include "street.h"

static pl_synth_options ship(void) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 104;
    o.beam_m = 15;
    o.freeboard_m = 4.0;
    o.heading_rad = 125 * PL_RAD_PER_DEG;
    o.sun_azimuth_rad = 189 * PL_RAD_PER_DEG;
    o.sun_elevation_rad = 28 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 204 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 15 * PL_RAD_PER_DEG;
    o.gsd_m = 0.65;
    o.deck_gear = false;
    return o;
}

static street_answer measure(const pl_synth_options *o, const pl_load_models *models) {
    static const char FILE_NAME[] = "/vsimem/doubt/ship.tif";
    pl_error error = PL_ERROR_INIT;
    if (pl_synth_write(o, FILE_NAME, &error) != PL_OK) fail_msg("%s", error.message);
    street_answer a = walk_the_street(FILE_NAME, models);
    if (a.status != PL_OK || a.hulls != 1) fail_msg("%d hulls: %s", a.hulls, a.message);
    return a;
}

static void plain(void **state) {
    pl_synth_options o = ship();
    street_answer a = measure(&o, *state);
    pl_quantity f = a.row.freeboard.freeboard_m;
    assert_int_equal(a.row.freeboard.status, PL_OK);
    assert_true(fabs(f.value - o.freeboard_m) < 3 * f.sigma && f.sigma < 0.3);
}

/* s - v is 1.43: 0.85 m of freeboard show 1.9 px of dark band. */
static void narrow(void **state) {
    pl_synth_options o = ship();
    o.freeboard_m = 0.85;
    street_answer a = measure(&o, *state);
    assert_int_not_equal(a.row.freeboard.status, PL_OK);
    assert_true(a.row.freeboard.reasons & PL_BIT(PL_TOO_COARSE));
}

/* As broad as a ship and her quay together: no ship is. */
static void too_broad(void **state) {
    pl_synth_options o = ship();
    o.beam_m = 28;
    street_answer a = measure(&o, *state);
    assert_int_not_equal(a.row.freeboard.status, PL_OK);
    assert_true(a.row.freeboard.reasons & PL_BIT(PL_OUTLINE_UNCERTAIN));
}

/* The sun 8 deg off the bow on the side that is seen: the wall gets a quarter of the light on level
 * water and is darker than it. Nothing else is seen of her height. */
static pl_synth_options in_grazing_sun(void) {
    pl_synth_options o = ship();
    o.gsd_m = 0.45;
    o.freeboard_m = 6;
    o.sun_azimuth_rad = 133 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 215 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 28 * PL_RAD_PER_DEG;
    return o;
}

static void grazed(void **state) {
    pl_synth_options o = in_grazing_sun();
    street_answer a = measure(&o, *state);
    assert_int_equal(a.row.freeboard.status, PL_DUBIOUS);
    assert_true(a.row.freeboard.reasons & PL_BIT(PL_WALL_ONLY));
    /* the mirror image taken for the wall, or half of it, would be metres off */
    assert_true(fabs(a.row.freeboard.freeboard_m.value - o.freeboard_m) < 0.5);
}

/* Boot topping to a third of the wall: its line is no waterline, and what is below is part of the
 * wall. */
static void boot_topped(void **state) {
    pl_synth_options o = in_grazing_sun();
    o.boot_top_m = 2;
    street_answer a = measure(&o, *state);
    assert_int_equal(a.row.freeboard.status, PL_DUBIOUS);
    assert_true(fabs(a.row.freeboard.freeboard_m.value - o.freeboard_m) < 0.5);
}

/* Rails that take an eighth of the sun: 1.1 m high they darken 1.6 m of water beyond the hull's
 * shadow. Taken for light from below the surface they cost 0.2 m of freeboard. */
static void railed(void **state) {
    pl_synth_options o = ship();
    o.gsd_m = 0.45;
    o.freeboard_m = 2.5;
    o.view_incidence_rad = 5 * PL_RAD_PER_DEG;
    o.rail_opacity = 0.12;
    o.attenuation_per_m = 100;
    street_answer a = measure(&o, *state);
    assert_int_equal(a.row.freeboard.status, PL_OK);
    assert_true(fabs(a.row.freeboard.freeboard_m.value - o.freeboard_m) < 0.1);
}

/* A catwalk over the middle line whose shadow ends at the deck's edge: 1.2 m of deck along the edge
 * are shaded, hardly darker than shaded water. Taken for water they are 0.9 m of freeboard. */
static void shaded_edge(void **state) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 91;
    o.beam_m = 14;
    o.freeboard_m = 1.14;
    o.trim_m = 0.46;
    o.sheer_share = 0.7;
    o.parallel_share = 0.64;
    o.heading_rad = 242.5 * PL_RAD_PER_DEG;
    o.poop_share = 0.19;
    o.gear_scale = 1.27;
    o.sun_azimuth_rad = 133.5 * PL_RAD_PER_DEG;
    o.sun_elevation_rad = 26.8 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 197.8 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 19.6 * PL_RAD_PER_DEG;
    o.contrast = 0.34;
    o.attenuation_per_m = 1.1;
    o.gsd_m = 0.6;
    o.psf_fwhm_px = 1.24;
    o.sharpening = 0.32;
    o.snr = 53;
    o.bands = 1;
    o.bits = 11;
    street_answer a = measure(&o, *state);
    pl_quantity f = a.row.freeboard.freeboard_m;
    assert_int_equal(a.row.freeboard.status, PL_DUBIOUS);
    assert_true(a.row.freeboard.reasons & PL_BIT(PL_DECK_GEAR_SHADOW));
    assert_true(fabs(f.value - o.freeboard_m) < 2 * f.sigma && f.sigma < 0.35);
}

/* Clear water, which is dark far beyond the shadow's edge, and a shaded wall in sight: wall and
 * shadow together look like the wall of a side twice as high, the dim water beyond like its shadow.
 * But no water mirrors a wall, or loses skylight, by as much as that would ask for. */
static void wall_in_clear_water(void **state) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 68;
    o.beam_m = 10.7;
    o.freeboard_m = 1.45;
    o.trim_m = 0.13;
    o.sheer_share = 0.2;
    o.parallel_share = 0.61;
    o.heading_rad = 311.8 * PL_RAD_PER_DEG;
    o.poop_share = 0.2;
    o.gunwale_radius_m = 0.12;
    o.rail_opacity = 0.07;
    o.sun_azimuth_rad = 191.2 * PL_RAD_PER_DEG;
    o.sun_elevation_rad = 44.4 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 87.9 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 25.7 * PL_RAD_PER_DEG;
    o.contrast = 0.44;
    o.attenuation_per_m = 0.45;
    o.gsd_m = 0.37;
    o.psf_fwhm_px = 1.47;
    o.bands = 4;
    o.bits = 11;
    street_answer a = measure(&o, *state);
    pl_quantity f = a.row.freeboard.freeboard_m;
    if (a.row.freeboard.status != PL_REFUSED)
        assert_true(fabs(f.value - o.freeboard_m) < 3 * f.sigma);
}

/* Hatches and a catwalk shade the deck but for a strip along the edge, half a pixel of wall is
 * seen: the deck seems to end where the strip begins, and the strip would be a wall brighter than
 * white. */
static void lit_strip(void **state) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 63.97;
    o.beam_m = 10.59;
    o.freeboard_m = 2.69;
    o.trim_m = 0.07;
    o.sheer_share = 0.323;
    o.parallel_share = 0.612;
    o.heading_rad = 333.5 * PL_RAD_PER_DEG;
    o.gunwale_radius_m = 0.097;
    o.forecastle_share = 0.09;
    o.gear_scale = 1.212;
    o.boot_top_m = 0.4;
    o.sun_azimuth_rad = 183.8 * PL_RAD_PER_DEG;
    o.sun_elevation_rad = 45.1 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 59.2 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 3.83 * PL_RAD_PER_DEG;
    o.contrast = 0.26;
    o.swell = 0.0084;
    o.wave_slope = 0.062;
    o.offset_x_px = 0.03;
    o.offset_y_px = 0.22;
    o.attenuation_per_m = 0.42;
    o.gsd_m = 0.495;
    o.psf_fwhm_px = 1.56;
    o.sharpening = 0.357;
    o.snr = 132;
    o.bands = 1;
    o.bits = 11;
    street_answer a = measure(&o, *state);
    pl_quantity f = a.row.freeboard.freeboard_m;
    assert_int_not_equal(a.row.freeboard.status, PL_OK);
    if (a.row.freeboard.status == PL_DUBIOUS)
        assert_true(fabs(f.value - o.freeboard_m) < 2 * f.sigma);
}

/* A wall in the sun with boot topping to nearly half of it, and nothing else to read: the deck ends
 * 1.8 m within the outline. A search that need not say what edge lies there takes the line for the
 * deck's, the ship is refused. */
static void deck_within_outline(void **state) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 89.39;
    o.beam_m = 15.52;
    o.freeboard_m = 3.71;
    o.trim_m = -0.165;
    o.heel_rad = 0.348 * PL_RAD_PER_DEG;
    o.sheer_share = 0.51;
    o.parallel_share = 0.588;
    o.heading_rad = 279.2 * PL_RAD_PER_DEG;
    o.gunwale_radius_m = 0.013;
    o.rail_opacity = 0.032;
    o.gear_scale = 1.145;
    o.poop_share = 0.154;
    o.boot_top_m = 1.67;
    o.sun_azimuth_rad = 249.9 * PL_RAD_PER_DEG;
    o.sun_elevation_rad = 52.9 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 169.75 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 31.0 * PL_RAD_PER_DEG;
    o.contrast = 0.234;
    o.attenuation_per_m = 0.886;
    o.swell = 0.0087;
    o.wave_slope = 0.137;
    o.gsd_m = 0.415;
    o.psf_fwhm_px = 1.16;
    o.sharpening = 0.06;
    o.snr = 72;
    o.bands = 4;
    o.bits = 11;
    street_answer a = measure(&o, *state);
    pl_quantity f = a.row.freeboard.freeboard_m;
    assert_int_equal(a.row.freeboard.status, PL_DUBIOUS);
    assert_true(a.row.freeboard.reasons & PL_BIT(PL_WALL_ONLY));
    assert_true(fabs(f.value - o.freeboard_m) < 2 * f.sigma && f.sigma < 0.3);
}

/* Hatches' shadows cross the deck's edge, and a catwalk's, which floats over them, ends on the
 * water a metre past the hull's own: 0.7 m too much, with the deck that it shades. No block tells,
 * for it runs all along: what an edge that is partly shaded leaves open has to be in sigma. */
static void crossed_edge(void **state) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 76.85;
    o.beam_m = 12.14;
    o.freeboard_m = 1.151;
    o.trim_m = 0.026;
    o.heel_rad = 0.092 * PL_RAD_PER_DEG;
    o.sheer_share = 0.13;
    o.parallel_share = 0.715;
    o.heading_rad = 340.84 * PL_RAD_PER_DEG;
    o.gunwale_radius_m = 0.04;
    o.rail_opacity = 0.094;
    o.gear_scale = 1.216;
    o.forecastle_share = 0.121;
    o.poop_share = 0.155;
    o.sun_azimuth_rad = 224.42 * PL_RAD_PER_DEG;
    o.sun_elevation_rad = 25.0 * PL_RAD_PER_DEG;
    o.view_azimuth_rad = 255.0 * PL_RAD_PER_DEG;
    o.view_incidence_rad = 6.03 * PL_RAD_PER_DEG;
    o.contrast = 0.22;
    o.attenuation_per_m = 1.05;
    o.swell = 0.009;
    o.wave_slope = 0.038;
    o.gsd_m = 0.686;
    o.psf_fwhm_px = 1.18;
    o.sharpening = 0.344;
    o.snr = 48;
    o.bands = 4;
    o.bits = 11;
    street_answer a = measure(&o, *state);
    pl_quantity f = a.row.freeboard.freeboard_m;
    assert_int_not_equal(a.row.freeboard.status, PL_OK);
    if (a.row.freeboard.status == PL_DUBIOUS)
        assert_true(fabs(f.value - o.freeboard_m) < 2.5 * f.sigma);
}

static int setup(void **state) {
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    if (pl_load_models_open(PL_SOURCE_DIR "/models", &models, &error) != PL_OK) return 1;
    *state = models;
    return 0;
}

static int teardown(void **state) {
    pl_load_models_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),       cmocka_unit_test(narrow),
        cmocka_unit_test(grazed),      cmocka_unit_test(too_broad),
        cmocka_unit_test(boot_topped), cmocka_unit_test(railed),
        cmocka_unit_test(shaded_edge), cmocka_unit_test(wall_in_clear_water),
        cmocka_unit_test(lit_strip),   cmocka_unit_test(deck_within_outline),
        cmocka_unit_test(crossed_edge)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
