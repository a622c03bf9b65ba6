/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the lines of a PVL file (Maxar's IMD) say? */
#ifndef PL_SCENE_PVL_H
#define PL_SCENE_PVL_H

#include "base/base.h"

typedef struct pl_pvl_entry {
    const char *group;        /* innermost group, "" at the top */
    const char *name, *value; /* quotes taken off */
    int line;
} pl_pvl_entry;

typedef struct pl_pvl {
    int count;
    const pl_pvl_entry *entry;
} pl_pvl;

/** Parses; all text lives in the arena. Errors name file and line. */
pl_status pl__pvl_parse(const char *text, size_t length, const char *file, pl_arena *arena,
                        pl_pvl *out, pl_error *error);
/** The first value of that name in that group (case does not count), or NULL. */
const pl_pvl_entry *pl__pvl_find(const pl_pvl *pvl, const char *group, const char *name);

#endif
