/* eval.c - evaluates the tree. */
#include "eval.h"

#include <math.h>
#include <string.h>

/* Products and sums are flat, so that only brackets and quotients make a tree deep. */
enum { DEEPEST = 64 };

static const math_value nothing = {.q = 1};

static math_value eval(const math_tree *t, int n, const math_point *at, int depth);

/* 64 bits of a name and a number to spread over the plane (finaliser of splitmix64). */
static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A point of the first quadrant near the real axis: roots and logarithms of products
 * keep to one branch there, while |x| and x differ. */
double complex math_symbol_at(uint64_t name, int index) {
    uint64_t bits = mix(name + (uint64_t)index * 0x9e3779b97f4a7c15u);
    double radius = 0.5 + (double)(bits >> 40) * 0x1p-24;
    double angle = 0.05 + 0.25 * (double)(bits & 0xffffff) * 0x1p-24;

    return radius * cexp((double complex)I * angle);
}

static math_value symbol(uint64_t name, const math_point *at) {
    return math_inexact(at->use_real ? at->real : math_symbol_at(name, at->index));
}

/* ---- functions -------------------------------------------------------------------- */

/* The whole n-th root of a, where there is one. */
static int whole_root(math_wide a, long long n, math_wide *out) {
    double guess = round(pow((double)a, 1.0 / (double)n));
    math_value root, back;

    if (a < 0 || guess > 1e15)
        return 0;
    root = math_ratio((math_wide)guess, 1);
    back = math_pow(root, math_ratio(n, 1));
    *out = (math_wide)guess;
    return back.ok && back.exact && back.p == a;
}

static math_value root(math_value degree, math_value x) {
    math_wide top, bottom;
    long long n;

    if (!x.ok || !math_whole(degree, &n) || n < 1 || n > 1000)
        return math_pow(x, math_div(math_ratio(1, 1), degree));
    if (x.exact && whole_root(x.p, n, &top) && whole_root(x.q, n, &bottom))
        return math_ratio(top, bottom);
    if (cimag(x.z) == 0 && creal(x.z) < 0 && n % 2) /* the real root of -8 is -2 */
        return math_inexact(-pow(-creal(x.z), 1.0 / (double)n));
    return n == 2 ? math_inexact(csqrt(x.z)) : math_inexact(cpow(x.z, 1.0 / (double)n));
}

static math_value call(int function, double complex z) {
    switch (function) {
    case FUNCTION_SIN:
        return math_inexact(csin(z));
    case FUNCTION_COS:
        return math_inexact(ccos(z));
    case FUNCTION_TAN:
        return math_inexact(ctan(z));
    case FUNCTION_COT:
        return math_inexact(1 / ctan(z));
    case FUNCTION_SEC:
        return math_inexact(1 / ccos(z));
    case FUNCTION_CSC:
        return math_inexact(1 / csin(z));
    case FUNCTION_ARCSIN:
        return math_inexact(casin(z));
    case FUNCTION_ARCCOS:
        return math_inexact(cacos(z));
    case FUNCTION_ARCTAN:
        return math_inexact(catan(z));
    case FUNCTION_SINH:
        return math_inexact(csinh(z));
    case FUNCTION_COSH:
        return math_inexact(ccosh(z));
    case FUNCTION_TANH:
        return math_inexact(ctanh(z));
    case FUNCTION_LN:
        return math_inexact(clog(z));
    case FUNCTION_EXP:
        return math_inexact(cexp(z));
    case FUNCTION_ABS:
        return math_inexact(cabs(z));
    case FUNCTION_FLOOR:
        return math_inexact(floor(creal(z)));
    case FUNCTION_CEIL:
        return math_inexact(ceil(creal(z)));
    default:
        return nothing;
    }
}

static math_value function(const math_tree *t, int n, const math_point *at, int depth) {
    const math_node *node = &t->node[n];
    math_value x = eval(t, node->first, at, depth);

    if (!x.ok)
        return nothing;
    if (node->op == FUNCTION_ABS && x.exact)
        return x.p < 0 ? math_neg(x) : x;
    if (node->op <= FUNCTION_CSC && t->node[node->first].kind == NODE_DEGREE)
        x = math_inexact(x.z * acos(-1) / 180);
    return call(node->op, x.z);
}

static math_value choose(math_value n, math_value k) {
    math_value result = math_ratio(1, 1);
    long long top, below;

    if (!math_whole(n, &top) || !math_whole(k, &below) || below < 0 || below > 1000)
        return nothing;
    for (long long i = 1; i <= below; i++)
        result = math_mul(result, math_ratio(top - below + i, i));
    return result;
}

/* A function of which nothing is known but its name and its arguments: any smooth one
 * that depends on all of them. */
static math_value opaque(const math_tree *t, int n, const math_point *at, int depth) {
    double complex z = math_symbol_at(t->node[n].name, 0);
    double turn = 1;

    for (int c = t->node[n].first; c >= 0; c = t->node[c].next) {
        math_value x = eval(t, c, at, depth);
        if (!x.ok)
            return nothing;
        turn += 0.37;
        z = z * (1 + 0.1 * turn) + x.z * turn / (1 + cabs(x.z));
    }
    return math_inexact(z);
}

/* ---- the tree --------------------------------------------------------------------- */

static math_value fold(const math_tree *t, int n, const math_point *at, int depth) {
    int product = t->node[n].kind == NODE_MULTIPLY;
    math_value result = math_ratio(product, 1);

    for (int c = t->node[n].first; c >= 0 && result.ok; c = t->node[c].next) {
        math_value x = eval(t, c, at, depth);
        result = product ? math_mul(result, x) : math_add(result, x);
    }
    return result;
}

static math_value two(int kind, math_value a, math_value b) {
    switch (kind) {
    case NODE_DIVIDE:
    case NODE_RATIO:
        return math_div(a, b);
    case NODE_POWER:
        return math_pow(a, b);
    case NODE_ROOT:
        return root(a, b);
    case NODE_BINOMIAL:
        return choose(a, b);
    case NODE_LOGARITHM:
        return a.ok && b.ok ? math_inexact(clog(b.z) / clog(a.z)) : nothing;
    default:
        return nothing;
    }
}

static math_value one(const math_node *n, math_value a, const math_point *at) {
    switch (n->kind) {
    case NODE_NEGATE:
        return math_neg(a);
    case NODE_FACTORIAL:
        return math_factorial(a);
    case NODE_PLUS_MINUS:
        return (n->op != 0) == (at->minus != 0) ? math_neg(a) : a;
    case NODE_PERCENT:
        return math_div(a, math_ratio(100, 1));
    default:
        return a; /* NODE_DEGREE */
    }
}

static math_value leaf(const math_node *n, const math_point *at) {
    if (n->kind == NODE_NUMBER)
        return math_ratio(n->p, n->q);
    if (n->kind == NODE_SYMBOL)
        return symbol(n->name, at);
    if (n->op == 'i')
        return math_inexact((double complex)I);
    return math_inexact(n->op == 'p' ? acos(-1) : exp(1));
}

static math_value eval(const math_tree *t, int n, const math_point *at, int depth) {
    const math_node *node = n < 0 ? NULL : &t->node[n];

    if (!node || depth >= DEEPEST)
        return nothing;
    depth++;
    switch (node->kind) {
    case NODE_NUMBER:
    case NODE_SYMBOL:
    case NODE_CONSTANT:
        return leaf(node, at);
    case NODE_ADD:
    case NODE_MULTIPLY:
        return fold(t, n, at, depth);
    case NODE_DIVIDE:
    case NODE_POWER:
    case NODE_ROOT:
    case NODE_BINOMIAL:
    case NODE_LOGARITHM:
    case NODE_RATIO:
        return two(node->kind, eval(t, node->first, at, depth),
                   eval(t, t->node[node->first].next, at, depth));
    case NODE_NEGATE:
    case NODE_FACTORIAL:
    case NODE_PLUS_MINUS:
    case NODE_PERCENT:
    case NODE_DEGREE:
        return one(node, eval(t, node->first, at, depth), at);
    case NODE_FUNCTION:
        return function(t, n, at, depth);
    case NODE_OPAQUE:
        return opaque(t, n, at, depth);
    default:
        return nothing;
    }
}

math_value math_eval(const math_tree *tree, int node, const math_point *point) {
    return eval(tree, node, point, 0);
}

static int holds(const math_tree *t, int n, uint64_t *name, int depth) {
    const math_node *node = &t->node[n];
    int found = 0;

    if (depth >= DEEPEST)
        return 0;
    if (node->kind == NODE_SYMBOL || node->kind == NODE_OPAQUE) {
        found = MATH_HAS_SYMBOLS;
        if (!*name)
            *name = node->name;
        else if (*name != node->name)
            *name = 1;
    }
    found |= node->kind == NODE_PLUS_MINUS ? MATH_HAS_PLUS_MINUS : 0;
    found |= node->kind == NODE_INFINITY ? MATH_HAS_INFINITY : 0;
    for (int c = node->first; c >= 0; c = t->node[c].next)
        found |= holds(t, c, name, depth + 1);
    return found;
}

int math_holds(const math_tree *tree, int node, uint64_t *name) {
    int found;

    *name = 0;
    found = holds(tree, node, name, 0);
    if (*name == 1) /* several; no name hashes to 1 in practice */
        *name = 0;
    return found;
}
