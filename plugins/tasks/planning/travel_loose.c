/* travel_loose.c - see travel_loose.h. */
#include "travel_loose.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_WORD = 64 };

struct loose {
    const char *p, *end;
    int depth;
    int state;
};

static int is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_space(struct loose *l) {
    while (l->p < l->end && is_space(*l->p))
        l->p++;
}

/* The next character that is not blank, or 0 at the end, which is then an error. */
static char peek(struct loose *l) {
    skip_space(l);
    if (l->p < l->end)
        return *l->p;
    l->state = l->state ? l->state : TRAVEL_LOOSE_CUT;
    return '\0';
}

static json_t *bad(struct loose *l) {
    l->state = l->state ? l->state : TRAVEL_LOOSE_BAD;
    return NULL;
}

static json_t *made(struct loose *l, json_t *value) {
    if (!value)
        l->state = l->state ? l->state : TRAVEL_LOOSE_NOMEM;
    return value;
}

/* ---- texts ------------------------------------------------------------------------ */

/* Whether a quote ends its text, told by what follows: "Domino's Pizza" goes on. */
static int closes(const struct loose *l, const char *quote) {
    const char *p = quote + 1;

    while (p < l->end && is_space(*p))
        p++;
    if (p == l->end || strchr(":}])", *p))
        return 1;
    if (*p != ',')
        return memchr(quote, '\n', (size_t)(p - quote)) != NULL;
    for (p++; p < l->end && is_space(*p);)
        p++;
    return p == l->end || strchr("\"'{}[]-0123456789NTFntf", *p) != NULL;
}

static size_t put_utf8(char *out, unsigned long c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | (c >> 6));
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | (c >> 12));
    out[1] = (char)(0x80 | ((c >> 6) & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

/* What a backslash and the character at l->p stand for; at most 3 bytes. */
static size_t unescape(struct loose *l, char *out) {
    static const char plain[] = "nrtbf", means[] = "\n\r\t\b\f";
    char hex[5] = "";
    char c = *l->p++;

    const char *at = c ? strchr(plain, c) : NULL;
    if (at) {
        *out = means[at - plain];
        return 1;
    }
    if (c == 'u' && l->end - l->p >= 4) {
        char *stop;
        memcpy(hex, l->p, 4);
        unsigned long code = strtoul(hex, &stop, 16);
        int is_half = code >= 0xd800 && code <= 0xdfff; /* of a pair: no character */
        if (stop == hex + 4 && code && !is_half) {
            l->p += 4;
            return put_utf8(out, code);
        }
    }
    *out = c;
    return 1;
}

/* The quote that ends the text at l->p, or the end. */
static const char *find_close(const struct loose *l, char quote) {
    const char *p = l->p;

    while (p < l->end && (*p != quote || !closes(l, p)))
        p += *p == '\\' && p + 1 < l->end ? 2 : 1;
    return p;
}

static json_t *read_text(struct loose *l) {
    char quote = *l->p++;
    const char *close = find_close(l, quote);
    size_t n = 0;

    if (close == l->end) {
        l->p = close;
        l->state = TRAVEL_LOOSE_CUT;
        return NULL;
    }
    char *text = malloc((size_t)(close - l->p) + 1);
    while (text && l->p < close)
        if (*l->p == '\\') {
            l->p++;
            n += unescape(l, text + n);
        } else {
            text[n++] = *l->p++;
        }
    json_t *value = made(l, text ? json_stringn_nocheck(text, n) : NULL);
    l->p = close + 1;
    free(text);
    return value;
}

/* ---- the rest --------------------------------------------------------------------- */

static int is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == '+' || c == '-';
}

static size_t word_length(const struct loose *l) {
    size_t n = 0;

    while (n < (size_t)(l->end - l->p) && is_word(l->p[n]))
        n++;
    return n;
}

/* A number or a name.  Numbers keep their letters. */
static json_t *read_word(struct loose *l) {
    static const char *const empty[] = {"null", "None", "NaN", "nan"};
    static const char *const yes[] = {"true", "True"}, *const no[] = {"false", "False"};
    char word[MAX_WORD];
    size_t n = word_length(l);

    if (n == 0 || n >= sizeof(word))
        return bad(l);
    memcpy(word, l->p, n);
    word[n] = '\0';
    l->p += n;
    for (int i = 0; i < 4; i++)
        if (strcmp(word, empty[i]) == 0)
            return json_null();
    for (int i = 0; i < 2; i++)
        if (strcmp(word, yes[i]) == 0 || strcmp(word, no[i]) == 0)
            return json_boolean(strcmp(word, yes[i]) == 0);
    if (!strchr("+-.0123456789", word[0]))
        return bad(l);
    return made(l, json_stringn_nocheck(word, n));
}

static json_t *read_value(struct loose *l);

/* A key, quoted or bare, as a text. */
static json_t *read_key(struct loose *l) {
    char c = peek(l);

    if (c == '"' || c == '\'')
        return read_text(l);
    size_t n = 0;
    while (n < (size_t)(l->end - l->p) && (is_word(l->p[n]) || l->p[n] == ' '))
        n++;
    if (n == 0)
        return bad(l);
    json_t *key = made(l, json_stringn_nocheck(l->p, n));
    l->p += n;
    return key;
}

static int read_member(struct loose *l, json_t *object) {
    json_t *key = read_key(l), *value = NULL;

    if (key && peek(l) == ':') {
        l->p++;
        value = read_value(l);
    }
    if (!value)
        bad(l);
    else if (json_object_set_new_nocheck(object, json_string_value(key), value))
        made(l, NULL);
    json_decref(key);
    return !l->state;
}

/* Elements or members up to `close`; commas may be missing or too many. */
static json_t *read_row(struct loose *l, json_t *row, char close) {
    l->p++;
    for (char c; row && !l->state && (c = peek(l)) && c != close;) {
        if (c == ',') {
            l->p++;
        } else if (close == '}') {
            read_member(l, row);
        } else {
            json_t *value = read_value(l);
            if (value && json_array_append_new(row, value))
                made(l, NULL);
        }
    }
    if (!made(l, row) || l->state) {
        json_decref(row);
        return NULL;
    }
    l->p++;
    return row;
}

static json_t *read_value(struct loose *l) {
    json_t *value = NULL;

    if (l->depth == MAX_DEPTH)
        return bad(l);
    l->depth++;
    switch (peek(l)) {
    case '\0':
        break;
    case '{':
        value = read_row(l, json_object(), '}');
        break;
    case '[':
        value = read_row(l, json_array(), ']');
        break;
    case '"':
    case '\'':
        value = read_text(l);
        break;
    default:
        value = read_word(l);
    }
    l->depth--;
    return value;
}

int travel_loose_read(const char *text, size_t n, json_t **value, size_t *used) {
    struct loose l = {.p = text, .end = text + n};

    *value = read_value(&l);
    if (!*value && !l.state)
        l.state = TRAVEL_LOOSE_BAD;
    *used = (size_t)(l.p - text);
    return l.state;
}
