/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts of the ship may a ray meet?
 *
 * Most rays of a picture run one of two ways, to the satellite or to a place on the sun's disc. Of
 * a bundle that runs nearly one way, each ray is told apart by where it leaves the water, carried
 * down along the bundle's middle if it starts higher. Every part casts a shadow along that middle;
 * its bounds, wider by what the bundle spreads over the ship's height, are entered in a map of the
 * water, and a ray need be held against those parts only whose shadow covers its place:
 *
 *      place = o - o_z along,       |shadow's place of a part that is met - place| <= spread height
 *
 * The map says what may be met, never what is: pictures do not depend on it. */
#include <math.h>

#include "synth/synth.h"

static const double CELL_M = 1.0;

typedef struct bounds {
    double low[2], high[2]; /* u w */
} bounds;

/* Bounds on the water of what lies between two corners, cast along; widened. */
static bounds cast(const double low[3], const double high[3], const double along[2], double by) {
    bounds b;
    for (int i = 0; i < 2; i++) {
        double p = low[2] * along[i], q = high[2] * along[i];
        b.low[i] = low[i] - pl__max(p, q) - by;
        b.high[i] = high[i] - pl__min(p, q) + by;
    }
    return b;
}

typedef struct writer {
    const pl_ship *ship;
    struct pl_aim_map *map;
    bounds all; /* of what was entered while there is no map yet */
    double spread_m, bottom;
} writer;

/* Cells that bounds touch: the bit of one kind and number is set in each. */
static void enter(writer *w, const double low[3], const double high[3], const pl_parts *bit) {
    struct pl_aim_map *m = w->map;
    bounds b = cast(low, high, m->along, w->spread_m);
    if (!m->parts) {
        for (int i = 0; i < 2; i++) {
            w->all.low[i] = pl__min(w->all.low[i], b.low[i]);
            w->all.high[i] = pl__max(w->all.high[i], b.high[i]);
        }
        return;
    }
    int i0 = (int)floor((b.low[0] - m->u0) / CELL_M), i1 = (int)((b.high[0] - m->u0) / CELL_M);
    int j0 = (int)floor((b.low[1] - m->w0) / CELL_M), j1 = (int)((b.high[1] - m->w0) / CELL_M);
    for (int j = j0; j <= j1; j++) {
        for (int i = i0; i <= i1; i++) {
            pl_parts *at = &m->parts[(size_t)j * (size_t)m->nu + (size_t)i];
            for (int k = 0; k < PL__BOX_WORDS; k++) at->boxes[k] |= bit->boxes[k];
            at->solids |= bit->solids;
            at->shells |= bit->shells;
        }
    }
}

static void enter_all(writer *w, bool apart) {
    const pl_ship *ship = w->ship;
    for (int i = 0; i < ship->solids; i++) {
        const pl_solid *s = &ship->solid[i];
        for (int k = 0; k + 1 < s->nodes && s->apart == apart; k++) {
            double half = pl__max(s->half[k], s->half[k + 1]);
            const double low[3] = {s->u[k], s->middle - half, w->bottom},
                         high[3] = {s->u[k + 1], s->middle + half,
                                    pl__max(s->top[k], s->top[k + 1])};
            enter(w, low, high, &(pl_parts){.solids = UINT64_C(1) << i});
        }
    }
    for (int i = 0; i < ship->boxes; i++)
        if (ship->box[i].apart == apart)
            enter(w, ship->box[i].low, ship->box[i].high,
                  &(pl_parts){.boxes = {i < 64 ? UINT64_C(1) << i : 0,
                                        i < 64 ? 0 : UINT64_C(1) << (i - 64)}});
    for (int i = 0; i < ship->shells && !apart; i++) {
        const pl_solid *s = ship->shell[i].on;
        for (int k = 0; k + 1 < s->nodes; k++) {
            double half = pl__max(s->half[k], s->half[k + 1]);
            const double low[3] = {s->u[k], -half, pl__min(s->top[k], s->top[k + 1])},
                         high[3] = {s->u[k + 1], half,
                                    pl__max(s->top[k], s->top[k + 1]) + ship->shell[i].height};
            enter(w, low, high, &(pl_parts){.shells = UINT64_C(1) << i});
        }
    }
}

static bool draw_map(const pl_ship *ship, bool apart, int directions, double direction[][3],
                     pl_arena *arena, struct pl_aim_map *map) {
    double spread = 0, steep = 0;
    for (int k = 0; k < directions; k++) {
        pl_ray ray = {{0, 0, 0}, {direction[k][0], direction[k][1], direction[k][2]}};
        if (!apart) ray = pl__synth_heeled(ship, &ray);
        double along[2] = {ray.d[0] / ray.d[2], ray.d[1] / ray.d[2]};
        if (k == 0) *map = (struct pl_aim_map){.along = {along[0], along[1]}};
        spread = pl__max(spread, hypot(along[0] - map->along[0], along[1] - map->along[1]));
        steep = pl__max(steep, hypot(along[0], along[1]));
    }
    /* a ray that meets the ship starts so far below her upright waterline at most */
    double drop = apart ? 0 : fabs(ship->heel_sin) * (ship->reach_w + ship->highest * steep + 1);
    double height = ship->highest + drop + 1, rounding_m = 0.01;
    writer w = {.ship = ship,
                .map = map,
                .all = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}},
                .spread_m = spread * height + rounding_m,
                .bottom = -drop - rounding_m};
    enter_all(&w, apart);
    if (!(w.all.high[0] > w.all.low[0])) return true; /* nothing of that kind */
    map->u0 = w.all.low[0];
    map->w0 = w.all.low[1];
    map->nu = (int)((w.all.high[0] - map->u0) / CELL_M) + 1;
    map->nw = (int)((w.all.high[1] - map->w0) / CELL_M) + 1;
    map->parts = pl__arena_array(arena, (size_t)map->nu * (size_t)map->nw, sizeof *map->parts);
    if (!map->parts) return false;
    enter_all(&w, apart);
    return true;
}

bool pl__synth_aim(const pl_ship *ship, int directions, double direction[][3], pl_arena *arena,
                   pl_aim *out) {
    return draw_map(ship, false, directions, direction, arena, &out->own) &&
           draw_map(ship, true, directions, direction, arena, &out->apart);
}

/* ---- rays of any direction ---- */

void pl__synth_group(pl_ship *ship) {
    for (int i = 0; i < ship->boxes; i++) {
        pl_box *g = &ship->group[i / PL__GROUP];
        const pl_box *b = &ship->box[i];
        for (int k = 0; k < 3; k++) {
            g->low[k] = i % PL__GROUP ? pl__min(g->low[k], b->low[k]) : b->low[k];
            g->high[k] = i % PL__GROUP ? pl__max(g->high[k], b->high[k]) : b->high[k];
        }
    }
}

/* Boxes by groups, whose bounds the ray's own bounds touch. */
static void find_boxes(const pl_ship *ship, const pl_ray *ray, double t_max,
                       uint64_t boxes[PL__BOX_WORDS]) {
    const double rounding_m = 0.01;
    double low[3], high[3];
    for (int k = 0; k < 3; k++) {
        double end = ray->o[k] + t_max * ray->d[k];
        low[k] = pl__min(ray->o[k], end) - rounding_m;
        high[k] = pl__max(ray->o[k], end) + rounding_m;
    }
    for (int i = 0; PL__GROUP * i < ship->boxes; i++) {
        const pl_box *g = &ship->group[i];
        bool touched = true;
        for (int k = 0; k < 3 && touched; k++)
            touched = low[k] <= g->high[k] && high[k] >= g->low[k];
        if (touched) boxes[PL__GROUP * i / 64] |= UINT64_C(0xff) << PL__GROUP * i % 64;
    }
    for (int k = 0; k < PL__BOX_WORDS; k++) boxes[k] &= ship->all.boxes[k];
}

bool pl__synth_ahead(const pl_ship *ship, const pl_aim *aim, bool apart, const pl_ray *ray,
                     double t_max, pl_parts *out) {
    if (!aim) {
        *out = (pl_parts){{0}, ship->all.solids, ship->all.shells};
        find_boxes(ship, ray, t_max, out->boxes);
        return true;
    }
    const struct pl_aim_map *m = apart ? &aim->apart : &aim->own;
    double x = (ray->o[0] - ray->o[2] * m->along[0] - m->u0) / CELL_M;
    double y = (ray->o[1] - ray->o[2] * m->along[1] - m->w0) / CELL_M;
    if (!(x >= 0 && y >= 0 && x < m->nu && y < m->nw)) return false;
    *out = m->parts[(size_t)(int)y * (size_t)m->nu + (size_t)(int)x];
    uint64_t any = out->solids | out->shells;
    for (int k = 0; k < PL__BOX_WORDS; k++) any |= out->boxes[k];
    return any != 0;
}
