/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is the text of a command line read as a value? */
#include "cli/options.h"
#include "geo/geo.h"

#include <math.h>
#include <string.h>

bool cli_number(const char *text, double low, double high, double *out) {
    double value;
    if (!pl__text_number(text, &value) || value < low || value > high) return false;
    *out = value;
    return true;
}

bool cli_degrees(const char *text, double low, double high, double *out_rad) {
    double value;
    if (!cli_number(text, low, high, &value)) return false;
    *out_rad = value * PL_RAD_PER_DEG;
    return true;
}

bool cli_integer(const char *text, double low, double high, int *out) {
    double value;
    if (!cli_number(text, low, high, &value) || value != floor(value)) return false;
    *out = (int)value;
    return true;
}

bool cli_size(const char *text, double most, uint64_t *out) {
    double value;
    if (!cli_number(text, 1, most, &value) || value != floor(value)) return false;
    *out = (uint64_t)value;
    return true;
}

bool cli_pair(const char *text, double most_a, double most_b, double *a, double *b) {
    char first[40];
    const char *comma = strchr(text, ',');
    if (!comma || (size_t)(comma - text) >= sizeof first) return false;
    memcpy(first, text, (size_t)(comma - text));
    first[comma - text] = '\0';
    return cli_number(first, -most_a, most_a, a) && cli_number(comma + 1, -most_b, most_b, b);
}

bool cli_until(const char *text, double *utc_s) {
    bool day = strlen(text) == sizeof "2024-03-07" - 1;
    if (!pl__geo_day_parse(text, utc_s)) return false;
    *utc_s += day ? 86400 : 1;
    return true;
}

bool cli_text(const char **place, const char *value) {
    *place = value;
    return *value != '\0';
}

bool cli_flag(bool *flag) {
    *flag = true;
    return true;
}
