/* grade.c - the two graders and the canonical form.
 *
 * Two answers are equal when their canonical texts are, in the plain reading or in one
 * that their spelling allows (canon.h).  So equal canon implies equality. */
#include "grade.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "canon.h"
#include "clean.h"
#include "find.h"
#include "lex.h"

enum { TEXT = 256 };

/* ---- from any text to the answer in it -------------------------------------------- */

/* Words outside formulas; \text{...} and commands do not count. */
static int count_words(const char *text, size_t n) {
    int words = 0, math = 0;

    for (size_t i = 0; i < n; i++) {
        size_t len = 0;
        int is_command = text[i] == '\\';
        math ^= text[i] == '$';
        i += (size_t)is_command;
        while (i + len < n && isalpha((unsigned char)text[i + len]))
            len++;
        if (is_command && len && i + len < n && text[i + len] == '{' &&
            (!strncmp(text + i, "text", 4) || !strncmp(text + i, "mbox", 4)))
            len += strcspn(text + i + len, "}");
        else
            words += !is_command && !math && len > 1;
        i += len ? len - 1 : 0;
    }
    return words;
}

/* A reply and no bare answer: several words, "answer", a line below another. */
static int is_prose(const char *text, size_t n) {
    int words = count_words(text, n);

    if (words > 2)
        return 1;
    for (size_t i = 0; words && i + 6 <= n; i++)
        if (!strncasecmp(text + i, "answer", 6) ||
            (text[i] == '\n' && !strstr(text, "\\begin")) || !memcmp(text + i, ": ", 2))
            return 1;
    return 0;
}

/* A text with words around one number, "Room 5"; with a formula it stays what it is. */
static math_span only_number(const char *text, size_t n) {
    int count;
    math_span found = math_find_number(text, n, 0, &count);

    if (count != 1 || !count_words(text, n) || math_find_math(text, n).n ||
        memchr(text, '\\', n))
        found.n = 0;
    return found;
}

/* The answer in a text that is more than an answer, into buf[MATH_ANSWER_MAX + 1]; 0 if
 * there is no other than the text itself. */
static size_t answer_within(const char *text, size_t n, int kind, char *buf) {
    const char *rule;
    int boxes, closed;
    math_span found = math_find_boxed(text, n, &boxes, &closed);

    if (boxes && closed) {
        size_t group = math_find_boxes(text, n, buf, MATH_ANSWER_MAX + 1);
        if (group)
            return group;
    } else if (!boxes && is_prose(text, n)) {
        size_t inside = math_extract(text, kind, 0, buf, MATH_ANSWER_MAX + 1, &rule);
        if (inside != n)
            return inside;
    }
    if (!boxes)
        found = only_number(text, n);
    if (!found.n || found.n > MATH_ANSWER_MAX)
        return 0;
    memmove(buf, found.text, found.n);
    buf[found.n] = '\0';
    return found.n;
}

/* ---- readings --------------------------------------------------------------------- */

/* What does not parse is compared by its letters. */
static void raw_text(const char *text, size_t n, char *buf, size_t size) {
    size_t used = 0;
    uint64_t hash = math_hash(text, n);

    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] > ' ' && !strchr("{}$", text[i])) {
            if (used + 1 >= size || used + 1 >= TEXT) {
                snprintf(buf, size, "#%016llx", (unsigned long long)hash);
                return;
            }
            buf[used++] = (char)tolower((unsigned char)text[i]);
        }
    buf[used] = '\0';
}

/* The canonical text of an answer in one reading; 0 if it does not parse. */
static int read_formula(const char *text, size_t n, int reading, int *used, char *buf,
                        size_t size) {
    char plain[MATH_CLEAN_MAX];
    long long words;
    math_tree tree = {.text = plain, .decimal_comma = reading & MATH_READ_DECIMAL_COMMA};

    *used = 0;
    if (math_number_words(text, n, &words)) {
        math_value_text(math_ratio(words, 1), buf, size);
        return 1;
    }
    if (!math_clean(text, n, plain) || !math_parse(&tree) ||
        !math_tree_text(&tree, reading, used, buf, size))
        return 0;
    for (const char *c = text; c + 2 < text + n; c++)
        if (isdigit((unsigned char)c[0]) && c[1] == ',' && isdigit((unsigned char)c[2]))
            *used |= MATH_READ_DECIMAL_COMMA;
    return 1;
}

static void raw_answer(const char *text, size_t n, char *buf, size_t size) {
    char plain[MATH_CLEAN_MAX];

    if (math_clean(text, n, plain))
        raw_text(plain, strlen(plain), buf, size);
    else
        raw_text(text, n, buf, size);
}

/* Letters outside commands: names of unknowns, words. */
static int has_letter(const char *text, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\\')
            while (i + 1 < n && isalpha((unsigned char)text[i + 1]))
                i++;
        else if (isalpha((unsigned char)text[i]))
            return 1;
    return 0;
}

/* "\frac13 \approx 0.33" is a third; "\approx 3" is 3. */
static void drop_approximation(const char **text, size_t *n) {
    static const char *const signs[] = {"\\approx", "\xe2\x89\x88"};

    for (size_t s = 0; s < 2; s++) {
        size_t len = strlen(signs[s]);
        const char *at = memmem(*text, *n, signs[s], len);
        size_t before = at ? (size_t)(at - *text) : 0;
        if (!at || has_letter(*text, before))
            continue;
        if (before > 0) {
            *n = before;
        } else {
            *text += len;
            *n -= len;
        }
        *text = math_trim(*text, n);
        return;
    }
}

/* An answer, ready to be read several ways. */
struct answer {
    const char *text;
    size_t n;
    int parsed;
    int used;                           /* readings that matter */
    char found[2][MATH_ANSWER_MAX + 1]; /* answers within the text */
    char canon[TEXT];                   /* in the plain reading */
};

/* Reads a bare answer as it is; else the answer within, which may be a sentence with one
 * within again. */
static void open_answer(struct answer *a, const char *text, int kind) {
    int plain = kind == MATH_ANSWER_NUMBER ? MATH_READ_DECIMAL_COMMA : MATH_READ_PLAIN;
    int boxed = strstr(text, "boxed") != NULL;

    a->n = strlen(text);
    if (a->n > MATH_REPLY_MAX) {
        raw_text(text, a->n, a->canon, TEXT);
        a->text = "";
        a->n = a->parsed = a->used = 0;
        return;
    }
    a->text = math_trim(text, &a->n);
    if (a->n <= MATH_ANSWER_MAX)
        drop_approximation(&a->text, &a->n);
    a->parsed = 0;
    a->used = 0;
    for (int within = 0;; within++) {
        if (!boxed || within)
            a->parsed = read_formula(a->text, a->n, plain, &a->used, a->canon, TEXT);
        size_t n = a->parsed || within == 2
                       ? 0
                       : answer_within(a->text, a->n, kind, a->found[within]);
        if (!n)
            break;
        a->text = a->found[within];
        a->n = n;
        drop_approximation(&a->text, &a->n);
    }
    if (!a->parsed)
        raw_answer(a->text, a->n, a->canon, TEXT);
}

/* ---- by kind ---------------------------------------------------------------------- */

static int is_number_text(const char *text) {
    return isdigit((unsigned char)text[*text == '-']) || !strncmp(text, "huge#", 5);
}

/* "45 minutes (0.75 hours)": behind a number a remark in brackets is no factor. */
static void drop_remark(struct answer *a) {
    const char *open =
        a->n && a->text[a->n - 1] == ')' ? memrchr(a->text, '(', a->n) : NULL;
    size_t n = open ? (size_t)(open - a->text) : 0;
    int digits = 0;

    if (n < 2 || !isspace((unsigned char)open[-1]) || memchr(a->text, '\\', a->n))
        return;
    const char *text = math_trim(a->text, &n);
    for (size_t i = 0; i < n; i++)
        digits += isdigit((unsigned char)text[i]) != 0;
    if (!digits || !(isalnum((unsigned char)text[n - 1]) || strchr("%.$", text[n - 1])))
        return;
    a->text = text;
    a->n = n;
    a->parsed = read_formula(text, n, MATH_READ_DECIMAL_COMMA, &a->used, a->canon, TEXT);
}

/* The number of a sentence or of a list: the last one, as in a reply. */
static void number_canon(struct answer *a) {
    int count;

    drop_remark(a);
    if (a->parsed && is_number_text(a->canon))
        return;
    math_span found = math_find_number(a->text, a->n, 0, &count);
    if (!found.n || !read_formula(found.text, found.n, MATH_READ_DECIMAL_COMMA, &a->used,
                                  a->canon, TEXT))
        a->canon[0] = '\0';
}

static void span_canon(struct answer *a, math_span found) {
    a->used = 0;
    a->canon[0] = '\0';
    if (!found.n)
        return;
    memcpy(a->canon, found.text, found.n); /* a word or a letter of these four */
    a->canon[found.n] = '\0';
    for (char *c = a->canon; *c; c++)
        *c = (char)(found.n == 1 ? toupper((unsigned char)*c)
                                 : tolower((unsigned char)*c));
    if (!strcmp(a->canon, "true"))
        memcpy(a->canon, "yes", 4);
    if (!strcmp(a->canon, "false"))
        memcpy(a->canon, "no", 3);
}

/* Yes, no and letters are words: what the text says or its box does. */
static void open_word(struct answer *a, const char *text, int kind) {
    int boxes, closed;
    size_t n = strnlen(text, MATH_REPLY_MAX);
    math_span all = {text, n}, boxed = math_find_boxed(text, n, &boxes, &closed);

    if (boxes)
        all = boxed;
    if (!all.n)
        span_canon(a, all);
    else if (kind == MATH_ANSWER_CHOICE)
        span_canon(a, math_find_choice(all.text, all.n));
    else {
        math_span word = math_find_yes_no(all.text, all.n, 1);
        span_canon(a, word.n ? word : math_find_yes_no(all.text, all.n, 0));
    }
}

static void open_by_kind(struct answer *a, const char *text, int kind) {
    if (kind == MATH_ANSWER_YES_NO || kind == MATH_ANSWER_CHOICE) {
        open_word(a, text, kind);
        return;
    }
    open_answer(a, text, kind);
    if (kind == MATH_ANSWER_NUMBER)
        number_canon(a);
}

void math_canon(const char *answer, int kind, char *buf, size_t size) {
    struct answer a;

    if (!size)
        return;
    open_by_kind(&a, answer ? answer : "", kind);
    if (strlen(a.canon) < size)
        snprintf(buf, size, "%s", a.canon);
    else
        raw_text(a.canon, strlen(a.canon), buf, size); /* its hash, if that fits */
}

/* ---- equality --------------------------------------------------------------------- */

static int has_canon(const struct answer *a, int reading, const char *canon) {
    char text[TEXT];
    int used;

    if (!reading)
        return !strcmp(a->canon, canon);
    return a->parsed && read_formula(a->text, a->n, reading, &used, text, TEXT) &&
           !strcmp(text, canon);
}

/* One of both, or for some readings both, may be meant in another way. */
static int equal_in_reading(const struct answer *a, const struct answer *b, int reading) {
    const int both = MATH_READ_EQUATION | MATH_READ_DECIMAL_COMMA;
    char text[TEXT];
    int used;

    if (!((a->used | b->used) & reading))
        return 0;
    if ((a->used & reading) && has_canon(a, reading, b->canon))
        return 1;
    if (!b->parsed || !read_formula(b->text, b->n, reading, &used, text, TEXT))
        return 0;
    return ((b->used & reading) && !strcmp(a->canon, text)) ||
           ((both & reading) && has_canon(a, reading, text));
}

static int number_of(const char *canon, double *out) {
    char *end;

    *out = strtod(canon, &end);
    if (end == canon || strpbrk(canon, "(i#_"))
        return 0;
    if (*end == '/')
        *out /= strtod(end + 1, &end);
    return !*end && isfinite(*out);
}

/* How many digits stand behind the point of a plain decimal with at least six
 * significant digits; -1 for all else. */
static int long_decimal(const struct answer *a) {
    size_t digits = 0, i = a->n && a->text[0] == '-';
    int behind = -1;

    for (; i < a->n; i++) {
        if (a->text[i] == '.' && behind < 0)
            behind = 0;
        else if (!isdigit((unsigned char)a->text[i]))
            return -1;
        else {
            digits += digits || a->text[i] != '0';
            behind += behind >= 0;
        }
    }
    return digits >= 6 ? behind : -1;
}

static int is_decimal(const struct answer *a) {
    return strspn(a->text, "-0123456789.,") >= a->n;
}

/* 0.333333 is 1/3 rounded: six correct digits are taken for an exact value. */
static int equal_rounded(const struct answer *a, const struct answer *b) {
    const struct answer *decimal = long_decimal(a) > 0 ? a : b;
    int digits = long_decimal(decimal);
    double x, y;

    if (digits <= 0 || is_decimal(decimal == a ? b : a) || !number_of(a->canon, &x) ||
        !number_of(b->canon, &y))
        return 0;
    return fabs(x - y) <= 0.5000001 * pow(10, -digits);
}

int math_equal(const char *gold, const char *answer, int kind) {
    static const int readings[] = {
        MATH_READ_PERCENT, MATH_READ_DECIMAL_COMMA, MATH_READ_EQUATION,
        MATH_READ_TUPLE,   MATH_READ_NAMELESS,      MATH_READ_NAMELESS | MATH_READ_TUPLE,
        MATH_READ_UNITS};
    struct answer a, b;

    if (!gold || !answer)
        return 0;
    open_by_kind(&a, gold, kind);
    open_by_kind(&b, answer, kind);
    if (!strcmp(a.canon, b.canon))
        return a.canon[0] || !strcmp(gold, answer);
    if (!a.canon[0] || !b.canon[0] || kind == MATH_ANSWER_YES_NO ||
        kind == MATH_ANSWER_CHOICE)
        return 0;
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
        if (equal_in_reading(&a, &b, readings[i]))
            return 1;
    return equal_rounded(&a, &b);
}

/* ---- the strict grader ------------------------------------------------------------ */

/* Drops what the value of a plain number does not need: thousands marks, "+", zeros at
 * both ends. */
static void plain_number(char *text) {
    char *digits = text + (text[0] == '-' || text[0] == '+'), *out = digits;

    if (strspn(digits, "0123456789.,\1") != strlen(digits))
        return;
    for (const char *c = digits; *c; c++)
        if (*c != ',' && *c != '\1')
            *out++ = *c;
    *out = '\0';
    if (strchr(digits, '.')) {
        while (out > digits && out[-1] == '0')
            *--out = '\0';
        if (out > digits && out[-1] == '.')
            *--out = '\0';
    }
    char *first = digits;
    while (first[0] == '0' && first[1])
        first++;
    memmove(text[0] == '-' ? digits : text, first, strlen(first) + 1);
}

static int normalise(const char *answer, char *plain) {
    static const char *const same[][2] = {{"\\dfrac", "\\frac"},
                                          {"\\tfrac", "\\frac"},
                                          {"^\\circ", ""},
                                          {"\\%", ""},
                                          {"%", ""}};
    size_t n = strlen(answer), used = 0;

    const char *text = math_trim(answer, &n);
    if (!math_clean(text, n, plain))
        return 0;
    for (const char *c = plain; *c;) {
        size_t i = 0;
        while (i < 5 && strncmp(c, same[i][0], strlen(same[i][0])))
            i++;
        if (i < 5) {
            size_t len = strlen(same[i][1]);
            memcpy(plain + used, same[i][1], len);
            used += len;
            c += strlen(same[i][0]);
        } else {
            /* a blank between digits parts two numbers */
            int parts = *c == ' ' && used && isdigit((unsigned char)plain[used - 1]) &&
                        isdigit((unsigned char)c[1]);
            if (parts || !strchr(" \2\3", *c))
                plain[used++] = (char)tolower((unsigned char)*c);
            c++;
        }
    }
    plain[used] = '\0';
    return 1;
}

int math_equal_strict(const char *gold, const char *answer, int kind) {
    char a[MATH_CLEAN_MAX + 1], b[MATH_CLEAN_MAX + 1];

    (void)kind;
    if (!gold || !answer || !normalise(gold, a) || !normalise(answer, b))
        return gold && answer && !strcmp(gold, answer);
    plain_number(a);
    plain_number(b);
    return !strcmp(a, b);
}
