/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes a side's own freeboard unsure, beside what its pixels say?
 *
 * Every term is one standard deviation in metres of freeboard; they are independent and add in
 * quadrature. Where a term rests on a number that no picture shows, the number stands here with its
 * reason; docs/method/freeboard.md argues them. What both sides share is join.c's. */
#include <math.h>

#include "freeboard/internal.h"

/* An edge is read to this part of a pixel at best: tone curve, clutter beside it. That between a
 * bright deck and a bright wall is one among painted lines, rails and gear. */
static const double EDGE_PX = 0.065, WALL_EDGE_PX = 0.15;
/* Sharpening and tone move the edges of narrow bands by a tenth of a pixel and more: this over the
 * band's width in pixels. */
static const double NARROW_PX = 0.16;
/* A rounded gunwale turns from the sun before it turns from the eye, rails stand inboard. */
static const double RIM_M = 0.04;
/* Waves at the waterline: a few centimetres in port and anchorage. */
static const double WATERLINE_M = 0.02;

void pl__freeboard_own_terms(const pl_reading *r, double budget_m[PL_BUDGET_COUNT]) {
    const pl_side_cue *cue = &r->cue;
    double shadow = r->view.geometry.shadow, px = r->view.pixel_m;
    bool dark = cue->cue.kind == PL_CUE_DARK_BAND;
    for (int i = 0; i < PL_BUDGET_COUNT; i++) budget_m[i] = 0;
    budget_m[PL_BUDGET_FIT] = cue->fit_sigma_m;
    budget_m[PL_BUDGET_UNDERWATER] = cue->tail_sigma_m;
    double narrow_px = NARROW_PX * px / pl__max(cue->cue.width_m.value, px);
    double edge_m = px * hypot(EDGE_PX, narrow_px), wall_m = px * hypot(WALL_EDGE_PX, narrow_px);
    double by_end = dark ? 1 / (shadow - pl__max(r->view.geometry.lean, 0)) : 0;
    budget_m[PL_BUDGET_SPREAD] = hypot(
        hypot((dark ? edge_m : wall_m) * cue->by_rim, edge_m * cue->by_foot), edge_m * by_end);
    budget_m[PL_BUDGET_DECK_EDGE] = RIM_M * fabs(cue->by_rim);
    budget_m[PL_BUDGET_WATERLINE] = WATERLINE_M;
    budget_m[PL_BUDGET_GEAR] = cue->gear_sigma_m;
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
