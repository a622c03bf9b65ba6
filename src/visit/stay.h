/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long do ships stay in port, and when do they come back? */
#ifndef PL_VISIT_STAY_H
#define PL_VISIT_STAY_H

/** Names of models/port_calls.csv. */
typedef enum pl__stay_number {
    PL__STAY_MEDIAN,  /* days in port, of a call */
    PL__STAY_SPREAD,  /* sigma of its logarithm */
    PL__CYCLE_MEDIAN, /* days from a departure to the same ship's next arrival */
    PL__CYCLE_SPREAD, /* likewise */
    PL__CALLER_SHARE, /* of her time that a regular caller spends in this port */
    PL__MISSED_SHARE, /* of ships in a picture that are not found */
    PL__BERTH_KEPT,   /* share of ships that lie, some days later, where they lay */
    PL__BERTH_TAKEN,  /* of the other tankers in port, the share that lies at one berth */
    PL__STAY_COUNT
} pl__stay_number;

typedef struct pl__stay {
    double value[PL__STAY_COUNT];
} pl__stay;

/** Probability that a ship seen in port is still there, so many days later. */
double pl__stay_still_there(const pl__stay *stay, double days);
/** Probability that she has left and is back again. */
double pl__stay_back_again(const pl__stay *stay, double days);
/** Days after which one in four is still there. */
double pl__stay_long_days(const pl__stay *stay);

#endif
