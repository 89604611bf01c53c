/* escape.c - see escape.h. */
#include "page/escape.h"

#include <stdint.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

/* The length of the well-formed UTF-8 sequence at s, or 0 (Unicode 15, table 3-7). */
static size_t sequence(const unsigned char *s) {
    static const struct {
        unsigned char first, last, low, high;
        size_t n;
    } kinds[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
        {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        if (s[0] < kinds[k].first || s[0] > kinds[k].last)
            continue;
        if (s[1] < kinds[k].low || s[1] > kinds[k].high)
            return 0;
        for (size_t i = 2; i < kinds[k].n; i++)
            if (s[i] < 0x80 || s[i] > 0xbf)
                return 0;
        return kinds[k].n;
    }
    return 0;
}

static const char *entity(unsigned char c) {
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? replacement : NULL;
    }
}

void accord_page_text(accord_buf *out, const char *text) {
    const unsigned char *s = (const unsigned char *)(text ? text : "");

    while (*s) {
        const char *instead = *s < 0x80 ? entity(*s) : NULL;
        size_t n = *s < 0x80 ? 1 : sequence(s);
        if (n == 0)
            instead = replacement;
        if (instead)
            accord_buf_puts(out, instead);
        else
            accord_buf_add(out, s, n);
        s += n ? n : 1;
    }
}

void accord_page_json(accord_buf *out, const char *json, size_t n) {
    size_t from = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)json[i];
        bool line = c == 0xe2 && n - i > 2 && (unsigned char)json[i + 1] == 0x80 &&
                    ((unsigned char)json[i + 2] & 0xfe) == 0xa8;
        if (c != '<' && c != '>' && c != '&' && !line)
            continue;
        accord_buf_add(out, json + from, i - from);
        if (line)
            accord_buf_puts(out,
                            (unsigned char)json[i + 2] == 0xa8 ? "\\u2028" : "\\u2029");
        else
            accord_buf_printf(out, "\\u%04x", c);
        i += line ? 2 : 0;
        from = i + 1;
    }
    accord_buf_add(out, json + from, n - from);
}
