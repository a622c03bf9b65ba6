/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which command is meant? One table. */
#include <math.h>
#include <signal.h>
#include <string.h>

#include "cli/cli.h"
#include "io/io.h"

enum {
    FOR_PICTURE = FOR_ANGLES | FOR_AREA | FOR_WORKER,
    FOR_STREET = FOR_PICTURE | FOR_LOAD | FOR_MEASURE
};

const cli_command CLI_COMMANDS[] = {
    {"scene", "FILE...",
     "what a picture knows of itself: pixel, time, sun, view, and for which headings it can be "
     "measured",
     FOR_PICTURE | FOR_FORMAT | FOR_OUT, 1, -1, cmd_scene},
    {"hulls", "FILE...", "find ships, measure nothing",
     FOR_PICTURE | FOR_HINT | FOR_AIS | FOR_FORMAT | FOR_OUT | FOR_SCENES, 1, -1, cmd_hulls},
    {"measure", "FILE...", "hulls, freeboard, draft, load state and barrels",
     FOR_STREET | FOR_HINT | FOR_AIS | FOR_FORMAT | FOR_OUT | FOR_CHIPS | FOR_SCENES, 1, -1,
     cmd_measure},
    {"explain", "FILE... -o DIR", "an annotated picture and measurement sheet of each hull",
     FOR_STREET | FOR_HINT | FOR_AIS | FOR_OUT, 1, -1, cmd_explain},
    {"compare", "BEFORE AFTER...",
     "the same ships in two pictures: which they are, and what was loaded or discharged between",
     FOR_STREET | FOR_PAIR | FOR_OUT, 2, -1, cmd_compare},
    {"batch", "ITEM... -o RESULTS | --verify RESULTS",
     "measure folders, patterns, lists, STAC collections and files into one store; goes on where "
     "it "
     "was stopped",
     FOR_STREET | FOR_JOBS | FOR_AIS | FOR_OUT | FOR_CHIPS, 0, -1, cmd_batch},
    {"merge", "PART... -o RESULTS",
     "join the stores that shares of a batch wrote; what RESULTS has stays", FOR_OUT, 1, -1,
     cmd_merge},
    {"visits", "RESULTS",
     "arrivals and departures of a store's hulls paired into visits, barrels a visit",
     FOR_VISITS | FOR_OIL | FOR_FORMAT | FOR_OUT, 1, 1, cmd_visits},
    {"findings", "RESULTS | visits.csv",
     "barrels over time with their errors, and when a cap was passed with what probability",
     FOR_OIL | FOR_FINDINGS | FOR_FORMAT | FOR_OUT, 1, 1, cmd_findings},
    {"report", "RESULTS -o FILE.html",
     "one page that a person reads: map, table, a card a hull, and what an analyst makes of it",
     FOR_TABLES | FOR_PAGE | FOR_OUT, 1, 1, cmd_report},
    {"review", "apply RESULTS REVIEW.json | show RESULTS",
     "an analyst's verdicts and corrections, written beside the machine's values; or what they are",
     0, 2, 3, cmd_review},
    {"load", "--loa M --beam M --freeboard M | --vessel NAME --freeboard M",
     "draft, load state and barrels without a picture; of two measurements also what was loaded",
     FOR_LOAD | FOR_SHIP | FOR_OUT, 0, 0, cmd_load},
    {"synth", "-o FILE.tif", "draw a scene of known truth, with sidecar and truth file",
     FOR_SYNTH | FOR_OUT, 0, 0, cmd_synth},
};
const int CLI_COMMAND_COUNT = sizeof CLI_COMMANDS / sizeof *CLI_COMMANDS;

static cli_settings defaults(void) {
    cli_settings s = {.measure = PL_MEASURE_OPTIONS_INIT,
                      .synth = pl_synth_defaults(),
                      .limits = PL_WORKER_LIMITS_INIT,
                      .jobs = 1,
                      .sample = 10,
                      .findings = PL_FINDINGS_OPTIONS_INIT,
                      .format = PL_FORMAT_GEOJSON};
    pl_quantity unknown = {NAN, NAN};
    s.load = (pl_load_input)PL_LOAD_INPUT_INIT;
    s.load_before = (pl_load_measurement){unknown, unknown, NAN, 0};
    s.load_sigma_m = NAN;
    s.visits =
        (cli_visits){.options = PL_VISIT_OPTIONS_INIT, .since_s = -INFINITY, .until_s = INFINITY};
    return s;
}

static const cli_command *find(const char *name) {
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        if (strcmp(CLI_COMMANDS[i].name, name) == 0) return &CLI_COMMANDS[i];
    }
    return NULL;
}

static int help(int argc, char **argv) {
    bool man = argc > 0 && strcmp(argv[0], "--man") == 0;
    bool completion = argc == 1 && strcmp(argv[0], "--completion") == 0;
    const char *word = man ? (argc > 1 ? argv[1] : NULL) : (argc > 0 ? argv[0] : NULL);
    const cli_command *command = word ? find(word) : NULL;
    if (completion) {
        cli_print_completion();
    } else if (word && !command) {
        fprintf(stderr, "plimsoll: no command '%s' (plimsoll help)\n", word);
        return EXIT_USAGE;
    } else if (man) {
        cli_print_man(command);
    } else {
        cli_print_help(command);
    }
    cli_settings plain = defaults();
    return cli_flush(&plain);
}

static int version(void) {
    cli_settings plain = defaults();
    printf("plimsoll %s\n", pl_version());
    return cli_flush(&plain);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is a failed write, said in words */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may grow no further (ulimit -f) */
    pl__io_silence();
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return help(argc - 2, argv + 2);
    if (strcmp(word, "--version") == 0) return version();
    const cli_command *command = find(word);
    if (!command) {
        fprintf(stderr,
                *word ? "plimsoll: no command '%s' (plimsoll help)\n"
                      : "plimsoll: which command? (plimsoll help)%s\n",
                word);
        return EXIT_USAGE;
    }
    cli_settings settings = defaults();
    int code = cli_parse(command, argc - 2, argv + 2, &settings);
    if (code != EXIT_DONE) return code;
    if (settings.help) {
        cli_print_help(command);
        return cli_flush(&settings);
    }
    bool reads = command->groups & FOR_WORKER;
    code = cli_hide_passwords(&settings);
    if (code != EXIT_DONE) return code;
    code = EXIT_NOTHING;
    if (!reads || cli_expand_inputs(&settings, command->groups & FOR_JOBS))
        code = command->run(&settings);
    cli_drop_names(&settings.names);
    pl_vessels_free(settings.registry);
    return code;
}
