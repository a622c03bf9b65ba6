/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which resources does a worker give up? All but one thread's worth of files, a limit's worth of
 * memory and time, and the right to gain anything later.
 *
 * Memory is limited as data (RLIMIT_DATA: private writable pages), not as address space: thread
 * stacks and heaps that are reserved and not used would count there, and on a machine of many cores
 * they are larger than any scene. Shared pages, which RLIMIT_DATA does not count, the filter
 * forbids. */
#include "run/confine.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 }; /* the sanitizers' shadow memory alone is larger than any limit */
#endif

enum { FILES_MAX = 256, NO_PROC_FILES = 4096 };

/* Strangers' descriptors lead to /dev/null and stay taken: a library that closes what it thinks is
 * its own must not close ours. */
static bool blind(int fd, int null_fd) {
    bool ours = fd <= STDERR_FILENO || fd == PL_WORKER_ANSWER_FD || fd == null_fd;
    if (ours || fcntl(fd, F_GETFD) < 0) return true;
    return dup3(null_fd, fd, O_CLOEXEC) == fd;
}

static bool blind_strangers(int null_fd, int *highest) {
    bool fine = true;
    *highest = NO_PROC_FILES;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) {
        for (int fd = 0; fd < NO_PROC_FILES; fd++) fine = blind(fd, null_fd) && fine;
        return fine;
    }
    *highest = null_fd;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (*end != '\0' || end == entry->d_name || fd == dirfd(folder)) continue;
        if (fd > *highest) *highest = (int)fd;
        fine = blind((int)fd, null_fd) && fine;
    }
    return closedir(folder) == 0 && fine;
}

static bool keep_three_files(int answer_fd, int words_fd, int *highest) {
    int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_fd < 0) return false;
    /* out of the way of the low numbers, which are about to be given out */
    int answer = fcntl(answer_fd, F_DUPFD_CLOEXEC, PL_WORKER_ANSWER_FD + 1);
    int words = fcntl(words_fd, F_DUPFD_CLOEXEC, PL_WORKER_ANSWER_FD + 1);
    int null = fcntl(null_fd, F_DUPFD_CLOEXEC, PL_WORKER_ANSWER_FD + 1);
    bool fine = answer >= 0 && words >= 0 && null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
                dup2(null, STDOUT_FILENO) >= 0 && dup2(words, STDERR_FILENO) >= 0 &&
                dup2(answer, PL_WORKER_ANSWER_FD) >= 0;
    return fine && blind_strangers(null, highest);
}

static bool limit(__rlimit_resource_t what, rlim_t most) {
    struct rlimit now;
    if (getrlimit(what, &now) != 0) return false;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most) most = now.rlim_max;
    return setrlimit(what, &(struct rlimit){most, most}) == 0;
}

/* Processor time of all threads together; the parent's clock is the one that counts, this one is
 * for a parent that is gone. */
static bool limit_time(double timeout_s) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    double seconds = ceil(timeout_s) * (double)(cores > 0 ? cores : 1) + 5.0;
    return seconds > 1e9 || limit(RLIMIT_CPU, (rlim_t)seconds);
}

static bool limit_memory(double memory_mb) {
    double bytes = memory_mb * 1048576.0;
    return SANITIZED || bytes > 9e18 || limit(RLIMIT_DATA, (rlim_t)bytes);
}

bool pl__confine_resources(const pl_worker_limits *limits, int answer_fd, int words_fd) {
    int highest = 0;
    if (!keep_three_files(answer_fd, words_fd, &highest)) return false;
    rlim_t files = (rlim_t)highest + FILES_MAX;
    return limit(RLIMIT_NOFILE, files) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
           limit_time(limits->timeout_s) && limit_memory(limits->memory_mb) &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}
