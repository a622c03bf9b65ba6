/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file scene.h
 * What did the satellite see, when, under which sun and from where?
 */
#ifndef PLIMSOLL_SCENE_H
#define PLIMSOLL_SCENE_H

#include "plimsoll/io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a published view azimuth is to be read. */
typedef enum pl_view_convention {
    PL_VIEW_DRIVER = 0, /**< what the metadata driver knows of its vendor (default); where that
                           leaves several readings, pl_measure asks the picture */
    PL_VIEW_TARGET_TO_SATELLITE,
    PL_VIEW_SATELLITE_TO_TARGET,
} pl_view_convention;

/** Where a number came from. */
typedef enum pl_source {
    PL_SOURCE_NONE = 0,
    PL_SOURCE_OPTION,
    PL_SOURCE_METADATA,
    PL_SOURCE_EPHEMERIS,
    PL_SOURCE_DERIVED
} pl_source;
/** "none", "option", "metadata", "ephemeris", "derived". */
PL_API const char *pl_source_name(pl_source source);

/** Which part of the spectrum a band shows. */
typedef enum pl_band_role {
    PL_BAND_UNKNOWN = 0,
    PL_BAND_PAN,
    PL_BAND_BLUE,
    PL_BAND_GREEN,
    PL_BAND_RED,
    PL_BAND_NIR,
    PL_BAND_ALPHA
} pl_band_role;
PL_API const char *pl_band_name(pl_band_role role);

#define PL_BANDS_MAX 16
#define PL_WARNINGS_MAX 8
#define PL_USED_MAX 16

/** No picture is taken at more. The most aslant of 1497 tiles that Maxar published was taken 50 deg
 * off nadir, which from 770 km is 59 at the target. What is larger is an elevation or a slip; and a
 * degree of error there would be a twentieth of the freeboard. */
#define PL_INCIDENCE_MOST_DEG 65.0

/** Options; every angle NAN = take the metadata's. */
typedef struct pl_scene_options {
    double sun_azimuth_rad, sun_elevation_rad;   /**< override metadata */
    double view_azimuth_rad, view_incidence_rad; /**< override metadata; target to satellite */
    pl_view_convention convention;               /**< how metadata's view azimuth is read */
    double pixel_size_m;                         /**< for pictures without georeference, with one
                                                    PL_E_USAGE; NAN */
    const char *sidecar;        /**< metadata file, NULL: looked for beside the picture */
    pl_trust trust;             /**< what the picture's files may do, how large they may be */
    const char *models_dir;     /**< folder with platforms.csv (altitudes, to turn off-nadir into
                                   incidence) and geoid.csv; NULL: a middling altitude with a wide
                                   sigma, and the sea on the ellipsoid where PROJ has no geoid */
    double water_height_m;      /**< of raw pictures: the water over the WGS 84 ellipsoid; NAN: the
                                   geoid */
    double sun_from_shadow_rad; /**< the sun's azimuth read from shadows in the picture: with a date
                                   alone the ephemeris gives time and elevation; NAN */
    const char *bands;      /**< what the picture's bands show, in its order: "blue,green,red,nir";
                               pan, blue, green, red, nir or other; NULL: names, metadata, number */
    const char *cloud_mask; /**< a raster over the same ground, or a Planet UDM2: where it is not 0
                               (UDM2: cloud, heavy haze, shadow), nothing is measured. NULL: a UDM2
                               beside the picture */
} pl_scene_options;
#define PL_SCENE_OPTIONS_INIT                                                                      \
    {                                                                                              \
        __builtin_nan(""), __builtin_nan(""), __builtin_nan(""), __builtin_nan(""),                \
            PL_VIEW_DRIVER, __builtin_nan(""), NULL, PL_TRUST_INIT, NULL, __builtin_nan(""),       \
            __builtin_nan(""), NULL, NULL                                                          \
    }

/** Readings of a view azimuth that is open. */
#define PL_READINGS_MAX 3

/** All that a picture knows of itself. A plain value. */
typedef struct pl_scene_info {
    char id[64];                  /**< STAC id, else the file's name without folder and extension */
    char file[512], sidecar[512]; /**< as given; sidecar "" when none */
    char sha256[65], sidecar_sha256[65]; /**< hex; "" until pl_scene_hash */
    uint64_t size_bytes;
    char driver[16]; /**< metadata driver, as in docs/metadata.md: "stac", "imd" ...; "none" */
    char crs[64];    /**< "EPSG:32653", or the projection's name; "RPC": a raw picture, placed by
                        rational polynomials; "" without georeference */
    int width_px, height_px, bands;
    pl_band_role role[PL_BANDS_MAX];
    int bits;             /**< of a sample as stored */
    double saturation_dn; /**< DN from which on a sample counts as saturated; NAN unknown */
    double gsd_m;         /**< ground pixel at the centre, from the Jacobian of the projection */
    double acquired_s;    /**< UTC, seconds since 1970-01-01; NAN unknown */
    char platform[48];
    double water_height_m; /**< of a raw picture: over the WGS 84 ellipsoid; else NAN */
    pl_frame centre;       /**< the map at the picture's centre */
    pl_sight sight;        /**< sun and view at the centre */
    pl_source sun_azimuth_source, sun_elevation_source, view_azimuth_source, view_incidence_source;
    int view_reading_count; /**< of a view azimuth that metadata leave open: the picture may tell */
    double view_reading_rad[PL_READINGS_MAX];
    double metadata_sun_azimuth_rad, metadata_sun_elevation_rad; /**< as published; NAN */
    double ephemeris_sun_azimuth_rad,
        ephemeris_sun_elevation_rad; /**< computed at the centre; NAN */
    double sun_difference_rad;       /**< angle on the sky between the two; NAN */
    pl_reasons reasons;              /**< doubts that hold for every hull of this scene */
    int warning_count;
    char warning[PL_WARNINGS_MAX][200];
    int used_count; /**< files beside picture and sidecar that were opened: overviews, masks,
                       rational polynomials, model tables; the first PL_USED_MAX */
    char used[PL_USED_MAX][512], used_sha256[PL_USED_MAX][65];
} pl_scene_info;

/** A piece of a scene at full resolution or decimated. Lives in the arena it was read into. */
typedef struct pl_crop {
    pl_image pixels;   /**< NAN where there is no data */
    double x_px, y_px; /**< input pixel (corner convention) of the crop's own corner (0, 0) */
    double step;       /**< input pixels per crop pixel (>= 1) */
    pl_frame frame;    /**< INPUT pixels <-> local metres, origin at the crop's centre */
    pl_sight sight;    /**< sun and view at the crop's centre */
    pl_band_role role[PL_BANDS_MAX];
    double saturation_dn; /**< in the unit of pixels; NAN unknown */
    bool is_float;        /**< samples are no whole numbers: two may differ by less than 1 */
    unsigned char *cloud; /**< width*height, 1 = cloud, haze or its shadow: pixels are NAN there;
                             NULL when no mask is known */
    unsigned char *mask;  /**< width*height, 1 = to be searched; NULL = all */
    unsigned char *stood; /**< width*height, 1 = stood out from the water in an earlier picture, or
                             lies beside what did: land, quay; NULL when none is known */
} pl_crop;

/** A scene held open. Not for several threads at once. */
typedef struct pl_scene pl_scene;

/**
 * Opens a picture and gathers its metadata.
 * @param name a raster that GDAL reads, by file name, a metadata file that names its raster or
 * lies beside it, or one item of a STAC collection, "items.json#1". @param out yours to close with
 * pl_scene_close.
 * @return PL_OK; PL_E_IO missing or truncated, PL_E_FORMAT not a picture, no georeference and no
 * pixel size, or a sidecar that contradicts the picture; PL_E_LIMIT too large. Missing angles are
 * no error here: info says so.
 */
PL_API pl_status pl_scene_open(const char *name, const pl_scene_options *options, pl_scene **out,
                               pl_error *error);
PL_API void pl_scene_close(pl_scene *scene);
/** Borrowed, lives as long as the scene. */
PL_API const pl_scene_info *pl_scene_describe(const pl_scene *scene);

/** Fills the SHA-256 of the picture, its sidecar and every other file used; of those on other
 * machines "etag:" and digits of what the server calls their state, "" where it does not say. Reads
 * each whole, so opening does not do it; pl_measure does. */
PL_API pl_status pl_scene_hash(pl_scene_info *info, pl_error *error);

/** The local frame at an input pixel (corner convention). */
PL_API pl_status pl_scene_frame(const pl_scene *scene, double x_px, double y_px, pl_frame *out,
                                pl_error *error);
/** Sun and view at an input pixel: the sun by ephemeris moved from the centre, the view as
 * published, interpolated where it is published at several places; in a raw picture by its rational
 * polynomials. */
PL_API pl_status pl_scene_sight(const pl_scene *scene, double x_px, double y_px, pl_sight *out,
                                pl_error *error);
/** Input pixels -> WGS 84, in place, n pairs. PL_REFUSED without georeference. */
PL_API pl_status pl_scene_to_lonlat(const pl_scene *scene, size_t n, double (*xy)[2],
                                    pl_error *error);
/** WGS 84 -> input pixels, in place, n pairs. PL_REFUSED without georeference. */
PL_API pl_status pl_scene_to_pixels(const pl_scene *scene, size_t n, double (*xy)[2],
                                    pl_error *error);

/**
 * Reads a window. It is clipped to the picture; PL_E_USAGE if nothing is left.
 * @param step decimation, >= 1: overviews serve it where they exist, else an area average.
 */
PL_API pl_status pl_scene_crop(const pl_scene *scene, double x0_px, double y0_px, double x1_px,
                               double y1_px, double step, pl_arena *arena, pl_crop *out,
                               pl_error *error);
/** Does a picture's georeference lie on another's? */
typedef enum pl_registration_verdict {
    PL_REGISTERED = 0,
    PL_NOT_GEOREFERENCED, /**< one of them has no place on earth */
    PL_NO_OVERLAP,        /**< they show no common ground, or less than 96 pixels of it */
    PL_NO_PEAK            /**< nothing that stands still was seen in both: open water, cloud */
} pl_registration_verdict;
/** "registered", "no_georeference", "no_overlap", "no_peak"; NULL outside. */
PL_API const char *pl_registration_name(pl_registration_verdict verdict);

/** How far the second picture's georeference is off the first's. */
typedef struct pl_registration {
    pl_registration_verdict verdict;
    double east_m, north_m; /**< to be added to places of the second; 0 unless registered */
    double sigma_m;         /**< of either; unless registered what two products' georeferences
                               promise, 7 m; NAN without georeference */
    double pixel_m;         /**< of the grid that was compared; NAN */
    double peak;            /**< of the phase correlation: equal pictures have 1 */
    double peak_sigmas;     /**< over the scatter of the rest; 8 are asked for */
} pl_registration;

/** What moves: a hull's place on the water, to be left out with her shadow. */
typedef struct pl_ground_box {
    double lon_deg, lat_deg, heading_rad, length_m, beam_m;
} pl_ground_box;

/**
 * Co-registers two pictures by phase correlation of what stands still.
 * @param moving_before, moving_after ships in either; may be NULL when the count is 0.
 * @return PL_OK also where the verdict is that they cannot be. See src/scene/register.c.
 */
PL_API pl_status pl_scene_register(const pl_scene *before, const pl_scene *after,
                                   const pl_ground_box *moving_before, int before_count,
                                   const pl_ground_box *moving_after, int after_count,
                                   pl_registration *out, pl_error *error);

/** Bytes of pixels decoded so far through this scene. */
PL_API uint64_t pl_scene_bytes_read(const pl_scene *scene);

#ifdef __cplusplus
}
#endif
#endif
