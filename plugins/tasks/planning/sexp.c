/* sexp.c - see sexp.h. */
#include "sexp.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reader {
    struct strips_source *source;
    struct strips_arena *arena;
    const char *p;
    int line;
    int n_nodes;
};

accord_code strips_complain(struct strips_source *s, accord_code code, int line,
                            const char *fmt, ...) {
    va_list args;

    if (s->code)
        return s->code;
    s->code = code;
    int n = snprintf(s->message, sizeof(s->message), "%s:%d: ", s->name, line);
    if (n < 0 || n >= (int)sizeof(s->message))
        n = 0;
    va_start(args, fmt);
    vsnprintf(s->message + n, sizeof(s->message) - (size_t)n, fmt, args);
    va_end(args);
    return code;
}

static void skip_space(struct reader *r) {
    for (;; r->p++) {
        if (*r->p == ';')
            r->p += strcspn(r->p, "\n");
        if (*r->p == '\n')
            r->line++;
        if (!*r->p || !isspace((unsigned char)*r->p))
            return;
    }
}

static struct strips_sexp *new_node(struct reader *r) {
    struct strips_sexp *x = NULL;

    if (++r->n_nodes > STRIPS_NODES)
        strips_complain(r->source, ACCORD_E_LIMIT, r->line,
                        "more than %d words and lists", STRIPS_NODES);
    else if (!(x = strips_alloc(r->arena, 1, sizeof(*x))))
        strips_complain(r->source, ACCORD_E_NOMEM, r->line, "out of memory");
    else
        x->line = r->line;
    return x;
}

static int is_word(char c) {
    return c && (isalnum((unsigned char)c) || strchr("_-+*/<>=.:?!@#$%&^~[]{}'|\\,", c));
}

static struct strips_sexp *read_word(struct reader *r) {
    size_t n = 0;

    while (is_word(r->p[n]))
        n++;
    if (n == 0) {
        strips_complain(r->source, ACCORD_E_CONFIG, r->line,
                        isprint((unsigned char)*r->p) ? "unexpected character '%c'"
                                                      : "unexpected byte 0x%02x",
                        (unsigned char)*r->p);
        return NULL;
    }
    struct strips_sexp *x = new_node(r);
    char *word = x ? strips_copy(r->arena, r->p, n) : NULL;
    if (!word) {
        strips_complain(r->source, ACCORD_E_NOMEM, r->line, "out of memory");
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        word[i] = (char)tolower((unsigned char)word[i]);
    x->word = word;
    r->p += n;
    return x;
}

/* `r->p` stands on the opening parenthesis. */
static struct strips_sexp *read_list(struct reader *r) {
    struct strips_sexp *open[STRIPS_DEPTH], **end[STRIPS_DEPTH], *x;
    int depth = 0;

    do {
        if (*r->p == ')') {
            r->p++;
            if (--depth == 0)
                return open[0];
        } else if (!*r->p) {
            strips_complain(r->source, ACCORD_E_CONFIG, r->line,
                            "the text ends inside the list begun in line %d: expected "
                            "\")\"",
                            open[depth - 1]->line);
            return NULL;
        } else {
            int is_list = *r->p == '(';
            if (is_list && depth == STRIPS_DEPTH) {
                strips_complain(r->source, ACCORD_E_LIMIT, r->line,
                                "lists nested more than %d deep", STRIPS_DEPTH);
                return NULL;
            }
            if (!(x = is_list ? new_node(r) : read_word(r)))
                return NULL;
            if (depth > 0) {
                *end[depth - 1] = x;
                end[depth - 1] = &x->next;
            }
            if (is_list) {
                open[depth] = x;
                end[depth++] = &x->first;
                r->p++;
            }
        }
        skip_space(r);
    } while (depth > 0);
    return NULL;
}

accord_code strips_sexp_read(struct strips_source *s, struct strips_arena *a,
                             const char *text, const struct strips_sexp **out) {
    struct reader r = {.source = s, .arena = a, .p = text, .line = 1};

    *out = NULL;
    if (strnlen(text, STRIPS_BYTES + 1) > STRIPS_BYTES)
        return strips_complain(s, ACCORD_E_LIMIT, 1, "more than %d MiB",
                               STRIPS_BYTES >> 20);
    skip_space(&r);
    if (*r.p != '(')
        return strips_complain(s, ACCORD_E_CONFIG, r.line, "expected \"(define\"");
    const struct strips_sexp *x = read_list(&r);
    if (!x)
        return s->code;
    skip_space(&r);
    if (*r.p)
        return strips_complain(s, ACCORD_E_CONFIG, r.line,
                               "expected nothing after the closing parenthesis");
    *out = x;
    return ACCORD_OK;
}

int strips_is(const struct strips_sexp *x, const char *word) {
    return x && x->word && strcmp(x->word, word) == 0;
}

const char *strips_show(const struct strips_sexp *x, char buf[48]) {
    if (!x)
        snprintf(buf, 48, "the end of the list");
    else if (x->word)
        snprintf(buf, 48, "\"%.40s\"", x->word);
    else
        snprintf(buf, 48, "a list");
    return buf;
}
