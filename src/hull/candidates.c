/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where might ships lie?
 *
 * A ship's deck in sunlight is brighter than the water round it in at least one band. Pixels that
 * stand out by more than a threshold are joined over deck shadows (closing), holes are filled,
 * blobs of a ship's size and shape are kept. Blobs too large for any ship are land, quay or cloud.
 * The threshold is a statement about false alarms: with q the share of such pixels on the water
 * itself (measured on this picture, so swell and glint are in it), a blob of k pixels arises by
 * chance  N q^(k/9)  times in N pixels, 9 being the patch over which neighbouring water pixels err
 * alike. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "hull/internal.h"

static const double BRIGHT_SIGMAS = 5.0; /* on a 3 x 3 mean */
static const double BRIGHT_SHARE = 0.12; /* of the water's own level: swell is no ship */
static const double CLOSING_M = 2.5;     /* gaps in the deck: pipes' and cranes' shadows */
static const double MAX_BEAM_M = 75.0;   /* the widest ships afloat have 68 m */
static const double MIN_RATIO = 2.2,
                    MAX_RATIO = 14.0; /* length over beam of ships; barges 3, slender coasters 8 */
static const double MIN_FILL = 0.5;   /* of the turned rectangle */
static const double CORRELATED_PX = 9.0;
static const double OPEN_SHARE = 0.6, MOORED_FILL = 0.65, MOORED_AREA_M2 = 300.0;
static const double STOOD_SHARE = 0.5; /* of the points along a side: there lies her quay */
static const double GAP_LEVEL[] = {0.25, 0.4, 0.55, 0.7}; /* of the land zone's brightness */
/* From pixels of this size on a ship is a few pixels wide: means of 3 x 3 would drown her. And haze
 * and shallows then hide her in all bands but the near infrared. */
static const double COARSE_M = 4.0, COARSE_CORRELATED_PX = 3.0;
static const double COARSE_RATIO = 1.5, COARSE_FILL = 0.35; /* pixels' corners stand out */
enum { CANDIDATES_MAX = 4096 };

static bool is_coarse(const pl_crop *crop) {
    return crop->frame.pixel_m * crop->step > COARSE_M;
}

/* Marks pixels that are bright in one band. */
static bool mark_band(const pl_crop *crop, const pl_sea *sea, int band, int radius,
                      unsigned char *mask) {
    const pl_image *image = &crop->pixels;
    float *smooth;
    pl_arena *working =
        pl_arena_new(0); /* a band's smoothed pixels go before the next one's come */
    float *level = working ? pl__arena_array(working, (size_t)image->width, sizeof *level) : NULL;
    bool fine = level && pl__image_box(pl__plane(image, band), image->width, image->height, radius,
                                       working, &smooth);
    for (int y = 0; fine && y < image->height; y++) {
        pl__hull_sea_row(sea, band, y, image->width, level);
        for (int x = 0; x < image->width; x++) {
            size_t at = (size_t)y * (size_t)image->width + (size_t)x;
            if (crop->mask && !crop->mask[at]) continue;
            double above = (double)smooth[at] - (double)level[x];
            if (above > BRIGHT_SIGMAS * sea->sigma[band] &&
                above > BRIGHT_SHARE * fabs((double)level[x]))
                mask[at] = 1;
        }
    }
    pl_arena_free(working);
    return fine;
}

bool pl__hull_bright(const pl_crop *crop, const pl_sea *sea, unsigned char *mask) {
    int infrared = 0;
    bool coarse = is_coarse(crop);
    for (int band = 0; band < crop->pixels.bands; band++)
        infrared += crop->role[band] == PL_BAND_NIR;
    for (int band = 0; band < crop->pixels.bands; band++) {
        if (coarse && infrared && crop->role[band] != PL_BAND_NIR) continue;
        if (!mark_band(crop, sea, band, coarse ? 0 : 1, mask)) return false;
    }
    return true;
}

/* Share of bright pixels outside all sizeable blobs: what the water itself does. */
static double water_rate(const unsigned char *bright, const int *label, size_t count) {
    size_t alone = 0, open = 0;
    for (size_t i = 0; i < count; i++) {
        if (label[i]) continue;
        open++;
        alone += bright[i];
    }
    return ((double)alone + 1.0) / ((double)open + 2.0); /* Laplace: never quite zero */
}

/* From crop pixels to input pixels, metres and true north. */
pl_candidate pl__hull_blob_candidate(const pl_crop *crop, const pl_blob *blob) {
    pl_candidate c = {.x_px = crop->x_px + blob->x * crop->step,
                      .y_px = crop->y_px + blob->y * crop->step};
    const double *m = crop->frame.metres;
    double ux = cos(blob->angle_rad) * crop->step, uy = sin(blob->angle_rad) * crop->step;
    double east = m[0] * ux + m[1] * uy, north = m[2] * ux + m[3] * uy;
    c.length_m = blob->long_side * hypot(east, north);
    double cross_east = -m[0] * uy + m[1] * ux, cross_north = -m[2] * uy + m[3] * ux;
    c.beam_m = blob->short_side * hypot(cross_east, cross_north);
    c.axis_rad = fmod(pl__geo_wrap(atan2(east, north)), PL_PI);
    return c;
}

static bool ship_shaped(const pl_crop *crop, const pl_candidate *c, const pl_blob *blob,
                        const pl_hull_options *options) {
    double ratio = c->length_m / c->beam_m,
           fill = blob->area / (blob->long_side * blob->short_side);
    bool coarse = is_coarse(crop);
    double widest_m = MAX_BEAM_M + (coarse ? 2 * crop->frame.pixel_m * crop->step : 0); /* blur */
    /* 0.8 and 1.25: the blob's box at search resolution, not yet the hull */
    return c->length_m >= 0.8 * options->min_length_m &&
           c->length_m <= 1.25 * options->max_length_m && c->beam_m <= widest_m &&
           ratio >= (coarse ? COARSE_RATIO : MIN_RATIO) && ratio <= MAX_RATIO &&
           fill >= (coarse ? COARSE_FILL : MIN_FILL);
}

/* Land, quays and what lies at them: blobs too large or too odd for one ship. */
static bool oversized(const pl_crop *crop, const pl_candidate *c, const pl_blob *blob,
                      const pl_hull_options *options) {
    return c->length_m > 1.1 * options->min_length_m && c->beam_m > 12.0 &&
           !ship_shaped(crop, c, blob, options);
}

/* Does open water lie along at least one long side? Share of points 4 to 10 m off it that belong to
 * no large blob. */
static bool has_open_side(const pl_crop *crop, const pl_blob *b, const unsigned char *land) {
    double pixel_m = crop->frame.pixel_m * crop->step, c = cos(b->angle_rad), s = sin(b->angle_rad);
    for (int side = -1; side <= 1; side += 2) {
        int open = 0, all = 0;
        for (double u = -0.4; u <= 0.4; u += 0.05) {
            for (double off_m = 4.0; off_m <= 10.0; off_m += 2.0) {
                double w = side * (0.5 * b->short_side +
                                   pl__max(off_m / pixel_m, is_coarse(crop) ? 1.5 : 0));
                int x = (int)floor(b->x + u * b->long_side * c - w * s),
                    y = (int)floor(b->y + u * b->long_side * s + w * c);
                all++;
                if (x < 0 || y < 0 || x >= crop->pixels.width || y >= crop->pixels.height) continue;
                open += !land[(size_t)y * (size_t)crop->pixels.width + (size_t)x];
            }
        }
        if (open >= OPEN_SHARE * all) return true;
    }
    return false;
}

typedef struct search {
    const pl_crop *crop;
    const pl_hull_options *options;
    pl_arena *arena;
    double log_rate;
    double correlated_px;
    pl_candidate *list;
    int count, moored; /* the first ones are moored */
} search;

static void keep(search *s, const pl_candidate *c) {
    for (int k = s->moored; k < s->count; k++) {
        double m = s->crop->frame.pixel_m;
        if (hypot(s->list[k].x_px - c->x_px, s->list[k].y_px - c->y_px) * m < 0.3 * c->length_m)
            return;
    }
    if (s->count < CANDIDATES_MAX) s->list[s->count++] = *c;
}

/* How far each pixel of the land zone stands above the water, mean over bands in sigmas; 0
 * elsewhere. And its median. */
static bool zone_brightness(const search *s, const pl_sea *sea, const unsigned char *land,
                            float **out, double *typical) {
    const pl_image *image = &s->crop->pixels;
    size_t pixels = (size_t)image->width * (size_t)image->height, n = 0;
    float *bright = pl__arena_array(s->arena, pixels, sizeof *bright),
          *sorted = pl__arena_array(s->arena, pixels, sizeof *sorted);
    if (!bright || !sorted) return false;
    for (size_t i = 0; i < pixels; i++) {
        if (!land[i]) continue;
        double sum = 0, x = (double)(i % (size_t)image->width) + 0.5,
               y = (double)(i / (size_t)image->width) + 0.5;
        for (int band = 0; band < image->bands; band++) {
            sum += ((double)pl__plane(image, band)[i] - pl__hull_sea_level(sea, band, x, y)) /
                   sea->sigma[band];
        }
        bright[i] = (float)(sum / image->bands);
        sorted[n++] = bright[i];
    }
    *typical = pl__image_quantile(sorted, n, 0.5);
    *out = bright;
    return true;
}

/* Ships at a quay hang together with it by moorings, gangways, and the closing above. The large
 * blobs are taken again without the closing, at rising thresholds (the gap is darker than hull and
 * quay, though not as dark as water) and opened by shrinking discs, until something ship-shaped
 * with open water beside it comes off. */
static bool find_moored(search *s, const pl_sea *sea, const unsigned char *land) {
    int width = s->crop->pixels.width, height = s->crop->pixels.height;
    size_t pixels = (size_t)width * (size_t)height;
    double pixel_m = s->crop->frame.pixel_m * s->crop->step, typical;
    float *bright;
    unsigned char *part = pl__arena_array(s->arena, pixels, 1);
    if (!part || !zone_brightness(s, sea, land, &bright, &typical)) return false;
    for (size_t t = 0; t < sizeof GAP_LEVEL / sizeof *GAP_LEVEL; t++) {
        for (int radius = 2; radius >= 0; radius--) {
            pl_blob *blobs;
            int found;
            for (size_t i = 0; i < pixels; i++)
                part[i] = land[i] && (double)bright[i] > GAP_LEVEL[t] * typical;
            if (!pl__image_open(part, width, height, radius) ||
                !pl__image_blobs(part, width, height,
                                 pl__max(MOORED_AREA_M2 / (pixel_m * pixel_m), 8.0), INFINITY,
                                 s->arena, &blobs, &found, NULL)) {
                return false;
            }
            for (int k = 0; k < found; k++) {
                pl_candidate c = pl__hull_blob_candidate(s->crop, &blobs[k]);
                double fill = blobs[k].area / (blobs[k].long_side * blobs[k].short_side);
                c.false_alarms =
                    (double)pixels * exp(s->log_rate * blobs[k].area / s->correlated_px);
                c.gap_sigmas = GAP_LEVEL[t] * typical;
                if (ship_shaped(s->crop, &c, &blobs[k], s->options) && fill >= MOORED_FILL &&
                    has_open_side(s->crop, &blobs[k], land))
                    keep(s, &c);
            }
        }
    }
    return true;
}

/* Along which long side of a blob lies what stood there before? 1 where across, a quarter turn from
 * along towards +y, is that side, -1 the other, 0 neither. */
static int stood_side(const pl_crop *crop, const pl_blob *b) {
    double c = cos(b->angle_rad), sn = sin(b->angle_rad);
    int stood[2] = {0}, all[2] = {0};
    for (int k = 0; k < 2; k++) {
        for (double u = -0.4; u <= 0.4; u += 0.05) {
            for (double off = 1; off <= 2; off += 0.5) {
                double w = (k ? 1 : -1) * (0.5 * b->short_side + off);
                int x = (int)floor(b->x + u * b->long_side * c - w * sn),
                    y = (int)floor(b->y + u * b->long_side * sn + w * c);
                if (x < 0 || y < 0 || x >= crop->pixels.width || y >= crop->pixels.height) continue;
                all[k]++;
                stood[k] += crop->stood[(size_t)y * (size_t)crop->pixels.width + (size_t)x];
            }
        }
    }
    int side = stood[1] > stood[0];
    return stood[side] > STOOD_SHARE * all[side] ? (side ? 1 : -1) : 0;
}

/* What stands out now beside what stood there before is a ship at her quay. */
static bool add_new(search *s, const unsigned char *bright) {
    const pl_crop *crop = s->crop;
    int width = crop->pixels.width, height = crop->pixels.height, found;
    size_t pixels = (size_t)width * (size_t)height;
    double pixel_m = crop->frame.pixel_m * crop->step;
    int margin = pl__hull_before_margin(crop);
    pl_blob *blobs;
    unsigned char *fresh = pl__arena_array(s->arena, pixels, 1);
    if (!fresh) return false;
    for (size_t i = 0; i < pixels; i++) fresh[i] = bright[i] && !crop->stood[i];
    if (!pl__image_close(fresh, width, height, (int)lround(CLOSING_M / pixel_m)) ||
        !pl__image_open(fresh, width, height, is_coarse(crop) ? 0 : 1) ||
        !pl__image_blobs(fresh, width, height,
                         pl__max(MOORED_AREA_M2 / (pixel_m * pixel_m), is_coarse(crop) ? 8 : 12),
                         INFINITY, s->arena, &blobs, &found, NULL))
        return false;
    for (int k = 0; k < found && s->count < CANDIDATES_MAX; k++) {
        int side = stood_side(crop, &blobs[k]);
        if (side == 0) continue; /* afloat: found by herself */
        pl_blob whole = blobs[k];
        whole.short_side += margin;
        whole.area += margin * whole.long_side;
        whole.x -= 0.5 * side * margin * sin(whole.angle_rad);
        whole.y += 0.5 * side * margin * cos(whole.angle_rad);
        pl_candidate c = pl__hull_blob_candidate(crop, &whole);
        c.false_alarms = (double)pixels * exp(s->log_rate * blobs[k].area / s->correlated_px);
        if (c.false_alarms > s->options->max_false_alarms ||
            !ship_shaped(crop, &c, &whole, s->options))
            continue;
        const double *m = crop->frame.metres;
        double nx = -side * sin(whole.angle_rad), ny = side * cos(whole.angle_rad);
        double to = atan2(m[0] * nx + m[1] * ny, m[2] * nx + m[3] * ny);
        c.touch = sin(to - c.axis_rad) > 0 ? 1 : -1;
        c.parted = true;
        s->list[s->count++] = c;
    }
    return true;
}

/* Ships against something. They come first: where the outline succeeds, the blob that they are part
 * of is not asked again. */
static bool add_moored(search *s, const unsigned char *bright) {
    double pixels = (double)s->crop->pixels.width * s->crop->pixels.height;
    double pixel_m = s->crop->frame.pixel_m * s->crop->step;
    pl_candidate *moored;
    int count;
    if (!pl__hull_moored(s->crop, bright, s->options, s->arena, &moored, &count)) return false;
    for (int k = 0; k < count && s->count < CANDIDATES_MAX; k++) {
        double area = moored[k].length_m * moored[k].beam_m / (pixel_m * pixel_m);
        moored[k].false_alarms = pixels * exp(s->log_rate * area / s->correlated_px);
        s->list[s->count++] = moored[k];
    }
    s->moored = s->count;
    return true;
}

pl_status pl__hull_candidates(const pl_crop *crop, const pl_sea *sea,
                              const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                              int *count, pl_error *error) {
    int width = crop->pixels.width, height = crop->pixels.height;
    size_t pixels = (size_t)width * (size_t)height;
    double pixel_m = crop->frame.pixel_m * crop->step;
    unsigned char *bright = pl__arena_array(arena, pixels, 1),
                  *joined = pl__arena_array(arena, pixels, 1);
    int *label = pl__arena_array(arena, pixels, sizeof *label);
    if (!bright || !joined || !label || !pl__hull_bright(crop, sea, bright))
        return pl__fail_memory(error, "hull");
    memcpy(joined, bright, pixels);
    pl_blob *blobs;
    int found;
    /* a ship of the least length and a tenth of that in beam */
    double min_area = 0.05 * options->min_length_m * options->min_length_m / (pixel_m * pixel_m);
    if (!pl__image_close(joined, width, height, (int)lround(CLOSING_M / pixel_m)) ||
        !pl__image_blobs(joined, width, height, pl__max(min_area, is_coarse(crop) ? 8.0 : 12.0),
                         PL__HOLE_M2 / (pixel_m * pixel_m), arena, &blobs, &found, label)) {
        return pl__fail_memory(error, "hull");
    }
    search s = {.crop = crop,
                .options = options,
                .arena = arena,
                .log_rate = log(water_rate(bright, label, pixels)),
                .correlated_px = is_coarse(crop) ? COARSE_CORRELATED_PX : CORRELATED_PX};
    s.list = pl__arena_array(arena, CANDIDATES_MAX, sizeof *s.list);
    unsigned char *large = pl__arena_array(arena, (size_t)found + 1, 1),
                  *land = pl__arena_array(arena, pixels, 1);
    if (!s.list || !large || !land) return pl__fail_memory(error, "hull");
    if (crop->stood && !add_new(&s, bright)) return pl__fail_memory(error, "hull");
    if (!add_moored(&s, bright)) return pl__fail_memory(error, "hull");
    for (int k = 0; k < found; k++) {
        pl_candidate c = pl__hull_blob_candidate(crop, &blobs[k]);
        c.false_alarms = (double)pixels * exp(s.log_rate * blobs[k].area / s.correlated_px);
        if (c.false_alarms > options->max_false_alarms) continue;
        if (ship_shaped(crop, &c, &blobs[k], options)) keep(&s, &c);
        large[k + 1] = oversized(crop, &c, &blobs[k], options);
    }
    bool any = false;
    for (size_t i = 0; i < pixels; i++) {
        land[i] = large[label[i]];
        any = any || land[i];
    }
    if (any && !find_moored(&s, sea, land)) return pl__fail_memory(error, "hull");
    *out = s.list;
    *count = s.count;
    return PL_OK;
}
