/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far is one picture's georeference off another's?
 *
 * Both are laid on one grid of east-north metres, pixels of the coarser picture's size, over the
 * ground that both show: the first by its local frame, the second through longitude and latitude,
 * exactly at the knots of a net and straight between. The logarithm of brightness is compared
 * (image/shift.c): land, quays, breakwaters. Ships are left out, each where its own picture shows
 * it, with their shadows; so are clouds that a mask knows of. Sea is other waves each time: noise.
 *
 * A large area is compared coarsely first, then at full resolution in the window where both
 * pictures hold most. Then the second picture is laid anew with the shift that was found, and what
 * is left is added: the two are then looked at through the same window.
 *
 * No peak that stands out: open water, no common ground, or another year's harbour. Then the
 * georeference is all there is, with a sigma for both products. */
#include <math.h>

#include "geo/geo.h"
#include "image/image.h"
#include "scene/scene.h"

static const char FLOOR[] = "scene";

/* Orthorectified products lie within 5 m (one sigma, either way) of the truth: CE90 of 10 m and
 * less is what vendors promise with terrain models that are not theirs. */
static const double GEOREFERENCE_M = 5;
/* Further than that nobody's product is off; it also keeps repeated quays apart. */
static const double MOST_M = 60;
/* Highest of all independent places within MOST_M on noise: below 6 spreads, one time in a million;
 * and a second peak half as high is another reading. */
static const double SIGNIFICANT = 8, SECOND = 0.6;
/* What stands still stands some metres high, and leans otherwise under another view. */
static const double STANDING_M = 3;
/* Resampling and unequal line spreads: no better than that, of a pixel. */
static const double LEAST_PX = 0.03;
enum { MOST_PX = 1024, LEAST_SIDE_PX = 96, KNOTS = 17, TURNS = 3 };

typedef struct grid {
    pl_frame frame;                    /* of the first picture; origin in the middle of the area */
    double east0_m, north0_m, pixel_m; /* upper left corner; rows run south */
    int width, height;
} grid;

typedef struct laying {
    const pl_scene *scene;
    const pl_ground_box *moving;
    int count;
    double net[KNOTS][KNOTS][2]; /* the grid in this picture's pixels */
    float *plane;
} laying;

/* ---- which ground? ---- */

/* The part of the first picture that the second covers, in pixels of the first. */
static pl_status find_common(const pl_scene *a, const pl_scene *b, double box[4], pl_error *error) {
    const pl_scene_info *ia = &a->info, *ib = &b->info;
    double xy[4][2];
    for (int k = 0; k < 4; k++) {
        xy[k][0] = k % 2 ? ib->width_px : 0;
        xy[k][1] = k / 2 ? ib->height_px : 0;
    }
    pl_status status = pl_scene_to_lonlat(b, 4, xy, error);
    if (status == PL_OK) status = pl_scene_to_pixels(a, 4, xy, error);
    if (status != PL_OK) return status;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < 2; i++) {
            if (!isfinite(xy[k][i])) return PL_OK; /* the other side of the earth */
            low[i] = pl__min(low[i], xy[k][i]);
            high[i] = pl__max(high[i], xy[k][i]);
        }
    }
    box[0] = pl__max(low[0], 0);
    box[1] = pl__max(low[1], 0);
    box[2] = pl__min(high[0], ia->width_px);
    box[3] = pl__min(high[1], ia->height_px);
    return PL_OK;
}

static pl_status make_grid(const pl_scene *a, const pl_scene *b, const double box[4], grid *out,
                           pl_error *error) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    pl_status status =
        pl_scene_frame(a, 0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3]), &out->frame, error);
    if (status != PL_OK) return status;
    for (int k = 0; k < 4; k++) {
        double at[2];
        pl__geo_to_metres(&out->frame, box[k % 2 ? 2 : 0], box[k / 2 ? 3 : 1], &at[0], &at[1]);
        for (int i = 0; i < 2; i++) {
            low[i] = pl__min(low[i], at[i]);
            high[i] = pl__max(high[i], at[i]);
        }
    }
    double pixel = pl__max(a->info.gsd_m, b->info.gsd_m);
    double side = pl__max(high[0] - low[0], high[1] - low[1]);
    out->pixel_m = pl__max(pixel, side / MOST_PX);
    out->east0_m = low[0];
    out->north0_m = high[1];
    out->width = (int)((high[0] - low[0]) / out->pixel_m);
    out->height = (int)((high[1] - low[1]) / out->pixel_m);
    return PL_OK;
}

/* ---- laying a picture on it ---- */

/* The net's knots in pixels of a picture: by the first picture's frame to its pixels, and from
 * there over the ground. */
static pl_status weave(const pl_scene *a, const grid *g, const double shift_m[2], laying *l,
                       pl_error *error) {
    double(*xy)[2] = &l->net[0][0];
    for (int j = 0; j < KNOTS; j++) {
        for (int i = 0; i < KNOTS; i++) {
            double east = g->east0_m + g->width * g->pixel_m * i / (KNOTS - 1) - shift_m[0];
            double north = g->north0_m - g->height * g->pixel_m * j / (KNOTS - 1) - shift_m[1];
            pl__geo_to_pixel(&g->frame, east, north, &l->net[j][i][0], &l->net[j][i][1]);
        }
    }
    if (l->scene == a) return PL_OK;
    pl_status status = pl_scene_to_lonlat(a, (size_t)KNOTS * KNOTS, xy, error);
    if (status == PL_OK) status = pl_scene_to_pixels(l->scene, (size_t)KNOTS * KNOTS, xy, error);
    return status;
}

static void place(const laying *l, const grid *g, int x, int y, double out[2]) {
    double u = (x + 0.5) / g->width * (KNOTS - 1), v = (y + 0.5) / g->height * (KNOTS - 1);
    int i = (int)pl__min(u, KNOTS - 2), j = (int)pl__min(v, KNOTS - 2);
    u -= i;
    v -= j;
    for (int k = 0; k < 2; k++)
        out[k] = (1 - v) * ((1 - u) * l->net[j][i][k] + u * l->net[j][i + 1][k]) +
                 v * ((1 - u) * l->net[j + 1][i][k] + u * l->net[j + 1][i + 1][k]);
}

/* Brightness of what eyes see: the pan band, or the mean of the colours. */
static bool brightness(const pl_crop *crop, pl_arena *arena, float **out) {
    const pl_image *image = &crop->pixels;
    size_t n = (size_t)image->width * (size_t)image->height;
    bool pan = false, colour = false;
    for (int k = 0; k < image->bands; k++) {
        pan = pan || crop->role[k] == PL_BAND_PAN;
        colour = colour || (crop->role[k] >= PL_BAND_BLUE && crop->role[k] <= PL_BAND_RED);
    }
    *out = pl__arena_array(arena, n, sizeof **out);
    if (!*out) return false;
    int used = 0;
    for (int k = 0; k < image->bands; k++) {
        pl_band_role role = crop->role[k];
        bool wanted = pan      ? role == PL_BAND_PAN
                      : colour ? role >= PL_BAND_BLUE && role <= PL_BAND_RED
                               : role != PL_BAND_ALPHA;
        if (!wanted) continue;
        const float *plane = pl__plane(image, k);
        for (size_t i = 0; i < n; i++) (*out)[i] += plane[i];
        used++;
    }
    for (size_t i = 0; i < n; i++)
        (*out)[i] = used > 0 ? logf(1 + (float)pl__max((double)(*out)[i] / used, 0)) : NAN;
    return true;
}

/* Does a ship lie there, or the shadow beside her? */
static void leave_out(const grid *g, const double shift_m[2], const laying *l) {
    for (int k = 0; k < l->count; k++) {
        const pl_ground_box *box = &l->moving[k];
        double per_east, per_north;
        pl__geo_metres_per_degree(g->frame.lat_deg, &per_east, &per_north);
        double east = (box->lon_deg - g->frame.lon_deg) * per_east + shift_m[0];
        double north = (box->lat_deg - g->frame.lat_deg) * per_north + shift_m[1];
        double ahead[2] = {sin(box->heading_rad), cos(box->heading_rad)};
        double half[2] = {0.5 * box->length_m + box->beam_m, 1.5 * box->beam_m};
        double reach = hypot(half[0], half[1]);
        int x0 = (int)pl__clamp((east - reach - g->east0_m) / g->pixel_m, 0, g->width);
        int x1 = (int)pl__clamp((east + reach - g->east0_m) / g->pixel_m + 1, 0, g->width);
        int y0 = (int)pl__clamp((g->north0_m - north - reach) / g->pixel_m, 0, g->height);
        int y1 = (int)pl__clamp((g->north0_m - north + reach) / g->pixel_m + 1, 0, g->height);
        for (int y = y0; y < y1; y++) {
            for (int x = x0; x < x1; x++) {
                double de = g->east0_m + (x + 0.5) * g->pixel_m - east;
                double dn = g->north0_m - (y + 0.5) * g->pixel_m - north;
                bool on = fabs(de * ahead[0] + dn * ahead[1]) < half[0] &&
                          fabs(de * ahead[1] - dn * ahead[0]) < half[1];
                if (on) l->plane[(size_t)y * (size_t)g->width + (size_t)x] = NAN;
            }
        }
    }
}

/* Reads what of a picture lies under the grid, and puts it there. */
static pl_status lay(const pl_scene *a, const grid *g, const double shift_m[2], laying *l,
                     pl_arena *arena, pl_error *error) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    pl_status status = weave(a, g, shift_m, l, error);
    if (status != PL_OK) return status;
    for (int k = 0; k < KNOTS * KNOTS; k++) {
        for (int i = 0; i < 2; i++) {
            double at = l->net[k / KNOTS][k % KNOTS][i];
            if (!isfinite(at)) return PL_REFUSED;
            low[i] = pl__min(low[i], at);
            high[i] = pl__max(high[i], at);
        }
    }
    double step = pl__max(1, g->pixel_m / l->scene->info.gsd_m), more = 3 * step;
    pl_crop crop;
    float *bright;
    pl_arena *working = pl_arena_new(0); /* its pixels go when they are laid */
    if (!working) return pl__fail_memory(error, FLOOR);
    status = pl_scene_crop(l->scene, low[0] - more, low[1] - more, high[0] + more, high[1] + more,
                           step, working, &crop, error);
    size_t n = (size_t)g->width * (size_t)g->height;
    if (status == PL_OK) {
        l->plane = pl__arena_array(arena, n, sizeof *l->plane);
        if (!l->plane || !brightness(&crop, working, &bright))
            status = pl__fail_memory(error, FLOOR);
    }
    for (int y = 0; y < g->height && status == PL_OK; y++) {
        for (int x = 0; x < g->width; x++) {
            double at[2];
            place(l, g, x, y, at);
            l->plane[(size_t)y * (size_t)g->width + (size_t)x] =
                pl__image_cubic(bright, crop.pixels.width, crop.pixels.height,
                                (at[0] - crop.x_px) / crop.step, (at[1] - crop.y_px) / crop.step);
        }
    }
    pl_arena_free(working);
    if (status == PL_OK) leave_out(g, shift_m, l);
    return status;
}

/* ---- comparing ---- */

static bool stands_out(const pl_shift *s) {
    return s->peak > SIGNIFICANT * s->spread && s->second < SECOND * s->peak;
}

/* Lays both, the second with the shift known so far, and adds what is left. @return PL_REFUSED: no
 * peak stands out. */
static pl_status compare(const pl_scene *const scene[2], laying l[2], const grid *g,
                         pl_arena *arena, pl_registration *out, pl_error *error) {
    static const double NOTHING[2] = {0, 0};
    double shift[2] = {out->east_m, out->north_m};
    pl_shift found;
    pl_status status = lay(scene[0], g, NOTHING, &l[0], arena, error);
    if (status == PL_OK) status = lay(scene[0], g, shift, &l[1], arena, error);
    if (status != PL_OK) return status;
    double most = pl__max(MOST_M - hypot(shift[0], shift[1]), 4 * g->pixel_m) / g->pixel_m;
    if (!pl__image_shift(l[0].plane, l[1].plane, g->width, g->height, most, &found))
        return pl__fail_memory(error, FLOOR);
    out->peak = found.peak;
    out->peak_sigmas = found.spread > 0 ? found.peak / found.spread : 0;
    if (!stands_out(&found)) return PL_REFUSED;
    out->east_m += found.x_px * g->pixel_m;
    out->north_m -= found.y_px * g->pixel_m;
    out->sigma_m = hypot(found.sigma_px, LEAST_PX) * g->pixel_m;
    out->pixel_m = g->pixel_m;
    return PL_OK;
}

/* The window of full resolution where both planes hold most: that with the largest product of
 * their scatters. */
static pl_status focus(const laying l[2], const grid *coarse, double pixel_m, pl_arena *arena,
                       grid *out, pl_error *error) {
    int side = (int)(MOST_PX * pixel_m / coarse->pixel_m), radius = side / 2 > 1 ? side / 2 : 1;
    size_t n = (size_t)coarse->width * (size_t)coarse->height, best = 0;
    float *both = pl__arena_array(arena, n, sizeof *both), *mean[2], *sum;
    if (!both) return pl__fail_memory(error, FLOOR);
    for (int k = 0; k < 2; k++)
        if (!pl__image_box(l[k].plane, coarse->width, coarse->height, 4, arena, &mean[k]))
            return pl__fail_memory(error, FLOOR);
    for (size_t i = 0; i < n; i++)
        both[i] = fabsf((l[0].plane[i] - mean[0][i]) * (l[1].plane[i] - mean[1][i]));
    if (!pl__image_box(both, coarse->width, coarse->height, radius, arena, &sum))
        return pl__fail_memory(error, FLOOR);
    for (size_t i = 0; i < n; i++)
        if (isnan(sum[best]) || sum[i] > sum[best]) best = i;
    double x = (double)(best % (size_t)coarse->width), y = (double)(best / (size_t)coarse->width);
    x = pl__clamp(x, 0.5 * side, pl__max(coarse->width - 0.5 * side, 0.5 * side));
    y = pl__clamp(y, 0.5 * side, pl__max(coarse->height - 0.5 * side, 0.5 * side));
    *out = *coarse;
    out->pixel_m = pixel_m;
    out->east0_m = coarse->east0_m + (x - 0.5 * side) * coarse->pixel_m;
    out->north0_m = coarse->north0_m - (y - 0.5 * side) * coarse->pixel_m;
    out->width = (int)pl__min(MOST_PX, coarse->width * coarse->pixel_m / pixel_m);
    out->height = (int)pl__min(MOST_PX, coarse->height * coarse->pixel_m / pixel_m);
    return PL_OK;
}

static double parallax(const pl_scene_info *a, const pl_scene_info *b) {
    const pl_sight *s[2] = {&a->sight, &b->sight};
    double lean[2][2];
    for (int k = 0; k < 2; k++) {
        double t = tan(s[k]->view_incidence_rad);
        lean[k][0] = t * sin(s[k]->view_azimuth_rad);
        lean[k][1] = t * cos(s[k]->view_azimuth_rad);
    }
    double difference = hypot(lean[0][0] - lean[1][0], lean[0][1] - lean[1][1]);
    return STANDING_M * (isfinite(difference) ? difference : 1); /* unknown: up to 45 degrees */
}

static pl_status measure(const pl_scene *const scene[2], laying l[2], grid *g, pl_registration *out,
                         pl_error *error) {
    double full = pl__max(scene[0]->info.gsd_m, scene[1]->info.gsd_m);
    pl_status status = PL_OK;
    for (int turn = 0; turn < TURNS && status == PL_OK; turn++) {
        pl_arena *arena = pl_arena_new(0);
        if (!arena) return pl__fail_memory(error, FLOOR);
        status = compare(scene, l, g, arena, out, error);
        grid finer = *g;
        if (status == PL_OK && turn == 0 && g->pixel_m > 1.05 * full)
            status = focus(l, g, full, arena, &finer, error);
        *g = finer;
        pl_arena_free(arena);
    }
    return status;
}

pl_status pl_scene_register(const pl_scene *before, const pl_scene *after,
                            const pl_ground_box *moving_before, int before_count,
                            const pl_ground_box *moving_after, int after_count,
                            pl_registration *out, pl_error *error) {
    const pl_scene *const scene[2] = {before, after};
    laying l[2] = {{.scene = before, .moving = moving_before, .count = before_count},
                   {.scene = after, .moving = moving_after, .count = after_count}};
    double box[4] = {0, 0, 0, 0};
    grid g;
    *out = (pl_registration){.verdict = PL_NOT_GEOREFERENCED, .sigma_m = NAN, .pixel_m = NAN};
    if (!*before->info.crs || !*after->info.crs) return PL_OK;
    out->verdict = PL_NO_OVERLAP;
    out->sigma_m = GEOREFERENCE_M * sqrt(2);
    pl_status status = find_common(before, after, box, error);
    if (status < 0) return status;
    if (status != PL_OK || !(box[2] > box[0] && box[3] > box[1])) return PL_OK;
    status = make_grid(before, after, box, &g, error);
    if (status < 0) return status;
    if (status != PL_OK || g.width < LEAST_SIDE_PX || g.height < LEAST_SIDE_PX) return PL_OK;
    pl_registration found = {.verdict = PL_REGISTERED};
    status = measure(scene, l, &g, &found, error);
    if (status < 0) return status;
    out->peak_sigmas = found.peak_sigmas;
    out->verdict = PL_NO_PEAK;
    if (status != PL_OK) return PL_OK;
    found.sigma_m = hypot(found.sigma_m, parallax(&before->info, &after->info));
    *out = found;
    return PL_OK;
}

const char *pl_registration_name(pl_registration_verdict verdict) {
    static const char *const NAME[] = {"registered", "no_georeference", "no_overlap", "no_peak"};
    return (unsigned)verdict < 4 ? NAME[verdict] : NULL;
}
