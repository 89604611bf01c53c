/* check_econ_probe.c - gaps from payoffs, deviations of a probe, early stopping. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "econ_suites.h"
#include "econ_table.h"
#include "probe.h"
#include "scratch.h"

static const econ_seats two = {.executors = 2, .budget = 100};

/* ---- gaps ------------------------------------------------------------------------- */

enum { ITEMS = 16, AGENTS = 2, POINTS = 9 };
static double base[ITEMS * AGENTS], deviated[ITEMS * AGENTS * POINTS];
static const econ_payoffs payoffs = {ITEMS, AGENTS, POINTS, base, deviated};

/* Deviation (i, j) gains gain[i][j] plus noise on every item. */
static void play_game(const double gain[AGENTS][POINTS], double noise, uint64_t seed) {
    for (int at = 0; at < ITEMS * AGENTS; at++) {
        base[at] = 0.5 + noise * accord_rng_normal(&seed);
        for (int j = 0; j < POINTS; j++)
            deviated[at * POINTS + j] =
                base[at] + gain[at % AGENTS][j] + noise * accord_rng_normal(&seed);
    }
}

START_TEST(test_the_gap_is_the_largest_gain_of_one_alone) {
    double gain[AGENTS][POINTS] = {{-0.1, 0.05, -0.2}, {-0.3, 0, 0, 0, 0.2, 0, 0, 0, 0}};
    econ_gaps g;

    play_game(gain, 0, 1);
    econ_gaps_of(&payoffs, &g);
    ck_assert_double_eq_tol(g.raw, 0.2, 1e-12);
    ck_assert_double_eq_tol(g.cross, 0.2, 1e-12);
    ck_assert_double_eq_tol(g.gain[0], 0.05, 1e-12);
    ck_assert_double_eq_tol(g.regret, 0.25, 1e-12);
}
END_TEST

START_TEST(test_at_an_equilibrium_no_deviation_gains) {
    double gain[AGENTS][POINTS];
    econ_gaps g;

    for (int k = 0; k < AGENTS * POINTS; k++)
        gain[k / POINTS][k % POINTS] = -0.01 * (1 + k);
    play_game(gain, 0, 1);
    econ_gaps_of(&payoffs, &g);
    ck_assert(g.raw < 0 && g.cross < 0);
    ck_assert(g.regret == 0);
}
END_TEST

/* The largest of 18 noisy means of a game without gain lies above 0; cross-fitted it does
 * not on average.  200 games of noise 0.4 on 16 items: a mean has deviation 0.1. */
START_TEST(test_cross_fitting_takes_the_bias_of_the_maximum_away) {
    const double gain[AGENTS][POINTS] = {{0}};
    double raw = 0, cross = 0;
    econ_gaps g;

    for (uint64_t s = 0; s < 200; s++) {
        play_game(gain, 0.4, s);
        econ_gaps_of(&payoffs, &g);
        raw += g.raw / 200;
        cross += g.cross / 200;
    }
    ck_assert_msg(raw > 0.1, "%g", raw);
    ck_assert_msg(fabs(cross) < 0.03, "%g", cross);
}
END_TEST

START_TEST(test_failed_episodes_do_not_count) {
    double gain[AGENTS][POINTS] = {{0, 0.1}};
    econ_gaps g;

    play_game(gain, 0, 1);
    for (int item = 0; item < 4; item++)
        deviated[item * AGENTS * POINTS + 1] = (double)NAN;
    econ_gaps_of(&payoffs, &g);
    ck_assert_double_eq_tol(g.raw, 0.1, 1e-12);
    for (int at = 0; at < ITEMS * AGENTS; at++)
        base[at] = (double)NAN;
    econ_gaps_of(&payoffs, &g);
    ck_assert(isnan(g.raw) && isnan(g.cross) && isnan(g.regret));
}
END_TEST

/* ---- plan ------------------------------------------------------------------------- */

static const accord_probe_plan *plan_of(fake_host *f) {
    const accord_probe_ops *ops = f->plugin->ops->extension(ACCORD_PROBE);
    const accord_probe_plan *plan;

    ck_assert_int_eq(ops->plan(f->self, &plan, &f->err), ACCORD_OK);
    return plan;
}

static const struct {
    const char *options;
    uint32_t items, variants, n_marks;
    uint64_t last_but_one;
} plans[] = {
    {"", 0, 0, 0, 0},
    {"\"probe\":\"ends\"", 16, 19, 2, 0},
    {"\"probe\":\"every\",\"probe_every\":40", 16, 19, 4, 80},
    {"\"probe\":\"every\",\"probe_every\":50,\"deviations\":0", 16, 1, 3, 50},
    {"\"probe\":\"ends\",\"action\":\"fixed\"", 16, 19, 1, 0},
    {"\"probe\":\"every\",\"action\":\"random\",\"probe_items\":4", 4, 19, 1, 0},
};

START_TEST(test_a_probe_is_planned_only_when_it_is_asked_for) {
    fake_host *f = econ_seat(plans[_i].options, &two);
    const accord_probe_plan *plan = plan_of(f);

    ck_assert_uint_eq(plan->items, plans[_i].items);
    ck_assert_uint_eq(plan->variants, plans[_i].variants);
    ck_assert_uint_eq(plan->n_marks, plans[_i].n_marks);
    if (plan->n_marks > 0)
        ck_assert_uint_eq(plan->marks[0], 0);
    if (plan->n_marks > 1) {
        ck_assert(plan->marks[plan->n_marks - 1] == UINT64_MAX);
        ck_assert_uint_eq(plan->marks[plan->n_marks - 2], plans[_i].last_but_one);
    }
    fake_destroy(f);
}
END_TEST

/* ---- deviations ------------------------------------------------------------------- */

static void probe_all(fake_host *f, uint64_t trained) {
    const accord_probe_plan *plan = plan_of(f);

    f->trained = trained;
    for (f->item = 0; f->item < plan->items; f->item++)
        for (f->variant = 0; f->variant < plan->variants; f->variant++)
            ck_assert_int_eq(fake_probe(f, &fake_question, f->item), ACCORD_OK);
}

START_TEST(test_one_executor_deviates_alone_at_every_stage) {
    fake_host *f = econ_seat("\"probe\":\"ends\",\"probe_items\":2", &two);
    const double t[3] = {0.1, 1.05, 2}, p[3] = {0.1, 0.5, 0.9};
    double learnt[2][2][2]; /* of variant 0: stage, executor, number */

    for (f->variant = 0; f->variant < 19; f->variant++) {
        uint32_t first = f->n_calls, v = f->variant;
        ck_assert_int_eq(fake_probe(f, &fake_question, 1), ACCORD_OK);
        for (uint32_t c = first; c < f->n_calls; c++) {
            const accord_request *r = &f->calls[c].request;
            if (strcmp(r->role, "executor") != 0)
                continue;
            double *was = learnt[r->round][r->agent];
            if (v == 0) {
                was[0] = r->temperature;
                was[1] = r->top_p;
            } else if ((v - 1) / 9 == r->agent) {
                ck_assert_double_eq_tol(r->temperature, t[(v - 1) % 9 / 3], 1e-6);
                ck_assert_double_eq_tol(r->top_p, p[(v - 1) % 3], 1e-6);
            } else if (r->round == 0) {
                ck_assert(r->temperature == was[0] && r->top_p == was[1]);
            }
        }
    }
    fake_destroy(f);
}
END_TEST

/* Who answers at temperature 0.1 is right, anybody else is wrong; the majority decides.
 */
static const char *say_cold_is_right(const fake_call *call) {
    const accord_request *r = &call->request;

    if (strcmp(r->role, "executor") != 0)
        return "add";
    return r->temperature < 0.2 ? "so =18" : "so =7";
}

START_TEST(test_a_probe_finds_the_gain_of_a_deviation) {
    fake_host *f = econ_seat("\"probe\":\"ends\",\"probe_items\":2,\"stages\":1,"
                             "\"commitment\":\"majority\"",
                             &two);
    uint32_t n;

    f->script = say_cold_is_right;
    probe_all(f, 0);
    double gap = fake_metric_of(f, "bne_gap", &n);
    ck_assert_uint_eq(n, 1);
    /* TS rises from 0 to 1 and CC from 0 to 1/2; AL of the first stays 1, the first of
     * two tied answers being the final output. */
    ck_assert_double_eq_tol(gap, 0.4 + 0.2 * 0.5, 1e-6);
    ck_assert_double_eq_tol(fake_metric_of(f, "bne_gap_cross", &n), gap, 1e-6);
    ck_assert_double_eq_tol(fake_metric_of(f, "gain.0", &n), gap, 1e-6);
    ck_assert(fake_metric_of(f, "regret", &n) >= gap);
    ck_assert(fake_metric_of(f, "cumulative_regret", &n) == 0);
    ck_assert(isfinite(fake_metric_of(f, "probe.temperature.1", &n)));
    fake_destroy(f);
}
END_TEST

START_TEST(test_regret_accumulates_by_the_trapezoidal_rule) {
    fake_host *f = econ_seat("\"probe\":\"ends\",\"probe_items\":2,\"stages\":1,"
                             "\"commitment\":\"majority\"",
                             &two);
    uint32_t n;

    f->script = say_cold_is_right;
    probe_all(f, 0);
    double first = fake_metric_of(f, "regret", &n);
    probe_all(f, 100);
    double last = fake_metric_of(f, "regret", &n);
    ck_assert(first > 0.1);
    ck_assert_double_eq_tol(fake_metric_of(f, "cumulative_regret", &n),
                            100 * (first + last) / 2, 1e-9);
    ck_assert_uint_eq(n, 2);
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_control_regrets_the_same_in_every_episode) {
    fake_host *f = econ_seat("\"probe\":\"ends\",\"probe_items\":2,\"stages\":1,"
                             "\"action\":\"fixed\",\"commitment\":\"majority\"",
                             &two);
    uint32_t n;

    f->script = say_cold_is_right;
    probe_all(f, 0);
    ck_assert_double_eq_tol(fake_metric_of(f, "cumulative_regret", &n),
                            100 * fake_metric_of(f, "regret", &n), 1e-9);
    fake_destroy(f);
}
END_TEST

START_TEST(test_a_probe_without_its_last_episode_is_concluded_by_what_follows) {
    fake_host *f =
        econ_seat("\"probe\":\"ends\",\"probe_items\":2,\"deviations\":0", &two);
    uint32_t n;

    f->item = 1;
    ck_assert_int_eq(fake_probe(f, &fake_question, 1), ACCORD_OK);
    fake_metric_of(f, "probe.reward", &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(fake_teach(f, &fake_question, 1), ACCORD_OK);
    ck_assert(isfinite(fake_metric_of(f, "probe.reward", &n)));
    ck_assert_uint_eq(n, 1);
    fake_destroy(f);
}
END_TEST

START_TEST(test_an_item_without_a_final_output_agrees_with_nothing) {
    fake_host *f = econ_seat("\"probe\":\"ends\",\"probe_items\":2,\"deviations\":0,"
                             "\"stages\":1",
                             &two);
    uint32_t n;

    for (f->item = 0; f->item < 2; f->item++) {
        econ_says.merged[0] = f->item ? "no idea" : "all in all =18";
        ck_assert_int_eq(fake_probe(f, &fake_question, 1), ACCORD_OK);
    }
    ck_assert(isfinite(fake_metric_of(f, "probe.agreement", &n)));
    fake_destroy(f);
}
END_TEST

/* What a probe says depends on no order of its episodes. */
START_TEST(test_the_order_of_a_probes_episodes_does_not_count) {
    double found[2][2];
    uint32_t n;

    for (int v = 0; v < 2; v++) {
        fake_host *f =
            econ_seat("\"probe\":\"ends\",\"probe_items\":5,\"deviations\":0", &two);
        for (int k = 0; k < 5; k++) {
            f->item = (uint64_t)(v ? 4 - k : k);
            econ_says.merged[0] = econ_says.merged[1] =
                f->item % 2 ? "odd =18" : "even =18";
            ck_assert_int_eq(fake_probe(f, &fake_question, f->item), ACCORD_OK);
        }
        found[v][0] = fake_metric_of(f, "probe.reward", &n);
        found[v][1] = fake_metric_of(f, "probe.agreement", &n);
        fake_destroy(f);
    }
    ck_assert(memcmp(found[0], found[1], sizeof(found[0])) == 0);
}
END_TEST

/* ---- early stopping ---------------------------------------------------------------- */

static const econ_options patient = {.probe = ECON_PROBE_EVERY,
                                     .patience = 2,
                                     .eps_c = 0.01,
                                     .eps_l = 1e-4,
                                     .r_threshold = 0.7};

/* A check of two items whose final outputs stand at `place`. */
static double check_at(econ_stop *s, float place, double reward, double loss) {
    const econ_base items[2] = {{.item = 4, .has_final = true},
                                {.item = 9, .has_final = true}};
    const float finals[4] = {place, 0, place, 1};
    const econ_check check = {.step = s->step + 10,
                              .regret = 0.5,
                              .reward = reward,
                              .items = 2,
                              .base = items,
                              .finals = finals};
    double change;

    s->loss_now = loss;
    econ_stop_check(s, &check, &patient, &change);
    return change;
}

static void ck_stop_init(econ_stop *s) {
    ck_assert_int_eq(econ_stop_init(s, 2, 2), ACCORD_OK);
}

START_TEST(test_training_stops_when_all_three_conditions_hold_for_a_while) {
    econ_stop s;

    ck_stop_init(&s);
    ck_assert(isnan(check_at(&s, 0, 0.8, 1)));
    ck_assert_double_eq_tol(check_at(&s, 0.005f, 0.8, 1), 0.005, 1e-6);
    ck_assert(!econ_stop_due(&s, &patient));
    check_at(&s, 0.005f, 0.8, 1.00005);
    ck_assert(econ_stop_due(&s, &patient));
    econ_stop_fini(&s);
}
END_TEST

START_TEST(test_any_missing_condition_goes_on) {
    static const struct {
        float place;
        double reward, loss;
    } troubles[] = {{0.5f, 0.8, 1}, {0, 0.6, 1}, {0, 0.8, 1.1}, {0, 0.8, (double)NAN}};
    econ_stop s;

    ck_stop_init(&s);
    check_at(&s, 0, 0.8, 1);
    check_at(&s, 0, 0.8, 1);
    ck_assert_uint_eq(s.streak, 1);
    check_at(&s, troubles[_i].place, troubles[_i].reward, troubles[_i].loss);
    ck_assert_uint_eq(s.streak, 0);
    econ_stop_fini(&s);
}
END_TEST

START_TEST(test_checks_are_saved_and_loaded) {
    char *dir = scratch_path("");
    accord_err err = {0};
    econ_stop s, t;

    ck_stop_init(&s);
    ck_stop_init(&t);
    check_at(&s, 0.1f, 0.8, 1);
    ck_assert_int_eq(econ_stop_save(&s, dir, &accord_host_default, &err), ACCORD_OK);
    ck_assert_int_eq(econ_stop_load(&t, dir, &accord_host_default, &err), ACCORD_OK);
    ck_assert_double_eq_tol(check_at(&t, 0.1f, 0.8, 1), 0, 1e-9);
    ck_assert_uint_eq(t.checks, 2);
    ck_assert_uint_eq(t.streak, 1);
    ck_assert_uint_eq(t.step, 20);
    ck_assert(t.cumulative == 5);
    econ_stop_fini(&s);
    econ_stop_fini(&t);
    free(dir);
}
END_TEST

START_TEST(test_a_damaged_file_of_checks_is_refused) {
    static const char *const texts[] = {
        "", "econ probe 2\n", "econ probe 1\n2 2 1 0 10 0.5 0 1 1\n4 1 0 0\n9 1 nan 1\n",
        "econ probe 1\n3 2 1 0 10 0.5 0 1 1\n"};
    char *dir = scratch_path(""), *path = scratch_text("probe", texts[_i]);
    accord_err err = {0};
    econ_stop s;

    ck_stop_init(&s);
    ck_assert_int_eq(econ_stop_load(&s, dir, &accord_host_default, &err),
                     ACCORD_E_CONFIG);
    ck_assert_uint_eq(s.checks, 0);
    econ_stop_fini(&s);
    free(dir);
    free(path);
}
END_TEST

static TCase *case_gap(void) {
    TCase *tc = tcase_create("gap");

    tcase_add_test(tc, test_the_gap_is_the_largest_gain_of_one_alone);
    tcase_add_test(tc, test_at_an_equilibrium_no_deviation_gains);
    tcase_add_test(tc, test_cross_fitting_takes_the_bias_of_the_maximum_away);
    tcase_add_test(tc, test_failed_episodes_do_not_count);
    return tc;
}

static TCase *case_stop(void) {
    TCase *tc = tcase_create("stop");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_training_stops_when_all_three_conditions_hold_for_a_while);
    tcase_add_loop_test(tc, test_any_missing_condition_goes_on, 0, 4);
    tcase_add_test(tc, test_checks_are_saved_and_loaded);
    tcase_add_loop_test(tc, test_a_damaged_file_of_checks_is_refused, 0, 4);
    return tc;
}

Suite *suite_econ_probe(void) {
    Suite *s = suite_create("econ_probe");
    TCase *tc = tcase_create("probe");

    tcase_add_checked_fixture(tc, econ_says_reset, NULL);
    tcase_add_loop_test(tc, test_a_probe_is_planned_only_when_it_is_asked_for, 0,
                        sizeof(plans) / sizeof(plans[0]));
    tcase_add_test(tc, test_one_executor_deviates_alone_at_every_stage);
    tcase_add_test(tc, test_a_probe_finds_the_gain_of_a_deviation);
    tcase_add_test(tc, test_regret_accumulates_by_the_trapezoidal_rule);
    tcase_add_test(tc, test_a_control_regrets_the_same_in_every_episode);
    tcase_add_test(tc,
                   test_a_probe_without_its_last_episode_is_concluded_by_what_follows);
    tcase_add_test(tc, test_the_order_of_a_probes_episodes_does_not_count);
    tcase_add_test(tc, test_an_item_without_a_final_output_agrees_with_nothing);
    suite_add_tcase(s, case_gap());
    suite_add_tcase(s, tc);
    suite_add_tcase(s, case_stop());
    return s;
}
