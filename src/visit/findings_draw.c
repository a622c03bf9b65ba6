/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did one call carry away, in one draw of everything that is not known?
 *
 * A number belongs to whom it is drawn for: a stream named by the ship gives the same deadweight
 * and tanks to all her calls, a stream named by the call its own scatter, and what all calls share
 * is drawn once (pl__shared). So a sum over calls carries the errors that do not average out.
 *
 *     measured   quantiles 5, 25, 50, 75, 95 % joined by straight lines over z, a standard normal
 * that is sqrt(a) z_ship + sqrt(b) z_all + sqrt(1 - a - b) z_call stated     (load + sigma z_all) x
 * deadweight: who stated one load stated all neither    src/load/unmeasured.c
 *
 * No call takes less than nothing. */
#include "visit/findings.h"

static const double Z75 = 0.6744897501960817, Z95 = 1.6448536269514722; /* of a standard normal */
/* No ship carries more than a fifth beyond her deadweight. */
static const double LOAD_MOST = 1.2;

void pl__shared_draw(const pl_load_models *models, const pl__oil *oil, uint64_t seed, int draws,
                     pl__shared *out) {
    uint64_t name = pl__random_name(0, "shared by all calls");
    for (int d = 0; d < draws; d++) {
        pl_random random = pl__random_at(seed, name, (uint64_t)d);
        pl__shared *s = &out[d];
        s->laden_share = pl__unmeasured_laden_share(models, pl__random_uniform(&random));
        s->fleet = pl__random_normal(&random);
        s->oil = pl__random_normal(&random);
        s->word = pl__random_normal(&random);
        s->sight = pl__random_normal(&random);
        s->bbl_per_t = pl__oil_barrels_per_t(oil, oil->density_t_m3 + oil->density_sigma * s->oil);
    }
}

double pl__caller_deadweight(const pl__caller *caller, const pl__shared *shared, uint64_t seed,
                             int draw) {
    pl_random random = pl__random_at(seed, caller->ship_name, (uint64_t)draw);
    return pl__unmeasured_deadweight(&caller->ship, shared->fleet, &random);
}

/* The quantile at a standard normal z: straight lines over z, the outer ones drawn on. */
static double at_normal(const pl_call *call, double z) {
    const pl_range *r = &call->cargo_t;
    double side = z < 0 ? -1 : 1, x = fabs(z);
    double quarter = z < 0 ? call->cargo_t_p25 : call->cargo_t_p75;
    double outer = fabs((z < 0 ? r->p05 : r->p95) - r->p50);
    double inner = isnan(quarter) ? outer * Z75 / Z95 : fabs(quarter - r->p50);
    if (x < Z75) return r->p50 + side * inner * x / Z75;
    return r->p50 + side * (inner + (outer - inner) * (x - Z75) / (Z95 - Z75));
}

static double measured(const pl__caller *c, const pl__shared *shared, uint64_t seed, int draw) {
    const pl_call *call = c->call;
    pl_random ship = pl__random_at(seed, pl__random_name(c->ship_name, "sight"), (uint64_t)draw),
              own = pl__random_at(seed, c->own, (uint64_t)draw);
    double a = pl__clamp(call->share_ship, 0, 1), b = pl__clamp(call->share_common, 0, 1 - a);
    double z = sqrt(a) * pl__random_normal(&ship) + sqrt(b) * shared->sight +
               sqrt(1 - a - b) * pl__random_normal(&own);
    return pl__max(0, at_normal(call, z));
}

double pl__caller_cargo(const pl__caller *c, const pl__shared *shared, uint64_t seed, int draw) {
    const pl_call *call = c->call;
    if (!isnan(call->cargo_t.p50)) return measured(c, shared, seed, draw);
    pl_random ship = pl__random_at(seed, c->ship_name, (uint64_t)draw);
    double dwt = pl__unmeasured_deadweight(&c->ship, shared->fleet, &ship);
    if (!isnan(call->load_fraction.value)) {
        double sigma = isnan(call->load_fraction.sigma) ? 0 : call->load_fraction.sigma;
        return dwt * pl__clamp(call->load_fraction.value + sigma * shared->word, 0, LOAD_MOST);
    }
    double tank = pl__unmeasured_tank_m3(&c->ship, dwt, &ship);
    pl_random own = pl__random_at(seed, c->own, (uint64_t)draw);
    return pl__unmeasured_cargo(&c->ship, dwt, tank, shared->laden_share, shared->oil, &own);
}
