/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every floor leans on: errors, one scene's memory, text. */
#ifndef PL_BASE_BASE_H
#define PL_BASE_BASE_H

#include <stdarg.h>

#include "plimsoll/base.h"

/** Writes status and message into error (which may be NULL) and returns status, so that a failure
 * is one line. */
pl_status pl__fail(pl_error *error, pl_status status, const char *floor, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/** pl__fail for an arena that gave nothing. */
pl_status pl__fail_memory(pl_error *error, const char *floor);

/** size bytes, zeroed, aligned to 64; NULL when out of memory or past the arena's limit. */
void *pl__arena_alloc(pl_arena *arena, size_t size);
/** count * size bytes, zeroed; NULL also when the product overflows. */
void *pl__arena_array(pl_arena *arena, size_t count, size_t size);
/** An image of the given size, zeroed. @return false when out of memory. */
bool pl__arena_image(pl_arena *arena, int width, int height, int bands, pl_image *out);

/** Plane `band` of an image. */
static inline float *pl__plane(const pl_image *image, int band) {
    return image->data + (size_t)band * (size_t)image->height * (size_t)image->width;
}

/** How many threads pl__parallel may use here. */
int pl__workers(void);
/** Lets pl__parallel use at most so many from here on, in the calling thread's stretches. For a
 * process that shares the machine with others of its kind. */
void pl__workers_limit(int most);
/** Calls work for every index below count, on `workers` threads; worker < workers tells them apart.
 */
void pl__parallel(int count, int workers, void (*work)(int index, int worker, void *context),
                  void *context);

/** Copies text, always terminated; cuts at a UTF-8 boundary. */
void pl__text_copy(char *out, size_t size, const char *text);
/** Parses a whole string as a finite double in the C locale. @return false on anything else. */
bool pl__text_number(const char *text, double *out);

/** Random numbers of one stream and draw (src/base/random.c). A plain value. */
typedef struct pl_random {
    uint64_t state;
} pl_random;
/** A stream's name from a text; base: another name, so that names can be made of several. */
uint64_t pl__random_name(uint64_t base, const char *text);
pl_random pl__random_at(uint64_t seed, uint64_t stream, uint64_t draw);
/** In (0, 1), both ends excluded. */
double pl__random_uniform(pl_random *random);
/** Standard normal. */
double pl__random_normal(pl_random *random);

static inline double pl__min(double a, double b) {
    return a < b ? a : b;
}
static inline double pl__max(double a, double b) {
    return a > b ? a : b;
}
static inline double pl__clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

#define PL_PI 3.14159265358979323846
#define PL_RAD_PER_DEG (PL_PI / 180.0)
#define PL_DEG_PER_RAD (180.0 / PL_PI)

#endif
