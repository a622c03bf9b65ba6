/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How high over the WGS 84 ellipsoid does the sea lie here?
 *
 * PROJ's grid of the geoid where one is installed, else models/geoid.csv, a bilinear table of 5
 * degrees, else nought with a warning. The tide, a metre or two, is left out: it moves a raw
 * picture's ground by tan(incidence) for each metre, its scale by 1/600000 and its angles not at
 * all, so that a freeboard does not feel ten metres of it. */
#include <math.h>
#include <stdio.h>

#include "scene/scene.h"

enum { STEP_DEG = 5, COLUMNS = 360 / STEP_DEG, ROWS = 180 / STEP_DEG + 1 };

/* Rows from 90 N to 90 S, columns from 0 to 355 E. */
static pl_status read_node(const pl_table *table, int row, int column, double *out,
                           pl_error *error) {
    char name[16];
    int at;
    snprintf(name, sizeof name, "e%03d", column % COLUMNS * STEP_DEG);
    pl_status status = pl__table_column(table, name, &at, error);
    return status == PL_OK ? pl__table_number(table, row, at, out, error) : status;
}

pl_status pl__scene_water_table(const char *models_dir, double lon_deg, double lat_deg,
                                double *height_m, pl_error *error) {
    char file[600];
    snprintf(file, sizeof file, "%s/geoid.csv", models_dir);
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, "scene");
    pl_table table;
    double node[4] = {NAN, NAN, NAN, NAN};
    double x = (lon_deg < 0.0 ? lon_deg + 360.0 : lon_deg) / STEP_DEG;
    double y = (90.0 - lat_deg) / STEP_DEG;
    int column = (int)x, row = (int)pl__min(y, ROWS - 2);
    pl_status status = pl__table_read(file, arena, &table, error);
    if (status == PL_OK && table.rows != ROWS)
        status = pl__fail(error, PL_E_FORMAT, "scene", "%s: %d rows, not %d", file, table.rows,
                          (int)ROWS);
    for (int i = 0; i < 4 && status == PL_OK; i++)
        status = read_node(&table, row + i / 2, column + i % 2, &node[i], error);
    pl_arena_free(arena);
    double u = x - column, v = y - row;
    *height_m = (1 - v) * ((1 - u) * node[0] + u * node[1]) + v * ((1 - u) * node[2] + u * node[3]);
    return status;
}

pl_status pl__scene_water(pl_scene_info *info, const char *models_dir, double lon_deg,
                          double lat_deg, double *height_m, pl_error *error) {
    const char *grid;
    if (pl__io_geoid(lon_deg, lat_deg, height_m, &grid)) return PL_OK;
    if (models_dir) {
        char file[600];
        snprintf(file, sizeof file, "%s/geoid.csv", models_dir);
        pl__scene_use(info, file);
        return pl__scene_water_table(models_dir, lon_deg, lat_deg, height_m, error);
    }
    *height_m = 0.0;
    pl__scene_warn(info, "no geoid at hand: the water is taken to lie on the ellipsoid, the place "
                         "may be off by tens of metres (--water-height M)");
    return PL_OK;
}
