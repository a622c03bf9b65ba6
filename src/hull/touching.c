/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where does a hull end that lies against a quay, a jetty or another hull?
 *
 * Not at water, so the half level does not help. But the two sides of a hull are parallel, and
 * along the whole touching side the picture changes at the same distance from the open side: deck
 * to quay, or deck to the dark gap between. The median over the columns of the change from row to
 * row shows that and averages away what lies on deck and quay. Of a fall into the gap and the rise
 * out of it the fall is hers. The ends of the side are the mirror of the open side's. */
#include <math.h>
#include <stdlib.h>

#include "hull/strip.h"
#include "image/image.h"

static const double ALONG_SHARE = 0.35; /* of the length on either side of midships */
static const double SEARCH_M = 2.5, SEARCH_SHARE = 0.09; /* round the beam that the rows gave */
static const double GAP_M = 3.5;      /* widest gap of which both rims are seen */
static const double FALL_SHARE = 0.1; /* of the clearest edge: a fall inside it is the hull's */
static const double CLEAR = 4.0;      /* of the typical change in the rows searched */

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

static bool peak(const double *v, int k) {
    return v[k] >= v[k - 1] && v[k] > v[k + 1];
}

bool pl__hull_touching(const pl_strip *s, const pl_axis *a, const pl_sea *sea, double open_w,
                       pl_arena *arena, double *w, bool *clear) {
    double reach = pl__max(SEARCH_M, SEARCH_SHARE * a->seen_beam_m);
    double middle = open_w + a->touch * a->seen_beam_m;
    edges e;
    *w = middle;
    *clear = false;
    /* a gap's inner rim is looked for farther in than its outer one */
    if (!read_edges(s, a, sea, middle - a->touch * (reach + GAP_M), middle + a->touch * reach,
                    arena, &e))
        return false;
    int best = -1;
    for (int k = 1; k + 1 < e.count; k++) {
        bool within = fabs(s->w0_m + (e.from + k) * s->pixel_m - middle) <= reach;
        if (within && peak(e.clear, k) && (best < 0 || e.clear[k] > e.clear[best])) best = k;
    }
    if (best < 0) return true;
    int chosen = best, most = (int)ceil(GAP_M / s->pixel_m);
    for (int n = 1; n <= most && e.fall[best] < 0 && chosen == best; n++) {
        int k = best - a->touch * n;
        if (k < 1 || k + 1 >= e.count) break;
        if (peak(e.clear, k) && e.fall[k] > 0 && e.clear[k] > FALL_SHARE * e.clear[best])
            chosen = k;
    }
    float *sorted = pl__arena_array(arena, (size_t)e.count, sizeof *sorted);
    if (!sorted) return false;
    for (int k = 0; k < e.count; k++) sorted[k] = (float)e.clear[k];
    *clear = e.clear[chosen] > CLEAR * pl__image_quantile(sorted, (size_t)e.count, 0.3);
    const double *v = e.clear + chosen; /* a parabola through three lines: its top */
    double bend = v[-1] - 2 * v[0] + v[1];
    double top = bend < 0 ? pl__clamp(0.5 * (v[-1] - v[1]) / bend, -0.5, 0.5) : 0;
    *w = s->w0_m + (e.from + chosen + top) * s->pixel_m;
    return true;
}
