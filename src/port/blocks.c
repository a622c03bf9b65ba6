/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Into which pieces is an area cut that does not fit into memory?
 *
 * Into a grid of equal cores that touch, each read with a margin on the sides where another core
 * follows. The margin is wide enough for half of the longest ship: whatever has its centre in a
 * core lies wholly in that core's block, with water about it. Cuts are added on the longer side of
 * the core until a block fits. */
#include "port/blocks.h"

#include "base/base.h"

/* How far a block of `cores` reaches along one axis. */
static double reach(double length, int cores, double margin) {
    return length / cores + (cores > 2 ? 2.0 : cores - 1.0) * margin;
}

bool pl__blocks_cut(const pl_box *window, double margin, double most, pl_blocks *out) {
    double width = window->x1 - window->x0, height = window->y1 - window->y0;
    *out = (pl_blocks){*window, margin, 1, 1};
    while (reach(width, out->columns, margin) * reach(height, out->rows, margin) > most) {
        bool wide = width / out->columns >= height / out->rows;
        if (wide) {
            out->columns++;
        } else {
            out->rows++;
        }
        if (pl__max(width / out->columns, height / out->rows) < margin) return false;
    }
    return true;
}

static void along(double from, double to, int cores, int k, double margin, double core[2],
                  double read[2]) {
    core[0] = from + (to - from) * k / cores;
    core[1] = k + 1 == cores ? to : from + (to - from) * (k + 1) / cores;
    read[0] = pl__max(from, core[0] - margin);
    read[1] = pl__min(to, core[1] + margin);
}

void pl__blocks_at(const pl_blocks *blocks, int index, pl_box *core, pl_box *read) {
    double cx[2], cy[2], rx[2], ry[2];
    const pl_box *w = &blocks->window;
    along(w->x0, w->x1, blocks->columns, index % blocks->columns, blocks->margin, cx, rx);
    along(w->y0, w->y1, blocks->rows, index / blocks->columns, blocks->margin, cy, ry);
    *core = (pl_box){cx[0], cy[0], cx[1], cy[1]};
    *read = (pl_box){rx[0], ry[0], rx[1], ry[1]};
}
