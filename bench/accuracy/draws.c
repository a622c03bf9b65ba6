/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well are ships of known freeboard measured, thousands of them?
 *
 *     draws DRAWS.csv MODELS CLASS COUNT SEED [--from K] [--keep DIR] [--set NAME=VALUE,...]
 *     draws ... --draw DIR      leaves the pictures there and measures none
 *
 * Draws COUNT scenes of a class from the distributions of DRAWS.csv, measures each (--model-sigma
 * 0), and prints one line of CSV a scene: what was drawn and what was said. run_draws.py adds them
 * up. --keep writes the scenes to a folder instead of memory.
 *
 * Each number is a hash of seed, class, scene, attempt and the parameter's name. So scene K can be
 * drawn alone (--from K, COUNT 1), and a parameter set by hand (--set) changes nothing else: two
 * runs that differ in one effect are pairs. Whether a scene is wanted is asked before --set. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "io/io.h"
#include "plimsoll/plimsoll.h"

enum { SETS_MAX = 24, NAME_SIZE = 32, DRAWN_SIZE = 2000 };

typedef struct setting {
    char name[NAME_SIZE];
    double value;
    bool met;
} setting;

typedef struct dice {
    const pl_table *table;
    int column_class, column_parameter, column_law, column_low, column_high;
    const char *class;
    uint64_t seed;
    int scene, attempt;
    bool apply; /* the settings */
    int settings;
    setting set[SETS_MAX];
    char drawn[DRAWN_SIZE]; /* what was thrown last, for the row */
} dice;

/* splitmix64 */
static uint64_t mix(uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static uint64_t hash_text(uint64_t state, const char *text) {
    for (; *text; text++) state = mix(state ^ (unsigned char)*text);
    return state;
}

/* In [0, 1). */
static double number(const dice *d, const char *name, uint64_t which) {
    uint64_t x = hash_text(mix(d->seed), d->class);
    x = mix(x ^ ((uint64_t)d->scene << 20) ^ (uint64_t)d->attempt);
    return (double)(mix(hash_text(x, name) ^ which) >> 11) / 9007199254740992.0;
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

static double by_law(const dice *d, const char *parameter) {
    double low = 0, high = 0, a = number(d, parameter, 0), b = number(d, parameter, 1);
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

static double throw(dice * d, const char *parameter) {
    double value = by_law(d, parameter);
    for (int i = 0; i < d->settings && d->apply; i++) {
        if (strcmp(d->set[i].name, parameter) != 0) continue;
        value = d->set[i].value;
        d->set[i].met = true;
    }
    size_t used = strlen(d->drawn);
    snprintf(d->drawn + used, sizeof d->drawn - used, "%s%s=%.6g", used ? " " : "", parameter,
             value);
    return value;
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
        bool taken = side > 0 ? o->quay || o->jetty || o->neighbour : o->barge;
        if (taken) continue;
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

static void fill_ship(dice *d, pl_synth_options *o) {
    o->length_m = throw(d, "length_m");
    o->beam_m = o->length_m / throw(d, "beam_ratio");
    o->freeboard_m = o->length_m * throw(d, "freeboard_share");
    o->heading_rad = throw(d, "heading_deg") * PL_RAD_PER_DEG;
    o->trim_m = o->length_m * throw(d, "trim_share");
    o->heel_rad = throw(d, "heel_deg") * PL_RAD_PER_DEG;
    o->sheer_share = throw(d, "sheer_share");
    o->parallel_share = throw(d, "parallel_share");
    o->gunwale_radius_m = pl__min(throw(d, "gunwale_radius_m"), 0.3 * o->freeboard_m);
    o->rail_opacity = throw(d, "rail_opacity");
    o->fishplate_m = throw(d, "fishplate") * throw(d, "fishplate_m");
    o->deck_gear = throw(d, "gear") > 0;
    o->trunk = throw(d, "trunk") > 0;
    o->gear_scale = throw(d, "gear_scale");
    o->forecastle_share = throw(d, "forecastle_share");
    o->poop_share = throw(d, "poop") * throw(d, "poop_share");
    o->boot_top_m = throw(d, "boot_topping") * throw(d, "boot_top_share") * o->freeboard_m;
    o->speed_m_s = throw(d, "moving") * throw(d, "speed_m_s");
    o->band_lag_s = throw(d, "band_lag_s");
}

static void fill_beside(dice *d, pl_synth_options *o) {
    o->quay = throw(d, "quay") > 0;
    o->jetty = throw(d, "jetty") > 0 && !o->quay;
    o->neighbour = throw(d, "neighbour") > 0 && !o->quay && !o->jetty;
    o->barge = throw(d, "barge") > 0;
    o->tug = throw(d, "tug") > 0;
    o->berth_gap_m = throw(d, "berth_gap_m");
    o->berth_height_m = throw(d, "berth_height_m");
}

static void fill_light(dice *d, pl_synth_options *o) {
    o->sun_azimuth_rad = throw(d, "sun_azimuth_deg") * PL_RAD_PER_DEG;
    o->sun_elevation_rad = throw(d, "sun_elevation_deg") * PL_RAD_PER_DEG;
    o->view_azimuth_rad = throw(d, "view_azimuth_deg") * PL_RAD_PER_DEG;
    o->view_incidence_rad = throw(d, "incidence_deg") * PL_RAD_PER_DEG;
    o->contrast = throw(d, "contrast");
    o->attenuation_per_m = throw(d, "attenuation_per_m");
    o->swell = throw(d, "swell");
    o->wave_slope = throw(d, "wave_slope");
    o->glint = throw(d, "sun_glint") * throw(d, "glint");
    o->cloud_shadow = throw(d, "cloud") * throw(d, "cloud_shadow");
}

static void fill_sensor(dice *d, pl_synth_options *o) {
    o->gsd_m = throw(d, "gsd_m");
    o->psf_fwhm_px = throw(d, "psf_fwhm_px");
    o->sharpening = throw(d, "sharpening");
    o->snr = throw(d, "snr");
    int bands = (int) throw(d, "bands");
    o->bands = bands == 2 ? 4 : bands;
    o->bits = o->bands == 3 ? 8 : 11;
    o->pan_sharpened = throw(d, "pan_sharpened") > 0 && o->bands > 1;
    o->incidence_error_rad = throw(d, "incidence_error_deg") * PL_RAD_PER_DEG;
    double across_rad = throw(d, "view_across_error_deg") * PL_RAD_PER_DEG;
    o->view_azimuth_error_rad =
        pl__clamp(across_rad / pl__max(tan(o->view_incidence_rad), 1e-3), -PL_PI, PL_PI);
    o->exposure = throw(d, "exposure");
    o->gamma = throw(d, "gamma");
    o->shore_slope = throw(d, "shore_slope");
    int jpeg = (int)(throw(d, "jpeg") * throw(d, "jpeg_quality"));
    o->jpeg_quality = o->bands == 3 ? jpeg : 0;
    o->offset_x_px = number(d, "offset_x", 0);
    o->offset_y_px = number(d, "offset_y", 0);
    o->seed = (uint64_t)(number(d, "seed", 0) * 1e9);
    o->samples = o->gsd_m < 0.45 ? 3 : 4;
}

static pl_synth_options fill(dice *d) {
    pl_synth_options o = pl_synth_defaults();
    d->drawn[0] = '\0';
    fill_ship(d, &o);
    fill_beside(d, &o);
    fill_light(d, &o);
    fill_sensor(d, &o);
    return o;
}

static bool wanted(const dice *d, const pl_synth_options *o, const promise *p) {
    double low = o->freeboard_m - 0.5 * fabs(o->trim_m) - 0.5 * o->beam_m * fabs(o->heel_rad);
    if (!(low > 0.3)) return false;
    if (strcmp(d->class, "wall_only") == 0) return p->wall && p->dark_px < 1;
    if (strcmp(d->class, "shadow_only") == 0) return p->dark && p->wall_px < 1;
    if (strcmp(d->class, "unmeasurable") == 0) return !p->dark && !p->wall;
    return p->dark || p->wall;
}

static pl_synth_options draw(dice *d, promise *p) {
    pl_synth_options o = pl_synth_defaults();
    d->apply = false;
    for (d->attempt = 0; d->attempt < 2000; d->attempt++) {
        o = fill(d);
        *p = promised(&o);
        if (wanted(d, &o, p)) break;
    }
    d->apply = true;
    o = fill(d);
    *p = promised(&o);
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

static void print_row(const dice *d, const pl_synth_options *o, const promise *p,
                      const pl_result_row *row, int hulls) {
    static const char *const WORDS[] = {"measured", "dubious", "refused"};
    printf("%d,%.4f,%.4f,%.2f,%.2f,%d,", d->scene, o->freeboard_m, o->trim_m, p->dark_px,
           p->wall_px, hulls);
    if (!row) {
        printf("missed,,,,,,,,,,,,%s\n", d->drawn);
        return;
    }
    const pl_freeboard *f = &row->freeboard;
    printf("%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.2f,", WORDS[f->status], f->freeboard_m.value,
           f->freeboard_m.sigma, f->p05_m, f->p95_m, f->trim_m.value, f->trim_m.sigma, f->bound_m,
           row->hull.beam_m.value);
    for (int i = 0; i < PL_BUDGET_COUNT; i++)
        printf("%s%s=%.3f", i ? " " : "", pl_budget_name((pl_budget_term)i), f->budget_m[i]);
    printf(",");
    for (int i = 0; i < PL_REASON_COUNT; i++)
        if ((f->reasons >> i) & 1) printf("%s ", pl_reason_code((pl_reason)i));
    printf(",");
    for (int i = 0; i < f->cue_count; i++)
        printf("%s%s:%.3f+-%.3f ", f->cue[i].side == PL_PORT_SIDE ? "P" : "S",
               f->cue[i].kind == PL_CUE_DARK_BAND ? "dark" : "wall", f->cue[i].freeboard_m.value,
               f->cue[i].freeboard_m.sigma);
    printf(",%s\n", d->drawn);
}

/* ---- the command line ---- */

typedef struct request {
    const char *class, *models, *keep;
    bool again; /* the pictures lie in keep already */
    bool draw_only;
    int from, count;
} request;

static bool parse_settings(dice *d, const char *text) {
    while (*text) {
        const char *equals = strchr(text, '=');
        if (!equals || d->settings == SETS_MAX || equals - text >= NAME_SIZE) return false;
        setting *s = &d->set[d->settings++];
        snprintf(s->name, sizeof s->name, "%.*s", (int)(equals - text), text);
        char *end;
        s->value = strtod(equals + 1, &end);
        if (end == equals + 1 || (*end && *end != ',')) return false;
        text = *end ? end + 1 : end;
    }
    return true;
}

static bool parse(int argc, char **argv, request *r, dice *d) {
    if (argc < 6) return false;
    *r = (request){.class = argv[3], .models = argv[2], .count = atoi(argv[4])};
    d->class = argv[3];
    d->seed = strtoull(argv[5], NULL, 10);
    for (int i = 6; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--from") == 0) {
            r->from = atoi(argv[i + 1]);
        } else if (strcmp(argv[i], "--keep") == 0) {
            r->keep = argv[i + 1];
        } else if (strcmp(argv[i], "--draw") == 0) {
            r->keep = argv[i + 1];
            r->draw_only = true;
        } else if (strcmp(argv[i], "--again") == 0) {
            r->keep = argv[i + 1];
            r->again = true;
        } else if (strcmp(argv[i], "--set") != 0 || !parse_settings(d, argv[i + 1])) {
            return false;
        }
    }
    return (argc - 6) % 2 == 0;
}

static bool open_table(const char *file, pl_arena *arena, pl_table *table, dice *d,
                       pl_error *error) {
    d->table = table;
    return pl__table_read(file, arena, table, error) == PL_OK &&
           pl__table_column(table, "class", &d->column_class, error) == PL_OK &&
           pl__table_column(table, "parameter", &d->column_parameter, error) == PL_OK &&
           pl__table_column(table, "law", &d->column_law, error) == PL_OK &&
           pl__table_column(table, "low", &d->column_low, error) == PL_OK &&
           pl__table_column(table, "high", &d->column_high, error) == PL_OK;
}

static bool one_scene(dice *d, const request *r, const pl_load_models *models, pl_error *error) {
    promise p;
    char file[1200];
    pl_synth_options o = draw(d, &p);
    snprintf(file, sizeof file, "%s/%s_%04d.tif", r->keep ? r->keep : "/vsimem/draws", r->class,
             r->keep ? d->scene : 0);
    pl_arena *arena = pl_arena_new(0);
    pl_result result = {0};
    bool ok = arena && (r->again || pl_synth_write(&o, file, error) == PL_OK) &&
              (r->draw_only || measure(file, models, r->models, arena, &result, error) == PL_OK);
    if (ok) print_row(d, &o, &p, at_centre(&result, &o), result.count);
    if (arena) pl_arena_free(arena);
    return ok;
}

int main(int argc, char **argv) {
    request r;
    dice d = {0};
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    pl_table table;
    int exit_code = 1;
    if (!parse(argc, argv, &r, &d)) {
        fprintf(stderr, "draws: draws DRAWS.csv MODELS CLASS COUNT SEED [--from K] [--keep DIR | "
                        "--again DIR | --draw DIR] "
                        "[--set NAME=VALUE,...]\n");
        return 2;
    }
    pl_arena *all = pl_arena_new(0);
    if (!all || pl_load_models_open(r.models, &models, &error) != PL_OK ||
        !open_table(argv[1], all, &table, &d, &error)) {
        fprintf(stderr, "draws: %s\n", error.message);
        goto done;
    }
    printf("k,truth,trim,dark_px,wall_px,hulls,status,freeboard,sigma,p05,p95,trim_got,"
           "trim_sigma,bound,beam_got,budget,reasons,cues,drawn\n");
    for (d.scene = r.from; d.scene < r.from + r.count; d.scene++) {
        if (!one_scene(&d, &r, models, &error)) {
            fprintf(stderr, "draws: %d: %s\n", d.scene, error.message);
            goto done;
        }
        fflush(stdout);
    }
    for (int i = 0; i < d.settings; i++) {
        if (d.set[i].met) continue;
        fprintf(stderr, "draws: no parameter is called %s\n", d.set[i].name);
        goto done;
    }
    exit_code = 0;
done:
    pl_load_models_free(models);
    if (all) pl_arena_free(all);
    return exit_code;
}
