/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What if a decoder is taken over? This one is: it stands in for GDAL's (linked into a test, or
 * preloaded into the program), and a picture called evil_<deed>.tif makes it do the deed. All other
 * pictures go to GDAL. A deed that is tried and refused ends the process with REFUSED. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "evil.h"

static void end(bool refused) {
    _exit(refused ? EVIL_REFUSED : EVIL_DONE);
}

static bool denied(long result) {
    return result == -1 && (errno == EPERM || errno == ENOSYS);
}

/* ---- accidents ---- */

static void crash(const char *name) {
    (void)name;
    raise(SIGSEGV);
}

static void loop(const char *name) {
    (void)name;
    for (volatile unsigned n = 0;; n++) {
    }
}

static void wait_for_ever(const char *name) {
    (void)name;
    for (;;) pause();
}

static void eat(const char *name) {
    (void)name;
    const size_t piece = (size_t)16 << 20, far_too_much = (size_t)1 << 30;
    for (size_t had = 0; had < far_too_much; had += piece) {
        char *more = malloc(piece);
        if (!more) { /* as the C++ library says it */
            fputs("terminate called after throwing an instance of 'std::bad_alloc'\n", stderr);
            abort();
        }
        memset(more, 1, piece);
    }
    end(false);
}

static void give_up(const char *name) {
    (void)name;
    _exit(3);
}

static void chatter(const char *name) { /* more words than a pipe holds must not hang anybody */
    (void)name;
    for (int i = 0; i < 100000; i++) fputs("warning: this picture is odd\n", stderr);
    end(true);
}

/* ---- lies ---- */

static void say(uint32_t kind, uint64_t size, const void *data, size_t have) {
    struct {
        uint32_t kind, index;
        uint64_t size;
    } head = {kind, 0, size};
    if (write(EVIL_ANSWER_FD, &head, sizeof head) < 0 ||
        (have && write(EVIL_ANSWER_FD, data, have) < 0))
        _exit(1);
}

static void noise(const char *name) {
    (void)name;
    uint32_t bytes[4096], state = 1;
    for (size_t i = 0; i < 4096; i++) bytes[i] = state = state * 1664525u + 1013904223u;
    if (write(EVIL_ANSWER_FD, bytes, sizeof bytes) < 0) _exit(1);
    _exit(0);
}

static void large(const char *name) {
    (void)name;
    say(2, UINT64_MAX, NULL, 0);
    wait_for_ever(name);
}

static void short_scene(const char *name) {
    (void)name;
    say(2, 10, "0123456789", 10);
    wait_for_ever(name);
}

static void early_result(const char *name) {
    (void)name;
    say(3, 0, NULL, 0);
    wait_for_ever(name);
}

static void early_end(const char *name) { /* "all went well", and nothing to show for it */
    char fine[4 + 16 + 240] = {0};
    (void)name;
    say(5, sizeof fine, fine, sizeof fine);
    _exit(0);
}

static void early_chip(const char *name) {
    (void)name;
    say(6, 10, "0123456789", 10);
    wait_for_ever(name);
}

static void endless(const char *name) { /* a large record that never ends */
    char zero[4096] = {0};
    (void)name;
    say(2, 1 << 28, NULL, 0);
    while (write(EVIL_ANSWER_FD, zero, sizeof zero) > 0) {
    }
    wait_for_ever(name);
}

static void silent(const char *name) { /* hangs up and stays */
    close(EVIL_ANSWER_FD);
    wait_for_ever(name);
}

/* ---- break-outs ---- */

static void write_file(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s.loot", name);
    bool refused = denied(open(path, O_WRONLY | O_CREAT, 0600)) && denied(open(name, O_RDWR)) &&
                   denied(open(name, O_RDONLY | O_TRUNC)) && denied(creat(path, 0600));
    refused = refused && denied(unlink(name)) && denied(rename(name, path)) &&
              denied(chmod(name, 0777)) && denied(mkdir(path, 0700)) &&
              denied(symlink(name, path)) && denied(link(name, path)) &&
              denied(truncate(name, 0)) && denied(chdir("/"));
    end(refused);
}

static void write_inherited(const char *name) { /* the test holds files open for writing */
    (void)name;
    for (int fd = EVIL_ANSWER_FD + 1; fd < 64; fd++) {
        if (write(fd, "loot", 4) < 0) errno = 0;
        if (!denied(ftruncate(fd, 0))) end(false);
    }
    end(true);
}

static void use_socket(const char *name) {
    int pair[2];
    (void)name;
    end(denied(socket(AF_INET, SOCK_STREAM, 0)) && denied(socket(AF_UNIX, SOCK_STREAM, 0)) &&
        denied(socketpair(AF_UNIX, SOCK_STREAM, 0, pair)));
}

static void kill_parent(const char *name) {
    (void)name;
    bool refused = denied(kill(getppid(), SIGKILL)) &&
                   denied(syscall(SYS_tgkill, getppid(), getppid(), SIGKILL)) &&
                   denied(fcntl(EVIL_ANSWER_FD, F_SETOWN, getppid())) &&
                   denied(fcntl(EVIL_ANSWER_FD, F_SETSIG, SIGKILL));
    end(refused && denied(kill(-1, SIGCONT)));
}

static void make_process(const char *name) {
    (void)name;
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    end(denied(pid));
}

static void run_code(const char *name) { /* data must not become code */
    (void)name;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool refused = page != MAP_FAILED && denied(mprotect(page, 4096, PROT_READ | PROT_EXEC));
    refused = refused && mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
    refused = refused && mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                              0) == MAP_FAILED;
    /* shared pages would not count as its memory */
    refused = refused && mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                              0) == MAP_FAILED;
    end(refused);
}

static void lift_limits(const char *name) {
    (void)name;
    struct rlimit limit;
    bool known = getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_max == 0 &&
                 getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
    end(known && denied(setrlimit(RLIMIT_CORE, &limit)) && denied(setpriority(PRIO_PROCESS, 0, 5)));
}

static void run_program(const char *name) {
    char *const arguments[] = {(char *)"true", NULL};
    (void)name;
    execv("/bin/true", arguments);
    end(false);
}

static void trace_parent(const char *name) {
    (void)name;
    ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
    end(false);
}

static void read_parent(const char *name) {
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    (void)name;
    process_vm_readv(getppid(), &here, 1, &there, 1, 0);
    end(false);
}

static const struct {
    const char *name;
    void (*act)(const char *picture);
} DEEDS[] = {
    {"crash", crash},         {"loop", loop},
    {"wait", wait_for_ever},  {"eat", eat},
    {"giveup", give_up},      {"chatter", chatter},
    {"noise", noise},         {"large", large},
    {"scene", short_scene},   {"result", early_result},
    {"end", early_end},       {"chip", early_chip},
    {"endless", endless},     {"silent", silent},
    {"write", write_file},    {"inherited", write_inherited},
    {"socket", use_socket},   {"kill", kill_parent},
    {"fork", make_process},   {"code", run_code},
    {"limits", lift_limits},  {"exec", run_program},
    {"ptrace", trace_parent}, {"vm", read_parent},
};

void *GDALOpenEx(const char *name, unsigned flags, const char *const *drivers,
                 const char *const *options, const char *const *siblings) {
    typedef void *(*opener)(const char *, unsigned, const char *const *, const char *const *,
                            const char *const *);
    const char *deed = strstr(name, "evil_");
    for (size_t i = 0; deed && i < sizeof DEEDS / sizeof *DEEDS; i++) {
        size_t length = strlen(DEEDS[i].name);
        if (strncmp(deed + 5, DEEDS[i].name, length) == 0 && deed[5 + length] == '.')
            DEEDS[i].act(name);
    }
    opener real;
    *(void **)&real = dlsym(RTLD_NEXT, "GDALOpenEx");
    return real ? real(name, flags, drivers, options, siblings) : NULL;
}
