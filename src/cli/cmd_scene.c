/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll scene`: what does a picture know of itself, and for which headings can it be measured?
 */
#include <math.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "geo/geo.h"
#include "io/io.h"

/* Headings of a half circle: the other half shows the same. */
enum { STEP_DEG = 5, HEADINGS = 180 / STEP_DEG, PEOPLE_STEP = 3 };

typedef struct forecast {
    pl_forecast_options ship;
    pl_freeboard at[HEADINGS];
} forecast;

static pl_status make_forecast(const cli_settings *s, const pl_scene_info *info, int step,
                               forecast *out, pl_error *error) {
    pl_status status = PL_OK;
    out->ship = (pl_forecast_options)PL_FORECAST_OPTIONS_INIT;
    for (int i = 0; i < info->bands && i < PL_BANDS_MAX; i++)
        if (info->role[i] == PL_BAND_GREEN) out->ship.band = PL_BAND_GREEN;
    out->ship.model_sigma_m = s->measure.freeboard.model_sigma_m;
    for (int k = 0; k < HEADINGS && status == PL_OK; k += step) {
        pl_arena *arena = pl_arena_new(0);
        if (!arena) return pl__fail_memory(error, "cli");
        status = pl_freeboard_forecast(&info->sight, info->gsd_m, k * STEP_DEG * PL_RAD_PER_DEG,
                                       &out->ship, arena, &out->at[k], error);
        pl_arena_free(arena);
    }
    return status;
}

/* The cue that carries the answer: the surer one. NULL: none. */
static const pl_cue *leading(const pl_freeboard *f) {
    const pl_cue *best = NULL;
    for (int i = 0; i < f->cue_count && f->status != PL_REFUSED; i++)
        if (!best || f->cue[i].freeboard_m.sigma < best->freeboard_m.sigma) best = &f->cue[i];
    return best;
}

static const char *cue_name(const pl_cue *cue) {
    return !cue ? "none" : cue->kind == PL_CUE_DARK_BAND ? "dark_band" : "lit_wall";
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

static void put_forecast(pl_json_out *o, const forecast *f) {
    pl__json_begin_object(o, "forecast_for");
    pl__json_put_number(o, "length_m", f->ship.length_m, 1);
    pl__json_put_number(o, "beam_m", f->ship.beam_m, 1);
    pl__json_put_number(o, "freeboard_m", f->ship.freeboard_m, 2);
    pl__json_put_number(o, "contrast", f->ship.contrast, 3);
    pl__json_put_number(o, "noise", f->ship.noise, 3);
    pl__json_put_number(o, "model_sigma_m", f->ship.model_sigma_m, 3);
    pl__json_end(o);
    pl__json_begin_array(o, "forecast");
    for (int k = 0; k < HEADINGS; k++) {
        const pl_cue *cue = leading(&f->at[k]);
        pl__json_begin_object(o, NULL);
        pl__json_put_integer(o, "heading_deg", k * STEP_DEG);
        pl__json_put_string(o, "cue", cue_name(cue));
        pl__json_put_number(o, "per_metre", cue ? cue->per_metre : NAN, 3);
        pl__json_put_number(o, "sigma_m", cue ? f->at[k].freeboard_m.sigma : NAN, 3);
        pl__json_begin_array(o, "reasons");
        for (int r = 0; r < PL_REASON_COUNT; r++)
            if (f->at[k].reasons & PL_BIT(r))
                pl__json_put_string(o, NULL, pl_reason_code((pl_reason)r));
        pl__json_end(o);
        pl__json_end(o);
    }
    pl__json_end(o);
}

static char *as_json(const pl_scene_info *i, const forecast *f, const char *ports) {
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
    put_forecast(o, f);
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

static void print_reasons(FILE *out, pl_reasons reasons) {
    for (int r = 0; r < PL_REASON_COUNT; r++)
        if (reasons & PL_BIT(r)) fprintf(out, "  %s", pl_reason_code((pl_reason)r));
}

static void print_for_people(FILE *out, const pl_scene_info *i, const forecast *f,
                             const char *ports) {
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
    fprintf(out, "  %-16s (a tanker of %.0f x %.0f m that shows %.0f m)\n", "", f->ship.length_m,
            f->ship.beam_m, f->ship.freeboard_m);
    for (int k = 0; k < HEADINGS; k += PEOPLE_STEP) {
        const pl_cue *cue = leading(&f->at[k]);
        fprintf(out, "  %16s %3d/%3d: %-9s", "", k * STEP_DEG, k * STEP_DEG + 180, cue_name(cue));
        if (cue) fprintf(out, " %5.2f  +- %.2f m", cue->per_metre, f->at[k].freeboard_m.sigma);
        if (!cue) print_reasons(out, f->at[k].reasons);
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
    static forecast f; /* large, and every picture's in turn */
    status = make_forecast(s, &answer.result.scene, people ? PEOPLE_STEP : 1, &f, &error);
    if (status != PL_OK) return cli_fail(s, file, &error);
    if (people) {
        print_for_people(out, &answer.result.scene, &f, answer.ports);
        return EXIT_DONE;
    }
    char *text = as_json(&answer.result.scene, &f, answer.ports);
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
