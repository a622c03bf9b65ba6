/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many calls did nobody see?
 *
 * A call of so many days is seen when a picture of the port falls into them and no cloud lies on
 * the ship. Let p be the probability of that for a call that begins at any time of the period, n
 * the calls that were seen, and let calls come one by one at a rate nobody knows (Poisson;
 * Jeffreys' prior). Then p times the expected calls is Gamma(n + 1/2), and those not seen are
 *
 *     Poisson((1 - p) / p Gamma(n + 1/2))
 *
 * How long calls take, and how often a ship in a picture is overlooked, is what
 * models/port_calls.csv believes: pictures see only the bounds of a call. The port's median is
 * drawn anew in each draw. Ports are added. It stands on gaps that have nothing to do with the
 * calls: who hides from known passes is not in it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "visit/findings.h"
#include "visit/visits.h"

static const char FLOOR[] = "visit";
static const double DAY_S = 86400;
/* Of the logarithm of the median call: the table has 2 +- 0.7 days. */
static const double MEDIAN_LN_SIGMA = 0.35;
/* And of the spread of calls about it: 1.0 +- 0.3, never without any. */
static const double SPREAD_SIGMA = 0.3, SPREAD_LEAST = 0.2;
/* Where fewer than one call in fifty would be seen, their number is anybody's guess. */
static const double SEEN_LEAST = 0.02;

enum { DRAWS = 2000, BEGINNINGS = 200 };

typedef struct pass {
    double s, unseen;
} pass;

static int by_time(const void *a, const void *b) {
    const pass *x = a, *y = b;
    return (x->s > y->s) - (x->s < y->s);
}

/* How probably is a call seen whose like take so many days, more or less? */
static double seen_share(const pass *p, int count, double from_s, double to_s, double days,
                         double spread, pl_random *random) {
    double sum = 0;
    int first = 0;
    for (int i = 0; i < BEGINNINGS; i++) {
        double begin = from_s + (to_s - from_s) * (i + 0.5) / BEGINNINGS;
        double end = begin + days * DAY_S * exp(spread * pl__random_normal(random));
        double missed = 1;
        while (first < count && p[first].s < begin) first++;
        for (int k = first; k < count && p[k].s <= end; k++) missed *= p[k].unseen;
        sum += 1 - missed;
    }
    return sum / BEGINNINGS;
}

/* Marsaglia and Tsang 2000, for shapes of 1 and more; below, by the shape one larger. */
static double gamma_draw(double shape, pl_random *random) {
    if (shape < 1)
        return gamma_draw(shape + 1, random) * pow(pl__random_uniform(random), 1 / shape);
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = pl__random_normal(random), v = 1 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        if (log(pl__random_uniform(random)) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
    }
}

/* Products of uniforms; a large mean in steps that each have one. */
static double poisson_draw(double mean, pl_random *random) {
    double count = 0;
    for (; mean > 0; mean -= 30) {
        double floor_ = exp(-pl__min(mean, 30)), product = pl__random_uniform(random);
        for (; product > floor_; product *= pl__random_uniform(random)) count++;
    }
    return count;
}

static double period_edge(double asked_s, double own_s) {
    return isnan(asked_s) ? own_s : asked_s;
}

/* Adds one port's draws. @return false: too little of it was seen to say anything. */
static bool add_port(const char *port, int calls, const pass *p, int count, const pl__stay *stay,
                     const pl_findings_options *o, double *unseen, double *share) {
    double from_s = period_edge(o->since_s, p[0].s), to_s = period_edge(o->until_s, p[count - 1].s);
    double least = 1;
    if (!(to_s > from_s)) return false;
    uint64_t name = pl__random_name(pl__random_name(0, "unseen"), port);
    for (int d = 0; d < DRAWS; d++) {
        pl_random random = pl__random_at(o->load.seed, name, (uint64_t)d);
        double days =
            stay->value[PL__STAY_MEDIAN] * exp(MEDIAN_LN_SIGMA * pl__random_normal(&random));
        double spread = pl__max(SPREAD_LEAST, stay->value[PL__STAY_SPREAD] +
                                                  SPREAD_SIGMA * pl__random_normal(&random));
        double seen = seen_share(p, count, from_s, to_s, days, spread, &random);
        least = pl__min(least, seen);
        seen = pl__max(seen, 1e-9);
        unseen[d] += poisson_draw(
            pl__min(1e5, (1 - seen) / seen * gamma_draw(calls + 0.5, &random)), &random);
        share[d] += seen;
    }
    return least >= SEEN_LEAST;
}

static int passes_of(const char *port, const pl_looked *looked, double overlooked, pass *out) {
    int count = 0;
    for (int i = 0; i < looked->pictures; i++) {
        const pl_coverage *c = &looked->coverage[i];
        if (strcasecmp(c->port, port) != 0 || isnan(c->acquired_s) || c->outdated) continue;
        double unseen = isnan(c->unseen_share) ? 0 : pl__clamp(c->unseen_share, 0, 1);
        out[count++] = (pass){c->acquired_s, unseen + (1 - unseen) * overlooked};
    }
    qsort(out, (size_t)count, sizeof *out, by_time);
    return count;
}

static int calls_at(const char *port, const pl__caller *callers, int count) {
    int calls = 0;
    for (int i = 0; i < count; i++)
        calls += callers[i].use != PL_CALL_OUTSIDE && strcasecmp(callers[i].call->port, port) == 0;
    return calls;
}

pl_status pl__unseen_guess(const pl__caller *callers, int count, const pl_looked *looked,
                           const pl_findings_options *options, pl_arena *arena, pl_unseen *out,
                           pl_error *error) {
    int pictures = looked ? looked->pictures : 0, ports = 0;
    bool told = true;
    *out = (pl_unseen){{NAN, NAN, NAN}, NAN, pictures};
    if (pictures <= 0) return PL_OK;
    const pl_coverage *coverage = looked->coverage;
    const pl__stay *stay = pl__models_stay(looked->models);
    pass *p = pl__arena_array(arena, (size_t)pictures, sizeof *p);
    double *unseen = pl__arena_array(arena, DRAWS, sizeof *unseen);
    double *share = pl__arena_array(arena, DRAWS, sizeof *share);
    if (!p || !unseen || !share) return pl__fail_memory(error, FLOOR);
    for (int i = 0; i < pictures; i++) {
        const char *port = coverage[i].port;
        bool met = false;
        for (int k = 0; k < i && !met; k++) met = strcasecmp(coverage[k].port, port) == 0;
        if (met) continue;
        int passes = passes_of(port, looked, stay->value[PL__MISSED_SHARE], p);
        int calls = calls_at(port, callers, count);
        told &= passes > 0 && add_port(port, calls, p, passes, stay, options, unseen, share);
        ports++;
    }
    pl_band seen = pl__band_of(share, DRAWS), band = pl__band_of(unseen, DRAWS);
    out->covered_share = seen.p50 / ports;
    if (told) out->visits = (pl_range){band.p05, band.p50, band.p95};
    return PL_OK;
}
