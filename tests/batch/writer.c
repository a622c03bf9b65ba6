/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes made-up scenes into a store, quickly: for tests that kill, lock, stop and race, where real
 * pictures would only cost time. Exit codes as plimsoll's: 0; 1 some scenes were refused, or not
 * all is as it was written; 3 with words. */
/* clang-format off
 *   writer write STORE PREFIX FIRST LAST KEY [FOLDER]  scenes PREFIX-0000 ..., a line each when kept
 *   writer fail STORE FILE REASON
 *   writer done STORE FILE KEY                         prints yes or no
 *   writer list STORE                                  scene, file, key, hulls
 *   writer same STORE PREFIX INDEX                     do the rows read back as they were written?
 *   writer observe STORE PREFIX INDEX                  and as observations, and the scene as coverage?
 *   writer seen STORE [PORT]                           hulls, scenes, failures; then what is outdated
 *   writer call STORE SCENE TIME FREEBOARD PORT        a port's picture with a tanker, or without one
 * clang-format on */
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
                                    .trim_m = {0.5, 0.2},
                                    .list_rad = NAN,
                                    .shadow_length_m = NAN,
                                    .overhang_m = NAN,
                                    .reasons = index ? PL_BIT(PL_CLOUD) : 0};
    row->sight = (pl_sight){2.9, 0.61, 1.1, 0.3, 0.001, 0.002, 0.003};
    row->hull.heading_rad = 1.2345678901234;
    row->hull.heading_sigma_rad = 0.004;
    row->hull.bow_certain = index != 1;
    row->hull.vessel_class = index == 0 ? PL_CLASS_TANKER : PL_CLASS_UNKNOWN;
    for (size_t i = 0; i < sizeof row->hull.fingerprint; i++)
        row->hull.fingerprint[i] = (int8_t)(37 * i + 11 * (size_t)index);
    for (int i = 0; i < PL_BUDGET_COUNT; i++) row->freeboard.budget_m[i] = 0.01 * (i + 1);
    row->freeboard.cue_count = index;
    for (int i = 0; i < index; i++)
        row->freeboard.cue[i] = (pl_cue){.side = i ? PL_STARBOARD_SIDE : PL_PORT_SIDE,
                                         .kind = i ? PL_CUE_LIT_WALL : PL_CUE_DARK_BAND,
                                         .width_m = {3.125, 0.25},
                                         .per_metre = 1.5625,
                                         .freeboard_m = {2.0, 0.125},
                                         .stations = 40 + i,
                                         .chi2 = 1.25};
    row->has_load = index < 2;
    row->load = (pl_load){.reasons = PL_BIT(PL_BALLAST_OR_CARGO),
                          .depth_m = {7.0 / 3.0, 0.2},
                          .draft_m = {1.0 / 3.0, 0.1},
                          .summer_draft_m = {5.5, 0.3},
                          .dwt_t = {3003, 210},
                          .displacement_t = {4100, 300},
                          .water_density_t_m3 = {1.024, 0.002},
                          .depth_known = index == 0,
                          .displacement_by = PL_BY_PARTICULARS,
                          .p_deep = 0.01,
                          .state = PL_PART,
                          .p_state = {0.25, 0.5, 0.25},
                          .load_fraction = {0.1, 0.4, 0.7},
                          .cargo_t = {300, 1200, 2100},
                          .oil_bbl = {2238, 8952, 15666},
                          .product = "gas oil",
                          .conversion = "un1718",
                          .conversion_evidence = "chart"};
    snprintf(row->vessel_name, sizeof row->vessel_name, "O'Brien \"%d\" <&> \\", index);
}

static void make(pl_result *out, pl_result_row *rows, const char *prefix, int index,
                 const char *folder) {
    memset(out, 0, sizeof *out);
    memset(rows, 0, HULLS * sizeof *rows);
    snprintf(out->scene.id, sizeof out->scene.id, "%s-%04d", prefix, index);
    snprintf(out->scene.file, sizeof out->scene.file, "%s/%s-%04d.tif", folder, prefix, index);
    snprintf(out->scene.sha256, sizeof out->scene.sha256, "%s%04d", folder, index);
    snprintf(out->area.name, sizeof out->area.name, "Nampo");
    snprintf(out->scene.platform, sizeof out->scene.platform, "Drawn-1");
    out->unseen_share = 0.125;
    for (int i = 0; i < 4; i++) { /* a corner more than the area on every side */
        out->corner_lonlat[i][0] = 132.9 + 0.01 * index + (i == 1 || i == 2 ? 0.4 : 0.0);
        out->corner_lonlat[i][1] = 42.3 + (i >= 2 ? 0.4 : 0.0);
    }
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

/* A port's picture with one tanker of 97 x 16 m at one berth, loaded as her freeboard says; without
 * a hull at freeboard 0. The deck's signature is always the same. */
static int call(pl_store *store, char **words) {
    static pl_result_row rows[HULLS];
    pl_result_row *row = &rows[0];
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_load_input in = PL_LOAD_INPUT_INIT;
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_result result;
    int year, month, day;
    double freeboard_m = atof(words[2]);
    make(&result, rows, words[0], 0, "/pictures");
    if (sscanf(words[1], "%d-%d-%d", &year, &month, &day) != 3) return 2;
    snprintf(result.scene.id, sizeof result.scene.id, "%.40s", words[0]);
    snprintf(result.scene.file, sizeof result.scene.file, "/pictures/%.40s.tif", words[0]);
    snprintf(result.scene.sha256, sizeof result.scene.sha256, "%.40s", words[0]);
    snprintf(result.area.name, sizeof result.area.name, "%.60s", words[3]);
    result.scene.acquired_s = 1709251200.0 + 86400.0 * (day - 1) + 9000; /* of March 2024 */
    result.unseen_share = 0;
    result.count = freeboard_m > 0;
    snprintf(row->id, sizeof row->id, "%.40s/0", words[0]);
    *row->vessel_name = '\0';
    row->hull.lon_deg = area[0][0] + 0.1;
    row->hull.lat_deg = area[0][1] + 0.1;
    row->hull.vessel_class = PL_CLASS_TANKER;
    row->hull.length_m = in.length_m = (pl_quantity){97, 0.6};
    row->hull.beam_m = in.beam_m = (pl_quantity){16, 0.25};
    row->freeboard.freeboard_m = in.freeboard_m = (pl_quantity){freeboard_m, 0.2};
    row->freeboard.trim_m = (pl_quantity){NAN, NAN};
    row->has_load = true;
    if (freeboard_m > 0) {
        if (pl_load_models_open(getenv("PLIMSOLL_MODELS"), &models, &error) != PL_OK ||
            pl_load_estimate(models, &in, &options, &row->load, &error) != PL_OK)
            return 3;
        pl_load_models_free(models);
    }
    return pl_store_write(store, &result, "k", NULL, &error) == PL_OK ? 0 : 3;
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
            pl_store_write(store, &result, words[3], "[\"--product=diesel\"]", &error);
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

/* ---- as observations ---- */

static int odd; /* members that did not come back */

static void same_number(const char *name, double kept, double made, double tolerance) {
    if ((isnan(kept) && isnan(made)) || fabs(kept - made) <= tolerance) return;
    printf("%s: kept %.17g, made %.17g\n", name, kept, made);
    odd++;
}

static void same_word(const char *name, const char *kept, const char *made) {
    if (strcmp(kept, made) == 0) return;
    printf("%s: kept '%s', made '%s'\n", name, kept, made);
    odd++;
}

#define NUMBER(m) same_number(#m, (double)kept->m, (double)made->m, 1e-9)
#define PAIR(m) (NUMBER(m.value), NUMBER(m.sigma))
#define RANGE(m) (NUMBER(m.p05), NUMBER(m.p50), NUMBER(m.p95))
#define WORD(m) same_word(#m, kept->m, made->m)

static void same_load(const pl_load *kept, const pl_load *made) {
    PAIR(depth_m), PAIR(draft_m), PAIR(dwt_t), PAIR(displacement_t), PAIR(water_density_t_m3);
    NUMBER(depth_known), NUMBER(displacement_by), NUMBER(p_deep), NUMBER(state);
    NUMBER(p_state[0]), NUMBER(p_state[1]), NUMBER(p_state[2]);
    RANGE(load_fraction), RANGE(cargo_t), RANGE(oil_bbl);
    WORD(product), WORD(conversion), WORD(conversion_evidence);
}

static void same_observation(const pl_observation *kept, const pl_observation *made) {
    WORD(hull_id), WORD(scene_id), WORD(port), WORD(platform);
    WORD(vessel_name), WORD(vessel_imo), WORD(vessel_source);
    same_number("acquired_s", kept->acquired_s, made->acquired_s, 0.001);
    NUMBER(gsd_m), NUMBER(lon_deg), NUMBER(lat_deg), NUMBER(heading_rad), NUMBER(heading_sigma_rad);
    NUMBER(sight.sun_azimuth_rad), NUMBER(sight.sun_elevation_rad), NUMBER(sight.sun_sigma_rad);
    NUMBER(sight.view_azimuth_rad), NUMBER(sight.view_incidence_rad);
    NUMBER(sight.view_azimuth_sigma_rad), NUMBER(sight.view_incidence_sigma_rad);
    NUMBER(bow_certain), PAIR(length_m), PAIR(beam_m), NUMBER(has_fingerprint);
    if (memcmp(kept->fingerprint, made->fingerprint, sizeof kept->fingerprint) != 0) {
        printf("another fingerprint\n");
        odd++;
    }
    NUMBER(vessel_class), NUMBER(tanker_probability), NUMBER(status), NUMBER(reasons);
    NUMBER(has_freeboard), NUMBER(has_load), NUMBER(cue_count);
    if (made->status != PL_REFUSED) {
        PAIR(freeboard_m), PAIR(trim_m);
        for (int i = 0; i < PL_BUDGET_COUNT; i++) NUMBER(budget_m[i]);
    }
    for (int i = 0; i < made->cue_count; i++) {
        NUMBER(cue[i].side), NUMBER(cue[i].kind), PAIR(cue[i].width_m), NUMBER(cue[i].per_metre);
        PAIR(cue[i].freeboard_m), NUMBER(cue[i].stations), NUMBER(cue[i].chi2);
    }
    if (made->has_load) same_load(&kept->load, &made->load);
}

static void same_coverage(const pl_coverage *kept, const pl_result *made) {
    same_word("scene_id", kept->scene_id, made->scene.id);
    same_word("port", kept->port, made->area.name);
    same_word("platform", kept->platform, made->scene.platform);
    same_number("gsd_m", kept->gsd_m, made->scene.gsd_m, 0);
    same_number("hulls", kept->hulls, made->count, 0);
    same_number("unseen_share", kept->unseen_share, made->unseen_share, 0);
    same_number("west", kept->searched[0], area[0][0], 1e-7);
    same_number("south", kept->searched[1], area[0][1], 1e-7);
    same_number("east", kept->searched[2], area[2][0], 1e-7);
    same_number("north", kept->searched[3], area[2][1], 1e-7);
    double lon = made->corner_lonlat[0][0], lat = made->corner_lonlat[0][1];
    same_number("in both", pl_coverage_shows(kept, lon + 0.2, lat + 0.2), 1, 0);
    same_number("in the picture alone", pl_coverage_shows(kept, lon + 0.05, lat + 0.2), 0, 0);
    same_number("in neither", pl_coverage_shows(kept, lon + 0.5, lat + 0.2), 0, 0);
}

static int observe(const char *store, const char *prefix, int index) {
    static pl_result_row rows[HULLS];
    pl_error error = PL_ERROR_INIT;
    pl_sightings seen;
    pl_result result;
    int found = 0;
    make(&result, rows, prefix, index, "/pictures");
    if (pl_store_sightings(store, "Nampo", &seen, &error) != PL_OK) return fail(&error);
    for (int k = 0; k < result.count; k++) {
        pl_observation made;
        pl_result_observation(&result, &rows[k], &made);
        for (int i = 0; i < seen.count; i++)
            if (strcmp(seen.observation[i].hull_id, made.hull_id) == 0) {
                same_observation(&seen.observation[i], &made);
                found++;
            }
    }
    for (int i = 0; i < seen.coverage_count; i++)
        if (strcmp(seen.coverage[i].scene_id, result.scene.id) == 0) {
            same_coverage(&seen.coverage[i], &result);
            found++;
        }
    same_number("found", found, result.count + 1, 0);
    pl_sightings_free(&seen);
    return odd > 0;
}

static int list_seen(const char *store, const char *port) {
    pl_error error = PL_ERROR_INIT;
    pl_sightings seen;
    if (pl_store_sightings(store, port, &seen, &error) != PL_OK) return fail(&error);
    printf("%d hulls, %d scenes, %lld failures\n", seen.count, seen.coverage_count, seen.failures);
    for (int i = 0; i < seen.coverage_count; i++)
        if (seen.coverage[i].outdated) printf("%s\n", seen.coverage[i].scene_id);
    for (int i = 0; i < seen.count; i++)
        if (seen.observation[i].reasons & PL_BIT(PL_OUTDATED))
            printf("%s %d\n", seen.observation[i].hull_id, seen.observation[i].status);
    for (int i = 0; i < seen.count; i++) {
        const pl_observation *o = &seen.observation[i];
        if (o->reviewed == PL_REVIEW_NONE) continue;
        printf("%s %s %s %.3f %.3f %.3f %d\n", o->hull_id, pl_review_verdict_name(o->reviewed),
               o->reviewer, o->freeboard_m.value, o->freeboard_m.sigma, o->budget_m[PL_BUDGET_FIT],
               o->status);
    }
    if (seen.rejected || seen.stale_reviews)
        printf("%d rejected, %d stale\n", seen.rejected, seen.stale_reviews);
    pl_sightings_free(&seen);
    return 0;
}

static int work(pl_store *store, const char *what, char **words, int count) {
    pl_error error = PL_ERROR_INIT;
    bool done = false;
    if (strcmp(what, "call") == 0 && count == 4) return call(store, words);
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
    if (argc == 5 && strcmp(argv[1], "observe") == 0)
        return observe(argv[2], argv[3], atoi(argv[4]));
    if (argc >= 3 && strcmp(argv[1], "seen") == 0)
        return list_seen(argv[2], argc > 3 ? argv[3] : NULL);
    pl_error error = PL_ERROR_INIT;
    pl_store *store = NULL;
    if (argc < 3) return 2;
    if (pl_store_open(argv[2], &listener, &store, &error) != PL_OK) return fail(&error);
    int code = work(store, argv[1], argv + 3, argc - 3);
    if (pl_store_close(store, &error) != PL_OK && code == 0) return fail(&error);
    return code;
}
