/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a raw picture's RPC arrive as it was published, and does it lead where GDAL's own
 * transformer leads? GDAL is the independent reading: its rpc transformer shares no line with
 * src/geo/rpc.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <gdal_alg.h>

#include <cmocka.h>

#include "io/io.h"
#include "rpc_picture.h"
#include "shared.h"

static pl_raster *open_raster(const char *file) {
    pl_error error = PL_ERROR_INIT;
    pl_raster *raster = NULL;
    if (pl__io_raster_open(file, NULL, &raster, &error) != PL_OK)
        fail_msg("%s: %s", file, error.message);
    return raster;
}

/* Ground -> pixel, here and by GDAL, over the picture and what surrounds it. */
static double worst_difference_px(const char *file) {
    pl_raster *raster = open_raster(file);
    const pl_raster_info *info = pl__io_raster_info(raster);
    assert_true(info->has_rpc);
    assert_string_equal(info->rpc_fault, "");
    GDALDatasetH dataset = GDALOpen(file, GA_ReadOnly);
    assert_non_null(dataset);
    GDALRPCInfoV2 theirs;
    assert_true(GDALExtractRPCInfoV2(GDALGetMetadata(dataset, "RPC"), &theirs));
    double worst = 0.0;
    for (int level = -1; level <= 5; level++) {
        double h = 100.0 * level;
        char **options = CSLSetNameValue(NULL, "RPC_HEIGHT", CPLSPrintf("%.1f", h));
        void *map = GDALCreateRPCTransformerV2(&theirs, FALSE, 0.0, options);
        CSLDestroy(options);
        assert_non_null(map);
        for (int i = 0; i < 81; i++) {
            double lon = info->rpc.lon_off_deg + info->rpc.lon_scale_deg * (i % 9 - 4) / 4.0;
            double lat = info->rpc.lat_off_deg + info->rpc.lat_scale_deg * (i / 9 - 4) / 4.0;
            double x = lon, y = lat, z = 0.0, xy[2];
            int success = 0;
            assert_true(GDALRPCTransform(map, TRUE, 1, &x, &y, &z, &success) && success);
            assert_true(pl__geo_rpc_to_pixel(&info->rpc, lon, lat, h, xy));
            worst = fmax(worst, hypot(xy[0] - x, xy[1] - y));
        }
        GDALDestroyRPCTransformer(map);
    }
    GDALClose(dataset);
    pl__io_raster_close(raster);
    return worst;
}

static void made_picture_agrees_with_gdal(void **state) {
    (void)state;
    rpc_picture_write("GTiff", "/vsimem/made.tif", NULL, NULL);
    double worst = worst_difference_px("/vsimem/made.tif");
    print_message("made: %.1e px from GDAL's transformer\n", worst);
    assert_true(worst < 1e-3);
    VSIUnlink("/vsimem/made.tif");
    VSIUnlink("/vsimem/made_RPC.TXT");
}

static void real_pictures_agree_with_gdal(void **state) {
    (void)state;
    static const char *const FILE_NAME[] = {"PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.tif",
                                            "worldview3_crop_a.ntf", "worldview3_crop_b.ntf",
                                            "s2p_pleiades_img_01.tif"};
    for (int i = 0; i < 4; i++) {
        char path[256], file[512];
        snprintf(path, sizeof path, "real/vhr-rpc/%s", FILE_NAME[i]);
        if (!shared_file(path, file, sizeof file)) skip();
        double worst = worst_difference_px(file);
        print_message("%s: %.1e px from GDAL's transformer\n", FILE_NAME[i], worst);
        assert_true(worst < 1e-3);
    }
}

/* Every kind of file, one number of each as a text editor shows it. DIMAP's own file says 11470.5
 * and 20000.5 for a first pixel called (1, 1): here the first is (0, 0). */
static void line_and_sample_count_from_the_first_centre(void **state) {
    (void)state;
    static const struct {
        const char *file;
        double line_off, sample_off;
    } ROW[] = {
        {"vhr-rpc/PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.tif", 11469.5, 19999.5}, /* DIMAP */
        {"metadata/gdal-gcore/md_dg.tif", 812, 850},                                     /* .RPB */
        {"metadata/gdal-gcore/md_ge_rgb_0010000.tif", 3754, 2322}, /* _rpc.txt */
        {"metadata/gdal-gcore/md_ov.tif", 13741, 4008},            /* _rpc.txt */
        {"metadata/gdal-gcore/md_eros.tif", 3577.86, 5073.81},     /* .rpc */
        {"metadata/gdal-gcore/md_kompsat.tif", 1937.50, 1874.88},  /* .rpc */
        {"vhr-rpc/worldview3_crop_a.ntf", 17495, 20749},           /* NITF */
    };
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        char path[256], file[512];
        snprintf(path, sizeof path, "real/%s", ROW[i].file);
        if (!shared_file(path, file, sizeof file)) skip();
        pl_raster *raster = open_raster(file);
        const pl_raster_info *info = pl__io_raster_info(raster);
        assert_true(info->has_rpc);
        if (fabs(info->rpc.line_off - ROW[i].line_off) > 1e-9 ||
            fabs(info->rpc.sample_off - ROW[i].sample_off) > 1e-9)
            fail_msg("%s: %.3f %.3f", ROW[i].file, info->rpc.line_off, info->rpc.sample_off);
        pl__io_raster_close(raster);
    }
}

static void what_is_broken_is_named(void **state) {
    (void)state;
    static const struct {
        const char *key, *value, *fault;
    } ROW[] = {
        {"LINE_OFF", "nan", "an offset or scale is no number"},
        {"LAT_SCALE", "0", "a scale is zero"},
        {"LONG_OFF", "LONG_OFF", "LONG_OFF is missing or no number"},
        {"LINE_DEN_COEFF", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "a denominator vanishes"},
        {"LINE_NUM_COEFF", "1 2 3 x 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0",
         "LINE_NUM_COEFF is missing or no number"},
    };
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        rpc_picture_write("GTiff", "/vsimem/broken.tif", ROW[i].key, ROW[i].value);
        pl_raster *raster = open_raster("/vsimem/broken.tif");
        const pl_raster_info *info = pl__io_raster_info(raster);
        assert_true(info->has_rpc);
        assert_string_equal(info->rpc_fault, ROW[i].fault);
        pl__io_raster_close(raster);
        VSIUnlink("/vsimem/broken.tif");
        VSIUnlink("/vsimem/broken_RPC.TXT");
    }
}

int main(void) {
    GDALAllRegister();
    CPLSetErrorHandler(CPLQuietErrorHandler);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_picture_agrees_with_gdal),
        cmocka_unit_test(real_pictures_agree_with_gdal),
        cmocka_unit_test(line_and_sample_count_from_the_first_centre),
        cmocka_unit_test(what_is_broken_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
