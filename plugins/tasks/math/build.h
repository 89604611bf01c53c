/* build.h - the nodes of the tree, for the parser.  A node index of -1 is a failure;
 * every function hands one that it is given up. */
#ifndef ACCORD_MATH_BUILD_H
#define ACCORD_MATH_BUILD_H

#include "lex.h"
#include "tree.h"

typedef struct math_parser {
    math_tree *tree;
    math_lexer lex;
    int depth; /* of the recursion */
    int bars;  /* open |...|, where a bar closes */
} math_parser;

/* [any] A new node without children. */
int math_make(math_parser *p, int kind, int op);

/* [any] Hangs `child` below `parent` as the last child; the parent. */
int math_append(math_parser *p, int parent, int child);

/* [any] A new node above one child or two. */
int math_unary(math_parser *p, int kind, int op, int child);
int math_binary(math_parser *p, int kind, int op, int a, int b);

/* [any] A whole number that no token wrote. */
int math_number_node(math_parser *p, long long value);

/* [any] Takes the current token into a new node. */
int math_take(math_parser *p, int kind, int op);

/* [any] The kind of a node; NODE_NONE for a failure. */
int math_kind_of(const math_parser *p, int node);

/* [any] NODE_MULTIPLY or NODE_DIVIDE of both, matrices included. */
int math_combine(math_parser *p, int kind, int a, int b);

/* [any] The node with the other sign. */
int math_negated(math_parser *p, int node);

#endif
