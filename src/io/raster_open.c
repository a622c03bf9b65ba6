/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May this file be opened as a picture, and by whom?
 *
 * Before GDAL looks: it must be a regular file, not a folder or a pipe; a member of an archive must
 * not be out of proportion to it; a compressed stream without an index is not read at all, since a
 * window of it would mean to unpack everything before it. Then only drivers that read pixels out of
 * the file itself may try: a VRT, or any other driver that follows names, only if the user said so.
 * GDAL opens neighbours of the picture by any driver: .ovr and .msk must be TIFF, else no neighbour
 * counts. An .aux.xml is never read (gdal.c): it could replace the georeference or name any file as
 * overview or mask. What was opened must be within the limits of the user's trust. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include "io/raster.h"

static const char FLOOR[] = "io";

static const char *const DRIVERS[] = {"GTiff", "NITF", "PNG", "JPEG", "BMP", "JP2OpenJPEG"};

static const uint64_t HARMLESS_BYTES = (uint64_t)256 << 20; /* unpacked: whatever the ratio */

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

/* Size of the file that an archive's member lies in; 0 when it is no archive, or not to be told. */
static uint64_t archive_bytes(const char *name) {
    static const char *const END[] = {".zip", ".ZIP", ".tar", ".TAR"};
    uint64_t size = 0;
    const char *from = name + strlen(strncmp(name, "/vsizip/", 8) == 0 ? "/vsizip/" : "/vsitar/");
    char *archive = strdup(*from == '{' ? from + 1 : from);
    if (!archive) return 0;
    for (size_t i = 0; i < sizeof END / sizeof *END && !size; i++) {
        char *end = strstr(archive, END[i]);
        VSIStatBufL stat;
        if (!end) continue;
        char after = end[4];
        end[4] = '\0';
        if (VSIStatL(archive, &stat) == 0) size = (uint64_t)stat.st_size;
        end[4] = after;
    }
    free(archive);
    return size;
}

static bool is_stream(const char *name) {
    return strstr(name, "/vsigzip/") || strstr(name, ".tgz") || strstr(name, ".tar.gz") ||
           strstr(name, "/vsistdin/") || strncmp(name, "/vsi7z/", 7) == 0;
}

static pl_status check_archive(const char *name, uint64_t unpacked, const pl_trust *trust,
                               pl_error *error) {
    if (strncmp(name, "/vsizip/", 8) != 0 && strncmp(name, "/vsitar/", 8) != 0) return PL_OK;
    if (trust->max_unpacked_bytes && unpacked > trust->max_unpacked_bytes)
        return pl__fail(
            error, PL_E_LIMIT, FLOOR, "unpacks to %llu bytes, more than %llu (--max-unpacked)",
            (unsigned long long)unpacked, (unsigned long long)trust->max_unpacked_bytes);
    uint64_t packed = archive_bytes(name);
    if (packed == 0 || trust->max_unpacked_ratio <= 0 || unpacked <= HARMLESS_BYTES) return PL_OK;
    if ((double)unpacked > trust->max_unpacked_ratio * (double)packed)
        return pl__fail(
            error, PL_E_LIMIT, FLOOR,
            "unpacks to %.0f times the archive's size, more than %.0f: an archive bomb? "
            "(--max-unpacked-ratio)",
            (double)unpacked / (double)packed, trust->max_unpacked_ratio);
    return PL_OK;
}

/* These know no unsigned requests. */
static pl_status check_cloud(const char *name, pl_error *error) {
    static const char *const SIGNED[] = {"/vsioss", "/vsiswift", "/vsihdfs", "/vsiwebhdfs"};
    for (size_t i = 0; i < sizeof SIGNED / sizeof *SIGNED; i++)
        if (strstr(name, SIGNED[i]) && !pl__gdal_may_sign())
            return pl__fail(error, PL_E_USAGE, FLOOR, "%s wants your keys: --cloud-credentials",
                            SIGNED[i]);
    return PL_OK;
}

static pl_status check_file(const char *name, const pl_trust *trust, uint64_t *size,
                            const pl_gdal *gdal, pl_error *error) {
    VSIStatBufL stat;
    if (is_stream(name))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "a compressed stream, in which no window can be found: unpack it first");
    pl_status status = check_cloud(name, error);
    if (status < 0) return status;
    errno = 0;
    if (VSIStatL(name, &stat) != 0)
        return pl__fail(error, PL_E_IO, FLOOR, "%s",
                        pl__gdal_words(gdal, errno ? strerror(errno) : "no such file"));
    if (VSI_ISDIR(stat.st_mode))
        return pl__fail(error, PL_E_IO, FLOOR, "is a folder, not a picture");
    if (!VSI_ISREG(stat.st_mode)) return pl__fail(error, PL_E_IO, FLOOR, "is not a regular file");
    if (stat.st_size == 0) return pl__fail(error, PL_E_IO, FLOOR, "the file is empty (0 bytes)");
    status = check_archive(name, (uint64_t)stat.st_size, trust, error);
    if (status < 0) return status;
    errno = 0;
    VSILFILE *stream = VSIFOpenL(name, "rb");
    if (!stream)
        return pl__fail(error, PL_E_IO, FLOOR, "%s",
                        pl__gdal_words(gdal, errno ? strerror(errno) : "cannot open"));
    VSIFCloseL(stream);
    *size = (uint64_t)stat.st_size;
    return PL_OK;
}

/* ---- GDAL looks ---- */

/* NULL-ended; yours to CSLDestroy. */
static char **drivers_of(const pl_trust *trust) {
    char **list = NULL, **more = CSLTokenizeString2(trust->drivers ? trust->drivers : "", ", ", 0);
    for (size_t i = 0; i < sizeof DRIVERS / sizeof *DRIVERS; i++)
        list = CSLAddString(list, DRIVERS[i]);
    if (trust->allow_vrt) list = CSLAddString(list, "VRT");
    for (char **driver = more; driver && *driver; driver++) list = CSLAddString(list, *driver);
    CSLDestroy(more);
    return list;
}

static bool looks_like_vrt(const char *name) {
    char head[64] = "";
    VSILFILE *stream = VSIFOpenL(name, "rb");
    if (!stream) return false;
    size_t got = VSIFReadL(head, 1, sizeof head - 1, stream);
    VSIFCloseL(stream);
    head[got < sizeof head ? got : sizeof head - 1] = '\0';
    return strstr(head, "<VRTDataset") != NULL;
}

static pl_status open_dataset(const char *name, const pl_trust *trust, pl_raster *raster,
                              pl_gdal *gdal, pl_error *error) {
    const char *before = CPLGetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", NULL);
    char *saved = before ? CPLStrdup(before) : NULL, **drivers = drivers_of(trust);
    bool alone = pl__io_file_is_remote(name) || !neighbours_are_harmless(name);
    if (alone) CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    raster->dataset = GDALOpenEx(name, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                 (const char *const *)drivers, NULL, NULL);
    CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", saved);
    CPLFree(saved);
    CSLDestroy(drivers);
    if (raster->dataset) return PL_OK;
    if (begins_as_tiff(name))
        return pl__fail(error, PL_E_IO, FLOOR, "truncated or damaged TIFF: %s",
                        pl__gdal_words(gdal, "cannot read its directory"));
    if (!trust->allow_vrt && looks_like_vrt(name))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "a VRT, which may name any other file: read only with --allow-vrt");
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    "not an image that may be read here (TIFF, NITF, PNG, JPEG, BMP, JPEG 2000)");
}

/* ---- limits ---- */

/* Whole blocks are decoded, and of pixel-interleaved files all bands of them. */
static pl_status check_blocks(const pl_raster *raster, const pl_trust *trust, pl_error *error) {
    int w = 1, h = 1, bands = GDALGetRasterCount(raster->dataset);
    GDALRasterBandH first = GDALGetRasterBand(raster->dataset, 1);
    GDALGetBlockSize(first, &w, &h);
    const char *interleave = GDALGetMetadataItem(raster->dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
    bool together = interleave && strcmp(interleave, "PIXEL") == 0;
    double bytes = (double)w * h * GDALGetDataTypeSizeBytes(GDALGetRasterDataType(first)) *
                   (together ? bands : 1);
    if (trust->max_window_bytes == 0 || bytes <= (double)trust->max_window_bytes) return PL_OK;
    return pl__fail(error, PL_E_LIMIT, FLOOR,
                    "blocks of %d x %d pixels need %.0f MiB each, more than %.0f (--max-window): "
                    "make it a COG (gdal_translate -of COG)",
                    w, h, bytes / 1048576.0, (double)trust->max_window_bytes / 1048576.0);
}

static pl_status check_limits(pl_raster *raster, const pl_trust *trust, pl_error *error) {
    int width = GDALGetRasterXSize(raster->dataset), height = GDALGetRasterYSize(raster->dataset);
    int bands = GDALGetRasterCount(raster->dataset);
    if (bands < 1) return pl__fail(error, PL_E_FORMAT, FLOOR, "the file holds no picture");
    if (trust->max_pixels && (uint64_t)width * (uint64_t)height > trust->max_pixels)
        return pl__fail(error, PL_E_LIMIT, FLOOR,
                        "%d x %d pixels are more than %llu (--max-pixels)", width, height,
                        (unsigned long long)trust->max_pixels);
    if (trust->max_bands && bands > trust->max_bands)
        return pl__fail(error, PL_E_LIMIT, FLOOR, "%d bands are more than %d (--max-bands)", bands,
                        trust->max_bands);
    return check_blocks(raster, trust, error);
}

/* ---- door ---- */

pl_status pl__raster_admit(const char *name, const pl_trust *trust, pl_raster *raster,
                           pl_gdal *gdal, pl_error *error) {
    pl_status status = check_file(name, trust, &raster->info.size_bytes, gdal, error);
    if (status == PL_OK) status = open_dataset(name, trust, raster, gdal, error);
    if (status == PL_OK) status = check_limits(raster, trust, error);
    if (status < 0) return status;
    raster->info.width = GDALGetRasterXSize(raster->dataset);
    raster->info.height = GDALGetRasterYSize(raster->dataset);
    raster->max_window_bytes = trust->max_window_bytes;
    return PL_OK;
}
