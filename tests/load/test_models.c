/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do the model tables say where every number is from, and is a broken one told by its place? */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/io.h"
#include "plimsoll/load.h"

static const char *const TABLE[] = {
    "tanker_regressions.csv", "depth_ratio.csv", "deadweight_coefficient.csv",
    "loadline_type_a.csv",    "load_priors.csv", "load_states.csv",
    "products.csv",           "conversions.csv", "water_density.csv"};
enum { TABLES = sizeof TABLE / sizeof *TABLE };

static char folder[64];

static void path_of(const char *dir, int table, char out[256]) {
    snprintf(out, 256, "%s/%s", dir, TABLE[table]);
}

static char *slurp(int table, size_t *length) {
    char path[256];
    path_of(PL_SOURCE_DIR "/models", table, path);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    *length = fread(text, 1, (1 << 20) - 1, stream);
    fclose(stream);
    return text;
}

static void spit(int table, const char *text, size_t length) {
    char path[256];
    path_of(folder, table, path);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static void copy(int table) {
    size_t length;
    char *text = slurp(table, &length);
    spit(table, text, length);
    free(text);
}

static int setup(void **state) {
    (void)state;
    strcpy(folder, "/tmp/plimsoll-models-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    for (int i = 0; i < TABLES; i++) copy(i);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        char path[256];
        path_of(folder, i, path);
        unlink(path);
    }
    return rmdir(folder);
}

static pl_status open_copy(pl_error *error) {
    pl_load_models *models = NULL;
    pl_status status = pl_load_models_open(folder, &models, error);
    assert_true((status == PL_OK) == (models != NULL));
    pl_load_models_free(models);
    return status;
}

static void every_row_has_source_and_date(void **state) {
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        char path[256];
        pl_table table;
        int source, date;
        pl_arena *arena = pl_arena_new(0);
        assert_non_null(arena);
        path_of(PL_SOURCE_DIR "/models", i, path);
        assert_int_equal(pl__table_read(path, arena, &table, NULL), PL_OK);
        assert_true(table.rows > 0);
        assert_int_equal(pl__table_column(&table, "source", &source, NULL), PL_OK);
        assert_int_equal(pl__table_column(&table, "date", &date, NULL), PL_OK);
        for (int row = 0; row < table.rows; row++) {
            assert_true(strlen(pl__table_text(&table, row, source)) > 5);
            assert_int_equal(strlen(pl__table_text(&table, row, date)), 7); /* 2026-11 */
        }
        pl_arena_free(arena);
    }
}

/* All tables of the folder, whoever reads them: a value has its sigma, and somebody said it at some
 * time. Only the geoid is a grid; its header says how far it is off. */
static void every_table_of_the_folder(void **state) {
    (void)state;
    DIR *dir = opendir(PL_SOURCE_DIR "/models");
    int tables = 0;
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        const char *name = entry->d_name, *end = strrchr(name, '.');
        char path[600];
        pl_table table;
        int source = -1, date = -1, sigma = 0;
        if (!end || strcmp(end, ".csv") != 0) continue;
        pl_arena *arena = pl_arena_new(0);
        assert_non_null(arena);
        snprintf(path, sizeof path, PL_SOURCE_DIR "/models/%s", name);
        pl_error error = PL_ERROR_INIT;
        if (pl__table_read(path, arena, &table, &error)) fail_msg("%s", error.message);
        for (int i = 0; i < table.columns; i++)
            sigma += strstr(table.name[i], "sigma") || strcmp(table.name[i], "sd") == 0;
        if (!sigma && strcmp(name, "geoid.csv") != 0) fail_msg("%s has no sigma", name);
        if (pl__table_column(&table, "source", &source, NULL) ||
            pl__table_column(&table, "date", &date, NULL))
            fail_msg("%s has no source or no date", name);
        for (int row = 0; row < table.rows; row++) {
            if (strlen(pl__table_text(&table, row, source)) < 6 ||
                strlen(pl__table_text(&table, row, date)) < 4)
                fail_msg("%s:%d: a row without source or date", name, table.line[row]);
        }
        pl_arena_free(arena);
        tables++;
    }
    closedir(dir);
    assert_true(tables >= TABLES + 2); /* platforms, vessels, ... */
}

/* Seasons run over the new year; a port of another name, or none, has the sea's water. */
static void water_by_port_and_season(void **state) {
    (void)state;
    pl_load_models *models = NULL;
    assert_int_equal(pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL), PL_OK);
    pl_quantity winter = pl_load_water(models, "vostochny", 1);
    pl_quantity summer = pl_load_water(models, "Vostochny", 8);
    pl_quantity river = pl_load_water(models, "Nampo", 8), sea = pl_load_water(models, "", 8);
    assert_true(pl_load_water(models, "Vostochny", 12).value == winter.value);
    assert_true(winter.value > 1.0255 && winter.value < 1.0275); /* EOS-80: S 33, T 0 has 1.0265 */
    assert_true(summer.value > 1.020 && summer.value < 1.0235);  /* S 32, T 20 has 1.0225 */
    assert_true(river.value > 0.995 && river.value < 1.003);
    assert_true(sea.value == 1.025 && sea.sigma == 0.0025);
    assert_true(pl_load_water(models, "Atlantis", 8).value == 1.025);
    for (int month = 1; month <= 12; month++) /* no gap in the year */
        assert_true(pl_load_water(models, "Fujairah anchorage", month).value != 1.025);
    pl_load_models_free(models);
}

/* Ports are features: each says who drew it and when. */
static void every_port_has_a_source(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    pl_json *root = NULL;
    assert_non_null(arena);
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(pl__io_file_read(PL_SOURCE_DIR "/models/ports.geojson", 1 << 20, arena, &text,
                                      &length, NULL),
                     PL_OK);
    root = pl__json_parse(text, length, "ports.geojson", NULL);
    assert_non_null(root);
    const pl_json *features = pl__json_get(root, "features");
    assert_true(pl__json_size(features) > 0);
    for (size_t i = 0; i < pl__json_size(features); i++) {
        const pl_json *p = pl__json_get(pl__json_at(features, i), "properties");
        const char *source = pl__json_string(pl__json_get(p, "source"));
        const char *date = pl__json_string(pl__json_get(p, "date"));
        assert_true(source && strlen(source) > 5 && date && strlen(date) >= 7);
    }
    pl__json_free(root);
    pl_arena_free(arena);
}

/* Replaces the first `from` in a copied table by `to`; opening must fail at that place. */
static void assert_fault(int table, const char *from, const char *to, const char *place,
                         const char *word) {
    size_t length;
    char *text = slurp(table, &length), *at = strstr(text, from), *changed = calloc(1, 1 << 20);
    assert_non_null(at);
    assert_non_null(changed);
    snprintf(changed, 1 << 20, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    spit(table, changed, strlen(changed));
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(open_copy(&error), PL_E_FORMAT);
    char expected[256];
    snprintf(expected, sizeof expected, "%s/%s:%s", folder, TABLE[table], place);
    if (strncmp(error.message, expected, strlen(expected)) != 0 || !strstr(error.message, word))
        print_error("'%s' is not '%s ... %s'\n", error.message, expected, word);
    assert_memory_equal(error.message, expected, strlen(expected));
    assert_non_null(strstr(error.message, word));
    copy(table);
    free(changed);
    free(text);
}

/* Lines and columns counted by hand in the tables as they stand: the header of load_states.csv is
 * line 6, of products.csv line 4, of load_priors.csv line 3, of loadline_type_a.csv line 4. */
static void faults_are_placed(void **state) {
    (void)state;
    assert_int_equal(open_copy(NULL), PL_OK);
    assert_fault(5, "ballast,0.40", "ballast,much", "7:2: ", "much");
    assert_fault(5, "ballast,0.40", "ballast,0.50", "9:2: ", "sum to 1.1");
    assert_fault(5, "ballast,", "empty,", "7:1: ", "state");
    assert_fault(5, "state,prior", "state,chance", " ", "prior");
    assert_fault(6, "gas oil,diesel,0.845", "gas oil,diesel,845", "5:3: ", "density_t_m3");
    assert_fault(6, "gas oil,diesel,0.845", "gas oil,diesel,", "5:3: ", "density_t_m3");
    assert_fault(3, "\n25,208,", "\n27,208,", "6:1: ", "step");
    assert_fault(4, "laden_fraction,", "laden_friction,", "16:1: ", "name");
    assert_fault(7, "un1718,gas oil,7.46", "un1718,beer,7.46", "7:2: ", "product");
    assert_fault(7, "un1718,gasoline,8.35", "un1718,gas oil,8.35", "8:2: ", "twice");
    assert_fault(8, "Vostochny,4,6,", "vostochny,3,6,", "6:2: ", "season");
    assert_fault(8, "Vostochny,4,6,", "Vostochny,4,12,", "6:2: ", "season");
    assert_fault(0, ",dwt,", ",weight,", "8:4: ", "quantity");
    assert_fault(1, "small sea,single hull,0.50", "small sea,single hull,0.40",
                 "8:3: ", "small sea");
    assert_fault(3, "\n24,200,0,\"ICLL 1966 as amended by the 1988 Protocol, reg. 28, table 28.1\"",
                 "\n24,200,0,", "5:4: ", "source");
    assert_fault(3, ",2003-06\n", ",\n", "5:5: ", "date");
    assert_int_equal(open_copy(NULL), PL_OK);
}

static void missing_tables(void **state) {
    (void)state;
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    assert_int_equal(pl_load_models_open("/nonexistent", &models, &error), PL_E_IO);
    assert_null(models);
    for (int i = 0; i < TABLES; i++) {
        char path[256];
        path_of(folder, i, path);
        unlink(path);
        assert_int_equal(open_copy(&error), PL_E_IO);
        assert_non_null(strstr(error.message, TABLE[i]));
        copy(i);
    }
    char *longer = calloc(1, 5000);
    assert_non_null(longer);
    memset(longer, 'x', 4999);
    assert_int_equal(pl_load_models_open(longer, &models, &error), PL_E_USAGE);
    free(longer);
    pl_load_models_free(NULL);
}

/* A table cut anywhere is a fault or, at a line's end, may pass; it never crashes. */
static void cut_tables(void **state) {
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        size_t length;
        char *text = slurp(i, &length);
        size_t step = length > 400 ? length / 200 : 1;
        for (size_t n = 0; n < length; n += step) {
            spit(i, text, n);
            pl_error error = PL_ERROR_INIT;
            pl_status status = open_copy(&error);
            assert_true(status == PL_OK || (status == PL_E_FORMAT && *error.message));
        }
        copy(i);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_source_and_date),
        cmocka_unit_test(every_table_of_the_folder),
        cmocka_unit_test(every_port_has_a_source),
        cmocka_unit_test(water_by_port_and_season),
        cmocka_unit_test(faults_are_placed),
        cmocka_unit_test(missing_tables),
        cmocka_unit_test(cut_tables),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
