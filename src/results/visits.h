/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A visit's fields, for all forms that it is written in. */
#ifndef PL_RESULTS_VISITS_H
#define PL_RESULTS_VISITS_H

#include "results/internal.h"

/** The cells, and the texts that they borrow. */
typedef struct pl__visit_cells {
    pl_cells cells;
    char time[4][40];
} pl__visit_cells;
void pl__visit_cells_of(const pl_visit *visit, pl__visit_cells *out);

enum { PL__VISIT_RING = 6 };
/** Her outline where she was seen last. @return corners, closed; 0: not known. */
int pl__visit_ring(const pl_visit *visit, double ring[PL__VISIT_RING][2]);
/** The Feature as JSON text. */
char *pl__visit_json(const pl_visit *visit);

#endif
