/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked, can it be, and what follows from it before any draw?
 *
 * Numbers that cannot be are a usage error. A hydrostatic table turns a summer draft into a
 * displacement, and deadweight with lightship into a summer draft. */
#include <string.h>

#include "load/model.h"

static const char FLOOR[] = "load";

/* A table and numbers beside it may differ so much: registers round. */
static const double TABLE_TOLERANCE = 0.02;

static bool within(double x, double low, double high) {
    return isnan(x) || (x >= low && x <= high);
}

static pl_status check_quantity(pl_quantity q, const char *what, double low, double high,
                                bool required, pl_error *error) {
    if (isnan(q.value) && !required) return PL_OK;
    if (!(q.value >= low && q.value <= high))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s %g m: must be %g to %g", what, q.value, low,
                        high);
    if (!(q.sigma >= 0 && q.sigma < INFINITY))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s has no sigma", what);
    return PL_OK;
}

pl_status pl__particulars_check(const pl_load_input *in, pl_error *error) {
    const struct {
        const char *name;
        double value, low, high;
    } NUMBER[] = {
        {"depth", in->depth_m, 0.5, 60},
        {"summer draft", in->summer_draft_m, 0.3, 40},
        {"deadweight", in->dwt_t, 5, 1e6},
        {"displacement", in->displacement_t, 10, 1.2e6},
        {"lightship", in->lightship_t, 5, 3e5},
        {"tonnes per centimetre", in->tpc_t_per_cm, 0.05, 400},
        {"gross tonnage", in->gt, 5, 5e5},
        {"summer freeboard", in->summer_freeboard_m, -1, 30},
        {"tank volume", in->tank_m3, 1, 1e6},
        {"length between perpendiculars", in->lpp_m, 8, 500},
    };
    for (size_t i = 0; i < sizeof NUMBER / sizeof *NUMBER; i++)
        if (!within(NUMBER[i].value, NUMBER[i].low, NUMBER[i].high))
            return pl__fail(error, PL_E_USAGE, FLOOR, "%s %g: must be %g to %g", NUMBER[i].name,
                            NUMBER[i].value, NUMBER[i].low, NUMBER[i].high);
    if (in->summer_draft_m >= in->depth_m)
        return pl__fail(error, PL_E_USAGE, FLOOR, "summer draft %g m is not below depth %g m",
                        in->summer_draft_m, in->depth_m);
    if (fabs(in->summer_draft_m + in->summer_freeboard_m - in->depth_m) > 0.05 * in->depth_m)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "summer draft %g + summer freeboard %g m is not depth %g m",
                        in->summer_draft_m, in->summer_freeboard_m, in->depth_m);
    if (in->beam_m.value >= in->length_m.value)
        return pl__fail(error, PL_E_USAGE, FLOOR, "beam %g m is not below length %g m",
                        in->beam_m.value, in->length_m.value);
    if (in->lpp_m > 1.02 * in->length_m.value || in->lpp_m < 0.8 * in->length_m.value)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "length between perpendiculars %g m does not go with %g m over all",
                        in->lpp_m, in->length_m.value);
    if (in->dwt_t >= in->displacement_t || in->lightship_t >= in->displacement_t)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "deadweight and lightship must be below displacement %g t",
                        in->displacement_t);
    if (fabs(in->dwt_t + in->lightship_t - in->displacement_t) > 0.1 * in->displacement_t)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "deadweight %g + lightship %g t is not displacement %g t", in->dwt_t,
                        in->lightship_t, in->displacement_t);
    return PL_OK;
}

static pl_status check(const pl_load_input *in, pl_error *error) {
    pl_status status = check_quantity(in->length_m, "length", 10, 500, true, error);
    if (!status) status = check_quantity(in->beam_m, "beam", 2, 120, true, error);
    if (!status) status = check_quantity(in->freeboard_m, "freeboard", -3, 60, false, error);
    if (!status) status = check_quantity(in->draft_m, "draft", 0.2, 40, false, error);
    if (!status && !within(in->trim_m, -20, 20))
        status = pl__fail(error, PL_E_USAGE, FLOOR, "trim %g m: must be -20 to 20", in->trim_m);
    if (!status && !within(in->trim_sigma_m, 0, 20))
        status = pl__fail(error, PL_E_USAGE, FLOOR, "sigma of trim %g m: must be 0 to 20",
                          in->trim_sigma_m);
    if (!status && (unsigned)in->bottom > PL_BOTTOM_HIDDEN)
        status = pl__fail(error, PL_E_USAGE, FLOOR, "bottom paint: unknown, seen or hidden");
    if (!status) status = pl__particulars_check(in, error);
    if (status) return status;
    if (isnan(in->freeboard_m.value) && isnan(in->draft_m.value))
        return pl__fail(error, PL_E_USAGE, FLOOR, "neither freeboard nor draft is given");
    return PL_OK;
}

static pl_status check_table(const pl_load_input *in, pl_error *error) {
    const pl_hydrostatics *t = in->hydrostatics;
    if (!t) return PL_OK;
    if (t->count < 2 || t->count > PL_HYDROSTATICS_MAX)
        return pl__fail(error, PL_E_USAGE, FLOOR, "a hydrostatic table of %d rows: 2 to %d",
                        t->count, PL_HYDROSTATICS_MAX);
    for (int i = 1; i < t->count; i++)
        if (!(t->draft_m[i] > t->draft_m[i - 1] && t->draft_m[0] > 0 &&
              t->displacement_t[i] > t->displacement_t[i - 1] && t->displacement_t[0] > 0))
            return pl__fail(error, PL_E_USAGE, FLOOR,
                            "a hydrostatic table's draft and displacement must grow: row %d",
                            i + 1);
    return PL_OK;
}

/* What the table says of the numbers, and the numbers of each other. */
static pl_status complete(pl__question *q, pl_error *error) {
    pl_load_input *in = &q->input;
    double slope;
    double full = in->dwt_t + in->lightship_t;
    if (isnan(full)) full = in->displacement_t;
    if (isnan(in->summer_draft_m) && !isnan(full))
        in->summer_draft_m = pl__hydrostatics_draft(&q->even, full);
    if (isnan(in->summer_draft_m)) return PL_OK;
    double by_table = pl__hydrostatics_displacement(&q->even, in->summer_draft_m, &slope);
    if (fabs(in->displacement_t / by_table - 1) > TABLE_TOLERANCE)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "displacement %g t: her hydrostatic table has %.0f t at %g m",
                        in->displacement_t, by_table, in->summer_draft_m);
    in->displacement_t = by_table;
    return PL_OK;
}

pl_status pl__question_ask(const pl_load_models *models, const pl_load_input *input,
                           const pl_load_options *options, pl__question *out, pl_error *error) {
    memset(out, 0, sizeof *out);
    out->models = models;
    out->input = *input;
    out->water_t_m3 = options->water_density_t_m3;
    pl_status status = pl_load_check_options(models, options, error);
    if (!status) status = check(input, error);
    if (!status) status = check_table(input, error);
    if (!status) status = pl__load_oil(models, options, &out->oil, error);
    if (status) return status;
    if (input->hydrostatics) {
        double lpp = isnan(input->lpp_m)
                         ? models->prior[PL__LPP_PER_LOA].value * input->length_m.value
                         : input->lpp_m;
        out->has_table = true;
        out->even = *input->hydrostatics;
        pl__hydrostatics_at_trim(&out->even, input->trim_m, lpp, &out->trimmed);
        status = complete(out, error);
    }
    pl__state_evidence(models, input, out->evidence);
    return status;
}
