/* check_econ_play.c - ECON plays questions on a fake host: strategy, stages, clusters,
 * bad input. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chaos_plugin.h"
#include "econ_suites.h"
#include "econ_table.h"
#include "strategy.h"

static const econ_seats three = {.executors = 3, .budget = 8};
static const econ_seats grid = {
    .executors = 9, .clusters = 3, .sizes = {3, 3, 3}, .locals = 3, .budget = 8};

static void ask(fake_host *f) {
    accord_code rc = fake_ask(f, &fake_question, 1);

    ck_assert_msg(rc == ACCORD_OK, "%s", f->err.msg);
}

static void ck_has(const char *text, const char *part) {
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text);
}

static void ck_lacks(const char *text, const char *part) {
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text);
}

/* ---- calls ------------------------------------------------------------------------ */

static const struct {
    const char *options;
    uint32_t stages;
} lengths[] = {{"\"stages\":1", 1},
               {"", 2},
               {"\"action\":\"fixed\"", 2},
               {"\"action\":\"random\"", 2}};

START_TEST(test_calls_are_1_plus_stages_times_n_plus_1) {
    fake_host *f = econ_seat(lengths[_i].options, &three);
    uint32_t stages = lengths[_i].stages;

    ask(f);
    ck_assert_uint_eq(f->n_calls, 1 + stages * (3 + 1));
    ck_assert_uint_eq(f->n_batches, 1 + stages * 2);
    ck_assert_uint_eq(econ_calls(f, "strategy", 0), 1);
    for (int t = 0; t < (int)stages; t++) {
        ck_assert_uint_eq(econ_calls(f, "executor", t), 3);
        ck_assert_uint_eq(econ_calls(f, "coordinator", t), 1);
    }
    ck_assert_str_eq(f->answer, "all in all =18");
    fake_destroy(f);
}
END_TEST

START_TEST(test_nine_executors_in_three_clusters_make_17_calls) {
    fake_host *f = econ_seat("\"stages\":1", &grid);

    ask(f);
    ck_assert_uint_eq(f->n_calls, 17);
    ck_assert_uint_eq(econ_calls(f, "strategy", 0), 1);
    ck_assert_uint_eq(econ_calls(f, "refine", 0), 3);
    ck_assert_uint_eq(econ_calls(f, "executor", 0), 9);
    ck_assert_uint_eq(econ_calls(f, "local", 0), 3);
    ck_assert_uint_eq(econ_calls(f, "coordinator", 0), 1);
    ck_assert_uint_eq(f->n_batches, 5);
    ck_assert_int_eq(econ_call(f, "local", 2, 0)->model, TABLE_LOCAL + 2);
    ck_has(econ_call(f, "refine", 1, 0)->prompt, "Plan: add both numbers\n");
    ck_has(econ_call(f, "executor", 5, 0)->prompt, "Plan: group 1 adds\n");
    ck_has(econ_call(f, "local", 1, 0)->prompt, "Peer 3: I think that 5 =18\n");
    ck_lacks(econ_call(f, "local", 1, 0)->prompt, "I think that 2");
    ck_has(econ_call(f, "coordinator", 0, 0)->prompt, "Peer 3: group 2 says =18\n");
    ck_lacks(econ_call(f, "coordinator", 0, 0)->prompt, "I think");
    fake_destroy(f);
}
END_TEST

static const struct {
    const char *options;
    const econ_seats *seats;
    uint32_t role, first, count; /* the models of a role by number */
    const char *names[2];
    uint32_t quoted; /* in each call on the mean: answers of 1024 tokens, plans of 70 */
} priced[] = {
    {"", &three, 0, 0, 1, {"strategy", "coordinator"}, 2048}, /* 2 x 3 answers in 3 */
    {"", &three, 1, 1, 1, {"executor", NULL}, 70 + 1024},     /* 2 answers in 2 */
    {"\"plan_again\":false", &three, 1, 1, 1, {"executor", NULL}, 35 + 1024},
    {"\"commitment\":\"majority\"", &three, 0, 0, 1, {"strategy", "coordinator"}, 0},
    {"\"strategy\":\"none\"", &three, 0, 0, 1, {"strategy", "coordinator"}, 3072},
    {"\"stages\":1", &grid, 0, 0, 1, {"strategy", "coordinator"}, (3072 + 70) / 2},
    {"\"stages\":1", &grid, 2, TABLE_LOCAL, 1, {"refine", "local"}, (3072 + 70) / 2},
};

START_TEST(test_estimates_count_the_calls_to_each_model) {
    fake_host *f = econ_seat(priced[_i].options, priced[_i].seats);
    accord_estimate estimate = {.struct_size = sizeof(estimate)};
    uint32_t n = 0;

    f->method->estimate(f->self, priced[_i].role, 0, &estimate);
    ask(f);
    for (uint32_t i = 0; i < f->n_calls; i++)
        n += f->calls[i].model == (int)priced[_i].first;
    ck_assert_uint_eq(estimate.calls, n);
    ck_assert_uint_eq(estimate.max_tokens, 1024);
    ck_assert_uint_eq(estimate.quoted, priced[_i].quoted);
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_commitment_of_every_stage_is_a_candidate) {
    fake_host *f;

    econ_says.merged[0] = "at first =7";
    f = econ_seat("", &three);
    ask(f);
    ck_assert_uint_eq(f->n_candidates, 2);
    for (uint32_t t = 0; t < 2; t++) {
        ck_assert_str_eq(f->candidates[t].kind, "stage");
        ck_assert_uint_eq(f->candidates[t].index, t);
        ck_assert_str_eq(f->candidates[t].text, econ_says.merged[t]);
    }
    fake_destroy(f);
}
END_TEST

/* ---- what is seen ----------------------------------------------------------------- */

START_TEST(test_item_7_prompts_of_executors_contain_no_peer_text) {
    fake_host *f = econ_seat("", _i ? &grid : &three);
    uint32_t n = _i ? 9 : 3;

    ask(f);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t t = 0; t < 2; t++)
            for (uint32_t k = 0; k < n; k++)
                if (k != i)
                    ck_lacks(econ_call(f, "executor", i, t)->prompt,
                             econ_says.said[0][k]);
    fake_destroy(f);
}
END_TEST

START_TEST(test_an_executor_sees_question_plan_its_own_answer_and_the_final_output) {
    fake_host *f = econ_seat("", &three);

    ask(f);
    const char *first = econ_call(f, "executor", 1, 0)->prompt;
    ck_has(first, "user: Task: answer\nQuestion: How many?\nFormat: End with =NUMBER\n"
                  "Plan: add both numbers\n");
    ck_lacks(first, "Answer:");
    ck_lacks(first, "Peer");
    ck_has(econ_call(f, "executor", 1, 1)->prompt,
           "user: Task: revise\nQuestion: How many?\nFormat: End with =NUMBER\n"
           "Plan: add both numbers\nAnswer: I think that 1 =18\nPeer 1: all in all "
           "=18\n\n");
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_plan_can_be_left_out_of_later_stages) {
    fake_host *f = econ_seat("\"plan_again\":false", &three);

    ask(f);
    ck_has(econ_call(f, "executor", 0, 0)->prompt, "Plan: add both numbers\n");
    ck_lacks(econ_call(f, "executor", 0, 1)->prompt, "Plan:");
    fake_destroy(f);
}
END_TEST

START_TEST(test_without_a_strategy_nobody_plans) {
    fake_host *f = econ_seat("\"strategy\":\"none\"", &three);

    ask(f);
    ck_assert_uint_eq(econ_calls(f, "strategy", -1), 0);
    ck_lacks(econ_call(f, "executor", 0, 0)->prompt, "Plan:");
    fake_destroy(f);
}
END_TEST

/* ---- actions ---------------------------------------------------------------------- */

START_TEST(test_item_1_temperature_and_top_p_stay_in_the_box) {
    static const char *const options[] = {
        "", "\"action\":\"random\"",
        "\"t_min\":0.3,\"t_max\":0.4,\"p_min\":0.5,\"p_max\":0.6"};
    fake_host *f = econ_seat(options[_i], &three);
    double low = _i == 2 ? 0.3 : 0.1, high = _i == 2 ? 0.4 : 2;
    double p_low = _i == 2 ? 0.5 : 0.1, p_high = _i == 2 ? 0.6 : 0.9;

    for (uint64_t s = 0; s < 10; s++)
        ck_assert_int_eq(_i == 1 ? fake_ask(f, &fake_question, s)
                                 : fake_teach(f, &fake_question, s),
                         ACCORD_OK);
    for (uint32_t i = 0; i < f->n_calls; i++) {
        const accord_request *r = &f->calls[i].request;
        if (strcmp(r->role, "executor") != 0)
            continue;
        ck_assert(r->temperature >= low - 1e-6 && r->temperature <= high + 1e-6);
        ck_assert(r->top_p >= p_low - 1e-6 && r->top_p <= p_high + 1e-6);
    }
    fake_destroy(f);
}
END_TEST

START_TEST(test_fixed_actions_are_the_middle_of_the_box_or_as_set) {
    fake_host *f = econ_seat(_i ? "\"action\":\"fixed\",\"fixed_temperature\":0.7,"
                                  "\"fixed_top_p\":0.8"
                                : "\"action\":\"fixed\"",
                             &three);

    ask(f);
    const accord_request *r = &econ_call(f, "executor", 2, 1)->request;
    ck_assert_double_eq_tol(r->temperature, _i ? 0.7 : 1.05, 1e-6);
    ck_assert_double_eq_tol(r->top_p, _i ? 0.8 : 0.5, 1e-6);
    fake_destroy(f);
}
END_TEST

/* The second stage knows the commitment of the first. */
START_TEST(test_item_6_stage_2_changes_the_action_when_the_commitment_changes) {
    double action[2];

    for (int v = 0; v < 2; v++) {
        econ_says.merged[0] = v ? "quite another =5" : "all in all =18";
        fake_host *f = econ_seat("", &three);
        for (uint64_t s = 0; s < 8; s++)
            ck_assert_int_eq(fake_teach(f, &fake_question, s), ACCORD_OK);
        ask(f);
        const fake_call *last = NULL;
        for (uint32_t i = 0; i < f->n_calls; i++)
            if (strcmp(f->calls[i].request.role, "executor") == 0 &&
                f->calls[i].request.round == 1)
                last = &f->calls[i];
        action[v] = last->request.temperature;
        fake_destroy(f);
    }
    ck_assert_msg(fabs(action[0] - action[1]) > 1e-6, "%g twice", action[0]);
}
END_TEST

/* ---- strategy --------------------------------------------------------------------- */

static char long_plan[600];

static void make_long_plan(void) {
    for (size_t i = 0; i < 71; i++)
        snprintf(long_plan + 5 * i, sizeof(long_plan) - 5 * i, "word ");
}

START_TEST(test_item_7_a_strategy_has_at_most_70_tokens) {
    fake_host *f = econ_seat("", &three);

    make_long_plan();
    econ_says.strategy[0] = long_plan;
    ask(f);
    ck_assert_uint_eq(econ_calls(f, "strategy", 0), 2);
    for (uint32_t i = 0; i < 2; i++) {
        ck_assert_uint_eq(f->calls[i].request.sample, i);
        ck_assert_uint_eq(f->calls[i].request.max_tokens, 70);
    }
    ck_has(econ_call(f, "executor", 0, 0)->prompt, "Plan: add them\n");
    fake_destroy(f);
}
END_TEST

START_TEST(test_three_bad_strategies_make_a_generic_one) {
    static const char *const bad[] = {NULL, "", "the answer is 18", long_plan};
    fake_host *f = econ_seat("", &three);
    uint32_t n;

    make_long_plan();
    for (int i = 0; i < 3; i++)
        econ_says.strategy[i] = bad[(_i + i) % 4];
    ask(f);
    ck_assert_uint_eq(econ_calls(f, "strategy", 0), 3);
    ck_has(econ_call(f, "executor", 0, 0)->prompt, "Plan: Find out what is asked.");
    ck_assert(fake_metric_of(f, "generic_plan", &n) == 1 && n == 1);
    fake_destroy(f);
}
END_TEST

static const struct {
    const char *plan, *canon;
    bool leaks;
} plans[] = {
    {"First multiply 7 by 12. Then subtract 4 from the result of step 1.", "1", false},
    {"Compute the total. End with \\boxed{N}.", NULL, false},
    {"Check the facts, then answer yes or no.", "no", false},
    {"Say whether the answer is yes or no.", "no", false},
    {"Find x so that y = x + z holds.", NULL, false},
    {"First the red block is on the blue block.", "", false},
    {"The answer is 80.", "80", true},
    {"the Answer is: $80", "80", true},
    {"so \\boxed{80}", "80", true},
    {"so \\boxed{-\\frac{1}{2}}", "-1/2", true},
    {"#### 80", "80", true},
    {"Answer: yes, because it floats", "yes", true},
    {"The answer is no.", "no", true},
    {"Multiply: 7 * 12 = 84, then subtract.", "84", true},
    {"(unstack b a)\n(put-down b)", "(unstack b a) (put-down b)", true},
};

START_TEST(test_item_7_a_plan_that_gives_the_answer_away_is_found) {
    ck_assert_msg(econ_leaks(plans[_i].plan, plans[_i].canon) == plans[_i].leaks, "%s",
                  plans[_i].plan);
}
END_TEST

START_TEST(test_what_the_answer_shows_of_a_leak) {
    ck_assert(econ_reveals("it is 84 minus 4", "7 rows of 12, 4 gone", "84"));
    ck_assert(!econ_reveals("take 12 of 7", "7 rows of 12", "12"));
    ck_assert(!econ_reveals("it is 840 or 84.5 or x84", "7 rows", "84"));
    ck_assert(econ_reveals("it is 84.", "7 rows", "84"));
}
END_TEST

/* ---- stop rules ------------------------------------------------------------------- */

static const struct {
    const char *merged[4], *options;
    uint32_t stages;
} endings[] = {
    {{"a =1", "b =1"}, "\"stages\":4,\"eps_e\":0,\"eps_c\":0", 2}, /* the same answer */
    {{"a =1", "b =2", "c =3", "d =4"}, "\"stages\":4,\"eps_e\":0,\"eps_c\":0", 4},
    {{"a =1", "b =2", "c =3", "d =4"}, "\"stages\":4,\"eps_e\":1,\"eps_c\":0", 2},
    {{"a =1", "b =2", "c =3", "d =4"}, "\"stages\":4,\"eps_e\":0,\"eps_c\":2", 2},
    {{"a =1", "b =2", "c =3", "d =4"}, /* settled actions are no news of controls */
     "\"stages\":4,\"action\":\"fixed\",\"eps_e\":1,\"eps_c\":0",
     4},
};

START_TEST(test_stages_end_when_answers_outputs_or_actions_settle) {
    fake_host *f = econ_seat(endings[_i].options, &three);
    uint32_t n;

    memcpy(econ_says.merged, endings[_i].merged, sizeof(econ_says.merged));
    ask(f);
    ck_assert(fake_metric_of(f, "stages", &n) == endings[_i].stages);
    ck_assert_uint_eq(econ_calls(f, "coordinator", -1), endings[_i].stages);
    fake_destroy(f);
}
END_TEST

/* ---- commitment ------------------------------------------------------------------- */

START_TEST(test_no_readable_answer_is_undetermined_and_nobody_is_asked_to_merge) {
    fake_host *f = econ_seat("", &three);
    uint32_t n;

    for (int t = 0; t < 2; t++)
        for (int i = 0; i < 3; i++)
            econ_says.said[t][i] = i ? "no idea" : NULL;
    ask(f);
    ck_assert_str_eq(f->answer, "undetermined");
    ck_assert_uint_eq(econ_calls(f, "coordinator", -1), 0);
    ck_assert(fake_metric_of(f, "undetermined", &n) == 1);
    ck_has(econ_call(f, "executor", 0, 1)->prompt, "Task: answer\n");
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_failed_merge_makes_up_no_answer) {
    static const char *const failures[] = {NULL, "", "I cannot tell"};
    fake_host *f = econ_seat("", &three);

    econ_says.merged[0] = econ_says.merged[1] = failures[_i];
    ask(f);
    ck_assert_str_eq(f->answer, "undetermined");
    fake_destroy(f);
    econ_says.merged[0] = "early =18";
    f = econ_seat("", &three);
    ask(f);
    ck_assert_str_eq(f->answer, "early =18");
    fake_destroy(f);
}
END_TEST

START_TEST(test_only_readable_answers_are_merged) {
    fake_host *f = econ_seat("", &three);

    econ_says.said[0][1] = "no idea";
    ask(f);
    ck_has(econ_call(f, "coordinator", 0, 0)->prompt,
           "Task: merge\nQuestion: How many?\nFormat: End with =NUMBER\n"
           "Peer 1: I think that 0 =18\nPeer 2: I think that 2 =18\n\n");
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_majority_takes_the_coordinators_place) {
    fake_host *f = econ_seat("\"commitment\":\"majority\"", &three);

    for (int t = 0; t < 2; t++)
        econ_says.said[t][0] = "alone =7";
    ask(f);
    ck_assert_uint_eq(econ_calls(f, "coordinator", -1), 0);
    ck_assert_str_eq(f->answer, "I think that 1 =18");
    fake_destroy(f);
}
END_TEST

/* ---- evaluation, bad input --------------------------------------------------------- */

START_TEST(test_item_8_evaluation_never_reads_labels_and_embeds_only_what_actions_need) {
    static const struct {
        const char *options;
        uint32_t embedded;
    } cases[] = {{"", 3},
                 {"\"stages\":1", 2},
                 {"\"action\":\"fixed\"", 0},
                 {"\"team\":\"score\"", 3}};
    fake_host *f = econ_seat(cases[_i].options, &three);

    ask(f);
    ck_assert_uint_eq(f->n_scores, 0);
    ck_assert_uint_eq(f->n_embeds, cases[_i].embedded); /* question, plan, C of stage 1 */
    fake_destroy(f);
}
END_TEST

START_TEST(test_evaluation_neither_explores_nor_learns) {
    fake_host *f = econ_seat("", &three);
    double first[2];

    for (uint64_t s = 0; s < 20; s++) {
        ck_assert_int_eq(fake_ask(f, &fake_question, s), ACCORD_OK);
        const accord_request *r = &f->calls[f->n_calls - 2].request;
        if (s == 0) {
            first[0] = r->temperature;
            first[1] = r->top_p;
        }
        ck_assert(r->temperature == first[0] && r->top_p == first[1]);
    }
    fake_destroy(f);
}
END_TEST

static const struct {
    econ_seats seats;
    const char *options, *why;
} refusals[] = {
    {{.executors = 3, .caps = ACCORD_CAP_TOP_P}, "", "model fake embeds no texts"},
    {{.executors = 3, .caps = ACCORD_CAP_TOP_P},
     "\"action\":\"fixed\",\"stages\":3",
     "model fake embeds no texts"},
    {{.executors = 5, .clusters = 1, .locals = 1}, "", "in no clusters"},
    {{.executors = 6, .clusters = 2, .sizes = {5, 1}}, "", "has 5 executors"},
    {{.executors = 5, .clusters = 5, .sizes = {1, 1, 1, 1, 1}}, "", "5 clusters"},
    {{.executors = 4, .clusters = 2, .sizes = {2, 2}, .locals = 3},
     "",
     "3 local coordinators for 2 clusters"},
    {{.executors = 3}, "\"t_min\":1,\"t_max\":0.5", "box of actions is empty"},
    {{.executors = 3}, "\"fixed_top_p\":0.95", "outside the box"},
    {{.executors = 3}, "\"alpha_al\":0.9", "add up to 1.5"},
    {{.executors = 3},
     "\"ts\":\"coordinator\",\"commitment\":\"majority\"",
     "assesses nobody"},
    {{.executors = 5}, "\"probe\":\"ends\"", "deviations of 5 executors"},
    {{.executors = 4, .clusters = 2, .sizes = {2, 2}},
     "\"probe\":\"ends\"",
     "executors in clusters"},
};

START_TEST(test_what_does_not_fit_is_refused_with_a_sentence) {
    fake_host *f = econ_seat_at(ECON_SO, refusals[_i].options, &refusals[_i].seats);

    ck_assert_int_eq(f->err.code, ACCORD_E_CONFIG);
    ck_has(f->err.msg, refusals[_i].why);
    fake_destroy(f);
}
END_TEST

START_TEST(test_controls_need_no_embeddings) {
    const econ_seats blind = {.executors = 3, .caps = ACCORD_CAP_TOP_P};
    fake_host *f = econ_seat("\"action\":\"random\"", &blind);

    ask(f);
    ck_assert_str_eq(f->answer, "all in all =18");
    ck_assert_uint_eq(f->n_embeds, 0);
    fake_destroy(f);
}
END_TEST

START_TEST(test_executors_that_fail_leave_the_others) {
    fake_host *f = econ_seat("", &three);

    econ_says.said[0][0] = econ_says.said[0][2] = econ_says.said[1][1] = NULL;
    ask(f);
    ck_assert_str_eq(f->answer, "all in all =18");
    ck_has(econ_call(f, "coordinator", 0, 0)->prompt, "Peer 1: I think that 1 =18\n\n");
    ck_lacks(econ_call(f, "executor", 0, 1)->prompt, "Answer:");
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_stop_is_passed_on) {
    fake_host *f = econ_seat("", &three);

    f->stop = ACCORD_E_STOPPED;
    ck_assert_int_eq(fake_ask(f, &fake_question, 1), ACCORD_E_STOPPED);
    ck_assert_ptr_null(f->answer);
    fake_destroy(f);
}
END_TEST

/* ---- memory ----------------------------------------------------------------------- */

static const struct {
    const char *options;
    econ_seats seats;
} scarce[] = {
    {"\"stages\":2,\"probe\":\"every\",\"probe_items\":2,\"deviations\":0",
     {.executors = 2, .budget = 4}},
    {"\"ts\":\"coordinator\"", {.executors = 2, .budget = 4}},
    {"\"stages\":1,\"commitment\":\"majority\"",
     {.executors = 3, .clusters = 2, .sizes = {2, 1}, .budget = 4}},
};

static void play_all(fake_host *f) {
    for (uint64_t s = 0; s < 2 && !f->err.code; s++)
        fake_teach(f, &fake_question, s);
    if (!f->err.code)
        fake_ask(f, &fake_question, 1);
}

START_TEST(test_a_lack_of_memory_is_told) {
    const chaos_plugin *chaos = chaos_of("tests/chaos/econ.so");
    uint64_t n = 0;
    int failed;

    do {
        chaos->fail_after(n++);
        fake_host *f =
            econ_seat_at("tests/chaos/econ.so", scarce[_i].options, &scarce[_i].seats);
        play_all(f);
        failed = chaos->stop();
        ck_assert_msg(f->err.code == (failed ? ACCORD_E_NOMEM : ACCORD_OK), "%llu: %s",
                      (unsigned long long)n, f->err.msg);
        fake_destroy(f);
    } while (failed);
    ck_assert_uint_gt(n, 50);
}
END_TEST

static TCase *case_strategy(void) {
    TCase *tc = tcase_create("strategy");

    tcase_add_checked_fixture(tc, econ_says_reset, NULL);
    tcase_add_test(tc, test_item_7_a_strategy_has_at_most_70_tokens);
    tcase_add_loop_test(tc, test_three_bad_strategies_make_a_generic_one, 0, 4);
    tcase_add_loop_test(tc, test_item_7_a_plan_that_gives_the_answer_away_is_found, 0,
                        sizeof(plans) / sizeof(plans[0]));
    tcase_add_test(tc, test_what_the_answer_shows_of_a_leak);
    tcase_add_test(tc, test_without_a_strategy_nobody_plans);
    tcase_add_test(tc, test_the_plan_can_be_left_out_of_later_stages);
    return tc;
}

static TCase *case_stages(void) {
    TCase *tc = tcase_create("stages");

    tcase_add_checked_fixture(tc, econ_says_reset, NULL);
    tcase_add_loop_test(tc, test_calls_are_1_plus_stages_times_n_plus_1, 0, 4);
    tcase_add_test(tc, test_nine_executors_in_three_clusters_make_17_calls);
    tcase_add_loop_test(tc, test_estimates_count_the_calls_to_each_model, 0, 7);
    tcase_add_test(tc, test_the_commitment_of_every_stage_is_a_candidate);
    tcase_add_loop_test(tc, test_item_7_prompts_of_executors_contain_no_peer_text, 0, 2);
    tcase_add_test(
        tc, test_an_executor_sees_question_plan_its_own_answer_and_the_final_output);
    tcase_add_loop_test(tc, test_item_1_temperature_and_top_p_stay_in_the_box, 0, 3);
    tcase_add_loop_test(tc, test_fixed_actions_are_the_middle_of_the_box_or_as_set, 0, 2);
    tcase_add_test(tc,
                   test_item_6_stage_2_changes_the_action_when_the_commitment_changes);
    tcase_add_loop_test(tc, test_stages_end_when_answers_outputs_or_actions_settle, 0,
                        sizeof(endings) / sizeof(endings[0]));
    return tc;
}

static TCase *case_commitment(void) {
    TCase *tc = tcase_create("commitment");

    tcase_add_checked_fixture(tc, econ_says_reset, NULL);
    tcase_add_test(tc,
                   test_no_readable_answer_is_undetermined_and_nobody_is_asked_to_merge);
    tcase_add_loop_test(tc, test_a_failed_merge_makes_up_no_answer, 0, 3);
    tcase_add_test(tc, test_only_readable_answers_are_merged);
    tcase_add_test(tc, test_the_majority_takes_the_coordinators_place);
    return tc;
}

static TCase *case_rules(void) {
    TCase *tc = tcase_create("rules");

    tcase_add_checked_fixture(tc, econ_says_reset, NULL);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(
        tc, test_item_8_evaluation_never_reads_labels_and_embeds_only_what_actions_need,
        0, 4);
    tcase_add_test(tc, test_evaluation_neither_explores_nor_learns);
    tcase_add_loop_test(tc, test_what_does_not_fit_is_refused_with_a_sentence, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(tc, test_controls_need_no_embeddings);
    tcase_add_test(tc, test_executors_that_fail_leave_the_others);
    tcase_add_test(tc, test_a_stop_is_passed_on);
    tcase_add_loop_test(tc, test_a_lack_of_memory_is_told, 0,
                        sizeof(scarce) / sizeof(scarce[0]));
    return tc;
}

Suite *suite_econ_play(void) {
    Suite *s = suite_create("econ_play");

    suite_add_tcase(s, case_strategy());
    suite_add_tcase(s, case_stages());
    suite_add_tcase(s, case_commitment());
    suite_add_tcase(s, case_rules());
    return s;
}
