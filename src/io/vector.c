/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do rows get into a store so that a killed run leaves whole ones only?
 *
 * One transaction of the database from begin to commit, for a GeoPackage and for PostGIS alike;
 * what was not committed the database itself takes back. A GeoPackage is locked for writing by the
 * first statement of the transaction, which waits for another writer; in PostGIS writers wait for
 * each other only where they write the same names. Layers are polygons in WGS 84 with a spatial
 * index, or tables without a shape; a layer that lacks a field (made by an older version) is given
 * it. Names and values come from pictures and their sidecars: they are never pasted into SQL but
 * between quotes, with their own quotes doubled, which is all that SQLite and PostgreSQL ask of a
 * literal (its backslashes are plain: standard_conforming_strings). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_api.h>

#include "io/vector.h"

static const char FLOOR[] = "io";

/* ---- text ---- */

void pl__sql_put(pl_sql *sql, const char *words) {
    size_t n = strlen(words);
    if (sql->failed) return;
    if (sql->length + n + 1 > sql->room) {
        size_t room = 2 * (sql->length + n + 128);
        char *grown = realloc(sql->text, room);
        if (!grown) {
            sql->failed = true;
            return;
        }
        sql->text = grown;
        sql->room = room;
    }
    memcpy(sql->text + sql->length, words, n + 1);
    sql->length += n;
}

void pl__sql_quote(pl_sql *sql, const char *words, char quote) {
    char one[2] = {quote, '\0'}, piece[256];
    pl__sql_put(sql, one);
    while (*words) {
        size_t n = strcspn(words, one);
        if (n > sizeof piece - 1) n = sizeof piece - 1;
        memcpy(piece, words, n);
        piece[n] = '\0';
        pl__sql_put(sql, piece);
        words += n;
        if (*words == quote) {
            pl__sql_put(sql, one);
            pl__sql_put(sql, one);
            words++;
        }
    }
    pl__sql_put(sql, one);
}

char *pl__vector_kept(const char *text) {
    if (CPLIsUTF8(text, -1)) return strdup(text);
    size_t room = 4 * strlen(text) + 1, used = 0;
    char *out = malloc(room);
    if (!out) return NULL;
    for (; *text; text++) {
        bool plain = (unsigned char)*text < 0x80;
        used += (size_t)snprintf(out + used, room - used, plain ? "%c" : "\\x%02X",
                                 (unsigned)(unsigned char)*text);
    }
    out[used] = '\0';
    return out;
}

void pl__sql_value(pl_sql *sql, const char *value) {
    char *kept = pl__vector_kept(value);
    if (kept)
        pl__sql_quote(sql, kept, '\'');
    else
        sql->failed = true;
    free(kept);
}

/* ---- layers ---- */

static OGRFieldType ogr_type(pl_field_type type) {
    switch (type) {
    case PL_FIELD_TEXT:
        return OFTString;
    case PL_FIELD_REAL:
        return OFTReal;
    case PL_FIELD_TRUTH:
        return OFTInteger; /* the only one that OGR knows as a truth value */
    case PL_FIELD_TIME:
        return OFTDateTime;
    default:
        return OFTInteger64;
    }
}

static bool is_there(const pl_vector_file *file, const char *table) {
    pl_sql sql = {0};
    pl__sql_put(&sql, file->postgres
                          ? "SELECT count(*)::int8 FROM pg_class WHERE relnamespace = (SELECT oid "
                            "FROM pg_namespace WHERE nspname = current_schema()) AND relname = "
                          : "SELECT count(*) FROM sqlite_master WHERE name = ");
    pl__sql_value(&sql, table);
    bool there = !sql.failed && pl__vector_ask(file, sql.text) > 0.0;
    free(sql.text);
    return there;
}

/* To look for a table that is not there is an error in PostgreSQL, and ends the transaction. */
static OGRLayerH find_layer(const pl_vector_file *file, const char *layer) {
    if (file->postgres && !is_there(file, layer)) return NULL;
    return GDALDatasetGetLayerByName(file->dataset, layer);
}

OGRLayerH pl__vector_layer_named(const pl_vector_file *file, const char *layer, pl_error *error,
                                 pl_status *status) {
    OGRLayerH found = GDALDatasetGetLayerByName(file->dataset, layer);
    if (!found) *status = pl__fail(error, PL_E_FORMAT, FLOOR, "has no layer %s", layer);
    return found;
}

/* To PostgreSQL only what is there is put, so that an error is one. */
static void note_trouble(pl_vector_file *file, const pl_gdal *gdal) {
    if (file->postgres && gdal->message[0] && !file->trouble[0])
        pl__text_copy(file->trouble, sizeof file->trouble, gdal->message);
}

pl_status pl__vector_trouble(const pl_vector_file *file, pl_error *error) {
    return file->trouble[0] ? pl__fail(error, PL_E_IO, FLOOR, "%s", file->trouble) : PL_OK;
}

bool pl__vector_has(pl_vector_file *file, const char *layer, const char *field) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH found = find_layer(file, layer);
    bool has = found && (!field || OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(found), field) >= 0);
    note_trouble(file, &gdal);
    pl__gdal_end(&gdal);
    return has;
}

bool pl__vector_has_all(pl_vector_file *file, const pl_layer_form *form) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH found = find_layer(file, form->name);
    bool has = found;
    for (int i = 0; i < form->count && has; i++)
        has = OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(found), form->fields[i].name) >= 0;
    note_trouble(file, &gdal);
    pl__gdal_end(&gdal);
    return has;
}

bool pl__vector_table_there(pl_vector_file *file, const char *table) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    bool there = is_there(file, table);
    pl__gdal_end(&gdal);
    return there;
}

static bool add_missing_fields(OGRLayerH layer, const pl_field *fields, int count) {
    for (int i = 0; i < count; i++) {
        if (OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), fields[i].name) >= 0) continue;
        OGRFieldDefnH field = OGR_Fld_Create(fields[i].name, ogr_type(fields[i].type));
        if (field && fields[i].type == PL_FIELD_TRUTH) OGR_Fld_SetSubType(field, OFSTBoolean);
        OGRErr result = field ? OGR_L_CreateField(layer, field, FALSE) : OGRERR_FAILURE;
        if (field) OGR_Fld_Destroy(field);
        if (result != OGRERR_NONE) return false;
    }
    return true;
}

static OGRLayerH create_layer(const pl_vector_file *file, const pl_layer_form *form) {
    OGRSpatialReferenceH wgs84 = pl__gdal_wgs84();
    if (!wgs84) return NULL;
    char **options = CSLSetNameValue(NULL, "FID", "fid");
    if (form->spatial) options = CSLSetNameValue(options, "GEOMETRY_NAME", "geom");
    if (file->postgres) options = CSLSetNameValue(options, "LAUNDER", "NO");
    OGRLayerH layer =
        GDALDatasetCreateLayer(file->dataset, form->name, form->spatial ? wgs84 : NULL,
                               form->spatial ? wkbMultiPolygon : wkbNone, options);
    CSLDestroy(options);
    OSRRelease(wgs84);
    return layer;
}

/* Names of files are longer than a B-tree of PostgreSQL takes: equality is asked of a hash there.
 */
static bool make_index(const pl_vector_file *file, const char *layer, const char *field, bool once,
                       bool ordered) {
    pl_sql sql = {0};
    char name[128];
    snprintf(name, sizeof name, "plimsoll_%s_%s", layer, field);
    pl__sql_put(&sql, once ? "CREATE UNIQUE INDEX IF NOT EXISTS " : "CREATE INDEX IF NOT EXISTS ");
    pl__sql_quote(&sql, name, '"');
    pl__sql_put(&sql, " ON ");
    pl__sql_quote(&sql, layer, '"');
    if (file->postgres && !once && !ordered) pl__sql_put(&sql, " USING hash");
    pl__sql_put(&sql, " (");
    pl__sql_quote(&sql, field, '"');
    pl__sql_put(&sql, ")");
    bool fine = !sql.failed && pl__vector_run(file, sql.text);
    free(sql.text);
    return fine;
}

static bool make_indexes(const pl_vector_file *file, const pl_layer_form *form) {
    bool fine = true;
    for (int i = 0; i < form->count && fine; i++) {
        const pl_field *f = &form->fields[i];
        if (f->index != PL_INDEX_NONE)
            fine = make_index(file, form->name, f->name, f->index == PL_INDEX_ONCE,
                              f->type != PL_FIELD_TEXT);
    }
    return fine;
}

pl_status pl__vector_layer(pl_vector_file *file, const pl_layer_form *form, pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH found = find_layer(file, form->name);
    gdal.message[0] = '\0'; /* that it was missing is no failure */
    bool made = !found;
    if (!found) found = create_layer(file, form);
    bool fine = found && add_missing_fields(found, form->fields, form->count);
    /* OGR puts the making of tables off; an index needs one */
    if (fine && made) fine = OGR_L_SyncToDisk(found) == OGRERR_NONE && make_indexes(file, form);
    if (!fine) status = pl__vector_fail(&gdal, "cannot make the layer", error);
    pl__gdal_end(&gdal);
    return status;
}

pl_status pl__vector_drop(pl_vector_file *file, const char *layer, pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    for (int i = GDALDatasetGetLayerCount(file->dataset) - 1; i >= 0 && status == PL_OK; i--) {
        if (strcmp(OGR_L_GetName(GDALDatasetGetLayer(file->dataset, i)), layer) == 0 &&
            GDALDatasetDeleteLayer(file->dataset, i) != OGRERR_NONE)
            status = pl__vector_fail(&gdal, "cannot drop the layer", error);
    }
    pl__gdal_end(&gdal);
    return status;
}

/* ---- transactions ---- */

static bool lock_names(const pl_vector_file *file, const char *const *names, int count) {
    bool fine = true;
    for (int i = 0; i < count && fine; i++) {
        pl_sql sql = {0};
        /* 80 and 76: P and L; a number that others in the database will hardly use */
        pl__sql_put(&sql, "SELECT count(pg_advisory_xact_lock(20556, hashtext(");
        pl__sql_value(&sql, names[i]);
        pl__sql_put(&sql, ")))::int8");
        fine = !sql.failed && !isnan(pl__vector_ask(file, sql.text));
        free(sql.text);
    }
    return fine;
}

/* The first statement writes, so that SQLite takes the lock at once and waits for it: one that
 * reads first and finds another writer when it wants to write cannot wait any more. */
static bool lock_all(const pl_vector_file *file) {
    return pl__vector_run(file, "UPDATE gpkg_contents SET srs_id = srs_id WHERE 0 = 1");
}

pl_status pl__vector_begin(pl_vector_file *file, const char *const *names, int count,
                           pl_error *error) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    pl_status status = PL_OK;
    bool begun = GDALDatasetStartTransaction(file->dataset, FALSE) == OGRERR_NONE;
    if (!begun || !(file->postgres ? lock_names(file, names, count) : lock_all(file))) {
        status = pl__vector_fail(&gdal, "cannot begin to write", error);
        if (begun) GDALDatasetRollbackTransaction(file->dataset);
    }
    pl__gdal_end(&gdal);
    return status;
}

/* The layers of a GeoPackage are synced first: else extent and row count wait for the closing,
 * which a killed run never comes to. */
pl_status pl__vector_commit(pl_vector_file *file, pl_error *error) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    bool fine = true;
    int layers = file->postgres ? 0 : GDALDatasetGetLayerCount(file->dataset);
    for (int i = 0; i < layers && fine; i++)
        fine = OGR_L_SyncToDisk(GDALDatasetGetLayer(file->dataset, i)) == OGRERR_NONE;
    if (fine) fine = GDALDatasetCommitTransaction(file->dataset) == OGRERR_NONE;
    pl_status status = fine ? PL_OK : pl__vector_fail(&gdal, "cannot commit", error);
    if (!fine) GDALDatasetRollbackTransaction(file->dataset);
    pl__gdal_end(&gdal);
    return status;
}

void pl__vector_rollback(pl_vector_file *file) {
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    GDALDatasetRollbackTransaction(file->dataset);
    pl__gdal_end(&gdal);
}

/* ---- rows ---- */

/* Row by row through OGR, whose counts and index stay right that way; the ids are gathered before
 * anything is removed from under the cursor. */
static bool remove_filtered(OGRLayerH layer) {
    bool fine = true;
    GIntBig count = OGR_L_GetFeatureCount(layer, TRUE), n = 0;
    if (count <= 0) return count == 0;
    GIntBig *id = calloc((size_t)count, sizeof *id);
    if (!id) return false;
    OGR_L_ResetReading(layer);
    for (OGRFeatureH row; n < count && (row = OGR_L_GetNextFeature(layer)); n++) {
        id[n] = OGR_F_GetFID(row);
        OGR_F_Destroy(row);
    }
    OGR_L_ResetReading(layer);
    for (GIntBig i = 0; i < n && fine; i++) fine = OGR_L_DeleteFeature(layer, id[i]) == OGRERR_NONE;
    free(id);
    return fine;
}

pl_status pl__vector_remove(pl_vector_file *file, const char *layer, const char *field,
                            const char *value, pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH found = pl__vector_layer_named(file, layer, error, &status);
    if (found) {
        pl_sql sql = {0};
        pl__sql_quote(&sql, field, '"');
        pl__sql_put(&sql, " = ");
        pl__sql_value(&sql, value);
        if (sql.failed)
            status = pl__fail_memory(error, FLOOR);
        else if (OGR_L_SetAttributeFilter(found, sql.text) != OGRERR_NONE ||
                 !remove_filtered(found) || gdal.message[0])
            status = pl__vector_fail(&gdal, "cannot remove rows", error);
        OGR_L_SetAttributeFilter(found, NULL);
        free(sql.text);
    }
    pl__gdal_end(&gdal);
    return status;
}

static void set_time(OGRFeatureH row, int index, const char *text) {
    int year, month, day, hour, minute;
    float second;
    if (sscanf(text, "%d-%d-%dT%d:%d:%f", &year, &month, &day, &hour, &minute, &second) == 6)
        OGR_F_SetFieldDateTimeEx(row, index, year, month, day, hour, minute, second, 100);
    else
        OGR_F_SetFieldNull(row, index);
}

static bool set_value(OGRFeatureH row, const pl_field *field, const pl_value *value) {
    int index = OGR_F_GetFieldIndex(row, field->name);
    bool is_text = field->type == PL_FIELD_TEXT || field->type == PL_FIELD_TIME;
    if (index < 0) return false;
    if (is_text ? !value->text : isnan(value->real)) {
        OGR_F_SetFieldNull(row, index);
    } else if (field->type == PL_FIELD_TIME) {
        set_time(row, index, value->text);
    } else if (field->type == PL_FIELD_TEXT) {
        char *kept = pl__vector_kept(value->text);
        if (!kept) return false;
        OGR_F_SetFieldString(row, index, kept);
        free(kept);
    } else if (field->type == PL_FIELD_REAL) {
        OGR_F_SetFieldDouble(row, index, value->real);
    } else {
        OGR_F_SetFieldInteger64(row, index, value->integer);
    }
    return true;
}

static bool add_part(OGRGeometryH whole, const double (*ring)[2], int n) {
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    OGRGeometryH outline = OGR_G_CreateGeometry(wkbLinearRing);
    for (int i = 0; outline && i < n; i++) OGR_G_AddPoint_2D(outline, ring[i][0], ring[i][1]);
    bool fine = polygon && outline && OGR_G_AddGeometryDirectly(polygon, outline) == OGRERR_NONE;
    if (fine) {
        outline = NULL; /* the polygon's now */
        fine = OGR_G_AddGeometryDirectly(whole, polygon) == OGRERR_NONE;
        if (fine) polygon = NULL; /* the whole's now */
    }
    if (outline) OGR_G_DestroyGeometry(outline);
    if (polygon) OGR_G_DestroyGeometry(polygon);
    return fine;
}

/* @return NULL when it is none. */
static OGRGeometryH shape_of(const pl_vector_shape *shape) {
    if (shape->wkb) {
        OGRGeometryH read = NULL;
        if (shape->wkb_size > INT32_MAX ||
            OGR_G_CreateFromWkb(shape->wkb, NULL, &read, (int)shape->wkb_size) != OGRERR_NONE)
            return NULL;
        OGRGeometryH whole = OGR_G_ForceToMultiPolygon(read);
        OGR_G_FlattenTo2D(whole);
        if (OGR_G_GetGeometryType(whole) == wkbMultiPolygon) return whole;
        OGR_G_DestroyGeometry(whole);
        return NULL;
    }
    OGRGeometryH whole = OGR_G_CreateGeometry(wkbMultiPolygon);
    bool fine = whole;
    for (int i = 0; i < shape->parts && fine; i++)
        fine = add_part(whole, shape->ring[i], shape->corners[i]);
    if (fine) return whole;
    if (whole) OGR_G_DestroyGeometry(whole);
    return NULL;
}

static pl_status fill_row(OGRFeatureH row, const pl_field *fields, const pl_value *values,
                          int count, const pl_vector_shape *shape, pl_error *error) {
    for (int i = 0; i < count; i++) {
        if (!set_value(row, &fields[i], &values[i]))
            return pl__fail(error, PL_E_FORMAT, FLOOR, "has no field %s", fields[i].name);
    }
    if (!shape || (shape->parts == 0 && !shape->wkb)) return PL_OK;
    OGRGeometryH whole = shape_of(shape);
    if (!whole) return pl__fail(error, PL_E_FORMAT, FLOOR, "an outline is no polygon");
    if (OGR_F_SetGeometryDirectly(row, whole) != OGRERR_NONE)
        return pl__fail(error, PL_E_FORMAT, FLOOR, "an outline cannot be kept");
    return PL_OK;
}

pl_status pl__vector_add(pl_vector_file *file, const char *layer, const pl_field *fields,
                         const pl_value *values, int count, const pl_vector_shape *shape,
                         pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__vector_begin_calls(file, &gdal);
    OGRLayerH found = pl__vector_layer_named(file, layer, error, &status);
    OGRFeatureH row = found ? OGR_F_Create(OGR_L_GetLayerDefn(found)) : NULL;
    if (found && !row) status = pl__fail_memory(error, FLOOR);
    if (row) {
        status = fill_row(row, fields, values, count, shape, error);
        if (status == PL_OK && OGR_L_CreateFeature(found, row) != OGRERR_NONE)
            status = pl__vector_fail(&gdal, "cannot add a row", error);
        OGR_F_Destroy(row);
    }
    pl__gdal_end(&gdal);
    return status;
}
