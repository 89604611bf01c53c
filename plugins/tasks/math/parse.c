/* parse.c - recursive descent from tokens to the tree.
 *
 *   list    = item { separator item }
 *   item    = union { relation union }
 *   union   = sum { (cup | cap | setminus) sum }
 *   sum     = product { (+ | - | +-) product }
 *   product = factor { [* | /] factor }          words behind a factor are its unit
 *   factor  = primary { ^ exponent | ! | % | degree }
 *
 * A node index of -1 is a failure and is handed up; parser.depth bounds the recursion. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "build.h"
#include "clean.h"

static int list(math_parser *p);
static int sum(math_parser *p);
static int product(math_parser *p);
static int factor(math_parser *p);

static int is_char(const math_parser *p, int c) {
    return p->lex.kind == TOKEN_CHAR && p->lex.id == c;
}

static int expect(math_parser *p, int c) {
    if (!is_char(p, c))
        return 0;
    math_next_token(&p->lex);
    return 1;
}

/* Runs `rule` one bracket deeper, where a comma is no thousands mark. */
static int deeper(math_parser *p, int (*rule)(math_parser *)) {
    int node = -1;

    if (p->depth >= MATH_DEPTH)
        return -1;
    p->depth++;
    node = rule(p);
    p->depth--;
    return node;
}

/* Moves behind an opening bracket, into it. */
static void enter(math_parser *p) {
    p->lex.depth++;
    math_next_token(&p->lex);
}

/* Moves behind a closing bracket. */
static void leave(math_parser *p) {
    p->lex.depth--;
    math_next_token(&p->lex);
}

/* ---- brackets --------------------------------------------------------------------- */

/* A list becomes the kind that its brackets say; a single thing stays itself. */
static int bracketed(math_parser *p, int inner, char open, char close) {
    if (inner < 0)
        return -1;
    math_node *n = &p->tree->node[inner];
    if (n->kind != NODE_LIST)
        return open == '{' && close == '}' ? math_unary(p, NODE_SET, 0, inner) : inner;
    n->kind = open == '{' ? NODE_SET : NODE_TUPLE;
    n->open = open;
    n->close = close;
    return inner;
}

static int parenthesis(math_parser *p) {
    char open = (char)p->lex.id;

    enter(p);
    if (is_char(p, ']') && open == '[')
        return -1;
    int inner = deeper(p, list);
    if (inner < 0 || !(is_char(p, ')') || is_char(p, ']')))
        return -1;
    char close = (char)p->lex.id;
    leave(p);
    return bracketed(p, inner, open, close);
}

/* {...}: a group of LaTeX, or a set written without backslashes. */
static int group(math_parser *p) {
    enter(p);
    if (is_char(p, '}')) { /* nothing, as in {}^2 */
        leave(p);
        return -1;
    }
    int inner = deeper(p, list);
    if (p->lex.kind == TOKEN_CHOOSE) {
        math_next_token(&p->lex);
        inner = math_binary(p, NODE_BINOMIAL, 0, inner, deeper(p, sum));
    }
    if (inner < 0 || !is_char(p, '}'))
        return -1;
    leave(p);
    return math_kind_of(p, inner) == NODE_LIST ? bracketed(p, inner, '{', '}') : inner;
}

/* Moves behind "x |" and "x :" of {x | x > 3}; what follows is the set. */
static int set_builder(math_parser *p) {
    math_lexer before = p->lex;

    if (p->lex.kind == TOKEN_SYMBOL) {
        math_next_token(&p->lex);
        if (expect(p, '|') || expect(p, ':'))
            return 1;
    }
    p->lex = before;
    return 0;
}

static int set(math_parser *p) {
    enter(p);
    int builder = set_builder(p);
    if (p->lex.kind == TOKEN_CLOSE_SET) {
        leave(p);
        return math_make(p, NODE_SET, 0);
    }
    int inner = deeper(p, list);
    if (inner < 0 || p->lex.kind != TOKEN_CLOSE_SET)
        return -1;
    leave(p);
    return builder ? inner : bracketed(p, inner, '{', '}');
}

static int angle(math_parser *p) {
    if (p->lex.id != '<')
        return -1;
    enter(p);
    int inner = deeper(p, list);
    if (inner < 0 || p->lex.kind != TOKEN_ANGLE || p->lex.id != '>')
        return -1;
    leave(p);
    return bracketed(p, inner, '(', ')');
}

static int bars(math_parser *p) {
    enter(p);
    p->bars++;
    int inner = deeper(p, sum);
    p->bars--;
    if (inner < 0 || !is_char(p, '|'))
        return -1;
    leave(p);
    return math_unary(p, NODE_FUNCTION, FUNCTION_ABS, inner);
}

/* ---- commands --------------------------------------------------------------------- */

/* One digit of the token's number, for \frac12 and \sqrt3: LaTeX takes one character. */
static int one_digit(math_parser *p) {
    math_lexer *l = &p->lex;

    if (!isdigit((unsigned char)l->text[l->from]))
        return -1;
    int n = math_number_node(p, l->text[l->from] - '0');
    if (n >= 0)
        p->tree->node[n].literal = 1;
    l->at = l->from + 1;
    math_next_token(l);
    return n;
}

/* The argument of a command: {...}, one digit or one thing. */
static int argument(math_parser *p) {
    if (is_char(p, '{'))
        return group(p);
    if (p->lex.kind == TOKEN_NUMBER || p->lex.kind == TOKEN_BASED)
        return one_digit(p);
    return deeper(p, factor);
}

static int fraction(math_parser *p, int kind) {
    math_next_token(&p->lex);
    int top = argument(p);
    return top < 0 ? -1 : math_binary(p, kind, 0, top, argument(p));
}

static int root(math_parser *p) {
    int degree;

    math_next_token(&p->lex);
    if (is_char(p, '[')) {
        enter(p);
        degree = deeper(p, sum);
        if (degree < 0 || !is_char(p, ']'))
            return -1;
        leave(p);
    } else {
        degree = math_number_node(p, 2);
    }
    if (is_char(p, '('))
        return math_binary(p, NODE_ROOT, 0, degree, parenthesis(p));
    return math_binary(p, NODE_ROOT, 0, degree, argument(p));
}

static int floor_or_ceiling(math_parser *p, int op) {
    enter(p);
    int inner = deeper(p, sum);
    if (inner < 0 || !is_char(p, 'F'))
        return -1;
    leave(p);
    return math_unary(p, NODE_FUNCTION, op, inner);
}

/* What a function without brackets applies to: "2x" of "\sin 2x". */
static int bare_argument(math_parser *p) {
    int node = deeper(p, factor);

    while (node >= 0 && (p->lex.kind == TOKEN_SYMBOL || p->lex.kind == TOKEN_CONSTANT ||
                         p->lex.kind == TOKEN_FRACTION))
        node = math_binary(p, NODE_MULTIPLY, 0, node, deeper(p, factor));
    return node;
}

static int is_minus_one(const math_parser *p, int node) {
    return math_kind_of(p, node) == NODE_NEGATE &&
           math_kind_of(p, p->tree->node[node].first) == NODE_NUMBER &&
           p->tree->node[p->tree->node[node].first].p == 1;
}

static int function(math_parser *p) {
    int op = p->lex.id, base = -1, power = -1, node;

    if (p->lex.name == 1)
        return floor_or_ceiling(p, op);
    if (op == FUNCTION_SQRT)
        return root(p);
    math_next_token(&p->lex);
    if (is_char(p, '_')) {
        math_next_token(&p->lex);
        if ((base = argument(p)) < 0)
            return -1;
    }
    if (is_char(p, '^')) {
        math_next_token(&p->lex);
        if ((power = argument(p)) < 0)
            return -1;
    }
    if (op <= FUNCTION_TAN && is_minus_one(p, power)) { /* \cos^{-1} */
        op += FUNCTION_ARCSIN - FUNCTION_SIN;
        power = -1;
    }
    node = is_char(p, '(') ? deeper(p, parenthesis) : bare_argument(p);
    if (base >= 0)
        node = math_binary(p, NODE_LOGARITHM, 0, base, node);
    else
        node = math_unary(p, NODE_FUNCTION, op == FUNCTION_LOG ? FUNCTION_LN : op, node);
    return power < 0 ? node : math_binary(p, NODE_POWER, 0, node, power);
}

/* A sum, product, integral or limit: an opaque function of its limits and its body, so
 * that the same one in another order of factors compares equal. */
static int big(math_parser *p) {
    uint64_t name = p->lex.name;
    int node = math_take(p, NODE_OPAQUE, 0);

    if (node < 0)
        return -1;
    p->tree->node[node].name = name;
    while (is_char(p, '_') || is_char(p, '^')) {
        math_next_token(&p->lex);
        int limit = is_char(p, '{') ? group(p) : argument(p);
        if (math_kind_of(p, limit) == NODE_RELATION) /* k = 0: only the 0 counts */
            limit = p->tree->node[p->tree->node[limit].first].next;
        if (math_append(p, node, limit) < 0)
            return -1;
    }
    return math_append(p, node, deeper(p, product));
}

/* ---- matrices --------------------------------------------------------------------- */

static int environment(math_parser *p, int *has_columns) {
    math_lexer *l = &p->lex;
    const char *t = l->text + l->to;
    const char *brace = strchr(t, '}');

    *has_columns = !strncmp(t, "{array}", 7);
    if (*t != '{' || !brace)
        return 0;
    l->at = (size_t)(brace + 1 - l->text);
    if (*has_columns && *(brace += 1) == '{') {
        brace = strchr(brace, '}');
        if (!brace)
            return 0;
        l->at = (size_t)(brace + 1 - l->text);
    }
    if (!strncasecmp(t, "{vmatrix}", 9)) /* a determinant is no matrix */
        return 0;
    return !strncmp(t + strcspn(t, "m}"), "matrix", 6) || *has_columns;
}

static int rows(math_parser *p, int matrix, int *columns) {
    int column = 0;

    *columns = 0;
    for (;;) {
        if (p->lex.kind == TOKEN_END_ENVIRONMENT && column == 0 && *columns)
            return 1; /* the last row ended in \\ */
        if (math_append(p, matrix, deeper(p, sum)) < 0)
            return 0;
        column++;
        if (expect(p, '&'))
            continue;
        if (*columns && column != *columns)
            return 0;
        *columns = column;
        column = 0;
        if (p->lex.kind == TOKEN_END_ENVIRONMENT)
            return 1;
        if (p->lex.kind != TOKEN_ROW)
            return 0;
        math_next_token(&p->lex);
    }
}

static int matrix(math_parser *p) {
    int has_columns, columns, ignored, node = math_make(p, NODE_MATRIX, 0);

    if (node < 0 || !environment(p, &has_columns))
        return -1;
    enter(p);
    if (!rows(p, node, &columns) || columns > 64 || !environment(p, &ignored))
        return -1;
    leave(p);
    p->tree->node[node].op = (uint8_t)columns;
    return node;
}

/* ---- factors ---------------------------------------------------------------------- */

/* x_1 and x_{max} are names; F_{n-1} is a function of its index. */
static int symbol(math_parser *p) {
    math_lexer *l = &p->lex;
    size_t from = l->from;
    int node = math_take(p, NODE_SYMBOL, 0);

    if (node < 0 || !is_char(p, '_'))
        return node;
    math_next_token(l);
    size_t begin = l->from;
    int braced = is_char(p, '{');
    int index = argument(p);
    if (index < 0)
        return -1;
    int kind = math_kind_of(p, index);
    p->tree->node[node].end = (uint16_t)l->from;
    if (kind == NODE_NUMBER || kind == NODE_SYMBOL || kind == NODE_TEXT) {
        size_t n = l->from - begin;
        const char *t = l->text + begin;
        while (n && t[n - 1] == ' ')
            n--;
        if (braced && n > 1)
            t++, n -= 2;
        p->tree->node[node].name = math_hash(l->text + from, 1) ^ math_hash(t, n) * 31;
        return node;
    }
    p->tree->node[node].kind = NODE_OPAQUE;
    return math_append(p, node, index);
}

static int text(math_parser *p) {
    const char *t = p->lex.text + p->lex.from;
    size_t n = p->lex.to - p->lex.from;
    long long value;

    if (*t == MATH_WORDS)
        t++, n -= 2;
    if (math_number_words(t, n, &value)) {
        int node = math_number_node(p, value);
        math_next_token(&p->lex);
        return node;
    }
    return math_take(p, NODE_TEXT, 0);
}

static int reals(math_parser *p) {
    return math_take(p, NODE_REALS, 0);
}

static int empty_set(math_parser *p) {
    return math_take(p, NODE_SET, 0);
}

static int bracket(math_parser *p) {
    switch (p->lex.id) {
    case '(':
    case '[':
        return parenthesis(p);
    case '{':
        return group(p);
    case '|':
        return p->bars ? -1 : bars(p);
    default:
        return -1;
    }
}

static int primary(math_parser *p) {
    switch (p->lex.kind) {
    case TOKEN_NUMBER:
        return math_take(p, NODE_NUMBER, 0);
    case TOKEN_BASED:
        return math_take(p, NODE_BASED, p->lex.id);
    case TOKEN_CONSTANT:
        return p->lex.text[p->lex.to] == '_' ? symbol(p)
                                             : math_take(p, NODE_CONSTANT, p->lex.id);
    case TOKEN_SYMBOL:
        return symbol(p);
    case TOKEN_TEXT:
        return text(p);
    case TOKEN_INFINITY:
        return math_take(p, NODE_INFINITY, 0);
    case TOKEN_FRACTION:
        return fraction(p, NODE_DIVIDE);
    case TOKEN_BINOMIAL:
        return fraction(p, NODE_BINOMIAL);
    case TOKEN_FUNCTION:
        return function(p);
    case TOKEN_BIG:
        return big(p);
    case TOKEN_BEGIN:
        return matrix(p);
    case TOKEN_OPEN_SET:
        return set(p);
    case TOKEN_ANGLE:
        return angle(p);
    case TOKEN_EMPTY_SET:
        return empty_set(p);
    case TOKEN_REALS:
        return reals(p);
    case TOKEN_LINE:
        math_next_token(&p->lex);
        return argument(p);
    case TOKEN_CHAR:
        return bracket(p);
    default:
        return -1;
    }
}

/* Behind ^: one thing or a group; a degree sign is no exponent.  "2^-1" and "2^10" are
 * read as a person means them, not as LaTeX sets them. */
static int exponent(math_parser *p, int base) {
    int negative;

    math_next_token(&p->lex);
    if (p->lex.kind == TOKEN_DEGREE) {
        math_next_token(&p->lex);
        return math_unary(p, NODE_DEGREE, 0, base);
    }
    if (is_char(p, '{') && !strncmp(p->lex.text + p->lex.at, "\\circ", 5)) {
        math_next_token(&p->lex);
        math_next_token(&p->lex);
        return expect(p, '}') ? math_unary(p, NODE_DEGREE, 0, base) : -1;
    }
    negative = expect(p, '-');
    int power = deeper(p, factor); /* to the right: 2^3^4 = 2^(3^4) */
    if (negative)
        power = math_unary(p, NODE_NEGATE, 0, power);
    return math_binary(p, NODE_POWER, 0, base, power);
}

static int factor(math_parser *p) {
    int node = primary(p);

    while (node >= 0) {
        if (is_char(p, '^')) {
            node = exponent(p, node);
        } else if (is_char(p, '!')) {
            math_next_token(&p->lex);
            node = math_unary(p, NODE_FACTORIAL, 0, node);
        } else if (p->lex.kind == TOKEN_PERCENT || p->lex.kind == TOKEN_DEGREE) {
            int kind = p->lex.kind == TOKEN_PERCENT ? NODE_PERCENT : NODE_DEGREE;
            math_next_token(&p->lex);
            node = math_unary(p, kind, 0, node);
        } else {
            break;
        }
    }
    return node;
}

/* ---- products --------------------------------------------------------------------- */

static int begins_factor(const math_parser *p) {
    switch (p->lex.kind) {
    case TOKEN_SYMBOL:
    case TOKEN_CONSTANT:
    case TOKEN_FRACTION:
    case TOKEN_BINOMIAL:
    case TOKEN_FUNCTION:
    case TOKEN_BIG:
    case TOKEN_BEGIN:
    case TOKEN_OPEN_SET:
    case TOKEN_INFINITY:
    case TOKEN_NUMBER:
    case TOKEN_LINE:
        return 1;
    case TOKEN_CHAR:
        return strchr("([{", p->lex.id) || (p->lex.id == '|' && !p->bars);
    default:
        return 0;
    }
}

/* 1 3/4 and 1\frac{3}{4}: a whole number before a fraction below one is added. */
static int is_proper(const math_parser *p, int node) {
    const math_node *n = &p->tree->node[node];

    if (n->kind != NODE_DIVIDE)
        return 0;
    const math_node *top = &p->tree->node[n->first];
    const math_node *bottom = &p->tree->node[top->next];
    return top->kind == NODE_NUMBER && bottom->kind == NODE_NUMBER && top->literal &&
           bottom->literal && top->p < bottom->p;
}

/* The sign behind 33 1/3% is the whole number's, not the fraction's. */
static int sum_percent(math_parser *p, int number, int part) {
    return math_unary(p, NODE_PERCENT, 0, math_binary(p, NODE_ADD, 0, number, part));
}

static int mixed(math_parser *p, int number) {
    int top = math_take(p, NODE_NUMBER, 0);

    if (!expect(p, '/') || p->lex.kind != TOKEN_NUMBER || p->lex.id != 1)
        return -1;
    int part = math_binary(p, NODE_DIVIDE, 0, top, math_take(p, NODE_NUMBER, 0));
    if (part < 0 || !is_proper(p, part))
        return -1;
    if (p->lex.kind != TOKEN_PERCENT)
        return math_binary(p, NODE_ADD, 0, number, part);
    math_next_token(&p->lex);
    return sum_percent(p, number, part);
}

static int beside(math_parser *p, int node) {
    int plain = p->tree->node[node].kind == NODE_NUMBER && p->tree->node[node].literal;

    if (p->lex.kind == TOKEN_NUMBER && plain && p->lex.id == 1)
        return mixed(p, node);
    if (p->lex.kind == TOKEN_NUMBER && /* two numbers side by side are no product */
        (math_kind_of(p, node) == NODE_NUMBER || math_kind_of(p, node) == NODE_DIVIDE))
        return -1;
    int fraction_next = plain && p->lex.kind == TOKEN_FRACTION;
    int next = factor(p);
    if (next >= 0 && fraction_next && is_proper(p, next))
        return math_binary(p, NODE_ADD, 0, node, next);
    if (next >= 0 && fraction_next && p->tree->node[next].kind == NODE_PERCENT &&
        is_proper(p, p->tree->node[next].first))
        return sum_percent(p, node, p->tree->node[next].first);
    return math_combine(p, NODE_MULTIPLY, node, next);
}

/* The words behind a value are its unit: dropped with their exponent and with what
 * they are "per".  A number in words multiplies: 5 million. */
static int unit(math_parser *p, int node) {
    const char *t = p->lex.text + p->lex.from;
    size_t n = p->lex.to - p->lex.from;
    long long value;

    if (*t == MATH_WORDS)
        t++, n -= 2;
    t = math_trim(t, &n);
    math_next_token(&p->lex);
    if (math_number_words(t, n, &value) && value >= 100)
        return math_binary(p, NODE_MULTIPLY, 0, node, math_number_node(p, value));
    if (is_char(p, '^')) {
        math_next_token(&p->lex);
        if (is_char(p, '{')) {
            if (group(p) < 0)
                return -1;
        } else {
            math_next_token(&p->lex);
        }
    }
    if (is_char(p, '/')) {
        math_next_token(&p->lex);
        if (p->lex.kind != TOKEN_TEXT && p->lex.kind != TOKEN_SYMBOL)
            return -1;
        math_next_token(&p->lex);
    }
    return node;
}

static int quotient(math_parser *p, int node, int op) {
    math_next_token(&p->lex);
    if (p->lex.kind == TOKEN_TEXT && op == '/') /* 60 /hour */
        return unit(p, node);
    int negative = expect(p, '-');
    int next = factor(p);
    if (negative)
        next = math_unary(p, NODE_NEGATE, 0, next);
    if (op == ':')
        return math_binary(p, NODE_RATIO, 0, node, next);
    return math_combine(p, op == '*' ? NODE_MULTIPLY : NODE_DIVIDE, node, next);
}

static int product(math_parser *p) {
    int node = factor(p);

    while (node >= 0) {
        int is_text = p->tree->node[node].kind == NODE_TEXT;
        if (p->lex.kind == TOKEN_TEXT && !is_text)
            node = unit(p, node);
        else if (is_text && (p->lex.kind == TOKEN_TEXT || begins_factor(p)))
            return -1; /* a sentence */
        else if (is_char(p, '*') || is_char(p, '/') || is_char(p, ':'))
            node = quotient(p, node, p->lex.id);
        else if (begins_factor(p))
            node = beside(p, node);
        else
            break;
    }
    return node;
}

/* ---- sums and what is above them -------------------------------------------------- */

static int signed_product(math_parser *p) {
    int sign = p->lex.kind == TOKEN_PLUS_MINUS ? p->lex.id : 0;

    if (sign) {
        math_next_token(&p->lex);
        return math_unary(p, NODE_PLUS_MINUS, sign > 0, product(p));
    }
    if (expect(p, '-'))
        return math_negated(p, deeper(p, is_char(p, '-') ? signed_product : product));
    expect(p, '+');
    return product(p);
}

static int sum(math_parser *p) {
    int node = signed_product(p);

    if (node < 0 ||
        !(is_char(p, '+') || is_char(p, '-') || p->lex.kind == TOKEN_PLUS_MINUS))
        return node;
    node = math_unary(p, NODE_ADD, 0, node);
    while (node >= 0 &&
           (is_char(p, '+') || is_char(p, '-') || p->lex.kind == TOKEN_PLUS_MINUS))
        node = math_append(p, node, signed_product(p));
    return node;
}

static int set_operation(const math_parser *p) {
    switch (p->lex.kind) {
    case TOKEN_UNION:
        return NODE_UNION;
    case TOKEN_INTERSECTION:
        return NODE_INTERSECTION;
    case TOKEN_WITHOUT:
        return NODE_WITHOUT;
    default:
        return 0;
    }
}

static int sets(math_parser *p) {
    int node = sum(p), kind = set_operation(p);

    if (node < 0 || !kind)
        return node;
    node = math_unary(p, kind, 0, node);
    while (node >= 0 && set_operation(p) == kind) {
        math_next_token(&p->lex);
        node = math_append(p, node, sum(p));
    }
    return node;
}

/* A chain a = b < c is one node: its `at` and `end` are those of its first member, each
 * further member's `sign` is the relation before it. */
static int item(math_parser *p) {
    size_t from = p->lex.from;
    int node = sets(p);

    if (node < 0 || p->lex.kind != TOKEN_RELATION)
        return node;
    node = math_unary(p, NODE_RELATION, 0, node);
    if (node < 0)
        return -1;
    p->tree->node[node].at = (uint16_t)from;
    p->tree->node[node].end = (uint16_t)p->lex.from;
    while (node >= 0 && p->lex.kind == TOKEN_RELATION) {
        uint8_t sign = (uint8_t)p->lex.id;
        math_next_token(&p->lex);
        int member = sets(p);
        if (member >= 0)
            p->tree->node[member].sign = sign;
        node = math_append(p, node, member);
    }
    return node;
}

static int list(math_parser *p) {
    int first = item(p), node = -1;

    while (first >= 0 && p->lex.kind == TOKEN_SEPARATOR) {
        if (node < 0)
            node = math_unary(p, NODE_LIST, 0, first);
        if (node >= 0 && p->lex.id == '|')
            p->tree->node[node].op = 1;
        math_next_token(&p->lex);
        if (p->lex.kind == TOKEN_SEPARATOR || p->lex.kind == TOKEN_END)
            continue; /* ", and"; a comma at the end */
        if (math_append(p, node, item(p)) < 0)
            return -1;
    }
    return node >= 0 ? node : first;
}

int math_parse(math_tree *tree) {
    math_parser p = {.tree = tree,
                     .lex = {.text = tree->text, .decimal_comma = tree->decimal_comma}};

    tree->n = tree->loops = 0;
    tree->root = -1;
    math_next_token(&p.lex);
    if (p.lex.kind == TOKEN_END)
        return 0;
    tree->root = list(&p);
    return tree->root >= 0 && p.lex.kind == TOKEN_END;
}
