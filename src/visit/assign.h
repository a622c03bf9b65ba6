/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who belongs to whom, when everybody belongs to one other at most? */
#ifndef PL_VISIT_ASSIGN_H
#define PL_VISIT_ASSIGN_H

#include "base/base.h"

/**
 * The assignment of rows to columns with the largest sum of gains. @param gain rows x columns, row
 * by row; what is not above 0 is left alone. @param column_of receives each row's column, or -1.
 */
pl_status pl__visit_assign(int rows, int columns, const double *gain, int *column_of,
                           pl_error *error);

#endif
