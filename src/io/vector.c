/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How do rows get into a GeoPackage so that a killed run leaves whole ones only?
 *
 * OGR's GPKG driver with one SQLite transaction from begin to commit; what was not committed is
 * rolled back by SQLite itself when the file is opened next. Layers are polygons in WGS 84 with a
 * spatial index; a layer that lacks a field (made by an older version) is given it. Names and
 * values come from pictures and their sidecars: they are never pasted into SQL but for the value of
 * pl__vector_remove, whose quotes are doubled, which is all that SQLite asks of a literal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_api.h>

#include "io/vector.h"

static const char FLOOR[] = "io";

pl_status pl__vector_fail(const pl_vector_file *file, const pl_gdal *gdal, const char *what,
                          pl_error *error) {
    return pl__fail(error, PL_E_IO, FLOOR, "%s: %s: %s", file->path, what,
                    pl__gdal_words(gdal, "no reason given"));
}

static OGRFieldType ogr_type(pl_field_type type) {
    return type == PL_FIELD_TEXT ? OFTString : type == PL_FIELD_REAL ? OFTReal : OFTInteger64;
}

OGRLayerH pl__vector_layer_named(const pl_vector_file *file, const char *layer, pl_error *error,
                                 pl_status *status) {
    OGRLayerH found = GDALDatasetGetLayerByName(file->dataset, layer);
    if (!found)
        *status = pl__fail(error, PL_E_INTERNAL, FLOOR, "%s: no layer %s", file->path, layer);
    return found;
}

pl_status pl__vector_open(const char *path, pl_vector_file **out, pl_error *error) {
    static const char *const ALLOWED[] = {"GPKG", NULL};
    *out = NULL;
    pl_status status = PL_OK;
    pl_vector_file *file = calloc(1, sizeof *file);
    if (!file) return pl__fail_memory(error, FLOOR);
    pl__text_copy(file->path, sizeof file->path, path);
    bool there = pl__io_file_exists(path);
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    file->dataset = there
                        ? GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, ALLOWED, NULL, NULL)
                        : GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
    if (!file->dataset) {
        status = there ? pl__fail(error, PL_E_FORMAT, FLOOR, "%s: not a GeoPackage to write to: %s",
                                  path, pl__gdal_words(&gdal, "cannot open"))
                       : pl__vector_fail(file, &gdal, "cannot create", error);
        free(file);
        file = NULL;
    }
    pl__gdal_end(&gdal);
    *out = file;
    return status;
}

static bool add_missing_fields(OGRLayerH layer, const pl_field *fields, int count) {
    for (int i = 0; i < count; i++) {
        if (OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), fields[i].name) >= 0) continue;
        OGRFieldDefnH field = OGR_Fld_Create(fields[i].name, ogr_type(fields[i].type));
        OGRErr result = field ? OGR_L_CreateField(layer, field, FALSE) : OGRERR_FAILURE;
        if (field) OGR_Fld_Destroy(field);
        if (result != OGRERR_NONE) return false;
    }
    return true;
}

pl_status pl__vector_layer(pl_vector_file *file, const char *layer, const pl_field *fields,
                           int count, pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    OGRLayerH found = GDALDatasetGetLayerByName(file->dataset, layer);
    if (!found) {
        gdal.message[0] = '\0'; /* that it was missing is no failure */
        OGRSpatialReferenceH wgs84 = pl__gdal_wgs84();
        char **options = CSLSetNameValue(NULL, "SPATIAL_INDEX", "YES");
        if (wgs84) found = GDALDatasetCreateLayer(file->dataset, layer, wgs84, wkbPolygon, options);
        CSLDestroy(options);
        if (wgs84) OSRRelease(wgs84);
    }
    if (!found || !add_missing_fields(found, fields, count))
        status = pl__vector_fail(file, &gdal, "cannot make the layer", error);
    pl__gdal_end(&gdal);
    return status;
}

pl_status pl__vector_begin(pl_vector_file *file, pl_error *error) {
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    pl_status status = PL_OK;
    if (GDALDatasetStartTransaction(file->dataset, FALSE) != OGRERR_NONE)
        status = pl__vector_fail(file, &gdal, "cannot begin to write", error);
    pl__gdal_end(&gdal);
    return status;
}

/* Layers are synced first: else extent and row count wait for the closing, which a killed run never
 * comes to. */
pl_status pl__vector_commit(pl_vector_file *file, pl_error *error) {
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    bool fine = true;
    for (int i = 0; i < GDALDatasetGetLayerCount(file->dataset) && fine; i++)
        fine = OGR_L_SyncToDisk(GDALDatasetGetLayer(file->dataset, i)) == OGRERR_NONE;
    if (fine) fine = GDALDatasetCommitTransaction(file->dataset) == OGRERR_NONE;
    pl_status status = fine ? PL_OK : pl__vector_fail(file, &gdal, "cannot commit", error);
    pl__gdal_end(&gdal);
    return status;
}

void pl__vector_rollback(pl_vector_file *file) {
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    GDALDatasetRollbackTransaction(file->dataset);
    pl__gdal_end(&gdal);
}

char *pl__vector_utf8(const char *text) {
    return CPLIsUTF8(text, -1) ? CPLStrdup(text) : CPLForceToASCII(text, -1, '?');
}

/* "name" = 'value' with both kinds of quotes doubled; malloc'ed. */
static char *equals(const char *name, const char *value) {
    char *out = malloc(2 * strlen(name) + 2 * strlen(value) + 10), *at = out;
    if (!out) return NULL;
    *at++ = '"';
    for (; *name; *at++ = *name++)
        if (*name == '"') *at++ = '"';
    memcpy(at, "\" = '", 5);
    at += 5;
    for (; *value; *at++ = *value++)
        if (*value == '\'') *at++ = '\'';
    memcpy(at, "'", 2);
    return out;
}

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
    pl__gdal_begin(&gdal);
    char *filter = NULL, *kept = NULL;
    OGRLayerH found = pl__vector_layer_named(file, layer, error, &status);
    if (!found) goto done;
    if (OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(found), field) < 0) {
        status = pl__fail(error, PL_E_INTERNAL, FLOOR, "%s: no field %s in %s", file->path, field,
                          layer);
        goto done;
    }
    kept = pl__vector_utf8(value);
    filter = kept ? equals(field, kept) : NULL;
    if (!filter) {
        status = pl__fail_memory(error, FLOOR);
        goto done;
    }
    if (OGR_L_SetAttributeFilter(found, filter) != OGRERR_NONE || !remove_filtered(found))
        status = pl__vector_fail(file, &gdal, "cannot remove rows", error);
    OGR_L_SetAttributeFilter(found, NULL);
done:
    free(filter);
    CPLFree(kept);
    pl__gdal_end(&gdal);
    return status;
}

static bool set_value(OGRFeatureH row, const pl_field *field, const pl_value *value) {
    int index = OGR_F_GetFieldIndex(row, field->name);
    if (index < 0) return false;
    if (field->type == PL_FIELD_TEXT ? !value->text : isnan(value->real)) {
        OGR_F_SetFieldNull(row, index);
    } else if (field->type == PL_FIELD_TEXT) {
        char *kept = pl__vector_utf8(value->text);
        OGR_F_SetFieldString(row, index, kept);
        CPLFree(kept);
    } else if (field->type == PL_FIELD_REAL) {
        OGR_F_SetFieldDouble(row, index, value->real);
    } else {
        OGR_F_SetFieldInteger64(row, index, value->integer);
    }
    return true;
}

static bool set_polygon(OGRFeatureH row, const double (*ring)[2], int n) {
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    OGRGeometryH outline = OGR_G_CreateGeometry(wkbLinearRing);
    bool fine = polygon && outline;
    for (int i = 0; i < n && fine; i++) OGR_G_AddPoint_2D(outline, ring[i][0], ring[i][1]);
    if (fine) {
        fine = OGR_G_AddGeometryDirectly(polygon, outline) == OGRERR_NONE;
        if (fine) outline = NULL; /* the polygon's now */
    }
    if (fine) {
        fine = OGR_F_SetGeometryDirectly(row, polygon) == OGRERR_NONE;
        if (fine) polygon = NULL; /* the row's now */
    }
    if (outline) OGR_G_DestroyGeometry(outline);
    if (polygon) OGR_G_DestroyGeometry(polygon);
    return fine;
}

pl_status pl__vector_add(pl_vector_file *file, const char *layer, const pl_field *fields,
                         const pl_value *values, int count, const double (*ring)[2], int n,
                         pl_error *error) {
    pl_status status = PL_OK;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    OGRFeatureH row = NULL;
    OGRLayerH found = pl__vector_layer_named(file, layer, error, &status);
    if (!found) goto done;
    row = OGR_F_Create(OGR_L_GetLayerDefn(found));
    if (!row) {
        status = pl__fail_memory(error, FLOOR);
        goto done;
    }
    for (int i = 0; i < count; i++) {
        if (set_value(row, &fields[i], &values[i])) continue;
        status = pl__fail(error, PL_E_INTERNAL, FLOOR, "%s: no field %s in %s", file->path,
                          fields[i].name, layer);
        goto done;
    }
    if ((ring && n > 0 && !set_polygon(row, ring, n)) ||
        OGR_L_CreateFeature(found, row) != OGRERR_NONE)
        status = pl__vector_fail(file, &gdal, "cannot add a row", error);
done:
    if (row) OGR_F_Destroy(row);
    pl__gdal_end(&gdal);
    return status;
}

pl_status pl__vector_close(pl_vector_file *file, pl_error *error) {
    if (!file) return PL_OK;
    pl_gdal gdal;
    pl__gdal_begin(&gdal);
    GDALClose(file->dataset);
    pl_status status =
        gdal.message[0] ? pl__vector_fail(file, &gdal, "cannot close", error) : PL_OK;
    pl__gdal_end(&gdal);
    free(file);
    return status;
}
