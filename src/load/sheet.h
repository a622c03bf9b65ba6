/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of beliefs or of ships being read: the first fault sticks, later reads do nothing. Faults
 * are told as file:line:column, column being the number of the cell. */
#ifndef PL_LOAD_SHEET_H
#define PL_LOAD_SHEET_H

#include "io/io.h"

typedef struct pl__sheet {
    pl_table table;
    pl_status status;
    pl_error *error;
} pl__sheet;

/** Reads a file of 1 to `most` rows. */
void pl__sheet_open(pl__sheet *sheet, const char *path, int most, pl_arena *arena, pl_error *error);
/** Every row must say where it is from, and of when. */
void pl__sheet_sources(pl__sheet *sheet);
bool pl__sheet_has(const pl__sheet *sheet, const char *name);
/** Text of a named column; "" after a fault. */
const char *pl__sheet_text(pl__sheet *sheet, int row, const char *name);
/** A number that must lie in low..high; low after a fault. */
double pl__sheet_number(pl__sheet *sheet, int row, const char *name, double low, double high);
/** The same, or NAN of an empty cell or of a column that is not there. */
double pl__sheet_maybe(pl__sheet *sheet, int row, const char *name, double low, double high);
/** A text that must fit. */
void pl__sheet_copy(pl__sheet *sheet, int row, const char *name, char *out, size_t size);
/** Faults the cell. */
void pl__sheet_complain(pl__sheet *sheet, int row, const char *name, const char *what);

#endif
