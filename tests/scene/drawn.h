/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small picture in memory with a sidecar beside it, for tests of what is made of sidecars. */
#ifndef PL_TESTS_SCENE_DRAWN_H
#define PL_TESTS_SCENE_DRAWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "io/io.h"
#include "plimsoll/scene.h"

/* Upper left corner of drawn pictures, UTM zone 53 north: Vostochny, 133.0553 E, 42.6980 N. */
static const double DRAWN_EAST_M = 340660.0, DRAWN_NORTH_M = 4729100.0;

/** Writes a grey picture of width x height pixels of gsd_m whose corner lies so far north. */
static inline void draw_picture_at(const char *file, int width, int height, double gsd_m,
                                   double north_m) {
    pl_arena *arena = pl_arena_new(0);
    pl_image image;
    pl_error error = PL_ERROR_INIT;
    pl_raster_new form = {.width = width,
                          .height = height,
                          .bands = 1,
                          .bits = 8,
                          .epsg = 32653,
                          .affine = {DRAWN_EAST_M, gsd_m, 0, north_m, 0, -gsd_m}};
    assert_true(pl__arena_image(arena, width, height, 1, &image));
    for (int i = 0; i < width * height; i++) image.data[i] = 80.0f;
    if (pl__io_geotiff_write(file, &form, image.data, &error) != PL_OK)
        fail_msg("%s", error.message);
    pl_arena_free(arena);
}

static inline void draw_picture(const char *file, int width, int height, double gsd_m) {
    draw_picture_at(file, width, height, gsd_m, DRAWN_NORTH_M);
}

static inline void write_text(const char *file, const char *text) {
    pl_error error = PL_ERROR_INIT;
    if (pl__io_file_write(file, text, strlen(text), &error) != PL_OK) fail_msg("%s", error.message);
}

/** Opens; the message of a failure goes to error. */
static inline pl_status open_drawn(const char *file, const pl_scene_options *options,
                                   pl_scene **scene, pl_error *error) {
    *error = (pl_error)PL_ERROR_INIT;
    return pl_scene_open(file, options, scene, error);
}

static inline bool warned_of(const pl_scene_info *info, const char *words) {
    for (int i = 0; i < info->warning_count; i++)
        if (strstr(info->warning[i], words)) return true;
    return false;
}

#endif
