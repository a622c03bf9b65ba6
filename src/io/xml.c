/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does an XML text say? expat parses; this door builds a small tree in the caller's arena.
 *
 * Names lose their namespace prefix (vendors change prefixes, not words). Text is kept of elements
 * that hold no others, blanks at its ends cut. Nothing is ever fetched: expat reads no external
 * entity unless told how, and a document that declares entities of its own is refused, so that no
 * entity can grow. Depth and number of elements are limited, each with its own message; the file's
 * size is its reader's to limit. */
#include <ctype.h>
#include <string.h>

#include <expat.h>

#include "io/io.h"

enum { DEPTH_MAX = 64, ELEMENTS_MAX = 1000000, TEXT_MAX = 1 << 20 };

typedef struct builder {
    XML_Parser parser;
    pl_arena *arena;
    const char *file;
    pl_xml *open[DEPTH_MAX + 1], *last[DEPTH_MAX + 1]; /* by depth: the element, its last child */
    int depth, elements;
    char *text; /* of the innermost element */
    size_t used;
    pl_status status;
    pl_error *error;
} builder;

/* ---- what expat calls ---- */

static void stop(builder *b, pl_status status, const char *what, int limit) {
    if (b->status < 0) return;
    b->status = pl__fail(b->error, status, "io", "%s:%lu: %s%.0d", b->file,
                         (unsigned long)XML_GetCurrentLineNumber(b->parser), what, limit);
    XML_StopParser(b->parser, XML_FALSE);
}

static void stop_memory(builder *b) {
    if (b->status < 0) return;
    b->status = pl__fail_memory(b->error, "io");
    XML_StopParser(b->parser, XML_FALSE);
}

static const char *copy(builder *b, const char *text, size_t length) {
    char *out = pl__arena_alloc(b->arena, length + 1);
    if (!out) {
        stop_memory(b);
        return "";
    }
    memcpy(out, text, length);
    return out;
}

static const char *local_name(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void copy_attributes(builder *b, pl_xml *element, const XML_Char **attributes) {
    int count = 0;
    while (attributes[2 * count]) count++;
    if (count == 0) return;
    const char **list = pl__arena_array(b->arena, 2 * (size_t)count, sizeof *list);
    if (!list) {
        stop_memory(b);
        return;
    }
    for (int i = 0; i < count; i++) {
        const char *name = local_name(attributes[2 * i]), *value = attributes[2 * i + 1];
        list[2 * i] = copy(b, name, strlen(name));
        list[2 * i + 1] = copy(b, value, strlen(value));
    }
    element->attributes = count;
    element->attribute = list;
}

static void begin_element(void *context, const XML_Char *name, const XML_Char **attributes) {
    builder *b = context;
    if (b->status < 0) return;
    if (b->depth == DEPTH_MAX) {
        stop(b, PL_E_LIMIT, "elements nested deeper than ", DEPTH_MAX);
        return;
    }
    if (++b->elements > ELEMENTS_MAX) {
        stop(b, PL_E_LIMIT, "more elements than ", ELEMENTS_MAX);
        return;
    }
    pl_xml *element = pl__arena_alloc(b->arena, sizeof *element);
    if (!element) {
        stop_memory(b);
        return;
    }
    name = local_name(name);
    element->name = copy(b, name, strlen(name));
    element->text = "";
    element->line = (int)XML_GetCurrentLineNumber(b->parser);
    copy_attributes(b, element, attributes);
    pl_xml *parent = b->open[b->depth];
    if (b->last[b->depth]) {
        b->last[b->depth]->next = element;
    } else {
        parent->first = element;
    }
    b->last[b->depth] = element;
    b->open[++b->depth] = element;
    b->last[b->depth] = NULL;
    b->used = 0;
}

static void end_element(void *context, const XML_Char *name) {
    (void)name;
    builder *b = context;
    if (b->status < 0) return;
    pl_xml *element = b->open[b->depth--];
    if (!element->first) {
        const char *begin = b->text, *end = b->text + b->used;
        while (begin < end && isspace((unsigned char)*begin)) begin++;
        while (begin < end && isspace((unsigned char)end[-1])) end--;
        if (begin < end) element->text = copy(b, begin, (size_t)(end - begin));
    }
    b->used = 0;
}

static void take_text(void *context, const XML_Char *text, int length) {
    builder *b = context;
    if (b->status < 0) return;
    if (b->used + (size_t)length > TEXT_MAX) {
        stop(b, PL_E_LIMIT, "more bytes of text in one element than ", TEXT_MAX);
        return;
    }
    memcpy(b->text + b->used, text, (size_t)length);
    b->used += (size_t)length;
}

static void refuse_entity(void *context, const XML_Char *name, int is_parameter,
                          const XML_Char *value, int length, const XML_Char *base,
                          const XML_Char *system, const XML_Char *public,
                          const XML_Char *notation) {
    (void)name, (void)is_parameter, (void)value, (void)length, (void)base, (void)system;
    (void)public, (void)notation;
    stop(context, PL_E_FORMAT, "declares entities of its own: not read", 0);
}

/* ---- doors ---- */

static pl_status parse(builder *b, const char *text, size_t length) {
    XML_SetUserData(b->parser, b);
    XML_SetElementHandler(b->parser, begin_element, end_element);
    XML_SetCharacterDataHandler(b->parser, take_text);
    XML_SetEntityDeclHandler(b->parser, refuse_entity);
    enum XML_Status parsed = XML_Parse(b->parser, text, (int)length, XML_TRUE);
    if (b->status < 0) return b->status;
    if (parsed == XML_STATUS_OK) return PL_OK;
    if (XML_GetErrorCode(b->parser) == XML_ERROR_NO_MEMORY) return pl__fail_memory(b->error, "io");
    return pl__fail(b->error, PL_E_FORMAT, "io", "%s:%lu: not XML: %s", b->file,
                    (unsigned long)XML_GetCurrentLineNumber(b->parser),
                    XML_ErrorString(XML_GetErrorCode(b->parser)));
}

pl_status pl__xml_parse(const char *text, size_t length, const char *file, pl_arena *arena,
                        const pl_xml **root, pl_error *error) {
    *root = NULL;
    if (length > (size_t)256 << 20)
        return pl__fail(error, PL_E_LIMIT, "io", "%s: larger than 256 MB", file);
    pl_xml top = {.name = "", .text = ""};
    builder b = {.arena = arena, .file = file, .open = {&top}, .error = error};
    b.text = pl__arena_alloc(arena, TEXT_MAX);
    b.parser = XML_ParserCreate(NULL);
    pl_status status = b.text && b.parser ? parse(&b, text, length) : pl__fail_memory(error, "io");
    if (b.parser) XML_ParserFree(b.parser);
    if (status == PL_OK) *root = top.first;
    return status;
}

const pl_xml *pl__xml_child(const pl_xml *element, const char *name) {
    if (!element) return NULL;
    for (const pl_xml *child = element->first; child; child = child->next)
        if (strcmp(child->name, name) == 0) return child;
    return NULL;
}

const pl_xml *pl__xml_next(const pl_xml *element) {
    if (!element) return NULL;
    for (const pl_xml *other = element->next; other; other = other->next)
        if (strcmp(other->name, element->name) == 0) return other;
    return NULL;
}

/* As deep as DEPTH_MAX at most. */
const pl_xml *pl__xml_find(const pl_xml *element, const char *name) {
    if (!element) return NULL;
    for (const pl_xml *child = element->first; child; child = child->next) {
        if (strcmp(child->name, name) == 0) return child;
        const pl_xml *below = pl__xml_find(child, name);
        if (below) return below;
    }
    return NULL;
}

const char *pl__xml_attribute(const pl_xml *element, const char *name) {
    if (!element) return NULL;
    for (int i = 0; i < element->attributes; i++)
        if (strcmp(element->attribute[2 * i], name) == 0) return element->attribute[2 * i + 1];
    return NULL;
}
