/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that read STAC share. */
#ifndef PL_SCENE_STAC_H
#define PL_SCENE_STAC_H

#include "scene/sensor.h"

/** The item that speaks of the sidecar's picture: the root itself, or one of a collection. Borrowed
 * from root. PL_E_FORMAT: none does, or several do; PL_REFUSED: no items in it. */
pl_status pl__stac_item(const pl_json *root, const pl_sidecar *sidecar, const pl_json **out,
                        pl_error *error);

/** A STAC Collection or Catalog lists its items by links: that of the item named. "" when the
 * sidecar is none. */
pl_status pl__stac_link(const pl_sidecar *sidecar, char *href, size_t size, pl_error *error);

#endif
