/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of io/ ask about names: may this address be followed? */
#ifndef PL_IO_HREF_H
#define PL_IO_HREF_H

#include "io/io.h"

/** Is the web address on the host that base (a file's name, as GDAL spells it) came from, or on one
 * that the user allowed? */
bool pl__io_host_allowed(const char *base, const char *url, const pl_trust *trust);

#endif
