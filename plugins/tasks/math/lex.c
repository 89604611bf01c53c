/* lex.c - cuts the plain spelling of an answer into tokens. */
#include "lex.h"

#include <ctype.h>
#include <string.h>

#include "clean.h"

uint64_t math_hash(const char *text, size_t n) {
    uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)text[i]) * 0x100000001b3u;
    return h ? h : 1;
}

struct word {
    const char *text;
    int kind;
    int id;
};

/* What follows a backslash. */
static const struct word commands[] = {
    {"frac", TOKEN_FRACTION, 0},
    {"dfrac", TOKEN_FRACTION, 0},
    {"tfrac", TOKEN_FRACTION, 0},
    {"cfrac", TOKEN_FRACTION, 0},
    {"binom", TOKEN_BINOMIAL, 0},
    {"dbinom", TOKEN_BINOMIAL, 0},
    {"tbinom", TOKEN_BINOMIAL, 0},
    {"choose", TOKEN_CHOOSE, 0},
    {"begin", TOKEN_BEGIN, 0},
    {"end", TOKEN_END_ENVIRONMENT, 0},
    {"pi", TOKEN_CONSTANT, 'p'},
    {"infty", TOKEN_INFINITY, 0},
    {"infin", TOKEN_INFINITY, 0},
    {"pm", TOKEN_PLUS_MINUS, 1},
    {"mp", TOKEN_PLUS_MINUS, -1},
    {"cup", TOKEN_UNION, 0},
    {"bigcup", TOKEN_UNION, 0},
    {"cap", TOKEN_INTERSECTION, 0},
    {"bigcap", TOKEN_INTERSECTION, 0},
    {"setminus", TOKEN_WITHOUT, 0},
    {"backslash", TOKEN_WITHOUT, 0},
    {"smallsetminus", TOKEN_WITHOUT, 0},
    {"emptyset", TOKEN_EMPTY_SET, 0},
    {"varnothing", TOKEN_EMPTY_SET, 0},
    {"langle", TOKEN_ANGLE, '<'},
    {"rangle", TOKEN_ANGLE, '>'},
    {"overline", TOKEN_LINE, 0},
    {"bar", TOKEN_LINE, 0},
    {"dot", TOKEN_LINE, 0},
    {"circ", TOKEN_DEGREE, 0},
    {"degree", TOKEN_DEGREE, 0},
    {"times", TOKEN_CHAR, '*'},
    {"cdot", TOKEN_CHAR, '*'},
    {"ast", TOKEN_CHAR, '*'},
    {"div", TOKEN_CHAR, '/'},
    {"colon", TOKEN_CHAR, ':'},
    {"lbrack", TOKEN_CHAR, '['},
    {"rbrack", TOKEN_CHAR, ']'},
    {"lbrace", TOKEN_OPEN_SET, 0},
    {"rbrace", TOKEN_CLOSE_SET, 0},
    {"lparen", TOKEN_CHAR, '('},
    {"rparen", TOKEN_CHAR, ')'},
    {"lvert", TOKEN_CHAR, '|'},
    {"rvert", TOKEN_CHAR, '|'},
    {"vert", TOKEN_CHAR, '|'},
    {"mid", TOKEN_CHAR, '|'},
    {"lfloor", TOKEN_FUNCTION, FUNCTION_FLOOR},
    {"lceil", TOKEN_FUNCTION, FUNCTION_CEIL},
    {"rfloor", TOKEN_CHAR, 'F'},
    {"rceil", TOKEN_CHAR, 'F'},
    {"land", TOKEN_SEPARATOR, '&'},
    {"lor", TOKEN_SEPARATOR, '|'},
    {"wedge", TOKEN_SEPARATOR, '&'},
    {"vee", TOKEN_SEPARATOR, '|'},
    {"sum", TOKEN_BIG, 0},
    {"prod", TOKEN_BIG, 0},
    {"int", TOKEN_BIG, 0},
    {"lim", TOKEN_BIG, 0},
    {"le", TOKEN_RELATION, RELATION_LESS_EQUAL},
    {"leq", TOKEN_RELATION, RELATION_LESS_EQUAL},
    {"leqslant", TOKEN_RELATION, RELATION_LESS_EQUAL},
    {"ge", TOKEN_RELATION, RELATION_MORE_EQUAL},
    {"geq", TOKEN_RELATION, RELATION_MORE_EQUAL},
    {"geqslant", TOKEN_RELATION, RELATION_MORE_EQUAL},
    {"lt", TOKEN_RELATION, RELATION_LESS},
    {"gt", TOKEN_RELATION, RELATION_MORE},
    {"ne", TOKEN_RELATION, RELATION_NOT},
    {"neq", TOKEN_RELATION, RELATION_NOT},
    {"in", TOKEN_RELATION, RELATION_IN},
    {"approx", TOKEN_RELATION, RELATION_ABOUT},
    {"approxeq", TOKEN_RELATION, RELATION_ABOUT},
    {"simeq", TOKEN_RELATION, RELATION_ABOUT},
    {"equiv", TOKEN_RELATION, RELATION_EQUAL},
    {"coloneqq", TOKEN_RELATION, RELATION_EQUAL},
};

/* Words that mean the same with and without a backslash. */
static const struct word words[] = {
    {"sin", TOKEN_FUNCTION, FUNCTION_SIN},
    {"cos", TOKEN_FUNCTION, FUNCTION_COS},
    {"tan", TOKEN_FUNCTION, FUNCTION_TAN},
    {"cot", TOKEN_FUNCTION, FUNCTION_COT},
    {"sec", TOKEN_FUNCTION, FUNCTION_SEC},
    {"csc", TOKEN_FUNCTION, FUNCTION_CSC},
    {"arcsin", TOKEN_FUNCTION, FUNCTION_ARCSIN},
    {"arccos", TOKEN_FUNCTION, FUNCTION_ARCCOS},
    {"arctan", TOKEN_FUNCTION, FUNCTION_ARCTAN},
    {"asin", TOKEN_FUNCTION, FUNCTION_ARCSIN},
    {"acos", TOKEN_FUNCTION, FUNCTION_ARCCOS},
    {"atan", TOKEN_FUNCTION, FUNCTION_ARCTAN},
    {"sinh", TOKEN_FUNCTION, FUNCTION_SINH},
    {"cosh", TOKEN_FUNCTION, FUNCTION_COSH},
    {"tanh", TOKEN_FUNCTION, FUNCTION_TANH},
    {"ln", TOKEN_FUNCTION, FUNCTION_LN},
    {"log", TOKEN_FUNCTION, FUNCTION_LOG},
    {"exp", TOKEN_FUNCTION, FUNCTION_EXP},
    {"abs", TOKEN_FUNCTION, FUNCTION_ABS},
    {"floor", TOKEN_FUNCTION, FUNCTION_FLOOR},
    {"ceil", TOKEN_FUNCTION, FUNCTION_CEIL},
    {"sqrt", TOKEN_FUNCTION, FUNCTION_SQRT},
};

static const struct word plain_words[] = {
    {"pi", TOKEN_CONSTANT, 'p'},
    {"and", TOKEN_SEPARATOR, '&'},
    {"or", TOKEN_SEPARATOR, '|'},
    {"infinity", TOKEN_INFINITY, 0},
    {"inf", TOKEN_INFINITY, 0},
    {"oo", TOKEN_INFINITY, 0},
    {"in", TOKEN_RELATION, RELATION_IN},
    {"percent", TOKEN_PERCENT, 0},
    {"percentage", TOKEN_PERCENT, 0},
    {"pct", TOKEN_PERCENT, 0},
    {"degrees", TOKEN_DEGREE, 0},
    {"degree", TOKEN_DEGREE, 0},
    {"deg", TOKEN_DEGREE, 0},
    {"U", TOKEN_UNION, 0},
};

/* Commands without a meaning for the value; their braces group. */
static const char *const ignored[] = {
    "angle",         "triangle",   "vec",       "overrightarrow",
    "hat",           "mathbf",     "mathbb",    "widehat",
    "boldsymbol",    "bm",         "underline", "hfill",
    "mathstrut",     "ensuremath", "textstyle", "overleftrightarrow",
    "measuredangle", "phantom",    "boxed",     "mathrm"};

static int look_up(const struct word *table, size_t n, const char *text, size_t len,
                   math_lexer *l) {
    for (size_t i = 0; i < n; i++)
        if (math_is(text, len, table[i].text)) {
            l->kind = table[i].kind;
            l->id = table[i].id;
            l->name = math_hash(text, len);
            return 1;
        }
    return 0;
}
#define LOOK_UP(table, text, len, l) \
    look_up(table, sizeof(table) / sizeof(table[0]), text, len, l)

/* ---- numbers ---------------------------------------------------------------------- */

static int three_digits(const char *t) {
    return isdigit((unsigned char)t[0]) && isdigit((unsigned char)t[1]) &&
           isdigit((unsigned char)t[2]) && !isdigit((unsigned char)t[3]);
}

static int is_group(const math_lexer *l, const char *t, size_t digits) {
    if (*t == MATH_GROUP)
        return isdigit((unsigned char)t[1]) || t[1] == ' ';
    return digits > 0 && digits <= 3 && three_digits(t + 1) &&
           ((*t == ',' && l->depth == 0) || *t == ' ');
}

static void add_digit(math_lexer *l, char c, size_t *digits, int *lost) {
    if (*digits >= 36) { /* more than 128 bits hold */
        *lost = 1;
        return;
    }
    l->p = l->p * 10 + (c - '0');
    ++*digits;
}

/* The digits before the point, with their thousands marks. */
static const char *whole_part(math_lexer *l, const char *t, int *lost) {
    size_t digits = 0, run = 0;
    char mark = 0;

    for (;;) {
        if (isdigit((unsigned char)*t)) {
            add_digit(l, *t++, &digits, lost);
            run++;
        } else if (run && (!mark || (mark == *t && run == 3)) && is_group(l, t, run)) {
            mark = *t++;
            run = 0;
            while (*t == ' ')
                t++;
        } else {
            return t;
        }
    }
}

/* 0.1\overline{6}, 0.1(6) is not read: it is a product. */
static const char *repeating_part(math_lexer *l, const char *t) {
    static const char *const bars[] = {"\\overline{", "\\bar{", "\\dot{"};
    const math_wide nines_max = 1000000000000000000;
    math_wide repeat = 0, nines = 0;

    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(bars[i]);
        if (strncmp(t, bars[i], n))
            continue;
        const char *digit = t + n;
        for (; isdigit((unsigned char)*digit) && nines < nines_max / 10; digit++) {
            repeat = repeat * 10 + (*digit - '0');
            nines = nines * 10 + 9;
        }
        if (*digit != '}' || !nines || l->q > 1000000000 || l->p > nines_max)
            return t;
        /* p/q + repeat / (q * nines) */
        l->p = l->p * nines + repeat;
        l->q *= nines;
        return digit + 1;
    }
    return t;
}

/* The digits behind the point; those past the 30th cannot matter. */
static const char *part_behind_point(math_lexer *l, const char *t) {
    size_t digits = 0;
    int lost = 0;

    for (; isdigit((unsigned char)*t); t++)
        if (digits < 30 && l->p < (math_wide)1000000000000000000 * 1000000000) {
            add_digit(l, *t, &digits, &lost);
            l->q *= 10;
        }
    return repeating_part(l, t);
}

static int is_point(const math_lexer *l, const char *t) {
    if (*t == '.')
        return isdigit((unsigned char)t[1]) || t[1] == '\\' || t == l->text + l->from ||
               !isalnum((unsigned char)t[1]);
    if (*t != ',' || !l->decimal_comma || l->depth || !isdigit((unsigned char)t[1]))
        return 0;
    return t[1 + strspn(t + 1, "0123456789")] != ',';
}

/* 6.02e23: at most e999, which no fraction holds; the value is then an error. */
static const char *exponent_part(math_lexer *l, const char *t) {
    const char *digit = t + 1;
    int negative = 0, exponent = 0;

    if ((*t != 'e' && *t != 'E'))
        return t;
    if (*digit == '-' || *digit == '+')
        negative = *digit++ == '-';
    if (!isdigit((unsigned char)*digit))
        return t;
    for (; isdigit((unsigned char)*digit); digit++)
        exponent = exponent > 999 ? exponent : exponent * 10 + (*digit - '0');
    if (isalpha((unsigned char)*digit))
        return t;
    for (int i = 0; i < exponent && l->kind != TOKEN_ERROR; i++)
        if (__builtin_mul_overflow(negative ? l->q : l->p, (math_wide)10,
                                   negative ? &l->q : &l->p))
            l->kind = TOKEN_ERROR;
    return digit;
}

/* 204_5 or 204_{5}: a number in base 5; digits keep their face value in p. */
static const char *base_part(math_lexer *l, const char *t) {
    int base = 0, braced = t[0] == '_' && t[1] == '{';
    const char *digit = t + 1 + braced;

    if (*t != '_')
        return t;
    for (; isdigit((unsigned char)*digit) && base < 100; digit++)
        base = base * 10 + (*digit - '0');
    if (!base || (braced && *digit != '}'))
        return t;
    l->kind = TOKEN_BASED;
    l->id = base;
    return digit + braced;
}

static void number(math_lexer *l) {
    const char *begin = l->text + l->at, *t;
    int lost = 0;

    l->kind = TOKEN_NUMBER;
    l->p = 0;
    l->q = 1;
    t = whole_part(l, begin, &lost);
    l->id = 1;
    if (is_point(l, t)) {
        l->id = 0;
        t = part_behind_point(l, t + 1);
    }
    if (lost)
        l->kind = TOKEN_ERROR;
    t = exponent_part(l, t);
    if (l->kind == TOKEN_NUMBER && l->id)
        t = base_part(l, t);
    l->to = (size_t)(t - l->text);
}

/* ---- words and commands ----------------------------------------------------------- */

static int is_product(const char *text, size_t n) {
    int capitals = 1;

    if (n <= 2)
        return 1;
    if (n <= 4 && strspn(text, "abcdxyz") >= n)
        return 1;
    for (size_t i = 0; i < n; i++)
        capitals &= isupper((unsigned char)text[i]) != 0;
    if (capitals && n <= 4)
        return 1;
    for (size_t i = 0; i < n; i++)
        if (strchr("aeiouAEIOU", text[i]))
            return 0;
    return n <= 4;
}

static void letter(math_lexer *l) {
    char c = l->text[l->from];

    l->to = l->from + 1;
    l->kind = c == 'e' || c == 'i' ? TOKEN_CONSTANT : TOKEN_SYMBOL;
    l->id = c;
    l->name = math_hash(&c, 1);
}

/* A connective that was glued to the number before it: "1or x = 2". */
static int glued_connective(math_lexer *l, const char *t, size_t n) {
    size_t k = n > 2 && !strncmp(t, "or", 2) ? 2 : n > 3 && !strncmp(t, "and", 3) ? 3 : 0;

    if (!k || !l->from || !strchr("0123456789)}]", t[-1]) || islower((unsigned char)t[k]))
        return 0;
    l->kind = TOKEN_SEPARATOR;
    l->id = k == 2 ? '|' : '&';
    l->to = l->from + k;
    return 1;
}

static void word(math_lexer *l) {
    static const char *const known[] = {"is", "no",  "of",  "to", "by", "so",
                                        "we", "it",  "at",  "on", "if", "as",
                                        "an", "yes", "per", "the"};
    const char *t = l->text + l->from;
    size_t n = 0;

    while (isalpha((unsigned char)t[n]) || (unsigned char)t[n] >= 0x80)
        n++;
    l->to = l->from + n;
    if (LOOK_UP(words, t, n, l) || LOOK_UP(plain_words, t, n, l))
        return;
    l->kind = TOKEN_TEXT;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (math_is_word(t, n, known[i]))
            return;
    if (glued_connective(l, t, n) || math_is_unit(t, n))
        return;
    if (n == 1 || is_product(t, n))
        letter(l);
}

static void words_of_text(math_lexer *l) {
    const char *t = l->text + l->from + 1;
    size_t n = strcspn(t, (const char[]){MATH_WORDS_END, '\0'});
    size_t skip = 0;

    l->to = l->from + 1 + n + (t[n] != '\0');
    l->kind = TOKEN_TEXT;
    const char *core = math_trim(t, &n);
    if (LOOK_UP(plain_words, core, n, l))
        return;
    /* "for part (a) and": the connective at the end joins what follows */
    for (size_t i = 0; i < n; i++)
        if (core[i] == ' ')
            skip = i + 1;
    if (skip && LOOK_UP(plain_words, core + skip, n - skip, l) &&
        l->kind == TOKEN_SEPARATOR)
        return;
    l->kind = TOKEN_TEXT;
}

enum { skipped = -1 }; /* the token is no token */

static void command_word(math_lexer *l, const char *t, size_t n) {
    l->to = l->from + 1 + n;
    if (LOOK_UP(commands, t, n, l) || LOOK_UP(words, t, n, l)) {
        if (l->kind == TOKEN_FUNCTION &&
            (l->id == FUNCTION_FLOOR || l->id == FUNCTION_CEIL))
            l->name = t[0] == 'l' ? 1 : 0; /* 1: closed by \rfloor */
        return;
    }
    if (math_is(t, n, "mathbb") &&
        (!strncmp(t + n, "{R}", 3) || !strncmp(t + n, " R", 2))) {
        l->to += t[n] == '{' ? 3 : 2;
        l->kind = TOKEN_REALS;
        return;
    }
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        if (math_is(t, n, ignored[i])) {
            l->kind = skipped;
            return;
        }
    l->kind = TOKEN_SYMBOL; /* Greek letters, and what is not known */
    l->name = math_hash(t, n);
    l->id = 0;
}

static void command(math_lexer *l) {
    const char *t = l->text + l->from + 1;
    size_t n = 0;

    while (isalpha((unsigned char)t[n]))
        n++;
    if (n) {
        command_word(l, t, n);
        return;
    }
    l->to = l->from + 2;
    if (*t == '\\')
        l->kind = TOKEN_ROW;
    else if (*t == '{')
        l->kind = TOKEN_OPEN_SET;
    else if (*t == '}')
        l->kind = TOKEN_CLOSE_SET;
    else if (*t == '%')
        l->kind = TOKEN_PERCENT;
    else if (*t == '|')
        l->kind = TOKEN_CHAR, l->id = '|';
    else
        l->kind = TOKEN_ERROR, l->to = l->from + 1;
}

/* ---- signs ------------------------------------------------------------------------ */

struct sign {
    const char *text;
    int kind;
    int id;
};

static const struct sign signs[] = {
    {"<=", TOKEN_RELATION, RELATION_LESS_EQUAL},
    {"=<", TOKEN_RELATION, RELATION_LESS_EQUAL},
    {">=", TOKEN_RELATION, RELATION_MORE_EQUAL},
    {"=>", TOKEN_ERROR, 0},
    {"!=", TOKEN_RELATION, RELATION_NOT},
    {"==", TOKEN_RELATION, RELATION_EQUAL},
    {":=", TOKEN_RELATION, RELATION_EQUAL},
    {"+-", TOKEN_PLUS_MINUS, 1},
    {"+/-", TOKEN_PLUS_MINUS, 1},
    {"=", TOKEN_RELATION, RELATION_EQUAL},
    {"<", TOKEN_RELATION, RELATION_LESS},
    {">", TOKEN_RELATION, RELATION_MORE},
    {"%", TOKEN_PERCENT, 0},
    {",", TOKEN_SEPARATOR, ','},
    {";", TOKEN_SEPARATOR, ';'},
};

static void sign(math_lexer *l) {
    const char *t = l->text + l->from;

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t n = strlen(signs[i].text);
        if (!strncmp(t, signs[i].text, n)) {
            l->kind = signs[i].kind;
            l->id = signs[i].id;
            l->to = l->from + n;
            return;
        }
    }
    l->kind = strchr("+-*/^_()[]{}|!:&'", *t) ? TOKEN_CHAR : TOKEN_ERROR;
    l->id = *t;
    l->to = l->from + 1;
}

static void one_token(math_lexer *l) {
    const char *t = l->text + l->at;

    l->spaced = *t == ' ' || *t == MATH_GROUP;
    t += strspn(t, (const char[]){' ', MATH_GROUP, '\0'});
    l->from = l->at = l->to = (size_t)(t - l->text);
    l->name = 0;
    l->id = 0;
    if (!*t)
        l->kind = TOKEN_END;
    else if (isdigit((unsigned char)*t) || (*t == '.' && isdigit((unsigned char)t[1])))
        number(l);
    else if (isalpha((unsigned char)*t) || (unsigned char)*t >= 0x80)
        word(l);
    else if (*t == '\\')
        command(l);
    else if (*t == MATH_WORDS)
        words_of_text(l);
    else
        sign(l);
    l->at = l->to;
}

void math_next_token(math_lexer *l) {
    do
        one_token(l);
    while (l->kind == skipped);
}
