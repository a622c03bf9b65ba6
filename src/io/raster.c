/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a window of a picture hold?
 *
 * Only plain files and GDAL's virtual files are opened, only by drivers that read pixels out of the
 * file itself: a VRT, or any other driver that follows names, is refused, and so are neighbours
 * (.ovr, .msk) that are not TIFF. Windows are read as floats; an alpha band is dropped and turns
 * pixels into NAN, as do nodata values and masks. Decimated reads are averages, served by overviews
 * where they exist. A file that ends before its last block is found out at opening. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include "io/gdal.h"

enum { BANDS_MAX = 16 };

static const char *const DRIVERS[] = {"GTiff", "NITF", "PNG", "JPEG", "BMP", "JP2OpenJPEG", NULL};

struct pl_raster {
    GDALDatasetH dataset;
    pl_raster_info info;
    int band[BANDS_MAX]; /* GDAL's numbers of the bands that are read */
    bool alpha_is_data;  /* a band that calls itself alpha and is none: its mask is not heeded */
    int sample_bytes;
    OGRCoordinateTransformationH to_wgs84, from_wgs84;
    uint64_t *bytes_read; /* apart, so that reading from a const raster may count */
};

/* ---- before GDAL may look ---- */

static bool begins_as_tiff(const char *file) {
    unsigned char head[4] = {0};
    VSILFILE *stream = VSIFOpenL(file, "rb");
    if (!stream) return false;
    size_t got = VSIFReadL(head, 1, sizeof head, stream);
    VSIFCloseL(stream);
    return got == 4 && (memcmp(head, "II*\0", 4) == 0 || memcmp(head, "MM\0*", 4) == 0 ||
                        memcmp(head, "II+\0", 4) == 0 || memcmp(head, "MM\0+", 4) == 0);
}

/* GDAL opens these by any driver, a VRT too: only TIFF may stand there. */
static bool neighbours_are_harmless(const char *name) {
    static const char *const SUFFIX[] = {".ovr", ".OVR", ".msk", ".MSK", ".msk.ovr", ".MSK.OVR"};
    bool harmless = true;
    for (size_t i = 0; i < sizeof SUFFIX / sizeof *SUFFIX && harmless; i++) {
        VSIStatBufL stat;
        char *neighbour = NULL;
        if (asprintf(&neighbour, "%s%s", name, SUFFIX[i]) < 0) return false;
        if (VSIStatExL(neighbour, &stat, VSI_STAT_EXISTS_FLAG) == 0)
            harmless = begins_as_tiff(neighbour);
        free(neighbour);
    }
    return harmless;
}

static pl_status check_file(const char *name, uint64_t *size, const pl_gdal *gdal,
                            pl_error *error) {
    VSIStatBufL stat;
    errno = 0;
    if (VSIStatL(name, &stat) != 0)
        return pl__fail(error, PL_E_IO, "io", "%s",
                        pl__gdal_words(gdal, errno ? strerror(errno) : "no such file"));
    if (VSI_ISDIR(stat.st_mode))
        return pl__fail(error, PL_E_IO, "io", "is a folder, not a picture");
    if (!VSI_ISREG(stat.st_mode)) return pl__fail(error, PL_E_IO, "io", "is not a regular file");
    if (stat.st_size == 0) return pl__fail(error, PL_E_IO, "io", "the file is empty (0 bytes)");
    errno = 0;
    VSILFILE *stream = VSIFOpenL(name, "rb");
    if (!stream)
        return pl__fail(error, PL_E_IO, "io", "%s",
                        pl__gdal_words(gdal, errno ? strerror(errno) : "cannot open"));
    VSIFCloseL(stream);
    *size = (uint64_t)stat.st_size;
    return PL_OK;
}

static pl_status open_dataset(const char *name, pl_raster *raster, pl_gdal *gdal, pl_error *error) {
    const char *before = CPLGetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", NULL);
    char *saved = before ? CPLStrdup(before) : NULL;
    bool alone = pl__io_file_is_remote(name) || !neighbours_are_harmless(name);
    if (alone) CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    raster->dataset = GDALOpenEx(name, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                 DRIVERS, NULL, NULL);
    CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", saved);
    CPLFree(saved);
    if (raster->dataset) return PL_OK;
    if (begins_as_tiff(name))
        return pl__fail(error, PL_E_IO, "io", "truncated or damaged TIFF: %s",
                        pl__gdal_words(gdal, "cannot read its directory"));
    return pl__fail(error, PL_E_FORMAT, "io",
                    "not an image that may be read here (TIFF, NITF, PNG, JPEG, BMP, JPEG 2000)");
}

/* ---- bands ---- */

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
        return pl__fail(error, PL_E_IO, "io", "truncated or damaged: %s",
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

static pl_status describe_bands(pl_raster *raster, const pl_gdal *gdal, pl_error *error) {
    int count = GDALGetRasterCount(raster->dataset);
    pl_raster_info *info = &raster->info;
    if (count < 1) return pl__fail(error, PL_E_FORMAT, "io", "the file holds no picture");
    GDALRasterBandH first = GDALGetRasterBand(raster->dataset, 1);
    GDALDataType type = GDALGetRasterDataType(first);
    if (GDALDataTypeIsComplex(type))
        return pl__fail(error, PL_E_FORMAT, "io",
                        "complex samples (radar?): not an optical picture");
    if (GDALGetRasterColorTable(first))
        return pl__fail(error, PL_E_FORMAT, "io",
                        "a picture with a colour table: expand it to RGB first");
    for (int i = 1; i <= count && info->bands < BANDS_MAX; i++) {
        GDALRasterBandH band = GDALGetRasterBand(raster->dataset, i);
        if (GDALGetRasterDataType(band) != type)
            return pl__fail(error, PL_E_FORMAT, "io", "bands of different types");
        if (!blocks_lie_inside(band, info->size_bytes))
            return pl__fail(error, PL_E_IO, "io", "truncated: the file ends before its last block");
        if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand && count > 1) {
            bool is_mask = true;
            pl_status status = alpha_is_a_mask(raster->dataset, band, &is_mask, gdal, error);
            if (status < 0) return status;
            if (is_mask) continue;
            raster->alpha_is_data = true;
        }
        name_band(band, info->band_name[info->bands]);
        if (raster->alpha_is_data && strcmp(info->band_name[info->bands], "alpha") == 0)
            info->band_name[info->bands][0] = '\0';
        raster->band[info->bands++] = i;
    }
    info->bits = declared_bits(first);
    info->is_float = type == GDT_Float32 || type == GDT_Float64;
    raster->sample_bytes = GDALGetDataTypeSizeBytes(type);
    return PL_OK;
}

/* ---- place ---- */

static void name_crs(OGRSpatialReferenceH srs, char out[64]) {
    const char *authority = OSRGetAuthorityName(srs, NULL), *code = OSRGetAuthorityCode(srs, NULL);
    if (!authority || !code) {
        if (OSRAutoIdentifyEPSG(srs) == OGRERR_NONE) {
            authority = OSRGetAuthorityName(srs, NULL);
            code = OSRGetAuthorityCode(srs, NULL);
        }
    }
    char name[64];
    if (authority && code) {
        snprintf(name, sizeof name, "%s:%s", authority, code);
    } else {
        pl__text_copy(name, sizeof name, OSRGetName(srs) ? OSRGetName(srs) : "unnamed");
    }
    pl__text_copy(out, 64, name);
}

/* NITF's four corners, whole seconds of arc, which GDAL turns into an affine map: too coarse to
 * measure with. A raw NITF has them beside its rational polynomials. */
static bool only_corners(GDALDatasetH dataset) {
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
    const char *kind = GDALGetMetadataItem(dataset, "NITF_ICORDS", NULL);
    return driver && strcmp(driver, "NITF") == 0 && kind && (*kind == 'G' || *kind == 'D');
}

static void describe_place(pl_raster *raster) {
    pl_raster_info *info = &raster->info;
    OGRSpatialReferenceH given = GDALGetSpatialRef(raster->dataset), wgs84 = NULL, srs = NULL;
    pl__gdal_rpc(raster->dataset, info);
    if (GDALGetGeoTransform(raster->dataset, info->affine) != CE_None || !given) return;
    if (info->has_rpc && only_corners(raster->dataset)) return;
    srs = OSRClone(given);
    wgs84 = pl__gdal_wgs84();
    if (srs && wgs84) {
        OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
        raster->to_wgs84 = OCTNewCoordinateTransformation(srs, wgs84);
        raster->from_wgs84 = OCTNewCoordinateTransformation(wgs84, srs);
        name_crs(srs, info->crs);
    }
    info->georeferenced = raster->to_wgs84 && raster->from_wgs84;
    if (srs) OSRRelease(srs);
    if (wgs84) OSRRelease(wgs84);
}

/* ---- reading ---- */

/* GDAL's rule in short: the coarsest overview that is not much coarser than asked for. */
static double overview_factor(const pl_raster *raster, double step) {
    GDALRasterBandH band = GDALGetRasterBand(raster->dataset, raster->band[0]);
    double factor = 1.0;
    for (int i = 0; i < GDALGetOverviewCount(band); i++) {
        GDALRasterBandH overview = GDALGetOverview(band, i);
        if (!overview) continue;
        double ratio = (double)raster->info.width / GDALGetRasterBandXSize(overview);
        if (ratio <= step * 1.2 && ratio > factor) factor = ratio;
    }
    return factor;
}

static GDALRasterIOExtraArg resampling(double x, double y, double w, double h, bool shrinks) {
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.eResampleAlg = shrinks ? GRIORA_Average : GRIORA_NearestNeighbour;
    extra.bFloatingPointWindowValidity = TRUE;
    extra.dfXOff = x;
    extra.dfYOff = y;
    extra.dfXSize = w;
    extra.dfYSize = h;
    return extra;
}

typedef struct window {
    int x, y, w, h; /* whole pixels round the window */
    int out_w, out_h;
    GDALRasterIOExtraArg extra;
} window;

/* NAN where the band's mask says so, and for infinities, which no sensor measures. */
static CPLErr blank_band(const pl_raster *raster, int i, window *at, unsigned char *mask,
                         float *plane) {
    size_t n = (size_t)at->out_w * (size_t)at->out_h;
    GDALRasterBandH band = GDALGetRasterBand(raster->dataset, raster->band[i]);
    int flags = GDALGetMaskFlags(band);
    bool heeded = !(flags & GMF_ALL_VALID) && !(raster->alpha_is_data && (flags & GMF_ALPHA));
    if (heeded) {
        GDALRasterBandH valid = GDALGetMaskBand(band);
        CPLErr result = GDALRasterIOEx(valid, GF_Read, at->x, at->y, at->w, at->h, mask, at->out_w,
                                       at->out_h, GDT_Byte, 0, 0, &at->extra);
        if (result != CE_None) return result;
    }
    for (size_t k = 0; k < n; k++)
        if ((heeded && mask[k] == 0) || isinf(plane[k])) plane[k] = NAN;
    return CE_None;
}

static pl_status read_window(const pl_raster *raster, window *at, float *out, const pl_gdal *gdal,
                             pl_error *error) {
    pl_status status = PL_OK;
    const pl_raster_info *info = &raster->info;
    size_t plane = (size_t)at->out_w * (size_t)at->out_h;
    unsigned char *mask = malloc(plane);
    if (!mask) return pl__fail_memory(error, "io");
    int bands[BANDS_MAX];
    memcpy(bands, raster->band, sizeof bands);
    CPLErr result = GDALDatasetRasterIOEx(raster->dataset, GF_Read, at->x, at->y, at->w, at->h, out,
                                          at->out_w, at->out_h, GDT_Float32, info->bands, bands,
                                          (GSpacing)sizeof *out, (GSpacing)sizeof *out * at->out_w,
                                          (GSpacing)(sizeof *out * plane), &at->extra);
    for (int i = 0; i < info->bands && result == CE_None; i++)
        result = blank_band(raster, i, at, mask, out + (size_t)i * plane);
    if (result != CE_None)
        status = pl__fail(error, PL_E_IO, "io", "truncated or damaged: %s",
                          pl__gdal_words(gdal, "cannot read"));
    free(mask);
    return status;
}

pl_status pl__io_raster_read(const pl_raster *raster, double x, double y, double w, double h,
                             int out_w, int out_h, float *out, pl_error *error) {
    const pl_raster_info *info = &raster->info;
    if (!(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= info->width && y + h <= info->height) ||
        out_w < 1 || out_h < 1)
        return pl__fail(error, PL_E_INTERNAL, "io", "window outside the picture");
    bool shrinks = out_w < w || out_h < h;
    window at = {.x = (int)floor(x), .y = (int)floor(y), .out_w = out_w, .out_h = out_h};
    at.w = (int)ceil(x + w) - at.x;
    at.h = (int)ceil(y + h) - at.y;
    at.extra = resampling(x, y, w, h, shrinks);
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    pl_status status = read_window(raster, &at, out, &gdal, error);
    if (status == PL_OK) {
        double factor = shrinks ? overview_factor(raster, pl__min(w / out_w, h / out_h)) : 1.0;
        *raster->bytes_read +=
            (uint64_t)(w * h / (factor * factor) * info->bands * (double)raster->sample_bytes);
    }
    pl__gdal_end(&gdal);
    return status;
}

uint64_t pl__io_raster_bytes_read(const pl_raster *raster) {
    return *raster->bytes_read;
}

pl_status pl__io_raster_transform(const pl_raster *raster, bool invert, size_t n, double (*xy)[2],
                                  pl_error *error) {
    if (!raster->info.georeferenced)
        return pl__fail(error, PL_REFUSED, "io", "the picture has no georeference");
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    pl__gdal_transform(invert ? raster->from_wgs84 : raster->to_wgs84, n, xy);
    pl__gdal_end(&gdal);
    return PL_OK;
}

const pl_raster_info *pl__io_raster_info(const pl_raster *raster) {
    return &raster->info;
}

void pl__io_raster_close(pl_raster *raster) {
    if (!raster) return;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    if (raster->to_wgs84) OCTDestroyCoordinateTransformation(raster->to_wgs84);
    if (raster->from_wgs84) OCTDestroyCoordinateTransformation(raster->from_wgs84);
    if (raster->dataset) GDALClose(raster->dataset);
    pl__gdal_end(&gdal);
    free(raster->bytes_read);
    free(raster);
}

pl_status pl__io_raster_open(const char *name, pl_raster **out, pl_error *error) {
    *out = NULL;
    pl_raster *raster = calloc(1, sizeof *raster);
    if (!raster) return pl__fail_memory(error, "io");
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    raster->bytes_read = calloc(1, sizeof *raster->bytes_read);
    pl_status status = raster->bytes_read ? PL_OK : pl__fail_memory(error, "io");
    if (status == PL_OK) status = check_file(name, &raster->info.size_bytes, &gdal, error);
    if (status == PL_OK) status = open_dataset(name, raster, &gdal, error);
    if (status == PL_OK) {
        raster->info.width = GDALGetRasterXSize(raster->dataset);
        raster->info.height = GDALGetRasterYSize(raster->dataset);
        status = describe_bands(raster, &gdal, error);
    }
    if (status == PL_OK) describe_place(raster);
    pl__gdal_end(&gdal);
    if (status == PL_OK) {
        *out = raster;
    } else {
        pl__io_raster_close(raster);
    }
    return status;
}
