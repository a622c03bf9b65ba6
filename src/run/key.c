/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By what is a scene known to be done already?
 *
 * By a hash over everything that the rows are made of: two runs with one key would write the same
 * rows. It is made before anything is measured. The models are hashed as a folder, whether this
 * scene asks them or not: a table too many costs a scene measured anew, one too few a row that is
 * wrong and stays. */
#include "run/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "io/io.h"

enum { TABLES_MAX = 256 };

/* Each piece with its name and end, so that no two rows of pieces look alike. */
static void add(FILE *text, const char *name, const char *value) {
    fprintf(text, "%s %zu %s\n", name, strlen(value), value);
}

static pl_status add_file(FILE *text, const char *name, const char *file, pl_error *error) {
    char hex[65];
    pl_status status = pl__io_sha256(file, hex, error);
    if (status == PL_OK) add(text, name, hex);
    return status;
}

static pl_status add_tables(FILE *text, const char *folder, pl_error *error) {
    const char **name = NULL;
    int count = 0;
    char file[2200];
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, "run");
    pl_status status = pl__io_folder_list(folder, "", "", TABLES_MAX, arena, &name, &count, error);
    for (int i = 0; i < count && status == PL_OK; i++) {
        snprintf(file, sizeof file, "%s/%s", folder, name[i]);
        if (name[i][0] != '.' && pl__io_file_exists(file)) /* folders are none */
            status = add_file(text, name[i], file, error);
    }
    pl_arena_free(arena);
    return status;
}

pl_status pl__key_base(const pl_measure_options *options, const char *words, char base[PL_KEY_SIZE],
                       pl_error *error) {
    char *bytes = NULL;
    size_t length = 0;
    pl_status status = PL_OK;
    FILE *text = open_memstream(&bytes, &length);
    if (!text) return pl__fail_memory(error, "run");
    add(text, "version", pl_version());
    add(text, "options", words);
    if (options->port.models_dir) status = add_tables(text, options->port.models_dir, error);
    if (options->vessels_sha256) add(text, "registry", options->vessels_sha256);
    for (int i = 0; i < options->ais_count && status == PL_OK; i++) {
        if (options->ais_sha256[i])
            add(text, "ais", options->ais_sha256[i]);
        else
            status = add_file(text, "ais", options->ais[i], error);
    }
    if (status == PL_OK && options->port.aoi_file)
        status = add_file(text, "area", options->port.aoi_file, error);
    bool whole = !ferror(text);
    if (fclose(text) != 0 || !whole) status = status ? status : pl__fail_memory(error, "run");
    if (status == PL_OK) pl__io_sha256_buffer(bytes, length, base);
    free(bytes);
    return status;
}

bool pl__key_scene(const char base[PL_KEY_SIZE], const pl_scene_info *s, char key[PL_KEY_SIZE]) {
    char *bytes = NULL;
    size_t length = 0;
    key[0] = '\0';
    /* as many files as are noted: there may have been more */
    bool told =
        s->sha256[0] && (!s->sidecar[0] || s->sidecar_sha256[0]) && s->used_count < PL_USED_MAX;
    for (int i = 0; i < s->used_count; i++) told = told && s->used_sha256[i][0];
    FILE *text = told ? open_memstream(&bytes, &length) : NULL;
    if (!text) return false;
    add(text, "base", base);
    add(text, "scene", s->id);
    add(text, "picture", s->sha256);
    add(text, "sidecar", s->sidecar_sha256);
    for (int i = 0; i < s->used_count; i++) add(text, "used", s->used_sha256[i]);
    bool whole = !ferror(text);
    whole = fclose(text) == 0 && whole;
    if (whole) pl__io_sha256_buffer(bytes, length, key);
    free(bytes);
    return whole;
}
