/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels hang together, and in what shape? Morphology and contours by OpenCV on byte masks.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/contours.h"
#include "image/image.h"
#include "image/opencv.h"

typedef enum operation { CLOSE, OPEN, DILATE } operation;

/* A disc that looks the same from all four sides; OpenCV's own ellipse does not, and found other
 * things in a picture than in the same picture turned. */
static IplConvKernel *new_disc(int radius) {
    int side = 2 * radius + 1;
    int *inside = malloc((size_t)side * (size_t)side * sizeof *inside);
    if (!inside) return NULL;
    for (int y = -radius; y <= radius; y++) {
        for (int x = -radius; x <= radius; x++)
            inside[(y + radius) * side + x + radius] = x * x + y * y <= radius * (radius + 1);
    }
    IplConvKernel *disc =
        cvCreateStructuringElementEx(side, side, radius, radius, CV_SHAPE_CUSTOM, inside);
    free(inside);
    return disc;
}

static bool morph(unsigned char *mask, int width, int height, int radius, operation what) {
    if (radius <= 0) return true;
    /* a border of background as wide as the kernel: OpenCV would else let closing flow off the
     * image */
    int pad = 2 * radius + 1;
    CvMat *padded = cvCreateMat(height + 2 * pad, width + 2 * pad, CV_8UC1);
    IplConvKernel *disc = new_disc(radius);
    bool ok = padded && disc;
    if (ok) {
        cvSetZero(padded);
        for (int y = 0; y < height; y++) {
            memcpy(padded->data.ptr + (size_t)(y + pad) * (size_t)padded->step + pad,
                   mask + (size_t)y * (size_t)width, (size_t)width);
        }
        if (what == DILATE) {
            cvDilate(padded, padded, disc, 1);
        } else {
            cvMorphologyEx(padded, padded, NULL, disc, what == CLOSE ? CV_MOP_CLOSE : CV_MOP_OPEN,
                           1);
        }
        for (int y = 0; y < height; y++) {
            memcpy(mask + (size_t)y * (size_t)width,
                   padded->data.ptr + (size_t)(y + pad) * (size_t)padded->step + pad,
                   (size_t)width);
        }
    }
    if (disc) cvReleaseStructuringElement(&disc);
    if (padded) cvReleaseMat(&padded);
    return ok;
}

bool pl__image_close(unsigned char *mask, int width, int height, int radius) {
    return morph(mask, width, height, radius, CLOSE);
}

bool pl__image_open(unsigned char *mask, int width, int height, int radius) {
    return morph(mask, width, height, radius, OPEN);
}

bool pl__image_dilate(unsigned char *mask, int width, int height, int radius) {
    return morph(mask, width, height, radius, DILATE);
}

bool pl__image_box(const float *in, int width, int height, int radius, pl_arena *arena,
                   float **out) {
    size_t count = (size_t)width * (size_t)height;
    float *result = pl__arena_array(arena, count, sizeof *result);
    double *sum = pl__arena_array(arena, (size_t)width + 1, sizeof *sum);
    int *valid = pl__arena_array(arena, (size_t)width + 1, sizeof *valid);
    if (!result || !sum || !valid) return false;
    for (int y = 0; y < height; y++) {
        int top = y - radius < 0 ? 0 : y - radius,
            bottom = y + radius >= height ? height - 1 : y + radius;
        sum[0] = 0;
        valid[0] = 0;
        for (int x = 0; x < width; x++) { /* running sums along the row of column sums */
            double column = 0;
            int n = 0;
            for (int k = top; k <= bottom; k++) {
                float v = in[(size_t)k * (size_t)width + (size_t)x];
                if (!isnan(v)) {
                    column += (double)v;
                    n++;
                }
            }
            sum[x + 1] = sum[x] + column;
            valid[x + 1] = valid[x] + n;
        }
        for (int x = 0; x < width; x++) {
            int left = x - radius < 0 ? 0 : x - radius,
                right = x + radius >= width ? width : x + radius + 1;
            int n = valid[right] - valid[left];
            size_t at = (size_t)y * (size_t)width + (size_t)x;
            result[at] = isnan(in[at]) || n == 0 ? NAN : (float)((sum[right] - sum[left]) / n);
        }
    }
    *out = result;
    return true;
}

static pl_blob describe(CvSeq *contour) {
    CvBox2D box = cvMinAreaRect2(contour, NULL);
    CvRect upright = cvBoundingRect(contour, 0);
    double w = (double)box.size.width, h = (double)box.size.height;
    double angle = (double)box.angle * PL_RAD_PER_DEG + (w >= h ? 0.0 : PL_PI / 2);
    angle = fmod(angle, PL_PI);
    if (angle < 0) angle += PL_PI;
    /* contours run through pixel centres counted from 0: half a pixel to the corner convention, one
     * to the sides */
    return (pl_blob){
        .area = fabs(cvContourArea(contour, CV_WHOLE_SEQ, 0)),
        .x = (double)box.center.x + 0.5,
        .y = (double)box.center.y + 0.5,
        .long_side = pl__max(w, h) + 1.0,
        .short_side = pl__min(w, h) + 1.0,
        .angle_rad = angle,
        .x0 = upright.x,
        .y0 = upright.y,
        .x1 = upright.x + upright.width,
        .y1 = upright.y + upright.height,
    };
}

typedef struct found {
    pl_blob blob;
    CvSeq *contour;
} found;

static int larger_first(const void *a, const void *b) {
    const pl_blob *p = &((const found *)a)->blob, *q = &((const found *)b)->blob;
    if (p->area != q->area) return p->area < q->area ? 1 : -1;
    if (p->y0 != q->y0) return p->y0 < q->y0 ? -1 : 1;
    return (p->x0 > q->x0) - (p->x0 < q->x0);
}

/* Writes one blob's pixels into the labels, but not into holes that are too large; takes their area
 * away. */
static void write_label(const found *f, int value, double most_hole, CvMat *view, pl_blob *blob) {
    CvPoint origin = cvPoint(0, 0);
    cvDrawContours(view, f->contour, cvScalarAll(value), cvScalarAll(value), 0, CV_FILLED, 8,
                   origin);
    for (CvSeq *hole = f->contour->v_next; hole; hole = hole->h_next) {
        double area = fabs(cvContourArea(hole, CV_WHOLE_SEQ, 0));
        if (area <= most_hole) continue;
        blob->area -= area;
        /* a hole's rim runs through pixels of the blob: they stay its own */
        cvDrawContours(view, hole, cvScalarAll(0), cvScalarAll(0), 0, CV_FILLED, 8, origin);
        cvDrawContours(view, hole, cvScalarAll(value), cvScalarAll(value), 0, 1, 8, origin);
    }
}

/* What lies in a hole that was filled is no blob of its own. */
static bool lies_in_another(const found *f, const int *label, int width) {
    const CvPoint *first = (const CvPoint *)cvGetSeqElem(f->contour, 0);
    return label[(size_t)first->y * (size_t)width + (size_t)first->x] != 0;
}

bool pl__image_blobs(const unsigned char *mask, int width, int height, double min_area,
                     double most_hole, pl_arena *arena, pl_blob **out, int *count, int *label) {
    bool ok = false;
    *out = NULL;
    *count = 0;
    found *list = NULL;
    int listed = 0;
    pl_contours contours;
    if (!pl__contours_find(mask, width, height, label ? CV_RETR_CCOMP : CV_RETR_EXTERNAL,
                           &contours))
        goto done;
    int all = 0;
    for (CvSeq *c = contours.first; c; c = c->h_next) all++;
    list = malloc((size_t)(all > 0 ? all : 1) * sizeof *list);
    if (!list) goto done;
    for (CvSeq *c = contours.first; c; c = c->h_next) {
        if (c->total < 3) continue;
        pl_blob blob = describe(c);
        if (blob.area >= min_area) list[listed++] = (found){blob, c};
    }
    qsort(list, (size_t)listed, sizeof *list, larger_first);
    pl_blob *blobs = pl__arena_array(arena, (size_t)(listed > 0 ? listed : 1), sizeof *blobs);
    if (!blobs) goto done;
    int kept = 0;
    CvMat view = cvMat(height, width, CV_32SC1, label);
    if (label) memset(label, 0, (size_t)width * (size_t)height * sizeof *label);
    for (int k = 0; k < listed; k++) {
        if (label && lies_in_another(&list[k], label, width)) continue;
        blobs[kept] = list[k].blob;
        if (label) write_label(&list[k], kept + 1, most_hole, &view, &blobs[kept]);
        kept++;
    }
    *out = blobs;
    *count = kept;
    ok = true;
done:
    free(list);
    pl__contours_release(&contours);
    return ok;
}

/* The upright box tells most of them without a closer look. */
static bool may_fit(const CvSeq *contour, double min_long, double most_long) {
    const CvRect box = ((const CvContour *)contour)->rect;
    double diagonal = hypot(box.width, box.height);
    return diagonal >= min_long && pl__max(box.width, box.height) <= most_long;
}

bool pl__image_areas(const unsigned char *mask, int width, int height, double min_long,
                     double most_long, pl_arena *arena, pl_blob **out, int *count) {
    pl_contours contours;
    int listed = 0;
    bool ok = pl__contours_find(mask, width, height, CV_RETR_CCOMP, &contours);
    *count = 0;
    for (CvSeq *c = contours.first; ok && c; c = c->h_next)
        listed += may_fit(c, min_long, most_long);
    pl_blob *blobs =
        ok ? pl__arena_array(arena, (size_t)(listed > 0 ? listed : 1), sizeof *blobs) : NULL;
    for (CvSeq *c = contours.first; blobs && c; c = c->h_next) {
        if (!may_fit(c, min_long, most_long)) continue;
        pl_blob blob = describe(c);
        if (blob.long_side >= min_long && blob.long_side <= most_long) blobs[(*count)++] = blob;
    }
    pl__contours_release(&contours);
    *out = blobs;
    return blobs != NULL;
}
