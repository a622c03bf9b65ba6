/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does the view turn over the picture?
 *
 * Metadata that give it at several places are interpolated. What is interpolated is not the angles
 * but the lean, the horizontal vector tan(i) (sin A, cos A) towards the satellite: it has no 360
 * degrees to jump over, and under a satellite that stands still it is straight in the place:
 *
 *      L = (S - P) / h           S the point below the satellite, P the place, h the satellite's
 *                                height over the ground's plane at P
 *
 * A plane is fitted to the lean by least squares. Places on one line (top, middle and bottom of the
 * centre line, as DIMAP has them) say nothing across it. There the satellite does stand still, for
 * a line is seen at one time, so that across the track c
 *
 *      dL/dc = -(1/h + (1 + tan^2 i) / R) c      the second term: the vertical turns with the place
 *
 * and the derivative along the track t is what is left of the measured one along the line u:
 *
 *      dL/du = (u.t) dL/dt + (u.c) dL/dc
 *
 * Places that lie outside the picture cannot be of its pixels: then the centre's view holds, with
 * the sigma of a mean. An option for either angle holds everywhere. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "scene/scene.h"

/* Published angles of a Pleiades 1B picture against its RPC: 0.08 deg across, 0.05 deg up. */
static const double LOCATED_SIGMA_RAD = 0.1 * PL_RAD_PER_DEG;
static const double EARTH_M = 6371008.8;

typedef struct sample {
    double place_m[2], lean[2];
} sample;

typedef struct plane {
    double place_m[2], lean[2]; /* means */
    double axis[2];             /* the line along which the places lie */
    double along[2], across[2]; /* dL per metre along the axis and across it */
    bool line;                  /* nothing is known across it */
} plane;

static pl_status take_samples(const pl_scene *scene, const pl_facts *facts, double turn_deg,
                              sample *out, int *count) {
    const pl_scene_info *info = &scene->info;
    const double slack_px = 2.0;
    *count = 0;
    for (int i = 0; i < facts->looks; i++) {
        const pl_look *look = &facts->look[i];
        if (!(look->x_px >= -slack_px && look->x_px <= info->width_px + slack_px &&
              look->y_px >= -slack_px && look->y_px <= info->height_px + slack_px))
            return PL_REFUSED;
        sample *s = &out[(*count)++];
        double A = (look->azimuth_deg + turn_deg) * PL_RAD_PER_DEG;
        double t = tan(look->incidence_deg * PL_RAD_PER_DEG);
        pl__geo_to_metres(&info->centre, look->x_px, look->y_px, &s->place_m[0], &s->place_m[1]);
        s->lean[0] = t * sin(A);
        s->lean[1] = t * cos(A);
    }
    return *count ? PL_OK : PL_REFUSED;
}

static double dot(const double a[2], const double b[2]) {
    return a[0] * b[0] + a[1] * b[1];
}

/* Slope of the lean along one unit vector. */
static void slope(const sample *s, int n, const plane *p, const double axis[2], double out[2]) {
    double squares = 0.0;
    out[0] = out[1] = 0.0;
    for (int i = 0; i < n; i++) {
        double d[2] = {s[i].place_m[0] - p->place_m[0], s[i].place_m[1] - p->place_m[1]};
        double u = dot(d, axis);
        squares += u * u;
        for (int k = 0; k < 2; k++) out[k] += u * (s[i].lean[k] - p->lean[k]);
    }
    for (int k = 0; k < 2; k++) out[k] = squares > 0.0 ? out[k] / squares : 0.0;
}

/* Along the principal axes of the places a plane's two slopes are free of each other. */
static void fit(const sample *s, int n, plane *p) {
    const double line_share = 0.01; /* narrower than a tenth of its length: a line */
    memset(p, 0, sizeof *p);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 2; k++) {
            p->place_m[k] += s[i].place_m[k] / n;
            p->lean[k] += s[i].lean[k] / n;
        }
    }
    double ee = 0.0, en = 0.0, nn = 0.0;
    for (int i = 0; i < n; i++) {
        double e = s[i].place_m[0] - p->place_m[0], m = s[i].place_m[1] - p->place_m[1];
        ee += e * e;
        en += e * m;
        nn += m * m;
    }
    double turn = 0.5 * atan2(2.0 * en, ee - nn), spread = hypot(0.5 * (ee - nn), en);
    double longest = 0.5 * (ee + nn) + spread, shortest = 0.5 * (ee + nn) - spread;
    p->axis[0] = cos(turn);
    p->axis[1] = sin(turn);
    const double side[2] = {-p->axis[1], p->axis[0]};
    p->line = !(shortest > line_share * longest);
    slope(s, n, p, p->axis, p->along);
    if (!p->line) slope(s, n, p, side, p->across);
}

/* Height of the satellite over the plane that touches the Earth at the target. */
static double plane_height_m(double altitude_m, double incidence_rad) {
    double off_nadir = asin(pl__clamp(EARTH_M / (EARTH_M + altitude_m) * sin(incidence_rad), 0, 1));
    return (EARTH_M + altitude_m) * cos(incidence_rad - off_nadir) - EARTH_M;
}

/* The slope across a line of places, from the satellite that stands still across its track. */
static void fill_across(plane *p, double track_rad, double height_m) {
    const double least_along = 0.3; /* a line nearer to across the track says nothing along it */
    const double t[2] = {sin(track_rad), cos(track_rad)}, c[2] = {-t[1], t[0]};
    const double side[2] = {-p->axis[1], p->axis[0]};
    double rate = -(1.0 / height_m + (1.0 + dot(p->lean, p->lean)) / EARTH_M);
    double ut = dot(p->axis, t), uc = dot(p->axis, c), st = dot(side, t), sc = dot(side, c);
    if (!(fabs(ut) >= least_along)) return;
    for (int k = 0; k < 2; k++) {
        double across_track = rate * c[k];
        double along_track = (p->along[k] - uc * across_track) / ut;
        p->across[k] = st * along_track + sc * across_track;
    }
}

static void set_view(pl_sight *sight, const double lean[2]) {
    sight->view_azimuth_rad = pl__geo_wrap(atan2(lean[0], lean[1]));
    sight->view_incidence_rad = atan(hypot(lean[0], lean[1]));
}

pl_status pl__scene_lean(pl_scene *scene, const pl_facts *facts, const pl_scene_options *options,
                         pl_error *error) {
    pl_scene_info *info = &scene->info;
    if (scene->recut) return PL_OK; /* places are counted in pixels of the whole */
    bool published = info->view_azimuth_source == PL_SOURCE_METADATA &&
                     info->view_incidence_source == PL_SOURCE_METADATA;
    bool turned = options->convention == PL_VIEW_SATELLITE_TO_TARGET;
    sample samples[PL_LOOKS_MAX];
    int count;
    if (!published || take_samples(scene, facts, turned ? 180.0 : 0.0, samples, &count) != PL_OK)
        return PL_OK;
    plane p;
    fit(samples, count, &p);
    if (p.line && isfinite(facts->track_deg)) {
        pl_altitude altitude;
        pl_status status = pl__scene_altitude(info, options->models_dir, facts, &altitude, error);
        if (status < 0) return status;
        double height_m = plane_height_m(altitude.metres, atan(hypot(p.lean[0], p.lean[1])));
        fill_across(&p, facts->track_deg * PL_RAD_PER_DEG, height_m);
    }
    double centre[2];
    const double side[2] = {-p.axis[1], p.axis[0]}, apart_rad = 2.0 * PL_RAD_PER_DEG;
    if (fabs(atan(hypot(p.lean[0], p.lean[1])) - info->sight.view_incidence_rad) > apart_rad) {
        pl__scene_warn(info, "the view at several places is not that of the scene: not used");
        return PL_OK;
    }
    for (int k = 0; k < 2; k++) {
        for (int j = 0; j < 2; j++)
            scene->lean_per_m[2 * k + j] = p.along[k] * p.axis[j] + p.across[k] * side[j];
        centre[k] = p.lean[k] - dot(&scene->lean_per_m[2 * k], p.place_m);
    }
    set_view(&info->sight, centre);
    info->sight.view_incidence_sigma_rad = LOCATED_SIGMA_RAD;
    info->sight.view_azimuth_sigma_rad =
        pl__min(0.5 * PL_PI, LOCATED_SIGMA_RAD /
                                 tan(pl__max(LOCATED_SIGMA_RAD, info->sight.view_incidence_rad)));
    scene->lean_turns = true;
    return PL_OK;
}

void pl__scene_lean_at(const pl_scene *scene, double x_px, double y_px, pl_sight *sight) {
    if (!scene->lean_turns) return;
    double place_m[2], lean[2], t = tan(sight->view_incidence_rad);
    pl__geo_to_metres(&scene->info.centre, x_px, y_px, &place_m[0], &place_m[1]);
    lean[0] = t * sin(sight->view_azimuth_rad) + dot(&scene->lean_per_m[0], place_m);
    lean[1] = t * cos(sight->view_azimuth_rad) + dot(&scene->lean_per_m[2], place_m);
    set_view(sight, lean);
}
