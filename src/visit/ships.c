/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls are one ship's?
 *
 * A number, a name, or an analyst's word makes calls one ship's. Without them the hulls alone may:
 * two calls of unnamed ships are one ship's from probability 0.9 on, with the fleet that calls at a
 * port for rivals. A call without a name is never given one because its hull looks like a named
 * ship's: names accuse. Nor are two hulls one because both sent one number, where they are plainly
 * two. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "visit/visits.h"

/* How many other ships call at a port, of which nobody knows: a dozen and more were counted in a
 * year (docs/method/visits.md). */
static const double CALLERS = 20;
/* Lengths of one ship differ by 2.4 % when an end was mistaken (models/same_hull.csv). */
static const double UNLIKE = 0.07;

/* Who she is said to be in this call: the first hull that says so. */
static const pl_observation *named(const pl__port *port, const pl__call *call, bool by_number) {
    for (int k = 0; k < call->count; k++) {
        const pl_observation *o = &port->seen[call->hull[k]];
        if (by_number ? *o->vessel_imo : *o->vessel_name) return o;
    }
    return NULL;
}

static bool same_group(const pl__port *port, const pl__call *a, const pl__call *b) {
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++)
            if (port->group[a->hull[i]] && port->group[a->hull[i]] == port->group[b->hull[k]])
                return true;
    return false;
}

/* @return 1 one ship, -1 two, 0 nobody says. */
static int said(const pl__port *port, const pl__call *a, const pl__call *b) {
    if (same_group(port, a, b)) return 1;
    const pl_observation *x = named(port, a, true), *y = named(port, b, true);
    if (x && y) return strcmp(x->vessel_imo, y->vessel_imo) == 0 ? 1 : -1;
    const pl_observation *v = named(port, a, false), *w = named(port, b, false);
    if (v && w) return strcasecmp(v->vessel_name, w->vessel_name) == 0 ? 1 : -1;
    return x || y || v || w ? -1 : 0; /* a name is not lent */
}

static double first_s(const pl__port *port, const pl__call *call) {
    return port->seen[call->hull[0]].acquired_s;
}

static double last_s(const pl__port *port, const pl__call *call) {
    return port->seen[call->hull[call->count - 1]].acquired_s;
}

/* Geometric mean over all pairs of hulls; 0 where one contradicts. */
static pl_status alike(const pl__port *port, const pl__call *a, const pl__call *b, double *out,
                       pl_error *error) {
    double sum = 0;
    *out = 0;
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++) {
            double ratio;
            pl_status status = pl__hulls_alike(port, a->hull[i], b->hull[k], &ratio, error);
            if (status != PL_OK || ratio == 0) return status;
            sum += log(ratio);
        }
    *out = exp(sum / (a->count * b->count));
    return PL_OK;
}

/* So far apart in length that no deck could make it 0.9: not worth comparing. */
static bool too_unlike(const pl__port *port, const pl__call *a, const pl__call *b) {
    double x = port->seen[a->hull[0]].length_m.value, y = port->seen[b->hull[0]].length_m.value;
    return fabs(x - y) > UNLIKE * (x + y) / 2;
}

/* Earlier calls by how much the hulls look alike: the best, and the best of another ship. */
static pl_status best_of(const pl__port *port, const pl__calls *calls, int index, int *of,
                         double ratio[2], pl_error *error) {
    *of = -1;
    ratio[0] = ratio[1] = 0;
    for (int k = 0; k < index; k++) {
        const pl__call *other = &calls->call[k], *call = &calls->call[index];
        double here = 0;
        if (said(port, other, call) < 0 || last_s(port, other) >= first_s(port, call) ||
            too_unlike(port, other, call))
            continue;
        pl_status status = alike(port, other, call, &here, error);
        if (status != PL_OK) return status;
        bool of_best = *of >= 0 && calls->call[*of].ship == other->ship;
        if (here > ratio[0]) {
            if (!of_best) ratio[1] = ratio[0];
            ratio[0] = here;
            *of = k;
        } else if (!of_best) {
            ratio[1] = pl__max(ratio[1], here);
        }
    }
    return PL_OK;
}

/* Is it said by what the ships sent alone, and do the hulls say that it is not so? Two ships then
 * go by one number, and nobody knows which of them bears it by right. */
static pl_status is_borrowed(const pl__port *port, pl__call *a, pl__call *b, bool *out,
                             pl_error *error) {
    const pl_observation *x = named(port, a, true), *y = named(port, b, true);
    double ratio = 1;
    pl_status status = PL_OK;
    bool sent = x && y && (pl__sent(x) || pl__sent(y)) && !same_group(port, a, b);
    if (sent) status = alike(port, a, b, &ratio, error);
    *out = ratio == 0;
    if (*out) a->borrowed = b->borrowed = true;
    return status;
}

/* The call's ship among those of earlier calls. */
static pl_status find_ship(const pl__port *port, pl__calls *calls, int index, pl_error *error) {
    pl__call *call = &calls->call[index];
    double ratio[2];
    int of;
    call->ship = index;
    for (int k = 0; k < index; k++) {
        bool borrowed;
        if (said(port, &calls->call[k], call) <= 0) continue;
        pl_status status = is_borrowed(port, &calls->call[k], call, &borrowed, error);
        if (status != PL_OK) return status;
        if (borrowed) continue;
        call->ship = calls->call[k].ship;
        call->same_ship = 1;
        return PL_OK;
    }
    pl_status status = best_of(port, calls, index, &of, ratio, error);
    double p = ratio[0] / (CALLERS + ratio[0] + ratio[1]);
    if (status != PL_OK || p < PL__CALL_SURE) return status;
    call->ship = calls->call[of].ship;
    call->same_ship = p;
    return PL_OK;
}

pl_status pl__ships_find(const pl__port *port, pl__calls *calls, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < calls->count && status == PL_OK; i++)
        status = find_ship(port, calls, i, error);
    for (int i = 0; i < calls->count; i++) /* the first one is as sure as those that join it */
        for (int k = i + 1; k < calls->count; k++)
            if (calls->call[k].ship == i && !(calls->call[i].same_ship >= calls->call[k].same_ship))
                calls->call[i].same_ship = calls->call[k].same_ship;
    return status;
}
