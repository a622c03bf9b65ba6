/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a table of AIS messages read as it says, is a ship where her messages have her, and is she
 * paired with her own hull and with no other? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "geo/geo.h"
#include "visit/ais.h"

static const char NOAA[] = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,"
                           "VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass";
static const char NOAA_NEW[] = "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,"
                               "imo,call_sign,vessel_type,status,length,width,draft,cargo,"
                               "transceiver";
static const char DMA[] = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,"
                          "ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,Cargo type,Width,Length,"
                          "Type of position fixing device,Draught,Destination,ETA,"
                          "Data source type,A,B,C,D";
static const double NOON = 1764504000.0; /* 2025-11-30T12:00:00Z */
static const double KNOT = 1852.0 / 3600.0;

/* ---- rows ---- */

static pl_ais_verdict parse(const char *header, const char *row, pl_ais_row *out) {
    static char head[400], line[6000];
    pl_ais_layout layout;
    strcpy(head, header);
    assert_true(pl__ais_layout(head, strlen(head), &layout));
    strcpy(line, row);
    return pl__ais_row(&layout, line, strlen(line), out);
}

static bool is_layout(const char *header, const char *publisher) {
    char head[400];
    pl_ais_layout layout;
    strcpy(head, header);
    return pl__ais_layout(head, strlen(head), &layout) && strcmp(layout.publisher, publisher) == 0;
}

static void layouts(void **state) {
    (void)state;
    assert_true(is_layout(NOAA, "noaa") && is_layout(NOAA_NEW, "noaa") && is_layout(DMA, "dma"));
    assert_true(is_layout("lon,lat,mmsi,timestamp", "other"));
    assert_false(is_layout("", "other") || is_layout("lon,mmsi,timestamp", "other") ||
                 is_layout("lon,lat,lat,mmsi,timestamp", "other") ||
                 is_layout("\"lon,lat,mmsi,timestamp", "other") ||
                 is_layout("date,vessel,dwt_t", "other"));
}

static void values(void **state) {
    (void)state;
    pl_ais_row r;
    const char *rows[] = {
        "367000001,2025-11-30T12:00:00,29.5,-94.25,10.0,90.0,92,\"SEA, \"\"EAGLE\"\" \",IMO9074729,"
        "WDK7088,80,0,183,32,9.5,80,A",
        "367000001,2025-11-30 12:00:00,-94.25,29.5,10.0,90.0,92,\"SEA, \"\"EAGLE\"\"\",IMO9074729,"
        "WDK7088,80,0,183,32,9.5,80,A",
        "30/11/2025 12:00:00,Class A,367000001,29.500000,-94.250000,Under way using "
        "engine,0.0,10.0,"
        "90.0,92,9074729,WDK7088,\"SEA, \"\"EAGLE\"\"\",Tanker,No additional "
        "information,32,183,GPS,"
        "9.5,ROTTERDAM,01/12/2025 06:00:00,AIS,153,30,10,22"};
    const char *headers[] = {NOAA, NOAA_NEW, DMA};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(parse(headers[i], rows[i], &r), PL_AIS_ROW_SHIP);
        assert_true(r.mmsi == 367000001 && !r.class_b);
        assert_true(r.time_s == NOON && r.lat_deg == 29.5 && r.lon_deg == -94.25);
        assert_true(fabs(r.speed_m_s - 10 * KNOT) < 1e-9 && fabs(r.course_rad - PL_PI / 2) < 1e-9);
        assert_true(fabs(r.heading_rad - 92 * PL_RAD_PER_DEG) < 1e-9);
        assert_string_equal(r.name, "SEA, \"EAGLE\"");
        assert_string_equal(r.imo, "9074729");
        assert_string_equal(r.type, "tanker");
        assert_true(r.length_m == 183 && r.beam_m == 32 && r.draught_m == 9.5);
        assert_true(i == 2 ? r.bow_m == 153 && r.stern_m == 30 && r.left_m == 10 : isnan(r.bow_m));
    }
}

/* What the messages' own values for "unknown" say, and what no ship can be. */
static void unknown_values(void **state) {
    (void)state;
    pl_ais_row r;
    assert_int_equal(parse(NOAA,
                           "211000001,2025-11-30T12:00:00,1,2,102.3,360.0,511,,IMO9074728,,,,0,"
                           "0,0,,B",
                           &r),
                     PL_AIS_ROW_SHIP);
    assert_true(isnan(r.speed_m_s) && isnan(r.course_rad) && isnan(r.heading_rad) && r.class_b);
    assert_true(isnan(r.length_m) && isnan(r.beam_m) && isnan(r.draught_m));
    assert_true(!*r.name && !*r.imo); /* the check digit is wrong */
    assert_int_equal(parse(DMA,
                           "30/11/2025 12:00:00,Class A,211000001,1,2,Unknown value,,,,,Unknown,"
                           "Unknown,@@@@,Undefined,,900,1e2,GPS,nan,Unknown,,AIS,0,0x10,,",
                           &r),
                     PL_AIS_ROW_SHIP);
    assert_true(!*r.name && !*r.imo && isnan(r.length_m) && isnan(r.beam_m) && isnan(r.draught_m));
    assert_true(isnan(r.bow_m) && isnan(r.stern_m));
    assert_int_equal(parse(NOAA,
                           "211000001,2025-11-30T12:00:00,1,2,,,,B\x01\xff"
                           "D,,,,,,,,,",
                           &r),
                     PL_AIS_ROW_SHIP);
    assert_string_equal(r.name, "B??D");
}

static void bad_rows(void **state) {
    (void)state;
    static char longest[5000];
    const char *bad[] = {"",
                         "211000001",
                         "211000001,2025-11-30T12:00:00,91,181,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,-90.01,2,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,nan,2,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,1e1,2,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,,2,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,0x1,2,,,,,,,,,,,,,",
                         "211000001,2025-11-31T12:00:00,1,2,,,,,,,,,,,,,",
                         "211000001,30/11/2025 12:00:00,1,2,,,,,,,,,,,,,",
                         "211000001,noon,1,2,,,,,,,,,,,,,",
                         "211000001x,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,",
                         "2110000010,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,1.0000000000000000001,2,,,,,,,,,,,,,",
                         "-211000001,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,1,2,,,,\"open,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,1,2,,,,\"a\"b,,,,,,,,,",
                         "211000001,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,,",
                         longest};
    memset(longest, ',', sizeof longest - 1);
    pl_ais_row r;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parse(NOAA, bad[i], &r) != PL_AIS_ROW_BAD) fail_msg("believed: %.80s", bad[i]);
    const char *others[] = {"002190064,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,",
                            "992111000,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,",
                            "111211000,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,",
                            "0,2025-11-30T12:00:00,1,2,,,,,,,,,,,,,"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(parse(NOAA, others[i], &r), PL_AIS_ROW_OTHER);
    assert_int_equal(
        parse("mmsi,timestamp,lat,lon,typeofmobile", "211000001,30/11/2025 12:00:00,1,2,AtoN", &r),
        PL_AIS_ROW_OTHER);
}

/* Any bytes: what comes out is in its range, or unknown. */
static void any_bytes(void **state) {
    (void)state;
    static const char ROW[] =
        "30/11/2025 12:00:00,Class "
        "A,367000001,29.500000,-94.250000,Moored,0.0,10.0,90.0,92,9074729,"
        "WDK7088,\"SEA, \"\"EAGLE\"\"\",Tanker,x,32,183,GPS,9.5,ROTTERDAM,,AIS,153,30,10,22";
    static const char ODD[] = ",\"\"\0-.9/: eE+@\xff\n";
    uint64_t seed = 3;
    int ships = 0, bad = 0;
    char head[400], line[sizeof ROW];
    pl_ais_layout layout;
    strcpy(head, DMA);
    assert_true(pl__ais_layout(head, strlen(head), &layout));
    for (int n = 0; n < 100000; n++) {
        pl_ais_row r;
        memcpy(line, ROW, sizeof ROW);
        for (int k = 0; k <= n % 3; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            line[(seed >> 33) % (sizeof ROW - 1)] = ODD[(seed >> 20) % (sizeof ODD - 1)];
        }
        pl_ais_verdict verdict = pl__ais_row(&layout, line, sizeof ROW - 1, &r);
        bad += verdict == PL_AIS_ROW_BAD;
        if (verdict != PL_AIS_ROW_SHIP) continue;
        ships++;
        assert_true(fabs(r.lat_deg) <= 90 && fabs(r.lon_deg) <= 180 && isfinite(r.time_s));
        assert_true(!(r.speed_m_s < 0) && !(r.speed_m_s > 42) && !(r.length_m <= 0) &&
                    !(r.length_m > 500) && !(r.draught_m <= 0) && !(r.draught_m > 25.5));
        assert_true(strlen(r.name) < sizeof r.name && (!*r.imo || pl_imo_valid(r.imo)));
    }
    assert_true(ships > 10000 && bad > 10000); /* both ways were tried */
}

/* ---- files ---- */

static char folder[64], path[96];

static int setup(void **state) {
    (void)state;
    strcpy(folder, "/tmp/plimsoll-ais-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/table.csv", folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void put_row(FILE *out, unsigned mmsi, double after_s, double lat, double lon, double knots,
                    double course) {
    char time[40];
    pl__geo_time_format(NOON + after_s, time, sizeof time);
    time[19] = '\0';
    fprintf(out, "%u,%s,%.6f,%.6f,%.1f,%.1f,511,,,,,,,,,,A\r\n", mmsi, time, lat, lon, knots,
            course);
}

static void files(void **state) {
    (void)state;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fprintf(out, "\xEF\xBB\xBF%s\r\n", NOAA);
    for (int k = -40; k <= 40; k++) put_row(out, 211000001, 60 * k, 10, 20, 0, 360);
    for (int k = 0; k < 9000; k++) putc('x', out); /* one line, longer than any may be */
    fprintf(out, "\n\n");
    for (int k = 0; k < 300000; k++) putc('y', out); /* longer than the window */
    fprintf(out, "\n");
    put_row(out, 211000002, 7 * 3600, 10, 20, 0, 360);                 /* another time */
    put_row(out, 211000003, 0, 10.5, 20, 0, 360);                      /* another place */
    put_row(out, 211000004, 0, 10.01, 20, 0, 360);                     /* 1.1 km away */
    fprintf(out, "211000005,2025-11-30T12:00:00,10,20,,,,,,,,,,,,,A"); /* no end of line */
    assert_int_equal(fclose(out), 0);
    pl_arena *arena = pl_arena_new(0);
    pl_ais_heard heard;
    pl_error error = PL_ERROR_INIT;
    const char *names[] = {path};
    pl_ais_window window = {NOON, 20, 10, 5000};
    assert_int_equal(pl__ais_read(names, 1, &window, arena, &heard, &error), PL_OK);
    assert_true(heard.rows == 81 + 2 + 4 && heard.bad_rows == 2 && heard.used_rows == 81 + 2);
    assert_int_equal(heard.count, 3);
    const pl_ais_track *t = &heard.track[0];
    assert_true(t->mmsi == 211000001 && t->earlier == PL_AIS_NEAREST && t->later == PL_AIS_NEAREST);
    for (int k = 0; k < PL_AIS_NEAREST; k++)
        assert_true(t->before[k].after_s == -60 * k && t->after[k].after_s == 60 * (k + 1));
    assert_true(t->bins == 0x1ffff << 4); /* 40 minutes each way: 8 bins, and the one it begins */
    names[0] = "/nowhere/at/all.csv";
    assert_int_equal(pl__ais_read(names, 1, &window, arena, &heard, &error), PL_E_IO);
    names[0] = folder;
    assert_int_equal(pl__ais_read(names, 1, &window, arena, &heard, &error), PL_E_IO);
    pl_arena_free(arena);
}

/* ---- places ---- */

static const double NORTH_M = 1852.0 * 60; /* of a degree, to half a per cent */

static pl_ais_message at(double after_s, double lon, double lat, double knots, double course_deg) {
    return (pl_ais_message){after_s, lon, lat, knots * KNOT, course_deg * PL_RAD_PER_DEG, NAN};
}

static pl_ais_place place_of(int earlier, const pl_ais_message *before, int later,
                             const pl_ais_message *after) {
    pl_ais_track t = {.earlier = earlier, .later = later};
    pl_ais_place p;
    memcpy(t.before, before, (size_t)earlier * sizeof *before);
    if (later) memcpy(t.after, after, (size_t)later * sizeof *after);
    pl__ais_place(&t, &p);
    return p;
}

static void moving(void **state) {
    (void)state;
    /* 10 kn to the north at the equator: a minute is a sixth of a mile, 1/360 degree */
    pl_ais_message a = at(-60, 20, -1.0 / 360, 10, 0), b = at(120, 20, 2.0 / 360, 10, 0);
    pl_ais_place p = place_of(1, &a, 1, &b);
    assert_int_equal(p.known, PL_AIS_KNOWN);
    assert_true(fabs(p.lat_deg) * NORTH_M < 0.1 && p.lon_deg == 20 && p.gap_s == 60);
    assert_true(p.sigma_m > 21 && p.sigma_m < 40); /* 4 s of her way are 21 m */
    b.course_rad = NAN; /* who does not tell her course may have turned */
    assert_true(place_of(1, &a, 1, &b).sigma_m > 2.5 * p.sigma_m);
    b.course_rad = 0;
    assert_true(fabs(p.speed_m_s - 10 * KNOT) < 1e-9 && fabs(p.heading_rad) < 1e-9);
    /* by the message before alone she is there too, less surely */
    pl_ais_place q = place_of(1, &a, 0, NULL);
    assert_true(q.known == PL_AIS_KNOWN && fabs(q.lat_deg) * NORTH_M < 10);
    a = at(-300, 20, -5.0 / 360, 10, 0);
    pl_ais_place r = place_of(1, &a, 0, NULL);
    assert_true(r.known == PL_AIS_KNOWN && r.sigma_m > 10 * q.sigma_m);
    a = at(-601, 20, -10.0 / 360, 10, 0);
    assert_int_equal(place_of(1, &a, 0, NULL).known, PL_AIS_SILENT);
    b = at(300, 20, 5.0 / 360, 10, 0); /* backwards from a message after */
    p = place_of(0, NULL, 1, &b);
    assert_true(p.known == PL_AIS_KNOWN && fabs(p.lat_deg) * NORTH_M < 50);
}

static void moored(void **state) {
    (void)state;
    pl_ais_message a = at(-9000, 20, 50, 0, 360), b = at(12000, 20.00003, 50, 0.1, 17);
    pl_ais_place p = place_of(1, &a, 1, &b);
    assert_true(p.known == PL_AIS_KNOWN && p.sigma_m < 15 && p.gap_s == 9000 &&
                isnan(p.heading_rad));
    a = at(-1700, 20, 50, 0, 360);
    p = place_of(1, &a, 0, NULL);
    assert_true(p.known == PL_AIS_KNOWN && p.sigma_m > 500); /* she may have left */
    a = at(-1900, 20, 50, 0, 360);
    assert_int_equal(place_of(1, &a, 0, NULL).known, PL_AIS_SILENT);
    /* she left between: two places an hour apart tell nothing of the middle */
    a = at(-1860, 20, 50, 0, 360);
    b = at(1860, 20.1, 50, 8, 90);
    assert_int_equal(place_of(1, &a, 1, &b).known, PL_AIS_SILENT);
    assert_int_equal(place_of(0, NULL, 0, NULL).known, PL_AIS_SILENT);
}

static void antimeridian(void **state) {
    (void)state;
    pl_ais_message a = at(-60, 179.9990, 0, 8, 90), b = at(60, -179.9970, 0, 8, 90);
    pl_ais_place p = place_of(1, &a, 1, &b);
    assert_true(p.known == PL_AIS_KNOWN && fabs(remainder(p.lon_deg + 179.9990, 360)) < 1e-9);
}

static void leaping(void **state) {
    (void)state;
    /* two transponders with one number, 11 km apart */
    pl_ais_message before[] = {at(-30, 20, 50.1, 0, 0), at(-40, 20, 50, 0, 0)},
                   b = at(30, 20, 50.1, 0, 0);
    assert_int_equal(place_of(2, before, 1, &b).known, PL_AIS_JUMPS);
    before[1].lat_deg = 50.1;
    assert_int_equal(place_of(2, before, 1, &b).known, PL_AIS_KNOWN);
}

static void middle(void **state) {
    (void)state;
    double at_[2];
    pl_ais_track t = {.length_m = 100, .bow_m = NAN, .stern_m = NAN};
    pl_ais_place p = {.lon_deg = 20, .lat_deg = 0, .heading_rad = PL_PI / 2};
    pl__ais_middle(&t, &p, at_);
    assert_true(fabs((at_[0] - 20) * 111319.5 - 33) < 0.1 && fabs(at_[1]) < 1e-9);
    t.bow_m = 20; /* the antenna stands forward: the middle is 30 m behind it */
    t.stern_m = 80;
    pl__ais_middle(&t, &p, at_);
    assert_true(fabs((at_[0] - 20) * 111319.5 + 30) < 0.1);
    p.heading_rad = NAN;
    pl__ais_middle(&t, &p, at_);
    assert_true(at_[0] == 20 && at_[1] == 0);
}

/* ---- coverage ---- */

static void coverage(void **state) {
    (void)state;
    pl_ais_track t = {.earlier = 1, .bins = 0xffffff};
    pl_ais_heard heard = {.count = 1, .track = &t};
    t.before[0] = at(-10, 20, 50, 0, 0);
    assert_true(pl__ais_covers(&heard, 20.05, 50.03)); /* 5 km */
    assert_false(pl__ais_covers(&heard, 20.2, 50.1));  /* 18 km: another receiver's */
    t.bins = 0x001800;                                 /* a satellite that passes */
    assert_false(pl__ais_covers(&heard, 20, 50));
    t.bins = 0x555555; /* half of what she says is heard */
    assert_false(pl__ais_covers(&heard, 20, 50));
    t.bins = 0xffc3ff; /* nobody listened just then */
    assert_false(pl__ais_covers(&heard, 20, 50));
    t.bins = 0xffffff;
    t.class_b = true; /* yachts switch off and on */
    assert_false(pl__ais_covers(&heard, 20, 50));
    heard.count = 0;
    assert_false(pl__ais_covers(&heard, 20, 50));
}

/* ---- pairs ---- */

enum { MOST = 16 };
typedef struct harbour {
    pl_ais_heard heard;
    pl_ais_track track[MOST];
    pl_ais_place place[MOST];
    pl_ais_hull hull[MOST];
    int hulls;
    pl_ais_answer answer[MOST];
    double unseen[MOST];
} harbour;
static const pl_ais_prior PRIOR = {1e-6, 10, 40};

/* East and north of 20 E on the equator, where a degree is 111.3 and 110.6 km. */
static double lon_of(double east) {
    return 20 + east / 111319.5;
}
static double lat_of(double north) {
    return north / 110574.3;
}

static void add_hull(harbour *b, double east, double north, double heading_deg, bool bow,
                     double length, double beam) {
    b->hull[b->hulls++] =
        (pl_ais_hull){lon_of(east),  lat_of(north), heading_deg * PL_RAD_PER_DEG, 0.01, bow,
                      {length, 1.5}, {beam, 0.8}};
}

/* A ship heard all the time; her antenna is so far forward of her middle as is said. @param told
 * does she say where on board it is? */
static void add_ship(harbour *b, double east, double north, double heading_deg, double length,
                     double beam, double forward, bool told) {
    pl_ais_track *t = &b->track[b->heard.count];
    double h = heading_deg * PL_RAD_PER_DEG;
    east += forward * sin(h);
    north += forward * cos(h);
    *t = (pl_ais_track){.mmsi = 211000000u + (unsigned)b->heard.count,
                        .length_m = length > 0 ? length : NAN,
                        .beam_m = length > 0 ? beam : NAN,
                        .draught_m = NAN,
                        .bow_m = told ? length / 2 - forward : NAN,
                        .stern_m = told ? length / 2 + forward : NAN,
                        .left_m = NAN,
                        .right_m = NAN,
                        .earlier = 1,
                        .later = 1,
                        .bins = 0xffffff};
    t->before[0] = at(-90, lon_of(east), lat_of(north), 0, 360);
    t->after[0] = at(90, lon_of(east), lat_of(north), 0, 360);
    t->before[0].heading_rad = t->after[0].heading_rad = h;
    pl__ais_place(t, &b->place[b->heard.count]);
    b->heard.track = b->track;
    b->heard.count++;
}

static void pair(harbour *b) {
    pl_arena *arena = pl_arena_new(0);
    pl_error error = PL_ERROR_INIT;
    for (int i = 0; i < b->heard.count; i++) pl__ais_place(&b->track[i], &b->place[i]);
    assert_int_equal(pl__ais_match(&b->heard, b->place, b->hull, b->hulls, &PRIOR, arena, b->answer,
                                   b->unseen, &error),
                     PL_OK);
    pl_arena_free(arena);
}

static void expect(const harbour *b, int hull, pl_ais_status status, int track) {
    const pl_ais_answer *a = &b->answer[hull];
    if (a->status != status || a->track != track)
        fail_msg("hull %d: %s %d (p %.3f), not %s %d", hull, pl_ais_status_name(a->status),
                 a->track, a->probability, pl_ais_status_name(status), track);
}

static void alone(void **state) {
    (void)state;
    for (int told = 0; told < 2; told++) {
        harbour b = {.hulls = 0};
        add_hull(&b, 0, 0, 30, true, 180, 30);
        add_hull(&b, 3000, 0, 30, true, 180, 30); /* dark */
        add_ship(&b, 8, -6, 32, 182, 30, told ? 70 : -70, told);
        pair(&b);
        expect(&b, 0, PL_AIS_MATCHED, 0);
        expect(&b, 1, PL_AIS_NONE_HEARD, -1);
        assert_true(b.answer[0].probability > 0.99 && b.unseen[0] < 0.01);
        if (told) assert_true(fabs(b.answer[0].distance_m - 10) < 2.5); /* 2 deg of 70 m */
        b.track[0].bins = 0x001800;                                     /* by a satellite */
        pair(&b);
        expect(&b, 0, PL_AIS_MATCHED, 0);
        expect(&b, 1, PL_AIS_NOT_COVERED, -1);
    }
}

static void bow_or_stern(void **state) {
    (void)state;
    harbour b = {.hulls = 0};
    add_hull(&b, 0, 0, 30, false, 180, 30); /* the bow is at 210 */
    add_ship(&b, 0, 0, 210, 180, 30, -70, true);
    pair(&b);
    expect(&b, 0, PL_AIS_MATCHED, 0);
    assert_true(b.answer[0].distance_m < 1);
}

static void alongside(void **state) {
    (void)state;
    /* two of one size, side by side, told in the other order */
    harbour b = {.hulls = 0};
    add_hull(&b, 0, 0, 0, true, 180, 30);
    add_hull(&b, 33, 0, 0, true, 180, 30);
    add_ship(&b, 36, 4, 0, 180, 30, -60, true);
    add_ship(&b, 3, 5, 0, 180, 30, -60, true);
    pair(&b);
    expect(&b, 0, PL_AIS_MATCHED, 1);
    expect(&b, 1, PL_AIS_MATCHED, 0);
    /* one of them alone, and between the two: nobody can tell */
    b.heard.count = b.hulls = 0;
    add_hull(&b, 0, 0, 0, true, 180, 30);
    add_hull(&b, 33, 0, 0, true, 180, 30);
    add_ship(&b, 15, 4, 0, 180, 30, -60, true);
    pair(&b);
    assert_int_equal(b.answer[0].status, PL_AIS_AMBIGUOUS);
    assert_int_equal(b.answer[1].status, PL_AIS_AMBIGUOUS);
    /* her size tells, where theirs differ */
    b.hull[1].length_m.value = 120;
    b.hull[1].beam_m.value = 20;
    pair(&b);
    expect(&b, 0, PL_AIS_MATCHED, 0);
}

/* Two hulls and ships that are all alike: one ship gives w / (1 + 2 w) each, three give (w + 2 w2)
 * / (1 + 6 w + 6 w2), by counting the pairings. */
static void counted(void **state) {
    (void)state;
    harbour b = {.hulls = 0};
    add_hull(&b, -40, 0, 0, true, 180, 30);
    add_hull(&b, 40, 0, 0, true, 180, 30);
    add_ship(&b, 0, 0, 0, 0, 0, -60, false);
    pair(&b);
    double p = b.answer[0].probability, w = p / (1 - 2 * p);
    assert_true(p > 0.1 && p < 0.4999 && fabs(b.answer[1].probability - p) < 1e-6);
    assert_true(fabs(b.unseen[0] - 1 / (1 + 2 * w)) < 1e-6);
    add_ship(&b, 0, 0, 0, 0, 0, -60, false);
    add_ship(&b, 0, 0, 0, 0, 0, -60, false);
    pair(&b);
    double each = (w + 2 * w * w) / (1 + 6 * w + 6 * w * w);
    assert_true(fabs(b.answer[0].probability - each) < 1e-5);
    for (int i = 0; i < 3; i++) assert_true(fabs(b.unseen[i] - (1 - 2 * each)) < 1e-5);
}

/* Bow to stern at one quay: the antenna on her bow is as near to the next ship's stern. */
static void in_a_row(void **state) {
    (void)state;
    harbour b = {.hulls = 0};
    add_hull(&b, 0, 0, 0, true, 130, 20);
    add_hull(&b, 0, 140, 0, true, 130, 20);
    add_ship(&b, 0, 0, 0, 130, 20, 60, true);
    pair(&b);
    expect(&b, 0, PL_AIS_MATCHED, 0);
    b.track[0].bow_m =
        NAN; /* where it stands is not told: on the one's bow or the other's bridge? */
    pair(&b);
    assert_true(b.answer[0].status != PL_AIS_MATCHED);
}

static void contradictions(void **state) {
    (void)state;
    harbour b = {.hulls = 0};
    add_hull(&b, 0, 0, 0, true, 180, 30);
    add_ship(&b, 2, 0, 0, 333, 60, -60, true); /* another ship's name, another place's numbers */
    pair(&b);
    assert_true(b.answer[0].status == PL_AIS_SIZE_DIFFERS ||
                b.answer[0].status == PL_AIS_AMBIGUOUS);
    b.heard.count = 0;
    add_ship(&b, 700, 0, 0, 180, 30, -60, true); /* she says that she is where nothing is */
    pair(&b);
    expect(&b, 0, PL_AIS_NONE_HEARD, -1);
    assert_true(b.unseen[0] > 0.95);
    b.heard.count = 0;
    add_ship(&b, 400, 0, 0, 180, 30, -60, true); /* not so far off: a datum may be wrong */
    pair(&b);
    expect(&b, 0, PL_AIS_NEARBY, -1);
    b.track[0].length_m = 120; /* another's size: she is not this hull anyhow */
    pair(&b);
    expect(&b, 0, PL_AIS_NONE_HEARD, -1);
    b.heard.count = 0;
    add_ship(&b, 700, 0, 0, 180, 30, -60, true);
    b.track[0].later = 0; /* heard half an hour ago, 700 m away, and no more */
    b.track[0].before[0].after_s = -1900;
    add_ship(&b, 5000, 0, 0, 90, 15, 0, true);
    pair(&b);
    expect(&b, 0, PL_AIS_NEARBY, -1);
    b.track[0].length_m = NAN; /* who tells no size may be she */
    pair(&b);
    expect(&b, 0, PL_AIS_NEARBY, -1);
    b.track[0].class_b = true; /* a boat is not: they come and go everywhere */
    pair(&b);
    expect(&b, 0, PL_AIS_NONE_HEARD, -1);
}

static void crowd(void **state) {
    (void)state;
    harbour b = {.hulls = 0};
    for (int i = 0; i < 14; i++) add_hull(&b, 3 * i, 0, 0, true, 60, 10);
    add_ship(&b, 10, 0, 0, 60, 10, 0, true);
    pair(&b);
    for (int i = 0; i < 14; i++) expect(&b, i, PL_AIS_AMBIGUOUS, -1);
    assert_true(isnan(b.unseen[0]));
}

/* ---- many harbours ---- */

static uint64_t dice = 20251130;
static double uniform(void) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (double)(dice >> 11) / 9007199254740992.0;
}
static double between(double low, double high) {
    return low + (high - low) * uniform();
}

/* Receivers err by a square of 25 m, pictures by one of 30 m that all hulls share, one size in ten
 * is wrong, one antenna in ten on the other side; a third of the hulls is dark, a fifth of the
 * ships was not found. Ships lie along two quays, some of them alongside each other. */
static void draw(harbour *b, int truth[MOST], bool told) {
    double shift_e = between(-15, 15), shift_n = between(-15, 15);
    *b = (harbour){.hulls = 0};
    for (int k = 0; k < 6; k++) {
        double length = between(60, 220), beam = length / between(5.5, 7.2);
        double east = k < 4 ? 250.0 * k + between(-15, 15) : 250.0 * (k - 4) + between(-20, 20),
               north = k < 4 ? 0 : 34 + between(0, 8);
        double heading = uniform() < 0.5 ? 80 : 260;
        bool dark = uniform()<0.33, found = uniform()> 0.2;
        if (found) {
            truth[b->hulls] = dark ? -1 : b->heard.count;
            bool bow = uniform() < 0.6;
            add_hull(b, east + shift_e, north + shift_n, bow ? heading : 80, bow,
                     length + between(-3, 3), beam + between(-1.5, 1.5));
        }
        if (dark) continue;
        bool wrong = uniform() < 0.1, turned = uniform() < 0.1;
        double forward = length * (uniform() < 0.75 ? -between(0.25, 0.42) : between(-0.4, 0.4));
        add_ship(b, east + between(-12, 12), north + between(-12, 12), heading + between(-4, 4),
                 wrong ? between(20, 300) : round(length), wrong ? between(5, 40) : round(beam),
                 forward, told && !wrong);
        if (turned && !isnan(b->track[b->heard.count - 1].bow_m)) {
            pl_ais_track *t = &b->track[b->heard.count - 1];
            double swap = t->bow_m;
            t->bow_m = t->stern_m;
            t->stern_m = swap;
        }
    }
}

static void many_harbours(void **state) {
    (void)state;
    enum { HARBOURS = 1500 };
    for (int told = 0; told < 2; told++) {
        int ships = 0, right = 0, wrong = 0, dark = 0, dark_right = 0, dark_wrong = 0;
        for (int n = 0; n < HARBOURS; n++) {
            harbour b;
            int truth[MOST];
            draw(&b, truth, told);
            pair(&b);
            for (int h = 0; h < b.hulls; h++) {
                const pl_ais_answer *a = &b.answer[h];
                ships += truth[h] >= 0;
                dark += truth[h] < 0;
                if (a->status == PL_AIS_MATCHED) {
                    right += a->track == truth[h];
                    wrong += a->track != truth[h];
                }
                if (a->status == PL_AIS_NONE_HEARD) {
                    dark_right += truth[h] < 0;
                    dark_wrong += truth[h] >= 0;
                }
            }
        }
        printf(
            "antenna %s: of %d ships %d attached, %d wrong; of %d dark hulls %d told, %d wrong\n",
            told ? "told" : "not told", ships, right, wrong, dark, dark_right, dark_wrong);
        assert_true(wrong < 0.01 * (right + wrong));
        assert_true(dark_wrong < 0.01 * (dark_right + dark_wrong));
        assert_true(right > 0.75 * ships);
    }
}

/* ---- draught ---- */

static void draught(void **state) {
    (void)state;
    pl_ais_link link = {.status = PL_AIS_MATCHED};
    pl__ais_draught(9.5, (pl_quantity){8.0, 0.4}, &link);
    assert_true(fabs(link.draught_excess_m.value - 1.5) < 1e-9);
    assert_true(fabs(link.draught_excess_m.sigma - 0.5) < 1e-9); /* 3, 4, 5 */
    pl__ais_draught(NAN, (pl_quantity){8.0, 0.4}, &link);
    assert_true(isnan(link.draught_m.sigma) && isnan(link.draught_excess_m.sigma));
    pl__ais_draught(9.5, (pl_quantity){NAN, NAN}, &link);
    assert_true(link.draught_m.value == 9.5 && isnan(link.draught_excess_m.value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),        cmocka_unit_test(values),
        cmocka_unit_test(unknown_values), cmocka_unit_test(bad_rows),
        cmocka_unit_test(any_bytes),      cmocka_unit_test(files),
        cmocka_unit_test(moving),         cmocka_unit_test(moored),
        cmocka_unit_test(antimeridian),   cmocka_unit_test(leaping),
        cmocka_unit_test(middle),         cmocka_unit_test(coverage),
        cmocka_unit_test(alone),          cmocka_unit_test(bow_or_stern),
        cmocka_unit_test(alongside),      cmocka_unit_test(counted),
        cmocka_unit_test(in_a_row),       cmocka_unit_test(contradictions),
        cmocka_unit_test(crowd),          cmocka_unit_test(many_harbours),
        cmocka_unit_test(draught),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
