/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would another freeboard of this hull mean for draft and barrels?
 *
 * The page cannot draw two thousand ships for each move of a hand. It gets a table, made by
 * pl_load_estimate as the row was: freeboards in steps, draft and barrels beside them, linear in
 * between. The row's own freeboard is estimated first: where that does not give the row's own
 * barrels (other tables, another product's density, a registry that is not at hand), there is no
 * table, and the page says so rather than a number that the program would not repeat. */
#include <math.h>
#include <stdlib.h>

#include "base/base.h"
#include "report/page.h"

enum { STEPS = 33 };
static const double STEP_M = 0.5;      /* the draft is all but linear: a test asks for 0.01 m */
static const double SAME_SHARE = 0.01; /* of the barrels: rows are rounded */
static const double TRIM_SIGMAS = 2.0; /* of the model, as run/pipeline.c adds them */

typedef struct ship {
    pl_load_input input;
    pl_load_options options;
    double bbl_p50;
} ship;

static double number(const pl_json *row, const char *key) {
    return pl__json_number(pl__json_get(row, key));
}

static pl_quantity quantity(const pl_json *row, const char *key, const char *sigma) {
    return (pl_quantity){number(row, key), number(row, sigma)};
}

static void identify(const pl_page *page, const pl_json *row, pl_load_input *input) {
    const char *imo = pl__json_string(pl__json_get(row, "vessel_imo")),
               *name = pl__json_string(pl__json_get(row, "vessel_name"));
    const pl_vessel *vessel = NULL;
    pl_error why = PL_ERROR_INIT;
    if (!page->options->vessels || (!imo && !name)) return;
    if (pl_vessels_find(page->options->vessels, imo ? imo : name, &vessel, &why) == PL_OK && vessel)
        pl_vessel_fill(vessel, input);
}

/* @return false: the row has no load to begin with. */
static bool ship_of(const pl_page *page, const pl_json *row, ship *out) {
    const char *product = pl__json_string(pl__json_get(row, "product")),
               *conversion = pl__json_string(pl__json_get(row, "conversion"));
    *out = (ship){PL_LOAD_INPUT_INIT, PL_LOAD_OPTIONS_INIT, number(row, "oil_bbl_p50")};
    if (!product || !conversion || !isfinite(out->bbl_p50) || !page->options->models) return false;
    identify(page, row, &out->input);
    if (isnan(out->input.length_m.value))
        out->input.length_m = quantity(row, "length_m", "length_sigma_m");
    if (isnan(out->input.beam_m.value)) out->input.beam_m = quantity(row, "beam_m", "beam_sigma_m");
    out->input.freeboard_m = quantity(row, "freeboard_m", "freeboard_sigma_m");
    out->input.trim_m = number(row, "trim_m");
    double model_m = number(pl__json_get(row, "error_budget"), "model");
    out->input.trim_sigma_m =
        hypot(number(row, "trim_sigma_m"), TRIM_SIGMAS * (isfinite(model_m) ? model_m : 0));
    out->options.product = product;
    out->options.conversion = conversion;
    out->options.water_density_t_m3 =
        quantity(row, "water_density_t_m3", "water_density_sigma_t_m3");
    return true;
}

static bool estimate(const pl_page *page, const ship *s, double freeboard_m, pl_load *out) {
    pl_error why = PL_ERROR_INIT;
    pl_load_input input = s->input;
    input.freeboard_m.value = freeboard_m;
    return pl_load_estimate(page->options->models, &input, &s->options, out, &why) == PL_OK &&
           out->status != PL_REFUSED;
}

static void put_line(pl_json_out *o, double freeboard_m, const pl_load *load) {
    pl__json_begin_array(o, NULL);
    pl__json_put_number(o, NULL, freeboard_m, 3);
    pl__json_put_number(o, NULL, load->draft_m.value, 4);
    pl__json_put_number(o, NULL, load->draft_m.sigma, 3);
    pl__json_put_number(o, NULL, load->oil_bbl.p05, 0);
    pl__json_put_number(o, NULL, load->oil_bbl.p50, 0);
    pl__json_put_number(o, NULL, load->oil_bbl.p95, 0);
    for (int i = 0; i < 3; i++) pl__json_put_number(o, NULL, load->p_state[i], 3);
    pl__json_end(o);
}

/* Freeboards round the measured one, in order; those that fit no ship of these dimensions are not
 * there. */
static void put_table(pl_json_out *o, const pl_page *page, const ship *s, const pl_load *measured) {
    double middle_m = s->input.freeboard_m.value;
    pl_load load;
    pl__json_begin_array(o, "rows");
    for (int i = 0; i < STEPS; i++) {
        double freeboard_m = middle_m + STEP_M * (i - STEPS / 2);
        if (i == STEPS / 2)
            put_line(o, middle_m, measured);
        else if (freeboard_m >= 0 && estimate(page, s, freeboard_m, &load))
            put_line(o, freeboard_m, &load);
    }
    pl__json_end(o);
}

void pl__page_put_load(pl_page *page, const pl_json *row) {
    ship s;
    pl_load load;
    const char *why = NULL;
    if (!ship_of(page, row, &s))
        why = "no_load";
    else if (!estimate(page, &s, s.input.freeboard_m.value, &load) ||
             fabs(load.oil_bbl.p50 - s.bbl_p50) > SAME_SHARE * pl__max(s.bbl_p50, 1000))
        why = "not_repeated";
    pl_json_out *o = pl__json_out_new(false);
    if (o) {
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "why_not", why);
        if (!why) put_table(o, page, &s, &load);
        pl__json_end(o);
    }
    char *json = o ? pl__json_out_finish(o) : NULL;
    pl__json_out_free(o);
    page->data.failed |= !json;
    if (json) pl__page_put_json(&page->data, json);
    free(json);
}
