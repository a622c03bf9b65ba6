/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file base.h
 * The words that all floors share: status, error, quantity, memory of one scene, pixels, places,
 * light.
 *
 * Frames. Pixels: x to the right, y down, the outer corner of the first pixel is (0, 0), its centre
 * (0.5, 0.5)
 * ("corner convention"). Ground: local east-north-up metres on the water, z = 0 the water. Azimuths
 * run clockwise from true north. Inside the library angles are radians; the unit stands in every
 * name.
 */
#ifndef PLIMSOLL_BASE_H
#define PLIMSOLL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PL_API __attribute__((visibility("default")))

/** Status with a sign: 0 fine; above, answered with reservations or declined; below, broken. */
typedef enum pl_status {
    PL_OK = 0,
    PL_DUBIOUS = 1,  /**< a value with a wide sigma; reasons say why */
    PL_REFUSED = 2,  /**< declined, no value; reasons say why */
    PL_E_USAGE = -1, /**< the caller asked for something that cannot be (an area off the picture) */
    PL_E_IO = -2,    /**< cannot open, read or write */
    PL_E_FORMAT = -3,   /**< opened, but not what it should be */
    PL_E_LIMIT = -4,    /**< larger than a limit allows */
    PL_E_MEMORY = -5,   /**< out of memory */
    PL_E_INTERNAL = -6, /**< a bug in plimsoll */
} pl_status;

/** What went wrong. The caller's, on its stack, last argument, may be NULL. Who detects, writes;
 * who calls, passes on. */
typedef struct pl_error {
    pl_status status;
    char floor[16];
    char message[240];
} pl_error;

#define PL_ERROR_INIT                                                                              \
    { PL_OK, "", "" }

/** A measured number: value and one standard deviation, both in the unit of the name that holds it.
 * Unknown: NAN. */
typedef struct pl_quantity {
    double value, sigma;
} pl_quantity;

/** Memory of one scene: everything allocated from it goes with pl_arena_free. Not for several
 * threads at once. */
typedef struct pl_arena pl_arena;

/** A new arena. @param limit_bytes most it will hand out, 0 for no limit. @return yours to free, or
 * NULL. */
PL_API pl_arena *pl_arena_new(size_t limit_bytes);
/** Frees the arena and all that came from it. NULL is fine. */
PL_API void pl_arena_free(pl_arena *arena);

/** Pixels: `bands` planes of height rows of width floats; NAN = no data. Plain memory, owned by
 * whoever made it. */
typedef struct pl_image {
    int width, height, bands;
    float *data;
} pl_image;

/**
 * A straight map between input pixels and local ground metres, good for some kilometres round its
 * origin. [east; north] = metres[2x2] * ([x; y] - [x_px; y_px]) The 2x2 is the numerical Jacobian
 * of the projection: UTM convergence, Mercator stretch and degree grids are in it.
 */
typedef struct pl_frame {
    double x_px, y_px;       /**< origin, corner convention */
    double lon_deg, lat_deg; /**< origin, WGS 84; NAN without georeference */
    double metres[4];        /**< dE/dx, dE/dy, dN/dx, dN/dy; metres per pixel */
    double pixels[4];        /**< its inverse */
    double pixel_m;          /**< sqrt |det metres|: the side of a square pixel of the same area */
} pl_frame;

/** Where the sun and the satellite stand, seen from one place. Unknown angles are NAN. */
typedef struct pl_sight {
    double sun_azimuth_rad, sun_elevation_rad; /**< apparent (refracted) */
    double view_azimuth_rad,
        view_incidence_rad; /**< azimuth FROM THE TARGET TO THE SATELLITE; from the vertical */
    double sun_sigma_rad, view_azimuth_sigma_rad,
        view_incidence_sigma_rad; /**< one standard deviation */
} pl_sight;

/** Why an answer is doubted or declined; bits of a pl_reasons. The texts are the codes of
 * docs/output.md. */
typedef enum pl_reason {
    PL_SUN_UNKNOWN,      /**< sun_unknown: no sun in metadata, no time for the ephemeris */
    PL_VIEW_UNKNOWN,     /**< view_unknown: no view angles */
    PL_SUN_CONTRADICTED, /**< sun_contradicts_ephemeris: metadata and ephemeris differ */
    PL_SUN_TOO_LOW,      /**< sun_too_low */
    PL_SUN_ALONG_KEEL,   /**< sun_along_keel: neither shadow nor wall on either side */
    PL_SHADOW_HIDDEN,   /**< shadow_hidden: the deck's lean covers the shadow and no wall is seen */
    PL_SHADOW_ON_QUAY,  /**< shadow_on_quay: no open water beside the side that carries the cue */
    PL_TOO_COARSE,      /**< too_coarse: the band is narrower than a pixel or so */
    PL_LOW_CONTRAST,    /**< low_contrast: shadow or wall does not stand out from the water */
    PL_EDGE_NOT_FOUND,  /**< edge_not_found: fewer stations than a straight side needs */
    PL_CUES_DISAGREE,   /**< cues_disagree beyond chance */
    PL_SIGMA_TOO_LARGE, /**< sigma_too_large: no use for load inference */
    PL_DECK_GEAR_SHADOW,  /**< deck_gear_shadow: part of the dark band is cast by gear, not by the
                             side */
    PL_OUTLINE_UNCERTAIN, /**< outline_uncertain: the ends or sides of the hull are not well seen */
    PL_AT_PICTURE_EDGE,   /**< at_picture_edge: part of the hull or of its shadow lies outside */
    PL_SATURATED,         /**< saturated pixels at the edges that matter */
    PL_CLOUD,             /**< cloud */
    PL_ALONGSIDE,         /**< alongside: another object touches the hull */
    PL_BOW_UNCERTAIN,     /**< bow_uncertain: heading known modulo 180 degrees */
    PL_CLASS_ASSUMED,     /**< class_assumed_tanker: nothing here judged that it is a tanker */
    PL_DIMENSIONS_ODD,    /**< dimensions_implausible for any ship */
    PL_FREEBOARD_ODD,     /**< freeboard_implausible for these dimensions */
    PL_BALLAST_OR_CARGO,  /**< ballast_or_cargo: light with ballast and a little cargo look alike */
    PL_WALL_ONLY,         /**< wall_only: only a lit wall was seen; paint can look like its edges */
    PL_NO_GEOREFERENCE,   /**< no_georeference: pixel size given by hand */
    PL_VIEW_CONTRADICTED, /**< view_contradicts_picture: things lean the other way */
    PL_GEOREFERENCE_CONTRADICTED, /**< georeference_contradicted: pixel or orientation are not what
                                     the metadata state */
    PL_DEEP_LOADED, /**< deep_loaded: deeper than her marks; a finding, no doubt about the number */
    PL_VESSEL_MISMATCH,  /**< vessel_mismatch: the hull has not the size of the vessel named */
    PL_NO_HULL_HERE,     /**< no_hull_here: nothing at the place named can be outlined as a ship */
    PL_CLASS_UNSURE,     /**< class_unsure: the deck does not tell whether it is a tanker */
    PL_NOT_A_TANKER,     /**< not_a_tanker: the deck is another ship's */
    PL_OUTLINE_BY_SHAPE, /**< outline_by_shape: found by the learned judge, sides not measured */
    PL_SEEN_ONCE,        /**< seen_once: one picture of the call shows her */
    PL_ARRIVAL_UNSEEN,   /**< arrival_unseen: nobody saw how she came */
    PL_DEPARTURE_UNSEEN, /**< departure_unseen: nobody saw how she left */
    PL_SAME_HULL_UNSURE, /**< same_hull_unsure: two pictures may show two ships */
    PL_COVERAGE_GAP,     /**< coverage_gap: nobody looked for longer than a call takes */
    PL_IDENTITY_CONTRADICTED, /**< identity_contradicted: size or place speak against who she is
                                 said to be */
    PL_OUTDATED, /**< outdated: the picture was changed, and measuring it anew failed */
    PL_REASON_COUNT
} pl_reason;

typedef uint64_t pl_reasons;
#define PL_BIT(reason) ((pl_reasons)1 << (reason))

/** The machine-readable code of a reason, "sun_along_keel"; NULL outside the enum. */
PL_API const char *pl_reason_code(pl_reason reason);
/** One sentence for people. NULL outside the enum. */
PL_API const char *pl_reason_text(pl_reason reason);
/** Version as text, "0.1.0". */
PL_API const char *pl_version(void);

#ifdef __cplusplus
}
#endif
#endif
