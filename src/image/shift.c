/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By how much is one picture shifted against another?
 *
 * Phase correlation (Kuglin and Hines 1975). A shift by d turns the spectrum's phase by 2 pi f d
 * and leaves its amplitudes alone, so the spectra's quotient
 *
 *     C(f) = F_a(f) F_b(f)* / |F_a(f) F_b(f)*|  x  W(f)
 *
 * is, transformed back, a peak at d. Dividing the amplitudes out makes every frequency count alike,
 * whatever the light or the tone curve; W = exp(-f^2 / 2 f0^2) keeps out those that noise and
 * aliasing rule, and makes the peak a Gaussian of sigma 1 / (2 pi f0).
 *
 * Before: each plane loses its means over some tens of pixels and is divided by its own local
 * scatter, held to a few sigma, so that light, haze and a single roof do not rule, and a border of
 * what is left out has no step (a border common to both planes would be a false peak at no shift).
 * Then a Hann window. Pixels that are NAN in one plane or the other count as 0: nothing.
 *
 * The peak: the transform is evaluated between the grid's points by its sum (Guizar-Sicairos and
 * others 2008), on ever finer grids. Where the pictures have nothing in common the surface is
 * noise of known spread s, of which the highest of M independent places is about sqrt(2 ln M) s.
 * Noise of the same spectrum moves a peak of height h by s / (h sqrt k), k the curvature of the
 * peak over its height: near the peak the surface is h (1 - k x^2 / 2) + n, and n's slope has the
 * variance s^2 k. */
#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"

/* Cycles a pixel. Sharp pictures alias above a third. */
static const double F0 = 0.22;
/* Local means and scatters, in pixels. */
enum { MEAN_RADIUS = 5, SCATTER_RADIUS = 24 };
static const double HELD = 2.5; /* sigmas */
/* The surface near the peak is no noise. */
static const double PEAK_PX = 6;
enum { FINE_STEPS = 4, FINE_POINTS = 9 };

/* ---- preparing ---- */

static bool whiten(const float *in, int width, int height, pl_arena *arena, float *out) {
    size_t n = (size_t)width * (size_t)height;
    float *mean, *scatter;
    if (!pl__image_box(in, width, height, MEAN_RADIUS, arena, &mean)) return false;
    for (size_t i = 0; i < n; i++) out[i] = (in[i] - mean[i]) * (in[i] - mean[i]);
    if (!pl__image_box(out, width, height, SCATTER_RADIUS, arena, &scatter)) return false;
    double all = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(out[i])) continue;
        all += (double)out[i];
        count += 1;
    }
    /* where nothing is, there is nothing to be made large */
    double least = count > 0 ? 0.05 * all / count : 0;
    for (size_t i = 0; i < n; i++) {
        double sigma = sqrt((double)scatter[i] + least);
        double value = sigma > 0 ? ((double)in[i] - (double)mean[i]) / sigma : 0;
        out[i] = (float)(isfinite(value) ? pl__clamp(value, -HELD, HELD) : 0);
    }
    return true;
}

static double hann(int i, int n) {
    double s = sin(PL_PI * (i + 0.5) / n);
    return s * s;
}

/* ---- the spectrum ---- */

typedef struct surface {
    int width, height, half; /* half: columns of the spectrum */
    double *grid;            /* the planes, then the correlation */
    fftw_complex *a, *b;     /* b receives the quotient */
    double scale;            /* so that equal pictures have a peak of 1 */
} surface;

static double frequency(int k, int n) {
    return (double)(k <= n / 2 ? k : k - n) / n;
}

static bool transform(surface *s, const float *plane, const float *other, pl_arena *arena,
                      fftw_complex *out) {
    size_t n = (size_t)s->width * (size_t)s->height;
    float *white = pl__arena_array(arena, n, sizeof *white);
    if (!white || !whiten(plane, s->width, s->height, arena, white)) return false;
    for (int y = 0; y < s->height; y++) {
        for (int x = 0; x < s->width; x++) {
            size_t i = (size_t)y * (size_t)s->width + (size_t)x;
            s->grid[i] =
                isnan(other[i]) ? 0 : (double)white[i] * hann(x, s->width) * hann(y, s->height);
        }
    }
    fftw_plan plan = fftw_plan_dft_r2c_2d(s->height, s->width, s->grid, out, FFTW_ESTIMATE);
    if (!plan) return false;
    fftw_execute(plan);
    fftw_destroy_plan(plan);
    return true;
}

/* @return false when one of the planes has nothing in it. */
static bool divide(surface *s) {
    double sum = 0;
    bool something = false;
    for (int j = 0; j < s->height; j++) {
        for (int i = 0; i < s->half; i++) {
            double *a = s->a[(size_t)j * (size_t)s->half + (size_t)i],
                   *b = s->b[(size_t)j * (size_t)s->half + (size_t)i];
            double re = a[0] * b[0] + a[1] * b[1], im = a[1] * b[0] - a[0] * b[1];
            double size = hypot(re, im), fx = frequency(i, s->width), fy = frequency(j, s->height);
            double w = exp(-(fx * fx + fy * fy) / (2 * F0 * F0));
            bool doubled = i > 0 && 2 * i != s->width; /* its mirror image is not stored */
            sum += doubled ? 2 * w : w;
            something = something || size > 0;
            b[0] = size > 0 ? w * re / size : 0;
            b[1] = size > 0 ? w * im / size : 0;
        }
    }
    s->scale = 1 / sum;
    return something;
}

static bool transform_back(surface *s) {
    size_t n = (size_t)s->half * (size_t)s->height;
    memcpy(s->a, s->b, n * sizeof *s->a); /* the plan eats its input */
    fftw_plan plan = fftw_plan_dft_c2r_2d(s->height, s->width, s->a, s->grid, FFTW_ESTIMATE);
    if (!plan) return false;
    fftw_execute(plan);
    fftw_destroy_plan(plan);
    for (size_t i = 0; i < (size_t)s->width * (size_t)s->height; i++) s->grid[i] *= s->scale;
    return true;
}

/* The surface at any place, by its sum. */
static double value_at(const surface *s, double x, double y) {
    double sum = 0;
    for (int j = 0; j < s->height; j++) {
        double fy = frequency(j, s->height), row = 0;
        if (fabs(fy) > 3.2 * F0) continue; /* W is nothing there */
        int last = (int)pl__min(s->half - 1, ceil(3.2 * F0 * s->width));
        double turn = 2 * PL_PI * x / s->width, c = cos(turn), d = sin(turn);
        double re = cos(2 * PL_PI * fy * y), im = sin(2 * PL_PI * fy * y);
        for (int i = 0; i <= last; i++) {
            const double *q = s->b[(size_t)j * (size_t)s->half + (size_t)i];
            double part = q[0] * re - q[1] * im;
            row += i > 0 && 2 * i != s->width ? 2 * part : part;
            double next = re * c - im * d;
            im = re * d + im * c;
            re = next;
        }
        sum += row;
    }
    return sum * s->scale;
}

/* ---- the peak ---- */

static double cell(const surface *s, int x, int y) {
    int i = (x % s->width + s->width) % s->width, j = (y % s->height + s->height) % s->height;
    return s->grid[(size_t)j * (size_t)s->width + (size_t)i];
}

/* The highest place within `most` of no shift, further than `apart` from a given one. */
static double highest(const surface *s, int most, const int *from, double apart, int at[2]) {
    double best = -INFINITY;
    for (int y = -most; y <= most; y++) {
        for (int x = -most; x <= most; x++) {
            if (x * x + y * y > most * most) continue;
            if (from && hypot(x - from[0], y - from[1]) < apart) continue;
            double v = cell(s, x, y);
            if (v <= best) continue;
            best = v;
            at[0] = x;
            at[1] = y;
        }
    }
    return best;
}

static double spread(const surface *s, const int peak[2]) {
    double sum = 0;
    long count = 0;
    for (int y = 0; y < s->height; y++) {
        for (int x = 0; x < s->width; x++) {
            int dx = abs(x - peak[0]) % s->width, dy = abs(y - peak[1]) % s->height;
            dx = dx > s->width / 2 ? s->width - dx : dx;
            dy = dy > s->height / 2 ? s->height - dy : dy;
            if (dx * dx + dy * dy < PEAK_PX * PEAK_PX) continue;
            double v = s->grid[(size_t)y * (size_t)s->width + (size_t)x];
            sum += v * v;
            count++;
        }
    }
    return count > 0 ? sqrt(sum / (double)count) : 0;
}

/* Climbs between the grid's points: a square of points round the best one, three times finer each
 * turn, then a parabola either way. */
static void climb(const surface *s, const int start[2], pl_shift *out) {
    double x = start[0], y = start[1], step = 0.25, best = value_at(s, x, y);
    for (int turn = 0; turn < FINE_STEPS; turn++, step /= 3) {
        double cx = x, cy = y;
        for (int k = 0; k < FINE_POINTS; k++) {
            int reach = turn == 0 ? 2 : 1;
            for (int j = -reach; j <= reach; j++) {
                for (int i = -reach; i <= reach; i++) {
                    double v = value_at(s, cx + i * step, cy + j * step);
                    if (v <= best) continue;
                    best = v;
                    x = cx + i * step;
                    y = cy + j * step;
                }
            }
            if (x == cx && y == cy) break; /* the middle is the highest */
            cx = x;
            cy = y;
        }
    }
    /* curvature over the height, from points a pixel off */
    double round = value_at(s, x - 1, y) + value_at(s, x + 1, y) + value_at(s, x, y - 1) +
                   value_at(s, x, y + 1);
    out->x_px = x;
    out->y_px = y;
    out->peak = best;
    out->curvature = pl__max(best - 0.25 * round, 0) * 2 / pl__max(best, 1e-12);
}

static bool make(surface *s, int width, int height) {
    size_t n = (size_t)width * (size_t)height;
    *s = (surface){.width = width, .height = height, .half = width / 2 + 1};
    s->grid = fftw_alloc_real(n);
    s->a = fftw_alloc_complex((size_t)s->half * (size_t)height);
    s->b = fftw_alloc_complex((size_t)s->half * (size_t)height);
    return s->grid && s->a && s->b;
}

static void drop(surface *s) {
    fftw_free(s->grid);
    fftw_free(s->a);
    fftw_free(s->b);
}

bool pl__image_shift(const float *a, const float *b, int width, int height, double most_px,
                     pl_shift *out) {
    surface s;
    int at[2] = {0, 0}, next[2];
    *out = (pl_shift){.spread = NAN};
    pl_arena *working = pl_arena_new(0);
    bool done = make(&s, width, height) && working;
    done = done && transform(&s, a, b, working, s.a) && transform(&s, b, a, working, s.b);
    if (done && divide(&s)) {
        done = transform_back(&s);
        if (done) {
            int most = (int)pl__min(most_px, pl__min(width, height) / 2 - 1);
            highest(&s, most, NULL, 0, at);
            climb(&s, at, out);
            out->spread = spread(&s, at);
            out->second = highest(&s, most, at, PEAK_PX, next);
            out->sigma_px =
                out->curvature > 0 ? out->spread / (out->peak * sqrt(out->curvature)) : INFINITY;
        }
    }
    drop(&s);
    pl_arena_free(working);
    return done;
}
