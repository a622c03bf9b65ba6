/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sky, many sidecars: does each driver turn its vendor's words into the same sun and view? And
 * does each broken sidecar give one clear error? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "drawn.h"
#include "scene/sensor.h"
#include "sky.h"

static const char FOLDER[] = "/vsimem/sensors";

static void turn_is(const char *what, double got_rad, double wanted_deg, double tolerance_deg) {
    if (!(fabs(remainder(got_rad * PL_DEG_PER_RAD - wanted_deg, 360.0)) <= tolerance_deg))
        fail_msg("%s: %.4f deg, expected %.4f", what, got_rad * PL_DEG_PER_RAD, wanted_deg);
}

static void one_sky(void **state) {
    (void)state;
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    options.models_dir = PL_SOURCE_DIR "/models";
    for (size_t i = 0; i < sizeof SKY / sizeof *SKY; i++) {
        const sky *it = &SKY[i];
        char picture[128], sidecar[128], what[160];
        snprintf(picture, sizeof picture, "%s/%zu/p.tif", FOLDER, i);
        snprintf(sidecar, sizeof sidecar, "%s/%zu/%s", FOLDER, i, it->name);
        draw_picture(picture, 400, 400, 0.5);
        write_text(sidecar, it->text);
        pl_scene *scene = NULL;
        pl_error error;
        /* by the picture, and by the metadata file itself */
        for (int k = 0; k < 2; k++) {
            if (open_drawn(k ? sidecar : picture, &options, &scene, &error) != PL_OK)
                fail_msg("%s %s: %s", it->driver, it->name, error.message);
            const pl_scene_info *info = pl_scene_describe(scene);
            snprintf(what, sizeof what, "%zu %s", i, it->driver);
            assert_string_equal(info->driver, it->driver);
            assert_string_equal(info->file, picture);
            assert_string_equal(info->sidecar, sidecar);
            if (strncmp(it->driver, "kompsat", 7) != 0) { /* those have the ephemeris */
                turn_is(what, info->sight.sun_azimuth_rad, SUN_A, 1e-6);
                turn_is(what, info->sight.sun_elevation_rad, SUN_E, 1e-6);
            }
            assert_true(fabs(info->sight.sun_elevation_rad * PL_DEG_PER_RAD - SUN_E) < 0.1);
            assert_int_equal(!(info->reasons & PL_BIT(PL_VIEW_UNKNOWN)), it->view_known);
            if (isfinite(it->tolerance_deg))
                turn_is(what, info->sight.view_incidence_rad, INCIDENCE, it->tolerance_deg);
            if (it->view_known)
                turn_is(what, info->sight.view_azimuth_rad, VIEW_A, it->tolerance_deg);
            pl_scene_close(scene);
        }
    }
}

/* Sentinel-2 keeps its tile's file above the pictures, and one file a band. */
static void sentinel(void **state) {
    (void)state;
    pl_scene *scene = NULL;
    pl_error error;
    const char *picture = "/vsimem/s2/IMG_DATA/T53TMN_20240113T022100_B02.tif";
    draw_picture(picture, 400, 400, 10.0);
    write_text("/vsimem/s2/MTD_TL.xml", TILE);
    if (open_drawn(picture, NULL, &scene, &error) != PL_OK) fail_msg("%s", error.message);
    const pl_scene_info *info = pl_scene_describe(scene);
    assert_string_equal(info->driver, "sentinel2");
    turn_is("sun", info->sight.sun_elevation_rad, SUN_E, 1e-6);
    turn_is("view", info->sight.view_azimuth_rad, VIEW_A, 1e-6);
    turn_is("incidence", info->sight.view_incidence_rad, INCIDENCE, 1e-6);
    pl_scene_close(scene);
    /* another tile's picture in that folder does not get this tile's sun */
    picture = "/vsimem/s2/IMG_DATA/T53TXX_20240113T022100_B02.tif";
    draw_picture(picture, 400, 400, 10.0);
    assert_int_equal(open_drawn(picture, NULL, &scene, &error), PL_OK);
    assert_string_equal(pl_scene_describe(scene)->driver, "none");
    pl_scene_close(scene);
}

/* The two readings of a view azimuth, and the options that override each angle. */
static void options_win(void **state) {
    (void)state;
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_error error;
    draw_picture("/vsimem/options/p.tif", 400, 400, 0.5);
    write_text("/vsimem/options/p.json",
               STAC(", \"view:azimuth\": 324.45, \"view:incidence_angle\": 17.328"));
    const char *file = "/vsimem/options/p.tif";
    options.convention = PL_VIEW_SATELLITE_TO_TARGET;
    assert_int_equal(open_drawn(file, &options, &scene, &error), PL_OK);
    turn_is("turned", pl_scene_describe(scene)->sight.view_azimuth_rad, 144.45, 1e-6);
    pl_scene_close(scene);
    const double degrees[4] = {10, 20, 30, 40};
    for (int i = 0; i < 4; i++) {
        options = (pl_scene_options)PL_SCENE_OPTIONS_INIT;
        double *place[4] = {&options.sun_azimuth_rad, &options.sun_elevation_rad,
                            &options.view_azimuth_rad, &options.view_incidence_rad};
        *place[i] = degrees[i] * PL_RAD_PER_DEG;
        assert_int_equal(open_drawn(file, &options, &scene, &error), PL_OK);
        const pl_sight *s = &pl_scene_describe(scene)->sight;
        turn_is("sun azimuth", s->sun_azimuth_rad, i == 0 ? 10 : SUN_A, 1e-6);
        turn_is("sun elevation", s->sun_elevation_rad, i == 1 ? 20 : SUN_E, 1e-6);
        turn_is("view azimuth", s->view_azimuth_rad, i == 2 ? 30 : VIEW_A, 1e-6);
        turn_is("incidence", s->view_incidence_rad, i == 3 ? 40 : INCIDENCE, 1e-6);
        pl_scene_close(scene);
    }
    /* KOMPSAT's azimuth is taken when the user says how */
    draw_picture("/vsimem/options/k.tif", 400, 400, 0.5);
    write_text("/vsimem/options/k.txt", KOMPSAT);
    options = (pl_scene_options)PL_SCENE_OPTIONS_INIT;
    options.convention = PL_VIEW_TARGET_TO_SATELLITE;
    assert_int_equal(open_drawn("/vsimem/options/k.tif", &options, &scene, &error), PL_OK);
    turn_is("KOMPSAT", pl_scene_describe(scene)->sight.view_azimuth_rad, VIEW_A, 1e-6);
    pl_scene_close(scene);
}

/* A file of two bands, with figures of a real one (K3_20201221013934, its blue and its red band;
 * the red one's incidence is changed, to tell them apart), and one of two source images. */
static void which_part(void **state) {
    (void)state;
#define BAND(name, incidence)                                                                      \
    "<" name "><ImageFileName>K3_20201221013934_45861_11950876_L1G_" name ".tif</ImageFileName>"   \
    "<ImageLevel>Level1G</ImageLevel><ImagingTime><ImagingCenterTime>"                             \
    "<UTC>20201221013942.3070411</UTC></ImagingCenterTime></ImagingTime><ImageSize><Width>31204"   \
    "</Width><Height>29956</Height></ImageSize><ImagingCoordinates><ImageGeogTL><Latitude>"        \
    "-16.559850536</Latitude><Longitude>178.584763130</Longitude></ImageGeogTL><ImageGeogTR>"      \
    "<Latitude>-16.558193714</Latitude><Longitude>178.789407115</Longitude></ImageGeogTR>"         \
    "<ImageGeogBL><Latitude>-16.749336017</Latitude><Longitude>178.586322526</Longitude>"          \
    "</ImageGeogBL><ImageGeogBR><Latitude>-16.747659160</Latitude><Longitude>178.791167632"        \
    "</Longitude></ImageGeogBR></ImagingCoordinates><Angle><Offnadir>25.924271624</Offnadir>"      \
    "<Incidence>" incidence "</Incidence><Azimuth>3.393836708</Azimuth></Angle><ImageGSD><Column>" \
    "0.700</Column></ImageGSD><SatellitePosition><Altitude>689.905540994</Altitude>"               \
    "</SatellitePosition></" name ">"
    static const char AUX[] =
        "<Auxiliary><General><Satellite>KOMPSAT-3</Satellite><Projection><Parameter>S60</Parameter>"
        "</Projection><DesignBitsPerPixel>14</DesignBitsPerPixel></"
        "General><Metadata><MetadataBlock>"
        "<SunAngle><Azimuth>243.36</Azimuth><Elevation>65.0</Elevation></SunAngle></MetadataBlock>"
        "</Metadata><Image>" BAND("PB", "28.977864320") BAND("PR", "30") "</Image></Auxiliary>";
    const char *file = "/vsimem/k3/K3_20201221013934_45861_11950876_L1G_Aux.xml";
    const struct {
        const char *picture;
        double incidence_deg;
    } row[] = {{"/vsimem/k3/K3_20201221013934_45861_11950876_L1G_PB.tif", 28.977864320},
               {"/vsimem/k3/K3_20201221013934_45861_11950876_L1G_PR.tif", 30.0},
               {"/vsimem/k3/K3_20201221013934_45861_11950876_L1G_PX.tif", NAN}};
    char used[200], driver[32];
    pl_facts facts;
    pl_error error = PL_ERROR_INIT;
    write_text(file, AUX);
    for (int i = 0; i < 3; i++) {
        if (pl__sensor_facts(row[i].picture, NULL, &facts, used, sizeof used, driver, sizeof driver,
                             &error) != PL_OK)
            fail_msg("%s", error.message);
        if (isnan(row[i].incidence_deg)) {
            assert_string_equal(driver, "none");
            continue;
        }
        assert_string_equal(driver, "kompsat3");
        assert_string_equal(used, file);
        assert_float_equal(facts.incidence_deg, row[i].incidence_deg, 1e-9);
        assert_float_equal(facts.view_azimuth_deg, 3.393836708, 1e-9);
        assert_true(isnan(facts.sun_azimuth_deg) && isnan(facts.sun_elevation_deg));
        assert_float_equal(facts.acquired_s, 1608514782.307, 0.001); /* date -d ... +%s.%N */
        assert_int_equal(facts.epsg, 32760);
        assert_float_equal(facts.pixel_m, 0.7, 1e-9);
        assert_float_equal(facts.altitude_m, 689905.541, 0.01);
        assert_float_equal(facts.saturation_dn, 16383, 0);
    }
    static const char GEOEYE[] =
        "Product Order Metadata\nBits per Pixel per Band: 11 bits per pixel\nSource Image "
        "Metadata\n"
        "Source Image ID: 1\nProduct Image ID: 000\nSun Angle Azimuth: 10 degrees\n"
        "Source Image ID: 2\nProduct Image ID: 001\nSun Angle Azimuth: 20.5 degrees\n"
        "Acquisition Date/Time: 2012-06-01 14:00 GMT\nProduct Space Metadata\n"
        "Product Component Metadata\nComponent ID: 0000000\nProduct Image ID: 000\n"
        "Component ID: 0010000\nProduct Image ID: 001\n";
    write_text("/vsimem/ge/po_7_metadata.txt", GEOEYE);
    for (int i = 0; i < 2; i++) {
        const char *picture = i ? "/vsimem/ge/po_7_rgb_0010000.tif" : "/vsimem/ge/po_7_0000000.tif";
        if (pl__sensor_facts(picture, NULL, &facts, used, sizeof used, driver, sizeof driver,
                             &error) != PL_OK)
            fail_msg("%s", error.message);
        assert_string_equal(driver, "ikonos");
        assert_float_equal(facts.sun_azimuth_deg, i ? 20.5 : 10, 1e-9);
        assert_float_equal(facts.saturation_dn, 2047, 0);
    }
}

/* ---- a collection, and factors ---- */

/* An item of a collection: its name, its picture, its view's azimuth. */
#define ITEM(id, href, azimuth)                                                                    \
    "{\"type\": \"Feature\", \"id\": \"" id "\", \"properties\": {\"datetime\": \"" TIME           \
    "\", \"view:sun_azimuth\": 166.318, \"view:sun_elevation\": 24.549, "                          \
    "\"view:azimuth\": " azimuth                                                                   \
    ", \"view:incidence_angle\": 17.328}, \"assets\": {\"a\": {\"href\": \"" href "\"}}}"
#define COLLECTION(items) "{\"type\": \"FeatureCollection\", \"features\": [" items "]}"

static void collections(void **state) {
    (void)state;
    const struct {
        const char *text, *id, *words;
    } row[] = {
        {COLLECTION(ITEM("one", "./o.tif", "10") "," ITEM("two", "x/p.tif", "324.45")), "two", ""},
        {COLLECTION(ITEM("one", "./o.tif", "10")), NULL, "none of its 1 items names p.tif"},
        {COLLECTION(ITEM("one", "a/p.tif", "10") "," ITEM("two", "b/p.tif", "20")), NULL,
         "2 items name p.tif"},
        {COLLECTION(ITEM("one", "a/p.tif", "10") "," ITEM("two", "many/p.tif", "324.45")), "two",
         ""},
    };
    const char *file = "/vsimem/many/p.tif";
    pl_scene *scene = NULL;
    pl_error error;
    draw_picture(file, 400, 400, 0.5);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        write_text("/vsimem/many/p.json", row[i].text);
        pl_status status = open_drawn(file, NULL, &scene, &error);
        if (!row[i].id) {
            assert_int_equal(status, PL_E_FORMAT);
            if (!strstr(error.message, row[i].words)) fail_msg("%s", error.message);
            continue;
        }
        if (status != PL_OK) fail_msg("%s", error.message);
        assert_string_equal(pl_scene_describe(scene)->id, row[i].id);
        turn_is("item", pl_scene_describe(scene)->sight.view_azimuth_rad, VIEW_A, 1e-6);
        pl_scene_close(scene);
    }
    /* somebody else's GeoJSON is passed over */
    write_text("/vsimem/many/p.json", COLLECTION("{\"type\": \"Feature\", \"properties\": {}}"));
    assert_int_equal(open_drawn(file, NULL, &scene, &error), PL_OK);
    assert_string_equal(pl_scene_describe(scene)->driver, "none");
    pl_scene_close(scene);
}

/* The picture holds 80 everywhere. */
static void factors(void **state) {
    (void)state;
    const struct {
        const char *asset;
        float value;
    } row[] = {
        {"\"raster:bands\": [{\"scale\": 0.001, \"offset\": -0.01}]", 0.07f},
        {"\"raster:bands\": [{\"scale\": 0.001}]", 0.08f},
        {"\"bands\": [{\"name\": \"pan\", \"raster:scale\": 0.01, \"raster:offset\": 1}]", 1.8f},
        {"\"bands\": [{\"name\": \"pan\"}], \"raster:scale\": 0.5", 40.0f},
        {"\"raster:bands\": [{\"scale\": 0.001}, {\"scale\": 0.001}]", 80.0f}, /* of two bands */
        {"\"raster:bands\": [{\"scale\": -1}]", 80.0f},
        {"\"raster:bands\": [{\"nodata\": 0}]", 80.0f},
    };
    const char *file = "/vsimem/factors/p.tif";
    draw_picture(file, 400, 400, 0.5);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[600];
        pl_scene *scene = NULL;
        pl_error error;
        pl_crop crop;
        snprintf(text, sizeof text,
                 "{\"type\": \"Feature\", \"id\": \"p\", \"properties\": {}, \"assets\": {\"a\": "
                 "{\"href\": \"p.tif\", %s}}}",
                 row[i].asset);
        write_text("/vsimem/factors/p.json", text);
        pl_arena *arena = pl_arena_new(0);
        if (open_drawn(file, NULL, &scene, &error) != PL_OK ||
            pl_scene_crop(scene, 10, 10, 20, 20, 1.0, arena, &crop, &error) != PL_OK)
            fail_msg("%zu: %s", i, error.message);
        assert_float_equal(crop.pixels.data[0], row[i].value, 1e-5);
        pl_scene_close(scene);
        pl_arena_free(arena);
    }
}

/* ---- broken ones ---- */

/* Puts `with` in the place of the first `what`; NULL cuts the text there. */
static char *changed(const char *text, const char *what, const char *with) {
    const char *at = strstr(text, what);
    char *out = malloc(strlen(text) + (with ? strlen(with) : 0) + 1);
    assert_non_null(at);
    assert_non_null(out);
    memcpy(out, text, (size_t)(at - text));
    out[at - text] = '\0';
    if (with) strcat(strcat(out, with), at + strlen(what));
    return out;
}

/* A file of 16 bits that holds `value` everywhere. */
static void draw_deep(const char *file, float value) {
    pl_error error = PL_ERROR_INIT;
    pl_image image;
    pl_arena *arena = pl_arena_new(0);
    pl_raster_new form = {.width = 400,
                          .height = 400,
                          .bands = 1,
                          .bits = 16,
                          .epsg = 32653,
                          .affine = {DRAWN_EAST_M, 0.5, 0, DRAWN_NORTH_M, 0, -0.5}};
    assert_true(pl__arena_image(arena, 400, 400, 1, &image));
    for (int i = 0; i < 400 * 400; i++) image.data[i] = value;
    if (pl__io_geotiff_write(file, &form, image.data, &error) != PL_OK)
        fail_msg("%s", error.message);
    pl_arena_free(arena);
}

/* From which DN on is a sample of 16 bits saturated? As its metadata tell, and not where samples
 * pass that, or where they only say that the file has 16. */
static void saturation(void **state) {
    (void)state;
#define SPECIAL(dn)                                                                                \
    "<Raster_Display><Special_Value><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>"               \
    "<SPECIAL_VALUE_COUNT>0</SPECIAL_VALUE_COUNT></Special_Value><Special_Value>"                  \
    "<SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_COUNT>" dn                   \
    "</SPECIAL_VALUE_COUNT></Special_Value></Raster_Display></Dimap_Document>"
    const struct {
        const char *name, *text, *from, *to;
        float value;
        double info_dn, crop_dn;
    } row[] = {
        {"p.IMD", IMD, "numRows", "bitsPerPixel = 11;\nnumRows", 80, 2047, 2047},
        {"p.IMD", IMD, "numRows", "bitsPerPixel = 11;\nnumRows", 3000, 2047, NAN},
        {"p.IMD", IMD, "numRows", "bitsPerPixel = 16;\nnumRows", 80, NAN, NAN},
        {"p.IMD", IMD, "numRows", "numRows", 80, NAN, NAN},
        {"DIM_p.XML", DIMAP, "</Dimap_Document>", SPECIAL("4095"), 4095, 4095, 4095},
        {"DIM_p.XML", DIMAP, "</Dimap_Document>", SPECIAL("65535"), 80, NAN, NAN},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char picture[100], sidecar[100];
        pl_scene *scene = NULL;
        pl_error error;
        pl_crop crop;
        pl_arena *arena = pl_arena_new(0);
        snprintf(picture, sizeof picture, "/vsimem/deep/%zu/p.tif", i);
        snprintf(sidecar, sizeof sidecar, "/vsimem/deep/%zu/%s", i, row[i].name);
        draw_deep(picture, row[i].value);
        char *text = changed(row[i].text, row[i].from, row[i].to);
        write_text(sidecar, text);
        free(text);
        if (open_drawn(picture, NULL, &scene, &error) != PL_OK ||
            pl_scene_crop(scene, 0, 0, 50, 50, 1.0, arena, &crop, &error) != PL_OK)
            fail_msg("%zu: %s", i, error.message);
        const double got[2] = {pl_scene_describe(scene)->saturation_dn, crop.saturation_dn};
        const double wanted[2] = {row[i].info_dn, row[i].crop_dn};
        for (int k = 0; k < 2; k++)
            if (got[k] != wanted[k] && !(isnan(got[k]) && isnan(wanted[k])))
                fail_msg("%zu: saturated from %g, expected %g", i, got[k], wanted[k]);
        pl_scene_close(scene);
        pl_arena_free(arena);
    }
}

typedef struct breakage {
    int sky; /* row of SKY */
    const char *what, *with, *words;
} breakage;

static const breakage BROKEN[] = {
    /* wrong types, NaN, out of range, swapped */
    {0, "<INCIDENCE_ANGLE>17.328<", "<INCIDENCE_ANGLE>steep<",
     "INCIDENCE_ANGLE: \"steep\" is not a number"},
    {0, "<AZIMUTH_ANGLE>190<", "<AZIMUTH_ANGLE>NaN<", "AZIMUTH_ANGLE: \"NaN\" is not a number"},
    {0, "<SUN_ELEVATION>24.549<", "<SUN_ELEVATION>166.318<",
     "SUN_ELEVATION: 166.318 is not between -90 and 90"},
    {0, "2024-01-13<", "13/01/2024<", "IMAGING_TIME: \"13/01/2024T02:22:36.55Z\" is no time"},
    {0, "<NROWS>400<", "<NROWS>900<", "contradicts the picture: it speaks of 400 x 900 pixels"},
    {0, "</Use_Area>", NULL, "not XML"},
    {0, "<Dimap_Document>", "<!DOCTYPE D [<!ENTITY a \"b\">]><Dimap_Document>",
     "declares entities of its own"},
    {2, "166.318", "high", "meanSunAz: \"high\" is not a number"},
    {2, "24.549", "nan", "meanSunEl: \"nan\" is not a number"},
    {2, "meanSatEl = 72.672", "meanSatEl = 324.45", "meanSatEl: 324.45 is not between 0 and 90"},
    {2, "END_GROUP = IMAGE_1", NULL, "a group without an end (truncated?)"},
    {3, "1.66318e+02", "east", "MEANSUNAZ: \"east\" is not a number"},
    {3, "</IMAGE>", NULL, "not XML"},
    {3, "<IMAGE>", "<NOTHING>", "not XML: mismatched tag"},
    {4, "166.318", "\"166.318\"", "view:sun_azimuth is not a number"},
    {4, "166.318", "NaN", "not JSON"},
    {4, "166.318", "[[[[]]]]", "view:sun_azimuth is not a number"},
    {4, "24.549", "166.318", "view:sun_elevation: 166.318 is not between -90 and 90"},
    {4, TIME, "yesterday", "datetime: \"yesterday\" is no time"},
    {4, "\"assets\"", NULL, "not JSON"},
    {9, "166.318", "\"east\"", "sun_azimuth is not a number"},
    {9, "-16.092", "160", "view_angle: 160 is not between -90 and 90"},
    {9, "24.549", "1e999", "not JSON"},
    {10, ">17.328<", "><", "incidenceAngle: \"\" is not a number"},
    {10, ">24.549<", ">246<", "illuminationElevationAngle: 246 is not between -90 and 90"},
    {11, "-17.328", "x", "AUX_IMAGE_SATELLITE_INCIDENCE_DEG: \"x\" is not a number"},
    {11, "20240113", "20241313", "is no time"},
    {12, "166.3 166.318 166.4", "a b c", "support_data.azimuth_angle: \"b\" is not a number"},
    {13, "24.549", "true", "sun_elevation_deg is not a number"},
    {13, "sun_elevation_deg", "sun_elevation", "sun_elevation is not known"},
    {13, "\"plimsoll\": 1", "\"plimsoll\": 2", "plimsoll: 2 is not between 1 and 1"},
    {13, "17.328", "91", "view_incidence_deg: 91 is not between 0 and 89"},
    {14, ">17.328<", ">steep<", "Incidence: \"steep\" is not a number"},
    {14, ">20240113022236.5500000<", ">20241313022236.5<", "is no time"},
    {14, "</PAN>", NULL, "not XML"},
    {14, "<Image>", "<Other>", "not XML: mismatched tag"},
    {15, "24.549 degrees", "low", "Sun Angle Elevation: \"low\" is not a number"},
    {15, "72.672", "107.328", "Nominal Collection Elevation: 107.328 is not between 0 and 90"},
    {15, "02:22 GMT", "noon", "Acquisition Date/Time: \"2024-01-13 noon\" is no time"},
    {15, "Source Image ID", "Other ID", "no source image in it, or cut short"},
    {15, "Product Space", "Source Image ID: 2\r\nProduct Space", "several source images"},
    {16, "166.318", "south", "SUN_AZIMUTH: \"south\" is not a number"},
    {16, "24.549", "124.549", "SUN_ELEVATION: 124.549 is not between -90 and 90"},
    {16, "END_GROUP = IMAGE", NULL, "a group without an end (truncated?)"},
    {13, "\"plimsoll\": 1", "\"looks\": [{\"x_px\": 1}], \"plimsoll\": 1", "wants x_px, y_px"},
};

static void broken(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        const breakage *b = &BROKEN[i];
        const sky *it = &SKY[b->sky];
        char picture[128], sidecar[128];
        snprintf(picture, sizeof picture, "/vsimem/broken/%zu/p.tif", i);
        snprintf(sidecar, sizeof sidecar, "/vsimem/broken/%zu/%s", i, it->name);
        char *text = changed(it->text, b->what, b->with);
        draw_picture(picture, 400, 400, 0.5);
        write_text(sidecar, text);
        free(text);
        pl_scene *scene = NULL;
        pl_error error;
        pl_status status = open_drawn(picture, NULL, &scene, &error);
        if (status != PL_E_FORMAT || !strstr(error.message, b->words))
            fail_msg("%zu %s: status %d, \"%s\" does not say \"%s\"", i, it->driver, status,
                     error.message, b->words);
    }
}

/* What is missing is unknown, not wrong: a refusal with its reason. */
static void missing(void **state) {
    (void)state;
    static const breakage GONE[] = {
        {0, "<AZIMUTH_ANGLE>190</AZIMUTH_ANGLE>", "", NULL},
        {2, "\tmeanSatAz = 324.45;\n", "", NULL},
        {3, "<MEANSATEL>72.672</MEANSATEL>", "", NULL},
        {4, "\"view:azimuth\": 324.45, ", "", NULL},
        {9, "\"satellite_azimuth\": 324.45, ", "", NULL},
        {12, "support_data.scene_orientation", "support_data.other", NULL},
        {13, ", \"view_incidence_deg\": 17.328", "", NULL},
    };
    for (size_t i = 0; i < sizeof GONE / sizeof *GONE; i++) {
        const sky *it = &SKY[GONE[i].sky];
        char picture[128], sidecar[128];
        snprintf(picture, sizeof picture, "/vsimem/missing/%zu/p.tif", i);
        snprintf(sidecar, sizeof sidecar, "/vsimem/missing/%zu/%s", i, it->name);
        char *text = changed(it->text, GONE[i].what, GONE[i].with);
        for (char *more; GONE[i].sky == 0 && strstr(text, GONE[i].what); text = more) {
            more = changed(text, GONE[i].what, GONE[i].with);
            free(text);
        }
        draw_picture(picture, 400, 400, 0.5);
        write_text(sidecar, text);
        free(text);
        pl_scene *scene = NULL;
        pl_error error;
        if (open_drawn(picture, NULL, &scene, &error) != PL_OK)
            fail_msg("%s: %s", it->driver, error.message);
        const pl_scene_info *info = pl_scene_describe(scene);
        assert_string_equal(info->driver, it->driver);
        assert_int_equal(info->reasons, PL_BIT(PL_VIEW_UNKNOWN));
        turn_is(it->driver, info->sight.sun_azimuth_rad, SUN_A, 1e-6);
        pl_scene_close(scene);
    }
}

/* ---- any change at all ---- */

static unsigned draw_number(unsigned long long *seed) { /* xorshift */
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (unsigned)(*seed >> 11);
}

/* Changes one to four bytes, or cuts the text, or copies a piece of it over another. */
static size_t mutate(char *text, size_t length, unsigned long long *seed) {
    static const char SIGNS[] = "<>&\"'{}[]=;:,0-. ";
    for (unsigned n = 1 + draw_number(seed) % 4; n > 0 && length > 8; n--) {
        size_t at = draw_number(seed) % length, from = draw_number(seed) % length;
        size_t wide = draw_number(seed) % 32;
        unsigned kind = draw_number(seed) % 4;
        if (kind == 0) text[at] = (char)draw_number(seed);
        if (kind == 1) text[at] = SIGNS[draw_number(seed) % (sizeof SIGNS - 1)];
        if (kind == 2) length = at + 1;
        if (kind == 3 && at + wide < length && from + wide < length)
            memmove(text + at, text + from, wide);
    }
    return length;
}

/* A changed file is read, or it is an error with a message; run under the sanitizers too. */
static void mutated(void **state) {
    (void)state;
    unsigned long long seed = 88172645463325252ULL;
    int fine = 0, faults = 0;
    for (size_t i = 0; i < sizeof SKY / sizeof *SKY; i++) {
        for (int k = 0; k < 60; k++) {
            char file[128], used[128], driver[32], picture[512], sidecar[512];
            snprintf(file, sizeof file, "/vsimem/mutated/%s", SKY[i].name);
            char *text = strdup(SKY[i].text);
            assert_non_null(text);
            size_t length = mutate(text, strlen(text), &seed);
            pl_facts facts;
            pl_error error = PL_ERROR_INIT;
            assert_int_equal(pl__io_file_write(file, text, length, &error), PL_OK);
            free(text);
            pl_status status = pl__sensor_facts("/vsimem/mutated/x.tif", file, &facts, used,
                                                sizeof used, driver, sizeof driver, &error);
            assert_true(status <= 0);
            assert_true((status == PL_OK) == (error.message[0] == '\0'));
            fine += status == PL_OK;
            faults += status != PL_OK;
            error = (pl_error)PL_ERROR_INIT;
            status = pl__sensor_picture(file, NULL, picture, sizeof picture, sidecar,
                                        sizeof sidecar, &error);
            assert_true((status == PL_OK) == (error.message[0] == '\0'));
        }
    }
    print_message("%d changed files read, %d refused\n", fine, faults);
    assert_true(fine > 0 && faults > 0);
}

/* Deep and huge ones. */
static void limits(void **state) {
    (void)state;
    pl_scene *scene = NULL;
    pl_error error;
    size_t size = (32 << 20) + 10;
    char *text = calloc(1, size + 1);
    assert_non_null(text);
    draw_picture("/vsimem/limits/p.tif", 40, 40, 0.5);
    strcpy(text, "<Dimap_Document>");
    for (int i = 0; i < 100; i++) strcat(text, "<a>");
    write_text("/vsimem/limits/DIM_p.XML", text);
    assert_int_equal(open_drawn("/vsimem/limits/p.tif", NULL, &scene, &error), PL_E_LIMIT);
    assert_non_null(strstr(error.message, "nested deeper than 64"));
    memset(text, ' ', size);
    write_text("/vsimem/limits/DIM_p.XML", text);
    assert_int_equal(open_drawn("/vsimem/limits/p.tif", NULL, &scene, &error), PL_E_LIMIT);
    assert_non_null(strstr(error.message, "larger than 33554432 bytes"));
    draw_picture("/vsimem/limits/q.tif", 40, 40, 0.5);
    memset(text, '[', 5000);
    text[5000] = '\0';
    memcpy(text, "{\"a\":", 5);
    write_text("/vsimem/limits/q.json", text);
    assert_int_equal(open_drawn("/vsimem/limits/q.tif", NULL, &scene, &error), PL_E_FORMAT);
    assert_non_null(strstr(error.message, "maximum parsing depth reached"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_sky),     cmocka_unit_test(sentinel),    cmocka_unit_test(which_part),
        cmocka_unit_test(options_win), cmocka_unit_test(collections), cmocka_unit_test(factors),
        cmocka_unit_test(saturation),  cmocka_unit_test(broken),      cmocka_unit_test(missing),
        cmocka_unit_test(mutated),     cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
