/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of io/ that speak with a store share. */
#ifndef PL_IO_VECTOR_H
#define PL_IO_VECTOR_H

#include "io/gdal.h"

struct pl_vector_file {
    GDALDatasetH dataset;
    bool postgres;
    char name[512];     /* as it may be shown: without a password */
    char trouble[200];  /* that kept a question from being answered; "" none */
    char password[128]; /* "" none: to be kept out of what GDAL says */
};

/** pl__gdal_begin; what GDAL says in this stretch will not hold the password. */
void pl__vector_begin_calls(const pl_vector_file *file, pl_gdal *gdal);
/** Writes "<what>: <GDAL's words>"; PL_E_IO. */
pl_status pl__vector_fail(const pl_gdal *gdal, const char *what, pl_error *error);
/** The layer, or NULL and status says what is wrong. */
OGRLayerH pl__vector_layer_named(const pl_vector_file *file, const char *layer, pl_error *error,
                                 pl_status *status);
/** Runs SQL that asks for nothing. For words that the program itself chose. */
bool pl__vector_run(const pl_vector_file *file, const char *sql);
/** Runs SQL that asks for one number. @return NAN when it gives none. */
double pl__vector_ask(const pl_vector_file *file, const char *sql);

/** The value that a database's name has for a keyword of its own. @return false: none. */
bool pl__vector_name_value(const char *name, const char *key, char *out, size_t size);

/** SQL that grows; sticky failure: at is NULL in the end. */
typedef struct pl_sql {
    char *text;
    size_t length, room;
    bool failed;
} pl_sql;
void pl__sql_put(pl_sql *sql, const char *words);
/** The words between quotes of that kind, those inside doubled. */
void pl__sql_quote(pl_sql *sql, const char *words, char quote);
/** A value: quoted, and as a store keeps it. */
void pl__sql_value(pl_sql *sql, const char *value);

#endif
