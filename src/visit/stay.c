/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ship was seen in port. Is she the one that is seen there some days later, and in the same call?
 *
 * Stays are log-normal: median m, sigma s of the logarithm. A picture finds a ship somewhere within
 * her stay, long stays more often than short ones; what is left of the stay is then longer than t
 * with probability
 *
 *     S(t) = (1 / mu) integral from t of (1 - F(u)) du
 *          = Q((ln t/m - s^2) / s) - (t / mu) Q((ln t/m) / s),      mu = m exp(s^2 / 2),
 *
 * Q the normal's upper tail: the length-biased law of renewals. S(0) = 1.
 *
 * Back again: she has left, with 1 - S(t); her way out and home took less than t, log-normal again;
 * and then she is in this port for a regular caller's share of her time. */
#include "visit/stay.h"

#include <math.h>

static double upper_tail(double z) {
    return 0.5 * erfc(0.70710678118654752440 * z);
}

double pl__stay_still_there(const pl__stay *stay, double days) {
    double m = stay->value[PL__STAY_MEDIAN], s = stay->value[PL__STAY_SPREAD];
    if (!(days > 0)) return 1;
    double z = log(days / m), mean = m * exp(0.5 * s * s);
    double still = upper_tail((z - s * s) / s) - days / mean * upper_tail(z / s);
    return still > 0 ? still : 0;
}

double pl__stay_back_again(const pl__stay *stay, double days) {
    if (!(days > 0)) return 0;
    double z = log(days / stay->value[PL__CYCLE_MEDIAN]) / stay->value[PL__CYCLE_SPREAD];
    return (1 - pl__stay_still_there(stay, days)) * upper_tail(-z) * stay->value[PL__CALLER_SHARE];
}

double pl__stay_long_days(const pl__stay *stay) {
    double low = 0, high = 1000;
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        if (pl__stay_still_there(stay, middle) > 0.25)
            low = middle;
        else
            high = middle;
    }
    return high;
}
