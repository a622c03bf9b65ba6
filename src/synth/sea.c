/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the sea's surface do by itself? Swell, glint, foam, and the shadow of a cloud on it.
 *
 * Swell and glint lie still on the ground, foam belongs to those who make it and is reckoned in the
 * ship's frame. Patches come from smooth noise between the corners of a grid, a hash a corner. */
#include <math.h>

#include "synth/synth.h"

/* Smooth noise in [0, 1], one knot every unit. */
static double knots(uint64_t seed, double x, double y) {
    double i = floor(x), j = floor(y), fx = x - i, fy = y - j, corner[4];
    for (int k = 0; k < 4; k++) {
        uint64_t column = (uint64_t)(uint32_t)(int)(i + k % 2), row = (uint32_t)(int)(j + k / 2);
        corner[k] = pl__synth_random(seed, (column << 32) | row);
    }
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    return (1 - fy) * ((1 - fx) * corner[0] + fx * corner[1]) +
           fy * ((1 - fx) * corner[2] + fx * corner[3]);
}

/* Adds cos(at + k by): turned from pixel to pixel, which costs less than a cosine each. */
static void add_train(double at, double by, int count, double sum[]) {
    double c = cos(at), s = sin(at), turn_c = cos(by), turn_s = sin(by);
    for (int k = 0; k < count; k++) {
        double next = c * turn_c - s * turn_s;
        sum[k] += c;
        s = s * turn_c + c * turn_s;
        c = next;
    }
}

/* Waves as a sum of trains round one direction, 6 to 40 m long. */
static bool draw_swell(const pl_synth_options *o, const pl_synth_place *place, pl_arena *arena,
                       pl_sea *sea) {
    enum { TRAINS = 24 };
    int size = place->size;
    double k_east[TRAINS], k_north[TRAINS], phase[TRAINS];
    sea->swell = pl__arena_array(arena, (size_t)size * (size_t)size, sizeof *sea->swell);
    if (!sea->swell) return false;
    if (!(o->swell > 0)) return true;
    double wind = 2 * PL_PI * pl__synth_random(o->seed + 3, 0);
    for (int i = 0; i < TRAINS; i++) {
        uint64_t key = 4 * (uint64_t)i + 1;
        double length = 6 * pow(40.0 / 6, pl__synth_random(o->seed + 3, key));
        double way = wind + 0.5 * pl__synth_normal(o->seed + 4, key);
        k_east[i] = 2 * PL_PI / length * sin(way);
        k_north[i] = 2 * PL_PI / length * cos(way);
        phase[i] = 2 * PL_PI * pl__synth_random(o->seed + 3, key + 1);
    }
    for (int y = 0; y < size; y++) {
        float *row = sea->swell + (size_t)y * (size_t)size;
        for (int x = 0; x < size; x += PL__NODE_PX) { /* the ground runs straight between nodes */
            int count = size - x < PL__NODE_PX ? size - x : PL__NODE_PX;
            double east, north, next_east, next_north, sum[PL__NODE_PX] = {0};
            pl__synth_ground(place, x + 0.5, y + 0.5, &east, &north);
            pl__synth_ground(place, x + 1.5, y + 0.5, &next_east, &next_north);
            for (int i = 0; i < TRAINS; i++) {
                double at = k_east[i] * east + k_north[i] * north + phase[i];
                double by = k_east[i] * (next_east - east) + k_north[i] * (next_north - north);
                add_train(at, by, count, sum);
            }
            for (int k = 0; k < count; k++)
                row[x + k] = (float)(o->swell * sum[k] * sqrt(2.0 / TRAINS));
        }
    }
    return true;
}

bool pl__synth_sea(const pl_synth_options *o, const pl_synth_place *place, const pl_ship *ship,
                   pl_arena *arena, pl_sea *out) {
    double turn = 2 * PL_PI * pl__synth_random(o->seed + 23, 0);
    *out = (pl_sea){.options = o, .ship = ship};
    out->cloud[0] = sin(turn);
    out->cloud[1] = cos(turn);
    out->cloud[2] = 0.6 * o->length_m * (pl__synth_random(o->seed + 23, 1) - 0.5);
    return draw_swell(o, place, arena, out);
}

/* A cloud's edge at a kilometre has a penumbra of ten metres, and is ragged besides. */
double pl__synth_clouds(const pl_sea *sea, double east_m, double north_m) {
    const double soft_m = 12;
    double share = sea->options->cloud_shadow;
    if (!(share > 0)) return 1;
    double in = east_m * sea->cloud[0] + north_m * sea->cloud[1] - sea->cloud[2];
    double x = pl__clamp(0.5 + in / (2 * soft_m), 0, 1);
    return 1 - share * x * x * (3 - 2 * x);
}

/* Log-normal patches of one and three metres: facets that mirror the sun are rare and bright. */
double pl__synth_glint(const pl_sea *sea, double east_m, double north_m) {
    const double knots_sigma = 0.28, patches = 0.7;
    double mean = sea->options->glint;
    if (!(mean > 0)) return 0;
    double fine = knots(sea->options->seed + 29, east_m, north_m);
    double broad = knots(sea->options->seed + 31, east_m / 3, north_m / 3);
    double normal = (fine + broad - 1) / knots_sigma;
    return mean * exp(patches * normal - 0.5 * patches * patches);
}

double pl__synth_foam(const pl_sea *sea, double u, double w) {
    double sum = 0;
    for (int i = 0; i < sea->ship->plumes; i++) {
        const pl_plume *p = &sea->ship->plume[i];
        double du = u - p->from[0], dw = w - p->from[1];
        double a = du * p->along[0] + dw * p->along[1];
        double c = (du * p->along[1] - dw * p->along[0]) / (p->half_m + p->spread * pl__max(a, 0));
        if (a < 0 || a > p->length_m || fabs(c) > 1) continue;
        sum += p->share * (1 - c * c) * (1 - a / p->length_m);
    }
    if (!(sum > 0)) return 0;
    double patch = 0.5 * knots(sea->options->seed + 37, u / 0.8, w / 0.8) +
                   0.5 * knots(sea->options->seed + 41, u / 3, w / 3);
    return pl__clamp(2 * sum * pl__max(0, 2 * patch - 0.5), 0, 0.9);
}

double pl__synth_plane(const float *plane, int w, int h, int px, int py) {
    double m[3][4] = {{1e-9, 0, 0, 0}, {0, 1e-9, 0, 0}, {0, 0, 1e-9, 0}};
    for (int d = 0; d < 25; d++) {
        const double at[3] = {1, d % 5 - 2, d / 5 - 2};
        int x = px + d % 5 - 2, y = py + d / 5 - 2;
        if (x < 0 || y < 0 || x >= w || y >= h || plane[y * w + x] < 0) continue;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) m[i][j] += at[i] * at[j];
            m[i][3] += at[i] * (double)plane[y * w + x];
        }
    }
    for (int i = 0; i < 3; i++)
        for (int r = 0; r < 3; r++) {
            double k = r == i ? 0 : m[r][i] / m[i][i];
            for (int c = i; c < 4; c++) m[r][c] -= k * m[i][c];
        }
    return m[0][3] / m[0][0];
}
