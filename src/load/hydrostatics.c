/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a ship's own hydrostatic table say, on an even keel and trimmed?
 *
 * Straight between rows, as surveyors read it, and by the end's tonnes per metre beyond the ends. A
 * ship that trims t by the stern and shows the draft T amidships displaces
 *
 *     D(T) - 100 TPC t LCF / Lpp + 50 t^2 (MTC(T + 0.5) - MTC(T - 0.5)) / Lpp
 *
 * (first and second trim correction; t, T, Lpp, LCF in metres, LCF forward of midships positive,
 * TPC in t/cm, MTC in tm/cm). */
#include "load/model.h"

/* The row above which a value lies, so that row and row + 1 hold it or are the nearest two. */
static int row_of(const double *column, int count, double value) {
    int low = 0, high = count - 1;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (column[middle] <= value)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double between(const double *x, const double *y, int count, double at, double *slope) {
    int i = row_of(x, count, at);
    *slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    return y[i] + *slope * (at - x[i]);
}

double pl__hydrostatics_displacement(const pl_hydrostatics *table, double draft_m,
                                     double *t_per_m) {
    return between(table->draft_m, table->displacement_t, table->count, draft_m, t_per_m);
}

double pl__hydrostatics_draft(const pl_hydrostatics *table, double displacement_t) {
    double slope;
    return between(table->displacement_t, table->draft_m, table->count, displacement_t, &slope);
}

bool pl__hydrostatics_trims(const pl_hydrostatics *table) {
    for (int i = 0; i < table->count; i++)
        if (isnan(table->lcf_m[i])) return false;
    return true;
}

/* Change of MTC over a metre about a row; 0 where the table does not say or ends. */
static double mtc_step(const pl_hydrostatics *t, int row) {
    double slope, draft = t->draft_m[row];
    double low = between(t->draft_m, t->mtc_tm_per_cm, t->count, draft - 0.5, &slope);
    double high = between(t->draft_m, t->mtc_tm_per_cm, t->count, draft + 0.5, &slope);
    return isnan(high - low) ? 0 : high - low;
}

void pl__hydrostatics_at_trim(const pl_hydrostatics *even, double trim_m, double lpp_m,
                              pl_hydrostatics *out) {
    *out = *even;
    if (isnan(trim_m) || !pl__hydrostatics_trims(even)) return;
    for (int i = 0; i < even->count; i++) {
        double t_per_m;
        pl__hydrostatics_displacement(even, even->draft_m[i], &t_per_m);
        double tonnes_per_m = isnan(even->tpc_t_per_cm[i]) ? t_per_m : 100 * even->tpc_t_per_cm[i];
        out->displacement_t[i] += -tonnes_per_m * trim_m * even->lcf_m[i] / lpp_m +
                                  50 * trim_m * trim_m * mtc_step(even, i) / lpp_m;
    }
}
