/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where did the sun stand, when only the date is known and shadows show the sun's azimuth?
 *
 * The ephemeris gives the sun's azimuth through the day. Where it equals the one that was read, the
 * time and the elevation follow. The day is that of the place: from midnight to midnight by the sun
 * at its longitude, since aerial pictures are dated by local time.
 *
 * Between the tropics the sun can pass an azimuth twice in a day. Both are then told, and the sun
 * stays unknown unless their elevations agree within the sigma.
 *
 * Sigma: a shadow's direction is read to 1 deg (two ends, a pixel or two off, over some fifty); the
 * elevation takes |de/dA| of that, from the ephemeris at both ends of the interval. Where azimuth
 * hardly moves with time (a sun that climbs straight up) that grows without bound, and is told so.
 * The date's own uncertainty, none, and the equation of time are in the ephemeris. */
#include <math.h>
#include <stdio.h>

#include "geo/geo.h"
#include "scene/scene.h"

static const char FLOOR[] = "scene";
static const double READ_SIGMA_RAD = 1.0 * PL_RAD_PER_DEG;
static const double DAY_S = 86400.0;
enum { SOLUTIONS_MAX = 4 };

typedef struct place {
    double lon_deg, lat_deg;
} place;

typedef struct solution {
    double time_s, elevation_rad;
} solution;

static bool sun_at(const place *p, double time_s, double azimuth_rad, double *off_rad,
                   double *elevation_rad) {
    double azimuth;
    if (!pl__geo_sun(time_s, p->lon_deg, p->lat_deg, &azimuth, elevation_rad)) return false;
    *off_rad = pl__geo_turn(azimuth, azimuth_rad);
    return true;
}

/* Halves an interval in which the azimuth passes the wanted one. */
static double close_in(const place *p, double low_s, double high_s, double azimuth_rad) {
    double off_low, off, elevation;
    if (!sun_at(p, low_s, azimuth_rad, &off_low, &elevation)) return NAN;
    while (high_s - low_s > 0.1) {
        double middle_s = 0.5 * (low_s + high_s);
        if (!sun_at(p, middle_s, azimuth_rad, &off, &elevation)) return NAN;
        if ((off < 0.0) == (off_low < 0.0)) {
            low_s = middle_s;
        } else {
            high_s = middle_s;
        }
    }
    return 0.5 * (low_s + high_s);
}

/* All times of the day at which the sun, above the horizon, has that azimuth. */
static int solve(const place *p, double from_s, double azimuth_rad, solution *out) {
    const double step_s = 60.0, jump_rad = 0.5 * PL_PI; /* the far side of the sky */
    double before = NAN;
    int count = 0;
    for (double t = from_s; t <= from_s + DAY_S && count < SOLUTIONS_MAX; t += step_s) {
        double off, elevation;
        if (!sun_at(p, t, azimuth_rad, &off, &elevation)) return 0;
        if (isfinite(before) && (off < 0.0) != (before < 0.0) && fabs(off) < jump_rad &&
            fabs(before) < jump_rad) {
            double at = close_in(p, t - step_s, t, azimuth_rad);
            if (sun_at(p, at, azimuth_rad, &off, &elevation) && elevation > 0.0)
                out[count++] = (solution){at, elevation};
            if (!sun_at(p, t, azimuth_rad, &off, &elevation)) return count;
        }
        before = off;
    }
    return count;
}

/* How far the elevation moves when the azimuth was misread by one sigma. */
static double elevation_sigma_rad(const place *p, double from_s, const solution *found,
                                  double azimuth_rad) {
    double worst = 0.0;
    for (int side = -1; side <= 1; side += 2) {
        solution other[SOLUTIONS_MAX];
        int count = solve(p, from_s, azimuth_rad + side * READ_SIGMA_RAD, other);
        double nearest = 0.5 * PL_PI;
        for (int i = 0; i < count; i++)
            nearest = pl__min(nearest, fabs(other[i].elevation_rad - found->elevation_rad));
        worst = pl__max(worst, nearest);
    }
    return worst;
}

static void tell_both(pl_scene_info *info, const solution *a, const solution *b) {
    char first[32], second[32];
    pl__geo_time_format(a->time_s, first, sizeof first);
    pl__geo_time_format(b->time_s, second, sizeof second);
    pl__scene_warn(info,
                   "the sun stood there twice: %.16sZ %.1f deg high, %.16sZ %.1f deg high: say "
                   "which (--sun-azimuth, --sun-elevation)",
                   first, a->elevation_rad * PL_DEG_PER_RAD, second,
                   b->elevation_rad * PL_DEG_PER_RAD);
}

static void take(pl_scene_info *info, const place *p, double from_s, const solution *found,
                 double azimuth_rad, double spread_rad) {
    char time[32];
    double sigma = elevation_sigma_rad(p, from_s, found, azimuth_rad);
    pl_sight *sight = &info->sight;
    sight->sun_azimuth_rad = pl__geo_wrap(azimuth_rad);
    sight->sun_elevation_rad = found->elevation_rad;
    sight->sun_sigma_rad = hypot(hypot(READ_SIGMA_RAD, sigma), spread_rad);
    info->sun_azimuth_source = PL_SOURCE_OPTION;
    info->sun_elevation_source = PL_SOURCE_DERIVED;
    info->reasons &= ~PL_BIT(PL_SUN_UNKNOWN);
    pl__geo_time_format(found->time_s, time, sizeof time);
    pl__scene_warn(info, "the shadows' azimuth makes it %.16sZ, the sun %.1f +- %.1f deg high",
                   time, found->elevation_rad * PL_DEG_PER_RAD, sigma * PL_DEG_PER_RAD);
}

pl_status pl__scene_shadow(pl_scene_info *info, const pl_facts *facts,
                           const pl_scene_options *options, pl_error *error) {
    const double same_rad = 1.0 * PL_RAD_PER_DEG;
    double azimuth = options->sun_from_shadow_rad;
    if (isnan(azimuth)) return PL_OK;
    if (isfinite(info->acquired_s)) {
        pl__scene_warn(info, "the time is known: the sun is not taken from shadows");
        return PL_OK;
    }
    if (isnan(facts->date_s) || isnan(info->centre.lon_deg))
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "the sun from shadows wants a date and a place in the metadata");
    const place p = {info->centre.lon_deg, info->centre.lat_deg};
    double from_s = facts->date_s - p.lon_deg / 360.0 * DAY_S;
    solution found[SOLUTIONS_MAX];
    int count = solve(&p, from_s, azimuth, found);
    if (count == 0) {
        pl__scene_warn(info, "the sun never stands at %.1f deg there on that day",
                       pl__geo_wrap(azimuth) * PL_DEG_PER_RAD);
        return PL_OK;
    }
    double spread = 0.0;
    for (int i = 1; i < count; i++)
        spread = pl__max(spread, fabs(found[i].elevation_rad - found[0].elevation_rad));
    if (spread > same_rad) {
        tell_both(info, &found[0], &found[count - 1]);
        return PL_OK;
    }
    take(info, &p, from_s, &found[0], azimuth, spread);
    return PL_OK;
}
