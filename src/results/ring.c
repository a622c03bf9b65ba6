/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where does a ring lie, as RFC 7946 (3.1.9) wants it said? Longitudes from -180 to 180, and what
 * crosses the antimeridian cut along it, so that no part crosses.
 *
 * The ring is laid out first so that each corner is less than half the globe from the one before,
 * its westernmost in [-180, 180); then it is clipped on either side of 180 (Sutherland and Hodgman,
 * 1974), and what lies beyond is moved back by 360. */
#include <math.h>

#include "results/internal.h"

static void lay_out(const double (*ring)[2], int count, double (*out)[2]) {
    double west = INFINITY;
    for (int k = 0; k < count; k++) {
        out[k][0] = k ? out[k - 1][0] + remainder(ring[k][0] - out[k - 1][0], 360.0) : ring[k][0];
        out[k][1] = ring[k][1];
        west = pl__min(west, out[k][0]);
    }
    double shift = 360.0 * floor((west + 180.0) / 360.0);
    for (int k = 0; k < count && shift != 0.0; k++) out[k][0] -= shift;
}

int pl__results_ring_part(const double (*ring)[2], int count, int part, double (*work)[2],
                          double (*out)[2]) {
    const double edge = 180.0, side = part ? -1.0 : 1.0, back = part ? 360.0 : 0.0;
    int n = 0;
    lay_out(ring, count, work);
    for (int k = 0; k + 1 < count; k++) { /* the last corner is the first */
        const double *a = work[k], *b = work[k + 1];
        bool a_in = side * (a[0] - edge) <= 0.0, b_in = side * (b[0] - edge) <= 0.0;
        if (a_in) {
            out[n][0] = a[0] - back;
            out[n++][1] = a[1];
        }
        if (a_in == b_in) continue;
        out[n][0] = edge - back;
        out[n++][1] = a[1] + (b[1] - a[1]) * (edge - a[0]) / (b[0] - a[0]);
    }
    double reach = 0.0;
    for (int k = 0; k < n; k++) reach = pl__max(reach, fabs(out[k][0] + back - edge));
    if (n < 3 || reach == 0.0) return 0; /* no more than an edge along the line */
    out[n][0] = out[0][0];
    out[n][1] = out[0][1];
    return n + 1;
}
