/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a store have a value? One SELECT, the same for a GeoPackage and for PostGIS.
 *
 * Only names that the program itself chose and values whose quotes are doubled come into the SQL; a
 * column that the layer lacks (an older version made it) is not asked for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ogr_api.h>

#include "io/vector.h"

enum { VALUE_BYTES_MAX = 64 << 20 }; /* a store of somebody else's may hold anything */

static void put_columns(pl_sql *sql, OGRLayerH layer, const pl_field *fields, int count) {
    OGRFeatureDefnH form = OGR_L_GetLayerDefn(layer);
    const char *geometry = OGR_L_GetGeometryColumn(layer), *between = "";
    for (int i = 0; i < count; i++) {
        if (OGR_FD_GetFieldIndex(form, fields[i].name) < 0) continue;
        pl__sql_put(sql, between);
        pl__sql_quote(sql, fields[i].name, '"');
        between = ", ";
    }
    if (*geometry) {
        pl__sql_put(sql, between);
        pl__sql_quote(sql, geometry, '"');
    } else if (!*between) {
        pl__sql_put(sql, "NULL");
    }
}

static pl_sql select_text(const pl_vector_file *file, OGRLayerH layer, const char *name,
                          const pl_field *fields, int count, const pl_match *match,
                          const char *order) {
    OGRFeatureDefnH form = OGR_L_GetLayerDefn(layer);
    pl_sql sql = {0};
    pl__sql_put(&sql, "SELECT ");
    put_columns(&sql, layer, fields, count);
    pl__sql_put(&sql, " FROM ");
    pl__sql_quote(&sql, name, '"');
    if (match) {
        pl__sql_put(&sql, " WHERE ");
        pl__sql_quote(&sql, match->field, '"');
        pl__sql_put(&sql, " = ");
        pl__sql_value(&sql, match->value);
    }
    if (order && OGR_FD_GetFieldIndex(form, order) >= 0) {
        pl__sql_put(&sql, " ORDER BY ");
        pl__sql_quote(&sql, order, '"');
        if (file->postgres) pl__sql_put(&sql, " COLLATE \"C\""); /* as SQLite does it */
    }
    return sql;
}

/* @param clock room for a time as text. */
static pl_value value_of(OGRFeatureH row, const pl_field *field, char *clock, size_t size) {
    int index = OGR_F_GetFieldIndex(row, field->name);
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(row, index)) return (pl_value){.real = NAN};
    if (field->type == PL_FIELD_REAL || field->type == PL_FIELD_INTEGER ||
        field->type == PL_FIELD_TRUTH)
        return (pl_value){.real = OGR_F_GetFieldAsDouble(row, index),
                          .integer = OGR_F_GetFieldAsInteger64(row, index)};
    int year, month, day, hour, minute, zone;
    float second;
    if (field->type == PL_FIELD_TIME &&
        OGR_F_GetFieldAsDateTimeEx(row, index, &year, &month, &day, &hour, &minute, &second,
                                   &zone)) {
        snprintf(clock, size, "%04d-%02d-%02dT%02d:%02d:%06.3fZ", year, month, day, hour, minute,
                 (double)second);
        return (pl_value){.text = clock, .real = NAN};
    }
    return (pl_value){.text = OGR_F_GetFieldAsString(row, index), .real = NAN};
}

enum { CLOCK_BYTES = 40 };

static pl_status read_row(OGRFeatureH row, const pl_field *fields, int count, pl_value *values,
                          char (*clocks)[CLOCK_BYTES], pl_error *error) {
    for (int i = 0; i < count; i++) {
        /* the row keeps a buffer for the text of each field until it goes */
        values[i] = value_of(row, &fields[i], clocks[i], CLOCK_BYTES);
        if (values[i].text && strlen(values[i].text) > VALUE_BYTES_MAX)
            return pl__fail(error, PL_E_LIMIT, "io", "holds a %s of more than %d MB",
                            fields[i].name, VALUE_BYTES_MAX >> 20);
    }
    return PL_OK;
}

static pl_status visit_row(OGRFeatureH row, const pl_value *values, pl_row_visit *visit,
                           void *context, bool *more, pl_error *error) {
    OGRGeometryH shape = OGR_F_GetGeometryRef(row);
    size_t size = shape ? (size_t)OGR_G_WkbSize(shape) : 0;
    if (size > VALUE_BYTES_MAX)
        return pl__fail(error, PL_E_LIMIT, "io", "holds an outline of more than %d MB",
                        VALUE_BYTES_MAX >> 20);
    unsigned char *wkb = size > 0 ? malloc(size) : NULL;
    if (size > 0 && (!wkb || OGR_G_ExportToIsoWkb(shape, wkbNDR, wkb) != OGRERR_NONE)) {
        free(wkb);
        return pl__fail_memory(error, "io");
    }
    *more = visit(context, values, wkb, size);
    free(wkb);
    return PL_OK;
}

static pl_status visit_rows(OGRLayerH rows, const pl_field *fields, int count, pl_row_visit *visit,
                            void *context, pl_error *error) {
    pl_value *values = calloc((size_t)count, sizeof *values);
    char(*clocks)[CLOCK_BYTES] = calloc((size_t)count, sizeof *clocks);
    pl_status status = values && clocks ? PL_OK : pl__fail_memory(error, "io");
    bool more = true;
    for (OGRFeatureH row; status == PL_OK && more && (row = OGR_L_GetNextFeature(rows));
         OGR_F_Destroy(row)) {
        status = read_row(row, fields, count, values, clocks, error);
        if (status == PL_OK) status = visit_row(row, values, visit, context, &more, error);
    }
    free(values);
    free(clocks);
    return status;
}

pl_status pl__vector_find(pl_vector_file *file, const char *layer, const pl_field *fields,
                          int count, const pl_match *match, const char *order, pl_row_visit *visit,
                          void *context, pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH found = pl__vector_layer_named(file, layer, error, &status);
    if (found) {
        pl_sql sql = select_text(file, found, layer, fields, count, match, order);
        OGRLayerH rows =
            sql.failed ? NULL : GDALDatasetExecuteSQL(file->dataset, sql.text, NULL, NULL);
        if (sql.failed) status = pl__fail_memory(error, "io");
        if (rows) status = visit_rows(rows, fields, count, visit, context, error);
        if (status == PL_OK && (gdal.message[0] || !rows))
            status = pl__vector_fail(&gdal, "cannot read rows", error);
        if (rows) GDALDatasetReleaseResultSet(file->dataset, rows);
        free(sql.text);
    }
    pl__gdal_end(&gdal);
    return status;
}
