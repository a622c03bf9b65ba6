/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Maxar's XML say of its picture? <name>.XML, root isd: an IMD in other clothes.
 *
 * Its elements are the IMD's words in capitals; <IMAGE> is the group IMAGE_1 and so on. They are
 * laid out as the IMD's entries and read by the IMD's reader, so that the conventions are the same:
 * MEANSATAZ from the target to the satellite, MEANSATEL the satellite's elevation. */
#include <stdio.h>
#include <string.h>

#include "scene/imd.h"

static const char FLOOR[] = "scene";

typedef struct list {
    pl_arena *arena;
    pl_pvl_entry *entry;
    int count, images;
} list;

static bool looks_like_isd(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "<isd") != NULL;
}

static int count_leaves(const pl_xml *element) {
    int count = 0;
    for (const pl_xml *child = element->first; child; child = child->next)
        count += child->first ? count_leaves(child) : 1;
    return count;
}

static const char *group_name(list *out, const pl_xml *element) {
    if (strcmp(element->name, "IMAGE") != 0) return element->name;
    const size_t size = 24;
    char *name = pl__arena_alloc(out->arena, size);
    if (name) snprintf(name, size, "IMAGE_%d", ++out->images);
    return name ? name : "";
}

static void lay_out(list *out, const pl_xml *element, const char *group) {
    for (const pl_xml *child = element->first; child; child = child->next) {
        if (child->first) {
            lay_out(out, child, group_name(out, child));
        } else {
            out->entry[out->count++] = (pl_pvl_entry){group, child->name, child->text, child->line};
        }
    }
}

static pl_status read_isd(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    list out = {.arena = arena};
    const pl_xml *imd = pl__xml_child(root, "IMD");
    if (status == PL_OK && strcmp(root->name, "isd") != 0)
        status = pl__fail(error, PL_REFUSED, FLOOR, "%s: no Maxar XML", file);
    if (status == PL_OK && !imd)
        status = pl__fail(error, PL_E_FORMAT, FLOOR, "%s: no IMD in it, or cut short", file);
    if (status == PL_OK) {
        out.entry = pl__arena_array(arena, (size_t)count_leaves(imd) + 1, sizeof *out.entry);
        if (!out.entry) status = pl__fail_memory(error, FLOOR);
    }
    if (status == PL_OK) {
        lay_out(&out, imd, "");
        const pl_pvl pvl = {out.count, out.entry};
        status = pl__imd_facts(sidecar, &pvl, facts, error);
    }
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_imd_xml = {
    .name = "imd_xml", .beside = {"*.XML", "*.xml"}, .detect = looks_like_isd, .read = read_isd};
