/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the XML door give the tree that the text has, and does each limit hold with its own word? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/io.h"

static pl_status parse(const char *text, pl_arena **arena, const pl_xml **root, pl_error *error) {
    *error = (pl_error)PL_ERROR_INIT;
    *arena = pl_arena_new(0);
    return pl__xml_parse(text, strlen(text), "x.xml", *arena, root, error);
}

static void tree(void **state) {
    (void)state;
    const pl_xml *root;
    pl_arena *arena;
    pl_error error;
    const char *text =
        "<?xml version=\"1.0\"?>\n<!-- c -->\n<n:a xmlns:n=\"u\">\n"
        " <b n:k=\"v\">  1.5\n</b><n:b/><c><d>deep &amp; down</d></c>\n<b>3</b></n:a>";
    assert_int_equal(parse(text, &arena, &root, &error), PL_OK);
    assert_string_equal(root->name, "a");
    const pl_xml *b = pl__xml_child(root, "b");
    assert_string_equal(b->text, "1.5");
    assert_int_equal(b->line, 4);
    assert_string_equal(pl__xml_attribute(b, "k"), "v");
    assert_null(pl__xml_attribute(b, "x"));
    assert_string_equal(pl__xml_next(b)->text, "");
    assert_string_equal(pl__xml_next(pl__xml_next(b))->text, "3");
    assert_null(pl__xml_next(pl__xml_next(pl__xml_next(b))));
    assert_string_equal(pl__xml_find(root, "d")->text, "deep & down");
    assert_null(pl__xml_child(root, "d"));
    assert_null(pl__xml_find(NULL, "d"));
    assert_null(pl__xml_child(NULL, "d"));
    pl_arena_free(arena);
}

static void expect(const char *text, pl_status status, const char *words) {
    const pl_xml *root;
    pl_arena *arena;
    pl_error error;
    assert_int_equal(parse(text, &arena, &root, &error), status);
    assert_null(root);
    if (!strstr(error.message, words)) fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    pl_arena_free(arena);
}

static void broken(void **state) {
    (void)state;
    expect("", PL_E_FORMAT, "x.xml:1: not XML");
    expect("<a>\n<b></a>", PL_E_FORMAT, "x.xml:2: not XML: mismatched tag");
    expect("<a>", PL_E_FORMAT, "not XML");
    expect("<a>&nothing;</a>", PL_E_FORMAT, "undefined entity");
    expect("{\"a\": 1}", PL_E_FORMAT, "not XML");
}

static void entities(void **state) {
    (void)state;
    expect("<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;&x;\">]><a>&z;</a>", PL_E_FORMAT,
           "declares entities of its own");
    expect("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", PL_E_FORMAT,
           "declares entities of its own");
    /* a document type that is only named is nowhere fetched */
    const pl_xml *root;
    pl_arena *arena;
    pl_error error;
    assert_int_equal(
        parse("<!DOCTYPE a SYSTEM \"http://192.0.2.1/a.dtd\"><a>1</a>", &arena, &root, &error),
        PL_OK);
    assert_string_equal(root->text, "1");
    pl_arena_free(arena);
}

static char *repeated(const char *part, size_t count, const char *head, const char *tail) {
    size_t length = strlen(part);
    char *text = malloc(count * length + strlen(head) + strlen(tail) + 1);
    assert_non_null(text);
    char *at = stpcpy(text, head);
    for (size_t i = 0; i < count; i++) at = stpcpy(at, part);
    strcpy(at, tail);
    return text;
}

static void limits(void **state) {
    (void)state;
    char *text = repeated("<a>", 65, "", "");
    expect(text, PL_E_LIMIT, "elements nested deeper than 64");
    free(text);
    text = repeated("x", 1100000, "<a>", "</a>");
    expect(text, PL_E_LIMIT, "more bytes of text in one element than 1048576");
    free(text);
    text = repeated("<b/>", 1000001, "<a>", "</a>");
    expect(text, PL_E_LIMIT, "more elements than 1000000");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tree), cmocka_unit_test(broken),
                                       cmocka_unit_test(entities), cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
