/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does `plimsoll batch` say: of the store, of each picture, and at the end? */
#include "cli/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"

/* ---- reasons ---- */

static const char *without_file(const char *message, const char *file) {
    size_t length = strlen(file);
    bool named = length && strncmp(message, file, length) == 0;
    return named && strncmp(message + length, ": ", 2) == 0 ? message + length + 2 : message;
}

void cli_reasons_add(cli_reasons *r, const char *file, const char *message) {
    const char *words = without_file(message, file);
    for (int i = 0; i < r->count; i++) {
        if (strcmp(r->reason[i].words, words) != 0) continue;
        r->reason[i].times++;
        return;
    }
    if (r->count == (int)(sizeof r->reason / sizeof *r->reason)) return;
    char *copy = strdup(words);
    if (!copy) return;
    r->reason[r->count].words = copy;
    r->reason[r->count++].times = 1;
}

void cli_reasons_drop(cli_reasons *r) {
    for (int i = 0; i < r->count; i++) free(r->reason[i].words);
    r->count = 0;
}

/* ---- the store ---- */

bool cli_batch_is_store(const char *name) {
    return name && pl_store_is_name(name);
}

pl_status cli_batch_open_store(cli_settings *s, const char *name, pl_store **out, pl_error *error) {
    pl_store_listener listener = cli_store_listener(s);
    return pl_store_open(name, &listener, out, error);
}

int cli_batch_fail_store(const cli_settings *s, const pl_error *error) {
    return cli_fail(s, s->verify ? s->verify : s->out, error);
}

/* ---- lines ---- */

static pl_json_out *begin_line(const char *event) {
    pl_json_out *o = pl__json_out_new(false);
    if (!o) return NULL;
    pl__json_begin_object(o, NULL);
    pl__json_put_string(o, "level", "info");
    pl__json_put_string(o, "event", event);
    return o;
}

static void end_line(pl_json_out *o) {
    pl__json_end(o);
    char *text = pl__json_out_finish(o);
    if (text) fprintf(stderr, "%s\n", text);
    free(text);
    pl__json_out_free(o);
}

void cli_batch_say(const cli_settings *s, const char *event, const char *words) {
    if (s->quiet) return;
    pl_json_out *o = s->json_log ? begin_line(event) : NULL;
    if (o) {
        pl__json_put_string(o, "message", words);
        end_line(o);
    } else {
        fprintf(stderr, "plimsoll: %s\n", words);
    }
}

void cli_batch_tell_picture(const cli_progress *p, const char *item, const pl_answer *answer,
                            const char *status, double seconds) {
    const pl_scene_info *scene = &answer->result.scene;
    if (!p->settings->json_log || p->settings->quiet) return;
    pl_json_out *o = begin_line("picture");
    if (!o) return;
    pl__json_put_string(o, "item", item);
    pl__json_put_string(o, "scene_id", answer->opened ? scene->id : NULL);
    pl__json_put_string(o, "status", status);
    if (strcmp(status, "done") == 0) pl__json_put_integer(o, "hulls", answer->result.count);
    pl__json_put_number(o, "seconds", seconds, 3);
    pl__json_put_number(o, "peak_mb", answer->peak_mb, 1);
    pl__json_put_integer(o, "ended", p->ended);
    pl__json_put_integer(o, "of", p->all);
    pl__json_put_number(o, "eta_s", cli_progress_eta_s(p), 1);
    end_line(o);
}

/* ---- the end ---- */

static void sum_json(const cli_batch_sum *sum) {
    pl_json_out *o = begin_line("end");
    if (!o) return;
    pl__json_put_integer(o, "pictures", sum->all);
    pl__json_put_integer(o, "done", sum->done);
    pl__json_put_integer(o, "kept", sum->kept);
    pl__json_put_integer(o, "failed", sum->failed);
    pl__json_put_integer(o, "remaining", sum->all - sum->done - sum->failed);
    pl__json_put_integer(o, "hulls_measured", sum->measured);
    pl__json_put_integer(o, "hulls_dubious", sum->dubious);
    pl__json_put_integer(o, "hulls_refused", sum->refused);
    pl__json_put_number(o, "seconds", sum->seconds, 1);
    pl__json_put_bool(o, "interrupted", sum->interrupted);
    pl__json_begin_object(o, "reasons");
    for (int i = 0; i < sum->reasons->count; i++)
        pl__json_put_integer(o, sum->reasons->reason[i].words, sum->reasons->reason[i].times);
    pl__json_end(o);
    end_line(o);
}

static void print_row(const char *what, int count, const char *words) {
    fprintf(stderr, "  %-12s %6d%s%s\n", what, count, *words ? "  " : "", words);
}

/* Words of libraries and file names, on one line. */
static void print_reason(const char *words, int times) {
    char line[200];
    pl__text_copy(line, sizeof line, words);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = ' ';
    print_row("", times, line);
}

static void sum_table(const cli_batch_sum *sum) {
    char took[32];
    int remaining = sum->all - sum->done - sum->failed;
    cli_duration(sum->seconds, took, sizeof took);
    fprintf(stderr, "\n  pictures     %6d  in %s\n", sum->all, took);
    print_row("measured", sum->done - sum->kept, "");
    if (sum->kept) print_row("kept", sum->kept, "done before, and nothing has changed");
    if (sum->failed) print_row("failed", sum->failed, "the next run tries them again");
    for (int i = 0; i < sum->reasons->count; i++)
        print_reason(sum->reasons->reason[i].words, sum->reasons->reason[i].times);
    if (remaining) print_row("remaining", remaining, "the same command goes on with them");
    fputc('\n', stderr);
}

void cli_batch_sum_up(const cli_settings *s, const cli_batch_sum *sum) {
    if (s->quiet) return;
    if (s->json_log) {
        sum_json(sum);
        return;
    }
    sum_table(sum);
    fprintf(stderr,
            "%d of %d pictures done, %d failed; hulls: %d measured, %d dubious, %d refused\n",
            sum->done, sum->all, sum->failed, sum->measured, sum->dubious, sum->refused);
}
