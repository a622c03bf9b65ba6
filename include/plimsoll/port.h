/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file port.h
 * Which pixels are to be searched?
 */
#ifndef PLIMSOLL_PORT_H
#define PLIMSOLL_PORT_H

#include "plimsoll/scene.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pl_port_options {
    const char *port;       /**< name in models/ports.geojson, case-insensitive; NULL */
    const char *aoi_file;   /**< GeoJSON polygon(s), lon lat; NULL. Not together with port */
    const char *models_dir; /**< folder with ports.geojson */
    double search_pixel_m;  /**< pixel of the search crop, metres; default 1.0 (never finer than the
                               picture) */
    uint64_t max_bytes;     /**< most memory for the search of one crop; default 2^29. What does not
                               fit is searched in blocks */
    int block;              /**< which block to read, from 0 to area.blocks - 1; default 0 */
} pl_port_options;
#define PL_PORT_OPTIONS_INIT                                                                       \
    { NULL, NULL, NULL, 1.0, (uint64_t)1 << 29, 0 }

/** The area that is searched. */
typedef struct pl_port_area {
    char name[64];       /**< port's name, "" for an AOI or a whole picture */
    int count;           /**< vertices of the outer ring (closed: first = last) */
    double (*lonlat)[2]; /**< in the arena; NULL without georeference */
    int blocks;          /**< crops that it takes to see all of it; they overlap */
    double core_px[4]; /**< of the block that was read, without the overlap: x0, y0, x1, y1 in input
                          pixels. A hull belongs to the block in whose core its centre lies */
} pl_port_area;

/** Names of the ports whose polygons the picture's footprint touches, comma separated, "" if none.
 */
PL_API pl_status pl_port_covering(const pl_scene *scene, const char *models_dir, char *names,
                                  size_t size, pl_error *error);

/** Name of the port in whose polygon a place lies, "" none. */
PL_API pl_status pl_port_at(const char *models_dir, double lon_deg, double lat_deg, char *name,
                            size_t size, pl_error *error);

/**
 * Reads the search crop: the port's or AOI's bounding window with a mask of its polygons, or the
 * whole picture; or one block of it, when it is large.
 * @return PL_REFUSED when no part of the area lies in this block: nothing to search; PL_E_USAGE
 * when the area misses the picture or is empty or the port's name is unknown.
 */
PL_API pl_status pl_port_crop(const pl_scene *scene, const pl_port_options *options,
                              pl_arena *arena, pl_crop *crop, pl_port_area *area, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
