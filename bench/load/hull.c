/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is displacement from draft what a real hydrostatic table says, by the power law and through the
 * table; and how many estimates does a core do in a minute? */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check.h"

/* Summer draft and deadweight share of the two ships whose tables lie in shared/naval: the
 * coaster's is in her source column; the supramax's is the table's last row but one metre. */
static double summer_draft_of(const pl_table *table) {
    const char *text = strstr(words(table, 0, "source"), "summer draft ");
    double draft = NAN;
    if (text && sscanf(text, "summer draft %lf", &draft) == 1) return draft;
    return cell(table, table->rows - 1, "draft_m");
}

static bool fill(const pl_table *table, pl_hydrostatics *out) {
    bool coaster = !isnan(cell(table, 0, "draft_moulded_m"));
    *out = (pl_hydrostatics){0};
    for (int row = 0; row < table->rows && out->count < PL_HYDROSTATICS_MAX; row++) {
        double draft = cell(table, row, coaster ? "draft_moulded_m" : "draft_m");
        /* a row that is wrong in the source; the registry's reader names such rows */
        if (coaster && fabs(draft - 3.95) < 1e-6) continue;
        int k = out->count++;
        out->draft_m[k] = draft;
        out->displacement_t[k] = cell(table, row, coaster ? "displacement_sw_t" : "displacement_t");
        out->tpc_t_per_cm[k] = cell(table, row, "tpc_t_per_cm");
        out->mtc_tm_per_cm[k] = out->lcf_m[k] = NAN;
    }
    return out->count > 1;
}

/* Displacement as the whole estimate says it, of a ship of which all is known. */
static double estimated(const pl_load_models *models, const pl_hydrostatics *hull, double summer_m,
                        double draft_m, bool by_table, bool tpc) {
    double t_per_m, full = pl__hydrostatics_displacement(hull, summer_m, &t_per_m);
    pl_load_input in = PL_LOAD_INPUT_INIT;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_load load;
    in.length_m = (pl_quantity){full > 20000 ? 190 : 90, 0.1};
    in.beam_m = (pl_quantity){full > 20000 ? 32 : 14, 0.1};
    in.draft_m = (pl_quantity){draft_m, 0.0};
    in.summer_draft_m = summer_m;
    in.summer_draft_sigma_m = 0.001;
    in.displacement_t = full;
    in.dwt_t = 0.78 * full;
    if (tpc) in.tpc_t_per_cm = t_per_m / 100;
    in.hydrostatics = by_table ? hull : NULL;
    in.tank_m3 = 5 * full;
    options.water_density_t_m3 = (pl_quantity){1.025, 0};
    if (pl_load_estimate(models, &in, &options, &load, NULL)) return NAN;
    return load.displacement_t.value;
}

bool check_hydrostatics(const pl_load_models *models, const pl_table *table) {
    static pl_hydrostatics hull;
    if (!fill(table, &hull)) return false;
    double summer = summer_draft_of(table), worst = 0;
    printf("displacement from draft, %s, summer draft %.2f m\n", words(table, 0, "source"), summer);
    for (int k = 0; k < hull.count; k++) {
        if (hull.draft_m[k] < 0.5 * summer || hull.draft_m[k] > summer) continue;
        double by_table = estimated(models, &hull, summer, hull.draft_m[k], true, true);
        worst = pl__max(worst, fabs(by_table / hull.displacement_t[k] - 1));
    }
    double slope, half = 0.5 * summer;
    double truth = pl__hydrostatics_displacement(&hull, half, &slope);
    double by_law = estimated(models, &hull, summer, half, false, true);
    double no_tpc = estimated(models, &hull, summer, half, false, false);
    printf("  (without her tonnes per centimetre %+.2f %%)\n", 100 * (no_tpc / truth - 1));
    bool met = verdict("power law at half the summer draft", 100 * (by_law / truth - 1), 1.2, "%");
    /* printed tables round to the tonne */
    return verdict("through the table, worst row", 100 * worst, 0.001, "%") && met;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bool check_speed(const pl_load_models *models) {
    enum { HULLS = 100, ROUNDS = 10 };
    const pl_load_options options = PL_LOAD_OPTIONS_INIT;
    double best = INFINITY;
    int answered = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = seconds();
        for (int i = 0; i < HULLS; i++) {
            pl_load_input in = PL_LOAD_INPUT_INIT;
            pl_load load;
            in.length_m = (pl_quantity){70 + 2.5 * i, 1.0};
            in.beam_m = (pl_quantity){0.16 * in.length_m.value, 0.4};
            in.freeboard_m = (pl_quantity){0.02 * in.length_m.value + 0.03 * (i % 7), 0.25};
            answered += pl_load_estimate(models, &in, &options, &load, NULL) == PL_OK;
        }
        best = pl__min(best, (seconds() - begin) / HULLS);
    }
    printf(
        "estimates of hulls of 70 to 320 m by dimensions and freeboard: %.3f ms each (best of %d "
        "rounds of %d)\n",
        1e3 * best, ROUNDS, HULLS);
    bool met = verdict("core-minute's worth of 100,000 estimates, minutes", best * 1e5 / 60, 1, "");
    return verdict("100 hulls of one scene, seconds", best * HULLS, 0.1, "s") && met &&
           answered == HULLS * ROUNDS;
}
