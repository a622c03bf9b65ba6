/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing on 8-bit RGB canvases. Places in canvas pixels, corner convention. */
#ifndef PL_IMAGE_DRAW_H
#define PL_IMAGE_DRAW_H

#include "base/base.h"

typedef struct pl_canvas {
    int width, height;
    unsigned char *rgb; /* interleaved */
} pl_canvas;

typedef struct pl_colour {
    unsigned char r, g, b;
} pl_colour;

bool pl__canvas_new(int width, int height, pl_colour background, pl_arena *arena, pl_canvas *out);
void pl__canvas_line(pl_canvas *canvas, double x0, double y0, double x1, double y1,
                     pl_colour colour, int thickness);
/** Through count points; closed when the first is the last. */
void pl__canvas_path(pl_canvas *canvas, const double (*points)[2], int count, pl_colour colour,
                     int thickness);
/** With a head at (x1, y1). */
void pl__canvas_arrow(pl_canvas *canvas, double x0, double y0, double x1, double y1,
                      pl_colour colour, int thickness);
void pl__canvas_dot(pl_canvas *canvas, double x, double y, double radius, pl_colour colour);
void pl__canvas_rectangle(pl_canvas *canvas, double x0, double y0, double x1, double y1,
                          pl_colour colour);
/** Baseline at y. scale 1: capitals about 9 pixels high. ASCII. */
void pl__canvas_text(pl_canvas *canvas, double x, double y, const char *text, double scale,
                     pl_colour colour);
/** How wide such a text is drawn, canvas pixels. */
double pl__canvas_text_width(const char *text, double scale);

#endif
