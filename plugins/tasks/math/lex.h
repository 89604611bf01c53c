/* lex.h - the tokens of an answer. */
#ifndef ACCORD_MATH_LEX_H
#define ACCORD_MATH_LEX_H

#include "tree.h"

enum {
    TOKEN_END,
    TOKEN_ERROR,
    TOKEN_CHAR,     /* id: the character */
    TOKEN_NUMBER,   /* p / q; id 1: a whole number without a point */
    TOKEN_BASED,    /* id: base */
    TOKEN_SYMBOL,   /* name */
    TOKEN_TEXT,     /* words */
    TOKEN_CONSTANT, /* id: 'p', 'e', 'i' */
    TOKEN_INFINITY,
    TOKEN_FUNCTION, /* id */
    TOKEN_RELATION, /* id */
    TOKEN_FRACTION,
    TOKEN_BINOMIAL,
    TOKEN_CHOOSE,
    TOKEN_BEGIN, /* id: 1 an environment with a column list */
    TOKEN_END_ENVIRONMENT,
    TOKEN_ROW,
    TOKEN_PLUS_MINUS,
    TOKEN_UNION,
    TOKEN_INTERSECTION,
    TOKEN_WITHOUT,
    TOKEN_EMPTY_SET,
    TOKEN_REALS,
    TOKEN_SEPARATOR, /* id: ',' ';' '&' for and, '|' for or */
    TOKEN_BIG,       /* a sum and its like; name */
    TOKEN_OPEN_SET,  /* \{ */
    TOKEN_CLOSE_SET,
    TOKEN_ANGLE, /* id: '<' or '>' of \langle a, b \rangle */
    TOKEN_LINE,  /* \overline */
    TOKEN_DEGREE,
    TOKEN_PERCENT,
};

typedef struct math_lexer {
    const char *text;
    size_t at;         /* where the next token begins */
    int depth;         /* brackets around the current token: a comma there is no
                        * thousands mark */
    int decimal_comma; /* as in math_tree */
    /* the current token */
    int kind;
    int id;
    size_t from;
    size_t to;
    int spaced; /* white space before it */
    uint64_t name;
    math_wide p, q;
} math_lexer;

/* [any] Moves on to the next token. */
void math_next_token(math_lexer *lexer);

/* [any] A hash of text[n], never 0. */
uint64_t math_hash(const char *text, size_t n);

#endif
