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
                       PL__SATELLITE = {140, 255, 140};
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

void pl__sheet_picture(pl_sheet *sheet, pl_box box);
void pl__sheet_strip(pl_sheet *sheet, pl_box box);
bool pl__sheet_profile(pl_sheet *sheet, pl_box box, pl_arena *arena);
void pl__sheet_budget(pl_sheet *sheet, pl_box box);
void pl__sheet_title(pl_sheet *sheet, pl_box box);
void pl__sheet_numbers(pl_sheet *sheet, pl_box box);

#endif
