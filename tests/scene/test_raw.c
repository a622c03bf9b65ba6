/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a picture that nobody rectified know where it lies, on which water, and from where it was
 * seen? And what does it say when it does not? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <cmocka.h>

#include "geo/geo.h"
#include "io/io.h"
#include "rpc_picture.h"
#include "scene/scene.h"
#include "shared.h"

static const char MODELS[] = PL_SOURCE_DIR "/models";

static void near(const char *what, double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: got %.4f, want %.4f +- %g", what, got, want, tolerance);
}

static pl_scene *open_scene(const char *file, const pl_scene_options *options) {
    pl_scene *scene = NULL;
    pl_error error = PL_ERROR_INIT;
    if (pl_scene_open(file, options, &scene, &error) != PL_OK)
        fail_msg("%s: %s", file, error.message);
    return scene;
}

static pl_scene_options usual(void) {
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    options.models_dir = MODELS;
    return options;
}

static bool warns(const pl_scene *scene, const char *words) {
    const pl_scene_info *info = pl_scene_describe(scene);
    for (int i = 0; i < info->warning_count; i++)
        if (strstr(info->warning[i], words)) return true;
    return false;
}

/* ---- real pictures ---- */

/* Azimuth from the target to the satellite, incidence. `read`: GDAL's RPC transformer driven from
 * Python, the ground under one pixel at 50 m lower and higher, finite differences. `vendor`: what
 * the DIMAP of the whole Pleiades scene says for its middle (design/measurement.md). The NITF crops
 * and s2p's have lost their vendor's angles. */
static void real_pictures(void **state) {
    (void)state;
    static const struct {
        const char *file;
        double x_px, y_px, azimuth_deg, incidence_deg, vendor_azimuth_deg, vendor_incidence_deg;
    } ROW[] = {
        {"PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.tif", 64, 64, 218.2605, 15.3701, NAN, NAN},
        {"PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.tif", 20000, 11470, 221.3193, 16.0186,
         221.30, 16.02},
        {"worldview3_crop_a.ntf", 250, 250, 88.1106, 15.8402, NAN, NAN},
        {"worldview3_crop_b.ntf", 250, 250, 152.8034, 22.6595, NAN, NAN},
        {"s2p_pleiades_img_01.tif", 512, 512, 344.5062, 8.8012, NAN, NAN},
    };
    pl_scene_options options = usual();
    options.sidecar = NULL;
    print_message("%-28s %-16s %-16s %s\n", "", "here", "read", "vendor");
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        char path[256], file[512];
        snprintf(path, sizeof path, "real/vhr-rpc/%s", ROW[i].file);
        if (!shared_file(path, file, sizeof file)) skip();
        pl_scene *scene = open_scene(file, &options);
        const pl_scene_info *info = pl_scene_describe(scene);
        assert_string_equal(info->crs, "RPC");
        assert_int_equal(info->view_azimuth_source, PL_SOURCE_DERIVED);
        assert_int_equal(info->view_incidence_source, PL_SOURCE_DERIVED);
        assert_true(info->gsd_m > 0.3 && info->gsd_m < 0.8);
        pl_sight sight;
        assert_int_equal(pl_scene_sight(scene, ROW[i].x_px, ROW[i].y_px, &sight, NULL), PL_OK);
        double azimuth = sight.view_azimuth_rad * PL_DEG_PER_RAD;
        double incidence = sight.view_incidence_rad * PL_DEG_PER_RAD;
        print_message("%-28.28s %7.2f %6.2f   %7.2f %6.2f   %7.2f %6.2f\n", ROW[i].file, azimuth,
                      incidence, ROW[i].azimuth_deg, ROW[i].incidence_deg,
                      ROW[i].vendor_azimuth_deg, ROW[i].vendor_incidence_deg);
        near("azimuth", azimuth, ROW[i].azimuth_deg, 0.01); /* 16 m or so lower than read at */
        near("incidence", incidence, ROW[i].incidence_deg, 0.01);
        if (isfinite(ROW[i].vendor_azimuth_deg)) {
            near("vendor's azimuth", azimuth, ROW[i].vendor_azimuth_deg, 0.15);
            near("vendor's incidence", incidence, ROW[i].vendor_incidence_deg, 0.1);
        }
        pl_scene_close(scene);
    }
}

/* 128 x 128 pixels of 40000 x 22940 that kept the whole scene's RPC: told, and the sigma holds the
 * 3 deg of azimuth and 0.65 of incidence from corner to centre (design/measurement.md). */
static void cut_out_without_its_rpc(void **state) {
    (void)state;
    char file[512];
    if (!shared_file("real/vhr-rpc/PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.tif", file,
                     sizeof file))
        skip();
    pl_scene_options options = usual();
    pl_scene *scene = open_scene(file, &options);
    const pl_scene_info *info = pl_scene_describe(scene);
    assert_true(warns(scene, "if it was cut out"));
    near("sigma of azimuth", info->sight.view_azimuth_sigma_rad * PL_DEG_PER_RAD, 4.0, 1.5);
    near("sigma of incidence", info->sight.view_incidence_sigma_rad * PL_DEG_PER_RAD, 1.05, 0.3);
    pl_scene_close(scene);
}

/* ---- the water ---- */

/* Places and undulations in metres as NGA's program F477 for EGM96 gives them (its OUTPUT.DAT); a
 * grid of 15 minutes read bilinearly is within half a metre, the table of 5 degrees within what its
 * head says. */
static void the_sea_lies_on_the_geoid(void **state) {
    (void)state;
    static const double ROW[][3] = {
        {38.6281550, -90.2208450, -31.628}, {-14.6212170, -54.9788860, -2.969},
        {46.8743190, 102.4487290, -43.575}, {-23.6174460, 133.8747120, 15.871},
        {38.6254730, -0.0004998, 50.066},   {-0.4667440, 0.0023000, 17.329}};
    double squares = 0.0;
    for (int i = 0; i < 6; i++) {
        double height_m, by_table_m;
        const char *grid;
        pl_error error = PL_ERROR_INIT;
        if (pl__io_geoid(ROW[i][1], ROW[i][0], &height_m, &grid))
            near(grid, height_m, ROW[i][2], strstr(grid, "egm96") ? 0.5 : 2.0);
        if (pl__scene_water_table(MODELS, ROW[i][1], ROW[i][0], &by_table_m, &error) != PL_OK)
            fail_msg("%s", error.message);
        near("table", by_table_m, ROW[i][2], 10.0);
        squares += (by_table_m - ROW[i][2]) * (by_table_m - ROW[i][2]);
    }
    assert_true(sqrt(squares / 6) < 4.0);
}

/* Angles do not feel the water's height, the scale hardly; the place moves by tan(incidence). */
static void what_a_wrong_height_costs(void **state) {
    (void)state;
    rpc_picture_write("GTiff", "/vsimem/raw.tif", NULL, NULL);
    pl_scene_info info[2];
    for (int i = 0; i < 2; i++) {
        pl_scene_options options = usual();
        options.water_height_m = 20.0 + i;
        pl_scene *scene = open_scene("/vsimem/raw.tif", &options);
        info[i] = *pl_scene_describe(scene);
        near("height", info[i].water_height_m, 20.0 + i, 0);
        pl_scene_close(scene);
    }
    double east_m, north_m;
    pl__geo_metres_per_degree(info[0].centre.lat_deg, &east_m, &north_m);
    double moved_m = hypot((info[1].centre.lon_deg - info[0].centre.lon_deg) * east_m,
                           (info[1].centre.lat_deg - info[0].centre.lat_deg) * north_m);
    near("moved", moved_m, tan(info[0].sight.view_incidence_rad), 1e-3);
    near("azimuth", info[1].sight.view_azimuth_rad, info[0].sight.view_azimuth_rad, 1e-4);
    near("incidence", info[1].sight.view_incidence_rad, info[0].sight.view_incidence_rad, 1e-4);
    near("scale", info[1].gsd_m / info[0].gsd_m, 1.0, 1e-4);
    pl_scene_options options = usual();
    pl_scene *scene = open_scene("/vsimem/raw.tif", &options);
    double table_m;
    assert_int_equal(pl__scene_water_table(MODELS, 133.06, 42.7, &table_m, NULL), PL_OK);
    near("geoid", pl_scene_describe(scene)->water_height_m, table_m, 8.0);
    assert_true(fabs(table_m) > 15.0); /* not the ellipsoid */
    double place[1][2] = {{12.25, 50.5}};
    assert_int_equal(pl_scene_to_lonlat(scene, 1, place, NULL), PL_OK);
    assert_int_equal(pl_scene_to_pixels(scene, 1, place, NULL), PL_OK);
    near("x", place[0][0], 12.25, 1e-6);
    near("y", place[0][1], 50.5, 1e-6);
    pl_scene_close(scene);
    VSIUnlink("/vsimem/raw.tif");
    VSIUnlink("/vsimem/raw_RPC.TXT");
}

/* ---- who has the say ---- */

static void set_affine(GDALDatasetH dataset) {
    double affine[6] = {133.06, 6e-6, 0, 42.7, 0, -4.5e-6};
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromEPSG(srs, 4326), OGRERR_NONE);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    assert_int_equal(GDALSetGeoTransform(dataset, affine), CE_None);
    assert_int_equal(GDALSetSpatialRef(dataset, srs), CE_None);
    OSRRelease(srs);
}

static void a_rectified_picture_keeps_its_affine_map(void **state) {
    (void)state;
    GDALDatasetH dataset = rpc_picture(NULL, NULL);
    set_affine(dataset);
    rpc_picture_save(dataset, "GTiff", "/vsimem/ortho.tif");
    pl_scene_options options = usual();
    pl_scene *scene = open_scene("/vsimem/ortho.tif", &options);
    assert_string_equal(pl_scene_describe(scene)->crs, "EPSG:4326");
    assert_true(isnan(pl_scene_describe(scene)->water_height_m));
    assert_int_equal(pl_scene_describe(scene)->view_azimuth_source, PL_SOURCE_NONE);
    assert_true(warns(scene, "its RPC is not used"));
    pl_scene_close(scene);
    VSIUnlink("/vsimem/ortho.tif");
    VSIUnlink("/vsimem/ortho_RPC.TXT");
}

/* NITF's corners are whole seconds of arc, 30 m: beside an RPC they are not measured with. */
static void nitf_corners_do_not(void **state) {
    (void)state;
    GDALDatasetH dataset = rpc_picture(NULL, NULL);
    double affine[6] = {133.06, 1.0 / 64, 0, 42.7, 0, -1.0 / 64};
    set_affine(dataset);
    assert_int_equal(GDALSetGeoTransform(dataset, affine), CE_None);
    rpc_picture_save(dataset, "NITF", "/vsimem/raw.ntf");
    pl_scene_options options = usual();
    pl_scene *scene = open_scene("/vsimem/raw.ntf", &options);
    assert_string_equal(pl_scene_describe(scene)->crs, "RPC");
    near("gsd", pl_scene_describe(scene)->gsd_m, 0.5, 0.1); /* RPC00B rounds scales to 0.0001 deg;
                                                               by the corners it is 1500 m */
    pl_scene_close(scene);
    VSIUnlink("/vsimem/raw.ntf");
}

static void angles_by_hand_win_and_are_compared(void **state) {
    (void)state;
    rpc_picture_write("GTiff", "/vsimem/raw.tif", NULL, NULL);
    pl_scene_options options = usual();
    pl_scene *scene = open_scene("/vsimem/raw.tif", &options);
    pl_sight derived = pl_scene_describe(scene)->sight;
    assert_int_equal(pl_scene_describe(scene)->warning_count, 0);
    pl_scene_close(scene);
    options.view_azimuth_rad = derived.view_azimuth_rad;
    options.view_incidence_rad = derived.view_incidence_rad + 0.4 * PL_RAD_PER_DEG;
    scene = open_scene("/vsimem/raw.tif", &options);
    assert_int_equal(pl_scene_describe(scene)->warning_count, 0);
    pl_scene_close(scene);
    options.view_incidence_rad = derived.view_incidence_rad + 2.0 * PL_RAD_PER_DEG;
    scene = open_scene("/vsimem/raw.tif", &options);
    assert_true(warns(scene, "2.0 deg apart, the option's taken"));
    pl_sight sight;
    assert_int_equal(pl_scene_sight(scene, 3, 5, &sight, NULL), PL_OK);
    near("option", sight.view_incidence_rad, options.view_incidence_rad, 1e-12);
    pl_scene_close(scene);
    VSIUnlink("/vsimem/raw.tif");
    VSIUnlink("/vsimem/raw_RPC.TXT");
}

/* The sidecar reads the satellite's azimuth the wrong way round, or half a degree off. */
static void metadata_are_compared(void **state) {
    (void)state;
    static const struct {
        double turn_deg, more_deg;
        const char *words; /* NULL: no warning */
    } ROW[] = {
        {180, 0, "by metadata"}, {0, 0.4, NULL}, {0, -0.7, "0.7 deg apart, the RPC's taken"}};
    rpc_picture_write("GTiff", "/vsimem/raw.tif", NULL, NULL);
    pl_scene_options options = usual();
    pl_scene *scene = open_scene("/vsimem/raw.tif", &options);
    pl_sight derived = pl_scene_describe(scene)->sight;
    pl_scene_close(scene);
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "{\"type\": \"Feature\", \"stac_version\": \"1.0.0\", \"id\": \"raw\", "
                 "\"properties\": {\"datetime\": \"2024-01-13T02:22:36Z\", \"view:azimuth\": %.4f, "
                 "\"view:incidence_angle\": %.4f}}",
                 fmod(derived.view_azimuth_rad * PL_DEG_PER_RAD + ROW[i].turn_deg, 360.0),
                 derived.view_incidence_rad * PL_DEG_PER_RAD + ROW[i].more_deg);
        assert_int_equal(pl__io_file_write("/vsimem/raw.json", text, strlen(text), NULL), PL_OK);
        scene = open_scene("/vsimem/raw.tif", &options);
        const pl_scene_info *info = pl_scene_describe(scene);
        assert_string_equal(info->driver, "stac");
        assert_int_equal(info->view_azimuth_source, PL_SOURCE_DERIVED);
        near("azimuth", info->sight.view_azimuth_rad, derived.view_azimuth_rad, 1e-12);
        near("incidence", info->sight.view_incidence_rad, derived.view_incidence_rad, 1e-12);
        if (ROW[i].words) {
            assert_true(warns(scene, ROW[i].words));
        } else if (info->warning_count) {
            fail_msg("%s", info->warning[0]);
        }
        pl_scene_close(scene);
        VSIUnlink("/vsimem/raw.json");
    }
    VSIUnlink("/vsimem/raw.tif");
    VSIUnlink("/vsimem/raw_RPC.TXT");
}

/* ---- what cannot be ---- */

static void refuses(const char *file, const char *words) {
    pl_scene *scene = NULL;
    pl_error error = PL_ERROR_INIT;
    pl_scene_options options = usual();
    assert_int_equal(pl_scene_open(file, &options, &scene, &error), PL_E_FORMAT);
    assert_null(scene);
    if (!strstr(error.message, words)) fail_msg("%s: %s", file, error.message);
    options.pixel_size_m = 0.5; /* by hand it can be measured all the same */
    pl_scene_close(open_scene(file, &options));
}

static void broken_ones_give_one_clear_error(void **state) {
    (void)state;
    static const char *const ROW[][3] = {
        {"LINE_OFF", "nan", "RPC: an offset or scale is no number"},
        {"SAMP_SCALE", "0", "RPC: a scale is zero"},
        {"LINE_DEN_COEFF", "0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
         "RPC: a denominator vanishes"},
        {"HEIGHT_OFF", "HEIGHT_OFF", "RPC: HEIGHT_OFF is missing or no number"}};
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        rpc_picture_write("GTiff", "/vsimem/bad.tif", ROW[i][0], ROW[i][1]);
        refuses("/vsimem/bad.tif", ROW[i][2]);
        VSIUnlink("/vsimem/bad.tif");
        VSIUnlink("/vsimem/bad_RPC.TXT");
    }
    rpc_picture_write("GTiff", "/vsimem/flat.tif", "LINE_NUM_COEFF",
                      "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
    pl_scene *scene = NULL;
    pl_error error = PL_ERROR_INIT;
    assert_int_equal(pl_scene_open("/vsimem/flat.tif", NULL, &scene, &error), PL_E_FORMAT);
    assert_string_equal(error.message, "RPC: no ground under the picture");
    VSIUnlink("/vsimem/flat.tif");
    VSIUnlink("/vsimem/flat_RPC.TXT");
}

static void three_control_points_are_no_georeference(void **state) {
    (void)state;
    GDALDatasetH dataset = rpc_picture(NULL, NULL);
    assert_int_equal(GDALSetMetadata(dataset, NULL, "RPC"), CE_None);
    GDAL_GCP point[3];
    GDALInitGCPs(3, point);
    for (int i = 0; i < 3; i++) {
        point[i].dfGCPPixel = 60.0 * (i % 2);
        point[i].dfGCPLine = 60.0 * (i / 2);
        point[i].dfGCPX = 133.06 + 1e-4 * point[i].dfGCPPixel;
        point[i].dfGCPY = 42.7 - 1e-4 * point[i].dfGCPLine;
    }
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromEPSG(srs, 4326), OGRERR_NONE);
    assert_int_equal(GDALSetGCPs2(dataset, 3, point, srs), CE_None);
    OSRRelease(srs);
    GDALDeinitGCPs(3, point);
    rpc_picture_save(dataset, "GTiff", "/vsimem/gcp.tif");
    refuses("/vsimem/gcp.tif", "no georeference but ground control points");
    VSIUnlink("/vsimem/gcp.tif");
}

int main(void) {
    GDALAllRegister();
    CPLSetErrorHandler(CPLQuietErrorHandler);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_pictures),
        cmocka_unit_test(cut_out_without_its_rpc),
        cmocka_unit_test(the_sea_lies_on_the_geoid),
        cmocka_unit_test(what_a_wrong_height_costs),
        cmocka_unit_test(a_rectified_picture_keeps_its_affine_map),
        cmocka_unit_test(nitf_corners_do_not),
        cmocka_unit_test(angles_by_hand_win_and_are_compared),
        cmocka_unit_test(metadata_are_compared),
        cmocka_unit_test(broken_ones_give_one_clear_error),
        cmocka_unit_test(three_control_points_are_no_georeference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
