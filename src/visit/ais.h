/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about AIS hand to each other: rows of a table, what was heard of each ship round
 * one time and place, and where she was then. */
#ifndef PL_VISIT_AIS_H
#define PL_VISIT_AIS_H

#include "base/base.h"
#include "plimsoll/visit.h"

/** One row of a table. Unknown numbers are NAN, unknown text is "". */
typedef struct pl_ais_row {
    double time_s;                             /* UTC, seconds since 1970 */
    double lon_deg, lat_deg;                   /* of the antenna, WGS 84 */
    double speed_m_s, course_rad, heading_rad; /* over ground; of the bow, true */
    uint32_t mmsi;
    bool class_b;
    char name[PL_AIS_NAME], imo[8], type[16];
    double length_m, beam_m, draught_m;
    double bow_m, stern_m, left_m, right_m; /* from the antenna; A, B, C, D of the message */
} pl_ais_row;

typedef enum pl_ais_verdict {
    PL_AIS_ROW_SHIP,  /* a ship's position */
    PL_AIS_ROW_OTHER, /* a base station, a buoy, an aircraft */
    PL_AIS_ROW_BAD,   /* no readable time, place or MMSI */
} pl_ais_verdict;

/** Where the columns are. */
enum { PL_AIS_QUANTITIES = 18, PL_AIS_COLUMNS = 64 };
typedef struct pl_ais_layout {
    const char *publisher;         /* as docs/output.md has it */
    int columns;                   /* of the table */
    int column[PL_AIS_QUANTITIES]; /* -1: none */
    bool day_first;                /* dd/mm/yyyy */
} pl_ais_layout;
/** @param line the header; is cut up. @return false: it is none of a table of AIS messages. */
bool pl__ais_layout(char *line, size_t length, pl_ais_layout *out);
/** @param line a row; is cut up. */
pl_ais_verdict pl__ais_row(const pl_ais_layout *layout, char *line, size_t length, pl_ais_row *out);

/** When and where: what lies further away is passed over. */
typedef struct pl_ais_window {
    double time_s, lon_deg, lat_deg, reach_m;
} pl_ais_window;

enum { PL_AIS_NEAREST = 12, PL_AIS_BINS = 24 };
#define PL_AIS_BIN_S 300.0
#define PL_AIS_HOURS 6.0

/** One position of one ship. */
typedef struct pl_ais_message {
    double after_s; /* the picture; negative: before it */
    double lon_deg, lat_deg, speed_m_s, course_rad, heading_rad;
} pl_ais_message;

/** What was heard of one ship. */
typedef struct pl_ais_track {
    uint32_t mmsi;
    bool class_b;
    char name[PL_AIS_NAME], imo[8], type[16];
    double length_m, beam_m, draught_m, bow_m, stern_m, left_m, right_m;
    double
        told_s[6]; /* how far from the picture name, IMO, size, draught, antenna, type were told */
    int earlier, later; /* messages before the picture and after it, */
    pl_ais_message before[PL_AIS_NEAREST], after[PL_AIS_NEAREST]; /* the nearest of them first */
    uint32_t bins; /* of PL_AIS_BIN_S, half of them before the picture: was she heard in it? */
} pl_ais_track;

typedef struct pl_ais_heard {
    pl_ais_window window;
    int count;
    pl_ais_track *track; /* by MMSI */
    uint64_t rows, bad_rows, used_rows;
    const char *publisher; /* of the last file */
} pl_ais_heard;

/** Reads tables, line by line, and keeps what was heard round the window. @return PL_E_FORMAT: not
 * such a table; PL_E_LIMIT: more ships than can be. */
pl_status pl__ais_read(const char *const *file, int files, const pl_ais_window *window,
                       pl_arena *arena, pl_ais_heard *out, pl_error *error);

/** Where a ship was when the picture was taken. */
typedef enum pl_ais_known {
    PL_AIS_KNOWN,  /* the rest is filled */
    PL_AIS_SILENT, /* not heard near enough in time */
    PL_AIS_JUMPS,  /* she is said to have been where no ship gets in that time */
} pl_ais_known;
typedef struct pl_ais_place {
    pl_ais_known known;
    double lon_deg, lat_deg;               /* of the antenna */
    double sigma_m;                        /* one axis */
    double speed_m_s, course_rad;          /* NAN unknown */
    double heading_rad, heading_sigma_rad; /* of the bow; NAN unknown */
    double gap_s;                          /* to the nearest message */
} pl_ais_place;
void pl__ais_place(const pl_ais_track *track, pl_ais_place *out);

/** Where the middle of the ship should be, by her heading; her antenna's place where no heading is
 * known. Degrees. */
void pl__ais_middle(const pl_ais_track *track, const pl_ais_place *place, double lonlat[2]);

/** Metres east and north from one place to another, some tens of kilometres away. */
void pl__ais_metres(double from_lon_deg, double from_lat_deg, double lon_deg, double lat_deg,
                    double *east_m, double *north_m);

/** Was a ship at this place sure to be heard, had she spoken? */
bool pl__ais_covers(const pl_ais_heard *heard, double lon_deg, double lat_deg);

/** The draught a crew typed (NAN: none), and how it compares with what was measured. */
void pl__ais_draught(double told_m, pl_quantity measured_m, pl_ais_link *link);

/** A hull as the matching knows it. */
typedef struct pl_ais_hull {
    double lon_deg, lat_deg;
    double heading_rad, heading_sigma_rad;
    bool bow_certain;
    pl_quantity length_m, beam_m;
} pl_ais_hull;

typedef struct pl_ais_prior {
    double hulls_per_m2;    /* of all hulls found, on the water that was searched */
    double picture_sigma_m; /* of a place in the picture, one axis */
    double least_length_m;  /* of a hull that is looked for */
} pl_ais_prior;

/** What came of one hull. */
typedef struct pl_ais_answer {
    pl_ais_status status;
    int track;                      /* the ship, -1 none; also of one that was not attached */
    double probability, distance_m; /* of that ship; the distance from where she should be */
} pl_ais_answer;
/** Which ship is which hull? @param place of each track. @param answer of each hull.
 * @param unseen of each track: the probability that she is none of the hulls. */
pl_status pl__ais_match(const pl_ais_heard *heard, const pl_ais_place *place,
                        const pl_ais_hull *hull, int hulls, const pl_ais_prior *prior,
                        pl_arena *arena, pl_ais_answer *answer, double *unseen, pl_error *error);

#endif
