/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Would a ship at this place have been heard, had she spoken?
 *
 * That nobody was heard there proves nothing by itself: perhaps nobody listened. So others must
 * have been heard there, all the time. Ships speak every few seconds under way and every three
 * minutes at rest; a port with a receiver hears them without a break, a satellite for some minutes
 * every few hours. For each other ship near the place the hour before the picture and the hour
 * after it are cut into bins of five minutes; between the first and the last in which she was heard
 * she was there and spoke, so each bin in which she was not heard is a failure of those who listen.
 * The place is covered when at least so many bins were to be heard in, most of them were, and
 * somebody was heard in the ten minutes before the picture and in the ten after it.
 *
 * What this leaves out: a hill between this ship and the receiver that is not between the others
 * and it. */
#include <math.h>

#include "visit/ais.h"

static const double NEAR_M = 10000.0;
enum { LEAST_BINS = 10 };
static const double LEAST_SHARE = 0.8; /* of bins: four missed in a row are then 1 in 600 */

static bool is_near(const pl_ais_track *t, double lon_deg, double lat_deg) {
    const pl_ais_message *m = t->earlier > 0 ? &t->before[0] : &t->after[0];
    double east, north;
    if (t->later > 0 && t->after[0].after_s < fabs(m->after_s)) m = &t->after[0];
    pl__ais_metres(lon_deg, lat_deg, m->lon_deg, m->lat_deg, &east, &north);
    return hypot(east, north) <= NEAR_M;
}

bool pl__ais_covers(const pl_ais_heard *heard, double lon_deg, double lat_deg) {
    uint32_t together = 0;
    int bins = 0, hits = 0;
    for (int i = 0; i < heard->count; i++) {
        const pl_ais_track *t = &heard->track[i];
        if (!t->bins || t->class_b || !is_near(t, lon_deg, lat_deg)) continue;
        together |= t->bins;
        int first = 0, last = PL_AIS_BINS - 1;
        while (!(t->bins >> first & 1)) first++;
        while (!(t->bins >> last & 1)) last--;
        for (int k = first + 1; k < last; k++) {
            bins++;
            hits += (int)(t->bins >> k & 1);
        }
    }
    const int now = PL_AIS_BINS / 2;
    bool lately = together >> (now - 2) & 3, soon = together >> now & 3;
    return bins >= LEAST_BINS && hits >= LEAST_SHARE * bins && lately && soon;
}
