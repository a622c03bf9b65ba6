/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small raw picture with an RPC of this house's making, for tests, in any of GDAL's formats. One
 * item may be given another value. */
#ifndef PL_TESTS_RPC_PICTURE_H
#define PL_TESTS_RPC_PICTURE_H

#include <cpl_string.h>
#include <gdal.h>

#include <cmocka.h>

/* 64 x 64 pixels of about half a metre at 133.06 E, 42.7 N, from the north-west at 17 deg. Heights
 * from -200 to 400 m. */
static inline char **rpc_picture_items(void) {
    static const char *const ITEM[] = {
        "LINE_OFF=31.5",
        "SAMP_OFF=31.5",
        "LAT_OFF=42.7",
        "LONG_OFF=133.06",
        "HEIGHT_OFF=100",
        "LINE_SCALE=32",
        "SAMP_SCALE=32",
        "LAT_SCALE=0.000144",
        "LONG_SCALE=0.000196",
        "HEIGHT_SCALE=300",
        "LINE_NUM_COEFF=0.01 0.002 -1 -4.9 1e-4 0 0 2e-4 0 0 0 1e-6 0 0 0 0 0 0 0 0",
        "LINE_DEN_COEFF=1 1e-4 -2e-4 0 0 0 0 0 0 1e-6 0 0 0 0 0 0 0 0 0 0",
        "SAMP_NUM_COEFF=-0.02 1 0.003 3.4 0 2e-4 0 0 0 0 0 0 0 0 1e-6 0 0 0 0 0",
        "SAMP_DEN_COEFF=1 -1e-4 0 2e-4 0 0 0 1e-6 0 0 0 0 0 0 0 0 0 0 0 0",
        NULL};
    return CSLDuplicate((char **)ITEM);
}

/* Opened for more (a georeference, control points) and then closed by the caller; in memory. */
static inline GDALDatasetH rpc_picture(const char *key, const char *value) {
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("MEM"), "", 64, 64, 1, GDT_Byte, NULL);
    assert_non_null(dataset);
    unsigned char pixels[64 * 64];
    for (int i = 0; i < 64 * 64; i++) pixels[i] = (unsigned char)(60 + i % 7);
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Write, 0, 0, 64, 64, pixels, 64,
                                  64, GDT_Byte, 0, 0),
                     CE_None);
    char **items = rpc_picture_items();
    if (key) items = CSLSetNameValue(items, key, value);
    assert_int_equal(GDALSetMetadata(dataset, items, "RPC"), CE_None);
    CSLDestroy(items);
    return dataset;
}

/* Writes the picture; as text beside it where the format's own tag would lose what is broken. */
static inline void rpc_picture_save(GDALDatasetH dataset, const char *driver, const char *file) {
    char **options = strcmp(driver, "GTiff") == 0 ? CSLSetNameValue(NULL, "RPCTXT", "YES") : NULL;
    if (options) options = CSLSetNameValue(options, "PROFILE", "GeoTIFF");
    GDALDatasetH copy =
        GDALCreateCopy(GDALGetDriverByName(driver), file, dataset, FALSE, options, NULL, NULL);
    CSLDestroy(options);
    assert_non_null(copy);
    GDALClose(copy);
    GDALClose(dataset);
}

static inline void rpc_picture_write(const char *driver, const char *file, const char *key,
                                     const char *value) {
    rpc_picture_save(rpc_picture(key, value), driver, file);
}

#endif
