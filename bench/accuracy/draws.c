/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well are ships of known freeboard measured, thousands of them?
 *
 *     draws DRAWS.csv MODELS CLASS COUNT SEED [--keep DIR]
 *
 * Draws COUNT scenes of a class from the distributions of DRAWS.csv, measures each (--model-sigma
 * 0), and prints one line of CSV a scene: what was drawn and what was said. run_draws.py adds them
 * up. --keep writes the scenes to a folder instead of memory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/plimsoll.h"

typedef struct dice {
    const pl_table *table;
    int column_class, column_parameter, column_law, column_low, column_high;
    const char *class;
    uint64_t state;
} dice;

static double next(dice *d) {
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = d->state ^ (d->state >> 31);
    x *= 0x9E3779B97F4A7C15u;
    x ^= x >> 29;
    return (double)(x >> 11) / 9007199254740992.0;
}

/* The class's own row, else that of "all". */
static int row_of(const dice *d, const char *parameter) {
    int found = -1;
    for (int row = 0; row < d->table->rows; row++) {
        const char *class = pl__table_text(d->table, row, d->column_class);
        if (strcmp(pl__table_text(d->table, row, d->column_parameter), parameter) != 0) continue;
        if (strcmp(class, d->class) == 0) return row;
        if (strcmp(class, "all") == 0) found = row;
    }
    return found;
}

static double throw(dice * d, const char *parameter) {
    double low = 0, high = 0, a = next(d), b = next(d);
    int row = row_of(d, parameter);
    if (row < 0) {
        fprintf(stderr, "draws: no row for %s\n", parameter);
        exit(1);
    }
    const char *law = pl__table_text(d->table, row, d->column_law);
    pl__table_number(d->table, row, d->column_low, &low, NULL);
    pl__table_number(d->table, row, d->column_high, &high, NULL);
    if (strcmp(law, "log") == 0) return low * pow(high / low, a);
    if (strcmp(law, "share") == 0) return a < low;
    if (strcmp(law, "normal") == 0) return low + high * sqrt(-2 * log(1 - a)) * cos(2 * PL_PI * b);
    if (strcmp(law, "pick") == 0) return low + floor(a * (high - low + 1));
    return low + (high - low) * a;
}

/* What the two kinds of cue would show, pixels and metres per metre of freeboard: the rule of the
 * rendered scenes' README (2 px, 0.12). */
typedef struct promise {
    double dark_px, wall_px;
    bool dark, wall;
} promise;

static promise promised(const pl_synth_options *o) {
    pl_sight sight = {.sun_azimuth_rad = o->sun_azimuth_rad,
                      .sun_elevation_rad = o->sun_elevation_rad,
                      .view_azimuth_rad = o->view_azimuth_rad,
                      .view_incidence_rad = o->view_incidence_rad};
    promise p = {0};
    for (int side = -1; side <= 1; side += 2) {
        if (o->quay && side > 0) continue;
        pl_side_geometry g = pl_freeboard_geometry(&sight, o->heading_rad + side * PL_PI / 2);
        double px = o->freeboard_m / o->gsd_m;
        if (g.shadow > pl__max(g.lean, 0)) {
            p.dark_px = (g.shadow - pl__max(g.lean, 0)) * px;
            p.dark = g.shadow - g.lean >= 0.12 && p.dark_px >= 2;
        } else if (g.shadow <= 0 && g.lean < 0) {
            p.wall_px = -g.lean * px;
            p.wall = -g.lean >= 0.12 && p.wall_px >= 2;
        }
    }
    return p;
}

static pl_synth_options draw(dice *d, promise *p) {
    pl_synth_options o = pl_synth_defaults();
    for (int attempt = 0; attempt < 1000; attempt++) {
        o.length_m = throw(d, "length_m");
        o.beam_m = o.length_m / throw(d, "beam_ratio");
        o.freeboard_m = o.length_m * throw(d, "freeboard_share");
        o.heading_rad = throw(d, "heading_deg") * PL_RAD_PER_DEG;
        o.sun_azimuth_rad = throw(d, "sun_azimuth_deg") * PL_RAD_PER_DEG;
        o.sun_elevation_rad = throw(d, "sun_elevation_deg") * PL_RAD_PER_DEG;
        o.view_azimuth_rad = throw(d, "view_azimuth_deg") * PL_RAD_PER_DEG;
        o.view_incidence_rad = throw(d, "incidence_deg") * PL_RAD_PER_DEG;
        o.contrast = throw(d, "contrast");
        o.attenuation_per_m = throw(d, "attenuation_per_m");
        o.swell = throw(d, "swell");
        o.wave_slope = throw(d, "wave_slope");
        o.gsd_m = throw(d, "gsd_m");
        o.psf_fwhm_px = throw(d, "psf_fwhm_px");
        o.sharpening = throw(d, "sharpening");
        o.snr = throw(d, "snr");
        int bands = (int) throw(d, "bands");
        o.bands = bands == 2 ? 4 : bands;
        o.bits = o.bands == 3 ? 8 : 11;
        o.trim_m = o.length_m * throw(d, "trim_share");
        o.heel_rad = throw(d, "heel_deg") * PL_RAD_PER_DEG;
        o.sheer_share = throw(d, "sheer_share");
        o.parallel_share = throw(d, "parallel_share");
        o.gunwale_radius_m = throw(d, "gunwale_radius_m");
        o.rail_opacity = throw(d, "rail_opacity");
        o.fishplate_m = throw(d, "fishplate") > 0 ? 0.1 + 0.15 * next(d) : 0;
        o.deck_gear = throw(d, "gear") > 0;
        o.trunk = throw(d, "trunk") > 0;
        o.quay = throw(d, "quay") > 0;
        o.offset_x_px = next(d);
        o.offset_y_px = next(d);
        o.seed = (uint64_t)(next(d) * 1e9);
        o.samples = o.gsd_m < 0.45 ? 3 : 4;
        o.gunwale_radius_m = pl__min(o.gunwale_radius_m, 0.3 * o.freeboard_m);
        *p = promised(&o);
        bool wanted = p->dark || p->wall;
        if (strcmp(d->class, "wall_only") == 0) wanted = p->wall && p->dark_px < 1;
        if (strcmp(d->class, "shadow_only") == 0) wanted = p->dark && p->wall_px < 1;
        if (strcmp(d->class, "unmeasurable") == 0) wanted = !p->dark && !p->wall;
        double low = o.freeboard_m - 0.5 * fabs(o.trim_m) - 0.5 * o.beam_m * fabs(o.heel_rad);
        if (wanted && low > 0.3) break;
    }
    return o;
}

static pl_status measure(const char *file, const pl_load_models *models, const char *models_dir,
                         pl_arena *arena, pl_result *out, pl_error *error) {
    pl_measure_options options = PL_MEASURE_OPTIONS_INIT;
    pl_scene *scene = NULL;
    options.freeboard.model_sigma_m = 0;
    options.port.models_dir = models_dir;
    pl_status status = pl_scene_open(file, &options.scene, &scene, error);
    if (status == PL_OK) status = pl_measure(scene, models, &options, arena, out, error);
    pl_scene_close(scene);
    return status;
}

/* The hull that lies where the ship was drawn: the picture's centre. */
static const pl_result_row *at_centre(const pl_result *result, const pl_synth_options *o) {
    const pl_result_row *best = NULL;
    double nearest = 0.3 * o->length_m / o->gsd_m;
    for (int i = 0; i < result->count; i++) {
        double d = hypot(result->row[i].hull.x_px - 0.5 * result->scene.width_px,
                         result->row[i].hull.y_px - 0.5 * result->scene.height_px);
        if (d < nearest) {
            nearest = d;
            best = &result->row[i];
        }
    }
    return best;
}

static void print_row(int k, const pl_synth_options *o, const promise *p, const pl_result_row *row,
                      int hulls) {
    static const char *const WORDS[] = {"measured", "dubious", "refused"};
    printf("%d,%.2f,%.2f,%.4f,%.4f,%.4f,%.2f,%.2f,%.2f,%.2f,%.2f,%.3f,%.3f,%.4f,%.3f,%.1f,%d,%.2f,%"
           ".2f,%"
           "d,",
           k, o->length_m, o->beam_m, o->freeboard_m, o->trim_m, o->heel_rad * PL_DEG_PER_RAD,
           o->heading_rad * PL_DEG_PER_RAD, o->sun_azimuth_rad * PL_DEG_PER_RAD,
           o->sun_elevation_rad * PL_DEG_PER_RAD, o->view_azimuth_rad * PL_DEG_PER_RAD,
           o->view_incidence_rad * PL_DEG_PER_RAD, o->contrast, o->attenuation_per_m, o->swell,
           o->gsd_m, o->snr, o->bands, p->dark_px, p->wall_px, hulls);
    if (!row) {
        printf("missed,,,,,,,,,\n");
        return;
    }
    const pl_freeboard *f = &row->freeboard;
    printf("%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.2f,", WORDS[f->status], f->freeboard_m.value,
           f->freeboard_m.sigma, f->p05_m, f->p95_m, f->trim_m.value, f->trim_m.sigma,
           row->hull.beam_m.value);
    for (int i = 0; i < PL_BUDGET_COUNT; i++)
        printf("%s%s=%.3f", i ? " " : "", pl_budget_name((pl_budget_term)i), f->budget_m[i]);
    printf(",");
    for (int i = 0; i < PL_REASON_COUNT; i++)
        if ((f->reasons >> i) & 1) printf("%s ", pl_reason_code((pl_reason)i));
    for (int i = 0; i < f->cue_count; i++)
        printf("%s%s:%.3f+-%.3f ", f->cue[i].side == PL_PORT_SIDE ? "P" : "S",
               f->cue[i].kind == PL_CUE_DARK_BAND ? "dark" : "wall", f->cue[i].freeboard_m.value,
               f->cue[i].freeboard_m.sigma);
    printf("\n");
}

int main(int argc, char **argv) {
    if (argc < 6) {
        fprintf(stderr, "draws: draws DRAWS.csv MODELS CLASS COUNT SEED [--keep DIR]\n");
        return 2;
    }
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_table table;
    pl_arena *all = pl_arena_new(0);
    dice d = {.table = &table, .class = argv[3], .state = strtoull(argv[5], NULL, 10)};
    for (const char *c = argv[3]; *c; c++) d.state = d.state * 31 + (unsigned char)*c;
    if (!all || pl_load_models_open(argv[2], &models, &error) != PL_OK ||
        pl__table_read(argv[1], all, &table, &error) != PL_OK ||
        pl__table_column(&table, "class", &d.column_class, &error) != PL_OK ||
        pl__table_column(&table, "parameter", &d.column_parameter, &error) != PL_OK ||
        pl__table_column(&table, "law", &d.column_law, &error) != PL_OK ||
        pl__table_column(&table, "low", &d.column_low, &error) != PL_OK ||
        pl__table_column(&table, "high", &d.column_high, &error) != PL_OK) {
        fprintf(stderr, "draws: %s\n", error.message);
        return 1;
    }
    printf(
        "k,length,beam,truth,trim,heel,heading,sun_az,sun_el,view_az,incidence,contrast,K,swell,"
        "gsd,snr,"
        "bands,dark_px,wall_px,hulls,status,freeboard,sigma,p05,p95,trim_got,trim_sigma,beam_got,"
        "budget,reasons\n");
    const char *keep = argc > 7 ? argv[7] : NULL;
    int count = atoi(argv[4]);
    for (int k = 0; k < count; k++) {
        promise p;
        char file[1200];
        pl_synth_options o = draw(&d, &p);
        snprintf(file, sizeof file, "%s/%s_%04d.tif", keep ? keep : "/vsimem/draws", argv[3],
                 keep ? k : 0);
        pl_arena *arena = pl_arena_new(0);
        pl_result result = {0};
        if (!arena || pl_synth_write(&o, file, &error) != PL_OK ||
            measure(file, models, argv[2], arena, &result, &error) != PL_OK) {
            fprintf(stderr, "draws: %d: %s\n", k, error.message);
            return 1;
        }
        print_row(k, &o, &p, at_centre(&result, &o), result.count);
        pl_arena_free(arena);
    }
    pl_load_models_free(models);
    pl_arena_free(all);
    return 0;
}
