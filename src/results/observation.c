/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a row is asked later, when the picture is gone: the row as an observation. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/internal.h"

static pl_status status_of(const pl_result_row *row) {
    if (!row->has_freeboard || row->freeboard.status == PL_REFUSED) return PL_REFUSED;
    const char *word = pl_result_status(row);
    return word && strcmp(word, "measured") == 0 ? PL_OK : PL_DUBIOUS;
}

void pl_result_observation(const pl_result *result, const pl_result_row *row, pl_observation *out) {
    static const pl_quantity NOTHING = {NAN, NAN};
    const pl_hull *hull = &row->hull;
    const pl_freeboard *f = &row->freeboard;
    *out = (pl_observation){.acquired_s = result->scene.acquired_s,
                            .gsd_m = result->scene.gsd_m,
                            .sight = row->sight,
                            .lon_deg = hull->lon_deg,
                            .lat_deg = hull->lat_deg,
                            .heading_rad = hull->heading_rad,
                            .heading_sigma_rad = hull->heading_sigma_rad,
                            .bow_certain = hull->bow_certain,
                            .length_m = hull->length_m,
                            .beam_m = hull->beam_m,
                            .has_fingerprint = pl__results_has_fingerprint(hull),
                            .vessel_class = hull->vessel_class,
                            .tanker_probability = hull->tanker_probability,
                            .status = status_of(row),
                            .reasons = pl_result_reasons(result, row),
                            .has_freeboard = row->has_freeboard,
                            .freeboard_m = row->has_freeboard ? f->freeboard_m : NOTHING,
                            .trim_m = row->has_freeboard ? f->trim_m : NOTHING,
                            .cue_count = row->has_freeboard ? f->cue_count : 0,
                            .has_load = row->has_load,
                            .load = row->load};
    memcpy(out->fingerprint, hull->fingerprint, sizeof out->fingerprint);
    if (row->has_freeboard) {
        memcpy(out->budget_m, f->budget_m, sizeof out->budget_m);
        memcpy(out->cue, f->cue, sizeof out->cue);
    }
    snprintf(out->hull_id, sizeof out->hull_id, "%s", row->id);
    snprintf(out->scene_id, sizeof out->scene_id, "%s", result->scene.id);
    snprintf(out->port, sizeof out->port, "%s", result->area.name);
    snprintf(out->platform, sizeof out->platform, "%s", result->scene.platform);
    snprintf(out->vessel_name, sizeof out->vessel_name, "%s", row->vessel_name);
    snprintf(out->vessel_imo, sizeof out->vessel_imo, "%s", row->vessel_imo);
    snprintf(out->vessel_source, sizeof out->vessel_source, "%s", row->vessel_source);
}
