/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with one picture, from its name to its answer? The same walk whoever listens: this
 * process, or one at the other end of a worker's pipe. */
#include "run/job.h"

#include <math.h>
#include <string.h>

#include "scene/scene.h"

enum { PORTS_BYTES = sizeof((pl_answer *)0)->ports };

/* More than this is no chip of a ship. */
static const double RAW_BYTES_MOST = 1.5e8;

static pl_status add_samples(const pl_scene *scene, const pl_crop *pixels, pl_arena *arena,
                             pl_chip *chip, pl_error *error) {
    const pl_image *image = &pixels->pixels;
    double bytes = 4.0 * image->width * image->height * image->bands;
    if (pixels->step != 1.0 || bytes > RAW_BYTES_MOST) return PL_OK;
    chip->raw_width = image->width;
    chip->raw_height = image->height;
    chip->raw_bands = image->bands;
    memcpy(chip->raw_role, pixels->role, sizeof chip->raw_role);
    pl__scene_window_place(scene, pixels, chip->raw_affine, &chip->raw_epsg);
    return pl__scene_samples(scene, pixels, arena, &chip->raw, &chip->raw_bits, error);
}

static pl_status draw_chips(const pl_scene *scene, pl_result *result,
                            const pl_job_listener *listener, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < result->count && status == PL_OK; i++) {
        const pl_result_row *row = &result->row[i];
        pl_crop pixels;
        pl_chip chip;
        pl_arena *working = pl_arena_new(0);
        if (!working) return pl__fail_memory(error, "run");
        status = pl_measure_chip(scene, &row->hull, working, &pixels, error);
        if (status == PL_OK) status = pl_report_chip(&pixels, result, row, working, &chip, error);
        if (status == PL_OK) status = add_samples(scene, &pixels, working, &chip, error);
        if (status == PL_OK) status = listener->chip(listener->context, result, i, &chip, error);
        pl_arena_free(working);
    }
    return status;
}

static pl_status draw_sheets(const pl_scene *scene, const pl_result *result,
                             const pl_job_listener *listener, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < result->count && status == PL_OK; i++) {
        const pl_result_row *row = &result->row[i];
        pl_crop chip;
        pl_drawing sheet;
        pl_arena *working = pl_arena_new(0); /* a hull's pixels go when it is drawn */
        if (!working) return pl__fail_memory(error, "run");
        status = pl_measure_chip(scene, &row->hull, working, &chip, error);
        if (status == PL_OK) status = pl_report_draw(&chip, result, row, working, &sheet, error);
        if (status == PL_OK) status = listener->sheet(listener->context, result, i, &sheet, error);
        pl_arena_free(working);
    }
    return status;
}

/* Who decides by the hashes whether the picture is wanted needs them now. Those of the answer are
 * taken anew at its end: a file that was changed meanwhile shows. */
static pl_status tell_hashed(const pl_scene_info *info, pl_arena *arena,
                             const pl_job_listener *listener, const char *ports, pl_error *error) {
    pl_scene_info *hashed = pl__arena_alloc(arena, sizeof *hashed);
    if (!hashed) return pl__fail_memory(error, "run");
    *hashed = *info;
    pl_status status = pl_scene_hash(hashed, error);
    return status == PL_OK ? listener->opened(listener->context, hashed, ports, error) : status;
}

pl_status pl__job_walk(const pl_job *job, pl_arena *arena, const pl_job_listener *listener,
                       pl_error *error) {
    pl_scene *scene = NULL;
    pl_result result;
    char ports[PORTS_BYTES] = "";
    pl_status status = pl_scene_open(job->file, &job->options.scene, &scene, error);
    if (status != PL_OK) return status;
    const pl_scene_info *info = pl_scene_describe(scene);
    if (job->depth == PL_JOB_DESCRIBE) {
        status = pl_port_covering(scene, job->options.port.models_dir, ports, sizeof ports, error);
        if (status < 0) goto done;
    }
    status = job->wanted ? tell_hashed(info, arena, listener, ports, error)
                         : listener->opened(listener->context, info, ports, error);
    if (status == PL_OK && job->depth == PL_JOB_PAIR)
        status = pl__job_pair(job, scene, listener, error);
    if (status != PL_OK || job->depth != PL_JOB_MEASURE) goto done;
    status = pl_measure(scene, job->models, &job->options, arena, &result, error);
    if (status == PL_OK) status = listener->measured(listener->context, &result, error);
    if (status == PL_OK && job->sheet) status = draw_sheets(scene, &result, listener, error);
    if (status == PL_OK && job->chip) status = draw_chips(scene, &result, listener, error);
done:
    pl_scene_close(scene);
    return status;
}

/* ---- in this process ---- */

typedef struct here {
    const pl_job *job;
    pl_answer *answer;
} here;

static pl_status keep_scene(void *context, const pl_scene_info *scene, const char *ports,
                            pl_error *error) {
    const pl_job *job = ((here *)context)->job;
    pl_answer *answer = ((here *)context)->answer;
    (void)error;
    answer->opened = true;
    answer->result.scene = *scene;
    pl__text_copy(answer->ports, sizeof answer->ports, ports);
    answer->unwanted = job->wanted && !job->wanted(job->context, scene);
    return answer->unwanted ? PL_REFUSED : PL_OK; /* any but PL_OK ends the walk */
}

static pl_status keep_result(void *context, const pl_result *result, pl_error *error) {
    (void)error;
    ((here *)context)->answer->result = *result;
    return PL_OK;
}

static pl_status hand_over(void *context, const pl_result *result, int row, const pl_drawing *sheet,
                           pl_error *error) {
    const pl_job *job = ((here *)context)->job;
    return job->sheet(job->context, result, &result->row[row], sheet, error);
}

static pl_status hand_over_chip(void *context, pl_result *result, int row, const pl_chip *chip,
                                pl_error *error) {
    const pl_job *job = ((here *)context)->job;
    return job->chip(job->context, result, &result->row[row], chip, error);
}

static pl_status keep_registration(void *context, const pl_registration *registration,
                                   pl_error *error) {
    (void)error;
    ((here *)context)->answer->registration = *registration;
    return PL_OK;
}

static pl_status hand_pair_over(void *context, int pair, const pl_drawing *sheet, pl_error *error) {
    const pl_job *job = ((here *)context)->job;
    const pl_result *result = job->pairing->result[0];
    if (!job->sheet) return PL_OK;
    return job->sheet(job->context, result, &result->row[job->pairing->pair[pair].before], sheet,
                      error);
}

pl_status pl_job_run(const pl_job *job, pl_arena *arena, pl_answer *out, pl_error *error) {
    *out = (pl_answer){.opened = false, .peak_mb = NAN};
    here context = {job, out};
    pl_job_listener listener = {&context,       keep_scene,        keep_result,   hand_over,
                                hand_over_chip, keep_registration, hand_pair_over};
    pl_status status = pl__job_walk(job, arena, &listener, error);
    return out->unwanted ? PL_OK : status;
}
