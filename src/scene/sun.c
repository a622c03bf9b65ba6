/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where did the sun stand, who says so, and do they agree?
 *
 * Order: option, metadata, ephemeris. The ephemeris is computed whenever time and place are known,
 * as a witness: vendors publish to 0.1 deg for the middle of a scene or tile, and 1497 real tiles
 * differ from it by 0.17 deg in the mean and 0.41 at worst, so that half a degree is beyond what
 * rounding and tiling explain. What slips in practice is tried then: whole hours, mirrored or
 * turned azimuths, zenith for elevation, radians for degrees, and the warning names what fits. */
#include <math.h>
#include <stdio.h>

#include "geo/geo.h"
#include "scene/scene.h"

static const double CONTRADICTION_RAD = 0.5 * PL_RAD_PER_DEG;

/* ---- what does a contradiction look like? ---- */

typedef struct guess {
    double angle_rad; /* what would be left over if this were it */
    char words[96];
} guess;

static void try_guess(guess *best, double angle_rad, const char *words) {
    if (!(angle_rad < best->angle_rad)) return;
    best->angle_rad = angle_rad;
    pl__text_copy(best->words, sizeof best->words, words);
}

static void try_hours(const pl_scene_info *info, guess *best) {
    for (int hours = -14; hours <= 14; hours++) {
        double azimuth, elevation;
        char words[96];
        if (hours == 0 || !pl__geo_sun(info->acquired_s + 3600.0 * hours, info->centre.lon_deg,
                                       info->centre.lat_deg, &azimuth, &elevation))
            continue;
        snprintf(words, sizeof words,
                 "the time looks %d h too %s (local time taken for UTC, or the like)",
                 hours > 0 ? hours : -hours, hours > 0 ? "early" : "late");
        try_guess(best,
                  pl__geo_sky_angle(azimuth, elevation, info->metadata_sun_azimuth_rad,
                                    info->metadata_sun_elevation_rad),
                  words);
    }
}

static void name_contradiction(const pl_scene_info *info, guess *best) {
    double A = info->metadata_sun_azimuth_rad, e = info->metadata_sun_elevation_rad;
    double A0 = info->ephemeris_sun_azimuth_rad, e0 = info->ephemeris_sun_elevation_rad;
    *best = (guess){CONTRADICTION_RAD, ""};
    try_guess(best, pl__geo_sky_angle(A + PL_PI, e, A0, e0), "the azimuth looks turned by 180 deg");
    try_guess(best, pl__geo_sky_angle(-A, e, A0, e0), "the azimuth looks mirrored (east for west)");
    try_guess(best, pl__geo_sky_angle(PL_PI - A, e, A0, e0),
              "the azimuth looks mirrored (north for south)");
    try_guess(best, pl__geo_sky_angle(A, 0.5 * PL_PI - e, A0, e0),
              "the elevation looks like a zenith angle");
    try_guess(best, pl__geo_sky_angle(e, A, A0, e0), "azimuth and elevation look swapped");
    try_guess(best, pl__geo_sky_angle(A * PL_DEG_PER_RAD, e * PL_DEG_PER_RAD, A0, e0),
              "the angles look like radians given as degrees");
    try_hours(info, best);
}

/* ---- which sun holds? ---- */

static double choose(double option_rad, double metadata_rad, double ephemeris_rad,
                     pl_source *source) {
    *source = isfinite(option_rad)      ? PL_SOURCE_OPTION
              : isfinite(metadata_rad)  ? PL_SOURCE_METADATA
              : isfinite(ephemeris_rad) ? PL_SOURCE_EPHEMERIS
                                        : PL_SOURCE_NONE;
    return *source == PL_SOURCE_OPTION     ? option_rad
           : *source == PL_SOURCE_METADATA ? metadata_rad
                                           : ephemeris_rad;
}

/* One standard deviation of the sun's direction. Metadata and ephemeris that agree vouch for each
 * other: what is left is rounding to 0.1 deg and the way across a tile, 0.05 deg. One alone may be
 * off by a minute of time or a scene's width: 0.1 deg. Two that differ cannot both be right: half
 * of the difference. */
static double sun_sigma_rad(const pl_scene_info *info) {
    const double vouched = 0.05 * PL_RAD_PER_DEG, alone = 0.1 * PL_RAD_PER_DEG;
    const double agree = 0.15 * PL_RAD_PER_DEG;
    bool metadata_holds = info->sun_azimuth_source == PL_SOURCE_METADATA &&
                          info->sun_elevation_source == PL_SOURCE_METADATA;
    if (!metadata_holds || isnan(info->sun_difference_rad)) return alone;
    if (info->sun_difference_rad <= agree) return vouched;
    return pl__max(alone, 0.5 * info->sun_difference_rad);
}

static void witness(pl_scene_info *info) {
    if (isnan(info->acquired_s) || isnan(info->centre.lon_deg)) return;
    if (!pl__geo_sun(info->acquired_s, info->centre.lon_deg, info->centre.lat_deg,
                     &info->ephemeris_sun_azimuth_rad, &info->ephemeris_sun_elevation_rad)) {
        pl__scene_warn(info, "the time lies outside the ephemeris");
        return;
    }
    info->sun_difference_rad =
        pl__geo_sky_angle(info->metadata_sun_azimuth_rad, info->metadata_sun_elevation_rad,
                          info->ephemeris_sun_azimuth_rad, info->ephemeris_sun_elevation_rad);
    if (!(info->sun_difference_rad > CONTRADICTION_RAD)) return;
    guess best;
    name_contradiction(info, &best);
    pl__scene_warn(info, "the sun of the metadata is %.1f deg from the ephemeris%s%s",
                   info->sun_difference_rad * PL_DEG_PER_RAD, best.words[0] ? ": " : "",
                   best.words);
}

void pl__scene_sun(pl_scene_info *info, const pl_facts *facts, const pl_scene_options *options) {
    info->metadata_sun_azimuth_rad = pl__geo_wrap(facts->sun_azimuth_deg * PL_RAD_PER_DEG);
    info->metadata_sun_elevation_rad = facts->sun_elevation_deg * PL_RAD_PER_DEG;
    info->ephemeris_sun_azimuth_rad = info->ephemeris_sun_elevation_rad = NAN;
    info->sun_difference_rad = NAN;
    witness(info);
    pl_sight *sight = &info->sight;
    sight->sun_azimuth_rad =
        pl__geo_wrap(choose(options->sun_azimuth_rad, info->metadata_sun_azimuth_rad,
                            info->ephemeris_sun_azimuth_rad, &info->sun_azimuth_source));
    sight->sun_elevation_rad =
        choose(options->sun_elevation_rad, info->metadata_sun_elevation_rad,
               info->ephemeris_sun_elevation_rad, &info->sun_elevation_source);
    sight->sun_sigma_rad = sun_sigma_rad(info);
    bool unknown = isnan(sight->sun_azimuth_rad) || isnan(sight->sun_elevation_rad);
    bool by_metadata = info->sun_azimuth_source == PL_SOURCE_METADATA ||
                       info->sun_elevation_source == PL_SOURCE_METADATA;
    if (unknown) {
        info->reasons |= PL_BIT(PL_SUN_UNKNOWN);
        sight->sun_sigma_rad = NAN;
    }
    if (by_metadata && info->sun_difference_rad > CONTRADICTION_RAD)
        info->reasons |= PL_BIT(PL_SUN_CONTRADICTED);
    bool by_option = info->sun_azimuth_source == PL_SOURCE_OPTION ||
                     info->sun_elevation_source == PL_SOURCE_OPTION;
    double off =
        pl__geo_sky_angle(sight->sun_azimuth_rad, sight->sun_elevation_rad,
                          info->ephemeris_sun_azimuth_rad, info->ephemeris_sun_elevation_rad);
    if (by_option && off > CONTRADICTION_RAD) { /* whoever types a sun may err as vendors do */
        info->reasons |= PL_BIT(PL_SUN_CONTRADICTED);
        sight->sun_sigma_rad = pl__max(sight->sun_sigma_rad, 0.5 * off);
        pl__scene_warn(info, "the sun given by option is %.1f deg from the ephemeris",
                       off * PL_DEG_PER_RAD);
    }
    if (sight->sun_elevation_rad <= 0.0) {
        info->reasons |= PL_BIT(PL_SUN_TOO_LOW);
        pl__scene_warn(info, "the sun stands %.1f deg below the horizon",
                       -sight->sun_elevation_rad * PL_DEG_PER_RAD);
    }
}
