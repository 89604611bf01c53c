/* extract.c - finds the final answer in a reply: which mark wins over which. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clean.h"
#include "find.h"
#include "grade.h"

struct search {
    const char *text;
    size_t n;
    int kind;
    char *buf;
    size_t size;
    const char *rule;
};

/* Takes what was found as the answer; one that does not fit is none. */
static size_t take(struct search *s, math_span found, const char *rule) {
    size_t n = found.n;
    const char *text = found.text ? math_trim(found.text, &n) : NULL;

    if (!text || !n || n >= s->size)
        return 0;
    memmove(s->buf, text, n);
    s->buf[n] = '\0';
    s->rule = rule;
    return n;
}

/* The last formula and the last number both end replies without a mark: the later one
 * counts. */
static size_t last_value(struct search *s) {
    int count;
    math_span number = math_find_number(s->text, s->n, 0, &count);
    math_span math = s->kind == MATH_ANSWER_NUMBER ? (math_span){NULL, 0}
                                                   : math_find_math(s->text, s->n);

    if (math.n && (!number.n || number.text <= math.text + math.n))
        return take(s, math, "last_math");
    return take(s, number, "last_number");
}

static size_t last_resort(struct search *s) {
    if (s->kind == MATH_ANSWER_YES_NO) {
        size_t n = take(s, math_find_yes_no(s->text, s->n, 1), "yes_no");
        return n ? n : take(s, math_find_yes_no(s->text, s->n, 0), "yes_no");
    }
    if (s->kind == MATH_ANSWER_CHOICE)
        return take(s, math_find_choice(s->text, s->n), "choice");
    return last_value(s);
}

static int has_word(math_span s, const char *word) {
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= s.n; i++)
        if (!strncasecmp(s.text + i, word, n))
            return 1;
    return 0;
}

/* Of a sentence what its verb points to: "the volume of $ABC$ is 120" -> 120. */
static math_span behind_is(math_span s) {
    for (size_t i = s.n; i >= 4; i--)
        if (!memcmp(s.text + i - 4, " is ", 4))
            return (math_span){s.text + i, s.n - i};
    return s;
}

/* A sentence around one formula is that formula; "$1$ and $2$" stays a list. */
static math_span formula_of(math_span s) {
    math_span math = math_find_math(s.text, s.n);
    int words = 0;

    if (!math.n)
        return s;
    for (size_t i = 0; i + 1 < s.n; i++) {
        int outside = s.text + i < math.text || s.text + i >= math.text + math.n;
        words += outside && isalpha((unsigned char)s.text[i]) &&
                 (i == 0 || !isalpha((unsigned char)s.text[i - 1]));
    }
    if (words <= 2 && (has_word(s, "and") || has_word(s, "or") || has_word(s, "percent")))
        return s;
    return words ? math : s;
}

static size_t answer_is(struct search *s) {
    math_span found = math_find_answer_is(s->text, s->n);

    if (!found.n)
        return 0;
    if (s->kind == MATH_ANSWER_YES_NO) {
        math_span word = math_find_yes_no(found.text, found.n, 1);
        return take(s, word.n ? word : math_find_yes_no(found.text, found.n, 0),
                    "answer_is");
    }
    if (s->kind == MATH_ANSWER_CHOICE)
        return take(s, math_find_choice(found.text, found.n), "answer_is");
    return take(s, formula_of(behind_is(found)), "answer_is");
}

static size_t boxed(struct search *s, int *any) {
    int closed;
    math_span inside = math_find_boxed(s->text, s->n, any, &closed);

    if (!*any || !closed) /* an open one is cut: no earlier answer stands in for it */
        return 0;
    size_t n = s->kind == MATH_ANSWER_NUMBER
                   ? 0
                   : math_find_boxes(s->text, s->n, s->buf, s->size);
    if (n) {
        s->rule = "boxed";
        return n;
    }
    return take(s, inside, "boxed");
}

/* The answer field of a JSON reply.  One that should be a number and holds a calculation
 * or a sentence gives its first number, as the published evaluations of such replies
 * read it (ZeroEval). */
static size_t json(struct search *s, int *any) {
    size_t n = math_find_json(s->text, s->n, s->buf, s->size, any);
    int count;

    if (!n)
        return 0;
    s->rule = "json";
    if (s->kind != MATH_ANSWER_NUMBER || strchr(s->buf, '\\'))
        return n;
    math_span number = math_find_number(s->buf, n, 1, &count);
    return count > 1 ? take(s, number, "json_first_number") : n;
}

static size_t search(struct search *s, int strict) {
    int any;
    size_t n = json(s, &any);

    if (any)
        return n;
    n = boxed(s, &any);
    if (any)
        return n;
    if ((n = take(s, math_find_hashes(s->text, s->n), "hashes")) ||
        (n = answer_is(s)) != 0)
        return n;
    return strict ? 0 : last_resort(s);
}

size_t math_extract(const char *reply, int kind, int strict, char *buf, size_t size,
                    const char **rule) {
    struct search s = {.text = reply ? reply : "",
                       .kind = kind,
                       .buf = buf,
                       .size = size,
                       .rule = "none"};

    *rule = "none";
    if (!size)
        return 0;
    s.n = strlen(s.text);
    if (s.n > MATH_REPLY_MAX) {
        s.text += s.n - MATH_REPLY_MAX;
        s.n = MATH_REPLY_MAX;
    }
    size_t thought = math_find_thought(s.text, s.n);
    s.text += thought;
    s.n -= thought;
    size_t n = search(&s, strict);
    if (!n)
        buf[0] = '\0';
    else
        *rule = s.rule;
    return n;
}
