/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of io/ share of an open picture: opening, describing and reading it. */
#ifndef PL_IO_RASTER_H
#define PL_IO_RASTER_H

#include "io/gdal.h"
#include "io/tiff_tiles.h"

enum { PL_RASTER_BANDS = 16 };

struct pl_raster {
    GDALDatasetH dataset;
    char **files;  /* beside the picture's own; GDAL's kind of list */
    pl_tiff *tiff; /* reads full resolution when it can; NULL: GDAL does */
    pl_raster_info info;
    int band[PL_RASTER_BANDS];      /* GDAL's numbers of the bands that are read */
    double nodata[PL_RASTER_BANDS]; /* of each of them; NAN none */
    bool masked[PL_RASTER_BANDS];   /* has a mask or alpha to be heeded, beside nodata */
    bool alpha_is_data; /* a band that calls itself alpha and is none: its mask is not heeded */
    int sample_bytes;
    uint64_t max_window_bytes;
    OGRCoordinateTransformationH to_wgs84, from_wgs84;
    uint64_t *bytes_read; /* apart, so that reading from a const raster may count */
};

/** Looks at the file, then lets GDAL open it: dataset, size. */
pl_status pl__raster_admit(const char *name, const pl_trust *trust, pl_raster *raster,
                           pl_gdal *gdal, pl_error *error);
/** Which of GDAL's bands are read, what they are called, where they have no data. */
pl_status pl__raster_bands(pl_raster *raster, const pl_gdal *gdal, pl_error *error);

#endif
