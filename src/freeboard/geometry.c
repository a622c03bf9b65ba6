/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a metre of hull side look like from above?
 *
 * A picture rectified to the water shows a point of height h displaced by h tan(i) AWAY from the
 * satellite, and the sun throws its shadow h cot(e) AWAY from the sun. Along the outward normal n
 * of one side, with azimuth a:
 *
 *        sun                                       lean    v = -tan(i) cos(A_v - a)
 *           \              satellite               shadow  s = -cot(e) cos(A_s - a)
 *            \              /
 *     ________\ deck edge  /                       per metre of height:
 *             |\          /                        v > 0  the deck edge leans out and hides water
 *        hull | \        /                         v < 0  this side's wall is seen
 *   ~~~~~~~~~~|~~\~~~~~~/~~~~~~~~~~ water          s > 0  this side's shadow lies on the water
 *             0   s*f  ...  n ->
 *
 * Given:    sight, apparent sun elevation e > 0, incidence i < 90 deg at the target; a from true
 * north. Returned: v and s, metres of ground along n per metre of height. Notes: (1) e is the
 * refracted elevation: refraction is 0.25 % of a shadow at 20 deg. (2) The water is plane over the
 *        shadow's length. (3) i is the incidence at the ship, not the satellite's off-nadir angle.
 * (4) The wall is vertical: flare amidships is below 1 deg on tankers. Worked numbers:
 * tests/freeboard/test_geometry.c. */
#include <math.h>

#include "plimsoll/freeboard.h"

pl_side_geometry pl_freeboard_geometry(const pl_sight *sight, double normal_azimuth_rad) {
    return (pl_side_geometry){
        .lean = -tan(sight->view_incidence_rad) * cos(sight->view_azimuth_rad - normal_azimuth_rad),
        .shadow = -cos(sight->sun_azimuth_rad - normal_azimuth_rad) / tan(sight->sun_elevation_rad),
    };
}
