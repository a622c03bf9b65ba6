/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a small picture for people's eyes packed into a page? A PNG as JPEG bytes in memory. */
#include <stdio.h>
#include <string.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

#include "io/gdal.h"
#include "io/io.h"

enum { WIDEST = 4096 };

static pl_status pack(GDALDatasetH picture, const char *made, int quality, pl_error *error,
                      const pl_gdal *gdal) {
    int bands = GDALGetRasterCount(picture);
    if (GDALGetRasterXSize(picture) > WIDEST || GDALGetRasterYSize(picture) > WIDEST ||
        (bands != 1 && bands != 3))
        return pl__fail(error, PL_E_FORMAT, "io", "is no small grey or RGB picture");
    char **options = CSLSetNameValue(NULL, "QUALITY", CPLSPrintf("%d", quality));
    GDALDriverH driver = GDALGetDriverByName("JPEG");
    GDALDatasetH copy =
        driver ? GDALCreateCopy(driver, made, picture, FALSE, options, NULL, NULL) : NULL;
    CSLDestroy(options);
    if (!copy) return pl__fail(error, PL_E_IO, "io", "%s", pl__gdal_words(gdal, "no JPEG"));
    GDALClose(copy);
    return PL_OK;
}

pl_status pl__io_picture_jpeg(const char *file, int quality, pl_arena *arena, unsigned char **bytes,
                              size_t *length, pl_error *error) {
    static const char *const DRIVERS[] = {"PNG", NULL};
    char made[64];
    pl_gdal gdal;
    pl_status status = PL_OK;
    snprintf(made, sizeof made, "/vsimem/plimsoll-%p.jpg", (void *)bytes);
    *bytes = NULL;
    pl__gdal_begin(&gdal);
    GDALDatasetH picture = GDALOpenEx(file, GDAL_OF_RASTER | GDAL_OF_READONLY, DRIVERS, NULL, NULL);
    if (!picture) {
        status = pl__fail(error, PL_E_IO, "io", "%s", pl__gdal_words(&gdal, "cannot open"));
    } else {
        status = pack(picture, made, quality, error, &gdal);
        GDALClose(picture);
    }
    vsi_l_offset size = 0;
    GByte *data = status == PL_OK ? VSIGetMemFileBuffer(made, &size, FALSE) : NULL;
    if (data) {
        *length = (size_t)size;
        *bytes = pl__arena_alloc(arena, *length);
        if (*bytes) memcpy(*bytes, data, *length);
    }
    if (status == PL_OK && !*bytes) status = pl__fail_memory(error, "io");
    VSIUnlink(made);
    VSIUnlink(CPLSPrintf("%s.aux.xml", made));
    pl__gdal_end(&gdal);
    return status;
}
