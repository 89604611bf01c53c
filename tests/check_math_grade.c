/* check_math_grade.c - answers: found in replies, compared, made canonical. */
#include <string.h>

#include "grade.h"
#include "suites.h"

START_TEST(test_the_answer_after_the_hashes_is_found) {
    char buf[64];
    const char *rule;

    ck_assert_uint_eq(
        math_extract("5 + 3 = 8\n#### 8", MATH_ANSWER_NUMBER, 0, buf, sizeof(buf), &rule),
        1);
    ck_assert_str_eq(buf, "8");
    ck_assert_str_eq(rule, "hashes");
}
END_TEST

START_TEST(test_no_answer_equals_nothing) {
    ck_assert(!math_equal("0", "", MATH_ANSWER_NUMBER));
    ck_assert(!math_equal("", "0", MATH_ANSWER_EXPRESSION));
    ck_assert(!math_equal("5", NULL, MATH_ANSWER_NUMBER));
}
END_TEST

Suite *suite_math_grade(void) {
    Suite *s = suite_create("math_grade");
    TCase *tc = tcase_create("grade");

    tcase_add_test(tc, test_the_answer_after_the_hashes_is_found);
    tcase_add_test(tc, test_no_answer_equals_nothing);
    suite_add_tcase(s, tc);
    return s;
}
