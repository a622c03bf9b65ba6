/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of io/ share of GDAL: a quiet stretch of calls, and coordinate transformations. */
#ifndef PL_IO_GDAL_H
#define PL_IO_GDAL_H

#include <gdal.h>
#include <ogr_srs_api.h>

#include "io/io.h"

enum { PL_GDAL_OPTIONS = 14 };

/** A stretch of GDAL calls on this thread: its messages are caught, not printed; options that keep
 * untrusted files from reaching others hold inside it and are put back at its end. */
typedef struct pl_gdal {
    char message[200];  /* the first failure GDAL spoke of, on one line; "" */
    const char *secret; /* to be cut out of it; NULL or "": nothing */
    char *saved[PL_GDAL_OPTIONS];
} pl_gdal;

/** Begins a stretch; registers GDAL's drivers on first use. The pl_gdal must stay where it is. */
void pl__gdal_begin(pl_gdal *gdal);
void pl__gdal_end(pl_gdal *gdal);
/** Did the user say that cloud keys of the environment may be used? */
bool pl__gdal_may_sign(void);
/** GDAL's own words if it had any, else fallback. */
const char *pl__gdal_words(const pl_gdal *gdal, const char *fallback);

/** WGS 84 with longitude first. NULL when PROJ's tables are missing. Yours to OSRRelease. */
OGRSpatialReferenceH pl__gdal_wgs84(void);
/** Transforms n pairs in place; a pair that cannot be transformed becomes NAN, NAN. */
void pl__gdal_transform(OGRCoordinateTransformationH map, size_t n, double (*xy)[2]);

/** Fills the picture's rational polynomials, or what is wrong with them, and counts its control
 * points. */
void pl__gdal_rpc(GDALDatasetH dataset, pl_raster_info *info);

#endif
