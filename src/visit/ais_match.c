/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ship is which hull?
 *
 * Each ship whose place is known is one of the hulls, or none that was found (she was missed, or is
 * not where she says); each hull is one of the ships, or none of them. All ways to pair them are
 * weighed against each other at once, as radar does it with plots and tracks (the joint
 * probabilistic data association of Fortmann, Bar-Shalom and Scheffe, IEEE J. Oceanic Eng. 8,
 * 1983): two hulls alongside are told apart where only one pairing fits both, and left alone where
 * both pairings do.
 *
 *     weight of a pair   Pd f(place) R(heading) R(size) / density of hulls
 *     weight of none     1 - Pd
 *
 * f is the density, per square metre, of where the hull's centre should be. The antenna of a ship
 * stands somewhere on her: where she tells (A, B) that is believed but for one in ten; where she
 * does not, three in four have it over a bridge far aft, the others anywhere. C and D are used as a
 * width only: of two publishers one has them the other way round. R are ratios to what any hull
 * would show. Ships in a harbour lie parallel, so a heading that agrees counts at most threefold; a
 * size that agrees counts fully, but one ship in seven tells a wrong one.
 *
 * Pairs of a cluster (all that hang together by pairs of any weight) are summed over sets of hulls:
 * ships times 2^hulls steps. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "visit/ais.h"

enum { CLUSTER_HULLS = 12, CLUSTER_SHIPS = 40 };
static const double SURE = 0.95;
static const double PRESENT = 0.05; /* a ship so probable is not nobody */
static const double SLIGHT = 1e-3;  /* a pair's weight against none: lighter ones are no pairs */
static const double FOUND = 0.85, FOUND_SMALL = 0.1, FOUND_UNSIZED = 0.4; /* Pd */
static const double ANTENNA_TRUE = 0.9, ANTENNA_M = 4.0, AFT_SHARE = 0.75, AFT = 0.33,
                    AFT_SIGMA = 0.1, ANYWHERE = 0.3, ACROSS = 0.2;
static const double HEADING_TRUE = 0.94, BOW_TRUE = 0.97, HEADING_MOST = 3.0;
static const double SIZE_TRUE = 6.0 / 7.0, ROUNDING_M = 0.7, USAGE = 0.01, BEAM_USAGE = 0.02;
/* What any hull shows: lengths of 20 to 400 m alike in their logarithm, 6.5 beams long. */
static const double LENGTHS = 3.0, RATIO = 6.5, RATIO_SIGMA = 0.18, WIDEST_M = 60.0;
static const double SIGMAS = 3.5; /* beyond, two sizes are those of two ships */
static const double NEARBY_M = 2000.0, ASTRAY_M = 500.0; /* a ship heard there at another time, or
                                                      said to be there now, may be the hull */

typedef struct matching {
    const pl_ais_heard *heard;
    const pl_ais_place *place;
    const pl_ais_hull *hull;
    int hulls;
    const pl_ais_prior *prior;
    double *weight; /* of ship i and hull h, against 1: [i * hulls + h] */
    double *pair;   /* probability of the same */
} matching;

static double normal(double x, double sigma) {
    return exp(-0.5 * x * x / (sigma * sigma)) / (sigma * sqrt(2 * PL_PI));
}

/* ---- one pair ---- */

/* Density of the hull's centre `along` the bow's direction and `across` it, from the antenna. */
static double density_from(const pl_ais_track *t, double length_m, double beam_m, double sigma_m,
                           double along_m, double across_m) {
    double across_sigma = hypot(sigma_m, ACROSS * beam_m);
    double unknown =
        normal(across_m, across_sigma) *
        (AFT_SHARE * normal(along_m - AFT * length_m, hypot(sigma_m, AFT_SIGMA * length_m)) +
         (1 - AFT_SHARE) * normal(along_m, hypot(sigma_m, ANYWHERE * length_m)));
    if (isnan(t->bow_m)) return unknown;
    double width_m = isnan(t->left_m) || isnan(t->right_m) ? ACROSS * beam_m
                                                           : 0.5 * fabs(t->right_m - t->left_m);
    double told = normal(along_m - 0.5 * (t->bow_m - t->stern_m), hypot(sigma_m, ANTENNA_M)) *
                  normal(across_m, hypot(hypot(sigma_m, ANTENNA_M), width_m));
    return ANTENNA_TRUE * told + (1 - ANTENNA_TRUE) * unknown;
}

/* The direction of the hull's axis that her bow points to: +1 as the hull has it, -1 the other
 * way, 0 nobody knows. */
static int bow_of(const pl_ais_place *p, const pl_ais_hull *h) {
    if (!isnan(p->heading_rad))
        return fabs(pl__geo_turn(h->heading_rad, p->heading_rad)) <= PL_PI / 2 ? 1 : -1;
    return h->bow_certain ? 1 : 0;
}

static double place_density(const matching *m, const pl_ais_track *t, const pl_ais_place *p,
                            const pl_ais_hull *h) {
    double east, north, sigma = hypot(p->sigma_m, m->prior->picture_sigma_m);
    pl__ais_metres(p->lon_deg, p->lat_deg, h->lon_deg, h->lat_deg, &east, &north);
    double along = east * sin(h->heading_rad) + north * cos(h->heading_rad),
           across = east * cos(h->heading_rad) - north * sin(h->heading_rad);
    double length = isnan(t->length_m) ? h->length_m.value : t->length_m,
           beam = isnan(t->beam_m) ? h->beam_m.value : t->beam_m;
    int bow = bow_of(p, h);
    if (bow) return density_from(t, length, beam, sigma, bow * along, across);
    return 0.5 * density_from(t, length, beam, sigma, along, across) +
           0.5 * density_from(t, length, beam, sigma, -along, across);
}

static double heading_ratio(const pl_ais_place *p, const pl_ais_hull *h) {
    if (isnan(p->heading_rad)) return 1.0;
    double sigma = hypot(p->heading_sigma_rad, h->heading_sigma_rad);
    double turn = pl__geo_turn(h->heading_rad, p->heading_rad);
    double right = normal(turn, sigma), wrong = normal(PL_PI - fabs(turn), sigma);
    double true_density =
        h->bow_certain ? BOW_TRUE * right + (1 - BOW_TRUE) * wrong : 0.5 * (right + wrong);
    return pl__min(HEADING_MOST, HEADING_TRUE * true_density * 2 * PL_PI + 1 - HEADING_TRUE);
}

static double length_sigma(const pl_ais_track *t, const pl_ais_hull *h) {
    return hypot(hypot(h->length_m.sigma, ROUNDING_M), USAGE * t->length_m);
}

static double beam_sigma(const pl_ais_track *t, const pl_ais_hull *h) {
    return hypot(hypot(h->beam_m.sigma, ROUNDING_M), BEAM_USAGE * t->beam_m);
}

static double size_ratio(const pl_ais_track *t, const pl_ais_hull *h) {
    if (isnan(t->length_m)) return 1.0;
    double length = h->length_m.value, beam = h->beam_m.value;
    double ratio = normal(length - t->length_m, length_sigma(t, h)) * LENGTHS * length;
    if (!isnan(t->beam_m))
        ratio *= normal(beam - t->beam_m, beam_sigma(t, h)) /
                 (0.9 * normal(beam - length / RATIO,
                               hypot(h->beam_m.sigma, RATIO_SIGMA * length / RATIO)) +
                  0.1 / WIDEST_M);
    return SIZE_TRUE * pl__min(ratio, 1e6) + 1 - SIZE_TRUE;
}

static bool size_differs(const pl_ais_track *t, const pl_ais_hull *h) {
    return (!isnan(t->length_m) &&
            fabs(t->length_m - h->length_m.value) > SIGMAS * length_sigma(t, h)) ||
           (!isnan(t->beam_m) && fabs(t->beam_m - h->beam_m.value) > SIGMAS * beam_sigma(t, h));
}

static double found_of(const matching *m, const pl_ais_track *t) {
    if (isnan(t->length_m)) return FOUND_UNSIZED;
    return t->length_m < m->prior->least_length_m ? FOUND_SMALL : FOUND;
}

/* ---- a cluster ---- */

typedef struct cluster {
    int hulls, ships;
    int hull[CLUSTER_HULLS], ship[CLUSTER_SHIPS];
    bool crowded; /* more than can be weighed */
} cluster;

static double *weight_of(const matching *m, int ship, int hull) {
    return &m->weight[(size_t)ship * (size_t)m->hulls + (size_t)hull];
}

/* Sums over all pairings: ahead[i][s], ships before i have taken the set s of hulls; behind[i][s],
 * ships from i on take hulls of s only. A pair's probability is the share of pairings with it. */
static bool weigh(const matching *m, const cluster *c, pl_arena *arena) {
    size_t sets = (size_t)1 << c->hulls, all = sets - 1;
    double *ahead = pl__arena_array(arena, (size_t)(c->ships + 1) * sets, sizeof *ahead),
           *behind = pl__arena_array(arena, (size_t)(c->ships + 1) * sets, sizeof *behind);
    if (!ahead || !behind) return false;
    ahead[0] = 1.0;
    for (size_t s = 0; s < sets; s++) behind[(size_t)c->ships * sets + s] = 1.0;
    for (int i = 0; i < c->ships; i++) {
        for (size_t s = 0; s < sets; s++) {
            double value = ahead[(size_t)i * sets + s], *next = &ahead[(size_t)(i + 1) * sets];
            next[s] += value;
            for (int h = 0; h < c->hulls; h++)
                if (!(s >> h & 1))
                    next[s | (size_t)1 << h] += value * *weight_of(m, c->ship[i], c->hull[h]);
        }
    }
    for (int i = c->ships - 1; i >= 0; i--) {
        const double *next = &behind[(size_t)(i + 1) * sets];
        for (size_t s = 0; s < sets; s++) {
            double sum = next[s];
            for (int h = 0; h < c->hulls; h++)
                if (s >> h & 1)
                    sum += *weight_of(m, c->ship[i], c->hull[h]) * next[s & ~((size_t)1 << h)];
            behind[(size_t)i * sets + s] = sum;
        }
    }
    for (int i = 0; i < c->ships; i++) {
        for (int h = 0; h < c->hulls; h++) {
            double sum = 0;
            const double *next = &behind[(size_t)(i + 1) * sets];
            for (size_t s = 0; s < sets; s++)
                if (!(s >> h & 1))
                    sum += ahead[(size_t)i * sets + s] * next[all & ~s & ~((size_t)1 << h)];
            m->pair[(size_t)c->ship[i] * (size_t)m->hulls + (size_t)c->hull[h]] =
                sum * *weight_of(m, c->ship[i], c->hull[h]) / behind[all];
        }
    }
    return true;
}

static void add(cluster *c, int hull, bool *taken) {
    if (taken[hull]) return;
    taken[hull] = true;
    if (c->hulls == CLUSTER_HULLS)
        c->crowded = true;
    else
        c->hull[c->hulls++] = hull;
}

/* Grows a cluster from one hull by whatever is tied to it. */
static void gather(const matching *m, int first, bool *hull_taken, bool *ship_taken, cluster *c) {
    *c = (cluster){.hulls = 0};
    add(c, first, hull_taken);
    for (int k = 0; k < c->hulls; k++) {
        for (int i = 0; i < m->heard->count; i++) {
            if (ship_taken[i] || !(*weight_of(m, i, c->hull[k]) > 0)) continue;
            ship_taken[i] = true;
            if (c->ships == CLUSTER_SHIPS)
                c->crowded = true;
            else
                c->ship[c->ships++] = i;
            for (int h = 0; h < m->hulls; h++)
                if (*weight_of(m, i, h) > 0) add(c, h, hull_taken);
        }
    }
}

/* ---- the answer ---- */

static double distance_of(const pl_ais_track *t, const pl_ais_place *p, const pl_ais_hull *h) {
    double east, north;
    pl__ais_metres(p->lon_deg, p->lat_deg, h->lon_deg, h->lat_deg, &east, &north);
    int bow = bow_of(p, h);
    if (!isnan(t->bow_m) && bow) {
        double offset = 0.5 * bow * (t->bow_m - t->stern_m);
        east -= offset * sin(h->heading_rad);
        north -= offset * cos(h->heading_rad);
    }
    return hypot(east, north);
}

/* Does a ship want a hull, as this one wants a ship? One whose place is not known and who was near
 * at another time; or one who is said to be not far off and is seen nowhere. Receivers and datums
 * can be wrong by more than their sigma, and who is called silent is accused. */
static bool wants_hull(const matching *m, const pl_ais_hull *h, const double *unseen) {
    for (int i = 0; i < m->heard->count; i++) {
        const pl_ais_track *t = &m->heard->track[i];
        bool unsized_boat = t->class_b && isnan(t->length_m); /* boats come and go everywhere */
        if (unsized_boat || size_differs(t, h)) continue;
        if (m->place[i].known == PL_AIS_KNOWN) {
            if (!(unseen[i] < SURE) && distance_of(t, &m->place[i], h) < ASTRAY_M) return true;
            continue;
        }
        for (int k = 0; k < t->earlier + t->later; k++) {
            const pl_ais_message *at = k < t->earlier ? &t->before[k] : &t->after[k - t->earlier];
            double east, north;
            pl__ais_metres(h->lon_deg, h->lat_deg, at->lon_deg, at->lat_deg, &east, &north);
            if (hypot(east, north) < NEARBY_M) return true;
        }
    }
    return false;
}

static void answer_hull(const matching *m, int h, pl_ais_answer *a) {
    const pl_ais_hull *hull = &m->hull[h];
    double sum = 0;
    *a = (pl_ais_answer){PL_AIS_NOT_COVERED, -1, 0.0, NAN};
    for (int i = 0; i < m->heard->count; i++) {
        double p = m->pair[(size_t)i * (size_t)m->hulls + (size_t)h];
        sum += p;
        if (p > a->probability) {
            a->track = i;
            a->probability = p;
        }
    }
    if (a->track >= 0)
        a->distance_m = distance_of(&m->heard->track[a->track], &m->place[a->track], hull);
    if (a->probability >= SURE)
        a->status =
            size_differs(&m->heard->track[a->track], hull) ? PL_AIS_SIZE_DIFFERS : PL_AIS_MATCHED;
    else if (sum > PRESENT)
        a->status = PL_AIS_AMBIGUOUS;
    else if (pl__ais_covers(m->heard, hull->lon_deg, hull->lat_deg))
        a->status = PL_AIS_NONE_HEARD;
    if (a->status == PL_AIS_NOT_COVERED || a->status == PL_AIS_NONE_HEARD)
        *a = (pl_ais_answer){a->status, -1, NAN, NAN};
}

/* Whether a ship of a crowd was seen is not known either. */
static void forget(const matching *m, const cluster *c, double *unseen) {
    for (int i = 0; i < m->heard->count; i++)
        for (int k = 0; k < c->hulls; k++)
            if (*weight_of(m, i, c->hull[k]) > 0) unseen[i] = NAN;
}

static void weigh_pairs(const matching *m) {
    for (int i = 0; i < m->heard->count; i++) {
        const pl_ais_track *t = &m->heard->track[i];
        const pl_ais_place *p = &m->place[i];
        double found = found_of(m, t);
        for (int h = 0; h < m->hulls && p->known == PL_AIS_KNOWN; h++) {
            const pl_ais_hull *hull = &m->hull[h];
            if (isnan(hull->lon_deg) || isnan(hull->length_m.value)) continue;
            double weight = found / (1 - found) * place_density(m, t, p, hull) *
                            heading_ratio(p, hull) * size_ratio(t, hull) / m->prior->hulls_per_m2;
            if (weight >= SLIGHT) *weight_of(m, i, h) = weight;
        }
    }
}

pl_status pl__ais_match(const pl_ais_heard *heard, const pl_ais_place *place,
                        const pl_ais_hull *hull, int hulls, const pl_ais_prior *prior,
                        pl_arena *arena, pl_ais_answer *answer, double *unseen, pl_error *error) {
    matching m = {heard, place, hull, hulls, prior, NULL, NULL};
    pl_status status = PL_OK;
    size_t pairs = (size_t)heard->count * (size_t)hulls + 1;
    pl_arena *working = pl_arena_new(0);
    bool *hull_taken = pl__arena_array(arena, (size_t)hulls + 1, 1),
         *ship_taken = pl__arena_array(arena, (size_t)heard->count + 1, 1);
    m.weight = pl__arena_array(arena, pairs, sizeof *m.weight);
    m.pair = pl__arena_array(arena, pairs, sizeof *m.pair);
    if (!working || !hull_taken || !ship_taken || !m.weight || !m.pair) {
        status = pl__fail_memory(error, "visit");
        goto done;
    }
    weigh_pairs(&m);
    for (int i = 0; i < heard->count; i++) unseen[i] = 1.0;
    for (int h = 0; h < hulls; h++)
        answer[h] = (pl_ais_answer){PL_AIS_AMBIGUOUS, -1, NAN, NAN}; /* in a crowd, it stays so */
    for (int h = 0; h < hulls && status == PL_OK; h++) {
        cluster c;
        if (hull_taken[h]) continue;
        gather(&m, h, hull_taken, ship_taken, &c);
        if (c.crowded) {
            forget(&m, &c, unseen);
            continue;
        }
        if (!weigh(&m, &c, working)) status = pl__fail_memory(error, "visit");
        for (int k = 0; k < c.hulls; k++) answer_hull(&m, c.hull[k], &answer[c.hull[k]]);
    }
    for (int i = 0; i < heard->count; i++)
        for (int h = 0; h < hulls; h++) unseen[i] -= m.pair[(size_t)i * (size_t)hulls + (size_t)h];
    for (int h = 0; h < hulls; h++)
        if (answer[h].status == PL_AIS_NONE_HEARD && wants_hull(&m, &hull[h], unseen))
            answer[h].status = PL_AIS_NEARBY;
done:
    pl_arena_free(working);
    return status;
}
