/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hull goes with these dimensions: how heavy, how deep, how full?
 *
 * One ship out of the prior from uniform numbers u. LOA, beam, deadweight W and summer draft Ts
 * come from the fleet (fleet.c); then, with B beam, tonnes and metres,
 *
 *     w   = W / Ds           deadweight coefficient by size               (1)
 *     Cb  = Ds / (1.025 Lpp B Ts)   block coefficient by size             (2)
 *                            Ds as (1) and (2) agree, LS = Ds - W
 *     Cw  = f (2 Cb + 1) / 3 Barrass, f ~ N(1.04, 0.02)                   (3)
 *     p   = Cw / Cb          displacement grows as draft^p                (4)
 *         = 100 TPC Ts / Ds
 *     D   = r Ts             r: depth ratio of the class, a mixture       (5)
 *     V   = k W              98 % tank volume                             (6)
 *
 * W and Ts keep what the fleet says of them; (1) and (2) are two opinions on Ds, each with its
 * sigma, and Ds is drawn from their product. p is an identity, not a free number. Numbers that the
 * user gives take the place of draws, and their prior becomes a weight: a known Ds or LS weighs by
 * w and Cb, a known TPC by f, a known depth by r; a hydrostatic table takes the place of (1) to
 * (4). Every ship is also weighed by whether her summer freeboard D - Ts meets the least of the
 * load-line convention (type A),
 *
 *     Fmin = f_A(L) max(1, (Cb + 0.68) / 1.36) + max(0, D - L/15) R - e d(L)   (7)
 *
 * with L = 0.96 LOA, R = L/0.48 mm per m (250 from 120 m), d superstructure deduction, sheer taken
 * as standard; the bound is soft by 10 %. Real double hulls lie 0.5-2 m above it. */
#include "load/model.h"

static const double SEA_T_M3 = 1.025;

/* What a ship of this deadweight is like: w and Cb, straight lines in ln W between the rows. */
static pl__knot coefficients(const pl_load_models *m, double ln_dwt) {
    int i = 1;
    while (i < m->knots - 1 && ln_dwt > m->knot[i].ln_dwt) i++;
    const pl__knot *b = &m->knot[m->knots > 1 ? i : 0], *a = &m->knot[m->knots > 1 ? i - 1 : 0];
    double span = b->ln_dwt - a->ln_dwt;
    double t = span > 0 ? pl__clamp((ln_dwt - a->ln_dwt) / span, 0, 1) : 0;
    return (pl__knot){ln_dwt, a->w + t * (b->w - a->w), a->sigma + t * (b->sigma - a->sigma),
                      a->block + t * (b->block - a->block),
                      a->block_sigma + t * (b->block_sigma - a->block_sigma)};
}

static void draw_dimensions(const pl__fleet_view *view, const pl__hull_draw *draw, pl__ship *ship) {
    int last = view->models->classes - 1, c = 0;
    double ln_x[4], sum = view->fit[0].weight;
    while (c < last && draw->class_u >= sum) sum += view->fit[++c].weight;
    const pl__fit *fit = &view->fit[c];
    for (int i = 0; i < 4; i++) {
        ln_x[i] = fit->mean[i];
        for (int k = 0; k <= i; k++) ln_x[i] += fit->root[i][k] * draw->fleet[k];
    }
    ship->class = c;
    ship->loa = exp(ln_x[PL__LOA]);
    ship->beam = exp(ln_x[PL__BEAM]);
    ship->ln_dwt = ln_x[PL__DWT];
    ship->dwt = exp(ship->ln_dwt);
    ship->summer_draft = exp(ln_x[PL__DRAFT]);
}

/* Displacement by what two opinions agree on, in logarithms: W / w, and what the hull's box holds.
 */
static double agreed_displacement(const pl__ship *ship, const pl__knot *k, double box_t, double z) {
    double by_w = log(ship->dwt / k->w), w2 = pow(k->sigma / k->w, 2);
    double by_block = log(box_t * k->block), block2 = pow(k->block_sigma / k->block, 2);
    double middle = (by_w * block2 + by_block * w2) / (w2 + block2);
    return pl__max(exp(middle + z * sqrt(w2 * block2 / (w2 + block2))), ship->dwt / 0.95);
}

/* Equations 1 and 2, or a given displacement, table or lightship and what it says of w and Cb. */
static void draw_weights(const pl__question *q, const pl__hull_draw *draw, pl__ship *ship) {
    const pl__belief *prior = q->models->prior, *blocks = &prior[PL__BLOCK];
    const pl_load_input *in = &q->input;
    const pl__knot k = coefficients(q->models, ship->ln_dwt);
    double t_per_m, z = draw->coefficient;
    double light =
        pl__given_sigma(in->lightship_t, in->lightship_sigma_t, &prior[PL__GIVEN_LIGHTSHIP]);
    double lpp = isnan(in->lpp_m) ? ship->loa * pl__belief_at(&prior[PL__LPP_PER_LOA], draw->lpp)
                                  : in->lpp_m;
    double box_t = SEA_T_M3 * lpp * ship->beam * ship->summer_draft;
    bool by_lightship = !q->has_table && isnan(in->displacement_t) && !isnan(in->lightship_t);
    bool drawn = !q->has_table && isnan(in->displacement_t) && !by_lightship;
    if (drawn) {
        ship->displacement = agreed_displacement(ship, &k, box_t, z);
    } else if (q->has_table) {
        ship->displacement = pl__hydrostatics_displacement(&q->even, ship->summer_draft, &t_per_m);
    } else if (by_lightship) {
        ship->displacement = ship->dwt + in->lightship_t * (1 + light * z);
    } else {
        ship->displacement = in->displacement_t *
                             (1 + z * pl__given_sigma(in->displacement_t, in->displacement_sigma_t,
                                                      &prior[PL__GIVEN_DISPLACEMENT]));
    }
    ship->lightship = ship->displacement - ship->dwt;
    ship->block = ship->displacement / box_t;
    if (ship->block < blocks->low || ship->block > blocks->high) ship->weight = 0;
    if (drawn) return;
    /* W and Ts are drawn first; w and Cb follow: their prior, and that of a lightship given too */
    ship->weight *= exp(-0.5 * (pow((ship->dwt / ship->displacement - k.w) / k.sigma, 2) +
                                pow((ship->block - k.block) / k.block_sigma, 2)));
    if (by_lightship || isnan(in->lightship_t)) return;
    double of_dwt = pl__given_sigma(in->dwt_t, in->dwt_sigma_t, &prior[PL__GIVEN_DWT]);
    if (isnan(of_dwt)) of_dwt = prior[PL__GIVEN_DWT].value;
    ship->weight *= exp(-0.5 * pow((ship->lightship / in->lightship_t - 1) /
                                       (light + of_dwt * ship->displacement / in->lightship_t),
                                   2));
}

/* Equations 3 and 4. */
static void draw_form(const pl__question *q, const pl__hull_draw *draw, pl__ship *ship) {
    const pl_load_input *in = &q->input;
    const pl__belief *prior = q->models->prior, *factor = &prior[PL__WATERPLANE_FACTOR],
                     *exponent = &prior[PL__DISPLACEMENT_EXPONENT];
    double barrass = (2 * ship->block + 1) / 3;
    if (q->has_table) {
        double t_per_m;
        pl__hydrostatics_displacement(&q->even, ship->summer_draft, &t_per_m);
        ship->exponent = t_per_m * ship->summer_draft / ship->displacement;
        ship->table = &q->trimmed;
        return;
    }
    if (isnan(in->tpc_t_per_cm)) {
        ship->exponent = pl__belief_at(factor, draw->waterplane) * barrass / ship->block;
    } else {
        double sigma =
            pl__given_sigma(in->tpc_t_per_cm, in->tpc_sigma_t_per_cm, &prior[PL__GIVEN_TPC]);
        double tpc = in->tpc_t_per_cm * (1 + sigma * draw->waterplane);
        ship->exponent = 100 * tpc * ship->summer_draft / ship->displacement;
        double f = ship->exponent * ship->block / barrass;
        ship->weight *= exp(-0.5 * pow((f - factor->value) / factor->sigma, 2));
    }
    if (ship->exponent < exponent->low || ship->exponent > exponent->high) ship->weight = 0;
}

/* Equation 6, or the tanks as known. */
static void draw_tanks(const pl__question *q, double z, pl__ship *ship) {
    const pl__belief *prior = q->models->prior;
    double known = q->input.tank_m3;
    ship->tank_m3 = isnan(known) ? ship->dwt * pl__belief_at(&prior[PL__TANK_M3_PER_DWT], z)
                                 : known * (1 + z * pl__given_sigma(known, q->input.tank_sigma_m3,
                                                                    &prior[PL__GIVEN_TANK]));
}

/* Tabular least freeboard; beyond the table its ends. */
static double tabular_m(const pl_load_models *m, double length_m) {
    double x = pl__clamp(length_m - m->loadline_first_m, 0, m->loadlines - 1);
    int i = (int)x;
    if (i >= m->loadlines - 1) return m->loadline_m[m->loadlines - 1];
    return m->loadline_m[i] + (x - i) * (m->loadline_m[i + 1] - m->loadline_m[i]);
}

/* Equation 7. The deduction d is 350, 860, 1070 mm at 24, 85, 122 m, linear between (reg. 37). */
static double least_freeboard_m(const pl_load_models *m, const pl__ship *ship) {
    double l = 0.96 * ship->loa;
    double deep = pl__max(0, ship->depth - l / 15) * (l < 120 ? l / 480 : 0.25);
    double t = pl__clamp(l, 24, 122);
    double deduction = t < 85 ? 0.35 + (t - 24) / 61 * 0.51 : 0.86 + (t - 85) / 37 * 0.21;
    return tabular_m(m, l) * pl__max(1, (ship->block + 0.68) / 1.36) + deep -
           ship->superstructure * deduction;
}

double pl__ship_loadline(const pl_load_models *models, const pl__ship *ship) {
    double least = least_freeboard_m(models, ship);
    double tolerance = models->prior[PL__LOADLINE_TOLERANCE].value * pl__max(least, 0.1);
    return pl__normal_share((ship->depth - ship->summer_draft - least) / tolerance);
}

double pl__ship_depth_density(const pl_load_models *models, const pl__ship *ship) {
    const pl__class *c = &models->class[ship->class];
    double density = 0;
    for (int k = 0; k < c->components; k++)
        density += c->depth[k].weight * pl__normal(ship->depth / ship->summer_draft,
                                                   c->depth[k].ratio, c->depth[k].sigma);
    return density / ship->summer_draft;
}

double pl__ship_depth_draw(const pl__question *q, const pl__hull_draw *draw, pl__ship *ship) {
    const pl__class *c = &q->models->class[ship->class];
    if (!isnan(q->input.depth_m)) {
        double sigma = pl__given_sigma(q->input.depth_m, q->input.depth_sigma_m,
                                       &q->models->prior[PL__GIVEN_DEPTH]);
        ship->depth = q->input.depth_m * (1 + sigma * draw->depth);
        ship->weight *= pl__ship_depth_density(q->models, ship);
    } else if (!isnan(q->input.summer_freeboard_m)) {
        /* freeboard assigned by convention: the certificate's centimetre, or its own sigma */
        double sigma = isnan(q->input.summer_freeboard_sigma_m)
                           ? q->models->prior[PL__GIVEN_DEPTH].value * ship->summer_draft
                           : q->input.summer_freeboard_sigma_m;
        ship->depth = ship->summer_draft + q->input.summer_freeboard_m + sigma * draw->depth;
        ship->weight *= pl__ship_depth_density(q->models, ship);
    } else {
        int k = 0;
        double sum = c->depth[0].weight;
        while (k < c->components - 1 && draw->component_u >= sum) sum += c->depth[++k].weight;
        ship->depth = ship->summer_draft * (c->depth[k].ratio + c->depth[k].sigma * draw->depth);
    }
    return pl__ship_loadline(q->models, ship);
}

bool pl__ship_draw(const pl__fleet_view *view, const pl__question *q, const pl__hull_draw *draw,
                   pl__ship *out) {
    *out = (pl__ship){.weight = 1};
    draw_dimensions(view, draw, out);
    draw_weights(q, draw, out);
    if (!(out->lightship > 0)) return false;
    draw_form(q, draw, out);
    out->superstructure =
        pl__belief_at(&q->models->prior[PL__SUPERSTRUCTURE], draw->superstructure);
    draw_tanks(q, draw->tank, out);
    return out->weight > 0 && out->tank_m3 > 0;
}

double pl__ship_draft(const pl__ship *ship, double displacement_t, double water_t_m3,
                      double *t_per_m) {
    double salt_t = displacement_t * SEA_T_M3 / water_t_m3, draft;
    if (ship->table) {
        draft = pl__hydrostatics_draft(ship->table, salt_t);
        pl__hydrostatics_displacement(ship->table, draft, t_per_m);
        *t_per_m *= water_t_m3 / SEA_T_M3;
    } else {
        draft = ship->summer_draft * pow(salt_t / ship->displacement, 1 / ship->exponent);
        *t_per_m = ship->exponent * displacement_t / draft;
    }
    return draft;
}

double pl__ship_displacement(const pl__ship *ship, double draft_m, double water_t_m3,
                             double *t_per_m) {
    double relative = water_t_m3 / SEA_T_M3;
    if (ship->table) {
        double t = pl__hydrostatics_displacement(ship->table, draft_m, t_per_m);
        *t_per_m *= relative;
        return t * relative;
    }
    double t = ship->displacement * pow(draft_m / ship->summer_draft, ship->exponent) * relative;
    *t_per_m = ship->exponent * t / draft_m;
    return t;
}
