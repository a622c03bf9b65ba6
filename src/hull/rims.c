/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where are the rims of what stands out from the water straight?
 *
 * Each rim is split where it bends; a piece that is straight by itself is drawn out over what lies
 * on its line, across notches no longer than the shadows that gear and superstructures throw over a
 * ship's side, and fitted anew. So a side is one edge, however the sun has cut it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hull/rims.h"

static const double EDGE_M = 18.0;     /* half the straight side of the shortest hull that counts */
static const double EDGE_PX = 10.0;    /* shorter ones have no direction */
static const double STRAIGHT_PX = 1.2; /* how far a straight rim may wander */
static const double SEED_M = 10.0, SEED_PX = 8.0; /* of it, uncut by shadows */
static const double NOTCH_M = 8.0;                /* a shadow across the side */
static const double AROUND_M = 140.0; /* so far along the rim, either way, a notch may lead */
enum { REACH_PX = 1024, ROUNDS = 2 };

/* Edges of all rims, as they are met. */
typedef struct found {
    const pl_solid *solid;
    pl_side_edge *edge;
    int count, most;
} found;

bool pl__solid_at(const pl_solid *s, double x, double y) {
    int i = (int)floor(x), j = (int)floor(y);
    return i >= 0 && j >= 0 && i < s->width && j < s->height &&
           s->mask[(size_t)j * (size_t)s->width + (size_t)i];
}

/* The line through points from to (of a closed rim), by least squares; which side is solid? */
static bool set_edge(const pl_solid *s, const pl_rim *rim, int from, int to, pl_side_edge *out) {
    double n = to - from + 1, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (int i = from; i <= to; i++) {
        const int *p = rim->at[i % rim->count];
        sx += p[0];
        sy += p[1];
    }
    for (int i = from; i <= to; i++) {
        const int *p = rim->at[i % rim->count];
        double dx = p[0] - sx / n, dy = p[1] - sy / n;
        sxx += dx * dx;
        sxy += dx * dy;
        syy += dy * dy;
    }
    double angle = 0.5 * atan2(2 * sxy, sxx - syy);
    const int *a = rim->at[from % rim->count], *b = rim->at[to % rim->count];
    *out = (pl_side_edge){.x = sx / n + 0.5,
                          .y = sy / n + 0.5,
                          .ux = cos(angle),
                          .uy = sin(angle),
                          .length = hypot(b[0] - a[0], b[1] - a[1])};
    int inside = 0;
    for (double u = -0.4; u <= 0.4; u += 0.1) {
        for (int k = 2; k <= 3; k++) {
            double x = out->x + u * out->length * out->ux, y = out->y + u * out->length * out->uy;
            inside += pl__solid_at(s, x - k * out->uy, y + k * out->ux) ? 1 : 0;
            inside -= pl__solid_at(s, x + k * out->uy, y - k * out->ux) ? 1 : 0;
        }
    }
    out->nx = inside > 0 ? -out->uy : out->uy;
    out->ny = inside > 0 ? out->ux : -out->ux;
    return inside != 0;
}

/* A stretch of a rim's points, and an edge in whose frame they are seen. */
typedef struct stretch {
    const pl_rim *rim;
    int from, to; /* both included; may run over the rim's end */
} stretch;

static void in_frame(const stretch *r, int i, const pl_side_edge *e, double *u, double *w) {
    const int *p = r->rim->at[(i + r->rim->count) % r->rim->count];
    double dx = p[0] + 0.5 - e->x, dy = p[1] + 0.5 - e->y;
    *u = dx * e->ux + dy * e->uy;
    *w = dx * e->nx + dy * e->ny;
}

/* Is the point at (u, w) on the edge's line, with the solid on the edge's side? */
static bool on_line(const pl_solid *s, const pl_side_edge *e, double u, double w) {
    double x = e->x + u * e->ux + w * e->nx, y = e->y + u * e->uy + w * e->ny;
    return fabs(w) <= STRAIGHT_PX && fabs(u) < REACH_PX - 1 &&
           !pl__solid_at(s, x - 3 * e->nx, y - 3 * e->ny) &&
           pl__solid_at(s, x + 3 * e->nx, y + 3 * e->ny);
}

/* From the edge's middle both ways: how far do points lie on its line, over notches? */
static void reach(const pl_solid *s, const stretch *r, const pl_side_edge *e, int end[2]) {
    unsigned char on[2 * REACH_PX] = {0};
    int gap = (int)lround(NOTCH_M / s->pixel_m);
    for (int i = r->from; i <= r->to; i++) {
        double u, w;
        in_frame(r, i, e, &u, &w);
        if (on_line(s, e, u, w)) on[(int)floor(u) + REACH_PX] = 1;
    }
    for (int k = 0; k < 2; k++) {
        end[k] = 0;
        for (int i = 0; abs(i - end[k]) <= gap && abs(i) < REACH_PX; i += k ? 1 : -1)
            if (on[REACH_PX + i]) end[k] = i;
    }
}

/* Turns and moves the edge to the least squares line through the points on it. */
static void fit_anew(const stretch *r, const int end[2], pl_side_edge *e) {
    double n = 0, su = 0, sw = 0, suu = 0, suw = 0, u, w;
    for (int i = r->from; i <= r->to; i++) {
        in_frame(r, i, e, &u, &w);
        if (fabs(w) > STRAIGHT_PX || u < end[0] || u > end[1] + 1) continue;
        n++;
        su += u;
        sw += w;
        suu += u * u;
        suw += u * w;
    }
    double bend = n * suu - su * su;
    if (!(bend > 0)) return;
    double slope = (n * suw - su * sw) / bend, middle = 0.5 * (end[0] + end[1] + 1);
    double level = (sw - slope * su) / n + slope * middle, c = 1 / hypot(1, slope);
    pl_side_edge old = *e;
    e->x += middle * old.ux + level * old.nx;
    e->y += middle * old.uy + level * old.ny;
    e->ux = c * (old.ux + slope * old.nx);
    e->uy = c * (old.uy + slope * old.ny);
    e->nx = c * (old.nx - slope * old.ux);
    e->ny = c * (old.ny - slope * old.uy);
    e->length = end[1] - end[0] + 1;
}

/* Draws an edge out over what lies on its line. */
static void draw_out(const pl_solid *s, const pl_rim *rim, int from, int to, pl_side_edge *e) {
    int around = (int)ceil(AROUND_M / s->pixel_m), end[2];
    if (around > rim->count / 2) around = rim->count / 2;
    stretch r = {rim, from - around, to + around};
    if (r.to - r.from >= rim->count) r.to = r.from + rim->count - 1;
    for (int round = 0; round < ROUNDS; round++) {
        reach(s, &r, e, end);
        if (end[1] - end[0] < SEED_PX) return;
        fit_anew(&r, end, e);
    }
}

/* The point between from and to farthest from the chord; its distance. */
static int farthest(const pl_rim *rim, int from, int to, double *away) {
    const int *a = rim->at[from % rim->count], *b = rim->at[to % rim->count];
    double cx = b[0] - a[0], cy = b[1] - a[1], chord = hypot(cx, cy);
    int best = from;
    *away = 0;
    for (int i = from + 1; i < to; i++) {
        const int *p = rim->at[i % rim->count];
        double dx = p[0] - a[0], dy = p[1] - a[1];
        double d = chord > 0 ? fabs(dx * cy - dy * cx) / chord : hypot(dx, dy);
        if (d > *away) {
            *away = d;
            best = i;
        }
    }
    return best;
}

/* The point of the rim that is farthest from (x, y). */
static int outermost(const pl_rim *rim, double x, double y) {
    int best = 0;
    double most = -1;
    for (int i = 0; i < rim->count; i++) {
        double d = hypot(rim->at[i][0] - x, rim->at[i][1] - y);
        if (d > most) {
            most = d;
            best = i;
        }
    }
    return best;
}

/* One straight piece; pieces of one line are one edge. */
static void keep_edge(found *f, const pl_rim *rim, int from, int to) {
    const pl_solid *s = f->solid;
    pl_side_edge e;
    if (!set_edge(s, rim, from, to, &e) || e.length < pl__max(SEED_M / s->pixel_m, SEED_PX)) return;
    draw_out(s, rim, from, to, &e);
    if (e.length < pl__max(EDGE_M / s->pixel_m, EDGE_PX) || f->count == f->most) return;
    if (f->count > 0) {
        const pl_side_edge *before = &f->edge[f->count - 1];
        if (hypot(e.x - before->x, e.y - before->y) < 1 &&
            fabs(e.ux * before->uy - e.uy * before->ux) < 0.005)
            return;
    }
    f->edge[f->count++] = e;
}

/* Splits a rim where it bends (Ramer, Douglas and Peucker) and keeps its straight pieces. */
static bool walk_rim(found *f, const pl_rim *rim) {
    double seed = pl__max(SEED_M / f->solid->pixel_m, SEED_PX), away, x = 0, y = 0;
    int depth = 0;
    int *stack = malloc(2 * (size_t)(rim->count + 4) * sizeof *stack);
    if (!stack) return false;
    /* a closed rim is opened at two corners that do not depend on where it begins */
    for (int i = 0; i < rim->count; i++) {
        x += (double)rim->at[i][0] / rim->count;
        y += (double)rim->at[i][1] / rim->count;
    }
    int first = outermost(rim, x, y), second = outermost(rim, rim->at[first][0], rim->at[first][1]);
    if (second < first) second += rim->count;
    stack[depth++] = first;
    stack[depth++] = second;
    stack[depth++] = second;
    stack[depth++] = first + rim->count;
    while (depth > 0) {
        int to = stack[--depth], from = stack[--depth];
        if (to - from < seed) continue;
        int split = farthest(rim, from, to, &away);
        if (away > STRAIGHT_PX) {
            stack[depth++] = from;
            stack[depth++] = split;
            stack[depth++] = split;
            stack[depth++] = to;
            continue;
        }
        keep_edge(f, rim, from, to);
    }
    free(stack);
    return true;
}

bool pl__rims_edges(const pl_solid *s, int most, pl_arena *arena, pl_side_edge **out, int *count) {
    found f = {
        .solid = s, .most = most, .edge = pl__arena_array(arena, (size_t)most, sizeof *f.edge)};
    pl_rim *rim;
    int rims = 0, least = (int)pl__max(2 * EDGE_M / s->pixel_m, 2 * EDGE_PX);
    bool fine = f.edge && pl__image_rims(s->mask, s->width, s->height, least, arena, &rim, &rims);
    for (int k = 0; k < rims && fine; k++) fine = walk_rim(&f, &rim[k]);
    *out = f.edge;
    *count = f.count;
    return fine;
}
