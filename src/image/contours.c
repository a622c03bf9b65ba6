/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do the contours of a byte mask run? By OpenCV, which eats the mask: it gets a copy. */
#include "image/contours.h"

#include <string.h>

bool pl__contours_find(const unsigned char *mask, int width, int height, int mode,
                       pl_contours *out) {
    *out = (pl_contours){cvCreateMat(height, width, CV_8UC1), cvCreateMemStorage(0), NULL};
    if (!out->work || !out->storage) return false;
    for (int y = 0; y < height; y++) {
        memcpy(out->work->data.ptr + (size_t)y * (size_t)out->work->step,
               mask + (size_t)y * (size_t)width, (size_t)width);
    }
    cvFindContours(out->work, out->storage, &out->first, sizeof(CvContour), mode,
                   CV_CHAIN_APPROX_NONE, cvPoint(0, 0));
    return true;
}

void pl__contours_release(pl_contours *contours) {
    if (contours->storage) cvReleaseMemStorage(&contours->storage);
    if (contours->work) cvReleaseMat(&contours->work);
}
