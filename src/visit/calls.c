/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls, in which pictures, belong to one call of one ship?
 *
 * Pictures are gone through by time. A hull b of a picture, and a call T seen before, may be
 *
 *     C  the same ship, still in port        prior S(t) x place
 *     R  the same ship, back on another call prior back(t)
 *     O  another ship                        prior: how many others there could be
 *
 * with S and back of stay.c, and what was seen of the two hulls speaks for one ship by a ratio L
 * (same.c): odds that b continues the call are x = C L / (O + R L). What else claims b, or T, takes
 * from it: p = x / (1 + x + all rivals' x).
 *
 * Place. A ship that lies lies where she lay, more often than not; at her place another one can lie
 * only if she has left and the berth was taken: so the shorter the time, the surer. Elsewhere in
 * port it is she if she moved, or one of the others.
 *
 * Looked, and not found. A picture that shows her place without her ends a call, unless she was
 * overlooked.
 *
 * Never joined: two hulls of one picture; two numbers, names that somebody vouches for, or an
 * analyst's "different"; sizes that are of two ships (same.c); and what one call cannot do: load
 * and then discharge, or discharge in a port that loads.
 *
 * From p = 0.7 on a hull is joined; below 0.9 the call is unsure, and its cargo dubious. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "visit/visits.h"

static const char FLOOR[] = "visit";
static const double DAY_S = 86400;
/* Nothing is surer than that another ship took the berth within the hour. */
static const double LEAST_OTHERS = 0.003;
/* A berth of a port that is always full. */
static const double TAKEN_MOST = 0.9;
/* Centres of one ship in two pictures: detection, georeference, and she surges at her lines. */
static const double PLACE_M = 60, PLACE_SHARE = 0.3;
static const double HEADING_RAD = 20 * PL_RAD_PER_DEG;
/* A call that looks like none of those that go on with so little a chance is over. */
static const double OVER = 1e-4;
/* Freeboards differ when they do by so many sigmas. */
static const double CHANGED = 3;
/* A second picture without her says less than the first: who was overlooked once (at her quay, in
 * her paint) is overlooked again. */
static const double MISSED_AGAIN = 0.4;
/* What an analyst joins is one ship. */
static const double VOUCHED = 1e6;
/* Pictures as clouded as that, or as coarse, do not show that she was away. */
static const double UNSEEN_MOST = 0.1, PIXELS_LEAST = 20;
/* Ratios are compared with a call's latest hulls: so many of them. */
enum { COMPARED = 4 };

/* ---- places ---- */

double pl__apart_m(double lon_a_deg, double lat_a_deg, double lon_b_deg, double lat_b_deg) {
    double north = (lat_b_deg - lat_a_deg) * 111200;
    double east = remainder(lon_b_deg - lon_a_deg, 360) * 111320 *
                  cos(0.5 * (lat_a_deg + lat_b_deg) * PL_RAD_PER_DEG);
    return hypot(east, north);
}

static bool same_place(const pl_observation *a, const pl_observation *b) {
    double far = pl__apart_m(a->lon_deg, a->lat_deg, b->lon_deg, b->lat_deg);
    double turn = fabs(remainder(a->heading_rad - b->heading_rad, PL_PI)); /* bow or stern */
    double most = pl__max(PLACE_M, PLACE_SHARE * a->length_m.value);
    return far < most && !(turn > HEADING_RAD);
}

bool pl__picture_shows(const pl_coverage *picture, const pl_observation *where) {
    return !picture->outdated && picture->unseen_share <= UNSEEN_MOST &&
           !(picture->gsd_m * PIXELS_LEAST > where->length_m.value) &&
           pl_coverage_shows(picture, where->lon_deg, where->lat_deg);
}

/* ---- two hulls ---- */

static bool names_contradict(const pl_observation *a, const pl_observation *b) {
    if (*a->vessel_imo && *b->vessel_imo) return strcmp(a->vessel_imo, b->vessel_imo) != 0;
    return *a->vessel_name && *b->vessel_name && strcasecmp(a->vessel_name, b->vessel_name) != 0;
}

pl_status pl__hulls_alike(const pl__port *port, int a, int b, double *ratio, pl_error *error) {
    const pl_observation *x = &port->seen[a], *y = &port->seen[b];
    pl_identity_options even = PL_IDENTITY_OPTIONS_INIT;
    pl_identity identity;
    *ratio = 0;
    if (strcmp(x->scene_id, y->scene_id) == 0 || names_contradict(x, y)) return PL_OK;
    if (pl__identities_differ(port->identities, x->hull_id, y->hull_id)) return PL_OK;
    if (port->group[a] && port->group[a] == port->group[b]) {
        *ratio = VOUCHED;
        return PL_OK;
    }
    pl_status status = pl_visit_same_hull(port->models, port->fleet, x, y, &even, &identity, error);
    if (status != PL_OK || identity.verdict == PL_VERDICT_DIFFERENT) return status;
    double p = pl__min(identity.probability, 1 - 1e-9);
    *ratio = p / (1 - p);
    /* where tankers alone are looked at, that both are tankers says nothing */
    if (!port->options->all_classes) *ratio /= pl__max(1, identity.vessel_class);
    return PL_OK;
}

bool pl__measured(const pl__port *port, const pl_observation *o) {
    bool number = isfinite(o->freeboard_m.value) && o->freeboard_m.sigma > 0;
    return number &&
           (o->status == PL_OK || (o->status == PL_DUBIOUS && port->options->use_dubious));
}

/* ---- a call and a hull ---- */

typedef struct claim {
    int call, hull;
    double odds, alike, ship; /* alike: L; ship: probability of one ship */
    double p;
} claim;
typedef struct claims {
    int count, room;
    claim *claim;
} claims;

/* A number that nobody doubts. */
static bool is_sure(const pl_observation *o) {
    return o->status == PL_OK && isfinite(o->freeboard_m.value) && o->freeboard_m.sigma > 0;
}

/* Would she have gone both ways? Whatever is not sure does not forbid. */
static bool one_way(const pl__port *port, const pl__call *call, int hull) {
    const pl_observation *now = &port->seen[hull];
    pl_direction way = port->options->port_does;
    if (!is_sure(now)) return true;
    for (int k = 0; k < call->count; k++) {
        const pl_observation *then = &port->seen[call->hull[k]];
        double rise = now->freeboard_m.value - then->freeboard_m.value;
        double sigma = hypot(now->freeboard_m.sigma, then->freeboard_m.sigma);
        if (!is_sure(then) || !(fabs(rise) > CHANGED * sigma)) continue;
        if (way == PL_DIRECTION_LOADING ? rise > 0 : way == PL_DIRECTION_DISCHARGING && rise < 0)
            return false;
        if (fabs(call->went_m) > CHANGED * call->went_sigma_m && rise * call->went_m < 0)
            return false;
    }
    return true;
}

/* Geometric mean of the ratios with the call's latest hulls; 0 when one of all contradicts. */
static pl_status alike(const pl__port *port, const pl__call *call, int hull, double *out,
                       pl_error *error) {
    double sum = 0;
    int n = 0;
    *out = 0;
    for (int k = call->count - 1; k >= 0 && n < COMPARED; k--, n++) {
        double ratio;
        pl_status status = pl__hulls_alike(port, call->hull[k], hull, &ratio, error);
        if (status != PL_OK || ratio == 0) return status;
        sum += log(ratio);
    }
    *out = exp(sum / n);
    return PL_OK;
}

static pl_status weigh(const pl__port *port, const pl__call *call, int index, int hull, claim *out,
                       pl_error *error) {
    const pl_observation *now = &port->seen[hull];
    const pl_observation *then = &port->seen[call->hull[call->count - 1]];
    const pl__stay *stay = pl__models_stay(port->models);
    double days = (now->acquired_s - then->acquired_s) / DAY_S;
    double still = pl__stay_still_there(stay, days), ratio;
    *out = (claim){.call = index, .hull = hull};
    if (call->absences > 0)
        still *= stay->value[PL__MISSED_SHARE] * pow(MISSED_AGAIN, call->absences - 1);
    double kept = stay->value[PL__BERTH_KEPT] + (1 - stay->value[PL__BERTH_KEPT]) * exp(-2 * days);
    bool here = same_place(then, now);
    double taken = pl__min(TAKEN_MOST, port->others * stay->value[PL__BERTH_TAKEN]);
    double goes_on = still * (here ? kept : 1 - kept);
    double other = here ? pl__max(LEAST_OTHERS, (1 - still * kept) * taken) : port->others;
    double back = pl__stay_back_again(stay, days);
    if (goes_on < OVER) return PL_OK;
    pl_status status = alike(port, call, hull, &ratio, error);
    if (status != PL_OK || ratio == 0) return status;
    if (!one_way(port, call, hull)) goes_on = 0;
    out->odds = goes_on * ratio / (other + back * ratio);
    out->alike = ratio;
    out->ship = (goes_on + back) * ratio / ((goes_on + back) * ratio + other);
    return PL_OK;
}

/* ---- a picture ---- */

static bool grow(void **list, int *room, int count, size_t size) {
    if (count < *room) return true;
    int more = 2 * *room + 16;
    void *grown = realloc(*list, (size_t)more * size);
    if (!grown) return false;
    *list = grown;
    *room = more;
    return true;
}

static bool push_claim(claims *all, const claim *c) {
    void *list = all->claim;
    bool fine = grow(&list, &all->room, all->count, sizeof *all->claim);
    all->claim = list;
    if (fine) all->claim[all->count++] = *c;
    return fine;
}

static void note_change(const pl__port *port, pl__call *call, int hull) {
    const pl_observation *now = &port->seen[hull];
    for (int k = 0; k < call->count; k++) {
        const pl_observation *then = &port->seen[call->hull[k]];
        double rise = now->freeboard_m.value - then->freeboard_m.value;
        double sigma = hypot(now->freeboard_m.sigma, then->freeboard_m.sigma);
        if (!is_sure(now) || !is_sure(then) || !(fabs(rise) > CHANGED * sigma) ||
            fabs(rise) <= fabs(call->went_m))
            continue;
        call->went_m = rise;
        call->went_sigma_m = sigma;
    }
}

static bool append(const pl__port *port, pl__call *call, int hull) {
    void *list = call->hull;
    bool fine = grow(&list, &call->room, call->count, sizeof *call->hull);
    call->hull = list;
    if (!fine) return false;
    note_change(port, call, hull);
    call->hull[call->count++] = hull;
    call->absences = 0;
    return true;
}

static bool begin(const pl__port *port, pl__calls *calls, int hull, const double rival[2]) {
    void *list = calls->call;
    bool fine = grow(&list, &calls->room, calls->count, sizeof *calls->call);
    calls->call = list;
    if (!fine) return false;
    calls->call[calls->count] =
        (pl__call){.link = 1, .together = 1, .rival = {rival[0], rival[1]}, .same_ship = NAN};
    return append(port, &calls->call[calls->count++], hull);
}

static int surer(const void *a, const void *b) {
    const claim *x = a, *y = b;
    if (x->p != y->p) return x->p > y->p ? -1 : 1;
    return x->hull != y->hull ? x->hull - y->hull : x->call - y->call;
}

/* What else wants the hull, or the call, takes its share. */
static void share(claims *all) {
    for (int i = 0; i < all->count; i++) {
        double rivals = 0;
        for (int k = 0; k < all->count; k++)
            if (k != i && (all->claim[k].hull == all->claim[i].hull ||
                           all->claim[k].call == all->claim[i].call))
                rivals += all->claim[k].odds;
        double odds = all->claim[i].odds;
        all->claim[i].p = odds / (1 + odds + rivals);
        all->claim[i].ship *= (1 + odds) / (1 + odds + rivals);
    }
    qsort(all->claim, (size_t)all->count, sizeof *all->claim, surer);
}

static void take_claim(pl__call *call, const claim *c) {
    call->link *= c->ship;
    call->together *= pl__min(1, c->p / c->ship);
}

static void note_rival(double rival[2], const claim *c) {
    int which = c->ship >= PL__CALL_SURE;
    rival[which] = pl__max(rival[which], c->p);
}

/* Joins what is likely, begins calls with the rest. taken: of each hull of the picture. */
static bool settle(const pl__port *port, pl__calls *calls, claims *all, int from, int to,
                   bool *taken, bool *continued) {
    bool fine = true;
    share(all);
    for (int i = 0; i < all->count && fine; i++) {
        const claim *c = &all->claim[i];
        if (c->p < PL__CALL_LIKELY || taken[c->hull - from] || continued[c->call]) continue;
        taken[c->hull - from] = continued[c->call] = true;
        take_claim(&calls->call[c->call], c);
        fine = append(port, &calls->call[c->call], c->hull);
    }
    for (int i = 0; i < all->count; i++) { /* not joined, but it could have been */
        const claim *c = &all->claim[i];
        pl__call *call = &calls->call[c->call];
        if (!continued[c->call] || call->hull[call->count - 1] != c->hull)
            note_rival(call->rival, c);
    }
    for (int h = from; h < to && fine; h++) {
        double rival[2] = {0, 0};
        for (int i = 0; i < all->count; i++)
            if (all->claim[i].hull == h) note_rival(rival, &all->claim[i]);
        if (!taken[h - from]) fine = begin(port, calls, h, rival);
    }
    return fine;
}

/* Calls that this picture could have shown, and does not. */
static void note_absence(const pl__port *port, const pl_coverage *picture, pl__calls *calls,
                         int before, const bool *continued) {
    for (int k = 0; k < before; k++) {
        pl__call *call = &calls->call[k];
        const pl_observation *last = &port->seen[call->hull[call->count - 1]];
        if (!continued[k] && last->acquired_s < picture->acquired_s &&
            pl__picture_shows(picture, last))
            call->absences++;
    }
}

/* @param picture NULL: the hulls' own, of which nothing is known. */
static pl_status look(const pl__port *port, pl__calls *calls, const pl_coverage *picture, int from,
                      int to, pl_error *error) {
    int before = calls->count;
    claims all = {0};
    bool *taken = calloc((size_t)(to - from) + 1, sizeof *taken);
    bool *continued = calloc((size_t)before + 1, sizeof *continued);
    pl_status status = taken && continued ? PL_OK : pl__fail_memory(error, FLOOR);
    for (int k = 0; k < before && status == PL_OK; k++)
        for (int h = from; h < to && status == PL_OK; h++) {
            claim c;
            status = weigh(port, &calls->call[k], k, h, &c, error);
            if (status == PL_OK && c.odds > 0 && !push_claim(&all, &c))
                status = pl__fail_memory(error, FLOOR);
        }
    if (status == PL_OK && !settle(port, calls, &all, from, to, taken, continued))
        status = pl__fail_memory(error, FLOOR);
    if (status == PL_OK && picture) note_absence(port, picture, calls, before, continued);
    free(all.claim);
    free(taken);
    free(continued);
    return status;
}

/* Hulls of one picture lie together; end of those that begin at `from`. */
static int end_of(const pl__port *port, int from) {
    int to = from + 1;
    while (to < port->count && strcmp(port->seen[to].scene_id, port->seen[from].scene_id) == 0)
        to++;
    return to;
}

static const pl_coverage *picture_of(const pl__port *port, int hull) {
    for (int i = 0; i < port->pictures; i++)
        if (strcmp(port->looked[i].scene_id, port->seen[hull].scene_id) == 0)
            return &port->looked[i];
    return NULL;
}

static bool shows_none(const pl__port *port, const pl_coverage *picture) {
    for (int i = 0; i < port->count; i++)
        if (strcmp(port->seen[i].scene_id, picture->scene_id) == 0) return false;
    return isfinite(picture->acquired_s);
}

/* Pictures without hulls that were taken before, from the next one on. */
static pl_status look_in_vain(const pl__port *port, pl__calls *calls, double before_s, int *next,
                              pl_error *error) {
    pl_status status = PL_OK;
    for (; *next < port->pictures && status == PL_OK; ++*next) {
        const pl_coverage *c = &port->looked[*next];
        if (!(c->acquired_s < before_s)) break;
        if (shows_none(port, c)) status = look(port, calls, c, 0, 0, error);
    }
    return status;
}

pl_status pl__calls_find(const pl__port *port, pl__calls *out, pl_error *error) {
    pl_status status = PL_OK;
    int next = 0;
    for (int from = 0, to; from < port->count && status == PL_OK; from = to) {
        to = end_of(port, from);
        status = look_in_vain(port, out, port->seen[from].acquired_s, &next, error);
        if (status == PL_OK) status = look(port, out, picture_of(port, from), from, to, error);
    }
    return status == PL_OK ? look_in_vain(port, out, INFINITY, &next, error) : status;
}
