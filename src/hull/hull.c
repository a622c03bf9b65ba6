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

/* One candidate's outline. @return PL_REFUSED: no ship. */
static pl_status look_at(const pl_scene *scene, const pl_crop *search, const pl_sea *sea,
                         const pl_candidate *c, const pl_hull_options *options, pl_hull *hull,
                         pl_error *error) {
    pl_crop chip;
    pl_arena *working = pl_arena_new(0); /* a chip's strips go when its outline is known */
    if (!working) return pl__fail_memory(error, "hull");
    pl_status status = pl__hull_chip(scene, &search->frame, c, working, &chip, error);
    if (status == PL_OK) status = pl__hull_outline(&chip, c, options, working, hull, error);
    if (status == PL_OK && !pl__hull_has_water(&chip, search, sea, hull)) status = PL_REFUSED;
    if (status == PL_REFUSED && search->step == 1.0 && c->touch == 0 && c->gap_sigmas == 0 &&
        pl__hull_is_coarse(c->beam_m, search->frame.pixel_m))
        status = pl__hull_coarse(search, sea, c, options, working, hull, error);
    pl_arena_free(working);
    return status;
}

pl_status pl_hull_find(const pl_scene *scene, const pl_crop *search, const pl_hull_options *options,
                       pl_arena *arena, pl_hull_list *out, pl_error *error) {
    *out = (pl_hull_list){0};
    pl_sea sea;
    pl_candidate *candidates;
    int count = 0;
    pl_status status = pl__hull_sea(search, arena, &sea, error);
    if (status == PL_REFUSED) return PL_OK; /* no water, hence no ships: an answer */
    if (status == PL_OK)
        status = pl__hull_candidates(search, &sea, options, arena, &candidates, &count, error);
    if (status < 0) return status;
    pl_hull *hulls = pl__arena_array(arena, (size_t)(count > 0 ? count : 1), sizeof *hulls);
    if (!hulls) return pl__fail_memory(error, "hull");
    int kept = 0;
    for (int k = 0; k < count; k++) {
        pl_hull *hull = &hulls[kept];
        status = look_at(scene, search, &sea, &candidates[k], options, hull, error);
        if (status < 0) return status;
        if (status == PL_REFUSED) continue;
        bool again = false;
        for (int i = 0; i < kept; i++) again = again || same_place(&search->frame, &hulls[i], hull);
        if (again) continue;
        status = pl__hull_finish(scene, hull, error);
        if (status < 0) return status;
        kept++;
    }
    pl__hull_sort(hulls, kept);
    *out = (pl_hull_list){kept, hulls};
    return PL_OK;
}
