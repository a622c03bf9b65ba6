/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A port's year of known truth: ships, calls, and what pictures tell of them. */
#ifndef PL_BENCH_YEAR_H
#define PL_BENCH_YEAR_H

#include "load/model.h"
#include "plimsoll/plimsoll.h"

enum { SHIPS = 14, CALLS_MAX = 400, SEEN_MAX = 6000, PASSES_MAX = 900 };

/** How the year is drawn. */
typedef struct year_options {
    uint64_t seed;
    bool known;       /* ships are named in every picture, and a registry has their particulars */
    bool as_measured; /* errors as drawn ships show them, instead of as sigmas say */
    double clouded;   /* share of passes */
} year_options;

/** One of the fleet: hull and depth out of the program's own prior. */
typedef struct year_ship {
    pl__ship hull;
    char imo[8], name[16];
    int8_t deck[PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS];
} year_ship;

/** One call. Tonnes; metres; days from the year's begin. */
typedef struct year_call {
    int ship, berth, seen;
    double came, begins, ends, left; /* days: arrival, loading from, to, departure */
    double cargo_came_t, cargo_left_t;
    double deadweight_came_t, deadweight_left_t;
} year_call;

typedef struct year {
    year_options options;
    year_ship ship[SHIPS];
    year_call call[CALLS_MAX];
    int calls;
    pl_coverage pass[PASSES_MAX];
    int passes;
    pl_observation *seen; /* SEEN_MAX; hull_id begins with the call's number */
    int sightings;
} year;

/** Draws a year. @return false: out of memory, or the library failed; it has been said. */
bool year_draw(const pl_load_models *models, const year_options *options, year *out);
/** A registry of its ships, as text. */
void year_registry(const year *y, FILE *out);
/** The call that a hull was seen in. */
int year_call_of(const char *hull_id);

#endif
