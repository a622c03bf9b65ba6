/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the shift between two pictures of one place found, and none between pictures of two? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "image/image.h"

enum { SIDE = 192, HOUSES = 220, FINER = 4 };

static double number(unsigned seed, unsigned index) {
    unsigned x = (seed * 1000003u + index) * 2654435761u;
    x = (x ^ (x >> 15)) * 2246822519u;
    x = (x ^ (x >> 13)) * 3266489917u;
    return (double)((x ^ (x >> 16)) >> 8) / (1 << 24);
}

static double normal(unsigned seed, unsigned index) {
    double u = number(seed, 2 * index), v = number(seed, 2 * index + 1);
    return sqrt(-2 * log(1 - u)) * cos(2 * PL_PI * v);
}

typedef struct light {
    double sun[2]; /* how far a house's shadow falls, per metre of height; in pixels */
    double gain, gamma, noise;
    double sea; /* this share of the picture is water, other waves each time */
} light;

typedef struct house {
    double x, y, along, across, turn, height, albedo;
} house;

static house house_of(unsigned seed, unsigned k) {
    return (house){SIDE * number(seed, 8 * k),          SIDE * number(seed, 8 * k + 1),
                   2 + 9 * number(seed, 8 * k + 2),     2 + 5 * number(seed, 8 * k + 3),
                   PL_PI * number(seed, 8 * k + 4),     4 * number(seed, 8 * k + 5),
                   0.15 + 0.7 * number(seed, 8 * k + 6)};
}

static bool on(const house *h, double x, double y) {
    double c = cos(h->turn), s = sin(h->turn), u = (x - h->x) * c + (y - h->y) * s,
           v = (y - h->y) * c - (x - h->x) * s;
    return fabs(u) < h->along && fabs(v) < h->across;
}

/* Paints houses and their shadows on cells four times finer, then averages: shifted by parts of a
 * pixel without any resampling. */
static void draw(unsigned seed, unsigned waves, double dx, double dy, const light *l, float *out) {
    static float fine[SIDE * FINER][SIDE * FINER];
    for (int j = 0; j < SIDE * FINER; j++)
        for (int i = 0; i < SIDE * FINER; i++) fine[j][i] = 0.3f;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned k = 0; k < HOUSES; k++) {
            house h = house_of(seed, k);
            double fall[2] = {pass == 0 ? h.height * l->sun[0] : 0,
                              pass == 0 ? h.height * l->sun[1] : 0};
            double reach = h.along + h.across;
            int x0 = (int)pl__max((h.x + dx + fall[0] - reach) * FINER, 0),
                x1 = (int)pl__min((h.x + dx + fall[0] + reach) * FINER, SIDE * FINER);
            int y0 = (int)pl__max((h.y + dy + fall[1] - reach) * FINER, 0),
                y1 = (int)pl__min((h.y + dy + fall[1] + reach) * FINER, SIDE * FINER);
            for (int j = y0; j < y1; j++)
                for (int i = x0; i < x1; i++)
                    if (on(&h, (i + 0.5) / FINER - dx - fall[0], (j + 0.5) / FINER - dy - fall[1]))
                        fine[j][i] = pass == 0 ? 0.12f : (float)h.albedo;
        }
    }
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            double sum = 0;
            for (int k = 0; k < FINER * FINER; k++)
                sum += (double)fine[y * FINER + k / FINER][x * FINER + k % FINER];
            unsigned at = (unsigned)(y * SIDE + x);
            double water = pl__clamp(y + 1 - dy - SIDE * (1 - l->sea), 0, 1); /* of the pixel */
            double value =
                water * (0.1 + 0.01 * normal(waves, at)) + (1 - water) * sum / (FINER * FINER);
            value = l->gain * pow(value, l->gamma) + l->noise * normal(waves + 77, at);
            out[y * SIDE + x] = logf((float)pl__max(value, 0.001));
        }
    }
}

static const light MORNING = {{1.2, 0.7}, 1.0, 1.0, 0.01, 0};

typedef struct planes {
    float *a, *b;
} planes;

static planes make(void) {
    planes p = {malloc(SIDE * SIDE * sizeof(float)), malloc(SIDE * SIDE * sizeof(float))};
    assert_non_null(p.a);
    assert_non_null(p.b);
    return p;
}

static void drop(planes *p) {
    free(p->a);
    free(p->b);
}

static pl_shift shift_of(const planes *p) {
    pl_shift out;
    assert_true(pl__image_shift(p->a, p->b, SIDE, SIDE, 40, &out));
    return out;
}

/* The figure: shifted, noisy, differently lit. */
static void parts_of_a_pixel(void **state) {
    (void)state;
    static const light LIGHTS[] = {
        {{1.2, 0.7}, 1.0, 1.0, 0.01, 0},    /* the same light */
        {{-0.9, 1.4}, 1.0, 1.0, 0.01, 0},   /* another sun */
        {{0.2, -2.0}, 0.4, 0.45, 0.012, 0}, /* low sun, a tone curve, noise of 3 % */
        {{1.2, 0.7}, 2.5, 1.0, 0.1, 0.5},   /* half of it sea, noise of 13 % */
    };
    planes p = make();
    for (unsigned k = 0; k < 12; k++) {
        double dx = 12 * (number(5, k) - 0.5), dy = 12 * (number(6, k) - 0.5);
        const light *l = &LIGHTS[k % 4];
        light first = MORNING;
        first.sea = l->sea;
        draw(k, 1000 + k, dx, dy, &first, p.a);
        draw(k, 2000 + k, 0, 0, l, p.b);
        pl_shift got = shift_of(&p);
        double error = hypot(got.x_px - dx, got.y_px - dy);
        print_message("%u: off by %.3f px, sigma %.3f, peak %.2f = %.0f spreads\n", k, error,
                      got.sigma_px, got.peak, got.peak / got.spread);
        assert_true(error < 0.1);
        assert_true(got.peak > 8 * got.spread && got.second < 0.6 * got.peak);
    }
    drop(&p);
}

/* Shadows as long as houses are wide, thrown the other way, on half the ground: edges of shadows
 * pull at those of houses, by up to a quarter of a pixel, and the noise does not say so. */
static void opposite_shadows(void **state) {
    (void)state;
    static const light EVENING = {{-1.2, -0.7}, 2.5, 1.0, 0.05, 0.5};
    planes p = make();
    for (unsigned k = 0; k < 4; k++) {
        light first = MORNING;
        first.sea = EVENING.sea;
        draw(20 + k, 1000 + k, 3.3, -1.6, &first, p.a);
        draw(20 + k, 2000 + k, 0, 0, &EVENING, p.b);
        pl_shift got = shift_of(&p);
        assert_true(hypot(got.x_px - 3.3, got.y_px + 1.6) < 0.25);
        assert_true(got.peak > 8 * got.spread && got.second < 0.6 * got.peak);
    }
    drop(&p);
}

/* Two places, waves alone, nothing at all: no peak of eight spreads. */
static void nothing_in_common(void **state) {
    (void)state;
    planes p = make();
    for (unsigned k = 0; k < 8; k++) {
        light l = MORNING;
        l.sea = k < 4 ? 0 : 2;
        draw(k, 1000 + k, 0, 0, &l, p.a);
        draw(k + 100, 2000 + k, 0, 0, &l, p.b);
        pl_shift got = shift_of(&p);
        assert_true(got.peak < 8 * got.spread);
    }
    for (int i = 0; i < SIDE * SIDE; i++) p.a[i] = 1;
    pl_shift got = shift_of(&p);
    assert_false(got.peak > 8 * got.spread);
    for (int i = 0; i < SIDE * SIDE; i++) p.a[i] = NAN;
    got = shift_of(&p);
    assert_false(got.peak > 8 * got.spread);
    drop(&p);
}

/* What is left out of both at the same place is no sign of standing still. */
static void holes(void **state) {
    (void)state;
    planes p = make();
    draw(3, 1003, 4.4, -2.3, &MORNING, p.a);
    draw(3, 2003, 0, 0, &MORNING, p.b);
    for (int y = 60; y < 110; y++)
        for (int x = 30; x < 150; x++) p.a[y * SIDE + x] = p.b[y * SIDE + x] = NAN;
    pl_shift got = shift_of(&p);
    assert_true(hypot(got.x_px - 4.4, got.y_px + 2.3) < 0.1);
    drop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_pixel),
        cmocka_unit_test(opposite_shadows),
        cmocka_unit_test(nothing_in_common),
        cmocka_unit_test(holes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
