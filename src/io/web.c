/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a range of a file fetched from a web server, without being led elsewhere?
 *
 * GDAL's own /vsicurl/ follows every redirect, also to machines that only this one can reach. Here
 * each step is looked at: only to the host that was named, or to one that the user allowed, never
 * from https back to http. The place that answered is asked directly the next time. No cookies, no
 * passwords, no .netrc; a body that is larger than asked for is not read to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <cpl_multiproc.h>
#include <curl/curl.h>

#include "io/href.h"
#include "io/web.h"

enum { HOPS_MAX = 5, TRIES = 3, URL_MAX = 4096 };

struct pl_web {
    CURL *curl;
    char url[URL_MAX]; /* as named */
    char now[URL_MAX]; /* who answered last */
};

typedef struct sink {
    pl_web_answer *answer;
    size_t room, most;
    bool full;
} sink;

static size_t take_body(char *data, size_t size, size_t count, void *user) {
    sink *s = user;
    size_t n = size * count;
    pl_web_answer *a = s->answer;
    if (n > s->most - a->length) {
        s->full = true;
        return 0; /* ends the transfer */
    }
    if (a->length + n > s->room) {
        size_t room = a->length + n > 2 * s->room ? a->length + n : 2 * s->room;
        char *larger = realloc(a->body, room);
        if (!larger) return 0;
        a->body = larger;
        s->room = room;
    }
    memcpy(a->body + a->length, data, n);
    a->length += n;
    return n;
}

/* "ETag: value" -> "value" when it is that header; NULL another. Line ends become ends of text. */
static const char *value_of(char *line, const char *header) {
    size_t n = strlen(header);
    if (strncasecmp(line, header, n) != 0) return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return line + n + strspn(line + n, " ");
}

/* "Content-Range: bytes 0-99/1234" */
static size_t take_header(char *data, size_t size, size_t count, void *user) {
    pl_web_answer *a = ((sink *)user)->answer;
    char line[192];
    const char *value;
    size_t n = size * count;
    if (n >= sizeof line) return n;
    memcpy(line, data, n);
    line[n] = '\0';
    if ((value = value_of(line, "content-range:"))) {
        const char *slash = strchr(value, '/');
        if (slash && slash[1] >= '0' && slash[1] <= '9') a->total = strtoull(slash + 1, NULL, 10);
    } else if ((value = value_of(line, "etag:"))) {
        pl__text_copy(a->tag, sizeof a->tag, value);
    } else if ((value = value_of(line, "last-modified:")) && !a->tag[0]) {
        pl__text_copy(a->tag, sizeof a->tag, value);
    }
    return n;
}

static void forget(pl_web_answer *a) {
    a->code = 0;
    a->length = 0;
    a->total = UINT64_MAX;
    a->tag[0] = a->words[0] = '\0';
}

/* One request to web->now. */
static CURLcode ask(pl_web *web, uint64_t from, size_t length, sink *s) {
    char range[64], words[CURL_ERROR_SIZE] = "";
    forget(s->answer);
    s->full = false;
    snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)from,
             (unsigned long long)(from + length - 1));
    curl_easy_reset(web->curl); /* options only: the connection stays */
    curl_easy_setopt(web->curl, CURLOPT_URL, web->now);
    curl_easy_setopt(web->curl, CURLOPT_RANGE, range);
    curl_easy_setopt(web->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(web->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(web->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(web->curl, CURLOPT_CONNECTTIMEOUT, 30L);
    curl_easy_setopt(web->curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);
    curl_easy_setopt(web->curl, CURLOPT_LOW_SPEED_TIME, 60L);
    curl_easy_setopt(web->curl, CURLOPT_USERAGENT, "plimsoll/" PL_VERSION);
    curl_easy_setopt(web->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(web->curl, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(web->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(web->curl, CURLOPT_HEADERDATA, s);
    curl_easy_setopt(web->curl, CURLOPT_ERRORBUFFER, words);
    CURLcode code = curl_easy_perform(web->curl);
    curl_easy_getinfo(web->curl, CURLINFO_RESPONSE_CODE, &s->answer->code);
    if (code != CURLE_OK)
        pl__text_copy(s->answer->words, sizeof s->answer->words,
                      words[0] ? words : curl_easy_strerror(code));
    curl_easy_setopt(web->curl, CURLOPT_ERRORBUFFER, NULL);
    return code;
}

static bool is_secure(const char *url) {
    return strncasecmp(url, "https://", 8) == 0;
}

/* Goes where the server points to, if that is allowed. */
static bool follow(pl_web *web, pl_web_answer *a) {
    char *to = NULL;
    const pl_trust trust = {.hosts = CPLGetConfigOption("PLIMSOLL_ALLOW_HOSTS", NULL)};
    curl_easy_getinfo(web->curl, CURLINFO_REDIRECT_URL, &to);
    bool fine = to && strlen(to) < sizeof web->now && (is_secure(to) || !is_secure(web->now)) &&
                pl__io_host_allowed(web->url, to, &trust);
    if (fine) {
        char copy[URL_MAX];
        pl__text_copy(copy, sizeof copy, to);
        memcpy(web->now, copy, sizeof copy);
    } else {
        snprintf(a->words, sizeof a->words,
                 "the server points to %.70s: not a host that you named (--allow-host)",
                 to ? to : "nowhere");
    }
    return fine;
}

/* @return whether another try may help. */
static bool is_passing(CURLcode code, long status) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT ||
           code == CURLE_RECV_ERROR || code == CURLE_PARTIAL_FILE || status == 429 ||
           (status >= 500 && status < 600);
}

static bool judge(const sink *s, CURLcode code, uint64_t from, size_t length) {
    pl_web_answer *a = s->answer;
    a->ranged = a->code == 206;
    if (s->full) {
        a->words[0] = '\0';
        if (!a->ranged)
            snprintf(a->words, sizeof a->words,
                     "the server sends whole files, not ranges: fetch the file first");
        else
            snprintf(a->words, sizeof a->words, "the server sends more than was asked for");
        return false;
    }
    if (code != CURLE_OK) return false;
    if (a->ranged) return a->length > 0 && a->length <= length;
    if (a->code == 200 && from == 0) {
        a->total = a->length;
        return true;
    }
    if (a->code != 404 && a->code != 410)
        snprintf(a->words, sizeof a->words,
                 a->code == 200 ? "the server sends whole files, not ranges: fetch the file first"
                                : "the server answers %ld",
                 a->code);
    return false;
}

bool pl__web_get(pl_web *web, uint64_t from, size_t length, size_t most, pl_web_answer *answer) {
    sink s = {.answer = answer, .most = most};
    memset(answer, 0, sizeof *answer);
    CURLcode code = CURLE_OK;
    int tries = 0, hops = 0;
    for (;;) {
        code = ask(web, from, length, &s);
        if (code == CURLE_OK && answer->code >= 300 && answer->code < 400) {
            if (hops++ < HOPS_MAX && follow(web, answer)) continue;
            if (!answer->words[0])
                snprintf(answer->words, sizeof answer->words, "the server points on and on");
            return false;
        }
        if (++tries >= TRIES || s.full || !is_passing(code, answer->code)) break;
        memcpy(web->now, web->url, sizeof web->now); /* a signed address may have run out */
        CPLSleep(0.2 * tries);
    }
    return judge(&s, code, from, length);
}

void pl__web_free(pl_web *web) {
    if (!web) return;
    if (web->curl) curl_easy_cleanup(web->curl);
    free(web);
}

bool pl__web_aim(pl_web *web, const char *url) {
    if (strlen(url) >= URL_MAX) return false;
    pl__text_copy(web->url, sizeof web->url, url);
    pl__text_copy(web->now, sizeof web->now, url);
    return true;
}

pl_web *pl__web_new(const char *url) {
    pl_web *web = calloc(1, sizeof *web);
    if (!web) return NULL;
    web->curl = curl_easy_init();
    if (web->curl && pl__web_aim(web, url)) return web;
    pl__web_free(web);
    return NULL;
}

bool pl__web_tag(const char *url, char *out, size_t size) {
    pl_web *web = pl__web_new(url);
    pl_web_answer answer = {0};
    uint64_t total = 0;
    bool fine = web && pl__web_get(web, 0, 1, 1, &answer) && answer.tag[0];
    total = answer.total;
    if (fine) snprintf(out, size, "%s %llu", answer.tag, (unsigned long long)total);
    free(answer.body);
    pl__web_free(web);
    return fine;
}
