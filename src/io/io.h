/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: raster blocks in, rasters and vectors out, CRS, JSON, XML, tables. GDAL, libtiff, jansson
 * and expat live here only. */
#ifndef PL_IO_IO_H
#define PL_IO_IO_H

#include "plimsoll/io.h"

#include "geo/geo.h"

/* ---- rasters ---- */

typedef struct pl_raster pl_raster;

typedef struct pl_raster_info {
    int width, height;
    int bands; /* without alpha, at most 16 */
    int bits;  /* NBITS if declared, else of the type */
    bool is_float;
    bool georeferenced;           /* has an affine map and a CRS */
    double affine[6];             /* GDAL's order, corner convention */
    char crs[64];                 /* "EPSG:32653" or a name; "" */
    char band_name[16][24];       /* description or colour interpretation, lower case, "" */
    double scale[16], offset[16]; /* sample * scale + offset is the physical value; NAN unknown */
    uint64_t size_bytes;          /* of the file; 0 unknown */
    int gcps;                     /* ground control points; nobody here uses them */
    bool has_rpc;                 /* it says that it has: rpc is sound when rpc_fault is "" */
    char rpc_fault[80];
    pl_rpc rpc;
} pl_raster_info;

/** Opens read-only what trust (NULL: the usual) allows. Sets up GDAL on first use. */
pl_status pl__io_raster_open(const char *name, const pl_trust *trust, pl_raster **out,
                             pl_error *error);
void pl__io_raster_close(pl_raster *raster);
const pl_raster_info *pl__io_raster_info(const pl_raster *raster);
/**
 * Reads the window [x, x+w) x [y, y+h) into out planes of out_w x out_h floats (all bands but
 * alpha), averaging when smaller; NaN where nodata or masked. The window may lie between pixels, so
 * that a decimation by 1.7 keeps its scale.
 */
pl_status pl__io_raster_read(const pl_raster *raster, double x, double y, double w, double h,
                             int out_w, int out_h, float *out, pl_error *error);
/** The index-th file that GDAL opened beside the picture itself (overviews, masks, a world file,
 * rational polynomials). @return false: there are no more. */
bool pl__io_raster_file(const pl_raster *raster, int index, char *out, size_t size);
uint64_t pl__io_raster_bytes_read(const pl_raster *raster);
/** Raster CRS -> WGS 84 lon lat degrees, in place. With invert: back. A place that cannot be
 * transformed becomes NAN, NAN. PL_REFUSED without georeference. */
pl_status pl__io_raster_transform(const pl_raster *raster, bool invert, size_t n, double (*xy)[2],
                                  pl_error *error);

typedef struct pl_raster_new {
    int width, height, bands;
    int bits; /* 8, or up to 16; 32: floats */
    int epsg; /* 0: none */
    double affine[6];
    const char *const *band_names; /* bands of them, or NULL */
    int jpeg_quality;              /* 0: lossless; else of 8 bits, RGB as YCbCr */
    bool overviews;
} pl_raster_new;
/** Writes a tiled DEFLATE or JPEG GeoTIFF from float planes (rounded, clamped, unless floats are
 * wanted), atomically as pl__io_file_write does. */
pl_status pl__io_geotiff_write(const char *file, const pl_raster_new *form, const float *planes,
                               pl_error *error);
/** Writes an 8-bit PNG of 1 or 3 bands, interleaved, atomically as pl__io_file_write does. */
pl_status pl__io_png_write(const char *file, int width, int height, int bands,
                           const unsigned char *samples, pl_error *error);
/** A small PNG (grey or RGB, at most 4096 pixels a side) as JPEG bytes. @param bytes in the arena.
 */
pl_status pl__io_picture_jpeg(const char *file, int quality, pl_arena *arena, unsigned char **bytes,
                              size_t *length, pl_error *error);
/** EPSG code, lon lat degrees -> CRS coordinates, in place. With invert: back. */
pl_status pl__io_crs_transform(int epsg, bool invert, size_t n, double (*xy)[2], pl_error *error);

/** Height of the sea's level over the WGS 84 ellipsoid by the finest grid PROJ has, and the grid's
 * name. @return false, and NAN, when it has none. */
bool pl__io_geoid(double lon_deg, double lat_deg, double *undulation_m, const char **grid);

/** GDAL's own threads have no error handler of ours: they print to stderr, unless this was called.
 * For programs; what they would say is then the failed read's word. */
void pl__io_silence(void);
/** Sets a GDAL configuration option, "KEY=VALUE", for the process. @return false when it is not of
 * that form. */
bool pl__io_config(const char *key_value);
/** Servers may redirect to these hosts too (comma separated), for the process. @return false when
 * the list is too long. */
bool pl__io_allow_hosts(const char *hosts);

/* ---- names ---- */

/** GDAL's name for what the user typed: web addresses become /vsicurl/, s3:// and gs:// addresses
 * /vsis3/ and /vsigs/; anything else stays as it is. */
pl_status pl__io_name(const char *typed, char *out, size_t size, pl_error *error);
/** Which file does a href inside a metadata file mean? A href is not the user's word: see href.c.
 * @param base_file the metadata file, as the user named it. @param trust NULL: the usual.
 * @return PL_E_FORMAT when it may not be followed, PL_E_IO when a local file is not there. */
pl_status pl__io_href_resolve(const char *base_file, const char *href, const pl_trust *trust,
                              char *out, size_t size, pl_error *error);

/* ---- files ---- */

/** Whole file into the arena, NUL-terminated, at most limit bytes. /vsimem/ and the like work. */
pl_status pl__io_file_read(const char *file, size_t limit, pl_arena *arena, char **text,
                           size_t *length, pl_error *error);
/** Writes a whole file, atomically where the file system can (temporary name, then rename). */
pl_status pl__io_file_write(const char *file, const char *text, size_t length, pl_error *error);
bool pl__io_file_exists(const char *file);
/** Names of the files of a folder that begin with prefix and end with suffix (case does not count),
 * sorted, at most `most` of them, into the arena. A folder that cannot be listed has none. */
pl_status pl__io_folder_list(const char *folder, const char *prefix, const char *suffix, int most,
                             pl_arena *arena, const char ***name, int *count, pl_error *error);
/** On another machine (/vsicurl/ and its kin): not to be read as a whole without being asked. */
bool pl__io_file_is_remote(const char *file);
/** Which state of a file on another machine is this? "etag:" and digits made of what its server
 * calls that state (ETag, else the time of its last change) and of its size. "" when it cannot be
 * told: the server says neither, or the file lies in an archive there. */
void pl__io_remote_tag(const char *file, char tag[65]);
/** SHA-256 of a file as 64 hex digits. */
pl_status pl__io_sha256(const char *file, char hex[65], pl_error *error);
/** SHA-256 of a buffer. */
void pl__io_sha256_buffer(const void *data, size_t length, char hex[65]);

/* ---- JSON: a thin door to jansson. NULL nodes are allowed everywhere and read as missing. ---- */

typedef struct json_t pl_json;
/** Parses; depth and size are limited. @return yours to pl__json_free, or NULL with error (line and
 * column). */
pl_json *pl__json_parse(const char *text, size_t length, const char *file, pl_error *error);
/** The same, but an object that has a member twice is no JSON. */
pl_json *pl__json_parse_once(const char *text, size_t length, const char *file, pl_error *error);
void pl__json_free(pl_json *node);
const pl_json *pl__json_get(const pl_json *object, const char *key);
const pl_json *pl__json_at(const pl_json *array, size_t index);
size_t pl__json_size(const pl_json *array);
bool pl__json_is_object(const pl_json *node);
bool pl__json_is_array(const pl_json *node);
/** Missing, or null. */
bool pl__json_is_null(const pl_json *node);
/** Calls visit for each member of an object in the file's order. */
void pl__json_each(const pl_json *object,
                   void (*visit)(const char *key, const pl_json *value, void *context),
                   void *context);
/** NAN when not a number. */
double pl__json_number(const pl_json *node);
/** NULL when not a string. Borrowed. */
const char *pl__json_string(const pl_json *node);

/* ---- XML: a thin door to expat. NULL elements are allowed everywhere and read as missing. ---- */

/** An element; all of it lives in the arena that it was parsed into. */
typedef struct pl_xml {
    const char *name; /* without its namespace's prefix */
    const char *text; /* "" when it holds other elements; blanks at the ends cut */
    int line;
    int attributes;
    const char *const *attribute; /* name, value, name, value ... */
    struct pl_xml *first, *next;  /* child, sibling */
} pl_xml;
/** Parses; depth and number of elements are limited, declared entities refused. Errors name the
 * line. */
pl_status pl__xml_parse(const char *text, size_t length, const char *file, pl_arena *arena,
                        const pl_xml **root, pl_error *error);
/** The first child of that name, or NULL. */
const pl_xml *pl__xml_child(const pl_xml *element, const char *name);
/** The next sibling of the same name, or NULL. */
const pl_xml *pl__xml_next(const pl_xml *element);
/** The first element of that name at any depth below, in the file's order, or NULL. */
const pl_xml *pl__xml_find(const pl_xml *element, const char *name);
/** NULL when missing. */
const char *pl__xml_attribute(const pl_xml *element, const char *name);

/** A JSON writer into growing text: commas and nesting are its work. Sticky failure: check once, at
 * the end. */
typedef struct pl_json_out pl_json_out;
/** @param pretty indent by two spaces. */
pl_json_out *pl__json_out_new(bool pretty);
void pl__json_begin_object(pl_json_out *out,
                           const char *key); /* key NULL inside arrays and at the top */
void pl__json_begin_array(pl_json_out *out, const char *key);
void pl__json_end(pl_json_out *out);
/** NAN and infinities are written as null; digits: significant decimals after the point, trailing
 * zeros cut. */
void pl__json_put_number(pl_json_out *out, const char *key, double value, int decimals);
void pl__json_put_quantity(pl_json_out *out, const char *key, const char *sigma_key, pl_quantity q,
                           int decimals);
void pl__json_put_integer(pl_json_out *out, const char *key, long long value);
void pl__json_put_string(pl_json_out *out, const char *key,
                         const char *value); /* NULL: null; bad UTF-8 replaced */
void pl__json_put_bool(pl_json_out *out, const char *key, bool value);
void pl__json_put_null(pl_json_out *out, const char *key);
/** Gives the text (malloc'ed, yours); NULL when memory ran out or nesting is unbalanced. The writer
 * itself stays yours to pl__json_out_free. */
char *pl__json_out_finish(pl_json_out *out);
void pl__json_out_free(pl_json_out *out);

/* ---- tables (CSV with a header line; lines that begin with # are comments) ---- */

typedef struct pl_table {
    const char *file;
    int rows, columns;
    const char *const *name; /* columns of them */
    const char *const *cell; /* rows * columns */
    const int *line;         /* of each row in the file */
    char sha256[65];         /* of the bytes that were read */
} pl_table;
/** Reads a CSV file into the arena. Errors name file, line, column. */
pl_status pl__table_read(const char *file, pl_arena *arena, pl_table *out, pl_error *error);
/** Column by name, or PL_E_FORMAT that names file and column. */
pl_status pl__table_column(const pl_table *table, const char *name, int *out, pl_error *error);
const char *pl__table_text(const pl_table *table, int row, int column);
/** A finite number; an empty cell gives NAN; anything else PL_E_FORMAT with file:line:column. */
pl_status pl__table_number(const pl_table *table, int row, int column, double *out,
                           pl_error *error);

/* ---- lines of a text that may be larger than memory ---- */

typedef struct pl_lines pl_lines;
/** @param file a name that ends in .gz is unpacked on the way. @param out yours to close. */
pl_status pl__lines_open(const char *file, pl_lines **out, pl_error *error);
/** The next line without its end (LF, or CR LF) and without a byte order mark, NUL-terminated; it
 * may be written to, and lives until the next call. @param length of it; a byte of it may be NUL.
 * SIZE_MAX: longer than 4096 bytes, and passed over. @return NULL at the end. */
char *pl__lines_next(pl_lines *lines, size_t *length);
void pl__lines_close(pl_lines *lines);

/* ---- vectors: a GeoPackage or the tables of a PostGIS database, that grow ---- */

typedef enum pl_field_type {
    PL_FIELD_TEXT,
    PL_FIELD_REAL,
    PL_FIELD_INTEGER,
    PL_FIELD_TIME, /* its values are text, RFC 3339 in UTC */
    PL_FIELD_TRUTH
} pl_field_type;
typedef enum pl_index { PL_INDEX_NONE, PL_INDEX_ANY, PL_INDEX_ONCE } pl_index;
typedef struct pl_field {
    const char *name;
    pl_field_type type;
    pl_index index; /* ONCE: no two rows may have the same */
} pl_field;
typedef struct pl_value { /* of a field: a NULL text, and for numbers a NAN in real, becomes SQL
                             NULL */
    const char *text;
    double real;
    long long integer;
} pl_value;
typedef struct pl_layer_form {
    const char *name;
    bool spatial; /* polygons, EPSG:4326, indexed */
    const pl_field *fields;
    int count;
} pl_layer_form;
/** An outline: closed rings of lon lat pairs, a part each; or what pl__vector_find gave. */
typedef struct pl_vector_shape {
    int parts;
    const double (*ring[2])[2];
    int corners[2];
    const unsigned char *wkb;
    size_t wkb_size;
} pl_vector_shape;
typedef struct pl_vector_file pl_vector_file;
typedef enum pl_vector_mode {
    PL_VECTOR_READ, /* somebody else's, perhaps */
    PL_VECTOR_WRITE,
    PL_VECTOR_NEW /* a GeoPackage is made at that path */
} pl_vector_mode;

/** Does the name begin with "PG:"? */
bool pl__vector_is_database(const char *name);
/** A store's name without its password, and the password ("" none). @return false: too long. */
bool pl__vector_name(const char *name, char *shown, size_t shown_size, char *password,
                     size_t password_size);
/** Messages do not hold the name. PL_E_IO: cannot be reached or is locked; PL_E_FORMAT: is not what
 * it should be, or has what no store has. */
pl_status pl__vector_open(const char *name, pl_vector_mode mode, pl_vector_file **out,
                          pl_error *error);
bool pl__vector_is_postgres(const pl_vector_file *file);
/** Closes; the handle is gone also on failure. */
pl_status pl__vector_close(pl_vector_file *file, pl_error *error);

/** Is there a GeoPackage, or a file of no bytes? PL_E_IO when something else is. */
pl_status pl__vector_is_there(const char *path, bool *there, pl_error *error);
/** May this user write to the file, and beside it? */
pl_status pl__vector_may_write(const char *path, pl_error *error);
bool pl__vector_same_file(const char *a, const char *b);
/** A name beside path at which a new GeoPackage can be made. */
pl_status pl__vector_new_name(const char *path, char *out, size_t size, pl_error *error);
/** Gives what was made its name, unless that is taken by now: then what was made is gone. */
pl_status pl__vector_publish(const char *made, const char *path, pl_error *error);
void pl__vector_discard(const char *made);

/** @param field NULL: of any. */
bool pl__vector_has(pl_vector_file *file, const char *layer, const char *field);
/** Has the file the layer with all of its fields? */
bool pl__vector_has_all(pl_vector_file *file, const pl_layer_form *form);
/** What kept the questions above from being answered; PL_OK: nothing did. */
pl_status pl__vector_trouble(const pl_vector_file *file, pl_error *error);
/** Is the table there now? pl__vector_has tells what was there when the file was opened. */
bool pl__vector_table_there(pl_vector_file *file, const char *table);
/** Makes the layer, or the fields that it lacks. */
pl_status pl__vector_layer(pl_vector_file *file, const pl_layer_form *form, pl_error *error);
pl_status pl__vector_drop(pl_vector_file *file, const char *layer, pl_error *error);

/** Begins to write. In PostGIS waits for who writes under one of the names, in a GeoPackage for any
 * writer, for some seconds. */
pl_status pl__vector_begin(pl_vector_file *file, const char *const *names, int count,
                           pl_error *error);
/** All or, on failure, nothing. */
pl_status pl__vector_commit(pl_vector_file *file, pl_error *error);
void pl__vector_rollback(pl_vector_file *file);

/** What a row must have in a text field to be found. */
typedef struct pl_match {
    const char *field, *value;
} pl_match;
/** @param values count of them, in the fields' order; text lives until the visit returns, a field
 * that the layer lacks is NULL and NAN. @param wkb the outline, NULL none. @return false: enough.
 */
typedef bool pl_row_visit(void *context, const pl_value *values, const unsigned char *wkb,
                          size_t size);
/** Visits the rows that match (match NULL: all), in the order of a text field (NULL: any order). A
 * visit may not use the file. */
pl_status pl__vector_find(pl_vector_file *file, const char *layer, const pl_field *fields,
                          int count, const pl_match *match, const char *order, pl_row_visit *visit,
                          void *context, pl_error *error);
/** Removes the rows whose text field equals value. */
pl_status pl__vector_remove(pl_vector_file *file, const char *layer, const char *field,
                            const char *value, pl_error *error);
/** Adds a row. @param shape NULL: none. */
pl_status pl__vector_add(pl_vector_file *file, const char *layer, const pl_field *fields,
                         const pl_value *values, int count, const pl_vector_shape *shape,
                         pl_error *error);
/** Text as a store keeps it: UTF-8; of text that is none, bytes beyond ASCII become \\xE9. Yours to
 * free(); NULL out of memory. */
char *pl__vector_kept(const char *text);
/** A GDAL option, or one of ours that is set like it (--config, environment); NULL not set. */
const char *pl__vector_setting(const char *key);
/** The database and schema that PostGIS tables go into; "" for a GeoPackage. */
pl_status pl__vector_place(pl_vector_file *file, char *catalog, char *schema, size_t size,
                           pl_error *error);

#endif
