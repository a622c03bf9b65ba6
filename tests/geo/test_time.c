/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does text become the right second, and only if it is a time? Expected seconds: `date -u -d`. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "geo/geo.h"

static void known_times(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double utc_s;
    } ROW[] = {
        {"1970-01-01T00:00:00Z", 0.0},
        {"2024-01-13T02:22:36.55Z", 1705112556.55},
        {"2024-02-29T23:59:59Z", 1709251199.0},
        {"2024-01-13T12:22:36+10:00", 1705112556.0},
        {"2003-10-17 12:30:30-07:00", 1066419030.0},
        {"1969-12-31T23:59:59.5z", -0.5},
        {"2016-12-31T23:59:60Z", 1483228800.0}, /* a leap second counts as the next second */
    };
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        double utc_s = 0;
        assert_true(pl__geo_time_parse(ROW[i].text, &utc_s));
        assert_true(fabs(utc_s - ROW[i].utc_s) < 1e-6);
    }
}

static void no_times(void **state) {
    (void)state;
    static const char *const TEXT[] = {"",
                                       "2024-01-13",
                                       "2024-01-13T02:22:36", /* whose noon? */
                                       "2024-13-13T02:22:36Z",
                                       "2023-02-29T02:22:36Z",
                                       "2024-01-13T24:22:36Z",
                                       "2024-01-13T02:60:36Z",
                                       "2024-01-13T02:22:36.Z",
                                       "2024-01-13T02:22:36Zebra",
                                       "2024-01-13T02:22:36+1000",
                                       "2024-01-13T02:22:36+25:00",
                                       "24-01-13T02:22:36Z",
                                       "-2024-01-13T02:22:36Z"};
    double utc_s;
    for (size_t i = 0; i < sizeof TEXT / sizeof *TEXT; i++)
        assert_false(pl__geo_time_parse(TEXT[i], &utc_s));
    assert_false(pl__geo_time_parse(NULL, &utc_s));
}

static void there_and_back(void **state) {
    (void)state;
    char text[32];
    pl__geo_time_format(1705112556.55, text, sizeof text);
    assert_string_equal(text, "2024-01-13T02:22:36.550Z");
    pl__geo_time_format(1709251199.9996, text, sizeof text); /* rounds into the first of March */
    assert_string_equal(text, "2024-03-01T00:00:00.000Z");
    pl__geo_time_format(NAN, text, sizeof text);
    assert_string_equal(text, "");
    pl__geo_time_format(1e300, text, sizeof text);
    assert_string_equal(text, "");
    for (double t = -2208988800.0; t < 4e9; t += 12345678.125) {
        double again = 0;
        pl__geo_time_format(t, text, sizeof text);
        assert_true(pl__geo_time_parse(text, &again));
        assert_true(fabs(again - t) < 1e-5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_times),
        cmocka_unit_test(no_times),
        cmocka_unit_test(there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
