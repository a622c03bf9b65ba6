/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which options say what counts in findings, and against which cap? */
#include <string.h>

#include "cli/options.h"
#include "geo/geo.h"

SETTER(cap, return cli_number(v, 1, 1e12, &s->findings.cap_bbl))
SETTER(since, return pl__geo_day_parse(v, &s->findings.since_s))

SETTER(until, return cli_until(v, &s->findings.until_s))

static bool include(cli_settings *s, const char *v) {
    static const char DUBIOUS[] = "dubious", UNCLEAR[] = "unclear";
    for (;; v++) {
        size_t n = strcspn(v, ",");
        bool dubious = n == sizeof DUBIOUS - 1 && strncmp(v, DUBIOUS, n) == 0,
             unclear = n == sizeof UNCLEAR - 1 && strncmp(v, UNCLEAR, n) == 0;
        if (!dubious && !unclear) return false;
        s->findings.include_dubious |= dubious;
        s->visits.options.use_dubious |= dubious;
        s->findings.include_unclear |= unclear;
        v += n;
        if (!*v) return true;
    }
}

static bool dwt_range(cli_settings *s, const char *v) {
    pl_findings_options *f = &s->findings;
    return cli_pair(v, 1e6, 1e6, &f->dwt_least_t, &f->dwt_most_t) && f->dwt_least_t >= 5 &&
           f->dwt_most_t > f->dwt_least_t;
}

static const cli_option OPTIONS[] = {
    {"--cap", "BBL", FOR_FINDINGS,
     "what may be delivered in a calendar year (UTC), or from --since to --until; default 500000",
     cap},
    {"--since", "DATE", FOR_FINDINGS, "first day that counts, like 2024-03-07", since},
    {"--until", "DATE", FOR_FINDINGS, "last day that counts", until},
    {"--include", "WORD,...", FOR_FINDINGS,
     "what is left out else: dubious (doubtful measurements), unclear (calls of unknown cargo, by "
     "what the ship left with or by the prior)",
     include},
    {"--dwt-range", "MIN,MAX", FOR_FINDINGS,
     "deadweights of ships of whom the table says no size; default any tanker's", dwt_range},
};
const cli_options CLI_FINDINGS_OPTIONS = CLI_OPTIONS_OF(OPTIONS);
