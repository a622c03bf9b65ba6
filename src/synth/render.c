/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What falls on each pixel?
 *
 * The region round the ship is cut into cells, `samples` a pixel each way. A cell's place on the
 * ground sends a ray up to the satellite; what the ray leaves last is seen. Sea is lit by the sun
 * as far as the sun's disc is free from where the light went in, so sunlight on the surface is
 * drawn first, as a map in the ship's frame, and light from below looks it up along the refracted
 * way. Pixels whose corners and middle agree are filled; cells that differ from a neighbour are
 * sampled again at 16 jittered places. The line spread is then applied to the cells and read at the
 * pixels' centres. */
#include <math.h>
#include <string.h>

#include "synth/synth.h"

enum { AGAIN = 4, LIT_AGAIN = 3, SKY_RAYS = 48, MIRROR_RAYS = 4 };

static const double GOLDEN_RAD = 2.39996322972865332; /* pi (3 - sqrt 5) */

typedef struct map { /* of sunlight on the surface, ship's frame */
    double u0, w0, cell;
    int nu, nw;
    float *lit;
} map;

typedef struct region { /* of the picture, whole pixels */
    int x0, y0, w, h;
} region;

typedef struct studio {
    const pl_synth_options *options;
    const pl_synth_place *place;
    pl_ship ship;
    pl_light light;
    pl_aim to_sun, to_view;
    map sun;
    region at;
    double sin_heading, cos_heading;
    double ahead_m; /* how far the ship has gone at this band's exposure */
    pl_sea sea;
    float *sky; /* share of the sky that the sea sees, of the region's pixels */
} studio;

/* ---- sunlight on the surface ---- */

static void box_of_shadow(const studio *s, double low[2], double high[2]) {
    double flat[2] = {s->light.sun[0], s->light.sun[1]},
           reach[2] = {s->ship.reach_u, s->ship.reach_w};
    for (int i = 0; i < 2; i++) {
        double cast = -1.02 * flat[i] * s->ship.highest, margin = 2;
        low[i] = -reach[i] + pl__min(0, cast) - margin;
        high[i] = reach[i] + pl__max(0, cast) + margin;
    }
}

static double lit_at(const studio *s, double u, double w) {
    if (pl__synth_afloat(&s->ship, u, w)) return 0;
    return pl__synth_sunlit(&s->ship, &s->light, &s->to_sun, (double[3]){u, w, 0});
}

static double lit_cell(const studio *s, int i, int j) {
    const map *m = &s->sun;
    double sum = 0;
    for (int k = 0; k < LIT_AGAIN * LIT_AGAIN; k++) {
        uint64_t key = ((uint64_t)(j * m->nu + i) * LIT_AGAIN * LIT_AGAIN + (uint64_t)k) * 2;
        double du = (k % LIT_AGAIN + pl__synth_random(s->options->seed + 11, key)) / LIT_AGAIN;
        double dw = (k / LIT_AGAIN + pl__synth_random(s->options->seed + 11, key + 1)) / LIT_AGAIN;
        sum += lit_at(s, m->u0 + (i + du) * m->cell, m->w0 + (j + dw) * m->cell);
    }
    return sum / (LIT_AGAIN * LIT_AGAIN);
}

/* Half as wide as the picture's cells, since looking it up between cells blurs it by a cell.
 * Blocks of 4 x 4 cells whose corners and middle agree are filled; the others cell by cell. */
static bool draw_sunlight(studio *s, pl_arena *arena) {
    enum { BLOCK = 4 };
    double low[2], high[2];
    box_of_shadow(s, low, high);
    map *m = &s->sun;
    m->cell = 0.5 * s->options->gsd_m / s->options->samples;
    m->u0 = low[0];
    m->w0 = low[1];
    int bu = (int)ceil((high[0] - low[0]) / (BLOCK * m->cell)),
        bw = (int)ceil((high[1] - low[1]) / (BLOCK * m->cell));
    m->nu = BLOCK * bu;
    m->nw = BLOCK * bw;
    size_t corners = (size_t)(bu + 1) * (size_t)(bw + 1);
    m->lit = pl__arena_array(arena, (size_t)m->nu * (size_t)m->nw, sizeof *m->lit);
    float *corner = pl__arena_array(arena, corners, sizeof *corner);
    if (!m->lit || !corner) return false;
    for (int j = 0; j <= bw; j++)
        for (int i = 0; i <= bu; i++)
            corner[(size_t)j * (size_t)(bu + 1) + (size_t)i] =
                (float)lit_at(s, m->u0 + i * BLOCK * m->cell, m->w0 + j * BLOCK * m->cell);
    for (int j = 0; j < bw; j++) {
        for (int i = 0; i < bu; i++) {
            const float *c = corner + (size_t)j * (size_t)(bu + 1) + (size_t)i;
            float middle = (float)lit_at(s, m->u0 + (i + 0.5) * BLOCK * m->cell,
                                         m->w0 + (j + 0.5) * BLOCK * m->cell);
            bool same = c[0] == c[1] && c[0] == c[bu + 1] && c[0] == c[bu + 2] && c[0] == middle;
            for (int k = 0; k < BLOCK * BLOCK; k++) {
                int x = i * BLOCK + k % BLOCK, y = j * BLOCK + k / BLOCK;
                m->lit[(size_t)y * (size_t)m->nu + (size_t)x] =
                    same ? middle : (float)lit_cell(s, x, y);
            }
        }
    }
    return true;
}

/* Bilinear; open sea beyond the map. */
static double sunlight(const map *m, double u, double w) {
    double x = (u - m->u0) / m->cell - 0.5, y = (w - m->w0) / m->cell - 0.5;
    if (!(x >= 0 && y >= 0 && x < m->nu - 1 && y < m->nw - 1)) return 1;
    int i = (int)x, j = (int)y;
    const float *p = m->lit + (size_t)j * (size_t)m->nu + (size_t)i;
    double fx = x - i, fy = y - j;
    return (1 - fy) * ((1 - fx) * (double)p[0] + fx * (double)p[1]) +
           fy * ((1 - fx) * (double)p[m->nu] + fx * (double)p[m->nu + 1]);
}

static double from_below(const studio *s, int band, double u, double w) {
    const pl_light *l = &s->light;
    if (!l->tail_known) return sunlight(&s->sun, u, w);
    double sum = 0;
    for (int j = 0; j < PL__TAIL; j++)
        sum += sunlight(&s->sun, u + l->tail_m[band][j] * l->tail_u,
                        w + l->tail_m[band][j] * l->tail_w);
    return sum / PL__TAIL;
}

/* ---- what is seen at a place ---- */

/* A pixel rectified with an elevation model that rises where there is water shows what the same ray
 * meets at the sea's level. */
static void ship_frame(const studio *s, double x_px, double y_px, double *u, double *w) {
    const double shore_m = 45;
    double east, north;
    pl__synth_ground(s->place, x_px, y_px, &east, &north);
    *u = east * s->sin_heading + north * s->cos_heading - s->ahead_m;
    *w = east * s->cos_heading - north * s->sin_heading;
    double height = s->options->shore_slope * pl__clamp(*w, -shore_m, shore_m);
    *u -= height * s->light.view[0];
    *w -= height * s->light.view[1];
}

typedef struct look {
    pl_surface surface;
    double clouds;               /* share of sunlight that they leave */
    double sun;                  /* share of the disc, with the slope against it */
    double upward;               /* z of the normal */
    double mirror[PL_BANDS_MAX]; /* sky's image, 1 = open sky */
    double u, w;
} look;

static void shade(const studio *s, const pl_hit *hit, const pl_ray *ray, look *out) {
    const double off_m = 1e-3;
    const double *sun = s->light.sun;
    double place[3], slope = 0, length = sqrt(sun[0] * sun[0] + sun[1] * sun[1] + 1);
    for (int i = 0; i < 3; i++) {
        place[i] = ray->o[i] + hit->t * ray->d[i] + off_m * hit->normal[i];
        slope += hit->normal[i] * sun[i] / length;
    }
    slope = pl__max(0, slope) * length; /* against a level surface */
    out->sun = slope > 0 ? slope * pl__synth_sunlit(&s->ship, &s->light, &s->to_sun, place) : 0;
    out->upward = hit->normal[2];
}

/* Radiance of something that is not water. */
static double reflected(const pl_light *l, int band, const look *at) {
    double sky = 0.6 + 0.4 * pl__max(0, at->upward); /* a wall sees half the sky, and some sea */
    return l->albedo[band][at->surface] * ((1 - l->sky[band]) * at->sun + l->sky[band] * sky);
}

/* The waves' facets turn the mirrored ray: some of it may end on the ship's side. */
static void mirror(const studio *s, double u, double w, uint64_t key, look *out) {
    const pl_light *l = &s->light;
    for (int b = 0; b < l->bands; b++) out->mirror[b] = 0;
    for (int k = 0; k < MIRROR_RAYS; k++) {
        double a = s->options->wave_slope *
                   pl__synth_normal(s->options->seed + 5, key * 8 + (uint64_t)k),
               b = s->options->wave_slope *
                   pl__synth_normal(s->options->seed + 7, key * 8 + (uint64_t)k);
        pl_ray up = {{u, w, 0}, {-l->view[0] + 2 * a, -l->view[1] + 2 * b, 1}};
        pl_hit hit;
        look there = {0};
        bool met =
            pl__synth_free(&s->ship, NULL, &up) < 1 && pl__synth_seen(&s->ship, NULL, &up, &hit);
        if (met) {
            there.surface = hit.surface;
            shade(s, &hit, &up, &there);
        }
        for (int i = 0; i < l->bands; i++) {
            /* sky of brightness 1 stands for 1 / (mirrored share) of the water's level */
            double wall = met ? pl__min(1, 0.3 * reflected(l, i, &there)) : 1;
            out->mirror[i] += wall / MIRROR_RAYS;
        }
    }
}

/* Too far for the ship's image, also on facets three sigmas steep. */
static bool no_image(const studio *s, double u, double w) {
    double steep = tan(s->options->view_incidence_rad) + 6 * s->options->wave_slope;
    return pl__synth_far(&s->ship, u, w, steep, 1);
}

/* The side's paint changes at the boot topping's line, which is parallel to the keel. */
static bool on_boot_top(const studio *s, const pl_hit *hit, const pl_ray *ray) {
    const pl_synth_options *o = s->options;
    if (hit->surface != PL_SIDE_PLATE || !(o->boot_top_m > 0)) return false;
    double place[3];
    for (int i = 0; i < 3; i++) place[i] = ray->o[i] + hit->t * ray->d[i];
    double z = place[1] * s->ship.heel_sin + place[2] * s->ship.heel_cos;
    return z < o->boot_top_m + o->trim_m * place[0] / o->length_m;
}

static look look_at(const studio *s, double x_px, double y_px) {
    look out = {.surface = PL_WATER, .sun = 1, .upward = 1};
    double u, w, east, north;
    ship_frame(s, x_px, y_px, &u, &w);
    pl__synth_ground(s->place, x_px, y_px, &east, &north);
    pl_ray ray = {{u, w, 0}, {s->light.view[0], s->light.view[1], 1}};
    pl_hit hit;
    out.u = u;
    out.w = w;
    out.clouds = pl__synth_clouds(&s->sea, east, north);
    if (pl__synth_seen(&s->ship, &s->to_view, &ray, &hit)) {
        out.surface = on_boot_top(s, &hit, &ray) ? PL_BOOT_TOP : hit.surface;
        shade(s, &hit, &ray, &out);
        out.sun *= out.clouds;
    }
    return out;
}

/* How bright is the sea with so much sunlight on the surface, from below it (a band each), of the
 * sky, and of the sky's image? Foam lies on top. */
static void sea_radiance(const studio *s, const look *at, double x_px, double y_px, double sun,
                         const double below[], double sky, const double image[], double out[]) {
    const pl_light *l = &s->light;
    int size = s->place->size, px = (int)pl__clamp(x_px, 0, size - 1),
        py = (int)pl__clamp(y_px, 0, size - 1);
    double swell = 1 + (double)s->sea.swell[(size_t)py * (size_t)size + (size_t)px];
    double foam = pl__synth_foam(&s->sea, at->u + s->ahead_m, at->w), east, north;
    look white = {.surface = PL_FOAM, .sun = sun * at->clouds, .upward = 2 * sky - 1};
    pl__synth_ground(s->place, x_px, y_px, &east, &north);
    double glint = pl__synth_glint(&s->sea, east, north) * sun * at->clouds;
    for (int b = 0; b < l->bands; b++) {
        double water = l->haze[b] + glint / l->water_dn[b] +
                       swell * (l->direct[b] * at->clouds * below[b] + l->diffuse[b] * sky +
                                l->mirrored[b] * image[b]);
        out[b] = foam > 0 ? (1 - foam) * water + foam * reflected(l, b, &white) : water;
    }
}

static void open_sea(const studio *s, double x_px, double y_px, double out[]) {
    look at = {.surface = PL_WATER};
    double ones[PL_BANDS_MAX], east, north;
    for (int b = 0; b < PL_BANDS_MAX; b++) ones[b] = 1;
    ship_frame(s, x_px, y_px, &at.u, &at.w);
    pl__synth_ground(s->place, x_px, y_px, &east, &north);
    at.clouds = pl__synth_clouds(&s->sea, east, north);
    sea_radiance(s, &at, x_px, y_px, 1, ones, 1, ones, out);
}

static void radiance(const studio *s, const look *at, double x_px, double y_px, uint64_t key,
                     double out[]) {
    const pl_light *l = &s->light;
    if (at->surface != PL_WATER) {
        for (int b = 0; b < l->bands; b++) out[b] = reflected(l, b, at);
        return;
    }
    look sea = *at;
    double sky = 1, below[PL_BANDS_MAX];
    int i = (int)pl__clamp(x_px, 0, s->place->size - 1) - s->at.x0,
        j = (int)pl__clamp(y_px, 0, s->place->size - 1) - s->at.y0;
    if (i >= 0 && j >= 0 && i < s->at.w && j < s->at.h)
        sky = (double)s->sky[(size_t)j * (size_t)s->at.w + (size_t)i];
    for (int b = 0; b < l->bands; b++) {
        below[b] = from_below(s, b, at->u, at->w);
        sea.mirror[b] = 1;
    }
    if (!no_image(s, at->u, at->w)) mirror(s, at->u, at->w, key, &sea);
    sea_radiance(s, at, x_px, y_px, sunlight(&s->sun, at->u, at->w), below, sky, sea.mirror, out);
}

/* ---- pixels ---- */

/* Share of the sky over a level place that the ship leaves, cosine weighted; the rays are turned
 * from place to place, so that none of them casts an edge. -1 under the ship. */
static double sky_share(const studio *s, double u, double w, uint64_t key) {
    if (pl__synth_afloat(&s->ship, u, w)) return -1;
    if (pl__synth_far(&s->ship, u, w, 2, 0)) return 1;
    double sum = 0, start = 2 * PL_PI * pl__synth_random(s->options->seed + 13, key);
    for (int k = 0; k < SKY_RAYS; k++) {
        double r = sqrt((k + 0.5) / SKY_RAYS) * 0.98, turn = start + k * GOLDEN_RAD;
        double up = sqrt(1 - r * r);
        pl_ray ray = {{u, w, 0}, {r * cos(turn) / up, r * sin(turn) / up, 1}};
        sum += pl__synth_free(&s->ship, NULL, &ray);
    }
    return sum / SKY_RAYS;
}

/* The sky is wide, and what it lights has no edges: at a pixel, the plane through those round it. A
 * mean would take a side's foot, where the hull hides half of the sky, for the water further out.
 */
static bool draw_sky(studio *s, pl_arena *arena) {
    int w = s->at.w, h = s->at.h;
    float *raw = pl__arena_array(arena, (size_t)w * (size_t)h, sizeof *raw);
    s->sky = pl__arena_array(arena, (size_t)w * (size_t)h, sizeof *s->sky);
    if (!raw || !s->sky) return false;
    for (int k = 0; k < w * h; k++) {
        double u, v;
        ship_frame(s, s->at.x0 + k % w + 0.5, s->at.y0 + k / w + 0.5, &u, &v);
        raw[k] = (float)sky_share(s, u, v, (uint64_t)k);
    }
    for (int k = 0; k < w * h; k++)
        s->sky[k] = (float)pl__clamp(pl__synth_plane(raw, w, h, k % w, k / w), 0, 1);
    return true;
}

/* The same surface, lit to the same degree, and nothing that varies on it. */
static bool agree(const look *a, const look *b) {
    return a->surface == b->surface && a->surface == PL_DECK && a->sun == b->sun;
}

/* Sea beyond the ship's image, with the sun's light on all of the way that light takes below it
 * (1), on none of it (0), or on a part (-1, as for all else). */
static int even_sea(const studio *s, const look *a) {
    const pl_light *l = &s->light;
    if (a->surface != PL_WATER || !no_image(s, a->u, a->w)) return -1;
    if (s->options->glint > 0 || pl__synth_foam(&s->sea, a->u + s->ahead_m, a->w) > 0) return -1;
    double first = sunlight(&s->sun, a->u, a->w);
    if (first > 0 && first < 1) return -1;
    for (int b = 0; b < l->bands && l->tail_known; b++)
        for (int j = 2; j < PL__TAIL; j += 3)
            if (sunlight(&s->sun, a->u + l->tail_m[b][j] * l->tail_u,
                         a->w + l->tail_m[b][j] * l->tail_w) != first)
                return -1;
    return (int)first;
}

typedef struct cells {
    int w, h, n; /* region in pixels, cells a pixel */
    float *plane[PL_BANDS_MAX];
    unsigned char *kind; /* surface and light, coarsely, of each cell */
} cells;

static unsigned char kind_of(const look *at) {
    int light = at->sun <= 0 ? 0 : at->sun < 0.2 ? 1 : 2;
    return (unsigned char)(1 + (int)at->surface * 4 + (at->surface == PL_WATER ? 0 : light));
}

static void cell_radiance(const studio *s, const cells *c, int i, int j, int again, double out[]) {
    double sum[PL_BANDS_MAX] = {0};
    int count = again * again;
    for (int k = 0; k < count; k++) {
        uint64_t key = ((uint64_t)j * (uint64_t)(c->w * c->n) + (uint64_t)i) * 16 + (uint64_t)k;
        double dx = 0.5, dy = 0.5, one[PL_BANDS_MAX];
        if (again > 1) {
            dx = (k % again + pl__synth_random(s->options->seed + 1, 2 * key)) / again;
            dy = (k / again + pl__synth_random(s->options->seed + 1, 2 * key + 1)) / again;
        }
        double x = s->at.x0 + (i + dx) / c->n, y = s->at.y0 + (j + dy) / c->n;
        look at = look_at(s, x, y);
        radiance(s, &at, x, y, key, one);
        for (int b = 0; b < s->light.bands; b++) sum[b] += one[b] / count;
        if (again == 1) c->kind[(size_t)j * (size_t)(c->w * c->n) + (size_t)i] = kind_of(&at);
    }
    memcpy(out, sum, sizeof sum);
}

static void set_cell(const studio *s, const cells *c, int i, int j, const double value[]) {
    for (int b = 0; b < s->light.bands; b++)
        c->plane[b][(size_t)j * (size_t)(c->w * c->n) + (size_t)i] = (float)value[b];
}

static void fill_pixel(const studio *s, const cells *c, int x, int y, const look *at) {
    double value[PL_BANDS_MAX];
    radiance(s, at, s->at.x0 + x + 0.5, s->at.y0 + y + 0.5, 0, value);
    for (int k = 0; k < c->n * c->n; k++) {
        int i = x * c->n + k % c->n, j = y * c->n + k / c->n;
        set_cell(s, c, i, j, value);
        c->kind[(size_t)j * (size_t)(c->w * c->n) + (size_t)i] = kind_of(at);
    }
}

static void first_pass(const studio *s, const cells *c, const look *corner) {
    bool smooth = !s->options->deck_gear && !s->options->superstructure && !s->options->trunk;
    for (int y = 0; y < c->h; y++) {
        for (int x = 0; x < c->w; x++) {
            const look *a = corner + (size_t)y * (size_t)(c->w + 1) + (size_t)x;
            const look *four[] = {a, a + 1, a + c->w + 1, a + c->w + 2};
            look middle = look_at(s, s->at.x0 + x + 0.5, s->at.y0 + y + 0.5);
            int sun = even_sea(s, &middle);
            bool deck = smooth, sea = sun >= 0;
            for (int k = 0; k < 4; k++) {
                deck = deck && agree(&middle, four[k]);
                sea = sea && even_sea(s, four[k]) == sun;
            }
            if (deck || sea) {
                fill_pixel(s, c, x, y, &middle);
                continue;
            }
            for (int k = 0; k < c->n * c->n; k++) {
                double value[PL_BANDS_MAX];
                int i = x * c->n + k % c->n, j = y * c->n + k / c->n;
                cell_radiance(s, c, i, j, 1, value);
                set_cell(s, c, i, j, value);
            }
        }
    }
}

static bool differs(const cells *c, int i, int j) {
    int w = c->w * c->n, h = c->h * c->n;
    unsigned char own = c->kind[(size_t)j * (size_t)w + (size_t)i];
    for (int dj = -1; dj <= 1; dj++) {
        for (int di = -1; di <= 1; di++) {
            int x = i + di, y = j + dj;
            if (x >= 0 && y >= 0 && x < w && y < h &&
                c->kind[(size_t)y * (size_t)w + (size_t)x] != own)
                return true;
        }
    }
    return false;
}

static void second_pass(const studio *s, const cells *c) {
    for (int j = 0; j < c->h * c->n; j++) {
        for (int i = 0; i < c->w * c->n; i++) {
            double value[PL_BANDS_MAX];
            if (!differs(c, i, j)) continue;
            cell_radiance(s, c, i, j, AGAIN, value);
            set_cell(s, c, i, j, value);
        }
    }
}

/* ---- line spread ---- */

/* Weights of the cells around a pixel's centre; cells lie symmetrically about it when n is even or
 * odd. */
static int spread_weights(double fwhm_px, int n, double *weight, int most) {
    double sigma = fwhm_px * n / 2.3548;
    int half = (int)ceil(4 * sigma + 0.5 * n), count = 0;
    double sum = 0;
    half = half > most / 2 - 1 ? most / 2 - 1 : half;
    for (int k = -half; k < half + n % 2; k++) {
        double x = n % 2 ? k : k + 0.5;
        weight[count] = exp(-0.5 * x * x / (sigma * sigma));
        sum += weight[count++];
    }
    for (int k = 0; k < count; k++) weight[k] /= sum;
    return count;
}

/* One direction: `along` cells in a line become along / n pixels. The ends go on as they are. */
static void spread_line(const float *in, size_t stride, int along, int n, const double *weight,
                        int count, float *out, size_t out_stride) {
    for (int p = 0; p < along / n; p++) {
        /* of an even count the middle lies between two cells, and so does a pixel's of even n */
        int start = p * n + n / 2 - count / 2;
        double sum = 0;
        for (int k = 0; k < count; k++) {
            int at = start + k < 0 ? 0 : start + k < along ? start + k : along - 1;
            sum += weight[k] * (double)in[(size_t)at * stride];
        }
        out[(size_t)p * out_stride] = (float)sum;
    }
}

static bool spread(const studio *s, const cells *c, int band, pl_image *out, pl_arena *arena) {
    enum { MOST = 512 };
    double weight[MOST];
    int fine_w = c->w * c->n, fine_h = c->h * c->n;
    int count = spread_weights(s->options->psf_fwhm_px, c->n, weight, MOST);
    float *half = pl__arena_array(arena, (size_t)c->w * (size_t)fine_h, sizeof *half);
    if (!half) return false;
    for (int j = 0; j < fine_h; j++)
        spread_line(c->plane[band] + (size_t)j * (size_t)fine_w, 1, fine_w, c->n, weight, count,
                    half + (size_t)j * (size_t)c->w, 1);
    float *plane = pl__plane(out, band);
    for (int x = 0; x < c->w; x++)
        spread_line(half + x, (size_t)c->w, fine_h, c->n, weight, count,
                    plane + (size_t)s->at.y0 * (size_t)out->width + (size_t)(s->at.x0 + x),
                    (size_t)out->width);
    return true;
}

/* ---- the picture ---- */

/* Whole pixels that may see the ship, her shadow, or light that is missing below it. */
static region find_region(const studio *s) {
    int size = s->place->size;
    region r = {size, size, 0, 0};
    int x1 = 0, y1 = 0;
    double apart_m = s->options->speed_m_s * s->options->band_lag_s * s->light.bands;
    double reach = 2 * s->ship.highest + 2 + 0.5 * fabs(apart_m), low[2], high[2];
    box_of_shadow(s, low, high);
    for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
            double u, w;
            ship_frame(s, x + 0.5, y + 0.5, &u, &w);
            bool near = (fabs(u) < s->ship.reach_u + reach && fabs(w) < s->ship.reach_w + reach) ||
                        (u > low[0] - reach && u < high[0] + reach && w > low[1] - reach &&
                         w < high[1] + reach);
            if (!near || (s->ship.solids == 0 && s->ship.boxes == 0)) continue;
            r.x0 = x < r.x0 ? x : r.x0;
            r.y0 = y < r.y0 ? y : r.y0;
            x1 = x + 1 > x1 ? x + 1 : x1;
            y1 = y + 1 > y1 ? y + 1 : y1;
        }
    }
    r.w = x1 > r.x0 ? x1 - r.x0 : 0;
    r.h = y1 > r.y0 ? y1 - r.y0 : 0;
    return r;
}

static bool draw_ship(studio *s, cells *c, look *corner, pl_arena *arena) {
    if (!draw_sky(s, arena)) return false;
    for (int y = 0; y <= c->h; y++)
        for (int x = 0; x <= c->w; x++)
            corner[(size_t)y * (size_t)(c->w + 1) + (size_t)x] =
                look_at(s, s->at.x0 + x, s->at.y0 + y);
    first_pass(s, c, corner);
    second_pass(s, c);
    return true;
}

/* Bands that are exposed one after the other are drawn one after the other. */
static bool draw_bands(studio *s, pl_image *out, pl_arena *arena) {
    cells c = {s->at.w, s->at.h, s->options->samples, {NULL}, NULL};
    size_t count = (size_t)(c.w * c.n) * (size_t)(c.h * c.n);
    size_t corners = (size_t)(c.w + 1) * (size_t)(c.h + 1);
    double step_m = s->options->speed_m_s * s->options->band_lag_s;
    c.kind = pl__arena_array(arena, count, 1);
    look *corner = pl__arena_array(arena, corners, sizeof *corner);
    if (!c.kind || !corner || !draw_sunlight(s, arena)) return false;
    for (int b = 0; b < s->light.bands; b++) {
        c.plane[b] = pl__arena_array(arena, count, sizeof *c.plane[b]);
        if (!c.plane[b]) return false;
    }
    bool ok = true;
    for (int b = 0; b < s->light.bands && ok; b++) {
        s->ahead_m = step_m * (b - 0.5 * (s->light.bands - 1));
        if (b == 0 || step_m != 0) ok = draw_ship(s, &c, corner, arena);
        ok = ok && spread(s, &c, b, out, arena);
    }
    return ok;
}

static void draw_water(studio *s, pl_image *out) {
    double level[PL_BANDS_MAX];
    for (int y = 0; y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            open_sea(s, x + 0.5, y + 0.5, level);
            for (int b = 0; b < s->light.bands; b++)
                pl__plane(out, b)[(size_t)y * (size_t)out->width + (size_t)x] = (float)level[b];
        }
    }
}

pl_status pl__synth_render(const pl_synth_options *options, const pl_synth_place *place,
                           pl_arena *arena, pl_image *out, pl_error *error) {
    int size = place->size;
    studio *s = pl__arena_alloc(arena, sizeof *s);
    if (!s || !pl__arena_image(arena, size, size, options->bands, out))
        return pl__fail_memory(error, "synth");
    s->options = options;
    s->place = place;
    s->sin_heading = sin(options->heading_rad);
    s->cos_heading = cos(options->heading_rad);
    pl__synth_ship(options, &s->ship);
    pl__synth_light(options, &s->light);
    double way[1 + PL__DISC][3];
    memcpy(way[0], s->light.sun, sizeof way[0]);
    memcpy(way[1], s->light.disc, sizeof s->light.disc);
    bool aimed = pl__synth_aim(&s->ship, 1 + PL__DISC, way, arena, &s->to_sun) &&
                 pl__synth_aim(&s->ship, 1, &s->light.view, arena, &s->to_view);
    if (!aimed) return pl__fail_memory(error, "synth");
    if (!pl__synth_sea(options, place, &s->ship, arena, &s->sea))
        return pl__fail_memory(error, "synth");
    draw_water(s, out);
    s->at = find_region(s);
    if (s->at.w > 0 && s->at.h > 0 && !draw_bands(s, out, arena))
        return pl__fail_memory(error, "synth");
    size_t n = (size_t)size * (size_t)size;
    for (int b = 0; b < options->bands; b++)
        for (size_t i = 0; i < n; i++) pl__plane(out, b)[i] *= (float)s->light.water_dn[b];
    return PL_OK;
}
