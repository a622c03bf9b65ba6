/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls of two pictures are one ship?
 *
 * Of n hulls before and m after, a hull is before the fact as probably there again as not, and then
 * as probably any of the k hulls of about her size. With R_ij the likelihood ratio of two hulls
 * (same.c) times that of their places, and w_ij = R_ij / k, hull i is hull j with the probability
 *
 *     p_ij = w_ij / (1 + sum over j' of w_ij' + sum over i' != i of w_i'j),
 *
 * which is R / (1 + R) where each picture shows one ship. Of two hulls with equal IMO numbers
 * nothing of that is asked.
 *
 * Place. A ship that stayed lies where she lay, as well as the pictures are registered and their
 * decks lean; who came since may have taken the berth, too. Staying is likelier the less time went
 * by: R = 1 + 2 exp(-t / 2 days) in the same place on the same heading, else 1. It is what parts
 * sisters side by side an hour later, and says nothing after a week.
 *
 * Then the assignment with the largest sum of ln (p_ij / p_different), over pairs above it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "visit/assign.h"
#include "visit/same.h"

static const double STAYED = 2, DAYS_S = 2 * 86400.0;
static const double NEAR = 3;                        /* sigmas of a place */
static const double TURNED_RAD = 8 * PL_RAD_PER_DEG; /* lines slacken, ships swing more */
/* Decks stand so high at most, and lean by it; a centre is found to a twentieth of the beam. */
static const double DECK_M = 10;
static const double ABOUT = 0.25; /* of the logarithm of length: could be mistaken for her */
static const double LEAST_GAIN = 0.05;

typedef struct table {
    int rows, columns;
    pl_identity *identity;
    double *place, *apart_m, *probability, *gain;
    int *column_of;
} table;

static double lean_of(const pl_observation *o, double *east, double *north) {
    double t = tan(o->sight.view_incidence_rad);
    *east = -t * sin(o->sight.view_azimuth_rad);
    *north = -t * cos(o->sight.view_azimuth_rad);
    return *east + *north;
}

/* Between the decks' centres, and how far that may be for one place. */
static double apart(const pl_pairing_options *o, const pl_observation *a, const pl_observation *b,
                    double *sigma_m) {
    double per_east, per_north, lean[4];
    pl__geo_metres_per_degree(a->lat_deg, &per_east, &per_north);
    double turn = remainder(b->lon_deg - a->lon_deg, 360);
    double east = turn * per_east + o->east_m,
           north = (b->lat_deg - a->lat_deg) * per_north + o->north_m;
    double known = lean_of(a, &lean[0], &lean[1]) + lean_of(b, &lean[2], &lean[3]);
    double leans = isfinite(known) ? hypot(lean[0] - lean[2], lean[1] - lean[3]) : 1;
    *sigma_m = hypot(hypot(o->shift_sigma_m, 0.5 * DECK_M * leans), 0.05 * a->beam_m.value + 1);
    return hypot(east, north);
}

static double ratio_of_places(const pl_pairing_options *o, const pl_observation *a,
                              const pl_observation *b, double *apart_m) {
    double sigma, gap_s = fabs(b->acquired_s - a->acquired_s);
    *apart_m = apart(o, a, b, &sigma);
    if (!isfinite(*apart_m) || !isfinite(gap_s) || !isfinite(sigma)) return 1;
    double turn = fabs(remainder(a->heading_rad - b->heading_rad, PL_PI)); /* either way round */
    bool there = *apart_m < NEAR * sigma && turn < TURNED_RAD;
    return there ? 1 + STAYED * exp(-gap_s / DAYS_S) : 1;
}

static bool about_as_long(const pl_observation *a, const pl_observation *b) {
    double ratio = fabs(log(a->length_m.value / b->length_m.value));
    return !(ratio > ABOUT); /* unknown: could be */
}

/* The most hulls of about her size in either picture. */
static int candidates(const table *t, const pl_observation *before, const pl_observation *after,
                      int i, int j) {
    int there = 0, here = 0;
    for (int k = 0; k < t->columns; k++) there += about_as_long(&before[i], &after[k]);
    for (int k = 0; k < t->rows; k++) here += about_as_long(&after[j], &before[k]);
    int most = there > here ? there : here;
    return most > 1 ? most : 1;
}

static pl_status fill(const pl_visit_models *models, const pl_load_models *fleet,
                      const pl_pairing_options *options, const pl_observation *before,
                      const pl_observation *after, table *t, pl_error *error) {
    for (int i = 0; i < t->rows; i++) {
        for (int j = 0; j < t->columns; j++) {
            size_t at = (size_t)i * (size_t)t->columns + (size_t)j;
            pl_identity_options ask = {candidates(t, before, after, i, j)};
            pl_status status = pl_visit_same_hull(models, fleet, &before[i], &after[j], &ask,
                                                  &t->identity[at], error);
            if (status != PL_OK) return status;
            t->place[at] = ratio_of_places(options, &before[i], &after[j], &t->apart_m[at]);
        }
    }
    return PL_OK;
}

static bool numbered(const pl_observation *a, const pl_observation *b) {
    return *a->vessel_imo && *b->vessel_imo;
}

static void weigh(const pl_observation *before, const pl_observation *after, table *t) {
    size_t columns = (size_t)t->columns;
    for (int i = 0; i < t->rows; i++) {
        for (int j = 0; j < t->columns; j++) {
            double all = 1, own = 0;
            for (int k = 0; k < t->rows + t->columns; k++) {
                bool along = k < t->columns; /* first her row, then his column */
                int row = along ? i : k - t->columns, column = along ? k : j;
                if (!along && row == i) continue;
                size_t at = (size_t)row * columns + (size_t)column;
                double p = pl__min(t->identity[at].probability, 1 - 1e-12);
                double w = p / (1 - p) * t->place[at];
                all += w;
                if (column == j && row == i) own = w;
            }
            size_t at = (size_t)i * columns + (size_t)j;
            t->probability[at] =
                numbered(&before[i], &after[j]) ? t->identity[at].probability : own / all;
            t->gain[at] = log(t->probability[at] / LEAST_GAIN);
        }
    }
}

static pl_status say_pair(const pl_load_models *fleet, const pl_pairing_options *options,
                          const pl_observation *before, const pl_observation *after, const table *t,
                          int i, int j, pl_pair *out, pl_error *error) {
    size_t at = (size_t)i * (size_t)t->columns + (size_t)j;
    pl_load_input ship = PL_LOAD_INPUT_INIT;
    bool named = *before[i].vessel_source && *after[j].vessel_source;
    if (named && options->ship) ship = *options->ship;
    *out = (pl_pair){i,
                     j,
                     -1,
                     t->probability[at],
                     t->identity[at],
                     t->place[at],
                     t->apart_m[at],
                     {.status = PL_REFUSED}};
    out->identity.verdict = pl__visit_verdict(out->probability);
    pl_status status =
        pl_visit_change(fleet, &ship, &options->load, &before[i], &after[j], &out->change, error);
    out->change.reasons |= out->identity.reasons & ~PL_BIT(PL_SAME_HULL_UNSURE);
    if (out->identity.verdict == PL_VERDICT_UNSURE) {
        out->change.reasons |= PL_BIT(PL_SAME_HULL_UNSURE);
        if (out->change.status == PL_OK) out->change.status = PL_DUBIOUS;
    }
    return status;
}

/* Seen in one picture only: who of the other is likest? */
static void say_single(const table *t, const pl_observation *seen, bool is_before, int which,
                       pl_pair *out) {
    const pl_quantity unknown = {NAN, NAN};
    const pl_range nothing = {NAN, NAN, NAN};
    *out = (pl_pair){.before = is_before ? which : -1,
                     .after = is_before ? -1 : which,
                     .closest = -1,
                     .identity = {.deck_correlation = NAN},
                     .place = 1,
                     .apart_m = NAN,
                     .change = {.status = PL_REFUSED,
                                .reasons = seen->reasons,
                                .freeboard_change_m = unknown,
                                .draft_change_m = unknown,
                                .trim_change_m = unknown,
                                .displacement_change_t = unknown,
                                .transfer_t = nothing,
                                .transfer_bbl = nothing,
                                .shared_m = NAN}};
    int others = is_before ? t->columns : t->rows;
    for (int k = 0; k < others; k++) {
        size_t at =
            (size_t)(is_before ? which : k) * (size_t)t->columns + (size_t)(is_before ? k : which);
        if (out->closest >= 0 && t->probability[at] <= out->probability) continue;
        out->closest = k;
        out->probability = t->probability[at];
        out->identity = t->identity[at];
        out->place = t->place[at];
        out->apart_m = t->apart_m[at];
    }
    out->identity.verdict = PL_VERDICT_DIFFERENT;
}

static pl_status say_all(const pl_load_models *fleet, const pl_pairing_options *options,
                         const pl_observation *before, const pl_observation *after, const table *t,
                         pl_pair *out, int *count, pl_error *error) {
    int n = 0;
    for (int i = 0; i < t->rows; i++) {
        if (t->column_of[i] < 0) continue;
        pl_status status =
            say_pair(fleet, options, before, after, t, i, t->column_of[i], &out[n++], error);
        if (status < 0) return status;
    }
    for (int i = 0; i < t->rows; i++)
        if (t->column_of[i] < 0) say_single(t, &before[i], true, i, &out[n++]);
    for (int j = 0; j < t->columns; j++) {
        bool taken = false;
        for (int i = 0; i < t->rows; i++) taken = taken || t->column_of[i] == j;
        if (!taken) say_single(t, &after[j], false, j, &out[n++]);
    }
    *count = n;
    return PL_OK;
}

pl_status pl_visit_pairs(const pl_visit_models *models, const pl_load_models *fleet,
                         const pl_pairing_options *options, const pl_observation *before,
                         int before_count, const pl_observation *after, int after_count,
                         pl_pair *out, int *count, pl_error *error) {
    size_t cells = (size_t)before_count * (size_t)after_count;
    table t = {.rows = before_count, .columns = after_count};
    *count = 0;
    t.identity = calloc(cells + 1, sizeof *t.identity);
    t.place = calloc(4 * (cells + 1), sizeof *t.place);
    t.column_of = calloc((size_t)before_count + 1, sizeof *t.column_of);
    pl_status status =
        t.identity && t.place && t.column_of ? PL_OK : pl__fail_memory(error, "visit");
    if (status == PL_OK) {
        t.apart_m = t.place + (cells + 1);
        t.probability = t.apart_m + (cells + 1);
        t.gain = t.probability + (cells + 1);
        status = fill(models, fleet, options, before, after, &t, error);
    }
    if (status == PL_OK) {
        weigh(before, after, &t);
        status = pl__visit_assign(t.rows, t.columns, t.gain, t.column_of, error);
    }
    if (status == PL_OK) status = say_all(fleet, options, before, after, &t, out, count, error);
    free(t.identity);
    free(t.place);
    free(t.column_of);
    return status;
}
