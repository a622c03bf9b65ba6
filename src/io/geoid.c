/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How high over the WGS 84 ellipsoid does the sea lie, by PROJ's grids?
 *
 * The finest grid that is installed answers: EGM2008 or EGM96, in either file format. Over the sea
 * the two differ by less than a metre nearly everywhere. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/gdal.h"

static const char *const GRIDS[] = {"us_nga_egm08_25.tif", "egm08_25.gtx", "us_nga_egm96_15.tif",
                                    "egm96_15.gtx"};
enum { GRID_COUNT = sizeof GRIDS / sizeof *GRIDS };

/* Degrees in, degrees out, the undulation added to the height. NULL: no such grid here. */
static OGRCoordinateTransformationH open_grid(const char *grid) {
    char *steps = NULL;
    OGRCoordinateTransformationH map = NULL;
    OGRCoordinateTransformationOptionsH options = OCTNewCoordinateTransformationOptions();
    if (asprintf(&steps,
                 "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
                 "+step +proj=vgridshift +grids=%s +multiplier=1 "
                 "+step +proj=unitconvert +xy_in=rad +xy_out=deg",
                 grid) < 0)
        steps = NULL;
    if (options && steps && OCTCoordinateTransformationOptionsSetOperation(options, steps, FALSE))
        map = OCTNewCoordinateTransformationEx(NULL, NULL, options);
    if (options) OCTDestroyCoordinateTransformationOptions(options);
    free(steps);
    return map;
}

bool pl__io_geoid(double lon_deg, double lat_deg, double *undulation_m, const char **grid) {
    bool found = false;
    *undulation_m = NAN;
    *grid = NULL;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    for (int i = 0; i < GRID_COUNT && !found; i++) {
        OGRCoordinateTransformationH map = open_grid(GRIDS[i]);
        double x = lon_deg, y = lat_deg, z = 0.0;
        int success = 0;
        if (!map) continue;
        OCTTransformEx(map, 1, &x, &y, &z, &success);
        found = success && isfinite(z) && fabs(z) < 200.0; /* it lies between -107 and 86 m */
        if (found) {
            *undulation_m = z;
            *grid = GRIDS[i];
        }
        OCTDestroyCoordinateTransformation(map);
    }
    pl__gdal_end(&gdal);
    return found;
}
