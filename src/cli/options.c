/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options are there, what may stand behind them, and what do they set? One table: parsing,
 * --help and the man page are read off it. */
#include <math.h>
#include <string.h>

#include "cli/cli.h"
#include "geo/geo.h"
#include "io/io.h"

/* ---- values ---- */

static bool number(const char *text, double low, double high, double *out) {
    double value;
    if (!pl__text_number(text, &value) || value < low || value > high) return false;
    *out = value;
    return true;
}

static bool degrees(const char *text, double low, double high, double *out_rad) {
    double value;
    if (!number(text, low, high, &value)) return false;
    *out_rad = value * PL_RAD_PER_DEG;
    return true;
}

static bool integer(const char *text, double low, double high, int *out) {
    double value;
    if (!number(text, low, high, &value) || value != floor(value)) return false;
    *out = (int)value;
    return true;
}

#define SETTER(name, expression)                                                                   \
    static bool name(cli_settings *s, const char *v) {                                             \
        (void)v;                                                                                   \
        expression;                                                                                \
    }

static bool set_flag(bool *flag) {
    *flag = true;
    return true;
}

static bool set_text(const char **place, const char *value) {
    *place = value;
    return *value != '\0';
}

SETTER(sun_azimuth, return degrees(v, -360, 360, &s->measure.scene.sun_azimuth_rad))
SETTER(sun_elevation, return degrees(v, -90, 90, &s->measure.scene.sun_elevation_rad))
SETTER(view_azimuth, return degrees(v, -360, 360, &s->measure.scene.view_azimuth_rad))
SETTER(incidence, return degrees(v, 0, PL_INCIDENCE_MOST_DEG, &s->measure.scene.view_incidence_rad))
SETTER(sun_from_shadow, return degrees(v, -360, 360, &s->measure.scene.sun_from_shadow_rad))
SETTER(pixel_size, return number(v, 0.01, 1000, &s->measure.scene.pixel_size_m))
SETTER(water_height, return number(v, -500, 9000, &s->measure.scene.water_height_m))
SETTER(sidecar, return set_text(&s->measure.scene.sidecar, v))
SETTER(bands, return set_text(&s->measure.scene.bands, v))
SETTER(cloud_mask, return set_text(&s->measure.scene.cloud_mask, v))
SETTER(allow_vrt, return set_flag(&s->measure.scene.trust.allow_vrt))
SETTER(allow_driver, return set_text(&s->measure.scene.trust.drivers, v))
SETTER(max_bands, return integer(v, 1, 65535, &s->measure.scene.trust.max_bands))
SETTER(max_unpacked_ratio, return number(v, 1, 1e9, &s->measure.scene.trust.max_unpacked_ratio))
SETTER(port, return set_text(&s->measure.port.port, v))
SETTER(previous, return set_text(&s->measure.previous, v))
SETTER(aoi, return set_text(&s->measure.port.aoi_file, v))
SETTER(min_length, return number(v, 5, 400, &s->measure.hull.min_length_m))
SETTER(min_ship_probability, return number(v, 0, 1, &s->measure.hull.min_ship_probability))
SETTER(product, return set_text(&s->measure.load.product, v))
SETTER(conversion, return set_text(&s->measure.load.conversion, v))
SETTER(density, s->both_densities = isfinite(s->measure.load.density_t_m3);
       return number(v, 0.3, 1.2, &s->measure.load.density_t_m3))
SETTER(water_density, s->measure.water_given = true;
       return number(v, 0.99, 1.05, &s->measure.load.water_density_t_m3.value))
SETTER(water_density_sigma, return number(v, 0, 0.05, &s->measure.load.water_density_t_m3.sigma))
SETTER(model_sigma, return number(v, 0, 10, &s->measure.freeboard.model_sigma_m))
SETTER(vessel, return set_text(&s->vessel, v))
SETTER(vessels, return set_text(&s->vessels, v))
SETTER(out, return set_text(&s->out, v))
SETTER(quiet, return set_flag(&s->quiet))
SETTER(help, return set_flag(&s->help))
SETTER(timing, return set_flag(&s->timing))
SETTER(jobs, return integer(v, 1, 256, &s->jobs))
SETTER(verify, return set_text(&s->verify, v))
SETTER(sample, return integer(v, 1, 1000000, &s->sample))

/* "2/4" */
static bool shard(cli_settings *s, const char *v) {
    char first[16];
    const char *slash = strchr(v, '/');
    if (!slash || slash == v || (size_t)(slash - v) >= sizeof first) return false;
    memcpy(first, v, (size_t)(slash - v));
    first[slash - v] = '\0';
    return integer(slash + 1, 1, 100000, &s->shards) && integer(first, 0, s->shards - 1, &s->shard);
}

SETTER(in_process, return set_flag(&s->in_process))
SETTER(timeout, return number(v, 0.1, 86400, &s->limits.timeout_s))
SETTER(max_memory, return number(v, 64, 1e7, &s->limits.memory_mb))

SETTER(synth_length, return number(v, 20, 480, &s->synth.length_m))
SETTER(synth_beam, return number(v, 3, 90, &s->synth.beam_m))
SETTER(synth_freeboard, return number(v, 0.05, 30, &s->synth.freeboard_m))
SETTER(synth_trim, return number(v, -10, 10, &s->synth.trim_m))
SETTER(synth_heading, return degrees(v, -360, 360, &s->synth.heading_rad))
SETTER(synth_contrast, return number(v, 0, 0.95, &s->synth.contrast))
SETTER(synth_attenuation, return number(v, 0.05, 100, &s->synth.attenuation_per_m))
SETTER(synth_swell, return number(v, 0, 0.5, &s->synth.swell))
SETTER(synth_gsd, return number(v, 0.1, 20, &s->synth.gsd_m))
SETTER(synth_psf, return number(v, 0.5, 5, &s->synth.psf_fwhm_px))
SETTER(synth_snr, return number(v, 1, 1e6, &s->synth.snr))
SETTER(synth_bands, return integer(v, 1, 4, &s->synth.bands))
SETTER(synth_bits, return integer(v, 8, 16, &s->synth.bits))
SETTER(synth_size, return integer(v, 32, 20000, &s->synth.size_px))
SETTER(synth_epsg, return integer(v, 1024, 999999, &s->synth.epsg))
SETTER(synth_lon, return number(v, -180, 180, &s->synth.lon_deg))
SETTER(synth_lat, return number(v, -80, 84, &s->synth.lat_deg))
SETTER(synth_time, return pl__geo_time_parse(v, &s->synth.acquired_s))
SETTER(synth_quay, return set_flag(&s->synth.quay))
SETTER(synth_empty, s->synth.ship = false; return true)
SETTER(synth_mirror, return set_flag(&s->synth.mirror))
SETTER(synth_bare, s->synth.deck_gear = s->synth.superstructure = false; return true)
SETTER(synth_heel, return degrees(v, -20, 20, &s->synth.heel_rad))
SETTER(synth_sheer, return number(v, 0, 3, &s->synth.sheer_share))
SETTER(synth_gunwale, return number(v, 0, 3, &s->synth.gunwale_radius_m))
SETTER(synth_fishplate, return number(v, 0, 3, &s->synth.fishplate_m))
SETTER(synth_rail, return number(v, 0, 1, &s->synth.rail_opacity))
SETTER(synth_trunk, return set_flag(&s->synth.trunk))
SETTER(synth_gear_height, return number(v, 0.1, 5, &s->synth.gear_scale))
SETTER(synth_forecastle, return number(v, 0, 0.6, &s->synth.forecastle_share))
SETTER(synth_poop, return number(v, 0, 0.35, &s->synth.poop_share))
SETTER(synth_boot_topping, return number(v, 0, 40, &s->synth.boot_top_m))
SETTER(synth_speed, return number(v, 0, 20, &s->synth.speed_m_s))
SETTER(synth_band_lag, return number(v, -2, 2, &s->synth.band_lag_s))
SETTER(synth_jetty, return set_flag(&s->synth.jetty))
SETTER(synth_berth_gap, return number(v, 0.1, 20, &s->synth.berth_gap_m))
SETTER(synth_berth_height, return number(v, 0.5, 10, &s->synth.berth_height_m))
SETTER(synth_neighbour, return set_flag(&s->synth.neighbour))
SETTER(synth_barge, return set_flag(&s->synth.barge))
SETTER(synth_tug, return set_flag(&s->synth.tug))
SETTER(synth_glint, return number(v, 0, 5, &s->synth.glint))
SETTER(synth_cloud_shadow, return number(v, 0, 1, &s->synth.cloud_shadow))
SETTER(synth_exposure, return number(v, 0.05, 20, &s->synth.exposure))
SETTER(synth_jpeg, return integer(v, 1, 100, &s->synth.jpeg_quality))
SETTER(synth_shore_slope, return number(v, -0.5, 0.5, &s->synth.shore_slope))
SETTER(synth_waves, return number(v, 0, 0.5, &s->synth.wave_slope))
SETTER(synth_pan_sharpened, return set_flag(&s->synth.pan_sharpened))
SETTER(synth_incidence_error, return degrees(v, -10, 10, &s->synth.incidence_error_rad))
SETTER(synth_azimuth_error, return degrees(v, -180, 180, &s->synth.view_azimuth_error_rad))
SETTER(synth_sharpening, return number(v, 0, 3, &s->synth.sharpening))
SETTER(synth_gamma, return number(v, 0.2, 5, &s->synth.gamma))

SETTER(ship_loa, s->load.length_m.sigma = 0.5; return number(v, 10, 500, &s->load.length_m.value))
SETTER(ship_beam, s->load.beam_m.sigma = 0.2; return number(v, 2, 120, &s->load.beam_m.value))
SETTER(ship_freeboard, return number(v, -3, 60, &s->load.freeboard_m.value))
SETTER(ship_draft, return number(v, 0.1, 40, &s->load.draft_m.value))
SETTER(ship_freeboard_before, return number(v, -3, 60, &s->load_before.freeboard_m.value))
SETTER(ship_draft_before, return number(v, 0.1, 40, &s->load_before.draft_m.value))
SETTER(ship_trim, return number(v, -20, 20, &s->load.trim_m))
SETTER(ship_trim_sigma, return number(v, 0, 20, &s->load.trim_sigma_m))
SETTER(ship_lpp, return number(v, 8, 500, &s->load.lpp_m))
SETTER(ship_tank, return number(v, 1, 1e6, &s->load.tank_m3))
SETTER(ship_sigma, return number(v, 0, 20, &s->load_sigma_m))
SETTER(ship_depth, return number(v, 0.5, 60, &s->load.depth_m))
SETTER(ship_summer_freeboard, return number(v, -1, 30, &s->load.summer_freeboard_m))
SETTER(ship_summer_draft, return number(v, 0.3, 40, &s->load.summer_draft_m))
SETTER(ship_dwt, return number(v, 10, 700000, &s->load.dwt_t))
SETTER(ship_displacement, return number(v, 20, 900000, &s->load.displacement_t))
SETTER(ship_lightship, return number(v, 5, 200000, &s->load.lightship_t))
SETTER(ship_tpc, return number(v, 0.1, 400, &s->load.tpc_t_per_cm))
SETTER(ship_gt, return number(v, 10, 500000, &s->load.gt))

/* Relative to water of 60 F (0.99902 t/m3), as the API defines it. */
static bool api_gravity(cli_settings *s, const char *v) {
    double degrees_api;
    if (!number(v, -10, 100, &degrees_api)) return false;
    s->both_densities = isfinite(s->measure.load.density_t_m3);
    s->measure.load.density_t_m3 = 0.99902 * 141.5 / (degrees_api + 131.5);
    return true;
}

static bool bottom_paint(cli_settings *s, const char *v) {
    s->load.bottom = strcmp(v, "seen") == 0 ? PL_BOTTOM_SEEN : PL_BOTTOM_HIDDEN;
    return s->load.bottom == PL_BOTTOM_SEEN || strcmp(v, "hidden") == 0;
}

/* "A,B" */
static bool pair(const char *text, double most_a, double most_b, double *a, double *b) {
    char first[40];
    const char *comma = strchr(text, ',');
    if (!comma || (size_t)(comma - text) >= sizeof first) return false;
    memcpy(first, text, (size_t)(comma - text));
    first[comma - text] = '\0';
    return number(first, -most_a, most_a, a) && number(comma + 1, -most_b, most_b, b);
}

SETTER(at, return pair(v, 360, 90, &s->measure.hint.at_lon_deg, &s->measure.hint.at_lat_deg))
SETTER(at_px, return pair(v, 1e9, 1e9, &s->measure.hint.at_x_px, &s->measure.hint.at_y_px))
SETTER(outline, return set_text(&s->measure.hint.outline_file, v))

static bool format(cli_settings *s, const char *v) {
    s->format_given = true;
    return pl_format_parse(v, &s->format);
}

static bool detector(cli_settings *s, const char *v) {
    bool classical = strcmp(v, "classical") == 0;
    s->detector = classical ? CLI_DETECTOR_CLASSICAL : CLI_DETECTOR_LEARNED;
    return classical || strcmp(v, "learned") == 0;
}

static bool models(cli_settings *s, const char *v) {
    if (strlen(v) >= sizeof s->models_dir) return false;
    pl__text_copy(s->models_dir, sizeof s->models_dir, v);
    return *v != '\0';
}

static bool seed(cli_settings *s, const char *v) {
    double value;
    if (!number(v, 0, 9e15, &value) || value != floor(value)) return false;
    s->measure.load.seed = s->synth.seed = (uint64_t)value;
    return true;
}

static bool convention(cli_settings *s, const char *v) {
    static const char *const WORDS[] = {"auto", "target-to-satellite", "satellite-to-target"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(v, WORDS[i]) == 0) {
            s->measure.scene.convention = (pl_view_convention)i;
            return true;
        }
    }
    return false;
}

static bool log_format(cli_settings *s, const char *v) {
    s->json_log = strcmp(v, "json") == 0;
    return s->json_log || strcmp(v, "text") == 0;
}

static bool count(const char *text, double most, uint64_t *out) {
    double value;
    if (!number(text, 1, most, &value) || value != floor(value)) return false;
    *out = (uint64_t)value;
    return true;
}

SETTER(max_pixels, return count(v, 4e18, &s->measure.scene.trust.max_pixels))

static bool mebibytes(const char *text, uint64_t *out) {
    if (!count(text, 1 << 30, out)) return false;
    *out <<= 20;
    return true;
}

SETTER(max_unpacked, return mebibytes(v, &s->measure.scene.trust.max_unpacked_bytes))

static bool max_window(cli_settings *s, const char *v) {
    if (!mebibytes(v, &s->measure.scene.trust.max_window_bytes)) return false;
    s->measure.port.max_bytes = s->measure.scene.trust.max_window_bytes;
    return true;
}

static bool allow_host(cli_settings *s, const char *v) {
    return set_text(&s->measure.scene.trust.hosts, v) && pl__io_allow_hosts(v);
}

SETTER(cloud_credentials, (void)s; return pl__io_config("PLIMSOLL_CLOUD_CREDENTIALS=YES"))

static bool config(cli_settings *s, const char *v) {
    (void)s;
    return pl__io_config(v);
}

/* In synth the angles are those of the drawn sky; elsewhere they override the metadata. Both are
 * set. */
SETTER(any_sun_azimuth,
       return sun_azimuth(s, v) && degrees(v, -360, 360, &s->synth.sun_azimuth_rad))
SETTER(any_sun_elevation,
       return sun_elevation(s, v) && degrees(v, -90, 90, &s->synth.sun_elevation_rad))
SETTER(any_view_azimuth,
       return view_azimuth(s, v) && degrees(v, -360, 360, &s->synth.view_azimuth_rad))
SETTER(any_incidence, return incidence(s, v) && degrees(v, 0, 89, &s->synth.view_incidence_rad))

static bool sidecar_kind(cli_settings *s, const char *v) {
    static const char *const WORDS[] = {"stac", "imd", "none"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(v, WORDS[i]) == 0) {
            s->synth.sidecar = (pl_sidecar_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- the table ---- */

const cli_option CLI_OPTIONS[] = {
    {"--sun-azimuth", "DEG", FOR_ANGLES | FOR_SYNTH, "where the sun stands, from true north",
     any_sun_azimuth},
    {"--sun-elevation", "DEG", FOR_ANGLES | FOR_SYNTH,
     "the sun's apparent height above the horizon", any_sun_elevation},
    {"--sun-from-shadow", "DEG", FOR_ANGLES,
     "the sun's azimuth read from shadows, where metadata give a date without an hour",
     sun_from_shadow},
    {"--view-azimuth", "DEG", FOR_ANGLES | FOR_SYNTH,
     "from the ship TO the satellite, from true north", any_view_azimuth},
    {"--incidence", "DEG", FOR_ANGLES | FOR_SYNTH,
     "view's angle from the vertical at the ship (not off-nadir, not the satellite's elevation); "
     "at most 65",
     any_incidence},
    {"--view-azimuth-convention", "WORD", FOR_ANGLES,
     "how metadata's view azimuth is read: auto (as the vendor's driver knows it), "
     "target-to-satellite, satellite-to-target",
     convention},
    {"--pixel-size", "M", FOR_ANGLES, "metres a pixel, for pictures without georeference",
     pixel_size},
    {"--water-height", "M", FOR_ANGLES,
     "of the water over the WGS 84 ellipsoid, for raw pictures with an RPC; default the geoid",
     water_height},
    {"--sidecar", "FILE", FOR_ANGLES | NOT_KEY,
     "metadata file, when it does not lie beside the picture under its name", sidecar},
    {"--bands", "WORD,...", FOR_ANGLES,
     "what the bands show, in the picture's order: pan, blue, green, red, nir, other", bands},
    {"--cloud-mask", "FILE", FOR_ANGLES | NOT_KEY,
     "a raster that is not 0 under cloud, or a Planet UDM2; default a UDM2 beside the picture",
     cloud_mask},
    {"--allow-vrt", NULL, FOR_ANGLES, "read VRT pictures, which may name any other file",
     allow_vrt},
    {"--allow-driver", "NAME,...", FOR_ANGLES, "further GDAL drivers that may open a picture",
     allow_driver},
    {"--allow-host", "HOST,...", FOR_ANGLES | NOT_KEY,
     "hosts and buckets that metadata files may name and servers may redirect to", allow_host},
    {"--cloud-credentials", NULL, FOR_ANGLES | NOT_KEY,
     "use cloud keys of the environment and home folder; else requests are unsigned",
     cloud_credentials},
    {"--max-pixels", "N", FOR_ANGLES | NOT_KEY, "of a picture; default 2^36", max_pixels},
    {"--max-bands", "N", FOR_ANGLES | NOT_KEY, "of a file; default 64", max_bands},
    {"--max-window", "MIB", FOR_ANGLES,
     "for one window and what its search needs; larger areas are searched in blocks; default 512",
     max_window},
    {"--max-unpacked", "MIB", FOR_ANGLES | NOT_KEY, "of a picture inside an archive; default 65536",
     max_unpacked},
    {"--max-unpacked-ratio", "N", FOR_ANGLES | NOT_KEY,
     "unpacked to archive size, when unpacked is more than 256 MiB; default 100",
     max_unpacked_ratio},
    {"--port", "NAME", FOR_AREA, "search the water of this port only (models/ports.geojson)", port},
    {"--aoi", "FILE", FOR_AREA | NOT_KEY, "search these GeoJSON polygons only (lon lat)", aoi},
    {"--detector", "WORD", FOR_AREA,
     "classical, or learned: a trained judge beside it (models/ship_judge.onnx); default learned "
     "where its weights are",
     detector},
    {"--min-length", "M", FOR_AREA, "shortest hull that is told; default 40", min_length},
    {"--min-ship-probability", "P", FOR_AREA,
     "of ships that only the learned judge has seen; default 0.9", min_ship_probability},
    {"--at", "LON,LAT", FOR_HINT,
     "the one hull under this place, or nearest to it, also if the usual search misses it; degrees",
     at},
    {"--at-px", "X,Y", FOR_HINT, "the same in pixels, for pictures without georeference", at_px},
    {"--outline", "FILE", FOR_HINT,
     "deck outlines drawn by hand: GeoJSON polygons, one a hull (lon lat; pixels where the picture "
     "has no georeference)",
     outline},
    {"--previous", "FILE", FOR_HINT,
     "an earlier clear picture of the same place: what stood there then is quay, not ship",
     previous},
    {"--models", "DIR", FOR_AREA | FOR_LOAD | NOT_KEY,
     "model tables; else $PLIMSOLL_MODELS, else the installed ones", models},
    {"--model-sigma", "M", FOR_MEASURE,
     "sigma for what rendered scenes cannot show; default 0.15, 0 for rendered scenes",
     model_sigma},
    {"--vessel", "NAME|IMO", FOR_LOAD,
     "which ship it is: named in the rows, and what a registry knows of her is used", vessel},
    {"--vessels", "FILE", FOR_LOAD | NOT_KEY,
     "the registry (CSV); default vessels.csv of the model tables", vessels},
    {"--product", "NAME", FOR_LOAD, "oil, as in models/products.csv; default gas oil", product},
    {"--conversion", "CHART", FOR_LOAD, "barrels per tonne: un1718 (default), unsd, or density",
     conversion},
    {"--density", "T/M3", FOR_LOAD,
     "density of the product at 15 C: what tanks hold; a chart's barrels a tonne stay, "
     "--conversion density takes it",
     density},
    {"--api", "DEG", FOR_LOAD, "the same as API gravity", api_gravity},
    {"--water-density", "T/M3", FOR_LOAD,
     "density of the water; default the port's (models/water_density.csv), else 1.025",
     water_density},
    {"--water-density-sigma", "T/M3", FOR_LOAD, "its sigma; default 0.0025", water_density_sigma},
    {"--seed", "N", FOR_LOAD | FOR_SYNTH, "of the draws; default 1", seed},
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
    {"--length", "M", FOR_SYNTH, "length over all; default 100", synth_length},
    {"--beam", "M", FOR_SYNTH, "beam", synth_beam},
    {"--freeboard", "M", FOR_SYNTH, "deck edge above water amidships", synth_freeboard},
    {"--trim", "M", FOR_SYNTH, "by the stern positive", synth_trim},
    {"--heading", "DEG", FOR_SYNTH, "of the bow, from true north", synth_heading},
    {"--quay", NULL, FOR_SYNTH, "a quay along the starboard side, with fenders", synth_quay},
    {"--no-ship", NULL, FOR_SYNTH, "water only", synth_empty},
    {"--bare", NULL, FOR_SYNTH, "neither superstructure nor deck gear", synth_bare},
    {"--trunk", NULL, FOR_SYNTH, "a raised trunk deck", synth_trunk},
    {"--heel", "DEG", FOR_SYNTH, "to starboard positive", synth_heel},
    {"--sheer", "SHARE", FOR_SYNTH, "of the standard sheer; default 0.5", synth_sheer},
    {"--gunwale", "M", FOR_SYNTH, "radius of the rounded deck edge; default 0", synth_gunwale},
    {"--fishplate", "M", FOR_SYNTH, "height of a plate along the deck edge; default 0",
     synth_fishplate},
    {"--rail", "SHARE", FOR_SYNTH, "opacity of an open rail along the deck edge; default 0",
     synth_rail},
    {"--gear-height", "N", FOR_SYNTH, "deck gear so many times as tall as usual",
     synth_gear_height},
    {"--forecastle", "SHARE", FOR_SYNTH, "of the length, raised and with a bulwark; default 0.1",
     synth_forecastle},
    {"--poop", "SHARE", FOR_SYNTH, "of the length, raised; default 0", synth_poop},
    {"--boot-topping", "M", FOR_SYNTH,
     "height of the line above the water below which the side is red; default 0",
     synth_boot_topping},
    {"--speed", "M/S", FOR_SYNTH, "ahead, with a wake; default 0", synth_speed},
    {"--band-lag", "S", FOR_SYNTH,
     "from one band to the next: a moving ship's bands lie apart; default 0", synth_band_lag},
    {"--jetty", NULL, FOR_SYNTH, "a jetty and dolphins along the starboard side", synth_jetty},
    {"--berth-gap", "M", FOR_SYNTH, "from the side to quay or jetty; default 1", synth_berth_gap},
    {"--berth-height", "M", FOR_SYNTH, "of quay or jetty above the water; default 2.5",
     synth_berth_height},
    {"--neighbour", NULL, FOR_SYNTH, "another ship alongside to starboard", synth_neighbour},
    {"--barge", NULL, FOR_SYNTH, "a bunker barge alongside to port", synth_barge},
    {"--tug", NULL, FOR_SYNTH, "a tug at one side, with her wash", synth_tug},
    {"--contrast", "SHARE", FOR_SYNTH, "how much darker shaded water is; default 0.35",
     synth_contrast},
    {"--attenuation", "1/M", FOR_SYNTH, "diffuse attenuation of the water (0.3 clear, 3 turbid)",
     synth_attenuation},
    {"--swell", "SHARE", FOR_SYNTH, "relative scatter of the water's brightness", synth_swell},
    {"--waves", "SLOPE", FOR_SYNTH,
     "how steep the facets are that mirror the hull; default 0.1, calm 0.01", synth_waves},
    {"--glint", "SHARE", FOR_SYNTH, "mean of the sun's image on the waves, of the water's level",
     synth_glint},
    {"--cloud-shadow", "SHARE", FOR_SYNTH,
     "of sunlight that a cloud takes, with its edge across the ship", synth_cloud_shadow},
    {"--gsd", "M", FOR_SYNTH, "ground pixel; default 0.5", synth_gsd},
    {"--psf", "PX", FOR_SYNTH, "line spread, full width at half maximum; default 1.2", synth_psf},
    {"--snr", "N", FOR_SYNTH, "signal to noise at the water's level; default 80", synth_snr},
    {"--pan-sharpened", NULL, FOR_SYNTH,
     "colours of four times the pixel, their detail from the mean", synth_pan_sharpened},
    {"--sharpening", "N", FOR_SYNTH, "strength of an unsharp mask; default 0", synth_sharpening},
    {"--exposure", "N", FOR_SYNTH, "times the usual; 3 saturates decks; default 1", synth_exposure},
    {"--gamma", "N", FOR_SYNTH, "of the tone curve; default 1: linear", synth_gamma},
    {"--bands", "N", FOR_SYNTH, "1 pan, 3 RGB, 4 with near infrared", synth_bands},
    {"--bits", "N", FOR_SYNTH, "8, 11 or 16", synth_bits},
    {"--size", "PX", FOR_SYNTH, "side of the picture; default what the ship needs", synth_size},
    {"--epsg", "CODE", FOR_SYNTH, "4326, 3857 or a UTM zone; default 32653", synth_epsg},
    {"--lon", "DEG", FOR_SYNTH, "where the ship lies", synth_lon},
    {"--lat", "DEG", FOR_SYNTH, "where the ship lies", synth_lat},
    {"--time", "RFC3339", FOR_SYNTH, "acquisition; default one at which the sun stood so",
     synth_time},
    {"--shore-slope", "N", FOR_SYNTH,
     "rise of the rectifying elevation model to starboard; default 0, 8 m in 90 m is 0.089",
     synth_shore_slope},
    {"--jpeg", "QUALITY", FOR_SYNTH, "compress by JPEG, 8 bits only; default lossless", synth_jpeg},
    {"--mirror", NULL, FOR_SYNTH, "columns of the raster reversed, same ground", synth_mirror},
    {"--incidence-error", "DEG", FOR_SYNTH, "added to what the sidecar states; default 0",
     synth_incidence_error},
    {"--view-azimuth-error", "DEG", FOR_SYNTH, "added to what the sidecar states; default 0",
     synth_azimuth_error},
    {"--sidecar-kind", "WORD", FOR_SYNTH, "stac (default), imd or none", sidecar_kind},
    {"-o", "PATH", FOR_OUT, "where to write", out},
    {"--format", "WORD", FOR_FORMAT,
     "geojson, geojsonl, csv or table; default table on a terminal, else geojson", format},
    {"--timing", NULL, FOR_FORMAT,
     "write the seconds it took into the result (which then differs from run to run)", timing},
    {"--jobs", "N", FOR_JOBS, "measure so many pictures at the same time; default 1", jobs},
    {"--shard", "I/N", FOR_JOBS,
     "only this one of N shares, I from 0; default what a Slurm array or an indexed Kubernetes job "
     "say",
     shard},
    {"--verify", "RESULTS", FOR_JOBS,
     "measure a sample of a store's scenes again and compare row by row", verify},
    {"--sample", "N", FOR_JOBS, "scenes to verify; default 10", sample},
    {"--timeout", "S", FOR_WORKER, "give a picture up after so many seconds; default 300", timeout},
    {"--max-memory", "MB", FOR_WORKER, "most memory that reading a picture may take; default 4096",
     max_memory},
    {"--in-process", NULL, FOR_WORKER,
     "read pictures in this process, without a worker's limits: for debugging, and for pictures "
     "that you trust",
     in_process},
    {"--config", "KEY=VALUE", FOR_ALL | MANY_TIMES, "a GDAL configuration option", config},
    {"--log-format", "WORD", FOR_ALL, "words on stderr as text (default) or json lines",
     log_format},
    {"--quiet", NULL, FOR_ALL, "no warnings, no progress", quiet},
    {"--help", NULL, FOR_ALL, "this", help},
};
const int CLI_OPTION_COUNT = sizeof CLI_OPTIONS / sizeof *CLI_OPTIONS;
_Static_assert(sizeof CLI_OPTIONS / sizeof *CLI_OPTIONS <= CLI_OPTIONS_MOST,
               "cli_parse notes which were seen");
