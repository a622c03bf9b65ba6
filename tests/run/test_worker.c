/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does whatever a decoder does in a worker cost one picture and no more? And is an honest answer
 * the same as without a worker?
 *
 * evil.c stands in for GDAL's opener. This program must stay of one thread until the last test. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "evil.h"
#include "plimsoll/plimsoll.h"
#include "run/key.h"

#if defined(__SANITIZE_ADDRESS__)
enum {
    SANITIZED = 1
}; /* its shadow takes the place of a memory limit, its handlers that of SEGV */
#else
enum { SANITIZED = 0 };
#endif

static char folder[] = "/tmp/plimsoll-worker-XXXXXX";

static pl_job job_for(const char *file) {
    pl_job job = {.file = file, .options = PL_MEASURE_OPTIONS_INIT};
    job.options.port.models_dir = job.options.scene.models_dir = PL_SOURCE_DIR "/models";
    job.options.detection_only = true;
    return job;
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Does the deed in a worker; its status, and the words in error. */
static pl_status try_deed(const char *deed, const pl_worker_limits *limits, pl_error *error) {
    char file[256];
    snprintf(file, sizeof file, "%s/evil_%s.tif", folder, deed);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs("II*.not much of a picture", out);
    fclose(out);
    pl_arena *arena = pl_arena_new(0);
    pl_answer answer;
    pl_job job = job_for(file);
    *error = (pl_error)PL_ERROR_INIT;
    pl_status status = pl_job_run_isolated(&job, limits, arena, &answer, error);
    assert_int_equal(answer.result.count, 0);
    pl_arena_free(arena);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left, not even unreaped */
    return status;
}

static void expect(const char *deed, pl_status status, const char *words) {
    static const pl_worker_limits LIMITS = {60.0, 400.0, 0};
    pl_error error;
    pl_status got = try_deed(deed, &LIMITS, &error);
    if (got != status || !strstr(error.message, words))
        fail_msg("%s: status %d, '%s'; wanted %d, '%s'", deed, (int)got, error.message, (int)status,
                 words);
}

static void accidents(void **state) {
    (void)state;
    expect("crash", PL_E_INTERNAL, SANITIZED ? "the decoder" : "the decoder crashed (signal 11)");
    if (!SANITIZED) expect("eat", PL_E_MEMORY, "out of memory (limit 400 MB)");
    expect("giveup", PL_E_INTERNAL, "ended without an answer (exit 3)");
    expect("chatter", PL_E_INTERNAL, "(exit 40)");
}

static void time_is_limited(void **state) {
    (void)state;
    static const char *const DEEDS[] = {"loop", "wait"};
    static const pl_worker_limits SHORT = {0.4, 4096.0, 0};
    for (size_t i = 0; i < sizeof DEEDS / sizeof *DEEDS; i++) {
        pl_error error;
        double begin = now_s();
        assert_int_equal(try_deed(DEEDS[i], &SHORT, &error), PL_E_LIMIT);
        assert_string_equal(error.message, "no answer in 0.4 s");
        assert_true(now_s() - begin < 5.0); /* a busy machine may be late */
    }
}

static void lies(void **state) {
    (void)state;
    expect("noise", PL_E_INTERNAL, "answered nonsense");
    expect("large", PL_E_INTERNAL, "answered nonsense (more than it may say)");
    expect("scene", PL_E_INTERNAL, "answered nonsense (it ends too early)");
    expect("result", PL_E_INTERNAL, "answered nonsense (a result out of turn)");
    expect("chip", PL_E_INTERNAL, "answered nonsense (a chip out of turn)");
    expect("endless", PL_E_INTERNAL, "answered nonsense");
    expect("end", PL_E_INTERNAL, "answered half");
    expect("silent", PL_E_MEMORY, "killed"); /* by us: it had hung up and would not go */
}

static void break_outs(void **state) {
    (void)state;
    static const char *const REFUSED[] = {"write", "socket", "kill", "fork", "code", "limits"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        expect(REFUSED[i], PL_E_INTERNAL, "(exit 40)");
    static const char *const FATAL[] = {"exec", "ptrace", "vm"};
    for (size_t i = 0; i < sizeof FATAL / sizeof *FATAL; i++)
        expect(FATAL[i], PL_E_INTERNAL, "tried to break out");
}

static void files_of_the_parent_are_out_of_reach(void **state) {
    (void)state;
    char file[256];
    struct stat info;
    snprintf(file, sizeof file, "%s/kept", folder);
    int low = open(file, O_RDWR | O_CREAT, 0600), high = fcntl(low, F_DUPFD, 50);
    assert_true(low >= 0 && high >= 50);
    assert_int_equal(write(low, "kept", 4), 4);
    expect("inherited", PL_E_INTERNAL, "(exit 40)");
    assert_int_equal(fstat(low, &info), 0);
    assert_int_equal(info.st_size, 4);
    close(low);
    close(high);
}

/* ---- honest work ---- */

static char *text_of(const pl_answer *answer) {
    char *text = NULL;
    assert_int_equal(pl_result_text(&answer->result, 1, PL_FORMAT_GEOJSON, true, &text, NULL),
                     PL_OK);
    return text;
}

typedef struct sheets {
    int count;
    uint64_t sum;
} sheets;

static pl_status add_up(void *context, const pl_result *result, const pl_result_row *row,
                        const pl_drawing *sheet, pl_error *error) {
    sheets *s = context;
    (void)error;
    assert_ptr_equal(row, &result->row[s->count]);
    s->count++;
    for (size_t i = 0; i < (size_t)PL_DRAWING_WIDTH * PL_DRAWING_HEIGHT * 3; i++)
        s->sum = s->sum * 31 + sheet->rgb[i];
    return PL_OK;
}

static uint64_t sum_of(uint64_t sum, const void *data, size_t size) {
    for (size_t i = 0; i < size; i++) sum = sum * 31 + ((const unsigned char *)data)[i];
    return sum;
}

static pl_status add_up_chip(void *context, const pl_result *result, pl_result_row *row,
                             const pl_chip *c, pl_error *error) {
    sheets *s = context;
    (void)error;
    assert_ptr_equal(row, &result->row[s->count]);
    s->count++;
    size_t strip = (size_t)c->strip_width * (size_t)c->strip_height,
           raw = (size_t)c->raw_width * (size_t)c->raw_height * (size_t)c->raw_bands;
    assert_true(raw > 0);
    s->sum = sum_of(s->sum, c->picture, 3 * (size_t)c->side_px * (size_t)c->side_px);
    s->sum = sum_of(s->sum, c->strip, 3 * strip);
    s->sum = sum_of(s->sum, c->drawn, 3 * (size_t)c->drawn_width * (size_t)c->drawn_height);
    s->sum = sum_of(s->sum, c->raw, raw * sizeof *c->raw);
    s->sum = sum_of(s->sum, c->from_input, sizeof c->from_input);
    s->sum = sum_of(s->sum, c->raw_affine, sizeof c->raw_affine);
    snprintf(row->tile, sizeof row->tile, "chip %d", s->count);
    return PL_OK;
}

static pl_status no_room(void *context, const pl_result *result, const pl_result_row *row,
                         const pl_drawing *sheet, pl_error *error) {
    (void)context, (void)result, (void)row, (void)sheet;
    if (error) snprintf(error->message, sizeof error->message, "no room for the sheet");
    return PL_E_IO;
}

static const char *const SAMPLES[] = {"berth", "empty", "laden", "pair_after", "refused"};
enum { SAMPLE_COUNT = sizeof SAMPLES / sizeof *SAMPLES };

static void sample_file(int i, char file[512]) {
    snprintf(file, 512, "%s/samples/%s.tif", PL_SOURCE_DIR, SAMPLES[i]);
}

static void same_answer_as_in_process(void **state) {
    (void)state;
    pl_load_models *models = NULL;
    assert_int_equal(pl_load_models_open(PL_SOURCE_DIR "/models", &models, NULL), PL_OK);
    static const pl_worker_limits LIMITS = PL_WORKER_LIMITS_INIT;
    pl_arena *arena[2] = {pl_arena_new(0), pl_arena_new(0)};
    char *text[2][SAMPLE_COUNT], file[512];
    sheets drawn[2][SAMPLE_COUNT] = {{{0}}};
    for (int here = 0; here < 2; here++) { /* workers first: afterwards there may be threads */
        for (int i = 0; i < SAMPLE_COUNT; i++) {
            sample_file(i, file);
            pl_error error = PL_ERROR_INIT;
            pl_answer answer;
            pl_job job = job_for(file);
            job.options.detection_only = false;
            job.models = models;
            job.sheet = add_up;
            job.context = &drawn[here][i];
            pl_status status =
                here ? pl_job_run(&job, arena[here], &answer, &error)
                     : pl_job_run_isolated(&job, &LIMITS, arena[here], &answer, &error);
            if (status != PL_OK) fail_msg("%s: %s", file, error.message);
            assert_int_equal(answer.confined, !here);
            assert_int_equal(drawn[here][i].count, answer.result.count);
            job.sheet = NULL;
            job.chip = add_up_chip;
            drawn[here][i].count = 0;
            status = here ? pl_job_run(&job, arena[here], &answer, &error)
                          : pl_job_run_isolated(&job, &LIMITS, arena[here], &answer, &error);
            if (status != PL_OK) fail_msg("%s: %s", file, error.message);
            assert_int_equal(drawn[here][i].count, answer.result.count);
            if (answer.result.count) assert_string_equal(answer.result.row[0].tile, "chip 1");
            text[here][i] = text_of(&answer);
        }
    }
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        assert_string_equal(text[0][i], text[1][i]);
        assert_true(drawn[0][i].sum == drawn[1][i].sum);
        free(text[0][i]);
        free(text[1][i]);
    }
    pl_arena_free(arena[0]);
    pl_arena_free(arena[1]);
    pl_load_models_free(models);
}

static void description_and_errors_pass(void **state) {
    (void)state;
    static const pl_worker_limits LIMITS = PL_WORKER_LIMITS_INIT, NO_TIME = {0, 100, 0};
    pl_error error = PL_ERROR_INIT;
    pl_answer answer;
    pl_arena *arena = pl_arena_new(0);
    char file[512];
    sample_file(0, file);
    pl_job job = job_for(file);
    job.depth = PL_JOB_DESCRIBE;
    assert_int_equal(pl_job_run_isolated(&job, &LIMITS, arena, &answer, &error), PL_OK);
    assert_true(answer.opened);
    assert_string_equal(answer.result.scene.file, file);
    assert_non_null(strstr(answer.ports, "Vostochny")); /* 42.7 N 133.1 E */

    job = job_for("/nowhere/at all.tif");
    assert_int_equal(pl_job_run_isolated(&job, &LIMITS, arena, &answer, &error), PL_E_IO);
    assert_non_null(strstr(error.message, "No such file"));
    assert_false(answer.opened);

    job = job_for(file);
    job.options.port.port = "Atlantis";
    assert_int_equal(pl_job_run_isolated(&job, &LIMITS, arena, &answer, &error), PL_E_USAGE);
    assert_true(answer.opened); /* its warnings can be told */

    job = job_for(file);
    job.sheet = no_room;
    assert_int_equal(pl_job_run_isolated(&job, &LIMITS, arena, &answer, &error), PL_E_IO);
    assert_string_equal(error.message, "no room for the sheet");
    assert_int_equal(pl_job_run_isolated(&job, &NO_TIME, arena, &answer, &error), PL_E_USAGE);
    pl_arena_free(arena);
}

typedef struct asking {
    int times;
    bool answer;
    char sha256[65];
    char key[PL_KEY_SIZE];
} asking;

static bool ask(void *context, const pl_scene_info *scene) {
    static const char BASE[PL_KEY_SIZE] = "base";
    asking *a = context;
    a->times++;
    memcpy(a->sha256, scene->sha256, sizeof a->sha256);
    assert_true(pl__key_scene(BASE, scene, a->key));
    return a->answer;
}

/* Who asks is asked once, here, with the hashes; who wants nothing gets nothing, and no failure.
 * The key made before is the key of the answer. */
static void wanted_is_asked_before_anything_is_measured(void **state) {
    (void)state;
    static const pl_worker_limits LIMITS = PL_WORKER_LIMITS_INIT;
    static const char BASE[PL_KEY_SIZE] = "base";
    char file[512], key[PL_KEY_SIZE];
    pl_error error = PL_ERROR_INIT;
    pl_answer answer;
    sample_file(0, file);
    for (int wants = 0; wants < 2; wants++) {
        pl_arena *arena = pl_arena_new(0);
        asking a = {.answer = wants == 1};
        pl_job job = job_for(file);
        job.wanted = ask;
        job.context = &a;
        assert_int_equal(pl_job_run_isolated(&job, &LIMITS, arena, &answer, &error), PL_OK);
        assert_int_equal(a.times, 1);
        assert_int_equal(strlen(a.sha256), 64);
        assert_true(answer.opened);
        assert_int_equal(answer.unwanted, wants == 0);
        assert_int_equal(answer.result.count > 0, wants == 1);
        assert_true(answer.peak_mb > 5.0 && answer.peak_mb < 4096.0);
        if (wants) {
            assert_true(pl__key_scene(BASE, &answer.result.scene, key));
            assert_string_equal(key, a.key);
        }
        pl_arena_free(arena);
    }
}

/* Each thing that the key is made of makes another key; without one of the hashes there is none. */
static void a_key_is_of_everything(void **state) {
    (void)state;
    static const char BASE[PL_KEY_SIZE] = "base", OTHER[PL_KEY_SIZE] = "basf";
    pl_scene_info *scene = calloc(1, sizeof *scene);
    char key[8][PL_KEY_SIZE];
    assert_non_null(scene);
    strcpy(scene->id, "a");
    strcpy(scene->sha256, "1");
    strcpy(scene->sidecar, "a.json");
    strcpy(scene->sidecar_sha256, "2");
    assert_true(pl__key_scene(BASE, scene, key[0]));
    assert_true(pl__key_scene(OTHER, scene, key[1]));
    strcpy(scene->sidecar_sha256, "3");
    assert_true(pl__key_scene(BASE, scene, key[2]));
    strcpy(scene->sha256, "3");
    strcpy(scene->sidecar_sha256, "1");
    assert_true(pl__key_scene(BASE, scene, key[3]));
    scene->used_count = 1;
    assert_false(pl__key_scene(BASE, scene, key[4])); /* its hash is not known */
    assert_string_equal(key[4], "");
    strcpy(scene->used_sha256[0], "4");
    assert_true(pl__key_scene(BASE, scene, key[4]));
    strcpy(scene->id, "b");
    assert_true(pl__key_scene(BASE, scene, key[5]));
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < i; k++) assert_string_not_equal(key[i], key[k]);
    scene->used_count = PL_USED_MAX; /* there may have been more than are noted */
    for (int i = 0; i < PL_USED_MAX; i++) strcpy(scene->used_sha256[i], "5");
    assert_false(pl__key_scene(BASE, scene, key[6]));
    scene->used_count = 0;
    scene->sha256[0] = '\0';
    assert_false(pl__key_scene(BASE, scene, key[7]));
    free(scene);
}

static void several_at_once(void **state) {
    (void)state;
    static const pl_worker_limits LIMITS = PL_WORKER_LIMITS_INIT;
    pl_worker *worker[SAMPLE_COUNT], *unwanted;
    pl_arena *arena[SAMPLE_COUNT];
    char file[512];
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        sample_file(i, file);
        pl_job job = job_for(file); /* file is written over at once: the worker has its own */
        arena[i] = pl_arena_new(0);
        assert_int_equal(pl_worker_start(&job, &LIMITS, arena[i], &worker[i], NULL), PL_OK);
    }
    pl_job job = job_for(file);
    assert_int_equal(pl_worker_start(&job, &LIMITS, arena[0], &unwanted, NULL), PL_OK);
    pl_worker_stop(unwanted);
    pl_worker_stop(NULL);
    for (int i = SAMPLE_COUNT; i-- > 0;) { /* in any order */
        pl_answer answer;
        while (!pl_worker_advance(worker[i])) {
            struct pollfd readable = {pl_worker_fd(worker[i]), POLLIN, 0};
            assert_true(pl_worker_seconds_left(worker[i]) <= 300.0);
            poll(&readable, 1, 1000);
        }
        assert_int_equal(pl_worker_finish(worker[i], &answer, NULL), PL_OK);
        sample_file(i, file);
        assert_string_equal(answer.result.scene.file, file);
        pl_arena_free(arena[i]);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* A machine that refuses filters: limits remain, the answer is the same, and says so. */
static void a_kernel_without_filters(void **state) {
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        scmp_filter_ctx refuse = seccomp_init(SCMP_ACT_ALLOW);
        struct scmp_arg_cmp by_prctl = {0, SCMP_CMP_EQ, 22 /* PR_SET_SECCOMP */, 0};
        seccomp_rule_add(refuse, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 0);
        seccomp_rule_add_array(refuse, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1, &by_prctl);
        if (seccomp_load(refuse) != 0) _exit(2);
        static const pl_worker_limits LIMITS = PL_WORKER_LIMITS_INIT;
        pl_answer answer;
        char file[512];
        sample_file(0, file);
        pl_job job = job_for(file);
        pl_status status = pl_job_run_isolated(&job, &LIMITS, pl_arena_new(0), &answer, NULL);
        _exit(status == PL_OK && !answer.confined && answer.result.count == 1 ? 0 : 1);
    }
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_int_equal(how, 0);
}

static void *sleep_for_ever(void *nothing) {
    for (;;) pause();
    return nothing;
}

static void threads_are_noticed(void **state) {
    (void)state;
    static const pl_worker_limits LIMITS = PL_WORKER_LIMITS_INIT;
    pl_error error = PL_ERROR_INIT;
    pl_answer answer;
    pthread_t thread;
    pl_job job = job_for("any.tif");
    assert_int_equal(pthread_create(&thread, NULL, sleep_for_ever, NULL), 0);
    assert_int_equal(pl_job_run_isolated(&job, &LIMITS, NULL, &answer, &error), PL_E_USAGE);
    assert_non_null(strstr(error.message, "several threads"));
}

static int remove_folder(void **state) {
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accidents),
        cmocka_unit_test(time_is_limited),
        cmocka_unit_test(lies),
        cmocka_unit_test(break_outs),
        cmocka_unit_test(files_of_the_parent_are_out_of_reach),
        cmocka_unit_test(description_and_errors_pass),
        cmocka_unit_test(wanted_is_asked_before_anything_is_measured),
        cmocka_unit_test(a_key_is_of_everything),
        cmocka_unit_test(several_at_once),
        cmocka_unit_test(a_kernel_without_filters),
        cmocka_unit_test(same_answer_as_in_process),
        cmocka_unit_test(threads_are_noticed),
    };
    if (!mkdtemp(folder)) return 1;
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
