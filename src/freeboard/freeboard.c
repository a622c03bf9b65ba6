/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many metres of side stand above the water? Both sides are read, their cues joined, every
 * doubt named. */
#include <math.h>

#include "freeboard/internal.h"
#include "geo/geo.h"

static const double LPP_SHARE =
    0.955; /* length between perpendiculars / over all (naval/formulas.md) */
static const double MIN_SUN_RAD =
    8.0 * PL_RAD_PER_DEG; /* below, waves' own shadows and refraction rule */
static const double Z90 = 1.6448536269514722;
/* Freeboards of tankers range over about 0.04 L between laden and ballast; a third of that tells
 * nothing. */
static const double USELESS_SIGMA_SHARE = 0.04 / 3.0;
/* What is narrower lies within one line spread of both its edges: told, but doubted. */
static const double SURE_PX = 2.2;
/* Sigma of the dark band over that of the leading cue: beyond, a lit wall stands alone. */
static const double SEEN_SHARE = 1.4;
/* Length over beam of the broadest tankers and coasters: 4.2 (naval/particulars). */
static const double BROADEST = 4.2;
static const double MIN_PLAUSIBLE_M = 0.15;
/* Ballasted tankers of 70 to 330 m show up to 0.058 L. */
static const double GREATEST_SHARE = 0.068, GREATEST_M = 0.7;

static const pl_reasons FATAL = PL_BIT(PL_SUN_ALONG_KEEL) | PL_BIT(PL_SHADOW_HIDDEN) |
                                PL_BIT(PL_SHADOW_ON_QUAY) | PL_BIT(PL_TOO_COARSE) |
                                PL_BIT(PL_LOW_CONTRAST) | PL_BIT(PL_EDGE_NOT_FOUND) |
                                PL_BIT(PL_ALONGSIDE);

/* The side's own edge says how the axis lies: the normal turns with it, and with it what a metre
 * shows. */
void pl__freeboard_turn(pl_reading *r, const pl_sight *sight) {
    pl_cue *cue = &r->cue.cue;
    double turn = atan(r->cue.turn) * (r->view.side == PL_STARBOARD_SIDE ? 1 : -1);
    pl_side_geometry g = pl_freeboard_geometry(sight, pl__geo_wrap(r->view.normal_rad + turn));
    double per_metre = cue->kind == PL_CUE_DARK_BAND ? g.shadow - g.lean : -g.lean;
    if (per_metre < PL__FREEBOARD_USEFUL) { /* only the unturned axis made it look usable */
        r->cue.reasons |= PL_BIT(PL_SUN_ALONG_KEEL);
        r->read = false;
        return;
    }
    double scale = cos(turn) * cue->per_metre / per_metre;
    r->view.normal_rad = pl__geo_wrap(r->view.normal_rad + turn);
    r->view.geometry = g;
    cue->width_m.value *= cos(turn);
    cue->freeboard_m.value *= scale;
    r->cue.fit_sigma_m *= scale;
    r->cue.tail_sigma_m *= scale;
    r->cue.bound_m *= scale;
    cue->per_metre = per_metre;
}

static pl_status read_side(const pl_side_view *view, bool touched, const pl_sight *sight,
                           pl_arena *arena, pl_reading *out, pl_error *error) {
    *out = (pl_reading){.view = *view};
    if (view->bands == 0) {
        out->cue.reasons = PL_BIT(PL_SHADOW_ON_QUAY);
        return PL_OK;
    }
    if (touched) { /* its deck may still say what gear shades */
        out->cue.reasons = PL_BIT(PL_ALONGSIDE);
        return PL_OK;
    }
    pl_status status = pl__freeboard_read_side(&out->view, sight, NULL, arena, &out->cue, error);
    if (status != PL_OK) return status;
    out->read = out->cue.cue.stations > 0;
    if (out->read) pl__freeboard_turn(out, sight);
    return PL_OK;
}

static const pl_reading *leading(const pl_reading side[2]) {
    if (!side[0].read) return &side[1];
    if (!side[1].read) return &side[0];
    return side[0].cue.cue.freeboard_m.sigma <= side[1].cue.cue.freeboard_m.sigma ? &side[0]
                                                                                  : &side[1];
}

/* Width in pixels of what the best cue shows: of a dark band the shadow alone. */
static double widest_px(const pl_reading side[2]) {
    double widest = 0;
    for (int i = 0; i < 2; i++) {
        const pl_reading *r = &side[i];
        if (!r->read) continue;
        const pl_side_geometry *g = &r->view.geometry;
        double shown =
            r->cue.cue.kind == PL_CUE_DARK_BAND ? g->shadow - pl__max(g->lean, 0) : -g->lean;
        widest = pl__max(widest, shown * r->cue.cue.freeboard_m.value / r->view.pixel_m);
    }
    return widest;
}

static void set_trim(const pl_reading *lead, const pl_hull *hull, pl_freeboard *out) {
    if (!hull->bow_certain) return; /* by the stern or by the head? unknown */
    double lpp = LPP_SHARE * hull->length_m.value;
    /* sheer that rises more forward than aft looks like trim: an eighth of the standard difference,
     * one sigma */
    double sheer = 0.125 * 0.025 * (hull->length_m.value / 3.0 + 10.0);
    out->trim_m = (pl_quantity){lead->cue.slope * lpp, hypot(lead->cue.slope_sigma * lpp, sheer)};
}

/* A hull and the quay that it lies at may be taken for one body: shorter and broader than ships
 * are, or with a deck that is nobody's and no bow. */
static bool ship_shaped(const pl_hull *hull) {
    if (hull->given) return true;
    if (hull->length_m.value < BROADEST * hull->beam_m.value) return false;
    return hull->bow_certain || hull->vessel_class != PL_CLASS_OTHER;
}

static void judge(const pl_hull *hull, pl_freeboard *out) {
    double f = out->freeboard_m.value, length = hull->length_m.value;
    bool dubious = out->status == PL_DUBIOUS;
    if (f < MIN_PLAUSIBLE_M || f > GREATEST_SHARE * length + GREATEST_M) {
        out->reasons |= PL_BIT(PL_FREEBOARD_ODD);
        out->status = PL_REFUSED;
        return;
    }
    if (out->freeboard_m.sigma > pl__max(0.5 * USELESS_SIGMA_SHARE * length, 0.35)) {
        out->reasons |= PL_BIT(PL_SIGMA_TOO_LARGE);
        dubious = true;
    }
    if (out->freeboard_m.sigma > pl__max(USELESS_SIGMA_SHARE * length, 0.35)) {
        out->status = PL_REFUSED;
        return;
    }
    const pl_reasons doubts = PL_BIT(PL_DECK_GEAR_SHADOW) | PL_BIT(PL_OUTLINE_UNCERTAIN) |
                              PL_BIT(PL_AT_PICTURE_EDGE) | PL_BIT(PL_SUN_CONTRADICTED) |
                              PL_BIT(PL_SATURATED) | PL_BIT(PL_WALL_ONLY) | PL_BIT(PL_TOO_COARSE);
    if (out->status != PL_REFUSED)
        out->status = dubious || (out->reasons & doubts) ? PL_DUBIOUS : PL_OK;
}

static void clear_values(pl_freeboard *out) {
    pl_quantity unknown = {NAN, NAN};
    out->freeboard_m = out->trim_m = unknown;
    out->bound_m = out->p05_m = out->p95_m = out->list_rad = out->shadow_length_m = NAN;
}

bool pl__freeboard_light_known(const pl_sight *sight, pl_freeboard *out) {
    *out = (pl_freeboard){.status = PL_REFUSED, .overhang_m = NAN};
    clear_values(out);
    if (!isfinite(sight->sun_azimuth_rad) || !isfinite(sight->sun_elevation_rad)) {
        out->reasons |= PL_BIT(PL_SUN_UNKNOWN);
    } else if (sight->sun_elevation_rad < MIN_SUN_RAD) {
        out->reasons |= PL_BIT(PL_SUN_TOO_LOW);
    }
    if (!isfinite(sight->view_azimuth_rad) || !isfinite(sight->view_incidence_rad))
        out->reasons |= PL_BIT(PL_VIEW_UNKNOWN);
    return !(out->reasons &
             (PL_BIT(PL_SUN_UNKNOWN) | PL_BIT(PL_SUN_TOO_LOW) | PL_BIT(PL_VIEW_UNKNOWN)));
}

pl_status pl__freeboard_answer(const pl_side_view view[2], const pl_hull *hull,
                               const pl_sight *sight, const pl_freeboard_options *options,
                               pl_arena *arena, pl_freeboard *out, pl_error *error) {
    pl_reading side[2];
    pl_status status = PL_OK;
    for (int i = 0; i < 2 && status >= 0; i++)
        status = read_side(&view[i], hull->touched[i], sight, arena, &side[i], error);
    if (status < 0) return status;
    for (int i = 0; i < 2; i++) {
        if (!side[i].read || side[i].cue.cue.kind != PL_CUE_DARK_BAND) continue;
        status = pl__freeboard_check_gear(&side[i], &side[1 - i], sight, arena, error);
        if (status < 0) return status;
    }
    if (!side[0].read && !side[1].read) {
        out->reasons |= (side[0].cue.reasons | side[1].cue.reasons) & FATAL;
        if (!out->reasons) out->reasons = PL_BIT(PL_SUN_ALONG_KEEL);
        return PL_OK;
    }
    out->status = PL_OK;
    bool both = side[0].read && side[1].read;
    pl__freeboard_join(side, sight, out);
    for (int i = 0; i < 2; i++) {
        if (!side[i].read) continue;
        out->reasons |= side[i].cue.reasons & ~FATAL;
        out->cue[out->cue_count++] = side[i].cue.cue;
    }
    if (!ship_shaped(hull)) out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
    out->reasons |= hull->reasons & (PL_BIT(PL_OUTLINE_UNCERTAIN) | PL_BIT(PL_AT_PICTURE_EDGE));
    const pl_reading *lead = leading(side);
    bool dark_seen =
        false; /* a dark band that carries at least half of what the leading cue carries */
    for (int i = 0; i < 2; i++) {
        dark_seen = dark_seen || (side[i].read && side[i].cue.cue.kind == PL_CUE_DARK_BAND &&
                                  side[i].cue.cue.freeboard_m.sigma <
                                      SEEN_SHARE * lead->cue.cue.freeboard_m.sigma);
    }
    if (!dark_seen) out->reasons |= PL_BIT(PL_WALL_ONLY);
    if (widest_px(side) < SURE_PX) out->reasons |= PL_BIT(PL_TOO_COARSE);
    out->budget_m[PL_BUDGET_MODEL] = options->model_sigma_m;
    double sum = 0;
    for (int i = 0; i < PL_BUDGET_COUNT; i++) sum += out->budget_m[i] * out->budget_m[i];
    out->freeboard_m.sigma = sqrt(sum);
    judge(hull, out);

    out->station_side = lead->view.side;
    out->station_count = lead->cue.station_count;
    for (int i = 0; i < lead->cue.station_count; i++) out->station[i] = lead->cue.station[i];
    if (out->status == PL_REFUSED) {
        clear_values(out);
        return PL_OK;
    }
    out->p05_m = pl__max(out->freeboard_m.value - Z90 * out->freeboard_m.sigma, 0);
    out->p95_m = out->freeboard_m.value + Z90 * out->freeboard_m.sigma;
    out->shadow_length_m = dark_seen ? out->freeboard_m.value / tan(sight->sun_elevation_rad) : NAN;
    set_trim(lead, hull, out);
    if (both) { /* starboard lower: list to starboard positive */
        out->list_rad = atan((side[PL_PORT_SIDE].cue.cue.freeboard_m.value -
                              side[PL_STARBOARD_SIDE].cue.cue.freeboard_m.value) /
                             hull->beam_m.value);
    }
    return PL_OK;
}

pl_status pl_freeboard_measure(const pl_crop *chip, const pl_hull *hull,
                               const pl_freeboard_options *options, pl_arena *arena,
                               pl_freeboard *out, pl_error *error) {
    pl_side_view view[2];
    pl_sea sea;
    bool lit = pl__freeboard_light_known(&chip->sight, out);
    if (!lit && !pl__freeboard_leans(&chip->sight)) return PL_OK;
    pl_status status = pl__hull_sea(chip, arena, &sea, error);
    if (status == PL_REFUSED) { /* no water in the whole chip */
        if (lit) out->reasons |= PL_BIT(PL_SHADOW_ON_QUAY);
        return PL_OK;
    }
    if (status == PL_OK)
        status = pl__freeboard_overhang(chip, hull, &sea, arena, &out->overhang_m, error);
    if (status == PL_OK && !lit) return PL_OK;
    for (int i = 0; i < 2 && status >= 0; i++)
        status = pl__freeboard_side(chip, hull, &sea, (pl_side)i, arena, &view[i], error);
    if (status < 0) return status;
    return pl__freeboard_answer(view, hull, &chip->sight, options, arena, out, error);
}
