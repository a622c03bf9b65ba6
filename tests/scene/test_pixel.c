/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a picture doubted whose pixel size or orientation is not what its sidecar states, and is one
 * left in peace that was cut out, resampled, or sold at another pixel than the sensor's?
 *
 * The whole picture has 400 x 400 pixels of 0.5 m; its corners in UTM zone 53 north are (340660,
 * 4729100) and (340860, 4728900), those in degrees below are from PROJ by way of Python. */
#include <math.h>
#include <stdio.h>

#include "drawn.h"

/* ---- the whole picture, as sidecars state it ---- */

#define ANGLES                                                                                     \
    "\"datetime\": \"2024-01-13T02:22:36Z\", \"view:azimuth\": 324.45, "                           \
    "\"view:incidence_angle\": "
#define STAC(incidence, more)                                                                      \
    "{\"type\": \"Feature\", \"stac_version\": \"1.0.0\", \"id\": \"p\", \"bbox\": "               \
    "[133.05464326, 42.69607536, 133.05713980, 42.69791687], \"properties\": {" ANGLES incidence   \
    ", " more "}, \"assets\": {\"a\": {\"href\": \"p.tif\"}}}"
#define GRID "\"proj:epsg\": 32653, \"proj:shape\": [400, 400], "
#define IMD(band, more)                                                                            \
    "numRows = 400;\nnumColumns = 400;\n" band "BEGIN_GROUP = IMAGE_1\nsatId = \"WV03\";\n"        \
    "END_GROUP = IMAGE_1\n" more "END;\n"
#define CORNERS                                                                                    \
    "BEGIN_GROUP = BAND_P\nULLon = 133.05464326;\nULLat = 42.69787543;\nURLon = 133.05708366;\n"   \
    "URLat = 42.69791687;\nLRLon = 133.05713980;\nLRLat = 42.69611679;\nLLLon = 133.05469947;\n"   \
    "LLLat = 42.69607536;\nEND_GROUP = BAND_P\n"
#define MAP                                                                                        \
    "BEGIN_GROUP = MAP_PROJECTED_PRODUCT\nproductUnits = \"M\";\ncolSpacing = 0.5;\n"              \
    "END_GROUP = MAP_PROJECTED_PRODUCT\n"
#define VERTEX(lon, lat, column, row)                                                              \
    "<Vertex><LON>" lon "</LON><LAT>" lat "</LAT><COL>" column "</COL><ROW>" row "</ROW></Vertex>"
#define VERTICES                                                                                   \
    "<Dataset_Extent>" VERTEX("133.05464326", "42.69787543", "1", "1")                             \
        VERTEX("133.05708366", "42.69791687", "400", "1")                                          \
            VERTEX("133.05713980", "42.69611679", "400", "400")                                    \
                VERTEX("133.05469947", "42.69607536", "1", "400") "</Dataset_Extent>"
#define DIMAP(more)                                                                                \
    "<Dimap_Document><Raster_Dimensions><NROWS>400</NROWS><NCOLS>400</NCOLS></Raster_Dimensions>"  \
    "<Use_Area><Located_Geometric_Values><INCIDENCE_ANGLE>17.3</INCIDENCE_ANGLE>"                  \
    "<Ground_Sample_Distance><GSD_ACROSS_TRACK>0.7</GSD_ACROSS_TRACK><GSD_ALONG_TRACK>0.7"         \
    "</GSD_ALONG_TRACK></Ground_Sample_Distance></Located_Geometric_Values></Use_Area>" more       \
    "</Dimap_Document>"
#define SPACING                                                                                    \
    "<Processing_Information><RESAMPLING_SPACING>0.5</RESAMPLING_SPACING></"                       \
    "Processing_Information>"
#define PLANET                                                                                     \
    "{\"type\": \"Feature\", \"id\": \"p\", \"properties\": {\"item_type\": \"SkySatCollect\", "   \
    "\"pixel_resolution\": 0.5, \"gsd\": 0.72}}"
#define PLANET_XML                                                                                 \
    "<ps:EarthObservation xmlns:ps=\"http://schemas.planet.com/ps\"><ps:ProductInformation>"       \
    "<ps:numRows>400</ps:numRows><ps:numColumns>400</ps:numColumns><ps:rowGsd>0.5</ps:rowGsd>"     \
    "</ps:ProductInformation></ps:EarthObservation>"

/* ---- pictures ---- */

typedef struct shape {
    const char *what;
    int width, height;
    double affine[6];
} shape;

static const double E = 340660.0, N = 4729100.0;

/* In this order the letters below: s silent, r resampled, D doubted, x another picture's. */
static void shapes(shape out[8]) {
    const shape all[8] = {
        {"whole", 400, 400, {E, 0.5, 0, N, 0, -0.5}},
        {"halved", 400, 400, {E, 0.25, 0, N, 0, -0.25}},
        {"at four fifths", 400, 400, {E, 0.4, 0, N, 0, -0.4}},
        {"cut out", 200, 150, {E + 40, 0.5, 0, N - 30, 0, -0.5}},
        {"resampled", 200, 200, {E, 1.0, 0, N, 0, -1.0}},
        {"mirrored", 400, 400, {E + 200, -0.5, 0, N, 0, -0.5}},
        {"upside down", 400, 400, {E, 0.5, 0, N - 200, 0, 0.5}},
        {"larger", 500, 500, {E, 0.5, 0, N, 0, -0.5}},
    };
    memcpy(out, all, sizeof all);
}

static const struct {
    const char *name, *text, *outcome;
} ROW[] = {
    {"p.json", STAC("17.3", "\"gsd\": 0.5"), "sDDssDDs"},
    {"p.json", STAC("17.3", "\"gsd\": 0.31"), "sssssDDs"},
    {"p.json", STAC("17.3", GRID "\"proj:transform\": [0.5, 0, 340660, 0, -0.5, 4729100]"),
     "sDDsrDDx"},
    {"p.json", STAC("17.3", GRID "\"proj:transform\": [340660, 0.5, 0, 4729100, 0, -0.5]"),
     "sDDsrDDx"},
    {"p.json", STAC("17.3", GRID "\"proj:bbox\": [340660, 4728900, 340860, 4729100]"), "sDDsrDDx"},
    {"p.json", STAC("17.3", "\"pl:pixel_resolution\": 0.5, \"gsd\": 0.72"), "sDDsDDDs"},
    {"p.IMD", IMD(CORNERS, ""), "sDDsrDDx"},
    {"p.IMD", IMD("", MAP), "sDDsrDDx"},
    {"DIM_p.XML", DIMAP(VERTICES), "sDDsrDDx"},
    {"DIM_p.XML", DIMAP(SPACING), "sDDsrDDx"},
    {"DIM_p.XML", DIMAP(""), "sDDsDDDx"}, /* 0.7 m collected is not sold at 0.4 m, nor at 1 */
    {"p_metadata.json", PLANET, "sDDsDDDs"},
    {"p_metadata.xml", PLANET_XML, "sDDsrDDx"},
    {"p.plimsoll.json", "{\"plimsoll\": 1, \"pixel_m\": 0.5}", "sDDsDDDs"},
    {"p.plimsoll.json", "{\"plimsoll\": 1}", "sssssDDs"}, /* no satellite's product is mirrored */
};

static void draw_shape(const char *file, const shape *s) {
    pl_arena *arena = pl_arena_new(0);
    pl_image image;
    pl_error error = PL_ERROR_INIT;
    pl_raster_new form = {
        .width = s->width, .height = s->height, .bands = 1, .bits = 8, .epsg = 32653};
    memcpy(form.affine, s->affine, sizeof form.affine);
    assert_true(pl__arena_image(arena, s->width, s->height, 1, &image));
    for (int i = 0; i < s->width * s->height; i++) image.data[i] = 80.0f;
    if (pl__io_geotiff_write(file, &form, image.data, &error) != PL_OK)
        fail_msg("%s", error.message);
    pl_arena_free(arena);
}

static char outcome(const char *picture, char message[240]) {
    pl_scene *scene = NULL;
    pl_error error;
    pl_status status = open_drawn(picture, NULL, &scene, &error);
    memcpy(message, error.message, sizeof error.message);
    if (status != PL_OK) return strstr(error.message, "contradicts the picture") ? 'x' : '?';
    const pl_scene_info *info = pl_scene_describe(scene);
    bool doubted = info->reasons & PL_BIT(PL_GEOREFERENCE_CONTRADICTED);
    bool told = warned_of(info, "states ") || warned_of(info, "footprint in") ||
                warned_of(info, "georeference is");
    char letter = doubted && told                      ? 'D'
                  : doubted || told                    ? '?'
                  : warned_of(info, "resampled since") ? 'r'
                                                       : 's';
    if (info->warning_count) memcpy(message, info->warning[0], 200);
    pl_scene_close(scene);
    return letter;
}

static void stated_and_seen(void **state) {
    (void)state;
    shape all[8];
    shapes(all);
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        for (int k = 0; k < 8; k++) {
            char picture[100], sidecar[100], message[240] = "";
            snprintf(picture, sizeof picture, "/vsimem/pixel/%zu/%d/p.tif", i, k);
            snprintf(sidecar, sizeof sidecar, "/vsimem/pixel/%zu/%d/%s", i, k, ROW[i].name);
            draw_shape(picture, &all[k]);
            write_text(sidecar, ROW[i].text);
            char got = outcome(picture, message);
            if (got != ROW[i].outcome[k])
                fail_msg("row %zu, %s: '%c', expected '%c': %s", i, all[k].what, got,
                         ROW[i].outcome[k], message);
        }
    }
}

/* What is sold: collected metres and incidence as published, and the pixel delivered. */
static void what_is_sold(void **state) {
    (void)state;
    const struct {
        const char *text;
        double pixel_m;
    } row[] = {
        {STAC("17.3", "\"gsd\": 0.31"), 0.3},  /* WorldView-3, map-ready */
        {STAC("17.3", "\"gsd\": 0.41"), 0.61}, /* GeoEye-1 in Maxar's tiles */
        {STAC("57", "\"gsd\": 0.67"), 0.305},  /* WorldView-3 seen most aslant, the same */
        {STAC("17.3", "\"gsd\": 0.37"), 1.22}, /* its colours, beside the pan band's figure */
        {STAC("17.3", "\"gsd\": 0.86"), 0.5},  /* the first SkySats */
        {STAC("17.3", "\"gsd\": 0.7"), 0.5},   /* Pleiades */
        {STAC("17.3", "\"gsd\": 0.3"), 0.3},   {DIMAP(""), 0.5},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char picture[100], sidecar[100], message[240] = "";
        int side = (int)(200.0 / row[i].pixel_m);
        bool dimap = row[i].text[0] == '<';
        const shape s = {"",
                         dimap ? 400 : side,
                         dimap ? 400 : side,
                         {E, row[i].pixel_m, 0, N, 0, -row[i].pixel_m}};
        snprintf(picture, sizeof picture, "/vsimem/sold/%zu/p.tif", i);
        snprintf(sidecar, sizeof sidecar, "/vsimem/sold/%zu/%s", i, dimap ? "DIM_p.XML" : "p.json");
        draw_shape(picture, &s);
        write_text(sidecar, row[i].text);
        char got = outcome(picture, message);
        if (got != 's') fail_msg("row %zu: '%c': %s", i, got, message);
    }
}

/* Data that fill a corner of their tile have a footprint of their own; the stated grid vouches. */
static void a_tile_at_the_end_of_a_strip(void **state) {
    (void)state;
    static const char PARTLY[] =
        "{\"type\": \"Feature\", \"stac_version\": \"1.0.0\", \"id\": \"p\", \"bbox\": "
        "[133.0547, 42.6965, 133.0552, 42.6979], \"properties\": {" ANGLES "17.3, " GRID
        "\"proj:transform\": [0.5, 0, 340660, 0, -0.5, 4729100]}, \"assets\": {}}";
    shape all[8];
    char message[240] = "";
    shapes(all);
    draw_shape("/vsimem/strip/p.tif", &all[0]);
    write_text("/vsimem/strip/p.json", PARTLY);
    char got = outcome("/vsimem/strip/p.tif", message);
    if (got != 's') fail_msg("'%c': %s", got, message);
}

/* A pixel size typed in is held against the stated one, too. */
static void by_hand(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        pl_scene_options options = PL_SCENE_OPTIONS_INIT;
        pl_error error;
        pl_scene *scene = NULL;
        pl_arena *arena = pl_arena_new(0);
        pl_image image;
        pl_raster_new form = {.width = 40, .height = 40, .bands = 1, .bits = 8};
        assert_true(pl__arena_image(arena, 40, 40, 1, &image));
        for (int i = 0; i < 40 * 40; i++) image.data[i] = 80.0f;
        assert_int_equal(pl__io_geotiff_write("/vsimem/hand/p.tif", &form, image.data, &error),
                         PL_OK);
        pl_arena_free(arena);
        write_text("/vsimem/hand/p.plimsoll.json", "{\"plimsoll\": 1, \"pixel_m\": 0.5}");
        options.pixel_size_m = k ? 0.25 : 0.5;
        if (open_drawn("/vsimem/hand/p.tif", &options, &scene, &error) != PL_OK)
            fail_msg("%s", error.message);
        pl_reasons reasons = pl_scene_describe(scene)->reasons;
        assert_int_equal(!!(reasons & PL_BIT(PL_GEOREFERENCE_CONTRADICTED)), k);
        pl_scene_close(scene);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stated_and_seen), cmocka_unit_test(what_is_sold),
        cmocka_unit_test(a_tile_at_the_end_of_a_strip), cmocka_unit_test(by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
