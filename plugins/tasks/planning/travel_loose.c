/* travel_loose.c - see travel_loose.h. */
#include "travel_loose.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_WORD = 64, MAX_VALUES = 20000 };

struct loose {
    const char *p, *end;
    int depth, n_values;
    int state;
    int is_strict; /* no licence was needed so far */
};

static int is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == '+' || c == '-';
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

/* Whether the next key begins at p, with or without quotes. */
static int is_key(const struct loose *l, const char *p) {
    if (*p == '"' || *p == '\'')
        return 1;
    for (int n = 0; p < l->end && n < MAX_WORD && (is_word(*p) || *p == ' '); n++)
        p++;
    return p < l->end && *p == ':';
}

/* Whether a quote ends its text, told by what follows: "Domino's Pizza" goes on. */
static int closes(const struct loose *l, const char *quote) {
    const char *p = quote + 1;

    while (p < l->end && is_space(*p))
        p++;
    if (p == l->end || strchr(":}])", *p) || (p > quote + 1 && is_key(l, p)))
        return 1;
    if (*p != ',')
        return memchr(quote, '\n', (size_t)(p - quote)) != NULL;
    for (p++; p < l->end && is_space(*p);)
        p++;
    return p == l->end || strchr("\"'{}[]-0123456789NTFntf", *p) || is_key(l, p);
}

static size_t put_utf8(char *out, unsigned long c) {
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};

    out[0] = (char)(first[more] | (c >> (6 * more)));
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | ((c >> (6 * (more - i))) & 0x3f));
    return more + 1;
}

/* The four digits of a \u escape at `p`, or 0. */
static unsigned long hex4(const struct loose *l, const char *p) {
    char hex[5] = "", *stop;

    if (l->end - p < 4)
        return 0;
    memcpy(hex, p, 4);
    unsigned long code = strtoul(hex, &stop, 16);
    return stop == hex + 4 && strspn(hex, " +-") == 0 ? code : 0;
}

static int is_half(unsigned long code, unsigned long which) {
    return (code & 0xfc00) == which;
}

/* The character of a \u escape, one of a pair too; 0 where it is none. */
static unsigned long unicode(struct loose *l) {
    unsigned long high = hex4(l, l->p);

    if (!high || is_half(high, 0xdc00))
        return 0;
    l->p += 4;
    if (!is_half(high, 0xd800))
        return high;
    unsigned long low =
        l->end - l->p > 2 && memcmp(l->p, "\\u", 2) == 0 ? hex4(l, l->p + 2) : 0;
    if (!is_half(low, 0xdc00))
        return 0xfffd;
    l->p += 6;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* What a backslash and the character at l->p stand for; at most 4 bytes. */
static size_t unescape(struct loose *l, char *out) {
    static const char plain[] = "nrtbf", means[] = "\n\r\t\b\f";
    char c = *l->p++;
    const char *at = strchr(plain, c);
    unsigned long code = c == 'u' ? unicode(l) : 0;

    if (code)
        return put_utf8(out, code);
    l->is_strict &= strchr("\"\\/nrtbf", c) != NULL;
    *out = at ? means[at - plain] : c;
    return 1;
}

/* The quote that ends the text at l->p, or the end. */
static const char *find_close(struct loose *l, char quote) {
    const char *p = l->p;

    while (p < l->end && (*p != quote || !closes(l, p))) {
        l->is_strict &= *p != quote && (unsigned char)*p >= 0x20;
        p += *p == '\\' && p + 1 < l->end ? 2 : 1;
    }
    return p;
}

static json_t *read_text(struct loose *l) {
    char quote = *l->p++;
    const char *close = find_close(l, quote);
    size_t n = 0;

    l->is_strict &= quote == '"';
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
    l->is_strict &= !strchr("N+.TF", word[0]) && strcmp(word, "nan") != 0;
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
    l->is_strict = 0;
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

static void read_element(struct loose *l, json_t *row) {
    json_t *value = read_value(l);

    if (value && json_array_append_new(row, value))
        made(l, NULL);
}

/* Elements or members up to `close`; commas may be missing or too many. */
static json_t *read_row(struct loose *l, json_t *row, char close) {
    int wants_comma = 0, begun = 0;

    l->p++;
    for (char c; row && !l->state && (c = peek(l)) && c != close; begun = 1) {
        l->is_strict &= wants_comma == (c == ',');
        wants_comma = c != ',';
        if (c == ',')
            l->p++;
        else if (close == '}')
            read_member(l, row);
        else
            read_element(l, row);
    }
    l->is_strict &= wants_comma || !begun;
    if (!made(l, row) || l->state) {
        json_decref(row);
        return NULL;
    }
    l->p++;
    return row;
}

static json_t *read_value(struct loose *l) {
    json_t *value = NULL;

    if (l->depth == MAX_DEPTH || l->n_values++ == MAX_VALUES)
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

int travel_loose_read(const char *text, size_t n, struct travel_loose *out) {
    struct loose l = {.p = text, .end = text + n, .is_strict = 1};

    out->value = read_value(&l);
    if (!out->value)
        bad(&l);
    out->is_strict = l.is_strict;
    out->used = (size_t)(l.p - text);
    return l.state;
}
