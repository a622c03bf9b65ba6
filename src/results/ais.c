/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is said what AIS tells of the ships in a picture? */
#include <math.h>

#include "base/base.h"
#include "results/internal.h"

static void put_text_or_null(pl_json_out *o, const char *key, const char *text) {
    pl__json_put_string(o, key, *text ? text : NULL);
}

static void put_files(pl_json_out *o, const pl_ais_report *ais) {
    pl__json_begin_array(o, "files");
    for (int i = 0; i < ais->files && i < PL_AIS_FILES; i++) {
        pl__json_begin_object(o, NULL);
        pl__json_put_string(o, "name", ais->file[i]);
        put_text_or_null(o, "sha256", ais->sha256[i]);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static void put_ship(pl_json_out *o, const pl_result *result, const pl_ais_ship *s) {
    bool known = s->hull >= 0 && s->hull < result->count;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "mmsi", s->mmsi);
    put_text_or_null(o, "name", s->name);
    put_text_or_null(o, "imo", s->imo);
    put_text_or_null(o, "ship_type", s->ship_type);
    pl__json_put_string(o, "sight", pl_ais_sight_name(s->sight));
    pl__json_put_string(o, "hull_id", known ? result->row[s->hull].id : NULL);
    pl__json_put_number(o, "lon", remainder(s->lon_deg, 360.0), 6);
    pl__json_put_number(o, "lat", s->lat_deg, 6);
    pl__json_put_number(o, "position_sigma_m", s->sigma_m, 1);
    pl__json_put_number(o, "gap_s", s->gap_s, 1);
    pl__json_put_number(o, "speed_m_s", s->speed_m_s, 2);
    pl__json_put_number(o, "heading_deg", s->heading_rad * PL_DEG_PER_RAD, 1);
    pl__json_put_number(o, "length_m", s->length_m, 1);
    pl__json_put_number(o, "beam_m", s->beam_m, 1);
    pl__json_put_number(o, "draught_m", s->draught_m, 1);
    pl__json_end(o);
}

void pl__results_put_ais(pl_json_out *o, const pl_result *result) {
    const pl_ais_report *ais = &result->ais;
    if (ais->files == 0) {
        pl__json_put_null(o, "ais");
        return;
    }
    pl__json_begin_object(o, "ais");
    put_files(o, ais);
    put_text_or_null(o, "publisher", ais->publisher);
    pl__json_put_integer(o, "rows", (long long)ais->rows);
    pl__json_put_integer(o, "rows_unreadable", (long long)ais->bad_rows);
    pl__json_put_integer(o, "rows_near", (long long)ais->used_rows);
    pl__json_put_integer(o, "ships_heard", ais->heard);
    pl__json_begin_array(o, "ships");
    for (int i = 0; i < ais->count; i++) put_ship(o, result, &ais->ship[i]);
    pl__json_end(o);
    pl__json_end(o);
}
