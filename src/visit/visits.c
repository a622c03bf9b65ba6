/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When did ships come and go, and what did they carry away or bring?
 *
 *     hulls -> calls (calls.c) -> ships (ships.c) -> here: a visit each
 *
 * Cargo is the difference of two loadings of one ship, the first and the last that were measured
 * in the call, drawn together (change.c): not two answers. It is the cargo of the whole call only
 * if both ends were seen: light before loading and laden after it, or the other way round. A call
 * of which one end was seen has no cargo that pictures tell. It is a call all the same, its cargo
 * unknown: NAN, and never 0. Two pictures that show no difference say nothing either, unless they
 * stand close to her arrival and to her departure.
 *
 * A number that another ship's picture may have made is doubted: below 0.9 that the two ends are
 * one ship, or one call; a gap so long that she may have come twice; a part cargo that may have
 * been on its way. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "visit/visits.h"

static const char FLOOR[] = "visit";
static const double DAY_S = 86400;
/* A hull this likely to be another kind of ship is none of ours. */
static const double OTHER_KIND = 0.2;
/* What may have been another call's or ship's with such a probability is shown as unsure. */
static const double RIVAL = 0.2;
/* An end of the call is seen when the state is at least so probable (light or with a little cargo
 * is hard to tell, but both are before the loading) ... */
static const double LIGHT_SEEN = 0.5, LADEN_SEEN = 0.75;
/* ... where some moment of the loading is likelier than the model's prior has it, for a ship that
 * is at it: odds of "part", times so much. She loads for a day, lies a day and more before it, and
 * hardly longer than half a day after it (docs/method/visits.md). */
static const double MIDST_BEFORE = 1.4, MIDST_AFTER = 3;
/* Or when she came, or left, within so many days of it; or two pictures so far apart show that the
 * loading has stopped. */
static const double END_SEEN_DAYS = 0.25;
/* Freeboards that are the same: within so many sigmas, of which each is a small part of the change.
 */
static const double STILL = 1.5, STILL_SHARE = 0.15;
/* Registers and outlines differ by so much (src/run/vessel.c). */
static const double LENGTH_USAGE = 0.01, BEAM_USAGE = 0.02, SIGMAS = 3.5;
/* So many calls that went one way, and none the other, say what tankers do at a port. */
enum { CALLS_THAT_TELL = 2 };
/* Tankers in a picture where hardly any are seen. */
static const double LEAST_OTHERS = 0.3;

static const pl_quantity UNKNOWN = {PL_LOAD_NAN, PL_LOAD_NAN};
static const pl_range NOTHING = {PL_LOAD_NAN, PL_LOAD_NAN, PL_LOAD_NAN};

/* ---- one ship's numbers ---- */

static pl_quantity mean_of(const pl__port *port, const pl__call *call,
                           const pl_quantity *(*of)(const pl_observation *)) {
    double sum = 0, weights = 0, chi2 = 0;
    int n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < call->count; k++) {
            const pl_quantity *q = of(&port->seen[call->hull[k]]);
            if (!q || !isfinite(q->value) || !(q->sigma > 0)) continue;
            double w = 1 / (q->sigma * q->sigma);
            if (pass == 0) {
                sum += w * q->value;
                weights += w;
                n++;
            } else {
                chi2 += w * pow(q->value - sum / weights, 2);
            }
        }
    if (n == 0) return UNKNOWN;
    double excess = n > 1 ? pl__max(1, sqrt(chi2 / (n - 1))) : 1; /* they contradict each other */
    return (pl_quantity){sum / weights, excess / sqrt(weights)};
}

static const pl_quantity *length_of(const pl_observation *o) {
    return &o->length_m;
}

static const pl_quantity *beam_of(const pl_observation *o) {
    return &o->beam_m;
}

/* Deadweights of one hull are one guess: the surest stands, they do not confirm each other. */
static pl_quantity deadweight_of(const pl__port *port, const pl__call *call) {
    pl_quantity best = UNKNOWN;
    for (int k = 0; k < call->count; k++) {
        const pl_observation *o = &port->seen[call->hull[k]];
        const pl_quantity *q = &o->load.dwt_t;
        if (o->has_load && q->value > 0 && q->sigma > 0 && !(q->sigma >= best.sigma)) best = *q;
    }
    return best;
}

static bool differ(pl_quantity seen, double known, double usage) {
    if (isnan(known) || isnan(seen.value)) return false;
    return fabs(seen.value - known) > SIGMAS * hypot(seen.sigma, usage * known);
}

/* Her particulars, unless her size says that she is another. */
static pl_status take_particulars(const pl__port *port, pl_visit *v, pl_load_input *ship,
                                  pl_error *error) {
    const pl_vessel *known = NULL;
    const char *word = *v->vessel_imo ? v->vessel_imo : v->vessel_name;
    *ship = (pl_load_input)PL_LOAD_INPUT_INIT;
    pl_error why = PL_ERROR_INIT;
    if (!port->options->vessels || !*word) return PL_OK;
    pl_status status = pl_vessels_find(port->options->vessels, word, &known, &why);
    if (status == PL_E_USAGE || (status == PL_OK && !known)) return PL_OK; /* two of that name */
    if (status != PL_OK) {
        if (error) *error = why;
        return status;
    }
    if (differ(v->length_m, known->known.length_m.value, LENGTH_USAGE) ||
        differ(v->beam_m, known->known.beam_m.value, BEAM_USAGE)) {
        v->reasons |= PL_BIT(PL_IDENTITY_CONTRADICTED);
        return PL_OK;
    }
    pl_vessel_fill(known, ship);
    if (!*v->vessel_name) pl__text_copy(v->vessel_name, sizeof v->vessel_name, known->name);
    if (!*v->vessel_imo) pl__text_copy(v->vessel_imo, sizeof v->vessel_imo, known->imo);
    if (known->known.dwt_t > 0)
        v->dwt_t = (pl_quantity){known->known.dwt_t, known->known.dwt_sigma_t};
    return PL_OK;
}

/* ---- who, where, when ---- */

static void take_names(const pl__port *port, const pl__call *call, pl_visit *v) {
    for (int k = 0; k < call->count; k++) {
        const pl_observation *o = &port->seen[call->hull[k]];
        if (!*v->vessel_name && *o->vessel_name)
            pl__text_copy(v->vessel_name, sizeof v->vessel_name, o->vessel_name);
        if (!*v->vessel_imo && *o->vessel_imo)
            pl__text_copy(v->vessel_imo, sizeof v->vessel_imo, o->vessel_imo);
        if (!*v->vessel_source && *o->vessel_source)
            pl__text_copy(v->vessel_source, sizeof v->vessel_source, o->vessel_source);
    }
}

/* Would a hull of this picture do for her? Then the picture does not show that she was away. */
static pl_status could_be_there(const pl__port *port, const pl__call *call,
                                const pl_coverage *picture, bool *out, pl_error *error) {
    *out = false;
    for (int i = 0; i < port->count && !*out; i++) {
        double ratio;
        if (strcmp(port->seen[i].scene_id, picture->scene_id) != 0) continue;
        pl_status status = pl__hulls_alike(port, call->hull[0], i, &ratio, error);
        if (status != PL_OK) return status;
        *out = ratio >= 1;
    }
    return PL_OK;
}

static pl_status find_ends(const pl__port *port, const pl__call *call, pl_visit *v,
                           pl_error *error) {
    const pl_observation *first = &port->seen[call->hull[0]];
    const pl_observation *last = &port->seen[call->hull[call->count - 1]];
    pl_status status = PL_OK;
    bool there;
    for (int i = port->pictures - 1; i >= 0 && status == PL_OK; i--) {
        const pl_coverage *c = &port->looked[i];
        if (!(c->acquired_s < first->acquired_s) || !pl__picture_shows(c, first)) continue;
        status = could_be_there(port, call, c, &there, error);
        if (there) break; /* she may have been there already: before is not known */
        v->arrived_after_s = c->acquired_s;
        break;
    }
    for (int i = 0; i < port->pictures && status == PL_OK; i++) {
        const pl_coverage *c = &port->looked[i];
        if (!(c->acquired_s > last->acquired_s) || !pl__picture_shows(c, last)) continue;
        status = could_be_there(port, call, c, &there, error);
        if (there) break;
        v->departed_before_s = c->acquired_s;
        break;
    }
    return status;
}

/* ---- what she carried ---- */

static bool is_light(const pl_observation *o) {
    return o->load.p_state[PL_BALLAST] >= LIGHT_SEEN;
}

static bool is_laden(const pl_observation *o) {
    return o->load.p_state[PL_LADEN] >= LADEN_SEEN;
}

/* As she comes, or leaves, at a port where tankers do this. */
static bool at_start(pl_direction way, const pl_observation *o) {
    if (way == PL_DIRECTION_UNCLEAR || !o->has_load) return false;
    return way == PL_DIRECTION_LOADING ? is_light(o) : is_laden(o);
}

static bool at_end(pl_direction way, const pl_observation *o) {
    if (way == PL_DIRECTION_UNCLEAR || !o->has_load) return false;
    return way == PL_DIRECTION_LOADING ? is_laden(o) : is_light(o);
}

/* Is that end of the call surely seen, or only some moment of it? */
static bool end_seen(const double p[3], pl_load_state state, double midst, double from_end_s) {
    double share = p[state] / (p[state] + midst * p[PL_PART]);
    return share >= (state == PL_LADEN ? LADEN_SEEN : LIGHT_SEEN) ||
           fabs(from_end_s) <= END_SEEN_DAYS * DAY_S;
}

/* Did an earlier picture show her as deep as the last one? Then she was no longer at it. */
static bool has_stopped(const pl__port *port, const pl__call *call, const pl_observation *a,
                        const pl_observation *b) {
    double change = fabs(b->freeboard_m.value - a->freeboard_m.value);
    for (int k = 0; k < call->count; k++) {
        const pl_observation *o = &port->seen[call->hull[k]];
        double sigma = hypot(o->freeboard_m.sigma, b->freeboard_m.sigma);
        if (pl__measured(port, o) && b->acquired_s - o->acquired_s >= END_SEEN_DAYS * DAY_S &&
            fabs(o->freeboard_m.value - b->freeboard_m.value) <= STILL * sigma &&
            sigma <= STILL_SHARE * change)
            return true;
    }
    return false;
}

static void take_change(const pl_change *c, pl_visit *v) {
    v->direction = c->direction;
    v->transfer_t = c->transfer_t;
    v->transfer_t_p25 = c->transfer_t_p25;
    v->transfer_t_p75 = c->transfer_t_p75;
    v->transfer_bbl = c->transfer_bbl;
    v->ship_sigma_bbl = c->ship_sigma_bbl;
    v->common_sigma_bbl = c->common_sigma_bbl;
    v->status = c->status;
    v->reasons |= c->reasons;
}

/* Both ends measured: is the difference the call's cargo? */
static void judge_change(const pl__port *port, const pl__call *call, const pl_change *c,
                         const pl_observation *a, const pl_observation *b, pl_visit *v) {
    pl_direction way = port->way;
    bool loads = v->direction == PL_DIRECTION_LOADING;
    pl_load_state before = loads ? PL_BALLAST : PL_LADEN, after = loads ? PL_LADEN : PL_BALLAST;
    bool came = end_seen(c->p_before, before, MIDST_BEFORE, a->acquired_s - v->arrived_after_s);
    bool left = end_seen(c->p_after, after, MIDST_AFTER, v->departed_before_s - b->acquired_s) ||
                has_stopped(port, call, a, b);
    if (loads || v->direction == PL_DIRECTION_DISCHARGING) {
        if (!came) v->reasons |= PL_BIT(PL_ARRIVAL_UNSEEN);
        if (!left) v->reasons |= PL_BIT(PL_DEPARTURE_UNSEEN);
        if ((!came || !left) && v->status == PL_OK) v->status = PL_DUBIOUS;
        return;
    }
    bool near_arrival = fabs(v->arrived_after_s - a->acquired_s) <= END_SEEN_DAYS * DAY_S;
    bool near_departure = fabs(v->departed_before_s - b->acquired_s) <= END_SEEN_DAYS * DAY_S;
    if (v->direction == PL_DIRECTION_NONE && near_arrival && near_departure) return;
    /* the same both times: what happened before and after nobody saw */
    v->direction = PL_DIRECTION_UNCLEAR;
    v->status = PL_REFUSED;
    v->transfer_t = v->transfer_bbl = NOTHING;
    v->transfer_t_p25 = v->transfer_t_p75 = NAN;
    v->ship_sigma_bbl = v->common_sigma_bbl = 0;
    if (!near_arrival && !at_start(way, a)) v->reasons |= PL_BIT(PL_ARRIVAL_UNSEEN);
    if (!near_departure && !at_end(way, b)) v->reasons |= PL_BIT(PL_DEPARTURE_UNSEEN);
}

/* An analyst's word that the cargo rests on is told with it. */
static void tell_review(const pl_observation *o, pl_visit *v) {
    char words[160];
    size_t used = strlen(v->reviewed);
    if (o->reviewed != PL_REVIEW_ACCEPT && o->reviewed != PL_REVIEW_CORRECT) return;
    snprintf(words, sizeof words, "%s by %s",
             o->reviewed == PL_REVIEW_CORRECT ? "corrected" : "accepted", o->reviewer);
    if (strcmp(v->reviewed, words) == 0) return; /* both ends by the same */
    snprintf(v->reviewed + used, sizeof v->reviewed - used, "%s%s", used ? "; " : "", words);
}

/* One end alone, or none: which one is told by what the port does, if anybody says. */
static void judge_alone(const pl__port *port, const pl_observation *o, pl_visit *v) {
    bool arrival = at_start(port->way, o), departure = at_end(port->way, o) && !arrival;
    if (!arrival) v->reasons |= PL_BIT(PL_ARRIVAL_UNSEEN);
    if (!departure) v->reasons |= PL_BIT(PL_DEPARTURE_UNSEEN);
    char *slot = departure ? v->departure_hull_id : v->arrival_hull_id;
    pl_range *cargo = departure ? &v->departure_cargo_t : &v->arrival_cargo_t;
    pl__text_copy(slot, sizeof v->arrival_hull_id, o->hull_id);
    if (o->has_load) *cargo = o->load.cargo_t;
    tell_review(o, v);
}

static double longest_gap_days(const pl__port *port, const pl__call *call) {
    double longest = 0;
    for (int k = 1; k < call->count; k++)
        longest = pl__max(longest, port->seen[call->hull[k]].acquired_s -
                                       port->seen[call->hull[k - 1]].acquired_s);
    return longest / DAY_S;
}

static void judge_call(const pl__port *port, const pl__call *call, pl_visit *v) {
    const pl__stay *stay = pl__models_stay(port->models);
    bool unsure = call->link < PL__CALL_SURE || call->rival[0] >= RIVAL;
    bool gap = call->together < PL__CALL_SURE || call->rival[1] >= RIVAL ||
               longest_gap_days(port, call) > pl__stay_long_days(stay);
    if (call->count > 1) v->same_hull = call->link;
    if (unsure) v->reasons |= PL_BIT(PL_SAME_HULL_UNSURE);
    if (gap) v->reasons |= PL_BIT(PL_COVERAGE_GAP);
    if (call->count == 1) v->reasons |= PL_BIT(PL_SEEN_ONCE);
    bool doubted = unsure || call->link * call->together < PL__CALL_SURE ||
                   (v->reasons & (PL_BIT(PL_IDENTITY_CONTRADICTED) | PL_BIT(PL_OUTDATED)));
    if (doubted && v->status == PL_OK) v->status = PL_DUBIOUS;
}

static pl_status take_cargo(const pl__port *port, const pl__call *call, pl_visit *v,
                            pl_error *error) {
    const pl_observation *a = NULL, *b = NULL;
    pl_load_input ship;
    pl_change change;
    pl_status status = take_particulars(port, v, &ship, error);
    for (int k = 0; k < call->count; k++) {
        const pl_observation *o = &port->seen[call->hull[k]];
        if (!pl__measured(port, o)) continue;
        if (!a) a = o;
        b = o;
    }
    if (status != PL_OK) return status;
    v->status = PL_REFUSED;
    if (!a) {
        v->reasons |= PL_BIT(PL_ARRIVAL_UNSEEN) | PL_BIT(PL_DEPARTURE_UNSEEN);
        for (int k = 0; k < call->count; k++) v->reasons |= port->seen[call->hull[k]].reasons;
        return PL_OK;
    }
    if (a == b) {
        v->reasons |= a->reasons;
        judge_alone(port, a, v);
        return PL_OK;
    }
    pl_load_options load = port->options->load;
    load.called_to_load = port->way == PL_DIRECTION_LOADING;
    status = pl_visit_change(port->fleet, &ship, &load, a, b, &change, error);
    if (status != PL_OK) return status;
    pl__text_copy(v->arrival_hull_id, sizeof v->arrival_hull_id, a->hull_id);
    pl__text_copy(v->departure_hull_id, sizeof v->departure_hull_id, b->hull_id);
    tell_review(a, v);
    tell_review(b, v);
    if (a->has_load) v->arrival_cargo_t = a->load.cargo_t;
    if (b->has_load) v->departure_cargo_t = b->load.cargo_t;
    take_change(&change, v);
    judge_change(port, call, &change, a, b, v);
    return PL_OK;
}

/* ---- a visit ---- */

static void begin_visit(const pl__port *port, const pl__call *call, pl_visit *v) {
    const pl_observation *first = &port->seen[call->hull[0]];
    const pl_observation *last = &port->seen[call->hull[call->count - 1]];
    const pl_load_options *load = &port->options->load;
    *v = (pl_visit){.observations = call->count,
                    .arrived_after_s = NAN,
                    .first_seen_s = first->acquired_s,
                    .last_seen_s = last->acquired_s,
                    .departed_before_s = NAN,
                    .same_hull = NAN,
                    .same_ship = call->same_ship,
                    .lon_deg = last->lon_deg,
                    .lat_deg = last->lat_deg,
                    .heading_rad = last->heading_rad,
                    .length_m = mean_of(port, call, length_of),
                    .beam_m = mean_of(port, call, beam_of),
                    .dwt_t = deadweight_of(port, call),
                    .tanker_probability = NAN,
                    .transfer_t = NOTHING,
                    .transfer_t_p25 = NAN,
                    .transfer_t_p75 = NAN,
                    .transfer_bbl = NOTHING,
                    .arrival_cargo_t = NOTHING,
                    .departure_cargo_t = NOTHING};
    snprintf(v->visit_id, sizeof v->visit_id, "visit:%s", first->hull_id);
    pl__text_copy(v->port, sizeof v->port, first->port);
    pl__text_copy(v->product, sizeof v->product, load->product);
    pl__text_copy(v->conversion, sizeof v->conversion, load->conversion);
    for (int k = 0; k < call->count; k++) {
        const pl_observation *o = &port->seen[call->hull[k]];
        if (!(o->tanker_probability <= v->tanker_probability)) /* the surest judgement that it is */
            v->tanker_probability =
                isnan(o->tanker_probability) ? v->tanker_probability : o->tanker_probability;
        if (o->vessel_class != PL_CLASS_UNKNOWN && v->vessel_class != PL_CLASS_TANKER)
            v->vessel_class = o->vessel_class;
        if (o->has_load)
            pl__text_copy(v->conversion_evidence, sizeof v->conversion_evidence,
                          o->load.conversion_evidence);
    }
    take_names(port, call, v);
    if (call->borrowed) v->reasons |= PL_BIT(PL_IDENTITY_CONTRADICTED);
}

/* The key that the ship's visits share: that of the call that named her first. */
static void name_ship(pl_visit *v, const pl_visit *of, bool borrowed) {
    if (borrowed)
        snprintf(v->ship, sizeof v->ship, "hull:%s", of->visit_id + strlen("visit:"));
    else if (*of->vessel_imo)
        snprintf(v->ship, sizeof v->ship, "imo:%s", of->vessel_imo);
    else if (*of->vessel_name)
        snprintf(v->ship, sizeof v->ship, "name:%s", of->vessel_name);
    else
        snprintf(v->ship, sizeof v->ship, "hull:%s", of->visit_id + strlen("visit:"));
}

static pl_status make_visits(const pl__port *port, const pl__calls *calls, pl_visit *out,
                             pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < calls->count && status == PL_OK; i++) {
        const pl__call *call = &calls->call[i];
        begin_visit(port, call, &out[i]);
        status = find_ends(port, call, &out[i], error);
        if (status == PL_OK) status = take_cargo(port, call, &out[i], error);
        if (status == PL_OK) judge_call(port, call, &out[i]);
    }
    for (int i = 0; i < calls->count && status == PL_OK; i++)
        name_ship(&out[i], &out[calls->call[i].ship], calls->call[calls->call[i].ship].borrowed);
    return status;
}

/* ---- a port ---- */

/* What tankers do here, by the calls that nobody doubts. */
static pl_direction way_of(const pl_visit *visit, int count) {
    int loads = 0, discharges = 0;
    for (int i = 0; i < count; i++) {
        if (visit[i].status != PL_OK) continue;
        loads += visit[i].direction == PL_DIRECTION_LOADING;
        discharges += visit[i].direction == PL_DIRECTION_DISCHARGING;
    }
    if (loads >= CALLS_THAT_TELL && discharges == 0) return PL_DIRECTION_LOADING;
    if (discharges >= CALLS_THAT_TELL && loads == 0) return PL_DIRECTION_DISCHARGING;
    return PL_DIRECTION_UNCLEAR;
}

/* Tankers in a picture, those in which none was found counted. */
static double others_of(const pl__port *port) {
    int looks = 0;
    for (int i = 0; i < port->pictures; i++) looks += isfinite(port->looked[i].unseen_share);
    for (int i = 0; looks == 0 && i < port->count; i++)
        looks -= i == 0 || strcmp(port->seen[i].scene_id, port->seen[i - 1].scene_id) != 0;
    looks = abs(looks);
    return looks > 0 ? pl__max(LEAST_OTHERS, (double)port->count / looks) : LEAST_OTHERS;
}

static void drop_calls(pl__calls *calls) {
    for (int i = 0; i < calls->count; i++) free(calls->call[i].hull);
    free(calls->call);
}

static pl_status visit_port(pl__port *port, pl_visit_list *out, pl_error *error) {
    pl__calls calls = {0};
    pl_visit *visit = out->visit + out->count;
    port->others = others_of(port);
    port->way = port->options->port_does;
    pl_status status = pl__calls_find(port, &calls, error);
    if (status == PL_OK) status = pl__ships_find(port, &calls, error);
    if (status == PL_OK) status = make_visits(port, &calls, visit, error);
    if (status == PL_OK && port->way == PL_DIRECTION_UNCLEAR) {
        port->way = way_of(visit, calls.count);
        if (port->way != PL_DIRECTION_UNCLEAR) status = make_visits(port, &calls, visit, error);
    }
    if (status == PL_OK) out->count += calls.count;
    drop_calls(&calls);
    return status;
}

/* ---- all ports ---- */

/* Does it count, and as what is it left out? */
static bool is_wanted(const pl_visit_options *options, const pl_observation *o,
                      pl_visit_list *out) {
    bool named = *o->vessel_name || *o->vessel_imo;
    bool other = (o->reasons & PL_BIT(PL_NOT_A_TANKER)) || o->vessel_class == PL_CLASS_OTHER ||
                 o->tanker_probability < OTHER_KIND;
    int *why = !isfinite(o->acquired_s) ? &out->timeless
               : !(o->length_m.value > 0) || !(fabs(o->lon_deg) <= 360 && fabs(o->lat_deg) <= 90)
                   ? &out->shapeless
               : other && !named && !options->all_classes ? &out->others
                                                          : NULL;
    if (why) ++*why;
    return !why;
}

static int by_port(const void *a, const void *b) {
    const pl_observation *x = a, *y = b;
    int order = strcmp(x->port, y->port);
    if (order == 0) order = (x->acquired_s > y->acquired_s) - (x->acquired_s < y->acquired_s);
    return order ? order : strcmp(x->hull_id, y->hull_id);
}

static int by_first_seen(const void *a, const void *b) {
    const pl_visit *x = a, *y = b;
    if (x->first_seen_s != y->first_seen_s) return x->first_seen_s < y->first_seen_s ? -1 : 1;
    return strcmp(x->visit_id, y->visit_id);
}

/* Observations and pictures of one port, to be looked at alone. */
static int pictures_of(const char *port, const pl_coverage *all, int count, pl_coverage *out) {
    int n = 0;
    for (int i = 0; i < count; i++)
        if (strcmp(all[i].port, port) == 0 && isfinite(all[i].acquired_s)) out[n++] = all[i];
    return n;
}

static int by_picture_time(const void *a, const void *b) {
    const pl_coverage *x = a, *y = b;
    if (x->acquired_s != y->acquired_s) return x->acquired_s < y->acquired_s ? -1 : 1;
    return strcmp(x->scene_id, y->scene_id);
}

pl_status pl_visits_find(const pl_visit_models *models, const pl_load_models *fleet,
                         const pl_sighted *sighted, const pl_visit_options *options,
                         pl_arena *arena, pl_visit_list *out, pl_error *error) {
    *out = (pl_visit_list){0};
    size_t n = (size_t)pl__max(1, sighted->count), m = (size_t)pl__max(1, sighted->pictures);
    pl_observation *seen = pl__arena_array(arena, n, sizeof *seen);
    pl_coverage *looked = pl__arena_array(arena, m, sizeof *looked);
    int *group = pl__arena_array(arena, n, sizeof *group);
    out->visit = pl__arena_array(arena, n, sizeof *out->visit);
    pl_status status = pl_load_check_options(fleet, &options->load, error);
    if (!seen || !looked || !group || !out->visit) status = pl__fail_memory(error, FLOOR);
    if (status != PL_OK) return status;
    int count = 0;
    for (int i = 0; i < sighted->count; i++)
        if (is_wanted(options, &sighted->observation[i], out))
            seen[count++] = sighted->observation[i];
    if (count > 0) qsort(seen, (size_t)count, sizeof *seen, by_port);
    for (int i = 0; i < count; i++)
        group[i] = pl__identities_group(sighted->identities, seen[i].hull_id);
    for (int from = 0, to; from < count && status == PL_OK; from = to) {
        for (to = from; to < count && strcmp(seen[to].port, seen[from].port) == 0;) to++;
        pl__port port = {.models = models,
                         .fleet = fleet,
                         .options = options,
                         .seen = seen + from,
                         .group = group + from,
                         .count = to - from,
                         .identities = sighted->identities,
                         .looked = looked};
        port.pictures = pictures_of(seen[from].port, sighted->coverage, sighted->pictures, looked);
        if (port.pictures > 0)
            qsort(looked, (size_t)port.pictures, sizeof *looked, by_picture_time);
        status = visit_port(&port, out, error);
    }
    if (out->count > 0) qsort(out->visit, (size_t)out->count, sizeof *out->visit, by_first_seen);
    return status;
}
