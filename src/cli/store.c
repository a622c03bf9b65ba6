/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has a command line to do with a store? It hears of waits, and it takes care of a password
 * that somebody wrote into it: everybody may read a command line. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static void say_wait(void *context, const char *words) {
    const cli_settings *s = context;
    if (!s->quiet) cli_complain(s, "warning", s->out ? s->out : s->verify, words);
}

static bool stop_waiting(void *context) {
    (void)context;
    return cli_interrupted();
}

pl_store_listener cli_store_listener(cli_settings *s) {
    return (pl_store_listener){s, say_wait, stop_waiting};
}

/* To where libpq looks for it, and where a worker will find zeros. What the shell gave lies in
 * memory that /proc shows; a copy does not. */
static bool keep_password(const char *password) {
    char copy[128];
    char *before = getenv("PGPASSWORD");
    pl__text_copy(copy, sizeof copy, password);
    if (before) memset(before, 0, strlen(before));
    bool fine = setenv("PGPASSWORD", copy, 1) == 0;
    explicit_bzero(copy, sizeof copy);
    return fine;
}

/* In place: what ps shows is this very memory. */
static bool hide(const char *name, bool *hidden) {
    char shown[1024], password[128];
    size_t length = strlen(name);
    if (!pl_store_name(name, shown, sizeof shown, password, sizeof password)) return false;
    if (!*password) return true;
    const char *kept = *hidden ? getenv("PGPASSWORD") : NULL;
    bool fine = kept ? strcmp(kept, password) == 0 : keep_password(password);
    explicit_bzero(password, sizeof password);
    memset((char *)name, 0, length);
    pl__text_copy((char *)name, length + 1, shown);
    *hidden = true;
    return fine;
}

int cli_hide_passwords(cli_settings *s) {
    bool hidden = false, fine = true, database = false;
    for (int i = -2; i < s->input_count && fine; i++) {
        const char *name = i == -2 ? s->out : i == -1 ? s->verify : s->inputs[i];
        if (!name || strncasecmp(name, "PG:", 3) != 0) continue;
        fine = hide(name, &hidden);
        database = true;
    }
    const char *given = database && !hidden ? getenv("PGPASSWORD") : NULL;
    if (given) {
        char copy[128];
        pl__text_copy(copy, sizeof copy, given);
        fine = fine && keep_password(copy);
        explicit_bzero(copy, sizeof copy);
    }
    if (fine) return EXIT_DONE;
    cli_complain(s, "error", NULL,
                 "the names of databases are too long or have different passwords: use PGPASSFILE");
    return EXIT_USAGE;
}
