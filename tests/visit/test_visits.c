/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do hulls in pictures become the visits that physics and common sense see in them? The cases are
 * text, in calls.txt. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plimsoll/visit.h"
#include "visit/stay.h"

enum { SHIPS = 8, LOOKS = 40, HULLS = 60, WORDS = 16, EXPECTED = 12 };
static const double FIRST_DAY_S = 1709251200, DAY_S = 86400; /* 2024-03-01 */
static const double LON = 133.08, LAT = 42.73;

static pl_load_models *fleet;
static pl_visit_models *models;

typedef struct ship {
    char name[16], imo[16], source[16];
    double length_m, beam_m;
    int deck;
} ship;

/* A case: what was seen, and what came out. */
typedef struct port {
    char name[64];
    int line;
    pl_visit_options options;
    int ships, hulls, looks, words;
    ship ship[SHIPS];
    pl_observation hull[HULLS];
    pl_coverage look[LOOKS];
    char word[WORDS][80]; /* an analyst's rows */
    bool asked;
    pl_visit_list found;
    int checked;
    pl_arena *arena;
} port;

static int setup(void **state) {
    (void)state;
    return pl_load_models_open(PL_SOURCE_DIR "/models", &fleet, NULL) ||
           pl_visit_models_open(PL_SOURCE_DIR "/models", &models, NULL);
}

static int teardown(void **state) {
    (void)state;
    pl_load_models_free(fleet);
    pl_visit_models_free(models);
    return 0;
}

/* ---- what was seen ---- */

/* Even numbers in -1..1, the same on every machine. */
static double noise(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / (1 << 23) - 1;
}

/* All tankers' decks are alike a little, two pictures of one rather more: correlations as
 * models/same_hull.csv has them. */
static void paint(pl_observation *o, int deck, unsigned picture) {
    unsigned common = 99, own = 1000u + 77u * (unsigned)deck, here = 5000u + picture;
    for (int i = 0; i < 10; i++) (void)noise(&own), (void)noise(&here);
    for (size_t i = 0; i < sizeof o->fingerprint; i++)
        o->fingerprint[i] =
            (int8_t)(127 * (0.24 * noise(&common) + 0.32 * noise(&own) + 0.42 * noise(&here)));
    o->has_fingerprint = true;
}

static void float_her(pl_observation *o) {
    pl_load_input in = PL_LOAD_INPUT_INIT;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    in.length_m = o->length_m;
    in.beam_m = o->beam_m;
    in.freeboard_m = o->freeboard_m;
    assert_int_equal(pl_load_estimate(fleet, &in, &options, &o->load, NULL), PL_OK);
    o->has_load = true;
}

static const ship *find_ship(const port *p, const char *name) {
    for (int i = 0; i < p->ships; i++)
        if (strcmp(p->ship[i].name, name) == 0) return &p->ship[i];
    fail_msg("%s: no ship %s", p->name, name);
    return NULL;
}

static void add_look(port *p, const char *rest) {
    double day = NAN, unseen = 0;
    sscanf(rest, "%lf %lf", &day, &unseen);
    assert_true(p->looks < LOOKS);
    pl_coverage *c = &p->look[p->looks++];
    *c = (pl_coverage){.acquired_s = FIRST_DAY_S + day * DAY_S,
                       .gsd_m = 0.5,
                       .searched = {LON - 0.1, LAT - 0.1, LON + 0.3, LAT + 0.1},
                       .corner = {{LON - 0.2, LAT - 0.2},
                                  {LON + 0.4, LAT - 0.2},
                                  {LON + 0.4, LAT + 0.2},
                                  {LON - 0.2, LAT + 0.2}},
                       .unseen_share = unseen};
    snprintf(c->scene_id, sizeof c->scene_id, "look-%g", day);
    snprintf(c->port, sizeof c->port, "Port");
}

static void add_hull(port *p, const char *rest) {
    char name[16], how[16] = "";
    int berth = 1;
    double freeboard = NAN, sigma = 0.2;
    if (sscanf(rest, "%15s %d %lf %lf %15s", name, &berth, &freeboard, &sigma, how) < 3)
        fail_msg("%s: %s", p->name, rest);
    const ship *s = find_ship(p, name);
    const pl_coverage last = p->look[p->looks - 1], *look = &last;
    assert_true(p->hulls < HULLS);
    unsigned seed = 31u * (unsigned)p->hulls + 7u, picture = (unsigned)p->hulls;
    pl_observation *o = &p->hull[p->hulls++];
    bool refused = strcmp(how, "refused") == 0, other = strcmp(how, "other") == 0;
    *o = (pl_observation){.acquired_s = look->acquired_s,
                          .gsd_m = 0.5,
                          .lon_deg = LON + 0.0122 * berth + 1e-4 * noise(&seed),
                          .lat_deg = LAT + 1e-4 * noise(&seed),
                          .heading_rad = 0.7 + 0.01 * noise(&seed),
                          .heading_sigma_rad = 0.01,
                          .bow_certain = true,
                          .length_m = {s->length_m * (1 + 0.004 * noise(&seed)), 0.6},
                          .beam_m = {s->beam_m * (1 + 0.01 * noise(&seed)), 0.25},
                          .vessel_class = other ? PL_CLASS_OTHER : PL_CLASS_TANKER,
                          .tanker_probability = other ? 0.02 : 0.95,
                          .status = refused                       ? PL_REFUSED
                                    : strcmp(how, "dubious") == 0 ? PL_DUBIOUS
                                                                  : PL_OK,
                          .has_freeboard = true,
                          .freeboard_m = {freeboard, sigma},
                          .trim_m = {NAN, NAN}};
    if (refused) o->freeboard_m = (pl_quantity){NAN, NAN};
    if (strcmp(how, "corrected") == 0) o->reviewed = PL_REVIEW_CORRECT;
    if (strcmp(how, "accepted") == 0) o->reviewed = PL_REVIEW_ACCEPT;
    if (o->reviewed != PL_REVIEW_NONE) snprintf(o->reviewer, sizeof o->reviewer, "Ann");
    snprintf(o->hull_id, sizeof o->hull_id, "%.60s/%s", look->scene_id, name);
    snprintf(o->scene_id, sizeof o->scene_id, "%.60s", look->scene_id);
    snprintf(o->port, sizeof o->port, "Port");
    bool number = *s->imo >= '0' && *s->imo <= '9';
    snprintf(o->vessel_imo, sizeof o->vessel_imo, "%s", number ? s->imo : "");
    snprintf(o->vessel_name, sizeof o->vessel_name, "%s", number ? "" : s->imo);
    snprintf(o->vessel_source, sizeof o->vessel_source, "%s", s->source);
    paint(o, s->deck, picture);
    if (!refused && !other) float_her(o);
}

/* ---- asking ---- */

static pl_identities *analyst(port *p) {
    char file[64] = "/tmp/plimsoll-identify-XXXXXX";
    pl_identities *ids = NULL;
    if (p->words == 0) return NULL;
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    FILE *f = fdopen(fd, "w");
    fputs("hull_id,same_as,different_from\n", f);
    for (int i = 0; i < p->words; i++) {
        char kind[16], a[16], b[16], row[2][96] = {"", ""};
        sscanf(p->word[i], "%15s %15s %15s", kind, a, b);
        for (int k = 0; k < p->hulls; k++) {
            const char *id = p->hull[k].hull_id, *of = strrchr(id, '/') + 1;
            if (strcmp(of, a) == 0 && !*row[0]) snprintf(row[0], 96, "%s", id);
            if (strcmp(of, b) == 0 && !*row[1]) snprintf(row[1], 96, "%s", id);
        }
        fprintf(f, strcmp(kind, "same") == 0 ? "%s,%s,\n" : "%s,,%s\n", row[0], row[1]);
    }
    fclose(f);
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_identities_open(file, &ids, &error), PL_OK);
    unlink(file);
    assert_int_equal(pl_identities_apply(ids, p->hull, p->hulls, &error), PL_OK);
    return ids;
}

static void ask(port *p) {
    if (p->asked) return;
    pl_identities *ids = analyst(p);
    pl_sighted sighted = {p->hull, p->hulls, p->look, p->looks, ids};
    p->arena = pl_arena_new(0);
    assert_int_equal(
        pl_visits_find(models, fleet, &sighted, &p->options, p->arena, &p->found, NULL), PL_OK);
    pl_identities_free(ids);
    p->asked = true;
}

static void show(const port *p) {
    static const char *const STATUS[] = {"measured", "dubious", "refused"};
    for (int i = 0; i < p->found.count; i++) {
        const pl_visit *v = &p->found.visit[i];
        print_message("  %s %g..%g n=%d %s %s same %.3f t %.0f..%.0f key %s:", v->visit_id,
                      (v->first_seen_s - FIRST_DAY_S) / DAY_S,
                      (v->last_seen_s - FIRST_DAY_S) / DAY_S, v->observations,
                      pl_direction_name(v->direction), STATUS[v->status], v->same_hull,
                      v->transfer_t.p05, v->transfer_t.p95, v->ship);
        for (int r = 0; r < PL_REASON_COUNT; r++)
            if (v->reasons & PL_BIT(r)) print_message(" %s", pl_reason_code((pl_reason)r));
        print_message("\n");
    }
}

#define EXPECT(p, fact)                                                                            \
    do {                                                                                           \
        if (!(fact)) {                                                                             \
            show(p);                                                                               \
            fail_msg("%s, line %d: %s", (p)->name, (p)->line, #fact);                              \
        }                                                                                          \
    } while (0)

/* Of the reasons, those that tell of the call. */
static const pl_reasons OF_CALLS = PL_BIT(PL_SEEN_ONCE) | PL_BIT(PL_ARRIVAL_UNSEEN) |
                                   PL_BIT(PL_DEPARTURE_UNSEEN) | PL_BIT(PL_SAME_HULL_UNSURE) |
                                   PL_BIT(PL_IDENTITY_CONTRADICTED);

static void check_visit(port *p, const char *rest) {
    static const char *const STATUS[] = {"measured", "dubious", "refused"};
    char name[16], direction[16], status[16], id[96];
    double from, to;
    int n, used = 0;
    pl_reasons reasons = 0;
    ask(p);
    if (sscanf(rest, "%15s %lf %lf %d %15s %15s%n", name, &from, &to, &n, direction, status,
               &used) != 6)
        fail_msg("%s: %s", p->name, rest);
    for (const char *word = rest + used; *(word += strspn(word, " ")); word += strcspn(word, " "))
        for (int r = 0; r < PL_REASON_COUNT; r++) {
            const char *code = pl_reason_code((pl_reason)r);
            if (strncmp(word, code, strlen(code)) == 0 && strcspn(word, " ") == strlen(code))
                reasons |= PL_BIT(r);
        }
    EXPECT(p, p->checked < p->found.count);
    const pl_visit *v = &p->found.visit[p->checked++];
    snprintf(id, sizeof id, "visit:look-%g/%s", from, name);
    EXPECT(p, strcmp(v->visit_id, id) == 0);
    EXPECT(p, fabs(v->first_seen_s - FIRST_DAY_S - from * DAY_S) < 1);
    EXPECT(p, fabs(v->last_seen_s - FIRST_DAY_S - to * DAY_S) < 1);
    EXPECT(p, v->observations == n);
    EXPECT(p, strcmp(pl_direction_name(v->direction), direction) == 0);
    EXPECT(p, strcmp(STATUS[v->status], status) == 0);
    EXPECT(p, (v->reasons & OF_CALLS) == reasons);
    /* what nobody saw is no number, and never 0 */
    EXPECT(p, (v->status == PL_REFUSED) == isnan(v->transfer_bbl.p50));
    EXPECT(p, (v->status == PL_REFUSED) == isnan(v->transfer_t.p05));
    EXPECT(p, isnan(v->same_hull) == (v->observations == 1));
}

static void check_last(port *p, const char *what, const char *rest) {
    double low = NAN, high = NAN;
    ask(p);
    EXPECT(p, p->checked > 0);
    const pl_visit *v = &p->found.visit[p->checked - 1];
    if (strcmp(what, "reviewed") == 0) {
        EXPECT(p, strncmp(v->reviewed, rest, strlen(v->reviewed)) == 0);
        EXPECT(p, strlen(v->reviewed) >= strlen("accepted by Ann"));
        return;
    }
    sscanf(rest, "%lf %lf", &low, &high);
    if (strcmp(what, "transfer") == 0) {
        EXPECT(p, v->transfer_t.p05 < high && v->transfer_t.p95 > low);
        EXPECT(p, v->transfer_t.p50 > low && v->transfer_t.p50 < high);
        double sigma = (v->transfer_bbl.p95 - v->transfer_bbl.p05) / 3.29;
        EXPECT(p, v->ship_sigma_bbl > 0 && v->ship_sigma_bbl < 1.1 * sigma);
        EXPECT(p, v->common_sigma_bbl == 0); /* a chart's number of barrels in a tonne is exact */
    } else if (strcmp(what, "pair") == 0) {
        EXPECT(p, v->same_hull >= low && v->same_hull <= high);
    } else {
        double day = ((strcmp(what, "after") == 0 ? v->arrived_after_s : v->departed_before_s) -
                      FIRST_DAY_S) /
                     DAY_S;
        EXPECT(p, isnan(low) ? isnan(day) : fabs(day - low) < 1e-6);
    }
}

static void check_ships(port *p, const char *what, const char *rest) {
    int a = 0, b = 0;
    ask(p);
    sscanf(rest, "%d %d", &a, &b);
    EXPECT(p, a >= 1 && b >= 1 && a <= p->found.count && b <= p->found.count);
    bool one = strcmp(p->found.visit[a - 1].ship, p->found.visit[b - 1].ship) == 0;
    EXPECT(p, one == (strcmp(what, "oneship") == 0));
}

static void end_case(port *p) {
    if (*p->name) {
        ask(p);
        EXPECT(p, p->checked == p->found.count);
    }
    pl_arena_free(p->arena);
    memset(p, 0, sizeof *p);
    p->options = (pl_visit_options)PL_VISIT_OPTIONS_INIT;
}

static void take_line(port *p, const char *what, const char *rest) {
    if (strcmp(what, "port") == 0) {
        p->options.port_does =
            strcmp(rest, "loading") == 0 ? PL_DIRECTION_LOADING : PL_DIRECTION_DISCHARGING;
    } else if (strcmp(what, "option") == 0) {
        p->options.use_dubious |= strcmp(rest, "dubious") == 0;
        p->options.all_classes |= strcmp(rest, "others") == 0;
    } else if (strcmp(what, "ship") == 0) {
        ship *s = &p->ship[p->ships++];
        int n = sscanf(rest, "%15s %lf %lf %d %15s %15s", s->name, &s->length_m, &s->beam_m,
                       &s->deck, s->imo, s->source);
        assert_true(n >= 4 && p->ships <= SHIPS);
    } else if (strcmp(what, "look") == 0) {
        add_look(p, rest);
    } else if (strcmp(what, "hull") == 0) {
        add_hull(p, rest);
    } else if (strcmp(what, "same") == 0 || strcmp(what, "differ") == 0) {
        snprintf(p->word[p->words++], sizeof p->word[0], "%.15s %.60s", what, rest);
    } else if (strcmp(what, "visit") == 0) {
        check_visit(p, rest);
    } else if (strstr(what, "ship")) {
        check_ships(p, what, rest);
    } else {
        check_last(p, what, rest);
    }
}

static void cases(void **state) {
    (void)state;
    static port p;
    char line[300], what[16];
    int number = 0, count = 0, used;
    FILE *f = fopen(PL_SOURCE_DIR "/tests/visit/calls.txt", "r");
    assert_non_null(f);
    end_case(&p);
    while (fgets(line, sizeof line, f)) {
        number++;
        line[strcspn(line, "#\n")] = '\0';
        used = 0;
        if (sscanf(line, "%15s %n", what, &used) != 1) continue;
        if (strcmp(what, "case") == 0) {
            end_case(&p);
            snprintf(p.name, sizeof p.name, "%.60s", line + used);
            count++;
            continue;
        }
        p.line = number;
        take_line(&p, what, line + used);
    }
    end_case(&p);
    fclose(f);
    assert_true(count >= 20);
}

/* What is left of a stay, by summing over the stays that a picture finds. */
static void stays(void **state) {
    (void)state;
    const pl__stay stay = {{[PL__STAY_MEDIAN] = 2,
                            [PL__STAY_SPREAD] = 1,
                            [PL__CYCLE_MEDIAN] = 30,
                            [PL__CYCLE_SPREAD] = 0.7,
                            [PL__CALLER_SHARE] = 0.1}};
    const double days[] = {0.25, 1, 3, 7, 14, 40}, step = 0.002;
    assert_true(pl__stay_still_there(&stay, 0) == 1);
    for (int i = 0; i < 6; i++) {
        double longer = 0, all = 0;
        for (double u = 0.5 * step; u < 800; u += step) {
            double tail = 0.5 * erfc(log(u / 2) / sqrt(2));
            all += tail;
            if (u > days[i]) longer += tail;
        }
        assert_true(fabs(pl__stay_still_there(&stay, days[i]) - longer / all) < 1e-3);
        double back = pl__stay_back_again(&stay, days[i]);
        assert_true(back >= 0 && back < 0.1 * (1 - longer / all) + 1e-12);
    }
    assert_true(fabs(pl__stay_still_there(&stay, pl__stay_long_days(&stay)) - 0.25) < 1e-6);
    /* after very long she is where she usually is: here for her share of the time */
    assert_true(fabs(pl__stay_back_again(&stay, 5000) - 0.1) < 1e-3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays),
        cmocka_unit_test(cases),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
