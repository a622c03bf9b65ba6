/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was heard round one time and place?
 *
 * Tables hold a day of a whole coast, a gigabyte and more. They are read once, line by line; of
 * each ship only the messages nearest in time are kept, what she said of herself nearest to the
 * picture, and in which minutes she was heard. So memory is bounded by the ships within reach, not
 * by the file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "io/io.h"
#include "visit/ais.h"

enum { SHIPS_MAX = 20000, SLOTS = 1 << 16 }; /* a busy strait has some thousands */
enum { TOLD_NAME, TOLD_IMO, TOLD_SIZE, TOLD_DRAUGHT, TOLD_ANTENNA, TOLD_TYPE };

typedef struct crowd {
    pl_ais_window window;
    double north_m_per_deg, east_m_per_deg;
    int count, room;
    pl_ais_track *track;
    int *slot; /* place in track + 1, by MMSI */
} crowd;

void pl__ais_metres(double from_lon_deg, double from_lat_deg, double lon_deg, double lat_deg,
                    double *east_m, double *north_m) {
    double east, north;
    pl__geo_metres_per_degree(0.5 * (from_lat_deg + lat_deg), &east, &north);
    *east_m = remainder(lon_deg - from_lon_deg, 360.0) * east;
    *north_m = (lat_deg - from_lat_deg) * north;
}

/* @return NULL: no memory, or too many ships. */
static pl_ais_track *track_of(crowd *c, uint32_t mmsi) {
    uint32_t at = mmsi * 2654435761u >> 16; /* Fibonacci hashing into SLOTS */
    for (; c->slot[at]; at = (at + 1) % SLOTS)
        if (c->track[c->slot[at] - 1].mmsi == mmsi) return &c->track[c->slot[at] - 1];
    if (c->count == SHIPS_MAX) return NULL;
    if (c->count == c->room) {
        int room = 2 * c->room + 64;
        pl_ais_track *grown = realloc(c->track, (size_t)room * sizeof *grown);
        if (!grown) return NULL;
        c->track = grown;
        c->room = room;
    }
    pl_ais_track *t = &c->track[c->count];
    *t = (pl_ais_track){.mmsi = mmsi,
                        .length_m = NAN,
                        .beam_m = NAN,
                        .draught_m = NAN,
                        .bow_m = NAN,
                        .stern_m = NAN,
                        .left_m = NAN,
                        .right_m = NAN};
    for (size_t i = 0; i < sizeof t->told_s / sizeof *t->told_s; i++) t->told_s[i] = INFINITY;
    c->slot[at] = ++c->count;
    return t;
}

/* ---- one message ---- */

static bool nearer(pl_ais_track *t, int what, double away_s) {
    if (away_s >= t->told_s[what]) return false;
    t->told_s[what] = away_s;
    return true;
}

static void take_static(pl_ais_track *t, const pl_ais_row *row, double away_s) {
    if (*row->name && nearer(t, TOLD_NAME, away_s))
        pl__text_copy(t->name, sizeof t->name, row->name);
    if (*row->imo && nearer(t, TOLD_IMO, away_s)) pl__text_copy(t->imo, sizeof t->imo, row->imo);
    if (*row->type && nearer(t, TOLD_TYPE, away_s))
        pl__text_copy(t->type, sizeof t->type, row->type);
    if (!isnan(row->draught_m) && nearer(t, TOLD_DRAUGHT, away_s)) t->draught_m = row->draught_m;
    bool antenna = !isnan(row->bow_m) && !isnan(row->stern_m);
    if (antenna && nearer(t, TOLD_ANTENNA, away_s)) {
        t->bow_m = row->bow_m;
        t->stern_m = row->stern_m;
        t->left_m = row->left_m;
        t->right_m = row->right_m;
    }
    if (!isnan(row->length_m) && nearer(t, TOLD_SIZE, away_s)) {
        t->length_m = row->length_m;
        t->beam_m = row->beam_m;
    }
}

/* Into a list sorted by distance in time; the farthest falls out. One second is told once: a
 * message may have been heard by several stations. */
static void keep(pl_ais_message list[PL_AIS_NEAREST], int *count, const pl_ais_message *m) {
    int at = *count;
    while (at > 0 && fabs(list[at - 1].after_s) > fabs(m->after_s)) at--;
    if (at > 0 && list[at - 1].after_s == m->after_s && list[at - 1].lon_deg == m->lon_deg &&
        list[at - 1].lat_deg == m->lat_deg)
        return;
    if (at == PL_AIS_NEAREST) return;
    int end = *count < PL_AIS_NEAREST ? (*count)++ : PL_AIS_NEAREST - 1;
    memmove(&list[at + 1], &list[at], (size_t)(end - at) * sizeof *list);
    list[at] = *m;
}

static bool within(const crowd *c, const pl_ais_row *row) {
    const pl_ais_window *w = &c->window;
    double east = remainder(row->lon_deg - w->lon_deg, 360.0) * c->east_m_per_deg,
           north = (row->lat_deg - w->lat_deg) * c->north_m_per_deg;
    return fabs(row->time_s - w->time_s) <= PL_AIS_HOURS * 3600.0 &&
           hypot(east, north) <= w->reach_m;
}

static bool take(crowd *c, const pl_ais_row *row) {
    pl_ais_track *t = track_of(c, row->mmsi);
    if (!t) return false;
    pl_ais_message m = {row->time_s - c->window.time_s,
                        row->lon_deg,
                        row->lat_deg,
                        row->speed_m_s,
                        row->course_rad,
                        row->heading_rad};
    double bin = floor(m.after_s / PL_AIS_BIN_S) + PL_AIS_BINS / 2.0;
    if (bin >= 0 && bin < PL_AIS_BINS) t->bins |= 1u << (int)bin;
    if (m.after_s <= 0)
        keep(t->before, &t->earlier, &m);
    else
        keep(t->after, &t->later, &m);
    t->class_b = row->class_b;
    take_static(t, row, fabs(m.after_s));
    return true;
}

/* ---- files ---- */

static pl_status read_file(const char *file, crowd *c, pl_ais_heard *out, pl_error *error) {
    pl_lines *lines = NULL;
    pl_ais_layout layout;
    pl_ais_row row;
    size_t length = 0;
    pl_status status = pl__lines_open(file, &lines, error);
    if (status != PL_OK) return status;
    char *line = pl__lines_next(lines, &length);
    if (!line || !pl__ais_layout(line, length, &layout)) {
        status = pl__fail(error, PL_E_FORMAT, "visit",
                          "%.120s: no table of AIS messages: its first line must name the columns "
                          "MMSI, BaseDateTime or Timestamp, latitude and longitude",
                          file);
        goto done;
    }
    out->publisher = layout.publisher;
    while ((line = pl__lines_next(lines, &length))) {
        if (length == 0) continue;
        out->rows++;
        pl_ais_verdict verdict = pl__ais_row(&layout, line, length, &row);
        out->bad_rows += verdict == PL_AIS_ROW_BAD;
        if (verdict != PL_AIS_ROW_SHIP || !within(c, &row)) continue;
        out->used_rows++;
        if (take(c, &row)) continue;
        status = pl__fail(error, PL_E_LIMIT, "visit",
                          "%.120s: more ships round the picture than there can be (%d)", file,
                          SHIPS_MAX);
        break;
    }
done:
    pl__lines_close(lines);
    return status;
}

static int by_mmsi(const void *a, const void *b) {
    uint32_t x = ((const pl_ais_track *)a)->mmsi, y = ((const pl_ais_track *)b)->mmsi;
    return (x > y) - (x < y);
}

pl_status pl__ais_read(const char *const *file, int files, const pl_ais_window *window,
                       pl_arena *arena, pl_ais_heard *out, pl_error *error) {
    crowd c = {.window = *window, .slot = calloc(SLOTS, sizeof(int))};
    *out = (pl_ais_heard){.window = *window};
    pl_status status = c.slot ? PL_OK : pl__fail_memory(error, "visit");
    pl__geo_metres_per_degree(window->lat_deg, &c.east_m_per_deg, &c.north_m_per_deg);
    for (int i = 0; i < files && status == PL_OK; i++) status = read_file(file[i], &c, out, error);
    if (status == PL_OK && c.count > 0) {
        out->track = pl__arena_array(arena, (size_t)c.count, sizeof *out->track);
        if (!out->track) status = pl__fail_memory(error, "visit");
    }
    if (status == PL_OK && c.count > 0) {
        memcpy(out->track, c.track, (size_t)c.count * sizeof *out->track);
        out->count = c.count;
        qsort(out->track, (size_t)out->count, sizeof *out->track, by_mmsi);
    }
    free(c.track);
    free(c.slot);
    return status;
}
