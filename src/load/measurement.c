/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does what was measured enter a draw?
 *
 * Exactly, not by rejection, by whichever of two ways wastes fewer draws:
 *
 *     depth unknown   the loading is drawn (state.c), which gives the draft T; then the depth that
 *                     the measured freeboard F asks for, D = T + N(F, sigma), is weighed by the
 *                     prior of depths. The depth is by far the widest prior: most draws live.
 *     depth or draft  the draft is drawn as D - N(F, sigma), or as measured, which is the
 *     known           likelihood itself, and weighed by the prior of loadings.
 *
 * The weight is then shared among the states in the ratio of their densities at that draft, times
 * what trim and bottom paint say of each, times how well a ballast condition meets MARPOL's draft:
 * annex I, reg. 18 asks large tankers for 2.0 + 0.02 L m; for most it lies below what ships are
 * seen with and changes nothing, where it does not it binds, softly.
 *
 * A ship with trim t floats as deep as her draft at the centre of flotation, which lies x Lpp off
 * midships, where freeboard and draft are taken: x t is unknown there, x ~ N(0, 0.02), unless a
 * hydrostatic table says where it lies. */
#include "load/model.h"

/* A freeboard with draft to be reconciled needs some width. */
static const double LEAST_SIGMA_M = 0.02;
/* Weights are of the order of 1 per metre; two thousand such would not add up to an answer. */
static const double NEGLIGIBLE = 1e-9;

static double sigma_of(const pl__question *q, double sigma_m) {
    if (isnan(q->input.trim_m) || (q->has_table && pl__hydrostatics_trims(&q->even)))
        return sigma_m;
    return hypot(sigma_m, q->models->prior[PL__FLOTATION_PER_LPP].sigma * q->input.trim_m);
}

bool pl__measurement_draws_loading(const pl_load_input *in) {
    return isnan(in->depth_m) && isnan(in->summer_freeboard_m) && isnan(in->draft_m.value);
}

/* A draft as measured, or depth less freeboard; when both are known the freeboard weighs. */
static double measured_draft(const pl__question *q, double z, pl__ship *ship) {
    const pl_load_input *in = &q->input;
    double freeboard_sigma = sigma_of(q, in->freeboard_m.sigma);
    if (isnan(in->draft_m.value)) return ship->depth - in->freeboard_m.value - freeboard_sigma * z;
    double draft = in->draft_m.value + sigma_of(q, in->draft_m.sigma) * z;
    if (!isnan(in->freeboard_m.value))
        ship->weight *= pl__normal(ship->depth - draft, in->freeboard_m.value,
                                   pl__max(freeboard_sigma, LEAST_SIGMA_M));
    return draft;
}

static double marpol(const pl__question *q, const pl__ship *ship, double draft) {
    const pl__belief *base = &q->models->prior[PL__MARPOL_DRAFT];
    if (ship->dwt < q->oil.product->marpol_dwt_t) return 1;
    double least =
        base->value + q->models->prior[PL__MARPOL_DRAFT_PER_LENGTH].value * 0.96 * ship->loa;
    return pl__normal_share((draft - least) / (base->sigma * least));
}

bool pl__condition_draw(const pl__question *q, const pl__loading_draw *draw, bool draw_loading,
                        pl__ship *ship, pl__condition *out) {
    double density[3], t_per_m, deadweight;
    double water = q->water_t_m3.value + q->water_t_m3.sigma * draw->water;
    pl__stowage_draw(q, ship, draw, &out->stowage);
    if (draw_loading) {
        deadweight = pl__state_draw(ship, &out->stowage, draw);
        if (isnan(deadweight)) return false;
        out->displacement = ship->lightship + deadweight;
        out->draft = pl__ship_draft(ship, out->displacement, water, &t_per_m);
        ship->depth = out->draft + q->input.freeboard_m.value +
                      sigma_of(q, q->input.freeboard_m.sigma) * draw->measurement;
        ship->weight *= pl__ship_depth_density(q->models, ship);
    } else {
        out->draft = measured_draft(q, draw->measurement, ship);
        if (!(out->draft > 0)) return false;
        out->displacement = pl__ship_displacement(ship, out->draft, water, &t_per_m);
        deadweight = out->displacement - ship->lightship;
    }
    if (!(ship->weight > NEGLIGIBLE && out->draft > 0 && out->draft <= ship->depth)) return false;
    pl__state_weigh(q->models, ship, &out->stowage, deadweight, t_per_m, density, out->cargo_t);
    double sum = density[0] + density[1] + density[2];
    if (!(sum > 0)) return false;
    /* a drawn loading has its prior in it already: only the states' ratio is left to say */
    for (int s = 0; s < 3; s++)
        out->weight[s] = density[s] * q->evidence[s] / (draw_loading ? sum : 1);
    out->weight[PL_BALLAST] *= marpol(q, ship, out->draft);
    return true;
}
