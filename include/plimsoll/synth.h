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

/** A drawn scene. Lengths in metres, angles in radians, azimuths from true north. */
typedef struct pl_synth_options {
    /* the ship */
    double length_m, beam_m; /**< over all; moulded. Default 100 x 16 */
    double freeboard_m;      /**< deck edge above water at half length, default 4 */
    double trim_m;           /**< by the stern positive, over the length, default 0 */
    double heel_rad;         /**< to starboard positive, default 0 */
    double heading_rad;      /**< of the bow, default 60 deg */
    double sheer_share;      /**< of the load line convention's standard sheer, default 0.5 */
    double parallel_share;   /**< of the length with straight parallel sides, default 0.65 */
    double offset_x_px, offset_y_px; /**< hull centre from the picture's centre, pixels */
    double gunwale_radius_m;         /**< of the rounded deck edge, default 0: sharp */
    double fishplate_m;              /**< height of a plate along the whole deck edge, default 0 */
    double rail_opacity;     /**< of an open rail 1.1 m high along the deck edge, default 0 */
    bool superstructure;     /**< bridge and funnel aft, forecastle and bulwark, default true */
    bool deck_gear;          /**< pipe rack, catwalk, manifold, crane, hatches, default true */
    double gear_scale;       /**< heights of the deck gear, times the usual, default 1 */
    double forecastle_share; /**< of the length, raised by 2.2 m with a bulwark, default 0.1 */
    double poop_share;       /**< of the length, raised by 2.2 m, default 0: flush */
    bool trunk;        /**< a raised trunk deck that does not reach the sides, default false */
    double boot_top_m; /**< height above the water amidships of the boot topping's upper line:
                          below it the side is red, default 0: under water */
    double speed_m_s;  /**< ahead, with a wake, default 0 */
    double band_lag_s; /**< from one band's exposure to the next one's, default 0 */
    bool ship;         /**< false: empty water; default true */
    /* beside the ship */
    bool quay;             /**< a quay along the starboard side, with fenders, default false */
    bool jetty;            /**< a platform on piles, dolphins and a walkway there, default false */
    double berth_gap_m;    /**< from the side to the quay or jetty, default 1 */
    double berth_height_m; /**< of quay and jetty above the water, default 2.5 */
    bool neighbour;        /**< another ship alongside to starboard, default false */
    bool barge;            /**< a bunker barge alongside to port, default false */
    bool tug;              /**< a tug at one side, her wash astern, default false */
    /* the light */
    double sun_azimuth_rad, sun_elevation_rad; /**< apparent; default 150 and 35 deg */
    double view_azimuth_rad,
        view_incidence_rad; /**< target to satellite, from the vertical; default 100 and 12 deg */
    double acquired_s; /**< time written into the sidecar; NAN (default): one at which the sun stood
                          there is searched for, and none is written when there is none */
    /* the water */
    double contrast;          /**< 1 - shadow / lit water in pan, default 0.35 */
    double attenuation_per_m; /**< diffuse attenuation K in green; INFINITY: all light comes from
                                 the surface itself; default 1.5 */
    double glint; /**< mean of the sun's image on the facets, of lit water; in patches, default 0 */
    double cloud_shadow; /**< share of sunlight that a cloud takes from one part of the scene, with
                            its edge across the ship, default 0 */
    double swell;        /**< relative standard deviation of the water's brightness, default 0.01 */
    double
        wave_slope; /**< standard deviation of the facets that mirror sky and hull, default 0.1 */
    /* the sensor */
    double gsd_m;       /**< ground pixel, default 0.5 */
    double psf_fwhm_px; /**< line spread of optics and detector together, default 1.2 */
    bool pan_sharpened; /**< colours of four times the pixel, their detail from the bands' mean;
                           default false */
    double sharpening;  /**< strength of an unsharp mask one pixel wide, default 0 */
    double snr;         /**< signal to noise at the water's level; INFINITY: none; default 80 */
    double exposure;    /**< times the usual; 3 saturates decks; default 1 */
    double gamma;       /**< of the tone curve, 1 (default): linear */
    int jpeg_quality;   /**< of the file's compression, 8 bits only; 0 (default): lossless */
    int bands;          /**< 1 pan, 3 RGB, 4 BGRN; default 4 */
    int bits;           /**< 8, 11 or 16; default 11 */
    int size_px;        /**< side of the square picture; 0 (default): what the hull needs */
    int samples;        /**< cells a pixel a direction, default 4; their edges are sampled again */
    /* the map */
    int epsg;                /**< 4326, 3857 or a UTM zone 326xx/327xx; default 32653 */
    double lon_deg, lat_deg; /**< of the hull; default 133.08 42.72 */
    double shore_slope;      /**< rise of the elevation model used for rectifying, per metre to
                                starboard, within 45 m of the keel; default 0: sea level */
    bool mirror; /**< write the raster with columns reversed (a negative pixel size): same ground */
    double incidence_error_rad, view_azimuth_error_rad; /**< of the view that the sidecar states, as
                           a scene's mean is off at its edge; default 0 */
    pl_sidecar_kind sidecar;                            /**< default STAC */
    uint64_t seed; /**< of noise, swell and jitter; default 1 */
} pl_synth_options;

/** The defaults above: a laden small tanker under a morning sun. */
PL_API pl_synth_options pl_synth_defaults(void);

/**
 * The picture alone: bands planes of size x size, DN.
 * @param arena holds it. @param affine pixels -> CRS, GDAL's order.
 */
PL_API pl_status pl_synth_draw(const pl_synth_options *options, pl_arena *arena, pl_image *out,
                               double affine[6], pl_error *error);
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
