/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who frees what a scene yields? Nobody but pl_arena_free.
 *
 * Blocks are chained malloc'ed pieces, one per request: a scene asks a few hundred times, mostly
 * for whole images, so there is nothing to gain from carving, and ASan sees every block's edges.
 * All is zero: calloc knows which pages come from the kernel and are so already, and an image that
 * is about to be read over is not written twice. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"

enum { ALIGNMENT = 64, LARGE = 8 << 20 };

typedef struct block {
    struct block *next;
    void *whole; /* as calloc gave it; the block itself is aligned */
} block;

struct pl_arena {
    block *blocks;
    size_t used, limit;
};

pl_arena *pl_arena_new(size_t limit_bytes) {
    pl_arena *arena = calloc(1, sizeof *arena);
    if (arena) arena->limit = limit_bytes ? limit_bytes : SIZE_MAX;
    return arena;
}

void pl_arena_free(pl_arena *arena) {
    if (!arena) return;
    for (block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        free(b->whole);
    }
    free(arena);
}

/* An image of 160 MB touches 40000 pages for the first time, which costs as much as a third of its
 * decoding; 80 large ones cost next to nothing. A kernel that has none says no, and nothing is
 * lost. */
static void ask_for_large_pages(char *begin, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t skip = (page - (uintptr_t)begin % page) % page;
    (void)madvise(begin + skip, (size - skip) / page * page, MADV_HUGEPAGE);
}

void *pl__arena_alloc(pl_arena *arena, size_t size) {
    if (size > SIZE_MAX - 2 * ALIGNMENT) return NULL;
    size_t whole = ALIGNMENT + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (whole > arena->limit - arena->used) return NULL;
    char *begin = calloc(1, whole + ALIGNMENT);
    if (!begin) return NULL;
    if (whole >= LARGE) ask_for_large_pages(begin, whole);
    block *b = (block *)(begin + (ALIGNMENT - (uintptr_t)begin % ALIGNMENT) % ALIGNMENT);
    b->whole = begin;
    b->next = arena->blocks;
    arena->blocks = b;
    arena->used += whole;
    return (char *)b + ALIGNMENT;
}

void *pl__arena_array(pl_arena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) return NULL;
    return pl__arena_alloc(arena, count * size);
}

bool pl__arena_image(pl_arena *arena, int width, int height, int bands, pl_image *out) {
    *out = (pl_image){0, 0, 0, NULL};
    if (width <= 0 || height <= 0 || bands <= 0) return false;
    size_t pixels = (size_t)width * (size_t)height; /* < 2^62: cannot overflow */
    if (pixels > SIZE_MAX / (size_t)bands) return false;
    float *data = pl__arena_array(arena, pixels * (size_t)bands, sizeof *data);
    if (!data) return false;
    *out = (pl_image){width, height, bands, data};
    return true;
}
