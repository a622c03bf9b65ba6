/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pictures does a hull bring along? What `--chips` left beside the store: the chip, north up,
 * the straightened strip and the sheet of places on them; packed small, for eyes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "report/page.h"

enum { QUALITY = 82, SHEET_MOST = 1 << 20 };
static const char CHIP[] = ".chip.png";

/* "<folder>/<stem>" of a tile. @return false: no name that --chips gives. */
static bool stem_of(const pl_page *page, const char *tile, char *out, size_t size) {
    size_t length = tile ? strlen(tile) : 0, end = sizeof CHIP - 1;
    if (length <= end || strcmp(tile + length - end, CHIP) != 0) return false;
    const char *folder = *tile == '/' ? "" : page->options->folder;
    int n = snprintf(out, size, "%s%s%.*s", folder, *folder ? "/" : "", (int)(length - end), tile);
    return n > 0 && (size_t)n + sizeof CHIP < size;
}

/* @return malloc'ed base64 of the picture as JPEG; NULL: there is none. */
static char *picture(const char *stem, const char *ending, pl_arena *arena) {
    char name[1400];
    unsigned char *bytes;
    size_t length;
    pl_error why = PL_ERROR_INIT;
    snprintf(name, sizeof name, "%s%s", stem, ending);
    if (!pl__io_file_exists(name) ||
        pl__io_picture_jpeg(name, QUALITY, arena, &bytes, &length, &why) != PL_OK)
        return NULL;
    char *text = malloc(PL__BASE64_ROOM(length));
    if (text) pl__results_base64(bytes, length, text);
    return text;
}

/* The sheet's text, when it is one. */
static char *sheet(const char *stem, pl_arena *arena) {
    char name[1400], *text = NULL;
    size_t length;
    pl_error why = PL_ERROR_INIT;
    snprintf(name, sizeof name, "%s.json", stem);
    if (!pl__io_file_exists(name) ||
        pl__io_file_read(name, SHEET_MOST, arena, &text, &length, &why) != PL_OK)
        return NULL;
    pl_json *node = pl__json_parse(text, length, name, &why);
    bool is_sheet = pl__json_number(pl__json_get(node, "plimsoll:chips")) == 1;
    pl__json_free(node);
    return is_sheet ? text : NULL;
}

bool pl__page_put_chips(pl_page *page, int hull, const char *tile) {
    char stem[1300];
    if (!stem_of(page, tile, stem, sizeof stem)) return false;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return false;
    char *places = sheet(stem, arena), *chip = places ? picture(stem, CHIP, arena) : NULL,
         *strip = places ? picture(stem, ".strip.png", arena) : NULL;
    if (chip) {
        pl__results_print(&page->chips, "<script type=\"application/json\" id=\"chips-%d\">", hull);
        pl__results_print(&page->chips, "{\"chip\":\"%s\",\n\"strip\":\"%s\",\n\"sheet\":", chip,
                          strip ? strip : "");
        pl__page_put_json(&page->chips, places);
        pl__results_print(&page->chips, "}</script>\n");
    }
    bool there = chip;
    free(chip);
    free(strip);
    pl_arena_free(arena);
    return there;
}
