/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options say what a drawn scene looks like? */
#include <math.h>
#include <string.h>

#include "cli/options.h"
#include "geo/geo.h"

SETTER(synth_length, return cli_number(v, 20, 480, &s->synth.length_m))
SETTER(synth_beam, return cli_number(v, 3, 90, &s->synth.beam_m))
SETTER(synth_freeboard, return cli_number(v, 0.05, 30, &s->synth.freeboard_m))
SETTER(synth_trim, return cli_number(v, -10, 10, &s->synth.trim_m))
SETTER(synth_heading, return cli_degrees(v, -360, 360, &s->synth.heading_rad))
SETTER(synth_contrast, return cli_number(v, 0, 0.95, &s->synth.contrast))
SETTER(synth_attenuation, return cli_number(v, 0.05, 100, &s->synth.attenuation_per_m))
SETTER(synth_swell, return cli_number(v, 0, 0.5, &s->synth.swell))
SETTER(synth_gsd, return cli_number(v, 0.1, 20, &s->synth.gsd_m))
SETTER(synth_psf, return cli_number(v, 0.5, 5, &s->synth.psf_fwhm_px))
SETTER(synth_snr, return cli_number(v, 1, 1e6, &s->synth.snr))
SETTER(synth_bands, return cli_integer(v, 1, 4, &s->synth.bands))
SETTER(synth_bits, return cli_integer(v, 8, 16, &s->synth.bits))
SETTER(synth_size, return cli_integer(v, 32, 20000, &s->synth.size_px))
SETTER(synth_epsg, return cli_integer(v, 1024, 999999, &s->synth.epsg))
SETTER(synth_lon, return cli_number(v, -180, 180, &s->synth.lon_deg))
SETTER(synth_lat, return cli_number(v, -80, 84, &s->synth.lat_deg))
SETTER(synth_time, return pl__geo_time_parse(v, &s->synth.acquired_s))
SETTER(synth_quay, return cli_flag(&s->synth.quay))
SETTER(synth_empty, s->synth.ship = false; return true)
SETTER(synth_mirror, return cli_flag(&s->synth.mirror))
SETTER(synth_bare, s->synth.deck_gear = s->synth.superstructure = false; return true)
SETTER(synth_heel, return cli_degrees(v, -20, 20, &s->synth.heel_rad))
SETTER(synth_sheer, return cli_number(v, 0, 3, &s->synth.sheer_share))
SETTER(synth_gunwale, return cli_number(v, 0, 3, &s->synth.gunwale_radius_m))
SETTER(synth_fishplate, return cli_number(v, 0, 3, &s->synth.fishplate_m))
SETTER(synth_rail, return cli_number(v, 0, 1, &s->synth.rail_opacity))
SETTER(synth_trunk, return cli_flag(&s->synth.trunk))
SETTER(synth_gear_height, return cli_number(v, 0.1, 5, &s->synth.gear_scale))
SETTER(synth_forecastle, return cli_number(v, 0, 0.6, &s->synth.forecastle_share))
SETTER(synth_poop, return cli_number(v, 0, 0.35, &s->synth.poop_share))
SETTER(synth_boot_topping, return cli_number(v, 0, 40, &s->synth.boot_top_m))
SETTER(synth_speed, return cli_number(v, 0, 20, &s->synth.speed_m_s))
SETTER(synth_band_lag, return cli_number(v, -2, 2, &s->synth.band_lag_s))
SETTER(synth_jetty, return cli_flag(&s->synth.jetty))
SETTER(synth_berth_gap, return cli_number(v, 0.1, 20, &s->synth.berth_gap_m))
SETTER(synth_berth_height, return cli_number(v, 0.5, 10, &s->synth.berth_height_m))
SETTER(synth_neighbour, return cli_flag(&s->synth.neighbour))
SETTER(synth_barge, return cli_flag(&s->synth.barge))
SETTER(synth_tug, return cli_flag(&s->synth.tug))
SETTER(synth_glint, return cli_number(v, 0, 5, &s->synth.glint))
SETTER(synth_cloud_shadow, return cli_number(v, 0, 1, &s->synth.cloud_shadow))
SETTER(synth_exposure, return cli_number(v, 0.05, 20, &s->synth.exposure))
SETTER(synth_jpeg, return cli_integer(v, 1, 100, &s->synth.jpeg_quality))
SETTER(synth_shore_slope, return cli_number(v, -0.5, 0.5, &s->synth.shore_slope))
SETTER(synth_waves, return cli_number(v, 0, 0.5, &s->synth.wave_slope))
SETTER(synth_pan_sharpened, return cli_flag(&s->synth.pan_sharpened))
SETTER(synth_incidence_error, return cli_degrees(v, -10, 10, &s->synth.incidence_error_rad))
SETTER(synth_azimuth_error, return cli_degrees(v, -180, 180, &s->synth.view_azimuth_error_rad))
SETTER(synth_sharpening, return cli_number(v, 0, 3, &s->synth.sharpening))
SETTER(synth_gamma, return cli_number(v, 0.2, 5, &s->synth.gamma))

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

static const cli_option OPTIONS[] = {
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
};
const cli_options CLI_SYNTH_OPTIONS = CLI_OPTIONS_OF(OPTIONS);
