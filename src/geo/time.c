/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When was it? RFC 3339 text to UTC seconds since 1970 and back, leap seconds not counted (as POSIX
 * does). Days from civil dates in the proleptic Gregorian calendar. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geo.h"

/* Days from 1970-01-01 to the given date; the year is made to begin in March so that the leap day
 * comes last. */
static long days_from_civil(long year, int month, int day) {
    year -= month <= 2;
    long era = (year >= 0 ? year : year - 399) / 400;
    long of_era = year - era * 400;
    long of_year = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_from_days(long days, int *year, int *month, int *day) {
    days += 719468;
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long of_era = days - era * 146097;
    long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long shifted = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static int month_length(int year, int month) {
    static const int LENGTH[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : LENGTH[month - 1];
}

/* Takes exactly `digits` digits. */
static bool take_number(const char **text, int digits, int *out) {
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (!isdigit((unsigned char)**text)) return false;
        value = value * 10 + (**text - '0');
    }
    *out = value;
    return true;
}

static bool take(const char **text, char wanted) {
    if (tolower((unsigned char)**text) != tolower((unsigned char)wanted)) return false;
    (*text)++;
    return true;
}

static bool take_fraction(const char **text, double *seconds) {
    if (!take(text, '.')) return true;
    double place = 0.1;
    if (!isdigit((unsigned char)**text)) return false;
    for (; isdigit((unsigned char)**text); (*text)++, place /= 10.0)
        *seconds += place * (**text - '0');
    return true;
}

static bool take_offset(const char **text, int *minutes) {
    *minutes = 0;
    if (take(text, 'Z')) return true;
    int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0, hours = 0, rest = 0;
    if (!sign || !take_number(text, 2, &hours) || !take(text, ':') ||
        !take_number(text, 2, &rest) || hours > 23 || rest > 59)
        return false;
    *minutes = sign * (hours * 60 + rest);
    return true;
}

bool pl__geo_time_parse(const char *text, double *utc_s) {
    int year, month, day, hour, minute, second, offset;
    double fraction = 0.0;
    if (!text || !take_number(&text, 4, &year) || !take(&text, '-') ||
        !take_number(&text, 2, &month) || !take(&text, '-') || !take_number(&text, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > month_length(year, month)) return false;
    if (!(take(&text, 'T') || take(&text, ' ')) || !take_number(&text, 2, &hour) ||
        !take(&text, ':') || !take_number(&text, 2, &minute) || !take(&text, ':') ||
        !take_number(&text, 2, &second) || !take_fraction(&text, &fraction))
        return false;
    if (hour > 23 || minute > 59 || second > 60) return false; /* 60: a leap second */
    if (!take_offset(&text, &offset) || *text != '\0') return false;
    long days = days_from_civil(year, month, day);
    *utc_s = (double)days * 86400.0 + hour * 3600.0 + (minute - offset) * 60.0 + second + fraction;
    return true;
}

bool pl__geo_day_parse(const char *text, double *utc_s) {
    enum { DAY = sizeof "2024-01-13" - 1 };
    char first[40];
    if (!text || strlen(text) != DAY) return pl__geo_time_parse(text, utc_s);
    snprintf(first, sizeof first, "%sT00:00:00Z", text);
    return pl__geo_time_parse(first, utc_s);
}

void pl__geo_time_format(double utc_s, char *out, size_t size) {
    if (size) out[0] = '\0';
    const double first_s = -62167219200.0, last_s = 253402300799.999; /* years 0000 to 9999 */
    if (!(utc_s >= first_s && utc_s <= last_s)) return;
    long long milliseconds = llround(utc_s * 1000.0);
    long long day_ms = 86400000, in_day = milliseconds % day_ms;
    if (in_day < 0) in_day += day_ms;
    int year, month, day;
    civil_from_days((long)((milliseconds - in_day) / day_ms), &year, &month, &day);
    int ms = (int)in_day;
    snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day, ms / 3600000,
             ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}
