/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small trained network, run by OpenCV's dnn. The one door to C++ in the house. */
#ifndef PL_IMAGE_NET_H
#define PL_IMAGE_NET_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A network that was read. Not for several threads at once. */
typedef struct pl_net pl_net;

/** Reads an ONNX model from memory. @param problem receives what was wrong with it.
 * @return yours to give to pl__net_free; NULL when it is no model that OpenCV can run. */
pl_net *pl__net_read(const unsigned char *onnx, size_t size, char *problem, size_t problem_size);
void pl__net_free(pl_net *net);

/** Runs it on `count` inputs of planes * height * width floats. @param out receives `count` times
 * `outputs` floats. @return false when the network does not give so many, or on want of memory. */
bool pl__net_run(pl_net *net, const float *in, int count, int planes, int height, int width,
                 float *out, int outputs);

#ifdef __cplusplus
}
#endif
#endif
