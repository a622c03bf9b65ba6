/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls does an analyst know?
 *
 *     hull_id,lon,lat,from,until,vessel_name,vessel_imo,same_as,different_from
 *
 * A row names a hull by its id, or all hulls at a place within a span of time, one a picture; and
 * says who she is, or that she is the ship of another hull, or that she is not. Columns and cells
 * may be missing. An analyst's word goes before that of a registry or of AIS. A row that means no
 * hull, or contradicts another row, is a fault with line and column: to pass over it would leave
 * out what somebody holds for settled. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "geo/geo.h"
#include "load/sheet.h"
#include "visit/visits.h"

static const char FLOOR[] = "visit";
static const double REACH_M = 150; /* from the place that was named to the hull's middle */

enum { ROWS_MOST = 100000 };

typedef struct statement {
    int row, line;
    char hull_id[96], same_as[96], different_from[96], name[64], imo[16];
    double lon_deg, lat_deg, from_s, until_s; /* NAN: not said */
} statement;

/* A hull that some row means. group: the index of the first hull that is the same ship. */
typedef struct known {
    char hull_id[96];
    int group, line; /* of the row that named her; 0 no name */
    char name[64], imo[16];
} known;
typedef struct split {
    char one[96], other[96];
} split;

struct pl_identities {
    pl_arena *arena;
    char file[256];
    pl__sheet sheet;
    int statements;
    statement *statement;
    int known_count, known_room, splits;
    known *known;
    split *split;
};

/* ---- reading ---- */

/* A day, or a time; of a day's end when `whole`. NAN after a fault. */
static double time_at(pl__sheet *s, int row, const char *name, bool whole) {
    const char *text = pl__sheet_has(s, name) ? pl__sheet_text(s, row, name) : "";
    double utc_s;
    if (*text == '\0') return NAN;
    bool day = strlen(text) == sizeof "2024-03-07" - 1;
    if (!pl__geo_day_parse(text, &utc_s)) {
        pl__sheet_complain(s, row, name, "must be like 2024-03-07, or like 2024-03-07T05:00:00Z");
        return NAN;
    }
    return utc_s + (day && whole ? 86400 : 0);
}

static void text_at(pl__sheet *s, int row, const char *name, char *out, size_t size) {
    *out = '\0';
    if (pl__sheet_has(s, name)) pl__sheet_copy(s, row, name, out, size);
}

static void check(pl__sheet *s, const statement *t) {
    bool place = !isnan(t->lon_deg) && !isnan(t->lat_deg);
    const char *any = pl__sheet_has(s, "hull_id") ? "hull_id" : "lon";
    if (isnan(t->lon_deg) != isnan(t->lat_deg))
        pl__sheet_complain(s, t->row, isnan(t->lon_deg) ? "lon" : "lat", "a place has two numbers");
    if ((*t->hull_id != '\0') == place)
        pl__sheet_complain(s, t->row, any, "name the hull by hull_id, or by lon and lat");
    if (place && (isnan(t->from_s) || isnan(t->until_s)))
        pl__sheet_complain(s, t->row, isnan(t->from_s) ? "from" : "until",
                           "a place wants a time: from and until");
    if (t->from_s >= t->until_s) pl__sheet_complain(s, t->row, "until", "must be after from");
    if (*t->imo && !pl_imo_valid(t->imo))
        pl__sheet_complain(s, t->row, "vessel_imo",
                           "is no IMO number: seven digits, the last checks them");
    if (!*t->name && !*t->imo && !*t->same_as && !*t->different_from)
        pl__sheet_complain(s, t->row, any,
                           "says nothing: vessel_name, vessel_imo, same_as or different_from");
}

static void read_row(pl__sheet *s, int row, statement *t) {
    *t = (statement){.row = row, .line = s->table.line[row]};
    text_at(s, row, "hull_id", t->hull_id, sizeof t->hull_id);
    text_at(s, row, "same_as", t->same_as, sizeof t->same_as);
    text_at(s, row, "different_from", t->different_from, sizeof t->different_from);
    text_at(s, row, "vessel_name", t->name, sizeof t->name);
    text_at(s, row, "vessel_imo", t->imo, sizeof t->imo);
    t->lon_deg = pl__sheet_maybe(s, row, "lon", -180, 360);
    t->lat_deg = pl__sheet_maybe(s, row, "lat", -90, 90);
    t->from_s = time_at(s, row, "from", false);
    t->until_s = time_at(s, row, "until", true);
    check(s, t);
}

static void check_columns(pl__sheet *s) {
    static const char *const KNOWN[] = {
        "hull_id",        "lon",         "lat",        "from", "until", "same_as",
        "different_from", "vessel_name", "vessel_imo", "note", "source"};
    for (int c = 0; c < s->table.columns && !s->status; c++) {
        bool fine = false;
        for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
            fine |= strcmp(s->table.name[c], KNOWN[i]) == 0;
        if (!fine)
            s->status = pl__fail(s->error, PL_E_FORMAT, FLOOR, "%.150s:1:%d: no such column: %.40s",
                                 s->table.file, c + 1, s->table.name[c]);
    }
}

pl_status pl_identities_open(const char *file, pl_identities **out, pl_error *error) {
    *out = NULL;
    pl_arena *arena = pl_arena_new(0);
    pl_identities *ids = arena ? pl__arena_alloc(arena, sizeof *ids) : NULL;
    if (!ids) {
        pl_arena_free(arena);
        return pl__fail_memory(error, FLOOR);
    }
    pl__sheet *s = &ids->sheet;
    ids->arena = arena;
    pl__text_copy(ids->file, sizeof ids->file, file);
    pl__sheet_open(s, file, ROWS_MOST, arena, error);
    if (!s->status) {
        ids->statements = s->table.rows;
        ids->statement = pl__arena_array(arena, (size_t)s->table.rows, sizeof *ids->statement);
        ids->split = pl__arena_array(arena, (size_t)s->table.rows, sizeof *ids->split);
        if (!ids->statement || !ids->split) s->status = pl__fail_memory(error, FLOOR);
    }
    check_columns(s);
    for (int row = 0; !s->status && row < s->table.rows; row++)
        read_row(s, row, &ids->statement[row]);
    s->error = NULL;
    if (s->status) {
        pl_status status = s->status;
        pl_identities_free(ids);
        return status;
    }
    *out = ids;
    return PL_OK;
}

void pl_identities_free(pl_identities *ids) {
    if (!ids) return;
    free(ids->known);
    pl_arena_free(ids->arena);
}

/* ---- which hulls are meant ---- */

static known *find(const pl_identities *ids, const char *hull_id) {
    for (int i = 0; i < ids->known_count; i++)
        if (strcmp(ids->known[i].hull_id, hull_id) == 0) return &ids->known[i];
    return NULL;
}

static int place_of(pl_identities *ids, const char *hull_id) {
    known *k = find(ids, hull_id);
    if (k) return (int)(k - ids->known);
    if (ids->known_count == ids->known_room) {
        int room = 2 * ids->known_room + 16;
        known *grown = realloc(ids->known, (size_t)room * sizeof *grown);
        if (!grown) return -1;
        ids->known = grown;
        ids->known_room = room;
    }
    ids->known[ids->known_count] = (known){.group = ids->known_count};
    pl__text_copy(ids->known[ids->known_count].hull_id, sizeof ids->known->hull_id, hull_id);
    return ids->known_count++;
}

static void join(pl_identities *ids, int a, int b) {
    int from = ids->known[b].group, to = ids->known[a].group;
    for (int i = 0; i < ids->known_count; i++)
        if (ids->known[i].group == from) ids->known[i].group = to;
}

static bool is_there(const pl_observation *seen, int count, const char *hull_id) {
    for (int i = 0; i < count; i++)
        if (strcmp(seen[i].hull_id, hull_id) == 0) return true;
    return false;
}

/* The hull of observation i's picture that lies nearest to the place, if it is i, within reach and
 * alone there. -1: another; -2: two would do. */
static int is_meant(const statement *t, const pl_observation *seen, int count, int i) {
    const pl_observation *o = &seen[i];
    double mine = pl__apart_m(t->lon_deg, t->lat_deg, o->lon_deg, o->lat_deg);
    if (!(o->acquired_s >= t->from_s && o->acquired_s <= t->until_s)) return -1;
    if (!(mine <= pl__max(REACH_M, 0.5 * o->length_m.value))) return -1;
    for (int k = 0; k < count; k++) {
        if (k == i || strcmp(seen[k].scene_id, o->scene_id) != 0) continue;
        double far = pl__apart_m(t->lon_deg, t->lat_deg, seen[k].lon_deg, seen[k].lat_deg);
        if (far < mine) return -1;
        if (far < 2 * mine) return -2;
    }
    return i;
}

static void say(pl_identities *ids, const statement *t, int at, const char *column) {
    known *k = &ids->known[at];
    char what[160];
    bool other = (*k->name && *t->name && strcasecmp(k->name, t->name) != 0) ||
                 (*k->imo && *t->imo && strcmp(k->imo, t->imo) != 0);
    if (other) {
        snprintf(what, sizeof what, "line %d says another of hull %.80s", k->line, k->hull_id);
        pl__sheet_complain(&ids->sheet, t->row, column, what);
        return;
    }
    if (*t->name) pl__text_copy(k->name, sizeof k->name, t->name);
    if (*t->imo) pl__text_copy(k->imo, sizeof k->imo, t->imo);
    if (*t->name || *t->imo) k->line = t->line;
}

static void relate(pl_identities *ids, const statement *t, int at, const pl_observation *seen,
                   int count) {
    const char *const column[] = {"same_as", "different_from"};
    const char *const other[] = {t->same_as, t->different_from};
    for (int i = 0; i < 2; i++) {
        if (!*other[i]) continue;
        if (!is_there(seen, count, other[i])) {
            pl__sheet_complain(&ids->sheet, t->row, column[i], "these results have no such hull");
            return;
        }
        int to = place_of(ids, other[i]);
        if (to < 0) {
            ids->sheet.status = pl__fail_memory(ids->sheet.error, FLOOR);
            return;
        }
        if (i == 0) {
            join(ids, at, to);
            continue;
        }
        split *s = &ids->split[ids->splits++];
        pl__text_copy(s->one, sizeof s->one, ids->known[at].hull_id);
        pl__text_copy(s->other, sizeof s->other, other[i]);
    }
}

static void take_statement(pl_identities *ids, const statement *t, const pl_observation *seen,
                           int count) {
    int first = -1;
    const char *column = *t->hull_id ? "hull_id" : "lon";
    for (int i = 0; i < count && !ids->sheet.status; i++) {
        bool by_id = *t->hull_id && strcmp(seen[i].hull_id, t->hull_id) == 0;
        int meant = by_id ? i : *t->hull_id ? -1 : is_meant(t, seen, count, i);
        if (meant == -2)
            pl__sheet_complain(&ids->sheet, t->row, column,
                               "two hulls of one picture lie there: name one by hull_id");
        if (meant < 0) continue;
        int at = place_of(ids, seen[i].hull_id);
        if (at < 0) {
            ids->sheet.status = pl__fail_memory(ids->sheet.error, FLOOR);
            return;
        }
        say(ids, t, at, *t->name ? "vessel_name" : *t->imo ? "vessel_imo" : column);
        if (first < 0)
            first = at;
        else
            join(ids, first, at);
    }
    if (first < 0)
        pl__sheet_complain(&ids->sheet, t->row, column, "these results have no hull there");
    if (!ids->sheet.status) relate(ids, t, first, seen, count);
}

/* ---- what follows ---- */

/* Hulls of one ship have one name; hulls of two are not one ship. */
static void spread(pl_identities *ids) {
    for (int i = 0; i < ids->known_count && !ids->sheet.status; i++)
        for (int k = 0; k < ids->known_count && !ids->sheet.status; k++) {
            known *to = &ids->known[i];
            const known *from = &ids->known[k];
            if (to->group != from->group || from->line == 0) continue;
            statement as = {.row = 0, .line = from->line};
            for (int s = 0; s < ids->statements; s++)
                if (ids->statement[s].line == from->line) as.row = ids->statement[s].row;
            pl__text_copy(as.name, sizeof as.name, from->name);
            pl__text_copy(as.imo, sizeof as.imo, from->imo);
            say(ids, &as, i, *as.name ? "vessel_name" : "vessel_imo");
        }
    for (int i = 0; i < ids->statements && !ids->sheet.status; i++) {
        const statement *t = &ids->statement[i];
        const known *a = *t->hull_id ? find(ids, t->hull_id) : NULL;
        const known *b = *t->different_from ? find(ids, t->different_from) : NULL;
        if (a && b && a->group == b->group)
            pl__sheet_complain(&ids->sheet, t->row, "different_from",
                               "by same_as of this or another row they are one ship");
    }
}

pl_status pl_identities_apply(pl_identities *ids, pl_observation *seen, int count,
                              pl_error *error) {
    ids->known_count = ids->splits = 0;
    ids->sheet.error = error;
    ids->sheet.status = PL_OK;
    for (int i = 0; i < ids->statements && !ids->sheet.status; i++)
        take_statement(ids, &ids->statement[i], seen, count);
    spread(ids);
    ids->sheet.error = NULL;
    for (int i = 0; i < count && !ids->sheet.status; i++) {
        const known *k = find(ids, seen[i].hull_id);
        if (!k || k->line == 0) continue;
        pl__text_copy(seen[i].vessel_name, sizeof seen[i].vessel_name, k->name);
        pl__text_copy(seen[i].vessel_imo, sizeof seen[i].vessel_imo, k->imo);
        pl__text_copy(seen[i].vessel_source, sizeof seen[i].vessel_source, "analyst");
    }
    return ids->sheet.status;
}

int pl__identities_group(const pl_identities *ids, const char *hull_id) {
    const known *k = ids ? find(ids, hull_id) : NULL;
    return k ? k->group + 1 : 0;
}

bool pl__identities_differ(const pl_identities *ids, const char *a, const char *b) {
    int one = pl__identities_group(ids, a), other = pl__identities_group(ids, b);
    if (!one || !other) return false;
    for (int i = 0; i < ids->splits; i++) {
        int x = pl__identities_group(ids, ids->split[i].one);
        int y = pl__identities_group(ids, ids->split[i].other);
        if ((x == one && y == other) || (x == other && y == one)) return true;
    }
    return false;
}
