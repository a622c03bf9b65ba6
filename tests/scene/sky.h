/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sky as each vendor writes it.
 *
 * The sky is that of the rendered scene d001, by its maker's program: sun 166.318 / 24.549 deg,
 * view from the target to the satellite 324.45 deg, incidence 17.328, off-nadir 15.756 deg (617
 * km). The picture is 400 x 400 pixels, at Vostochny. */
#ifndef PL_TESTS_SCENE_SKY_H
#define PL_TESTS_SCENE_SKY_H

#include <stdbool.h>

static const double SUN_A = 166.318, SUN_E = 24.549, VIEW_A = 324.45, INCIDENCE = 17.328;
#define TIME "2024-01-13T02:22:36.55Z"

/* DIMAP's angles for that view and a scan towards 190 deg: the components are
 * tan(across) = tan(i) sin(190 - 324.45), tan(along) = tan(i) cos(190 - 324.45), worked out by hand
 * (Python): -12.5563 and -12.3249 deg. */
#define DIMAP_LOOK(place, row)                                                                     \
    "<Located_Geometric_Values><LOCATION_TYPE>" place "</LOCATION_TYPE><COL>200</COL><ROW>" row    \
    "</ROW><Acquisition_Angles><AZIMUTH_ANGLE>190</AZIMUTH_ANGLE>"                                 \
    "<INCIDENCE_ANGLE_ALONG_TRACK>-12.3249</INCIDENCE_ANGLE_ALONG_TRACK>"                          \
    "<INCIDENCE_ANGLE_ACROSS_TRACK>-12.5563</INCIDENCE_ANGLE_ACROSS_TRACK>"                        \
    "<INCIDENCE_ANGLE>17.328</INCIDENCE_ANGLE></Acquisition_Angles><Solar_Incidences>"             \
    "<SUN_AZIMUTH>166.318</SUN_AZIMUTH><SUN_ELEVATION>24.549</SUN_ELEVATION></Solar_Incidences>"   \
    "</Located_Geometric_Values>"
#define DIMAP                                                                                      \
    "<Dimap_Document><Dataset_Sources><MISSION>PHR</MISSION><MISSION_INDEX>1B</MISSION_INDEX>"     \
    "<IMAGING_DATE>2024-01-13</IMAGING_DATE><IMAGING_TIME>02:22:36.55Z</IMAGING_TIME>"             \
    "</Dataset_Sources><Raster_Data><Data_Access><Data_Files><Data_File><DATA_FILE_PATH "          \
    "href=\"p.tif\"/></Data_File></Data_Files></Data_Access><Raster_Dimensions><NROWS>400</NROWS>" \
    "<NCOLS>400</NCOLS></Raster_Dimensions></Raster_Data><Geometric_Data><Use_Area>" DIMAP_LOOK(   \
        "Top Center", "1") DIMAP_LOOK("Center", "200")                                             \
        DIMAP_LOOK("Bottom Center", "400") "</Use_Area></Geometric_Data></Dimap_Document>"
#define IMD                                                                                        \
    "numRows = 400;\nnumColumns = 400;\nBEGIN_GROUP = IMAGE_1\n\tsatId = \"WV03\";\n"              \
    "\tfirstLineTime = " TIME ";\n\tmeanSunAz = 166.318;\n\tmeanSunEl = 24.549;\n"                 \
    "\tmeanSatAz = 324.45;\n\tmeanSatEl = 72.672;\nEND_GROUP = IMAGE_1\nEND;\n"
#define ISD                                                                                        \
    "<?xml version=\"1.0\"?><isd><IMD><NUMROWS>400</NUMROWS><NUMCOLUMNS>4.00e+02</NUMCOLUMNS>"     \
    "<BAND_P><ULLON>133.055</ULLON></BAND_P><IMAGE><SATID>WV03</SATID><FIRSTLINETIME>" TIME        \
    "</FIRSTLINETIME><MEANSUNAZ>1.66318e+02</MEANSUNAZ><MEANSUNEL>24.549</MEANSUNEL>"              \
    "<MEANSATAZ>324.45</MEANSATAZ><MEANSATEL>72.672</MEANSATEL></IMAGE></IMD></isd>"
#define STAC(angles)                                                                               \
    "{\"type\": \"Feature\", \"stac_version\": \"1.0.0\", \"id\": \"p\", \"properties\": "         \
    "{\"datetime\": \"" TIME "\", \"platform\": \"worldview-3\", \"view:sun_azimuth\": 166.318, "  \
    "\"view:sun_elevation\": 24.549" angles "}, \"assets\": {\"a\": {\"href\": \"./p.tif\"}}}"
#define PLANET                                                                                     \
    "{\"type\": \"Feature\", \"id\": \"p\", \"properties\": {\"item_type\": \"SkySatScene\", "     \
    "\"provider\": \"skysat\", \"satellite_id\": \"SSC7\", \"acquired\": \"" TIME "\", "           \
    "\"sun_azimuth\": 166.318, \"sun_elevation\": 24.549, \"satellite_azimuth\": 324.45, "         \
    "\"view_angle\": -16.092}}"
#define PLANET_XML                                                                                 \
    "<ps:EarthObservation xmlns:ps=\"http://schemas.planet.com/ps\" xmlns:eop=\"e\" "              \
    "xmlns:opt=\"o\"><ps:Acquisition><eop:incidenceAngle>17.328</eop:incidenceAngle>"              \
    "<opt:illuminationAzimuthAngle>166.318</opt:illuminationAzimuthAngle>"                         \
    "<opt:illuminationElevationAngle>24.549</opt:illuminationElevationAngle>"                      \
    "<ps:azimuthAngle>12</ps:azimuthAngle><ps:acquisitionDateTime>" TIME                           \
    "</ps:acquisitionDateTime></ps:Acquisition></ps:EarthObservation>"
#define TILE                                                                                       \
    "<n1:Level-1C_Tile_ID xmlns:n1=\"s\"><TILE_ID>S2A_OPER_MSI_L1C_TL_X_T53TMN_N05.09</TILE_ID>"   \
    "<SENSING_TIME>" TIME "</SENSING_TIME><Mean_Sun_Angle><ZENITH_ANGLE>65.451</ZENITH_ANGLE>"     \
    "<AZIMUTH_ANGLE>166.318</AZIMUTH_ANGLE></Mean_Sun_Angle><L>"                                   \
    "<Mean_Viewing_Incidence_Angle bandId=\"1\"><ZENITH_ANGLE>17.328</ZENITH_ANGLE>"               \
    "<AZIMUTH_ANGLE>324.45</AZIMUTH_ANGLE></Mean_Viewing_Incidence_Angle>"                         \
    "<Mean_Viewing_Incidence_Angle bandId=\"9\"><ZENITH_ANGLE>3</ZENITH_ANGLE>"                    \
    "<AZIMUTH_ANGLE>3</AZIMUTH_ANGLE></Mean_Viewing_Incidence_Angle></L></n1:Level-1C_Tile_ID>"
#define KOMPSAT                                                                                    \
    "AUX_SATELLITE_NAME\tKOMPSAT2\r\nAUX_STRIP_ACQ_DATE_UT\t20240113\r\n"                          \
    "AUX_STRIP_ACQ_START_UT\t022236.550000\r\nAUX_IMAGE_SATELLITE_AZIMUTH_DEG\t324.45\r\n"         \
    "AUX_IMAGE_SATELLITE_INCIDENCE_DEG\t-17.328\r\n"
#define KOMPSAT3                                                                                   \
    "<Auxiliary><General><Satellite>KOMPSAT-3A</Satellite><DesignBitsPerPixel>14"                  \
    "</DesignBitsPerPixel></General><Image><PAN><ImageFileName>p.tif</ImageFileName><ImagingTime>" \
    "<ImagingCenterTime><UTC>20240113022236.5500000</UTC></ImagingCenterTime></ImagingTime>"       \
    "<ImageSize><Width>400</Width><Height>400</Height></ImageSize><Angle>"                         \
    "<Incidence>17.328</Incidence><Azimuth>324.45</Azimuth></Angle><ImageGSD><Column>0.5"          \
    "</Column></ImageGSD></PAN></Image></Auxiliary>"
#define IKONOS                                                                                     \
    "Product Order Metadata\r\nSource Image Metadata\r\nNumber of Source Images: 1\r\n"            \
    "Source Image ID: 1\r\nProduct Image ID: 000\r\nSensor: IKONOS-2\r\n"                          \
    "Nominal Collection Azimuth: 324.45 degrees\r\nNominal Collection Elevation: 72.672 "          \
    "degrees\r\nSun Angle Azimuth: 166.318 degrees\r\nSun Angle Elevation: 24.549 degrees\r\n"     \
    "Acquisition Date/Time: 2024-01-13 02:22 GMT\r\nProduct Space Metadata\r\n"                    \
    "Pixel Size X: 0.5000000000 meters\r\n"
#define LANDSAT                                                                                    \
    "GROUP = LANDSAT_METADATA_FILE\n  GROUP = IMAGE_ATTRIBUTES\n    SPACECRAFT_ID = "              \
    "\"LANDSAT_9\"\n"                                                                              \
    "    DATE_ACQUIRED = 2024-01-13\n    SCENE_CENTER_TIME = \"02:22:36.5500000Z\"\n"              \
    "    SUN_AZIMUTH = 166.318\n    SUN_ELEVATION = 24.549\n  END_GROUP = IMAGE_ATTRIBUTES\n"      \
    "END_GROUP = LANDSAT_METADATA_FILE\nEND\n"
#define RPB                                                                                        \
    "satId = \"WV03\";\nBEGIN_GROUP = IMAGE\n\tlineNumCoef = (1.0, 2.0);\nEND_GROUP = "            \
    "IMAGE\nEND;\n"
#define AERIAL                                                                                     \
    "<metadata><idinfo><timeperd><timeinfo><sngdate><caldate>20240113</caldate></sngdate>"         \
    "</timeinfo></timeperd></idinfo></metadata>"
#define GEOM                                                                                       \
    "polynomial_format:  B\nsupport_data.azimuth_angle:  \"\"\"166.3 166.318 166.4 \"\"\"\n"       \
    "support_data.elevation_angle:  \"\"\"24.5 24.549 24.6 \"\"\"\n"                               \
    "support_data.incident_angle:  \"\"\"17.3 17.328 17.4 \"\"\"\n"                                \
    "support_data.scene_orientation:  \"\"\"190 190 190 \"\"\"\n"                                  \
    "support_data.along_track_incidence_angle:  \"\"\"-12 -12.3249 -13 \"\"\"\n"                   \
    "support_data.across_track_incidence_angle:  \"\"\"-12 -12.5563 -13 \"\"\"\n"                  \
    "support_data.image_date:  " TIME "\nsupport_data.instrument:  PHR\n"
#define OURS                                                                                       \
    "{\"plimsoll\": 1, \"acquired\": \"" TIME "\", \"sun_azimuth_deg\": 166.318, "                 \
    "\"sun_elevation_deg\": 24.549, \"view_azimuth_deg\": 324.45, \"view_incidence_deg\": 17.328}"

typedef struct sky {
    const char *driver, *name, *text;
    bool view_known;      /* azimuth */
    double tolerance_deg; /* of the incidence; NAN: not known */
} sky;

static const sky SKY[] = {
    {"dimap", "DIM_p.XML", DIMAP, true, 0.01},
    {"dimap", "DIM_other_name.xml", DIMAP, true, 0.01},
    {"imd", "p.IMD", IMD, true, 1e-6},
    {"imd_xml", "p.XML", ISD, true, 1e-6},
    {"stac", "p.json", STAC(", \"view:azimuth\": 324.45, \"view:incidence_angle\": 17.328"), true,
     1e-6},
    {"stac", "p.json", STAC(", \"view:azimuth\": 324.45, \"view:off_nadir\": 15.756"), true, 0.05},
    {"stac", "p.json",
     STAC(", \"view:azimuth\": 324.45, \"view:off_nadir\": 15.756, \"view:incidence_angle\": "
          "72.672"),
     true, 1e-6},
    {"stac", "p.json",
     STAC(
         ", \"view:azimuth\": 324.45, \"view:off_nadir\": 15.756, \"pl:satellite_azimuth\": 324.9"),
     true, 0.5},
    {"stac", "p.json",
     STAC(
         ", \"view:azimuth\": 202.8, \"view:off_nadir\": 15.756, \"pl:satellite_azimuth\": 324.45"),
     false, 0.05},
    {"planet", "p_metadata.json", PLANET, true, 0.5}, /* SkySats fly at 475 +- 40 km */
    {"planet_xml", "p_metadata.xml", PLANET_XML, false, 1e-6},
    {"kompsat", "p.txt", KOMPSAT, false, 1e-6},
    {"geom", "p.geom", GEOM, true, 0.01},
    {"plimsoll", "p.plimsoll.json", OURS, true, 1e-6},
    {"kompsat3", "p_Aux.xml", KOMPSAT3, true, 1e-6},
    {"ikonos", "p_metadata.txt", IKONOS, false, 1e-6},
    {"landsat", "p_MTL.txt", LANDSAT, false, __builtin_nan("")},
};

#endif
