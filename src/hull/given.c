/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long, how wide and which way is a hull whose deck somebody outlined by hand?
 *
 * The outline is believed. Its smallest turned box gives a first axis; robust lines through where
 * cross-sections meet the outline, on the middle 60 % of the length as everywhere here, are the
 * sides; their mean slope turns the axis, and again. What a hand cannot do, a tenth of a pixel, is
 * not pretended: the sigmas are those of a line that is a pixel off, and the freeboard's fit looks
 * for the deck's edge that far away.
 *
 * The bow is where the file says. Else the end that narrows more, if clearly so. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/drawn.h"
#include "hull/internal.h"

static const char FLOOR[] = "hull";
static const double HAND_PX = 1.0;     /* an edge drawn by hand */
static const double SIDE_SHARE = 0.30; /* of the length on either side of midships: straight */
static const double END_SHARE = 0.12;  /* of the length, in which an end narrows */
static const double BOW_MARGIN = 0.10; /* difference of the ends' narrowing that tells them apart */
static const double BOW_WITHIN = 0.2;  /* of the length, from an end: where a bow can be */
static const double SKEW_RAD = 1.5 * PL_RAD_PER_DEG; /* sides less parallel than this are doubted */
static const double LEAST_M = 10.0, LEAST_PX = 12.0, LEAST_RATIO = 1.5, MOST_RATIO = 16.0;
static const double SAME_PLACE = 0.2, SAME_AXIS_RAD = 5 * PL_RAD_PER_DEG; /* of the length */
enum { ROUNDS = 4, SECTIONS = 41, ENDS = 12 };

typedef struct shape {
    int count;
    double (*at)[2];                   /* east, north: metres round the frame's origin */
    double east_m, north_m, angle_rad; /* the axis */
    double low_u, high_u;
    double a[2], b[2], scatter[2]; /* sides: w = a + b u, to port and starboard of the axis */
} shape;

static void along_across(const shape *s, int k, double *u, double *w) {
    double e = s->at[k][0] - s->east_m, n = s->at[k][1] - s->north_m;
    double sa = sin(s->angle_rad), ca = cos(s->angle_rad);
    *u = e * sa + n * ca;
    *w = e * ca - n * sa;
}

/* Extents along an angle and across it. */
static void extents(shape *s, double angle_rad, double *along, double *across) {
    double low[2] = {1e30, 1e30}, high[2] = {-1e30, -1e30}, x[2];
    s->angle_rad = angle_rad;
    for (int k = 0; k < s->count; k++) {
        along_across(s, k, &x[0], &x[1]);
        for (int i = 0; i < 2; i++) {
            low[i] = pl__min(low[i], x[i]);
            high[i] = pl__max(high[i], x[i]);
        }
    }
    s->low_u = low[0];
    s->high_u = high[0];
    *along = high[0] - low[0];
    *across = high[1] - low[1];
}

static void first_axis(shape *s) {
    double best = INFINITY, best_rad = 0, along, across;
    for (int degree = 0; degree < 180; degree++) {
        extents(s, degree * PL_RAD_PER_DEG, &along, &across);
        if (along < across || along * across >= best) continue;
        best = along * across;
        best_rad = s->angle_rad;
    }
    extents(s, best_rad, &along, &across);
}

/* Where the cross-section at u meets the outline: outermost on either side. */
static bool meet(const shape *s, double at_u, double w[2]) {
    w[0] = INFINITY;
    w[1] = -INFINITY;
    for (int k = 0; k + 1 < s->count; k++) {
        double u0, w0, u1, w1;
        along_across(s, k, &u0, &w0);
        along_across(s, k + 1, &u1, &w1);
        if ((u0 > at_u) == (u1 > at_u)) continue;
        double here = w0 + (at_u - u0) / (u1 - u0) * (w1 - w0);
        w[0] = pl__min(w[0], here);
        w[1] = pl__max(w[1], here);
    }
    return w[1] > w[0];
}

static bool fit_sides(shape *s, double pixel_m, pl_arena *arena) {
    double u[SECTIONS], w[2][SECTIONS], weight[SECTIONS], length_m = s->high_u - s->low_u;
    int n = 0;
    for (int k = 0; k < SECTIONS; k++) {
        double at = 0.5 * (s->low_u + s->high_u) +
                    (2.0 * k / (SECTIONS - 1) - 1) * SIDE_SHARE * length_m,
               both[2];
        if (!meet(s, at, both)) continue;
        u[n] = at;
        for (int i = 0; i < 2; i++) w[i][n] = both[i];
        n++;
    }
    for (int i = 0; i < 2; i++) {
        double sum = 0, total = 0;
        if (n < 8 ||
            !pl__image_robust_line(u, w[i], n, 0.15 * pixel_m, arena, &s->a[i], &s->b[i], weight))
            return false;
        for (int k = 0; k < n; k++) {
            sum += weight[k] * fabs(w[i][k] - s->a[i] - s->b[i] * u[k]);
            total += weight[k];
        }
        s->scatter[i] = total > 0 ? sum / total : 0;
    }
    return true;
}

static bool fit(shape *s, double pixel_m, pl_arena *arena) {
    double along, across;
    first_axis(s);
    for (int round = 0; round < ROUNDS; round++) {
        if (!fit_sides(s, pixel_m, arena)) return false;
        double middle = 0.5 * (s->low_u + s->high_u);
        double shift = 0.5 * (s->a[0] + s->a[1]) + 0.5 * (s->b[0] + s->b[1]) * middle;
        double sa = sin(s->angle_rad), ca = cos(s->angle_rad);
        s->east_m += middle * sa + shift * ca;
        s->north_m += middle * ca - shift * sa;
        extents(s, s->angle_rad + atan(0.5 * (s->b[0] + s->b[1])), &along, &across);
    }
    return fit_sides(s, pixel_m, arena) && s->a[1] > s->a[0];
}

/* ---- which end is the bow? ---- */

static double narrowing(const shape *s, double end_u, double inward) {
    double sum = 0, half = 0.5 * (s->a[1] - s->a[0]), w[2];
    int n = 0;
    for (int k = 0; k < ENDS; k++) {
        if (!meet(s, end_u + inward * (k + 0.5) / ENDS, w)) continue;
        sum += 1 - pl__clamp(0.5 * (w[1] - w[0]) / half, 0, 1);
        n++;
    }
    return n > 0 ? sum / n : 0;
}

/* @return > 0: the high end, < 0: the low end, 0: not to be told. NAN: said, but amidships. */
static double find_bow(const shape *s, const pl_frame *frame, const pl_drawn *drawn) {
    double length_m = s->high_u - s->low_u, e, n;
    if (isfinite(drawn->bow_px[0])) {
        pl__geo_to_metres(frame, drawn->bow_px[0], drawn->bow_px[1], &e, &n);
        double u = (e - s->east_m) * sin(s->angle_rad) + (n - s->north_m) * cos(s->angle_rad);
        if (u > s->high_u - BOW_WITHIN * length_m) return 1;
        return u < s->low_u + BOW_WITHIN * length_m ? -1 : NAN;
    }
    double difference = narrowing(s, s->high_u, -END_SHARE * length_m) -
                        narrowing(s, s->low_u, END_SHARE * length_m);
    return fabs(difference) > BOW_MARGIN ? difference : 0;
}

/* ---- the value ---- */

/* Fewer vertices, the least missed going first (Visvalingam): by the area each adds. */
static void keep_outline(const pl_drawn *drawn, pl_hull *hull, pl_arena *arena) {
    int n = drawn->count;
    double(*at)[2] = pl__arena_array(arena, (size_t)n, sizeof *at);
    if (!at) return; /* noticed by the caller: no outline */
    memcpy(at, drawn->at, (size_t)n * sizeof *at);
    while (n > PL_OUTLINE_MAX) {
        double least = INFINITY;
        int least_at = 1;
        for (int k = 1; k + 1 < n; k++) {
            double area = fabs((at[k][0] - at[k - 1][0]) * (at[k + 1][1] - at[k - 1][1]) -
                               (at[k][1] - at[k - 1][1]) * (at[k + 1][0] - at[k - 1][0]));
            if (area >= least) continue;
            least = area;
            least_at = k;
        }
        n--;
        memmove(at + least_at, at + least_at + 1, (size_t)(n - least_at) * sizeof *at);
    }
    memcpy(hull->outline_px, at, (size_t)n * sizeof *at);
    hull->outline_count = n;
}

/* The deck's signature, when the picture shows the hull where it was drawn. */
static pl_status take_fingerprint(const pl_scene *scene, const pl_frame *frame,
                                  const pl_hull_options *options, pl_hull *hull, pl_error *error) {
    enum { COUNT = PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS };
    pl_candidate c = {.x_px = hull->x_px,
                      .y_px = hull->y_px,
                      .axis_rad = fmod(hull->heading_rad, PL_PI),
                      .length_m = hull->length_m.value,
                      .beam_m = hull->beam_m.value,
                      .false_alarms = NAN};
    pl_hull_options any = *options;
    pl_hull seen;
    pl_crop chip;
    pl_arena *working = pl_arena_new(0);
    if (!working) return pl__fail_memory(error, FLOOR);
    any.min_length_m = LEAST_M;
    pl_status status = pl__hull_chip(scene, frame, &c, working, &chip, error);
    if (status == PL_OK) status = pl__hull_outline(&chip, &c, &any, working, &seen, error);
    pl_arena_free(working);
    if (status != PL_OK) return status < 0 ? status : PL_OK;
    double off_m =
        hypot(seen.x_px - hull->x_px, seen.y_px - hull->y_px) * pl_scene_describe(scene)->gsd_m;
    double turn = fabs(pl__geo_turn(seen.heading_rad, hull->heading_rad));
    bool reversed = turn > PL_PI / 2;
    if (off_m > SAME_PLACE * hull->length_m.value ||
        (reversed ? PL_PI - turn : turn) > SAME_AXIS_RAD)
        return PL_OK;
    for (int k = 0; k < COUNT; k++)
        hull->fingerprint[k] = seen.fingerprint[reversed ? COUNT - 1 - k : k];
    memcpy(hull->evidence, seen.evidence, sizeof hull->evidence); /* neither end has a part in it */
    return PL_OK;
}

static pl_status describe(const shape *s, const pl_frame *frame, const pl_drawn *drawn, int number,
                          const char *file, const pl_hull_options *options, pl_hull *out,
                          pl_error *error) {
    double length_m = s->high_u - s->low_u, beam_m = s->a[1] - s->a[0];
    double crossing = fabs(atan(s->b[0]) - atan(s->b[1])), hand_m = HAND_PX * frame->pixel_m;
    double bow = find_bow(s, frame, drawn);
    if (length_m > options->max_length_m || length_m < LEAST_M ||
        length_m < LEAST_PX * frame->pixel_m || length_m < LEAST_RATIO * beam_m ||
        length_m > MOST_RATIO * beam_m)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "%s: outline %d is %.1f m long and %.1f m wide: no ship's", file, number,
                        length_m, beam_m);
    if (isnan(bow))
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "%s: outline %d: the bow is said to lie amidships", file, number);
    out->bow_certain = bow != 0;
    if (!out->bow_certain) out->reasons |= PL_BIT(PL_BOW_UNCERTAIN);
    if (crossing > SKEW_RAD) out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
    double axis_rad = pl__geo_wrap(s->angle_rad + atan(0.5 * (s->b[0] + s->b[1])));
    out->heading_rad =
        bow == 0 ? fmod(axis_rad, PL_PI) : pl__geo_wrap(axis_rad + (bow < 0) * PL_PI);
    out->heading_sigma_rad = hypot(0.5 * crossing, hand_m / (2 * SIDE_SHARE * length_m));
    out->length_m = (pl_quantity){length_m, hypot(1.5 * hand_m, 0.003 * length_m)};
    out->beam_m = (pl_quantity){beam_m, hypot(sqrt(2) * hand_m, s->scatter[0] + s->scatter[1])};
    double u = 0.5 * (s->low_u + s->high_u), w = 0.5 * (s->a[0] + s->a[1]);
    double sa = sin(s->angle_rad), ca = cos(s->angle_rad);
    pl__geo_to_pixel(frame, s->east_m + u * sa + w * ca, s->north_m + u * ca - w * sa, &out->x_px,
                     &out->y_px);
    out->false_alarms = NAN;
    out->given = true;
    return PL_OK;
}

static pl_status one_hull(const pl_scene *scene, const pl_drawn *drawn, int number,
                          const char *file, const pl_hull_options *options, pl_arena *arena,
                          pl_hull *out, pl_error *error) {
    pl_frame frame;
    shape s = {.count = drawn->count};
    pl_status status = pl_scene_frame(scene, drawn->at[0][0], drawn->at[0][1], &frame, error);
    if (status != PL_OK) return status;
    s.at = pl__arena_array(arena, (size_t)s.count, sizeof *s.at);
    if (!s.at) return pl__fail_memory(error, FLOOR);
    for (int k = 0; k < s.count; k++)
        pl__geo_to_metres(&frame, drawn->at[k][0], drawn->at[k][1], &s.at[k][0], &s.at[k][1]);
    if (!fit(&s, frame.pixel_m, arena))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: outline %d has no area", file, number);
    *out = (pl_hull){.tanker_probability = NAN, .ship_probability = NAN};
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) out->evidence[k] = NAN;
    status = describe(&s, &frame, drawn, number, file, options, out, error);
    if (status != PL_OK) return status;
    keep_outline(drawn, out, arena);
    if (out->outline_count == 0) return pl__fail_memory(error, FLOOR);
    status = take_fingerprint(scene, &frame, options, out, error);
    return status == PL_OK ? pl__hull_finish(scene, out, error) : status;
}

pl_status pl_hull_given(const pl_scene *scene, const char *file, const pl_hull_options *options,
                        pl_arena *arena, pl_hull_list *out, pl_error *error) {
    pl_drawn *drawn;
    int count = 0;
    *out = (pl_hull_list){0};
    pl_status status = pl__hull_drawn(scene, file, arena, &drawn, &count, error);
    if (status != PL_OK) return status;
    pl_hull *hulls = pl__arena_array(arena, (size_t)count, sizeof *hulls);
    if (!hulls) return pl__fail_memory(error, FLOOR);
    for (int k = 0; k < count && status == PL_OK; k++)
        status = one_hull(scene, &drawn[k], k + 1, file, options, arena, &hulls[k], error);
    if (status != PL_OK) return status;
    pl__hull_sort(hulls, count);
    *out = (pl_hull_list){count, hulls};
    return PL_OK;
}
