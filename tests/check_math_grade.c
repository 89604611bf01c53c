/* check_math_grade.c - answers: found in replies, compared, made canonical. */
#include <accord/jsonl.h>
#include <accord/rng.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "grade.h"
#include "host/host.h"
#include "suites.h"

/* ---- finding ---------------------------------------------------------------------- */

struct reply {
    const char *text;
    int kind;
    int strict;
    const char *rule;
    const char *answer;
};

static const struct reply replies[] = {
    {"5 + 3 = 8\n#### 8", MATH_ANSWER_NUMBER, 1, "hashes", "8"},
    {"so \\boxed{\\frac{1}{\\sqrt{2}}}.", MATH_ANSWER_EXPRESSION, 1, "boxed",
     "\\frac{1}{\\sqrt{2}}"},
    {"first \\boxed{1} and then \\boxed{2}", MATH_ANSWER_EXPRESSION, 1, "boxed", "2"},
    {"\\boxed{3}, \\boxed{5} and \\boxed{7}", MATH_ANSWER_EXPRESSION, 1, "boxed",
     "3, 5, 7"},
    {"\\boxed{1}\nNo, wait: \\boxed{\\frac{2", MATH_ANSWER_EXPRESSION, 0, "none", ""},
    {"\\boxed 4", MATH_ANSWER_EXPRESSION, 1, "boxed", "4"},
    {"{\"reasoning\": \"6*3 = \\boxed{1}\", \"answer\": \"18\"}", MATH_ANSWER_NUMBER, 1,
     "json", "18"},
    {"```json\n{\"answer\": 18}\n```", MATH_ANSWER_NUMBER, 1, "json", "18"},
    {"{\"answer\": \"\\frac{1}{2}\"}", MATH_ANSWER_EXPRESSION, 1, "json", "\\frac{1}{2}"},
    {"{\"answer\": \"4 (3 onions, 1 potato)\"}", MATH_ANSWER_NUMBER, 1,
     "json_first_number", "4"},
    {"{\"reasoning\": \"7\", \"answer\": \"1", MATH_ANSWER_NUMBER, 0, "none", ""},
    {"{\"reasoning\": \"7\", \"answer\": null}", MATH_ANSWER_NUMBER, 0, "none", ""},
    {"The answer is $x = 5$. I hope it is right.", MATH_ANSWER_EXPRESSION, 1, "answer_is",
     "$x = 5$"},
    {"**Final Answer**: 42", MATH_ANSWER_NUMBER, 1, "answer_is", "42"},
    {"The answer is:\n\\[\n42\n\\]\nThat is all.", MATH_ANSWER_NUMBER, 1, "answer_is",
     "\\[\n42\n\\]"},
    {"The answer is:\n$$\n42\n$$", MATH_ANSWER_NUMBER, 1, "answer_is", "$$\n42\n$$"},
    {"The answer is \\[ 42. Never closed", MATH_ANSWER_NUMBER, 1, "answer_is", "\\[ 42"},
    {"<think>\\boxed{12}?</think> So 42.", MATH_ANSWER_NUMBER, 0, "last_number", "42"},
    {"<think>\\boxed{12}</think>\n", MATH_ANSWER_NUMBER, 1, "boxed", "12"},
    {"Final Answer: The volume of $ABC$ is 120. Done.", MATH_ANSWER_EXPRESSION, 1,
     "answer_is", "120"},
    {"The answer to the question is 42 because it is.", MATH_ANSWER_NUMBER, 1,
     "answer_is", "42"},
    {"Therefore she pays -$1,234.50.", MATH_ANSWER_NUMBER, 0, "last_number",
     "-$1,234.50"},
    {"Therefore she pays $1,234.50.", MATH_ANSWER_NUMBER, 1, "none", ""},
    {"so the point is $(7, 6)$.", MATH_ANSWER_EXPRESSION, 0, "last_math", "(7, 6)"},
    {"Yes, a fish can swim.", MATH_ANSWER_YES_NO, 0, "yes_no", "Yes"},
    {"It cannot. So the answer is no.", MATH_ANSWER_YES_NO, 1, "answer_is", "no"},
    {"The answer is (B).", MATH_ANSWER_CHOICE, 1, "answer_is", "B"},
    {"I would take (D) here.", MATH_ANSWER_CHOICE, 0, "choice", "D"},
    {"open('marker', 'w').write('x') or 0", MATH_ANSWER_EXPRESSION, 0, "none", ""},
    {"nothing here", MATH_ANSWER_NUMBER, 0, "none", ""},
    {"", MATH_ANSWER_AUTO, 0, "none", ""},
    {NULL, MATH_ANSWER_AUTO, 0, "none", ""},
};

START_TEST(test_the_answer_is_found_by_its_mark) {
    const struct reply *r = &replies[_i];
    char buf[256];
    const char *rule;
    size_t n = math_extract(r->text, r->kind, r->strict, buf, sizeof(buf), &rule);

    ck_assert_str_eq(buf, r->answer);
    ck_assert_uint_eq(n, strlen(buf));
    ck_assert_str_eq(rule, r->rule);
}
END_TEST

START_TEST(test_an_answer_that_does_not_fit_is_none) {
    char buf[4];
    const char *rule;

    ck_assert_uint_eq(
        math_extract("#### 12345", MATH_ANSWER_NUMBER, 1, buf, sizeof(buf), &rule), 0);
    ck_assert_str_eq(buf, "");
    ck_assert_str_eq(rule, "none");
}
END_TEST

/* ---- comparing -------------------------------------------------------------------- */

static int kind_named(const char *name) {
    static const char *const names[] = {"number", "expression", "yes_no", "choice"};

    for (int i = 0; i < 4; i++)
        if (!strcmp(name, names[i]))
            return i;
    ck_abort_msg("no kind %s", name);
    return 0;
}

static accord_jsonl *open_pairs(void) {
    const char *srcdir = getenv("srcdir");
    accord_err err = {0};
    accord_jsonl *r;
    char path[4096];

    snprintf(path, sizeof(path), "%s/tests/data/answers/pairs.jsonl",
             srcdir ? srcdir : ".");
    ck_assert_msg(accord_jsonl_open(&accord_host_default, path, &r, &err) == ACCORD_OK,
                  "%s", err.msg);
    return r;
}

static int next_row(accord_jsonl *r) {
    accord_err err = {0};
    int more;

    ck_assert_msg(accord_jsonl_next(r, &more, &err) == ACCORD_OK, "%s", err.msg);
    return more;
}

START_TEST(test_pairs_get_their_verdict_both_ways) {
    accord_jsonl *r = open_pairs();
    int n = 0;

    for (; next_row(r); n++) {
        const char *a = accord_jsonl_text(r, "a"), *b = accord_jsonl_text(r, "b");
        int kind = kind_named(accord_jsonl_text(r, "kind"));
        int equal = !strcmp(accord_jsonl_text(r, "equal"), "true");
        ck_assert_msg(math_equal(a, b, kind) == equal, "%s and %s: not %d", a, b, equal);
        ck_assert_msg(math_equal(b, a, kind) == equal, "%s and %s: not %d", b, a, equal);
        ck_assert_msg(math_equal(a, a, kind), "%s differs from itself", a);
    }
    ck_assert_int_ge(n, 40);
    accord_jsonl_close(r);
}
END_TEST

START_TEST(test_equal_canon_is_equality) {
    char text[128][96], canon[128][256];
    accord_jsonl *r = open_pairs();
    int n = 0, agree = 0;

    while (n + 2 <= 128 && next_row(r)) {
        if (kind_named(accord_jsonl_text(r, "kind")) != MATH_ANSWER_EXPRESSION)
            continue;
        snprintf(text[n++], sizeof(text[0]), "%s", accord_jsonl_text(r, "a"));
        snprintf(text[n++], sizeof(text[0]), "%s", accord_jsonl_text(r, "b"));
    }
    accord_jsonl_close(r);
    for (int i = 0; i < n; i++)
        math_canon(text[i], MATH_ANSWER_EXPRESSION, canon[i], sizeof(canon[i]));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            int same = canon[i][0] && !strcmp(canon[i], canon[j]);
            int equal = math_equal(text[i], text[j], MATH_ANSWER_EXPRESSION);
            ck_assert_msg(!same || equal, "%s and %s share %s and are not equal", text[i],
                          text[j], canon[i]);
            agree += same == equal;
        }
    /* percent, rounding and equations are equal in some readings only */
    ck_assert_int_ge(agree * 100, n * n * 99);
}
END_TEST

START_TEST(test_no_answer_equals_nothing) {
    char canon[8];

    ck_assert(!math_equal("0", "", MATH_ANSWER_NUMBER));
    ck_assert(!math_equal("", "0", MATH_ANSWER_EXPRESSION));
    ck_assert(!math_equal("5", NULL, MATH_ANSWER_NUMBER));
    ck_assert(!math_equal("5", "not possible", MATH_ANSWER_NUMBER));
    ck_assert(!math_equal("yes", "maybe", MATH_ANSWER_YES_NO));
    math_canon("", MATH_ANSWER_EXPRESSION, canon, sizeof(canon));
    ck_assert_str_eq(canon, "");
    math_canon("not possible", MATH_ANSWER_NUMBER, canon, sizeof(canon));
    ck_assert_str_eq(canon, "");
}
END_TEST

START_TEST(test_strict_normalises_and_does_no_algebra) {
    static const char *const same[][2] = {
        {"1200", "$1,200.00"}, {"0.5", ".50"},  {"-3", " -3. "},
        {"007", "7"},          {"0", "0.0"},    {"\\frac{1}{2}", "$\\dfrac{1}{2}$"},
        {"(1,2)", "( 1, 2 )"}, {"10\\%", "10%"}};
    static const char *const other[][2] = {{"1/2", "0.5"},    {"x+1", "1+x"},
                                           {"18", "18 eggs"}, {"2", "20"},
                                           {"0", ""},         {"18", "1 8"}};

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        ck_assert_msg(math_equal_strict(same[i][0], same[i][1], MATH_ANSWER_EXPRESSION),
                      "%s, %s", same[i][0], same[i][1]);
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        ck_assert_msg(
            !math_equal_strict(other[i][0], other[i][1], MATH_ANSWER_EXPRESSION),
            "%s, %s", other[i][0], other[i][1]);
}
END_TEST

START_TEST(test_a_canon_that_does_not_fit_keeps_its_difference) {
    char a[40], b[40], long_list[800] = "", other[800];

    for (int i = 0; i < 30; i++)
        snprintf(long_list + strlen(long_list), sizeof(long_list) - strlen(long_list),
                 "%d/7, ", 100 * i + 1);
    snprintf(other, sizeof(other), "%s3/7", long_list);
    math_canon(long_list, MATH_ANSWER_EXPRESSION, a, sizeof(a));
    math_canon(other, MATH_ANSWER_EXPRESSION, b, sizeof(b));
    ck_assert_str_ne(a, "");
    ck_assert_str_ne(a, b);
}
END_TEST

/* ---- hostile input ---------------------------------------------------------------- */

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
/* A sanitizer's frames are several times larger, and its code as much slower. */
#ifdef SANITIZED
enum { STACK = 2 << 20, LIMIT_MS = 500 };
#else
enum { STACK = 160 << 10, LIMIT_MS = 50 };
#endif

/* Of this thread: the machine may be busy with other work. */
static double cpu_ms(void) {
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void all_in_time(const char *gold, const char *text, int *equal) {
    char buf[2048];
    const char *rule;

    for (int kind = MATH_ANSWER_NUMBER; kind <= MATH_ANSWER_AUTO; kind++) {
        double begin = cpu_ms();
        math_extract(text, kind, 0, buf, sizeof(buf), &rule);
        *equal = math_equal(gold, text, kind);
        math_canon(text, kind, buf, sizeof(buf));
        (void)math_equal_strict(gold, text, kind);
        double took = cpu_ms() - begin;
        ck_assert_msg(took <= LIMIT_MS, "%.40s...: %.1f ms", text, took);
        ck_assert_msg(!*equal, "%.40s... equals %s", text, gold);
    }
}

static const char *const bombs[] = {
    "9**9**9**9",      "10^10^10^10", "\\boxed{2^{2^{2^{49}}}}",
    "((10^7)!)!",      "1e999999",    "7^{7^{7^{7}}}",
    "(1000!)^{1000!}", "0^{-1}",      "1/0",
    "\\sqrt[0]{5}",    "\\log_1 5",   "__import__('os').system('id') or 3/7",
    "5000!!!!!!!!",    "x \2",        "\2",
    "\\text{a\3b",     "\\text{a b"};

START_TEST(test_bombs_are_refused_in_time) {
    int equal;

    for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++)
        all_in_time("\\frac{3}{7}", bombs[i], &equal);
}
END_TEST

static const char *const units[] = {"(",
                                    "{",
                                    "[",
                                    "\\{",
                                    "\\frac{",
                                    "\\sqrt",
                                    "2^",
                                    "1+",
                                    "-",
                                    "!",
                                    "|",
                                    "a_{",
                                    "1,",
                                    "1=",
                                    "5000!+",
                                    "\\frac{1}{7}+",
                                    "\\boxed{",
                                    "\\boxed",
                                    "$",
                                    "answer is ",
                                    "#### ",
                                    "\"answer\": ",
                                    "word ",
                                    "\\text{a b}",
                                    "\\vec",
                                    "\\pm",
                                    "x^2+",
                                    "\\binom{900}{450}*",
                                    "\\begin{pmatrix}",
                                    "1&",
                                    "1,234,",
                                    "a=1,",
                                    "\xff",
                                    "\xe2\x88\x9a",
                                    "99999^99999*",
                                    "(x+y)^9*",
                                    "\\\\",
                                    "1\n",
                                    "x<1 or "};

/* The same unit up to 100, 2000, 20000 and a million bytes. */
static void repeat_all(void) {
    static const size_t lengths[] = {100, 2000, 20000, 1000000};
    char *text = malloc(1000064);
    int equal;

    ck_assert_ptr_nonnull(text);
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++)
        for (size_t l = 0; l < 4; l++) {
            size_t n = 0, unit = strlen(units[u]);
            for (; n < lengths[l]; n += unit)
                memcpy(text + n, units[u], unit);
            text[n] = '\0';
            all_in_time("\\frac{3}{71}", text, &equal);
        }
    free(text);
}

static void *on_small_stack(void *unused) {
    (void)unused;
    repeat_all();
    return NULL;
}

START_TEST(test_deep_and_long_texts_are_refused_in_time_on_a_small_stack) {
    pthread_attr_t attr;
    pthread_t thread;

    ck_assert_int_eq(pthread_attr_init(&attr), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attr, STACK), 0);
    ck_assert_int_eq(pthread_create(&thread, &attr, on_small_stack, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attr);
}
END_TEST

/* One to four edits: a byte changed, a piece of another text pasted, a cut. */
static void mutate(char *text, size_t size, const char *other, uint64_t *rng) {
    for (uint64_t edits = 1 + accord_rng_below(rng, 4); edits; edits--) {
        size_t n = strlen(text), at = n ? accord_rng_below(rng, n) : 0;
        size_t m = strlen(other), from = m ? accord_rng_below(rng, m) : 0;
        switch (accord_rng_below(rng, 3)) {
        case 0:
            if (n)
                text[at] = (char)(1 + accord_rng_below(rng, 255));
            break;
        case 1:
            text[at] = '\0';
            snprintf(text + at, size - at, "%s", other + from);
            break;
        default:
            snprintf(text + n, size - n, "%s", other + from);
        }
    }
}

START_TEST(test_twenty_thousand_mutations_stay_in_time) {
    char corpus[160][96], text[512], canon[256], again[256], buf[512];
    accord_jsonl *r = open_pairs();
    uint64_t rng = accord_rng_fold_text(2, "mutations");
    const char *rule;
    int n = 0;

    while (n + 2 <= 160 && next_row(r)) {
        snprintf(corpus[n++], sizeof(corpus[0]), "%s", accord_jsonl_text(r, "a"));
        snprintf(corpus[n++], sizeof(corpus[0]), "%s", accord_jsonl_text(r, "b"));
    }
    accord_jsonl_close(r);
    for (int i = 0; i < 20000; i++) {
        int kind = (int)accord_rng_below(&rng, 5);
        const char *gold = corpus[accord_rng_below(&rng, (uint64_t)n)];
        snprintf(text, sizeof(text), "%s", corpus[accord_rng_below(&rng, (uint64_t)n)]);
        mutate(text, sizeof(text), corpus[accord_rng_below(&rng, (uint64_t)n)], &rng);
        double begin = cpu_ms();
        math_extract(text, kind, i & 1, buf, sizeof(buf), &rule);
        math_canon(gold, kind, again, sizeof(again));
        math_canon(text, kind, canon, sizeof(canon));
        int equal = math_equal(gold, text, kind);
        (void)math_equal_strict(gold, text, kind);
        ck_assert_msg(cpu_ms() - begin <= LIMIT_MS, "%s is slow", text);
        ck_assert_msg(equal || !canon[0] || strcmp(canon, again), "%s and %s share %s",
                      gold, text, canon);
        ck_assert_msg(!canon[0] || math_equal(text, text, kind), "%s is not itself",
                      text);
    }
}
END_TEST

Suite *suite_math_grade(void) {
    Suite *s = suite_create("math_grade");
    TCase *find = tcase_create("find"), *equal = tcase_create("equal"),
          *hostile = tcase_create("hostile");

    tcase_add_loop_test(find, test_the_answer_is_found_by_its_mark, 0,
                        (int)(sizeof(replies) / sizeof(replies[0])));
    tcase_add_test(find, test_an_answer_that_does_not_fit_is_none);
    suite_add_tcase(s, find);
    tcase_set_timeout(equal, 60); /* all pairs, under a sanitizer, too */
    tcase_add_test(equal, test_pairs_get_their_verdict_both_ways);
    tcase_add_test(equal, test_equal_canon_is_equality);
    tcase_add_test(equal, test_no_answer_equals_nothing);
    tcase_add_test(equal, test_strict_normalises_and_does_no_algebra);
    tcase_add_test(equal, test_a_canon_that_does_not_fit_keeps_its_difference);
    suite_add_tcase(s, equal);
    tcase_set_timeout(hostile, 120);
    tcase_add_test(hostile, test_bombs_are_refused_in_time);
    tcase_add_test(hostile,
                   test_deep_and_long_texts_are_refused_in_time_on_a_small_stack);
    tcase_add_test(hostile, test_twenty_thousand_mutations_stay_in_time);
    suite_add_tcase(s, hostile);
    return s;
}
