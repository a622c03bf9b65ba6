/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a plain value packed into bytes, and unpacked from bytes that nobody vouches for? By
 * walking its table (forms.c). Both ends are the same program, one forked from the other, so
 * numbers travel as they lie in memory. */
#include "run/wire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- out ---- */

void pl__wire_put_bytes(pl_wire_out *out, const void *data, size_t size) {
    if (out->failed || size == 0) return;
    if (size > out->room - out->size) {
        size_t room = out->room + size < 2 * out->room ? 2 * out->room : out->room + size;
        unsigned char *grown = realloc(out->data, room);
        if (!grown) {
            out->failed = true;
            return;
        }
        out->data = grown;
        out->room = room;
    }
    memcpy(out->data + out->size, data, size);
    out->size += size;
}

static size_t elements(const pl_wire_field *f, const void *value) {
    if (f->counter == PL_WIRE_WHOLE) return f->size / f->piece;
    int count;
    memcpy(&count, (const char *)value + f->counter, sizeof count);
    return count > 0 ? (size_t)count : 0;
}

/* A number that is not finite says no more than "unknown", and is refused at the other end. */
static void put_reals(pl_wire_out *out, const char *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, from + i * sizeof value, sizeof value);
        if (!isfinite(value)) value = NAN;
        pl__wire_put_bytes(out, &value, sizeof value);
    }
}

static void put_floats(pl_wire_out *out, const char *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, from + i * sizeof value, sizeof value);
        if (!isfinite(value)) value = NAN;
        pl__wire_put_bytes(out, &value, sizeof value);
    }
}

static void put_elements(pl_wire_out *out, const pl_wire_field *f, const char *from, size_t count) {
    if (f->kind == PL_WIRE_REAL || f->kind == PL_WIRE_POINTS) {
        put_reals(out, from, count * f->piece / sizeof(double));
    } else if (f->kind == PL_WIRE_FLOAT) {
        put_floats(out, from, count);
    } else {
        pl__wire_put_bytes(out, from, count * f->piece);
    }
}

static void put_field(pl_wire_out *out, const pl_wire_field *f, const void *value) {
    const char *member = (const char *)value + f->offset;
    size_t count = elements(f, value);
    if (f->kind == PL_WIRE_POINTS || f->kind == PL_WIRE_LIST) {
        const char *target;
        memcpy(&target, member, sizeof target);
        unsigned char present = target != NULL;
        pl__wire_put_bytes(out, &present, sizeof present);
        if (!present) return;
        member = target;
    }
    if (!f->form) {
        put_elements(out, f, member, count);
        return;
    }
    for (size_t i = 0; i < count; i++) pl__wire_put(out, f->form, member + i * f->piece);
}

void pl__wire_put(pl_wire_out *out, const pl_wire_form *form, const void *value) {
    for (int i = 0; i < form->count; i++) put_field(out, &form->field[i], value);
}

/* ---- in ---- */

void pl__wire_get_bytes(pl_wire_in *in, void *data, size_t size) {
    if (in->wrong) return;
    if (size > in->size - in->at) {
        in->wrong = "it ends too early";
        return;
    }
    if (size) memcpy(data, in->data + in->at, size);
    in->at += size;
}

static bool real_is_fine(const pl_wire_field *f, double value) {
    if (isnan(value)) return true;
    return isfinite(value) && (f->low >= f->high || (value >= f->low && value <= f->high));
}

/* Looked at as bytes: a bool that is neither 0 nor 1 must not even be read as one. */
static const char *element_wrong(const pl_wire_field *f, const unsigned char *bytes) {
    double real;
    float single;
    int integer;
    uint64_t bits;
    switch (f->kind) {
    case PL_WIRE_REAL:
    case PL_WIRE_POINTS:
        for (size_t at = 0; at < f->piece; at += sizeof real) {
            memcpy(&real, bytes + at, sizeof real);
            if (!real_is_fine(f, real)) return "a number out of range";
        }
        return NULL;
    case PL_WIRE_FLOAT:
        memcpy(&single, bytes, sizeof single);
        return real_is_fine(f, (double)single) ? NULL : "a number out of range";
    case PL_WIRE_INTEGER:
        memcpy(&integer, bytes, sizeof integer);
        return integer >= f->low && integer <= f->high ? NULL : "a count or code out of range";
    case PL_WIRE_FLAG:
        return *bytes <= 1 ? NULL : "a truth value that is none";
    case PL_WIRE_BITS:
        memcpy(&bits, bytes, sizeof bits);
        return f->high == 0 || (double)bits <= f->high ? NULL : "unknown bits";
    case PL_WIRE_TEXT:
        return memchr(bytes, '\0', f->piece) ? NULL : "a text without an end";
    default:
        return NULL;
    }
}

/* The fewest bytes a value can take: a claim of a million rows must be backed by bytes. */
static size_t least_bytes(const pl_wire_form *form) {
    size_t sum = 0;
    for (int i = 0; i < form->count; i++) {
        const pl_wire_field *f = &form->field[i];
        if (f->kind == PL_WIRE_POINTS || f->kind == PL_WIRE_LIST) {
            sum += 1;
        } else if (f->counter == PL_WIRE_WHOLE) {
            sum += f->size / f->piece * (f->form ? least_bytes(f->form) : f->piece);
        }
    }
    return sum;
}

/* Where the elements of a member go: into it, or into the arena. NULL: nowhere, see in->wrong. */
static char *place_for(pl_wire_in *in, const pl_wire_field *f, size_t count, pl_arena *arena,
                       void *value) {
    char *member = (char *)value + f->offset;
    if (f->kind != PL_WIRE_POINTS && f->kind != PL_WIRE_LIST) {
        if (count <= f->size / f->piece) return member;
        in->wrong = "more elements than there is room for";
        return NULL;
    }
    unsigned char present = 0;
    pl__wire_get_bytes(in, &present, sizeof present);
    if (in->wrong || !present) return NULL;
    size_t each = f->form ? least_bytes(f->form) : f->piece;
    if (present > 1 || count > (in->size - in->at) / each) {
        in->wrong = "more elements than bytes";
        return NULL;
    }
    char *target = pl__arena_array(arena, count ? count : 1, f->piece);
    if (!target) in->wrong = "no memory for it";
    memcpy(member, &target, sizeof target);
    return target;
}

static void get_field(pl_wire_in *in, const pl_wire_field *f, pl_arena *arena, void *value) {
    size_t count = elements(f, value);
    char *target = place_for(in, f, count, arena, value);
    for (size_t i = 0; target && i < count && !in->wrong; i++) {
        if (f->form) {
            pl__wire_get(in, f->form, arena, target + i * f->piece);
            continue;
        }
        if (f->piece > in->size - in->at) {
            in->wrong = "it ends too early";
            return;
        }
        in->wrong = element_wrong(f, in->data + in->at);
        if (!in->wrong) pl__wire_get_bytes(in, target + i * f->piece, f->piece);
    }
}

void pl__wire_get(pl_wire_in *in, const pl_wire_form *form, pl_arena *arena, void *value) {
    for (int i = 0; i < form->count && !in->wrong; i++)
        get_field(in, &form->field[i], arena, value);
}
