/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside this hull: water? And how much of her lit wall was taken for her deck?
 *
 * A ship has water along at least one long side. A blob in a yard has none, however well its shape
 * fits. Points a few metres off each side are held against the water of the whole search, not
 * against the chip's own, which on land is the darkest land. */
#include <math.h>

#include "geo/geo.h"
#include "hull/internal.h"

static const double OFF_M[] = {3.0, 5.0, 7.0};
static const double ALONG = 0.35; /* of the length on either side of midships */
static const double WATER_SIGMAS = 5.0,
                    WATER_SHARE = 0.35; /* as far above the water's level: still water, or glint */
static const double OPEN_SHARE = 0.4;   /* a barge alongside hides the rest */
/* Freeboards lie between none and two fifths of the beam, as good as evenly. */
static const double FREEBOARD_SHARE = 0.23; /* root mean square of that */

static bool is_water(const pl_crop *chip, const pl_crop *search, const pl_sea *sea, double x_px,
                     double y_px) {
    double x = (x_px - chip->x_px) / chip->step, y = (y_px - chip->y_px) / chip->step;
    for (int band = 0; band < chip->pixels.bands; band++) {
        double level = pl__hull_sea_level(sea, band, (x_px - search->x_px) / search->step,
                                          (y_px - search->y_px) / search->step);
        double above = (double)pl__image_linear(pl__plane(&chip->pixels, band), chip->pixels.width,
                                                chip->pixels.height, x, y) -
                       level;
        /* NAN, off the picture: unknown, hence no water */
        if (!(above < pl__max(WATER_SIGMAS * sea->sigma[band], WATER_SHARE * fabs(level))))
            return false;
    }
    return true;
}

int pl__hull_water_sides(const pl_crop *chip, const pl_crop *search, const pl_sea *sea,
                         const pl_hull *hull) {
    int sides = 0;
    double east, north, s = sin(hull->heading_rad), c = cos(hull->heading_rad);
    pl__geo_to_metres(&chip->frame, hull->x_px, hull->y_px, &east, &north);
    for (int side = -1; side <= 1; side += 2) {
        int water = 0, all = 0;
        for (double share = -ALONG; share <= ALONG; share += 0.025) {
            for (size_t k = 0; k < sizeof OFF_M / sizeof *OFF_M; k++) {
                double u = share * hull->length_m.value,
                       w = side * (0.5 * hull->beam_m.value + OFF_M[k]), x, y;
                pl__geo_to_pixel(&chip->frame, east + u * s + w * c, north + u * c - w * s, &x, &y);
                water += is_water(chip, search, sea, x, y);
                all++;
            }
        }
        sides += water >= OPEN_SHARE * all;
    }
    return sides;
}

double pl__hull_stood_share(const pl_crop *search, const pl_hull *hull) {
    double east, north, s = sin(hull->heading_rad), c = cos(hull->heading_rad);
    int stood = 0, all = 0;
    pl__geo_to_metres(&search->frame, hull->x_px, hull->y_px, &east, &north);
    for (double along = -0.45; along <= 0.45; along += 0.02) {
        for (double across = -0.35; across <= 0.35; across += 0.05) {
            double u = along * hull->length_m.value, w = across * hull->beam_m.value, x, y;
            pl__geo_to_pixel(&search->frame, east + u * s + w * c, north + u * c - w * s, &x, &y);
            x = floor((x - search->x_px) / search->step);
            y = floor((y - search->y_px) / search->step);
            if (x < 0 || y < 0 || x >= search->pixels.width || y >= search->pixels.height) continue;
            stood += search->stood[(size_t)y * (size_t)search->pixels.width + (size_t)x];
            all++;
        }
    }
    return all > 0 ? (double)stood / all : 0;
}

void pl__hull_doubt_wall(const pl_sight *sight, pl_hull *hull) {
    for (int side = -1; side <= 1; side += 2) {
        double normal = hull->heading_rad + side * PL_PI / 2;
        double seen = tan(sight->view_incidence_rad) * cos(sight->view_azimuth_rad - normal);
        bool lit = cos(sight->sun_azimuth_rad - normal) > 0;
        if (lit && seen > 0) /* false for unknown angles */
            hull->beam_m.sigma =
                hypot(hull->beam_m.sigma, FREEBOARD_SHARE * hull->beam_m.value * seen);
    }
}
