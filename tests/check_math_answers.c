/* check_math_answers.c - the math grader against published verdicts: answer pairs, the
 * replies of recorded models, the answers of MATH-500.  Needs ACCORD_DATA. */
#include <accord/jsonl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "grade.h"
#include "host/host.h"
#include "suites.h"

/* The data file, or NULL where the data is not. */
static accord_jsonl *open_data(const char *name) {
    const char *root = getenv("ACCORD_DATA");
    accord_err err = {0};
    accord_jsonl *r = NULL;
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", root ? root : "", name);
    if (!root || accord_jsonl_open(&accord_host_default, path, &r, &err) != ACCORD_OK)
        fprintf(stderr, "skipped: %s: not in ACCORD_DATA (%s)\n", name,
                root ? root : "not set");
    return r;
}

static int next_row(accord_jsonl *r) {
    accord_err err = {0};
    int more;

    ck_assert_msg(accord_jsonl_next(r, &more, &err) == ACCORD_OK, "%s", err.msg);
    return more;
}

static int is_true(accord_jsonl *r, const char *field) {
    const char *text = accord_jsonl_text(r, field);

    return text && !strcmp(text, "true");
}

/* ---- answer pairs ----------------------------------------------------------------- */

/* The verdict on the current row: a whole reply is searched first. */
static int verdict(accord_jsonl *r) {
    const char *a = accord_jsonl_text(r, "a"), *b = accord_jsonl_text(r, "b");
    char found[2048];
    const char *rule;

    if (strcmp(accord_jsonl_text(r, "kind"), "gold_vs_response") != 0)
        return math_equal(a, b, MATH_ANSWER_EXPRESSION);
    math_extract(b, MATH_ANSWER_EXPRESSION, 0, found, sizeof(found), &rule);
    return math_equal(a, found, MATH_ANSWER_EXPRESSION);
}

START_TEST(test_answer_pairs_agree_with_their_published_verdicts) {
    accord_jsonl *r = open_data("answer_equivalence/pairs.jsonl");
    int rows = 0, right = 0, conventions = 0, kept = 0;

    while (r && next_row(r)) {
        clock_t begin = clock();
        int ours = verdict(r), theirs = is_true(r, "equal");
        double took = (double)(clock() - begin) / CLOCKS_PER_SEC;
        int adversarial = !strcmp(accord_jsonl_text(r, "kind"), "adversarial_input");
        ck_assert_msg(!adversarial || (!ours && took < 0.05), "%s: %f s",
                      accord_jsonl_text(r, "id"), took);
        if (accord_jsonl_text(r, "caveat")) {
            conventions++;
            kept += ours == theirs;
            continue;
        }
        rows++;
        right += ours == theirs;
        if (ours != theirs)
            fprintf(stderr, "answer pair %s: %s and %.60s are %s to us\n",
                    accord_jsonl_text(r, "id"), accord_jsonl_text(r, "a"),
                    accord_jsonl_text(r, "b"), ours ? "equal" : "different");
    }
    if (r)
        fprintf(stderr, "answer pairs: %d of %d agree, %d of %d with a caveat\n", right,
                rows, kept, conventions);
    ck_assert_int_ge(right * 100, rows * 96);
    accord_jsonl_close(r);
}
END_TEST

/* ---- recorded replies ------------------------------------------------------------- */

struct model {
    char name[64];
    int rows;
    int ours;
    int theirs;
};

static struct model *model_of(struct model *models, int *n, const char *name) {
    int i = 0;

    while (i < *n && strcmp(models[i].name, name) != 0)
        i++;
    if (i == *n) {
        ck_assert_int_lt(i, 16);
        snprintf(models[(*n)++].name, sizeof(models[0].name), "%s", name);
    }
    return &models[i];
}

/* Why our verdict differs from the published one, by what both looked at. */
static const char *reason(accord_jsonl *r, const char *found, const char *rule) {
    const char *extracted = accord_jsonl_text(r, "extracted");
    const char *value = accord_jsonl_text(r, "value");

    if (!strcmp(rule, "answer_is") || !strcmp(rule, "last_number") || !extracted)
        return "the reply has no readable answer field; another text was read";
    if (strpbrk(found, "+*/\\"))
        return "the field holds a calculation; its value was read, not its first number";
    if (value && strlen(value) > 15)
        return "the value is off by rounding only";
    return "unknown";
}

static void list_difference(accord_jsonl *r, int ours, const char *found,
                            const char *rule) {
    const char *why = reason(r, found, rule);

    fprintf(stderr, "recorded %s, %s: %s, published %s; rule %s, \"%.40s\" for %s: %s\n",
            accord_jsonl_text(r, "question_id"), accord_jsonl_text(r, "model"),
            ours ? "right" : "wrong", ours ? "wrong" : "right", rule, found,
            accord_jsonl_text(r, "reference"), why);
    ck_assert_msg(strcmp(why, "unknown") != 0, "a difference without a reason");
}

START_TEST(test_recorded_replies_get_the_published_accuracy) {
    accord_jsonl *r = open_data("recorded/gsm8k_12_models.jsonl.gz");
    struct model models[16] = {0};
    int n = 0;

    while (r && next_row(r)) {
        struct model *m = model_of(models, &n, accord_jsonl_text(r, "model"));
        char found[2048];
        const char *rule;
        math_extract(accord_jsonl_text(r, "response"), MATH_ANSWER_NUMBER, 0, found,
                     sizeof(found), &rule);
        int ours =
            math_equal(accord_jsonl_text(r, "reference"), found, MATH_ANSWER_NUMBER);
        int theirs = is_true(r, "correct");
        m->rows++;
        m->ours += ours;
        m->theirs += theirs;
        if (ours != theirs)
            list_difference(r, ours, found, rule);
    }
    for (int i = 0; i < n; i++) /* 0.2 points of 1,319 are 2.6 questions */
        ck_assert_msg(abs(models[i].ours - models[i].theirs) * 500 <= models[i].rows,
                      "%s: %d right, published %d", models[i].name, models[i].ours,
                      models[i].theirs);
    accord_jsonl_close(r);
}
END_TEST

/* ---- MATH-500 --------------------------------------------------------------------- */

START_TEST(test_every_solution_of_math500_holds_its_answer) {
    static char answers[500][128], canons[500][128];
    accord_jsonl *r = open_data("math500/math500.jsonl");
    int n = 0, twins = 0;

    for (; r && n < 500 && next_row(r); n++) {
        char found[256], canon[128];
        const char *rule, *gold = accord_jsonl_text(r, "answer");
        snprintf(answers[n], sizeof(answers[0]), "%s", gold);
        math_extract(accord_jsonl_text(r, "solution"), MATH_ANSWER_EXPRESSION, 1, found,
                     sizeof(found), &rule);
        math_canon(gold, MATH_ANSWER_EXPRESSION, canons[n], sizeof(canons[0]));
        math_canon(found, MATH_ANSWER_EXPRESSION, canon, sizeof(canon));
        ck_assert_str_eq(rule, "boxed");
        ck_assert_str_eq(canon, canons[n]);
        ck_assert_msg(math_equal(gold, found, MATH_ANSWER_EXPRESSION) &&
                          math_equal_strict(gold, gold, MATH_ANSWER_EXPRESSION),
                      "%s is not %s", gold, found);
    }
    /* answers spelt differently are rarely equal: 5 and x=5, 36 and 36 degrees */
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            twins += strcmp(answers[i], answers[k]) && !strcmp(canons[i], canons[k]);
    ck_assert_int_le(twins, 60);
    accord_jsonl_close(r);
}
END_TEST

Suite *suite_math_answers(void) {
    Suite *s = suite_create("math_answers");
    TCase *tc = tcase_create("published");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_answer_pairs_agree_with_their_published_verdicts);
    tcase_add_test(tc, test_recorded_replies_get_the_published_accuracy);
    tcase_add_test(tc, test_every_solution_of_math500_holds_its_answer);
    suite_add_tcase(s, tc);
    return s;
}
