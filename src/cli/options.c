/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options are there, what may stand behind them, and what do they set? One table in six
 * parts: parsing, --help and the man page are read off it. Here are those of results, of how a
 * command works, and of all commands. */
#include <string.h>

#include "cli/options.h"
#include "io/io.h"

SETTER(out, return cli_text(&s->out, v))
SETTER(chips, return cli_text(&s->chips, v))
SETTER(scenes_csv, return cli_text(&s->scenes_csv, v))
SETTER(findings_file, return cli_text(&s->findings_file, v))
SETTER(sheets, return cli_text(&s->sheets, v))
SETTER(quiet, return cli_flag(&s->quiet))
SETTER(help, return cli_flag(&s->help))
SETTER(timing, return cli_flag(&s->timing))
SETTER(jobs, return cli_integer(v, 1, 256, &s->jobs))
SETTER(verify, return cli_text(&s->verify, v))
SETTER(sample, return cli_integer(v, 1, 1000000, &s->sample))

/* "2/4" */
static bool shard(cli_settings *s, const char *v) {
    char first[16];
    const char *slash = strchr(v, '/');
    if (!slash || slash == v || (size_t)(slash - v) >= sizeof first) return false;
    memcpy(first, v, (size_t)(slash - v));
    first[slash - v] = '\0';
    return cli_integer(slash + 1, 1, 100000, &s->shards) &&
           cli_integer(first, 0, s->shards - 1, &s->shard);
}

SETTER(in_process, return cli_flag(&s->in_process))
SETTER(timeout, return cli_number(v, 0.1, 86400, &s->limits.timeout_s))
SETTER(max_memory, return cli_number(v, 64, 1e7, &s->limits.memory_mb))

static bool format(cli_settings *s, const char *v) {
    s->format_given = true;
    return pl_format_parse(v, &s->format);
}

static bool log_format(cli_settings *s, const char *v) {
    s->json_log = strcmp(v, "json") == 0;
    return s->json_log || strcmp(v, "text") == 0;
}

static bool config(cli_settings *s, const char *v) {
    if (s->config_count == CLI_CONFIG_MOST || !pl__io_config(v)) return false;
    s->config[s->config_count++] = v;
    return true;
}

static bool ais(cli_settings *s, const char *v) {
    if (!*v || s->measure.ais_count == PL_AIS_FILES) return false;
    s->measure.ais[s->measure.ais_count++] = v;
    return true;
}

static const cli_option OPTIONS[] = {
    {"-o", "PATH", FOR_OUT, "where to write", out},
    {"--chips", "DIR", FOR_CHIPS,
     "leave pictures of each hull there: north up, annotated, straightened, as GeoTIFF, and a JSON",
     chips},
    {"--findings", "FILE", FOR_PAGE, "what plimsoll findings printed as JSON, to be shown",
     findings_file},
    {"--scenes-csv", "FILE", FOR_SCENES,
     "a second table for spreadsheets: a line a picture, also where nothing was found", scenes_csv},
    {"--sheets", "DIR", FOR_PAIR,
     "an annotated picture of each pair in this folder: both hulls straightened, at one scale",
     sheets},
    {"--format", "WORD", FOR_FORMAT,
     "geojson, geojsonl, csv or table; default table on a terminal, else geojson", format},
    {"--timing", NULL, FOR_FORMAT,
     "write the seconds it took into the result (which then differs from run to run)", timing},
    {"--jobs", "N", FOR_JOBS, "measure so many pictures at the same time; default 1", jobs},
    {"--shard", "I/N", FOR_JOBS,
     "only this one of N shares, I from 0; default what a Slurm array or an indexed Kubernetes job "
     "say",
     shard},
    {"--verify", "RESULTS", FOR_JOBS,
     "measure a sample of a store's scenes again and compare row by row", verify},
    {"--sample", "N", FOR_JOBS, "scenes to verify; default 10", sample},
    {"--timeout", "S", FOR_WORKER, "give a picture up after so many seconds; default 300", timeout},
    {"--max-memory", "MB", FOR_WORKER, "most memory that reading a picture may take; default 4096",
     max_memory},
    {"--in-process", NULL, FOR_WORKER,
     "read pictures in this process, without a worker's limits: for debugging, and for pictures "
     "that you trust",
     in_process},
    {"--ais", "FILE", FOR_AIS | MANY_TIMES | NOT_KEY,
     "AIS messages of that place and day (CSV of NOAA or the Danish Maritime Authority, also .gz): "
     "names ships and tells who was silent; up to 16 files",
     ais},
    {"--config", "KEY=VALUE", FOR_ALL | MANY_TIMES, "a GDAL configuration option", config},
    {"--log-format", "WORD", FOR_ALL, "words on stderr as text (default) or json lines",
     log_format},
    {"--quiet", NULL, FOR_ALL, "no warnings, no progress", quiet},
    {"--help", NULL, FOR_ALL, "this", help},
};

const cli_option *cli_option_at(int index) {
    static const cli_options HERE = CLI_OPTIONS_OF(OPTIONS);
    const cli_options *parts[] = {&CLI_PICTURE_OPTIONS,  &CLI_LOAD_OPTIONS,   &CLI_SYNTH_OPTIONS,
                                  &CLI_FINDINGS_OPTIONS, &CLI_VISITS_OPTIONS, &HERE};
    if (index >= CLI_OPTIONS_MOST) return NULL; /* cli_parse has no room to note it */
    for (int i = 0; i < 6; i++) {
        if (index < parts[i]->count) return &parts[i]->option[index];
        index -= parts[i]->count;
    }
    return NULL;
}
