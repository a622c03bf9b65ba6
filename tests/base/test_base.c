/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do errors stay on one line, does the arena keep its limit, are numbers only numbers? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void error_is_one_line(void **state) {
    (void)state;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl__fail(&error, PL_E_IO, "io", "%s: gone", "a\nb"), PL_E_IO);
    assert_string_equal(error.message, "a b: gone");
    assert_string_equal(error.floor, "io");
    assert_int_equal(pl__fail(NULL, PL_E_FORMAT, "io", "x"), PL_E_FORMAT);
}

static void arena_keeps_its_limit(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(4096);
    assert_non_null(arena);
    unsigned char *a = pl__arena_alloc(arena, 100);
    assert_non_null(a);
    for (int i = 0; i < 100; i++) assert_int_equal(a[i], 0);
    assert_null(pl__arena_alloc(arena, 5000));
    assert_null(pl__arena_array(arena, SIZE_MAX / 2, 3));
    assert_null(pl__arena_alloc(arena, SIZE_MAX - 8));
    pl_arena_free(arena);
    pl_arena_free(NULL);
}

static void numbers_are_whole_strings(void **state) {
    (void)state;
    double x = 0;
    assert_true(pl__text_number("12.5 ", &x));
    assert_true(x == 12.5);
    assert_false(pl__text_number("", &x));
    assert_false(pl__text_number("12,5", &x));
    assert_false(pl__text_number("nan", &x));
    assert_false(pl__text_number("1e999", &x));
    assert_false(pl__text_number("5m", &x));
}

static void text_is_cut_between_characters(void **state) {
    (void)state;
    char out[4];
    pl__text_copy(out, sizeof out, "ab\xC3\xA9");
    assert_string_equal(out, "ab");
    pl__text_copy(out, sizeof out, "abc");
    assert_string_equal(out, "abc");
}

static void every_reason_has_code_and_text(void **state) {
    (void)state;
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        assert_non_null(pl_reason_code((pl_reason)i));
        assert_non_null(pl_reason_text((pl_reason)i));
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(pl_reason_code((pl_reason)i), pl_reason_code((pl_reason)j));
        }
    }
    assert_null(pl_reason_code(PL_REASON_COUNT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_is_one_line),
        cmocka_unit_test(arena_keeps_its_limit),
        cmocka_unit_test(numbers_are_whole_strings),
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(every_reason_has_code_and_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
