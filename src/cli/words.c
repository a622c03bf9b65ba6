/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With which options was a picture measured, as words that can be kept and given again? */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"
#include "io/io.h"

/* Of GDAL's configuration, what opens doors is nobody's to keep and changes no number. */
static bool is_secret(const char *config) {
    static const char *const WORDS[] = {"PASS",    "SECRET", "TOKEN",  "KEY",        "AUTH",
                                        "USERPWD", "COOKIE", "HEADER", "CREDENTIAL", "AWS_",
                                        "GS_",     "AZURE_", "OSS_",   "SWIFT_"};
    char name[200];
    size_t n = strcspn(config, "=");
    if (n >= sizeof name) return true;
    memcpy(name, config, n);
    name[n] = '\0';
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcasestr(name, WORDS[i])) return true;
    return false;
}

static void put(pl_json_out *o, const char *name, const char *argument, const char *value) {
    char *word = NULL;
    if (asprintf(&word, "%s%s%s", name, argument ? "=" : "", argument ? value : "") < 0) return;
    pl__json_put_string(o, NULL, word);
    free(word);
}

char *cli_words(const cli_settings *s, bool for_key) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_array(o, NULL);
    for (int i = 0; cli_option_at(i); i++) {
        const cli_option *option = cli_option_at(i);
        if (!s->given[i] || !(option->groups & FOR_RESULT)) continue;
        if (for_key && (option->groups & NOT_KEY)) continue;
        put(o, option->name, option->argument, s->given[i]);
    }
    for (int i = 0; i < s->measure.ais_count && !for_key; i++) /* the key has their hashes */
        put(o, "--ais", "FILE", s->measure.ais[i]);
    for (int i = 0; i < s->config_count; i++)
        if (!is_secret(s->config[i])) put(o, "--config", "KEY=VALUE", s->config[i]);
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    pl__json_out_free(o);
    return text;
}

/* ---- back again ---- */

static const cli_option *option_of(const char *word) {
    size_t length = strcspn(word, "=");
    for (int i = 0; cli_option_at(i); i++) {
        const cli_option *o = cli_option_at(i);
        bool known = o->groups & FOR_RESULT || strcmp(o->name, "--config") == 0;
        if (known && strlen(o->name) == length && strncmp(o->name, word, length) == 0) return o;
    }
    return NULL;
}

static bool take_word(const char *word, pl_arena *arena, cli_settings *s) {
    const cli_option *o = word ? option_of(word) : NULL;
    const char *equals = word ? strchr(word, '=') : NULL;
    if (!o || (o->argument && !equals)) return false;
    const char *value = equals ? equals + 1 : "";
    char *copy = pl__arena_alloc(arena, strlen(value) + 1);
    if (!copy) return false;
    memcpy(copy, value, strlen(value) + 1);
    return o->set(s, copy);
}

bool cli_take_load_words(const char *words, pl_arena *arena, cli_settings *s) {
    pl_json *list = pl__json_parse(words, strlen(words), "options", NULL);
    bool fine = pl__json_is_array(list);
    for (size_t i = 0; i < pl__json_size(list) && fine; i++) {
        const char *word = pl__json_string(pl__json_at(list, i));
        const cli_option *o = word ? option_of(word) : NULL;
        if (o && o->groups & (FOR_LOAD | FOR_MEASURE) && !pl__io_file_is_remote(word))
            fine = take_word(word, arena, s);
    }
    pl__json_free(list);
    return fine;
}

bool cli_take_words(const char *words, pl_arena *arena, cli_settings *s) {
    pl_json *list = pl__json_parse(words, strlen(words), "options", NULL);
    bool fine = pl__json_is_array(list);
    for (size_t i = 0; i < pl__json_size(list) && fine; i++)
        fine = take_word(pl__json_string(pl__json_at(list, i)), arena, s);
    pl__json_free(list);
    return fine;
}
