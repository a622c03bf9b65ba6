/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the sidecar speak of this picture?
 *
 * Its size and its footprint are compared. A picture that was warped into another coordinate system
 * has another size, and its angles, which are from true north, still hold: then only the footprint
 * counts, and a warning is given. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "scene/scene.h"

static const char FLOOR[] = "scene";

typedef struct box {
    double west, south, east, north;
} box;

/* The footprint by corners and the middles of the edges, longitudes counted from the centre's so
 * that the date line does not matter. */
static bool picture_box(const pl_scene *scene, box *out) {
    *out = (box){1e9, 1e9, -1e9, -1e9};
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

static bool sidecar_box(const pl_scene *scene, const pl_facts *facts, box *out) {
    if (!isfinite(facts->west_deg + facts->east_deg + facts->south_deg + facts->north_deg))
        return false;
    double width = facts->east_deg - facts->west_deg;
    if (width < 0.0) width += 360.0;
    double middle = remainder(facts->west_deg + width / 2 - scene->info.centre.lon_deg, 360.0);
    *out = (box){middle - width / 2, facts->south_deg, middle + width / 2, facts->north_deg};
    return true;
}

/* The part of the picture that the sidecar's footprint covers. */
static double covered(const box *picture, const box *sidecar) {
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

pl_status pl__scene_check_sidecar(pl_scene *scene, const pl_facts *facts, pl_error *error) {
    /* a line lost or gained on the way is no other picture; a fiftieth of its size is */
    const double size_tolerance = 0.02, least_covered = 0.5;
    const pl_scene_info *info = &scene->info;
    const char *name = pl__sensor_base_name(info->sidecar);
    bool warped = other_crs(scene, facts);
    if (warped)
        pl__scene_warn(&scene->info, "%s speaks of EPSG:%d, the picture is in %s: warped since?",
                       name, facts->epsg, info->crs);
    bool sized = isfinite(facts->width_px) && isfinite(facts->height_px);
    if (sized && !warped &&
        (fabs(facts->width_px - info->width_px) > size_tolerance * info->width_px ||
         fabs(facts->height_px - info->height_px) > size_tolerance * info->height_px))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "%s contradicts the picture: it speaks of %.0f x %.0f pixels, these are %d "
                        "x %d",
                        name, facts->width_px, facts->height_px, info->width_px, info->height_px);
    box picture, sidecar;
    if (!scene->georeferenced || !picture_box(scene, &picture) ||
        !sidecar_box(scene, facts, &sidecar))
        return PL_OK;
    double part = covered(&picture, &sidecar);
    if (part < least_covered)
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "%s contradicts the picture: its footprint covers %.0f %% of it", name,
                        100.0 * part);
    return PL_OK;
}
