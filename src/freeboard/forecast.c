/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How sure would a hull's freeboard be, if one lay here with this heading?
 *
 * Nothing is estimated by another rule than the estimator's own: a typical ship's two sides are
 * laid out as a picture's would be (samples.c), every bin is given what the model says that it
 * shows (model.c), and then both are read, joined and judged as if they had been measured. So
 * geometry, Fisher's information, budget and refusals are those of a measurement.
 *
 * Noise: a pixel of water scatters by a share of its level, a pixel of deck by a share of its own.
 * The bins err by one sigma up and down in turn: the scatter is right, and no draw has a say. What
 * hangs together over more than a pixel (swell, clutter) makes a measurement's own sigma larger. */
#include <math.h>

#include "freeboard/joint.h"
#include "geo/geo.h"

/* Shown with: line spread, lobe and waves as believed before a picture is asked (model.c); sky and
 * mirror image likewise, in shares of the contrast; a wall as much brighter than the shadow. */
static const double SPREAD = 0.53, LOBE = 0.1, ROUGH_M2 = 0.002, FACETS = 0.15;
static const double SKY_SHARE = 0.35, MIRROR_SHARE = 0.2, WALL_SHARE = 0.3;
static const double ATTENUATION = 1.2; /* green, per metre: harbours */
/* Levels against water's: a deck, and a wall in the sun. */
static const double DECK = 2.5, LIT_WALL = 1.6;
static const double DECK_NOISE = 0.05;
/* An outline as detection finds it (src/hull/outline.c): pixels of an edge, of the beam. */
static const double HEADING_PX = 0.3, BEAM_PX = 0.45;

/* A model is alike all along: few long blocks tell what many short ones do. And it is smooth across
 * a line spread, so that bins may be twice as wide as a picture's. */
enum { BLOCKS = 10, BINS = 2 };

static pl_hull typical_hull(const pl_forecast_options *o, double pixel_m, double heading_rad) {
    pl_hull hull = {.heading_rad = heading_rad, .bow_certain = true};
    hull.heading_sigma_rad = HEADING_PX * pixel_m / (PL__MID_SHARE * o->length_m);
    hull.length_m = (pl_quantity){o->length_m, pixel_m};
    hull.beam_m = (pl_quantity){o->beam_m, BEAM_PX * pixel_m};
    return hull;
}

/* The model's truth for one side. */
static void set_truth(const pl_side_view *v, const pl_sight *sight, const pl_forecast_options *o,
                      pl_problem *q, double p[PL__PARAMETERS]) {
    bool dark = v->geometry.shadow > pl__max(v->geometry.lean, 0);
    *q = (pl_problem){.v = v,
                      .kind = dark ? PL_CUE_DARK_BAND : PL_CUE_LIT_WALL,
                      .lean = v->geometry.lean,
                      .shadow = v->geometry.shadow,
                      .penumbra = pl__freeboard_penumbra(v, sight),
                      .half_u = PL__MID_SHARE * v->length_m};
    for (int b = 0; b < v->bands; b++) {
        double contrast = o->contrast * v->sea[b];
        q->tail_m[b] =
            dark ? pl__freeboard_tail_m(v, sight) / (ATTENUATION * v->attenuation[b]) : 0;
        q->level[b][PL__BAND] = dark ? v->sea[b] - contrast : LIT_WALL * v->sea[b];
        q->level[b][PL__WALL] = WALL_SHARE * contrast;
        q->level[b][PL__SKY] = SKY_SHARE * contrast;
        q->level[b][PL__MIRROR] = MIRROR_SHARE * contrast;
    }
    /* a lit wall belongs to the outline that detection finds */
    double wall_m = dark ? 0 : pl__max(-v->geometry.lean, 0) * o->freeboard_m;
    p[PL__EDGE] = v->edge_m - wall_m;
    q->zone_edge = p[PL__EDGE] + 0.5 * v->pixel_m;
    p[PL__HEIGHT] = o->freeboard_m;
    p[PL__SPREAD] = log(SPREAD);
    p[PL__LOBE] = LOBE;
    p[PL__ROUGH] = ROUGH_M2;
    p[PL__FACETS] = log(FACETS);
}

static void draw(pl_side_view *v, const pl_sight *sight, const pl_forecast_options *o) {
    double p[PL__PARAMETERS] = {0}, count = v->block_m * v->bin_m / (v->pixel_m * v->pixel_m);
    pl_problem q;
    pl_place at;
    pl_pixel seen;
    set_truth(v, sight, o, &q, p);
    pl__freeboard_optics(&q, p, &at);
    for (int i = 0; i < v->blocks; i++) {
        for (int j = 0; j < v->bins; j++) {
            pl_sample *s = &v->sample[(size_t)i * (size_t)v->bins + (size_t)j];
            double u = (i + 0.5) * v->block_m - PL__MID_SHARE * v->length_m,
                   n = v->n0_m + (j + 0.5) * v->bin_m;
            *s = (pl_sample){(float)u, (float)n, (float)count, {0}};
            pl__freeboard_at(&q, p, u, n, &at);
            for (int b = 0; b < v->bands; b++) {
                double deck = DECK * v->sea[b];
                pl__freeboard_see(&q, b, &at, deck, v->sea[b], &seen);
                double sigma = seen.on_deck ? DECK_NOISE * deck : v->sea_sigma[b];
                double sign = (i + j + b) % 2 ? 1 : -1;
                s->value[b] = (float)(seen.model + sign * sigma / sqrt(count));
            }
        }
    }
}

pl_status pl_freeboard_forecast(const pl_sight *sight, double pixel_m, double heading_rad,
                                const pl_forecast_options *o, pl_arena *arena, pl_freeboard *out,
                                pl_error *error) {
    pl_hull hull = typical_hull(o, pixel_m, heading_rad);
    pl_side_view view[2];
    if (!(pixel_m > 0) || !(o->length_m > 0) || !(o->beam_m > 0) || !(o->freeboard_m > 0))
        return pl__fail(error, PL_E_USAGE, "freeboard", "a forecast wants a ship and a pixel");
    if (!pl__freeboard_light_known(sight, out)) return PL_OK;
    for (int i = 0; i < 2; i++) {
        pl_side_view *v = &view[i];
        pl__freeboard_face(&hull, (pl_side)i, sight, pixel_m, v);
        if (v->blocks > BLOCKS) v->blocks = BLOCKS;
        v->block_m = 2 * PL__MID_SHARE * v->length_m / v->blocks;
        v->bins /= BINS;
        v->bin_m *= BINS;
        v->bands = 1;
        v->sea[0] = 1;
        v->sea_sigma[0] = o->noise;
        v->attenuation[0] = pl__freeboard_attenuation(o->band);
        v->sample = pl__arena_array(arena, (size_t)v->blocks * (size_t)v->bins, sizeof *v->sample);
        if (!v->sample) return pl__fail_memory(error, "freeboard");
        draw(v, sight, o);
    }
    const pl_freeboard_options measure = {.model_sigma_m = o->model_sigma_m};
    return pl__freeboard_answer(view, &hull, sight, &measure, arena, out, error);
}
