/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where is the password in the name of a database, and what is left without it?
 *
 * libpq's two forms (PostgreSQL documentation, 34.1.1): keyword = value pairs, values perhaps in
 * single quotes with backslashes, and URIs, user:password@host and parameters, percent-encoded. A
 * name that is neither is no more than text that cannot be connected with. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "io/vector.h"

typedef struct text {
    char *at, *end;
    bool full;
} text;

static void put(text *t, char c) {
    if (t->at < t->end)
        *t->at++ = c;
    else
        t->full = true;
}

static void put_range(text *t, const char *from, const char *to) {
    while (from < to) put(t, *from++);
}

static bool is_secret(const char *key, size_t length) {
    return (length == 8 && strncasecmp(key, "password", 8) == 0) ||
           (length == 11 && strncasecmp(key, "sslpassword", 11) == 0);
}

bool pl__vector_is_database(const char *name) {
    return strncasecmp(name, "PG:", 3) == 0;
}

/* ---- keyword = value ---- */

static const char *skip_blanks(const char *at) {
    while (isspace((unsigned char)*at)) at++;
    return at;
}

/* @param value NULL: not wanted. @return behind the value. */
static const char *walk_value(const char *at, text *value) {
    bool quoted = *at == '\'';
    if (quoted) at++;
    for (; *at && (quoted ? *at != '\'' : !isspace((unsigned char)*at)); at++) {
        if (*at == '\\' && at[1]) at++;
        if (value) put(value, *at);
    }
    return quoted && *at ? at + 1 : at;
}

static void split_pairs(const char *at, text *shown, text *password) {
    while (*(at = skip_blanks(at))) {
        const char *key = at;
        while (*at && *at != '=' && !isspace((unsigned char)*at)) at++;
        size_t length = (size_t)(at - key);
        bool secret = is_secret(key, length);
        const char *equals = skip_blanks(at);
        if (*equals == '=') at = walk_value(skip_blanks(equals + 1), secret ? password : NULL);
        if (secret) continue;
        if (shown->at[-1] != ':') put(shown, ' ');
        put_range(shown, key, at);
    }
}

bool pl__vector_name_value(const char *name, const char *key, char *out, size_t size) {
    const char *at = pl__vector_is_database(name) ? name + 3 : "";
    while (*(at = skip_blanks(at))) {
        const char *word = at;
        while (*at && *at != '=' && !isspace((unsigned char)*at)) at++;
        size_t length = (size_t)(at - word);
        const char *equals = skip_blanks(at);
        if (*equals != '=') continue;
        text value = {out, out + size - 1, false};
        at = walk_value(skip_blanks(equals + 1), &value);
        *value.at = '\0';
        if (strlen(key) == length && strncasecmp(word, key, length) == 0) return true;
    }
    return false;
}

/* ---- URI ---- */

static int hex(char c) {
    return c >= '0' && c <= '9' ? c - '0' : isxdigit((unsigned char)c) ? tolower(c) - 'a' + 10 : -1;
}

static void put_decoded(text *t, const char *from, const char *to) {
    for (; from < to; from++) {
        int high = *from == '%' && from + 2 < to ? hex(from[1]) : -1;
        int low = high >= 0 ? hex(from[2]) : -1;
        put(t, low >= 0 ? (char)(16 * high + low) : *from);
        if (low >= 0) from += 2;
    }
}

static void split_parameters(const char *at, text *shown, text *password) {
    char before = '?';
    for (const char *end; *at; at = *end ? end + 1 : end) {
        end = at + strcspn(at, "&");
        size_t length = strcspn(at, "=&");
        if (is_secret(at, length)) {
            if (at[length] == '=') put_decoded(password, at + length + 1, end);
            continue;
        }
        put(shown, before);
        put_range(shown, at, end);
        before = '&';
    }
}

static void split_uri(const char *at, text *shown, text *password) {
    const char *host = strstr(at, "://") + 3, *query = host + strcspn(host, "?");
    const char *path = host + strcspn(host, "/?"), *user_end = NULL;
    for (const char *c = host; c < path; c++)
        if (*c == '@') user_end = c;
    const char *colon = user_end ? memchr(host, ':', (size_t)(user_end - host)) : NULL;
    put_range(shown, at, colon ? colon : query);
    if (colon) {
        put_decoded(password, colon + 1, user_end);
        put_range(shown, user_end, query);
    }
    if (*query) split_parameters(query + 1, shown, password);
}

/* ---- both ---- */

bool pl__vector_name(const char *name, char *shown, size_t shown_size, char *password,
                     size_t password_size) {
    text s = {shown, shown + shown_size - 1, false};
    text p = {password, password + password_size - 1, false};
    if (pl__vector_is_database(name)) {
        const char *rest = skip_blanks(name + 3);
        put_range(&s, "PG:", &"PG:"[3]);
        bool uri = strncmp(rest, "postgres", 8) == 0 && strstr(rest, "://");
        (uri ? split_uri : split_pairs)(rest, &s, &p);
    } else {
        put_range(&s, name, name + strlen(name));
    }
    *s.at = *p.at = '\0';
    return !s.full && !p.full;
}
