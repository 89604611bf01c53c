/* json_emit.c - see json_emit.h. */
#include "json_emit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_scan.h"

/* Room for n more bytes and a NUL. */
static bool reserve(json_emit *w, size_t n) {
    size_t cap = w->cap ? w->cap : 1024;

    while (cap < w->n + n + 1)
        cap *= 2;
    if (cap > w->cap && !w->failed) {
        char *text = realloc(w->text, cap);
        w->failed = !text;
        w->text = text ? text : w->text;
        w->cap = text ? cap : w->cap;
    }
    return !w->failed;
}

static void put(json_emit *w, const char *text, size_t n) {
    if (!reserve(w, n))
        return;
    memcpy(w->text + w->n, text, n);
    w->n += n;
    w->text[w->n] = '\0';
}

void json_emit_text(json_emit *w, const char *text) {
    put(w, text, strlen(text));
}

/* How many bytes at s stand in a JSON string as they are. */
static size_t plain(const char *s) {
    const char *at = s;
    size_t n;

    while ((unsigned char)*at >= 0x20 && *at != '"' && *at != '\\' &&
           (n = json_scan_utf8(at)) > 0)
        at += n;
    return (size_t)(at - s);
}

static void put_escaped(json_emit *w, char c) {
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *found = strchr(from, c);
    char text[8];

    if ((unsigned char)c >= 0x80)
        json_emit_text(w, "\xef\xbf\xbd");
    else if (found)
        put(w, (const char[]){'\\', to[found - from]}, 2);
    else
        put(w, text, (size_t)snprintf(text, sizeof(text), "\\u%04x", (unsigned)c));
}

void json_emit_string(json_emit *w, const char *text) {
    json_emit_text(w, "\"");
    for (;;) {
        size_t n = plain(text);
        put(w, text, n);
        text += n;
        if (!*text)
            break;
        put_escaped(w, *text++);
    }
    json_emit_text(w, "\"");
}

void json_emit_integer(json_emit *w, int64_t value) {
    char text[24];

    put(w, text, (size_t)snprintf(text, sizeof(text), "%" PRId64, value));
}

void json_emit_real(json_emit *w, double value) {
    char text[40];

    put(w, text, (size_t)snprintf(text, sizeof(text), "%.9g", value));
    if (!strpbrk(text, ".en"))
        json_emit_text(w, ".0");
}
