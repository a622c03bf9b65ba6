/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ships does somebody know, what of each, and who says so?
 *
 * A registry is a table of one value a row: imo, name, quantity, value, sigma, source, date. Any
 * subset of quantities will do. A ship is known by her IMO number, whose last digit must be the
 * last digit of the others times 7, 6, ... 2, or by her name where she has none. A value may be the
 * name of a hydrostatic table beside the registry: draft_m, displacement_t, and tpc_t_per_cm,
 * mtc_tm_per_cm, lcf_m where known. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "load/model.h"
#include "load/sheet.h"

static const char FLOOR[] = "load";

enum { ROWS_MAX = 20000, IMO_DIGITS = 7 };
/* Displacement from one row of a table to the next must be what its TPC says, within so much:
 * tables round to the tonne and to three figures, a mistyped row is off by more. */
static const double STEP_TOLERANCE = 0.15;

struct pl_vessels {
    pl_arena *arena;
    const char *file;
    char sha256[65]; /* of the registry and of all tables it names */
    int count;
    pl_vessel *vessel;
    pl_hydrostatics **table; /* of each; NULL none */
    int *line;               /* where each begins */
};

/* What a row may say, and where it goes. */
static const struct quantity {
    const char *name;
    size_t value, sigma;
    double low, high;
} QUANTITY[PL_PARTICULARS] = {
#define AT(member) offsetof(pl_load_input, member)
    {"loa_m", AT(length_m.value), AT(length_m.sigma), 10, 500},
    {"lpp_m", AT(lpp_m), 0, 8, 500},
    {"beam_m", AT(beam_m.value), AT(beam_m.sigma), 2, 120},
    {"depth_m", AT(depth_m), AT(depth_sigma_m), 0.5, 60},
    {"summer_draft_m", AT(summer_draft_m), AT(summer_draft_sigma_m), 0.3, 40},
    {"summer_freeboard_m", AT(summer_freeboard_m), AT(summer_freeboard_sigma_m), -1, 30},
    {"dwt_t", AT(dwt_t), AT(dwt_sigma_t), 5, 1e6},
    {"displacement_t", AT(displacement_t), AT(displacement_sigma_t), 10, 1.2e6},
    {"lightship_t", AT(lightship_t), AT(lightship_sigma_t), 5, 3e5},
    {"tpc_t_per_cm", AT(tpc_t_per_cm), AT(tpc_sigma_t_per_cm), 0.05, 400},
    {"tank_m3", AT(tank_m3), AT(tank_sigma_m3), 1, 1e6},
    {"gt", AT(gt), AT(gt_sigma), 5, 5e5},
    {"hydrostatics", AT(hydrostatics), 0, 0, 0},
#undef AT
};
enum { HYDROSTATICS = PL_PARTICULARS - 1 };

/* Registers give length and beam to the centimetre or to the metre; without a sigma: half a metre's
 * rounding. */
static const double DIMENSION_SIGMA_M = 0.3;

static double *member(pl_load_input *in, size_t offset) {
    return (double *)(void *)((char *)in + offset);
}

bool pl_imo_valid(const char *text) {
    if (strlen(text) != IMO_DIGITS || strspn(text, "0123456789") != IMO_DIGITS) return false;
    int sum = 0;
    for (int i = 0; i < IMO_DIGITS - 1; i++) sum += (text[i] - '0') * (IMO_DIGITS - i);
    return sum % 10 == text[IMO_DIGITS - 1] - '0';
}

const char *pl_particular_name(int particular) {
    return particular >= 0 && particular < PL_PARTICULARS ? QUANTITY[particular].name : NULL;
}

static double number_at(const pl_load_input *in, size_t offset) {
    return *(const double *)(const void *)((const char *)in + offset);
}

pl_quantity pl_vessel_particular(const pl_vessel *vessel, int k) {
    const pl_quantity unknown = {NAN, NAN};
    if (k < 0 || k >= HYDROSTATICS || !vessel->source[k]) return unknown;
    return (pl_quantity){number_at(&vessel->known, QUANTITY[k].value),
                         QUANTITY[k].sigma ? number_at(&vessel->known, QUANTITY[k].sigma) : NAN};
}

void pl_vessel_fill(const pl_vessel *vessel, pl_load_input *in) {
    if (!in->hydrostatics) in->hydrostatics = vessel->known.hydrostatics;
    for (int k = 0; k < HYDROSTATICS; k++) {
        pl_quantity q = pl_vessel_particular(vessel, k);
        if (isnan(q.value) || !isnan(number_at(in, QUANTITY[k].value))) continue;
        *member(in, QUANTITY[k].value) = q.value;
        if (QUANTITY[k].sigma) *member(in, QUANTITY[k].sigma) = q.sigma;
    }
}

/* ---- hydrostatic tables ---- */

static void check_step(pl__sheet *s, const pl_hydrostatics *t, int row) {
    double metres = t->draft_m[row] - t->draft_m[row - 1];
    double tonnes = t->displacement_t[row] - t->displacement_t[row - 1];
    double tpc = 0.5 * (t->tpc_t_per_cm[row] + t->tpc_t_per_cm[row - 1]);
    if (!(metres > 0)) pl__sheet_complain(s, row, "draft_m", "must grow from row to row");
    if (!(tonnes > 0)) pl__sheet_complain(s, row, "displacement_t", "must grow from row to row");
    char what[100];
    snprintf(what, sizeof what, "%.0f t more than the row before, %.0f by her tonnes per cm",
             tonnes, 100 * tpc * metres);
    if (fabs(tonnes / (100 * tpc * metres) - 1) > STEP_TOLERANCE && fabs(tonnes) > 10)
        pl__sheet_complain(s, row, "displacement_t", what);
}

static pl_status read_table(const char *path, pl_arena *arena, pl_hydrostatics *out,
                            char sha256[65], pl_error *error) {
    pl__sheet s;
    pl__sheet_open(&s, path, PL_HYDROSTATICS_MAX, arena, error);
    if (!s.status && s.table.rows < 2)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s: a table wants two rows", path);
    for (int row = 0; row < s.table.rows && !s.status; row++) {
        out->count = row + 1;
        out->draft_m[row] = pl__sheet_number(&s, row, "draft_m", 0.05, 40);
        out->displacement_t[row] = pl__sheet_number(&s, row, "displacement_t", 1, 1.5e6);
        out->tpc_t_per_cm[row] = pl__sheet_maybe(&s, row, "tpc_t_per_cm", 0.01, 500);
        out->mtc_tm_per_cm[row] = pl__sheet_maybe(&s, row, "mtc_tm_per_cm", 0.01, 20000);
        out->lcf_m[row] = pl__sheet_maybe(&s, row, "lcf_m", -100, 100);
        if (row > 0 && !s.status) check_step(&s, out, row);
    }
    memcpy(sha256, s.table.sha256, sizeof s.table.sha256);
    return s.status;
}

static void take_table(pl__sheet *s, int row, const char *name, pl_vessels *v, int ship) {
    char path[1200], chain[2 * 64 + 1], hash[65];
    const char *slash = strrchr(v->file, '/');
    int folder = slash && *name != '/' ? (int)(slash - v->file) + 1 : 0;
    int length = snprintf(path, sizeof path, "%.*s%s", folder, v->file, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        pl__sheet_complain(s, row, "value", "too long");
        return;
    }
    v->table[ship] = pl__arena_alloc(v->arena, sizeof *v->table[ship]);
    s->status = v->table[ship] ? PL_OK : pl__fail_memory(s->error, FLOOR);
    if (!s->status) s->status = read_table(path, v->arena, v->table[ship], hash, s->error);
    if (s->status) return;
    length = snprintf(chain, sizeof chain, "%s%s", v->sha256, hash);
    pl__io_sha256_buffer(chain, (size_t)length, v->sha256);
}

/* ---- the registry ---- */

static bool is(const pl_vessel *v, const char *imo, const char *name) {
    return *imo || *v->imo ? strcmp(v->imo, imo) == 0 : strcasecmp(v->name, name) == 0;
}

/* The ship of a row, a new one if need be. @return -1 after a fault. */
static int ship_of(pl__sheet *s, int row, pl_vessels *v) {
    const char *imo = pl__sheet_text(s, row, "imo"), *name = pl__sheet_text(s, row, "name");
    if (!s->status && *imo && !pl_imo_valid(imo))
        pl__sheet_complain(s, row, "imo",
                           "no IMO number: seven digits, the last one a check digit");
    if (!s->status && !*imo && !*name)
        pl__sheet_complain(s, row, "name", "neither an IMO number nor a name");
    if (s->status) return -1;
    /* rows of a ship mostly stand together: look backwards */
    for (int i = v->count - 1; i >= 0; i--) {
        if (!is(&v->vessel[i], imo, name)) continue;
        if (*name && *v->vessel[i].name && strcasecmp(name, v->vessel[i].name) != 0)
            pl__sheet_complain(s, row, "name", "this IMO number bears another name above");
        if (!*v->vessel[i].name)
            pl__sheet_copy(s, row, "name", v->vessel[i].name, sizeof v->vessel[i].name);
        return i;
    }
    pl_vessel *new = &v->vessel[v->count];
    *new = (pl_vessel){.registered = true, .known = PL_LOAD_INPUT_INIT};
    v->line[v->count] = s->table.line[row];
    pl__text_copy(new->imo, sizeof new->imo, imo);
    pl__sheet_copy(s, row, "name", new->name, sizeof new->name);
    return v->count++;
}

static void take_value(pl__sheet *s, int row, int k, pl_vessel *ship) {
    const struct quantity *q = &QUANTITY[k];
    double value = pl__sheet_number(s, row, "value", q->low, q->high);
    double sigma = pl__sheet_maybe(s, row, "sigma", 0, pl__max(0.3 * fabs(value), 0.3));
    *member(&ship->known, q->value) = value;
    if (q->sigma) *member(&ship->known, q->sigma) = sigma;
    bool dimension = strcmp(q->name, "loa_m") == 0 || strcmp(q->name, "beam_m") == 0;
    if (dimension && isnan(sigma)) *member(&ship->known, q->sigma) = DIMENSION_SIGMA_M;
}

/* A number beside "identity" was meant as something else. */
static void refuse_value(pl__sheet *s, int row, const char *column) {
    if (pl__sheet_has(s, column) && *pl__sheet_text(s, row, column))
        pl__sheet_complain(s, row, column, "an identity has no value");
}

static void take_row(pl__sheet *s, int row, pl_vessels *v) {
    int ship = ship_of(s, row, v), k = 0;
    const char *quantity = pl__sheet_text(s, row, "quantity");
    if (s->status) return;
    if (strcmp(quantity, "identity") == 0) {
        refuse_value(s, row, "value");
        refuse_value(s, row, "sigma");
        return;
    }
    while (k < PL_PARTICULARS && strcmp(quantity, QUANTITY[k].name) != 0) k++;
    if (k == PL_PARTICULARS) {
        pl__sheet_complain(s, row, "quantity",
                           "must be identity, loa_m, lpp_m, beam_m, depth_m, summer_draft_m, "
                           "summer_freeboard_m, dwt_t, "
                           "displacement_t, lightship_t, tpc_t_per_cm, tank_m3, gt, hydrostatics");
        return;
    }
    if (v->vessel[ship].source[k]) {
        pl__sheet_complain(s, row, "quantity", "this ship has it already");
        return;
    }
    v->vessel[ship].source[k] = pl__sheet_text(s, row, "source");
    if (k == HYDROSTATICS)
        take_table(s, row, pl__sheet_text(s, row, "value"), v, ship);
    else
        take_value(s, row, k, &v->vessel[ship]);
}

/* Numbers of one ship must go together. */
static pl_status check_ship(pl_vessels *v, int i, pl_error *error) {
    pl_error inner = PL_ERROR_INIT;
    v->vessel[i].known.hydrostatics = v->table[i];
    pl_load_input in = v->vessel[i].known;
    pl_status status = pl__particulars_check(&in, &inner);
    if (status)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%s:%d:1: %.120s", v->file, v->line[i],
                        inner.message);
    return PL_OK;
}

static pl_status read(const char *file, pl_vessels *v, pl_error *error) {
    pl__sheet s;
    pl__sheet_open(&s, file, ROWS_MAX, v->arena, error);
    if (!s.status) pl__sheet_sources(&s);
    if (s.status) return s.status;
    size_t most = (size_t)s.table.rows;
    v->file = s.table.file;
    v->vessel = pl__arena_array(v->arena, most, sizeof *v->vessel);
    v->table = pl__arena_array(v->arena, most, sizeof *v->table);
    v->line = pl__arena_array(v->arena, most, sizeof *v->line);
    if (!v->vessel || !v->table || !v->line) return pl__fail_memory(error, FLOOR);
    memset(v->table, 0, most * sizeof(pl_hydrostatics *));
    memcpy(v->sha256, s.table.sha256, sizeof v->sha256);
    for (int row = 0; row < s.table.rows && !s.status; row++) take_row(&s, row, v);
    for (int i = 0; i < v->count && !s.status; i++) s.status = check_ship(v, i, error);
    return s.status;
}

pl_status pl_vessels_open(const char *file, pl_vessels **out, pl_error *error) {
    pl_vessels *v = calloc(1, sizeof *v);
    *out = NULL;
    if (v) v->arena = pl_arena_new(0);
    pl_status status = v && v->arena ? read(file, v, error) : pl__fail_memory(error, FLOOR);
    if (status)
        pl_vessels_free(v);
    else
        *out = v;
    return status;
}

const char *pl_vessels_sha256(const pl_vessels *vessels) {
    return vessels->sha256;
}

void pl_vessels_free(pl_vessels *vessels) {
    if (vessels) pl_arena_free(vessels->arena);
    free(vessels);
}

pl_status pl_vessels_find(const pl_vessels *v, const char *word, const pl_vessel **out,
                          pl_error *error) {
    bool number = strlen(word) == IMO_DIGITS && strspn(word, "0123456789") == IMO_DIGITS;
    *out = NULL;
    if (number && !pl_imo_valid(word))
        return pl__fail(error, PL_E_USAGE, FLOOR, "%s is no IMO number: its check digit is wrong",
                        word);
    for (int i = 0; i < v->count; i++) {
        const pl_vessel *ship = &v->vessel[i];
        if (number ? strcmp(ship->imo, word) != 0 : strcasecmp(ship->name, word) != 0) continue;
        if (*out)
            return pl__fail(error, PL_E_USAGE, FLOOR,
                            "%s: more than one ship is called '%.60s': name her by IMO number",
                            v->file, word);
        *out = ship;
    }
    return PL_OK;
}
