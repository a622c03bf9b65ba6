/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do a store's rows become one page that needs nothing else?
 *
 * The frame, the style and the program of the page lie in src/report/page/ and are packed into the
 * library. What the store holds goes in as JSON blocks, which no browser runs; the page's own
 * program writes it as text. A policy in the page's head forbids every request and every script but
 * that one, by its hash: what a file's or a vessel's name says can never act. */
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

void pl__page_put_json(pl_text *text, const char *json) {
    while (*json) {
        size_t plain = strcspn(json, "<");
        pl__results_print(text, "%.*s", (int)plain, json);
        json += plain;
        if (*json == '<') {
            pl__results_print(text, "\\u003c");
            json++;
        }
    }
}

void pl__page_put_string(pl_text *text, const char *value) {
    pl_json_out *o = pl__json_out_new(false);
    char *json = NULL;
    if (o) {
        pl__json_begin_array(o, NULL);
        pl__json_put_string(o, NULL, value);
        pl__json_end(o);
        json = pl__json_out_finish(o);
    }
    pl__json_out_free(o);
    size_t length = json ? strlen(json) : 0;
    if (length < 2) {
        text->failed = true;
    } else { /* without the brackets */
        json[length - 1] = '\0';
        pl__page_put_json(text, json + 1);
    }
    free(json);
}

/* "sha256-..." as a policy names what it lets run. */
static void put_hash(pl_text *text, const char *of) {
    char hex[65], base64[PL__BASE64_ROOM(32)];
    unsigned char bytes[32];
    pl__io_sha256_buffer(of, strlen(of), hex);
    for (int i = 0; i < 32; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    pl__results_base64(bytes, sizeof bytes, base64);
    pl__results_print(text, "'sha256-%s'", base64);
}

static void put_part(pl_text *out, const pl_page *page, const char *name, size_t length) {
    static const char *const PARTS[] = {"style",        "program", "style-hash",
                                        "program-hash", "data",    "chips"};
    size_t i = 0;
    while (i < 6 && !(strlen(PARTS[i]) == length && memcmp(PARTS[i], name, length) == 0)) i++;
    const char *whole[] = {PL__PAGE_CSS, PL__PAGE_JS,     NULL,
                           NULL,         page->data.text, page->chips.text};
    if (i == 2 || i == 3)
        put_hash(out, i == 2 ? PL__PAGE_CSS : PL__PAGE_JS);
    else if (i < 6)
        pl__results_print(out, "%s", whole[i] ? whole[i] : "");
}

/* The frame with its {{parts}} put in. */
static void put_frame(pl_text *out, const pl_page *page) {
    const char *at = PL__PAGE_HTML;
    while (*at) {
        const char *open = strstr(at, "{{"), *close = open ? strstr(open, "}}") : NULL;
        if (!close) break;
        pl__results_print(out, "%.*s", (int)(open - at), at);
        put_part(out, page, open + 2, (size_t)(close - open - 2));
        at = close + 2;
    }
    pl__results_print(out, "%s", at);
}

pl_status pl_page_write(pl_store *store, const pl_page_options *options, const char *file,
                        pl_error *error) {
    pl_page page = {.options = options, .store = store, .arena = pl_arena_new(0), .error = error};
    pl_text out = {0};
    pl_status status = page.arena ? pl__page_data(&page) : pl__fail_memory(error, "report");
    if (status == PL_OK) put_frame(&out, &page);
    bool failed =
        page.data.failed || page.chips.failed || out.failed || (status == PL_OK && !out.text);
    if (status == PL_OK && failed) status = pl__fail_memory(error, "report");
    if (status == PL_OK) status = pl__io_file_write(file, out.text, out.length, error);
    pl_arena_free(page.arena);
    free(page.data.text);
    free(page.chips.text);
    free(out.text);
    return status;
}
