/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does measuring give the sigma that was forecast?
 *
 *     bench_forecast COUNT SEED [MODEL_SIGMA]
 *
 * Draws COUNT ships at headings all round (pl_synth_draw), each under another sun and view,
 * measures them, and holds the sigma that was reported against the forecast for that ship, heading,
 * pixel and light. One line a ship, the figures at the end; exit 1 when the median ratio leaves 0.7
 * to 1.4. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/plimsoll.h"

enum { COUNT_MAX = 2000 };
static const char FILE_NAME[] = "/vsimem/forecast/drawn.tif";

static double next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)((*state ^ (*state >> 29)) * 0x9E3779B97F4A7C15u >> 11) / 9007199254740992.0;
}

static double between(uint64_t *state, double low, double high) {
    return low + (high - low) * next(state);
}

static pl_synth_options draw(int k, int count, uint64_t *state) {
    pl_synth_options o = pl_synth_defaults();
    o.heading_rad = 2 * PL_PI * k / count;
    o.length_m = between(state, 80, 180);
    o.beam_m = o.length_m / between(state, 5.5, 7);
    o.freeboard_m = o.length_m * between(state, 0.015, 0.05);
    o.sun_azimuth_rad = between(state, 0, 2 * PL_PI);
    o.sun_elevation_rad = between(state, 20, 60) * PL_RAD_PER_DEG;
    o.view_azimuth_rad = between(state, 0, 2 * PL_PI);
    o.view_incidence_rad = between(state, 3, 28) * PL_RAD_PER_DEG;
    o.contrast = between(state, 0.15, 0.4);
    o.snr = between(state, 40, 120);
    o.gsd_m = between(state, 0.3, 0.7);
    o.bands = next(state) < 0.5 ? 1 : 4;
    o.seed = (uint64_t)k + 1;
    return o;
}

static pl_status measure(const pl_synth_options *o, double model_sigma_m, pl_arena *arena,
                         pl_result_row *row, pl_scene_info *info, pl_error *error) {
    pl_measure_options options = PL_MEASURE_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_hull_list hulls;
    pl_crop crop, chip;
    pl_port_area area;
    options.freeboard.model_sigma_m = model_sigma_m;
    row->has_freeboard = false;
    pl_status status = pl_synth_write(o, FILE_NAME, error);
    if (status == PL_OK) status = pl_scene_open(FILE_NAME, &options.scene, &scene, error);
    if (status == PL_OK) *info = *pl_scene_describe(scene);
    if (status == PL_OK) status = pl_port_crop(scene, NULL, arena, &crop, &area, error);
    if (status == PL_OK) status = pl_hull_find(scene, &crop, &options.hull, arena, &hulls, error);
    if (status == PL_OK && hulls.count == 1) {
        row->hull = hulls.hull[0];
        status = pl_measure_chip(scene, &row->hull, arena, &chip, error);
        if (status == PL_OK)
            status = pl_freeboard_measure(&chip, &row->hull, &options.freeboard, arena,
                                          &row->freeboard, error);
        row->has_freeboard = status == PL_OK;
    }
    pl_scene_close(scene);
    return status;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    static double ratio[COUNT_MAX];
    static pl_result_row row;
    static pl_scene_info info;
    static pl_freeboard f;
    int count = argc > 1 ? atoi(argv[1]) : 0, n = 0, both = 0, only_measured = 0, only_forecast = 0;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    double model_sigma_m = argc > 3 ? atof(argv[3]) : 0.15;
    if (count < 1 || count > COUNT_MAX) {
        fprintf(stderr, "bench_forecast COUNT SEED [MODEL_SIGMA]\n");
        return 2;
    }
    for (int k = 0; k < count; k++) {
        pl_error error = PL_ERROR_INIT;
        pl_arena *arena = pl_arena_new(0);
        pl_synth_options o = draw(k, count, &state);
        pl_forecast_options assumed = PL_FORECAST_OPTIONS_INIT;
        pl_status status =
            arena ? measure(&o, model_sigma_m, arena, &row, &info, &error) : PL_E_MEMORY;
        assumed.length_m = o.length_m;
        assumed.beam_m = o.beam_m;
        assumed.freeboard_m = o.freeboard_m;
        if (info.bands > 1) assumed.band = PL_BAND_GREEN;
        assumed.model_sigma_m = model_sigma_m;
        if (status == PL_OK)
            status = pl_freeboard_forecast(&info.sight, info.gsd_m, o.heading_rad, &assumed, arena,
                                           &f, &error);
        if (status != PL_OK) {
            fprintf(stderr, "bench_forecast: %s\n", error.message);
            return 2;
        }
        pl_arena_free(arena);
        if (!row.has_freeboard) continue; /* not found: no word on the forecast */
        const pl_freeboard *m = &row.freeboard;
        bool told = f.status != PL_REFUSED, got = m->status != PL_REFUSED;
        printf("%3.0f: forecast %.3f (fit %.3f, underwater %.3f), measured %.3f (fit %.3f, "
               "underwater %.3f), off "
               "%+.3f\n",
               o.heading_rad * PL_DEG_PER_RAD, f.freeboard_m.sigma, f.budget_m[PL_BUDGET_FIT],
               f.budget_m[PL_BUDGET_UNDERWATER], m->freeboard_m.sigma, m->budget_m[PL_BUDGET_FIT],
               m->budget_m[PL_BUDGET_UNDERWATER], m->freeboard_m.value - o.freeboard_m);
        both += told == got;
        only_measured += got && !told;
        only_forecast += told && !got;
        if (told && got) ratio[n++] = f.freeboard_m.sigma / m->freeboard_m.sigma;
    }
    qsort(ratio, (size_t)n, sizeof *ratio, ascending);
    double median = n > 0 ? ratio[n / 2] : NAN;
    printf(
        "%d ships: forecast over reported sigma %.2f (median; 5 %% %.2f, 95 %% %.2f); answered or "
        "refused alike %d, measured in spite %d, refused in spite %d\n",
        n, median, n > 0 ? ratio[n / 20] : NAN, n > 0 ? ratio[n - 1 - n / 20] : NAN, both,
        only_measured, only_forecast);
    return median > 0.7 && median < 1.4 ? 0 : 1;
}
