/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where on the Earth is a coordinate of a projection given by its EPSG code? PROJ knows, through
 * GDAL. Longitude or easting always comes first, whatever the authority says. */
#include "io/gdal.h"

pl_status pl__io_crs_transform(int epsg, bool invert, size_t n, double (*xy)[2], pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    OGRCoordinateTransformationH map = NULL;
    OGRSpatialReferenceH wgs84 = pl__gdal_wgs84();
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (!wgs84 || !srs || OSRImportFromEPSG(srs, epsg) != OGRERR_NONE) {
        status = pl__fail(error, PL_E_USAGE, "io", "EPSG:%d: %s", epsg,
                          pl__gdal_words(&gdal, "unknown coordinate system"));
        goto done;
    }
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    map = invert ? OCTNewCoordinateTransformation(srs, wgs84)
                 : OCTNewCoordinateTransformation(wgs84, srs);
    if (!map) {
        status = pl__fail(error, PL_E_USAGE, "io", "EPSG:%d: %s", epsg,
                          pl__gdal_words(&gdal, "no way to WGS 84"));
        goto done;
    }
    pl__gdal_transform(map, n, xy);
done:
    if (map) OCTDestroyCoordinateTransformation(map);
    if (srs) OSRRelease(srs);
    if (wgs84) OSRRelease(wgs84);
    pl__gdal_end(&gdal);
    return status;
}
