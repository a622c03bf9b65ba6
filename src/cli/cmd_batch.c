/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll batch`: measures many pictures into one store. A picture that fails becomes a row of
 * the journal with its reason, and the run goes on. A signal
 * ends the pictures in flight and keeps what is done. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- the list of pictures ---- */

typedef struct files {
    char **name;
    int count, room;
} files;

static bool add(files *f, const char *name) {
    if (f->count == f->room) {
        int room = 2 * f->room + 64;
        char **grown = realloc(f->name, (size_t)room * sizeof *grown);
        if (!grown) return false;
        f->name = grown;
        f->room = room;
    }
    f->name[f->count] = strdup(name);
    return f->name[f->count] && ++f->count;
}

static void drop(files *f) {
    for (int i = 0; i < f->count; i++) free(f->name[i]);
    free(f->name);
}

static bool has_ending(const char *name, const char *const *endings) {
    const char *dot = strrchr(name, '.');
    for (; dot && *endings; endings++) {
        if (strcasecmp(dot, *endings) == 0) return true;
    }
    return false;
}

static const char *const PICTURES[] = {".tif", ".tiff", ".ntf", ".jp2", NULL};
static const char *const LISTS[] = {".txt", ".lst", NULL};

static int picture_entry(const struct dirent *entry) {
    return entry->d_name[0] != '.' && has_ending(entry->d_name, PICTURES);
}

static bool add_folder(files *f, const char *folder) {
    struct dirent **entries;
    int n = scandir(folder, &entries, picture_entry, alphasort);
    bool ok = n >= 0;
    for (int i = 0; i < n; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        ok = ok && length > 0 && (size_t)length < sizeof path && add(f, path);
        free(entries[i]);
    }
    if (n >= 0) free(entries);
    return ok;
}

static bool add_list(files *f, FILE *in) {
    char *line = NULL;
    size_t room = 0;
    bool ok = true;
    while (ok && getline(&line, &room, in) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (*line && *line != '#') ok = add(f, line);
    }
    free(line);
    return ok && !ferror(in);
}

static bool add_item(files *f, const char *item) {
    struct stat info;
    if (strcmp(item, "-") == 0) return add_list(f, stdin);
    if (stat(item, &info) == 0 && S_ISDIR(info.st_mode)) return add_folder(f, item);
    if (has_ending(item, LISTS)) {
        FILE *in = fopen(item, "r");
        bool ok = in && add_list(f, in);
        if (in) fclose(in);
        return ok;
    }
    return add(f, item); /* a picture, or a name that will fail as one, with its reason */
}

/* ---- the run ---- */

typedef struct tally {
    int measured, dubious, refused, done, failed;
} tally;

static void count(const pl_result *result, tally *t) {
    t->done++;
    for (int i = 0; i < result->count; i++) {
        const char *status = pl_result_status(&result->row[i]);
        if (!status) continue;
        t->measured += *status == 'm';
        t->dubious += *status == 'd';
        t->refused += *status == 'r';
    }
}

static void progress(const cli_settings *s, int at, int all) {
    if (!s->quiet && isatty(STDERR_FILENO)) fprintf(stderr, "\r%d of %d ", at, all);
}

typedef struct run_state {
    cli_settings *settings;
    const files *files;
    files ids, owners; /* scene ids written in this run, and the files they are of */
    pl_store *store;
    tally tally;
    bool store_fine;
} run_state;

/* Tiles of two deliveries may bear one name, and the store knows scenes by their id: the second
 * would replace the first. @return whose id it is already, or NULL and it is noted as this file's.
 */
static const char *owner_of(run_state *r, const char *id, const char *file) {
    for (int i = 0; i < r->owners.count; i++) {
        if (strcmp(r->ids.name[i], id) == 0)
            return strcmp(r->owners.name[i], file) == 0 ? NULL : r->owners.name[i];
    }
    if (add(&r->ids, id)) add(&r->owners, file);
    return NULL;
}

static pl_status keep_failure(run_state *r, const char *file, const pl_error *reason,
                              pl_error *error) {
    cli_fail(r->settings, file, reason);
    r->tally.failed++;
    return pl_store_write_failure(r->store, file, reason->message, error);
}

static pl_status keep_result(run_state *r, const char *file, const pl_result *result,
                             pl_error *error) {
    pl_error taken = PL_ERROR_INIT;
    const char *owner = owner_of(r, result->scene.id, file);
    if (owner) {
        pl__fail(&taken, PL_E_FORMAT, "cli",
                 "its scene id %s is that of %s: give it one of its own", result->scene.id, owner);
        return keep_failure(r, file, &taken, error);
    }
    pl_status status = pl_store_write(r->store, result, error);
    if (status == PL_OK) count(result, &r->tally);
    return status;
}

/* @return false when the store itself fails: there is no point in going on. */
static bool keep(void *context, int index, pl_status status, const pl_answer *answer,
                 const pl_error *reason) {
    run_state *r = context;
    pl_error error = PL_ERROR_INIT;
    const char *file = r->files->name[index];
    status = status == PL_OK ? keep_result(r, file, &answer->result, &error)
                             : keep_failure(r, file, reason, &error);
    if (status != PL_OK) cli_fail(r->settings, r->settings->out, &error);
    progress(r->settings, index + 1, r->files->count);
    return r->store_fine = status == PL_OK;
}

static int run(cli_settings *s, const files *f, const pl_load_models *models, pl_store *store) {
    run_state r = {.settings = s, .files = f, .store = store, .store_fine = true};
    cli_catch_interrupts();
    cli_pool_run(s, (const char *const *)f->name, f->count, models, keep, &r);
    drop(&r.ids);
    drop(&r.owners);
    const tally t = r.tally;
    pl_error error = PL_ERROR_INIT;
    if (pl_store_close(store, &error) != PL_OK) {
        cli_fail(s, s->out, &error);
        r.store_fine = false;
    }
    if (!s->quiet) {
        fprintf(stderr,
                "%s%d of %d pictures done, %d failed; hulls: %d measured, %d dubious, %d refused\n",
                isatty(STDERR_FILENO) ? "\r" : "", t.done, f->count, t.failed, t.measured,
                t.dubious, t.refused);
    }
    if (!r.store_fine) return EXIT_NOTHING;
    if (cli_interrupted()) return EXIT_INTERRUPTED;
    if (t.failed == 0) return EXIT_DONE;
    return t.done > 0 ? EXIT_SOME_FAILED : EXIT_NOTHING;
}

int cmd_batch(cli_settings *s) {
    files f = {0};
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_store *store = NULL;
    int code = EXIT_NOTHING;
    if (!s->out || !has_ending(s->out, (const char *const[]){".gpkg", NULL})) {
        cli_complain(
            s, "error", NULL,
            "batch wants -o RESULTS.gpkg; for text use plimsoll measure (plimsoll batch --help)");
        return EXIT_USAGE;
    }
    for (int i = 0; i < s->input_count; i++) {
        errno = 0;
        if (!add_item(&f, s->inputs[i])) {
            cli_complain(s, "error", s->inputs[i], errno ? strerror(errno) : "cannot be listed");
            goto done;
        }
    }
    if (f.count == 0) {
        cli_complain(s, "error", s->inputs[0], "no pictures here");
        goto done;
    }
    if (cli_open_models(s, &models, &error) != PL_OK ||
        pl_store_open(s->out, &store, &error) != PL_OK) {
        code = cli_fail(s, s->out, &error);
        goto done;
    }
    code = run(s, &f, models, store);
done:
    pl_load_models_free(models);
    drop(&f);
    return code;
}
