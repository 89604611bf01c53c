/* tokens.c - see tokens.h. */
#include "tokens.h"

#include <ctype.h>
#include <string.h>

static int is_inside(const char *p, const char *end) {
    return (*p == '-' || *p == '_' || *p == '\'') && p + 1 < end &&
           isalnum((unsigned char)p[1]);
}

static void take_word(struct planning_cursor *c, struct planning_token *out) {
    size_t n = 0;

    for (; c->p < c->end && (isalnum((unsigned char)*c->p) || is_inside(c->p, c->end));
         c->p++, n++)
        if (n < PLANNING_WORD - 1)
            out->word[n] = (char)tolower((unsigned char)*c->p);
    /* A word too long to be a name must not look like its beginning. */
    out->word[n < PLANNING_WORD - 1 ? n : 0] = '\0';
}

int planning_next_token(struct planning_cursor *c, struct planning_token *out) {
    while (c->p < c->end && isspace((unsigned char)*c->p))
        c->p++;
    if (c->p >= c->end)
        return 0;
    *out = (struct planning_token){.begin = c->p};
    unsigned char first = (unsigned char)*c->p;
    if (isalnum(first)) {
        take_word(c, out);
        return 1;
    }
    out->mark = (char)(first < 0x80 ? first : 1);
    out->word[0] = out->mark;
    do
        c->p++;
    while (first >= 0x80 && c->p < c->end && (unsigned char)*c->p >= 0x80);
    return 1;
}

int planning_peek_token(const struct planning_cursor *c, struct planning_token *out) {
    struct planning_cursor copy = *c;

    return planning_next_token(&copy, out);
}

int planning_is_in(const char *list, const char *word) {
    size_t n = strlen(word);

    for (const char *p = list; n > 0 && (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return 1;
    return 0;
}
