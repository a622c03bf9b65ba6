/* SPDX-License-Identifier: GPL-3.0-or-later */
/* So many calls, so many barrels: when was the cap passed, and how probably?
 *
 * Calls are put in the order of time and drawn many times over (findings_draw.c). A draw is one
 * world: in it every sum is a number, the cap is passed on one day or not at all, and probabilities
 * are shares of worlds. The headline sums observed calls that loaded, and nothing else: it is a
 * lower bound on the traffic. What was brought is not taken off what was carried away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "visit/findings.h"

static const char FLOOR[] = "visit";
static const double DAY_S = 86400;
static const double LOADS[PL_SCENARIOS] = {1, 0.9, 0.5, 1.0 / 3};
static const double PASSED[3] = {0.05, 0.5, 0.95};

enum { CALLS_MOST = 100000, DRAWS_MOST = 1000000 };
/* Draws are kept where they fit into so much memory, else made again for each sum. */
static const size_t KEPT_BYTES = (size_t)256 << 20;

/* The run: callers in order, and sums by draw. */
typedef struct run {
    const pl_load_models *models;
    const pl_findings_options *options;
    pl_arena *arena;
    pl__oil oil;
    pl__shared *shared;
    pl__caller *caller;
    int count, draws;
    double *sum_t, *full_t, *work; /* of what is summed now: cargo, deadweight */
    double *peak_t;                /* the most of a cap's period */
    bool *passed;                  /* has any period's cap been passed? */
    double *cargo_t, *dwt_t;       /* every call's draws; NULL: they do not fit */
} run;

const char *pl_dwt_source_name(pl_dwt_source source) {
    static const char *const NAME[] = {"table", "registry", "picture", "dimensions", "fleet"};
    return (unsigned)source < PL_DWT_SOURCES ? NAME[source] : NULL;
}

/* ---- what is known of a call ---- */

static pl_call_use use_of(const run *r, const pl_call *c) {
    const pl_findings_options *o = r->options;
    if (c->left_s < o->since_s || c->left_s >= o->until_s) return PL_CALL_OUTSIDE;
    bool dubious = c->status == PL_DUBIOUS && !o->include_dubious;
    if (c->direction == PL_DIRECTION_UNCLEAR || c->status == PL_REFUSED) {
        if (!o->include_unclear) return PL_CALL_UNCLEAR;
        return dubious ? PL_CALL_DUBIOUS : PL_CALL_COUNTED;
    }
    if (c->direction == PL_DIRECTION_NONE) return PL_CALL_NOTHING;
    if (dubious) return PL_CALL_DUBIOUS;
    return c->direction == PL_DIRECTION_DISCHARGING ? PL_CALL_DISCHARGING : PL_CALL_COUNTED;
}

static void date_of(pl__caller *caller) {
    char text[32] = "";
    caller->day_s = floor(caller->call->left_s / DAY_S) * DAY_S;
    pl__geo_time_format(caller->day_s, text, sizeof text);
    caller->year = (int)strtol(text, NULL, 10);
    caller->month = strlen(text) > 7 ? (int)strtol(text + 5, NULL, 10) : 0;
}

static pl_status look(const run *r, pl__caller *caller, const pl_call *about, pl_error *error) {
    pl_load_input known = PL_LOAD_INPUT_INIT;
    const pl_findings_options *o = r->options;
    known.length_m = about->loa_m;
    known.beam_m = about->beam_m;
    if (!about->inferred) {
        known.dwt_t = about->dwt_t.value;
        known.dwt_sigma_t = about->dwt_t.sigma;
    }
    pl_error why = PL_ERROR_INIT;
    pl_status status = pl__unmeasured_look(r->models, &known, &r->oil, o->dwt_least_t,
                                           o->dwt_most_t, &caller->ship, &why);
    if (status)
        return pl__fail(error, status, FLOOR, "%.60s: %.160s",
                        *about->vessel ? about->vessel : about->ship, why.message);
    caller->dwt_t = about->dwt_t.value;
    if (!isnan(about->dwt_t.value) && about->inferred) { /* the fleet is in it already */
        caller->ship.sized = true;
        caller->ship.classes = 1;
        caller->ship.of[0].share = 1;
        caller->ship.of[0].ln_dwt = log(about->dwt_t.value);
        caller->ship.of[0].ln_sigma = about->dwt_t.sigma / about->dwt_t.value;
        caller->source = PL_DWT_PICTURE;
    } else if (!isnan(about->dwt_t.value)) {
        caller->source = about->listed ? PL_DWT_REGISTRY : PL_DWT_GIVEN;
    } else {
        caller->source = caller->ship.sized ? PL_DWT_DIMENSIONS : PL_DWT_FLEET;
    }
    return PL_OK;
}

/* Unknown numbers come first. */
static int by_number(double a, double b) {
    if (isnan(a) || isnan(b)) return isnan(b) - isnan(a);
    return (a > b) - (a < b);
}

/* By ship, then time; what else they say only makes the order of the input not matter. */
static int by_ship(const void *a, const void *b) {
    const pl_call *x = ((const pl__caller *)a)->call, *y = ((const pl__caller *)b)->call;
    int order = strcmp(x->ship, y->ship);
    if (!order) order = by_number(x->left_s, y->left_s);
    if (!order) order = by_number(x->dwt_t.value, y->dwt_t.value);
    if (!order) order = by_number(x->load_fraction.value, y->load_fraction.value);
    if (!order) order = by_number(x->loa_m.value, y->loa_m.value);
    if (!order) order = by_number(x->beam_m.value, y->beam_m.value);
    return order ? order : by_number(x->cargo_t.p50, y->cargo_t.p50);
}

static int by_time(const void *a, const void *b) {
    const pl__caller *x = a, *y = b;
    if (x->call->left_s != y->call->left_s) return x->call->left_s < y->call->left_s ? -1 : 1;
    return (x->own > y->own) - (x->own < y->own);
}

/* How much does this call say of her size? */
static int says(const pl_call *c) {
    if (!isnan(c->dwt_t.value)) return c->inferred ? 2 : 4;
    return (!isnan(c->loa_m.value)) + (!isnan(c->beam_m.value));
}

/* Calls of one ship, side by side: what one of them says of her goes for all. Each gets streams of
 * its own, named by ship, time and place among equals. */
static pl_status know_ship(run *r, int first, int end, pl_error *error) {
    bool named = *r->caller[first].call->ship;
    const pl_call *best = r->caller[first].call;
    pl_status status = PL_OK;
    for (int i = first + 1; i < end; i++)
        if (named && says(r->caller[i].call) > says(best)) best = r->caller[i].call;
    for (int i = first; i < end && !status; i++) {
        pl__caller *c = &r->caller[i];
        char place[64];
        snprintf(place, sizeof place, "call %.0f %d", c->call->left_s, i - first);
        c->ship_name = pl__random_name(1, c->call->ship);
        if (!named) c->ship_name = pl__random_name(2, place);
        c->own = pl__random_name(c->ship_name, place);
        c->use = use_of(r, c->call);
        date_of(c);
        status = look(r, c, named ? best : c->call, error);
    }
    return status;
}

static pl_status know_all(run *r, const pl_call *calls, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < r->count; i++) r->caller[i].call = &calls[i];
    qsort(r->caller, (size_t)r->count, sizeof *r->caller, by_ship);
    for (int i = 0, end; i < r->count && !status; i = end) {
        const char *ship = r->caller[i].call->ship;
        for (end = i + 1; end < r->count && strcmp(r->caller[end].call->ship, ship) == 0; end++)
            ;
        status = know_ship(r, i, end, error);
    }
    return status;
}

/* ---- sums ---- */

/* A call's draws into r->work, or where they are kept. */
static const double *cargoes(run *r, const pl__caller *c) {
    if (r->cargo_t) return r->cargo_t + (size_t)c->slot * (size_t)r->draws;
    for (int d = 0; d < r->draws; d++)
        r->work[d] = pl__caller_cargo(c, &r->shared[d], r->options->load.seed, d);
    return r->work;
}

static const double *deadweights(run *r, const pl__caller *c) {
    if (r->dwt_t) return r->dwt_t + (size_t)c->slot * (size_t)r->draws;
    for (int d = 0; d < r->draws; d++)
        r->work[d] = pl__caller_deadweight(c, &r->shared[d], r->options->load.seed, d);
    return r->work;
}

/* Keeps the draws of all callers, in the order they have now. */
static pl_status keep(run *r, pl_error *error) {
    size_t draws = (size_t)r->draws, n = (size_t)r->count * draws;
    for (int i = 0; i < r->count; i++) r->caller[i].slot = i;
    if (2 * n * sizeof(double) > KEPT_BYTES) return PL_OK;
    double *cargo_t = pl__arena_array(r->arena, n + 1, sizeof *cargo_t);
    double *dwt_t = pl__arena_array(r->arena, n + 1, sizeof *dwt_t);
    if (!cargo_t || !dwt_t) return pl__fail_memory(error, FLOOR);
    for (int i = 0; i < r->count; i++) {
        memcpy(cargo_t + (size_t)i * draws, cargoes(r, &r->caller[i]), draws * sizeof *cargo_t);
        memcpy(dwt_t + (size_t)i * draws, deadweights(r, &r->caller[i]), draws * sizeof *dwt_t);
    }
    r->cargo_t = cargo_t;
    r->dwt_t = dwt_t;
    return PL_OK;
}

static void add(run *r, const pl__caller *c) {
    const double *cargo_t = cargoes(r, c);
    for (int d = 0; d < r->draws; d++) r->sum_t[d] += cargo_t[d];
}

static void add_full(run *r, const pl__caller *c) {
    const double *dwt_t = deadweights(r, c);
    for (int d = 0; d < r->draws; d++) r->full_t[d] += dwt_t[d];
}

static void clear(run *r) {
    memset(r->sum_t, 0, (size_t)r->draws * sizeof *r->sum_t);
    memset(r->full_t, 0, (size_t)r->draws * sizeof *r->full_t);
}

static pl_band barrels(run *r, const double *tonnes, double share) {
    for (int d = 0; d < r->draws; d++) r->work[d] = share * tonnes[d] * r->shared[d].bbl_per_t;
    return pl__band_of(r->work, r->draws);
}

static double p_over(run *r, const double *tonnes, double share) {
    for (int d = 0; d < r->draws; d++) r->work[d] = share * tonnes[d] * r->shared[d].bbl_per_t;
    return pl__share_above(r->work, r->draws, r->options->cap_bbl);
}

static double mean(const double *value, int count) {
    double sum = 0;
    for (int d = 0; d < count; d++) sum += value[d];
    return sum / count;
}

/* The ships' deadweights as they are given; of those inferred without a picture the mean. */
static double given_dwt(run *r, const pl__caller *c) {
    return isnan(c->dwt_t) ? mean(deadweights(r, c), r->draws) : c->dwt_t;
}

static double middle_bbl_per_t(const run *r) {
    return pl__oil_barrels_per_t(&r->oil, r->oil.density_t_m3);
}

static void count_in(pl_finding *f, const pl__caller *c) {
    if (f->visits++ == 0) f->from_s = c->call->left_s;
    f->to_s = c->call->left_s;
}

static void scenarios(run *r, double dwt_t, pl_finding *f) {
    for (int k = 0; k < PL_SCENARIOS; k++)
        f->scenario[k] =
            (pl_scenario){LOADS[k], LOADS[k] * dwt_t * middle_bbl_per_t(r),
                          barrels(r, r->full_t, LOADS[k]), p_over(r, r->full_t, LOADS[k])};
}

static void note_passed(double p, double day_s, double passed_s[3]) {
    for (int k = 0; k < 3; k++)
        if (isnan(passed_s[k]) && p > PASSED[k]) passed_s[k] = day_s;
}

/* One day's calls end: how is the cap's period, and how are all of them? */
static void end_day(run *r, pl_finding_day *day, pl_finding *period, pl_finding *all) {
    int any = 0;
    day->oil_bbl = barrels(r, r->sum_t, 1);
    for (int d = 0; d < r->draws; d++) {
        bool over = r->sum_t[d] * r->shared[d].bbl_per_t > r->options->cap_bbl;
        r->passed[d] |= over;
        any += r->passed[d];
        r->peak_t[d] = pl__max(r->peak_t[d], r->sum_t[d]);
    }
    day->p_over_cap = p_over(r, r->sum_t, 1);
    period->p_over_cap = day->p_over_cap;
    all->p_over_cap = (double)any / r->draws;
    note_passed(period->p_over_cap, day->day_s, period->passed_s);
    note_passed(all->p_over_cap, day->day_s, all->passed_s);
}

static bool same_period(const pl_findings *out, const pl__caller *a, const pl__caller *b) {
    return !out->by_year || a->year == b->year;
}

/* The cap's periods one after the other, day by day. Callers are in the order of time. */
static void walk(run *r, pl_findings *out) {
    pl__caller *last = NULL;
    pl_finding *period = NULL;
    pl_finding_day *day = NULL;
    double dwt_t = 0;
    for (int i = 0; i < r->count; i++) {
        pl__caller *c = &r->caller[i];
        if (c->use != PL_CALL_COUNTED) continue;
        if (day && last->day_s != c->day_s) end_day(r, day, period, &out->all);
        if (!last || !same_period(out, last, c)) {
            if (period) {
                period->oil_bbl = barrels(r, r->sum_t, 1);
                scenarios(r, dwt_t, period);
            }
            clear(r);
            dwt_t = 0;
            period = &out->year[out->years++];
            *period = (pl_finding){
                .year = out->by_year ? c->year : 0, .passed_s = {NAN, NAN, NAN}, .dwt_t = NAN};
            if (out->by_year) snprintf(period->name, sizeof period->name, "%04d", c->year);
        }
        if (!last || last->day_s != c->day_s) {
            day = &out->day[out->days++];
            *day = (pl_finding_day){.day_s = c->day_s};
        }
        add(r, c);
        add_full(r, c);
        dwt_t += given_dwt(r, c);
        count_in(period, c);
        count_in(&out->all, c);
        day->visits++;
        day->visits_so_far = period->visits;
        last = c;
    }
    if (!last) return;
    end_day(r, day, period, &out->all);
    period->oil_bbl = barrels(r, r->sum_t, 1);
    scenarios(r, dwt_t, period);
}

/* All that counts, whatever the period; and by the other charts. */
static void total(run *r, pl_findings *out) {
    double dwt_t = 0;
    clear(r);
    for (int i = 0; i < r->count; i++) {
        if (r->caller[i].use != PL_CALL_COUNTED) continue;
        add(r, &r->caller[i]);
        add_full(r, &r->caller[i]);
        dwt_t += given_dwt(r, &r->caller[i]);
    }
    out->all.oil_bbl = barrels(r, r->sum_t, 1);
    if (out->all.visits > 0) scenarios(r, dwt_t, &out->all);
    for (int d = 0; d < r->draws; d++)
        r->work[d] = r->full_t[d] > 0 ? r->sum_t[d] / r->full_t[d] : NAN;
    out->load_fraction =
        out->all.visits > 0 ? pl__band_of(r->work, r->draws) : (pl_band){NAN, NAN, NAN, NAN, NAN};
}

static pl_status charts(run *r, pl_findings *out, pl_error *error) {
    const char *last = "";
    pl_load_options by = r->options->load;
    for (int i = 0; i <= r->models->conversions && out->charts < PL_FINDING_CHARTS; i++) {
        const pl__conversion *c = i < r->models->conversions ? &r->models->conversion[i] : NULL;
        const char *name = c ? c->name : "density";
        if (c && (strcasecmp(c->product, r->oil.product->name) != 0 || strcmp(last, name) == 0))
            continue;
        pl__oil oil;
        by.conversion = last = name;
        pl_status status = pl__load_oil(r->models, &by, &oil, error);
        if (status) return status;
        pl_finding_chart *chart = &out->chart[out->charts++];
        *chart = (pl_finding_chart){.bbl_per_t = pl__oil_barrels_per_t(&oil, oil.density_t_m3)};
        pl__text_copy(chart->conversion, sizeof chart->conversion, oil.conversion);
        pl__text_copy(chart->evidence, sizeof chart->evidence, oil.evidence);
        int over = 0;
        for (int d = 0; d < r->draws; d++) {
            double factor = pl__oil_barrels_per_t(&oil, oil.density_t_m3 +
                                                            oil.density_sigma * r->shared[d].oil);
            r->work[d] = r->sum_t[d] * factor;
            over += r->peak_t[d] * factor > r->options->cap_bbl;
        }
        chart->oil_bbl = pl__band_of(r->work, r->draws);
        /* no call counted: nothing was observed, which is not that nothing was carried */
        chart->p_over_cap = out->all.visits > 0 ? (double)over / r->draws : NAN;
    }
    return PL_OK;
}

static void discharged(run *r, pl_findings *out) {
    clear(r);
    for (int i = 0; i < r->count; i++)
        if (r->caller[i].use == PL_CALL_DISCHARGING) add(r, &r->caller[i]);
    out->discharged_bbl = barrels(r, r->sum_t, 1);
}

/* Those that count, month by month; callers are in the order of time. */
static void months(run *r, pl_findings *out) {
    const pl__caller *last = NULL;
    pl_finding *f = NULL;
    for (int i = 0; i < r->count; i++) {
        const pl__caller *c = &r->caller[i];
        if (c->use != PL_CALL_COUNTED) continue;
        if (!last || last->year != c->year || last->month != c->month) {
            if (f) f->oil_bbl = barrels(r, r->sum_t, 1);
            clear(r);
            f = &out->month[out->months++];
            *f = (pl_finding){
                .p_over_cap = NAN, .passed_s = {NAN, NAN, NAN}, .dwt_t = NAN, .year = c->year};
            snprintf(f->name, sizeof f->name, "%04d-%02d", c->year, c->month);
        }
        add(r, c);
        count_in(f, c);
        last = c;
    }
    if (f) f->oil_bbl = barrels(r, r->sum_t, 1);
}

/* And ship by ship; callers are sorted by ship. */
static void vessels(run *r, pl_findings *out) {
    const pl__caller *last = NULL;
    pl_finding *f = NULL;
    for (int i = 0; i < r->count; i++) {
        const pl__caller *c = &r->caller[i];
        if (c->use != PL_CALL_COUNTED) continue;
        if (!last || last->ship_name != c->ship_name) {
            if (f) f->oil_bbl = barrels(r, r->sum_t, 1);
            clear(r);
            f = &out->vessel[out->vessels++];
            *f = (pl_finding){.p_over_cap = NAN,
                              .passed_s = {NAN, NAN, NAN},
                              .dwt_t = given_dwt(r, c),
                              .dwt_source = c->source};
            pl__text_copy(f->name, sizeof f->name, c->call->vessel);
            pl__text_copy(f->imo, sizeof f->imo, c->call->imo);
        }
        add(r, c);
        count_in(f, c);
        last = c;
    }
    if (f) f->oil_bbl = barrels(r, r->sum_t, 1);
}

static int by_barrels(const void *a, const void *b) {
    const pl_finding *x = a, *y = b;
    if (x->oil_bbl.p50 != y->oil_bbl.p50) return x->oil_bbl.p50 > y->oil_bbl.p50 ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static void tally(const run *r, pl_findings *out) {
    for (int i = 0; i < r->count; i++) {
        const pl__caller *c = &r->caller[i];
        out->use[c->use]++;
        if (c->use != PL_CALL_COUNTED) continue;
        out->dwt[c->source]++;
        if (!isnan(c->call->cargo_t.p50)) {
            out->measured++;
            out->reviewed += c->call->reviewed;
        } else if (!isnan(c->call->load_fraction.value)) {
            out->stated++;
            out->exact_loads += isnan(c->call->load_fraction.sigma);
        } else {
            out->assumed++;
        }
    }
}

/* ---- the run ---- */

static pl_status check(const run *r, pl_error *error) {
    const pl_findings_options *o = r->options;
    const char *fault = NULL;
    if (!(o->cap_bbl > 0 && o->cap_bbl < INFINITY)) fault = "the cap must be above 0";
    if (r->draws < 100 || r->draws > DRAWS_MOST) fault = "draws: 100 to 1000000";
    if (r->count < 0 || r->count > CALLS_MOST) fault = "more than 100000 calls";
    if (!(o->dwt_least_t > 0 && o->dwt_most_t > o->dwt_least_t))
        fault = "bounds of deadweight: two numbers above 0, the second larger";
    if (o->since_s >= o->until_s) fault = "the period ends before it begins";
    return fault ? pl__fail(error, PL_E_USAGE, FLOOR, "%s", fault) : PL_OK;
}

static bool take_memory(run *r, pl_findings *out) {
    size_t n = (size_t)r->count + 1, draws = (size_t)r->draws;
    r->caller = pl__arena_array(r->arena, n, sizeof *r->caller);
    r->shared = pl__arena_array(r->arena, draws, sizeof *r->shared);
    r->sum_t = pl__arena_array(r->arena, 4 * draws, sizeof *r->sum_t);
    r->passed = pl__arena_array(r->arena, draws, sizeof *r->passed);
    out->year = pl__arena_array(r->arena, n, sizeof *out->year);
    out->month = pl__arena_array(r->arena, n, sizeof *out->month);
    out->vessel = pl__arena_array(r->arena, n, sizeof *out->vessel);
    out->day = pl__arena_array(r->arena, n, sizeof *out->day);
    if (!r->caller || !r->shared || !r->sum_t || !r->passed || !out->year || !out->month ||
        !out->vessel || !out->day)
        return false;
    r->full_t = r->sum_t + draws;
    r->work = r->full_t + draws;
    r->peak_t = r->work + draws;
    return true;
}

static void describe(const run *r, pl_findings *out) {
    const pl_findings_options *o = r->options;
    out->cap_bbl = o->cap_bbl;
    out->by_year = isnan(o->since_s) && isnan(o->until_s);
    out->draws = r->draws;
    out->seed = o->load.seed;
    out->bbl_per_t = middle_bbl_per_t(r);
    out->all = (pl_finding){.passed_s = {NAN, NAN, NAN}, .dwt_t = NAN};
    pl__text_copy(out->product, sizeof out->product, r->oil.product->name);
    pl__text_copy(out->conversion, sizeof out->conversion, r->oil.conversion);
    pl__text_copy(out->evidence, sizeof out->evidence, r->oil.evidence);
}

pl_status pl_findings_sum(const pl_load_models *models, const pl_call *calls, int count,
                          const pl_looked *looked, const pl_findings_options *options,
                          pl_arena *arena, pl_findings *out, pl_error *error) {
    run r = {.models = models,
             .options = options,
             .arena = arena,
             .count = count,
             .draws = options->draws};
    *out = (pl_findings){0};
    pl_status status = check(&r, error);
    if (!status) status = pl__load_oil(models, &options->load, &r.oil, error);
    if (status) return status;
    if (!take_memory(&r, out)) return pl__fail_memory(error, FLOOR);
    describe(&r, out);
    status = know_all(&r, calls, error);
    if (status) return status;
    pl__shared_draw(models, &r.oil, options->load.seed, r.draws, r.shared);
    status = keep(&r, error);
    if (status) return status;
    vessels(&r, out);
    qsort(out->vessel, (size_t)out->vessels, sizeof *out->vessel, by_barrels);
    qsort(r.caller, (size_t)count, sizeof *r.caller, by_time);
    tally(&r, out);
    walk(&r, out);
    months(&r, out);
    discharged(&r, out);
    total(&r, out);
    status = charts(&r, out, error);
    if (!status)
        status = pl__unseen_guess(r.caller, count, looked, options, arena, &out->unseen, error);
    return status;
}
