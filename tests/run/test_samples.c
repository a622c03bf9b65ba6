/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does each sample give what samples/README.md says? Truth from samples/truth.csv, which the
 * renderer wrote. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/plimsoll.h"
#include "street.h"

static double number(const pl_table *table, int row, const char *name) {
    pl_error error = PL_ERROR_INIT;
    int column;
    double value;
    assert_int_equal(pl__table_column(table, name, &column, &error), PL_OK);
    assert_int_equal(pl__table_number(table, row, column, &value, &error), PL_OK);
    return value;
}

static const char *word(const pl_table *table, int row, const char *name) {
    int column;
    assert_int_equal(pl__table_column(table, name, &column, NULL), PL_OK);
    return pl__table_text(table, row, column);
}

static void near(const char *what, double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: got %.3f, want %.3f +- %.3f", what, got, want, tolerance);
}

static void check(const pl_table *truth, int row, const pl_load_models *models) {
    char file[512];
    const char *name = word(truth, row, "sample");
    snprintf(file, sizeof file, "%s/samples/%s.tif", PL_SOURCE_DIR, name);
    street_answer a = walk_the_street(file, models);
    if (a.status != PL_OK) fail_msg("%s: %s", name, a.message);
    assert_int_equal(a.hulls, 1);
    const pl_hull *hull = &a.row.hull;
    near("length", hull->length_m.value, number(truth, row, "length_m"),
         0.025 * number(truth, row, "length_m"));
    near("beam", hull->beam_m.value, number(truth, row, "beam_m"), 0.6); /* a pixel or two */
    double axis =
        fmod(fabs(hull->heading_rad * PL_DEG_PER_RAD - number(truth, row, "heading_deg")), 180.0);
    near("axis", pl__min(axis, 180.0 - axis), 0, 0.4);
    if (strcmp(word(truth, row, "status"), "refused") == 0) {
        assert_int_equal(a.row.freeboard.status, PL_REFUSED);
        assert_true(isnan(a.row.freeboard.freeboard_m.value));
        assert_true(a.row.freeboard.reasons != 0);
        return;
    }
    if (a.row.freeboard.status != PL_OK)
        fail_msg("%s: not measured, reasons %llx", name,
                 (unsigned long long)a.row.freeboard.reasons);
    double f = number(truth, row, "freeboard_m"), sigma = a.row.freeboard.freeboard_m.sigma;
    near(name, a.row.freeboard.freeboard_m.value, f, pl__max(2.5 * sigma, 0.1));
    assert_true(sigma < 0.35);
    assert_true(a.row.has_load);
    /* a part-laden ship of unknown depth looks much like others: the truth must keep a fair share,
     * no more is promised */
    for (int state = PL_BALLAST; state <= PL_LADEN; state++) {
        if (strcmp(pl_load_state_name((pl_load_state)state), word(truth, row, "load_state")) != 0)
            continue;
        if (state != PL_PART) assert_int_equal(a.row.load.state, state);
        assert_true(a.row.load.p_state[state] > 0.15);
    }
    double draft = number(truth, row, "draft_m"); /* dimensions alone know the depth to about 8 % */
    near("draft", a.row.load.draft_m.value, draft, 3 * a.row.load.draft_m.sigma);
}

static void samples_give_what_the_readme_says(void **state) {
    (void)state;
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    assert_int_equal(pl_load_models_open(PL_SOURCE_DIR "/models", &models, &error), PL_OK);
    pl_arena *arena = pl_arena_new(0);
    pl_table truth;
    assert_int_equal(pl__table_read(PL_SOURCE_DIR "/samples/truth.csv", arena, &truth, &error),
                     PL_OK);
    assert_int_equal(truth.rows, 6);
    for (int row = 0; row < truth.rows; row++) check(&truth, row, models);
    pl_arena_free(arena);
    pl_load_models_free(models);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples_give_what_the_readme_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
