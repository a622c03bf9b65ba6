/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which names are there, each once, and which of them can be no pictures? */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* FNV-1a, of 64 bits. */
static uint64_t hash(const char *text) {
    uint64_t h = 0xcbf29ce484222325u;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h;
}

/* Where the name stands in the index, or where it would. */
static int *place_of(const cli_names *n, const char *key) {
    size_t at = (size_t)hash(key) & (size_t)(n->index_size - 1);
    while (n->index[at] && strcmp(n->key[n->index[at] - 1], key) != 0)
        at = (at + 1) & (size_t)(n->index_size - 1);
    return &n->index[at];
}

static bool grow(cli_names *n) {
    int room = 2 * n->room + 64, size = 256;
    while (size < 2 * room) size *= 2;
    char **name = realloc(n->name, (size_t)room * sizeof *name);
    if (name) n->name = name;
    char **key = realloc(n->key, (size_t)room * sizeof *key);
    if (key) n->key = key;
    char **fault = realloc(n->fault, (size_t)room * sizeof *fault);
    if (fault) n->fault = fault;
    int *index = calloc((size_t)size, sizeof *index);
    if (!name || !key || !fault || !index) {
        free(index);
        return false;
    }
    free(n->index);
    n->index = index;
    n->index_size = size;
    n->room = room;
    for (int i = 0; i < n->count; i++) *place_of(n, n->key[i]) = i + 1;
    return true;
}

/* One file has one key however its folder is spelled; links of the last part are kept, for a link
 * may have sidecars of its own. */
static char *key_of(const char *name) {
    const char *slash = strrchr(name, '/');
    char folder[PATH_MAX], *real, *key = NULL;
    size_t n = slash ? (size_t)(slash - name) + 1 : 0;
    if (n >= sizeof folder) return strdup(name);
    memcpy(folder, name, n);
    folder[n] = '\0';
    real = realpath(n ? folder : ".", NULL);
    if (real && asprintf(&key, "%s/%s", real, name + n) < 0) key = NULL;
    free(real);
    return key ? key : strdup(name);
}

static bool keep(cli_names *n, const char *name, char *key, const char *fault) {
    char *copy = strdup(name), *why = fault ? strdup(fault) : NULL;
    if (!copy || (fault && !why)) {
        free(copy);
        free(why);
        return false;
    }
    n->name[n->count] = copy;
    n->key[n->count] = key;
    n->fault[n->count] = why;
    *place_of(n, key) = ++n->count;
    return true;
}

static bool add(cli_names *n, const char *name, char *key, const char *fault) {
    if (key && (n->count < n->room || grow(n))) {
        int there = *place_of(n, key);
        if (!there && keep(n, name, key, fault)) return true;
        free(key);
        return there != 0;
    }
    free(key);
    return false;
}

bool cli_add_name(cli_names *n, const char *name) {
    return add(n, name, key_of(name), NULL);
}

bool cli_add_bad_name(cli_names *n, const char *name, const char *fault) {
    return add(n, name, strdup(name), fault);
}

bool cli_add_word(cli_names *n, const char *word) {
    return add(n, word, strdup(word), NULL);
}

int cli_find_word(const cli_names *n, const char *word) {
    return n->index ? *place_of(n, word) - 1 : -1;
}

int cli_find_name(const cli_names *n, const char *name) {
    char *key = key_of(name);
    int at = key && n->index ? *place_of(n, key) - 1 : -1;
    free(key);
    return at;
}

void cli_drop_names(cli_names *n) {
    for (int i = 0; i < n->count; i++) {
        free(n->name[i]);
        free(n->key[i]);
        free(n->fault[i]);
    }
    free(n->name);
    free(n->key);
    free(n->fault);
    free(n->index);
    *n = (cli_names){0};
}

int cli_keep_names(cli_names *n, bool (*wanted)(void *context, const char *name), void *context) {
    int kept = 0, all = n->count;
    for (int i = 0; i < all; i++) {
        if (wanted(context, n->name[i])) {
            n->name[kept] = n->name[i];
            n->key[kept] = n->key[i];
            n->fault[kept++] = n->fault[i];
        } else {
            free(n->name[i]);
            free(n->key[i]);
            free(n->fault[i]);
        }
    }
    n->count = kept;
    if (n->index) memset(n->index, 0, (size_t)n->index_size * sizeof *n->index);
    for (int i = 0; i < kept; i++) *place_of(n, n->key[i]) = i + 1;
    return all - kept;
}
