/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed between two observations of one ship, and how sure is that?
 *
 * Each freeboard is truth plus errors, and an error that is the same both times is not in the
 * difference:
 *
 *     var(F_2 - F_1) = s_1^2 + s_2^2 - 2 cov,      cov = sum over terms of r_t b_1t b_2t,
 *
 * b the budgets' terms, r_t how much of a term's variance is one and the same error (SHARED). That
 * is the ship's own, and what the method does to every picture alike.
 *
 * Deck edge: a fishplate or a gunwale is where it was; between a dark band and a lit wall a little
 * less, since rails darken a shadow's edge and not a wall's. Gear: it is hers, but another sun
 * throws its shadow elsewhere. Line spread, light under water, waves: bright decks and dark bands
 * are drawn alike by all sensors and read by one program, light from below only ever makes a band
 * too wide, waves break the same edge; how far depends on pixel and water. Model: half of it is the
 * ship's (rails, gunwale, plates), half the picture's (tone curve, terrain model).
 *
 * All others are of one picture: its angles, its pixel, its noise, her list that day. A sigma of
 * the same sensor's angles is not taken for the same error: it says how an angle scatters from
 * picture to picture. docs/method/pairs.md has what drawn pairs say of the sum.
 *
 * Two sides' cues of one observation are weighted by their own variances; what two observations
 * have in common of kinds is the sum over kinds of the lesser weight. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "plimsoll/visit.h"

typedef struct shared {
    pl_budget_term term;
    double alike, other; /* cues of one kind; a dark band and a lit wall */
} shared;
static const shared SHARED[] = {{PL_BUDGET_DECK_EDGE, 1.0, 0.8}, {PL_BUDGET_GEAR, 0.5, 0},
                                {PL_BUDGET_SPREAD, 0.75, 0},     {PL_BUDGET_UNDERWATER, 0.75, 0},
                                {PL_BUDGET_WATERLINE, 0.75, 0},  {PL_BUDGET_MODEL, 0.5, 0.25}};
/* Beyond so many sigmas something changed. */
static const double CHANGED = 2;
/* Light and laden lie about 3 % of the length apart; what is surely less than a quarter of that is
 * no transfer worth the name. */
static const double NOTHING_SHARE = 0.0075;

enum { KINDS = 2 };

static void kinds_of(const pl_observation *o, double weight[KINDS]) {
    double sum = 0;
    weight[0] = weight[1] = 0;
    for (int i = 0; i < o->cue_count; i++) {
        double sigma = o->cue[i].freeboard_m.sigma;
        if (!(sigma > 0)) continue;
        weight[o->cue[i].kind == PL_CUE_LIT_WALL] += 1 / (sigma * sigma);
        sum += 1 / (sigma * sigma);
    }
    for (int k = 0; k < KINDS && sum > 0; k++) weight[k] /= sum;
}

static double term(const pl_observation *o, pl_budget_term which) {
    return o->budget_m[which] > 0 ? o->budget_m[which] : 0;
}

static bool measured(const pl_observation *o) {
    return o->has_freeboard && isfinite(o->freeboard_m.value) && o->freeboard_m.sigma > 0;
}

double pl_visit_covariance(const pl_observation *before, const pl_observation *after) {
    double kind[2][KINDS], alike = 0;
    if (!measured(before) || !measured(after)) return 0;
    kinds_of(before, kind[0]);
    kinds_of(after, kind[1]);
    for (int k = 0; k < KINDS; k++) alike += pl__min(kind[0][k], kind[1][k]);
    double sum = 0;
    for (size_t i = 0; i < sizeof SHARED / sizeof *SHARED; i++) {
        const shared *t = &SHARED[i];
        sum += (t->other + alike * (t->alike - t->other)) * term(before, t->term) *
               term(after, t->term);
    }
    return sum;
}

static pl_quantity mean_of(pl_quantity a, pl_quantity b) {
    if (isnan(a.value) || isnan(b.value)) return isnan(a.value) ? b : a;
    double x = 1 / (a.sigma * a.sigma), y = 1 / (b.sigma * b.sigma);
    if (!(isfinite(x + y) && x + y > 0)) return a;
    double value = (a.value * x + b.value * y) / (x + y);
    /* where they contradict each other, neither sigma is believed */
    return (pl_quantity){value, hypot(1 / sqrt(x + y), 0.5 * (a.value - b.value))};
}

/* Two freeboards, with the part of their sigmas that cancels. */
static void fill(const pl_observation *o, double share, pl_load_measurement *out) {
    const pl_quantity unknown = {NAN, NAN};
    *out = (pl_load_measurement){o->freeboard_m, unknown, o->trim_m.value,
                                 o->freeboard_m.sigma * sqrt(share)};
}

static double trim_sigma_of(const pl_observation *before, const pl_observation *after) {
    double a = hypot(before->trim_m.sigma, 2 * term(before, PL_BUDGET_MODEL));
    double b = hypot(after->trim_m.sigma, 2 * term(after, PL_BUDGET_MODEL));
    return isnan(a) ? b : isnan(b) ? a : pl__max(a, b);
}

static pl_direction direction_of(const pl_change *c, double length_m) {
    double change = c->freeboard_change_m.value, sigma = c->freeboard_change_m.sigma;
    bool loads = isfinite(c->transfer_t.p50);
    if (fabs(change) <= CHANGED * sigma)
        return fabs(change) + CHANGED * sigma < NOTHING_SHARE * length_m ? PL_DIRECTION_NONE
                                                                         : PL_DIRECTION_UNCLEAR;
    /* ballast goes in and out, too */
    if (change < 0)
        return loads && c->transfer_t.p05 > 0 ? PL_DIRECTION_LOADING : PL_DIRECTION_UNCLEAR;
    return loads && c->transfer_t.p95 < 0 ? PL_DIRECTION_DISCHARGING : PL_DIRECTION_UNCLEAR;
}

static void nothing(pl_change *out) {
    const pl_quantity unknown = {NAN, NAN};
    const pl_range none = {NAN, NAN, NAN};
    memset(out, 0, sizeof *out);
    out->freeboard_change_m = out->draft_change_m = unknown;
    out->trim_change_m = out->displacement_change_t = unknown;
    out->transfer_t = out->transfer_bbl = none;
    out->transfer_t_p25 = out->transfer_t_p75 = NAN;
    out->ship_sigma_bbl = out->common_sigma_bbl = NAN;
    for (int k = 0; k < 3; k++) out->p_before[k] = out->p_after[k] = NAN;
    out->shared_m = NAN;
}

static pl_status transfer(const pl_load_models *models, const pl_load_input *ship,
                          const pl_load_options *options, const pl_observation *const seen[2],
                          double share, pl_change *out, pl_error *error) {
    pl_load_measurement m[2];
    pl_transfer t;
    pl_error own = PL_ERROR_INIT;
    for (int i = 0; i < 2; i++) fill(seen[i], share, &m[i]);
    pl_status status = pl_load_pair(models, ship, &m[0], &m[1], options, &t, &own);
    if (status == PL_E_USAGE && pl_load_check_options(models, options, error) == PL_OK) {
        /* no ship has such dimensions: what was seen of her stays */
        out->reasons |= PL_BIT(PL_DIMENSIONS_ODD);
        out->status = PL_DUBIOUS;
        return PL_OK;
    }
    if (status < 0) {
        if (error) *error = own;
        return status;
    }
    out->reasons |= t.reasons;
    if (t.status != PL_OK && out->status == PL_OK) out->status = PL_DUBIOUS;
    out->displacement_change_t = t.displacement_change_t;
    out->transfer_t = t.transfer_t;
    out->transfer_t_p25 = t.transfer_t_p25;
    out->transfer_t_p75 = t.transfer_t_p75;
    out->transfer_bbl = t.transfer_bbl;
    out->ship_sigma_bbl = t.ship_sigma_t * t.transfer_bbl.p50 / t.transfer_t.p50;
    out->common_sigma_bbl = t.oil_sigma_bbl;
    memcpy(out->p_before, t.p_before, sizeof out->p_before);
    memcpy(out->p_after, t.p_after, sizeof out->p_after);
    return PL_OK;
}

pl_status pl_visit_change(const pl_load_models *models, const pl_load_input *ship,
                          const pl_load_options *options, const pl_observation *before,
                          const pl_observation *after, pl_change *out, pl_error *error) {
    const pl_observation *const seen[2] = {before, after};
    nothing(out);
    out->reasons = before->reasons | after->reasons;
    if (!measured(before) || !measured(after)) {
        out->status = PL_REFUSED;
        return PL_OK;
    }
    bool dubious = before->status != PL_OK || after->status != PL_OK;
    out->status = dubious ? PL_DUBIOUS : PL_OK;
    double s[2] = {before->freeboard_m.sigma, after->freeboard_m.sigma};
    double covariance = pl__min(pl_visit_covariance(before, after), s[0] * s[1]);
    out->shared_m = sqrt(covariance);
    out->freeboard_change_m =
        (pl_quantity){after->freeboard_m.value - before->freeboard_m.value,
                      sqrt(pl__max(s[0] * s[0] + s[1] * s[1] - 2 * covariance, 0))};
    out->draft_change_m =
        (pl_quantity){-out->freeboard_change_m.value, out->freeboard_change_m.sigma};
    if (before->bow_certain && after->bow_certain)
        out->trim_change_m = (pl_quantity){after->trim_m.value - before->trim_m.value,
                                           hypot(before->trim_m.sigma, after->trim_m.sigma)};
    pl_load_input known = *ship;
    if (isnan(known.length_m.value)) known.length_m = mean_of(before->length_m, after->length_m);
    if (isnan(known.beam_m.value)) known.beam_m = mean_of(before->beam_m, after->beam_m);
    known.trim_sigma_m = trim_sigma_of(before, after);
    pl_status status =
        transfer(models, &known, options, seen, covariance / (s[0] * s[1]), out, error);
    out->direction = direction_of(out, known.length_m.value);
    return status;
}
