/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a tree of values become JSON text? A jansson tree is built as the calls come in and
 * dumped at the end: jansson knows the escapes and prints numbers the same in every locale.
 *
 * Numbers are rounded to the decimals asked for and printed with at most 15 significant digits, the
 * most that any double carries through text, so that 0.1 is "0.1" and not "0.10000000000000001".
 * What JSON cannot say (NaN, infinities) is null; what is no UTF-8 (file names may be anything) is
 * replaced byte by byte with U+FFFD. A failure sticks: the callers ask once, at the end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "io/io.h"

enum { DEPTH_MAX = 64 }; /* ours is five; more is a loop gone wrong */

struct pl_json_out {
    json_t *root;             /* owned */
    json_t *stack[DEPTH_MAX]; /* open containers, borrowed from root */
    int depth;
    bool pretty, failed;
};

pl_json_out *pl__json_out_new(bool pretty) {
    pl_json_out *out = calloc(1, sizeof *out);
    if (out) out->pretty = pretty;
    return out;
}

void pl__json_out_free(pl_json_out *out) {
    if (!out) return;
    json_decref(out->root);
    free(out);
}

/* Takes value (also on failure) and hangs it where the writer stands. */
static void put(pl_json_out *out, const char *key, json_t *value) {
    json_t *parent = out->depth > 0 ? out->stack[out->depth - 1] : NULL;
    bool fine = value && !out->failed;
    if (!fine) {
        json_decref(value);
    } else if (!parent) {
        fine = !out->root && !key;
        if (fine)
            out->root = value;
        else
            json_decref(value);
    } else if (json_is_object(parent)) {
        fine = json_object_set_new(parent, key, value) == 0; /* refuses a NULL key */
    } else {
        fine = json_array_append_new(parent, value) == 0 && !key;
    }
    if (!fine) out->failed = true;
}

static void begin(pl_json_out *out, const char *key, json_t *container) {
    if (!out) {
        json_decref(container);
        return;
    }
    put(out, key, container);
    if (out->depth == DEPTH_MAX) out->failed = true;
    if (!out->failed) out->stack[out->depth++] = container;
}

void pl__json_begin_object(pl_json_out *out, const char *key) {
    begin(out, key, json_object());
}

void pl__json_begin_array(pl_json_out *out, const char *key) {
    begin(out, key, json_array());
}

void pl__json_end(pl_json_out *out) {
    if (!out) return;
    if (out->depth > 0)
        out->depth--;
    else
        out->failed = true;
}

/* Half away from zero, as people round; numbers too large to have such decimals stay. */
static double rounded(double value, int decimals) {
    double scale = pow(10.0, decimals);
    double scaled = value * scale;
    if (!isfinite(scaled) || fabs(scaled) >= 0x1p52) return value;
    double result = round(scaled) / scale;
    return result == 0.0 ? 0.0 : result; /* no minus zero */
}

void pl__json_put_number(pl_json_out *out, const char *key, double value, int decimals) {
    if (!out) return;
    if (!isfinite(value)) {
        put(out, key, json_null());
        return;
    }
    double result = rounded(value, decimals);
    if (decimals <= 0 && fabs(result) < 0x1p52) /* "3", not "3.0" */
        put(out, key, json_integer((json_int_t)result));
    else
        put(out, key, json_real(result));
}

void pl__json_put_quantity(pl_json_out *out, const char *key, const char *sigma_key, pl_quantity q,
                           int decimals) {
    pl__json_put_number(out, key, q.value, decimals);
    pl__json_put_number(out, sigma_key, q.sigma, decimals);
}

void pl__json_put_integer(pl_json_out *out, const char *key, long long value) {
    if (out) put(out, key, json_integer(value));
}

/* Bytes of the UTF-8 character at text, 0 when there is none: overlong forms, surrogates and what
 * lies beyond U+10FFFF are none. */
static size_t character(const unsigned char *text) {
    unsigned char c = text[0];
    if (c < 0x80) return 1;
    size_t length = c >= 0xC2 && c <= 0xDF   ? 2
                    : (c & 0xF0) == 0xE0     ? 3
                    : c >= 0xF0 && c <= 0xF4 ? 4
                                             : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80) return 0; /* also the NUL */
    if (c == 0xE0 && text[1] < 0xA0) return 0;
    if (c == 0xED && text[1] > 0x9F) return 0;
    if (c == 0xF0 && text[1] < 0x90) return 0;
    if (c == 0xF4 && text[1] > 0x8F) return 0;
    return length;
}

/* A copy with every byte that belongs to no character replaced. NULL out of memory. */
static char *as_utf8(const char *text) {
    size_t length = strlen(text), used = 0;
    char *copy = length < SIZE_MAX / 4 ? malloc(3 * length + 1) : NULL;
    if (!copy) return NULL;
    for (size_t i = 0; i < length;) {
        size_t bytes = character((const unsigned char *)text + i);
        memcpy(copy + used, bytes ? text + i : "\xEF\xBF\xBD", bytes ? bytes : 3);
        used += bytes ? bytes : 3;
        i += bytes ? bytes : 1;
    }
    copy[used] = '\0';
    return copy;
}

void pl__json_put_string(pl_json_out *out, const char *key, const char *value) {
    if (!out) return;
    if (!value) {
        put(out, key, json_null());
        return;
    }
    char *copy = as_utf8(value);
    put(out, key, copy ? json_string(copy) : NULL);
    free(copy);
}

void pl__json_put_bool(pl_json_out *out, const char *key, bool value) {
    if (out) put(out, key, json_boolean(value));
}

void pl__json_put_null(pl_json_out *out, const char *key) {
    if (out) put(out, key, json_null());
}

char *pl__json_out_finish(pl_json_out *out) {
    if (!out || out->failed || out->depth != 0 || !out->root) return NULL;
    size_t form = out->pretty ? JSON_INDENT(2) : JSON_COMPACT;
    return json_dumps(out->root, JSON_REAL_PRECISION(15) | JSON_ENCODE_ANY | form);
}
