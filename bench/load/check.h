/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of the load estimate share: cells, quantiles, verdicts. */
#ifndef PL_BENCH_LOAD_CHECK_H
#define PL_BENCH_LOAD_CHECK_H

#include "io/io.h"
#include "load/model.h"

/** A cell's number by column name; NAN where there is none. */
double cell(const pl_table *table, int row, const char *name);
const char *words(const pl_table *table, int row, const char *name);
/** Sorts; straight between neighbours. NAN of nothing. */
double quantile(double *value, int n, double q);
/** Two-sided exact binomial test: how probable is a count as far off as this or further? */
double binomial_p(int hits, int n, double share);
/** Prints what was asked and what came out. @return was it met? */
bool verdict(const char *what, double value, double limit, const char *unit);

bool check_surveys(const pl_load_models *models, const pl_table *table);
bool check_pairs(const pl_load_models *models, const pl_table *table);
bool check_hydrostatics(const pl_load_models *models, const pl_table *table);
bool predict_fleet(const pl_load_models *models, const pl_table *table);
bool check_fleet(const pl_load_models *models, const pl_table *table);
bool check_speed(const pl_load_models *models);

#endif
