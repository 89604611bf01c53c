/* http.c - easy handles: made once with their headers, lent to one attempt after another.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "llm/pool_parts.h"

enum { ERROR_TEXT_MAX = 200, ERROR_SCAN_MAX = 65536 };

static size_t receive(char *data, size_t size, size_t n, void *user) {
    accord_pool_http *h = user;

    n *= size;
    if (n > ACCORD_WIRE_BODY_MAX - h->body.end) {
        h->too_long = true;
        return 0;
    }
    accord_wire_reserve(&h->body, n);
    memcpy(h->body.data + h->body.end, data, n);
    h->body.end += n;
    return n;
}

/* The key's text without white space around it: keys often come from files. */
static const char *key_of(const char *variable, size_t *n) {
    const char *key = *variable ? getenv(variable) : NULL;

    *n = 0;
    if (!key)
        return NULL;
    key += strspn(key, " \t\r\n");
    *n = strlen(key);
    while (*n && strchr(" \t\r\n", key[*n - 1]))
        (*n)--;
    return *n ? key : NULL;
}

static bool add_header(accord_pool_http *h, const char *text) {
    struct curl_slist *list = curl_slist_append(h->headers, text);

    if (list)
        h->headers = list;
    return list;
}

/* The key is read here, in the parent, and goes nowhere but into the header. */
static bool add_key(accord_pool_http *h, const char **why) {
    size_t n;
    const char *key = key_of(h->key_env, &n);

    if (!key)
        return true;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)key[i] < ' ') {
            *why = "the key's variable holds a control character";
            return false;
        }
    char *line = accord_xasprintf("Authorization: Bearer %.*s", (int)n, key);
    bool ok = add_header(h, line);
    explicit_bzero(line, strlen(line));
    free(line);
    return ok;
}

static bool set_headers(accord_pool_http *h, const char *key_env, const char **why) {
    *why = "out of memory";
    free(h->key_env);
    h->key_env = accord_xstrdup(key_env);
    curl_slist_free_all(h->headers);
    h->headers = NULL;
    /* Without "Expect:" curl would ask before it sends a long prompt. */
    bool ok = add_header(h, "Content-Type: application/json") &&
              add_header(h, "Accept: application/json") && add_header(h, "Expect:") &&
              add_key(h, why);
    return ok && curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers) == CURLE_OK;
}

static accord_pool_http *new_handle(accord_pool_lane *lane) {
    CURL *easy = curl_easy_init();

    if (!easy)
        return NULL;
    accord_pool_http *h = accord_xalloc(sizeof(*h));
    h->easy = easy;
    h->all = lane->all;
    lane->all = h;
    accord_pool_sockets_setup(lane->pool, easy);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, h);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, h);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, h->why);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "accord");
#if CURL_AT_LEAST_VERSION(7, 85, 0)
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
    return h;
}

static bool set_url(accord_pool_http *h, const char *url) {
    if (h->url && strcmp(h->url, url) == 0)
        return true;
    free(h->url);
    h->url = accord_xstrdup(url);
    return curl_easy_setopt(h->easy, CURLOPT_URL, url) == CURLE_OK;
}

bool accord_pool_http_start(accord_pool_call *c, int64_t timeout_ns, char *why,
                            size_t size) {
    accord_pool_lane *lane = c->lane;
    accord_pool_http *h = lane->idle;
    const char *reason = "curl refuses the address";

    if (h)
        lane->idle = h->next;
    else if (!(h = new_handle(lane))) {
        snprintf(why, size, "out of memory");
        return false;
    }
    h->call = c;
    c->http = h;
    h->too_long = false;
    h->why[0] = '\0';
    if ((h->key_env && strcmp(h->key_env, c->key_env) == 0) ||
        set_headers(h, c->key_env, &reason)) {
        reason = "curl refuses the address";
        curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, c->body);
        curl_easy_setopt(h->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->n_body);
        curl_easy_setopt(h->easy, CURLOPT_TIMEOUT_MS,
                         (long)((timeout_ns + 999999) / 1000000));
        if (set_url(h, c->url) && curl_multi_add_handle(lane->pool->multi, h->easy) == 0)
            return true;
    }
    snprintf(why, size, "%s", reason);
    return false; /* the call's end gives the handle back */
}

void accord_pool_http_release(accord_pool_http *h) {
    accord_pool_lane *lane = h->call->lane;

    curl_multi_remove_handle(lane->pool->multi, h->easy);
    accord_wire_drop(&h->body, h->body.end);
    h->call->http = NULL;
    h->call = NULL;
    h->next = lane->idle;
    lane->idle = h;
}

void accord_pool_http_destroy(accord_pool_http *h) {
    curl_easy_cleanup(h->easy);
    curl_slist_free_all(h->headers);
    accord_wire_fini(&h->body);
    free(h->url);
    free(h->key_env);
    free(h);
}

/* {"error": {"message": ...}}, {"error": ...}, {"message": ...}, {"detail": ...}. */
static const char *message_of(const json_t *body) {
    const json_t *error = json_object_get(body, "error");
    const char *text = json_string_value(json_object_get(error, "message"));

    if (!text)
        text = json_string_value(error);
    if (!text)
        text = json_string_value(json_object_get(body, "message"));
    return text ? text : json_string_value(json_object_get(body, "detail"));
}

/* Servers repeat a key that they do not know.  Shorter ones are "none", "EMPTY". */
static void hide_key(char *text, const char *key, size_t n) {
    enum { SHORTEST_SECRET = 8 };
    char *at = text;

    if (!key || n < SHORTEST_SECRET)
        return;
    while ((at = memmem(at, strlen(at), key, n)) != NULL) {
        memset(at, '*', 3);
        memmove(at + 3, at + n, strlen(at + n) + 1);
    }
}

/* Blanks for runs of white space and control characters. */
static void copy_line(char *out, size_t size, const char *text) {
    size_t k = 0;

    for (; *text && k + 1 < size; text++)
        if ((unsigned char)*text > ' ')
            out[k++] = *text;
        else if (k && out[k - 1] != ' ')
            out[k++] = ' ';
    while (*text && k && ((unsigned char)out[k - 1] & 0xc0) == 0x80)
        k--; /* no half characters at the cut */
    out[k] = '\0';
}

void accord_pool_http_error_text(const accord_pool_http *h, char *out, size_t size) {
    json_t *body = json_loadb(h->body.data ? h->body.data : "", h->body.end, 0, NULL);
    const char *message = message_of(body);
    size_t n_key;
    const char *key = key_of(h->key_env, &n_key);
    size_t n = message ? strlen(message) : h->body.end;
    bool cut = n > ERROR_SCAN_MAX;

    n = cut ? ERROR_SCAN_MAX : n;
    char *text = accord_xalloc(n + 1);
    if (n)
        memcpy(text, message ? message : h->body.data, n);
    json_decref(body);
    hide_key(text, key, n_key);
    if (cut) /* the front of a key could stand at the end */
        text[strlen(text) > n_key ? strlen(text) - n_key : 0] = '\0';
    copy_line(out, size < ERROR_TEXT_MAX + 1 ? size : ERROR_TEXT_MAX + 1, text);
    free(text);
}
