/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do two pictures of one place show together? Their registration, or the sheets of ships that
 * both show. Both pictures are opened here, in the one process that reads them. */
#include <stdlib.h>

#include "run/job.h"

static void box_of(const pl_hull *hull, pl_ground_box *out) {
    *out = (pl_ground_box){hull->lon_deg, hull->lat_deg, hull->heading_rad, hull->length_m.value,
                           hull->beam_m.value};
}

static pl_ground_box *boxes_of(const pl_result *result) {
    pl_ground_box *box = calloc((size_t)result->count + 1, sizeof *box);
    for (int i = 0; box && i < result->count; i++) box_of(&result->row[i].hull, &box[i]);
    return box;
}

static pl_status register_them(const pl_pairing *pairing, const pl_scene *before,
                               const pl_scene *after, const pl_job_listener *listener,
                               pl_error *error) {
    pl_registration found;
    pl_ground_box *moving[2] = {boxes_of(pairing->result[0]), boxes_of(pairing->result[1])};
    pl_status status = moving[0] && moving[1]
                           ? pl_scene_register(before, after, moving[0], pairing->result[0]->count,
                                               moving[1], pairing->result[1]->count, &found, error)
                           : pl__fail_memory(error, "run");
    free(moving[0]);
    free(moving[1]);
    return status == PL_OK ? listener->registered(listener->context, &found, error) : status;
}

static pl_status draw_pair(const pl_pairing *pairing, const pl_scene *const scene[2], int which,
                           const pl_job_listener *listener, pl_error *error) {
    const pl_pair *pair = &pairing->pair[which];
    const int row[2] = {pair->before, pair->after};
    pl_pair_view view[2];
    pl_crop chip[2];
    pl_drawing sheet;
    pl_status status = PL_OK;
    pl_arena *working = pl_arena_new(0); /* both hulls' pixels go when they are drawn */
    if (!working) return pl__fail_memory(error, "run");
    for (int i = 0; i < 2 && status == PL_OK; i++) {
        const pl_result *result = pairing->result[i];
        view[i] = (pl_pair_view){&chip[i], result, &result->row[row[i]]};
        status = pl_measure_chip(scene[i], &result->row[row[i]].hull, working, &chip[i], error);
    }
    if (status == PL_OK) status = pl_report_draw_pair(view, pair, working, &sheet, error);
    if (status == PL_OK) status = listener->pair_sheet(listener->context, which, &sheet, error);
    pl_arena_free(working);
    return status;
}

pl_status pl__job_pair(const pl_job *job, const pl_scene *before, const pl_job_listener *listener,
                       pl_error *error) {
    const pl_pairing *pairing = job->pairing;
    pl_scene *after = NULL;
    pl_status status = pl_scene_open(pairing->after, &job->options.scene, &after, error);
    if (status != PL_OK) return status;
    const pl_scene *const scene[2] = {before, after};
    if (pairing->sheets == 0) status = register_them(pairing, before, after, listener, error);
    for (int i = 0; i < pairing->sheets && status == PL_OK; i++)
        status = draw_pair(pairing, scene, i, listener, error);
    pl_scene_close(after);
    return status;
}
