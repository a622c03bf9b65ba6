/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of results/ hand to each other. */
#ifndef PL_RESULTS_INTERNAL_H
#define PL_RESULTS_INTERNAL_H

#include "io/io.h"
#include "plimsoll/results.h"

/** RFC 4648. @param out room for PL__BASE64_ROOM(count). */
void pl__results_base64(const void *bytes, size_t count, char *out);
#define PL__BASE64_ROOM(count) (4 * (((count) + 2) / 3) + 1)

/** One flat field of a row. `text` borrows from the row or from the pl_cells that holds it. */
typedef struct pl_cell {
    const char *name;
    pl_field_type type;
    const char *text; /* NULL: unknown */
    double real;      /* also carries an integer or a truth value; NAN: unknown */
    int decimals;     /* as written for people and JSON */
    bool is_bool;
} pl_cell;

enum { PL__CELLS_MAX = 112 };

typedef struct pl_cells {
    int count;
    pl_cell cell[PL__CELLS_MAX];
    char acquired[40], reasons[1024];
    char fingerprint[PL__BASE64_ROOM(PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS)];
} pl_cells;

/** All flat fields of a row, in the one order that GeoJSON, CSV and the store share. */
void pl__results_cells(const pl_result *result, const pl_result_row *row, pl_cells *out);

/** Add a field; text "" and a NAN are unknown. What is borrowed must live as long as the cells. */
void pl__cells_text(pl_cells *cells, const char *name, const char *text);
void pl__cells_real(pl_cells *cells, const char *name, double value, int decimals);
void pl__cells_integer(pl_cells *cells, const char *name, long long value);
/** @param names of p05, p50, p95. */
void pl__cells_range(pl_cells *cells, const char *const names[3], const pl_range *range,
                     int decimals);
/** Says the reasons into cells->reasons, by their codes. */
void pl__cells_reasons(pl_cells *cells, pl_reasons reasons);
/** Of an integer or a truth value; 0 for others. */
long long pl__cell_whole(const pl_cell *cell);

/** Has the deck a signature, or is it all alike? */
bool pl__results_has_fingerprint(const pl_hull *hull);

/**
 * The part of a closed ring on one side of the antimeridian. @param part 0: west of 180, 1: beyond
 * it, as -180 and more. @param work room for count corners. @param out room for twice as many.
 * @return corners, the first again at the end; 0: no such part.
 */
int pl__results_ring_part(const double (*ring)[2], int count, int part, double (*work)[2],
                          double (*out)[2]);

/** The plimsoll:scene object. @param key NULL: of an array. */
void pl__results_put_scene(pl_json_out *o, const char *key, const pl_result *result);
/** `reasons`: an array of codes. */
void pl__results_put_reasons(pl_json_out *o, pl_reasons reasons);
/** `cues`. @param decimals of metres; a per_metre has one more. */
void pl__results_put_cues(pl_json_out *o, const pl_result_row *row, int decimals);
char *pl__results_geojson(const pl_result *results, int count);
char *pl__results_geojsonl(const pl_result *result);
/** The plimsoll:scene object as JSON text. @param effort with seconds and bytes read, which differ
 * from run to run? */
char *pl__results_scene_json(const pl_result *result, bool effort);
/** A hull's Feature as JSON text. */
char *pl__results_hull_json(const pl_result *result, const pl_result_row *row);
/** The member `ais` of a scene's record. */
void pl__results_put_ais(pl_json_out *out, const pl_result *result);
/** What of a review no column has: {"properties": {"cues", "error_budget"}}. */
char *pl__results_review_json(const pl_result_row *row);
void pl__results_put_polygon(pl_json_out *o, const char *key, const double (*ring)[2], int count);
void pl__results_put_cell(pl_json_out *o, const pl_cell *cell);
char *pl__results_csv(const pl_result *result, bool header);
char *pl__results_table(const pl_result *result, bool header);

/** The day of a time, "2024-03-07"; "" unknown. */
void pl__findings_day(double utc_s, char out[32]);
/** by_date as CSV; findings for people. */
char *pl__findings_csv(const pl_findings *findings);
char *pl__findings_table(const pl_findings *findings, const pl_findings_about *about);
/** Barrels to three figures: more would pretend. */
double pl__results_three_figures(double x);

/** Text that grows; sticky failure: text NULL at the end. */
typedef struct pl_text {
    char *text;
    size_t length, room;
    bool failed;
} pl_text;
/** Names or values, comma separated, without the line's end. */
void pl__results_csv_cells(pl_text *t, const pl_cells *cells, bool names);
void pl__results_print(pl_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The text, yours to free(); NULL when memory ran out. */
char *pl__results_text_take(pl_text *t);
/** The same for a terminal: without control characters that names brought along. */
char *pl__results_table_take(pl_text *t);

#endif
