/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file io.h
 * How far are files trusted? A picture comes from a vendor, a server, an archive: what it may reach
 * and how large it may be is the user's word, not the file's.
 */
#ifndef PLIMSOLL_IO_H
#define PLIMSOLL_IO_H

#include "plimsoll/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a file may do; the defaults are for files from strangers. Limits: 0 means no limit. */
typedef struct pl_trust {
    bool allow_vrt;            /**< read VRT, which names other files; default no */
    const char *drivers;       /**< further GDAL drivers that may open a picture, comma separated;
                                  NULL: GTiff, NITF, PNG, JPEG, BMP, JP2OpenJPEG only */
    const char *hosts;         /**< hosts and buckets, comma separated, that a metadata file's hrefs
                                  may name beside its own; NULL none */
    uint64_t max_pixels;       /**< of a picture; default 2^36 */
    int max_bands;             /**< of a file; default 64. The first 16 are read */
    uint64_t max_window_bytes; /**< most memory for the samples of one window; default 2^29: with
                                  what the search adds, a scene stays under 1 GiB */
    uint64_t max_unpacked_bytes; /**< of a member of an archive; default 2^36 */
    double max_unpacked_ratio;   /**< unpacked over packed size of such a member; default 100;
                                    members up to 256 MiB pass */
} pl_trust;
#define PL_TRUST_INIT                                                                              \
    { false, NULL, NULL, (uint64_t)1 << 36, 64, (uint64_t)1 << 29, (uint64_t)1 << 36, 100.0 }

#ifdef __cplusplus
}
#endif
#endif
