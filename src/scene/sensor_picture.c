/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which picture is meant when the user names a metadata file?
 *
 * The one that the file names, if it names one, else the one that lies beside it under the name
 * that makes the file its sidecar; of a STAC collection the item that was named. A name inside a
 * file was chosen by whoever made the file, not by the user: only a relative one that stays below
 * the file's folder is followed. URLs, absolute paths and
 * ".." are refused with a word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scene/stac.h"

static const char FLOOR[] = "scene";

static bool is_metadata(const char *name) {
    static const char *const ENDING[] = {".xml", ".json", ".geojson", ".imd",
                                         ".rpb", ".geom", ".eph",     ".txt"};
    char plain[1024];
    pl__sensor_item(name, plain, sizeof plain);
    const char *dot = strrchr(pl__sensor_base_name(plain), '.');
    for (size_t i = 0; dot && i < sizeof ENDING / sizeof *ENDING; i++)
        if (strcasecmp(dot, ENDING[i]) == 0) return true;
    return false;
}

/* "DIM_name.XML" and "DIM_*.XML" -> "name" and its length. */
static const char *stem_of(const char *base, const char *pattern, int *length) {
    const char *star = strchr(pattern, '*');
    if (!star) return NULL;
    size_t head = (size_t)(star - pattern), tail = strlen(star + 1), whole = strlen(base);
    if (whole <= head + tail || strncasecmp(base, pattern, head) != 0 ||
        strcasecmp(base + whole - tail, star + 1) != 0)
        return NULL;
    *length = (int)(whole - head - tail);
    return base + head;
}

static bool beside(const char *file, const pl_sensor *sensor, char *picture, size_t size) {
    static const char *const ENDING[] = {"tif", "TIF", "tiff", "ntf", "NTF",
                                         "jp2", "JP2", "png",  "jpg"};
    const char *base = pl__sensor_base_name(file);
    for (int k = 0; k < PL_BESIDE_MAX && sensor->beside[k]; k++) {
        int length;
        const char *stem = stem_of(base, sensor->beside[k], &length);
        for (size_t i = 0; stem && i < sizeof ENDING / sizeof *ENDING; i++) {
            int n = snprintf(picture, size, "%.*s%.*s.%s", (int)(base - file), file, length, stem,
                             ENDING[i]);
            if (n < (int)size && pl__io_file_exists(picture)) return true;
        }
    }
    return false;
}

static pl_status find_picture(const pl_sidecar *sidecar, const pl_trust *trust, char *picture,
                              size_t size, pl_error *error) {
    const char *base = pl__sensor_base_name(sidecar->file);
    const pl_sensor *sensor = pl__sensor_of(sidecar);
    char href[512] = "";
    if (!sensor)
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "%s: neither a picture nor metadata that is known here", base);
    pl_status status = sensor->picture ? sensor->picture(sidecar, href, sizeof href, error) : PL_OK;
    if (status < 0) return status;
    if (href[0]) return pl__io_href_resolve(sidecar->file, href, trust, picture, size, error);
    if (beside(sidecar->file, sensor, picture, size)) return PL_OK;
    return pl__fail(error, PL_E_IO, FLOOR,
                    "%s names no picture and none lies beside it (name the picture)", base);
}

/* A collection that only links to its items: the item takes its place. */
static pl_status follow_link(pl_sidecar *file, const pl_trust *trust, pl_arena *arena,
                             char *sidecar, size_t size, pl_error *error) {
    char link[512], item[512];
    if (pl__sensor_of(file) != &pl__sensor_stac) return PL_OK;
    pl_status status = pl__stac_link(file, link, sizeof link, error);
    if (status < 0 || !link[0]) return status;
    status = pl__io_href_resolve(file->file, link, trust, item, sizeof item, error);
    if (status < 0) return status;
    pl__text_copy(sidecar, size, item);
    *file = (pl_sidecar){0};
    return pl__sensor_read(sidecar, arena, file, error);
}

pl_status pl__sensor_picture(const char *name, const pl_trust *trust, char *picture,
                             size_t picture_size, char *sidecar, size_t sidecar_size,
                             pl_error *error) {
    pl__text_copy(sidecar, sidecar_size, "");
    if (strlen(name) >= picture_size)
        return pl__fail(error, PL_E_LIMIT, FLOOR, "a file name of more than %zu bytes",
                        picture_size - 1);
    pl__text_copy(picture, picture_size, name);
    if (!is_metadata(name)) return PL_OK;
    pl_status status = pl__io_name(name, sidecar, sidecar_size, error);
    if (status < 0) return status;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_sidecar file = {0};
    status = pl__sensor_read(sidecar, arena, &file, error);
    if (status == PL_OK) status = follow_link(&file, trust, arena, sidecar, sidecar_size, error);
    if (status == PL_OK) status = find_picture(&file, trust, picture, picture_size, error);
    pl_arena_free(arena);
    return status;
}
