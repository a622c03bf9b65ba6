/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Towards which side do this ship's high parts lean, and what does that say of the view?
 *
 * View azimuths are published in two conventions half a turn apart, and no ephemeris tells which
 * one is meant. But what stands high leans far: accommodation, funnel and bridge wings, 5 to 30 m
 * over the deck, are drawn h tan(i) away from the satellite, out over the water beyond the side. On
 * the side towards the satellite nothing is drawn beyond the waterline. So each side is walked
 * along: how far outward does the ship go on, other than water, before water shows? What the ends
 * show more than midships is the overhang.
 *
 * With D the overhang to starboard less that to port, and v the lean to starboard per metre of
 * height under a view that is tried,
 *
 *      p(D | view) = (1 - e) N(D; H v, (S v)^2 + noise^2) + e / W,
 *
 * where H and S are what ships' high parts stand out by, and e the share of ships beside which
 * something else lies. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "freeboard/internal.h"
#include "geo/geo.h"
#include "hull/sea.h"

/* Shares of the length from midships: what is the middle, and how far the ends are looked at. */
static const double MIDDLE = 0.18, END = 0.48;
/* Three to seven storeys of 2.7 m, less what they stand inboard of the side seen from above. */
static const double STANDS_OUT_M = 7, STANDS_OUT_SIGMA_M = 4;
static const double HIGHEST_M = 40; /* funnel and mast top over the deck of a VLCC */
static const double NOISE_PX = 0.5, NOISE_M = 0.3;
static const double ELSE_SHARE = 0.06, ELSE_RANGE_M = 20; /* tugs, barges, cranes ashore, foam */
static const double UNEVEN_PX = 2.0;                      /* of a straight side seen in rows */
static const double HOUSE_M = 6; /* along the hull: a mast or a crane's jib is no house */
static const double BRIGHT_SHARE = 0.15, BRIGHT_SIGMAS = 5; /* over open water */
static const double DECK_SHARE = 0.3;                       /* of what the deck is brighter by */

/* One side, its frame (metres along, metres outward) on the chip. */
typedef struct walk {
    const pl_crop *chip;
    const pl_sea *sea;
    bool sunlit;               /* no shadow on the water: what is darker than it is ship, too */
    double deck[PL_BANDS_MAX]; /* its level, midships */
    double length_m, edge_m, pixel_m; /* edge: half the beam */
    double slope;                     /* tan(incidence) */
    double e0, n0, along_e, along_n, out_e, out_n;
} walk;

static size_t place(const walk *w, double u, double n, double *x, double *y) {
    const pl_crop *chip = w->chip;
    pl__geo_to_pixel(&chip->frame, w->e0 + u * w->along_e + n * w->out_e,
                     w->n0 + u * w->along_n + n * w->out_n, x, y);
    *x = (*x - chip->x_px) / chip->step;
    *y = (*y - chip->y_px) / chip->step;
    if (!(*x >= 0 && *y >= 0 && *x < chip->pixels.width && *y < chip->pixels.height))
        return SIZE_MAX;
    return (size_t)*y * (size_t)chip->pixels.width + (size_t)*x;
}

/* 1 other than water in some band, 0 water or its shade, -1 no data */
static int other(const walk *w, double u, double n) {
    double x, y;
    const pl_crop *chip = w->chip;
    size_t at = place(w, u, n, &x, &y);
    if (at == SIZE_MAX) return -1;
    bool yes = false;
    for (int b = 0; b < chip->pixels.bands; b++) {
        if (chip->role[b] == PL_BAND_ALPHA) continue;
        double value = (double)pl__plane(&chip->pixels, b)[at];
        double level = pl__hull_sea_level(w->sea, b, x, y);
        if (isnan(value)) return -1;
        double over = w->sunlit ? fabs(value - level) : value - level;
        double least = pl__max(BRIGHT_SIGMAS * w->sea->sigma[b], BRIGHT_SHARE * fabs(level));
        yes = yes || over > pl__max(least, DECK_SHARE * (w->deck[b] - level));
    }
    return yes;
}

static void learn_deck(walk *w, float *scratch, size_t room) {
    for (int b = 0; b < w->chip->pixels.bands; b++) {
        size_t count = 0;
        for (size_t i = 0; i < room; i++) {
            double x, y, u = MIDDLE * w->length_m * (2.0 * (double)i / (double)room - 1);
            size_t at = place(w, u, w->edge_m * (double)(i % 7) / 8, &x, &y);
            if (at == SIZE_MAX) continue;
            float value = pl__plane(&w->chip->pixels, b)[at];
            if (!isnan(value)) scratch[count++] = value;
        }
        w->deck[b] = count ? pl__image_quantile(scratch, count, 0.5) : -INFINITY;
    }
}

/* How far outward from the axis the ship goes on at u; NAN where what lies there is no ship's. */
static float extent(const walk *w, double u, double reach_m) {
    double px = w->pixel_m, far = w->edge_m - 1.5 * px;
    for (double n = far; n < w->edge_m + reach_m; n += 0.5 * px) {
        int seen = other(w, u, n);
        if (seen < 0) return NAN;
        if (seen == 0 && n - far > 0.8 * px) return (float)far;
        if (seen == 1) far = n;
    }
    return NAN;
}

/* What the ends reach out by beyond midships, over at least a house's length. NAN unknown. */
static double side_overhang(const walk *w, float *row, float *scratch) {
    double px = w->pixel_m, reach_m = HIGHEST_M * w->slope + 4 * px;
    int rows = (int)(2 * END * w->length_m / px), house = (int)pl__max(4, HOUSE_M / px);
    size_t count = 0;
    for (int r = 0; r < rows; r++) {
        double u = (r + 0.5) * px - END * w->length_m;
        row[r] = extent(w, u, reach_m);
        if (fabs(u) < MIDDLE * w->length_m && !isnan(row[r])) scratch[count++] = row[r];
    }
    if (count < 8) return NAN;
    double middle = pl__image_quantile(scratch, count, 0.5), most = 0;
    double spread =
        pl__image_quantile(scratch, count, 0.8) - pl__image_quantile(scratch, count, 0.2);
    if (spread > UNEVEN_PX * px) return NAN; /* the outline's side is not the ship's */
    for (int r = 0; r + house <= rows; r++) {
        double from = (r + 0.5) * px - END * w->length_m, to = from + house * px;
        if (to > -MIDDLE * w->length_m && from < MIDDLE * w->length_m) continue;
        count = 0;
        for (int i = r; i < r + house; i++)
            if (!isnan(row[i])) scratch[count++] = row[i];
        if (2 * count > (size_t)house)
            most = pl__max(most, pl__image_quantile(scratch, count, 0.5) - middle);
    }
    return most;
}

/* Both sides, from the hull's own axis. */
static walk face(const pl_crop *chip, const pl_hull *hull, const pl_sea *sea, pl_side side) {
    double turn = side == PL_STARBOARD_SIDE ? 0.5 * PL_PI : -0.5 * PL_PI;
    double normal_rad = pl__geo_wrap(hull->heading_rad + turn);
    walk w = {.chip = chip,
              .sea = sea,
              .sunlit = pl_freeboard_geometry(&chip->sight, normal_rad).shadow <= 0,
              .length_m = hull->length_m.value,
              .edge_m = 0.5 * hull->beam_m.value,
              .pixel_m = chip->frame.pixel_m * chip->step,
              .slope = tan(chip->sight.view_incidence_rad),
              .along_e = sin(hull->heading_rad),
              .along_n = cos(hull->heading_rad),
              .out_e = sin(normal_rad),
              .out_n = cos(normal_rad)};
    pl__geo_to_metres(&chip->frame, hull->x_px, hull->y_px, &w.e0, &w.n0);
    return w;
}

bool pl__freeboard_leans(const pl_sight *sight) {
    return isfinite(sight->view_incidence_rad) && isfinite(sight->sun_azimuth_rad) &&
           isfinite(sight->sun_elevation_rad);
}

pl_status pl__freeboard_overhang(const pl_crop *chip, const pl_hull *hull, const pl_sea *sea,
                                 pl_arena *arena, double *starboard_less_port_m, pl_error *error) {
    double out_m[2];
    *starboard_less_port_m = NAN;
    if (!pl__freeboard_leans(&chip->sight)) return PL_OK;
    for (int i = 0; i < 2; i++) {
        walk w = face(chip, hull, sea, (pl_side)i);
        size_t rows = (size_t)(w.length_m / w.pixel_m) + 1;
        float *row = pl__arena_array(arena, rows, sizeof *row);
        float *scratch = pl__arena_array(arena, rows, sizeof *scratch);
        if (!row || !scratch) return pl__fail_memory(error, "freeboard");
        learn_deck(&w, scratch, rows);
        out_m[i] = side_overhang(&w, row, scratch);
    }
    *starboard_less_port_m = out_m[PL_STARBOARD_SIDE] - out_m[PL_PORT_SIDE];
    return PL_OK;
}

pl_status pl_freeboard_overhang(const pl_crop *chip, const pl_hull *hull, pl_arena *arena,
                                double *starboard_less_port_m, pl_error *error) {
    pl_sea sea;
    *starboard_less_port_m = NAN;
    if (!pl__freeboard_leans(&chip->sight)) return PL_OK;
    pl_status status = pl__hull_sea(chip, arena, &sea, error);
    if (status != PL_OK) return status == PL_REFUSED ? PL_OK : status;
    return pl__freeboard_overhang(chip, hull, &sea, arena, starboard_less_port_m, error);
}

double pl_freeboard_view_log_likelihood(double starboard_less_port_m, double lean, double pixel_m) {
    if (isnan(starboard_less_port_m) || isnan(lean)) return 0;
    double width = hypot(hypot(STANDS_OUT_SIGMA_M * lean, NOISE_PX * pixel_m), NOISE_M);
    double z = (starboard_less_port_m - STANDS_OUT_M * lean) / width;
    return log((1 - ELSE_SHARE) * exp(-0.5 * z * z) / (sqrt(2 * PL_PI) * width) +
               ELSE_SHARE / ELSE_RANGE_M);
}
