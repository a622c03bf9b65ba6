/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cargo does the estimate say of real port calls, whose drafts were read from the marks and
 * whose bill of lading is known?
 *
 * Dry cargo ships: density and tanks are set aside. The truth is the bill. Where a call handled one
 * parcel of several the bill says less than was aboard: the estimate speaks of what is aboard, and
 * these calls count as misses all the same. */
#include <stdio.h>
#include <string.h>

#include "check.h"

enum { SHIPS_MAX = 400, NOISES = 16 };
static const double FULL = 0.85; /* cargo over deadweight of a full ship */
static const double TRUE_DRAFT_M = 0.02, NOISE_M = 0.15;
/* An exact binomial test may not say at this level that ranges hold less or more than they should.
 */
static const double LEVEL = 0.01;

typedef enum knowing { DIMENSIONS, DEADWEIGHT, ALL_PARTICULARS, KNOWINGS } knowing;
static const char *const KNOWN[KNOWINGS] = {"dimensions only", "dwt, summer draft",
                                            "dwt, summer draft, lightship"};

/* Errors of the median, its size, and the widths of 90 % ranges: over deadweight. */
typedef struct score {
    double error[NOISES * SHIPS_MAX], size[NOISES * SHIPS_MAX], width[NOISES * SHIPS_MAX], sum;
    int n, held;
} score;

static void add(score *s, double truth, pl_range range, double scale) {
    if (isnan(range.p50) || s->n == NOISES * SHIPS_MAX) return;
    double error = (range.p50 - truth) / scale;
    s->error[s->n] = error;
    s->size[s->n] = fabs(error);
    s->width[s->n++] = (range.p95 - range.p05) / scale;
    s->sum += error;
    s->held += truth >= range.p05 && truth <= range.p95;
}

static double median(double *value, int n) {
    return 100 * quantile(value, n, 0.5);
}

static void tell(const char *name, score *s) {
    printf("  %-52s n %3d  |error| %5.2f  median %+6.2f  mean %+6.2f  width %5.1f  in range %3d "
           "(%3.0f %%, p %.3f)\n",
           name, s->n, median(s->size, s->n), median(s->error, s->n), 100 * s->sum / s->n,
           median(s->width, s->n), s->held, 100.0 * s->held / s->n, binomial_p(s->held, s->n, 0.9));
}

/* Quarter mean draft of one of the two surveys, metres. */
static double quarter_mean(const pl_table *table, int row, const char *when) {
    static const char *const WHERE[3] = {"for", "mid", "aft"};
    double mean = 0;
    for (int k = 0; k < 3; k++) {
        char port[32], starboard[32];
        snprintf(port, sizeof port, "%s_%s_dft_p_cm", when, WHERE[k]);
        snprintf(starboard, sizeof starboard, "%s_%s_dft_s_cm", when, WHERE[k]);
        mean +=
            (k == 1 ? 6 : 1) / 8.0 * 0.005 * (cell(table, row, port) + cell(table, row, starboard));
    }
    return mean;
}

static pl_load_input ship_of(const pl_table *table, int row, knowing known) {
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.length_m = (pl_quantity){cell(table, row, "loa_m"), 0.05};
    in.beam_m = (pl_quantity){cell(table, row, "beam_m"), 0.02};
    in.tank_m3 = 5 * cell(table, row, "dwt_t"); /* holds do not limit as tanks do */
    if (known == DIMENSIONS) return in;
    in.summer_draft_m = cell(table, row, "summer_draft_m");
    in.dwt_t = cell(table, row, "dwt_t");
    if (known == ALL_PARTICULARS) in.lightship_t = cell(table, row, "lightship_t");
    return in;
}

static pl_load_options dry_cargo(void) {
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    options.density_t_m3 = 1.2;
    options.conversion = "density";
    return options;
}

/* Evenly spread normals: the k-th of NOISES, another order for each row. */
static double noise(int row, int k) {
    double x = 0.5 + row * 0.6180339887 + (double)k / NOISES, u = x - floor(x);
    double low = -6, high = 6;
    while (high - low > 1e-9) {
        double middle = 0.5 * (low + high);
        if (pl__normal_share(middle) < u)
            low = middle;
        else
            high = middle;
    }
    return NOISE_M * low;
}

static void weigh(const pl_load_models *models, const pl_table *table, knowing known, bool noisy,
                  score *all, score *full) {
    const pl_load_options options = dry_cargo();
    for (int row = 0; row < table->rows; row++) {
        double dwt = cell(table, row, "dwt_t"), cargo = cell(table, row, "bl_weight_t");
        pl_load_input in = ship_of(table, row, known);
        double draft = pl__max(quarter_mean(table, row, "ini"), quarter_mean(table, row, "fin"));
        for (int k = 0; k < (noisy ? NOISES : 1); k++) {
            pl_load load;
            pl_error error = PL_ERROR_INIT;
            in.draft_m.value = draft + (noisy ? noise(row, k) : 0);
            in.draft_m.sigma = noisy ? NOISE_M : TRUE_DRAFT_M;
            if (pl_load_estimate(models, &in, &options, &load, &error) ||
                load.status == PL_REFUSED) {
                printf("  row %d refused: %s\n", row + 2, error.message);
                all->n++; /* a miss: an error of its own size would be made up */
                continue;
            }
            add(all, cargo, load.cargo_t, dwt);
            if (cargo > FULL * dwt) add(full, cargo, load.cargo_t, dwt);
        }
    }
}

static bool holds(const char *what, const score *s) {
    double p = binomial_p(s->held, s->n, 0.9);
    printf("  %-64s %3d of %3d, p %.4f, asked >= %g: %s\n", what, s->held, s->n, p, LEVEL,
           p >= LEVEL ? "met" : "NOT MET");
    return p >= LEVEL;
}

bool check_surveys(const pl_load_models *models, const pl_table *table) {
    static score all[2][KNOWINGS], full[2][KNOWINGS];
    memset(all, 0, sizeof all);
    memset(full, 0, sizeof full);
    printf(
        "cargo of %d port calls, all figures in %% of deadweight (of 90 %% ranges: how many hold "
        "the bill)\n",
        table->rows);
    for (int noisy = 0; noisy < 2; noisy++) {
        for (int k = 0; k < KNOWINGS; k++) {
            char name[100];
            weigh(models, table, (knowing)k, noisy, &all[noisy][k], &full[noisy][k]);
            snprintf(name, sizeof name, "%s%s, all", KNOWN[k], noisy ? ", draft +-0.15 m" : "");
            tell(name, &all[noisy][k]);
            snprintf(name, sizeof name, "%s%s, cargo > 85 %%", KNOWN[k],
                     noisy ? ", draft +-0.15 m" : "");
            tell(name, &full[noisy][k]);
        }
    }
    score *known = &all[0][DEADWEIGHT], *laden = &full[0][DEADWEIGHT];
    score *rough = &all[1][DEADWEIGHT];
    bool met = true;
    met &= verdict("median |error|, cargo > 85 %", median(laden->size, laden->n), 1.0, "%");
    met &= verdict("median error, cargo > 85 %", median(laden->error, laden->n), 0.5, "%");
    met &= verdict("median |error|, all", median(known->size, known->n), 2.1, "%");
    met &= verdict("median |error|, all, draft +-0.15 m", median(rough->size, rough->n), 4.5, "%");
    for (int k = 0; k < KNOWINGS; k++) {
        char name[100];
        snprintf(name, sizeof name, "90 %% ranges, %s, all", KNOWN[k]);
        met &= holds(name, &all[0][k]);
        snprintf(name, sizeof name, "90 %% ranges, %s, cargo > 85 %%", KNOWN[k]);
        met &= holds(name, &full[0][k]);
    }
    return met;
}

bool check_pairs(const pl_load_models *models, const pl_table *table) {
    static score score_of[KNOWINGS];
    const pl_load_options options = dry_cargo();
    bool met = true;
    memset(score_of, 0, sizeof score_of);
    printf("what %d port calls loaded or discharged, of the drafts before and after\n",
           table->rows);
    for (int k = 0; k < KNOWINGS; k++) {
        score *s = &score_of[k];
        for (int row = 0; row < table->rows; row++) {
            pl_transfer transfer;
            pl_error error = PL_ERROR_INIT;
            pl_load_input in = ship_of(table, row, (knowing)k);
            double dwt = cell(table, row, "dwt_t"), bill = cell(table, row, "bl_weight_t");
            double before = quarter_mean(table, row, "ini"),
                   after = quarter_mean(table, row, "fin");
            pl_load_measurement light = {
                {NAN, NAN}, {pl__min(before, after), TRUE_DRAFT_M}, NAN, 0};
            pl_load_measurement deep = {{NAN, NAN}, {pl__max(before, after), TRUE_DRAFT_M}, NAN, 0};
            if (pl_load_pair(models, &in, &light, &deep, &options, &transfer, &error) ||
                transfer.status == PL_REFUSED) {
                printf("  row %d refused: %s\n", row + 2, error.message);
                continue;
            }
            add(s, bill, transfer.transfer_t, dwt);
        }
        tell(KNOWN[k], s);
    }
    score *known = &score_of[DEADWEIGHT];
    met &= verdict("pair, mean error", 100 * known->sum / known->n, 3.0, "%");
    met &= verdict("pair, median error", median(known->error, known->n), 3.0, "%");
    return met;
}
