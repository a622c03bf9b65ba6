/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of cli/ share: settings, options, commands, and the few steps that several
 * commands take. */
#ifndef PL_CLI_CLI_H
#define PL_CLI_CLI_H

#include <stdio.h>

#include "base/base.h"
#include "plimsoll/plimsoll.h"

enum {
    EXIT_DONE = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_NOTHING = 3,
    EXIT_INTERRUPTED = 130
};

/** Everything that options can set. */
typedef struct cli_settings {
    pl_measure_options measure;
    pl_synth_options synth;
    pl_load_input load;
    pl_load_measurement load_before;
    double load_sigma_m;
    bool both_densities; /* --density and --api */
    pl_format format;
    bool format_given, quiet, json_log, timing, help;
    pl_worker_limits limits;
    int jobs;               /* pictures read at the same time */
    bool in_process;        /* pictures are read by this process itself */
    bool warned_unfiltered; /* said once that the kernel refuses filters */
    const char *out;        /* -o */
    const char *vessel;     /* --vessel */
    const char *vessels;    /* --vessels; NULL: vessels.csv of the models */
    pl_vessels *registry;   /* of the vessel */
    pl_vessel named;        /* who is in no registry */
    char models_dir[1024];
    const char *const *inputs;
    int input_count;
} cli_settings;

/** Which commands take an option: bits. */
enum {
    FOR_ANGLES = 1,   /* sun, view, pixel size */
    FOR_AREA = 2,     /* port, AOI, models */
    FOR_FORMAT = 4,   /* --format, --timing */
    FOR_LOAD = 8,     /* product, conversion, densities, seed */
    FOR_MEASURE = 16, /* --model-sigma */
    FOR_OUT = 32,     /* -o */
    FOR_SYNTH = 64,
    FOR_SHIP = 128,    /* particulars on the command line */
    FOR_ALL = 256,     /* --help, --quiet */
    FOR_JOBS = 1024,   /* --jobs */
    FOR_HINT = 2048,   /* a hull named by place or outline */
    MANY_TIMES = 4096, /* may be given more than once */
    FOR_WORKER = 512,  /* pictures are read: time, memory, where */
};

typedef struct cli_option {
    const char *name, *argument; /* "--port", "NAME"; argument NULL for a flag */
    int groups;
    const char *help;
    bool (*set)(cli_settings *settings,
                const char *value); /* false: the value is none for this option */
} cli_option;

enum { CLI_OPTIONS_MOST = 256 };
extern const cli_option CLI_OPTIONS[];
extern const int CLI_OPTION_COUNT;

typedef struct cli_command {
    const char *name, *arguments, *summary;
    int groups;
    int least, most; /* inputs; most -1: any number */
    int (*run)(cli_settings *settings);
} cli_command;

extern const cli_command CLI_COMMANDS[];
extern const int CLI_COMMAND_COUNT;

/** Parses argv after the command's name. @return EXIT_DONE, or EXIT_USAGE with a line on stderr. */
int cli_parse(const cli_command *command, int argc, char **argv, cli_settings *out);
void cli_print_help(const cli_command *command);
void cli_print_man(void);

/** `plimsoll: <subject>: <words>` on stderr (or a JSON line); subject NULL is left out. */
void cli_complain(const cli_settings *settings, const char *level, const char *subject,
                  const char *words);
/** Says an error's message; @return the exit code of a single input that failed so. */
int cli_fail(const cli_settings *settings, const char *subject, const pl_error *error);
/** Fills models_dir: --models, $PLIMSOLL_MODELS, beside the program, the installed place, the
 * source. */
pl_status cli_find_models(cli_settings *settings, pl_error *error);
/** Reads them, and sees that product and conversion are among them; finds the vessel, if one is
 * named. */
pl_status cli_open_models(cli_settings *settings, pl_load_models **out, pl_error *error);

/** A list of names that grows. */
typedef struct cli_names {
    char **name;
    int count, room;
} cli_names;
/** Adds a copy. @return false out of memory. */
bool cli_add_name(cli_names *names, const char *name);
void cli_drop_names(cli_names *names);
/** Puts in the place of the inputs what they mean: the items of a STAC collection, what comes on
 * standard input; `many`: also what folders and lists hold. @return false: it has been said. */
bool cli_expand_inputs(cli_settings *settings, bool many, cli_names *out);

/** A job for one file as the settings say. */
pl_job cli_job(const cli_settings *settings, const char *file, const pl_load_models *models);
/** Does a job, in a worker unless --in-process; says the scene's warnings. When cli_interrupted()
 * it fails and there is nothing to say. */
pl_status cli_work(cli_settings *settings, const pl_job *job, pl_arena *arena, pl_answer *out,
                   pl_error *error);
/** What cli_work does with an answer: warnings, time. */
void cli_take_answer(cli_settings *settings, const pl_job *job, double seconds, pl_answer *answer);
/** Measures `count` files, settings->jobs at a time, and hands the answers over in the files'
 * order. take returns false to end the run. @return how many answers were taken. */
int cli_pool_run(cli_settings *settings, const char *const *files, int count,
                 const pl_load_models *models,
                 bool (*take)(void *context, int index, pl_status status, const pl_answer *answer,
                              const pl_error *error),
                 void *context);
/** Seconds of a clock that only runs forward. */
double cli_now_s(void);
/** From here on SIGINT and SIGTERM end the run in order; a second one ends it at once. */
void cli_catch_interrupts(void);
bool cli_interrupted(void);
/** Writes text to settings->out, or to stdout when it is NULL or "-". @return exit code. */
int cli_write(const cli_settings *settings, const char *text);
/** What stdout still holds goes out. @return exit code; a failure has been said. */
int cli_flush(const cli_settings *settings);
/** @return false, said so, when -o names a GeoPackage, which only batch writes. */
bool cli_out_is_text(const cli_settings *settings);

/** How did the inputs fare? */
typedef struct cli_tally {
    int done, usage;
} cli_tally;
void cli_count(cli_tally *tally, int code);
/** The exit code of all of them together. */
int cli_sum_up(const cli_settings *settings, const cli_tally *tally);
/** Form by --format, else by -o's ending, else table on a terminal, else geojson. */
pl_format cli_format(const cli_settings *settings);

int cmd_scene(cli_settings *settings);
int cmd_measure(cli_settings *settings);
int cmd_hulls(cli_settings *settings);
int cmd_batch(cli_settings *settings);
int cmd_explain(cli_settings *settings);
int cmd_synth(cli_settings *settings);
int cmd_load(cli_settings *settings);

#endif
