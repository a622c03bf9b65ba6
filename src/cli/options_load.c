/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options say what is known of a ship, her oil and her water? */
#include <math.h>
#include <string.h>

#include "cli/options.h"

SETTER(product, return cli_text(&s->measure.load.product, v))
SETTER(conversion, return cli_text(&s->measure.load.conversion, v))
SETTER(density, s->both_densities = isfinite(s->measure.load.density_t_m3);
       return cli_number(v, 0.3, 1.2, &s->measure.load.density_t_m3))
SETTER(water_density, s->measure.water_given = true;
       return cli_number(v, 0.99, 1.05, &s->measure.load.water_density_t_m3.value))
SETTER(water_density_sigma,
       return cli_number(v, 0, 0.05, &s->measure.load.water_density_t_m3.sigma))
SETTER(model_sigma, return cli_number(v, 0, 10, &s->measure.freeboard.model_sigma_m))
SETTER(vessel, return cli_text(&s->vessel, v))
SETTER(vessels, return cli_text(&s->vessels, v))
SETTER(ship_loa, s->load.length_m.sigma = 0.5;
       return cli_number(v, 10, 500, &s->load.length_m.value))
SETTER(ship_beam, s->load.beam_m.sigma = 0.2; return cli_number(v, 2, 120, &s->load.beam_m.value))
SETTER(ship_freeboard, return cli_number(v, -3, 60, &s->load.freeboard_m.value))
SETTER(ship_draft, return cli_number(v, 0.1, 40, &s->load.draft_m.value))
SETTER(ship_freeboard_before, return cli_number(v, -3, 60, &s->load_before.freeboard_m.value))
SETTER(ship_draft_before, return cli_number(v, 0.1, 40, &s->load_before.draft_m.value))
SETTER(ship_trim, return cli_number(v, -20, 20, &s->load.trim_m))
SETTER(ship_trim_sigma, return cli_number(v, 0, 20, &s->load.trim_sigma_m))
SETTER(ship_lpp, return cli_number(v, 8, 500, &s->load.lpp_m))
SETTER(ship_tank, return cli_number(v, 1, 1e6, &s->load.tank_m3))
SETTER(ship_sigma, return cli_number(v, 0, 20, &s->load_sigma_m))
SETTER(ship_depth, return cli_number(v, 0.5, 60, &s->load.depth_m))
SETTER(ship_summer_freeboard, return cli_number(v, -1, 30, &s->load.summer_freeboard_m))
SETTER(ship_summer_draft, return cli_number(v, 0.3, 40, &s->load.summer_draft_m))
SETTER(ship_dwt, return cli_number(v, 10, 700000, &s->load.dwt_t))
SETTER(ship_displacement, return cli_number(v, 20, 900000, &s->load.displacement_t))
SETTER(ship_lightship, return cli_number(v, 5, 200000, &s->load.lightship_t))
SETTER(ship_tpc, return cli_number(v, 0.1, 400, &s->load.tpc_t_per_cm))
SETTER(ship_gt, return cli_number(v, 10, 500000, &s->load.gt))

/* Relative to water of 60 F (0.99902 t/m3), as the API defines it. */
static bool api_gravity(cli_settings *s, const char *v) {
    double degrees_api;
    if (!cli_number(v, -10, 100, &degrees_api)) return false;
    s->both_densities = isfinite(s->measure.load.density_t_m3);
    s->measure.load.density_t_m3 = 0.99902 * 141.5 / (degrees_api + 131.5);
    return true;
}

static bool bottom_paint(cli_settings *s, const char *v) {
    s->load.bottom = strcmp(v, "seen") == 0 ? PL_BOTTOM_SEEN : PL_BOTTOM_HIDDEN;
    return s->load.bottom == PL_BOTTOM_SEEN || strcmp(v, "hidden") == 0;
}

static bool seed(cli_settings *s, const char *v) {
    double value;
    if (!cli_number(v, 0, 9e15, &value) || value != floor(value)) return false;
    s->measure.load.seed = s->synth.seed = (uint64_t)value;
    return true;
}

static const cli_option OPTIONS[] = {
    {"--model-sigma", "M", FOR_MEASURE,
     "sigma for what rendered scenes cannot show; default 0.15, 0 for rendered scenes",
     model_sigma},
    {"--vessel", "NAME|IMO", FOR_LOAD,
     "which ship it is: named in the rows, and what a registry knows of her is used", vessel},
    {"--vessels", "FILE", FOR_LOAD | FOR_OIL | NOT_KEY,
     "the registry (CSV); default vessels.csv of the model tables", vessels},
    {"--product", "NAME", FOR_LOAD | FOR_OIL, "oil, as in models/products.csv; default gas oil",
     product},
    {"--conversion", "CHART", FOR_LOAD | FOR_OIL,
     "barrels per tonne: un1718 (default), unsd, or density", conversion},
    {"--density", "T/M3", FOR_LOAD | FOR_OIL,
     "density of the product at 15 C: what tanks hold; a chart's barrels a tonne stay, "
     "--conversion density takes it",
     density},
    {"--api", "DEG", FOR_LOAD | FOR_OIL, "the same as API gravity", api_gravity},
    {"--water-density", "T/M3", FOR_LOAD,
     "density of the water; default the port's (models/water_density.csv), else 1.025",
     water_density},
    {"--water-density-sigma", "T/M3", FOR_LOAD, "its sigma; default 0.0025", water_density_sigma},
    {"--seed", "N", FOR_LOAD | FOR_SYNTH | FOR_OIL, "of the draws; default 1", seed},
    {"--loa", "M", FOR_SHIP, "length over all", ship_loa},
    {"--beam", "M", FOR_SHIP, "beam", ship_beam},
    {"--freeboard", "M", FOR_SHIP, "deck edge above water amidships", ship_freeboard},
    {"--draft", "M", FOR_SHIP, "draft amidships, instead of the freeboard", ship_draft},
    {"--freeboard-before", "M", FOR_SHIP,
     "the same at an earlier time: adds what was loaded since (transfer_t, transfer_bbl)",
     ship_freeboard_before},
    {"--draft-before", "M", FOR_SHIP, "draft at an earlier time, instead", ship_draft_before},
    {"--sigma", "M", FOR_SHIP, "sigma of each freeboard or draft; default 0.15", ship_sigma},
    {"--trim", "M", FOR_SHIP,
     "by the stern positive, now: widens the sigma by 2 % of it, and light ships trim more",
     ship_trim},
    {"--trim-sigma", "M", FOR_SHIP, "sigma of the trim; default 0", ship_trim_sigma},
    {"--bottom-paint", "WORD", FOR_SHIP,
     "seen or hidden: is bottom paint, boot-topping or the bulb above the water?", bottom_paint},
    {"--depth", "M", FOR_SHIP, "moulded depth", ship_depth},
    {"--summer-draft", "M", FOR_SHIP, "draft at the summer load line", ship_summer_draft},
    {"--summer-freeboard", "M", FOR_SHIP,
     "deck edge above the summer load line: with --summer-draft the depth", ship_summer_freeboard},
    {"--dwt", "T", FOR_SHIP, "deadweight", ship_dwt},
    {"--displacement", "T", FOR_SHIP, "displacement at the summer load line", ship_displacement},
    {"--lightship", "T", FOR_SHIP, "lightship", ship_lightship},
    {"--tpc", "T/CM", FOR_SHIP, "tonnes per centimetre at the summer load line", ship_tpc},
    {"--tank-capacity", "M3", FOR_SHIP, "cargo tanks to 98 %", ship_tank},
    {"--lpp", "M", FOR_SHIP, "length between perpendiculars", ship_lpp},
    {"--gt", "N", FOR_SHIP, "gross tonnage", ship_gt},
};
const cli_options CLI_LOAD_OPTIONS = CLI_OPTIONS_OF(OPTIONS);
