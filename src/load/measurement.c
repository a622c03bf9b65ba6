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
 * A ship with trim t floats as deep as her draft at the centre of flotation, which lies x Lpp off
 * midships, where freeboard and draft are taken: x t is unknown there, x ~ N(0, 0.02). */
#include <gsl/gsl_cdf.h>

#include "load/model.h"

/* A freeboard with draft to be reconciled needs some width. */
static const double LEAST_SIGMA_M = 0.02;

static double sigma_of(const pl_load_models *models, const pl_load_input *in, double sigma_m) {
    if (isnan(in->trim_m)) return sigma_m;
    return hypot(sigma_m, models->prior[PL__FLOTATION_PER_LPP].sigma * in->trim_m);
}

bool pl__measurement_draws_loading(const pl_load_input *in) {
    return isnan(in->depth_m) && isnan(in->draft_m.value);
}

double pl__measurement_draft(const pl_load_models *models, const pl_load_input *in, double u,
                             pl__ship *ship) {
    double z = gsl_cdf_ugaussian_Pinv(u);
    double freeboard_sigma = sigma_of(models, in, in->freeboard_m.sigma);
    if (isnan(in->draft_m.value)) return ship->depth - in->freeboard_m.value - freeboard_sigma * z;
    double draft = in->draft_m.value + sigma_of(models, in, in->draft_m.sigma) * z;
    if (!isnan(in->freeboard_m.value))
        ship->weight *= pl__normal(ship->depth - draft, in->freeboard_m.value,
                                   pl__max(freeboard_sigma, LEAST_SIGMA_M));
    return draft;
}

double pl__measurement_loading(const pl_load_models *models, const pl_load_input *in,
                               const pl__stowage *stowage, double water_t_m3, const double *u,
                               pl__ship *ship) {
    double deadweight = pl__state_draw(models, ship, stowage, u);
    double draft = pl__ship_draft(ship, ship->lightship + deadweight, water_t_m3);
    double freeboard = in->freeboard_m.value + sigma_of(models, in, in->freeboard_m.sigma) *
                                                   gsl_cdf_ugaussian_Pinv(u[PL__U_MEASUREMENT]);
    ship->depth = draft + freeboard;
    ship->weight *= pl__ship_depth_density(models, ship);
    return draft;
}
