/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the sidecar speak of this picture?
 *
 * Its size, its pixel (pixel.c) and its footprint are compared. A picture with fewer pixels than
 * stated is a crop, when its pixel is the stated one; one with more is another picture. A picture
 * that was warped into another coordinate system has another size, and its angles, which are from
 * true north, still hold: then only the footprint counts, and a warning is given. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "scene/check.h"

static const char FLOOR[] = "scene";

/* a line lost or gained on the way is no other picture; a fiftieth of its size is */
static const double SIZE_TOLERANCE = 0.02;

/* The footprint by corners and the middles of the edges, longitudes counted from the centre's so
 * that the date line does not matter. */
static bool picture_box(const pl_scene *scene, pl_box *out) {
    *out = (pl_box){1e9, 1e9, -1e9, -1e9};
    double w = scene->info.width_px, h = scene->info.height_px;
    double xy[8][2] = {{0, 0},     {w, 0},     {0, h},     {w, h},
                       {w / 2, 0}, {w / 2, h}, {0, h / 2}, {w, h / 2}};
    if (pl_scene_to_lonlat(scene, 8, xy, NULL) != PL_OK) return false;
    for (int i = 0; i < 8; i++) {
        if (isnan(xy[i][0])) return false;
        double lon = remainder(xy[i][0] - scene->info.centre.lon_deg, 360.0);
        out->west = pl__min(out->west, lon);
        out->east = pl__max(out->east, lon);
        out->south = pl__min(out->south, xy[i][1]);
        out->north = pl__max(out->north, xy[i][1]);
    }
    return true;
}

static bool sidecar_box(const pl_scene *scene, const pl_facts *facts, pl_box *out) {
    if (!isfinite(facts->west_deg + facts->east_deg + facts->south_deg + facts->north_deg))
        return false;
    double width = facts->east_deg - facts->west_deg;
    if (width < 0.0) width += 360.0;
    double middle = remainder(facts->west_deg + width / 2 - scene->info.centre.lon_deg, 360.0);
    *out = (pl_box){middle - width / 2, facts->south_deg, middle + width / 2, facts->north_deg};
    return true;
}

/* The part of the picture that the sidecar's footprint covers. */
static double covered(const pl_box *picture, const pl_box *sidecar) {
    double w = pl__min(picture->east, sidecar->east) - pl__max(picture->west, sidecar->west);
    double h = pl__min(picture->north, sidecar->north) - pl__max(picture->south, sidecar->south);
    if (!(w > 0.0 && h > 0.0)) return 0.0;
    return w * h / ((picture->east - picture->west) * (picture->north - picture->south));
}

static bool other_crs(const pl_scene *scene, const pl_facts *facts) {
    char published[32];
    if (!facts->epsg || !scene->georeferenced) return false;
    snprintf(published, sizeof published, "EPSG:%d", facts->epsg);
    return strncmp(scene->info.crs, "EPSG:", 5) == 0 && strcmp(scene->info.crs, published) != 0;
}

/* The stated grid is the raster's own, and holds all of it. Then the footprint need not be asked:
 * catalogues give that of the data, which at the end of a strip fill a corner of their tile. */
static bool lies_in_grid(const pl_scene *scene, const pl_facts *facts, bool warped) {
    const double *g = facts->grid, *a = scene->affine, slack_px = 2.0;
    double w = scene->info.width_px, h = scene->info.height_px;
    if (warped || scene->rpc || !scene->georeferenced) return false;
    if (!isfinite(g[0] + g[1] + g[3] + g[5] + facts->width_px + facts->height_px)) return false;
    if (g[2] != 0.0 || g[4] != 0.0 || g[1] == 0.0 || g[5] == 0.0) return false;
    const double x[2] = {a[0], a[0] + a[1] * w + a[2] * h};
    const double y[2] = {a[3], a[3] + a[4] * w + a[5] * h};
    for (int i = 0; i < 2; i++) {
        double column = (x[i] - g[0]) / g[1], row = (y[i] - g[3]) / g[5];
        if (!(column > -slack_px && column < facts->width_px + slack_px && row > -slack_px &&
              row < facts->height_px + slack_px))
            return false;
    }
    return true;
}

static bool exceeds(double pixels, double stated) {
    return pixels - stated > SIZE_TOLERANCE * pixels;
}

static pl_form find_form(const pl_scene *scene, const pl_facts *facts) {
    const pl_scene_info *info = &scene->info;
    double w = info->width_px, h = info->height_px;
    pl_form form = {.warped = other_crs(scene, facts),
                    .sized = isfinite(facts->width_px) && isfinite(facts->height_px)};
    form.larger = form.sized && (exceeds(w, facts->width_px) || exceeds(h, facts->height_px));
    form.same_size =
        form.sized && !form.larger && !exceeds(facts->width_px, w) && !exceeds(facts->height_px, h);
    return form;
}

pl_status pl__scene_check_sidecar(pl_scene *scene, const pl_facts *facts, pl_error *error) {
    const double least_covered = 0.5;
    const pl_scene_info *info = &scene->info;
    const char *name = pl__sensor_base_name(info->sidecar);
    pl_box picture, stated;
    pl_form form = find_form(scene, facts);
    if (form.warped)
        pl__scene_warn(&scene->info, "%s speaks of EPSG:%d, the picture is in %s: warped since?",
                       name, facts->epsg, info->crs);
    if (scene->georeferenced && picture_box(scene, &picture)) form.picture = &picture;
    if (form.picture && sidecar_box(scene, facts, &stated)) form.stated = &stated;
    pl_pixel_verdict pixel = pl__scene_pixel(scene, facts, &form, name);
    if (form.sized && !form.same_size && !form.warped && pixel != PL_PIXEL_RESAMPLED &&
        (form.larger || pixel == PL_PIXEL_UNSTATED))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "%s contradicts the picture: it speaks of %.0f x %.0f pixels, these are %d "
                        "x %d",
                        name, facts->width_px, facts->height_px, info->width_px, info->height_px);
    scene->recut = form.warped || (form.sized && !form.same_size);
    if (!form.stated || lies_in_grid(scene, facts, form.warped)) return PL_OK;
    double part = covered(&picture, &stated);
    if (part < least_covered)
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "%s contradicts the picture: its footprint covers %.0f %% of it", name,
                        100.0 * part);
    return PL_OK;
}
