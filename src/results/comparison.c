/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a comparison of two pictures said? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/internal.h"

static const char *const STATUS[] = {"measured", "dubious", "refused"};

/* ---- JSON ---- */

static void put_quantity(pl_json_out *o, const char *name, const char *unit, const pl_quantity *q,
                         int decimals) {
    char key[64], sigma_key[64];
    snprintf(key, sizeof key, "%s_%s", name, unit);
    snprintf(sigma_key, sizeof sigma_key, "%s_sigma_%s", name, unit);
    pl__json_put_quantity(o, key, sigma_key, *q, decimals);
}

static void put_range(pl_json_out *o, const char *name, const pl_range *r) {
    static const char *const END[] = {"p05", "p50", "p95"};
    const double value[] = {r->p05, r->p50, r->p95};
    char key[64];
    for (int i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "%s_%s", name, END[i]);
        pl__json_put_number(o, key, value[i], 0);
    }
}

static const pl_result_row *row_of(const pl_comparison *c, int which, int index) {
    return index < 0 ? NULL : &c->result[which]->row[index];
}

static void put_id(pl_json_out *o, const char *name, const pl_result_row *row) {
    pl__json_put_string(o, name, row ? row->id : NULL);
}

static void put_freeboard(pl_json_out *o, const char *name, const pl_result_row *row) {
    bool known = row && row->has_freeboard;
    pl_quantity q = known ? row->freeboard.freeboard_m : (pl_quantity){NAN, NAN};
    put_quantity(o, name, "m", &q, 3);
}

/* What each kind of evidence is worth, as a ratio of likelihoods. */
static void put_evidence(pl_json_out *o, const pl_pair *pair) {
    const pl_identity *i = &pair->identity;
    bool asked = pair->closest >= 0 || (pair->before >= 0 && pair->after >= 0);
    if (!asked) {
        pl__json_put_null(o, "evidence");
        return;
    }
    pl__json_begin_object(o, "evidence");
    pl__json_put_number(o, "dimensions", i->dimensions, 6);
    pl__json_put_number(o, "deck", i->deck, 3);
    pl__json_put_number(o, "deck_correlation", i->deck_correlation, 3);
    pl__json_put_bool(o, "deck_reversed", i->deck_reversed);
    pl__json_put_number(o, "vessel_class", i->vessel_class, 3);
    pl__json_put_number(o, "names", i->names, 3);
    pl__json_put_number(o, "place", pair->place, 3);
    pl__json_end(o);
}

static void put_pair(pl_json_out *o, const pl_comparison *c, const pl_pair *pair) {
    const pl_result_row *before = row_of(c, 0, pair->before), *after = row_of(c, 1, pair->after);
    const pl_change *change = &pair->change;
    const pl_result_row *named = after && *after->vessel_name ? after : before ? before : after;
    pl__json_begin_object(o, NULL);
    put_id(o, "before_id", before);
    put_id(o, "after_id", after);
    put_id(o, "closest_id", row_of(c, pair->before >= 0, pair->closest));
    pl__json_put_number(o, "same_hull", pair->probability, 4);
    pl__json_put_string(o, "verdict", pl_verdict_name(pair->identity.verdict));
    put_evidence(o, pair);
    pl__json_put_number(o, "apart_m", pair->apart_m, 1);
    pl__json_put_string(o, "vessel_name", *named->vessel_name ? named->vessel_name : NULL);
    pl__json_put_string(o, "vessel_imo", *named->vessel_imo ? named->vessel_imo : NULL);
    pl__json_put_string(o, "status", STATUS[change->status]);
    put_freeboard(o, "freeboard_before", before);
    put_freeboard(o, "freeboard_after", after);
    put_quantity(o, "freeboard_change", "m", &change->freeboard_change_m, 3);
    pl__json_put_number(o, "freeboard_shared_m", change->shared_m, 3);
    put_quantity(o, "draft_change", "m", &change->draft_change_m, 3);
    put_quantity(o, "trim_change", "m", &change->trim_change_m, 3);
    put_quantity(o, "displacement_change", "t", &change->displacement_change_t, 0);
    put_range(o, "transfer_t", &change->transfer_t);
    put_range(o, "transfer_bbl", &change->transfer_bbl);
    pl__json_put_string(o, "direction", pl_direction_name(change->direction));
    pl__results_put_reasons(o, change->reasons);
    pl__json_end(o);
}

static void put_registration(pl_json_out *o, const pl_registration *r) {
    pl__json_begin_object(o, "shift_m");
    pl__json_put_number(o, "east", r->east_m, 3);
    pl__json_put_number(o, "north", r->north_m, 3);
    pl__json_put_number(o, "sigma", r->sigma_m, 3);
    pl__json_end(o);
    pl__json_begin_object(o, "registration");
    pl__json_put_string(o, "verdict", pl_registration_name(r->verdict));
    pl__json_put_number(o, "pixel_m", r->pixel_m, 3);
    pl__json_put_number(o, "peak_sigmas", r->peak_sigmas, 1);
    pl__json_end(o);
}

static char *as_json(const pl_comparison *c, bool pretty) {
    pl_json_out *o = pl__json_out_new(pretty);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__results_put_scene(o, "before", c->result[0]);
    pl__results_put_scene(o, "after", c->result[1]);
    put_registration(o, &c->registration);
    pl__json_begin_array(o, "pairs");
    for (int i = 0; i < c->count; i++) put_pair(o, c, &c->pair[i]);
    pl__json_end(o);
    pl__json_begin_array(o, "warnings");
    for (int i = 0; i < c->warning_count; i++) pl__json_put_string(o, NULL, c->warning[i]);
    pl__json_end(o);
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    pl__json_out_free(o);
    return text;
}

/* ---- the table ---- */

static void print_change(pl_text *t, const pl_change *c) {
    if (isfinite(c->freeboard_change_m.value)) {
        pl__results_print(t, " %+6.2f %5.2f", c->freeboard_change_m.value,
                          c->freeboard_change_m.sigma);
    } else {
        pl__results_print(t, " %6s %5s", "-", "-");
    }
    if (isfinite(c->transfer_t.p50)) {
        pl__results_print(t, " %+8.0f %+8.0f %+8.0f %+9.0f", c->transfer_t.p05, c->transfer_t.p50,
                          c->transfer_t.p95, c->transfer_bbl.p50);
    } else {
        pl__results_print(t, " %8s %8s %8s %9s", "-", "-", "-", "-");
    }
}

static void print_pair(pl_text *t, const pl_comparison *c, const pl_pair *pair) {
    const pl_result_row *before = row_of(c, 0, pair->before), *after = row_of(c, 1, pair->after);
    bool both = before && after;
    pl__results_print(t, "%-32s %-32s %6.3f %-9s", before ? before->id : "-",
                      after ? after->id : "-", pair->probability,
                      both     ? pl_verdict_name(pair->identity.verdict)
                      : before ? "gone"
                               : "come");
    print_change(t, &pair->change);
    pl__results_print(t, " %-11s", both ? pl_direction_name(pair->change.direction) : "-");
    for (int i = 0; i < PL_REASON_COUNT; i++)
        if (pair->change.reasons & PL_BIT(i))
            pl__results_print(t, " %s", pl_reason_code((pl_reason)i));
    pl__results_print(t, "\n");
}

static char *as_table(const pl_comparison *c) {
    const pl_registration *r = &c->registration;
    pl_text t = {0};
    if (r->verdict == PL_REGISTERED) {
        pl__results_print(&t, "after lies %.2f m east, %.2f m north of before (+- %.2f)\n",
                          0.0 - r->east_m, 0.0 - r->north_m, r->sigma_m);
    } else {
        pl__results_print(&t, "pictures not registered (%s): places by their georeference\n",
                          pl_registration_name(r->verdict));
    }
    pl__results_print(&t, "%-32s %-32s %6s %-9s %6s %5s %8s %8s %8s %9s %-11s %s\n", "before",
                      "after", "same", "verdict", "fb_m", "+-", "t_p05", "t_p50", "t_p95",
                      "bbl_p50", "direction", "reasons");
    for (int i = 0; i < c->count; i++) print_pair(&t, c, &c->pair[i]);
    return pl__results_text_take(&t);
}

pl_status pl_result_comparison(const pl_comparison *comparison, bool table, bool pretty, char **out,
                               pl_error *error) {
    char *text = table ? as_table(comparison) : as_json(comparison, pretty);
    *out = NULL;
    if (text && table) {
        *out = text;
        return PL_OK;
    }
    size_t length = text ? strlen(text) : 0;
    *out = text ? malloc(length + 2) : NULL;
    if (*out) {
        memcpy(*out, text, length);
        memcpy(*out + length, "\n", 2);
    }
    free(text);
    return *out ? PL_OK : pl__fail_memory(error, "results");
}
