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
 * and her bow must narrow: jetty heads, piers and quay corners are cut square. Which of deck and
 * quay is brighter is not asked, but where the picture changes along a whole line at that depth,
 * her side is seen, and the ends need not jump: a line of dolphins may be as long as she is.
 *
 * Where shadows cut her outer side it is no straight edge by itself: it is looked at again in the
 * direction of longer edges near by, since ships lie along their quays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/rims.h"

/* Shadows on deck do not end a row: those of gear, or a superstructure's under a low sun. */
static const double ROW_GAP_M[] = {3.0, 8.0};
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
static const double ALONG_M = 40.0; /* a quay's edge that gives its direction */
static const double LEAST_TURN_RAD = 0.5 * PL_RAD_PER_DEG, MOST_TURN_RAD = 15 * PL_RAD_PER_DEG;
static const double TURN_SHARE = 0.15, OUTER_QUANTILE = 0.15;
static const double BOW_EVEN =
    0.02; /* bow sides so unlike halve what else is seen; of the length */
static const double SEAM_SHARE = 0.4; /* of the edge's length either way */
static const double SEAM_CLEAR = 4.0; /* of the change between other rows */
static const double SEAM_WORTH = 0.1,
                    SEAM_BEST = 0.15; /* as a jump of so much; the clearest more */
enum { SEAM_CORRELATED_PX = 3 };
enum { ROWS_MAX = 160, MOORED_MAX = 512, SEAM_COLUMNS = 512, EDGES_MAX = 8192, TURNS_MAX = 3 };

typedef struct quays {
    const pl_crop *crop;
    pl_solid solid;
    const pl_hull_options *options;
    pl_candidate *list;
    double *score;
    int count;
    double gap_m;       /* ROW_GAP_M that is tried */
    float *scratch;     /* for a seam's columns */
    pl_side_edge *edge; /* straight pieces of all rims */
    int edges;
} quays;

static bool on_picture(const quays *q, double x, double y) {
    return x >= 0 && y >= 0 && x < q->solid.width && y < q->solid.height;
}

/* ---- the rows ---- */

/* How far does the solid go on from (x, y) in steps of (dx, dy)? INFINITY: beyond any ship, or off
 * the picture. */
static double run(const quays *q, double x, double y, double dx, double dy) {
    int most = (int)ceil(1.15 * q->options->max_length_m / q->solid.pixel_m), last = 0;
    int gap = (int)lround(q->gap_m / q->solid.pixel_m);
    for (int k = 1; k <= most; k++) {
        if (!on_picture(q, x + k * dx, y + k * dy)) return INFINITY;
        if (pl__solid_at(&q->solid, x + k * dx, y + k * dy)) last = k;
        if (k - last > gap) return last + 0.5;
    }
    return INFINITY;
}

/* Outward reach of row r's two ends from the edge's middle, NAN where there is no row. */
static void walk_row(const quays *q, const pl_side_edge *e, int r, double out[2]) {
    static const double START[] = {0.0, 0.2, -0.2, 0.4, -0.4};
    out[0] = out[1] = NAN;
    for (size_t k = 0; k < sizeof START / sizeof *START; k++) {
        double at = START[k] * e->length;
        double x = e->x + at * e->ux + (r + 0.5) * e->nx, y = e->y + at * e->uy + (r + 0.5) * e->ny;
        if (!pl__solid_at(&q->solid, x, y)) continue;
        out[0] = run(q, x, y, -e->ux, -e->uy) - at;
        out[1] = run(q, x, y, e->ux, e->uy) + at;
        return;
    }
}

typedef struct rows {
    int count;
    double out[ROWS_MAX][2];
    double seam[ROWS_MAX]; /* how clearly the picture changes before row i, all along; 0 unknown */
    double clearest;       /* of them */
    const quays *q;
    const pl_side_edge *edge;
} rows;

/* Is row r water between the ship's ends, but for gangways? */
static bool is_gap(const rows *r, int row, const double core[2]) {
    const pl_side_edge *e = r->edge;
    int solid = 0, all = 0;
    for (double u = -0.9 * core[0]; u <= 0.9 * core[1]; u += 1) {
        solid += pl__solid_at(&r->q->solid, e->x + u * e->ux + (row + 0.5) * e->nx,
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
    int ends;       /* that jump */
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

/* The same for end k alone, and the median over the rows: where the inner side of the bow runs into
 * the quay some rows say nothing. */
static double typically_unlike(const rows *r, int k, int beam, double length) {
    float off[ROWS_MAX];
    size_t n = 0;
    for (int i = beam / 2 + 1; i < beam - 1; i++) {
        double here = r->out[i][k], there = r->out[beam - 1 - i][k];
        off[n++] = isnan(here) || isnan(there) ? (float)UNLIKE_MOST
                                               : (float)pl__min(fabs(here - there) / length, 1);
    }
    return n ? pl__min(pl__image_quantile(off, n, 0.5), UNLIKE_MOST) : UNLIKE_MOST;
}

/* Do the rows of a hull of `beam` rows keep within her ends, and are mirrored ones alike? One end
 * may be spoilt, by the superstructure's shadow on the deck, say. */
static bool mirrored(const rows *r, int beam, const double core[2], double spoilt,
                     double *asymmetry, double *worse) {
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
    *worse = pl__max(end[0], end[1]);
    return 10 * bad <= all && *asymmetry <= ASYMMETRY && *worse <= spoilt;
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
    double pixel_m = q->solid.pixel_m;
    for (int k = 0; k < 2; k++) {
        out->core[k] = reach(r, k, from, to);
        if (!(out->core[k] < 1e5)) return false; /* NAN or endless */
    }
    double length = out->core[0] + out->core[1], ratio = length / (beam + 0.5);
    if (length * pixel_m < 0.9 * q->options->min_length_m ||
        length * pixel_m > 1.1 * q->options->max_length_m || ratio < LEAST_RATIO ||
        ratio > MOST_RATIO)
        return false;
    double asymmetry, worse;
    if (!mirrored(r, beam, out->core, SPOILT, &asymmetry, &worse)) return false;
    /* the bow narrows, and no end is a mere spit */
    int shoulder = (int)(0.12 * beam), outer = (int)(0.06 * beam);
    double cut[2];
    for (int k = 0; k < 2; k++) cut[k] = out->core[k] - reach(r, k, outer, shoulder);
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
    out->ends = ends;
    /* the side itself may be seen: the line between rows `beam` and the next, or one beside it */
    double seam = 0;
    for (int i = beam - 1; i <= beam + 2 && i < r->count; i++) seam = pl__max(seam, r->seam[i]);
    if (seam > SEAM_CLEAR) jumps += SEAM_WORTH + SEAM_BEST * seam / r->clearest;
    ends += seam > SEAM_CLEAR;
    double bow_unlike = typically_unlike(r, cut[1] > cut[0], beam, length);
    double even = bow_unlike / BOW_EVEN;
    out->score = jumps / (1 + even * even) - 4 * asymmetry;
    return ends > 0 && jumps > LEAST_JUMPS && out->score > LEAST_SCORE;
}

/* How many rows hang together behind the edge? */
static int depth(const quays *q, const rows *r) {
    int last = 0, gap = (int)pl__max(round(ROW_GAP_M[0] / q->solid.pixel_m), 1);
    for (int i = 0; i < r->count && i - last <= gap; i++)
        if (!isnan(r->out[i][0])) last = i + 1;
    return last + gap < r->count ? last : r->count;
}

/* Is all that lies behind the edge one hull with water round it? That is no matter of this file. */
static bool stands_free(const quays *q, const rows *r, int last) {
    double core[2] = {0, 0}, asymmetry, worse;
    for (int i = 0; i < last; i++)
        for (int k = 0; k < 2; k++)
            core[k] = isnan(r->out[i][k]) ? core[k] : pl__max(core[k], r->out[i][k]);
    return isfinite(core[0] + core[1]) && core[0] + core[1] >= LEAST_RATIO * last &&
           reach(r, 0, 0, 2) + reach(r, 1, 0, 2) >= SIDE_SHARE * (core[0] + core[1]) &&
           mirrored(r, last, core, UNLIKE_MOST, &asymmetry, &worse) &&
           !has_neighbour(r, last, core[0] + core[1], q->solid.pixel_m);
}

/* Is what was found only part of something that is as symmetric as a whole? A boat, say. */
static bool is_part(const quays *q, const rows *r, int last, const fit *f) {
    double length = f->core[0] + f->core[1], part[2], whole[2];
    if (last == r->count || has_neighbour(r, last, length, q->solid.pixel_m)) return false;
    unlike(r, (int)f->beam, length, part);
    unlike(r, last, length, whole);
    return part[0] + part[1] > PART_SHARE * (whole[0] + whole[1]);
}

/* ---- one edge ---- */

static bool open_outside(const quays *q, const pl_side_edge *e) {
    int open = 0, all = 0;
    for (double u = -0.5; u <= 0.5; u += 0.05) {
        for (double off_m = 3.0; off_m <= 11.0; off_m += 2.0) {
            double w = pl__max(off_m / q->solid.pixel_m, 1.5);
            double x = e->x + u * e->length * e->ux - w * e->nx,
                   y = e->y + u * e->length * e->uy - w * e->ny;
            all++;
            open += on_picture(q, x, y) && !pl__solid_at(&q->solid, x, y);
        }
    }
    return open >= OPEN_SHARE * all;
}

/* To input pixels, metres, true north. */
static pl_candidate place(const quays *q, const pl_side_edge *e, const fit *f) {
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

/* How clearly does the picture change from row i - 1 to row i all along the edge? The median over
 * columns, since what lies on deck and quay changes here this way and there that way; in units of
 * the same between other rows. */
static void find_seams(rows *r) {
    const quays *q = r->q;
    const pl_side_edge *e = r->edge;
    const pl_image *image = &q->crop->pixels;
    double half = SEAM_SHARE * e->length;
    float all[ROWS_MAX];
    for (int i = 0; i < r->count; i++) r->seam[i] = 0;
    for (int band = 0; band < image->bands; band++) {
        const float *plane = pl__plane(image, band);
        double change[ROWS_MAX] = {0};
        for (int i = 2; i + 1 < r->count; i++) {
            size_t n = 0;
            for (double u = -half; u <= half && n < SEAM_COLUMNS; u += 1) {
                double x = e->x + u * e->ux + (i + 0.5) * e->nx,
                       y = e->y + u * e->uy + (i + 0.5) * e->ny;
                q->scratch[n++] = pl__image_linear(plane, q->solid.width, q->solid.height,
                                                   x + 0.5 * e->nx, y + 0.5 * e->ny) -
                                  pl__image_linear(plane, q->solid.width, q->solid.height,
                                                   x - 1.5 * e->nx, y - 1.5 * e->ny);
            }
            double scatter;
            pl__image_median_mad(q->scratch, n, &change[i], &scatter);
            /* neighbouring columns err alike */
            double sigma = 1.25 * scatter / sqrt(pl__max((double)n / SEAM_CORRELATED_PX, 1));
            all[i - 2] = isfinite(change[i]) ? (float)hypot(change[i], sigma) : 0;
        }
        double usual = r->count > 6 ? pl__image_quantile(all, (size_t)r->count - 3, 0.5) : 0;
        for (int i = 2; i + 1 < r->count && usual > 0; i++)
            if (isfinite(change[i])) r->seam[i] = hypot(r->seam[i], change[i] / usual);
    }
    for (int i = 0; i < r->count; i++) {
        r->seam[i] /= sqrt(image->bands);
        if (i >= MIN_BEAM_PX) r->clearest = pl__max(r->clearest, r->seam[i]);
    }
}

static void look_behind(quays *q, const pl_side_edge *e) {
    if (!open_outside(q, e)) return;
    double widest = MAX_BEAM_M / q->solid.pixel_m;
    int least = (int)ceil(pl__max(MIN_BEAM_M / q->solid.pixel_m, MIN_BEAM_PX));
    rows r = {.q = q,
              .edge = e,
              .count = (int)pl__min(widest + 2 * BEYOND_M / q->solid.pixel_m + 4, ROWS_MAX)};
    find_seams(&r);
    for (size_t g = 0; g < sizeof ROW_GAP_M / sizeof *ROW_GAP_M; g++) {
        q->gap_m = ROW_GAP_M[g];
        for (int i = 0; i < r.count; i++) walk_row(q, e, i, r.out[i]);
        int last = depth(q, &r);
        if (last < r.count && stands_free(q, &r, last)) return;
        fit best = {0};
        for (int beam = least; beam <= widest && beam < r.count - 3; beam++) {
            fit f;
            if (try_beam(q, &r, beam, &f) && f.score > best.score) best = f;
        }
        if (best.score <= 0 || is_part(q, &r, last, &best)) continue;
        pl_candidate c = place(q, e, &best);
        /* a longer edge knows the direction better */
        keep(q, &c, best.score * sqrt(pl__min(2 * e->length / (best.core[0] + best.core[1]), 1)));
    }
}

/* The same edge in the direction of a longer one: where shadows cut a side its rim is no line, but
 * she lies along her quay. It is moved outward to where the solid begins. */
static bool turn_edge(const quays *q, const pl_side_edge *e, const pl_side_edge *along,
                      pl_side_edge *out) {
    double sign = e->ux * along->ux + e->uy * along->uy < 0 ? -1 : 1;
    double side = e->ux * e->ny - e->uy * e->nx; /* 1 or -1: on which side of u is n? */
    size_t n = 0;
    *out = *e;
    out->ux = sign * along->ux;
    out->uy = sign * along->uy;
    out->nx = -side * out->uy;
    out->ny = side * out->ux;
    int reach = (int)ceil(pl__max(TURN_SHARE * e->length, 4));
    for (double u = -0.5 * e->length; u <= 0.5 * e->length && n < SEAM_COLUMNS; u += 1) {
        int w = -reach;
        while (w <= reach && !pl__solid_at(&q->solid, e->x + u * out->ux + (w + 0.5) * out->nx,
                                           e->y + u * out->uy + (w + 0.5) * out->ny))
            w++;
        q->scratch[n++] = (float)w;
    }
    double begins = pl__image_quantile(q->scratch, n, OUTER_QUANTILE);
    if (!(begins > -reach) || !(begins < reach)) return false;
    out->x += begins * out->nx;
    out->y += begins * out->ny;
    return true;
}

/* Looks behind an edge, and behind it again along longer ones near by. */
static void look_along(quays *q, const pl_side_edge *e) {
    double taken[TURNS_MAX];
    int turns = 0;
    look_behind(q, e);
    for (int k = 0; k < q->edges && turns < TURNS_MAX; k++) {
        const pl_side_edge *other = &q->edge[k];
        if (other->length < 1.2 * e->length || other->length * q->solid.pixel_m < ALONG_M ||
            hypot(other->x - e->x, other->y - e->y) > e->length + other->length)
            continue;
        double cross = e->ux * other->uy - e->uy * other->ux,
               dot = e->ux * other->ux + e->uy * other->uy, turn = atan(cross / dot);
        if (!(fabs(turn) > LEAST_TURN_RAD) || fabs(turn) > MOST_TURN_RAD) continue;
        bool again = false;
        for (int i = 0; i < turns; i++) again = again || fabs(taken[i] - turn) < LEAST_TURN_RAD;
        if (again) continue;
        taken[turns++] = turn;
        pl_side_edge turned;
        if (turn_edge(q, e, other, &turned)) look_behind(q, &turned);
    }
}

/* What is no water: bright pixels, closed by one so that rims are whole, and small dark spots
 * inside (shadows on decks). */
static unsigned char *mark_solid(const pl_solid *s, const unsigned char *bright,
                                 pl_arena *working) {
    size_t pixels = (size_t)s->width * (size_t)s->height;
    unsigned char *solid = pl__arena_array(working, pixels, 1),
                  *open = pl__arena_array(working, pixels, 1);
    int *label = pl__arena_array(working, pixels, sizeof *label), found;
    pl_blob *blobs;
    if (!solid || !open || !label) return NULL;
    memcpy(solid, bright, pixels);
    if (!pl__image_close(solid, s->width, s->height, 1)) return NULL;
    for (size_t i = 0; i < pixels; i++) open[i] = !solid[i];
    if (!pl__image_blobs(open, s->width, s->height, SPOT_M2 / (s->pixel_m * s->pixel_m), INFINITY,
                         working, &blobs, &found, label))
        return NULL;
    for (size_t i = 0; i < pixels; i++) solid[i] = solid[i] || !label[i];
    return solid;
}

bool pl__hull_moored(const pl_crop *crop, const unsigned char *bright,
                     const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                     int *count) {
    quays q = {.crop = crop,
               .solid = {.width = crop->pixels.width,
                         .height = crop->pixels.height,
                         .pixel_m = crop->frame.pixel_m * crop->step},
               .options = options,
               .list = pl__arena_array(arena, MOORED_MAX, sizeof *q.list),
               .score = pl__arena_array(arena, MOORED_MAX, sizeof *q.score)};
    pl_arena *working = pl_arena_new(0); /* masks and rims go when the edges are looked at */
    q.scratch = working ? pl__arena_array(working, SEAM_COLUMNS, sizeof *q.scratch) : NULL;
    bool fine = q.list && q.score && q.scratch &&
                (q.solid.mask = mark_solid(&q.solid, bright, working)) &&
                pl__rims_edges(&q.solid, EDGES_MAX, working, &q.edge, &q.edges);
    for (int k = 0; k < q.edges && fine; k++) look_along(&q, &q.edge[k]);
    pl_arena_free(working);
    *out = q.list;
    *count = q.count;
    return fine;
}
