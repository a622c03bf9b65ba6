/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where was looked? A scene's row as coverage. What is no number is unknown. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "results/store.h"

#define COPY(member, text) pl__text_copy(member, sizeof(member), text)

static double time_of(const char *text) {
    double utc_s;
    return text && pl__geo_time_parse(text, &utc_s) ? utc_s : (double)NAN;
}

/* Bounds of a Polygon or MultiPolygon, round its first corner so that the antimeridian does not
 * matter. */
static void take_bounds(const pl_json *shape, double out[4]) {
    const char *type = pl__json_string(pl__json_get(shape, "type"));
    const pl_json *all = pl__json_get(shape, "coordinates");
    bool many = type && strcmp(type, "MultiPolygon") == 0;
    double first = NAN;
    for (int i = 0; i < 4; i++) out[i] = NAN;
    for (size_t p = 0; p < (many ? pl__json_size(all) : 1); p++) {
        const pl_json *ring = pl__json_at(many ? pl__json_at(all, p) : all, 0);
        for (size_t k = 0; k < pl__json_size(ring); k++) {
            const pl_json *corner = pl__json_at(ring, k);
            double lon = pl__json_number(pl__json_at(corner, 0));
            double lat = pl__json_number(pl__json_at(corner, 1));
            if (isnan(first)) first = lon;
            lon = first + remainder(lon - first, 360.0);
            if (!isfinite(lon) || !isfinite(lat)) continue;
            out[0] = fmin(out[0], lon);
            out[1] = fmin(out[1], lat);
            out[2] = fmax(out[2], lon);
            out[3] = fmax(out[3], lat);
        }
    }
}

void pl__store_take_scene(const pl_value *v, pl_coverage *c) {
    const char *text = v[SCENE_RECORD].text ? v[SCENE_RECORD].text : "";
    pl_json *record = pl__json_parse(text, strlen(text), "record", NULL);
    const pl_json *corners = pl__json_get(record, "corners");
    double share = pl__json_number(pl__json_get(record, "unseen_share"));
    *c = (pl_coverage){.acquired_s = time_of(v[SCENE_ACQUIRED].text),
                       .gsd_m = pl__json_number(pl__json_get(record, "gsd_m")),
                       .hulls = (int)pl__clamp((double)v[SCENE_HULLS].integer, 0, 1e6),
                       .unseen_share = share >= 0 && share <= 1 ? share : (double)NAN};
    COPY(c->scene_id, v[SCENE_ID].text ? v[SCENE_ID].text : "");
    COPY(c->port, v[SCENE_PORT].text ? v[SCENE_PORT].text : "");
    COPY(c->platform, v[SCENE_PLATFORM].text ? v[SCENE_PLATFORM].text : "");
    take_bounds(pl__json_get(record, "searched"), c->searched);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 2; k++)
            c->corner[i][k] = pl__json_number(pl__json_at(pl__json_at(corners, i), k));
    pl__json_free(record);
}
