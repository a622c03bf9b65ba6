/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What are sources and bands called in output? */
#include "plimsoll/scene.h"

const char *pl_source_name(pl_source source) {
    static const char *const NAME[] = {[PL_SOURCE_NONE] = "none",
                                       [PL_SOURCE_OPTION] = "option",
                                       [PL_SOURCE_METADATA] = "metadata",
                                       [PL_SOURCE_EPHEMERIS] = "ephemeris",
                                       [PL_SOURCE_DERIVED] = "derived"};
    return (unsigned)source < sizeof NAME / sizeof *NAME ? NAME[source] : NULL;
}

const char *pl_band_name(pl_band_role role) {
    static const char *const NAME[] = {
        [PL_BAND_UNKNOWN] = "unknown", [PL_BAND_PAN] = "pan", [PL_BAND_BLUE] = "blue",
        [PL_BAND_GREEN] = "green",     [PL_BAND_RED] = "red", [PL_BAND_NIR] = "nir",
        [PL_BAND_ALPHA] = "alpha"};
    return (unsigned)role < sizeof NAME / sizeof *NAME ? NAME[role] : NULL;
}
