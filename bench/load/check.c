/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well does the load estimate do on real ships? Not a tanker's cargo: what there is.
 *
 *     check MODELS surveys draft_survey_pairs.csv             cargo of real port calls, true drafts
 *     check MODELS prior particulars_marinevessels_tankers.csv   deadweight from length and beam
 *
 * Exit 77 when the data file is not there (ctest: skipped), 1 when the figures are worse than what
 * docs/method/load.md says of them. */
#include <gsl/gsl_qrng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/io.h"
#include "load/model.h"

enum { SKIPPED = 77, SHIPS_MAX = 5000 };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *value, int n, double q) {
    if (n == 0) return NAN;
    qsort(value, (size_t)n, sizeof *value, by_value);
    double x = q * (n - 1);
    int i = (int)x;
    return i + 1 < n ? value[i] + (x - i) * (value[i + 1] - value[i]) : value[i];
}

static double cell(const pl_table *table, int row, const char *name) {
    pl_error error;
    int column = 0;
    double value = NAN;
    if (pl__table_column(table, name, &column, &error) ||
        pl__table_number(table, row, column, &value, &error))
        return NAN;
    return value;
}

/* Quarter mean draft of the deeper of the two surveys, metres. */
static double quarter_mean(const pl_table *table, int row) {
    double deeper = 0;
    static const char *const WHEN[2] = {"ini", "fin"}, *const WHERE[3] = {"for", "mid", "aft"};
    for (int i = 0; i < 2; i++) {
        double mean = 0;
        for (int k = 0; k < 3; k++) {
            char port[32], starboard[32];
            snprintf(port, sizeof port, "%s_%s_dft_p_cm", WHEN[i], WHERE[k]);
            snprintf(starboard, sizeof starboard, "%s_%s_dft_s_cm", WHEN[i], WHERE[k]);
            mean += (k == 1 ? 6 : 1) / 8.0 * 0.005 *
                    (cell(table, row, port) + cell(table, row, starboard));
        }
        if (mean > deeper) deeper = mean;
    }
    return deeper;
}

/* Errors of the median over deadweight, and how often the 90 % range holds. */
typedef struct score {
    double error[SHIPS_MAX], size[SHIPS_MAX];
    int n, held;
} score;

static void add(score *s, double truth, pl_range range, double scale) {
    if (!(range.p50 == range.p50) || s->n == SHIPS_MAX) return;
    s->error[s->n] = (range.p50 - truth) / scale;
    s->size[s->n++] = fabs(range.p50 - truth) / scale;
    s->held += truth >= range.p05 && truth <= range.p95;
}

static double tell(const char *name, score *s) {
    double size = quantile(s->size, s->n, 0.5);
    printf(
        "  %-46s n %3d  median |error| %5.2f %%  median error %+5.2f %%  in 90 %% range %3.0f %%\n",
        name, s->n, 100 * size, 100 * quantile(s->error, s->n, 0.5), 100.0 * s->held / s->n);
    return size;
}

/* Draft, deadweight and summer draft known; then the lightship too; then a draft off by 0.15 m. */
static int surveys(const pl_load_models *models, const pl_table *table) {
    static score all[3], full[3];
    static const char *const WHAT[3] = {"dwt, summer draft", "dwt, summer draft, lightship",
                                        "dwt, summer draft; draft +-0.15 m"};
    memset(all, 0, sizeof all);
    memset(full, 0, sizeof full);
    for (int row = 0; row < table->rows; row++) {
        double dwt = cell(table, row, "dwt_t"), cargo = cell(table, row, "bl_weight_t");
        double draft = quarter_mean(table, row);
        for (int k = 0; k < 3; k++) {
            /* a fixed unit-variance wobble, one a row: +-1 in turn */
            double off = k == 2 ? (row % 2 ? 0.15 : -0.15) : 0;
            pl_load_input in = {{cell(table, row, "loa_m"), 0.05},
                                {cell(table, row, "beam_m"), 0.02},
                                {NAN, NAN},
                                {draft + off, k == 2 ? 0.15 : 0.02},
                                NAN,
                                cell(table, row, "summer_draft_m"),
                                dwt,
                                NAN,
                                k == 1 ? cell(table, row, "lightship_t") : NAN,
                                NAN,
                                NAN,
                                NAN};
            pl_load_options options = PL_LOAD_OPTIONS_INIT;
            options.density_t_m3 = 1.2; /* dry cargo: holds do not limit it as tanks do */
            options.conversion = "density";
            pl_load load;
            pl_error error = PL_ERROR_INIT;
            if (pl_load_estimate(models, &in, &options, &load, &error)) {
                printf("  row %d: %s\n", row, error.message);
                continue;
            }
            if (load.status == PL_REFUSED) printf("  row %d refused\n", row);
            add(&all[k], cargo, load.cargo_t, dwt);
            if (cargo > 0.85 * dwt) add(&full[k], cargo, load.cargo_t, dwt);
        }
    }
    bool good = true;
    for (int k = 0; k < 3; k++) {
        char name[80];
        snprintf(name, sizeof name, "%s, all", WHAT[k]);
        tell(name, &all[k]);
        snprintf(name, sizeof name, "%s, cargo > 85 %% dwt", WHAT[k]);
        good = tell(name, &full[k]) < (k == 2 ? 0.05 : 0.025) && good;
    }
    return good ? 0 : 1;
}

/* Weighted quantiles of the prior's deadweight given length and beam; the mean exponent p. */
static void prior_of(const pl_load_models *models, double loa, double beam, pl_range *dwt,
                     double *exponent) {
    enum { DRAWS = 512 };
    static double value[DRAWS], weight[DRAWS], p[DRAWS];
    double u[PL__UNIFORMS];
    pl__fleet_view view;
    pl_load_input in = {{loa, 0.29}, {beam, 0.29}, {NAN, NAN}, {NAN, NAN}, NAN, NAN,
                        NAN,         NAN,          NAN,        NAN,        NAN, NAN};
    *dwt = (pl_range){NAN, NAN, NAN};
    gsl_qrng *sobol = gsl_qrng_alloc(gsl_qrng_sobol, PL__UNIFORMS);
    if (!sobol) return;
    pl__fleet_look(models, &in, &view);
    for (int i = 0; i < DRAWS; i++) {
        pl__ship ship;
        gsl_qrng_get(sobol, u);
        weight[i] = 0;
        if (!pl__ship_draw(&view, &in, u, &ship)) continue;
        double bound = pl__ship_depth_draw(models, &in, u, &ship);
        weight[i] = ship.weight * bound;
        value[i] = ship.dwt;
        p[i] = ship.exponent;
    }
    gsl_qrng_free(sobol);
    *dwt = pl__believe_range(value, weight, DRAWS, 0);
    *exponent = pl__believe_moments(p, weight, DRAWS).value;
}

static int prior(const pl_load_models *models, const pl_table *table) {
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
        /* by what was said, not by the truth: a bin of the truth would choose the errors */
        while (b < BINS && !(range.p50 >= EDGE[b] && range.p50 < EDGE[b + 1])) b++;
        if (b == BINS || n[b] == SHIPS_MAX) continue;
        ratio[b][n[b]++] = log(range.p50 / dwt);
        held[b] += dwt >= range.p05 && dwt <= range.p95;
        sigma[b] += log(range.p95 / range.p05) / 3.29;
        p[b] += exponent;
    }
    for (int b = 0; b < BINS; b++) {
        double median = quantile(ratio[b], n[b], 0.5);
        double scatter = (quantile(ratio[b], n[b], 0.95) - quantile(ratio[b], n[b], 0.05)) / 3.29;
        printf("  said dwt %6.0f-%6.0f  n %4d  median ratio %.3f  log scatter %.3f (said %.3f)  in "
               "90 %% "
               "range %3.0f %%  p %.3f\n",
               EDGE[b], EDGE[b + 1], n[b], exp(median), scatter, sigma[b] / n[b],
               100.0 * held[b] / n[b], p[b] / n[b]);
        total += n[b];
        all += held[b];
    }
    printf("  all: in 90 %% range %.1f %% of %d\n", 100.0 * all / total, total);
    return all > 0.85 * total && all < 0.95 * total ? 0 : 1;
}

int main(int count, char **argument) {
    int code = 2;
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_table table;
    pl_arena *arena = pl_arena_new(0);
    if (count != 4 || !arena) goto done;
    code = SKIPPED;
    if (access(argument[3], R_OK) != 0) goto done;
    code = 2;
    if (pl_load_models_open(argument[1], &models, &error) ||
        pl__table_read(argument[3], arena, &table, &error)) {
        fprintf(stderr, "%s\n", error.message);
        goto done;
    }
    code = strcmp(argument[2], "surveys") == 0 ? surveys(models, &table) : prior(models, &table);
done:
    pl_load_models_free(models);
    pl_arena_free(arena);
    return code;
}
