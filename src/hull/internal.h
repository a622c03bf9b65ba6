/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of hull/ hand to each other. */
#ifndef PL_HULL_INTERNAL_H
#define PL_HULL_INTERNAL_H

#include "hull/sea.h"
#include "image/image.h"
#include "plimsoll/hull.h"

/** A hole of more than this in what stands out is no dark deck but water: a basin, a harbour behind
 * its breakwaters. The largest ships afloat cover 25 000 m2. */
#define PL__HOLE_M2 30000.0

/** A blob that might be a ship, in input pixels and radians from true north. */
typedef struct pl_candidate {
    double x_px, y_px;
    double axis_rad; /* of the long axis, in [0, pi) */
    double length_m, beam_m;
    double false_alarms;
    double
        gap_sigmas; /* moored: what parts it from the quay is darker than this; 0 in open water */
    int touch; /* the side that lies against something: -1 port of the axis, 1 starboard, 0 none */
    bool parted; /* from it by an earlier picture */
} pl_candidate;

/** Bright blobs of a ship's shape on the sea. */
pl_status pl__hull_candidates(const pl_crop *crop, const pl_sea *sea,
                              const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                              int *count, pl_error *error);

/** Marks what stands out from the water in any band (in the near infrared alone, where pixels are
 * large). */
bool pl__hull_bright(const pl_crop *crop, const pl_sea *sea, unsigned char *mask);

/** What of a search crop stood out from the water in an earlier picture too, and what lies beside
 * that? @param bright what stands out now. @param out in the arena; NULL where the earlier picture
 * shows no water here, or nothing. */
pl_status pl__hull_before(const pl_scene *previous, const pl_scene *scene, const pl_crop *search,
                          const unsigned char *bright, pl_arena *arena, unsigned char **out,
                          pl_error *error);
/** So many pixels of what `stood` marks are not what stood there, but beside it. */
int pl__hull_before_margin(const pl_crop *search);

/** Ships that hang together with a quay, a jetty or each other. `bright` marks what
 * stands out from the water. */
bool pl__hull_moored(const pl_crop *crop, const unsigned char *bright,
                     const pl_hull_options *options, pl_arena *arena, pl_candidate **out,
                     int *count);

/** The exact outline from a full-resolution chip. @return PL_REFUSED when the chip shows no ship
 * after all. */
pl_status pl__hull_outline(const pl_crop *chip, const pl_candidate *candidate,
                           const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                           pl_error *error);

/** Are the sides of a ship of this beam still lines? @param pixel_m of the picture. */
bool pl__hull_is_coarse(double beam_m, double pixel_m);

/** Length, beam and axis of a ship of a few pixels, from the search crop at the picture's own
 * resolution. @return PL_REFUSED when that is no ship afloat. */
pl_status pl__hull_coarse(const pl_crop *search, const pl_sea *sea, const pl_candidate *candidate,
                          const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                          pl_error *error);

/** Ships no brighter than the water, by their shape alone; in the arena. Others are among them. */
pl_status pl__hull_faint(const pl_crop *crop, const pl_sea *sea, const pl_hull_options *options,
                         pl_arena *arena, pl_hull **out, int *count, pl_error *error);

/** Adds what the learned judge finds, takes away what it does not hold for ships. Without weights
 * (options->models_dir NULL, or none in it) nothing changes. New hulls in the arena. */
pl_status pl__hull_learned(const pl_scene *scene, const pl_crop *search, const pl_sea *sea,
                           const pl_hull_options *options, pl_arena *arena, pl_hull **hulls,
                           int *count, pl_error *error);

/** What a blob of the search crop is on the ground. */
pl_candidate pl__hull_blob_candidate(const pl_crop *crop, const pl_blob *blob);

/** Full-resolution pixels round a candidate: the hull, and water enough beside it to know what
 * water is. @param frame at the candidate, or near it. */
pl_status pl__hull_chip(const pl_scene *scene, const pl_frame *frame, const pl_candidate *candidate,
                        pl_arena *arena, pl_crop *out, pl_error *error);

/** What is said of every outlined hull: lon and lat, the picture's edge, the beam's doubt. */
pl_status pl__hull_finish(const pl_scene *scene, pl_hull *hull, pl_error *error);

/** By position: y, then x. */
void pl__hull_sort(pl_hull *hulls, int count);

/** Metres from a place to a hull's outline; 0 inside it. */
double pl__hull_distance_m(const pl_frame *frame, const pl_hull *hull, double x_px, double y_px);

/** Along how many of her long sides is there water? `sea` is that of the whole search. */
int pl__hull_water_sides(const pl_crop *chip, const pl_crop *search, const pl_sea *sea,
                         const pl_hull *hull);

/** What share of a hull's inside stood there before? The search crop knows what did. */
double pl__hull_stood_share(const pl_crop *search, const pl_hull *hull);

/** Widens the beam's sigma by the lit wall that may have been taken for deck. */
void pl__hull_doubt_wall(const pl_sight *sight, pl_hull *hull);

#endif
