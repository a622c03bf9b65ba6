/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which items does a STAC collection hold, page after page? To count them is to read what a
 * stranger wrote, so a child process does it, page by page. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/io.h"
#include "run/confine.h"
#include "scene/scene.h"

enum { PAGES_MAX = 10000 };
_Static_assert(sizeof(pl_scene_page) <= 4096, "one write to a pipe is whole up to here");

/* The rest of a child that reads: it tells one page and ends. */
static _Noreturn void tell_and_end(const cli_settings *s, const char *file, int answer_fd) {
    pl_scene_page page;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    if (pl__confine_resources(&s->limits, answer_fd, STDERR_FILENO)) {
        pl__confine_calls(pl__io_file_is_remote(file));
        pl__scene_page(file, &s->measure.scene.trust, &page);
        if (write(PL_WORKER_ANSWER_FD, &page, sizeof page) != sizeof page) _exit(1);
    }
    _exit(0);
}

/* No items: none there, or the child came to grief. Then whoever opens the file will say why. */
static void look_elsewhere(const cli_settings *s, const char *file, pl_scene_page *out) {
    int fds[2];
    *out = (pl_scene_page){.items = 0};
    if (pipe(fds) != 0) return;
    pid_t pid = fork();
    if (pid == 0) tell_and_end(s, file, fds[1]);
    close(fds[1]);
    if (pid > 0) {
        struct pollfd readable = {fds[0], POLLIN, 0};
        pl_scene_page page;
        bool told = poll(&readable, 1, (int)pl__min(1e3 * s->limits.timeout_s, 1e9)) > 0 &&
                    read(fds[0], &page, sizeof page) == sizeof page;
        if (told && page.items >= 0 && page.items <= 1000000 &&
            memchr(page.next, 0, sizeof page.next) && memchr(page.fault, 0, sizeof page.fault))
            *out = page;
        kill(pid, SIGKILL); /* not reaped yet, so the number is still its own */
        waitpid(pid, NULL, 0);
    }
    close(fds[0]);
}

static bool add_items(cli_names *out, const char *file, int count) {
    bool ok = true;
    for (int i = 1; i <= count && ok; i++) {
        char *name = NULL;
        if (asprintf(&name, "%s#%d", file, i) < 0) return false;
        ok = cli_add_name(out, name);
        free(name);
    }
    return ok;
}

static bool add_page(const cli_settings *s, bool many, cli_names *out, const char *file,
                     pl_scene_page *page) {
    if (s->in_process)
        pl__scene_page(file, &s->measure.scene.trust, page);
    else
        look_elsewhere(s, file, page);
    /* a single file is opened under its own name, as is one that is nothing of the kind */
    bool alone = page->items == 0 || (page->items == 1 && !page->next[0]);
    if (!(alone ? cli_add_name(out, file) : add_items(out, file, page->items))) return false;
    if (!page->fault[0]) return true;
    if (many) {
        char *next = NULL; /* apart from the items of this page */
        bool ok = asprintf(&next, "%s#next", file) >= 0 && cli_add_bad_name(out, next, page->fault);
        free(next);
        return ok;
    }
    cli_complain(s, "warning", file, page->fault);
    return true;
}

bool cli_add_collection(const cli_settings *s, bool many, cli_names *out, const char *file) {
    pl_scene_page page;
    cli_names seen = {0};
    bool ok = cli_add_name(&seen, file) && add_page(s, many, out, file, &page);
    while (ok && page.next[0]) {
        char next[sizeof page.next];
        memcpy(next, page.next, sizeof next);
        if (cli_find_name(&seen, next) >= 0 || seen.count == PAGES_MAX) {
            ok = cli_add_bad_name(out, next, "the pages of this collection never end");
            break;
        }
        ok = cli_add_name(&seen, next) && add_page(s, many, out, next, &page);
    }
    cli_drop_names(&seen);
    return ok;
}
