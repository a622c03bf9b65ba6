/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hull lies at this place, when somebody says that one does?
 *
 * 1. The usual search, in a window round the place. A hull on which the place lies is the one.
 * 2. Else the place is looked at again with less caution, since a person vouches for the ship: all
 * that stands out from the water there, at rising thresholds and opened by growing discs, is held
 * for a ship's blob, and the outline must show whether it is one. Of those that hold the place the
 * one of the likeliest proportions is taken, and doubted (outline_uncertain): a pontoon alongside
 * may hang on to it.
 * 3. Else, on water, the nearest hull of the usual search, if it is not farther than a beam or two.
 *
 * Nothing else is different: outline, proportions and water beside the hull are asked for as ever,
 * so that a place in a yard stays refused. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/internal.h"

static const double REACH_M = 400.0;  /* of the window: the longest ship, pointed at at one end */
static const double SEARCH_M = 1.0;   /* pixel of the search */
static const double TOUCH_M = 10.0;   /* a place so near is on the hull: hands are not exact */
static const double NEAREST_M = 50.0; /* farther away lies another ship than the one meant */
/* Above the water, in sigmas of a 3 x 3 mean, and shares of the place's own brightness. */
static const double LEVEL_SIGMAS[] = {3.0, 5.0, 8.0}, LEVEL_SHARE[] = {0.25, 0.4, 0.55, 0.7};
enum { ABSOLUTE = 3, LEVELS = 7, RADII = 5 };
static const double LEAST_LENGTH_M = 20.0, MOST_BEAM_M = 80.0, LEAST_RATIO = 1.8; /* of a blob */
/* Length over beam of an outline: tankers 5 to 7.5. Below, two things are taken for one. */
static const double LIKELY_RATIO = 6.2, LEAST_OUTLINE_RATIO = 4.0;
static const double CLOUD_SHARE = 0.1; /* of what is round the place */

/* ---- distances ---- */

static double to_segment(const double p[2], const double a[2], const double b[2]) {
    double dx = b[0] - a[0], dy = b[1] - a[1], square = dx * dx + dy * dy;
    double t = square > 0 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square : 0;
    t = pl__clamp(t, 0, 1);
    return hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

double pl__hull_distance_m(const pl_frame *frame, const pl_hull *hull, double x_px, double y_px) {
    double p[2], a[2], b[2], nearest = INFINITY;
    bool inside = false;
    pl__geo_to_metres(frame, x_px, y_px, &p[0], &p[1]);
    for (int k = 0; k + 1 < hull->outline_count; k++) {
        const double *from = hull->outline_px[k], *to = hull->outline_px[k + 1];
        pl__geo_to_metres(frame, from[0], from[1], &a[0], &a[1]);
        pl__geo_to_metres(frame, to[0], to[1], &b[0], &b[1]);
        nearest = pl__min(nearest, to_segment(p, a, b));
        if ((a[1] > p[1]) != (b[1] > p[1]) &&
            p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside ? 0 : nearest;
}

static const pl_hull *nearest_of(const pl_hull_list *list, const pl_frame *frame, double x_px,
                                 double y_px, double *distance_m) {
    const pl_hull *best = NULL;
    *distance_m = INFINITY;
    for (int k = 0; k < list->count; k++) {
        double d = pl__hull_distance_m(frame, &list->hull[k], x_px, y_px);
        if (d >= *distance_m) continue;
        *distance_m = d;
        best = &list->hull[k];
    }
    return best;
}

/* ---- with less caution ---- */

typedef struct look {
    const pl_scene *scene;
    const pl_crop *crop;
    const pl_sea *sea;
    double x_px, y_px; /* the place */
    int x, y;          /* its crop pixel */
    float *above;      /* how far each pixel stands above the water: the most of the bands, sigmas
                          of its 3 x 3 mean */
    double brightness; /* of what lies at the place, likewise */
    pl_arena *arena;
} look;

static bool make_above(look *l) {
    const pl_image *image = &l->crop->pixels;
    size_t count = (size_t)image->width * (size_t)image->height;
    l->above = pl__arena_array(l->arena, count, sizeof *l->above);
    float *level = pl__arena_array(l->arena, (size_t)image->width, sizeof *level), *smooth;
    if (!l->above || !level) return false;
    for (int band = 0; band < image->bands; band++) {
        if (!pl__image_box(pl__plane(image, band), image->width, image->height, 1, l->arena,
                           &smooth))
            return false;
        for (int y = 0; y < image->height; y++) {
            pl__hull_sea_row(l->sea, band, y, image->width, level);
            for (int x = 0; x < image->width; x++) {
                size_t at = (size_t)y * (size_t)image->width + (size_t)x;
                float z = (smooth[at] - level[x]) / (float)l->sea->sigma[band];
                if (z > l->above[at]) l->above[at] = z; /* NAN stays out */
            }
        }
    }
    return true;
}

/* How bright the ship is there: the upper quarter of what lies within a few metres. */
static double brightness(const look *l) {
    enum { AROUND = 8 };
    float near[(2 * AROUND + 1) * (2 * AROUND + 1)];
    const pl_image *image = &l->crop->pixels;
    size_t n = 0;
    for (int y = l->y - AROUND; y <= l->y + AROUND; y++)
        for (int x = l->x - AROUND; x <= l->x + AROUND; x++)
            if (x >= 0 && y >= 0 && x < image->width && y < image->height)
                near[n++] = l->above[(size_t)y * (size_t)image->width + (size_t)x];
    return n > 0 ? pl__image_quantile(near, n, 0.75) : 0;
}

/* The blob that the place lies on or beside; 0: none. */
static int blob_at(const look *l, const int *label) {
    const pl_image *image = &l->crop->pixels;
    double best = TOUCH_M / (l->crop->frame.pixel_m * l->crop->step);
    int reach = (int)ceil(best), found = 0;
    for (int dy = -reach; dy <= reach; dy++) {
        for (int dx = -reach; dx <= reach; dx++) {
            int x = l->x + dx, y = l->y + dy;
            if (x < 0 || y < 0 || x >= image->width || y >= image->height) continue;
            int here = label[(size_t)y * (size_t)image->width + (size_t)x];
            if (!here || hypot(dx, dy) > best) continue;
            best = hypot(dx, dy);
            found = here;
        }
    }
    return found;
}

/* Outlines one blob. @return PL_REFUSED when it is no ship on which the place lies. */
static pl_status outline(const look *l, const pl_candidate *c, const pl_hull_options *options,
                         pl_hull *out, pl_error *error) {
    pl_crop chip;
    pl_arena *working = pl_arena_new(0);
    if (!working) return pl__fail_memory(error, "hull");
    pl_status status = pl__hull_chip(l->scene, &l->crop->frame, c, working, &chip, error);
    if (status == PL_OK) status = pl__hull_outline(&chip, c, options, working, out, error);
    if (status == PL_OK && (out->length_m.value < LEAST_OUTLINE_RATIO * out->beam_m.value ||
                            pl__hull_distance_m(&l->crop->frame, out, l->x_px, l->y_px) > TOUCH_M ||
                            pl__hull_water_sides(&chip, l->crop, l->sea, out) == 0))
        status = PL_REFUSED;
    pl_arena_free(working);
    return status;
}

static double oddness(const pl_hull *hull) {
    return fabs(log(hull->length_m.value / hull->beam_m.value / LIKELY_RATIO));
}

/* Is a's outline to be preferred? No doubts first, then a ship's proportions. */
static bool better(const pl_hull *a, const pl_hull *b) {
    const pl_reasons doubt = PL_BIT(PL_OUTLINE_UNCERTAIN);
    if ((a->reasons & doubt) != (b->reasons & doubt)) return !(a->reasons & doubt);
    return oddness(a) < oddness(b);
}

/* One threshold, one disc. */
static pl_status try_level(look *l, double level, int radius, const pl_hull_options *options,
                           unsigned char *mask, int *label, pl_hull *best, bool *found,
                           pl_error *error) {
    const pl_image *image = &l->crop->pixels;
    size_t count = (size_t)image->width * (size_t)image->height;
    double pixel_m = l->crop->frame.pixel_m * l->crop->step;
    pl_blob *blobs;
    pl_hull hull;
    int n;
    for (size_t i = 0; i < count; i++) mask[i] = (double)l->above[i] > level;
    memset(label, 0, count * sizeof *label);
    double least = 0.05 * LEAST_LENGTH_M * LEAST_LENGTH_M / (pixel_m * pixel_m);
    if ((radius > 0 && !pl__image_open(mask, image->width, image->height, radius)) ||
        !pl__image_blobs(mask, image->width, image->height, least,
                         PL__HOLE_M2 / (pixel_m * pixel_m), l->arena, &blobs, &n, label))
        return pl__fail_memory(error, "hull");
    int at = blob_at(l, label);
    if (at == 0) return PL_OK;
    pl_candidate c = pl__hull_blob_candidate(l->crop, &blobs[at - 1]);
    c.gap_sigmas = radius > 0 ? level : 0;
    c.false_alarms = NAN; /* chance has no say in what a person points at */
    if (c.length_m < LEAST_LENGTH_M || c.length_m > 1.25 * options->max_length_m ||
        c.beam_m > MOST_BEAM_M || c.length_m < LEAST_RATIO * c.beam_m)
        return PL_OK;
    pl_status status = outline(l, &c, options, &hull, error);
    if (status == PL_OK && (!*found || better(&hull, best))) {
        *best = hull;
        *found = true;
    }
    return status < 0 ? status : PL_OK;
}

static pl_status look_closer(look *l, const pl_hull_options *usual, pl_hull *out, bool *found,
                             pl_error *error) {
    pl_hull_options options = *usual;
    size_t count = (size_t)l->crop->pixels.width * (size_t)l->crop->pixels.height;
    unsigned char *mask = pl__arena_array(l->arena, count, 1);
    int *label = pl__arena_array(l->arena, count, sizeof *label);
    options.min_length_m = pl__min(options.min_length_m, LEAST_LENGTH_M);
    if (!mask || !label || !make_above(l)) return pl__fail_memory(error, "hull");
    double there = l->brightness = brightness(l);
    for (int k = 0; k < LEVELS; k++) {
        double level = k < ABSOLUTE ? LEVEL_SIGMAS[k] : LEVEL_SHARE[k - ABSOLUTE] * there;
        if (level < LEVEL_SIGMAS[0]) continue;
        for (int radius = 0; radius < RADII; radius++) {
            pl_status status =
                try_level(l, level, radius, &options, mask, label, out, found, error);
            if (status < 0) return status;
        }
    }
    return PL_OK;
}

/* ---- the answer ---- */

static pl_status refuse(const pl_scene *scene, const look *l, pl_hull *out, pl_error *error) {
    const pl_quantity unknown = {NAN, NAN};
    double place[1][2] = {{l->x_px, l->y_px}}, cloud = 0;
    size_t count = (size_t)l->crop->pixels.width * (size_t)l->crop->pixels.height;
    *out = (pl_hull){.x_px = l->x_px,
                     .y_px = l->y_px,
                     .heading_rad = NAN,
                     .heading_sigma_rad = NAN,
                     .length_m = unknown,
                     .beam_m = unknown,
                     .false_alarms = NAN,
                     .ship_probability = NAN,
                     .reasons = PL_BIT(PL_NO_HULL_HERE)};
    for (size_t i = 0; l->crop->cloud && i < count; i++) cloud += l->crop->cloud[i];
    if (cloud > CLOUD_SHARE * (double)count) out->reasons |= PL_BIT(PL_CLOUD);
    pl_status status = pl_scene_to_lonlat(scene, 1, place, error);
    out->lon_deg = status == PL_OK ? place[0][0] : NAN;
    out->lat_deg = status == PL_OK ? place[0][1] : NAN;
    return status < 0 ? status : PL_REFUSED;
}

static pl_status read_window(const pl_scene *scene, double x_px, double y_px, pl_arena *arena,
                             pl_crop *out, double searched_px[4], pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(scene);
    pl_frame frame;
    if (!(x_px >= 0 && y_px >= 0 && x_px <= info->width_px && y_px <= info->height_px))
        return pl__fail(error, PL_E_USAGE, "hull", "the place lies outside the picture");
    pl_status status = pl_scene_frame(scene, x_px, y_px, &frame, error);
    if (status != PL_OK) return status;
    double rx = REACH_M * hypot(frame.pixels[0], frame.pixels[1]),
           ry = REACH_M * hypot(frame.pixels[2], frame.pixels[3]);
    searched_px[0] = pl__max(x_px - rx, 0);
    searched_px[1] = pl__max(y_px - ry, 0);
    searched_px[2] = pl__min(x_px + rx, info->width_px);
    searched_px[3] = pl__min(y_px + ry, info->height_px);
    return pl_scene_crop(scene, searched_px[0], searched_px[1], searched_px[2], searched_px[3],
                         pl__max(1.0, SEARCH_M / frame.pixel_m), arena, out, error);
}

pl_status pl_hull_find_at(const pl_scene *scene, double x_px, double y_px,
                          const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                          double searched_px[4], pl_error *error) {
    pl_crop crop;
    pl_sea sea;
    pl_hull_list usual = {0};
    double distance_m;
    bool found = false;
    pl_status status = read_window(scene, x_px, y_px, arena, &crop, searched_px, error);
    if (status != PL_OK) return status;
    look l = {.scene = scene,
              .crop = &crop,
              .sea = &sea,
              .x_px = x_px,
              .y_px = y_px,
              .x = (int)((x_px - crop.x_px) / crop.step),
              .y = (int)((y_px - crop.y_px) / crop.step),
              .arena = arena};
    pl_hull_options classical = *options; /* of shapes, a person is the better judge */
    classical.models_dir = NULL;
    status = pl__hull_sea(&crop, arena, &sea, error);
    if (status == PL_REFUSED) return refuse(scene, &l, out, error);
    if (status == PL_OK) status = pl_hull_find(scene, &crop, &classical, arena, &usual, error);
    if (status != PL_OK) return status;
    const pl_hull *nearest = nearest_of(&usual, &crop.frame, x_px, y_px, &distance_m);
    if (distance_m > TOUCH_M) {
        status = look_closer(&l, options, out, &found, error);
        if (status == PL_OK && found) {
            out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
            return pl__hull_finish(scene, out, error);
        }
        if (status != PL_OK) return status;
    }
    /* on something that cannot be outlined, a neighbour is not what is meant */
    bool on_water = distance_m <= TOUCH_M || l.brightness < LEVEL_SIGMAS[ABSOLUTE - 1];
    if (distance_m > NEAREST_M || !on_water) return refuse(scene, &l, out, error);
    *out = *nearest;
    return PL_OK;
}
