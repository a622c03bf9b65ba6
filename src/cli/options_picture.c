/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options say what a picture is, what of it is looked at, and what its files may do? */
#include <math.h>
#include <string.h>

#include "cli/options.h"
#include "io/io.h"

SETTER(sun_azimuth, return cli_degrees(v, -360, 360, &s->measure.scene.sun_azimuth_rad))
SETTER(sun_elevation, return cli_degrees(v, -90, 90, &s->measure.scene.sun_elevation_rad))
SETTER(view_azimuth, return cli_degrees(v, -360, 360, &s->measure.scene.view_azimuth_rad))
SETTER(incidence,
       return cli_degrees(v, 0, PL_INCIDENCE_MOST_DEG, &s->measure.scene.view_incidence_rad))
SETTER(sun_from_shadow, return cli_degrees(v, -360, 360, &s->measure.scene.sun_from_shadow_rad))
SETTER(pixel_size, return cli_number(v, 0.01, 1000, &s->measure.scene.pixel_size_m))
SETTER(water_height, return cli_number(v, -500, 9000, &s->measure.scene.water_height_m))
SETTER(sidecar, return cli_text(&s->measure.scene.sidecar, v))
SETTER(bands, return cli_text(&s->measure.scene.bands, v))
SETTER(cloud_mask, return cli_text(&s->measure.scene.cloud_mask, v))
SETTER(allow_vrt, return cli_flag(&s->measure.scene.trust.allow_vrt))
SETTER(allow_driver, return cli_text(&s->measure.scene.trust.drivers, v))
SETTER(max_bands, return cli_integer(v, 1, 65535, &s->measure.scene.trust.max_bands))
SETTER(max_unpacked_ratio, return cli_number(v, 1, 1e9, &s->measure.scene.trust.max_unpacked_ratio))
SETTER(port, return cli_text(&s->measure.port.port, v))
SETTER(previous, return cli_text(&s->measure.previous, v))
SETTER(aoi, return cli_text(&s->measure.port.aoi_file, v))
SETTER(min_length, return cli_number(v, 5, 400, &s->measure.hull.min_length_m))
SETTER(min_ship_probability, return cli_number(v, 0, 1, &s->measure.hull.min_ship_probability))
SETTER(at, return cli_pair(v, 360, 90, &s->measure.hint.at_lon_deg, &s->measure.hint.at_lat_deg))
SETTER(at_px, return cli_pair(v, 1e9, 1e9, &s->measure.hint.at_x_px, &s->measure.hint.at_y_px))
SETTER(outline, return cli_text(&s->measure.hint.outline_file, v))

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

SETTER(max_pixels, return cli_size(v, 4e18, &s->measure.scene.trust.max_pixels))

static bool mebibytes(const char *text, uint64_t *out) {
    if (!cli_size(text, 1 << 30, out)) return false;
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
    return cli_text(&s->measure.scene.trust.hosts, v) && pl__io_allow_hosts(v);
}

SETTER(cloud_credentials, (void)s; return pl__io_config("PLIMSOLL_CLOUD_CREDENTIALS=YES"))

/* In synth the angles are those of the drawn sky; elsewhere they override the metadata. Both are
 * set. */
SETTER(any_sun_azimuth,
       return sun_azimuth(s, v) && cli_degrees(v, -360, 360, &s->synth.sun_azimuth_rad))

SETTER(any_sun_elevation,
       return sun_elevation(s, v) && cli_degrees(v, -90, 90, &s->synth.sun_elevation_rad))
SETTER(any_view_azimuth,
       return view_azimuth(s, v) && cli_degrees(v, -360, 360, &s->synth.view_azimuth_rad))
SETTER(any_incidence, return incidence(s, v) && cli_degrees(v, 0, 89, &s->synth.view_incidence_rad))

static const cli_option OPTIONS[] = {
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
     "of ships that only the learned judge has seen; default 0.9, and 0.5 for those in open water "
     "in a picture in colour",
     min_ship_probability},
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
    {"--models", "DIR", FOR_AREA | FOR_LOAD | FOR_OIL | FOR_TABLES | NOT_KEY,
     "model tables; else $PLIMSOLL_MODELS, else the installed ones", models},
};
const cli_options CLI_PICTURE_OPTIONS = CLI_OPTIONS_OF(OPTIONS);
