/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ship is it? Lines of the hull and what stands on her deck, from the options' few numbers.
 *
 * Proportions are those of product tankers on general arrangement plans: accommodation over the
 * last sixth, forecastle and bulwark over the first tenth, manifold amidships, pipes on the centre
 * line. */
#include <math.h>
#include <string.h>

#include "synth/synth.h"

/* Shares of the taper: the rest of the length is shared between run (stern) and entrance (bow). */
static const double ENTRANCE_SHARE = 0.58, TRANSOM_SHARE = 0.72;
static const double RAISED_M = 2.2, BULWARK_M = 1.0; /* forecastle and poop; on the forecastle */

static double entrance_m(const pl_synth_options *o) {
    return ENTRANCE_SHARE * (1 - o->parallel_share) * o->length_m;
}

static double run_m(const pl_synth_options *o) {
    return (1 - ENTRANCE_SHARE) * (1 - o->parallel_share) * o->length_m;
}

double pl__synth_half_m(const pl_synth_options *o, double u) {
    double full = 0.5 * o->beam_m, end = 0.5 * o->length_m;
    double bow = (u - (end - entrance_m(o))) / entrance_m(o);
    double stern = (u + end) / run_m(o);
    if (stern < 0 || bow > 1) return 0;
    if (bow > 0) return full * sqrt(pl__max(0, 1 - pow(bow, 2.2)));
    if (stern < 1) return full * (TRANSOM_SHARE + (1 - TRANSOM_SHARE) * sin(0.5 * PL_PI * stern));
    return full;
}

/* Standard sheer of the load line convention (reg. 38): 25 (L/3 + 10) mm aft, 50 (L/3 + 10) mm
 * forward, parabolas from half length. */
double pl__synth_deck_m(const pl_synth_options *o, double u) {
    double at_end = (u > 0 ? 0.050 : 0.025) * (o->length_m / 3 + 10) * o->sheer_share;
    double x = 2 * u / o->length_m;
    return o->freeboard_m + o->trim_m * u / o->length_m + at_end * x * x;
}

static pl_line between(const double *u, const double *value, int k) {
    double slope = (value[k + 1] - value[k]) / (u[k + 1] - u[k]);
    return (pl_line){value[k] - slope * u[k], slope};
}

/* What rays look up. */
static void finish(pl_solid *s) {
    for (int k = 0; k + 1 < s->nodes; k++) {
        s->half_line[k] = between(s->u, s->half, k);
        s->top_line[k] = between(s->u, s->top, k);
    }
    if (s->nodes < 2) return;
    s->bins_per_m = PL__STARTS_OF_SOLID / (s->u[s->nodes - 1] - s->u[0]);
    for (int bin = 0, k = 0; bin < PL__STARTS_OF_SOLID; bin++) {
        double from = s->u[0] + (bin - 0.01) / s->bins_per_m; /* rounding */
        while (k + 2 < s->nodes && s->u[k + 1] <= from) k++;
        s->start[bin] = (unsigned char)k;
    }
}

/* Nodes: the parallel middle in 24 steps, the ends in more, closer where they curve. */
void pl__synth_lines(const pl_synth_options *o, double from_u, double to_u, double inset_m,
                     double raise_m, pl_solid *out) {
    enum { MIDDLE = 24, END = 20 };
    double end = 0.5 * o->length_m, u[2 * END + MIDDLE + 1];
    int n = 0;
    for (int i = 0; i < END; i++) u[n++] = -end + run_m(o) * i / END;
    for (int i = 0; i < MIDDLE; i++)
        u[n++] = -end + run_m(o) + (o->length_m - run_m(o) - entrance_m(o)) * i / MIDDLE;
    for (int i = 0; i <= END; i++) u[n++] = end - entrance_m(o) * (1 - sin(0.5 * PL_PI * i / END));
    *out = (pl_solid){.deck = PL_DECK};
    for (int i = 0; i < n; i++) {
        if (u[i] < from_u || u[i] > to_u) continue;
        int k = out->nodes++;
        out->u[k] = u[i];
        out->half[k] = pl__max(0, pl__synth_half_m(o, u[i]) - inset_m);
        out->top[k] = pl__synth_deck_m(o, u[i]) + raise_m;
        out->highest = pl__max(out->highest, out->top[k]);
        out->widest = pl__max(out->widest, out->half[k]);
    }
    finish(out);
}

/* Steps inside the quarter circle of a rounded gunwale, mid-way between its chord and its rim. */
static void round_gunwale(const pl_synth_options *o, pl_ship *ship) {
    enum { STEPS = 6 };
    double r = o->gunwale_radius_m, end = 0.5 * o->length_m;
    if (!(r > 0)) {
        pl__synth_lines(o, -end, end, 0, 0, &ship->solid[ship->solids++]);
        return;
    }
    for (int i = 0; i <= STEPS; i++) { /* the first is the full hull, lower by the radius */
        double angle = 0.5 * PL_PI * i / STEPS, next = 0.5 * PL_PI * (i + 0.5) / STEPS;
        double inset = r * (1 - cos(angle)), drop = r * (1 - sin(pl__min(next, 0.5 * PL_PI)));
        pl__synth_lines(o, -end, end, inset, i == STEPS ? 0 : -drop, &ship->solid[ship->solids++]);
    }
    const double rounding_m = 1e-6;
    ship->rim = (UINT64_C(1) << ship->solids) - 1;
    pl__synth_lines(o, -end, end, -rounding_m, rounding_m, &ship->coat);
}

void pl__synth_put(pl_ship *ship, const pl_box *box) {
    if (ship->boxes >= PL__BOXES_MAX)
        return; /* what is drawn is counted where it is put: it never gets here */
    ship->box[ship->boxes++] = *box;
    ship->highest = pl__max(ship->highest, box->high[2]);
    ship->reach_u = pl__max(ship->reach_u, pl__max(fabs(box->low[0]), fabs(box->high[0])));
    ship->reach_w = pl__max(ship->reach_w, pl__max(fabs(box->low[1]), fabs(box->high[1])));
    ship->company = ship->company || box->apart;
}

static void put(pl_ship *ship, pl_surface surface, double u0, double u1, double w0, double w1,
                double z0, double z1) {
    pl__synth_put(ship, &(pl_box){{u0, w0, z0}, {u1, w1, z1}, surface, false});
}

static void superstructure(const pl_synth_options *o, pl_ship *ship) {
    double L = o->length_m, B = o->beam_m, deck = pl__synth_deck_m(o, -0.4 * L);
    double storey = 2.7, floors = pl__clamp(L / 45, 2, 6);
    put(ship, PL_HOUSE, -0.46 * L, -0.34 * L, -0.40 * B, 0.40 * B, 0, deck + storey * (floors - 1));
    put(ship, PL_HOUSE, -0.38 * L, -0.34 * L, -0.47 * B, 0.47 * B, deck + storey * (floors - 1),
        deck + storey * floors); /* the bridge with its wings */
    put(ship, PL_HOUSE, -0.455 * L, -0.43 * L, -0.10 * B, 0.10 * B, deck + storey * (floors - 1),
        deck + storey * (floors + 1)); /* the funnel */
    if (o->forecastle_share > 0) {
        double from = (0.5 - o->forecastle_share) * L;
        pl_solid *raised = &ship->solid[ship->solids++];
        pl__synth_lines(o, from, 0.5 * L, 0, RAISED_M, raised);
        ship->shell[ship->shells++] = (pl_shell){raised, from, 0.5 * L, BULWARK_M, 0.1, 1};
    }
    if (o->poop_share > 0)
        pl__synth_lines(o, -0.5 * L, (o->poop_share - 0.5) * L, 0, RAISED_M,
                        &ship->solid[ship->solids++]);
}

static void gear(const pl_synth_options *o, pl_ship *ship) {
    double L = o->length_m, B = o->beam_m;
    double deck = pl__synth_deck_m(o, 0), k = o->gear_scale;
    for (int i = 0; i < 12; i++) { /* pipe rack and catwalk follow the sheer in pieces */
        double u0 = (-0.32 + 0.055 * i) * L, u1 = u0 + 0.055 * L, z = pl__synth_deck_m(o, u0);
        put(ship, PL_GEAR, u0, u1, -0.05 * B, 0.05 * B, z + 0.9 * k, z + 1.5 * k);
        put(ship, PL_GEAR, u0, u1, 0.08 * B, 0.08 * B + 1.0, z + 2.0 * k, z + 2.2 * k);
    }
    put(ship, PL_GEAR, -1.5, 1.5, -0.36 * B, 0.36 * B, deck + 0.8 * k,
        deck + 1.4 * k);                                           /* manifold */
    put(ship, PL_GEAR, 4.0, 5.0, -0.5, 0.5, deck, deck + 7.0 * k); /* crane's post */
    put(ship, PL_GEAR, 4.3, 4.3 + 0.10 * L, -0.3, 0.3, deck + 6.2 * k,
        deck + 6.9 * k);           /* its jib, stowed */
    for (int i = 0; i < 10; i++) { /* a tank hatch on either side of each tank */
        double u = (-0.29 + 0.064 * i) * L, z = pl__synth_deck_m(o, u);
        put(ship, PL_GEAR, u, u + 1.4, -0.28 * B - 0.7, -0.28 * B + 0.7, z, z + 0.8 * k);
        put(ship, PL_GEAR, u, u + 1.4, 0.28 * B - 0.7, 0.28 * B + 0.7, z, z + 0.8 * k);
    }
}

void pl__synth_outfit(const pl_synth_options *o, pl_ship *ship) {
    double L = o->length_m, B = o->beam_m;
    const pl_solid *edge = &ship->solid[0]; /* plates and rails stand on the outermost edge */
    if (o->superstructure) superstructure(o, ship);
    if (o->deck_gear) gear(o, ship);
    if (o->trunk)
        put(ship, PL_DECK, -0.33 * L, 0.38 * L, -0.32 * B, 0.32 * B, 0,
            pl__synth_deck_m(o, 0) + 1.6);
    if (o->fishplate_m > 0)
        ship->shell[ship->shells++] = (pl_shell){edge, -0.5 * L, 0.5 * L, o->fishplate_m, 0.05, 1};
    if (o->rail_opacity > 0)
        ship->shell[ship->shells++] =
            (pl_shell){edge, -0.5 * L, 0.5 * L, 1.1, 0.05, o->rail_opacity};
}

void pl__synth_ship(const pl_synth_options *o, pl_ship *ship) {
    memset(ship, 0, sizeof *ship);
    ship->heel_sin = sin(o->heel_rad);
    ship->heel_cos = cos(o->heel_rad);
    if (!o->ship) return;
    round_gunwale(o, ship);
    pl__synth_outfit(o, ship);
    for (int i = 0; i < ship->solids; i++)
        ship->highest = pl__max(ship->highest, ship->solid[i].highest + BULWARK_M + 0.2);
    ship->reach_u = ship->own_u = pl__max(ship->reach_u, 0.5 * o->length_m);
    ship->reach_w = ship->own_w = pl__max(ship->reach_w, 0.5 * o->beam_m);
    ship->own_highest = ship->highest;
    pl__synth_beside(o, ship);
    ship->all.solids = (UINT64_C(1) << ship->solids) - 1;
    ship->all.shells = (UINT64_C(1) << ship->shells) - 1;
    for (int i = 0; i < ship->boxes; i++) ship->all.boxes[i / 64] |= UINT64_C(1) << i % 64;
    pl__synth_group(ship);
}
