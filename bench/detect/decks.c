/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the decks in these pictures show?
 *
 *     decks MODELS PICTURE[=PIXEL_M]...
 *
 * One line of CSV a hull: picture, centre in pixels, length and beam in metres, the evidence of
 * src/hull/evidence.c. fit_class.py reads it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "plimsoll/hull.h"
#include "plimsoll/port.h"

static void row(const char *picture, const pl_hull *hull) {
    double low[2] = {1e30, 1e30}, high[2] = {-1e30, -1e30};
    printf("%s,%.1f,%.1f,%.1f,%.1f", picture, hull->x_px, hull->y_px, hull->length_m.value,
           hull->beam_m.value);
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) printf(",%.5f", hull->evidence[k]);
    for (int k = 0; k < hull->outline_count; k++) {
        for (int i = 0; i < 2; i++) {
            low[i] = pl__min(low[i], hull->outline_px[k][i]);
            high[i] = pl__max(high[i], hull->outline_px[k][i]);
        }
    }
    printf(",%.1f,%.1f,%.1f,%.1f\n", low[0], low[1], high[0], high[1]);
}

static pl_status look(const char *models, const char *picture, double pixel_m, pl_error *error) {
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    pl_port_options port = PL_PORT_OPTIONS_INIT;
    pl_hull_options hull = PL_HULL_OPTIONS_INIT;
    pl_scene *scene = NULL;
    pl_crop search;
    pl_port_area area;
    pl_hull_list hulls = {0};
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, "bench");
    options.models_dir = models;
    if (pixel_m > 0) options.pixel_size_m = pixel_m;
    pl_status status = pl_scene_open(picture, &options, &scene, error);
    if (status == PL_OK) status = pl_port_crop(scene, &port, arena, &search, &area, error);
    if (status == PL_OK) status = pl_hull_find(scene, &search, &hull, arena, &hulls, error);
    for (int k = 0; k < hulls.count; k++) row(picture, &hulls.hull[k]);
    if (scene) pl_scene_close(scene);
    pl_arena_free(arena);
    return status;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: decks MODELS PICTURE[=PIXEL_M]...\n");
        return 2;
    }
    printf("picture,x_px,y_px,length_m,beam_m");
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) printf(",%s", pl_evidence_name((pl_evidence)k));
    printf(",x0,y0,x1,y1\n");
    for (int k = 2; k < argc; k++) {
        pl_error error = PL_ERROR_INIT;
        char *pixel = strrchr(argv[k], '=');
        double pixel_m = 0;
        if (pixel) *pixel++ = '\0';
        if (pixel && !pl__text_number(pixel, &pixel_m)) return 2;
        if (look(argv[1], argv[k], pixel_m, &error) < 0) {
            fprintf(stderr, "decks: %s: %s\n", argv[k], error.message);
            return 1;
        }
    }
    return 0;
}
