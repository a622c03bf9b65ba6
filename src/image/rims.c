/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels lie along the rims of a mask's areas and holes, in order? By OpenCV. */
#include <string.h>

#include "image/image.h"
#include "image/opencv.h"

bool pl__image_rims(const unsigned char *mask, int width, int height, int min_points,
                    pl_arena *arena, pl_rim **out, int *count) {
    bool ok = false;
    *out = NULL;
    *count = 0;
    CvMat *work = cvCreateMat(height, width, CV_8UC1);
    CvMemStorage *storage = cvCreateMemStorage(0);
    CvSeq *first = NULL;
    if (!work || !storage) goto done;
    for (int y = 0; y < height; y++) {
        memcpy(work->data.ptr + (size_t)y * (size_t)work->step, mask + (size_t)y * (size_t)width,
               (size_t)width);
    }
    cvFindContours(work, storage, &first, sizeof(CvContour), CV_RETR_LIST, CV_CHAIN_APPROX_NONE,
                   cvPoint(0, 0));
    int rims = 0;
    for (CvSeq *c = first; c; c = c->h_next) rims += c->total >= min_points;
    pl_rim *list = pl__arena_array(arena, (size_t)rims + 1, sizeof *list);
    if (!list) goto done;
    for (CvSeq *c = first; c; c = c->h_next) {
        if (c->total < min_points) continue;
        pl_rim *rim = &list[(*count)++];
        rim->count = c->total;
        rim->at = pl__arena_array(arena, (size_t)c->total, sizeof *rim->at);
        if (!rim->at) goto done;
        cvCvtSeqToArray(c, rim->at, CV_WHOLE_SEQ); /* pairs of int, as CvPoint */
    }
    *out = list;
    ok = true;
done:
    if (storage) cvReleaseMemStorage(&storage);
    if (work) cvReleaseMat(&work);
    return ok;
}
