/* sexp.h - the parentheses of PDDL: a text as a tree of words and lists. */
#ifndef ACCORD_PLANNING_SEXP_H
#define ACCORD_PLANNING_SEXP_H

#include <accord/plugin.h>

#include "arena.h"

enum {
    STRIPS_DEPTH = 64,       /* lists in lists */
    STRIPS_BYTES = 16 << 20, /* of a text */
    STRIPS_NODES = 1 << 20,  /* words and lists of a text */
};

/* A word in lower case, or a list. */
struct strips_sexp {
    const char *word; /* NULL: a list */
    struct strips_sexp *first, *next;
    int line; /* from 1 */
};

/* What is being read, and what is wrong with it. */
struct strips_source {
    const char *name; /* stands before the line in messages */
    accord_code code; /* of the first failure */
    char message[400];
};

/* [any] Notes "NAME:LINE: ..." unless something is noted already; returns the first
 * failure's code. */
accord_code strips_complain(struct strips_source *s, accord_code code, int line,
                            const char *fmt, ...) ACCORD_PRINTF(4, 5);

/* [any] Reads one list from `text`, after which only white space and comments may stand.
 * *out is the arena's. */
accord_code strips_sexp_read(struct strips_source *s, struct strips_arena *a,
                             const char *text, const struct strips_sexp **out);

/* [any] Is it this word? */
int strips_is(const struct strips_sexp *x, const char *word);

/* [any] How a message shows it: the word in quotes, or what else stands there. */
const char *strips_show(const struct strips_sexp *x, char buf[48]);

#endif
