/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where does a hull end that lies against a quay, a jetty or another hull?
 *
 * Not at water, so the half level does not help. But the two sides of a hull are parallel, and
 * along the whole touching side the picture changes at the same distance from the open side: deck
 * to quay, or deck to the dark gap between. The median over the columns of the change from row to
 * row shows that and averages away what lies on deck and quay. Of a fall into the gap and the rise
 * out of it the fall is hers. The ends of the side are the mirror of the open side's: where the
 * inner side of her bow is seen, the mirror lies on it for the right distance only, and that is the
 * best witness against a jetty's edge, or a line on the deck. */
#include <math.h>
#include <stdlib.h>

#include "hull/strip.h"
#include "image/image.h"

static const double ALONG_SHARE = 0.35; /* of the length on either side of midships */
static const double SEARCH_M = 2.5, SEARCH_SHARE = 0.09; /* round the beam that the rows gave */
static const double GAP_M = 3.5;      /* widest gap of which both rims are seen */
static const double FALL_SHARE = 0.1; /* of the clearest edge: a fall inside it is the hull's */
/* The bow: where the open side is so far from its line, of the beam; how much of the open side's
 * fall the mirrored one must show; what that weighs against the clearest line. */
static const double BOW_FROM = 0.08, BOW_TO = 0.45, BOW_SEEN = 0.5, BOW_WEIGHT = 1.5;
static const double BOW_SEARCH_SHARE = 0.35; /* round the rows' beam, where the bow is seen */
static const double CLEAR = 4.0;             /* of the typical change in the rows searched */

/* Median change across the line between rows j - 1 and j, over the columns. */
static double change(const pl_strip *s, const pl_image *image, int band, int j, double length_m,
                     float *scratch) {
    const float *plane = pl__plane(image, band);
    size_t n = 0, width = (size_t)image->width;
    for (int i = 0; i < image->width; i++) {
        if (fabs(s->u0_m + (i + 0.5) * s->pixel_m) > ALONG_SHARE * length_m) continue;
        const float *p = plane + (size_t)j * width + (size_t)i;
        scratch[n++] = 0.5f * (p[0] + p[width]) - 0.5f * (p[-(int)width] + p[-2 * (int)width]);
    }
    return pl__image_quantile(scratch, n, 0.5);
}

typedef struct edges {
    int from, count;      /* lines between rows */
    double *clear, *fall; /* of all bands together; of the deck's mix, outward */
} edges;

static bool read_edges(const pl_strip *s, const pl_axis *a, const pl_sea *sea, double w0, double w1,
                       pl_arena *arena, edges *e) {
    double low = pl__min(w0, w1), high = pl__max(w0, w1);
    e->from = (int)pl__max(2, floor((low - s->w0_m) / s->pixel_m));
    int to = (int)pl__min(s->image.height - 2, ceil((high - s->w0_m) / s->pixel_m));
    e->count = to - e->from + 1;
    if (e->count < 5) {
        e->count = 0;
        return true;
    }
    e->clear = pl__arena_array(arena, 2 * (size_t)e->count, sizeof *e->clear);
    float *scratch = pl__arena_array(arena, (size_t)s->image.width, sizeof *scratch);
    if (!e->clear || !scratch) return false;
    e->fall = e->clear + e->count;
    for (int k = 0; k < e->count; k++) {
        double sum = 0;
        for (int band = 0; band < s->bands.bands; band++) {
            double d = change(s, &s->bands, band, e->from + k, a->length_m, scratch);
            sum += d * d / (sea->sigma[band] * sea->sigma[band]);
        }
        e->clear[k] = sqrt(sum);
        e->fall[k] = -a->touch * change(s, &s->image, 0, e->from + k, a->length_m, scratch);
    }
    return true;
}

/* Brightness just inside an edge at w in column i less that just outside; `out` is 1 where outside
 * is the higher w. NAN off the strip. */
static double fall_at(const pl_strip *s, int i, double w, int out) {
    int j = (int)floor((w - s->w0_m) / s->pixel_m);
    if (j < 3 || j + 3 >= s->image.height) return NAN;
    return 0.5 * (pl__strip_at(s, i, j - 2 * out) + pl__strip_at(s, i, j - out)) -
           0.5 * (pl__strip_at(s, i, j + 2 * out) + pl__strip_at(s, i, j + out));
}

/* What share of the fall from the open side of one end into the water is there on its mirror, for a
 * touching side at w? 0 where none is seen. */
static double end_share(const pl_strip *s, const pl_axis *a, const double *open,
                        const pl_side_line *line, double w, int sign, float *scratch) {
    size_t n = 0, width = (size_t)s->image.width;
    float *here = scratch, *there = scratch + width;
    for (int i = 0; i < s->image.width; i++) {
        double u = s->u0_m + (i + 0.5) * s->pixel_m, at = line->a + line->b * u;
        double off = a->touch * (open[i] - at);
        if (u * sign < 0 || !(off > pl__max(BOW_FROM * a->seen_beam_m, 2 * s->pixel_m)) ||
            off > BOW_TO * a->seen_beam_m)
            continue;
        double inner = fall_at(s, i, w + at + line->b * u - open[i], a->touch),
               outer = fall_at(s, i, open[i], -a->touch);
        if (isnan(inner) || isnan(outer)) continue;
        here[n] = (float)inner;
        there[n++] = (float)outer;
    }
    if (n < 8) return 0;
    double outer = pl__image_quantile(there, n, 0.5);
    return outer > 0 ? pl__clamp(pl__image_quantile(here, n, 0.5) / outer, 0, 1) : 0;
}

/* At the end that shows more of it: the bow, mostly. */
static double bow_share(const pl_strip *s, const pl_axis *a, const double *open,
                        const pl_side_line *line, double w, float *scratch) {
    return pl__max(end_share(s, a, open, line, w, -1, scratch),
                   end_share(s, a, open, line, w, 1, scratch));
}

static bool peak(const double *v, int k) {
    return v[k] >= v[k - 1] && v[k] > v[k + 1];
}

bool pl__hull_touching(const pl_strip *s, const pl_axis *a, const pl_sea *sea, const double *open,
                       const pl_side_line *line, pl_arena *arena, double *w, bool *clear) {
    double reach = pl__max(SEARCH_M, SEARCH_SHARE * a->seen_beam_m),
           wide = pl__max(reach, BOW_SEARCH_SHARE * a->seen_beam_m);
    double middle = line->a + a->touch * a->seen_beam_m;
    edges e;
    *w = middle;
    *clear = false;
    /* a gap's inner rim is looked for farther in than its outer one */
    if (!read_edges(s, a, sea, middle - a->touch * (wide + GAP_M), middle + a->touch * wide, arena,
                    &e))
        return false;
    float *scratch =
        pl__arena_array(arena, 2 * (size_t)s->image.width + (size_t)e.count + 1, sizeof *scratch);
    if (!scratch) return false;
    int best = -1;
    double most = 0, clearest = 0, bow = 0;
    for (int k = 1; k + 1 < e.count; k++) clearest = pl__max(clearest, e.clear[k]);
    for (int k = 1; k + 1 < e.count; k++) {
        double at = s->w0_m + (e.from + k) * s->pixel_m;
        if (!peak(e.clear, k) || e.clear[k] < FALL_SHARE * clearest) continue;
        double seen = bow_share(s, a, open, line, at, scratch);
        if (fabs(at - middle) > (seen > BOW_SEEN && e.fall[k] > 0 ? wide : reach)) continue;
        double score = e.clear[k] / clearest + BOW_WEIGHT * seen;
        if (best >= 0 && score <= most) continue;
        best = k;
        most = score;
        bow = seen;
    }
    if (best < 0) return true;
    int chosen = best, gap = (int)ceil(GAP_M / s->pixel_m);
    for (int n = 1; n <= gap && e.fall[best] < 0 && chosen == best && bow < BOW_SEEN; n++) {
        int k = best - a->touch * n;
        if (k < 1 || k + 1 >= e.count) break;
        if (peak(e.clear, k) && e.fall[k] > 0 && e.clear[k] > FALL_SHARE * e.clear[best])
            chosen = k;
    }
    for (int k = 0; k < e.count; k++) scratch[k] = (float)e.clear[k];
    *clear = e.clear[chosen] > CLEAR * pl__image_quantile(scratch, (size_t)e.count, 0.3);
    const double *v = e.clear + chosen; /* a parabola through three lines: its top */
    double bend = v[-1] - 2 * v[0] + v[1];
    double top = bend < 0 ? pl__clamp(0.5 * (v[-1] - v[1]) / bend, -0.5, 0.5) : 0;
    *w = s->w0_m + (e.from + chosen + top) * s->pixel_m;
    return true;
}
