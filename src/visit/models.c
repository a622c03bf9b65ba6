/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is believed of pairs of pictures, and of calls at ports: models/same_hull.csv and
 * port_calls.csv. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"
#include "visit/same.h"
#include "visit/visits.h"

static const char FLOOR[] = "visit";

/* A number of a table: above 0, and below so much. */
typedef struct entry {
    const char *name;
    double below;
} entry;
typedef struct beliefs {
    const char *file;
    const entry *entry;
    int count;
} beliefs;

static const entry SAME[PL__SAME_COUNT] = {
    [PL__LENGTH_OUTLIER_SHARE] = {"length_outlier_share", 1},
    [PL__LENGTH_OUTLIER_SIGMA] = {"length_outlier_sigma", 1},
    [PL__BEAM_OUTLIER_SHARE] = {"beam_outlier_share", 1},
    [PL__BEAM_OUTLIER_SIGMA] = {"beam_outlier_sigma", 1},
    [PL__SISTER_SHARE_SMALL] = {"sister_share_small", 1},
    [PL__SISTER_SHARE_LARGE] = {"sister_share_large", 1},
    [PL__LARGE_LENGTH] = {"large_length_m", 1000},
    [PL__FINGERPRINT_SAME] = {"fingerprint_same", 1},
    [PL__FINGERPRINT_DIFFERENT] = {"fingerprint_different", 1},
    [PL__FINGERPRINT_SIGMA] = {"fingerprint_sigma", 1},
};
static const entry STAY[PL__STAY_COUNT] = {
    [PL__STAY_MEDIAN] = {"stay_median", 1000},   [PL__STAY_SPREAD] = {"stay_spread", 5},
    [PL__CYCLE_MEDIAN] = {"cycle_median", 1000}, [PL__CYCLE_SPREAD] = {"cycle_spread", 5},
    [PL__CALLER_SHARE] = {"caller_share", 1},    [PL__MISSED_SHARE] = {"missed_share", 1},
    [PL__BERTH_KEPT] = {"berth_kept", 1},        [PL__BERTH_TAKEN] = {"berth_taken", 1},
};

static pl_status read_row(const pl_table *table, int row, const int column[2], const beliefs *of,
                          double *out, pl_error *error) {
    const char *name = pl__table_text(table, row, column[0]);
    int k = 0;
    while (k < of->count && strcmp(name, of->entry[k].name) != 0) k++;
    if (k == of->count || !isnan(out[k]))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: unknown name, or one named twice",
                        table->file, table->line[row]);
    pl_status status = pl__table_number(table, row, column[1], &out[k], error);
    if (status == PL_OK && !(out[k] > 0 && out[k] < of->entry[k].below))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s must be above 0 and below %g",
                        table->file, table->line[row], name, of->entry[k].below);
    return status;
}

static pl_status read_table(const char *models_dir, const beliefs *of, pl_arena *arena, double *out,
                            pl_error *error) {
    char file[1200];
    int column[2];
    pl_table table;
    for (int k = 0; k < of->count; k++) out[k] = NAN;
    snprintf(file, sizeof file, "%s/%s", models_dir, of->file);
    pl_status status = pl__table_read(file, arena, &table, error);
    if (status == PL_OK) status = pl__table_column(&table, "name", &column[0], error);
    if (status == PL_OK) status = pl__table_column(&table, "value", &column[1], error);
    for (int row = 0; status == PL_OK && row < table.rows; row++)
        status = read_row(&table, row, column, of, out, error);
    for (int k = 0; k < of->count && status == PL_OK; k++)
        if (isnan(out[k]))
            status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no row %s", file, of->entry[k].name);
    return status;
}

pl_status pl_visit_models_open(const char *models_dir, pl_visit_models **out, pl_error *error) {
    static const beliefs SAME_HULL = {"same_hull.csv", SAME, PL__SAME_COUNT};
    static const beliefs PORT_CALLS = {"port_calls.csv", STAY, PL__STAY_COUNT};
    *out = NULL;
    pl_visit_models *models = calloc(1, sizeof *models);
    pl_arena *arena = pl_arena_new(0);
    pl_status status = models && arena ? PL_OK : pl__fail_memory(error, FLOOR);
    if (status == PL_OK) status = read_table(models_dir, &SAME_HULL, arena, models->value, error);
    if (status == PL_OK)
        status = read_table(models_dir, &PORT_CALLS, arena, models->stay.value, error);
    if (arena) pl_arena_free(arena);
    if (status == PL_OK) {
        *out = models;
    } else {
        pl_visit_models_free(models);
    }
    return status;
}

const pl__stay *pl__models_stay(const pl_visit_models *models) {
    return &models->stay;
}

void pl_visit_models_free(pl_visit_models *models) {
    free(models);
}
