/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would the judge be shown of these pictures?
 *
 *     shapes MODELS MIN_LENGTH_M OUT PICTURE[=PIXEL_M]...
 *
 * OUT receives, a picture after the other: the number of shapes (int32), then for each six doubles
 * (centre, angle, length and beam in input pixels, votes), the upright box (four doubles, input
 * pixels) and the chip (src/hull/shapes.h). train_judge.py reads it. */
#include <stdio.h>
#include <string.h>

#include "hull/shapes.h"
#include "plimsoll/port.h"

static void write_shape(FILE *out, const pl_crop *crop, const pl_views *views,
                        const pl_shape *shape) {
    double corner[PL_SHAPE_CORNERS][2], box[4] = {1e30, 1e30, -1e30, -1e30};
    double head[6] = {
        crop->x_px + shape->x * crop->step, crop->y_px + shape->y * crop->step, shape->angle_rad,
        shape->length * crop->step,         shape->beam * crop->step,           shape->votes};
    int8_t chip[PL_CHIP_SIZE];
    pl__shape_corners(shape, corner);
    for (int k = 0; k < PL_SHAPE_CORNERS; k++) {
        for (int i = 0; i < 2; i++) {
            double at = (i ? crop->y_px : crop->x_px) + corner[k][i] * crop->step;
            box[i] = pl__min(box[i], at);
            box[i + 2] = pl__max(box[i + 2], at);
        }
    }
    pl__views_chip(views, shape, chip);
    fwrite(head, sizeof head, 1, out);
    fwrite(box, sizeof box, 1, out);
    fwrite(chip, sizeof chip, 1, out);
}

static pl_status look(const char *models, const char *picture, double pixel_m, double least_m,
                      FILE *out, pl_error *error) {
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    pl_port_options port = PL_PORT_OPTIONS_INIT;
    pl_hull_options hull = PL_HULL_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_crop search;
    pl_port_area area;
    pl_sea sea;
    pl_views views;
    pl_shape *shapes = NULL;
    int count = 0;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, "bench");
    options.models_dir = models;
    if (pixel_m > 0) options.pixel_size_m = pixel_m;
    hull.min_length_m = least_m;
    port.search_pixel_m = pl__min(port.search_pixel_m, least_m / 32);
    pl_status status = pl_scene_open(picture, &options, &scene, error);
    if (status == PL_OK) status = pl_port_crop(scene, &port, arena, &search, &area, error);
    if (status == PL_OK) status = pl__hull_sea(&search, arena, &sea, error);
    if (status == PL_OK && (!pl__hull_shapes(&search, &sea, &hull, arena, &shapes, &count) ||
                            !pl__views_make(&search, arena, &views)))
        status = pl__fail_memory(error, "bench");
    if (status == PL_OK || status == PL_REFUSED) {
        int32_t n = count;
        fwrite(&n, sizeof n, 1, out);
        for (int k = 0; k < count; k++) write_shape(out, &search, &views, &shapes[k]);
    }
    if (scene) pl_scene_close(scene);
    pl_arena_free(arena);
    return status;
}

int main(int argc, char **argv) {
    double least_m;
    if (argc < 5 || !pl__text_number(argv[2], &least_m)) {
        fprintf(stderr, "usage: shapes MODELS MIN_LENGTH_M OUT PICTURE[=PIXEL_M]...\n");
        return 2;
    }
    FILE *out = fopen(argv[3], "wb");
    if (!out) {
        perror(argv[3]);
        return 1;
    }
    for (int k = 4; k < argc; k++) {
        pl_error error = PL_ERROR_INIT;
        char *pixel = strrchr(argv[k], '=');
        double pixel_m = 0;
        if (pixel) *pixel++ = '\0';
        if (pixel && !pl__text_number(pixel, &pixel_m)) return 2;
        if (look(argv[1], argv[k], pixel_m, least_m, out, &error) < 0) {
            fprintf(stderr, "shapes: %s: %s\n", argv[k], error.message);
            return 1;
        }
    }
    return fclose(out) ? 1 : 0;
}
