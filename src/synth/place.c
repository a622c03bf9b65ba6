/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where on the Earth does the picture lie?
 *
 * The raster's grid is the projection's, as delivered pictures are: pixel -> CRS by an affine map,
 * CRS -> longitude and latitude by PROJ, and from there metres east and north of the hull on the
 * ellipsoid. So convergence, stretch and unequal degrees get into the picture by themselves. The
 * last two steps are taken at nodes 16 pixels apart, with bilinear interpolation between: over 8 m
 * a projection bends by nanometres. */
#include <math.h>

#include "geo/geo.h"
#include "io/io.h"
#include "synth/synth.h"

static const char FLOOR[] = "synth";

/* Pixels that hold the hull, her shadow, and water enough to learn its level from. */
static int picture_side(const pl_synth_options *o) {
    if (o->size_px > 0) return o->size_px;
    double tall = o->freeboard_m + (o->superstructure ? 18 : o->deck_gear ? 8 : 2);
    double shadow = pl__min(tall / tan(o->sun_elevation_rad), 150);
    double side_m = o->length_m + 2 * pl__max(60, 1.2 * shadow + 20);
    return (int)ceil(side_m / o->gsd_m);
}

/* CRS units per metre, east and north, from a hundred metres each way. */
static pl_status units_per_metre(const pl_synth_options *o, double centre[2], double units[2],
                                 pl_error *error) {
    const double step_m = 100;
    double east_m, north_m;
    pl__geo_metres_per_degree(o->lat_deg, &east_m, &north_m);
    double xy[5][2] = {{o->lon_deg, o->lat_deg},
                       {o->lon_deg - step_m / east_m, o->lat_deg},
                       {o->lon_deg + step_m / east_m, o->lat_deg},
                       {o->lon_deg, o->lat_deg - step_m / north_m},
                       {o->lon_deg, o->lat_deg + step_m / north_m}};
    pl_status status = pl__io_crs_transform(o->epsg, false, 5, xy, error);
    if (status < 0) return status;
    centre[0] = xy[0][0];
    centre[1] = xy[0][1];
    units[0] = hypot(xy[2][0] - xy[1][0], xy[2][1] - xy[1][1]) / (2 * step_m);
    units[1] = hypot(xy[4][0] - xy[3][0], xy[4][1] - xy[3][1]) / (2 * step_m);
    if (!(isfinite(centre[0] + centre[1]) && units[0] > 0 && units[1] > 0))
        return pl__fail(error, PL_E_USAGE, FLOOR, "EPSG:%d does not reach %g %g", o->epsg,
                        o->lon_deg, o->lat_deg);
    return PL_OK;
}

static pl_status ground_of_nodes(const pl_synth_options *o, pl_arena *arena, pl_synth_place *out,
                                 pl_error *error) {
    size_t count = (size_t)out->nodes * (size_t)out->nodes;
    double(*xy)[2] = pl__arena_array(arena, count, sizeof *xy), east_m, north_m;
    out->east_m = pl__arena_array(arena, count, sizeof *out->east_m);
    out->north_m = pl__arena_array(arena, count, sizeof *out->north_m);
    if (!xy || !out->east_m || !out->north_m) return pl__fail_memory(error, FLOOR);
    for (size_t k = 0; k < count; k++) {
        double x = PL__NODE_PX * (double)(k % (size_t)out->nodes);
        double y = PL__NODE_PX * (double)(k / (size_t)out->nodes);
        xy[k][0] = out->affine[0] + out->affine[1] * x + out->affine[2] * y;
        xy[k][1] = out->affine[3] + out->affine[4] * x + out->affine[5] * y;
    }
    pl_status status = pl__io_crs_transform(o->epsg, true, count, xy, error);
    if (status < 0) return status;
    pl__geo_metres_per_degree(o->lat_deg, &east_m, &north_m);
    for (size_t k = 0; k < count; k++) {
        out->east_m[k] = remainder(xy[k][0] - o->lon_deg, 360) * east_m;
        out->north_m[k] = (xy[k][1] - o->lat_deg) * north_m;
        if (!isfinite(out->east_m[k] + out->north_m[k]))
            return pl__fail(error, PL_E_USAGE, FLOOR, "EPSG:%d does not reach all of the picture",
                            o->epsg);
    }
    return PL_OK;
}

pl_status pl__synth_place(const pl_synth_options *o, pl_arena *arena, pl_synth_place *out,
                          pl_error *error) {
    double centre[2], units[2];
    *out = (pl_synth_place){.size = picture_side(o)};
    pl_status status = units_per_metre(o, centre, units, error);
    if (status < 0) return status;
    double px = o->gsd_m * units[0] * (o->mirror ? -1 : 1), py = -o->gsd_m * units[1];
    double middle = floor(0.5 * out->size);
    out->affine[1] = px;
    out->affine[5] = py;
    out->affine[0] = centre[0] - px * (middle + o->offset_x_px);
    out->affine[3] = centre[1] - py * (middle + o->offset_y_px);
    out->nodes = out->size / PL__NODE_PX + 2;
    return ground_of_nodes(o, arena, out, error);
}

void pl__synth_ground(const pl_synth_place *p, double x_px, double y_px, double *east_m,
                      double *north_m) {
    double x = x_px / PL__NODE_PX, y = y_px / PL__NODE_PX;
    int i = (int)pl__clamp(floor(x), 0, p->nodes - 2),
        j = (int)pl__clamp(floor(y), 0, p->nodes - 2);
    double fx = x - i, fy = y - j;
    size_t k = (size_t)j * (size_t)p->nodes + (size_t)i, n = (size_t)p->nodes;
    *east_m = (1 - fy) * ((1 - fx) * p->east_m[k] + fx * p->east_m[k + 1]) +
              fy * ((1 - fx) * p->east_m[k + n] + fx * p->east_m[k + n + 1]);
    *north_m = (1 - fy) * ((1 - fx) * p->north_m[k] + fx * p->north_m[k + 1]) +
               fy * ((1 - fx) * p->north_m[k + n] + fx * p->north_m[k + n + 1]);
}
