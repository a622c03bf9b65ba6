/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options say which visits are wanted, and what is known of ports and ships beforehand? */
#include <string.h>

#include "cli/options.h"
#include "geo/geo.h"

SETTER(since, return pl__geo_day_parse(v, &s->visits.since_s))
SETTER(until, return cli_until(v, &s->visits.until_s))
SETTER(port, return cli_text(&s->visits.port, v))
SETTER(identify, return cli_text(&s->visits.identify, v))
SETTER(dubious, return cli_flag(&s->visits.options.use_dubious))
SETTER(others, return cli_flag(&s->visits.options.all_classes))
SETTER(keep, return cli_flag(&s->visits.keep))

static bool direction(cli_settings *s, const char *v) {
    s->visits.options.port_does =
        strcmp(v, "loading") == 0 ? PL_DIRECTION_LOADING : PL_DIRECTION_DISCHARGING;
    return strcmp(v, "loading") == 0 || strcmp(v, "discharging") == 0;
}

static const cli_option OPTIONS[] = {
    {"--port", "NAME", FOR_VISITS | FOR_FINDINGS, "visits of this port alone, as the rows name it",
     port},
    {"--since", "DATE", FOR_VISITS, "visits that were seen on that day or later, like 2024-03-07",
     since},
    {"--until", "DATE", FOR_VISITS, "visits that were seen on that day or before", until},
    {"--direction", "WORD", FOR_VISITS | FOR_FINDINGS,
     "what tankers do at the port: loading or discharging; default as the calls show, if they do",
     direction},
    {"--identify", "FILE", FOR_VISITS | FOR_FINDINGS,
     "what an analyst knows of hulls: a table with hull_id, or lon, lat, from, until; and "
     "vessel_name, vessel_imo, same_as or different_from",
     identify},
    {"--dubious", NULL, FOR_VISITS, "take numbers of dubious hulls, too; such visits are dubious",
     dubious},
    {"--others", NULL, FOR_VISITS | FOR_FINDINGS, "take hulls that are not tankers, too", others},
    {"--keep", NULL, FOR_VISITS, "write them into the layer visits of RESULTS, too", keep},
};
const cli_options CLI_VISITS_OPTIONS = CLI_OPTIONS_OF(OPTIONS);
