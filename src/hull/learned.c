/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the learned judge add to the hulls that were found, and what does it take away?
 *
 * The judge is asked about every shape in the picture (shapes.c) and about every hull that the
 * classical search outlined. Where it means a ship that was outlined, the outline stays: it is
 * exact to a fraction of a pixel, a shape is not. Where it means a ship that was not, she is
 * outlined from her shape, and doubted, since the search had its reasons; when no outline comes of
 * it that agrees, she is told with her shape alone: found and roughly sized, refused to whoever
 * asks for her freeboard. A hull that the judge holds for none goes.
 *
 * How likely must a ship be that only he has seen? He learned in pictures taken because ships are
 * in them, in colour. Where water lies along both sides of a shape, in a picture in colour, he is
 * asked what he learned, and more likely than not is enough for a ship without a number. On land
 * and at quays, and where a plane of what he learned from is empty, it takes more. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/judge.h"

static const double COARSE_M =
    2.0;                          /* search pixels of ships that coarse.c sizes: none was learned */
static const double SAME = 0.7;   /* overlap of upright boxes that mean the same outline */
static const double AGREES = 0.6; /* overlap of an outline with the shape that it came from */
static const double AS_GOOD = 0.8;    /* of the judge's favourite: an outline of that rank stays */
static const double OWN_LEAST = 0.25; /* probability of what was outlined: it has other witnesses */
static const double BAR = 0.9, BAR_AFLOAT = 0.5; /* probability of what only the judge has seen */
/* A picture is in colour when a tenth of its pixels differ by a twentieth between bands: more than
 * noise does. */
static const double COLOUR_SHARE = 0.1, COLOUR_DIFFERENCE = 0.05;
enum { COLOUR_SAMPLES = 4096 };
static const double EDGE_PX = 2.0; /* so near the picture's edge nobody sees where a shape ends */
static const double LENGTH_SHARE = 0.04, BEAM_SHARE = 0.15; /* how far a shape is off */

typedef struct bench {
    const pl_scene *scene;
    const pl_crop *search;
    const pl_sea *sea;
    const pl_hull_options *options;
    pl_shape *shape; /* of the outlined hulls first, then all others */
    pl_verdict *verdict;
    int outlined, count;
} bench;

static pl_shape shape_of(const pl_crop *crop, const pl_hull *hull) {
    double s = sin(hull->heading_rad), c = cos(hull->heading_rad);
    const double *p = crop->frame.pixels;
    double ux = (p[0] * s + p[1] * c) / crop->step, uy = (p[2] * s + p[3] * c) / crop->step,
           wx = (p[0] * c - p[1] * s) / crop->step, wy = (p[2] * c - p[3] * s) / crop->step;
    double angle = fmod(atan2(uy, ux) + 2 * PL_PI, PL_PI);
    return (pl_shape){
        (hull->x_px - crop->x_px) / crop->step, (hull->y_px - crop->y_px) / crop->step, angle,
        hull->length_m.value * hypot(ux, uy),   hull->beam_m.value * hypot(wx, wy),     1};
}

static pl_candidate candidate_of(const pl_crop *crop, const pl_shape *shape) {
    pl_blob blob = {.x = shape->x,
                    .y = shape->y,
                    .long_side = shape->length,
                    .short_side = shape->beam,
                    .angle_rad = shape->angle_rad};
    pl_candidate c = pl__hull_blob_candidate(crop, &blob);
    c.false_alarms = NAN; /* not chance was asked */
    return c;
}

/* The shape alone, as a hull. */
static void describe(const pl_crop *crop, const pl_shape *shape, pl_hull *out) {
    pl_candidate c = candidate_of(crop, shape);
    double corner[PL_SHAPE_CORNERS][2], pixel_m = crop->frame.pixel_m * crop->step;
    *out = (pl_hull){.tanker_probability = NAN,
                     .false_alarms = NAN,
                     .x_px = c.x_px,
                     .y_px = c.y_px,
                     .heading_rad = c.axis_rad,
                     .outline_count = PL_SHAPE_CORNERS + 1};
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) out->evidence[k] = NAN;
    out->heading_sigma_rad = hypot(2 * PL_RAD_PER_DEG, 1.0 / shape->length);
    out->length_m = (pl_quantity){c.length_m, hypot(2 * pixel_m, LENGTH_SHARE * c.length_m)};
    out->beam_m = (pl_quantity){c.beam_m, hypot(pixel_m, BEAM_SHARE * c.beam_m)};
    pl__shape_corners(shape, corner);
    for (int k = 0; k <= PL_SHAPE_CORNERS; k++) {
        out->outline_px[k][0] = crop->x_px + corner[k % PL_SHAPE_CORNERS][0] * crop->step;
        out->outline_px[k][1] = crop->y_px + corner[k % PL_SHAPE_CORNERS][1] * crop->step;
    }
    out->reasons =
        PL_BIT(PL_OUTLINE_BY_SHAPE) | PL_BIT(PL_OUTLINE_UNCERTAIN) | PL_BIT(PL_BOW_UNCERTAIN);
}

static bool is_whole(const bench *b, const pl_hull *hull) {
    const pl_scene_info *info = pl_scene_describe(b->scene);
    for (int k = 0; k < hull->outline_count; k++) {
        double x = hull->outline_px[k][0], y = hull->outline_px[k][1];
        if (x < EDGE_PX || y < EDGE_PX || x > info->width_px - EDGE_PX ||
            y > info->height_px - EDGE_PX)
            return false;
    }
    return true;
}

/* A ship told with her shape alone. @return PL_REFUSED when she has no water along so many sides,
 * is too short, or the picture cuts her shape. */
static pl_status tell_shape(const bench *b, const pl_shape *shape, int water_sides, pl_hull *out) {
    describe(b->search, shape, out);
    bool fits = out->length_m.value >= b->options->min_length_m &&
                out->length_m.value <= b->options->max_length_m && is_whole(b, out);
    return fits && pl__hull_water_sides(b->search, b->search, b->sea, out) >= water_sides
               ? PL_OK
               : PL_REFUSED;
}

/* A ship that only the judge has seen. @return PL_REFUSED when she lies on land, is too short, or
 * the picture cuts her shape. */
static pl_status outline(const bench *b, const pl_shape *shape, pl_hull *out, pl_error *error) {
    pl_candidate c = candidate_of(b->search, shape);
    pl_crop chip;
    pl_arena *working = pl_arena_new(0);
    if (!working) return pl__fail_memory(error, "hull");
    pl_status status = pl__hull_chip(b->scene, &b->search->frame, &c, working, &chip, error);
    if (status == PL_OK) status = pl__hull_outline(&chip, &c, b->options, working, out, error);
    pl_shape drawn = status == PL_OK ? shape_of(b->search, out) : *shape;
    if (status == PL_OK && (pl__shape_overlap(&drawn, shape) < AGREES ||
                            pl__hull_water_sides(&chip, b->search, b->sea, out) == 0))
        status = PL_REFUSED;
    pl_arena_free(working);
    if (status == PL_OK) out->reasons |= PL_BIT(PL_OUTLINE_UNCERTAIN);
    return status == PL_REFUSED ? tell_shape(b, shape, 1, out) : status;
}

static double rank_of(const bench *b, int k) {
    return b->verdict[k].ship * b->verdict[k].overlap;
}

/* The outlined hull that is meant by a shape; -1: none was. */
static int meant(const bench *b, int shape, const bool *taken) {
    int best = -1;
    double most = 0;
    for (int k = 0; k < b->outlined; k++) {
        if (taken[k]) continue;
        double common = pl__shape_common(&b->shape[k], &b->shape[shape]),
               overlap = pl__shape_overlap(&b->shape[k], &b->shape[shape]);
        bool same = overlap >= SAME ||
                    (common >= PL__SHAPE_COMMON && rank_of(b, k) >= AS_GOOD * rank_of(b, shape));
        if (!same || overlap + common <= most) continue;
        most = overlap + common;
        best = k;
    }
    return best;
}

static bool lies_on_one(const bench *b, int k, const pl_shape *kept, int count) {
    for (int i = 0; i < count; i++)
        if (pl__shape_common(&b->shape[k], &kept[i]) >= PL__SHAPE_COMMON) return true;
    return false;
}

/* Puts together what is told. @param kept in the arena: the shape of each. */
static pl_status choose(const bench *b, const pl_hull *old, const int *picked, int picks,
                        pl_arena *arena, pl_hull *out, pl_shape *kept, int *count,
                        pl_error *error) {
    bool *taken = pl__arena_array(arena, (size_t)b->outlined + 1, sizeof *taken);
    if (!taken) return pl__fail_memory(error, "hull");
    *count = 0;
    for (int i = 0; i < picks; i++) {
        int mine =
            picked[i] < b->outlined && !taken[picked[i]] ? picked[i] : meant(b, picked[i], taken);
        pl_hull *hull = &out[*count];
        if (mine >= 0) {
            taken[mine] = true;
            *hull = old[mine];
            hull->ship_probability = b->verdict[mine].ship;
            kept[(*count)++] = b->shape[mine];
            continue;
        }
        if (picked[i] < b->outlined || lies_on_one(b, picked[i], kept, *count)) continue;
        pl_status status = outline(b, &b->shape[picked[i]], hull, error);
        if (status == PL_OK) status = pl__hull_finish(b->scene, hull, error);
        if (status < 0) return status;
        if (status == PL_REFUSED) continue;
        hull->ship_probability = b->verdict[picked[i]].ship;
        kept[(*count)++] = b->shape[picked[i]];
    }
    for (int k = 0; k < b->outlined; k++) {
        if (taken[k] || b->verdict[k].ship < OWN_LEAST || lies_on_one(b, k, kept, *count)) continue;
        out[*count] = old[k];
        out[*count].ship_probability = b->verdict[k].ship;
        kept[(*count)++] = b->shape[k];
    }
    return PL_OK;
}

bool pl__hull_in_colour(const pl_crop *crop) {
    const pl_image *image = &crop->pixels;
    size_t count = (size_t)image->width * (size_t)image->height,
           stride = 1 + count / COLOUR_SAMPLES, seen = 0, differ = 0;
    for (size_t i = 0; i < count; i += stride) {
        double low = INFINITY, high = -INFINITY;
        int bands = 0;
        for (int band = 0; band < image->bands; band++) {
            pl_band_role role = crop->role[band];
            if (role != PL_BAND_RED && role != PL_BAND_GREEN && role != PL_BAND_BLUE) continue;
            double value = (double)pl__plane(image, band)[i];
            low = pl__min(low, value);
            high = pl__max(high, value);
            bands++;
        }
        if (bands < 3) return false;
        seen++;
        differ += high - low > COLOUR_DIFFERENCE * high; /* not where there is nothing: NAN */
    }
    return (double)differ > COLOUR_SHARE * (double)seen;
}

/* Adds ships in open water that the judge holds for likely, where nothing was told yet. */
static pl_status add_afloat(const bench *b, pl_arena *arena, pl_hull *out, pl_shape *kept,
                            int *count, pl_error *error) {
    int *picked, picks = pl__judge_pick(b->shape, b->verdict, b->count, BAR_AFLOAT, arena, &picked);
    if (picks < 0) return pl__fail_memory(error, "hull");
    for (int i = 0; i < picks; i++) {
        const pl_shape *shape = &b->shape[picked[i]];
        pl_hull *hull = &out[*count];
        if (picked[i] < b->outlined || lies_on_one(b, picked[i], kept, *count) ||
            tell_shape(b, shape, 2, hull) != PL_OK)
            continue;
        pl_status status = pl__hull_finish(b->scene, hull, error);
        if (status < 0) return status;
        hull->ship_probability = b->verdict[picked[i]].ship;
        kept[(*count)++] = *shape;
    }
    return PL_OK;
}

/* What is told, of the outlined hulls and of what the judge has seen. */
static pl_status tell(const bench *b, const pl_hull *old, pl_arena *arena, pl_hull *out, int *count,
                      pl_error *error) {
    double asked = b->options->min_ship_probability, bar = isnan(asked) ? BAR : asked;
    int *picked, picks = pl__judge_pick(b->shape, b->verdict, b->count, bar, arena, &picked);
    pl_shape *kept = pl__arena_array(arena, (size_t)b->count + 1, sizeof *kept);
    if (picks < 0 || !kept) return pl__fail_memory(error, "hull");
    pl_status status = choose(b, old, picked, picks, arena, out, kept, count, error);
    if (status == PL_OK && isnan(asked) && pl__hull_in_colour(b->search))
        status = add_afloat(b, arena, out, kept, count, error);
    return status;
}

pl_status pl__hull_learned(const pl_scene *scene, const pl_crop *search, const pl_sea *sea,
                           const pl_hull_options *options, pl_arena *arena, pl_hull **hulls,
                           int *count, pl_error *error) {
    pl_net *net = NULL;
    pl_views views;
    pl_shape *shapes;
    int many = 0;
    if (!options->models_dir || search->frame.pixel_m * search->step >= COARSE_M) return PL_OK;
    pl_status status = pl__judge_open(options->models_dir, &net, error);
    if (status != PL_OK || !net) return status;
    bench b = {.scene = scene, .search = search, .sea = sea, .options = options};
    pl_arena *working = pl_arena_new(0);
    bool fine = working && pl__hull_shapes(search, sea, options, working, &shapes, &many) &&
                pl__views_make(search, working, &views);
    b.outlined = *count;
    b.count = *count + many;
    b.shape = fine ? pl__arena_array(working, (size_t)b.count + 1, sizeof *b.shape) : NULL;
    b.verdict = b.shape ? pl__arena_array(working, (size_t)b.count + 1, sizeof *b.verdict) : NULL;
    pl_hull *out = b.verdict ? pl__arena_array(arena, (size_t)b.count + 1, sizeof *out) : NULL;
    if (!out) status = pl__fail_memory(error, "hull");
    for (int k = 0; out && k < *count; k++) b.shape[k] = shape_of(search, &(*hulls)[k]);
    if (out) memcpy(b.shape + *count, shapes, (size_t)many * sizeof *shapes);
    if (status == PL_OK) status = pl__judge_shapes(net, &views, b.shape, b.count, b.verdict, error);
    if (status == PL_OK) status = tell(&b, *hulls, working, out, count, error);
    if (status == PL_OK) *hulls = out;
    pl__net_free(net);
    pl_arena_free(working);
    return status;
}
