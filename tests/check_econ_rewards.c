/* check_econ_rewards.c - what executors earn, how training hears of it, and what is
 * saved. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commit.h"
#include "econ_suites.h"
#include "econ_table.h"
#include "scratch.h"

static const econ_seats three = {.executors = 3, .budget = 8};

static void teach(fake_host *f, uint64_t stream) {
    accord_code rc = fake_teach(f, &fake_question, stream);

    ck_assert_msg(rc == ACCORD_OK, "%s", f->err.msg);
}

static void ck_metric(const fake_host *f, const char *name, double value) {
    uint32_t n;
    double was = fake_metric_of(f, name, &n);

    ck_assert_msg(fabs(was - value) < 1e-6, "%s is %g, not %g", name, was, value);
}

/* ---- pluralities ------------------------------------------------------------------ */

static char forms[][4] = {"18", "18", "7", "5", "5"};

static econ_answer answer(const char *form) {
    return (econ_answer){.text = "", .canon = form ? (char *)(uintptr_t)form : NULL};
}

START_TEST(test_the_plurality_is_the_first_of_the_largest_group) {
    const econ_answer a[] = {answer("7"), answer(NULL), answer("18"), answer("5"),
                             answer("18")};

    ck_assert_ptr_eq(econ_plurality(a, 5, 5), &a[2]);
    ck_assert_ptr_eq(econ_plurality(a, 5, 4), &a[0]); /* 7, 18 and 5 are tied */
    ck_assert_ptr_null(econ_plurality(a + 1, 1, 1));
    ck_assert(!econ_answer_equal(&a[1], &a[1]));
}
END_TEST

START_TEST(test_quality_does_not_depend_on_who_stands_first) {
    const econ_answer a[] = {answer(forms[0]), answer(forms[2]), answer(forms[3])};
    const econ_answer b[] = {answer(forms[2]), answer(forms[3]), answer(forms[0])};
    const double right[] = {1, 0, 0}, left[] = {0, 0, 1};

    ck_assert_double_eq_tol(econ_plurality_quality(a, right, 3, 3), 1.0 / 3, 1e-12);
    ck_assert_double_eq_tol(econ_plurality_quality(b, left, 3, 3), 1.0 / 3, 1e-12);
    ck_assert(econ_plurality_quality(a, right, 3, 0) == 0);
    ck_assert_double_eq_tol(econ_plurality_quality(a, right, 3, 1), 0.5, 1e-12);
    ck_assert(econ_plurality_quality(a, right, 0, 0) == 0);
}
END_TEST

/* ---- scores of a coordinator ------------------------------------------------------- */

static const struct {
    const char *text, *before;
    double score[3]; /* -1: none */
} assessments[] = {
    {"it is =18\nScores: 0.5, 1, 0", "it is =18\n", {0.5, 1, 0}},
    {"it is =18\nScores: 1: 0.2", "it is =18\n", {1, 0.2, -1}},
    {"it is =18\nScores: .5 7", "it is =18\n", {0.5, 1, -1}},
    {"it is =18\nScores: good\n3", "it is =18\n", {-1, -1, -1}},
    {"Scores: 1 1 1\nit is =18\nScores: 0 0 0", "Scores: 1 1 1\nit is =18\n", {0, 0, 0}},
    {"The Scores: 1 1 1", "The Scores: 1 1 1", {-1, -1, -1}},
    {"", "", {-1, -1, -1}},
};

START_TEST(test_scores_are_read_from_the_last_line_that_has_them) {
    double score[3];
    size_t n = econ_read_scores(assessments[_i].text, score, 3);

    ck_assert_uint_eq(n, strlen(assessments[_i].before));
    for (int i = 0; i < 3; i++) {
        double wanted = assessments[_i].score[i];
        ck_assert_msg(wanted < 0 ? isnan(score[i]) : fabs(score[i] - wanted) < 1e-12,
                      "number %d is %g", i, score[i]);
    }
}
END_TEST

START_TEST(test_a_coordinator_can_assess_in_place_of_the_checker) {
    fake_host *f = econ_seat("\"ts\":\"coordinator\",\"stages\":1", &three);

    econ_says.said[0][1] = "nothing to say";
    econ_says.merged[0] = "all in all =18\nScores: 0.9, 0.3";
    teach(f, 1);
    ck_assert_uint_eq(f->n_scores, 0);
    ck_assert_str_eq(f->answer, "all in all =18\n");
    ck_metric(f, "reward_ts", (0.9 + 0 + 0.3) / 3);
    ck_assert_ptr_nonnull(
        strstr(econ_call(f, "coordinator", 0, 0)->prompt, "\"Scores:\""));
    fake_destroy(f);
}
END_TEST

/* ---- rewards ---------------------------------------------------------------------- */

START_TEST(test_agreement_is_the_cosine_with_the_final_output) {
    fake_host *f = econ_seat("\"stages\":1,\"commitment\":\"majority\"", &three);

    for (int i = 0; i < 3; i++)
        econ_says.said[0][i] = "word for word =18";
    teach(f, 1);
    ck_metric(f, "reward_al", 1);
    ck_metric(f, "reward_ts", 1);
    ck_metric(f, "reward_cc", 0); /* the others would have said so too */
    ck_metric(f, "reward", 0.8);
    ck_assert_uint_eq(f->n_scores, 3);
    ck_assert_uint_eq(f->n_embeds, 2 + 3 + 1);
    fake_destroy(f);
}
END_TEST

/* One of three is right: it lifts the quality from 0 to 1/3; each wrong one takes from
 * 1/2 to 1/3. */
START_TEST(test_contribution_is_the_marginal_of_each_executor) {
    fake_host *f = econ_seat("\"stages\":1", &three);

    econ_says.said[0][1] = "no =7";
    econ_says.said[0][2] = "no =8";
    teach(f, 1);
    ck_metric(f, "reward_ts", 1.0 / 3);
    ck_metric(f, "reward_cc", (1.0 / 3 - 2 * (1.0 / 2 - 1.0 / 3)) / 3);
    fake_destroy(f);
}
END_TEST

START_TEST(test_an_unreadable_answer_earns_nothing) {
    fake_host *f = econ_seat("\"stages\":1", &three);

    for (int i = 0; i < 3; i++)
        econ_says.said[0][i] = i == 0 ? NULL : "no idea";
    teach(f, 1);
    ck_metric(f, "reward_al", 0);
    ck_metric(f, "reward_ts", 0);
    ck_metric(f, "reward_cc", 0);
    ck_metric(f, "reward", 0);
    ck_assert_uint_eq(f->n_scores, 0);
    fake_destroy(f);
}
END_TEST

/* With beta 1 an executor earns what its cluster does. */
START_TEST(test_clusters_earn_by_their_likeness_to_the_final_output) {
    const econ_seats seats = {
        .executors = 4, .clusters = 2, .sizes = {2, 2}, .budget = 8};
    fake_host *f = econ_seat("\"stages\":1,\"beta\":1,\"probe\":\"ends\","
                             "\"deviations\":0,\"probe_items\":2",
                             &seats);
    uint32_t n;

    econ_says.local[0][0] = econ_says.local[0][1] = "all in all =18";
    for (f->item = 0; f->item < 2; f->item++)
        ck_assert_int_eq(fake_probe(f, &fake_question, f->item), ACCORD_OK);
    ck_assert_double_eq_tol(fake_metric_of(f, "probe.reward", &n), 1, 1e-6);
    ck_assert_uint_eq(n, 1);
    fake_destroy(f);
}
END_TEST

START_TEST(test_the_final_outputs_score_can_be_the_teams_reward) {
    fake_host *f = econ_seat("\"stages\":1,\"team\":\"score\"", &three);

    teach(f, 1);
    ck_assert_uint_eq(f->n_scores, 4);
    fake_destroy(f);
}
END_TEST

/* ---- learning --------------------------------------------------------------------- */

START_TEST(test_losses_and_actions_are_told_when_the_networks_learn) {
    static const char *const names[] = {"loss.td",    "loss.td_total",   "loss.encoder",
                                        "loss.mixer", "loss.difference", "loss.reward",
                                        "alpha.al",   "alpha.ts",        "alpha.cc"};
    fake_host *f = econ_seat("", &three);
    uint32_t n;

    for (uint64_t s = 0; s < 4; s++)
        teach(f, s);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ck_assert_msg(isfinite(fake_metric_of(f, names[i], &n)), "%s", names[i]);
        ck_assert_msg(n == 2, "%s: %u times in 4 episodes", names[i], n);
    }
    ck_assert(isfinite(fake_metric_of(f, "temperature.2", &n)) && n == 4);
    ck_assert(isfinite(fake_metric_of(f, "agreement", &n)) && n == 4);
    fake_destroy(f);
}
END_TEST

static const accord_learner_ops *learner_of(const fake_host *f) {
    return f->plugin->ops->extension(ACCORD_LEARNER);
}

START_TEST(test_the_controls_have_nothing_to_learn) {
    static const char *const options[] = {"\"action\":\"fixed\"", "\"action\":\"random\"",
                                          ""};
    fake_host *f = econ_seat(options[_i], &three);

    ck_assert_int_eq(learner_of(f)->finished(f->self), _i < 2);
    fake_destroy(f);
}
END_TEST

/* Actions of an episode of training: those of its executors' requests. */
static void actions_of(fake_host *f, uint64_t stream, double out[6]) {
    uint32_t first = f->n_calls, k = 0;

    teach(f, stream);
    for (uint32_t i = first; i < f->n_calls; i++)
        if (strcmp(f->calls[i].request.role, "executor") == 0 && k < 6)
            out[k++] = f->calls[i].request.temperature;
    ck_assert_uint_eq(k, 6);
}

START_TEST(test_what_is_loaded_goes_on_as_what_was_saved) {
    char *dir = scratch_path("");
    fake_host *a = econ_seat("", &three), *b = econ_seat("", &three);
    double first[6], second[6];

    for (uint64_t s = 0; s < 3; s++)
        teach(a, s);
    ck_assert_int_eq(learner_of(a)->save(a->self, dir, &a->err), ACCORD_OK);
    ck_assert_int_eq(learner_of(b)->load(b->self, dir, &b->err), ACCORD_OK);
    for (uint64_t s = 3; s < 7; s++) {
        actions_of(a, s, first);
        actions_of(b, s, second);
        for (int i = 0; i < 6; i++)
            ck_assert(first[i] == second[i]);
    }
    fake_destroy(a);
    fake_destroy(b);
    free(dir);
}
END_TEST

START_TEST(test_a_folder_without_a_checkpoint_is_refused) {
    char *dir = scratch_path("");
    fake_host *f = econ_seat("", &three);

    ck_assert_int_ne(learner_of(f)->load(f->self, dir, &f->err), ACCORD_OK);
    ck_assert_msg(strstr(f->err.msg, dir) != NULL, "%s", f->err.msg);
    fake_destroy(f);
    free(dir);
}
END_TEST

Suite *suite_econ_rewards(void) {
    Suite *s = suite_create("econ_rewards");
    TCase *tc = tcase_create("rewards");

    tcase_add_checked_fixture(tc, econ_says_reset, NULL);
    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_the_plurality_is_the_first_of_the_largest_group);
    tcase_add_test(tc, test_quality_does_not_depend_on_who_stands_first);
    tcase_add_loop_test(tc, test_scores_are_read_from_the_last_line_that_has_them, 0,
                        sizeof(assessments) / sizeof(assessments[0]));
    tcase_add_test(tc, test_a_coordinator_can_assess_in_place_of_the_checker);
    tcase_add_test(tc, test_agreement_is_the_cosine_with_the_final_output);
    tcase_add_test(tc, test_contribution_is_the_marginal_of_each_executor);
    tcase_add_test(tc, test_an_unreadable_answer_earns_nothing);
    tcase_add_test(tc, test_clusters_earn_by_their_likeness_to_the_final_output);
    tcase_add_test(tc, test_the_final_outputs_score_can_be_the_teams_reward);
    tcase_add_test(tc, test_losses_and_actions_are_told_when_the_networks_learn);
    tcase_add_loop_test(tc, test_the_controls_have_nothing_to_learn, 0, 3);
    tcase_add_test(tc, test_what_is_loaded_goes_on_as_what_was_saved);
    tcase_add_test(tc, test_a_folder_without_a_checkpoint_is_refused);
    suite_add_tcase(s, tc);
    return s;
}
