/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the password of a database found in its name, and nothing of it left? Both forms of libpq
 * (PostgreSQL documentation, 34.1.1), and what people mistype. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/io.h"

static void split(const char *name, const char *shown, const char *password) {
    char a[200], b[100];
    assert_true(pl__vector_name(name, a, sizeof a, b, sizeof b));
    assert_string_equal(a, shown);
    assert_string_equal(b, password);
}

static void words(void **state) {
    (void)state;
    split("PG:dbname=a password=x user=b", "PG:dbname=a user=b", "x");
    split("PG:password=x", "PG:", "x");
    split("pg: PASSWORD = 'a b\\'c\\\\d'  host=h", "PG:host=h", "a b'c\\d");
    split("PG:host=h password=", "PG:host=h", "");
    split("PG:password='never ends", "PG:", "never ends");
    split("PG:dbname='a password=b' user=c", "PG:dbname='a password=b' user=c", "");
    split("PG:service=s sslpassword=k", "PG:service=s", "k");
    split("PG:password=a\\ b user=c", "PG:user=c", "a b");
    split("PG:host=h password", "PG:host=h", "");
}

static void addresses(void **state) {
    (void)state;
    split("PG:postgresql://u:p@h:5432/d", "PG:postgresql://u@h:5432/d", "p");
    split("PG:postgres://u:p%40%2F@h/d", "PG:postgres://u@h/d", "p@/");
    split("PG:postgresql://u:p@q@h/d", "PG:postgresql://u@h/d", "p@q");
    split("PG:postgresql://h:5432/d?password=p&sslmode=require",
          "PG:postgresql://h:5432/d?sslmode=require", "p");
    split("PG:postgresql://h:5432/d?user=u&password=p", "PG:postgresql://h:5432/d?user=u", "p");
    split("PG:postgresql://u@h:5432/d", "PG:postgresql://u@h:5432/d", "");
    split("PG:postgresql://u:100%@h", "PG:postgresql://u@h", "100%");
}

static void files(void **state) {
    (void)state;
    split("a password=b.gpkg", "a password=b.gpkg", "");
    assert_false(pl__vector_is_database("x/PG:a.gpkg"));
}

static void too_long(void **state) {
    (void)state;
    char shown[8], password[4];
    assert_false(
        pl__vector_name("PG:host=somewhere", shown, sizeof shown, password, sizeof password));
    assert_false(
        pl__vector_name("PG:password=long", shown, sizeof shown, password, sizeof password));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(addresses),
        cmocka_unit_test(files),
        cmocka_unit_test(too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
