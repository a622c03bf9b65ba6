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

enum { CLI_OPTIONS_MOST = 256, CLI_CONFIG_MOST = 64 };

/** A list of names that grows, each once. */
typedef struct cli_names {
    char **name;
    char **key;   /* by which a name is known: its folder's real path and its last part */
    char **fault; /* why it can be no picture; NULL: nothing is known against it */
    int count, room;
    int *index, index_size; /* places in the list + 1, by the key's hash */
} cli_names;
/** Adds a copy, unless it is there. @return false out of memory. */
bool cli_add_name(cli_names *names, const char *name);
/** Adds a copy of what can be no picture. */
bool cli_add_bad_name(cli_names *names, const char *name, const char *fault);
/** @return its place, -1: it is not there. */
int cli_find_name(const cli_names *names, const char *name);
/** The same for words that are no files. */
bool cli_add_word(cli_names *names, const char *word);
int cli_find_word(const cli_names *names, const char *word);
/** Drops those that are not wanted. @return how many. */
int cli_keep_names(cli_names *names, bool (*wanted)(void *context, const char *name),
                   void *context);
void cli_drop_names(cli_names *names);

/** What finds hulls: the classical search, and a learned judge beside it where its weights are. */
typedef enum cli_detector {
    CLI_DETECTOR_EITHER, /* learned where weights are */
    CLI_DETECTOR_LEARNED,
    CLI_DETECTOR_CLASSICAL
} cli_detector;

/** What options say of visits. */
typedef struct cli_visits {
    pl_visit_options options; /* load and vessels are the settings' */
    const char *port, *identify;
    double since_s, until_s;
    bool keep;
} cli_visits;

/** Everything that options can set. */
typedef struct cli_settings {
    pl_measure_options measure;
    pl_synth_options synth;
    pl_load_input load;
    pl_load_measurement load_before;
    const char *sheets; /* --sheets: a folder */
    double load_sigma_m;
    pl_findings_options findings;
    cli_visits visits;
    bool both_densities; /* --density and --api */
    pl_format format;
    bool format_given, quiet, json_log, timing, help;
    pl_worker_limits limits;
    int jobs;                  /* pictures read at the same time */
    bool in_process;           /* pictures are read by this process itself */
    bool warned_unfiltered;    /* said once that the kernel refuses filters */
    const char *out;           /* -o */
    const char *scenes_csv;    /* --scenes-csv */
    const char *chips;         /* --chips: a folder */
    const char *vessel;        /* --vessel */
    const char *findings_file; /* --findings: of report */
    const char *vessels;       /* --vessels; NULL: vessels.csv of the models */
    pl_vessels *registry;      /* of the vessel */
    pl_vessel named;           /* who is in no registry */
    cli_detector detector;     /* --detector */
    char models_dir[1024];
    const char *const *inputs;
    int input_count;
    cli_names names;                     /* what the inputs mean: inputs points into it */
    int shard, shards;                   /* this run's share, from 0; shards 0: not said */
    const char *verify;                  /* --verify: a store */
    int sample;                          /* --sample: scenes to verify */
    bool bar;                            /* a progress bar stands on the terminal's last line */
    const char *given[CLI_OPTIONS_MOST]; /* each option's value as it was typed; NULL not given */
    char ais_sha256[PL_AIS_FILES][65];   /* of measure.ais */
    const char *config[CLI_CONFIG_MOST]; /* --config, each of them */
    int config_count;
} cli_settings;

/** A store's hulls paired into visits. */
typedef struct cli_paired {
    pl_load_models *fleet;
    pl_visit_models *models;
    pl_identities *identities;
    pl_sightings seen;
    pl_arena *arena;
    pl_visit_list list;
} cli_paired;
/** Pairs those of the first input, as the options say. cli_paired_free also after a failure. */
pl_status cli_paired_find(cli_settings *settings, cli_paired *out, pl_error *error);
void cli_paired_free(cli_paired *paired);

/** Which commands take an option: bits. */
enum {
    FOR_ANGLES = 1,   /* sun, view, pixel size */
    FOR_AREA = 2,     /* port, AOI, models */
    FOR_FORMAT = 4,   /* --format, --timing */
    FOR_LOAD = 8,     /* product, conversion, densities, seed */
    FOR_MEASURE = 16, /* --model-sigma */
    FOR_OUT = 32,     /* -o */
    FOR_SYNTH = 64,
    FOR_SHIP = 128,       /* particulars on the command line */
    FOR_ALL = 256,        /* --help, --quiet */
    FOR_JOBS = 1024,      /* --jobs */
    FOR_HINT = 2048,      /* a hull named by place or outline; an earlier picture */
    MANY_TIMES = 4096,    /* may be given more than once */
    FOR_WORKER = 512,     /* pictures are read: time, memory, where */
    NOT_KEY = 8192,       /* cannot change a result, or names a file whose content counts */
    FOR_CHIPS = 16384,    /* pictures of the hulls */
    FOR_OIL = 32768,      /* which oil, which chart, which registry: of sums without pictures */
    FOR_FINDINGS = 65536, /* cap, period, what counts */
    FOR_AIS = 131072,     /* --ais */
    FOR_VISITS = 262144,  /* which visits, and what is known beforehand */
    FOR_RESULT = FOR_ANGLES | FOR_AREA | FOR_LOAD | FOR_MEASURE | FOR_AIS,
};

/** More of them, of commands that read a store, and of pairs. */
enum {
    FOR_PAIR = 1 << 24,   /* --sheets */
    FOR_SCENES = 1 << 22, /* --scenes-csv */
    FOR_TABLES = 1 << 20, /* --models, where no picture is read */
    FOR_PAGE = 1 << 21    /* of report alone */
};

typedef struct cli_option {
    const char *name, *argument; /* "--port", "NAME"; argument NULL for a flag */
    int groups;
    const char *help;
    bool (*set)(cli_settings *settings,
                const char *value); /* false: the value is none for this option */
} cli_option;

/** The table of options, from 0 on; NULL past its end. */
const cli_option *cli_option_at(int index);

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
/** The manual page of a command, or with NULL that of the program. */
void cli_print_man(const cli_command *command);
/** What bash completes, as a script. */
void cli_print_completion(void);

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
/** Reads the registry that --vessels names, else the models' own where there is one, into
 * settings->registry. */
pl_status cli_open_registry(cli_settings *settings, pl_error *error);

/** Puts in the place of the inputs what they mean: the items of a STAC collection, what comes on
 * standard input; `many`: also what folders, patterns and lists hold, and what means nothing stays
 * with its fault. @return false: it has been said. */
bool cli_expand_inputs(cli_settings *settings, bool many);
/** The items of a STAC file, page after page; of any other file its name. */
bool cli_add_collection(const cli_settings *settings, bool many, cli_names *out, const char *file);
/** Which share of the inputs is this run's: --shard, else what Slurm or Kubernetes say. @return
 * false: what they say is no share, and it has been said. */
bool cli_find_shard(cli_settings *settings);
/** Is the item in this run's share? By its name's hash, so whatever else is to be measured. */
bool cli_in_shard(const cli_settings *settings, const char *item);

/** The options that were given and say how a picture is measured, as a JSON array of words in the
 * table's order. No secrets. @param for_key without limits and without names of files whose content
 * is known otherwise. @return malloc'ed, yours to free(); NULL out of memory. */
char *cli_words(const cli_settings *settings, bool for_key);
/** Sets options from such an array, as if they had been typed. @param arena holds their values.
 * @return false: one of them is none. */
bool cli_take_words(const char *words, pl_arena *arena, cli_settings *settings);
/** The same of a store that may be anybody's: only what loads are worked out with; no file on
 * another machine is named by it. */
bool cli_take_load_words(const char *words, pl_arena *arena, cli_settings *settings);

/** A job for one file as the settings say. */
pl_job cli_job(const cli_settings *settings, const char *file, const pl_load_models *models);
/** Does a job, in a worker unless --in-process; says the scene's warnings. When cli_interrupted()
 * it fails and there is nothing to say. */
pl_status cli_work(cli_settings *settings, const pl_job *job, pl_arena *arena, pl_answer *out,
                   pl_error *error);
/** What cli_work does with an answer: warnings, time. */
void cli_take_answer(cli_settings *settings, const pl_job *job, double seconds, pl_answer *answer);
/** Who hears of the pictures of a pool. */
typedef struct cli_pool_ears {
    void *context;
    /** The picture is open and hashed: false, and it is not measured. */
    bool (*wanted)(void *context, int index, const pl_scene_info *scene);
    /** One has come to its end. false ends the run. */
    bool (*take)(void *context, int index, pl_status status, const pl_answer *answer,
                 const pl_error *reason, double seconds);
    void (*tick)(void *context); /**< several times a second */
    /** What a hull leaves, as pl_job.chip; NULL: nothing is drawn. */
    pl_status (*chip)(void *context, const pl_result *result, pl_result_row *row,
                      const pl_chip *chip, pl_error *error);
} cli_pool_ears;
/** Measures the inputs, settings->jobs at a time, and tells of each as it ends: in their order as
 * far as they take the same time. Those with a fault are passed over. */
void cli_pool_run(cli_settings *settings, const pl_load_models *models, const cli_pool_ears *ears);
/** Hears of waits for a store; the settings must stay where they are. */
pl_store_listener cli_store_listener(cli_settings *settings);
/** Takes passwords out of names of databases, and out of the command line. @return EXIT_DONE, or
 * EXIT_USAGE and it has been said. */
int cli_hide_passwords(cli_settings *settings);
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

/** Makes a folder, unless it is there. @return false: it cannot be written to, and that has been
 * said. */
bool cli_make_folder(const cli_settings *settings, const char *folder);
/** Where chips go and what became of them. */
typedef struct cli_chips {
    const cli_settings *settings;
    char *folder;    /* as it is told in `tile`; "" the working folder */
    bool failed;     /* a chip could not be written: said once a picture */
    cli_names names; /* stems of this run, and stem and picture together */
    cli_names failed_for;
} cli_chips;
/** @param store the tiles are told relative to its folder where they lie below it; NULL: as the
 * folder was typed. @return false: they can go nowhere, and that has been said. */
bool cli_chips_begin(cli_chips *chips, const cli_settings *settings, const char *store);
/** A pl_job.chip whose context is a cli_chips. Never fails: rows are worth more than chips. */
pl_status cli_chips_write(void *context, const pl_result *result, pl_result_row *row,
                          const pl_chip *chip, pl_error *error);
/** Is the chip of that hull there, and is the tile the name under which this run would have it? */
bool cli_chips_there(const cli_chips *chips, const char *hull_id, const char *tile);
void cli_chips_end(cli_chips *chips);

/** How did the inputs fare? */
typedef struct cli_tally {
    int done, usage;
} cli_tally;
void cli_count(cli_tally *tally, int code);
/** The exit code of all of them together. */
int cli_sum_up(const cli_settings *settings, const cli_tally *tally);
/** Form by --format, else by -o's ending, else table on a terminal, else geojson. */
pl_format cli_format(const cli_settings *settings);

/** How far is a batch? */
typedef struct cli_progress {
    const cli_settings *settings;
    int all, ended, kept, failed;
    int expect_kept;              /* so many are in the store already, by their names */
    double begin_s, last_s;       /* of the run, of the last picture that ended */
    double drawn_s;               /* when it was last shown */
    double new_s, kept_s, work_s; /* seconds of a picture measured and of one kept, and of all */
    int new_count, kept_count;
    bool on_terminal;
} cli_progress;
void cli_progress_begin(cli_progress *progress, cli_settings *settings, int all, int expect_kept);
/** One more has ended. @param kept it was done before. */
void cli_progress_add(cli_progress *progress, bool kept, bool failed, double seconds);
/** Shows where it is, if it is time to. */
void cli_progress_show(cli_progress *progress, cli_settings *settings);
/** Takes the bar away. */
void cli_progress_clear(cli_settings *settings);
/** Seconds to go; NAN: too early to say. */
double cli_progress_eta_s(const cli_progress *progress);
/** "2 h 05 min", "12 min", "40 s". */
void cli_duration(double seconds, char *out, size_t size);
int cli_verify(cli_settings *settings, const pl_load_models *models);

int cmd_report(cli_settings *settings);
int cmd_scene(cli_settings *settings);
int cmd_measure(cli_settings *settings);
int cmd_hulls(cli_settings *settings);
int cmd_batch(cli_settings *settings);
int cmd_compare(cli_settings *settings);
int cmd_explain(cli_settings *settings);
int cmd_synth(cli_settings *settings);
int cmd_load(cli_settings *settings);
int cmd_merge(cli_settings *settings);
int cmd_findings(cli_settings *settings);
int cmd_review(cli_settings *settings);
int cmd_visits(cli_settings *settings);

#endif
