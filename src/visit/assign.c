/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best assignment, by shortest augmenting paths (Hungarian method in the form of Jonker and
 * Volgenant 1987): rows are added one by one; each finds the cheapest way to a free column through
 * columns that are taken, prices u and v keeping all reduced costs u_i + v_j - cost from turning
 * negative. Cubic in the number of hulls.
 *
 * Whoever finds no gain stays alone: every row has a column of its own that costs nothing. */
#include "visit/assign.h"

#include <math.h>
#include <stdlib.h>

typedef struct work {
    int rows, columns; /* columns: of the table, and one more for each row */
    const double *gain;
    int table_columns;
    double *u, *v, *least;
    int *row_of, *from;
    bool *seen;
} work;

/* Rows and columns count from 1; column 0 is where a row waits. */
static double cost(const work *w, int row, int column) {
    if (column > w->table_columns) return column - w->table_columns == row ? 0 : 1e6;
    double gain = w->gain[(size_t)(row - 1) * (size_t)w->table_columns + (size_t)(column - 1)];
    return gain > 0 ? -gain : 1e6;
}

static void add_row(work *w, int row) {
    int column = 0;
    w->row_of[0] = row;
    for (int j = 0; j <= w->columns; j++) {
        w->least[j] = INFINITY;
        w->seen[j] = false;
    }
    do {
        int i = w->row_of[column], next = 0;
        double delta = INFINITY;
        w->seen[column] = true;
        for (int j = 1; j <= w->columns; j++) {
            if (w->seen[j]) continue;
            double reduced = cost(w, i, j) - w->u[i] - w->v[j];
            if (reduced < w->least[j]) {
                w->least[j] = reduced;
                w->from[j] = column;
            }
            if (w->least[j] < delta) {
                delta = w->least[j];
                next = j;
            }
        }
        for (int j = 0; j <= w->columns; j++) {
            if (w->seen[j]) {
                w->u[w->row_of[j]] += delta;
                w->v[j] -= delta;
            } else {
                w->least[j] -= delta;
            }
        }
        column = next;
    } while (w->row_of[column] != 0);
    while (column != 0) { /* everybody on the way moves on */
        int before = w->from[column];
        w->row_of[column] = w->row_of[before];
        column = before;
    }
}

pl_status pl__visit_assign(int rows, int columns, const double *gain, int *column_of,
                           pl_error *error) {
    work w = {.rows = rows, .columns = columns + rows, .gain = gain, .table_columns = columns};
    size_t n = (size_t)w.columns + 1, m = (size_t)rows + 1;
    w.u = calloc(m, sizeof *w.u);
    w.v = calloc(n, sizeof *w.v);
    w.least = calloc(n, sizeof *w.least);
    w.row_of = calloc(n, sizeof *w.row_of);
    w.from = calloc(n, sizeof *w.from);
    w.seen = calloc(n, sizeof *w.seen);
    bool ready = w.u && w.v && w.least && w.row_of && w.from && w.seen;
    for (int i = 1; i <= rows && ready; i++) add_row(&w, i);
    for (int i = 0; i < rows; i++) column_of[i] = -1;
    for (int j = 1; j <= columns && ready; j++)
        if (w.row_of[j] > 0) column_of[w.row_of[j] - 1] = j - 1;
    free(w.u);
    free(w.v);
    free(w.least);
    free(w.row_of);
    free(w.from);
    free(w.seen);
    return ready ? PL_OK : pl__fail_memory(error, "visit");
}
