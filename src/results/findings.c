/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do findings look to a script? One JSON object; docs/output.md says each member. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "results/internal.h"

void pl__findings_day(double utc_s, char out[32]) {
    *out = '\0';
    if (isfinite(utc_s)) pl__geo_time_format(utc_s, out, 32);
    out[10] = '\0';
}

static void put_day(pl_json_out *o, const char *key, double utc_s) {
    char day[32] = "";
    pl__findings_day(utc_s, day);
    pl__json_put_string(o, key, *day ? day : NULL);
}

static void put_band(pl_json_out *o, const char *stem, const pl_band *b, int decimals) {
    static const char *const END[] = {"p05", "p25", "p50", "p75", "p95"};
    const double value[] = {b->p05, b->p25, b->p50, b->p75, b->p95};
    char key[64];
    for (int k = 0; k < 5; k++) {
        snprintf(key, sizeof key, "%s_%s", stem, END[k]);
        pl__json_put_number(o, key, value[k], decimals);
    }
}

static void put_passed(pl_json_out *o, const double passed_s[3]) {
    static const char *const KEY[] = {"p05", "p50", "p95"};
    pl__json_begin_object(o, "cap_passed_on");
    for (int k = 0; k < 3; k++) put_day(o, KEY[k], passed_s[k]);
    pl__json_end(o);
}

/* Of several years a scenario is over the cap when it is in one of them. */
static bool scenario_over(const pl_findings *all, const pl_finding *f, int k) {
    bool over = false;
    if (f != &all->all) return f->scenario[k].oil_bbl > all->cap_bbl;
    for (int i = 0; i < all->years; i++) over |= scenario_over(all, &all->year[i], k);
    return over;
}

static void put_scenarios(pl_json_out *o, const pl_findings *all, const pl_finding *f) {
    bool mixed = f == &all->all && all->years > 1;
    pl__json_begin_array(o, "scenarios");
    for (int k = 0; k < PL_SCENARIOS && f->visits > 0; k++) {
        const pl_scenario *s = &f->scenario[k];
        pl__json_begin_object(o, NULL);
        pl__json_put_number(o, "load_fraction", s->load_fraction, 4);
        pl__json_put_number(o, "oil_bbl", s->oil_bbl, 0);
        pl__json_put_number(o, "oil_bbl_p05", s->band_bbl.p05, 0);
        pl__json_put_number(o, "oil_bbl_p95", s->band_bbl.p95, 0);
        pl__json_put_bool(o, "over_cap", scenario_over(all, f, k));
        pl__json_put_number(o, "p_over_cap", mixed ? NAN : s->p_over_cap, 4);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_periods(pl_json_out *o, const pl_findings *f) {
    pl__json_begin_array(o, "by_year");
    for (int i = 0; i < f->years; i++) {
        const pl_finding *y = &f->year[i];
        pl__json_begin_object(o, NULL);
        if (y->year)
            pl__json_put_integer(o, "year", y->year);
        else
            pl__json_put_null(o, "year");
        pl__json_put_integer(o, "visits", y->visits);
        put_band(o, "oil_bbl", &y->oil_bbl, 0);
        pl__json_put_number(o, "p_over_cap", y->p_over_cap, 4);
        put_passed(o, y->passed_s);
        put_scenarios(o, f, y);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_months(pl_json_out *o, const pl_findings *f) {
    pl__json_begin_array(o, "by_month");
    for (int i = 0; i < f->months; i++) {
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "month", f->month[i].name);
        pl__json_put_integer(o, "visits", f->month[i].visits);
        put_band(o, "oil_bbl", &f->month[i].oil_bbl, 0);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_vessels(pl_json_out *o, const pl_findings *f) {
    pl__json_begin_array(o, "by_vessel");
    for (int i = 0; i < f->vessels; i++) {
        const pl_finding *v = &f->vessel[i];
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "vessel", *v->name ? v->name : NULL);
        pl__json_put_string(o, "vessel_imo", *v->imo ? v->imo : NULL);
        pl__json_put_number(o, "dwt_t", v->dwt_t, 1);
        pl__json_put_string(o, "dwt_source", pl_dwt_source_name(v->dwt_source));
        pl__json_put_integer(o, "visits", v->visits);
        put_day(o, "first", v->from_s);
        put_day(o, "last", v->to_s);
        put_band(o, "oil_bbl", &v->oil_bbl, 0);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_days(pl_json_out *o, const pl_findings *f) {
    pl__json_begin_array(o, "by_date");
    for (int i = 0; i < f->days; i++) {
        const pl_finding_day *d = &f->day[i];
        pl__json_begin_object(o, NULL);
        put_day(o, "date", d->day_s);
        pl__json_put_integer(o, "visits", d->visits);
        pl__json_put_integer(o, "visits_so_far", d->visits_so_far);
        put_band(o, "oil_bbl", &d->oil_bbl, 0);
        pl__json_put_number(o, "p_over_cap", d->p_over_cap, 4);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_charts(pl_json_out *o, const pl_findings *f) {
    pl__json_begin_array(o, "conversions");
    for (int i = 0; i < f->charts; i++) {
        const pl_finding_chart *c = &f->chart[i];
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "conversion", c->conversion);
        pl__json_put_number(o, "bbl_per_t", c->bbl_per_t, 4);
        pl__json_put_string(o, "conversion_evidence", c->evidence);
        put_band(o, "oil_bbl", &c->oil_bbl, 0);
        pl__json_put_number(o, "p_over_cap", c->p_over_cap, 4);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_counts(pl_json_out *o, const pl_findings *f) {
    static const char *const USE[] = {NULL,      "discharging", "nothing",
                                      "unclear", "dubious",     "outside_period"};
    pl__json_begin_object(o, "left_out");
    for (int k = PL_CALL_DISCHARGING; k < PL_CALL_USES; k++)
        pl__json_put_integer(o, USE[k], f->use[k]);
    pl__json_end(o);
    put_band(o, "discharged_bbl", &f->discharged_bbl, 0);
    pl__json_begin_object(o, "load_from");
    pl__json_put_integer(o, "pictures", f->measured);
    pl__json_put_integer(o, "pictures_reviewed", f->reviewed);
    pl__json_put_integer(o, "table", f->stated);
    pl__json_put_integer(o, "table_without_sigma", f->exact_loads);
    pl__json_put_integer(o, "prior", f->assumed);
    pl__json_end(o);
    pl__json_begin_object(o, "dwt_from");
    for (int k = 0; k < PL_DWT_SOURCES; k++)
        pl__json_put_integer(o, pl_dwt_source_name((pl_dwt_source)k), f->dwt[k]);
    pl__json_end(o);
}

static void put_unseen(pl_json_out *o, const pl_unseen *u) {
    pl__json_put_number(o, "unseen_visits_p05", u->visits.p05, 0);
    pl__json_put_number(o, "unseen_visits_p50", u->visits.p50, 0);
    pl__json_put_number(o, "unseen_visits_p95", u->visits.p95, 0);
    pl__json_put_number(o, "covered_share", u->covered_share, 3);
    pl__json_put_integer(o, "pictures", u->pictures);
}

static void put_about(pl_json_out *o, const pl_findings *f, const pl_findings_about *a) {
    pl__json_put_string(o, "plimsoll:version", pl_version());
    pl__json_begin_object(o, "source");
    pl__json_put_string(o, "file", a->source);
    pl__json_put_string(o, "sha256", *a->sha256 ? a->sha256 : NULL);
    pl__json_end(o);
    pl__json_begin_array(o, "warnings");
    for (int i = 0; i < a->warnings; i++) pl__json_put_string(o, NULL, a->warning[i]);
    pl__json_end(o);
    pl__json_put_integer(o, "draws", f->draws);
    pl__json_put_integer(o, "seed", (long long)f->seed);
}

static void put_cap(pl_json_out *o, const pl_findings *f, const pl_findings_about *a) {
    pl__json_put_number(o, "cap_bbl", f->cap_bbl, 0);
    pl__json_put_string(o, "cap_period", f->by_year ? "calendar_year" : "since_until");
    put_day(o, "since", a->since_s);
    put_day(o, "until", a->until_s);
    pl__json_put_number(o, "p_over_cap", f->all.visits > 0 ? f->all.p_over_cap : NAN, 4);
    put_passed(o, f->all.passed_s);
}

static char *as_json(const pl_findings *f, const pl_findings_about *a) {
    pl_json_out *o = pl__json_out_new(true);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_put_integer(o, "visits", f->all.visits);
    put_band(o, "oil_bbl", &f->all.oil_bbl, 0);
    pl__json_put_bool(o, "lower_bound", true);
    put_cap(o, f, a);
    put_band(o, "load_fraction", &f->load_fraction, 3);
    pl__json_put_string(o, "load_fraction_of", "deadweight");
    put_scenarios(o, f, &f->all);
    pl__json_put_string(o, "product", f->product);
    pl__json_put_string(o, "conversion", f->conversion);
    pl__json_put_number(o, "bbl_per_t", f->bbl_per_t, 4);
    pl__json_put_string(o, "conversion_evidence", f->evidence);
    put_charts(o, f);
    put_unseen(o, &f->unseen);
    put_counts(o, f);
    put_periods(o, f);
    put_months(o, f);
    put_vessels(o, f);
    put_days(o, f);
    put_about(o, f, a);
    pl__json_end(o);
    char *text = pl__json_out_finish(o), *line = NULL;
    pl__json_out_free(o);
    if (text && asprintf(&line, "%s\n", text) < 0) line = NULL;
    free(text);
    return line;
}

pl_status pl_findings_text(const pl_findings *findings, const pl_findings_about *about,
                           pl_format format, char **out, pl_error *error) {
    *out = format == PL_FORMAT_CSV     ? pl__findings_csv(findings)
           : format == PL_FORMAT_TABLE ? pl__findings_table(findings, about)
                                       : as_json(findings, about);
    return *out ? PL_OK : pl__fail_memory(error, "results");
}
