/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How are lines and words put on a picture? OpenCV draws, anti-aliased, with four bits of
 * sub-pixel. */
#include "image/draw.h"

#include <math.h>
#include <string.h>

#include "image/opencv.h"

enum { SUBPIXEL_BITS = 4, FAR = 30000 };

static CvMat view(pl_canvas *canvas) {
    return cvMat(canvas->height, canvas->width, CV_8UC3, canvas->rgb);
}

static CvScalar ink(pl_colour c) {
    return cvScalar(c.r, c.g, c.b, 0);
}

/* Corner convention to OpenCV's centres, in sixteenths; far places are clamped so that integers
 * hold. */
static CvPoint at(double x, double y) {
    double sx = isfinite(x) ? pl__clamp(x, -FAR, FAR) : -FAR,
           sy = isfinite(y) ? pl__clamp(y, -FAR, FAR) : -FAR;
    return cvPoint((int)lround((sx - 0.5) * (1 << SUBPIXEL_BITS)),
                   (int)lround((sy - 0.5) * (1 << SUBPIXEL_BITS)));
}

bool pl__canvas_new(int width, int height, pl_colour background, pl_arena *arena, pl_canvas *out) {
    *out = (pl_canvas){width, height, pl__arena_array(arena, (size_t)width * (size_t)height, 3)};
    if (!out->rgb) return false;
    pl__canvas_rectangle(out, 0, 0, width, height, background);
    return true;
}

void pl__canvas_line(pl_canvas *canvas, double x0, double y0, double x1, double y1,
                     pl_colour colour, int thickness) {
    CvMat image = view(canvas);
    cvLine(&image, at(x0, y0), at(x1, y1), ink(colour), thickness, CV_AA, SUBPIXEL_BITS);
}

void pl__canvas_path(pl_canvas *canvas, const double (*points)[2], int count, pl_colour colour,
                     int thickness) {
    for (int i = 0; i + 1 < count; i++) {
        pl__canvas_line(canvas, points[i][0], points[i][1], points[i + 1][0], points[i + 1][1],
                        colour, thickness);
    }
}

void pl__canvas_arrow(pl_canvas *canvas, double x0, double y0, double x1, double y1,
                      pl_colour colour, int thickness) {
    double dx = x1 - x0, dy = y1 - y0, length = hypot(dx, dy);
    pl__canvas_line(canvas, x0, y0, x1, y1, colour, thickness);
    if (!(length > 0)) return;
    for (int side = -1; side <= 1; side += 2) {
        double angle = atan2(dy, dx) + side * 2.6;
        double head = pl__min(12.0, 0.35 * length);
        pl__canvas_line(canvas, x1, y1, x1 + head * cos(angle), y1 + head * sin(angle), colour,
                        thickness);
    }
}

void pl__canvas_dot(pl_canvas *canvas, double x, double y, double radius, pl_colour colour) {
    CvMat image = view(canvas);
    cvCircle(&image, at(x, y), (int)lround(radius * (1 << SUBPIXEL_BITS)), ink(colour), CV_FILLED,
             CV_AA, SUBPIXEL_BITS);
}

void pl__canvas_rectangle(pl_canvas *canvas, double x0, double y0, double x1, double y1,
                          pl_colour colour) {
    int left = (int)pl__clamp(x0, 0, canvas->width), right = (int)pl__clamp(x1, 0, canvas->width);
    int top = (int)pl__clamp(y0, 0, canvas->height), bottom = (int)pl__clamp(y1, 0, canvas->height);
    for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++)
            memcpy(canvas->rgb + 3 * ((size_t)y * (size_t)canvas->width + (size_t)x), &colour, 3);
    }
}

static CvFont font_of(double scale) {
    CvFont font;
    cvInitFont(&font, CV_FONT_HERSHEY_SIMPLEX, 0.42 * scale, 0.42 * scale, 0, 1, CV_AA);
    return font;
}

double pl__canvas_text_width(const char *text, double scale) {
    CvFont font = font_of(scale);
    CvSize size;
    int below;
    cvGetTextSize(text, &font, &size, &below);
    return size.width;
}

void pl__canvas_text(pl_canvas *canvas, double x, double y, const char *text, double scale,
                     pl_colour colour) {
    CvFont font = font_of(scale);
    CvMat image = view(canvas);
    cvPutText(&image, text,
              cvPoint((int)lround(pl__clamp(x, -FAR, FAR)), (int)lround(pl__clamp(y, -FAR, FAR))),
              &font, ink(colour));
}
