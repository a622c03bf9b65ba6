/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a table say what its CSV file says, and does it name the place of every fault? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/io.h"

static pl_arena *arena;
static pl_error error;
static char file[64];

static int setup(void **state) {
    (void)state;
    arena = pl_arena_new((size_t)256 << 20);
    error = (pl_error)PL_ERROR_INIT;
    strcpy(file, "/tmp/plimsoll-table-XXXXXX");
    int descriptor = mkstemp(file);
    if (descriptor >= 0) close(descriptor);
    return arena && descriptor >= 0 ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    unlink(file);
    pl_arena_free(arena);
    return 0;
}

static pl_status read_bytes(const void *bytes, size_t length, pl_table *out) {
    FILE *stream = fopen(file, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
    return pl__table_read(file, arena, out, &error);
}

static pl_status read_string(const char *text, pl_table *out) {
    return read_bytes(text, strlen(text), out);
}

/* The message must begin with file and place. */
static void assert_place(const char *place) {
    char expected[128];
    snprintf(expected, sizeof expected, "%s:%s:", file, place);
    assert_memory_equal(error.message, expected, strlen(expected));
}

static void plain_and_quoted_cells(void **state) {
    (void)state;
    pl_table t;
    assert_int_equal(read_string("\xEF\xBB\xBF# made by hand\r\n"
                                 "name, value ,note\r\n"
                                 "\r\n"
                                 "a, 1.5 ,\"x, \"\"y\"\"\r\nz\"\r\n"
                                 "# a comment\n"
                                 ",,\n"
                                 "last,-2e3,end",
                                 &t),
                     PL_OK);
    assert_int_equal(t.rows, 3);
    assert_int_equal(t.columns, 3);
    assert_string_equal(t.name[1], "value");
    assert_string_equal(pl__table_text(&t, 0, 0), "a");
    assert_string_equal(pl__table_text(&t, 0, 2), "x, \"y\"\r\nz");
    assert_string_equal(pl__table_text(&t, 1, 2), "");
    assert_string_equal(pl__table_text(&t, 2, 2), "end");
    assert_int_equal(t.line[0], 4);
    assert_int_equal(t.line[1], 7); /* the quoted line end counts */
    assert_int_equal(t.line[2], 8);
    int column = -1;
    double x = 0;
    assert_int_equal(pl__table_column(&t, "value", &column, &error), PL_OK);
    assert_int_equal(column, 1);
    assert_int_equal(pl__table_number(&t, 0, 1, &x, &error), PL_OK);
    assert_true(x == 1.5);
    assert_int_equal(pl__table_number(&t, 2, 1, &x, &error), PL_OK);
    assert_true(x == -2000);
    assert_int_equal(pl__table_number(&t, 1, 1, &x, &error), PL_OK);
    assert_true(x != x);
    assert_int_equal(pl__table_number(&t, 2, 2, &x, &error), PL_E_FORMAT);
    assert_place("8:3");
    assert_int_equal(pl__table_column(&t, "weight", &column, &error), PL_E_FORMAT);
    assert_non_null(strstr(error.message, "weight"));
}

static void header_only_is_a_table(void **state) {
    (void)state;
    pl_table t;
    assert_int_equal(read_string("a,b", &t), PL_OK);
    assert_int_equal(t.rows, 0);
    assert_int_equal(t.columns, 2);
}

static void faults_are_placed(void **state) {
    (void)state;
    static const struct {
        const char *text, *place;
    } CASES[] = {
        {"a,b\n1,2\n3\n", "3:2"},         /* too few */
        {"a,b\n1,2,3\n", "2:3"},          /* too many */
        {"a,b\n1,\"2\n", "2:2"},          /* the quote never ends */
        {"a,b\n\n\"1\"x,2\n", "3:1"},     /* text after the quote */
        {"a,b,a\n1,2,3\n", "1:3"},        /* the same name twice */
        {"a,b,c,d\n1\n2\n3\n4\n", "2:2"}, /* more lines than the size allows rows */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        pl_table t;
        assert_int_equal(read_string(CASES[i].text, &t), PL_E_FORMAT);
        assert_place(CASES[i].place);
        assert_null(t.cell);
    }
}

static void hostile_bytes(void **state) {
    (void)state;
    pl_table t;
    assert_int_equal(read_string("", &t), PL_E_FORMAT);
    assert_int_equal(read_string("# only a comment", &t), PL_E_FORMAT);
    assert_int_equal(read_bytes("a,b\n1\0,2\n", 9, &t), PL_E_FORMAT);
    assert_int_equal(pl__table_read("/nonexistent/table.csv", arena, &t, &error), PL_E_IO);
    assert_int_equal(pl__table_read("/tmp", arena, &t, &error) < 0, 1);
    char *commas = malloc(300);
    assert_non_null(commas);
    memset(commas, ',', 300);
    assert_int_equal(read_bytes(commas, 300, &t), PL_E_FORMAT);
    free(commas);
}

/* Any bytes end in a table or in a fault, never in a crash: every prefix of a nasty file. */
static void every_prefix(void **state) {
    (void)state;
    static const char TEXT[] = "\xEF\xBB\xBF#c\n\"a\"\"\",b\r\n\"1\r\n\",\"\"\n#\n , x\ty \r\n\"";
    for (size_t n = 0; n < sizeof TEXT; n++) {
        pl_table t;
        pl_status status = read_bytes(TEXT, n, &t);
        assert_true(status == PL_OK || status == PL_E_FORMAT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_and_quoted_cells, setup, teardown),
        cmocka_unit_test_setup_teardown(header_only_is_a_table, setup, teardown),
        cmocka_unit_test_setup_teardown(faults_are_placed, setup, teardown),
        cmocka_unit_test_setup_teardown(hostile_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(every_prefix, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
