/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of io/ that speak with a store share. */
#ifndef PL_IO_VECTOR_H
#define PL_IO_VECTOR_H

#include "io/gdal.h"

struct pl_vector_file {
    GDALDatasetH dataset;
    char path[512];
};

/** Writes "<path>: <what>: <GDAL's words>". */
pl_status pl__vector_fail(const pl_vector_file *file, const pl_gdal *gdal, const char *what,
                          pl_error *error);
/** The layer, or NULL and status says what is wrong. */
OGRLayerH pl__vector_layer_named(const pl_vector_file *file, const char *layer, pl_error *error,
                                 pl_status *status);
/** Text from a sidecar may be any bytes; a store holds UTF-8. CPLFree the result. */
char *pl__vector_utf8(const char *text);

#endif
