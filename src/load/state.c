/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In ballast, partly laden, or laden: how likely is each at this draft, and what cargo does it
 * mean?
 *
 * Of a ship with deadweight y on board (displacement less lightship) each state says how probable y
 * is, per tonne; times tonnes per metre that is the density per metre of draft, so that states and
 * ships compare. c consumables, r ballast that the pumps leave, b ballast in the ballast condition,
 * M the most cargo: capacity C = W - c, or what the tanks hold to 98 %, if less.
 *
 *     ballast  y ~ N(0.34 W, 0.10 W), consumables in it; no cargo
 *     laden    x = (y - c - r) / M ~ N(0.95, 0.04) up to 1.03, a few per cent deeper than that:
 *              N(1.06, 0.05); cargo y - c - r
 *     part     cargo uniform on 0..M, and water besides it:
 *              y - c - r = cargo + h max(0, b - cargo) + g (C - max(b, cargo))
 *
 * h is the share of the weight that is missing to the ballast condition which water replaces: 0 is
 * a ship that sails as light as her cargo makes her, near 1 one that always fills up to her ballast
 * draft. It is why a light ship and one with a little cargo look alike. g is the share of the
 * deadweight beyond that is taken by water, mostly 0: a cargo that does not press her down far
 * enough. Where water grows less as cargo grows the density of y is larger, by 1 / (1 - h) or
 * 1 / (1 - g). No cargo is more than the tanks hold to the brim, no water more than ballast tanks.
 */
#include "load/model.h"

/* Trims of all states have heavier tails than a normal's: this share is flat over so many lengths.
 */
static const double ODD_TRIM = 0.05, ODD_TRIM_RANGE = 0.08;

const char *pl_load_state_name(pl_load_state state) {
    static const char *const NAME[] = {"ballast", "part", "laden"};
    return (unsigned)state < 3 ? NAME[state] : NULL;
}

void pl__stowage_draw(const pl__question *q, const pl__ship *ship, const pl__loading_draw *draw,
                      pl__stowage *out) {
    const pl__belief *prior = q->models->prior;
    out->consumables = ship->dwt * draw->consumables;
    out->residual = ship->dwt * draw->residual;
    out->ballast = pl__max(0, ship->dwt * draw->light - out->consumables);
    out->ballast_kept = draw->ballast_kept;
    out->ballast_besides = draw->ballast_besides;
    out->density_t_m3 = q->oil.density_t_m3 + q->oil.density_sigma * draw->density;
    out->capacity_t = ship->dwt - out->consumables;
    out->most_t = pl__min(out->capacity_t, ship->tank_m3 * out->density_t_m3);
    out->ballast_most_t = ship->dwt * prior[PL__BALLAST_MOST].value;
    out->brim_t = ship->tank_m3 * out->density_t_m3 * prior[PL__TANKS_OVER_98].value;
}

static double cut_normal_density(const pl__belief *b, double x) {
    if (x < b->low || x > b->high) return 0;
    return pl__normal(x, b->value, b->sigma) / b->within;
}

double pl__state_draw(const pl__ship *ship, const pl__stowage *s, const pl__loading_draw *draw) {
    if (draw->state == PL_BALLAST) return ship->dwt * draw->fraction;
    double cargo = draw->fraction * s->most_t, besides = s->consumables + s->residual;
    if (cargo > s->brim_t) return NAN;
    if (draw->state != PL_PART) return besides + cargo;
    double water = s->ballast_kept * pl__max(0, s->ballast - cargo) +
                   s->ballast_besides * (s->capacity_t - pl__max(s->ballast, cargo));
    return water > s->ballast_most_t ? NAN : besides + water + cargo;
}

static double part_density(const pl__stowage *s, double net, double *cargo) {
    double share = s->ballast_besides;
    double stretch = 1 / (1 - share);
    *cargo = (net - share * s->capacity_t) * stretch;
    if (*cargo < s->ballast) {
        stretch = 1 / (1 - s->ballast_kept);
        *cargo =
            (net - s->ballast_kept * s->ballast - share * (s->capacity_t - s->ballast)) * stretch;
    }
    bool possible = *cargo >= 0 && *cargo <= s->most_t && net - *cargo <= s->ballast_most_t;
    *cargo = pl__clamp(*cargo, 0, s->most_t);
    return possible ? stretch / s->most_t : 0;
}

static double laden_density(const pl__belief *prior, const pl__stowage *s, double net) {
    double x = net / s->most_t, deep = prior[PL__DEEP_SHARE].value;
    if (net > s->brim_t) return 0;
    return ((1 - deep) * cut_normal_density(&prior[PL__LADEN_FRACTION], x) +
            deep * cut_normal_density(&prior[PL__DEEP_FRACTION], x)) /
           s->most_t;
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
    density[PL_LADEN] = laden_density(prior, stowage, net);
    for (int s = 0; s < 3; s++) density[s] *= t_per_m * models->state[s].prior;
}

/* Light ships trim by the stern, laden ones hardly; bottom paint shows when they are light. */
void pl__state_evidence(const pl_load_models *models, const pl_load_input *in, double factor[3]) {
    double mean = 0, lpp = isnan(in->lpp_m)
                               ? models->prior[PL__LPP_PER_LOA].value * in->length_m.value
                               : in->lpp_m;
    for (int s = 0; s < 3; s++) {
        const pl__state *state = &models->state[s];
        factor[s] = 1;
        if (!isnan(in->trim_m)) {
            double sigma = isnan(in->trim_sigma_m) ? 0 : in->trim_sigma_m / lpp;
            factor[s] *= (1 - ODD_TRIM) * pl__normal(in->trim_m / lpp, state->trim_per_lpp,
                                                     hypot(state->trim_sigma, sigma)) +
                         ODD_TRIM / ODD_TRIM_RANGE;
        }
        if (in->bottom == PL_BOTTOM_SEEN) factor[s] *= state->bottom_seen;
        if (in->bottom == PL_BOTTOM_HIDDEN) factor[s] *= 1 - state->bottom_seen;
        mean += state->prior * factor[s];
    }
    for (int s = 0; s < 3; s++) factor[s] /= mean;
}
