/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would another freeboard of this hull mean for draft and barrels?
 *
 * The page cannot draw two thousand ships for each move of a hand. It gets a table: freeboards in
 * steps, draft and barrels beside them as `review apply` would work them out for edges that give
 * this freeboard, by the same function; the page runs a cubic through the drafts
 * and straight lines through the barrels. Where that function has no answer (a
 * registry that is not at hand, options that are not known), there is no table, and the page says
 * so rather than a number that the program would not repeat. */
#include <math.h>
#include <stdlib.h>

#include "base/base.h"
#include "report/page.h"

enum { STEPS_EACH_WAY = 24 };
static const double STEP_M = 0.25; /* a cubic between them is off by 0.005 m of draft at most; a
                                      straight line, 0.012 */
static const double LEAST_M = 0.1;

static bool correct(const pl_page *page, const pl_observation *machine, double freeboard_m,
                    pl_reviewed *out) {
    const pl_cue *cue = &machine->cue[0];
    pl_error why = PL_ERROR_INIT;
    pl_review review = {.verdict = PL_REVIEW_CORRECT,
                        .has_edges = true,
                        .side = cue->side,
                        .kind_given = true,
                        .kind = cue->kind,
                        .deck_edge_m = 0.5 * machine->beam_m.value,
                        .outer_edge_m = 0.5 * machine->beam_m.value + freeboard_m * cue->per_metre,
                        .freeboard_m = freeboard_m,
                        .freeboard_sigma_m = NAN};
    return page->options->correct(page->options->context, &review, machine, page->arena, out,
                                  &why) == PL_OK &&
           out->has_load;
}

static void put_line(pl_json_out *o, const pl_reviewed *r) {
    const pl_load *load = &r->load;
    pl__json_begin_array(o, NULL);
    pl__json_put_number(o, NULL, r->freeboard_m.value, 4);
    pl__json_put_number(o, NULL, load->draft_m.value, 4);
    pl__json_put_number(o, NULL, load->draft_m.sigma, 3);
    pl__json_put_number(o, NULL, load->oil_bbl.p05, 0);
    pl__json_put_number(o, NULL, load->oil_bbl.p50, 0);
    pl__json_put_number(o, NULL, load->oil_bbl.p95, 0);
    for (int i = 0; i < 3; i++) pl__json_put_number(o, NULL, load->p_state[i], 3);
    pl__json_end(o);
}

/* Freeboards round the measured one, in order. @return how many lines. */
static int put_table(pl_json_out *o, const pl_page *page, const pl_observation *machine,
                     pl_reviewed *work) {
    int lines = 0;
    pl__json_begin_array(o, "rows");
    for (int i = -STEPS_EACH_WAY; i <= STEPS_EACH_WAY; i++) {
        double freeboard_m = machine->cue[0].freeboard_m.value + STEP_M * i;
        if (freeboard_m < LEAST_M || !correct(page, machine, freeboard_m, work)) continue;
        put_line(o, work);
        lines++;
    }
    pl__json_end(o);
    return lines;
}

void pl__page_put_load(pl_page *page, const pl_observation *machine) {
    bool wanted = machine && machine->has_load && machine->cue_count > 0 &&
                  machine->cue[0].per_metre > 0 && page->options->correct;
    pl_reviewed *work = malloc(sizeof *work);
    pl_json_out *o = pl__json_out_new(false);
    char *json = NULL;
    if (o && work) {
        pl__json_begin_object(o, NULL);
        int lines = wanted ? put_table(o, page, machine, work) : 0;
        pl__json_put_string(o, "why_not", !wanted ? "no_load" : lines < 2 ? "not_repeated" : NULL);
        pl__json_end(o);
        json = pl__json_out_finish(o);
    }
    pl__json_out_free(o);
    free(work);
    page->data.failed |= !json;
    if (json) pl__page_put_json(&page->data, json);
    free(json);
}
