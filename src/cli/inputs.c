/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pictures do the words on the command line mean? A folder means the pictures in it, a list
 * those on its lines (both for batch), a STAC collection its items, and "-" either a list or STAC
 * that comes on standard input. The items are counted by a child process, for to count them is to
 * read what a stranger wrote. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/io.h"
#include "run/confine.h"
#include "scene/scene.h"

enum { STDIN_LIMIT = 32 << 20 };

/* ---- names ---- */

bool cli_add_name(cli_names *f, const char *name) {
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

void cli_drop_names(cli_names *f) {
    for (int i = 0; i < f->count; i++) free(f->name[i]);
    free(f->name);
    *f = (cli_names){0};
}

static bool has_ending(const char *name, const char *const *endings) {
    const char *dot = strrchr(name, '.');
    for (; dot && *endings; endings++) {
        if (strcasecmp(dot, *endings) == 0) return true;
    }
    return false;
}

/* ---- collections ---- */

/* The rest of a child that counts: it tells one number and ends. */
static _Noreturn void count_and_end(const cli_settings *s, const char *file, int answer_fd) {
    int count = 0;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    if (pl__confine_resources(&s->limits, answer_fd, STDERR_FILENO)) {
        pl__confine_calls(pl__io_file_is_remote(file));
        count = pl__scene_items(file);
        if (write(PL_WORKER_ANSWER_FD, &count, sizeof count) != sizeof count) _exit(1);
    }
    _exit(0);
}

/* 0: none, or the child came to grief: then whoever opens the file will say why. */
static int count_elsewhere(const cli_settings *s, const char *file) {
    int fds[2], count = 0;
    if (pipe(fds) != 0) return 0;
    pid_t pid = fork();
    if (pid == 0) count_and_end(s, file, fds[1]);
    close(fds[1]);
    if (pid > 0) {
        struct pollfd readable = {fds[0], POLLIN, 0};
        bool told = poll(&readable, 1, (int)pl__min(1e3 * s->limits.timeout_s, 1e9)) > 0 &&
                    read(fds[0], &count, sizeof count) == sizeof count;
        if (!told || count < 0) count = 0;
        kill(pid, SIGKILL); /* not reaped yet, so the number is still its own */
        waitpid(pid, NULL, 0);
    }
    close(fds[0]);
    return count;
}

static bool add_items(const cli_settings *s, cli_names *f, const char *file) {
    char name[4200];
    int count = s->in_process ? pl__scene_items(file) : count_elsewhere(s, file);
    if (count < 2) return cli_add_name(f, file);
    bool ok = true;
    for (int i = 1; i <= count && ok; i++) {
        int length = snprintf(name, sizeof name, "%s#%d", file, i);
        ok = length > 0 && (size_t)length < sizeof name && cli_add_name(f, name);
    }
    return ok;
}

/* ---- folders, lists, standard input ---- */

static const char *const PICTURES[] = {".tif", ".tiff", ".ntf", ".jp2", NULL};
static const char *const LISTS[] = {".txt", ".lst", NULL};
static const char *const COLLECTIONS[] = {".json", ".geojson", NULL};

static int picture_entry(const struct dirent *entry) {
    return entry->d_name[0] != '.' && has_ending(entry->d_name, PICTURES);
}

static bool add_folder(cli_names *f, const char *folder) {
    struct dirent **entries;
    int n = scandir(folder, &entries, picture_entry, alphasort);
    bool ok = n >= 0;
    for (int i = 0; i < n; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        ok = ok && length > 0 && (size_t)length < sizeof path && cli_add_name(f, path);
        free(entries[i]);
    }
    if (n >= 0) free(entries);
    return ok;
}

static bool add_list(cli_names *f, FILE *in) {
    char *line = NULL;
    size_t room = 0;
    bool ok = true;
    while (ok && getline(&line, &room, in) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (*line && *line != '#') ok = cli_add_name(f, line);
    }
    free(line);
    return ok && !ferror(in);
}

/* A text that begins as JSON does is STAC, any other a list. */
static bool add_text(const cli_settings *s, cli_names *f, char *text, size_t length) {
    pl_error error = PL_ERROR_INIT;
    size_t blank = strspn(text, " \t\r\n\xEF\xBB\xBF");
    if (text[blank] == '{') {
        if (pl__io_file_write(PL_SCENE_STDIN, text, length, &error) != PL_OK) return false;
        return add_items(s, f, "-");
    }
    FILE *in = length ? fmemopen(text, length, "r") : NULL;
    bool ok = length == 0 || (in && add_list(f, in));
    if (in) fclose(in);
    return ok;
}

static bool add_stdin(const cli_settings *s, cli_names *f) {
    char *text = malloc(STDIN_LIMIT + 1);
    if (!text) return false;
    size_t length = fread(text, 1, STDIN_LIMIT + 1, stdin);
    bool ok = length <= STDIN_LIMIT && !ferror(stdin);
    if (length > STDIN_LIMIT) errno = EFBIG;
    if (ok) {
        text[length] = '\0';
        ok = add_text(s, f, text, length);
    }
    free(text);
    return ok;
}

static bool add_input(const cli_settings *s, bool many, cli_names *f, const char *input) {
    struct stat info;
    if (strcmp(input, "-") == 0) return add_stdin(s, f);
    if (many && stat(input, &info) == 0 && S_ISDIR(info.st_mode)) return add_folder(f, input);
    if (many && has_ending(input, LISTS)) {
        FILE *in = fopen(input, "r");
        bool ok = in && add_list(f, in);
        if (in) fclose(in);
        return ok;
    }
    if (has_ending(input, COLLECTIONS)) return add_items(s, f, input);
    return cli_add_name(f, input); /* a picture, or a name that will fail as one, with its reason */
}

bool cli_expand_inputs(cli_settings *s, bool many, cli_names *out) {
    *out = (cli_names){0};
    for (int i = 0; i < s->input_count; i++) {
        errno = 0;
        if (add_input(s, many, out, s->inputs[i])) continue;
        cli_complain(s, "error", s->inputs[i], errno ? strerror(errno) : "cannot be listed");
        return false;
    }
    if (out->count == 0) {
        cli_complain(s, "error", s->inputs[0], "no pictures here");
        return false;
    }
    s->inputs = (const char *const *)out->name;
    s->input_count = out->count;
    return true;
}
