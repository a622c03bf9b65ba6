/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll synth`: draws a scene of known truth. */
#include "cli/cli.h"

int cmd_synth(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    if (!s->out) {
        cli_complain(s, "error", NULL, "synth wants -o FILE.tif (plimsoll synth --help)");
        return EXIT_USAGE;
    }
    pl_status status = pl_synth_write(&s->synth, s->out, &error);
    return status == PL_OK ? EXIT_DONE : cli_fail(s, s->out, &error);
}
