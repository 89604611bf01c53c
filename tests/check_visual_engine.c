/* check_visual_engine.c - MuJoCo's errors and warnings come back as sentences. */
#include <string.h>

#include <mujoco/mujoco.h>

#include "engine.h"
#include "visual_suites.h"

static char why[256];

static void succeed(void *arg) {
    *(int *)arg = 1;
}

static void err(void *arg) {
    mju_error("the sky fell");
    *(int *)arg = 1;
}

static void warn(void *arg) {
    mju_warning("clouds");
    *(int *)arg = 1;
}

/* Fails inside; what comes after it must still be guarded. */
static void nest(void *arg) {
    char inner[8];
    int reached = 0;

    ck_assert_int_eq(engine_try(err, &reached, inner, sizeof(inner)), -1);
    ck_assert_str_eq(inner, "the sky");
    mju_error("outer");
    *(int *)arg = 1;
}

START_TEST(test_a_call_that_works_returns_0) {
    int reached = 0;

    ck_assert_int_eq(engine_try(succeed, &reached, why, sizeof(why)), 0);
    ck_assert_int_eq(reached, 1);
}
END_TEST

/* A key is never waited for: this test would hang. */
START_TEST(test_an_error_comes_back_with_its_words) {
    int reached = 0;

    ck_assert_int_eq(engine_try(err, &reached, why, sizeof(why)), -1);
    ck_assert_str_eq(why, "the sky fell");
    ck_assert_int_eq(reached, 0);
}
END_TEST

START_TEST(test_a_warning_is_an_error) {
    int reached = 0;

    ck_assert_int_eq(engine_try(warn, &reached, why, sizeof(why)), -1);
    ck_assert_str_eq(why, "clouds");
    ck_assert_int_eq(reached, 0);
}
END_TEST

START_TEST(test_guards_nest) {
    int reached = 0;

    ck_assert_int_eq(engine_try(nest, &reached, why, sizeof(why)), -1);
    ck_assert_str_eq(why, "outer");
    ck_assert_int_eq(reached, 0);
    ck_assert_int_eq(engine_try(succeed, &reached, why, sizeof(why)), 0);
}
END_TEST

Suite *suite_visual_engine(void) {
    Suite *s = suite_create("visual_engine");
    TCase *tc = tcase_create("guard");

    tcase_add_test(tc, test_a_call_that_works_returns_0);
    tcase_add_test(tc, test_an_error_comes_back_with_its_words);
    tcase_add_test(tc, test_a_warning_is_an_error);
    tcase_add_test(tc, test_guards_nest);
    suite_add_tcase(s, tc);
    return s;
}
