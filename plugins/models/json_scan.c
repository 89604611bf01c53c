/* json_scan.c - see json_scan.h. */
#include "json_scan.h"

#include <stdlib.h>
#include <string.h>

typedef struct reader {
    json_scan_list *list;
    const char *at, *end; /* *end is NUL, which no token of JSON goes on with */
    enum json_scan_fault fault;
} reader;

static bool fail(reader *r, enum json_scan_fault fault) {
    if (!r->fault)
        r->fault = fault;
    return false;
}

/* ---- characters ---- */

size_t json_scan_utf8(const char *text) {
    const unsigned char *s = (const unsigned char *)text;

    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool bad = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
               (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f);
    return bad ? 0 : n;
}

/* The four hexadecimal digits at s, or -1. */
static int32_t hex4(const char *s) {
    int32_t value = 0;

    for (int i = 0; i < 4; i++) {
        int c = s[i] | 0x20;
        int digit = s[i] >= '0' && s[i] <= '9' ? s[i] - '0'
                    : c >= 'a' && c <= 'f'     ? c - 'a' + 10
                                               : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The character of the \u at s and the bytes it takes, 6 or 12; -1 for half a surrogate
 * pair. */
static int32_t unescape_u(const char *s, size_t *n) {
    int32_t high = hex4(s + 2);

    *n = 6;
    if (high < 0xd800 || high > 0xdfff)
        return high;
    *n = 12;
    if (high > 0xdbff || s[6] != '\\' || s[7] != 'u')
        return -1;
    int32_t low = hex4(s + 8);
    return low < 0xdc00 || low > 0xdfff
               ? -1
               : 0x10000 + ((high - 0xd800) << 10) + low - 0xdc00;
}

/* What a backslash and `c` stand for, or 0. */
static char unescape(char c) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found = c ? strchr(from, c) : NULL;

    return (char)(found ? to[found - from] : 0);
}

static size_t put_utf8(int32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return c != 0;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00 >> n & 0xff) | c);
    return n;
}

/* ---- values ---- */

static json_scan_value *add(reader *r, enum json_scan_kind kind) {
    json_scan_list *l = r->list;

    if (l->n == l->cap) {
        uint32_t cap = l->cap ? 2 * l->cap : 64;
        json_scan_value *values = realloc(l->values, cap * sizeof(*values));
        if (!values) {
            fail(r, JSON_SCAN_NO_MEMORY);
            return NULL;
        }
        l->values = values;
        l->cap = cap;
    }
    json_scan_value *v = &l->values[l->n++];
    *v = (json_scan_value){.text = r->at, .kind = (uint8_t)kind, .next = l->n};
    return v;
}

static void skip_space(reader *r) {
    while (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')
        r->at++;
}

/* Steps over one character of a string, which may be several bytes. */
static bool step(reader *r, bool *escaped) {
    const char *s = r->at;
    size_t n = (unsigned char)*s < 0x20 ? 0 : json_scan_utf8(s);

    if (*s == '\\') {
        *escaped = true;
        n = 2;
        if (s[1] == 'u')
            n = unescape_u(s, &n) < 0 ? 0 : n;
        else if (!unescape(s[1]))
            n = 0;
    }
    r->at += n;
    return n || fail(r, JSON_SCAN_MALFORMED);
}

static bool read_string(reader *r) {
    if (*r->at++ != '"') {
        r->at--;
        return fail(r, JSON_SCAN_MALFORMED);
    }
    json_scan_value *v = add(r, JSON_SCAN_STRING);
    while (v && *r->at != '"')
        if ((unsigned char)(*r->at - 0x20) < 0x60 && *r->at != '\\')
            r->at++; /* most are ASCII */
        else if (!step(r, &v->escaped))
            return false;
    if (!v)
        return false;
    v->length = (uint32_t)(r->at++ - v->text);
    return true;
}

static bool digits(reader *r) {
    const char *begin = r->at;

    while (*r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > begin || fail(r, JSON_SCAN_MALFORMED);
}

static bool read_number(reader *r) {
    json_scan_value *v = add(r, JSON_SCAN_INTEGER);

    if (!v)
        return false;
    r->at += *r->at == '-';
    if (*r->at == '0')
        r->at++;
    else if (!digits(r))
        return false;
    if (*r->at == '.') {
        v->kind = JSON_SCAN_REAL;
        r->at++;
        if (!digits(r))
            return false;
    }
    if ((*r->at | 0x20) == 'e') {
        v->kind = JSON_SCAN_REAL;
        r->at++;
        r->at += *r->at == '+' || *r->at == '-';
        if (!digits(r))
            return false;
    }
    v->length = (uint32_t)(r->at - v->text);
    return true;
}

static bool read_word(reader *r, const char *word, enum json_scan_kind kind) {
    size_t n = strlen(word);

    if (strncmp(r->at, word, n) != 0)
        return fail(r, JSON_SCAN_MALFORMED);
    if (!add(r, kind))
        return false;
    r->at += n;
    return true;
}

static bool read_value(reader *r, unsigned depth);

/* "name": in front of a member's value. */
static bool read_name(reader *r) {
    skip_space(r);
    if (!read_string(r))
        return false;
    skip_space(r);
    if (*r->at != ':')
        return fail(r, JSON_SCAN_MALFORMED);
    r->at++;
    return true;
}

static bool read_all(reader *r, unsigned depth, enum json_scan_kind kind) {
    char close = kind == JSON_SCAN_OBJECT ? '}' : ']';
    uint32_t at = r->list->n, n = 0;

    if (depth == JSON_SCAN_DEPTH)
        return fail(r, JSON_SCAN_TOO_DEEP);
    if (!add(r, kind))
        return false;
    do {
        r->at++; /* the bracket or the comma */
        skip_space(r);
        if (!n && *r->at == close)
            break;
        if ((kind == JSON_SCAN_OBJECT && !read_name(r)) || !read_value(r, depth + 1))
            return false;
        skip_space(r);
        n++;
    } while (*r->at == ',');
    if (*r->at != close)
        return fail(r, JSON_SCAN_MALFORMED);
    r->at++;
    r->list->values[at].length = n;
    r->list->values[at].next = r->list->n;
    return true;
}

static bool read_value(reader *r, unsigned depth) {
    skip_space(r);
    switch (*r->at) {
    case '{':
        return read_all(r, depth, JSON_SCAN_OBJECT);
    case '[':
        return read_all(r, depth, JSON_SCAN_ARRAY);
    case '"':
        return read_string(r);
    case 't':
        return read_word(r, "true", JSON_SCAN_TRUE);
    case 'f':
        return read_word(r, "false", JSON_SCAN_FALSE);
    case 'n':
        return read_word(r, "null", JSON_SCAN_NULL);
    default:
        return read_number(r);
    }
}

enum json_scan_fault json_scan_text(json_scan_list *list, const char *text, size_t n,
                                    size_t *fault_at) {
    reader r = {.list = list, .at = text, .end = text + n};

    list->n = 0;
    skip_space(&r);
    if (n > UINT32_MAX || (*r.at != '{' && *r.at != '['))
        fail(&r, JSON_SCAN_MALFORMED);
    else if (read_value(&r, 0)) {
        skip_space(&r);
        if (r.at != r.end)
            fail(&r, JSON_SCAN_MALFORMED);
    }
    *fault_at = (size_t)(r.at - text);
    return r.fault;
}

void json_scan_fini(json_scan_list *list) {
    free(list->values);
    *list = (json_scan_list){0};
}

/* ---- looking at them ---- */

static bool is_named(const json_scan_value *key, const char *name) {
    enum { LONGEST = 256 };
    char text[LONGEST];

    if (!key->escaped)
        return strlen(name) == key->length && memcmp(name, key->text, key->length) == 0;
    if (key->length >= LONGEST)
        return false;
    json_scan_string(key, text);
    return strcmp(text, name) == 0;
}

const json_scan_value *json_scan_member(const json_scan_list *list,
                                        const json_scan_value *object, const char *name) {
    const json_scan_value *found = NULL;

    if (!object || object->kind != JSON_SCAN_OBJECT)
        return NULL;
    const json_scan_value *key = object + 1;
    for (uint32_t i = 0; i < object->length; i++) {
        if (is_named(key, name))
            found = key + 1;
        key = &list->values[key[1].next];
    }
    return found;
}

const json_scan_value *json_scan_first(const json_scan_value *array) {
    bool any = array && array->kind == JSON_SCAN_ARRAY && array->length;

    return any ? array + 1 : NULL;
}

const json_scan_value *json_scan_after(const json_scan_list *list,
                                       const json_scan_value *element) {
    return &list->values[element->next];
}

int64_t json_scan_integer(const json_scan_value *v) {
    return v && v->kind == JSON_SCAN_INTEGER ? strtoll(v->text, NULL, 10) : 0;
}

double json_scan_number(const json_scan_value *v) {
    bool is = v && (v->kind == JSON_SCAN_INTEGER || v->kind == JSON_SCAN_REAL);

    return is ? strtod(v->text, NULL) : 0;
}

size_t json_scan_string(const json_scan_value *v, char *out) {
    size_t k = 0, n = 1;

    if (v && v->kind == JSON_SCAN_STRING && !v->escaped) {
        memcpy(out, v->text, v->length);
        k = v->length;
    } else if (v && v->kind == JSON_SCAN_STRING) {
        for (const char *s = v->text; s < v->text + v->length; s += n) {
            n = 1;
            if (*s != '\\') {
                out[k++] = *s;
            } else if (s[1] == 'u') {
                int32_t c = unescape_u(s, &n);
                k += put_utf8(c, out + k);
            } else {
                out[k++] = unescape(s[1]);
                n = 2;
            }
        }
    }
    out[k] = '\0';
    return k;
}
