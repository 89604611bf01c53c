/* build.c - makes the nodes of the tree; matrices are multiplied out here. */
#include "build.h"

/* ---- nodes ------------------------------------------------------------------------ */

int math_make(math_parser *p, int kind, int op) {
    math_tree *t = p->tree;

    t->loops += kind == NODE_FACTORIAL || kind == NODE_BINOMIAL;
    if (t->n >= MATH_NODES || t->loops > MATH_LOOPS)
        return -1;
    t->node[t->n] = (math_node){.kind = (uint8_t)kind,
                                .op = (uint8_t)op,
                                .first = -1,
                                .next = -1,
                                .q = 1,
                                .at = (uint16_t)p->lex.from,
                                .end = (uint16_t)p->lex.to};
    return t->n++;
}

int math_append(math_parser *p, int parent, int child) {
    math_node *node = p->tree->node;

    if (parent < 0 || child < 0)
        return -1;
    int16_t *slot = &node[parent].first;
    while (*slot >= 0)
        slot = &node[*slot].next;
    *slot = (int16_t)child;
    return parent;
}

int math_unary(math_parser *p, int kind, int op, int child) {
    if (child < 0)
        return -1;
    int parent = math_make(p, kind, op);
    return math_append(p, parent, child);
}

int math_binary(math_parser *p, int kind, int op, int a, int b) {
    if (a < 0 || b < 0)
        return -1;
    return math_append(p, math_unary(p, kind, op, a), b);
}

int math_number_node(math_parser *p, long long value) {
    int n = math_make(p, NODE_NUMBER, 0);

    if (n >= 0)
        p->tree->node[n].p = value;
    return n;
}

int math_take(math_parser *p, int kind, int op) {
    int n = math_make(p, kind, op);

    if (n >= 0) {
        p->tree->node[n].name = p->lex.name;
        p->tree->node[n].p = p->lex.p;
        p->tree->node[n].q = kind == NODE_NUMBER ? p->lex.q : 1;
        p->tree->node[n].literal = kind == NODE_NUMBER && p->lex.id == 1;
    }
    math_next_token(&p->lex);
    return n;
}

int math_children(const math_tree *tree, int node) {
    int n = 0;

    for (int c = tree->node[node].first; c >= 0; c = tree->node[c].next)
        n++;
    return n;
}

int math_kind_of(const math_parser *p, int node) {
    return node < 0 ? NODE_NONE : p->tree->node[node].kind;
}

/* A copy of a tree's branch, for an entry that is used more than once. */
static int copy(math_parser *p, int from) {
    int to = math_make(p, NODE_NONE, 0);

    if (from < 0 || to < 0 || p->depth >= MATH_DEPTH)
        return -1;
    p->tree->node[to] = p->tree->node[from];
    p->tree->node[to].first = p->tree->node[to].next = -1;
    p->depth++;
    for (int c = p->tree->node[from].first; c >= 0 && to >= 0; c = p->tree->node[c].next)
        to = math_append(p, to, copy(p, c));
    p->depth--;
    return to;
}

static int entry(const math_parser *p, int m, int index) {
    int c = p->tree->node[m].first;

    while (index-- > 0 && c >= 0)
        c = p->tree->node[c].next;
    return c;
}

static int scaled(math_parser *p, int kind, int m, int scalar) {
    int out = math_make(p, NODE_MATRIX, p->tree->node[m].op);

    for (int c = p->tree->node[m].first; c >= 0 && out >= 0; c = p->tree->node[c].next)
        out = math_append(p, out, math_binary(p, kind, 0, copy(p, c), copy(p, scalar)));
    return out;
}

static int matrix_product(math_parser *p, int a, int b) {
    int inner = p->tree->node[a].op, columns = p->tree->node[b].op;
    int n_rows = math_children(p->tree, a) / inner;
    int out = math_make(p, NODE_MATRIX, columns);

    if (math_children(p->tree, b) != inner * columns)
        return -1;
    for (int i = 0; i < n_rows * columns && out >= 0; i++) {
        int cell = math_make(p, NODE_ADD, 0);
        for (int k = 0; k < inner && cell >= 0; k++)
            cell =
                math_append(p, cell,
                            math_binary(p, NODE_MULTIPLY, 0,
                                        copy(p, entry(p, a, i / columns * inner + k)),
                                        copy(p, entry(p, b, k * columns + i % columns))));
        out = math_append(p, out, cell);
    }
    return out;
}

/* A product or quotient, matrices included. */
int math_combine(math_parser *p, int kind, int a, int b) {
    int left = math_kind_of(p, a) == NODE_MATRIX,
        right = math_kind_of(p, b) == NODE_MATRIX;

    if (a < 0 || b < 0)
        return -1;
    if (left && right && kind == NODE_MULTIPLY)
        return matrix_product(p, a, b);
    if (left)
        return scaled(p, kind, a, b);
    if (right)
        return kind == NODE_MULTIPLY ? scaled(p, kind, b, a) : -1;
    if (kind == NODE_MULTIPLY && math_kind_of(p, a) == NODE_MULTIPLY)
        return math_append(p, a, b); /* flat: evaluation recurses */
    return math_binary(p, kind, 0, a, b);
}

int math_negated(math_parser *p, int node) {
    if (math_kind_of(p, node) == NODE_MATRIX)
        return scaled(p, NODE_MULTIPLY, node, math_number_node(p, -1));
    return math_unary(p, NODE_NEGATE, 0, node);
}
