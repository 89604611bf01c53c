/* check_math_generate.c - generated word problems: their numbers are computed again here,
 * from the steps and from the text. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

#include "generate.h"
#include "grade.h"
#include "steps.h"
#include "suites.h"

enum { N_STORIES = 3000 };

static void make(int level, int split, uint64_t item, struct math_story *story) {
    math_generate(1, level, split, item, story);
}

/* The next number of a text from *p on, past which *p moves; -1 at the end. */
static int64_t next_number(const char **p) {
    *p += strcspn(*p, "0123456789");
    return **p ? strtoll(*p, (char **)p, 10) : -1;
}

static int has_number(const char *text, int64_t wanted) {
    int64_t number;

    while ((number = next_number(&text)) >= 0)
        if (number == wanted)
            return 1;
    return 0;
}

static int64_t apply(int64_t a, char op, int64_t b, const char *text) {
    if (op == '+')
        return a + b;
    if (op == '-')
        return a - b;
    if (op == '*')
        return a * b;
    ck_assert_msg(op == '/' && b > 0 && a % b == 0, "%s", text);
    return a / b;
}

/* True where a word of the text means `wanted`. */
static int has_word(const char *text, int64_t wanted) {
    static const struct {
        const char *word;
        int64_t value;
    } words[] = {
        {" half ", 2},  {" twice ", 2},      {" third ", 3},      {" quarter ", 4},
        {" fifth ", 5}, {" 25 percent ", 4}, {" 20 percent ", 5}, {" 10 percent ", 10},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].value == wanted && strstr(text, words[i].word))
            return 1;
    return 0;
}

/* What an operand must be: an earlier result, or a number or word of the question. */
static int64_t evaluate(const struct math_story *s, const struct math_operand *operand,
                        const int64_t *result, int i, int *n_uses) {
    if (operand->from >= 0) {
        ck_assert_int_lt(operand->from, i);
        n_uses[operand->from]++;
        return result[operand->from];
    }
    if (operand->from == MATH_GIVEN)
        ck_assert_msg(has_number(s->question, operand->value), "%s", s->question);
    else
        ck_assert_msg(has_word(s->question, operand->value), "%s", s->question);
    return operand->value;
}

START_TEST(test_answers_follow_from_the_steps) {
    struct math_story s;

    for (uint64_t item = 0; item < N_STORIES; item++) {
        int64_t result[MATH_MAX_STEPS];
        int n_uses[MATH_MAX_STEPS] = {0};
        make(_i, ACCORD_SPLIT_EVAL, item, &s);
        if (_i < MATH_LEVELS)
            ck_assert_int_eq(s.n_steps, _i);
        else
            ck_assert(s.n_steps == 5 || s.n_steps == 6);
        for (int i = 0; i < s.n_steps; i++) {
            const struct math_step *step = &s.step[i];
            int64_t a = evaluate(&s, &step->a, result, i, n_uses);
            int64_t b = evaluate(&s, &step->b, result, i, n_uses);
            result[i] = apply(a, step->op, b, s.question);
            ck_assert_int_eq(result[i], step->result);
            ck_assert_msg(result[i] >= 2 && result[i] <= MATH_MOST, "%s", s.question);
        }
        for (int i = 0; i < s.n_steps - 1; i++)
            ck_assert_msg(n_uses[i] > 0, "step %d is not needed: %s", i, s.question);
        ck_assert_int_eq(result[s.n_steps - 1], s.answer);
    }
}
END_TEST

/* "... 3 * 4 = 12 ...": each equation of the solution, in order, is a step. */
static void check_equations(const struct math_story *s) {
    long long x, y, z;
    int n = 0;
    char op, before = ' ';

    for (const char *p = s->solution; *p; before = *p++) {
        if (before != ' ' || sscanf(p, "%lld %c %lld = %lld", &x, &op, &y, &z) != 4)
            continue;
        ck_assert_msg(z == apply(x, op, y, s->solution), "%s", s->solution);
        ck_assert_int_lt(n, s->n_steps);
        ck_assert_int_eq(s->step[n].result, z);
        n++;
    }
    ck_assert_int_eq(n, s->n_steps);
}

START_TEST(test_solutions_show_the_steps_and_end_in_the_answer) {
    struct math_story s;
    char reply[2 * MATH_STORY_BYTES], answer[32], found[64];
    const char *rule;

    for (uint64_t item = 0; item < N_STORIES; item++) {
        make(_i, ACCORD_SPLIT_TRAIN, item, &s);
        check_equations(&s);
        int64_t last = 0, number;
        for (const char *p = s.solution; (number = next_number(&p)) >= 0;)
            last = number;
        ck_assert_msg(last == s.answer, "%s", s.solution);
        snprintf(answer, sizeof(answer), "%" PRId64, s.answer);
        snprintf(reply, sizeof(reply), "%s\n" MATH_CLOSING, s.solution, answer);
        math_extract(reply, MATH_ANSWER_NUMBER, 1, found, sizeof(found), &rule);
        ck_assert_msg(math_equal_strict(answer, found, MATH_ANSWER_NUMBER), "%s", reply);
    }
}
END_TEST

/* Sentences: a capital or a number first, one blank, no slot left, an end. */
static void check_text(const char *text, char end) {
    size_t n = strlen(text);

    ck_assert_msg(n > 10 && n < MATH_STORY_BYTES - 64, "%s", text);
    ck_assert_msg(isupper((unsigned char)text[0]) || isdigit((unsigned char)text[0]),
                  "%s", text);
    ck_assert_msg(text[n - 1] == end, "%s", text);
    ck_assert_msg(!strpbrk(text, "{}"), "%s", text);
    ck_assert_msg(!strstr(text, "  ") && !strstr(text, " ."), "%s", text);
    ck_assert_msg(!has_number(text, 1) && !has_number(text, 0), "%s", text);
    for (const char *p = text; (p = strpbrk(p, ".?")); p++)
        ck_assert_msg(!p[1] || (p[1] == ' ' && !islower((unsigned char)p[2])), "%s",
                      text);
}

START_TEST(test_texts_are_sentences) {
    struct math_story s;

    for (uint64_t item = 0; item < N_STORIES; item++) {
        make(_i, ACCORD_SPLIT_TRAIN, item, &s);
        check_text(s.question, '?');
        check_text(s.solution, '.');
    }
}
END_TEST

START_TEST(test_a_key_is_a_text) {
    struct math_story a, b, c, d;

    math_generate(3, _i, ACCORD_SPLIT_EVAL, 1000000007, &a);
    math_generate(3, _i, ACCORD_SPLIT_EVAL, 1000000007, &b);
    math_generate(4, _i, ACCORD_SPLIT_EVAL, 1000000007, &c);
    math_generate(3, _i, ACCORD_SPLIT_EVAL, 1000000008, &d);
    ck_assert_str_eq(a.question, b.question);
    ck_assert_str_eq(a.solution, b.solution);
    ck_assert_str_ne(a.question, c.question);
    ck_assert_str_ne(a.question, d.question);
}
END_TEST

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The first n questions of a split, sorted; free each. */
static char **questions(int level, int split, size_t n) {
    char **text = malloc(n * sizeof(*text));
    struct math_story s;

    for (size_t i = 0; i < n; i++) {
        make(level, split, i, &s);
        text[i] = strdup(s.question);
    }
    qsort(text, n, sizeof(*text), by_text);
    return text;
}

static void release(char **text, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(text[i]);
    free(text);
}

START_TEST(test_no_question_is_in_both_splits_and_few_come_twice) {
    enum { N = 10000 };
    char **train = questions(_i, ACCORD_SPLIT_TRAIN, N);
    char **eval = questions(_i, ACCORD_SPLIT_EVAL, N);
    size_t distinct = 1;

    for (size_t i = 0; i < N; i++)
        if (bsearch(&eval[i], train, N, sizeof(*train), by_text))
            ck_abort_msg("%s", eval[i]);
    for (size_t i = 1; i < N; i++)
        distinct += strcmp(eval[i - 1], eval[i]) != 0;
    ck_assert_uint_gt(distinct, _i == 1 ? N * 90 / 100 : N * 97 / 100);
    release(train, N);
    release(eval, N);
}
END_TEST

/* Adds the words of a text that are new to words[room]; returns how many there are. */
static size_t add_words(const char *text, char words[][16], size_t n, size_t room) {
    char word[16];
    size_t length, i;

    for (; *text; text += length) {
        text += strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        for (length = 0; isalpha((unsigned char)text[length]); length++)
            ck_assert_uint_lt(length + 1, sizeof(word));
        if (length == 0)
            break;
        snprintf(word, sizeof(word), "%.*s", (int)length, text);
        for (i = 0; i < n && strcmp(words[i], word) != 0; i++)
            ;
        if (i == n) {
            ck_assert_uint_lt(n, room);
            memcpy(words[n++], word, sizeof(word));
        }
    }
    return n;
}

/* The pocket models learn them all: words are kept few. */
START_TEST(test_there_are_less_than_220_words) {
    static char words[219][16];
    struct math_story s;
    size_t n = 0;

    for (int level = 1; level <= MATH_LEVELS; level++) {
        for (uint64_t item = 0; item < N_STORIES; item++) {
            make(level, ACCORD_SPLIT_TRAIN, item, &s);
            n = add_words(s.question, words, n, sizeof(words) / sizeof(words[0]));
            n = add_words(s.solution, words, n, sizeof(words) / sizeof(words[0]));
        }
    }
    ck_assert_uint_gt(n, 100);
}
END_TEST

/* Ids never change what they name.  When this fails, the task's version must go up. */
START_TEST(test_items_are_the_ones_they_were) {
    static const char *const first[] = {
        "Ben has 7 coins and Clara has 39 coins. How many coins do Ben and Clara "
        "have together?",
        "Ben buys 2 kites for 7 dollars each. He pays with 20 dollars. How many "
        "dollars does he get back?",
        "Leo is 14 years old. Leo wants to make 85 toys. For 4 weeks he makes 13 "
        "toys every week. He wants to make the rest in 3 weeks, the same number "
        "of toys every week. How many toys is that every week?",
        "Mia is 6 years old. Mia has 46 books. Ben has half as many books as Mia. "
        "Omar has 3 fewer books than Ben. How many books do Mia, Ben and Omar "
        "have together?",
        "One hat costs 19 dollars, one pencil costs 3 dollars and one kite costs "
        "10 dollars. Jack buys 3 hats, 8 pencils and 5 kites. How many dollars "
        "does he pay?",
    };
    struct math_story s;

    make(_i, ACCORD_SPLIT_EVAL, 0, &s);
    ck_assert_str_eq(s.question, first[_i - 1]);
}
END_TEST

Suite *suite_math_generate(void) {
    Suite *s = suite_create("math_generate");
    TCase *tc = tcase_create("stories");
    enum { END = MATH_LEVELS + 1 };

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_answers_follow_from_the_steps, 1, END);
    tcase_add_loop_test(tc, test_solutions_show_the_steps_and_end_in_the_answer, 1, END);
    tcase_add_loop_test(tc, test_texts_are_sentences, 1, END);
    tcase_add_loop_test(tc, test_a_key_is_a_text, 1, END);
    tcase_add_loop_test(tc, test_no_question_is_in_both_splits_and_few_come_twice, 1,
                        END);
    tcase_add_test(tc, test_there_are_less_than_220_words);
    tcase_add_loop_test(tc, test_items_are_the_ones_they_were, 1, END);
    suite_add_tcase(s, tc);
    return s;
}
