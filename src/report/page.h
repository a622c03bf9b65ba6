/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that make the page hand to each other. */
#ifndef PL_REPORT_PAGE_H
#define PL_REPORT_PAGE_H

#include "io/io.h"
#include "plimsoll/report.h"
#include "results/internal.h"

/** The parts that CMake packs into the library from src/report/page/. */
extern const char PL__PAGE_HTML[], PL__PAGE_CSS[], PL__PAGE_JS[];

/** Everything that the page is made from. */
typedef struct pl_page {
    const pl_page_options *options;
    pl_store *store;
    pl_text data;    /* the JSON of rows, scenes, tables */
    pl_text chips;   /* a block of pictures a hull */
    pl_arena *arena; /* as long as the page */
    int scenes, hulls;
    pl_status status;
    pl_error *error;
} pl_page;

/** Adds JSON that is known to be whole, so that no tag can begin in it: `<` only stands inside of
 * strings, where \u003c says the same. */
void pl__page_put_json(pl_text *text, const char *json);
/** Adds a member's value as a JSON string. */
void pl__page_put_string(pl_text *text, const char *value);

/** The data block: all but the pictures, which go into page->chips. */
pl_status pl__page_data(pl_page *page);
/** What freeboards other than the measured one would mean for draft and barrels: adds an object
 * with a table, or why there is none. @param machine the hull as it was measured; NULL unknown. */
void pl__page_put_load(pl_page *page, const pl_observation *machine);
/** The hull's pictures as a block of their own. @return false: there are none. */
bool pl__page_put_chips(pl_page *page, int hull, const char *tile);

#endif
