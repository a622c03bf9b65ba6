/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contours of a byte mask, as OpenCV holds them. For files of image/ only. */
#ifndef PL_IMAGE_CONTOURS_H
#define PL_IMAGE_CONTOURS_H

#include "image/opencv.h"

typedef struct pl_contours {
    CvMat *work;
    CvMemStorage *storage;
    CvSeq *first; /* points through pixel centres, every one; the next by h_next */
} pl_contours;

/** @param mode CV_RETR_EXTERNAL or CV_RETR_LIST. @return false out of memory. To be released in
 * either case; the contours go with it. */
bool pl__contours_find(const unsigned char *mask, int width, int height, int mode,
                       pl_contours *out);
void pl__contours_release(pl_contours *contours);

#endif
