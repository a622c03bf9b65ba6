/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the rows of a CSV file say?
 *
 * RFC 4180 with a header line: cells parted by commas, quotes round cells that hold commas, quotes
 * (doubled) or line ends. Beyond it: a byte order mark is skipped, lines that begin with # and
 * empty lines are comments, blanks round unquoted cells are cut. Cells are unquoted in place, so
 * that a table is the file's own text plus pointers into it. Every row must have as many cells as
 * the header. Complaints read file:line:column, column being the number of the cell in its row, as
 * a spreadsheet counts. */
#include <string.h>

#include "io/io.h"

static const char FLOOR[] = "io";

/* Model tables are kilobytes; what is larger is not one. */
enum { COLUMNS_MAX = 256, BYTES_MAX = 16 << 20 };

typedef struct reader {
    const char *file;
    char *at; /* next byte; the text ends with a NUL */
    int line; /* of that byte, from 1 */
} reader;

typedef enum ending { CELL_ENDS, ROW_ENDS, FILE_ENDS, BROKEN } ending;

static pl_status read_text(const char *file, pl_arena *arena, char **text, pl_error *error) {
    size_t length = 0;
    pl_status status = pl__io_file_read(file, BYTES_MAX, arena, text, &length, error);
    if (!status && strlen(*text) != length)
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: not text: holds a zero byte", file);
    return status;
}

/* Steps over a line end ("\n" or "\r\n"). @return false when there is none here. */
static bool skip_line_end(reader *in) {
    if (in->at[0] == '\r' && in->at[1] == '\n') in->at++;
    if (in->at[0] != '\n') return false;
    in->at++;
    in->line++;
    return true;
}

static void skip_comments(reader *in) {
    for (;;) {
        if (*in->at == '#') in->at += strcspn(in->at, "\n");
        if (!skip_line_end(in)) return;
    }
}

/* What comes after a cell; the byte that ends it becomes the cell's NUL. */
static ending end_cell(reader *in, char *cell_end) {
    ending how = CELL_ENDS;
    if (*in->at == ',') {
        in->at++;
    } else if (*in->at == '\0') {
        how = FILE_ENDS;
    } else if (skip_line_end(in)) {
        how = ROW_ENDS;
    } else {
        return BROKEN;
    }
    *cell_end = '\0';
    return how;
}

static ending quoted_cell(reader *in, const char **cell) {
    char *to = ++in->at;
    *cell = to;
    for (;; in->at++) {
        if (*in->at == '\0') return BROKEN;
        if (*in->at == '"' && *++in->at != '"') return end_cell(in, to);
        if (*in->at == '\n') in->line++;
        *to++ = *in->at;
    }
}

static ending plain_cell(reader *in, const char **cell) {
    while (*in->at == ' ' || *in->at == '\t') in->at++;
    *cell = in->at;
    in->at += strcspn(in->at, ",\n");
    char *cut = in->at;
    if (*cut == '\n' && cut > *cell && cut[-1] == '\r') cut = --in->at;
    while (cut > *cell && (cut[-1] == ' ' || cut[-1] == '\t')) cut--;
    return end_cell(in, cut);
}

/* Reads one row of at most `most` cells. @return PL_E_FORMAT for bad quotes or too many cells. */
static pl_status read_row(reader *in, const char **cells, int most, int *count, pl_error *error) {
    ending how = CELL_ENDS;
    for (*count = 0; how == CELL_ENDS; ++*count) {
        int line = in->line;
        if (*count == most)
            return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d:%d: more than %d cells", in->file,
                            line, *count + 1, most);
        how = *in->at == '"' ? quoted_cell(in, &cells[*count]) : plain_cell(in, &cells[*count]);
        if (how == BROKEN)
            return pl__fail(error, PL_E_FORMAT, FLOOR,
                            "%s:%d:%d: a quoted cell does not end where it should", in->file, line,
                            *count + 1);
    }
    return PL_OK;
}

static pl_status read_header(reader *in, pl_arena *arena, pl_table *out, pl_error *error) {
    const char *found[COLUMNS_MAX];
    skip_comments(in);
    if (*in->at == '\0')
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: empty: no header line", in->file);
    int line = in->line;
    pl_status status = read_row(in, found, COLUMNS_MAX, &out->columns, error);
    if (status) return status;
    for (int i = 0; i < out->columns; i++) {
        for (int j = 0; j < i; j++) {
            if (strcmp(found[i], found[j]) == 0)
                return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d:%d: column '%.40s' stands twice",
                                in->file, line, i + 1, found[i]);
        }
    }
    const char **names = pl__arena_array(arena, (size_t)out->columns, sizeof *names);
    if (!names) return pl__fail_memory(error, FLOOR);
    memcpy(names, found, (size_t)out->columns * sizeof *names);
    out->name = names;
    return PL_OK;
}

/* A row has columns - 1 commas and a line end: that bounds the rows by the bytes left. */
static size_t most_rows(const reader *in, int columns) {
    size_t lines = 1;
    for (const char *c = in->at; *c; c++) lines += *c == '\n';
    size_t by_size = strlen(in->at) / (size_t)columns + 1;
    return lines < by_size ? lines : by_size;
}

static pl_status read_rows(reader *in, pl_arena *arena, pl_table *out, pl_error *error) {
    size_t most = most_rows(in, out->columns);
    const char **cells = pl__arena_array(arena, most * (size_t)out->columns, sizeof *cells);
    int *lines = pl__arena_array(arena, most, sizeof *lines);
    if (!cells || !lines) return pl__fail_memory(error, FLOOR);
    for (skip_comments(in); *in->at; skip_comments(in)) {
        int count = 0, line = in->line;
        if ((size_t)out->rows == most)
            return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d:1: fewer cells than columns",
                            in->file, line);
        const char **row = cells + (size_t)out->rows * (size_t)out->columns;
        pl_status status = read_row(in, row, out->columns, &count, error);
        if (status) return status;
        if (count < out->columns)
            return pl__fail(error, PL_E_FORMAT, FLOOR,
                            "%s:%d:%d: the row ends before column '%.40s'", in->file, line,
                            count + 1, out->name[count]);
        lines[out->rows++] = line;
    }
    out->cell = cells;
    out->line = lines;
    return PL_OK;
}

pl_status pl__table_column(const pl_table *table, const char *name, int *out, pl_error *error) {
    for (int i = 0; i < table->columns; i++) {
        if (strcmp(table->name[i], name) == 0) {
            *out = i;
            return PL_OK;
        }
    }
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no column '%s'", table->file, name);
}

const char *pl__table_text(const pl_table *table, int row, int column) {
    return table->cell[(size_t)row * (size_t)table->columns + (size_t)column];
}

pl_status pl__table_number(const pl_table *table, int row, int column, double *out,
                           pl_error *error) {
    const char *text = pl__table_text(table, row, column);
    *out = __builtin_nan("");
    if (*text == '\0' || pl__text_number(text, out)) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d:%d: %s is '%.40s', not a number", table->file,
                    table->line[row], column + 1, table->name[column], text);
}

pl_status pl__table_read(const char *file, pl_arena *arena, pl_table *out, pl_error *error) {
    char *text = NULL;
    *out = (pl_table){0};
    pl_status status = read_text(file, arena, &text, error);
    if (status) return status;
    size_t length = strlen(file) + 1;
    char *name = pl__arena_alloc(arena, length);
    if (!name) return pl__fail_memory(error, FLOOR);
    memcpy(name, file, length);
    out->file = name;
    pl__io_sha256_buffer(text, strlen(text), out->sha256); /* before cells are cut out of it */
    reader in = {name, text, 1};
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) in.at += 3;
    status = read_header(&in, arena, out, error);
    if (!status) status = read_rows(&in, arena, out, error);
    if (status) *out = (pl_table){0};
    return status;
}
