/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which places does a GeoJSON file enclose, and which pixels are those?
 *
 * Rings are cut to a box by Sutherland and Hodgman, side by side, and filled with the even-odd
 * rule at pixel centres: each edge leaves a toggle in the rows it crosses, and a walk along the row
 * reads them. All rings of a polygon are toggled together, so that holes stay empty; polygons that
 * overlap add up. */
#include <math.h>
#include <string.h>

#include "port/area.h"

static const char FLOOR[] = "port";
enum { RINGS_MAX = 100000, POSITIONS_MAX = 1000000 };

/* ---- reading ---- */

typedef struct reader {
    const char *file;
    pl_arena *arena;
    pl_rings *out;
    int room, polygons, positions;
} reader;

static pl_status add_ring(reader *r, const pl_ring *ring, pl_error *error) {
    if (r->out->count == r->room) {
        int room = r->room ? 2 * r->room : 16;
        pl_ring *larger = pl__arena_array(r->arena, (size_t)room, sizeof *larger);
        if (!larger) return pl__fail_memory(error, FLOOR);
        if (r->out->count) memcpy(larger, r->out->ring, (size_t)r->out->count * sizeof *larger);
        r->out->ring = larger;
        r->room = room;
    }
    r->out->ring[r->out->count++] = *ring;
    return PL_OK;
}

static pl_status read_ring(reader *r, const pl_json *node, pl_error *error) {
    size_t n = pl__json_size(node);
    if (n < 4)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: a ring of %zu positions (4 or more wanted)",
                        r->file, n);
    if (n > (size_t)(POSITIONS_MAX - r->positions) || r->out->count >= RINGS_MAX)
        return pl__fail(error, PL_E_LIMIT, FLOOR, "%s: too many positions", r->file);
    r->positions += (int)n;
    pl_ring ring = {r->polygons, (int)n, pl__arena_array(r->arena, n, sizeof *ring.at)};
    if (!ring.at) return pl__fail_memory(error, FLOOR);
    for (size_t i = 0; i < n; i++) {
        const pl_json *position = pl__json_at(node, i);
        double lon = pl__json_number(pl__json_at(position, 0));
        double lat = pl__json_number(pl__json_at(position, 1));
        if (!(fabs(lon) <= 180.0 && fabs(lat) <= 90.0))
            return pl__fail(error, PL_E_FORMAT, FLOOR,
                            "%s: %g, %g is no longitude and latitude (RFC 7946: degrees, WGS 84)",
                            r->file, lon, lat);
        ring.at[i][0] = lon;
        ring.at[i][1] = lat;
    }
    if (ring.at[0][0] != ring.at[n - 1][0] || ring.at[0][1] != ring.at[n - 1][1])
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: a ring that is not closed", r->file);
    return add_ring(r, &ring, error);
}

static pl_status read_polygon(reader *r, const pl_json *rings, pl_error *error) {
    pl_status status = PL_OK;
    for (size_t i = 0; i < pl__json_size(rings) && status == PL_OK; i++)
        status = read_ring(r, pl__json_at(rings, i), error);
    r->polygons++;
    return status;
}

static pl_status read_geometry(reader *r, const pl_json *node, pl_error *error) {
    const char *type = pl__json_string(pl__json_get(node, "type"));
    const pl_json *places = pl__json_get(node, "coordinates");
    if (!type) return PL_OK; /* a null geometry */
    if (strcmp(type, "Polygon") == 0) return read_polygon(r, places, error);
    if (strcmp(type, "MultiPolygon") != 0) return PL_OK;
    pl_status status = PL_OK;
    for (size_t i = 0; i < pl__json_size(places) && status == PL_OK; i++)
        status = read_polygon(r, pl__json_at(places, i), error);
    return status;
}

pl_status pl__area_read(const pl_json *node, const char *file, pl_arena *arena, pl_rings *out,
                        pl_error *error) {
    *out = (pl_rings){0, NULL};
    reader r = {.file = file, .arena = arena, .out = out};
    const char *type = pl__json_string(pl__json_get(node, "type"));
    if (!type)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: JSON, but no GeoJSON: no type", file);
    if (strcmp(type, "Feature") == 0)
        return read_geometry(&r, pl__json_get(node, "geometry"), error);
    if (strcmp(type, "FeatureCollection") != 0) return read_geometry(&r, node, error);
    const pl_json *features = pl__json_get(node, "features");
    pl_status status = PL_OK;
    for (size_t i = 0; i < pl__json_size(features) && status == PL_OK; i++)
        status = read_geometry(&r, pl__json_get(pl__json_at(features, i), "geometry"), error);
    return status;
}

/* ---- cutting ---- */

typedef struct side {
    int axis;     /* 0: x, 1: y */
    double limit; /* kept is sign * (value - limit) >= 0 */
    double sign;
} side;

/* Keeps what lies on the good side of one line; a ring of n gives at most 2 n. */
static int cut(const double (*in)[2], int n, side s, double (*out)[2]) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
        const double *a = in[i], *b = in[(i + 1) % n];
        double da = s.sign * (a[s.axis] - s.limit), db = s.sign * (b[s.axis] - s.limit);
        if (da >= 0.0) memcpy(out[kept++], a, sizeof out[0]);
        if ((da >= 0.0) != (db >= 0.0)) {
            double t = da / (da - db);
            out[kept][0] = a[0] + t * (b[0] - a[0]);
            out[kept++][1] = a[1] + t * (b[1] - a[1]);
        }
    }
    return kept;
}

static bool clip_ring(const pl_ring *ring, const side sides[4], pl_arena *arena, pl_ring *out) {
    *out = (pl_ring){ring->polygon, 0, NULL};
    const double(*from)[2] = (const double(*)[2])ring->at;
    int n = ring->count;
    for (int k = 0; k < 4 && n > 0; k++) {
        double(*to)[2] = pl__arena_array(arena, 2 * (size_t)n + 1, sizeof *to);
        if (!to) return false;
        n = cut(from, n, sides[k], to);
        from = (const double(*)[2])to;
        out->at = to;
    }
    out->count = n;
    return true;
}

bool pl__area_clip(const pl_rings *rings, double x0, double y0, double x1, double y1,
                   pl_arena *arena, pl_rings *out) {
    const side sides[4] = {{0, x0, 1}, {0, x1, -1}, {1, y0, 1}, {1, y1, -1}};
    *out = (pl_rings){rings->count, NULL};
    if (rings->count == 0) return true;
    out->ring = pl__arena_array(arena, (size_t)rings->count, sizeof *out->ring);
    if (!out->ring) return false;
    for (int i = 0; i < rings->count; i++)
        if (!clip_ring(&rings->ring[i], sides, arena, &out->ring[i])) return false;
    return true;
}

double pl__area_size(const pl_ring *ring) {
    double sum = 0.0; /* about the first point: small numbers, little cancellation */
    for (int i = 1; i + 1 < ring->count; i++)
        sum += (ring->at[i][0] - ring->at[0][0]) * (ring->at[i + 1][1] - ring->at[0][1]) -
               (ring->at[i + 1][0] - ring->at[0][0]) * (ring->at[i][1] - ring->at[0][1]);
    return fabs(sum);
}

/* ---- filling ---- */

typedef struct canvas {
    int width, height;
    unsigned char *toggle; /* height rows of width + 1: here inside and outside change places */
    int top, bottom;       /* rows that hold toggles */
} canvas;

/* The rows whose centres the edge crosses, half open so that a corner counts once. */
static void toggle_edge(canvas *c, const double *a, const double *b) {
    if (a[1] > b[1]) {
        const double *swapped = a;
        a = b;
        b = swapped;
    }
    int from = (int)pl__clamp(ceil(a[1] - 0.5), 0, c->height);
    int to = (int)pl__clamp(ceil(b[1] - 0.5), 0, c->height);
    for (int row = from; row < to; row++) {
        double x = a[0] + (row + 0.5 - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
        /* the first pixel whose centre lies at x or beyond; width: none */
        int k = (int)pl__clamp(ceil(x - 0.5), 0, c->width);
        c->toggle[(size_t)row * ((size_t)c->width + 1) + (size_t)k] ^= 1;
    }
    c->top = from < c->top ? from : c->top;
    c->bottom = to > c->bottom ? to : c->bottom;
}

/* Lays one polygon's inside over the mask and clears the toggles. */
static size_t settle(canvas *c, unsigned char *mask) {
    size_t filled = 0;
    for (int row = c->top; row < c->bottom; row++) {
        unsigned char *toggle = c->toggle + (size_t)row * ((size_t)c->width + 1), inside = 0;
        unsigned char *out = mask + (size_t)row * (size_t)c->width;
        for (int k = 0; k < c->width; k++) {
            inside ^= toggle[k];
            filled += inside && !out[k];
            out[k] |= inside;
        }
        memset(toggle, 0, (size_t)c->width + 1);
    }
    return filled;
}

size_t pl__area_fill(const pl_rings *rings, int width, int height, unsigned char *mask,
                     pl_arena *arena, bool *out_of_memory) {
    size_t filled = 0;
    canvas c = {width, height, pl__arena_array(arena, (size_t)width + 1, (size_t)height), 0, 0};
    *out_of_memory = c.toggle == NULL;
    if (!c.toggle) return 0;
    for (int first = 0, k; first < rings->count; first = k) {
        c.top = height;
        c.bottom = 0;
        for (k = first; k < rings->count && rings->ring[k].polygon == rings->ring[first].polygon;
             k++) {
            const pl_ring *ring = &rings->ring[k];
            for (int i = 0; i < ring->count; i++)
                toggle_edge(&c, ring->at[i], ring->at[(i + 1) % ring->count]);
        }
        filled += settle(&c, mask);
    }
    return filled;
}
