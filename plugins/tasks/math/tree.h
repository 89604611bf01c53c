/* tree.h - the expression tree of an answer.
 *
 * The tree lies in one struct on the caller's stack: at most MATH_NODES nodes, at most
 * MATH_DEPTH brackets inside each other, at most MATH_LOOPS factorials and binomials,
 * which take long.  An answer past these does not parse. */
#ifndef ACCORD_MATH_TREE_H
#define ACCORD_MATH_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "value.h"

enum { MATH_NODES = 400, MATH_DEPTH = 24, MATH_LOOPS = 8 };

enum {
    NODE_NONE,
    NODE_NUMBER,   /* p / q */
    NODE_CONSTANT, /* op: 'p' pi, 'e', 'i' */
    NODE_INFINITY,
    NODE_SYMBOL, /* name */
    NODE_TEXT,   /* words: at, end */
    NODE_BASED,  /* 204_5: op is the base, p the digits read in it */
    NODE_ADD,    /* any number of children, as for NODE_MULTIPLY */
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_POWER,
    NODE_NEGATE,
    NODE_ROOT,      /* children: degree, radicand */
    NODE_FUNCTION,  /* op: FUNCTION_... */
    NODE_LOGARITHM, /* children: base, argument */
    NODE_FACTORIAL,
    NODE_BINOMIAL,
    NODE_OPAQUE, /* name and children: a sum, an integral, F_{n-1} */
    NODE_PLUS_MINUS,
    NODE_PERCENT,
    NODE_DEGREE,
    NODE_TUPLE,  /* open, close: the brackets; intervals too */
    NODE_LIST,   /* "1, 2" without brackets; op 1: joined by "or" */
    NODE_SET,    /* {1, 2} */
    NODE_MATRIX, /* op: columns; children row by row */
    NODE_UNION,
    NODE_INTERSECTION,
    NODE_WITHOUT,
    NODE_REALS,
    NODE_RATIO,    /* 3 : 4 */
    NODE_RELATION, /* a chain: RELATION_... in the `sign` of each child but the first */
};

enum {
    RELATION_EQUAL,
    RELATION_ABOUT,
    RELATION_LESS,
    RELATION_LESS_EQUAL,
    RELATION_MORE,
    RELATION_MORE_EQUAL,
    RELATION_NOT,
    RELATION_IN,
};

enum {
    FUNCTION_SIN,
    FUNCTION_COS,
    FUNCTION_TAN,
    FUNCTION_COT,
    FUNCTION_SEC,
    FUNCTION_CSC,
    FUNCTION_ARCSIN,
    FUNCTION_ARCCOS,
    FUNCTION_ARCTAN,
    FUNCTION_SINH,
    FUNCTION_COSH,
    FUNCTION_TANH,
    FUNCTION_LN,
    FUNCTION_EXP,
    FUNCTION_ABS,
    FUNCTION_FLOOR,
    FUNCTION_CEIL,
    FUNCTION_LOG, /* also with a base */
    FUNCTION_SQRT,
};

typedef struct math_node {
    math_wide p, q;
    uint64_t name;
    int16_t first; /* child, or -1 */
    int16_t next;  /* sibling, or -1 */
    uint16_t at;   /* where in the text */
    uint16_t end;
    uint8_t kind;
    uint8_t op;
    char open;
    char close;
    uint8_t sign;    /* RELATION_... before it, in a chain */
    uint8_t literal; /* NODE_NUMBER: written as a whole number without a sign */
} math_node;

typedef struct math_tree {
    const char *text; /* of math_clean(), must outlive the tree */
    int n;
    int root;
    int loops;         /* factorials and binomials so far */
    int decimal_comma; /* set before math_parse(): "2,74" is a number and no list */
    math_node node[MATH_NODES];
} math_tree;

/* [any] Parses tree->text; 0 if it is no formula or past the bounds. */
int math_parse(math_tree *tree);

/* [any] How many children a node has. */
int math_children(const math_tree *tree, int node);

/* [any] Reads "twenty-one" and its like; 1 and *out if text[n] is a number in words. */
int math_number_words(const char *text, size_t n, long long *out);

/* [any] 1 if text[n] is a unit of measure that is never a product of variables. */
int math_is_unit(const char *text, size_t n);

#endif
