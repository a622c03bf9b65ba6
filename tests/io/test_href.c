/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a name inside a metadata file lead where it may, and nowhere else? The wanted names are
 * those of RFC 3986, 5.2 (relative references), the refusals docs/operations.md's rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/io.h"

static char folder[64];

static void touch(const char *name) {
    char file[256];
    snprintf(file, sizeof file, "%s/%s", folder, name);
    FILE *stream = fopen(file, "w");
    assert_non_null(stream);
    fclose(stream);
}

static int setup(void **state) {
    (void)state;
    char path[256];
    strcpy(folder, "/tmp/plimsoll-href-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/item", folder);
    if (mkdir(path, 0700) != 0) return -1;
    snprintf(path, sizeof path, "%s/item/sub", folder);
    if (mkdir(path, 0700) != 0) return -1;
    snprintf(path, sizeof path, "%s/itemized", folder);
    if (mkdir(path, 0700) != 0) return -1;
    touch("item/item.json");
    touch("item/a.tif");
    touch("item/sub/b.tif");
    touch("outside.tif");
    touch("itemized/c.tif");
    snprintf(path, sizeof path, "%s/item/link.tif", folder);
    if (symlink("../outside.tif", path) != 0) return -1;
    snprintf(path, sizeof path, "%s/item/inner.tif", folder);
    return symlink("sub/b.tif", path);
}

static int teardown(void **state) {
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static pl_status resolve(const char *base, const char *href, const char *hosts, char out[512],
                         pl_error *error) {
    pl_trust trust = PL_TRUST_INIT;
    trust.hosts = hosts;
    *error = (pl_error)PL_ERROR_INIT;
    return pl__io_href_resolve(base, href, &trust, out, 512, error);
}

static void local_files(void **state) {
    (void)state;
    static const struct {
        const char *href, *wanted; /* behind the folder; NULL: refused */
    } ROW[] = {
        {"a.tif", "/item/a.tif"},
        {"./a.tif", "/item/a.tif"},
        {"sub/b.tif", "/item/sub/b.tif"},
        {"sub/../a.tif", "/item/a.tif"},
        {"inner.tif", "/item/inner.tif"},
        {"../outside.tif", NULL},
        {"sub/../../outside.tif", NULL},
        {"../itemized/c.tif", NULL},
        {"link.tif", NULL},
        {"missing.tif", NULL},
        {"/etc/passwd", NULL},
        {"file:///etc/passwd", NULL},
        {"/vsicurl/http://127.0.0.1/a.tif", NULL},
        {"/vsizip/a.zip/a.tif", NULL},
        {"GTIFF_DIR:1:/etc/passwd", NULL},
        {"", NULL},
        {"a.tif\n", NULL},
    };
    char base[256], out[512], wanted[512];
    pl_error error;
    snprintf(base, sizeof base, "%s/item/item.json", folder);
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        pl_status status = resolve(base, ROW[i].href, NULL, out, &error);
        if (!ROW[i].wanted) {
            if (status >= 0) fail_msg("'%s' became %s", ROW[i].href, out);
            assert_true(error.message[0] != '\0');
            continue;
        }
        if (status != PL_OK) fail_msg("'%s': %s", ROW[i].href, error.message);
        snprintf(wanted, sizeof wanted, "%s%s", folder, ROW[i].wanted);
        assert_string_equal(out, wanted);
    }
    char absolute[512], address[600];
    snprintf(absolute, sizeof absolute, "%s/item/a.tif", folder);
    assert_int_equal(resolve(base, absolute, NULL, out, &error), PL_OK);
    snprintf(address, sizeof address, "file://%s", absolute);
    assert_int_equal(resolve(base, address, NULL, out, &error), PL_OK);
    assert_string_equal(out, absolute);
    snprintf(absolute, sizeof absolute, "%s/itemized/c.tif", folder); /* a name that begins alike */
    assert_int_equal(resolve(base, absolute, NULL, out, &error), PL_E_FORMAT);
}

static void here(void **state) {
    (void)state;
    char before[512], out[512], in[256];
    pl_error error;
    assert_non_null(getcwd(before, sizeof before));
    snprintf(in, sizeof in, "%s/item", folder);
    assert_int_equal(chdir(in), 0);
    assert_int_equal(resolve("item.json", "a.tif", NULL, out, &error), PL_OK);
    assert_string_equal(out, "./a.tif");
    assert_int_equal(resolve("item.json", "../outside.tif", NULL, out, &error), PL_E_FORMAT);
    assert_int_equal(chdir(before), 0);
}

static void addresses(void **state) {
    (void)state;
    static const struct {
        const char *base, *href, *hosts, *wanted;
    } ROW[] = {
        /* the base's own host */
        {"https://h.example/x/item.json", "a.tif", NULL, "/vsicurl/https://h.example/x/a.tif"},
        {"https://h.example/x/item.json?key=1/2", "../y/a.tif?s=a/b", NULL,
         "/vsicurl/https://h.example/y/a.tif?s=a/b"},
        {"/vsicurl/https://h.example/x/item.json", "/a.tif", NULL,
         "/vsicurl/https://h.example/a.tif"},
        {"https://h.example/x/item.json", "http://H.example:80/b.tif", NULL,
         "/vsicurl/http://H.example:80/b.tif"},
        {"https://h.example/x/item.json", "../../../a.tif", NULL, NULL},
        {"https://h.example/x/item.json", "//evil.example/a.tif", NULL, NULL},
        {"https://h.example/x/item.json", "https://h.example:8443/a.tif", NULL, NULL},
        {"https://h.example/x/item.json", "https://h.example.evil/a.tif", NULL, NULL},
        {"https://h.example/x/item.json", "https://h.example@evil.example/a.tif", NULL, NULL},
        {"https://h.example/x/item.json", "https://h.example\\@evil.example/a.tif", NULL, NULL},
        {"https://h.example/x/item.json", "file:///etc/passwd", NULL, NULL},
        {"http://127.0.0.1:8000/item.json", "http://127.0.0.1:8001/a.tif", NULL, NULL},
        {"http://127.0.0.1:8000/item.json", "a.tif", NULL, "/vsicurl/http://127.0.0.1:8000/a.tif"},
        /* hosts that were allowed */
        {"item.json", "https://cdn.example/a.tif", NULL, NULL},
        {"item.json", "https://cdn.example/a.tif", "o.example, cdn.example",
         "/vsicurl/https://cdn.example/a.tif"},
        {"item.json", "https://cdn.example:99/a.tif", "cdn.example", NULL},
        {"item.json", "https://cdn.example:99/a.tif", "cdn.example:99",
         "/vsicurl/https://cdn.example:99/a.tif"},
        {"item.json", "https://xcdn.example/a.tif", "cdn.example", NULL},
        {"item.json", "ftp://cdn.example/a.tif", "cdn.example", NULL},
        /* buckets */
        {"s3://one/x/item.json", "a.tif", NULL, "/vsis3/one/x/a.tif"},
        {"s3://one/x/item.json", "s3://one/b.tif", NULL, "/vsis3/one/b.tif"},
        {"s3://one/x/item.json", "s3://two/b.tif", NULL, NULL},
        {"s3://one/x/item.json", "s3://two/b.tif", "two", "/vsis3/two/b.tif"},
        {"s3://one/x/item.json", "../../two/b.tif", NULL, NULL},
        {"s3://one/x/item.json", "gs://one/b.tif", NULL, NULL},
        /* archives */
        {"/vsizip/d.zip/x/item.json", "a.tif", NULL, "/vsizip/d.zip/x/a.tif"},
        {"/vsizip/d.zip/x/item.json", "../a.tif", NULL, NULL},
        {"/vsizip/d.zip/x/item.json", "/etc/passwd", NULL, NULL},
        {"/vsizip//vsicurl/https://h.example/d.zip/x/item.json", "a.tif", NULL,
         "/vsizip//vsicurl/https://h.example/d.zip/x/a.tif"},
        {"/vsizip//vsicurl/https://h.example/d.zip/x/item.json", "https://evil.example/a.tif", NULL,
         NULL},
    };
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        char out[512];
        pl_error error;
        pl_status status = resolve(ROW[i].base, ROW[i].href, ROW[i].hosts, out, &error);
        if (!ROW[i].wanted) {
            if (status >= 0) fail_msg("%s: '%s' became %s", ROW[i].base, ROW[i].href, out);
            continue;
        }
        if (status != PL_OK) fail_msg("%s: '%s': %s", ROW[i].base, ROW[i].href, error.message);
        assert_string_equal(out, ROW[i].wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_files),
        cmocka_unit_test(here),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
