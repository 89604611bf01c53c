/* buf.c - see buf.h. */
#include "base/buf.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void accord_buf_init(accord_buf *b, size_t max) {
    *b = (accord_buf){.max = max};
}

void accord_buf_fini(accord_buf *b) {
    free(b->data);
    *b = (accord_buf){.max = b->max};
}

void accord_buf_clear(accord_buf *b) {
    b->n = 0;
    b->failed = b->no_memory = false;
    if (b->data)
        b->data[0] = '\0';
}

char *accord_buf_take(accord_buf *b) {
    char *text = b->data ? b->data : calloc(1, 1);

    *b = (accord_buf){.max = b->max};
    return text;
}

/* Makes room for n more bytes and a NUL. */
static bool reserve(accord_buf *b, size_t n) {
    if (b->failed || n > b->max - b->n) {
        b->failed = true;
        return false;
    }
    if (b->n + n + 1 <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < b->n + n + 1)
        cap *= 2;
    char *data = realloc(b->data, cap);
    if (!data) {
        b->failed = b->no_memory = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

void accord_buf_add(accord_buf *b, const void *data, size_t n) {
    if (!reserve(b, n))
        return;
    if (n)
        memcpy(b->data + b->n, data, n);
    b->n += n;
    b->data[b->n] = '\0';
}

void accord_buf_puts(accord_buf *b, const char *text) {
    accord_buf_add(b, text, strlen(text));
}

void accord_buf_printf(accord_buf *b, const char *fmt, ...) {
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n >= 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->data + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

/* The length of the valid UTF-8 sequence at s, or 0. */
static size_t utf8_length(const unsigned char *s) {
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

static void escape(accord_buf *b, unsigned char c) {
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (const char *p = named; *p; p += 2)
        if ((unsigned char)*p == c) {
            accord_buf_add(b, (char[]){'\\', p[1]}, 2);
            return;
        }
    accord_buf_printf(b, "\\u%04x", c);
}

static void quoted(accord_buf *b, const char *text) {
    const unsigned char *s = (const unsigned char *)text;

    accord_buf_add(b, "\"", 1);
    while (*s) {
        const unsigned char *from = s;
        while (*s >= 0x20 && *s < 0x7f && *s != '"' && *s != '\\')
            s++;
        accord_buf_add(b, from, (size_t)(s - from));
        if (!*s)
            break;
        size_t n = utf8_length(s);
        if (*s < 0x80)
            escape(b, *s);
        else if (n)
            accord_buf_add(b, s, n);
        else
            accord_buf_puts(b, "\xef\xbf\xbd");
        s += n ? n : 1;
    }
    accord_buf_add(b, "\"", 1);
}

void accord_json_key(accord_buf *b, const char *key) {
    char last = b->n ? b->data[b->n - 1] : '{';

    if (last != '{' && last != '[' && last != ':')
        accord_buf_add(b, ",", 1);
    if (key) {
        quoted(b, key);
        accord_buf_add(b, ":", 1);
    }
}

void accord_json_text(accord_buf *b, const char *key, const char *text) {
    accord_json_key(b, key);
    if (text)
        quoted(b, text);
    else
        accord_buf_puts(b, "null");
}

void accord_json_int(accord_buf *b, const char *key, int64_t value) {
    accord_json_key(b, key);
    accord_buf_printf(b, "%" PRId64, value);
}

void accord_json_real(accord_buf *b, const char *key, double value) {
    char text[32];

    accord_json_key(b, key);
    if (!isfinite(value)) {
        accord_buf_puts(b, isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    accord_buf_puts(b, text);
}

void accord_json_known(accord_buf *b, const char *key, double value) {
    if (isnan(value))
        accord_json_text(b, key, NULL);
    else
        accord_json_real(b, key, value);
}

void accord_json_finite(accord_buf *b, const char *key, double value) {
    accord_json_known(b, key, isfinite(value) ? value : (double)NAN);
}

void accord_json_bool(accord_buf *b, const char *key, bool value) {
    accord_json_key(b, key);
    accord_buf_puts(b, value ? "true" : "false");
}

accord_code accord_buf_check(const accord_buf *b, const char *what, accord_err *err) {
    if (b->no_memory)
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory for %s", what);
    if (b->failed)
        return accord_fail(err, ACCORD_E_LIMIT, "%s is longer than %zu bytes", what,
                           b->max);
    return ACCORD_OK;
}
