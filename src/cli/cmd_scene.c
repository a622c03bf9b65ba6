/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll scene`: what does a picture know of itself, and for which headings can it be measured?
 */
#include <math.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "geo/geo.h"
#include "io/io.h"

/* Edge noise of a straight side, and what every answer carries (docs/method/freeboard.md). */
static const double EDGE_PX = 0.2, FLOOR_M = 0.08, USEFUL_PER_METRE = 0.14;

typedef struct forecast {
    const char *cue; /* "dark_band", "lit_wall", "none" */
    double per_metre, sigma_m;
} forecast;

static forecast forecast_heading(const pl_scene_info *info, double heading_rad) {
    forecast best = {"none", 0, NAN};
    for (int side = -1; side <= 1; side += 2) {
        pl_side_geometry g = pl_freeboard_geometry(&info->sight, heading_rad + side * PL_PI / 2);
        bool dark = g.shadow > pl__max(g.lean, 0);
        double per_metre = dark ? g.shadow - g.lean : g.shadow <= 0 ? -g.lean : 0;
        bool better =
            per_metre >= USEFUL_PER_METRE &&
            (dark ? per_metre > best.per_metre || best.cue[0] != 'd' : best.cue[0] == 'n');
        if (better)
            best = (forecast){dark ? "dark_band" : "lit_wall", per_metre,
                              hypot(FLOOR_M, EDGE_PX * info->gsd_m / per_metre)};
    }
    return best;
}

static void put_sun_and_view(pl_json_out *o, const pl_scene_info *i) {
    const struct {
        const char *name;
        double value_rad;
        pl_source source;
    } row[] = {
        {"sun_azimuth", i->sight.sun_azimuth_rad, i->sun_azimuth_source},
        {"sun_elevation", i->sight.sun_elevation_rad, i->sun_elevation_source},
        {"view_azimuth", i->sight.view_azimuth_rad, i->view_azimuth_source},
        {"view_incidence", i->sight.view_incidence_rad, i->view_incidence_source},
    };
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        pl__json_begin_object(o, row[k].name);
        pl__json_put_number(o, "deg", row[k].value_rad * PL_DEG_PER_RAD, 4);
        pl__json_put_string(o, "source", pl_source_name(row[k].source));
        pl__json_end(o);
    }
    pl__json_begin_object(o, "ephemeris");
    pl__json_put_number(o, "sun_azimuth_deg", i->ephemeris_sun_azimuth_rad * PL_DEG_PER_RAD, 4);
    pl__json_put_number(o, "sun_elevation_deg", i->ephemeris_sun_elevation_rad * PL_DEG_PER_RAD, 4);
    pl__json_put_number(o, "difference_deg", i->sun_difference_rad * PL_DEG_PER_RAD, 4);
    pl__json_end(o);
}

static void put_forecast(pl_json_out *o, const pl_scene_info *i) {
    pl__json_begin_array(o, "forecast");
    for (int heading = 0; heading < 180; heading += 5) {
        forecast f = forecast_heading(i, heading * PL_RAD_PER_DEG);
        pl__json_begin_object(o, NULL);
        pl__json_put_integer(o, "heading_deg", heading);
        pl__json_put_string(o, "cue", f.cue);
        pl__json_put_number(o, "per_metre", f.per_metre, 3);
        pl__json_put_number(o, "sigma_m", f.sigma_m, 3);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static char *as_json(const pl_scene_info *i, const char *ports) {
    char time[40] = "";
    pl_json_out *o = pl__json_out_new(true);
    if (!o) return NULL;
    if (isfinite(i->acquired_s)) pl__geo_time_format(i->acquired_s, time, sizeof time);
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "id", i->id);
    pl__json_put_string(o, "file", i->file);
    pl__json_put_string(o, "sidecar", *i->sidecar ? i->sidecar : NULL);
    pl__json_put_string(o, "driver", i->driver);
    pl__json_put_string(o, "crs", *i->crs ? i->crs : NULL);
    pl__json_put_number(o, "water_height_m", i->water_height_m, 2);
    pl__json_put_integer(o, "width_px", i->width_px);
    pl__json_put_integer(o, "height_px", i->height_px);
    pl__json_put_number(o, "gsd_m", i->gsd_m, 4);
    pl__json_put_number(o, "lon", i->centre.lon_deg, 6);
    pl__json_put_number(o, "lat", i->centre.lat_deg, 6);
    pl__json_put_integer(o, "bits", i->bits);
    pl__json_put_number(o, "saturation_dn", i->saturation_dn, 0);
    pl__json_begin_array(o, "bands");
    for (int k = 0; k < i->bands && k < PL_BANDS_MAX; k++)
        pl__json_put_string(o, NULL, pl_band_name(i->role[k]));
    pl__json_end(o);
    pl__json_put_string(o, "acquired", *time ? time : NULL);
    pl__json_put_string(o, "platform", *i->platform ? i->platform : NULL);
    put_sun_and_view(o, i);
    pl__json_put_string(o, "ports", ports);
    pl__json_begin_array(o, "warnings");
    for (int k = 0; k < i->warning_count; k++) pl__json_put_string(o, NULL, i->warning[k]);
    pl__json_end(o);
    put_forecast(o, i);
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    pl__json_out_free(o);
    return text;
}

static void print_angle(FILE *out, const char *name, double value_rad, pl_source source) {
    if (isfinite(value_rad)) {
        fprintf(out, "  %-16s %8.2f deg  (%s)\n", name, value_rad * PL_DEG_PER_RAD,
                pl_source_name(source));
    } else {
        fprintf(out, "  %-16s unknown\n", name);
    }
}

static void print_bands(FILE *out, const pl_scene_info *i) {
    fprintf(out, "  %-16s", i->bands == 1 ? "band" : "bands");
    for (int k = 0; k < i->bands && k < PL_BANDS_MAX; k++)
        fprintf(out, "%s%s", k ? ", " : " ", pl_band_name(i->role[k]));
    fprintf(out, "; %d bits", i->bits);
    if (isfinite(i->saturation_dn)) fprintf(out, ", saturated at %.0f", i->saturation_dn);
    fprintf(out, "\n");
}

static void print_for_people(FILE *out, const pl_scene_info *i, const char *ports) {
    char time[40] = "unknown";
    if (isfinite(i->acquired_s)) pl__geo_time_format(i->acquired_s, time, sizeof time);
    fprintf(out, "%s\n  %-16s %s%s%s\n", i->id, "file", i->file,
            *i->sidecar ? " with " : ", no sidecar", i->sidecar);
    fprintf(out, "  %-16s %d x %d px of %.3f m, %s\n", "picture", i->width_px, i->height_px,
            i->gsd_m, *i->crs ? i->crs : "no georeference");
    print_bands(out, i);
    if (isfinite(i->water_height_m))
        fprintf(out, "  %-16s raw, on water %.1f m over the ellipsoid\n", "ground",
                i->water_height_m);
    fprintf(out, "  %-16s %s%s%s\n", "acquired", time, *i->platform ? ", " : "", i->platform);
    print_angle(out, "sun azimuth", i->sight.sun_azimuth_rad, i->sun_azimuth_source);
    print_angle(out, "sun elevation", i->sight.sun_elevation_rad, i->sun_elevation_source);
    if (isfinite(i->sun_difference_rad))
        fprintf(out, "  %-16s %8.2f / %.2f deg, %.2f deg from the metadata\n", "ephemeris",
                i->ephemeris_sun_azimuth_rad * PL_DEG_PER_RAD,
                i->ephemeris_sun_elevation_rad * PL_DEG_PER_RAD,
                i->sun_difference_rad * PL_DEG_PER_RAD);
    print_angle(out, "view azimuth", i->sight.view_azimuth_rad, i->view_azimuth_source);
    print_angle(out, "view incidence", i->sight.view_incidence_rad, i->view_incidence_source);
    fprintf(out, "  %-16s %s\n", "ports", *ports ? ports : "none known");
    for (int k = 0; k < i->warning_count; k++)
        fprintf(out, "  %-16s %s\n", "warning", i->warning[k]);
    fprintf(out, "  %-16s heading: cue, metres of ground a metre of height, sigma to expect\n",
            "can measure");
    for (int heading = 0; heading < 180; heading += 15) {
        forecast f = forecast_heading(i, heading * PL_RAD_PER_DEG);
        fprintf(out, "  %16s %3d/%3d: %-9s", "", heading, heading + 180, f.cue);
        if (isfinite(f.sigma_m)) fprintf(out, " %5.2f  +- %.2f m", f.per_metre, f.sigma_m);
        fprintf(out, "\n");
    }
}

/* One picture's words go into `out`, several JSON objects as lines of an array. */
static int describe(cli_settings *s, const char *file, bool people, const char *before, FILE *out) {
    pl_error error = PL_ERROR_INIT;
    pl_answer answer;
    pl_job job = cli_job(s, file, NULL);
    job.depth = PL_JOB_DESCRIBE;
    pl_arena *arena = pl_arena_new(0);
    if (!arena) return EXIT_NOTHING;
    pl_status status = cli_work(s, &job, arena, &answer, &error);
    pl_arena_free(arena); /* a scene that only describes itself points to nothing */
    if (status != PL_OK) return cli_interrupted() ? EXIT_INTERRUPTED : cli_fail(s, file, &error);
    if (people) {
        print_for_people(out, &answer.result.scene, answer.ports);
        return EXIT_DONE;
    }
    char *text = as_json(&answer.result.scene, answer.ports);
    if (text) fprintf(out, "%s%s", before, text);
    int code = text ? EXIT_DONE : EXIT_NOTHING;
    free(text);
    return code;
}

int cmd_scene(cli_settings *s) {
    pl_error error = PL_ERROR_INIT;
    if (!cli_out_is_text(s)) return EXIT_USAGE;
    if (cli_find_models(s, &error) != PL_OK) return cli_fail(s, NULL, &error);
    bool people = cli_format(s) == PL_FORMAT_TABLE, list = !people && s->input_count > 1;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out) {
        cli_complain(s, "error", NULL, "out of memory");
        return EXIT_NOTHING;
    }
    cli_tally tally = {0};
    if (list) fprintf(out, "[");
    cli_catch_interrupts();
    for (int i = 0; i < s->input_count && !cli_interrupted(); i++)
        cli_count(&tally, describe(s, s->inputs[i], people, list && tally.done ? ",\n" : "", out));
    if (!people) fprintf(out, list ? "]\n" : "\n");
    int code = EXIT_NOTHING;
    if (fclose(out) != 0) {
        cli_complain(s, "error", NULL, "out of memory");
    } else {
        code = tally.done > 0 ? cli_write(s, text) : EXIT_DONE;
        if (code == EXIT_DONE) code = cli_sum_up(s, &tally);
    }
    free(text);
    return code;
}
