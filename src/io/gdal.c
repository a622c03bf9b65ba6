/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does this house speak with GDAL without GDAL speaking to the user or to strangers?
 *
 * GDAL prints its complaints and takes its options from the process. A library may do neither, so
 * every group of calls runs between pl__gdal_begin and pl__gdal_end: an error handler of this
 * thread keeps the first failure's words, and options of this thread hold:
 * - GDAL_PAM_ENABLED=NO: an .aux.xml beside a picture can name any other file (overviews, masks);
 * - GDAL_ERROR_ON_LIBJPEG_WARNING=YES: a truncated JPEG is an error, not a grey area;
 * - GDAL_DISABLE_READDIR_ON_OPEN=TRUE, unless the user set it: a folder of a million files is not
 *   listed to open one of them;
 * - GDAL_NUM_THREADS=ALL_CPUS and GDAL_CACHEMAX=256 (MB), unless the user set them: decoding on all
 *   cores, and a cache whose size does not follow the machine's. GDAL reads the latter once;
 * - requests to clouds are unsigned, and no .netrc is read, unless PLIMSOLL_CLOUD_CREDENTIALS=YES:
 *   keys that happen to lie in the environment are not for whoever made the picture's name;
 * - PG_USE_COPY=NO: a row that a database does not take is told at once;
 * - SQLITE_BUSY_TIMEOUT=2000 (ms), unless the user set it: then who waits hears of it. */
#include <math.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>

#include "io/gdal.h"
#include "io/web.h"

static const struct {
    const char *key, *value;
    enum { ALWAYS, UNLESS_SET, UNLESS_CREDENTIALS } when;
} OPTION[PL_GDAL_OPTIONS] = {
    {"GDAL_PAM_ENABLED", "NO", ALWAYS},
    {"GDAL_ERROR_ON_LIBJPEG_WARNING", "YES", ALWAYS},
    {"GDAL_DISABLE_READDIR_ON_OPEN", "TRUE", UNLESS_SET},
    {"GDAL_NUM_THREADS", "ALL_CPUS", UNLESS_SET},
    {"GDAL_CACHEMAX", "256", UNLESS_SET},
    {"AWS_NO_SIGN_REQUEST", "YES", UNLESS_CREDENTIALS},
    {"GS_NO_SIGN_REQUEST", "YES", UNLESS_CREDENTIALS},
    {"AZURE_NO_SIGN_REQUEST", "YES", UNLESS_CREDENTIALS},
    {"GDAL_HTTP_NETRC", "NO", UNLESS_CREDENTIALS},
    {"CPL_MACHINE_IS_GCE", "NO", UNLESS_CREDENTIALS},
    {"CPL_AWS_AUTODETECT_EC2", "NO", UNLESS_CREDENTIALS},
    {"PG_USE_COPY", "NO", ALWAYS},
    {"SQLITE_BUSY_TIMEOUT", "2000", UNLESS_SET},
    {"CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO", ALWAYS}, /* nothing is left beside what was read */
};

/* On one line, without the secret, and without the SQL that a database's words begin or end with.
 */
static void keep_words(pl_gdal *gdal, const char *words) {
    size_t secret = gdal->secret ? strlen(gdal->secret) : 0, used = 0;
    const char *call = strstr(words, "sqlite3_"),
               *failed = call ? strstr(call, ") failed: ") : NULL;
    const char *reason = failed ? failed + 10 : call ? strstr(call, "): ") : NULL;
    if (reason) words = failed ? reason : reason + 3;
    const char *end = strstr(words, "\nCommand:");
    char line[2 * sizeof gdal->message];
    for (const char *c = words; *c && c != end && used + 4 < sizeof line;) {
        bool is_secret = secret > 0 && strncmp(c, gdal->secret, secret) == 0;
        if (is_secret) {
            memcpy(line + used, "***", 3);
            used += 3;
            c += secret;
            continue;
        }
        bool blank = *c == '\n' || *c == '\t' || *c == '\r';
        if (!(blank && used > 0 && line[used - 1] == ' ')) line[used++] = blank ? ' ' : *c;
        c++;
    }
    while (used > 0 && line[used - 1] == ' ') used--;
    line[used] = '\0';
    pl__text_copy(gdal->message, sizeof gdal->message, line);
}

static void CPL_STDCALL keep_first_failure(CPLErr class, CPLErrorNum number, const char *words) {
    (void)number;
    pl_gdal *gdal = CPLGetErrorHandlerUserData();
    if (class < CE_Failure || !gdal || gdal->message[0]) return;
    keep_words(gdal, words);
}

bool pl__gdal_may_sign(void) {
    return CPLTestBool(CPLGetConfigOption("PLIMSOLL_CLOUD_CREDENTIALS", "NO"));
}

void pl__gdal_begin(pl_gdal *gdal) {
    memset(gdal, 0, sizeof *gdal);
    CPLPushErrorHandlerEx(keep_first_failure, gdal);
    for (int i = 0; i < PL_GDAL_OPTIONS; i++) {
        const char *before = CPLGetThreadLocalConfigOption(OPTION[i].key, NULL);
        gdal->saved[i] = before ? CPLStrdup(before) : NULL;
        if (OPTION[i].when == UNLESS_SET && CPLGetConfigOption(OPTION[i].key, NULL)) continue;
        if (OPTION[i].when == UNLESS_CREDENTIALS && pl__gdal_may_sign()) continue;
        CPLSetThreadLocalConfigOption(OPTION[i].key, OPTION[i].value);
    }
    pl__web_install();
    if (!GDALGetDriverByName("GTiff")) {
        GDALAllRegister();         /* GDAL locks this itself */
        (void)GDALGetCacheMax64(); /* read here, for GDAL's own threads do not see this one's
                                      options */
    }
}

void pl__gdal_end(pl_gdal *gdal) {
    for (int i = 0; i < PL_GDAL_OPTIONS; i++) {
        CPLSetThreadLocalConfigOption(OPTION[i].key, gdal->saved[i]);
        CPLFree(gdal->saved[i]);
        gdal->saved[i] = NULL;
    }
    CPLPopErrorHandler();
}

const char *pl__gdal_words(const pl_gdal *gdal, const char *fallback) {
    return gdal->message[0] ? gdal->message : fallback;
}

OGRSpatialReferenceH pl__gdal_wgs84(void) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (!srs) return NULL;
    if (OSRImportFromEPSG(srs, 4326) != OGRERR_NONE) {
        OSRRelease(srs);
        return NULL;
    }
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    return srs;
}

void pl__gdal_transform(OGRCoordinateTransformationH map, size_t n, double (*xy)[2]) {
    enum { CHUNK = 64 };
    for (size_t from = 0; from < n; from += CHUNK) {
        double x[CHUNK], y[CHUNK];
        int success[CHUNK] = {0};
        int count = (int)(n - from < CHUNK ? n - from : CHUNK);
        for (int i = 0; i < count; i++) {
            x[i] = xy[from + (size_t)i][0];
            y[i] = xy[from + (size_t)i][1];
        }
        OCTTransformEx(map, count, x, y, NULL, success);
        for (int i = 0; i < count; i++) {
            bool fine = success[i] && isfinite(x[i]) && isfinite(y[i]);
            xy[from + (size_t)i][0] = fine ? x[i] : NAN;
            xy[from + (size_t)i][1] = fine ? y[i] : NAN;
        }
    }
}

void pl__io_silence(void) {
    CPLSetErrorHandler(CPLQuietErrorHandler);
}

bool pl__io_config(const char *key_value) {
    const char *equals = strchr(key_value, '=');
    char key[128];
    if (!equals || equals == key_value || (size_t)(equals - key_value) >= sizeof key) return false;
    memcpy(key, key_value, (size_t)(equals - key_value));
    key[equals - key_value] = '\0';
    CPLSetConfigOption(key, equals + 1);
    return true;
}

bool pl__io_allow_hosts(const char *hosts) {
    CPLSetConfigOption("PLIMSOLL_ALLOW_HOSTS", hosts);
    return true;
}
