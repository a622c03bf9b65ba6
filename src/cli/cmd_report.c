/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll report`: what a store holds, as one page. */
#include <stdio.h>
#include <string.h>

#include "cli/corrected.h"
#include "io/io.h"
#include "plimsoll/report.h"

/* A store that is read is not made, nor is somebody's GeoPackage made one. */
static pl_status open_store(cli_settings *s, const char *name, pl_store **out, pl_error *error) {
    if (!pl_store_is_name(name))
        return pl__fail(error, PL_E_USAGE, "cli", "report wants RESULTS.gpkg or PG:...");
    pl_status status = pl_store_check(name, error);
    pl_store_listener listener = cli_store_listener(s);
    return status == PL_OK ? pl_store_open(name, &listener, out, error) : status;
}

/* Tiles are named relative to where the store lies. */
static void folder_of(const char *name, char *out, size_t size) {
    const char *slash = strrchr(name, '/');
    size_t length =
        slash && !pl__vector_is_database(name) ? (size_t)(slash - name) + (slash == name) : 0;
    snprintf(out, size, "%.*s", (int)length, name);
}

int cmd_report(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    pl_store *store = NULL;
    cli_bench bench = {0};
    const char *name = s->inputs[0];
    char shown[600], password[128], folder[1024];
    if (!s->out) {
        cli_complain(s, "error", NULL, "report wants -o FILE.html (plimsoll report --help)");
        return EXIT_USAGE;
    }
    if (!pl_store_name(name, shown, sizeof shown, password, sizeof password)) *shown = '\0';
    folder_of(name, folder, sizeof folder);
    int code = EXIT_DONE;
    pl_status status = open_store(s, name, &store, &error);
    if (status == PL_OK) status = cli_find_models(s, &error);
    if (status == PL_OK) status = cli_bench_open(&bench, s, store, &error);
    if (status == PL_OK) {
        pl_page_options options = {s->models_dir, name,   shown,      s->findings_file,
                                   folder,        &bench, cli_correct};
        const char *file = strcmp(s->out, "-") == 0 ? "/dev/stdout" : s->out;
        status = pl_page_write(store, &options, file, &error);
    }
    if (status != PL_OK) code = cli_fail(s, shown, &error);
    cli_bench_drop(&bench);
    pl_store_close(store, NULL);
    return code;
}
