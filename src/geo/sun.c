/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where does the sun stand, seen from one place at one time?
 *
 * Given: UTC, longitude and latitude (WGS 84). Returned: azimuth clockwise from true north and
 * apparent elevation of the sun's centre.
 *
 * ERFA does the astronomy. eraApco13 gives the observer's place and motion and Earth's orientation;
 * the direction to the sun is minus its "sun to observer" vector, already topocentric; aberration
 * and precession-nutation bring it to CIRS, eraAtioq to what is observed, refraction in.
 *
 * Notes
 * 1. Air: 1013.25 hPa, 12 C, 70 %, 0.55 micrometres: a mild day at sea level, where tankers float.
 *    A cold high (1040 hPa, -15 C) refracts 14 % more: 0.006 deg at 20 deg elevation.
 * 2. UT1 - UTC is taken as 0: below 0.9 s, 0.004 deg. Polar motion and height likewise 0.
 * 3. The sun's own motion during the light's eight minutes is left out: 0.01 arc seconds.
 * 4. Below 3 deg elevation eraAtioq stops raising the refraction: up to 0.2 deg at the horizon.
 *
 * Accuracy: 0.01 deg above 5 deg elevation (against NREL's published SPA example; tests/geo). */
#include <math.h>

#include <erfa.h>

#include "geo/geo.h"

bool pl__geo_sun(double utc_s, double lon_deg, double lat_deg, double *azimuth_rad,
                 double *elevation_rad) {
    const double pressure_hpa = 1013.25, air_c = 12.0, humidity = 0.7, wavelength_um = 0.55;
    const double first_s = -631152000.0, last_s = 4102444800.0; /* 1950 to 2100 */
    *azimuth_rad = *elevation_rad = NAN;
    if (!(utc_s >= first_s && utc_s <= last_s) || !(fabs(lat_deg) <= 90.0) ||
        !(fabs(lon_deg) <= 360.0))
        return false;
    double day = floor(utc_s / 86400.0);
    eraASTROM astrom;
    double equation_of_origins;
    if (eraApco13(2440587.5 + day, utc_s / 86400.0 - day, 0.0, lon_deg * PL_RAD_PER_DEG,
                  lat_deg * PL_RAD_PER_DEG, 0.0, 0.0, 0.0, pressure_hpa, air_c, humidity,
                  wavelength_um, &astrom, &equation_of_origins) < 0)
        return false;
    double to_sun[3] = {-astrom.eh[0], -astrom.eh[1], -astrom.eh[2]}, proper[3], cirs[3];
    eraAb(to_sun, astrom.v, astrom.em, astrom.bm1, proper);
    eraRxp(astrom.bpn, proper, cirs);
    double right_ascension, declination;
    eraC2s(cirs, &right_ascension, &declination);
    double azimuth, zenith, hour_angle, observed_declination, observed_ascension;
    eraAtioq(right_ascension, declination, &astrom, &azimuth, &zenith, &hour_angle,
             &observed_declination, &observed_ascension);
    *azimuth_rad = pl__geo_wrap(azimuth);
    *elevation_rad = 0.5 * PL_PI - zenith;
    return true;
}

double pl__geo_sky_angle(double azimuth_a, double elevation_a, double azimuth_b,
                         double elevation_b) {
    double turn = azimuth_a - azimuth_b;
    /* as eraSeps: exact for small angles, where an arc cosine loses half its digits */
    double x =
        cos(elevation_a) * sin(elevation_b) - sin(elevation_a) * cos(elevation_b) * cos(turn);
    double y = cos(elevation_b) * sin(turn);
    double z =
        sin(elevation_a) * sin(elevation_b) + cos(elevation_a) * cos(elevation_b) * cos(turn);
    return atan2(hypot(x, y), z);
}
