/* check_plan.c - from a suite to its cells. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planroom.h"
#include "run/describe.h"
#include "run/dryrun.h"
#include "scratch.h"
#include "suites.h"

#define ONE_MODEL  "'models':{'m':{#MODEL}},"
#define ONE_METHOD "'methods':{'a':{#METHOD,'roles':{'solver':'m'}}},"

/* ---- cells ------------------------------------------------------------------------- */

START_TEST(test_cells_stand_by_task_method_and_seed) {
    accord_suite *s =
        planroom_suite(ONE_MODEL "'methods':{'b':{#RANDOM,'roles':{'solver':'m'}},"
                                 "'a':{#METHOD,'roles':{'solver':'m'}}},"
                                 "'tasks':{'y':{#TASK},'x':{#TASK}}");
    accord_plan *p = planroom_plan(s);
    char text[200] = "";

    for (uint32_t i = 0; i < p->n_cells; i++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof(text) - n, "%s/%s/%d ", s->tasks[p->cells[i].task].name,
                 s->methods[p->cells[i].method].name, (int)p->cells[i].seed);
    }
    ck_assert_str_eq(text, "y/b/1 y/b/2 y/b/3 y/a/1 x/b/1 x/b/2 x/b/3 x/a/1 ");
    ck_assert_uint_eq(p->n_skips, 0);
    accord_plan_destroy(p);
    accord_suite_destroy(s);
}
END_TEST

/* What makes a pair run every seed, and what a cell's unit is. */
static const struct {
    const char *members;
    uint32_t n_cells;
    int32_t unit;
} seeds[] = {
    {ONE_MODEL ONE_METHOD "'tasks':{'t':{#TASK}}", 1, ACCORD_UNIT_ITEM},
    {"'models':{'m':{#MODEL,'params':{'caps':2}}}," ONE_METHOD "'tasks':{'t':{#TASK}}", 3,
     ACCORD_UNIT_ITEM},
    {"'models':{'m':{#MODEL},'s':{#MODEL,'params':{'caps':2}}},"
     "'methods':{'a':{#METHOD,'roles':{'solver':['m','s']}}},'tasks':{'t':{#TASK}}",
     3, ACCORD_UNIT_ITEM},
    {ONE_MODEL "'methods':{'a':{#RANDOM,'roles':{'solver':'m'}}},'tasks':{'t':{#TASK}}",
     3, ACCORD_UNIT_ITEM},
    {ONE_MODEL ONE_METHOD "'tasks':{'t':{#TASK,'params':{'seeded':true}}}", 3,
     ACCORD_UNIT_ITEM},
    {ONE_MODEL "'methods':{'a':{#LEARNER,'roles':{'solver':'m'},'train':{'episodes':4}}},"
               "'tasks':{'t':{#TASK}}",
     3, ACCORD_UNIT_BOTH},
    {"'methods':{'a':{#RANDOM}},'tasks':{'t':{#TASK,'params':{'action':3}}}", 3,
     ACCORD_UNIT_SEED},
};
enum { N_SEEDS = sizeof(seeds) / sizeof(seeds[0]) };

START_TEST(test_seeds_are_run_where_they_move_something) {
    accord_suite *s = planroom_suite(seeds[_i].members);
    accord_plan *p = planroom_plan(s);

    ck_assert_uint_eq(p->n_cells, seeds[_i].n_cells);
    ck_assert_uint_eq(p->cells[0].seed, 1);
    ck_assert_int_eq(p->cells[0].unit, seeds[_i].unit);
    ck_assert_int_eq(p->cells[0].learns, seeds[_i].unit == ACCORD_UNIT_BOTH);
    accord_plan_destroy(p);
    accord_suite_destroy(s);
}
END_TEST

/* The fixture has 10 items to evaluate, 8 in mode "hard". */
static const struct {
    const char *task, *rest;
    uint64_t episodes;
    const char *modes;
} episodes[] = {
    {"{#TASK}", "", 10, "easy"},
    {"{#TASK,'eval':{'episodes':4}}", "", 4, "easy"},
    {"{#TASK,'eval':{'episodes':4}}", ",'eval':{'episodes':6}", 4, "easy"},
    {"{#TASK}", ",'eval':{'episodes':6}", 6, "easy"},
    {"{#TASK,'eval':{'episodes':99}}", "", 10, "easy"},
    {"{#TASK,'modes':['hard','easy']}", "", 8, "hard easy"},
    {"{#TASK,'params':{'eval':-1}}", ",'eval':{'episodes':77}", 77, "easy"},
};
enum { N_EPISODES = sizeof(episodes) / sizeof(episodes[0]) };

START_TEST(test_episodes_are_the_tasks_or_the_suites_or_all_and_never_more) {
    char members[600], modes[60] = "";

    snprintf(members, sizeof(members), ONE_MODEL ONE_METHOD "'tasks':{'t':%s}%s",
             episodes[_i].task, episodes[_i].rest);
    accord_suite *s = planroom_suite(members);
    accord_plan *p = planroom_plan(s);
    ck_assert_uint_eq(p->cells[0].episodes, episodes[_i].episodes);
    for (uint32_t i = 0; i < p->cells[0].n_modes; i++) {
        size_t n = strlen(modes);
        snprintf(modes + n, sizeof(modes) - n, "%s%s", i ? " " : "",
                 p->cells[0].modes[i]);
    }
    ck_assert_str_eq(modes, episodes[_i].modes);
    accord_plan_destroy(p);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_pairs_that_do_not_fit_are_skipped_with_the_reason) {
    static const char *const reasons[] = {
        "pixels a: the task shows pixels, which the method does not read",
        "pixels l: the task shows pixels, which the method does not read",
        "vector a: the task wants vector actions, which the method does not give",
        "vector l: the task wants vector actions, which the method does not give",
        ("bare l: the method learns, and the task has nothing to train on (\"holdout\": "
         "true in its params sets items aside)"),
    };
    accord_suite *s = planroom_suite(
        ONE_MODEL
        "'methods':{'a':{#METHOD,'roles':{'solver':'m'}},"
        "'l':{#LEARNER,'roles':{'solver':'m'},'train':{'episodes':4}},'any':{#RANDOM}},"
        "'tasks':{'t':{#TASK},'pixels':{#TASK,'params':{'obs':4}},"
        "'vector':{#TASK,'params':{'action':3}},'bare':{#TASK,'params':{'train':0}}}");
    accord_plan *p = planroom_plan(s);

    ck_assert_uint_eq(p->n_skips, sizeof(reasons) / sizeof(reasons[0]));
    for (uint32_t i = 0; i < p->n_skips; i++) {
        char text[300];
        snprintf(text, sizeof(text), "%s %s: %s", s->tasks[p->skips[i].task].name,
                 s->methods[p->skips[i].method].name, p->skips[i].reason);
        ck_assert_str_eq(text, reasons[i]);
    }
    accord_plan_destroy(p);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_estimates_become_asks_of_each_model) {
    accord_suite *s = planroom_suite(
        "'models':{'m':{#MODEL},'j':{#MODEL,'params':{'caps':4}}},"
        "'methods':{'a':{#METHOD,'roles':{'solver':['m','j'],'judge':[['j'],['j']]}}},"
        "'tasks':{'t':{#TASK}}");
    accord_plan *p = planroom_plan(s);

    ck_assert_uint_eq(p->n_asks, 4);
    ck_assert(p->asks[1].cell == 0 && p->asks[1].model == 1 && p->asks[1].calls == 3 &&
              p->asks[1].max_tokens == 100 && p->asks[1].quoted == 5);
    ck_assert(p->asks[3].model == 1 && p->asks[3].calls == 1 && p->asks[3].quoted == 200);
    accord_plan_destroy(p);
    accord_suite_destroy(s);
}
END_TEST

/* ---- refusals ---------------------------------------------------------------------- */

#define TASK_THAT(how) "'tasks':{'t':{#TASK,'params':{'behave':'" how "'}}}"
#define ONE_TASK       "'tasks':{'t':{#TASK}}"

static const struct {
    const char *members, *sentence;
} refusals[] = {
    {ONE_MODEL ONE_METHOD TASK_THAT("fail"), "task t: the moon is full"},
    {ONE_MODEL ONE_METHOD TASK_THAT("mumble"), "task t: the moon is ?"},
    {ONE_MODEL ONE_METHOD TASK_THAT("abort_spec"),
     "task t: plugin fix_plan_task crashed while it was asked what it is (signal 6)"},
    {ONE_MODEL ONE_METHOD TASK_THAT("abort"),
     "task t: plugin fix_plan_task crashed while it was created (signal 6)"},
    {ONE_MODEL ONE_METHOD TASK_THAT("exit"),
     "task t: plugin fix_plan_task ended the process while it was created (status 3)"},
    {"'models':{'crash':{#MODEL}},'methods':{'a':{#METHOD,'roles':{'solver':'crash'}}}"
     "," ONE_TASK,
     "method a: plugin fix_plan_method crashed while it was created (signal 6)"},
    {ONE_MODEL ONE_METHOD "'tasks':{'t':{#TASK,'modes':['easy','harder']}}",
     "s.json: /tasks/t/modes/1: plugin fix_plan_task has no mode \"harder\" (it has "
     "easy, hard)"},
    {ONE_MODEL ONE_METHOD "'tasks':{'t':{#TASK,'params':{'eval':0}}}",
     "task t: it has no items to evaluate"},
    {ONE_MODEL ONE_METHOD "'tasks':{'t':{#TASK,'params':{'eval':-1}}}",
     "s.json: /tasks/t: the task has no last item: say how many with \"eval\": "
     "{\"episodes\": n}"},
    {ONE_MODEL "'methods':{'a':{#METHOD,'roles':{'slover':'m'}}}," ONE_TASK,
     "s.json: /methods/a/roles/slover: plugin fix_plan_method has no such role (did you "
     "mean \"solver\"?)"},
    {ONE_MODEL "'methods':{'a':{#METHOD}}," ONE_TASK,
     "s.json: /methods/a/roles/solver: 0 given, and plugin fix_plan_method wants 1 to 3 "
     "models"},
    {ONE_MODEL "'methods':{'a':{#METHOD,'roles':{'solver':['m','m','m','m']}}}," ONE_TASK,
     "s.json: /methods/a/roles/solver: 4 given, and plugin fix_plan_method wants 1 to 3 "
     "models"},
    {ONE_MODEL "'methods':{'a':{#METHOD,'roles':{'solver':[['m'],['m']]}}}," ONE_TASK,
     "s.json: /methods/a/roles/solver: plugin fix_plan_method takes no list of lists"},
    {ONE_MODEL "'methods':{'a':{#METHOD,'roles':{'solver':'m','judge':'m'}}}," ONE_TASK,
     "s.json: /methods/a/roles/judge: model m lacks logprobs, which plugin "
     "fix_plan_method needs"},
    {ONE_MODEL
     "'methods':{'a':{#METHOD,'roles':{'solver':'m'},'train':{'steps':1}}}," ONE_TASK,
     "s.json: /methods/a/train: plugin fix_plan_method does not learn"},
    {ONE_MODEL "'methods':{'l':{#LEARNER,'roles':{'solver':'m'}}}," ONE_TASK,
     "s.json: /methods/l: it fits no task of the suite: with t, the method learns, and "
     "the suite gives it no \"train\""},
    {ONE_MODEL
     "'methods':{'l':{#LEARNER,'roles':{'solver':'m'},'train':{'steps':9}}}," ONE_TASK,
     "s.json: /methods/l: it fits no task of the suite: with t, its training is given in "
     "steps, and this task's in episodes"},
    {ONE_MODEL ONE_METHOD "'tasks':{'t':{#TASK},'p':{#TASK,'params':{'obs':4}}}",
     "s.json: /tasks/p: it fits no method of the suite: with a, the task shows pixels, "
     "which the method does not read"},
};
enum { N_REFUSALS = sizeof(refusals) / sizeof(refusals[0]) };

START_TEST(test_what_cannot_be_run_has_its_sentence) {
    ck_assert_str_eq(planroom_refusal(refusals[_i].members), refusals[_i].sentence);
}
END_TEST

START_TEST(test_an_unknown_plugin_is_named_with_its_place) {
    const char *said =
        planroom_refusal(ONE_MODEL ONE_METHOD "'tasks':{'t':{'plugin':'fix_plan_tsk'}}");

    ck_assert_ptr_nonnull(strstr(said, "s.json: /tasks/t: no task \"fix_plan_tsk\" (did "
                                       "you mean \"fix_plan_task\"?)"));
}
END_TEST

START_TEST(test_a_plugin_that_hangs_is_killed) {
    accord_suite *s = planroom_suite(ONE_MODEL ONE_METHOD TASK_THAT("hang"));
    accord_err err = {0};
    json_t *out;

    ck_assert_int_eq(accord_describe(s, ACCORD_DESCRIBE_PLAN, 1000, &out, &err),
                     ACCORD_E_CONFIG);
    ck_assert_str_eq(err.msg, "task t: plugin fix_plan_task did not come back within 1 s "
                              "while it was created");
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_what_a_plugin_prints_does_not_disturb) {
    accord_suite *s = planroom_suite(ONE_MODEL ONE_METHOD TASK_THAT("print"));

    accord_plan_destroy(planroom_plan(s));
    accord_suite_destroy(s);
}
END_TEST

/* ---- dry run ----------------------------------------------------------------------- */

static char *printed(const accord_suite *s, bool json) {
    accord_plan *p = planroom_plan(s);
    accord_err err = {0};
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    ck_assert_msg(!accord_plan_print(s, p, json, out, &err), "%s", err.msg);
    fclose(out);
    accord_plan_destroy(p);
    return text;
}

#define PRICED \
    "'models':{'m':{#MODEL,'price':{'prompt':1000000,'completion':10000}}}," \
    "'methods':{'a':{#METHOD,'roles':{'solver':'m'}}," \
    "'l':{#LEARNER,'roles':{'solver':'m'},'train':{'episodes':4,'eval_every':2}}}," \
    "'tasks':{'t':{#TASK},'bare':{#TASK,'params':{'train':0}}}"

/* Plays: 10 + 10 by a, 3 seeds x (2 evaluations x 10 + 4 + 3 marks x 2 items x 3
 * variants) by l; 3 calls each of at most 100 tokens, about questions of 40 bytes with 5
 * tokens of earlier replies. */
START_TEST(test_a_dry_run_shows_cells_skips_calls_and_cost) {
    accord_suite *s = planroom_suite(PRICED);
    char *text = printed(s, false);

    ck_assert_str_eq(
        text, "suite test: 5 cells\n\n"
              "task  method  unit  episodes  train  probes  seeds    modes\n"
              "t     a       item  10        0      0       1        easy\n"
              "t     l       both  10        4      18      1, 2, 3  easy\n"
              "bare  a       item  10        0      0       1        easy\n\n"
              "skipped:\n"
              "  bare x l: the method learns, and the task has nothing to train on "
              "(\"holdout\": true in its params sets items aside)\n\n"
              "model  calls  prompt tokens  answers at most  cost\n"
              "m      438    6570           43800            7008.00\n\n"
              "of the calls, at most 36 are training and 162 probes\n\n"
              "cost at most: 7008.00\n");
    free(text);
    accord_suite_destroy(s);
}
END_TEST

/* A method that asks nobody has no bill; one that asks and gives no number is named. */
START_TEST(test_a_dry_run_says_what_it_cannot_count) {
    accord_suite *s =
        planroom_suite(ONE_MODEL "'methods':{'a':{#RANDOM},'b':{#RANDOM,'roles':"
                                 "{'solver':'m'}}},'tasks':{'t':{#TASK}}");
    char *text = printed(s, false);

    ck_assert_str_eq(text, "suite test: 6 cells\n\n"
                           "task  method  unit  episodes  seeds    modes\n"
                           "t     a       item  10        1, 2, 3  easy\n"
                           "t     b       item  10        1, 2, 3  easy\n\n"
                           "not counted: method b does not say how many calls it "
                           "makes\n");
    free(text);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_a_dry_run_speaks_json) {
    accord_suite *s = planroom_suite(PRICED);
    char *text = printed(s, true);
    json_t *j = json_loads(text, 0, NULL);
    const json_t *model = json_array_get(json_object_get(j, "models"), 0);
    const json_t *cell = json_array_get(json_object_get(j, "cells"), 1);

    ck_assert_uint_eq(json_array_size(json_object_get(j, "cells")), 5);
    ck_assert_str_eq(json_string_value(json_object_get(cell, "method")), "l");
    ck_assert_uint_eq(json_array_size(json_object_get(j, "skipped")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(cell, "train_episodes")), 4);
    ck_assert_int_eq(json_integer_value(json_object_get(cell, "probe_episodes")), 18);
    ck_assert(json_number_value(json_object_get(model, "calls")) == 438.0);
    ck_assert(json_number_value(json_object_get(model, "train_calls")) == 36.0);
    ck_assert(json_number_value(json_object_get(model, "probe_calls")) == 162.0);
    ck_assert(json_number_value(json_object_get(model, "max_cost")) == 7008.0);
    json_decref(j);
    free(text);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_a_crash_at_the_questions_only_hides_the_prompts) {
    accord_suite *s = planroom_suite(ONE_MODEL ONE_METHOD TASK_THAT("abort_open"));
    char *text = printed(s, false);

    ck_assert_ptr_nonnull(strstr(text, "m      30     unknown        3000"));
    free(text);
    accord_suite_destroy(s);
}
END_TEST

Suite *suite_plan(void) {
    Suite *s = suite_create("plan");
    TCase *tc = tcase_create("plan");

    tcase_add_checked_fixture(tc, planroom_begin, scratch_end);
    tcase_add_test(tc, test_cells_stand_by_task_method_and_seed);
    tcase_add_loop_test(tc, test_seeds_are_run_where_they_move_something, 0, N_SEEDS);
    tcase_add_loop_test(tc,
                        test_episodes_are_the_tasks_or_the_suites_or_all_and_never_more,
                        0, N_EPISODES);
    tcase_add_test(tc, test_pairs_that_do_not_fit_are_skipped_with_the_reason);
    tcase_add_test(tc, test_estimates_become_asks_of_each_model);
    tcase_add_loop_test(tc, test_what_cannot_be_run_has_its_sentence, 0, N_REFUSALS);
    tcase_add_test(tc, test_an_unknown_plugin_is_named_with_its_place);
    tcase_add_test(tc, test_a_plugin_that_hangs_is_killed);
    tcase_add_test(tc, test_what_a_plugin_prints_does_not_disturb);
    tcase_add_test(tc, test_a_dry_run_shows_cells_skips_calls_and_cost);
    tcase_add_test(tc, test_a_dry_run_says_what_it_cannot_count);
    tcase_add_test(tc, test_a_dry_run_speaks_json);
    tcase_add_test(tc, test_a_crash_at_the_questions_only_hides_the_prompts);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(s, tc);
    return s;
}
