/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a window of a picture hold?
 *
 * Windows are read as floats; nodata values, masks and alpha turn pixels into NAN. At full
 * resolution libtiff decodes what it can on all cores (tiff_tiles.c); everything else is GDAL's,
 * which has its own threads. Decimated reads are averages, served by overviews where they exist. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/raster.h"

static const char FLOOR[] = "io";

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

/* Nodata as it stands in full-resolution samples, and infinities, which no sensor measures. */
static void blank_nodata(double nodata, size_t n, float *plane) {
    float none = (float)nodata;
    if (isnan(nodata)) none = INFINITY;
    for (size_t k = 0; k < n; k++)
        if (plane[k] == none || isinf(plane[k])) plane[k] = NAN;
}

/* NAN where the band's mask says so. `scratch` has room for it. */
static CPLErr blank_masked(const pl_raster *raster, int i, window *at, unsigned char *scratch,
                           float *plane) {
    size_t n = (size_t)at->out_w * (size_t)at->out_h;
    GDALRasterBandH band = GDALGetRasterBand(raster->dataset, raster->band[i]);
    CPLErr result = GDALRasterIOEx(GDALGetMaskBand(band), GF_Read, at->x, at->y, at->w, at->h,
                                   scratch, at->out_w, at->out_h, GDT_Byte, 0, 0, &at->extra);
    for (size_t k = 0; k < n && result == CE_None; k++)
        if (scratch[k] == 0) plane[k] = NAN;
    return result;
}

static pl_status damaged(const pl_gdal *gdal, pl_error *error) {
    return pl__fail(error, PL_E_IO, FLOOR, "truncated or damaged: %s",
                    pl__gdal_words(gdal, "cannot read"));
}

static pl_status read_samples(const pl_raster *raster, window *at, float *out, const pl_gdal *gdal,
                              pl_error *error) {
    const pl_raster_info *info = &raster->info;
    size_t plane = (size_t)at->out_w * (size_t)at->out_h;
    bool whole = at->out_w == at->w && at->out_h == at->h;
    if (whole && raster->tiff)
        return pl__tiff_read(raster->tiff, at->x, at->y, at->w, at->h, raster->band, info->bands,
                             out, error);
    int bands[PL_RASTER_BANDS];
    memcpy(bands, raster->band, sizeof bands);
    if (GDALDatasetRasterIOEx(raster->dataset, GF_Read, at->x, at->y, at->w, at->h, out, at->out_w,
                              at->out_h, GDT_Float32, info->bands, bands, (GSpacing)sizeof *out,
                              (GSpacing)sizeof *out * at->out_w, (GSpacing)(sizeof *out * plane),
                              &at->extra) != CE_None)
        return damaged(gdal, error);
    for (int i = 0; i < info->bands; i++)
        if (info->is_float || (whole && !isnan(raster->nodata[i])))
            blank_nodata(whole ? raster->nodata[i] : NAN, plane, out + (size_t)i * plane);
    return PL_OK;
}

static pl_status read_window(const pl_raster *raster, window *at, float *out, const pl_gdal *gdal,
                             pl_error *error) {
    pl_status status = read_samples(raster, at, out, gdal, error);
    const pl_raster_info *info = &raster->info;
    size_t plane = (size_t)at->out_w * (size_t)at->out_h;
    bool whole = at->out_w == at->w && at->out_h == at->h;
    unsigned char *scratch = NULL;
    for (int i = 0; i < info->bands && status == PL_OK; i++) {
        /* an average that happens to be the nodata value is data: only GDAL's mask can tell */
        if (!raster->masked[i] && (whole || isnan(raster->nodata[i]))) continue;
        if (!scratch) scratch = malloc(plane);
        if (!scratch) return pl__fail_memory(error, FLOOR);
        if (blank_masked(raster, i, at, scratch, out + (size_t)i * plane) != CE_None)
            status = damaged(gdal, error);
    }
    free(scratch);
    return status;
}

static pl_status check_memory(const pl_raster *raster, int out_w, int out_h, pl_error *error) {
    double bytes = (double)out_w * out_h * raster->info.bands * (double)sizeof(float);
    if (raster->max_window_bytes == 0 || bytes <= (double)raster->max_window_bytes) return PL_OK;
    return pl__fail(error, PL_E_LIMIT, FLOOR,
                    "a window of %d x %d pixels in %d bands needs %.0f MiB, more than %.0f "
                    "(--max-window)",
                    out_w, out_h, raster->info.bands, bytes / 1048576.0,
                    (double)raster->max_window_bytes / 1048576.0);
}

pl_status pl__io_raster_read(const pl_raster *raster, double x, double y, double w, double h,
                             int out_w, int out_h, float *out, pl_error *error) {
    const pl_raster_info *info = &raster->info;
    if (!(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= info->width && y + h <= info->height) ||
        out_w < 1 || out_h < 1)
        return pl__fail(error, PL_E_INTERNAL, FLOOR, "window outside the picture");
    pl_status status = check_memory(raster, out_w, out_h, error);
    if (status < 0) return status;
    bool shrinks = out_w < w || out_h < h;
    window at = {.x = (int)floor(x), .y = (int)floor(y), .out_w = out_w, .out_h = out_h};
    at.w = (int)ceil(x + w) - at.x;
    at.h = (int)ceil(y + h) - at.y;
    at.extra = resampling(x, y, w, h, shrinks);
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    status = read_window(raster, &at, out, &gdal, error);
    if (status == PL_OK) {
        double factor = shrinks ? overview_factor(raster, pl__min(w / out_w, h / out_h)) : 1.0;
        *raster->bytes_read +=
            (uint64_t)(w * h / (factor * factor) * info->bands * (double)raster->sample_bytes);
    }
    pl__gdal_end(&gdal);
    return status;
}
