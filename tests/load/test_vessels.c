/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a registry read as it says, each value with its source; and is a bad row told by its place? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plimsoll/load.h"

static char folder[64], registry[96], table[96];
static const char HEAD[] = "# a comment\nimo,name,quantity,value,sigma,source,date\n";
static const char ROWS[] = "9074729,EXAMPLE,loa_m,100.0,0.1,somebody,2026-11\n"
                           "9074729,EXAMPLE,beam_m,16,,somebody else,2026-11\n"
                           "9074729,,dwt_t,5600,20,a list,2026-11\n"
                           "9074729,example,summer_draft_m,6,,a list,2026-11\n"
                           "9074729,EXAMPLE,hydrostatics,table.csv,,her book,2026-11\n"
                           ",NAMELESS NUMBER,gt,499,,a plate,2026-11\n"
                           "7408873,TWIN,identity,,,a list,2026-11\n"
                           "8405311,TWIN,identity,,,a list,2026-11\n";
static const char TABLE_ROWS[] =
    "draft_m,displacement_t,tpc_t_per_cm\n2,2400,13\n4,5000,13\n6,7600,13\n";

static void spit(const char *path, const char *a, const char *b) {
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_true(fputs(a, stream) >= 0 && fputs(b, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static int setup(void **state) {
    (void)state;
    strcpy(folder, "/tmp/plimsoll-vessels-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(registry, sizeof registry, "%s/vessels.csv", folder);
    snprintf(table, sizeof table, "%s/table.csv", folder);
    spit(registry, HEAD, ROWS);
    spit(table, TABLE_ROWS, "");
    return 0;
}

static int teardown(void **state) {
    (void)state;
    unlink(registry);
    unlink(table);
    return rmdir(folder);
}

static pl_vessels *open_registry(const char *file) {
    pl_vessels *vessels = NULL;
    pl_error error = PL_ERROR_INIT;
    if (pl_vessels_open(file, &vessels, &error)) print_error("%s\n", error.message);
    assert_non_null(vessels);
    return vessels;
}

static const pl_vessel *find(const pl_vessels *vessels, const char *word) {
    const pl_vessel *ship = NULL;
    assert_int_equal(pl_vessels_find(vessels, word, &ship, NULL), PL_OK);
    return ship;
}

static void values_and_sources(void **state) {
    (void)state;
    pl_vessels *vessels = open_registry(registry);
    const pl_vessel *ship = find(vessels, "9074729");
    assert_non_null(ship);
    assert_ptr_equal(ship, find(vessels, "Example")); /* by name, in any case */
    assert_string_equal(ship->name, "EXAMPLE");
    assert_true(ship->registered);
    assert_true(ship->known.length_m.value == 100.0 && ship->known.length_m.sigma == 0.1);
    assert_true(ship->known.beam_m.value == 16 && ship->known.beam_m.sigma == 0.3);
    assert_true(ship->known.dwt_t == 5600 && ship->known.dwt_sigma_t == 20);
    assert_true(isnan(ship->known.depth_m) && isnan(ship->known.summer_draft_sigma_m));
    assert_int_equal(ship->known.hydrostatics->count, 3);
    for (int k = 0; k < PL_PARTICULARS; k++) {
        const char *name = pl_particular_name(k);
        if (strcmp(name, "loa_m") == 0) assert_string_equal(ship->source[k], "somebody");
        if (strcmp(name, "beam_m") == 0) assert_string_equal(ship->source[k], "somebody else");
        if (strcmp(name, "depth_m") == 0) assert_null(ship->source[k]);
        if (strcmp(name, "hydrostatics") == 0) assert_string_equal(ship->source[k], "her book");
    }
    const pl_vessel *other = find(vessels, "nameless number");
    assert_true(other->known.gt == 499 && isnan(other->known.length_m.value));
    assert_null(find(vessels, "NOBODY"));
    const pl_vessel *none;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_vessels_find(vessels, "twin", &none, &error), PL_E_USAGE);
    assert_non_null(strstr(error.message, "more than one"));
    assert_int_equal(pl_vessels_find(vessels, "9074728", &none, &error), PL_E_USAGE);
    assert_non_null(strstr(error.message, "check digit"));
    assert_null(pl_particular_name(PL_PARTICULARS));
    pl_vessels_free(vessels);
    pl_vessels_free(NULL);
}

/* 9*7 + 0*6 + 7*5 + 4*4 + 7*3 + 2*2 = 139: the check digit is 9. */
static void check_digits(void **state) {
    (void)state;
    assert_true(pl_imo_valid("9074729"));
    for (char digit = '0'; digit < '9'; digit++) {
        char imo[8] = "907472?";
        imo[6] = digit;
        assert_false(pl_imo_valid(imo));
    }
    assert_false(pl_imo_valid("907472"));
    assert_false(pl_imo_valid("90747290"));
    assert_false(pl_imo_valid("IMO9074"));
    assert_false(pl_imo_valid(""));
}

/* What the user says stays; the rest is filled, sigma with value. */
static void filling(void **state) {
    (void)state;
    pl_vessels *vessels = open_registry(registry);
    pl_load_input in = PL_LOAD_INPUT_INIT;
    in.dwt_t = 5000;
    in.length_m = (pl_quantity){99, 1};
    pl_vessel_fill(find(vessels, "EXAMPLE"), &in);
    assert_true(in.dwt_t == 5000 && isnan(in.dwt_sigma_t));
    assert_true(in.length_m.value == 99 && in.length_m.sigma == 1);
    assert_true(in.beam_m.value == 16 && in.summer_draft_m == 6);
    assert_non_null(in.hydrostatics);
    pl_vessels_free(vessels);
}

/* A name may come with any of her rows. */
static void named_by_a_later_row(void **state) {
    (void)state;
    spit(registry, HEAD, "9074729,,loa_m,100,,s,2026\n9074729,LATE,beam_m,16,,s,2026\n");
    pl_vessels *vessels = open_registry(registry);
    const pl_vessel *ship = find(vessels, "late");
    assert_non_null(ship);
    assert_string_equal(ship->imo, "9074729");
    assert_true(ship->known.length_m.value == 100);
    pl_vessels_free(vessels);
    spit(registry, HEAD, ROWS);
}

/* A pipe gives its bytes once; their hash is the file's that holds the same. */
static void read_from_a_pipe(void **state) {
    (void)state;
    static const char ROW[] = "9074729,EXAMPLE,loa_m,100,,s,2026\n";
    int ends[2];
    char name[40];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], HEAD, strlen(HEAD)), (ssize_t)strlen(HEAD));
    assert_int_equal(write(ends[1], ROW, strlen(ROW)), (ssize_t)strlen(ROW));
    assert_int_equal(close(ends[1]), 0);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    pl_vessels *piped = open_registry(name);
    spit(registry, HEAD, ROW);
    pl_vessels *filed = open_registry(registry);
    assert_string_equal(pl_vessels_sha256(piped), pl_vessels_sha256(filed));
    pl_vessels_free(piped);
    pl_vessels_free(filed);
    close(ends[0]);
    spit(registry, HEAD, ROWS);
}

static void one_byte_another_hash(void **state) {
    (void)state;
    pl_vessels *a = open_registry(registry);
    spit(table, "#\n", TABLE_ROWS);
    pl_vessels *b = open_registry(registry);
    assert_int_equal(strlen(pl_vessels_sha256(a)), 64);
    assert_string_not_equal(pl_vessels_sha256(a), pl_vessels_sha256(b));
    spit(table, TABLE_ROWS, "");
    pl_vessels_free(a);
    pl_vessels_free(b);
}

/* The row is the third line of the file. */
static void assert_fault(const char *row, const char *place, const char *words) {
    pl_vessels *vessels = NULL;
    pl_error error = PL_ERROR_INIT;
    char expected[160];
    spit(registry, HEAD, row);
    assert_int_equal(pl_vessels_open(registry, &vessels, &error), PL_E_FORMAT);
    assert_null(vessels);
    snprintf(expected, sizeof expected, "%s:%s: ", registry, place);
    if (strncmp(error.message, expected, strlen(expected)) != 0 || !strstr(error.message, words))
        print_error("'%s' is not '%s ... %s'\n", error.message, expected, words);
    assert_memory_equal(error.message, expected, strlen(expected));
    assert_non_null(strstr(error.message, words));
    spit(registry, HEAD, ROWS);
}

static void bad_rows_are_placed(void **state) {
    (void)state;
    assert_fault("9074728,X,dwt_t,1000,,s,2026\n", "3:1", "check digit");
    assert_fault("907472,X,dwt_t,1000,,s,2026\n", "3:1", "seven digits");
    assert_fault(",,dwt_t,1000,,s,2026\n", "3:2", "neither");
    assert_fault("9074729,X,weight,1000,,s,2026\n", "3:3", "must be identity, loa_m");
    assert_fault("9074729,X,dwt_t,heavy,,s,2026\n", "3:4", "heavy");
    assert_fault("9074729,X,dwt_t,-5,,s,2026\n", "3:4", "must be a number from");
    assert_fault("9074729,X,dwt_t,,,s,2026\n", "3:4", "must be a number from");
    assert_fault("9074729,X,dwt_t,1000,-1,s,2026\n", "3:5", "sigma");
    assert_fault("9074729,X,identity,1000,,s,2026\n", "3:4", "no value");
    assert_fault("9074729,X,identity,,5,s,2026\n", "3:5", "no value");
    assert_fault("9074729,X,dwt_t,1000,,,2026\n", "3:6", "no row without a source");
    assert_fault("9074729,X,dwt_t,1000,,s,\n", "3:7", "no row without a date");
    assert_fault("9074729,X,dwt_t,1000,,s\n", "3:7", "the row ends");
    assert_fault("9074729,X,dwt_t,1000,,s,2026\n9074729,X,dwt_t,1001,,t,2026\n", "4:3", "already");
    assert_fault("9074729,X,dwt_t,1000,,s,2026\n9074729,Y,gt,900,,t,2026\n", "4:2", "another name");
    assert_fault(
        "9074729,,dwt_t,1000,,s,2026\n9074729,X,gt,900,,t,2026\n9074729,Y,tpc_t_per_cm,9,,t,"
        "2026\n",
        "5:2", "another name");
    assert_fault("9074729,X,depth_m,5,,s,2026\n9074729,X,summer_draft_m,6,,t,2026\n", "3:1",
                 "not below depth");
}

static void bad_tables_are_placed(void **state) {
    (void)state;
    static const struct {
        const char *rows, *place, *words;
    } CASE[] = {
        {"draft_m,displacement_t\n2,2400\n", "", "two rows"},
        {"draft_m,displacement_t\n2,2400\n2,2500\n", ":3:1: ", "must grow"},
        {"draft_m,displacement_t\n2,2400\n3,2300\n", ":3:2: ", "must grow"},
        {"draft_m,displacement_t,tpc_t_per_cm\n2,2400,13\n3,3700,13\n4,5500,13\n5,6300,13\n",
         ":4:2: ", "1800 t more than the row before, 1300 by"},
        {"draft_m\n2\n3\n", ": ", "displacement_t"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        pl_vessels *vessels = NULL;
        pl_error error = PL_ERROR_INIT;
        char expected[160];
        spit(table, CASE[i].rows, "");
        assert_int_equal(pl_vessels_open(registry, &vessels, &error), PL_E_FORMAT);
        snprintf(expected, sizeof expected, "%s%s", table, CASE[i].place);
        if (!strstr(error.message, CASE[i].words)) print_error("%s\n", error.message);
        assert_memory_equal(error.message, expected, strlen(expected));
        assert_non_null(strstr(error.message, CASE[i].words));
    }
    unlink(table);
    pl_vessels *vessels = NULL;
    assert_int_equal(pl_vessels_open(registry, &vessels, NULL), PL_E_IO);
    spit(table, TABLE_ROWS, "");
}

/* Cut anywhere it is read, or told; it never crashes. */
static void cut_registries(void **state) {
    (void)state;
    char text[2000];
    for (size_t n = 0; n < sizeof ROWS; n++) {
        pl_vessels *vessels = NULL;
        pl_error error = PL_ERROR_INIT;
        memcpy(text, ROWS, n);
        text[n] = '\0';
        spit(registry, HEAD, text);
        pl_status status = pl_vessels_open(registry, &vessels, &error);
        assert_true(status == PL_OK || *error.message);
        assert_true((status == PL_OK) == (vessels != NULL));
        pl_vessels_free(vessels);
    }
    spit(registry, HEAD, ROWS);
}

static void the_shipped_one_is_sound(void **state) {
    (void)state;
    pl_vessels *vessels = open_registry(PL_SOURCE_DIR "/models/vessels.csv");
    const pl_vessel *ship = find(vessels, "9045962");
    assert_string_equal(ship->name, "UN HUNG");
    assert_true(ship->known.dwt_t == 3685);
    pl_vessels_free(vessels);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_sources),
        cmocka_unit_test(check_digits),
        cmocka_unit_test(filling),
        cmocka_unit_test(named_by_a_later_row),
        cmocka_unit_test(read_from_a_pipe),
        cmocka_unit_test(one_byte_another_hash),
        cmocka_unit_test(bad_rows_are_placed),
        cmocka_unit_test(bad_tables_are_placed),
        cmocka_unit_test(cut_registries),
        cmocka_unit_test(the_shipped_one_is_sound),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
