/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the lines of a PVL file say? `name = value;` in groups, as Maxar's IMD, RPB and TIL have
 * it: the semicolon may be missing at a line's end, a value in brackets runs on over lines, END
 * ends it all. Two passes over a copy of the text: the first counts the '=' (so many entries there
 * can be at most), the second cuts the copy into strings. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "scene/pvl.h"

static const char FLOOR[] = "scene";
enum { DEPTH_MAX = 16 };

typedef struct cursor {
    char *at;
    int line;
    const char *file;
} cursor;

static void skip_blank(cursor *c) {
    for (;; c->at++) {
        if (*c->at == '\n') c->line++;
        if (!isspace((unsigned char)*c->at) && *c->at != ';') return;
    }
}

static void trim_end(char *text) {
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1])) text[--n] = '\0';
}

/* Cuts the value that begins here and leaves the cursor behind it. NULL: not ended. */
static char *take_value(cursor *c) {
    while (*c->at == ' ' || *c->at == '\t') c->at++;
    char *value = c->at;
    if (*value == '"') {
        char *end = strchr(++value, '"');
        if (!end || memchr(value, '\n', (size_t)(end - value))) return NULL;
        *end = '\0';
        c->at = end + 1;
        return value;
    }
    int depth = 0;
    for (; *c->at && (depth > 0 || (*c->at != ';' && *c->at != '\n')); c->at++) {
        depth += (*c->at == '(') - (*c->at == ')');
        if (*c->at == '\n') c->line++;
    }
    if (depth > 0) return NULL;
    if (*c->at) {
        c->line += *c->at == '\n';
        *c->at++ = '\0';
    }
    trim_end(value);
    return value;
}

static pl_status complain(const cursor *c, const char *what, pl_error *error) {
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d: %s", c->file, c->line, what);
}

/* Cuts "name =" and leaves the cursor behind the '='. NULL: no such thing here. */
static char *take_name(cursor *c) {
    char *name = c->at;
    while (isalnum((unsigned char)*c->at) || *c->at == '_') c->at++;
    char *end = c->at;
    while (*c->at == ' ' || *c->at == '\t') c->at++;
    if (end == name || *c->at != '=') return NULL;
    c->at++;
    *end = '\0';
    return name;
}

static pl_status cut(cursor *c, pl_pvl_entry *entry, int *count, pl_error *error) {
    const char *group[DEPTH_MAX + 1] = {""};
    int depth = 0;
    for (skip_blank(c); *c->at; skip_blank(c)) {
        if (strncmp(c->at, "END", 3) == 0 && !isalnum((unsigned char)c->at[3]) && c->at[3] != '_')
            break;
        int line = c->line;
        char *name = take_name(c), *value = name ? take_value(c) : NULL;
        if (!name) return complain(c, "not \"name = value\"", error);
        if (!value) return complain(c, "a value without an end", error);
        if (strcasecmp(name, "BEGIN_GROUP") == 0 || strcasecmp(name, "GROUP") == 0) {
            if (depth == DEPTH_MAX) return complain(c, "groups too deep", error);
            group[++depth] = value;
        } else if (strcasecmp(name, "END_GROUP") == 0) {
            if (depth == 0) return complain(c, "END_GROUP without its beginning", error);
            depth--;
        } else {
            entry[(*count)++] = (pl_pvl_entry){group[depth], name, value, line};
        }
    }
    return depth ? complain(c, "a group without an end (truncated?)", error) : PL_OK;
}

pl_status pl__pvl_parse(const char *text, size_t length, const char *file, pl_arena *arena,
                        pl_pvl *out, pl_error *error) {
    *out = (pl_pvl){0, NULL};
    if (strlen(text) != length)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: not text: holds a zero byte", file);
    size_t most = 1;
    for (size_t i = 0; i < length; i++) most += text[i] == '=';
    char *copy = pl__arena_alloc(arena, length + 1);
    pl_pvl_entry *entry = pl__arena_array(arena, most, sizeof *entry);
    if (!copy || !entry) return pl__fail_memory(error, FLOOR);
    memcpy(copy, text, length);
    cursor c = {copy, 1, file};
    int count = 0;
    pl_status status = cut(&c, entry, &count, error);
    if (status == PL_OK) *out = (pl_pvl){count, entry};
    return status;
}

const pl_pvl_entry *pl__pvl_find(const pl_pvl *pvl, const char *group, const char *name) {
    for (int i = 0; i < pvl->count; i++)
        if (strcasecmp(pvl->entry[i].group, group) == 0 &&
            strcasecmp(pvl->entry[i].name, name) == 0)
            return &pvl->entry[i];
    return NULL;
}
