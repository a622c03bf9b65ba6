/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does a vendor's metadata file say of a picture? One driver a file, one row a driver in
 * sensor.c. A driver states its vendor's conventions; judging the numbers is the scene's work. */
#ifndef PL_SCENE_SENSOR_H
#define PL_SCENE_SENSOR_H

#include "plimsoll/scene.h"

#include "base/base.h"

enum { PL_FACT_NOTES = 4 };

/** A sidecar as read, before anybody knows whose it is. */
typedef struct pl_sidecar {
    const char *file, *text;
    size_t length;
    const char *picture; /* file name of the picture it came with */
} pl_sidecar;

/** What the sidecar says, in the vendor's own degrees. Unknown numbers are NAN. */
typedef struct pl_facts {
    char id[64], platform[48];
    double acquired_s;
    double sun_azimuth_deg, sun_elevation_deg;
    double view_azimuth_deg; /* as published; see convention */
    double incidence_deg, satellite_elevation_deg, off_nadir_deg;
    const char *incidence_field; /* its name in the sidecar, for warnings */
    pl_view_convention convention;
    int bands; /* 0: not said */
    pl_band_role role[PL_BANDS_MAX];
    bool roles_first;           /* the sidecar knows the file's bands better than the file does */
    double width_px, height_px; /* of the picture it belongs to */
    int epsg;                   /* 0: not said */
    double west_deg, south_deg, east_deg, north_deg; /* of the footprint; west > east: across 180 */
    int note_count;
    char note[PL_FACT_NOTES][200]; /* things to be warned of */
} pl_facts;

typedef struct pl_sensor {
    const char *name;
    const char *suffix[3]; /* what replaces the picture's extension, NULL-ended */
    bool (*detect)(const pl_sidecar *sidecar); /* by content: a named file may be called anything */
    /* PL_REFUSED: sound, but of another kind than this driver's */
    pl_status (*read)(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error);
} pl_sensor;

extern const pl_sensor pl__sensor_stac, pl__sensor_imd;

/** Finds the sidecar (named, or beside the picture), reads it, leaves facts empty when there is
 * none. `used` gets its name ("" for none), `driver` the driver's ("none"). */
pl_status pl__sensor_facts(const char *picture, const char *named, pl_facts *facts, char *used,
                           size_t used_size, char *driver, size_t driver_size, pl_error *error);

/** Takes a number that lies in [low, high] into *out; outside, PL_E_FORMAT that names the field. */
pl_status pl__sensor_number(const pl_sidecar *sidecar, const char *field, double value, double low,
                            double high, double *out, pl_error *error);
/** Takes a time; without a zone it is read as UTC, with a note; a date alone is no time. */
pl_status pl__sensor_time(const pl_sidecar *sidecar, const char *field, const char *text,
                          pl_facts *facts, pl_error *error);
/** A band's part of the spectrum by the names that vendors and STAC give it. */
pl_band_role pl__sensor_band(const char *name);
void pl__sensor_note(pl_facts *facts, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** The part after the last slash. */
const char *pl__sensor_base_name(const char *path);

#endif
