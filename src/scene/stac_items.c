/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which item of a collection speaks of this picture?
 *
 * An ItemCollection, the answer of a STAC search, holds many items; so do the GeoJSON files of
 * Maxar's open data, whose items name their pictures among the properties and not as assets. The
 * item is taken whose href ends as the picture's path does. Maxar's tiles share one file name from
 * folder to folder: then the item wins that agrees in more folders, or whose quadkey stands in the
 * path. When two agree equally well neither is taken, for one of them would be wrong.
 *
 * Where the collection itself is what was asked for, its items are named one by one,
 * "items.json#1", "items.json#2" and so on. A STAC Collection or Catalog holds no items but links
 * to them. */
#include <stdio.h>
#include <string.h>

#include "scene/scene.h"
#include "scene/stac.h"

static const char FLOOR[] = "scene";

/* How many of the last parts of two paths are the same? "a/b/c.tif" and "x/b/c.tif": 2. */
static int common_parts(const char *a, const char *b) {
    size_t i = strlen(a), k = strlen(b);
    int parts = 0;
    while (i > 0 && k > 0 && a[i - 1] == b[k - 1]) {
        i--;
        k--;
        parts += a[i] == '/';
    }
    bool whole = (i == 0 || a[i - 1] == '/') && (k == 0 || b[k - 1] == '/');
    return parts + (whole && (i == 0 || k == 0));
}

typedef struct href_search {
    const char *picture;
    int parts; /* of the best href */
} href_search;

static void look_at_text(const char *key, const pl_json *value, void *context) {
    (void)key;
    href_search *search = context;
    const char *href = pl__json_string(value);
    int parts = href ? common_parts(href, search->picture) : 0;
    if (parts > search->parts) search->parts = parts;
}

static void look_at_asset(const char *key, const pl_json *asset, void *context) {
    look_at_text(key, pl__json_get(asset, "href"), context);
}

/* 0: it names other pictures. */
static int score(const pl_json *item, const char *picture) {
    href_search search = {.picture = picture};
    const pl_json *properties = pl__json_get(item, "properties");
    pl__json_each(pl__json_get(item, "assets"), look_at_asset, &search);
    pl__json_each(properties, look_at_text, &search);
    const char *quadkey = pl__json_string(pl__json_get(properties, "quadkey"));
    bool placed = quadkey && *quadkey && strstr(picture, quadkey);
    return search.parts == 0 ? 0 : 2 * search.parts + placed;
}

static bool is_item(const pl_json *feature) {
    const pl_json *properties = pl__json_get(feature, "properties");
    return pl__json_is_object(pl__json_get(feature, "assets")) ||
           !pl__json_is_null(pl__json_get(properties, "view:sun_azimuth"));
}

static pl_status choose(const pl_json *items, const pl_sidecar *sidecar, const pl_json **out,
                        pl_error *error) {
    const char *file = pl__sensor_base_name(sidecar->file);
    int best = 0, count = 0, known = 0;
    if (pl__json_size(items) == 0)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: a collection without items", file);
    for (size_t i = 0; i < pl__json_size(items); i++) {
        const pl_json *item = pl__json_at(items, i);
        int s = score(item, sidecar->picture);
        known += is_item(item);
        if (s > best) *out = item;
        count = s > best ? 1 : count + (s == best && s > 0);
        best = s > best ? s : best;
    }
    if (known == 0) return pl__fail(error, PL_REFUSED, FLOOR, "%s: JSON, but no STAC Item", file);
    if (count == 0)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: none of its %d items names %s", file, known,
                        pl__sensor_base_name(sidecar->picture));
    if (count > 1)
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "%s: %d items name %s; the picture's folders or a quadkey in its name "
                        "would tell them apart",
                        file, count, pl__sensor_base_name(sidecar->picture));
    return PL_OK;
}

pl_status pl__stac_item(const pl_json *root, const pl_sidecar *sidecar, const pl_json **out,
                        pl_error *error) {
    const char *type = pl__json_string(pl__json_get(root, "type"));
    *out = root;
    if (!type || strcmp(type, "FeatureCollection") != 0) return PL_OK;
    const pl_json *items = pl__json_get(root, "features");
    if (sidecar->item > 0) {
        *out = pl__json_at(items, (size_t)sidecar->item - 1);
        return *out ? PL_OK
                    : pl__fail(error, PL_E_FORMAT, FLOOR, "%s: of %zu items",
                               pl__sensor_base_name(sidecar->file), pl__json_size(items));
    }
    if (!sidecar->picture) {
        *out = pl__json_size(items) == 1 ? pl__json_at(items, 0) : NULL;
        return *out ? PL_OK
                    : pl__fail(error, PL_E_FORMAT, FLOOR,
                               "%s: a collection of %zu items: name one as FILE#1, or the picture, "
                               "and this file with --sidecar",
                               pl__sensor_base_name(sidecar->file), pl__json_size(items));
    }
    return choose(items, sidecar, out, error);
}

/* ---- a collection in place of a picture ---- */

static bool has_links(const pl_json *root) {
    const char *type = pl__json_string(pl__json_get(root, "type"));
    return type && (strcmp(type, "Collection") == 0 || strcmp(type, "Catalog") == 0);
}

/* The item link of that number, from 1; NULL none. *count gets how many there are. */
static const char *item_link(const pl_json *root, int number, int *count) {
    const pl_json *links = pl__json_get(root, "links");
    const char *found = NULL;
    *count = 0;
    for (size_t i = 0; i < pl__json_size(links); i++) {
        const pl_json *link = pl__json_at(links, i);
        const char *rel = pl__json_string(pl__json_get(link, "rel"));
        if (!rel || strcmp(rel, "item") != 0) continue;
        if (++*count == number) found = pl__json_string(pl__json_get(link, "href"));
    }
    return found;
}

pl_status pl__stac_link(const pl_sidecar *sidecar, char *href, size_t size, pl_error *error) {
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_status status = PL_OK;
    int count;
    pl__text_copy(href, size, "");
    pl_json *root = pl__json_parse(sidecar->text, sidecar->length, file, NULL);
    if (!has_links(root)) goto done; /* broken ones are their reader's to complain of */
    const char *link = item_link(root, sidecar->item > 0 ? sidecar->item : 1, &count);
    if (sidecar->item == 0 && count != 1) {
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s links to %d items: name one as FILE#1",
                          file, count);
    } else if (!link) {
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: of %d items", file, count);
    } else {
        pl__text_copy(href, size, link);
    }
done:
    pl__json_free(root);
    return status;
}

/* The next page's address, if it can be had by asking for a file. */
static void find_next(const pl_json *root, const pl_sidecar *sidecar, const pl_trust *trust,
                      pl_scene_page *out) {
    const pl_json *links = pl__json_get(root, "links");
    pl_error error = PL_ERROR_INIT;
    for (size_t i = 0; i < pl__json_size(links); i++) {
        const pl_json *link = pl__json_at(links, i);
        const char *rel = pl__json_string(pl__json_get(link, "rel")),
                   *href = pl__json_string(pl__json_get(link, "href")),
                   *method = pl__json_string(pl__json_get(link, "method"));
        if (!rel || strcmp(rel, "next") != 0) continue;
        if (method && strcmp(method, "GET") != 0) {
            snprintf(out->fault, sizeof out->fault,
                     "its next page is to be asked for by %.20s: save it to a file", method);
        } else if (pl__io_href_resolve(sidecar->file, href ? href : "", trust, out->next,
                                       sizeof out->next, &error) != PL_OK) {
            out->next[0] = '\0';
            snprintf(out->fault, sizeof out->fault, "its next page: %.200s", error.message);
        }
        return;
    }
}

void pl__scene_page(const char *name, const pl_trust *trust, pl_scene_page *out) {
    pl_arena *arena = pl_arena_new(0);
    pl_sidecar sidecar = {0};
    char file[1024];
    *out = (pl_scene_page){.items = 0};
    if (arena && pl__io_name(name, file, sizeof file, NULL) == PL_OK &&
        pl__sensor_read(file, arena, &sidecar, NULL) == PL_OK && sidecar.item == 0) {
        pl_json *root = pl__json_parse(sidecar.text, sidecar.length, "", NULL);
        const char *type = pl__json_string(pl__json_get(root, "type"));
        if (has_links(root)) {
            item_link(root, 0, &out->items);
        } else if (type && strcmp(type, "FeatureCollection") == 0) {
            out->items = (int)pl__min((double)pl__json_size(pl__json_get(root, "features")), 1e6);
            find_next(root, &sidecar, trust, out);
        }
        pl__json_free(root);
    }
    pl_arena_free(arena);
}
