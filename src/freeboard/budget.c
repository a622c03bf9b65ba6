/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How sure is one cue's freeboard, source by source?
 *
 * Every term is one standard deviation in metres of freeboard; they are independent and add in
 * quadrature. Where a term rests on a number that no picture shows, the number stands here with its
 * reason; docs/method/freeboard.md argues them. */
#include <math.h>

#include "freeboard/internal.h"

/* An edge read to this part of a pixel at best: vendor sharpening, tone curve, clutter at the
 * deck's edge; two edges. */
static const double EDGE_SYSTEMATIC_PX = 0.08;
/* The edge between a bright deck and a bright wall is one among painted lines, rails and gear. */
static const double WALL_EDGE_PX = 0.3;
/* Heading from the picture's own edges, pixel size of the product (0.1 to 0.3 % after
 * orthorectification). */
static const double PIXEL_SCALE = 0.003;
/* Waves at the waterline: a few centimetres in port and anchorage. */
static const double WATERLINE_M = 0.03;
/* Rounded gunwale, fishplate and rails: between -0.1 and +0.1 m on ships that have them. */
static const double DECK_EDGE_M = 0.05;
/* List of a ship at berth or anchor, radians: 0.25 degrees. */
static const double LIST_RAD = 0.25 * PL_RAD_PER_DEG;
/* Catwalk or trunk on the centre line: where gear this high would throw its shadow past the deck's
 * edge, a third of what it would add is carried (few tankers have it so high, and no picture of one
 * date shows that this one has not). */
static const double GEAR_HEIGHT_M = 4.0, GEAR_SHARE = 0.3;
/* Of the tail's effect on the width, what a wrong shape of the tail would leave: a quarter of its
 * scale. */
static const double TAIL_SHAPE = 0.25;

static double per_metre_of(const pl_side_cue *cue, const pl_sight *sight, double normal_rad) {
    pl_side_geometry g = pl_freeboard_geometry(sight, normal_rad);
    return cue->cue.kind == PL_CUE_DARK_BAND ? g.shadow - g.lean : -g.lean;
}

/* Relative change of metres per metre when one angle moves by its sigma. */
static double angle_share(const pl_side_cue *cue, const pl_side_view *view, const pl_sight *sight,
                          const pl_sight *moved) {
    double now = per_metre_of(cue, sight, view->normal_rad);
    return fabs(per_metre_of(cue, moved, view->normal_rad) - now) / fabs(now);
}

static double heading_share(const pl_side_cue *cue, const pl_side_view *view, const pl_sight *sight,
                            double heading_sigma_rad) {
    double now = per_metre_of(cue, sight, view->normal_rad);
    return fabs(per_metre_of(cue, sight, view->normal_rad + heading_sigma_rad) - now) / fabs(now);
}

double pl__freeboard_budget(const pl_side_cue *cue, const pl_side_view *view, const pl_sight *sight,
                            bool both_sides, double budget_m[PL_BUDGET_COUNT]) {
    double f = fabs(cue->cue.freeboard_m.value), k = cue->cue.per_metre, px = view->pixel_m;
    bool dark = cue->cue.kind == PL_CUE_DARK_BAND;
    pl_sight sun_az = *sight, sun_el = *sight, view_az = *sight, view_in = *sight;
    sun_az.sun_azimuth_rad += sight->sun_sigma_rad;
    sun_el.sun_elevation_rad += sight->sun_sigma_rad;
    view_az.view_azimuth_rad += sight->view_azimuth_sigma_rad;
    view_in.view_incidence_rad += sight->view_incidence_sigma_rad;

    for (int i = 0; i < PL_BUDGET_COUNT; i++) budget_m[i] = 0;
    budget_m[PL_BUDGET_FIT] = cue->fit_sigma_m / k;
    budget_m[PL_BUDGET_SUN] =
        f * hypot(angle_share(cue, view, sight, &sun_az), angle_share(cue, view, sight, &sun_el));
    budget_m[PL_BUDGET_VIEW] =
        f * hypot(angle_share(cue, view, sight, &view_az), angle_share(cue, view, sight, &view_in));
    /* the side's own edge and the hull's axis are two readings of one direction */
    double heading_sigma = hypot(view->heading_sigma_rad, 0.5 * atan(cue->edge_slope));
    budget_m[PL_BUDGET_PIXEL] =
        f * hypot(PIXEL_SCALE, heading_share(cue, view, sight, heading_sigma));
    budget_m[PL_BUDGET_SPREAD] =
        hypot(EDGE_SYSTEMATIC_PX, dark ? EDGE_SYSTEMATIC_PX : WALL_EDGE_PX) * px / k;
    budget_m[PL_BUDGET_WATERLINE] = WATERLINE_M;
    budget_m[PL_BUDGET_UNDERWATER] =
        dark ? hypot(cue->tail_sigma_m, TAIL_SHAPE * cue->tail_m) / k : 0;
    budget_m[PL_BUDGET_DECK_EDGE] = DECK_EDGE_M;
    double casting_m = 0.5 * view->beam_m /
                       pl__max(view->geometry.shadow, 0.01); /* height that reaches the edge */
    double centre_gear = dark ? GEAR_SHARE * pl__max(GEAR_HEIGHT_M - casting_m, 0) : 0;
    budget_m[PL_BUDGET_GEAR] = hypot(cue->gear_sigma_m / k, centre_gear);
    budget_m[PL_BUDGET_HEEL] = both_sides ? 0 : 0.5 * view->beam_m * tan(LIST_RAD);
    double sum = 0;
    for (int i = 0; i < PL_BUDGET_COUNT; i++) sum += budget_m[i] * budget_m[i];
    return sqrt(sum);
}

static const char *const NAMES[PL_BUDGET_COUNT] = {
    [PL_BUDGET_FIT] = "fit",
    [PL_BUDGET_SUN] = "sun_angles",
    [PL_BUDGET_VIEW] = "view_angles",
    [PL_BUDGET_PIXEL] = "pixel_size",
    [PL_BUDGET_SPREAD] = "line_spread",
    [PL_BUDGET_WATERLINE] = "waterline",
    [PL_BUDGET_UNDERWATER] = "underwater",
    [PL_BUDGET_DECK_EDGE] = "deck_edge",
    [PL_BUDGET_GEAR] = "deck_gear",
    [PL_BUDGET_HEEL] = "heel",
    [PL_BUDGET_CUES] = "cues",
    [PL_BUDGET_MODEL] = "model",
};

const char *pl_budget_name(pl_budget_term term) {
    return (unsigned)term < PL_BUDGET_COUNT ? NAMES[term] : NULL;
}
