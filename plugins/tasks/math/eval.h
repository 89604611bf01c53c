/* eval.h - the value of an expression, at fixed points where it has variables. */
#ifndef ACCORD_MATH_EVAL_H
#define ACCORD_MATH_EVAL_H

#include "tree.h"

enum { MATH_POINTS = 3 };

typedef struct math_point {
    int index;    /* which of the MATH_POINTS fixed points */
    int minus;    /* 1: the lower sign of every +- */
    int use_real; /* 1: every variable is `real` */
    double real;
} math_point;

/* What a branch of the tree holds. */
enum { MATH_HAS_SYMBOLS = 1, MATH_HAS_PLUS_MINUS = 2, MATH_HAS_INFINITY = 4 };

/* [any] The value of a branch; not ok when it has none. */
math_value math_eval(const math_tree *tree, int node, const math_point *point);

/* [any] The value of the variable `name` at a fixed point. */
double complex math_symbol_at(uint64_t name, int index);

/* [any] MATH_HAS_... of a branch.  *name becomes the name of its only variable, 0 when
 * it has none or several. */
int math_holds(const math_tree *tree, int node, uint64_t *name);

#endif
