/* check_math_data.c - reading question sets: bad rows, splits, and the published files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chaos.h"
#include "datasets.h"
#include "grade.h"
#include "host/host.h"
#include "scratch.h"
#include "steps.h"
#include "suites.h"

static struct math_layout own(const char *file) {
    return (struct math_layout){
        .name = "jsonl",
        .kind = MATH_ANSWER_NUMBER,
        .steps = MATH_STEPS_TEXT,
        .file = file,
        .question = "q",
        .answer = "a",
        .eval_id = "own-",
        .train_id = "own-train-",
    };
}

static accord_code read_rows(const struct math_layout *layout, struct math_dataset *d,
                             accord_err *err) {
    return math_dataset_read(&accord_host_default, layout, 0, d, err);
}

static void expect_refusal(const char *rows, const char *id, const char *message) {
    char *path = scratch_text("set.jsonl", rows);
    struct math_layout layout = own(path);
    struct math_dataset d;
    accord_err err = {0};

    layout.id = id;
    ck_assert_int_eq(read_rows(&layout, &d, &err), ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, message) != NULL, "%s", err.msg);
    math_dataset_fini(&d);
    free(path);
}

#define GOOD "{\"id\":\"x\",\"q\":\"1 + 1?\",\"a\":2}\n"

static const struct {
    const char *rows;
    const char *id;
    const char *message;
} bad[] = {
    {"", "", "set.jsonl: no question to evaluate"},
    {GOOD "{\"a\":2}\n", "", "set.jsonl:2: \"q\" must be a text"},
    {GOOD "{\"q\":7,\"a\":2}\n", "", "set.jsonl:2: \"q\" must be a text"},
    {GOOD "{\"q\":\"\",\"a\":2}\n", "", "set.jsonl:2: \"q\" is empty"},
    {GOOD "{\"q\":\"1 + 2?\",\"a\":{\"x\":3}}\n", "",
     "set.jsonl:2: \"a\" must be a text, a number or true or false"},
    {GOOD "{\"q\":\"1 + 2?\",\"a\":[3]}\n", "",
     "set.jsonl:2: \"a\" must be a text, a number or true or false"},
    {GOOD "{\"q\":\"1 + 2?\"}\n", "", "set.jsonl:2: \"a\" is missing"},
    {GOOD "{\"q\":\"1 + 2?\",\"a\":\"\"}\n", "", "set.jsonl:2: \"a\" is no answer"},
    {GOOD "{\"q\":\"1 + 2?\",\"a\":3}\n", "id", "set.jsonl:2: \"id\" is missing"},
    {GOOD GOOD, "id", "two items have the id \"x\""},
    {"{\"q\":\"1 + 2?\",\"a\":3,\"id\":\"a\\u001bb\"}\n", "id", "set.jsonl:1: \"id\""},
};

START_TEST(test_a_bad_row_is_named_with_file_and_line) {
    expect_refusal(bad[_i].rows, bad[_i].id, bad[_i].message);
}
END_TEST

START_TEST(test_line_7001_is_named) {
    size_t n = 0, room = 7001 * 64;
    char *rows = malloc(room);

    for (int i = 1; i <= 7000; i++)
        n += (size_t)snprintf(rows + n, room - n, "{\"q\":\"%d?\",\"a\":%d}\n", i, i);
    snprintf(rows + n, room - n, "{\"q\":\"torn");
    expect_refusal(rows, "", "set.jsonl:7001");
    free(rows);
}
END_TEST

START_TEST(test_a_missing_file_says_what_to_set) {
    struct math_layout layout = own("no_such_set/test.jsonl");
    struct math_dataset d;
    accord_err err = {0};

    ck_assert_int_eq(read_rows(&layout, &d, &err), ACCORD_E_NOTFOUND);
    ck_assert_ptr_nonnull(strstr(err.msg, "ACCORD_DATA"));
    math_dataset_fini(&d);
}
END_TEST

START_TEST(test_numbers_keep_their_value_as_text) {
    char *path = scratch_text("set.jsonl", "{\"q\":\"a\",\"a\":0.1}\n"
                                           "{\"q\":\"b\",\"a\":51.0}\n"
                                           "{\"q\":\"c\",\"a\":9007199254740993}\n"
                                           "{\"q\":\"d\",\"a\":\"1e3\"}\n");
    static const char *const wanted[] = {"0.1", "51", "9007199254740993", "1e3"};
    struct math_layout layout = own(path);
    struct math_dataset d;
    accord_err err = {0};

    ck_assert_msg(!read_rows(&layout, &d, &err), "%s", err.msg);
    for (int i = 0; i < 4; i++)
        ck_assert_str_eq(d.part[ACCORD_SPLIT_EVAL].item[i].answer, wanted[i]);
    ck_assert_str_eq(d.part[ACCORD_SPLIT_EVAL].item[3].id, "own-3");
    math_dataset_fini(&d);
    free(path);
}
END_TEST

START_TEST(test_a_train_item_that_is_evaluated_is_dropped) {
    char *eval = scratch_text("eval.jsonl", GOOD "{\"q\":\"2 + 2?\",\"a\":4}\n");
    char *train = scratch_text("train.jsonl", "{\"q\":\"3 + 3?\",\"a\":6}\n" GOOD
                                              "{\"q\":\"4 + 4?\",\"a\":8}\n");
    struct math_layout layout = own(eval);
    struct math_dataset d;
    accord_err err = {0};

    layout.train_file = train;
    ck_assert_msg(!read_rows(&layout, &d, &err), "%s", err.msg);
    ck_assert_uint_eq(d.part[ACCORD_SPLIT_EVAL].n, 2);
    ck_assert_uint_eq(d.part[ACCORD_SPLIT_TRAIN].n, 2);
    ck_assert_str_eq(d.part[ACCORD_SPLIT_TRAIN].item[1].question, "4 + 4?");
    ck_assert_str_eq(d.part[ACCORD_SPLIT_TRAIN].item[1].id, "own-train-2");
    math_dataset_fini(&d);
    free(train);
    free(eval);
}
END_TEST

START_TEST(test_equations_are_made_readable) {
    static const char *const pairs[][3] = {
        {"( 8.0 - 3.0 )", "5", "8 - 3 = 5."},
        {"( ( 8.0 - 3.0 ) * 2.0 )", "10", "(8 - 3) * 2 = 10."},
        {"( 1.0 + 2.0 ) * ( 3.05 - 1.0 )", "6.15", "(1 + 2) * (3.05 - 1) = 6.15."},
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *text = math_steps_equation(pairs[i][0], pairs[i][1]);
        ck_assert_str_eq(text, pairs[i][2]);
        free(text);
    }
}
END_TEST

/* No assertion stands between chaos_fail_after() and chaos_stop(): Check allocates. */
START_TEST(test_a_set_is_read_whole_or_not_when_memory_runs_out) {
    char *path = scratch_text("set.jsonl", "{\"q\":\"a\",\"a\":0.1,\"s\":[\"x\",\"y\"]}\n"
                                           "{\"q\":\"b\",\"a\":2,\"s\":[\"z\"]}\n");
    struct math_layout layout = own(path);
    struct math_dataset d;
    int failed = 1;

    layout.steps = MATH_STEPS_FACTS;
    layout.solution = "s";
    for (uint64_t n = 0; failed && n < 10000; n++) {
        chaos_fail_after(n);
        accord_code rc = math_dataset_read(&accord_host_default, &layout, 1, &d, NULL);
        failed = chaos_stop();
        ck_assert_msg(failed ? rc != ACCORD_OK : rc == ACCORD_OK, "allocation %d",
                      (int)n);
        math_dataset_fini(&d);
    }
    ck_assert_int_eq(failed, 0);
    free(path);
}
END_TEST

/* ---- the published files ----------------------------------------------------------- */

static const struct {
    const char *name;
    size_t n_train, n_eval;
} published[] = {
    {"gsm8k", 7473, 1319}, {"gsm_hard", 0, 1319},     {"svamp", 0, 1000},
    {"math500", 0, 500},   {"strategyqa", 2061, 229},
};
enum { N_PUBLISHED = sizeof(published) / sizeof(published[0]) };

/* 0 where the file is absent: the test is skipped then. */
static int read_published(int i, int holdout, struct math_dataset *d) {
    const struct math_layout *layout = math_layout_find(published[i].name);
    const accord_host *host = &accord_host_default;
    char path[4096];
    accord_err err = {0};

    if (host->data_path(host, layout->file, path, sizeof(path), NULL)) {
        fprintf(stderr, "skipped: %s: ACCORD_DATA has no %s\n", published[i].name,
                layout->file);
        return 0;
    }
    ck_assert_msg(!math_dataset_read(host, layout, holdout, d, &err), "%s", err.msg);
    return 1;
}

/* The worked solution, and a reply that only names the answer. */
static void expect_right(const struct math_item *item, int kind) {
    size_t size = strlen(item->solution) + strlen(item->answer) + 64;
    char *reply = malloc(size), found[4096], canon[4096], again[4096];
    const char *rule;

    snprintf(reply, size, "%s\n" MATH_CLOSING, item->solution, item->answer);
    math_extract(reply, kind, 1, found, sizeof(found), &rule);
    ck_assert_msg(math_equal(item->answer, found, kind), "%s: %s", item->id, found);
    ck_assert_msg(math_equal_strict(item->answer, found, kind), "%s", item->id);
    snprintf(reply, size, "The answer is %s", item->answer);
    math_extract(reply, kind, 0, found, sizeof(found), &rule);
    ck_assert_msg(math_equal(item->answer, found, kind), "%s: %s", item->id, found);
    math_canon(item->answer, kind, canon, sizeof(canon));
    math_canon(found, kind, again, sizeof(again));
    ck_assert_msg(strcmp(canon, again) == 0, "%s: %s is not %s", item->id, again, canon);
    free(reply);
}

START_TEST(test_published_sets_are_whole_and_their_solutions_right) {
    struct math_dataset d;

    if (!read_published(_i, 0, &d))
        return;
    int kind = math_layout_find(published[_i].name)->kind;
    ck_assert_uint_eq(d.part[ACCORD_SPLIT_EVAL].n, published[_i].n_eval);
    ck_assert_uint_eq(d.part[ACCORD_SPLIT_TRAIN].n, published[_i].n_train);
    for (int split = 0; split < 2; split++)
        for (size_t i = 0; i < d.part[split].n; i++)
            expect_right(&d.part[split].item[i], kind);
    math_dataset_fini(&d);
}
END_TEST

/* MATH's own solutions box their result once. */
START_TEST(test_published_boxes_are_found) {
    struct math_dataset d;
    char found[4096];

    if (!read_published(3, 0, &d))
        return;
    for (size_t i = 0; i < d.part[ACCORD_SPLIT_EVAL].n; i++) {
        const struct math_item *item = &d.part[ACCORD_SPLIT_EVAL].item[i];
        const char *rule;
        math_extract(item->solution, MATH_ANSWER_EXPRESSION, 1, found, sizeof(found),
                     &rule);
        ck_assert_str_eq(rule, "boxed");
        ck_assert_msg(math_equal(item->answer, found, MATH_ANSWER_EXPRESSION), "%s: %s",
                      item->id, found);
    }
    math_dataset_fini(&d);
}
END_TEST

START_TEST(test_a_published_set_is_held_out_disjointly) {
    struct math_dataset d;

    if (!read_published(_i, 1, &d))
        return;
    const struct math_items *train = &d.part[ACCORD_SPLIT_TRAIN];
    const struct math_items *eval = &d.part[ACCORD_SPLIT_EVAL];
    ck_assert_uint_eq(train->n + eval->n, published[_i].n_eval);
    ck_assert_uint_gt(train->n, published[_i].n_eval / 8);
    ck_assert_uint_lt(train->n, published[_i].n_eval / 3);
    for (size_t i = 0; i < train->n; i++)
        for (size_t j = 0; j < eval->n; j++)
            if (train->item[i].hash == eval->item[j].hash)
                ck_abort_msg("%s is %s", train->item[i].id, eval->item[j].id);
    math_dataset_fini(&d);
}
END_TEST

Suite *suite_math_data(void) {
    Suite *s = suite_create("math_data");
    TCase *own_rows = tcase_create("own rows");
    TCase *real = tcase_create("published");

    tcase_add_checked_fixture(own_rows, scratch_begin, scratch_end);
    tcase_add_loop_test(own_rows, test_a_bad_row_is_named_with_file_and_line, 0,
                        sizeof(bad) / sizeof(bad[0]));
    tcase_add_test(own_rows, test_line_7001_is_named);
    tcase_add_test(own_rows, test_a_missing_file_says_what_to_set);
    tcase_add_test(own_rows, test_numbers_keep_their_value_as_text);
    tcase_add_test(own_rows, test_a_train_item_that_is_evaluated_is_dropped);
    tcase_add_test(own_rows, test_equations_are_made_readable);
    tcase_add_test(own_rows, test_a_set_is_read_whole_or_not_when_memory_runs_out);
    suite_add_tcase(s, own_rows);
    tcase_set_timeout(real, 60);
    tcase_add_loop_test(real, test_published_sets_are_whole_and_their_solutions_right, 0,
                        N_PUBLISHED);
    tcase_add_test(real, test_published_boxes_are_found);
    tcase_add_loop_test(real, test_a_published_set_is_held_out_disjointly, 0,
                        N_PUBLISHED);
    suite_add_tcase(s, real);
    return s;
}
