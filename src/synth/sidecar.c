/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside a drawn picture? A sidecar as a vendor writes it, and the truth.
 *
 * The sidecar's time is one at which the sun really stood at the drawn angles, so that the
 * ephemeris agrees: declination and hour angle follow from azimuth and elevation,
 *
 *     sin d = sin lat sin e + cos lat cos e cos A,
 *
 * and a few steps against ERFA finish it. From one day to the next the declination moves by up to
 * 0.4 deg, so the same days of several years are tried. Where the sun never stands so (in the
 * north, say) no time is written. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "io/io.h"
#include "synth/synth.h"

static const char FLOOR[] = "synth";
static const double YEAR_BEGINS_S = 1704067200.0; /* 2024-01-01T00:00:00Z, the last year tried */
static const double DAY_S = 86400.0;

/* ---- time ---- */

static double off_by(double utc_s, double lon_deg, double lat_deg, double azimuth,
                     double elevation) {
    double a, e;
    if (!pl__geo_sun(utc_s, lon_deg, lat_deg, &a, &e)) return INFINITY;
    return pl__geo_sky_angle(a, e, azimuth, elevation);
}

/* On that day, when does the sun stand in that azimuth? Newton's steps by the hour angle's own
 * rate. */
static double on_that_day(double utc_s, double lon_deg, double lat_deg, double azimuth) {
    const double step_s = 30;
    for (int i = 0; i < 5; i++) {
        double a, e, later;
        if (!pl__geo_sun(utc_s, lon_deg, lat_deg, &a, &e) ||
            !pl__geo_sun(utc_s + step_s, lon_deg, lat_deg, &later, &e))
            return NAN;
        double rate = pl__geo_turn(later, a) / step_s;
        double change_s = pl__geo_turn(azimuth, a) / rate;
        if (!(fabs(change_s) < 0.2 * DAY_S)) return NAN; /* the sun turns on its heel there */
        utc_s += change_s;
        if (fabs(change_s) < 0.01) break;
    }
    return utc_s;
}

/* The best of the days around. */
static double refine(double utc_s, double lon_deg, double lat_deg, double azimuth, double elevation,
                     double *left) {
    enum { DAYS = 7 };
    double best_s = NAN;
    *left = INFINITY;
    for (int day = -DAYS; day <= DAYS; day++) {
        double at_s = on_that_day(utc_s + day * DAY_S, lon_deg, lat_deg, azimuth);
        double off = isnan(at_s) ? INFINITY : off_by(at_s, lon_deg, lat_deg, azimuth, elevation);
        if (off >= *left) continue;
        *left = off;
        best_s = at_s;
    }
    return best_s;
}

double pl__synth_time(double lon_deg, double lat_deg, double azimuth, double elevation) {
    enum { YEARS = 10 };
    const double tilt = 23.44 * PL_RAD_PER_DEG;
    const double good = 0.05 * PL_RAD_PER_DEG, fine = 0.02 * PL_RAD_PER_DEG;
    double lat = lat_deg * PL_RAD_PER_DEG, best_s = NAN, best = good;
    double sine = sin(lat) * sin(elevation) + cos(lat) * cos(elevation) * cos(azimuth);
    double declination = asin(pl__clamp(sine, -1, 1));
    if (fabs(declination) > tilt + 0.2 * PL_RAD_PER_DEG) return NAN;
    double hour = atan2(-sin(azimuth) * cos(elevation),
                        cos(lat) * sin(elevation) - sin(lat) * cos(elevation) * cos(azimuth));
    double season = asin(pl__clamp(declination / tilt, -1, 1)) / (2 * PL_PI) * 365.25;
    double noon_s = 43200 - lon_deg * 240;
    for (int k = 0; k < 2 * YEARS && best > fine; k++) { /* either side of the solstice */
        double day = floor(80 + (k % 2 ? 182.6 - season : season)), left;
        double begins_s = YEAR_BEGINS_S - floor(365.25 * (k / 2)) * DAY_S;
        double utc_s = begins_s + day * DAY_S + noon_s + hour * 43200 / PL_PI;
        utc_s = refine(utc_s, lon_deg, lat_deg, azimuth, elevation, &left);
        if (left < best) {
            best = left;
            best_s = utc_s;
        }
    }
    return best_s;
}

/* ---- names and footprint ---- */

static void beside(const char *file, const char *ending, char *out, size_t size) {
    const char *slash = strrchr(file, '/'), *dot = strrchr(file, '.');
    int stem = dot && (!slash || dot > slash + 1) ? (int)(dot - file) : (int)strlen(file);
    snprintf(out, size, "%.*s%s", stem, file, ending);
}

static void stem_of(const char *file, char *out, size_t size) {
    const char *slash = strrchr(file, '/');
    beside(slash ? slash + 1 : file, "", out, size);
}

static double wrapped_deg(double angle_rad) {
    return pl__geo_wrap(angle_rad) * PL_DEG_PER_RAD;
}

static double stated_azimuth_deg(const pl_synth_options *o) {
    return wrapped_deg(o->view_azimuth_rad + o->view_azimuth_error_rad);
}

static double stated_incidence_deg(const pl_synth_options *o) {
    return fabs(o->view_incidence_rad + o->incidence_error_rad) * PL_DEG_PER_RAD;
}

/* Ship's frame -> longitude, latitude. */
static void lonlat(const pl_synth_options *o, double u, double w, double out[2]) {
    double east_m, north_m, s = sin(o->heading_rad), c = cos(o->heading_rad);
    pl__geo_metres_per_degree(o->lat_deg, &east_m, &north_m);
    out[0] = o->lon_deg + (u * s + w * c) / east_m;
    out[1] = o->lat_deg + (u * c - w * s) / north_m;
}

/* Upper left, upper right, lower right, lower left of the picture. */
static void corners(const pl_synth_options *o, const pl_synth_place *place, double out[4][2]) {
    double east_m, north_m, n = place->size;
    const double xy[4][2] = {{0, 0}, {n, 0}, {n, n}, {0, n}};
    pl__geo_metres_per_degree(o->lat_deg, &east_m, &north_m);
    for (int i = 0; i < 4; i++) {
        double east, north;
        pl__synth_ground(place, xy[i][0], xy[i][1], &east, &north);
        out[i][0] = o->lon_deg + east / east_m;
        out[i][1] = o->lat_deg + north / north_m;
    }
}

static pl_status write_json(pl_json_out *out, const char *file, pl_error *error) {
    char *text = pl__json_out_finish(out);
    pl_status status =
        text ? pl__io_file_write(file, text, strlen(text), error) : pl__fail_memory(error, FLOOR);
    free(text);
    pl__json_out_free(out);
    return status;
}

static void put_pair(pl_json_out *j, const double pair[2]) {
    pl__json_begin_array(j, NULL);
    pl__json_put_number(j, NULL, pair[0], 9);
    pl__json_put_number(j, NULL, pair[1], 9);
    pl__json_end(j);
}

/* ---- STAC ---- */

static void put_footprint(pl_json_out *j, double at[4][2]) {
    double box[4] = {at[0][0], at[0][1], at[0][0], at[0][1]};
    for (int i = 1; i < 4; i++) {
        box[0] = pl__min(box[0], at[i][0]);
        box[1] = pl__min(box[1], at[i][1]);
        box[2] = pl__max(box[2], at[i][0]);
        box[3] = pl__max(box[3], at[i][1]);
    }
    pl__json_begin_array(j, "bbox");
    for (int i = 0; i < 4; i++) pl__json_put_number(j, NULL, box[i], 9);
    pl__json_end(j);
    pl__json_begin_object(j, "geometry");
    pl__json_put_string(j, "type", "Polygon");
    pl__json_begin_array(j, "coordinates");
    pl__json_begin_array(j, NULL);
    for (int i = 4; i >= 0; i--) put_pair(j, at[i % 4]); /* counter-clockwise */
    pl__json_end(j);
    pl__json_end(j);
    pl__json_end(j);
}

/* STAC's order is that of a matrix, row by row, not GDAL's. */
static void put_grid(pl_json_out *j, const pl_synth_place *place) {
    static const int ORDER[6] = {1, 2, 0, 4, 5, 3};
    pl__json_begin_array(j, "proj:shape");
    for (int i = 0; i < 2; i++) pl__json_put_integer(j, NULL, place->size);
    pl__json_end(j);
    pl__json_begin_array(j, "proj:transform");
    for (int i = 0; i < 6; i++) pl__json_put_number(j, NULL, place->affine[ORDER[i]], 12);
    pl__json_end(j);
}

static void put_properties(pl_json_out *j, const pl_synth_options *o, const pl_synth_place *place,
                           double acquired_s) {
    char time[40];
    pl__json_begin_object(j, "properties");
    if (isfinite(acquired_s)) {
        pl__geo_time_format(acquired_s, time, sizeof time);
        pl__json_put_string(j, "datetime", time);
    } else {
        pl__json_put_null(j, "datetime");
    }
    pl__json_put_number(j, "gsd", o->gsd_m, 4);
    pl__json_put_string(j, "platform", "plimsoll-synth");
    pl__json_put_number(j, "view:sun_azimuth", wrapped_deg(o->sun_azimuth_rad), 5);
    pl__json_put_number(j, "view:sun_elevation", o->sun_elevation_rad * PL_DEG_PER_RAD, 5);
    pl__json_put_number(j, "view:azimuth", stated_azimuth_deg(o), 5);
    pl__json_put_number(j, "view:incidence_angle", stated_incidence_deg(o), 5);
    pl__json_put_integer(j, "proj:epsg", o->epsg);
    put_grid(j, place);
    pl__json_end(j);
}

static void put_asset(pl_json_out *j, const pl_synth_options *o, const char *file) {
    const char *const *names = pl__synth_band_names(o->bands);
    const char *slash = strrchr(file, '/');
    char href[600];
    snprintf(href, sizeof href, "./%s", slash ? slash + 1 : file);
    pl__json_begin_object(j, "assets");
    pl__json_begin_object(j, "image");
    pl__json_put_string(j, "href", href);
    pl__json_put_string(j, "type", "image/tiff; application=geotiff");
    pl__json_begin_array(j, "eo:bands");
    for (int i = 0; i < o->bands; i++) {
        pl__json_begin_object(j, NULL);
        pl__json_put_string(j, "name", names[i]);
        pl__json_put_string(j, "common_name", names[i]);
        pl__json_end(j);
    }
    pl__json_end(j);
    pl__json_end(j);
    pl__json_end(j);
}

static pl_status write_stac(const pl_synth_options *o, const pl_synth_place *place,
                            const char *file, double acquired_s, pl_error *error) {
    char name[600], stem[400];
    double at[4][2];
    pl_json_out *j = pl__json_out_new(true);
    if (!j) return pl__fail_memory(error, FLOOR);
    stem_of(file, stem, sizeof stem);
    corners(o, place, at);
    pl__json_begin_object(j, NULL);
    pl__json_put_string(j, "type", "Feature");
    pl__json_put_string(j, "stac_version", "1.0.0");
    pl__json_put_string(j, "id", stem);
    put_footprint(j, at);
    put_properties(j, o, place, acquired_s);
    pl__json_begin_array(j, "links");
    pl__json_end(j);
    put_asset(j, o, file);
    pl__json_end(j);
    beside(file, ".json", name, sizeof name);
    return write_json(j, name, error);
}

/* ---- IMD ---- */

typedef struct text {
    char data[8192];
    size_t used;
} text;

static void line(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(text *t, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(t->data + t->used, sizeof t->data - t->used, format, arguments);
    va_end(arguments);
    size_t left = sizeof t->data - 1 - t->used; /* eight kilobytes hold four bands with ease */
    t->used += n < 0 ? 0 : (size_t)n < left ? (size_t)n : left;
}

static pl_status write_imd(const pl_synth_options *o, const pl_synth_place *place, const char *file,
                           double acquired_s, pl_error *error) {
    static const char *const CORNER[] = {"UL", "UR", "LR", "LL"};
    static const char LETTERS_1[] = "P", LETTERS_3[] = "RGB", LETTERS_4[] = "BGRN";
    const char *letters = o->bands == 1 ? LETTERS_1 : o->bands == 3 ? LETTERS_3 : LETTERS_4;
    char name[600], time[40];
    double at[4][2];
    text t = {.used = 0};
    corners(o, place, at);
    line(&t, "version = \"28.4\";\nproductLevel = \"LV3D\";\nnumRows = %d;\nnumColumns = %d;\n",
         place->size, place->size);
    for (int b = 0; b < o->bands; b++) {
        line(&t, "BEGIN_GROUP = BAND_%c\n", letters[b]);
        for (int k = 0; k < 4; k++)
            line(&t, "\t%sLon = %.8f;\n\t%sLat = %.8f;\n", CORNER[k], at[k][0], CORNER[k],
                 at[k][1]);
        line(&t, "END_GROUP = BAND_%c\n", letters[b]);
    }
    line(&t, "BEGIN_GROUP = IMAGE_1\n\tsatId = \"SYNTH\";\n");
    if (isfinite(acquired_s)) {
        pl__geo_time_format(acquired_s, time, sizeof time);
        line(&t, "\tfirstLineTime = %s;\n", time);
    }
    line(&t, "\tmeanSunAz = %.5f;\n\tmeanSunEl = %.5f;\n\tmeanSatAz = %.5f;\n\tmeanSatEl = %.5f;\n",
         wrapped_deg(o->sun_azimuth_rad), o->sun_elevation_rad * PL_DEG_PER_RAD,
         stated_azimuth_deg(o), 90 - stated_incidence_deg(o));
    line(&t, "END_GROUP = IMAGE_1\nEND;\n");
    beside(file, ".IMD", name, sizeof name);
    return pl__io_file_write(name, t.data, t.used, error);
}

pl_status pl__synth_sidecar(const pl_synth_options *o, const pl_synth_place *place,
                            const char *file, double acquired_s, pl_error *error) {
    switch (o->sidecar) {
    case PL_SIDECAR_STAC:
        return write_stac(o, place, file, acquired_s, error);
    case PL_SIDECAR_IMD:
        return write_imd(o, place, file, acquired_s, error);
    case PL_SIDECAR_NONE:
        return PL_OK;
    }
    return pl__fail(error, PL_E_USAGE, FLOOR, "no such kind of sidecar");
}

/* ---- truth, in the names of the rendered scenes' truth files ---- */

/* Waterline, or the deck's edge as the picture shows it: displaced by height * tan(incidence) away
 * from the satellite. */
static void put_outline(pl_json_out *j, const pl_synth_options *o, const char *key, bool deck) {
    enum { N = 40 };
    double lean = tan(o->view_incidence_rad), turn = o->view_azimuth_rad - o->heading_rad;
    pl__json_begin_array(j, key);
    for (int i = 0; i <= 2 * N; i++) {
        int k = i % (2 * N), side = k < N ? 1 : -1;
        double u = o->length_m * (0.5 - (double)(k < N ? k : 2 * N - k) / N);
        double w = side * pl__synth_half_m(o, u), at[2];
        double height = deck ? pl__synth_deck_m(o, u) : 0;
        lonlat(o, u - height * lean * cos(turn), w - height * lean * sin(turn), at);
        put_pair(j, at);
    }
    pl__json_end(j);
}

static void put_hull(pl_json_out *j, const pl_synth_options *o) {
    double end = 0.5 * o->length_m;
    pl__json_begin_object(j, NULL);
    pl__json_put_integer(j, "index", 0);
    pl__json_put_string(j, "vessel_class", "tanker");
    pl__json_put_bool(j, "is_tanker", true);
    pl__json_begin_array(j, "centre_lonlat");
    pl__json_put_number(j, NULL, o->lon_deg, 9);
    pl__json_put_number(j, NULL, o->lat_deg, 9);
    pl__json_end(j);
    pl__json_put_number(j, "heading_deg", wrapped_deg(o->heading_rad), 5);
    pl__json_put_number(j, "loa_m", o->length_m, 4);
    pl__json_put_number(j, "beam_m", o->beam_m, 4);
    pl__json_put_number(j, "freeboard_mid_m", o->freeboard_m, 4);
    pl__json_put_number(j, "freeboard_fwd_m", pl__synth_deck_m(o, end), 4);
    pl__json_put_number(j, "freeboard_aft_m", pl__synth_deck_m(o, -end), 4);
    pl__json_put_number(j, "trim_by_stern_m", o->trim_m, 4);
    pl__json_put_number(j, "list_deg", o->heel_rad * PL_DEG_PER_RAD, 4);
    pl__json_put_string(j, "moored_side", o->quay || o->jetty ? "starboard" : NULL);
    put_outline(j, o, "waterline_polygon_lonlat", false);
    put_outline(j, o, "deck_polygon_lonlat", true);
    pl__json_end(j);
}

pl_status pl__synth_truth(const pl_synth_options *o, const pl_synth_place *place, const char *file,
                          double acquired_s, pl_error *error) {
    char name[600], stem[400], time[40] = "";
    pl_json_out *j = pl__json_out_new(true);
    if (!j) return pl__fail_memory(error, FLOOR);
    stem_of(file, stem, sizeof stem);
    if (isfinite(acquired_s)) pl__geo_time_format(acquired_s, time, sizeof time);
    pl__json_begin_object(j, NULL);
    pl__json_put_string(j, "id", stem);
    pl__json_put_string(j, "group", "synth");
    pl__json_put_integer(j, "epsg", o->epsg);
    pl__json_put_number(j, "gsd_m", o->gsd_m, 4);
    pl__json_put_integer(j, "size_px", place->size);
    pl__json_put_string(j, "datetime", *time ? time : NULL);
    pl__json_put_number(j, "contrast", o->contrast, 4);
    pl__json_put_number(j, "attenuation_per_m", o->attenuation_per_m, 4);
    pl__json_put_number(j, "snr", o->snr, 2);
    pl__json_put_number(j, "psf_fwhm_px", o->psf_fwhm_px, 4);
    pl__json_put_integer(j, "seed", (long long)o->seed);
    pl__json_begin_array(j, "hulls");
    if (o->ship) put_hull(j, o);
    pl__json_end(j);
    pl__json_end(j);
    beside(file, ".truth.json", name, sizeof name);
    return write_json(j, name, error);
}
