/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of io/ ask about names: may this address be followed? */
#ifndef PL_IO_HREF_H
#define PL_IO_HREF_H

#include "io/io.h"

/** Is the web address on the host that base (a file's name, as GDAL spells it) came from, or on one
 * that the user allowed? */
bool pl__io_host_allowed(const char *base, const char *url, const pl_trust *trust);

/** GDAL's name for a file: what the user typed in GDAL's spelling (pl__io_name), and web addresses
 * through our own guarded reading, also inside archives. @return false when it does not fit, or is
 * spelled so that it would go round the guard. */
bool pl__io_guarded_name(const char *name, char *out, size_t size);

#endif
