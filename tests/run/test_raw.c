/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the freeboard the same through UTM, EPSG:4326, EPSG:3857 and raw with an RPC?
 *
 * The samples are rendered in UTM. gdalwarp makes the degree and the Mercator version. A raw
 * version is made from the same pixels, as they are, turned by 90 degrees, or mirrored: the
 * georeference goes, and rational polynomials come that say the same of the water, which lies on
 * the geoid, and lean things as the sidecar's view does. The raw one gets no view angles: they must
 * come from the polynomials. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>

#include <cmocka.h>

#include "geo/geo.h"
#include "io/io.h"
#include "plimsoll/plimsoll.h"

static const double AGREE_M = 0.05; /* issue 3 */
static const char DRAWN[] = "/vsimem/drawn.tif", RAW[] = "/vsimem/raw.tif";
static pl_load_models *models;

/* ---- measuring ---- */

typedef struct answer {
    double freeboard_m, lon_deg, lat_deg, heading_rad, length_m;
    pl_scene_info info;
} answer;

static answer measure(const char *file, const pl_scene_options *scene_options) {
    pl_error error = PL_ERROR_INIT;
    pl_measure_options options = PL_MEASURE_OPTIONS_INIT;
    options.freeboard.model_sigma_m = 0;
    options.port.models_dir = PL_SOURCE_DIR "/models";
    pl_scene *scene = NULL;
    pl_result result = {0};
    pl_arena *arena = pl_arena_new(0);
    assert_non_null(arena);
    if (pl_scene_open(file, scene_options, &scene, &error) != PL_OK ||
        pl_measure(scene, models, &options, arena, &result, &error) != PL_OK)
        fail_msg("%s: %s", file, error.message);
    if (result.count != 1) fail_msg("%s: %d hulls", file, result.count);
    const pl_result_row *row = &result.row[0];
    if (row->freeboard.status == PL_REFUSED) fail_msg("%s: refused", file);
    answer out = {.freeboard_m = row->freeboard.freeboard_m.value,
                  .lon_deg = row->hull.lon_deg,
                  .lat_deg = row->hull.lat_deg,
                  .heading_rad = row->hull.heading_rad,
                  .length_m = row->hull.length_m.value,
                  .info = *pl_scene_describe(scene)};
    pl_scene_close(scene);
    pl_arena_free(arena);
    return out;
}

static void same_hull(const char *what, const answer *a, const answer *b) {
    double east_m, north_m;
    pl__geo_metres_per_degree(a->lat_deg, &east_m, &north_m);
    double apart_m = hypot((a->lon_deg - b->lon_deg) * east_m, (a->lat_deg - b->lat_deg) * north_m);
    double turn = fabs(remainder(a->heading_rad - b->heading_rad, PL_PI)) * PL_DEG_PER_RAD;
    if (!(apart_m < 1.0 && turn < 0.2 && fabs(a->length_m - b->length_m) < 1.0))
        fail_msg("%s: %.2f m apart, %.3f deg, lengths %.2f and %.2f m", what, apart_m, turn,
                 a->length_m, b->length_m);
    if (!(fabs(a->freeboard_m - b->freeboard_m) <= AGREE_M))
        fail_msg("%s: freeboard %.3f and %.3f m", what, a->freeboard_m, b->freeboard_m);
}

/* ---- drawing ---- */

typedef struct ship {
    double length_m, beam_m, freeboard_m, heading_deg, sun_azimuth_deg, view_azimuth_deg,
        incidence_deg;
} ship;

static const ship SHIP[] = {{100, 16, 4, 60, 150, 100, 12}, {120, 18, 6.5, 200, 250, 320, 25}};
enum { SHIPS = sizeof SHIP / sizeof *SHIP };

static void draw(const ship *s, int epsg, const char *file) {
    pl_error error = PL_ERROR_INIT;
    pl_synth_options o = pl_synth_defaults();
    o.length_m = s->length_m;
    o.beam_m = s->beam_m;
    o.freeboard_m = s->freeboard_m;
    o.heading_rad = s->heading_deg * PL_RAD_PER_DEG;
    o.sun_azimuth_rad = s->sun_azimuth_deg * PL_RAD_PER_DEG;
    o.view_azimuth_rad = s->view_azimuth_deg * PL_RAD_PER_DEG;
    o.view_incidence_rad = s->incidence_deg * PL_RAD_PER_DEG;
    o.bands = 1;
    o.epsg = epsg;
    if (pl_synth_write(&o, file, &error) != PL_OK) fail_msg("synth: %s", error.message);
}

/* ---- raw versions ---- */

typedef enum layout { AS_IT_IS, TURNED, MIRRORED, LAYOUTS } layout;
static const char *const LAYOUT_NAME[LAYOUTS] = {"raw", "raw, turned", "raw, mirrored"};

/* Where a pixel of the sample (corner convention, w x h) comes to lie. */
static void rearrange(layout how, double w, double h, double xy[2]) {
    double x = xy[0], y = xy[1];
    if (how == TURNED) {
        xy[0] = h - y;
        xy[1] = x;
    } else if (how == MIRRORED) {
        xy[0] = w - x;
    }
}

static GDALDatasetH rearranged_pixels(GDALDatasetH source, layout how) {
    int w = GDALGetRasterXSize(source), h = GDALGetRasterYSize(source);
    int out_w = how == TURNED ? h : w, out_h = how == TURNED ? w : h;
    GDALDatasetH out = GDALCreate(GDALGetDriverByName("MEM"), "", out_w, out_h,
                                  GDALGetRasterCount(source), GDT_UInt16, NULL);
    unsigned short *from = malloc(sizeof *from * (size_t)w * (size_t)h);
    unsigned short *to = malloc(sizeof *to * (size_t)w * (size_t)h);
    assert_true(out && from && to);
    for (int b = 1; b <= GDALGetRasterCount(source); b++) {
        GDALRasterBandH band = GDALGetRasterBand(source, b), copy = GDALGetRasterBand(out, b);
        GDALSetDescription(copy, GDALGetDescription(band));
        assert_int_equal(GDALRasterIO(band, GF_Read, 0, 0, w, h, from, w, h, GDT_UInt16, 0, 0),
                         CE_None);
        for (int i = 0; i < w * h; i++) {
            double at[2] = {i % w + 0.5, i / w + 0.5};
            rearrange(how, w, h, at);
            to[(int)at[1] * out_w + (int)at[0]] = from[i];
        }
        assert_int_equal(
            GDALRasterIO(copy, GF_Write, 0, 0, out_w, out_h, to, out_w, out_h, GDT_UInt16, 0, 0),
            CE_None);
    }
    free(from);
    free(to);
    return out;
}

/* A function of (l, p) in [-1, 1] by its values at nine places: to the second order, which over a
 * kilometre is right to some micrometres. */
static void second_order(const double at[3][3], double coefficient[20]) {
    coefficient[0] = at[1][1];
    coefficient[1] = (at[1][2] - at[1][0]) / 2;
    coefficient[2] = (at[2][1] - at[0][1]) / 2;
    coefficient[4] = (at[2][2] - at[2][0] - at[0][2] + at[0][0]) / 4;
    coefficient[7] = (at[1][2] + at[1][0]) / 2 - at[1][1];
    coefficient[8] = (at[2][1] + at[0][1]) / 2 - at[1][1];
}

static char **add_terms(char **items, const char *key, const double terms[20]) {
    char text[640] = "";
    for (int i = 0; i < 20; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%.15g ", terms[i]);
    }
    return CSLSetNameValue(items, key, text);
}

/* Heights count from 80 m over the water in steps of 400 m, so that who forgets the water, or the
 * geoid, is somewhere else. */
static char **polynomials(const pl_scene *scene, const pl_scene_info *info, layout how,
                          double water_m) {
    const double half_lon = 0.004, half_lat = 0.003, off_m = 80, scale_m = 400, scale_px = 1000;
    const pl_sight *sight = &info->sight;
    double sample[3][3], line[3][3], sample_num[20] = {0}, line_num[20] = {0}, one[20] = {1};
    double w = info->width_px, h = info->height_px;
    for (int i = 0; i < 9; i++) {
        double at[1][2] = {{info->centre.lon_deg + (i % 3 - 1) * half_lon,
                            info->centre.lat_deg + (i / 3 - 1) * half_lat}};
        assert_int_equal(pl_scene_to_pixels(scene, 1, at, NULL), PL_OK);
        rearrange(how, w, h, at[0]);
        sample[i / 3][i % 3] = (at[0][0] - 0.5 - w / 2) / scale_px;
        line[i / 3][i % 3] = (at[0][1] - 0.5 - h / 2) / scale_px;
    }
    second_order(sample, sample_num);
    second_order(line, line_num);
    /* a metre up is tan(i) metres away from the satellite */
    double away_m = -tan(sight->view_incidence_rad), from[2] = {0, 0}, to[2];
    const double *p = info->centre.pixels;
    double east_m = away_m * sin(sight->view_azimuth_rad);
    double north_m = away_m * cos(sight->view_azimuth_rad);
    to[0] = p[0] * east_m + p[1] * north_m;
    to[1] = p[2] * east_m + p[3] * north_m;
    rearrange(how, w, h, from);
    rearrange(how, w, h, to);
    double lean_x = (to[0] - from[0]) / scale_px, lean_y = (to[1] - from[1]) / scale_px;
    sample_num[0] += lean_x * off_m; /* nothing leans at the water's height */
    line_num[0] += lean_y * off_m;
    sample_num[3] = lean_x * scale_m;
    line_num[3] = lean_y * scale_m;
    char **items = NULL;
    items = CSLSetNameValue(items, "LINE_OFF", CPLSPrintf("%.15g", h / 2));
    items = CSLSetNameValue(items, "SAMP_OFF", CPLSPrintf("%.15g", w / 2));
    items = CSLSetNameValue(items, "LAT_OFF", CPLSPrintf("%.15g", info->centre.lat_deg));
    items = CSLSetNameValue(items, "LONG_OFF", CPLSPrintf("%.15g", info->centre.lon_deg));
    items = CSLSetNameValue(items, "HEIGHT_OFF", CPLSPrintf("%.15g", water_m + off_m));
    items = CSLSetNameValue(items, "LINE_SCALE", CPLSPrintf("%.15g", scale_px));
    items = CSLSetNameValue(items, "SAMP_SCALE", CPLSPrintf("%.15g", scale_px));
    items = CSLSetNameValue(items, "LAT_SCALE", CPLSPrintf("%.15g", half_lat));
    items = CSLSetNameValue(items, "LONG_SCALE", CPLSPrintf("%.15g", half_lon));
    items = CSLSetNameValue(items, "HEIGHT_SCALE", CPLSPrintf("%.15g", scale_m));
    items = add_terms(items, "SAMP_NUM_COEFF", sample_num);
    items = add_terms(items, "LINE_NUM_COEFF", line_num);
    items = add_terms(items, "SAMP_DEN_COEFF", one);
    return add_terms(items, "LINE_DEN_COEFF", one);
}

static void make_raw(const char *from, layout how, double water_m, const char *to) {
    pl_scene *scene = NULL;
    assert_int_equal(pl_scene_open(from, NULL, &scene, NULL), PL_OK);
    GDALDatasetH source = GDALOpen(from, GA_ReadOnly);
    assert_non_null(source);
    GDALDatasetH raw = rearranged_pixels(source, how);
    char **items = polynomials(scene, pl_scene_describe(scene), how, water_m);
    assert_int_equal(GDALSetMetadata(raw, items, "RPC"), CE_None);
    CSLDestroy(items);
    const char *bits =
        GDALGetMetadataItem(GDALGetRasterBand(source, 1), "NBITS", "IMAGE_STRUCTURE");
    char **options = bits ? CSLSetNameValue(NULL, "NBITS", bits) : NULL;
    GDALDatasetH out =
        GDALCreateCopy(GDALGetDriverByName("GTiff"), to, raw, FALSE, options, NULL, NULL);
    assert_non_null(out);
    CSLDestroy(options);
    GDALClose(out);
    GDALClose(raw);
    GDALClose(source);
    pl_scene_close(scene);
}

/* ---- the tests ---- */

static pl_scene_options seen_as(const pl_scene_info *info) {
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    options.models_dir = PL_SOURCE_DIR "/models";
    options.sun_azimuth_rad = info->sight.sun_azimuth_rad;
    options.sun_elevation_rad = info->sight.sun_elevation_rad;
    return options;
}

static void same_through_an_rpc(const char *file, const char *name, const answer *rectified) {
    pl_scene_options options = seen_as(&rectified->info);
    for (layout how = AS_IT_IS; how < LAYOUTS; how++) {
        const char *grid;
        char what[64];
        double water_m;
        if (!pl__io_geoid(rectified->lon_deg, rectified->lat_deg, &water_m, &grid))
            options.water_height_m = water_m = 26.0;
        make_raw(file, how, water_m, RAW);
        answer raw = measure(RAW, &options);
        print_message("%-22s %.3f m, %s %.3f m\n", name, rectified->freeboard_m, LAYOUT_NAME[how],
                      raw.freeboard_m);
        snprintf(what, sizeof what, "%s %s", name, LAYOUT_NAME[how]);
        assert_string_equal(raw.info.crs, "RPC");
        assert_int_equal(raw.info.view_azimuth_source, PL_SOURCE_DERIVED);
        assert_int_equal(raw.info.view_incidence_source, PL_SOURCE_DERIVED);
        assert_true(fabs(raw.info.water_height_m - water_m) < 0.05);
        same_hull(what, rectified, &raw);
        VSIUnlink(RAW);
    }
}

static void drawn_ships(void **state) {
    (void)state;
    static const int EPSG[] = {4326, 3857};
    for (int i = 0; i < SHIPS; i++) {
        char name[32], what[64];
        snprintf(name, sizeof name, "drawn %d", i);
        draw(&SHIP[i], 32653, DRAWN);
        answer utm = measure(DRAWN, NULL);
        same_through_an_rpc(DRAWN, name, &utm);
        for (int k = 0; k < 2; k++) {
            draw(&SHIP[i], EPSG[k], DRAWN);
            answer other = measure(DRAWN, NULL);
            print_message("%-12s UTM %.3f m, EPSG:%d %.3f m\n", name, utm.freeboard_m, EPSG[k],
                          other.freeboard_m);
            snprintf(what, sizeof what, "%s in EPSG:%d", name, EPSG[k]);
            same_hull(what, &utm, &other);
            same_through_an_rpc(DRAWN, what, &other); /* degrees: pixels that are not square */
        }
    }
}

static void rendered_samples(void **state) {
    (void)state;
    static const char *const SAMPLE[] = {"empty", "laden", "pair_before", "pair_after"};
    for (size_t i = 0; i < sizeof SAMPLE / sizeof *SAMPLE; i++) {
        char file[512];
        snprintf(file, sizeof file, "%s/samples/%s.tif", PL_SOURCE_DIR, SAMPLE[i]);
        answer utm = measure(file, NULL);
        same_through_an_rpc(file, SAMPLE[i], &utm);
    }
}

int main(void) {
    GDALAllRegister();
    CPLSetErrorHandler(CPLQuietErrorHandler);
    if (pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL) != PL_OK) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawn_ships),
        cmocka_unit_test(rendered_samples),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pl_load_models_free(models);
    return failed;
}
