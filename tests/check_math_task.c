/* check_math_task.c - the task math as a suite uses it: items, examples, verdicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "task_rig.h"

static void use_own_rows(void) {
    const char *srcdir = getenv("srcdir");
    char path[4096];

    snprintf(path, sizeof(path), "%s/tests/data", srcdir ? srcdir : ".");
    setenv("ACCORD_DATA", path, 1);
}

static const struct {
    const char *params;
    uint64_t n_train, n_eval;
    uint64_t item;
    const char *id;
    const char *right, *wrong;
} rows[] = {
    {"{'dataset':'gsm8k'}", 4, 5, 1, "gsm8k-main-test-#1", "so 5000", "so 500"},
    {"{'dataset':'gsm8k'}", 4, 5, 3, "gsm8k-main-test-#3", "#### -5", "#### 5"},
    {"{'dataset':'gsm_hard'}", 0, 5, 1, "gsm_hard-1", "-3,310,452", "3310452"},
    {"{'dataset':'gsm_hard'}", 0, 5, 4, "gsm_hard-4", "it is 0.1", "it is 0.2"},
    {"{'dataset':'svamp'}", 0, 5, 0, "own-1", "10 dollars", "13 dollars"},
    {"{'dataset':'svamp'}", 0, 5, 4, "own-5", "\\boxed{2.5}", "\\boxed{25}"},
    {"{'dataset':'math500'}", 0, 5, 0, "own-0", "\\boxed{\\frac{3}{4}}", "\\boxed{3}"},
    {"{'dataset':'math500'}", 0, 5, 2, "own-2", "\\boxed{9\\pi}", "\\boxed{9}"},
    {"{'dataset':'strategyqa'}", 1, 3, 0, "own-c", "The answer is no.", "yes"},
    {"{'dataset':'strategyqa'}", 1, 3, 2, "own-e", "The answer is yes.", "no"},
};
enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

START_TEST(test_each_format_gives_items_with_answers) {
    task_rig rig;

    task_rig_begin(&rig, "math", rows[_i].params);
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_TRAIN], rows[_i].n_train);
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_EVAL], rows[_i].n_eval);
    task_verdict right =
        task_rig_answer(&rig, ACCORD_SPLIT_EVAL, rows[_i].item, rows[_i].right);
    task_verdict wrong =
        task_rig_answer(&rig, ACCORD_SPLIT_EVAL, rows[_i].item, rows[_i].wrong);
    ck_assert_str_eq(right.id, rows[_i].id);
    ck_assert_double_eq(right.reward, 1);
    ck_assert_double_eq(wrong.reward, 0);
    ck_assert_int_eq(right.end, ACCORD_END_TERMINATED);
    ck_assert_str_ne(right.canon, wrong.canon);
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_the_spec_says_what_the_task_is) {
    task_rig rig;
    const accord_spec *spec;
    accord_err err = {0};

    task_rig_begin(&rig, "math", "{'dataset':'gsm8k'}");
    spec = rig.spec;
    ck_assert_int_eq(spec->obs.kind, ACCORD_TEXT);
    ck_assert_int_eq(spec->action.kind, ACCORD_TEXT);
    ck_assert_uint_eq(spec->max_steps, 1);
    ck_assert_uint_eq(spec->flags & ACCORD_SPEC_SEEDED, 0);
    ck_assert_str_eq(spec->score, "accuracy");
    ck_assert_str_eq(spec->parts[0], "strict");
    ck_assert_str_eq(spec->parts[1], "flexible");
    ck_assert_int_eq(spec->files[0][0], '/');
    ck_assert_ptr_nonnull(strstr(spec->files[0], "gsm8k/test.jsonl"));
    ck_assert_ptr_nonnull(strstr(spec->files[1], "gsm8k/train.jsonl"));
    ck_assert_ptr_null(spec->files[2]);
    ck_assert_int_eq(rig.ops->spec(rig.instance->self, "color_hard", &spec, &err),
                     ACCORD_E_NOTFOUND);
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_both_graders_and_the_rule_are_told) {
    task_rig rig;
    task_verdict v;

    task_rig_begin(&rig, "math", "{'dataset':'gsm8k'}");
    v = task_rig_answer(&rig, ACCORD_SPLIT_EVAL, 0, "The answer is \\boxed{42}.");
    ck_assert_double_eq(v.parts[0], 1);
    ck_assert_double_eq(v.parts[1], 1);
    ck_assert_str_eq(v.note, "boxed");
    v = task_rig_answer(&rig, ACCORD_SPLIT_EVAL, 0, "6 a day, so 42 eggs");
    ck_assert_double_eq(v.parts[0], 0);
    ck_assert_double_eq(v.parts[1], 1);
    ck_assert_str_eq(v.note, "last_number");
    v = task_rig_answer(&rig, ACCORD_SPLIT_EVAL, 0, "The answer is \\boxed{84/2}.");
    ck_assert_double_eq(v.parts[0], 0);
    ck_assert_double_eq(v.parts[1], 1);
    v = task_rig_answer(&rig, ACCORD_SPLIT_EVAL, 0, NULL);
    ck_assert_double_eq(v.reward, 0);
    ck_assert_str_eq(v.canon, "");
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_examples_end_in_the_wanted_sentence) {
    static const char *const solutions[] = {
        "There are 12*5 = 60 buns.\nThe answer is \\boxed{60}.",
        "She runs 3*6=18 miles.\nThe answer is \\boxed{18}.",
        "Each gets 24/8=3 pens.\nThe answer is \\boxed{3}.",
        "It costs 1,200/4 = $300.\nThe answer is \\boxed{300}.",
    };
    task_rig rig;
    accord_obs obs;
    const char *id;

    task_rig_begin(&rig, "math", "{'dataset':'gsm8k'}");
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 0, &obs, &id);
    ck_assert_uint_eq(obs.record->n_examples, 4);
    for (int i = 0; i < 4; i++)
        ck_assert_str_eq(obs.record->examples[i].solution, solutions[i]);
    ck_assert_ptr_nonnull(strstr(obs.record->instruction, "\\boxed{N}"));
    task_rig_close(&rig, ep);
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_no_item_is_its_own_example) {
    static const char *const params[] = {"{'dataset':'gsm8k'}",
                                         "{'dataset':'generated'}"};
    task_rig rig;
    accord_obs obs;
    const char *id;

    task_rig_begin(&rig, "math", params[_i]);
    for (uint64_t item = 0; item < 4; item++) {
        void *ep = task_rig_open(&rig, ACCORD_SPLIT_TRAIN, item, &obs, &id);
        ck_assert_uint_eq(obs.record->n_examples, _i == 0 ? 3 : 8);
        for (uint32_t i = 0; i < obs.record->n_examples; i++)
            ck_assert_str_ne(obs.record->examples[i].question, obs.record->question);
        task_rig_close(&rig, ep);
    }
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_other_solutions_are_brought_into_form) {
    static const struct {
        const char *params;
        const char *wanted; /* among the examples */
    } forms[] = {
        {"{'dataset':'strategyqa'}",
         "A bicycle carries about 150 kilograms. An elephant weighs some tons.\n"
         "The answer is \\boxed{no}."},
        {"{'dataset':'gsm_hard','holdout':true}", "The answer is \\boxed{24051185}."},
        {"{'dataset':'gsm8k','holdout':true}",
         "It is 4-9 = -5 degrees.\nThe answer is \\boxed{-5}."},
    };
    task_rig rig;
    accord_obs obs;
    const char *id;
    int seen = 0;

    task_rig_begin(&rig, "math", forms[_i].params);
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 0, &obs, &id);
    for (uint32_t i = 0; i < obs.record->n_examples; i++)
        seen += strcmp(obs.record->examples[i].solution, forms[_i].wanted) == 0;
    ck_assert_int_eq(seen, 1);
    task_rig_close(&rig, ep);
    task_rig_end(&rig);
}
END_TEST

/* Hashes of the five questions mod 5, by Python's hashlib: 3 2 3 0 0. */
START_TEST(test_a_holdout_is_every_fifth_by_hash) {
    task_rig rig;

    task_rig_begin(&rig, "math", "{'dataset':'gsm8k','holdout':true}");
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_TRAIN], 2);
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_EVAL], 3);
    ck_assert_str_eq(task_rig_answer(&rig, ACCORD_SPLIT_TRAIN, 0, "").id,
                     "gsm8k-main-test-#3");
    ck_assert_str_eq(task_rig_answer(&rig, ACCORD_SPLIT_TRAIN, 1, "").id,
                     "gsm8k-main-test-#4");
    ck_assert_ptr_null(rig.spec->files[1]);
    task_rig_end(&rig);
}
END_TEST

START_TEST(test_generated_items_are_endless_and_right) {
    static const int32_t splits[] = {ACCORD_SPLIT_TRAIN, ACCORD_SPLIT_EVAL};
    task_rig rig;
    accord_obs obs;
    const char *id;

    task_rig_begin(&rig, "math", "{'dataset':'generated','level':3,'seed':7}");
    for (int s = 0; s < 2; s++) {
        ck_assert_uint_eq(rig.spec->n_items[splits[s]], ACCORD_ENDLESS);
        void *ep = task_rig_open(&rig, splits[s], UINT64_MAX - 1, &obs, &id);
        task_rig_close(&rig, ep);
    }
    ck_assert_str_eq(task_rig_answer(&rig, ACCORD_SPLIT_TRAIN, 12, "").id,
                     "generated-7-level3-train-12");
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 0, &obs, &id);
    for (uint32_t i = 0; i < obs.record->n_examples; i++)
        ck_assert_ptr_nonnull(
            strstr(obs.record->examples[i].solution, "\nThe answer is \\boxed{"));
    task_rig_close(&rig, ep);
    ck_assert_ptr_null(rig.spec->files);
    task_rig_end(&rig);
}
END_TEST

/* Ten megabytes of numbers, and the answer in the last line. */
START_TEST(test_only_the_end_of_a_huge_reply_is_read) {
    size_t n = 10 << 20;
    char *reply = malloc(n + 64);
    task_rig rig;

    for (size_t i = 0; i < n; i++)
        reply[i] = "\\boxed{7} \xc3\xa9{"[i % 13];
    snprintf(reply + n, 64, "\nThe answer is \\boxed{42}.");
    task_rig_begin(&rig, "math", "{'dataset':'gsm8k'}");
    task_verdict v = task_rig_answer(&rig, ACCORD_SPLIT_EVAL, 0, reply);
    ck_assert_double_eq(v.reward, 1);
    ck_assert_str_eq(v.note, "boxed");
    task_rig_end(&rig);
    free(reply);
}
END_TEST

static const struct {
    const char *params;
    const char *message;
} refused[] = {
    {"{'dataset':'gsm8k','file':'./x.jsonl'}",
     "are for dataset \"jsonl\", not \"gsm8k\""},
    {"{'dataset':'generated','holdout':true}", "has a train split"},
    {"{'dataset':'jsonl'}", "needs the parameter \"file\""},
    {"{'dataset':'jsonl','file':'./a','train_file':'./b','holdout':true}", "not both"},
    {"{'dataset':'jsonl','file':'none/none.jsonl'}", "ACCORD_DATA"},
    {"{'dataset':'gsm9k'}", "gsm8k"},
    {"{'level':6}", "level"},
};

START_TEST(test_wrong_options_are_refused_with_a_sentence) {
    accord_err err = {0};
    task_rig rig;

    ck_assert_int_ne(task_rig_try(&rig, "math", refused[_i].params, &err), ACCORD_OK);
    ck_assert_msg(strstr(err.msg, refused[_i].message) != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_null_counts_its_steps) {
    accord_action action = {.struct_size = sizeof(action), .kind = ACCORD_DISCRETE};
    accord_obs obs;
    const char *id;
    task_rig rig;

    task_rig_begin(&rig, "null", "{'steps':3}");
    ck_assert_uint_eq(rig.spec->max_steps, 3);
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_EVAL], ACCORD_ENDLESS);
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 5, &obs, &id);
    ck_assert_str_eq(id, "eval-5");
    for (int i = 0; i < 3; i++) {
        accord_step step = {.struct_size = sizeof(step), .obs = &obs};
        ck_assert_int_eq(rig.ops->step(ep, &action, &step, NULL), ACCORD_OK);
        ck_assert_int_eq(step.end, i < 2 ? ACCORD_END_NO : ACCORD_END_TERMINATED);
        ck_assert_double_eq(step.reward, 1);
    }
    accord_step late = {.struct_size = sizeof(late), .obs = &obs};
    ck_assert_int_eq(rig.ops->step(ep, &action, &late, NULL), ACCORD_E_ARG);
    task_rig_close(&rig, ep);
    task_rig_end(&rig);
}
END_TEST

Suite *suite_math_task(void) {
    Suite *s = suite_create("math_task");
    TCase *tc = tcase_create("own rows");

    tcase_add_checked_fixture(tc, use_own_rows, NULL);
    tcase_add_loop_test(tc, test_each_format_gives_items_with_answers, 0, N_ROWS);
    tcase_add_test(tc, test_the_spec_says_what_the_task_is);
    tcase_add_test(tc, test_both_graders_and_the_rule_are_told);
    tcase_add_test(tc, test_examples_end_in_the_wanted_sentence);
    tcase_add_loop_test(tc, test_no_item_is_its_own_example, 0, 2);
    tcase_add_loop_test(tc, test_other_solutions_are_brought_into_form, 0, 3);
    tcase_add_test(tc, test_a_holdout_is_every_fifth_by_hash);
    tcase_add_test(tc, test_generated_items_are_endless_and_right);
    tcase_add_test(tc, test_only_the_end_of_a_huge_reply_is_read);
    tcase_add_loop_test(tc, test_wrong_options_are_refused_with_a_sentence, 0,
                        sizeof(refused) / sizeof(refused[0]));
    tcase_add_test(tc, test_null_counts_its_steps);
    suite_add_tcase(s, tc);
    return s;
}
