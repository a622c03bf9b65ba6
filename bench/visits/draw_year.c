/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called at a port in a year, what did she carry, and what would pictures tell of it?
 *
 * Ships are drawn from the program's own prior, 1,000 to 9,000 t: so the year tests how errors are
 * carried, not whether the prior is true. Calls, their lengths and loads are drawn by rules of this
 * file, which the program does not know. Two passes a day; a clouded one shows nothing. What a
 * picture tells of a hull is truth plus errors of the size that the program states for drawn ships
 * (docs/method/freeboard.md, class "all": 95 of 100 are answered, 68 without doubt; median sigma
 * 0.16 m, and the usual 0.15 m for what is not drawn); with as_measured errors as they were
 * measured: most a third of that, one in seven twice as much. Lengths err as models/same_hull.csv
 * says, decks are as alike as it says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "year.h"

static const double YEAR_S = 1704067200; /* 2024-01-01T00:00:00Z */
static const double DAY_S = 86400;
static const double LON = 133.06, LAT = 42.72;
enum { BERTHS = 6 };
/* Of ships in a clear picture: 8 of 80 drawn ones at quays (docs/method/detection.md). */
static const double OVERLOOKED = 0.1;

/* ---- ships ---- */

static void uniforms(pl_random *random, double u[PL__UNIFORMS]) {
    for (int k = 0; k < PL__UNIFORMS; k++) u[k] = pl__random_uniform(random);
}

/* Any tanker of the prior that has a small one's deadweight, and a lawful freeboard. */
static bool draw_hull(const pl_load_models *models, pl_random *random, pl__ship *out) {
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl__fleet_view view;
    pl__question q;
    for (int i = 0; i < 20000; i++) {
        double u[PL__UNIFORMS];
        pl_load_input in = PL_LOAD_INPUT_INIT;
        pl__draw draw;
        in.length_m = (pl_quantity){65 + 65 * pl__random_uniform(random), 0.5};
        in.beam_m =
            (pl_quantity){in.length_m.value / (5.4 + 1.6 * pl__random_uniform(random)), 0.2};
        in.draft_m = (pl_quantity){1, 1}; /* asks for no more than that something is measured */
        if (pl__question_ask(models, &in, &options, &q, NULL) != PL_OK) return false;
        pl__fleet_look(models, &in, &view);
        uniforms(random, u);
        pl__draw_make(models, u, &draw);
        if (!pl__ship_draw(&view, &q, &draw.hull, out)) continue;
        double fits = out->weight * pl__ship_depth_draw(&q, &draw.hull, out);
        if (out->dwt < 1000 || out->dwt > 9000 || pl__random_uniform(random) > fits) continue;
        return true;
    }
    return false;
}

/* Smooth numbers of few degrees of freedom, as decks are: 8 x 3, drawn out to all cells. */
static void add_pattern(pl_random *random, double share, double *cell) {
    enum { ALONG = 8, ACROSS = 3 };
    double knot[ALONG * ACROSS];
    for (int i = 0; i < ALONG * ACROSS; i++) knot[i] = sqrt(share) * pl__random_normal(random);
    for (int i = 0; i < PL_FINGERPRINT_ALONG; i++)
        for (int j = 0; j < PL_FINGERPRINT_ACROSS; j++)
            cell[i * PL_FINGERPRINT_ACROSS + j] += knot[i * ALONG / PL_FINGERPRINT_ALONG * ACROSS +
                                                        j * ACROSS / PL_FINGERPRINT_ACROSS];
}

enum { CELLS = PL_FINGERPRINT_ALONG * PL_FINGERPRINT_ACROSS };

/* What tankers' decks have in common, what is hers, and what is this picture's. */
static void draw_deck(uint64_t seed, int ship, pl_random *picture, int8_t out[CELLS]) {
    double cell[CELLS] = {0};
    pl_random all = pl__random_at(seed, pl__random_name(0, "decks"), 0);
    pl_random own = pl__random_at(seed, pl__random_name(0, "deck"), (uint64_t)ship);
    add_pattern(&all, 0.20, cell);
    add_pattern(&own, 0.26, cell);
    add_pattern(picture, 0.54, cell);
    for (int i = 0; i < CELLS; i++) out[i] = (int8_t)pl__clamp(round(40 * cell[i]), -127, 127);
}

static void number_her(int k, year_ship *ship) {
    unsigned digits = (900000U + 137U * (unsigned)k) % 1000000U, sum = 0;
    for (unsigned i = 0, rest = digits; i < 6; i++, rest /= 10) sum += rest % 10 * (i + 2);
    snprintf(ship->imo, sizeof ship->imo, "%06u%u", digits, sum % 10);
    snprintf(ship->name, sizeof ship->name, "INVENTED %d", k + 1);
}

/* ---- calls ---- */

/* Days: never fewer than the least, exponential beyond it. */
static double some_days(pl_random *random, double least, double mean) {
    return least - (mean - least) * log(pl__random_uniform(random));
}

static void stow(const pl_load_models *models, const pl__ship *ship, pl_random *random,
                 pl__stowage *out, pl__loading_draw *how) {
    double u[PL__UNIFORMS];
    pl__draw draw;
    pl__question q = {.models = models};
    q.oil.density_t_m3 = 0.845;
    q.oil.density_sigma = 0.01;
    uniforms(random, u);
    pl__draw_make(models, u, &draw);
    *how = draw.loading[0];
    pl__stowage_draw(&q, ship, how, out);
}

/* She comes in ballast, with a part cargo now and then; leaves laden, now and then in part, now and
 * then as she came. */
static void load_her(const pl_load_models *models, const pl__ship *ship, pl_random *random,
                     year_call *c) {
    const pl__belief *prior = models->prior;
    pl__stowage s;
    pl__loading_draw how;
    stow(models, ship, random, &s, &how);
    double what = pl__random_uniform(random);
    double laden = pl__min(1.02, prior[PL__LADEN_FRACTION].value +
                                     prior[PL__LADEN_FRACTION].sigma * pl__random_normal(random));
    double water = pl__max(0.15 * ship->dwt, ship->dwt * (prior[PL__BALLAST_DEADWEIGHT].value +
                                                          0.06 * pl__random_normal(random)));
    double stores = s.consumables, more = stores * (0.9 + 0.2 * pl__random_uniform(random));
    c->deadweight_came_t = water;
    c->cargo_came_t = 0;
    c->cargo_left_t = pl__min(laden * s.most_t, s.brim_t);
    if (what < 0.06) { /* nothing for her */
        c->cargo_left_t = 0;
        c->deadweight_left_t = water + 0.01 * ship->dwt * pl__random_normal(random);
        return;
    }
    if (what < 0.18) c->cargo_left_t = (0.4 + 0.45 * pl__random_uniform(random)) * s.most_t;
    if (what > 0.95) { /* came with some of it */
        c->cargo_came_t = (0.1 + 0.3 * pl__random_uniform(random)) * s.most_t;
        c->deadweight_came_t =
            stores + c->cargo_came_t + pl__max(0, 0.5 * (water - c->cargo_came_t));
    }
    c->deadweight_left_t = more + c->cargo_left_t;
}

/* Three hours of lines, samples and papers, and 300 to 500 tonnes an hour. */
static double loading_days(const year_call *c, pl_random *random) {
    double rate = 300 + 200 * pl__random_uniform(random);
    return (3 + (c->cargo_left_t - c->cargo_came_t) / rate) / 24;
}

static void draw_calls(const pl_load_models *models, year *y) {
    pl_random random = pl__random_at(y->options.seed, pl__random_name(0, "calls"), 0);
    for (int k = 0; k < SHIPS; k++) {
        double at = 25 * pl__random_uniform(&random);
        while (y->calls < CALLS_MAX) {
            year_call *c = &y->call[y->calls];
            *c = (year_call){.ship = k, .berth = (int)(BERTHS * pl__random_uniform(&random))};
            c->came = at;
            load_her(models, &y->ship[k].hull, &random, c);
            c->begins = c->came + some_days(&random, 0.3, 1.2);
            c->ends = c->begins + loading_days(c, &random);
            c->left = c->ends + some_days(&random, 0.2, 1.0);
            if (c->left > 364) break;
            y->calls++;
            at = c->left + some_days(&random, 12, 32);
        }
    }
}

/* ---- pictures ---- */

static double draft_of(const year *y, const year_call *c, double day, double water_t_m3) {
    const pl__ship *ship = &y->ship[c->ship].hull;
    double done = pl__clamp((day - c->begins) / (c->ends - c->begins), 0, 1), slope;
    double on_board = c->deadweight_came_t + done * (c->deadweight_left_t - c->deadweight_came_t);
    return pl__ship_draft(ship, ship->lightship + on_board, water_t_m3, &slope);
}

/* Of the error of one freeboard: her deck's edge and half of what is not drawn are the ship's. */
static double error_of(const year *y, const year_call *c, const pl_observation *o,
                       pl_random *random) {
    pl_random hers = pl__random_at(y->options.seed, pl__random_name(0, "edge"), (uint64_t)c->ship);
    double edge = pl__random_normal(&hers), model = pl__random_normal(&hers);
    double own = 0, fit = o->budget_m[PL_BUDGET_FIT];
    own += o->budget_m[PL_BUDGET_DECK_EDGE] *
           (sqrt(0.7) * edge + sqrt(0.3) * pl__random_normal(random));
    own +=
        o->budget_m[PL_BUDGET_MODEL] * (sqrt(0.4) * model + sqrt(0.6) * pl__random_normal(random));
    if (!y->options.as_measured) return own + fit * pl__random_normal(random);
    bool far = pl__random_uniform(random) < 0.15;
    return own + 0.013 + (far ? 2.4 : 0.4) * fit * pl__random_normal(random);
}

static void measure_her(const year *y, const year_call *c, double day, pl_random *random,
                        pl_observation *o) {
    double u = pl__random_uniform(random), water = 1.025 + 0.0025 * pl__random_normal(random);
    bool dubious = u > 0.68;
    o->status = u > 0.95 ? PL_REFUSED : dubious ? PL_DUBIOUS : PL_OK;
    o->budget_m[PL_BUDGET_DECK_EDGE] = 0.07;
    o->budget_m[PL_BUDGET_MODEL] = 0.15;
    o->budget_m[PL_BUDGET_FIT] = 0.14 * exp(0.35 * pl__random_normal(random)) * (dubious ? 2 : 1);
    double sigma = 0;
    for (int k = 0; k < PL_BUDGET_COUNT; k++) sigma = hypot(sigma, o->budget_m[k]);
    o->freeboard_m = (pl_quantity){NAN, NAN};
    o->trim_m = (pl_quantity){NAN, NAN};
    if (o->status == PL_REFUSED) return;
    o->freeboard_m.value =
        y->ship[c->ship].hull.depth - draft_of(y, c, day, water) + error_of(y, c, o, random);
    o->freeboard_m.sigma = sigma;
    o->cue_count = 1;
    o->cue[0] = (pl_cue){.kind = PL_CUE_DARK_BAND, .freeboard_m = o->freeboard_m};
}

static void size_her(const pl__ship *ship, pl_random *random, pl_observation *o) {
    bool outlier = pl__random_uniform(random) < 0.26, wide = pl__random_uniform(random) < 0.05;
    o->length_m = (pl_quantity){ship->loa + 0.8 * pl__random_normal(random), 0.8};
    if (outlier) o->length_m.value += 0.024 * ship->loa * pl__random_normal(random);
    o->beam_m = (pl_quantity){ship->beam + 0.35 * pl__random_normal(random), 0.35};
    if (wide) o->beam_m.value += 0.04 * ship->beam * pl__random_normal(random);
}

static bool see_her(const pl_load_models *models, year *y, int call, const pl_coverage *pass,
                    double day, pl_random *random) {
    year_call *c = &y->call[call];
    const year_ship *ship = &y->ship[c->ship];
    pl_load_options options = PL_LOAD_OPTIONS_INIT;
    pl_observation *o = &y->seen[y->sightings];
    *o = (pl_observation){.acquired_s = pass->acquired_s,
                          .gsd_m = pass->gsd_m,
                          .lon_deg = LON + 0.006 * c->berth + 5e-5 * pl__random_normal(random),
                          .lat_deg = LAT + 5e-5 * pl__random_normal(random),
                          .heading_rad = 0.7 + 0.02 * pl__random_normal(random),
                          .heading_sigma_rad = 0.01,
                          .bow_certain = true,
                          .has_fingerprint = true,
                          .vessel_class = PL_CLASS_TANKER,
                          .tanker_probability = 0.97,
                          .has_freeboard = true};
    snprintf(o->hull_id, sizeof o->hull_id, "%d:%s", call, pass->scene_id);
    pl__text_copy(o->scene_id, sizeof o->scene_id, pass->scene_id);
    pl__text_copy(o->port, sizeof o->port, pass->port);
    pl__text_copy(o->platform, sizeof o->platform, pass->platform);
    draw_deck(y->options.seed, c->ship, random, o->fingerprint);
    size_her(&ship->hull, random, o);
    measure_her(y, c, day, random, o);
    if (y->options.known) {
        pl__text_copy(o->vessel_imo, sizeof o->vessel_imo, ship->imo);
        pl__text_copy(o->vessel_name, sizeof o->vessel_name, ship->name);
        pl__text_copy(o->vessel_source, sizeof o->vessel_source, "ais");
    }
    if (o->status != PL_REFUSED) {
        pl_load_input in = PL_LOAD_INPUT_INIT;
        in.length_m = o->length_m;
        in.beam_m = o->beam_m;
        in.freeboard_m = o->freeboard_m;
        pl_error error = PL_ERROR_INIT;
        if (pl_load_estimate(models, &in, &options, &o->load, &error) < 0) {
            fprintf(stderr, "year: %s\n", error.message);
            return false;
        }
        o->has_load = o->load.status != PL_REFUSED;
        if (o->load.status > o->status) o->status = o->load.status;
    }
    c->seen++;
    y->sightings++;
    return true;
}

static bool look(const pl_load_models *models, year *y) {
    pl_random random = pl__random_at(y->options.seed, pl__random_name(0, "pictures"), 0);
    const double west = LON - 0.02, east = LON + 0.06, south = LAT - 0.02, north = LAT + 0.02;
    for (int i = 0; i < 2 * 365; i++) {
        double day = 0.5 * i + 0.08 + 0.08 * pl__random_uniform(&random);
        bool clouded = pl__random_uniform(&random) < y->options.clouded;
        pl_coverage *p = &y->pass[y->passes++];
        *p = (pl_coverage){.acquired_s = YEAR_S + day * DAY_S,
                           .gsd_m = 0.5,
                           .searched = {west, south, east, north},
                           .corner = {{west, north}, {east, north}, {east, south}, {west, south}},
                           .unseen_share = clouded ? 1 : 0};
        snprintf(p->scene_id, sizeof p->scene_id, "pass-%04d", i);
        snprintf(p->port, sizeof p->port, "%s", "Invented");
        snprintf(p->platform, sizeof p->platform, "%s", "drawn");
        for (int k = 0; k < y->calls && !clouded; k++) {
            if (day < y->call[k].came || day > y->call[k].left || y->sightings == SEEN_MAX)
                continue;
            if (pl__random_uniform(&random) < OVERLOOKED) continue;
            if (!see_her(models, y, k, p, day, &random)) return false;
            p->hulls++;
        }
    }
    return true;
}

bool year_draw(const pl_load_models *models, const year_options *options, year *out) {
    pl_random random = pl__random_at(options->seed, pl__random_name(0, "fleet"), 0);
    *out = (year){.options = *options, .seen = calloc(SEEN_MAX, sizeof *out->seen)};
    if (!out->seen) return false;
    for (int k = 0; k < SHIPS; k++) {
        if (!draw_hull(models, &random, &out->ship[k].hull)) return false;
        number_her(k, &out->ship[k]);
    }
    draw_calls(models, out);
    return look(models, out);
}

void year_registry(const year *y, FILE *out) {
    fprintf(out, "imo,name,quantity,value,sigma,source,date\n");
    for (int k = 0; k < SHIPS; k++) {
        const year_ship *s = &y->ship[k];
        const struct {
            const char *what;
            double value;
        } ROW[] = {{"loa_m", s->hull.loa},     {"beam_m", s->hull.beam},
                   {"depth_m", s->hull.depth}, {"summer_draft_m", s->hull.summer_draft},
                   {"dwt_t", s->hull.dwt},     {"displacement_t", s->hull.displacement}};
        for (int i = 0; i < 6; i++)
            fprintf(out, "%s,%s,%s,%.3f,,invented,2026-11\n", s->imo, s->name, ROW[i].what,
                    ROW[i].value);
    }
}

int year_call_of(const char *hull_id) {
    return (int)strtol(hull_id, NULL, 10);
}
