/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tanker called and loaded, and nobody measured her: what is she, and what did she take?
 *
 * Her deadweight is the fleet's given what is known of her (fleet.c). Where neither deadweight nor
 * dimensions are known she is some tanker between two bounds; but the ships of one port are no
 * sample of the world's, so ln W of all of them is shifted by one number, N(0, 0.4).
 *
 * A share q of the port's loading calls leaves laden, the others with any part of a cargo. q is one
 * number for all calls, and hardly known: beta distributed with the mean that load_states.csv
 * gives and the weight of three calls. That is what makes a sum over many calls uncertain; the
 * scatter from call to call averages out. Laden is what state.c takes it for: 0.97 (s 0.04) of the
 * deadweight less consumables, or of what the tanks hold, if that is less. */
#include <gsl/gsl_cdf.h>

#include "load/unmeasured.h"

static const char FLOOR[] = "load";

enum { TRIES = 400 };

/* A class's share that lies between the bounds, the port's fleet being like the world's. */
static double inside(const pl__unmeasured *s, int k) {
    return gsl_cdf_ugaussian_P((log(s->dwt_most_t) - s->of[k].ln_dwt) / s->of[k].ln_sigma) -
           gsl_cdf_ugaussian_P((log(s->dwt_least_t) - s->of[k].ln_dwt) / s->of[k].ln_sigma);
}

pl_status pl__unmeasured_look(const pl_load_models *models, const pl_load_input *input,
                              const pl__oil *oil, double dwt_least_t, double dwt_most_t,
                              pl__unmeasured *out, pl_error *error) {
    pl__fleet_view view;
    pl_load_input known = PL_LOAD_INPUT_INIT;
    double sum = 0;
    known.length_m = input->length_m;
    known.beam_m = input->beam_m;
    known.dwt_t = input->dwt_t;
    known.dwt_sigma_t = input->dwt_sigma_t;
    *out = (pl__unmeasured){.models = models,
                            .classes = models->classes,
                            .sized = !isnan(known.dwt_t) || !isnan(known.length_m.value) ||
                                     !isnan(known.beam_m.value),
                            .dwt_least_t = dwt_least_t,
                            .dwt_most_t = dwt_most_t,
                            .density = oil->density_t_m3,
                            .density_sigma = oil->density_sigma};
    pl_status status = pl__particulars_check(&known, error);
    if (status) return status;
    pl__fleet_look(models, &known, &view);
    for (int k = 0; k < out->classes; k++) {
        const pl__fit *fit = &view.fit[k];
        double variance = 0;
        for (int i = 0; i <= PL__DWT; i++) variance += pow(fit->root[PL__DWT][i], 2);
        out->of[k].share = fit->weight;
        out->of[k].ln_dwt = fit->mean[PL__DWT];
        out->of[k].ln_sigma = sqrt(variance);
        if (!out->sized) sum += fit->weight * inside(out, k);
    }
    if (!out->sized && !(sum > 1e-3))
        return pl__fail(error, PL_E_USAGE, FLOOR, "no tanker has between %g and %g t", dwt_least_t,
                        dwt_most_t);
    return PL_OK;
}

static double any_deadweight(const pl__unmeasured *s, double shift, pl_random *random) {
    double u = pl__random_uniform(random), sum = s->of[0].share;
    int k = 0;
    while (k < s->classes - 1 && u >= sum) sum += s->of[++k].share;
    return exp(s->of[k].ln_dwt + shift + s->of[k].ln_sigma * pl__random_normal(random));
}

double pl__unmeasured_deadweight(const pl__unmeasured *s, double fleet, pl_random *random) {
    if (s->sized) return any_deadweight(s, 0, random);
    double shift = pl__belief_at(&s->models->prior[PL__UNKNOWN_FLEET_SIZE], fleet);
    for (int i = 0; i < TRIES; i++) {
        double dwt = any_deadweight(s, shift, random);
        if (dwt >= s->dwt_least_t && dwt <= s->dwt_most_t) return dwt;
    }
    return s->dwt_least_t + (s->dwt_most_t - s->dwt_least_t) * pl__random_uniform(random);
}

double pl__unmeasured_tank_m3(const pl__unmeasured *s, double dwt_t, pl_random *random) {
    return dwt_t * pl__belief_at(&s->models->prior[PL__TANK_M3_PER_DWT], pl__random_normal(random));
}

double pl__unmeasured_laden_share(const pl_load_models *models, double u) {
    const pl__belief *b = &models->prior[PL__DEPARTED_LADEN];
    double worth = b->value * (1 - b->value) / (b->sigma * b->sigma) - 1;
    if (!(worth > 0)) return b->value; /* a sigma that no beta distribution has */
    return gsl_cdf_beta_Pinv(u, worth * b->value, worth * (1 - b->value));
}

double pl__unmeasured_cargo(const pl__unmeasured *s, double dwt_t, double tank_m3,
                            double laden_share, double oil, pl_random *random) {
    const pl__belief *prior = s->models->prior;
    double consumables = dwt_t * pl__belief_at(&prior[PL__CONSUMABLES], pl__random_normal(random));
    double tanks = tank_m3 * (s->density + s->density_sigma * oil);
    double most = pl__min(dwt_t - consumables, tanks);
    if (pl__random_uniform(random) >= laden_share) return most * pl__random_uniform(random);
    bool deep = pl__random_uniform(random) < prior[PL__DEEP_SHARE].value;
    double share = pl__belief_at(&prior[deep ? PL__DEEP_FRACTION : PL__LADEN_FRACTION],
                                 pl__random_normal(random));
    return pl__min(share * most, tanks * prior[PL__TANKS_OVER_98].value);
}
