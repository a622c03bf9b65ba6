/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where was a ship when the picture was taken, and how sure is that?
 *
 * Between a message before the picture and one after it she is taken to have gone straight and
 * evenly; a steady acceleration a would have led her a tb ta / 2 away from that, tb and ta the
 * times to the two messages. a is what a ship does to herself: she turns by a third of a degree a
 * second at most, so across her way a = v x 0.006 / s, and as much again of slowing down is not
 * seen in harbours. Where both messages tell speed and course, what these changed by in that time
 * is a, and a sixth of the above for a turn out and back. A ship that lies still swings and drags:
 * 0.0005 m/s2, but is no farther from the line between two places than they are from each other, or
 * ten metres.
 *
 * Beyond the last message she is taken to go on by what she said of her speed and course, for ten
 * minutes, or half an hour when she lay still: the sigma grows with the square of the time, and the
 * roundings of speed (0.1 kn) and course (a degree or two) add up. */
#include <math.h>

#include "geo/geo.h"
#include "visit/ais.h"

static const double RECEIVER_M = 6.0; /* GPS without correction, one axis, and the datum */
static const double TURN_PER_S = 0.006, SWING_M_S2 = 0.0005;
static const double STILL_M_S = 0.4, STILL_M = 100.0, SLACK_M = 10.0;
static const double SPEED_SIGMA_M_S = 0.1, COURSE_SIGMA = 0.035;
/* A strip is taken in some seconds, and its metadata give one time. */
static const double SHUTTER_S = 4.0;
static const double BETWEEN_S = 1800.0, BETWEEN_STILL_S = PL_AIS_HOURS * 3600.0;
static const double BEYOND_S = 600.0, BEYOND_STILL_S = 1800.0;
/* Faster than this goes no ship (hydrofoils 30 m/s); on so short a way receivers err. */
static const double FASTEST_M_S = 40.0, JUMP_M = 500.0;
/* Gyro and installation; of a course as heading: current and drift. */
static const double HEADING_SIGMA = 0.05, DRIFT_SIGMA = 0.2, STEERAGE_M_S = 1.0;

/* Of the length, from an antenna over the bridge to the middle, where she does not tell. */
static const double AFT = 0.33;

static double between(const pl_ais_message *a, const pl_ais_message *b) {
    double east, north;
    pl__ais_metres(a->lon_deg, a->lat_deg, b->lon_deg, b->lat_deg, &east, &north);
    return hypot(east, north);
}

static bool leaps(const pl_ais_message *a, const pl_ais_message *b) {
    double way_m = between(a, b);
    return way_m > JUMP_M && way_m > FASTEST_M_S * fabs(a->after_s - b->after_s);
}

static bool jumps(const pl_ais_track *t) {
    for (int i = 0; i + 1 < t->earlier; i++)
        if (leaps(&t->before[i], &t->before[i + 1])) return true;
    for (int i = 0; i + 1 < t->later; i++)
        if (leaps(&t->after[i], &t->after[i + 1])) return true;
    return t->earlier > 0 && t->later > 0 && leaps(&t->before[0], &t->after[0]);
}

static double speed_of(const pl_ais_message *m, double otherwise_m_s) {
    return isnan(m->speed_m_s) ? otherwise_m_s : m->speed_m_s;
}

static void take_heading(const pl_ais_message *m, pl_ais_place *out) {
    out->heading_rad = m->heading_rad;
    out->heading_sigma_rad = HEADING_SIGMA;
    if (!isnan(out->heading_rad)) return;
    bool steers = m->speed_m_s > STEERAGE_M_S && !isnan(m->course_rad);
    out->heading_rad = steers ? m->course_rad : (double)NAN;
    out->heading_sigma_rad = steers ? DRIFT_SIGMA : (double)NAN;
}

/* Metres a second squared, by what both messages say of her way. */
static double acceleration(const pl_ais_message *a, const pl_ais_message *b, double all_s,
                           double fastest_m_s) {
    double turn = TURN_PER_S * fastest_m_s;
    double east = b->speed_m_s * sin(b->course_rad) - a->speed_m_s * sin(a->course_rad),
           north = b->speed_m_s * cos(b->course_rad) - a->speed_m_s * cos(a->course_rad);
    double change = hypot(east, north) / pl__max(all_s, 1.0) + turn / 6;
    return SWING_M_S2 + (isnan(change) ? turn : pl__min(turn, change));
}

static void go_between(const pl_ais_message *a, const pl_ais_message *b, pl_ais_place *out) {
    double ta = -a->after_s, tb = b->after_s, all_s = ta + tb, way_m = between(a, b);
    double mean_m_s = way_m / pl__max(all_s, 1.0);
    double fastest = pl__max(pl__max(speed_of(a, mean_m_s), speed_of(b, mean_m_s)),
                             pl__min(mean_m_s, FASTEST_M_S));
    bool still =
        pl__max(speed_of(a, mean_m_s), speed_of(b, mean_m_s)) < STILL_M_S && way_m < STILL_M;
    if (pl__min(ta, tb) > (still ? BETWEEN_STILL_S : BEYOND_S) ||
        all_s > (still ? 2 * BETWEEN_STILL_S : BETWEEN_S))
        return;
    double share = all_s > 0 ? ta / all_s : 0.0;
    double dynamic_m = 0.5 * acceleration(a, b, all_s, fastest) * ta * tb;
    if (still) dynamic_m = pl__min(dynamic_m, pl__max(way_m, SLACK_M));
    out->lon_deg = a->lon_deg + share * remainder(b->lon_deg - a->lon_deg, 360.0);
    out->lat_deg = a->lat_deg + share * (b->lat_deg - a->lat_deg);
    out->speed_m_s = speed_of(ta <= tb ? a : b, mean_m_s);
    out->course_rad = ta <= tb ? a->course_rad : b->course_rad;
    out->sigma_m =
        sqrt(RECEIVER_M * RECEIVER_M + dynamic_m * dynamic_m + pow(SHUTTER_S * out->speed_m_s, 2));
    out->gap_s = pl__min(ta, tb);
    out->known = PL_AIS_KNOWN;
    take_heading(ta <= tb ? a : b, out);
    if (isnan(out->heading_rad)) take_heading(ta <= tb ? b : a, out);
}

static void go_on(const pl_ais_message *m, pl_ais_place *out) {
    double t = fabs(m->after_s), east, north;
    if (isnan(m->speed_m_s)) return;
    bool still = m->speed_m_s < STILL_M_S;
    if (t > (still ? BEYOND_STILL_S : BEYOND_S) || (!still && isnan(m->course_rad))) return;
    double way_m = still ? 0.0 : -m->after_s * m->speed_m_s, /* back, from a message after */
        course = still ? 0.0 : m->course_rad;
    pl__geo_metres_per_degree(m->lat_deg, &east, &north);
    out->lat_deg = m->lat_deg + way_m * cos(course) / north;
    out->lon_deg = m->lon_deg + way_m * sin(course) / pl__max(east, 1.0);
    double dynamic_m = 0.5 * (SWING_M_S2 + TURN_PER_S * m->speed_m_s) * t * t +
                       SPEED_SIGMA_M_S * t + COURSE_SIGMA * m->speed_m_s * t;
    out->speed_m_s = m->speed_m_s;
    out->course_rad = m->course_rad;
    out->sigma_m =
        sqrt(RECEIVER_M * RECEIVER_M + dynamic_m * dynamic_m + pow(SHUTTER_S * out->speed_m_s, 2));
    out->gap_s = t;
    out->known = PL_AIS_KNOWN;
    take_heading(m, out);
}

void pl__ais_place(const pl_ais_track *t, pl_ais_place *out) {
    *out = (pl_ais_place){PL_AIS_SILENT, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (jumps(t)) {
        out->known = PL_AIS_JUMPS;
        return;
    }
    if (t->earlier > 0 && t->before[0].after_s == 0) {
        go_on(&t->before[0], out);
        if (out->known == PL_AIS_KNOWN) return;
    }
    if (t->earlier > 0 && t->later > 0) go_between(&t->before[0], &t->after[0], out);
    if (out->known == PL_AIS_KNOWN) return;
    /* between two that are too far apart, the nearer one alone */
    double before_s = t->earlier > 0 ? -t->before[0].after_s : INFINITY,
           after_s = t->later > 0 ? t->after[0].after_s : INFINITY;
    if (t->earlier > 0 && before_s <= after_s) go_on(&t->before[0], out);
    if (t->later > 0 && after_s < before_s) go_on(&t->after[0], out);
}

void pl__ais_middle(const pl_ais_track *t, const pl_ais_place *p, double lonlat[2]) {
    double forward = isnan(t->bow_m) ? AFT * t->length_m : 0.5 * (t->bow_m - t->stern_m);
    double east, north;
    lonlat[0] = p->lon_deg;
    lonlat[1] = p->lat_deg;
    if (isnan(p->heading_rad) || isnan(forward)) return;
    pl__geo_metres_per_degree(p->lat_deg, &east, &north);
    lonlat[0] += forward * sin(p->heading_rad) / pl__max(east, 1.0);
    lonlat[1] += forward * cos(p->heading_rad) / north;
}
