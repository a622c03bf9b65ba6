/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do ships lie? Search crop -> water -> candidates -> one full-resolution chip and outline
 * each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/hull.h"
#include "hull/internal.h"

pl_status pl__hull_chip(const pl_scene *scene, const pl_frame *frame, const pl_candidate *c,
                        pl_arena *arena, pl_crop *out, pl_error *error) {
    double reach_m = 0.5 * c->length_m * 1.15 + 60.0;
    const double *p = frame->pixels;
    double rx = reach_m * hypot(p[0], p[1]), ry = reach_m * hypot(p[2], p[3]);
    return pl_scene_crop(scene, c->x_px - rx, c->y_px - ry, c->x_px + rx, c->y_px + ry, 1.0, arena,
                         out, error);
}

static void flag_picture_edge(const pl_scene *scene, pl_hull *hull) {
    const pl_scene_info *info = pl_scene_describe(scene);
    for (int k = 0; k < hull->outline_count; k++) {
        double x = hull->outline_px[k][0], y = hull->outline_px[k][1];
        if (x < 2 || y < 2 || x > info->width_px - 2 || y > info->height_px - 2) {
            hull->reasons |= PL_BIT(PL_AT_PICTURE_EDGE);
        }
    }
}

/* Two candidates of one ship (a hull cut by a shadow) end in the same outline: is the centre of one
 * inside the other? */
static bool same_place(const pl_frame *frame, const pl_hull *a, const pl_hull *b) {
    double east[2], north[2];
    pl__geo_to_metres(frame, a->x_px, a->y_px, &east[0], &north[0]);
    pl__geo_to_metres(frame, b->x_px, b->y_px, &east[1], &north[1]);
    /* along and across the longer one: ships side by side are two */
    const pl_hull *longer = a->length_m.value >= b->length_m.value ? a : b;
    double e = east[1] - east[0], n = north[1] - north[0];
    double s = sin(longer->heading_rad), c = cos(longer->heading_rad);
    return fabs(e * s + n * c) < 0.25 * longer->length_m.value &&
           fabs(e * c - n * s) < 0.5 * pl__max(a->beam_m.value, b->beam_m.value);
}

static int by_position(const void *a, const void *b) {
    const pl_hull *p = a, *q = b;
    if (p->y_px != q->y_px) return p->y_px < q->y_px ? -1 : 1;
    return (p->x_px > q->x_px) - (p->x_px < q->x_px);
}

void pl__hull_sort(pl_hull *hulls, int count) {
    qsort(hulls, (size_t)count, sizeof *hulls, by_position);
}

/* 20 m: two searches place one ship's centre differently, but not by more. */
static bool belongs(const pl_hull *hull, const double core_px[4], const pl_frame *frame) {
    double slack_px = 20.0 / frame->pixel_m;
    return hull->x_px >= core_px[0] - slack_px && hull->y_px >= core_px[1] - slack_px &&
           hull->x_px <= core_px[2] + slack_px && hull->y_px <= core_px[3] + slack_px;
}

bool pl__hull_join(const pl_hull_list *more, const double core_px[4], const pl_frame *frame,
                   pl_arena *arena, pl_hull_list *all) {
    pl_hull *joined =
        pl__arena_array(arena, (size_t)all->count + (size_t)more->count + 1, sizeof *joined);
    if (!joined) return false;
    int count = all->count;
    if (count) memcpy(joined, all->hull, (size_t)count * sizeof *joined);
    for (int k = 0; k < more->count; k++) {
        bool again = !belongs(&more->hull[k], core_px, frame);
        for (int i = 0; i < all->count && !again; i++)
            again = same_place(frame, &all->hull[i], &more->hull[k]);
        if (!again) joined[count++] = more->hull[k];
    }
    pl__hull_sort(joined, count);
    *all = (pl_hull_list){count, joined};
    return true;
}

static pl_status locate(const pl_scene *scene, pl_hull *hull, pl_error *error) {
    double place[1][2] = {{hull->x_px, hull->y_px}};
    pl_status status = pl_scene_to_lonlat(scene, 1, place, error);
    hull->lon_deg = status == PL_OK ? place[0][0] : NAN;
    hull->lat_deg = status == PL_OK ? place[0][1] : NAN;
    return status < 0 ? status : PL_OK; /* refused: no georeference, which is no failure here */
}

pl_status pl__hull_finish(const pl_scene *scene, pl_hull *hull, pl_error *error) {
    pl_sight sight;
    flag_picture_edge(scene, hull);
    pl_status status = pl_scene_sight(scene, hull->x_px, hull->y_px, &sight, error);
    if (status == PL_OK) pl__hull_doubt_wall(&sight, hull);
    return status < 0 ? status : locate(scene, hull, error);
}

enum { LOOKS_MAX = 8 };                 /* chips at a time: they are large */
static const double WHOLE_SHARE = 1.15; /* of the beam: more than an outline errs */
static const double STOOD_MOST = 0.25, STOOD_ALL = 0.85; /* of the inside of an outline */
static const double FAINT_M = 1.5;                       /* coarser pixels show no smooth side */
static const size_t CHIPS_BYTES = (size_t)64 << 20;

/* One candidate that is looked at. */
typedef struct look {
    const pl_candidate *candidate;
    pl_arena *working; /* a chip and its strips go when its outline is known */
    pl_crop chip;
    pl_hull hull;
    int water_sides;
    pl_status status; /* PL_REFUSED: no ship */
    pl_error error;
} look;

typedef struct looks {
    const pl_crop *search;
    const pl_sea *sea;
    const pl_hull_options *options;
    int count;
    look look[LOOKS_MAX];
} looks;

/* Is this what stood there before, or that and a ship in one outline? A ship that has not moved is
 * not to be told from a quay but by her bow. */
static bool is_old(const pl_crop *search, const pl_hull *hull) {
    double share = search->stood ? pl__hull_stood_share(search, hull) : 0;
    return share > STOOD_MOST && (share < STOOD_ALL || !hull->bow_certain);
}

static void look_at(int index, int worker, void *context) {
    looks *all = context;
    look *l = &all->look[index];
    const pl_candidate *c = l->candidate;
    (void)worker;
    l->status = pl__hull_outline(&l->chip, c, all->options, l->working, &l->hull, &l->error);
    if (l->status == PL_OK)
        l->water_sides = pl__hull_water_sides(&l->chip, all->search, all->sea, &l->hull);
    if (l->status == PL_OK &&
        (l->water_sides == 0 || (!c->parted && is_old(all->search, &l->hull))))
        l->status = PL_REFUSED;
    if (l->status == PL_REFUSED && all->search->step == 1.0 && (c->touch == 0 || c->parted) &&
        c->gap_sigmas == 0 && pl__hull_is_coarse(c->beam_m, all->search->frame.pixel_m))
        l->status = pl__hull_coarse(all->search, all->sea, c, all->options, l->working, &l->hull,
                                    &l->error);
}

static void forget(looks *all) {
    for (int k = 0; k < all->count; k++) pl_arena_free(all->look[k].working);
    all->count = 0;
}

/* Reads chips, as many as memory allows, and outlines them side by side. Reading has its own
 * threads. @param seen candidates so far; grows. */
static pl_status look_at_some(looks *all, const pl_scene *scene, const pl_candidate *candidates,
                              int count, int *seen, pl_error *error) {
    size_t bytes = 0;
    while (*seen < count && all->count < LOOKS_MAX && bytes < CHIPS_BYTES) {
        look *l = &all->look[all->count++];
        *l = (look){.candidate = &candidates[(*seen)++], .working = pl_arena_new(0)};
        l->error = (pl_error)PL_ERROR_INIT;
        if (!l->working) return pl__fail_memory(error, "hull");
        pl_status status =
            pl__hull_chip(scene, &all->search->frame, l->candidate, l->working, &l->chip, error);
        if (status < 0) return status;
        const pl_image *pixels = &l->chip.pixels;
        bytes += sizeof *pixels->data * (size_t)pixels->bands * (size_t)pixels->width *
                 (size_t)pixels->height;
    }
    pl__parallel(all->count, pl__workers(), look_at, all);
    return PL_OK;
}

/* A ship was found before as one that lies alongside something, and now all round. Her far side is
 * seen then, and needs no mirror; unless nothing is there but the ship, she is alongside still. */
static bool sees_more(const look *l, pl_hull *before) {
    pl_hull now = l->hull;
    if (!(before->touched[0] || before->touched[1]) || now.touched[0] || now.touched[1] ||
        !now.bow_certain || (now.reasons & PL_BIT(PL_OUTLINE_UNCERTAIN)))
        return false;
    double share = now.beam_m.value / before->beam_m.value;
    if (share > WHOLE_SHARE && l->water_sides < 2) return false; /* her quay is in it */
    if (share < 1 / WHOLE_SHARE) { /* a line on her deck in the one, or her jetty in the other */
        before->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
        return false;
    }
    if (share < WHOLE_SHARE) {
        bool turned = fabs(pl__geo_turn(now.heading_rad, before->heading_rad)) > PL_PI / 2;
        for (int side = 0; side < 2; side++) now.touched[side] = before->touched[turned != side];
        now.reasons |= PL_BIT(PL_ALONGSIDE);
    }
    *before = now;
    return true;
}

/* Takes over what was found, in the candidates' order. */
static pl_status keep_new(const looks *all, const pl_scene *scene, pl_hull *hulls, int *kept,
                          pl_error *error) {
    for (int k = 0; k < all->count; k++) {
        const look *l = &all->look[k];
        if (l->status < 0 && error) *error = l->error;
        if (l->status < 0) return l->status;
        if (l->status == PL_REFUSED) continue;
        int at = 0;
        while (at < *kept && !same_place(&all->search->frame, &hulls[at], &l->hull)) at++;
        if (at < *kept && !sees_more(l, &hulls[at])) continue;
        if (at == *kept) hulls[at] = l->hull;
        pl_status status = pl__hull_finish(scene, &hulls[at], error);
        if (status < 0) return status;
        *kept += at == *kept;
    }
    return PL_OK;
}

/* Adds ships that are no brighter than the water, where none was found yet. */
static pl_status add_faint(const looks *all, const pl_scene *scene, pl_arena *arena,
                           pl_hull **hulls, int *kept, pl_error *error) {
    pl_hull *faint;
    int count;
    if (all->search->frame.pixel_m * all->search->step > FAINT_M) return PL_OK;
    pl_status status =
        pl__hull_faint(all->search, all->sea, all->options, arena, &faint, &count, error);
    if (status != PL_OK) return status;
    pl_hull *more = pl__arena_array(arena, (size_t)(*kept + count + 1), sizeof *more);
    if (!more) return pl__fail_memory(error, "hull");
    memcpy(more, *hulls, (size_t)*kept * sizeof *more);
    for (int k = 0; k < count; k++) {
        bool again = false;
        for (int i = 0; i < *kept && !again; i++)
            again = same_place(&all->search->frame, &more[i], &faint[k]);
        if (again) continue;
        more[*kept] = faint[k];
        status = pl__hull_finish(scene, &more[*kept], error);
        if (status < 0) return status;
        (*kept)++;
    }
    *hulls = more;
    return PL_OK;
}

/* Marks in the crop what an earlier picture shows too. */
static pl_status look_back(const pl_scene *scene, const pl_sea *sea, const pl_hull_options *options,
                           pl_arena *arena, pl_crop *search, pl_error *error) {
    size_t pixels = (size_t)search->pixels.width * (size_t)search->pixels.height;
    unsigned char *bright = pl__arena_array(arena, pixels, 1);
    if (!bright || !pl__hull_bright(search, sea, bright)) return pl__fail_memory(error, "hull");
    return pl__hull_before(options->previous, scene, search, bright, arena, &search->stood, error);
}

pl_status pl_hull_find(const pl_scene *scene, const pl_crop *search, const pl_hull_options *options,
                       pl_arena *arena, pl_hull_list *out, pl_error *error) {
    *out = (pl_hull_list){0};
    pl_sea sea;
    pl_candidate *candidates;
    int count = 0;
    pl_status status = pl__hull_sea(search, arena, &sea, error);
    if (status == PL_REFUSED) return PL_OK; /* no water, hence no ships: an answer */
    pl_crop seen_before = *search;
    if (status == PL_OK && options->previous) {
        status = look_back(scene, &sea, options, arena, &seen_before, error);
        search = &seen_before;
    }
    if (status == PL_OK)
        status = pl__hull_candidates(search, &sea, options, arena, &candidates, &count, error);
    if (status < 0) return status;
    pl_hull *hulls = pl__arena_array(arena, (size_t)(count > 0 ? count : 1), sizeof *hulls);
    if (!hulls) return pl__fail_memory(error, "hull");
    int kept = 0, seen = 0;
    looks all = {.search = search, .sea = &sea, .options = options};
    while (seen < count && status >= 0) {
        status = look_at_some(&all, scene, candidates, count, &seen, error);
        if (status >= 0) status = keep_new(&all, scene, hulls, &kept, error);
        forget(&all);
    }
    if (status >= 0) status = add_faint(&all, scene, arena, &hulls, &kept, error);
    if (status >= 0)
        status = pl__hull_learned(scene, search, &sea, options, arena, &hulls, &kept, error);
    if (status < 0) return status;
    pl__hull_sort(hulls, kept);
    *out = (pl_hull_list){kept, hulls};
    return PL_OK;
}
