/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes made-up scenes into a store, quickly: for tests that kill, lock, stop and race, where real
 * pictures would only cost time.
 *
 *   writer write STORE PREFIX FIRST LAST KEY [FOLDER]  scenes PREFIX-0000 ..., a line each when
 * kept writer fail STORE FILE REASON writer done STORE FILE KEY                         prints yes
 * or no writer list STORE                                  scene, file, key, hulls writer same
 * STORE PREFIX INDEX                     do the rows read back as they were written? Exit codes as
 * plimsoll's: 0; 1 some scenes were refused; 3 with words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plimsoll/plimsoll.h"

enum { HULLS = 3, CORNERS = 5 };

static double ring[HULLS][CORNERS][2], area[CORNERS][2];

static void square(double (*out)[2], double lon, double lat, double size) {
    static const double AT[CORNERS][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    for (int i = 0; i < CORNERS; i++) {
        out[i][0] = lon + size * AT[i][0];
        out[i][1] = lat + size * AT[i][1];
    }
}

static void make_hull(pl_result_row *row, const char *scene, int scene_index, int index) {
    double lon = scene_index % 10 == 7 ? 179.9995 : 133.0 + 0.01 * scene_index,
           lat = 42.5 + 0.01 * index;
    snprintf(row->id, sizeof row->id, "%s/%d", scene, index);
    square(ring[index], lon, lat, 0.001 + 1e-9 / 3.0);
    row->outline_lonlat = ring[index];
    row->hull.outline_count = CORNERS;
    row->hull.lon_deg = lon;
    row->hull.lat_deg = lat;
    row->hull.length_m = (pl_quantity){100.0 / 3.0 * (index + 1), 0.7};
    row->hull.beam_m = (pl_quantity){15.9, 0.1};
    row->hull.tanker_probability = 0.9;
    row->hull.fingerprint[3] = 7;
    row->has_freeboard = true;
    row->freeboard = (pl_freeboard){.status = index == 0   ? PL_OK
                                              : index == 1 ? PL_DUBIOUS
                                                           : PL_REFUSED,
                                    .freeboard_m = {2.0 / 3.0, 0.21},
                                    .bound_m = NAN,
                                    .p05_m = 0.3,
                                    .p95_m = 1.1,
                                    .trim_m = {NAN, NAN},
                                    .list_rad = NAN,
                                    .shadow_length_m = NAN,
                                    .overhang_m = NAN,
                                    .reasons = index ? PL_BIT(PL_CLOUD) : 0};
    snprintf(row->vessel_name, sizeof row->vessel_name, "O'Brien \"%d\" <&> \\", index);
}

static void make(pl_result *out, pl_result_row *rows, const char *prefix, int index,
                 const char *folder) {
    memset(out, 0, sizeof *out);
    memset(rows, 0, HULLS * sizeof *rows);
    snprintf(out->scene.id, sizeof out->scene.id, "%s-%04d", prefix, index);
    snprintf(out->scene.file, sizeof out->scene.file, "%s/%s-%04d.tif", folder, prefix, index);
    snprintf(out->scene.sha256, sizeof out->scene.sha256, "%s%04d", folder, index);
    snprintf(out->scene.driver, sizeof out->scene.driver, "none");
    out->scene.acquired_s = 1704067200.0 + 86400.0 * index + 0.259;
    out->scene.gsd_m = 0.5;
    square(area, 133.0 + 0.01 * index, 42.4, 0.2);
    out->area.lonlat = area;
    out->area.count = CORNERS;
    out->seconds = NAN;
    out->count = index % 5 == 4 ? 0 : HULLS;
    out->row = rows;
    for (int i = 0; i < HULLS; i++) make_hull(&rows[i], out->scene.id, index, i);
}

static void say(void *context, const char *words) {
    (void)context;
    fprintf(stderr, "%s\n", words);
}

static int fail(const pl_error *error) {
    fprintf(stderr, "%s\n", error->message);
    return 3;
}

static int write_scenes(pl_store *store, char **words, int count) {
    static pl_result_row rows[HULLS];
    pl_error error = PL_ERROR_INIT;
    int refused = 0;
    for (int i = atoi(words[1]); i <= atoi(words[2]); i++) {
        pl_result result;
        make(&result, rows, words[0], i, count > 4 ? words[4] : "/pictures");
        pl_status status =
            pl_store_write(store, &result, words[3], "{\"product\":\"diesel\"}", &error);
        if (status != PL_OK && status != PL_REFUSED) return fail(&error);
        if (status == PL_REFUSED) {
            fprintf(stderr, "%s\n", error.message);
            refused++;
            continue;
        }
        printf("%s\n", result.scene.id);
        fflush(stdout);
    }
    return refused > 0;
}

static bool list_scene(void *context, const pl_store_scene *s) {
    (void)context;
    printf("%s\t%s\t%s\t%lld\n", s->scene_id, s->file, s->key ? s->key : "-", s->hulls);
    return true;
}

static int compare(pl_store *store, const char *prefix, int index) {
    static pl_result_row rows[HULLS];
    pl_error error = PL_ERROR_INIT;
    pl_result result;
    char *kept = NULL, *made = NULL;
    make(&result, rows, prefix, index, "/pictures");
    if (pl_store_rows(store, result.scene.id, &kept, &error) != PL_OK ||
        pl_store_text(&result, &made, &error) != PL_OK)
        return fail(&error);
    bool same = strcmp(kept, made) == 0;
    if (!same) printf("kept:\n%smade:\n%s", kept, made);
    free(kept);
    free(made);
    return same ? 0 : 1;
}

static int work(pl_store *store, const char *what, char **words, int count) {
    pl_error error = PL_ERROR_INIT;
    bool done = false;
    if (strcmp(what, "write") == 0 && count >= 4) return write_scenes(store, words, count);
    if (strcmp(what, "same") == 0 && count == 2) return compare(store, words[0], atoi(words[1]));
    if (strcmp(what, "fail") == 0 && count == 2)
        return pl_store_write_failure(store, words[0], "k", words[1], &error) ? fail(&error) : 0;
    if (strcmp(what, "done") == 0 && count == 2) {
        if (pl_store_done(store, words[0], words[1], &done, &error) != PL_OK) return fail(&error);
        printf("%s\n", done ? "yes" : "no");
        return 0;
    }
    if (strcmp(what, "list") == 0)
        return pl_store_scenes(store, list_scene, NULL, &error) ? fail(&error) : 0;
    return 2;
}

int main(int argc, char **argv) {
    pl_store_listener listener = {NULL, say, NULL};
    pl_error error = PL_ERROR_INIT;
    pl_store *store = NULL;
    if (argc < 3) return 2;
    if (pl_store_open(argv[2], &listener, &store, &error) != PL_OK) return fail(&error);
    int code = work(store, argv[1], argv + 3, argc - 3);
    if (pl_store_close(store, &error) != PL_OK && code == 0) return fail(&error);
    return code;
}
