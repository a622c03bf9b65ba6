/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a vendor's metadata file say of a picture? One driver a file, one row a driver in
 * sensor.c. A driver states its vendor's conventions; judging the numbers is the scene's work. */
#ifndef PL_SCENE_SENSOR_H
#define PL_SCENE_SENSOR_H

#include "plimsoll/scene.h"

#include "io/io.h"

enum { PL_FACT_NOTES = 6, PL_LOOKS_MAX = 9, PL_BESIDE_MAX = 6 };

/** A sidecar as read, before anybody knows whose it is. */
typedef struct pl_sidecar {
    const char *file, *text;
    size_t length;
    const char *picture; /* file name of the picture it came with; NULL: the picture is asked for */
    int item;            /* of a collection the one that was named, from 1; 0: none was */
} pl_sidecar;

/** View at one place of the picture. */
typedef struct pl_look {
    double x_px, y_px; /* corner convention */
    double azimuth_deg, incidence_deg;
} pl_look;

/** What the sidecar says, in the vendor's own degrees. Unknown numbers are NAN. */
typedef struct pl_facts {
    char id[64], platform[48];
    double acquired_s;
    double date_s; /* midnight of the date, of whatever zone, when nothing more is said */
    double sun_azimuth_deg, sun_elevation_deg;
    double view_azimuth_deg;  /* as published; see convention, which PL_VIEW_DRIVER leaves open */
    double other_azimuth_deg; /* a second one that does not agree */
    double incidence_deg, satellite_elevation_deg, off_nadir_deg;
    const char *incidence_field; /* its name in the sidecar, for warnings */
    int looks;                   /* where the view is given at several places */
    pl_look look[PL_LOOKS_MAX];
    double track_deg;  /* azimuth in which the scan moves over the ground */
    double altitude_m; /* of the satellite */
    pl_view_convention convention;
    int bands; /* 0: not said */
    pl_band_role role[PL_BANDS_MAX];
    bool roles_first;     /* the sidecar knows the file's bands better than the file does */
    double saturation_dn; /* NAN: not said */
    int factors;          /* bands whose factors are told; 0: not said */
    double scale[PL_BANDS_MAX], offset[PL_BANDS_MAX]; /* to reflectance; NAN */
    double width_px, height_px;                       /* of the picture it belongs to */
    int epsg;                                         /* 0: not said */
    double pixel_m;     /* of the product, on the ground or in its projection */
    double collected_m; /* pixel of the sensor, from which the product's was resampled */
    double delivered_least, delivered_most; /* the vendor's pixels over the collected ones, nadir */
    double grid[6];                         /* of the whole picture, in GDAL's order, in that CRS */
    double across_m[2], down_m[2];          /* east, north: a step to the right, a step down */
    double west_deg, south_deg, east_deg, north_deg; /* of the footprint; west > east: across 180 */
    int note_count;
    char note[PL_FACT_NOTES][200]; /* things to be warned of */
} pl_facts;

typedef struct pl_sensor {
    const char *name;
    /* where it lies, from the picture's folder; * stands for the picture's name without extension
     */
    const char *beside[PL_BESIDE_MAX];
    /* or: any file of the folder that begins and ends so, and belongs; * for a beginning: its name
     * is the beginning of the picture's, or the other way round */
    const char *list[2];
    bool (*detect)(const pl_sidecar *sidecar); /* by content: a named file may be called anything */
    /* Does it speak of this picture? NULL: its name says so. Asked of files in lists. */
    bool (*belongs)(const pl_sidecar *sidecar);
    /* PL_REFUSED: sound, but of another kind than this driver's */
    pl_status (*read)(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error);
    /* The picture that it names, relative to itself; "" none. NULL: it never names one. */
    pl_status (*picture)(const pl_sidecar *sidecar, char *href, size_t size, pl_error *error);
} pl_sensor;

/** One row a vendor's format, in the order in which they are tried. */
extern const pl_sensor *const pl__sensors[];
extern const int pl__sensor_count;
extern const pl_sensor pl__sensor_plimsoll, pl__sensor_stac, pl__sensor_imd, pl__sensor_imd_xml,
    pl__sensor_dimap, pl__sensor_planet, pl__sensor_planet_xml, pl__sensor_sentinel2,
    pl__sensor_kompsat, pl__sensor_kompsat3, pl__sensor_ikonos, pl__sensor_landsat, pl__sensor_geom,
    pl__sensor_aerial, pl__sensor_rpb;

/** Finds the sidecar (named, or beside the picture), reads it, leaves facts empty when there is
 * none. `used` gets its name ("" for none), `driver` the driver's ("none"). */
pl_status pl__sensor_facts(const char *picture, const char *named, pl_facts *facts, char *used,
                           size_t used_size, char *driver, size_t driver_size, pl_error *error);
/** The driver that knows such a content, or NULL. */
const pl_sensor *pl__sensor_of(const pl_sidecar *sidecar);
/** When the user named a metadata file: the picture that it names or lies beside, and the file
 * itself as sidecar; otherwise the name itself and "". */
pl_status pl__sensor_picture(const char *name, const pl_trust *trust, char *picture,
                             size_t picture_size, char *sidecar, size_t sidecar_size,
                             pl_error *error);
/** "items.json#3" is the third item of that collection: cuts the file's name off. Standard input,
 * "-", becomes the file that the program keeps it in. @return the item, 0 when none is named. */
int pl__sensor_item(const char *name, char *file, size_t size);
/** Reads a metadata file into the arena; larger than any real one is refused. */
pl_status pl__sensor_read(const char *file, pl_arena *arena, pl_sidecar *sidecar, pl_error *error);

/** Parses a sidecar that is XML. @param arena holds it; yours to free, also after a failure. */
pl_status pl__sensor_open_xml(const pl_sidecar *sidecar, pl_arena **arena, const pl_xml **root,
                              pl_error *error);
/** Takes a number that lies in [low, high] into *out; outside, PL_E_FORMAT that names the field. */
pl_status pl__sensor_number(const pl_sidecar *sidecar, const char *field, double value, double low,
                            double high, double *out, pl_error *error);
/** Takes a time; without a zone it is read as UTC, with a note; a date alone is no time. */
pl_status pl__sensor_time(const pl_sidecar *sidecar, const char *field, const char *text,
                          pl_facts *facts, pl_error *error);
/** Takes an XML element's number as pl__sensor_number does; a missing element is passed over. */
pl_status pl__sensor_element(const pl_sidecar *sidecar, const pl_xml *element, double low,
                             double high, double *out, pl_error *error);
/** The sun's two angles and the like: rows of a table read by pl__sensor_element. */
typedef struct pl_element_row {
    const char *name;
    double low, high, *out;
} pl_element_row;
/** Takes each row from the first element of its name at any depth below. */
pl_status pl__sensor_elements(const pl_sidecar *sidecar, const pl_xml *below,
                              const pl_element_row *row, int count, pl_error *error);
/** A footprint that takes in one more corner; begin with NAN everywhere. */
void pl__sensor_corner(pl_facts *facts, double lon_deg, double lat_deg);
/** A band's part of the spectrum by the names that vendors and STAC give it. */
pl_band_role pl__sensor_band(const char *name);
void pl__sensor_note(pl_facts *facts, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** The part after the last slash. */
const char *pl__sensor_base_name(const char *path);

#endif
