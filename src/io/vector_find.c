/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a store have a value? One SELECT, the same for a GeoPackage and for PostGIS.
 *
 * Only names that the program itself chose and values whose quotes are doubled come into the SQL; a
 * column that the layer lacks (an older version made it) is not asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <ogr_api.h>

#include "io/vector.h"

typedef struct text {
    char *at, *end;
} text;

static void put(text *t, const char *words) {
    size_t n = strlen(words);
    if (n > (size_t)(t->end - t->at)) return;
    memcpy(t->at, words, n);
    t->at += n;
}

static void put_quoted(text *t, const char *words, char quote) {
    char twice[3] = {quote, quote, '\0'}, one[2] = {quote, '\0'};
    put(t, one);
    for (; *words; words++) {
        char plain[2] = {*words, '\0'};
        put(t, *words == quote ? twice : plain);
    }
    put(t, one);
}

static char *select_text(OGRLayerH layer, const char *name, const pl_field *fields, int count,
                         const pl_match *match, const char *order) {
    OGRFeatureDefnH form = OGR_L_GetLayerDefn(layer);
    const char *geometry = OGR_L_GetGeometryColumn(layer);
    size_t room = 128 + 2 * strlen(name) + 2 * strlen(order) + 2 * strlen(geometry);
    for (int i = 0; i < count; i++) room += 2 * strlen(fields[i].name) + 4;
    if (match) room += 2 * strlen(match->field) + 2 * strlen(match->value);
    char *sql = malloc(room);
    if (!sql) return NULL;
    text t = {sql, sql + room - 1};
    put(&t, "SELECT ");
    put_quoted(&t, order, '"');
    for (int i = 0; i < count; i++) {
        if (OGR_FD_GetFieldIndex(form, fields[i].name) < 0 || strcmp(fields[i].name, order) == 0)
            continue;
        put(&t, ", ");
        put_quoted(&t, fields[i].name, '"');
    }
    if (*geometry) {
        put(&t, ", ");
        put_quoted(&t, geometry, '"');
    }
    put(&t, " FROM ");
    put_quoted(&t, name, '"');
    if (match) {
        put(&t, " WHERE ");
        put_quoted(&t, match->field, '"');
        put(&t, " = ");
        put_quoted(&t, match->value, '\'');
    }
    put(&t, " ORDER BY ");
    put_quoted(&t, order, '"');
    *t.at = '\0';
    return sql;
}

static pl_value value_of(OGRFeatureH row, const pl_field *field) {
    int index = OGR_F_GetFieldIndex(row, field->name);
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(row, index)) return (pl_value){.real = NAN};
    if (field->type == PL_FIELD_TEXT)
        return (pl_value){.text = OGR_F_GetFieldAsString(row, index), .real = NAN};
    return (pl_value){.real = OGR_F_GetFieldAsDouble(row, index),
                      .integer = OGR_F_GetFieldAsInteger64(row, index)};
}

static pl_status visit_rows(OGRLayerH rows, const pl_field *fields, int count, pl_row_visit *visit,
                            void *context, pl_error *error) {
    pl_value *values = calloc((size_t)count, sizeof *values);
    bool more = values;
    for (OGRFeatureH row; more && (row = OGR_L_GetNextFeature(rows)); OGR_F_Destroy(row)) {
        /* texts are kept by the row until it goes: each field has its own buffer */
        for (int i = 0; i < count; i++) values[i] = value_of(row, &fields[i]);
        OGRGeometryH shape = OGR_F_GetGeometryRef(row);
        size_t size = shape ? (size_t)OGR_G_WkbSize(shape) : 0;
        unsigned char *wkb = size > 0 ? malloc(size) : NULL;
        bool fine = size == 0 || (wkb && OGR_G_ExportToWkb(shape, wkbNDR, wkb) == OGRERR_NONE);
        more = fine && visit(context, values, wkb, size);
        free(wkb);
        if (fine) continue;
        OGR_F_Destroy(row);
        free(values);
        return pl__fail_memory(error, "io");
    }
    free(values);
    return values ? PL_OK : pl__fail_memory(error, "io");
}

pl_status pl__vector_find(pl_vector_file *file, const char *layer, const pl_field *fields,
                          int count, const pl_match *match, const char *order, pl_row_visit *visit,
                          void *context, pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    OGRLayerH found = pl__vector_layer_named(file, layer, error, &status);
    char *kept = found && match ? pl__vector_utf8(match->value) : NULL;
    pl_match clean = match ? (pl_match){match->field, kept} : (pl_match){NULL, NULL};
    char *sql =
        found ? select_text(found, layer, fields, count, match ? &clean : NULL, order) : NULL;
    if (found && !sql) status = pl__fail_memory(error, "io");
    OGRLayerH rows = sql ? GDALDatasetExecuteSQL(file->dataset, sql, NULL, NULL) : NULL;
    if (rows) status = visit_rows(rows, fields, count, visit, context, error);
    if (sql && status == PL_OK && gdal.message[0])
        status = pl__vector_fail(file, &gdal, "cannot read rows", error);
    if (rows) GDALDatasetReleaseResultSet(file->dataset, rows);
    CPLFree(kept);
    free(sql);
    pl__gdal_end(&gdal);
    return status;
}
