/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of these shapes are ships, and which shape is the ship's?
 *
 * A small network (models/ship_judge.onnx, its card beside it) looks at each shape laid along its
 * axis, and at the rectangle that is claimed for it. Where several shapes lie on one another the
 * likeliest stays. */
#include "hull/judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/io.h"

static const char FLOOR[] = "hull";
enum { BATCH = 32, OUTPUTS = 2 };
enum { MODEL_BYTES_MOST = 16 << 20 };
static const double UNIT = 32.0; /* as views.c writes chips */
static const double ROUND = 1e4; /* answers are told to so many parts: no compiler's last bit */
enum { ALONG = 7, ACROSS = 3 };  /* points of a shape that are looked for in the other */

pl_status pl__judge_open(const char *models_dir, pl_net **out, pl_error *error) {
    char file[1200], problem[300], *bytes;
    size_t size;
    *out = NULL;
    snprintf(file, sizeof file, "%s/ship_judge.onnx", models_dir);
    if (!pl__io_file_exists(file)) return PL_OK;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    pl_status status = pl__io_file_read(file, MODEL_BYTES_MOST, arena, &bytes, &size, error);
    if (status == PL_OK) {
        *out = pl__net_read((const unsigned char *)bytes, size, problem, sizeof problem);
        if (!*out) status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: %.200s", file, problem);
    }
    pl_arena_free(arena);
    return status;
}

typedef struct cutting {
    const pl_views *views;
    const pl_shape *shapes;
    float *chips;
} cutting;

static void cut(int index, int worker, void *context) {
    const cutting *c = context;
    int8_t chip[PL_CHIP_SIZE];
    (void)worker;
    pl__views_chip(c->views, &c->shapes[index], chip);
    for (int i = 0; i < PL_CHIP_SIZE; i++)
        c->chips[(size_t)index * PL_CHIP_SIZE + (size_t)i] = (float)(chip[i] / UNIT);
}

pl_status pl__judge_shapes(pl_net *net, const pl_views *views, const pl_shape *shapes, int count,
                           pl_verdict *out, pl_error *error) {
    pl_status status = PL_OK;
    float *chips = malloc(sizeof *chips * PL_CHIP_SIZE * BATCH), answer[BATCH * OUTPUTS];
    if (!chips) return pl__fail_memory(error, FLOOR);
    for (int from = 0; from < count && status == PL_OK; from += BATCH) {
        int some = count - from < BATCH ? count - from : BATCH;
        cutting c = {views, shapes + from, chips};
        pl__parallel(some, pl__workers(), cut, &c);
        if (!pl__net_run(net, chips, some, PL_CHIP_PLANES, PL_CHIP_HEIGHT, PL_CHIP_WIDTH, answer,
                         OUTPUTS))
            status =
                pl__fail(error, PL_E_FORMAT, FLOOR, "ship_judge.onnx does not answer as it should");
        for (int k = 0; k < some && status == PL_OK; k++) {
            out[from + k] = (pl_verdict){round(ROUND * (double)answer[OUTPUTS * k]) / ROUND,
                                         round(ROUND * (double)answer[OUTPUTS * k + 1]) / ROUND};
        }
    }
    free(chips);
    return status;
}

static double share_in(const pl_shape *a, const pl_shape *b) {
    int in = 0;
    double ca = cos(a->angle_rad), sa = sin(a->angle_rad), cb = cos(b->angle_rad),
           sb = sin(b->angle_rad);
    for (int i = 0; i < ALONG; i++) {
        for (int j = 0; j < ACROSS; j++) {
            double u = (0.9 * i / (ALONG - 1) - 0.45) * a->length,
                   w = (0.7 * j / (ACROSS - 1) - 0.35) * a->beam;
            double x = a->x + u * ca - w * sa - b->x, y = a->y + u * sa + w * ca - b->y;
            in +=
                fabs(x * cb + y * sb) <= 0.5 * b->length && fabs(y * cb - x * sb) <= 0.5 * b->beam;
        }
    }
    return (double)in / (ALONG * ACROSS);
}

double pl__shape_common(const pl_shape *a, const pl_shape *b) {
    return pl__max(share_in(a, b), share_in(b, a));
}

typedef struct rank {
    double value;
    int index;
} rank;

static int best_first(const void *a, const void *b) {
    const rank *p = a, *q = b;
    if (p->value != q->value) return p->value < q->value ? 1 : -1;
    return p->index - q->index;
}

int pl__judge_pick(const pl_shape *shapes, const pl_verdict *verdicts, int count, double least,
                   pl_arena *arena, int **out) {
    int likely = 0, picked = 0;
    rank *list = pl__arena_array(arena, (size_t)count + 1, sizeof *list);
    *out = pl__arena_array(arena, (size_t)count + 1, sizeof **out);
    if (!list || !*out) return -1;
    for (int k = 0; k < count; k++)
        if (verdicts[k].ship >= least)
            list[likely++] = (rank){verdicts[k].ship * verdicts[k].overlap, k};
    qsort(list, (size_t)likely, sizeof *list, best_first);
    for (int k = 0; k < likely; k++) {
        bool again = false;
        for (int i = 0; i < picked && !again; i++)
            again =
                pl__shape_common(&shapes[list[k].index], &shapes[(*out)[i]]) >= PL__SHAPE_COMMON;
        if (!again) (*out)[picked++] = list[k].index;
    }
    return picked;
}
