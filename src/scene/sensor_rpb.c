/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a delivery say that has a Maxar RPB and no IMD? <name>.RPB, PVL.
 *
 * The satellite's name and the rational polynomials. Neither time nor sun nor view stands in it:
 * the view is in the polynomials, which are no business of a sidecar's reader. */
#include <string.h>

#include "scene/pvl.h"
#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_rpb(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "lineNumCoef") != NULL;
}

static pl_status read_rpb(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return pl__fail_memory(error, FLOOR);
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_pvl pvl;
    pl_status status = pl__pvl_parse(sidecar->text, sidecar->length, file, arena, &pvl, error);
    if (status == PL_OK && !pl__pvl_find(&pvl, "IMAGE", "lineNumCoef"))
        status =
            pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no lineNumCoef: no RPB, or cut short", file);
    if (status == PL_OK) {
        const pl_pvl_entry *satellite = pl__pvl_find(&pvl, "", "satId");
        if (satellite) pl__text_copy(facts->platform, sizeof facts->platform, satellite->value);
        pl__sensor_note(facts, "an RPB without an IMD tells neither time nor sun");
    }
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_rpb = {
    .name = "rpb", .beside = {"*.RPB", "*.rpb"}, .detect = looks_like_rpb, .read = read_rpb};
