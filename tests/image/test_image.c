/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do the pixel tools keep their promises: robust lines, cubic sampling, blobs in the corner
 * convention, looks? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/image.h"

static void near(double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.6f, want %.6f +- %.6f", got, want, tolerance);
}

static double noise(uint64_t *seed) {
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 33) / 2147483648.0;
    }
    return sum - 6.0; /* sum of 12 uniforms: unit variance */
}

static void line_survives_40_percent_of_liars(void **state) {
    (void)state;
    double x[200], y[200], a, b;
    uint64_t seed = 3;
    for (int i = 0; i < 200; i++) {
        x[i] = 0.5 * i;
        y[i] = 7.0 - 0.03 * x[i] + 0.05 * noise(&seed) + (i % 5 < 2 ? 4.0 : 0.0);
    }
    pl_arena *arena = pl_arena_new(0);
    assert_true(pl__image_robust_line(x, y, 200, 0.01, arena, &a, &b, NULL));
    near(a, 7.0, 0.05);
    near(b, -0.03, 0.001);
    assert_false(pl__image_robust_line(x, y, 2, 0.01, arena, &a, &b, NULL));
    pl_arena_free(arena);
}

static void cubic_keeps_parabolas(void **state) {
    (void)state;
    float plane[20 * 20];
    for (int y = 0; y < 20; y++) {
        for (int x = 0; x < 20; x++)
            plane[y * 20 + x] = (float)(0.1 * (x + 0.5) * (x + 0.5) - 2 * (y + 0.5));
    }
    near((double)pl__image_cubic(plane, 20, 20, 7.3, 11.9), 0.1 * 7.3 * 7.3 - 2 * 11.9, 1e-4);
    assert_true(isnan(pl__image_cubic(plane, 20, 20, 1.0, 10)));
    plane[10 * 20 + 10] = NAN;
    assert_true(isnan(pl__image_cubic(plane, 20, 20, 10.4, 10.4)));
}

static void a_turned_bar_is_found_where_it_lies(void **state) {
    (void)state;
    enum { SIZE = 200 };
    static unsigned char mask[SIZE * SIZE];
    static int label[SIZE * SIZE];
    double angle = 0.6, c = cos(angle), s = sin(angle);
    memset(mask, 0, sizeof mask);
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            double dx = x + 0.5 - 103.2, dy = y + 0.5 - 91.7;
            double u = dx * c + dy * s, w = -dx * s + dy * c;
            bool hole = fabs(u) < 5 && fabs(w) < 4;
            mask[y * SIZE + x] = fabs(u) < 60 && fabs(w) < 9 && !hole;
        }
    }
    pl_arena *arena = pl_arena_new(0);
    pl_blob *blobs;
    int count;
    assert_true(pl__image_blobs(mask, SIZE, SIZE, 50, INFINITY, arena, &blobs, &count, label));
    assert_int_equal(count, 1);
    near(blobs[0].x, 103.2, 0.6);
    near(blobs[0].y, 91.7, 0.6);
    near(blobs[0].long_side, 120, 2);
    near(blobs[0].short_side, 18, 2);
    near(blobs[0].angle_rad, 0.6, 0.02);
    assert_int_equal(label[91 * SIZE + 103], 1); /* the hole is filled */
    assert_true(pl__image_open(mask, SIZE, SIZE, 12));
    assert_true(pl__image_blobs(mask, SIZE, SIZE, 50, INFINITY, arena, &blobs, &count, NULL));
    assert_int_equal(count, 0); /* narrower than the disc */
    pl_arena_free(arena);
}

/* A frame with two holes, something in each: the small hole is filled, the large one is not. */
static void large_holes_stay_open(void **state) {
    (void)state;
    enum { SIZE = 100 };
    static unsigned char mask[SIZE * SIZE];
    static int label[SIZE * SIZE];
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            bool large = x >= 10 && x < 60 && y >= 10 && y < 60,
                 small = x >= 70 && x < 85 && y >= 70 && y < 85;
            bool inside = (x >= 20 && x < 40 && y >= 20 && y < 26) ||
                          (x >= 74 && x < 80 && y >= 74 && y < 80);
            mask[y * SIZE + x] =
                (!large && !small && x >= 5 && y >= 5 && x < 95 && y < 95) || inside;
        }
    }
    pl_arena *arena = pl_arena_new(0);
    pl_blob *blobs;
    int count;
    assert_true(pl__image_blobs(mask, SIZE, SIZE, 10, 1000, arena, &blobs, &count, label));
    assert_int_equal(count, 2);
    assert_int_equal(label[15 * SIZE + 15], 0); /* in the large hole */
    assert_int_equal(label[22 * SIZE + 30], 2); /* what lies in it */
    assert_int_equal(label[9 * SIZE + 30], 1);  /* its rim */
    assert_int_equal(label[72 * SIZE + 72], 1); /* in the small hole */
    assert_int_equal(label[77 * SIZE + 77], 1);
    /* between the middles of rim pixels; a hole's rim cuts its four corners, half a pixel each */
    near(blobs[0].area, 89.0 * 89.0 - (51.0 * 51.0 - 2.0), 1e-9);
    assert_true(pl__image_blobs(mask, SIZE, SIZE, 10, INFINITY, arena, &blobs, &count, label));
    assert_int_equal(count, 1);
    assert_int_equal(label[22 * SIZE + 30], 1);
    pl_arena_free(arena);
}

static void closing_joins_and_does_not_grow(void **state) {
    (void)state;
    unsigned char mask[30 * 30] = {0};
    for (int y = 10; y < 20; y++) {
        for (int x = 5; x < 25; x++) mask[y * 30 + x] = x != 14;
    }
    assert_true(pl__image_close(mask, 30, 30, 2));
    int sum = 0;
    for (int i = 0; i < 900; i++) sum += mask[i];
    /* the disc's tip reaches one pixel into the slit's two mouths */
    assert_true(sum >= 198 && sum <= 200);
    assert_int_equal(mask[15 * 30 + 14], 1);
}

static int ascending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void quantiles_are_those_of_the_sorted_sample(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int count = 1; count < 60; count++) {
        float values[60], sorted[60];
        for (int i = 0; i < count; i++)
            values[i] = sorted[i] = (float)(int)(3 * noise(&seed)); /* with ties */
        qsort(sorted, (size_t)count, sizeof *sorted, ascending);
        for (double q = 0; q <= 1.0; q += 0.125) {
            double place = q * (count - 1), part = place - floor(place);
            int low = (int)place, high = low + 1 < count ? low + 1 : low;
            double want = (1 - part) * (double)sorted[low] + part * (double)sorted[high];
            near(pl__image_quantile(values, (size_t)count, q), want, 1e-6);
        }
    }
    float none[2] = {NAN, NAN}, one[3] = {NAN, 4, NAN};
    assert_true(isnan(pl__image_quantile(none, 2, 0.5)));
    near(pl__image_quantile(one, 3, 0.5), 4, 0);
}

static void looks_of_white_and_of_swell(void **state) {
    (void)state;
    double white[400], swell[400], last = 0;
    uint64_t seed = 11;
    for (int i = 0; i < 400; i++) {
        white[i] = noise(&seed);
        last = swell[i] =
            0.8 * last +
            0.6 * noise(&seed); /* AR(1), rho = 0.8: looks = n (1 - rho) / (1 + rho) = n / 9 */
    }
    assert_true(pl__image_looks(white, 400) > 250);
    double got = pl__image_looks(swell, 400);
    assert_true(got > 20 && got < 90);
    double flat[10] = {0};
    near(pl__image_looks(flat, 10), 10, 0);
}

/* What a disc takes from a figure must not depend on which way the picture is turned. */
static void opening_knows_no_direction(void **state) {
    (void)state;
    enum { SIDE = 64 };
    for (int radius = 1; radius <= 7; radius++) {
        unsigned char upright[SIDE * SIDE] = {0}, lying[SIDE * SIDE] = {0};
        for (int y = 8; y < 56; y++) {
            for (int x = 10; x < 50; x++) {
                bool inside = x < 14 + y / 4 || (x + 3 * y) % 17 > 4;
                upright[y * SIDE + x] = lying[x * SIDE + y] = inside;
            }
        }
        assert_true(pl__image_open(upright, SIDE, SIDE, radius));
        assert_true(pl__image_open(lying, SIDE, SIDE, radius));
        for (int k = 0; k < SIDE * SIDE; k++)
            assert_int_equal(upright[k], lying[k % SIDE * SIDE + k / SIDE]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_knows_no_direction),
        cmocka_unit_test(quantiles_are_those_of_the_sorted_sample),
        cmocka_unit_test(line_survives_40_percent_of_liars),
        cmocka_unit_test(cubic_keeps_parabolas),
        cmocka_unit_test(a_turned_bar_is_found_where_it_lies),
        cmocka_unit_test(large_holes_stay_open),
        cmocka_unit_test(closing_joins_and_does_not_grow),
        cmocka_unit_test(looks_of_white_and_of_swell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
