/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do findings look to a spreadsheet, and to a person at a terminal? */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/internal.h"

char *pl__findings_csv(const pl_findings *f) {
    pl_text t = {0};
    pl__results_print(&t, "date,visits,visits_so_far,oil_bbl_p05,oil_bbl_p25,oil_bbl_p50,"
                          "oil_bbl_p75,oil_bbl_p95,p_over_cap\r\n");
    for (int i = 0; i < f->days; i++) {
        const pl_finding_day *d = &f->day[i];
        const pl_band *b = &d->oil_bbl;
        char day[32];
        pl__findings_day(d->day_s, day);
        pl__results_print(&t, "%s,%d,%d,%.0f,%.0f,%.0f,%.0f,%.0f,%.4f\r\n", day, d->visits,
                          d->visits_so_far, b->p05, b->p25, b->p50, b->p75, b->p95, d->p_over_cap);
    }
    return pl__results_text_take(&t);
}

/* ---- for people ---- */

static void put_number(pl_text *t, double x) {
    char plain[32];
    snprintf(plain, sizeof plain, "%.0f", x);
    int digits = (int)strlen(plain);
    for (int i = 0; i < digits; i++)
        pl__results_print(t, "%c%s", plain[i],
                          (digits - 1 - i) % 3 == 0 && i < digits - 1 && plain[i] != '-' ? ","
                                                                                         : "");
}

static void put_range(pl_text *t, const pl_band *b) {
    put_number(t, pl__results_three_figures(b->p50));
    pl__results_print(t, " (");
    put_number(t, pl__results_three_figures(b->p05));
    pl__results_print(t, " - ");
    put_number(t, pl__results_three_figures(b->p95));
    pl__results_print(t, ")");
}

static void put_probability(pl_text *t, double p, int draws) {
    double least = 1.0 / draws;
    if (isnan(p))
        pl__results_print(t, "nothing was observed");
    else if (p < least)
        pl__results_print(t, "below %.2g %%", 100 * least);
    else if (p > 1 - least)
        pl__results_print(t, "above %.6g %%", 100 * (1 - least));
    else
        pl__results_print(t, "%.*f %%", p < 0.1 || p > 0.9 ? 1 : 0, 100 * p);
}

static void put_passed(pl_text *t, const double passed_s[3]) {
    char even[32], sure[32];
    pl__findings_day(passed_s[1], even);
    pl__findings_day(passed_s[2], sure);
    if (!*even) {
        pl__results_print(t, "; on no day more probable than not");
        return;
    }
    pl__results_print(t, "; more probable than not from %s", even);
    if (*sure) pl__results_print(t, ", by 95 %% from %s", sure);
}

static void put_period(pl_text *t, const pl_findings *f, const pl_finding *y) {
    pl__results_print(t, "%-14s%d calls, ", y->year ? y->name : "period", y->visits);
    put_range(t, &y->oil_bbl);
    pl__results_print(t, " bbl; over ");
    put_number(t, f->cap_bbl);
    pl__results_print(t, ": ");
    put_probability(t, y->p_over_cap, f->draws);
    put_passed(t, y->passed_s);
    pl__results_print(t, "\n");
    for (int k = 0; k < PL_SCENARIOS; k++) {
        const pl_scenario *s = &y->scenario[k];
        pl__results_print(t, "  all %3.0f %%    ", 100 * s->load_fraction);
        put_number(t, s->oil_bbl);
        pl__results_print(t, " bbl%s\n", s->oil_bbl > f->cap_bbl ? ", over the cap" : "");
    }
}

static void put_left_out(pl_text *t, const pl_findings *f) {
    static const char *const WORDS[] = {"",
                                        "that discharged",
                                        "where nothing went either way",
                                        "of unclear direction or unknown cargo",
                                        "of doubtful measurement",
                                        "outside the period"};
    for (int k = PL_CALL_DISCHARGING; k < PL_CALL_USES; k++)
        if (f->use[k] > 0) pl__results_print(t, "not in it     %d calls %s\n", f->use[k], WORDS[k]);
    if (f->use[PL_CALL_DISCHARGING] > 0) {
        pl__results_print(t, "discharged    ");
        put_range(t, &f->discharged_bbl);
        pl__results_print(t, " bbl, not subtracted\n");
    }
}

static void put_unseen(pl_text *t, const pl_unseen *u) {
    if (u->pictures <= 0) return;
    if (isnan(u->visits.p50)) {
        pl__results_print(t, "unseen calls  unknown: the pictures cover too little\n");
        return;
    }
    pl__results_print(t,
                      "unseen calls  %.0f (%.0f - %.0f), not in it; %.0f %% of calls would be seen "
                      "in %d pictures\n",
                      u->visits.p50, u->visits.p05, u->visits.p95, 100 * u->covered_share,
                      u->pictures);
}

static void put_sources(pl_text *t, const pl_findings *f) {
    pl__results_print(
        t, "loads         %d measured (%d of them reviewed), %d stated, %d by the prior\n",
        f->measured, f->reviewed, f->stated, f->assumed);
    pl__results_print(t, "deadweights  ");
    for (int k = 0; k < PL_DWT_SOURCES; k++)
        if (f->dwt[k] > 0)
            pl__results_print(t, " %d by %s", f->dwt[k], pl_dwt_source_name((pl_dwt_source)k));
    pl__results_print(t, "\n");
}

static void put_charts(pl_text *t, const pl_findings *f) {
    for (int i = 0; i < f->charts; i++) {
        const pl_finding_chart *c = &f->chart[i];
        pl__results_print(t, "%-14s%.2f bbl/t of %s: ", c->conversion, c->bbl_per_t, f->product);
        put_range(t, &c->oil_bbl);
        pl__results_print(t, " bbl, over the cap: ");
        put_probability(t, c->p_over_cap, f->draws);
        pl__results_print(t, " (%s)\n", c->evidence);
    }
}

static void put_vessels(pl_text *t, const pl_findings *f) {
    enum { MOST = 20 };
    for (int i = 0; i < f->vessels && i < MOST; i++) {
        const pl_finding *v = &f->vessel[i];
        pl__results_print(t, "  %-24.24s %3d calls  %6.0f t (%s)  ", *v->name ? v->name : "-",
                          v->visits, v->dwt_t, pl_dwt_source_name(v->dwt_source));
        put_range(t, &v->oil_bbl);
        pl__results_print(t, " bbl\n");
    }
    if (f->vessels > MOST) pl__results_print(t, "  and %d more\n", f->vessels - MOST);
}

char *pl__findings_table(const pl_findings *f, const pl_findings_about *about) {
    pl_text t = {0};
    pl__results_print(&t, "%s\n", about->source);
    pl__results_print(&t, "observed      %d calls of %d ships: ", f->all.visits, f->vessels);
    put_range(&t, &f->all.oil_bbl);
    pl__results_print(&t, " bbl (90 %%), a lower bound on the traffic\n");
    for (int i = 0; i < f->years; i++) put_period(&t, f, &f->year[i]);
    put_left_out(&t, f);
    put_unseen(&t, &f->unseen);
    put_sources(&t, f);
    put_charts(&t, f);
    put_vessels(&t, f);
    return pl__results_table_take(&t);
}
