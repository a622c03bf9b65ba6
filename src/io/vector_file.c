/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a GeoPackage come to be whole or not at all?
 *
 * It is made under a name of its own beside the one it is to have, and linked there when it is
 * whole; of two programs that do so at once one is first, and the other uses that one's file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/io.h"

pl_status pl__vector_is_there(const char *path, bool *there, pl_error *error) {
    struct stat about;
    *there = false;
    if (stat(path, &about) != 0) {
        if (errno == ENOENT) return PL_OK;
        return pl__fail(error, PL_E_IO, "io", "%s", strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) return pl__fail(error, PL_E_IO, "io", "is a folder");
    if (!S_ISREG(about.st_mode)) return pl__fail(error, PL_E_IO, "io", "is no regular file");
    *there = about.st_size > 0; /* an empty one is what a creation left that came to nothing */
    return PL_OK;
}

/* SQLite writes a journal beside the file. */
pl_status pl__vector_may_write(const char *path, pl_error *error) {
    char folder[1024];
    pl__text_copy(folder, sizeof folder, path);
    char *slash = strrchr(folder, '/');
    if (access(path, W_OK) != 0)
        return pl__fail(error, PL_E_IO, "io", "cannot be written to: %s", strerror(errno));
    if (slash) slash[slash == folder ? 1 : 0] = '\0';
    if (access(slash ? folder : ".", W_OK) != 0)
        return pl__fail(error, PL_E_IO, "io", "its folder cannot be written to: %s",
                        strerror(errno));
    return PL_OK;
}

bool pl__vector_same_file(const char *a, const char *b) {
    struct stat about_a, about_b;
    return stat(a, &about_a) == 0 && stat(b, &about_b) == 0 && about_a.st_dev == about_b.st_dev &&
           about_a.st_ino == about_b.st_ino;
}

pl_status pl__vector_new_name(const char *path, char *out, size_t size, pl_error *error) {
    int n = snprintf(out, size, "%s.%ld.new", path, (long)getpid());
    if (n < 0 || (size_t)n >= size)
        return pl__fail(error, PL_E_USAGE, "io", "the name of the store is too long");
    unlink(out); /* of a process of that number which was killed */
    int fd = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return pl__fail(error, PL_E_IO, "io", "cannot create: %s", strerror(errno));
    close(fd);
    unlink(out); /* OGR wants to make it itself */
    return PL_OK;
}

void pl__vector_discard(const char *made) {
    char journal[1100];
    int n = snprintf(journal, sizeof journal, "%s-journal", made);
    unlink(made);
    if (n > 0 && (size_t)n < sizeof journal) unlink(journal);
}

pl_status pl__vector_publish(const char *made, const char *path, pl_error *error) {
    struct stat about;
    bool empty = stat(path, &about) == 0 && about.st_size == 0;
    int failed = empty ? rename(made, path) : link(made, path);
    if (failed && errno != EEXIST && !empty) /* a file system without links */
        failed = access(path, F_OK) == 0 ? 0 : rename(made, path);
    int why = failed ? errno : 0;
    pl__vector_discard(made);
    if (!failed || why == EEXIST) return PL_OK;
    return pl__fail(error, PL_E_IO, "io", "cannot create: %s", strerror(why));
}
