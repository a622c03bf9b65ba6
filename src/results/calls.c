/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls does a plain table of visits name?
 *
 *     date,vessel,dwt_t[,load_fraction][,load_fraction_sigma][,loa_m][,beam_m][,imo][,port][,direction][,status]
 *
 * or what `plimsoll visits --format csv` writes, whose measured cargoes go before load fractions.
 * One call a row; cells may be empty, columns come in any order. A row that cannot be is a fault
 * with its line and column: a sum over the others would look like an answer. So is one ship twice
 * on one day, and one ship with two deadweights. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "load/sheet.h"
#include "plimsoll/results.h"

static const char FLOOR[] = "results";
/* Registers differ by load line and rounding; two ships differ by more. */
static const double DWT_TOLERANCE = 0.02;
/* Of lengths and beams that a table states: a register's rounding. */
static const double DIMENSION_SIGMA_M = 0.3;
static const double DAY_S = 86400;

enum { ROWS_MOST = 100000 };

static const char *const COLUMNS[] = {"date",  "vessel",    "dwt_t", "load_fraction",
                                      "loa_m", "beam_m",    "imo",   "load_fraction_sigma",
                                      "port",  "direction", "status"};

/* A row on its way: which call, which line. */
typedef struct entry {
    pl_call *call;
    int row;
} entry;

/* Capitals, single blanks, no blanks at the ends. */
static void plain_name(const char *text, char *out, size_t size) {
    size_t n = 0;
    for (; *text && n + 1 < size; text++) {
        bool blank = isspace((unsigned char)*text);
        if (blank && (n == 0 || out[n - 1] == ' ')) continue;
        out[n++] = blank ? ' ' : (char)toupper((unsigned char)*text);
    }
    while (n > 0 && out[n - 1] == ' ') n--;
    out[n] = '\0';
}

static bool is_nobody(const char *name) {
    static const char *const WORDS[] = {"", "UNKNOWN", "UNIDENTIFIED", "UNNAMED", "?", "-", "N/A"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(name, WORDS[i]) == 0) return true;
    return false;
}

static const char *maybe_text(pl__sheet *s, int row, const char *name) {
    return pl__sheet_has(s, name) ? pl__sheet_text(s, row, name) : "";
}

static void read_ship(pl__sheet *s, int row, pl_call *c) {
    char name[64], given[24];
    pl__text_copy(given, sizeof given, maybe_text(s, row, "imo"));
    const char *imo = given;
    if (strncasecmp(given, "IMO", 3) == 0) imo += 3 + strspn(given + 3, " ");
    pl__sheet_copy(s, row, "vessel", c->vessel, sizeof c->vessel);
    plain_name(c->vessel, name, sizeof name);
    if (!*imo && pl_imo_valid(name)) imo = c->vessel;
    if (*imo && !pl_imo_valid(imo))
        pl__sheet_complain(s, row, "imo", "is no IMO number: seven digits, the last checks them");
    pl__text_copy(c->imo, sizeof c->imo, imo);
    if (*imo)
        snprintf(c->ship, sizeof c->ship, "imo:%s", imo);
    else if (!is_nobody(name))
        snprintf(c->ship, sizeof c->ship, "name:%s", name);
}

static pl_range maybe_range(pl__sheet *s, int row, const char *const names[3]) {
    return (pl_range){pl__sheet_maybe(s, row, names[0], -1e6, 1e6),
                      pl__sheet_maybe(s, row, names[1], -1e6, 1e6),
                      pl__sheet_maybe(s, row, names[2], -1e6, 1e6)};
}

/* A row that pictures made: cargo, size and their errors as the visit has them. */
static void read_visit(pl__sheet *s, int row, pl_call *c) {
    static const char *const TONNES[] = {"transfer_t_p05", "transfer_t_p50", "transfer_t_p95"};
    static const char *const ABOARD[] = {"departure_cargo_t_p05", "departure_cargo_t_p50",
                                         "departure_cargo_t_p95"};
    pl_call seen;
    pl_visit v = {.direction = c->direction,
                  .status = c->status,
                  .transfer_t = maybe_range(s, row, TONNES),
                  .transfer_t_p25 = pl__sheet_maybe(s, row, "transfer_t_p25", -1e6, 1e6),
                  .transfer_t_p75 = pl__sheet_maybe(s, row, "transfer_t_p75", -1e6, 1e6),
                  .departure_cargo_t = maybe_range(s, row, ABOARD),
                  .ship_sigma_bbl = pl__sheet_maybe(s, row, "ship_sigma_bbl", 0, 1e8),
                  .common_sigma_bbl = pl__sheet_maybe(s, row, "common_sigma_bbl", 0, 1e8)};
    v.transfer_bbl.p05 = pl__sheet_maybe(s, row, "transfer_bbl_p05", -1e8, 1e8);
    v.transfer_bbl.p95 = pl__sheet_maybe(s, row, "transfer_bbl_p95", -1e8, 1e8);
    pl_call_of_visit(&v, &seen);
    c->cargo_t = seen.cargo_t;
    c->cargo_t_p25 = seen.cargo_t_p25;
    c->cargo_t_p75 = seen.cargo_t_p75;
    c->share_ship = seen.share_ship;
    c->share_common = seen.share_common;
    c->whole = seen.whole;
    c->load_fraction = (pl_quantity){NAN, NAN};
    c->dwt_t.sigma = pl__sheet_maybe(s, row, "dwt_sigma_t", 0, 1e6);
    c->inferred = c->dwt_t.sigma > 0;
    c->listed = !c->inferred && !isnan(c->dwt_t.value);
    const char *ship = maybe_text(s, row, "ship");
    if (*ship) pl__text_copy(c->ship, sizeof c->ship, ship);
}

static void read_row(pl__sheet *s, int row, pl_call *c) {
    *c = (pl_call){.direction = PL_DIRECTION_LOADING,
                   .status = PL_OK,
                   .cargo_t_p25 = NAN,
                   .cargo_t_p75 = NAN,
                   .cargo_t = {NAN, NAN, NAN}};
    if (!pl__geo_day_parse(pl__sheet_text(s, row, "date"), &c->left_s))
        pl__sheet_complain(s, row, "date",
                           "must be like 2024-03-07, or a time like "
                           "2024-03-07T05:00:00Z");
    read_ship(s, row, c);
    c->dwt_t = (pl_quantity){pl__sheet_maybe(s, row, "dwt_t", 5, 1e6), NAN};
    c->loa_m = (pl_quantity){pl__sheet_maybe(s, row, "loa_m", 10, 500), DIMENSION_SIGMA_M};
    c->beam_m = (pl_quantity){pl__sheet_maybe(s, row, "beam_m", 2, 120), DIMENSION_SIGMA_M};
    c->load_fraction.value = pl__sheet_maybe(s, row, "load_fraction", 0, 1.2);
    c->load_fraction.sigma = pl__sheet_maybe(s, row, "load_fraction_sigma", 0, 1);
    pl__text_copy(c->port, sizeof c->port, maybe_text(s, row, "port"));
    if (c->beam_m.value >= c->loa_m.value)
        pl__sheet_complain(s, row, "beam_m", "must be below the length");
    const char *status = maybe_text(s, row, "status"); /* as plimsoll visits says it */
    if (strcmp(status, "dubious") == 0) c->status = PL_DUBIOUS;
    if (strcmp(status, "refused") == 0) c->status = PL_REFUSED;
    const char *way = maybe_text(s, row, "direction");
    bool known = *way == '\0';
    for (int k = 0; k <= PL_DIRECTION_DISCHARGING && !known; k++) {
        known = strcmp(way, pl_direction_name((pl_direction)k)) == 0;
        c->direction = (pl_direction)k;
    }
    if (!known)
        pl__sheet_complain(s, row, "direction", "must be loading, discharging, none or unclear");
    if (pl__sheet_has(s, "visit_id")) read_visit(s, row, c);
}

/* ---- one ship, several rows ---- */

static int by_name(const void *a, const void *b) {
    const entry *x = a, *y = b;
    char one[64], other[64];
    plain_name(x->call->vessel, one, sizeof one);
    plain_name(y->call->vessel, other, sizeof other);
    int order = strcmp(one, other);
    return order ? order : x->row - y->row;
}

/* A name that stands beside an IMO number in one row means that ship in the others. */
static void join_names(pl__sheet *s, entry *e, int count) {
    qsort(e, (size_t)count, sizeof *e, by_name);
    for (int i = 0, end; i < count; i = end) {
        char name[64], other[64];
        const char *imo = "";
        plain_name(e[i].call->vessel, name, sizeof name);
        bool several = false;
        for (end = i; end < count; end++) {
            plain_name(e[end].call->vessel, other, sizeof other);
            if (strcmp(name, other) != 0) break;
            const char *own = e[end].call->imo;
            several |= *own && *imo && strcmp(own, imo) != 0;
            if (*own) imo = own;
        }
        if (!*imo || is_nobody(name)) continue;
        for (int k = i; k < end; k++) {
            if (*e[k].call->imo) continue;
            if (several)
                pl__sheet_complain(s, e[k].row, "vessel",
                                   "other rows give this name to several IMO numbers: which?");
            pl__text_copy(e[k].call->imo, sizeof e[k].call->imo, imo);
            snprintf(e[k].call->ship, sizeof e[k].call->ship, "imo:%s", imo);
        }
    }
}

static int by_ship(const void *a, const void *b) {
    const entry *x = a, *y = b;
    int order = strcmp(x->call->ship, y->call->ship);
    if (order) return order;
    if (x->call->left_s != y->call->left_s) return x->call->left_s < y->call->left_s ? -1 : 1;
    return x->row - y->row;
}

static void compare_rows(pl__sheet *s, const entry *a, const entry *b) {
    char what[120];
    int line = s->table.line[a->row];
    if (floor(a->call->left_s / DAY_S) == floor(b->call->left_s / DAY_S)) {
        snprintf(what, sizeof what, "she stands in line %d on the same day: one call counts once",
                 line);
        pl__sheet_complain(s, b->row, "vessel", what);
    }
}

static void compare_sizes(pl__sheet *s, const entry *a, const entry *b) {
    char what[120];
    if (!(fabs(a->call->dwt_t.value / b->call->dwt_t.value - 1) > DWT_TOLERANCE)) return;
    snprintf(what, sizeof what, "%g t, but line %d says %g t of her", b->call->dwt_t.value,
             s->table.line[a->row], a->call->dwt_t.value);
    pl__sheet_complain(s, b->row, "dwt_t", what);
}

static void check_ships(pl__sheet *s, entry *e, int count) {
    if (pl__sheet_has(s, "visit_id")) return; /* sizes are guesses there, ships the program's */
    const entry *sized = NULL;
    qsort(e, (size_t)count, sizeof *e, by_ship);
    for (int i = 0; i < count; i++) {
        bool same = i > 0 && *e[i].call->ship && strcmp(e[i].call->ship, e[i - 1].call->ship) == 0;
        if (same) compare_rows(s, &e[i - 1], &e[i]);
        if (!same || !sized) sized = isnan(e[i].call->dwt_t.value) ? NULL : &e[i];
        if (sized) compare_sizes(s, sized, &e[i]);
    }
}

/* ---- the registry ---- */

static pl_status ask_registry(const pl_vessels *registry, pl_call *c, pl_error *error) {
    const pl_vessel *ship = NULL;
    pl_load_input in = PL_LOAD_INPUT_INIT;
    if (!registry || !*c->ship) return PL_OK;
    const char *word = *c->imo ? c->imo : c->vessel;
    pl_status status = pl_vessels_find(registry, word, &ship, error);
    if (status || !ship)
        return status == PL_E_USAGE ? PL_OK : status; /* two of that name: nobody */
    pl_vessel_fill(ship, &in);
    if (isnan(c->dwt_t.value) && !isnan(in.dwt_t)) {
        c->dwt_t = (pl_quantity){in.dwt_t, in.dwt_sigma_t};
        c->listed = true;
    }
    if (isnan(c->loa_m.value)) c->loa_m = in.length_m;
    if (isnan(c->beam_m.value)) c->beam_m = in.beam_m;
    return PL_OK;
}

/* ---- the table ---- */

static void note_columns(const pl_table *t, char *out, size_t size) {
    *out = '\0';
    for (int i = 0; i < t->columns; i++)
        if (strcmp(t->name[i], "visit_id") == 0) return; /* the program's own table */
    for (int i = 0; i < t->columns; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof COLUMNS / sizeof *COLUMNS; k++)
            known |= strcmp(t->name[i], COLUMNS[k]) == 0;
        size_t used = strlen(out);
        if (!known && used + 50 < size)
            snprintf(out + used, size - used, "%s%.40s", used ? ", " : "", t->name[i]);
    }
}

pl_status pl_calls_read(const char *file, const pl_vessels *registry, pl_arena *arena,
                        pl_calls *out, pl_error *error) {
    pl__sheet s;
    bool pipe = strcmp(file, "-") == 0;
    *out = (pl_calls){0};
    pl__sheet_open(&s, pipe ? "/vsistdin/" : file, ROWS_MOST, arena, error);
    if (s.status) return s.status;
    if (pipe) s.table.file = "-";
    entry *e = pl__arena_array(arena, (size_t)s.table.rows, sizeof *e);
    out->call = pl__arena_array(arena, (size_t)s.table.rows, sizeof *out->call);
    if (!e || !out->call) return pl__fail_memory(error, FLOOR);
    pl__sheet_text(&s, 0, "dwt_t"); /* must be there, if only empty */
    for (int row = 0; row < s.table.rows && !s.status; row++) {
        read_row(&s, row, &out->call[row]);
        e[row] = (entry){&out->call[row], row};
    }
    if (!s.status && !pl__sheet_has(&s, "visit_id")) join_names(&s, e, s.table.rows);
    if (!s.status) check_ships(&s, e, s.table.rows);
    out->count = s.table.rows;
    note_columns(&s.table, out->ignored, sizeof out->ignored);
    pl__text_copy(out->sha256, sizeof out->sha256, s.table.sha256);
    for (int i = 0; i < out->count && !s.status; i++)
        s.status = ask_registry(registry, &out->call[i], error);
    return s.status;
}
