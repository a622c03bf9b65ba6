/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What are directions called? */
#include "plimsoll/visit.h"

const char *pl_direction_name(pl_direction direction) {
    static const char *const NAMES[] = {"unclear", "none", "loading", "discharging"};
    return (unsigned)direction < sizeof NAMES / sizeof *NAMES ? NAMES[direction] : NULL;
}
