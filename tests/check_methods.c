/* check_methods.c - single, vote, debate and null, played on a fake host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chaos_plugin.h"
#include "fake_host.h"
#include "suites.h"

#define SINGLE  "plugins/methods/single.so"
#define VOTE    "plugins/methods/vote.so"
#define DEBATE  "plugins/methods/debate.so"
#define NOTHING "plugins/methods/null.so"

/* Roles of up to four models each, model i of a list being fake_model(i). */
static const accord_model *list[4];
static accord_role roles[2];

static fake_host *make(const char *path, const char *params, uint32_t n_first,
                       uint32_t n_second, fake_script *script) {
    fake_host *f = accord_xalloc(sizeof(*f));

    for (int i = 0; i < 4; i++)
        list[i] = fake_model(i);
    roles[0] =
        (accord_role){.name = "first", .n = n_first, .n_groups = 1, .models = list};
    roles[1] =
        (accord_role){.name = "second", .n = n_second, .n_groups = 1, .models = list + 3};
    f->script = script;
    fake_create(f, path, params, roles, 2, &fake_task);
    return f;
}

/* An instance that must come about. */
static fake_host *need(const char *path, const char *params, uint32_t n_first,
                       uint32_t n_second, fake_script *script) {
    fake_host *f = make(path, params, n_first, n_second, script);

    ck_assert_msg(f->err.code == ACCORD_OK, "%s", f->err.msg);
    return f;
}

static void refuse(const char *path, const char *params, uint32_t n_first,
                   const char *why) {
    fake_host *f = make(path, params, n_first, 0, NULL);

    ck_assert_int_eq(f->err.code, ACCORD_E_CONFIG);
    ck_assert_msg(strstr(f->err.msg, why) != NULL, "%s", f->err.msg);
    fake_destroy(f);
}

static void ask(fake_host *f) {
    accord_code rc = fake_ask(f, &fake_question, 1);

    ck_assert_msg(rc == ACCORD_OK, "%s", f->err.msg);
}

/* What the scripts below say, call by call; NULL fails. */
static const char *lines[64];

static const char *say_lines(const fake_call *call) {
    static unsigned n;

    return lines[n++];
}

static const char *say_18(const fake_call *call) {
    return "so it is =18";
}

static void ck_has(const char *text, const char *part) {
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text);
}

static void ck_lacks(const char *text, const char *part) {
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text);
}

/* ---- single ----------------------------------------------------------------------- */

START_TEST(test_single_asks_once_and_answers_with_the_reply) {
    fake_host *f = need(SINGLE, "{}", 1, 0, say_18);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 1);
    ck_assert_str_eq(f->answer, "so it is =18");
    const accord_request *r = &f->calls[0].request;
    ck_assert_str_eq(r->role, "solver");
    ck_assert(r->temperature == 0 && r->top_p == 1);
    ck_assert_uint_eq(r->max_tokens, 1024);
    ck_assert_str_eq(f->calls[0].prompt, "user: Task: answer\nQuestion: How many?\n"
                                         "Format: End with =NUMBER\n\n");
    fake_destroy(f);
}
END_TEST

static const accord_example examples[] = {{"1 + 1?", "that is =2"},
                                          {"2 + 2?", "that is =4"}};

START_TEST(test_single_shows_as_many_worked_examples_as_wanted) {
    accord_spec task = fake_task;
    accord_record question = fake_question;
    fake_host *f = accord_xalloc(sizeof(*f));

    list[0] = fake_model(0);
    roles[0] = (accord_role){.name = "solver", .n = 1, .n_groups = 1, .models = list};
    task.n_items[ACCORD_SPLIT_TRAIN] = 2;
    question.examples = examples;
    question.n_examples = 2;
    f->script = say_18;
    ck_assert_int_eq(fake_create(f, SINGLE, "{\"shots\":1}", roles, 1, &task), 0);
    ck_assert_int_eq(fake_ask(f, &question, 1), 0);
    ck_has(f->calls[0].prompt, "Question: 1 + 1?\n");
    ck_has(f->calls[0].prompt, "assistant: that is =2\nuser: Task: answer\n");
    ck_lacks(f->calls[0].prompt, "2 + 2?");
    question.n_examples = 0;
    ck_assert_int_eq(fake_ask(f, &question, 1), ACCORD_E_CONFIG);
    ck_has(f->err.msg, "the task gives 0 worked examples");
    fake_destroy(f);
}
END_TEST

START_TEST(test_shots_without_a_training_split_are_refused) {
    refuse(SINGLE, "{\"shots\":2}", 1, "no training split");
}
END_TEST

START_TEST(test_a_failed_reply_leaves_the_answer_empty) {
    fake_host *f = need(SINGLE, "{}", 1, 0, say_lines);

    ask(f);
    ck_assert_str_eq(f->answer, "");
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_published_prompt_is_sent_without_a_format) {
    accord_record question = fake_question;
    fake_host *f = need(SINGLE, "{}", 1, 0, say_18);

    question.instruction = "";
    ck_assert_int_eq(fake_ask(f, &question, 1), ACCORD_OK);
    ck_assert_str_eq(f->calls[0].prompt, "user: Task: answer\nQuestion: How many?\n\n");
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_stop_is_passed_on) {
    static const char *const paths[] = {SINGLE, VOTE, DEBATE};
    fake_host *f = need(paths[_i], "{}", _i ? 2 : 1, 0, say_18);

    f->stop = ACCORD_E_STOPPED;
    ck_assert_int_eq(fake_ask(f, &fake_question, 1), ACCORD_E_STOPPED);
    ck_assert_ptr_null(f->answer);
    fake_destroy(f);
}
END_TEST

/* ---- vote ------------------------------------------------------------------------- */

START_TEST(test_vote_takes_samples_of_one_model_at_once) {
    fake_host *f = need(VOTE, "{\"samples\":5}", 1, 0, say_lines);

    memcpy(lines, (const char *[]){"a =7", "b =8", "c =8", "d", "e =8"},
           5 * sizeof(*lines));
    ask(f);
    ck_assert_uint_eq(f->n_calls, 5);
    ck_assert_uint_eq(f->n_batches, 1);
    ck_assert_uint_eq(f->n_candidates, 5);
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(f->calls[i].request.sample, i);
        ck_assert_uint_eq(f->calls[i].request.agent, 0);
        ck_assert(f->calls[i].request.temperature == 0.7);
        ck_assert_str_eq(f->candidates[i].kind, "sample");
        ck_assert_uint_eq(f->candidates[i].index, i);
        ck_assert_str_eq(f->candidates[i].text, lines[i]);
    }
    ck_assert_str_eq(f->answer, "b =8");
    ck_assert_str_eq(f->metric, "tie");
    ck_assert(f->value == 0);
    fake_destroy(f);
}
END_TEST

START_TEST(test_vote_takes_the_samples_of_several_models_round_by_round) {
    fake_host *f = need(VOTE, "{\"samples\":2}", 3, 0, say_18);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 6);
    for (uint32_t i = 0; i < 6; i++) {
        ck_assert_int_eq(f->calls[i].model, i % 3);
        ck_assert_uint_eq(f->calls[i].request.agent, i % 3);
        ck_assert_uint_eq(f->calls[i].request.sample, i / 3);
    }
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_earliest_of_the_tied_answers_wins) {
    fake_host *f = need(VOTE, "{\"samples\":5}", 1, 0, say_lines);

    memcpy(lines, (const char *[]){"=1", "=2", "=3", "=3", "=2"}, 5 * sizeof(*lines));
    ask(f);
    ck_assert_str_eq(f->answer, "=2");
    ck_assert(f->value == 1);
    fake_destroy(f);
}
END_TEST

static const char *say_a_tie(const fake_call *call) {
    static const char *const said[] = {"=1", "=2", "=2", "=3", "=3"};

    return said[call->request.sample];
}

START_TEST(test_random_ties_are_even_and_follow_the_stream) {
    fake_host *f = need(VOTE, "{\"samples\":5,\"ties\":\"random\"}", 1, 0, say_a_tie);
    unsigned n_two = 0;
    char *first = NULL;

    for (uint64_t stream = 0; stream < 100; stream++) {
        ck_assert_int_eq(fake_ask(f, &fake_question, stream), ACCORD_OK);
        ck_assert_msg(strcmp(f->answer, "=2") == 0 || strcmp(f->answer, "=3") == 0,
                      "%s was not tied", f->answer);
        n_two += strcmp(f->answer, "=2") == 0;
        if (stream == 0)
            first = accord_xstrdup(f->answer);
    }
    ck_assert_uint_ge(n_two, 30); /* 4 standard deviations from 50 */
    ck_assert_uint_le(n_two, 70);
    ck_assert_int_eq(fake_ask(f, &fake_question, 0), ACCORD_OK);
    ck_assert_str_eq(f->answer, first);
    free(first);
    fake_destroy(f);
}
END_TEST

START_TEST(test_failed_and_empty_samples_cast_no_vote_but_keep_their_number) {
    fake_host *f = need(VOTE, "{\"samples\":4}", 1, 0, say_lines);

    memcpy(lines, (const char *[]){NULL, "none", "none", "=9"}, 4 * sizeof(*lines));
    ask(f);
    ck_assert_str_eq(f->answer, "=9");
    ck_assert_uint_eq(f->n_candidates, 4);
    ck_assert_str_eq(f->candidates[0].text, "");
    ck_assert_uint_eq(f->candidates[3].index, 3);
    fake_destroy(f);
}
END_TEST

START_TEST(test_without_any_vote_the_first_reply_stands) {
    fake_host *f = need(VOTE, "{\"samples\":3}", 1, 0, say_lines);

    memcpy(lines, (const char *[]){NULL, "no idea", "none"}, 3 * sizeof(*lines));
    ask(f);
    ck_assert_str_eq(f->answer, "no idea");
    ck_assert(f->value == 0);
    fake_destroy(f);
}
END_TEST

START_TEST(test_one_sample_of_one_model_is_refused) {
    refuse(VOTE, "{}", 1, "is no vote");
}
END_TEST

START_TEST(test_tasks_of_many_steps_have_no_candidates) {
    static const char *const paths[] = {VOTE, DEBATE};
    accord_spec task = fake_task;
    fake_host *f = accord_xalloc(sizeof(*f));

    task.max_steps = 5;
    for (int i = 0; i < 2; i++)
        list[i] = fake_model(i);
    roles[0] = (accord_role){.name = "first", .n = 2, .n_groups = 1, .models = list};
    roles[1] = (accord_role){.name = "second", .n_groups = 1};
    f->script = say_18;
    ck_assert_int_eq(fake_create(f, paths[_i], "{}", roles, 2, &task), ACCORD_OK);
    ask(f);
    ck_assert_str_eq(f->answer, "so it is =18");
    ck_assert_uint_eq(f->n_candidates, 0);
    fake_destroy(f);
}
END_TEST

/* ---- debate ----------------------------------------------------------------------- */

/* Three agents say 1, 2 and 3; then the second, reading the first, agrees with it. */
static const char *say_debate(const fake_call *call) {
    static const char *const said[2][3] = {{"I say =1", "you =2", "we =3"},
                                           {"still =1", "yes =1", "no =3"}};

    return said[call->request.round][call->request.agent];
}

START_TEST(test_agents_answer_alone_then_read_the_others) {
    fake_host *f = need(DEBATE, "{}", 3, 0, say_debate);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 6);
    ck_assert_uint_eq(f->n_batches, 2);
    for (uint32_t i = 0; i < 6; i++) {
        const fake_call *call = &f->calls[i];
        ck_assert_str_eq(call->request.role, "agent");
        ck_assert_uint_eq(call->request.agent, i % 3);
        ck_assert_uint_eq(call->request.round, i / 3);
        ck_assert_uint_eq(call->batch, i / 3);
        ck_assert_int_eq(call->model, i % 3);
        ck_has(call->prompt, i < 3 ? "Task: answer\n" : "Task: revise\n");
    }
    ck_lacks(f->calls[0].prompt, "Peer");
    ck_has(f->calls[4].prompt, "Answer: you =2\nPeer 1: I say =1\nPeer 2: we =3\n");
    ck_assert_str_eq(f->answer, "still =1");
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_majority_after_every_round_is_a_candidate) {
    fake_host *f = need(DEBATE, "{}", 3, 0, say_debate);

    ask(f);
    ck_assert_uint_eq(f->n_candidates, 2);
    ck_assert_str_eq(f->candidates[0].kind, "round");
    ck_assert_str_eq(f->candidates[0].text, "I say =1");
    ck_assert_uint_eq(f->candidates[1].index, 1);
    ck_assert_str_eq(f->candidates[1].text, "still =1");
    fake_destroy(f);
}
END_TEST

START_TEST(test_one_model_can_play_several_agents_and_rounds) {
    fake_host *f = need(DEBATE, "{\"agents\":4,\"rounds\":3}", 1, 0, say_18);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 16);
    ck_assert_uint_eq(f->n_candidates, 4);
    ck_assert_uint_eq(f->calls[15].request.agent, 3);
    ck_assert_uint_eq(f->calls[15].request.round, 3);
    ck_assert_int_eq(f->calls[15].model, 0);
    fake_destroy(f);
}
END_TEST

/* The second agent fails at first, the first one later. */
static const char *say_with_failures(const fake_call *call) {
    if (call->request.agent == 1)
        return call->request.round == 0 ? NULL : "late =5";
    if (call->request.agent == 0)
        return call->request.round == 0 ? "early =6" : NULL;
    return "third =7";
}

START_TEST(test_a_failed_agent_keeps_its_last_answer_and_is_not_shown_without_one) {
    fake_host *f = need(DEBATE, "{\"rounds\":2}", 3, 0, say_with_failures);

    ask(f);
    const char *second_round = f->calls[3].prompt;
    ck_has(second_round, "Answer: early =6\nPeer 1: third =7\n");
    ck_lacks(second_round, "Peer 2");
    ck_lacks(f->calls[4].prompt, "Answer:");
    ck_has(f->calls[7].prompt, "Answer: late =5\nPeer 1: early =6\nPeer 2: third =7\n");
    ck_assert_str_eq(f->answer, "early =6");
    fake_destroy(f);
}
END_TEST

static const char *say_judged(const fake_call *call) {
    return strcmp(call->request.role, "judge") == 0 ? "I rule =3" : say_debate(call);
}

START_TEST(test_a_judge_has_the_last_word) {
    fake_host *f = need(DEBATE, "{}", 3, 1, say_judged);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 7);
    ck_assert_int_eq(f->calls[6].model, 3);
    ck_assert_uint_eq(f->calls[6].request.round, 1);
    ck_has(f->calls[6].prompt, "Task: merge\nQuestion: How many?\n");
    ck_has(f->calls[6].prompt, "Peer 1: still =1\nPeer 2: yes =1\nPeer 3: no =3\n");
    ck_lacks(f->calls[6].prompt, "Answer:");
    ck_assert_str_eq(f->answer, "I rule =3");
    ck_assert_uint_eq(f->n_candidates, 2);
    fake_destroy(f);
}
END_TEST

static const char *say_no_judge(const fake_call *call) {
    return strcmp(call->request.role, "judge") == 0 ? NULL : say_debate(call);
}

START_TEST(test_a_failed_judge_leaves_no_answer) {
    fake_host *f = need(DEBATE, "{}", 3, 1, say_no_judge);

    ask(f);
    ck_assert_str_eq(f->answer, "");
    fake_destroy(f);
}
END_TEST

START_TEST(test_nobody_asks_a_judge_about_nothing) {
    fake_host *f = need(DEBATE, "{}", 3, 1, say_lines);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 6);
    ck_assert_str_eq(f->answer, "");
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_debate_needs_two_to_sixteen_agents) {
    refuse(DEBATE, "{}", 1, "2 to 16 agents, not 1");
    refuse(DEBATE, "{\"agents\":9}", 2, "2 to 16 agents, not 18");
}
END_TEST

/* ---- null, estimates, memory ------------------------------------------------------ */

START_TEST(test_null_has_an_action_of_every_kind) {
    static const int32_t kinds[] = {ACCORD_TEXT, ACCORD_DISCRETE, ACCORD_VECTOR};
    const accord_spec task = {.struct_size = sizeof(task),
                              .action = {.kind = kinds[_i], .n = 3}};
    const accord_obs obs = {.struct_size = sizeof(obs), .kind = ACCORD_PIXELS};
    const accord_episode_info info = {.struct_size = sizeof(info)};
    accord_action action = {.struct_size = sizeof(action), .kind = kinds[_i]};
    fake_host *f = accord_xalloc(sizeof(*f));
    void *ep;

    ck_assert_int_eq(fake_create(f, NOTHING, "{}", NULL, 0, &task), ACCORD_OK);
    ck_assert_int_eq(f->method->open(f->self, &info, &ep, NULL), ACCORD_OK);
    ck_assert_int_eq(f->method->act(ep, &obs, &action, NULL), ACCORD_OK);
    ck_assert(f->method->action_kinds & ACCORD_KIND_BIT(kinds[_i]));
    ck_assert_str_eq(action.text, "");
    ck_assert_int_eq(action.index, 0);
    for (int i = 0; i < 3 && kinds[_i] == ACCORD_VECTOR; i++)
        ck_assert(action.vector[i] == 0.0f);
    f->method->close(ep);
    fake_destroy(f);
}
END_TEST

static const struct {
    const char *path, *params;
    uint32_t n_models, role, calls, quoted;
} estimates[] = {
    {SINGLE, "{\"max_tokens\":77}", 1, 0, 1, 0},
    {VOTE, "{\"max_tokens\":77,\"samples\":6}", 2, 0, 6, 0},
    {DEBATE, "{\"max_tokens\":77,\"agents\":3,\"rounds\":2}", 1, 0, 9,
     154}, /* 3 answers in 2 of 3 rounds */
    {DEBATE, "{\"max_tokens\":77}", 3, 0, 2, 115},
    {DEBATE, "{\"max_tokens\":77}", 3, 1, 1, 231},
};

START_TEST(test_estimates_count_the_calls_to_each_model) {
    accord_estimate estimate = {.struct_size = sizeof(estimate)};
    fake_host *f =
        need(estimates[_i].path, estimates[_i].params, estimates[_i].n_models, 1, say_18);

    f->method->estimate(f->self, estimates[_i].role, 0, &estimate);
    ck_assert_uint_eq(estimate.calls, estimates[_i].calls);
    ck_assert_uint_eq(estimate.max_tokens, 77);
    ck_assert_uint_eq(estimate.quoted, estimates[_i].quoted);
    ask(f);
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n_calls; i++)
        n += f->calls[i].model == (estimates[_i].role ? 3 : 0);
    ck_assert_uint_eq(n, estimates[_i].calls);
    fake_destroy(f);
}
END_TEST

/* The same plugins, linked so that their allocations can be made to fail. */
START_TEST(test_methods_survive_a_lack_of_memory) {
    static const char *const paths[] = {"tests/chaos/single.so", "tests/chaos/vote.so",
                                        "tests/chaos/debate.so"};
    const chaos_plugin *chaos = chaos_of(paths[_i]);
    uint64_t n = 0;
    int failed;

    do {
        chaos->fail_after(n++);
        fake_host *f = make(paths[_i], "{}", _i ? 3 : 1, _i == 2, say_judged);
        if (!f->err.code)
            fake_ask(f, &fake_question, 1);
        failed = chaos->stop();
        ck_assert_msg(f->err.code == (failed ? ACCORD_E_NOMEM : ACCORD_OK), "%llu: %s",
                      (unsigned long long)n, f->err.msg);
        ck_assert(failed || f->answer);
        fake_destroy(f);
    } while (failed);
    ck_assert_uint_gt(n, 5);
}
END_TEST

static TCase *case_vote(void) {
    TCase *tc = tcase_create("vote");

    tcase_add_test(tc, test_vote_takes_samples_of_one_model_at_once);
    tcase_add_test(tc, test_vote_takes_the_samples_of_several_models_round_by_round);
    tcase_add_test(tc, test_the_earliest_of_the_tied_answers_wins);
    tcase_add_test(tc, test_random_ties_are_even_and_follow_the_stream);
    tcase_add_test(tc, test_failed_and_empty_samples_cast_no_vote_but_keep_their_number);
    tcase_add_test(tc, test_without_any_vote_the_first_reply_stands);
    tcase_add_test(tc, test_one_sample_of_one_model_is_refused);
    tcase_add_loop_test(tc, test_tasks_of_many_steps_have_no_candidates, 0, 2);
    return tc;
}

static TCase *case_debate(void) {
    TCase *tc = tcase_create("debate");

    tcase_add_test(tc, test_agents_answer_alone_then_read_the_others);
    tcase_add_test(tc, test_the_majority_after_every_round_is_a_candidate);
    tcase_add_test(tc, test_one_model_can_play_several_agents_and_rounds);
    tcase_add_test(
        tc, test_a_failed_agent_keeps_its_last_answer_and_is_not_shown_without_one);
    tcase_add_test(tc, test_a_judge_has_the_last_word);
    tcase_add_test(tc, test_a_failed_judge_leaves_no_answer);
    tcase_add_test(tc, test_nobody_asks_a_judge_about_nothing);
    tcase_add_test(tc, test_a_debate_needs_two_to_sixteen_agents);
    return tc;
}

Suite *suite_methods(void) {
    Suite *s = suite_create("methods");
    TCase *single = tcase_create("single");
    TCase *all = tcase_create("all");

    tcase_add_test(single, test_single_asks_once_and_answers_with_the_reply);
    tcase_add_test(single, test_single_shows_as_many_worked_examples_as_wanted);
    tcase_add_test(single, test_shots_without_a_training_split_are_refused);
    tcase_add_test(single, test_a_failed_reply_leaves_the_answer_empty);
    tcase_add_test(single, test_a_published_prompt_is_sent_without_a_format);
    tcase_add_loop_test(all, test_a_stop_is_passed_on, 0, 3);
    tcase_add_loop_test(all, test_null_has_an_action_of_every_kind, 0, 3);
    tcase_add_loop_test(all, test_estimates_count_the_calls_to_each_model, 0, 5);
    tcase_add_loop_test(all, test_methods_survive_a_lack_of_memory, 0, 3);
    suite_add_tcase(s, single);
    suite_add_tcase(s, case_vote());
    suite_add_tcase(s, case_debate());
    suite_add_tcase(s, all);
    return s;
}
