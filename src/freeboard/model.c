/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What should a pixel beside the hull show?
 *
 * Across the side, from the deck outward, every band shows
 *
 *      deck | wall, if seen | shadow, if cast | water            (dark band)
 *      deck | lit wall | boot topping, if any | water            (lit wall)
 *
 * The side's own line is n0 = side + turn u, less what it draws in towards the ends. The deck's
 * edge is imaged at n0 + v f, the wall's foot is n0, the shadow ends at n0 + s f, each with the
 * height and the line of the place on deck that it comes from; f = height + trim u + sheer g(u)
 * u^2. Edges are blurred by the line spread, the last one also by the sun's disc, by waves, and by
 * light from below (response.c). On the water lie two veils: the sky that the hull hides, (1 - d /
 * sqrt(d^2 + f^2)) / 2 at a distance d from a wall of height f (half the cosine of the elevation of
 * its top), and the wall's own mirror image, which ends -v f beyond the wall and is blurred by
 * waves: they show some of it even where the deck leans over the water (v > 0).
 *
 *      I = deck (1 - E1) + wall (E1 - Ef) + band (Ef - E2) + water E2 - Ef (sky g + mirror (1 -
 * Em))
 *
 * A strip of deck that gear shades along the edge looks like one more wall: of a width that is
 * fitted (PL__RIM), within n1, and of the wall's level.
 */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "freeboard/joint.h"

/* What is collected beside the edges. */
static const double DECK_PX = 1.2, UNSURE_PX = 1.0, SEA_PX = 6.0, SEA_M = 3.0;
/* What stands at a tanker's ends: from where, in shares of the length from midships, and how high
 * over the deck. */
static const double FORECASTLE_FROM = 0.40, FORECASTLE_M = 3.5;
static const double HOUSE_TO = 0.34, HOUSE_M = 5, HOUSE_SHARE = 0.08;
/* Where edges show is not fitted but held: how the height would follow them is what is asked for.
 */
static const double HELD_PX = 0.001;
/* As wide are strips of deck that gear shades. */
static const double STRIP_M = 1.0;
/* What catwalks, pipe racks and hatches add to the height that casts the shadow, where they shade
 * the deck's edge: 0 to 1 m. */
static const double GEAR_ADDS_M = 0.3, GEAR_ADDS_SIGMA_M = 0.5;
/* Guard rails stand on the deck's edge, at least a metre high (load line convention, regulation
 * 25), and take a few per cent of the sun, more along their length: their shadow reaches beyond the
 * hull's. */
static const double RAIL_M = 1.1, RAIL_OPACITY = 0.05, RAIL_OPACITY_SIGMA = 0.05;
/* Boot topping is red or black, the wall above it may be anything: of the sea's level. */
static const double BOOT_SHARE = 1;
/* A shaded wall is black paint or white: this share of the sea's level darker or brighter. */
static const double WALL_SHARE = 0.4;
/* Of the sea's level this much is light that never was in the water: mirrored sky and haze. */
static const double SURFACE_SHARE = 0.5, SURFACE_SIGMA = 0.25;
static const double BOW_SHEER = 4.0 / 3.0; /* against the mean of both ends */
/* Of the height: facets turn the mirrored ray by twice their slope, 0.03 to 0.15. */
static const double MIRROR_BLUR = 0.15, MIRROR_BLUR_LN_SIGMA = 0.4;
/* Towards the ends a side draws in, on some ships from here on, in shares of the length: at the
 * straight part's end by none of it, or by some thousandths. */
static const double DRAWS_IN_FROM = 0.22, DRAWN_IN_SHARE = 0.003;

/* Sheer rises twice as high at the bow as at the stern (load line convention, regulation 38); a
 * parabola of one kind for both would be read as trim. Of a bow that is not known: their mean. */
static double sheer_at(const pl_side_view *v, double u) {
    double share = !v->bow_certain ? 1 : u > 0 ? BOW_SHEER : 2 - BOW_SHEER;
    return share * u * u;
}

double pl__freeboard_height(const pl_side_view *v, const double *p, double u) {
    return pl__max(p[PL__HEIGHT] + p[PL__TRIM] * u + p[PL__SHEER] * sheer_at(v, u), 0.05);
}

/* The deck's slope along the hull. */
static double rise(const pl_side_view *v, const double *p, double u) {
    return p[PL__TRIM] + p[PL__SHEER] * 2 * (u != 0 ? sheer_at(v, u) / u : 0);
}

/* Of what it is at the end of the straight part; its sign says which end. */
static double drawn_in(const pl_side_view *v, double u, double *slope) {
    double length = (PL__MID_SHARE - DRAWS_IN_FROM) * v->length_m;
    double x = pl__max(fabs(u) - DRAWS_IN_FROM * v->length_m, 0) / length;
    if (slope) *slope = (u > 0 ? 2 : -2) * x / length;
    return x * x;
}

double pl__freeboard_inset(const pl_side_view *v, const double *p, double u) {
    return p[u > 0 ? PL__FORE : PL__AFT] * drawn_in(v, u, NULL);
}

static double inset_slope(const pl_side_view *v, const double *p, double u) {
    double slope;
    drawn_in(v, u, &slope);
    return p[u > 0 ? PL__FORE : PL__AFT] * slope;
}

/* The place on deck whose height is seen at u, for a ray that runs `along` per metre of height: one
 * step of f(u + along f) is enough, the deck's slope being small. */
static double seen_from(const pl_side_view *v, const double *p, double u, double along) {
    return u + along * pl__freeboard_height(v, p, u);
}

static double shade_at(const pl_side_view *v, double u) {
    int block = (int)((u + PL__MID_SHARE * v->length_m) / v->block_m);
    return v->shade[block < 0 ? 0 : block >= v->blocks ? v->blocks - 1 : block];
}

static pl_section section_at(const pl_problem *q, const double *p, double u) {
    bool dark = q->kind == PL_CUE_DARK_BAND;
    const pl_side_view *v = q->v;
    pl_section s = {.lean_u = seen_from(v, p, u, v->lean_along),
                    .cast_u = seen_from(v, p, u, v->cast_along)};
    double lean_f = pl__freeboard_height(v, p, s.lean_u),
           cast_f = pl__freeboard_height(v, p, s.cast_u);
    s.f = pl__freeboard_height(v, p, u);
    s.cast_f = cast_f;
    s.lean_inset = inset_slope(v, p, s.lean_u) * v->lean_along;
    s.cast_inset = inset_slope(v, p, s.cast_u) * v->cast_along;
    s.lean_rise = rise(v, p, s.lean_u) * v->lean_along;
    s.cast_rise = rise(v, p, s.cast_u) * v->cast_along;
    /* the side's own line, at the water; seen or not */
    double side = p[PL__EDGE] - q->lean * p[PL__HEIGHT] + p[PL__TURN] * u;
    s.n1 = side - pl__freeboard_inset(v, p, s.lean_u) + q->lean * lean_f;
    s.wall = side - pl__freeboard_inset(v, p, u);
    s.foot = pl__max(s.n1, s.wall);
    s.line = s.wall - pl__max(-q->lean, 0) * (p[PL__LINE] + p[PL__TRIM] * u);
    s.shade = dark ? shade_at(v, u) : 0;
    s.n2 = dark ? side - pl__freeboard_inset(v, p, s.cast_u) +
                      q->shadow * (cast_f + p[PL__GEAR] * s.shade)
                : s.foot + p[PL__FOOT]; /* on a lit side water emerges from the foot on */
    s.image = s.wall - q->lean * s.f;
    s.rough = dark ? p[PL__ROUGH] + q->penumbra * cast_f * q->penumbra * cast_f : 0;
    s.image_blur = exp(p[PL__FACETS]);
    s.blur = s.image_blur * s.f;
    return s;
}

/* Share of the sky that a wall of height f hides from water at distance d, and how it changes. */
static void hide_sky(double d, double f, pl_place *out) {
    double r = sqrt(d * d + f * f);
    bool under = d < 0; /* the wall itself */
    out->veil = under ? 0.5 : 0.5 * (1 - d / r);
    out->veil_by_d = under ? 0 : -0.5 * f * f / (r * r * r);
    out->veil_by_f = under ? 0 : 0.5 * d * f / (r * r * r);
}

/* An edge of which a share lies elsewhere. */
static void mix(pl_edge *e, const pl_edge *other, double share) {
    e->step += share * (other->step - e->step);
    e->density += share * (other->density - e->density);
    e->curve += share * (other->curve - e->curve);
    e->lobe += share * (other->lobe - e->lobe);
    e->tail += share * (other->tail - e->tail);
}

void pl__freeboard_optics(const pl_problem *q, const double *p, pl_place *out) {
    double px = q->v->pixel_m;
    out->response = (pl_response){px * exp(p[PL__SPREAD]), p[PL__LOBE], px};
    out->rail = p[PL__RAIL];
    for (int b = 0; b < q->v->bands; b++) out->tail_m[b] = q->tail_m[b] * exp(p[PL__CLARITY + b]);
}

void pl__freeboard_at(const pl_problem *q, const double *p, double u, double n, pl_place *out) {
    pl_section s = section_at(q, p, u);
    const pl_response *r = &out->response;
    bool wall = q->lean < 0 || q->strip;
    out->u = u;
    out->n = n;
    out->section = s;
    pl__freeboard_edge(r, 0, 0, n - s.n1 + p[PL__RIM], &out->deck);
    out->foot = out->line = out->deck;
    if (wall) pl__freeboard_edge(r, 0, 0, n - s.foot - p[PL__FOOT], &out->foot);
    if (q->boot) pl__freeboard_edge(r, 0, 0, n - s.line, &out->line);
    pl__freeboard_soft_edge(r, s.blur * s.blur, 0, n - s.image, &out->image);
    hide_sky(n - s.wall, s.f, out);
}

void pl__freeboard_see(const pl_problem *q, int b, const pl_place *at, double deck, double water,
                       pl_pixel *out) {
    const double *level = q->level[b];
    const pl_section s = at->section;
    const pl_edge e1 = at->deck, eb = at->line, ef = at->foot, em = at->image;
    double u = at->u, n = at->n, spread2 = at->response.spread_m * at->response.spread_m;
    bool dark = q->kind == PL_CUE_DARK_BAND, wall = q->lean < 0 || q->strip;
    const pl_response *r = &at->response;
    pl_edge e2, railed, sharp;
    pl__freeboard_edge(r, s.rough, at->tail_m[b], n - s.n2, &sharp);
    e2 = railed = sharp;
    if (dark) {
        pl__freeboard_soft_edge(r, s.rough, at->tail_m[b], n - s.n2 - q->shadow * RAIL_M, &railed);
        mix(&e2, &railed, at->rail);
    }
    double band = level[PL__BAND] + level[PL__BAND_SLOPE] * u / q->half_u;
    double plate = dark && wall ? band + level[PL__WALL] : band;
    double veil = ef.step * at->veil, mirrored = 1 - em.step, image = ef.step * mirrored;

    out->on_deck = n < q->zone_edge + q->zone_turn * u;
    out->local[0] = 1 - e1.step;
    out->local[1] = e2.step;
    double between = dark ? e1.step - e2.step : e1.step - ef.step;
    out->global[PL__BAND] = between;
    out->global[PL__BAND_SLOPE] = between * u / q->half_u;
    out->global[PL__WALL] = dark ? e1.step - ef.step : ef.step - e2.step;
    out->global[PL__SKY] = -veil;
    out->global[PL__MIRROR] = -image;
    out->global[PL__BOOT] = q->boot ? eb.step - ef.step : 0;
    out->model = deck * out->local[0] + water * out->local[1];
    for (int k = 0; k < PL__GLOBALS; k++) out->model += level[k] * out->global[k];

    /* each edge's jump; a step's derivative by its place is minus its density */
    double sky = level[PL__SKY], mirror = level[PL__MIRROR];
    double veils = sky * at->veil + mirror * mirrored; /* at the place where water begins */
    double jump1 = plate - deck - (wall ? 0 : veils);
    double beyond = dark ? band : level[PL__WALL]; /* what the foot shows before water emerges */
    double boot = q->boot ? level[PL__BOOT] : 0;
    double jumpf = wall ? beyond - plate - boot - veils : 0;
    double jump2 = water - beyond, jumpm = mirror * ef.step;
    double by_n1 = -jump1 * e1.density, by_foot = -jumpf * ef.density;
    double by_n2 = -jump2 * e2.density, by_image = -jumpm * em.density;
    double by_line = -boot * eb.density;
    double by_sky_place = sky * ef.step * at->veil_by_d, by_sky_f = -sky * ef.step * at->veil_by_f;
    double away = pl__max(-q->lean, 0);
    double by_penumbra = jump2 * e2.curve * q->penumbra * q->penumbra * s.cast_f;
    double by_blur = jumpm * em.curve * s.blur * s.image_blur;
    double by_cast_f = dark ? q->shadow * by_n2 + by_penumbra : 0;
    double by_all = by_n1 + by_line + by_foot + by_n2 + by_image + by_sky_place;
    /* what lies at the deck's edge, at the side's line here, at the shadow's end; a higher deck's
     * edge is imaged from further along, where the side may have drawn in more */
    double by_deck = by_n1 + (q->lean < 0 ? 0 : by_foot), by_end = dark ? by_n2 : 0;
    double by_side = by_all - by_deck - by_end, by_lean_f = q->lean * by_deck;
    double by_own_f = -q->lean * by_image + by_blur + by_sky_f + s.lean_rise * by_lean_f -
                      s.lean_inset * by_deck + s.cast_rise * by_cast_f - s.cast_inset * by_end;
    /* by the blur's variance and the lobe */
    double by_variance = 0.5 * (jump1 * e1.curve + boot * eb.curve + jumpf * ef.curve +
                                jump2 * e2.curve + jumpm * em.curve);
    memset(out->parameter, 0, sizeof out->parameter);
    out->parameter[PL__EDGE] = by_all;
    out->parameter[PL__TURN] = u * by_all;
    /* the edge is that at midships, whatever the height */
    out->parameter[PL__HEIGHT] = by_cast_f + by_own_f - q->lean * (by_all - by_deck);
    out->parameter[PL__TRIM] =
        s.lean_u * by_lean_f + s.cast_u * by_cast_f + u * (by_own_f - away * by_line);
    out->parameter[PL__SHEER] = sheer_at(q->v, s.lean_u) * by_lean_f +
                                sheer_at(q->v, s.cast_u) * by_cast_f + sheer_at(q->v, u) * by_own_f;
    out->parameter[PL__SPREAD] = 2 * spread2 * by_variance;
    out->parameter[PL__LOBE] =
        jump1 * e1.lobe + boot * eb.lobe + jumpf * ef.lobe + jump2 * e2.lobe + jumpm * em.lobe;
    out->parameter[PL__RIM] = -by_n1;
    out->parameter[PL__FOOT] = dark ? by_foot : by_foot + by_n2;
    out->parameter[PL__RAIL] = jump2 * (railed.step - sharp.step);
    out->parameter[PL__GEAR] = s.shade * q->shadow * by_n2;
    const double place[3] = {s.lean_u, u, s.cast_u}, by[3] = {by_deck, by_side, by_end};
    for (int k = 0; k < 3; k++)
        out->parameter[place[k] > 0 ? PL__FORE : PL__AFT] -= by[k] * drawn_in(q->v, place[k], NULL);
    out->parameter[PL__LINE] = -away * by_line;
    out->parameter[PL__FACETS] = jumpm * em.curve * s.blur * s.blur;
    out->parameter[PL__ROUGH] = dark ? 0.5 * jump2 * e2.curve : 0;
    out->parameter[PL__CLARITY + b] = jump2 * e2.tail;
}

/* ---- which pixels ---- */

/* Does the block show the straight side only? The deck that casts its shadow must lie in the
 * straight part, and what stands at the ends (a forecastle and its bulwark forward, the
 * accommodation aft) must not reach it with its own. */
bool pl__freeboard_straight(const pl_problem *q, const double *p, int block) {
    const pl_side_view *v = q->v;
    double u = (block + 0.5) * v->block_m - q->half_u, slack = v->block_m, c = v->cast_along;
    if (q->kind != PL_CUE_DARK_BAND) return true;
    double f = pl__freeboard_height(v, p, u), L = v->length_m;
    double forecastle = FORECASTLE_FROM * L - (f + FORECASTLE_M) * pl__max(c, 0);
    double house = -HOUSE_TO * L + (f + HOUSE_M + HOUSE_SHARE * L) * pl__max(-c, 0);
    if (u > forecastle || u < house) return false;
    if (!v->bow_certain && (u < -HOUSE_TO * L + (f + FORECASTLE_M) * pl__max(-c, 0) ||
                            u > HOUSE_TO * L - (f + HOUSE_M + HOUSE_SHARE * L) * pl__max(c, 0)))
        return false;
    return fabs(seen_from(v, p, u, c)) <= q->half_u + slack;
}

/* Bins of a block within the window, which turns with the side. */
void pl__freeboard_stretch(const pl_problem *q, int block, int *from, int *to) {
    const pl_side_view *v = q->v;
    double turn = q->window_turn * ((block + 0.5) * v->block_m - q->half_u);
    *from = (int)pl__clamp(floor((q->window.low_m + turn - v->n0_m) / v->bin_m), 0, v->bins);
    *to = (int)pl__clamp(ceil((q->window.high_m + turn - v->n0_m) / v->bin_m), 0, v->bins);
}

pl_window pl__freeboard_window(const pl_side_view *v, pl_cue_kind kind, const pl_start *start,
                               int starts, bool sure) {
    double px = v->pixel_m, lean = v->geometry.lean;
    double k = kind == PL_CUE_DARK_BAND ? v->geometry.shadow - lean : -lean;
    pl_window w = {INFINITY, -INFINITY};
    for (int i = 0; i < starts; i++) {
        w.low_m = pl__min(w.low_m, start[i].edge_m - start[i].strip_m -
                                       (DECK_PX + (sure ? 0 : UNSURE_PX)) * px);
        w.high_m = pl__max(w.high_m, start[i].edge_m + k * start[i].freeboard_m);
    }
    w.high_m += SEA_PX * px + SEA_M;
    return w;
}

/* ---- first levels ---- */

static double mean_of(const pl_side_view *v, int block, int b, double from_m, double to_m) {
    int i = (int)pl__clamp(floor((from_m - v->n0_m) / v->bin_m), 0, v->bins);
    int j = (int)pl__clamp(ceil((to_m - v->n0_m) / v->bin_m), 0, v->bins);
    double sum = 0, count = 0;
    for (; i < j; i++) {
        const pl_sample *s = pl__sample(v, block, i);
        sum += (double)(s->count * s->value[b]);
        count += (double)s->count;
    }
    return count > 0 ? sum / count : NAN;
}

void pl__freeboard_first_levels(pl_problem *q, const double *p) {
    const pl_side_view *v = q->v;
    double px = v->pixel_m;
    for (int b = 0; b < v->bands; b++) {
        double band = 0, water = 0, blocks = 0;
        pl_section s = section_at(q, p, 0);
        double middle = 0.5 * ((q->kind == PL_CUE_DARK_BAND ? pl__max(s.foot, s.n1) : s.n1) +
                               (q->boot ? s.line : s.n2));
        double boot = 0;
        for (int i = 0; i < v->blocks; i++) {
            double turn = p[PL__TURN] * ((i + 0.5) * v->block_m - q->half_u);
            double deck = mean_of(v, i, b, s.n1 + turn - 2 * px, s.n1 + turn - 0.7 * px);
            double sea = mean_of(v, i, b, s.n2 + turn + px, s.n2 + turn + SEA_PX * px);
            double inside = mean_of(v, i, b, middle + turn - 0.6 * px, middle + turn + 0.6 * px);
            double below = mean_of(v, i, b, 0.5 * (s.line + s.foot) + turn - 0.6 * px,
                                   0.5 * (s.line + s.foot) + turn + 0.6 * px);
            q->deck[i][b] = isnan(deck) ? v->sea[b] : deck;
            q->water[i][b] = isnan(sea) ? v->sea[b] : sea;
            if (isnan(inside) || isnan(sea)) continue;
            band += inside;
            water += sea;
            boot += isnan(below) ? 0 : below - inside;
            blocks++;
        }
        memset(q->level[b], 0, sizeof q->level[b]);
        q->level[b][PL__BAND] = blocks > 0 ? band / blocks : v->sea[b];
        q->level[b][PL__BOOT] = q->boot && blocks > 0 ? boot / blocks : 0;
        q->contrast[b] = pl__max(blocks > 0 ? fabs(water - band) / blocks : 0, v->sea_sigma[b]);
    }
}

/* ---- beliefs ---- */

static void believe(pl_problem *q, int index, double mean, double sigma) {
    q->prior_mean[index] = mean;
    q->prior_weight[index] = 1 / (sigma * sigma);
}

void pl__freeboard_believe(pl_problem *q) {
    const pl_side_view *v = q->v;
    double L = v->length_m;
    /* standard sheer 25 and 50 (L/3 + 10) mm at the ends, a parabola; tankers have a fifth of it,
     * some none, some more than half */
    double standard = 0.0375 * (L / 3 + 10) / (0.25 * L * L);
    believe(q, PL__EDGE, q->start_edge, 2 * v->pixel_m + 0.03 * v->beam_m);
    believe(q, PL__TURN, 0, hypot(3 * v->heading_sigma_rad, 0.004));
    believe(q, PL__HEIGHT, 0, 1e6);
    believe(q, PL__TRIM, 0, 0.007); /* ballasted coasters trim by up to 1.5 % of their length */
    believe(q, PL__SHEER, 0.2 * standard, 0.4 * standard);
    believe(q, PL__SPREAD, log(0.53), 0.25); /* full width 1 to 1.6 px on delivered products */
    believe(q, PL__LOBE, 0.1, 0.2);
    bool dark = q->kind == PL_CUE_DARK_BAND;
    believe(q, PL__RIM, 0, q->strip ? STRIP_M : HELD_PX * v->pixel_m);
    believe(q, PL__FOOT, 0, HELD_PX * v->pixel_m);
    believe(q, PL__RAIL, RAIL_OPACITY, RAIL_OPACITY_SIGMA);
    believe(q, PL__GEAR, GEAR_ADDS_M, GEAR_ADDS_SIGMA_M);
    believe(q, PL__FORE, 0, DRAWN_IN_SHARE * L);
    believe(q, PL__AFT, 0, DRAWN_IN_SHARE * L);
    believe(q, PL__LINE, 0.5 * q->start_height, pl__max(0.5 * q->start_height, 0.1));
    believe(q, PL__FACETS, log(MIRROR_BLUR), MIRROR_BLUR_LN_SIGMA);
    believe(q, PL__ROUGH, 0.002, 0.006); /* waves of a few centimetres carry the edge to and fro */
    for (int b = 0; b < PL__BANDS; b++) believe(q, PL__CLARITY + b, 0, 0.35);
    for (int b = 0; b < v->bands; b++) {
        int at = PL__PARAMETERS + b * PL__GLOBALS;
        double c = q->contrast[b];
        believe(q, at + PL__BAND, 0, 1e9);
        believe(q, at + PL__BAND_SLOPE, 0, 0.1 * c);
        if (dark) {
            believe(q, at + PL__WALL, 0, pl__max(0.6 * c, WALL_SHARE * fabs(v->sea[b])));
        } else {
            believe(q, at + PL__WALL, SURFACE_SHARE * v->sea[b], SURFACE_SIGMA * fabs(v->sea[b]));
        }
        believe(q, at + PL__BOOT, 0, q->boot ? BOOT_SHARE * fabs(v->sea[b]) : 1);
        /* sun and sky come back from below alike, so hidden sky is to the contrast as skylight is
         * to sunlight: 0.15 to 0.6 (clear sky); the mirrored sky is of the same order. Haze is in
         * neither. On the sunlit side no contrast is seen; a third of the sea's level stands for it
         */
        double sun = dark ? c : pl__max(fabs(v->sea[b]) / 3, v->sea_sigma[b]);
        believe(q, at + PL__SKY, 0.35 * sun, 0.25 * sun);
        believe(q, at + PL__MIRROR, 0.2 * sun, 0.3 * sun);
    }
}
