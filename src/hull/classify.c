/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is this hull a tanker?
 *
 * A logistic regression over the deck's evidence: log odds = constant + sum of weight * (value -
 * mean) / sd, each value held to the range in which it was seen. Table, scripts and figures:
 * docs/method/detection.md. Between the odds of 1 : 4 and 4 : 1 the answer is that it cannot be
 * told; a hull without evidence is not judged. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/hull.h"

static const char FLOOR[] = "hull";
static const double SURE = 0.8;
static const char CONSTANT[] = "constant";

typedef struct judge {
    double constant;
    double mean[PL_EVIDENCE_COUNT], sd[PL_EVIDENCE_COUNT], low[PL_EVIDENCE_COUNT],
        high[PL_EVIDENCE_COUNT], weight[PL_EVIDENCE_COUNT];
} judge;

const char *pl_vessel_class_name(pl_vessel_class vessel_class) {
    return vessel_class == PL_CLASS_TANKER  ? "tanker"
           : vessel_class == PL_CLASS_OTHER ? "other"
                                            : NULL;
}

static pl_status complain(const pl_table *table, int row, const char *what, pl_error *error) {
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s", table->file, table->line[row], what);
}

static int kind_of(const char *name) {
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++)
        if (strcmp(name, pl_evidence_name((pl_evidence)k)) == 0) return k;
    return strcmp(name, CONSTANT) == 0 ? PL_EVIDENCE_COUNT : -1;
}

static pl_status read_row(const pl_table *table, int row, const int column[6], judge *out,
                          bool seen[PL_EVIDENCE_COUNT + 1], pl_error *error) {
    double value[5];
    pl_status status = PL_OK;
    int kind = kind_of(pl__table_text(table, row, column[0]));
    if (kind < 0 || seen[kind])
        return complain(table, row, "no kind of evidence, or one named twice", error);
    seen[kind] = true;
    for (int k = 0; k < 5 && status == PL_OK; k++)
        status = pl__table_number(table, row, column[k + 1], &value[k], error);
    if (status != PL_OK) return status;
    if (kind == PL_EVIDENCE_COUNT) {
        out->constant = value[4];
        return isfinite(value[4]) ? PL_OK : complain(table, row, "no weight", error);
    }
    for (int k = 0; k < 5; k++)
        if (!isfinite(value[k])) return complain(table, row, "a number is missing", error);
    if (!(value[1] > 0) || !(value[2] < value[3]))
        return complain(table, row, "sd above 0 and low below high are wanted", error);
    out->mean[kind] = value[0];
    out->sd[kind] = value[1];
    out->low[kind] = value[2];
    out->high[kind] = value[3];
    out->weight[kind] = value[4];
    return PL_OK;
}

static pl_status read_judge(const char *models_dir, judge *out, pl_error *error) {
    static const char *const COLUMN[] = {"evidence", "mean", "sd", "low", "high", "weight"};
    char file[1200];
    int column[6];
    bool seen[PL_EVIDENCE_COUNT + 1] = {false};
    pl_table table;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    snprintf(file, sizeof file, "%s/vessel_class.csv", models_dir);
    pl_status status = pl__table_read(file, arena, &table, error);
    for (int k = 0; k < 6 && status == PL_OK; k++)
        status = pl__table_column(&table, COLUMN[k], &column[k], error);
    for (int row = 0; status == PL_OK && row < table.rows; row++)
        status = read_row(&table, row, column, out, seen, error);
    for (int k = 0; k <= PL_EVIDENCE_COUNT && status == PL_OK; k++)
        if (!seen[k])
            status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no row for %s", file,
                              k < PL_EVIDENCE_COUNT ? pl_evidence_name((pl_evidence)k) : CONSTANT);
    pl_arena_free(arena);
    return status;
}

static double probability(const judge *j, const double evidence[PL_EVIDENCE_COUNT]) {
    double odds = j->constant;
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++)
        odds +=
            j->weight[k] * (pl__clamp(evidence[k], j->low[k], j->high[k]) - j->mean[k]) / j->sd[k];
    return 1.0 / (1.0 + exp(-odds));
}

static bool has_evidence(const pl_hull *hull) {
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++)
        if (!isfinite(hull->evidence[k])) return false;
    return hull->outline_count > 0;
}

/* Without a judge none is judged. */
static void judge_hull(const judge *j, pl_hull *hull) {
    const pl_reasons told =
        PL_BIT(PL_CLASS_ASSUMED) | PL_BIT(PL_CLASS_UNSURE) | PL_BIT(PL_NOT_A_TANKER);
    hull->vessel_class = PL_CLASS_UNKNOWN;
    hull->tanker_probability = NAN;
    hull->reasons &= ~told;
    if (!j || !has_evidence(hull)) {
        if (hull->outline_count > 0) hull->reasons |= PL_BIT(PL_CLASS_ASSUMED);
        return;
    }
    double p = hull->tanker_probability = probability(j, hull->evidence);
    if (p >= SURE)
        hull->vessel_class = PL_CLASS_TANKER;
    else if (p <= 1.0 - SURE)
        hull->vessel_class = PL_CLASS_OTHER;
    hull->reasons |= p >= SURE         ? 0
                     : p <= 1.0 - SURE ? PL_BIT(PL_NOT_A_TANKER)
                                       : PL_BIT(PL_CLASS_UNSURE);
}

pl_status pl_hull_classify(const char *models_dir, pl_hull_list *hulls, pl_error *error) {
    judge j = {0};
    pl_status status = models_dir ? read_judge(models_dir, &j, error) : PL_OK;
    for (int k = 0; k < hulls->count && status == PL_OK; k++)
        judge_hull(models_dir ? &j : NULL, &hulls->hull[k]);
    return status;
}
