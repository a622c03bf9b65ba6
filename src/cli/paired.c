/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do a store's hulls become visits, for all commands that ask? */
#include <math.h>
#include <stdlib.h>

#include "cli/cli.h"

static pl_status identify(const cli_settings *s, cli_paired *v, pl_error *error) {
    if (!s->visits.identify) return PL_OK;
    pl_status status = pl_identities_open(s->visits.identify, &v->identities, error);
    if (status == PL_OK)
        status = pl_identities_apply(v->identities, v->seen.observation, v->seen.count, error);
    return status;
}

pl_status cli_paired_find(cli_settings *s, cli_paired *v, pl_error *error) {
    *v = (cli_paired){.arena = pl_arena_new(0)};
    pl_status status = v->arena ? PL_OK : pl__fail_memory(error, "cli");
    if (status == PL_OK) status = cli_open_models(s, &v->fleet, error);
    if (status == PL_OK) status = cli_open_registry(s, error);
    if (status == PL_OK) status = pl_visit_models_open(s->models_dir, &v->models, error);
    if (status == PL_OK) status = pl_store_sightings(s->inputs[0], s->visits.port, &v->seen, error);
    if (status == PL_OK) status = identify(s, v, error);
    if (status != PL_OK) return status;
    pl_sighted sighted = {v->seen.observation, v->seen.count, v->seen.coverage,
                          v->seen.coverage_count, v->identities};
    pl_visit_options options = s->visits.options;
    options.load = s->measure.load;
    options.vessels = s->registry;
    return pl_visits_find(v->models, v->fleet, &sighted, &options, v->arena, &v->list, error);
}

void cli_paired_free(cli_paired *v) {
    pl_sightings_free(&v->seen);
    pl_identities_free(v->identities);
    pl_visit_models_free(v->models);
    pl_load_models_free(v->fleet);
    pl_arena_free(v->arena);
}
