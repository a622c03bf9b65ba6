/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a table read so that one look at the end tells whether all was well? */
#include "load/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char FLOOR[] = "load";

const char *pl__sheet_text(pl__sheet *s, int row, const char *name) {
    int column = 0;
    if (!s->status) s->status = pl__table_column(&s->table, name, &column, s->error);
    return s->status ? "" : pl__table_text(&s->table, row, column);
}

bool pl__sheet_has(const pl__sheet *s, const char *name) {
    int column;
    return pl__table_column(&s->table, name, &column, NULL) == PL_OK;
}

void pl__sheet_complain(pl__sheet *s, int row, const char *name, const char *what) {
    int column = 0;
    if (!s->status) s->status = pl__table_column(&s->table, name, &column, s->error);
    if (!s->status)
        s->status = pl__fail(s->error, PL_E_FORMAT, FLOOR, "%s:%d:%d: %s: %s", s->table.file,
                             s->table.line[row], column + 1, name, what);
}

double pl__sheet_number(pl__sheet *s, int row, const char *name, double low, double high) {
    int column = 0;
    double value = low;
    if (!s->status) s->status = pl__table_column(&s->table, name, &column, s->error);
    if (!s->status) s->status = pl__table_number(&s->table, row, column, &value, s->error);
    if (s->status) return low;
    char what[64];
    snprintf(what, sizeof what, "must be a number from %g to %g", low, high);
    if (!(value >= low && value <= high)) pl__sheet_complain(s, row, name, what);
    return value;
}

double pl__sheet_maybe(pl__sheet *s, int row, const char *name, double low, double high) {
    if (s->status || !pl__sheet_has(s, name) || *pl__sheet_text(s, row, name) == '\0') return NAN;
    return pl__sheet_number(s, row, name, low, high);
}

void pl__sheet_copy(pl__sheet *s, int row, const char *name, char *out, size_t size) {
    const char *text = pl__sheet_text(s, row, name);
    if (strlen(text) >= size) pl__sheet_complain(s, row, name, "too long");
    pl__text_copy(out, size, text);
}

void pl__sheet_sources(pl__sheet *s) {
    for (int row = 0; row < s->table.rows && !s->status; row++) {
        if (*pl__sheet_text(s, row, "source") == '\0')
            pl__sheet_complain(s, row, "source", "no row without a source");
        if (*pl__sheet_text(s, row, "date") == '\0')
            pl__sheet_complain(s, row, "date", "no row without a date");
    }
}

void pl__sheet_open(pl__sheet *s, const char *path, int most, pl_arena *arena, pl_error *error) {
    *s = (pl__sheet){.error = error};
    s->status = pl__table_read(path, arena, &s->table, error);
    if (!s->status && s->table.rows < 1)
        s->status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no rows", path);
    if (!s->status && s->table.rows > most)
        s->status = pl__fail(error, PL_E_LIMIT, FLOOR, "%s: more than %d rows", path, most);
}
