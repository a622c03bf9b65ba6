/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the entries of an IMD say, however they were written down (PVL or XML)? */
#ifndef PL_SCENE_IMD_H
#define PL_SCENE_IMD_H

#include "scene/pvl.h"
#include "scene/sensor.h"

pl_status pl__imd_facts(const pl_sidecar *sidecar, const pl_pvl *pvl, pl_facts *facts,
                        pl_error *error);

#endif
