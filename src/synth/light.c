/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What light falls, and how does each surface send it back?
 *
 * Everything is relative to sunlit open water, which is 1 in each band. Of that, `direct` is
 * sunlight that comes back from below the surface and is missing where the sun does not reach;
 * `diffuse` is skylight from below; `mirrored` is the sky's image on the surface.
 *
 * Light from depth z has gone down from the sun and up to the satellite along refracted rays
 * (n = 1.34): it entered the surface z (tan t_s h_s - tan t_v h_v) away from where it is seen, h
 * being unit vectors towards sun and satellite. It is weighted by exp(-K z (1/cos t_s + 1/cos
 * t_v)). */
#include <math.h>

#include "synth/synth.h"

static const double WATER_INDEX = 1.34;
static const double SUN_RADIUS_RAD = 0.5 * 0.533 * PL_RAD_PER_DEG;

/* A typical turbid harbour and a red-brown tanker: water_dn is the level of lit water, contrast the
 * option's share, k attenuation against green's, sky the share of skylight (clear sky, Rayleigh).
 * Albedos are against lit water: water sends back some 4 % of what falls on it, paint 5 to 20 %. */
typedef struct band {
    double water_dn, contrast, k, sky;
    double deck, side, house, gear, quay, boot_top, foam;
} band;
static const band PAN = {1.00, 1.00, 1.2, 0.22, 2.6, 1.2, 5.0, 3.0, 3.4, 1.7, 8.0};
static const band BLUE = {1.05, 0.90, 0.9, 0.35, 1.7, 1.0, 4.2, 2.2, 2.8, 0.8, 7.0};
static const band GREEN = {1.00, 1.00, 1.0, 0.25, 2.0, 1.1, 4.8, 2.6, 3.2, 0.8, 7.5};
static const band RED = {0.70, 0.95, 1.8, 0.18, 3.4, 1.3, 6.5, 3.8, 4.6, 2.4, 11.0};
static const band NIR = {0.30, 0.25, 8.0, 0.12, 8.0, 2.0, 14.0, 8.0, 10.0, 3.0, 22.0};

static const band *band_of(int bands, int i) {
    static const band *const RGB_BANDS[] = {&RED, &GREEN, &BLUE};
    static const band *const FOUR_BANDS[] = {&BLUE, &GREEN, &RED, &NIR};
    return bands == 1 ? &PAN : bands == 3 ? RGB_BANDS[i] : FOUR_BANDS[i];
}

const char *const *pl__synth_band_names(int bands) {
    static const char *const ONE[] = {"pan"}, *const THREE[] = {"red", "green", "blue"},
                             *const FOUR[] = {"blue", "green", "red", "nir"};
    return bands == 1 ? ONE : bands == 3 ? THREE : FOUR;
}

static void towards(double azimuth_rad, double elevation_rad, double heading_rad, double out[3]) {
    double flat = 1 / tan(elevation_rad), angle = azimuth_rad - heading_rad;
    out[0] = flat * cos(angle);
    out[1] = flat * sin(angle);
    out[2] = 1;
}

/* Equal parts of the disc on a sunflower, outermost first. */
static void sun_disc(const pl_synth_options *o, pl_light *light) {
    const double golden_rad = PL_PI * (3 - sqrt(5.0));
    for (int i = 0; i < PL__DISC; i++) {
        int k = PL__DISC - 1 - i;
        double r = SUN_RADIUS_RAD * sqrt((k + 0.5) / PL__DISC), turn = k * golden_rad;
        double elevation = o->sun_elevation_rad + r * cos(turn);
        double azimuth = o->sun_azimuth_rad + r * sin(turn) / cos(o->sun_elevation_rad);
        towards(azimuth, elevation, o->heading_rad, light->disc[i]);
    }
}

static void under_water(const pl_synth_options *o, pl_light *light) {
    double sun = asin(cos(o->sun_elevation_rad) / WATER_INDEX);
    double view = asin(sin(o->view_incidence_rad) / WATER_INDEX);
    double to_sun = o->sun_azimuth_rad - o->heading_rad;
    double to_view = o->view_azimuth_rad - o->heading_rad;
    light->tail_u = tan(sun) * cos(to_sun) - tan(view) * cos(to_view);
    light->tail_w = tan(sun) * sin(to_sun) - tan(view) * sin(to_view);
    light->climb = 1 / cos(sun) + 1 / cos(view);
    light->tail_known = isfinite(o->attenuation_per_m);
}

void pl__synth_light(const pl_synth_options *o, pl_light *light) {
    *light = (pl_light){.bands = o->bands};
    towards(o->sun_azimuth_rad, o->sun_elevation_rad, o->heading_rad, light->sun);
    towards(o->view_azimuth_rad, 0.5 * PL_PI - o->view_incidence_rad, o->heading_rad, light->view);
    sun_disc(o, light);
    under_water(o, light);
    for (int i = 0; i < o->bands; i++) {
        const band *b = band_of(o->bands, i);
        light->direct[i] = pl__clamp(o->contrast * b->contrast, 0, 1);
        /* sun and sky come back from below alike; what is left is half the sky's image, half haze
         */
        light->diffuse[i] =
            pl__min(light->direct[i] * b->sky / (1 - b->sky), 0.8 * (1 - light->direct[i]));
        light->mirrored[i] = light->haze[i] = 0.5 * (1 - light->direct[i] - light->diffuse[i]);
        light->sky[i] = b->sky;
        light->water_dn[i] = b->water_dn;
        const double albedo[PL_SURFACE_COUNT] = {1,       b->deck, b->side,     b->house,
                                                 b->gear, b->quay, b->boot_top, b->foam};
        for (int s = 0; s < PL_SURFACE_COUNT; s++) light->albedo[i][s] = albedo[s];
        for (int j = 0; j < PL__TAIL && light->tail_known; j++)
            light->tail_m[i][j] =
                -log(1 - (j + 0.5) / PL__TAIL) / (o->attenuation_per_m * b->k * light->climb);
    }
}

double pl__synth_sunlit(const pl_ship *ship, const pl_light *light, const pl_aim *sun,
                        const double place[3]) {
    enum { PROBES = 4 };
    double sum = 0;
    pl_ray ray = {{place[0], place[1], place[2]}, {0, 0, 0}};
    for (int i = 0; i < PL__DISC; i++) {
        for (int k = 0; k < 3; k++) ray.d[k] = light->disc[i][k];
        sum += pl__synth_free(ship, sun, &ray);
        if (i == PROBES - 1 && (sum <= 0 || sum >= PROBES)) return sum / PROBES;
    }
    return sum / PL__DISC;
}
