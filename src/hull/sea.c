/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the water look like here?
 *
 * The crop is cut into square tiles; each gives a median and a scatter per band. Water tiles are
 * alike and calm; ships, quays and towns are not. Among the tiles' medians the densest cluster
 * within a factor of 1.35 is sought, and of all clusters that hold at least an eighth of the tiles
 * the darkest is taken for water: in every optical band that counts here, land and cloud are
 * brighter, and in the near infrared, which alone is asked where it is known, far brighter. A
 * smaller one counts too when it is far calmer than the rest: where a yard fills the picture, its
 * pavement is the larger cluster. Tiles that are not water borrow their level from their
 * neighbours, so that a ship that fills a tile does not raise its own background. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hull/sea.h"
#include "image/image.h"

enum { ACROSS = 48 }; /* samples of a tile, each way: the median is then good to 3 % of sigma */
enum { TILE_M = 48, MIN_TILE_PX = 16 }; /* most ships leave a 48 m tile's median to the water */
static const double CLUSTER_RATIO = 1.35;
static const double CLUSTER_SHARE = 0.125;
static const double CALM_SHARE = 0.04,
                    CALM_RATIO = 0.5; /* share; roughness, of the typical tile's */

typedef struct tile {
    double brightness; /* mean of the bands' medians, each in units of the crop's own median */
    double median[PL_BANDS_MAX], sigma[PL_BANDS_MAX];
    bool valid, water;
} tile;

static void measure_tile(const pl_crop *crop, int x0, int y0, int size, float *scratch, tile *out) {
    const pl_image *image = &crop->pixels;
    int x1 = x0 + size < image->width ? x0 + size : image->width;
    int y1 = y0 + size < image->height ? y0 + size : image->height;
    int stride = size / ACROSS > 1 ? size / ACROSS : 1;
    out->valid = true;
    for (int band = 0; band < image->bands; band++) {
        const float *plane = pl__plane(image, band);
        size_t n = 0, all = 0;
        for (int y = y0; y < y1; y += stride) {
            for (int x = x0; x < x1; x += stride) {
                float v = plane[(size_t)y * (size_t)image->width + (size_t)x];
                all++;
                if (isfinite(v)) scratch[n++] = v;
            }
        }
        if (2 * n < all || n < 16) {
            out->valid = false;
            return;
        }
        pl__image_median_mad(scratch, n, &out->median[band], &out->sigma[band]);
    }
}

/* Rows of tiles are measured side by side. */
typedef struct tile_rows {
    const pl_crop *crop;
    int tiles_x, size;
    float *scratch; /* size * size for each worker */
    tile *tiles;
} tile_rows;

static void measure_row(int row, int worker, void *context) {
    const tile_rows *r = context;
    float *scratch = r->scratch + (size_t)worker * (size_t)r->size * (size_t)r->size;
    for (int i = 0; i < r->tiles_x; i++)
        measure_tile(r->crop, i * r->size, row * r->size, r->size, scratch,
                     &r->tiles[row * r->tiles_x + i]);
}

static int by_brightness(const void *a, const void *b) {
    double x = (*(const tile *const *)a)->brightness, y = (*(const tile *const *)b)->brightness;
    return (x > y) - (x < y);
}

/* Scatter against level, mean over the bands. */
static double roughness(const tile *t, int bands) {
    double sum = 0;
    for (int band = 0; band < bands; band++) sum += t->sigma[band] / pl__max(t->median[band], 1.0);
    return sum / bands;
}

/* The darkest well-filled cluster of tiles: marks them. @return their number. */
static int mark_water(tile *tiles, int count, int bands, tile **order) {
    int valid = 0;
    double rough = 0;
    for (int i = 0; i < count; i++) {
        if (!tiles[i].valid) continue;
        order[valid++] = &tiles[i];
        rough += roughness(&tiles[i], bands);
    }
    if (valid == 0) return 0;
    qsort(order, (size_t)valid, sizeof *order, by_brightness);
    int best_from = -1, best_to = 0;
    for (int from = 0, to = 0; from < valid; from++) {
        while (to < valid && order[to]->brightness <= CLUSTER_RATIO * order[from]->brightness) to++;
        int members = to - from;
        double inside = 0;
        for (int i = from; i < to && members < CLUSTER_SHARE * valid; i++)
            inside += roughness(order[i], bands);
        if (members < CLUSTER_SHARE * valid &&
            (members < CALM_SHARE * valid || inside / members > CALM_RATIO * rough / valid))
            continue;
        if (best_from >= 0 &&
            order[from]->brightness > CLUSTER_RATIO * order[best_from]->brightness)
            break;
        if (best_from < 0 || members > best_to - best_from) {
            best_from = from;
            best_to = to;
        }
    }
    if (best_from < 0) return 0;
    for (int i = best_from; i < best_to; i++) order[i]->water = true;
    return best_to - best_from;
}

/* Levels of tiles that are not water: the mean of the water tiles, weighted by 1 / distance^4. */
static void fill_levels(const tile *tiles, pl_sea *sea) {
    int count = sea->tiles_x * sea->tiles_y;
    for (int band = 0; band < sea->bands; band++) {
        float *level = sea->level + (size_t)band * (size_t)count;
        for (int i = 0; i < count; i++) {
            if (tiles[i].water) {
                level[i] = (float)tiles[i].median[band];
                continue;
            }
            double sum = 0, weight = 0;
            for (int j = 0; j < count; j++) {
                if (!tiles[j].water) continue;
                double dx = i % sea->tiles_x - j % sea->tiles_x,
                       dy = i / sea->tiles_x - j / sea->tiles_x;
                double r2 = dx * dx + dy * dy;
                sum += tiles[j].median[band] / (r2 * r2);
                weight += 1.0 / (r2 * r2);
            }
            level[i] = (float)(sum / weight);
        }
    }
}

/* Normalise each band by its median over tiles, so that no band outweighs the others. Where the
 * near infrared is known it alone counts: water swallows it, while woods, dark elsewhere, send it
 * back. */
static void set_brightness(const pl_crop *crop, tile *tiles, int count, float *scratch) {
    int bands = crop->pixels.bands, infrared = 0;
    for (int band = 0; band < bands; band++) infrared += crop->role[band] == PL_BAND_NIR;
    for (int band = 0; band < bands; band++) {
        if (infrared && crop->role[band] != PL_BAND_NIR) continue;
        size_t n = 0;
        for (int i = 0; i < count; i++) {
            if (tiles[i].valid) scratch[n++] = (float)tiles[i].median[band];
        }
        double typical = pl__image_quantile(scratch, n, 0.5);
        for (int i = 0; i < count; i++) {
            if (tiles[i].valid && typical > 0)
                tiles[i].brightness +=
                    tiles[i].median[band] / typical / (infrared ? infrared : bands);
        }
    }
}

pl_status pl__hull_sea(const pl_crop *crop, pl_arena *arena, pl_sea *out, pl_error *error) {
    *out = (pl_sea){.bands = crop->pixels.bands};
    double pixel_m = crop->frame.pixel_m * crop->step;
    int size = (int)lround(TILE_M / pixel_m);
    if (size < MIN_TILE_PX) size = MIN_TILE_PX;
    out->tile_px = size;
    out->tiles_x = (crop->pixels.width + size - 1) / size;
    out->tiles_y = (crop->pixels.height + size - 1) / size;
    int count = out->tiles_x * out->tiles_y;
    int workers = pl__workers();
    size_t tile_px = (size_t)size * (size_t)size * (size_t)workers,
           scratch_count = tile_px > (size_t)count ? tile_px : (size_t)count;
    tile *tiles = pl__arena_array(arena, (size_t)count, sizeof *tiles);
    tile **order = pl__arena_array(arena, (size_t)count, sizeof *order);
    float *scratch = pl__arena_array(arena, scratch_count, sizeof *scratch);
    out->level = pl__arena_array(arena, (size_t)count * (size_t)out->bands, sizeof *out->level);
    if (!tiles || !order || !scratch || !out->level) return pl__fail_memory(error, "hull");
    tile_rows rows = {crop, out->tiles_x, size, scratch, tiles};
    pl__parallel(out->tiles_y, workers, measure_row, &rows);
    set_brightness(crop, tiles, count, scratch);
    int water = mark_water(tiles, count, out->bands, order), valid = 0;
    for (int i = 0; i < count; i++) valid += tiles[i].valid;
    if (water == 0)
        return pl__fail(error, PL_REFUSED, "hull", "nothing in the search area looks like water");
    out->share = (double)water / valid;
    fill_levels(tiles, out);
    for (int band = 0; band < out->bands; band++) {
        size_t n = 0;
        for (int i = 0; i < count; i++) {
            if (tiles[i].water) scratch[n++] = (float)tiles[i].sigma[band];
        }
        double level = fabs((double)out->level[(size_t)band * (size_t)count]);
        /* 8-bit water can be perfectly flat: half a grey level and a thousandth of the level at
         * least */
        out->sigma[band] = pl__max(pl__image_quantile(scratch, n, 0.5),
                                   pl__max(crop->is_float ? 0.0 : 0.5, 1e-3 * level));
    }
    return PL_OK;
}

double pl__hull_sea_level(const pl_sea *sea, int band, double x, double y) {
    const float *level = sea->level + (size_t)band * (size_t)(sea->tiles_x * sea->tiles_y);
    double tx = pl__clamp(x / sea->tile_px, 0.5, sea->tiles_x - 0.5);
    double ty = pl__clamp(y / sea->tile_px, 0.5, sea->tiles_y - 0.5);
    return (double)pl__image_linear(level, sea->tiles_x, sea->tiles_y, tx, ty);
}

void pl__hull_sea_row(const pl_sea *sea, int band, int y, int width, float *out) {
    /* along the row the level is straight from one tile's centre to the next */
    int to = 0;
    for (int k = 0; k <= sea->tiles_x; k++) {
        int from = to;
        to = k < sea->tiles_x ? (int)ceil((k + 0.5) * sea->tile_px) : width;
        if (to > width) to = width;
        if (from >= to) continue;
        double first = pl__hull_sea_level(sea, band, from + 0.5, y + 0.5),
               last = pl__hull_sea_level(sea, band, to - 0.5, y + 0.5);
        double step = to - from > 1 ? (last - first) / (to - from - 1) : 0;
        for (int x = from; x < to; x++) out[x] = (float)(first + (x - from) * step);
    }
}
