/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of visits: calls on their way, from hulls to ships. */
#ifndef PL_VISIT_VISITS_H
#define PL_VISIT_VISITS_H

#include "base/base.h"
#include "plimsoll/visit.h"
#include "visit/stay.h"

/** Beyond this a pairing is said; below, it is shown as unsure. */
#define PL__CALL_SURE 0.9
/** Below this two pictures are not taken for one call at all. */
#define PL__CALL_LIKELY 0.7

/** What there is to work with, and what was asked. */
typedef struct pl__port {
    const pl_visit_models *models;
    const pl_load_models *fleet;
    const pl_visit_options *options;
    const pl_observation *seen; /* of one port, by time */
    const int *group;           /* an analyst's "the same ship", by observation; 0 none */
    int count;
    const pl_identities *identities;
    const pl_coverage *looked; /* pictures of one port, by time */
    int pictures;
    pl_direction way; /* what tankers do here, as somebody says or as the calls show */
    double others;    /* tankers in a picture, of which none is the one that is looked for */
    pl_arena *arena;
} pl__port;

/** A call on its way: its hulls by time. */
typedef struct pl__call {
    int *hull; /* indices into seen */
    int count, room;
    double link;     /* probability that all its hulls are one ship */
    double together; /* probability that they are of one call, if of one ship */
    /* the most that a hull that was left outside could be of it: [0] perhaps another ship's, [1]
     * surely hers, but perhaps of another call */
    double rival[2];
    double went_m, went_sigma_m; /* largest change of freeboard within it that is one; 0 none */
    int absences;                /* pictures since its last hull that show her place without her */
    int ship;                    /* index of the ship; see pl__ships_find */
    double same_ship;            /* NAN: her only call */
    bool borrowed; /* another ship, by her hull, sent the number that this one sends */
} pl__call;
typedef struct pl__calls {
    int count, room;
    pl__call *call;
} pl__calls;

/** How much likelier are two hulls one ship than two, by all but place and time? 0: a
 * contradiction. */
pl_status pl__hulls_alike(const pl__port *port, int a, int b, double *ratio, pl_error *error);
/** Is her identity what she sent herself, by AIS? */
bool pl__sent(const pl_observation *o);
/** Which hulls belong to one call? src/visit/calls.c. */
pl_status pl__calls_find(const pl__port *port, pl__calls *out, pl_error *error);
/** Which calls are one ship's? Sets ship and same_ship. src/visit/ships.c. */
pl_status pl__ships_find(const pl__port *port, pl__calls *calls, pl_error *error);

/** Would this picture show a ship of this length at this place, clouds apart? */
bool pl__picture_shows(const pl_coverage *picture, const pl_observation *where);
/** Metres between two places, roughly. */
double pl__apart_m(double lon_a_deg, double lat_a_deg, double lon_b_deg, double lat_b_deg);
/** Freeboard measured, and to be used? */
bool pl__measured(const pl__port *port, const pl_observation *o);

/** An analyst's ship of a hull, from 1 on; 0: nobody says. ids may be NULL. */
int pl__identities_group(const pl_identities *ids, const char *hull_id);
/** Does an analyst say that they are two? */
bool pl__identities_differ(const pl_identities *ids, const char *a, const char *b);
const pl__stay *pl__models_stay(const pl_visit_models *models);

#endif
