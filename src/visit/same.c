/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are two hulls, seen at two times, one ship?
 *
 * Bayes' rule with likelihood ratios: how much likelier is what was seen of one ship seen twice
 * than of two ships that could lie there?
 *
 *     odds = prior odds x R(length, beam) x R(deck) x R(class) x R(name)
 *
 * Length and beam. Of one ship the two lengths differ by their errors, N(0, s_a^2 + s_b^2), and now
 * and then by much more: an end taken too far. Of another ship the second pair of numbers is as
 * probable as her size class makes it (pl_load_fleet_density), which is taken from either side and
 * averaged, so that the order does not matter; and some of the others are sisters, whom length and
 * beam cannot tell apart:
 *
 *     R = p_same / (q p_same + (1 - q) p_other)  <=  1 / q,      q the share of sisters.
 *
 * The deck. Spearman's correlation of the two fingerprints: ranks do not ask how bright the sun was
 * or how a sensor counts. Normal around two means with one sigma, so ln R is a straight line in it;
 * held to what a deck under a funnel's shadow, or two decks of one yard, could do. Where a bow is
 * uncertain, both ways round are as probable.
 *
 * Class. Two judgements of one ship agree, R = sum_c p_a(c) p_b(c) / prior(c); the judge is never
 * believed more than 19 to 1. The other ship is one of the fleet of tankers, so that two tankers
 * agree is no news: R is at most 1.
 *
 * Names. One IMO number is one ship, two are two, where an analyst, a register or the one who asked
 * says it. What a ship sends is typed by the ship: a number out of AIS may be another's on purpose,
 * or a scrapped ship's, and is evidence beside what was seen. A name alone can be painted over, and
 * borne twice. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "visit/same.h"
#include "visit/visits.h"

static const char FLOOR[] = "visit";

/* Said as "same" or "different" only beyond these probabilities: of the calls that are joined, less
 * than one in ten is false; to part one ship makes two calls of one, and wants to be surer. */
static const double SAME_FROM = 0.9, DIFFERENT_TO = 0.05;
/* What a deck may say at most: a shadow across it, or a yard's second ship. */
static const double DECK_LEAST = 0.25, DECK_MOST = 30;
/* A judge of classes that is right 19 times of 20. */
static const double CLASS_SURE = 0.95;
/* One IMO number: mistyped, or another's on purpose, one time in a thousand. */
static const double NUMBER_WRONG = 1e-3;
/* A number that at least one of the two only sent: a ship that borrows one takes a living or a
 * scrapped sister's, and one that changes hers lies there under two. Nobody counted either where
 * oil goes round sanctions; one in two hundred, and the hulls have their say. */
static const double SENT_WRONG = 5e-3;
/* A number decides; where hulls speak against it that loudly, the row says so. */
static const double CONTRADICTED = 30;
/* One name: ships that bear it too and lie where she could. Two names: she was renamed in
 * between, or one reading is wrong. */
static const double NAME_ALIKE = 100, NAME_UNLIKE = 0.1;
/* Detection's own sigmas leave out what all pictures of a ship get wrong alike, and what no outline
 * does better than. */
static const double LEAST_SHARE = 0.003;

enum { CELLS = PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS, LEVELS = 256 };

const char *pl_verdict_name(pl_verdict verdict) {
    static const char *const NAME[] = {"unsure", "same", "different"};
    return (unsigned)verdict < 3 ? NAME[verdict] : NULL;
}

pl_verdict pl__visit_verdict(double probability) {
    return probability >= SAME_FROM      ? PL_VERDICT_SAME
           : probability <= DIFFERENT_TO ? PL_VERDICT_DIFFERENT
                                         : PL_VERDICT_UNSURE;
}

bool pl__sent(const pl_observation *o) {
    return strcmp(o->vessel_source, "AIS") == 0; /* src/run/ais.c */
}

static double normal(double x, double sigma) {
    return exp(-0.5 * x * x / (sigma * sigma)) / (sigma * 2.50662827463100050242);
}

/* ---- length and beam ---- */

/* Density of the difference of two measurements of one length, each of which is an outlier with
 * probability `share`. */
static double difference_density(pl_quantity a, pl_quantity b, double share, double relative) {
    double wide = relative * 0.5 * (a.value + b.value), d = a.value - b.value;
    double variance = a.sigma * a.sigma + b.sigma * b.sigma;
    double kept = 1 - share;
    return kept * kept * normal(d, sqrt(variance)) +
           2 * share * kept * normal(d, sqrt(variance + wide * wide)) +
           share * share * normal(d, sqrt(variance + 2 * wide * wide));
}

static pl_quantity with_sigma(pl_quantity q, double relative) {
    return (pl_quantity){q.value, hypot(q.sigma, relative * q.value)};
}

static bool usable(pl_quantity q) {
    return isfinite(q.value) && q.value > 0 && isfinite(q.sigma) && q.sigma >= 0;
}

static double ratio_of_dimensions(const pl_visit_models *m, const pl_load_models *fleet,
                                  const pl_observation *a, const pl_observation *b) {
    if (!usable(a->length_m) || !usable(b->length_m) || !usable(a->beam_m) || !usable(b->beam_m))
        return 1;
    const double *v = m->value;
    pl_quantity length[2] = {with_sigma(a->length_m, LEAST_SHARE),
                             with_sigma(b->length_m, LEAST_SHARE)};
    pl_quantity beam[2] = {with_sigma(a->beam_m, LEAST_SHARE), with_sigma(b->beam_m, LEAST_SHARE)};
    double same =
        difference_density(length[0], length[1], v[PL__LENGTH_OUTLIER_SHARE],
                           v[PL__LENGTH_OUTLIER_SIGMA]) *
        difference_density(beam[0], beam[1], v[PL__BEAM_OUTLIER_SHARE], v[PL__BEAM_OUTLIER_SIGMA]);
    /* against the fleet, whose spread is wider, one normal of the same variance will do */
    for (int i = 0; i < 2; i++) {
        length[i] =
            with_sigma(length[i], v[PL__LENGTH_OUTLIER_SIGMA] * sqrt(v[PL__LENGTH_OUTLIER_SHARE]));
        beam[i] = with_sigma(beam[i], v[PL__BEAM_OUTLIER_SIGMA] * sqrt(v[PL__BEAM_OUTLIER_SHARE]));
    }
    double other = 0.5 * (pl_load_fleet_density(fleet, length[0], beam[0], length[1], beam[1]) +
                          pl_load_fleet_density(fleet, length[1], beam[1], length[0], beam[0]));
    bool large = 0.5 * (a->length_m.value + b->length_m.value) >= v[PL__LARGE_LENGTH];
    double q = v[large ? PL__SISTER_SHARE_LARGE : PL__SISTER_SHARE_SMALL];
    double all = q * same + (1 - q) * other;
    /* so far from all that the fleet has, and from each other, that nothing can be said */
    return all > 0 ? same / all : 1;
}

/* ---- the deck ---- */

/* Ranks, equal values sharing their mean rank, less the mean of all ranks. */
static void ranks_of(const int8_t *cell, bool reversed, double out[CELLS]) {
    double rank[LEVELS], below = 0;
    int count[LEVELS] = {0};
    for (int i = 0; i < CELLS; i++) count[cell[i] + 128]++;
    for (int k = 0; k < LEVELS; k++) {
        rank[k] = below + 0.5 * (count[k] - 1) - 0.5 * (CELLS - 1);
        below += count[k];
    }
    for (int i = 0; i < CELLS; i++) out[i] = rank[cell[reversed ? CELLS - 1 - i : i] + 128];
}

double pl_visit_fingerprint_correlation(const pl_observation *a, const pl_observation *b,
                                        bool reversed) {
    double x[CELLS], y[CELLS], xy = 0, xx = 0, yy = 0;
    if (!a->has_fingerprint || !b->has_fingerprint) return NAN;
    ranks_of(a->fingerprint, false, x);
    ranks_of(b->fingerprint, reversed, y);
    for (int i = 0; i < CELLS; i++) {
        xy += x[i] * y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static double ratio_of_correlation(const pl_visit_models *m, double correlation) {
    if (isnan(correlation)) return 1;
    double same = m->value[PL__FINGERPRINT_SAME], other = m->value[PL__FINGERPRINT_DIFFERENT];
    double sigma = m->value[PL__FINGERPRINT_SIGMA];
    double slope = (same - other) / (sigma * sigma);
    return pl__clamp(exp(slope * (correlation - 0.5 * (same + other))), DECK_LEAST, DECK_MOST);
}

static double ratio_of_decks(const pl_visit_models *m, const pl_observation *a,
                             const pl_observation *b, pl_identity *out) {
    bool either = !a->bow_certain || !b->bow_certain;
    double ahead = pl_visit_fingerprint_correlation(a, b, false);
    double astern = either ? pl_visit_fingerprint_correlation(a, b, true) : NAN;
    out->deck_reversed = astern > ahead;
    out->deck_correlation = out->deck_reversed ? astern : ahead;
    double ratio = ratio_of_correlation(m, ahead);
    return either ? 0.5 * (ratio + ratio_of_correlation(m, astern)) : ratio;
}

/* ---- class and names ---- */

static double ratio_of_classes(const pl_observation *a, const pl_observation *b) {
    double p = a->tanker_probability, q = b->tanker_probability;
    if (!(p >= 0 && p <= 1 && q >= 0 && q <= 1)) return 1;
    p = pl__clamp(p, 1 - CLASS_SURE, CLASS_SURE);
    q = pl__clamp(q, 1 - CLASS_SURE, CLASS_SURE);
    return pl__min(2 * (p * q + (1 - p) * (1 - q)), 1);
}

/* @param numbers both have one. @param decides and somebody vouches for both. */
static double ratio_of_names(const pl_observation *a, const pl_observation *b, bool *numbers,
                             bool *decides) {
    *numbers = *a->vessel_imo && *b->vessel_imo;
    *decides = *numbers && !pl__sent(a) && !pl__sent(b);
    double wrong = *decides ? NUMBER_WRONG : SENT_WRONG;
    if (*numbers) return strcmp(a->vessel_imo, b->vessel_imo) == 0 ? 1 / wrong : wrong;
    if (!*a->vessel_name || !*b->vessel_name) return 1;
    return strcasecmp(a->vessel_name, b->vessel_name) == 0 ? NAME_ALIKE : NAME_UNLIKE;
}

pl_status pl_visit_same_hull(const pl_visit_models *models, const pl_load_models *fleet,
                             const pl_observation *a, const pl_observation *b,
                             const pl_identity_options *options, pl_identity *out,
                             pl_error *error) {
    *out = (pl_identity){.deck_correlation = NAN};
    if (!(options->candidates > 0 && isfinite(options->candidates)))
        return pl__fail(error, PL_E_USAGE, FLOOR, "candidates %g: must be above 0",
                        options->candidates);
    bool numbers, decides;
    out->dimensions = ratio_of_dimensions(models, fleet, a, b);
    out->deck = ratio_of_decks(models, a, b, out);
    out->vessel_class = ratio_of_classes(a, b);
    out->names = ratio_of_names(a, b, &numbers, &decides);
    double seen = out->dimensions * out->deck * out->vessel_class;
    double odds = out->names * (decides ? 1 : seen / options->candidates);
    if (numbers && (out->names > 1) != (seen > 1) && pl__max(seen, 1 / seen) > CONTRADICTED)
        out->reasons |= PL_BIT(PL_IDENTITY_CONTRADICTED);
    out->probability = odds / (1 + odds);
    out->verdict = pl__visit_verdict(out->probability);
    if (out->verdict == PL_VERDICT_UNSURE) out->reasons |= PL_BIT(PL_SAME_HULL_UNSURE);
    return PL_OK;
}
