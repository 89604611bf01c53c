/* check_econ_learner.c - what ECON's learner promises to those who call it. */
#include <stdlib.h>

#include "econ_suites.h"
#include "learner.h"

START_TEST(test_the_unit_square_is_the_box) {
    econ_config c = econ_defaults;
    econ_action low = econ_action_at(&c, 0, 0), high = econ_action_at(&c, 1, 1);

    ck_assert_double_eq_tol(low.temperature, 0.1, 1e-12);
    ck_assert_double_eq_tol(low.top_p, 0.1, 1e-12);
    ck_assert_double_eq_tol(high.temperature, 2.0, 1e-12);
    ck_assert_double_eq_tol(high.top_p, 0.9, 1e-12);
}
END_TEST

START_TEST(test_noise_falls_and_then_stays) {
    econ_config c = econ_defaults;

    ck_assert_double_eq(econ_noise(&c, 0), c.noise_start);
    ck_assert_double_lt(econ_noise(&c, c.noise_episodes / 2), c.noise_start);
    ck_assert_double_eq(econ_noise(&c, c.noise_episodes), c.noise_end);
    ck_assert_double_eq(econ_noise(&c, 100 * c.noise_episodes), c.noise_end);
}
END_TEST

Suite *suite_econ_learner(void) {
    Suite *s = suite_create("econ_learner");
    TCase *tc = tcase_create("learner");

    tcase_add_test(tc, test_the_unit_square_is_the_box);
    tcase_add_test(tc, test_noise_falls_and_then_stays);
    suite_add_tcase(s, tc);
    return s;
}
