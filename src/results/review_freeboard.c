/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How sure is an analyst's hand?
 *
 *     f = w / p,    w = outer edge - deck edge,    p = metres of band a metre of height
 *
 * Given: two edges set on the straightened strip; p of the row's cue of that side and kind, which
 * knows the fit's own axis, else by sun, view and heading (pl_freeboard_geometry). Returned: f and
 * its error budget.
 *
 * (1) Each edge is set to half a pixel, one sigma, and the two are set one after the other:
 *     sqrt(2) g / 2 over p. People place a step edge that they can zoom into to a third of a pixel;
 *     a hand drags one line for the whole side, sheer and flare included, and it is one person's
 *     reading. Half a pixel is not tuned to anything.
 * (2) It takes the place of `fit` and of `cues`. All else of the machine's budget stays, for no
 * hand lifts it: sun, view and pixel size (in proportion to f, where the hand's is the larger), the
 *     spread of the edges, the waterline, light from under the water, the gunwale, gear, what
 *     rendered scenes cannot show.
 * (3) A hand reads one side. Where the machine joined two, list comes in: a quarter of a degree at
 *     half the beam, as src/freeboard/join.c has it.
 * (4) What the analyst says of his own sigma only ever widens.
 * (5) Without edges the number is another's (a draught survey, a ruler): its sigma is the
 * analyst's, and the budget says so. (6) Where the machine refused there is no budget to take over:
 * the analyst has to say a sigma, and the row stays dubious. */
#include <math.h>

#include "base/base.h"
#include "plimsoll/review.h"

static const double EDGE_PX = 0.5, LIST_RAD = 0.25 * PL_RAD_PER_DEG;
static const double LEAST_PER_METRE = 0.1; /* below it half a pixel is metres */
static const double AGREE_M = 0.01, LEAST_FREEBOARD_M = 0.1;
/* As src/freeboard/freeboard.c: beyond these no ship, or no use. */
static const double USELESS_SIGMA_M = 0.35, USELESS_SIGMA_SHARE = 0.04 / 3.0;

/* Doubts about light, scale or ship, which better edges do not lift. */
static const pl_reasons STAY = PL_BIT(PL_SUN_CONTRADICTED) | PL_BIT(PL_VIEW_CONTRADICTED) |
                               PL_BIT(PL_GEOREFERENCE_CONTRADICTED) | PL_BIT(PL_VESSEL_MISMATCH) |
                               PL_BIT(PL_OUTDATED) | PL_BIT(PL_IDENTITY_CONTRADICTED) |
                               PL_BIT(PL_OUTLINE_BY_SHAPE);
/* Told on, without being a doubt of the number. */
static const pl_reasons TOLD = PL_BIT(PL_NO_GEOREFERENCE) | PL_BIT(PL_ALONGSIDE) |
                               PL_BIT(PL_BOW_UNCERTAIN) | PL_BIT(PL_CLASS_ASSUMED) |
                               PL_BIT(PL_CLASS_UNSURE) | PL_BIT(PL_NOT_A_TANKER);

static const pl_cue *cue_of(const pl_observation *o, pl_side side, bool kind_given,
                            pl_cue_kind kind) {
    for (int i = 0; i < o->cue_count; i++)
        if (o->cue[i].side == side && (!kind_given || o->cue[i].kind == kind)) return &o->cue[i];
    return NULL;
}

static double per_metre_of(const pl_observation *o, pl_side side, pl_cue_kind kind) {
    double normal = o->heading_rad + (side == PL_STARBOARD_SIDE ? 0.5 : -0.5) * PL_PI;
    pl_side_geometry g = pl_freeboard_geometry(&o->sight, normal);
    return kind == PL_CUE_DARK_BAND ? g.shadow - g.lean : -g.lean;
}

static bool saw_both_sides(const pl_observation *o) {
    bool seen[2] = {false, false};
    for (int i = 0; i < o->cue_count; i++) seen[o->cue[i].side == PL_STARBOARD_SIDE] = true;
    return seen[0] && seen[1];
}

static pl_status read_edges(const pl_review *r, const pl_observation *o, pl_reviewed *out,
                            double *reading_m, pl_error *error) {
    const pl_cue *cue = cue_of(o, r->side, r->kind_given, r->kind);
    pl_cue_kind kind = cue ? cue->kind : r->kind;
    double per_metre = cue ? cue->per_metre : per_metre_of(o, r->side, kind);
    double width_m = r->outer_edge_m - r->deck_edge_m, freeboard_m = width_m / per_metre;
    if (!(per_metre >= LEAST_PER_METRE))
        return pl__fail(error, PL_REFUSED, "results",
                        "that side shows no such band under this sun and view");
    if (!(width_m > 0))
        return pl__fail(error, PL_REFUSED, "results", "the outer edge is not outside the deck's");
    if (!(fabs(freeboard_m - r->freeboard_m) <= AGREE_M))
        return pl__fail(error, PL_REFUSED, "results",
                        "its edges give a freeboard of %.3f m, and it says %.3f m", freeboard_m,
                        r->freeboard_m);
    double width_sigma_m = M_SQRT2 * EDGE_PX * o->gsd_m;
    *reading_m = width_sigma_m / per_metre;
    out->freeboard_m.value = freeboard_m;
    out->has_cue = true;
    out->cue = (pl_cue){.side = r->side,
                        .kind = kind,
                        .width_m = {width_m, width_sigma_m},
                        .per_metre = per_metre,
                        .freeboard_m = {freeboard_m, *reading_m},
                        .chi2 = NAN};
    return PL_OK;
}

/* What of the machine's budget stays. */
static void take_over(const pl_observation *o, double freeboard_m, pl_reviewed *out) {
    double larger = pl__max(1.0, freeboard_m / pl__max(o->freeboard_m.value, LEAST_FREEBOARD_M));
    for (int i = 0; i < PL_BUDGET_COUNT; i++) {
        double sigma_m = o->budget_m[i];
        if (!(sigma_m > 0) || i == PL_BUDGET_FIT || i == PL_BUDGET_CUES) continue;
        bool grows = i == PL_BUDGET_SUN || i == PL_BUDGET_VIEW || i == PL_BUDGET_PIXEL;
        out->budget_m[i] = grows ? larger * sigma_m : sigma_m;
    }
    if (saw_both_sides(o))
        out->budget_m[PL_BUDGET_HEEL] =
            hypot(out->budget_m[PL_BUDGET_HEEL], 0.5 * o->beam_m.value * tan(LIST_RAD));
}

static double together(const double budget_m[PL_BUDGET_COUNT]) {
    double sum = 0;
    for (int i = 0; i < PL_BUDGET_COUNT; i++) sum += budget_m[i] * budget_m[i];
    return sqrt(sum);
}

pl_status pl_review_freeboard(const pl_review *r, const pl_observation *o, pl_reviewed *out,
                              pl_error *error) {
    const double z05 = 1.6448536269514722; /* of a normal distribution */
    double reading_m = 0;
    bool measured = o->status != PL_REFUSED;
    *out = (pl_reviewed){.freeboard_m = {r->freeboard_m, NAN}};
    if (!measured && isnan(r->freeboard_sigma_m))
        return pl__fail(error, PL_REFUSED, "results",
                        "the machine refused this hull: a correction of it wants its "
                        "freeboard_sigma_m");
    pl_status status = r->has_edges ? read_edges(r, o, out, &reading_m, error) : PL_OK;
    if (status != PL_OK) return status;
    if (measured && r->has_edges) take_over(o, out->freeboard_m.value, out);
    out->budget_m[PL_BUDGET_FIT] = reading_m;
    double sigma_m = together(out->budget_m);
    if (r->freeboard_sigma_m > sigma_m) { /* what is beyond the budget is the reading's */
        out->budget_m[PL_BUDGET_FIT] =
            sqrt(reading_m * reading_m + r->freeboard_sigma_m * r->freeboard_sigma_m -
                 sigma_m * sigma_m);
        sigma_m = r->freeboard_sigma_m;
    }
    out->freeboard_m.sigma = sigma_m;
    if (!(sigma_m > 0)) return pl__fail(error, PL_REFUSED, "results", "its sigma cannot be told");
    out->p05_m = out->freeboard_m.value - z05 * sigma_m;
    out->p95_m = out->freeboard_m.value + z05 * sigma_m;
    out->reasons = o->reasons & (STAY | TOLD);
    double useless_m = pl__max(0.5 * USELESS_SIGMA_SHARE * o->length_m.value, USELESS_SIGMA_M);
    if (sigma_m > useless_m) out->reasons |= PL_BIT(PL_SIGMA_TOO_LARGE);
    bool doubted = !measured || (out->reasons & (STAY | PL_BIT(PL_SIGMA_TOO_LARGE)));
    out->status = doubted ? PL_DUBIOUS : PL_OK;
    return PL_OK;
}

pl_status pl_review_load(const pl_load_models *models, const pl_load_input *ship,
                         const pl_load_options *options, double model_sigma_m,
                         const pl_observation *o, pl_reviewed *out, pl_error *error) {
    pl_load_input input = *ship;
    pl_load_options load = *options;
    if (o->vessel_class == PL_CLASS_OTHER) return PL_OK; /* what carries no oil has no barrels */
    if (isnan(input.length_m.value)) input.length_m = o->length_m;
    if (isnan(input.beam_m.value)) input.beam_m = o->beam_m;
    input.freeboard_m = out->freeboard_m;
    input.trim_m = o->trim_m.value;
    input.trim_sigma_m = hypot(o->trim_m.sigma, 2 * model_sigma_m); /* as run/pipeline.c */
    if (isfinite(o->load.water_density_t_m3.value))
        load.water_density_t_m3 = o->load.water_density_t_m3;
    pl_status status = pl_load_estimate(models, &input, &load, &out->load, error);
    if (status == PL_E_USAGE) { /* no ship is like that */
        out->load = (pl_load){.status = PL_REFUSED, .reasons = PL_BIT(PL_DIMENSIONS_ODD)};
        if (error) *error = (pl_error)PL_ERROR_INIT;
        status = PL_OK;
    }
    if (status < 0) return status;
    out->has_load = out->load.status != PL_REFUSED;
    out->reasons |= out->load.reasons;
    if (out->load.status != PL_OK) out->status = PL_DUBIOUS;
    return PL_OK;
}
