/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll load`: the inference without a picture, for scripts and for people who check the
 * arithmetic. */
#include <math.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "io/io.h"

static const double DEFAULT_SIGMA_M = 0.15;

static void put_range(pl_json_out *o, const char *const names[3], const pl_range *r, int decimals) {
    pl__json_put_number(o, names[0], r->p05, decimals);
    pl__json_put_number(o, names[1], r->p50, decimals);
    pl__json_put_number(o, names[2], r->p95, decimals);
}

/* Both are one question's answer: the worse status, and all reasons. */
static void put_verdict(pl_json_out *o, const pl_load *l, const pl_transfer *t) {
    static const char *const WORDS[] = {"measured", "dubious", "refused"};
    pl_status status = t && t->status > l->status ? t->status : l->status;
    pl_reasons reasons = l->reasons | (t ? t->reasons : 0);
    pl__json_put_string(o, "status", WORDS[status]);
    pl__json_begin_array(o, "reasons");
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        if (reasons & PL_BIT(i)) pl__json_put_string(o, NULL, pl_reason_code((pl_reason)i));
    }
    pl__json_end(o);
}

/* Who she is, and of each number that was used who says so. */
static void put_vessel(pl_json_out *o, const cli_settings *s) {
    const pl_vessel *v = s->measure.vessel;
    if (!v) return;
    pl__json_put_string(o, "vessel_name", *v->name ? v->name : NULL);
    pl__json_put_string(o, "vessel_imo", *v->imo ? v->imo : NULL);
    pl__json_put_string(o, "vessel_source", v->registered ? "registry" : "option");
    pl__json_begin_object(o, "particulars");
    for (int k = 0; k < PL_PARTICULARS; k++) {
        pl_quantity known = pl_vessel_particular(v, k);
        if (!v->source[k]) continue;
        pl__json_begin_object(o, pl_particular_name(k));
        pl__json_put_number(o, "value", known.value, 3);
        pl__json_put_number(o, "sigma", known.sigma, 3);
        pl__json_put_string(o, "source", v->source[k]);
        pl__json_end(o);
    }
    pl__json_end(o);
    pl__json_put_string(o, "vessels_sha256", s->measure.vessels_sha256);
}

static char *as_json(const cli_settings *s, bool depth_given, const pl_load *l,
                     const pl_transfer *transfer) {
    static const char *const FRACTION[] = {"load_fraction_p05", "load_fraction_p50",
                                           "load_fraction_p95"};
    static const char *const CARGO[] = {"cargo_t_p05", "cargo_t_p50", "cargo_t_p95"};
    static const char *const BARRELS[] = {"oil_bbl_p05", "oil_bbl_p50", "oil_bbl_p95"};
    static const char *const TONNES[] = {"transfer_t_p05", "transfer_t_p50", "transfer_t_p95"};
    static const char *const BBL[] = {"transfer_bbl_p05", "transfer_bbl_p50", "transfer_bbl_p95"};
    pl_json_out *o = pl__json_out_new(true);
    if (!o) return NULL;
    bool known = l->status != PL_REFUSED;
    pl__json_begin_object(o, NULL);
    put_verdict(o, l, transfer);
    pl__json_put_quantity(o, "draft_m", "draft_sigma_m", l->draft_m, 3);
    pl__json_put_quantity(o, "depth_m", "depth_sigma_m", l->depth_m, 3);
    pl__json_put_string(o, "depth_source",
                        !l->depth_known ? "regression"
                        : depth_given   ? "option"
                                        : "registry");
    pl__json_put_quantity(o, "dwt_t", "dwt_sigma_t", l->dwt_t, 0);
    pl__json_put_quantity(o, "displacement_t", "displacement_sigma_t", l->displacement_t, 0);
    pl__json_put_string(o, "displacement_source",
                        known ? pl_displacement_source_name(l->displacement_by) : NULL);
    pl__json_put_quantity(o, "water_density_t_m3", "water_density_sigma_t_m3",
                          l->water_density_t_m3, 4);
    pl__json_put_string(o, "load_state", known ? pl_load_state_name(l->state) : NULL);
    pl__json_put_number(o, "p_ballast", l->p_state[PL_BALLAST], 4);
    pl__json_put_number(o, "p_part", l->p_state[PL_PART], 4);
    pl__json_put_number(o, "p_laden", l->p_state[PL_LADEN], 4);
    pl__json_put_number(o, "p_deep_loaded", l->p_deep, 4);
    put_range(o, FRACTION, &l->load_fraction, 3);
    put_range(o, CARGO, &l->cargo_t, 0);
    put_range(o, BARRELS, &l->oil_bbl, 0);
    if (transfer) {
        put_range(o, TONNES, &transfer->transfer_t, 0);
        put_range(o, BBL, &transfer->transfer_bbl, 0);
    }
    pl__json_put_string(o, "product", l->product);
    pl__json_put_string(o, "conversion", l->conversion);
    pl__json_put_string(o, "conversion_evidence", l->conversion_evidence);
    put_vessel(o, s);
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    pl__json_out_free(o);
    return text;
}

/* One of the two, with the sigma that all share. @return false: none, or both. */
static bool take_one(pl_quantity *freeboard_m, pl_quantity *draft_m, double sigma_m) {
    freeboard_m->sigma = isfinite(freeboard_m->value) ? sigma_m : NAN;
    draft_m->sigma = isfinite(draft_m->value) ? sigma_m : NAN;
    return isfinite(freeboard_m->value) != isfinite(draft_m->value);
}

static int check(cli_settings *s, bool *pair) {
    pl_load_input *in = &s->load;
    pl_load_measurement *before = &s->load_before;
    const char *fault = NULL;
    double sigma = isfinite(s->load_sigma_m) ? s->load_sigma_m : DEFAULT_SIGMA_M;
    *pair = isfinite(before->freeboard_m.value) || isfinite(before->draft_m.value);
    bool sized = isfinite(in->length_m.value) && isfinite(in->beam_m.value);
    if (!take_one(&in->freeboard_m, &in->draft_m, sigma) || (!sized && !s->vessel))
        fault =
            "load wants --loa, --beam and one of --freeboard and --draft (plimsoll load --help)";
    if (*pair && !take_one(&before->freeboard_m, &before->draft_m, sigma))
        fault = "load wants one of --freeboard-before and --draft-before (plimsoll load --help)";
    if (!fault && isfinite(s->load.trim_sigma_m) && s->load.trim_sigma_m > 0 &&
        isnan(s->load.trim_m))
        fault = "--trim-sigma wants --trim (plimsoll load --help)";
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    if (fault) cli_complain(s, "error", NULL, fault);
    return fault ? EXIT_USAGE : EXIT_DONE;
}

int cmd_load(cli_settings *s) {
    bool pair;
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_load load;
    pl_transfer transfer;
    if (check(s, &pair) != EXIT_DONE) return EXIT_USAGE;
    const pl_load_options *options = &s->measure.load;
    pl_load_measurement now = {s->load.freeboard_m, s->load.draft_m, s->load.trim_m, 0};
    pl_status status = cli_open_models(s, &models, &error);
    bool depth_given =
        isfinite(s->load.depth_m) || isfinite(s->load.summer_draft_m + s->load.summer_freeboard_m);
    if (status == PL_OK && s->measure.vessel) pl_vessel_fill(s->measure.vessel, &s->load);
    if (status == PL_OK && !(isfinite(s->load.length_m.value) && isfinite(s->load.beam_m.value)))
        status = pl__fail(&error, PL_E_USAGE, "cli",
                          "no registry has length and beam of '%.60s': --loa, --beam", s->vessel);
    if (status == PL_OK) status = pl_load_estimate(models, &s->load, options, &load, &error);
    if (status == PL_OK && pair)
        status = pl_load_pair(models, &s->load, &s->load_before, &now, options, &transfer, &error);
    pl_load_models_free(models);
    if (status < 0) return cli_fail(s, NULL, &error);
    char *text = as_json(s, depth_given, &load, pair ? &transfer : NULL), *line = NULL;
    int code = EXIT_NOTHING;
    if (text && asprintf(&line, "%s\n", text) >= 0) {
        code = cli_write(s, line);
        free(line);
    } else {
        cli_complain(s, "error", NULL, "out of memory");
    }
    free(text);
    return code;
}
