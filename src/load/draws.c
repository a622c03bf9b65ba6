/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers of a draw have nothing to do with the ship that is asked about?
 *
 * Most: how far off the usual her hull, stores, ballast and loading lie. They are made once for a
 * seed, and for the default seed once for all, when the tables are opened: an estimate then only
 * lays them over the ship at hand. A draw is made of uniform numbers (sequence.c), so that the same
 * seed gives the same draws whoever makes them. */
#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "load/model.h"

static const char FLOOR[] = "load";

static double normal_at(double u) {
    return gsl_cdf_ugaussian_Pinv(u);
}

/* The value of a cut normal at probability u. */
static double cut_normal_at(const pl__belief *b, double u) {
    return b->value + b->sigma * normal_at(b->below + u * b->within);
}

static void make_hull(const double *u, pl__hull_draw *out) {
    out->class_u = u[0];
    out->component_u = u[1];
    for (int k = 0; k < 4; k++) out->fleet[k] = normal_at(u[2 + k]);
    out->coefficient = normal_at(u[6]);
    out->lpp = normal_at(u[7]);
    out->waterplane = normal_at(u[8]);
    out->depth = normal_at(u[9]);
    out->tank = normal_at(u[10]);
    out->superstructure = normal_at(u[11]);
}

/* A laden ship is loaded to the usual, or, rarely, deeper than she may. */
static double laden_at(const pl__belief *prior, double u) {
    double deep = prior[PL__DEEP_SHARE].value;
    return u < deep ? cut_normal_at(&prior[PL__DEEP_FRACTION], u / deep)
                    : cut_normal_at(&prior[PL__LADEN_FRACTION], (u - deep) / (1 - deep));
}

static void make_loading(const pl_load_models *models, const double *u, pl__loading_draw *out) {
    const pl__belief *prior = models->prior;
    double none = 1 - prior[PL__PART_BALLASTED].value;
    out->consumables = pl__belief_at(&prior[PL__CONSUMABLES], normal_at(u[0]));
    /* half normal: the upper half of a normal's probabilities */
    out->residual = pl__belief_at(&prior[PL__RESIDUAL_BALLAST], normal_at(0.5 + 0.5 * u[1]));
    out->light = pl__belief_at(&prior[PL__BALLAST_DEADWEIGHT], normal_at(u[2]));
    out->ballast_kept = pl__belief_at(&prior[PL__PART_BALLAST_KEPT], normal_at(u[3]));
    out->ballast_besides =
        u[4] < none ? 0
                    : cut_normal_at(&prior[PL__PART_BALLAST_BESIDES], (u[4] - none) / (1 - none));
    out->density = normal_at(u[5]);
    out->water = normal_at(u[6]);
    out->measurement = normal_at(u[7]);
    double ballast = models->state[PL_BALLAST].prior, laden = models->state[PL_LADEN].prior;
    out->state = u[8] < ballast ? PL_BALLAST : u[8] < ballast + laden ? PL_LADEN : PL_PART;
    out->fraction = out->state == PL_BALLAST ? cut_normal_at(&prior[PL__BALLAST_DEADWEIGHT], u[9])
                    : out->state == PL_LADEN ? laden_at(prior, u[9])
                                             : u[9];
}

void pl__draw_make(const pl_load_models *models, const double u[PL__UNIFORMS], pl__draw *out) {
    make_hull(u, &out->hull);
    for (int k = 0; k < 2; k++)
        make_loading(models, u + PL__HULL_UNIFORMS + k * PL__LOADING_UNIFORMS, &out->loading[k]);
}

pl_status pl__draws_take(const pl_load_models *models, uint64_t seed, int count, pl__draws *out,
                         pl_error *error) {
    double u[PL__UNIFORMS];
    pl__sequence sequence;
    *out = (pl__draws){.draw = models->draw, .count = (size_t)count};
    if (models->draw && seed == models->seed && count <= models->draws) return PL_OK;
    out->draw = out->owned = calloc(out->count, sizeof *out->owned);
    if (!out->owned) return pl__fail_memory(error, FLOOR);
    pl_status status = pl__sequence_open(PL__UNIFORMS, seed, &sequence, error);
    for (size_t i = 0; i < out->count && !status; i++) {
        status = pl__sequence_next(&sequence, u, error);
        if (!status) pl__draw_make(models, u, &out->owned[i]);
    }
    pl__sequence_close(&sequence);
    if (status) pl__draws_drop(out);
    return status;
}

void pl__draws_drop(pl__draws *draws) {
    free(draws->owned);
    *draws = (pl__draws){0};
}
