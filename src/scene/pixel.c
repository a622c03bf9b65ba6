/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the raster's pixel the one that the sidecar states?
 *
 * A georeference that was lost and typed in again, halved or mirrored makes every metre of the
 * answer wrong, and the picture itself does not show it. Most sidecars say enough to notice. What
 * they state is taken in this order:
 *
 *   - the grid: STAC's proj:transform or proj:bbox with proj:shape, in the raster's own CRS;
 *   - the ground under a step to the right and a step down, from corners with their pixels;
 *   - the pixel of the product: colSpacing, productGSD, RESAMPLING_SPACING, pixel_resolution;
 *   - what the sensor collected: products are resampled from it, so the driver says how far a
 *     delivered pixel may be from it;
 *   - a footprint that is larger or smaller than the picture by one factor in both directions,
 *     which is that of the pixel's size to the stated one: so many pixels of the stated size fill
 *     the stated footprint, and those of the raster do not.
 *
 * A crop has the stated pixel and fewer of them: nothing to say. A picture that covers the stated
 * ground with another number of pixels was resampled, and its metres are right. */
#include <math.h>

#include "scene/check.h"

/* Vendors round a pixel to one digit of ten: 0.305 m is written 0.3, 1.24 is written 1.2. */
static const double LIMIT = 0.05;
/* A warp keeps the number of pixels along a diagonal, and what is raw has the pixel of the look, on
 * the ground or in the vendor's mean: a quarter either way is usual. A half is not. */
static const double LIMIT_WARPED = 0.4;
static const double TURNED_RAD = 20.0 * PL_RAD_PER_DEG;

/* How do the raster's pixels lie against the stated ones? */
typedef struct relation {
    double scale;  /* raster's over stated; NAN: nothing is stated */
    bool oriented; /* are these two known? */
    double turn_rad;
    bool mirrored;
} relation;

/* Both row by row: d/dx and d/dy of the first coordinate, then of the second. The raster's steps in
 * terms of the stated ones: the identity when they are the same. */
static relation relate(const double stated[4], const double seen[4]) {
    double det = stated[0] * stated[3] - stated[1] * stated[2];
    double a = (stated[3] * seen[0] - stated[1] * seen[2]) / det;
    double b = (stated[3] * seen[1] - stated[1] * seen[3]) / det;
    double c = (stated[0] * seen[2] - stated[2] * seen[0]) / det;
    double d = (stated[0] * seen[3] - stated[2] * seen[1]) / det;
    double size = a * d - b * c;
    return (relation){sqrt(fabs(size)), true, atan2(c - b, a + d), size < 0.0};
}

static bool known(const double m[4]) {
    double det = m[0] * m[3] - m[1] * m[2];
    return isfinite(det) && det != 0.0;
}

static double nearer_to_one(double a, double b) {
    return fabs(log(a)) < fabs(log(b)) ? a : b;
}

static relation stated_pixel(const pl_scene *scene, const pl_facts *facts, bool warped) {
    const double *affine = scene->affine, pixel_m = scene->info.gsd_m;
    const double in_crs[4] = {affine[1], affine[2], affine[4], affine[5]};
    const double grid[4] = {facts->grid[1], facts->grid[2], facts->grid[4], facts->grid[5]};
    const double ground[4] = {facts->across_m[0], facts->down_m[0], facts->across_m[1],
                              facts->down_m[1]};
    bool placed = scene->georeferenced && !scene->rpc;
    if (placed && !warped && known(grid)) return relate(grid, in_crs);
    if (scene->georeferenced && known(ground)) return relate(ground, scene->info.centre.metres);
    relation out = {.scale = pixel_m / facts->pixel_m};
    if (placed) /* Mercator's metres are not those of the ground */
        out.scale = nearer_to_one(
            out.scale, sqrt(fabs(in_crs[0] * in_crs[3] - in_crs[1] * in_crs[2])) / facts->pixel_m);
    return out;
}

static void doubt(pl_scene *scene) {
    scene->info.reasons |= PL_BIT(PL_GEOREFERENCE_CONTRADICTED);
}

/* False when nothing is known. */
static bool is_off(double scale, double limit) {
    return fabs(log(scale)) > log1p(limit);
}

/* ---- what the sensor collected ---- */

/* Looked at aslant a sensor's pixel grows with the slant and with its foreshortening, their mean
 * over both directions with cos^-1.5 of the incidence; the product's pixel stays. */
static bool beyond_collected(const pl_scene *scene, const pl_facts *facts) {
    const double unknown_deg = 50.0, most_deg = 60.0; /* sold at most */
    double incidence_deg = isnan(facts->incidence_deg) ? unknown_deg : facts->incidence_deg;
    double ratio = scene->info.gsd_m / facts->collected_m;
    double slant = pow(cos(pl__min(incidence_deg, most_deg) * PL_RAD_PER_DEG), 1.5);
    return ratio < facts->delivered_least * slant || ratio > facts->delivered_most;
}

/* ---- footprint ---- */

/* By which factor is the stated footprint larger than the picture's, when it is the same in both
 * directions? NAN: it is not. */
static double footprint_factor(const pl_form *form) {
    const double same = 0.03;
    if (!form->picture || !form->stated || form->warped) return NAN;
    const pl_box *p = form->picture, *s = form->stated;
    double wide = (s->east - s->west) / (p->east - p->west);
    double high = (s->north - s->south) / (p->north - p->south);
    return fabs(log(wide / high)) < same ? sqrt(wide * high) : NAN;
}

/* The whole picture, or one that with pixels of the size collected would fill the footprint. */
static bool footprint_tells(const pl_scene *scene, const pl_facts *facts, const pl_form *form,
                            double factor) {
    const double near_it = 0.05, far_from_it = 0.1;
    double seen = scene->info.gsd_m / facts->collected_m;
    if (!is_off(factor, LIMIT)) return false;
    if (form->sized) return form->same_size;
    return is_off(seen, far_from_it) && !is_off(factor * seen, near_it);
}

/* ---- the door ---- */

static pl_pixel_verdict judge_stated(pl_scene *scene, const pl_facts *facts, const pl_form *form,
                                     double scale, const char *name) {
    pl_scene_info *info = &scene->info;
    const double same = 0.02;
    bool same_ground = form->sized && !form->same_size &&
                       !is_off(scale * info->width_px / facts->width_px, same) &&
                       !is_off(scale * info->height_px / facts->height_px, same);
    if (!is_off(scale, form->warped || scene->rpc ? LIMIT_WARPED : LIMIT)) return PL_PIXEL_STATED;
    if (same_ground) {
        pl__scene_warn(info, "resampled since %s was written: pixels of %.3g m, now %.3g m", name,
                       info->gsd_m / scale, info->gsd_m);
        return PL_PIXEL_RESAMPLED;
    }
    doubt(scene);
    pl__scene_warn(info, "%s states pixels of %.3g m, the picture has %.3g m", name,
                   info->gsd_m / scale, info->gsd_m);
    return PL_PIXEL_STATED;
}

/* What was collected vouches for the pixel, if only roughly. */
static pl_pixel_verdict judge_unstated(pl_scene *scene, const pl_facts *facts, const pl_form *form,
                                       const char *name) {
    pl_scene_info *info = &scene->info;
    double factor = footprint_factor(form);
    if (footprint_tells(scene, facts, form, factor)) {
        doubt(scene);
        pl__scene_warn(info,
                       "the footprint in %s is %.2f times the picture's each way, as if its "
                       "pixels had %.3g m, not %.3g m",
                       name, factor, factor * info->gsd_m, info->gsd_m);
        return PL_PIXEL_STATED;
    }
    if (scene->rpc || isnan(facts->collected_m)) return PL_PIXEL_UNSTATED;
    if (beyond_collected(scene, facts)) {
        doubt(scene);
        pl__scene_warn(info, "%s states %.3g m as collected, the picture has pixels of %.3g m",
                       name, facts->collected_m, info->gsd_m);
    }
    return PL_PIXEL_STATED;
}

static void judge_orientation(pl_scene *scene, const pl_form *form, const relation *it,
                              const char *name) {
    const double *m = scene->info.centre.metres;
    bool inverted = m[0] * m[3] - m[1] * m[2] > 0.0;
    if (scene->rpc || !scene->georeferenced) return;
    if (it->oriented ? it->mirrored : inverted) {
        doubt(scene);
        pl__scene_warn(&scene->info, "the picture's georeference is mirrored%s%s",
                       it->oriented ? " against " : ", as no satellite's product is",
                       it->oriented ? name : "");
    } else if (it->oriented && !form->warped && fabs(it->turn_rad) > TURNED_RAD) {
        doubt(scene);
        pl__scene_warn(&scene->info, "the picture's georeference is turned by %.0f deg against %s",
                       it->turn_rad * PL_DEG_PER_RAD, name);
    }
}

pl_pixel_verdict pl__scene_pixel(pl_scene *scene, const pl_facts *facts, const pl_form *form,
                                 const char *name) {
    relation it = stated_pixel(scene, facts, form->warped);
    pl_pixel_verdict verdict = isfinite(it.scale) ? judge_stated(scene, facts, form, it.scale, name)
                                                  : judge_unstated(scene, facts, form, name);
    judge_orientation(scene, form, &it, name);
    return verdict;
}
