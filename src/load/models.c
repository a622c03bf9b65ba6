/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do we believe about tankers, before any picture?
 *
 * Reads the tables of the models folder into one plain struct and checks them: every number there,
 * finite and in range, every row with its source, every class complete, weights that sum to one. A
 * fault is told as file:line:column. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/io.h"
#include "load/model.h"
#include "load/sheet.h"

static const char FLOOR[] = "load";

static const char *const PRIOR_NAME[PL__PRIOR_COUNT] = {
    [PL__LPP_PER_LOA] = "lpp_per_loa",
    [PL__WATERPLANE_FACTOR] = "waterplane_factor",
    [PL__DISPLACEMENT_EXPONENT] = "displacement_exponent",
    [PL__BLOCK] = "block_coefficient",
    [PL__TANK_M3_PER_DWT] = "tank_m3_per_dwt",
    [PL__CONSUMABLES] = "consumables_per_dwt",
    [PL__RESIDUAL_BALLAST] = "residual_ballast_per_dwt",
    [PL__BALLAST_DEADWEIGHT] = "ballast_deadweight_per_dwt",
    [PL__PART_BALLAST_KEPT] = "part_ballast_kept",
    [PL__PART_BALLASTED] = "part_ballasted",
    [PL__PART_BALLAST_BESIDES] = "part_ballast_besides",
    [PL__BALLAST_MOST] = "ballast_most_per_dwt",
    [PL__LADEN_FRACTION] = "laden_fraction",
    [PL__DEEP_SHARE] = "deep_share",
    [PL__DEEP_FRACTION] = "deep_fraction",
    [PL__TANKS_OVER_98] = "tanks_over_98",
    [PL__MARPOL_DRAFT] = "marpol_draft",
    [PL__MARPOL_DRAFT_PER_LENGTH] = "marpol_draft_per_length",
    [PL__SUPERSTRUCTURE] = "superstructure_deduction",
    [PL__LOADLINE_TOLERANCE] = "loadline_tolerance",
    [PL__FLOTATION_PER_LPP] = "flotation_per_lpp",
    [PL__GIVEN_DEPTH] = "given_depth",
    [PL__GIVEN_SUMMER_DRAFT] = "given_summer_draft",
    [PL__GIVEN_DWT] = "given_dwt",
    [PL__GIVEN_DISPLACEMENT] = "given_displacement",
    [PL__GIVEN_LIGHTSHIP] = "given_lightship",
    [PL__GIVEN_TPC] = "given_tpc",
    [PL__GIVEN_GT] = "given_gt",
    [PL__GIVEN_TANK] = "given_tank",
    [PL__DEPARTED_LADEN] = "departed_laden",
    [PL__UNKNOWN_FLEET_SIZE] = "unknown_fleet_size",
};

typedef pl__sheet sheet;

static void open_sheet(sheet *s, const char *folder, const char *file, int most, pl_arena *arena,
                       pl_error *error) {
    char path[1024];
    *s = (sheet){.error = error};
    int length = snprintf(path, sizeof path, "%s/%s", folder, file);
    if (length < 0 || (size_t)length >= sizeof path) {
        s->status = pl__fail(error, PL_E_USAGE, FLOOR, "the models folder's name is too long");
        return;
    }
    pl__sheet_open(s, path, most, arena, error);
    if (!s->status) pl__sheet_sources(s);
}

/* A regression row as read. */
typedef struct regression {
    bool seen;
    double ln_a, on_loa, on_beam, sigma, with_dwt, with_draft;
} regression;

/* The normal of a class from its regressions, as a chain: x = mean + rows . e, where the scatters e
 * of deadweight, draft and tonnage are correlated. */
static void chain_class(const regression r[PL__DIMS], pl__class *out) {
    double rows[PL__DIMS][PL__DIMS] = {{0}}, scatter[PL__DIMS][PL__DIMS] = {{0}};
    for (int i = 0; i < PL__DIMS; i++) {
        out->mean[i] = r[i].ln_a;
        if (i > PL__LOA) out->mean[i] += r[i].on_loa * out->mean[PL__LOA];
        if (i > PL__BEAM) out->mean[i] += r[i].on_beam * out->mean[PL__BEAM];
        for (int k = 0; k < i; k++) {
            if (i > PL__LOA) rows[i][k] += r[i].on_loa * rows[PL__LOA][k];
            if (i > PL__BEAM) rows[i][k] += r[i].on_beam * rows[PL__BEAM][k];
        }
        rows[i][i] = 1;
        scatter[i][i] = r[i].sigma * r[i].sigma;
        double with[2] = {r[i].with_dwt, r[i].with_draft};
        for (int k = PL__DWT; k < i && k <= PL__DRAFT; k++)
            scatter[i][k] = scatter[k][i] = with[k - PL__DWT] * r[i].sigma * r[k].sigma;
    }
    for (int i = 0; i < PL__DIMS; i++) {
        for (int j = 0; j < PL__DIMS; j++) {
            double sum = 0;
            for (int k = 0; k < PL__DIMS; k++)
                for (int l = 0; l < PL__DIMS; l++) sum += rows[i][k] * scatter[k][l] * rows[j][l];
            out->covariance[i][j] = sum;
        }
    }
}

static int class_by_name(const pl_load_models *m, const char *name) {
    for (int i = 0; i < m->classes; i++)
        if (strcmp(m->class[i].name, name) == 0) return i;
    return -1;
}

static void read_regressions(sheet *s, pl_load_models *m) {
    static const char *const QUANTITY[PL__DIMS] = {"loa", "beam", "dwt", "draft", "gt"};
    regression r[PL__CLASSES_MAX][PL__DIMS] = {0};
    double ships = 0;
    for (int row = 0; row < s->table.rows && !s->status; row++) {
        const char *name = pl__sheet_text(s, row, "class"),
                   *quantity = pl__sheet_text(s, row, "quantity");
        int i = class_by_name(m, name), q = 0;
        if (i < 0 && m->classes == PL__CLASSES_MAX)
            pl__sheet_complain(s, row, "class", "too many classes");
        if (s->status) return;
        if (i < 0) {
            i = m->classes++;
            pl__sheet_copy(s, row, "class", m->class[i].name, sizeof m->class[i].name);
            m->class[i].weight = pl__sheet_number(s, row, "n", 1, 1e6);
            ships += m->class[i].weight;
        }
        while (q < PL__DIMS && strcmp(quantity, QUANTITY[q]) != 0) q++;
        if (q == PL__DIMS || r[i][q].seen) {
            pl__sheet_complain(s, row, "quantity",
                               "must be loa, beam, dwt, draft, gt, each once a class");
            return;
        }
        r[i][q] = (regression){true,
                               pl__sheet_number(s, row, "ln_a", -20, 20),
                               pl__sheet_number(s, row, "exp_loa", -10, 10),
                               pl__sheet_number(s, row, "exp_beam", -10, 10),
                               pl__sheet_number(s, row, "log_sigma", 1e-3, 2),
                               pl__sheet_number(s, row, "corr_dwt", -0.95, 0.95),
                               pl__sheet_number(s, row, "corr_draft", -0.95, 0.95)};
    }
    for (int i = 0; i < m->classes && !s->status; i++) {
        for (int q = 0; q < PL__DIMS; q++)
            if (!r[i][q].seen)
                s->status = pl__fail(s->error, PL_E_FORMAT, FLOOR, "%s: class '%s' has no %s row",
                                     s->table.file, m->class[i].name, QUANTITY[q]);
        m->class[i].weight /= ships;
        chain_class(r[i], &m->class[i]);
    }
}

static void read_depths(sheet *s, pl_load_models *m) {
    int last[PL__CLASSES_MAX] = {0}; /* row of a class */
    for (int row = 0; row < s->table.rows && !s->status; row++) {
        int i = class_by_name(m, pl__sheet_text(s, row, "class"));
        if (i < 0 || m->class[i].components == PL__COMPONENTS_MAX) {
            pl__sheet_complain(s, row, "class",
                               "not a class of tanker_regressions.csv, or too many rows");
            return;
        }
        int k = m->class[i].components++;
        last[i] = row;
        m->class[i].depth[k].weight = pl__sheet_number(s, row, "weight", 0, 1);
        m->class[i].depth[k].ratio = pl__sheet_number(s, row, "ratio", 1, 3);
        m->class[i].depth[k].sigma = pl__sheet_number(s, row, "sigma", 1e-4, 1);
    }
    for (int i = 0; i < m->classes && !s->status; i++) {
        double sum = 0;
        for (int k = 0; k < m->class[i].components; k++) sum += m->class[i].depth[k].weight;
        if (fabs(sum - 1) <= 1e-6) continue;
        char what[100];
        snprintf(what, sizeof what, "those of class '%s' sum to %g, not 1", m->class[i].name, sum);
        pl__sheet_complain(s, last[i], "weight", what);
    }
}

static void read_coefficients(sheet *s, pl_load_models *m) {
    m->knots = s->table.rows;
    for (int row = 0; row < m->knots && !s->status; row++) {
        m->knot[row].ln_dwt = log(pl__sheet_number(s, row, "dwt_t", 1, 1e7));
        m->knot[row].w = pl__sheet_number(s, row, "w", 0.2, 0.95);
        m->knot[row].sigma = pl__sheet_number(s, row, "sigma", 1e-4, 0.3);
        m->knot[row].block = pl__sheet_number(s, row, "block", 0.4, 0.98);
        m->knot[row].block_sigma = pl__sheet_number(s, row, "block_sigma", 1e-4, 0.3);
        if (row > 0 && m->knot[row].ln_dwt <= m->knot[row - 1].ln_dwt)
            pl__sheet_complain(s, row, "dwt_t", "must grow from row to row");
    }
}

static void read_loadlines(sheet *s, pl_load_models *m) {
    m->loadlines = s->table.rows;
    for (int row = 0; row < m->loadlines && !s->status; row++) {
        double length = pl__sheet_number(s, row, "length_m", 10, 1000);
        if (row == 0) m->loadline_first_m = length;
        if (length != m->loadline_first_m + row)
            pl__sheet_complain(s, row, "length_m", "must step by 1 m");
        pl__sheet_number(s, row, "sigma_mm", 0, 0); /* nor has a regulation */
        m->loadline_m[row] = 1e-3 * pl__sheet_number(s, row, "freeboard_mm", 1, 2e4);
    }
}

static void read_priors(sheet *s, pl_load_models *m) {
    bool seen[PL__PRIOR_COUNT] = {false};
    for (int row = 0; row < s->table.rows && !s->status; row++) {
        const char *name = pl__sheet_text(s, row, "name");
        int i = 0;
        while (i < PL__PRIOR_COUNT && strcmp(name, PRIOR_NAME[i]) != 0) i++;
        if (i == PL__PRIOR_COUNT || seen[i]) {
            pl__sheet_complain(s, row, "name", "unknown, or there twice");
            return;
        }
        seen[i] = true;
        pl__belief *b = &m->prior[i];
        b->low = pl__sheet_number(s, row, "low", -1e3, 1e3);
        b->high = pl__sheet_number(s, row, "high", b->low, 1e3);
        b->value = pl__sheet_number(s, row, "value", b->low, b->high);
        b->sigma = pl__sheet_number(s, row, "sigma", 0, 1e3);
        if (b->sigma > 0) {
            b->below = gsl_cdf_ugaussian_P((b->low - b->value) / b->sigma);
            b->within = gsl_cdf_ugaussian_P((b->high - b->value) / b->sigma) - b->below;
        }
    }
    for (int i = 0; i < PL__PRIOR_COUNT && !s->status; i++)
        if (!seen[i])
            s->status = pl__fail(s->error, PL_E_FORMAT, FLOOR, "%s: no row '%s'", s->table.file,
                                 PRIOR_NAME[i]);
}

static void read_states(sheet *s, pl_load_models *m) {
    double sum = 0;
    for (int row = 0; row < s->table.rows && !s->status; row++) {
        int i = 0;
        while (i < 3 &&
               strcmp(pl__sheet_text(s, row, "state"), pl_load_state_name((pl_load_state)i)) != 0)
            i++;
        if (i == 3 || m->state[i].prior > 0) {
            pl__sheet_complain(s, row, "state", "must be ballast, part, laden, each once");
            return;
        }
        m->state[i] = (pl__state){pl__sheet_number(s, row, "prior", 1e-6, 1),
                                  pl__sheet_number(s, row, "trim_per_lpp", -0.05, 0.05),
                                  pl__sheet_number(s, row, "trim_sigma", 1e-4, 0.05),
                                  pl__sheet_number(s, row, "bottom_seen", 0.001, 0.999),
                                  pl__sheet_number(s, row, "came", 1e-6, 1),
                                  pl__sheet_number(s, row, "left", 1e-6, 1)};
        sum += m->state[i].prior;
    }
    char what[60];
    snprintf(what, sizeof what, "the three of them sum to %g, not 1", sum);
    if (fabs(sum - 1) > 1e-6 || s->table.rows != 3)
        pl__sheet_complain(s, s->table.rows - 1, "prior", what);
}

static void read_products(sheet *s, pl_load_models *m) {
    m->products = s->table.rows;
    for (int row = 0; row < m->products && !s->status; row++) {
        pl__product *p = &m->product[row];
        pl__sheet_copy(s, row, "product", p->name, sizeof p->name);
        pl__sheet_copy(s, row, "alias", p->alias, sizeof p->alias);
        p->density_t_m3 = pl__sheet_number(s, row, "density_t_m3", 0.3, 1.2);
        p->sigma = pl__sheet_number(s, row, "sigma", 0, 0.2);
        p->marpol_dwt_t = pl__sheet_number(s, row, "marpol_dwt_t", 1, 1e9);
        for (int i = 0; i < row; i++)
            if (strcasecmp(m->product[i].name, p->name) == 0)
                pl__sheet_complain(s, row, "product", "there twice");
    }
}

static void read_conversions(sheet *s, pl_load_models *m) {
    m->conversions = s->table.rows;
    for (int row = 0; row < m->conversions && !s->status; row++) {
        pl__conversion *c = &m->conversion[row];
        pl__sheet_copy(s, row, "conversion", c->name, sizeof c->name);
        pl__sheet_copy(s, row, "product", c->product, sizeof c->product);
        pl__sheet_copy(s, row, "evidence", c->evidence, sizeof c->evidence);
        c->bbl_per_t = pl__sheet_number(s, row, "bbl_per_t", 4, 20);
        pl__sheet_number(s, row, "sigma", 0, 0); /* a convention has none */
        int i = 0;
        while (i < m->products && strcasecmp(m->product[i].name, c->product) != 0) i++;
        if (i == m->products)
            pl__sheet_complain(s, row, "product", "not a product of products.csv");
        for (i = 0; i < row; i++)
            if (strcasecmp(m->conversion[i].name, c->name) == 0 &&
                strcasecmp(m->conversion[i].product, c->product) == 0)
                pl__sheet_complain(s, row, "product", "there twice");
    }
}

static bool in_season(const pl__water *w, int month) {
    return w->month_from <= w->month_to ? month >= w->month_from && month <= w->month_to
                                        : month >= w->month_from || month <= w->month_to;
}

static void read_waters(sheet *s, pl_load_models *m) {
    m->waters = s->table.rows;
    for (int row = 0; row < m->waters && !s->status; row++) {
        pl__water *w = &m->water[row];
        pl__sheet_copy(s, row, "port", w->port, sizeof w->port);
        w->month_from = (int)pl__sheet_number(s, row, "month_from", 1, 12);
        w->month_to = (int)pl__sheet_number(s, row, "month_to", 1, 12);
        w->density_t_m3 = (pl_quantity){pl__sheet_number(s, row, "density_t_m3", 0.98, 1.05),
                                        pl__sheet_number(s, row, "sigma", 0, 0.03)};
        for (int i = 0; i < row; i++)
            if (strcasecmp(m->water[i].port, w->port) == 0 &&
                (in_season(w, m->water[i].month_from) || in_season(&m->water[i], w->month_from)))
                pl__sheet_complain(s, row, "month_from", "this port's seasons overlap");
    }
}

pl_quantity pl_load_water(const pl_load_models *models, const char *port, int month) {
    const pl_load_options usual = PL_LOAD_OPTIONS_INIT;
    for (int i = 0; i < models->waters; i++)
        if (strcasecmp(models->water[i].port, port) == 0 && in_season(&models->water[i], month))
            return models->water[i].density_t_m3;
    return usual.water_density_t_m3;
}

/* Chained: each table's hash is hashed with what came before it. */
static void add_hash(sheet *s, pl_load_models *m) {
    char chain[2 * 64 + 1];
    if (s->status) return;
    int length = snprintf(chain, sizeof chain, "%s%s", m->sha256, s->table.sha256);
    pl__io_sha256_buffer(chain, (size_t)length, m->sha256);
}

const char *pl_load_models_sha256(const pl_load_models *models) {
    return models->sha256;
}

void pl_load_models_free(pl_load_models *models) {
    if (models) free(models->draw);
    free(models);
}

static pl_status make_draws(pl_load_models *models, pl_error *error) {
    const pl_load_options usual = PL_LOAD_OPTIONS_INIT;
    pl__draws draws;
    pl_status status = pl__draws_take(models, usual.seed, usual.draws, &draws, error);
    if (status) return status;
    models->draw = draws.owned;
    models->draws = usual.draws;
    models->seed = usual.seed;
    return PL_OK;
}

pl_status pl_load_models_open(const char *models_dir, pl_load_models **out, pl_error *error) {
    static const struct {
        const char *file;
        int most;
        void (*read)(sheet *, pl_load_models *);
    } TABLE[] = {
        {"tanker_regressions.csv", PL__CLASSES_MAX * PL__DIMS, read_regressions},
        {"depth_ratio.csv", PL__CLASSES_MAX * PL__COMPONENTS_MAX, read_depths},
        {"deadweight_coefficient.csv", PL__KNOTS_MAX, read_coefficients},
        {"loadline_type_a.csv", PL__LOADLINE_MAX, read_loadlines},
        {"load_priors.csv", PL__ROWS_MAX, read_priors},
        {"load_states.csv", 3, read_states},
        {"products.csv", PL__ROWS_MAX, read_products},
        {"conversions.csv", PL__ROWS_MAX, read_conversions},
        {"water_density.csv", PL__ROWS_MAX, read_waters},
    };
    pl_status status = PL_OK;
    *out = NULL;
    gsl_set_error_handler_off(); /* GSL would abort the process; its results are checked instead */
    pl_load_models *models = calloc(1, sizeof *models);
    pl_arena *arena = pl_arena_new(0);
    if (!models || !arena) status = pl__fail_memory(error, FLOOR);
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE && !status; i++) {
        sheet s;
        open_sheet(&s, models_dir, TABLE[i].file, TABLE[i].most, arena, error);
        if (!s.status) TABLE[i].read(&s, models);
        add_hash(&s, models);
        status = s.status;
    }
    pl_arena_free(arena);
    if (!status) status = make_draws(models, error);
    if (status)
        pl_load_models_free(models);
    else
        *out = models;
    return status;
}
