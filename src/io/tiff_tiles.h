/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles and strips of a TIFF, decoded by libtiff on all cores. */
#ifndef PL_IO_TIFF_TILES_H
#define PL_IO_TIFF_TILES_H

#include "io/io.h"

typedef struct pl_tiff pl_tiff;

/** What GDAL found in the file: the same must stand in its first directory. */
typedef struct pl_tiff_form {
    int width, height, bands;
    const double *nodata; /* bands of them, NAN where a band has none */
} pl_tiff_form;

/** Opens a local file if libtiff alone reads it as GDAL does. @return NULL when not, or when memory
 * ran out: GDAL then reads it. The form's nodata is copied. */
pl_tiff *pl__tiff_open(const char *file, const pl_tiff_form *form);
void pl__tiff_close(pl_tiff *tiff);
/** Reads whole pixels of `count` bands (numbered from 1) into planes of w x h; NAN where a sample
 * is nodata or not finite. */
pl_status pl__tiff_read(pl_tiff *tiff, int x, int y, int w, int h, const int *band, int count,
                        float *out, pl_error *error);

#endif
