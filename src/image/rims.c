/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels lie along the rims of a mask's areas and holes, in order? By OpenCV. */
#include "image/contours.h"
#include "image/image.h"

bool pl__image_rims(const unsigned char *mask, int width, int height, int min_points,
                    pl_arena *arena, pl_rim **out, int *count) {
    bool ok = false;
    *out = NULL;
    *count = 0;
    pl_contours contours;
    if (!pl__contours_find(mask, width, height, CV_RETR_LIST, &contours)) goto done;
    int rims = 0;
    for (CvSeq *c = contours.first; c; c = c->h_next) rims += c->total >= min_points;
    pl_rim *list = pl__arena_array(arena, (size_t)rims + 1, sizeof *list);
    if (!list) goto done;
    for (CvSeq *c = contours.first; c; c = c->h_next) {
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
    pl__contours_release(&contours);
    return ok;
}
