/* canon.c - one text for all spellings of an answer.
 *
 * Numbers are written by value, expressions with variables as a hash of their values at
 * fixed points, equations as the hash of (left - right) up to a factor, inequalities in
 * one variable as intervals, lists and sets sorted. */
#include "canon.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "eval.h"
#include "lex.h"

enum { ITEM = 96, ITEMS = 40, NESTED = 5 };

/* A text that is cut to its room and then ends in the hash of the whole. */
struct sink {
    char *buf;
    size_t size;
    size_t n; /* bytes asked for */
    uint64_t hash;
};

struct items {
    char text[ITEMS][ITEM];
    int n;
};

struct canon {
    const math_tree *tree;
    int reading;
    int used;
    int depth;
};

static int write_node(struct canon *c, int n, struct sink *out);

static void put(struct sink *s, const char *text) {
    for (; *text; text++) {
        if (s->n + 1 < s->size)
            s->buf[s->n] = *text;
        s->n++;
        s->hash = (s->hash ^ (unsigned char)*text) * 0x100000001b3u;
    }
}

static struct sink sink_of(char *buf, size_t size) {
    return (struct sink){.buf = buf, .size = size, .hash = 0xcbf29ce484222325u};
}

static void finish(struct sink *s) {
    if (s->n < s->size) {
        s->buf[s->n] = '\0';
    } else if (s->size > 18) {
        size_t at = s->size - 18;
        snprintf(s->buf + at, 18, "#%016llx", (unsigned long long)s->hash);
    } else if (s->size) {
        s->buf[0] = '\0';
    }
}

/* ---- expressions ------------------------------------------------------------------ */

/* Eight digits: a value that falls on the border between two texts is then rare. */
static uint64_t hash_value(uint64_t h, double complex z) {
    char text[64];
    double tiny = 1e-9 * cabs(z);
    double re = fabs(creal(z)) <= tiny ? 0 : creal(z);
    double im = fabs(cimag(z)) <= tiny ? 0 : cimag(z);

    snprintf(text, sizeof(text), "%.8g %.8g", re, im);
    return h * 31 + math_hash(text, strlen(text));
}

/* The letter of an answer that is a single one; 0 otherwise. */
static int single_letter(const struct canon *c, int n) {
    const math_node *node = &c->tree->node[n];
    const char *t = c->tree->text + node->at;

    if (node->kind != NODE_SYMBOL || node->end != node->at + 1)
        return 0;
    return toupper((unsigned char)*t);
}

/* The letter whose values these are: 2x/2 is x.  0 for all other expressions. */
static int letter_of_values(uint64_t name, const math_value *v) {
    static const char letters[] = "abcdfghjklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (int i = 0; i < MATH_POINTS; i++)
        if (!name || cabs(v[i].z - math_symbol_at(name, i)) > 1e-11)
            return 0;
    for (const char *c = letters; *c; c++)
        if (name == math_hash(c, 1))
            return toupper((unsigned char)*c);
    return 0;
}

/* An expression with variables: a hash of its values. */
static int write_function(struct canon *c, int n, int minus, char *buf, size_t size) {
    math_value v[MATH_POINTS];
    uint64_t h = 0, name;
    int constant = 1;

    for (int i = 0; i < MATH_POINTS; i++) {
        v[i] = math_eval(c->tree, n, &(math_point){.index = i, .minus = minus});
        if (!v[i].ok)
            return 0;
        h = hash_value(h, v[i].z);
        constant &= cabs(v[i].z - v[0].z) <= 1e-11 * (1 + cabs(v[0].z));
    }
    (void)math_holds(c->tree, n, &name);
    if (constant)
        math_value_text(v[0], buf, size);
    else if (letter_of_values(name, v))
        snprintf(buf, size, "%c", letter_of_values(name, v));
    else
        snprintf(buf, size, "f#%016llx", (unsigned long long)h);
    return 1;
}

static int write_value(struct canon *c, int n, int minus, char *buf, size_t size) {
    uint64_t name;

    if (single_letter(c, n)) {
        snprintf(buf, size, "%c", single_letter(c, n));
        return 1;
    }
    if (math_holds(c->tree, n, &name) & MATH_HAS_SYMBOLS)
        return write_function(c, n, minus, buf, size);
    math_value v = math_eval(c->tree, n, &(math_point){.minus = minus});
    math_value_text(v, buf, size);
    return v.ok;
}

/* ---- lists ------------------------------------------------------------------------ */

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

static void sort_items(struct items *items) {
    int kept = 0;

    qsort(items->text, (size_t)items->n, ITEM, by_text);
    for (int i = 0; i < items->n; i++)
        if (!kept || strcmp(items->text[kept - 1], items->text[i]))
            memmove(items->text[kept++], items->text[i], ITEM);
    items->n = kept;
}

static void write_items(const struct items *items, const char *open, const char *between,
                        const char *close, struct sink *out) {
    put(out, open);
    for (int i = 0; i < items->n; i++) {
        put(out, i ? between : "");
        put(out, items->text[i]);
    }
    put(out, close);
}

/* The union of the sorted items; all but one point is "R \\ {a}". */
static void write_union(const struct items *items, struct sink *out) {
    const char *low = items->text[0], *high = items->text[1];
    size_t n = strlen(low) > 8 ? strlen(low) - 8 : 0; /* of the a in "(-inf, a)" */

    if (items->n != 2 || !n || strncmp(low, "(-inf, ", 7) || low[7 + n] != ')' ||
        high[0] != '(' || strncmp(high + 1, low + 7, n) ||
        strcmp(high + 1 + n, ", inf)")) {
        write_items(items, "", " U ", "", out);
        return;
    }
    put(out, "R \\ {");
    for (size_t i = 0; i < n; i++)
        put(out, (const char[]){low[7 + i], '\0'});
    put(out, "}");
}

static int add_node(struct canon *c, struct items *items, int n, const char *name) {
    if (items->n >= ITEMS)
        return 0;
    struct sink s = sink_of(items->text[items->n], ITEM);
    put(&s, name);
    if (!write_node(c, n, &s))
        return 0;
    finish(&s);
    items->n++;
    return 1;
}

/* Both values of an expression with +-, or the one of an expression without. */
static int add_values(struct canon *c, struct items *items, int n) {
    uint64_t name;
    int both = math_holds(c->tree, n, &name) & MATH_HAS_PLUS_MINUS;

    for (int minus = 0; minus <= (both != 0); minus++) {
        if (items->n >= ITEMS || !write_value(c, n, minus, items->text[items->n], ITEM))
            return 0;
        items->n++;
    }
    return 1;
}

/* ---- relations -------------------------------------------------------------------- */

static int member(const struct canon *c, int chain, int index) {
    int n = c->tree->node[chain].first;

    while (index-- > 0 && n >= 0)
        n = c->tree->node[n].next;
    return n;
}

/* What stands left of the first sign is a name: letters, indices, f(2), |AB|, A:B,
 * (p, q), Area, but no number and no sum. */
static int is_name(const struct canon *c, int chain) {
    const math_node *node = &c->tree->node[chain];
    const char *t = c->tree->text + node->at;
    size_t n = (size_t)(node->end - node->at), depth = 0;
    int letters = 0;

    if (c->tree->node[node->first].kind == NODE_FUNCTION &&
        c->tree->node[node->first].op != FUNCTION_ABS)
        return 0;
    for (size_t i = 0; i < n; i++) {
        int index = i && t[i - 1] == '_';
        depth += strchr("({[", t[i]) != NULL;
        depth -= depth && strchr(")}]", t[i]);
        letters |= isalpha((unsigned char)t[i]);
        if (isdigit((unsigned char)t[i]) && !index && !(depth && letters))
            return 0;
        if (strchr("+-*/^", t[i]) && !depth)
            return 0;
    }
    return letters;
}

/* The name itself, without blanks: "a" of "a = 1". */
static void write_name(const struct canon *c, int chain, char *buf, size_t size) {
    const math_node *node = &c->tree->node[chain];
    struct sink s = sink_of(buf, size);

    for (const char *t = c->tree->text + node->at; t < c->tree->text + node->end; t++)
        if (!strchr(" {}\\", *t))
            put(&s, (const char[]){*t, '\0'});
    finish(&s);
}

/* The member of a chain of equalities that is the answer: the last one before an
 * approximation. */
static int answer_of_chain(const struct canon *c, int chain) {
    int answer = member(c, chain, 0), n = c->tree->node[answer].next;

    if (math_children(c->tree, chain) == 2 &&
        (is_name(c, chain) || c->tree->node[n].kind != NODE_SYMBOL))
        return is_name(c, chain) || c->tree->node[n].sign == RELATION_EQUAL ? n : answer;
    for (; n >= 0; n = c->tree->node[n].next) {
        if (c->tree->node[n].sign == RELATION_ABOUT)
            break;
        if (c->tree->node[n].kind != NODE_SYMBOL)
            answer = n;
    }
    return answer;
}

/* (left - right) at the fixed points, up to a factor: for an equation any, for an
 * inequality a positive one. */
static int write_equation(struct canon *c, int chain, const char *sign, double direction,
                          struct sink *out) {
    int left = member(c, chain, 0), right = member(c, chain, 1);
    double complex unit = 0;
    uint64_t h = 0;
    char text[48];

    for (int i = 0; i < MATH_POINTS; i++) {
        math_point at = {.index = i};
        math_value f = math_add(math_eval(c->tree, left, &at),
                                math_neg(math_eval(c->tree, right, &at)));
        if (!f.ok || cabs(f.z) < 1e-11)
            return 0;
        if (i == 0)
            unit = direction == 0 ? f.z : direction * cabs(f.z);
        h = hash_value(h, f.z / unit);
    }
    snprintf(text, sizeof(text), "0%s#%016llx", sign, (unsigned long long)h);
    put(out, text);
    return 1;
}

/* left - right = slope * x + shift in the only variable; 0 if it is not linear. */
static int linear(const struct canon *c, int left, int right, math_value *zero,
                  double *slope) {
    double complex f[3];
    uint64_t one, other;
    int here = math_holds(c->tree, left, &one),
        there = math_holds(c->tree, right, &other);

    *zero = (math_value){.q = 1};
    *slope = 0;
    if (((here & MATH_HAS_SYMBOLS) && !one) || ((there & MATH_HAS_SYMBOLS) && !other) ||
        (one && other && one != other) || (!one && !other))
        return 0;
    for (int i = 0; i < 3; i++) {
        math_point at = {.use_real = 1, .real = i};
        math_value v = math_add(math_eval(c->tree, left, &at),
                                math_neg(math_eval(c->tree, right, &at)));
        if (!v.ok)
            return 0;
        f[i] = v.z;
    }
    *slope = creal(f[1] - f[0]);
    if (cabs(f[2] - 2 * f[1] + f[0]) > 1e-9 * cabs(f[1] - f[0]) || *slope == 0)
        return 0;
    *zero = math_inexact(-f[0] / *slope);
    return zero->ok;
}

static int is_strict(int sign) {
    return sign == RELATION_LESS || sign == RELATION_MORE;
}

static int is_less(int sign) {
    return sign == RELATION_LESS || sign == RELATION_LESS_EQUAL;
}

static void write_interval(const char *low, const char *high, int open_low, int open_high,
                           struct sink *out) {
    put(out, open_low ? "(" : "[");
    put(out, low);
    put(out, ", ");
    put(out, high);
    put(out, open_high ? ")" : "]");
}

static int write_inequality(struct canon *c, int chain, struct sink *out) {
    static const char *const names[] = {"=", "~", ">", ">=", ">", ">=", "!=", "in"};
    int left = member(c, chain, 0), right = member(c, chain, 1);
    int sign = c->tree->node[right].sign;
    math_value zero;
    char text[ITEM];
    double slope;

    if (!linear(c, left, right, &zero, &slope))
        return write_equation(c, chain, names[sign],
                              sign == RELATION_NOT ? 0
                              : is_less(sign)      ? -1
                                                   : 1,
                              out);
    math_value_text(zero, text, sizeof(text));
    if (sign == RELATION_NOT) {
        put(out, "R \\ {");
        put(out, text);
        put(out, "}");
    } else if (is_less(sign) == (slope > 0)) {
        write_interval("-inf", text, 1, is_strict(sign), out);
    } else {
        write_interval(text, "inf", is_strict(sign), 1, out);
    }
    return 1;
}

/* An end of a < x < b. */
static int end_text(struct canon *c, int n, int middle, int *flipped, char *buf) {
    math_value zero;
    uint64_t name;
    double slope = 1;
    struct sink s = sink_of(buf, ITEM);

    if (math_holds(c->tree, n, &name) & MATH_HAS_SYMBOLS)
        return 0;
    if (linear(c, middle, n, &zero, &slope))
        math_value_text(zero, buf, ITEM);
    else if (write_node(c, n, &s)) /* 0 < f(x): f(x) is the variable */
        finish(&s);
    else
        return 0;
    *flipped = slope < 0;
    return 1;
}

static int write_double_inequality(struct canon *c, int chain, struct sink *out) {
    int low = member(c, chain, 0), middle = member(c, chain, 1),
        high = member(c, chain, 2);
    int first = c->tree->node[middle].sign, second = c->tree->node[high].sign, flipped;
    char a[ITEM], b[ITEM];

    if (c->tree->node[high].next >= 0 || is_less(first) != is_less(second) ||
        !end_text(c, low, middle, &flipped, a) || !end_text(c, high, middle, &flipped, b))
        return 0;
    if (is_less(first) != flipped)
        write_interval(a, b, is_strict(first), is_strict(second), out);
    else
        write_interval(b, a, is_strict(second), is_strict(first), out);
    return 1;
}

static int is_equality(const struct canon *c, int chain) {
    for (int n = member(c, chain, 1); n >= 0; n = c->tree->node[n].next)
        if (c->tree->node[n].sign > RELATION_ABOUT)
            return 0;
    return 1;
}

static int write_relation(struct canon *c, int chain, struct sink *out) {
    int left = member(c, chain, 0), right = member(c, chain, 1);
    int count = math_children(c->tree, chain), sign = c->tree->node[right].sign;

    if (is_equality(c, chain)) {
        int named = is_name(c, chain) || c->tree->node[right].kind == NODE_SYMBOL;
        c->used |= named ? MATH_READ_EQUATION : 0;
        if (count == 2 && sign == RELATION_EQUAL &&
            (!named || (c->reading & MATH_READ_EQUATION)))
            return write_equation(c, chain, "=", 0, out);
        return write_node(c, answer_of_chain(c, chain), out);
    }
    if (sign == RELATION_IN)
        return write_node(c, right, out);
    if (count == 3)
        return write_double_inequality(c, chain, out);
    uint64_t name;
    if (count == 2 && is_name(c, chain) && c->tree->node[left].kind != NODE_SYMBOL &&
        !(math_holds(c->tree, right, &name) & MATH_HAS_SYMBOLS))
        return 0; /* f(x) > 1: no interval of x */
    return count == 2 ? write_inequality(c, chain, out) : 0;
}

/* ---- structures ------------------------------------------------------------------- */

static int is_interval_relation(const struct canon *c, int n) {
    return c->tree->node[n].kind == NODE_RELATION && !is_equality(c, n);
}

/* 1 when the elements of a list carry different names, "x = 1, y = 2"; the names then
 * belong to the answer. */
static int has_names(struct canon *c, int list) {
    char first[ITEM] = "", name[ITEM];

    for (int n = c->tree->node[list].first; n >= 0; n = c->tree->node[n].next) {
        if (c->tree->node[n].kind != NODE_RELATION || !is_equality(c, n) ||
            !is_name(c, n))
            return 0;
        write_name(c, n, name, sizeof(name));
        if (*first && strcmp(first, name)) {
            c->used |= MATH_READ_NAMELESS;
            return !(c->reading & MATH_READ_NAMELESS);
        }
        memcpy(first, name, sizeof(first));
    }
    return 0;
}

static int add_element(struct canon *c, struct items *items, int n, int named) {
    const math_node *node = &c->tree->node[n];
    char name[ITEM] = "";
    uint64_t ignored;

    if (named) {
        write_name(c, n, name, sizeof(name) - 1);
        name[strlen(name) + 1] = '\0';
        name[strlen(name)] = '=';
        return add_node(c, items, answer_of_chain(c, n), name);
    }
    if (node->kind == NODE_RELATION && is_equality(c, n) &&
        (is_name(c, n) || math_children(c->tree, n) > 2)) {
        n = answer_of_chain(c, n);
        node = &c->tree->node[n];
    }
    if (node->kind < NODE_TUPLE && node->kind != NODE_TEXT &&
        (math_holds(c->tree, n, &ignored) & MATH_HAS_PLUS_MINUS))
        return add_values(c, items, n);
    return add_node(c, items, n, "");
}

static int write_collection(struct canon *c, int n, struct sink *out) {
    const math_node *node = &c->tree->node[n];
    int union_of = node->op == 1, named = node->kind == NODE_LIST && has_names(c, n);
    struct items items = {.n = 0};

    for (int e = node->first; e >= 0; e = c->tree->node[e].next) {
        union_of &= is_interval_relation(c, e);
        if (!add_element(c, &items, e, named))
            return 0;
    }
    c->used |= node->kind == NODE_LIST ? MATH_READ_TUPLE : 0;
    if (node->kind == NODE_LIST && (c->reading & MATH_READ_TUPLE)) {
        write_items(&items, "(", ", ", ")", out);
        return 1;
    }
    sort_items(&items);
    if (node->kind == NODE_LIST && union_of)
        write_union(&items, out);
    else if (node->kind == NODE_LIST && items.n == 1)
        put(out, items.text[0]);
    else
        write_items(&items, "{", ", ", "}", out);
    return 1;
}

static int write_sequence(struct canon *c, int n, struct sink *out) {
    const math_node *node = &c->tree->node[n];
    int columns = node->kind == NODE_MATRIX ? node->op : 0, i = 0;
    int flat = !columns || columns == 1 || math_children(c->tree, n) == columns;
    char open[2] = {columns ? '(' : node->open, '\0'};
    char close[2] = {columns ? ')' : node->close, '\0'};

    put(out, flat ? open : "[[");
    for (int e = node->first; e >= 0; e = c->tree->node[e].next, i++) {
        if (i)
            put(out, flat || i % columns ? ", " : "], [");
        if (!write_node(c, e, out))
            return 0;
    }
    put(out, flat ? close : "]]");
    return 1;
}

static int write_set_operation(struct canon *c, int n, struct sink *out) {
    const math_node *node = &c->tree->node[n];
    struct items items = {.n = 0};

    for (int e = node->first; e >= 0; e = c->tree->node[e].next)
        if (!add_node(c, &items, e, ""))
            return 0;
    if (node->kind == NODE_WITHOUT) {
        if (!strcmp(items.text[0], "(-inf, inf)"))
            snprintf(items.text[0], ITEM, "R");
        write_items(&items, "", " \\ ", "", out);
        return 1;
    }
    sort_items(&items);
    if (node->kind == NODE_UNION)
        write_union(&items, out);
    else
        write_items(&items, "", " n ", "", out);
    return 1;
}

static int write_words(struct canon *c, int n, struct sink *out) {
    const math_node *node = &c->tree->node[n];
    const char *t = c->tree->text + node->at;
    size_t len = (size_t)(node->end - node->at);

    if (len && *t == MATH_WORDS)
        t++, len -= 2;
    t = math_trim(t, &len);
    if (math_is_word(t, len, "yes") || math_is_word(t, len, "true")) {
        put(out, "yes");
    } else if (math_is_word(t, len, "no") || math_is_word(t, len, "false")) {
        put(out, "no");
    } else {
        for (size_t i = 0; i < len; i++)
            if (t[i] != ' ' || (i && t[i - 1] != ' '))
                put(out, (const char[]){(char)tolower((unsigned char)t[i]), '\0'});
    }
    return 1;
}

static int write_based(const math_node *node, struct sink *out) {
    char digits[64];

    math_value_text(math_ratio(node->p, 1), digits, sizeof(digits));
    put(out, digits);
    snprintf(digits, sizeof(digits), "_%d", node->op);
    put(out, digits);
    return 1;
}

/* An expression that is no structure: infinity, a value or the two values of +-. */
static int write_scalar(struct canon *c, int n, struct sink *out) {
    const math_node *node = &c->tree->node[n];
    struct items items = {.n = 0};
    uint64_t name;
    int holds = math_holds(c->tree, n, &name);

    if (holds & MATH_HAS_INFINITY) {
        int negative = node->kind == NODE_NEGATE;
        if (c->tree->node[negative ? node->first : n].kind != NODE_INFINITY)
            return 0;
        put(out, negative ? "-inf" : "inf");
        return 1;
    }
    if (!add_values(c, &items, n))
        return 0;
    sort_items(&items);
    write_items(&items, items.n > 1 ? "{" : "", ", ", items.n > 1 ? "}" : "", out);
    return 1;
}

static int write_by_kind(struct canon *c, int n, struct sink *out) {
    switch (c->tree->node[n].kind) {
    case NODE_LIST:
    case NODE_SET:
        return write_collection(c, n, out);
    case NODE_TUPLE:
    case NODE_MATRIX:
        return write_sequence(c, n, out);
    case NODE_UNION:
    case NODE_INTERSECTION:
    case NODE_WITHOUT:
        return write_set_operation(c, n, out);
    case NODE_REALS:
        put(out, "(-inf, inf)");
        return 1;
    case NODE_RELATION:
        return write_relation(c, n, out);
    case NODE_TEXT:
        return write_words(c, n, out);
    case NODE_BASED:
        return write_based(&c->tree->node[n], out);
    default:
        return write_scalar(c, n, out);
    }
}

static int write_node(struct canon *c, int n, struct sink *out) {
    int written;

    if (n < 0 || c->depth >= NESTED)
        return 0;
    if (c->tree->node[n].kind == NODE_PERCENT) { /* a sign behind the whole is a unit */
        c->used |= MATH_READ_PERCENT;
        if (!(c->reading & MATH_READ_PERCENT))
            n = c->tree->node[n].first;
    }
    c->depth++;
    written = write_by_kind(c, n, out);
    c->depth--;
    return written;
}

static int is_unit_letter(const struct canon *c, int n) {
    const math_node *node = &c->tree->node[n];

    if (node->kind == NODE_POWER)
        node = &c->tree->node[node->first];
    return node->kind == NODE_SYMBOL && node->end == node->at + 1 &&
           strchr("mgshLlJNWVKCF", c->tree->text[node->at]);
}

/* 5 m, 20 C: what is left of a product when the letters behind the number go. */
static int without_units(struct canon *c, int n) {
    const math_node *node = &c->tree->node[n];

    if (node->kind == NODE_DIVIDE && is_unit_letter(c, c->tree->node[node->first].next))
        node = &c->tree->node[node->first];
    int number = node->first;
    if (node->kind != NODE_MULTIPLY || number < 0)
        return n;
    for (int e = c->tree->node[number].next; e >= 0; e = c->tree->node[e].next)
        if (!is_unit_letter(c, e))
            return n;
    c->used |= MATH_READ_UNITS;
    return c->reading & MATH_READ_UNITS ? number : n;
}

int math_tree_text(const math_tree *tree, int reading, int *used, char *buf,
                   size_t size) {
    struct canon c = {.tree = tree, .reading = reading};
    struct sink out = sink_of(buf, size);
    int n = without_units(&c, tree->root);
    const math_node *node = &tree->node[n];

    /* {5} alone is 5 */
    if (node->kind == NODE_SET && math_children(tree, n) == 1)
        n = node->first;
    int written = write_node(&c, n, &out);
    finish(&out);
    *used = c.used;
    return written;
}
