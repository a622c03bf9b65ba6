/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the drivers read in real vendors' files? Each file of ../shared/real/metadata and each
 * sidecar of ../shared/real/vhr-rpc against a second reading.
 *
 * The numbers are from a script of its own (Python's xml.etree and json, DIMAP's formula written
 * out again), from the files by eye where they are plain, and for Pleiades also from the RPCs of
 * the same pictures: dG/dh of the inverse polynomials at their centre gives (azimuth, incidence)
 *
 *     PHR1B 2013-08-05    14.397   8.585      the .geom by DIMAP's formula    14.399   8.579
 *     PHR1B 2017-09-28   221.327  16.019                                     221.301  16.022
 *     PHR1B 2017-03-08   341.080   5.081      PHRDIMAP by the formula        341.254   5.081
 *     PHR1A 2018-12-26   315.436  17.416                                     315.418  17.417
 *
 * Skipped where ../shared is not at hand. */
#include <ftw.h>
#include <math.h>

#include "drawn.h"
#include "geo/geo.h"
#include "scene/sensor.h"
#include "shared.h"

#define NO __builtin_nan("")

typedef struct expected {
    const char *file, *driver, *platform, *time; /* time "": none */
    double sun_azimuth, sun_elevation, view_azimuth, incidence, off_nadir;
} expected;

static const expected ROW[] = {
    {"metadata/gdal-dimap/METADATA.DIM", "dimap", "SPOT4", "2001-11-29T10:30:43Z", 165.0835,
     23.5456, NO, 19.9780, NO},
    {"metadata/gdal-gcore/spot/METADATA.DIM", "dimap", "SPOT4", "2001-03-01T00:00:00Z", 144.9038,
     54.8778, NO, NO, NO},
    {"metadata/gdal-dimap2/bundle/DIM_foo.XML", "dimap", "PHR1A", "2016-06-17T12:34:56Z", NO, NO,
     NO, NO, NO},
    {"metadata/gdal-dimap2/bundle/DIM_foo2.XML", "dimap", "PHR1A", "2016-06-17T12:34:56Z", NO, NO,
     NO, NO, NO},
    {"metadata/gdal-dimap2/primary_rpc_center_h/DIM_PNEO3_STD_x_1_1_F_1.XML", "dimap", "", "", NO,
     NO, NO, NO, NO},
    {"metadata/gdal-dimap2/vhr2020_ms_fs/MS-FS/DIM_MS-FS.XML", "dimap", "PNEO4",
     "2017-04-12T11:06:01.900Z", 165.7624, 52.3271, 281.0497, 11.1246, NO},
    {"metadata/gdal-jp2/DIM_md_ple.XML", "dimap", "PHR1A", "2015-01-01T00:00:00Z", NO, NO, NO, NO,
     NO},
    {"metadata/gdal-jp2/DIM_md_pneo.XML", "dimap", "PNEO3", "2021-08-27T00:00:00Z", NO, NO, NO, NO,
     NO},
    {"metadata/pleiades/PHRDIMAP_P1BP--2017030824934340CP.XML", "dimap", "",
     "2017-03-08T06:55:36.156Z", 139.0616, 55.9556, 341.2537, 5.0813, NO},
    {"metadata/pleiades/PHRDIMAP_P1BP--2018122638935449CP.XML", "dimap", "",
     "2018-12-26T10:48:56.906Z", 162.4159, 33.6944, 315.4185, 17.4172, NO},
    {"metadata/pleiades/left_image.geom", "geom", "PHR1B", "2013-08-05T10:42:19.400Z", 148.9497,
     59.8333, 14.3992, 8.5795, NO},
    {"vhr-rpc/PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.geom", "geom", "PHR1B",
     "2017-09-28T10:38:39.300Z", 164.8649, 43.2777, 221.3013, 16.0218, NO},
    {"vhr-rpc/phr_gizeh_img1.geom", "geom", "", "", NO, NO, NO, NO, NO},
    {"vhr-rpc/naip_m_3211605_ne_11_060_20200415_20200730.xml", "aerial", "", "", NO, NO, NO, NO,
     NO},
    {"vhr-rpc/naip_m_4208701_ne_16_060_20200902_20201202.xml", "aerial", "", "", NO, NO, NO, NO,
     NO},
    {"metadata/gdal-gcore/md_dg.IMD", "imd", "WV03", "2010-04-01T12:00:00Z", NO, NO, NO, NO, NO},
    {"metadata/gdal-til/testtil.imd", "imd", "WV03", "2015-01-01T00:00:00Z", NO, NO, NO, NO, NO},
    {"metadata/gdal-gcore/md_dg_2.XML", "imd_xml", "WV03", "2011-05-01T13:00:00Z", NO, NO, NO, NO,
     NO},
    {"metadata/gdal-til/testtil2.xml", "imd_xml", "WV03", "2015-01-01T00:00:00Z", NO, NO, NO, NO,
     NO},
    {"metadata/gdal-gcore/md_dg.RPB", "rpb", "WV03", "", NO, NO, NO, NO, NO},
    {"metadata/gdal-gcore/md_kompsat.txt", "kompsat", "KOMPSAT2", "2007-05-01T07:00:00Z", NO, NO,
     NO, NO, NO},
    {"metadata/gdal-gcore/md_ls_MTL.txt", "landsat", "LANDSAT_8", "2015-09-01T17:00:00Z", 139.4577,
     56.3117, NO, NO, NO},
    {"metadata/planet/20170831_172754_101c_3B_AnalyticMS_metadata.xml", "planet_xml", "PlanetScope",
     "2017-08-31T17:27:54Z", 145.42, 65.12005, NO, 0.2694579, 0.240151},
    {"metadata/planet/test_scene_cropped_metadata.xml", "planet_xml", "PlanetScope",
     "2016-08-31T18:02:57Z", 129.0017, 49.09751, NO, 3.517011, 3.170349},
    {"metadata/planet/train_scene_cropped_metadata.xml", "planet_xml", "PlanetScope",
     "2016-08-31T18:02:31Z", 128.9225, 49.13498, NO, 0.9247172, 0.8027945},
    {"metadata/planet/20180119_XXXXXXX_XXXX_3B_Visual_metadata.xml", "planet_xml", "", "", NO, NO,
     NO, NO, NO},
    {"metadata/planet/20180119_XXXXXXX_XXXX_metadata.json", "planet", "planetscope",
     "2021-01-19T13:40:04Z", 141.3, 41.7, NO, NO, 0.1},
    {"metadata/planet/stac_20170831_162740_ssc1d1.json", "stac", "SSC1", "2017-08-31T16:27:42.177Z",
     122, 56.3, 121.3, NO, 27.2},
    {"metadata/planet/stac_20170831_172754_101c.json", "stac", "planetscope",
     "2017-08-31T17:27:54.961Z", 145.4, 65.1, NO, NO, 0.2},
    {"metadata/planet/stac_20170831_195425_SS02.json", "stac", "SS02", "2017-08-31T19:54:26.533Z",
     231.9, 58.4, 202.8, NO, 27.3},
    {"metadata/planet/stac_2017831_195552_SS02.json", "stac", "SS02", "2017-08-31T19:55:53.513Z",
     230.3, 59.4, 202.8, NO, 25},
    {"metadata/sentinel2/S2A_MSIL1C_20210908T042701_N0301_R133_T46RER_20210908T070248.SAFE/"
     "MTD_TL.xml",
     "sentinel2", "sentinel-2a", "2021-09-08T04:40:48.758Z", 142.9876, 63.5068, 286.8645, 10.5166,
     NO},
    {"metadata/sentinel2/S2A_MSIL2A_20190212T192651_N0212_R013_T07HFE_20201007T160857.SAFE/"
     "MTD_TL.xml",
     "sentinel2", "sentinel-2a", "2019-02-12T19:33:32.161Z", 62.3287, 57.2929, 287.5405, 10.7456,
     NO},
    {"metadata/sentinel2/S2A_OPER_MSI_L2A_TL_SGS__20181231T210250_A018414_T10SDG/metadata.xml",
     "sentinel2", "sentinel-2a", "2018-12-31T19:04:06.567Z", 161.1057, 27.0991, 103.8699, 9.1802,
     NO},
    {"metadata/sentinel2/S2B_MSIL2A_20191228T210519_N0212_R071_T01CCV_20201003T104658.SAFE/"
     "MTD_TL.xml",
     "sentinel2", "sentinel-2b", "2019-12-28T21:05:52.062Z", 52.6143, 34.7987, 300.3575, 10.8195,
     NO},
    {"metadata/sentinel2/S2A_MSIL1C_20210908T042701_N0301_R133_T46RER_20210908T070248.SAFE/"
     "expected_output.json",
     "stac", "sentinel-2a", "2021-09-08T04:27:01.024Z", 142.9876, 63.5068, 288.3082, 10.5849, NO},
    {"metadata/sentinel2/S2A_MSIL2A_20190212T192651_N0212_R013_T07HFE_20201007T160857.SAFE/"
     "expected_output.json",
     "stac", "sentinel-2a", "2019-02-12T19:26:51.024Z", 62.3287, 57.2929, 288.9955, 10.8138, NO},
    {"metadata/sentinel2/S2A_OPER_MSI_L2A_TL_SGS__20181231T210250_A018414_T10SDG/"
     "expected_output.json",
     "stac", "sentinel-2a", "2018-12-31T19:04:06.567Z", 161.1057, 27.0991, 104.5363, 9.2460, NO},
    {"metadata/sentinel2/S2B_MSIL2A_20191228T210519_N0212_R071_T01CCV_20201003T104658.SAFE/"
     "expected_output.json",
     "stac", "sentinel-2b", "2019-12-28T21:05:19.024Z", 52.6143, 34.7987, 302.0615, 10.8880, NO},
    {"metadata/gdal-sentinel2/fake_l1c_processing_baseline_5_09/"
     "S2B_MSIL1C_20230823T095559_N0509_R122_T34UCF_20230823T120234.SAFE/GRANULE/"
     "L1C_T34UCF_A033753_20230823T095553/MTD_TL.xml",
     "sentinel2", "sentinel-2b", "2023-08-23T10:05:35.272Z", NO, NO, NO, NO, NO},
    {"metadata/gdal-sentinel2/fake_l2a_MSIL2A/"
     "S2A_MSIL2A_20180818T094031_N0208_R036_T34VFJ_20180818T120345.SAFE/GRANULE/"
     "L2A_T34VFJ_A016478_20180818T094030/MTD_TL.xml",
     "sentinel2", "sentinel-2a", "2018-08-18T09:40:30.459Z", NO, NO, NO, NO, NO},
};

/* Files that hold no angles and are no vendor's that is read here: what is said of them. */
static const struct {
    const char *file, *words;
} REFUSED[] = {
    {"metadata/gdal-dimap2/single_component/DIM_foo.XML",
     "DIM_foo.XML:292: AZIMUTH_ANGLE: \"BOTTOM_AZIMUTH_ANGLE\" is not a number"},
    {"metadata/gdal-dimap2/single_component/RPC_foo.XML", "is DIMAP's RPC"},
    {"metadata/gdal-dimap2/single_component/STRIP_foo_DIM.XML", "is DIMAP's STRIP"},
    {"metadata/gdal-dimap2/single_component/VOL_PHR.XML", "is DIMAP's SINGLE_VOLUME"},
    {"metadata/gdal-dimap2/bundle/RPC_foo.XML", "is DIMAP's RPC"},
    {"metadata/gdal-dimap2/bundle/STRIP_foo_DIM.XML", "is DIMAP's STRIP"},
    {"metadata/gdal-dimap2/bundle/VOL_PHR.XML", "is DIMAP's SINGLE_VOLUME"},
    {"metadata/gdal-dimap2/vhr2020_ms_fs/VOL_PNEO.XML", "is DIMAP's ORDER_VOLUME"},
    {"metadata/gdal-dimap2/primary_rpc_center_h/RPC_PNEO3_STD_x_1_1_F_1.XML", "is DIMAP's RPC"},
    {"metadata/gdal-jp2/RPC_md_ple.XML", "is DIMAP's RPC"},
    {"metadata/gdal-jp2/RPC_md_pneo.XML", "is DIMAP's RPC"},
    {"metadata/pleiades/RPC_P1BP--2017092838284574CP.XML", "is DIMAP's RPC"},
    {"metadata/pleiades/RPC_PHR1A_P_202503191043438_SEN_7342362101-1.XML", "is DIMAP's RPC"},
    {"metadata/pleiades/RPC_PHR1B_P_201308051042194_SEN_690908101-001.XML", "is DIMAP's RPC"},
    {"vhr-rpc/RPC_PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.XML", "is DIMAP's RPC"},
    {"metadata/gdal-gcore/md_eros.pass", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_eros.rpc", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_ge_metadata.txt",
     "several source images, and the picture's name tells not which"},
    {"metadata/gdal-gcore/md_ge_rgb_0010000_rpc.txt", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_kompsat.rpc", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_ov.pvl", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_ov_rpc.txt", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_rdk1.xml", "no metadata that is known here"},
    {"metadata/gdal-gcore/md_re_metadata.xml", "no metadata that is known here"},
    {"metadata/gdal-gcore/test_rpc.txt", "no metadata that is known here"},
    {"metadata/gdal-til/testtil.til", "no metadata that is known here"},
    {"metadata/gdal-til/testtil2.til", "no metadata that is known here"},
    {"metadata/gdal-sentinel2/fake_l1c_processing_baseline_5_09/"
     "S2B_MSIL1C_20230823T095559_N0509_R122_T34UCF_20230823T120234.SAFE/MTD_MSIL1C.xml",
     "the angles are in GRANULE/*/MTD_TL.xml"},
    {"metadata/gdal-sentinel2/fake_l2a_MSIL2A/"
     "S2A_MSIL2A_20180818T094031_N0208_R036_T34VFJ_20180818T120345.SAFE/MTD_MSIL2A.xml",
     "the angles are in GRANULE/*/MTD_TL.xml"},
    {"metadata/sentinel2/S2A_OPER_MSI_L2A_TL_SGS__20181231T210250_A018414_T10SDG/tileInfo.json",
     "no STAC Item"},
    {"metadata/planet/order_manifest.json", "no STAC Item"},
    {"metadata/maxar-open-data/Belize-Wildfires-June24_104001008884A400.geojson", "none of its"},
    {"metadata/maxar-open-data/Brazil-Flooding-May24_105001003B152100.geojson", "none of its"},
    {"metadata/maxar-open-data/Cyclone-Chido-Dec15_10300100FAB49300.geojson", "none of its"},
    {"metadata/maxar-open-data/Earthquake-Myanmar-March-2025_102001010DB7AE00.geojson",
     "none of its"},
    {"metadata/maxar-open-data/Emilia-Romagna-Italy-flooding-may23_10300100C5C14E00.geojson",
     "none of its"},
    {"metadata/maxar-open-data/Floods-Spain-Oct24_1030010107742A00.geojson", "none of its"},
    {"metadata/maxar-open-data/Hurricane-Ian-9-26-2022_104001007BC29000.geojson", "none of its"},
    {"metadata/maxar-open-data/Hurricane-Melissa-Oct-2025_102001011B866700.geojson", "none of its"},
};

static pl_status read_facts(const char *name, pl_facts *facts, char driver[32], pl_error *error) {
    char path[1024], file[1200], used[1200];
    snprintf(path, sizeof path, "real/%s", name);
    if (!shared_file(path, file, sizeof file)) fail_msg("%s is missing", name);
    *error = (pl_error)PL_ERROR_INIT;
    return pl__sensor_facts("none.tif", file, facts, used, sizeof used, driver, 32, error);
}

/* Tiles of one acquisition share a file name: folders or the quadkey tell them apart. Angles as
 * they stand in the file, read by eye. */
static void tiles_of_a_collection(void **state) {
    (void)state;
    const struct {
        const char *picture;
        double view_azimuth_deg, elevation_deg;
        const char *words;
    } row[] = {
        {"ard/16/033131012120/2023-07-15/104001008884A400-visual.tif", 56.2, 61.7, NULL},
        {"ard/16/033131012121/2023-07-15/104001008884A400-pan.tif", 55.9, 62.0, NULL},
        {"033131012121/104001008884A400-ms.tif", 55.9, 62.0, NULL},
        {"104001008884A400-visual.tif", NAN, NAN, "items name 104001008884A400-visual.tif"},
        {"104001008884A4-visual.tif", NAN, NAN, "none of its"},
    };
    char file[1200], used[1200], driver[32];
    if (!shared_file(
            "real/metadata/maxar-open-data/Belize-Wildfires-June24_104001008884A400.geojson", file,
            sizeof file))
        skip();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        pl_facts facts;
        pl_error error = PL_ERROR_INIT;
        pl_status status = pl__sensor_facts(row[i].picture, file, &facts, used, sizeof used, driver,
                                            sizeof driver, &error);
        if (row[i].words) {
            assert_int_equal(status, PL_E_FORMAT);
            if (!strstr(error.message, row[i].words)) fail_msg("%s", error.message);
            continue;
        }
        if (status != PL_OK) fail_msg("%s: %s", row[i].picture, error.message);
        assert_float_equal(facts.view_azimuth_deg, row[i].view_azimuth_deg, 1e-9);
        assert_float_equal(facts.incidence_deg, row[i].elevation_deg, 1e-9);
        assert_true(facts.west_deg < facts.east_deg && facts.south_deg < facts.north_deg);
    }
}

static void check_angle(const char *file, const char *what, double got, double wanted) {
    const double tolerance_deg = 1e-3;
    if (isnan(wanted) && isnan(got)) return;
    if (!(fabs(remainder(got - wanted, 360.0)) < tolerance_deg))
        fail_msg("%s: %s: %.4f, expected %.4f", file, what, got, wanted);
}

static void angles(void **state) {
    (void)state;
    char found[1024];
    if (!shared_file("real/metadata", found, sizeof found)) skip();
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        const expected *r = &ROW[i];
        pl_facts facts;
        char driver[32];
        double time_s = NO;
        pl_error error;
        if (read_facts(r->file, &facts, driver, &error) != PL_OK)
            fail_msg("%s: %s", r->file, error.message);
        assert_string_equal(driver, r->driver);
        assert_string_equal(facts.platform, r->platform);
        if (r->time[0]) assert_true(pl__geo_time_parse(r->time, &time_s));
        if (!(isnan(time_s) ? isnan(facts.acquired_s) : fabs(facts.acquired_s - time_s) < 0.01))
            fail_msg("%s: time %.3f, expected %.3f", r->file, facts.acquired_s, time_s);
        check_angle(r->file, "sun azimuth", facts.sun_azimuth_deg, r->sun_azimuth);
        check_angle(r->file, "sun elevation", facts.sun_elevation_deg, r->sun_elevation);
        check_angle(r->file, "view azimuth", facts.view_azimuth_deg, r->view_azimuth);
        check_angle(r->file, "incidence", facts.incidence_deg, r->incidence);
        check_angle(r->file, "off-nadir", facts.off_nadir_deg, r->off_nadir);
    }
}

static void others(void **state) {
    (void)state;
    char found[1024];
    if (!shared_file("real/metadata", found, sizeof found)) skip();
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        pl_facts facts;
        char driver[32];
        pl_error error;
        assert_int_equal(read_facts(REFUSED[i].file, &facts, driver, &error), PL_E_FORMAT);
        if (!strstr(error.message, REFUSED[i].words))
            fail_msg("%s: \"%s\" does not say \"%s\"", REFUSED[i].file, error.message,
                     REFUSED[i].words);
    }
}

/* ---- is every file in one of the tables? ---- */

static char root[1024];
static int missing_files, looked_at;

static int look_up(const char *path, const struct stat *stat, int kind, struct FTW *at) {
    static const char *const PICTURE[] = {".tif", ".TIF", ".jp2", ".JP2", ".ntf", ".md", ".csv"};
    (void)stat;
    (void)at;
    const char *dot = strrchr(path, '.'), *name = path + strlen(root) + 1;
    if (kind != FTW_F || !dot) return 0;
    for (size_t i = 0; i < sizeof PICTURE / sizeof *PICTURE; i++)
        if (strcmp(dot, PICTURE[i]) == 0) return 0;
    bool known = false;
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) known |= strcmp(ROW[i].file, name) == 0;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        known |= strcmp(REFUSED[i].file, name) == 0;
    if (!known) print_message("%s is in no table\n", name);
    missing_files += !known;
    looked_at++;
    return 0;
}

static void every_file(void **state) {
    (void)state;
    char folder[1100];
    if (!shared_file("real", root, sizeof root)) skip();
    missing_files = looked_at = 0;
    snprintf(folder, sizeof folder, "%s/metadata", root);
    assert_int_equal(nftw(folder, look_up, 16, FTW_PHYS), 0);
    snprintf(folder, sizeof folder, "%s/vhr-rpc", root);
    assert_int_equal(nftw(folder, look_up, 16, FTW_PHYS), 0);
    print_message("%d files looked at\n", looked_at);
    assert_true(looked_at >= 80);
    assert_int_equal(missing_files, 0);
}

/* Nine places of a Pleiades Neo product. From the three of its centre line alone the others must
 * follow: along it by interpolation, across it by the satellite that stands still. */
static void across_the_track(void **state) {
    (void)state;
    char found[1024], file[] = "/vsimem/across/neo.tif", text[4000];
    if (!shared_file("real/metadata", found, sizeof found)) skip();
    pl_facts facts;
    char driver[32];
    pl_error error;
    assert_int_equal(read_facts("metadata/gdal-dimap2/vhr2020_ms_fs/MS-FS/DIM_MS-FS.XML", &facts,
                                driver, &error),
                     PL_OK);
    assert_int_equal(facts.looks, 9);
    /* 0.836 m: the footprint's 1390 m over 1663 columns */
    draw_picture(file, 1663, 1366, 0.836);
    size_t n = (size_t)snprintf(text, sizeof text,
                                "{\"plimsoll\": 1, \"track_azimuth_deg\": %.4f, \"altitude_km\": "
                                "%.3f, \"looks\": [",
                                facts.track_deg, facts.altitude_m / 1e3);
    for (int i = 1; i < 9; i += 3)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "%s{\"x_px\": %.1f, \"y_px\": %.1f, \"view_azimuth_deg\": %.6f, "
                              "\"view_incidence_deg\": %.6f}",
                              i > 1 ? ", " : "", facts.look[i].x_px + 0.5, facts.look[i].y_px + 0.5,
                              facts.look[i].azimuth_deg, facts.look[i].incidence_deg);
    snprintf(text + n, sizeof text - n, "]}");
    write_text("/vsimem/across/neo.plimsoll.json", text);
    pl_scene *scene = NULL;
    if (open_drawn(file, NULL, &scene, &error) != PL_OK) fail_msg("%s", error.message);
    double worst_deg = 0.0;
    for (int i = 0; i < 9; i++) {
        pl_sight sight;
        const pl_look *look = &facts.look[i];
        assert_int_equal(pl_scene_sight(scene, look->x_px + 0.5, look->y_px + 0.5, &sight, NULL),
                         PL_OK);
        double up = sight.view_incidence_rad * PL_DEG_PER_RAD - look->incidence_deg;
        double across =
            remainder(sight.view_azimuth_rad * PL_DEG_PER_RAD - look->azimuth_deg, 360.0) *
            sin(sight.view_incidence_rad);
        worst_deg = fmax(worst_deg, hypot(up, across));
    }
    print_message("nine places from three: at most %.4f deg off\n", worst_deg);
    /* from left to right the line of sight turns by 0.135 deg */
    assert_true(worst_deg < 0.01);
    pl_scene_close(scene);
}

/* GDAL lists beside a NITF file an .aux.xml that it would write, and has not. */
static void nitf_is_hashed(void **state) {
    (void)state;
    char path[1200];
    pl_scene *scene = NULL;
    pl_error error = PL_ERROR_INIT;
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    if (!shared_file("real/vhr-rpc/worldview3_crop_a.ntf", path, sizeof path)) skip();
    options.models_dir = PL_SOURCE_DIR "/models";
    if (pl_scene_open(path, &options, &scene, &error) != PL_OK) fail_msg("%s", error.message);
    pl_scene_info info = *pl_scene_describe(scene);
    pl_scene_close(scene);
    if (pl_scene_hash(&info, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(strlen(info.sha256), 64);
    for (int i = 0; i < info.used_count; i++) assert_null(strstr(info.used[i], ".aux.xml"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(angles),           cmocka_unit_test(tiles_of_a_collection),
        cmocka_unit_test(others),           cmocka_unit_test(every_file),
        cmocka_unit_test(across_the_track), cmocka_unit_test(nitf_is_hashed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
