/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does docs/output.md list exactly the codes that the library speaks? A row of a marked table is
 * read as | `code` | text |; the set of rows must equal the library's table, texts included where
 * the library has one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plimsoll/base.h"
#include "plimsoll/freeboard.h"

#define ROWS_MAX 128

typedef struct doc_row {
    char code[64], text[200];
} doc_row;

/* Cell `index` of a "| a | b |" line, trimmed of blanks and backquotes. */
static void cell(const char *line, int index, char *out, size_t size) {
    const char *begin = line;
    for (int i = 0; i <= index && begin; i++) {
        begin = strchr(begin, '|');
        if (begin) begin++;
    }
    const char *end = begin ? strchr(begin, '|') : NULL;
    out[0] = '\0';
    if (!end) return;
    begin += strspn(begin, " `");
    while (end > begin && (end[-1] == ' ' || end[-1] == '`')) end--;
    snprintf(out, size, "%.*s", (int)(end - begin), begin);
}

/* The rows between <!-- name --> and <!-- /name --> whose first cell is a code. */
static int read_rows(const char *name, doc_row rows[ROWS_MAX]) {
    char open_mark[64], close_mark[64], line[1024];
    snprintf(open_mark, sizeof open_mark, "<!-- %s -->", name);
    snprintf(close_mark, sizeof close_mark, "<!-- /%s -->", name);
    FILE *file = fopen(PL_SOURCE_DIR "/docs/output.md", "r");
    assert_non_null(file);
    int count = -1;
    bool closed = false;
    while (!closed && fgets(line, sizeof line, file)) {
        if (!strncmp(line, open_mark, strlen(open_mark))) count = 0;
        closed = count >= 0 && !strncmp(line, close_mark, strlen(close_mark));
        if (count >= 0 && !strncmp(line, "| `", 3)) {
            assert_true(count < ROWS_MAX);
            cell(line, 0, rows[count].code, sizeof rows[count].code);
            cell(line, 1, rows[count].text, sizeof rows[count].text);
            count++;
        }
    }
    fclose(file);
    assert_true(closed);
    return count;
}

static const doc_row *find(const doc_row *rows, int count, const char *code) {
    for (int i = 0; i < count; i++)
        if (!strcmp(rows[i].code, code)) return &rows[i];
    return NULL;
}

static void every_reason_is_documented(void **state) {
    (void)state;
    doc_row rows[ROWS_MAX];
    int count = read_rows("reasons", rows);
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        const char *code = pl_reason_code((pl_reason)i);
        assert_non_null(code);
        const doc_row *row = find(rows, count, code);
        if (!row) fail_msg("docs/output.md lacks the reason %s", code);
        assert_string_equal(row->text, pl_reason_text((pl_reason)i));
    }
    /* as many rows as reasons, each found, none twice: no row is too many */
    assert_int_equal(count, PL_REASON_COUNT);
}

static void every_budget_term_is_documented(void **state) {
    (void)state;
    doc_row rows[ROWS_MAX];
    int count = read_rows("budget", rows);
    for (int i = 0; i < PL_BUDGET_COUNT; i++) {
        const char *name = pl_budget_name((pl_budget_term)i);
        assert_non_null(name);
        if (!find(rows, count, name)) fail_msg("docs/output.md lacks the error source %s", name);
    }
    assert_int_equal(count, PL_BUDGET_COUNT);
}

static void outside_the_tables_is_null(void **state) {
    (void)state;
    assert_null(pl_reason_code(PL_REASON_COUNT));
    assert_null(pl_reason_text((pl_reason)-1));
    assert_null(pl_budget_name(PL_BUDGET_COUNT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_is_documented),
        cmocka_unit_test(every_budget_term_is_documented),
        cmocka_unit_test(outside_the_tables_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
