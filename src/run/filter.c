/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which system calls may a worker make? Those on this list. Everything else fails as if it were not
 * permitted, so that a library which merely asks for too much goes on; what only an attacker asks
 * for ends the worker.
 *
 * A filter sees numbers, not what pointers point to. So clone3, openat2 and the like, whose flags
 * lie in memory, do not exist here (ENOSYS): the C library then uses the older calls, whose flags
 * can be seen. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "run/confine.h"

static const char *const ALLOWED[] = {
    /* files that are open */
    "read", "pread64", "readv", "preadv", "preadv2", "lseek", "_llseek", "close", "dup", "dup2",
    "dup3", "fadvise64", "readahead", "getdents", "getdents64", "fstat", "fstat64", "fstatfs",
    "fstatfs64", "poll", "ppoll",
    /* to answers, which lie in the pipe */
    "write", "writev", "pwrite64",
    /* files by name: looking, not touching; opening has conditions, below */
    "stat", "stat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getcwd", "statfs", "statfs64",
    /* memory; mapping has conditions */
    "brk", "munmap", "mremap", "madvise",
    /* threads; starting one has conditions */
    "futex", "set_robust_list", "get_robust_list", "set_tid_address", "rseq", "arch_prctl",
    "membarrier", "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    "getcpu", "exit", "exit_group", "gettid",
    /* signals of its own */
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "restart_syscall",
    /* time and the machine */
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "times", "getrusage", "uname", "sysinfo", "getrandom", "getpid", "getppid", "getuid", "geteuid",
    "getgid", "getegid", "getpriority"};

static const char *const NETWORK[] = {"connect",    "getsockname", "getpeername", "getsockopt",
                                      "setsockopt", "sendto",      "sendmsg",     "sendmmsg",
                                      "recvfrom",   "recvmsg",     "shutdown",    "socketpair",
                                      "eventfd2",   "pipe2",       "select",      "pselect6",
                                      "epoll_wait", "epoll_pwait", "epoll_ctl",   "epoll_create1"};

static const char *const ABSENT[] = {"clone3", "openat2", "io_uring_setup", "memfd_create"};

/* No decoder asks for these by mistake. */
static const char *const FATAL[] = {
    "execve",     "execveat",    "ptrace", "process_vm_readv", "process_vm_writev",
    "pidfd_open", "pidfd_getfd", "bpf",    "init_module",      "finit_module",
    "mount",      "unshare",     "setns",  "userfaultfd",      "keyctl",
    "add_key",    "request_key"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* One rule with up to two conditions. A call that this machine does not have needs none. */
static bool rule(scmp_filter_ctx filter, uint32_t action, const char *name, unsigned conditions,
                 const struct scmp_arg_cmp *condition) {
    int number = seccomp_syscall_resolve_name(name);
    return number < 0 || seccomp_rule_add_array(filter, action, number, conditions, condition) == 0;
}

static bool rules(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count) {
    bool fine = true;
    for (size_t i = 0; i < count; i++) fine = rule(filter, action, names[i], 0, NULL) && fine;
    return fine;
}

static struct scmp_arg_cmp masked(unsigned argument, uint64_t mask, uint64_t value) {
    return (struct scmp_arg_cmp){argument, SCMP_CMP_MASKED_EQ, mask, value};
}

/* For ints: the kernel does not look at the upper half, which may hold anything. */
static struct scmp_arg_cmp equal(unsigned argument, int value) {
    return masked(argument, 0xffffffffu, (uint32_t)value);
}

/* Files are opened to be read; what may be opened is the user's own permissions' affair. */
static bool opening(scmp_filter_ctx filter) {
    const uint64_t harm = O_ACCMODE | O_CREAT | O_TRUNC;
    struct scmp_arg_cmp old = masked(1, harm, O_RDONLY), now = masked(2, harm, O_RDONLY);
    return rule(filter, SCMP_ACT_ALLOW, "open", 1, &old) &&
           rule(filter, SCMP_ACT_ALLOW, "openat", 1, &now);
}

/* Private pages only. Code comes from files (libraries that load late), never from data. */
static bool mapping(scmp_filter_ctx filter) {
    struct scmp_arg_cmp data[] = {masked(2, PROT_EXEC, 0), masked(3, MAP_TYPE, MAP_PRIVATE)};
    struct scmp_arg_cmp code[] = {masked(2, PROT_EXEC | PROT_WRITE, PROT_EXEC),
                                  masked(3, MAP_TYPE | MAP_ANONYMOUS, MAP_PRIVATE)};
    struct scmp_arg_cmp change = masked(2, PROT_EXEC, 0);
    return rule(filter, SCMP_ACT_ALLOW, "mmap", 2, data) &&
           rule(filter, SCMP_ACT_ALLOW, "mmap", 2, code) &&
           rule(filter, SCMP_ACT_ALLOW, "mmap2", 2, data) &&
           rule(filter, SCMP_ACT_ALLOW, "mmap2", 2, code) &&
           rule(filter, SCMP_ACT_ALLOW, "mprotect", 1, &change);
}

/* Threads yes, processes no; signals and limits of its own only. */
static bool processes(scmp_filter_ctx filter) {
    struct scmp_arg_cmp thread = masked(0, CLONE_THREAD, CLONE_THREAD), self = equal(0, getpid());
    struct scmp_arg_cmp ask[] = {equal(0, 0), masked(2, UINT64_MAX, 0)};
    return rule(filter, SCMP_ACT_ALLOW, "clone", 1, &thread) &&
           rule(filter, SCMP_ACT_ALLOW, "tgkill", 1, &self) &&
           rule(filter, SCMP_ACT_ALLOW, "prlimit64", 2, ask);
}

/* Not F_SETOWN and F_SETSIG: they send signals to anybody. */
static bool descriptors(scmp_filter_ctx filter) {
    static const int WORDS[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD,
                                F_GETFL, F_SETFL,         F_GETLK, F_SETLK};
    bool fine = true;
    for (size_t i = 0; i < COUNT(WORDS); i++) {
        struct scmp_arg_cmp word = equal(1, WORDS[i]);
        fine = rule(filter, SCMP_ACT_ALLOW, "fcntl", 1, &word) && fine;
        fine = rule(filter, SCMP_ACT_ALLOW, "fcntl64", 1, &word) && fine;
    }
    return fine;
}

static bool sockets(scmp_filter_ctx filter) {
    struct scmp_arg_cmp v4 = equal(0, AF_INET), v6 = equal(0, AF_INET6),
                        waiting = equal(1, FIONREAD);
    return rules(filter, SCMP_ACT_ALLOW, NETWORK, COUNT(NETWORK)) &&
           rule(filter, SCMP_ACT_ALLOW, "socket", 1, &v4) &&
           rule(filter, SCMP_ACT_ALLOW, "socket", 1, &v6) &&
           rule(filter, SCMP_ACT_ALLOW, "ioctl", 1, &waiting);
}

bool pl__confine_calls(bool network) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) return false;
    bool fine = rules(filter, SCMP_ACT_ALLOW, ALLOWED, COUNT(ALLOWED)) &&
                rules(filter, SCMP_ACT_ERRNO(ENOSYS), ABSENT, COUNT(ABSENT)) &&
                rules(filter, SCMP_ACT_KILL_PROCESS, FATAL, COUNT(FATAL)) && opening(filter) &&
                mapping(filter) && processes(filter) && descriptors(filter) &&
                (!network || sockets(filter)) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return fine;
}
