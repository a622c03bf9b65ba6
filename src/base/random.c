/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do random numbers come from that belong to somebody?
 *
 * A stream is named (by a ship, a call, a cause) and numbered by the draw; its numbers are made
 * from that name alone, by the finaliser of SplitMix64 (Steele, Lea, Flood 2014), the generator
 * that seeds others. So a draw can be made again where it is needed, in any order, and one more
 * ship in a table changes nothing of the others' draws. Good for thousands of numbers a stream. */
#include <math.h>

#include "base/base.h"

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15ULL; /* 2^64 over the golden ratio, odd */

static uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ x >> 31;
}

uint64_t pl__random_name(uint64_t base, const char *text) {
    uint64_t name = mix(base + GOLDEN);
    for (; *text; text++) name = mix(name + GOLDEN * (1 + (uint64_t)(unsigned char)*text));
    return name;
}

pl_random pl__random_at(uint64_t seed, uint64_t stream, uint64_t draw) {
    return (pl_random){mix(mix(mix(seed + GOLDEN) + stream) + GOLDEN * (draw + 1))};
}

double pl__random_uniform(pl_random *random) {
    random->state += GOLDEN;
    return ((double)(mix(random->state) >> 11) + 0.5) * 0x1p-53;
}

/* Box and Muller's, one of the two. */
double pl__random_normal(pl_random *random) {
    double radius = sqrt(-2 * log(pl__random_uniform(random)));
    return radius * cos(2 * PL_PI * pl__random_uniform(random));
}
