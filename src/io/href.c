/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which file does a name mean, and may it be opened?
 *
 * A name that the user typed may be anything that GDAL reads; a web address becomes one of GDAL's
 * virtual files. A name that stands in a metadata file is not the user's word. It may mean
 * - a file below the metadata file's own folder, also after symbolic links are followed;
 * - a member of the same archive, below the metadata file's folder in it;
 * - a file on the host (the bucket) that the metadata file itself came from;
 * - a file on a host or in a bucket that the user allowed.
 * Nothing else: no absolute path that leaves the folder, no virtual file of GDAL's, no address with
 * a password in it. A host is compared together with its port; one without a port means the
 * scheme's own. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/href.h"
#include "io/web.h"

static const char FLOOR[] = "io";
enum { NAME_MAX_BYTES = 2048, HOST_MAX = 300 };

/* Schemes that are spelled otherwise by GDAL. */
static const struct {
    const char *scheme, *prefix;
} CLOUD[] = {{"s3://", "/vsis3/"}, {"gs://", "/vsigs/"}};
enum { CLOUDS = sizeof CLOUD / sizeof *CLOUD };

static bool begins(const char *text, const char *with) {
    return strncasecmp(text, with, strlen(with)) == 0;
}

static bool is_web(const char *text) {
    return begins(text, "http://") || begins(text, "https://");
}

/* Length of "scheme:" at the beginning; 0 when there is none. */
static size_t scheme_length(const char *text) {
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || (n > 0 && text[n] && strchr("+.-", text[n]))) n++;
    return n > 1 && text[n] == ':' && isalpha((unsigned char)text[0]) ? n + 1 : 0;
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static pl_status join(char *out, size_t size, pl_error *error, const char *a, const char *b,
                      const char *c) {
    int n = snprintf(out, size, "%s%s%s", a, b, c);
    if (n >= 0 && (size_t)n < size) return PL_OK;
    return pl__fail(error, PL_E_LIMIT, FLOOR, "a file name of more than %zu bytes", size - 1);
}

/* ---- hosts ---- */

/* "host:port" of a web address, lower case. @return false when it has none, or hides one. */
static bool host_of(const char *url, char out[HOST_MAX]) {
    bool secure = begins(url, "https://");
    if (!is_web(url)) return false;
    const char *from = strchr(url, '/') + 2;
    size_t n = strcspn(from, "/?#");
    if (n == 0 || n + 5 >= HOST_MAX || memchr(from, '@', n) || memchr(from, '\\', n)) return false;
    for (size_t i = 0; i < n; i++) out[i] = (char)tolower((unsigned char)from[i]);
    out[n] = '\0';
    const char *colon = strrchr(out, ':');
    bool port = colon && !strchr(colon, ']'); /* an IPv6 address has colons of its own */
    if (port && colon[1]) return true;
    snprintf(out + n - (port ? 1 : 0), HOST_MAX - n, secure ? ":443" : ":80");
    return true;
}

/* Is "host:port" the one that an entry of the user's list means? */
static bool host_matches(const char *host, const char *entry, size_t n) {
    char wanted[HOST_MAX];
    if (n == 0 || n >= sizeof wanted) return false;
    memcpy(wanted, entry, n);
    wanted[n] = '\0';
    if (strcasecmp(host, wanted) == 0) return true;
    if (strncasecmp(host, wanted, n) != 0) return false;
    return strcmp(host + n, ":443") == 0 || strcmp(host + n, ":80") == 0;
}

static bool listed(const char *host, const char *list) {
    while (list && *list) {
        size_t n = strcspn(list, ", ");
        if (host_matches(host, list, n)) return true;
        list += n;
        list += strspn(list, ", ");
    }
    return false;
}

/* The web address or "/vsis3/bucket" inside a virtual name; NULL when it is not remote. */
static const char *address_in(const char *name) {
    const char *web = strstr(name, "http://");
    if (!web) web = strstr(name, "https://");
    if (web) return web;
    const char *cloud = strstr(name, "/vsis3/");
    return cloud ? cloud : strstr(name, "/vsigs/");
}

static bool same_host(const char *host, const char *base) {
    char own[HOST_MAX];
    const char *address = address_in(base);
    if (!address || !host_of(address, own)) return false;
    if (strcmp(own, host) == 0) return true;
    char *port = strrchr(own, ':'); /* http and https of one host are one host */
    bool usual = strcmp(port, ":80") == 0 || strcmp(port, ":443") == 0;
    return usual && host_matches(host, own, (size_t)(port - own));
}

bool pl__io_host_allowed(const char *base, const char *url, const pl_trust *trust) {
    char host[HOST_MAX];
    return host_of(url, host) && (same_host(host, base) || listed(host, trust->hosts));
}

static bool bucket_allowed(const char *base, const char *prefix, const char *bucket, size_t n,
                           const pl_trust *trust) {
    char name[HOST_MAX];
    if (n == 0 || n >= sizeof name) return false;
    memcpy(name, bucket, n);
    name[n] = '\0';
    const char *own = strstr(base, prefix);
    if (own) {
        own += strlen(prefix);
        if (strcspn(own, "/") == n && strncmp(own, name, n) == 0) return true;
    }
    return listed(name, trust->hosts);
}

/* ---- paths ---- */

/* Adds the parts of path to out, of which the first `root` bytes stay. "." is dropped, ".." takes
 * one part back. @return false when it would take more than there is, or does not fit. */
static bool walk(char *out, size_t size, size_t root, const char *path, size_t length) {
    size_t used = strlen(out);
    for (size_t i = 0; i < length;) {
        size_t n = 0;
        while (i + n < length && path[i + n] != '/') n++;
        const char *part = path + i;
        i += n + 1;
        if (n == 0 || (n == 1 && part[0] == '.')) continue;
        if (n == 2 && part[0] == '.' && part[1] == '.') {
            if (used <= root) return false;
            while (used > root && out[--used] != '/') {
            }
            out[used] = '\0';
            continue;
        }
        if (used + n + 2 > size) return false;
        if (used > 0 && out[used - 1] != '/') out[used++] = '/';
        memcpy(out + used, part, n);
        used += n;
        out[used] = '\0';
    }
    return true;
}

static pl_status leaves(const char *base, const char *href, pl_error *error) {
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%.60s names %.90s: outside its own folder",
                    last_part(base), href);
}

/* Does the file, links followed, lie below the folder? */
static pl_status check_below(const char *base, const char *href, const char *folder,
                             const char *file, pl_error *error) {
    pl_status status = PL_OK;
    char *real_folder = realpath(folder, NULL), *real_file = realpath(file, NULL);
    size_t n = real_folder ? strlen(real_folder) : 0;
    if (!real_file) {
        status = pl__fail(error, PL_E_IO, FLOOR, "%.60s names %.90s, which is not there",
                          last_part(base), href);
    } else if (!real_folder || strncmp(real_file, real_folder, n) != 0 ||
               (real_file[n] != '/' && n > 1)) {
        status = leaves(base, href, error);
    }
    free(real_folder);
    free(real_file);
    return status;
}

static pl_status beside_local(const char *base, const char *href, char *out, size_t size,
                              pl_error *error) {
    char folder[NAME_MAX_BYTES];
    size_t n = (size_t)(last_part(base) - base);
    if (n >= sizeof folder || n + strlen(href) + 2 > size)
        return pl__fail(error, PL_E_LIMIT, FLOOR, "a file name of more than %zu bytes", size - 1);
    memcpy(folder, base, n);
    folder[n] = '\0';
    if (n == 0) memcpy(folder, "./", 3);
    if (href[0] == '/') {
        if (begins(base, "/vsi")) return leaves(base, href, error);
        pl__text_copy(out, size, href);
    } else {
        size_t root = strlen(folder);
        pl__text_copy(out, size, folder);
        if (!walk(out, size, root, href, strlen(href))) return leaves(base, href, error);
    }
    if (begins(base, "/vsi")) return PL_OK; /* archives and memory know no links */
    return check_below(base, href, folder, out, error);
}

/* Where host or bucket end in a remote base; 0 when it is spelled in another way. */
static size_t remote_root(const char *base) {
    const char *path = NULL;
    if (begins(base, "/vsicurl/http")) {
        path = strstr(base, "://");
        path = path ? strpbrk(path + 3, "/?#") : NULL;
    }
    for (int i = 0; i < CLOUDS && !path; i++)
        if (begins(base, CLOUD[i].prefix)) path = strchr(base + strlen(CLOUD[i].prefix), '/');
    return path ? (size_t)(path - base) : 0;
}

static pl_status beside_remote(const char *base, const char *href, char *out, size_t size,
                               pl_error *error) {
    size_t root = remote_root(base), query = strcspn(href, "?#");
    if (root == 0 || root + 1 > size || begins(href, "//"))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%.60s names %.90s: no way to tell which file",
                        last_part(base), href);
    memcpy(out, base, root);
    out[root] = '\0';
    size_t folder = strcspn(base + root, "?#");
    while (folder > 0 && base[root + folder - 1] != '/') folder--;
    bool fine = href[0] == '/' || walk(out, size, root, base + root, folder);
    fine = fine && walk(out, size, root, href, query);
    size_t used = strlen(out);
    if (!fine || used + strlen(href + query) + 1 > size) return leaves(base, href, error);
    pl__text_copy(out + used, size - used, href + query);
    return PL_OK;
}

/* ---- addresses ---- */

static pl_status refuse_host(const char *base, const char *href, const char *host,
                             pl_error *error) {
    return pl__fail(error, PL_E_FORMAT, FLOOR,
                    "%.50s names %.80s: not on a host that you named (--allow-host %.60s)",
                    last_part(base), href, host);
}

static pl_status elsewhere(const char *base, const char *href, const pl_trust *trust, char *out,
                           size_t size, pl_error *error) {
    char host[HOST_MAX];
    if (is_web(href)) {
        if (!host_of(href, host))
            return pl__fail(error, PL_E_FORMAT, FLOOR,
                            "%.60s names an address without a plain host", last_part(base));
        if (pl__io_host_allowed(base, href, trust))
            return join(out, size, error, "/vsicurl/", href, "");
        return refuse_host(base, href, host, error);
    }
    for (int i = 0; i < CLOUDS; i++) {
        if (!begins(href, CLOUD[i].scheme)) continue;
        const char *bucket = href + strlen(CLOUD[i].scheme);
        size_t n = strcspn(bucket, "/?#");
        if (bucket_allowed(base, CLOUD[i].prefix, bucket, n, trust))
            return join(out, size, error, CLOUD[i].prefix, bucket, "");
        snprintf(host, sizeof host, "%.*s", (int)pl__min((double)n, 200), bucket);
        return refuse_host(base, href, host, error);
    }
    return pl__fail(error, PL_E_FORMAT, FLOOR, "%.60s names %.90s: no kind of address to follow",
                    last_part(base), href);
}

static bool is_clean(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) return false;
    return true;
}

/* ---- doors ---- */

pl_status pl__io_name(const char *typed, char *out, size_t size, pl_error *error) {
    if (is_web(typed)) return join(out, size, error, "/vsicurl/", typed, "");
    for (int i = 0; i < CLOUDS; i++)
        if (begins(typed, CLOUD[i].scheme))
            return join(out, size, error, CLOUD[i].prefix, typed + strlen(CLOUD[i].scheme), "");
    return join(out, size, error, typed, "", "");
}

bool pl__io_guarded_name(const char *name, char *out, size_t size) {
    static const char WEB[] = "/vsicurl/";
    char plain[NAME_MAX_BYTES];
    if (pl__io_name(name, plain, sizeof plain, NULL) != PL_OK) return false;
    if (strstr(plain, "/vsicurl?") || strstr(plain, "/vsicurl_streaming")) return false;
    size_t used = 0;
    for (const char *from = plain; *from;) {
        bool web = strncmp(from, WEB, sizeof WEB - 1) == 0;
        const char *piece = web ? PL_WEB_PREFIX : from;
        size_t n = web ? sizeof PL_WEB_PREFIX - 1 : 1;
        if (used + n >= size) return false;
        memcpy(out + used, piece, n);
        used += n;
        from += web ? sizeof WEB - 1 : 1;
    }
    out[used] = '\0';
    return true;
}

pl_status pl__io_href_resolve(const char *base_file, const char *href, const pl_trust *trust,
                              char *out, size_t size, pl_error *error) {
    static const pl_trust USUAL = PL_TRUST_INIT;
    char base[NAME_MAX_BYTES];
    if (!trust) trust = &USUAL;
    pl_status status = pl__io_name(base_file, base, sizeof base, error);
    if (status < 0) return status;
    if (!*href || !is_clean(href) || begins(href, "/vsi"))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%.60s names %.90s: not a file's name",
                        last_part(base), is_clean(href) && *href ? href : "nothing readable");
    if (begins(href, "file:///") && !begins(base, "/vsi")) {
        href += strlen("file://");
    } else if (scheme_length(href) > 0) {
        return elsewhere(base, href, trust, out, size, error);
    }
    bool remote = begins(base, "/vsi") && remote_root(base) > 0;
    if (pl__io_file_is_remote(base) && !remote && !begins(base, "/vsizip/") &&
        !begins(base, "/vsitar/"))
        return pl__fail(error, PL_E_FORMAT, FLOOR, "%.60s names %.90s: no way to tell which file",
                        last_part(base), href);
    return remote ? beside_remote(base, href, out, size, error)
                  : beside_local(base, href, out, size, error);
}
