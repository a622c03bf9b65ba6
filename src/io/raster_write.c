/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a drawn picture put into a file? As a tiled GeoTIFF of 8 to 16 bits, deflated or JPEG, or
 * as a PNG for people's eyes. Bytes are the same from run to run. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <unistd.h>

#include "io/gdal.h"

enum { OVERVIEWS_MAX = 12, SMALLEST_OVERVIEW = 256 };

/* ---- whole or not at all ---- */

/* A name beside the file to write under first; NULL: the file is a device, or there is no memory,
 * and it is written as it stands. */
static char *first_name(const char *file) {
    VSIStatBufL stat;
    char *name = NULL;
    if (VSIStatL(file, &stat) == 0 && !VSI_ISREG(stat.st_mode)) return NULL;
    return asprintf(&name, "%s.%ld.tmp", file, (long)getpid()) < 0 ? NULL : name;
}

/* @return false: it could not be given its name. What was written in vain goes. */
static bool give_name(const char *first, const char *file, bool fine) {
    if (!first) return fine;
    if (fine && VSIRename(first, file) == 0) return true;
    int reason = errno;
    VSIUnlink(first);
    errno = reason;
    return false;
}

/* What the system said tells people more than a library's "write error". */
static const char *why(const pl_gdal *gdal) {
    static const int TELLING[] = {ENOSPC, EDQUOT, EFBIG, EACCES, EROFS, EPERM, ENOENT, EIO};
    for (size_t i = 0; i < sizeof TELLING / sizeof *TELLING; i++)
        if (errno == TELLING[i]) return strerror(errno);
    return pl__gdal_words(gdal, "unknown reason");
}

/* ---- samples ---- */

static bool has_gaps(const float *planes, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (isnan(planes[i])) return true;
    return false;
}

/* With gaps 0 stands for no data, and the darkest real sample becomes 1. */
static void quantise(const float *in, uint16_t *out, size_t n, int bits, bool gaps) {
    float low = gaps ? 1.0f : 0.0f, high = (float)((1 << bits) - 1);
    for (size_t i = 0; i < n; i++) {
        float v = in[i];
        if (isnan(v)) {
            out[i] = 0;
        } else {
            v = v < low ? low : v > high ? high : v;
            out[i] = (uint16_t)lrintf(v);
        }
    }
}

/* ---- the file's form ---- */

static GDALColorInterp meaning_of(const char *name) {
    static const struct {
        const char *name;
        GDALColorInterp meaning;
    } ROW[] = {{"red", GCI_RedBand},   {"green", GCI_GreenBand}, {"blue", GCI_BlueBand},
               {"pan", GCI_GrayIndex}, {"gray", GCI_GrayIndex},  {"alpha", GCI_AlphaBand}};
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++)
        if (strcmp(name, ROW[i].name) == 0) return ROW[i].meaning;
    return GCI_Undefined;
}

static bool is_rgb(const pl_raster_new *form) {
    return form->band_names && form->bands >= 3 && strcmp(form->band_names[0], "red") == 0 &&
           strcmp(form->band_names[1], "green") == 0 && strcmp(form->band_names[2], "blue") == 0;
}

static char **jpeg_options(const pl_raster_new *form, char **options) {
    char quality[16];
    snprintf(quality, sizeof quality, "%d", form->jpeg_quality);
    options = CSLSetNameValue(options, "COMPRESS", "JPEG");
    options = CSLSetNameValue(options, "JPEG_QUALITY", quality);
    if (form->bands == 3 && is_rgb(form)) {
        options = CSLSetNameValue(options, "PHOTOMETRIC", "YCBCR");
    } else { /* bands that are no picture together are packed apart */
        options = CSLSetNameValue(options, "PHOTOMETRIC", "MINISBLACK");
        options = CSLSetNameValue(options, "INTERLEAVE", "BAND");
    }
    return options;
}

/* A process that will fork must stay of one thread, and a chip needs no more. */
static const double ALONE_SAMPLES = 4e7;

static char **creation_options(const pl_raster_new *form) {
    char **options = CSLSetNameValue(NULL, "TILED", "YES");
    if (1.0 * form->width * form->height * form->bands < ALONE_SAMPLES)
        options = CSLSetNameValue(options, "NUM_THREADS", "1");
    options = CSLSetNameValue(options, "ALPHA", "NO");
    options = CSLSetNameValue(options, "BIGTIFF", "IF_SAFER");
    if (form->jpeg_quality > 0) return jpeg_options(form, options);
    options = CSLSetNameValue(options, "COMPRESS", "DEFLATE");
    options = CSLSetNameValue(options, "PHOTOMETRIC", is_rgb(form) ? "RGB" : "MINISBLACK");
    if (form->bits == 32) {
        options = CSLSetNameValue(options, "PREDICTOR", "3");
    } else if (form->bits == 8 || form->bits == 16) {
        options = CSLSetNameValue(options, "PREDICTOR", "2");
    } else { /* a predictor needs whole bytes */
        char bits[8];
        snprintf(bits, sizeof bits, "%d", form->bits);
        options = CSLSetNameValue(options, "NBITS", bits);
    }
    return options;
}

static bool set_place(GDALDatasetH dataset, const pl_raster_new *form) {
    double affine[6];
    memcpy(affine, form->affine, sizeof affine);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    bool fine = srs && OSRImportFromEPSG(srs, form->epsg) == OGRERR_NONE &&
                GDALSetSpatialRef(dataset, srs) == CE_None &&
                GDALSetGeoTransform(dataset, affine) == CE_None;
    if (srs) OSRRelease(srs);
    return fine;
}

static bool add_overviews(GDALDatasetH dataset, const pl_raster_new *form) {
    int factors[OVERVIEWS_MAX], count = 0;
    for (int f = 2; count < OVERVIEWS_MAX; f *= 2) {
        if (form->width / f < SMALLEST_OVERVIEW && form->height / f < SMALLEST_OVERVIEW) break;
        factors[count++] = f;
    }
    return count == 0 ||
           GDALBuildOverviews(dataset, "AVERAGE", count, factors, 0, NULL, NULL, NULL) == CE_None;
}

static bool write_band(GDALDatasetH dataset, const pl_raster_new *form, int i, const float *plane,
                       uint16_t *samples, bool gaps) {
    size_t n = (size_t)form->width * (size_t)form->height;
    GDALRasterBandH band = GDALGetRasterBand(dataset, i + 1);
    if (form->bits == 32) /* GDAL's write takes a non-const pointer and only reads it */
        return GDALRasterIO(band, GF_Write, 0, 0, form->width, form->height,
                            (void *)(uintptr_t)plane, form->width, form->height, GDT_Float32, 0,
                            0) == CE_None;
    quantise(plane, samples, n, form->bits, gaps);
    return GDALRasterIO(band, GF_Write, 0, 0, form->width, form->height, samples, form->width,
                        form->height, GDT_UInt16, 0, 0) == CE_None;
}

static bool describe_bands(GDALDatasetH dataset, const pl_raster_new *form, bool gaps) {
    bool fine = true;
    for (int i = 0; i < form->bands && fine; i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i + 1);
        if (form->band_names) {
            GDALSetDescription(band, form->band_names[i]);
            GDALColorInterp meaning = meaning_of(form->band_names[i]);
            if (!is_rgb(form) || i >= 3) GDALSetRasterColorInterpretation(band, meaning);
        }
        double no_data = form->bits == 32 ? NAN : 0.0;
        if (gaps) fine = GDALSetRasterNoDataValue(band, no_data) == CE_None;
    }
    return fine;
}

pl_status pl__io_geotiff_write(const char *file, const pl_raster_new *form, const float *planes,
                               pl_error *error) {
    if (form->width < 1 || form->height < 1 || form->bands < 1 || form->bits < 1 ||
        (form->bits > 16 && form->bits != 32) || (form->jpeg_quality > 0 && form->bits != 8))
        return pl__fail(error, PL_E_INTERNAL, "io", "a picture of impossible form");
    pl_status status = PL_OK;
    size_t n = (size_t)form->width * (size_t)form->height;
    GDALDatasetH dataset = NULL;
    uint16_t *samples = NULL;
    char **options = NULL;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    char *first = first_name(file);
    errno = 0;
    bool gaps = has_gaps(planes, n * (size_t)form->bands);
    samples = malloc(n * sizeof *samples);
    if (!samples) {
        status = pl__fail_memory(error, "io");
        goto done;
    }
    options = creation_options(form);
    dataset = GDALCreate(GDALGetDriverByName("GTiff"), first ? first : file, form->width,
                         form->height, form->bands,
                         form->bits <= 8    ? GDT_Byte
                         : form->bits <= 16 ? GDT_UInt16
                                            : GDT_Float32,
                         options);
    bool fine = dataset && describe_bands(dataset, form, gaps) &&
                (form->epsg == 0 || set_place(dataset, form));
    for (int i = 0; i < form->bands && fine; i++)
        fine = write_band(dataset, form, i, planes + (size_t)i * n, samples, gaps);
    if (fine && form->overviews) fine = add_overviews(dataset, form);
    if (dataset) GDALClose(dataset); /* what is still to be written fails here, in words only */
    fine = give_name(first, file, fine && !gdal.message[0]);
    if (!fine) status = pl__fail(error, PL_E_IO, "io", "%s: cannot write: %s", file, why(&gdal));
done:
    CSLDestroy(options);
    free(samples);
    free(first);
    pl__gdal_end(&gdal);
    return status;
}

pl_status pl__io_png_write(const char *file, int width, int height, int bands,
                           const unsigned char *samples, pl_error *error) {
    pl_status status = PL_OK;
    GDALDatasetH picture = NULL, copy = NULL;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    char *first = first_name(file);
    errno = 0;
    picture = GDALCreate(GDALGetDriverByName("MEM"), "", width, height, bands, GDT_Byte, NULL);
    bool fine = picture != NULL;
    for (int i = 0; i < bands && fine; i++) {
        /* GDAL's write takes a non-const pointer and only reads it */
        void *from = (void *)(uintptr_t)(samples + i);
        GDALColorInterp meaning = bands == 1 ? GCI_GrayIndex : (GDALColorInterp)(GCI_RedBand + i);
        GDALSetRasterColorInterpretation(GDALGetRasterBand(picture, i + 1), meaning);
        fine = GDALRasterIO(GDALGetRasterBand(picture, i + 1), GF_Write, 0, 0, width, height, from,
                            width, height, GDT_Byte, bands, bands * width) == CE_None;
    }
    if (fine) {
        copy = GDALCreateCopy(GDALGetDriverByName("PNG"), first ? first : file, picture, FALSE,
                              NULL, NULL, NULL);
        fine = copy != NULL;
    }
    if (copy) GDALClose(copy);
    if (picture) GDALClose(picture);
    fine = give_name(first, file, fine && !gdal.message[0]);
    if (!fine) status = pl__fail(error, PL_E_IO, "io", "%s: cannot write: %s", file, why(&gdal));
    free(first);
    pl__gdal_end(&gdal);
    return status;
}
