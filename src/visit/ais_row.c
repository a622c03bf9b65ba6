/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a row of a table of AIS messages say?
 *
 * The header tells which column is what. Publishers write one name in several ways (BaseDateTime,
 * base_date_time), so only its letters count. Known are the tables of NOAA's MarineCadastre, of
 * before 2024 and after, and of the Danish Maritime Authority; a table with a subset of their
 * columns is one as long as it has MMSI, time, latitude and longitude. All of them are in UTC.
 *
 * Strangers write these files, and so do ships' crews: what cannot be is unknown. The values that
 * stand for "not available" are those of ITU-R M.1371: latitude 91, longitude 181, speed 102.3 kn,
 * course 360, heading 511, size and draught 0. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "visit/ais.h"

enum quantity {
    MMSI,
    TIME,
    LAT,
    LON,
    SPEED,
    COURSE,
    HEADING,
    NAME,
    IMO,
    LENGTH,
    WIDTH,
    DRAUGHT,
    KIND,
    BOW,
    STERN,
    LEFT,
    RIGHT,
    TYPE
};
_Static_assert(TYPE + 1 == PL_AIS_QUANTITIES, "a column for each");

static const struct column {
    const char *letters;
    enum quantity quantity;
} COLUMNS[] = {
    {"mmsi", MMSI},
    {"basedatetime", TIME},
    {"timestamp", TIME},
    {"lat", LAT},
    {"latitude", LAT},
    {"lon", LON},
    {"longitude", LON},
    {"sog", SPEED},
    {"cog", COURSE},
    {"heading", HEADING},
    {"vesselname", NAME},
    {"name", NAME},
    {"imo", IMO},
    {"length", LENGTH},
    {"width", WIDTH},
    {"draft", DRAUGHT},
    {"draught", DRAUGHT},
    {"typeofmobile", KIND},
    {"transceiverclass", KIND},
    {"transceiver", KIND},
    {"vesseltype", TYPE},
    {"shiptype", TYPE},
    {"a", BOW},
    {"b", STERN},
    {"c", LEFT},
    {"d", RIGHT},
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS, LETTERS = 24 };

/* Of ITU-R M.1371, by the number's tens and ones. */
static const struct type {
    int from, to;
    const char *name;
} TYPES[] = {{30, 30, "fishing"},  {31, 32, "towing"},      {33, 33, "dredging"},
             {34, 34, "diving"},   {35, 35, "military"},    {36, 36, "sailing"},
             {37, 37, "pleasure"}, {40, 49, "hsc"},         {50, 50, "pilot"},
             {52, 52, "tug"},      {53, 53, "port tender"}, {60, 69, "passenger"},
             {70, 79, "cargo"},    {80, 89, "tanker"},      {90, 99, "other"}};

static const double KNOT_M_S = 1852.0 / 3600.0;
static const double FASTEST_KNOTS = 80.0, LONGEST_M = 500.0, WIDEST_M = 100.0, DEEPEST_M = 25.5;

/* ---- cutting up ---- */

/* Cells between commas, quotes taken away; a doubled quote inside quotes is one. @return how many,
 * -1: more than there may be, or a quote that does not end. */
static int cut(char *line, size_t length, char *cell[PL_AIS_COLUMNS]) {
    int count = 0;
    char *from = line, *end = line + length;
    if (memchr(line, '\0', length)) return -1;
    for (;;) {
        if (count == PL_AIS_COLUMNS) return -1;
        char *to = from;
        cell[count++] = from;
        if (*from == '"') {
            for (from++; from < end && !(from[0] == '"' && from[1] != '"'); from++) {
                if (*from == '"') from++;
                *to++ = *from;
            }
            if (from >= end) return -1;
            from++;
        } else {
            while (from < end && *from != ',') from++;
            to = from;
        }
        bool more = *from == ',';
        if (!more && from < end) return -1; /* something behind the closing quote */
        *to = '\0';
        if (!more) return count;
        from++;
    }
}

static void letters_of(const char *name, char out[LETTERS]) {
    size_t used = 0;
    for (; *name && used + 1 < LETTERS; name++)
        if (isalnum((unsigned char)*name)) out[used++] = (char)tolower((unsigned char)*name);
    out[used] = '\0';
}

bool pl__ais_layout(char *line, size_t length, pl_ais_layout *out) {
    char *cell[PL_AIS_COLUMNS], letters[LETTERS];
    *out = (pl_ais_layout){.publisher = "other"};
    for (int q = 0; q < PL_AIS_QUANTITIES; q++) out->column[q] = -1;
    out->columns = length < SIZE_MAX ? cut(line, length, cell) : -1;
    for (int i = 0; i < out->columns; i++) {
        letters_of(cell[i], letters);
        for (int k = 0; k < COLUMN_COUNT; k++) {
            if (strcmp(letters, COLUMNS[k].letters) != 0) continue;
            int *column = &out->column[COLUMNS[k].quantity];
            if (*column >= 0) return false; /* two columns for one thing */
            *column = i;
            if (strcmp(letters, "basedatetime") == 0) out->publisher = "noaa";
            if (strcmp(letters, "timestamp") == 0) out->day_first = true;
            if (strcmp(letters, "typeofmobile") == 0) out->publisher = "dma";
        }
    }
    const int *c = out->column;
    return out->columns > 0 && c[MMSI] >= 0 && c[TIME] >= 0 && c[LAT] >= 0 && c[LON] >= 0;
}

/* ---- values ---- */

/* A plain decimal number: no exponent, no "nan". Most of a table's time is spent here. */
static bool decimal(const char *text, double *out) {
    double value = 0, place = 1;
    int digits = 0;
    bool negative = *text == '-';
    text += negative;
    for (; isdigit((unsigned char)*text); text++, digits++) value = 10 * value + (*text - '0');
    if (*text == '.')
        for (text++; isdigit((unsigned char)*text); text++, digits++) {
            value = 10 * value + (*text - '0');
            place *= 10;
        }
    if (digits == 0 || digits > 15 || *text != '\0') return false;
    *out = negative ? -value / place : value / place;
    return true;
}

static double number(const pl_ais_layout *layout, char *const *cell, enum quantity q, double low,
                     double high) {
    double value;
    int column = layout->column[q];
    if (column < 0 || !decimal(cell[column], &value) || value < low || value > high)
        return (double)NAN;
    return value;
}

/* What is known at all is more than 0. */
static double size(const pl_ais_layout *layout, char *const *cell, enum quantity q, double most) {
    double value = number(layout, cell, q, 0, most);
    return value > 0 ? value : (double)NAN;
}

static double angle(const pl_ais_layout *layout, char *const *cell, enum quantity q) {
    double value = number(layout, cell, q, 0, 360);
    return value < 360 ? value * PL_RAD_PER_DEG : (double)NAN;
}

/* Printable ASCII, as the message's own six-bit letters are; "@" fills what is empty. */
static void text_of(const pl_ais_layout *layout, char *const *cell, enum quantity q, char *out,
                    size_t room) {
    size_t used = 0;
    int column = layout->column[q];
    const char *from = column >= 0 ? cell[column] : "";
    while (*from == ' ') from++;
    for (; *from && *from != '@' && used + 1 < room; from++)
        out[used++] = *from >= ' ' && *from <= '~' ? *from : '?';
    while (used > 0 && out[used - 1] == ' ') used--;
    out[used] = '\0';
    if (strcmp(out, "Unknown") == 0 || strcmp(out, "Undefined") == 0) out[0] = '\0';
}

static bool time_of(const pl_ais_layout *layout, const char *text, double *utc_s) {
    char iso[40];
    size_t length = strlen(text);
    if (length < 19 || length + 2 > sizeof iso) return false;
    memcpy(iso, text, length + 1);
    if (layout->day_first && text[2] == '/' && text[5] == '/') { /* 31/12/2015 23:59:59 */
        memcpy(iso, text + 6, 4);
        iso[4] = iso[7] = '-';
        memcpy(iso + 5, text + 3, 2);
        memcpy(iso + 8, text, 2);
    }
    if (!strpbrk(iso + 19, "Zz+-")) memcpy(iso + length, "Z", 2);
    return pl__geo_time_parse(iso, utc_s);
}

static bool mmsi_of(const char *text, uint32_t *out) {
    *out = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits]) return false;
    for (; *text; text++) *out = 10 * *out + (uint32_t)(*text - '0');
    return true;
}

/* Ships' numbers begin with the 2 to 7 of their country; others are stations, buoys, boats of
 * ships. */
static bool is_ship(const pl_ais_row *row, const char *kind) {
    if (row->mmsi < 200000000 || row->mmsi >= 800000000) return false;
    return !*kind || strcmp(kind, "A") == 0 || strcmp(kind, "B") == 0 ||
           strncmp(kind, "Class ", 6) == 0;
}

/* As a number, or in words (the Danes write Tanker, HSC, Port tender). */
static void take_type(pl_ais_row *row, const char *text) {
    double number;
    row->type[0] = '\0';
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (decimal(text, &number) ? number >= TYPES[i].from && number <= TYPES[i].to
                                   : strcasecmp(text, TYPES[i].name) == 0)
            pl__text_copy(row->type, sizeof row->type, TYPES[i].name);
}

static void take_imo(pl_ais_row *row, const char *text) {
    if (strncmp(text, "IMO", 3) == 0) text += 3;
    if (pl_imo_valid(text)) pl__text_copy(row->imo, sizeof row->imo, text);
}

static void take_static(const pl_ais_layout *l, char *const *cell, pl_ais_row *row) {
    char imo[16], type[24];
    text_of(l, cell, NAME, row->name, sizeof row->name);
    text_of(l, cell, IMO, imo, sizeof imo);
    text_of(l, cell, TYPE, type, sizeof type);
    take_type(row, type);
    row->imo[0] = '\0';
    take_imo(row, imo);
    row->length_m = size(l, cell, LENGTH, LONGEST_M);
    row->beam_m = size(l, cell, WIDTH, WIDEST_M);
    row->draught_m = size(l, cell, DRAUGHT, DEEPEST_M);
    row->bow_m = size(l, cell, BOW, LONGEST_M);
    row->stern_m = size(l, cell, STERN, LONGEST_M);
    row->left_m = number(l, cell, LEFT, 0, WIDEST_M);
    row->right_m = number(l, cell, RIGHT, 0, WIDEST_M);
}

pl_ais_verdict pl__ais_row(const pl_ais_layout *l, char *line, size_t length, pl_ais_row *row) {
    char *cell[PL_AIS_COLUMNS], kind[24];
    if (length == SIZE_MAX || cut(line, length, cell) != l->columns) return PL_AIS_ROW_BAD;
    if (!mmsi_of(cell[l->column[MMSI]], &row->mmsi) ||
        !time_of(l, cell[l->column[TIME]], &row->time_s))
        return PL_AIS_ROW_BAD;
    text_of(l, cell, KIND, kind, sizeof kind);
    if (!is_ship(row, kind)) return PL_AIS_ROW_OTHER;
    row->class_b = strcmp(kind, "B") == 0 || strcmp(kind, "Class B") == 0;
    row->lat_deg = number(l, cell, LAT, -90, 90);
    row->lon_deg = number(l, cell, LON, -180, 180);
    if (isnan(row->lat_deg) || isnan(row->lon_deg)) return PL_AIS_ROW_BAD;
    row->speed_m_s = number(l, cell, SPEED, 0, FASTEST_KNOTS) * KNOT_M_S;
    row->course_rad = angle(l, cell, COURSE);
    row->heading_rad = angle(l, cell, HEADING);
    take_static(l, cell, row);
    return PL_AIS_ROW_SHIP;
}
