/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file synth.h
 * Draws a scene of known truth by casting rays at a hull: nothing here uses the estimator's
 * formulas.
 */
#ifndef PLIMSOLL_SYNTH_H
#define PLIMSOLL_SYNTH_H

#include "plimsoll/scene.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum pl_sidecar_kind { PL_SIDECAR_STAC, PL_SIDECAR_IMD, PL_SIDECAR_NONE } pl_sidecar_kind;

typedef struct pl_synth_options {
    /* the ship */
    double length_m, beam_m, freeboard_m, trim_m,
        heading_rad;          /**< trim by the stern positive; heading of the bow */
    double parallel_fraction; /**< share of the length with straight parallel sides, default 0.65 */
    double offset_x_px,
        offset_y_px;     /**< hull centre from the picture's centre, pixels: sub-pixel shifts */
    bool superstructure; /**< bridge aft, default true */
    bool deck_gear;      /**< pipe rack, manifold, hatches, default true */
    bool quay;           /**< a quay along the starboard side, default false */
    int hulls;           /**< 0: empty water; default 1 */
    /* the light */
    double sun_azimuth_rad, sun_elevation_rad, view_azimuth_rad,
        view_incidence_rad; /**< from true north; target to satellite */
    double acquired_s; /**< time written into the sidecar; NAN: one at which the sun stood nearly
                          there is searched for */
    /* the water */
    double contrast;          /**< 1 - shadow/water, default 0.35 */
    double attenuation_per_m; /**< diffuse attenuation K of the water; INFINITY: no light from
                                 below; default 1.0 */
    double swell; /**< relative standard deviation of the water's brightness, default 0.01 */
    /* the sensor */
    double gsd_m;       /**< ground pixel, default 0.5 */
    double psf_fwhm_px; /**< line spread, default 1.2 */
    double snr;         /**< signal to noise at the water level; INFINITY: none; default 80 */
    int bands;          /**< 1 pan, 3 RGB, 4 BGRN; default 4 */
    int bits;           /**< 8, 11 or 16; default 11 */
    int size_px;        /**< side of the square picture; 0: what the hull needs */
    int samples;        /**< rays a pixel a direction, default 4 */
    /* the map */
    int epsg;                /**< 4326, 3857 or a UTM zone 326xx/327xx; default 32653 */
    double lon_deg, lat_deg; /**< of the hull; default 133.08 42.72 */
    bool mirror; /**< write the raster with columns reversed (a negative pixel size): same ground */
    pl_sidecar_kind sidecar;
    uint64_t seed;
} pl_synth_options;

/** The defaults above: a laden small tanker under a morning sun. */
PL_API pl_synth_options pl_synth_defaults(void);

/**
 * Draws and writes FILE (GeoTIFF), its sidecar, and FILE's truth as <stem>.truth.json.
 * `file` may lie under /vsimem/. @return PL_E_USAGE for dimensions that cannot be, PL_E_IO when it
 * cannot be written.
 */
PL_API pl_status pl_synth_write(const pl_synth_options *options, const char *file, pl_error *error);

#ifdef __cplusplus
}
#endif
#endif
