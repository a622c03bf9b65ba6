/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a picture show a place? It does where the place lies in the picture and in what was searched
 * of it. Whether a cloud hid it is another question: only the share of it that was hidden is kept.
 */
#include <math.h>

#include "base/base.h"

#include "plimsoll/visit.h"

/* Longitudes of one neighbourhood, also across the antimeridian. */
static double near(double lon_deg, double of_deg) {
    return of_deg + remainder(lon_deg - of_deg, 360.0);
}

/* A convex quadrilateral, whichever way round: the place lies on one side of all its sides. */
static bool within_corners(const double (*corner)[2], double lon_deg, double lat_deg) {
    int left = 0, right = 0;
    for (int i = 0; i < 4; i++) {
        const double *a = corner[i], *b = corner[(i + 1) % 4];
        double ax = near(a[0], lon_deg) - lon_deg, bx = near(b[0], lon_deg) - lon_deg;
        double cross = ax * (b[1] - lat_deg) - bx * (a[1] - lat_deg);
        if (!isfinite(cross)) return false;
        left += cross > 0;
        right += cross < 0;
    }
    return left == 0 || right == 0;
}

bool pl_coverage_shows(const pl_coverage *c, double lon_deg, double lat_deg) {
    const double *s = c->searched;
    double lon = near(lon_deg, 0.5 * (s[0] + s[2]));
    if (!isfinite(c->unseen_share)) return false;
    if (!(lon >= s[0] && lon <= s[2] && lat_deg >= s[1] && lat_deg <= s[3])) return false;
    return within_corners((const double(*)[2])c->corner, lon_deg, lat_deg);
}
