/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Freeboard and cargo of each hull in a picture, by libplimsoll.
 *
 *   cc measure.c -o measure $(pkg-config --cflags --libs plimsoll)
 *   ./measure picture.tif "$(pkg-config --variable=modelsdir plimsoll)"
 */
#include <plimsoll/plimsoll.h>
#include <stdio.h>

static void print_row(const pl_result_row *row) {
    const pl_freeboard *f = &row->freeboard;
    printf("%s: %s", row->id, pl_result_status(row));
    if (f->status != PL_REFUSED) {
        printf(", freeboard %.2f +- %.2f m", f->freeboard_m.value, f->freeboard_m.sigma);
        printf(" (90 %%: %.2f to %.2f)", f->p05_m, f->p95_m);
    }
    if (row->has_load)
        printf(", cargo %.0f to %.0f t", row->load.cargo_t.p05, row->load.cargo_t.p95);
    putchar('\n');
}

/* The picture is read in a child process: it may come from a stranger. */
static pl_status measure(const char *file, const char *models_dir, pl_arena *arena,
                         pl_error *error) {
    pl_load_models *models = NULL;
    pl_worker_limits limits = PL_WORKER_LIMITS_INIT;
    pl_job job = {.file = file, .options = PL_MEASURE_OPTIONS_INIT};
    pl_answer answer;
    pl_status status = pl_load_models_open(models_dir, &models, error);
    job.options.scene.models_dir = job.options.port.models_dir = models_dir;
    job.options.hull.models_dir = models_dir;
    job.models = models;
    if (status == PL_OK) status = pl_job_run_isolated(&job, &limits, arena, &answer, error);
    for (int i = 0; status == PL_OK && i < answer.result.count; i++)
        print_row(&answer.result.row[i]);
    pl_load_models_free(models);
    return status;
}

int main(int argc, char **argv) {
    pl_error error = PL_ERROR_INIT;
    pl_arena *arena = pl_arena_new(0);
    if (argc != 3 || !arena) {
        fprintf(stderr, "usage: measure PICTURE MODELS_DIR\n");
        return 2;
    }
    pl_status status = measure(argv[1], argv[2], arena, &error);
    if (status != PL_OK) fprintf(stderr, "%s: %s\n", argv[1], error.message);
    pl_arena_free(arena);
    return status == PL_OK ? 0 : 3;
}
