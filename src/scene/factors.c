/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do the file's numbers mean: reflectance or radiance, or nobody says?
 *
 * A scale and an offset for EVERY band, from the file itself or else from the STAC raster extension
 * of its item, turn DN into physical values. A part of the bands would leave planes that cannot be
 * compared with one another: then everything stays as it stands, honest DN. */
#include <math.h>

#include "scene/scene.h"

static bool complete(const double *scale, const double *offset, int bands) {
    for (int i = 0; i < bands; i++)
        if (!(scale[i] > 0.0) || !isfinite(scale[i]) || !isfinite(offset[i])) return false;
    return bands > 0;
}

void pl__scene_factors(pl_scene *scene, const pl_facts *facts) {
    const pl_raster_info *raster = pl__io_raster_info(scene->raster);
    bool of_file = complete(raster->scale, raster->offset, raster->bands);
    bool of_item = !of_file && facts->factors == raster->bands &&
                   complete(facts->scale, facts->offset, raster->bands);
    if (!of_file && !of_item) return;
    for (int i = 0; i < raster->bands; i++) {
        scene->scale[i] = of_file ? raster->scale[i] : facts->scale[i];
        scene->offset[i] = of_file ? raster->offset[i] : facts->offset[i];
    }
}

void pl__scene_factors_apply(const pl_scene *scene, pl_crop *crop) {
    size_t plane = (size_t)crop->pixels.width * (size_t)crop->pixels.height;
    if (!(scene->scale[0] > 0.0)) return;
    for (int band = 0; band < crop->pixels.bands; band++) {
        double scale = scene->scale[band], offset = scene->offset[band];
        float *sample = pl__plane(&crop->pixels, band);
        if (scale != scene->scale[0] || offset != scene->offset[0]) crop->saturation_dn = NAN;
        if (scale == 1.0 && offset == 0.0) continue;
        crop->is_float = true;
        for (size_t i = 0; i < plane; i++) sample[i] = (float)((double)sample[i] * scale + offset);
    }
    crop->saturation_dn = crop->saturation_dn * scene->scale[0] + scene->offset[0];
}
