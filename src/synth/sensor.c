/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the camera make of it? Shot noise, the ground segment's pan-sharpening and sharpening,
 * the tone curve, DN.
 *
 * Randomness is a hash of a seed and a place in the sequence, so that pixels may be drawn in any
 * order and on any machine with the same result. */
#include <math.h>
#include <stdlib.h>

#include "synth/synth.h"

/* DN of lit water in pan, by bits: turbid harbour water under a half-open histogram. */
static double water_level(int bits) {
    return bits <= 8 ? 60 : bits <= 11 ? 420 : 3000;
}

/* splitmix64 (Steele, Lea, Flood 2014) of a counter. */
static uint64_t mix(uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

double pl__synth_random(uint64_t seed, uint64_t index) {
    return (double)(mix(mix(seed) ^ index) >> 11) / 9007199254740992.0;
}

/* Box and Muller. */
double pl__synth_normal(uint64_t seed, uint64_t index) {
    double a = pl__synth_random(seed, 2 * index), b = pl__synth_random(seed, 2 * index + 1);
    return sqrt(-2 * log(1 - a)) * cos(2 * PL_PI * b);
}

/* Standard deviation grows with the square root of the light, and is level / snr on lit water. */
static void add_noise(const pl_synth_options *o, pl_image *image) {
    if (!isfinite(o->snr)) return;
    size_t n = (size_t)image->width * (size_t)image->height * (size_t)image->bands;
    for (size_t i = 0; i < n; i++) {
        double level = pl__max(0, (double)image->data[i]);
        image->data[i] += (float)(sqrt(level) / o->snr * pl__synth_normal(o->seed + 17, i));
    }
}

/* ---- pan-sharpening ---- */

/* Mean over a triangle of eight pixels along a line: pixels of four, interpolated between. */
static void blur_line(const float *in, size_t stride, int n, float *out) {
    enum { RATIO = 4 };
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int d = 1 - RATIO; d < RATIO; d++) {
            int at = i + d < 0 ? 0 : i + d < n ? i + d : n - 1;
            sum += (RATIO - abs(d)) * (double)in[(size_t)at * stride];
        }
        out[i] = (float)(sum / (RATIO * RATIO));
    }
}

static void blur(float *plane, int w, int h, float *line) {
    for (int y = 0; y < h; y++) {
        float *row = plane + (size_t)y * (size_t)w;
        blur_line(row, 1, w, line);
        for (int x = 0; x < w; x++) row[x] = line[x];
    }
    for (int x = 0; x < w; x++) {
        blur_line(plane + x, (size_t)w, h, line);
        for (int y = 0; y < h; y++) plane[(size_t)y * (size_t)w + (size_t)x] = line[y];
    }
}

/* Coarse colours times the pan band's detail (Brovey). The pan band is the mean of what it covers.
 */
static bool pan_sharpen(const pl_synth_options *o, pl_arena *arena, pl_image *image) {
    int w = image->width, h = image->height;
    size_t n = (size_t)w * (size_t)h;
    if (!o->pan_sharpened) return true;
    float *pan = pl__arena_array(arena, n, sizeof *pan);
    float *coarse = pl__arena_array(arena, n, sizeof *coarse);
    float *line = pl__arena_array(arena, (size_t)(w > h ? w : h), sizeof *line);
    if (!pan || !coarse || !line) return false;
    for (int b = 0; b < image->bands; b++)
        for (size_t i = 0; i < n; i++) pan[i] += pl__plane(image, b)[i] / (float)image->bands;
    for (size_t i = 0; i < n; i++) coarse[i] = pan[i];
    blur(coarse, w, h, line);
    for (int b = 0; b < image->bands; b++) {
        float *plane = pl__plane(image, b);
        blur(plane, w, h, line);
        for (size_t i = 0; i < n; i++)
            if (coarse[i] > 0) plane[i] *= pan[i] / coarse[i];
    }
    return true;
}

/* ---- the rest ---- */

/* picture + strength (picture - mean of 3 x 3 pixels). */
static bool sharpen(const pl_synth_options *o, pl_arena *arena, pl_image *image) {
    int w = image->width, h = image->height;
    if (!(o->sharpening > 0)) return true;
    float *out = pl__arena_array(arena, (size_t)w * (size_t)h, sizeof *out);
    if (!out) return false;
    for (int b = 0; b < image->bands; b++) {
        float *in = pl__plane(image, b);
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                double sum = 0, centre = (double)in[(size_t)y * (size_t)w + (size_t)x];
                for (int k = 0; k < 9; k++) {
                    int i = x + k % 3 - 1, j = y + k / 3 - 1;
                    i = i < 0 ? 0 : i < w ? i : w - 1;
                    j = j < 0 ? 0 : j < h ? j : h - 1;
                    sum += (double)in[(size_t)j * (size_t)w + (size_t)i];
                }
                out[(size_t)y * (size_t)w + (size_t)x] =
                    (float)(centre + o->sharpening * (centre - sum / 9));
            }
        }
        for (size_t i = 0; i < (size_t)w * (size_t)h; i++) in[i] = out[i];
    }
    return true;
}

pl_status pl__synth_sensor(const pl_synth_options *o, pl_arena *arena, pl_image *image,
                           pl_error *error) {
    add_noise(o, image);
    if (!pan_sharpen(o, arena, image) || !sharpen(o, arena, image))
        return pl__fail_memory(error, "synth");
    size_t n = (size_t)image->width * (size_t)image->height * (size_t)image->bands;
    double level = o->exposure * water_level(o->bits), full = (double)((1 << o->bits) - 1);
    for (size_t i = 0; i < n; i++) {
        double dn = pl__clamp(level * (double)image->data[i], 0, full);
        if (o->gamma != 1) dn = full * pow(dn / full, 1 / o->gamma);
        image->data[i] = (float)dn;
    }
    return PL_OK;
}
