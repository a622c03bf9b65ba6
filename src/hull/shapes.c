/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What in this picture could be a ship, if nothing but its shape is asked?
 *
 * candidates.c asks for what stands out from water by a threshold that chance does not reach. A
 * dull deck, a wake, a neighbour alongside and glint defeat any single threshold; but at some
 * threshold, in some plane, almost every ship is a piece of her own (docs/method/detection.md has
 * the count). So all are tried, as a component tree would (Matas et al. 2002, MSER): what is
 * brighter than the water, what is darker, what differs either way, and what is rougher; each at
 * rising thresholds, as it is, closed and opened. Pieces that are alike are one, with as many
 * votes. What of all that is a ship is the judge's question. */
#include "hull/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"

enum { BRIGHTER, DARKER, DIFFERENT, ROUGHER, COLOURED, PLANES };
enum { LEVELS = 20, FORMS = 6, TASKS = PLANES * LEVELS * FORMS };
static const double FIRST_SIGMAS = 1.2, LEVEL_RATIO = 1.35;
/* Discs that close gaps (above 0) or cut necks (below). */
static const int FORM_RADIUS[FORMS] = {0, 2, 4, -1, -2, -4};
static const double LEAST_SIGMA = 0.01; /* of the water's level */
static const double LEAST_RATIO = 1.2, MOST_RATIO = 14.0, LEAST_FILL = 0.45, MOST_BEAM_M = 90.0;
static const double LEAST_LENGTH = 0.85, MOST_LENGTH = 1.15; /* of the options' */
static const double LEAST_BEAM_PX = 3.0;
/* Alike: centres apart by this share of the length, sizes by these, axes by this angle. */
static const double ALIKE_PLACE = 0.06, ALIKE_LENGTH = 0.10, ALIKE_BEAM = 0.16, ALIKE_RAD = 0.10;
/* In a crop of more pixels every other threshold is left out, and a vote counts for two: half the
 * time for a ship in forty. */
enum { LARGE_PX = 4 << 20, LEAST_VOTES = 1, LEAST_VOTES_LARGE = 2 };
enum { WORKERS_MOST = 4 }; /* each has a mask and copies of it */
enum { CELL = 16 };        /* pixels: shapes are compared within cells */
static const double END_SHARE = 0.4,
                    FULL = 0.76; /* of the beam at the ends; of the length that is full */

void pl__shape_corners(const pl_shape *s, double out[PL_SHAPE_CORNERS][2]) {
    const double u[] = {-1, -FULL, FULL, 1, 1, FULL, -FULL, -1},
                 w[] = {-END_SHARE, -1, -1, -END_SHARE, END_SHARE, 1, 1, END_SHARE};
    double c = cos(s->angle_rad), n = sin(s->angle_rad);
    for (int k = 0; k < PL_SHAPE_CORNERS; k++) {
        double along = 0.5 * s->length * u[k], across = 0.5 * s->beam * w[k];
        out[k][0] = s->x + along * c - across * n;
        out[k][1] = s->y + along * n + across * c;
    }
}

static void upright(const pl_shape *s, double box[4]) {
    double corner[PL_SHAPE_CORNERS][2];
    pl__shape_corners(s, corner);
    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (int k = 0; k < PL_SHAPE_CORNERS; k++) {
        for (int i = 0; i < 2; i++) {
            box[i] = pl__min(box[i], corner[k][i]);
            box[i + 2] = pl__max(box[i + 2], corner[k][i]);
        }
    }
}

double pl__shape_overlap(const pl_shape *a, const pl_shape *b) {
    double p[4], q[4];
    upright(a, p);
    upright(b, q);
    double wide = pl__min(p[2], q[2]) - pl__max(p[0], q[0]),
           high = pl__min(p[3], q[3]) - pl__max(p[1], q[1]);
    if (wide <= 0 || high <= 0) return 0;
    double both = wide * high;
    return both / ((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - both);
}

/* ---- planes: how many of the thresholds does a pixel exceed? ---- */

typedef struct planes {
    int width, height;
    unsigned char *plane[PLANES];
    int highest[PLANES];
} planes;

/* The highest and the lowest band's deviation from water, in sigmas. */
static bool deviations(const pl_crop *crop, const pl_sea *sea, float *high, float *low) {
    const pl_image *image = &crop->pixels;
    bool fine = true;
    for (int band = 0; band < image->bands && fine; band++) {
        float *smooth;
        pl_arena *working =
            pl_arena_new(0); /* a band's smoothed pixels go before the next's come */
        float *level =
            working ? pl__arena_array(working, (size_t)image->width, sizeof *level) : NULL;
        fine = level && pl__image_box(pl__plane(image, band), image->width, image->height, 1,
                                      working, &smooth);
        for (int y = 0; y < image->height && fine; y++) {
            pl__hull_sea_row(sea, band, y, image->width, level);
            for (int x = 0; x < image->width; x++) {
                size_t at = (size_t)y * (size_t)image->width + (size_t)x;
                if (crop->mask && !crop->mask[at]) continue;
                double sigma = pl__max(sea->sigma[band], LEAST_SIGMA * fabs((double)level[x]));
                float off = (float)(((double)smooth[at] - (double)level[x]) / sigma);
                if (isnan(off)) continue;
                if (band == 0 || off > high[at]) high[at] = off;
                if (band == 0 || off < low[at]) low[at] = off;
            }
        }
        pl_arena_free(working);
    }
    return fine;
}

/* Thresholds that a value exceeds. */
static unsigned char exceeded(float sigmas) {
    if (!((double)sigmas > FIRST_SIGMAS)) return 0;
    double steps = log((double)sigmas / FIRST_SIGMAS) / log(LEVEL_RATIO);
    return (unsigned char)pl__min(1 + floor(steps), LEVELS);
}

static bool make_planes(const pl_crop *crop, const pl_sea *sea, pl_arena *arena, planes *p) {
    size_t width = (size_t)crop->pixels.width, height = (size_t)crop->pixels.height;
    *p = (planes){.width = crop->pixels.width, .height = crop->pixels.height};
    for (int k = 0; k < PLANES; k++)
        if (!(p->plane[k] = pl__arena_array(arena, width * height, 1))) return false;
    pl_arena *working = pl_arena_new(0);
    float *high = working ? pl__arena_array(working, width * height, sizeof *high) : NULL,
          *low = high ? pl__arena_array(working, width * height, sizeof *low) : NULL;
    bool fine = low && deviations(crop, sea, high, low);
    for (size_t y = 0; fine && y < height; y++) {
        for (size_t x = 0; x < width; x++) {
            size_t at = y * width + x;
            float value[PLANES] = {[BRIGHTER] = high[at],
                                   [DARKER] = -low[at],
                                   [DIFFERENT] = fmaxf(high[at], -low[at]),
                                   [COLOURED] = high[at] - low[at]};
            if (x > 0 && y > 0 && x + 1 < width && y + 1 < height)
                value[ROUGHER] = hypotf(fmaxf(high[at + 1], 0) - fmaxf(high[at - 1], 0) +
                                            fminf(low[at + 1], 0) - fminf(low[at - 1], 0),
                                        fmaxf(high[at + width], 0) - fmaxf(high[at - width], 0) +
                                            fminf(low[at + width], 0) - fminf(low[at - width], 0));
            for (int k = 0; k < PLANES; k++) {
                unsigned char levels = exceeded(value[k]);
                p->plane[k][at] = levels;
                if (levels > p->highest[k]) p->highest[k] = levels;
            }
        }
    }
    pl_arena_free(working);
    return fine;
}

/* ---- pieces ---- */

typedef struct task {
    pl_arena *arena;
    pl_shape *shape;
    int count;
    bool fine;
} task;

typedef struct search {
    const planes *planes;
    double least, most, most_beam;
    bool large;
    unsigned char **mask; /* one a worker */
    task task[TASKS];
} search;

static bool ship_shaped(const search *s, const pl_blob *blob) {
    double ratio = blob->long_side / blob->short_side;
    return ratio >= LEAST_RATIO && ratio <= MOST_RATIO && blob->short_side >= LEAST_BEAM_PX &&
           blob->short_side <= s->most_beam &&
           blob->area >= LEAST_FILL * blob->long_side * blob->short_side;
}

static void run_task(int index, int worker, void *context) {
    search *s = context;
    task *t = &s->task[index];
    int radius = FORM_RADIUS[index % FORMS];
    int plane = index / (LEVELS * FORMS), level = index / FORMS % LEVELS;
    const planes *p = s->planes;
    t->fine = true;
    if (p->highest[plane] <= level || (s->large && level % 2)) return;
    size_t count = (size_t)p->width * (size_t)p->height;
    unsigned char *mask = s->mask[worker];
    for (size_t i = 0; i < count; i++) mask[i] = p->plane[plane][i] > level;
    pl_blob *blobs;
    int found;
    t->fine =
        (radius <= 0 || pl__image_close(mask, p->width, p->height, radius)) &&
        (radius >= 0 || pl__image_open(mask, p->width, p->height, -radius)) &&
        (t->arena = pl_arena_new(0)) &&
        pl__image_areas(mask, p->width, p->height, s->least, s->most, t->arena, &blobs, &found) &&
        (t->shape = pl__arena_array(t->arena, (size_t)found + 1, sizeof *t->shape));
    for (int k = 0; t->fine && k < found; k++) {
        if (!ship_shaped(s, &blobs[k])) continue;
        t->shape[t->count++] = (pl_shape){
            blobs[k].x, blobs[k].y, blobs[k].angle_rad, blobs[k].long_side, blobs[k].short_side, 1};
    }
}

/* ---- alike ---- */

static bool alike(const pl_shape *a, const pl_shape *b) {
    double length = pl__max(a->length, b->length);
    double turn = fabs(fmod(fabs(a->angle_rad - b->angle_rad) + PL_PI / 2, PL_PI) - PL_PI / 2);
    return hypot(a->x - b->x, a->y - b->y) < ALIKE_PLACE * length &&
           fabs(a->length - b->length) < ALIKE_LENGTH * length &&
           fabs(a->beam - b->beam) < ALIKE_BEAM * pl__max(a->beam, b->beam) && turn < ALIKE_RAD;
}

/* Pieces that are alike become one: the first of them, with their votes. Cells of a grid hold
 * chains of those kept. */
static bool join(const search *s, pl_arena *arena, pl_shape **out, int *count) {
    int all = 0, kept = 0;
    for (int k = 0; k < TASKS; k++) all += s->task[k].count;
    int wide = s->planes->width / CELL + 1, high = s->planes->height / CELL + 1;
    pl_shape *shape = pl__arena_array(arena, (size_t)all + 1, sizeof *shape);
    int *next = pl__arena_array(arena, (size_t)all + 1, sizeof *next),
        *head = pl__arena_array(arena, (size_t)wide * (size_t)high, sizeof *head);
    if (!shape || !next || !head) return false;
    for (int k = 0; k < TASKS; k++) {
        for (int i = 0; i < s->task[k].count; i++) {
            const pl_shape *one = &s->task[k].shape[i];
            double reach = ALIKE_PLACE * 1.2 * one->length;
            int x0 = (int)pl__max((one->x - reach) / CELL, 0),
                y0 = (int)pl__max((one->y - reach) / CELL, 0),
                x1 = (int)pl__min((one->x + reach) / CELL, wide - 1),
                y1 = (int)pl__min((one->y + reach) / CELL, high - 1);
            bool again = false;
            for (int y = y0; y <= y1 && !again; y++) {
                for (int x = x0; x <= x1 && !again; x++) {
                    for (int j = head[y * wide + x]; j > 0 && !again; j = next[j - 1]) {
                        if (!alike(&shape[j - 1], one)) continue;
                        shape[j - 1].votes++;
                        again = true;
                    }
                }
            }
            if (again) continue;
            int cell = (int)pl__min(one->y / CELL, high - 1) * wide +
                       (int)pl__min(one->x / CELL, wide - 1);
            next[kept] = head[cell];
            shape[kept++] = *one;
            head[cell] = kept;
        }
    }
    *out = shape;
    *count = 0;
    for (int k = 0; k < kept; k++)
        if (shape[k].votes >= (s->large ? LEAST_VOTES_LARGE : LEAST_VOTES))
            shape[(*count)++] = shape[k];
    return true;
}

bool pl__hull_shapes(const pl_crop *crop, const pl_sea *sea, const pl_hull_options *options,
                     pl_arena *arena, pl_shape **out, int *count) {
    int workers = (int)pl__min(pl__workers(), WORKERS_MOST);
    double pixel_m = crop->frame.pixel_m * crop->step;
    planes p;
    pl_arena *working = pl_arena_new(0);
    search *s = working ? pl__arena_alloc(working, sizeof *s) : NULL;
    bool fine = s && make_planes(crop, sea, working, &p) &&
                (s->mask = pl__arena_array(working, (size_t)workers, sizeof *s->mask));
    for (int k = 0; k < workers && fine; k++)
        fine = (s->mask[k] = pl__arena_array(working, (size_t)p.width * (size_t)p.height, 1));
    if (fine) {
        s->planes = &p;
        s->large = (size_t)p.width * (size_t)p.height > LARGE_PX;
        s->least = LEAST_LENGTH * options->min_length_m / pixel_m;
        s->most = MOST_LENGTH * options->max_length_m / pixel_m;
        s->most_beam = MOST_BEAM_M / pixel_m;
        pl__parallel(TASKS, workers, run_task, s);
        for (int k = 0; k < TASKS; k++) fine = fine && s->task[k].fine;
        fine = fine && join(s, arena, out, count);
        for (int k = 0; k < TASKS; k++) pl_arena_free(s->task[k].arena);
    }
    pl_arena_free(working);
    return fine;
}
