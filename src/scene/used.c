/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files had a say in what is said of a picture, and which bytes were in them?
 *
 * The picture, its metadata file, and beside them whatever was opened: GDAL's neighbours
 * (overviews, masks, world files, rational polynomials), a cloud mask, tables of models/. Names are
 * gathered while the scene opens. Hashing reads every byte, of a picture of 480 MB for a third of a
 * second, so it is done once, when an answer is made. */
#include <string.h>

#include "scene/scene.h"

void pl__scene_use(pl_scene_info *info, const char *file) {
    if (strcmp(file, info->file) == 0 || strcmp(file, info->sidecar) == 0) return;
    for (int i = 0; i < info->used_count; i++)
        if (strcmp(file, info->used[i]) == 0) return;
    if (info->used_count == PL_USED_MAX) return;
    pl__text_copy(info->used[info->used_count++], sizeof info->used[0], file);
}

void pl__scene_use_raster(pl_scene_info *info, const pl_raster *raster) {
    char name[sizeof info->used[0]];
    for (int i = 0; pl__io_raster_file(raster, i, name, sizeof name); i++)
        pl__scene_use(info, name);
}

/* Files on other machines are not fetched whole to be hashed: their servers say which state of them
 * it is. */
static pl_status hash_one(const char *file, char hex[65], pl_error *error) {
    char plain[1024];
    hex[0] = '\0';
    if (!file[0]) return PL_OK;
    pl__sensor_item(file, plain, sizeof plain);
    if (strcmp(plain, PL_SCENE_STDIN) == 0 || !pl__io_file_is_remote(plain))
        return pl__io_sha256(plain, hex, error);
    pl__io_remote_tag(plain, hex);
    return PL_OK;
}

pl_status pl_scene_hash(pl_scene_info *info, pl_error *error) {
    pl_status status = hash_one(info->file, info->sha256, error);
    if (status == PL_OK) status = hash_one(info->sidecar, info->sidecar_sha256, error);
    for (int i = 0; i < info->used_count && status == PL_OK; i++)
        status = hash_one(info->used[i], info->used_sha256[i], error);
    return status;
}
