/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the picture bear out the view azimuth, and which reading does it choose where metadata leave
 * several?
 *
 * Every hull's overhang (freeboard/witness.c) has a likelihood under each azimuth that is tried;
 * ships are looked at one by one and lie as they lie, so the likelihoods of a scene's hulls
 * multiply. An azimuth that metadata tell is held against the opposite one: both conventions are
 * in use, and a wrong one turns the view by exactly that. It is never changed, only flagged. */
#include "run/witness.h"

#include <math.h>
#include <stdio.h>

#include "base/base.h"
#include "geo/geo.h"
#include "plimsoll/pipeline.h"
#include "scene/scene.h"

/* Odds of 12 to 1: to choose a reading; or to doubt a vendor's own, which is wrong one time in
 * twenty or so. */
static const double ENOUGH = 2.5;

static double log_likelihood(const pl_sight *sight, double azimuth_rad, double heading_rad,
                             double overhang_m, double pixel_m) {
    pl_sight tried = *sight;
    tried.view_azimuth_rad = azimuth_rad;
    double lean = pl_freeboard_geometry(&tried, heading_rad + 0.5 * PL_PI).lean;
    return pl_freeboard_view_log_likelihood(overhang_m, lean, pixel_m);
}

static double percent(double log_odds) {
    return 100.0 / (1.0 + exp(-log_odds));
}

static pl_status overhang_of(const pl_scene *scene, const pl_hull *hull, double *overhang_m,
                             pl_error *error) {
    pl_crop chip;
    *overhang_m = NAN;
    pl_arena *working = pl_arena_new(0);
    if (!working) return pl__fail_memory(error, "run");
    pl_status status = pl_measure_chip(scene, hull, working, &chip, error);
    if (status == PL_OK) status = pl_freeboard_overhang(&chip, hull, working, overhang_m, error);
    pl_arena_free(working);
    return status;
}

pl_status pl__run_choose_view(const pl_scene *scene, const pl_hull_list *hulls, pl_result *out,
                              pl_error *error) {
    pl_scene_info *info = &out->scene;
    pl_view_witness *w = &out->view_witness;
    double sum[PL_READINGS_MAX] = {0}, second = -INFINITY;
    int best = 0;
    if (info->view_reading_count < 2) return PL_OK;
    for (int k = 0; k < hulls->count; k++) {
        const pl_hull *hull = &hulls->hull[k];
        double overhang_m;
        if (hull->outline_count == 0) continue; /* a place where none was found */
        pl_status status = overhang_of(scene, hull, &overhang_m, error);
        if (status < 0) return status;
        w->hulls += isfinite(overhang_m);
        for (int i = 0; i < info->view_reading_count; i++)
            sum[i] += log_likelihood(&info->sight, info->view_reading_rad[i], hull->heading_rad,
                                     overhang_m, info->gsd_m);
    }
    for (int i = 1; i < info->view_reading_count; i++)
        if (sum[i] > sum[best]) best = i;
    for (int i = 0; i < info->view_reading_count; i++)
        if (i != best) second = pl__max(second, sum[i]);
    w->log_odds = sum[best] - second;
    if (w->log_odds < ENOUGH) return PL_OK;
    w->verdict = PL_VIEW_CHOSEN;
    info->sight.view_azimuth_rad = info->view_reading_rad[best];
    info->view_azimuth_source = PL_SOURCE_METADATA;
    if (isfinite(info->sight.view_incidence_rad)) info->reasons &= ~PL_BIT(PL_VIEW_UNKNOWN);
    pl__scene_warn(info,
                   "view azimuth %.1f deg chosen among its readings by the lean of %d hull%s "
                   "(%.1f %%)",
                   info->sight.view_azimuth_rad * PL_DEG_PER_RAD, w->hulls,
                   w->hulls == 1 ? "" : "s", percent(w->log_odds));
    return PL_OK;
}

void pl__run_take_view(const pl_result *result, pl_sight *sight) {
    if (result->view_witness.verdict != PL_VIEW_CHOSEN) return;
    sight->view_azimuth_rad = result->scene.sight.view_azimuth_rad;
    sight->view_azimuth_sigma_rad = result->scene.sight.view_azimuth_sigma_rad;
}

void pl__run_hear_hulls(pl_result *result) {
    pl_view_witness *w = &result->view_witness;
    if (w->verdict == PL_VIEW_CHOSEN || isnan(result->scene.sight.view_azimuth_rad)) return;
    *w = (pl_view_witness){0};
    for (int k = 0; k < result->count; k++) {
        const pl_result_row *row = &result->row[k];
        const pl_sight *sight = &row->sight;
        double told = sight->view_azimuth_rad;
        if (!row->has_freeboard) continue;
        w->hulls += isfinite(row->freeboard.overhang_m);
        w->log_odds += log_likelihood(sight, told, row->hull.heading_rad, row->freeboard.overhang_m,
                                      result->scene.gsd_m) -
                       log_likelihood(sight, told + PL_PI, row->hull.heading_rad,
                                      row->freeboard.overhang_m, result->scene.gsd_m);
    }
    if (w->log_odds > ENOUGH) w->verdict = PL_VIEW_CONFIRMED;
    if (w->log_odds > -ENOUGH) return;
    w->verdict = PL_VIEW_AGAINST;
    pl__scene_warn(
        &result->scene,
        "high parts of %d hull%s lean towards the side from which the view is said to be "
        "(%.1f %%): is the view azimuth turned by 180 deg?",
        w->hulls, w->hulls == 1 ? "" : "s", percent(-w->log_odds));
    for (int k = 0; k < result->count; k++) {
        pl_freeboard *f = &result->row[k].freeboard;
        if (!result->row[k].has_freeboard) continue;
        f->reasons |= PL_BIT(PL_VIEW_CONTRADICTED);
        if (f->status == PL_OK) f->status = PL_DUBIOUS;
    }
}
