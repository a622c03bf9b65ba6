/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does every member of an answer travel, and can bytes from a stranger do harm?
 *
 * A packed result is changed at random, as a fuzzer would, and unpacked: either it is refused, or
 * what comes out keeps every promise that a result makes. Under the sanitizers (make asan) a step
 * outside a buffer is seen as well. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plimsoll/plimsoll.h"
#include "run/wire.h"

/* ---- every member has a row ---- */

static size_t alignment(const pl_wire_field *f) {
    switch (f->kind) {
    case PL_WIRE_REAL:
    case PL_WIRE_BITS:
    case PL_WIRE_POINTS:
    case PL_WIRE_LIST:
    case PL_WIRE_GROUP: /* every group here holds a double */
        return 8;
    case PL_WIRE_FLOAT:
    case PL_WIRE_INTEGER:
        return 4;
    default:
        return 1;
    }
}

static size_t rounded(size_t at, size_t to) {
    return (at + to - 1) / to * to;
}

/* Each row begins where the one before it ended, but for what alignment asks for. */
static void every_byte_is_described_up_to(const pl_wire_form *form, size_t end) {
    size_t at = 0, widest = 1;
    for (int i = 0; i < form->count; i++) {
        const pl_wire_field *f = &form->field[i];
        widest = alignment(f) > widest ? alignment(f) : widest;
        if (f->offset != rounded(at, alignment(f)))
            fail_msg("%s: no row for what lies between bytes %zu and %zu", form->name, at,
                     f->offset);
        at = f->offset + f->size;
        if (f->counter != PL_WIRE_WHOLE) assert_true(f->counter < (long)f->offset);
        if (f->form) {
            assert_int_equal(f->form->size, f->piece);
            every_byte_is_described_up_to(f->form, f->form->size);
        }
    }
    if (rounded(at, widest) != end)
        fail_msg("%s: no row for the end, from byte %zu", form->name, at);
}

static void every_byte_is_described(const pl_wire_form *form) {
    every_byte_is_described_up_to(form, form->size);
}

static void every_member_travels(void **state) {
    (void)state;
    every_byte_is_described(&PL__WIRE_RESULT);
    every_byte_is_described(&PL__WIRE_SCENE);
    every_byte_is_described(&PL__WIRE_ERROR);
    every_byte_is_described_up_to(&PL__WIRE_CHIP, offsetof(pl_chip, picture)); /* pixels follow */
    /* the tables' highest codes are the enums' last */
    assert_non_null(pl_source_name(PL_SOURCE_DERIVED));
    assert_null(pl_source_name((pl_source)(PL_SOURCE_DERIVED + 1)));
    assert_non_null(pl_band_name(PL_BAND_ALPHA));
    assert_null(pl_band_name((pl_band_role)(PL_BAND_ALPHA + 1)));
    assert_non_null(pl_load_state_name(PL_LADEN));
    assert_null(pl_load_state_name((pl_load_state)(PL_LADEN + 1)));
}

/* ---- a result and its bytes ---- */

static const pl_result *measure(pl_arena *arena) {
    static pl_answer answer;
    pl_error error = PL_ERROR_INIT;
    pl_load_models *models = NULL;
    assert_int_equal(pl_load_models_open(PL_SOURCE_DIR "/models", &models, &error), PL_OK);
    pl_job job = {.file = PL_SOURCE_DIR "/samples/laden.tif",
                  .options = PL_MEASURE_OPTIONS_INIT,
                  .models = models};
    job.options.port.models_dir = job.options.scene.models_dir = PL_SOURCE_DIR "/models";
    if (pl_job_run(&job, arena, &answer, &error) != PL_OK) fail_msg("%s", error.message);
    pl_load_models_free(models);
    assert_int_equal(answer.result.count, 1);
    return &answer.result;
}

static char *text_of(const pl_result *result) {
    char *text = NULL;
    assert_int_equal(pl_result_text(result, 1, PL_FORMAT_GEOJSON, true, &text, NULL), PL_OK);
    return text;
}

static const char *unpack(const unsigned char *bytes, size_t size, pl_arena *arena,
                          pl_result *out) {
    pl_wire_in in = {bytes, size, 0, NULL};
    memset(out, 0, sizeof *out);
    pl__wire_get(&in, &PL__WIRE_RESULT, arena, out);
    return in.wrong;
}

static void there_and_back(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    const pl_result *result = measure(arena);
    pl_wire_out out = {0}, again = {0};
    pl_result back;
    pl__wire_put(&out, &PL__WIRE_RESULT, result);
    assert_false(out.failed);
    assert_null(unpack(out.data, out.size, arena, &back));
    char *before = text_of(result), *after = text_of(&back);
    assert_string_equal(before, after);
    pl__wire_put(&again, &PL__WIRE_RESULT, &back);
    assert_int_equal(out.size, again.size);
    assert_memory_equal(out.data, again.data, out.size);
    for (size_t size = 0; size < out.size; size += 1 + size / 97) /* cut short anywhere */
        assert_non_null(unpack(out.data, size, arena, &back));
    free(before);
    free(after);
    free(out.data);
    free(again.data);
    pl_arena_free(arena);
}

/* ---- lies of each kind ---- */

static void refuses(const pl_result *lie, const char *words) {
    pl_wire_out out = {0};
    pl_result back;
    pl_arena *arena = pl_arena_new(0);
    pl__wire_put(&out, &PL__WIRE_RESULT, lie);
    const char *wrong = unpack(out.data, out.size, arena, &back);
    if (!wrong || !strstr(wrong, words))
        fail_msg("'%s' instead of '%s'", wrong ? wrong : "believed", words);
    free(out.data);
    pl_arena_free(arena);
}

/* The packer says NAN for infinity, so a lie about it is written into the bytes: in place of MARK.
 */
static const double MARK = 1234.56789;

static void refuses_infinity(const pl_result *marked, const void *mark, const void *lie,
                             size_t size) {
    pl_wire_out out = {0};
    pl_result back;
    pl_arena *arena = pl_arena_new(0);
    pl__wire_put(&out, &PL__WIRE_RESULT, marked);
    assert_null(unpack(out.data, out.size, arena, &back));
    unsigned char *place = memmem(out.data, out.size, mark, size);
    assert_non_null(place);
    memcpy(place, lie, size);
    assert_string_equal(unpack(out.data, out.size, arena, &back), "a number out of range");
    free(out.data);
    pl_arena_free(arena);
}

static void infinities_are_found(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    pl_result marked = *measure(arena);
    const pl_result_row honest = *marked.row;
    const double lie = -INFINITY;
    const float single_mark = 1234.5f, single_lie = INFINITY;
    marked.row->hull.length_m.value = MARK;
    refuses_infinity(&marked, &MARK, &lie, sizeof lie);
    *marked.row = honest;
    marked.row->outline_lonlat[2][1] = MARK;
    refuses_infinity(&marked, &MARK, &lie, sizeof lie);
    marked.row->outline_lonlat[2][1] = 0;
    marked.row->freeboard.station[0].deck_edge_m = single_mark;
    refuses_infinity(&marked, &single_mark, &single_lie, sizeof single_lie);
    *marked.row = honest;
    marked.row->freeboard.cue[0].chi2 = INFINITY; /* an honest accident costs this number only */
    pl_wire_out out = {0};
    pl_result back;
    pl__wire_put(&out, &PL__WIRE_RESULT, &marked);
    assert_null(unpack(out.data, out.size, arena, &back));
    assert_true(isnan(back.row->freeboard.cue[0].chi2) && honest.freeboard.cue_count > 0);
    free(out.data);
    pl_arena_free(arena);
}

static void each_lie_is_found(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(0);
    const pl_result *honest = measure(arena);
    pl_result lie;
    pl_result_row row;
#define LIE(change, words)                                                                         \
    lie = *honest;                                                                                 \
    row = *honest->row;                                                                            \
    lie.row = &row;                                                                                \
    change;                                                                                        \
    refuses(&lie, words)
    LIE(memset(row.id, 'x', sizeof row.id), "without an end");
    LIE(memset(lie.scene.warning[7], 'x', sizeof lie.scene.warning[7]), "without an end");
    LIE(row.load.p_state[1] = 1.5, "a number out of range");
    LIE(row.hull.reasons = PL_BIT(PL_REASON_COUNT), "unknown bits");
    LIE(row.freeboard.status = (pl_status)3, "a count or code out of range");
    LIE(row.load.state = (pl_load_state)-1, "a count or code out of range");
    LIE(row.freeboard.station_count = PL_STATIONS_MAX + 1, "a count or code out of range");
    LIE(row.hull.outline_count = -1, "a count or code out of range");
    LIE(lie.scene.warning_count = PL_WARNINGS_MAX + 1, "a count or code out of range");
    LIE(lie.scene.role[3] = (pl_band_role)99, "a count or code out of range");
    LIE(row.ais.status = PL_AIS_STATUS_COUNT, "a count or code out of range");
    LIE(row.ais.probability = 1.5, "a number out of range");
    LIE(lie.ais.files = PL_AIS_FILES + 1, "a count or code out of range");
    LIE(lie.count = -5, "a count or code out of range");
    LIE(memset(&row.has_load, 2, 1), "a truth value that is none");
#undef LIE
    pl_arena_free(arena);
}

static void claims_must_be_backed_by_bytes(void **state) {
    (void)state;
    pl_arena *arena = pl_arena_new(1 << 20); /* a million rows would not fit */
    pl_result none = {.seconds = NAN}, back;
    pl_result_row unused = {.id = ""};
    none.row = &unused;
    pl_wire_out out = {0};
    pl__wire_put(&out, &PL__WIRE_RESULT, &none);
    /* the count of rows stands before their list's mark, the digests, corners, what was unseen,
     * seconds and bytes */
    size_t tail = 1 + sizeof none.models_sha256 + sizeof none.ports_sha256 +
                  sizeof none.vessels_sha256 + sizeof none.outline_sha256 +
                  sizeof none.corner_lonlat + 8 + 8 + 8;
    int many = 100000;
    memcpy(out.data + out.size - tail - sizeof many, &many, sizeof many);
    assert_string_equal(unpack(out.data, out.size, arena, &back), "more elements than bytes");
    free(out.data);
    pl_arena_free(arena);
}

/* ---- any bytes ---- */

static void keeps_its_promises(const pl_result *r) {
    assert_true(r->count >= 0 && memchr(r->scene.id, '\0', sizeof r->scene.id));
    for (int i = 0; i < r->count; i++) {
        const pl_result_row *row = &r->row[i];
        assert_true(row->hull.outline_count >= 0 && row->hull.outline_count <= PL_OUTLINE_MAX);
        assert_true(row->freeboard.cue_count >= 0 && row->freeboard.cue_count <= PL_CUES_MAX);
        assert_true(!isinf(row->freeboard.freeboard_m.value));
        for (int k = 0; row->outline_lonlat && k < row->hull.outline_count; k++)
            assert_true(!isinf(row->outline_lonlat[k][0]));
    }
}

static void changed_bytes_do_no_harm(void **state) {
    (void)state;
    enum { TRIES = 4000 };
    pl_arena *arena = pl_arena_new(0);
    const pl_result *honest = measure(arena);
    pl_wire_out out = {0};
    pl__wire_put(&out, &PL__WIRE_RESULT, honest);
    unsigned char *changed = malloc(out.size);
    assert_non_null(changed);
    uint64_t seed = 7;
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
        memcpy(changed, out.data, out.size);
        size_t size = out.size;
        for (int n = 0; n <= i % 8; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            changed[(seed >> 20) % out.size] = (unsigned char)(seed >> 56);
        }
        if (i % 5 == 0) size = (seed >> 18) % (out.size + 1);
        pl_arena *own = pl_arena_new(16 << 20);
        pl_result back;
        if (unpack(changed, size, own, &back)) {
            refused++;
        } else {
            keeps_its_promises(&back);
            free(text_of(&back));
        }
        pl_arena_free(own);
    }
    assert_true(refused > TRIES / 10 && refused < TRIES); /* both ways were tried */
    free(changed);
    free(out.data);
    pl_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_travels),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(each_lie_is_found),
        cmocka_unit_test(infinities_are_found),
        cmocka_unit_test(claims_must_be_backed_by_bytes),
        cmocka_unit_test(changed_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
