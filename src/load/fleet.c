/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which tankers of the world's fleet have these dimensions?
 *
 * The fleet is a mixture of classes, each a normal in x = ln (LOA, beam, deadweight, summer draft,
 * tonnage) made from the regressions of models/tanker_regressions.csv. What is seen of a ship is
 * taken in number by number, y = x_i + noise of relative sigma s:
 *
 *     gain k = C e_i / (C_ii + s^2),  x <- x + k (y - x_i),  C <- C - k (C e_i)'
 *
 * and the class's probability is multiplied by the density of what was seen, N(y; x_i, C_ii + s^2).
 * With length and beam alone that is the regression; a known deadweight then also tells of the
 * draft, a tonnage of both. What no class explains lies far from all: distance2 is the least
 * squared Mahalanobis distance, chi-square distributed with `seen` degrees of freedom for ships of
 * a class. Real classes have heavier tails than that. */
#include "load/model.h"

typedef struct sight {
    double ln_value[PL__DIMS], sigma[PL__DIMS]; /* NAN: not seen */
} sight;

static void take_in(pl__class *c, int i, double ln_value, double sigma, double *ln_density,
                    double *distance2) {
    double variance = c->covariance[i][i] + sigma * sigma, gain[PL__DIMS], row[PL__DIMS];
    double surprise = ln_value - c->mean[i];
    *distance2 += surprise * surprise / variance;
    *ln_density -= 0.5 * (surprise * surprise / variance + log(2 * PL_PI * variance));
    for (int k = 0; k < PL__DIMS; k++) {
        row[k] = c->covariance[i][k];
        gain[k] = row[k] / variance;
    }
    for (int k = 0; k < PL__DIMS; k++) {
        c->mean[k] += gain[k] * surprise;
        for (int l = 0; l < PL__DIMS; l++) c->covariance[k][l] -= gain[k] * row[l];
    }
}

/* Lower triangle of the covariance, Cholesky; a variance used up by what was seen counts as 0. */
static void root_of(const double covariance[PL__DIMS][PL__DIMS], double root[PL__DIMS][PL__DIMS]) {
    for (int i = 0; i < PL__DIMS; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = covariance[i][j];
            for (int k = 0; k < j; k++) sum -= root[i][k] * root[j][k];
            if (i == j)
                root[i][i] = sqrt(pl__max(sum, 0));
            else
                root[i][j] = root[j][j] > 1e-12 ? sum / root[j][j] : 0;
        }
    }
}

double pl__given_sigma(double value, double sigma, const pl__belief *usual) {
    return isnan(sigma) ? usual->value : sigma / value;
}

static sight see(const pl_load_models *m, const pl_load_input *in) {
    double dwt = in->dwt_t,
           dwt_sigma = pl__given_sigma(dwt, in->dwt_sigma_t, &m->prior[PL__GIVEN_DWT]);
    if (isnan(dwt) && !isnan(in->displacement_t) && !isnan(in->lightship_t)) {
        dwt = in->displacement_t - in->lightship_t;
        dwt_sigma = hypot(pl__given_sigma(in->displacement_t, in->displacement_sigma_t,
                                          &m->prior[PL__GIVEN_DISPLACEMENT]) *
                              in->displacement_t,
                          pl__given_sigma(in->lightship_t, in->lightship_sigma_t,
                                          &m->prior[PL__GIVEN_LIGHTSHIP]) *
                              in->lightship_t) /
                    dwt;
    }
    double loa = in->length_m.value, beam = in->beam_m.value;
    return (sight){{log(loa), log(beam), log(dwt), log(in->summer_draft_m), log(in->gt)},
                   {in->length_m.sigma / loa, in->beam_m.sigma / beam, dwt_sigma,
                    pl__given_sigma(in->summer_draft_m, in->summer_draft_sigma_m,
                                    &m->prior[PL__GIVEN_SUMMER_DRAFT]),
                    pl__given_sigma(in->gt, in->gt_sigma, &m->prior[PL__GIVEN_GT])}};
}

void pl__fleet_look(const pl_load_models *models, const pl_load_input *input, pl__fleet_view *out) {
    sight seen = see(models, input);
    double ln_weight[PL__CLASSES_MAX], best = -INFINITY, sum = 0;
    *out = (pl__fleet_view){.models = models, .distance2 = INFINITY};
    for (int k = 0; k < PL__DIMS; k++) out->seen += !isnan(seen.ln_value[k]);
    for (int i = 0; i < models->classes; i++) {
        pl__class c = models->class[i];
        double distance2 = 0;
        ln_weight[i] = log(c.weight);
        for (int k = 0; k < PL__DIMS; k++)
            if (!isnan(seen.ln_value[k]))
                take_in(&c, k, seen.ln_value[k], seen.sigma[k], &ln_weight[i], &distance2);
        for (int k = 0; k < PL__DIMS; k++) out->fit[i].mean[k] = c.mean[k];
        root_of(c.covariance, out->fit[i].root);
        best = pl__max(best, ln_weight[i]);
        out->distance2 = pl__min(out->distance2, distance2);
    }
    for (int i = 0; i < models->classes; i++) sum += exp(ln_weight[i] - best);
    for (int i = 0; i < models->classes; i++) out->fit[i].weight = exp(ln_weight[i] - best) / sum;
}

/* ln of the normal density of (ln length, ln beam) in a class. */
static double ln_density_of(const pl__class *class, const sight *seen) {
    pl__class c = *class;
    double ln_density = 0, distance2 = 0;
    take_in(&c, PL__LOA, seen->ln_value[PL__LOA], seen->sigma[PL__LOA], &ln_density, &distance2);
    take_in(&c, PL__BEAM, seen->ln_value[PL__BEAM], seen->sigma[PL__BEAM], &ln_density, &distance2);
    return ln_density;
}

static sight dimensions(pl_quantity length_m, pl_quantity beam_m) {
    return (sight){{log(length_m.value), log(beam_m.value), NAN, NAN, NAN},
                   {length_m.sigma / length_m.value, beam_m.sigma / beam_m.value, NAN, NAN, NAN}};
}

double pl_load_fleet_density(const pl_load_models *models, pl_quantity length_m, pl_quantity beam_m,
                             pl_quantity other_length_m, pl_quantity other_beam_m) {
    sight here = dimensions(length_m, beam_m), there = dimensions(other_length_m, other_beam_m);
    double weight[PL__CLASSES_MAX], best = -INFINITY, sum = 0, density = 0;
    for (int i = 0; i < models->classes; i++) {
        weight[i] = log(models->class[i].weight) + ln_density_of(&models->class[i], &here);
        best = pl__max(best, weight[i]);
    }
    for (int i = 0; i < models->classes; i++) {
        weight[i] = exp(weight[i] - best);
        sum += weight[i];
        density += weight[i] * exp(ln_density_of(&models->class[i], &there));
    }
    /* a density of logarithms, made one of metres */
    return density / sum / (other_length_m.value * other_beam_m.value);
}
