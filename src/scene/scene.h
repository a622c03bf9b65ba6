/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of scene/ share: the open scene, and the steps that describe it. */
#ifndef PL_SCENE_SCENE_H
#define PL_SCENE_SCENE_H

#include "plimsoll/scene.h"

#include "io/io.h"
#include "scene/sensor.h"

struct pl_scene {
    pl_raster *raster;
    pl_raster *clouds; /* a mask over the same ground; NULL none */
    double affine[6];  /* pixels -> CRS; without georeference pixels -> metres, north up */
    bool georeferenced;
    const pl_rpc *rpc; /* of a raw picture; NULL: pixels lie straight in the CRS */
    pl_scene_info info;
    double scale[PL_BANDS_MAX], offset[PL_BANDS_MAX]; /* of each band's samples; scale 0: as they
                                                         stand */
    bool recut;           /* its pixels are not those that the sidecar counts */
    bool lean_turns;      /* the view changes over the picture in a known way */
    double lean_per_m[4]; /* of tan(incidence) towards the satellite: dE/dE, dE/dN, dN/dE, dN/dN */
};

typedef struct pl_altitude {
    double metres, sigma_m;
    bool known;
} pl_altitude;
/** Of the satellite: published, or by the platform's name. */
pl_status pl__scene_altitude(pl_scene_info *info, const char *models_dir, const pl_facts *facts,
                             pl_altitude *out, pl_error *error);

/** Notes that a file beside picture and metadata had a say. */
void pl__scene_use(pl_scene_info *info, const char *file);
/** The same for all files of an open picture. */
void pl__scene_use_raster(pl_scene_info *info, const pl_raster *raster);

void pl__scene_warn(pl_scene_info *info, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** One page of a STAC search: a file, and the file that goes on where it ends. */
typedef struct pl_scene_page {
    int items;       /* 0: it is no collection, or cannot be read */
    char next[1024]; /* "" the last one */
    char fault[240]; /* why the next one may not be followed; "" */
} pl_scene_page;
/** What is on the page of that name? Its `next` link is a stranger's word and goes no further than
 * pl__io_href_resolve lets it. */
void pl__scene_page(const char *name, const pl_trust *trust, pl_scene_page *out);
/** Where the program keeps what it read from standard input; "-" means this file. */
#define PL_SCENE_STDIN "/vsimem/plimsoll-standard-input.json"

/** Band roles and saturation from facts, names and numbers. */
pl_status pl__scene_bands(pl_scene_info *info, const pl_raster_info *raster, const pl_facts *facts,
                          const pl_scene_options *options, pl_error *error);
/** From numbers to reflectance: the file's factors, else the sidecar's, of all bands or of none. */
void pl__scene_factors(pl_scene *scene, const pl_facts *facts);
/** Applies them to a crop just read. */
void pl__scene_factors_apply(const pl_scene *scene, pl_crop *crop);
/** Opens the cloud mask that was named, or that lies beside the picture. */
pl_status pl__scene_clouds_open(pl_scene *scene, const char *picture,
                                const pl_scene_options *options, pl_error *error);
/** Takes what lies under cloud out of a crop. */
pl_status pl__scene_clouds_over(const pl_scene *scene, pl_arena *arena, pl_crop *crop,
                                pl_error *error);
/** PL_E_FORMAT when size or footprint say that the sidecar is another picture's. */
pl_status pl__scene_check_sidecar(pl_scene *scene, const pl_facts *facts, pl_error *error);
/** Sun at the centre: metadata against ephemeris. */
void pl__scene_sun(pl_scene_info *info, const pl_facts *facts, const pl_scene_options *options);
/** Sun from the date and the azimuth read from shadows, where that is asked for. PL_E_USAGE without
 * a date. */
pl_status pl__scene_shadow(pl_scene_info *info, const pl_facts *facts,
                           const pl_scene_options *options, pl_error *error);
/** View at the centre. */
pl_status pl__scene_view(pl_scene_info *info, const pl_facts *facts,
                         const pl_scene_options *options, pl_error *error);
/** How the view turns over the picture, where metadata give it at several places. */
pl_status pl__scene_lean(pl_scene *scene, const pl_facts *facts, const pl_scene_options *options,
                         pl_error *error);
/** The view at an input pixel, into a sight that holds the centre's. */
void pl__scene_lean_at(const pl_scene *scene, double x_px, double y_px, pl_sight *sight);

/** The file's own samples in a crop of step 1, planes in the arena. @param bits 8 or 16 for whole
 * numbers from 0, else 32. */
pl_status pl__scene_samples(const pl_scene *scene, const pl_crop *window, pl_arena *arena,
                            float **out, int *bits, pl_error *error);
/** Where such a crop lies: GDAL's affine, and the CRS; epsg 0: there is no georeference. */
void pl__scene_window_place(const pl_scene *scene, const pl_crop *window, double affine[6],
                            int *epsg);

/** A raw picture: takes its rational polynomials, and the height of the water they meet. */
pl_status pl__scene_raw_place(pl_scene *scene, const pl_scene_options *options, pl_error *error);
/** View at the centre by the rational polynomials, unless set by hand; metadata's is compared. */
void pl__scene_raw_view(pl_scene *scene);
/** View at a pixel by the rational polynomials, where they have the say. */
void pl__scene_raw_look(const pl_scene *scene, double x_px, double y_px, pl_sight *sight);
/** Input pixels <-> WGS 84 on the water, in place; NAN where there is none. */
void pl__scene_raw_to_lonlat(const pl_scene *scene, size_t n, double (*xy)[2]);
void pl__scene_raw_to_pixels(const pl_scene *scene, size_t n, double (*xy)[2]);
/** Height of the sea over the WGS 84 ellipsoid: PROJ's grids, models/geoid.csv, or nought with a
 * warning. */
pl_status pl__scene_water(pl_scene_info *info, const char *models_dir, double lon_deg,
                          double lat_deg, double *height_m, pl_error *error);
/** The same by models/geoid.csv alone. */
pl_status pl__scene_water_table(const char *models_dir, double lon_deg, double lat_deg,
                                double *height_m, pl_error *error);

#endif
