/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a store come to be open, whichever kind it is, and what does nobody get to hear of it?
 *
 * A GeoPackage is a SQLite file, "PG:..." a PostgreSQL database with PostGIS; from here on both are
 * OGR datasets. A GeoPackage that is only read may be anybody's: SQLite then does not trust its
 * schema, so that views and virtual tables in it cannot call functions that reach further than the
 * file. One that is written to has triggers (of its spatial index) that call OGR's functions, so
 * every trigger is looked at instead.
 * A database's password is cut out of everything that GDAL says, before it is kept. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_api.h>

#include "io/vector.h"

static const char FLOOR[] = "io";

void pl__vector_begin_calls(const pl_vector_file *file, pl_gdal *gdal) {
    pl__gdal_begin(gdal);
    gdal->secret = file->password;
}

pl_status pl__vector_fail(const pl_gdal *gdal, const char *what, pl_error *error) {
    return pl__fail(error, PL_E_IO, FLOOR, "%s: %s", what, pl__gdal_words(gdal, "no reason given"));
}

bool pl__vector_run(const pl_vector_file *file, const char *sql) {
    CPLErrorReset();
    OGRLayerH rows = GDALDatasetExecuteSQL(file->dataset, sql, NULL, NULL);
    if (rows) GDALDatasetReleaseResultSet(file->dataset, rows);
    return CPLGetLastErrorType() < CE_Failure;
}

double pl__vector_ask(const pl_vector_file *file, const char *sql) {
    double number = NAN;
    OGRLayerH rows = GDALDatasetExecuteSQL(file->dataset, sql, NULL, NULL);
    OGRFeatureH row = rows ? OGR_L_GetNextFeature(rows) : NULL;
    if (row && OGR_F_IsFieldSetAndNotNull(row, 0)) number = OGR_F_GetFieldAsDouble(row, 0);
    if (row) OGR_F_Destroy(row);
    if (rows) GDALDatasetReleaseResultSet(file->dataset, rows);
    return number;
}

/* ---- GeoPackage ---- */

/* Does SQL call, or ask before a bracket for, anything but what a spatial index of OGR's and the
 * checks of a GeoPackage do? */
static bool is_tame(const char *sql) {
    static const char *const KNOWN[] = {"st_isempty", "st_minx", "st_maxx", "st_miny", "st_maxy",
                                        "values",     "lower",   "raise",   "when",    "where",
                                        "not",        "and",     "in",      "or"};
    bool literal = false;
    for (const char *c = sql; *c; c++) {
        if (*c == '\'') literal = !literal;
        if (*c != '(' || literal) continue;
        const char *end = c;
        while (end > sql && end[-1] == ' ') end--;
        const char *begin = end;
        while (begin > sql && (begin[-1] == '_' || isalnum((unsigned char)begin[-1]))) begin--;
        size_t length = (size_t)(end - begin);
        bool known = false;
        for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN && !known; i++)
            known = strlen(KNOWN[i]) == length && strncasecmp(KNOWN[i], begin, length) == 0;
        if (!known) return false;
    }
    return true;
}

/* What stands where the layers should: a table of rows, or something that runs on being read? */
static pl_status check_schema(const pl_vector_file *file, bool write, pl_error *error) {
    pl_status status = PL_OK;
    OGRLayerH rows = GDALDatasetExecuteSQL(
        file->dataset,
        "SELECT type, name, coalesce(sql, '') AS sql FROM sqlite_master WHERE type = 'trigger' OR "
        "lower(name) IN ('scenes', 'hulls', 'visits', 'journal', 'plimsoll_store', 'layer_styles')",
        NULL, NULL);
    for (OGRFeatureH row; rows && status == PL_OK && (row = OGR_L_GetNextFeature(rows));
         OGR_F_Destroy(row)) {
        const char *type = OGR_F_GetFieldAsString(row, 0), *name = OGR_F_GetFieldAsString(row, 1);
        const char *sql = OGR_F_GetFieldAsString(row, 2);
        bool trigger = strcmp(type, "trigger") == 0;
        if (trigger ? write && !is_tame(sql) : strncasecmp(sql, "CREATE TABLE", 12) != 0)
            status = pl__fail(error, PL_E_FORMAT, FLOOR,
                              "has a %s %.60s that no store has: it is not touched",
                              trigger                      ? "trigger"
                              : strcmp(type, "table") == 0 ? "virtual table"
                                                           : type,
                              name);
    }
    if (rows) GDALDatasetReleaseResultSet(file->dataset, rows);
    return status;
}

static GDALDatasetH open_geopackage(const char *path, pl_vector_mode mode) {
    static const char *const ALLOWED[] = {"GPKG", NULL};
    if (mode == PL_VECTOR_NEW)
        return GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
    if (mode == PL_VECTOR_WRITE)
        return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, ALLOWED, NULL, NULL);
    const char *before = CPLGetThreadLocalConfigOption("OGR_SQLITE_PRAGMA", NULL);
    char *kept = before ? CPLStrdup(before) : NULL;
    CPLSetThreadLocalConfigOption("OGR_SQLITE_PRAGMA", "trusted_schema=OFF,cell_size_check=ON");
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR, ALLOWED, NULL, NULL);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_PRAGMA", kept);
    CPLFree(kept);
    return dataset;
}

static pl_status settle_geopackage(const pl_vector_file *file, pl_vector_mode mode,
                                   const pl_gdal *gdal, pl_error *error) {
    if (mode == PL_VECTOR_NEW) return PL_OK;
    if (gdal->message[0]) return pl__vector_fail(gdal, "cannot open", error);
    pl_status status = check_schema(file, mode == PL_VECTOR_WRITE, error);
    if (status == PL_OK && gdal->message[0]) return pl__vector_fail(gdal, "cannot open", error);
    return status;
}

/* ---- PostGIS ---- */

/* A connection that hangs is worse than one that fails; whoever set these is obeyed. */
static char *with_patience(const char *name) {
    static const char *const USUAL[] = {"connect_timeout=10", "tcp_user_timeout=30000",
                                        "fallback_application_name=plimsoll"};
    pl_sql text = {0};
    pl__sql_put(&text, name);
    for (int i = 0; i < 3 && !strstr(name, "://"); i++) {
        char key[40];
        pl__text_copy(key, strcspn(USUAL[i], "=") + 2, USUAL[i]);
        if (strstr(name, key)) continue;
        pl__sql_put(&text, " ");
        pl__sql_put(&text, USUAL[i]);
    }
    if (!text.failed) return text.text;
    free(text.text);
    return NULL;
}

static GDALDatasetH open_postgres(const char *name, pl_vector_mode mode) {
    static const char *const ALLOWED[] = {"PostgreSQL", NULL};
    char *full = with_patience(name);
    char **options = CSLSetNameValue(NULL, "LIST_ALL_TABLES", "NO");
    unsigned flags = GDAL_OF_VECTOR | (mode == PL_VECTOR_READ ? 0 : GDAL_OF_UPDATE);
    GDALDatasetH dataset =
        full ? GDALOpenEx(full, flags, ALLOWED, (const char *const *)options, NULL) : NULL;
    CSLDestroy(options);
    free(full);
    return dataset;
}

/* PostgreSQL passes over a schema that is not there, and would take the next one. */
static pl_status check_place(const pl_vector_file *file, const char *name, pl_error *error) {
    char wanted[128];
    if (!pl__vector_name_value(name, "active_schema", wanted, sizeof wanted)) return PL_OK;
    pl_sql sql = {0};
    pl__sql_put(&sql, "SELECT count(*)::int8 FROM pg_namespace WHERE nspname = ");
    pl__sql_value(&sql, wanted);
    bool there = !sql.failed && pl__vector_ask(file, sql.text) > 0.0;
    free(sql.text);
    if (there) return PL_OK;
    return pl__fail(error, PL_E_FORMAT, FLOOR, "the database has no schema %s", wanted);
}

static pl_status settle_postgres(const pl_vector_file *file, const char *name, pl_gdal *gdal,
                                 pl_error *error) {
    gdal->message[0] = '\0'; /* a listed table that is not there is no failure */
    bool fine = pl__vector_run(file, "SET TIME ZONE 'UTC'") &&
                pl__vector_run(file, "SET standard_conforming_strings = on") &&
                pl__vector_run(file, "SET lock_timeout = '5s'"); /* then who waits hears of it */
    double postgis =
        pl__vector_ask(file, "SELECT count(*)::int8 FROM pg_extension WHERE extname = 'postgis'");
    if (!fine || isnan(postgis)) return pl__vector_fail(gdal, "cannot use the database", error);
    double utf8 =
        pl__vector_ask(file, "SELECT count(*)::int8 FROM pg_database WHERE datname = "
                             "current_database() AND pg_encoding_to_char(encoding) = 'UTF8'");
    if (postgis > 0 && !(utf8 > 0))
        return pl__fail(error, PL_E_FORMAT, FLOOR,
                        "the database's encoding is not UTF8: it cannot hold every name");
    if (postgis > 0) return check_place(file, name, error);
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    "the database has no PostGIS: its owner runs CREATE EXTENSION postgis");
}

static pl_status ask_text(const pl_vector_file *file, const char *sql, char *out, size_t size,
                          pl_error *error) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH rows = GDALDatasetExecuteSQL(file->dataset, sql, NULL, NULL);
    OGRFeatureH row = rows ? OGR_L_GetNextFeature(rows) : NULL;
    pl_status status = row ? PL_OK : pl__vector_fail(&gdal, "cannot ask the database", error);
    if (row) pl__text_copy(out, size, OGR_F_GetFieldAsString(row, 0));
    if (row) OGR_F_Destroy(row);
    if (rows) GDALDatasetReleaseResultSet(file->dataset, rows);
    pl__gdal_end(&gdal);
    return status;
}

pl_status pl__vector_place(pl_vector_file *file, char *catalog, char *schema, size_t size,
                           pl_error *error) {
    catalog[0] = schema[0] = '\0';
    if (!file->postgres) return PL_OK;
    pl_status status =
        ask_text(file, "SELECT current_database()::text AS name", catalog, size, error);
    if (status == PL_OK)
        status = ask_text(file, "SELECT current_schema()::text AS name", schema, size, error);
    return status;
}

/* ---- both ---- */

pl_status pl__vector_open(const char *name, pl_vector_mode mode, pl_vector_file **out,
                          pl_error *error) {
    *out = NULL;
    pl_vector_file *file = calloc(1, sizeof *file);
    if (!file) return pl__fail_memory(error, FLOOR);
    file->postgres = pl__vector_is_database(name);
    if (!pl__vector_name(name, file->name, sizeof file->name, file->password,
                         sizeof file->password)) {
        free(file);
        return pl__fail(error, PL_E_USAGE, FLOOR, "the name of the store is too long");
    }
    const char *password = getenv("PGPASSWORD");
    if (file->postgres && !file->password[0] && password)
        pl__text_copy(file->password, sizeof file->password, password);
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    file->dataset = file->postgres ? open_postgres(name, mode) : open_geopackage(name, mode);
    pl_status status;
    if (!file->dataset) {
        bool able = !file->postgres || GDALGetDriverByName("PostgreSQL");
        status = !able ? pl__fail(error, PL_E_IO, FLOOR, "this GDAL cannot speak with PostgreSQL")
                 : file->postgres ? pl__vector_fail(&gdal, "cannot connect", error)
                 : mode == PL_VECTOR_NEW
                     ? pl__vector_fail(&gdal, "cannot create", error)
                     : pl__fail(error, PL_E_FORMAT, FLOOR, "not a GeoPackage to use: %s",
                                pl__gdal_words(&gdal, "cannot open"));
        if (strstr(gdal.message, "locked")) {
            status = pl__vector_fail(&gdal, "cannot open", error);
        }
    } else {
        status = file->postgres ? settle_postgres(file, name, &gdal, error)
                                : settle_geopackage(file, mode, &gdal, error);
    }
    pl__gdal_end(&gdal);
    if (status != PL_OK) {
        pl__vector_close(file, NULL);
        return status;
    }
    *out = file;
    return PL_OK;
}

const char *pl__vector_setting(const char *key) {
    return CPLGetConfigOption(key, NULL);
}

bool pl__vector_is_postgres(const pl_vector_file *file) {
    return file->postgres;
}

pl_status pl__vector_close(pl_vector_file *file, pl_error *error) {
    if (!file) return PL_OK;
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    if (file->dataset) GDALClose(file->dataset);
    pl_status status = gdal.message[0] ? pl__vector_fail(&gdal, "cannot close", error) : PL_OK;
    pl__gdal_end(&gdal);
    explicit_bzero(file, sizeof *file); /* what is freed stays readable */
    free(file);
    return status;
}
