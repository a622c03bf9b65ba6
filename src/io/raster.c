/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is an open picture? A dataset that was admitted (raster_open.c), its bands (raster_bands.c),
 * its place on the Earth, and a way to its pixels (raster_read.c). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_string.h>

#include "io/href.h"
#include "io/raster.h"

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

bool pl__io_raster_file(const pl_raster *raster, int index, char *out, size_t size) {
    if (index < 0 || index >= CSLCount(raster->files)) return false;
    pl__text_copy(out, size, raster->files[index]);
    return true;
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
    pl__tiff_close(raster->tiff);
    CSLDestroy(raster->files);
    if (raster->dataset) GDALClose(raster->dataset);
    pl__gdal_end(&gdal);
    free(raster->bytes_read);
    free(raster);
}

/* GDAL lists the picture too, and what it would write beside it (of a NITF file the .aux.xml that
 * is not there); on servers it would ask for each possible neighbour. */
static void list_files(const char *name, pl_raster *raster) {
    if (pl__io_file_is_remote(name)) return;
    char **all = GDALGetFileList(raster->dataset);
    for (char **file = all; file && *file; file++) {
        VSIStatBufL there;
        if (strcmp(*file, name) != 0 && VSIStatL(*file, &there) == 0)
            raster->files = CSLAddString(raster->files, *file);
    }
    CSLDestroy(all);
}

/* libtiff reads what lies in a local file and looks to it as it looks to GDAL. */
static void open_tiles(const char *name, pl_raster *raster) {
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(raster->dataset));
    int count = GDALGetRasterCount(raster->dataset);
    if (!driver || strcmp(driver, "GTiff") != 0 || strncmp(name, "/vsi", 4) == 0) return;
    double *nodata = malloc((size_t)count * sizeof *nodata);
    if (!nodata) return;
    for (int i = 0; i < count; i++) nodata[i] = NAN;
    for (int i = 0; i < raster->info.bands; i++) nodata[raster->band[i] - 1] = raster->nodata[i];
    const pl_tiff_form form = {raster->info.width, raster->info.height, count, nodata};
    raster->tiff = pl__tiff_open(name, &form);
    free(nodata);
}

pl_status pl__io_raster_open(const char *typed, const pl_trust *trust, pl_raster **out,
                             pl_error *error) {
    static const pl_trust USUAL = PL_TRUST_INIT;
    char name[2200];
    *out = NULL;
    if (!trust) trust = &USUAL;
    if (!pl__io_guarded_name(typed, name, sizeof name))
        return pl__fail(error, PL_E_USAGE, "io", "no name of a file that can be opened here");
    pl_raster *raster = calloc(1, sizeof *raster);
    if (!raster) return pl__fail_memory(error, "io");
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    raster->bytes_read = calloc(1, sizeof *raster->bytes_read);
    pl_status status = raster->bytes_read ? PL_OK : pl__fail_memory(error, "io");
    if (status == PL_OK) status = pl__raster_admit(name, trust, raster, &gdal, error);
    if (status == PL_OK) status = pl__raster_bands(raster, &gdal, error);
    if (status == PL_OK) {
        describe_place(raster);
        list_files(name, raster);
        open_tiles(name, raster);
    }
    pl__gdal_end(&gdal);
    if (status == PL_OK) {
        *out = raster;
    } else {
        pl__io_raster_close(raster);
    }
    return status;
}
