/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a visit out of pictures say as a call?
 *
 * Where both ends were measured the transfer counts. Where a picture shows her as she left and none
 * as she came, what she had on board is the most that can be said (`whole`); the direction is
 * unclear, and she counts only when asked. Her size comes with the load, and holds the fleet's
 * prior already. */
#include <math.h>

#include "base/base.h"
#include "visit/findings.h"

static const double SIGMAS_OF_90 = 3.2897072539; /* from the 5 % to the 95 % point of a normal */
/* Of what one measurement alone says of the cargo, half the variance is the ship's: depth and
 * deadweight where they are not known, against what differs from picture to picture. */
static const double SHIP_SHARE_ALONE = 0.5;

/* What the calls of a port have in common and no picture tells: how many came with a parcel, or
 * were at work still when they were seen last. Were the share of the former 0.18 and not 0.08
 * (models/load_states.csv, a belief), the sum of a simulated year would be 2.1 to 2.7 % less
 * (bench/visits). */
static const double PORT_SHARE = 0.025;

static double share(double sigma, double whole) {
    return whole > 0 && sigma > 0 ? pl__min(1, sigma * sigma / (whole * whole)) : 0;
}

/* Everything about the middle as much wider. */
static void widen(double factor, pl_call *call) {
    double middle = call->cargo_t.p50;
    double *const at[] = {&call->cargo_t.p05, &call->cargo_t_p25, &call->cargo_t_p75,
                          &call->cargo_t.p95};
    for (int k = 0; k < 4; k++) *at[k] = middle + factor * (*at[k] - middle);
}

static void take_transfer(const pl_visit *v, pl_call *out) {
    const pl_range *t = &v->transfer_t, *b = &v->transfer_bbl;
    bool brought = v->direction == PL_DIRECTION_DISCHARGING;
    out->cargo_t_p25 = brought ? -v->transfer_t_p75 : v->transfer_t_p25;
    out->cargo_t_p75 = brought ? -v->transfer_t_p25 : v->transfer_t_p75;
    out->cargo_t = brought ? (pl_range){-t->p95, -t->p50, -t->p05} : *t;
    double sigma = (b->p95 - b->p05) / SIGMAS_OF_90, sigma_t = (t->p95 - t->p05) / SIGMAS_OF_90;
    double port = sigma_t > 0 ? pow(PORT_SHARE * t->p50 / sigma_t, 2) : 0; /* of the variance */
    widen(sqrt(1 + port), out);
    out->share_ship = share(v->ship_sigma_bbl, sigma) / (1 + port);
    out->share_common =
        pl__min((share(v->common_sigma_bbl, sigma) + port) / (1 + port), 1 - out->share_ship);
}

void pl_call_of_visit(const pl_visit *v, pl_call *out) {
    *out = (pl_call){.left_s = v->last_seen_s,
                     .direction = v->direction,
                     .status = v->status,
                     .loa_m = v->length_m,
                     .beam_m = v->beam_m,
                     .dwt_t = v->dwt_t,
                     .inferred = v->dwt_t.sigma > 0,
                     .listed = !(v->dwt_t.sigma > 0), /* a registry's has the usual one */
                     .reviewed = *v->reviewed != '\0',
                     .load_fraction = {NAN, NAN},
                     .cargo_t_p25 = NAN,
                     .cargo_t_p75 = NAN,
                     .cargo_t = {NAN, NAN, NAN}};
    pl__text_copy(out->ship, sizeof out->ship, v->ship);
    pl__text_copy(out->vessel, sizeof out->vessel, v->vessel_name);
    pl__text_copy(out->imo, sizeof out->imo, v->vessel_imo);
    pl__text_copy(out->port, sizeof out->port, v->port);
    if (!isnan(v->transfer_t.p50)) {
        take_transfer(v, out);
    } else if (!isnan(v->departure_cargo_t.p50)) {
        out->cargo_t = v->departure_cargo_t;
        out->share_ship = SHIP_SHARE_ALONE;
        out->whole = true;
    }
}
