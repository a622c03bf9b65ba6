/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a JSON text say? jansson parses; this door limits size, knows no depth beyond jansson's
 * own 2048, and reads every missing thing as missing, so that callers can walk without asking at
 * each step. Integers are read as doubles: an id of thirty digits is then no error. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "io/io.h"

enum { SIZE_LIMIT = 256 << 20 };

static pl_json *parse(const char *text, size_t length, size_t flags, const char *file,
                      pl_error *error) {
    if (length > SIZE_LIMIT) {
        pl__fail(error, PL_E_LIMIT, "io", "%s: larger than %d bytes", file, SIZE_LIMIT);
        return NULL;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
        text += 3;
        length -= 3;
    }
    json_error_t problem;
    json_t *root = json_loadb(text, length, JSON_DECODE_INT_AS_REAL | flags, &problem);
    if (!root)
        pl__fail(error, PL_E_FORMAT, "io", "%s:%d:%d: not JSON: %s", file, problem.line,
                 problem.column, problem.text);
    return root;
}

pl_json *pl__json_parse(const char *text, size_t length, const char *file, pl_error *error) {
    return parse(text, length, 0, file, error);
}

pl_json *pl__json_parse_once(const char *text, size_t length, const char *file, pl_error *error) {
    return parse(text, length, JSON_REJECT_DUPLICATES, file, error);
}

void pl__json_free(pl_json *node) {
    json_decref(node);
}

const pl_json *pl__json_get(const pl_json *object, const char *key) {
    return object ? json_object_get(object, key) : NULL;
}

const pl_json *pl__json_at(const pl_json *array, size_t index) {
    return array ? json_array_get(array, index) : NULL;
}

size_t pl__json_size(const pl_json *array) {
    return array ? json_array_size(array) : 0;
}

bool pl__json_is_object(const pl_json *node) {
    return node && json_is_object(node);
}

bool pl__json_is_array(const pl_json *node) {
    return node && json_is_array(node);
}

bool pl__json_is_null(const pl_json *node) {
    return !node || json_is_null(node);
}

double pl__json_number(const pl_json *node) {
    return node && json_is_number(node) ? json_number_value(node) : (double)NAN;
}

const char *pl__json_string(const pl_json *node) {
    return node && json_is_string(node) ? json_string_value(node) : NULL;
}

void pl__json_each(const pl_json *object, void (*visit)(const char *, const pl_json *, void *),
                   void *context) {
    if (!pl__json_is_object(object)) return;
    const char *key;
    json_t *value;
    /* jansson's iteration keeps the file's order; it takes a non-const object but changes none */
    json_t *walked = (json_t *)(uintptr_t)object;
    json_object_foreach(walked, key, value) visit(key, value, context);
}
