/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is what the writer writes JSON, whatever it is given? Expected texts follow RFC 8259. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/io.h"

/* Finishes, frees the writer, compares. */
static void expect(pl_json_out *out, const char *text) {
    char *got = pl__json_out_finish(out);
    pl__json_out_free(out);
    if (text) {
        assert_non_null(got);
        assert_string_equal(got, text);
    } else {
        assert_null(got);
    }
    free(got);
}

static void order_and_nesting_are_kept(void **state) {
    (void)state;
    pl_json_out *out = pl__json_out_new(false);
    pl__json_begin_object(out, NULL);
    pl__json_put_string(out, "z", "a\"\\\n\x01");
    pl__json_begin_array(out, "a");
    pl__json_put_integer(out, NULL, -7);
    pl__json_begin_object(out, NULL);
    pl__json_end(out);
    pl__json_put_null(out, NULL);
    pl__json_end(out);
    pl__json_put_bool(out, "b", true);
    pl__json_put_string(out, "n", NULL);
    pl__json_end(out);
    expect(out, "{\"z\":\"a\\\"\\\\\\n\\u0001\",\"a\":[-7,{},null],\"b\":true,\"n\":null}");
}

static void numbers_are_rounded(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } CASE[] = {
        {1.005, 1, "1.0"},
        {2.345678, 3, "2.346"},
        {-0.0004, 3, "0.0"},
        {133.0812345678, 7, "133.0812346"},
        {NAN, 3, "null"},
        {INFINITY, 3, "null"},
        {-INFINITY, 0, "null"},
        {41.6, 0, "42"},
        {0.1, 12, "0.1"},
        {1e300, 3, "1e300"},
        {-12345678.9, 2, "-12345678.9"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        pl_json_out *out = pl__json_out_new(false);
        pl__json_put_number(out, NULL, CASE[i].value, CASE[i].decimals);
        expect(out, CASE[i].text);
    }
}

/* A comma for the decimal point would break every reader. */
static void locale_does_not_matter(void **state) {
    (void)state;
    const char *was = setlocale(LC_NUMERIC, NULL);
    char kept[64];
    strncpy(kept, was, sizeof kept - 1);
    kept[sizeof kept - 1] = '\0';
    setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* stays C where it is not installed */
    pl_json_out *out = pl__json_out_new(false);
    pl__json_put_number(out, NULL, 1.5, 3);
    expect(out, "1.5");
    setlocale(LC_NUMERIC, kept);
}

static void bad_utf8_is_replaced(void **state) {
    (void)state;
#define BAD "\xEF\xBF\xBD"
    static const struct {
        const char *value, *text;
    } CASE[] = {
        {"caf\xC3\xA9", "\"caf\xC3\xA9\""},              /* fine */
        {"caf\xE9", "\"caf" BAD "\""},                   /* Latin 1, at the end */
        {"\xC0\xAF", "\"" BAD BAD "\""},                 /* overlong */
        {"\xED\xA0\x80", "\"" BAD BAD BAD "\""},         /* surrogate */
        {"\xF4\x90\x80\x80", "\"" BAD BAD BAD BAD "\""}, /* past U+10FFFF */
        {"\xF0\x9F\x9A\xA2", "\"\xF0\x9F\x9A\xA2\""},    /* a ship */
        {"\xE2\x82", "\"" BAD BAD "\""},                 /* cut */
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        pl_json_out *out = pl__json_out_new(false);
        pl__json_put_string(out, NULL, CASE[i].value);
        expect(out, CASE[i].text);
    }
}

static void misuse_gives_no_text(void **state) {
    (void)state;
    pl_json_out *out = pl__json_out_new(false);
    pl__json_begin_object(out, NULL);
    expect(out, NULL); /* not closed */

    out = pl__json_out_new(false);
    pl__json_begin_object(out, NULL);
    pl__json_end(out);
    pl__json_end(out);
    expect(out, NULL); /* closed twice */

    out = pl__json_out_new(false);
    pl__json_begin_object(out, NULL);
    pl__json_put_integer(out, NULL, 1);
    pl__json_end(out);
    expect(out, NULL); /* a member without a name */

    out = pl__json_out_new(false);
    pl__json_put_integer(out, NULL, 1);
    pl__json_put_integer(out, NULL, 2);
    expect(out, NULL); /* two roots */

    out = pl__json_out_new(false);
    for (int i = 0; i < 100000; i++) pl__json_begin_array(out, NULL);
    expect(out, NULL); /* without end */

    expect(pl__json_out_new(true), NULL); /* nothing */
    pl__json_begin_array(NULL, NULL);     /* a writer that was never born */
    pl__json_put_number(NULL, "a", 1, 1);
    pl__json_put_string(NULL, "a", "b");
    pl__json_end(NULL);
    assert_null(pl__json_out_finish(NULL));
}

static void what_is_written_is_read(void **state) {
    (void)state;
    pl_json_out *out = pl__json_out_new(true);
    pl__json_begin_object(out, NULL);
    pl__json_put_number(out, "x", 12.25, 3);
    pl__json_put_string(out, "s", "Vostochny \xE2\x98\x83");
    pl__json_end(out);
    char *text = pl__json_out_finish(out);
    pl__json_out_free(out);
    assert_non_null(text);
    pl_json *root = pl__json_parse(text, strlen(text), "memory", NULL);
    free(text);
    assert_non_null(root);
    assert_true(pl__json_number(pl__json_get(root, "x")) == 12.25);
    assert_string_equal(pl__json_string(pl__json_get(root, "s")), "Vostochny \xE2\x98\x83");
    pl__json_free(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_nesting_are_kept), cmocka_unit_test(numbers_are_rounded),
        cmocka_unit_test(locale_does_not_matter),     cmocka_unit_test(bad_utf8_is_replaced),
        cmocka_unit_test(misuse_gives_no_text),       cmocka_unit_test(what_is_written_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
