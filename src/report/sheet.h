/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a sheet share: colours, boxes, and how pixels become brightness for eyes. */
#ifndef PL_REPORT_SHEET_H
#define PL_REPORT_SHEET_H

#include "image/draw.h"
#include "image/image.h"
#include "plimsoll/report.h"

static const pl_colour PL__PAPER = {250, 250, 247}, PL__INK = {30, 32, 36},
                       PL__FAINT = {104, 108, 116}, PL__RULE = {214, 214, 208},
                       PL__NIGHT = {24, 26, 32}, PL__WHITE = {255, 255, 255};
/* One colour a thing, on picture, strip, profile and in the legend. */
static const pl_colour PL__DECK = {255, 176, 0}, PL__WATERLINE = {0, 190, 255},
                       PL__OUTER = {255, 70, 190}, PL__SUN = {255, 230, 60},
                       PL__MODEL = {96, 132, 220}, PL__SATELLITE = {140, 255, 140};
/* Stations left out, by pl_station_use. */
static const pl_colour PL__LEFT_OUT[PL_STATION_USES] = {
    [PL_STATION_ENDS] = {150, 150, 150}, [PL_STATION_ODD] = {130, 120, 255}};

/** A part of the canvas, canvas pixels. */
typedef struct pl_box {
    double x, y, width, height;
} pl_box;

/** Everything that a part draws from. */
typedef struct pl_sheet {
    pl_canvas canvas;
    const pl_crop *chip;
    const pl_result *result;
    const pl_result_row *row;
    /* brightness for eyes: look.c */
    int band[3]; /* red, green, blue of the chip, or one band thrice */
    double low[3], high[3];
} pl_sheet;

/** Where the ground lies on the canvas: around the hull's centre, in its own frame's metres. */
typedef struct pl_map {
    pl_box box;
    double x, y;            /* canvas place of the centre */
    double east_m, north_m; /* the centre in the chip's frame */
    double to[4], back[4];  /* d(canvas x, y) / d(east, north), and its inverse */
    double m_per_px;
} pl_map;

/** Chooses bands and stretch. @return false when out of memory. */
bool pl__sheet_stretch(pl_sheet *sheet, pl_arena *arena);
/** The colour of a place on the ground, input pixels. */
pl_colour pl__sheet_look(const pl_sheet *sheet, double x_px, double y_px);
/** Mean of the shown bands there; NAN off the chip. */
double pl__sheet_level(const pl_sheet *sheet, double x_px, double y_px);
/** Input pixel of a place in the hull's own axes: u metres toward the bow, w to starboard. */
void pl__sheet_at(const pl_sheet *sheet, double u_m, double w_m, double *x_px, double *y_px);
void pl__sheet_set(pl_canvas *canvas, int x, int y, pl_colour colour);
/** Words on a picture: with a dark rim. */
void pl__sheet_label(pl_canvas *canvas, double x, double y, const char *text, pl_colour colour);
/** A heading over a part. */
void pl__sheet_heading(pl_canvas *canvas, double x, double y, const char *text);
/** 1, 2 or 5 times a power of ten, not below least. */
double pl__sheet_round_up(double least);

/** The ground round the hull, as the file has it or with true north up, so that `side_m` fill the
 * box's shorter side. */
pl_map pl__sheet_map(const pl_sheet *sheet, pl_box box, double side_m, bool north_up);
/** How much ground a picture of the hull shows, metres. */
double pl__sheet_side_m(const pl_sheet *sheet);
/** Canvas place of an input pixel. */
void pl__map_place(const pl_sheet *sheet, const pl_map *map, double x_px, double y_px, double *x,
                   double *y);
/** The picture alone. */
void pl__map_paint(pl_sheet *sheet, const pl_map *map);
/** Outlines, north, sun and satellite, scale. */
void pl__map_draw(pl_sheet *sheet, const pl_map *map);
void pl__sheet_picture(pl_sheet *sheet, pl_box box);

/** The straightened hull, bow up, alone. @param x0, y0 canvas place of its centre. */
void pl__strip_paint(pl_sheet *sheet, pl_box box, double x0, double y0, double px_per_m);
/** Canvas pixels a metre at which the hull fills the box. */
double pl__sheet_strip_scale(const pl_sheet *sheet, pl_box box);
void pl__sheet_strip(pl_sheet *sheet, pl_box box, double scale);

/** The mean section beside the edge that the stations are of; without stations that from side to
 * side. */
void pl__sheet_section(const pl_sheet *sheet, pl_section *out);
bool pl__sheet_profile(pl_sheet *sheet, pl_box box, pl_arena *arena);
void pl__sheet_budget(pl_sheet *sheet, pl_box box);
void pl__sheet_title(pl_sheet *sheet, pl_box box);
void pl__sheet_numbers(pl_sheet *sheet, pl_box box);

#endif
