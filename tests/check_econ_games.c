/* check_econ_games.c - ECON's learner finds equilibria that are known. */
#include <math.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "econ_games.h"
#include "econ_suites.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

enum {
#ifdef SANITIZED
    SEEDS = 1,
#else
    SEEDS = 5,
#endif
    SECONDS = 120
};

static void train(econ_match *m, const econ_game *g, uint64_t seed) {
    econ_config c = econ_match_config(g, seed);

    econ_match_begin(m, g, &c);
    for (uint32_t k = 0; k < g->episodes; k++)
        econ_match_play(m);
}

static void find(const econ_game *g, uint64_t seed) {
    econ_match m;
    double distance, gap, slope;

    train(&m, g, seed);
    econ_match_judge(&m, &distance, &gap);
    slope = econ_match_slope(&m);
    ck_assert_msg(distance < 0.05 && gap < 0.01 && slope <= 0.65,
                  "%s, seed %u: %.4f from the equilibrium, gap %.4f, slope %.2f", g->name,
                  (unsigned)seed, distance, gap, slope);
    econ_match_end(&m);
}

START_TEST(test_item_4_a_quadratic_game) {
    find(&econ_game_quadratic, (uint64_t)_i);
}
END_TEST

START_TEST(test_item_5_executors_differ_where_their_optima_do) {
    find(&econ_game_asymmetric, (uint64_t)_i);
}
END_TEST

START_TEST(test_item_4_private_types) {
    find(&econ_game_types, (uint64_t)_i);
}
END_TEST

/* Before training the same judge says no: what it passes was learnt. */
START_TEST(test_item_4_an_untrained_learner_is_not_at_the_equilibrium) {
    const econ_game *games[] = {&econ_game_quadratic, &econ_game_asymmetric,
                                &econ_game_types};
    econ_config c = econ_match_config(games[_i], 1);
    econ_match m;
    double distance, gap;

    econ_match_begin(&m, games[_i], &c);
    econ_match_judge(&m, &distance, &gap);
    ck_assert_double_gt(distance, 0.1);
    ck_assert_double_gt(gap, 0.02);
    econ_match_end(&m);
}
END_TEST

START_TEST(test_item_4_the_equilibrium_is_one) {
    const econ_game *games[] = {&econ_game_quadratic, &econ_game_asymmetric};

    for (int k = 0; k < 2; k++) {
        const econ_game *g = games[k];
        double a[3][2];
        for (uint32_t i = 0; i < g->n; i++)
            econ_game_equilibrium(g, i, 0.5, a[i]);
        for (uint32_t i = 0; i < g->n; i++) {
            double others[2] = {0, 0}, moved[2] = {a[i][0] + 0.1, a[i][1]};
            for (uint32_t j = 0; j < g->n; j++)
                for (int d = 0; d < 2; d++)
                    others[d] += j == i ? 0 : a[j][d] / (g->n - 1);
            ck_assert_double_eq_tol(econ_game_loss(g, i, 0.5, a[i], others), 0, 1e-12);
            ck_assert_double_eq_tol(econ_game_loss(g, i, 0.5, moved, others), 0.01, 1e-9);
        }
    }
}
END_TEST

static void draw(double policy[][2], uint64_t *rng) {
    for (int i = 0; i < 3; i++)
        for (int d = 0; d < 2; d++)
            policy[i][d] = accord_rng_uniform(rng);
}

/* Drawn once and kept, and drawn anew for every episode. */
START_TEST(test_item_4_regret_of_random_policies_is_linear) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const econ_game *g = &econ_game_quadratic;
        econ_config c = econ_match_config(g, seed);
        econ_match m;
        double policy[3][2];
        econ_match_begin(&m, g, &c);
        draw(policy, &m.rng);
        for (uint32_t k = 0; k < g->episodes; k++) {
            if (_i)
                draw(policy, &m.rng);
            econ_match_follow(&m, policy);
        }
        ck_assert_double_ge(econ_match_slope(&m), 0.85);
        econ_match_end(&m);
    }
}
END_TEST

START_TEST(test_item_6_stage_2_follows_what_the_coordinator_said) {
    const econ_game *g = &econ_game_echo;
    econ_match m;
    double low[3][2], high[3][2];

    train(&m, g, (uint64_t)_i);
    econ_match_second(&m, 0.2, low);
    econ_match_second(&m, 0.8, high);
    for (int i = 0; i < 3; i++)
        for (int d = 0; d < 2; d++)
            ck_assert_msg(high[i][d] - low[i][d] > 0.1,
                          "executor %d: %.3f after one output, %.3f after another", i,
                          low[i][d], high[i][d]);
    econ_match_end(&m);
}
END_TEST

Suite *suite_econ_games(void) {
    Suite *s = suite_create("econ_games");
    TCase *tc = tcase_create("games");

    tcase_set_timeout(tc, SECONDS);
    tcase_add_loop_test(tc, test_item_4_a_quadratic_game, 1, 1 + SEEDS);
    tcase_add_loop_test(tc, test_item_5_executors_differ_where_their_optima_do, 1,
                        1 + SEEDS);
    tcase_add_loop_test(tc, test_item_4_private_types, 1, 1 + SEEDS);
    tcase_add_loop_test(tc, test_item_4_an_untrained_learner_is_not_at_the_equilibrium, 0,
                        3);
    tcase_add_test(tc, test_item_4_the_equilibrium_is_one);
    tcase_add_loop_test(tc, test_item_4_regret_of_random_policies_is_linear, 0, 2);
    tcase_add_loop_test(tc, test_item_6_stage_2_follows_what_the_coordinator_said, 1, 2);
    suite_add_tcase(s, tc);
    return s;
}
