/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does an answer pass from a worker to the process that started it, when the worker may have
 * been taken over by a picture?
 *
 * A plain value is described by a table, one row a member. Packing and unpacking walk the same
 * table; unpacking believes nothing: every length, range, ending and truth value is looked at
 * before it is used. */
#ifndef PL_RUN_WIRE_H
#define PL_RUN_WIRE_H

#include "base/base.h"
#include "plimsoll/report.h"

typedef enum pl_wire_kind {
    PL_WIRE_REAL,    /* doubles: finite, or NAN for unknown */
    PL_WIRE_FLOAT,   /* floats: likewise */
    PL_WIRE_INTEGER, /* ints and enums, low to high */
    PL_WIRE_FLAG,    /* bools: 0 or 1 */
    PL_WIRE_BITS,    /* uint64_t, at most high */
    PL_WIRE_OCTETS,  /* anything */
    PL_WIRE_TEXT,    /* texts of `piece` bytes, each terminated */
    PL_WIRE_GROUP,   /* values of `piece` bytes, described by `form` */
    PL_WIRE_POINTS,  /* pointer to pairs of doubles, `counter` of them, or NULL */
    PL_WIRE_LIST,    /* pointer to values of `piece` bytes described by `form`, `counter` of them */
} pl_wire_kind;

enum { PL_WIRE_WHOLE = -1 }; /* no counter: the member is as long as it is */

typedef struct pl_wire_form pl_wire_form;
typedef struct pl_wire_field {
    pl_wire_kind kind;
    size_t offset, size; /* of the member in bytes */
    size_t piece;        /* bytes of one element */
    long counter; /* offset of the int that says how many elements are in use; it comes earlier */
    double low, high;
    const pl_wire_form *form;
} pl_wire_field;

struct pl_wire_form {
    const char *name;
    size_t size; /* of the struct */
    int count;
    const pl_wire_field *field;
};

extern const pl_wire_form PL__WIRE_SCENE;        /* a pl_scene_info */
extern const pl_wire_form PL__WIRE_RESULT;       /* a pl_result */
extern const pl_wire_form PL__WIRE_ERROR;        /* a pl_error */
extern const pl_wire_form PL__WIRE_CHIP;         /* a pl_chip without its pixels */
extern const pl_wire_form PL__WIRE_REGISTRATION; /* a pl_registration */

/** Bytes that grow. Sticky failure: look once, at the end. */
typedef struct pl_wire_out {
    unsigned char *data;
    size_t size, room;
    bool failed;
} pl_wire_out;
void pl__wire_put_bytes(pl_wire_out *out, const void *data, size_t size);
void pl__wire_put(pl_wire_out *out, const pl_wire_form *form, const void *value);

/** Bytes that somebody else wrote. Sticky failure, with a word for what was wrong. */
typedef struct pl_wire_in {
    const unsigned char *data;
    size_t size, at;
    const char *wrong;
} pl_wire_in;
void pl__wire_get_bytes(pl_wire_in *in, void *data, size_t size);
/** Fills a zeroed value; what it points to comes from the arena. */
void pl__wire_get(pl_wire_in *in, const pl_wire_form *form, pl_arena *arena, void *value);

#endif
