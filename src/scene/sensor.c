/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which metadata file belongs to this picture, and who can read it?
 *
 * A sidecar named by the user must be one; the driver is then told by its content. Otherwise the
 * drivers' names are tried beside the picture in the table's order, and files that a driver lists
 * are asked whether they speak of this picture. A file that is found there but belongs to somebody
 * else's format is passed over with a note; one that is broken is an error, since to measure
 * without the angles that it held would be worse. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scene/scene.h"

static const char FLOOR[] = "scene";
enum {
    SIDECAR_LIMIT = 32 << 20, /* an item of STAC or an IMD is kilobytes */
    LISTED_MAX = 10000,       /* names looked at in a folder */
    READ_MAX = 64             /* files of it that are opened: a delivery holds a few products */
};

const pl_sensor *const pl__sensors[] = {
    &pl__sensor_plimsoll, &pl__sensor_stac,     &pl__sensor_imd,        &pl__sensor_imd_xml,
    &pl__sensor_dimap,    &pl__sensor_planet,   &pl__sensor_planet_xml, &pl__sensor_sentinel2,
    &pl__sensor_kompsat,  &pl__sensor_kompsat3, &pl__sensor_ikonos,     &pl__sensor_landsat,
    &pl__sensor_geom,     &pl__sensor_aerial,   &pl__sensor_rpb,
};
const int pl__sensor_count = sizeof pl__sensors / sizeof *pl__sensors;

static void forget(pl_facts *facts) {
    *facts = (pl_facts){.acquired_s = NAN,
                        .date_s = NAN,
                        .sun_azimuth_deg = NAN,
                        .sun_elevation_deg = NAN,
                        .view_azimuth_deg = NAN,
                        .other_azimuth_deg = NAN,
                        .incidence_deg = NAN,
                        .satellite_elevation_deg = NAN,
                        .off_nadir_deg = NAN,
                        .incidence_field = "incidence",
                        .track_deg = NAN,
                        .altitude_m = NAN,
                        .saturation_dn = NAN,
                        .convention = PL_VIEW_TARGET_TO_SATELLITE,
                        .width_px = NAN,
                        .height_px = NAN,
                        .west_deg = NAN,
                        .south_deg = NAN,
                        .east_deg = NAN,
                        .north_deg = NAN,
                        .pixel_m = NAN,
                        .collected_m = NAN,
                        .delivered_least = NAN,
                        .delivered_most = NAN,
                        .grid = {NAN, NAN, NAN, NAN, NAN, NAN},
                        .across_m = {NAN, NAN},
                        .down_m = {NAN, NAN}};
}

const pl_sensor *pl__sensor_of(const pl_sidecar *sidecar) {
    for (int i = 0; i < pl__sensor_count; i++)
        if (pl__sensors[i]->detect(sidecar)) return pl__sensors[i];
    return NULL;
}

int pl__sensor_item(const char *name, char *file, size_t size) {
    static const char *const ENDING[] = {"-", ".json", ".geojson"};
    const char *sign = strrchr(name, '#');
    double number = 0.0;
    size_t length = sign ? (size_t)(sign - name) : 0;
    bool collection = false;
    for (size_t i = 0; i < sizeof ENDING / sizeof *ENDING && sign; i++) {
        size_t n = strlen(ENDING[i]);
        collection |= length >= n && strncasecmp(sign - n, ENDING[i], n) == 0;
    }
    if (!collection || strspn(sign + 1, "0123456789") != strlen(sign + 1) ||
        !pl__text_number(sign + 1, &number) || !(number >= 1 && number <= 1e6)) {
        number = 0.0;
        length = strlen(name);
    }
    snprintf(file, size, "%.*s", (int)length, name);
    if (strcmp(file, "-") == 0) pl__text_copy(file, size, PL_SCENE_STDIN);
    return (int)number;
}

pl_status pl__sensor_read(const char *file, pl_arena *arena, pl_sidecar *sidecar, pl_error *error) {
    char *text = NULL, plain[1024];
    sidecar->item = pl__sensor_item(file, plain, sizeof plain);
    pl_status status =
        pl__io_file_read(plain, SIDECAR_LIMIT, arena, &text, &sidecar->length, error);
    sidecar->file = file;
    sidecar->text = text;
    return status;
}

/* ---- a search ---- */

typedef struct search {
    pl_arena *arena;
    const char *picture;
    pl_facts *facts;
    char *used, *driver;
    size_t used_size, driver_size;
    pl_error *error;
} search;

static pl_status read_with(const search *it, const pl_sensor *sensor, const pl_sidecar *sidecar) {
    pl__text_copy(it->used, it->used_size, sidecar->file);
    pl__text_copy(it->driver, it->driver_size, sensor->name);
    return sensor->read(sidecar, it->facts, it->error);
}

/* A sidecar that the user named. */
static pl_status read_named(const search *it, const char *named) {
    pl_sidecar sidecar = {.picture = it->picture};
    char file[1024];
    pl_status status = pl__io_name(named, file, sizeof file, it->error);
    if (status == PL_OK) status = pl__sensor_read(file, it->arena, &sidecar, it->error);
    if (status < 0) return status;
    const pl_sensor *sensor = pl__sensor_of(&sidecar);
    if (!sensor)
        return pl__fail(it->error, PL_E_FORMAT, FLOOR, "%s: no metadata that is known here", named);
    status = read_with(it, sensor, &sidecar);
    if (status == PL_REFUSED && it->error) it->error->status = PL_E_FORMAT;
    return status == PL_REFUSED ? PL_E_FORMAT : status;
}

/* A file that lies where a driver's files lie. */
static pl_status try_file(const search *it, const pl_sensor *sensor, const char *file,
                          bool must_belong) {
    if (strcmp(file, it->picture) == 0 || strcmp(file, it->used) == 0 || !pl__io_file_exists(file))
        return PL_OK;
    pl_sidecar sidecar = {.picture = it->picture};
    pl_status status = pl__sensor_read(file, it->arena, &sidecar, must_belong ? NULL : it->error);
    if (status < 0) return must_belong ? PL_OK : status;
    if (must_belong && !(sensor->detect(&sidecar) && sensor->belongs(&sidecar))) return PL_OK;
    const pl_sensor *owner = pl__sensor_of(&sidecar);
    if (owner && owner != sensor) return PL_OK; /* of the same ending: its own row will find it */
    if (it->used[0]) {
        pl__sensor_note(it->facts, "%s lies there too: not used", pl__sensor_base_name(file));
        return PL_OK;
    }
    status = read_with(it, sensor, &sidecar);
    if (status != PL_REFUSED) return status;
    pl__sensor_note(it->facts, "%s is of another kind: not used", pl__sensor_base_name(file));
    pl__text_copy(it->used, it->used_size, "");
    pl__text_copy(it->driver, it->driver_size, "none");
    return PL_OK;
}

/* Length of "folder/" without its last part: archives know no "..". 0: no part to take off. */
static int parent_length(const char *path, int folder) {
    int n = folder - 1;
    while (n > 0 && path[n - 1] != '/') n--;
    bool plain = n >= 0 && folder - n > 1 && path[n] != '.';
    return plain ? n : 0;
}

/* "folder/name.tif" and "DIM_*.XML" -> "folder/DIM_name.XML". */
static pl_status try_beside(const search *it, const pl_sensor *sensor, const char *pattern) {
    const char *base = pl__sensor_base_name(it->picture), *dot = strrchr(base, '.');
    int folder = (int)(base - it->picture);
    for (int up; strncmp(pattern, "../", 3) == 0 && (up = parent_length(it->picture, folder));
         folder = up)
        pattern += 3;
    int stem = (int)(dot && dot != base ? dot - base : (long)strlen(base));
    const char *star = strchr(pattern, '*');
    int head = star ? (int)(star - pattern) : (int)strlen(pattern);
    char *file = NULL;
    if (asprintf(&file, "%.*s%.*s%.*s%s", folder, it->picture, head, pattern, star ? stem : 0, base,
                 star ? star + 1 : "") < 0)
        return pl__fail_memory(it->error, FLOOR);
    pl_status status = try_file(it, sensor, file, !star);
    free(file);
    return status;
}

/* Is one of the two names, endings cut off, the beginning of the other? So a scene's item goes with
 * its products, and a picture with the record that has a date behind the same name. */
static bool related(const char *name, size_t ending, const char *picture) {
    const char *dot = strrchr(picture, '.');
    size_t a = strlen(name) - ending, b = dot ? (size_t)(dot - picture) : strlen(picture);
    return strncmp(name, picture, a < b ? a : b) == 0;
}

static pl_status try_listed(const search *it, const pl_sensor *sensor) {
    const char **name, *base = pl__sensor_base_name(it->picture);
    bool any_name = sensor->list[0][0] != '*';
    int count, opened = 0;
    char *path = NULL;
    if (asprintf(&path, "%.*s", (int)(base - it->picture), it->picture) < 0)
        return pl__fail_memory(it->error, FLOOR);
    pl_status status = pl__io_folder_list(path, any_name ? sensor->list[0] : "", sensor->list[1],
                                          LISTED_MAX, it->arena, &name, &count, it->error);
    for (int i = 0; i < count && status == PL_OK && opened < READ_MAX; i++) {
        if (!any_name && !related(name[i], strlen(sensor->list[1]), base)) continue;
        char *file = NULL;
        opened++;
        if (asprintf(&file, "%s%s", path, name[i]) < 0) {
            status = pl__fail_memory(it->error, FLOOR);
            break;
        }
        status = try_file(it, sensor, file, true);
        free(file);
    }
    free(path);
    return status;
}

/* The first of the drivers' files that lies beside the picture and is that driver's. Each look at
 * another machine is a request: there only the first place of each driver is tried. */
static pl_status read_found(const search *it) {
    pl_status status = PL_OK;
    const int places = pl__io_file_is_remote(it->picture) ? 1 : PL_BESIDE_MAX;
    for (int i = 0; i < pl__sensor_count && status == PL_OK; i++) {
        const pl_sensor *sensor = pl__sensors[i];
        for (int k = 0; k < places && sensor->beside[k] && status == PL_OK; k++)
            status = try_beside(it, sensor, sensor->beside[k]);
        if (sensor->list[0] && status == PL_OK && !it->used[0]) status = try_listed(it, sensor);
    }
    return status;
}

pl_status pl__sensor_facts(const char *picture, const char *named, pl_facts *facts, char *used,
                           size_t used_size, char *driver, size_t driver_size, pl_error *error) {
    forget(facts);
    pl__text_copy(used, used_size, "");
    pl__text_copy(driver, driver_size, "none");
    char name[1024];
    pl_status status = pl__io_name(picture, name, sizeof name, error);
    if (status < 0) return status;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    search it = {arena, name, facts, used, driver, used_size, driver_size, error};
    status = named ? read_named(&it, named) : read_found(&it);
    pl_arena_free(arena);
    return status;
}
