/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which data does the page carry? The store's own records, word for word, and beside them what the
 * page needs to say them: the reasons' texts, the ports' outlines, tables of the load. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "report/page.h"

enum { PORTS_MOST = 1 << 22, FINDINGS_MOST = 1 << 26 };

static bool stop(pl_page *page, pl_status status) {
    page->status = status;
    return false;
}

/* Rows come from a file that anybody may have written: what is no JSON is no row. */
static pl_json *parse(pl_page *page, const char *record, const char *name) {
    pl_json *node = record ? pl__json_parse(record, strlen(record), name, page->error) : NULL;
    if (node && pl__json_is_object(node)) return node;
    pl__json_free(node);
    page->status = pl__fail(page->error, PL_E_FORMAT, "report",
                            "the store's row of %.120s is no JSON object", name);
    return NULL;
}

static void comma(pl_text *text, int count) {
    pl__results_print(text, count ? ",\n" : "\n");
}

/* ---- scenes, hulls ---- */

static bool put_scene(void *context, const pl_store_scene *scene) {
    pl_page *page = context;
    pl_json *node = parse(page, scene->record, scene->scene_id ? scene->scene_id : "a scene");
    if (!node) return false;
    pl__json_free(node);
    comma(&page->data, page->scenes++);
    pl__results_print(&page->data, "{\"version\":");
    pl__page_put_string(&page->data, scene->version);
    pl__results_print(&page->data, ",\"options\":");
    pl__page_put_string(&page->data, scene->options);
    pl__results_print(&page->data, ",\"record\":");
    pl__page_put_json(&page->data, scene->record);
    pl__results_print(&page->data, "}");
    return !page->data.failed || stop(page, pl__fail_memory(page->error, "report"));
}

/* @return NULL: the store cannot tell. */
static pl_observation *observe(pl_page *page, const char *hull_id) {
    char key[65];
    pl_error why = PL_ERROR_INIT;
    pl_observation *machine = hull_id ? calloc(1, sizeof *machine) : NULL;
    if (!machine || pl_store_hull(page->store, hull_id, machine, key, &why) == PL_OK)
        return machine;
    free(machine);
    return NULL;
}

static bool put_hull(void *context, const pl_store_record *hull) {
    pl_page *page = context;
    char key[65] = "";
    pl_json *node = parse(page, hull->record, hull->hull_id ? hull->hull_id : "a hull");
    if (!node) return false;
    const pl_json *properties = pl__json_get(node, "properties");
    pl_observation *machine = observe(page, hull->hull_id);
    pl_review_row_key(hull->record, key);
    comma(&page->data, page->hulls);
    bool pictured =
        pl__page_put_chips(page, page->hulls, pl__json_string(pl__json_get(properties, "tile")));
    pl__results_print(&page->data,
                      "{\"chips\":%s,\"row_sha256\":\"%s\",\"load\":", pictured ? "true" : "false",
                      key);
    pl__page_put_load(page, machine);
    pl__results_print(&page->data, ",\"record\":");
    pl__page_put_json(&page->data, hull->record);
    pl__results_print(&page->data, "}");
    page->hulls++;
    free(machine);
    pl__json_free(node);
    return !page->data.failed || stop(page, pl__fail_memory(page->error, "report"));
}

/* ---- what analysts said ---- */

static bool put_review(void *context, const pl_store_review *r) {
    pl_json_out *o = context;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "hull_id", r->hull_id);
    pl__json_put_string(o, "state", pl_review_standing_name(r->standing));
    pl__json_put_string(o, "verdict", r->verdict);
    pl__json_put_string(o, "analyst", r->analyst);
    pl__json_put_string(o, "remark", r->remark);
    pl__json_put_string(o, "reviewed_at", r->reviewed_at);
    pl__json_put_quantity(o, "freeboard_m", "freeboard_sigma_m", r->freeboard_m, 3);
    pl__json_put_number(o, "oil_bbl_p05", r->oil_bbl.p05, 0);
    pl__json_put_number(o, "oil_bbl_p50", r->oil_bbl.p50, 0);
    pl__json_put_number(o, "oil_bbl_p95", r->oil_bbl.p95, 0);
    pl__json_end(o);
    return true;
}

static pl_status put_reviews(pl_page *page) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return pl__fail_memory(page->error, "report");
    pl__json_begin_array(o, NULL);
    pl_status status = pl_store_reviews(page->options->name, put_review, o, page->error);
    pl__json_end(o);
    char *json = status == PL_OK ? pl__json_out_finish(o) : NULL;
    pl__json_out_free(o);
    if (status == PL_OK && !json) status = pl__fail_memory(page->error, "report");
    if (json) pl__page_put_json(&page->data, json);
    free(json);
    return status;
}

/* ---- beside them ---- */

static void put_reasons(pl_text *text) {
    pl__results_print(text, "{");
    for (int i = 0; i < PL_REASON_COUNT; i++) {
        comma(text, i);
        pl__page_put_string(text, pl_reason_code((pl_reason)i));
        pl__results_print(text, ":");
        pl__page_put_string(text, pl_reason_text((pl_reason)i));
    }
    pl__results_print(text, "}");
}

/* The map does without ports where their table cannot be read. */
static pl_status put_ports(pl_page *page) {
    char name[1200], *json = NULL;
    size_t length;
    pl_error why = PL_ERROR_INIT;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(page->error, "report");
    snprintf(name, sizeof name, "%s/ports.geojson", page->options->models_dir);
    pl_json *node = NULL;
    if (pl__io_file_read(name, PORTS_MOST, arena, &json, &length, &why) == PL_OK)
        node = pl__json_parse(json, length, name, &why);
    if (node)
        pl__page_put_json(&page->data, json);
    else
        pl__results_print(&page->data, "null");
    pl__json_free(node);
    pl_arena_free(arena);
    return PL_OK;
}

static pl_status put_visits(pl_page *page) {
    char *json = NULL;
    pl_status status = pl_store_visits_json(page->store, &json, page->error);
    if (json) pl__page_put_json(&page->data, json);
    free(json);
    return status;
}

/* They are printed by a command of their own: its options are its, and the page sums nothing. */
static pl_status put_findings(pl_page *page) {
    const char *file = page->options->findings;
    char *json;
    size_t length;
    if (!file) {
        pl__results_print(&page->data, "null");
        return PL_OK;
    }
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(page->error, "report");
    pl_json *node = NULL;
    pl_status status = pl__io_file_read(file, FINDINGS_MOST, arena, &json, &length, page->error);
    if (status == PL_OK) node = pl__json_parse(json, length, file, page->error);
    if (status == PL_OK && !isfinite(pl__json_number(pl__json_get(node, "cap_bbl"))))
        status = pl__fail(page->error, PL_E_FORMAT, "report",
                          "%.200s: is not what plimsoll findings prints as JSON", file);
    if (status == PL_OK) pl__page_put_json(&page->data, json);
    pl__json_free(node);
    pl_arena_free(arena);
    return status;
}

pl_status pl__page_data(pl_page *page) {
    pl_text *text = &page->data;
    pl__results_print(text, "{\"version\":");
    pl__page_put_string(text, pl_version());
    pl__results_print(text, ",\"results\":");
    pl__page_put_string(text, page->options->results);
    pl__results_print(text, ",\n\"reasons\":");
    put_reasons(text);
    pl__results_print(text, ",\n\"ports\":");
    pl_status status = put_ports(page);
    pl__results_print(text, ",\n\"scenes\":[");
    if (status == PL_OK) status = pl_store_scenes(page->store, put_scene, page, page->error);
    if (status == PL_OK) status = page->status;
    pl__results_print(text, "],\n\"hulls\":[");
    if (status == PL_OK) status = pl_store_records(page->store, put_hull, page, page->error);
    if (status == PL_OK) status = page->status;
    pl__results_print(text, "],\n\"reviews\":");
    if (status == PL_OK) status = put_reviews(page);
    pl__results_print(text, ",\n\"visits\":");
    if (status == PL_OK) status = put_visits(page);
    pl__results_print(text, ",\n\"findings\":");
    if (status == PL_OK) status = put_findings(page);
    pl__results_print(text, "}\n");
    return status;
}
