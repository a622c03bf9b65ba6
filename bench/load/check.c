/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well does the load estimate do on real ships, and how fast? Not a tanker's cargo: what there
 * is.
 *
 *     load_check MODELS surveys draft_survey_pairs.csv          cargo of real port calls
 *     load_check MODELS pairs draft_survey_pairs.csv            the same, of two drafts
 *     load_check MODELS hydrostatics hydrostatics_*.csv         displacement from draft
 *     load_check MODELS fleet particulars_*.csv                 deadweight from length and beam
 *     load_check MODELS predict particulars_*.csv               the same ship by ship, as CSV
 *     load_check MODELS speed                                   estimates a core-minute
 *
 * Each prints what issue 6 asks and what came out. Exit 77 when the data file is not there (ctest:
 * skipped), 1 when something that is met today is not. */
#include "check.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77 };

double cell(const pl_table *table, int row, const char *name) {
    pl_error error;
    int column = 0;
    double value = NAN;
    if (pl__table_column(table, name, &column, &error) ||
        pl__table_number(table, row, column, &value, &error))
        return NAN;
    return value;
}

const char *words(const pl_table *table, int row, const char *name) {
    pl_error error;
    int column = 0;
    return pl__table_column(table, name, &column, &error) ? "" : pl__table_text(table, row, column);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double quantile(double *value, int n, double q) {
    if (n == 0) return NAN;
    qsort(value, (size_t)n, sizeof *value, by_value);
    double x = q * (n - 1);
    int i = (int)x;
    return i + 1 < n ? value[i] + (x - i) * (value[i + 1] - value[i]) : value[i];
}

double binomial_p(int hits, int n, double share) {
    double here = gsl_ran_binomial_pdf((unsigned)hits, share, (unsigned)n), sum = 0;
    for (int k = 0; k <= n; k++) {
        double p = gsl_ran_binomial_pdf((unsigned)k, share, (unsigned)n);
        if (p <= here * (1 + 1e-9)) sum += p;
    }
    return sum;
}

bool verdict(const char *what, double value, double limit, const char *unit) {
    bool met = fabs(value) <= limit;
    printf("  %-64s %+7.2f %s, asked %g: %s\n", what, value, unit, limit, met ? "met" : "NOT MET");
    return met;
}

int main(int count, char **argument) {
    static const struct {
        const char *word;
        bool (*check)(const pl_load_models *, const pl_table *);
    } WORD[] = {{"surveys", check_surveys},
                {"pairs", check_pairs},
                {"hydrostatics", check_hydrostatics},
                {"fleet", check_fleet},
                {"predict", predict_fleet}};
    int code = 2;
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_table table;
    pl_arena *arena = pl_arena_new(0);
    bool (*check)(const pl_load_models *, const pl_table *) = NULL;
    bool speed = count == 3 && strcmp(argument[2], "speed") == 0;
    for (size_t i = 0; count == 4 && i < sizeof WORD / sizeof *WORD; i++)
        if (strcmp(WORD[i].word, argument[2]) == 0) check = WORD[i].check;
    if (!arena || (!check && !speed)) goto done;
    code = SKIPPED;
    if (check && access(argument[3], R_OK) != 0) goto done;
    code = 2;
    if (pl_load_models_open(argument[1], &models, &error) ||
        (check && pl__table_read(argument[3], arena, &table, &error))) {
        fprintf(stderr, "%s\n", error.message);
        goto done;
    }
    code = (speed ? check_speed(models) : check(models, &table)) ? 0 : 1;
done:
    pl_load_models_free(models);
    pl_arena_free(arena);
    return code;
}
