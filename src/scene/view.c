/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From where did the satellite look?
 *
 * Azimuth: from the target to the satellite, as the driver reads its vendor or as the option says.
 * Incidence, the angle from the vertical at the target, in this order: option; published; 90 deg
 * less the published elevation of the satellite; off-nadir, turned by the platform's altitude:
 * sin i = (R + H) / R sin(off-nadir).
 *
 * Maxar's open data hold the satellite's ELEVATION under view:incidence_angle. Satellites that take
 * such pictures fly between 350 and 850 km, so off-nadir, when it is given too, says within some
 * degrees what the incidence must be (the platform's altitude says it closer); where the number
 * does not fit but 90 deg less it does, that is taken, with a warning. Without off-nadir an
 * "incidence" above 60 deg is taken for an elevation as well: nobody sells pictures from so far
 * down, and everybody from so near overhead. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "scene/scene.h"

/* One standard deviation of what metadata give as the mean of a scene: across a 15 km swath from
 * 600 km the incidence moves by 1.3 deg end to end (0.3 deg at one sigma from the middle), across a
 * wider picture by more, and the line of sight turns sideways by as much as it does up and down:
 * the azimuth's sigma is the incidence's over tan(incidence), and azimuth means little near nadir.
 * A cut-out keeps the swath's sigma: nobody knows which part of it it is. What is set by hand is
 * meant: 0.1 deg. */
static const double INCIDENCE_SIGMA_DEG = 0.3, SWATH_M = 15e3, OPTION_SIGMA_DEG = 0.1;
static const double LOWEST_M = 350e3, HIGHEST_M = 850e3;

/* ---- incidence ---- */

static double mean_sigma_rad(const pl_scene_info *info) {
    double side_m =
        info->gsd_m * (info->width_px > info->height_px ? info->width_px : info->height_px);
    return INCIDENCE_SIGMA_DEG * PL_RAD_PER_DEG * pl__max(1.0, side_m / SWATH_M);
}

/* How far a number lies outside what off-nadir allows. */
static double misfit_deg(double incidence_deg, double off_nadir_deg, const pl_altitude *height) {
    double low_m = LOWEST_M, high_m = HIGHEST_M;
    if (height->known) low_m = high_m = height->metres;
    double low = pl__geo_incidence(off_nadir_deg * PL_RAD_PER_DEG, low_m) * PL_DEG_PER_RAD;
    double high = pl__geo_incidence(off_nadir_deg * PL_RAD_PER_DEG, high_m) * PL_DEG_PER_RAD;
    if (isnan(low)) low = 90.0;
    if (isnan(high)) high = 90.0;
    return pl__max(0.0, pl__max(low - incidence_deg, incidence_deg - high));
}

/* The published incidence, or 90 less it when it is an elevation by all signs. Near 45 deg both are
 * nearly the same number, and only a known altitude can tell. */
static double read_incidence(pl_scene_info *info, const pl_facts *facts,
                             const pl_altitude *height) {
    const double rounding_deg = 0.5, most_sold_deg = 60.0, doubt_deg = 2.0;
    double given = facts->incidence_deg, other = 90.0 - given;
    if (isnan(given)) return NAN;
    bool elevation = false;
    if (isnan(facts->off_nadir_deg)) {
        elevation = given > most_sold_deg;
    } else {
        double as_given = misfit_deg(given, facts->off_nadir_deg, height);
        double turned = misfit_deg(other, facts->off_nadir_deg, height);
        double slack = height->known ? 0.0 : rounding_deg;
        elevation = as_given > slack && turned < as_given && turned <= doubt_deg;
        if (!elevation && as_given > doubt_deg)
            pl__scene_warn(info, "%s %.1f deg does not go with off-nadir %.1f deg",
                           facts->incidence_field, given, facts->off_nadir_deg);
    }
    if (!elevation) return given;
    pl__scene_warn(info,
                   "%s %.1f deg is the satellite's elevation, not the incidence: %.1f deg taken",
                   facts->incidence_field, given, other);
    return other;
}

/* d i = (sin(off) / (R cos i)) d H, beside what off-nadir itself is uncertain by. */
static void from_off_nadir(pl_scene_info *info, double off_nadir_deg, const pl_altitude *height) {
    const double radius_m = 6371008.8;
    pl_sight *sight = &info->sight;
    double off_rad = off_nadir_deg * PL_RAD_PER_DEG;
    double incidence = pl__geo_incidence(off_rad, height->metres);
    if (isnan(incidence)) {
        pl__scene_warn(info, "off-nadir %.1f deg looks past the Earth: not used", off_nadir_deg);
        return;
    }
    sight->view_incidence_rad = incidence;
    info->view_incidence_source = PL_SOURCE_DERIVED;
    sight->view_incidence_sigma_rad =
        hypot(mean_sigma_rad(info), height->sigma_m * sin(off_rad) / (radius_m * cos(incidence)));
    if (!height->known)
        pl__scene_warn(info,
                       "incidence from off-nadir at %.0f +- %.0f km: platform not in the table",
                       height->metres / 1e3, height->sigma_m / 1e3);
}

/* By the limit of scene.h. An option was held to it before. */
static void drop_incredible(pl_scene_info *info) {
    double incidence_deg = info->sight.view_incidence_rad * PL_DEG_PER_RAD;
    if (!(incidence_deg > PL_INCIDENCE_MOST_DEG)) return;
    pl__scene_warn(info, "incidence %.1f deg: no picture is taken at more than %.0f deg: not used",
                   incidence_deg, PL_INCIDENCE_MOST_DEG);
    info->sight.view_incidence_rad = info->sight.view_incidence_sigma_rad = NAN;
    info->view_incidence_source = PL_SOURCE_NONE;
}

static pl_status find_incidence(pl_scene_info *info, const pl_facts *facts,
                                const pl_scene_options *options, pl_error *error) {
    pl_sight *sight = &info->sight;
    sight->view_incidence_rad = sight->view_incidence_sigma_rad = NAN;
    pl_altitude height;
    pl_status status = pl__scene_altitude(info, options->models_dir, facts, &height, error);
    if (status < 0) return status;
    double published = read_incidence(info, facts, &height);
    if (isnan(published)) published = 90.0 - facts->satellite_elevation_deg;
    if (isfinite(options->view_incidence_rad)) {
        sight->view_incidence_rad = options->view_incidence_rad;
        info->view_incidence_source = PL_SOURCE_OPTION;
        sight->view_incidence_sigma_rad = OPTION_SIGMA_DEG * PL_RAD_PER_DEG;
    } else if (isfinite(published)) {
        sight->view_incidence_rad = published * PL_RAD_PER_DEG;
        info->view_incidence_source = PL_SOURCE_METADATA;
        sight->view_incidence_sigma_rad = mean_sigma_rad(info);
    } else if (isfinite(facts->off_nadir_deg)) {
        from_off_nadir(info, facts->off_nadir_deg, &height);
    }
    if (info->view_incidence_source != PL_SOURCE_OPTION) drop_incredible(info);
    return PL_OK;
}

/* ---- azimuth ---- */

static double azimuth_sigma_rad(const pl_scene_info *info) {
    double across_rad = mean_sigma_rad(info), incidence_rad = info->sight.view_incidence_rad;
    if (isnan(incidence_rad)) return across_rad;
    return pl__min(0.5 * PL_PI, across_rad / tan(pl__max(across_rad, incidence_rad)));
}

/* Both ways of reading what is published, and the vendor's second azimuth where it has one. */
static void leave_open(pl_scene_info *info, const pl_facts *facts) {
    const double read_deg[PL_READINGS_MAX] = {
        facts->view_azimuth_deg, facts->view_azimuth_deg + 180.0, facts->other_azimuth_deg};
    for (int i = 0; i < PL_READINGS_MAX; i++)
        if (isfinite(read_deg[i]))
            info->view_reading_rad[info->view_reading_count++] =
                pl__geo_wrap(read_deg[i] * PL_RAD_PER_DEG);
    info->sight.view_azimuth_sigma_rad = azimuth_sigma_rad(info);
    pl__scene_warn(info, "the vendor's view azimuth has several readings: the ships' lean may tell "
                         "which, or say it (--view-azimuth-convention)");
}

static void find_azimuth(pl_scene_info *info, const pl_facts *facts,
                         const pl_scene_options *options) {
    pl_sight *sight = &info->sight;
    sight->view_azimuth_rad = sight->view_azimuth_sigma_rad = NAN;
    pl_view_convention convention =
        options->convention == PL_VIEW_DRIVER ? facts->convention : options->convention;
    double turn_deg = convention == PL_VIEW_SATELLITE_TO_TARGET ? 180.0 : 0.0;
    if (isfinite(options->view_azimuth_rad)) {
        sight->view_azimuth_rad = pl__geo_wrap(options->view_azimuth_rad);
        info->view_azimuth_source = PL_SOURCE_OPTION;
        sight->view_azimuth_sigma_rad = OPTION_SIGMA_DEG * PL_RAD_PER_DEG;
    } else if (isfinite(facts->view_azimuth_deg) && convention == PL_VIEW_DRIVER) {
        leave_open(info, facts);
    } else if (isfinite(facts->view_azimuth_deg)) {
        sight->view_azimuth_rad =
            pl__geo_wrap((facts->view_azimuth_deg + turn_deg) * PL_RAD_PER_DEG);
        info->view_azimuth_source = PL_SOURCE_METADATA;
        sight->view_azimuth_sigma_rad = azimuth_sigma_rad(info);
    }
}

pl_status pl__scene_view(pl_scene_info *info, const pl_facts *facts,
                         const pl_scene_options *options, pl_error *error) {
    pl_status status = find_incidence(info, facts, options, error);
    find_azimuth(info, facts, options);
    if (isnan(info->sight.view_azimuth_rad) || isnan(info->sight.view_incidence_rad))
        info->reasons |= PL_BIT(PL_VIEW_UNKNOWN);
    return status;
}
