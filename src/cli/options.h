/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the table of options share: values, and how an option is set. */
#ifndef PL_CLI_OPTIONS_H
#define PL_CLI_OPTIONS_H

#include "cli/cli.h"

/** A part of the table of options. */
typedef struct cli_options {
    const cli_option *option;
    int count;
} cli_options;
extern const cli_options CLI_PICTURE_OPTIONS, CLI_LOAD_OPTIONS, CLI_SYNTH_OPTIONS,
    CLI_FINDINGS_OPTIONS, CLI_VISITS_OPTIONS;
#define CLI_OPTIONS_OF(table)                                                                      \
    { table, sizeof table / sizeof *table }

/* Text of a command line as a value: false, and nothing set, for what is none or lies outside. */
bool cli_number(const char *text, double low, double high, double *out);
bool cli_degrees(const char *text, double low, double high, double *out_rad);
bool cli_integer(const char *text, double low, double high, int *out);
bool cli_size(const char *text, double most, uint64_t *out);                         /* from 1 on */
bool cli_pair(const char *text, double most_a, double most_b, double *a, double *b); /* "A,B" */
/* The first second after a day, which is meant whole, or after a time. */
bool cli_until(const char *text, double *utc_s);
bool cli_text(const char **place, const char *value); /* not "" */
bool cli_flag(bool *flag);

/** What an option does with its value v in the settings s: true when it will do. */
#define SETTER(name, expression)                                                                   \
    static bool name(cli_settings *s, const char *v) {                                             \
        (void)v;                                                                                   \
        expression;                                                                                \
    }

#endif
