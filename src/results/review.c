/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a review.json say? It comes from a browser, by mail or on a stick, from anybody: each
 * member has a type and a range, what is not known is not skipped, and one bad entry refuses the
 * file, for nobody can tell which verdict was lost with it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "plimsoll/review.h"
#include "results/internal.h"

enum {
    SIZE_MOST = 16 << 20,
    REVIEWS_MOST = 100000,
    ANALYST_MOST = 120,
    REMARK_MOST = 2000,
    NOTE_MOST = 1000
};
static const double FREEBOARD_MOST_M = 40.0, EDGE_MOST_M = 100.0, SIGMA_MOST_M = 10.0;
static const double TOMORROW_S = 86400.0;

const char *pl_review_verdict_name(pl_review_verdict verdict) {
    static const char *const NAMES[] = {[PL_REVIEW_NONE] = "none",
                                        [PL_REVIEW_ACCEPT] = "accept",
                                        [PL_REVIEW_REJECT] = "reject",
                                        [PL_REVIEW_CORRECT] = "correct"};
    return (unsigned)verdict < sizeof NAMES / sizeof *NAMES ? NAMES[verdict] : NULL;
}

/* ---- members ---- */

/* Where we are, and what is wrong: the first fault is kept. */
typedef struct reader {
    const char *file;
    int place; /* of the review, -1 outside */
    bool failed;
    pl_error *error;
} reader;

static void fail(reader *r, const char *key, const char *words) {
    char where[40] = "";
    if (r->failed) return;
    r->failed = true;
    if (r->place >= 0) snprintf(where, sizeof where, "reviews[%d].", r->place);
    pl__fail(r->error, PL_E_FORMAT, "results", "%.100s: %s%.40s: %s", r->file, where, key, words);
}

typedef struct known {
    reader *r;
    const char *const *names;
    int count;
} known;

static void look_at_name(const char *key, const pl_json *value, void *context) {
    const known *k = context;
    (void)value;
    for (int i = 0; i < k->count; i++)
        if (strcmp(key, k->names[i]) == 0) return;
    fail(k->r, key, "no member of a review");
}

static void only(reader *r, const pl_json *object, const char *const *names, int count) {
    known k = {r, names, count};
    pl__json_each(object, look_at_name, &k);
}

static bool has(const pl_json *object, const char *key) {
    return !pl__json_is_null(pl__json_get(object, key));
}

/* "" when it is missing and may be. */
static const char *text(reader *r, const pl_json *object, const char *key, bool needed,
                        size_t most) {
    const pl_json *node = pl__json_get(object, key);
    const char *value = pl__json_string(node);
    if (pl__json_is_null(node)) {
        if (needed) fail(r, key, "is missing");
        return "";
    }
    if (!value) {
        fail(r, key, "is no text");
        return "";
    }
    if (strlen(value) > most) fail(r, key, "is too long");
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < 0x20 && *c != '\n' && *c != '\t')
            fail(r, key, "holds control characters");
    return value;
}

static double number(reader *r, const pl_json *object, const char *key, double low, double high) {
    const pl_json *node = pl__json_get(object, key);
    double value = pl__json_number(node);
    if (pl__json_is_null(node)) return NAN;
    if (isnan(value))
        fail(r, key, "is no number");
    else if (value < low || value > high)
        fail(r, key, "is out of range");
    return value;
}

/* @return its place among the words, -1 when it is missing and may be. */
static int word(reader *r, const pl_json *object, const char *key, bool needed,
                const char *const *words, int count) {
    const char *value = text(r, object, key, needed, 100);
    if (!*value) return -1;
    for (int i = 0; i < count; i++)
        if (strcmp(value, words[i]) == 0) return i;
    fail(r, key, "is none of the words that it may be");
    return -1;
}

/* ---- one review ---- */

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\n")] == '\0';
}

static bool is_hex(const char *text) {
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static void read_correction(reader *r, const pl_json *node, pl_review *out) {
    static const char *const SIDES[] = {"port", "starboard"}, *const KINDS[] = {"dark_band",
                                                                                "lit_wall"};
    out->freeboard_m = number(r, node, "freeboard_m", 0.0, FREEBOARD_MOST_M);
    out->deck_edge_m = number(r, node, "deck_edge_m", 0.0, EDGE_MOST_M);
    out->outer_edge_m = number(r, node, "outer_edge_m", 0.0, EDGE_MOST_M);
    out->freeboard_sigma_m = number(r, node, "freeboard_sigma_m", 0.01, SIGMA_MOST_M);
    int side = word(r, node, "side", false, SIDES, 2);
    int kind = word(r, node, "kind", false, KINDS, 2);
    int edges = isfinite(out->deck_edge_m) + isfinite(out->outer_edge_m) + (side >= 0);
    if (isnan(out->freeboard_m)) fail(r, "freeboard_m", "is missing");
    if (edges != 0 && edges != 3) fail(r, "deck_edge_m", "goes with outer_edge_m and side");
    if (edges == 0 && kind >= 0) fail(r, "kind", "goes with the edges");
    if (edges == 0 && isnan(out->freeboard_sigma_m))
        fail(r, "freeboard_sigma_m", "is missing, and there are no edges to tell it from");
    out->has_edges = edges == 3;
    out->side = side == 1 ? PL_STARBOARD_SIDE : PL_PORT_SIDE;
    out->kind_given = kind >= 0;
    out->kind = kind == 1 ? PL_CUE_LIT_WALL : PL_CUE_DARK_BAND;
}

static void read_review(reader *r, const pl_json *node, double now_s, pl_review *out) {
    static const char *const VERDICTS[] = {"accept", "reject", "correct"};
    static const char *const ALWAYS[] = {
        "hull_id",     "row_sha256",  "verdict",      "analyst", "remark", "time",
        "freeboard_m", "deck_edge_m", "outer_edge_m", "side",    "kind",   "freeboard_sigma_m"};
    *out = (pl_review){.place = r->place,
                       .deck_edge_m = NAN,
                       .outer_edge_m = NAN,
                       .freeboard_m = NAN,
                       .freeboard_sigma_m = NAN};
    if (!pl__json_is_object(node)) {
        fail(r, "", "is no object");
        return;
    }
    only(r, node, ALWAYS, sizeof ALWAYS / sizeof *ALWAYS);
    pl__text_copy(out->hull_id, sizeof out->hull_id,
                  text(r, node, "hull_id", true, sizeof out->hull_id - 1));
    const char *key = text(r, node, "row_sha256", true, 64);
    if (!is_hex(key)) fail(r, "row_sha256", "is not 64 hexadecimal digits");
    pl__text_copy(out->row_sha256, sizeof out->row_sha256, key);
    const char *analyst = text(r, node, "analyst", true, ANALYST_MOST);
    if (is_blank(analyst) || strpbrk(analyst, "\n\t")) fail(r, "analyst", "is no name");
    pl__text_copy(out->analyst, sizeof out->analyst, analyst);
    out->remark = text(r, node, "remark", false, REMARK_MOST);
    const char *time = text(r, node, "time", true, 40);
    if (!pl__geo_time_parse(time, &out->reviewed_s)) fail(r, "time", "is no RFC 3339 time");
    if (out->reviewed_s > now_s + TOMORROW_S) fail(r, "time", "lies in the future");
    if (!*out->hull_id) fail(r, "hull_id", "is empty");
    int verdict = word(r, node, "verdict", true, VERDICTS, 3);
    out->verdict = verdict < 0 ? PL_REVIEW_NONE : (pl_review_verdict)(PL_REVIEW_ACCEPT + verdict);
    if (out->verdict == PL_REVIEW_CORRECT) {
        read_correction(r, node, out);
        return;
    }
    for (size_t i = 6; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
        if (has(node, ALWAYS[i])) fail(r, ALWAYS[i], "goes with the verdict correct only");
}

/* ---- the file ---- */

static const char *copy_text(reader *r, pl_arena *arena, const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = pl__arena_array(arena, size, 1);
    if (!copy) r->failed = true;
    return copy ? memcpy(copy, text, size) : "";
}

static void read_head(reader *r, const pl_json *root) {
    static const char *const NAMES[] = {"format", "version", "made_by", "results", "reviews"};
    if (!pl__json_is_object(root)) {
        fail(r, "", "is no review.json: no object");
        return;
    }
    if (strcmp(text(r, root, "format", true, 100), "plimsoll-review") != 0)
        fail(r, "format", "is not plimsoll-review");
    if (number(r, root, "version", -1e9, 1e9) != 1)
        fail(r, "version", "is not 1, the one that this program knows");
    text(r, root, "made_by", false, NOTE_MOST);
    text(r, root, "results", false, NOTE_MOST);
    only(r, root, NAMES, sizeof NAMES / sizeof *NAMES);
    if (!pl__json_is_array(pl__json_get(root, "reviews"))) fail(r, "reviews", "is no array");
    if (pl__json_size(pl__json_get(root, "reviews")) > REVIEWS_MOST)
        fail(r, "reviews", "are too many");
}

pl_status pl_review_read(const char *content, size_t length, const char *file, double now_s,
                         pl_arena *arena, pl_review **out, int *count, pl_error *error) {
    *out = NULL;
    *count = 0;
    if (length > SIZE_MOST)
        return pl__fail(error, PL_E_LIMIT, "results", "%.100s: larger than %d MB", file,
                        SIZE_MOST >> 20);
    pl_json *root = pl__json_parse_once(content, length, file, error);
    if (!root) return PL_E_FORMAT;
    reader r = {.file = file, .place = -1, .error = error};
    read_head(&r, root);
    const pl_json *list = pl__json_get(root, "reviews");
    int n = r.failed ? 0 : (int)pl__json_size(list);
    pl_review *reviews = pl__arena_array(arena, (size_t)n + 1, sizeof *reviews);
    for (int i = 0; i < n && reviews && !r.failed; i++) {
        r.place = i;
        read_review(&r, pl__json_at(list, (size_t)i), now_s, &reviews[i]);
        if (!r.failed) reviews[i].remark = copy_text(&r, arena, reviews[i].remark);
    }
    pl__json_free(root);
    if (!reviews) return pl__fail_memory(error, "results");
    if (r.failed) return error && error->status != PL_OK ? error->status : PL_E_FORMAT;
    *out = reviews;
    *count = n;
    return PL_OK;
}

/* ---- the row ---- */

/* Inside a text a quote is escaped, so the member's name stands where it seems to. */
bool pl_review_row_key(const char *record, char hex[65]) {
    static const char MEMBER[] = "\"tile\":";
    const char *at = strstr(record, MEMBER), *end;
    size_t length = strlen(record);
    pl_text t = {0};
    if (!at) {
        pl__io_sha256_buffer(record, length, hex);
        return false;
    }
    at += strlen(MEMBER);
    end = at + strcspn(at, ",}");
    if (*at == '"') {
        for (end = at + 1; *end && *end != '"'; end++)
            if (*end == '\\' && end[1]) end++;
        end += *end == '"';
    }
    pl__results_print(&t, "%.*snull%s", (int)(at - record), record, end);
    char *whole = pl__results_text_take(&t);
    if (whole) pl__io_sha256_buffer(whole, strlen(whole), hex);
    hex[whole ? 64 : 0] = '\0';
    free(whole);
    return whole;
}
