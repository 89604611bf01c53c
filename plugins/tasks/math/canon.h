/* canon.h - the canonical text of a parsed answer. */
#ifndef ACCORD_MATH_CANON_H
#define ACCORD_MATH_CANON_H

#include "tree.h"

/* How an answer is read where its spelling leaves a choice. */
enum {
    MATH_READ_PLAIN = 0,
    MATH_READ_PERCENT = 1,       /* 50% is 0.5 and not 50 */
    MATH_READ_DECIMAL_COMMA = 2, /* 2,74 is a number and no list */
    MATH_READ_EQUATION = 4,      /* y = 2x is an equation and not 2x */
    MATH_READ_TUPLE = 8,         /* 1, 2 is (1, 2) and no set */
    MATH_READ_NAMELESS = 16,     /* a = 1, b = 2 is 1, 2 */
    MATH_READ_UNITS = 32,        /* the letters of 5 m are a unit */
};

/* [any] Writes the canonical text of the tree to buf[size]; a long one ends in its hash.
 * *used is set to those of the readings that made a difference.  0 if the tree is no
 * answer, e.g. 1/0. */
int math_tree_text(const math_tree *tree, int reading, int *used, char *buf, size_t size);

#endif
