/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a ray meet?
 *
 * The hull is a solid between nodes along its length: wall-sided, its half breadth and its deck
 * edge piecewise linear. Inside one segment a ray is inside where three linear inequalities hold,
 *
 *      w - half(u) <= 0,    -w - half(u) <= 0,    z - top(u) <= 0,
 *
 * so that the stretch of the ray inside is exact, not marched. A rounded gunwale is a stack of such
 * solids, each a little narrower and higher. Deck houses and gear are boxes, rails and plates are
 * strips along the edge. Heel turns the ray, not the ship; what is apart from her is met by the ray
 * as it is.
 *
 * Seen from the satellite is what the ray, climbing from the water, leaves last; in the sun is a
 * place whose ray to the sun meets nothing. */
#include <math.h>
#include <string.h>

#include "synth/synth.h"

static const double SKIN_M = 1e-4; /* a ray that starts on a surface is not inside it */

typedef struct span {
    double from, to; /* of t */
    int face;        /* which inequality ends it: 0 starboard, 1 port, 2 top, -1 none */
} span;

/* Keeps the part of a span in which a + b t <= 0. */
static bool clip(span *s, double a, double b, int face) {
    double at_from = a + b * s->from, at_to = a + b * s->to;
    if (at_from > 0 && at_to > 0) return false;
    if (at_to > 0) {
        s->to = -a / b;
        s->face = face;
    } else if (at_from > 0) {
        s->from = -a / b;
    }
    return s->to > s->from;
}

/* The segment that holds u; the first or last one beyond the ends. */
static int segment_of(const pl_solid *solid, double u) {
    double bin = (u - solid->u[0]) * solid->bins_per_m;
    int k = solid->start[(int)pl__clamp(bin, 0, PL__STARTS_OF_SOLID - 1)];
    while (k + 2 < solid->nodes && solid->u[k + 1] <= u) k++;
    return k;
}

/* The stretch of t in which the ray may be near a thing that reaches so far. */
static bool near_span(const pl_ray *ray, double t_max, double low_u, double high_u, double wide,
                      double highest, span *out) {
    const double margin_m = 1; /* so that the thing's own faces end the stretch inside it */
    low_u -= margin_m;
    high_u += margin_m;
    wide += margin_m;
    highest += margin_m;
    *out = (span){SKIN_M, t_max, -1};
    if (ray->d[2] > 0) out->to = pl__min(out->to, (highest - ray->o[2]) / ray->d[2]);
    if (!(out->to > out->from)) return false;
    return clip(out, ray->o[0] - high_u, ray->d[0], -1) &&
           clip(out, low_u - ray->o[0], -ray->d[0], -1) &&
           clip(out, ray->o[1] - wide, ray->d[1], -1) &&
           clip(out, -ray->o[1] - wide, -ray->d[1], -1);
}

/* The part of the ray's stretch over one segment. */
static bool over_segment(const pl_solid *solid, int k, const pl_ray *ray, span *s) {
    return clip(s, ray->o[0] - solid->u[k + 1], ray->d[0], -1) &&
           clip(s, solid->u[k] - ray->o[0], -ray->d[0], -1);
}

/* Stretch inside the solid in segment k. */
static bool inside(const pl_solid *solid, int k, const pl_ray *ray, span *s) {
    pl_line half = solid->half_line[k], top = solid->top_line[k];
    double half0 = half.a + half.b * ray->o[0], half1 = half.b * ray->d[0];
    return over_segment(solid, k, ray, s) && clip(s, ray->o[1] - half0, ray->d[1] - half1, 0) &&
           clip(s, -ray->o[1] - half0, -ray->d[1] - half1, 1) &&
           clip(s, ray->o[2] - top.a - top.b * ray->o[0], ray->d[2] - top.b * ray->d[0], 2);
}

/* The segments that a stretch runs over. */
static void segments(const pl_solid *solid, const pl_ray *ray, const span *s, int *first,
                     int *last) {
    double a = ray->o[0] + s->from * ray->d[0], b = ray->o[0] + s->to * ray->d[0];
    *first = segment_of(solid, pl__min(a, b));
    *last = segment_of(solid, pl__max(a, b));
}

static void wall_normal(const pl_solid *solid, int k, int face, double normal[3]) {
    pl_line half = solid->half_line[k];
    double length = sqrt(1 + half.b * half.b);
    normal[0] = -half.b / length;
    normal[1] = (face == 0 ? 1 : -1) / length;
    normal[2] = 0;
}

/* The ray as seen from a solid's own middle line. */
static pl_ray from_middle(const pl_solid *solid, const pl_ray *ray) {
    pl_ray out = *ray;
    out.o[1] -= solid->middle;
    return out;
}

static void see_solid(const pl_solid *solid, const pl_ray *from, double t_max, pl_hit *best) {
    pl_ray shifted = from_middle(solid, from), *ray = &shifted;
    span all;
    int first, last;
    if (!near_span(ray, t_max, solid->u[0], solid->u[solid->nodes - 1], solid->widest,
                   solid->highest, &all) ||
        all.to <= best->t)
        return;
    segments(solid, ray, &all, &first, &last);
    for (int k = first; k <= last; k++) {
        span s = all;
        if (!inside(solid, k, ray, &s) || s.to <= best->t) continue;
        best->t = s.to;
        if (s.face == 0 || s.face == 1) {
            best->surface = PL_SIDE_PLATE;
            wall_normal(solid, k, s.face, best->normal);
        } else if (s.face == 2) {
            best->surface = solid->deck;
            memcpy(best->normal, (double[3]){0, 0, 1}, sizeof best->normal);
        } else { /* out through the transom or the stem: a wall across the ship */
            best->surface = PL_SIDE_PLATE;
            memcpy(best->normal, (double[3]){ray->d[0] < 0 ? -1 : 1, 0, 0}, sizeof best->normal);
        }
    }
}

static bool box_span(const pl_box *box, const pl_ray *ray, span *s, int *axis) {
    *axis = -1;
    for (int i = 0; i < 3; i++) {
        s->face = -1;
        if (!clip(s, ray->o[i] - box->high[i], ray->d[i], 9) ||
            !clip(s, box->low[i] - ray->o[i], -ray->d[i], 9))
            return false;
        if (s->face == 9) *axis = i;
    }
    return true;
}

static void see_box(const pl_box *box, const pl_ray *ray, double t_max, pl_hit *best) {
    span s = {SKIN_M, t_max, -1};
    int axis;
    if (!box_span(box, ray, &s, &axis) || s.to <= best->t) return;
    best->t = s.to;
    best->surface = box->surface;
    memset(best->normal, 0, sizeof best->normal);
    if (axis >= 0) best->normal[axis] = ray->d[axis] < 0 ? -1 : 1;
}

/* Stretch inside a plate along one side (0 starboard, 1 port) of a solid. */
static bool in_shell(const pl_shell *shell, int k, int side, const pl_ray *ray, span *s) {
    const pl_solid *on = shell->on;
    double sign = side == 0 ? 1 : -1;
    pl_line half = on->half_line[k], top = on->top_line[k];
    double half0 = half.a + half.b * ray->o[0], half1 = half.b * ray->d[0];
    double w0 = sign * ray->o[1], w1 = sign * ray->d[1];
    double over0 = ray->o[2] - top.a - top.b * ray->o[0], over1 = ray->d[2] - top.b * ray->d[0];
    return over_segment(on, k, ray, s) && clip(s, w0 - half0, w1 - half1, side) &&
           clip(s, half0 - shell->thickness - w0, half1 - w1, -1) &&
           clip(s, over0 - shell->height, over1, 2) && clip(s, -over0, -over1, -1);
}

static bool near_shell(const pl_shell *shell, const pl_ray *ray, double t_max, span *all,
                       int *first, int *last) {
    if (!near_span(ray, t_max, shell->from_u, shell->to_u, shell->on->widest,
                   shell->on->highest + shell->height, all))
        return false;
    segments(shell->on, ray, all, first, last);
    return true;
}

static void see_shell(const pl_shell *shell, const pl_ray *ray, double t_max, pl_hit *best) {
    span all;
    int first, last;
    if (shell->opacity < 1 || !near_shell(shell, ray, t_max, &all, &first, &last)) return;
    for (int k = first; k <= last; k++) {
        for (int side = 0; side < 2; side++) {
            span s = all;
            if (!in_shell(shell, k, side, ray, &s) || s.to <= best->t) continue;
            best->t = s.to;
            best->surface = PL_SIDE_PLATE;
            wall_normal(shell->on, k, side, best->normal);
        }
    }
}

pl_ray pl__synth_heeled(const pl_ship *ship, const pl_ray *ray) {
    double s = ship->heel_sin, c = ship->heel_cos;
    pl_ray out = {{ray->o[0], ray->o[1] * c - ray->o[2] * s, ray->o[1] * s + ray->o[2] * c},
                  {ray->d[0], ray->d[1] * c - ray->d[2] * s, ray->d[1] * s + ray->d[2] * c}};
    return out;
}

static void upright(const pl_ship *ship, double vector[3]) {
    double w = vector[1], z = vector[2];
    vector[1] = w * ship->heel_cos + z * ship->heel_sin;
    vector[2] = -w * ship->heel_sin + z * ship->heel_cos;
}

/* Parts that a ray may meet. */
static bool ahead(const pl_ship *ship, const pl_aim *aim, bool apart, const pl_ray *ray,
                  double t_max, pl_parts *out) {
    span all;
    bool near = aim || near_span(ray, t_max, -ship->reach_u, ship->reach_u, ship->reach_w,
                                 ship->highest, &all);
    return near && pl__synth_ahead(ship, aim, apart, ray, t_max, out);
}

/* The part of a climbing ray, up to t_max, that is no higher than the solid; false: it passes by.
 */
static bool below_top(const pl_solid *solid, const pl_ray *ray, double t_max, span *out) {
    const double rounding_m = 1e-6;
    double to = pl__min(t_max, (solid->highest + rounding_m - ray->o[2]) / ray->d[2]);
    double u0 = ray->o[0] + SKIN_M * ray->d[0], u1 = ray->o[0] + to * ray->d[0];
    double w0 = ray->o[1] + SKIN_M * ray->d[1], w1 = ray->o[1] + to * ray->d[1];
    double wide = solid->widest + rounding_m;
    *out = (span){SKIN_M, to, -1};
    return to > SKIN_M && pl__max(u0, u1) > solid->u[0] - rounding_m &&
           pl__min(u0, u1) < solid->u[solid->nodes - 1] + rounding_m && pl__max(w0, w1) > -wide &&
           pl__min(w0, w1) < wide;
}

static bool blocked_by_solid(const pl_solid *solid, const pl_ray *from, double t_max) {
    pl_ray shifted = from_middle(solid, from), *ray = &shifted;
    span all;
    int first, last;
    if (!below_top(solid, ray, t_max, &all)) return false;
    segments(solid, ray, &all, &first, &last);
    for (int k = first; k <= last; k++) {
        span s = all;
        if (inside(solid, k, ray, &s)) return true;
    }
    return false;
}

/* Solids to hold the ray against: those that make up the hull's rim only if it meets their coat. */
static uint64_t solids_of(const pl_ship *ship, const pl_parts *parts, const pl_ray *ray,
                          double t_max) {
    uint64_t rim = ship->rim & parts->solids;
    if (!rim || blocked_by_solid(&ship->coat, ray, t_max)) return parts->solids;
    return parts->solids & ~rim;
}

static void see_all(const pl_ship *ship, bool apart, const pl_parts *parts, const pl_ray *ray,
                    double t_max, pl_hit *best) {
    for (uint64_t left = solids_of(ship, parts, ray, t_max); left; left &= left - 1) {
        const pl_solid *solid = &ship->solid[__builtin_ctzll(left)];
        if (solid->apart == apart) see_solid(solid, ray, t_max, best);
    }
    for (int word = 0; word < PL__BOX_WORDS; word++) {
        for (uint64_t left = parts->boxes[word]; left; left &= left - 1) {
            const pl_box *box = &ship->box[64 * word + __builtin_ctzll(left)];
            if (box->apart == apart) see_box(box, ray, t_max, best);
        }
    }
    for (uint64_t left = apart ? 0 : parts->shells; left; left &= left - 1)
        see_shell(&ship->shell[__builtin_ctzll(left)], ray, t_max, best);
}

bool pl__synth_seen(const pl_ship *ship, const pl_aim *aim, const pl_ray *ray, pl_hit *out) {
    const double nothing = 0;
    pl_ray r = pl__synth_heeled(ship, ray);
    double t_max = (ship->highest + 1) / pl__min(r.d[2], ray->d[2]) + fabs(r.o[2]) + 1;
    pl_parts parts;
    *out = (pl_hit){nothing, PL_WATER, {0, 0, 1}};
    if (ahead(ship, aim, false, &r, t_max, &parts)) {
        see_all(ship, false, &parts, &r, t_max, out);
        upright(ship, out->normal);
    }
    if (ship->company && ahead(ship, aim, true, ray, t_max, &parts))
        see_all(ship, true, &parts, ray, t_max, out);
    return out->t > nothing;
}

static double through_shell(const pl_shell *shell, const pl_ray *ray, double t_max) {
    span all;
    int first, last;
    double left = 1;
    if (!near_shell(shell, ray, t_max, &all, &first, &last)) return 1;
    for (int side = 0; side < 2; side++) {
        bool met = false;
        for (int k = first; k <= last && !met; k++) {
            span s = all;
            met = in_shell(shell, k, side, ray, &s);
        }
        if (met) left *= 1 - shell->opacity;
    }
    return left;
}

static double free_of(const pl_ship *ship, bool apart, const pl_parts *parts, const pl_ray *ray,
                      double t_max) {
    double free = 1;
    int axis;
    for (uint64_t left = solids_of(ship, parts, ray, t_max); left; left &= left - 1) {
        const pl_solid *solid = &ship->solid[__builtin_ctzll(left)];
        if (solid->apart == apart && blocked_by_solid(solid, ray, t_max)) return 0;
    }
    for (int word = 0; word < PL__BOX_WORDS; word++) {
        for (uint64_t left = parts->boxes[word]; left; left &= left - 1) {
            const pl_box *box = &ship->box[64 * word + __builtin_ctzll(left)];
            span s = {SKIN_M, t_max, -1};
            if (box->apart == apart && box_span(box, ray, &s, &axis)) return 0;
        }
    }
    for (uint64_t left = apart ? 0 : parts->shells; left && free > 0; left &= left - 1)
        free *= through_shell(&ship->shell[__builtin_ctzll(left)], ray, t_max);
    return free;
}

double pl__synth_free(const pl_ship *ship, const pl_aim *aim, const pl_ray *ray) {
    pl_ray r = pl__synth_heeled(ship, ray);
    double t_max = (ship->highest + 1) / pl__min(r.d[2], ray->d[2]) + fabs(r.o[2]) + 1;
    pl_parts parts;
    double free = 1;
    if (ahead(ship, aim, false, &r, t_max, &parts)) free = free_of(ship, false, &parts, &r, t_max);
    if (free > 0 && ship->company && ahead(ship, aim, true, ray, t_max, &parts))
        free *= free_of(ship, true, &parts, ray, t_max);
    return free;
}

static bool far_from(double u, double w, double u0, double u1, double w0, double w1, double by) {
    return u < u0 - by || u > u1 + by || w < w0 - by || w > w1 + by;
}

bool pl__synth_far(const pl_ship *ship, double u, double w, double heights, double more_m) {
    if (!far_from(u, w, -ship->own_u, ship->own_u, -ship->own_w, ship->own_w,
                  heights * ship->own_highest + more_m))
        return false;
    for (int i = 0; i < ship->boxes && ship->company; i++) {
        const pl_box *b = &ship->box[i];
        if (b->apart && !far_from(u, w, b->low[0], b->high[0], b->low[1], b->high[1],
                                  heights * b->high[2] + more_m))
            return false;
    }
    for (int i = 0; i < ship->solids && ship->company; i++) {
        const pl_solid *s = &ship->solid[i];
        if (s->apart && !far_from(u, w, s->u[0], s->u[s->nodes - 1], s->middle - s->widest,
                                  s->middle + s->widest, heights * s->highest + more_m))
            return false;
    }
    return true;
}

static bool covers(const pl_solid *hull, double u, double w) {
    if (u < hull->u[0] || u > hull->u[hull->nodes - 1]) return false;
    pl_line half = hull->half_line[segment_of(hull, u)];
    return fabs(w - hull->middle) < half.a + half.b * u;
}

bool pl__synth_afloat(const pl_ship *ship, double u, double w) {
    if (ship->solids > 0 && covers(&ship->solid[0], u, w)) return true;
    if (!ship->company) return false;
    for (int i = 1; i < ship->solids; i++)
        if (ship->solid[i].apart && covers(&ship->solid[i], u, w)) return true;
    for (int i = 0; i < ship->boxes; i++) {
        const pl_box *b = &ship->box[i];
        if (b->apart && b->low[2] <= 0 && u > b->low[0] && u < b->high[0] && w > b->low[1] &&
            w < b->high[1])
            return true;
    }
    return false;
}
