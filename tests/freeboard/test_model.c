/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do the model's derivatives say how the model changes? A fit that follows a wrong one stops short
 * of the best place, each time at another. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "freeboard/joint.h"

enum { BAND = 1 };

static const char *const NAMES[PL__CLARITY] = {
    [PL__EDGE] = "edge",   [PL__TURN] = "turn",     [PL__HEIGHT] = "height", [PL__TRIM] = "trim",
    [PL__SHEER] = "sheer", [PL__SPREAD] = "spread", [PL__LOBE] = "lobe",     [PL__ROUGH] = "rough",
    [PL__RIM] = "rim",     [PL__FOOT] = "foot",     [PL__RAIL] = "rail",     [PL__GEAR] = "gear",
    [PL__FORE] = "fore",   [PL__AFT] = "aft",       [PL__FACETS] = "facets", [PL__LINE] = "line"};

static double seen(const pl_problem *q, const double *p, double u, double n, pl_pixel *out) {
    pl_place at;
    pl__freeboard_optics(q, p, &at);
    pl__freeboard_at(q, p, u, n, &at);
    pl__freeboard_see(q, BAND, &at, 2.4, 1.0, out);
    return out->model;
}

/* Across all edges, of a side with and without its wall in sight, dark and lit, and with a strip of
 * shaded deck. */
static void derivatives_agree_with_differences(void **state) {
    (void)state;
    const struct {
        pl_cue_kind kind;
        double lean, shadow, strip;
    } sides[] = {{PL_CUE_DARK_BAND, 0.4, 1.4, 0},
                 {PL_CUE_DARK_BAND, -0.3, 0.9, 0},
                 {PL_CUE_DARK_BAND, 0.1, 1.4, 1.2},
                 {PL_CUE_DARK_BAND, -0.3, 1.4, 1.2},
                 {PL_CUE_LIT_WALL, -0.45, -0.8, 0}};
    for (int k = 0; k < 5; k++) {
        pl_side_view v = {.pixel_m = 0.5,
                          .bands = 2,
                          .blocks = 1,
                          .block_m = 60,
                          .length_m = 100,
                          .shade = {0.7},
                          .cast_along = 0.3,
                          .lean_along = -0.2,
                          .bow_certain = true};
        pl_problem q = {.v = &v,
                        .kind = sides[k].kind,
                        .strip = sides[k].strip > 0,
                        .lean = sides[k].lean,
                        .shadow = sides[k].shadow,
                        .boot = sides[k].kind == PL_CUE_LIT_WALL,
                        .penumbra = 0.01,
                        .tail_m = {0.2, 0.3},
                        .half_u = 30,
                        .zone_edge = 10};
        const double level[PL__GLOBALS] = {
            sides[k].kind == PL_CUE_DARK_BAND ? 0.7 : 1.7, 0.02, 0.1, 0.15, 0.1, 0.4};
        memcpy(q.level[BAND], level, sizeof level);
        double p[PL__PARAMETERS] = {0};
        p[PL__EDGE] = 10;
        p[PL__HEIGHT] = 4;
        p[PL__TRIM] = 0.004;
        p[PL__SHEER] = 1e-4;
        p[PL__SPREAD] = log(0.55);
        p[PL__LOBE] = 0.15;
        p[PL__ROUGH] = 0.01;
        p[PL__RAIL] = 0.08;
        p[PL__GEAR] = 0.2;
        p[PL__RIM] = sides[k].strip;
        p[PL__FORE] = 0.4;
        p[PL__AFT] = 0.2;
        p[PL__FACETS] = log(0.12);
        p[PL__LINE] = 1.5;
        for (int i = 0; i <= 2 * PL__CLARITY + 1; i++) {
            /* before midships and behind it */
            int which = i / 2, at = which < PL__CLARITY ? which : PL__CLARITY + BAND;
            const double h = at == PL__TRIM    ? 1e-5
                             : at == PL__SHEER ? 1e-6
                                               : 1e-4,
                         u = i % 2 ? -24 : 24;
            double scale = at == PL__TURN || at == PL__TRIM ? fabs(u) : at == PL__SHEER ? u * u : 1;
            for (double n = 8; n < 22; n += 0.13) {
                double less[PL__PARAMETERS], more[PL__PARAMETERS];
                pl_pixel x, y;
                memcpy(less, p, sizeof p);
                memcpy(more, p, sizeof p);
                less[at] -= h;
                more[at] += h;
                seen(&q, p, u, n, &x);
                double want = (seen(&q, more, u, n, &y) - seen(&q, less, u, n, &y)) / (2 * h);
                if (!(fabs(x.parameter[at] - want) < 2e-3 * scale))
                    fail_msg("side %d, n %.2f, by %s: %.5f, not %.5f", k, n,
                             which < PL__CLARITY ? NAMES[which] : "clarity", x.parameter[at], want);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(derivatives_agree_with_differences)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
