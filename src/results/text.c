/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which form does a scene's result leave the library? Growing text, and the choice of form. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "results/internal.h"

void pl__results_print(pl_text *t, const char *format, ...) {
    if (t->failed) return;
    for (int attempt = 0; attempt < 2; attempt++) {
        va_list arguments;
        va_start(arguments, format);
        int n =
            vsnprintf(t->text ? t->text + t->length : NULL, t->room - t->length, format, arguments);
        va_end(arguments);
        if (n < 0) break;
        if (t->text && (size_t)n < t->room - t->length) {
            t->length += (size_t)n;
            return;
        }
        size_t room = 2 * (t->room + (size_t)n + 256);
        char *grown = realloc(t->text, room);
        if (!grown) break;
        t->text = grown;
        t->room = room;
    }
    t->failed = true;
}

char *pl__results_text_take(pl_text *t) {
    if (!t->failed && !t->text) pl__results_print(t, "%s", "");
    if (t->failed) {
        free(t->text);
        t->text = NULL;
    }
    return t->text;
}

/* A terminal obeys control characters, and names come from other people's tables. Of the two
 * bytes of a C1 control in UTF-8 neither is left. */
char *pl__results_table_take(pl_text *t) {
    char *text = pl__results_text_take(t);
    for (unsigned char *c = (unsigned char *)text; c && *c; c++) {
        bool c1 = c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0;
        if (c1) c[0] = c[1] = '?';
        if ((*c < 0x20 && *c != '\n') || *c == 0x7f) *c = '?';
    }
    return text;
}

bool pl_format_parse(const char *word, pl_format *out) {
    static const char *const WORDS[] = {"geojson", "geojsonl", "csv", "table"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(word, WORDS[i]) == 0) {
            *out = (pl_format)i;
            return true;
        }
    }
    return false;
}

static char *one_text(const pl_result *result, pl_format format, bool header) {
    if (format == PL_FORMAT_GEOJSONL) return pl__results_geojsonl(result);
    return format == PL_FORMAT_CSV ? pl__results_csv(result, header)
                                   : pl__results_table(result, header);
}

pl_status pl_result_text(const pl_result *results, int count, pl_format format, bool header,
                         char **out, pl_error *error) {
    pl_text t = {0};
    if (format == PL_FORMAT_GEOJSON) {
        *out = pl__results_geojson(results, count);
        return *out ? PL_OK : pl__fail_memory(error, "results");
    }
    for (int i = 0; i < count && !t.failed; i++) {
        char *text = one_text(&results[i], format, header && i == 0);
        t.failed = !text;
        if (text) pl__results_print(&t, "%s", text);
        free(text);
    }
    *out = pl__results_text_take(&t);
    return *out ? PL_OK : pl__fail_memory(error, "results");
}
