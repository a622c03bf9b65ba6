/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long does a window take, read as plimsoll reads it?
 *
 *     read here|worker FILE X Y W H ROWS
 *
 * `worker` is the way of every command: a child process gives up its rights, opens the scene and
 * reads the window; this process waits for it. `here` is the same without a child. Crops of all
 * bands, ROWS rows at a time. Prints seconds of reading (from the scene's being open to the last
 * pixel) and a sum over the samples; whoever runs it measures the whole process. */
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plimsoll/scene.h"
#include "run/confine.h"

#include "window.h"

static int read_window(const char *file, const char *models, window at) {
    pl_error error = PL_ERROR_INIT;
    pl_scene *scene = NULL;
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    options.models_dir = models;
    pl_status status = pl_scene_open(file, &options, &scene, &error);
    double begin_s = now_s(), sum = 0;
    for (int y = at.y; y < at.y + at.h && status == PL_OK; y += at.rows) {
        pl_crop crop;
        pl_arena *arena = pl_arena_new(0);
        if (!arena) return 1;
        status = pl_scene_crop(scene, at.x, y, at.x + at.w, y + strip_rows(&at, y), 1.0, arena,
                               &crop, &error);
        if (status == PL_OK)
            sum += sum_of(crop.pixels.data, (size_t)crop.pixels.width * (size_t)crop.pixels.height *
                                                (size_t)crop.pixels.bands);
        pl_arena_free(arena);
    }
    if (status != PL_OK) fprintf(stderr, "%s: %s\n", file, error.message);
    int code = tell(status == PL_OK, begin_s, sum);
    pl_scene_close(scene);
    return code;
}

/* What the child prints goes into its answer's pipe: it has no other file. */
static void live(const char *file, const char *models, window at, int answer_fd) {
    const pl_worker_limits limits = PL_WORKER_LIMITS_INIT;
    int words_fd = dup(STDERR_FILENO);
    if (words_fd < 0 || !pl__confine_resources(&limits, answer_fd, words_fd) ||
        dup2(PL_WORKER_ANSWER_FD, STDOUT_FILENO) < 0)
        _exit(1);
    (void)pl__confine_calls(false);
    int code = read_window(file, models, at);
    _exit(fflush(stdout) == 0 ? code : 1);
}

static int with_worker(const char *file, const char *models, window at) {
    int answer[2], status = 1;
    if (pipe(answer) != 0) return 1;
    pid_t pid = fork();
    if (pid == 0) live(file, models, at, answer[1]);
    close(answer[1]);
    char text[200];
    for (ssize_t n; (n = read(answer[0], text, sizeof text)) > 0;)
        fwrite(text, 1, (size_t)n, stdout);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    const char *models = getenv("PLIMSOLL_MODELS");
    if (argc != 8) return 2;
    window at = window_of(argv + 3);
    return strcmp(argv[1], "worker") == 0 ? with_worker(argv[2], models, at)
                                          : read_window(argv[2], models, at);
}
