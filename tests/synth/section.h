/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bare box of a ship on the equator, heading north, and the mean section across her. */
#ifndef PL_TESTS_SYNTH_SECTION_H
#define PL_TESTS_SYNTH_SECTION_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "synth/synth.h"

enum { PROFILE_MAX = 4096 };
static const double GSD = 0.2, HALF_BEAM = 10;

static inline pl_synth_options bare_ship(double sun_az, double sun_el, double view_az,
                                         double incidence) {
    pl_synth_options o = pl_synth_defaults();
    o.length_m = 120;
    o.beam_m = 2 * HALF_BEAM;
    o.freeboard_m = 5;
    o.heading_rad = o.sheer_share = 0;
    o.superstructure = o.deck_gear = false;
    o.sun_azimuth_rad = sun_az * PL_RAD_PER_DEG;
    o.sun_elevation_rad = sun_el * PL_RAD_PER_DEG;
    o.view_azimuth_rad = view_az * PL_RAD_PER_DEG;
    o.view_incidence_rad = incidence * PL_RAD_PER_DEG;
    o.attenuation_per_m = INFINITY;
    o.swell = o.wave_slope = 0;
    o.snr = INFINITY;
    o.bands = 1;
    o.bits = 16;
    o.gsd_m = GSD;
    o.psf_fwhm_px = 1;
    o.epsg = 32631;
    o.lon_deg = 3;
    o.lat_deg = 0;
    o.size_px = 800;
    return o;
}

/* Mean section over 40 m amidships, lit water = 1, indexed by pixels east of the centre line. */
static inline int section(const pl_synth_options *o, double *profile) {
    pl_error error = PL_ERROR_INIT;
    pl_image image;
    double affine[6];
    pl_arena *arena = pl_arena_new(0);
    assert_non_null(arena);
    if (pl_synth_draw(o, arena, &image, affine, &error) != PL_OK) fail_msg("%s", error.message);
    int middle = image.width / 2, n = image.width - middle;
    for (int x = 0; x < n; x++) {
        double sum = 0;
        for (int y = middle - 100; y < middle + 100; y++)
            sum += (double)image.data[(size_t)y * (size_t)image.width + (size_t)(middle + x)];
        profile[x] = sum / 200;
    }
    double water = profile[n - 5];
    for (int x = 0; x < n; x++) profile[x] /= water;
    pl_arena_free(arena);
    return n;
}

/* Where does the section cross a level, going outward from `from_m`? */
static inline double crossing(const double *profile, int n, double from_m, double level) {
    for (int x = (int)(from_m / GSD); x + 1 < n; x++) {
        double a = profile[x] - level, b = profile[x + 1] - level;
        if (a * b <= 0 && a != b) return GSD * (x + 0.5 + a / (a - b));
    }
    return NAN;
}

static inline double level_at(const double *profile, double m) {
    return profile[(int)(m / GSD)];
}

#endif
