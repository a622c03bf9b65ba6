/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files lie in a folder? GDAL's virtual files again, so that /vsizip/ and the like can be
 * listed; folders on other machines are not listed, that would be a request nobody asked for. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

#include "io/gdal.h"

static bool fits(const char *name, const char *prefix, const char *suffix) {
    size_t length = strlen(name), head = strlen(prefix), tail = strlen(suffix);
    return length >= head + tail && strncasecmp(name, prefix, head) == 0 &&
           strcasecmp(name + length - tail, suffix) == 0;
}

static int in_order(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static pl_status keep(char **found, const char *prefix, const char *suffix, int most,
                      pl_arena *arena, const char ***name, int *count, pl_error *error) {
    int total = 0;
    for (int i = 0; found && found[i]; i++) total += fits(found[i], prefix, suffix);
    const char **list = pl__arena_array(arena, (size_t)total + 1, sizeof *list);
    if (!list) return pl__fail_memory(error, "io");
    for (int i = 0, k = 0; k < total; i++) {
        if (!fits(found[i], prefix, suffix)) continue;
        size_t room = strlen(found[i]) + 1;
        char *copy = pl__arena_alloc(arena, room);
        if (!copy) return pl__fail_memory(error, "io");
        memcpy(copy, found[i], room);
        list[k++] = copy;
    }
    qsort(list, (size_t)total, sizeof *list, in_order);
    *name = list;
    *count = total < most ? total : most;
    return PL_OK;
}

pl_status pl__io_folder_list(const char *folder, const char *prefix, const char *suffix, int most,
                             pl_arena *arena, const char ***name, int *count, pl_error *error) {
    *name = NULL;
    *count = 0;
    if (pl__io_file_is_remote(folder)) return PL_OK;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    char **found = VSIReadDir(folder[0] ? folder : ".");
    pl_status status = keep(found, prefix, suffix, most, arena, name, count, error);
    CSLDestroy(found);
    pl__gdal_end(&gdal);
    return status;
}
