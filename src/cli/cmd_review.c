/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plimsoll review apply` and `plimsoll review show`: an analyst's word on the machine's rows.
 *
 * A file is taken or refused as a whole by its form; entry by entry by what the store has. Loads
 * are worked out with the options and the vessel that the scene was measured with. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/batch.h"
#include "cli/corrected.h"
#include "io/io.h"

enum { FILE_MOST = 17 << 20 };

/* ---- apply ---- */

typedef struct tally {
    int standing, same, stale, unknown, refused;
} tally;

static void say(const cli_settings *s, const pl_review *r, const char *words) {
    char line[400];
    snprintf(line, sizeof line, "%.95s (%.60s): %.200s", r->hull_id, r->analyst, words);
    cli_complain(s, "warning", NULL, line);
}

/* @return false when the store cannot be read. */
static pl_status take(cli_bench *b, pl_store *store, const pl_review *review, pl_arena *arena,
                      pl_review_entry *entry, tally *t, pl_error *error) {
    pl_observation *machine = pl__arena_alloc(arena, sizeof *machine);
    pl_reviewed *reviewed = pl__arena_alloc(arena, sizeof *reviewed);
    char key[65];
    pl_error why = PL_ERROR_INIT;
    *entry = (pl_review_entry){.review = NULL};
    if (!machine || !reviewed) return pl__fail_memory(error, "cli");
    pl_status status = pl_store_hull(store, review->hull_id, machine, key, &why);
    if (status == PL_REFUSED) {
        t->unknown++;
        say(b->settings, review, "no hull of that id in the store");
        return PL_OK;
    }
    if (status != PL_OK) {
        *error = why;
        return status;
    }
    if (strcmp(key, review->row_sha256) != 0) {
        t->stale++;
        say(b->settings, review,
            "stale: it was made on another measurement than the one there; kept, and not used");
        *entry = (pl_review_entry){review, machine->scene_id, NULL};
        return PL_OK;
    }
    if (review->verdict == PL_REVIEW_CORRECT)
        status = cli_correct(b, review, machine, arena, reviewed, &why);
    if (status == PL_E_MEMORY) {
        *error = why;
        return status;
    }
    if (status != PL_OK) {
        t->refused++;
        say(b->settings, review, why.message);
        return PL_OK;
    }
    t->standing++;
    *entry = (pl_review_entry){review, machine->scene_id,
                               review->verdict == PL_REVIEW_CORRECT ? reviewed : NULL};
    return PL_OK;
}

static pl_status apply_all(cli_bench *b, pl_store *store, const pl_review *review, int count,
                           pl_arena *arena, tally *t, pl_error *error) {
    pl_review_entry *entry = pl__arena_array(arena, (size_t)count + 1, sizeof *entry);
    int kept = 0, added = 0;
    if (!entry) return pl__fail_memory(error, "cli");
    pl_status status = cli_bench_open(b, b->settings, store, error);
    for (int i = 0; i < count && status == PL_OK; i++) {
        status = take(b, store, &review[i], arena, &entry[kept], t, error);
        kept += entry[kept].review != NULL;
    }
    if (status == PL_OK) status = pl_store_write_reviews(store, entry, kept, &added, error);
    if (status == PL_OK) t->same = kept - added;
    return status;
}

static void sum_up(const cli_settings *s, int count, const tally *t) {
    char line[300];
    snprintf(line, sizeof line,
             "%d reviews: %d stand, %d stale, %d of hulls that are not there, %d refused; %d were "
             "in the store already",
             count, t->standing, t->stale, t->unknown, t->refused, t->same);
    if (!s->quiet) fprintf(stderr, "plimsoll: %s\n", line);
}

static bool stop_at_once(void *context, const pl_store_review *review) {
    (void)context;
    (void)review;
    return false;
}

static int apply(cli_settings *s, const char *store_name, const char *file) {
    pl_error error = PL_ERROR_INIT;
    cli_bench b = {.settings = s};
    tally t = {0};
    pl_store *store = NULL;
    pl_review *review = NULL;
    struct timespec now = {0};
    char *text = NULL;
    size_t length = 0;
    int count = 0, code = EXIT_NOTHING;
    pl_arena *arena = pl_arena_new(0);
    if (!arena || clock_gettime(CLOCK_REALTIME, &now) != 0) return EXIT_NOTHING;
    pl_status status = pl__io_file_read(file, FILE_MOST, arena, &text, &length, &error);
    if (status == PL_OK)
        status =
            pl_review_read(text, length, file, (double)now.tv_sec, arena, &review, &count, &error);
    if (status != PL_OK) {
        code = cli_fail(s, file, &error);
        goto done;
    }
    status =
        pl_store_reviews(store_name, stop_at_once, NULL, &error); /* is it a store, and there? */
    if (status == PL_OK) status = cli_batch_open_store(s, store_name, &store, &error);
    if (status == PL_OK) status = apply_all(&b, store, review, count, arena, &t, &error);
    pl_status closed = pl_store_close(store, status == PL_OK ? &error : NULL);
    if (status == PL_OK) status = closed;
    if (status != PL_OK) {
        code = cli_fail(s, store_name, &error);
        goto done;
    }
    sum_up(s, count, &t);
    bool all = t.standing == count;
    code = all ? EXIT_DONE : t.standing > 0 || t.stale > 0 ? EXIT_SOME_FAILED : EXIT_NOTHING;
done:
    cli_bench_drop(&b);
    pl_arena_free(arena);
    return code;
}

/* ---- show ---- */

static const char *or_null(const char *text) {
    return *text ? text : NULL;
}

static bool show_one(void *context, const pl_store_review *r) {
    pl_json_out *o = context;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "hull_id", r->hull_id);
    pl__json_put_string(o, "standing", pl_review_standing_name(r->standing));
    pl__json_put_string(o, "verdict", r->verdict);
    pl__json_put_string(o, "analyst", r->analyst);
    pl__json_put_string(o, "remark", or_null(r->remark));
    pl__json_put_string(o, "reviewed_at", or_null(r->reviewed_at));
    pl__json_put_string(o, "applied_at", or_null(r->applied_at));
    pl__json_put_string(o, "machine_status", or_null(r->machine_status));
    pl__json_put_quantity(o, "machine_freeboard_m", "machine_freeboard_sigma_m",
                          r->machine_freeboard_m, 3);
    pl__json_put_number(o, "machine_oil_bbl_p50", r->machine_oil_bbl.p50, 0);
    pl__json_put_string(o, "status", or_null(r->status));
    pl__json_put_quantity(o, "freeboard_m", "freeboard_sigma_m", r->freeboard_m, 3);
    pl__json_put_number(o, "oil_bbl_p05", r->oil_bbl.p05, 0);
    pl__json_put_number(o, "oil_bbl_p50", r->oil_bbl.p50, 0);
    pl__json_put_number(o, "oil_bbl_p95", r->oil_bbl.p95, 0);
    pl__json_end(o);
    return true;
}

static int show(cli_settings *s, const char *store_name) {
    pl_error error = PL_ERROR_INIT;
    pl_json_out *o = pl__json_out_new(true);
    if (!o) return EXIT_NOTHING;
    pl__json_begin_array(o, NULL);
    pl_status status = pl_store_reviews(store_name, show_one, o, &error);
    pl__json_end(o);
    char *text = status == PL_OK ? pl__json_out_finish(o) : NULL;
    pl__json_out_free(o);
    if (status != PL_OK) return cli_fail(s, store_name, &error);
    if (!text) return EXIT_NOTHING;
    printf("%s\n", text);
    free(text);
    return cli_flush(s);
}

int cmd_review(cli_settings *s) {
    const char *deed = s->inputs[0];
    bool applies = strcmp(deed, "apply") == 0, shows = strcmp(deed, "show") == 0;
    const char *words = NULL;
    if (!applies && !shows)
        words = "review wants apply or show (plimsoll review --help)";
    else if (s->input_count != (applies ? 3 : 2))
        words = applies ? "review apply wants RESULTS and a review.json (plimsoll review --help)"
                        : "review show wants RESULTS (plimsoll review --help)";
    else if (!pl_store_is_name(s->inputs[1]))
        words = "review wants RESULTS.gpkg or PG:... (plimsoll review --help)";
    if (words) {
        cli_complain(s, "error", NULL, words);
        return EXIT_USAGE;
    }
    return applies ? apply(s, s->inputs[1], s->inputs[2]) : show(s, s->inputs[1]);
}
