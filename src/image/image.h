/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels only, no maps, no ships. Corner convention: the centre of the first pixel is (0.5, 0.5).
 */
#ifndef PL_IMAGE_IMAGE_H
#define PL_IMAGE_IMAGE_H

#include "base/base.h"

/* ---- statistics: NaN values are left out ---- */

/** Quantile q in [0, 1] by linear interpolation; reorders values. NAN when nothing is finite.
 */
double pl__image_quantile(float *values, size_t count, double q);
/** Median and 1.4826 * median absolute deviation; values are reordered. */
void pl__image_median_mad(float *values, size_t count, double *median, double *sigma);
/**
 * A robust line y = a + b x through points of which some are wrong: repeated medians of slopes to
 * start, then Tukey-weighted least squares. weight[] (may be NULL) receives each point's final
 * weight in [0, 1].
 * @param tolerance no residual below this is held against a point. @return false with fewer than 3
 * points.
 */
bool pl__image_robust_line(const double *x, const double *y, int count, double tolerance,
                           pl_arena *arena, double *a, double *b, double *weight);

/* ---- resampling ---- */

/** Cubic convolution (Keys, a = -0.5) at (x, y); NAN within a pixel of the border or where a tap is
 * NAN. */
float pl__image_cubic(const float *plane, int width, int height, double x, double y);
/** Bilinear at (x, y); NAN off the image. */
float pl__image_linear(const float *plane, int width, int height, double x, double y);
/**
 * Straightens: output pixel (i, j)'s centre is read at  (x0, y0) + (i + 0.5) * step_i + (j + 0.5) *
 * step_j, cubic. All bands. @return false when out of memory.
 */
bool pl__image_strip(const pl_image *image, double x0, double y0, const double step_i[2],
                     const double step_j[2], int width, int height, pl_arena *arena, pl_image *out);

/* ---- masks: one byte a pixel, 0 or 1 ---- */

/** Morphological closing (grow, then shrink) or opening by a disc of the given radius in pixels, in
 * place. */
bool pl__image_close(unsigned char *mask, int width, int height, int radius);
bool pl__image_open(unsigned char *mask, int width, int height, int radius);
bool pl__image_dilate(unsigned char *mask, int width, int height, int radius);
/** Box mean of (2 radius + 1) pixels a side; NaN pixels are left out of the mean and stay NaN. */
bool pl__image_box(const float *in, int width, int height, int radius, pl_arena *arena,
                   float **out);

/** A connected blob (8 neighbours) with its holes filled, as far as wanted. */
typedef struct pl_blob {
    double area;                  /* pixels, filled holes counted */
    double x, y;                  /* centre of its smallest turned rectangle, corner convention */
    double long_side, short_side; /* of that rectangle */
    double angle_rad;             /* of the long side against the x axis, towards +y, in [0, pi) */
    int x0, y0, x1, y1;           /* upright box, x1 and y1 beyond the last pixel */
} pl_blob;
/**
 * Blobs of at least min_area pixels, largest first. In `label` (width * height, may be NULL) the
 * pixels of blob k, holes included, receive k + 1; holes of more than most_hole pixels do not, and
 * what lies in them is a blob of its own. Without label only what lies in no other blob is one.
 * @return false when out of memory.
 */
bool pl__image_blobs(const unsigned char *mask, int width, int height, double min_area,
                     double most_hole, pl_arena *arena, pl_blob **out, int *count, int *label);

/** The same without labels, and quicker: every area whose smallest turned rectangle is at least
 * min_long and at most most_long long, with all its holes filled, those that lie in a hole of
 * another too. In the order in which they are found. @return false when out of memory. */
bool pl__image_areas(const unsigned char *mask, int width, int height, double min_long,
                     double most_long, pl_arena *arena, pl_blob **out, int *count);

/** One rim of a mask's area or hole: the pixels along it in order, closed, counted from 0. */
typedef struct pl_rim {
    int count;
    int (*at)[2]; /* x, y */
} pl_rim;
/** All rims of at least min_points pixels. @return false when out of memory. */
bool pl__image_rims(const unsigned char *mask, int width, int height, int min_points,
                    pl_arena *arena, pl_rim **out, int *count);

/* ---- spectra ---- */

/**
 * How many independent looks is a series of correlated residuals worth? n / (1 + 2 sum of its
 * autocorrelation up to the first zero), by FFT with zero padding (Wiener-Khinchin). Between 1 and
 * n.
 */
double pl__image_looks(const double *series, int n);

/** How far one plane is shifted against another. */
typedef struct pl_shift {
    double x_px, y_px;   /* to be added to places in b, to lie on a */
    double sigma_px;     /* of either, by the noise beside the peak */
    double peak, second; /* heights: equal pictures 1; of the highest place elsewhere */
    double spread;       /* of the surface away from the peak; NAN: one plane is empty */
    double curvature;    /* of the peak, over its height, per square pixel */
} pl_shift;
/**
 * Phase correlation of two planes of one size, to parts of a pixel (src/image/shift.c). Is it a
 * shift at all? That is for the caller, by peak, second and spread. NAN pixels are left out.
 * @param most_px a larger shift is not looked for. @return false when out of memory.
 */
bool pl__image_shift(const float *a, const float *b, int width, int height, double most_px,
                     pl_shift *out);

#endif
