/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do several commands do alike: complain, find the models, write the answer? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/io.h"

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

void cli_complain(const cli_settings *s, const char *level, const char *subject,
                  const char *words) {
    bool error = strcmp(level, "error") == 0;
    if (s->bar) fputs("\r\033[K", stderr); /* it is drawn again below the line */
    if (s->json_log) {
        pl_json_out *o = pl__json_out_new(false);
        if (o) {
            pl__json_begin_object(o, NULL);
            pl__json_put_string(o, "level", level);
            pl__json_put_string(o, "file", subject);
            pl__json_put_string(o, "message", words);
            pl__json_end(o);
        }
        char *text = o ? pl__json_out_finish(o) : NULL;
        if (text) fprintf(stderr, "%s\n", text);
        free(text);
        pl__json_out_free(o);
        return;
    }
    char line[1200];
    if (subject && !*subject) subject = "''"; /* a file without a name */
    snprintf(line, sizeof line, "plimsoll: %s%s%s%s", subject ? subject : "", subject ? ": " : "",
             error ? "" : "warning: ", words);
    for (char *c = line; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' '; /* one line, whatever a file is called */
    }
    fprintf(stderr, "%s\n", line);
}

int cli_fail(const cli_settings *s, const char *subject, const pl_error *error) {
    const char *words = error->message;
    size_t length = subject ? strlen(subject) : 0;
    if (length && strncmp(words, subject, length) == 0 && strncmp(words + length, ": ", 2) == 0) {
        words += length + 2; /* the message names the file already */
    }
    cli_complain(s, "error", subject, words);
    return error->status == PL_E_USAGE ? EXIT_USAGE : EXIT_NOTHING;
}

static bool has_models(const char *dir) {
    char file[1200];
    snprintf(file, sizeof file, "%s/ports.geojson", dir);
    return access(file, R_OK) == 0;
}

/* <folder of the program>/<below>, if models lie there. */
static bool beside_program(const char *below, char *out, size_t size) {
    char self[900];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) return false;
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    if (!slash) return false;
    *slash = '\0';
    snprintf(out, size, "%s/%s", self, below);
    return has_models(out);
}

static pl_status find_judge(const cli_settings *s, pl_error *error) {
    char file[1200];
    snprintf(file, sizeof file, "%s/ship_judge.onnx", s->models_dir);
    if (s->detector != CLI_DETECTOR_LEARNED || access(file, R_OK) == 0) return PL_OK;
    return pl__fail(error, PL_E_IO, "cli", "%.200s: no weights (--detector classical does without)",
                    file);
}

/* Once for all pictures: a table may be larger than they are. */
static pl_status hash_ais(cli_settings *s, pl_error *error) {
    pl_status status = PL_OK;
    for (int i = 0; i < s->measure.ais_count && status == PL_OK; i++) {
        if (pl__io_file_is_remote(s->measure.ais[i]))
            return pl__fail(error, PL_E_USAGE, "cli",
                            "--ais: %.160s: copy it to this machine first", s->measure.ais[i]);
        status = pl__io_sha256(s->measure.ais[i], s->ais_sha256[i], error);
        s->measure.ais_sha256[i] = s->ais_sha256[i];
    }
    return status;
}

pl_status cli_find_models(cli_settings *s, pl_error *error) {
    const char *environment = getenv("PLIMSOLL_MODELS");
    if (!*s->models_dir && environment && *environment)
        pl__text_copy(s->models_dir, sizeof s->models_dir, environment);
    if (!*s->models_dir &&
        !beside_program("../share/plimsoll/models", s->models_dir, sizeof s->models_dir) &&
        !beside_program("../models", s->models_dir, sizeof s->models_dir)) {
        pl__text_copy(s->models_dir, sizeof s->models_dir,
                      has_models(PL_MODELS_INSTALLED) ? PL_MODELS_INSTALLED : PL_MODELS_SOURCE);
    }
    s->measure.port.models_dir = s->measure.scene.models_dir = s->models_dir;
    if (s->detector != CLI_DETECTOR_CLASSICAL) s->measure.hull.models_dir = s->models_dir;
    if (has_models(s->models_dir)) {
        pl_status status = hash_ais(s, error);
        return status == PL_OK ? find_judge(s, error) : status;
    }
    return pl__fail(error, PL_E_IO, "cli", "%s: no model tables here (--models DIR)",
                    s->models_dir);
}

static void name_her(cli_settings *s) {
    bool imo = pl_imo_valid(s->vessel);
    s->named = (pl_vessel){.known = PL_LOAD_INPUT_INIT};
    pl__text_copy(imo ? s->named.imo : s->named.name,
                  imo ? sizeof s->named.imo : sizeof s->named.name, s->vessel);
    s->measure.vessel = &s->named;
}

/* A ship that is in no registry is called as she was named; in one that was named she must be. */
static pl_status find_vessel(cli_settings *s, pl_error *error) {
    char usual[1200];
    const char *file = s->vessels ? s->vessels : usual;
    snprintf(usual, sizeof usual, "%s/vessels.csv", s->models_dir);
    bool ais = s->measure.ais_count > 0;
    if (!s->vessel && !s->vessels && !ais) return PL_OK;
    if (strlen(s->vessel ? s->vessel : "") >= sizeof s->named.name)
        return pl__fail(error, PL_E_USAGE, "cli", "--vessel: a name of less than %zu letters",
                        sizeof s->named.name);
    bool there = s->vessels || access(usual, R_OK) == 0;
    pl_status status = there ? pl_vessels_open(file, &s->registry, error) : PL_OK;
    if (!status && ais && s->registry) {
        s->measure.registry = s->registry;
        s->measure.vessels_sha256 = pl_vessels_sha256(s->registry);
    }
    if (status || !s->vessel) return status;
    if (s->registry) status = pl_vessels_find(s->registry, s->vessel, &s->measure.vessel, error);
    if (status || s->measure.vessel) {
        if (!status) s->measure.vessels_sha256 = pl_vessels_sha256(s->registry);
        return status;
    }
    if (s->vessels)
        return pl__fail(error, PL_E_USAGE, "cli", "%.160s: no ship '%.40s'", file, s->vessel);
    if (!s->vessel[strspn(s->vessel, "0123456789")] && !pl_imo_valid(s->vessel))
        return pl__fail(error, PL_E_USAGE, "cli", "%.40s is no IMO number: seven digits",
                        s->vessel);
    name_her(s);
    return PL_OK;
}

pl_status cli_open_models(cli_settings *s, pl_load_models **out, pl_error *error) {
    *out = NULL;
    pl_status status = cli_find_models(s, error);
    if (status == PL_OK) status = pl_load_models_open(s->models_dir, out, error);
    if (status == PL_OK) status = pl_load_check_options(*out, &s->measure.load, error);
    if (status == PL_OK) status = find_vessel(s, error);
    return status;
}

pl_status cli_open_registry(cli_settings *s, pl_error *error) {
    char usual[1200];
    snprintf(usual, sizeof usual, "%s/vessels.csv", s->models_dir);
    if (s->registry || (!s->vessels && access(usual, R_OK) != 0)) return PL_OK;
    return pl_vessels_open(s->vessels ? s->vessels : usual, &s->registry, error);
}

static int flush_failed(const cli_settings *s) {
    cli_complain(s, "error", "stdout", errno ? strerror(errno) : "cannot be written");
    return EXIT_NOTHING;
}

int cli_flush(const cli_settings *s) {
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_DONE : flush_failed(s);
}

int cli_write(const cli_settings *s, const char *text) {
    if (s->out && strcmp(s->out, "-") != 0) {
        pl_error error = PL_ERROR_INIT;
        pl_status status = pl__io_file_write(s->out, text, strlen(text), &error);
        return status == PL_OK ? EXIT_DONE : cli_fail(s, s->out, &error);
    }
    errno = 0;
    return fputs(text, stdout) >= 0 ? cli_flush(s) : flush_failed(s);
}

pl_format cli_format(const cli_settings *s) {
    if (s->format_given) return s->format;
    if (s->out && ends_with(s->out, ".csv")) return PL_FORMAT_CSV;
    if (s->out && ends_with(s->out, ".geojsonl")) return PL_FORMAT_GEOJSONL;
    if (s->out && strcmp(s->out, "-") != 0) return PL_FORMAT_GEOJSON;
    return isatty(STDOUT_FILENO) ? PL_FORMAT_TABLE : PL_FORMAT_GEOJSON;
}

bool cli_out_is_text(const cli_settings *s) {
    if (!s->out || !pl_store_is_name(s->out)) return true;
    cli_complain(s, "error", s->out, "a store is written by plimsoll batch");
    return false;
}

int cli_sum_up(const cli_settings *s, const cli_tally *t) {
    if (cli_interrupted()) return EXIT_INTERRUPTED;
    if (t->done == s->input_count) return EXIT_DONE;
    if (t->done > 0) return EXIT_SOME_FAILED;
    return t->usage == s->input_count ? EXIT_USAGE : EXIT_NOTHING;
}

void cli_count(cli_tally *t, int code) {
    t->done += code == EXIT_DONE;
    t->usage += code == EXIT_USAGE;
}
