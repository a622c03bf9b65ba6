/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where does a ship lie against a quay, a jetty or another ship?
 *
 * Seen from the water she begins with her outer side: a straight edge. From it rows are walked
 * inward, parallel to it, and each is followed both ways to where it ends at water.
 *
 *        water                      outer side
 *                  _____________________________________________
 *     stern edge  |  row 0.1 b: ends well within the others      \__     each row of the ship ends
 *                 |  row 0.5 b: bow tip and stern              ____ >    at her bow and her stern
 *                 |__row b______________________________ _____/
 *      ===========   then the quay's rows: longer, ===================   here the ends jump
 *      ===========   or a jetty head's: shorter    ===================
 *
 * Where the ends jump the ship ends and the other thing begins; that depth is her beam. She must be
 * of a ship's proportions, her inner half must be the mirror of her outer one as far as it is seen,
 * and her bow must narrow: jetty heads, piers and quay corners are cut square. Brightness is not
 * asked: a dark deck at a pale quay is found as well as the other way round. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/internal.h"
#include "image/image.h"

static const double EDGE_M = 18.0;     /* half the straight side of the shortest hull that counts */
static const double EDGE_PX = 10.0;    /* shorter ones have no direction */
static const double STRAIGHT_PX = 1.2; /* how far a straight rim may wander */
static const double ROW_GAP_M = 3.0;   /* shadows of deck gear do not end a row */
/* Of the 3,867 tankers over 40 m in MarineVessels 98 % are 9 m wide or more and 99 %
 * are 4 to 9 beams long (../shared/naval). */
static const double MAX_BEAM_M = 70.0, MIN_BEAM_M = 8.0, MIN_BEAM_PX = 8.0;
static const double BEYOND_M = 4.5;                   /* how deep the neighbour is looked at */
static const double DEEP_M = 10.0, DEEP_SHARE = 0.25; /* the neighbour: depth, and of the length */
static const double LEAST_RATIO = 3.8, MOST_RATIO = 9.5; /* length over beam */
static const double ENDS_SHARE = 0.03;   /* of the length: how far the rows' ends may scatter */
static const double JUMP_SHARE = 0.07;   /* of the length: how far the ends jump outward, */
static const double BACK_SHARE = 0.03;   /* or go back, */
static const double STEADY_SHARE = 0.02; /* and how far they may wander then */
static const double JUMP_ENOUGH = 0.3;   /* more is no better */
static const double ASYMMETRY = 0.05;    /* mean difference of mirrored rows' ends, of the length */
static const double GAP_SOLID = 0.3;     /* of a row of water: gangways, fenders, moorings */
static const double PART_SHARE = 0.5;    /* a part must be so much more symmetric than the whole */
static const double SIDE_SHARE = 0.5;    /* of the length: a side, even if shadows cut it */
static const double SPOILT = 0.2, UNLIKE_MOST = 0.3;    /* the same at the worse end; of one row */
static const double BOW_CUT = 0.2, BOW_CUT_MOST = 0.35; /* of the beam at least; of the length */
static const double OPEN_SHARE = 0.7;                   /* of the points off the outer side */
static const double SPOT_M2 = 150.0;                    /* a dark spot this small is no water */
static const double LEAST_JUMPS = 0.12, LEAST_SCORE = 0.05;
enum { ROWS_MAX = 160, MOORED_MAX = 512 };

/* A straight piece of a rim, crop pixels (corner convention). */
typedef struct side_edge {
    double x, y;   /* its middle */
    double ux, uy; /* along */
    double nx, ny; /* into the solid */
    double length;
} side_edge;

typedef struct quays {
    const pl_crop *crop;
    const unsigned char *solid;
    int width, height;
    double pixel_m;
    const pl_hull_options *options;
    pl_candidate *list;
    double *score;
    int count;
} quays;

static bool solid_at(const quays *q, double x, double y) {
    int i = (int)floor(x), j = (int)floor(y);
    return i >= 0 && j >= 0 && i < q->width && j < q->height &&
           q->solid[(size_t)j * (size_t)q->width + (size_t)i];
}

static bool on_picture(const quays *q, double x, double y) {
    return x >= 0 && y >= 0 && x < q->width && y < q->height;
}

/* ---- the rows ---- */

/* How far does the solid go on from (x, y) in steps of (dx, dy)? INFINITY: beyond any ship, or off
 * the picture. */
static double run(const quays *q, double x, double y, double dx, double dy) {
    int most = (int)ceil(1.15 * q->options->max_length_m / q->pixel_m), last = 0;
    int gap = (int)lround(ROW_GAP_M / q->pixel_m);
    for (int k = 1; k <= most; k++) {
        if (!on_picture(q, x + k * dx, y + k * dy)) return INFINITY;
        if (solid_at(q, x + k * dx, y + k * dy)) last = k;
        if (k - last > gap) return last + 0.5;
    }
    return INFINITY;
}

/* Outward reach of row r's two ends from the edge's middle, NAN where there is no row. */
static void walk_row(const quays *q, const side_edge *e, int r, double out[2]) {
    static const double START[] = {0.0, 0.2, -0.2, 0.4, -0.4};
    out[0] = out[1] = NAN;
    for (size_t k = 0; k < sizeof START / sizeof *START; k++) {
        double at = START[k] * e->length;
        double x = e->x + at * e->ux + (r + 0.5) * e->nx, y = e->y + at * e->uy + (r + 0.5) * e->ny;
        if (!solid_at(q, x, y)) continue;
        out[0] = run(q, x, y, -e->ux, -e->uy) - at;
        out[1] = run(q, x, y, e->ux, e->uy) + at;
        return;
    }
}

typedef struct rows {
    int count;
    double out[ROWS_MAX][2];
    const quays *q;
    const side_edge *edge;
} rows;

/* Is row r water between the ship's ends, but for gangways? */
static bool is_gap(const rows *r, int row, const double core[2]) {
    const side_edge *e = r->edge;
    int solid = 0, all = 0;
    for (double u = -0.9 * core[0]; u <= 0.9 * core[1]; u += 1) {
        solid += solid_at(r->q, e->x + u * e->ux + (row + 0.5) * e->nx,
                          e->y + u * e->uy + (row + 0.5) * e->ny);
        all++;
    }
    return solid <= GAP_SOLID * all;
}

/* Median reach of end k over rows from to (both included); NAN when half of them are none. */
static double reach(const rows *r, int k, int from, int to) {
    float value[ROWS_MAX];
    int n = 0, all = 0;
    for (int i = from; i <= to; i++) {
        if (i < 0 || i >= r->count) continue;
        all++;
        if (!isnan(r->out[i][k])) value[n++] = (float)pl__min(r->out[i][k], 1e6);
    }
    return 2 * n > all ? pl__image_quantile(value, (size_t)n, 0.5) : NAN;
}

typedef struct fit {
    double score;
    double beam;    /* pixels */
    double core[2]; /* reach of stern and bow from the edge's middle */
} fit;

/* How unlike are the ends of mirrored rows of a hull of `beam` rows? Mean over the rows of her
 * inner half, as a share of the length, for each end. */
static void unlike(const rows *r, int beam, double length, double out[2]) {
    int pairs = 0;
    out[0] = out[1] = 0;
    for (int i = beam / 2 + 1; i < beam - 2; i++) {
        const double *here = r->out[i], *there = r->out[beam - 1 - i];
        if (isnan(here[0]) || isnan(there[0])) continue;
        for (int k = 0; k < 2; k++)
            out[k] += pl__min(fabs(here[k] - there[k]) / length, UNLIKE_MOST);
        pairs++;
    }
    for (int k = 0; k < 2 && pairs; k++) out[k] /= pairs;
}

/* Do the rows of a hull of `beam` rows keep within her ends, and are mirrored ones alike? One end
 * may be spoilt, by the superstructure's shadow on the deck, say. */
static bool mirrored(const rows *r, int beam, const double core[2], double spoilt,
                     double *asymmetry) {
    double length = core[0] + core[1], within = pl__max(2.0, ENDS_SHARE * length), end[2];
    int bad = 0, all = 0;
    for (int i = (int)(0.1 * beam); i < beam - 1; i++) {
        const double *here = r->out[i];
        all++;
        /* false for NAN */
        bool fine = here[0] <= core[0] + within && here[1] <= core[1] + within;
        bad += !fine;
    }
    unlike(r, beam, length, end);
    *asymmetry = pl__min(end[0], end[1]);
    return 10 * bad <= all && *asymmetry <= ASYMMETRY && pl__max(end[0], end[1]) <= spoilt;
}

/* How clearly do the ends change behind row `beam`: outward to a quay's, or back to a jetty head's
 * that stay where they are? As a share of the length. */
static double jump_at(const rows *r, int k, int beam, const double ends[2], int deep) {
    double core = ends[k], length = ends[0] + ends[1];
    double beyond = reach(r, k, beam + 1, beam + deep),
           farther = reach(r, k, beam + deep, beam + 2 * deep);
    if (isnan(beyond)) {
        for (int i = beam + 1; i < beam + deep; i++)
            if (is_gap(r, i, ends)) return JUMP_ENOUGH;
        return 0;
    }
    double jump = beyond - core;
    if (jump > JUMP_SHARE * length) return pl__min(jump / length, JUMP_ENOUGH);
    bool steady = fabs(farther - beyond) <= pl__max(2.0, STEADY_SHARE * length);
    return steady && -jump > pl__max(2.5, BACK_SHARE * length)
               ? pl__min(-jump / length, JUMP_ENOUGH)
               : 0;
}

/* Does something go on behind row `beam`? What is shallower than a jetty is the hull's own far
 * side, a bridge wing or a boat. */
static bool has_neighbour(const rows *r, int beam, double length, double pixel_m) {
    int deep = (int)pl__max(round(DEEP_M / pixel_m), 3), there = 0;
    for (int i = beam + 1; i <= beam + 2 * deep; i++) { /* her shadow may lie between */
        if (i >= r->count) break;
        there += r->out[i][0] + r->out[i][1] > DEEP_SHARE * length; /* false for NAN */
    }
    return 4 * there >= 3 * deep;
}

/* Is a hull of `beam` rows to be seen here? */
static bool try_beam(const quays *q, const rows *r, int beam, fit *out) {
    int from = (int)(0.35 * beam), to = (int)ceil(0.65 * beam);
    double pixel_m = q->pixel_m;
    for (int k = 0; k < 2; k++) {
        out->core[k] = reach(r, k, from, to);
        if (!(out->core[k] < 1e5)) return false; /* NAN or endless */
    }
    double length = out->core[0] + out->core[1], ratio = length / (beam + 0.5);
    if (length * pixel_m < 0.9 * q->options->min_length_m ||
        length * pixel_m > 1.1 * q->options->max_length_m || ratio < LEAST_RATIO ||
        ratio > MOST_RATIO)
        return false;
    double asymmetry;
    if (!mirrored(r, beam, out->core, SPOILT, &asymmetry)) return false;
    /* the bow narrows, and no end is a mere spit */
    int shoulder = (int)(0.12 * beam);
    double cut[2];
    for (int k = 0; k < 2; k++) cut[k] = out->core[k] - reach(r, k, shoulder, shoulder + 1);
    double bow = pl__max(cut[0], cut[1]);
    if (!(bow > pl__max(BOW_CUT * beam, 2.0)) || bow > BOW_CUT_MOST * length) return false;
    if (!has_neighbour(r, beam, length, pixel_m)) return false;
    int deep = (int)pl__max(round(BEYOND_M / pixel_m), 2), ends = 0;
    double jumps = 0;
    for (int k = 0; k < 2; k++) {
        double jump = jump_at(r, k, beam, out->core, deep);
        jumps += jump;
        ends += jump > 0;
    }
    out->beam = beam + 0.5; /* the rim runs through the outermost pixels' centres */
    out->score = jumps - 4 * asymmetry;
    return ends > 0 && jumps > LEAST_JUMPS && out->score > LEAST_SCORE;
}

/* How many rows hang together behind the edge? */
static int depth(const quays *q, const rows *r) {
    int last = 0, gap = (int)pl__max(round(ROW_GAP_M / q->pixel_m), 1);
    for (int i = 0; i < r->count && i - last <= gap; i++)
        if (!isnan(r->out[i][0])) last = i + 1;
    return last + gap < r->count ? last : r->count;
}

/* Is all that lies behind the edge one hull with water round it? That is no matter of this file. */
static bool stands_free(const quays *q, const rows *r, int last) {
    double core[2] = {0, 0}, asymmetry;
    for (int i = 0; i < last; i++)
        for (int k = 0; k < 2; k++)
            core[k] = isnan(r->out[i][k]) ? core[k] : pl__max(core[k], r->out[i][k]);
    return isfinite(core[0] + core[1]) && core[0] + core[1] >= LEAST_RATIO * last &&
           reach(r, 0, 0, 2) + reach(r, 1, 0, 2) >= SIDE_SHARE * (core[0] + core[1]) &&
           mirrored(r, last, core, UNLIKE_MOST, &asymmetry) &&
           !has_neighbour(r, last, core[0] + core[1], q->pixel_m);
}

/* Is what was found only part of something that is as symmetric as a whole? A boat, say. */
static bool is_part(const quays *q, const rows *r, int last, const fit *f) {
    double length = f->core[0] + f->core[1], part[2], whole[2];
    if (last == r->count || has_neighbour(r, last, length, q->pixel_m)) return false;
    unlike(r, (int)f->beam, length, part);
    unlike(r, last, length, whole);
    return part[0] + part[1] > PART_SHARE * (whole[0] + whole[1]);
}

/* ---- one edge ---- */

static bool open_outside(const quays *q, const side_edge *e) {
    int open = 0, all = 0;
    for (double u = -0.5; u <= 0.5; u += 0.05) {
        for (double off_m = 3.0; off_m <= 11.0; off_m += 2.0) {
            double w = pl__max(off_m / q->pixel_m, 1.5);
            double x = e->x + u * e->length * e->ux - w * e->nx,
                   y = e->y + u * e->length * e->uy - w * e->ny;
            all++;
            open += on_picture(q, x, y) && !solid_at(q, x, y);
        }
    }
    return open >= OPEN_SHARE * all;
}

/* To input pixels, metres, true north. */
static pl_candidate place(const quays *q, const side_edge *e, const fit *f) {
    double along = 0.5 * (f->core[1] - f->core[0]), step = q->crop->step;
    const double *m = q->crop->frame.metres;
    pl_candidate c = {
        .x_px = q->crop->x_px + (e->x + along * e->ux + 0.5 * f->beam * e->nx) * step,
        .y_px = q->crop->y_px + (e->y + along * e->uy + 0.5 * f->beam * e->ny) * step,
    };
    double east = m[0] * e->ux + m[1] * e->uy, north = m[2] * e->ux + m[3] * e->uy;
    double in_east = m[0] * e->nx + m[1] * e->ny, in_north = m[2] * e->nx + m[3] * e->ny;
    c.length_m = (f->core[0] + f->core[1]) * step * hypot(east, north);
    c.beam_m = f->beam * step * hypot(in_east, in_north);
    c.axis_rad = fmod(pl__geo_wrap(atan2(east, north)), PL_PI);
    c.touch = sin(atan2(in_east, in_north) - c.axis_rad) > 0 ? 1 : -1;
    return c;
}

static void keep(quays *q, const pl_candidate *c, double score) {
    for (int k = 0; k < q->count; k++) {
        const pl_candidate *other = &q->list[k];
        double m = q->crop->frame.pixel_m;
        if (hypot(other->x_px - c->x_px, other->y_px - c->y_px) * m > 0.5 * c->beam_m) continue;
        if (score > q->score[k]) {
            q->list[k] = *c;
            q->score[k] = score;
        }
        return;
    }
    if (q->count == MOORED_MAX) return;
    q->score[q->count] = score;
    q->list[q->count++] = *c;
}

static void look_behind(quays *q, const side_edge *e) {
    if (!open_outside(q, e)) return;
    double widest = MAX_BEAM_M / q->pixel_m;
    rows r = {
        .q = q, .edge = e, .count = (int)pl__min(widest + 2 * BEYOND_M / q->pixel_m + 4, ROWS_MAX)};
    for (int i = 0; i < r.count; i++) walk_row(q, e, i, r.out[i]);
    int last = depth(q, &r);
    if (last < r.count && stands_free(q, &r, last)) return;
    int least = (int)ceil(pl__max(MIN_BEAM_M / q->pixel_m, MIN_BEAM_PX));
    fit best = {0};
    for (int beam = least; beam <= widest && beam < r.count - 3; beam++) {
        fit f;
        if (try_beam(q, &r, beam, &f) && f.score > best.score) best = f;
    }
    if (best.score <= 0 || is_part(q, &r, last, &best)) return;
    pl_candidate c = place(q, e, &best);
    /* a longer edge knows the direction better */
    keep(q, &c, best.score * sqrt(pl__min(2 * e->length / (best.core[0] + best.core[1]), 1)));
}

/* ---- straight pieces of rims ---- */

/* The line through points from to (of a closed rim), by least squares; which side is solid? */
static bool set_edge(const quays *q, const pl_rim *rim, int from, int to, side_edge *out) {
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
    *out = (side_edge){.x = sx / n + 0.5,
                       .y = sy / n + 0.5,
                       .ux = cos(angle),
                       .uy = sin(angle),
                       .length = hypot(b[0] - a[0], b[1] - a[1])};
    int inside = 0;
    for (double u = -0.4; u <= 0.4; u += 0.1) {
        for (int k = 2; k <= 3; k++) {
            double x = out->x + u * out->length * out->ux, y = out->y + u * out->length * out->uy;
            inside += solid_at(q, x - k * out->uy, y + k * out->ux) ? 1 : 0;
            inside -= solid_at(q, x + k * out->uy, y - k * out->ux) ? 1 : 0;
        }
    }
    out->nx = inside > 0 ? -out->uy : out->uy;
    out->ny = inside > 0 ? out->ux : -out->ux;
    return inside != 0;
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

/* Splits a rim where it bends (Ramer, Douglas and Peucker) and looks behind its straight pieces. */
static bool walk_rim(quays *q, const pl_rim *rim) {
    double least = pl__max(EDGE_M / q->pixel_m, EDGE_PX), away, x = 0, y = 0;
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
        if (to - from < least) continue;
        int split = farthest(rim, from, to, &away);
        if (away > STRAIGHT_PX) {
            stack[depth++] = from;
            stack[depth++] = split;
            stack[depth++] = split;
            stack[depth++] = to;
            continue;
        }
        side_edge e;
        if (set_edge(q, rim, from, to, &e) && e.length >= least) look_behind(q, &e);
    }
    free(stack);
    return true;
}

/* What is no water: bright pixels, closed by one so that rims are whole, and small dark spots
 * inside (shadows on decks). */
static unsigned char *mark_solid(const quays *q, const unsigned char *bright, pl_arena *working) {
    size_t pixels = (size_t)q->width * (size_t)q->height;
    unsigned char *solid = pl__arena_array(working, pixels, 1),
                  *open = pl__arena_array(working, pixels, 1);
    int *label = pl__arena_array(working, pixels, sizeof *label), found;
    pl_blob *blobs;
    if (!solid || !open || !label) return NULL;
    memcpy(solid, bright, pixels);
    if (!pl__image_close(solid, q->width, q->height, 1)) return NULL;
    for (size_t i = 0; i < pixels; i++) open[i] = !solid[i];
    if (!pl__image_blobs(open, q->width, q->height, SPOT_M2 / (q->pixel_m * q->pixel_m), INFINITY,
                         working, &blobs, &found, label))
        return NULL;
    for (size_t i = 0; i < pixels; i++) solid[i] = solid[i] || !label[i];
    return solid;
}

bool pl__hull_moored(const pl_crop *crop, const unsigned char *bright,
                     const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                     int *count) {
    quays q = {.crop = crop,
               .width = crop->pixels.width,
               .height = crop->pixels.height,
               .pixel_m = crop->frame.pixel_m * crop->step,
               .options = options,
               .list = pl__arena_array(arena, MOORED_MAX, sizeof *q.list),
               .score = pl__arena_array(arena, MOORED_MAX, sizeof *q.score)};
    pl_arena *working = pl_arena_new(0); /* masks and rims go when the edges are looked at */
    pl_rim *rim;
    int rims = 0, least = (int)pl__max(2 * EDGE_M / q.pixel_m, 2 * EDGE_PX);
    bool fine = q.list && q.score && working && (q.solid = mark_solid(&q, bright, working)) &&
                pl__image_rims(q.solid, q.width, q.height, least, working, &rim, &rims);
    for (int k = 0; k < rims && fine; k++) fine = walk_rim(&q, &rim[k]);
    pl_arena_free(working);
    *out = q.list;
    *count = q.count;
    return fine;
}
