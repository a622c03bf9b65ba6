/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of the spectrum does each band show, and from which value on is it saturated?
 *
 * Asked in this order: the user; the STAC Item's eo:bands; the file's own band descriptions or
 * colour interpretations; the sidecar's list (IMD); the number of bands, as products usually come.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/scene.h"

/* A level that a sidecar tells for a file of 16 bits: of 9 to 15 of them. */
static const double LEAST_DEEP_DN = 255.0, DEEPEST_DN = 65535.0;

static bool any_known(const pl_band_role *role, int count) {
    for (int i = 0; i < count; i++)
        if (role[i] != PL_BAND_UNKNOWN) return true;
    return false;
}

static bool has(const pl_band_role *role, int count, pl_band_role wanted) {
    for (int i = 0; i < count; i++)
        if (role[i] == wanted) return true;
    return false;
}

static void by_names(const pl_raster_info *raster, pl_band_role *role) {
    for (int i = 0; i < raster->bands; i++) {
        role[i] = pl__sensor_band(raster->band_name[i]);
        if (role[i] == PL_BAND_ALPHA) role[i] = PL_BAND_UNKNOWN; /* io dropped the real ones */
    }
    bool colours = has(role, raster->bands, PL_BAND_RED) &&
                   has(role, raster->bands, PL_BAND_GREEN) &&
                   has(role, raster->bands, PL_BAND_BLUE);
    /* red, green, blue and a nameless fourth: NAIP and its like publish near infrared there */
    if (colours && raster->bands == 4 && raster->band_name[3][0] == '\0') role[3] = PL_BAND_NIR;
}

static void by_count(const pl_raster_info *raster, pl_band_role *role) {
    static const pl_band_role RGB[] = {PL_BAND_RED, PL_BAND_GREEN, PL_BAND_BLUE};
    static const pl_band_role BGRN[] = {PL_BAND_BLUE, PL_BAND_GREEN, PL_BAND_RED, PL_BAND_NIR};
    /* coastal, blue, green, yellow, red, red edge, near infrared 1 and 2 of WorldView-2 and -3 */
    static const pl_band_role EIGHT[] = {PL_BAND_UNKNOWN, PL_BAND_BLUE,   PL_BAND_GREEN,
                                         PL_BAND_UNKNOWN, PL_BAND_RED,    PL_BAND_UNKNOWN,
                                         PL_BAND_NIR,     PL_BAND_UNKNOWN};
    int n = raster->bands;
    if (n == 1) role[0] = PL_BAND_PAN;
    if (n == 3 || (n == 4 && raster->bits <= 8)) memcpy(role, RGB, sizeof RGB);
    if (n == 4 && raster->bits > 8) memcpy(role, BGRN, sizeof BGRN);
    if (n == 8) memcpy(role, EIGHT, sizeof EIGHT);
}

/* "blue,green,red,nir": one word a band. */
static pl_status by_option(const char *words, int bands, pl_band_role *role, pl_error *error) {
    int count = 0;
    for (const char *at = words;; at++) {
        char word[24];
        size_t n = strcspn(at, ",");
        snprintf(word, sizeof word, "%.*s", (int)n, at);
        pl_band_role meant = pl__sensor_band(word);
        bool other = strcmp(word, "other") == 0;
        if (n >= sizeof word || meant == PL_BAND_ALPHA || (meant == PL_BAND_UNKNOWN && !other))
            return pl__fail(error, PL_E_USAGE, "scene",
                            "--bands: '%s' is none of pan, blue, green, red, nir, other", word);
        if (count < bands) role[count] = meant;
        count++;
        at += n;
        if (!*at) break;
    }
    if (count == bands) return PL_OK;
    return pl__fail(error, PL_E_USAGE, "scene", "--bands names %d bands, the picture has %d", count,
                    bands);
}

pl_status pl__scene_bands(pl_scene_info *info, const pl_raster_info *raster, const pl_facts *facts,
                          const pl_scene_options *options, pl_error *error) {
    info->bands = raster->bands;
    info->bits = raster->bits;
    /* 9 to 15 bits are a declared depth; 16 is mostly a container of 11 or 12 that does not say */
    bool known = !raster->is_float && raster->bits < 16;
    info->saturation_dn = known ? (double)((1 << raster->bits) - 1) : NAN;
    if (raster->bits == 16 && !raster->is_float && facts->saturation_dn > LEAST_DEEP_DN &&
        facts->saturation_dn < DEEPEST_DN)
        info->saturation_dn = facts->saturation_dn;
    if (options->bands) return by_option(options->bands, raster->bands, info->role, error);
    bool fits = facts->bands == raster->bands;
    if (facts->bands && !fits)
        pl__scene_warn(info, "the sidecar lists %d bands, the picture has %d: not used",
                       facts->bands, raster->bands);
    if (fits && facts->roles_first) {
        memcpy(info->role, facts->role, sizeof info->role);
        return PL_OK;
    }
    by_names(raster, info->role);
    if (any_known(info->role, raster->bands)) return PL_OK;
    if (fits) {
        memcpy(info->role, facts->role, sizeof info->role);
    } else {
        by_count(raster, info->role);
    }
    return PL_OK;
}
