/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How high does the satellite fly? What its metadata publish, else models/platforms.csv, else the
 * middle of where such satellites fly, with a sigma that covers them. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "scene/scene.h"

/* "WV03" and "worldview-3" are rows of their own; case, blanks and hyphens do not count. */
static bool same_platform(const char *a, const char *b) {
    for (;;) {
        while (*a && strchr(" -_", *a)) a++;
        while (*b && strchr(" -_", *b)) b++;
        if (!*a || !*b) return *a == *b;
        if (strncasecmp(a++, b++, 1) != 0) return false;
    }
}

pl_status pl__scene_altitude(pl_scene_info *info, const char *models_dir, const pl_facts *facts,
                             pl_altitude *out, pl_error *error) {
    const double published_sigma_m = 1e3;
    *out = (pl_altitude){600e3, 120e3, false}; /* of the 350 to 850 km where they fly */
    if (isfinite(facts->altitude_m)) {
        *out = (pl_altitude){facts->altitude_m, published_sigma_m, true};
        return PL_OK;
    }
    if (!models_dir || !info->platform[0]) return PL_OK;
    char file[600];
    snprintf(file, sizeof file, "%s/platforms.csv", models_dir);
    pl__scene_use(info, file);
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, "scene");
    pl_table table;
    int name, height, sigma;
    pl_status status = pl__table_read(file, arena, &table, error);
    if (status == PL_OK) status = pl__table_column(&table, "platform", &name, error);
    if (status == PL_OK) status = pl__table_column(&table, "altitude_km", &height, error);
    if (status == PL_OK) status = pl__table_column(&table, "sigma_km", &sigma, error);
    for (int row = 0; status == PL_OK && row < table.rows; row++) {
        if (!same_platform(info->platform, pl__table_text(&table, row, name))) continue;
        double altitude_km, sigma_km;
        status = pl__table_number(&table, row, height, &altitude_km, error);
        if (status == PL_OK) status = pl__table_number(&table, row, sigma, &sigma_km, error);
        if (status == PL_OK) *out = (pl_altitude){altitude_km * 1e3, sigma_km * 1e3, true};
        break;
    }
    pl_arena_free(arena);
    return status;
}
