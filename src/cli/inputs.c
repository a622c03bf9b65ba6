/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pictures do the words on the command line mean? For batch a folder means the pictures in
 * it, a pattern those that fit, a list what stands on its lines; a STAC collection means its items,
 * and "-" either a list or STAC that comes on standard input. What means nothing is noted with its
 * reason and costs only itself; commands that take few pictures end there. */
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "io/io.h"
#include "scene/scene.h"

enum { STDIN_LIMIT = 256 << 20, DEPTH_MAX = 16 };

static const char *const PICTURES[] = {".tif", ".tiff", ".ntf", ".jp2", NULL};
static const char *const LISTS[] = {".txt", ".lst", NULL};
static const char *const COLLECTIONS[] = {".json", ".geojson", NULL};

/* One command line's inputs on their way to names. */
typedef struct finder {
    const cli_settings *settings;
    bool many; /* for batch */
    bool stdin_read;
    const char *list[DEPTH_MAX]; /* lists that are being read, one out of the other */
    int depth;
    int found; /* names so far, also those that were there before */
    cli_names *out;
} finder;

static bool add_input(finder *f, const char *input);

static bool has_ending(const char *name, const char *const *endings) {
    const char *dot = strrchr(name, '.');
    for (; dot && *endings; endings++) {
        if (strcasecmp(dot, *endings) == 0) return true;
    }
    return false;
}

/* Planet's cloud masks lie beside the pictures that they are of. */
static bool is_mask(const char *name) {
    const char *end = strcasestr(name, "_udm");
    return end && (strcasecmp(end, "_udm.tif") == 0 || strcasecmp(end, "_udm2.tif") == 0);
}

static bool is_picture(const char *name) {
    return has_ending(name, PICTURES) && !is_mask(name);
}

/* Landsat's metadata are called .txt, too. */
static bool is_list(const char *name) {
    return has_ending(name, LISTS) && !strcasestr(name, "_mtl.txt") &&
           !strcasestr(name, "_metadata.txt");
}

static bool good(finder *f, const char *name) {
    f->found++;
    return cli_add_name(f->out, name);
}

static bool bad(finder *f, const char *input, const char *reason) {
    f->found++;
    return cli_add_bad_name(f->out, input, reason);
}

/* ---- folders and patterns ---- */

static int picture_entry(const struct dirent *entry) {
    return entry->d_name[0] != '.' && is_picture(entry->d_name);
}

static bool add_folder(finder *f, const char *folder) {
    struct dirent **entries;
    size_t length = strlen(folder);
    const char *slash = length && folder[length - 1] == '/' ? "" : "/";
    int n = scandir(folder, &entries, picture_entry, alphasort);
    bool ok = true;
    if (n < 0) return bad(f, folder, strerror(errno));
    for (int i = 0; i < n; i++) {
        char *path = NULL;
        ok = ok && asprintf(&path, "%s%s%s", folder, slash, entries[i]->d_name) >= 0 &&
             good(f, path);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return ok && (n > 0 || bad(f, folder, "no pictures here"));
}

/* Where pictures fit, what else fits is their sidecars, masks and readmes. */
static bool add_pattern(finder *f, const char *pattern) {
    glob_t found;
    int code = glob(pattern, 0, NULL, &found), pictures = 0;
    bool ok = true;
    if (code != 0) return code == GLOB_NOMATCH && bad(f, pattern, "no file fits this pattern");
    for (size_t i = 0; i < found.gl_pathc; i++) pictures += is_picture(found.gl_pathv[i]);
    for (size_t i = 0; i < found.gl_pathc && ok; i++) {
        if (pictures == 0)
            ok = add_input(f, found.gl_pathv[i]);
        else if (is_picture(found.gl_pathv[i]))
            ok = good(f, found.gl_pathv[i]);
    }
    globfree(&found);
    return ok;
}

/* ---- lists ---- */

static bool add_line(finder *f, char *line) {
    if (!*line || *line == '#') return true;
    if (!f->many) return good(f, line);
    if (strcmp(line, "-") == 0) return bad(f, line, "a list cannot name standard input");
    return add_input(f, line);
}

/* Names end at line ends; where a zero byte is, as from find -print0, they end at those, and may
 * hold line ends. */
static bool add_names(finder *f, char *text, size_t length) {
    bool zeros = memchr(text, 0, length) != NULL, ok = true;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    for (size_t at = 0; at < length && ok;) {
        char *line = text + at, *end = memchr(line, zeros ? '\0' : '\n', length - at);
        size_t n = end ? (size_t)(end - line) : length - at;
        at += n + 1;
        line[n] = '\0'; /* there is room for one more than length */
        if (!zeros && n > 0 && line[n - 1] == '\r') line[n - 1] = '\0';
        ok = add_line(f, line);
    }
    return ok;
}

/* The whole stream, and room for a zero. @return NULL with errno. */
static char *read_whole(FILE *in, size_t *length) {
    size_t room = 1 << 16, used = 0;
    char *text = malloc(room + 1);
    while (text) {
        used += fread(text + used, 1, room - used, in);
        if (used < room) break;
        char *larger = used < STDIN_LIMIT ? realloc(text, 2 * room + 1) : NULL;
        if (!larger) {
            if (used >= STDIN_LIMIT) errno = EFBIG;
            free(text);
            return NULL;
        }
        room *= 2;
        text = larger;
    }
    if (text && ferror(in)) {
        free(text);
        return NULL;
    }
    if (text) text[used] = '\0';
    *length = used;
    return text;
}

static bool is_open(const finder *f, const char *list) {
    struct stat a, b;
    if (stat(list, &a) != 0) return false;
    for (int i = 0; i < f->depth; i++)
        if (stat(f->list[i], &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino) return true;
    return false;
}

static bool add_list(finder *f, const char *list) {
    size_t length = 0;
    int before = f->found;
    if (is_open(f, list)) return bad(f, list, "the list names itself");
    if (f->depth == DEPTH_MAX) return bad(f, list, "lists of lists of lists: too deep");
    errno = 0;
    FILE *in = fopen(list, "r");
    char *text = in ? read_whole(in, &length) : NULL;
    int why = errno;
    if (in) fclose(in);
    if (!text) return bad(f, list, why ? strerror(why) : "cannot be read");
    f->list[f->depth++] = list;
    bool ok = add_names(f, text, length);
    f->depth--;
    free(text);
    return ok && (f->depth > 0 || f->found > before || bad(f, list, "no pictures here"));
}

/* ---- standard input ---- */

/* A text that begins as JSON does is STAC, any other a list. */
static bool add_text(finder *f, char *text, size_t length) {
    pl_error error = PL_ERROR_INIT;
    int before = f->found;
    if (text[strspn(text, " \t\r\n\xEF\xBB\xBF")] == '{') {
        if (pl__io_file_write(PL_SCENE_STDIN, text, length, &error) != PL_OK)
            return bad(f, "-", error.message);
        f->found++;
        return cli_add_collection(f->settings, f->many, f->out, "-");
    }
    return add_names(f, text, length) && (f->found > before || bad(f, "-", "no pictures here"));
}

static bool add_stdin(finder *f) {
    size_t length = 0;
    if (f->stdin_read) return true; /* named twice: it is the same */
    f->stdin_read = true;
    errno = 0;
    char *text = read_whole(stdin, &length);
    if (!text) return bad(f, "-", errno ? strerror(errno) : "cannot be read");
    bool ok = add_text(f, text, length);
    free(text);
    return ok;
}

/* ---- the door ---- */

static bool add_input(finder *f, const char *input) {
    struct stat info;
    if (strcmp(input, "-") == 0) return add_stdin(f);
    bool there = f->many && stat(input, &info) == 0;
    if (there && S_ISDIR(info.st_mode)) return add_folder(f, input);
    if (f->many && is_list(input) && (there || !strpbrk(input, "*?["))) {
        if (!there || S_ISREG(info.st_mode)) return add_list(f, input);
    }
    if (f->many && !there && strpbrk(input, "*?[") && strncmp(input, "/vsi", 4) != 0 &&
        !strstr(input, "://"))
        return add_pattern(f, input);
    if (has_ending(input, COLLECTIONS)) {
        f->found++;
        return cli_add_collection(f->settings, f->many, f->out, input);
    }
    return good(f, input); /* a picture, or a name that will fail as one, with its
                                           reason */
}

bool cli_expand_inputs(cli_settings *s, bool many) {
    cli_names *out = &s->names;
    finder f = {.settings = s, .many = many, .out = out};
    for (int i = 0; i < s->input_count; i++) {
        if (!add_input(&f, s->inputs[i])) {
            cli_complain(s, "error", s->inputs[i], "cannot be listed: out of memory");
            return false;
        }
    }
    for (int i = 0; i < out->count && !many; i++) {
        if (!out->fault[i]) continue;
        cli_complain(s, "error", out->name[i], out->fault[i]);
        return false;
    }
    s->inputs = (const char *const *)out->name;
    s->input_count = out->count;
    return true;
}
