/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Into which pieces is a large area cut? */
#ifndef PL_PORT_BLOCKS_H
#define PL_PORT_BLOCKS_H

#include <stdbool.h>

typedef struct pl_box {
    double x0, y0, x1, y1;
} pl_box;

typedef struct pl_blocks {
    pl_box window;
    double margin; /* by which neighbours overlap */
    int columns, rows;
} pl_blocks;

/** Cuts a window into the fewest blocks of at most `most` square pixels each, margins counted.
 * @return false when a block would be smaller than its own margins. */
bool pl__blocks_cut(const pl_box *window, double margin, double most, pl_blocks *out);
/** Block number `index`, row by row: its core, and with the margins what is to be read. */
void pl__blocks_at(const pl_blocks *blocks, int index, pl_box *core, pl_box *read);

#endif
