/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What deadweight does the prior say of ships whose length and beam are known, and does it mean
 * what it says? By size, as the prior itself judges it: a bin of the truth would choose the errors.
 */
#include <stdio.h>

#include "check.h"

enum { SHIPS_MAX = 5000, DRAWS = 512 };

/* Weighted quantiles of the prior's deadweight given length and beam; the mean exponent p. */
static void prior_of(const pl_load_models *models, double loa, double beam, pl_range *dwt,
                     double *exponent) {
    static double value[DRAWS], weight[DRAWS], p[DRAWS];
    pl__fleet_view view;
    pl__question q;
    const pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.length_m = (pl_quantity){loa, 0.29}; /* whole metres */
    in.beam_m = (pl_quantity){beam, 0.29};
    in.draft_m = (pl_quantity){1, 1}; /* not used */
    *dwt = (pl_range){NAN, NAN, NAN};
    if (pl__question_ask(models, &in, &options, &q, NULL)) return;
    pl__fleet_look(models, &q.input, &view);
    for (int i = 0; i < DRAWS; i++) {
        pl__ship ship;
        weight[i] = 0;
        if (!pl__ship_draw(&view, &q, &models->draw[i].hull, &ship)) continue;
        double bound = pl__ship_depth_draw(&q, &models->draw[i].hull, &ship);
        weight[i] = ship.weight * bound;
        value[i] = ship.dwt;
        p[i] = ship.exponent;
    }
    *dwt = pl__believe_range(value, weight, DRAWS, 0);
    *exponent = pl__believe_moments(p, weight, DRAWS).value;
}

bool predict_fleet(const pl_load_models *models, const pl_table *table) {
    printf("p05,p50,p95\n");
    for (int row = 0; row < table->rows; row++) {
        pl_range range;
        double exponent;
        prior_of(models, cell(table, row, "loa_m"), cell(table, row, "beam_m"), &range, &exponent);
        printf("%.1f,%.1f,%.1f\n", range.p05, range.p50, range.p95);
    }
    return true;
}

bool check_fleet(const pl_load_models *models, const pl_table *table) {
    static const double EDGE[] = {100, 1000, 2500, 8000, 25000, 60000, 130000, 600000};
    enum { BINS = sizeof EDGE / sizeof *EDGE - 1 };
    static double ratio[BINS][SHIPS_MAX], sigma[BINS], p[BINS];
    int n[BINS] = {0}, held[BINS] = {0}, total = 0, all = 0;
    for (int row = 0; row < table->rows; row++) {
        double loa = cell(table, row, "loa_m"), beam = cell(table, row, "beam_m");
        double dwt = cell(table, row, "dwt_t"), exponent = NAN;
        pl_range range;
        int b = 0;
        if (!(dwt >= EDGE[0]) || !(loa > 20) || !(beam > 4 && beam < loa)) continue;
        prior_of(models, loa, beam, &range, &exponent);
        while (b < BINS && !(range.p50 >= EDGE[b] && range.p50 < EDGE[b + 1])) b++;
        if (b == BINS || n[b] == SHIPS_MAX) continue;
        ratio[b][n[b]++] = log(range.p50 / dwt);
        held[b] += dwt >= range.p05 && dwt <= range.p95;
        sigma[b] += log(range.p95 / range.p05) / 3.29;
        p[b] += exponent;
    }
    bool sane = true;
    for (int b = 0; b < BINS; b++) {
        double median = quantile(ratio[b], n[b], 0.5), exponent = p[b] / n[b];
        double scatter = (quantile(ratio[b], n[b], 0.95) - quantile(ratio[b], n[b], 0.05)) / 3.29;
        printf("  said dwt %6.0f-%6.0f  n %4d  median ratio %.3f  log scatter %.3f (said %.3f)  in "
               "90 %% range %3.0f %%  p %.3f\n",
               EDGE[b], EDGE[b + 1], n[b], exp(median), scatter, sigma[b] / n[b],
               100.0 * held[b] / n[b], exponent);
        total += n[b];
        all += held[b];
        /* the prior predictive, by size: unbiased to 5 %, and hulls that float as real ones do */
        sane &= fabs(median) < 0.05 && exponent > 1.09 && exponent < 1.15;
    }
    printf("  all: in 90 %% range %.1f %% of %d\n", 100.0 * all / total, total);
    return sane && all > 0.85 * total && all < 0.95 * total;
}
