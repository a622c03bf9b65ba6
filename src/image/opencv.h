/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one door to OpenCV's C API. Only files of image/ may include it; images cross it as plain
 * memory.
 *
 * OpenCV's C API throws C++ exceptions on misuse, which nothing in C can catch: every caller checks
 * sizes and types before the call, so that the only exception left is OpenCV running out of memory.
 */
#ifndef PL_IMAGE_OPENCV_H
#define PL_IMAGE_OPENCV_H

#include <opencv2/core/core_c.h>
#include <opencv2/imgproc/imgproc_c.h>

#endif
