/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does an analyst's correction come to, with the options and the vessel that the scene was
 * measured with? */
#include <stdlib.h>
#include <string.h>

#include "cli/corrected.h"
#include "io/io.h"

static bool keep_options(void *context, const pl_store_scene *scene) {
    cli_bench *b = context;
    if (b->scenes == b->room) {
        int room = 2 * b->room + 16;
        scene_options *grown = realloc(b->scene, (size_t)room * sizeof *grown);
        if (!grown) return !(b->failed = true);
        b->scene = grown;
        b->room = room;
    }
    scene_options *s = &b->scene[b->scenes++];
    s->scene_id = strdup(scene->scene_id ? scene->scene_id : "");
    s->options = strdup(scene->options ? scene->options : "");
    b->failed = !s->scene_id || !s->options;
    return !b->failed;
}

static int by_scene(const void *a, const void *b) {
    return strcmp(((const scene_options *)a)->scene_id, ((const scene_options *)b)->scene_id);
}

static void put_away(cli_bench *b) {
    pl_load_models_free(b->models);
    if (b->options) pl_vessels_free(b->as_then.registry);
    b->models = NULL;
    b->options = NULL;
}

void cli_bench_drop(cli_bench *b) {
    put_away(b);
    for (int i = 0; i < b->scenes; i++) {
        free(b->scene[i].scene_id);
        free(b->scene[i].options);
    }
    free(b->scene);
}

pl_status cli_bench_open(cli_bench *b, cli_settings *s, pl_store *store, pl_error *error) {
    *b = (cli_bench){.settings = s};
    pl_status status = pl_store_scenes(store, keep_options, b, error);
    if (status == PL_OK && b->failed) status = pl__fail_memory(error, "cli");
    if (status == PL_OK && b->scenes > 0)
        qsort(b->scene, (size_t)b->scenes, sizeof *b->scene, by_scene);
    return status;
}

static pl_status set_up(cli_bench *b, const char *scene_id, pl_arena *arena, pl_error *error) {
    scene_options wanted = {(char *)(uintptr_t)scene_id, NULL};
    const scene_options *s = NULL;
    if (b->scenes > 0) s = bsearch(&wanted, b->scene, (size_t)b->scenes, sizeof *s, by_scene);
    const char *options = s ? s->options : "";
    if (b->options && strcmp(b->options, options) == 0) return PL_OK;
    put_away(b);
    b->as_then = *b->settings;
    b->as_then.registry = NULL;
    b->as_then.quiet = true;
    if (*options && !cli_take_load_words(options, arena, &b->as_then))
        return pl__fail(error, PL_E_FORMAT, "cli", "its scene's options are not known here: %.150s",
                        options);
    pl_status status = cli_open_models(&b->as_then, &b->models, error);
    char usual[1200];
    snprintf(usual, sizeof usual, "%s/vessels.csv", b->as_then.models_dir);
    if (status == PL_OK && !b->as_then.registry && pl__io_file_exists(usual))
        status = pl_vessels_open(usual, &b->as_then.registry, error);
    b->options = status == PL_OK ? options : NULL;
    if (status != PL_OK) pl_vessels_free(b->as_then.registry);
    return status;
}

static bool is_hers(const pl_vessel *vessel, const pl_observation *machine) {
    if (!vessel) return false;
    return *vessel->imo ? strcmp(vessel->imo, machine->vessel_imo) == 0
                        : *vessel->name && strcmp(vessel->name, machine->vessel_name) == 0;
}

/* Whom the options named, or whom the row's name is in the registry. */
static const pl_vessel *find_her(const cli_bench *b, const pl_observation *machine) {
    const pl_vessel *named = b->as_then.measure.vessel, *found = NULL;
    const char *name = *machine->vessel_imo ? machine->vessel_imo : machine->vessel_name;
    if (is_hers(named, machine)) return named;
    if (!machine->load.depth_known || !b->as_then.registry || !*name) return NULL;
    return pl_vessels_find(b->as_then.registry, name, &found, NULL) == PL_OK ? found : NULL;
}

pl_status cli_correct(void *context, const pl_review *review, const pl_observation *machine,
                      pl_arena *arena, pl_reviewed *out, pl_error *error) {
    cli_bench *b = context;
    pl_load_input ship = PL_LOAD_INPUT_INIT;
    pl_status status = pl_review_freeboard(review, machine, out, error);
    if (status == PL_OK) status = set_up(b, machine->scene_id, arena, error);
    if (status != PL_OK) return status;
    const pl_measure_options *o = &b->as_then.measure;
    const pl_vessel *her = find_her(b, machine);
    if (her)
        pl_vessel_fill(her, &ship);
    else if (machine->load.depth_known)
        return pl__fail(error, PL_REFUSED, "cli",
                        "her row rests on a registry that is not at hand (PLIMSOLL_MODELS)");
    return pl_review_load(b->models, &ship, &o->load, o->freeboard.model_sigma_m, machine, out,
                          error);
}
