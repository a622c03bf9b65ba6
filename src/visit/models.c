/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is believed of pairs of pictures: models/same_hull.csv. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"
#include "visit/same.h"

static const char FLOOR[] = "visit";

static const char *const NAME[PL__SAME_COUNT] = {
    [PL__LENGTH_OUTLIER_SHARE] = "length_outlier_share",
    [PL__LENGTH_OUTLIER_SIGMA] = "length_outlier_sigma",
    [PL__BEAM_OUTLIER_SHARE] = "beam_outlier_share",
    [PL__BEAM_OUTLIER_SIGMA] = "beam_outlier_sigma",
    [PL__SISTER_SHARE_SMALL] = "sister_share_small",
    [PL__SISTER_SHARE_LARGE] = "sister_share_large",
    [PL__LARGE_LENGTH] = "large_length_m",
    [PL__FINGERPRINT_SAME] = "fingerprint_same",
    [PL__FINGERPRINT_DIFFERENT] = "fingerprint_different",
    [PL__FINGERPRINT_SIGMA] = "fingerprint_sigma",
};

static pl_status read_row(const pl_table *table, int row, const int column[2], pl_visit_models *out,
                          pl_error *error) {
    const char *name = pl__table_text(table, row, column[0]);
    int k = 0;
    while (k < PL__SAME_COUNT && strcmp(name, NAME[k]) != 0) k++;
    if (k == PL__SAME_COUNT || !isnan(out->value[k]))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: unknown name, or one named twice",
                        table->file, table->line[row]);
    pl_status status = pl__table_number(table, row, column[1], &out->value[k], error);
    bool share = k != PL__LARGE_LENGTH;
    if (status == PL_OK && !(out->value[k] > 0 && (!share || out->value[k] < 1)))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s must be above 0%s", table->file,
                        table->line[row], name, share ? " and below 1" : "");
    return status;
}

pl_status pl_visit_models_open(const char *models_dir, pl_visit_models **out, pl_error *error) {
    char file[1200];
    int column[2];
    pl_table table;
    *out = NULL;
    pl_visit_models *models = calloc(1, sizeof *models);
    pl_arena *arena = pl_arena_new(0);
    pl_status status = models && arena ? PL_OK : pl__fail_memory(error, FLOOR);
    for (int k = 0; k < PL__SAME_COUNT && models; k++) models->value[k] = NAN;
    snprintf(file, sizeof file, "%s/same_hull.csv", models_dir);
    if (status == PL_OK) status = pl__table_read(file, arena, &table, error);
    if (status == PL_OK) status = pl__table_column(&table, "name", &column[0], error);
    if (status == PL_OK) status = pl__table_column(&table, "value", &column[1], error);
    for (int row = 0; status == PL_OK && row < table.rows; row++)
        status = read_row(&table, row, column, models, error);
    for (int k = 0; k < PL__SAME_COUNT && status == PL_OK; k++)
        if (isnan(models->value[k]))
            status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no row %s", file, NAME[k]);
    if (arena) pl_arena_free(arena);
    if (status == PL_OK) {
        *out = models;
    } else {
        pl_visit_models_free(models);
    }
    return status;
}

void pl_visit_models_free(pl_visit_models *models) {
    free(models);
}
