/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often is a visit a wrong one? A port's years are drawn, looked at through clouds, and paired;
 * what was drawn is known.
 *
 *   bench_port_year [YEARS [CALLS_A_YEAR [SHIPS [CLOUDED]]]]      60 years of 60 calls by 20 ships,
 * 0.6
 *
 * Ships' lengths are log-normal round 105 m (sigma 0.2), beams about a sixth of it, decks their
 * own; one in ten has a sister. Calls come at any time, each by a ship that is not in port; she
 * comes light, waits, loads within a day at the end of a stay that is log-normal (median 2 days,
 * sigma 0.8), and leaves laden. She lies at one of three berths, and shifts once in three calls.
 * Pictures are taken daily at half past ten, on one day in four a second one; clouds hide all of so
 * many; 0.12 of the hulls are not found. Lengths, beams and decks are off as models/same_hull.csv
 * has it, the freeboard by a sigma of 0.15 to 0.3 m; one hull in eight is refused, one in eight
 * dubious. But for the errors of pictures none of this is what the program believes of ports. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plimsoll/plimsoll.h"

enum { SHIPS_MOST = 200, CALLS_MOST = 2000, HULLS_MOST = 6000, PICTURES_MOST = 1200, BINS = 5 };
static const double DAY_S = 86400, YEAR_DAYS = 365, FIRST_S = 1704067200;

typedef struct ship {
    double length_m, beam_m, light_m, laden_m, free_day;
    unsigned deck;
} ship;
typedef struct call {
    int ship, berth, later_berth, seen;
    double from_day, to_day;
} call;
typedef struct year {
    int ships, calls, hulls, pictures;
    ship ship[SHIPS_MOST];
    call call[CALLS_MOST];
    pl_observation hull[HULLS_MOST];
    int of[HULLS_MOST]; /* whose call it is */
    pl_coverage picture[PICTURES_MOST];
} year;
typedef struct score {
    int years, calls, seen, both_ends, visits, measured, measured_wrong, dubious, dubious_wrong,
        refused, cut;
    int little; /* of the measured: less than 0.85 of what was loaded lies between the two pictures
                 */
    double part;
    int hits[BINS], all[BINS];
    double believed[BINS];
} score;

static unsigned seed;

static double even(void) {
    seed = seed * 1664525u + 1013904223u;
    return ((double)(seed >> 8) + 0.5) / (1 << 24);
}

static double normal(void) {
    return sqrt(-2 * log(even())) * cos(6.283185307179586 * even());
}

static void draw_ships(year *y, int count) {
    y->ships = count;
    for (int i = 0; i < count; i++) {
        ship *s = &y->ship[i];
        *s = (ship){.length_m = 105 * exp(0.2 * normal()), .deck = (unsigned)(even() * 1e6)};
        s->beam_m = s->length_m / 6.2 * exp(0.05 * normal());
        if (i > 0 && even() < 0.1) {
            s->length_m = y->ship[i - 1].length_m;
            s->beam_m = y->ship[i - 1].beam_m;
        }
        s->laden_m = 0.019 * s->length_m * exp(0.15 * normal());
        /* draft 0.064 L laden, and 2 m + 0.02 L in ballast, as MARPOL asks of larger tankers */
        s->light_m = s->laden_m + (0.044 * s->length_m - 2) * exp(0.15 * normal());
    }
}

static void draw_calls(year *y, double a_year) {
    y->calls = 0;
    for (double day = 0; y->calls < CALLS_MOST;) {
        day += -log(even()) * YEAR_DAYS / a_year;
        if (day > YEAR_DAYS) break;
        int who = (int)(even() * y->ships);
        if (y->ship[who].free_day > day) continue;
        double stay = 2 * exp(0.8 * normal());
        call *c = &y->call[y->calls++];
        *c = (call){.ship = who, .from_day = day, .to_day = day + stay, .berth = (int)(3 * even())};
        c->later_berth = even() < 1.0 / 3 ? (int)(3 * even()) : c->berth;
        y->ship[who].free_day = day + stay + 8 + 20 * -log(even()); /* out and home */
    }
}

static void paint(pl_observation *o, unsigned deck) {
    unsigned kept = seed, common = 99, own = 1000u + 77u * deck, here = kept;
    for (size_t i = 0; i < sizeof o->fingerprint; i++) {
        double part[3];
        unsigned *of[3] = {&common, &own, &here};
        for (int k = 0; k < 3; k++) {
            *of[k] = *of[k] * 1664525u + 1013904223u;
            part[k] = (double)(*of[k] >> 8) / (1 << 23) - 1;
        }
        o->fingerprint[i] = (int8_t)(127 * (0.24 * part[0] + 0.3 * part[1] + 0.42 * part[2]));
    }
    seed = here;
    o->has_fingerprint = true;
}

static double freeboard_at(const ship *s, const call *c, double day) {
    double share =
        1 - (c->to_day - 0.2 - day); /* loading takes a day and ends five hours before she leaves */
    return s->light_m + (s->laden_m - s->light_m) * fmin(1, fmax(0, share));
}

static void see(year *y, const pl_load_models *fleet, const pl_coverage *picture, double day,
                int index) {
    const call *c = &y->call[index];
    const ship *s = &y->ship[c->ship];
    pl_load_input in = PL_LOAD_INPUT_INIT;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    if (even() < 0.12 || y->hulls == HULLS_MOST) return;
    y->of[y->hulls] = index;
    pl_observation *o = &y->hull[y->hulls++];
    int berth = day > 0.5 * (c->from_day + c->to_day) ? c->later_berth : c->berth;
    double kind = even(), sigma = 0.15 + 0.15 * even();
    double off = even() < 0.26 ? 0.024 * normal() : 0, wide = even() < 0.05 ? 0.04 * normal() : 0;
    *o = (pl_observation){.acquired_s = picture->acquired_s,
                          .gsd_m = 0.5,
                          .lon_deg = 133.05 + 0.01 * berth + 1e-4 * normal(),
                          .lat_deg = 42.73 + 1e-4 * normal(),
                          .heading_rad = 0.7,
                          .heading_sigma_rad = 0.01,
                          .bow_certain = even() < 0.7,
                          .length_m = {s->length_m * (1 + off) + 0.5 * normal(), 0.5},
                          .beam_m = {s->beam_m * (1 + wide) + 0.25 * normal(), 0.25},
                          .vessel_class = PL_CLASS_TANKER,
                          .tanker_probability = 0.9,
                          .status = kind < 0.125  ? PL_REFUSED
                                    : kind < 0.25 ? PL_DUBIOUS
                                                  : PL_OK,
                          .has_freeboard = true,
                          .freeboard_m = {freeboard_at(s, c, day) + sigma * normal(), sigma},
                          .trim_m = {NAN, NAN}};
    snprintf(o->hull_id, sizeof o->hull_id, "%.40s/%d", picture->scene_id, index);
    snprintf(o->scene_id, sizeof o->scene_id, "%.40s", picture->scene_id);
    paint(o, s->deck);
    in.length_m = o->length_m;
    in.beam_m = o->beam_m;
    in.freeboard_m = o->freeboard_m;
    options.draws = 256;
    o->has_load = pl_load_estimate(fleet, &in, &options, &o->load, NULL) == PL_OK &&
                  o->load.status != PL_REFUSED;
    if (o->status == PL_REFUSED) o->freeboard_m = (pl_quantity){NAN, NAN};
}

static void look(year *y, const pl_load_models *fleet, double day, double clouded) {
    bool blind = even() < clouded;
    pl_coverage *c = &y->picture[y->pictures++];
    *c = (pl_coverage){.acquired_s = FIRST_S + day * DAY_S,
                       .gsd_m = 0.5,
                       .searched = {133, 42.7, 133.2, 42.8},
                       .corner = {{132, 42}, {134, 42}, {134, 43}, {132, 43}},
                       .unseen_share = blind ? 0.95 : 0};
    snprintf(c->scene_id, sizeof c->scene_id, "day%08.3f", day);
    for (int i = 0; i < y->calls && !blind; i++)
        if (y->call[i].from_day <= day && day < y->call[i].to_day) {
            y->call[i].seen++;
            see(y, fleet, c, day, i);
        }
}

static void judge(const year *y, const pl_visit_list *list, score *s) {
    static int visits_of[CALLS_MOST];
    memset(visits_of, 0, sizeof visits_of);
    s->visits += list->count;
    for (int i = 0; i < list->count; i++) {
        const pl_visit *v = &list->visit[i];
        int first = -1, arrival = -1, departure = -1;
        for (int h = 0; h < y->hulls; h++) {
            const char *id = y->hull[h].hull_id;
            if (strcmp(v->visit_id + strlen("visit:"), id) == 0) first = y->of[h];
            if (strcmp(v->arrival_hull_id, id) == 0) arrival = y->of[h];
            if (strcmp(v->departure_hull_id, id) == 0) departure = y->of[h];
        }
        visits_of[first]++;
        bool wrong = arrival != departure;
        s->refused += v->status == PL_REFUSED;
        if (v->status == PL_REFUSED) continue;
        s->measured += v->status == PL_OK;
        s->measured_wrong += v->status == PL_OK && wrong;
        s->dubious += v->status == PL_DUBIOUS;
        s->dubious_wrong += v->status == PL_DUBIOUS && wrong;
        if (v->status == PL_OK && !wrong) {
            const call *c = &y->call[arrival];
            const ship *who = &y->ship[c->ship];
            double before = freeboard_at(who, c, (v->first_seen_s - FIRST_S) / DAY_S);
            double after = freeboard_at(who, c, (v->last_seen_s - FIRST_S) / DAY_S);
            double part = (before - after) / (who->light_m - who->laden_m);
            s->part += part;
            s->little += part < 0.85;
        }
        bool one = y->call[arrival].ship == y->call[departure].ship;
        int bin = v->same_hull < 0.8    ? 0
                  : v->same_hull < 0.9  ? 1
                  : v->same_hull < 0.95 ? 2
                  : v->same_hull < 0.98 ? 3
                                        : 4;
        s->all[bin]++;
        s->hits[bin] += one;
        s->believed[bin] += v->same_hull;
    }
    for (int i = 0; i < y->calls; i++) {
        bool light = false, laden = false;
        for (int h = 0; h < y->hulls; h++) {
            if (y->of[h] != i || y->hull[h].status != PL_OK) continue;
            double left = y->call[i].to_day - (y->hull[h].acquired_s - FIRST_S) / DAY_S;
            light |= left > 1.1;
            laden |= left < 0.3;
        }
        s->both_ends += light && laden;
        s->calls++;
        s->seen += y->call[i].seen > 0;
        s->cut += visits_of[i] > 1;
    }
}

int main(int argc, char **argv) {
    int years = argc > 1 ? atoi(argv[1]) : 60, ships = argc > 3 ? atoi(argv[3]) : 20;
    double calls = argc > 2 ? atof(argv[2]) : 60, clouded = argc > 4 ? atof(argv[4]) : 0.6;
    static year y;
    score s = {0};
    pl_load_models *fleet = NULL;
    pl_visit_models *models = NULL;
    pl_visit_options options = PL_VISIT_OPTIONS_INIT;
    options.port_does = PL_DIRECTION_LOADING;
    const char *tables = getenv("PLIMSOLL_MODELS") ? getenv("PLIMSOLL_MODELS") : "models";
    if (ships < 2 || ships > SHIPS_MOST || pl_load_models_open(tables, &fleet, NULL) != PL_OK ||
        pl_visit_models_open(tables, &models, NULL) != PL_OK)
        return 2;
    for (int i = 0; i < years; i++) {
        seed = 12345u + 7919u * (unsigned)i;
        memset(&y, 0, sizeof y);
        draw_ships(&y, ships);
        draw_calls(&y, calls);
        for (int day = 0; day < (int)YEAR_DAYS; day++) {
            look(&y, fleet, day + 0.44 + 0.01 * even(), clouded);
            if (even() < 0.25) look(&y, fleet, day + 0.47 + 0.01 * even(), clouded);
        }
        pl_sighted sighted = {y.hull, y.hulls, y.picture, y.pictures, NULL};
        pl_arena *arena = pl_arena_new(0);
        pl_visit_list list;
        pl_error error = PL_ERROR_INIT;
        if (pl_visits_find(models, fleet, &sighted, &options, arena, &list, &error) != PL_OK) {
            fprintf(stderr, "%s\n", error.message);
            return 3;
        }
        judge(&y, &list, &s);
        pl_arena_free(arena);
        s.years++;
    }
    printf("%d years: %d calls, %d of them in a clear picture; %d light and laden, and measured; "
           "%d visits, %d calls cut in two or more\n",
           s.years, s.calls, s.seen, s.both_ends, s.visits, s.cut);
    printf("measured %d, of them of two calls %d; dubious %d, of them %d; cargo unknown %d\n",
           s.measured, s.measured_wrong, s.dubious, s.dubious_wrong, s.refused);
    printf("measured: %.3f of the change lies between the pictures; less than 0.85 in %d\n",
           s.part / (s.measured - s.measured_wrong), s.little);
    for (int b = 0; b < BINS; b++)
        if (s.all[b] > 0)
            printf("same_hull %.3f on average: one ship in %d of %d (%.3f)\n",
                   s.believed[b] / s.all[b], s.hits[b], s.all[b], (double)s.hits[b] / s.all[b]);
    pl_load_models_free(fleet);
    pl_visit_models_free(models);
    return 0;
}
