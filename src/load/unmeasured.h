/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may a tanker be and carry away of whom nothing was measured? For tables of calls. */
#ifndef PL_LOAD_UNMEASURED_H
#define PL_LOAD_UNMEASURED_H

#include "load/model.h"

/** A ship as a table or a registry tells of her. A plain value; borrows the models. */
typedef struct pl__unmeasured {
    const pl_load_models *models;
    int classes;
    struct {
        double share, ln_dwt, ln_sigma;
    } of[PL__CLASSES_MAX];          /* her deadweight: a mixture of normals in the logarithm */
    bool sized;                     /* deadweight or dimensions are known */
    double dwt_least_t, dwt_most_t; /* bounds of ships without a size */
    double density, density_sigma;  /* of the oil, t/m3 */
} pl__unmeasured;

/** @param input length, beam and deadweight, each NAN where unknown. @param dwt_least_t, dwt_most_t
 * what somebody knows of ships that have none of them. PL_E_USAGE: no tanker lies between. */
pl_status pl__unmeasured_look(const pl_load_models *models, const pl_load_input *input,
                              const pl__oil *oil, double dwt_least_t, double dwt_most_t,
                              pl__unmeasured *out, pl_error *error);
/** Her deadweight. @param fleet standard normal: how much larger than the world's the ships of this
 * port are; the same for all of them in a draw. */
double pl__unmeasured_deadweight(const pl__unmeasured *ship, double fleet, pl_random *random);
/** Her cargo tanks to 98 %. */
double pl__unmeasured_tank_m3(const pl__unmeasured *ship, double dwt_t, pl_random *random);
/** Which share of a port's loading calls leaves laden: u uniform in (0, 1). */
double pl__unmeasured_laden_share(const pl_load_models *models, double u);
/** Cargo of one loading call, tonnes. @param oil standard normal: how dense this port's oil is. */
double pl__unmeasured_cargo(const pl__unmeasured *ship, double dwt_t, double tank_m3,
                            double laden_share, double oil, pl_random *random);

#endif
