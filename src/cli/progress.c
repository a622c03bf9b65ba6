/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far is a batch, and how long will it take?
 *
 * A bar on a terminal, now and then a line elsewhere. The time to go is told from what pictures
 * have taken in this run, those that were done before apart, for they take a hundredth: else a
 * resumed run would promise an hour as a minute. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"

static const double DRAW_EVERY_S = 0.2, LINE_EVERY_S = 60.0;
static const double MEMORY = 0.02; /* weight of the newest picture, once there are fifty */

void cli_duration(double seconds, char *out, size_t size) {
    double s = round(pl__max(seconds, 0.0));
    if (!(s < 1e8))
        snprintf(out, size, "?");
    else if (s < 120.0)
        snprintf(out, size, "%.0f s", s);
    else if (s < 7200.0)
        snprintf(out, size, "%.0f min", s / 60.0);
    else
        snprintf(out, size, "%.0f h %02.0f min", floor(s / 3600.0),
                 floor((s - 3600.0 * floor(s / 3600.0)) / 60.0));
}

void cli_progress_begin(cli_progress *p, cli_settings *s, int all, int expect_kept) {
    const char *terminal = getenv("TERM");
    *p = (cli_progress){.settings = s, .all = all, .expect_kept = expect_kept};
    p->begin_s = p->last_s = p->drawn_s = cli_now_s();
    p->on_terminal = !s->quiet && !s->json_log && isatty(STDERR_FILENO) &&
                     !(terminal && strcmp(terminal, "dumb") == 0);
}

/* A mean that forgets: pictures of one delivery are alike, and lie together. */
static void learn(double *mean, int *count, double seconds) {
    double weight = pl__max(1.0 / ++*count, MEMORY);
    *mean += weight * (seconds - *mean);
}

void cli_progress_add(cli_progress *p, bool kept, bool failed, double seconds) {
    p->ended++;
    p->kept += kept;
    p->failed += failed;
    p->last_s = cli_now_s();
    p->work_s += seconds;
    if (kept)
        learn(&p->kept_s, &p->kept_count, seconds);
    else
        learn(&p->new_s, &p->new_count, seconds);
}

double cli_progress_eta_s(const cli_progress *p) {
    int left = p->all - p->ended, like_kept = p->expect_kept - p->kept;
    if (left == 0) return 0.0;
    if (like_kept < 0) like_kept = 0;
    if (like_kept > left) like_kept = left;
    int like_new = left - like_kept;
    if (p->ended < 2 || (like_new > 0 && p->new_count < 2)) return NAN;
    double work_s = like_new * p->new_s + like_kept * (p->kept_count ? p->kept_s : p->new_s);
    /* what a second of a picture's own has cost: less with several at a time, more for the rest */
    double rate = (p->last_s - p->begin_s) / pl__max(p->work_s, 1e-9);
    double since_s = pl__min(cli_now_s() - p->last_s, p->new_s);
    return pl__max(rate * work_s - since_s, 0.0);
}

static int columns(void) {
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void describe(const cli_progress *p, char *out, size_t size) {
    char eta[32] = "?", failed[32] = "";
    double left_s = cli_progress_eta_s(p);
    if (isfinite(left_s)) cli_duration(left_s, eta, sizeof eta);
    if (p->failed) snprintf(failed, sizeof failed, ", %d failed", p->failed);
    snprintf(out, size, "%d of %d%s, %s to go", p->ended, p->all, failed, eta);
}

static void draw(const cli_progress *p, cli_settings *s) {
    char words[160], bar[61] = "";
    describe(p, words, sizeof words);
    int room = columns() - (int)strlen(words) - 5;
    int length = room > 60 ? 60 : room;
    if (length >= 8) {
        int full = p->all ? (int)((long long)length * p->ended / p->all) : length;
        memset(bar, '#', (size_t)full);
        memset(bar + full, '.', (size_t)(length - full));
        bar[length] = '\0';
        fprintf(stderr, "\r\033[K[%s] %s", bar, words);
    } else {
        fprintf(stderr, "\r\033[K%.*s", columns() - 1, words);
    }
    s->bar = true;
}

void cli_progress_show(cli_progress *p, cli_settings *s) {
    double now_s = cli_now_s();
    if (s->quiet || s->json_log) return; /* as JSON each picture has its line */
    if (now_s - p->drawn_s < (p->on_terminal ? DRAW_EVERY_S : LINE_EVERY_S)) return;
    p->drawn_s = now_s;
    if (p->on_terminal) {
        draw(p, s);
        return;
    }
    char words[160];
    describe(p, words, sizeof words);
    fprintf(stderr, "plimsoll: %s\n", words);
}

void cli_progress_clear(cli_settings *s) {
    if (s->bar) fputs("\r\033[K", stderr);
    s->bar = false;
}
