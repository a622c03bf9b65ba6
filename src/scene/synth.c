/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a ship of known freeboard look from there? (The ray caster follows in the next commit.)
 */
#include "plimsoll/synth.h"

#include "base/base.h"

pl_synth_options pl_synth_defaults(void) {
    return (pl_synth_options){0};
}

pl_status pl_synth_write(const pl_synth_options *options, const char *file, pl_error *error) {
    (void)options;
    return pl__fail(error, PL_E_INTERNAL, "scene", "%s: drawing is not built in yet", file);
}
