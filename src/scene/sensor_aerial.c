/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the record of an aerial picture (NAIP and its like) say? <name>.xml or
 * <name>_<date>.xml: FGDC's form, root metadata, or ISO 19115's, root MI_Metadata or MD_Metadata.
 *
 * A date without an hour, and no angles. The date is that of the place, not of Greenwich. */
#include <stdio.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_record(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, "<idinfo") || strstr(sidecar->text, "<MI_Metadata") ||
           strstr(sidecar->text, "MD_Metadata");
}

/* The picture's name without folder and extension stands in the title or begins the file's name. */
static bool belongs(const pl_sidecar *sidecar) {
    const char *picture = pl__sensor_base_name(sidecar->picture), *dot = strrchr(picture, '.');
    size_t stem = dot ? (size_t)(dot - picture) : strlen(picture);
    const char *file = pl__sensor_base_name(sidecar->file);
    return strncmp(file, picture, stem) == 0 && (file[stem] == '_' || file[stem] == '.');
}

/* FGDC: idinfo/timeperd/.../caldate, "20200415". ISO: EX_TemporalExtent/.../timePosition, or the
 * beginning of a period, "2020-09-02". */
static const pl_xml *find_date(const pl_xml *root) {
    const pl_xml *extent = pl__xml_find(root, "EX_TemporalExtent");
    const pl_xml *date = pl__xml_find(pl__xml_find(root, "timeperd"), "caldate");
    if (!date) date = pl__xml_find(extent, "timePosition");
    return date ? date : pl__xml_find(extent, "beginPosition");
}

static pl_status read_date(const pl_sidecar *sidecar, const pl_xml *date, pl_facts *facts,
                           pl_error *error) {
    char text[64];
    snprintf(text, sizeof text, "%.60s", date->text);
    if (strlen(date->text) == 8)
        snprintf(text, sizeof text, "%.4s-%.2s-%.2s", date->text, date->text + 4, date->text + 6);
    return pl__sensor_time(sidecar, date->name, text, facts, error);
}

static pl_status read_record(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    if (status == PL_OK && strcmp(root->name, "metadata") != 0 &&
        strcmp(root->name, "MI_Metadata") != 0 && strcmp(root->name, "MD_Metadata") != 0)
        status = pl__fail(error, PL_REFUSED, FLOOR, "%s: no record of an aerial picture", file);
    const pl_xml *date = find_date(root);
    if (status == PL_OK && date && date->text[0]) status = read_date(sidecar, date, facts, error);
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_aerial = {.name = "aerial",
                                     .beside = {"*.xml"},
                                     .list = {"*", ".xml"},
                                     .detect = looks_like_record,
                                     .belongs = belongs,
                                     .read = read_record};
