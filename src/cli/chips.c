/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do the pictures of the hulls go, and what if they cannot? --chips DIR.
 *
 * A chip that cannot be written costs no row: it is said, the row's `tile` stays empty, and the run
 * ends with exit code 1. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/io.h"

bool cli_make_folder(const cli_settings *s, const char *folder) {
    struct stat there;
    bool is_folder = stat(folder, &there) == 0 && S_ISDIR(there.st_mode);
    if (!is_folder && mkdir(folder, 0777) != 0)
        cli_complain(s, "error", folder, errno == EEXIST ? "is no folder" : strerror(errno));
    else if (access(folder, W_OK | X_OK) != 0)
        cli_complain(s, "error", folder, strerror(errno));
    else
        return true;
    return false;
}

/* Below the store's folder: the way from there, so that both may be moved together. Else the whole
 * path. */
static char *told_folder(const char *folder, const char *store) {
    char *real = realpath(folder, NULL), *home = NULL, *told = NULL;
    char *name = strdup(store);
    bool database = pl__vector_is_database(store);
    if (name && !database) {
        char *slash = strrchr(name, '/');
        if (slash) slash[slash == name] = '\0';
        home = realpath(slash ? name : ".", NULL);
    }
    size_t length = home ? strlen(home) : 0;
    if (length == 1) length = 0; /* the root's slash is the next one, too */
    if (real && home && strcmp(real, home) == 0)
        told = strdup("");
    else if (real && home && strncmp(real, home, length) == 0 && real[length] == '/')
        told = strdup(real + length + 1);
    else if (real)
        told = strdup(real);
    free(name);
    free(home);
    free(real);
    return told;
}

bool cli_chips_begin(cli_chips *c, const cli_settings *s, const char *store) {
    *c = (cli_chips){.settings = s};
    if (!cli_make_folder(s, s->chips)) return false;
    c->folder = store ? told_folder(s->chips, store) : strdup(s->chips);
    if (!c->folder) cli_complain(s, "error", s->chips, "cannot be named");
    return c->folder;
}

void cli_chips_end(cli_chips *c) {
    free(c->folder);
    cli_drop_names(&c->names);
    cli_drop_names(&c->failed_for);
}

/* @return false: too long. */
static bool tile_of(const cli_chips *c, const char *id, char *out, size_t size) {
    char stem[256];
    pl_report_stem(id, stem, sizeof stem);
    int n = snprintf(out, size, "%s%s%s.chip.png", c->folder, *c->folder ? "/" : "", stem);
    return n > 0 && (size_t)n < size;
}

/* Two pictures that call themselves the same scene have hulls of the same names. */
static pl_status claim(cli_chips *c, const pl_result *result, const char *id, pl_error *error) {
    char *own = NULL;
    if (asprintf(&own, "%s\t%s", id, result->scene.file) < 0) return pl__fail_memory(error, "cli");
    bool taken = cli_find_word(&c->names, id) >= 0 && cli_find_word(&c->names, own) < 0;
    bool kept = taken || (cli_add_word(&c->names, id) && cli_add_word(&c->names, own));
    free(own);
    if (taken)
        return pl__fail(error, PL_REFUSED, "cli",
                        "no chip of %.100s: a hull of that id is in another picture of this run",
                        id);
    return kept ? PL_OK : pl__fail_memory(error, "cli");
}

pl_status cli_chips_write(void *context, const pl_result *result, pl_result_row *row,
                          const pl_chip *chip, pl_error *error) {
    cli_chips *c = context;
    pl_error why = PL_ERROR_INIT;
    char file[2048];
    (void)error;
    row->tile[0] = '\0';
    pl_status status = claim(c, result, row->id, &why);
    if (status == PL_OK && !tile_of(c, row->id, row->tile, sizeof row->tile))
        status = pl__fail(&why, PL_E_USAGE, "cli", "its path is too long to be told");
    if (status == PL_OK)
        status =
            pl_report_chip_write(chip, result, row, c->settings->chips, file, sizeof file, &why);
    if (status == PL_OK) return PL_OK;
    row->tile[0] = '\0';
    c->failed = true;
    if (cli_find_word(&c->failed_for, result->scene.file) >= 0) return PL_OK;
    cli_complain(c->settings, "error", result->scene.file, why.message);
    (void)cli_add_word(&c->failed_for, result->scene.file); /* without memory it is said again */
    return PL_OK;
}

bool cli_chips_there(const cli_chips *c, const char *hull_id, const char *tile) {
    char told[sizeof((pl_result_row *)0)->tile], stem[256], file[2048];
    if (!hull_id || !tile || !tile_of(c, hull_id, told, sizeof told) || strcmp(told, tile) != 0)
        return false;
    pl_report_stem(hull_id, stem, sizeof stem);
    int n = snprintf(file, sizeof file, "%s/%s.chip.png", c->settings->chips, stem);
    return n > 0 && (size_t)n < sizeof file && pl_report_chip_there(file);
}
