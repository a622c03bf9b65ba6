/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In ballast, partly laden, or laden: how likely is each at this draft, and what cargo does it
 * mean?
 *
 * Of a ship with deadweight y on board (displacement less lightship) each state says how probable y
 * is, per tonne; times tonnes per metre that is the density per metre of draft, so that states and
 * ships compare. c consumables, r ballast that the pumps leave, b ballast in the ballast condition,
 * M the most cargo: deadweight less c, or what the tanks hold, if less.
 *
 *     ballast  y ~ N(0.34 W, 0.10 W), consumables in it; no cargo
 *     laden    (y - c - r) / M ~ N(0.95, 0.04) up to 1.03; cargo y - c - r
 *     part     cargo uniform on 0..M; below b a share h of the weight that is missing to the
 * ballast condition is replaced by water: y - c - r = cargo + h max(0, b - cargo), so cargo = (y -
 * c - r - h b) / (1 - h) there, and its density grows by 1 / (1 - h)
 *
 * h = 0 is a ship that sails as light as her cargo makes her, h near 1 one that always fills up to
 * her ballast draft. It is why a light ship and one with a little cargo look alike. */
#include <gsl/gsl_cdf.h>

#include "load/model.h"

const char *pl_load_state_name(pl_load_state state) {
    static const char *const NAME[] = {"ballast", "part", "laden"};
    return (unsigned)state < 3 ? NAME[state] : NULL;
}

void pl__stowage_draw(const pl_load_models *models, const pl__ship *ship, const pl__oil *oil,
                      const double u[PL__UNIFORMS], pl__stowage *out) {
    const pl__belief *prior = models->prior;
    out->consumables = ship->dwt * pl__belief_at(&prior[PL__CONSUMABLES], u[PL__U_CONSUMABLES]);
    /* half normal: the upper half of a normal's probabilities */
    out->residual =
        ship->dwt * pl__belief_at(&prior[PL__RESIDUAL_BALLAST], 0.5 + 0.5 * u[PL__U_RESIDUAL]);
    double light = ship->dwt * pl__belief_at(&prior[PL__BALLAST_DEADWEIGHT], u[PL__U_BALLAST]);
    out->ballast = pl__max(0, light - out->consumables);
    out->ballast_kept = pl__belief_at(&prior[PL__PART_BALLAST_KEPT], u[PL__U_KEPT]);
    out->density_t_m3 =
        oil->density_t_m3 + oil->density_sigma * gsl_cdf_ugaussian_Pinv(u[PL__U_DENSITY]);
    out->capacity_t = ship->dwt - out->consumables;
    out->most_t = pl__min(out->capacity_t, ship->tank_m3 * out->density_t_m3);
}

/* The value of a cut normal at probability u. */
static double cut_normal_at(const pl__belief *b, double u) {
    return b->value + b->sigma * gsl_cdf_ugaussian_Pinv(b->below + u * b->within);
}

static double cut_normal_density(const pl__belief *b, double x) {
    if (x < b->low || x > b->high) return 0;
    return pl__normal(x, b->value, b->sigma) / b->within;
}

double pl__state_draw(const pl_load_models *models, const pl__ship *ship,
                      const pl__stowage *stowage, const double u[PL__UNIFORMS]) {
    double besides = stowage->consumables + stowage->residual, x = u[PL__U_LOADING];
    if (u[PL__U_STATE] < models->state[PL_BALLAST])
        return ship->dwt * cut_normal_at(&models->prior[PL__BALLAST_DEADWEIGHT], x);
    if (u[PL__U_STATE] < models->state[PL_BALLAST] + models->state[PL_LADEN])
        return besides + stowage->most_t * cut_normal_at(&models->prior[PL__LADEN_FRACTION], x);
    double cargo = x * stowage->most_t;
    return besides + cargo + stowage->ballast_kept * pl__max(0, stowage->ballast - cargo);
}

static double part_density(const pl__stowage *stowage, double net, double *cargo) {
    double stretch = 1;
    *cargo = net;
    if (net < stowage->ballast) {
        stretch = 1 / (1 - stowage->ballast_kept);
        *cargo = (net - stowage->ballast_kept * stowage->ballast) * stretch;
    }
    bool possible = *cargo >= 0 && *cargo <= stowage->most_t;
    *cargo = pl__clamp(*cargo, 0, stowage->most_t);
    return possible ? stretch / stowage->most_t : 0;
}

void pl__state_weigh(const pl_load_models *models, const pl__ship *ship, const pl__stowage *stowage,
                     double deadweight_t, double t_per_m, double density[3], double cargo_t[3]) {
    const pl__belief *prior = models->prior;
    double net = deadweight_t - stowage->consumables - stowage->residual;
    cargo_t[PL_BALLAST] = 0;
    cargo_t[PL_LADEN] = pl__max(0, net);
    density[PL_BALLAST] =
        cut_normal_density(&prior[PL__BALLAST_DEADWEIGHT], deadweight_t / ship->dwt) / ship->dwt;
    density[PL_PART] = part_density(stowage, net, &cargo_t[PL_PART]);
    density[PL_LADEN] =
        cut_normal_density(&prior[PL__LADEN_FRACTION], net / stowage->most_t) / stowage->most_t;
    for (int s = 0; s < 3; s++) density[s] *= t_per_m * models->state[s];
}
