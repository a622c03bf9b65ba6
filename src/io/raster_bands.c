/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which bands does a picture have, what are they called, and where do they hold no data?
 *
 * An alpha band is dropped and heeded as a mask, unless it holds pictures. A file that ends before
 * its last block is found out here, before anything is believed of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/raster.h"

static const char FLOOR[] = "io";

static int block_number(GDALRasterBandH band, bool last_row, bool last_column, char key[64],
                        const char *what) {
    int width = 1, height = 1;
    GDALGetBlockSize(band, &width, &height);
    int x = last_column ? (GDALGetRasterBandXSize(band) - 1) / width : 0;
    int y = last_row ? (GDALGetRasterBandYSize(band) - 1) / height : 0;
    return snprintf(key, 64, "BLOCK_%s_%d_%d", what, x, y);
}

/* Does the file reach to the end of its corner blocks? Truncated copies lose their end, and that is
 * where one of these lies, or the directory, without which nothing opens at all. */
static bool blocks_lie_inside(GDALRasterBandH band, uint64_t size) {
    for (int corner = 0; corner < 4; corner++) {
        char key[64];
        block_number(band, corner & 1, corner & 2, key, "OFFSET");
        const char *offset = GDALGetMetadataItem(band, key, "TIFF");
        uint64_t from = offset ? strtoull(offset, NULL, 10) : 0;
        block_number(band, corner & 1, corner & 2, key, "SIZE");
        const char *length = GDALGetMetadataItem(band, key, "TIFF");
        uint64_t bytes = length ? strtoull(length, NULL, 10) : 0;
        if (from > size || bytes > size - from) return false;
    }
    return true;
}

/* A real alpha band is (nearly) all nothing or everything. NAIP and others publish near infrared in
 * a band that is tagged as alpha: seen by its grey values in the middle of the picture. */
static pl_status alpha_is_a_mask(GDALDatasetH dataset, GDALRasterBandH alpha, bool *is_mask,
                                 const pl_gdal *gdal, pl_error *error) {
    enum { SIDE = 64 };
    float sample[SIDE * SIDE];
    int width = GDALGetRasterXSize(dataset), height = GDALGetRasterYSize(dataset);
    int w = width < SIDE ? width : SIDE, h = height < SIDE ? height : SIDE;
    if (GDALRasterIO(alpha, GF_Read, (width - w) / 2, (height - h) / 2, w, h, sample, w, h,
                     GDT_Float32, 0, 0) != CE_None)
        return pl__fail(error, PL_E_IO, FLOOR, "truncated or damaged: %s",
                        pl__gdal_words(gdal, "cannot read"));
    float most = 0.0f;
    for (int i = 0; i < w * h; i++)
        if (sample[i] > most) most = sample[i];
    int between = 0;
    for (int i = 0; i < w * h; i++) between += sample[i] > 0.0f && sample[i] < most;
    *is_mask = between * 10 < w * h;
    return PL_OK;
}

static void lower_case(char *text) {
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z') *text = (char)(*text - 'A' + 'a');
}

static void name_band(GDALRasterBandH band, char out[24]) {
    const char *text = GDALGetDescription(band);
    if (!text || !*text) {
        GDALColorInterp meaning = GDALGetRasterColorInterpretation(band);
        text = meaning == GCI_Undefined ? "" : GDALGetColorInterpretationName(meaning);
    }
    pl__text_copy(out, 24, text ? text : "");
    lower_case(out);
}

static int declared_bits(GDALRasterBandH band) {
    const char *nbits = GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
    int type_bits = GDALGetDataTypeSizeBits(GDALGetRasterDataType(band));
    double bits;
    bool declared = nbits && pl__text_number(nbits, &bits) && bits >= 1 && bits <= type_bits;
    return declared ? (int)bits : type_bits;
}

static double number_or_nan(double value, int there) {
    return there ? value : NAN;
}

/* What the band says of its own numbers. */
static void describe_band(pl_raster *raster, GDALRasterBandH band, int i) {
    pl_raster_info *info = &raster->info;
    int there = 0, flags = GDALGetMaskFlags(band);
    double value = GDALGetRasterNoDataValue(band, &there);
    raster->nodata[i] = number_or_nan(value, there);
    bool by_alpha = flags & GMF_ALPHA, by_mask = (flags & GMF_PER_DATASET) && !by_alpha;
    bool own_mask = flags == 0; /* of one band, in a file of its own */
    raster->masked[i] = by_mask || own_mask || (by_alpha && !raster->alpha_is_data);
    value = GDALGetRasterScale(band, &there);
    info->scale[i] = number_or_nan(value, there);
    value = GDALGetRasterOffset(band, &there);
    info->offset[i] = number_or_nan(value, there);
    if (isfinite(info->scale[i]) && isnan(info->offset[i])) info->offset[i] = 0.0;
    if (isfinite(info->offset[i]) && isnan(info->scale[i])) info->scale[i] = 1.0;
}

static pl_status check_kind(GDALRasterBandH first, pl_error *error) {
    if (GDALDataTypeIsComplex(GDALGetRasterDataType(first)))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "complex samples (radar?): not an optical picture");
    if (GDALGetRasterColorTable(first))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "a picture with a colour table: expand it to RGB first");
    return PL_OK;
}

/* Takes GDAL's band `number` as the next one, or drops it as alpha. */
static pl_status take_band(pl_raster *raster, int number, const pl_gdal *gdal, pl_error *error) {
    pl_raster_info *info = &raster->info;
    GDALRasterBandH band = GDALGetRasterBand(raster->dataset, number);
    if (!blocks_lie_inside(band, info->size_bytes))
        return pl__fail(error, PL_E_IO, FLOOR, "truncated: the file ends before its last block");
    if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand &&
        GDALGetRasterCount(raster->dataset) > 1) {
        bool is_mask = true;
        pl_status status = alpha_is_a_mask(raster->dataset, band, &is_mask, gdal, error);
        if (status < 0 || is_mask) return status;
        raster->alpha_is_data = true;
    }
    name_band(band, info->band_name[info->bands]);
    if (raster->alpha_is_data && strcmp(info->band_name[info->bands], "alpha") == 0)
        info->band_name[info->bands][0] = '\0';
    raster->band[info->bands++] = number;
    return PL_OK;
}

/* ---- door ---- */

pl_status pl__raster_bands(pl_raster *raster, const pl_gdal *gdal, pl_error *error) {
    int count = GDALGetRasterCount(raster->dataset);
    pl_raster_info *info = &raster->info;
    GDALRasterBandH first = GDALGetRasterBand(raster->dataset, 1);
    GDALDataType type = GDALGetRasterDataType(first);
    pl_status status = check_kind(first, error);
    for (int i = 1; i <= count && info->bands < PL_RASTER_BANDS && status == PL_OK; i++) {
        if (GDALGetRasterDataType(GDALGetRasterBand(raster->dataset, i)) != type)
            return pl__fail(error, PL_E_FORMAT, FLOOR, "bands of different types");
        status = take_band(raster, i, gdal, error);
    }
    if (status < 0) return status;
    for (int i = 0; i < info->bands; i++) /* now that it is known what alpha means here */
        describe_band(raster, GDALGetRasterBand(raster->dataset, raster->band[i]), i);
    info->bits = declared_bits(first);
    info->is_float = type == GDT_Float32 || type == GDT_Float64;
    raster->sample_bytes = GDALGetDataTypeSizeBytes(type);
    return PL_OK;
}
