/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is this hull under cloud? The mask is counted in a box along the hull: a tenth of its length
 * beyond either end, and on either side as much water as its beam, where shadow and wall are read.
 */
#include "run/cloud.h"

#include <math.h>

#include "geo/geo.h"

double pl__run_cloud_share(const pl_crop *chip, const pl_hull *hull) {
    if (!chip->cloud) return 0.0;
    size_t hidden = 0, all = 0;
    double along_m = 0.6 * hull->length_m.value, across_m = 1.5 * hull->beam_m.value;
    double east0, north0, s = sin(hull->heading_rad), c = cos(hull->heading_rad);
    pl__geo_to_metres(&chip->frame, hull->x_px, hull->y_px, &east0, &north0);
    for (int y = 0; y < chip->pixels.height; y++) {
        for (int x = 0; x < chip->pixels.width; x++) {
            double east, north;
            pl__geo_to_metres(&chip->frame, chip->x_px + (x + 0.5) * chip->step,
                              chip->y_px + (y + 0.5) * chip->step, &east, &north);
            double e = east - east0, n = north - north0;
            if (fabs(e * s + n * c) > along_m || fabs(e * c - n * s) > across_m) continue;
            all++;
            hidden += chip->cloud[(size_t)y * (size_t)chip->pixels.width + (size_t)x];
        }
    }
    return all ? (double)hidden / (double)all : 0.0;
}

void pl__run_cloud_blank(pl_crop *chip) {
    size_t samples =
        (size_t)chip->pixels.width * (size_t)chip->pixels.height * (size_t)chip->pixels.bands;
    for (size_t i = 0; i < samples; i++) chip->pixels.data[i] = NAN;
}
