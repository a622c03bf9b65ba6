/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is there to say about commands and options? --help, the manual pages and what a shell
 * completes, all off the same tables. */
#include <string.h>

#include "cli/cli.h"

static bool takes(const cli_command *c, const cli_option *o) {
    return (o->groups & (c->groups | FOR_ALL)) != 0;
}

static void print_options(const cli_command *c) {
    for (int i = 0; cli_option_at(i); i++) {
        const cli_option *o = cli_option_at(i);
        if (!takes(c, o)) continue;
        char left[64];
        snprintf(left, sizeof left, "%s %s", o->name, o->argument ? o->argument : "");
        printf("  %-34s %s\n", left, o->help);
    }
}

static void print_commands(void) {
    printf("plimsoll %s: freeboard, draft and cargo of tankers from satellite pictures\n\n",
           pl_version());
    for (int i = 0; i < CLI_COMMAND_COUNT; i++)
        printf("  plimsoll %-8s %s\n", CLI_COMMANDS[i].name, CLI_COMMANDS[i].summary);
    printf("\n  plimsoll COMMAND --help       options of a command\n"
           "  plimsoll help --man           the manual page\n\n"
           "Data goes to stdout, words to stderr. Exit: 0 done (refusals are answers), 1 some "
           "inputs failed, 2 wrong usage,\n"
           "3 nothing could be done, 130 interrupted.\n");
}

void cli_print_help(const cli_command *command) {
    if (!command) {
        print_commands();
        return;
    }
    printf("plimsoll %s %s [options]\n  %s\n\n", command->name, command->arguments,
           command->summary);
    print_options(command);
}

/* Text as roff wants it: hyphens and backslashes escaped, no line that begins with a request. */
static void roff(const char *text) {
    for (const char *c = text; *c; c++) {
        if (*c == '-' || *c == '\\') putchar('\\');
        if (c == text && (*c == '.' || *c == '\'')) fputs("\\&", stdout);
        putchar(*c);
    }
}

static void man_option(const cli_option *o) {
    printf(".TP\n.B ");
    roff(o->name);
    printf(" %s\n", o->argument ? o->argument : "");
    roff(o->help);
    putchar('\n');
}

static void man_options(const cli_command *c, bool common) {
    for (int k = 0; cli_option_at(k); k++) {
        const cli_option *o = cli_option_at(k);
        if (common ? o->groups & FOR_ALL : takes(c, o) && !(o->groups & FOR_ALL)) man_option(o);
    }
}

static void man_synopsis(const cli_command *c) {
    printf(".B plimsoll %s\n", c->name);
    roff(c->arguments);
    printf(" [options]\n.br\n");
}

static void man_end(void) {
    printf(".SH EXIT STATUS\n.TP\n0\nall done; refusals are answers\n.TP\n1\nsome inputs failed, "
           "the rest is done\n.TP\n2\nwrong usage; an area that "
           "misses the picture\n.TP\n3\nnothing could be done\n.TP\n130\ninterrupted; what was "
           "finished is kept\n"
           ".SH ENVIRONMENT\n.TP\nPLIMSOLL_MODELS\nfolder of the model tables\n"
           ".SH SEE ALSO\n");
}

static void man_of_command(const cli_command *c) {
    printf(".TH PLIMSOLL-%s 1 \"\" \"plimsoll %s\" \"User Commands\"\n.SH NAME\nplimsoll\\-%s \\- ",
           c->name, pl_version(), c->name);
    roff(c->summary);
    printf("\n.SH SYNOPSIS\n");
    man_synopsis(c);
    printf(".SH OPTIONS\n");
    man_options(c, false);
    man_options(c, true);
    man_end();
    printf(".BR plimsoll (1)\n");
}

static void man_of_all(void) {
    printf(".TH PLIMSOLL 1 \"\" \"plimsoll %s\" \"User Commands\"\n.SH NAME\nplimsoll \\- "
           "freeboard, draft and cargo of tankers from "
           "satellite pictures\n.SH SYNOPSIS\n",
           pl_version());
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) man_synopsis(&CLI_COMMANDS[i]);
    printf(".SH DESCRIPTION\nFinds ships on the water, measures how high the deck's edge stands "
           "above it from shadow and visible side,\n"
           "and infers draft, load state and oil volume, each number with its uncertainty. Where a "
           "picture cannot carry a number\n"
           "the answer is refused, with the reason. Data goes to standard output, words to "
           "standard error.\n.SH COMMANDS\n");
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        printf(".TP\n.BR plimsoll\\-%s (1)\n", CLI_COMMANDS[i].name);
        roff(CLI_COMMANDS[i].summary);
        putchar('\n');
    }
    printf(".SH COMMON OPTIONS\n");
    man_options(NULL, true);
    man_end();
    for (int i = 0; i < CLI_COMMAND_COUNT; i++)
        printf(".BR plimsoll\\-%s (1)%s\n", CLI_COMMANDS[i].name,
               i + 1 < CLI_COMMAND_COUNT ? "," : "");
}

void cli_print_man(const cli_command *command) {
    if (command)
        man_of_command(command);
    else
        man_of_all();
}

void cli_print_completion(void) {
    printf("# bash completion of plimsoll %s, made by: plimsoll help --completion\n"
           "_plimsoll() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} options=\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        COMPREPLY=($(compgen -W \"help",
           pl_version());
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) printf(" %s", CLI_COMMANDS[i].name);
    printf("\" -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n");
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        printf("    %s) options=\"", CLI_COMMANDS[i].name);
        for (int k = 0; cli_option_at(k); k++)
            if (takes(&CLI_COMMANDS[i], cli_option_at(k))) printf(" %s", cli_option_at(k)->name);
        printf("\" ;;\n");
    }
    printf("    esac\n"
           "    case $word in\n"
           "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
           "    esac\n"
           "}\n"
           "complete -o default -F _plimsoll plimsoll\n");
}
