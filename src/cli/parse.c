/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a command line ask for? Options as the table of options.c knows them, and which of them
 * exclude each other. */
#include <math.h>
#include <string.h>

#include "cli/cli.h"

/* @param command NULL: of any. @return its place in the table, -1: there is none. */
static int find(const cli_command *command, const char *word, size_t length) {
    for (int i = 0; cli_option_at(i); i++) {
        const cli_option *o = cli_option_at(i);
        bool here = !command || o->groups & (command->groups | FOR_ALL);
        if (here && strlen(o->name) == length && strncmp(o->name, word, length) == 0) return i;
    }
    return -1;
}

static int usage(const cli_settings *s, const cli_command *command, const char *form,
                 const char *word) {
    char line[400];
    snprintf(line, sizeof line, form, word);
    char full[512];
    snprintf(full, sizeof full, "%s (plimsoll %s --help)", line, command->name);
    cli_complain(s, "error", NULL, full);
    return EXIT_USAGE;
}

/* Two values for one thing: one of them would be dropped in silence. */
static bool given_before(int place, bool *seen) {
    bool before = seen[place];
    seen[place] = true;
    return before && !(cli_option_at(place)->groups &
                       MANY_TIMES); /* each --config sets another key, each --ais adds a file */
}

static int take_option(const cli_command *command, int argc, char **argv, int *at, bool *seen,
                       cli_settings *s) {
    const char *word = argv[*at], *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    int place = find(command, word, length);
    if (place < 0 && find(NULL, word, length) >= 0) {
        char what[300];
        snprintf(what, sizeof what, "%s takes no %.*s", command->name, (int)length, word);
        return usage(s, command, "%s", what);
    }
    if (place < 0) return usage(s, command, "no option %.200s here", word);
    const cli_option *o = cli_option_at(place);
    if (given_before(place, seen)) return usage(s, command, "%s is given twice", o->name);
    const char *value = equals ? equals + 1 : "";
    if (o->argument && !equals) {
        if (*at + 1 >= argc) return usage(s, command, "%s wants a value", o->name);
        value = argv[++*at];
    }
    if (!o->argument && equals) return usage(s, command, "%s takes no value", o->name);
    if (!o->set(s, value)) {
        char what[300];
        snprintf(what, sizeof what, "%s: '%.80s' will not do: %s", o->name, value, o->help);
        return usage(s, command, "%s", what);
    }
    if (!(o->groups & MANY_TIMES)) s->given[place] = value; /* of the others the setter keeps all */
    return EXIT_DONE;
}

static int check_together(const cli_command *command, const cli_settings *s) {
    if (s->in_process && s->jobs > 1)
        return usage(s, command, "%s", "--jobs needs workers: not together with --in-process");
    if (s->both_densities) return usage(s, command, "%s", "--density and --api exclude each other");
    if (s->measure.port.port && s->measure.port.aoi_file)
        return usage(s, command, "%s", "--port and --aoi exclude each other");
    const pl_hull_hint *hint = &s->measure.hint;
    int named = isfinite(hint->at_lon_deg) + isfinite(hint->at_x_px) + (hint->outline_file != NULL);
    if (named > 1) return usage(s, command, "%s", "--at, --at-px and --outline exclude each other");
    if (named && (s->measure.port.port || s->measure.port.aoi_file))
        return usage(s, command, "%s",
                     "--at, --at-px and --outline name the hull: no --port or --aoi with them");
    if (isfinite(s->measure.scene.sun_from_shadow_rad) &&
        (isfinite(s->measure.scene.sun_azimuth_rad) ||
         isfinite(s->measure.scene.sun_elevation_rad)))
        return usage(s, command, "%s",
                     "--sun-from-shadow excludes --sun-azimuth and --sun-elevation");
    if (isfinite(s->measure.scene.sun_elevation_rad) !=
            isfinite(s->measure.scene.sun_azimuth_rad) &&
        !(command->groups & FOR_SYNTH)) {
        return usage(s, command, "%s", "--sun-azimuth and --sun-elevation go together");
    }
    if (isfinite(s->measure.scene.view_azimuth_rad) &&
        !isfinite(s->measure.scene.view_incidence_rad) && !(command->groups & FOR_SYNTH)) {
        return usage(s, command, "%s", "--view-azimuth wants --incidence too");
    }
    if (s->input_count < command->least)
        return usage(s, command, "%s wants an input", command->name);
    if (command->most >= 0 && s->input_count > command->most)
        return usage(s, command, "%s takes fewer inputs", command->name);
    return EXIT_DONE;
}

int cli_parse(const cli_command *command, int argc, char **argv, cli_settings *s) {
    int kept = 0;
    bool options = true, seen[CLI_OPTIONS_MOST] = {false};
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (options && strcmp(word, "--") == 0) {
            options = false;
        } else if (options && word[0] == '-' && word[1] != '\0') {
            int code = take_option(command, argc, argv, &i, seen, s);
            if (code != EXIT_DONE) return code;
        } else {
            argv[kept++] = argv[i]; /* inputs move to the front: i never lies before kept */
        }
    }
    s->inputs = (const char *const *)argv;
    s->input_count = kept;
    return s->help ? EXIT_DONE : check_together(command, s);
}
