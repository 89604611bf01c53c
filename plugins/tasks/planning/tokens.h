/* tokens.h - the words and marks of a line. */
#ifndef ACCORD_PLANNING_TOKENS_H
#define ACCORD_PLANNING_TOKENS_H

enum { PLANNING_WORD = 48 };

struct planning_token {
    const char *begin;        /* in the line */
    char word[PLANNING_WORD]; /* in lower case; of a mark its character */
    char mark;                /* 0: a word; 1: bytes beyond ASCII */
};

/* A place in a line. */
struct planning_cursor {
    const char *p, *end;
};

/* [any] The next token; 0 at the end of the line.  A word is letters, digits and, inside,
 * "-", "_" and "'". */
int planning_next_token(struct planning_cursor *c, struct planning_token *out);

/* [any] The same, without moving. */
int planning_peek_token(const struct planning_cursor *c, struct planning_token *out);

/* [any] Is `word` in a list "is was are", between blanks? */
int planning_is_in(const char *list, const char *word);

#endif
